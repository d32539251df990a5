"""What lists of meetings and of issues can be narrowed by."""

from collections.abc import Sequence

import django_filters
from django import forms
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from amanat_tracker.database.functions import matching
from branches.filters.rows import RowsFilter
from branches.models import Branch
from roadmap.choices import BodyKind, MeetingKind
from roadmap.models import Body
from roadmap.models.bodies import BodyQuerySet

ISSUE_SEARCHED = ("title", "decision", *(f"meeting__body__name_{language}" for language in ("kk", "ru", "en")))


class BodyFilter(RowsFilter):
    """Narrows rows of bodies of one kind; which body is part of the frame."""

    body_kind: BodyKind
    body_path = "body"
    frame = ("q", "region", "branch", "body")

    body = django_filters.ChoiceFilter(
        method="of_body",
        error_messages={"invalid_choice": _("You have no such commission or council. Choose one from the list.")},
    )

    def __init__(self, data: QueryDict, queryset: QuerySet, *, branches: Sequence[Branch], **kwargs):
        super().__init__(data, queryset, branches=branches, **kwargs)
        places = {branch.pk: branch.place for branch in branches}
        bodies = Body.objects.filter(kind=self.body_kind, branch__in=places)
        self.filters["body"].extra["choices"] = [
            (row.pk, f"{row.name}, {places[row.branch_id]}" if self.has_branches else row.name)
            for row in bodies.order_by("branch__region", "branch__kind", "branch__district__river_order", "id")
        ]
        self.filters["body"].extra["empty_label"] = _("all")
        self.filters["body"].label = BODY_WORDS[self.body_kind]

    def of_body(self, queryset: QuerySet, name: str, pk: str) -> QuerySet:
        """Keep the body's own rows."""
        return queryset.filter(**{self.body_path: pk})

    def framed_bodies(self, bodies: BodyQuerySet) -> BodyQuerySet:
        """Of `bodies`, those of the frame; the words searched for are left aside: they speak of meetings."""
        chosen = self.form.cleaned_data
        paths = {"region": "branch__region__slug", "branch": "branch__slug", "body": "pk"}
        if any(name in self.errors for name in paths):
            return bodies.none()
        return bodies.filter(**{path: chosen[name] for name, path in paths.items() if chosen[name]})

    @property
    def choices(self) -> list[forms.BoundField]:
        """A branch has one commission only: it is chosen by its branch, unless it was chosen already."""
        idle = self.body_kind == BodyKind.COMMISSION and not self.form["body"].value()
        return [field for field in super().choices if not (idle and field.name == "body")]


BODY_WORDS: dict[BodyKind, str | Promise] = {
    BodyKind.COMMISSION: _("Commission"),
    BodyKind.COUNCIL: pgettext_lazy("body", "Council"),
}


class MeetingFilter(BodyFilter):
    """Narrows the meetings of commissions."""

    body_kind = BodyKind.COMMISSION
    branch_path = "body__branch"

    kind = django_filters.ChoiceFilter(
        label=_("Kind of meeting"),
        choices=MeetingKind.choices,
        empty_label=_("all"),
        error_messages={"invalid_choice": _("There is no such kind. Choose one from the list.")},
    )


class CouncilFilter(MeetingFilter):
    """Narrows the meetings of councils."""

    body_kind = BodyKind.COUNCIL


class IssueFilter(BodyFilter):
    """Narrows the issues that councils considered."""

    body_kind = BodyKind.COUNCIL
    body_path = "meeting__body"
    branch_path = "meeting__body__branch"

    def search(self, queryset: QuerySet, name: str, text: str) -> QuerySet:
        """Keep the issues in which, or in whose decision or council, every word occurs."""
        return queryset.filter(matching(text, *ISSUE_SEARCHED))
