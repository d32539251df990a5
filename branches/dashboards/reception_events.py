"""The card of a reception event, and what the list of events says of each."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Count

from branches.choices import RequestState
from branches.dashboards.links import rows_url
from branches.models import ReceptionEvent, Request


@dataclass(frozen=True)
class EventCard:
    """A reception event as it was known at the end of `day`, with its requests in numbers."""

    event: ReceptionEvent
    day: dt.date
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
    """The card of an event. Two queries."""
    asked = Request.objects.filter(event=event).as_of(day)
    counted = asked.order_by().values("day_state").annotate(n=Count("pk"))
    people = asked.aggregate(n=Count("applicant", distinct=True))
    return EventCard(event, day, {row["day_state"]: row["n"] for row in counted}, people["n"])
