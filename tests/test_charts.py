"""Charts: the drawing on the page, and what Plotly is given when somebody opens one to explore."""

import json
import re
from decimal import Decimal
from pathlib import Path

import plotly

from amanat_tracker.chartstyle import AQUA, CONFIG, MUTE
from roadmap.charts import AMBER, BOTTOM, LEFT, RIGHT, TOP, delay_figure, pace_figure, pace_points

ROOT = Path(__file__).parent.parent


def version(script):
    return re.search(r"plotly\.js (?:\(basic - minified\) )?v(\d+\.\d+\.\d+)", script.read_text()[:400]).group(1)


def test_the_browser_draws_with_the_version_that_python_writes_for():
    (ours,) = (ROOT / "static/vendor").glob("plotly-basic-*.min.js")
    theirs = Path(plotly.__file__).parent / "package_data/plotly.min.js"
    assert version(ours) == version(theirs)
    for part in ("_pace", "_delays"):
        assert ours.name in (ROOT / f"templates/roadmap/{part}.html").read_text()


def test_nothing_is_sent_to_the_makers_of_plotly():
    assert CONFIG["showSendToCloud"] is False
    assert CONFIG["plotlyServerURL"] == ""


def test_the_colours_of_charts_are_those_of_the_page():
    css, script = (ROOT / "static/site.css").read_text(), (ROOT / "static/charts.js").read_text()
    for colour, name in ((AQUA, "--aqua"), (MUTE, "--mute"), (AMBER, "--amber")):
        assert f"{name}: {colour}" in css
        assert f'"{colour}": "{name}"' in script
        assert f".probe{name} {{ color: var({name}) }}" in css


def test_the_figure_is_plain_json_with_both_years():
    values = [Decimal("12.5"), None]
    drawn = pace_figure(months=["қаң", "ақп"], this_year=values, last_year=values[::-1], names=("2025", "2024"))
    last, this = json.loads(json.dumps(drawn))["figure"]["data"]
    assert (this["name"], this["y"], last["name"], last["y"]) == ("2025", [12.5, None], "2024", [None, 12.5])


def test_the_line_runs_from_nothing_to_all():
    points = pace_points([Decimal(0)] * 11 + [Decimal(100)])
    assert points.split()[0] == f"{LEFT:.0f},{BOTTOM:.0f}"
    assert points.split()[-1] == f"{RIGHT:.1f},{TOP:.1f}"
    assert pace_points([Decimal(50), None]).count(" ") == 1


def test_reasons_lie_as_bars_the_first_on_top_each_with_both_counts():
    long = "жабдық немесе материал кешігуде"
    drawn = delay_figure(reasons=[long, "ауа райы"], at_risk=[3, 0], moved=[1, 2], names=("тәуекел", "мерзім"))
    figure = json.loads(json.dumps(drawn))["figure"]
    risk, moved = figure["data"]
    assert (risk["name"], risk["x"], moved["name"], moved["x"]) == ("тәуекел", [3, 0], "мерзім", [1, 2])
    assert risk["y"] == moved["y"] == ["жабдық немесе материал<br>кешігуде", "ауа райы"]
    assert {bar["orientation"] for bar in figure["data"]} == {"h"}
    assert figure["layout"]["yaxis"]["autorange"] == "reversed"
