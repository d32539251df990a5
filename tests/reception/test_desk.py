"""The desk of a reception office: what waits, before its day and after."""

import datetime as dt

import pytest
from django.urls import reverse

from branches.choices import RequestState, Role
from branches.dashboards.reception_desk import SHOWN, desk
from branches.dashboards.reception_scope import scope_of
from branches.models import Assignment, Branch, CalendarDay, Locality, Request
from tests.reception.pages import DAY, HOME, TODAY, Page

pytestmark = pytest.mark.django_db


def desk_of(cast, user=None, *, day=TODAY, **asked):
    """The desk as `user` (the reception officer of `own`) sees it."""
    user = user or cast.people.reception
    scope = scope_of(list(Branch.objects.for_user(user).along_the_river()), **asked)
    return desk(user=user, scope=scope, day=day)


def shown(group):
    """The requests of a group of the desk."""
    return [row.request for row in group.rows]


def test_what_is_overdue_stands_in_the_order_of_how_late_it_is(cast, asked):
    late, later = asked(dt.date(2025, 6, 12)), asked(dt.date(2025, 5, 23))
    asked(TODAY)
    group = desk_of(cast).overdue
    assert shown(group) == [later, late]
    # 6 June 2025 is Kurban ait: from 23 May to 16 June lie fifteen working days
    assert [row.late for row in group.rows] == [15, 2]
    assert group.count == 2


@pytest.mark.parametrize(("ahead", "is_reminded"), [(0, True), (1, True), (3, True), (4, False)])
def test_a_reminder_comes_three_working_days_before(cast, asked, ahead, is_reminded):
    due = CalendarDay.objects.workdays().after(TODAY, ahead)
    request = asked(due)
    assert shown(desk_of(cast).soon) == [request] * is_reminded
    assert desk_of(cast).overdue.count == 0


def test_days_before_a_holiday_are_counted_in_working_days(cast, asked):
    """On Wednesday, 4 June, what is due on Tuesday, 10 June, is due in three working days: Friday is a holiday."""
    request = asked(dt.date(2025, 6, 10))
    found = desk_of(cast, day=dt.date(2025, 6, 4))
    assert shown(found.soon) == [request]
    assert found.soon.rows[0].left == 3
    assert desk_of(cast, day=dt.date(2025, 6, 3)).soon.count == 0


def test_a_transferred_day_moves_the_reminder(cast, asked):
    request = asked(dt.date(2025, 6, 20))
    assert shown(desk_of(cast).soon) == []
    CalendarDay.objects.create(date=dt.date(2025, 6, 19), is_working=False)
    assert shown(desk_of(cast).soon) == [request]


@pytest.mark.parametrize(("due", "is_late"), [(TODAY, False), (dt.date(2025, 6, 13), True)])
def test_a_reminder_comes_after_the_day_of_a_state_body(cast, due, is_late):
    request = cast.add_request(
        today=dt.date(2025, 6, 2), state=RequestState.FORWARDED, forwarded_to="әкімдік", body_due_on=due
    )
    found = desk_of(cast)
    assert shown(found.late_bodies) == [request] * is_late
    assert (found.overdue.count, found.soon.count) == (0, 0)  # the branch's own clock stands still


def test_what_waits_says_for_how_long_and_why(cast, officer):
    cast.add_request(today=dt.date(2025, 6, 11), state=RequestState.WAITING, reason="court")
    cast.add_request(today=dt.date(2025, 5, 26), state=RequestState.WAITING, reason="documents")
    assert [row.waited for row in desk_of(cast).waiting.rows] == [14, 3]
    text = Page(officer, HOME).text
    assert "documents of the applicant are awaited" in text
    assert "14 working days since 26.05.2025" in text


def test_what_nobody_took_in_work_is_shown_the_oldest_first(cast):
    young, old = cast.add_request(today=TODAY), cast.add_request(today=dt.date(2025, 6, 9))
    cast.add_request(today=TODAY, state=RequestState.IN_WORK)
    assert shown(desk_of(cast).fresh) == [old, young]


def test_on_a_day_off_the_day_has_passed_but_no_working_day_since(cast, asked, officer):
    asked(dt.date(2025, 6, 13))
    text = Page(officer, f"{HOME}?as_of=2025-06-14").text
    assert "the day has passed" in text
    assert "working day late" not in text


def test_the_desk_says_what_to_do_and_leads_to_the_cards(cast, asked, officer):
    request = asked(dt.date(2025, 6, 12), locality=Locality.objects.get(district=cast.own.district))
    page = Page(officer, HOME)
    assert request.get_absolute_url() in page.links
    assert "/reception/requests/new/?branch=own" in page.links
    assert reverse("branches:request_find") in page.links
    assert "2 working days late" in page.text
    assert f"{request} · housing (en) own ауылы (en) · received on 21.05.2025 · in work" in page.text


def test_an_empty_desk_says_so(cast, officer):
    assert "Nothing waits at the desk" in Page(officer, HOME).text


def test_the_desk_keeps_the_years_apart_and_shows_the_first_rows_only(cast, asked, officer):
    asked(dt.date(2024, 12, 20))
    for number in range(SHOWN + 1):
        asked(dt.date(2025, 6, 2) + number % 3 * DAY)
    group = desk_of(cast).overdue
    assert len(group.rows) == SHOWN
    assert [(counted.year, counted.count) for counted in group.counts] == [(2024, 1), (2025, SHOWN + 1)]
    page = Page(officer, HOME)
    assert "2024: 1 · 2025: 9" in page.text
    assert page.numbers_open_into_their_rows()


def test_the_desk_is_of_today_whatever_year_is_looked_at_unless_a_day_is_asked_for(cast, asked, officer):
    asked(dt.date(2025, 6, 12))
    cast.add_request(today=dt.date(2024, 3, 1), state=RequestState.EXPLAINED, note="айтылды")
    assert "2 working days late" in Page(officer, f"{HOME}?year=2024").text
    assert "working days late" not in Page(officer, f"{HOME}?as_of=2025-06-12").text


def test_the_desk_is_for_who_receives_there(life, reader):
    for name in ("chair", "coordinator", "controller", "observer", "administrator"):
        user = getattr(life.people, name)
        assert desk_of(life, user) is None
        page = Page(reader(user), HOME)
        assert "What waits at the desk" not in page.text
        assert "/reception/requests/new/" not in page.links
    assert desk_of(life, life.people.secretary) is not None
    assert desk_of(life, life.people.other_secretary).fresh.count == 1


def test_who_receives_in_one_of_the_branches_they_see_has_the_desk_of_that_branch(life, reader):
    """The coordinator of the region is also the secretary of `other`."""
    user = life.people.coordinator
    Assignment.objects.create(user=user, role=Role.SECRETARY, branch=life.other)
    found = desk_of(life, user)
    assert found.branches == [life.other]
    assert found.fresh.count == 1
    assert "branch=other" in found.fresh.counts[0].url
    page = Page(reader(user), HOME)
    assert page.numbers_open_into_their_rows()
    own = Request.objects.filter(branch=life.own).first()
    assert own.get_absolute_url() not in page.links
    assert desk_of(life, user, branch="own") is None
