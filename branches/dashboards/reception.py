"""What reception offices did in a year, counted from rows; read by pages, the overview and the figures."""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from functools import partial

from django.db.models import Count, OuterRef, Q, Subquery

from branches.choices import ANSWERED, REQUEST_CLOSED, SOON, HelpKind, RequestKind, RequestState
from branches.dashboards.links import rows_url
from branches.metrics import Share
from branches.models import Branch, CalendarDay, ReceptionEvent, Request


@dataclass(frozen=True)
class ProjectReception:
    """Receptions within one party project: how many, whom they reached, whom they helped.

    Residents are counted once, however often they asked; `helped` are those whose request was resolved positively,
    `legal_support` those of them who were given legal support.
    """

    key: str
    name: str
    events: int = 0
    residents: int = 0
    helped: int = 0
    legal_support: int = 0
    requests: int = 0
    requests_helped: int = 0
    requests_supported: int = 0

    @property
    def supported(self) -> Share:
        """Legal support, of those who were helped."""
        return Share(self.legal_support, self.helped)


class AnsweredShares:
    """What is worked out of how many requests were registered, closed and resolved positively."""

    registered: int
    closed: int
    positive: int

    @property
    def open(self) -> int:
        """Something is still awaited of them."""
        return self.registered - self.closed

    @property
    def positive_of_registered(self) -> Share:
        """Resolved positively, of all that were registered."""
        return Share(self.positive, self.registered)

    @property
    def positive_of_closed(self) -> Share:
        """Resolved positively, of those that are closed: the other way to count, higher while many are open."""
        return Share(self.positive, self.closed)


@dataclass(frozen=True)
class ReceptionCounts(AnsweredShares):
    """The requests received in a year, as known on a day: disjoint states that add up to the whole, and flags."""

    states: Mapping[str, int] = field(default_factory=dict)
    overdue: int = 0
    due_soon: int = 0
    late_bodies: int = 0
    mandates: int = 0
    events: int = 0
    projects: list[ProjectReception] = field(default_factory=list)
    has_samples: bool = False
    urls: Mapping[str, str] = field(default_factory=dict)

    def count(self, state: str) -> int:
        """How many stand in a state."""
        return self.states.get(state, 0)

    @property
    def registered(self) -> int:
        """All of them, each in exactly one state."""
        return sum(self.states.values())

    @property
    def positive(self) -> int:
        """Resolved positively."""
        return self.count(RequestState.POSITIVE)

    @property
    def answered(self) -> int:
        """Answered: positively, by an explanation, or refused."""
        return sum(self.count(state) for state in ANSWERED)

    @property
    def closed(self) -> int:
        """Nothing more is awaited of them."""
        return sum(self.count(state) for state in REQUEST_CLOSED)


def soon_after(day: dt.date) -> dt.date:
    """Until which day an answer is due soon on `day`. One query."""
    return CalendarDay.objects.workdays().after(day, SOON)


def reception_counts(
    *, branch: Branch | None, scope: Collection[int], year: int, day: dt.date, mandates_only: bool = False
) -> ReceptionCounts:
    """Count the reception of the branches `scope` (primary keys) in a year, as known on `day`. Five queries.

    With `mandates_only` requests and residents are those of voters' mandates; events are all.
    """
    requests = Request.objects.filter(branch__in=scope).as_of(day, soon_after(day)).received_in(year)
    if mandates_only:
        requests = requests.filter(kind=RequestKind.MANDATE)
    rows = list(requests.counted_by("kind", "is_sample"))
    events = list(
        ReceptionEvent.objects.as_of(day)
        .filter(branch__in=scope)
        .held_in(year)
        .order_by()
        .values("is_sample")
        .annotate(n=Count("pk"))
    )
    states: Counter[str] = Counter()
    for row in rows:
        states[row["day_state"]] += row["n"]
    return ReceptionCounts(
        states=states,
        overdue=sum(row["n"] for row in rows if row["is_overdue"]),
        due_soon=sum(row["n"] for row in rows if row["is_due_soon"]),
        late_bodies=sum(row["n"] for row in rows if row["is_late_body"]),
        mandates=sum(row["n"] for row in rows if row["kind"] == RequestKind.MANDATE),
        events=sum(row["n"] for row in events),
        projects=_projects(scope, year, day, mandates_only),
        has_samples=any(row["is_sample"] for row in (*rows, *events)),
        urls=reception_urls(partial(rows_url, branch=branch, year=year, day=day), mandates_only=mandates_only),
    )


def _projects(scope: Collection[int], year: int, day: dt.date, mandates_only: bool) -> list[ProjectReception]:
    """Receptions by party project: events held in the year, and the requests of these events. Two queries."""
    held = ReceptionEvent.objects.as_of(day).filter(branch__in=scope, project__isnull=False).held_in(year)
    events = held.select_related("project").order_by("project__position", "project")
    counted: dict[int, int] = {}
    projects = {}
    for event in events:
        projects[event.project_id] = event.project
        counted[event.project_id] = counted.get(event.project_id, 0) + 1
    helped = Q(day_state=RequestState.POSITIVE)
    supported = helped & Q(day_help=HelpKind.LEGAL_SUPPORT)
    requests = Request.objects.as_of(day).filter(day_event__in=held.values("pk"))
    project = ReceptionEvent.objects.filter(pk=OuterRef("day_event")).values("project")[:1]
    if mandates_only:
        requests = requests.filter(kind=RequestKind.MANDATE)
    asked = {
        row["day_project"]: row
        for row in requests.order_by()
        .annotate(day_project=Subquery(project))
        .values("day_project")
        .annotate(
            residents=Count("applicant", distinct=True),
            helped=Count("applicant", distinct=True, filter=helped),
            legal_support=Count("applicant", distinct=True, filter=supported),
            requests=Count("pk"),
            requests_helped=Count("pk", filter=helped),
            requests_supported=Count("pk", filter=supported),
        )
    }
    return [
        ProjectReception(
            key=project.key,
            name=project.name,
            events=counted[pk],
            **{name: value for name, value in asked.get(pk, {}).items() if name != "day_project"},
        )
        for pk, project in projects.items()
    ]


def reception_urls(to: Callable[..., str], *, mandates_only: bool = False) -> dict[str, str]:
    """Addresses of the rows behind each of these figures, by what they are.

    `to(view, **picked)` gives a list of the branches, the year and the day that the figures are of; see `rows_url`.
    "registered" are all that ever were; those that nobody has taken in work since are "fresh".
    """
    kept = {"mandates": True} if mandates_only else {}
    requests = partial(to, "branches:request_list")
    flags = ("open", "closed", "answered", "overdue", "due_soon", "late_bodies")
    states = (state.value for state in RequestState if state is not RequestState.MISTAKE)
    return {
        **{state: requests(**kept, state=state) for state in states},
        "registered": requests(**kept),
        "fresh": requests(**kept, state=RequestState.REGISTERED.value),
        **{flag: requests(**kept, **{flag: True}) for flag in flags},
        "mandates": requests(mandates=True),
        "events": to("branches:event_list"),
        "topics": to("branches:topic_table", **kept),
    }
