"""A citizen's request and its life: steps on working days, with the clock by which its answer is due."""

import datetime as dt
import random
from dataclasses import dataclass, field

from branches.choices import CLOCK_STOPPED, REQUEST_CLOSED, Channel, HelpKind, RequestKind, RequestState, WaitingReason
from branches.metrics import Clock as AnswerClock
from roadmap.management.demonstration import work_words as words
from roadmap.management.demonstration.calendar import Clock, Typed
from roadmap.management.demonstration.life import days, round_deadline
from roadmap.management.demonstration.places import adjective, akimat
from roadmap.management.demonstration.reference import OBLAST
from roadmap.management.demonstration.roadmaps import Promise
from roadmap.management.demonstration.schedule import LAST_DAY, Plan
from roadmap.management.demonstration.work_days import WORKDAYS, desk_clock, office_from, office_until
from roadmap.management.demonstration.work_people import Person
from roadmap.management.demonstration.works import EXECUTORS

S = RequestState
STOPS = (*CLOCK_STOPPED, *REQUEST_CLOSED)


@dataclass(eq=False)
class Event:
    """A day on which a branch received citizens."""

    branch: str
    kind: str
    held_on: dt.date
    project: str = ""
    locality: tuple[str, str] | None = None
    place: str = ""
    note: str = ""
    author: str = ""
    typed: Typed | None = None
    pk: int = 0


@dataclass(eq=False)
class Step:
    """What became of a request on a day."""

    author: str
    typed: Typed
    state: RequestState
    happened_on: dt.date
    due_on: dt.date | None = None
    days_left: int | None = None
    reason: str = ""
    forwarded_to: str = ""
    help_kind: str = ""
    note: str = ""


@dataclass(eq=False)
class Link:
    """The request speaks of a measure of the roadmap, as somebody typed."""

    author: str
    typed: Typed
    promise: Promise


@dataclass(eq=False)
class Referral:
    """The branch passed the request to party control; `site` is one of the story of control."""

    author: str
    typed: Typed
    note: str
    site: object = None


@dataclass(eq=False)
class Asked:
    """A request. `locality` is a district and the name of a place in it.

    `fate`: how it goes, where that is told; `claim`: the measure, reported as done, of which it asks still;
    `is_erased`: its words are gone, for the applicant withdrew consent.
    """

    branch: str
    received_on: dt.date
    topic: str
    kind: RequestKind
    channel: Channel
    event: Event | None = None
    locality: tuple[str, str] | None = None
    matter: words.Matter | None = None  # what it is about; of a mandate none
    summary: str = ""
    answer_days: int = 15
    person: Person | None = None
    author: str = ""
    typed: Typed | None = None
    number: int = 0
    pk: int = 0
    steps: list[Step] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    referral: Referral | None = None
    clock: Clock | None = None  # by which things are typed
    time: AnswerClock | None = None  # which says by when the answer is due
    fate: "Fate | None" = None
    claim: tuple[Plan, Promise] | None = None
    is_erased: bool = False

    @property
    def project(self) -> str:
        """The party project within which it was asked, "" if within none."""
        return self.event.project if self.event else ""

    @property
    def state(self) -> RequestState:
        """Where it stands."""
        return self.steps[-1].state

    @property
    def due_on(self) -> dt.date:
        """The first day by which the answer is due."""
        return WORKDAYS.after(self.received_on, self.answer_days)

    def register(self, typed: Typed, author: str, chance: random.Random) -> None:
        """It is entered, with its first step."""
        self.author, self.typed = author, typed
        self.clock = desk_clock(chance)
        self.clock.pass_to(typed.day, typed.created_at)
        self.time = AnswerClock(self.received_on, self.answer_days, self.due_on)
        self.steps.append(Step(author, typed, S.REGISTERED, self.received_on, self.due_on))

    def step(
        self,
        state: RequestState,
        day: dt.date,
        *,
        by: str = "",
        lag: int = 0,
        note: str = "",
        reason: str = "",
        forwarded_to: str = "",
        body_due_on: dt.date | None = None,
        help_kind: str = "",
    ) -> bool:
        """Somebody says what became of it on `day`, typing it `lag` days later; False where the story is over by then.

        The days are what `branches.actions.follow_request` writes.
        """
        last = self.steps[-1]
        happened = max(day, last.happened_on)
        when = office_from(max(happened + days(lag), self.clock.day))
        if when > LAST_DAY:
            return False
        typed = self.clock.type(when)
        turn = self.time.stopped if state in STOPS else self.time.going_on
        self.time = turn(happened, WORKDAYS)
        due_on = None
        if state == S.FORWARDED:
            due_on = body_due_on or WORKDAYS.after(happened, self.answer_days)
        elif state not in STOPS:
            due_on = self.time.due_on
        self.steps.append(
            Step(
                by or self.author,
                typed,
                state,
                happened,
                due_on,
                self.time.days_left if state in CLOCK_STOPPED else None,
                reason,
                forwarded_to,
                help_kind,
                note,
            )
        )
        return True


@dataclass(frozen=True)
class Fate:
    """How a request goes: by which way to which end. `stop`: where it stays, and nothing is said any more.

    `help_kind`: what help is given, if not the one that the matter asks for.
    """

    end: RequestState
    help_kind: str = ""
    way: str = "straight"  # or "forwarded", "waiting"
    stop: RequestState | None = None
    is_quick: bool = False  # answered on the spot
    is_late: bool = False


def lead(asked: Asked, chance: random.Random) -> None:
    """Lead a registered request along its fate, as far as the story goes."""
    fate = asked.fate
    if fate.is_quick:
        _end(asked, fate, asked.received_on, chance)
        return
    if fate.stop == S.REGISTERED:
        return
    day = asked.received_on
    if chance.random() < 0.8 or fate.stop:
        day = WORKDAYS.after(day, chance.choice((0, 1, 1, 2)))
        if not _step(asked, S.IN_WORK, day, chance, note=chance.choice(words.TAKEN_UP)):
            return
    if fate.stop == S.IN_WORK:
        return
    if fate.way == "forwarded":
        day = _forward(asked, fate, day, chance)
    elif fate.way == "waiting":
        day = _wait(asked, fate, day, chance)
    if day is None:
        return
    due = asked.steps[-1].due_on or asked.due_on
    left = max(1, WORKDAYS.between(day, due))
    if fate.is_late:
        day = WORKDAYS.after(due, chance.randint(1, 6))
    else:
        day = WORKDAYS.after(day, max(1, int(chance.triangular(1, left, left * 0.75))))
    _end(asked, fate, day, chance)


def open_again(asked: Asked, chance: random.Random) -> None:
    """A closed request is taken in work again, and answered anew."""
    day = WORKDAYS.after(asked.steps[-1].happened_on, chance.randint(4, 16))
    if _step(asked, S.IN_WORK, day, chance, note=chance.choice(words.OPENED_AGAIN)):
        day = WORKDAYS.after(day, chance.randint(2, 7))
        _end(asked, Fate(S.EXPLAINED), day, chance)


def _step(asked: Asked, state: RequestState, day: dt.date, chance: random.Random, **said: object) -> bool:
    lag = chance.choices((0, 1, 2), (82, 13, 5))[0]
    by = f"secretary-{asked.branch}" if chance.random() < 0.12 else f"reception-{asked.branch}"
    return asked.step(state, day, by=by, lag=lag, **said)


def _forward(asked: Asked, fate: Fate, day: dt.date, chance: random.Random) -> dt.date | None:
    """A state body gets it, with a day of its own; mostly it answers in time. Gives the day of its reply."""
    day = WORKDAYS.after(day, chance.randint(1, 4))
    own = round_deadline(day + days(chance.choice((12, 18, 25)))) if chance.random() < 0.45 else None
    own = office_until(own) if own else None
    if own is not None and own <= day:
        own = None
    body = _body(asked, chance)
    note = chance.choice(words.FORWARDED)
    if not _step(asked, S.FORWARDED, day, chance, note=note, forwarded_to=body, body_due_on=own):
        return None
    if fate.stop == S.FORWARDED:
        return None
    due = asked.steps[-1].due_on
    span = max(2, WORKDAYS.between(day, due))
    reply = WORKDAYS.after(day, int(chance.triangular(2, span, span * 0.8)))
    if chance.random() < 0.14:
        reply = WORKDAYS.after(due, chance.randint(1, 8))
    if not _step(asked, S.IN_WORK, reply, chance, note=chance.choice(words.REPLIED)):
        return None
    return reply


def _wait(asked: Asked, fate: Fate, day: dt.date, chance: random.Random) -> dt.date | None:
    """Something is awaited, and the clock stands. Gives the day on which it went on."""
    reasons = (WaitingReason.DOCUMENTS, WaitingReason.REPLY, WaitingReason.COURT, WaitingReason.OTHER)
    likely = (20, 15, 60, 5) if asked.topic == "law" else (60, 28, 4, 8)
    reason = chance.choices(reasons, likely)[0]
    day = WORKDAYS.after(day, chance.randint(1, 5))
    note = chance.choice(words.WAITS[reason])
    if not _step(asked, S.WAITING, day, chance, reason=reason.value, note=note) or fate.stop == S.WAITING:
        return None
    day = office_from(day + days(chance.triangular(4, 60 if reason == WaitingReason.COURT else 30, 10)))
    if not _step(asked, S.IN_WORK, day, chance, note=chance.choice(words.CAME[reason])):
        return None
    return day


def _end(asked: Asked, fate: Fate, day: dt.date, chance: random.Random) -> None:
    matter = asked.matter
    help_kind = ""
    if fate.end == S.POSITIVE:
        help_kind = str(fate.help_kind or (matter.help_kind if matter else HelpKind.MEDIATION))
    notes = {
        S.POSITIVE: (matter.helped,) if matter else words.MANDATE_HELPED,
        S.EXPLAINED: (matter.explained,) if matter else words.MANDATE_EXPLAINED,
        S.REFUSED: words.REFUSED,
        S.WITHDRAWN: words.WITHDRAWN,
    }[fate.end]
    if help_kind == HelpKind.LEGAL_SUPPORT:
        notes = words.SUPPORTED
    _step(asked, fate.end, day, chance, note=chance.choice(notes), help_kind=help_kind)


def _body(asked: Asked, chance: random.Random) -> str:
    """The body to which requests on the topic are forwarded."""
    office = words.WORDS[asked.topic].office
    if office == "akimat":
        return akimat(asked.branch)
    own = EXECUTORS.get(office)
    name = own[asked.branch == OBLAST] if own else chance.choice(office.split("|"))
    owner = adjective(asked.branch)
    return f"{owner[0].upper()}{owner[1:]} {name}"
