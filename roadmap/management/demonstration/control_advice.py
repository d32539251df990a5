"""Recommendations and proposals: how each goes from being issued to its end, in numbers that add up."""

import datetime as dt
import random
from dataclasses import dataclass, field

from roadmap.choices import RecommendationState
from roadmap.management.demonstration import control_words as words
from roadmap.management.demonstration.calendar import DAY, Clock, Typed, working_from, working_until
from roadmap.management.demonstration.life import days, round_deadline
from roadmap.management.demonstration.people import inspector_of
from roadmap.management.demonstration.rows import stream
from roadmap.management.demonstration.schedule import LAST_DAY

VERIFIED, DONE = RecommendationState.VERIFIED, RecommendationState.DONE
IN_WORK, ISSUED = RecommendationState.IN_WORK, RecommendationState.ISSUED
NOT_DONE, WITHDRAWN = RecommendationState.NOT_DONE, RecommendationState.WITHDRAWN


@dataclass(eq=False)
class Step:
    """What became of a recommendation on a day."""

    author: str
    typed: Typed
    state: RecommendationState
    happened_on: dt.date
    note: str = ""
    done_by: str = ""


@dataclass(eq=False)
class Advice:
    """A recommendation of control or a proposal of a council.

    `origin`: a meeting, a visit, a citizen's request, or monitoring in words.
    """

    branch: str
    author: str
    typed: Typed
    issued_on: dt.date
    due_on: dt.date
    text: str
    addressee: str
    executor: str
    origin: object
    is_of_council: bool = False
    promise: object = None
    site: object = None
    steps: list[Step] = field(default_factory=list)
    clock: Clock | None = None
    pk: int = 0

    @property
    def state(self) -> RecommendationState:
        """Where it stands."""
        return self.steps[-1].state

    @property
    def typed_last(self) -> dt.date:
        """The day on which something was last said of it."""
        return self.steps[-1].typed.day

    def state_on(self, day: dt.date) -> RecommendationState:
        """Where it stood at the end of a day."""
        return next(step.state for step in reversed(self.steps) if step.typed.day <= day)

    def step(self, state: RecommendationState, day: dt.date, by: str, note: str = "", lag: int = 0) -> None:
        """Somebody says what became of it on `day`, typing it `lag` days later, if that day is told of at all."""
        last = self.steps[-1]
        happened = max(day, last.happened_on)
        typed = self.clock.type(happened + days(lag))
        if typed.day > LAST_DAY:
            raise ValueError(f"{state} of {self.text} would be typed on {typed.day}.")
        done_by = last.author if state == VERIFIED else ""
        self.steps.append(Step(by, typed, state, happened, note, done_by))


def issued(chance: random.Random, **fields) -> Advice:
    """A recommendation with its first step."""
    advice = Advice(**fields)
    advice.clock = Clock(chance)
    advice.clock.pass_to(advice.typed.day, advice.typed.created_at)
    advice.steps.append(Step(advice.author, advice.typed, ISSUED, advice.issued_on))
    return advice


def due_after(day: dt.date, chance: random.Random, low: int = 12, high: int = 55) -> dt.date:
    """A day by which something is to be done, of those that people choose."""
    return round_deadline(day + days(chance.randint(low, high)))


@dataclass(frozen=True)
class Outcome:
    """How a year's recommendations stand on its last day; those left over are in work or have just been issued."""

    done: int  # verified or not
    verified: int
    not_done: int
    withdrawn: int
    in_work: int


def follow(advices: list[Advice], outcome: Outcome, until: dt.date, *key: object) -> None:
    """Lead a year's recommendations to the states in which they stand on `until`, the oldest first, more or less."""
    chance = stream("follow", until, *key)
    order = sorted(advices, key=lambda advice: advice.typed.day + days(chance.uniform(0, 260)))
    early = [advice for advice in order if advice.typed.day <= until - days(12)]
    done, rest = early[: outcome.done], [*early[outcome.done :], *(one for one in order if one not in set(early))]
    if len(done) < outcome.done:
        raise ValueError(f"Of {len(advices)} only {len(done)} are old enough to be done by {until}.")
    for advice in done:
        _do(advice, until, chance)
    ripe = [advice for advice in done if _next_working(advice.typed_last) <= until]
    for advice in chance.sample(ripe, outcome.verified):
        _verify(advice, until, chance)
    for place, advice in enumerate(rest):
        if place < outcome.not_done:
            _refuse(advice, NOT_DONE, words.NOT_DONE, until, chance)
        elif place < outcome.not_done + outcome.withdrawn:
            _refuse(advice, WITHDRAWN, words.WITHDRAWN, until, chance)
        elif place < outcome.not_done + outcome.withdrawn + outcome.in_work:
            _set_open_due(advice, until, chance)
            _take_up(advice, until, chance)
        else:
            _set_open_due(advice, until, chance)


def go_on(advices: list[Advice], after: dt.date, *key: object) -> None:
    """What becomes, in the months after a year, of what it left unfinished or unverified."""
    chance = stream("go on", after, *key)
    for advice in advices:
        start = after + days(chance.triangular(12, 170, 45))
        if advice.state in (ISSUED, IN_WORK, NOT_DONE) and chance.random() < 0.86:
            if working_from(start + days(4)) <= LAST_DAY:
                advice.step(DONE, working_until(start), _secretary(advice), _done_note(advice, chance), lag=1)
                if chance.random() < 0.7:
                    _verify(advice, LAST_DAY, chance)
        elif advice.state == DONE and chance.random() < 0.5:
            _verify(advice, LAST_DAY, chance, not_before=working_from(start))


def _secretary(advice: Advice) -> str:
    return f"secretary-{advice.branch}"


def _done_note(advice: Advice, chance: random.Random) -> str:
    return chance.choice(words.DONE_OF_COUNCIL if advice.is_of_council else words.DONE)


def _next_working(day: dt.date) -> dt.date:
    return working_from(day + DAY)


def _take_up(advice: Advice, until: dt.date, chance: random.Random) -> None:
    """It is put to work some days after it was issued."""
    day = advice.issued_on + days(chance.randint(2, 12))
    if working_from(max(day, advice.typed.day)) <= working_until(until):
        advice.step(IN_WORK, working_from(day), _secretary(advice), chance.choice(words.TAKEN_UP))
    else:
        advice.step(IN_WORK, working_until(until), _secretary(advice))


def _do(advice: Advice, until: dt.date, chance: random.Random) -> None:
    """It is reported as done: mostly in time, sometimes late; sometimes control looks and sends it back first."""
    span = max(8, (advice.due_on - advice.issued_on).days)
    if chance.random() < 0.24:
        day = advice.due_on + days(chance.randint(2, 40))
    else:
        day = advice.issued_on + days(chance.triangular(4, span, span * 0.8))
    last = working_until(until)
    day = min(working_from(max(day, advice.typed.day)), working_until(last - days(chance.randint(0, 5))))
    room = (day - advice.issued_on).days
    if room > 14 and chance.random() < (0.06 if advice.is_of_council else 0.25):
        taken = working_from(max(advice.typed.day, advice.issued_on + days(room * chance.uniform(0.1, 0.35))))
        advice.step(IN_WORK, taken, _secretary(advice), chance.choice(words.TAKEN_UP))
    elif room > 40 and not advice.is_of_council and chance.random() < 0.12:
        first = working_from(advice.issued_on + days(room * 0.4))
        advice.step(DONE, first, _secretary(advice), _done_note(advice, chance))
        looked = working_from(advice.steps[-1].typed.day + days(chance.randint(3, 9)))
        advice.step(IN_WORK, looked, inspector_of(advice.branch), chance.choice(words.NOT_VERIFIED))
    lag = chance.choice((0, 0, 0, 1, 2)) if working_from(day + days(2)) <= last else 0
    by = "coordinator" if advice.is_of_council and chance.random() < 0.1 else _secretary(advice)
    advice.step(DONE, max(day, advice.steps[-1].typed.day), by, _done_note(advice, chance), lag=lag)


def _verify(advice: Advice, until: dt.date, chance: random.Random, not_before: dt.date = dt.date.min) -> None:
    """Control looks whether it is done, some days after it was said."""
    said = advice.typed_last
    day = working_from(max(said + days(chance.triangular(1, 32, 6)), not_before))
    day = min(day, working_until(until))
    by = "controller" if chance.random() < 0.15 else inspector_of(advice.branch)
    advice.step(VERIFIED, max(day, said), by, chance.choice(words.VERIFIED_ON_SITE if advice.site else words.VERIFIED))


def _refuse(
    advice: Advice, state: RecommendationState, notes: tuple[str, ...], until: dt.date, chance: random.Random
) -> None:
    """It is reported as not done, or withdrawn by those who issued it."""
    by = _secretary(advice)
    if state == WITHDRAWN and not advice.is_of_council:
        by = advice.author
    day = working_from(max(advice.typed.day, advice.due_on - days(chance.randint(0, 12))))
    if day > working_until(until):
        day = working_until(until - days(chance.randint(0, 2)))
    advice.step(state, max(day, advice.typed.day), by, chance.choice(notes))


def _set_open_due(advice: Advice, until: dt.date, chance: random.Random) -> None:
    """Of those that are open at the end three in ten are overdue, some are due within the week, the rest later."""
    lot = chance.random()
    if lot < 0.3 and advice.issued_on < until - days(14):
        due = until - days(chance.randint(1, min(40, (until - advice.issued_on).days - 7)))
    elif lot < 0.5:
        due = until + days(chance.randint(0, 7))
    else:
        due = round_deadline(until + days(chance.randint(8, 50)))
    advice.due_on = max(due, advice.issued_on + days(5))
