"""Arithmetic of figures: pure functions of plain values."""

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from typing import Self

from branches.choices import PERIODS, Frequency, Period
from branches.workdays import Workdays

Number = int | Decimal


def percent(part: Number, whole: Number) -> Decimal | None:
    """What `part` is of `whole`, in percent with one decimal, rounded half up; None when the whole is nothing.

    THE one function behind every percentage of the product. Exact arithmetic: 1 of 16 is 6.25, shown 6.3, where
    binary floating point says 6.2. Over 100 is legal: 11 210 people taught of 11 000 planned are 101.9.
    """
    if not whole:
        return None
    return (Decimal(part) * 100 / Decimal(whole)).quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)


@dataclass(frozen=True)
class Share:
    """A percentage that explains itself: `part` of `whole`."""

    part: int
    whole: int

    @property
    def percent(self) -> Decimal | None:
        """One decimal, half up; None when there is nothing to be a part of."""
        return percent(self.part, self.whole)

    @property
    def width(self) -> str:
        """The part's width on a bar, as an SVG length; a bar ends at 100 %."""
        return f"{min(100, self.part * 100 / self.whole):.2f}%" if self.whole else "0%"


def qualifier_of(parts: Iterable[tuple[Number, str]]) -> str:
    """How exactly a sum of (number, qualifier) is said: as its greatest part that is not said exactly; "" if all are.

    What is added to "more than 2 000" is more than the sum, too.
    """
    return max((part for part in parts if part[1]), default=(0, ""))[1]


def has_control_digit(number: str) -> bool:
    """Whether the last of the twelve digits of a BIN or an IIN fits the eleven before it.

    The digit is the weighted sum of the others modulo 11, with weights 1…11; when that gives 10, with weights
    3…11, 1, 2; a number for which that gives 10 too is not issued. (Rules of forming identification numbers of
    Kazakhstan: the same for individuals and businesses.)
    """
    if not re.fullmatch("[0-9]{12}", number):
        return False
    digits = [int(digit) for digit in number]
    for weights in (range(1, 12), (*range(3, 12), 1, 2)):
        rest = sum(digit * weight for digit, weight in zip(digits, weights, strict=False)) % 11
        if rest < 10:
            return rest == digits[11]
    return False


def newest_year(years: Iterable[int], today: dt.date) -> int:
    """The year a dashboard opens on: the newest of `years`, the years that have reports; this year when none has."""
    return max(years, default=today.year)


def day_of_year(year: int, today: dt.date) -> dt.date:
    """The day on which a year is looked at: today while it runs, its last day when it is over."""
    return min(today, dt.date(year, 12, 31))


# --- the clock of a request ------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Clock:
    """How much time a branch has for an answer: `count` working days after `since`, which itself is not counted.

    `due_on` is by when that is; a clock that is stopped has `days_left` working days (less than 0: it was late).
    """

    since: dt.date
    count: int
    due_on: dt.date
    days_left: int | None = None

    def stopped(self, day: dt.date, workdays: Workdays) -> Self:
        """The clock when it is stopped on `day`, which was still counted; one that stands still stays as it is."""
        if self.days_left is not None:
            return self
        left = workdays.between(day, self.due_on)
        return replace(self, days_left=min(left, -1) if self.due_on < day else left)  # late also on a day off

    def going_on(self, day: dt.date, workdays: Workdays) -> Self:
        """The clock when it goes on: what was left is counted from the working day after `day`.

        Of what was stopped on its last day nothing is left: it is due on `day` itself. What was late stays late.
        """
        if self.days_left is None:
            return self
        return replace(self, since=day, count=self.days_left, days_left=None).recounted(workdays)

    def recounted(self, workdays: Workdays) -> Self:
        """The clock by another calendar; what was late when it went on is due on the day it was."""
        return self if self.count < 0 else replace(self, due_on=workdays.after(self.since, self.count))


# --- a year of a project ---------------------------------------------------------------------------------------------
def year_parts(frequency: str, told: Mapping[str, Number | None]) -> list[str]:
    """The periods whose numbers make up a year.

    Months and quarters are added up, and where only the year was told, the year counts; of what runs since January the
    latest period speaks.
    """
    parts = [period for period in PERIODS[frequency] if told.get(period) is not None]
    if not parts:
        return [Period.YEAR] if told.get(Period.YEAR) is not None else []
    return parts if frequency in (Frequency.MONTHLY, Frequency.QUARTERLY) else parts[-1:]


def year_total(frequency: str, told: Mapping[str, Number | None]) -> Number | None:
    """What the facts, or the plans, of a year's periods come to; None when none was told."""
    parts = year_parts(frequency, told)
    return sum(told[period] for period in parts) if parts else None


def year_plan(frequency: str, told: Mapping[str, Number | None]) -> Number | None:
    """The plan of a year: the one told for the whole year, else what the plans of its periods come to."""
    whole = told.get(Period.YEAR)
    return year_total(frequency, told) if whole is None else whole


# --- small numbers ---------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class SafeTable:
    """A table of counts that may be printed: None where a number is withheld, because few people stand behind it.

    A row is a place, a column is a topic; `columns` are the totals of topics, which the register tells anyway.
    """

    cells: Sequence[Sequence[int | None]]
    rows: Sequence[int | None]
    columns: Sequence[int]
    total: int


def withheld(counts: Sequence[Sequence[int]], few: int) -> SafeTable:
    """Withhold every count from 1 to `few` - 1 (`few` is 3 or more), and as much as keeps it from being worked out.

    The totals of columns, a topic in all places, count as known. In a column with such a count everything below `few`
    is withheld, nothing (0) too; while all that is withheld is alike, the next higher numbers as well. Any two withheld
    numbers of a column may then change places without a change in what is shown: so nobody knows any of them, not even
    who knows this rule. A row's total would tie the columns together; it is given only where its whole row is.

    One row alone says what the totals say: nothing of it is withheld.
    """
    levels = [_withheld_up_to(column, few) if len(counts) > 1 else -1 for column in zip(*counts, strict=True)]
    return _safe(counts, [[count <= level for count, level in zip(row, levels, strict=True)] for row in counts])


def withheld_alike(tables: Sequence[Sequence[Sequence[int]]], few: int) -> list[SafeTable]:
    """Withhold small counts of tables of the same places and topics that are told side by side, or differ by one told.

    What is withheld of a place and a topic in one of them is withheld in all: else the others would tell it. Any two
    places withheld of a topic may then change places in all tables at once without a change in what is shown.
    """
    safe = [withheld(table, few).cells for table in tables]
    hidden = [[None in cells for cells in zip(*rows, strict=True)] for rows in zip(*safe, strict=True)]
    return [_safe(table, hidden) for table in tables]


def _safe(counts: Sequence[Sequence[int]], hidden: Sequence[Sequence[bool]]) -> SafeTable:
    """The table with what is `hidden` withheld; totals of rows only of whole rows."""
    cells = [
        [None if is_hidden else count for count, is_hidden in zip(row, hides, strict=True)]
        for row, hides in zip(counts, hidden, strict=True)
    ]
    columns = [sum(column) for column in zip(*counts, strict=True)]
    return SafeTable(
        cells=cells,
        rows=[None if None in row else sum(row) for row in cells],
        columns=columns,
        total=sum(columns),
    )


def _withheld_up_to(column: Sequence[int], few: int) -> int:
    """Up to which number everything in a column is withheld; -1 for nothing of it."""
    if not any(0 < count < few for count in column):
        return -1
    level = few - 1
    while len({count for count in column if count <= level}) < 2 and any(count > level for count in column):
        level = min(count for count in column if count > level)
    return level
