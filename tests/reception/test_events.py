"""Reception events: the list, recording one, its card, one entered by mistake."""

import datetime as dt
import uuid

import pytest

from branches import actions
from branches.choices import Channel, EventKind, Role
from branches.models import Assignment, Locality, ReceptionEvent
from tests.reception.pages import DAY, EVENTS, HOME, NEW, REGISTER, TODAY, Page

pytestmark = pytest.mark.django_db


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
