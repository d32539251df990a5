"""One style for every chart that Plotly draws: colours by name, no share button, no address of another host."""

from typing import Any

import plotly.graph_objects as go

# The light theme's colours of static/site.css; static/charts.js puts those of the reader's theme in their place.
AQUA, MUTE = "#00676d", "#4c5d5b"

CONFIG: dict[str, Any] = {
    # Plotly's default button would send the figures to its makers' cloud.
    "showSendToCloud": False,
    "plotlyServerURL": "",
    "displaylogo": False,
    "responsive": True,
    "modeBarButtonsToRemove": ["select2d", "lasso2d", "autoScale2d"],
}


def for_browser(traces: list[go.Scatter | go.Bar], **layout: Any) -> dict[str, Any]:
    """A figure as plain JSON values, for `json_script` and static/charts.js."""
    figure = go.Figure(traces)
    figure.update_layout(
        template="none",
        margin={"l": 56, "r": 12, "t": 12, "b": 36},
        height=320,
        hovermode="x",
        modebar={"bgcolor": "rgba(0,0,0,0)", "color": MUTE, "activecolor": AQUA},
        legend={"orientation": "h", "y": 1.12},
        **layout,
    )
    return {"figure": figure.to_plotly_json(), "config": CONFIG}
