"""Party control's first page: sites to go to, claims to check, what citizens ask, recommendations to follow.

As of one day.
"""

import datetime as dt
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Self

from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q
from django.urls import reverse

from amanat_tracker.database.functions import flag
from branches.choices import Permission
from branches.dashboards.groups import SHOWN, Counted, Group
from branches.models import Branch, User
from roadmap.choices import RECOMMENDATION_LOOK, VERDICT_LOOK, RecommendationState, SiteState
from roadmap.dashboards.requests import unfollowed
from roadmap.models import (
    ControlPost,
    Measure,
    Recommendation,
    RecommendationStep,
    Referral,
    Roadmap,
    Site,
    SiteVisit,
    StatusReport,
    Verification,
)
from roadmap.models.bodies import RecommendationQuerySet

SOON = 7  # days ahead in which a recommendation is said to be due soon
# Of claims: the longest waiting first, or the most money.
CLAIM_ORDERS = {
    "age": ("day_reported_on", "pk"),
    "money": (F("money").desc(nulls_last=True), "day_reported_on", "pk"),
}


@dataclass(frozen=True)
class Call:
    """A site to which its post has not gone for long: `waited` days, `late` of them beyond the rhythm."""

    site: Site
    post: ControlPost
    waited: int
    late: int


@dataclass(frozen=True)
class Claim:
    """A measure that somebody else reports as done, for `age` days by now; where to go, if it has sites."""

    measure: Measure
    sites: Sequence[Site]
    age: int


@dataclass(frozen=True)
class Asked:
    """What a citizen asked for and a branch passed to control, `waited` days ago; nothing has come of it yet."""

    referral: Referral
    waited: int


@dataclass(frozen=True)
class Advised:
    """A recommendation; `ahead`: days until it is due, negative once they have passed; `step`: who said it is done."""

    recommendation: Recommendation
    ahead: int
    step: RecommendationStep | None = None

    @property
    def distance(self) -> int:
        """Days to the day on which it is due, or since it."""
        return abs(self.ahead)


@dataclass(frozen=True)
class Advice:
    """The recommendations that wait, each group of Advised.

    `soon` are due in the coming `ahead` days, `due` counts the overdue and these together; `own` are those that the
    reader reported as done: somebody else verifies them.
    """

    ahead: int
    overdue: Group
    soon: Group
    due: Sequence[Counted]
    unverified: Group
    own: int


@dataclass(frozen=True)
class Recorded:
    """What the inspector entered today: a "visit", a "verification" of a claim, a "step" of a recommendation."""

    kind: str
    row: SiteVisit | Verification | RecommendationStep
    mark: str
    tone: str


@dataclass(frozen=True)
class Inspection:
    """What waits for one inspector on a day, in one branch or in all that are theirs (`branch` None)."""

    day: dt.date
    every: int  # days: the rhythm of the posts
    branches: Sequence[Branch]
    branch: Branch | None
    order: str  # of the claims: one of CLAIM_ORDERS
    sites: Group  # of Call
    claims: Group  # of Claim
    own_claims: int  # claims beside these that the reader reported: somebody else looks at them
    asked: Group  # of Asked
    advice: Advice
    recorded: Sequence[Recorded]

    @property
    def is_quiet(self) -> bool:
        """Whether nothing of what the headline counts waits."""
        return not (self.sites.count or self.claims.count or self.asked.count or self.advice.overdue.count)

    @property
    def has_samples(self) -> bool:
        """Whether anything shown is sample data."""
        advised = (*self.advice.overdue.rows, *self.advice.soon.rows, *self.advice.unverified.rows)
        rows = [call.site for call in self.sites.rows] + [claim.measure for claim in self.claims.rows]
        rows += [asked.referral for asked in self.asked.rows]
        return any(row.is_sample for row in (*rows, *(each.recommendation for each in advised)))


@dataclass(frozen=True)
class Scope:
    """Whose rows the page is about, and what of an address brings a list to the same rows."""

    user: User
    branches: Collection[int]
    where: dict[str, str]
    has_lists: bool  # False: the reader sees other branches too, and no list shows just those of the page

    @classmethod
    def of(cls, user: User, branches: Sequence[Branch], branch: Branch | None) -> Self:
        """One of `branches`, those of which the reader is inspector, or all of them."""
        if branch is not None:
            return cls(user, [branch.pk], {"branch": branch.slug}, has_lists=True)
        is_all = Branch.objects.for_user(user).count() == len(branches)
        return cls(user, [each.pk for each in branches], {}, has_lists=is_all)

    def address(self, view: str, **query: object) -> str:
        """A list with the rows of this scope; "" where none has just these."""
        return reverse(f"roadmap:{view}", query=query | self.where) if self.has_lists else ""


def inspected_branches(user: User) -> list[Branch]:
    """The branches whose control `user` keeps: the regional one first, then along the river."""
    return list(
        Branch.objects.for_user(user, Permission.CONTROL)
        .select_related("region", "district")
        .order_by("region", "kind", "district__river_order")
    )


def inspection(
    *,
    user: User,
    branches: Sequence[Branch],
    branch: Branch | None,
    day: dt.date,
    every: int,
    stale_after: int,
    order: str = "age",
    every_asked: bool = False,
) -> Inspection:
    """Gather what waits for `user` in `branch`, one of `branches`, or in all. As many queries, however much waits.

    Of what citizens ask there is no list elsewhere: `every_asked` shows all of it here.
    """
    scope = Scope.of(user, branches, branch)
    claims, own_claims = _claims(scope, day, stale_after, order)
    return Inspection(
        day=day,
        every=every,
        branches=branches,
        branch=branch,
        order=order,
        sites=_sites(scope, day, every),
        claims=claims,
        own_claims=own_claims,
        asked=_asked(scope, day, None if every_asked else SHOWN),
        advice=_advised(scope, day),
        recorded=_recorded(scope, day),
    )


def _sites(scope: Scope, day: dt.date, every: int) -> Group:
    """The sites due for a visit, the longest waiting first."""
    due = (
        Site.objects.for_user(scope.user, Permission.CONTROL)
        .filter(branch__in=scope.branches)
        .as_of(day)
        .due_for_visit(day, every)
    )
    shown = list(
        due.select_related("branch__district", "branch__region", "locality").order_by("day_waits_since", "pk")[:SHOWN]
    )
    posts = ControlPost.objects.in_bulk([site.day_post for site in shown])
    calls = []
    for site in shown:
        post, waited = posts[site.day_post], (day - site.day_waits_since).days
        post.branch = site.branch
        calls.append(Call(site, post, waited, waited - every))
    return Group(calls, _counted(due.count(), scope.address("site_list", unvisited=1, as_of=day)))


def _counted(count: int, url: str) -> list[Counted]:
    """A number that stands in one list; nothing for none."""
    return [Counted(count, url)] if count else []


def _claims(scope: Scope, day: dt.date, stale_after: int, order: str) -> tuple[Group, int]:
    """What is reported as done by others and not confirmed, and how many such claims are the reader's own."""
    roadmaps = dict(
        Roadmap.objects.for_user(scope.user, Permission.VERIFY)
        .filter(branch__in=scope.branches)
        .current(day)
        .values_list("pk", "year")
    )
    own = StatusReport.objects.filter(pk=OuterRef("day_report"), author=scope.user)
    claimed = (
        Measure.objects.for_user(scope.user, Permission.VERIFY)
        .filter(roadmap__in=roadmaps)
        .as_of(day, stale_after)
        .filter(is_unconfirmed=True)
        .annotate(is_own=Exists(own))
    )
    counts = dict(claimed.order_by().values_list("is_own").annotate(n=Count("pk")))
    # A list of measures is of one year, and has the reader's own claims too.
    years, own_claims = set(roadmaps.values()), counts.get(True, 0)
    has_list = len(years) == 1 and not own_claims
    url = scope.address("measure_list", unconfirmed=1, year=min(years), as_of=day) if has_list else ""
    shown = claimed.filter(is_own=False).with_money().order_by(*CLAIM_ORDERS[order])[:SHOWN]
    places = Site.objects.for_user(scope.user, Permission.CONTROL).as_of(day).exclude(day_state=SiteState.CANCELLED)
    rows = [
        Claim(measure, measure.places_to_go, (day - measure.day_reported_on).days)
        for measure in shown.select_related("roadmap__branch__district", "roadmap__branch__region").prefetch_related(
            Prefetch("sites", places.order_by("pk"), to_attr="places_to_go")
        )
    ]
    return Group(rows, _counted(counts.get(False, 0), url)), own_claims


def _asked(scope: Scope, day: dt.date, most: int | None) -> Group:
    """What citizens ask for and branches passed on, the longest waiting first, at most so many. Two queries."""
    passed = (
        unfollowed(day)
        .for_user(scope.user, Permission.CONTROL)
        .filter(request__branch__in=scope.branches)
        .select_related("request__branch__district", "request__branch__region", "request__topic", "request__locality")
        .select_related("site", "author")
        .order_by("entered_on", "pk")
    )
    rows = [Asked(referral, (day - referral.entered_on).days) for referral in passed[:most]]
    return Group(rows, _counted(passed.count(), ""))


def _advised(scope: Scope, day: dt.date) -> Advice:
    """The recommendations that wait, as far as control issued them: those of councils have their own page."""
    until = day + dt.timedelta(days=SOON)
    issued = (
        Recommendation.objects.for_user(scope.user, Permission.CONTROL)
        .filter(branch__in=scope.branches)
        .of_control()
        .as_of(day)
        .annotate(
            is_due=flag(Q(is_open=True, due_on__lte=until)),
            is_own=flag(Q(is_unverified=True, day_author=scope.user.pk)),
        )
    )
    by_year = _by_year(issued, ("is_due", "is_overdue", "is_unverified", "is_own"))
    has_own = any(row["is_own"] for row in by_year)
    known = Roadmap.objects.for_user(scope.user).years(day)  # a list is of one year, and opens on these

    def counts(*, has_list: bool = True, of: dict[str, bool], **picked: object) -> list[Counted]:
        """By the year of issue, those `of` which this is true, and the list on which `picked` shows them."""
        found: Counter[int] = Counter()
        for row in by_year:
            if all(row[name] == value for name, value in of.items()):
                found[row["issued_on__year"]] += row["n"]
        address = partial(scope.address, "recommendation_list", **picked, as_of=day)
        return [Counted(n, address(year=year) if has_list and year in known else "", year) for year, n in found.items()]

    overdue, soon = {"is_overdue": True}, {"is_due": True, "is_overdue": False}
    unverified = {"is_unverified": True, "is_own": False}
    return Advice(
        ahead=SOON,
        overdue=Group(_first(issued.filter(**overdue), "due_on", day), counts(of=overdue, overdue=1)),
        soon=Group(_first(issued.filter(**soon), "due_on", day), counts(of=soon, has_list=False)),
        due=counts(of={"is_due": True}, due_by=until),
        unverified=Group(
            _with_steps(_first(issued.filter(**unverified), "day_state_on", day)),
            counts(of=unverified, has_list=not has_own, unverified=1),
        ),
        own=sum(row["n"] for row in by_year if row["is_own"]),
    )


def _by_year(issued: RecommendationQuerySet, flags: Sequence[str]) -> list[dict[str, Any]]:
    """What waits, counted in ONE query by flags and the year of issue, the newest year first."""
    waiting = issued.filter(Q(is_due=True) | Q(is_unverified=True))
    return list(waiting.order_by("-issued_on__year").values("issued_on__year", *flags).annotate(n=Count("pk")))


def _first(issued: RecommendationQuerySet, order: str, day: dt.date) -> list[Advised]:
    """The first rows by `order`."""
    shown = issued.select_related("branch__district", "branch__region").order_by(order, "pk")[:SHOWN]
    return [Advised(row, (row.due_on - day).days) for row in shown]


def _with_steps(rows: Sequence[Advised]) -> list[Advised]:
    """The same, each with its last step and who said it. One query."""
    steps = RecommendationStep.objects.select_related("author").in_bulk([row.recommendation.day_step for row in rows])
    return [replace(row, step=steps[row.recommendation.day_step]) for row in rows]


def _recorded(scope: Scope, day: dt.date) -> list[Recorded]:
    """What the reader entered on the day, the last first."""
    mine = {"author": scope.user, "entered_on": day}
    visits = SiteVisit.objects.filter(**mine, site__branch__in=scope.branches).select_related("site")
    verifications = Verification.objects.filter(**mine, measure__roadmap__branch__in=scope.branches)
    steps = RecommendationStep.objects.filter(**mine, recommendation__branch__in=scope.branches)
    steps = steps.exclude(state=RecommendationState.ISSUED)
    lines = [
        *(Recorded("visit", row, "visit", "done") for row in visits),
        *(Recorded("verification", row, *VERDICT_LOOK[row.verdict]) for row in verifications.select_related("measure")),
        *(Recorded("step", row, *RECOMMENDATION_LOOK[row.state]) for row in steps.select_related("recommendation")),
    ]
    return sorted(lines, key=lambda line: line.row.created_at, reverse=True)
