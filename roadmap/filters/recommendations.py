"""What recommendations of control and proposals of councils can be narrowed by."""

from collections.abc import Sequence
from dataclasses import replace

import django_filters
from django import forms
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from amanat_tracker.generic.keys import named
from amanat_tracker.generic.lists import Chosen, FlagFilter
from amanat_tracker.templatetags.figures import short_day
from branches.filters.rows import RowsFilter
from branches.models import Branch
from roadmap.choices import BodyKind, RecommendationState
from roadmap.models import Body, Measure, Site
from roadmap.models.bodies import RecommendationQuerySet

# Where a recommendation comes from, and what its row then has.
ORIGINS = {
    "meeting": (pgettext_lazy("origin", "meeting"), {"meeting__isnull": False}),
    "visit": (pgettext_lazy("origin", "visit to a site"), {"visit__isnull": False}),
    "request": (pgettext_lazy("origin", "citizen's request"), {"request__isnull": False}),
    "monitoring": (
        pgettext_lazy("origin", "monitoring"),
        {"meeting__isnull": True, "visit__isnull": True, "request__isnull": True},
    ),
}


def from_address(label: str, *, missing: str, field_name: str | None = None) -> django_filters.ChoiceFilter:
    """A filter that only links set, such as "all about this site"; it stays in the form, unseen."""
    return django_filters.ChoiceFilter(
        label=label,
        field_name=field_name,
        widget=forms.HiddenInput,
        template_name="roadmap/_recommendation_unseen.html",
        error_messages={"invalid_choice": missing},
    )


class RecommendationFilter(RowsFilter):
    """Narrows recommendations `as_of` a day: about what and from where they are, how far they have come."""

    frame = (*RowsFilter.frame, "body", "origin", "measure", "site")
    body_kind = BodyKind.COMMISSION

    body = from_address(
        _("Commission"),
        field_name="meeting__body",
        missing=_("You have no such commission, so nothing is shown."),
    )
    measure = from_address(_("Measure"), missing=_("You have no such measure, so nothing is shown."))
    site = from_address(_("Site"), missing=_("You have no such site, so nothing is shown."))
    origin = django_filters.ChoiceFilter(
        label=_("Origin"),
        method="from_origin",
        choices=[(name, label) for name, (label, _condition) in ORIGINS.items()],
        empty_label=_("any origin"),
        error_messages={"invalid_choice": _("There is no such origin. Choose one from the list.")},
    )
    state = django_filters.MultipleChoiceFilter(
        label=_("State"),
        method="in_states",
        choices=RecommendationState.choices,
        widget=forms.CheckboxSelectMultiple,
        template_name="roadmap/_recommendation_states.html",
        error_messages={"invalid_choice": _("There is no such state. Choose from the list.")},
    )
    due_by = django_filters.DateFilter(
        label=_("Open, due by"),
        method="open_and_due_by",
        widget=forms.DateInput(attrs={"type": "date", "class": "in"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("Enter the day as in 31.12.2025.")},
    )
    done = FlagFilter(label=pgettext_lazy("recommendation filter", "done"), field_name="is_done")
    verified = FlagFilter(label=pgettext_lazy("recommendation filter", "verified"), field_name="is_verified")
    unverified = FlagFilter(
        label=pgettext_lazy("recommendation filter", "done, not verified"), field_name="is_unverified"
    )
    open = FlagFilter(label=pgettext_lazy("recommendation filter", "open"), field_name="is_open")
    overdue = FlagFilter(label=pgettext_lazy("recommendation filter", "overdue"), field_name="is_overdue")

    def __init__(self, data: QueryDict, queryset: QuerySet, *, branches: Sequence[Branch], **kwargs):
        super().__init__(data, queryset, branches=branches, **kwargs)
        bodies = Body.objects.filter(branch__in=branches, kind=self.body_kind).select_related("branch__district")
        names = [(str(body.pk), f"{body}, {body.branch.short_place}" if len(branches) > 1 else body) for body in bodies]
        self.filters["body"].extra["choices"] = names
        self.has_bodies = len(names) > 1
        measures = Measure.objects.filter(roadmap__branch__in=branches)
        sites = Site.objects.filter(branch__in=branches)
        for name, rows in (("measure", measures), ("site", sites)):
            self.filters[name].extra["choices"] = [(str(row.pk), row) for row in named(rows, data.get(name))]

    def from_origin(self, queryset: RecommendationQuerySet, name: str, origin: str) -> RecommendationQuerySet:
        """Keep those from meetings, from visits, from citizens' requests, or from monitoring."""
        _label, condition = ORIGINS[origin]
        return queryset.filter(**condition)

    def in_states(self, queryset: RecommendationQuerySet, name: str, states: list[str]) -> RecommendationQuerySet:
        """Keep those in any of these states; all when none is ticked."""
        return queryset.filter(day_state__in=states) if states else queryset

    def open_and_due_by(self, queryset: RecommendationQuerySet, name: str, day) -> RecommendationQuerySet:
        """Keep those of which something is awaited by the end of a day."""
        return queryset.filter(is_open=True, due_on__lte=day)

    @property
    def choices(self) -> list[forms.BoundField]:
        """The fields beside the search; councils only where the reader has several."""
        return [field for field in super().choices if field.name != "body" or self.has_bodies or field.errors]

    @property
    def chosen(self) -> list[Chosen]:
        """The filters in force, in words."""
        words = {"due_by": short_day(self.form.cleaned_data.get("due_by"))}
        return [replace(each, words=words.get(each.name, each.words)) for each in super().chosen]


class ProposalFilter(RecommendationFilter):
    """The same of councils, whose proposals all come from meetings."""

    frame = tuple(name for name in RecommendationFilter.frame if name != "origin")
    body_kind = BodyKind.COUNCIL

    origin = None
    body = django_filters.ChoiceFilter(
        label=_("Council"),
        field_name="meeting__body",
        empty_label=_("all councils"),
        error_messages={"invalid_choice": _("You have no such council. Choose one from the list.")},
    )
