"""Bodies that meet and recommend: party control commissions and councils, their meetings, their recommendations.

Councils call their recommendations proposals. Whoever says that one is done is not the one who verifies it.
"""

import datetime as dt
from collections.abc import Iterable
from typing import Any, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from amanat_tracker.database.functions import flag, matching
from amanat_tracker.generic.append_only import AppendOnlyModel, AppendOnlyQuerySet
from amanat_tracker.generic.naming import TrilingualName
from branches.choices import Permission
from branches.models import Branch, Request, ScopedQuerySet, User
from branches.models.statement import KeptFile, Statement, StatementQuerySet
from roadmap.choices import FOLLOWED_TO_THE_END, FULFILLED, BodyKind, MeetingKind, RecommendationState
from roadmap.models.control import Site, SiteVisit, newest
from roadmap.models.measures import Measure
from roadmap.models.programme import Direction

NO_ORIGIN = {"meeting__isnull": True, "visit__isnull": True, "request__isnull": True, "monitoring": ""}


class BodyQuerySet(ScopedQuerySet):
    """Commissions and councils."""

    branch_path = "branch"

    def convened_by(self, user: User) -> Self:
        """Keep those whose meetings `user` records: commissions by control, councils by who convenes them."""
        return self.filter(
            models.Q(kind=BodyKind.COMMISSION, pk__in=Body.objects.for_user(user, Permission.CONTROL))
            | models.Q(kind=BodyKind.COUNCIL, pk__in=Body.objects.for_user(user, Permission.CONVENE))
        )


class Body(TrilingualName):
    """A party control commission of a branch, or one of its councils, with the field it works in."""

    branch = models.ForeignKey(Branch, models.PROTECT, related_name="bodies", verbose_name=_("party branch"))
    kind = models.CharField(_("kind"), max_length=20, choices=BodyKind)
    direction = models.ForeignKey(
        Direction, models.PROTECT, related_name="bodies", null=True, blank=True, verbose_name=_("field")
    )

    objects = BodyQuerySet.as_manager()

    class Meta:
        verbose_name = _("commission or council")
        verbose_name_plural = _("commissions and councils")
        ordering = ("branch", "kind", "id")
        constraints = (
            models.CheckConstraint(condition=models.Q(kind__in=BodyKind.values), name="body_kind"),
            models.UniqueConstraint(
                fields=("branch",), condition=models.Q(kind=BodyKind.COMMISSION), name="body_one_commission_of_a_branch"
            ),
        )

    @property
    def is_of_council(self) -> bool:
        """Whether it is a council."""
        return self.kind == BodyKind.COUNCIL

    def get_absolute_url(self) -> str:
        """Its card: meetings, and what is to be heard next."""
        return reverse("roadmap:body_detail", args=[self.pk])


class MeetingQuerySet(StatementQuerySet):
    """Meetings of bodies."""

    branch_path = "body__branch"

    def as_of(self, day: dt.date) -> Self:
        """Keep the meetings entered by the end of `day` and not called entered by mistake by then."""
        mistakes = MeetingAnnulment.objects.known_on(day).filter(meeting=models.OuterRef("pk"))
        return self.known_on(day).filter(~models.Exists(mistakes))

    def with_counts(self, day: dt.date) -> Self:
        """Add `issues` (points of the agenda) and `recommendations_count` (issued by it, as known on `day`)."""
        items = AgendaItem.objects.filter(meeting=models.OuterRef("pk"))
        issued = Recommendation.objects.known_on(day).filter(meeting=models.OuterRef("pk"))
        return self.annotate(issues=_count(items, "meeting"), recommendations_count=_count(issued, "meeting"))

    def search(self, text: str) -> Self:
        """Keep meetings of whose body, place, minutes or agenda every word of `text` is a part."""
        found = AgendaItem.objects.filter(matching(text, "title", "decision")).values("meeting")
        fields = ("body__name_kk", "body__name_ru", "body__name_en", "place", "minutes_number", "note")
        return self.filter(matching(text, *fields) | models.Q(pk__in=found))


def _count(rows: models.QuerySet, by: str) -> Coalesce:
    """How many rows there are, as a subquery."""
    counted = rows.order_by().values(by).annotate(n=models.Count("pk")).values("n")
    return Coalesce(models.Subquery(counted), 0)


class Meeting(Statement):
    """A meeting that was held. A joint one is its host's, and counted once; `note` sums up what was said."""

    body = models.ForeignKey(Body, models.PROTECT, related_name="meetings", verbose_name=_("commission or council"))
    joint_with = models.ManyToManyField(Body, related_name="joint_meetings", blank=True, verbose_name=_("jointly with"))
    kind = models.CharField(_("kind of meeting"), max_length=20, choices=MeetingKind, default=MeetingKind.REGULAR)
    held_on = models.DateField(_("held on"))
    place = models.CharField(_("place"), max_length=200, blank=True)
    minutes_number = models.CharField(_("minutes number"), max_length=40, blank=True)
    present = models.PositiveSmallIntegerField(_("how many were present"), null=True, blank=True)

    objects = MeetingQuerySet.as_manager()

    class Meta(Statement.Meta):
        abstract = False
        verbose_name = _("meeting")
        verbose_name_plural = _("meetings")
        ordering = ("id",)
        indexes = (models.Index(fields=("body", "held_on"), name="meeting_of_a_body"),)
        constraints = (
            models.CheckConstraint(condition=models.Q(kind__in=MeetingKind.values), name="meeting_kind"),
            models.CheckConstraint(
                condition=models.Q(held_on__lte=models.F("entered_on")), name="meeting_not_of_the_future"
            ),
        )

    def __str__(self) -> str:
        return f"{self.body}, {self.held_on:%d.%m.%Y}"

    def get_absolute_url(self) -> str:
        """Its card."""
        return reverse("roadmap:meeting_detail", args=[self.pk])

    @property
    def is_of_council(self) -> bool:
        """Whether a council held it."""
        return self.body.is_of_council

    def clean(self) -> None:
        """Say what is impossible, beside the field it concerns."""
        if self.held_on and self.held_on > self.entered_on:
            raise ValidationError({"held_on": _("This day has not come yet. Enter today or an earlier day.")})


class MeetingPartQuerySet(AppendOnlyQuerySet, ScopedQuerySet):
    """Parts of meetings: points of the agenda, files."""

    branch_path = "meeting__body__branch"


class MeetingStatementQuerySet(StatementQuerySet):
    """Statements about meetings."""

    branch_path = "meeting__body__branch"


class MeetingAnnulment(Statement):
    """Somebody entered a meeting by mistake: it is no longer counted from that day on, and stays in the story."""

    meeting = models.OneToOneField(Meeting, models.PROTECT, related_name="annulment", verbose_name=_("meeting"))

    objects = MeetingStatementQuerySet.as_manager()

    class Meta(Statement.Meta):
        abstract = False
        verbose_name = _("meeting entered by mistake")
        verbose_name_plural = _("meetings entered by mistake")
        constraints = (models.CheckConstraint(condition=~models.Q(note=""), name="annulment_has_a_note"),)

    def __str__(self) -> str:
        return f"{self.meeting_id}: {self.note}"

    def clean(self) -> None:
        """Say what is missing."""
        if not self.note.strip():
            raise ValidationError({"note": _("Write why the meeting does not count.")})


class MeetingFile(KeptFile):
    """Minutes, a resolution, a list of who was present."""

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="files", verbose_name=_("meeting"))

    objects = MeetingPartQuerySet.as_manager()

    class Meta(KeptFile.Meta):
        abstract = False
        verbose_name = _("file of a meeting")
        verbose_name_plural = _("files of meetings")
        ordering = ("id",)
        constraints = (models.CheckConstraint(condition=models.Q(size__gt=0), name="meetingfile_not_empty"),)

    def get_absolute_url(self) -> str:
        """Where those in scope download it."""
        return reverse("roadmap:meeting_file", args=[self.pk])


class RecommendationQuerySet(StatementQuerySet):
    """Recommendations of control and proposals of councils, as they are known on a day."""

    branch_path = "branch"

    def of_control(self) -> Self:
        """Keep what commissions, visits and monitoring recommended."""
        return self.exclude(meeting__body__kind=BodyKind.COUNCIL)

    def of_councils(self) -> Self:
        """Keep the proposals of councils."""
        return self.filter(meeting__body__kind=BodyKind.COUNCIL)

    def issued_by(self, user: User) -> Self:
        """Keep those that `user` may withdraw: control's by control, councils' by who convenes them."""
        of_councils = models.Q(meeting__body__kind=BodyKind.COUNCIL)
        convened = Recommendation.objects.for_user(user, Permission.CONVENE).of_councils()
        controlled = Recommendation.objects.for_user(user, Permission.CONTROL).of_control()
        return self.filter(
            of_councils & models.Q(pk__in=convened.values("pk")) | models.Q(pk__in=controlled.values("pk"))
        )

    def as_of(self, day: dt.date) -> Self:
        """Keep what was issued by the end of `day` and add what had become of each; see `with_states`.

        What came from a meeting that was entered by mistake goes with it, as if it had not been issued.
        """
        mistakes = MeetingAnnulment.objects.known_on(day).filter(meeting=models.OuterRef("meeting"))
        return self.known_on(day).filter(~models.Exists(mistakes)).with_states(day)

    def with_states(self, day: dt.date) -> Self:
        """Add what had become of each by the end of `day`.

        Adds `day_state`, `day_state_on`, `day_step` (the last step), `day_author` (who entered it), and the flags
        `is_open`, `is_done` (verified or not), `is_verified`, `is_unverified` (done, nobody verified it yet) and
        `is_overdue` (open, its day has passed).
        """
        steps = RecommendationStep.objects.known_on(day).filter(recommendation=models.OuterRef("pk"))
        is_open = ~models.Q(day_state__in=FOLLOWED_TO_THE_END)
        return self.annotate(
            day_step=newest(steps, "pk"),
            day_state=Coalesce(newest(steps, "state"), models.Value(RecommendationState.ISSUED.value)),
            day_state_on=newest(steps, "happened_on"),
            day_author=newest(steps, "author"),
        ).annotate(
            is_open=flag(is_open),
            is_done=flag(models.Q(day_state__in=FULFILLED)),
            is_verified=flag(models.Q(day_state=RecommendationState.VERIFIED)),
            is_unverified=flag(models.Q(day_state=RecommendationState.DONE)),
            is_overdue=flag(is_open & models.Q(due_on__lt=day)),
        )

    def issued_in(self, year: int) -> Self:
        """Keep what was issued in a year."""
        return self.filter(issued_on__range=(dt.date(year, 1, 1), dt.date(year, 12, 31)))

    def counted_by(self, *fields: str) -> Iterable[dict[str, Any]]:
        """Count, in ONE query, recommendations `as_of` a day by `fields`, state and whether overdue: dicts with `n`."""
        return self.order_by().values(*fields, "day_state", "is_overdue").annotate(n=models.Count("pk"))

    def search(self, text: str) -> Self:
        """Keep those that mention every word of `text`, whatever its case or keyboard."""
        return self.filter(
            matching(text, "text", "addressee", "executor", "monitoring", "measure__title", "site__name")
        )


class Recommendation(Statement):
    """What control recommends, or a council proposes: to whom, who carries it out, by when.

    It has exactly one origin: a meeting, a visit, a citizen's request, or monitoring (in words). `issued_on` is the day
    of its origin.
    """

    branch = models.ForeignKey(Branch, models.PROTECT, related_name="recommendations", verbose_name=_("party branch"))
    meeting = models.ForeignKey(
        Meeting, models.PROTECT, related_name="recommendations", null=True, blank=True, verbose_name=_("meeting")
    )
    visit = models.ForeignKey(
        SiteVisit,
        models.PROTECT,
        related_name="recommendations",
        null=True,
        blank=True,
        verbose_name=_("visit to the site"),
    )
    request = models.ForeignKey(
        Request,
        models.PROTECT,
        related_name="recommendations",
        null=True,
        blank=True,
        verbose_name=_("citizen's request"),
    )
    monitoring = models.CharField(
        _("monitoring"), max_length=300, blank=True, help_text=_("For example: monitoring of the third quarter.")
    )
    text = models.TextField(_("what is recommended"), max_length=1000)
    addressee = models.CharField(_("addressee"), max_length=200)
    executor = models.CharField(_("executor"), max_length=200, blank=True)
    issued_on = models.DateField(_("issued on"))
    due_on = models.DateField(_("to be done by"))
    measure = models.ForeignKey(
        Measure, models.PROTECT, related_name="recommendations", null=True, blank=True, verbose_name=_("measure")
    )
    site = models.ForeignKey(
        Site, models.PROTECT, related_name="recommendations", null=True, blank=True, verbose_name=_("site")
    )

    objects = RecommendationQuerySet.as_manager()

    class Meta(Statement.Meta):
        abstract = False
        verbose_name = _("recommendation")
        verbose_name_plural = _("recommendations")
        ordering = ("id",)
        indexes = (models.Index(fields=("branch", "issued_on"), name="recommendation_of_a_year"),)
        constraints = (
            models.CheckConstraint(
                condition=models.Q(models.Q(**NO_ORIGIN | {"meeting__isnull": False}))
                | models.Q(**NO_ORIGIN | {"visit__isnull": False})
                | models.Q(**NO_ORIGIN | {"request__isnull": False})
                | (models.Q(meeting__isnull=True, visit__isnull=True, request__isnull=True) & ~models.Q(monitoring="")),
                name="recommendation_exactly_one_origin",
            ),
            models.CheckConstraint(
                condition=models.Q(issued_on__lte=models.F("entered_on")), name="recommendation_not_of_the_future"
            ),
            models.CheckConstraint(
                condition=models.Q(due_on__gte=models.F("issued_on")), name="recommendation_due_after_issued"
            ),
        )

    def __str__(self) -> str:
        return self.text

    def get_absolute_url(self) -> str:
        """Its card."""
        return reverse("roadmap:recommendation_detail", args=[self.pk])

    @property
    def is_of_council(self) -> bool:
        """Whether a council made it."""
        return self.meeting is not None and self.meeting.is_of_council

    def clean(self) -> None:
        """Say what is missing or impossible, beside the field it concerns."""
        errors = {}
        if self.issued_on and self.issued_on > self.entered_on:
            errors["issued_on"] = _("This day has not come yet. Enter today or an earlier day.")
        if self.due_on and self.issued_on and self.due_on < self.issued_on:
            errors["due_on"] = _("This day lies before the recommendation was issued. Check it.")
        if not (self.meeting_id or self.visit_id or self.request_id or self.monitoring.strip()):
            errors["monitoring"] = _("Write which monitoring it comes from.")
        if errors:
            raise ValidationError(errors)


class RecommendationPartQuerySet(StatementQuerySet):
    """Steps of recommendations."""

    branch_path = "recommendation__branch"


class RecommendationStep(Statement):
    """What became of a recommendation. "Verified" is said of "done" by somebody else: `done_by` names who said done."""

    recommendation = models.ForeignKey(
        Recommendation, models.PROTECT, related_name="steps", verbose_name=_("recommendation")
    )
    state = models.CharField(_("state"), max_length=20, choices=RecommendationState)
    happened_on = models.DateField(_("on which day"))
    done_by = models.ForeignKey(
        User, models.PROTECT, related_name="verified_steps", null=True, blank=True, verbose_name=_("reported done by")
    )

    objects = RecommendationPartQuerySet.as_manager()

    class Meta(Statement.Meta):
        abstract = False
        verbose_name = _("step of a recommendation")
        verbose_name_plural = _("steps of recommendations")
        ordering = ("id",)
        indexes = (models.Index(fields=("recommendation", "entered_on", "id"), name="step_last_of_a_day"),)
        constraints = (
            models.CheckConstraint(condition=models.Q(state__in=RecommendationState.values), name="step_state"),
            models.CheckConstraint(
                condition=models.Q(happened_on__lte=models.F("entered_on")), name="step_not_of_the_future"
            ),
            models.CheckConstraint(
                condition=models.Q(state=RecommendationState.VERIFIED, done_by__isnull=False)
                | (~models.Q(state=RecommendationState.VERIFIED) & models.Q(done_by__isnull=True)),
                name="step_verified_names_who_said_done",
            ),
            models.CheckConstraint(condition=~models.Q(author=models.F("done_by")), name="step_not_of_ones_own"),
            models.CheckConstraint(
                condition=~models.Q(state__in=[RecommendationState.NOT_DONE, RecommendationState.WITHDRAWN])
                | ~models.Q(note=""),
                name="step_refusal_has_a_note",
            ),
        )

    def __str__(self) -> str:
        return f"{self.recommendation_id}: {self.state}, {self.happened_on}"

    def clean(self) -> None:
        """Say what is missing or impossible, beside the field it concerns."""
        errors = {}
        if self.state in (RecommendationState.NOT_DONE, RecommendationState.WITHDRAWN) and not self.note.strip():
            errors["note"] = _("Write the reason: this is not saved without a note.")
        if self.happened_on and self.happened_on > self.entered_on:
            errors["happened_on"] = _("This day has not come yet. Enter today or an earlier day.")
        if errors:
            raise ValidationError(errors)


class AgendaItem(AppendOnlyModel):
    """A point of a meeting's agenda, with what was decided: one issue that was considered.

    `recommendation` is an earlier one whose fulfilment was heard.
    """

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="agenda", verbose_name=_("meeting"))
    position = models.PositiveSmallIntegerField(_("place"))
    title = models.CharField(_("issue"), max_length=500)
    decision = models.TextField(_("what was decided"), blank=True, max_length=2000)
    recommendation = models.ForeignKey(
        Recommendation,
        models.PROTECT,
        related_name="hearings",
        null=True,
        blank=True,
        verbose_name=_("recommendation that was heard"),
    )

    objects = MeetingPartQuerySet.as_manager()

    class Meta(AppendOnlyModel.Meta):
        abstract = False
        verbose_name = _("point of the agenda")
        verbose_name_plural = _("points of agendas")
        ordering = ("meeting", "position")
        constraints = (models.UniqueConstraint(fields=("meeting", "position"), name="agenda_position_once"),)

    def __str__(self) -> str:
        return self.title
