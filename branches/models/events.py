"""Days on which citizens are received: at the open door, on one theme, in a village, in person."""

import datetime as dt
from typing import Self

from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from branches.choices import EventKind
from branches.models.organisation import Branch
from branches.models.places import Locality
from branches.models.projects import PartyProject
from branches.models.statement import Statement, StatementQuerySet


class ReceptionEventQuerySet(StatementQuerySet):
    """Reception events."""

    branch_path = "branch"

    def as_of(self, day: dt.date) -> Self:
        """Keep the events entered by the end of `day` and not called entered by mistake by then."""
        mistakes = EventAnnulment.objects.known_on(day).filter(event=models.OuterRef("pk"))
        return self.known_on(day).filter(~models.Exists(mistakes))

    def held_in(self, year: int) -> Self:
        """Keep those of a year."""
        return self.filter(held_on__range=(dt.date(year, 1, 1), dt.date(year, 12, 31)))

    def years(self, day: dt.date) -> dict[int, bool]:
        """The years in which events were held, as known on `day`: all of them true. One query."""
        return dict.fromkeys(self.as_of(day).order_by().values_list("held_on__year", flat=True).distinct(), True)


class ReceptionEvent(Statement):
    """A day on which a branch received citizens: at its open door, on one theme, in a village, in person."""

    branch = models.ForeignKey(Branch, models.PROTECT, related_name="reception_events", verbose_name=_("party branch"))
    kind = models.CharField(_("kind of reception"), max_length=20, choices=EventKind)
    held_on = models.DateField(_("held on"))
    place = models.CharField(_("place"), max_length=200)
    locality = models.ForeignKey(
        Locality, models.PROTECT, related_name="reception_events", null=True, blank=True, verbose_name=_("locality")
    )
    project = models.ForeignKey(
        PartyProject,
        models.PROTECT,
        related_name="reception_events",
        null=True,
        blank=True,
        verbose_name=_("party project"),
    )

    objects = ReceptionEventQuerySet.as_manager()

    class Meta(Statement.Meta):
        abstract = False
        verbose_name = _("reception event")
        verbose_name_plural = _("reception events")
        ordering = ("id",)
        indexes = (models.Index(fields=("branch", "held_on"), name="event_of_a_branch"),)
        constraints = (
            models.CheckConstraint(condition=models.Q(kind__in=EventKind.values), name="event_kind"),
            models.CheckConstraint(
                condition=models.Q(held_on__lte=models.F("entered_on")), name="event_not_of_the_future"
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.held_on:%d.%m.%Y}"

    def get_absolute_url(self) -> str:
        """Its card."""
        return reverse("branches:event_detail", args=[self.pk])

    def clean(self) -> None:
        """Say what is impossible, beside the field it concerns."""
        if self.held_on and self.held_on > self.entered_on:
            raise ValidationError({"held_on": _("This day has not come yet. Enter today or an earlier day.")})


class EventStatementQuerySet(StatementQuerySet):
    """Statements about reception events."""

    branch_path = "event__branch"


class EventAnnulment(Statement):
    """Somebody entered an event by mistake: it is no longer counted from that day on, and its card stays.

    What was asked at it was asked at the event `instead` of it, entered as it should have been.
    """

    event = models.OneToOneField(
        ReceptionEvent, models.PROTECT, related_name="annulment", verbose_name=_("reception event")
    )
    instead = models.ForeignKey(
        ReceptionEvent,
        models.PROTECT,
        related_name="annulled_for",
        null=True,
        blank=True,
        verbose_name=_("the event as it was"),
    )

    objects = EventStatementQuerySet.as_manager()

    class Meta(Statement.Meta):
        abstract = False
        verbose_name = _("reception event entered by mistake")
        verbose_name_plural = _("reception events entered by mistake")
        constraints = (models.CheckConstraint(condition=~models.Q(note=""), name="eventannulment_has_a_note"),)

    def __str__(self) -> str:
        return f"{self.event_id}: {self.note}"

    def clean(self) -> None:
        """Say what is missing."""
        if not self.note.strip():
            raise ValidationError({"note": _("Write why the event does not count.")})
