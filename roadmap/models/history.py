"""What was said and seen of measures: append-only, the truth from which every figure of any day is computed."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from amanat_tracker.generic.append_only import AppendOnlyModel, AppendOnlyQuerySet
from branches.choices import Qualifier
from branches.models import ScopedQuerySet
from branches.models.statement import KeptFile, Statement, StatementQuerySet
from roadmap.choices import STATED, DelayReason, ReportOrigin, Status, Verdict


class HistoryQuerySet(StatementQuerySet):
    """Rows of a measure's history."""

    branch_path = "measure__roadmap__branch"


class History(Statement):
    """A statement about a measure by somebody, never changed afterwards."""

    measure = models.ForeignKey("roadmap.Measure", models.PROTECT, related_name="%(class)ss", verbose_name=_("measure"))

    objects = HistoryQuerySet.as_manager()

    class Meta(Statement.Meta):
        abstract = True


class StatusReport(History):
    """What a branch says of a measure on a day. The last one entered speaks for the measure."""

    status = models.CharField(_("status"), max_length=20, choices=[(s.value, s.label) for s in STATED])
    reported_on = models.DateField(_("as of which day"))
    at_risk = models.BooleanField(_("at risk"), default=False)
    delay_reason = models.CharField(_("reason of the risk"), max_length=20, choices=DelayReason, blank=True)
    origin = models.CharField(_("origin"), max_length=20, choices=ReportOrigin, default=ReportOrigin.REPORT)
    corrects = models.OneToOneField(
        "self", models.PROTECT, related_name="corrected_by", null=True, blank=True, verbose_name=_("corrects")
    )

    class Meta(History.Meta):
        abstract = False
        verbose_name = _("status report")
        verbose_name_plural = _("status reports")
        ordering = ("id",)
        indexes = (models.Index(fields=("measure", "entered_on", "id"), name="report_last_of_a_day"),)
        constraints = (
            models.CheckConstraint(condition=models.Q(status__in=[s.value for s in STATED]), name="report_status"),
            models.CheckConstraint(condition=models.Q(origin__in=ReportOrigin.values), name="report_origin"),
            models.CheckConstraint(
                condition=models.Q(delay_reason__in=["", *DelayReason.values]), name="report_delay_reason"
            ),
            models.CheckConstraint(
                condition=models.Q(at_risk=False) | ~models.Q(delay_reason=""), name="report_risk_has_a_reason"
            ),
            models.CheckConstraint(
                condition=models.Q(at_risk=True) | models.Q(delay_reason=""), name="report_reason_is_of_a_risk"
            ),
            models.CheckConstraint(
                condition=~models.Q(status=Status.NOT_DONE) | ~models.Q(note=""), name="report_not_done_has_a_note"
            ),
            models.CheckConstraint(
                condition=models.Q(reported_on__lte=models.F("entered_on")), name="report_not_of_the_future"
            ),
            models.CheckConstraint(
                condition=models.Q(origin=ReportOrigin.CORRECTION, corrects__isnull=False)
                | (~models.Q(origin=ReportOrigin.CORRECTION) & models.Q(corrects__isnull=True)),
                name="report_correction_names_the_corrected",
            ),
        )

    def __str__(self) -> str:
        return f"{self.measure_id}: {self.status}, {self.reported_on}"

    def clean(self) -> None:
        """Say what is missing or impossible, beside the field it concerns."""
        errors = {}
        if self.status == Status.NOT_DONE and not self.note.strip():
            errors["note"] = _("Write the reason: “not done” is not saved without a note.")
        if self.at_risk and not self.delay_reason:
            errors["delay_reason"] = _("Choose the reason of the risk.")
        if self.reported_on and self.reported_on > self.entered_on:
            errors["reported_on"] = _("This day has not come yet. Enter today or an earlier day.")
        if errors:
            raise ValidationError(errors)


class DeadlineChange(History):
    """A deadline moved by the coordinator, with a coded reason. The first deadline stays on the measure for ever."""

    old_deadline = models.DateField(_("old deadline"))
    new_deadline = models.DateField(_("new deadline"))
    reason = models.CharField(_("reason"), max_length=20, choices=DelayReason)
    document = models.CharField(_("by which document"), max_length=300, blank=True)

    class Meta(History.Meta):
        abstract = False
        verbose_name = _("deadline change")
        verbose_name_plural = _("deadline changes")
        ordering = ("id",)
        indexes = (models.Index(fields=("measure", "entered_on", "id"), name="deadline_last_of_a_day"),)
        constraints = (
            models.CheckConstraint(condition=models.Q(reason__in=DelayReason.values), name="deadlinechange_reason"),
            models.CheckConstraint(
                condition=~models.Q(new_deadline=models.F("old_deadline")), name="deadlinechange_changes"
            ),
        )

    def __str__(self) -> str:
        return f"{self.measure_id}: {self.old_deadline} → {self.new_deadline}"

    def clean(self) -> None:
        """Say what is impossible, beside the field it concerns."""
        if self.new_deadline == self.old_deadline:
            raise ValidationError({"new_deadline": _("This is the deadline already. Enter another day.")})


class Verification(History):
    """What party control found of one report that said "done": it confirms or refutes it.

    A refutation has an outcome: the report that returns the measure to "in progress". Nobody verifies their own
    report: `reporter` repeats the report's author so that the database can refuse it, too.
    """

    report = models.ForeignKey(
        StatusReport, models.PROTECT, related_name="verifications", verbose_name=_("verified report")
    )
    reporter = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="verified_reports", verbose_name=_("reported by")
    )
    verdict = models.CharField(_("verdict"), max_length=20, choices=Verdict)
    seen_on = models.DateField(_("seen on"))
    basis = models.CharField(_("visit or document"), max_length=300, blank=True)
    visit = models.ForeignKey(
        "roadmap.SiteVisit",
        models.PROTECT,
        related_name="verifications",
        null=True,
        blank=True,
        verbose_name=_("visit to the site"),
    )
    outcome = models.OneToOneField(
        StatusReport, models.PROTECT, related_name="refutation", null=True, blank=True, verbose_name=_("outcome")
    )

    class Meta(History.Meta):
        abstract = False
        verbose_name = _("verification")
        verbose_name_plural = _("verifications")
        ordering = ("id",)
        indexes = (models.Index(fields=("report", "verdict", "entered_on"), name="verification_of_a_report"),)
        constraints = (
            models.CheckConstraint(condition=models.Q(verdict__in=Verdict.values), name="verification_verdict"),
            models.CheckConstraint(
                condition=~models.Q(author=models.F("reporter")), name="verification_not_of_ones_own_report"
            ),
            models.CheckConstraint(
                condition=models.Q(verdict=Verdict.REFUTES, outcome__isnull=False)
                | models.Q(verdict=Verdict.CONFIRMS, outcome__isnull=True),
                name="verification_refutation_has_an_outcome",
            ),
            models.CheckConstraint(
                condition=~models.Q(verdict=Verdict.REFUTES) | ~models.Q(note=""),
                name="verification_refutation_has_a_note",
            ),
            models.CheckConstraint(
                condition=models.Q(seen_on__lte=models.F("entered_on")), name="verification_not_of_the_future"
            ),
            models.CheckConstraint(
                condition=~models.Q(basis="") | models.Q(visit__isnull=False), name="verification_rests_on_something"
            ),
            models.UniqueConstraint(fields=("visit", "measure"), name="verification_once_a_visit"),
        )

    def __str__(self) -> str:
        return f"{self.measure_id}: {self.verdict}, {self.seen_on}"

    def clean(self) -> None:
        """Say what is missing or impossible, beside the field it concerns."""
        errors = {}
        if self.verdict == Verdict.REFUTES and not self.note.strip():
            errors["note"] = _("Write what was found: a report is not refuted without a reason.")
        if not self.basis and not self.visit_id:
            errors["basis"] = _("Write what the verdict rests on: a visit or a document.")
        if self.seen_on and self.seen_on > self.entered_on:
            errors["seen_on"] = _("This day has not come yet. Enter today or an earlier day.")
        elif self.seen_on and self.seen_on < self.report.reported_on:
            errors["seen_on"] = _("The report is of a later day: what was seen before it cannot verify it.")
        if errors:
            raise ValidationError(errors)


class ReportPartQuerySet(AppendOnlyQuerySet, ScopedQuerySet):
    """Parts of status reports: facts of indicators, evidence files."""

    branch_path = "report__measure__roadmap__branch"


class IndicatorFact(AppendOnlyModel):
    """What an indicator had reached according to one report."""

    report = models.ForeignKey(StatusReport, models.PROTECT, related_name="facts", verbose_name=_("status report"))
    indicator = models.ForeignKey(
        "roadmap.MeasureIndicator", models.PROTECT, related_name="facts", verbose_name=_("indicator")
    )
    value = models.DecimalField(_("fact"), max_digits=18, decimal_places=3, validators=[MinValueValidator(0)])
    qualifier = models.CharField(_("qualifier"), max_length=20, choices=Qualifier, blank=True, default=Qualifier.EXACT)

    objects = ReportPartQuerySet.as_manager()

    class Meta(AppendOnlyModel.Meta):
        abstract = False
        verbose_name = _("fact of an indicator")
        verbose_name_plural = _("facts of indicators")
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(fields=("report", "indicator"), name="indicatorfact_once_a_report"),
            models.CheckConstraint(condition=models.Q(value__gte=0), name="indicatorfact_not_negative"),
            models.CheckConstraint(condition=models.Q(qualifier__in=Qualifier.values), name="indicatorfact_qualifier"),
        )

    def __str__(self) -> str:
        return f"{self.indicator_id}: {self.value}"


class Evidence(KeptFile):
    """A file that a report rests on: an act, a photograph."""

    report = models.ForeignKey(StatusReport, models.PROTECT, related_name="evidence", verbose_name=_("status report"))

    objects = ReportPartQuerySet.as_manager()

    class Meta(KeptFile.Meta):
        abstract = False
        verbose_name = _("evidence file")
        verbose_name_plural = _("evidence files")
        ordering = ("id",)
        constraints = (models.CheckConstraint(condition=models.Q(size__gt=0), name="evidence_not_empty"),)

    def get_absolute_url(self) -> str:
        """Where those in scope download it."""
        return reverse("roadmap:evidence", args=[self.pk])
