"""Visits to sites: what a list and a story tell of each, the card of one, and the claims that a visit may judge."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Count, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from amanat_tracker.database.functions import flag
from branches.models import Branch, Request, User
from roadmap.choices import VERDICT_LOOK, CheckMark, RecommendationState, Severity, Status, Verdict, VisitKind
from roadmap.dashboards.requests import requests_with_their_place, unfollowed
from roadmap.models import (
    ControlPost,
    Finding,
    Measure,
    Photo,
    Recommendation,
    Site,
    SiteVisit,
    StatusReport,
    Verification,
)

GRAVE = (Severity.MAJOR, Severity.CRITICAL)
LONGEST_PARTICIPANTS = SiteVisit._meta.get_field("participants").max_length
THUMBNAIL_SIDE = 400  # pixels, as amanat_tracker.generic.photos makes them
VISIT_LOOK = {VisitKind.VISIT: ("visit", "done"), VisitKind.RAID: ("visit", "late")}


# --- lists and stories -----------------------------------------------------------------------------------------------
def visits_with_counts(visits: QuerySet[SiteVisit], day: dt.date) -> QuerySet[SiteVisit]:
    """Add to each visit what was found, shown and judged on it, as known on `day`.

    Adds `n_minor`, `n_major`, `n_critical`, `n_photos`, `n_confirmed`, `n_refuted`, `n_recommendations`, and the flags
    `has_grave`, `has_confirmed`, `has_refuted`. Stories of sites, posts and measures tell visits with them, too.
    """
    findings = Finding.objects.filter(visit=OuterRef("pk"))
    verdicts = Verification.objects.known_on(day).filter(visit=OuterRef("pk"))
    return visits.annotate(
        **{f"n_{severity}": _counted(findings.filter(severity=severity)) for severity in Severity.values},
        n_photos=_counted(Photo.objects.filter(visit=OuterRef("pk"))),
        n_confirmed=_counted(verdicts.filter(verdict=Verdict.CONFIRMS)),
        n_refuted=_counted(verdicts.filter(verdict=Verdict.REFUTES)),
        n_recommendations=_counted(Recommendation.objects.known_on(day).filter(visit=OuterRef("pk"))),
    ).annotate(
        has_grave=flag(Q(n_major__gt=0) | Q(n_critical__gt=0)),
        has_confirmed=flag(Q(n_confirmed__gt=0)),
        has_refuted=flag(Q(n_refuted__gt=0)),
    )


def _counted(rows: QuerySet) -> Coalesce:
    """How many rows of a visit there are, as a subquery."""
    counted = rows.order_by().values("visit").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


# --- what a visit may say of what branches claim ----------------------------------------------------------------------
WHY_NO_VERDICT = {
    "not_claimed": _("not reported as done: there is nothing to confirm"),
    "own": _("you entered this report yourself: another inspector verifies it"),
    "confirmed": _("this report is confirmed already"),
}


@dataclass(frozen=True)
class Claim:
    """What the branch says of one of the site's measures; `blocked` names why a visit has no verdict to give, or ""."""

    measure: Measure
    report: StatusReport | None
    blocked: str = ""

    @property
    def why(self) -> str | Promise:
        """Why there is no verdict, in words."""
        return WHY_NO_VERDICT.get(self.blocked, "")

    @property
    def status(self) -> Status:
        """What the last report says."""
        return Status(self.report.status) if self.report else Status.NO_REPORT


def claims_on(site: Site, user: User) -> list[Claim]:
    """The last report of every measure of the site, and whether `user` may judge it. Four queries."""
    measures = list(site.measures.select_related("roadmap__branch", "direction").order_by("roadmap__year", "position"))
    newest = StatusReport.objects.filter(measure=OuterRef("pk")).order_by("-id").values("pk")[:1]
    last = Measure.objects.filter(pk__in=[measure.pk for measure in measures]).annotate(last=Subquery(newest))
    reports = {
        report.measure_id: report
        for report in StatusReport.objects.filter(pk__in=last.values("last"))
        .select_related("author")
        .prefetch_related("evidence", "verifications")
    }
    return [_claim(measure, reports.get(measure.pk), user) for measure in measures]


def _claim(measure: Measure, report: StatusReport | None, user: User) -> Claim:
    if report is None or report.status != Status.DONE:
        return Claim(measure, report, "not_claimed")
    if report.author_id == user.pk:
        return Claim(measure, report, "own")
    if any(each.verdict == Verdict.CONFIRMS for each in report.verifications.all()):
        return Claim(measure, report, "confirmed")
    return Claim(measure, report)


# --- the form --------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class SiteBefore:
    """What is known of a site before it is visited: its last visit, the post that stands over it, what is claimed,
    what citizens ask for."""

    site: Site
    last: SiteVisit | None  # the newest by the day of the visit: its readiness is the last known
    entered_last: int  # the visit entered last, 0 without one: another one later means that somebody was quicker
    post: ControlPost | None
    claims: Sequence[Claim]
    asked: QuerySet[Request]  # passed to control, and not followed yet

    @property
    def participants(self) -> str:
        """Who is likely to take part: the people of the post, as many as the field takes."""
        names = [self.post.chair, *self.post.people] if self.post else []
        while len(", ".join(names)) > LONGEST_PARTICIPANTS:
            names.pop()
        return ", ".join(names)

    @property
    def addressee(self) -> str:
        """Whom recommendations of a visit concern first."""
        return self.site.contractor or self.site.customer


def site_before(site: Site, user: User, day: dt.date, asked: int | None = None) -> SiteBefore:
    """Gather what the form of a visit begins with; `asked` (primary key) is offered though it was followed already."""
    visits = SiteVisit.objects.filter(site=site)
    standing = ControlPost.objects.filter(sites=site).as_of(day).filter(is_open=True)
    return SiteBefore(
        site=site,
        last=visits.order_by("-visited_on", "-id").first(),
        entered_last=visits.order_by("-id").values_list("pk", flat=True).first() or 0,
        post=standing.select_related("branch").order_by("-id").first(),
        claims=claims_on(site, user),
        asked=_asked_near(site, user, day, asked),
    )


def _asked_near(site: Site, user: User, day: dt.date, also: int | None) -> QuerySet[Request]:
    """The requests that a visit to the site may follow: of its branch; of a regional one, of its region."""
    waiting = unfollowed(day).for_user(user).filter(request__branch__in=Branch.objects.within(site.branch))
    passed = Q(pk__in=waiting.values("request")) | Q(pk=also, referral__isnull=False)
    asked = requests_with_their_place().for_user(user).filter(branch__in=Branch.objects.within(site.branch))
    return asked.filter(passed).select_related("referral").order_by("referral__entered_on", "pk")


# --- the card --------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Found:
    """A shortcoming, and how long the day by which it was to be put right has passed."""

    finding: Finding
    severity: Severity
    days_late: int


@dataclass(frozen=True)
class Shot:
    """A photograph in the gallery; `earlier` has the same content and was attached before it."""

    photo: Photo
    number: int
    earlier: Photo | None
    is_of_another_day: bool

    @property
    def place(self) -> str:
        """Where the camera says it was taken: "44.85000, 65.50000"."""
        return f"{self.photo.latitude}, {self.photo.longitude}" if self.photo.latitude is not None else ""

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of its small picture, so that nothing jumps when it arrives."""
        width, height = self.photo.width, self.photo.height
        most = max(width, height, THUMBNAIL_SIDE)
        return max(1, width * THUMBNAIL_SIDE // most), max(1, height * THUMBNAIL_SIDE // most)


@dataclass(frozen=True)
class Judged:
    """A verdict of the visit."""

    verification: Verification
    mark: str
    tone: str


@dataclass(frozen=True)
class Advised:
    """A recommendation that came from the visit, and how far it has come."""

    recommendation: Recommendation
    state: RecommendationState


@dataclass(frozen=True)
class VisitCard:
    """Everything that the card of a visit shows, as it was known at the end of `day`."""

    visit: SiteVisit
    day: dt.date
    before: SiteVisit | None  # the visit of the site before this one, by day
    after: SiteVisit | None
    findings: Sequence[Found]
    shots: Sequence[Shot]
    verdicts: Sequence[Judged]
    unjudged: Sequence[Measure]  # of the site, of which the visit says nothing
    recommendations: Sequence[Advised]

    @property
    def is_known(self) -> bool:
        """Whether it had been entered by the day."""
        return self.visit.entered_on <= self.day

    @property
    def change(self) -> int | None:
        """By how many points readiness differs from the visit before."""
        return None if self.before is None else self.visit.readiness - self.before.readiness

    @property
    def checklist(self) -> list[tuple[str, CheckMark, str]]:
        """Its points, those with remarks first: what is in order is read last."""
        order = (CheckMark.REMARKS, CheckMark.ORDER, CheckMark.UNCHECKED)
        return sorted(self.visit.checklist, key=lambda point: order.index(point[1]))

    @property
    def grave(self) -> int:
        """How many findings are more than minor."""
        return sum(found.severity in GRAVE for found in self.findings)

    @property
    def late(self) -> int:
        """Of how many findings the day has passed."""
        return sum(found.days_late > 0 for found in self.findings)

    @property
    def has_samples(self) -> bool:
        """Whether anything on the card is sample data."""
        rows = [self.visit, *(judged.verification for judged in self.verdicts)]
        rows += [advised.recommendation for advised in self.recommendations]
        return any(row.is_sample for row in rows)


def visits_with_their_place() -> QuerySet[SiteVisit]:
    """Visits with what every card says of where and by whom."""
    return SiteVisit.objects.select_related(
        "site__branch__district",
        "site__branch__region",
        "site__district",
        "site__locality",
        "post__branch",
        "request",
        "author",
    )


def visit_card(visit: SiteVisit, user: User, day: dt.date) -> VisitCard:
    """Gather the card of a visit as it was known at the end of `day`, for `user`. A constant number of queries."""
    verdicts = list(
        Verification.objects.known_on(day)
        .filter(visit=visit)
        .select_related("measure__roadmap", "report__author", "author")
        .order_by("id")
    )
    others = SiteVisit.objects.known_on(day).filter(site=visit.site_id).exclude(pk=visit.pk)
    same_day = Q(visited_on=visit.visited_on)
    return VisitCard(
        visit=visit,
        day=day,
        before=others.filter(Q(visited_on__lt=visit.visited_on) | same_day & Q(pk__lt=visit.pk))
        .order_by("-visited_on", "-pk")
        .first(),
        after=others.filter(Q(visited_on__gt=visit.visited_on) | same_day & Q(pk__gt=visit.pk))
        .order_by("visited_on", "pk")
        .first(),
        findings=[
            Found(finding, Severity(finding.severity), max(0, (day - finding.due_on).days) if finding.due_on else 0)
            for finding in visit.findings.order_by("position")
        ],
        shots=_shots(visit, user, day),
        verdicts=[Judged(verdict, *VERDICT_LOOK[verdict.verdict]) for verdict in verdicts],
        unjudged=list(
            visit.site.measures.exclude(pk__in=[verdict.measure_id for verdict in verdicts]).select_related("roadmap")
        ),
        recommendations=[
            Advised(row, RecommendationState(row.day_state))
            for row in Recommendation.objects.as_of(day).filter(visit=visit).order_by("pk")
        ],
    )


def _shots(visit: SiteVisit, user: User, day: dt.date) -> list[Shot]:
    """The photographs of a visit, each with the first of the same content that was attached before it."""
    photos = list(visit.photos.order_by("pk"))
    earlier = earlier_copies(photos, user)
    return [
        Shot(
            photo=photo,
            number=number,
            earlier=earlier.get(photo.pk),
            is_of_another_day=bool(photo.taken_at) and timezone.localdate(photo.taken_at) != visit.visited_on,
        )
        for number, photo in enumerate(photos, start=1)
    ]


def earlier_copies(photos: Iterable[Photo], user: User) -> dict[int, Photo]:
    """By photograph, the first one with the same content that was attached before it, if `user` may see that one."""
    photos = list(photos)
    copies = (
        Photo.objects.for_user(user)
        .filter(sha256__in=[photo.sha256 for photo in photos])
        .select_related("visit__site")
        .order_by("-pk")
    )
    first = {copy.sha256: copy for copy in copies}
    return {photo.pk: first[photo.sha256] for photo in photos if first[photo.sha256].pk < photo.pk}
