"""The party's projects in a year: what branches reported, rolled up to the oblast; read by pages and figures."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from branches.choices import BranchKind
from branches.dashboards.organisation import sources_of
from branches.metrics import percent, qualifier_of, year_parts, year_plan, year_total
from branches.models import Branch, ProjectIndicator, ProjectReport


@dataclass(frozen=True)
class BranchYear:
    """An indicator's year in one branch: what was told of each period, and what it comes to."""

    branch: Branch
    indicator: ProjectIndicator
    told: Mapping[str, ProjectReport] = field(default_factory=dict)

    @property
    def fact(self) -> Decimal | None:
        """What was reached so far this year; None where nothing was told."""
        return year_total(self.indicator.frequency, {period: row.fact for period, row in self.told.items()})

    @property
    def plan(self) -> Decimal | None:
        """What is planned for the year; None where nothing was told."""
        return year_plan(self.indicator.frequency, {period: row.plan for period, row in self.told.items()})

    @property
    def qualifier(self) -> str:
        """How exactly it is said, as the periods are of which it is made up."""
        parts = year_parts(self.indicator.frequency, {period: row.fact for period, row in self.told.items()})
        return qualifier_of((self.told[period].fact, self.told[period].qualifier) for period in parts)

    @property
    def has_spoken(self) -> bool:
        """Whether the branch told a fact, or why there is none."""
        return any(row.fact is not None or row.no_data for row in self.told.values())

    @property
    def percent(self) -> Decimal | None:
        """Fact of plan; over 100 is legal."""
        return None if self.fact is None or self.plan is None else percent(self.fact, self.plan)


@dataclass(frozen=True)
class IndicatorYear:
    """An indicator's year over branches. What nobody told is None, never 0."""

    indicator: ProjectIndicator
    branches: Sequence[BranchYear]

    @property
    def fact(self) -> Decimal | None:
        """The sum of what branches told."""
        return _sum(year.fact for year in self.branches)

    @property
    def plan(self) -> Decimal | None:
        """The sum of what branches plan."""
        return _sum(year.plan for year in self.branches)

    @property
    def percent(self) -> Decimal | None:
        """Fact of plan; over 100 is legal. None where a branch told a fact and no plan: that is not of this plan."""
        unplanned = any(year.fact is not None and year.plan is None for year in self.branches)
        return None if unplanned or self.fact is None or self.plan is None else percent(self.fact, self.plan)

    @property
    def qualifier(self) -> str:
        """A sum is as exact as its parts: "more than" if one of them is more than what it says."""
        return qualifier_of((year.fact, year.qualifier) for year in self.branches)

    @property
    def reported(self) -> int:
        """How many branches told a fact, or why there is none."""
        return sum(year.has_spoken for year in self.branches)

    @property
    def asked(self) -> int:
        """How many branches are asked: the territorial ones; the regional one where it told something of its own."""
        return sum(year.branch.kind == BranchKind.TERRITORIAL or bool(year.told) for year in self.branches)

    @property
    def sources(self) -> list[str]:
        """The documents that its numbers come from."""
        return sources_of(row for year in self.branches for row in year.told.values())

    @property
    def plan_sources(self) -> list[str]:
        """The documents that its plans come from."""
        return sources_of(row for year in self.branches for row in year.told.values() if row.plan is not None)

    @property
    def has_samples(self) -> bool:
        """Whether sample data are among its numbers."""
        return any(row.is_sample for year in self.branches for row in year.told.values())


def _sum(values: Sequence[Decimal | None]) -> Decimal | None:
    known = [value for value in values if value is not None]
    return sum(known, Decimal()) if known else None


def indicator_years(
    *, branches: Sequence[Branch], year: int, day: dt.date, indicators: Sequence[ProjectIndicator] | None = None
) -> list[IndicatorYear]:
    """The year of each indicator (of all that were asked in it, if not given) over `branches`, as known on `day`.

    Three queries.
    """
    if indicators is None:
        indicators = list(ProjectIndicator.objects.valid_in(year).prefetch_related("projects"))
    told: dict[tuple[int, int], dict[str, ProjectReport]] = {}
    rows = ProjectReport.objects.as_of(day).filter(
        branch__in=[branch.pk for branch in branches],
        year=year,
        indicator__in=[indicator.pk for indicator in indicators],
    )
    for row in rows.order_by("id"):
        told.setdefault((row.indicator_id, row.branch_id), {})[row.period] = row
    return [
        IndicatorYear(
            indicator,
            [BranchYear(branch, indicator, told.get((indicator.pk, branch.pk), {})) for branch in branches],
        )
        for indicator in indicators
    ]
