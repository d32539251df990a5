"""Reception: the desk, the year in numbers, the register, events, topics by place, opened cards, rules."""

import csv
import datetime as dt
import io
import re
import uuid
from html.parser import HTMLParser
from urllib.parse import urljoin

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from branches import actions
from branches.choices import Channel, EventKind, HelpKind, Permission, RequestKind, RequestState, Role
from branches.dashboards.reception_desk import SHOWN, desk
from branches.dashboards.reception_pages import reception_year
from branches.dashboards.reception_scope import scope_of
from branches.models import (
    Assignment,
    Branch,
    CalendarDay,
    Locality,
    ReceptionEvent,
    ReceptionRule,
    Request,
    RequestOpening,
    Topic,
    User,
)

pytestmark = pytest.mark.django_db
HOME, REGISTER, EVENTS, NEW = "/reception/", "/reception/requests/", "/reception/events/", "/reception/events/new/"
TOPICS, FILE, OPENINGS = "/reception/topics/", "/reception/topics.csv", "/reception/openings/"
TODAY = dt.date(2025, 6, 16)  # a Monday
DAY = dt.timedelta(days=1)
SECRETS = ("Ойданов", "Өтініш 1", "+7 000", "Ойдан көшесі", "Ауызсу бірнеше күннен", "түсіндірілді")


@pytest.fixture(autouse=True)
def stopped_clock(noon):
    """Every page here is asked for on the day of the cast."""


@pytest.fixture
def reader(as_user):
    """`reader(user)`: a client that reads in English."""

    def log_in(user):
        client = as_user(user)
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
        return client

    return log_in


@pytest.fixture
def officer(reader, cast):
    """The browser of the reception officer of `own`."""
    return reader(cast.people.reception)


@pytest.fixture
def chair(reader, cast):
    """The browser of the chair, who sees numbers of the whole region."""
    return reader(cast.people.chair)


class Page(HTMLParser):
    """What a page counts, adds up and shows: its text without markup, its links with a number, its totals."""

    def __init__(self, client, address):
        super().__init__()
        answer = client.get(address)
        assert answer.status_code == 200, f"{address}: {answer.status_code}"
        self.client, self.address, self.html = client, address, answer.content.decode()
        self.links, self.counts, self.sums, self.totals = [], [], [], set()
        self.total, self.words, self.heading, self.open = None, [], None, []
        self.feed(self.html)
        self.text = " ".join(" ".join(self.words).split())

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        href = urljoin(self.address, attrs["href"]).split("#")[0] if tag == "a" and attrs.get("href") else ""
        if href:
            self.links.append(href)
        if "data-count" in attrs:
            self.counts.append((href, int(attrs["data-count"])))
        if "data-sum" in attrs:
            self.sums.append((href, attrs["data-sum"]))
        if "data-sum-total" in attrs:
            self.totals.add(attrs["data-sum-total"])
        if tag == "table" and "data-total" in attrs:
            self.total = int(attrs["data-total"])

    def handle_data(self, data):
        self.words.append(data)

    def numbers_open_into_their_rows(self):
        """Compare every number with the list behind it; give how many there were."""
        pages = {href: Page(self.client, href) for href, _said in {*self.counts, *self.sums}}
        for href, count in self.counts:
            assert pages[href].total == count, f"{self.address}: {count}, but {href}: {pages[href].total}"
        for href, said in self.sums:
            assert said in pages[href].totals, f"{self.address}: {said}, but {href}: {pages[href].totals}"
        return len(self.counts) + len(self.sums)


def received_for(due, answer_days=15):
    """The latest day on which a request is received that is due on `due`."""
    workdays = CalendarDay.objects.workdays()
    return next(day for day in (due - n * DAY for n in range(1, 90)) if workdays.after(day, answer_days) == due)


@pytest.fixture
def asked(cast):
    """`asked(due)`: a request of `own` that is in work and due on that day."""

    def register(due, branch="own", **said):
        day = received_for(due)
        return cast.add_request(branch, today=day, **{"state": RequestState.IN_WORK, **said})

    return register


@pytest.fixture
def life(cast):
    """Requests of `own` in all nine states, of both topics, one a mandate; two at an event; one of `other`."""
    day = dt.date(2025, 5, 20)
    village = Locality.objects.get(district=cast.own.district)
    event = actions.record_event(
        branch=cast.own,
        by=cast.people.reception,
        today=day,
        kind=EventKind.MOBILE,
        place="мәдениет үйі",
        held_on=day,
        project=cast.project,
        locality=village,
    )
    at_event = {"channel": Channel.EVENT, "event": event}
    steps = {
        RequestState.IN_WORK: {},
        RequestState.FORWARDED: {"forwarded_to": "әкімдік"},
        RequestState.WAITING: {"reason": "documents"},
        RequestState.POSITIVE: {"help_kind": HelpKind.LEGAL_SUPPORT, **at_event},
        RequestState.EXPLAINED: {"note": "түсіндірілді", **at_event},
        RequestState.REFUSED: {"note": "негіз жоқ"},
        RequestState.WITHDRAWN: {},
        RequestState.MISTAKE: {"note": "қате"},
        RequestState.REGISTERED: {"kind": RequestKind.MANDATE},
    }
    for number, (state, said) in enumerate(steps.items()):
        cast.add_request(today=day, state=state, topic=number % 2, locality=village, **said)
    cast.add_request("other", today=day, locality=Locality.objects.get(district=cast.other.district))
    cast.event = event
    return cast


def year_of(cast, user=None, *, day=TODAY, year=2025, mandates_only=False, **asked):
    """The numbers of a year as `user` (the chair) sees them."""
    user = user or cast.people.chair
    scope = scope_of(list(Branch.objects.for_user(user).along_the_river()), **asked)
    return reception_year(user=user, scope=scope, year=year, day=day, mandates_only=mandates_only)


def desk_of(cast, user=None, *, day=TODAY, **asked):
    """The desk as `user` (the reception officer of `own`) sees it."""
    user = user or cast.people.reception
    scope = scope_of(list(Branch.objects.for_user(user).along_the_river()), **asked)
    return desk(user=user, scope=scope, day=day)


def shown(group):
    """The requests of a group of the desk."""
    return [row.request for row in group.rows]


# --- the desk: before and after --------------------------------------------------------------------------------------
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


# --- the year in numbers ---------------------------------------------------------------------------------------------
def test_the_states_are_disjoint_and_add_up(life):
    counts = year_of(life).counts
    assert sum(count for _state, count, _url in year_of(life).states) == counts.registered == 9  # 8 and 1 of `other`
    assert counts.open + counts.closed == counts.registered
    assert (counts.answered, counts.closed, counts.positive) == (3, 4, 1)
    assert counts.mandates == 1


def test_the_positive_share_is_told_with_both_formulas(life, chair):
    page = Page(chair, f"{HOME}?branch=own")
    assert "Resolved positively, of those registered 12.5" in page.text
    assert "Resolved positively, of those closed 25" in page.text
    assert "1 request resolved positively ÷ 8 registered" in page.text
    assert "1 request resolved positively ÷ 4 closed" in page.text


def test_a_share_of_nothing_is_a_dash(cast, chair):
    cast.add_request(today=TODAY)
    assert "Resolved positively, of those closed — 0 requests resolved positively ÷ 0 closed" in Page(chair, HOME).text


@pytest.mark.parametrize(
    ("name", "query"),
    [
        ("reception", ""),
        ("secretary", "as_of=2025-05-20"),
        ("other_secretary", "mandates=1"),
        ("chair", "branch=own&mandates=1"),
        ("coordinator", "branch=oblast"),
        ("observer", "region=region&as_of=2025-06-01"),
    ],
)
def test_every_number_opens_into_its_rows(life, reader, name, query):
    assert Page(reader(getattr(life.people, name)), f"{HOME}?{query}").numbers_open_into_their_rows() > 20


def test_branches_stand_along_the_river_and_add_up(life, chair):
    lines = year_of(life).branches
    assert [line.name for line in lines] == ["Облыстық филиал", "own", "other"]
    assert [line.numbers.registered for line in lines] == [0, 8, 1]
    assert sum(line.numbers.overdue for line in lines) == year_of(life).counts.overdue
    assert "Branches along the river" in Page(chair, HOME).text
    assert "Branches along the river" not in Page(chair, f"{HOME}?branch=own").text


def test_a_regional_branch_is_all_of_its_region_by_the_region_and_itself_by_its_name(life):
    life.add_request("oblast", today=TODAY, by=a_secretary_of(life.oblast))
    assert year_of(life, region="region").counts.registered == 10
    assert year_of(life, branch="oblast").counts.registered == 1


def a_secretary_of(branch):
    """Somebody new who may do everything there."""
    user = User.objects.create_user(f"secretary_{branch.slug}", password="кілт-сөз-2025")
    Assignment.objects.create(user=user, role=Role.SECRETARY, branch=branch)
    return user


def test_months_and_topics_add_up(life):
    found = year_of(life)
    assert [line.numbers.registered for line in found.months] == [0, 0, 0, 0, 9, 0, 0, 0, 0, 0, 0, 0]
    assert [(line.name, line.numbers.registered) for line in found.topics] == [("housing", 6), ("roads", 3)]


def test_a_past_day_is_shown_as_it_was(life):
    before = year_of(life, day=dt.date(2025, 5, 19))
    assert before.counts.registered == 0
    row = Request.objects.filter(branch=life.own).as_of(TODAY).get(day_state=RequestState.IN_WORK)
    actions.follow_request(
        request=row, by=life.people.reception, today=TODAY, state=RequestState.MISTAKE, note="қате енгізілген"
    )
    assert year_of(life).counts.registered == 8
    assert year_of(life, day=TODAY - DAY).counts.registered == 9


def test_the_switch_counts_mandates_only(life, chair):
    found = year_of(life, mandates_only=True)
    assert found.counts.registered == 1
    assert [line.numbers.registered for line in found.branches] == [0, 1, 0]
    assert found.projects[0].project.residents == 0
    assert found.projects[0].project.events == 1  # a reception is held for everybody
    page = Page(chair, f"{HOME}?mandates=1")
    assert "2025 in numbers: voters' mandates" in page.text
    assert 'name="mandates" value="1"' in page.html  # another day keeps the switch


def test_receptions_of_a_project_count_residents_once(life, chair):
    twice = life.add_request(
        today=TODAY,
        person=life.an_applicant(900),
        channel=Channel.EVENT,
        event=life.event,
        state=RequestState.POSITIVE,
        help_kind=HelpKind.ADVICE,
    )
    same = life.add_request(
        today=TODAY,
        person=life.an_applicant(900),
        channel=Channel.EVENT,
        event=life.event,
        state=RequestState.POSITIVE,
        help_kind=HelpKind.ADVICE,
    )
    told = year_of(life).projects[0].project
    people = {twice.applicant_id, same.applicant_id}
    assert (told.events, told.requests) == (1, 4)
    assert (told.residents, told.helped) == (2 + len(people), 1 + len(people))
    assert told.legal_support == 1
    assert Page(chair, HOME).numbers_open_into_their_rows()


def test_what_was_asked_at_an_event_in_december_and_written_down_in_january_belongs_to_the_event(cast, chair):
    december = dt.date(2024, 12, 30)
    event = actions.record_event(
        branch=cast.own,
        by=cast.people.reception,
        today=december,
        kind=EventKind.OPEN_DAY,
        place="клуб",
        project=cast.project,
    )
    cast.add_request(today=dt.date(2025, 1, 6), channel=Channel.EVENT, event=event)
    home = Page(chair, f"{HOME}?year=2024&as_of=2025-06-16")
    assert home.numbers_open_into_their_rows()
    assert any(href.endswith("as_of=2025-06-16&project=legal_aid") for href, said in home.sums if said == "1")
    assert Page(chair, f"{REGISTER}?year=2024&as_of=2025-06-16&event={event.pk}").total == 1
    assert Page(chair, f"{REGISTER}?year=2024&event={event.pk}").total == 0  # as known at the end of that year
    assert Page(chair, f"{REGISTER}?year=2024&as_of=2025-06-16").total == 0
    assert Page(chair, f"{REGISTER}?year=2025").total == 1


def test_this_year_may_be_asked_for_before_anything_is_entered(cast, chair):
    page = Page(chair, HOME)
    assert "2025 in numbers" in page.text
    cast.add_request(today=dt.date(2024, 5, 6))
    assert "2024 in numbers" in Page(chair, HOME).text  # the newest year with rows
    assert "2025 in numbers" in Page(chair, f"{HOME}?year=2025").text


def test_a_wrong_day_is_said_beside_the_field(life, chair):
    page = Page(chair, f"{HOME}?as_of=2025-06-17")
    assert "This day has not come yet" in page.text
    assert page.numbers_open_into_their_rows()


@pytest.mark.parametrize("address", [HOME, TOPICS, FILE])
def test_branches_of_others_are_not_there(life, abroad, reader, address):
    for slug in ("abroad", "nowhere"):
        assert reader(life.people.chair).get(f"{address}?branch={slug}").status_code == 404
        assert reader(life.people.chair).get(f"{address}?region={slug}").status_code == 404
    assert reader(life.people.reception).get(f"{address}?branch=other").status_code == 404
    assert reader(life.people.nobody).get(address).status_code == 403


def test_nobody_sees_numbers_of_another_region(life, abroad, reader):
    life.add_request("abroad", today=TODAY, by=a_secretary_of(abroad.branch))
    assert year_of(life).counts.registered == 9
    assert year_of(life, life.people.administrator).counts.registered == 10
    assert Page(reader(life.people.administrator), HOME).numbers_open_into_their_rows()


# --- rules -----------------------------------------------------------------------------------------------------------
def test_the_standard_is_called_the_partys_own(life, chair, reader):
    said = "An answer is due in 15 working days: the party's own standard, not a term set by law."
    assert said in Page(chair, HOME).text
    address = reverse("branches:reception_rule", args=[life.own.pk])
    assert address not in Page(chair, f"{HOME}?branch=own").links
    assert address in Page(reader(life.people.coordinator), f"{HOME}?branch=own").links
    assert address in Page(reader(life.people.coordinator), HOME).links


def test_the_coordinator_sets_the_rules_of_a_branch_for_requests_to_come(life, reader):
    client = reader(life.people.coordinator)
    address = reverse("branches:reception_rule", args=[life.own.pk])
    assert "the party's own standards, not terms set by law" in Page(client, address).text
    sent = {"answer_days": "10", "mandates_from": "2025-06-10", "mandates_until": "2025-07-10"}
    answer = client.post(address, sent, follow=True)
    assert answer.redirect_chain == [("/reception/?branch=own", 302)]
    page = answer.content.decode()
    assert "Requests registered from now on are answered in 10 working days." in page
    assert "from 10.06.2025 until 10.07.2025 voters' mandates only are registered" in page
    rule = ReceptionRule.objects.get(branch=life.own)
    assert (rule.answer_days, rule.mandates_from) == (10, dt.date(2025, 6, 10))
    assert set(life.own.requests.values_list("answer_days", flat=True)) == {15}
    assert life.add_request(kind=RequestKind.MANDATE, today=TODAY).answer_days == 10
    assert "differs from branch to branch" in Page(client, HOME).text


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"answer_days": ""}, "Enter a number of working days."),
        ({"answer_days": "он бес"}, "Enter a whole number, such as 15."),
        ({"answer_days": "0"}, "Enter a number from 1 to 90."),
        ({"answer_days": "91"}, "Enter a number from 1 to 90."),
        ({"answer_days": "15", "mandates_from": "2025-06-10"}, "Enter both days, or none."),
        (
            {"answer_days": "15", "mandates_from": "2025-06-10", "mandates_until": "2025-06-09"},
            "This day lies before the first one.",
        ),
        ({"answer_days": "15", "mandates_from": "ертең"}, "Enter the day as in 31.12.2025."),
        (
            {"answer_days": "15", "mandates_from": "0205-06-10", "mandates_until": "2025-06-09"},
            "There is a slip in the year.",
        ),
    ],
)
def test_a_wrong_rule_is_refused_beside_the_field(life, reader, sent, said):
    answer = reader(life.people.coordinator).post(reverse("branches:reception_rule", args=[life.own.pk]), sent)
    assert answer.status_code == 200
    assert said in answer.content.decode()
    assert not ReceptionRule.objects.exists()


# --- the register ----------------------------------------------------------------------------------------------------
def test_only_who_receives_there_reads_localities_and_opens_cards(life, officer, chair, reader):
    mine = Page(officer, REGISTER)
    assert mine.total == 8
    assert "own ауылы (en)" in mine.text
    assert life.own.requests.first().get_absolute_url() in mine.links
    numbers = Page(chair, REGISTER)
    assert numbers.total == 9
    assert "ауылы" not in numbers.text
    assert "Locality" not in numbers.text
    assert not any(href.startswith(f"{REGISTER}{pk}/") for href in numbers.links for pk in range(1, 100))
    assert "№ 1/2025" in numbers.text


def test_who_receives_in_one_branch_reads_localities_of_that_branch_only(life, reader):
    Assignment.objects.create(user=life.people.chair, role=Role.RECEPTION, branch=life.other)
    page = Page(reader(life.people.chair), REGISTER)
    assert "other ауылы (en)" in page.text
    assert "own ауылы" not in page.text
    own, other = life.own.requests.first(), life.other.requests.first()
    assert own.get_absolute_url() not in page.links
    assert other.get_absolute_url() in page.links


def test_sorting_does_not_tell_localities_that_are_not_shown(life, reader):
    """Else the order of the rows would: those of one village stand together."""
    far = Locality.objects.create(
        district=life.own.district, kind="village", name_kk="Аа ауылы", name_ru="Аа", name_en="Aa"
    )
    life.add_request(today=dt.date(2025, 5, 2), locality=far)
    Assignment.objects.create(user=life.people.chair, role=Role.RECEPTION, branch=life.other)
    client = reader(life.people.chair)

    def order(query):
        return [row.record.pk for row in client.get(f"{REGISTER}?{query}").context["table"].paginated_rows]

    other = life.other.requests.get().pk
    assert order("sort=locality")[0] == other
    assert order("sort=locality")[1:] == [pk for pk in order("") if pk != other]
    assert order("sort=-locality")[0] == other
    # and where no locality is shown at all, the word means nothing
    watcher = reader(life.people.observer)
    assert [row.record.pk for row in watcher.get(f"{REGISTER}?sort=locality").context["table"].paginated_rows] == [
        row.record.pk for row in watcher.get(REGISTER).context["table"].paginated_rows
    ]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("1", {1}),
        ("№ 1", {1}),
        ("3/2025", {3}),
        ("№3 / 2025", {3}),
        ("3/2024", set()),
        ("housing", {1, 3, 5, 7, 9}),
        ("HOUSING own", {1, 3, 5, 7, 9}),
        ("roads ауылы", {2, 4, 6}),
        ("nothing", set()),
        ("Ойданов", set()),
        ("999999999", set()),
    ],
)
def test_the_officer_finds_by_number_topic_and_locality(life, officer, text, found):
    rows = officer.get(REGISTER, {"q": text}).context["table"].paginated_rows
    assert {row.record.number for row in rows} == found


def test_others_find_nothing_by_a_locality(life, chair):
    assert chair.get(REGISTER, {"q": "ауылы"}).context["table"].paginator.count == 0
    assert chair.get(REGISTER, {"q": "housing"}).context["table"].paginator.count == 6
    assert "number, topic, locality" not in Page(chair, REGISTER).html


def test_a_locality_is_a_filter_for_who_receives_there_only(life, officer, chair, reader):
    village = Locality.objects.get(district=life.own.district)
    life.add_request(today=TODAY)
    assert Page(officer, f"{REGISTER}?locality={village.pk}").total == 8
    assert Page(officer, f"{REGISTER}?locality=none").total == 1
    for client in (chair, reader(life.people.other_secretary), reader(life.people.administrator)):
        page = Page(client, f"{REGISTER}?locality={village.pk}")
        assert page.total == 0
    page = Page(chair, f"{REGISTER}?locality={village.pk}")
    assert "There is no such choice here" in page.text
    assert "own ауылы" not in page.text
    Assignment.objects.create(user=life.people.chair, role=Role.RECEPTION, branch=life.other)
    assert Page(chair, f"{REGISTER}?locality={village.pk}").total == 0


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("", 8),
        ("state=waiting", 1),
        ("state=mistake", 0),
        ("topic=roads", 3),
        ("channel=event", 2),
        ("kind=mandate", 1),
        ("mandates=1", 1),
        ("project=legal_aid", 2),
        ("help=legal_support", 1),
        ("help=advice", 0),
        ("month=5", 8),
        ("month=6", 0),
        ("open=1", 4),
        ("closed=1", 4),
        ("answered=1", 3),
        ("overdue=1", 2),
        ("due_soon=1", 0),
        ("late_bodies=1", 1),
        ("state=positive&project=legal_aid", 1),
        ("topic=nothing", 0),
        ("month=13", 0),
        ("event=x", 0),
        ("overdue=yes", 0),
        ("as_of=2025-05-19", 0),
        ("year=2024", 8),  # no such year: said beside the field, and the newest is shown
    ],
)
def test_the_filters_of_the_register(life, officer, query, count):
    assert Page(officer, f"{REGISTER}?{query}").total == count


def test_the_filter_by_event(life, chair, abroad):
    assert Page(chair, f"{REGISTER}?event={life.event.pk}").total == 2
    strange = actions.record_event(
        branch=abroad.branch, by=a_secretary_of(abroad.branch), today=TODAY, kind=EventKind.PERSONAL, place="кеңсе"
    )
    page = Page(chair, f"{REGISTER}?event={strange.pk}")
    assert page.total == 0
    assert "кеңсе" not in page.text


@pytest.mark.parametrize("query", ["", "topic=housing", "q=roads", "mandates=1", "project=legal_aid", "overdue=1"])
def test_the_counts_above_the_register_open_into_their_rows(life, officer, chair, query):
    for client in (officer, chair):
        assert Page(client, f"{REGISTER}?{query}").numbers_open_into_their_rows() == 7


def test_the_register_says_whose_requests_it_lists(life, chair):
    page = Page(chair, REGISTER)
    assert "The requests listed below are those of 9 residents" in page.text
    assert "12.5" not in page.text  # 1 of 9
    assert "Resolved positively: 11.1" in page.text
    assert "(1 ÷ 9)" in page.text
    assert "(1 ÷ 4)" in page.text


@pytest.mark.parametrize("column", ["number", "received", "topic", "branch", "state", "due", "locality"])
def test_the_register_sorts_by_every_column_both_ways(life, reader, column):
    client = reader(life.people.secretary)
    Assignment.objects.create(user=life.people.secretary, role=Role.OBSERVER, region=life.region)
    for sign in ("", "-"):
        assert Page(client, f"{REGISTER}?sort={sign}{column}").total == 9


def test_working_days_stand_beside_the_day(life, officer, asked):
    asked(dt.date(2025, 6, 18))
    text = Page(officer, REGISTER).text
    assert "18.06.2025 2 working days left" in text
    assert "11.06.2025 3 working days late" in text
    assert "the clock stands still" in text
    assert "the body's day" in text


def test_a_past_register_leads_to_past_cards(life, officer):
    page = Page(officer, f"{REGISTER}?as_of=2025-06-01")
    assert any(href.endswith("/?as_of=2025-06-01") for href in page.links if f"{REGISTER}" in href)


# --- events ----------------------------------------------------------------------------------------------------------
def test_the_list_of_events(life, chair, officer):
    life.add_request(today=TODAY, channel=Channel.EVENT, event=life.event)
    page = Page(chair, EVENTS)
    assert page.total == 1
    assert "3 residents came, each counted once; 3 requests were registered." in page.text
    assert page.numbers_open_into_their_rows() == 3
    assert NEW not in page.links
    assert NEW in Page(officer, EVENTS).links
    assert Page(chair, f"{EVENTS}?as_of=2025-05-20").numbers_open_into_their_rows()


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("kind=mobile", 1),
        ("kind=open_day", 0),
        ("project=legal_aid", 1),
        ("project=nothing", 0),
        ("q=мәдениет", 1),
        ("q=own", 1),
        ("q=жоқ", 0),
        ("branch=other", 0),
        ("as_of=2025-05-19", 0),
        ("sort=-residents", 1),
        ("sort=place", 1),
    ],
)
def test_the_filters_of_events(life, chair, query, count):
    assert Page(chair, f"{EVENTS}?{query}").total == count


def test_the_card_of_an_event_tells_its_requests_in_numbers(life, chair, officer):
    address = life.event.get_absolute_url()
    page = Page(chair, address)
    assert "2 requests , 2 residents" in page.text
    assert page.numbers_open_into_their_rows() == 4
    assert f"/reception/requests/new/?event={life.event.pk}" not in page.links
    assert f"/reception/requests/new/?event={life.event.pk}" in Page(officer, address).links
    past = Page(officer, f"{address}?as_of=2025-05-19")
    assert "Nobody knew of it yet" in past.text
    later = Page(officer, f"{address}?as_of=2025-06-01")
    assert f"/reception/requests/new/?event={life.event.pk}" not in later.links
    assert later.numbers_open_into_their_rows() == 4


@pytest.fixture
def form(cast):
    """What the officer types of an event, with the token of an opened form."""
    return {
        "branch": "own",
        "kind": "thematic",
        "held_on": "2025-06-14",
        "place": "  Мәдениет үйі ",
        "locality": Locality.objects.get(district=cast.own.district).pk,
        "project": cast.project.pk,
        "note": "Тақырып: тұрғын үй",
        "submission": str(uuid.uuid4()),
    }


def test_an_event_is_recorded_once_however_often_the_button_is_pressed(cast, officer, form):
    first, second = officer.post(NEW, form), officer.post(NEW, form)
    event = ReceptionEvent.objects.get()
    assert first.url == second.url == event.get_absolute_url()
    assert (event.place, event.held_on, event.project) == ("Мәдениет үйі", dt.date(2025, 6, 14), cast.project)
    officer.post(NEW, form | {"place": "Мектеп"})
    assert ReceptionEvent.objects.count() == 2


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"kind": ""}, "Choose the kind of reception."),
        ({"kind": "party"}, "There is no such kind of reception."),
        ({"place": " "}, "Write where it was held."),
        ({"held_on": "2025-06-17"}, "This day has not come yet."),
        ({"held_on": "кеше"}, "Enter the day as in 31.12.2025."),
        ({"held_on": "0025-06-14"}, "There is a slip in the year."),
        ({"locality": "other"}, "This locality lies elsewhere."),
        ({"project": "0"}, "There is no such party project."),
    ],
)
def test_a_wrong_event_is_refused_beside_the_field_and_what_was_typed_is_kept(cast, officer, form, wrong, said):
    if wrong.get("locality"):
        wrong = {"locality": Locality.objects.get(district=cast.other.district).pk}
    answer = officer.post(NEW, form | wrong)
    assert answer.status_code == 200
    assert said in answer.content.decode()
    assert "Тақырып: тұрғын үй" in answer.content.decode()
    assert not ReceptionEvent.objects.exists()


def test_a_project_that_ran_out_is_not_offered(cast, officer, form):
    cast.project.valid_until = dt.date(2024, 12, 31)
    cast.project.save()
    assert cast.project.name_en not in Page(officer, NEW).text
    assert "There is no such party project." in officer.post(NEW, form).content.decode()


def test_who_receives_in_several_branches_chooses_one_first(cast, reader, form):
    Assignment.objects.create(user=cast.people.secretary, role=Role.RECEPTION, branch=cast.oblast)
    client = reader(cast.people.secretary)
    page = Page(client, NEW)
    assert "In which branch?" in page.text
    assert f"{NEW}?branch=oblast" in page.links
    regional = Page(client, f"{NEW}?branch=oblast")
    assert "other ауылы (en)" in regional.text  # the land of the regional branch is the whole region
    assert "Another branch" in regional.text
    assert client.post(NEW, {name: said for name, said in form.items() if name != "branch"}).status_code == 200
    assert not ReceptionEvent.objects.exists()
    assert client.post(NEW, form | {"branch": "oblast"}).status_code == 302


def test_an_event_is_recorded_only_where_one_receives(cast, abroad, reader, form):
    Assignment.objects.create(user=cast.people.reception, role=Role.OBSERVER, region=cast.region)
    officer = reader(cast.people.reception)
    assert officer.post(NEW, form | {"branch": "other"}).status_code == 403  # seen, not received for
    assert officer.post(NEW, form | {"branch": "abroad"}).status_code == 404
    for name in ("chair", "coordinator", "observer", "controller", "administrator"):
        assert reader(getattr(cast.people, name)).post(NEW, form).status_code == 403
    assert not ReceptionEvent.objects.exists()


def test_an_event_entered_by_mistake_leaves_every_number_and_keeps_its_card(cast, officer, chair):
    by = {"by": cast.people.reception, "today": cast.today - DAY}
    event = actions.record_event(branch=cast.own, **by, kind=EventKind.OPEN_DAY, place="клуб", project=cast.project)
    card = event.get_absolute_url()
    assert f"{card}annul/" in Page(officer, card).links
    assert f"{card}annul/" not in Page(chair, card).links
    assert Page(chair, EVENTS).total == 1

    empty = officer.post(f"{card}annul/", {"note": " "})
    assert set(empty.context["form"].errors) == {"note"}
    said = {"note": "екі рет енгізілген", "submission": uuid.uuid4()}
    for _press in range(2):
        assert officer.post(f"{card}annul/", said).url == card
    home = Page(chair, HOME)
    assert home.numbers_open_into_their_rows()
    assert not any("project=legal_aid" in href for href, _said in home.sums)
    assert Page(chair, EVENTS).total == 0
    assert Page(chair, f"{EVENTS}?as_of={by['today']}").total == 1
    page = Page(chair, card)
    assert "Entered by mistake: this event is not counted. екі рет енгізілген" in page.text
    assert "Entered by mistake" not in Page(chair, f"{card}?as_of={by['today']}").text
    ways = Page(officer, card).links
    assert f"{card}annul/" not in ways
    assert not any(href.startswith("/reception/requests/new/?event=") for href in ways)
    again = Page(officer, f"{card}annul/")
    assert "This was said already" in again.text
    assert "textarea" not in again.html


def test_requests_of_a_mistaken_event_are_counted_at_the_right_one(cast, officer, chair):
    by = {"branch": cast.own, "by": cast.people.reception, "today": cast.today}
    mistaken = actions.record_event(**by, kind=EventKind.OPEN_DAY, place="клуб")
    asked = cast.add_request(channel=Channel.EVENT, event=mistaken)
    address = f"{mistaken.get_absolute_url()}annul/"
    opened = Page(officer, address)
    assert "1 request is registered at this event." in opened.text
    refused = officer.post(address, {"note": "жобасыз енгізілген", "instead": ""})
    assert set(refused.context["form"].errors) == {"instead"}
    assert "жобасыз енгізілген" in refused.content.decode()

    right = actions.record_event(**by, kind=EventKind.OPEN_DAY, place="мектеп", project=cast.project)
    assert "мектеп" in Page(officer, address).text  # offered with its place
    said = {"note": "жобасыз енгізілген", "instead": right.pk}
    assert officer.post(address, said).url == mistaken.get_absolute_url()
    home = Page(chair, HOME)
    assert home.numbers_open_into_their_rows()
    assert any("project=legal_aid" in href for href, _count in home.counts)
    assert Page(chair, EVENTS).total == 1
    assert Page(chair, f"{REGISTER}?event={right.pk}").total == 1
    assert Page(chair, f"{REGISTER}?event={mistaken.pk}").total == 0
    card = Page(officer, right.get_absolute_url())
    assert card.numbers_open_into_their_rows()
    assert right.get_absolute_url() in Page(officer, asked.get_absolute_url()).links
    assert right.get_absolute_url() in Page(chair, mistaken.get_absolute_url()).links


# --- topics by place -------------------------------------------------------------------------------------------------
@pytest.fixture
def crowd(cast):
    """`own` has two villages: of housing 6 and 3 requests, of roads 7 and none, and one of which no place is named."""
    villages = [
        Locality.objects.get(district=cast.own.district),
        Locality.objects.create(
            district=cast.own.district, kind="village", name_kk="=Бала", name_ru="=Бала", name_en="=Bala"
        ),
    ]
    for village, topic, count in ((0, 0, 6), (1, 0, 3), (0, 1, 7), (None, 0, 1)):
        for _number in range(count):
            cast.add_request(today=TODAY, topic=topic, locality=None if village is None else villages[village])
    cast.villages = villages
    return cast


def table_of(page):
    """The rows of the first table of the page, as lists of words."""
    rows = page.html.split("<tbody>")[1].split("</table>")[0].split("<tr>")[1:]
    return [[" ".join(strip(cell).split()) for cell in row.split("</t")][:-1] for row in rows]


def strip(html):
    """Text without markup."""
    words = []
    parser = HTMLParser()
    parser.handle_data = words.append
    parser.feed(html)
    return "".join(words)


def numbers_of(page):
    """{place: its numbers} of the first table."""
    found = {}
    for row in table_of(page):
        cells = [cell.split(">", 1)[-1].strip() for cell in row]
        found[cells[0]] = [cell for cell in cells[1:] if cell]
    return found


def test_who_receives_in_the_branch_sees_all_numbers(crowd, officer):
    page = Page(officer, TOPICS)
    told = numbers_of(page)
    assert told["own ауылы (en)"] == ["6", "7", "13"]
    assert told["=Bala"] == ["3", "0", "3"]
    assert told["locality not named"] == ["1", "0", "1"]
    assert told["in all"] == ["10", "7", "17"]
    assert "You see all numbers because you receive citizens in this branch." in page.text
    # six numbers, three totals of places, three of topics and all; on paper the last three again
    assert page.numbers_open_into_their_rows() == 4 + 3 + 3 + 3


def test_what_is_printed_withholds_small_numbers_from_who_receives_too(crowd, officer):
    page = Page(officer, TOPICS)
    screen, paper = page.html.split('<div class="on-paper">')
    _before, exact = screen.split('<div class="noprint">')
    assert "=Bala" in exact
    assert "=Bala" not in paper
    assert "4 or fewer requests of each topic" in paper


@pytest.mark.parametrize("name", ["chair", "coordinator", "controller", "observer", "administrator"])
def test_others_see_no_small_number_of_a_locality(crowd, reader, name):
    page = Page(reader(getattr(crowd.people, name)), f"{TOPICS}?branch=own")
    told = numbers_of(page)
    # of housing 3 and 1 are withheld; they differ, so 6 may be told
    assert told == {"own ауылы (en)": ["6", "7", "13"], "in all": ["10", "7", "17"]}
    assert "locality=" not in page.html
    assert "4 or fewer" in page.text
    assert page.numbers_open_into_their_rows() == 3


def test_where_all_small_numbers_are_alike_the_next_is_withheld_too(crowd, chair):
    for _number in range(2):
        crowd.add_request(today=TODAY, locality=None)
    told = numbers_of(Page(chair, f"{TOPICS}?branch=own"))
    assert told["own ауылы (en)"] == ["×withheld", "7", "×withheld"]
    assert told["in all"] == ["12", "7", "19"]
    rows = rows_of(chair.get(f"{FILE}?branch=own"))
    assert ["own ауылы (en)", "×", "7", "×"] in rows
    assert rows[9][0].startswith("× — withheld: 4 or fewer, none too")


def test_by_branch_the_numbers_are_those_of_the_register(crowd, chair):
    page = Page(chair, TOPICS)
    told = numbers_of(page)
    assert told["own"] == ["10", "7", "17"]
    assert told["other"] == ["0", "0", "0"]
    assert f"{TOPICS}?year=2025&as_of=2025-06-16&branch=own" in page.links
    assert page.numbers_open_into_their_rows() > 8


def test_topics_of_mandates_only_and_of_a_past_day(crowd, officer):
    crowd.add_request(today=TODAY, kind=RequestKind.MANDATE, locality=crowd.villages[1])
    told = numbers_of(Page(officer, f"{TOPICS}?mandates=1"))
    assert told == {"=Bala": ["1", "1"], "in all": ["1", "1"]}
    assert Page(officer, f"{TOPICS}?mandates=1").numbers_open_into_their_rows()
    assert "Nothing of this year was entered" in Page(officer, f"{TOPICS}?as_of=2025-06-15").text


def test_localities_of_the_regional_branch_name_their_district(cast, reader):
    user = a_secretary_of(cast.oblast)
    cast.add_request("oblast", by=user, locality=Locality.objects.get(district=cast.other.district))
    assert numbers_of(Page(reader(user), TOPICS))["other ауылы (en), other"] == ["1", "1"]


def test_mandates_told_beside_all_requests_do_not_tell_the_rest(crowd, chair):
    """Six mandates and one other request of a village: 7 less 6 would be the one."""
    village = crowd.villages[1]
    for count, said in (
        (6, {"kind": RequestKind.MANDATE, "locality": village}),
        (6, {"kind": RequestKind.MANDATE}),
        (1, {"locality": village}),
    ):
        for _number in range(count):
            crowd.add_request(today=TODAY, topic=1, **said)
    # of roads: 7 of own, no mandate; 6 mandates and 1 other of =Bala; 6 mandates of no place
    whole, mandates = (rows_of(chair.get(f"{FILE}?branch=own{more}")) for more in ("", "&mandates=1"))
    assert ["in all", "10", "20", "30"] in whole
    assert ["in all", "12", "12"] in mandates
    assert not any("=Bala" in row[0] for row in (*whole, *mandates) if row)
    assert ["own ауылы (en)", "6", "7", "13"] in whole
    assert not any("locality not named" in row for row in (*whole, *mandates))
    shown = numbers_of(Page(chair, f"{TOPICS}?branch=own&mandates=1"))
    assert shown == {"in all": ["12", "12"]}


@pytest.fixture
def lonely(cast):
    """`own` has one village: six of it asked about housing and one about roads. A third topic nobody asked about."""
    village = Locality.objects.get(district=cast.own.district)
    Topic.objects.create(key="water", position=9, name_kk="су", name_ru="вода", name_en="water")
    for topic, count in ((0, 6), (1, 1)):
        for _number in range(count):
            cast.add_request(today=TODAY, topic=topic, locality=village)
    return cast


def test_a_branch_of_one_locality_withholds_topics_as_of_that_locality(lonely, chair, officer):
    for client in (chair, officer):
        rows = rows_of(client.get(f"{FILE}?branch=own"))
        assert rows[6:9] == [
            ["Locality", "housing (en)", "roads (en)", "water", "in all"],
            ["own ауылы (en)", "6", "×", "×", "×"],
            ["in all", "6", "×", "×", "7"],
        ]
    page = Page(chair, f"{TOPICS}?branch=own")
    total = page.html.split("<tfoot>")[1].split("</tfoot>")[0]
    assert [strip(part) for part in total.split('<span class="paper">')[1:]] != []
    assert re.findall(r'<a class="noprint"[^>]*data-count="(\d+)"', total) == ["1", "0"]
    assert page.numbers_open_into_their_rows()  # the screen tells what the register tells


def test_a_branch_of_one_locality_prints_no_topics_of_its_year(lonely, chair):
    whole, own = Page(chair, HOME), Page(chair, f"{HOME}?branch=own")
    assert '<section class="sec noprint" aria-labelledby="h-topics">' in own.html
    assert "Topics are not printed here" in own.text
    assert '<section class="sec" aria-labelledby="h-topics">' in whole.html
    lonely_no_more = {"kind": "village", "name_kk": "екінші", "name_ru": "второй", "name_en": "second"}
    Locality.objects.create(district=lonely.own.district, **lonely_no_more)
    assert '<section class="sec" aria-labelledby="h-topics">' in Page(chair, f"{HOME}?branch=own").html


def rows_of(answer):
    """The rows of the file."""
    text = answer.content.decode("utf-8")
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text[1:]), delimiter=";"))


@pytest.mark.parametrize("name", ["reception", "secretary", "chair"])
def test_the_file_withholds_small_numbers_from_everybody(crowd, reader, name):
    answer = reader(getattr(crowd.people, name)).get(f"{FILE}?branch=own")
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer["Content-Disposition"] == 'attachment; filename="reception-topics-2025.csv"'
    rows = rows_of(answer)
    assert rows[:5] == [
        ["Requests by topic and locality"],
        ["Place", "own ауданы (en)"],
        ["Year", "2025"],
        ["As of which day", "16.06.2025"],
        ["17 requests", "1 row"],
    ]
    assert rows[6:9] == [
        ["Locality", "housing (en)", "roads (en)", "in all"],
        ["own ауылы (en)", "6", "7", "13"],
        ["in all", "10", "7", "17"],
    ]
    assert rows[9][0].startswith("Localities that are not in the table have 4 or fewer requests of each topic")
    assert not any("Bala" in cell for row in rows for cell in row)


def test_the_file_is_no_formula(crowd, officer):
    for _number in range(5):
        crowd.add_request(today=TODAY, topic=0, locality=crowd.villages[1])
    Topic.objects.filter(key="roads").update(name_en="@roads")
    rows = rows_of(officer.get(FILE))
    assert ["Locality", "housing (en)", "'@roads", "in all"] in rows
    assert ["'=Bala", "8", "0", "8"] in [[*row[:1], *row[1:]] for row in rows]


def test_the_file_speaks_the_readers_language_and_says_of_what_it_is(crowd, as_user):
    rows = rows_of(as_user(crowd.people.chair).get(f"{FILE}?mandates=1"))
    assert rows[0] == ["Тақырып пен филиал бойынша өтініштер"]
    assert ["Тек сайлаушылар аманаты"] in rows


def test_a_wrong_day_gives_no_file(crowd, officer):
    answer = officer.get(f"{FILE}?as_of=2025-06-17")
    assert answer.status_code == 400
    assert "This day has not come yet" in answer.content.decode()
    assert officer.post(FILE).status_code == 405


# --- what paper says of the register ----------------------------------------------------------------------------------
def is_of_a_place(page):
    """Whether paper says neither topics nor how many."""
    return re.search(r'<main[^>]*class="[^"]*\bof-a-place\b', page.html) is not None


@pytest.mark.parametrize(
    ("query", "is_placed"),
    [
        ("", False),
        ("topic=housing", False),
        ("month=6&mandates=1", False),
        ("q=3", False),
        ("q=№ 3/2025&topic=housing", False),
        ("q=own ауылы&topic=housing", True),  # the same rows as of the locality
        ("q=housing", True),
        ("locality=none", True),
        ("project=legal_aid", True),  # at events, of which the place is known
        ("channel=event", True),
        ("channel=desk", True),  # the rest came at events
        ("topic=housing&sort=-locality", True),
    ],
)
def test_paper_does_not_tell_topics_of_a_place_however_it_was_asked_for(crowd, officer, query, is_placed):
    crowd_at(crowd)
    assert is_of_a_place(Page(officer, f"{REGISTER}?{query}")) is is_placed


def crowd_at(crowd):
    """An event of a party project, so that the register can be narrowed by it."""
    actions.record_event(
        branch=crowd.own,
        by=crowd.people.reception,
        today=TODAY,
        kind=EventKind.MOBILE,
        place="клуб",
        project=crowd.project,
    )


def test_by_branch_paper_withholds_only_branches_of_one_locality(crowd, chair):
    clerk = User.objects.create_user("clerk")
    Assignment.objects.create(user=clerk, role=Role.RECEPTION, region=crowd.region)
    for branch, topic, count in (("other", 0, 2), ("oblast", 0, 3), ("oblast", 1, 1)):
        for _number in range(count):
            crowd.add_request(branch, today=TODAY, topic=topic, by=clerk)
    told = {row[0]: row[1:] for row in rows_of(chair.get(FILE)) if row}
    # `own` has two villages: told as it is. `other` has one: withheld, with those of the oblast's branch beside it.
    assert told["own"] == ["10", "7", "17"]
    assert told["other"][0] == "×"
    assert {told["Oblast branch"][0], told["other"][0]} == {"×"}
    register = Page(chair, REGISTER).html
    assert len(re.findall(r"<tr[^>]*of-one-place", register)) == 2
    assert "by-topic" not in register
    assert "by-topic" in Page(chair, f"{REGISTER}?topic=housing").html
    assert "by-topic" in Page(chair, f"{REGISTER}?sort=-topic").html


def test_paper_does_not_tell_topics_of_a_branch_of_one_locality(lonely, chair, officer):
    assert is_of_a_place(Page(chair, f"{REGISTER}?branch=own&topic=roads"))
    assert is_of_a_place(Page(officer, REGISTER))
    assert not is_of_a_place(Page(chair, f"{REGISTER}?topic=roads"))
    # the oblast's branch has the land of all
    assert not is_of_a_place(Page(chair, f"{REGISTER}?branch=oblast"))


def test_what_is_of_a_place_is_hidden_on_paper(settings):
    styles = (settings.BASE_DIR / "static" / "site.css").read_text()
    printed = (
        styles.split("/* --- reception --- */")[1].split("/* --- end of reception --- */")[0].split("@media print")[1]
    )
    hidden = {
        selector.strip()
        for selectors in re.findall(r"([^{}]*)\{ display: none \}", re.sub(r"/\*.*?\*/", "", printed))
        for selector in selectors.split(",")
    }
    assert hidden >= {".register .locality", ".register .channel", ".of-a-place .register .topic"}
    assert hidden >= {f".of-a-place {each}" for each in (".register caption", ".cls", ".chosen", ".over-list")}


# --- who is asked for ------------------------------------------------------------------------------------------------
PEOPLE = ("900101300018", "900101 300018", "+7 000 111-22-33", "8(000)1112233", "Ойданов 0001112233")


@pytest.mark.parametrize("typed", PEOPLE)
def test_the_register_is_not_searched_for_a_person(life, officer, chair, typed):
    answer = officer.get(REGISTER, {"q": typed, "topic": "housing"}, follow=True)
    assert answer.redirect_chain == [(reverse("branches:request_find"), 302)]
    assert "The register is not searched for people" in answer.content.decode()
    answer = chair.get(REGISTER, {"q": typed, "topic": "housing"}, follow=True)
    assert answer.redirect_chain == [(f"{REGISTER}?topic=housing", 302)]
    body = answer.content.decode()
    assert "The register is not searched for people" in body
    assert not any(part in body for part in typed.split())


def test_the_register_says_what_it_is_searched_for(life, officer, chair):
    assert "People are looked for on the page “Find an applicant”" in Page(officer, REGISTER).text
    assert "By number and topic, never by people" in Page(chair, REGISTER).text
    assert "№ 3/2025" in Page(officer, f"{REGISTER}?q=3/2025").text


# --- who opened cards ------------------------------------------------------------------------------------------------
@pytest.fixture
def opened(life):
    """Two cards of `own` opened by two people; one just after midnight in the oblast, when it is yesterday in UTC."""
    first, second = life.own.requests.order_by("pk")[:2]
    openings = [
        (first, life.people.secretary, dt.datetime(2025, 6, 13, 10, tzinfo=dt.UTC)),
        (second, life.people.reception, dt.datetime(2025, 6, 15, 19, 30, tzinfo=dt.UTC)),
        (life.other.requests.get(), life.people.other_secretary, dt.datetime(2025, 6, 15, 18, 30, tzinfo=dt.UTC)),
    ]
    return [
        RequestOpening.objects.create(request=request, reader=who, opened_at=when) for request, who, when in openings
    ]


@pytest.fixture
def coordinator(reader, cast):
    """The browser of the coordinator, who supervises the region."""
    return reader(cast.people.coordinator)


def test_the_coordinator_sees_who_opened_which_card_when(life, opened, coordinator):
    page = Page(coordinator, OPENINGS)
    assert page.total == 3
    assert "16.06.2025, 00:30:00 Reception № 2/2025 own" in page.text
    assert not any(secret in page.html for secret in SECRETS)
    assert not any(f"{REGISTER}{row.request_id}/" in page.links for row in opened)


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("branch=own", 2),
        ("day=2025-06-15", 1),  # at half past eleven in the evening there
        ("day=2025-06-16", 1),
        ("day=2025-06-14", 0),
        ("day=кеше", 0),
        ("q=2", 1),
        ("q=№ 1/2025", 2),
        ("q=1/2024", 0),
        ("q=Ойданов", 0),
        ("reader=0", 0),
        ("as_of=2025-06-15", 2),
        ("sort=reader", 3),
        ("sort=-request", 3),
        ("sort=branch", 3),
    ],
)
def test_the_filters_of_opened_cards(life, opened, coordinator, query, count):
    assert Page(coordinator, f"{OPENINGS}?{query}").total == count


def test_opened_cards_of_one_reader(life, opened, coordinator):
    assert Page(coordinator, f"{OPENINGS}?reader={life.people.secretary.pk}").total == 1


def test_opened_cards_are_for_who_supervises(life, opened, abroad, reader):
    for name in ("secretary", "reception", "chair", "controller", "observer", "administrator"):
        client = reader(getattr(life.people, name))
        assert client.get(OPENINGS).status_code == 403
        assert OPENINGS not in Page(client, HOME).links
    stranger = User.objects.create_user("coordinator_abroad", password="кілт-сөз-2025")
    Assignment.objects.create(user=stranger, role=Role.COORDINATOR, region=abroad.region)
    page = Page(reader(stranger), OPENINGS)
    assert page.total == 0
    assert "Secretary" not in page.text
    assert Page(reader(stranger), f"{OPENINGS}?branch=own").total == 0


# --- personal data, queries ------------------------------------------------------------------------------------------
@pytest.mark.parametrize("name", ["reception", "secretary", "chair", "coordinator", "administrator"])
def test_no_page_of_reception_says_who_asked_or_what(life, opened, reader, name):
    client = reader(getattr(life.people, name))
    addresses = [HOME, REGISTER, EVENTS, TOPICS, FILE, life.event.get_absolute_url(), f"{REGISTER}?q=Ойданов"]
    addresses += [OPENINGS] if Permission.SUPERVISE in getattr(life.people, name).permissions else []
    for address in addresses:
        html = client.get(address).content.decode().replace('value="Ойданов"', "").replace("«Ойданов»", "")
        assert not any(secret in html for secret in SECRETS), address


ADDRESSES = {
    "home": (HOME, "reception"),
    "home of the region": (HOME, "chair"),
    "register": (REGISTER, "reception"),
    "register of the region": (f"{REGISTER}?q=housing&sort=due", "chair"),
    "events": (EVENTS, "chair"),
    "event": ("event", "reception"),
    "topics": (TOPICS, "reception"),
    "topics of the region": (TOPICS, "chair"),
    "file": (FILE, "chair"),
    "openings": (OPENINGS, "coordinator"),
}


@pytest.mark.parametrize("page", ADDRESSES)
def test_queries_do_not_grow_with_rows(cast, reader, page):
    address, name = ADDRESSES[page]
    village = Locality.objects.get(district=cast.own.district)
    day = dt.date(2025, 5, 5)

    def add(count):
        for number in range(count):
            event = actions.record_event(
                branch=cast.own,
                by=cast.people.secretary,
                today=day,
                kind=EventKind.PERSONAL,
                place=f"{number}",
                project=cast.project,
            )
            states = ({}, {"state": "in_work"}, {"state": "waiting", "reason": "court"})
            request = cast.add_request(
                today=day, locality=village, channel=Channel.EVENT, event=event, **states[number % 3]
            )
            RequestOpening.objects.create(request=request, reader=cast.people.secretary, opened_at=timezone.now())
        return event

    target = add(3).get_absolute_url() if address == "event" else address
    client = reader(getattr(cast.people, name))

    def queries():
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert client.get(target).status_code == 200
        return len(asked)

    add(3)
    few = queries()
    add(27)
    assert queries() == few
    assert few < 32
