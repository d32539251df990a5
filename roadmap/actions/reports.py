"""What is said of measures: reports, corrections, deadlines, verifications."""

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from amanat_tracker.generic.uploads import CheckedUpload
from branches.actions.entry import (
    check,
    day_of_entry,
    files_kept_only_if_rows_are,
    keep_uploads,
    same_submission,
    unused,
)
from branches.choices import Permission
from branches.models import AuditEvent, User
from roadmap.actions.locks import locked_measure
from roadmap.choices import CLOSED, REPORTABLE, SETTLED, STATED, ReportOrigin, Status, Verdict
from roadmap.models import (
    DeadlineChange,
    Evidence,
    IndicatorFact,
    Measure,
    MeasureIndicator,
    StatusReport,
    Verification,
)

FARTHEST_DEADLINE = 5  # years after the roadmap's: what lies beyond is a slip of the finger


@dataclass(frozen=True)
class Reported:
    """A report that was kept.

    `meanwhile` is the report that somebody entered after the form was opened (both are kept, the later speaks);
    `repeated` says that this very submission had been kept before: a double click.
    """

    report: StatusReport
    meanwhile: StatusReport | None = None
    repeated: bool = False


def report_status(
    *,
    measure: Measure,
    by: User,
    today: dt.date,
    status: str,
    note: str = "",
    reported_on: dt.date | None = None,
    at_risk: bool = False,
    delay_reason: str = "",
    facts: Mapping[MeasureIndicator, Decimal] | None = None,
    evidence: Sequence[CheckedUpload] = (),
    seen: int | None = None,
    submission: uuid.UUID | None = None,
) -> Reported:
    """Add a report of a measure's status, with facts of its indicators and evidence files.

    `seen` is the primary key of the last report that the form showed (0: none; None: not asked);
    `submission` identifies the opened form, so that pressing twice makes one row.
    """
    with locked_measure(measure, by, Permission.REPORT) as locked:
        told = same_submission(
            StatusReport.objects.filter(measure=locked), by, submission, status=status, note=note.strip()
        )
        if told:
            return Reported(told, repeated=True)
        if status not in REPORTABLE:
            raise ValidationError({"status": _("Choose a status from the list.")})
        if locked.status in SETTLED:
            raise ValidationError(
                _("It is no longer reported on: %(status)s. If that is wrong, ask the regional coordinator.")
                % {"status": locked.get_status_display()}
            )
        last = locked.statusreports.order_by("-id").first()
        report = StatusReport(
            measure=locked,
            author=by,
            entered_on=day_of_entry(today, last),
            status=status,
            note=note.strip(),
            reported_on=reported_on or today,
            **_risk(status, at_risk, delay_reason),
            submission=unused(StatusReport, submission),
        )
        _append_report(report, after=last, facts=facts, evidence=evidence)
        meanwhile = last if last is not None and seen is not None and last.pk != seen else None
        return Reported(report, meanwhile=meanwhile)


def correct_report(
    *,
    report: StatusReport,
    by: User,
    today: dt.date,
    status: str,
    note: str,
    reported_on: dt.date | None = None,
    at_risk: bool = False,
    delay_reason: str = "",
    facts: Mapping[MeasureIndicator, Decimal] | None = None,
    submission: uuid.UUID | None = None,
) -> StatusReport:
    """Put right a measure's last report by a new one, which says why in its note; the wrong one stays in the story.

    The only way to remove a measure from control, and to say a status that a branch may not.
    """
    with locked_measure(report.measure, by, Permission.CORRECT) as locked:
        told = same_submission(
            StatusReport.objects.filter(measure=locked), by, submission, status=status, note=note.strip()
        )
        if told:
            return told
        if not note.strip():
            raise ValidationError({"note": _("Write why the report is corrected.")})
        if status not in STATED:
            raise ValidationError({"status": _("Choose a status from the list.")})
        last = locked.statusreports.order_by("-id").first()
        if last is None or last.pk != report.pk:
            raise ValidationError(
                _("A newer report was entered meanwhile. Look at it first: only the last can be corrected.")
            )
        if report.origin == ReportOrigin.REFUTATION:
            raise ValidationError(_("Party control returned this measure: it is reported anew, not corrected."))
        correction = StatusReport(
            measure=locked,
            author=by,
            entered_on=day_of_entry(today, last),
            status=status,
            note=note.strip(),
            reported_on=reported_on or report.reported_on,
            **_risk(status, at_risk, delay_reason),
            origin=ReportOrigin.CORRECTION,
            corrects=report,
            submission=unused(StatusReport, submission),
        )
        standing = locked.statusreports.filter(corrected_by=None).exclude(pk=report.pk).order_by("-id").first()
        _append_report(correction, after=standing, facts=facts)
        return correction


def move_deadline(
    *,
    measure: Measure,
    by: User,
    today: dt.date,
    new_deadline: dt.date,
    reason: str,
    note: str = "",
    document: str = "",
    submission: uuid.UUID | None = None,
) -> DeadlineChange:
    """Move a measure's deadline, with a coded reason; out of the roadmap's year, its status becomes "moved"."""
    with locked_measure(measure, by, Permission.MOVE_DEADLINE) as locked:
        told = same_submission(DeadlineChange.objects.filter(measure=locked), by, submission, new_deadline=new_deadline)
        if told:
            return told
        if locked.status in CLOSED:
            raise ValidationError(_("The measure is closed already: its deadline is not moved any more."))
        year, last = locked.roadmap.year, locked.statusreports.order_by("-id").first()
        if not year <= new_deadline.year <= year + FARTHEST_DEADLINE:
            raise ValidationError(
                {"new_deadline": _("The roadmap is of %(year)s: this day is too far from it.") % {"year": year}}
            )
        change = DeadlineChange(
            measure=locked,
            author=by,
            entered_on=day_of_entry(today, last, locked.deadlinechanges.order_by("-id").first()),
            old_deadline=locked.deadline,
            new_deadline=new_deadline,
            reason=reason,
            note=note.strip(),
            document=document.strip(),
            submission=unused(DeadlineChange, submission),
        )
        check(change)
        change.save()
        locked.deadline = new_deadline
        locked.save(update_fields=["deadline"])
        AuditEvent.objects.record(
            by=by,
            action="measure.move_deadline",
            subject=locked,
            detail=f"{change.old_deadline} → {new_deadline}, {reason}",
        )
        if new_deadline.year > year:
            _append_report(
                StatusReport(
                    measure=locked,
                    author=by,
                    entered_on=change.entered_on,
                    reported_on=today,
                    status=Status.MOVED,
                    origin=ReportOrigin.DEADLINE,
                    note=note.strip(),
                ),
                after=None,
            )
        measure.deadline, measure.status = locked.deadline, locked.status
        return change


def verify(
    *,
    report: StatusReport,
    by: User,
    today: dt.date,
    verdict: str,
    basis: str,
    seen_on: dt.date | None = None,
    note: str = "",
    submission: uuid.UUID | None = None,
) -> Verification:
    """Confirm or refute the report by which a branch claims that a measure is done. Never one's own report.

    A refutation returns the measure to "in progress" in the same transaction. Only the report that speaks for the
    measure can be verified: when the branch has reported anew meanwhile, the controller must look again.
    """
    with locked_measure(report.measure, by, Permission.VERIFY) as locked:
        told = same_submission(
            Verification.objects.filter(measure=locked), by, submission, verdict=verdict, note=note.strip()
        )
        if told:
            return told
        return add_verification(
            Verification(
                measure=locked,
                author=by,
                entered_on=today,
                report=report,
                verdict=verdict,
                basis=basis.strip(),
                seen_on=seen_on or today,
                note=note.strip(),
                submission=unused(Verification, submission),
            )
        )


def add_verification(verification: Verification) -> Verification:
    """Write a verification of a locked measure's last report; a refutation with the report that it has as outcome.

    Raises ValidationError when there is nothing to verify: a newer report, none that says "done", one's own.
    """
    measure, by = verification.measure, verification.author
    last = measure.statusreports.order_by("-id").first()
    if last is None or last.pk != verification.report_id:
        raise ValidationError(_("The branch reported anew meanwhile. Look at the new report first."))
    if last.status != Status.DONE:
        raise ValidationError(_("The branch does not report this measure as done: there is nothing to verify."))
    if last.author_id == by.pk:
        raise ValidationError(_("Nobody verifies their own report."))
    if verification.verdict == Verdict.CONFIRMS and last.verifications.filter(verdict=Verdict.CONFIRMS).exists():
        raise ValidationError(_("This report is confirmed already."))
    verification.report, verification.reporter_id = last, last.author_id
    verification.entered_on = day_of_entry(verification.entered_on, last)
    check(verification)
    if verification.verdict == Verdict.REFUTES:
        verification.outcome = _append_report(
            StatusReport(
                measure=measure,
                author=by,
                entered_on=verification.entered_on,
                reported_on=verification.seen_on,
                status=Status.IN_PROGRESS,
                origin=ReportOrigin.REFUTATION,
                note=verification.note,
            ),
            after=None,
        )
    verification.save()
    AuditEvent.objects.record(by=by, action="report.verify", subject=last, detail=verification.verdict)
    return verification


@dataclass(frozen=True)
class Several:
    """What becomes, or would become, of a report on several measures: each changed, or refused with the reason."""

    changed: list[Measure]
    refused: list[tuple[Measure, str]]


def report_several(
    *,
    measures: Iterable[Measure],
    by: User,
    today: dt.date,
    status: str,
    note: str = "",
    seen: Mapping[int, int] | None = None,
    submission: uuid.UUID | None = None,
    dry_run: bool = False,
) -> Several:
    """Report one status on several measures in one transaction; what cannot be reported is left out, with the reason.

    `seen` gives, by measure, the last report that the reader saw: measures reported meanwhile are refused.
    `submission` identifies the opened form: each measure's report carries a token made of it, so that pressing twice
    makes one report a measure and tells the same twice.
    A dry run does the same and takes it back: what it tells is what the real run does.
    """
    changed: list[Measure] = []
    refused: list[tuple[Measure, str]] = []
    with transaction.atomic():
        for measure in sorted(measures, key=lambda measure: measure.pk):  # one order of locks: no deadlock
            token = uuid.uuid5(submission, str(measure.pk)) if submission else None
            try:
                with locked_measure(measure, by, Permission.REPORT) as locked:
                    if not same_submission(
                        StatusReport.objects.filter(measure=locked), by, token, status=status, note=note.strip()
                    ):
                        _refuse_unawaited(locked, None if seen is None else seen.get(measure.pk, 0))
                    report_status(measure=locked, by=by, today=today, status=status, note=note, submission=token)
                changed.append(measure)
            except ValidationError as error:
                refused.append((measure, " ".join(error.messages)))
            except PermissionDenied:
                refused.append((measure, _("you may not report this measure")))
        if dry_run:
            transaction.set_rollback(True)
    return Several(changed, refused)


def _refuse_unawaited(measure: Measure, seen: int | None) -> None:
    """Raise when a measure is closed already, or its last report is not the one that was `seen` (0: none)."""
    if measure.status in CLOSED:
        raise ValidationError(_("closed already: %(status)s") % {"status": measure.get_status_display()})
    if seen is not None:
        last = measure.statusreports.order_by("-id").values_list("pk", flat=True).first()
        if (last or 0) != seen:
            raise ValidationError(_("somebody reported it meanwhile"))


def _risk(status: str, at_risk: bool, delay_reason: str) -> dict[str, bool | str]:
    """A risk and its reason, as far as the status leaves one."""
    is_risk = at_risk and status not in CLOSED
    return {"at_risk": is_risk, "delay_reason": delay_reason if is_risk else ""}


def _append_report(
    report: StatusReport,
    *,
    after: StatusReport | None,
    facts: Mapping[MeasureIndicator, Decimal] | None = None,
    evidence: Sequence[CheckedUpload] = (),
) -> StatusReport:
    """Write the report, its parts, the measure's status and the audit. `after`: the report it may not be older than."""
    check(report)
    if report.reported_on.year < report.measure.roadmap.year - 1:
        raise ValidationError({"reported_on": _("This day lies long before the year of the roadmap. Check it.")})
    if after is not None and report.reported_on < after.reported_on:
        raise ValidationError(
            {
                "reported_on": _("The last report is of %(day)s. Enter that day or a later one.")
                % {"day": date_format(after.reported_on, "SHORT_DATE_FORMAT")}
            }
        )
    report.save()
    for indicator, value in (facts or {}).items():
        if indicator.measure_id != report.measure_id:
            raise ValueError(f"Indicator {indicator.pk} is not one of measure {report.measure_id}.")
        fact = IndicatorFact(report=report, indicator=indicator, value=value)
        check(fact)
        fact.save()
    with files_kept_only_if_rows_are() as kept:
        keep_uploads(evidence, Evidence, kept, report=report)
        measure = report.measure
        measure.status = report.status
        measure.save(update_fields=["status"])
        AuditEvent.objects.record(
            by=report.author,
            action=f"measure.{report.origin}",
            subject=measure,
            detail=f"{report.status}, {report.reported_on}",
        )
    return report
