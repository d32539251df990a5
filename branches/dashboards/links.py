"""Addresses of lists: every figure opens into exactly its rows through one of these."""

import datetime as dt
from collections.abc import Mapping
from urllib.parse import urlencode

from django.urls import reverse

from branches.choices import BranchKind
from branches.models import Branch


def rows_url(
    view: str, *, year: int | None = None, day: dt.date | None = None, branch: Branch | None = None, **picked: object
) -> str:
    """A list of what branches do, as known on a day: "branches:request_list", "roadmap:site_list"…

    Of a regional branch it lists its whole region, as figures of such rows count it.
    """
    where = {}
    if branch is not None:
        where = {"region": branch.region.slug} if branch.kind == BranchKind.REGIONAL else {"branch": branch.slug}
    return list_url(view, {"year": year, "as_of": day.isoformat() if day else None} | where | picked)


def list_url(view: str, query: Mapping[str, object]) -> str:
    """A list with what of `query` says something; True is a tick."""
    said = {name: value for name, value in query.items() if value not in (None, "", False)}
    words = urlencode({name: 1 if value is True else value for name, value in said.items()})
    return f"{reverse(view)}{'?' if words else ''}{words}"
