"""Tables of the roadmap's lists."""

import datetime as dt
from collections.abc import Collection
from typing import Any

import django_tables2 as tables
from django.db.models import Case, F, IntegerField, Value, When
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from amanat_tracker.database.functions import in_kazakh_order
from amanat_tracker.generic.lists import AppTable, CellColumn
from amanat_tracker.templatetags.figures import num
from roadmap.choices import Status
from roadmap.models import Measure
from roadmap.models.measures import MeasureQuerySet

ALONG_THE_RIVER = ("roadmap__branch__region", "roadmap__branch__kind", "roadmap__branch__district__river_order")
CLASS_ORDER = Case(
    *(When(day_status=status, then=Value(place)) for place, status in enumerate(Status)), output_field=IntegerField()
)


class MeasureTable(AppTable):
    """Measures as they were known on `day`; those of the branches `reportable` (primary keys) can be selected."""

    tie_break = (*ALONG_THE_RIVER, "position", "pk")

    select = CellColumn("roadmap/_list_select.html", verbose_name=_("Select"), orderable=False)
    number = tables.Column(verbose_name=_("No."), order_by="position")
    title = CellColumn("roadmap/_list_title.html", verbose_name=_("Measure"), attrs={"td": {"class": "lead"}})
    branch = tables.Column(accessor="roadmap__branch__short_place", verbose_name=_("Branch"), order_by=ALONG_THE_RIVER)
    deadline = CellColumn("roadmap/_list_deadline.html", verbose_name=_("Deadline"), order_by="day_deadline")
    status = CellColumn("roadmap/_list_status.html", verbose_name=_("Status"))
    report = CellColumn("roadmap/_list_report.html", verbose_name=_("Last report"))
    money = CellColumn("roadmap/_list_money.html", verbose_name=_("Money"), attrs={"td": {"class": "n"}})

    class Meta:
        attrs = {"class": "measures compact"}

    def __init__(self, *args, day: dt.date, today: dt.date, reportable: Collection[int], **kwargs):
        self.day = day
        self.is_past = day < today
        self.reportable = reportable
        super().__init__(*args, **kwargs)

    @property
    def caption(self) -> str:
        """How many measures there are, and which of them stand on this page."""
        total = ngettext("%(n)s measure", "%(n)s measures", self.paginator.count) % {"n": num(self.paginator.count)}
        if self.paginator.num_pages == 1:
            return total
        shown = _("%(first)s–%(last)s are shown") % {"first": self.page.start_index(), "last": self.page.end_index()}
        return f"{total}; {shown}"

    def order_title(self, rows: MeasureQuerySet, is_descending: bool) -> tuple[MeasureQuerySet, bool]:
        """By the Kazakh alphabet."""
        return rows.order_by(in_kazakh_order("title", is_descending)), True

    def order_status(self, rows: MeasureQuerySet, is_descending: bool) -> tuple[MeasureQuerySet, bool]:
        """As the classes stand everywhere."""
        return rows.order_by(CLASS_ORDER.desc() if is_descending else CLASS_ORDER.asc()), True

    def order_report(self, rows: MeasureQuerySet, is_descending: bool) -> tuple[MeasureQuerySet, bool]:
        """The oldest first, before it what was never reported."""
        day = F("day_reported_on")
        return rows.order_by(day.desc(nulls_last=True) if is_descending else day.asc(nulls_first=True)), True

    def order_money(self, rows: MeasureQuerySet, is_descending: bool) -> tuple[MeasureQuerySet, bool]:
        """What has no money stands last either way."""
        money = F("money")
        return rows.order_by(money.desc(nulls_last=True) if is_descending else money.asc(nulls_last=True)), True

    def deadline_cell(self, row: Measure) -> dict[str, Any]:
        """How long the deadline has passed, and the first one if it was moved."""
        moved = row.day_deadline != row.first_deadline
        return {"days_late": (self.day - row.day_deadline).days, "first": row.first_deadline if moved else None}

    def report_cell(self, row: Measure) -> dict[str, Any]:
        """How old the last report is."""
        return {"age": (self.day - row.day_reported_on).days if row.day_reported_on else None}

    def select_cell(self, row: Measure) -> dict[str, Any]:
        """Whether the reader reports for the branch."""
        return {"may_report": row.roadmap.branch_id in self.reportable}
