"""Addresses of lists: every figure of a dashboard opens into exactly its rows through one of these."""

import datetime as dt
from collections.abc import Mapping
from urllib.parse import urlencode

from django.urls import reverse

from branches.dashboards.links import rows_url
from branches.models import Branch

# What the list of measures can be narrowed by, beside branch, year and day.
FLAGS = ("confirmed", "unconfirmed", "overdue", "at_risk", "stale", "returned", "chronic", "slipped", "contradicted")


def measures_url(
    *,
    year: int,
    day: dt.date,
    branch: str = "",
    direction: str = "",
    status: str = "",
    flag: str = "",
    reason: str = "",
    moved_for: str = "",
    sort: str = "",
) -> str:
    """The list of a year's measures, as known on a day, narrowed to a branch, a direction, a class or a flag.

    `reason` keeps those at risk for it, `moved_for` those whose deadline was last moved for it; `sort` is "-money".
    """
    chosen = {
        "branch": branch,
        "year": year,
        "as_of": day.isoformat(),
        "direction": direction,
        "status": status,
        **({flag: 1} if flag else {}),
        "reason": reason,
        "moved_for": moved_for,
        "sort": sort,
    }
    return f"{reverse('roadmap:measure_list')}?{urlencode({name: value for name, value in chosen.items() if value})}"


def control_url(
    view: str, *, year: int | None = None, day: dt.date | None = None, branch: Branch | None = None, **picked: object
) -> str:
    """A list of control or of councils, as known on a day: "site_list", "recommendation_list", "proposal_list"…"""
    return rows_url(f"roadmap:{view}", year=year, day=day, branch=branch, **picked)


def placed_control_url(view: str, places: Mapping[str, str], *, year: int, day: dt.date, **picked: object) -> str:
    """The same list, of the `places` that its own filters name: {"branch": slug} is a regional branch alone, too."""
    query = {name: slug for name, slug in places.items() if slug}
    return control_url(view, year=year, day=day, **picked) + (f"&{urlencode(query)}" if query else "")
