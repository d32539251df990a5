"""The working calendar: after an administrator changed it, open answers are due on other days."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

from django.db import transaction

from branches.choices import CLOCK_STOPPED, REQUEST_CLOSED
from branches.metrics import Clock
from branches.models import AuditEvent, Branch, CalendarDay, Request, RequestStep, User
from branches.workdays import Workdays


@transaction.atomic
def recount_deadlines(*, by: User, today: dt.date) -> int:
    """Say anew by when open requests are answered, after the calendar was changed; give how many days moved.

    A step without a change of state is added where the day is another one. Only days that lie ahead are moved: nobody
    is late, or in time, because of what was decided afterwards. A forwarded request keeps the body's own day; what
    waits keeps the days that it had left.
    """
    branches = Branch.objects.select_for_update(of=("self",), no_key=True).order_by("pk")
    list(branches.values_list("pk"))  # nobody enters a step meanwhile: every step locks its branch
    workdays = CalendarDay.objects.workdays()  # after the lock: with the days that another recount had before us
    running = (
        Request.objects.as_of(dt.date.max).filter(is_open=True, day_due__gte=today).exclude(day_state__in=CLOCK_STOPPED)
    )
    moved = 0
    for request in running.prefetch_related("steps").order_by("pk"):
        steps = sorted(request.steps.all(), key=lambda step: step.pk)
        due = clock_of(request, steps, workdays).recounted(workdays).due_on
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


def clock_of(request: Request, steps: Sequence[RequestStep], workdays: Workdays) -> Clock:
    """The clock of a request as its steps, in their order, told it.

    The days that they told stand: a calendar that was changed since counts for what comes, not for what was said.
    """
    clock = Clock(request.received_on, request.answer_days, steps[0].due_on)
    for step in steps[1:]:
        if step.state in CLOCK_STOPPED:
            clock = replace(clock, days_left=step.days_left)
        elif step.state in REQUEST_CLOSED:
            clock = clock.stopped(step.happened_on, workdays)
        else:
            clock = replace(clock.going_on(step.happened_on, workdays), due_on=step.due_on)
    return clock
