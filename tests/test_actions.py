"""Every write to the roadmap: what it does, what it refuses, and that it is done whole or not at all."""

import datetime as dt
import itertools
import uuid
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation

from amanat_tracker.generic.uploads import check_upload
from branches.choices import Role
from branches.models import Assignment, AuditEvent
from roadmap import actions
from roadmap.choices import REPORTABLE, DelayReason, ReportOrigin, Status, Unit, Verdict
from roadmap.models import Measure, MeasureIndicator, StatusReport

DAY = dt.timedelta(days=1)
PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\n"


@pytest.fixture(autouse=True)
def in_english():
    """Messages are compared in the language of the source."""
    with translation.override("en"):
        yield


@pytest.fixture
def measure(cast):
    return cast.add_measure(deadline=dt.date(2025, 9, 30))


@pytest.fixture
def report(cast, measure):
    """`report("done", by=…)`: a report of `measure`, by its secretary, today unless said otherwise."""

    def add(status=Status.DONE, **said):
        said = {"measure": measure, "by": cast.people.secretary, "today": cast.today, **said}
        return actions.report_status(status=status, **said).report

    return add


@pytest.fixture
def both(cast):
    """A person with two hats: secretary of the branch and inspector of the region."""
    user = cast.people.controller
    Assignment.objects.create(user=user, role=Role.SECRETARY, branch=cast.own)
    return user


def upload(name="акт.pdf", content=PDF):
    return check_upload(SimpleUploadedFile(name, content))


def files(directory):
    return [path for path in directory.rglob("*") if path.is_file()]


def events(measure):
    """The audit of a measure, oldest first."""
    return list(AuditEvent.objects.about(measure).order_by("id").values_list("actor", "action", "detail"))


# --- report_status ---------------------------------------------------------------------------------------------------
def test_a_report_is_kept_with_everything_that_was_said(cast, measure, evidence_directory):
    indicator = MeasureIndicator.objects.create(measure=measure, name="пәтер", unit=Unit.FLATS, plan=84)
    said = actions.report_status(
        measure=measure,
        by=cast.people.secretary,
        today=cast.today,
        status=Status.IN_PROGRESS,
        note="  қабырғасы қаланды ",
        reported_on=cast.today - DAY,
        at_risk=True,
        delay_reason=DelayReason.FUNDING,
        facts={indicator: Decimal("21.5")},
        evidence=[upload()],
        seen=0,
    )
    report = StatusReport.objects.get()
    assert (said.report, said.meanwhile, said.repeated) == (report, None, False)
    assert (report.measure, report.author, report.status) == (measure, cast.people.secretary, "in_progress")
    assert (report.entered_on, report.reported_on) == (cast.today, cast.today - DAY)
    assert (report.note, report.at_risk, report.delay_reason) == ("қабырғасы қаланды", True, "funding")
    assert (report.origin, report.corrects) == (ReportOrigin.REPORT, None)
    fact, file = report.facts.get(), report.evidence.get()
    assert (fact.indicator, fact.value) == (indicator, Decimal("21.5"))
    assert (file.name, file.content_type, file.size) == ("акт.pdf", "application/pdf", len(PDF))
    assert (evidence_directory / file.file.name).read_bytes() == PDF
    measure.refresh_from_db()
    assert measure.status == Status.IN_PROGRESS
    assert events(measure) == [("secretary", "measure.report", f"in_progress, {cast.today - DAY}")]


@pytest.mark.parametrize("status", REPORTABLE)
def test_the_row_repeats_the_last_report(cast, measure, report, status):
    report(Status.NOT_STARTED)
    report(status, note="түсіндірме")
    measure.refresh_from_db()
    assert measure.status == status == measure.statusreports.last().status
    assert Measure.objects.as_of(cast.today, 30).get(pk=measure.pk).day_status == status


@pytest.mark.parametrize("status", [Status.DONE])
def test_what_is_done_is_not_at_risk(report, status):
    told = report(status, at_risk=True, delay_reason=DelayReason.WEATHER)
    assert (told.at_risk, told.delay_reason) == (False, "")


def test_a_reason_without_a_risk_is_not_kept(report):
    assert report(Status.IN_PROGRESS, at_risk=False, delay_reason=DelayReason.WEATHER).delay_reason == ""


def test_a_coordinator_reports_for_any_branch_of_the_region(cast, report):
    for branch in ("own", "other", "oblast"):
        report(Status.DONE, measure=cast.add_measure(branch), by=cast.people.coordinator)
    assert StatusReport.objects.count() == 3


def test_the_second_is_told_of_the_first(cast, measure, report):
    first = report(Status.IN_PROGRESS, by=cast.people.coordinator)
    said = {"measure": measure, "by": cast.people.secretary, "today": cast.today, "status": Status.DONE}
    told = actions.report_status(**said, seen=0)
    assert told.meanwhile == first
    assert actions.report_status(**said, seen=told.report.pk).meanwhile is None
    assert actions.report_status(**said).meanwhile is None  # not asked
    assert [r.status for r in measure.statusreports.order_by("id")] == ["in_progress", "done", "done", "done"]


# --- double submission -----------------------------------------------------------------------------------------------
def test_a_double_click_makes_one_report(cast, measure, written):
    form = {
        "measure": measure,
        "by": cast.people.secretary,
        "today": cast.today,
        "status": Status.DONE,
        "note": "дайын ",
        "seen": 0,
        "submission": uuid.uuid4(),
    }
    first = actions.report_status(**form)
    before = written()
    second = actions.report_status(**form)
    assert (second.report, second.repeated, second.meanwhile) == (first.report, True, None)
    assert written() == before


def test_saying_something_else_in_the_same_form_is_a_new_report(cast, measure, report):
    token = uuid.uuid4()
    first = report(Status.DONE, submission=token)
    second = report(Status.IN_PROGRESS, submission=token)  # the reader went back and thought better of it
    third = report(Status.DONE, submission=token)  # and once more: what is said to be saved must also stand
    of_another = report(Status.IN_PROGRESS, submission=token, by=cast.people.coordinator)
    elsewhere = report(Status.DONE, submission=token, measure=cast.add_measure())
    assert len({row.pk for row in (first, second, third, of_another, elsewhere)}) == 5
    assert first.submission == token


def test_a_double_click_makes_one_of_everything(cast, measure, report, written):
    token = uuid.uuid4()
    told = report(Status.DONE)
    correction = {"by": cast.people.coordinator, "today": cast.today, "status": Status.IN_PROGRESS, "note": "ерте"}
    deadline = {"by": cast.people.coordinator, "today": cast.today, "reason": DelayReason.LAND}
    refuting = {"by": cast.people.controller, "today": cast.today, "verdict": Verdict.REFUTES, "note": "жоқ"}

    refuted = [actions.verify(report=told, submission=token, basis="акт", **refuting) for _ in range(2)]
    anew = report(Status.DONE)
    corrected = [
        actions.correct_report(report=anew, submission=token, **correction) for _ in range(2)
    ]  # tokens are unique a table: the same one serves both
    moved = [
        actions.move_deadline(measure=measure, new_deadline=dt.date(2026, 3, 1), submission=token, **deadline)
        for _ in range(2)
    ]
    assert refuted[0] == refuted[1]
    assert corrected[0] == corrected[1]
    assert moved[0] == moved[1]
    rows, _ = written()
    assert (rows["StatusReport"], rows["Verification"], rows["DeadlineChange"]) == (5, 1, 1)


def test_a_branch_does_not_undo_what_the_coordinator_settled(cast, measure, report, written):
    correction = {"by": cast.people.coordinator, "today": cast.today, "note": "шешім"}
    actions.correct_report(report=report(Status.IN_PROGRESS), status=Status.REMOVED, **correction)
    before = written()
    with pytest.raises(ValidationError):
        report(Status.DONE)
    assert written() == before
    measure.refresh_from_db()
    assert measure.status == Status.REMOVED


def test_the_word_of_control_is_not_corrected(cast, measure, report, written):
    refuting = {"by": cast.people.controller, "today": cast.today, "verdict": Verdict.REFUTES, "note": "жоқ"}
    outcome = actions.verify(report=report(Status.DONE), basis="акт", **refuting).outcome
    before = written()
    with pytest.raises(ValidationError):
        actions.correct_report(
            report=outcome, by=cast.people.coordinator, today=cast.today, status=Status.DONE, note="бәрі дұрыс"
        )
    assert written() == before


# --- correct_report --------------------------------------------------------------------------------------------------
def test_a_correction_is_a_new_report_and_the_wrong_one_stays(cast, measure, report):
    wrong = report(Status.DONE, reported_on=cast.today - 3 * DAY)
    right = actions.correct_report(
        report=wrong, by=cast.people.coordinator, today=cast.today + DAY, status=Status.NOT_STARTED, note="басқа шара"
    )
    assert list(measure.statusreports.order_by("id")) == [wrong, right]
    assert (right.origin, right.corrects, right.author) == ("correction", wrong, cast.people.coordinator)
    assert (right.reported_on, right.entered_on) == (wrong.reported_on, cast.today + DAY)
    measure.refresh_from_db()
    assert measure.status == Status.NOT_STARTED
    assert events(measure)[-1] == ("coordinator", "measure.correction", f"not_started, {wrong.reported_on}")


def test_only_a_correction_removes_a_measure_from_control(cast, measure, report):
    actions.correct_report(
        report=report(Status.IN_PROGRESS),
        by=cast.people.coordinator,
        today=cast.today,
        status=Status.REMOVED,
        note="сессия шешімі",
    )
    row = Measure.objects.as_of(cast.today, 30).get()
    assert (row.day_status, row.status, row.is_open) == ("removed", "removed", False)


def test_a_correction_takes_the_confirmation_away(cast, report):
    told = report(Status.DONE)
    actions.verify(report=told, by=cast.people.controller, today=cast.today, verdict=Verdict.CONFIRMS, basis="акт")
    assert Measure.objects.as_of(cast.today, 30).get().is_confirmed
    actions.correct_report(
        report=told, by=cast.people.coordinator, today=cast.today, status=Status.DONE, note="күні түзетілді"
    )
    row = Measure.objects.as_of(cast.today, 30).get()
    assert (row.day_status, row.is_confirmed, row.is_unconfirmed) == ("done", False, True)


# --- move_deadline ---------------------------------------------------------------------------------------------------
def test_a_deadline_moves_within_the_year(cast, measure, report):
    report(Status.IN_PROGRESS)
    change = actions.move_deadline(
        measure=measure,
        by=cast.people.coordinator,
        today=cast.today,
        new_deadline=dt.date(2025, 12, 1),
        reason=DelayReason.CONTRACTOR,
        note=" мердігер ауысты ",
        document=" хаттама 4 ",
    )
    assert (change.old_deadline, change.new_deadline) == (dt.date(2025, 9, 30), dt.date(2025, 12, 1))
    assert (change.note, change.document, change.reason) == ("мердігер ауысты", "хаттама 4", "contractor")
    assert (measure.deadline, measure.status) == (dt.date(2025, 12, 1), Status.IN_PROGRESS)
    measure.refresh_from_db()
    assert (measure.deadline, measure.first_deadline) == (dt.date(2025, 12, 1), dt.date(2025, 9, 30))
    assert measure.status == Status.IN_PROGRESS
    assert events(measure)[-1] == ("coordinator", "measure.move_deadline", "2025-09-30 → 2025-12-01, contractor")
    yesterday, today = (Measure.objects.as_of(day, 30).get() for day in (cast.today - DAY, cast.today))
    assert (yesterday.day_deadline, today.day_deadline) == (dt.date(2025, 9, 30), dt.date(2025, 12, 1))


def test_a_deadline_moved_out_of_the_year_closes_the_measure_here(cast, measure):
    actions.move_deadline(
        measure=measure,
        by=cast.people.coordinator,
        today=cast.today,
        new_deadline=dt.date(2026, 1, 1),
        reason=DelayReason.FUNDING,
        note="қаржы келесі жылға",
    )
    told = StatusReport.objects.get()
    assert (told.status, told.origin, told.note) == ("moved", "deadline", "қаржы келесі жылға")
    assert (measure.status, measure.deadline) == (Status.MOVED, dt.date(2026, 1, 1))
    row = Measure.objects.as_of(cast.today, 30).get()
    assert (row.day_status, row.is_open, row.is_overdue) == ("moved", False, False)
    assert [action for _who, action, _detail in events(measure)] == ["measure.move_deadline", "measure.deadline"]


def test_a_deadline_can_be_brought_forward(cast, measure):
    actions.move_deadline(
        measure=measure,
        by=cast.people.coordinator,
        today=cast.today,
        new_deadline=cast.today - DAY,
        reason=DelayReason.DECISION,
    )
    assert Measure.objects.as_of(cast.today, 30).get().is_overdue


# --- verify ----------------------------------------------------------------------------------------------------------
def test_a_confirmation_counts_from_the_day_on_which_it_is_entered(cast, measure, report):
    told = report(Status.DONE)
    verification = actions.verify(
        report=told,
        by=cast.people.controller,
        today=cast.today + 2 * DAY,
        verdict=Verdict.CONFIRMS,
        basis=" орнында ",
        seen_on=cast.today + DAY,
    )
    assert (verification.report, verification.reporter, verification.outcome) == (told, cast.people.secretary, None)
    assert (verification.basis, verification.seen_on) == ("орнында", cast.today + DAY)
    confirmed = [Measure.objects.as_of(cast.today + days * DAY, 30).get().is_confirmed for days in range(3)]
    assert confirmed == [False, False, True]
    assert list(AuditEvent.objects.about(told).values_list("actor", "action", "detail")) == [
        ("controller", "report.verify", "confirms")
    ]


def test_a_refutation_returns_the_measure_with_who_when_and_why(cast, measure, report):
    told = report(Status.DONE)
    verification = actions.verify(
        report=told,
        by=cast.people.controller,
        today=cast.today + 5 * DAY,
        verdict=Verdict.REFUTES,
        basis="орнында",
        seen_on=cast.today + 4 * DAY,
        note="шатыры жабылмаған",
    )
    outcome = measure.statusreports.last()
    assert verification.outcome == outcome
    assert (outcome.status, outcome.origin, outcome.author) == ("in_progress", "refutation", cast.people.controller)
    assert (outcome.reported_on, outcome.entered_on) == (cast.today + 4 * DAY, cast.today + 5 * DAY)
    assert outcome.note == "шатыры жабылмаған"
    measure.refresh_from_db()
    assert measure.status == Status.IN_PROGRESS
    row = Measure.objects.as_of(cast.today + 5 * DAY, 30).get()
    assert (row.is_returned, row.is_confirmed, row.is_unconfirmed) == (True, False, False)


def test_what_was_confirmed_can_still_be_refuted(cast, measure, report):
    told = report(Status.DONE)
    verdict = {"report": told, "by": cast.people.controller, "basis": "орнында", "note": "құлап қалды"}
    actions.verify(**verdict, verdict=Verdict.CONFIRMS, today=cast.today)
    actions.verify(**verdict, verdict=Verdict.REFUTES, today=cast.today + DAY)
    before, after = (Measure.objects.as_of(day, 30).get() for day in (cast.today, cast.today + DAY))
    assert (before.day_status, before.is_confirmed) == ("done", True)
    assert (after.day_status, after.is_confirmed) == ("in_progress", False)


def test_a_new_claim_after_a_confirmation_is_not_confirmed(cast, report):
    told = report(Status.DONE)
    actions.verify(report=told, by=cast.people.controller, today=cast.today, verdict=Verdict.CONFIRMS, basis="акт")
    report(Status.DONE, today=cast.today + DAY)
    row = Measure.objects.as_of(cast.today + DAY, 30).get()
    assert (row.is_confirmed, row.is_unconfirmed) == (False, True)


def test_nobody_verifies_their_own_report(cast, report, both, written):
    own = report(Status.DONE, by=both)
    before = written()
    with pytest.raises(ValidationError, match="own report"):
        actions.verify(report=own, by=both, today=cast.today, verdict=Verdict.CONFIRMS, basis="акт")
    assert written() == before
    of_another = report(Status.DONE)
    actions.verify(report=of_another, by=both, today=cast.today, verdict=Verdict.CONFIRMS, basis="акт")


# --- report_several --------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("dry_run", [True, False])
def test_several_are_reported_and_the_rest_refused_with_reasons(cast, report, written, dry_run):
    fresh, told, closed = (cast.add_measure() for _ in range(3))
    foreign = cast.add_measure("other")
    last = report(Status.IN_PROGRESS, measure=told, by=cast.people.coordinator)
    report(Status.DONE, measure=closed)
    closed.refresh_from_db()
    rows_before = written()
    several = actions.report_several(
        measures=[foreign, closed, told, fresh],
        by=cast.people.secretary,
        today=cast.today,
        status=Status.IN_PROGRESS,
        note="жұмыс жүріп жатыр",
        seen={fresh.pk: 0, told.pk: 0, closed.pk: last.pk, foreign.pk: 0},
        dry_run=dry_run,
    )
    assert several.changed == [fresh]
    assert [measure for measure, _why in several.refused] == [told, closed, foreign]
    assert [why for _measure, why in several.refused] == [
        "somebody reported it meanwhile",
        "closed already: done",
        "you may not report this measure",
    ]
    assert (written() == rows_before) is dry_run
    if not dry_run:
        assert fresh.statusreports.get().note == "жұмыс жүріп жатыр"


# --- refusals --------------------------------------------------------------------------------------------------------
REFUSED_REPORTS = {
    "a status that does not exist": ({"status": "flying"}, "status"),
    "no status": ({"status": ""}, "status"),
    "moved, which is said by moving the deadline": ({"status": Status.MOVED}, "status"),
    "removed, which only a coordinator says": ({"status": Status.REMOVED}, "status"),
    "no report, which is the absence of one": ({"status": Status.NO_REPORT}, "status"),
    "not done, and not why": ({"status": Status.NOT_DONE}, "note"),
    "not done, and only blanks": ({"status": Status.NOT_DONE, "note": " \n"}, "note"),
    "at risk, and not why": ({"at_risk": True}, "delay_reason"),
    "a reason that does not exist": ({"at_risk": True, "delay_reason": "laziness"}, "delay_reason"),
    "a day that has not come": ({"reported_on": dt.date(2025, 6, 17)}, "reported_on"),
    "a day before the last report": ({"reported_on": dt.date(2025, 6, 9)}, "reported_on"),
}


@pytest.mark.parametrize(("said", "field"), REFUSED_REPORTS.values(), ids=REFUSED_REPORTS)
def test_a_refused_report_changes_nothing(cast, measure, report, written, evidence_directory, said, field):
    report(Status.NOT_STARTED, today=dt.date(2025, 6, 10))
    before = written()
    with pytest.raises(ValidationError) as refusal:
        report(**{"status": Status.IN_PROGRESS, **said}, evidence=[upload()])
    assert list(refusal.value.message_dict) == [field]
    assert written() == before
    assert not files(evidence_directory)


@pytest.mark.parametrize("broken", ["negative", "of another measure", "too large"])
def test_an_impossible_fact_refuses_the_whole_report(cast, measure, report, written, evidence_directory, broken):
    there = cast.add_measure() if broken == "of another measure" else measure
    indicator = MeasureIndicator.objects.create(measure=there, name="пәтер", unit=Unit.FLATS, plan=84)
    value = {"negative": Decimal(-1), "of another measure": Decimal(1), "too large": Decimal(10) ** 16}[broken]
    before = written()
    with pytest.raises(ValueError if broken == "of another measure" else ValidationError):
        report(Status.IN_PROGRESS, facts={indicator: value}, evidence=[upload()])
    assert written() == before
    assert not files(evidence_directory)


REFUSED_CORRECTIONS = {
    "no reason": ({"note": " "}, "note"),
    "a status that does not exist": ({"status": Status.NO_REPORT}, "status"),
    "at risk, and not why": ({"at_risk": True}, "delay_reason"),
    "a day that has not come": ({"reported_on": dt.date(2025, 6, 17)}, "reported_on"),
}


@pytest.mark.parametrize(("said", "field"), REFUSED_CORRECTIONS.values(), ids=REFUSED_CORRECTIONS)
def test_a_refused_correction_changes_nothing(cast, report, written, said, field):
    told = report(Status.DONE)
    before = written()
    said = {"status": Status.IN_PROGRESS, "note": "қате", "by": cast.people.coordinator, "today": cast.today, **said}
    with pytest.raises(ValidationError) as refusal:
        actions.correct_report(report=told, **said)
    assert list(refusal.value.message_dict) == [field]
    assert written() == before


def test_only_the_last_report_is_corrected(cast, report, written):
    old = report(Status.IN_PROGRESS)
    report(Status.DONE)
    before = written()
    with pytest.raises(ValidationError, match="newer report"):
        actions.correct_report(
            report=old, by=cast.people.coordinator, today=cast.today, status=Status.NOT_STARTED, note="қате"
        )
    assert written() == before


REFUSED_DEADLINES = {
    "the same day": ({"new_deadline": dt.date(2025, 9, 30)}, "new_deadline"),
    "no reason": ({"reason": ""}, "reason"),
    "a reason that does not exist": ({"reason": "laziness"}, "reason"),
}


@pytest.mark.parametrize(("said", "field"), REFUSED_DEADLINES.values(), ids=REFUSED_DEADLINES)
def test_a_refused_deadline_changes_nothing(cast, measure, written, said, field):
    before = written()
    said = {"new_deadline": dt.date(2026, 1, 15), "reason": DelayReason.LAND, "by": cast.people.coordinator, **said}
    with pytest.raises(ValidationError) as refusal:
        actions.move_deadline(measure=measure, today=cast.today, **said)
    assert list(refusal.value.message_dict) == [field]
    assert written() == before


@pytest.mark.parametrize("status", [Status.DONE, Status.MOVED, Status.REMOVED])
def test_the_deadline_of_a_closed_measure_stays(cast, measure, report, written, status):
    told = report(Status.DONE)
    if status != Status.DONE:
        actions.correct_report(report=told, by=cast.people.coordinator, today=cast.today, status=status, note="шешім")
    before = written()
    with pytest.raises(ValidationError, match="closed already"):
        actions.move_deadline(
            measure=measure,
            by=cast.people.coordinator,
            today=cast.today,
            new_deadline=dt.date(2026, 2, 2),
            reason=DelayReason.LAND,
        )
    assert written() == before


REFUSED_VERDICTS = {
    "refuted, and not why": ({"verdict": Verdict.REFUTES}, "note"),
    "no basis": ({"basis": "  "}, "basis"),
    "a verdict that does not exist": ({"verdict": "perhaps"}, "verdict"),
    "seen on a day that has not come": ({"seen_on": dt.date(2025, 6, 17)}, "seen_on"),
    "seen before it was said": ({"seen_on": dt.date(2025, 6, 15)}, "seen_on"),
}


@pytest.mark.parametrize(("said", "field"), REFUSED_VERDICTS.values(), ids=REFUSED_VERDICTS)
def test_a_refused_verdict_changes_nothing(cast, report, written, said, field):
    told = report(Status.DONE)
    before = written()
    said = {"verdict": Verdict.CONFIRMS, "basis": "акт", **said}
    with pytest.raises(ValidationError) as refusal:
        actions.verify(report=told, by=cast.people.controller, today=cast.today, **said)
    assert list(refusal.value.message_dict) == [field]
    assert written() == before


@pytest.mark.parametrize("verdict", [Verdict.CONFIRMS, Verdict.REFUTES])
def test_only_the_claim_that_speaks_for_the_measure_is_verified(cast, report, written, verdict):
    said = {"by": cast.people.controller, "today": cast.today, "verdict": verdict, "basis": "акт", "note": "көрдім"}
    not_done = report(Status.IN_PROGRESS)
    with pytest.raises(ValidationError, match="nothing to verify"):
        actions.verify(report=not_done, **said)
    old = report(Status.DONE)
    last = report(Status.DONE)
    before = written()
    with pytest.raises(ValidationError, match="reported anew"):
        actions.verify(report=old, **said)
    assert written() == before
    actions.verify(report=last, **said)
    before = written()
    with pytest.raises(ValidationError):  # confirmed already; or, refuted, it claims nothing any more
        actions.verify(report=last, **said)
    assert written() == before


# --- who may ---------------------------------------------------------------------------------------------------------
MAY = {
    "report": {"secretary", "coordinator"},
    "correct": {"coordinator"},
    "move": {"coordinator"},
    "verify": {"controller"},
}


@pytest.mark.parametrize("action", MAY)
def test_an_action_finds_its_measure_only_for_who_may(cast, measure, report, written, action):
    claimed = cast.add_measure()
    told = report(Status.DONE, measure=claimed, by=cast.people.coordinator)
    said = {"today": cast.today}
    acts = {
        "report": lambda by: actions.report_status(measure=measure, by=by, status=Status.DONE, **said),
        "correct": lambda by: actions.correct_report(report=told, by=by, status=Status.DONE, note="күні", **said),
        "move": lambda by: actions.move_deadline(
            measure=measure, by=by, new_deadline=dt.date(2025, 12, 1), reason=DelayReason.LAND, **said
        ),
        "verify": lambda by: actions.verify(report=told, by=by, verdict=Verdict.CONFIRMS, basis="акт", **said),
    }
    left = cast.people.secretary
    assert len(vars(cast.people)) == 9
    for name, person in vars(cast.people).items():
        before = written()
        if name in MAY[action]:
            acts[action](person)
            assert written() != before, name
        else:
            with pytest.raises(PermissionDenied):
                acts[action](person)
            assert written() == before, name
        told = claimed.statusreports.order_by("id").last()
    left.is_active = False  # who has left the party keeps the role, and may nothing
    left.save()
    with pytest.raises(PermissionDenied):
        acts["report"](left)


# --- whole or not at all ---------------------------------------------------------------------------------------------
class BrokenError(Exception):
    """The machine breaks."""


ACTIONS = ("report", "correct", "move", "move out", "refute")
SECOND_WRITES = ("roadmap.models.Measure.save", "branches.models.audit.AuditEventQuerySet.create")


@pytest.mark.parametrize(
    ("action", "broken"), [*itertools.product(ACTIONS, SECOND_WRITES), ("report", "roadmap.models.Evidence.save")]
)
def test_a_broken_write_leaves_neither(cast, measure, report, written, evidence_directory, monkeypatch, action, broken):
    claimed = cast.add_measure()
    told = report(Status.DONE, measure=claimed)
    said = {"today": cast.today}
    acts = {
        "report": lambda: report(Status.DONE, evidence=[upload()]),
        "correct": lambda: actions.correct_report(
            report=told, by=cast.people.coordinator, status=Status.IN_PROGRESS, note="қате", **said
        ),
        "move": lambda: actions.move_deadline(
            measure=measure,
            by=cast.people.coordinator,
            new_deadline=dt.date(2025, 12, 1),
            reason=DelayReason.LAND,
            **said,
        ),
        "move out": lambda: actions.move_deadline(
            measure=measure,
            by=cast.people.coordinator,
            new_deadline=dt.date(2026, 12, 1),
            reason=DelayReason.LAND,
            **said,
        ),
        "refute": lambda: actions.verify(
            report=told, by=cast.people.controller, verdict=Verdict.REFUTES, basis="акт", note="жоқ", **said
        ),
    }

    def breaks(*args, **kwargs):
        raise BrokenError

    before = written()
    with monkeypatch.context() as patch:
        patch.setattr(broken, breaks)
        with pytest.raises(BrokenError):
            acts[action]()
    assert written() == before
    assert not files(evidence_directory)
    acts[action]()
    assert written() != before
