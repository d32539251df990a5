"""Days of the story: only working ones, as people enter reports in office hours."""

import datetime as dt
import random
from collections.abc import Callable
from dataclasses import dataclass

OFFSET = "+05:00"  # Asia/Qyzylorda, the same all through the years of the story
HOLIDAYS = frozenset(
    {(1, 1), (1, 2), (3, 8), (3, 21), (3, 22), (3, 23), (5, 1), (5, 7), (5, 9), (7, 6), (8, 30), (10, 25), (12, 16)}
)
DAY = dt.timedelta(days=1)


def is_working(day: dt.date) -> bool:
    """No weekend and no holiday of the fixed kind."""
    return day.weekday() < 5 and (day.month, day.day) not in HOLIDAYS


def working_from(day: dt.date) -> dt.date:
    """The day, or the next working one."""
    while not is_working(day):
        day += DAY
    return day


def working_until(day: dt.date) -> dt.date:
    """The day, or the last working one before it."""
    while not is_working(day):
        day -= DAY
    return day


def printed(day: dt.date) -> str:
    """As documents print it: 12.09.2024."""
    return f"{day:%d.%m.%Y}"


def moment(day: dt.date, minute: int) -> str:
    """A moment of a day in the time zone of the oblast, `minute` minutes after midnight."""
    return f"{day.isoformat()}T{minute // 60:02}:{minute % 60:02}:00{OFFSET}"


@dataclass(frozen=True)
class Typed:
    """When something was typed: the working day, and the moment of it."""

    day: dt.date
    created_at: str


class Clock:
    """Types what is said of one thing: on working days, in office hours, nothing before what was typed already.

    `next_day` gives a day, or the next working one after it.
    """

    def __init__(self, chance: random.Random, next_day: Callable[[dt.date], dt.date] = working_from) -> None:
        self.chance, self.next_day = chance, next_day
        self.day, self.minute = dt.date.min, 0

    def type(self, day: dt.date) -> Typed:
        """The working day, `day` or a later one, and the moment at which the next thing is typed."""
        day = self.next_day(max(day, self.day))
        minute = self.chance.randint(9 * 60 + 5, 17 * 60 + 40)
        if day == self.day:
            minute = max(minute, self.minute + self.chance.randint(2, 9))
        self.day, self.minute = day, minute
        return Typed(day, moment(day, minute))

    def pass_to(self, day: dt.date, created_at: str) -> Typed:
        """Something was typed at a moment that is known."""
        hour, minute = map(int, created_at[11:16].split(":"))
        self.day, self.minute = day, hour * 60 + minute
        return Typed(day, created_at)
