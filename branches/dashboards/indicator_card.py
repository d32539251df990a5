"""An indicator of a party project: its year by branches and periods, and its years."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from amanat_tracker.templatetags.figures import month
from branches.charts import (
    MOST_YEARS,
    Column,
    PlanBar,
    height_y,
    plan_bar,
    round_top,
    trend_figure,
    year_columns,
    year_points,
    year_x,
)
from branches.choices import BranchKind, Frequency, Period
from branches.dashboards.project_frame import Amount, Frame
from branches.dashboards.projects import BranchYear, IndicatorYear
from branches.metrics import percent, qualifier_of, year_parts
from branches.models import Branch, ProjectIndicator, ProjectReport


# --- a line: what was reached of what was planned --------------------------------------------------------------------
@dataclass(frozen=True)
class Line:
    """Fact and plan of a year, of one branch or of several; `url` shows what they are made of."""

    told: IndicatorYear | BranchYear
    url: str

    @property
    def indicator(self) -> ProjectIndicator:
        """What is measured."""
        return self.told.indicator

    @property
    def fact(self) -> Amount | None:
        """What was reached."""
        return Amount.of(self.told.fact, self.indicator.unit, self.told.qualifier)

    @property
    def plan(self) -> Amount | None:
        """What was to be reached in the year."""
        return Amount.of(self.told.plan, self.indicator.unit)

    @property
    def percent(self) -> Decimal | None:
        """Fact of plan; over 100 is legal."""
        return self.told.percent

    @property
    def lacks_plans(self) -> bool:
        """Whether some branches have told a plan and others a fact alone: then there is no percentage."""
        return self.percent is None and self.told.fact is not None and bool(self.told.plan)

    @property
    def bar(self) -> PlanBar | None:
        """The fact drawn beside its plan."""
        return plan_bar(self.percent)


@dataclass(frozen=True)
class YearLine(Line):
    """A year among others."""

    year: int


@dataclass(frozen=True)
class Cell:
    """What a branch said of a period: a number, or why there is none."""

    report: ProjectReport | None
    unit: str

    @property
    def amount(self) -> Amount | None:
        """The number."""
        return self.report and Amount.of(self.report.fact, self.unit, self.report.qualifier)


@dataclass(frozen=True)
class BranchLine(Line):
    """A branch among others: its year, period by period."""

    branch: Branch
    cells: Sequence[Cell]
    last_period: str  # the last period of which it spoke; "" where it did not
    last_report: ProjectReport | None

    @property
    def name(self) -> str:
        """The branch's name."""
        return self.branch.short_name


@dataclass(frozen=True)
class PeriodLine:
    """A period over all branches: what was told of it, what it came to since January, who has not spoken."""

    period: Period
    told: Amount | None
    so_far: Amount | None
    last_year: Amount | None
    percent: Decimal | None
    reported: int
    asked: int
    missing: Sequence[str]  # branches
    has_begun: bool

    @property
    def label(self) -> str | Promise:
        """The period's name."""
        return self.period.label


# --- an indicator ----------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Trend:
    """The year's line of an indicator, beside last year's and the plan."""

    year: int
    unit: str
    periods: Sequence[Period]
    this_year: Sequence[Decimal | None]
    last_year: Sequence[Decimal | None]
    plan: Decimal | None

    @property
    def is_told(self) -> bool:
        """Whether there is anything to draw."""
        return any(value is not None for value in (*self.this_year, *self.last_year))

    @property
    def has_last_year(self) -> bool:
        """Whether last year's line can be drawn."""
        return any(value is not None for value in self.last_year)

    @cached_property
    def top(self) -> Decimal:
        """The value at which the axis ends."""
        values = (*self.this_year, *self.last_year, self.plan)
        return round_top(max((value for value in values if value is not None), default=Decimal()))

    @property
    def levels(self) -> list[tuple[str, Amount]]:
        """The two lines of the axis, by height: the half and the top."""
        return [
            (f"{height_y(value, self.top):.1f}", Amount(value, self.unit))
            for value in (self.top / 2, Decimal(self.top))
        ]

    @property
    def months(self) -> list[tuple[str, str]]:
        """The ends of the year's quarters below the axis: where, and the month's name."""
        return [(f"{year_x(number):.1f}", month(number)) for number in (3, 6, 9, 12)]

    @property
    def this_line(self) -> str:
        """Points of this year's line."""
        return self._points(self.this_year)

    @property
    def last_line(self) -> str:
        """Points of last year's line."""
        return self._points(self.last_year)

    def _points(self, values: Sequence[Decimal | None]) -> str:
        return year_points(
            [(period.last_month, value) for period, value in zip(self.periods, values, strict=True)], self.top
        )

    @property
    def plan_y(self) -> str:
        """The height of the plan; "" without one."""
        return "" if self.plan is None else f"{height_y(self.plan, self.top):.1f}"

    @property
    def tip(self) -> tuple[str, str] | None:
        """Where this year's line ends."""
        known = [
            (period, value) for period, value in zip(self.periods, self.this_year, strict=True) if value is not None
        ]
        if not known:
            return None
        period, value = known[-1]
        return f"{year_x(period.last_month):.1f}", f"{height_y(value, self.top):.1f}"

    @property
    def figure(self) -> dict[str, Any]:
        """The chart for exploring."""
        return trend_figure(
            periods=[str(period.label) for period in self.periods],
            this_year=self.this_year,
            last_year=self.last_year,
            plan=self.plan,
            names=(str(self.year), str(self.year - 1), str(_("plan"))),
        )


def axis_levels(top: Decimal, unit: str) -> list[tuple[str, Amount]]:
    """The two lines of an axis, by height: the half and the top."""
    return [(f"{height_y(value, top):.1f}", Amount(value, unit)) for value in (top / 2, top)]


@dataclass(frozen=True)
class IndicatorCard:
    """An indicator in a year: its branches, its periods, its other years."""

    frame: Frame
    years: Mapping[int, IndicatorYear]  # those of which something was told, and the frame's

    @property
    def told(self) -> IndicatorYear:
        """The year that the page is about."""
        return self.years[self.frame.year]

    @property
    def indicator(self) -> ProjectIndicator:
        """What is measured."""
        return self.told.indicator

    @property
    def name(self) -> str:
        """Its name among the parts of the page."""
        return str(self.indicator.pk)

    @property
    def year_before(self) -> int:
        """The year it is compared with."""
        return self.frame.year - 1

    @property
    def line(self) -> Line:
        """The year, of all branches together."""
        return Line(told=self.told, url=self.frame.url(self.indicator))

    @cached_property
    def periods(self) -> list[Period]:
        """The periods that it is reported for; also the whole year, where a branch told only that."""
        periods = list(self.indicator.periods)
        is_told = any(
            Period.YEAR in year.told and year.told[Period.YEAR].fact is not None for year in self.told.branches
        )
        return periods if Period.YEAR in periods or not is_told else [*periods, Period.YEAR]

    @property
    def adds_up(self) -> bool:
        """Whether the periods of a year are added up; otherwise each of them speaks of the year so far."""
        return self.indicator.frequency in (Frequency.MONTHLY, Frequency.QUARTERLY)

    @cached_property
    def branches(self) -> list[BranchLine]:
        """Branch by branch: those that are asked."""
        lines = []
        for year in self.told.branches:
            if year.branch.kind == BranchKind.REGIONAL and not year.told and not self.frame.is_one:
                continue
            spoken = [period for period in self.periods if (row := year.told.get(period)) and row.speaks]
            lines.append(
                BranchLine(
                    told=year,
                    # the page of a regional branch adds up its region: its own rows stand on this one
                    url=""
                    if year.branch.kind == BranchKind.REGIONAL and not self.frame.is_one
                    else self.frame.url(self.indicator, branch=year.branch),
                    branch=year.branch,
                    cells=[Cell(year.told.get(period), self.indicator.unit) for period in self.periods],
                    last_period=str(spoken[-1].label) if spoken else "",
                    last_report=year.told[spoken[-1]] if spoken else None,
                )
            )
        return lines

    @property
    def silent(self) -> list[str]:
        """The branches that have not reported the period for which branches are counted."""
        period = self.told.period
        return [line.name for line in self.branches if period and not line.told.has_told(period)]

    @property
    def unplanned(self) -> list[str]:
        """The branches whose number stands against no plan: with them there is no percentage of the whole."""
        return [line.name for line in self.branches if line.told.fact is not None and line.told.plan is None]

    @cached_property
    def lines(self) -> list[PeriodLine]:
        """Period by period, over all branches."""
        so_far, last_year = self._so_far(self.told), self._so_far(self.years.get(self.year_before))
        plan = None if self.told.percent is None else self.told.plan
        lines = []
        for period, reached, before in zip(self.periods, so_far, last_year, strict=True):
            rows = [line.told.told.get(period) for line in self.branches]
            missing = [line.name for line in self.branches if not line.told.has_told(period)]
            lines.append(
                PeriodLine(
                    period=period,
                    told=_sum_of([row for row in rows if row and row.fact is not None], self.indicator.unit),
                    so_far=reached,
                    last_year=before,
                    percent=None if reached is None or plan is None else percent(reached.value, plan),
                    reported=len(rows) - len(missing),
                    asked=len(rows),
                    missing=missing,
                    has_begun=Frequency(self.indicator.frequency).opens_on(period, self.frame.year) <= self.frame.day,
                )
            )
        return lines

    def _so_far(self, told: IndicatorYear | None) -> list[Amount | None]:
        """What all branches together had reached by the end of each period, up to the last one that was told."""
        if told is None:
            return [None] * len(self.periods)
        spoken = {period for year in told.branches for period, row in year.told.items() if row.fact is not None}
        last = max((place for place, period in enumerate(self.periods) if period in spoken), default=-1)
        reached = []
        for place, period in enumerate(self.periods):
            # by December everything counts, also what was told of the year as a whole
            until = None if period.last_month == 12 else self.periods[: place + 1]
            rows = [row for year in told.branches for row in _parts(year, until)]
            reached.append(_sum_of(rows, self.indicator.unit) if place <= last else None)
        return reached

    @cached_property
    def trend(self) -> Trend:
        """The year as a line."""
        return Trend(
            year=self.frame.year,
            unit=self.indicator.unit,
            periods=self.periods,
            this_year=[line.so_far and line.so_far.value for line in self.lines],
            last_year=[line.last_year and line.last_year.value for line in self.lines],
            plan=self.told.plan,
        )

    @cached_property
    def year_lines(self) -> list[YearLine]:
        """Year by year, the earliest first; those of which something was told."""
        return [
            YearLine(told=told, url=self.frame.url(self.indicator, year=year), year=year)
            for year, told in sorted(self.years.items())
            if told.fact is not None or told.plan is not None
        ]

    @property
    def year_columns(self) -> list[tuple[YearLine, Column]]:
        """The last years as columns."""
        lines = self.year_lines[-MOST_YEARS:]
        return list(zip(lines, year_columns(self._year_values, self._year_top), strict=True))

    @property
    def year_levels(self) -> list[tuple[str, Amount]]:
        """The two lines of their axis."""
        return axis_levels(self._year_top, self.indicator.unit)

    @property
    def _year_values(self) -> list[tuple[Decimal | None, Decimal | None]]:
        return [(line.told.fact, line.told.plan) for line in self.year_lines[-MOST_YEARS:]]

    @property
    def _year_top(self) -> Decimal:
        return round_top(max(value for pair in self._year_values for value in pair if value is not None))


def _parts(year: BranchYear, until: Collection[str] | None) -> list[ProjectReport]:
    """The reports that make up what a branch reached by the end of the periods `until`; None: of the year."""
    facts = {period: row.fact for period, row in year.told.items() if until is None or period in until}
    return [year.told[period] for period in year_parts(year.indicator.frequency, facts)]


def _sum_of(rows: Sequence[ProjectReport], unit: str) -> Amount | None:
    """What reports with facts come to, as exactly as they are said; None without any."""
    if not rows:
        return None
    qualifier = qualifier_of((row.fact, row.qualifier) for row in rows)
    return Amount(sum((row.fact for row in rows), Decimal()), unit, qualifier)


def indicator_cards(indicators: Sequence[ProjectIndicator], frame: Frame) -> list[IndicatorCard]:
    """The cards of some indicators, with all their years. One query."""
    told: dict[int, dict[int, dict[int, dict[str, ProjectReport]]]] = {}  # by indicator, year, branch and period
    rows = ProjectReport.objects.as_of(frame.day).filter(
        branch__in=[branch.pk for branch in frame.branches], indicator__in=[indicator.pk for indicator in indicators]
    )
    for row in rows.order_by("id"):
        years = told.setdefault(row.indicator_id, {})
        years.setdefault(row.year, {}).setdefault(row.branch_id, {})[row.period] = row
    cards = []
    for indicator in indicators:
        years = {frame.year: {}} | told.get(indicator.pk, {})
        cards.append(IndicatorCard(frame, {year: _year(indicator, frame, year, said) for year, said in years.items()}))
    return cards


def _year(
    indicator: ProjectIndicator, frame: Frame, year: int, said: Mapping[int, Mapping[str, ProjectReport]]
) -> IndicatorYear:
    """A year over the branches of a page; `said` gives reports by branch and period."""
    branches = [BranchYear(branch, indicator, said.get(branch.pk, {})) for branch in frame.branches]
    return IndicatorYear(indicator, branches, year, frame.day)
