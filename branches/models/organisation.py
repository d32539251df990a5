"""The party's branches and who heads them."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from amanat_tracker.generic.naming import TrilingualName
from amanat_tracker.generic.provenance import Sourced
from branches.choices import BranchKind, Position
from branches.models.people import ScopedQuerySet
from branches.models.places import District, Region


class Branch(TrilingualName):
    """A branch of the party: the oblast's (regional), or a district's or city's (territorial)."""

    slug = models.SlugField(_("address word"), unique=True)
    kind = models.CharField(_("kind"), max_length=20, choices=BranchKind)
    region = models.ForeignKey(Region, models.PROTECT, related_name="branches", verbose_name=_("region"))
    district = models.OneToOneField(
        District, models.PROTECT, related_name="branch", null=True, blank=True, verbose_name=_("district")
    )

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("party branch")
        verbose_name_plural = _("party branches")
        ordering = ("region", "kind", "district__river_order")
        constraints = (
            models.UniqueConstraint(
                fields=("region",), condition=models.Q(kind=BranchKind.REGIONAL), name="branch_one_regional_of_a_region"
            ),
            models.CheckConstraint(
                condition=models.Q(kind=BranchKind.REGIONAL, district__isnull=True)
                | models.Q(kind=BranchKind.TERRITORIAL, district__isnull=False),
                name="branch_territorial_has_a_district",
            ),
        )

    @property
    def place(self) -> str:
        """The land it works in: the region's or the district's name, in the language of the reader."""
        return self.district.name if self.district else self.region.name

    @property
    def short_place(self) -> str:
        """The same, as short as on a map."""
        return self.district.short_name if self.district else self.region.name


class OfficeHolder(Sourced):
    """A person who holds or held an office of a branch. Chairs change; `since` stays empty where it is not known."""

    branch = models.ForeignKey(Branch, models.PROTECT, related_name="office_holders", verbose_name=_("party branch"))
    position = models.CharField(_("position"), max_length=30, choices=Position)
    full_name = models.CharField(_("full name"), max_length=200)
    since = models.DateField(_("since"), null=True, blank=True)
    until = models.DateField(_("until"), null=True, blank=True)

    class Meta:
        verbose_name = _("office holder")
        verbose_name_plural = _("office holders")
        ordering = ("branch", "position", models.F("since").asc(nulls_first=True))
        constraints = (
            models.CheckConstraint(condition=models.Q(position__in=Position.values), name="officeholder_position"),
            models.CheckConstraint(
                condition=models.Q(since__isnull=True)
                | models.Q(until__isnull=True)
                | models.Q(until__gte=models.F("since")),
                name="officeholder_since_before_until",
            ),
        )

    def __str__(self) -> str:
        return f"{self.full_name}, {self.get_position_display()}"
