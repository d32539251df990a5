"""The working calendar: after an administrator changed it, open answers are due on other days."""

import datetime as dt

from django.db import transaction

from branches.choices import CLOCK_STOPPED, REQUEST_CLOSED
from branches.metrics import clock_of
from branches.models import AuditEvent, Branch, CalendarDay, Request, RequestStep, User


@transaction.atomic
def recount_deadlines(*, by: User, today: dt.date) -> int:
    """Say anew by when open requests are answered, after the calendar was changed; give how many days moved.

    A step without a change of state is added where the day is another one. Only days that lie ahead are moved: nobody
    is late, or in time, because of what was decided afterwards. A forwarded request keeps the body's own day; what
    waits keeps the days that it had left.
    """
    workdays = CalendarDay.objects.workdays()
    branches = Branch.objects.select_for_update(of=("self",), no_key=True).order_by("pk")
    list(branches.values_list("pk"))  # nobody enters a step meanwhile: every step locks its branch
    running = (
        Request.objects.as_of(dt.date.max).filter(is_open=True, day_due__gte=today).exclude(day_state__in=CLOCK_STOPPED)
    )
    moved = 0
    for request in running.prefetch_related("steps").order_by("pk"):
        steps = sorted(request.steps.all(), key=lambda step: step.pk)
        due = clock_of(request.received_on, request.answer_days, moves_of(steps), workdays).due_on
        if due == steps[-1].due_on or due < today:
            continue
        RequestStep.objects.create(
            request=request,
            state=steps[-1].state,
            happened_on=today,
            due_on=due,
            is_recount=True,
            author=by,
            entered_on=max(today, steps[-1].entered_on),
        )
        moved += 1
    AuditEvent.objects.record(by=by, action="calendar.recount", subject="branches.calendarday", detail=str(moved))
    return moved


def moves_of(steps: list[RequestStep]) -> list[tuple[dt.date, bool]]:
    """The steps of a request as its clock feels them: the day, and whether the clock is stopped from then on."""
    still = (*CLOCK_STOPPED, *REQUEST_CLOSED)
    return [(step.happened_on, step.state in still) for step in steps if not step.is_recount]
