"""Party control's first page: what waits for whom, in which order, and that every number opens into its rows."""

import datetime as dt
import html
import re
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from branches.choices import Language, Role
from branches.models import Assignment, User
from roadmap import actions
from roadmap.actions import Advice, Judgement
from roadmap.choices import BodyKind, Budget, ClosingReason, RecommendationState, SiteState, Status, Verdict
from roadmap.dashboards.inspector import SHOWN
from roadmap.models import FundingLine, Roadmap, Site

pytestmark = pytest.mark.django_db
HOME = "/control/"
EVERY = settings.VISIT_EVERY_DAYS
DAY = dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def stopped_clock(noon):
    """Every page here is asked for on the day of the cast."""


@pytest.fixture
def ago(cast):
    """`ago(7)`: the day that was a week before the day of the cast."""
    return lambda days: cast.today - days * DAY


@pytest.fixture
def visit(cast):
    """`visit(site, day)`: control is on the site."""

    def go(site, day=cast.today, *, by=None, readiness=40, **said):
        by = by or cast.people.controller
        return actions.record_visit(site=site, by=by, today=day, readiness=readiness, **said).visit

    return go


@pytest.fixture
def claim(cast):
    """`claim(measure, day)`: the branch says that it is done; gives the report."""

    def say(measure, day=cast.today, *, by=None, status=Status.DONE):
        by = by or (cast.people.coordinator if measure.roadmap.branch_id != cast.own.pk else cast.people.secretary)
        return actions.report_status(measure=measure, by=by, today=day, status=status).report

    return say


@pytest.fixture
def recommend(cast):
    """`recommend(due_on)`: control recommends something to a branch."""

    def issue(due_on, *, branch="own", text="Кестені ұсыну", day=None, by=None, **about):
        return actions.issue_recommendation(
            branch=getattr(cast, branch),
            by=by or cast.people.controller,
            today=day or cast.today - 60 * DAY,
            monitoring="тоқсан мониторингі",
            advice=Advice(text=text, addressee="Бөлім", due_on=due_on, **about),
        )

    return issue


@pytest.fixture
def follow(cast):
    """`follow(recommendation, state)`: the coordinator says how far it has come."""

    def say(recommendation, state=RecommendationState.DONE, *, by=None, day=None):
        by, day = by or cast.people.coordinator, day or cast.today - 10 * DAY
        return actions.follow_recommendation(recommendation=recommendation, by=by, today=day, state=state, note="сөз")

    return say


@pytest.fixture
def seen(cast, as_user):
    """`seen(address, by=…)`: what the page shows to an inspector."""

    def look(address=HOME, *, by=None):
        response = as_user(by or cast.people.controller).get(address)
        assert response.status_code == 200
        return response.context["inspection"]

    return look


@pytest.fixture
def page(cast, as_user):
    """`page(address, by=…)`: the source of the page, in English."""

    def read(address=HOME, *, by=None, language="en"):
        client = as_user(by or cast.people.controller)
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
        response = client.get(address)
        assert response.status_code == 200
        return response.content.decode()

    return read


def text_of(source):
    """What a person reads, without markup."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", source)).split())


def due(inspection):
    return [call.site for call in inspection.sites.rows]


def claimed(inspection):
    return [each.measure for each in inspection.claims.rows]


def advised(waiting):
    return [each.recommendation for each in waiting.rows]


# --- who sees it -----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("role", [role for role in Role if role != Role.CONTROLLER])
def test_who_keeps_no_control_begins_with_the_sites(cast, as_user, role):
    response = as_user(getattr(cast.people, role)).get(HOME)
    assert (response.status_code, response.url) == (302, reverse("roadmap:site_list"))


def test_it_is_for_inspectors_and_not_for_strangers(cast, as_user):
    assert as_user(cast.people.controller).get(HOME).status_code == 200
    assert as_user(cast.people.nobody).get(HOME).status_code == 403
    assert as_user(None).get(HOME).status_code == 302


def test_an_inspector_sees_only_the_branches_of_theirs(cast, abroad, visit, claim, recommend, seen, ago):
    Assignment.objects.filter(user=cast.people.controller).delete()
    for slug in ("own", "other"):
        Assignment.objects.create(user=cast.people.controller, role=Role.CONTROLLER, branch=getattr(cast, slug))
    elsewhere = User.objects.create_user("inspector_of_all")
    Assignment.objects.create(user=elsewhere, role=Role.CONTROLLER, region=cast.region)
    sites, measures, advice = {}, {}, {}
    for slug in ("own", "other", "oblast"):
        sites[slug] = cast.add_site(slug, by=elsewhere)
        cast.add_post(sites[slug], by=elsewhere)
        measures[slug] = cast.add_measure(slug)
        claim(measures[slug], ago(9))
        advice[slug] = recommend(ago(1), branch=slug, by=elsewhere)
    theirs = ("own", "other")

    shown = seen()
    assert {branch.slug for branch in shown.branches} == set(theirs)
    assert set(due(shown)) == {sites[slug] for slug in theirs}
    assert set(claimed(shown)) == {measures[slug] for slug in theirs}
    assert set(advised(shown.advice.overdue)) == {advice[slug] for slug in theirs}
    one = seen(f"{HOME}?branch=other")
    assert (due(one), claimed(one), advised(one.advice.overdue)) == (
        [sites["other"]],
        [measures["other"]],
        [advice["other"]],
    )
    all_of_them = seen(by=elsewhere)
    assert (all_of_them.sites.count, all_of_them.claims.count, all_of_them.advice.overdue.count) == (3, 3, 3)
    empty = seen(by=abroad.controller)
    assert (empty.sites.count, empty.claims.count, empty.advice.overdue.count) == (0, 0, 0)


def test_a_branch_of_somebody_else_is_not_there(cast, abroad, as_user):
    client = as_user(abroad.controller)
    assert client.get(f"{HOME}?branch=abroad").status_code == 200
    assert client.get(f"{HOME}?branch=own").status_code == 404
    assert as_user(cast.people.controller).get(f"{HOME}?branch=own").status_code == 200


def test_the_picker_is_for_who_has_several_branches(cast, abroad, page):
    assert 'name="branch"' in page()
    assert 'name="branch"' not in page(by=abroad.controller)


# --- sites due for a visit -------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("days", "late"), [(EVERY - 1, None), (EVERY, 0), (EVERY + 1, 1), (EVERY + 30, 30)])
def test_a_site_is_due_a_week_after_its_last_visit(cast, visit, seen, ago, days, late):
    site = cast.add_site()
    cast.add_post(site)
    visit(site, ago(days))

    assert [(call.site, call.waited, call.late) for call in seen().sites.rows] == (
        [] if late is None else [(site, days, late)]
    )


@pytest.mark.parametrize(("days", "late"), [(EVERY - 1, None), (EVERY, 0), (EVERY + 1, 1)])
def test_a_site_that_was_never_visited_is_due_a_week_after_its_post_was_opened(cast, seen, page, ago, days, late):
    site = cast.add_site()
    cast.add_post(site, today=ago(days))

    assert [call.late for call in seen().sites.rows] == ([] if late is None else [late])
    assert ("nobody has been there yet" in page()) == (late is not None)


def test_what_was_seen_before_the_post_was_opened_does_not_make_it_late(cast, visit, seen, ago):
    site = cast.add_site()
    visit(site, ago(90), kind="raid")
    cast.add_post(site, today=ago(EVERY - 1))
    assert due(seen()) == []


def test_a_late_entry_counts_from_the_day_of_the_visit(cast, visit, seen, ago):
    site = cast.add_site()
    cast.add_post(site)
    visit(site, cast.today, visited_on=ago(EVERY))
    assert [call.late for call in seen().sites.rows] == [0]


def test_a_closed_post_goes_nowhere_and_a_reopened_one_begins_anew(cast, seen, ago):
    site = cast.add_site()
    post = cast.add_post(site)
    by = cast.people.controller
    actions.close_post(post=post, by=by, today=ago(40), reason=ClosingReason.TRANSFERRED, note="басқа бекетке")
    assert due(seen()) == []

    actions.reopen_post(post=post, by=by, today=ago(EVERY + 2), note="қайтарылды")
    assert [(call.site, call.late) for call in seen().sites.rows] == [(site, 2)]


def test_a_site_without_a_post_has_no_rhythm(cast, seen):
    cast.add_site()
    assert due(seen()) == []


@pytest.mark.parametrize("state", SiteState)
def test_only_work_that_goes_on_is_visited_in_a_rhythm(cast, seen, ago, state):
    site = cast.add_site()
    cast.add_post(site)
    if state == SiteState.PLANNED:
        site = cast.add_site(state=SiteState.PLANNED, state_note="")
        cast.add_post(site)
    elif state != SiteState.CONSTRUCTION:
        actions.set_site_state(site=site, by=cast.people.controller, today=ago(3), state=state, note="неге")

    assert (site in due(seen())) == (state in (SiteState.PLANNED, SiteState.CONSTRUCTION))


def test_the_rhythm_is_a_setting(cast, visit, seen, page, ago, settings):
    site = cast.add_site()
    cast.add_post(site)
    visit(site, ago(20))

    settings.VISIT_EVERY_DAYS = 20
    assert [call.late for call in seen().sites.rows] == [0]
    assert "A post goes to each of its sites every 20 days." in text_of(page())
    settings.VISIT_EVERY_DAYS = 21
    assert due(seen()) == []


def test_the_longest_waiting_stands_first_and_the_first_rows_are_shown(cast, visit, seen, ago):
    sites = [cast.add_site() for _number in range(SHOWN + 2)]
    for number, site in enumerate(sites):
        cast.add_post(site)
        visit(site, ago(EVERY + number % 5))

    shown = seen().sites
    assert shown.count == SHOWN + 2 and shown.has_more
    assert [call.late for call in shown.rows] == [4, 4, 3, 3, 2, 2, 1, 1]


def test_a_row_says_what_one_goes_for(cast, visit, page, ago):
    site = cast.add_site(name="Айтеке би мектебі", contractor="«Сыр Құрылыс» ЖШС")
    post = cast.add_post(site)
    visit(site, ago(EVERY + 5), readiness=63)

    source = page()
    read = text_of(source)
    assert "Post No. 1, own ауданы (en) · «Сыр Құрылыс» ЖШС · 63 % ready, seen on 04.06.2025 5 days overdue" in read
    assert f'href="{reverse("roadmap:visit_record", args=[site.pk])}"' in source
    assert f'href="{post.get_absolute_url()}"' in source


# --- claims waiting for confirmation ---------------------------------------------------------------------------------
def test_what_others_report_as_done_waits_until_it_is_confirmed(cast, claim, seen, ago):
    waiting, confirmed, refuted, open_, silent = (cast.add_measure() for _each in range(5))
    claim(waiting, ago(5))
    claim(open_, ago(5), status=Status.IN_PROGRESS)
    for measure, verdict in ((confirmed, Verdict.CONFIRMS), (refuted, Verdict.REFUTES)):
        report = claim(measure, ago(5))
        actions.verify(report=report, by=cast.people.controller, today=ago(1), verdict=verdict, basis="акт", note="жоқ")

    assert [(each.measure, each.age) for each in seen().claims.rows] == [(waiting, 5)]
    assert silent not in claimed(seen())


def test_nobody_is_asked_to_confirm_their_own_report(cast, claim, seen, page, ago):
    own, others = cast.add_measure(), cast.add_measure()
    Assignment.objects.create(user=cast.people.controller, role=Role.SECRETARY, branch=cast.own)
    claim(own, ago(5), by=cast.people.controller)
    claim(others, ago(5))

    shown = seen()
    assert (claimed(shown), shown.claims.count, shown.own_claims) == ([others], 1, 1)
    assert [counted.url for counted in shown.claims.counts] == [""]  # the list has both
    assert "1 more claim is your own report: somebody else looks at it." in text_of(page())
    second = User.objects.create_user("second")
    Assignment.objects.create(user=second, role=Role.CONTROLLER, region=cast.region)
    assert set(claimed(seen(by=second))) == {own, others}


def test_claims_stand_by_age_or_by_money(cast, claim, seen, ago):
    days = {"old": 30, "rich": 3, "rich and older": 9, "planned only": 5, "two budgets": 4, "poor": 20}
    money = {
        "rich": [(Budget.OBLAST, 700, 900)],
        "rich and older": [(Budget.OBLAST, 1, 900)],
        "planned only": [(Budget.OBLAST, 800, None)],
        "two budgets": [(Budget.OBLAST, 100, 500), (Budget.PRIVATE, 450, None)],
        "poor": [(Budget.OBLAST, 100, 0)],
    }
    for title, age in days.items():
        measure = cast.add_measure(title=title)
        for budget, planned, allocated in money.get(title, ()):
            FundingLine.objects.create(measure=measure, budget=budget, planned=planned, allocated=allocated)
        claim(measure, ago(age))

    by_age = sorted(days, key=days.get, reverse=True)
    assert [measure.title for measure in claimed(seen())] == by_age
    assert [measure.title for measure in claimed(seen(f"{HOME}?sort=nonsense"))] == by_age
    rows = seen(f"{HOME}?sort=money").claims.rows
    assert [(each.measure.title, each.measure.money) for each in rows] == [
        ("two budgets", 950),
        ("rich and older", 900),
        ("rich", 900),
        ("planned only", 800),
        ("poor", 0),
        ("old", None),
    ]


def test_the_order_and_the_branch_are_kept_in_the_address(cast, claim, page):
    claim(cast.add_measure())
    source = html.unescape(page(f"{HOME}?branch=own&sort=money"))
    assert '<input type="hidden" name="sort" value="money">' in source
    assert 'href="?branch=own#h-claims"' in source
    assert 'href="?branch=own&sort=money#h-claims" aria-current="true"' in source


def test_money_is_said_in_words(cast, claim, page):
    measure = cast.add_measure()
    FundingLine.objects.create(measure=measure, budget=Budget.OBLAST, planned=661_400_000)
    claim(measure)
    assert "today KZT 661.4 million" in text_of(page())


def test_a_claim_leads_to_its_sites_or_to_the_report(cast, claim, page, ago):
    bare, built, twice, given_up = (cast.add_measure() for _each in range(4))
    reports = {measure: claim(measure, ago(5)) for measure in (bare, built, twice, given_up)}
    sites = {measure: cast.add_site(measures=[measure]) for measure in (built, twice, given_up)}
    second = cast.add_site(measures=[twice])
    actions.set_site_state(
        site=sites[given_up], by=cast.people.controller, today=ago(1), state=SiteState.CANCELLED, note="неге"
    )

    source = page()
    offered = {
        measure: f'"{reverse("roadmap:report_verify", args=[report.pk])}"' in source
        for measure, report in reports.items()
    }
    assert offered == {bare: True, built: False, twice: False, given_up: True}
    visited = {site for site in Site.objects.all() if f'"{reverse("roadmap:visit_record", args=[site.pk])}"' in source}
    assert visited == {sites[built], sites[twice], second}


def test_only_the_roadmap_that_is_worked_on_is_looked_at(cast, claim, seen, ago):
    current = cast.add_measure()
    claim(current, ago(5))
    old = Roadmap.objects.create(
        programme=cast.programme, branch=cast.own, year=2024, approved_on=dt.date(2024, 1, 20), source="тест"
    )
    claim(cast.add_measure(roadmap=old), ago(200))
    assert claimed(seen()) == [current]


# --- recommendations -------------------------------------------------------------------------------------------------
def test_recommendations_are_overdue_or_due_within_a_week(cast, recommend, seen, ago):
    rows = {ahead: recommend(ago(-ahead)) for ahead in (8, 7, 1, 0, -1, -30)}

    shown = seen().advice
    assert [(each.recommendation, each.ahead) for each in shown.overdue.rows] == [(rows[-30], -30), (rows[-1], -1)]
    assert [each.ahead for each in shown.soon.rows] == [0, 1, 7]
    assert (shown.overdue.count, shown.soon.count, [each.count for each in shown.due]) == (2, 3, [5])


def test_nothing_is_awaited_of_what_came_to_its_end(cast, recommend, follow, seen, ago):
    open_, in_work, not_done, done, withdrawn = (recommend(ago(2)) for _each in range(5))
    follow(in_work, RecommendationState.IN_WORK)
    follow(not_done, RecommendationState.NOT_DONE)
    follow(done)
    actions.withdraw_recommendation(recommendation=withdrawn, by=cast.people.controller, today=ago(1), note="қате")

    assert set(advised(seen().advice.overdue)) == {open_, in_work, not_done}


def test_what_somebody_else_said_is_done_waits_for_verification(cast, recommend, follow, seen, page, ago):
    others, own, verified = (recommend(ago(-30)) for _each in range(3))
    follow(others)
    follow(own, by=cast.people.controller)
    follow(verified)
    actions.verify_recommendation(recommendation=verified, by=cast.people.controller, today=ago(2))

    shown = seen().advice
    assert (advised(shown.unverified), shown.unverified.count, shown.own) == ([others], 1, 1)
    assert [counted.url for counted in shown.unverified.counts] == [""]
    source = page()
    assert "done on 06.06.2025, says Coordinator" in text_of(source)
    assert reverse("roadmap:recommendation_verify", args=[others.pk]) in source
    assert reverse("roadmap:recommendation_verify", args=[own.pk]) not in source
    assert "1 more was reported as done by you: somebody else verifies it." in text_of(source)


def test_proposals_of_councils_stand_elsewhere(cast, seen, ago):
    council = cast.add_body(kind=BodyKind.COUNCIL)
    actions.record_meeting(
        body=council,
        by=cast.people.secretary,
        today=ago(60),
        held_on=ago(60),
        agenda=[actions.Point("Ауызсу мәселесі")],
        advice=[Advice(text="Ұсыныс", addressee="Әкімдік", due_on=ago(5))],
    )
    shown = seen().advice
    assert (shown.overdue.count, shown.soon.count, shown.unverified.count) == (0, 0, 0)


# --- numbers and their rows ------------------------------------------------------------------------------------------
def numbers(source):
    """Every number of a page that opens into rows: (address, number)."""
    links = re.findall(r'<a[^>]*href="([^"]+)"[^>]*data-count="(\d+)"', source)
    return [(html.unescape(address), int(count)) for address, count in links]


@pytest.fixture
def busy(cast, visit, claim, recommend, follow, ago):
    """Something of everything in three branches, and more of it in `own`; some of it nobody waits for."""
    for number, slug in enumerate(("own", "own", "own", "other", "oblast")):
        due_site, visited, commissioned, planned = (
            cast.add_site(slug, state=SiteState.PLANNED if place == 3 else SiteState.CONSTRUCTION, state_note="")
            for place in range(4)
        )
        cast.add_post(due_site, visited)
        cast.add_post(commissioned)
        cast.add_post(planned, today=ago(EVERY if number % 2 else EVERY - 1))
        visit(visited, ago(EVERY - 1))
        actions.set_site_state(
            site=commissioned, by=cast.people.controller, today=ago(1), state=SiteState.DEFECTS, note="ақау"
        )
        measures = [cast.add_measure(slug) for _each in range(3)]
        reports = [claim(measure, ago(20 + number)) for measure in measures]
        actions.verify(
            report=reports[0], by=cast.people.controller, today=ago(9), verdict=Verdict.CONFIRMS, basis="акт"
        )
        for ahead in (-9, -1, 0, 3, 30):
            recommend(ago(-ahead), branch=slug)
        follow(recommend(ago(-9), branch=slug))


@pytest.mark.parametrize("address", [HOME, f"{HOME}?branch=own", f"{HOME}?branch=oblast&sort=money"])
def test_every_number_opens_into_exactly_its_rows(cast, busy, as_user, page, address):
    client = as_user(cast.people.controller)
    opened = numbers(page(address))
    assert {urlsplit(url).path for url, _count in opened} == {
        reverse("roadmap:site_list"),
        reverse("roadmap:measure_list"),
        reverse("roadmap:recommendation_list"),
    }
    for url, count in opened:
        listed = client.get(url).content.decode()
        assert re.findall(r'data-total="(\d+)"', listed) == [str(count)], url
        assert count > 0


def test_the_numbers_are_those_of_the_scope(cast, busy, seen):
    of_all = seen()
    of_each = [seen(f"{HOME}?branch={slug}") for slug in ("own", "other", "oblast")]
    for count in (
        lambda shown: shown.sites.count,
        lambda shown: shown.claims.count,
        lambda shown: shown.advice.overdue.count,
        lambda shown: shown.advice.soon.count,
        lambda shown: shown.advice.unverified.count,
    ):
        assert count(of_all) == sum(count(shown) for shown in of_each) > 0
    assert (of_all.sites.count, of_all.claims.count) == (5 + 2, 10)
    assert (of_all.advice.overdue.count, of_all.advice.soon.count, of_all.advice.unverified.count) == (10, 10, 5)


def test_what_was_issued_in_two_years_is_told_by_the_year(cast, recommend, as_user, seen, page, ago):
    Roadmap.objects.create(
        programme=cast.programme, branch=cast.own, year=2024, approved_on=dt.date(2024, 1, 20), source="тест"
    )
    for day in (dt.date(2024, 11, 1), dt.date(2024, 12, 1), dt.date(2025, 2, 1), dt.date(2023, 5, 5)):
        recommend(ago(3), day=day)

    shown = seen().advice.overdue
    assert [(each.year, each.count, bool(each.url)) for each in shown.counts] == [
        (2025, 1, True),
        (2024, 2, True),
        (2023, 1, False),  # no roadmap of that year, and no list opens on it
    ]
    client = as_user(cast.people.controller)
    for url, count in numbers(page()):
        assert f'data-total="{count}"' in client.get(url).content.decode()


def test_numbers_are_no_links_where_the_lists_show_more(cast, busy, seen):
    """Who also looks at other branches has no list of just those of the page, until one of them is picked."""
    person = User.objects.create_user("both")
    Assignment.objects.create(user=person, role=Role.CONTROLLER, branch=cast.own)
    Assignment.objects.create(user=person, role=Role.CONTROLLER, branch=cast.other)
    Assignment.objects.create(user=person, role=Role.OBSERVER, region=cast.region)

    def urls(shown):
        groups = (shown.sites, shown.claims, shown.advice.overdue, shown.advice.unverified)
        return [counted.url for group in groups for counted in group.counts]

    assert urls(seen(by=person)) == ["", "", "", ""]
    assert [parse_qs(urlsplit(url).query)["branch"] for url in urls(seen(f"{HOME}?branch=own", by=person))] == [
        ["own"]
    ] * 4


def test_claims_of_two_years_have_no_common_list(cast, claim, seen, ago):
    newer = Roadmap.objects.create(
        programme=cast.programme, branch=cast.own, year=2026, approved_on=dt.date(2026, 1, 20), source="тест"
    )
    claim(cast.add_measure("other"), ago(5))
    with time_machine.travel("2026-02-10 12:00+05:00", tick=False):
        claim(cast.add_measure(roadmap=newer), dt.date(2026, 2, 1))
        shown = seen()
        assert (shown.claims.count, [counted.url for counted in shown.claims.counts]) == (2, [""])
        (counted,) = seen(f"{HOME}?branch=other").claims.counts
        assert "year=2025" in counted.url


# --- the headline ----------------------------------------------------------------------------------------------------
def test_the_headline_says_how_much_waits(cast, busy, page):
    read = text_of(page())
    assert "16 June 2025, Monday · all branches" in read
    assert "7 sites are due for a visit , 10 claims wait for confirmation , 10 recommendations are overdue" in read


def test_the_headline_leaves_out_what_does_not_wait(cast, recommend, page, ago):
    assert "Nothing waits for control today" in page()
    recommend(ago(1))
    read = text_of(page(f"{HOME}?branch=own"))
    assert "1 recommendation is overdue" in read
    assert "due for a visit," not in read and "for confirmation," not in read


@pytest.mark.parametrize("language", Language.values)
def test_it_speaks_the_three_languages(cast, busy, page, language):
    source = page(language=language)
    words = {"kk": "Баруды", "ru": "выезда", "en": "Sites due for a visit"}
    assert words[language] in source


# --- what was entered today ------------------------------------------------------------------------------------------
def test_what_the_reader_entered_today_is_told(cast, visit, claim, recommend, follow, seen, page, ago):
    site, measure, second = cast.add_site(), cast.add_measure(), cast.add_measure()
    site.measures.set([measure])
    report, other_report = claim(measure, ago(5)), claim(second, ago(5))
    followed = recommend(ago(-5))
    follow(followed)
    visit(site, ago(1))
    assert seen().recorded == []

    visit(site, judgements=[Judgement(report, Verdict.CONFIRMS)])
    actions.verify(
        report=other_report, by=cast.people.controller, today=cast.today, verdict=Verdict.REFUTES, basis="акт", note="-"
    )
    actions.verify_recommendation(recommendation=followed, by=cast.people.controller, today=cast.today)
    recommend(ago(-5), day=cast.today)  # issuing is no step
    second_controller = User.objects.create_user("second")
    Assignment.objects.create(user=second_controller, role=Role.CONTROLLER, region=cast.region)
    visit(site, by=second_controller)

    shown = seen()
    assert sorted(line.kind for line in shown.recorded) == ["step", "verification", "verification", "visit"]
    told = text_of(page()).partition("Entered today")[2]
    assert all(str(each) in told for each in (site, measure.title, second.title, followed.text, "40 % ready"))
    assert seen(f"{HOME}?branch=other").recorded == []
    assert [line.kind for line in seen(by=second_controller).recorded] == ["visit"]


def test_samples_are_marked(cast, seen, page):
    site = cast.add_site()
    cast.add_post(site)
    assert not seen().has_samples
    Site.objects.filter(pk=site.pk).update(is_sample=True)
    assert seen().has_samples
    assert "What is marked “sample” is sample data" in text_of(page())


# --- how much it asks of the database --------------------------------------------------------------------------------
def test_the_number_of_queries_does_not_grow(cast, busy, as_user, visit, claim, recommend, follow, ago):
    client = as_user(cast.people.controller)

    def queries():
        client.get(HOME)
        with CaptureQueriesContext(connection) as asked:
            client.get(HOME)
        return len(asked)

    visit(cast.add_site())
    few = queries()
    for number in range(30):
        site = cast.add_site("own" if number % 2 else "other", measures=())
        cast.add_post(site)
        measure = cast.add_measure("own")
        cast.add_site(measures=[measure])
        claim(measure, ago(40))
        follow(recommend(ago(5)))
        recommend(ago(-3))
        visit(cast.add_site())
    assert queries() == few
