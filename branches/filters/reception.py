"""What the register, the list of events and the log of opened cards can be narrowed by."""

import re
from collections.abc import Collection, Sequence

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils.dates import MONTHS
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from amanat_tracker.database.functions import matching
from amanat_tracker.generic.keys import named
from amanat_tracker.generic.lists import FlagFilter
from branches.choices import Channel, EventKind, HelpKind, RequestKind, RequestState
from branches.filters.rows import RowsFilter
from branches.models import Branch, Locality, PartyProject, ReceptionEvent, RequestOpening, Topic, User
from branches.models.events import ReceptionEventQuerySet
from branches.models.reception import RequestQuerySet

NOWHERE = "none"  # the word for "no locality was named" in an address
NUMBER = re.compile(r"№?\s*([0-9]{1,9})(?:\s*/\s*([0-9]{4}))?")
PERSONAL = re.compile(r"[0-9](?:[\s().+–-]*[0-9]){9,}")  # ten digits and more: an IIN, a telephone
NAMES = ("name_kk", "name_ru", "name_en")


def is_personal(text: str) -> bool:
    """Whether an IIN or a telephone number seems to stand in what was typed: it belongs into no address."""
    return PERSONAL.search(text) is not None


def choice(label: str, empty: str | None = None, **kwargs) -> django_filters.ChoiceFilter:
    """A choice beside the search; without `empty` one that only links set: it stays in the form, unseen."""
    unseen = {"widget": forms.HiddenInput, "template_name": "branches/_register_unseen.html"}
    missing = _("There is no such choice here, so nothing is shown. Choose from the list.")
    return django_filters.ChoiceFilter(
        label=label,
        error_messages={"invalid_choice": missing},
        **({"empty_label": empty} if empty else unseen),
        **kwargs,
    )


class RequestFilter(RowsFilter):
    """Narrows citizens' requests `as_of` a day.

    Localities are known of the branches `received` only, those that the reader receives for: of others nobody finds
    out by searching where somebody lives.
    """

    frame = (*RowsFilter.frame, "topic", "kind", "channel", "project", "event", "month", "locality", "mandates")

    q = django_filters.CharFilter(
        label=_("Search"),
        method="search",
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": _("number, topic")}),
        help_text=_("By number and topic, never by people: what is typed here stands in the address."),
    )
    state = choice(
        _("State"),
        pgettext_lazy("requests", "all states"),
        field_name="day_state",
        choices=[each for each in RequestState.choices if each[0] != RequestState.MISTAKE],
    )
    topic = choice(_("Topic"), _("all topics"), field_name="topic__key")
    kind = choice(_("Kind"), _("all kinds"), choices=RequestKind.choices)
    channel = choice(_("How it came"), _("all ways"), choices=Channel.choices)
    help = choice(_("What help was given"), _("any help"), field_name="day_help", choices=HelpKind.choices)
    project = choice(_("Party project"), _("all projects"), method="of_project")
    event = choice(_("Reception event"), field_name="day_event")
    month = choice(_("Month"), field_name="received_on__month", choices=[(str(n), MONTHS[n]) for n in MONTHS])
    locality = choice(_("Locality"), method="from_locality")
    open = FlagFilter(label=pgettext_lazy("requests", "open"), field_name="is_open")
    overdue = FlagFilter(label=pgettext_lazy("requests", "overdue"), field_name="is_overdue")
    due_soon = FlagFilter(label=pgettext_lazy("requests", "due soon"), field_name="is_due_soon")
    late_bodies = FlagFilter(label=_("a state body is late"), field_name="is_late_body")
    closed = FlagFilter(label=pgettext_lazy("requests", "closed"), field_name="is_closed")
    answered = FlagFilter(label=pgettext_lazy("requests", "answered"), field_name="is_answered")
    mandates = FlagFilter(label=_("voters' mandates only"), method="mandates_only")

    def __init__(
        self,
        data: QueryDict,
        queryset: QuerySet,
        *,
        branches: Sequence[Branch],
        received: Collection[int],
        **kwargs,
    ):
        super().__init__(data, queryset, branches=branches, **kwargs)
        self.received = received
        if received:
            self.filters["q"].extra["widget"] = forms.TextInput(
                attrs={"type": "search", "placeholder": _("number, topic, locality")}
            )
            self.filters["q"].extra["help_text"] = _(
                "By number, topic and locality. People are looked for on the page “Find an applicant”: what is typed "
                "here stands in the address."
            )
        self.filters["topic"].extra["choices"] = [(topic.key, topic.name) for topic in Topic.objects.all()]
        projects = PartyProject.objects.filter(pk__in=ReceptionEvent.objects.values("project"))
        self.filters["project"].extra["choices"] = [(project.key, project.name) for project in projects]
        events = named(ReceptionEvent.objects.filter(branch__in=branches), data.get("event"))
        self.filters["event"].extra["choices"] = [(str(event.pk), str(event)) for event in events]
        self.filters["locality"].extra["choices"] = list(self._localities(data.get("locality"), branches))

    def _localities(self, asked: str | None, branches: Sequence[Branch]) -> Sequence[tuple[str, str]]:
        """The locality of the address, if it is of a region where the reader receives."""
        if not asked or not self.received:
            return ()
        if asked == NOWHERE:
            return ((NOWHERE, gettext("not named")),)
        regions = {branch.region_id for branch in branches if branch.pk in self.received}
        found = named(Locality.objects.filter(district__region__in=regions), asked)
        return tuple((str(locality.pk), locality.name) for locality in found)

    def search(self, queryset: RequestQuerySet, name: str, text: str) -> RequestQuerySet:
        """Keep the requests of that number ("12", "№ 12/2026"), or whose topic or locality has every word."""
        number = NUMBER.fullmatch(text.strip())
        if number:
            year = {"year": int(number[2])} if number[2] else {}
            return queryset.filter(number=int(number[1]), **year)
        topics = [f"topic__{each}" for each in NAMES]
        places = [f"locality__{each}" for each in NAMES]
        return queryset.filter(matching(text, *topics) | Q(matching(text, *topics, *places), branch__in=self.received))

    @property
    def tells_places(self) -> bool:
        """Whether it tells, or helps to work out, from which place its rows are: by words, or by an event.

        Of an event the place is known; so it is also told by what came to the desk, as the rest.
        """
        picked = self.form.cleaned_data
        words = picked.get("q", "").strip()
        is_picked = any(picked.get(name) for name in ("locality", "event", "project", "channel"))
        return is_picked or bool(words and not NUMBER.fullmatch(words))

    def of_project(self, queryset: RequestQuerySet, name: str, asked: str) -> RequestQuerySet:
        """Keep what was asked at events of a party project."""
        return queryset.filter(day_event__in=ReceptionEvent.objects.filter(project__key=asked).values("pk"))

    def from_locality(self, queryset: RequestQuerySet, name: str, asked: str) -> RequestQuerySet:
        """Keep those from a locality, or from none that was named, of the branches that the reader receives for."""
        received = queryset.filter(branch__in=self.received)
        return received.filter(locality=None) if asked == NOWHERE else received.filter(locality=asked)

    def mandates_only(self, queryset: RequestQuerySet, name: str, asked: bool) -> RequestQuerySet:
        """Keep voters' mandates, when asked to."""
        return queryset.filter(kind=RequestKind.MANDATE) if asked else queryset


class EventFilter(RowsFilter):
    """Narrows reception events."""

    frame = (*RowsFilter.frame, "kind", "project")

    q = django_filters.CharFilter(
        label=_("Search"),
        method="search",
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": _("place, locality")}),
    )
    kind = choice(_("Kind of reception"), _("all kinds"), choices=EventKind.choices)
    project = choice(_("Party project"), _("all projects"), field_name="project__key")

    def __init__(self, data: QueryDict, queryset: QuerySet, *, branches: Sequence[Branch], **kwargs):
        super().__init__(data, queryset, branches=branches, **kwargs)
        projects = PartyProject.objects.filter(pk__in=ReceptionEvent.objects.values("project"))
        self.filters["project"].extra["choices"] = [(project.key, project.name) for project in projects]

    def search(self, queryset: ReceptionEventQuerySet, name: str, text: str) -> ReceptionEventQuerySet:
        """Keep the events whose place or locality has every word."""
        return queryset.filter(matching(text, "place", *(f"locality__{each}" for each in NAMES)))


class OpeningFilter(RowsFilter):
    """Narrows the log of opened cards."""

    branch_path = "request__branch"

    q = django_filters.CharFilter(
        label=_("Search"),
        method="search",
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": _("number")}),
    )
    reader = choice(_("Who"), _("everybody"))
    day = django_filters.DateFilter(
        label=_("On which day"),
        field_name="opened_at__date",
        widget=forms.DateInput(attrs={"type": "date", "class": "in"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("Enter the day as in 31.12.2025.")},
    )

    def __init__(self, data: QueryDict, queryset: QuerySet, *, branches: Sequence[Branch], **kwargs):
        super().__init__(data, queryset, branches=branches, **kwargs)
        opened = RequestOpening.objects.filter(request__branch__in=branches)
        readers = User.objects.filter(pk__in=opened.values("reader")).order_by("last_name", "first_name", "username")
        self.filters["reader"].extra["choices"] = [(str(reader.pk), str(reader)) for reader in readers]

    def search(self, queryset: QuerySet, name: str, text: str) -> QuerySet:
        """Keep the openings of the request of that number; of words there is nothing to find."""
        number = NUMBER.fullmatch(text.strip())
        if not number:
            return queryset.none()
        year = {"request__year": int(number[2])} if number[2] else {}
        return queryset.filter(request__number=int(number[1]), **year)
