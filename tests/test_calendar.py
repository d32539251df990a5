"""The administrator changes the working calendar: open answers are due on other days; nothing that was is rewritten."""

import datetime as dt

import pytest

from branches import actions
from branches.choices import RequestState, WaitingReason
from branches.models import AuditEvent, CalendarDay, Request, RequestStep

RECEIVED = dt.date(2025, 1, 13)
DUE, NEXT = dt.date(2025, 2, 3), dt.date(2025, 2, 4)
TODAY = dt.date(2025, 1, 20)
DAY = dt.timedelta(days=1)
OFF = dt.date(2025, 1, 27)  # a Monday that lies ahead


@pytest.fixture
def recount(cast):
    """`recount(day)`: as the administrator does after changing the calendar; gives how many days moved."""
    return lambda today=TODAY: actions.recount_deadlines(by=cast.people.administrator, today=today)


def close_for_work(day=OFF):
    CalendarDay.objects.create(date=day, is_working=False, note="қаулы")


def follow(cast, request, day, state, **said):
    return actions.follow_request(request=request, by=cast.people.secretary, today=day, state=state, **said)


def every_state(cast):
    """A request in every state, received on the same day; each by its state."""
    said = {
        RequestState.WAITING: {"reason": WaitingReason.COURT},
        RequestState.FORWARDED: {"forwarded_to": "су арнасы"},
        RequestState.POSITIVE: {"help_kind": "advice"},
    }
    return {
        state: cast.add_request(today=RECEIVED, state=state, **said.get(state, {"note": "жауап"}))
        for state in RequestState
    }


def test_only_running_requests_are_due_on_another_day(cast, recount):
    requests = every_state(cast)
    before = {state: list(request.steps.values()) for state, request in requests.items()}
    close_for_work()
    assert recount() == 2
    for state, request in requests.items():
        steps = list(request.steps.order_by("id"))
        if state in (RequestState.REGISTERED, RequestState.IN_WORK):
            added = steps.pop()
            assert (added.state, added.is_recount, added.due_on) == (state, True, NEXT)
            assert (added.happened_on, added.entered_on, added.author) == (TODAY, TODAY, cast.people.administrator)
        assert [step.pk for step in steps] == [step["id"] for step in before[state]]
        assert not any(step.is_recount for step in steps)
        request.refresh_from_db()
        assert request.due_on == DUE  # the first day by which it was due is never lost


def test_a_day_that_is_worked_brings_it_nearer(cast, recount):
    request = cast.add_request(today=RECEIVED)
    CalendarDay.objects.create(date=dt.date(2025, 1, 25), is_working=True)
    assert recount() == 1
    assert request.steps.last().due_on == dt.date(2025, 1, 31)


def test_said_twice_it_does_nothing_more(cast, recount):
    cast.add_request(today=RECEIVED)
    close_for_work()
    assert [recount(), recount(), recount(TODAY + DAY)] == [1, 0, 0]
    assert RequestStep.objects.count() == 2


def test_a_calendar_that_did_not_change_moves_nothing(cast, recount):
    every_state(cast)
    before = RequestStep.objects.count()
    assert recount() == 0
    assert RequestStep.objects.count() == before


def test_there_and_back_again(cast, recount):
    request = cast.add_request(today=RECEIVED)
    close_for_work()
    recount()
    CalendarDay.objects.all().delete()
    assert recount(TODAY + DAY) == 1
    assert [step.due_on for step in request.steps.order_by("id")] == [DUE, NEXT, DUE]


def test_what_is_late_stays_late_and_what_was_in_time_does_not_become_late(cast, recount):
    """On the day after, the calendar of before is changed: in both directions nobody is told what was not so."""
    late = cast.add_request(today=RECEIVED)
    in_time = cast.add_request(today=RECEIVED + DAY)
    close_for_work()
    CalendarDay.objects.create(date=dt.date(2025, 1, 18), is_working=True)  # the second one would be due yesterday
    CalendarDay.objects.create(date=dt.date(2025, 1, 19), is_working=True)
    assert recount(NEXT) == 0
    assert [row.is_overdue for row in Request.objects.as_of(NEXT).order_by("id")] == [True, False]
    assert (late.steps.count(), in_time.steps.count()) == (1, 1)


def test_what_was_late_by_the_calendar_of_its_day_does_not_come_in_time_by_a_pause(cast, recount):
    request = cast.add_request(today=RECEIVED)
    for number in range(3):
        close_for_work(OFF + number * DAY)  # decided when it was late already: it would be due on 06.02
    recount(NEXT)
    waits = follow(cast, request, NEXT, RequestState.WAITING, reason=WaitingReason.COURT)
    assert waits.days_left == -1
    assert follow(cast, request, NEXT + DAY, RequestState.IN_WORK).due_on == DUE


def test_what_waits_keeps_the_days_that_it_had_left(cast, recount):
    request = cast.add_request(today=RECEIVED)
    told = follow(cast, request, dt.date(2025, 1, 17), RequestState.WAITING, reason=WaitingReason.COURT).days_left
    close_for_work(dt.date(2025, 1, 15))  # of what had passed before it waited
    assert (told, recount()) == (11, 0)
    again = follow(cast, request, TODAY, RequestState.IN_WORK)
    assert again.due_on == NEXT  # the eleventh working day after the 20th
    assert recount() == 0
    close_for_work()
    assert recount() == 1  # what lies ahead of it counts, as for all others
    assert request.steps.last().due_on == NEXT + DAY


def test_pictures_of_past_days_stay_as_they_were(cast, recount):
    request = cast.add_request(today=RECEIVED)
    close_for_work()
    recount()
    seen = {day: Request.objects.as_of(day).get(pk=request.pk) for day in (TODAY - DAY, TODAY, DUE, NEXT, NEXT + DAY)}
    assert [row.day_due for row in seen.values()] == [DUE, NEXT, NEXT, NEXT, NEXT]
    assert [row.is_overdue for row in seen.values()] == [False, False, False, False, True]


def test_a_recount_says_nothing_of_the_state(cast, recount):
    """The state is of the day on which somebody said it; what is said next may have happened before the recount."""
    request = cast.add_request(today=RECEIVED)
    follow(cast, request, RECEIVED + DAY, RequestState.IN_WORK)
    seen = request.steps.last().pk
    close_for_work()
    recount()
    row = Request.objects.as_of(TODAY).get()
    assert (row.day_state, row.day_state_on, row.day_due) == (RequestState.IN_WORK, RECEIVED + DAY, NEXT)
    answered = follow(
        cast, request, TODAY, RequestState.REFUSED, note="заң бойынша", happened_on=TODAY - 3 * DAY, seen=seen
    )
    assert answered.happened_on == TODAY - 3 * DAY
    assert Request.objects.as_of(TODAY).get().day_state_on == TODAY - 3 * DAY


def test_a_step_after_a_recount_keeps_its_day(cast, recount):
    request = cast.add_request(today=RECEIVED)
    close_for_work()
    recount()
    assert follow(cast, request, TODAY + DAY, RequestState.IN_WORK).due_on == NEXT
    assert recount(TODAY + DAY) == 0


def test_an_administrator_behind_the_clerk_of_after_midnight(cast, recount):
    """Who enters after another's clock has passed midnight does not write into the past of that row."""
    request = cast.add_request(today=TODAY + DAY, received_on=RECEIVED)
    close_for_work()
    assert recount(TODAY) == 1
    assert request.steps.last().entered_on == TODAY + DAY


def test_it_is_audited_also_when_nothing_moved(cast, recount):
    cast.add_request(today=RECEIVED)
    recount()
    close_for_work()
    recount()
    events = AuditEvent.objects.filter(action="calendar.recount").order_by("id")
    assert list(events.values_list("actor", "subject", "detail")) == [
        ("administrator", "branches.calendarday", "0"),
        ("administrator", "branches.calendarday", "1"),
    ]


def test_nothing_is_written_unless_all_of_it_is(cast, recount, monkeypatch):
    cast.add_request(today=RECEIVED)
    close_for_work()

    def fail(*args, **kwargs):
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(AuditEvent.objects, "record", fail)
    with pytest.raises(RuntimeError):
        recount()
    assert not RequestStep.objects.filter(is_recount=True).exists()


@pytest.mark.parametrize("most", [1, 6])
def test_reading_takes_as_many_queries_for_many_as_for_one(cast, recount, most, django_assert_num_queries):
    for _ in range(most):
        cast.add_request(today=RECEIVED)
    recount()
    # savepoint in and out, the calendar, the lock, the requests, their steps, the audit
    with django_assert_num_queries(7):
        recount()
    close_for_work()
    with django_assert_num_queries(7 + most):  # and a row each for those that move
        assert recount() == most


@pytest.mark.parametrize(
    ("day", "status"), [("1900-01-01", 200), ("1999-12-31", 200), ("2101-01-01", 200), ("2100-12-31", 302)]
)
def test_a_slip_in_the_year_is_refused_beside_the_day(cast, as_user, day, status):
    client = as_user(cast.people.administrator)
    answer = client.post("/office/branches/calendarday/add/", {"date": day, "note": "қаулы"})
    assert answer.status_code == status
    assert CalendarDay.objects.exists() == (status == 302)
    if status == 200:
        assert list(answer.context["adminform"].form.errors) == ["date"]
