"""The programme, its directions, and the yearly roadmaps of branches."""

import datetime as dt
from typing import Self

from django.core.validators import MinValueValidator
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from amanat_tracker.generic.naming import TrilingualName
from amanat_tracker.generic.provenance import Sourced
from branches.choices import FIRST_YEAR, LAST_YEAR
from branches.models import Branch, ScopedQuerySet, Topic
from roadmap.choices import CountedUnit
from roadmap.models.history import StatusReport


class Programme(TrilingualName, Sourced):
    """An election programme of the party, with the years it is promised for."""

    slug = models.SlugField(_("address word"), unique=True)
    year_from = models.PositiveSmallIntegerField(_("first year"))
    year_until = models.PositiveSmallIntegerField(_("last year"))

    class Meta:
        verbose_name = _("election programme")
        verbose_name_plural = _("election programmes")
        ordering = ("-year_from",)
        constraints = (
            models.CheckConstraint(
                condition=models.Q(year_until__gte=models.F("year_from")), name="programme_years_in_order"
            ),
            models.CheckConstraint(
                condition=models.Q(year_from__range=(2000, 2100), year_until__range=(2000, 2100)),
                name="programme_years",
            ),
        )


class Direction(TrilingualName):
    """A field of work by which a programme groups its measures: housing, education, health…"""

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="directions", verbose_name=_("programme"))
    number = models.PositiveSmallIntegerField(_("number"))
    slug = models.SlugField(_("address word"))
    topics = models.ManyToManyField(
        Topic, related_name="directions", blank=True, verbose_name=_("topics of citizens' requests")
    )

    class Meta:
        verbose_name = _("direction")
        verbose_name_plural = _("directions")
        ordering = ("programme", "number")
        constraints = (
            models.UniqueConstraint(fields=("programme", "number"), name="direction_number_once"),
            models.UniqueConstraint(fields=("programme", "slug"), name="direction_slug_once"),
        )


class RoadmapQuerySet(ScopedQuerySet):
    """Roadmaps of branches."""

    branch_path = "branch"

    def in_force(self, day: dt.date) -> Self:
        """Keep, of each branch and year, the newest version that was approved by the end of `day`."""
        newer = Roadmap.objects.filter(
            branch=models.OuterRef("branch"),
            year=models.OuterRef("year"),
            version__gt=models.OuterRef("version"),
            approved_on__lte=day,
        )
        return self.filter(~models.Exists(newer), approved_on__lte=day)

    def current(self, day: dt.date) -> Self:
        """Keep, of each branch, the roadmap that is worked on: in force, of the newest year that has begun."""
        later = Roadmap.objects.filter(
            branch=models.OuterRef("branch"), year__gt=models.OuterRef("year"), year__lte=day.year, approved_on__lte=day
        )
        return self.in_force(day).filter(~models.Exists(later), year__lte=day.year)

    def years(self, day: dt.date) -> dict[int, bool]:
        """The years of roadmaps known on `day`, each with whether anything had been reported of it. One query."""
        told = StatusReport.objects.known_on(day).filter(measure__roadmap=models.OuterRef("pk"))
        rows = self.filter(approved_on__lte=day).order_by().values_list("year", models.Exists(told)).distinct()
        years: dict[int, bool] = {}
        for year, reported in rows:
            years[year] = years.get(year, False) or reported
        return years


class Roadmap(Sourced):
    """What one branch promised to do in one year: the numbered list of its measures, in one version.

    A branch has one roadmap a year, whatever the programme: the list of a year is never two lists added up.
    """

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="roadmaps", verbose_name=_("programme"))
    branch = models.ForeignKey(Branch, models.PROTECT, related_name="roadmaps", verbose_name=_("party branch"))
    year = models.PositiveSmallIntegerField(_("year"))
    version = models.PositiveSmallIntegerField(_("version"), default=1, validators=[MinValueValidator(1)])
    unit = models.CharField(_("counted in"), max_length=20, choices=CountedUnit, default=CountedUnit.MEASURE)
    approved_on = models.DateField(_("approved on"))

    objects = RoadmapQuerySet.as_manager()

    class Meta:
        verbose_name = _("roadmap")
        verbose_name_plural = _("roadmaps")
        ordering = ("-year", "branch", "-version")
        constraints = (
            models.UniqueConstraint(fields=("branch", "year", "version"), name="roadmap_version_once"),
            models.CheckConstraint(condition=models.Q(version__gte=1), name="roadmap_version_from_one"),
            models.CheckConstraint(condition=models.Q(year__range=(FIRST_YEAR, LAST_YEAR)), name="roadmap_year"),
            models.CheckConstraint(condition=models.Q(unit__in=CountedUnit.values), name="roadmap_unit"),
        )

    def __str__(self) -> str:
        return f"{self.branch.place}, {self.year}"

    @property
    def things(self) -> str:
        """What it counts, in the form that stands after a total: «116 іс-шараның», "of 116 measures"."""
        return CountedUnit(self.unit).of_them

    def get_absolute_url(self) -> str:
        """The list of its measures."""
        return f"{reverse('roadmap:measure_list')}?branch={self.branch.slug}&year={self.year}"
