"""The party's branches: who heads them, how many members they have, their factions and elections."""

import datetime as dt
from typing import Self

from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from amanat_tracker.generic.naming import TrilingualName
from amanat_tracker.generic.provenance import Sourced
from branches.choices import BranchKind, ElectionKind, Position, Qualifier, Wing
from branches.models.people import ScopedQuerySet
from branches.models.places import District, Locality, Region
from branches.models.statement import Statement, StatementQuerySet


class BranchQuerySet(ScopedQuerySet):
    """Branches."""

    def within(self, branch: "Branch") -> Self:
        """Keep the branches whose own rows a figure of `branch` counts: of a regional one, all of its region.

        Unlike roadmaps, which are never added up across levels, what branches do is each one's own, and the oblast's
        figure is the sum.
        """
        if branch.kind == BranchKind.REGIONAL:
            return self.filter(region=branch.region_id)
        return self.filter(pk=branch.pk)

    def along_the_river(self) -> Self:
        """The regional branch of each region, then its territorial ones along the river, with their places."""
        return self.select_related("region", "district").order_by("region", "kind", "district__river_order")


class Branch(TrilingualName):
    """A branch of the party: the oblast's (regional), or a district's or city's (territorial)."""

    slug = models.SlugField(_("address word"), unique=True)
    kind = models.CharField(_("kind"), max_length=20, choices=BranchKind)
    region = models.ForeignKey(Region, models.PROTECT, related_name="branches", verbose_name=_("region"))
    district = models.OneToOneField(
        District, models.PROTECT, related_name="branch", null=True, blank=True, verbose_name=_("district")
    )

    objects = BranchQuerySet.as_manager()

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

    def get_absolute_url(self) -> str:
        """Its card: people, members, faction, elections."""
        return reverse("branches:branch_detail", args=[self.slug])

    @property
    def place(self) -> str:
        """The land it works in: the region's or the district's name, in the language of the reader."""
        return self.district.name if self.district else self.region.name

    @property
    def short_name(self) -> str:
        """It among others: the oblast's by what it is, lest it be taken for all of them; the rest by their place."""
        return self.district.short_name if self.district else str(capfirst(self.get_kind_display()))

    @property
    def short_place(self) -> str:
        """The same, as short as on a map."""
        return self.district.short_name if self.district else self.region.name


class OfficeHolderQuerySet(ScopedQuerySet):
    """Who held which office when."""

    branch_path = "branch"

    def on(self, day: dt.date) -> Self:
        """Keep those who held their office on `day`."""
        begun = models.Q(since__isnull=True) | models.Q(since__lte=day)
        return self.filter(begun, models.Q(until__isnull=True) | models.Q(until__gte=day))


class OfficeHolder(Sourced):
    """A person who holds or held an office of a branch. Chairs change; `since` stays empty where it is not known."""

    branch = models.ForeignKey(Branch, models.PROTECT, related_name="office_holders", verbose_name=_("party branch"))
    position = models.CharField(_("position"), max_length=30, choices=Position)
    full_name = models.CharField(_("full name"), max_length=200)
    since = models.DateField(_("since"), null=True, blank=True)
    until = models.DateField(_("until"), null=True, blank=True)

    objects = OfficeHolderQuerySet.as_manager()

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


class BranchStatementQuerySet(StatementQuerySet):
    """What is said of a branch on a day: its members, its wings."""

    branch_path = "branch"

    def newest(self, day: dt.date, *of: str) -> Self:
        """Keep, of each branch (and of each of the fields `of`), the statement that speaks on `day`.

        That is, of those typed by the end of it, the one about the latest day; of two about the same day the later one,
        which corrects the earlier.
        """
        same = {name: models.OuterRef(name) for name in ("branch", *of)}
        later = self.model._default_manager.known_on(day).filter(
            models.Q(as_on__gt=models.OuterRef("as_on"))
            | models.Q(as_on=models.OuterRef("as_on"), pk__gt=models.OuterRef("pk")),
            **same,
        )
        return self.known_on(day).filter(~models.Exists(later))


class BranchStatement(Statement):
    """A number of a branch as it was on the day `as_on`."""

    as_on = models.DateField(_("as of"))

    class Meta(Statement.Meta):
        abstract = True

    def clean(self) -> None:
        """Say what is impossible, beside the field it concerns."""
        if self.as_on and self.as_on > self.entered_on:
            raise ValidationError({"as_on": _("This day has not come yet. Enter today or an earlier day.")})


class MembershipReport(BranchStatement):
    """How many members a branch has, in how many primary organisations."""

    branch = models.ForeignKey(Branch, models.PROTECT, related_name="memberships", verbose_name=_("party branch"))
    primary_organisations = models.PositiveIntegerField(_("primary organisations"))
    members = models.PositiveIntegerField(_("members"))
    qualifier = models.CharField(_("qualifier"), max_length=20, choices=Qualifier, blank=True, default=Qualifier.EXACT)

    objects = BranchStatementQuerySet.as_manager()

    class Meta(BranchStatement.Meta):
        abstract = False
        verbose_name = _("report of members")
        verbose_name_plural = _("reports of members")
        ordering = ("id",)
        indexes = (models.Index(fields=("branch", "as_on", "id"), name="membership_newest"),)
        constraints = (
            models.CheckConstraint(condition=models.Q(qualifier__in=Qualifier.values), name="membership_qualifier"),
            models.CheckConstraint(
                condition=models.Q(as_on__lte=models.F("entered_on")), name="membership_not_of_the_future"
            ),
        )

    def __str__(self) -> str:
        return f"{self.branch_id}, {self.as_on}: {self.members}"

    def clean(self) -> None:
        """Say what is impossible, beside the field it concerns."""
        super().clean()
        if None not in (self.members, self.primary_organisations) and self.members < self.primary_organisations:
            raise ValidationError({"members": _("Fewer members than primary organisations: check the numbers.")})


class WingReport(BranchStatement):
    """How many members a wing of a branch has."""

    branch = models.ForeignKey(Branch, models.PROTECT, related_name="wing_reports", verbose_name=_("party branch"))
    wing = models.CharField(_("wing"), max_length=10, choices=Wing)
    members = models.PositiveIntegerField(_("members"))

    objects = BranchStatementQuerySet.as_manager()

    class Meta(BranchStatement.Meta):
        abstract = False
        verbose_name = _("report of a wing")
        verbose_name_plural = _("reports of wings")
        ordering = ("id",)
        constraints = (
            models.CheckConstraint(condition=models.Q(wing__in=Wing.values), name="wingreport_wing"),
            models.CheckConstraint(
                condition=models.Q(as_on__lte=models.F("entered_on")), name="wingreport_not_of_the_future"
            ),
        )

    def __str__(self) -> str:
        return f"{self.branch_id}, {self.wing}, {self.as_on}: {self.members}"


class MaslikhatQuerySet(ScopedQuerySet):
    """Maslikhats."""

    branch_path = "branch"


class Maslikhat(TrilingualName, Sourced):
    """The representative body of the land in which a branch works, with its seats."""

    branch = models.OneToOneField(Branch, models.PROTECT, related_name="maslikhat", verbose_name=_("party branch"))
    seats = models.PositiveSmallIntegerField(_("seats"))

    objects = MaslikhatQuerySet.as_manager()

    class Meta:
        verbose_name = _("maslikhat")
        verbose_name_plural = _("maslikhats")
        ordering = ("branch",)
        constraints = (models.CheckConstraint(condition=models.Q(seats__gt=0), name="maslikhat_has_seats"),)


class FactionReport(BranchStatement):
    """How many mandates of its maslikhat the branch's faction holds, and who leads it."""

    branch = models.ForeignKey(Branch, models.PROTECT, related_name="faction_reports", verbose_name=_("party branch"))
    maslikhat = models.ForeignKey(
        Maslikhat, models.PROTECT, related_name="faction_reports", verbose_name=_("maslikhat")
    )
    members = models.PositiveSmallIntegerField(_("mandates held"))
    leader = models.CharField(_("faction leader"), max_length=200, blank=True)

    objects = BranchStatementQuerySet.as_manager()

    class Meta(BranchStatement.Meta):
        abstract = False
        verbose_name = _("report of a faction")
        verbose_name_plural = _("reports of factions")
        ordering = ("id",)
        constraints = (
            models.CheckConstraint(
                condition=models.Q(as_on__lte=models.F("entered_on")), name="factionreport_not_of_the_future"
            ),
        )

    def __str__(self) -> str:
        return f"{self.maslikhat_id}, {self.as_on}: {self.members}"

    def clean(self) -> None:
        """Say what is impossible, beside the field it concerns."""
        super().clean()
        if self.members is not None and self.members > self.maslikhat.seats:
            said = _("The maslikhat has %(seats)s seats: check the number.") % {"seats": self.maslikhat.seats}
            raise ValidationError({"members": said})


class ElectionQuerySet(StatementQuerySet):
    """Elections."""

    branch_path = "branch"

    def as_of(self, day: dt.date) -> Self:
        """Keep those typed by the end of `day` and not corrected by then, nor called a mistake."""
        corrections = Election.objects.known_on(day).filter(corrects=models.OuterRef("pk"))
        return self.known_on(day).filter(~models.Exists(corrections), is_mistake=False)

    def held_in(self, year: int) -> Self:
        """Keep those of a year."""
        return self.filter(held_on__range=(dt.date(year, 1, 1), dt.date(year, 12, 31)))


class Election(Statement):
    """An election in which the party nominated: for how many seats, how many candidates, how many of them won.

    One that `is_mistake` says of the record that it corrects that there was no such election.
    """

    branch = models.ForeignKey(Branch, models.PROTECT, related_name="elections", verbose_name=_("party branch"))
    kind = models.CharField(_("what was elected"), max_length=20, choices=ElectionKind)
    held_on = models.DateField(_("held on"))
    locality = models.ForeignKey(
        Locality, models.PROTECT, related_name="elections", null=True, blank=True, verbose_name=_("locality")
    )
    place = models.CharField(_("place"), max_length=200, blank=True)
    seats = models.PositiveSmallIntegerField(_("seats"), default=1)
    nominated = models.PositiveSmallIntegerField(_("nominated by the party"))
    won = models.PositiveSmallIntegerField(_("won by the party"))
    corrects = models.OneToOneField(
        "self", models.PROTECT, related_name="corrected_by", null=True, blank=True, verbose_name=_("corrects")
    )
    is_mistake = models.BooleanField(_("there was no such election"), default=False)

    objects = ElectionQuerySet.as_manager()

    class Meta(Statement.Meta):
        abstract = False
        verbose_name = _("election")
        verbose_name_plural = _("elections")
        ordering = ("id",)
        indexes = (models.Index(fields=("branch", "held_on"), name="election_of_a_branch"),)
        constraints = (
            models.CheckConstraint(condition=models.Q(kind__in=ElectionKind.values), name="election_kind"),
            models.CheckConstraint(
                condition=models.Q(held_on__lte=models.F("entered_on")), name="election_not_of_the_future"
            ),
            models.CheckConstraint(condition=models.Q(seats__gt=0), name="election_has_seats"),
            models.CheckConstraint(
                condition=models.Q(won__lte=models.F("nominated")) & models.Q(won__lte=models.F("seats")),
                name="election_won_of_the_nominated",
            ),
            models.CheckConstraint(
                condition=models.Q(is_mistake=False) | models.Q(corrects__isnull=False),
                name="election_mistake_is_of_another",
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind}, {self.held_on}: {self.won}/{self.seats}"

    def clean(self) -> None:
        """Say what is impossible, beside the field it concerns."""
        errors = {}
        if self.held_on and self.held_on > self.entered_on:
            errors["held_on"] = _("This day has not come yet. Enter today or an earlier day.")
        if not self.seats:
            errors["seats"] = _("There is at least one seat.")
        if None not in (self.won, self.nominated, self.seats) and self.won > min(self.nominated, self.seats):
            errors["won"] = _("More won than were nominated, or than there are seats: check the numbers.")
        if errors:
            raise ValidationError(errors)
