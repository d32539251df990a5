"""The card of a citizen's request as it was known on a day: where it stands, its clock, its story."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile

from django.db.models import QuerySet
from django.utils.functional import cached_property

from branches.choices import ANSWERED, CLOCK_STOPPED, REQUEST_CLOSED, SOON, ConsentAct, RequestState
from branches.dashboards.chronicle import Told, chronicle
from branches.dashboards.links import rows_url
from branches.forms.requests import SAYABLE
from branches.models import CalendarDay, Consent, ReceptionEvent, Request, RequestStep
from branches.workdays import Workdays


def requests_with_applicants() -> QuerySet[Request]:
    """Requests with what their pages say of each: whose it is, what about, where from, who asks."""
    return Request.objects.select_related(
        "branch__region", "branch__district", "topic", "locality", "event__annulment__instead", "applicant", "author"
    )


@dataclass(frozen=True)
class Clock:
    """By when the branch answers, in working days from a day; `due_on` is None while nothing runs.

    `left` counts the working days until then (less than 0: so many too late), or those that were left when the clock
    was stopped, on `stopped_on`; of what is closed, those between the answer and its day.
    """

    due_on: dt.date | None = None
    left: int | None = None
    stopped_on: dt.date | None = None
    is_late: bool = False

    @property
    def late_by(self) -> int:
        """How many working days it is too late; 0 when only days off have passed since."""
        return max(0, -(self.left or 0))

    @property
    def is_due_soon(self) -> bool:
        """Whether few working days are left."""
        return self.left is not None and 0 <= self.left <= SOON and not self.is_late


@dataclass(frozen=True)
class RequestCard:
    """Everything that the card of a request shows, as it was known at the end of `day`."""

    request: Request
    day: dt.date
    steps: Sequence[RequestStep]  # in the order of entry
    consents: Sequence[Consent]  # of its applicant
    workdays: Workdays

    @property
    def event(self) -> ReceptionEvent | None:
        """The reception event at which it was asked: of one entered by mistake, the one entered instead."""
        event = self.request.event
        annulment = getattr(event, "annulment", None)
        return annulment.instead if annulment and annulment.entered_on <= self.day else event

    @property
    def is_known(self) -> bool:
        """Whether it had been registered by the day."""
        return bool(self.steps)

    @property
    def last(self) -> RequestStep:
        """The last step, perhaps a recount of the calendar."""
        return self.steps[-1]

    @cached_property
    def said(self) -> RequestStep:
        """The last step that somebody said of it."""
        return next(step for step in reversed(self.steps) if not step.is_recount)

    @property
    def state(self) -> RequestState:
        """How far it had come."""
        return RequestState(self.last.state)

    @property
    def is_open(self) -> bool:
        """Whether something is still awaited of it."""
        return self.state not in REQUEST_CLOSED

    @property
    def is_answered(self) -> bool:
        """Whether the applicant got an answer."""
        return self.state in ANSWERED

    @property
    def is_stopped(self) -> bool:
        """Whether the branch's own clock stands still."""
        return self.state in CLOCK_STOPPED

    @property
    def is_erased(self) -> bool:
        """Whether what was personal is gone."""
        return self.request.applicant.anonymised_on is not None

    @property
    def next_states(self) -> list[RequestState]:
        """What may be said of it next."""
        if self.state == RequestState.MISTAKE or self.is_erased:
            return []
        if not self.is_open:
            return [RequestState.IN_WORK, RequestState.MISTAKE]
        return list(SAYABLE)  # also the same again: forwarded to another body, waiting for something else

    @cached_property
    def clock(self) -> Clock:
        """The branch's own clock, as the steps told it."""
        if self.is_stopped:
            standing = list(takewhile(lambda step: step.state in CLOCK_STOPPED, reversed(self.steps)))
            return Clock(left=self.last.days_left, stopped_on=standing[-1].happened_on, is_late=self.last.days_left < 0)
        if self.is_open:
            return self._running(self.last.due_on, self.day)
        before = next((step for step in reversed(self.steps) if step.state not in REQUEST_CLOSED), self.last)
        if before.state in CLOCK_STOPPED:
            return Clock(left=before.days_left, is_late=before.days_left < 0)
        return self._running(before.due_on, self.said.happened_on)

    def _running(self, due_on: dt.date, day: dt.date) -> Clock:
        return Clock(due_on=due_on, left=self.workdays.between(day, due_on), is_late=due_on < day)

    @property
    def body_clock(self) -> Clock | None:
        """The clock of the state body that has it; None when none has."""
        return self._running(self.last.due_on, self.day) if self.state == RequestState.FORWARDED else None

    @property
    def consent(self) -> Consent | None:
        """What the applicant said last of the use of their data."""
        return self.consents[-1] if self.consents else None

    @property
    def has_consent(self) -> bool:
        """Whether the consent stands."""
        return self.consent is not None and self.consent.act == ConsentAct.GIVEN

    @property
    def summary(self) -> str:
        """What is asked; nothing once it was erased."""
        words = getattr(self.request, "words", None)
        return words.summary if words else ""

    @cached_property
    def story(self) -> list[Told]:
        """Everything that happened to it, the newest first."""
        lines = [
            Told(step.happened_on, step, "branches/_request_told_step.html", *self._look(step)) for step in self.steps
        ]
        for consent in self.consents:
            if consent.act == ConsentAct.WITHDRAWN and consent.entered_on >= self.request.entered_on:
                lines.append(Told(consent.happened_on, consent, "branches/_request_told_consent.html", "remd", "none"))
        return chronicle(lines)

    def _look(self, step: RequestStep) -> tuple[str, str]:
        state = RequestState(step.state)
        return ("clock", "none") if step.is_recount else (state.mark, state.tone)

    @property
    def list_url(self) -> str:
        """The register of its branch and year."""
        return rows_url("branches:request_list", year=self.request.year, branch=self.request.branch)

    @property
    def has_samples(self) -> bool:
        """Whether anything on the card is sample data."""
        return any(row.is_sample for row in (self.request, *self.steps))


def request_card(request: Request, day: dt.date) -> RequestCard:
    """Gather the card of a request (of `requests_with_applicants`) as it was known on `day`. Three queries."""
    steps = RequestStep.objects.known_on(day).filter(request=request).select_related("author", "words").order_by("id")
    consents = Consent.objects.known_on(day).filter(applicant=request.applicant_id)
    return RequestCard(
        request=request,
        day=day,
        steps=list(steps),
        consents=list(consents.select_related("author", "text").newest_first().reverse()),
        workdays=CalendarDay.objects.workdays(),
    )
