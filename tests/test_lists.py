"""The lists: what is in them, what narrows and sorts them, what their counts open; one report for several measures."""

import datetime as dt
import html
import re
import uuid
from collections import Counter
from types import SimpleNamespace
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from amanat_tracker.kazakh import sort_key
from branches.choices import Role
from branches.models import Assignment, AuditEvent
from roadmap.actions import correct_report, move_deadline, report_several, report_status, verify
from roadmap.choices import Budget, DelayReason, Status, Verdict
from roadmap.dashboards.links import FLAGS, measures_url
from roadmap.models import Direction, FundingLine, Measure, Roadmap, StatusReport

MEASURES, ROADMAPS, SEVERAL = "/measures/", "/roadmaps/", "/measures/report/"
WINTER, SPRING = dt.date(2025, 1, 15), dt.date(2025, 5, 20)


# --- a life to look at -----------------------------------------------------------------------------------------------
@pytest.fixture
def life(cast, noon):
    """Measures of `own` in every class and with every flag, called by it; two of `other`, one of `oblast`."""
    secretary, people = cast.people.secretary, cast.people

    def say(measure, status, day, **more):
        by = people.other_secretary if measure.roadmap.branch == cast.other else secretary
        return report_status(measure=measure, by=by, today=day, status=status, **more).report

    rows = SimpleNamespace(
        never=cast.add_measure(title="Әйтеке би көшесін жарықтандыру"),
        fresh=cast.add_measure(title="Қармақшы ауылына су тарту", direction=1),
        stale=cast.add_measure(title="Бесарық құбырын жаңарту"),
        overdue=cast.add_measure(title="Жолды жөндеу", deadline=dt.date(2025, 6, 2)),
        risk=cast.add_measure(title="Амбулатория салу"),
        claimed=cast.add_measure(title="Пандус орнату"),
        confirmed=cast.add_measure(title="Үлгілі мектеп ашу", direction=1),
        returned=cast.add_measure(title="Клуб салу"),
        failed=cast.add_measure(title="Ғимарат сатып алу"),
        idle=cast.add_measure(title="Һәм ата саябағы"),
        removed=cast.add_measure(title="Іргетас қалау"),
        moved=cast.add_measure(title="Көпір салу"),
        other_done=cast.add_measure("other", title="Арна тазалау"),
        other_never=cast.add_measure("other", title="Орман отырғызу"),
        oblast_never=cast.add_measure("oblast", title="Ұшақ жолағы"),
    )
    say(rows.stale, Status.IN_PROGRESS, WINTER)
    say(rows.fresh, Status.IN_PROGRESS, dt.date(2025, 6, 10))
    say(rows.overdue, Status.IN_PROGRESS, dt.date(2025, 6, 10))
    say(rows.risk, Status.IN_PROGRESS, SPRING, at_risk=True, delay_reason=DelayReason.FUNDING)
    say(rows.claimed, Status.DONE, SPRING)
    for measure in (rows.confirmed, rows.returned):
        report = say(measure, Status.DONE, SPRING)
        verdict = Verdict.CONFIRMS if measure is rows.confirmed else Verdict.REFUTES
        verify(report=report, by=people.controller, today=SPRING, verdict=verdict, basis="сапар", note="көрдім")
    say(rows.failed, Status.NOT_DONE, SPRING, note="ақша бөлінбеді")
    say(rows.idle, Status.NOT_STARTED, SPRING)
    wrong = say(rows.removed, Status.IN_PROGRESS, SPRING)
    correct_report(report=wrong, by=people.coordinator, today=SPRING, status=Status.REMOVED, note="штаб шешімі")
    move_deadline(
        measure=rows.moved,
        by=people.coordinator,
        today=SPRING,
        new_deadline=dt.date(2026, 3, 1),
        reason=DelayReason.SUPPLY,
    )
    say(rows.other_done, Status.DONE, SPRING)
    rows.own = [row for row in vars(rows).values() if row.roadmap.branch == cast.own]
    return rows


def listed(response):
    """The measures of all pages of a list, in its order."""
    return list(response.context["table"].data.data)


def found(response):
    """The same as a set, once the page says that it has so many."""
    rows = listed(response)
    assert total_of(response) == len(rows)
    return set(rows)


def total_of(response):
    """What the page gives as the number of its rows."""
    return int(re.search(r'data-total="(\d+)"', response.content.decode())[1])


def counted_links(response):
    """Every (address, number) of a page that says how many rows it opens."""
    tags = re.findall(r"<a\b[^>]*\bdata-count=[^>]*>", response.content.decode())
    return [
        (html.unescape(re.search(r'href="([^"]*)"', tag)[1]), int(re.search(r'data-count="(\d+)"', tag)[1]))
        for tag in tags
    ]


def recount(client, path):
    """Follow every counted link of a page; give how many there were."""
    links = counted_links(client.get(path))
    for address, count in links:
        opened = client.get(address if address.startswith("/") else path.partition("?")[0] + address)
        assert (address, total_of(opened)) == (address, count)
    return len(links)


# --- scope -----------------------------------------------------------------------------------------------------------
def test_a_person_sees_the_measures_of_their_branches_only(as_user, cast, life):
    assert found(as_user(cast.people.secretary).get(MEASURES)) == set(life.own)
    assert found(as_user(cast.people.other_secretary).get(MEASURES)) == {life.other_done, life.other_never}
    assert len(found(as_user(cast.people.chair).get(MEASURES))) == 15


@pytest.mark.parametrize("path", [MEASURES, ROADMAPS])
def test_who_may_see_nothing_is_refused(as_user, cast, path):
    assert as_user(cast.people.nobody).get(path).status_code == 403


def test_a_foreign_branch_is_no_choice_and_finds_nothing(as_user, cast, life):
    response = as_user(cast.people.secretary).get(MEASURES, {"branch": "other"})
    assert response.status_code == 200
    assert found(response) == set()
    assert response.context["filter"].form.errors.keys() == {"branch"}
    assert "other ауданы" not in response.content.decode()
    assert response.context["board"].tally.whole == 0


def test_columns_that_say_nothing_are_left_out(as_user, cast, life):
    def columns(user):
        return set(as_user(user).get(MEASURES).context["table"].columns.names())

    assert columns(cast.people.secretary) & {"select", "branch"} == {"select"}
    assert columns(cast.people.chair) & {"select", "branch"} == {"branch"}
    assert columns(cast.people.coordinator) & {"select", "branch"} == {"select", "branch"}


def test_only_what_the_reader_reports_can_be_selected(as_user, cast, life):
    Assignment.objects.create(user=cast.people.secretary, role=Role.OBSERVER, branch=cast.other)
    page = as_user(cast.people.secretary).get(MEASURES).content.decode()
    ticks = set(map(int, re.findall(r'name="measure" value="(\d+)"', page)))
    assert ticks == {row.pk for row in life.own}


# --- what narrows the list -------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("status=no_report", "never"),
        ("status=done", "claimed confirmed"),
        ("status=not_done&status=not_started", "failed idle"),
        ("status=removed&status=moved", "removed moved"),
        ("overdue=1", "overdue"),
        ("at_risk=1", "risk"),
        ("stale=1", "stale"),
        ("returned=1", "returned"),
        ("confirmed=1", "confirmed"),
        ("unconfirmed=1", "claimed"),
        ("confirmed=1&unconfirmed=1", ""),
        ("direction=education", "fresh confirmed"),
        ("direction=education&status=done", "confirmed"),
        ("q=пандус", "claimed"),
        ("q=ПАНДУС+орнату", "claimed"),
        ("q=карамакшы", ""),
        ("q=кармакшы", "fresh"),
        ("q=Qarmaqshy", "fresh"),
        ("q=karmakshy+су", "fresh"),
        ("q=2.2", "fresh"),
        ("q=салу&status=in_progress", "risk returned"),
        ("overdue=0&status=&q=&direction=education", "fresh confirmed"),
    ],
)
def test_filters_find_exactly_these(as_user, cast, life, query, expected):
    response = as_user(cast.people.secretary).get(f"{MEASURES}?{query}")
    assert found(response) == {getattr(life, name) for name in expected.split()}
    assert not response.context["filter"].errors


def test_the_branch_filter_and_the_address_of_a_roadmap(as_user, cast, life):
    chair = as_user(cast.people.chair)
    assert found(chair.get(MEASURES, {"branch": "other"})) == {life.other_done, life.other_never}
    assert found(chair.get(cast.roadmaps["oblast"].get_absolute_url())) == {life.oblast_never}


@pytest.mark.parametrize("flag", FLAGS)
def test_the_addresses_of_dashboards_are_understood(as_user, cast, life, flag):
    url = measures_url(year=2025, day=cast.today, branch="own", direction="housing", status=Status.DONE, flag=flag)
    response = as_user(cast.people.chair).get(url)
    assert not response.context["filter"].errors and not response.context["moment"].form.errors
    assert {chosen.name for chosen in response.context["filter"].chosen} == {"branch", "direction", "status", flag}


def test_filters_are_said_in_words_each_with_the_way_out(as_user, cast, life):
    response = as_user(cast.people.chair).get(f"{MEASURES}?branch=own&status=done&q=пандус&page=1&sort=title")
    chosen = {one.name: one for one in response.context["filter"].chosen}
    assert list(chosen) == ["q", "branch", "status"]
    assert chosen["q"].words == "«пандус»" and chosen["branch"].words == "own ауданы"
    assert chosen["branch"].without == "?" + urlencode({"status": "done", "q": "пандус", "sort": "title"})
    assert response.context["filter"].cleared == "?sort=title"
    page = response.content.decode()
    for one in chosen.values():
        assert html.escape(one.without) in page


def test_nothing_found_says_how_to_find_something(as_user, cast, life):
    response = as_user(cast.people.secretary).get(MEASURES, {"status": "done", "q": "жоқ"})
    assert total_of(response) == 0
    assert f'href="{html.escape(response.context["filter"].cleared)}"' in response.context["table"].empty_text
    assert 'action="/measures/report/"' in response.content.decode()
    assert "several-note" not in response.content.decode()


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("slipped=1", "moved"),
        ("reason=funding", "risk"),
        ("reason=supply", ""),
        ("moved_for=supply", "moved"),
        ("moved_for=funding", ""),
        ("moved_for=supply&status=moved&slipped=1", "moved"),
        ("chronic=1", "stale"),
        ("chronic=1&unconfirmed=1", ""),
    ],
)
def test_delays_find_exactly_these(as_user, cast, life, query, expected):
    later = [life.stale, life.claimed]  # both were promised in the two years before, too
    for year in (2024, 2023):
        approved_on = dt.date(year, 1, 15)
        roadmap = Roadmap.objects.create(programme=cast.programme, branch=cast.own, year=year, approved_on=approved_on)
        earlier = [cast.add_measure(roadmap=roadmap) for _measure in later]
        for measure, previous in zip(later, earlier, strict=True):
            Measure.objects.filter(pk=measure.pk).update(previous=previous)
        later = earlier
    response = as_user(cast.people.secretary).get(f"{MEASURES}?{query}&year=2025")
    assert found(response) == {getattr(life, name) for name in expected.split()}
    assert not response.context["filter"].errors
    if expected == "stale":
        assert listed(response)[0].years_undone == 3


@pytest.mark.parametrize("name", ["reason", "moved_for"])
def test_a_reason_that_there_is_not_is_said_beside_its_field(as_user, cast, life, name):
    response = as_user(cast.people.secretary).get(MEASURES, {name: "alien"})
    assert found(response) == set()
    assert list(response.context["filter"].errors) == [name]
    assert '<details class="more" open>' in response.content.decode()


def test_money_stands_in_the_list_and_sorts_it(as_user, cast, life):
    sums = {life.claimed: (9_000_000, None), life.fresh: (8_000_000, 500_000), life.risk: (2_000_000, 3_000_000)}
    for measure, (planned, allocated) in sums.items():
        FundingLine.objects.create(measure=measure, budget=Budget.OBLAST, planned=planned, allocated=allocated)
    FundingLine.objects.create(measure=life.risk, budget=Budget.DISTRICT, planned=7_000_000)
    secretary = as_user(cast.people.secretary)
    descending = listed(secretary.get(MEASURES, {"sort": "-money"}))
    assert [(row, row.money) for row in descending[:4]] == [
        (life.risk, 10_000_000),
        (life.claimed, 9_000_000),
        (life.fresh, 500_000),
        (life.own[0], None),
    ]
    assert listed(secretary.get(MEASURES, {"sort": "money"}))[:3] == [life.fresh, life.claimed, life.risk]
    assert "10 млн теңге" in secretary.get(MEASURES).content.decode().replace("\xa0", " ")


# --- any day ---------------------------------------------------------------------------------------------------------
def test_a_day_shows_the_state_of_that_day(as_user, cast, life):
    secretary = as_user(cast.people.secretary)
    before = secretary.get(MEASURES, {"as_of": "2025-05-19"})
    assert Counter(row.day_status for row in listed(before)) == {Status.NO_REPORT: 11, Status.IN_PROGRESS: 1}
    assert before.context["board"].tally.claimed.part == 0
    assert found(secretary.get(MEASURES, {"as_of": "2025-05-20", "status": "done"})) == {life.claimed, life.confirmed}
    moved = {row.pk: row.day_deadline for row in listed(before)}[life.moved.pk]
    assert moved == life.moved.first_deadline
    assert total_of(secretary.get(MEASURES, {"as_of": "2025-01-14"})) == 0  # the roadmap was not approved yet


def test_a_finished_year_opens_on_its_last_day(as_user, cast, life, noon):
    noon.move_to(dt.datetime(2026, 2, 3, 7, tzinfo=dt.UTC))
    response = as_user(cast.people.secretary).get(MEASURES)
    assert (response.context["moment"].year, response.context["moment"].day) == (2025, dt.date(2025, 12, 31))
    assert f'href="{life.never.get_absolute_url()}?as_of=2025-12-31"' in response.content.decode()


# --- counts ----------------------------------------------------------------------------------------------------------
def test_the_counts_add_up_whatever_is_picked(as_user, cast, life):
    secretary = as_user(cast.people.secretary)
    everything = secretary.get(MEASURES).context["board"].tally
    assert everything.whole == sum(everything.classes.values()) == 12
    for query in ("status=done", "overdue=1", "status=foo", "stale=1&status=moved"):
        assert secretary.get(f"{MEASURES}?{query}").context["board"].tally == everything
    assert secretary.get(f"{MEASURES}?direction=education&status=done").context["board"].tally.whole == 2


@pytest.mark.parametrize(
    ("path", "links"),
    [
        (MEASURES, 13),  # all, seven classes, five flags
        (f"{MEASURES}?branch=own&status=done&sort=-title", 13),
        (f"{MEASURES}?q=салу&direction=housing&as_of=2025-05-21&per_page=1&page=2", 13),
        (f"{MEASURES}?year=2025&as_of=2025-03-01&unconfirmed=1", 13),
    ],
)
def test_every_count_opens_exactly_its_rows(as_user, cast, life, path, links):
    assert recount(as_user(cast.people.chair), path) == links


def test_counts_of_the_roadmaps_open_exactly_their_rows(as_user, cast, life):
    chair = as_user(cast.people.chair)
    assert recount(chair, ROADMAPS) == 3 * 3 + 2  # whole, claimed, confirmed; of `own` also overdue and stale
    assert recount(chair, f"{ROADMAPS}?as_of=2025-05-19") == 3 * 3 + 1


# --- order and pages -------------------------------------------------------------------------------------------------
def titles(response):
    return [row.title for row in listed(response)]


def test_titles_stand_in_the_order_of_the_kazakh_alphabet(as_user, cast, life):
    secretary = as_user(cast.people.secretary)
    expected = sorted((row.title for row in life.own), key=sort_key)
    assert expected[:3] == ["Амбулатория салу", "Әйтеке би көшесін жарықтандыру", "Бесарық құбырын жаңарту"]
    assert titles(secretary.get(MEASURES, {"sort": "title"})) == expected
    assert titles(secretary.get(MEASURES, {"sort": "-title"})) == expected[::-1]


def test_branches_stand_along_the_river_and_in_them_measures_by_number(as_user, cast, life):
    chair = as_user(cast.people.chair)
    along = ["oblast"] + ["own"] * 12 + ["other"] * 2
    rows = listed(chair.get(MEASURES))
    assert [row.roadmap.branch.slug for row in rows] == along
    assert rows[1:13] == life.own
    assert [row.roadmap.branch.slug for row in listed(chair.get(MEASURES, {"sort": "branch"}))] == along
    assert [row.roadmap.branch.slug for row in listed(chair.get(MEASURES, {"sort": "-branch"}))] == along[::-1]


def test_other_orders(as_user, cast, life):
    secretary = as_user(cast.people.secretary)

    def rows(sort):
        return listed(secretary.get(MEASURES, {"sort": sort}))

    assert rows("number") == life.own and rows("-number") == life.own[::-1]
    assert rows("deadline")[0] == life.overdue and rows("-deadline")[0] == life.moved
    classes = [list(Status).index(row.day_status) for row in rows("status")]
    assert classes == sorted(classes)
    assert rows("status")[0] == life.claimed and rows("-status")[0] == life.never
    assert rows("report")[:2] == [life.never, life.stale]
    assert rows("-report")[-2:] == [life.stale, life.never]


def test_only_the_first_of_several_orders_counts(as_user, cast, life):
    response = as_user(cast.people.secretary).get(f"{MEASURES}?sort=-number&sort=title")
    assert listed(response) == life.own[::-1]
    assert response.content.decode().count("aria-sort=") == 1


def test_pages_hold_every_row_once_and_keep_the_filters(as_user, cast, noon):
    rows = [cast.add_measure(deadline=dt.date(2025, 9, 1)) for _ in range(60)]
    secretary = as_user(cast.people.secretary)
    query = "status=no_report&sort=deadline"
    pages = [secretary.get(f"{MEASURES}?{query}&page={number}") for number in (1, 2, 3)]
    shown = [row.record for page in pages for row in page.context["table"].page]
    assert shown == rows
    assert [len(page.context["table"].page) for page in pages] == [25, 25, 10]
    assert {total_of(page) for page in pages} == {60}
    assert f'href="?{html.escape(query)}&amp;page=3"' in pages[0].content.decode()
    whole = secretary.get(f"{MEASURES}?{query}&per_page=100")
    assert len(whole.context["table"].page) == 60


NONSENSE = (
    "year=abc",
    "year=99999999999999999999",
    "year=2031",
    "as_of=99",
    "as_of=2025-02-30",
    "as_of=9999-12-31",
    "as_of=0001-01-01",
    "per_page=-5",
    "per_page=0",
    "per_page=100000",
    "per_page=x",
    "page=9999",
    "page=-1",
    "page=0",
    "page=x",
    "page=99999999999999999999999",
    "sort=zzz",
    "sort=-",
    "sort=--title",
    "sort=select",
    "sort=title,-number",
    "sort=pk",
    "status=foo",
    "status=done&status=foo",
    "branch=foo",
    "branch=own&branch=other",
    "direction=%00",
    "direction=foo",
    "overdue=zzz",
    "overdue=2&stale=-1",
    "q=%00",
    "q=%25_%5C%27%22%3Cb%3E",
    "q=" + "у" * 300,
    "q=" + "а+" * 90,
    "%FF=%FF&%5B%5D=1",
)


@pytest.mark.parametrize("path", [MEASURES, ROADMAPS])
@pytest.mark.parametrize("person", ["coordinator", "secretary"])
def test_no_address_is_a_server_error(as_user, cast, life, path, person):
    client = as_user(getattr(cast.people, person))
    client.raise_request_exception = False
    answers = {query: client.get(f"{path}?{query}").status_code for query in NONSENSE}
    assert answers == dict.fromkeys(NONSENSE, 200)


@pytest.mark.parametrize(
    ("query", "field"),
    [("status=foo", "status"), ("overdue=zzz", "overdue"), ("direction=foo", "direction"), ("q=" + "у" * 300, "q")],
)
def test_what_was_not_understood_is_said_beside_its_field_and_finds_nothing(as_user, cast, life, query, field):
    response = as_user(cast.people.chair).get(f"{MEASURES}?{query}")
    assert total_of(response) == 0
    assert list(response.context["filter"].form.errors) == [field]
    assert f'id="id_{field}_error"' in response.content.decode()


@pytest.mark.parametrize("query", ["year=abc", "as_of=2025-06-17", "as_of=99"])
def test_a_wrong_day_is_said_beside_its_field_and_today_is_shown(as_user, cast, life, query):
    response = as_user(cast.people.secretary).get(f"{MEASURES}?{query}")
    assert response.context["moment"].day == cast.today
    assert f'id="id_{query.partition("=")[0]}_error"' in response.content.decode()
    assert found(response) == set(life.own)


def test_a_page_has_at_most_two_hundred_rows(as_user, cast, noon):
    Measure.objects.bulk_create(
        Measure(
            roadmap=cast.roadmaps["own"],
            number=f"1.{place}",
            position=place,
            title="шара",
            direction=cast.directions[0],
            executor="бөлім",
            first_deadline=cast.today,
            deadline=cast.today,
        )
        for place in range(1, 251)
    )
    response = as_user(cast.people.secretary).get(MEASURES, {"per_page": 100_000})
    assert len(response.context["table"].page) == 200
    assert total_of(response) == 250


# --- queries ---------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("path", "person"),
    [
        (MEASURES, "secretary"),
        (MEASURES, "chair"),
        (f"{MEASURES}?per_page=200&q=шара&status=in_progress&status=no_report&sort=-title", "coordinator"),
        (ROADMAPS, "chair"),
    ],
)
def test_as_many_queries_for_two_hundred_rows_as_for_ten(as_user, cast, noon, path, person):
    def look():
        client = as_user(getattr(cast.people, person))
        with CaptureQueriesContext(connection) as queries:
            assert client.get(path).status_code == 200
        return len(queries)

    def add(count):
        for _ in range(count):
            for branch in ("own", "other"):
                measure = cast.add_measure(branch)
                StatusReport.objects.create(
                    measure=measure,
                    author=cast.people.secretary,
                    entered_on=cast.today,
                    reported_on=cast.today,
                    status=Status.IN_PROGRESS,
                )

    add(5)
    few = look()
    add(95)
    assert look() == few
    assert few <= 13


def test_roadmaps_of_many_years_and_branches_cost_no_more(as_user, cast, noon):
    client = as_user(cast.people.chair)

    def look():
        with CaptureQueriesContext(connection) as queries:
            assert client.get(ROADMAPS).status_code == 200
        return len(queries)

    few = look()
    for year in (2023, 2024):
        for branch in (cast.oblast, cast.own, cast.other):
            roadmap = Roadmap.objects.create(
                programme=cast.programme, branch=branch, year=year, approved_on=dt.date(year, 1, 20)
            )
            cast.add_measure(roadmap=roadmap)
    assert look() == few


# --- roadmaps --------------------------------------------------------------------------------------------------------
def test_roadmaps_stand_by_year_and_along_the_river_each_year_on_its_day(as_user, cast, life):
    for branch in (cast.other, cast.own, cast.oblast):
        Roadmap.objects.create(programme=cast.programme, branch=branch, year=2024, approved_on=dt.date(2024, 1, 20))
    newer = Roadmap.objects.create(
        programme=cast.programme, branch=cast.own, year=2024, version=2, approved_on=dt.date(2024, 7, 1)
    )
    years = as_user(cast.people.chair).get(ROADMAPS).context["years"]
    assert [(shown.year, shown.day) for shown in years] == [(2025, cast.today), (2024, dt.date(2024, 12, 31))]
    for shown in years:
        assert [line.roadmap.branch for line in shown.lines] == [cast.oblast, cast.own, cast.other]
    assert years[1].lines[1].roadmap == newer
    own = years[0].lines[1]
    assert (own.tally.claimed.part, own.tally.confirmed.part, own.tally.whole) == (2, 1, 12)
    assert (own.tally.overdue, own.tally.last_reported_on) == (1, dt.date(2025, 6, 10))
    assert years[1].lines[0].tally.claimed.percent is None


def test_roadmaps_of_one_year_as_of_one_day(as_user, cast, life):
    old = Roadmap.objects.create(programme=cast.programme, branch=cast.own, year=2024, approved_on=dt.date(2024, 1, 20))
    chair = as_user(cast.people.chair)
    shown = chair.get(ROADMAPS, {"year": 2024}).context["years"]
    assert [line.roadmap for year in shown for line in year.lines] == [old]
    shown = chair.get(ROADMAPS, {"as_of": "2024-06-01"}).context["years"]
    assert [(year.year, year.day) for year in shown] == [(2024, dt.date(2024, 6, 1))]
    assert chair.get(ROADMAPS, {"as_of": "2023-06-01"}).context["years"] == []


def test_a_secretary_sees_the_roadmaps_of_the_own_branch(as_user, cast, life):
    shown = as_user(cast.people.secretary).get(ROADMAPS).context["years"]
    assert [line.roadmap for year in shown for line in year.lines] == [cast.roadmaps["own"]]


def test_samples_and_sources_are_said(as_user, cast, life):
    secretary = as_user(cast.people.secretary)
    assert all('class="sample' not in secretary.get(path).content.decode() for path in (MEASURES, ROADMAPS))
    Roadmap.objects.filter(pk=cast.roadmaps["own"].pk).update(is_sample=True, source="үлгі дерек <b>")
    Measure.objects.filter(pk=life.never.pk).update(is_sample=True)
    for path in (MEASURES, ROADMAPS):
        page = secretary.get(path).content.decode()
        assert page.count('class="sample') == 2  # beside the row, and in the footer
        assert "үлгі дерек &lt;b&gt;" in page


# --- several at once -------------------------------------------------------------------------------------------------
def preview(client, measures, **fields):
    """Press "preview" in the list."""
    data = {"measure": [row.pk for row in measures], "status": Status.IN_PROGRESS, "note": "", "next": MEASURES}
    return client.post(SEVERAL, data | fields)


def press_apply(client, response, **fields):
    """Press "enter" on the preview: send the hidden fields of its form."""
    page = response.content.decode()
    form = page[page.index('class="apply"') :].partition("</form>")[0]
    data = {}
    for tag in re.findall(r"<input\b[^>]*>", form):
        name, value = (html.unescape(re.search(rf'{key}="([^"]*)"', tag)[1]) for key in ("name", "value"))
        data.setdefault(name, []).append(value)
    return client.post(SEVERAL, data | {"apply": "1"} | fields)


def said(outcome):
    return {row.pk for row in outcome.changed}, {row.pk: str(reason) for row, reason in outcome.refused}


def test_the_preview_changes_nothing_and_the_press_does_what_it_told(as_user, cast, life, written):
    client, before = as_user(cast.people.secretary), written()
    chosen = [life.never, life.stale, life.claimed, life.overdue]
    response = preview(client, chosen, status=Status.DONE, note="тапсырылды", next=f"{MEASURES}?status=no_report")
    changed, refused = said(response.context["outcome"])
    assert changed == {life.never.pk, life.stale.pk, life.overdue.pk}
    assert refused.keys() == {life.claimed.pk}
    assert written() == before
    page = response.content.decode()
    for row in chosen:
        assert row.title in page
    assert refused[life.claimed.pk] in page

    response = press_apply(client, response)
    assert (response.status_code, response.url) == (302, f"{MEASURES}?status=no_report")
    for row in chosen:
        row.refresh_from_db()
        assert row.status == Status.DONE
    reports = StatusReport.objects.filter(note="тапсырылды")
    assert {report.measure_id for report in reports} == changed
    assert {report.entered_on for report in reports} == {cast.today}
    assert AuditEvent.objects.filter(action="measure.report", detail__startswith="done", actor="secretary").count() >= 3
    assert len(client.get(response.url).context["messages"]) == 1


def test_pressing_twice_makes_one_report_and_says_the_same(as_user, cast, life):
    client = as_user(cast.people.secretary)
    shown = preview(client, [life.never, life.idle], status=Status.DONE)
    for _press in range(2):
        response = press_apply(client, shown)
        assert response.status_code == 302
        told = [str(message) for message in client.get(response.url).context["messages"]]
        assert len(told) == 1 and told[0].startswith("2 ")
    assert life.never.statusreports.count() == 1
    assert life.idle.statusreports.filter(status=Status.DONE).count() == 1


def test_what_was_reported_meanwhile_is_left_out_and_the_rest_is_entered(as_user, cast, life):
    client = as_user(cast.people.secretary)
    shown = preview(client, [life.never, life.stale, life.fresh], note="біздің есеп")
    report_status(
        measure=life.stale, by=cast.people.coordinator, today=cast.today, status=Status.NOT_STARTED, note="әлі жоқ"
    )
    response = press_apply(client, shown)
    assert {report.measure for report in StatusReport.objects.filter(note="біздің есеп")} == {life.never, life.fresh}
    life.stale.refresh_from_db()
    assert life.stale.status == Status.NOT_STARTED
    told = [str(message) for message in client.get(response.url).context["messages"]]
    assert len(told) == 2 and life.stale.number in told[1]


def test_a_press_that_does_not_say_what_was_seen_enters_nothing_over_reports(as_user, cast, life):
    client = as_user(cast.people.secretary)
    shown = preview(client, [life.never, life.stale], note="көрмей")
    press_apply(client, shown, seen=["x", f"{life.stale.pk}:", "١:٢"])
    assert {report.measure for report in StatusReport.objects.filter(note="көрмей")} == {life.never}


def test_measures_of_others_are_not_there_and_those_only_seen_are_refused(as_user, cast, life, written):
    client, before = as_user(cast.people.secretary), written()
    response = preview(client, [life.never, life.other_never, life.oblast_never])
    assert said(response.context["outcome"]) == ({life.never.pk}, {})
    assert life.other_never.title not in response.content.decode()
    nothing = preview(client, [life.other_never])
    absent = client.post(SEVERAL, {"measure": [10**9], "status": Status.DONE, "next": MEASURES})
    assert (nothing.status_code, nothing.url) == (absent.status_code, absent.url) == (302, MEASURES)

    Assignment.objects.create(user=cast.people.secretary, role=Role.OBSERVER, branch=cast.other)
    client = as_user(cast.people.secretary)
    response = preview(client, [life.never, life.other_never])
    changed, refused = said(response.context["outcome"])
    assert (changed, refused.keys()) == ({life.never.pk}, {life.other_never.pk})
    data = {"measure": [life.other_never.pk], "seen": [f"{life.other_never.pk}:0"], "status": Status.DONE, "apply": "1"}
    assert client.post(SEVERAL, data).status_code == 302
    assert written() == before


@pytest.mark.parametrize("person", ["chair", "observer", "controller", "reception", "administrator", "nobody"])
def test_who_reports_nothing_may_not_report_several(as_user, cast, life, person, written):
    client, before = as_user(getattr(cast.people, person)), written()
    assert client.get(SEVERAL).status_code == 403
    assert preview(client, [life.never], apply="1", status=Status.DONE).status_code == 403
    assert written() == before


def test_without_a_selection_the_list_says_what_to_do(as_user, cast, life):
    client = as_user(cast.people.secretary)
    assert client.get(SEVERAL).url == MEASURES
    for keys in ([], ["x", "-1", "", "9" * 40, "1.5", "٣"]):
        response = client.post(SEVERAL, {"measure": keys, "status": "done", "next": f"{MEASURES}?q=abc"})
        assert (response.status_code, response.url) == (302, f"{MEASURES}?q=abc")
        assert len(client.get(response.url).context["messages"]) == 1


@pytest.mark.parametrize(
    "address", ["abc", "https://elsewhere.kz/", "//elsewhere.kz/", "javascript:1", "roadmap:today"]
)
def test_what_is_entered_leads_back_to_no_odd_place(as_user, cast, life, address):
    client = as_user(cast.people.secretary)
    response = preview(client, [life.never], status=Status.DONE, apply="1", next=address)
    assert (response.status_code, response.url) == (302, MEASURES)
    assert life.never.statusreports.get().status == Status.DONE


def test_not_more_than_two_hundred_at_once(as_user, cast, life, written):
    client, before = as_user(cast.people.secretary), written()
    keys = [life.never.pk, *range(10**6, 10**6 + 200)]
    response = client.post(SEVERAL, {"measure": keys, "status": "done", "apply": "1"})
    assert (response.status_code, response.url) == (302, MEASURES)
    assert "200" in str(next(iter(client.get(MEASURES).context["messages"])))
    assert written() == before


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"status": ""}, "status"),
        ({"status": "moved"}, "status"),
        ({"status": "not_done", "note": "  "}, "note"),
        ({"note": "а" * 2001}, "note"),
    ],
)
@pytest.mark.parametrize("apply", [{}, {"apply": "1"}])
def test_what_is_wrong_is_said_beside_its_field_and_what_was_typed_stays(
    as_user, cast, life, written, fields, wrong, apply
):
    client, before = as_user(cast.people.secretary), written()
    response = preview(client, [life.never, life.stale], **({"note": "жазылды"} | fields | apply))
    assert response.status_code == 200
    assert response.context["outcome"] is None
    assert list(response.context["form"].errors) == [wrong]
    page = response.content.decode()
    assert f'id="several-{wrong}-error"' in page
    assert 'class="apply"' not in page
    assert set(re.findall(r'name="measure" value="(\d+)"', page)) == {str(life.never.pk), str(life.stale.pk)}
    if wrong == "status":
        assert 'value="жазылды"' in page
    assert written() == before


@pytest.mark.parametrize("address", ["https://example.com/", "//example.com", "javascript:alert(1)", "", "\\\\x"])
def test_the_way_back_leads_to_our_own_pages_only(as_user, cast, life, address):
    client = as_user(cast.people.secretary)
    shown = preview(client, [life.never], next=address)
    assert shown.context["back"] == MEASURES
    assert press_apply(client, shown, next=address).url == MEASURES


def test_one_opened_form_makes_one_report_a_measure_until_it_says_something_else(cast, life):
    token = uuid.uuid4()
    say = {"measures": [life.never, life.claimed], "by": cast.people.secretary, "today": cast.today}
    for _press in range(2):
        outcome = report_several(**say, status=Status.IN_PROGRESS, submission=token)
        assert ([life.never], [life.claimed]) == (outcome.changed, [row for row, _reason in outcome.refused])
    assert life.never.statusreports.count() == 1
    report_several(**say, status=Status.DONE, submission=token)
    assert life.never.statusreports.count() == 2


# --- look ------------------------------------------------------------------------------------------------------------
def test_a_title_is_text_and_not_markup(as_user, cast, noon):
    cast.add_measure(title="<script>1</script>")
    client = as_user(cast.people.secretary)
    page = client.get(MEASURES, {"q": "<script>"}).content.decode()
    assert "<script>1" not in page and "&lt;script&gt;1" in page
    shown = preview(client, Measure.objects.all(), note='"><script>2</script>')
    assert "<script>" not in shown.content.decode().partition("<main")[2]


def test_directions_of_another_programme_with_the_same_word_do_no_harm(as_user, cast, life):
    older = type(cast.programme).objects.create(slug="older", year_from=2019, year_until=2022, name_kk="Ескі")
    Direction.objects.create(programme=older, number=1, slug="housing", name_kk="Ескі бағыт")
    Roadmap.objects.create(programme=older, branch=cast.own, year=2022, approved_on=WINTER)
    response = as_user(cast.people.secretary).get(MEASURES, {"direction": "education"})
    assert found(response) == {life.fresh, life.confirmed}
