"""The grid in which a branch reports its party projects: indicators by periods, each cell with its state."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from itertools import chain
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from amanat_tracker.templatetags.figures import pct, short_day
from branches.actions.entry import EVER
from branches.choices import Frequency, NoData, Period, Qualifier
from branches.dashboards.project_frame import (
    Amount,
    indicators_of_year,
    projects_of_year,
    sets_of_projects,
)
from branches.dashboards.projects import BranchYear
from branches.forms.projects import FACT, PLAN, CellForm, shown_in
from branches.models import Branch, PartyProject, ProjectIndicator, ProjectReport


@dataclass(frozen=True)
class Column:
    """A column of a grid: the plan of the year, or a period; `opens_on` is the day on which it will begin."""

    key: str
    title: str | Promise
    period: Period
    kind: str
    opens_on: dt.date | None


@dataclass(frozen=True)
class GridCell:
    """What a branch says of one period: a number, or why there is none; `form` has what was typed and refused."""

    key: str
    column: Column
    report: ProjectReport | None
    form: CellForm | None = None

    @property
    def kind(self) -> str:
        """What it tells: plan or fact."""
        return self.column.kind

    @cached_property
    def saved(self) -> dict[str, str]:
        """What is reported now, as it may be typed again."""
        return shown_in(self.report, self.kind)

    @property
    def shown(self) -> dict[str, str]:
        """What stands in its fields."""
        return self.form.typed if self.form else self.saved

    @property
    def is_told(self) -> bool:
        """Whether something is reported in it."""
        return bool(self.saved["value"] or self.saved["said"])

    @property
    def state(self) -> str:
        """refused, closed, saved or empty; what is changed and not yet sent only the browser knows."""
        if self.form:
            return "refused"
        if self.column.opens_on:
            return "closed"
        return "saved" if self.is_told else "empty"

    @property
    def why_none(self) -> str | Promise:
        """Why there is no number, as reported."""
        return NoData(self.saved["said"]).label if self.saved["said"] in NoData.values else ""

    @property
    def wrong(self) -> list[str]:
        """The fields that were refused."""
        return [name for name in self.form.errors if name in self.form.fields] if self.form else []

    @property
    def errors(self) -> list[str]:
        """Why it was refused; and what stands there now, if that is not what the page showed."""
        if not self.form:
            return []
        errors = list(chain.from_iterable(self.form.errors.values()))
        if self.saved != self.form.initial:
            errors.append(_("Now it says: %(said)s.") % {"said": self.saved["value"] or self.why_none or "—"})
        return errors

    @property
    def aside(self) -> str:
        """What cannot stand in a narrow cell: why there is no number, the note."""
        reason = _("no data: %(reason)s") % {"reason": self.why_none} if self.why_none else ""
        return ". ".join(filter(None, (reason, self.saved["note"])))

    @property
    def words(self) -> str:
        """Who entered what stands there, and when."""
        if not self.report or not self.is_told:
            return ""
        said = {"who": self.report.author, "day": short_day(self.report.entered_on)}
        return _("Entered by %(who)s on %(day)s") % said

    def as_json(self) -> dict[str, Any]:
        """What static/grid.js needs to know of it."""
        return {
            "state": self.state,
            "saved": self.saved,
            "words": self.words,
            "aside": self.aside,
            "wrong": self.wrong,
            "errors": self.errors,
        }


@dataclass(frozen=True)
class Slot:
    """A period of an indicator: its cells are written together, as one report."""

    indicator: ProjectIndicator
    period: Period
    report: ProjectReport | None
    cells: Sequence[GridCell]
    plan: Decimal | None  # of the year

    @property
    def key(self) -> str:
        """Its name in the form."""
        return slot_key(self.indicator, self.period)

    @property
    def seen(self) -> int | str:
        """The report that the page shows (0: none), and the number that it asks about: what `seen_in` reads."""
        report = self.report.pk if self.report else 0
        asked = next((cell.form.asks_about for cell in self.cells if cell.form and cell.form.asks_about), "")
        return f"{report}~{asked}" if asked else report


@dataclass(frozen=True)
class Row:
    """An indicator of the grid."""

    indicator: ProjectIndicator
    cells: Sequence[GridCell]  # in the order of the columns
    slots: Sequence[Slot]
    told: BranchYear

    @property
    def told_cells(self) -> list[GridCell]:
        """The cells of facts that may be filled in: of these it may be said how exactly, or why there is no number."""
        return [cell for cell in self.cells if cell.kind == FACT and cell.state != "closed"]

    @property
    def is_open(self) -> bool:
        """Whether something was refused of how its cells are said."""
        return any({"said", "note"} & set(cell.wrong) for cell in self.cells)

    @property
    def so_far(self) -> str:
        """What the year comes to, in words."""
        unit = self.indicator.unit
        fact, plan = Amount.of(self.told.fact, unit, self.told.qualifier), Amount.of(self.told.plan, unit)
        if fact is None:
            return ""
        words = _("Year: %(fact)s") % {"fact": fact.short}
        return words if self.told.percent is None else f"{words} / {plan.short} = {pct(self.told.percent)}"


@dataclass(frozen=True)
class RowGroup:
    """A project with its indicators, or several with those that they share."""

    projects: Sequence[PartyProject]
    rows: Sequence[Row]

    @property
    def key(self) -> str:
        """Its name on the page."""
        return "-".join(str(project.pk) for project in self.projects)


@dataclass(frozen=True)
class GridTable:
    """The indicators that are reported for the same periods."""

    frequency: Frequency
    columns: Sequence[Column]
    groups: Sequence[RowGroup]


@dataclass(frozen=True)
class Grid:
    """A branch's year of party projects, as it is entered."""

    branch: Branch
    year: int
    tables: Sequence[GridTable]

    @property
    def rows(self) -> Iterator[Row]:
        """All indicators."""
        return chain.from_iterable(group.rows for table in self.tables for group in table.groups)

    @property
    def slots(self) -> Iterator[Slot]:
        """All periods of all indicators."""
        return chain.from_iterable(row.slots for row in self.rows)

    @property
    def choices(self) -> list[tuple[str | Promise, list[tuple[str, str | Promise]]]]:
        """How a number may be said, and why there may be none: (heading, (value, words))."""
        return [
            (_("Number"), [(choice.value, choice.label) for choice in Qualifier]),
            (_("No data"), [(choice.value, choice.label) for choice in NoData]),
        ]


def slot_key(indicator: ProjectIndicator, period: str) -> str:
    """The name of a period of an indicator in the form."""
    return f"{indicator.pk}-{period}"


def grid_of(branch: Branch, year: int, today: dt.date, refused: Iterable[CellForm] = ()) -> Grid:
    """The grid of a branch's year; cells that were refused keep what was typed. Four queries."""
    forms = {form.key: form for form in refused}
    indicators = indicators_of_year(year)
    told: dict[int, dict[str, ProjectReport]] = {}
    rows = ProjectReport.objects.as_of(EVER).filter(branch=branch, year=year, indicator__in=indicators)
    for report in rows.select_related("author").order_by("id"):
        told.setdefault(report.indicator_id, {})[report.period] = report
    sets = sets_of_projects(projects_of_year(year), indicators)
    tables = []
    for frequency in Frequency:
        columns = _columns(frequency, year, today)
        groups = [
            RowGroup(projects, [_row(BranchYear(branch, one, told.get(one.pk, {})), columns, forms) for one in own])
            for projects, measured in sets
            if (own := [indicator for indicator in measured if indicator.frequency == frequency])
        ]
        if groups:
            tables.append(GridTable(frequency, columns, groups))
    return Grid(branch, year, tables)


def _columns(frequency: Frequency, year: int, today: dt.date) -> list[Column]:
    plan = Column(f"{frequency}-plan", _("Plan of the year"), Period.YEAR, PLAN, None)
    facts = []
    for period in frequency.periods:
        begins = frequency.opens_on(period, year)
        facts.append(Column(f"{frequency}-{period}", period.label, period, FACT, begins if begins > today else None))
    return [plan, *facts]


def _row(told: BranchYear, columns: Sequence[Column], forms: Mapping[str, CellForm]) -> Row:
    indicator = told.indicator
    cells = []
    for column in columns:
        key = f"{slot_key(indicator, column.period)}-{column.kind}"
        cells.append(GridCell(key, column, told.told.get(column.period), forms.get(key)))
    slots = [
        Slot(
            indicator,
            period,
            told.told.get(period),
            [cell for cell in cells if cell.column.period == period],
            told.plan,
        )
        for period in dict.fromkeys(column.period for column in columns)
    ]
    return Row(indicator, cells, slots, told)
