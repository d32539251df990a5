"""The shipped fixtures: what the code builds, what both databases accept, and what the two texts say."""

import datetime as dt
import re
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db.models import F, Q

from branches.choices import Permission
from branches.models import Assignment, Branch, District, Locality, OfficeHolder, Region, User
from roadmap.choices import Budget, Status
from roadmap.management.commands import build_fixtures
from roadmap.management.demonstration.schedule import LAST_DAY
from roadmap.management.demonstration.sources import SAMPLE
from roadmap.metrics import Tally
from roadmap.models import (
    DeadlineChange,
    Direction,
    FundingLine,
    IndicatorFact,
    Measure,
    MeasureIndicator,
    Programme,
    Roadmap,
    StatusReport,
    Verification,
)

pytestmark = pytest.mark.django_db

OBLAST = "kyzylorda-oblast"
SUNDAY = dt.date(2026, 11, 22)
HISTORY = (StatusReport, DeadlineChange, Verification)
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


def test_the_programme_and_its_directions():
    programme = Programme.objects.get()
    assert (programme.slug, programme.year_from, programme.year_until) == ("halykpen-birge", 2023, 2027)
    slugs = ["housing", "education", "health", "agriculture", "social", "jobs", "culture", "ecology"]
    assert list(Direction.objects.order_by("number").values_list("slug", flat=True)) == slugs


def test_every_reference_row_is_named_in_three_languages():
    for model in (Region, District, Locality, Branch, Programme, Direction):
        assert not model.objects.filter(Q(name_kk="") | Q(name_ru="") | Q(name_en="")).exists()


def test_office_holders_are_those_of_the_texts():
    holders = OfficeHolder.objects.filter(is_sample=False).exclude(source="")
    assert sorted(holders.values_list("branch__slug", "position", "full_name")) == [
        (OBLAST, "chair", "Алмасбек Есмаханов"),
        (OBLAST, "chair", "Жандос Базартай"),
        ("syrdarya", "executive_secretary", "Ақтөре Ибрагимұлы"),
        ("syrdarya", "faction_leader", "Ақтөре Ибрагимұлы"),
    ]
    assert OfficeHolder.objects.count() == 4


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
    assert Assignment.objects.get(role="reception").user.username == "reception-syrdarya"
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
