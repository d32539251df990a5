"""What of a roadmap asks for the chair: work lists, years without result, slipped deadlines, reasons of delay."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import F
from django.utils.translation import pgettext

from branches.metrics import Share
from roadmap.charts import delay_figure
from roadmap.choices import DelayReason
from roadmap.models import Measure
from roadmap.models.measures import MeasureQuerySet, WorkList

ROWS_OF_A_WORK_LIST = 6
MOST_MONEY = F("money").desc(nulls_last=True)
WORK_LISTS: dict[str, WorkList] = {
    "overdue": ("is_overdue", ("day_deadline", "position")),
    "at_risk": ("is_at_risk", ("day_deadline", "position")),
    "oldest": ("is_unconfirmed", ("day_reported_on", MOST_MONEY)),
    "dearest": ("is_unconfirmed", (MOST_MONEY, "day_reported_on")),
    "chronic": ("is_chronic", ("-years_undone", "day_deadline", "position")),
    "slipped": ("is_slipped", ("-slip", "position")),
}


@dataclass(frozen=True)
class Claim:
    """A measure reported as done that nobody has confirmed, and how many days ago that was said."""

    measure: Measure
    days: int


@dataclass(frozen=True)
class Slip:
    """A measure whose deadline is later than the first one: by how many days, and why it was last moved."""

    measure: Measure
    days: int
    reason: str


@dataclass(frozen=True)
class WorkLists:
    """The first rows of each list of work: overdue and at risk by deadline, claims by age and by money, and so on."""

    overdue: Sequence[Measure] = ()
    at_risk: Sequence[Measure] = ()
    oldest: Sequence[Claim] = ()
    dearest: Sequence[Claim] = ()
    chronic: Sequence[Measure] = ()
    slipped: Sequence[Slip] = ()


@dataclass(frozen=True)
class Reason:
    """How many measures are at risk for one reason now, and how many had their deadline moved for it."""

    reason: DelayReason
    at_risk: Share  # of the longest bar
    moved: Share
    at_risk_url: str
    moved_url: str


@dataclass(frozen=True)
class Delays:
    """What hinders a branch's year, as known on a day. Slips are in days, money in whole tenge."""

    reasons: Sequence[Reason] = field(default_factory=list)
    chronic: int = 0
    slipped: int = 0
    whole_slip: int = 0
    longest_slip: int = 0
    claimed_money: int | None = None
    oldest_claim: int | None = None

    @property
    def figure(self) -> dict[str, Any]:
        """The chart of reasons for exploring."""
        return delay_figure(
            reasons=[str(row.reason.label) for row in self.reasons],
            at_risk=[row.at_risk.part for row in self.reasons],
            moved=[row.moved.part for row in self.reasons],
            names=(pgettext("measures", "at risk now"), pgettext("measures", "deadline moved")),
        )


def work_lists(measures: MeasureQuerySet, day: dt.date) -> WorkLists:
    """The first rows of each list of work, of measures `as_of` a day with slip, money and years undone. One query."""
    rows = list(
        measures.select_related("direction", "roadmap").order_by().first_of_lists(WORK_LISTS, ROWS_OF_A_WORK_LIST)
    )

    def first(name: str) -> list[Measure]:
        flag, place = WORK_LISTS[name][0], f"place_{name}"
        listed = (row for row in rows if getattr(row, flag) and getattr(row, place) <= ROWS_OF_A_WORK_LIST)
        return sorted(listed, key=lambda row: getattr(row, place))

    def claims(name: str) -> list[Claim]:
        return [Claim(row, (day - row.day_reported_on).days) for row in first(name)]

    return WorkLists(
        overdue=first("overdue"),
        at_risk=first("at_risk"),
        oldest=claims("oldest"),
        dearest=claims("dearest"),
        chronic=first("chronic"),
        slipped=[Slip(row, row.slip.days, DelayReason(row.day_move_reason).label) for row in first("slipped")],
    )


def delays(measures: MeasureQuerySet, day: dt.date, url_of: Callable[..., str]) -> Delays:
    """What hinders the measures `as_of` a day; `url_of(reason=…)`, `url_of(moved_for=…)` list rows. One query."""
    rows = list(measures.counted_by_delay())
    slipped = [row for row in rows if row["is_slipped"]]
    claimed = [row for row in rows if row["is_unconfirmed"]]
    money = [row["whole_money"] for row in claimed if row["whole_money"] is not None]
    return Delays(
        reasons=_reasons(rows, url_of),
        chronic=sum(row["n"] for row in rows if row["is_chronic"]),
        slipped=sum(row["n"] for row in slipped),
        whole_slip=sum(row["whole_slip"].days for row in slipped),
        longest_slip=max((row["longest_slip"].days for row in slipped), default=0),
        claimed_money=sum(money) if money else None,
        oldest_claim=max(((day - row["oldest"]).days for row in claimed), default=None),
    )


def _reasons(rows: Sequence[dict[str, Any]], url_of: Callable[..., str]) -> list[Reason]:
    """The reasons that are given at all, the most frequent first."""
    counts = [
        (
            reason,
            sum(row["n"] for row in rows if row["is_at_risk"] and row["day_delay_reason"] == reason),
            sum(row["n"] for row in rows if row["day_move_reason"] == reason),
        )
        for reason in DelayReason
    ]
    most = max(max(at_risk, moved) for _reason, at_risk, moved in counts)
    return [
        Reason(
            reason=reason,
            at_risk=Share(at_risk, most),
            moved=Share(moved, most),
            at_risk_url=url_of(reason=reason),
            moved_url=url_of(moved_for=reason),
        )
        for reason, at_risk, moved in sorted(counts, key=lambda count: -(count[1] + count[2]))
        if at_risk or moved
    ]
