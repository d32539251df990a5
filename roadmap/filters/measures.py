"""What lists of the roadmap can be narrowed by."""

from collections.abc import Sequence

import django_filters
from django import forms
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from amanat_tracker.generic.lists import AppFilter, FlagFilter
from branches.models import Branch
from roadmap.choices import DelayReason, Status
from roadmap.models import Direction
from roadmap.models.measures import MeasureQuerySet


class MeasureFilter(AppFilter):
    """Narrows measures `as_of` a day: about what they are, in which class they stand, which flags they carry."""

    frame = ("q", "branch", "direction")

    q = django_filters.CharFilter(
        label=_("Search"),
        method="search",
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": _("title, number, executor, village")}),
    )
    branch = django_filters.ChoiceFilter(
        label=_("Branch"),
        field_name="roadmap__branch__slug",
        empty_label=_("all branches"),
        error_messages={"invalid_choice": _("You have no such branch. Choose one from the list.")},
    )
    direction = django_filters.ChoiceFilter(
        label=_("Direction"),
        field_name="direction__slug",
        empty_label=_("all directions"),
        error_messages={"invalid_choice": _("There is no such direction. Choose one from the list.")},
    )
    status = django_filters.MultipleChoiceFilter(
        label=_("Status"),
        method="in_classes",
        choices=Status.choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": _("There is no such status. Choose from the list.")},
    )
    overdue = FlagFilter(label=pgettext_lazy("filter", "overdue"), field_name="is_overdue")
    at_risk = FlagFilter(label=pgettext_lazy("filter", "at risk"), field_name="is_at_risk")
    stale = FlagFilter(label=pgettext_lazy("filter", "report older than 30 days"), field_name="is_stale")
    returned = FlagFilter(label=pgettext_lazy("filter", "returned by party control"), field_name="is_returned")
    confirmed = FlagFilter(label=pgettext_lazy("filter", "confirmed on site"), field_name="is_confirmed")
    unconfirmed = FlagFilter(label=pgettext_lazy("filter", "claimed, not confirmed"), field_name="is_unconfirmed")
    chronic = FlagFilter(label=pgettext_lazy("filter", "not done three years running"), field_name="is_chronic")
    slipped = FlagFilter(label=pgettext_lazy("filter", "deadline later than the first"), field_name="is_slipped")
    contradicted = FlagFilter(label=pgettext_lazy("filter", "done, and yet citizens ask"), field_name="is_contradicted")
    reason = django_filters.ChoiceFilter(
        label=_("At risk because of"),
        method="at_risk_for",
        choices=DelayReason.choices,
        empty_label=_("whatever it is"),
        error_messages={"invalid_choice": _("There is no such reason. Choose one from the list.")},
    )
    moved_for = django_filters.ChoiceFilter(
        label=_("Deadline moved because of"),
        field_name="day_move_reason",
        choices=DelayReason.choices,
        empty_label=_("whatever it is"),
        error_messages={"invalid_choice": _("There is no such reason. Choose one from the list.")},
    )

    def __init__(self, data: QueryDict, queryset: QuerySet, *, branches: Sequence[Branch], year: int, **kwargs):
        super().__init__(data, queryset, **kwargs)
        directions = Direction.objects.filter(programme__roadmaps__year=year).distinct().order_by("programme", "number")
        self.filters["branch"].extra["choices"] = [(branch.slug, branch.place) for branch in branches]
        self.filters["direction"].extra["choices"] = [(direction.slug, direction.name) for direction in directions]

    def search(self, queryset: MeasureQuerySet, name: str, text: str) -> MeasureQuerySet:
        """Keep the measures that mention every word."""
        return queryset.search(text)

    def in_classes(self, queryset: MeasureQuerySet, name: str, statuses: list[str]) -> MeasureQuerySet:
        """Keep the measures of any of these classes."""
        return queryset.filter(day_status__in=statuses)

    def at_risk_for(self, queryset: MeasureQuerySet, name: str, reason: str) -> MeasureQuerySet:
        """Keep the measures that are at risk for this reason."""
        return queryset.filter(is_at_risk=True, day_delay_reason=reason)

    @property
    def reasons(self) -> list[forms.BoundField]:
        """The choices of a reason."""
        return [self.form["reason"], self.form["moved_for"]]

    @property
    def flags(self) -> list[forms.BoundField]:
        """The ticks."""
        return [self.form[name] for name, known in self.filters.items() if isinstance(known, FlagFilter)]

    @property
    def more_errors(self) -> bool:
        """Whether a status, a tick or a reason was not understood."""
        return any(field.errors for field in (self.form["status"], *self.reasons, *self.flags))
