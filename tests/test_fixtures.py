"""The shipped fixtures: what the code builds, what both databases accept, and what the two texts say."""

import datetime as dt
import itertools
import re
from collections import Counter
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db.models import F, Q

from branches.choices import Permission
from branches.metrics import has_control_digit
from branches.models import (
    Assignment,
    Branch,
    ConsentText,
    District,
    Locality,
    Maslikhat,
    OfficeHolder,
    PartyProject,
    ProjectIndicator,
    Region,
    Topic,
    User,
)
from roadmap.choices import IN_USE, NEXT_STATES, PLAIN_STATES, Budget, RecommendationState, SiteState, Status
from roadmap.dashboards.control import control_counts, scope_of
from roadmap.management.commands import build_fixtures
from roadmap.management.demonstration.calendar import is_working
from roadmap.management.demonstration.control_fields import COUNCILS
from roadmap.management.demonstration.control_plan import ALLOTMENT
from roadmap.management.demonstration.people import inspector_of
from roadmap.management.demonstration.schedule import LAST_DAY
from roadmap.management.demonstration.sources import SAMPLE
from roadmap.metrics import Tally
from roadmap.models import (
    AgendaItem,
    Body,
    ControlPost,
    DeadlineChange,
    Direction,
    Finding,
    FundingLine,
    IndicatorFact,
    Measure,
    MeasureIndicator,
    Meeting,
    MeetingAnnulment,
    PostChange,
    Programme,
    Recommendation,
    RecommendationStep,
    Roadmap,
    Site,
    SiteStateChange,
    SiteVisit,
    StatusReport,
    Verification,
)

pytestmark = pytest.mark.django_db

OBLAST = "kyzylorda-oblast"
SUNDAY = dt.date(2026, 11, 22)
HISTORY = (StatusReport, DeadlineChange, Verification)
ENTERED = (  # of control and councils, everything that somebody typed
    Site,
    SiteStateChange,
    ControlPost,
    PostChange,
    SiteVisit,
    Meeting,
    MeetingAnnulment,
    Recommendation,
    RecommendationStep,
)
OF_DAYS = [  # when the figures of control are recounted: ends of quarters, a day on which nothing had begun, others
    (2024, dt.date(2024, 1, 8)),
    (2024, dt.date(2024, 3, 31)),
    (2024, dt.date(2024, 6, 30)),
    (2024, dt.date(2024, 9, 30)),
    (2024, dt.date(2024, 11, 13)),
    (2024, dt.date(2024, 12, 31)),
    (2024, dt.date(2025, 6, 30)),
    (2025, dt.date(2025, 2, 12)),
    (2025, dt.date(2025, 12, 31)),
    (2026, dt.date(2026, 6, 30)),
    (2026, dt.date(2026, 11, 20)),
]
PUBLISHED = {  # of the briefing of 2024
    "gasified_settlements": "15",
    "village_gas_coverage": "78",
    "credit_houses": "16",
    "credit_flats": "904",
    "left_bank_houses": "6",
    "purchased_flats": "1944",
    "emergency_replacement_flats": "123",
    "housing_commissioned": "866.8",
    "sport_facilities": "4",
    "schools": "10",
    "school_places": "6900",
    "rural_hospital_beds": "40",
}


def fixture_files():
    folder = Path(settings.BASE_DIR) / "fixtures"
    return [folder / "reference.json", *sorted(folder.glob("demonstration_*"))]


@pytest.fixture(autouse=True)
def _standing_on_the_fixtures(demonstration, db):
    """Each test changes what it likes inside a savepoint of its own."""


def tally(slug, year, day=None):
    measures = Measure.objects.filter(roadmap__branch__slug=slug, roadmap__year=year)
    return Tally.of(measures.as_of(day or dt.date(year, 12, 31), 30).counted_by())


# --- built by code ---------------------------------------------------------------------------------------------------
def test_the_fixtures_are_what_the_code_builds(capsys):
    call_command("build_fixtures", "--check")
    assert [line.split(":")[0] for line in capsys.readouterr().out.splitlines()] == [f.name for f in fixture_files()]


def test_a_drifted_fixture_is_named(settings, tmp_path):
    settings.BASE_DIR = tmp_path
    with pytest.raises(CommandError, match=r"reference\.json, demonstration_1_people\.json"):
        call_command("build_fixtures", "--check")


def test_what_is_written_is_what_is_checked(settings, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(build_fixtures, "fixtures", lambda: {"a.json": "[\n{}\n]\n", "b.json.xz": "[\n{}\n]\n"})
    settings.BASE_DIR = tmp_path
    call_command("build_fixtures")
    (tmp_path / "fixtures" / "forgotten.json").touch()
    with pytest.raises(CommandError, match=r"forgotten\.json"):
        call_command("build_fixtures", "--check")
    call_command("build_fixtures")
    call_command("build_fixtures", "--check")
    assert sorted(path.name for path in (tmp_path / "fixtures").iterdir()) == ["a.json", "b.json.xz"]
    assert (tmp_path / "fixtures" / "a.json").read_text() == "[\n{}\n]\n"
    assert "as built" in capsys.readouterr().out


def test_no_fixture_is_too_big_for_git():
    assert {file.name for file in fixture_files() if file.stat().st_size > 1_000_000} == set()


# --- reference data --------------------------------------------------------------------------------------------------
def test_the_oblast_along_its_river():
    assert Region.objects.get().kato == "430000000"
    assert list(District.objects.order_by("river_order").values_list("slug", "kato", "river_order")) == [
        ("aral", "433200000", 1),
        ("kazaly", "434400000", 2),
        ("baikonur", "431900000", 3),
        ("karmakshy", "434600000", 4),
        ("zhalagash", "433600000", 5),
        ("syrdarya", "434800000", 6),
        ("kyzylorda-city", "431000000", 7),
        ("shieli", "435200000", 8),
        ("zhanakorgan", "434000000", 9),
    ]
    assert set(Branch.objects.values_list("slug", flat=True)) == {
        OBLAST,
        *District.objects.values_list("slug", flat=True),
    }
    assert Locality.objects.filter(district__slug="syrdarya").count() == 14
    assert Locality.objects.filter(is_centre=True).count() == 7
    places = Counter(Locality.objects.values_list("district__slug", flat=True))
    assert places.pop("baikonur") == 1  # a city without villages
    assert min(places.values()) >= 10


def test_the_programme_and_its_directions():
    programme = Programme.objects.get()
    assert (programme.slug, programme.year_from, programme.year_until) == ("halykpen-birge", 2023, 2027)
    slugs = ["housing", "education", "health", "agriculture", "social", "jobs", "culture", "ecology"]
    assert list(Direction.objects.order_by("number").values_list("slug", flat=True)) == slugs


def test_every_reference_row_is_named_in_three_languages():
    reference = (Region, District, Locality, Branch, Programme, Direction, Body)
    for model in (*reference, Topic, PartyProject, ProjectIndicator, Maslikhat, ConsentText):
        assert not model.objects.filter(Q(name_kk="") | Q(name_ru="") | Q(name_en="")).exists()


def test_office_holders_are_those_of_the_texts():
    holders = OfficeHolder.objects.filter(is_sample=False)
    assert not holders.filter(source="").exists()
    assert sorted(holders.values_list("branch__slug", "position", "full_name")) == [
        (OBLAST, "chair", "Алмасбек Есмаханов"),
        (OBLAST, "chair", "Жандос Базартай"),
        ("syrdarya", "executive_secretary", "Ақтөре Ибрагимұлы"),
        ("syrdarya", "faction_leader", "Ақтөре Ибрагимұлы"),
    ]
    assert not OfficeHolder.objects.filter(is_sample=True).exclude(source=SAMPLE).exists()


def test_people_hold_every_role_and_cannot_log_in_yet():
    roles = dict(Assignment.objects.filter(region__isnull=False).values_list("user__username", "role"))
    assert roles == {
        "chair": "chair",
        "coordinator": "coordinator",
        "controller": "controller",
        "observer": "observer",
    }
    secretaries = Assignment.objects.filter(role="secretary").values_list("user__username", "branch__slug")
    assert sorted(secretaries) == sorted(
        (f"secretary-{slug}", slug) for slug in Branch.objects.values_list("slug", flat=True)
    )
    officers = Assignment.objects.filter(role="reception").values_list("user__username", "branch__slug")
    assert sorted(officers) == sorted(
        (f"reception-{slug}", slug) for slug in Branch.objects.values_list("slug", flat=True)
    )
    inspected = Assignment.objects.filter(role="controller", branch__isnull=False).values_list(
        "branch__slug", flat=True
    )
    assert sorted(inspected) == sorted(District.objects.values_list("slug", flat=True))
    assert not any(user.has_usable_password() or user.is_superuser for user in User.objects.all())
    assert User.objects.get(username="observer").language == "ru"


# --- the facts, counted and summed -----------------------------------------------------------------------------------
def test_the_oblast_of_2024():
    counted = tally(OBLAST, 2024)
    assert (counted.claimed.part, counted.claimed.whole, counted.claimed.percent) == (106, 116, Decimal("91.4"))
    assert counted.confirmed.part == 74
    assert {status: counted.count(status) for status in Status if status != Status.DONE} == {
        Status.IN_PROGRESS: 4,
        Status.NOT_STARTED: 1,
        Status.NOT_DONE: 2,
        Status.MOVED: 1,
        Status.REMOVED: 1,
        Status.NO_REPORT: 1,
    }
    rest = Measure.objects.filter(roadmap__branch__slug=OBLAST, roadmap__year=2024).exclude(status=Status.DONE)
    assert set(rest.values_list("is_sample", flat=True)) == {True}


def test_syrdarya_of_2025():
    counted = tally("syrdarya", 2025)
    assert (counted.claimed.part, counted.claimed.whole, counted.claimed.percent) == (38, 48, Decimal("79.2"))
    assert counted.count(Status.IN_PROGRESS) == 10


@pytest.mark.parametrize("key", PUBLISHED)
def test_published_quantities_are_sums_of_facts(key):
    facts = IndicatorFact.objects.filter(indicator__key=key)
    assert sum(fact.value for fact in facts) == Decimal(PUBLISHED[key])
    for fact in facts.select_related("report__measure__roadmap__branch", "indicator"):
        roadmap = fact.report.measure.roadmap
        assert (roadmap.branch.slug, roadmap.year, fact.report.status) == (OBLAST, 2024, Status.DONE)
        for row in (roadmap, fact.report.measure, fact.report, fact.indicator):
            assert not row.is_sample
            assert "брифинг" in row.source


def test_no_other_indicator_answers_at_the_machines_door():
    assert set(MeasureIndicator.objects.exclude(key="").values_list("key", flat=True)) == set(PUBLISHED)


@pytest.mark.parametrize(
    ("year", "word", "status", "money"),
    [
        (2024, "Шаған ауылын электр", Status.DONE, None),
        (2025, "Н.Ілиясов ауылын газдандыру", Status.DONE, (Budget.OBLAST, None, 661_400_000, "661,4 млн теңге")),
        (2025, "Қалжан ахун", Status.IN_PROGRESS, (Budget.OTHER, 490_500_000, None, "490,5 млн теңге")),
        (2025, "тозу деңгейін", Status.IN_PROGRESS, None),
    ],
)
def test_what_the_visit_to_syrdarya_names(year, word, status, money):
    measure = Measure.objects.get(
        roadmap__branch__slug="syrdarya", roadmap__year=year, title__contains=word, is_sample=False
    )
    assert "Сырдария ауданына сапары" in measure.source
    assert measure.status == status
    sums = measure.funding.values_list("budget", "planned", "allocated", "wording")
    assert list(sums) == ([money] if money else [])


def test_wear_of_networks_is_better_when_lower_and_its_baseline_is_sample():
    wear = MeasureIndicator.objects.get(better="lower")
    assert (wear.plan, wear.is_sample) == (68, True)
    assert wear.baseline > wear.plan


def test_what_no_text_names_is_marked_as_sample():
    for model in (Roadmap, Measure, MeasureIndicator, FundingLine, *HISTORY):
        assert not model.objects.filter(source="").exists()
        assert not model.objects.filter(is_sample=False, source=SAMPLE).exists()
        assert not model.objects.filter(is_sample=True).exclude(Q(source=SAMPLE) | Q(source__contains="үлгі")).exists()
    assert sorted(Roadmap.objects.filter(is_sample=False).values_list("branch__slug", "year")) == [
        (OBLAST, 2024),
        ("syrdarya", 2025),
    ]
    named = Counter(Measure.objects.filter(is_sample=False).values_list("roadmap__branch__slug", "roadmap__year"))
    assert named == {(OBLAST, 2024): 10, ("syrdarya", 2024): 1, ("syrdarya", 2025): 3}


# --- a life that could have been -------------------------------------------------------------------------------------
def test_every_branch_has_its_roadmaps():
    years = Counter(Roadmap.objects.values_list("branch__slug", flat=True))
    assert years == {slug: 4 if slug == OBLAST else 3 for slug in Branch.objects.values_list("slug", flat=True)}


def test_measures_repeat_the_end_of_their_history():
    reports = dict(StatusReport.objects.order_by("id").values_list("measure", "status"))
    deadlines = dict(DeadlineChange.objects.order_by("id").values_list("measure", "new_deadline"))
    for measure in Measure.objects.all():
        assert measure.status == reports.get(measure.pk, Status.NO_REPORT)
        assert measure.deadline == deadlines.get(measure.pk, measure.first_deadline)


def test_histories_go_forward():
    """Rows are numbered as they were typed; only a correction speaks of an earlier day than the report before it."""
    for model in HISTORY:
        last = {}
        for row in model.objects.order_by("id"):
            assert row.created_at.astimezone(dt.timezone(dt.timedelta(hours=5))).date() == row.entered_on
            before = last.get(row.measure_id)
            if before:
                assert before.created_at < row.created_at
            if model is StatusReport:
                assert row.reported_on <= row.entered_on
                if row.origin == "report":
                    assert (row.entered_on - row.reported_on).days <= 9
                if before and row.origin != "correction":
                    assert before.reported_on <= row.reported_on
            last[row.measure_id] = row


def test_a_roadmap_is_told_in_its_own_year_and_not_later():
    for model in HISTORY:
        assert not model.objects.exclude(entered_on__year=F("measure__roadmap__year")).exists()
        assert not model.objects.filter(entered_on__lt=F("measure__roadmap__approved_on")).exists()
        assert not model.objects.filter(entered_on__gt=LAST_DAY).exists()
        assert not model.objects.filter(entered_on__week_day__in=(1, 7)).exists()  # nobody types on Sunday and Saturday


def test_deadlines_stay_in_the_year_unless_moved_out_of_it():
    assert not Measure.objects.exclude(first_deadline__year=F("roadmap__year")).exists()
    out = Measure.objects.exclude(deadline__year=F("roadmap__year"))
    assert set(out.values_list("status", flat=True)) == {Status.MOVED}
    for change in DeadlineChange.objects.filter(measure__in=out, new_deadline__gt=F("old_deadline")).select_related(
        "measure__roadmap"
    ):
        if change.new_deadline.year > change.measure.roadmap.year:
            report = StatusReport.objects.get(measure=change.measure, origin="deadline")
            assert (report.entered_on, report.reported_on, report.author_id, report.note) == (
                change.entered_on,
                change.entered_on,
                change.author_id,
                change.note,
            )


def test_deadline_changes_are_a_chain():
    last = {}
    for change in DeadlineChange.objects.order_by("id").select_related("measure"):
        assert change.old_deadline == last.get(change.measure_id, change.measure.first_deadline)
        last[change.measure_id] = change.new_deadline


def test_verifications_are_what_the_action_writes():
    verifications = Verification.objects.select_related("report", "outcome")
    assert {v.verdict for v in verifications} == {"confirms", "refutes"}
    for verification in verifications:
        assert verification.author_id != verification.reporter_id
        assert verification.reporter_id == verification.report.author_id
        assert verification.measure_id == verification.report.measure_id
        assert verification.report.status == Status.DONE
        assert verification.report.reported_on <= verification.seen_on <= verification.entered_on
        if verification.outcome:
            assert verification.outcome.origin == "refutation"
            assert verification.outcome.reported_on == verification.seen_on
            assert verification.outcome.author_id == verification.author_id
            assert verification.outcome.note == verification.note


def test_everybody_writes_only_what_their_role_may():
    for model, permission, rows in (
        (StatusReport, Permission.REPORT, StatusReport.objects.filter(origin="report")),
        (StatusReport, Permission.CORRECT, StatusReport.objects.filter(origin="correction")),
        (DeadlineChange, Permission.MOVE_DEADLINE, DeadlineChange.objects.all()),
        (Verification, Permission.VERIFY, Verification.objects.all()),
    ):
        for author in User.objects.filter(pk__in=rows.values("author")):
            allowed = model.objects.for_user(author, permission)
            assert not rows.filter(author=author).exclude(pk__in=allowed.values("pk")).exists()


def test_unfinished_measures_are_carried_on_and_finished_ones_are_not():
    carried = Measure.objects.filter(previous__isnull=False)
    assert not carried.exclude(roadmap__year=F("previous__roadmap__year") + 1).exists()
    assert not carried.exclude(roadmap__branch=F("previous__roadmap__branch")).exists()
    assert not carried.exclude(title=F("previous__title")).exists()
    assert not carried.filter(previous__status__in=(Status.DONE, Status.REMOVED)).exists()
    assert Measure.objects.filter(previous__previous__previous__isnull=False).count() >= 3


def test_no_two_measures_of_a_roadmap_are_the_same():
    titles = Counter(Measure.objects.values_list("roadmap", "title"))
    assert [title for title, times in titles.items() if times > 1] == []


def test_measures_are_numbered_by_direction():
    for roadmap in Roadmap.objects.all():
        numbers = [
            tuple(map(int, number.split(".")))
            for number in roadmap.measures.order_by("position").values_list("number", flat=True)
        ]
        assert numbers == sorted(numbers)
        assert [number[0] for number in numbers] == list(
            roadmap.measures.order_by("position").values_list("direction__number", flat=True)
        )


@pytest.mark.parametrize("year", [2024, 2025])
def test_a_year_begins_slowly_and_ends_in_december(year):
    done = [tally(OBLAST, year, dt.date(year, month, 28)).claimed.part for month in (3, 6, 9, 11)]
    done.append(tally(OBLAST, year).claimed.part)
    assert done == sorted(done)
    assert done[0] < 0.1 * done[-1]
    assert done[-1] - done[-2] > 0.25 * done[-1]


def test_branches_stand_differently():
    percents = {slug: tally(slug, 2025).claimed.percent for slug in District.objects.values_list("slug", flat=True)}
    assert min(percents.values()) < 80
    assert max(percents.values()) > 90
    assert sum(80 <= percent < 90 for percent in percents.values()) >= 3


def test_the_running_year_is_half_way():
    for slug in Branch.objects.values_list("slug", flat=True):
        assert 55 <= tally(slug, 2026, SUNDAY).claimed.percent <= 70


@pytest.mark.parametrize("day", [SUNDAY, dt.date(2026, 12, 20), dt.date(2027, 1, 11)])
def test_every_secretary_has_something_to_enter(day):
    for slug in Branch.objects.values_list("slug", flat=True):
        measures = Measure.objects.filter(roadmap__branch__slug=slug, roadmap__year=2026).as_of(day, 30)
        assert measures.awaiting_report(day).count() >= 5


def test_the_list_of_syrdaryas_secretary_has_a_little_of_everything():
    measures = Measure.objects.filter(roadmap__branch__slug="syrdarya", roadmap__year=2026).as_of(SUNDAY, 30)
    waiting = list(measures.awaiting_report(SUNDAY))
    assert 8 <= len(waiting) <= 15
    assert sum(bool(measure.is_overdue) for measure in waiting) == 2
    assert sum(bool(measure.is_returned) for measure in waiting) == 1
    assert sum(measure.day_report is None for measure in waiting) == 1
    assert sum(bool(measure.is_stale) for measure in waiting) >= 3
    assert measures.filter(is_open=True).count() > len(waiting)


def test_figures_of_a_silent_branch_are_old():
    last = StatusReport.objects.filter(measure__roadmap__branch__slug="baikonur", measure__roadmap__year=2025)
    assert last.latest("entered_on").entered_on < dt.date(2025, 12, 1)


def test_texts_hold_no_telephone_and_no_identity_number():
    digits = re.compile(r"\+7|\d[\d\s-]{9,}\d")
    for model in (Measure, *HISTORY):
        for row in model.objects.values():
            text = " ".join(str(value) for key, value in row.items() if isinstance(value, str) and key != "submission")
            assert not digits.search(text), text


# --- party control and councils: what the briefing of 2024 says, by counting rows ------------------------------------
@pytest.fixture(scope="module")
def ledger(demonstration, django_db_blocker):
    """All rows of control and councils, read once: what is counted here is counted in Python."""
    with django_db_blocker.unblock():
        return SimpleNamespace(
            branches=dict(Branch.objects.values_list("slug", "pk")),
            sites=list(Site.objects.prefetch_related("states", "watched_by__post__changes")),
            visits=list(SiteVisit.objects.select_related("site")),
            meetings=list(Meeting.objects.select_related("body", "annulment")),
            issues=Counter(AgendaItem.objects.values_list("meeting", flat=True)),
            recommendations=list(Recommendation.objects.select_related("meeting__body").prefetch_related("steps")),
        )


def last_state(states, day):
    """The last of the states that were typed until a day, "" before the first."""
    return next((row.state for row in reversed(states.all()) if row.entered_on <= day), "")


def watched(site, year, day):
    """Whether a post stood over a site at some time of a year, as known at the end of a day."""
    for link in site.watched_by.all():
        if link.post.opened_on.year > year or link.entered_on > day:
            continue
        changes = [change for change in link.post.changes.all() if change.entered_on <= day]
        before = [change.event for change in changes if change.happened_on.year < year]
        if before[-1:] != ["closed"] or any(c.event == "reopened" and c.happened_on.year == year for c in changes):
            return True
    return False


def counts(meeting, day):
    """Whether a meeting is known on a day, and not known to be entered by mistake."""
    annulment = getattr(meeting, "annulment", None)
    return meeting.entered_on <= day and (annulment is None or annulment.entered_on > day)


def follow_up(rows, day):
    """Of recommendations: done, all, verified, overdue."""
    states = [(row, last_state(row.steps, day)) for row in rows]
    return (
        sum(state in ("done", "verified") for _, state in states),
        len(states),
        sum(state == "verified" for _, state in states),
        sum(row.due_on < day and state in ("issued", "in_work", "not_done") for row, state in states),
    )


def recount(ledger, slugs, year, day):
    """A year of control and councils of some branches on a day, counted row by row from what was typed until then."""
    scope = {ledger.branches[slug] for slug in slugs}
    sites = [site for site in ledger.sites if site.branch_id in scope and watched(site, year, day)]
    held = [m for m in ledger.meetings if m.body.branch_id in scope and m.held_on.year == year and counts(m, day)]
    councils = [meeting.pk for meeting in held if meeting.body.kind == "council"]
    visits = [
        v for v in ledger.visits if v.site.branch_id in scope and v.visited_on.year == year and v.entered_on <= day
    ]
    issued = [
        row
        for row in ledger.recommendations
        if row.branch_id in scope and row.issued_on.year == year and row.entered_on <= day
    ]
    control, proposals = [], []
    for row in issued:
        (proposals if row.meeting and row.meeting.body.kind == "council" else control).append(row)
    return {
        "sites": (sum(last_state(site.states, day) in IN_USE for site in sites), len(sites)),
        "visits": sum(visit.entered_on <= day for visit in visits),
        "meetings": len(held) - len(councils),
        "council_meetings": len(councils),
        "issues": sum(ledger.issues[pk] for pk in councils),
        "recommendations": follow_up(control, day),
        "proposals": follow_up(proposals, day),
    }


def shown(slug, year, day):
    """The same as the dashboards count it."""
    branch = Branch.objects.get(slug=slug)
    counted = control_counts(branch=branch, scope=scope_of(branch), year=year, day=day)
    asked = {"recommendations": counted.recommendations, "proposals": counted.proposals}
    return {
        "sites": (counted.sites.part, counted.sites.whole),
        "visits": counted.visits,
        "meetings": counted.meetings,
        "council_meetings": counted.council_meetings,
        "issues": counted.issues,
        **{name: (of.done.part, of.whole, of.verified.part, of.overdue) for name, of in asked.items()},
    }


def test_control_and_councils_of_2024_as_published(ledger):
    counted = recount(ledger, ledger.branches, 2024, dt.date(2024, 12, 31))
    assert counted["meetings"] == 117
    assert counted["recommendations"][:2] == (398, 543)
    assert counted["sites"] == (60, 76)
    assert (counted["council_meetings"], counted["issues"], counted["proposals"][1]) == (155, 302, 783)


@pytest.mark.parametrize(("year", "day"), OF_DAYS, ids=str)
def test_any_day_is_what_had_been_typed_by_then(ledger, year, day):
    assert shown(OBLAST, year, day) == recount(ledger, ledger.branches, year, day)


def test_each_branch_counts_its_own(ledger):
    day = dt.date(2024, 12, 31)
    for slug in ledger.branches:
        if slug != OBLAST:
            assert shown(slug, 2024, day) == recount(ledger, [slug], 2024, day)


@pytest.mark.parametrize("year", [2024, 2025, 2026])
def test_the_oblast_is_the_sum_of_its_branches(ledger, year):
    """Unlike roadmaps: every site, meeting and recommendation is one branch's own."""
    day = min(dt.date(year, 12, 31), LAST_DAY)
    parts = [recount(ledger, [slug], year, day) for slug in ledger.branches]
    for key, whole in shown(OBLAST, year, day).items():
        numbers = [part[key] for part in parts]
        assert whole == (sum(numbers) if isinstance(whole, int) else tuple(map(sum, zip(*numbers, strict=True)))), key


def test_control_grows_from_month_to_month(ledger):
    """What happened once stays; of sites a few are reopened, of recommendations a few are taken back."""
    months = [
        recount(ledger, ledger.branches, 2024, dt.date(2024 + month // 12, month % 12 + 1, 1) - dt.timedelta(days=1))
        for month in range(1, 13)
    ]
    for before, now in itertools.pairwise(months):
        for key in ("visits", "meetings", "council_meetings", "issues"):
            assert before[key] < now[key]
        for key in ("recommendations", "proposals"):
            assert before[key][1] < now[key][1]
            assert before[key][0] < now[key][0]
        assert before["sites"][1] <= now["sites"][1]
    commissioned = [month["sites"][0] for month in months]
    assert commissioned[2] <= 5
    assert 15 <= commissioned[7] <= 45
    assert max(new - old for old, new in itertools.pairwise(commissioned)) <= 20


def test_every_branch_meets_and_controls_all_the_year_round():
    days = SiteVisit.objects.values_list("site__branch__slug", "visited_on__year", "visited_on__month")
    held = Meeting.objects.values_list("body__branch__slug", "held_on__year", "held_on__month")
    issued = Recommendation.objects.values_list("branch__slug", "issued_on__year", "issued_on__month")
    slugs = set(Branch.objects.values_list("slug", flat=True))
    for year, last in ((2024, 12), (2025, 12), (2026, 11)):
        months = set(range(1, last + 1))
        assert {month for _, one, month in held if one == year} == months
        assert {month for _, one, month in issued if one == year} == months
        assert {month for _, one, month in days if one == year} >= months - {1}  # a roadmap is approved in January
        for rows in (days, held, issued):
            assert {slug for slug, one, _ in rows if one == year} == slugs
    in_2024 = Counter(slug for slug, year, _ in held if year == 2024)
    assert min(in_2024.values()) > 15


def test_the_years_after_have_about_half_of_the_volume():
    years = Counter(SiteVisit.objects.values_list("visited_on__year", flat=True))
    assert 800 <= years[2024] <= 1000
    assert all(0.4 * years[2024] <= years[year] <= 0.7 * years[2024] for year in (2025, 2026))
    issued = Counter(Recommendation.objects.values_list("issued_on__year", flat=True))
    assert all(0.3 * issued[2024] <= issued[year] <= 0.6 * issued[2024] for year in (2025, 2026))


# --- everything of control could have been entered through the pages -------------------------------------------------
def test_everything_of_control_is_sample():
    for model in ENTERED:
        assert not model.objects.exclude(is_sample=True).exists()
        assert not model.objects.exclude(Q(source=SAMPLE) | Q(source__contains="үлгі")).exists()
    named = Site.objects.exclude(source=SAMPLE)
    assert named.filter(branch__slug=OBLAST).count() == 7  # six houses on the left bank and the hospital of Сексеуіл
    assert set(named.filter(branch__slug="syrdarya").values_list("locality__name_kk", flat=True)) == {
        "Қалжан ахун",
        "Н.Ілиясов",
    }


def test_control_is_typed_on_working_days_in_order():
    zone = dt.timezone(dt.timedelta(hours=5))
    for model in ENTERED:
        moments = list(model.objects.order_by("id").values_list("created_at", "entered_on"))
        assert moments == sorted(moments), model
        assert all(moment.astimezone(zone).date() == day for moment, day in moments)
        assert all(is_working(day) and day <= LAST_DAY for day in {day for _, day in moments})


def test_days_of_control_are_not_of_the_future():
    for model, day in (
        (SiteStateChange, "happened_on"),
        (ControlPost, "opened_on"),
        (PostChange, "happened_on"),
        (SiteVisit, "visited_on"),
        (Meeting, "held_on"),
        (Recommendation, "issued_on"),
        (RecommendationStep, "happened_on"),
    ):
        late = [row.entered_on - getattr(row, day) for row in model.objects.all()]
        assert dt.timedelta() <= min(late), model
        assert max(late) <= dt.timedelta(days=60 if model is SiteStateChange else 10), model


def test_authors_of_control_may_do_what_they_did():
    for model, permission, rows in (
        (Site, Permission.CONTROL, Site.objects.all()),
        (SiteStateChange, Permission.CONTROL, SiteStateChange.objects.all()),
        (ControlPost, Permission.CONTROL, ControlPost.objects.all()),
        (PostChange, Permission.CONTROL, PostChange.objects.all()),
        (SiteVisit, Permission.CONTROL, SiteVisit.objects.all()),
        (Meeting, Permission.CONTROL, Meeting.objects.filter(body__kind="commission")),
        (Meeting, Permission.CONVENE, Meeting.objects.filter(body__kind="council")),
        (Recommendation, Permission.CONTROL, Recommendation.objects.of_control()),
        (Recommendation, Permission.CONVENE, Recommendation.objects.of_councils()),
        (RecommendationStep, Permission.FOLLOW, RecommendationStep.objects.filter(state__in=("in_work", "done"))),
        (RecommendationStep, Permission.VERIFY, RecommendationStep.objects.filter(state="verified")),
    ):
        for author in User.objects.filter(pk__in=rows.values("author")):
            allowed = model.objects.for_user(author, permission)
            assert not rows.filter(author=author).exclude(pk__in=allowed.values("pk")).exists(), (model, author)
    for step in RecommendationStep.objects.filter(state="withdrawn").select_related("author"):
        assert Recommendation.objects.issued_by(step.author).filter(pk=step.recommendation_id).exists()
    for slug in Branch.objects.values_list("slug", flat=True):
        authors = set(SiteVisit.objects.filter(site__branch__slug=slug).values_list("author__username", flat=True))
        assert authors <= {inspector_of(slug), "controller"}


def test_sites_are_where_their_branch_is_and_promised_by_its_roadmaps():
    sites = Site.objects.select_related("branch__district", "district", "locality").prefetch_related(
        "measures__roadmap"
    )
    assert {site.kind for site in sites} >= {"housing", "networks", "road", "education", "health", "sport", "culture"}
    for site in sites:
        site.clean()
        assert site.branch.district_id in (None, site.district_id)
        assert site.name
        measures = list(site.measures.all())
        assert measures
        assert {measure.roadmap.branch_id for measure in measures} == {site.branch_id}
        years = sorted(measure.roadmap.year for measure in measures)
        assert years == list(range(years[0], years[0] + len(years)))  # from year to year the same promise
        assert years[0] == site.entered_on.year
        first = min(measures, key=lambda measure: measure.roadmap.year)
        assert site.entered_on >= first.roadmap.approved_on
        assert site.contract_date <= site.entered_on
        assert site.planned_on == first.first_deadline
        planned = sum(line.planned or line.allocated for line in first.funding.all())
        if planned:
            assert 0.9 * planned <= site.contract_sum <= planned
    assert Counter(sites.values_list("branch", "name")).most_common(1)[0][1] == 1


def commissioned(site, day):
    return last_state(site.states, day) in IN_USE


def test_of_named_works_some_sites_are_known_by_name():
    houses = Site.objects.filter(name__contains="сол жағалауындағы 84 пәтерлі")
    assert [commissioned(site, dt.date(2024, 12, 31)) for site in houses] == [True] * 6
    hospital = Site.objects.get(name__contains="Сексеуіл", kind="health", branch__slug=OBLAST)
    assert (hospital.capacity, hospital.district.slug, hospital.locality.name_kk) == (
        "40 төсекорын",
        "aral",
        "Сексеуіл",
    )
    assert commissioned(hospital, dt.date(2024, 12, 31))
    for site in (*houses, hospital):
        assert site.contract_sum is None  # no sum of theirs is published, none is invented


def test_contractors_cannot_be_anybody():
    """A BIN begins with the year and the month of registration: no company was registered in month 00."""
    numbers = set(Site.objects.values_list("contractor", "contractor_bin"))
    assert len(numbers) >= 12
    assert len({name for name, _ in numbers}) == len({number for _, number in numbers}) == len(numbers)
    for name, number in numbers:
        assert re.fullmatch(r"«.+» ЖШС", name)
        assert has_control_digit(number)
        assert number[2:4] == "00"


def test_states_of_sites_follow_one_another():
    reopened = 0
    for site in Site.objects.prefetch_related("states"):
        states = list(site.states.all())
        assert states[0].state in (SiteState.PLANNED, SiteState.CONSTRUCTION)
        assert states[0].entered_on == site.entered_on
        for before, after in itertools.pairwise(states):
            assert after.state in NEXT_STATES[before.state]
            assert before.happened_on <= after.happened_on
            if before.state in IN_USE and after.state == SiteState.CONSTRUCTION:
                reopened += 1
                assert "пайдалануға жарамсыз" in after.note
        assert all(state.note for state in states if state.state not in PLAIN_STATES)
    assert reopened >= 3
    assert set(SiteStateChange.objects.values_list("state", flat=True)) == set(SiteState.values)
    in_2024 = SiteStateChange.objects.filter(entered_on__year=2024)
    assert 3 <= in_2024.filter(state="defects").count() <= 6


def test_what_2024_left_unfinished_was_carried_on():
    end = dt.date(2024, 12, 31)
    sites = Site.objects.prefetch_related("states", "watched_by__post__changes")
    left = [site for site in sites if watched(site, 2024, end) and not commissioned(site, end)]
    assert len(left) == 16
    assert sum(watched(site, 2025, dt.date(2025, 12, 31)) for site in left) == 16
    assert sum(site.carried_over_from == 2024 for site in left) >= 10
    later = [site for site in left if commissioned(site, LAST_DAY)]
    assert 4 <= len(later) <= 14


def test_posts_watch_one_to_three_sites_one_post_at_a_time():
    posts = list(ControlPost.objects.prefetch_related("changes", "sites__states", "watched"))
    sizes = Counter(post.sites.count() for post in posts)
    assert set(sizes) == {1, 2, 3}
    assert sizes[2] + sizes[3] > 0.3 * len(posts)
    for branch in Branch.objects.all():
        numbers = list(ControlPost.objects.filter(branch=branch).order_by("id").values_list("number", flat=True))
        assert numbers == list(range(1, len(numbers) + 1))
    for post in posts:
        sites = list(post.sites.all())
        assert {site.branch_id for site in sites} == {post.branch_id}
        assert {link.entered_on for link in post.watched.all()} == {post.entered_on}
        assert all(site.created_at < post.created_at for site in sites)
        assert post.chair
        assert post.people
        assert post.chair not in post.people
        assert [c.event for c in post.changes.all()] == ["closed", "reopened", "closed"][: post.changes.count()]
        for change in post.changes.all():
            assert change.happened_on >= post.opened_on
            assert change.note or change.event == "closed"
            if change.reason == "commissioned":
                typed = [[s for s in site.states.all() if s.created_at < change.created_at] for site in sites]
                assert all(states[-1].state in IN_USE for states in typed)
    reasons = set(PostChange.objects.values_list("reason", flat=True))
    assert reasons == {"commissioned", "cancelled", "transferred", ""}
    for site in Site.objects.prefetch_related("posts__changes"):
        stood = []
        for post in site.posts.order_by("created_at"):
            assert not stood or stood[-1] < post.opened_on
            changes = list(post.changes.all())
            is_open = not changes or changes[-1].event == "reopened"
            stood.append(dt.date.max if is_open else changes[-1].happened_on)


def test_visits_are_what_the_action_writes():
    fell = 0
    sites = Site.objects.prefetch_related("visits__verifications", "visits__post__changes", "visits__post__watched")
    for site in sites:
        before = None
        for visit in site.visits.all():
            visit.clean()
            assert visit.visited_on >= site.entered_on
            assert visit.participants
            if any(one.verdict == "confirms" for one in visit.verifications.all()):
                assert visit.readiness == 100
            if before:
                assert (before.visited_on, before.created_at) < (visit.visited_on, visit.created_at)
                if visit.readiness < before.readiness:
                    fell += 1
                    assert visit.note
            if visit.post:
                assert (site.pk, True) in {
                    (link.site_id, link.entered_on <= visit.entered_on) for link in visit.post.watched.all()
                }
                assert visit.post.opened_on <= visit.visited_on
                day = visit.visited_on
                changes = [c.event for c in visit.post.changes.all() if (c.happened_on, c.event) < (day, "closed")]
                again = [c.event for c in visit.post.changes.all() if c.happened_on == day and c.event == "reopened"]
                assert (changes + again)[-1:] != ["closed"]
            before = visit
    assert 10 <= fell <= 80
    accepted = SiteStateChange.objects.filter(state="commissioned", note="").select_related("site")
    assert len(accepted) > 80
    for change in accepted:
        last = change.site.visits.filter(visited_on__lte=change.happened_on).order_by("-visited_on", "-id").first()
        assert last is None or last.readiness >= 90
    assert SiteVisit.objects.filter(post=None).count() < 0.02 * SiteVisit.objects.count()


def test_findings_have_days_where_they_are_grave():
    findings = Finding.objects.select_related("visit")
    assert {finding.severity for finding in findings} == {"minor", "major", "critical"}
    for finding in findings:
        finding.clean()
        assert finding.text in {getattr(finding.visit, f"{point}_note") for point in POINTS}


POINTS = ("quality", "spending", "safety", "wages")


def test_verdicts_on_measures_with_sites_were_given_on_visits():
    given = Verification.objects.filter(visit__isnull=False).select_related("visit", "measure")
    assert given.count() > 60
    for verification in given:
        visit = verification.visit
        assert verification.basis == ""
        assert visit.site.measures.filter(pk=verification.measure_id).exists()
        assert (visit.author_id, visit.visited_on, visit.entered_on, visit.created_at) == (
            verification.author_id,
            verification.seen_on,
            verification.entered_on,
            verification.created_at,
        )
    assert set(given.values_list("verdict", flat=True)) == {"confirms", "refutes"}
    assert not Verification.objects.filter(visit=None, basis="").exists()
    elsewhere = Verification.objects.filter(visit=None, measure__sites__isnull=False)
    assert not elsewhere.exists()


# --- bodies, meetings, recommendations -------------------------------------------------------------------------------
def test_every_branch_has_a_commission_and_councils():
    assert Counter(Body.objects.filter(kind="commission").values_list("branch__slug", flat=True)) == dict.fromkeys(
        COUNCILS, 1
    )
    councils = Body.objects.filter(kind="council")
    assert Counter(councils.values_list("branch__slug", flat=True)) == {
        slug: len(fields) for slug, fields in COUNCILS.items()
    }
    assert min(map(len, COUNCILS.values())) >= 3
    assert not councils.filter(direction=None).exists()
    assert set(ALLOTMENT[2024]) == set(COUNCILS)


def test_meetings_are_what_the_action_writes():
    numbers = Counter()
    for meeting in Meeting.objects.select_related("body").prefetch_related("agenda", "joint_with__branch__region"):
        agenda = [item.position for item in meeting.agenda.all()]
        assert agenda == list(range(1, len(agenda) + 1))
        assert agenda
        partners = list(meeting.joint_with.all())
        assert bool(partners) == (meeting.kind == "joint")
        assert meeting.body not in partners
        assert {partner.kind for partner in partners} <= {meeting.body.kind}
        if meeting.minutes_number:
            numbers[meeting.body_id, meeting.held_on.year, meeting.minutes_number] += 1
    assert set(numbers.values()) == {1}
    assert {meeting.kind for meeting in Meeting.objects.all()} == {"regular", "travelling", "joint"}
    mistake = MeetingAnnulment.objects.get()
    assert not mistake.meeting.recommendations.exists()
    assert mistake.note
    assert Meeting.objects.filter(minutes_number="").get() == mistake.meeting


def test_a_recommendation_that_is_heard_was_issued_before():
    heard = AgendaItem.objects.exclude(recommendation=None).select_related("meeting__body", "recommendation")
    assert len(heard) > 20
    for item in heard:
        assert item.recommendation.created_at < item.meeting.created_at
        assert item.recommendation.branch_id == item.meeting.body.branch_id


def test_recommendations_have_one_origin_each():
    rows = Recommendation.objects.select_related(
        "meeting__body", "visit__site", "request__referral", "measure__roadmap", "site"
    )
    origins = Counter()
    for row in rows:
        row.clean()
        of = {"meeting": row.meeting, "visit": row.visit, "request": row.request, "monitoring": row.monitoring}
        (origin,) = (name for name, what in of.items() if what)
        origins[row.issued_on.year, origin] += 1
        if row.request:
            assert row.request.branch_id == row.branch_id
            assert row.request.referral.created_at < row.created_at
        if row.meeting:
            assert (row.issued_on, row.branch_id) == (row.meeting.held_on, row.meeting.body.branch_id)
            assert (row.author_id, row.entered_on) == (row.meeting.author_id, row.meeting.entered_on)
        if row.visit:
            assert (row.issued_on, row.site_id) == (row.visit.visited_on, row.visit.site_id)
            assert (row.author_id, row.entered_on) == (row.visit.author_id, row.visit.entered_on)
        if row.measure:
            assert row.measure.roadmap.branch_id == row.branch_id
            assert row.measure.roadmap.approved_on <= row.issued_on
    for year in (2024, 2025, 2026):
        assert min(origins[year, origin] for origin in ("meeting", "visit", "monitoring")) >= 20
    assert {year: number for (year, origin), number in origins.items() if origin == "request"} == {2026: 12}


def test_steps_of_recommendations_follow_one_another():
    taken_back = 0
    for row in Recommendation.objects.prefetch_related("steps"):
        steps = list(row.steps.all())
        assert (steps[0].state, steps[0].happened_on, steps[0].entered_on, steps[0].author_id) == (
            "issued",
            row.issued_on,
            row.entered_on,
            row.author_id,
        )
        for before, after in itertools.pairwise(steps):
            after.clean()
            assert before.state != "withdrawn"
            assert before.happened_on <= after.happened_on
            assert (before.entered_on, before.created_at) <= (after.entered_on, after.created_at)
            assert after.state != "issued"
            assert not (before.state in ("done", "verified") and after.state == "done")
            if after.state == "verified":
                assert before.state == "done"
                assert after.done_by_id == before.author_id != after.author_id
            elif before.state in ("done", "verified"):
                taken_back += 1
                assert after.note
    assert taken_back >= 5


def test_there_is_work_of_every_kind_on_the_last_day():
    day = LAST_DAY
    sites = Site.objects.as_of(day)
    assert sites.due_for_visit(day, 14).count() >= 3
    assert sites.filter(is_under_post=True, day_state="construction").count() >= 20
    assert sites.filter(day_state="suspended").exists()
    assert sites.filter(carried_over_from__in=(2024, 2025), is_commissioned=False).count() >= 5
    posts = ControlPost.objects.as_of(day).filter(is_open=True)
    assert posts.values("branch").distinct().count() == 10
    for rows in (Recommendation.objects.of_control(), Recommendation.objects.of_councils()):
        known = rows.as_of(day)
        assert known.filter(is_overdue=True).count() >= 10
        assert known.filter(is_unverified=True).count() >= 10
        assert known.filter(is_open=True, due_on__range=(day, day + dt.timedelta(days=7))).count() >= 5
        assert known.filter(is_open=True).values("day_state").distinct().count() >= 3
    claims = Measure.objects.filter(roadmap__year=2026, sites__isnull=False).as_of(day, 30)
    assert claims.filter(is_unconfirmed=True).count() >= 3
    withdrawn = RecommendationState.WITHDRAWN
    assert Recommendation.objects.as_of(day).filter(day_state=withdrawn).exists()


def test_texts_of_control_hold_no_telephone_and_no_identity_number():
    digits = re.compile(r"\+7|\d[\d\s-]{9,}\d")
    for model in (*ENTERED, Finding, AgendaItem):
        for row in model.objects.values():
            text = " ".join(
                str(value)
                for key, value in row.items()
                if isinstance(value, str) and key not in ("submission", "contractor_bin")
            )
            assert not digits.search(text), text
            assert "{" not in text
