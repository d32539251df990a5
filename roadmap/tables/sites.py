"""The list of sites."""

from typing import Any

import django_tables2 as tables
from django.db.models import Case, F, IntegerField, OrderBy, Value, When
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from amanat_tracker.database.functions import in_kazakh_order
from amanat_tracker.generic.lists import CellColumn
from amanat_tracker.templatetags.figures import num
from branches.tables.rows import RowsTable, along_the_river
from roadmap.choices import SiteState
from roadmap.models import Site
from roadmap.models.control import SiteQuerySet

STATE_ORDER = Case(
    *(When(day_state=state, then=Value(place)) for place, state in enumerate(SiteState)), output_field=IntegerField()
)
Ordered = tuple[SiteQuerySet, bool]


class SiteTable(RowsTable):
    """Sites as they were known on `day`; rows of `dashboards.sites.listed_sites`."""

    tie_break = (*along_the_river("branch"), in_kazakh_order("name"), "pk")

    name = CellColumn("roadmap/_site_name.html", verbose_name=_("Site"), attrs={"td": {"class": "lead"}})
    branch = tables.Column(accessor="branch__short_place", verbose_name=_("Branch"), order_by=along_the_river("branch"))
    contractor = tables.Column(verbose_name=_("Contractor"))
    readiness = CellColumn("roadmap/_site_readiness.html", verbose_name=_("Readiness"))
    state = CellColumn("roadmap/_site_day_state.html", verbose_name=_("State"))
    until = CellColumn("roadmap/_site_until.html", verbose_name=_("By contract"))
    visited = CellColumn("roadmap/_site_visited.html", verbose_name=_("Last visit"))
    post = CellColumn("roadmap/_site_post.html", verbose_name=_("Post"))

    class Meta:
        attrs = {"class": "works compact"}

    def counted(self, count: int) -> str:
        """So many sites."""
        return ngettext("%(n)s site", "%(n)s sites", count) % {"n": num(count)}

    def order_name(self, rows: SiteQuerySet, is_descending: bool) -> Ordered:
        """By the Kazakh alphabet."""
        return rows.order_by(in_kazakh_order("name", is_descending)), True

    def order_contractor(self, rows: SiteQuerySet, is_descending: bool) -> Ordered:
        """By the Kazakh alphabet."""
        return rows.order_by(in_kazakh_order("contractor", is_descending)), True

    def order_readiness(self, rows: SiteQuerySet, is_descending: bool) -> Ordered:
        """From the least; before it what nobody has visited."""
        return rows.order_by(_nothing_is_least("day_readiness", is_descending)), True

    def order_state(self, rows: SiteQuerySet, is_descending: bool) -> Ordered:
        """As the states stand everywhere."""
        return rows.order_by(STATE_ORDER.desc() if is_descending else STATE_ORDER.asc()), True

    def order_until(self, rows: SiteQuerySet, is_descending: bool) -> Ordered:
        """The soonest first; sites without a contract's day stand last."""
        day = F("contract_until")
        return rows.order_by(day.desc(nulls_last=True) if is_descending else day.asc(nulls_last=True)), True

    def order_visited(self, rows: SiteQuerySet, is_descending: bool) -> Ordered:
        """The longest unvisited first, before them what nobody has visited."""
        return rows.order_by(_nothing_is_least("day_visited_on", is_descending)), True

    def order_post(self, rows: SiteQuerySet, is_descending: bool) -> Ordered:
        """By the number of the post."""
        number = F("day_post_number")
        return rows.order_by(number.desc(nulls_last=True) if is_descending else number.asc(nulls_last=True)), True

    def state_cell(self, row: Site) -> dict[str, Any]:
        """How its state looks."""
        return {"state": SiteState(row.day_state)}

    def until_cell(self, row: Site) -> dict[str, Any]:
        """How long the day by the contract has passed."""
        return {"days_late": (self.day - row.contract_until).days if row.contract_until else None}

    def visited_cell(self, row: Site) -> dict[str, Any]:
        """How long ago control was there."""
        return {"age": (self.day - row.day_visited_on).days if row.day_visited_on else None}


def _nothing_is_least(field: str, is_descending: bool) -> OrderBy:
    return F(field).desc(nulls_last=True) if is_descending else F(field).asc(nulls_first=True)
