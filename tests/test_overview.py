"""The chair's page: which year and day it shows, and that its numbers are those of its rows."""

import datetime as dt
import html
import re
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from branches import actions as work
from branches.choices import Period, Role
from branches.metrics import Share
from branches.models import Assignment, Branch
from roadmap import actions
from roadmap.choices import BodyKind, DelayReason, SiteState, Status, Verdict
from roadmap.dashboards.control import scope_of
from roadmap.dashboards.overview import Post, seen_scope
from roadmap.dashboards.pace import same_day_last_year
from roadmap.metrics import Tally
from roadmap.models import FundingLine, Measure, Roadmap

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


# --- party control and councils --------------------------------------------------------------------------------------
@pytest.fixture
def controlled(cast):
    """Control of 2025: of four sites three stand under posts, two of these in use; what was recommended, what became
    of it; a council's meeting; and what belongs to 2024."""
    controller, coordinator, secretary = cast.people.controller, cast.people.coordinator, cast.people.secretary
    spring, may = dt.date(2025, 3, 3), dt.date(2025, 5, 20)
    works, used = cast.add_site("own"), cast.add_site("own", state=SiteState.COMMISSIONED)
    faulty = cast.add_site("other", state=SiteState.DEFECTS)
    cast.add_site("other")
    posts = [cast.add_post(works, used), cast.add_post(faulty)]
    actions.record_visit(site=works, by=controller, today=spring, readiness=40)

    def advise(text, due_on=dt.date(2025, 12, 1)):
        return actions.Advice(text=text, addressee="әкімдік", due_on=due_on)

    def meet(kind, day, agenda, advice, branch="own"):
        meeting = actions.record_meeting(
            body=cast.add_body(branch, kind),
            by=coordinator if kind == BodyKind.COUNCIL else controller,
            today=day,
            held_on=day,
            agenda=[actions.Point(title) for title in agenda],
            advice=advice,
        )
        return list(meeting.recommendations.order_by("id"))

    done, verified, late = meet(
        BodyKind.COMMISSION, spring, ["су"], [advise("а"), advise("ә"), advise("б", dt.date(2025, 6, 1))]
    )
    heard, _idle = meet(BodyKind.COUNCIL, spring, ["жол", "мектеп"], [advise("в"), advise("г")], "other")
    watched = actions.issue_recommendation(
        branch=cast.other, by=controller, today=may, monitoring="тоқсан", advice=advise("ғ")
    )
    for row in (done, verified):
        actions.follow_recommendation(recommendation=row, by=secretary, today=may, state="done")
    actions.follow_recommendation(recommendation=heard, by=coordinator, today=may, state="done")
    actions.verify_recommendation(recommendation=verified, by=controller, today=may + DAY)
    meet(BodyKind.COMMISSION, dt.date(2024, 5, 5), ["газ"], [advise("өткен жылғы")], "other")
    return SimpleNamespace(posts=posts, works=works, faulty=faulty, late=late, watched=watched)


def followed(client, response, start="", end=None):
    """Follow every counted link between two ids of a page; each list must have as many rows. Gives the addresses."""
    text = response.content.decode()
    part = text[text.index(start) : text.index(end) if end else None]
    links = dict(re.findall(r'<a [^>]*?href="([^"]+)"[^>]* data-count="(\d+)"', part))
    for href, count in links.items():
        total = re.search(r'data-total="(\d+)"', client.get(html.unescape(href)).content.decode())
        assert total and total[1] == count, href
    return links


def test_control_of_the_oblast_is_the_sum_of_its_branches(life, controlled, page):
    control = page().context["overview"].control
    assert (control.sites, control.sites_with_defects, control.posts, control.open_posts) == (Share(2, 3), 1, 2, 2)
    assert (control.visits, control.meetings, control.council_meetings, control.issues) == (1, 1, 1, 2)
    issued = control.recommendations
    assert (issued.done, issued.verified, issued.unverified, issued.overdue) == (Share(2, 4), Share(1, 4), 1, 1)
    assert control.proposals.done == Share(1, 2)
    own, other = (page(branch=slug).context["overview"].control for slug in ("own", "other"))
    assert (own.sites, other.sites) == (Share(1, 2), Share(1, 1))
    assert (own.recommendations.done, other.recommendations.done) == (Share(2, 3), Share(0, 1))
    assert (own.council_meetings, other.council_meetings) == (0, 1)


def test_control_is_counted_of_the_branches_that_it_names(cast, abroad):
    branches = list(Branch.objects.order_by("pk"))
    for branch in branches:
        assert {seen.pk for seen in seen_scope(branch, branches)} == set(scope_of(branch))
        assert seen_scope(branch, [branch]) == [branch]  # of what the reader may see


@pytest.mark.parametrize(
    ("query", "links"),
    [({}, 40), ({"as_of": "2025-05-20"}, 40), ({"branch": "own"}, 10), ({"branch": "other"}, 10), ({"year": 2024}, 10)],
    ids=str,
)
def test_every_number_of_control_opens_exactly_its_rows(cast, life, controlled, page, as_user, query, links):
    assert len(followed(as_user(cast.people.chair), page(**query), 'id="h-control"', 'id="h-claims"')) >= links


def test_what_was_said_stands_beside_what_was_seen(life, controlled, page):
    for query in ({}, {"as_of": "2025-05-20"}, {"as_of": "2025-03-03"}, {"branch": "own"}):
        control = page(**query).context["overview"].control
        assert control.recommendations.verified.part <= control.recommendations.done.part
        assert control.sites.part <= control.sites.whole
    before = page(as_of="2025-05-20").context["overview"].control.recommendations
    assert (before.done, before.verified) == (Share(2, 4), Share(0, 4))
    assert page(as_of="2025-05-19").context["overview"].control.recommendations.done == Share(0, 3)


def test_control_is_shown_without_a_roadmap(cast, controlled, page, as_user):
    Measure.objects.all().delete()
    Roadmap.objects.filter(branch=cast.oblast).delete()
    response = page(year=2025)
    assert response.context["overview"].roadmap is None
    assert len(followed(as_user(cast.people.chair), response, 'id="h-control"')) > 10
    assert 'id="h-claims"' not in response.content.decode()


def test_where_control_did_nothing_it_says_so(life, page):
    response = page()
    assert not response.context["overview"].has_control
    assert "/control/" not in response.content.decode().partition('id="h-control"')[2].partition("<details")[0]


def test_branches_in_a_table_have_their_own_roadmap_and_control(life, controlled, page):
    overview = page().context["overview"]
    rows = [
        (line.tally.whole, line.tally.claimed.part, line.control.sites, line.control.recommendations)
        for line in overview.table
    ]
    assert rows == [
        (11, 2, Share(0, 0), Share(0, 0)),
        (2, 1, Share(1, 2), Share(2, 3)),
        (1, 0, Share(1, 1), Share(0, 1)),
    ]
    assert sum(line.control.sites.part for line in overview.table) == overview.control.sites.part
    issued = overview.control.recommendations
    assert sum(line.control.recommendations.whole for line in overview.table) == issued.whole
    assert page(branch="own").context["overview"].table == []


def test_a_post_on_the_river_says_claimed_and_confirmed_each_with_its_rows(cast, life, told, page):
    report = told(cast.add_measure("other"), cast.today)
    actions.verify(report=report, by=cast.people.controller, today=cast.today, verdict=Verdict.CONFIRMS, basis="акт")
    text = page().content.decode().partition('<ol class="posts"')[2].partition("</ol>")[0]
    assert [int(count) for count in re.findall(r'class="said" [^>]*data-count="(\d+)"', text)] == [1, 1]
    assert [int(count) for count in re.findall(r'class="seen" [^>]*data-count="(\d+)"', text)] == [0, 1]
    assert not re.search(r"<a [^>]*>(?:(?!</a>).)*<a ", text, re.DOTALL)  # no link inside a link


# --- what asks for attention -----------------------------------------------------------------------------------------
@pytest.fixture
def carried(cast, roadmap_of):
    """`carried("oblast", 3)`: a branch's measure of this year and those of so many years before, oldest first."""

    def add(slug, years):
        chain = []
        for year in range(2025 - years, 2026):
            roadmap = Roadmap.objects.filter(branch__slug=slug, year=year).first() or roadmap_of(slug, year)
            chain.append(cast.add_measure(roadmap=roadmap, previous=chain[-1] if chain else None))
        return chain

    return add


def test_chronic_is_what_was_not_done_in_three_years_running(cast, carried, told, page, as_user):
    said = dt.date(2025, 2, 3)
    chronic, longer, done_now, done_before, done_first = (carried("oblast", years) for years in (2, 4, 2, 2, 2))
    carried("oblast", 1)
    told(done_now[2], said)
    told(done_before[1], said)
    told(done_first[0], said)
    told(chronic[1], said, Status.NOT_DONE)
    carried("own", 2)
    overview = page(year=2025).context["overview"]
    assert [(row, row.years_undone) for row in overview.lists.chronic] == [(longer[-1], 5), (chronic[-1], 3)]
    assert overview.delays.chronic == 2
    known = page(year=2025, as_of="2025-02-02").context["overview"]
    assert known.delays.chronic == 5  # nothing had been said yet
    listed = as_user(cast.people.chair).get(html.unescape(overview.urls["chronic"])).context["table"].data.data
    assert set(listed) == {chronic[-1], longer[-1]}


def test_claims_stand_by_age_and_by_money(cast, told, page):
    def claim(day, **sums):  # of each budget: planned, allocated
        measure = cast.add_measure("oblast")
        told(measure, day)
        for budget, (planned, allocated) in sums.items():
            FundingLine.objects.create(measure=measure, budget=budget, planned=planned, allocated=allocated)
        return measure

    old = claim(dt.date(2025, 2, 3))
    dear = claim(dt.date(2025, 5, 3), oblast=(9_000, 5_000), district=(2_000, None))
    cheap = claim(dt.date(2025, 4, 3), oblast=(6_000, 10))
    seen = claim(dt.date(2025, 1, 20), oblast=(99_000, None))
    actions.verify(
        report=seen.statusreports.get(), by=cast.people.controller, today=cast.today, verdict="confirms", basis="акт"
    )
    overview = page().context["overview"]
    assert [(row.measure, row.days) for row in overview.lists.oldest] == [(old, 133), (cheap, 74), (dear, 44)]
    assert [(row.measure, row.measure.money) for row in overview.lists.dearest] == [
        (dear, 7_000),
        (cheap, 10),
        (old, None),
    ]
    assert (overview.delays.claimed_money, overview.delays.oldest_claim) == (7_010, 133)


def test_slipped_deadlines_add_up(cast, page):
    def move(measure, *days, reason=DelayReason.SUPPLY):
        for number, day in enumerate(days):
            actions.move_deadline(
                measure=measure,
                by=cast.people.coordinator,
                today=dt.date(2025, 3, 3 + number),
                new_deadline=day,
                reason=reason,
            )
        return measure

    due = dt.date(2025, 10, 1)
    first, second, earlier, back, _still = (cast.add_measure("oblast", deadline=due) for _ in range(5))
    move(first, due + 5 * DAY, due + 20 * DAY, reason=DelayReason.WEATHER)
    move(second, due + 40 * DAY)
    move(earlier, due - 9 * DAY)
    move(back, due + 50 * DAY, due)
    move(cast.add_measure("own", deadline=due), due + 7 * DAY)
    overview = page().context["overview"]
    delays = overview.delays
    assert (delays.slipped, delays.whole_slip, delays.longest_slip) == (2, 60, 40)
    assert [(slip.measure, slip.days, slip.reason) for slip in overview.lists.slipped] == [
        (second, 40, DelayReason.SUPPLY.label),
        (first, 20, DelayReason.WEATHER.label),
    ]
    before = page(as_of="2025-03-03").context["overview"].delays
    assert (before.slipped, before.whole_slip) == (3, 95)


def test_reasons_of_delay_are_counted_at_risk_and_moved(life, page):
    rows = {row.reason: (row.at_risk.part, row.moved.part) for row in page().context["overview"].delays.reasons}
    assert rows == {DelayReason.FUNDING: (1, 0), DelayReason.LAND: (0, 1)}
    assert page(as_of="2025-05-19").context["overview"].delays.reasons == []


@pytest.mark.parametrize("query", [{}, {"as_of": "2025-05-20"}, {"branch": "own"}, {"year": 2024}], ids=str)
def test_every_number_of_work_and_delays_opens_exactly_its_rows(cast, life, carried, page, as_user, query):
    carried("own", 2)
    client, response = as_user(cast.people.chair), page(**query)
    addresses = followed(client, response, 'id="h-attention"')
    assert {name for name in ("chronic=1", "slipped=1", "unconfirmed=1") if any(name in url for url in addresses)} == {
        "chronic=1",
        "slipped=1",
        "unconfirmed=1",
    }


def test_the_overview_asks_as_many_queries_whatever_there_is(cast, life, controlled, page, django_assert_num_queries):
    page()
    for query in ({}, {"branch": "own"}):
        with CaptureQueriesContext(connection) as few:
            page(**query)
        assert len(few) <= 33  # projects, reception and organisation ask twelve
        for name in ("own", "other", "oblast"):
            cast.add_post(cast.add_site(name))
            for _ in range(8):
                cast.add_measure(name, deadline=dt.date(2025, 3, 3))
        with django_assert_num_queries(len(few)):
            page(**query)


def test_branches_are_counted_for_the_period_that_is_named(cast, life, page, as_user):
    """Not for a quarter that is long over, and the number opens where the missing one is named."""
    for slug, period in (("own", Period.Q1), ("other", Period.Q1), ("own", Period.Q2)):
        work.report_project(
            branch=Branch.objects.get(slug=slug),
            indicator=cast.indicator,
            by=cast.people.coordinator,
            today=cast.today - DAY if period == Period.Q1 else cast.today,
            year=2025,
            period=period,
            fact=Decimal(7),
        )
    client = as_user(cast.people.chair)
    client.cookies["django_language"] = "en"
    shown = {}
    for day in (cast.today - DAY, cast.today):
        source = client.get(reverse("roadmap:overview"), {"year": 2025, "as_of": day.isoformat()}).content.decode()
        href, words = re.search(r'<a href="([^"]+)#h-periods">([^<]*branches reported)</a>', source).groups()
        shown[words] = html.unescape(href)
    assert list(shown) == ["1st quarter: 2 of 2 branches reported", "2nd quarter: 1 of 2 branches reported"]
    opened = client.get(shown["2nd quarter: 1 of 2 branches reported"]).content.decode()
    assert 'id="h-periods"' in opened
    assert re.search(r"without\s+other", opened)


# --- where it begins -------------------------------------------------------------------------------------------------
def test_everybody_begins_where_their_day_begins(cast, as_user):
    begins = {
        "secretary": "roadmap:today",
        "other_secretary": "roadmap:today",
        "reception": "branches:reception",
        "controller": "roadmap:control_home",
        "coordinator": "roadmap:overview",
        "chair": "roadmap:overview",
        "observer": "roadmap:overview",
        "administrator": "roadmap:overview",
        "nobody": "roadmap:measure_list",
    }
    for name, place in begins.items():
        response = as_user(getattr(cast.people, name)).get("/")
        assert (response.status_code, response.headers["Location"]) == (302, reverse(place)), name


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_it_speaks_three_languages(cast, life, as_user, language):
    client = as_user(cast.people.chair)
    client.cookies["django_language"] = language
    response = client.get(reverse("roadmap:overview"))
    assert f'<html lang="{language}">' in response.content.decode()
