"""Control and councils counted: what `control_counts` says of a year, a branch and a day, one by one."""

import datetime as dt

import pytest
from django.utils import translation

from branches.choices import BranchKind
from branches.metrics import Share
from branches.models import Branch
from roadmap import actions
from roadmap.actions import Advice, Found, Point
from roadmap.choices import BodyKind, ClosingReason, MeetingKind, RecommendationState, SiteState
from roadmap.dashboards.control import ControlCounts, control_counts, scope_of
from roadmap.metrics import FollowUp
from roadmap.models import ControlPost, Meeting, Recommendation, Site, SiteVisit

DAY = dt.timedelta(days=1)
JAN, JUN, DEC = dt.date(2025, 1, 15), dt.date(2025, 6, 16), dt.date(2025, 12, 31)
LATER = dt.date(2026, 2, 1)
NOTHING = ControlCounts()


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def count(cast):
    """`count("own", 2025, day)`: what is counted of a branch in a year, as known on a day."""

    def look(slug="own", year=2025, day=JUN):
        branch = Branch.objects.select_related("region").get(slug=slug)
        return control_counts(branch=branch, scope=scope_of(branch), year=year, day=day)

    return look


@pytest.fixture
def by(cast):
    return cast.people.controller


@pytest.fixture
def issue(cast, by):
    """`issue(day)`: a recommendation from monitoring, issued and entered on a day."""

    def advise(day, *, branch=None, issued_on=None, due_on=DEC):
        return actions.issue_recommendation(
            branch=branch or cast.own,
            by=by,
            today=day,
            issued_on=issued_on,
            monitoring="мониторинг",
            advice=Advice("жөндеу", "мердігер", due_on),
        )

    return advise


@pytest.fixture
def hold(cast, by):
    """`hold(body, day)`: a meeting held and entered on a day."""

    def meet(body, day, *, held_on=None, issues=1, advice=0, **said):
        who = by if body.kind == BodyKind.COMMISSION else cast.people.coordinator
        return actions.record_meeting(
            body=body,
            by=who,
            today=day,
            held_on=held_on or day,
            agenda=[Point(f"{number}") for number in range(issues)],
            advice=[Advice(f"{number}", "әкімдік", held_on or day) for number in range(advice)],
            **said,
        )

    return meet


def without_urls(counts):
    return {name: value for name, value in vars(counts).items() if name != "urls"}


def test_a_year_of_nothing(count):
    counts = count()
    assert without_urls(counts) == without_urls(NOTHING)
    assert (counts.sites.percent, counts.recommendations.done.percent) == (None, None)


# --- sites and posts -------------------------------------------------------------------------------------------------
def test_sites_are_counted_under_posts_only_and_each_once(cast, by, count):
    under, twice, bare = cast.add_site(), cast.add_site(), cast.add_site()
    first = cast.add_post(under, twice)
    actions.close_post(post=first, by=by, today=JUN, reason=ClosingReason.TRANSFERRED)
    actions.open_post(sites=[twice], by=by, today=JUN, chair="а")
    counts = count()
    assert (counts.sites, counts.posts, counts.open_posts) == (Share(0, 2), 2, 1)
    assert not on(JUN, bare).is_under_post


def on(day, site):
    return Site.objects.as_of(day).get(pk=site.pk)


def test_commissioned_is_what_is_in_use_with_and_without_defects(cast, by, count):
    sites = [cast.add_site() for _ in range(4)]
    cast.add_post(*sites)
    for site, state in zip(
        sites, (SiteState.COMMISSIONED, SiteState.DEFECTS, SiteState.SUSPENDED, SiteState.CANCELLED), strict=True
    ):
        actions.set_site_state(site=site, by=by, today=JUN, state=state, note="себебі")
    counts = count()
    assert (counts.sites, counts.sites_with_defects) == (Share(2, 4), 1)
    assert (count(day=JUN - DAY).sites, count(day=JUN - DAY).sites_with_defects) == (Share(0, 4), 0)
    actions.set_site_state(
        site=sites[0], by=by, today=JUN + DAY, state=SiteState.CONSTRUCTION, note="пайдалануға жарамсыз"
    )
    assert count(day=JUN + DAY).sites == Share(1, 4)
    assert count(day=JUN).sites == Share(2, 4)


def test_a_site_counts_from_the_day_on_which_its_post_is_known(cast, by, count):
    site = cast.add_site(today=JAN)
    actions.open_post(sites=[site], by=by, today=JUN, chair="а", opened_on=JAN)  # entered late
    assert [count(day=day).sites.whole for day in (JAN, JUN - DAY, JUN)] == [0, 0, 1]
    assert [count(day=day).posts for day in (JAN, JUN - DAY, JUN)] == [0, 0, 1]


def test_posts_of_other_years(cast, by, count):
    """Closed in 2024 and reopened in 2026: in 2025 nobody watched the site."""
    site = cast.add_site(today=dt.date(2024, 1, 9))
    post = cast.add_post(site, today=dt.date(2024, 3, 1))
    actions.close_post(post=post, by=by, today=dt.date(2024, 11, 1), reason=ClosingReason.CANCELLED)
    actions.reopen_post(post=post, by=by, today=LATER, note="қайта басталды")
    counted = {year: count(year=year, day=LATER) for year in range(2023, 2028)}
    figures = {year: (counts.sites.whole, counts.posts) for year, counts in counted.items()}
    assert figures == {2023: (0, 0), 2024: (1, 1), 2025: (0, 0), 2026: (1, 1), 2027: (1, 1)}
    assert count(year=2024, day=DEC).open_posts == 0
    assert count(year=2024, day=LATER).open_posts == 1


# --- visits and meetings ---------------------------------------------------------------------------------------------
def test_visits_and_meetings_are_of_the_year_in_which_they_were_held(cast, by, count, hold):
    site, body = cast.add_site(today=dt.date(2024, 1, 9)), cast.add_body()
    for day in (dt.date(2024, 12, 31), dt.date(2025, 1, 1), DEC, dt.date(2026, 1, 1)):
        actions.record_visit(site=site, by=by, today=LATER, visited_on=day, readiness=5)
        hold(body, LATER, held_on=day)
    counted = {year: count(year=year, day=LATER) for year in (2024, 2025, 2026)}
    figures = {year: (counts.visits, counts.meetings) for year, counts in counted.items()}
    assert figures == {2024: (1, 1), 2025: (2, 2), 2026: (1, 1)}
    assert (count(day=LATER - DAY).visits, count(day=LATER - DAY).meetings) == (0, 0)


def test_commissions_and_councils_are_counted_apart(cast, count, hold):
    commission, council = cast.add_body(), cast.add_body(kind=BodyKind.COUNCIL)
    hold(commission, JUN, issues=3, advice=2)
    hold(council, JUN, issues=2, advice=5)
    joint = hold(council, JUN, issues=1, kind=MeetingKind.JOINT, joint_with=[commission, cast.add_body("other")])
    counts = count()
    assert (counts.meetings, counts.council_meetings, counts.issues) == (1, 2, 3)
    assert (counts.recommendations.whole, counts.proposals.whole) == (2, 5)
    assert (count("oblast").council_meetings, count("other").council_meetings, count("other").meetings) == (2, 0, 0)
    actions.annul_meeting(meeting=joint, by=cast.people.coordinator, today=JUN + DAY, note="қате")
    assert [(count(day=day).council_meetings, count(day=day).issues) for day in (JUN, JUN + DAY)] == [(2, 3), (1, 2)]


def test_what_a_meeting_entered_by_mistake_recommended_goes_with_it(cast, by, count, hold):
    meeting = hold(cast.add_body(), JAN, advice=1)
    actions.withdraw_recommendation(recommendation=meeting.recommendations.get(), by=by, today=JUN, note="қате")
    actions.annul_meeting(meeting=meeting, by=by, today=JUN, note="қате")
    assert [count(day=day).recommendations.whole for day in (JAN, JUN - DAY, JUN)] == [1, 1, 0]


# --- recommendations -------------------------------------------------------------------------------------------------
def test_recommendations_of_each_origin_and_state(cast, by, count, hold, issue):
    actions.record_visit(
        site=cast.add_site(),
        by=by,
        today=JAN + 30 * DAY,
        readiness=5,
        findings=[Found("minor", "қоқыс")],
        advice=[Advice("тазалау", "мердігер", JAN + 40 * DAY)],
    )
    hold(cast.add_body(), JAN, advice=3)
    rows = [issue(JAN) for _ in range(2)] + list(Recommendation.objects.filter(meeting__isnull=False).order_by("id"))
    secretary = cast.people.secretary
    for row, state in zip(rows, ("in_work", "done", "done", "not_done", None), strict=True):
        if state:
            actions.follow_recommendation(recommendation=row, by=secretary, today=JUN, state=state, note="себебі")
    actions.verify_recommendation(recommendation=rows[1], by=by, today=JUN + DAY)
    actions.withdraw_recommendation(recommendation=rows[4], by=by, today=JUN + DAY, note="артық")

    follow_up = count(day=JUN + DAY).recommendations
    states = {state: follow_up.count(state) for state in RecommendationState if follow_up.count(state)}
    assert states == {"verified": 1, "done": 1, "in_work": 1, "issued": 1, "not_done": 1, "withdrawn": 1}
    assert (follow_up.whole, follow_up.done, follow_up.verified) == (6, Share(2, 6), Share(1, 6))
    assert (follow_up.unverified, follow_up.open, follow_up.overdue) == (1, 3, 2)
    before = count(day=JUN).recommendations
    assert (before.done, before.verified, before.unverified, before.open) == (Share(2, 6), Share(0, 6), 2, 4)
    assert count(day=JAN).recommendations == FollowUp({"issued": 5})


def test_a_recommendation_is_of_the_year_in_which_it_was_issued(count, issue):
    issue(LATER, issued_on=DEC)  # issued last year, typed this year
    issue(LATER, due_on=LATER)
    assert [count(year=year, day=DEC).recommendations.whole for year in (2025, 2026)] == [0, 0]
    assert [count(year=year, day=LATER).recommendations.whole for year in (2025, 2026)] == [1, 1]


# --- scope -----------------------------------------------------------------------------------------------------------
def test_the_oblast_counts_its_region_and_nobody_elses(cast, by, count, hold, issue, abroad):
    for slug, times in (("oblast", 1), ("own", 2), ("other", 3)):
        for _ in range(times):
            site = cast.add_site(slug)
            cast.add_post(site)
            actions.record_visit(site=site, by=by, today=JUN, readiness=5)
            issue(JUN, branch=site.branch)
        hold(cast.add_body(slug), JUN)
    there = actions.register_site(
        branch=abroad.branch, by=abroad.controller, today=JUN, kind="road", name="жол", district=abroad.district
    )
    actions.open_post(sites=[there], by=abroad.controller, today=JUN, chair="а")

    def figures(slug):
        counts = count(slug)
        return counts.sites.whole, counts.posts, counts.visits, counts.recommendations.whole, counts.meetings

    assert figures("own") == (2, 2, 2, 2, 1)
    assert figures("other") == (3, 3, 3, 3, 1)
    assert figures("oblast") == (6, 6, 6, 6, 3)
    assert figures("abroad") == (1, 1, 0, 0, 0)
    assert {branch.kind for branch in Branch.objects.filter(pk__in=scope_of(cast.own))} == {BranchKind.TERRITORIAL}


@pytest.mark.parametrize("what", ["site", "post", "visit", "meeting", "recommendation"])
def test_sample_rows_say_so_whatever_they_are(cast, by, count, hold, issue, what):
    site, body = cast.add_site(), cast.add_body()
    post = cast.add_post(site)
    actions.record_visit(site=site, by=by, today=JUN, readiness=5)
    hold(body, JUN)
    issue(JUN)
    assert not count().has_samples
    said = {"author": by, "entered_on": JUN, "is_sample": True}
    advice = {"branch": cast.own, "monitoring": "а", "text": "б", "addressee": "в", "issued_on": JUN, "due_on": JUN}
    {
        "site": lambda: Site.objects.filter(pk=site.pk).update(is_sample=True),
        "post": lambda: ControlPost.objects.filter(pk=post.pk).update(is_sample=True),
        "visit": lambda: SiteVisit.objects.create(site=site, visited_on=JUN, readiness=1, **said),
        "meeting": lambda: Meeting.objects.create(body=body, held_on=JUN, **said),
        "recommendation": lambda: Recommendation.objects.create(**advice, **said),
    }[what]()
    assert count().has_samples
    assert not count(year=2024).has_samples


@pytest.mark.parametrize("rows", [1, 4])
def test_the_queries_do_not_grow_with_the_rows(cast, by, count, hold, issue, django_assert_num_queries, rows):
    body, council = cast.add_body(), cast.add_body(kind=BodyKind.COUNCIL)
    for _ in range(rows):
        site = cast.add_site()
        cast.add_post(site)
        actions.record_visit(site=site, by=by, today=JUN, readiness=5)
        hold(body, JUN, advice=2)
        hold(council, JUN, advice=2)
    branch = Branch.objects.select_related("region").get(slug="own")
    with django_assert_num_queries(6):
        counts = control_counts(branch=branch, scope=[branch.pk], year=2025, day=JUN)
    assert counts.visits == rows
