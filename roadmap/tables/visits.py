"""The table of visits."""

import django_tables2 as tables
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy

from amanat_tracker.database.functions import in_kazakh_order
from amanat_tracker.generic.lists import CellColumn
from amanat_tracker.templatetags.figures import num
from branches.tables.rows import RowsTable, along_the_river
from roadmap.models.control import SitePartQuerySet


class VisitTable(RowsTable):
    """Visits of a year (of `dashboards.visits.visits_with_counts`), the newest first."""

    tie_break = ("-visited_on", "-pk")

    visited_on = CellColumn("roadmap/_visit_cell_day.html", verbose_name=_("Day"))
    site = CellColumn("roadmap/_visit_cell_site.html", verbose_name=_("Site"), attrs={"td": {"class": "lead"}})
    branch = tables.Column(
        accessor="site__branch__short_place", verbose_name=_("Branch"), order_by=along_the_river("site__branch")
    )
    post = CellColumn(
        "roadmap/_visit_cell_post.html", verbose_name=_("Post"), order_by="post__number", attrs={"td": {"class": "opt"}}
    )
    readiness = CellColumn("roadmap/_visit_cell_readiness.html", verbose_name=_("Readiness"))
    findings = CellColumn(
        "roadmap/_visit_cell_findings.html",
        verbose_name=_("Findings"),
        order_by=("n_critical", "n_major", "n_minor"),
    )
    verdicts = CellColumn(
        "roadmap/_visit_cell_verdicts.html",
        verbose_name=pgettext_lazy("of visits", "Verdicts"),
        order_by=("n_refuted", "n_confirmed"),
    )
    photos = tables.Column(
        accessor="n_photos", verbose_name=_("Photographs"), attrs={"th": {"class": "n"}, "td": {"class": "n opt"}}
    )
    author = tables.Column(
        verbose_name=_("Entered by"),
        order_by=("author__last_name", "author__first_name"),
        attrs={"td": {"class": "opt"}},
    )

    class Meta:
        attrs = {"class": "visits compact"}

    def counted(self, count: int) -> str:
        """So many visits."""
        return ngettext("%(n)s visit", "%(n)s visits", count) % {"n": num(count)}

    def order_site(self, rows: SitePartQuerySet, is_descending: bool) -> tuple[SitePartQuerySet, bool]:
        """By the Kazakh alphabet."""
        return rows.order_by(in_kazakh_order("site__name", is_descending)), True
