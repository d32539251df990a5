"""The clock of citizens' requests: working days of Kazakhstan, over holidays, pauses, transfers and midnight.

The days that are expected here were counted by hand, in a calendar on paper.
"""

import datetime as dt
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
import time_machine
from holidays.countries.kazakhstan import Kazakhstan
from hypothesis import assume, given
from hypothesis import strategies as st

from branches import actions, workdays
from branches.actions.calendar import clock_of
from branches.choices import CLOCK_STOPPED, REQUEST_CLOSED, RequestState, WaitingReason
from branches.metrics import Clock
from branches.models import CalendarDay, ReceptionRule, Request
from branches.workdays import Workdays

PUBLIC = Workdays()


def day(said):
    """`day("31.12.2025")`."""
    return dt.datetime.strptime(said, "%d.%m.%Y").date()


# --- the calendar ----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("received", "due"),
    [
        ("13.01.2025", "03.02.2025"),  # nothing in the way: the Monday three weeks later
        ("10.01.2025", "31.01.2025"),
        ("11.01.2025", "31.01.2025"),  # a Saturday: the first day that counts is the Monday
        ("12.01.2025", "31.01.2025"),  # and a Sunday
        ("31.12.2023", "23.01.2024"),  # 1, 2.01 off; Christmas, 07.01, a Sunday, does not move
        ("31.12.2024", "24.01.2025"),  # 1, 2, 3, 7.01 off; 05.01, a Sunday, is worked for the 3rd
        ("31.12.2025", "26.01.2026"),  # 1, 2, 7.01 off
        ("30.12.2025", "23.01.2026"),  # the 31st counts
        ("20.03.2025", "15.04.2025"),  # Nauryz 21–23, and 24, 25 for the Saturday and the Sunday
        ("20.03.2026", "15.04.2026"),  # Nauryz 21–23, and 24, 25 again
        ("13.06.2024", "04.07.2024"),  # Kurban ait on Sunday 16.06: the Monday is worked
        ("05.06.2025", "27.06.2025"),  # Kurban ait on Friday 06.06
        ("26.05.2026", "17.06.2026"),  # Kurban ait on Wednesday 27.05
        ("03.05.2024", "28.05.2024"),  # Saturday 04.05 is worked for 08.05; 7 and 9.05 off
        ("28.08.2026", "18.09.2026"),  # 30.08, a Sunday, is no Constitution Day any more: Monday 31.08 counts
        ("28.08.2025", "19.09.2025"),  # 30.08.2025, a Saturday, still was: Monday 01.09 is off
    ],
)
def test_fifteen_working_days(received, due):
    assert PUBLIC.after(day(received), 15) == day(due)
    assert PUBLIC.between(day(received), day(due)) == 15


@pytest.mark.parametrize(
    ("off", "worked"),
    [
        (["01.01.2025", "02.01.2025", "03.01.2025", "04.01.2025", "07.01.2025"], ["05.01.2025", "06.01.2025"]),
        (["01.01.2026", "02.01.2026", "07.01.2026"], ["31.12.2025", "05.01.2026", "06.01.2026", "08.01.2026"]),
        ([f"{number}.03.2025" for number in range(21, 26)], ["20.03.2025", "26.03.2025"]),
        ([f"{number}.03.2026" for number in range(21, 26)], ["20.03.2026", "26.03.2026"]),
        (["16.06.2024", "15.06.2024"], ["17.06.2024"]),
        (["06.06.2025"], ["05.06.2025", "09.06.2025"]),
        (["27.05.2026"], ["26.05.2026", "28.05.2026"]),
        (["07.05.2024", "08.05.2024", "09.05.2024"], ["04.05.2024", "06.05.2024", "10.05.2024"]),
        (["30.08.2026"], ["31.08.2026"]),
        (["15.03.2027"], ["16.03.2027"]),
    ],
)
def test_days_off_and_days_that_are_worked(off, worked):
    assert [said for said in off if PUBLIC.is_working(day(said))] == []
    assert [said for said in worked if not PUBLIC.is_working(day(said))] == []


def test_nothing_or_less_is_the_day_itself():
    saturday = day("14.06.2025")
    assert [PUBLIC.after(saturday, count) for count in (0, -1)] == [saturday, saturday]


def test_between_says_nothing_of_its_first_day_and_counts_its_last():
    friday, monday = day("13.06.2025"), day("16.06.2025")
    assert (PUBLIC.between(friday, monday), PUBLIC.between(monday, friday), PUBLIC.between(friday, friday)) == (
        1,
        -1,
        0,
    )


def test_a_december_day_is_swapped_for_a_january_one_whichever_year_was_asked_first():
    workdays._public.cache_clear()
    assert PUBLIC.is_working(day("28.12.2013"))  # a Saturday, worked for Friday 03.01.2014
    assert not PUBLIC.is_working(day("03.01.2014"))


def test_a_calendar_is_whole_before_another_thread_reads_it(monkeypatch):
    """The library fills a year in when it is asked for: whoever comes meanwhile would find working days only."""
    populate = Kazakhstan._populate

    def slowly(self, year):
        time.sleep(0.02)
        populate(self, year)

    monkeypatch.setattr(Kazakhstan, "_populate", slowly)
    workdays._public.cache_clear()
    with ThreadPoolExecutor(4) as people:
        assert list(people.map(PUBLIC.is_working, [day("01.01.2031")] * 4)) == [False] * 4


def test_a_calendar_without_working_days_does_not_count_for_ever():
    start = day("01.01.2025")
    idle = Workdays({start + dt.timedelta(days=number): False for number in range(workdays.FURTHEST + 1)})
    with pytest.raises(ValueError, match="no working days"):
        idle.after(start, 1)


# --- properties ------------------------------------------------------------------------------------------------------
days = st.dates(dt.date(2010, 1, 1), dt.date(2040, 12, 31))
calendars = st.dictionaries(st.dates(dt.date(2025, 1, 1), dt.date(2025, 4, 30)), st.booleans(), max_size=40).map(
    Workdays
)
near = st.dates(dt.date(2024, 12, 1), dt.date(2025, 5, 31))
any_calendar = st.one_of(st.tuples(st.just(PUBLIC), days), st.tuples(calendars, near))


@given(any_calendar, st.integers(0, 60))
def test_after_and_between_are_inverse(where, count):
    calendar, start = where
    due = calendar.after(start, count)
    assert calendar.between(start, due) == count
    assert calendar.between(due, start) == -count
    assert due == start if count == 0 else due > start and calendar.is_working(due)


@given(any_calendar, st.integers(0, 120))
def test_between_and_after_are_inverse_up_to_days_off(where, length):
    calendar, start = where
    until = start + dt.timedelta(days=length)
    last = calendar.after(start, calendar.between(start, until))
    assert start <= last <= until
    assert calendar.between(last, until) == 0


@given(any_calendar, st.integers(0, 40), st.integers(0, 40), st.integers(0, 40))
def test_both_are_monotone_and_add_up(where, later, count, more):
    calendar, start = where
    next_start = start + dt.timedelta(days=later)
    assert calendar.after(start, count) <= calendar.after(next_start, count)
    assert calendar.after(start, count) <= calendar.after(start, count + more)
    assert calendar.after(calendar.after(start, count), more) == calendar.after(start, count + more)
    until = next_start + dt.timedelta(days=more)
    assert calendar.between(start, next_start) + calendar.between(next_start, until) == calendar.between(start, until)


@given(any_calendar, st.integers(1, 20), st.lists(st.integers(0, 12), max_size=7))
def test_a_clock_never_loses_or_gains_days(where, answer_days, gaps):
    """Stopped and going on by turns: what was counted while it ran and what is left come to the whole, always."""
    calendar, received = where
    clock, now, counted = Clock(received, answer_days, calendar.after(received, answer_days)), received, 0
    for place, gap in enumerate(gaps):
        before, now = now, now + dt.timedelta(days=gap)
        if place % 2 == 0:
            counted += calendar.between(before, now)
            clock = clock.stopped(now, calendar)
            if clock.days_left < 0:  # late: and so it stays, on the day on which it was due
                assert clock.due_on < now
                break
            assert counted + clock.days_left == answer_days
            assert clock.stopped(now + dt.timedelta(days=3), calendar) == clock
        else:
            clock = clock.going_on(now, calendar)
            assert clock.days_left is None
            assert clock.due_on >= now
            assert counted + calendar.between(now, clock.due_on) == answer_days
            assert clock.going_on(now + dt.timedelta(days=3), calendar) == clock
            assert clock.recounted(calendar) == clock


@given(any_calendar, st.integers(1, 20), st.integers(1, 30), st.lists(st.integers(0, 9), max_size=6))
def test_what_was_late_stays_late(where, answer_days, late, gaps):
    calendar, received = where
    due = calendar.after(received, answer_days)
    now = due + dt.timedelta(days=late)
    assume(calendar.between(due, now) > 0)
    clock = Clock(received, answer_days, due)
    for gap in gaps:
        clock = clock.stopped(now, calendar).going_on(now + dt.timedelta(days=gap), calendar)
        now += dt.timedelta(days=gap)
        assert clock.due_on == due < now
        assert clock.recounted(Workdays({due: False})).due_on == due


# --- requests --------------------------------------------------------------------------------------------------------
@pytest.fixture
def desk(cast):
    """`desk(received)`: a request registered on that day; `desk.say(request, day, state)` follows it."""

    def register(received="13.01.2025", **said):
        return cast.add_request(today=day(received), **said)

    def say(request, on, state, **said):
        needs = {
            RequestState.WAITING: {"reason": WaitingReason.DOCUMENTS},
            RequestState.FORWARDED: {"forwarded_to": "су арнасы"},
            RequestState.POSITIVE: {"help_kind": "advice"},
            RequestState.EXPLAINED: {"note": "түсіндірілді"},
        }.get(state, {})
        return actions.follow_request(
            request=request, by=cast.people.secretary, today=day(on), state=state, **{**needs, **said}
        )

    register.say = say
    return register


def flags(request, on):
    """What is said of a request on a day: the names of its flags."""
    row = Request.objects.as_of(day(on), PUBLIC.after(day(on), 3)).get(pk=request.pk)
    names = ("is_open", "is_closed", "is_stopped", "is_overdue", "is_late_body", "is_due_soon")
    return {name.removeprefix("is_") for name in names if getattr(row, name)}


def test_a_request_is_due_in_fifteen_working_days(desk):
    request = desk("31.12.2025")
    assert (request.answer_days, request.due_on) == (15, day("26.01.2026"))
    assert request.steps.get().due_on == day("26.01.2026")
    assert flags(request, "20.01.2026") == {"open"}
    assert flags(request, "21.01.2026") == {"open", "due_soon"}
    assert flags(request, "26.01.2026") == {"open", "due_soon"}
    assert flags(request, "27.01.2026") == {"open", "overdue"}


def test_a_branch_may_have_another_standard_for_what_comes(desk, cast):
    earlier = desk()
    actions.set_reception_rule(branch=cast.own, by=cast.people.coordinator, answer_days=5)
    assert (earlier.steps.get().due_on, desk().due_on) == (day("03.02.2025"), day("20.01.2025"))
    assert desk.say(earlier, "15.01.2025", RequestState.IN_WORK).due_on == day("03.02.2025")
    assert ReceptionRule.objects.get().answer_days == 5


@pytest.mark.parametrize(
    ("date", "is_working", "due"),
    [("20.01.2025", False, "04.02.2025"), ("18.01.2025", True, "31.01.2025"), ("13.01.2025", False, "03.02.2025")],
)
def test_a_transfer_that_only_the_administrator_knows(desk, date, is_working, due):
    CalendarDay.objects.create(date=day(date), is_working=is_working)
    assert desk().due_on == day(due)


def test_a_transfer_both_ways(desk):
    CalendarDay.objects.create(date=day("20.01.2025"), is_working=False)
    CalendarDay.objects.create(date=day("25.01.2025"), is_working=True)
    assert desk().due_on == day("03.02.2025")


def test_a_public_holiday_may_be_worked(desk):
    CalendarDay.objects.create(date=day("07.01.2026"), is_working=True)
    assert desk("31.12.2025").due_on == day("23.01.2026")


# --- pauses ----------------------------------------------------------------------------------------------------------
def test_while_a_request_waits_no_day_counts(desk):
    request = desk()
    waits = desk.say(request, "16.01.2025", RequestState.WAITING)  # the third day
    assert (waits.days_left, waits.due_on) == (12, None)
    assert flags(request, "30.06.2025") == {"open", "stopped"}
    again = desk.say(request, "24.03.2025", RequestState.IN_WORK)  # Nauryz: the next working day is the 26th
    assert (again.days_left, again.due_on) == (None, day("10.04.2025"))
    assert flags(request, "10.04.2025") == {"open", "due_soon"}
    assert flags(request, "11.04.2025") == {"open", "overdue"}


def test_a_pause_of_a_weekend_changes_nothing(desk):
    request = desk()
    assert desk.say(request, "18.01.2025", RequestState.WAITING).days_left == 11  # a Saturday
    assert desk.say(request, "19.01.2025", RequestState.IN_WORK).due_on == day("03.02.2025")


def test_a_pause_over_a_weekend_loses_nothing(desk):
    request = desk()
    assert desk.say(request, "17.01.2025", RequestState.WAITING).days_left == 11  # the Friday counts
    assert desk.say(request, "20.01.2025", RequestState.IN_WORK).due_on == day("04.02.2025")  # the Monday does not


def test_a_pause_of_no_day_changes_nothing(desk):
    request = desk()
    desk.say(request, "20.01.2025", RequestState.WAITING)
    assert desk.say(request, "20.01.2025", RequestState.IN_WORK).due_on == request.due_on


def test_what_was_stopped_on_its_last_day_is_due_when_it_goes_on(desk):
    request = desk()
    assert desk.say(request, "03.02.2025", RequestState.WAITING).days_left == 0
    assert desk.say(request, "12.02.2025", RequestState.IN_WORK).due_on == day("12.02.2025")
    assert flags(request, "12.02.2025") == {"open", "due_soon"}
    assert flags(request, "13.02.2025") == {"open", "overdue"}


def test_what_was_late_when_it_was_stopped_stays_late(desk):
    request = desk()
    assert flags(request, "05.02.2025") == {"open", "overdue"}
    assert desk.say(request, "05.02.2025", RequestState.WAITING).days_left == -2
    assert flags(request, "06.02.2025") == {"open", "stopped", "overdue"}
    assert desk.say(request, "10.02.2025", RequestState.IN_WORK).due_on == day("03.02.2025")
    assert flags(request, "10.02.2025") == {"open", "overdue"}


def test_a_step_that_neither_stops_nor_starts_the_clock_leaves_the_day(desk):
    request = desk()
    days = [desk.say(request, on, RequestState.IN_WORK).due_on for on in ("14.01.2025", "20.01.2025", "10.02.2025")]
    assert set(days) == {request.due_on}


def test_a_forwarded_request_has_the_clock_of_the_body_and_keeps_its_own(desk):
    request = desk()
    sent = desk.say(request, "16.01.2025", RequestState.FORWARDED, body_due_on=day("31.01.2025"))
    assert (sent.due_on, sent.days_left) == (day("31.01.2025"), 12)
    assert flags(request, "31.01.2025") == {"open", "stopped"}
    assert flags(request, "01.02.2025") == {"open", "stopped", "late_body"}
    waits = desk.say(request, "05.02.2025", RequestState.WAITING, reason=WaitingReason.COURT)
    assert (waits.due_on, waits.days_left) == (None, 12)
    assert flags(request, "28.02.2025") == {"open", "stopped"}
    assert desk.say(request, "03.03.2025", RequestState.IN_WORK).due_on == day("20.03.2025")


def test_a_body_answers_in_the_time_of_the_branch_when_no_day_is_told(desk, cast):
    actions.set_reception_rule(branch=cast.own, by=cast.people.coordinator, answer_days=10)
    request = desk()
    assert desk.say(request, "17.01.2025", RequestState.FORWARDED).due_on == day("31.01.2025")


def test_what_is_reopened_has_the_days_that_were_left(desk):
    request = desk()
    closed = desk.say(request, "16.01.2025", RequestState.EXPLAINED)
    assert (closed.due_on, closed.days_left) == (None, None)
    assert flags(request, "30.06.2025") == {"closed"}
    again = desk.say(request, "03.03.2025", RequestState.IN_WORK, note="қайта келді")
    assert again.due_on == day("20.03.2025")  # 10.03 is off for Saturday 08.03
    assert flags(request, "21.03.2025") == {"open", "overdue"}
    assert flags(request, "02.03.2025") == {"closed"}


def test_what_was_closed_while_it_waited_is_reopened_with_what_it_had(desk):
    request = desk()
    desk.say(request, "16.01.2025", RequestState.WAITING)
    desk.say(request, "30.01.2025", RequestState.EXPLAINED)
    assert desk.say(request, "03.03.2025", RequestState.IN_WORK, note="қайта").due_on == day("20.03.2025")


def test_what_was_answered_late_is_reopened_late(desk):
    request = desk()
    desk.say(request, "10.02.2025", RequestState.EXPLAINED)
    assert desk.say(request, "03.03.2025", RequestState.IN_WORK, note="қайта").due_on == day("03.02.2025")
    assert flags(request, "03.03.2025") == {"open", "overdue"}


def test_what_is_known_later_does_not_change_how_it_stood(desk):
    request = desk()
    desk.say(request, "10.02.2025", RequestState.WAITING, happened_on=day("20.01.2025"))
    assert flags(request, "04.02.2025") == {"open", "overdue"}  # as it was read on that day
    assert flags(request, "10.02.2025") == {"open", "stopped"}
    assert desk.say(request, "10.02.2025", RequestState.IN_WORK).due_on == day("24.02.2025")


STEPS = (
    RequestState.IN_WORK,
    RequestState.WAITING,
    RequestState.FORWARDED,
    RequestState.EXPLAINED,
    RequestState.POSITIVE,
)


@given(st.lists(st.tuples(st.sampled_from(STEPS), st.integers(0, 9)), max_size=8), st.integers(1, 10))
def test_the_steps_of_a_request_tell_its_clock(steps, answer_days):
    """Whatever follows what: a running step says the day that its clock says, a stopped one the days it has left."""
    rows, now = [], day("13.01.2025")
    request = Request(received_on=now, answer_days=answer_days, due_on=PUBLIC.after(now, answer_days))
    still = (*CLOCK_STOPPED, *REQUEST_CLOSED)
    clock = Clock(now, answer_days, request.due_on)
    rows.append(a_step(RequestState.REGISTERED, now, due_on=request.due_on))
    for state, gap in steps:
        now += dt.timedelta(days=gap)
        clock = clock.stopped(now, PUBLIC) if state in still else clock.going_on(now, PUBLIC)
        told = {
            "due_on": now if state == RequestState.FORWARDED else None if state in still else clock.due_on,
            "days_left": clock.days_left if state in CLOCK_STOPPED else None,
        }
        rows.append(a_step(state, now, **told))
        assert clock_of(request, rows, PUBLIC) == clock


def a_step(state, on, **told):
    return Request._meta.get_field("steps").related_model(state=state, happened_on=on, **told)


# --- pauses over holidays, midnight ----------------------------------------------------------------------------------
def test_a_pause_over_nauryz_costs_no_working_day(desk):
    request = desk("10.03.2025")
    stopped = desk.say(request, "18.03.2025", RequestState.WAITING)
    going = desk.say(request, "26.03.2025", RequestState.IN_WORK)  # 21–25 March are no working days
    assert PUBLIC.between(stopped.happened_on, going.happened_on) == 3
    assert PUBLIC.between(going.happened_on, going.due_on) == stopped.days_left
    assert going.due_on == PUBLIC.after(request.due_on, 3)


def test_what_was_late_and_is_stopped_on_a_day_off_stays_late(desk):
    request = desk("24.01.2025")
    assert request.due_on == day("14.02.2025")  # a Friday
    assert desk.say(request, "15.02.2025", RequestState.WAITING).days_left == -1
    assert flags(request, "15.02.2025") == {"open", "stopped", "overdue"}
    assert desk.say(request, "10.03.2025", RequestState.IN_WORK).due_on == day("14.02.2025")


def test_an_answer_is_overdue_from_midnight_in_the_oblast(desk, cast, as_user):
    request = desk("13.01.2025")
    client = as_user(cast.people.secretary)
    for moment, count in (("2025-02-03 18:59Z", 0), ("2025-02-03 19:01Z", 1)):
        with time_machine.travel(moment, tick=False):
            page = client.get("/reception/requests/?year=2025&overdue=1")
            assert page.context["table"].paginator.count == count
    assert request.due_on == day("03.02.2025")
