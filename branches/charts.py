"""Charts of the party's own work: functions of plain values. Drawings are in units of their viewBox."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import plotly.graph_objects as go

from amanat_tracker.chartstyle import AQUA, MUTE, for_browser

Number = int | Decimal

# A bar of fact against plan ends at this percentage, so that what is over the plan is seen, too.
FULL = 150
# The drawing of a year, January to December, from nothing at the bottom; and that of several years.
LEFT, RIGHT, TOP, BOTTOM = 4.0, 368.0, 22.0, 142.0
COLUMNS_LEFT = 92.0  # columns leave room for the words of their axis
MOST_YEARS = 6
ROUND = (
    Decimal(1),
    Decimal("1.5"),
    Decimal(2),
    Decimal("2.5"),
    Decimal(3),
    Decimal(4),
    Decimal(5),
    Decimal(6),
    Decimal(8),
)


@dataclass(frozen=True)
class PlanBar:
    """A fact beside its plan, as lengths of a bar; `is_beyond`: it would not fit."""

    fact: str
    plan: str
    is_beyond: bool


def plan_bar(percent: Decimal | None) -> PlanBar | None:
    """The bar of a fact that is `percent` of its plan; None where there is no percentage."""
    if percent is None:
        return None
    return PlanBar(
        fact=f"{min(percent, FULL) * 100 / FULL:.2f}%", plan=f"{10000 / FULL:.2f}%", is_beyond=percent > FULL
    )


def round_top(most: Number) -> Decimal:
    """A round number not below `most`, at which an axis may end."""
    if most <= 0:
        return Decimal(1)
    unit = Decimal(10) ** Decimal(most).adjusted()
    return next((step * unit for step in ROUND if step * unit >= most), unit * 10)


def year_x(month: int) -> float:
    """Where the end of a month stands."""
    return LEFT + (RIGHT - LEFT) * month / 12


def height_y(value: Number, top: Number) -> float:
    """Where a value stands on an axis from nothing to `top`."""
    return BOTTOM - (BOTTOM - TOP) * float(value) / float(top)


def year_points(values: Sequence[tuple[int, Number | None]], top: Number) -> str:
    """Points of a polyline through (last month of a period, what was reached since January): from nothing on."""
    known = [(month, value) for month, value in values if value is not None]
    points = [f"{year_x(month):.1f},{height_y(value, top):.1f}" for month, value in known]
    return " ".join([f"{LEFT:.1f},{BOTTOM:.1f}", *points]) if points else ""


@dataclass(frozen=True)
class Column:
    """A year among others: where its fact stands as a column, its plan as a line across."""

    x: str
    width: str
    middle: str
    y: str
    height: str
    plan_y: str  # "" without a plan


def year_columns(values: Sequence[tuple[Number | None, Number | None]], top: Number) -> list[Column]:
    """Columns of (fact, plan) of some years, the earliest first, on an axis from nothing to `top`."""
    step = (RIGHT - COLUMNS_LEFT) / max(len(values), 3)
    return [
        Column(
            x=f"{COLUMNS_LEFT + step * (place + 0.2):.1f}",
            width=f"{step * 0.6:.1f}",
            middle=f"{COLUMNS_LEFT + step * (place + 0.5):.1f}",
            y=f"{height_y(fact or 0, top):.1f}",
            height=f"{BOTTOM - height_y(fact or 0, top):.1f}",
            plan_y="" if plan is None else f"{height_y(plan, top):.1f}",
        )
        for place, (fact, plan) in enumerate(values)
    ]


def trend_figure(
    *,
    periods: Sequence[str],
    this_year: Sequence[Number | None],
    last_year: Sequence[Number | None],
    plan: Number | None,
    names: tuple[str, str, str],
) -> dict[str, Any]:
    """What was reached since January by the end of each period, this year and last, and the plan of the year."""

    def line(values: Sequence[Number | None], name: str, **look: Any) -> go.Scatter:  # noqa: ANN401 Plotly's own
        known = [None if value is None else float(value) for value in values]
        return go.Scatter(x=list(periods), y=known, name=name, **look)

    traces = [
        line(last_year, names[1], mode="lines", line={"color": MUTE, "width": 1.5, "dash": "dash"}),
        line(this_year, names[0], mode="lines+markers", line={"color": AQUA, "width": 2.5}),
    ]
    if plan is not None:
        look = {"mode": "lines", "line": {"color": MUTE, "width": 1, "dash": "dot"}}
        traces.append(line([plan] * len(periods), names[2], **look))
    return for_browser(
        traces,
        yaxis={"rangemode": "tozero", "tickformat": ",", "hoverformat": ",", "automargin": True, "fixedrange": True},
        xaxis={"fixedrange": True},
    )
