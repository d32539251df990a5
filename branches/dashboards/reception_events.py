"""The card of a reception event, and what the list of events says of each."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce

from branches.choices import RequestState
from branches.dashboards.links import rows_url
from branches.models import EventAnnulment, ReceptionEvent, Request
from branches.models.events import ReceptionEventQuerySet


@dataclass(frozen=True)
class EventCard:
    """A reception event as it was known at the end of `day`, with its requests in numbers."""

    event: ReceptionEvent
    day: dt.date
    annulment: EventAnnulment | None
    states: Mapping[str, int]
    residents: int

    @property
    def is_known(self) -> bool:
        """Whether it had been entered by then."""
        return self.event.entered_on <= self.day

    @property
    def requests(self) -> int:
        """How many requests were made at it."""
        return sum(self.states.values())

    @property
    def list_url(self) -> str:
        """The events of its branch and year."""
        return rows_url("branches:event_list", year=self.event.held_on.year, branch=self.event.branch)

    @property
    def url(self) -> str:
        """The register of these requests."""
        return self._url()

    @property
    def lines(self) -> list[tuple[RequestState, int, str]]:
        """The states that occur, with their numbers and ways to the rows."""
        found = (state for state in RequestState if state in self.states)
        return [(state, self.states[state], self._url(state=state.value)) for state in found]

    def _url(self, **picked: str) -> str:
        where = {"year": self.event.held_on.year, "day": self.day}
        return rows_url("branches:request_list", **where, event=self.event.pk, **picked)


def event_card(event: ReceptionEvent, day: dt.date) -> EventCard:
    """The card of an event. Three queries."""
    annulment = EventAnnulment.objects.known_on(day).filter(event=event).select_related("author", "instead").first()
    asked = Request.objects.as_of(day).at_event(event.pk)
    counted = asked.order_by().values("day_state").annotate(n=Count("pk"))
    people = asked.aggregate(n=Count("applicant", distinct=True))
    return EventCard(event, day, annulment, {row["day_state"]: row["n"] for row in counted}, people["n"])


def with_requests(events: ReceptionEventQuerySet, day: dt.date) -> ReceptionEventQuerySet:
    """Add `requests_count` and `residents` (applicants, each counted once), as known on `day`."""
    asked = Request.objects.as_of(day).at_event(OuterRef("pk")).order_by().values("day_event")
    return events.annotate(
        requests_count=Coalesce(Subquery(asked.annotate(n=Count("pk")).values("n")), 0),
        residents=Coalesce(Subquery(asked.annotate(n=Count("applicant", distinct=True)).values("n")), 0),
    )
