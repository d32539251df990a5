"""Tables of meetings and of the issues that were considered at them."""

import django_tables2 as tables
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy

from amanat_tracker.database.functions import in_kazakh_order
from amanat_tracker.generic.lists import CellColumn
from amanat_tracker.templatetags.figures import num
from branches.tables.rows import RowsTable, along_the_river
from roadmap.models.bodies import MeetingPartQuerySet


class MeetingTable(RowsTable):
    """Meetings of commissions; the newest first."""

    tie_break = ("-held_on", *along_the_river("body__branch"), "-pk")

    held_on = CellColumn("roadmap/_meeting_day.html", verbose_name=_("Day"))
    body = CellColumn(
        "roadmap/_meeting_title.html",
        verbose_name=_("Meeting"),
        attrs={"td": {"class": "lead"}},
        order_by=(*along_the_river("body__branch"), "body"),
    )
    branch = tables.Column(
        accessor="body__branch__short_place", verbose_name=_("Branch"), order_by=along_the_river("body__branch")
    )
    kind = CellColumn("roadmap/_meeting_kind.html", verbose_name=_("Kind"))
    minutes_number = tables.Column(verbose_name=_("Minutes No."), orderable=False)
    issues = CellColumn(
        "roadmap/_meeting_issues.html",
        verbose_name=_("Issues"),
        attrs={"th": {"class": "n"}, "td": {"class": "n"}},
    )
    recommendations_count = CellColumn(
        "roadmap/_meeting_recommendations.html",
        verbose_name=_("Recommendations"),
        attrs={"th": {"class": "n"}, "td": {"class": "n"}},
    )

    class Meta:
        attrs = {"class": "meetings compact"}

    def counted(self, count: int) -> str:
        """So many meetings."""
        return ngettext("%(n)s meeting", "%(n)s meetings", count) % {"n": num(count)}


class CouncilTable(MeetingTable):
    """Meetings of councils: they make proposals."""

    recommendations_count = CellColumn(
        "roadmap/_meeting_recommendations.html",
        verbose_name=_("Proposals"),
        attrs={"th": {"class": "n"}, "td": {"class": "n"}},
    )

    class Meta(MeetingTable.Meta):
        pass


class IssueTable(RowsTable):
    """Issues that councils considered; those of the newest meeting first, as they stood on its agenda."""

    tie_break = ("-meeting__held_on", *along_the_river("meeting__body__branch"), "-meeting", "position")

    title = CellColumn("roadmap/_issue_title.html", verbose_name=_("Issue"), attrs={"td": {"class": "lead"}})
    decision = CellColumn("roadmap/_issue_decision.html", verbose_name=_("What was decided"), orderable=False)
    held_on = CellColumn("roadmap/_issue_day.html", verbose_name=_("Day"), order_by="meeting__held_on")
    body = tables.Column(
        accessor="meeting__body__name",
        verbose_name=pgettext_lazy("body", "Council"),
        order_by=(*along_the_river("meeting__body__branch"), "meeting__body"),
    )
    branch = tables.Column(
        accessor="meeting__body__branch__short_place",
        verbose_name=_("Branch"),
        order_by=along_the_river("meeting__body__branch"),
    )

    class Meta:
        attrs = {"class": "issues compact"}

    def counted(self, count: int) -> str:
        """So many issues."""
        return ngettext("%(n)s issue", "%(n)s issues", count) % {"n": num(count)}

    def order_title(self, rows: MeetingPartQuerySet, is_descending: bool) -> tuple[MeetingPartQuerySet, bool]:
        """By the Kazakh alphabet."""
        return rows.order_by(in_kazakh_order("title", is_descending)), True
