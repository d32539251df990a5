"""The party's projects: what they are to reach, and what branches report of them, period by period."""

import datetime as dt
from decimal import Decimal
from typing import Self

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from amanat_tracker.generic.naming import TrilingualName
from amanat_tracker.generic.provenance import Sourced
from branches.choices import FIRST_YEAR, LAST_YEAR, Frequency, NoData, Period, ProjectUnit, Qualifier
from branches.models.organisation import Branch
from branches.models.statement import Statement, StatementQuerySet

KEY = r"^[a-z0-9_]+(\.[a-z0-9_]+)?$"


class PartyProjectQuerySet(models.QuerySet):
    """Party projects; reference data, the same for all branches."""

    def valid_in(self, year: int) -> Self:
        """Keep those that ran at some time of the year."""
        ended = models.Q(valid_until__lt=dt.date(year, 1, 1))
        return self.filter(~ended, valid_from__lte=dt.date(year, 12, 31))


class PartyProject(TrilingualName, Sourced):
    """A project of the party, such as «Қарызсыз қоғам». The list of them changes from year to year."""

    key = models.SlugField(_("key"), unique=True)
    position = models.PositiveSmallIntegerField(_("place in the list"), default=1)
    valid_from = models.DateField(_("runs from"))
    valid_until = models.DateField(_("runs until"), null=True, blank=True)

    objects = PartyProjectQuerySet.as_manager()

    class Meta:
        verbose_name = _("party project")
        verbose_name_plural = _("party projects")
        ordering = ("position", "id")
        constraints = (
            models.CheckConstraint(
                condition=models.Q(valid_until__isnull=True) | models.Q(valid_until__gte=models.F("valid_from")),
                name="partyproject_from_before_until",
            ),
        )

    def get_absolute_url(self) -> str:
        """Its card."""
        return reverse("branches:project_detail", args=[self.pk])

    def runs_in(self, year: int) -> bool:
        """Whether it ran at some time of the year."""
        return self.valid_from.year <= year and (self.valid_until is None or year <= self.valid_until.year)

    def clean(self) -> None:
        """Leave no year of which branches have reported without it: their numbers would stand on no page."""
        super().clean()
        if self.pk is None or self.valid_from is None:
            return
        hidden = self._years_it_would_hide()
        errors = {}
        for field, years in (
            ("valid_from", [year for year in hidden if year < self.valid_from.year]),
            ("valid_until", [year for year in hidden if year > self.valid_from.year][::-1]),
        ):
            if years:
                errors[field] = ngettext(
                    "%(n)s branch has reported numbers of %(year)s, they would be hidden: let it run in that year.",
                    "%(n)s branches have reported numbers of %(year)s, they would be hidden: let it run in that year.",
                    hidden[years[0]],
                ) % {"n": hidden[years[0]], "year": years[0]}
        if errors:
            raise ValidationError(errors)

    def _years_it_would_hide(self) -> dict[int, int]:
        """The years, the earliest first, that it does not run in, though numbers are reported; by how many branches.

        Of what is measured together nothing is hidden as long as another of the projects runs.
        """
        running = {
            indicator.pk: [self, *(other for other in indicator.projects.all() if other != self)]
            for indicator in self.indicators.prefetch_related("projects")
        }
        told = ProjectReport.objects.as_of(dt.date.max).filter(indicator__in=running)
        told = told.exclude(plan=None, fact=None, no_data="")  # what was taken back
        branches: dict[int, set[int]] = {}
        for year, indicator, branch in told.order_by("year").values_list("year", "indicator", "branch"):
            if not any(project.runs_in(year) for project in running[indicator]):
                branches.setdefault(year, set()).add(branch)
        return {year: len(found) for year, found in branches.items()}


class ProjectIndicatorQuerySet(models.QuerySet):
    """Indicators of party projects."""

    def valid_in(self, year: int) -> Self:
        """Keep those of projects that ran at some time of the year."""
        return self.filter(
            pk__in=ProjectIndicator.projects.through.objects.filter(
                partyproject__in=PartyProject.objects.valid_in(year)
            ).values("projectindicator")
        )


class ProjectIndicator(TrilingualName):
    """What a project is measured by. One indicator may belong to several projects: their total is published jointly.

    `key` names it for the machine's door ("qaryzsyz_qogam.trained"); `frequency` says for which periods it is reported.
    """

    key = models.CharField(
        _("key"), max_length=80, unique=True, validators=[RegexValidator(KEY, _("For example: project.people."))]
    )
    projects = models.ManyToManyField(PartyProject, related_name="indicators", verbose_name=_("projects"))
    position = models.PositiveSmallIntegerField(_("place in the list"), default=1)
    unit = models.CharField(_("unit of measure"), max_length=20, choices=ProjectUnit)
    frequency = models.CharField(_("how often"), max_length=20, choices=Frequency, default=Frequency.QUARTERLY)

    objects = ProjectIndicatorQuerySet.as_manager()

    class Meta:
        verbose_name = _("indicator of a project")
        verbose_name_plural = _("indicators of projects")
        ordering = ("position", "id")
        constraints = (
            models.CheckConstraint(condition=models.Q(unit__in=ProjectUnit.values), name="projectindicator_unit"),
            models.CheckConstraint(
                condition=models.Q(frequency__in=Frequency.values), name="projectindicator_frequency"
            ),
        )

    def get_absolute_url(self) -> str:
        """Its page: what every branch reported."""
        return reverse("branches:indicator_detail", args=[self.pk])

    @property
    def periods(self) -> tuple[Period, ...]:
        """The periods of a year for which its facts are reported."""
        return Frequency(self.frequency).periods

    def periods_ended(self, year: int, day: dt.date) -> list[Period]:
        """Those of its periods of a year that were over at the end of `day`."""
        return [period for period in self.periods if period.ends_on(year) <= day]


class ProjectReportQuerySet(StatementQuerySet):
    """What branches reported of projects."""

    branch_path = "branch"

    def as_of(self, day: dt.date) -> Self:
        """Keep, of each branch, indicator, year and period, the report that spoke at the end of `day`."""
        later = ProjectReport.objects.known_on(day).filter(
            branch=models.OuterRef("branch"),
            indicator=models.OuterRef("indicator"),
            year=models.OuterRef("year"),
            period=models.OuterRef("period"),
            pk__gt=models.OuterRef("pk"),
        )
        return self.known_on(day).filter(~models.Exists(later))

    def years(self, day: dt.date) -> dict[int, bool]:
        """The years of which something was reported by `day`: all of them true. One query."""
        return dict.fromkeys(self.known_on(day).order_by().values_list("year", flat=True).distinct(), True)


class ProjectReport(Statement):
    """What a branch reports of an indicator for a period: plan, fact, or why there is none.

    Never changed: a wrong number is corrected by a new report of the same period, and the last one entered speaks. The
    plan of a whole year is told with period "year", also where facts are told by quarters.
    """

    indicator = models.ForeignKey(
        ProjectIndicator, models.PROTECT, related_name="reports", verbose_name=_("indicator of a project")
    )
    branch = models.ForeignKey(Branch, models.PROTECT, related_name="project_reports", verbose_name=_("party branch"))
    year = models.PositiveSmallIntegerField(_("year"))
    period = models.CharField(_("period"), max_length=3, choices=Period)
    plan = models.DecimalField(_("plan"), max_digits=18, decimal_places=3, null=True, blank=True)
    fact = models.DecimalField(_("fact"), max_digits=18, decimal_places=3, null=True, blank=True)
    qualifier = models.CharField(_("qualifier"), max_length=20, choices=Qualifier, blank=True, default=Qualifier.EXACT)
    no_data = models.CharField(_("why there is no number"), max_length=20, choices=NoData, blank=True)

    objects = ProjectReportQuerySet.as_manager()

    class Meta(Statement.Meta):
        abstract = False
        verbose_name = _("report of a party project")
        verbose_name_plural = _("reports of party projects")
        ordering = ("id",)
        indexes = (
            models.Index(fields=("branch", "year", "indicator", "period", "id"), name="projectreport_last"),
            models.Index(fields=("year", "indicator"), name="projectreport_of_a_year"),
        )
        constraints = (
            models.CheckConstraint(condition=models.Q(period__in=Period.values), name="projectreport_period"),
            models.CheckConstraint(condition=models.Q(year__range=(FIRST_YEAR, LAST_YEAR)), name="projectreport_year"),
            models.CheckConstraint(condition=models.Q(qualifier__in=Qualifier.values), name="projectreport_qualifier"),
            models.CheckConstraint(condition=models.Q(no_data__in=["", *NoData.values]), name="projectreport_no_data"),
            models.CheckConstraint(
                condition=(models.Q(plan__isnull=True) | models.Q(plan__gte=0))
                & (models.Q(fact__isnull=True) | models.Q(fact__gte=0)),
                name="projectreport_not_negative",
            ),
            models.CheckConstraint(
                condition=models.Q(fact__isnull=True) | models.Q(no_data=""), name="projectreport_fact_or_why_not"
            ),
        )

    def __str__(self) -> str:
        return f"{self.indicator_id}, {self.branch_id}, {self.year} {self.period}: {self.fact}"

    @property
    def speaks(self) -> bool:
        """Whether it says a fact, or why there is none; a plan alone is no report of what was done."""
        return self.fact is not None or bool(self.no_data)

    def clean(self) -> None:
        """Say what is missing or impossible, beside the field it concerns."""
        errors = {}
        if self.fact is not None and self.no_data:
            errors["no_data"] = _("There is a number: leave this empty, or clear the number.")
        if self.no_data == NoData.OTHER and not self.note.strip():
            errors["note"] = _("Write why there is no number.")
        for name in ("plan", "fact"):
            value = getattr(self, name)
            if value is not None and Decimal(value).is_finite() and value < 0:  # what is no number was refused before
                errors[name] = _("A number is not less than zero.")
        if errors:
            raise ValidationError(errors)
