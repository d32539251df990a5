"""Where citizens' requests meet the roadmap and control. A request is known here by number, topic, place and day.

No personal data is read: who asks, and in which words, stands on the card of the request alone.
"""

import datetime as dt
import itertools
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import (
    BooleanField,
    Case,
    Exists,
    ExpressionWrapper,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Value,
    When,
)
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from amanat_tracker.database.functions import in_kazakh_order
from branches.choices import FEW, REQUEST_CLOSED, Permission, RequestState
from branches.models import Branch, Request, RequestStep, User
from roadmap.choices import RecommendationState, SiteState, Status
from roadmap.models import (
    Direction,
    Measure,
    Recommendation,
    Referral,
    RequestMeasure,
    Roadmap,
    Site,
    SiteVisit,
    StatusReport,
)
from roadmap.models.measures import MeasureQuerySet, contradicting
from roadmap.models.requests import ReferralQuerySet

ANY_AGE = 0  # days: how old a report may be is not asked here
YEARS_BACK = 1  # a request is linked to measures of this year's roadmaps and of so many before
PLACE = ("roadmap__branch__district", "roadmap__branch__region", "locality")  # what is said of where a measure belongs
OFFERED = 15  # measures in the list to choose from: the others are found by their words


def requests_with_their_place() -> QuerySet[Request]:
    """Requests with what every page may say of them."""
    return Request.objects.select_related("branch__district", "branch__region", "topic", "locality")


def receiving(user: User) -> frozenset[int]:
    """The branches (primary keys) whose requests `user` receives: to their cards, and to no others, links lead."""
    if Permission.RECEIVE not in user.permissions:
        return frozenset()
    return frozenset(Branch.objects.for_user(user, Permission.RECEIVE).values_list("pk", flat=True))


# --- receptions contradict the roadmap -------------------------------------------------------------------------------
@dataclass(frozen=True)
class Contradiction:
    """A measure was reported as done for the day `since`; `count` requests of its field and place came afterwards.

    Each of the `requests` says where somebody lives who asked about what: so only those are there whose places the
    reader knows anyway.
    """

    since: dt.date
    count: int
    requests: Sequence[Request]
    has_samples: bool

    @property
    def is_known(self) -> bool:
        """Whether the reader knows all of them: then how many there are is no news."""
        return len(self.requests) == self.count

    @property
    def few(self) -> str:
        """What is said instead of a small number, behind which few people stand; "" of others.

        On paper, and to who does not know them all.
        """
        return f"< {FEW}" if self.count < FEW else ""


def contradiction_of(
    measure: Measure, report: StatusReport | None, day: dt.date, reader: User | None = None
) -> Contradiction | None:
    """What contradicts the last report of a measure, as known on `day`: the rule of `with_contradicted`. One query.

    Which requests is told to who receives or controls in their branch; without a `reader`, of none.
    """
    if report is None or report.status != Status.DONE or measure.locality_id is None:
        return None
    asked = contradicting(day).filter(
        locality=measure.locality_id, topic__directions=measure.direction_id, received_on__gt=report.reported_on
    )
    found = list(
        asked.annotate(is_placed=ExpressionWrapper(_placed_for(reader), BooleanField()))
        .select_related("branch__district", "branch__region", "topic")
        .order_by("-received_on", "-pk")
    )
    if not found:
        return None
    return Contradiction(
        since=report.reported_on,
        count=len(found),
        requests=[request for request in found if request.is_placed],
        has_samples=any(request.is_sample for request in found),
    )


def _placed_for(reader: User | None) -> Q:
    """The requests of which a reader is told where they came from: of the branches where they receive or control."""
    if reader is None:
        return Q(pk__in=[])
    branches = Branch.objects.for_user(reader, Permission.RECEIVE) | Branch.objects.for_user(reader, Permission.CONTROL)
    return Q(branch__in=branches.values("pk"))


def _reported_before(request: Request) -> Q:
    """Measures `as_of` a day that were reported as done before the request came: of its place and of its topic."""
    if request.locality_id is None:
        return Q(pk__in=[])
    return Q(
        locality=request.locality_id,
        direction__in=_directions(request),
        day_status=Status.DONE,
        day_reported_on__lt=request.received_on,
    )


def _directions(request: Request) -> QuerySet:
    """The directions to which the topic of a request belongs (primary keys)."""
    return Direction.objects.filter(topics=request.topic_id).values("pk")


def contradicted_by(request: Request, user: User, day: dt.date) -> list[Measure]:
    """The measures that a request contradicts, as known on `day`, of those that `user` may see; the newest first.

    Two queries; one of a request that can contradict nothing.
    """
    if not contradicting(day).filter(pk=request.pk).exists():
        return []
    measures = Measure.objects.for_user(user).as_of(day, ANY_AGE).filter(_reported_before(request))
    return list(measures.select_related(*PLACE).order_by("-roadmap__year", "roadmap", "position"))


# --- the card of a request -------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Linked:
    """A measure that a request speaks of, and what the last report says of it."""

    link: RequestMeasure
    status: Status
    reported_on: dt.date | None
    is_told: bool  # the reader may see the measure

    @property
    def measure(self) -> Measure | None:
        """The measure; None: it is of a branch that the reader does not see."""
        return self.link.measure if self.is_told else None


@dataclass(frozen=True)
class Advised:
    """A recommendation that came from a request, or from a visit that followed it; how far it has come."""

    recommendation: Recommendation
    state: RecommendationState


@dataclass(frozen=True)
class Referred:
    """A request that was passed to control, and what came of it, as far as the reader may see."""

    referral: Referral
    visits: Sequence[SiteVisit]
    recommendations: Sequence[Advised]

    @property
    def is_followed(self) -> bool:
        """Whether anything came of it, seen by the reader or not."""
        return self.referral.is_followed


@dataclass(frozen=True)
class RequestTies:
    """What ties a request to the roadmap and to control, as known on `day`; and what may be tied now."""

    request: Request
    day: dt.date
    linked: Sequence[Linked]
    contradicted: Sequence[Measure]
    referred: Referred | None
    may_link: bool
    may_refer: bool

    @property
    def linked_keys(self) -> set[int]:
        """The measures that are linked already, by primary key."""
        return {row.link.measure_id for row in self.linked}


def request_ties(request: Request, user: User, day: dt.date) -> RequestTies:
    """Gather what "roadmap/_request_ties.html" shows on the card of a request. A constant number of queries."""
    state = request.steps.order_by("-id").values_list("state", flat=True).first()
    receives = request.branch_id in receiving(user)
    return RequestTies(
        request=request,
        day=day,
        linked=linked_to(request, user, day),
        contradicted=contradicted_by(request, user, day),
        referred=_referred(request, user, day),
        may_link=receives and state != RequestState.MISTAKE,
        may_refer=receives and state not in REQUEST_CLOSED and not Referral.objects.filter(request=request).exists(),
    )


def linked_to(request: Request, user: User, day: dt.date) -> list[Linked]:
    """The measures of a request, each with its last report: also of a roadmap that is not in force any more.

    Of those that `user` may not see it is told that there is one. Two queries.
    """
    links = list(
        RequestMeasure.objects.as_of(day)
        .filter(request=request)
        .annotate(is_told=Exists(Measure.objects.for_user(user).filter(pk=OuterRef("measure"))))
        .select_related(*(f"measure__{path}" for path in PLACE), "author")
    )
    reports = StatusReport.objects.known_on(day).filter(measure__in=[link.measure_id for link in links])
    last = {report.measure_id: report for report in reports.order_by("entered_on", "id")}
    told = [(link, last.get(link.measure_id)) for link in links]
    return [
        Linked(
            link=link,
            status=Status(report.status) if report else Status.NO_REPORT,
            reported_on=report.reported_on if report else None,
            is_told=link.is_told,
        )
        for link, report in told
    ]


def _referred(request: Request, user: User, day: dt.date) -> Referred | None:
    """The referral and what followed it. Three queries; one where there is none."""
    referral = referral_of(request, user, day)
    if referral is None:
        return None
    visits = SiteVisit.objects.for_user(user).known_on(day).filter(request=request).select_related("site")
    advice = Recommendation.objects.for_user(user).as_of(day).filter(Q(request=request) | Q(visit__request=request))
    return Referred(
        referral=referral,
        visits=list(visits.order_by("visited_on", "pk")),
        recommendations=[Advised(row, RecommendationState(row.day_state)) for row in advice.order_by("pk")],
    )


# --- choosing a measure ----------------------------------------------------------------------------------------------
RANKS: dict[int, str | Promise] = {
    1: _("Reported as done before this was asked: the same locality and field"),
    2: _("The same locality or the same field"),
    3: _("Other measures"),
}


@dataclass(frozen=True)
class Offered:
    """Measures to choose from, in groups, the likeliest first: (label, measures)."""

    groups: Sequence[tuple[str | Promise, Sequence[Measure]]]
    found: int  # in all, of those that fit the words

    @property
    def shown(self) -> int:
        """How many of them are in the groups."""
        return sum(len(measures) for _label, measures in self.groups)


def linkable(request: Request, user: User, day: dt.date) -> MeasureQuerySet:
    """The measures that `user` may link a request to: of its branch, the oblast's and its locality's, of recent years.

    Those that it contradicts are among them, however old.
    """
    near = Q(roadmap__branch=request.branch_id)
    near |= Q(roadmap__branch__region=request.branch.region_id, roadmap__branch__district__isnull=True)
    if request.locality_id:
        near |= Q(roadmap__branch__district=request.locality.district_id)
    recent = Roadmap.objects.in_force(day).filter(year__gte=min(request.year, day.year) - YEARS_BACK)
    measures = Measure.objects.for_user(user).as_of(day, ANY_AGE).filter(near)
    return measures.filter(Q(roadmap__in=recent) | _reported_before(request))


def choosable(request: Request, user: User, day: dt.date) -> QuerySet[Measure]:
    """The measures that `user` may link a request to, and those of any year that may be unlinked from it."""
    links = RequestMeasure.objects.as_of(day).filter(request=request).values("measure")
    new = linkable(request, user, day).values("pk")
    return Measure.objects.for_user(user).filter(Q(pk__in=new) | Q(pk__in=links))


def offered(request: Request, user: User, day: dt.date, *, words: str = "", first: int | None = None) -> Offered:
    """The likeliest measures for a request that fit the words, without those linked; `first` leads its group.

    Two queries.
    """
    linked = RequestMeasure.objects.as_of(day).filter(request=request).values("measure")
    fitting = linkable(request, user, day).exclude(pk__in=linked).search(words)
    here, about = Q(locality=request.locality_id, locality__isnull=False), Q(direction__in=_directions(request))
    places = enumerate((_reported_before(request), here & about, here, about), start=1)
    fine = Case(*(When(condition, then=Value(place)) for place, condition in places), default=Value(5))
    ranked = (
        fitting.annotate(fine=fine)
        .annotate(
            rank=Case(When(fine=1, then=Value(1)), When(fine__lt=5, then=Value(2)), default=Value(3)),
            is_later=Case(When(pk=first, then=Value(0)), default=Value(1), output_field=IntegerField()),
        )
        .select_related(*PLACE, "direction")
        .order_by("rank", "is_later", "fine", "-roadmap__year", "-roadmap__branch__kind", "position", "pk")
    )
    groups = itertools.groupby(ranked[:OFFERED], key=lambda measure: measure.rank)
    return Offered([(RANKS[rank], list(measures)) for rank, measures in groups], fitting.count())


# --- control follows a request ---------------------------------------------------------------------------------------
def sites_of(request: Request, user: User, day: dt.date) -> QuerySet[Site]:
    """The sites at which control may look because of a request: its branch's; of a regional one, its region's.

    Those of its locality first; what is given up is not visited.
    """
    here = Case(When(locality=request.locality_id, then=Value(0)), default=Value(1), output_field=IntegerField())
    if not request.locality_id:
        here = Value(1)
    return (
        Site.objects.for_user(user)
        .filter(branch__in=Branch.objects.within(request.branch))
        .as_of(day)
        .exclude(day_state=SiteState.CANCELLED)
        .select_related("locality", "branch__district", "branch__region")
        .order_by(here, in_kazakh_order("name"), "pk")
    )


def advisable(request: Request, user: User, day: dt.date) -> MeasureQuerySet:
    """The measures that a recommendation because of a request may be about: of its branch, of recent years; and those
    that it speaks of, as far as a branch may name them."""
    own = Roadmap.objects.in_force(day).filter(branch=request.branch_id, year__gte=day.year - YEARS_BACK)
    links = RequestMeasure.objects.as_of(day).filter(request=request).values("measure")
    named = Q(roadmap__branch__in=Branch.objects.within(request.branch), pk__in=links)
    measures = Measure.objects.for_user(user).filter(Q(roadmap__in=own) | named)
    return measures.order_by("-roadmap__year", "roadmap", "position", "pk")


def unfollowed(day: dt.date) -> ReferralQuerySet:
    """Requests passed to control of which nothing has come by the end of `day`; of mistakes nothing is awaited."""
    mistakes = RequestStep.objects.known_on(day).filter(request=OuterRef("request"), state=RequestState.MISTAKE)
    passed = Referral.objects.known_on(day).filter(~Exists(mistakes))
    return passed.with_outcome(day).filter(is_followed=False)


def referral_of(request: Request, user: User, day: dt.date) -> Referral | None:
    """How a request was passed to control, with whether anything has come of it yet; None where it was not.

    Adds `is_site_told`: the site, if one was named, is of a branch that `user` sees.
    """
    passed = Referral.objects.known_on(day).filter(request=request).with_outcome(day)
    seen = Exists(Site.objects.for_user(user).filter(pk=OuterRef("site")))
    return passed.annotate(is_site_told=seen).select_related("site", "author").first()
