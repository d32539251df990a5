"""What the list of sites can be narrowed by."""

import django_filters
from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from amanat_tracker.generic.lists import FlagFilter
from branches.filters.rows import RowsFilter
from roadmap.choices import SiteKind, SiteState


class SiteFilter(RowsFilter):
    """Narrows sites as `dashboards.sites.listed_sites` gives them."""

    frame = (*RowsFilter.frame, "kind")

    q = django_filters.CharFilter(
        label=_("Search"),
        method="search",
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": _("name, contractor, village")}),
    )
    kind = django_filters.ChoiceFilter(
        label=_("Kind"),
        choices=SiteKind.choices,
        empty_label=_("all kinds"),
        error_messages={"invalid_choice": _("There is no such kind of site. Choose one from the list.")},
    )
    state = django_filters.ChoiceFilter(
        label=_("State"),
        field_name="day_state",
        choices=SiteState.choices,
        empty_label=_("all states"),
        error_messages={"invalid_choice": _("There is no such state. Choose one from the list.")},
    )
    posted = FlagFilter(label=pgettext_lazy("filter", "under a control post in the year"), field_name="is_posted")
    standing = FlagFilter(label=pgettext_lazy("filter", "under a control post now"), field_name="is_under_post")
    commissioned = FlagFilter(label=pgettext_lazy("filter", "in use"), field_name="is_commissioned")
    late = FlagFilter(label=pgettext_lazy("filter", "past the date by contract"), field_name="is_late")
    unvisited = FlagFilter(label=pgettext_lazy("filter", "due for a visit"), field_name="is_unvisited")
