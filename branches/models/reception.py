"""Reception offices: how citizens are received, what they ask for, by when they are answered.

A request and its history are codes and days. Everything that may be personal stands apart (applicants.py), encrypted:
the applicant, the summary of the request, the words of each step.
"""

import datetime as dt
from collections.abc import Iterable
from typing import Any, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from amanat_tracker.database.functions import flag
from amanat_tracker.generic.append_only import AppendOnlyModel, AppendOnlyQuerySet
from amanat_tracker.generic.naming import TrilingualName
from amanat_tracker.generic.sealed import SealedField
from branches.choices import (
    ANSWER_DAYS,
    ANSWERED,
    CLOCK_STOPPED,
    FIRST_YEAR,
    LAST_YEAR,
    REQUEST_CLOSED,
    Channel,
    HelpKind,
    RequestKind,
    RequestState,
    WaitingReason,
)
from branches.models.applicants import Applicant
from branches.models.events import EventAnnulment, ReceptionEvent
from branches.models.organisation import Branch
from branches.models.people import ScopedQuerySet
from branches.models.places import Locality
from branches.models.statement import Entered, StatementQuerySet


class Topic(TrilingualName):
    """What requests are about: water, roads, housing… Data, kept by the administrator."""

    key = models.SlugField(_("key"), unique=True)
    position = models.PositiveSmallIntegerField(_("place in the list"), default=1)
    is_active = models.BooleanField(_("offered for new requests"), default=True)

    class Meta:
        verbose_name = _("topic of requests")
        verbose_name_plural = _("topics of requests")
        ordering = ("position", "id")


class BranchRuleQuerySet(ScopedQuerySet):
    """Rules of branches."""

    branch_path = "branch"


class ReceptionRule(models.Model):
    """How a branch receives: in how many working days it answers, and when it takes voters' mandates only.

    The time is the party's own standard, not a term set by law.
    """

    branch = models.OneToOneField(Branch, models.PROTECT, related_name="reception_rule", verbose_name=_("party branch"))
    answer_days = models.PositiveSmallIntegerField(
        _("working days for an answer"),
        default=ANSWER_DAYS,
        validators=[MinValueValidator(1), MaxValueValidator(90)],
    )
    mandates_from = models.DateField(_("voters' mandates only, from"), null=True, blank=True)
    mandates_until = models.DateField(_("voters' mandates only, until"), null=True, blank=True)

    objects = BranchRuleQuerySet.as_manager()

    class Meta:
        verbose_name = _("rules of a reception office")
        verbose_name_plural = _("rules of reception offices")
        constraints = (
            models.CheckConstraint(condition=models.Q(answer_days__range=(1, 90)), name="receptionrule_answer_days"),
            models.CheckConstraint(
                condition=models.Q(mandates_from__isnull=True, mandates_until__isnull=True)
                | models.Q(
                    mandates_from__isnull=False,
                    mandates_until__isnull=False,
                    mandates_until__gte=models.F("mandates_from"),
                ),
                name="receptionrule_mandates_from_until",
            ),
        )

    def __str__(self) -> str:
        return f"{self.branch}: {self.answer_days}"

    def takes_mandates_only(self, day: dt.date) -> bool:
        """Whether, on `day`, only voters' mandates are registered."""
        return self.mandates_from is not None and self.mandates_from <= day <= self.mandates_until

    def clean(self) -> None:
        """Say what is missing or impossible, beside the field it concerns."""
        if (self.mandates_from is None) != (self.mandates_until is None):
            missing = "mandates_from" if self.mandates_from is None else "mandates_until"
            raise ValidationError({missing: _("Enter both days, or none.")})
        if self.mandates_from and self.mandates_until < self.mandates_from:
            raise ValidationError({"mandates_until": _("This day lies before the first one. Check it.")})


class RequestQuerySet(StatementQuerySet):
    """Citizens' requests, as they are known on a day. No personal data is read here."""

    branch_path = "branch"

    def as_of(self, day: dt.date, soon: dt.date | None = None) -> Self:
        """Keep what was registered by the end of `day`, and not called a mistake by then; add what had become of it.

        Adds `day_step` (the last step), `day_state`, `day_state_on`, `day_due` (by when the answer is due; none while
        the clock stands still or nothing is due), `day_left` (working days left when it was stopped), `day_help`, and
        the flags `is_open`, `is_closed`, `is_positive`, `is_answered`, `is_stopped` (the branch's clock stands still),
        `is_overdue` (also what was late when it was stopped), `is_late_body` (forwarded, and the body's own day has
        passed) and, with the day `soon`, `is_due_soon`. `day_event` is the reception event at which it was asked: of
        one that was entered by mistake, the one that was entered instead.
        """
        annulled = EventAnnulment.objects.known_on(day).filter(event=models.OuterRef("event"))
        steps = RequestStep.objects.known_on(day).filter(request=models.OuterRef("pk")).order_by("-id")
        is_open = ~models.Q(day_state__in=REQUEST_CLOSED)
        runs = is_open & ~models.Q(day_state__in=CLOCK_STOPPED)
        return (
            self.known_on(day)
            .annotate(
                day_step=models.Subquery(steps.values("pk")[:1]),
                day_state=models.Subquery(steps.values("state")[:1]),
                day_state_on=models.Subquery(steps.filter(is_recount=False).values("happened_on")[:1]),
                day_due=models.Subquery(steps.values("due_on")[:1]),
                day_left=models.Subquery(steps.values("days_left")[:1]),
                day_help=models.Subquery(steps.values("help_kind")[:1]),
                day_event=Coalesce(
                    models.Subquery(annulled.values("instead")[:1]), "event", output_field=models.BigIntegerField()
                ),
            )
            .exclude(day_state=RequestState.MISTAKE)
            .annotate(
                is_open=flag(is_open),
                is_closed=flag(~is_open),
                is_positive=flag(models.Q(day_state=RequestState.POSITIVE)),
                is_answered=flag(models.Q(day_state__in=ANSWERED)),
                is_stopped=flag(models.Q(day_state__in=CLOCK_STOPPED)),
                is_overdue=flag(
                    runs & models.Q(day_due__lt=day) | models.Q(day_state__in=CLOCK_STOPPED, day_left__lt=0)
                ),
                is_due_soon=flag(runs & models.Q(day_due__range=(day, soon or day))),
                is_late_body=flag(models.Q(day_state=RequestState.FORWARDED, day_due__lt=day)),
            )
        )

    def received_in(self, year: int) -> Self:
        """Keep what was received in a year."""
        return self.filter(received_on__range=(dt.date(year, 1, 1), dt.date(year, 12, 31)))

    def at_event(self, event: int | models.OuterRef) -> Self:
        """Keep what was asked, as of a day, at an event; by the index, not by working `day_event` out."""
        key = models.OuterRef(event) if isinstance(event, models.OuterRef) else event
        meant = ReceptionEvent.objects.filter(models.Q(pk=key) | models.Q(annulment__instead=key))
        return self.filter(event__in=meant.values("pk"), day_event=event)

    def at_events_of(self, year: int) -> Self:
        """Keep what was asked, as of a day, at reception events held in a year, also what was written down later."""
        return self.filter(day_event__in=ReceptionEvent.objects.held_in(year).values("pk"))

    def years(self, day: dt.date) -> dict[int, bool]:
        """The years in which requests were received, as known on `day`: all of them true. One query."""
        return dict.fromkeys(self.known_on(day).order_by().values_list("year", flat=True).distinct(), True)

    def counted_by(self, *fields: str) -> Iterable[dict[str, Any]]:
        """Count, in ONE query, requests `as_of` a day by `fields`, state and flags: dicts with `n`."""
        flags = ("is_overdue", "is_due_soon", "is_late_body")
        return self.order_by().values(*fields, "day_state", *flags).annotate(n=models.Count("pk"))

    def of_people(self, known: dict[str, list[str]]) -> Self:
        """Keep requests of applicants of whom one of the digests fits; see `ApplicantQuerySet.who_are`."""
        return self.filter(applicant__in=Applicant.objects.who_are(known))


class Request(AppendOnlyModel, Entered):
    """What a citizen asks of a branch: numbered by branch and year, on a topic, from a locality, received on a day.

    Nothing here names the applicant; the words stand in RequestWords. `due_on` is the first day by which the answer is
    due; pauses and the calendar move it, and the last step says by when it is due now.
    """

    branch = models.ForeignKey(Branch, models.PROTECT, related_name="requests", verbose_name=_("party branch"))
    year = models.PositiveSmallIntegerField(_("year"))
    number = models.PositiveIntegerField(_("number"))
    channel = models.CharField(_("how it came"), max_length=20, choices=Channel, default=Channel.DESK)
    kind = models.CharField(_("kind"), max_length=20, choices=RequestKind, default=RequestKind.APPLICATION)
    topic = models.ForeignKey(Topic, models.PROTECT, related_name="requests", verbose_name=_("topic"))
    locality = models.ForeignKey(
        Locality, models.PROTECT, related_name="requests", null=True, blank=True, verbose_name=_("locality")
    )
    event = models.ForeignKey(
        ReceptionEvent,
        models.PROTECT,
        related_name="requests",
        null=True,
        blank=True,
        verbose_name=_("reception event"),
    )
    applicant = models.ForeignKey(Applicant, models.PROTECT, related_name="requests", verbose_name=_("applicant"))
    received_on = models.DateField(_("received on"))
    answer_days = models.PositiveSmallIntegerField(_("working days for an answer"), default=ANSWER_DAYS)
    due_on = models.DateField(_("answer due by"))

    objects = RequestQuerySet.as_manager()

    class Meta(AppendOnlyModel.Meta):
        abstract = False
        verbose_name = _("citizen's request")
        verbose_name_plural = _("citizens' requests")
        ordering = ("id",)
        indexes = (
            models.Index(fields=("branch", "received_on"), name="request_of_a_branch"),
            models.Index(fields=("locality", "topic", "received_on"), name="request_of_a_place"),
        )
        constraints = (
            models.UniqueConstraint(fields=("branch", "year", "number"), name="request_number_once"),
            models.CheckConstraint(condition=models.Q(number__gt=0), name="request_number_from_one"),
            models.CheckConstraint(condition=models.Q(year__range=(FIRST_YEAR, LAST_YEAR)), name="request_year"),
            models.CheckConstraint(condition=models.Q(channel__in=Channel.values), name="request_channel"),
            models.CheckConstraint(condition=models.Q(kind__in=RequestKind.values), name="request_kind"),
            models.CheckConstraint(
                condition=models.Q(received_on__lte=models.F("entered_on")), name="request_not_of_the_future"
            ),
            models.CheckConstraint(
                condition=models.Q(due_on__gt=models.F("received_on")), name="request_due_after_received"
            ),
        )

    def __str__(self) -> str:
        return f"№ {self.number}/{self.year}"

    def get_absolute_url(self) -> str:
        """Its card. It stands in the roadmap's addresses, for it shows measures, recommendations and visits, too."""
        return reverse("roadmap:request_detail", args=[self.pk])

    def clean(self) -> None:
        """Say what is impossible, beside the field it concerns."""
        if self.received_on and self.received_on > self.entered_on:
            raise ValidationError({"received_on": _("This day has not come yet. Enter today or an earlier day.")})


class RequestPartQuerySet(StatementQuerySet):
    """Steps of requests."""

    branch_path = "request__branch"


class RequestStep(AppendOnlyModel, Entered):
    """What became of a request, in codes and days; the words stand in StepWords.

    `due_on` is by when the answer is due from this step on: of a forwarded request the body's own day, of a waiting or
    a closed one none. `days_left` keeps how many working days the branch had left when its clock was stopped. A step
    with `is_recount` changes nothing but the day: an administrator changed the calendar.
    """

    request = models.ForeignKey(Request, models.PROTECT, related_name="steps", verbose_name=_("citizen's request"))
    state = models.CharField(_("state"), max_length=20, choices=RequestState)
    happened_on = models.DateField(_("on which day"))
    due_on = models.DateField(_("answer due by"), null=True, blank=True)
    days_left = models.SmallIntegerField(_("working days left"), null=True, blank=True)
    reason = models.CharField(_("why it waits"), max_length=20, choices=WaitingReason, blank=True)
    forwarded_to = models.CharField(_("to which body"), max_length=200, blank=True)
    help_kind = models.CharField(_("what help was given"), max_length=20, choices=HelpKind, blank=True)
    is_recount = models.BooleanField(_("the calendar was changed"), default=False)

    objects = RequestPartQuerySet.as_manager()

    class Meta(AppendOnlyModel.Meta):
        abstract = False
        verbose_name = _("step of a request")
        verbose_name_plural = _("steps of requests")
        ordering = ("id",)
        indexes = (models.Index(fields=("request", "entered_on", "id"), name="requeststep_last_of_a_day"),)
        constraints = (
            models.CheckConstraint(condition=models.Q(state__in=RequestState.values), name="requeststep_state"),
            models.CheckConstraint(
                condition=models.Q(happened_on__lte=models.F("entered_on")), name="requeststep_not_of_the_future"
            ),
            models.CheckConstraint(
                condition=(models.Q(state=RequestState.WAITING) & ~models.Q(reason=""))
                | (~models.Q(state=RequestState.WAITING) & models.Q(reason="")),
                name="requeststep_waits_for_a_reason",
            ),
            models.CheckConstraint(
                condition=models.Q(reason__in=["", *WaitingReason.values]), name="requeststep_reason"
            ),
            models.CheckConstraint(
                condition=(models.Q(state=RequestState.FORWARDED, due_on__isnull=False) & ~models.Q(forwarded_to=""))
                | (~models.Q(state=RequestState.FORWARDED) & models.Q(forwarded_to="")),
                name="requeststep_forwarded_to_a_body",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=CLOCK_STOPPED, days_left__isnull=False)
                | (~models.Q(state__in=CLOCK_STOPPED) & models.Q(days_left__isnull=True)),
                name="requeststep_stopped_with_days_left",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    state__in=(RequestState.REGISTERED, RequestState.IN_WORK, RequestState.FORWARDED),
                    due_on__isnull=False,
                )
                | (
                    ~models.Q(state__in=(RequestState.REGISTERED, RequestState.IN_WORK, RequestState.FORWARDED))
                    & models.Q(due_on__isnull=True)
                ),
                name="requeststep_due_while_the_clock_runs",
            ),
            models.CheckConstraint(
                condition=(models.Q(state=RequestState.POSITIVE) & models.Q(help_kind__in=HelpKind.values))
                | (~models.Q(state=RequestState.POSITIVE) & models.Q(help_kind="")),
                name="requeststep_positive_names_the_help",
            ),
        )

    def __str__(self) -> str:
        return f"{self.request_id}: {self.state}, {self.happened_on}"

    def clean(self) -> None:
        """Say what is missing or impossible, beside the field it concerns."""
        errors = {}
        if self.happened_on and self.happened_on > self.entered_on:
            errors["happened_on"] = _("This day has not come yet. Enter today or an earlier day.")
        if self.state == RequestState.WAITING and not self.reason:
            errors["reason"] = _("Choose what is awaited: without it the clock does not stop.")
        if self.state == RequestState.FORWARDED and not self.forwarded_to.strip():
            errors["forwarded_to"] = _("Write to which body it was forwarded.")
        if self.state == RequestState.POSITIVE and not self.help_kind:
            errors["help_kind"] = _("Choose what help was given.")
        if errors:
            raise ValidationError(errors)


class RequestWords(models.Model):
    """What a request says, in short; sealed, and gone once the request is anonymised."""

    request = models.OneToOneField(Request, models.PROTECT, related_name="words", verbose_name=_("citizen's request"))
    summary = SealedField(_("summary"), blank=True)

    class Meta:
        verbose_name = _("words of a request")
        verbose_name_plural = _("words of requests")

    def __str__(self) -> str:
        return f"words of request {self.request_id}"


class StepWords(models.Model):
    """What was written with a step: the answer, a note; sealed, and gone once the request is anonymised."""

    step = models.OneToOneField(RequestStep, models.PROTECT, related_name="words", verbose_name=_("step of a request"))
    text = SealedField(_("note"), blank=True)

    class Meta:
        verbose_name = _("words of a step")
        verbose_name_plural = _("words of steps")

    def __str__(self) -> str:
        return f"words of step {self.step_id}"


class RequestOpeningQuerySet(AppendOnlyQuerySet, ScopedQuerySet):
    """Who opened which card."""

    branch_path = "request__branch"


class RequestOpening(AppendOnlyModel):
    """Somebody opened the card of a request and saw personal data: who, when. Shown to the coordinator."""

    request = models.ForeignKey(Request, models.PROTECT, related_name="openings", verbose_name=_("citizen's request"))
    reader = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="request_openings", verbose_name=_("who")
    )
    opened_at = models.DateTimeField(_("when"), default=timezone.now, editable=False)

    objects = RequestOpeningQuerySet.as_manager()

    class Meta(AppendOnlyModel.Meta):
        abstract = False
        verbose_name = _("opened card")
        verbose_name_plural = _("opened cards")
        ordering = ("-id",)

    def __str__(self) -> str:
        return f"{self.reader}: {self.request_id}"
