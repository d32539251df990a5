"""Addresses of lists: every figure of a dashboard opens into exactly its rows through one of these."""

import datetime as dt
from urllib.parse import urlencode

from django.urls import reverse

# What the list of measures can be narrowed by, beside branch, year and day.
FLAGS = ("confirmed", "unconfirmed", "overdue", "at_risk", "stale", "returned")


def measures_url(
    *, year: int, day: dt.date, branch: str = "", direction: str = "", status: str = "", flag: str = ""
) -> str:
    """The list of a year's measures, as known on a day, narrowed to a branch, a direction, a class or a flag."""
    chosen = {
        "branch": branch,
        "year": year,
        "as_of": day.isoformat(),
        "direction": direction,
        "status": status,
        **({flag: 1} if flag else {}),
    }
    return f"{reverse('roadmap:measure_list')}?{urlencode({name: value for name, value in chosen.items() if value})}"
