"""The party's projects in a year: what branches reported, rolled up to the oblast; read by pages and figures."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property

from django.urls import reverse

from branches.choices import BranchKind, Period, Permission
from branches.dashboards.organisation import sources_of
from branches.metrics import percent, qualifier_of, year_parts, year_plan, year_total
from branches.models import Branch, ProjectIndicator, ProjectReport, User


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
        return any(row.speaks for row in self.told.values())

    def has_told(self, period: Period) -> bool:
        """Whether it told of a period; of the last one of a year also where it told the year as a whole."""
        same = {period}
        if period.last_month == 12:
            same |= {self.indicator.periods[-1], Period.YEAR}
        return any(row.speaks for told, row in self.told.items() if told in same)

    def untold(self, day: dt.date, year: int) -> list[Period]:
        """The periods of the year that were over at the end of `day`, and of which it told nothing.

        A regional branch is asked only for what it told something of, and nobody who told the year as a whole.
        """
        is_asked = self.branch.kind == BranchKind.TERRITORIAL or self.told
        if not is_asked or (Period.YEAR in self.told and self.told[Period.YEAR].speaks):
            return []
        ended = self.indicator.periods_ended(year, day)
        return [period for period in ended if period not in self.told or not self.told[period].speaks]

    @property
    def percent(self) -> Decimal | None:
        """Fact of plan; over 100 is legal."""
        return None if self.fact is None or self.plan is None else percent(self.fact, self.plan)


@dataclass(frozen=True)
class IndicatorYear:
    """An indicator's year over branches, as known on a day. What nobody told is None, never 0."""

    indicator: ProjectIndicator
    branches: Sequence[BranchYear]
    year: int
    day: dt.date

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
    def is_told(self) -> bool:
        """Whether any branch told a fact, or why there is none."""
        return any(year.has_spoken for year in self.branches)

    @cached_property
    def period(self) -> Period | None:
        """The period for which branches are counted: the newest that has ended, or that one of them told of.

        None before there is one. The year itself where it was told as a whole.
        """
        periods = list(dict.fromkeys([*self.indicator.periods, Period.YEAR]))
        told = {period for year in self.branches for period, row in year.told.items() if row.speaks}
        told.update(self.indicator.periods_ended(self.year, self.day))
        return next((period for period in reversed(periods) if period in told), None)

    @property
    def reported(self) -> int:
        """How many branches told of that period a fact, or why there is none."""
        return 0 if self.period is None else sum(year.has_told(self.period) for year in self.branches)

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
            year,
            day,
        )
        for indicator in indicators
    ]


# --- what is still to be entered -------------------------------------------------------------------------------------
@dataclass(frozen=True)
class EmptyCells:
    """How many cells of a branch's year stand empty in its grid, though their periods have ended."""

    branch: Branch
    year: int
    count: int

    @property
    def url(self) -> str:
        """The grid."""
        return reverse("branches:project_entry", query={"branch": self.branch.slug, "year": self.year})


def empty_cells(*, user: User, branch: Branch, day: dt.date) -> EmptyCells | None:
    """What `user` has still to tell of a branch's projects on `day`; None where there is nothing, or for others.

    Of this year; through January of the year before, which is told then. Three queries for who reports on projects of
    the branch, none for who reports on none.
    """
    reports_here = Branch.objects.for_user(user, Permission.PROJECTS).filter(pk=branch.pk)
    if Permission.PROJECTS not in user.permissions or not reports_here.exists():
        return None
    year = day.year if day.month > 1 else day.year - 1
    yesterday = day - dt.timedelta(days=1)  # a period that ends today has not ended while one works
    indicators = list(ProjectIndicator.objects.valid_in(year))
    told = indicator_years(branches=[branch], year=year, day=day, indicators=indicators)
    count = sum(len(part.untold(yesterday, year)) for one in told for part in one.branches)
    return EmptyCells(branch, year, count) if count else None
