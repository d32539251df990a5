"""Charts of the roadmap: functions of plain values."""

import textwrap
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import plotly.graph_objects as go

from amanat_tracker.chartstyle import AQUA, MUTE, for_browser

AMBER = "#855000"  # "careful", as in static/site.css; static/charts.js puts that of the reader's theme in its place
WORDS_ON_A_LINE = 22  # letters of a bar's name, so that bars have room on a phone

# The small drawing that stands on the page at once, in units of its viewBox; percent 0 is at the bottom.
LEFT, RIGHT, TOP, BOTTOM = 30.0, 308.0, 25.0, 160.0


def pace_points(percents: Sequence[Decimal | None], steps: int = 12) -> str:
    """Points of a polyline through yearly pace: from nothing at the left edge, one step a value, up to 100 %."""
    points = [f"{LEFT:.0f},{BOTTOM:.0f}"]
    for place, value in enumerate(percents, start=1):
        if value is not None:
            points.append(f"{pace_x(place, steps):.1f},{pace_y(value):.1f}")
    return " ".join(points)


def pace_x(place: int, steps: int = 12) -> float:
    """Where the end of the `place`-th month stands."""
    return LEFT + (RIGHT - LEFT) * place / steps


def pace_y(value: Decimal) -> float:
    """Where a percentage stands."""
    return BOTTOM - (BOTTOM - TOP) * float(value) / 100


def pace_figure(
    *,
    months: Sequence[str],
    this_year: Sequence[Decimal | None],
    last_year: Sequence[Decimal | None],
    names: tuple[str, str],
) -> dict[str, Any]:
    """The pace of two years by month, in percent, for exploring in the browser."""
    return for_browser(
        [
            go.Scatter(
                x=list(months),
                y=[None if value is None else float(value) for value in last_year],
                name=names[1],
                mode="lines",
                line={"color": MUTE, "width": 1.5, "dash": "dash"},
            ),
            go.Scatter(
                x=list(months),
                y=[None if value is None else float(value) for value in this_year],
                name=names[0],
                mode="lines+markers",
                line={"color": AQUA, "width": 2.5},
            ),
        ],
        yaxis={"range": [0, 102], "ticksuffix": " %", "dtick": 25, "hoverformat": ".1f", "fixedrange": True},
        xaxis={"fixedrange": True},
    )


def delay_figure(
    *, reasons: Sequence[str], at_risk: Sequence[int], moved: Sequence[int], names: tuple[str, str]
) -> dict[str, Any]:
    """Reasons of delay as lying bars, the first on top: measures at risk now, and those whose deadline was moved."""
    labels = ["<br>".join(textwrap.wrap(reason, WORDS_ON_A_LINE)) for reason in reasons]
    chart = for_browser(
        [
            go.Bar(x=list(counts), y=labels, name=name, orientation="h", marker={"color": colour})
            for counts, name, colour in ((at_risk, names[0], AMBER), (moved, names[1], MUTE))
        ],
        yaxis={"autorange": "reversed", "automargin": True, "fixedrange": True},
        xaxis={"rangemode": "tozero", "tickformat": "d", "fixedrange": True},
        bargap=0.35,
    )
    chart["figure"]["layout"] |= {"hovermode": "y", "height": 110 + 52 * len(labels)}
    return chart
