"""Arithmetic of figures: pure functions of plain values."""

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

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
    """How much time a branch has for an answer: by when it is due; `days_left` working days if the clock is stopped."""

    due_on: dt.date
    days_left: int | None = None


def clock_of(
    received_on: dt.date, answer_days: int, moves: Iterable[tuple[dt.date, bool]], workdays: Workdays
) -> Clock:
    """The clock after `moves`: (day, whether it is stopped from then on), in their order.

    It starts on the working day after `received_on`. While it is stopped no day counts; when it goes on, what was left
    is counted from the next working day. What was late when it was stopped stays late.
    """
    clock = Clock(workdays.after(received_on, answer_days))
    for day, is_stopped in moves:
        if is_stopped and clock.days_left is None:
            clock = Clock(clock.due_on, workdays.between(day, clock.due_on))
        elif not is_stopped and clock.days_left is not None:
            left = clock.days_left
            clock = Clock(workdays.after(day, left) if left > 0 else clock.due_on)
    return clock


# --- a year of a project ---------------------------------------------------------------------------------------------
def year_total(frequency: str, told: Mapping[str, Number | None]) -> Number | None:
    """What the facts, or the plans, of a year's periods come to; None when none was told.

    Months and quarters are added up, and where only the year was told, the year counts; of what runs since January the
    latest period speaks.
    """
    known = {period: value for period, value in told.items() if value is not None}
    parts = [known[period] for period in PERIODS[frequency] if period in known]
    if not parts:
        return known.get(Period.YEAR)
    return sum(parts) if frequency in (Frequency.MONTHLY, Frequency.QUARTERLY) else parts[-1]


def year_plan(frequency: str, told: Mapping[str, Number | None]) -> Number | None:
    """The plan of a year: the one told for the whole year, else what the plans of its periods come to."""
    whole = told.get(Period.YEAR)
    return year_total(frequency, told) if whole is None else whole


# --- small numbers ---------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class SafeTable:
    """A table of counts that may be printed: None where a number is withheld, because few people stand behind it."""

    cells: Sequence[Sequence[int | None]]
    rows: Sequence[int | None]
    columns: Sequence[int | None]
    total: int


def withheld(counts: Sequence[Sequence[int]], few: int) -> SafeTable:
    """Withhold every count from 1 to `few` - 1, and as many others as keep it from being worked out of the totals.

    In each row and column that withholds something, at least two numbers are withheld, and they come to `few` or more;
    where that cannot be, the line's total is withheld, too. Nothing (0) is no secret.
    """
    height, width = len(counts), len(counts[0]) if counts else 0
    # the totals are one more column and one more row: a line's total is hidden like a cell when it must be
    grid = [[*row, sum(row)] for row in counts]
    grid.append([sum(row[column] for row in grid) for column in range(width + 1)])
    hidden = {
        (row, column)
        for row in range(height + 1)
        for column in range(width + 1)
        if (row, column) != (height, width) and 0 < grid[row][column] < few
    }
    lines = [[(row, column) for column in range(width + 1)] for row in range(height + 1)]
    lines += [[(row, column) for row in range(height + 1)] for column in range(width + 1)]
    changed = True
    while changed:
        changed = False
        for line in lines:
            dark = [place for place in line if place in hidden]
            if not dark or (len(dark) > 1 and sum(grid[row][column] for row, column in dark) >= few):
                continue
            rest = [
                place
                for place in line
                if place not in hidden and place != (height, width) and grid[place[0]][place[1]] > 0
            ]
            if rest:
                hidden.add(min(rest, key=lambda place: (grid[place[0]][place[1]], place)))
                changed = True
    shown = [
        [None if (row, column) in hidden else grid[row][column] for column in range(width + 1)]
        for row in range(height + 1)
    ]
    return SafeTable(
        cells=[row[:width] for row in shown[:height]],
        rows=[row[width] for row in shown[:height]],
        columns=shown[height][:width],
        total=grid[height][width],
    )
