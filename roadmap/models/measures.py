"""Measures of roadmaps: what was promised, by when, with what money, and how its fulfilment is measured."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from functools import reduce
from operator import or_
from typing import Any, Self

from django.db import models
from django.db.models.expressions import OrderBy
from django.db.models.functions import Coalesce, Concat, RowNumber, Trim
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from amanat_tracker.database.functions import flag, matching
from amanat_tracker.generic.provenance import Sourced
from branches.choices import RequestState
from branches.models import Locality, Request, RequestStep, ScopedQuerySet
from roadmap.choices import CLOSED, BetterWhen, Budget, ReportOrigin, Status, Unit, Verdict
from roadmap.models.history import DeadlineChange, StatusReport, Verification
from roadmap.models.programme import Direction, Roadmap

YEARS_BACK = 4  # a programme lasts five years: so far the measures of the years before are asked
CHRONIC = 3  # years running without being done
SEARCHED = ("title", "number", "executor", "curator", "locality__name_kk", "locality__name_ru", "locality__name_en")

# A list of work: the flag of its rows, and their order.
WorkList = tuple[str, Sequence[str | OrderBy]]


def contradicting(day: dt.date) -> models.QuerySet:
    """Requests that can contradict a report on `day`: registered by then, with a locality, and no mistake."""
    mistakes = RequestStep.objects.known_on(day).filter(request=models.OuterRef("pk"), state=RequestState.MISTAKE)
    return Request.objects.known_on(day).filter(~models.Exists(mistakes), locality__isnull=False)


class MeasureQuerySet(ScopedQuerySet):
    """Measures, as they are known on a day."""

    branch_path = "roadmap__branch"

    def as_of(self, day: dt.date, stale_after: int) -> Self:
        """Keep the measures of roadmaps in force on `day` and add what was known of each at the end of that day.

        Adds `day_report`, `day_status`, `day_reported_on`, `day_origin`, `day_delay_reason`, `day_deadline` and
        `day_move_reason` (why it was last moved), and the flags `is_open`, `is_overdue`, `is_at_risk`, `is_stale`
        (open, its report older than `stale_after` days), `is_returned` (control refuted the last claim), `is_slipped`
        (its deadline is later than the first one), `is_confirmed` and `is_unconfirmed` (claimed, not confirmed).
        """
        report = StatusReport.objects.known_on(day).filter(measure=models.OuterRef("pk")).order_by("-entered_on", "-id")
        deadline = (
            DeadlineChange.objects.known_on(day).filter(measure=models.OuterRef("pk")).order_by("-entered_on", "-id")
        )
        confirmation = Verification.objects.known_on(day).filter(
            report=models.OuterRef("day_report"), verdict=Verdict.CONFIRMS
        )
        is_open = ~models.Q(day_status__in=CLOSED)
        return (
            self.filter(roadmap__in=Roadmap.objects.in_force(day))
            .annotate(
                day_report=models.Subquery(report.values("pk")[:1]),
                day_status=Coalesce(models.Subquery(report.values("status")[:1]), models.Value(Status.NO_REPORT.value)),
                day_reported_on=models.Subquery(report.values("reported_on")[:1]),
                day_origin=models.Subquery(report.values("origin")[:1]),
                day_at_risk=Coalesce(models.Subquery(report.values("at_risk")[:1]), False),
                day_delay_reason=Coalesce(models.Subquery(report.values("delay_reason")[:1]), models.Value("")),
                day_deadline=Coalesce(models.Subquery(deadline.values("new_deadline")[:1]), "first_deadline"),
                day_move_reason=Coalesce(models.Subquery(deadline.values("reason")[:1]), models.Value("")),
            )
            .annotate(
                is_open=flag(is_open),
                is_overdue=flag(is_open & models.Q(day_deadline__lt=day)),
                is_at_risk=flag(is_open & models.Q(day_at_risk=True)),
                is_stale=flag(is_open & models.Q(day_reported_on__lt=day - dt.timedelta(days=stale_after))),
                is_returned=flag(is_open & models.Q(day_origin=ReportOrigin.REFUTATION)),
                is_slipped=flag(models.Q(day_deadline__gt=models.F("first_deadline"))),
                is_confirmed=flag(models.Q(day_status=Status.DONE) & models.Q(models.Exists(confirmation))),
            )
            .annotate(is_unconfirmed=flag(models.Q(day_status=Status.DONE, is_confirmed=False)))
        )

    def with_last_words(self, day: dt.date) -> Self:
        """Add `day_note` and `day_author`: what the report that spoke on `day` said, and who entered it."""
        report = StatusReport.objects.known_on(day).filter(measure=models.OuterRef("pk")).order_by("-entered_on", "-id")
        return self.annotate(
            day_note=models.Subquery(report.values("note")[:1]),
            day_author=models.Subquery(
                report.values(full_name=Trim(Concat("author__first_name", models.Value(" "), "author__last_name")))[:1]
            ),
        )

    def with_slip(self) -> Self:
        """Add `slip` to measures `as_of` a day: by how long the deadline is later than the first one, a duration."""
        later = models.F("day_deadline") - models.F("first_deadline")
        return self.annotate(slip=models.ExpressionWrapper(later, output_field=models.DurationField()))

    def with_money(self) -> Self:
        """Add `money`: what was allocated, of all budgets; where no allocation is known, what was planned. In tenge."""
        lines = FundingLine.objects.filter(measure=models.OuterRef("pk")).order_by().values("measure")
        money = lines.annotate(money=models.Sum(Coalesce("allocated", "planned"))).values("money")
        return self.annotate(money=models.Subquery(money))

    def with_years_undone(self, day: dt.date) -> Self:
        """Add to measures `as_of` a day `years_undone` and `is_chronic` (not done three years running).

        `years_undone` is for how many years running, this one among them, neither the measure nor that of the year
        before it stood as done: 0 of one that is done; no more than a programme has years.
        """
        passed = [models.When(day_status=Status.DONE, then=0)]
        earlier = {}
        for years in range(1, YEARS_BACK + 1):
            path = "__".join(["previous"] * years)
            report = StatusReport.objects.known_on(day).filter(measure=models.OuterRef(path))
            status = report.order_by("-entered_on", "-id").values("status")[:1]
            earlier[f"status_{years}_before"] = models.Subquery(status)
            ended = models.Q((f"{path}__isnull", True)) | models.Q((f"status_{years}_before", Status.DONE))
            passed.append(models.When(ended, then=years))
        undone = models.Case(*passed, default=YEARS_BACK + 1, output_field=models.IntegerField())
        return (
            self.alias(**earlier)
            .annotate(years_undone=undone)
            .annotate(is_chronic=flag(models.Q(years_undone__gte=CHRONIC)))
        )

    def with_contradicted(self, day: dt.date) -> Self:
        """Add to measures `as_of` a day `is_contradicted`: reported as done, and yet citizens ask.

        That is: by the end of `day` a request was registered from the measure's locality, on a topic of its direction,
        received after the day of which the report speaks.
        """
        asked = contradicting(day).filter(
            locality=models.OuterRef("locality"),
            topic__directions=models.OuterRef("direction"),
            received_on__gt=models.OuterRef("day_reported_on"),
        )
        return self.annotate(is_contradicted=flag(models.Q(day_status=Status.DONE) & models.Q(models.Exists(asked))))

    def first_of_lists(self, lists: Mapping[str, WorkList], size: int) -> Self:
        """Keep the first `size` rows of each list, in ONE query; add its place in list X as `place_X`, from 1 on."""
        places = {
            f"place_{name}": models.Window(RowNumber(), partition_by=models.F(flag), order_by=[*order, "pk"])
            for name, (flag, order) in lists.items()
        }
        first = (models.Q((flag, True), (f"place_{name}__lte", size)) for name, (flag, _order) in lists.items())
        return self.annotate(**places).filter(reduce(or_, first))

    def awaiting_report(self, day: dt.date) -> Self:
        """Keep what a secretary must still enter on `day`, of measures `as_of` that day; the soonest deadline first.

        An open measure awaits a report when it never had one; when control returned it; when its report is stale; when
        it is overdue and was not reported since its deadline passed, or not for a week; when its deadline comes within
        a week and nothing was said for a week.
        """
        week = dt.timedelta(days=7)
        old = models.Q(day_reported_on__lt=day - week)
        return self.filter(
            models.Q(day_report__isnull=True)
            | models.Q(is_returned=True)
            | models.Q(is_stale=True)
            | models.Q(is_overdue=True) & (old | models.Q(day_reported_on__lte=models.F("day_deadline")))
            | models.Q(day_deadline__range=(day, day + week)) & old,
            is_open=True,
        ).order_by("day_deadline", "roadmap", "position")

    def counted_by(self, *fields: str) -> Iterable[dict[str, Any]]:
        """Count measures in ONE query: a dict for each combination of `fields`, class and flags, with `n`.

        Asked of measures `as_of` a day. `last_reported_on` is the newest day that a report of the group speaks of; what
        control says when it returns a measure is no report of the branch.
        """
        flags = ("is_confirmed", "is_overdue", "is_at_risk", "is_stale")
        return (
            self.order_by()
            .values(*fields, "day_status", *flags)
            .annotate(
                n=models.Count("pk"),
                last_reported_on=models.Max("day_reported_on", filter=~models.Q(day_origin=ReportOrigin.REFUTATION)),
            )
        )

    def counted_by_delay(self) -> Iterable[dict[str, Any]]:
        """Count measures in ONE query by reasons of delay and by the flags that ask for somebody's hand.

        Asked of measures `as_of` a day, with slip, money and years undone. A dict for each combination, with `n`, the
        whole and the longest slip, the money, and the oldest day that a report speaks of.
        """
        flags = ("is_at_risk", "is_slipped", "is_chronic", "is_unconfirmed")
        return (
            self.order_by()
            .values("day_delay_reason", "day_move_reason", *flags)
            .annotate(
                n=models.Count("pk"),
                whole_slip=models.Sum("slip"),
                longest_slip=models.Max("slip"),
                whole_money=models.Sum("money"),
                oldest=models.Min("day_reported_on"),
            )
        )

    def search(self, text: str) -> Self:
        """Keep measures that mention every word of `text`, whatever its case or keyboard."""
        return self.filter(matching(text, *SEARCHED))


class Measure(Sourced):
    """One promise of a roadmap: what is to be done, who does it, by when.

    `status` and `deadline` repeat the last report and the last deadline change; they are written together with these by
    actions, in one transaction. Figures are computed from the history, for any day.
    """

    roadmap = models.ForeignKey(Roadmap, models.PROTECT, related_name="measures", verbose_name=_("roadmap"))
    number = models.CharField(_("number"), max_length=20)
    position = models.PositiveIntegerField(_("place in the roadmap"))
    title = models.CharField(_("measure"), max_length=500)
    direction = models.ForeignKey(Direction, models.PROTECT, related_name="measures", verbose_name=_("direction"))
    locality = models.ForeignKey(
        Locality, models.PROTECT, related_name="measures", null=True, blank=True, verbose_name=_("locality")
    )
    executor = models.CharField(_("executor"), max_length=300)
    curator = models.CharField(_("responsible in the party"), max_length=200, blank=True)
    first_deadline = models.DateField(_("first deadline"))
    deadline = models.DateField(_("deadline"))
    status = models.CharField(_("status"), max_length=20, choices=Status, default=Status.NO_REPORT)
    previous = models.OneToOneField(
        "self",
        models.PROTECT,
        related_name="continued_by",
        null=True,
        blank=True,
        verbose_name=_("last year's measure"),
    )

    objects = MeasureQuerySet.as_manager()

    class Meta:
        verbose_name = _("measure")
        verbose_name_plural = _("measures")
        ordering = ("roadmap", "position")
        constraints = (
            models.UniqueConstraint(fields=("roadmap", "number"), name="measure_number_once"),
            models.UniqueConstraint(fields=("roadmap", "position"), name="measure_position_once"),
            models.CheckConstraint(condition=models.Q(status__in=Status.values), name="measure_status"),
            models.CheckConstraint(condition=~models.Q(previous=models.F("pk")), name="measure_not_its_own_previous"),
        )

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    def get_absolute_url(self) -> str:
        """Its card."""
        return reverse("roadmap:measure_detail", args=[self.pk])


class MeasurePartQuerySet(ScopedQuerySet):
    """Parts of measures: indicators, funding."""

    branch_path = "measure__roadmap__branch"


class MeasureIndicator(Sourced):
    """A quantity by which a measure's fulfilment is measured. `key` names it for the figures of the machine's door."""

    measure = models.ForeignKey(Measure, models.PROTECT, related_name="indicators", verbose_name=_("measure"))
    position = models.PositiveSmallIntegerField(_("place"), default=1)
    key = models.SlugField(_("key"), blank=True)
    name = models.CharField(_("indicator"), max_length=200)
    unit = models.CharField(_("unit of measure"), max_length=20, choices=Unit)
    better = models.CharField(_("which way"), max_length=10, choices=BetterWhen, default=BetterWhen.HIGHER)
    baseline = models.DecimalField(_("baseline"), max_digits=18, decimal_places=3, null=True, blank=True)
    plan = models.DecimalField(_("plan"), max_digits=18, decimal_places=3, null=True, blank=True)

    objects = MeasurePartQuerySet.as_manager()

    class Meta:
        verbose_name = _("indicator")
        verbose_name_plural = _("indicators")
        ordering = ("measure", "position")
        constraints = (
            models.UniqueConstraint(fields=("measure", "position"), name="indicator_position_once"),
            models.UniqueConstraint(
                fields=("measure", "key"), condition=~models.Q(key=""), name="indicator_key_once_a_measure"
            ),
            models.CheckConstraint(condition=models.Q(unit__in=Unit.values), name="indicator_unit"),
            models.CheckConstraint(condition=models.Q(better__in=BetterWhen.values), name="indicator_better"),
            models.CheckConstraint(
                condition=models.Q(better=BetterWhen.HIGHER)
                | models.Q(plan__isnull=True)
                | models.Q(baseline__isnull=False),
                name="indicator_lower_needs_a_baseline",
            ),
        )

    def __str__(self) -> str:
        return self.name


class FundingLine(Sourced):
    """Money for a measure from one budget, in whole tenge; `wording` keeps the sum as the document prints it."""

    measure = models.ForeignKey(Measure, models.PROTECT, related_name="funding", verbose_name=_("measure"))
    budget = models.CharField(_("funding source"), max_length=20, choices=Budget)
    planned = models.PositiveBigIntegerField(_("planned, tenge"), null=True, blank=True)
    allocated = models.PositiveBigIntegerField(_("allocated, tenge"), null=True, blank=True)
    spent = models.PositiveBigIntegerField(_("disbursed, tenge"), null=True, blank=True)
    wording = models.CharField(_("as the document prints it"), max_length=100, blank=True)

    objects = MeasurePartQuerySet.as_manager()

    class Meta:
        verbose_name = _("funding")
        verbose_name_plural = _("funding")
        ordering = ("measure", "id")
        constraints = (
            models.UniqueConstraint(fields=("measure", "budget"), name="funding_budget_once"),
            models.CheckConstraint(condition=models.Q(budget__in=Budget.values), name="funding_budget"),
            models.CheckConstraint(
                condition=models.Q(planned__isnull=False)
                | models.Q(allocated__isnull=False)
                | models.Q(spent__isnull=False),
                name="funding_has_a_sum",
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_budget_display()}: {self.allocated or self.planned}"
