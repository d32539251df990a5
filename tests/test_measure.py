"""The card of a measure, and what is done from it: every page by its address, as people use it."""

import datetime as dt
import html
import re
import uuid
from decimal import Decimal

import pytest
from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from branches.choices import Role
from branches.models import Assignment, AuditEvent
from roadmap import actions
from roadmap.actions import Advice, Found, Judgement
from roadmap.choices import (
    BodyKind,
    Budget,
    ClosingReason,
    DelayReason,
    RecommendationState,
    Severity,
    SiteState,
    Status,
    Unit,
    Verdict,
)
from roadmap.dashboards.measure import measure_card, measures_with_their_place
from roadmap.models import DeadlineChange, FundingLine, Measure, MeasureIndicator, Roadmap, StatusReport, Verification

pytestmark = pytest.mark.django_db
STALE_AFTER = 30


@pytest.fixture(autouse=True)
def stopped_clock(noon):
    """Every page here is asked for on the day of the cast."""


@pytest.fixture
def measure(cast):
    """A measure of the own branch with two indicators, the second lower-is-better."""
    measure = cast.add_measure(title="Ауылды газдандыру", deadline=dt.date(2025, 9, 30), source="Жол картасы")
    MeasureIndicator.objects.create(measure=measure, position=1, name="Қосылған үй", unit=Unit.HOUSES, plan=310)
    MeasureIndicator.objects.create(
        measure=measure, position=2, name="Тозу", unit=Unit.PERCENT, better="lower", baseline=72, plan=68
    )
    return measure


@pytest.fixture
def report(cast, measure):
    """`report(status, day)`: what the secretary says of the measure."""

    def say(status, day=cast.today, *, by=None, **said):
        said.setdefault("note", "неге" if status == Status.NOT_DONE else "")
        by = by or cast.people.secretary
        return actions.report_status(measure=measure, by=by, today=day, status=status, **said).report

    return say


@pytest.fixture
def verify(cast):
    """`verify(report, verdict, day)`: what the controller finds."""

    def find(report, verdict=Verdict.CONFIRMS, day=cast.today):
        by = cast.people.controller
        return actions.verify(report=report, by=by, today=day, verdict=verdict, basis="нысанға бару", note="14 үй жоқ")

    return find


@pytest.fixture
def reader(as_user):
    """`reader(user)`: a client that reads in English, or in another language."""

    def log_in(user, language="en"):
        client = as_user(user)
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
        return client

    return log_in


@pytest.fixture
def page(reader):
    """`page(user, address)`: what a person reads there, in English, without markup."""

    def read(user, address, status=200):
        response = reader(user).get(address)
        assert response.status_code == status
        return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())

    return read


@pytest.fixture
def card(cast, measure):
    """`card(day)`: the card as known at the end of a day."""

    def gather(day=cast.today):
        return measure_card(measures_with_their_place().get(pk=measure.pk), day, stale_after=STALE_AFTER)

    return gather


def day(text):
    return dt.date.fromisoformat(text)


def form_of(response):
    """The form on a page as the browser would send it: every field with what stands in it."""
    form = response.context["form"]
    sent = {name: form[name].value() for name in form.fields}
    return {name: value for name, value in sent.items() if not (value is None or value is False)}


def errors_of(response):
    return {name: [str(error) for error in errors] for name, errors in response.context["form"].errors.items()}


def report_address(measure):
    return reverse("roadmap:measure_report", args=[measure.pk])


# --- what the card says ----------------------------------------------------------------------------------------------
def test_a_measure_of_which_nothing_was_said(cast, measure, page, card):
    text = page(cast.people.chair, measure.get_absolute_url())

    assert "No report Nothing has been reported yet" in text
    assert "Nothing to confirm" in text
    assert "30.09.2025 106 days left" in text
    assert [event.kind for event in card().story] == ["entered"]


def test_a_claim_awaits_control(cast, measure, report, page, card):
    report(Status.DONE, day("2025-06-10"))

    assert card().confirmation.state == "awaited"
    text = page(cast.people.chair, measure.get_absolute_url())
    assert "Done 10.06.2025, Secretary, executive secretary" in text
    assert "Not confirmed yet Reported as done 6 days ago, nobody has looked yet" in text
    assert "done 112 days before the deadline" in text


def test_a_confirmed_claim(cast, measure, report, verify, page, card):
    verify(report(Status.DONE, day("2025-06-10")), Verdict.CONFIRMS, day("2025-06-12"))

    assert card().confirmation.state == "confirmed"
    text = page(cast.people.chair, measure.get_absolute_url())
    assert "Confirmed 12.06.2025, Controller, party-control inspector" in text
    assert "Of the report of 10.06.2025; нысанға бару." in text


def test_a_refuted_claim_is_struck_through_and_told_with_its_cause(cast, measure, report, verify, reader, card):
    claim = report(Status.DONE, day("2025-06-10"), note="Бәрі дайын")
    verify(claim, Verdict.REFUTES, day("2025-06-12"))

    shown = card()
    assert (shown.status, shown.confirmation.state) == (Status.IN_PROGRESS, "refuted")
    assert [event.kind for event in shown.story] == ["verifications", "reports", "entered"]  # no line for the outcome
    source = reader(cast.people.chair).get(measure.get_absolute_url()).content.decode()
    assert "<s>Report: done</s>" in source
    assert "Refuted on 12.06.2025." in source
    assert "The measure was returned to “in progress”." in source


def test_what_was_confirmed_and_reported_anew_is_marked(cast, measure, report, verify, page, card):
    verify(report(Status.DONE, day("2025-05-10")), Verdict.CONFIRMS, day("2025-05-12"))
    report(Status.DONE, day("2025-06-01"))

    assert card().confirmation.state == "changed"
    text = page(cast.people.chair, measure.get_absolute_url())
    assert "Changed since Confirmed on 12.05.2025, but reported anew for 01.06.2025" in text


def test_a_claim_that_the_branch_takes_back_is_struck_through(report, card):
    report(Status.DONE, day("2025-05-10"))
    report(Status.IN_PROGRESS, day("2025-05-20"))

    last, claim, _entered = card().story
    assert last.withdrawn is None
    assert (claim.withdrawn.how, claim.withdrawn.day) == ("taken_back", day("2025-05-20"))


def test_a_correction_says_what_it_corrects(cast, measure, report, page, card):
    wrong = report(Status.NOT_DONE, day("2025-05-10"))
    actions.correct_report(
        report=wrong,
        by=cast.people.coordinator,
        today=day("2025-05-15"),
        status=Status.IN_PROGRESS,
        note="Қате таңдалды",
    )

    correction, corrected, _entered = card().story
    assert (corrected.withdrawn.how, correction.day, correction.row.corrects) == ("corrected", day("2025-05-15"), wrong)
    text = page(cast.people.chair, measure.get_absolute_url())
    assert "Corrects the report of 10.05.2025 (“not done”). It holds as of 10.05.2025." in text
    assert "Corrected on 15.05.2025." in text


def test_a_late_entry_says_when_it_was_typed(cast, measure, report, page):
    report(Status.IN_PROGRESS, day("2025-06-10"), reported_on=day("2025-06-01"))

    assert "executive secretary · typed on 10.06.2025" in page(cast.people.chair, measure.get_absolute_url())


def test_the_story_is_told_newest_first_and_control_after_what_it_looked_at(cast, measure, report, verify, card):
    report(Status.IN_PROGRESS, day("2025-03-01"))
    actions.move_deadline(
        measure=measure,
        by=cast.people.coordinator,
        today=day("2025-04-01"),
        new_deadline=day("2025-10-31"),
        reason=DelayReason.SUPPLY,
    )
    report(Status.IN_PROGRESS, day("2025-04-10"), reported_on=day("2025-03-20"))  # typed after the deadline was moved
    verify(report(Status.DONE, day("2025-05-05")), Verdict.REFUTES, day("2025-05-05"))
    report(Status.DONE, day("2025-05-05"))

    told = [(event.kind, event.day.isoformat()) for event in card().story]
    assert told == [
        ("reports", "2025-05-05"),
        ("verifications", "2025-05-05"),
        ("reports", "2025-05-05"),
        ("deadlines", "2025-04-01"),
        ("reports", "2025-03-20"),
        ("reports", "2025-03-01"),
        ("entered", "2025-01-15"),
    ]


def test_tabs_show_one_kind_with_its_count(cast, measure, report, verify, page):
    report(Status.IN_PROGRESS, day("2025-03-01"))
    verify(report(Status.DONE, day("2025-05-05")))

    text = page(cast.people.chair, f"{measure.get_absolute_url()}?show=verifications")
    assert "All 4 Reports 2 Verifications 1" in text  # no empty tab
    assert "Confirmed on site" in text
    assert "Report: in progress" not in text
    assert "Report: in progress" in page(cast.people.chair, f"{measure.get_absolute_url()}?show=nonsense")


def test_a_moved_deadline_keeps_the_first_and_adds_up_the_slip(cast, measure, page, card):
    for today, deadline in (("2025-03-01", "2025-10-31"), ("2025-04-01", "2025-12-01")):
        actions.move_deadline(
            measure=measure,
            by=cast.people.coordinator,
            today=day(today),
            new_deadline=day(deadline),
            reason=DelayReason.SUPPLY,
            document="01.03.2025 хат",
        )

    assert (card().deadline.first, card().deadline.slip) == (day("2025-09-30"), 62)
    text = page(cast.people.chair, measure.get_absolute_url())
    assert "At first 30.09.2025; moved 2 times, by 62 days in all" in text
    assert "Deadline moved: 30.09.2025 → 31.10.2025" in text
    assert "By: 01.03.2025 хат." in text


def test_a_deadline_out_of_the_year_is_one_event_and_nothing_is_counted_any_more(cast, measure, report, card):
    report(Status.IN_PROGRESS, day("2025-03-01"))
    actions.move_deadline(
        measure=measure,
        by=cast.people.coordinator,
        today=day("2025-04-01"),
        new_deadline=day("2026-05-31"),
        reason=DelayReason.FUNDING,
    )

    shown = card()
    assert (shown.status, shown.deadline.ahead, shown.is_reportable) == (Status.MOVED, None, False)
    assert [event.kind for event in shown.story] == ["deadlines", "reports", "entered"]


def test_an_overdue_measure_at_risk_with_an_old_report(cast, measure, report, page, card):
    report(Status.IN_PROGRESS, day("2025-09-01"), at_risk=True, delay_reason=DelayReason.CONTRACTOR)

    late = card(day("2025-10-05"))
    assert (late.deadline.is_overdue, late.deadline.distance, late.is_at_risk, late.is_stale) == (True, 5, True, True)
    assert card(day("2025-10-01")).is_stale is False  # thirty days are not old yet


# --- money and indicators --------------------------------------------------------------------------------------------
def test_funding_of_one_budget_with_its_printed_words(cast, measure, page):
    FundingLine.objects.create(
        measure=measure,
        budget=Budget.OBLAST,
        planned=661_400_000,
        allocated=661_400_000,
        spent=655_900_000,
        wording="661,4 млн теңге",
    )

    text = page(cast.people.chair, measure.get_absolute_url())
    assert "Oblast budget Planned KZT 661.4 million Allocated KZT 661.4 million Spent KZT 655.9 million" in text
    assert "Spent: 99.2 % of what was allocated or planned; KZT 5.5 million left." in text
    assert "In the document: «661,4 млн теңге»." in text


def test_a_total_that_lacks_a_sum_is_unknown_and_not_less(measure, card):
    FundingLine.objects.create(measure=measure, budget=Budget.REPUBLICAN, planned=100, allocated=80, spent=40)
    FundingLine.objects.create(measure=measure, budget=Budget.DISTRICT, planned=50, allocated=20)

    republican, district, total = card().money
    assert (republican.spending.percent, republican.unspent) == (Decimal("50.0"), 40)
    assert (district.spending, total.spending) == (None, None)
    assert (total.planned, total.allocated, total.spent) == (150, 100, None)
    assert [bar.width for bar in republican.sums] == ["100.00%", "80.00%", "40.00%"]


def test_spending_is_measured_against_the_plan_while_no_allocation_is_known(measure, card):
    FundingLine.objects.create(measure=measure, budget=Budget.PRIVATE, planned=200, spent=50)

    assert card().money[0].spending.percent == Decimal("25.0")


def test_indicators_over_a_hundred_percent_lower_is_better_and_no_data(cast, measure, report, page, card):
    houses, wear = measure.indicators.all()
    assert [reached.percent for reached in card().indicators] == [None, None]
    report(Status.IN_PROGRESS, facts={houses: Decimal(322), wear: Decimal(71)})

    assert [reached.percent for reached in card().indicators] == [Decimal("103.9"), Decimal("25.0")]
    text = page(cast.people.chair, measure.get_absolute_url())
    assert "Қосылған үй, houses 310 322 16.06.2025 103.9 %" in text
    assert "The lower the better; it was 72" in text


def test_the_last_fact_stands_and_says_when_its_report_was_refuted(measure, report, verify, card):
    houses, wear = measure.indicators.all()
    claim = report(Status.DONE, day("2025-05-01"), facts={houses: Decimal(296), wear: Decimal(70)})
    verify(claim, Verdict.REFUTES, day("2025-05-10"))
    report(Status.IN_PROGRESS, day("2025-05-20"), facts={houses: Decimal(310)})

    first, second = card().indicators
    assert (first.fact.value, first.refuted) == (310, False)
    assert (second.fact.value, second.refuted) == (70, True)


# --- another day, other years, other versions ------------------------------------------------------------------------
def test_the_card_of_a_past_day_knows_nothing_of_later(cast, measure, report, verify, page):
    houses, _wear = measure.indicators.all()
    report(Status.IN_PROGRESS, day("2025-03-01"), note="Бастадық", facts={houses: Decimal(12)})
    actions.move_deadline(
        measure=measure,
        by=cast.people.coordinator,
        today=day("2025-04-01"),
        new_deadline=day("2025-10-31"),
        reason=DelayReason.SUPPLY,
    )
    verify(report(Status.DONE, day("2025-05-01"), note="Бітті", facts={houses: Decimal(310)}))

    text = page(cast.people.secretary, f"{measure.get_absolute_url()}?as_of=2025-03-31")
    assert "As of 31 March 2025" in text
    assert "In progress 01.03.2025" in text
    assert "Қосылған үй, houses 310 12 01.03.2025 3.9 %" in text
    assert "30.09.2025 183 days left" in text
    for later in ("Бітті", "31.10.2025", "Confirmed on site", "Save the report"):
        assert later not in text


@pytest.mark.parametrize("asked", ["2025-06-17", "31.31.2025", "yesterday"])
def test_a_day_that_cannot_be_shown_is_said_and_today_is_shown(cast, measure, as_user, asked):
    response = as_user(cast.people.chair).get(measure.get_absolute_url(), {"as_of": asked})

    assert response.status_code == 200
    assert response.context["day_form"].errors["as_of"]
    assert response.context["card"].day == cast.today


def test_links_of_a_past_card_keep_the_day(cast, measure, report, as_user):
    report(Status.IN_PROGRESS, day("2025-03-01"))
    source = as_user(cast.people.chair).get(f"{measure.get_absolute_url()}?as_of=2025-05-01").content.decode()

    links = [link for link in re.findall(r'href="([^"]+)"', source) if "show=" in link or "branch=" in link]
    assert len(links) >= 3
    assert all("as_of=2025-05-01" in link for link in links)


def test_before_its_roadmap_was_approved_the_measure_was_not_there(cast, measure, page):
    text = page(cast.people.chair, f"{measure.get_absolute_url()}?as_of=2025-01-14")

    assert "The measure was not in a roadmap yet" in text
    assert "Nothing was known of it on this day." in text


def test_a_measure_carried_from_year_to_year(cast, page, card):
    chain = []
    for year in (2022, 2023, 2024):
        roadmap = Roadmap.objects.create(
            programme=cast.programme, branch=cast.own, year=year, approved_on=dt.date(year, 1, 15)
        )
        chain.append(cast.add_measure(roadmap=roadmap, previous=chain[-1] if chain else None))
    last = cast.add_measure(previous=chain[-1])

    text = page(cast.people.chair, last.get_absolute_url())
    assert "in the roadmaps of 4 years: 2022 , 2023 , 2024 , 2025" in text
    assert f"Last year's measure {chain[-1].number}." in text
    first = measure_card(measures_with_their_place().get(pk=chain[0].pk), dt.date(2022, 6, 1), stale_after=STALE_AFTER)
    assert first.later is None  # the next year's roadmap was not approved yet


def test_a_measure_of_a_replaced_version_says_so(cast, measure, page):
    Roadmap.objects.create(
        programme=cast.programme, branch=cast.own, year=2025, version=2, approved_on=dt.date(2025, 6, 1)
    )

    assert "Version 2 of the roadmap is in force since 1 June 2025" in page(
        cast.people.chair, measure.get_absolute_url()
    )
    assert "Version 2" not in page(cast.people.chair, f"{measure.get_absolute_url()}?as_of=2025-05-31")


def test_the_card_and_the_list_agree_on_every_day(cast, measure, report, verify, card):
    verify(report(Status.DONE, day("2025-02-10")), Verdict.CONFIRMS, day("2025-02-12"))
    report(Status.IN_PROGRESS, day("2025-03-01"), at_risk=True, delay_reason=DelayReason.FUNDING)
    actions.move_deadline(
        measure=measure,
        by=cast.people.coordinator,
        today=day("2025-04-01"),
        new_deadline=day("2025-05-10"),
        reason=DelayReason.SUPPLY,
    )
    verify(report(Status.DONE, day("2025-05-20")), Verdict.REFUTES, day("2025-05-25"))
    report(Status.NOT_DONE, day("2025-06-01"))

    for days in range(140):
        that_day = day("2025-01-20") + dt.timedelta(days=days)
        listed, shown = Measure.objects.as_of(that_day, STALE_AFTER).get(pk=measure.pk), card(that_day)
        assert shown.status == listed.day_status
        assert shown.deadline.day == listed.day_deadline
        assert (shown.is_open, shown.is_at_risk, shown.is_stale, shown.deadline.is_overdue) == (
            listed.is_open,
            listed.is_at_risk,
            listed.is_stale,
            listed.is_overdue,
        )
        assert (shown.confirmation.state == "confirmed") == listed.is_confirmed
        assert (shown.confirmation.state == "refuted") == listed.is_returned


def test_samples_are_marked_and_explained(cast, measure, page):
    assert "sample" not in page(cast.people.chair, measure.get_absolute_url())
    Measure.objects.filter(pk=measure.pk).update(is_sample=True)

    text = page(cast.people.chair, measure.get_absolute_url())
    assert f"Measure {measure.number} sample" in text
    assert "What is marked “sample” is sample data" in text


def test_the_number_of_queries_does_not_grow_with_the_history(cast, measure, as_user, report):
    houses, wear = measure.indicators.all()
    client = as_user(cast.people.coordinator)

    def queries():
        with CaptureQueriesContext(
            connection,
        ) as captured:
            client.get(measure.get_absolute_url())
        return len(captured)

    for number in range(3):
        report(Status.IN_PROGRESS, day("2025-03-01"), facts={houses: Decimal(number), wear: Decimal(70)})
    few = queries()
    for number in range(57):
        report(Status.IN_PROGRESS, day("2025-03-01"), facts={houses: Decimal(number), wear: Decimal(70)})
    assert queries() == few


# --- control: sites, posts, visits, recommendations ------------------------------------------------------------------
@pytest.fixture
def site(cast, measure):
    """The site on which the measure is carried out, registered in February."""
    return cast.add_site(name="Газ құбыры", measures=[measure])


@pytest.fixture
def visit(cast):
    """`visit(site, day)`: control is on a site."""

    def go(site, on=cast.today, **said):
        said.setdefault("readiness", 40)
        return actions.record_visit(site=site, by=cast.people.controller, today=on, **said)

    return go


@pytest.fixture
def recommend(cast, measure):
    """`recommend(day)`: control recommends something about the measure."""

    def issue(on=cast.today, *, about=measure, text="Кестені қайта қарау"):
        advice = Advice(text=text, addressee="Мердігер", due_on=on + dt.timedelta(days=20), measure=about)
        return actions.issue_recommendation(
            branch=cast.own, by=cast.people.controller, today=on, monitoring="мониторинг", advice=advice
        )

    return issue


def test_the_card_leads_to_its_sites_their_posts_and_the_last_visit(cast, measure, site, visit, reader, page, card):
    assert "Sites Газ құбыры Under construction nobody has been there yet no control post" in page(
        cast.people.chair, measure.get_absolute_url()
    )

    post = cast.add_post(site, today=day("2025-03-03"))
    visit(site, day("2025-05-20"), readiness=35)
    last = visit(site, day("2025-06-02"), readiness=40).visit
    visit(site, day("2025-06-10"), readiness=20, visited_on=day("2025-04-01"))  # entered late, of an earlier day

    (place,) = card().places
    assert (place.site, place.state, place.last_visit, list(place.posts)) == (
        site,
        SiteState.CONSTRUCTION,
        last,
        [post],
    )
    text = page(cast.people.chair, measure.get_absolute_url())
    assert (
        "Under construction 40 % ready, seen on 02.06.2025 Post No. 1, own ауданы (en) : open since 03.03.2025" in text
    )
    source = reader(cast.people.chair).get(measure.get_absolute_url()).content.decode()
    for row in (site, post, last):
        assert f'href="{row.get_absolute_url()}"' in source


def test_a_post_is_told_as_it_stood_on_the_day(cast, measure, site, page):
    post = cast.add_post(site, today=day("2025-03-03"))
    by = cast.people.controller
    actions.close_post(post=post, by=by, today=day("2025-04-04"), reason=ClosingReason.TRANSFERRED)
    second = cast.add_post(site, today=day("2025-04-05"))
    actions.close_post(post=second, by=by, today=day("2025-05-05"), reason=ClosingReason.TRANSFERRED)
    actions.reopen_post(post=post, by=by, today=day("2025-05-06"), note="қайтарылды")

    said = {
        "2025-03-01": ["no control post"],
        "2025-03-03": ["No. 1, own ауданы (en) : open since 03.03.2025"],
        "2025-04-04": ["No. 1, own ауданы (en) : closed on 04.04.2025"],
        "2025-04-05": [
            "No. 1, own ауданы (en) : closed on 04.04.2025",
            "No. 2, own ауданы (en) : open since 05.04.2025",
        ],
        "2025-05-06": [
            "No. 1, own ауданы (en) : reopened on 06.05.2025",
            "No. 2, own ауданы (en) : closed on 05.05.2025",
        ],
    }
    for as_of, posts in said.items():
        text = page(cast.people.chair, f"{measure.get_absolute_url()}?as_of={as_of}")
        assert [post for post in posts if post in text] == posts, as_of


def test_the_card_of_a_past_day_knows_no_later_control(cast, measure, site, visit, recommend, follow_up, page, card):
    visit(site, day("2025-05-10"), readiness=33, findings=[Found(Severity.MINOR, "бояу")])
    advice = recommend(day("2025-05-12"))
    follow_up(advice, day("2025-05-14"))
    actions.set_site_state(
        site=site, by=cast.people.controller, today=day("2025-05-20"), state=SiteState.COMMISSIONED, note="№ 5 акт"
    )

    def known(as_of):
        shown = card(day(as_of))
        places = [(place.state, place.last_visit and place.last_visit.readiness) for place in shown.places]
        return places, len(shown.told("visits")), len(shown.told("recommendations"))

    assert known("2025-02-02") == ([], 0, 0)  # the site was registered on the third
    assert known("2025-02-03") == ([(SiteState.CONSTRUCTION, None)], 0, 0)
    assert known("2025-05-10") == ([(SiteState.CONSTRUCTION, 33)], 1, 0)
    assert known("2025-05-12") == ([(SiteState.CONSTRUCTION, 33)], 1, 1)
    assert known("2025-05-14") == ([(SiteState.CONSTRUCTION, 33)], 1, 2)
    assert known("2025-05-20") == ([(SiteState.COMMISSIONED, 33)], 1, 2)
    text = page(cast.people.controller, f"{measure.get_absolute_url()}?as_of=2025-05-20")
    assert "Record a visit" not in text


@pytest.fixture
def follow_up(cast):
    """`follow_up(recommendation, day)`: the secretary says that it is done."""

    def say(recommendation, on, state=RecommendationState.DONE):
        by = cast.people.secretary
        return actions.follow_recommendation(recommendation=recommendation, by=by, today=on, state=state, note="")

    return say


def test_control_is_told_in_the_one_story(cast, measure, site, visit, recommend, follow_up, report, page, card):
    claim = report(Status.DONE, day("2025-05-09"))
    visit(
        site,
        day("2025-05-10"),
        judgements=[Judgement(claim, Verdict.CONFIRMS)],
        advice=[Advice(text="Қоршау қою", addressee="Мердігер", due_on=day("2025-06-01"), measure=measure)],
    )
    advice = recommend(day("2025-05-11"))
    follow_up(advice, day("2025-05-12"))
    actions.verify_recommendation(recommendation=advice, by=cast.people.controller, today=day("2025-05-13"))
    other = cast.add_measure()
    visit(cast.add_site(measures=[other]), day("2025-05-14"))
    recommend(day("2025-05-14"), about=other)

    shown = card()
    assert [(event.kind, event.day, event.role != "") for event in shown.story] == [
        ("recommendations", day("2025-05-13"), True),
        ("recommendations", day("2025-05-12"), True),
        ("recommendations", day("2025-05-11"), True),
        ("verifications", day("2025-05-10"), True),
        ("recommendations", day("2025-05-10"), True),
        ("visits", day("2025-05-10"), True),
        ("reports", day("2025-05-09"), True),
        ("entered", day("2025-01-15"), False),
    ]
    assert [(name, count) for name, _label, count in shown.tabs] == [
        ("", 8),
        ("reports", 1),
        ("verifications", 1),
        ("visits", 1),
        ("recommendations", 4),
    ]
    text = page(cast.people.chair, f"{measure.get_absolute_url()}?show=recommendations")
    assert "Кестені қайта қарау" in text and "Қоршау қою" in text and "Report: done" not in text
    text = page(cast.people.chair, f"{measure.get_absolute_url()}?show=visits")
    assert "Visit: readiness 40 %" in text and "Controller, party-control inspector" in text


def test_a_proposal_of_a_council_about_the_measure_is_told(cast, measure, card):
    council = cast.add_body(kind=BodyKind.COUNCIL)
    actions.record_meeting(
        body=council,
        by=cast.people.secretary,
        today=day("2025-05-05"),
        held_on=day("2025-05-05"),
        agenda=[actions.Point("Газ")],
        advice=[Advice(text="Ұсыныс", addressee="Әкімдік", due_on=day("2025-07-01"), measure=measure)],
    )
    (event,) = card().told("recommendations")
    assert (event.row.is_of_council, event.role) == (True, str(Role.SECRETARY.label))


def test_a_visit_to_one_of_several_sites_says_to_which(cast, measure, site, visit, page):
    visit(site, day("2025-05-10"))
    assert page(cast.people.chair, measure.get_absolute_url()).count("Газ құбыры") == 1  # among its sites only
    cast.add_site(name="Бөлу торабы", measures=[measure])
    assert page(cast.people.chair, measure.get_absolute_url()).count("Газ құбыры") == 2


def test_a_verdict_of_a_visit_names_it_everywhere(cast, measure, site, visit, report, reader, page):
    claim = report(Status.DONE, day("2025-06-10"))
    confirming = visit(site, day("2025-06-11"), judgements=[Judgement(claim, Verdict.CONFIRMS)]).visit
    source = reader(cast.people.chair).get(measure.get_absolute_url()).content.decode()
    assert source.count(f'href="{confirming.get_absolute_url()}"') == 4  # state, site, verification, visit
    text = page(cast.people.chair, measure.get_absolute_url())
    assert "Confirmed on the visit of 11.06.2025 , Controller, party-control inspector" in text
    assert "Confirmed on site Of the report of 10.06.2025, on the visit of 11.06.2025 . Controller" in text
    verifying = page(cast.people.controller, reverse("roadmap:report_verify", args=[claim.pk]))
    assert "Confirmed on the visit of 11.06.2025 , Controller" in verifying
    assert "The report was confirmed on 11.06.2025 already" in verifying

    visit(site, day("2025-06-12"), judgements=[Judgement(claim, Verdict.REFUTES, "14 үй қосылмаған")])
    text = page(cast.people.secretary, measure.get_absolute_url())
    assert "Not confirmed on the visit of 12.06.2025 , Controller" in text
    assert "on the visit of 12.06.2025 . 14 үй қосылмаған The measure was returned" in text
    assert "Returned by control: 12.06.2025. «14 үй қосылмаған»" in page(
        cast.people.secretary, reverse("roadmap:today")
    )


def test_a_visit_is_offered_to_who_may_record_one(cast, measure, site, as_user):
    address = reverse("roadmap:visit_record", args=[site.pk])

    def offered(person):
        return as_user(getattr(cast.people, person)).get(measure.get_absolute_url()).content.decode().count(address)

    assert {person: offered(person) for person in ("controller", "coordinator", "secretary", "chair")} == {
        "controller": 2,  # beside the verdict and beside the site
        "coordinator": 0,
        "secretary": 0,
        "chair": 0,
    }


def test_of_several_sites_one_chooses_and_what_is_given_up_is_not_visited(cast, measure, site, as_user):
    second, third = cast.add_site(measures=[measure]), cast.add_site(measures=[measure])
    actions.set_site_state(
        site=third, by=cast.people.controller, today=cast.today, state=SiteState.CANCELLED, note="қаржы жоқ"
    )
    source = as_user(cast.people.controller).get(measure.get_absolute_url()).content.decode()
    offered = [source.count(reverse("roadmap:visit_record", args=[each.pk])) for each in (site, second, third)]
    assert offered == [1, 1, 0]
    assert 'href="#sites"' in source and 'id="sites"' in source


def test_samples_among_its_sites_are_explained(cast, measure, site, card):
    assert not card().has_samples
    type(site).objects.filter(pk=site.pk).update(is_sample=True)
    assert card().has_samples


def test_the_number_of_queries_does_not_grow_with_control(cast, measure, site, visit, recommend, follow_up, as_user):
    client = as_user(cast.people.controller)

    def more(times):
        for _each in range(times):
            found = [Found(Severity.MINOR, "бояу")]
            visit(site, readiness=40, findings=found)
            other = cast.add_site(measures=[measure])
            cast.add_post(other)
            visit(other, readiness=40)
            follow_up(recommend(), cast.today)

    def queries():
        client.get(measure.get_absolute_url())
        with CaptureQueriesContext(connection) as captured:
            client.get(measure.get_absolute_url())
        return len(captured)

    more(2)
    few = queries()
    more(20)
    assert queries() == few


# --- who may do what -------------------------------------------------------------------------------------------------
WAYS = {
    "report": {Role.SECRETARY, Role.COORDINATOR},
    "correct": {Role.COORDINATOR},
    "deadline": {Role.COORDINATOR},
    "verify": {Role.CONTROLLER},
}


@pytest.fixture
def addresses(measure, report):
    """The addresses of what can be done with the measure, whose last report says done."""
    claim = report(Status.DONE, day("2025-06-10"))
    return {
        "report": report_address(measure),
        "deadline": reverse("roadmap:measure_deadline", args=[measure.pk]),
        "correct": reverse("roadmap:report_correct", args=[claim.pk]),
        "verify": reverse("roadmap:report_verify", args=[claim.pk]),
    }


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("role", Role)
def test_who_sees_but_may_not_is_refused(cast, addresses, as_user, written, role, way):
    client, before = as_user(getattr(cast.people, role)), written()

    expected = 200 if role in WAYS[way] else 403
    assert client.get(addresses[way]).status_code == expected
    assert client.post(addresses[way], {}).status_code == expected
    assert written() == before


@pytest.mark.parametrize("person", ["other_secretary", "nobody"])
def test_what_is_not_yours_is_not_there(cast, measure, addresses, as_user, written, person):
    client, before = as_user(getattr(cast.people, person)), written()

    assert client.get(measure.get_absolute_url()).status_code == 404
    for address in addresses.values():
        assert client.get(address).status_code == 404
        assert client.post(address, {"status": "done"}).status_code == 404
    assert written() == before


@pytest.mark.parametrize(
    ("person", "offered"),
    [
        ("secretary", {"report"}),
        ("coordinator", {"report", "correct"}),  # the deadline of what is done is not moved
        ("controller", {"verify"}),
        ("chair", set()),
        ("observer", set()),
        ("reception", set()),
        ("administrator", set()),
    ],
)
def test_the_card_offers_what_the_reader_may_do(cast, measure, addresses, as_user, person, offered):
    source = as_user(getattr(cast.people, person)).get(measure.get_absolute_url()).content.decode()

    assert {way for way, address in addresses.items() if f'"{address}"' in source} == offered


def test_an_open_measure_can_be_moved_and_not_verified(cast, measure, report, as_user):
    last = report(Status.IN_PROGRESS)
    source = as_user(cast.people.coordinator).get(measure.get_absolute_url()).content.decode()
    assert reverse("roadmap:measure_deadline", args=[measure.pk]) in source
    source = as_user(cast.people.controller).get(measure.get_absolute_url()).content.decode()
    assert reverse("roadmap:report_verify", args=[last.pk]) not in source


# --- reporting -------------------------------------------------------------------------------------------------------
def test_a_report_with_facts_and_risk_is_kept(cast, measure, reader):
    houses, wear = measure.indicators.all()
    client = reader(cast.people.secretary)
    typed = form_of(client.get(measure.get_absolute_url()))
    typed |= {
        "status": "in_progress",
        "reported_on": "10.06.2025",
        "note": "  Құбыр тартылды  ",
        "at_risk": "on",
        "delay_reason": "supply",
        f"fact_{houses.pk}": "1 120",
        f"fact_{wear.pk}": "70,5",
    }

    response = client.post(report_address(measure), typed, follow=True)

    assert response.redirect_chain == [(measure.get_absolute_url(), 302)]
    assert [str(message) for message in response.context["messages"]] == ["The report is saved: “in progress”."]
    report = measure.statusreports.get()
    assert (report.status, report.note, report.at_risk, report.delay_reason) == (
        "in_progress",
        "Құбыр тартылды",
        True,
        "supply",
    )
    assert (report.reported_on, report.entered_on) == (dt.date(2025, 6, 10), cast.today)
    assert list(report.facts.values_list("indicator", "value")) == [(houses.pk, 1120), (wear.pk, Decimal("70.5"))]


def test_the_form_starts_from_what_is_known(cast, measure, report, reader):
    houses, _wear = measure.indicators.all()
    last = report(Status.IN_PROGRESS, day("2025-06-01"), facts={houses: Decimal("1120.5")})
    response = reader(cast.people.secretary).get(measure.get_absolute_url())

    typed = form_of(response)
    assert (typed["status"], typed["reported_on"], typed["seen"]) == ("in_progress", cast.today, last.pk)
    assert "Last: 1,120.5, 01.06.2025." in response.context["form"].fields[f"fact_{houses.pk}"].help_text.replace(
        "\xa0", ","
    )


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"status": ""}, "status"),
        ({"status": "moved"}, "status"),
        ({"status": "removed"}, "status"),
        ({"reported_on": ""}, "reported_on"),
        ({"reported_on": "30.02.2025"}, "reported_on"),
        ({"reported_on": "2025-06-17"}, "reported_on"),  # tomorrow
        ({"reported_on": "2025-04-30"}, "reported_on"),  # before the last report
        ({"status": "not_done", "note": "  "}, "note"),
        ({"note": "ұ" * 2001}, "note"),
        ({"at_risk": "on", "delay_reason": ""}, "delay_reason"),
        ({"at_risk": "on", "delay_reason": "laziness"}, "delay_reason"),
        ({"houses": "көп"}, "houses"),
        ({"houses": "-5"}, "houses"),
        ({"houses": "1e3"}, "houses"),
        ({"houses": "1.2.3"}, "houses"),
        ({"houses": "0,1234"}, "houses"),
        ({"houses": "9" * 16}, "houses"),
        ({"seen": "x"}, "seen"),
        ({"submission": "x"}, "submission"),
    ],
)
def test_a_refusal_stands_beside_its_field_and_nothing_is_lost_or_changed(
    cast, measure, report, as_user, written, typed, field
):
    report(Status.IN_PROGRESS, day("2025-05-01"))
    houses = measure.indicators.first()
    client, before = as_user(cast.people.secretary), written()
    kept = form_of(client.get(report_address(measure))) | {
        "note": "Құбыр тартылды",
        "reported_on": "2025-06-10",
        f"fact_{houses.pk}": "310",
    }
    sent = kept | {f"fact_{houses.pk}" if name == "houses" else name: value for name, value in typed.items()}

    response = client.post(report_address(measure), sent)

    assert response.status_code == 200
    assert list(errors_of(response)) == [f"fact_{houses.pk}" if field == "houses" else field]
    assert written() == before
    form = response.context["form"]
    assert {name: form[name].value() for name in sent if name != "at_risk"} == {
        name: str(value) if name == "seen" else value for name, value in sent.items() if name != "at_risk"
    }


def test_all_errors_are_told_at_once(cast, measure, as_user):
    houses = measure.indicators.first()
    client = as_user(cast.people.secretary)

    typed = {"status": "not_done", "reported_on": "2025-06-17", "at_risk": "on", f"fact_{houses.pk}": "көп"}
    response = client.post(report_address(measure), typed)
    assert set(errors_of(response)) == {"note", "reported_on", "delay_reason", f"fact_{houses.pk}"}
    response = client.post(report_address(measure), typed | {"status": "done"})  # what is done is not at risk
    assert set(errors_of(response)) == {"reported_on", f"fact_{houses.pk}"}


def test_an_error_is_tied_to_its_control_and_told_above_the_form(cast, measure, reader):
    client = reader(cast.people.secretary)
    source = client.post(report_address(measure), {"status": "not_done", "reported_on": "2025-06-10"}).content.decode()

    assert 'role="alert"' in source
    assert "Write the reason: “not done” is not saved without a note." in source
    assert re.search(r'<textarea[^>]+aria-invalid="true"[^>]+aria-describedby="id_note_error"', source)


def test_a_double_click_makes_one_report_and_says_the_same(cast, measure, as_user):
    client = as_user(cast.people.secretary)
    typed = form_of(client.get(measure.get_absolute_url())) | {"status": "in_progress", "note": "бір рет"}

    said = []
    for _press in range(2):
        response = client.post(report_address(measure), typed, follow=True)
        said.append([str(message) for message in response.context["messages"]])

    assert measure.statusreports.count() == 1
    assert said[0] == said[1]


@pytest.mark.parametrize("changed", ["status", "note", "reported_on", "fact", "at_risk"])
def test_going_back_and_saving_anything_else_is_a_second_report(cast, measure, as_user, changed):
    houses = measure.indicators.first()
    client = as_user(cast.people.secretary)
    typed = form_of(client.get(measure.get_absolute_url())) | {
        "status": "in_progress",
        "note": "бір",
        "reported_on": "2025-06-01",
        f"fact_{houses.pk}": "1",
    }
    other = {
        "status": {"status": "not_started"},
        "note": {"note": "екі"},
        "reported_on": {"reported_on": "2025-06-02"},
        "fact": {f"fact_{houses.pk}": "2"},
        "at_risk": {"at_risk": "on", "delay_reason": "land"},
    }[changed]

    for said in (typed, typed | other):
        assert client.post(report_address(measure), said).status_code == 302

    assert measure.statusreports.count() == 2


def test_who_reported_meanwhile_is_told_and_both_are_kept(cast, measure, report, reader):
    client = reader(cast.people.secretary)
    typed = form_of(client.get(measure.get_absolute_url())) | {"status": "in_progress"}
    report(Status.NOT_STARTED, by=cast.people.coordinator)

    response = client.post(report_address(measure), typed, follow=True)

    kept, warned = response.context["messages"]
    assert (kept.level_tag, warned.level_tag) == ("success", "warning")
    assert "Coordinator" in str(warned)
    assert "not started" in str(warned)
    assert list(measure.statusreports.values_list("status", flat=True)) == ["not_started", "in_progress"]


# --- correcting ------------------------------------------------------------------------------------------------------
def test_a_correction_starts_from_the_wrong_report_and_replaces_its_numbers(cast, measure, report, as_user):
    houses = measure.indicators.first()
    wrong = report(Status.DONE, day("2025-06-10"), facts={houses: Decimal("3220")})
    client = as_user(cast.people.coordinator)
    address = reverse("roadmap:report_correct", args=[wrong.pk])
    typed = form_of(client.get(address))
    assert (typed["status"], typed["reported_on"]) == ("done", dt.date(2025, 6, 10))
    assert typed[f"fact_{houses.pk}"].replace("\xa0", "") == "3220"

    refused = client.post(address, typed | {f"fact_{houses.pk}": "", "note": "артық нөл"})
    assert list(errors_of(refused)) == [f"fact_{houses.pk}"]  # a number cannot be taken back
    kept = client.post(address, typed | {f"fact_{houses.pk}": "322", "note": "артық нөл"})

    assert kept.status_code == 302
    correction = measure.statusreports.last()
    assert (correction.corrects, correction.status, correction.note) == (wrong, "done", "артық нөл")
    assert list(correction.facts.values_list("indicator", "value")) == [(houses.pk, 322)]


def test_a_correction_needs_a_reason_and_can_remove_from_control(cast, measure, report, as_user, written):
    wrong = report(Status.IN_PROGRESS, day("2025-06-10"))
    client, address = as_user(cast.people.coordinator), reverse("roadmap:report_correct", args=[wrong.pk])
    typed = form_of(client.get(address)) | {"status": "removed"}
    before = written()

    assert list(errors_of(client.post(address, typed))) == ["note"]
    assert written() == before
    assert client.post(address, typed | {"note": "қаулымен алынды"}).status_code == 302
    measure.refresh_from_db()
    assert measure.status == Status.REMOVED


def test_only_the_last_report_is_corrected(cast, measure, report, as_user, written):
    first = report(Status.IN_PROGRESS, day("2025-06-01"))
    report(Status.IN_PROGRESS, day("2025-06-10"))
    client, address = as_user(cast.people.coordinator), reverse("roadmap:report_correct", args=[first.pk])
    before = written()

    assert b'name="status"' not in client.get(address).content
    refused = client.post(address, {"status": "done", "note": "қате", "reported_on": "2025-06-01"})
    assert errors_of(refused)["__all__"]
    assert written() == before


# --- the deadline ----------------------------------------------------------------------------------------------------
def test_a_deadline_is_moved_with_its_reason(cast, measure, as_user):
    client, address = as_user(cast.people.coordinator), reverse("roadmap:measure_deadline", args=[measure.pk])
    typed = form_of(client.get(address)) | {"new_deadline": "31.10.2025", "reason": "supply", "document": "№ 12 хат"}

    for _press in range(2):
        assert client.post(address, typed).status_code == 302

    change = DeadlineChange.objects.get()
    assert (change.old_deadline, change.new_deadline, change.reason, change.document) == (
        day("2025-09-30"),
        day("2025-10-31"),
        "supply",
        "№ 12 хат",
    )


def test_a_deadline_after_the_year_is_explained_before_and_after(cast, measure, reader):
    client = reader(cast.people.coordinator)
    address = reverse("roadmap:measure_deadline", args=[measure.pk])
    assert "A day after the end of 2025 takes the measure out" in client.get(address).content.decode()

    response = client.post(address, {"new_deadline": "2026-03-01", "reason": "funding"}, follow=True)

    (message,) = response.context["messages"]
    assert "the measure now counts as “deadline moved”" in str(message)
    measure.refresh_from_db()
    assert measure.status == Status.MOVED


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"new_deadline": ""}, "new_deadline"),
        ({"new_deadline": "ертең"}, "new_deadline"),
        ({"new_deadline": "2025-09-30"}, "new_deadline"),  # the deadline already
        ({"reason": ""}, "reason"),
        ({"reason": "laziness"}, "reason"),
        ({"document": "ұ" * 301}, "document"),
    ],
)
def test_a_refused_deadline_says_why(cast, measure, as_user, written, typed, field):
    client, address = as_user(cast.people.coordinator), reverse("roadmap:measure_deadline", args=[measure.pk])
    before = written()

    response = client.post(address, {"new_deadline": "2025-10-31", "reason": "supply", "note": "сақталсын"} | typed)

    assert list(errors_of(response)) == [field]
    assert response.context["form"]["note"].value() == "сақталсын"
    assert written() == before


def test_the_deadline_of_a_closed_measure_is_not_offered(cast, measure, report, as_user, written):
    report(Status.DONE)
    client, address = as_user(cast.people.coordinator), reverse("roadmap:measure_deadline", args=[measure.pk])
    before = written()

    assert b'name="new_deadline"' not in client.get(address).content
    client.post(address, {"new_deadline": "2025-10-31", "reason": "supply"})
    assert written() == before


# --- verifying -------------------------------------------------------------------------------------------------------
SEEN = {"verdict": "confirms", "seen_on": "2025-06-12", "basis": "нысанға бару"}


def test_the_claim_is_shown_to_who_verifies_it(cast, measure, report, page):
    houses = measure.indicators.first()
    claim = report(Status.DONE, day("2025-06-10"), note="Бәрі дайын", facts={houses: Decimal(310)})

    text = page(cast.people.controller, reverse("roadmap:report_verify", args=[claim.pk]))
    for word in ("Report: done", "Бәрі дайын", "Қосылған үй: 310.", "Secretary, executive secretary", "10.06.2025"):
        assert word in text
    assert "No evidence files are attached." in text
    assert "A refutation returns the measure to “in progress” at once" in text


def test_a_confirmation_is_made_once(cast, measure, report, as_user):
    claim = report(Status.DONE, day("2025-06-10"))
    client, address = as_user(cast.people.controller), reverse("roadmap:report_verify", args=[claim.pk])
    typed = form_of(client.get(address)) | SEEN

    for _press in range(2):
        assert client.post(address, typed).status_code == 302

    verification = Verification.objects.get()
    assert (verification.report, verification.author, verification.seen_on) == (
        claim,
        cast.people.controller,
        day("2025-06-12"),
    )


def test_a_refutation_returns_the_measure(cast, measure, report, as_user):
    claim = report(Status.DONE, day("2025-06-10"))
    client, address = as_user(cast.people.controller), reverse("roadmap:report_verify", args=[claim.pk])

    response = client.post(address, SEEN | {"verdict": "refutes", "note": "14 үй қосылмаған"})

    assert (response.status_code, response.url) == (302, measure.get_absolute_url())
    measure.refresh_from_db()
    assert measure.status == Status.IN_PROGRESS
    assert Verification.objects.get().outcome == measure.statusreports.last()


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"verdict": ""}, "verdict"),
        ({"verdict": "perhaps"}, "verdict"),
        ({"verdict": "refutes"}, "note"),
        ({"basis": " "}, "basis"),
        ({"basis": "ұ" * 301}, "basis"),
        ({"seen_on": ""}, "seen_on"),
        ({"seen_on": "2025-06-17"}, "seen_on"),  # tomorrow
        ({"seen_on": "2025-06-09"}, "seen_on"),  # before the day of the report
    ],
)
def test_a_refused_verdict_says_why(cast, measure, report, as_user, written, typed, field):
    claim = report(Status.DONE, day("2025-06-10"))
    client, before = as_user(cast.people.controller), written()

    response = client.post(reverse("roadmap:report_verify", args=[claim.pk]), SEEN | typed)

    assert list(errors_of(response)) == [field]
    assert written() == before


def test_what_is_confirmed_can_only_be_refuted(cast, measure, report, verify, as_user, written):
    claim = report(Status.DONE, day("2025-06-10"))
    verify(claim)
    client, address = as_user(cast.people.controller), reverse("roadmap:report_verify", args=[claim.pk])
    assert [value for value, _label in client.get(address).context["form"].fields["verdict"].choices] == ["refutes"]
    before = written()

    assert errors_of(client.post(address, SEEN))["__all__"]
    assert written() == before


@pytest.mark.parametrize("status", [Status.IN_PROGRESS, Status.NOT_STARTED, Status.NOT_DONE])
def test_what_is_not_claimed_is_not_verified(cast, measure, report, as_user, written, status):
    last = report(status, day("2025-06-10"))
    client, address = as_user(cast.people.controller), reverse("roadmap:report_verify", args=[last.pk])
    before = written()

    assert b'name="verdict"' not in client.get(address).content
    assert errors_of(client.post(address, SEEN))["__all__"]
    assert written() == before


def test_a_claim_that_was_reported_anew_is_not_verified(cast, measure, report, as_user, written):
    claim = report(Status.DONE, day("2025-06-10"))
    report(Status.DONE, day("2025-06-11"))
    client, address = as_user(cast.people.controller), reverse("roadmap:report_verify", args=[claim.pk])
    before = written()

    assert b'name="verdict"' not in client.get(address).content
    assert errors_of(client.post(address, SEEN))["__all__"]
    assert written() == before


def test_nobody_verifies_their_own_report(cast, measure, report, reader, written):
    both = cast.people.secretary
    Assignment.objects.create(user=both, role=Role.CONTROLLER, branch=cast.own)
    claim = report(Status.DONE, day("2025-06-10"))
    client, address = reader(both), reverse("roadmap:report_verify", args=[claim.pk])
    before = written()

    assert address not in client.get(measure.get_absolute_url()).content.decode()
    form_page = client.get(address).content.decode()
    assert "Nobody verifies their own report" in form_page
    assert 'name="verdict"' not in form_page
    assert errors_of(client.post(address, SEEN))["__all__"] == ["Nobody verifies their own report."]
    with pytest.raises(IntegrityError), transaction.atomic():
        Verification.objects.create(
            measure=measure,
            report=claim,
            author=both,
            reporter=both,
            verdict=Verdict.CONFIRMS,
            basis="өзім көрдім",
            seen_on=cast.today,
            entered_on=cast.today,
        )
    assert written() == before


# --- the way of a page -----------------------------------------------------------------------------------------------
@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_every_page_speaks_the_three_languages(cast, measure, addresses, reader, language):
    coordinator, controller = reader(cast.people.coordinator, language), reader(cast.people.controller, language)

    for client, address in (
        (coordinator, measure.get_absolute_url()),
        (coordinator, addresses["report"]),
        (coordinator, addresses["correct"]),
        (coordinator, addresses["deadline"]),
        (controller, addresses["verify"]),
    ):
        response = client.get(address)
        assert (response.status_code, response["Content-Language"]) == (200, language)


def test_a_note_is_shown_as_text(cast, measure, report, as_user):
    report(Status.IN_PROGRESS, note="<script>alert(1)</script>\nекінші жол")
    source = as_user(cast.people.chair).get(measure.get_absolute_url()).content.decode()

    assert "<script" not in source
    assert "&lt;script&gt;alert(1)&lt;/script&gt;<br>екінші жол" in source


def test_what_is_done_is_audited(cast, measure, as_user):
    client = as_user(cast.people.secretary)
    client.post(report_address(measure), {"status": "done", "reported_on": "2025-06-10", "submission": uuid.uuid4()})

    event = AuditEvent.objects.about(measure).get()
    assert (event.actor, event.action) == ("secretary", "measure.report")
    assert StatusReport.objects.get().author == cast.people.secretary
