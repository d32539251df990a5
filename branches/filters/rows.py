"""What every list of control and councils can be narrowed by: words, region, branch, and flags."""

from collections.abc import Sequence

import django_filters
from django import forms
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from amanat_tracker.generic.lists import AppFilter, FlagFilter
from branches.models import Branch


class RowsFilter(AppFilter):
    """Narrows rows of control or of councils, `as_of` a day.

    A child names `branch_path`, the way from its rows to the branch, and gives its queryset a `search`; it adds choices
    (shown beside the branch) and flags (shown as ticks). `frame` says what counts above the list are counted of.
    """

    branch_path = "branch"
    frame: Sequence[str] = ("q", "region", "branch")

    q = django_filters.CharFilter(
        label=_("Search"), method="search", max_length=100, widget=forms.TextInput(attrs={"type": "search"})
    )
    region = django_filters.ChoiceFilter(
        label=_("Region"),
        method="in_region",
        empty_label=_("all regions"),
        error_messages={"invalid_choice": _("You have no such region. Choose one from the list.")},
    )
    branch = django_filters.ChoiceFilter(
        label=_("Branch"),
        method="in_branch",
        empty_label=_("all branches"),
        error_messages={"invalid_choice": _("You have no such branch. Choose one from the list.")},
    )

    def __init__(self, data: QueryDict, queryset: QuerySet, *, branches: Sequence[Branch], **kwargs):
        super().__init__(data, queryset, **kwargs)
        regions = {branch.region.slug: branch.region.name for branch in branches}
        self.filters["region"].extra["choices"] = list(regions.items())
        self.filters["branch"].extra["choices"] = [(branch.slug, branch.place) for branch in branches]
        self.has_regions, self.has_branches = len(regions) > 1, len(branches) > 1

    def search(self, queryset: QuerySet, name: str, text: str) -> QuerySet:
        """Keep the rows that mention every word."""
        return queryset.search(text)

    def in_region(self, queryset: QuerySet, name: str, slug: str) -> QuerySet:
        """Keep the rows of the region's branches."""
        return queryset.filter(**{f"{self.branch_path}__region__slug": slug})

    def in_branch(self, queryset: QuerySet, name: str, slug: str) -> QuerySet:
        """Keep the branch's own rows."""
        return queryset.filter(**{f"{self.branch_path}__slug": slug})

    @property
    def choices(self) -> list[forms.BoundField]:
        """The fields beside the search; region and branch only where the reader has several, or was refused one."""
        shown = {"region": self.has_regions, "branch": self.has_branches}
        fields = [self.form[name] for name in self.form.fields if name != "q" and name not in self._flag_names]
        return [field for field in fields if shown.get(field.name, True) or field.errors]

    @property
    def choice_errors(self) -> bool:
        """Whether a choice was not understood."""
        return any(field.errors for field in self.choices)

    @property
    def flags(self) -> list[forms.BoundField]:
        """The ticks."""
        return [self.form[name] for name in self._flag_names]

    @property
    def flag_errors(self) -> bool:
        """Whether a tick was not understood."""
        return any(field.errors for field in self.flags)

    @property
    def _flag_names(self) -> list[str]:
        return [name for name, known in self.filters.items() if isinstance(known, FlagFilter)]
