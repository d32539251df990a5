"""The card of a measure: what was promised, what was said and seen of it, as it was known on a day.

One query for each kind of row, however long the history is. What speaks for a measure on a day is told here by the same
rules as in `MeasureQuerySet.as_of`, from which lists and figures come; a test holds the two together.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Self

from django.db.models import Model, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from branches.choices import Permission, roles_with
from branches.models import Assignment, User
from roadmap.choices import CLOSED, ReportOrigin, Status, Verdict
from roadmap.metrics import Share, fulfilment
from roadmap.models import (
    DeadlineChange,
    Evidence,
    FundingLine,
    IndicatorFact,
    Measure,
    MeasureIndicator,
    Roadmap,
    StatusReport,
    Verification,
)

# Kinds of events that the story can show alone (`?show=`), in the order of the tabs.
TABS: dict[str, str | Promise] = {
    "reports": pgettext_lazy("story", "Reports"),
    "verifications": pgettext_lazy("story", "Verifications"),
    "deadlines": pgettext_lazy("story", "Deadline"),
}
YEARS_BACK = 4  # a programme lasts five years; a longer chain costs a query a year and is still told


def measures_with_their_place() -> QuerySet[Measure]:
    """Measures with what every card says of them: whose they are, where, and what they were in other years."""
    earlier_years = (f"{'previous__' * steps}roadmap" for steps in range(1, YEARS_BACK + 1))
    return Measure.objects.select_related(
        "roadmap__branch__district",
        "roadmap__branch__region",
        "direction",
        "locality",
        "continued_by__roadmap",
        *earlier_years,
    )


@dataclass(frozen=True)
class Withdrawal:
    """Why a report no longer stands: party control refuted it, a correction replaced it, the branch took it back."""

    how: str  # "refuted", "corrected" or "taken_back"
    row: Verification | StatusReport


@dataclass(frozen=True)
class Event:
    """A line of the story: something that was said, seen or decided. `day` is when it was true, not when it was typed."""

    kind: str  # one of TABS, or "entered": the beginning of the story
    day: dt.date
    row: Roadmap | StatusReport | Verification | DeadlineChange
    mark: str
    tone: str
    role: str = ""  # of the author
    withdrawn: Withdrawal | None = None
    facts: Sequence[IndicatorFact] = ()
    files: Sequence[Evidence] = ()

    @property
    def typed_on(self) -> dt.date | None:
        """The day on which it was typed, when that is another than the day on which it was true."""
        entered_on = getattr(self.row, "entered_on", self.day)
        return entered_on if entered_on != self.day else None

    @property
    def place(self) -> tuple:
        """Its place among the others: by the day on which it was true; within a day, in the order of entry."""
        if self.kind == "entered":
            return (self.day, False)
        checked_after_said = ("deadlines", "reports", "verifications").index(self.kind)
        return (self.day, True, self.row.entered_on, self.row.created_at, checked_after_said, self.row.pk)


@dataclass(frozen=True)
class Confirmation:
    """What party control says to the claim of the branch.

    "confirmed": the last report says done and was confirmed; "refuted": control returned the measure and nothing was
    reported since; "changed": something was reported after a confirmed report; "awaited": reported done, nobody has
    looked yet; "nothing": not reported done.
    """

    state: str
    verification: Verification | None = None
    role: str = ""

    @property
    def mark(self) -> str:
        """Its drawn mark."""
        return CONFIRMATION_LOOK[self.state][0]

    @property
    def tone(self) -> str:
        """The CSS class of its colour."""
        return CONFIRMATION_LOOK[self.state][1]


CONFIRMATION_LOOK = {
    "confirmed": ("conf", "done"),
    "refuted": ("fail", "fail"),
    "changed": ("risk", "risk"),
    "awaited": ("clock", "late"),
    "nothing": ("nots", "none"),
}


@dataclass(frozen=True)
class Deadline:
    """By when the measure is to be done, how far that is, and how far it has slipped."""

    day: dt.date
    first: dt.date
    times_moved: int
    ahead: int | None  # days until it, from the day of the card or, of what is done, of the claim; negative: too late
    is_open: bool

    @property
    def is_overdue(self) -> bool:
        """An open measure whose deadline has passed."""
        return self.is_open and self.ahead is not None and self.ahead < 0

    @property
    def slip(self) -> int:
        """Days by which it was moved in all; negative: brought forward."""
        return (self.day - self.first).days


@dataclass(frozen=True)
class Sum:
    """One sum of money and the width of its bar."""

    label: str | Promise
    value: int | None
    width: str


@dataclass(frozen=True)
class Money:
    """Planned, allocated and spent of one budget, whole tenge; of all budgets together when `line` is None."""

    line: FundingLine | None
    planned: int | None
    allocated: int | None
    spent: int | None

    @classmethod
    def by_budget(cls, lines: Sequence[FundingLine]) -> list[Self]:
        """Each budget and, of several, their total; a sum that one of them lacks is unknown in the total."""
        names = ("planned", "allocated", "spent")
        each = [[getattr(line, name) for name in names] for line in lines]
        total = [None if None in column else sum(column) for column in zip(*each, strict=True)]
        money = [cls(line, *sums) for line, sums in zip(lines, each, strict=True)]
        return [*money, cls(None, *total)] if len(money) > 1 else money

    @property
    def sums(self) -> list[Sum]:
        """The three sums; the longest bar is the largest of them."""
        named = (
            (pgettext_lazy("money", "Planned"), self.planned),
            (pgettext_lazy("money", "Allocated"), self.allocated),
            (pgettext_lazy("money", "Spent"), self.spent),
        )
        largest = max(value or 0 for _label, value in named)
        return [Sum(label, value, Share(value or 0, largest).width) for label, value in named]

    @property
    def spending(self) -> Share | None:
        """What is spent, of what was allocated; of what was planned, while no allocation is known."""
        base = self.planned if self.allocated is None else self.allocated
        return None if self.spent is None or base is None else Share(self.spent, base)

    @property
    def unspent(self) -> int:
        """What is left of it."""
        return max(0, self.spending.whole - self.spending.part) if self.spending else 0


@dataclass(frozen=True)
class Reached:
    """An indicator and what it had reached: its last fact known on the day, and whether the report of it was refuted."""

    indicator: MeasureIndicator
    fact: IndicatorFact | None = None
    report: StatusReport | None = None
    refuted: bool = False

    @property
    def percent(self) -> Decimal | None:
        """How far it has come to its plan."""
        value = self.fact.value if self.fact else None
        return fulfilment(value, self.indicator.plan, self.indicator.baseline, self.indicator.better)


@dataclass(frozen=True)
class MeasureCard:
    """Everything that the card of a measure shows, as it was known at the end of `day`."""

    measure: Measure
    day: dt.date
    stale_after: int  # days
    status: Status
    report: StatusReport | None  # the last one: it speaks for the measure
    role: str  # of its author
    confirmation: Confirmation
    deadline: Deadline
    story: list[Event]
    indicators: list[Reached]
    money: list[Money]
    newer: Roadmap | None  # the version of the roadmap that was in force instead of this one
    earlier: list[Measure]  # the same promise in earlier years, the first of them first
    later: Measure | None  # and in the next

    @property
    def is_known(self) -> bool:
        """Whether its roadmap had been approved by the day."""
        return self.measure.roadmap.approved_on <= self.day

    @property
    def is_open(self) -> bool:
        """Whether something is still awaited of it."""
        return self.status not in CLOSED

    @property
    def is_at_risk(self) -> bool:
        """Open, and its branch says that it may fail."""
        return self.is_open and self.report is not None and self.report.at_risk

    @property
    def report_age(self) -> int:
        """Days since the day that the last report speaks of."""
        return (self.day - self.report.reported_on).days if self.report else 0

    @property
    def is_stale(self) -> bool:
        """Open, and nothing was reported for long."""
        return self.is_open and self.report_age > self.stale_after

    @property
    def years_carried(self) -> int:
        """In how many years' roadmaps it stands by now, this one included."""
        return len(self.earlier) + 1

    @property
    def has_samples(self) -> bool:
        """Whether anything on the card is sample data."""
        rows = [reached.indicator for reached in self.indicators] + [event.row for event in self.story]
        rows += [money.line for money in self.money if money.line]
        return self.measure.is_sample or any(row.is_sample for row in rows)

    @property
    def tabs(self) -> list[tuple[str, str | Promise, int]]:
        """The tabs of the story: name in the address, label, number of lines; none that would be empty."""
        counted = [(kind, label, len(self.told(kind))) for kind, label in TABS.items()]
        return [("", pgettext_lazy("story", "All"), len(self.story)), *(tab for tab in counted if tab[2])]

    def told(self, kind: str = "") -> list[Event]:
        """The story, or its events of one kind; the newest first."""
        return [event for event in self.story if kind in ("", event.kind)]

    def is_verifiable_by(self, user: User) -> bool:
        """Whether this person may look at the last report as control: it says done, and somebody else entered it."""
        return self.report is not None and self.status == Status.DONE and self.report.author_id != user.pk


def measure_card(measure: Measure, day: dt.date, *, stale_after: int) -> MeasureCard:
    """Gather the card of a measure (of `measures_with_their_place`) as it was known at the end of `day`."""
    reports, verifications, moves = (
        list(model.objects.known_on(day).filter(measure=measure).select_related("author").order_by("id"))
        for model in (StatusReport, Verification, DeadlineChange)
    )
    facts = _parts_by_report(IndicatorFact.objects.select_related("indicator"), measure, day)
    files = _parts_by_report(Evidence.objects.all(), measure, day)
    roles = _Roles(measure, [*reports, *verifications, *moves])
    last = reports[-1] if reports else None
    status = Status(last.status) if last else Status.NO_REPORT
    return MeasureCard(
        measure=measure,
        day=day,
        stale_after=stale_after,
        status=status,
        report=last,
        role=roles.of(last) if last else "",
        confirmation=_confirmation(reports, verifications, roles),
        deadline=_deadline(measure, moves, status, last, day),
        story=_story(measure, day, reports, verifications, moves, facts, files, roles),
        indicators=_reached(measure, reports, verifications, facts),
        money=Money.by_budget(measure.funding.order_by("id")),
        newer=_newer_version(measure.roadmap, day),
        earlier=_earlier(measure),
        later=_later(measure, day),
    )


def _parts_by_report(parts: QuerySet, measure: Measure, day: dt.date) -> Mapping[int, list[Any]]:
    """Facts or files of the measure's reports known on the day, by report."""
    grouped: dict[int, list[Model]] = defaultdict(list)
    for part in parts.filter(report__measure=measure, report__entered_on__lte=day).order_by("id"):
        grouped[part.report_id].append(part)
    return grouped


class _Roles:
    """As what the authors of history speak: the roles that they hold in the branch now. One query."""

    def __init__(self, measure: Measure, rows: Sequence[StatusReport | Verification | DeadlineChange]):
        branch = measure.roadmap.branch
        held = Assignment.objects.filter(
            Q(branch=branch) | Q(region=branch.region_id), user__in={row.author_id for row in rows}
        )
        self.held: dict[int, list[Assignment]] = defaultdict(list)
        for assignment in held.order_by("id"):
            self.held[assignment.user_id].append(assignment)

    def of(self, row: StatusReport | Verification | DeadlineChange) -> str:
        """The author's role that carries what was done; "" for somebody who no longer holds any."""
        needed = roles_with(_permission_of(row))
        held = sorted(self.held[row.author_id], key=lambda assignment: assignment.role not in needed)
        return held[0].get_role_display() if held else ""


def _permission_of(row: StatusReport | Verification | DeadlineChange) -> Permission:
    """What one must be allowed in order to add such a row."""
    if isinstance(row, DeadlineChange):
        return Permission.MOVE_DEADLINE
    if isinstance(row, Verification):
        return Permission.VERIFY
    return Permission.CORRECT if row.origin == ReportOrigin.CORRECTION else Permission.REPORT


def _confirmation(
    reports: Sequence[StatusReport], verifications: Sequence[Verification], roles: _Roles
) -> Confirmation:
    """How control's last word stands to the branch's last word."""
    if not reports:
        return Confirmation("nothing")
    last, checked = reports[-1], verifications[-1] if verifications else None
    confirmed = {each.report_id: each for each in reversed(verifications) if each.verdict == Verdict.CONFIRMS}
    if last.status == Status.DONE and last.pk in confirmed:
        state, checked = "confirmed", confirmed[last.pk]
    elif checked and checked.outcome_id == last.pk:
        state = "refuted"
    elif checked and checked.verdict == Verdict.CONFIRMS:
        state = "changed"
    else:
        state, checked = ("awaited" if last.status == Status.DONE else "nothing"), None
    return Confirmation(state, checked, roles.of(checked) if checked else "")


def _deadline(
    measure: Measure, moves: Sequence[DeadlineChange], status: Status, last: StatusReport | None, day: dt.date
) -> Deadline:
    """The deadline known on the day; of what was moved out of the year or removed, nothing is counted any more."""
    deadline = moves[-1].new_deadline if moves else measure.first_deadline
    until = last.reported_on if last and status == Status.DONE else day
    counts = status == Status.DONE or status not in CLOSED
    return Deadline(
        day=deadline,
        first=measure.first_deadline,
        times_moved=len(moves),
        ahead=(deadline - until).days if counts else None,
        is_open=status not in CLOSED,
    )


def _story(
    measure: Measure,
    day: dt.date,
    reports: Sequence[StatusReport],
    verifications: Sequence[Verification],
    moves: Sequence[DeadlineChange],
    facts: Mapping[int, list[IndicatorFact]],
    files: Mapping[int, list[Evidence]],
    roles: _Roles,
) -> list[Event]:
    """Everything that happened, the newest first.

    The report by which a refutation or a deadline moved out of the year changes the status is told with its cause.
    """
    told_with_cause = {each.outcome_id for each in verifications}
    if any(move.new_deadline.year > measure.roadmap.year for move in moves):
        told_with_cause |= {report.pk for report in reports if report.origin == ReportOrigin.DEADLINE}
    withdrawn = _withdrawals(reports, verifications)
    by_pk = {report.pk: report for report in reports}
    events = [Event("entered", measure.roadmap.approved_on, measure.roadmap, "nots", "none")]
    events = events if measure.roadmap.approved_on <= day else []
    for report in reports:
        if report.pk not in told_with_cause:
            report.corrects = by_pk.get(report.corrects_id)
            is_act = report.origin != ReportOrigin.REPORT  # a correction is told of the day on which it was made
            events.append(
                Event(
                    "reports",
                    report.entered_on if is_act else report.reported_on,
                    report,
                    Status(report.status).mark,
                    "none" if report.pk in withdrawn else Status(report.status).tone,
                    role=roles.of(report),
                    withdrawn=withdrawn.get(report.pk),
                    facts=facts.get(report.pk, ()),
                    files=files.get(report.pk, ()),
                )
            )
    for each in verifications:
        each.report = by_pk[each.report_id]
        look = CONFIRMATION_LOOK["confirmed" if each.verdict == Verdict.CONFIRMS else "refuted"]
        events.append(Event("verifications", each.seen_on, each, *look, role=roles.of(each)))
    events += [Event("deadlines", move.entered_on, move, "moved", "prog", role=roles.of(move)) for move in moves]
    return sorted(events, key=lambda event: event.place, reverse=True)


def _withdrawals(reports: Sequence[StatusReport], verifications: Sequence[Verification]) -> dict[int, Withdrawal]:
    """Which reports no longer stand, and why: refuted or corrected, or a claim that the branch itself took back."""
    withdrawn = {}
    for claim, after in zip(reports, reports[1:], strict=False):
        if claim.status == Status.DONE and after.status != Status.DONE and after.origin == ReportOrigin.REPORT:
            withdrawn[claim.pk] = Withdrawal("taken_back", after)
    withdrawn |= {each.corrects_id: Withdrawal("corrected", each) for each in reports if each.corrects_id}
    withdrawn |= {each.report_id: Withdrawal("refuted", each) for each in verifications if each.outcome_id}
    return withdrawn


def _reached(
    measure: Measure,
    reports: Sequence[StatusReport],
    verifications: Sequence[Verification],
    facts: Mapping[int, list[IndicatorFact]],
) -> list[Reached]:
    """The measure's indicators with their last facts: the same that the figures of the machine's door count."""
    by_pk = {report.pk: report for report in reports}
    last = {fact.indicator_id: fact for _pk, group in sorted(facts.items()) for fact in group}
    refuted = {each.report_id for each in verifications if each.outcome_id}
    rows = []
    for indicator in measure.indicators.order_by("position"):
        fact = last.get(indicator.pk)
        report = by_pk[fact.report_id] if fact else None
        rows.append(Reached(indicator, fact, report, report is not None and report.pk in refuted))
    return rows


def _newer_version(roadmap: Roadmap, day: dt.date) -> Roadmap | None:
    """The version that was in force on the day instead of this one."""
    versions = Roadmap.objects.filter(programme=roadmap.programme_id, branch=roadmap.branch_id, year=roadmap.year)
    return versions.in_force(day).filter(version__gt=roadmap.version).first()


def _earlier(measure: Measure) -> list[Measure]:
    """The same promise in the roadmaps of earlier years of the branch, the first of them first."""
    chain: list[Measure] = []
    step = measure.previous
    while step is not None and step.roadmap.branch_id == measure.roadmap.branch_id and step not in chain:
        chain.insert(0, step)
        step = step.previous
    return chain


def _later(measure: Measure, day: dt.date) -> Measure | None:
    """The same promise in the branch's next roadmap, if that had been approved by the day."""
    later = getattr(measure, "continued_by", None)
    known = later and later.roadmap.branch_id == measure.roadmap.branch_id and later.roadmap.approved_on <= day
    return later if known else None
