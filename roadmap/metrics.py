"""What figures of the roadmap are made of: pure functions and dataclasses of plain values."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Self

from branches.metrics import Share, percent
from roadmap.choices import FULFILLED, BetterWhen, RecommendationState, Status


@dataclass(frozen=True)
class Tally:
    """A set of measures counted on one day: disjoint classes that add up to the whole, and flags across them.

    *Claimed* is what branches report as done; *confirmed* is the part of it that somebody else verified. Confirmed is
    never more than claimed.
    """

    classes: Mapping[str, int] = field(default_factory=dict)
    confirmed_count: int = 0
    overdue: int = 0
    at_risk: int = 0
    stale: int = 0
    last_reported_on: dt.date | None = None

    @classmethod
    def of(cls, rows: Iterable[Mapping[str, Any]]) -> Self:
        """Add up rows of `MeasureQuerySet.counted_by`."""
        classes: Counter[str] = Counter()
        flags: Counter[str] = Counter()
        last: dt.date | None = None
        for row in rows:
            classes[row["day_status"]] += row["n"]
            for flag in ("is_confirmed", "is_overdue", "is_at_risk", "is_stale"):
                flags[flag] += row["n"] if row[flag] else 0
            if row["last_reported_on"] and (last is None or row["last_reported_on"] > last):
                last = row["last_reported_on"]
        return cls(
            classes=classes,
            confirmed_count=flags["is_confirmed"],
            overdue=flags["is_overdue"],
            at_risk=flags["is_at_risk"],
            stale=flags["is_stale"],
            last_reported_on=last,
        )

    def count(self, status: str) -> int:
        """How many measures stand in a class."""
        return self.classes.get(status, 0)

    @property
    def whole(self) -> int:
        """All measures, each in exactly one class."""
        return sum(self.classes.values())

    @property
    def claimed(self) -> Share:
        """Done by the branches' reports, of all: the figure that is published."""
        return Share(self.count(Status.DONE), self.whole)

    @property
    def confirmed(self) -> Share:
        """Done and confirmed on site by somebody else, of all."""
        return Share(self.confirmed_count, self.whole)

    @property
    def unconfirmed(self) -> int:
        """Claimed, not confirmed: control's work list."""
        return self.count(Status.DONE) - self.confirmed_count

    @property
    def staleness(self) -> Share:
        """Open measures whose report is old, of all."""
        return Share(self.stale, self.whole)


def tallies_by(rows: Iterable[Mapping[str, Any]], key: str) -> dict[Any, Tally]:
    """Rows of `MeasureQuerySet.counted_by`, added up separately for each value of `key`."""
    groups: dict[Any, list[Mapping[str, Any]]] = {}
    for row in rows:
        groups.setdefault(row[key], []).append(row)
    return {value: Tally.of(group) for value, group in groups.items()}


@dataclass(frozen=True)
class Statement:
    """One report, as far as counting over time needs it."""

    measure: int
    entered_on: dt.date
    status: str


def done_on_days(statements: Sequence[Statement], days: Sequence[dt.date]) -> list[int]:
    """How many measures stood as done at the end of each of the ascending `days`.

    `statements` come ordered by the day they were entered on; the last one known on a day speaks for its measure.
    """
    standing: dict[int, str] = {}
    counts = []
    remaining = iter(statements)
    statement = next(remaining, None)
    for day in days:
        while statement is not None and statement.entered_on <= day:
            standing[statement.measure] = statement.status
            statement = next(remaining, None)
        counts.append(sum(status == Status.DONE for status in standing.values()))
    return counts


def month_ends(year: int, until: dt.date) -> list[dt.date]:
    """The last days of the year's months up to `until`, which itself ends the list when it falls inside the year."""
    ends = [dt.date(year + month // 12, month % 12 + 1, 1) - dt.timedelta(days=1) for month in range(1, 13)]
    if until >= ends[-1]:
        return ends
    passed = [end for end in ends if end <= until]
    return passed if passed and passed[-1] == until else [*passed, until] if until.year == year else passed


def fulfilment(fact: Decimal | None, plan: Decimal | None, baseline: Decimal | None, better: str) -> Decimal | None:
    """How far an indicator has come to its plan, in percent; None without a fact or a plan.

    Higher is better: fact / plan. Lower is better (wear of networks): (baseline - fact) / (baseline - plan).
    """
    if fact is None or plan is None:
        return None
    if better == BetterWhen.LOWER:
        return None if baseline is None else percent(baseline - fact, baseline - plan)
    return percent(fact, plan)


@dataclass(frozen=True)
class FollowUp:
    """A set of recommendations counted on one day: disjoint states that add up to the whole, and the overdue of them.

    *Done* is what somebody reported as done; *verified* is the part of it that somebody else verified. Verified is
    never more than done.
    """

    states: Mapping[str, int] = field(default_factory=dict)
    overdue: int = 0

    @classmethod
    def of(cls, rows: Iterable[Mapping[str, Any]]) -> Self:
        """Add up rows of `RecommendationQuerySet.counted_by`."""
        states: Counter[str] = Counter()
        overdue = 0
        for row in rows:
            states[row["day_state"]] += row["n"]
            overdue += row["n"] if row["is_overdue"] else 0
        return cls(states, overdue)

    def count(self, state: str) -> int:
        """How many stand in a state."""
        return self.states.get(state, 0)

    @property
    def whole(self) -> int:
        """All of them, each in exactly one state."""
        return sum(self.states.values())

    @property
    def done(self) -> Share:
        """Done, verified or not, of all: the figure that is published."""
        return Share(sum(self.count(state) for state in FULFILLED), self.whole)

    @property
    def verified(self) -> Share:
        """Done, and verified by somebody else, of all."""
        return Share(self.count(RecommendationState.VERIFIED), self.whole)

    @property
    def unverified(self) -> int:
        """Done, nobody has verified it yet: a work list."""
        return self.count(RecommendationState.DONE)

    @property
    def open(self) -> int:
        """Something is still awaited of them."""
        return self.whole - self.done.part - self.count(RecommendationState.WITHDRAWN)
