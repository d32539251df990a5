"""Party control on construction sites: sites, control posts, visits with what was found there, photographs.

What a site, a post or a recommendation *is* on a day is never stored: it is the last thing that was said of it by the
end of that day, asked for by `as_of`.
"""

import datetime as dt
import re
from typing import Self

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models.functions import Coalesce, Greatest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from amanat_tracker.database.functions import flag, matching
from amanat_tracker.generic.append_only import AppendOnlyModel, AppendOnlyQuerySet
from branches.choices import FIRST_YEAR, LAST_YEAR
from branches.metrics import has_control_digit
from branches.models import Branch, District, Locality, Request, ScopedQuerySet
from branches.models.statement import Entered, KeptFile, Statement, StatementQuerySet
from roadmap.choices import (
    CHECKLIST,
    IN_THE_WORKS,
    IN_USE,
    PLAIN_STATES,
    CheckMark,
    ClosingReason,
    PostEvent,
    Severity,
    SiteKind,
    SiteState,
    VisitKind,
)

TWELVE_DIGITS = r"^([0-9]{12})?$"
SITE_SEARCHED = (
    "name",
    "customer",
    "contractor",
    "contract_number",
    "locality__name_kk",
    "locality__name_ru",
    "locality__name_en",
)


def newest(rows: models.QuerySet, field: str) -> models.Subquery:
    """The value of `field` in the row that was entered last."""
    return models.Subquery(rows.order_by("-entered_on", "-id").values(field)[:1])


class SiteQuerySet(ScopedQuerySet):
    """Sites, as they are known on a day."""

    branch_path = "branch"

    def as_of(self, day: dt.date) -> Self:
        """Keep the sites registered by the end of `day` and add what was known of each.

        Adds `day_state`, `day_state_on` (when it came into that state), `day_readiness` (percent, of the last visit)
        and `day_visited_on`, `day_post` (the open control post, or None), and the flags `is_commissioned` (in use, with
        defects or without) and `is_under_post`.
        """
        changes = SiteStateChange.objects.known_on(day).filter(site=models.OuterRef("pk"))
        visits = SiteVisit.objects.known_on(day).filter(site=models.OuterRef("pk"))
        open_post = PostSite.objects.filter(
            site=models.OuterRef("pk"),
            entered_on__lte=day,
            post__in=ControlPost.objects.as_of(day).filter(is_open=True),
        )
        return (
            self.filter(entered_on__lte=day)
            .annotate(
                day_state=Coalesce(newest(changes, "state"), models.Value(SiteState.PLANNED.value)),
                day_state_on=newest(changes, "happened_on"),
                day_readiness=models.Subquery(visits.order_by("-visited_on", "-id").values("readiness")[:1]),
                day_visited_on=models.Subquery(visits.order_by("-visited_on", "-id").values("visited_on")[:1]),
                day_post=models.Subquery(open_post.order_by("-id").values("post")[:1]),
            )
            .annotate(
                is_commissioned=flag(models.Q(day_state__in=IN_USE)),
                is_under_post=flag(models.Q(day_post__isnull=False)),
            )
        )

    def under_post_in(self, year: int, day: dt.date) -> Self:
        """Keep the sites over which a control post stood at some time of `year`, as known on `day`."""
        return self.filter(
            models.Exists(
                PostSite.objects.filter(
                    site=models.OuterRef("pk"),
                    entered_on__lte=day,
                    post__in=ControlPost.objects.stood_in(year, day),
                )
            )
        )

    def due_for_visit(self, day: dt.date, every: int) -> Self:
        """Keep the sites, `as_of` a day, to which their post has not gone for `every` days or more.

        Only work that goes on has a rhythm: what is in use, suspended or cancelled is not awaited. Adds
        `day_waits_since`: the last visit, or the day from which the post stands (opened, or opened again) if nobody
        came since.
        """
        post = ControlPost.objects.as_of(day).filter(pk=models.OuterRef("day_post"))
        since = models.Subquery(post.values(since=Coalesce("day_event_on", "opened_on"))[:1])
        return (
            self.filter(is_under_post=True, day_state__in=IN_THE_WORKS)
            .annotate(
                day_waits_since=Greatest(Coalesce("day_visited_on", since), since, output_field=models.DateField())
            )
            .filter(day_waits_since__lte=day - dt.timedelta(days=every))
        )

    def search(self, text: str) -> Self:
        """Keep sites that mention every word of `text`, whatever its case or keyboard."""
        return self.filter(matching(text, *SITE_SEARCHED))


class Site(Entered):
    """Something being built or repaired for the people: a school, a road, a water line.

    Three dates belong to it: by the roadmap (`planned_on`), by the contract (`contract_until`), and the actual one, on
    which it was commissioned (its states tell).
    """

    branch = models.ForeignKey(Branch, models.PROTECT, related_name="sites", verbose_name=_("party branch"))
    kind = models.CharField(_("kind"), max_length=20, choices=SiteKind)
    name = models.CharField(_("site"), max_length=300)
    district = models.ForeignKey(District, models.PROTECT, related_name="sites", verbose_name=_("district"))
    locality = models.ForeignKey(
        Locality, models.PROTECT, related_name="sites", null=True, blank=True, verbose_name=_("locality")
    )
    customer = models.CharField(_("customer"), max_length=200, blank=True)
    contractor = models.CharField(_("contractor"), max_length=200, blank=True)
    contractor_bin = models.CharField(
        _("BIN of the contractor"),
        max_length=12,
        blank=True,
        validators=[RegexValidator(TWELVE_DIGITS, _("A BIN has twelve digits."))],
    )
    contract_number = models.CharField(_("contract number"), max_length=60, blank=True)
    contract_date = models.DateField(_("contract date"), null=True, blank=True)
    contract_sum = models.PositiveBigIntegerField(_("contract sum, tenge"), null=True, blank=True)
    capacity = models.CharField(
        _("capacity"), max_length=120, blank=True, help_text=_("For example: 600 places, 12.4 km, 40 beds.")
    )
    planned_on = models.DateField(_("date by the roadmap"), null=True, blank=True)
    contract_until = models.DateField(_("date by the contract"), null=True, blank=True)
    carried_over_from = models.PositiveSmallIntegerField(
        _("carried over from the year"),
        null=True,
        blank=True,
        validators=[MinValueValidator(FIRST_YEAR), MaxValueValidator(LAST_YEAR)],
    )
    measures = models.ManyToManyField(
        "roadmap.Measure", related_name="sites", blank=True, verbose_name=_("measures of the roadmap")
    )

    objects = SiteQuerySet.as_manager()

    class Meta:
        verbose_name = _("site")
        verbose_name_plural = _("sites")
        ordering = ("branch", "id")
        constraints = (
            models.CheckConstraint(condition=models.Q(kind__in=SiteKind.values), name="site_kind"),
            models.CheckConstraint(condition=models.Q(contractor_bin__regex=TWELVE_DIGITS), name="site_contractor_bin"),
            models.CheckConstraint(
                condition=models.Q(contract_date__isnull=True)
                | models.Q(contract_until__isnull=True)
                | models.Q(contract_until__gte=models.F("contract_date")),
                name="site_contract_dates_in_order",
            ),
            models.CheckConstraint(
                condition=models.Q(carried_over_from__isnull=True)
                | models.Q(carried_over_from__range=(FIRST_YEAR, LAST_YEAR)),
                name="site_carried_over_from",
            ),
        )

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Its card."""
        return reverse("roadmap:site_detail", args=[self.pk])

    def clean(self) -> None:
        """Say what is impossible, beside the field it concerns."""
        errors = {}
        if self.contract_date and self.contract_until and self.contract_until < self.contract_date:
            errors["contract_until"] = _("The contract ends before it begins. Check the two days.")
        if re.fullmatch("[0-9]{12}", self.contractor_bin) and not has_control_digit(self.contractor_bin):
            errors["contractor_bin"] = _("This is no BIN: its last digit does not fit the others. Check it.")
        if self.locality and self.district_id and self.locality.district_id != self.district_id:
            errors["locality"] = _("This place lies in another district. Choose one from the list.")
        if self.contractor_bin and not self.contractor:
            errors["contractor"] = _("Write the contractor's name beside the BIN.")
        if errors:
            raise ValidationError(errors)


class SitePartQuerySet(StatementQuerySet):
    """Statements about sites."""

    branch_path = "site__branch"


class SiteStateChange(Statement):
    """A site comes into a state: construction begins, it is commissioned, it is reopened."""

    site = models.ForeignKey(Site, models.PROTECT, related_name="states", verbose_name=_("site"))
    state = models.CharField(_("state"), max_length=20, choices=SiteState)
    happened_on = models.DateField(_("on which day"))

    objects = SitePartQuerySet.as_manager()

    class Meta(Statement.Meta):
        abstract = False
        verbose_name = _("state of a site")
        verbose_name_plural = _("states of sites")
        ordering = ("id",)
        indexes = (models.Index(fields=("site", "entered_on", "id"), name="site_state_last_of_a_day"),)
        constraints = (
            models.CheckConstraint(condition=models.Q(state__in=SiteState.values), name="sitestate_state"),
            models.CheckConstraint(
                condition=models.Q(happened_on__lte=models.F("entered_on")), name="sitestate_not_of_the_future"
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=PLAIN_STATES) | ~models.Q(note=""), name="sitestate_trouble_has_a_note"
            ),
        )

    def __str__(self) -> str:
        return f"{self.site_id}: {self.state}, {self.happened_on}"

    def clean(self) -> None:
        """Say what is missing or impossible, beside the field it concerns."""
        errors = {}
        if self.state not in PLAIN_STATES and not self.note.strip():
            errors["note"] = _("Write what happened: this state is not saved without a note.")
        if self.happened_on and self.happened_on > self.entered_on:
            errors["happened_on"] = _("This day has not come yet. Enter today or an earlier day.")
        if errors:
            raise ValidationError(errors)


class ControlPostQuerySet(ScopedQuerySet):
    """Control posts, as they are known on a day."""

    branch_path = "branch"

    def as_of(self, day: dt.date) -> Self:
        """Keep the posts entered by the end of `day`; add `day_event`, `day_event_on`, `day_reason` and `is_open`."""
        events = PostChange.objects.known_on(day).filter(post=models.OuterRef("pk"))
        return (
            self.filter(entered_on__lte=day)
            .annotate(
                day_event=newest(events, "event"),
                day_event_on=newest(events, "happened_on"),
                day_reason=Coalesce(newest(events, "reason"), models.Value("")),
            )
            .annotate(is_open=flag(models.Q(day_event__isnull=True) | models.Q(day_event=PostEvent.REOPENED)))
        )

    def stood_between(self, first: dt.date, last: dt.date, day: dt.date) -> Self:
        """Keep the posts that stood at some time from `first` to `last`, as known on `day`.

        A post stands from the day on which it is opened to that on which it is closed, both included, and again from
        the day on which it is reopened.
        """
        changes = PostChange.objects.known_on(day).filter(post=models.OuterRef("pk"))
        before = changes.filter(happened_on__lt=first).order_by("-happened_on", "-id")
        reopened = changes.filter(happened_on__range=(first, last), event=PostEvent.REOPENED)
        return self.alias(event_before=models.Subquery(before.values("event")[:1])).filter(
            models.Q(event_before__isnull=True) | models.Q(event_before=PostEvent.REOPENED) | models.Exists(reopened),
            entered_on__lte=day,
            opened_on__lte=last,
        )

    def stood_in(self, year: int, day: dt.date) -> Self:
        """Keep the posts that stood at some time of `year`, as known on `day`."""
        return self.stood_between(dt.date(year, 1, 1), dt.date(year, 12, 31), day)


class ControlPost(Entered):
    """People of the party who watch one or several sites until these are commissioned."""

    branch = models.ForeignKey(Branch, models.PROTECT, related_name="posts", verbose_name=_("party branch"))
    number = models.PositiveIntegerField(_("number"))
    chair = models.CharField(_("chair of the post"), max_length=200)
    members = models.TextField(_("members"), blank=True, max_length=1000, help_text=_("One name a line."))
    opened_on = models.DateField(_("opened on"))
    sites = models.ManyToManyField(Site, through="PostSite", related_name="posts", verbose_name=_("sites"))

    objects = ControlPostQuerySet.as_manager()

    class Meta:
        verbose_name = _("control post")
        verbose_name_plural = _("control posts")
        ordering = ("branch", "number")
        constraints = (
            models.UniqueConstraint(fields=("branch", "number"), name="post_number_once"),
            models.CheckConstraint(
                condition=models.Q(opened_on__lte=models.F("entered_on")), name="post_not_of_the_future"
            ),
        )

    def __str__(self) -> str:
        return _("Post No. %(number)s, %(place)s") % {"number": self.number, "place": self.branch.place}

    def get_absolute_url(self) -> str:
        """Its card."""
        return reverse("roadmap:post_detail", args=[self.pk])

    @property
    def people(self) -> list[str]:
        """Its members by name."""
        return [name.strip() for name in self.members.splitlines() if name.strip()]

    def clean(self) -> None:
        """Say what is impossible, beside the field it concerns."""
        if self.opened_on and self.opened_on > self.entered_on:
            raise ValidationError({"opened_on": _("This day has not come yet. Enter today or an earlier day.")})


class PostPartQuerySet(StatementQuerySet):
    """Rows about control posts."""

    branch_path = "post__branch"


class PostSite(AppendOnlyModel):
    """A site that a post watches, and since when that is known."""

    post = models.ForeignKey(ControlPost, models.PROTECT, related_name="watched", verbose_name=_("control post"))
    site = models.ForeignKey(Site, models.PROTECT, related_name="watched_by", verbose_name=_("site"))
    entered_on = models.DateField(_("entered on"))

    objects = PostPartQuerySet.as_manager()

    class Meta(AppendOnlyModel.Meta):
        abstract = False
        verbose_name = _("site of a post")
        verbose_name_plural = _("sites of posts")
        ordering = ("id",)
        constraints = (models.UniqueConstraint(fields=("post", "site"), name="postsite_once"),)

    def __str__(self) -> str:
        return f"{self.post_id}: {self.site_id}"


class PostChange(Statement):
    """A post is closed, with the reason, or reopened."""

    post = models.ForeignKey(ControlPost, models.PROTECT, related_name="changes", verbose_name=_("control post"))
    event = models.CharField(_("what happens"), max_length=20, choices=PostEvent)
    reason = models.CharField(_("reason"), max_length=20, choices=ClosingReason, blank=True)
    happened_on = models.DateField(_("on which day"))

    objects = PostPartQuerySet.as_manager()

    class Meta(Statement.Meta):
        abstract = False
        verbose_name = _("change of a post")
        verbose_name_plural = _("changes of posts")
        ordering = ("id",)
        indexes = (models.Index(fields=("post", "entered_on", "id"), name="post_last_of_a_day"),)
        constraints = (
            models.CheckConstraint(condition=models.Q(event__in=PostEvent.values), name="postchange_event"),
            models.CheckConstraint(
                condition=models.Q(event=PostEvent.CLOSED, reason__in=ClosingReason.values)
                | models.Q(event=PostEvent.REOPENED, reason=""),
                name="postchange_closing_has_a_reason",
            ),
            models.CheckConstraint(
                condition=~models.Q(event=PostEvent.REOPENED) | ~models.Q(note=""),
                name="postchange_reopening_has_a_note",
            ),
            models.CheckConstraint(
                condition=models.Q(happened_on__lte=models.F("entered_on")), name="postchange_not_of_the_future"
            ),
        )

    def __str__(self) -> str:
        return f"{self.post_id}: {self.event}, {self.happened_on}"

    def clean(self) -> None:
        """Say what is missing or impossible, beside the field it concerns."""
        errors = {}
        if self.event == PostEvent.CLOSED and not self.reason:
            errors["reason"] = _("Choose why the post is closed.")
        if self.event == PostEvent.REOPENED and not self.note.strip():
            errors["note"] = _("Write why the post is reopened.")
        if self.happened_on and self.happened_on > self.entered_on:
            errors["happened_on"] = _("This day has not come yet. Enter today or an earlier day.")
        elif self.happened_on and self.happened_on < self.post.opened_on:
            errors["happened_on"] = _("The post was opened later. Check the day.")
        if errors:
            raise ValidationError(errors)


class SiteVisit(Statement):
    """Control on a site on one day: how far it is, what the checklist says, what was found.

    `post` is the post that stood over the site then, if one did; `request` the citizen's request that was followed. Of
    each measure of the site that was reported as done, a visit may say that it is confirmed or refuted
    (`verifications`).
    """

    site = models.ForeignKey(Site, models.PROTECT, related_name="visits", verbose_name=_("site"))
    post = models.ForeignKey(
        ControlPost, models.PROTECT, related_name="visits", null=True, blank=True, verbose_name=_("control post")
    )
    request = models.ForeignKey(
        Request, models.PROTECT, related_name="visits", null=True, blank=True, verbose_name=_("citizen's request")
    )
    kind = models.CharField(_("kind of visit"), max_length=20, choices=VisitKind, default=VisitKind.VISIT)
    visited_on = models.DateField(_("day of the visit"))
    participants = models.TextField(
        _("who took part"), blank=True, max_length=1000, help_text=_("Names separated by commas.")
    )
    readiness = models.PositiveSmallIntegerField(_("technical readiness, %"), validators=[MaxValueValidator(100)])
    quality = models.CharField(CHECKLIST["quality"], max_length=20, choices=CheckMark, default=CheckMark.UNCHECKED)
    quality_note = models.CharField(_("remarks"), max_length=500, blank=True)
    spending = models.CharField(CHECKLIST["spending"], max_length=20, choices=CheckMark, default=CheckMark.UNCHECKED)
    spending_note = models.CharField(_("remarks"), max_length=500, blank=True)
    safety = models.CharField(CHECKLIST["safety"], max_length=20, choices=CheckMark, default=CheckMark.UNCHECKED)
    safety_note = models.CharField(_("remarks"), max_length=500, blank=True)
    wages = models.CharField(CHECKLIST["wages"], max_length=20, choices=CheckMark, default=CheckMark.UNCHECKED)
    wages_note = models.CharField(_("remarks"), max_length=500, blank=True)

    objects = SitePartQuerySet.as_manager()

    class Meta(Statement.Meta):
        abstract = False
        verbose_name = _("visit to a site")
        verbose_name_plural = _("visits to sites")
        ordering = ("id",)
        indexes = (models.Index(fields=("site", "visited_on", "id"), name="visit_last_of_a_site"),)
        constraints = (
            models.CheckConstraint(condition=models.Q(kind__in=VisitKind.values), name="visit_kind"),
            models.CheckConstraint(condition=models.Q(readiness__range=(0, 100)), name="visit_readiness"),
            models.CheckConstraint(
                condition=models.Q(visited_on__lte=models.F("entered_on")), name="visit_not_of_the_future"
            ),
            *(
                models.CheckConstraint(condition=models.Q(**{f"{point}__in": CheckMark.values}), name=f"visit_{point}")
                for point in CHECKLIST
            ),
            *(
                models.CheckConstraint(
                    condition=~models.Q(**{point: CheckMark.REMARKS}) | ~models.Q(**{f"{point}_note": ""}),
                    name=f"visit_{point}_remarks_are_said",
                )
                for point in CHECKLIST
            ),
        )

    def __str__(self) -> str:
        return f"{self.site_id}: {self.visited_on}, {self.readiness} %"

    def get_absolute_url(self) -> str:
        """Its card."""
        return reverse("roadmap:visit_detail", args=[self.pk])

    @property
    def checklist(self) -> list[tuple[str, CheckMark, str]]:
        """Each point of the checklist: what it is about, what was found, the remarks."""
        return [
            (label, CheckMark(getattr(self, point)), getattr(self, f"{point}_note"))
            for point, label in CHECKLIST.items()
        ]

    def clean(self) -> None:
        """Say what is missing or impossible, beside the field it concerns."""
        errors = {}
        for point in CHECKLIST:
            if getattr(self, point) == CheckMark.REMARKS and not getattr(self, f"{point}_note").strip():
                errors[f"{point}_note"] = _("Write the remarks.")
        if self.visited_on and self.visited_on > self.entered_on:
            errors["visited_on"] = _("This day has not come yet. Enter today or an earlier day.")
        if errors:
            raise ValidationError(errors)


class VisitPartQuerySet(AppendOnlyQuerySet, ScopedQuerySet):
    """Parts of visits: findings, photographs."""

    branch_path = "visit__site__branch"


class Finding(AppendOnlyModel):
    """A shortcoming found on a visit, how grave it is, and by when it is to be put right."""

    visit = models.ForeignKey(SiteVisit, models.PROTECT, related_name="findings", verbose_name=_("visit to the site"))
    position = models.PositiveSmallIntegerField(_("place"), default=1)
    severity = models.CharField(_("severity"), max_length=20, choices=Severity)
    text = models.TextField(_("what was found"), max_length=1000)
    due_on = models.DateField(_("to be put right by"), null=True, blank=True)

    objects = VisitPartQuerySet.as_manager()

    class Meta(AppendOnlyModel.Meta):
        abstract = False
        verbose_name = _("finding")
        verbose_name_plural = _("findings")
        ordering = ("visit", "position")
        constraints = (
            models.UniqueConstraint(fields=("visit", "position"), name="finding_position_once"),
            models.CheckConstraint(condition=models.Q(severity__in=Severity.values), name="finding_severity"),
            models.CheckConstraint(
                condition=models.Q(severity=Severity.MINOR) | models.Q(due_on__isnull=False),
                name="finding_grave_has_a_day",
            ),
        )

    def __str__(self) -> str:
        return self.text

    def clean(self) -> None:
        """Say what is missing or impossible, beside the field it concerns."""
        if self.severity != Severity.MINOR and not self.due_on:
            raise ValidationError({"due_on": _("Enter by which day it is to be put right.")})
        if self.due_on and self.due_on < self.visit.visited_on:
            raise ValidationError({"due_on": _("This day lies before the visit. Check it.")})


class Photo(KeptFile):
    """A photograph from a visit.

    `original` is the file as it was sent, kept as evidence and never given out; `sha256` is its. `file` and `thumbnail`
    are what people see: turned upright, scaled down, without the camera's notes. What these said stands in `taken_at`
    (the camera's own clock, taken for the time of the oblast), `latitude` and `longitude`.
    """

    visit = models.ForeignKey(SiteVisit, models.PROTECT, related_name="photos", verbose_name=_("visit to the site"))
    original = models.FileField(_("file as it was sent"), upload_to="%Y/%m/", max_length=200)
    thumbnail = models.FileField(_("small picture"), upload_to="%Y/%m/", max_length=200)
    width = models.PositiveIntegerField(_("width, pixels"))
    height = models.PositiveIntegerField(_("height, pixels"))
    taken_at = models.DateTimeField(_("taken at"), null=True, blank=True)
    latitude = models.DecimalField(_("latitude"), max_digits=8, decimal_places=5, null=True, blank=True)
    longitude = models.DecimalField(_("longitude"), max_digits=8, decimal_places=5, null=True, blank=True)

    objects = VisitPartQuerySet.as_manager()

    class Meta(KeptFile.Meta):
        abstract = False
        verbose_name = _("photograph")
        verbose_name_plural = _("photographs")
        ordering = ("id",)
        indexes = (models.Index(fields=("sha256",), name="photo_sha256"),)
        constraints = (
            models.CheckConstraint(condition=models.Q(size__gt=0), name="photo_not_empty"),
            models.CheckConstraint(
                condition=models.Q(latitude__isnull=True, longitude__isnull=True)
                | models.Q(
                    latitude__isnull=False,
                    longitude__isnull=False,
                    latitude__range=(-90, 90),
                    longitude__range=(-180, 180),
                ),
                name="photo_place_on_earth",
            ),
        )

    def get_absolute_url(self) -> str:
        """Where those in scope see it."""
        return reverse("roadmap:photo", args=[self.pk])

    @property
    def thumbnail_url(self) -> str:
        """Where those in scope see it small."""
        return reverse("roadmap:photo_thumbnail", args=[self.pk])
