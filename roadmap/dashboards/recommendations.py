"""What stands above the lists of recommendations and proposals, and the card of one of them as of a day."""

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from operator import attrgetter

from django.db.models import QuerySet
from django.utils.functional import cached_property

from branches.dashboards.chronicle import Told, chronicle
from branches.models import User
from roadmap.choices import FOLLOWED_TO_THE_END, FULFILLED, SAYABLE, RecommendationState
from roadmap.dashboards.links import control_url
from roadmap.metrics import FollowUp
from roadmap.models import AgendaItem, Meeting, Recommendation, RecommendationStep
from roadmap.models.bodies import RecommendationQuerySet

OPENING = (RecommendationState.ISSUED.mark, RecommendationState.ISSUED.tone)


def recommendations_with_their_place() -> QuerySet[Recommendation]:
    """Recommendations with what lists and cards say of each: whose it is, where it comes from, what it is about."""
    return Recommendation.objects.select_related(
        "branch__region",
        "branch__district",
        "meeting__body",
        "visit__site",
        "request__topic",
        "measure__roadmap",
        "site",
        "author",
    )


def told_of(
    recommendations: Iterable[Recommendation], steps: Iterable[RecommendationStep], hearings: Iterable[AgendaItem] = ()
) -> list[Told]:
    """The lines that recommendations bring to a story: how each was issued, every step after that, where it was heard.

    Needs of a recommendation its author and `meeting__body`, of a step its author and recommendation, of a hearing
    `meeting__author` and `meeting__body`.
    """
    lines = [Told(row.issued_on, row, "roadmap/_told_recommendation.html", *OPENING) for row in recommendations]
    for step in _with_what_was_taken_back(steps):
        state = RecommendationState(step.state)
        if state != RecommendationState.ISSUED:  # told with the recommendation
            tone = "none" if step.taken_back_on else state.tone
            lines.append(Told(step.happened_on, step, "roadmap/_told_step.html", state.mark, tone))
    for item in hearings:
        for name in ("author", "entered_on", "created_at", "is_sample"):  # an agenda is entered with its meeting
            setattr(item, name, getattr(item.meeting, name))
        lines.append(Told(item.meeting.held_on, item, "roadmap/_told_hearing.html", "clock", "none"))
    return lines


def _with_what_was_taken_back(steps: Iterable[RecommendationStep]) -> list[RecommendationStep]:
    """Steps in the order of entry; each knows whether it takes "done" back, and when it was taken back itself."""
    ordered = sorted(steps, key=attrgetter("entered_on", "pk"))
    standing: dict[int, list[RecommendationStep]] = {}  # "done", and "verified" after it, by recommendation
    for step in ordered:
        before = standing.setdefault(step.recommendation_id, [])
        step.takes_back, step.taken_back_on = bool(before) and step.state not in FULFILLED, None
        if step.state in FULFILLED:
            before.append(step)
        else:
            for earlier in before:
                earlier.taken_back_on = step.happened_on
            before.clear()
    return ordered


@dataclass(frozen=True)
class Due:
    """By when it is to be done, and how far that is: from the day of the card, or from the day it was done."""

    day: dt.date
    ahead: int | None  # days until it; negative: too late; None when nothing is awaited any more
    is_open: bool

    @property
    def is_overdue(self) -> bool:
        """Still awaited, and its day has passed."""
        return self.is_open and self.ahead is not None and self.ahead < 0

    @property
    def distance(self) -> int:
        """Days to it or since it."""
        return abs(self.ahead or 0)


@dataclass(frozen=True)
class RecommendationCard:
    """Everything that the card of a recommendation shows, as it was known at the end of `day`."""

    recommendation: Recommendation
    day: dt.date
    steps: Sequence[RecommendationStep]  # in the order of entry
    hearings: Sequence[AgendaItem]

    @property
    def is_known(self) -> bool:
        """Whether it had been entered by the day."""
        return self.recommendation.entered_on <= self.day

    @property
    def is_of_council(self) -> bool:
        """Whether a council made it."""
        return self.recommendation.is_of_council

    @property
    def last(self) -> RecommendationStep | None:
        """The step that speaks for it."""
        return self.steps[-1] if self.steps else None

    @property
    def state(self) -> RecommendationState:
        """How far it had come."""
        return RecommendationState(self.last.state) if self.last else RecommendationState.ISSUED

    @property
    def is_open(self) -> bool:
        """Whether something is still awaited of it."""
        return self.state not in FOLLOWED_TO_THE_END

    @property
    def next_states(self) -> list[RecommendationState]:
        """What may be said of it next: not that what is done is done."""
        return [state for state in SAYABLE if self.is_open or state != RecommendationState.DONE]

    def is_verifiable_by(self, user: User) -> bool:
        """Whether this person may verify it: it is reported as done, by somebody else."""
        return self.state == RecommendationState.DONE and self.last.author_id != user.pk

    @cached_property
    def done(self) -> RecommendationStep | None:
        """The step by which it was reported as done, unless that was taken back."""
        if self.state not in FULFILLED:
            return None
        return next((step for step in reversed(self.steps) if step.state == RecommendationState.DONE), None)

    @property
    def verified(self) -> RecommendationStep | None:
        """The step by which somebody else verified that."""
        return self.last if self.state == RecommendationState.VERIFIED else None

    @property
    def due(self) -> Due:
        """By when, and how far that is."""
        day, until = self.recommendation.due_on, self.day if self.is_open else self.done and self.done.happened_on
        return Due(day=day, ahead=(day - until).days if until else None, is_open=self.is_open)

    @cached_property
    def story(self) -> list[Told]:
        """Everything that happened to it, the newest first."""
        return chronicle(told_of([self.recommendation] if self.is_known else [], self.steps, self.hearings))

    @cached_property
    def urls(self) -> dict[str, str]:
        """Lists that this one opens into: of its branch and the year in which it was issued, as of the card's day."""
        row, view = self.recommendation, "proposal_list" if self.is_of_council else "recommendation_list"
        when = {"year": row.issued_on.year, "day": self.day}
        return {
            "list": control_url(view, **when, branch=row.branch),
            "executor": control_url(view, **when, branch=row.branch, q=row.executor or row.addressee),
            "due": control_url(view, **when, branch=row.branch, due_by=row.due_on.isoformat()),
            "measure": control_url(view, **when, measure=row.measure_id),
            "site": control_url(view, **when, site=row.site_id),
        }

    @property
    def has_samples(self) -> bool:
        """Whether anything on the card is sample data."""
        return any(row.is_sample for row in (self.recommendation, *self.steps))


def recommendation_card(recommendation: Recommendation, day: dt.date) -> RecommendationCard:
    """Gather the card of a recommendation (of `recommendations_with_their_place`). Two queries."""
    steps = RecommendationStep.objects.known_on(day).filter(recommendation=recommendation)
    heard = AgendaItem.objects.filter(recommendation=recommendation, meeting__in=Meeting.objects.as_of(day))
    card = RecommendationCard(
        recommendation=recommendation,
        day=day,
        steps=list(steps.select_related("author").order_by("entered_on", "id")),
        hearings=list(heard.select_related("meeting__body", "meeting__author").order_by("meeting__held_on", "id")),
    )
    for part in (*card.steps, *card.hearings):
        part.recommendation = recommendation
    return card


@dataclass(frozen=True)
class Headline:
    """How many of a set are done and verified, and where the rows of each of these figures are listed."""

    follow_up: FollowUp
    urls: dict[str, str]


def headline_of(rows: RecommendationQuerySet, address_of: Callable[..., str]) -> Headline:
    """Count recommendations `as_of` a day, in one query; `address_of(overdue=1)` lists rows of them."""
    flags = ("done", "verified", "unverified", "open", "overdue")
    urls = {"all": address_of()} | {flag: address_of(**{flag: 1}) for flag in flags}
    return Headline(FollowUp.of(rows.counted_by()), urls)
