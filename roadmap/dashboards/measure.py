"""The card of a measure: what was promised, what was said and seen of it, as it was known on a day.

One query for each kind of row, however long the history is. What speaks for a measure on a day is told here by the same
rules as in `MeasureQuerySet.as_of`, from which lists and figures come; a test holds the two together.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Self

from django.db.models import F, QuerySet
from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from branches.metrics import Share
from branches.models import Request, User
from roadmap.choices import CLOSED, SETTLED, VERDICT_LOOK, ReportOrigin, SiteState, Status, Verdict
from roadmap.dashboards.requests import Contradiction, contradiction_of, requests_with_their_place
from roadmap.dashboards.story import TABS, Event, History, story_of
from roadmap.metrics import fulfilment
from roadmap.models import (
    ControlPost,
    FundingLine,
    IndicatorFact,
    Measure,
    MeasureIndicator,
    RequestMeasure,
    Roadmap,
    Site,
    SiteVisit,
    StatusReport,
    Verification,
)

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
    "confirmed": VERDICT_LOOK[Verdict.CONFIRMS],
    "refuted": VERDICT_LOOK[Verdict.REFUTES],
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
    def distance(self) -> int:
        """Days to it or since it."""
        return abs(self.ahead or 0)

    @property
    def slip(self) -> int:
        """Days by which it was moved in all; 0 when it was not, or was brought forward."""
        return max(0, (self.day - self.first).days)


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
    """An indicator and its last fact known on the day; `refuted`: control refuted the report that says so."""

    indicator: MeasureIndicator
    fact: IndicatorFact | None
    refuted: bool

    @property
    def percent(self) -> Decimal | None:
        """How far it has come to its plan."""
        value = self.fact.value if self.fact else None
        return fulfilment(value, self.indicator.plan, self.indicator.baseline, self.indicator.better)


@dataclass(frozen=True)
class Place:
    """A site on which the measure is carried out: where it stands, who was there last, which posts watch or watched it.

    `posts` are `as_of` the day: each knows whether it `is_open`.
    """

    site: Site
    state: SiteState
    last_visit: SiteVisit | None
    posts: Sequence[ControlPost]

    @property
    def is_visited(self) -> bool:
        """Whether control goes there: not to what is given up."""
        return self.state != SiteState.CANCELLED


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
    places: list[Place]
    contradiction: Contradiction | None  # citizens ask for what is reported as done
    linked: Sequence[Request]  # that speak of it, by the word of who received them, of branches that the reader sees
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
    def is_reportable(self) -> bool:
        """Whether its branch reports of it: not once its deadline was moved out of the year or it was removed."""
        return self.status not in SETTLED

    @property
    def is_correctable(self) -> bool:
        """Whether the last report can be corrected: there is one, and it is not control's word."""
        return self.report is not None and self.report.origin != ReportOrigin.REFUTATION

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
        rows += [place.site for place in self.places]
        asked_of_samples = self.contradiction is not None and self.contradiction.has_samples
        return self.measure.is_sample or asked_of_samples or any(row.is_sample for row in (*rows, *self.linked))

    @property
    def visited_places(self) -> list[Place]:
        """The sites to which control goes."""
        return [place for place in self.places if place.is_visited]

    @property
    def only_site(self) -> Site | None:
        """Its site, if it has just one: its visits need not say where they were."""
        return self.places[0].site if len(self.places) == 1 else None

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


def measure_card(measure: Measure, day: dt.date, *, stale_after: int, reader: User | None = None) -> MeasureCard:
    """Gather the card of a measure (of `measures_with_their_place`) as it was known at the end of `day`.

    Of citizens' requests it tells what `reader` may know; without one, nothing but their number.
    """
    asked = Request.objects.for_user(reader) if reader else Request.objects.none()
    history = History.of(measure, day, asked)
    status = Status(history.last.status) if history.last else Status.NO_REPORT
    return MeasureCard(
        measure=measure,
        day=day,
        stale_after=stale_after,
        status=status,
        report=history.last,
        role=history.role_of(history.last) if history.last else "",
        confirmation=_confirmation(history),
        deadline=_deadline(history, status),
        story=story_of(history),
        indicators=_reached(history),
        money=Money.by_budget(measure.funding.order_by("id")),
        places=_places(history),
        contradiction=contradiction_of(measure, history.last, day, reader),
        linked=_linked(history, asked),
        newer=_newer_version(measure.roadmap, day),
        earlier=_earlier(measure),
        later=_later(measure, day),
    )


def _confirmation(history: History) -> Confirmation:
    """How control's last word stands to the branch's last word."""
    last, checked = history.last, history.verifications[-1] if history.verifications else None
    if last is None:
        return Confirmation("nothing")
    if last.status == Status.DONE and last.pk in history.confirmations:
        state, checked = "confirmed", history.confirmations[last.pk]
    elif checked and checked.outcome_id == last.pk:
        state = "refuted"
    elif checked and checked.verdict == Verdict.CONFIRMS:
        state = "changed"
    else:
        return Confirmation("awaited" if last.status == Status.DONE else "nothing")
    return Confirmation(state, checked, history.role_of(checked))


def _deadline(history: History, status: Status) -> Deadline:
    """The deadline known on the day; of what was moved out of the year or removed, no days are counted any more."""
    day = history.moves[-1].new_deadline if history.moves else history.measure.first_deadline
    is_open = status not in CLOSED
    until = history.day if is_open else history.last.reported_on
    return Deadline(
        day=day,
        first=history.measure.first_deadline,
        times_moved=len(history.moves),
        ahead=(day - until).days if is_open or status == Status.DONE else None,
        is_open=is_open,
    )


def _reached(history: History) -> list[Reached]:
    """The measure's indicators with their last facts: the same that the figures of the machine's door count."""
    last = {fact.indicator_id: fact for fact in history.facts}
    rows = []
    for indicator in history.measure.indicators.order_by("position"):
        fact = last.get(indicator.pk)
        rows.append(Reached(indicator, fact, refuted=fact is not None and fact.report_id in history.refutations))
    return rows


def _places(history: History) -> list[Place]:
    """The sites linked with the measure that were registered by the day, with their posts. Two queries."""
    sites = list(history.measure.sites.as_of(history.day).order_by("id"))
    posts = (
        ControlPost.objects.as_of(history.day)
        .filter(watched__site__in=sites, watched__entered_on__lte=history.day)
        .annotate(watched_site=F("watched__site"))
        .select_related("branch__district", "branch__region")
        .order_by("id")
    )
    last = {visit.site_id: visit for visit in sorted(history.visits, key=lambda visit: (visit.visited_on, visit.pk))}
    by_site: dict[int, list[ControlPost]] = {}
    for post in posts:
        by_site.setdefault(post.watched_site, []).append(post)
    return [Place(site, SiteState(site.day_state), last.get(site.pk), by_site.get(site.pk, [])) for site in sites]


def _linked(history: History, asked: QuerySet[Request]) -> list[Request]:
    """Of the requests `asked`, those that speak of the measure, with their states, without mistakes; the newest first.

    One query.
    """
    links = RequestMeasure.objects.as_of(history.day).filter(measure=history.measure)
    found = requests_with_their_place().as_of(history.day)
    found = found.filter(pk__in=links.values("request")).filter(pk__in=asked.values("pk"))
    return list(found.order_by("-received_on", "-pk"))


def _newer_version(roadmap: Roadmap, day: dt.date) -> Roadmap | None:
    """The version that was in force on the day instead of this one."""
    versions = Roadmap.objects.filter(branch=roadmap.branch_id, year=roadmap.year)
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
