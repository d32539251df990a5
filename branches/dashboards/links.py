"""Addresses of lists: every figure opens into exactly its rows through one of these."""

import datetime as dt
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
    where = {"year": year, "as_of": day.isoformat() if day else None}
    if branch is not None:
        where |= {"region": branch.region.slug} if branch.kind == BranchKind.REGIONAL else {"branch": branch.slug}
    chosen = {name: value for name, value in (where | picked).items() if value not in (None, "", False)}
    query = urlencode({name: 1 if value is True else value for name, value in chosen.items()})
    return f"{reverse(view)}{'?' if query else ''}{query}"
