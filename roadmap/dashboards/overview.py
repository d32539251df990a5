"""The chair's page: one branch's year, and the branches along the river."""

import datetime as dt
from dataclasses import dataclass
from functools import cached_property

from branches.choices import BranchKind, Permission
from branches.models import Branch, User
from roadmap.choices import Status
from roadmap.dashboards.classes import ClassCount, class_counts
from roadmap.dashboards.links import measures_url
from roadmap.dashboards.pace import Pace, pace
from roadmap.metrics import Tally, tallies_by
from roadmap.models import Direction, Measure, Roadmap

ROWS_OF_A_WORK_LIST = 6
HIGH, MIDDLE = 90, 80  # percent: from which a branch's level is high, and from which it is middle


@dataclass(frozen=True)
class Line:
    """One direction, or one branch: what it is called, its count, and where its rows are listed."""

    name: str
    tally: Tally
    urls: dict[str, str]


@dataclass(frozen=True)
class Post(Line):
    """A branch on the river."""

    slug: str
    days_since_report: int | None
    stale_after: int

    @property
    def is_old(self) -> bool:
        """Whether nothing was reported for longer than reports stay fresh."""
        return self.days_since_report is not None and self.days_since_report > self.stale_after

    @property
    def level(self) -> str:
        """high, middle, low, or none where there is no roadmap."""
        done = self.tally.claimed.percent
        if done is None:
            return "none"
        return "high" if done >= HIGH else "middle" if done >= MIDDLE else "low"


@dataclass(frozen=True)
class Overview:
    """What the chair sees of one branch and year, as known on one day."""

    branch: Branch
    branches: list[Branch]
    year: int
    day: dt.date
    roadmap: Roadmap | None
    tally: Tally
    urls: dict[str, str]
    directions: list[Line]
    river: list[Post]
    pace: Pace
    overdue: list[Measure]
    at_risk: list[Measure]
    has_samples: bool

    @cached_property
    def classes(self) -> list[ClassCount]:
        """The disjoint classes, in the order of Status."""
        return class_counts(self.tally, lambda status: self.urls[status])

    @property
    def stale_directions(self) -> list[Line]:
        """The directions that the stale part of the figure comes from, the most first."""
        return sorted((line for line in self.directions if line.tally.stale), key=lambda line: -line.tally.stale)


def overview_branches(user: User) -> list[Branch]:
    """The branches whose overview `user` may open: the regional one first, then along the river."""
    return list(
        Branch.objects.for_user(user, Permission.OVERVIEW)
        .select_related("region", "district")
        .order_by("region", "kind", "district__river_order")
    )


def overview(*, branches: list[Branch], branch: Branch, year: int, day: dt.date, stale_after: int) -> Overview:
    """Gather the overview of `branch`, one of `branches` that the reader may see. A constant number of queries."""
    measures = Measure.objects.filter(roadmap__branch__in=[known.pk for known in branches], roadmap__year=year)
    known = measures.as_of(day, stale_after)
    counted = list(known.counted_by("roadmap__branch", "direction", "roadmap__is_sample"))
    own = [row for row in counted if row["roadmap__branch"] == branch.pk]
    by_branch, by_direction = tallies_by(counted, "roadmap__branch"), tallies_by(own, "direction")
    listed = (
        known.filter(roadmap__branch=branch).select_related("direction", "roadmap").order_by("day_deadline", "position")
    )
    return Overview(
        branch=branch,
        branches=branches,
        year=year,
        day=day,
        roadmap=Roadmap.objects.filter(branch=branch, year=year).in_force(day).select_related("programme").first(),
        tally=Tally.of(own),
        urls=_urls(year=year, day=day, branch=branch.slug),
        directions=[
            Line(
                name=direction.name,
                tally=by_direction[direction.pk],
                urls=_urls(year=year, day=day, branch=branch.slug, direction=direction.slug),
            )
            for direction in Direction.objects.filter(pk__in=by_direction).order_by("number")
        ],
        river=[
            _post(known_branch, by_branch.get(known_branch.pk, Tally()), year=year, day=day, stale_after=stale_after)
            for known_branch in branches
            if known_branch.kind == BranchKind.TERRITORIAL and known_branch.region_id == branch.region_id
        ],
        pace=pace(branch=branch, year=year, day=day),
        overdue=list(listed.filter(is_overdue=True)[:ROWS_OF_A_WORK_LIST]),
        at_risk=list(listed.filter(is_at_risk=True)[:ROWS_OF_A_WORK_LIST]),
        has_samples=any(row["roadmap__is_sample"] for row in counted),
    )


def _post(branch: Branch, tally: Tally, *, year: int, day: dt.date, stale_after: int) -> Post:
    last = tally.last_reported_on
    return Post(
        name=branch.short_place,
        tally=tally,
        urls=_urls(year=year, day=day, branch=branch.slug),
        slug=branch.slug,
        days_since_report=(day - last).days if last else None,
        stale_after=stale_after,
    )


def _urls(*, year: int, day: dt.date, branch: str, direction: str = "") -> dict[str, str]:
    """Addresses of the rows behind each figure of a branch, or of one of its directions, by what they are."""
    where = {"year": year, "day": day, "branch": branch, "direction": direction}
    urls = {"all": measures_url(**where)}
    for status in Status:
        urls[status.value] = measures_url(**where, status=status)
    for flag in ("confirmed", "unconfirmed", "overdue", "at_risk", "stale"):
        urls[flag] = measures_url(**where, flag=flag)
    return urls
