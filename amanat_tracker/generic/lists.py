"""List pages: rows in the reader's scope, narrowed by the address, in a table that sorts and turns pages.

Every state of a list is an address that can be sent to a colleague. What in an address cannot be understood is never an
error page: a wrong filter is said beside its field and finds nothing, a wrong page, order or length is passed over.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import django_filters
import django_tables2 as tables
from django import forms
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.db.models.expressions import OrderBy
from django.http import QueryDict
from django.template.loader import get_template
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django_filters.views import FilterView

from amanat_tracker.generic.pages import PermissionMixin

PER_PAGE = 25


class CellColumn(tables.Column):
    """A column whose cells a template draws.

    The template gets the `row`, the `table`, and what the table's method ``<column>_cell(row)`` gives, if it has one.
    """

    empty_values = ()

    def __init__(self, template_name: str, **kwargs):
        super().__init__(**kwargs)
        self.template_name = template_name

    def render(self, record, table, bound_column) -> str:
        """Draw one cell."""
        more = getattr(table, f"{bound_column.name}_cell", None)
        context = {"row": record, "table": table} | (more(record) if more else {})
        return get_template(self.template_name).render(context)


class AppTable(tables.Table):
    """A table of rows from the database.

    Sorts by one column, the one that the reader pressed last; rows that are equal in it stand in the order of
    `tie_break`, so that a page is the same each time it is asked for. A page has at most `max_per_page` rows.
    """

    max_per_page = 200
    tie_break: Sequence[str | OrderBy] = ("pk",)

    @property
    def order_by(self):
        """The column that the rows are sorted by; "-title" is from the end of the alphabet."""
        return super().order_by

    @order_by.setter
    def order_by(self, value) -> None:
        names = value.split(",") if isinstance(value, str) else value or ()
        tables.Table.order_by.fset(self, tuple(names)[:1])

    def paginate(self, paginator_class=Paginator, per_page=None, page=1, *args, **kwargs):
        """Cut the rows into pages."""
        rows = self.data.data
        self.data.data = rows.order_by(*rows.query.order_by, *self.tie_break)
        per_page = min(per_page, self.max_per_page) if per_page and per_page > 0 else PER_PAGE
        return super().paginate(paginator_class, per_page, page, *args, **kwargs)

    def get_column_class_names(self, classes_set, bound_column):
        """The classes of a column's cells, its own name among them."""
        return {*super().get_column_class_names(classes_set, bound_column), bound_column.name}

    @property
    def fits_one_page(self) -> bool:
        """Whether all rows may stand on one page, if the reader asks for it."""
        return self.paginator.per_page < self.paginator.count <= self.max_per_page


@dataclass(frozen=True)
class Chosen:
    """A filter that narrows a list, in words: "status: done"; `without` is the address of the list without it."""

    name: str
    label: str
    words: str
    without: str


class FlagField(forms.Field):
    """A tick that is "1" in the address."""

    default_error_messages = {"invalid": _("This mark is on or off: tick it or leave it.")}

    def __init__(self, **kwargs):
        super().__init__(widget=FlagInput, **kwargs)

    def to_python(self, value: str | None) -> bool:
        """Understand "1", and its absence; nothing else."""
        if value not in ("1", "0", "", None):
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return value == "1"


class FlagInput(forms.CheckboxInput):
    """A tick box that sends "1"."""

    def __init__(self, attrs=None):
        super().__init__(attrs, check_test=lambda value: value == "1")

    def value_from_datadict(self, data, files, name):
        """What the address says, as it was typed."""
        return data.get(name)

    def get_context(self, name, value, attrs):
        """Send "1" when ticked."""
        context = super().get_context(name, value, attrs)
        context["widget"]["value"] = "1"
        return context


class FlagFilter(django_filters.Filter):
    """Keeps the rows of which a yes-or-no annotation is true, when it is asked to."""

    field_class = FlagField

    def filter(self, qs: QuerySet, value: bool) -> QuerySet:
        """Keep them; all rows when it is not ticked."""
        return qs.filter(**{self.field_name: True}) if value else qs


class AppFilter(django_filters.FilterSet):
    """What a list can be narrowed by.

    The filters named in `frame` say what the list is about; the others pick from it. `frame_qs` has the rows of the
    frame alone, so that counts by class add up to all of it whichever class is picked.
    """

    frame: Sequence[str] = ()

    def __init__(self, data: QueryDict, queryset: QuerySet, **kwargs):
        self.address = data
        super().__init__(_without_blanks(data), queryset, **kwargs)

    @property
    def frame_qs(self) -> QuerySet:
        """The rows that the filters of the frame leave; none if one of these was not understood."""
        if any(name in self.errors for name in self.frame):
            return self.queryset.none()
        return self._narrowed(self.queryset, [name for name in self.form.fields if name in self.frame])

    def filter_queryset(self, queryset: QuerySet) -> QuerySet:
        """The rows of the list; none if anything was not understood."""
        return queryset.none() if self.errors else self._narrowed(queryset, list(self.form.fields))

    def _narrowed(self, queryset: QuerySet, names: Sequence[str]) -> QuerySet:
        for name in names:
            queryset = self.filters[name].filter(queryset, self.form.cleaned_data[name])
        return queryset

    @property
    def chosen(self) -> list[Chosen]:
        """The filters in force, in words."""
        return [
            Chosen(
                name=name,
                label=capfirst(str(field.label)),
                words=_in_words(field, self.form.cleaned_data[name]),
                without=self.address_with(**{name: None}),
            )
            for name, field in self.form.fields.items()
            if self.form.cleaned_data.get(name)
        ]

    @property
    def cleared(self) -> str:
        """The address of the list without any filter."""
        return self.address_with(**dict.fromkeys(self.form.fields))

    def address_with(self, **changes: Any) -> str:
        """The query of the list's address with some of its parameters set, or left out (None); from the first page."""
        query = _without_blanks(self.address)
        for name, value in {"page": None, **changes}.items():
            query.pop(name, None)
            if value is not None:
                query[name] = value
        return f"?{query.urlencode()}"


def _without_blanks(data: QueryDict) -> QueryDict:
    """The parameters that say something: a form sent by GET also sends its empty fields."""
    query = QueryDict(mutable=True)
    for name, values in data.lists():
        said = [value for value in values if value.strip()]
        if said:
            query.setlist(name, said)
    return query


def _in_words(field: forms.Field, value: Any) -> str:
    """A filter's value as the reader knows it; nothing for a tick, whose label says all."""
    if value is True:
        return ""
    if isinstance(field, forms.ChoiceField):
        labels = {str(key): str(label) for key, label in field.choices}
        return ", ".join(labels[key] for key in (value if isinstance(value, list) else [value]))
    return f"«{value}»"


class ListPage(PermissionMixin, tables.SingleTableMixin, FilterView):
    """A list of rows that the reader may see.

    A child is declared by `model`, `filterset_class`, `table_class`, `template_name`; the template gets `filter` and
    `table`.
    """

    table_pagination = {"per_page": PER_PAGE}

    def get_queryset(self) -> QuerySet:
        """The rows among which the reader may look."""
        return super().get_queryset().for_user(self.request.user, self.permission)

    def get_filterset_kwargs(self, filterset_class: type[AppFilter]) -> dict[str, Any]:
        """The address is the filter, also when it is empty."""
        return super().get_filterset_kwargs(filterset_class) | {"data": self.request.GET}

    def get_strict(self) -> bool:
        """A filter that was not understood finds nothing by itself (`AppFilter.filter_queryset`)."""
        return False
