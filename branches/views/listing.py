"""List pages of what branches do: a year as known on a day, of the branches that the reader may see."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.functional import Promise, cached_property

from amanat_tracker.generic.lists import ListPage
from branches.filters.rows import RowsFilter
from branches.models import Branch
from branches.views.day import Moment, moment_in


@dataclass(frozen=True)
class ListCount:
    """A number above a list that opens into its rows: "12 overdue"."""

    name: str
    label: str | Promise
    count: int
    url: str
    mark: str
    tone: str
    is_current: bool = False


class BranchListPage(ListPage):
    """A list of rows of branches.

    A child names `model`, `filterset_class`, `table_class`, `template_name` (which extends lists/page.html),
    `heading`, `years()` and `rows()`; and, if numbers stand above the list, `counts()`.
    """

    template_name = "lists/page.html"
    heading: str | Promise = ""

    def get(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        """Find out which year and day are asked for, and whose rows the reader may see."""
        self.moment = self.moment_of(request)
        self.branches = list(
            Branch.objects.for_user(request.user)
            .select_related("region", "district")
            .order_by("region", "kind", "district__river_order")
        )
        return super().get(request, *args, **kwargs)

    def moment_of(self, request: HttpRequest) -> Moment:
        """The year and the day of the address."""
        return moment_in(self.years(), request)

    def years(self) -> dict[int, bool]:
        """The years that may be asked for: true of those with rows."""
        raise NotImplementedError

    def rows(self, scoped: QuerySet) -> QuerySet:
        """Of the rows that the reader may see, those of `self.moment`: its year, as of its day."""
        raise NotImplementedError

    def counts(self) -> Iterable[ListCount]:
        """The numbers above the list, counted of `self.filterset.frame_qs`."""
        return ()

    def get_queryset(self) -> QuerySet:
        """The rows of the year, as of the day."""
        return self.rows(super().get_queryset())

    def get_filterset_kwargs(self, filterset_class: type[RowsFilter]) -> dict[str, Any]:
        """Choices as far as the reader may see."""
        return super().get_filterset_kwargs(filterset_class) | {"branches": self.branches}

    def get_table_kwargs(self) -> dict[str, Any]:
        """The day; the column of the branch is left out where there is one only."""
        exclude = () if len(self.branches) > 1 else ("branch",)
        return {"day": self.moment.day, "today": self.moment.today, "exclude": exclude}

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        """The heading, the counts, and what to do when nothing is found."""
        context = super().get_context_data(
            heading=self.heading, moment=self.moment, branches=self.branches, counts=list(self.counts()), **kwargs
        )
        context["table"].empty_text = render_to_string("lists/_empty.html", {"filter": self.filterset})
        return context

    @cached_property
    def picked(self) -> dict[str, Any]:
        """What is picked from the frame now, by the name of the filter."""
        cleaned = self.filterset.form.cleaned_data if self.filterset.is_valid() else {}
        return {name: value for name, value in cleaned.items() if value and name not in self.filterset.frame}

    def address_of(self, **picked: object) -> str:
        """The list with this picked from its frame, and nothing else; complete, for whoever it is sent to."""
        names = [name for name in self.filterset.filters if name not in self.filterset.frame]
        when = {"year": self.moment.year, "as_of": self.moment.day.isoformat()}
        return self.filterset.address_with(**when | dict.fromkeys(names) | picked)
