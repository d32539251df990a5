"""What the list of visits can be narrowed by."""

from collections.abc import Sequence

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from amanat_tracker.database.functions import matching
from amanat_tracker.generic.keys import named
from amanat_tracker.generic.lists import FlagFilter
from branches.filters.rows import RowsFilter
from roadmap.choices import VisitKind
from roadmap.models import ControlPost, Finding, Site
from roadmap.models.control import SITE_SEARCHED

SEARCHED = (*(f"site__{field}" for field in SITE_SEARCHED), "participants", "note")


class VisitFilter(RowsFilter):
    """Narrows visits of a year (of `dashboards.visits.visits_with_counts`). One site, or one post, is picked from its
    card, not from a list of hundreds."""

    branch_path = "site__branch"
    frame: Sequence[str] = ("q", "region", "branch", "site", "post")

    site = django_filters.ChoiceFilter(
        label=_("Site"),
        field_name="site",
        empty_label=_("all sites"),
        error_messages={"invalid_choice": _("You have no such site. Remove this filter.")},
    )
    post = django_filters.ChoiceFilter(
        label=_("Control post"),
        field_name="post",
        empty_label=_("all posts"),
        error_messages={"invalid_choice": _("You have no such post. Remove this filter.")},
    )
    kind = django_filters.ChoiceFilter(
        label=_("Kind of visit"),
        choices=VisitKind.choices,
        empty_label=pgettext_lazy("kind of visit", "all kinds"),
        error_messages={"invalid_choice": _("There is no such kind. Choose one from the list.")},
    )
    findings = FlagFilter(label=pgettext_lazy("filter", "with grave findings"), field_name="has_grave")
    confirmed = FlagFilter(label=pgettext_lazy("filter", "confirmed a claim"), field_name="has_confirmed")
    refuted = FlagFilter(label=pgettext_lazy("filter", "refuted a claim"), field_name="has_refuted")

    def __init__(self, data: QueryDict, queryset: QuerySet, *, branches: Sequence, **kwargs):
        super().__init__(data, queryset, branches=branches, **kwargs)
        mine = {"branch__in": branches}
        for name, rows in (("site", Site.objects.filter(**mine)), ("post", ControlPost.objects.filter(**mine))):
            known = named(rows, self.data.get(name))
            self.filters[name].extra["choices"] = [
                (str(row.pk), str(row)) for row in known.select_related("branch__district", "branch__region")
            ]

    def search(self, queryset: QuerySet, name: str, text: str) -> QuerySet:
        """Keep the visits of whose site, participants, note or findings every word is a part."""
        found = Finding.objects.filter(matching(text, "text")).values("visit")
        return queryset.filter(matching(text, *SEARCHED) | Q(pk__in=found))

    @property
    def choices(self) -> list[forms.BoundField]:
        """The fields beside the search; site and post only where one is picked already."""
        return [field for field in super().choices if field.name not in ("site", "post") or field.value()]
