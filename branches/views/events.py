"""Pages of reception events: the list, recording one, its card."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Count, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from amanat_tracker.database.functions import in_kazakh_order
from amanat_tracker.generic.pages import ActionPage
from branches import actions
from branches.choices import BranchKind, Permission
from branches.dashboards.links import rows_url
from branches.dashboards.reception_events import EventCard, event_card, with_requests
from branches.dashboards.reception_scope import reception_years
from branches.filters.reception import EventFilter
from branches.forms.reception import EventAnnulmentForm, EventForm
from branches.models import EventAnnulment, Locality, PartyProject, ReceptionEvent, Request
from branches.models.events import ReceptionEventQuerySet
from branches.tables.reception import EventTable
from branches.views.day import DayCardPage
from branches.views.desk import DeskPage
from branches.views.listing import BranchListPage, ListCount


class EventListPage(BranchListPage):
    """The reception events of a year, with what citizens asked at each as known on a day."""

    model = ReceptionEvent
    filterset_class = EventFilter
    table_class = EventTable
    template_name = "branches/event_list.html"
    heading = gettext_lazy("Reception events")

    def years(self) -> dict[int, bool]:
        """The years of reception."""
        return reception_years(self.request.user, timezone.localdate())

    def rows(self, scoped: ReceptionEventQuerySet) -> ReceptionEventQuerySet:
        """Those held in the year."""
        held = scoped.as_of(self.moment.day).held_in(self.moment.year)
        return with_requests(held, self.moment.day).select_related(
            "branch__district", "branch__region", "locality", "project"
        )

    def counts(self) -> Iterable[ListCount]:
        """How many events; who came to them is said above, for it is no number of rows."""
        count = self.filterset.frame_qs.order_by().count()
        yield ListCount(
            "",
            pgettext_lazy("after a number", "reception events"),
            count,
            self.address_of(),
            "visit",
            "done",
            not self.picked,
        )

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        """How many residents came, each counted once; whether the reader records events."""
        events = self.filterset.qs.order_by().values("pk")
        asked = Request.objects.as_of(self.moment.day).filter(day_event__in=events)
        came = asked.aggregate(residents=Count("applicant", distinct=True), requests=Count("pk"))
        may_receive = Permission.RECEIVE in self.request.user.permissions
        return super().get_context_data(came=came, may_receive=may_receive, **kwargs)


class EventRecordPage(DeskPage):
    """A reception event is recorded in a branch; of several the branch is chosen first."""

    template_name = "branches/event_record.html"
    doing = gettext_lazy("Record a reception event")
    here = "event_list"

    def get_form(self, form_class: type[forms.Form] | None = None) -> EventForm:
        """The form; a locality of the branch's land, a project that runs this year."""
        is_regional = self.object.kind == BranchKind.REGIONAL
        land = {"district__region": self.object.region_id} if is_regional else {"district": self.object.district_id}
        return EventForm(
            **self.sent,
            today=self.today,
            localities=Locality.objects.filter(**land).order_by("district__river_order", in_kazakh_order("name_kk")),
            projects=PartyProject.objects.valid_in(self.today.year),
        )

    def back_url(self) -> str:
        """To the list of events."""
        return rows_url("branches:event_list", branch=self.object)

    def perform(self, form: EventForm) -> ReceptionEvent:
        """Record it."""
        self.made = actions.record_event(
            branch=self.object, by=self.request.user, today=self.today, **form.cleaned_data
        )
        return self.made

    def said(self, result: ReceptionEvent) -> list[tuple[int, str]]:
        """That it is kept, and what follows."""
        return [(messages.SUCCESS, _("The event is recorded. Now register what citizens asked at it."))]


class EventPage(DayCardPage):
    """A reception event, with what citizens asked at it in numbers, as known on a day."""

    model = ReceptionEvent
    template_name = "branches/event_detail.html"

    def get_queryset(self) -> QuerySet:
        """Events with their places."""
        return ReceptionEvent.objects.select_related(
            "branch__district", "branch__region", "locality", "project", "author"
        )

    def card(self, day: dt.date) -> EventCard:
        """The card of the day."""
        return event_card(self.object, day)

    def open_ways(self, card: EventCard, today: dt.date) -> dict[str, Any]:
        """The way to register what somebody asked at it."""
        if card.annulment or not self.may(Permission.RECEIVE, self.object):
            return {}
        return {
            "register_url": reverse("branches:request_register", query={"event": self.object.pk}),
            "annul_url": reverse("branches:event_annul", args=[self.object.pk]),
        }


class EventAnnulPage(ActionPage):
    """A reception event had been entered by mistake: it is no longer counted."""

    model = ReceptionEvent
    permission = Permission.RECEIVE
    template_name = "branches/event_annul.html"

    def get_queryset(self) -> QuerySet:
        """Events with their places."""
        return ReceptionEvent.objects.select_related("branch__district", "branch__region")

    @cached_property
    def card(self) -> EventCard:
        """The card of today."""
        return event_card(self.object, self.today)

    def get_form(self, form_class: type[forms.Form] | None = None) -> EventAnnulmentForm:
        """The form; the events that may have been meant, the newest first."""
        events = actions.may_stand_instead(self.object).order_by("-held_on", "-pk")
        return EventAnnulmentForm(**self.get_form_kwargs(), events=events, has_requests=bool(self.card.requests))

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        """How many requests were made at it, or that it was said already."""
        return super().get_context_data(card=self.card, **kwargs)

    def perform(self, form: EventAnnulmentForm) -> EventAnnulment:
        """Say so."""
        return actions.annul_event(event=self.object, by=self.request.user, today=self.today, **form.cleaned_data)

    def said(self, result: EventAnnulment) -> list[tuple[int, str]]:
        """What that means."""
        return [(messages.SUCCESS, _("The event is no longer counted. Its card stays, and says so."))]
