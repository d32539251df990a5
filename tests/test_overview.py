"""The chair's page: which year and day it shows, and that its numbers are those of its rows."""

import datetime as dt
import html
import re
from decimal import Decimal

import pytest
from django.urls import reverse

from branches.choices import Role
from branches.models import Assignment
from roadmap import actions
from roadmap.choices import DelayReason, Status, Verdict
from roadmap.dashboards.overview import Post
from roadmap.dashboards.pace import same_day_last_year
from roadmap.metrics import Share, Tally
from roadmap.models import Measure, Roadmap

pytestmark = pytest.mark.usefixtures("noon")
DAY = dt.timedelta(days=1)
LAST_YEAR = dt.date(2024, 12, 31)


@pytest.fixture
def roadmap_of(cast):
    """`roadmap_of("own", 2024)`: a roadmap of another year, approved in its January unless said otherwise."""

    def add(slug, year, version=1, **fields):
        fields = {"approved_on": dt.date(year, 1, 15), "source": f"{year} жылғы құжат", **fields}
        branch = cast.roadmaps[slug].branch
        return Roadmap.objects.create(programme=cast.programme, branch=branch, year=year, version=version, **fields)

    return add


@pytest.fixture
def told(cast):
    """`told(measure, day, status)`: what was said of a measure on a day."""

    def add(measure, day, status=Status.DONE, **said):
        said = {"note": "түсіндірме", **said}
        return actions.report_status(
            measure=measure, by=cast.people.coordinator, today=day, status=status, **said
        ).report

    return add


@pytest.fixture
def life(cast, told, roadmap_of):
    """The oblast has measures of 2025 in every class and with every flag; `own` has two, `other` one; 2024 is over."""
    spring, may = dt.date(2025, 3, 3), dt.date(2025, 5, 20)

    def verify(report, verdict):
        actions.verify(
            report=report, by=cast.people.controller, today=may + DAY, verdict=verdict, basis="акт", note="көрдім"
        )

    names = ("never", "stale", "overdue", "risk", "claimed", "confirmed", "returned", "failed", "idle", "moved", "out")
    rows = {
        name: cast.add_measure("oblast", title=name, direction=place % 2, deadline=dt.date(2025, 12, 1))
        for place, name in enumerate(names)
    }
    told(rows["stale"], spring, Status.IN_PROGRESS)
    Measure.objects.filter(pk=rows["overdue"].pk).update(first_deadline=spring, deadline=spring)
    told(rows["overdue"], may, Status.IN_PROGRESS)
    told(rows["risk"], may, Status.IN_PROGRESS, at_risk=True, delay_reason=DelayReason.FUNDING)
    told(rows["claimed"], may)
    verify(told(rows["confirmed"], may), Verdict.CONFIRMS)
    verify(told(rows["returned"], may), Verdict.REFUTES)
    told(rows["failed"], may, Status.NOT_DONE)
    told(rows["idle"], may, Status.NOT_STARTED)
    actions.move_deadline(
        measure=rows["moved"],
        by=cast.people.coordinator,
        today=may,
        new_deadline=dt.date(2026, 6, 1),
        reason=DelayReason.LAND,
    )
    actions.correct_report(
        report=told(rows["out"], may, Status.IN_PROGRESS),
        by=cast.people.coordinator,
        today=may,
        status=Status.REMOVED,
        note="шешім",
    )
    told(cast.add_measure("own"), spring)
    cast.add_measure("own")
    cast.add_measure("other")
    before = roadmap_of("oblast", 2024)
    for month in (3, 6, 12):
        told(cast.add_measure(roadmap=before), dt.date(2024, month, 10))
    cast.add_measure(roadmap=before)
    return rows


@pytest.fixture
def page(cast, as_user):
    """`page(year=2024)`: the overview as the chair sees it."""
    client = as_user(cast.people.chair)
    return lambda **query: client.get(reverse("roadmap:overview"), query)


def shown(response):
    """Year and day of a page."""
    assert response.status_code == 200
    return response.context["overview"].year, response.context["overview"].day


# --- which year, which day -------------------------------------------------------------------------------------------
def test_it_opens_on_the_newest_year_with_reports(cast, page, told, roadmap_of):
    old, new = cast.add_measure(roadmap=roadmap_of("oblast", 2024)), cast.add_measure("oblast")
    assert shown(page()) == (2025, cast.today)  # nothing reported anywhere: this year
    told(old, dt.date(2024, 5, 1))
    assert shown(page()) == (2024, LAST_YEAR)  # and a finished year on its last day
    told(new, cast.today)
    assert shown(page()) == (2025, cast.today)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"year": "2024"}, (2024, LAST_YEAR)),
        ({"year": "2025"}, (2025, dt.date(2025, 6, 16))),
        ({"as_of": "2025-05-20"}, (2025, dt.date(2025, 5, 20))),
        ({"as_of": "2024-06-30"}, (2024, dt.date(2024, 6, 30))),  # a day of a known year brings its year
        ({"as_of": "20.05.2025"}, (2025, dt.date(2025, 5, 20))),
        ({"year": "2024", "as_of": "2025-01-31"}, (2024, dt.date(2025, 1, 31))),  # what was typed after New Year
        ({"year": "2025", "as_of": "2024-12-31"}, (2025, LAST_YEAR)),  # before it was approved
        ({"as_of": "2022-07-07"}, (2025, dt.date(2022, 7, 7))),  # before all roadmaps
        ({"year": "", "as_of": "", "branch": ""}, (2025, dt.date(2025, 6, 16))),
        ({"year": ["2024", "2025"]}, (2025, dt.date(2025, 6, 16))),  # the last of several counts
    ],
    ids=str,
)
def test_the_address_says_which_year_and_day(life, page, query, expected):
    response = page(**query)
    assert shown(response) == expected
    assert not response.context["moment"].form.errors


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"year": "1999"}, "year"),
        ({"year": "20000"}, "year"),
        ({"year": "-1"}, "year"),
        ({"year": "soon"}, "year"),
        ({"as_of": "2025-06-17"}, "as_of"),  # tomorrow
        ({"as_of": "9999-12-31"}, "as_of"),
        ({"as_of": "0001-01-01"}, "as_of"),
        ({"as_of": "2025-02-30"}, "as_of"),
        ({"as_of": "yesterday"}, "as_of"),
        ({"as_of": "2025-06-01\x00"}, "as_of"),
    ],
    ids=str,
)
def test_a_wrong_day_is_said_beside_the_field_and_the_default_is_shown(cast, life, page, query, field):
    response = page(**query)
    assert shown(response) == (2025, cast.today)
    assert list(response.context["moment"].form.errors) == [field]
    said = html.escape(response.context["moment"].form.errors[field][0])
    assert f'id="id_{field}_error">{said}</p>' in response.content.decode()
    (typed,) = query.values()
    if "\x00" not in typed and field == "as_of":
        assert f'value="{typed}"' in response.content.decode()


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_days_are_understood_in_every_language(cast, life, as_user, language):
    client = as_user(cast.people.chair)
    client.cookies["django_language"] = language
    for typed in ("2025-05-20", "20.05.2025"):
        response = client.get(reverse("roadmap:overview"), {"as_of": typed})
        assert shown(response) == (2025, dt.date(2025, 5, 20))


def test_before_its_approval_a_roadmap_is_not_there(life, page):
    for query in ({"year": 2025, "as_of": "2025-01-14"}, {"year": 2024, "branch": "own"}):
        response = page(**query)
        assert response.context["overview"].tally.whole == 0
        assert response.context["overview"].roadmap is None
        assert "100" not in re.findall(r'class="big[^"]*">([^<]*)<', response.content.decode())
    assert page(year=2025, as_of="2025-01-15").context["overview"].tally.whole == 11


# --- whose -----------------------------------------------------------------------------------------------------------
def test_the_oblast_stands_first_and_its_branches_along_the_river(life, page):
    overview = page().context["overview"]
    assert overview.branch.slug == "oblast"
    assert [branch.slug for branch in overview.branches] == ["oblast", "own", "other"]
    assert [(post.slug, post.tally.claimed.part, post.tally.whole) for post in overview.river] == [
        ("own", 1, 2),
        ("other", 0, 1),
    ]
    assert overview.tally.whole == 11  # an oblast's roadmap is not the sum of its districts'


@pytest.mark.parametrize(("slug", "whole"), [("oblast", 11), ("own", 2), ("other", 1)])
def test_a_branch_of_ones_own_can_be_picked(life, page, slug, whole):
    overview = page(branch=slug).context["overview"]
    assert (overview.branch.slug, overview.tally.whole) == (slug, whole)


def test_a_branch_out_of_sight_is_not_there(cast, life, page, as_user):
    for slug in ("nowhere", "OWN", "own ", "'"):
        assert page(branch=slug).status_code == 404
    user = cast.people.nobody
    Assignment.objects.create(user=user, role=Role.OBSERVER, branch=cast.own)
    client = as_user(user)
    overview = client.get(reverse("roadmap:overview")).context["overview"]
    assert (overview.branch, [post.slug for post in overview.river]) == (cast.own, ["own"])
    for slug in ("other", "oblast"):
        assert client.get(reverse("roadmap:overview"), {"branch": slug}).status_code == 404
        assert client.get(reverse("roadmap:figures"), {"branch": slug}).status_code == 404


# --- the numbers -----------------------------------------------------------------------------------------------------
def test_the_figures_of_the_oblast(cast, life, page):
    tally = page().context["overview"].tally
    assert {status: tally.count(status) for status in Status} == {
        Status.DONE: 2,
        Status.IN_PROGRESS: 4,
        Status.NOT_STARTED: 1,
        Status.NOT_DONE: 1,
        Status.MOVED: 1,
        Status.REMOVED: 1,
        Status.NO_REPORT: 1,
    }
    assert (tally.claimed, tally.confirmed, tally.unconfirmed) == (Share(2, 11), Share(1, 11), 1)
    assert (tally.overdue, tally.at_risk, tally.stale) == (1, 1, 1)
    assert tally.claimed.percent == Decimal("18.2")
    assert tally.last_reported_on == dt.date(2025, 5, 20)  # what control said on the 21st is no report


def test_the_headline_stands_beside_what_is_confirmed_with_part_and_whole(life, page):
    text = page().content.decode()
    big = re.findall(r'<p class="big[^"]*">([^<]*)</p>', text)
    assert [words.replace("\xa0", " ") for words in big] == ["18,2 %", "9,1 %"]
    assert re.search(r"11 шараның <b>2-сі</b>", text.replace("\xa0", " "))
    assert re.search(r"11 шараның <b>1-і</b>", text.replace("\xa0", " "))


@pytest.mark.parametrize(
    "query",
    [{}, {"year": 2024}, {"as_of": "2025-05-20"}, {"branch": "own"}, {"as_of": "2025-03-03", "branch": "other"}],
    ids=str,
)
def test_every_number_opens_exactly_its_rows(life, page, cast, as_user, query):
    client = as_user(cast.people.chair)
    links = re.findall(r'<a [^>]*href="([^"]+)"[^>]* data-count="(\d+)"', page(**query).content.decode())
    assert len(links) > 10
    for href, count in set(links):
        rows = client.get(html.unescape(href))
        assert re.search(r'data-total="(\d+)"', rows.content.decode()).group(1) == count, href


def test_directions_add_up_and_keep_their_order(life, page):
    overview = page().context["overview"]
    assert [line.name for line in overview.directions] == ["housing", "education"]
    assert [line.tally.whole for line in overview.directions] == [6, 5]


def test_work_lists_show_the_first_rows_by_deadline(cast, told, page):
    for late in (9, 1, 5, 3, 7, 2, 8):
        told(cast.add_measure("oblast", title=f"{late}", deadline=cast.today - late * DAY), cast.today, Status.NOT_DONE)
    overview = page().context["overview"]
    assert overview.tally.overdue == 7
    assert [measure.title for measure in overview.overdue] == ["9", "8", "7", "5", "3", "2"]


def test_a_day_in_the_past_shows_what_was_known_then(cast, life, page):
    assert page(as_of="2025-05-20").context["overview"].tally.count(Status.DONE) == 3  # not yet refuted
    assert page(as_of="2025-05-20").context["overview"].tally.confirmed.part == 0
    assert page(as_of="2025-05-21").context["overview"].tally.confirmed.part == 1
    assert page(as_of="2025-03-02").context["overview"].tally.count(Status.NO_REPORT) == 11


@pytest.mark.parametrize(
    ("done", "whole", "level"),
    [(9, 10, "high"), (899, 1000, "middle"), (8, 10, "middle"), (799, 1000, "low"), (0, 3, "low"), (0, 0, "none")],
)
def test_levels_of_the_river(done, whole, level):
    tally = Tally({Status.DONE: done, Status.NO_REPORT: whole - done})
    assert Post(name="", tally=tally, urls={}, slug="", days_since_report=None, stale_after=30).level == level


def test_an_old_report_is_marked_on_the_river(life, page):
    posts = {post.slug: post for post in page().context["overview"].river}
    assert (posts["own"].days_since_report, posts["own"].is_old) == (105, True)
    assert (posts["other"].days_since_report, posts["other"].is_old) == (None, False)


def test_the_word_of_control_is_no_report_of_the_branch(cast, life, told, page):
    """A branch that is silent does not look fresh because control was there."""
    claim = told(cast.add_measure("other"), dt.date(2025, 3, 1))
    seen = {"by": cast.people.controller, "today": cast.today, "basis": "акт", "note": "бітпеген"}
    told(cast.add_measure("other"), dt.date(2025, 3, 2), Status.IN_PROGRESS)
    actions.verify(report=claim, verdict=Verdict.REFUTES, **seen)
    post = next(post for post in page().context["overview"].river if post.slug == "other")
    assert post.days_since_report == (cast.today - dt.date(2025, 3, 2)).days


# --- the pace --------------------------------------------------------------------------------------------------------
def test_the_pace_against_last_year(life, page):
    pace = page().context["overview"].pace
    assert [row.last_year.part for row in pace.rows] == [0, 0, 1, 1, 1, 2, 2, 2, 2, 2, 2, 3]
    assert [row.this_year.part if row.this_year else None for row in pace.rows] == [0, 0, 0, 0, 2, 2] + [None] * 6
    assert (pace.now, pace.then) == (Share(2, 11), Share(2, 4))
    assert "year=2024&as_of=2024-06-16" in pace.then_url
    assert pace.points_ahead == Decimal("-31.8")
    assert pace.distance == Decimal("31.8")


def test_a_year_without_a_year_before(life, page):
    pace = page(year=2024).context["overview"].pace
    assert (pace.compared, pace.points_ahead, pace.distance) == (False, None, None)
    assert [row.this_year.part for row in pace.rows] == [0, 0, 1, 1, 1, 2, 2, 2, 2, 2, 2, 3]


def test_what_is_typed_after_new_year_is_in_the_last_point(cast, life, told, page):
    late = Measure.objects.get(roadmap__year=2024, status=Status.NO_REPORT)
    told(late, dt.date(2025, 1, 20), reported_on=dt.date(2024, 12, 30))
    for day, done in (("2024-12-31", 3), ("2025-01-19", 3), ("2025-01-20", 4)):
        overview = page(year=2024, as_of=day).context["overview"]
        last = [row.this_year for row in overview.pace.rows if row.this_year][-1]
        assert overview.tally.claimed == overview.pace.now == last == Share(done, 4)
        assert overview.pace.day.isoformat() == day  # and it is compared with the same day of the year before


@pytest.mark.parametrize(
    ("day", "before"),
    [
        (dt.date(2024, 2, 29), dt.date(2023, 2, 28)),
        (dt.date(2025, 2, 28), dt.date(2024, 2, 28)),
        (dt.date(2025, 12, 31), dt.date(2024, 12, 31)),
    ],
)
def test_the_same_day_last_year(day, before):
    assert same_day_last_year(day) == before


# --- where it begins -------------------------------------------------------------------------------------------------
def test_everybody_begins_where_their_day_begins(cast, as_user):
    begins = {
        "secretary": "today",
        "other_secretary": "today",
        "reception": "measure_list",
        "controller": "overview",
        "coordinator": "overview",
        "chair": "overview",
        "observer": "overview",
        "administrator": "overview",
        "nobody": "measure_list",
    }
    for name, place in begins.items():
        response = as_user(getattr(cast.people, name)).get("/")
        assert (response.status_code, response.headers["Location"]) == (302, reverse(f"roadmap:{place}")), name


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_it_speaks_three_languages(cast, life, as_user, language):
    client = as_user(cast.people.chair)
    client.cookies["django_language"] = language
    response = client.get(reverse("roadmap:overview"))
    assert f'<html lang="{language}">' in response.content.decode()
