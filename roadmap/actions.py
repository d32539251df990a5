"""Every write to the roadmap: a verb, keyword-only, `by` whom, one transaction, audited.

Each action locks the measure first, and finds it only among those to which `by` may do it; it raises PermissionDenied
when there is none, and ValidationError, with messages by field, when what it is told cannot be true. Then nothing is
changed.
"""

import contextlib
import datetime as dt
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Model
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from amanat_tracker.generic.uploads import CheckedUpload
from branches.choices import Permission
from branches.models import AuditEvent, User
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
    with _locked(measure, by, Permission.REPORT) as locked:
        repeated = _repeated(StatusReport, locked, by, submission, status=status, note=note.strip())
        if repeated:
            return Reported(repeated, repeated=True)
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
            entered_on=_day_of_entry(today, last),
            status=status,
            note=note.strip(),
            reported_on=reported_on or today,
            **_risk(status, at_risk, delay_reason),
            submission=_unused(StatusReport, submission),
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
    with _locked(report.measure, by, Permission.CORRECT) as locked:
        repeated = _repeated(StatusReport, locked, by, submission, status=status, note=note.strip())
        if repeated:
            return repeated
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
            entered_on=_day_of_entry(today, last),
            status=status,
            note=note.strip(),
            reported_on=reported_on or report.reported_on,
            **_risk(status, at_risk, delay_reason),
            origin=ReportOrigin.CORRECTION,
            corrects=report,
            submission=_unused(StatusReport, submission),
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
    with _locked(measure, by, Permission.MOVE_DEADLINE) as locked:
        repeated = _repeated(DeadlineChange, locked, by, submission, new_deadline=new_deadline)
        if repeated:
            return repeated
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
            entered_on=_day_of_entry(today, last, locked.deadlinechanges.order_by("-id").first()),
            old_deadline=locked.deadline,
            new_deadline=new_deadline,
            reason=reason,
            note=note.strip(),
            document=document.strip(),
            submission=_unused(DeadlineChange, submission),
        )
        _check(change)
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
    with _locked(report.measure, by, Permission.VERIFY) as locked:
        repeated = _repeated(Verification, locked, by, submission, verdict=verdict, note=note.strip())
        if repeated:
            return repeated
        last = locked.statusreports.order_by("-id").first()
        if last is None or last.pk != report.pk:
            raise ValidationError(_("The branch reported anew meanwhile. Look at the new report first."))
        if last.status != Status.DONE:
            raise ValidationError(_("The branch does not report this measure as done: there is nothing to verify."))
        if last.author_id == by.pk:
            raise ValidationError(_("Nobody verifies their own report."))
        if verdict == Verdict.CONFIRMS and last.verifications.filter(verdict=Verdict.CONFIRMS).exists():
            raise ValidationError(_("This report is confirmed already."))
        verification = Verification(
            measure=locked,
            author=by,
            entered_on=_day_of_entry(today, last),
            report=last,
            reporter_id=last.author_id,
            verdict=verdict,
            basis=basis.strip(),
            seen_on=seen_on or today,
            note=note.strip(),
            submission=_unused(Verification, submission),
        )
        _check(verification)
        if verdict == Verdict.REFUTES:
            verification.outcome = _append_report(
                StatusReport(
                    measure=locked,
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
        AuditEvent.objects.record(by=by, action="report.verify", subject=last, detail=verdict)
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
                with _locked(measure, by, Permission.REPORT) as locked:
                    if not _repeated(StatusReport, locked, by, token, status=status, note=note.strip()):
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


@contextlib.contextmanager
def _locked(measure: Measure, by: User, permission: Permission) -> Iterator[Measure]:
    """The measure's row, locked until the transaction ends, if `by` has the permission for it."""
    with transaction.atomic():
        locked = (
            Measure.objects.for_user(by, permission)
            .select_related("roadmap")
            .select_for_update(of=("self",))
            .filter(pk=measure.pk)
            .first()
        )
        if locked is None:
            raise PermissionDenied
        yield locked


def _repeated(model: type, measure: Measure, by: User, submission: uuid.UUID | None, **said: object) -> object | None:
    """The last row of `by`, if this very submission made it and said the same: then it was only a double click.

    An earlier row does not count: somebody who goes back twice, to say again what they said first, says it anew.
    """
    last = model.objects.filter(measure=measure, author=by).order_by("-id").first() if submission else None
    is_same = last is not None and last.submission == submission
    return last if is_same and all(getattr(last, name) == value for name, value in said.items()) else None


def _unused(model: type, submission: uuid.UUID | None) -> uuid.UUID:
    """The submission, or a fresh one if a row has it: somebody went back, said something else and saved again."""
    if submission is None or model.objects.filter(submission=submission).exists():
        return uuid.uuid4()
    return submission


def _day_of_entry(today: dt.date, *earlier: StatusReport | DeadlineChange | None) -> dt.date:
    """Today; but not before what was entered earlier by somebody whose clock had passed midnight already."""
    return max(today, *(row.entered_on for row in earlier if row is not None), today)


def _risk(status: str, at_risk: bool, delay_reason: str) -> dict[str, bool | str]:
    """A risk and its reason, as far as the status leaves one."""
    is_risk = at_risk and status not in CLOSED
    return {"at_risk": is_risk, "delay_reason": delay_reason if is_risk else ""}


def _check(row: Model) -> None:
    """Say what cannot be true, by field. Rows it refers to were just read; constraints are left to the database."""
    relations = [field.name for field in row._meta.concrete_fields if field.is_relation]
    row.full_clean(exclude=relations, validate_unique=False, validate_constraints=False)


def _append_report(
    report: StatusReport,
    *,
    after: StatusReport | None,
    facts: Mapping[MeasureIndicator, Decimal] | None = None,
    evidence: Sequence[CheckedUpload] = (),
) -> StatusReport:
    """Write the report, its parts, the measure's status and the audit. `after`: the report it may not be older than."""
    _check(report)
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
        _check(fact)
        fact.save()
    with _files_kept_only_if_rows_are() as kept:
        for upload in evidence:
            row = Evidence(
                report=report,
                name=upload.name,
                content_type=upload.content_type,
                size=upload.size,
                sha256=upload.sha256,
            )
            row.file.save(f"{uuid.uuid4().hex}", upload.file, save=False)
            kept.append(row.file)
            row.save()
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


@contextlib.contextmanager
def _files_kept_only_if_rows_are() -> Iterator[list]:
    """Remove the files that were written, when writing the rows beside them fails."""
    kept: list = []
    try:
        yield kept
    except BaseException:
        for file in kept:
            file.storage.delete(file.name)
        raise
