"""Readers of the pages of reception, and a year of it."""

import datetime as dt

import pytest
from django.conf import settings

from branches import actions
from branches.choices import Channel, EventKind, HelpKind, RequestKind, RequestState
from branches.models import CalendarDay, Locality
from tests.reception.pages import DAY


@pytest.fixture(autouse=True)
def stopped_clock(noon):
    """Every page here is asked for on the day of the cast."""


@pytest.fixture
def reader(as_user):
    """`reader(user)`: a client that reads in English."""

    def log_in(user):
        client = as_user(user)
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
        return client

    return log_in


@pytest.fixture
def officer(reader, cast):
    """The browser of the reception officer of `own`."""
    return reader(cast.people.reception)


@pytest.fixture
def chair(reader, cast):
    """The browser of the chair, who sees numbers of the whole region."""
    return reader(cast.people.chair)


def received_for(due, answer_days=15):
    """The latest day on which a request is received that is due on `due`."""
    workdays = CalendarDay.objects.workdays()
    return next(day for day in (due - n * DAY for n in range(1, 90)) if workdays.after(day, answer_days) == due)


@pytest.fixture
def asked(cast):
    """`asked(due)`: a request of `own` that is in work and due on that day."""

    def register(due, branch="own", **said):
        day = received_for(due)
        return cast.add_request(branch, today=day, **{"state": RequestState.IN_WORK, **said})

    return register


@pytest.fixture
def life(cast):
    """Requests of `own` in all nine states, of both topics, one a mandate; two at an event; one of `other`."""
    day = dt.date(2025, 5, 20)
    village = Locality.objects.get(district=cast.own.district)
    event = actions.record_event(
        branch=cast.own,
        by=cast.people.reception,
        today=day,
        kind=EventKind.MOBILE,
        place="мәдениет үйі",
        held_on=day,
        project=cast.project,
        locality=village,
    )
    at_event = {"channel": Channel.EVENT, "event": event}
    steps = {
        RequestState.IN_WORK: {},
        RequestState.FORWARDED: {"forwarded_to": "әкімдік"},
        RequestState.WAITING: {"reason": "documents"},
        RequestState.POSITIVE: {"help_kind": HelpKind.LEGAL_SUPPORT, **at_event},
        RequestState.EXPLAINED: {"note": "түсіндірілді", **at_event},
        RequestState.REFUSED: {"note": "негіз жоқ"},
        RequestState.WITHDRAWN: {},
        RequestState.MISTAKE: {"note": "қате"},
        RequestState.REGISTERED: {"kind": RequestKind.MANDATE},
    }
    for number, (state, said) in enumerate(steps.items()):
        cast.add_request(today=day, state=state, topic=number % 2, locality=village, **said)
    cast.add_request("other", today=day, locality=Locality.objects.get(district=cast.other.district))
    cast.event = event
    return cast
