"""Who came to the reception offices: events, requests, applicants.

Of «Құқықтық көмек» in 2024 the briefing says: 123 receptions, 363 residents, 51 helped, 37 of them with legal support.
Where, when, and everything else is sample.
"""

import datetime as dt
import random
from collections import Counter
from dataclasses import dataclass, field, replace

from branches.choices import Channel, HelpKind, RequestKind, RequestState
from roadmap.management.demonstration import work_words as words
from roadmap.management.demonstration.calendar import Typed
from roadmap.management.demonstration.control_bodies import deal
from roadmap.management.demonstration.life import days
from roadmap.management.demonstration.reference import BRANCHES, OBLAST, places_of
from roadmap.management.demonstration.roadmaps import Told
from roadmap.management.demonstration.rows import stream
from roadmap.management.demonstration.schedule import LAST_DAY
from roadmap.management.demonstration.work_claims import Claims
from roadmap.management.demonstration.work_days import desk_clock, office_from, office_until, share_out
from roadmap.management.demonstration.work_people import People, Person
from roadmap.management.demonstration.work_requests import Asked, Event, Fate, lead, open_again

S, K = RequestState, RequestKind
LEGAL_AID, HELP_FOR_PEOPLE = "legal_aid", "halyqqa_komek"
CITIES = ("baikonur", "kyzylorda-city")

# «Құқықтық көмек» of 2024 by branch: receptions, residents, of these helped, of these with legal support.
LEGAL_AID_2024 = {
    OBLAST: (20, 58, 8, 6),
    "aral": (12, 36, 5, 4),
    "kazaly": (11, 33, 5, 3),
    "baikonur": (6, 16, 2, 1),
    "karmakshy": (11, 31, 4, 3),
    "zhalagash": (10, 28, 4, 3),
    "syrdarya": (11, 34, 5, 4),
    "kyzylorda-city": (18, 58, 9, 7),
    "shieli": (12, 35, 5, 3),
    "zhanakorgan": (12, 34, 4, 3),
}
WEIGHTS = (14, 10, 10, 5, 8, 8, 12, 18, 10, 9)  # how the rest lies over the branches
# Other events of a year, and requests made at them: by kind and project.
EVENTS = {
    2024: {
        ("thematic", HELP_FOR_PEOPLE): (24, 55),
        ("open_day", ""): (36, 78),
        ("mobile", ""): (18, 42),
        ("personal", ""): (14, 20),
    },
    2025: {
        ("thematic", LEGAL_AID): (62, 148),
        ("thematic", HELP_FOR_PEOPLE): (20, 46),
        ("open_day", ""): (34, 74),
        ("mobile", ""): (17, 38),
        ("personal", ""): (12, 17),
    },
    2026: {
        ("thematic", LEGAL_AID): (55, 128),
        ("thematic", HELP_FOR_PEOPLE): (18, 40),
        ("open_day", ""): (33, 72),
        ("mobile", ""): (17, 38),
        ("personal", ""): (12, 17),
    },
}
ALONE = {2024: 118, 2025: 176, 2026: 214}  # requests that came by other ways

TOPICS = {  # weights of topics, within a project and otherwise
    LEGAL_AID: {
        "law": 34,
        "social": 14,
        "land": 12,
        "housing": 12,
        "jobs": 11,
        "other": 9,
        "utilities": 5,
        "health": 3,
    },
    HELP_FOR_PEOPLE: {
        "social": 36,
        "health": 16,
        "housing": 12,
        "jobs": 10,
        "utilities": 9,
        "education": 9,
        "other": 8,
    },
    "": {
        **{"water": 12, "roads": 12, "housing": 12, "social": 13, "electricity_gas": 9, "health": 9, "land": 8},
        **{"education": 7, "jobs": 7, "utilities": 7, "ecology": 5, "culture": 4, "law": 4, "other": 5},
    },
}
KINDS = {LEGAL_AID: (86, 14, 0, 0), HELP_FOR_PEOPLE: (92, 5, 3, 0), "": (70, 15, 8, 7)}
CHANNELS = ((Channel.DESK, 52), (Channel.PHONE, 20), (Channel.ONLINE, 18), (Channel.LETTER, 10))
ENDS = {
    LEGAL_AID: ((S.EXPLAINED, 78), (S.POSITIVE, 14), (S.REFUSED, 5), (S.WITHDRAWN, 3)),
    HELP_FOR_PEOPLE: ((S.POSITIVE, 52), (S.EXPLAINED, 34), (S.REFUSED, 11), (S.WITHDRAWN, 3)),
    "": ((S.POSITIVE, 43), (S.EXPLAINED, 41), (S.REFUSED, 12), (S.WITHDRAWN, 4)),
}
WAYS = {LEGAL_AID: (86, 8, 6), HELP_FOR_PEOPLE: (70, 18, 12), "": (56, 31, 13)}

# Rules of reception offices that differ from the rest.
ANSWER_DAYS = {"kyzylorda-city": (10, dt.date(2025, 1, 1))}  # how many working days, of requests from that day on
MANDATES_ONLY = {"shieli": (dt.date(2026, 3, 2), dt.date(2026, 3, 20))}
# What lies on the desk that the demonstration shows first: when it was received, and where it stands.
ON_THE_DESK = {
    "syrdarya": (
        (dt.date(2026, 10, 15), S.FORWARDED),
        (dt.date(2026, 10, 22), S.IN_WORK),
        (dt.date(2026, 10, 28), S.IN_WORK),
        (dt.date(2026, 10, 29), S.REGISTERED),
        (dt.date(2026, 11, 2), S.IN_WORK),
        (dt.date(2026, 11, 3), S.IN_WORK),
    ),
}
TWICE, AGAIN, WITHDRAWN, REOPENED = 4, 6, 3, 0.015  # entered twice; asked again soon; consents withdrawn; opened again


@dataclass
class Reception:
    """Everything that was entered. `withdrawn`: requests whose applicants took their consent back, and when."""

    events: list[Event] = field(default_factory=list)
    requests: list[Asked] = field(default_factory=list)
    people: list[Person] = field(default_factory=list)
    withdrawn: list[tuple[Asked, Typed]] = field(default_factory=list)


def tell_reception(told: Told) -> Reception:
    """Tell the years of all reception offices; `told` are the promises of roadmaps, with their ends."""
    reception = Reception()
    claims = Claims(told)
    for branch in BRANCHES:
        desk = _Desk(branch, claims)
        for year in EVENTS:
            desk.tell(year)
        reception.events += desk.events
        reception.requests += desk.requests
    known = {place for branch in BRANCHES for place in places_of(branch)}
    for plan, promise, topic, day in claims.chosen(known):
        asked = _asks_still(promise.task.locality, topic, day, stream("asks still", plan.branch, promise.number, day))
        asked.claim = plan, promise
        reception.requests.append(asked)
    reception.requests.sort(key=lambda asked: asked.typed.created_at)
    _meet(reception.requests, People())
    reception.requests += _again(reception.requests)
    reception.requests.sort(key=lambda asked: asked.typed.created_at)
    _number(reception)
    for asked in reception.requests:
        if len(asked.steps) == 1:
            _live(asked)
    _check_legal_aid(reception)
    _withdraw(reception)
    return reception


# --- what a desk sees in a year --------------------------------------------------------------------------------------
class _Desk:
    """The reception office of one branch."""

    def __init__(self, branch: str, claims: Claims) -> None:
        self.branch, self.claims = branch, claims
        self.places = places_of(branch)
        self.events: list[Event] = []
        self.requests: list[Asked] = []

    def tell(self, year: int) -> None:
        """Its events and requests of a year."""
        turn = BRANCHES.index(self.branch)
        if year == 2024:
            self._legal_aid()
        for (kind, project), (events, requests) in EVENTS[year].items():
            held = share_out(events, WEIGHTS)[turn]
            asked = share_out(requests, WEIGHTS)[turn]
            chance = stream("events", self.branch, year, kind, project)
            for event, number in zip(
                self._events(year, kind, project, held, chance), deal(asked, held, 1, 7, chance), strict=True
            ):
                self._at(event, number, chance)
        chance = stream("alone", self.branch, year)
        first, last = dt.date(year, 1, 9), min(dt.date(year, 12, 29), LAST_DAY)
        for _ in range(share_out(ALONE[year], WEIGHTS)[turn]):
            day = first + days(chance.uniform(0, (last - first).days - 3))
            if chance.random() < (0.24 if last == LAST_DAY else 0.1):  # what lies on the desk as the year ends
                day = last - days(chance.uniform(0, 30))
            self._alone(min(office_from(day), LAST_DAY), chance)
        for day, state in ON_THE_DESK.get(self.branch, ()) if year == LAST_DAY.year else ():
            way = "forwarded" if state == S.FORWARDED else "straight"
            self._alone(day, chance).fate = Fate(S.EXPLAINED, way=way, stop=state)

    def _legal_aid(self) -> None:
        """The published year of «Құқықтық көмек»: so many receptions and residents, a few of whom came twice."""
        events, residents, helped, supported = LEGAL_AID_2024[self.branch]
        chance = stream("legal aid", self.branch)
        twice = int(self.branch != "baikonur")
        mine: list[Asked] = []
        for event, number in zip(
            self._events(2024, "thematic", LEGAL_AID, events, chance),
            deal(residents + twice, events, 1, 7, chance),
            strict=True,
        ):
            mine += self._at(event, number, chance)
        for asked in mine:
            end = chance.choices((S.EXPLAINED, S.REFUSED, S.WITHDRAWN), (90, 6, 4))[0]
            asked.fate = Fate(end, is_quick=end == S.EXPLAINED and chance.random() < 0.6)
        early = [asked for asked in mine if asked.received_on <= dt.date(2024, 11, 25)]
        others = (HelpKind.ADVICE, HelpKind.MEDIATION, HelpKind.MATERIAL)
        for place, asked in enumerate(chance.sample(early, helped)):
            help_kind = HelpKind.LEGAL_SUPPORT if place < supported else chance.choice(others)
            asked.fate = Fate(S.POSITIVE, help_kind)

    def _events(self, year: int, kind: str, project: str, number: int, chance: random.Random) -> list[Event]:
        """Events of one kind, spread over the year."""
        first, last = dt.date(year, 1, 16), min(dt.date(year, 12, 14), LAST_DAY - days(2))
        step = (last - first).days / max(1, number)
        found = []
        for place in range(number):
            day = office_from(first + days(step * (place + chance.uniform(0.1, 0.85))))
            event = Event(self.branch, kind, day, project)
            event.locality = chance.choice(self.places[1:] or self.places) if kind == "mobile" else self.places[0]
            hall = chance.choice(words.PLACES[kind])
            event.place = words.IN_CITY.get(hall, hall) if self.branch in (*CITIES, OBLAST) else hall
            event.note = chance.choice(words.PRESENT) if kind != "personal" else ""
            event.author = self._author(chance)
            event.typed = desk_clock(chance).type(day + days(chance.choice((0, 0, 0, 1))))
            found.append(event)
        self.events += found
        return found

    def _at(self, event: Event, number: int, chance: random.Random) -> list[Asked]:
        """Requests made at an event, entered after it."""
        clock = desk_clock(chance)
        clock.pass_to(event.typed.day, event.typed.created_at)
        found = []
        for _ in range(number):
            asked = self._asked(event.held_on, Channel.EVENT, event.project, event, chance)
            day = event.typed.day + days(chance.choice((0, 0, 0, 0, 1)))
            asked.register(clock.type(min(day, office_until(LAST_DAY))), event.author, chance)
            found.append(asked)
        self.requests += found
        return found

    def _alone(self, day: dt.date, chance: random.Random) -> Asked:
        """A request that came by another way."""
        channel = chance.choices([way for way, _ in CHANNELS], [weight for _, weight in CHANNELS])[0]
        asked = self._asked(day, channel, "", None, chance)
        lag = 1 if channel == Channel.LETTER and day < LAST_DAY - days(3) else 0
        asked.register(desk_clock(chance).type(day + days(lag)), self._author(chance), chance)
        self.requests.append(asked)
        return asked

    def _asked(self, day: dt.date, channel: Channel, project: str, event: Event | None, chance: random.Random) -> Asked:
        weights = TOPICS[project]
        kind = chance.choices((K.APPLICATION, K.COMPLAINT, K.SUGGESTION, K.MANDATE), KINDS[project])[0]
        since, until = MANDATES_ONLY.get(self.branch, (LAST_DAY, dt.date.min))
        if since <= day <= until:
            kind = K.MANDATE
        for _ in range(9):
            topic = chance.choices(list(weights), list(weights.values()))[0]
            locality = self._locality(event, chance)
            if not self.claims.contradicted_by(locality, topic, day):
                break
        else:
            locality = None
        return asked_for(Asked(self.branch, day, topic, kind, channel, event, locality), chance)

    def _locality(self, event: Event | None, chance: random.Random) -> tuple[str, str] | None:
        """Mostly where the event is held; else the chief place, or another one; sometimes nobody wrote it down."""
        if event and event.kind == "mobile" and chance.random() < 0.85:
            return event.locality
        if chance.random() < 0.06:
            return None
        chief = 0.7 if self.branch in (*CITIES, OBLAST) else 0.36
        return self.places[0] if chance.random() < chief else chance.choice(self.places)

    def _author(self, chance: random.Random) -> str:
        return f"reception-{self.branch}" if chance.random() < 0.85 else f"secretary-{self.branch}"


def asked_for(asked: Asked, chance: random.Random) -> Asked:
    """The request with what it says, and in how many days it is answered."""
    topic = words.WORDS[asked.topic]
    if asked.kind == K.MANDATE:
        text = chance.choice(topic.wished)
    else:
        asked.matter = chance.choice(topic.matters)
        text = asked.matter.asked
    asked.summary = text.format(m=chance.randint(2, 6), y=chance.randint(3, 12), k=chance.choice((9, 12, 18, 24, 30)))
    asked.answer_days = answer_days(asked.branch, asked.received_on)
    return asked


def answer_days(branch: str, day: dt.date) -> int:
    """In how many working days the branch answers requests of a day."""
    number, since = ANSWER_DAYS.get(branch, (15, dt.date.min))
    return number if day >= since else 15


def _asks_still(locality: tuple[str, str], topic: str, day: dt.date, chance: random.Random) -> Asked:
    """A request from a place of which a roadmap says that it is done."""
    branch = locality[0]
    kind = chance.choice((K.APPLICATION, K.COMPLAINT))
    channel = chance.choice((Channel.DESK, Channel.PHONE, Channel.ONLINE))
    if branch in MANDATES_ONLY and MANDATES_ONLY[branch][0] <= day <= MANDATES_ONLY[branch][1]:
        day = office_from(MANDATES_ONLY[branch][1] + days(3))
    asked = asked_for(Asked(branch, day, topic, kind, channel, None, locality), chance)
    asked.register(desk_clock(chance).type(day), f"reception-{branch}", chance)
    return asked


# --- who they are ----------------------------------------------------------------------------------------------------
def _meet(requests: list[Asked], people: People) -> None:
    """Give every request its applicant; some came before. Of the published year each is new, but one a branch."""
    earlier: dict[str, list[Asked]] = {branch: [] for branch in BRANCHES}
    residents: Counter[str] = Counter()
    for asked in requests:
        chance = stream("person", asked.branch, asked.typed.created_at, asked.topic, asked.summary)
        is_published = asked.project == LEGAL_AID and asked.received_on.year == 2024
        before = earlier[asked.branch]
        if is_published and residents[asked.branch] == LEGAL_AID_2024[asked.branch][1]:
            first = [one for one in before if one.project == LEGAL_AID and one.received_on < asked.received_on]
            asked.person = chance.choice(first).person
        elif not is_published and before and chance.random() < 0.07:
            known = chance.choice(before)
            near = [one for one in before if one.person is known.person and one.topic == asked.topic]
            if not any((asked.received_on - one.received_on).days <= 100 for one in near):
                asked.person = known.person
        if asked.person is None:
            asked.person = people.invent(asked.branch, asked.locality[1] if asked.locality else "", chance)
            residents[asked.branch] += is_published
        before.append(asked)


def _again(requests: list[Asked]) -> list[Asked]:
    """Requests of the same people on the same topic: entered twice by mistake, or asked again within 90 days."""
    chance = stream("again")
    late = [one for one in requests if one.received_on >= dt.date(2025, 3, 1) and one.event is None]
    late = [one for one in late if one.received_on <= LAST_DAY - days(60) and one.branch not in MANDATES_ONLY]
    found = []
    for place, first in enumerate(chance.sample(late, TWICE + AGAIN)):
        is_mistake = place < TWICE
        day = first.received_on if is_mistake else office_from(first.received_on + days(chance.randint(9, 55)))
        channel = first.channel if is_mistake else Channel.PHONE
        asked = replace(first, received_on=day, channel=channel, steps=[], links=[], claim=None, fate=None)
        asked.answer_days = answer_days(first.branch, day)
        clock = desk_clock(chance)
        clock.pass_to(first.typed.day, first.typed.created_at)
        author = f"secretary-{first.branch}" if is_mistake else f"reception-{first.branch}"
        asked.register(clock.type(max(day, first.typed.day)), author, chance)
        if is_mistake:
            asked.step(S.MISTAKE, asked.typed.day, by=f"reception-{first.branch}", lag=1, note=words.TWICE)
        found.append(asked)
    return found


def _number(reception: Reception) -> None:
    """Number requests by branch and year, events, requests and people in the order in which they were entered."""
    numbers: Counter[tuple[str, int]] = Counter()
    reception.events.sort(key=lambda event: event.typed.created_at)
    for pk, event in enumerate(reception.events, start=1):
        event.pk = pk
    for pk, asked in enumerate(reception.requests, start=1):
        key = asked.branch, asked.received_on.year
        numbers[key] += 1
        asked.pk, asked.number = pk, numbers[key]
        if not asked.person.pk:
            reception.people.append(asked.person)
            asked.person.pk = len(reception.people)


# --- what becomes of them --------------------------------------------------------------------------------------------
def _live(asked: Asked) -> None:
    chance = stream("fate", asked.branch, asked.number, asked.received_on)
    asked.fate = asked.fate or _fate(asked, chance)
    lead(asked, chance)
    is_published = asked.project == LEGAL_AID and asked.received_on.year == 2024
    if not is_published and asked.state in (S.EXPLAINED, S.REFUSED) and chance.random() < REOPENED:
        open_again(asked, chance)


def _fate(asked: Asked, chance: random.Random) -> Fate:
    """How a request goes, by chance; of the last weeks more is left open, or late."""
    ends = ENDS[asked.project]
    end = chance.choices([state for state, _ in ends], [weight for _, weight in ends])[0]
    way = chance.choices(("straight", "forwarded", "waiting"), WAYS[asked.project])[0]
    supported = asked.project == LEGAL_AID and chance.random() < 0.7
    help_kind = HelpKind.LEGAL_SUPPORT if end == S.POSITIVE and supported else ""
    quick = 0.5 if asked.event else 0.18
    is_quick = end == S.EXPLAINED and way == "straight" and asked.kind != K.MANDATE and chance.random() < quick
    stop = _stop(asked, chance) if not is_quick else None
    way = {S.FORWARDED: "forwarded", S.WAITING: "waiting"}.get(stop, way)
    return Fate(end, help_kind, way, stop, is_quick, is_late=chance.random() < 0.09)


def _stop(asked: Asked, chance: random.Random) -> RequestState | None:
    """Where a request stays until the story ends."""
    age = (LAST_DAY - asked.received_on).days
    if age > 400 or asked.project == LEGAL_AID:
        return None
    likely = 0.36 if 14 <= age <= 50 else 0.03 if age > 50 else 0.12
    if chance.random() >= likely:
        return None
    if age > 28:
        return chance.choices((S.IN_WORK, S.FORWARDED, S.WAITING), (50, 20, 30) if age <= 50 else (0, 30, 70))[0]
    return chance.choices((S.IN_WORK, S.FORWARDED, S.WAITING, S.REGISTERED), (50, 28, 14, 8))[0]


def _check_legal_aid(reception: Reception) -> None:
    """Raise when what was published does not come out."""
    end = dt.date(2024, 12, 31)
    asked = [one for one in reception.requests if one.project == LEGAL_AID and one.received_on.year == 2024]
    helped = [one for one in asked if one.state == S.POSITIVE and one.steps[-1].typed.day <= end]
    supported = {one.person for one in helped if one.steps[-1].help_kind == HelpKind.LEGAL_SUPPORT}
    found = (
        sum(event.project == LEGAL_AID and event.held_on.year == 2024 for event in reception.events),
        len({one.person for one in asked}),
        len({one.person for one in helped}),
        len(supported),
    )
    if found != (123, 363, 51, 37):
        raise ValueError(f"Legal aid of 2024 comes to {found}.")


def _withdraw(reception: Reception) -> None:
    """A few people withdraw their consent once their only request is closed: their data go."""
    chance = stream("withdrawn")
    times = Counter(one.person for one in reception.requests)
    closed = (S.POSITIVE, S.EXPLAINED, S.REFUSED)
    offers = [
        one
        for one in reception.requests
        if one.received_on.year >= 2025
        and one.event is None
        and one.state in closed
        and times[one.person] == 1
        and one.claim is None
        and one.steps[-1].typed.day <= LAST_DAY - days(80)
    ]
    for asked in chance.sample(offers, WITHDRAWN):
        typed = asked.clock.type(asked.steps[-1].typed.day + days(chance.randint(15, 70)))
        reception.withdrawn.append((asked, typed))
        person = asked.person
        person.full_name = person.phone = person.address = person.iin = ""
        person.erased_on = typed.day.isoformat()
        asked.is_erased = True
    reception.withdrawn.sort(key=lambda one: one[1].created_at)
