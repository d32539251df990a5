"""Days of the party's own work: those of the real working calendar, by which answers to citizens are due.

Roadmaps and control are told in a simpler one (calendar.py), which knows neither moved holidays nor Kurban ait; so what
is typed here is typed on days that both call working ones.
"""

import datetime as dt
import random

from branches.workdays import Workdays
from roadmap.management.demonstration.calendar import DAY, Clock, is_working
from roadmap.management.demonstration.schedule import LAST_DAY

WORKDAYS = Workdays()  # no day of the demonstration overrides the public calendar: it knows the transfers itself


def is_office_day(day: dt.date) -> bool:
    """Whether the office is open."""
    return is_working(day) and WORKDAYS.is_working(day)


def office_from(day: dt.date) -> dt.date:
    """The day, or the next one on which the office is open."""
    while not is_office_day(day):
        day += DAY
    return day


def office_until(day: dt.date) -> dt.date:
    """The day, or the last one before it on which the office was open."""
    while not is_office_day(day):
        day -= DAY
    return day


def desk_clock(chance: random.Random) -> Clock:
    """Types at a desk, on days on which the office is open."""
    return Clock(chance, office_from)


def share_out(total: int, weights: list[float], step: int = 1) -> list[int]:
    """Whole numbers (multiples of `step`) in the proportion of the weights, that add up to the total exactly."""
    if not total:
        return [0] * len(weights)
    units, rest = divmod(total, step)
    exact = [units * weight / sum(weights) for weight in weights]
    found = [int(number) for number in exact]
    order = sorted(range(len(exact)), key=lambda place: (found[place] - exact[place], place))
    for place in order[: units - sum(found)]:
        found[place] += 1
    numbers = [number * step for number in found]
    numbers[max(range(len(weights)), key=lambda place: weights[place])] += rest
    return numbers


def last_office_day(year: int) -> dt.date:
    """The last day of a year on which something is typed; in the last year of the story, of the story."""
    return office_until(min(dt.date(year, 12, 31), LAST_DAY))
