"""The register of requests: its rows, filters, whom it names; who opened cards; queries of all pages of reception."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from branches import actions
from branches.choices import Channel, EventKind, Permission, Role
from branches.models import Assignment, Locality, RequestOpening, User
from tests.reception.pages import EVENTS, FILE, HOME, OPENINGS, REGISTER, SECRETS, TODAY, TOPICS, Page, a_secretary_of

pytestmark = pytest.mark.django_db


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
