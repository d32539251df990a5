"""The list of control posts."""

from typing import Any

import django_tables2 as tables
from django.db.models import F
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from amanat_tracker.database.functions import in_kazakh_order
from amanat_tracker.generic.lists import CellColumn
from amanat_tracker.templatetags.figures import num
from branches.tables.rows import RowsTable, along_the_river
from roadmap.choices import ClosingReason, PostEvent, SiteState
from roadmap.models import ControlPost
from roadmap.models.control import ControlPostQuerySet

Ordered = tuple[ControlPostQuerySet, bool]


class PostTable(RowsTable):
    """Control posts as they were known on `day`; rows of `dashboards.posts.listed_posts`, `with_sites`."""

    tie_break = (*along_the_river("branch"), "number", "pk")

    number = CellColumn("roadmap/_post_number.html", verbose_name=_("Post"), attrs={"td": {"class": "lead"}})
    branch = tables.Column(accessor="branch__short_place", verbose_name=_("Branch"), order_by=along_the_river("branch"))
    sites = CellColumn("roadmap/_post_sites.html", verbose_name=_("Sites"), orderable=False)
    opened = CellColumn("roadmap/_post_opened.html", verbose_name=_("Opened"), order_by="opened_on")
    state = CellColumn("roadmap/_post_state.html", verbose_name=_("State"))
    visited = CellColumn("roadmap/_post_visited.html", verbose_name=_("Last visit"))

    class Meta:
        attrs = {"class": "guards compact"}

    def counted(self, count: int) -> str:
        """So many posts."""
        return ngettext("%(n)s control post", "%(n)s control posts", count) % {"n": num(count)}

    def order_number(self, rows: ControlPostQuerySet, is_descending: bool) -> Ordered:
        """By the number; posts of different branches with the same number by the chair, in the Kazakh alphabet."""
        return rows.order_by("-number" if is_descending else "number", in_kazakh_order("chair", is_descending)), True

    def order_state(self, rows: ControlPostQuerySet, is_descending: bool) -> Ordered:
        """The open ones first, then the closed, the last closed first."""
        closed_on = F("day_event_on")
        if is_descending:
            return rows.order_by("is_open", closed_on.asc(nulls_last=True)), True
        return rows.order_by("-is_open", closed_on.desc(nulls_last=True)), True

    def order_visited(self, rows: ControlPostQuerySet, is_descending: bool) -> Ordered:
        """The longest unvisited first, before them those that have not been anywhere yet."""
        day = F("day_visited_on")
        return rows.order_by(day.desc(nulls_last=True) if is_descending else day.asc(nulls_first=True)), True

    def sites_cell(self, row: ControlPost) -> dict[str, Any]:
        """Its sites, each with how its state looks."""
        return {"sites": [(watched.site, SiteState(watched.site.day_state)) for watched in row.watched.all()]}

    def state_cell(self, row: ControlPost) -> dict[str, Any]:
        """Why it was closed, if it was; whether it was opened again."""
        reason = ClosingReason(row.day_reason) if not row.is_open else None
        return {"reason": reason, "is_reopened": row.day_event == PostEvent.REOPENED}

    def visited_cell(self, row: ControlPost) -> dict[str, Any]:
        """How long ago the post was on a site, and how many of its sites are due."""
        sites = [watched.site for watched in row.watched.all()]
        return {
            "age": (self.day - row.day_visited_on).days if row.day_visited_on else None,
            "due": sum(site.is_unvisited for site in sites) if row.is_open else 0,
            "of": len(sites),
        }
