"""The register, the list of reception events, the log of opened cards."""

from collections.abc import Collection
from typing import Any

import django_tables2 as tables
from django.db.models import Case, F, IntegerField, QuerySet, TextField, Value, When
from django.db.models.functions import Collate
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from amanat_tracker.database.functions import KAZAKH_ORDER, in_kazakh_order
from amanat_tracker.generic.lists import CellColumn
from amanat_tracker.templatetags.figures import num
from branches.choices import HelpKind, RequestState
from branches.models import CalendarDay, Request
from branches.tables.rows import RowsTable, along_the_river
from branches.workdays import Workdays

Ordered = tuple[QuerySet, bool]
LEAD = {"td": {"class": "lead"}}
NUMBER = {"td": {"class": "n"}, "th": {"class": "n"}}
STATE_ORDER = Case(
    *(When(day_state=state, then=Value(place)) for place, state in enumerate(RequestState)),
    output_field=IntegerField(),
)


class RequestTable(RowsTable):
    """Citizens' requests as they were known on `day`, the newest first.

    Cards are opened, and localities named, of the branches `received` only: those that the reader receives for. Paper
    does not tell the topics of the branches `narrow`: their land is one locality.
    """

    tie_break = ("-received_on", *along_the_river("branch"), "-number", "-pk")

    number = CellColumn("branches/_register_number.html", verbose_name=_("No."), attrs=LEAD)
    received = CellColumn("branches/_register_received.html", verbose_name=_("Received"), order_by="received_on")
    kind = tables.Column(verbose_name=_("Kind"), orderable=False)
    topic = tables.Column(accessor="topic__name", verbose_name=_("Topic"), order_by=("topic__position", "topic"))
    locality = CellColumn("branches/_register_locality.html", verbose_name=_("Locality"))
    branch = tables.Column(accessor="branch__short_place", verbose_name=_("Branch"), order_by=along_the_river("branch"))
    channel = tables.Column(verbose_name=_("How it came"), orderable=False, attrs={"td": {"class": "opt"}})
    state = CellColumn("branches/_register_state.html", verbose_name=_("State"))
    due = CellColumn("branches/_register_due.html", verbose_name=_("Answer due"))

    class Meta:
        attrs = {"class": "register compact"}

    def __init__(self, *args, received: Collection[int], narrow: Collection[int], **kwargs):
        self.received = received
        of_one_place = {"class": lambda record: "of-one-place" if record.branch_id in narrow else None}
        super().__init__(*args, row_attrs=of_one_place, **kwargs)

    def counted(self, count: int) -> str:
        """So many requests."""
        return ngettext("%(n)s request", "%(n)s requests", count) % {"n": num(count)}

    def order_number(self, rows: QuerySet, is_descending: bool) -> Ordered:
        """By year and number."""
        sign = "-" if is_descending else ""
        return rows.order_by(f"{sign}year", f"{sign}number"), True

    def order_locality(self, rows: QuerySet, is_descending: bool) -> Ordered:
        """By the Kazakh alphabet, those without a name last; where localities are not shown they order nothing."""
        known = Collate(F("locality__name_kk"), KAZAKH_ORDER)
        name = Case(When(branch__in=self.received, then=known), output_field=TextField())
        return rows.order_by(name.desc(nulls_last=True) if is_descending else name.asc(nulls_last=True)), True

    def order_state(self, rows: QuerySet, is_descending: bool) -> Ordered:
        """As the states stand everywhere."""
        return rows.order_by(STATE_ORDER.desc() if is_descending else STATE_ORDER.asc()), True

    def order_due(self, rows: QuerySet, is_descending: bool) -> Ordered:
        """The longest overdue first; what is not due any more last."""
        day = F("day_due")
        return rows.order_by(day.desc(nulls_last=True) if is_descending else day.asc(nulls_last=True)), True

    @cached_property
    def workdays(self) -> Workdays:
        """The working calendar. One query."""
        return CalendarDay.objects.workdays()

    def number_cell(self, row: Request) -> dict[str, Any]:
        """Whether the reader may open the card."""
        return {"may_open": row.branch_id in self.received}

    def locality_cell(self, row: Request) -> dict[str, Any]:
        """The locality, where the reader may know it; it is read of no other row."""
        return {"locality": row.locality if row.branch_id in self.received else None}

    def state_cell(self, row: Request) -> dict[str, Any]:
        """The state with its mark, and what help was given."""
        return {"state": RequestState(row.day_state), "help": HelpKind(row.day_help).label if row.day_help else ""}

    def due_cell(self, row: Request) -> dict[str, Any]:
        """Working days until the answer is due, or since."""
        if row.day_due is None:
            return {}
        left = self.workdays.between(self.day, row.day_due)
        return {"left": left, "late": -left, "is_late": row.is_late_body if row.is_stopped else row.is_overdue}


class EventTable(RowsTable):
    """Reception events, with what citizens asked at each as known on `day`, the newest first."""

    tie_break = ("-held_on", *along_the_river("branch"), "-pk")

    held_on = CellColumn("branches/_event_day.html", verbose_name=_("Held on"))
    kind = CellColumn("branches/_event_kind.html", verbose_name=_("Reception"), attrs=LEAD, orderable=False)
    place = CellColumn("branches/_event_place.html", verbose_name=_("Place"))
    branch = tables.Column(accessor="branch__short_place", verbose_name=_("Branch"), order_by=along_the_river("branch"))
    project = tables.Column(
        accessor="project__name",
        verbose_name=_("Party project"),
        order_by=("project__position", "project"),
        default="—",
    )
    requests = CellColumn(
        "branches/_event_requests.html", verbose_name=_("Requests"), attrs=NUMBER, order_by="requests_count"
    )
    residents = CellColumn("branches/_event_residents.html", verbose_name=_("Residents"), attrs=NUMBER)

    class Meta:
        attrs = {"class": "receptions compact"}

    def counted(self, count: int) -> str:
        """So many events."""
        return ngettext("%(n)s reception event", "%(n)s reception events", count) % {"n": num(count)}

    def order_place(self, rows: QuerySet, is_descending: bool) -> Ordered:
        """By the Kazakh alphabet."""
        return rows.order_by(in_kazakh_order("place", is_descending)), True


class OpeningTable(RowsTable):
    """Who opened which card, the last first."""

    tie_break = ("-opened_at", "-pk")

    opened_at = CellColumn("branches/_reception_moment.html", verbose_name=_("When"))
    reader = tables.Column(verbose_name=_("Who"), order_by=("reader__last_name", "reader__first_name"), attrs=LEAD)
    request = tables.Column(verbose_name=_("Request"), order_by=("request__year", "request__number"))
    branch = tables.Column(
        accessor="request__branch__short_place", verbose_name=_("Branch"), order_by=along_the_river("request__branch")
    )

    class Meta:
        attrs = {"class": "openings compact"}

    def counted(self, count: int) -> str:
        """So many openings."""
        return ngettext("a card was opened %(n)s time", "cards were opened %(n)s times", count) % {"n": num(count)}
