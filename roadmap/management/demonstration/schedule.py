"""Which roadmaps there are, how many measures each has, and what became of them by the end of the story."""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from roadmap.choices import CountedUnit
from roadmap.management.demonstration.calendar import working_until
from roadmap.management.demonstration.reference import BRANCHES, OBLAST
from roadmap.management.demonstration.sources import BRIEFING, SAMPLE, VISIT

LAST_DAY = dt.date(2026, 11, 20)  # nothing of the story is later


class Fate(StrEnum):
    """What becomes of a measure by the end of its year, or of the story."""

    DONE = "done"
    FRESH = "fresh"  # in progress, reported lately
    STALE = "stale"  # in progress, its report is old
    RISK = "risk"
    OVERDUE = "overdue"
    RETURNED = "returned"  # control refuted the claim
    NOT_STARTED = "not started"
    NOT_DONE = "not done"
    MOVED = "moved"
    REMOVED = "removed"
    NO_REPORT = "no report"


F = Fate
FINISHED_YEAR = (
    *(F.FRESH, F.MOVED, F.STALE, F.RISK, F.NOT_DONE, F.STALE, F.REMOVED, F.FRESH),
    *(F.NO_REPORT, F.RETURNED, F.RISK, F.NOT_STARTED, F.MOVED, F.FRESH, F.NOT_DONE),
)
RUNNING_YEAR = (
    *(F.FRESH, F.OVERDUE, F.STALE, F.FRESH, F.RISK, F.RETURNED, F.FRESH, F.STALE, F.NO_REPORT, F.FRESH, F.OVERDUE),
    *(F.FRESH, F.MOVED, F.STALE, F.RISK, F.FRESH, F.NOT_STARTED, F.STALE, F.REMOVED, F.FRESH, F.FRESH),
)
PUBLISHED_REST = {
    # The text says nothing of the ten: sample rows.
    (OBLAST, 2024): (
        *(F.FRESH, F.RISK, F.STALE, F.FRESH, F.NOT_STARTED, F.NOT_DONE, F.NOT_DONE),
        *(F.MOVED, F.REMOVED, F.NO_REPORT),
    ),
    # Ten in progress; two of them the text names itself.
    ("syrdarya", 2025): (F.FRESH, F.RISK, F.STALE, F.FRESH, F.RETURNED, F.STALE, F.FRESH, F.RISK),
    # The list of the secretary whom the demonstration shows first: a little of everything.
    ("syrdarya", 2026): (
        *(F.OVERDUE, F.OVERDUE, F.RETURNED, F.NO_REPORT, F.STALE, F.STALE, F.STALE, F.STALE, F.STALE),
        *(F.FRESH, F.FRESH, F.FRESH, F.FRESH, F.FRESH, F.FRESH, F.RISK, F.MOVED, F.REMOVED),
    ),
}

# measures, done, confirmed of the done in percent; in 2023 (the oblast only), 2024, 2025 and 2026
SIZES: dict[str, dict[int, tuple[int, int, int]]] = {
    OBLAST: {2023: (108, 93, 58), 2024: (116, 106, 70), 2025: (112, 99, 66), 2026: (110, 70, 60)},
    "aral": {2024: (41, 34, 62), 2025: (42, 37, 70), 2026: (42, 24, 58)},
    "kazaly": {2024: (43, 40, 75), 2025: (44, 39, 72), 2026: (45, 30, 67)},
    "baikonur": {2024: (20, 15, 47), 2025: (22, 16, 50), 2026: (23, 13, 46)},
    "karmakshy": {2024: (38, 33, 67), 2025: (39, 33, 61), 2026: (40, 26, 58)},
    "zhalagash": {2024: (39, 30, 53), 2025: (40, 31, 55), 2026: (41, 23, 48)},
    "syrdarya": {2024: (46, 40, 70), 2025: (48, 38, 71), 2026: (50, 32, 62)},
    "kyzylorda-city": {2024: (56, 52, 79), 2025: (58, 54, 80), 2026: (60, 41, 73)},
    "shieli": {2024: (45, 38, 63), 2025: (47, 42, 69), 2026: (48, 30, 63)},
    "zhanakorgan": {2024: (44, 41, 78), 2025: (45, 42, 76), 2026: (46, 31, 71)},
}
# Branches that fell silent before the year's end: the figure of their last day is old.
SILENT_SINCE = {
    ("zhalagash", 2024): dt.date(2024, 11, 22),
    ("baikonur", 2025): dt.date(2025, 11, 14),
    ("zhalagash", 2025): dt.date(2025, 11, 26),
    ("baikonur", 2026): dt.date(2026, 10, 16),
    ("aral", 2026): dt.date(2026, 10, 12),
}
APPROVED = {
    2023: dt.date(2023, 2, 6),
    2024: dt.date(2024, 1, 19),
    2025: dt.date(2025, 1, 24),
    2026: dt.date(2026, 1, 16),
}


@dataclass(frozen=True)
class Plan:
    """One roadmap of the story."""

    branch: str
    year: int
    measures: int
    done: int
    confirmed: int
    rest: tuple[Fate, ...]  # of those not done, the named ones of the texts left out
    approved_on: dt.date
    end: dt.date  # the last day on which anything is entered
    seen_from: dt.date  # the day from which the end is looked at: freshness is counted from it
    unit: CountedUnit
    source: str
    is_sample: bool


def roadmaps() -> list[Plan]:
    """All roadmaps, in the order in which they came to be."""
    return [
        _plan(branch, year, *SIZES[branch][year])
        for year in (2023, 2024, 2025, 2026)
        for branch in BRANCHES
        if year in SIZES[branch]
    ]


def _plan(branch: str, year: int, measures: int, done: int, confirmed: int) -> Plan:
    last = min(LAST_DAY, dt.date(year, 12, 31))
    pattern = RUNNING_YEAR if last == LAST_DAY else FINISHED_YEAR
    turn = BRANCHES.index(branch)
    rest = PUBLISHED_REST.get((branch, year)) or tuple(
        pattern[(turn * 2 + place) % len(pattern)] for place in range(measures - done)
    )
    published = {(OBLAST, 2024): BRIEFING, ("syrdarya", 2025): VISIT}.get((branch, year))
    return Plan(
        branch=branch,
        year=year,
        measures=measures,
        done=done,
        confirmed=round(done * confirmed / 100),
        rest=rest,
        approved_on=working_until(APPROVED[year] + dt.timedelta(days=3 * turn)),
        end=working_until(SILENT_SINCE.get((branch, year), last)),
        seen_from=last,
        unit=CountedUnit.EVENT if branch == OBLAST else CountedUnit.MEASURE,
        source=published or SAMPLE,
        is_sample=published is None,
    )
