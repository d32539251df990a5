"""The chair's page: one branch's year, the branches along the river, party control over them, their own work."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial
from urllib.parse import urlencode

from django.db.models import Count, Value

from branches.choices import BranchKind, Permission
from branches.dashboards.indicator_card import Line as IndicatorLine
from branches.dashboards.links import rows_url
from branches.dashboards.organisation import OrganisationNumbers, organisation_numbers
from branches.dashboards.project_frame import Frame
from branches.dashboards.projects import indicator_years
from branches.dashboards.reception import ReceptionCounts, reception_counts
from branches.metrics import Share
from branches.models import Branch, User
from roadmap.choices import Status
from roadmap.dashboards.classes import ClassCount, class_counts
from roadmap.dashboards.control import ControlCounts, control_counts
from roadmap.dashboards.delays import Delays, WorkLists, delays, work_lists
from roadmap.dashboards.links import measures_url, placed_control_url
from roadmap.dashboards.pace import Pace, pace
from roadmap.metrics import Tally, tallies_by
from roadmap.models import Direction, Measure, Recommendation, Roadmap, Site

HIGH, MIDDLE = 90, 80  # percent: from which a branch's level is high, and from which it is middle
FLAGS = ("confirmed", "unconfirmed", "overdue", "at_risk", "stale", "chronic", "slipped", "contradicted")


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
class OwnControl:
    """What control did in one branch: its sites under a post (commissioned), its recommendations (done)."""

    sites: Share = field(default_factory=lambda: Share(0, 0))
    recommendations: Share = field(default_factory=lambda: Share(0, 0))


@dataclass(frozen=True)
class BranchLine(Line):
    """A branch in the table: its own roadmap beside its own control."""

    control: OwnControl


@dataclass(frozen=True)
class OwnWork:
    """What branches do themselves: projects, reception, organisation; `urls` lead to the pages of these."""

    projects: Sequence[IndicatorLine]
    reception: ReceptionCounts
    organisation: OrganisationNumbers
    urls: Mapping[str, str]

    @property
    def told_projects(self) -> list[IndicatorLine]:
        """The indicators of which anything was told."""
        return [line for line in self.projects if line.told.is_told]

    @property
    def has_reception(self) -> bool:
        """Whether anybody was received, as far as was known on the day."""
        return bool(self.reception.registered or self.reception.events)

    @property
    def has_organisation(self) -> bool:
        """Whether anything of the organisation was told by the day."""
        numbers = self.organisation
        return numbers.members is not None or bool(numbers.mandates.whole or numbers.rural_akims.whole)

    @property
    def has_samples(self) -> bool:
        """Whether sample data are among its numbers."""
        told = (part for row in self.organisation.branches for part in (row.membership, row.faction, *row.elections))
        is_sample = any(part.is_sample for part in told if part)
        return is_sample or self.reception.has_samples or any(line.told.has_samples for line in self.projects)


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
    table: list[BranchLine]
    pace: Pace
    lists: WorkLists
    delays: Delays
    control: ControlCounts
    work: OwnWork
    counts_control_of: int  # branches
    contradicted: int  # measures of the roadmap, reported as done, for which citizens ask nevertheless
    has_samples: bool

    @cached_property
    def classes(self) -> list[ClassCount]:
        """The disjoint classes, in the order of Status."""
        return class_counts(self.tally, lambda status: self.urls[status])

    @property
    def stale_directions(self) -> list[Line]:
        """The directions that the stale part of the figure comes from, the most first."""
        return sorted((line for line in self.directions if line.tally.stale), key=lambda line: -line.tally.stale)

    @property
    def overdue(self) -> Sequence[Measure]:
        """The first of the overdue, by deadline."""
        return self.lists.overdue

    @property
    def at_risk(self) -> Sequence[Measure]:
        """The first of those at risk, by deadline."""
        return self.lists.at_risk

    @property
    def overdue_advice(self) -> tuple[str, str]:
        """Where the overdue stand on the bar of recommendations, at its end: from, and how wide, as SVG lengths."""
        issued = self.control.recommendations
        return Share(issued.whole - issued.overdue, issued.whole).width, Share(issued.overdue, issued.whole).width

    @property
    def has_control(self) -> bool:
        """Whether control or councils did anything that year, as far as was known on the day."""
        control = self.control
        kept = (control.sites.whole, control.posts, control.visits, control.meetings, control.recommendations.whole)
        return any((*kept, control.council_meetings, control.issues, control.proposals.whole))


def overview_branches(user: User) -> list[Branch]:
    """The branches whose overview `user` may open: the regional one first, then along the river."""
    return list(
        Branch.objects.for_user(user, Permission.OVERVIEW)
        .select_related("region", "district")
        .order_by("region", "kind", "district__river_order")
    )


def seen_scope(branch: Branch, branches: Sequence[Branch]) -> list[Branch]:
    """The `branches`, of those that the reader may see, whose control an overview of `branch` counts (`scope_of`)."""
    if branch.kind == BranchKind.REGIONAL:
        return [seen for seen in branches if seen.region_id == branch.region_id]
    return [branch]


def overview(*, branches: list[Branch], branch: Branch, year: int, day: dt.date, stale_after: int) -> Overview:
    """Gather the overview of `branch`, one of `branches` that the reader may see. A constant number of queries."""
    measures = Measure.objects.filter(roadmap__branch__in=[known.pk for known in branches], roadmap__year=year)
    known = measures.as_of(day, stale_after)
    groups = ("roadmap__branch", "direction", "roadmap__is_sample", "is_contradicted")
    counted = list(known.with_contradicted(day).counted_by(*groups))
    own = [row for row in counted if row["roadmap__branch"] == branch.pk]
    by_branch, by_direction = tallies_by(counted, "roadmap__branch"), tallies_by(own, "direction")
    judged = known.filter(roadmap__branch=branch).with_slip().with_money().with_years_undone(day)
    scope = seen_scope(branch, branches)
    when = {"year": year, "day": day}
    return Overview(
        branch=branch,
        branches=branches,
        year=year,
        day=day,
        roadmap=Roadmap.objects.filter(branch=branch, year=year).in_force(day).select_related("programme").first(),
        tally=Tally.of(own),
        urls=_urls(**when, branch=branch.slug),
        directions=[
            Line(
                name=direction.name,
                tally=by_direction[direction.pk],
                urls=_urls(**when, branch=branch.slug, direction=direction.slug),
            )
            for direction in Direction.objects.filter(pk__in=by_direction).order_by("number")
        ],
        river=[
            _post(seen, by_branch.get(seen.pk, Tally()), **when, stale_after=stale_after)
            for seen in branches
            if seen.kind == BranchKind.TERRITORIAL and seen.region_id == branch.region_id
        ],
        table=_table(scope, by_branch, **when) if len(scope) > 1 else [],
        pace=pace(branch=branch, **when),
        lists=work_lists(judged, day),
        delays=delays(judged, day, partial(measures_url, **when, branch=branch.slug)),
        control=control_counts(branch=branch, scope=[seen.pk for seen in scope], **when),
        work=own_work(branch=branch, scope=scope, **when),
        counts_control_of=len(scope),
        contradicted=sum(row["n"] for row in own if row["is_contradicted"]),
        has_samples=any(row["roadmap__is_sample"] for row in counted),
    )


def own_work(*, branch: Branch, scope: Sequence[Branch], year: int, day: dt.date) -> OwnWork:
    """What the branches of `scope` did themselves in a year, as known on `day`. Twelve queries."""
    when = {"year": year, "day": day}
    frame = Frame(branch, scope, **when)
    is_region = branch.kind == BranchKind.REGIONAL
    card = f"{branch.get_absolute_url()}?{urlencode({'as_of': day.isoformat()})}"
    return OwnWork(
        projects=[IndicatorLine(told, frame.url(told.indicator)) for told in indicator_years(branches=scope, **when)],
        reception=reception_counts(branch=branch, scope=[seen.pk for seen in scope], **when),
        organisation=organisation_numbers(branches=scope, **when),
        urls={
            "projects": frame.list_url,
            "reception": rows_url("branches:reception", branch=branch, **when),
            "organisation": rows_url("branches:organisation", branch=branch, **when) if is_region else card,
        },
    )


def control_by_branch(scope: Collection[int], *, year: int, day: dt.date) -> dict[int, OwnControl]:
    """What control did in each of the branches `scope` (primary keys), by the rules of `control_counts`. One query."""
    sites = Site.objects.filter(branch__in=scope).as_of(day).under_post_in(year, day)
    issued = Recommendation.objects.filter(branch__in=scope).of_control().as_of(day).issued_in(year)
    found: dict[tuple[int, str], dict[bool, int]] = {}
    for branch, what, is_part, n in _by_branch(sites, "sites", "is_commissioned").union(
        _by_branch(issued, "recommendations", "is_done"), all=True
    ):
        found.setdefault((branch, what), {})[is_part] = n

    def share(branch: int, what: str) -> Share:
        counts = found.get((branch, what), {})
        return Share(counts.get(True, 0), sum(counts.values()))

    return {branch: OwnControl(share(branch, "sites"), share(branch, "recommendations")) for branch in scope}


def _by_branch(rows, what: str, flag: str):
    """How many rows each branch has with the flag and without: (branch, `what`, flag, number)."""
    return rows.order_by().values_list("branch", Value(what), flag).annotate(n=Count("pk"))


def _table(scope: Sequence[Branch], tallies: Mapping[int, Tally], *, year: int, day: dt.date) -> list[BranchLine]:
    """The branches one under another, each with its own roadmap and its own control."""
    controls = control_by_branch([branch.pk for branch in scope], year=year, day=day)
    lines = []
    for branch in scope:
        own_url = partial(placed_control_url, places={"branch": branch.slug}, year=year, day=day)
        urls = {
            "sites": own_url("site_list", posted=True),
            "sites_commissioned": own_url("site_list", posted=True, commissioned=True),
            "recommendations": own_url("recommendation_list"),
            "recommendations_done": own_url("recommendation_list", done=True),
        }
        lines.append(
            BranchLine(
                name=branch.short_place,
                tally=tallies.get(branch.pk, Tally()),
                urls=_urls(year=year, day=day, branch=branch.slug) | urls,
                control=controls[branch.pk],
            )
        )
    return lines


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
    for flag in FLAGS:
        urls[flag] = measures_url(**where, flag=flag)
    urls["oldest"] = measures_url(**where, flag="unconfirmed", sort="report")
    urls["dearest"] = measures_url(**where, flag="unconfirmed", sort="-money")
    return urls
