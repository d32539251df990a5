"""A year of reception in numbers, each with the way to its rows."""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Self

from django.db.models.functions import ExtractMonth
from django.urls import reverse
from django.utils.functional import cached_property

from branches.choices import REQUEST_CLOSED, HelpKind, Permission, RequestKind, RequestState
from branches.dashboards.reception import (
    AnsweredShares,
    ProjectReception,
    ReceptionCounts,
    reception_counts,
    reception_urls,
)
from branches.dashboards.reception_scope import Scope
from branches.metrics import Share
from branches.models import Branch, ReceptionRule, Request, Topic, User

Address = Callable[..., str]  # (view, **picked): a page of the branches, the year and the day


@dataclass(frozen=True)
class Numbers(AnsweredShares):
    """Requests counted: `closed` and the open ones are all that were registered."""

    registered: int = 0
    closed: int = 0
    positive: int = 0
    overdue: int = 0

    @classmethod
    def of(cls, rows: Iterable[Mapping[str, Any]]) -> Self:
        """Add up rows of `Request.objects.counted_by`."""
        rows = list(rows)
        return cls(
            registered=sum(row["n"] for row in rows),
            closed=sum(row["n"] for row in rows if row["day_state"] in REQUEST_CLOSED),
            positive=sum(row["n"] for row in rows if row["day_state"] == RequestState.POSITIVE),
            overdue=sum(row["n"] for row in rows if row["is_overdue"]),
        )


@dataclass(frozen=True)
class Line:
    """Requests of one branch, month or topic; `urls` open each number; `heights` draw it beside the others."""

    name: str
    numbers: Numbers
    urls: Mapping[str, str]
    most: int = 0

    @property
    def heights(self) -> tuple[str, str, str]:
        """What was registered, closed and resolved positively, as SVG lengths."""
        numbers = self.numbers
        told = (numbers.registered, numbers.closed, numbers.positive)
        return tuple(Share(count, self.most).width for count in told)


@dataclass(frozen=True)
class ProjectLine:
    """Receptions within one party project, with the way to the events and to the requests behind each number."""

    project: ProjectReception
    urls: Mapping[str, str]


@dataclass(frozen=True)
class Rule:
    """How a branch receives, and where its supervisor changes that."""

    branch: Branch
    rule: ReceptionRule
    day: dt.date
    url: str

    @property
    def takes_mandates_only(self) -> bool:
        """Whether only voters' mandates are registered on the day."""
        return self.rule.takes_mandates_only(self.day)


@dataclass(frozen=True)
class ReceptionYear:
    """A year of reception in numbers, as known on a day; of all requests, or of voters' mandates only."""

    scope: Scope
    year: int
    day: dt.date
    mandates_only: bool
    counts: ReceptionCounts
    branches: Sequence[Line]
    months: Sequence[Line]
    topics: Sequence[Line]
    projects: Sequence[ProjectLine]
    rules: Sequence[Rule]

    @property
    def states(self) -> list[tuple[RequestState, int, str]]:
        """The states, disjoint, that add up to all that were registered: with their numbers and ways to the rows."""
        urls = {**self.counts.urls, RequestState.REGISTERED.value: self.counts.urls["fresh"]}
        shown = (state for state in RequestState if state is not RequestState.MISTAKE)
        return [(state, self.counts.count(state), urls[state]) for state in shown]

    @property
    def widths(self) -> tuple[str, str]:
        """Of a bar of all that were registered: how far those closed reach, and those resolved positively."""
        whole = self.counts.registered
        return Share(self.counts.closed, whole).width, Share(self.counts.positive, whole).width

    @property
    def answer_days(self) -> int | None:
        """In how many working days all branches answer; None when not all in the same."""
        told = {each.rule.answer_days for each in self.rules}
        return told.pop() if len(told) == 1 else None

    @property
    def mandates_now(self) -> list[Rule]:
        """The branches that take voters' mandates only on the day."""
        return [each for each in self.rules if each.takes_mandates_only]

    @property
    def total(self) -> Numbers:
        """All branches together."""
        counts = self.counts
        return Numbers(counts.registered, counts.closed, counts.positive, counts.overdue)

    @cached_property
    def table(self) -> list[tuple[Line, Rule]]:
        """The branches along the river, each with its rule."""
        return list(zip(self.branches, self.rules, strict=True))


def reception_year(*, user: User, scope: Scope, year: int, day: dt.date, mandates_only: bool) -> ReceptionYear:
    """Count a year of `scope`, as known on `day`. As many queries, however many requests."""
    to = partial(scope.url, year=year, day=day)
    counts = reception_counts(branch=None, scope=scope.keys, year=year, day=day, mandates_only=mandates_only)
    requests = Request.objects.filter(branch__in=scope.keys).as_of(day).received_in(year)
    if mandates_only:
        requests = requests.filter(kind=RequestKind.MANDATE)
    rows = list(requests.annotate(month=ExtractMonth("received_on")).counted_by("branch", "month", "topic"))
    kept = {"mandates": mandates_only}
    return ReceptionYear(
        scope=scope,
        year=year,
        day=day,
        mandates_only=mandates_only,
        counts=replace(counts, urls=reception_urls(to, mandates_only=mandates_only)),
        branches=_lines(
            [(branch.pk, branch.short_name, {"branch": branch.slug} | kept) for branch in scope.branches],
            rows,
            "branch",
            to,
        ),
        months=_lines([(number, "", {"month": number} | kept) for number in range(1, 13)], rows, "month", to),
        topics=_topics(rows, to, kept),
        projects=[ProjectLine(project, _project_urls(project.key, to, kept)) for project in counts.projects],
        rules=_rules(user, scope, day),
    )


def _lines(kinds: Iterable[tuple[int, str, dict]], rows: list[dict], field: str, to: Address) -> list[Line]:
    """One line for each of `kinds`: (value of `field`, name, what is picked in the register)."""
    found: dict[int, list[dict]] = defaultdict(list)
    for row in rows:
        found[row[field]].append(row)
    lines = [
        Line(
            name=name,
            numbers=Numbers.of(found[value]),
            urls={
                flag: to("branches:request_list", **picked, **({flag: True} if flag != "registered" else {}))
                for flag in ("registered", "open", "closed", "overdue")
            }
            | {
                "positive": to("branches:request_list", **picked, state=RequestState.POSITIVE.value),
                "home": to("branches:reception", **picked),
            },
        )
        for value, name, picked in kinds
    ]
    most = max((line.numbers.registered for line in lines), default=0)
    return [replace(line, most=most) for line in lines]


def _topics(rows: list[dict], to: Address, kept: dict[str, bool]) -> list[Line]:
    """What was asked about, the most frequent first. One query."""
    topics = Topic.objects.in_bulk({row["topic"] for row in rows})
    kinds = [(pk, topic.name, {"topic": topic.key} | kept) for pk, topic in topics.items()]
    lines = _lines(kinds, rows, "topic", to)
    return sorted(lines, key=lambda line: (-line.numbers.registered, line.name))


def _project_urls(key: str, to: Address, kept: dict[str, bool]) -> dict[str, str]:
    """Where the receptions of a party project, and who came to them, are listed."""
    helped = {"project": key, "state": RequestState.POSITIVE.value} | kept
    return {
        "events": to("branches:event_list", project=key),
        "requests": to("branches:request_list", project=key, **kept),
        "helped": to("branches:request_list", **helped),
        "supported": to("branches:request_list", **helped, help=HelpKind.LEGAL_SUPPORT.value),
    }


def _rules(user: User, scope: Scope, day: dt.date) -> list[Rule]:
    """The rules of the branches; where none is set, those that hold then. Two queries."""
    told = {rule.branch_id: rule for rule in ReceptionRule.objects.filter(branch__in=scope.keys)}
    supervised = set(Branch.objects.for_user(user, Permission.SUPERVISE).values_list("pk", flat=True))
    return [
        Rule(
            branch=branch,
            rule=told.get(branch.pk) or ReceptionRule(branch=branch),
            day=day,
            url=reverse("branches:reception_rule", args=[branch.pk]) if branch.pk in supervised else "",
        )
        for branch in scope.branches
    ]
