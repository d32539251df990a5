"""What ties citizens' requests to the roadmap and to control: measures they speak of, requests passed to control.

No personal data stands here: a request is known by its number, topic and locality.
"""

import datetime as dt
from typing import Self

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from branches.models import Request
from branches.models.statement import Statement, StatementQuerySet
from roadmap.models.bodies import Recommendation
from roadmap.models.control import Site, SiteVisit
from roadmap.models.measures import Measure


class RequestLinkQuerySet(StatementQuerySet):
    """Statements that tie requests to something."""

    branch_path = "request__branch"


class RequestMeasureQuerySet(RequestLinkQuerySet):
    """Measures of which requests speak."""

    def as_of(self, day: dt.date) -> Self:
        """Keep the links that stood at the end of `day`."""
        later = RequestMeasure.objects.known_on(day).filter(
            request=models.OuterRef("request"), measure=models.OuterRef("measure"), pk__gt=models.OuterRef("pk")
        )
        return self.known_on(day).filter(~models.Exists(later), is_linked=True)


class RequestMeasure(Statement):
    """A request speaks of a measure; or, with `is_linked` false, it turned out not to."""

    request = models.ForeignKey(
        Request, models.PROTECT, related_name="measure_links", verbose_name=_("citizen's request")
    )
    measure = models.ForeignKey(Measure, models.PROTECT, related_name="request_links", verbose_name=_("measure"))
    is_linked = models.BooleanField(_("is linked"), default=True)

    objects = RequestMeasureQuerySet.as_manager()

    class Meta(Statement.Meta):
        abstract = False
        verbose_name = _("measure of a request")
        verbose_name_plural = _("measures of requests")
        ordering = ("id",)

    def __str__(self) -> str:
        return f"{self.request_id} — {self.measure_id}"


class ReferralQuerySet(RequestLinkQuerySet):
    """Requests passed to party control."""

    def with_outcome(self, day: dt.date) -> Self:
        """Add `is_followed`: by the end of `day` a visit or a recommendation came from it."""
        visits = SiteVisit.objects.known_on(day).filter(request=models.OuterRef("request"))
        issued = Recommendation.objects.known_on(day).filter(request=models.OuterRef("request"))
        return self.annotate(is_followed=models.Exists(visits) | models.Exists(issued))


class Referral(Statement):
    """A branch passed a request to party control: go and look. `note` says what at, without names."""

    request = models.OneToOneField(
        Request, models.PROTECT, related_name="referral", verbose_name=_("citizen's request")
    )
    site = models.ForeignKey(
        Site, models.PROTECT, related_name="referrals", null=True, blank=True, verbose_name=_("site")
    )

    objects = ReferralQuerySet.as_manager()

    class Meta(Statement.Meta):
        abstract = False
        verbose_name = _("request passed to party control")
        verbose_name_plural = _("requests passed to party control")
        ordering = ("id",)
        constraints = (models.CheckConstraint(condition=~models.Q(note=""), name="referral_has_a_note"),)

    def __str__(self) -> str:
        return f"referral of request {self.request_id}"

    def clean(self) -> None:
        """Say what is missing."""
        if not self.note.strip():
            raise ValidationError({"note": _("Write what control should look at.")})
