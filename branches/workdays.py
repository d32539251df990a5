"""Working days of Kazakhstan: the `holidays` calendar, overridden by days that an administrator wrote down."""

import datetime as dt
import functools
from collections.abc import Mapping

import holidays

FURTHEST = 3660  # days: further than any deadline; a calendar without working days would be counted for ever


@functools.cache
def _public(year: int) -> holidays.HolidayBase:
    """The public calendar of a year, whole before anybody looks at it: threads share it.

    A December day may be swapped for a January one: the library tells so with the year that follows.
    """
    return holidays.country_holidays("KZ", years=(year, year + 1), expand=False)


class Workdays:
    """Which days are worked on. `overrides` says so of single days, whatever the public calendar says.

    Transferred days (a Saturday that is worked for a Friday) are decided by the government every year, sometimes late:
    that is what overrides are for.
    """

    def __init__(self, overrides: Mapping[dt.date, bool] | None = None) -> None:
        self.overrides = dict(overrides or {})

    def is_working(self, day: dt.date) -> bool:
        """Whether the day is worked on."""
        written = self.overrides.get(day)
        return _public(day.year).is_working_day(day) if written is None else written

    def after(self, day: dt.date, count: int) -> dt.date:
        """The `count`-th working day after `day`, which itself is not counted; `day` for nothing or less.

        An answer due in 15 working days to a request received on Monday is due on the Monday three weeks later, unless
        a holiday stands between: the first day that counts is the next working one.
        """
        for _step in range(FURTHEST):
            if count <= 0:
                return day
            day += dt.timedelta(days=1)
            count -= self.is_working(day)
        raise ValueError("This calendar has no working days.")

    def between(self, day: dt.date, until: dt.date) -> int:
        """How many working days lie after `day`, up to and with `until`; negative when `until` is the earlier one."""
        if until < day:
            return -self.between(until, day)
        days = (day + dt.timedelta(days=number) for number in range(1, (until - day).days + 1))
        return sum(self.is_working(known) for known in days)
