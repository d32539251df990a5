"""Topics by place: on the screen, on paper and in a file; what paper says of the register."""

import csv
import io
import re
from html.parser import HTMLParser

import pytest

from branches import actions
from branches.choices import EventKind, RequestKind, Role
from branches.models import Assignment, Locality, Topic, User
from tests.reception.pages import FILE, HOME, REGISTER, TODAY, TOPICS, Page, a_secretary_of

pytestmark = pytest.mark.django_db


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


# --- what paper says of the register ---------------------------------------------------------------------------------
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
