"""Days of the story: only working ones, as people enter reports in office hours."""

import datetime as dt

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
