"""Tables of recommendations and of proposals."""

from collections.abc import Collection
from typing import Any

import django_tables2 as tables
from django.db.models import Case, IntegerField, Value, When
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from amanat_tracker.database.functions import in_kazakh_order
from amanat_tracker.generic.lists import CellColumn
from amanat_tracker.templatetags.figures import num
from branches.tables.rows import RowsTable, along_the_river
from roadmap.choices import RecommendationState
from roadmap.models import Recommendation, RecommendationStep
from roadmap.models.bodies import RecommendationQuerySet

LEAD = {"td": {"class": "lead"}}
STATE_ORDER = Case(
    *(When(day_state=state, then=Value(place)) for place, state in enumerate(RecommendationState)),
    output_field=IntegerField(),
)


class RecommendationTable(RowsTable):
    """Recommendations as they were known on `day`: what is awaited soonest first, then what has come to its end."""

    tie_break = ("-is_open", "due_on", "pk")

    text = CellColumn(
        "roadmap/_recommendation_text.html", verbose_name=_("Recommendation"), attrs={"td": {"class": "lead"}}
    )
    addressee = CellColumn("roadmap/_recommendation_people.html", verbose_name=_("Addressee, executor"))
    origin = CellColumn("roadmap/_recommendation_origin.html", verbose_name=_("Origin"), orderable=False)
    branch = tables.Column(accessor="branch__short_place", verbose_name=_("Branch"), order_by=along_the_river("branch"))
    issued = CellColumn("roadmap/_recommendation_issued.html", verbose_name=_("Issued"), order_by="issued_on")
    due = CellColumn("roadmap/_recommendation_due.html", verbose_name=_("Due"), order_by="due_on")
    state = CellColumn("roadmap/_recommendation_state.html", verbose_name=_("State"))

    class Meta:
        attrs = {"class": "recs compact"}

    def __init__(self, *args, receiving: Collection[int] = (), **kwargs):
        self.receiving = receiving  # branches (primary keys) whose citizens' requests the reader may open
        super().__init__(*args, **kwargs)

    def counted(self, count: int) -> str:
        """So many recommendations."""
        return ngettext("%(n)s recommendation", "%(n)s recommendations", count) % {"n": num(count)}

    def order_text(self, rows: RecommendationQuerySet, is_descending: bool) -> tuple[RecommendationQuerySet, bool]:
        """By the Kazakh alphabet."""
        return rows.order_by(in_kazakh_order("text", is_descending)), True

    def order_addressee(self, rows: RecommendationQuerySet, is_descending: bool) -> tuple[RecommendationQuerySet, bool]:
        """By the Kazakh alphabet."""
        names = ("addressee", "executor")
        return rows.order_by(*(in_kazakh_order(name, is_descending) for name in names)), True

    def order_state(self, rows: RecommendationQuerySet, is_descending: bool) -> tuple[RecommendationQuerySet, bool]:
        """As the states stand everywhere."""
        return rows.order_by(STATE_ORDER.desc() if is_descending else STATE_ORDER.asc()), True

    @cached_property
    def last_steps(self) -> dict[int, RecommendationStep]:
        """The steps that spoke on the day for the rows of this page, by primary key: one query."""
        keys = [row.record.day_step for row in self.paginated_rows]
        return RecommendationStep.objects.select_related("author", "done_by").in_bulk(keys)

    def due_cell(self, row: Recommendation) -> dict[str, Any]:
        """How long its day has passed."""
        return {"days_late": (self.day - row.due_on).days}

    def state_cell(self, row: Recommendation) -> dict[str, Any]:
        """The state with its mark, and the step by which it came into it."""
        return {"state": RecommendationState(row.day_state), "step": self.last_steps.get(row.day_step)}


class ProposalTable(RecommendationTable):
    """Proposals of councils."""

    text = CellColumn("roadmap/_recommendation_text.html", verbose_name=_("Proposal"), attrs=LEAD)

    class Meta(RecommendationTable.Meta):
        pass

    def counted(self, count: int) -> str:
        """So many proposals."""
        return ngettext("%(n)s proposal", "%(n)s proposals", count) % {"n": num(count)}
