"""Meetings of commissions and councils, what they consider and recommend, and recommendations from monitoring.

Of 2024 the briefing says how many meetings, issues, recommendations and proposals there were in the whole oblast. Whose
they were and what they said is sample.
"""

import datetime as dt
import random
from collections.abc import Sequence
from dataclasses import dataclass, field

from roadmap.choices import BodyKind, MeetingKind
from roadmap.management.demonstration import control_words as words
from roadmap.management.demonstration.calendar import Clock, Typed, working_from, working_until
from roadmap.management.demonstration.control_advice import (
    Advice,
    Outcome,
    due_after,
    follow,
    go_on,
    issued,
)
from roadmap.management.demonstration.control_fields import COMMISSION as NAME
from roadmap.management.demonstration.control_fields import COUNCILS, DECISIONS, FIELDS, Issue
from roadmap.management.demonstration.control_life import Building
from roadmap.management.demonstration.life import days
from roadmap.management.demonstration.people import inspector_of
from roadmap.management.demonstration.places import adjective, akimat, villages_and_towns
from roadmap.management.demonstration.reference import BRANCHES, OBLAST, Name
from roadmap.management.demonstration.roadmaps import Promise, Told
from roadmap.management.demonstration.rows import Rows, stream
from roadmap.management.demonstration.schedule import LAST_DAY
from roadmap.management.demonstration.works import EXECUTORS, Kind

COMMISSION = "commission"
BOUGHT = (Kind.BUILD, Kind.YARD, Kind.LINE, Kind.BUY)  # works with a contract


@dataclass(eq=False)
class Point:
    """A point of an agenda; `heard` is an earlier recommendation."""

    title: str
    decision: str
    heard: Advice | None = None


@dataclass(eq=False)
class Meeting:
    """A meeting. `body` is the branch and "commission" or the field of a council; `partners` are other such bodies."""

    body: tuple[str, str]
    author: str
    typed: Typed
    held_on: dt.date
    kind: MeetingKind
    place: str
    number: str
    present: int
    note: str = ""
    partners: tuple[tuple[str, str], ...] = ()
    agenda: list[Point] = field(default_factory=list)
    advice: list[Advice] = field(default_factory=list)
    annulled: Typed | None = None
    pk: int = 0


@dataclass(frozen=True)
class Year:
    """A year of the bodies in numbers, and how what they asked for stands at its end."""

    until: dt.date
    commission: dict[str, int]  # meetings, by branch
    council: dict[str, int]
    points: int  # of commissions
    issues: int  # of councils
    recommendations: int  # of control: meetings, visits and monitoring
    monitoring: int
    proposals: int
    of_control: Outcome
    of_councils: Outcome


def _by_branch(*numbers: int) -> dict[str, int]:
    return dict(zip(BRANCHES, numbers, strict=True))


YEARS = {
    2024: Year(
        until=dt.date(2024, 12, 31),
        commission=_by_branch(18, 11, 11, 9, 11, 10, 12, 13, 11, 11),
        council=_by_branch(24, 14, 15, 10, 14, 13, 16, 19, 15, 15),
        points=196,
        issues=302,
        recommendations=543,
        monitoring=64,
        proposals=783,
        of_control=Outcome(done=398, verified=236, not_done=21, withdrawn=13, in_work=68),
        of_councils=Outcome(done=571, verified=92, not_done=41, withdrawn=27, in_work=74),
    ),
    2025: Year(
        until=dt.date(2025, 12, 31),
        commission=_by_branch(9, 5, 6, 4, 5, 5, 6, 7, 5, 5),
        council=_by_branch(12, 6, 7, 5, 7, 6, 8, 9, 7, 7),
        points=88,
        issues=124,
        recommendations=226,
        monitoring=26,
        proposals=304,
        of_control=Outcome(done=171, verified=112, not_done=8, withdrawn=5, in_work=24),
        of_councils=Outcome(done=232, verified=41, not_done=15, withdrawn=9, in_work=27),
    ),
    2026: Year(
        until=LAST_DAY,
        commission=_by_branch(8, 5, 5, 4, 5, 4, 6, 6, 5, 5),
        council=_by_branch(11, 6, 6, 4, 6, 6, 7, 9, 6, 7),
        points=82,
        issues=116,
        recommendations=214,
        monitoring=24,
        proposals=282,
        of_control=Outcome(done=131, verified=79, not_done=8, withdrawn=4, in_work=41),
        of_councils=Outcome(done=181, verified=30, not_done=12, withdrawn=7, in_work=39),
    ),
}


def meetings_and_advice(told: Told, sites: Sequence[Building]) -> tuple[list[Meeting], list[Advice]]:
    """All meetings, and all recommendations and proposals, each in the order in which it was entered."""
    meetings: list[Meeting] = []
    advices: list[Advice] = []
    for year, numbers in YEARS.items():
        held = [
            *_meetings(year, numbers, numbers.commission, is_council=False),
            *_meetings(year, numbers, numbers.council, is_council=True),
        ]
        control, proposals = _year(year, numbers, held, told, sites)
        follow(control, numbers.of_control, numbers.until, "control")
        follow(proposals, numbers.of_councils, numbers.until, "councils")
        if numbers.until < LAST_DAY:
            go_on([*control, *proposals], numbers.until)
        meetings += held
        advices += [*control, *proposals]
    meetings.append(_by_mistake(meetings))
    meetings.sort(key=lambda meeting: meeting.typed.created_at)
    advices.sort(key=lambda advice: advice.typed.created_at)
    return meetings, advices


def deal(total: int, slots: int, low: int, high: int, chance: random.Random) -> list[int]:
    """`slots` numbers from low to high that add up to the total."""
    found = [low] * slots
    open_slots = list(range(slots))
    for _ in range(total - low * slots):
        slot = chance.choice(open_slots)
        found[slot] += 1
        if found[slot] == high:
            open_slots.remove(slot)
    return found


# --- when they meet --------------------------------------------------------------------------------------------------
def _meetings(year: int, numbers: Year, counts: dict[str, int], *, is_council: bool) -> list[Meeting]:
    """The year's meetings of all branches' commissions, or councils: spread over the year, each council in its turn."""
    found: list[Meeting] = []
    for branch, count in counts.items():
        chance = stream(branch, year, "meetings", is_council)
        clock = Clock(chance)
        bodies = [(branch, slug) for slug in COUNCILS[branch]] if is_council else [(branch, COMMISSION)]
        first, last = dt.date(year, 1, 11), numbers.until - days(3)
        step = (last - first).days / count
        for place in range(count):
            day = working_from(first + days(step * (place + chance.uniform(0.05, 0.9))))
            if found and found[-1].body[0] == branch and found[-1].held_on >= day:
                day = working_from(found[-1].held_on + days(1))
            day = min(day, working_until(last))
            lag = chance.choice((0, 0, 1, 1, 2, 3)) if day < last - days(3) else 0
            found.append(_meeting(bodies[place % len(bodies)], day, clock.type(day + days(lag)), chance))
    for body in {meeting.body for meeting in found}:
        for number, meeting in enumerate((one for one in found if one.body == body), start=1):
            meeting.number = str(number)
    return found


def _meeting(body: tuple[str, str], day: dt.date, typed: Typed, chance: random.Random) -> Meeting:
    branch, what = body
    kind = chance.choices(tuple(MeetingKind), (72, 20, 8))[0]
    villages, towns = villages_and_towns(branch)
    place, partners = words.HALL, ()
    if kind == MeetingKind.TRAVELLING:
        where = chance.choice([*villages, *towns])
        place = " ".join(part for part in (where.before, where.name, where.head) if part).replace("- ", "-")
    elif kind == MeetingKind.JOINT:
        others = [(other, COMMISSION) for other in BRANCHES if other != branch]
        if what != COMMISSION:
            others = [(branch, slug) for slug in COUNCILS[branch] if slug != what]
        partners = (chance.choice(others),)
    if what == COMMISSION:
        author = inspector_of(branch)
    else:
        author = "coordinator" if branch == OBLAST and chance.random() < 0.5 else f"secretary-{branch}"
    return Meeting(body, author, typed, day, kind, place, "", chance.randint(7, 17), partners=partners)


def _by_mistake(meetings: list[Meeting]) -> Meeting:
    """A meeting that was entered a second time and taken back on the next day."""
    twin = next(one for one in meetings if one.body[1] == "social" and one.held_on >= dt.date(2025, 9, 1))
    clock = Clock(stream("mistake"))
    clock.pass_to(twin.typed.day, twin.typed.created_at)
    again = Meeting(
        twin.body, twin.author, clock.type(twin.typed.day), twin.held_on, twin.kind, twin.place, "", twin.present
    )
    again.partners = twin.partners
    again.agenda = [Point(point.title, point.decision) for point in twin.agenda]
    again.annulled = clock.type(twin.typed.day + days(1))
    return again


# --- what they say ---------------------------------------------------------------------------------------------------
def _year(
    year: int, numbers: Year, held: list[Meeting], told: Told, sites: Sequence[Building]
) -> tuple[list[Advice], list[Advice]]:
    """Fill the meetings of a year; give the recommendations of control, also those of visits, and the proposals."""
    chance = stream(year, "agendas")
    promised = {
        branch: [one for plan, one in told if (plan.branch, plan.year) == (branch, year)] for branch in BRANCHES
    }
    approved = {branch: plan.approved_on for plan, _ in told for branch in [plan.branch] if plan.year == year}
    commissions = [meeting for meeting in held if meeting.body[1] == COMMISSION]
    councils = [meeting for meeting in held if meeting.body[1] != COMMISSION]
    control = [
        advice for site in sites for visit in site.visits if visit.visited_on.year == year for advice in visit.advice
    ]
    left = numbers.recommendations - numbers.monitoring - len(control)
    points = deal(numbers.points, len(commissions), 1, 3, chance)
    for meeting, size, asked in zip(commissions, points, deal(left, len(commissions), 1, 6, chance), strict=True):
        branch = meeting.body[0]
        measures = promised[branch] if meeting.held_on >= approved[branch] else []
        control += _commission(meeting, size, asked, measures, control, chance)
    control += _monitoring(year, numbers, promised, approved, chance)
    proposals: list[Advice] = []
    sizes = deal(numbers.issues, len(councils), 1, 3, chance)
    wanted = iter(deal(numbers.proposals, numbers.issues, 2, 4, chance))
    for meeting, size in zip(councils, sizes, strict=True):
        proposals += _council(meeting, [next(wanted) for _ in range(size)], promised[meeting.body[0]], approved, chance)
    return control, proposals


def _commission(
    meeting: Meeting, size: int, asked: int, measures: list[Promise], earlier: list[Advice], chance: random.Random
) -> list[Advice]:
    """A commission hears of measures, or of the whole roadmap, sometimes of what it recommended earlier."""
    heard = [one for one in earlier if one.branch == meeting.body[0] and one.due_on < meeting.held_on]
    subjects: list[Promise | None] = []
    topics = list(words.GENERAL_TOPICS)
    for place in range(size):
        if place and heard and chance.random() < 0.4:
            advice = heard[-1]
            title = words.HEARD_TOPIC.format(text=advice.text[0].lower() + advice.text[1:])
            meeting.agenda.append(Point(title, chance.choice(words.HEARD_DECISIONS), advice))
        elif measures and chance.random() < 0.75:
            promise = chance.choice([one for one in measures if one not in subjects])
            subjects.append(promise)
            title = words.MEASURE_TOPIC.format(title=promise.task.title)
            meeting.agenda.append(Point(title, chance.choice(words.MEASURE_DECISIONS)))
        else:
            subjects.append(None)
            meeting.agenda.append(Point(*topics.pop(chance.randrange(len(topics)))))
    found: list[Advice] = []
    for place in range(asked):
        promise = subjects[place % len(subjects)]
        used = {advice.text for advice in found}
        pool = words.ADVICE[promise.task.kind] if promise else words.GENERAL_ADVICE
        text = chance.choice(
            [one for one in pool if one not in used] or [t for t in words.GENERAL_ADVICE if t not in used]
        )
        addressee = promise.task.executor if promise else akimat(meeting.body[0])
        found.append(_advice(meeting, text, addressee, chance, promise=promise))
    meeting.advice = found
    return found


def _council(
    meeting: Meeting, wanted: list[int], measures: list[Promise], approved: dict[str, dt.date], chance: random.Random
) -> list[Advice]:
    """A council considers issues of its field and makes proposals of each."""
    branch, slug = meeting.body
    field_ = FIELDS[slug]
    issues: list[Issue] = chance.sample(field_.issues, len(wanted))
    fitting = [one for one in measures if one.task.direction == field_.direction]
    villages, towns = villages_and_towns(branch)
    for issue, number in zip(issues, wanted, strict=True):
        place = chance.choice([*villages, *towns]).forms()
        names = {"place": place["attr"], "loc": place["loc"]}
        meeting.agenda.append(Point(issue.title.format(**names), chance.choice(DECISIONS)))
        office = EXECUTORS[field_.office][branch == OBLAST]
        addressee = f"{adjective(branch)} {office}"
        for text in chance.sample(issue.proposals, number):
            promise = chance.choice(fitting) if fitting and chance.random() < 0.2 else None
            known = promise if promise and meeting.held_on >= approved[branch] else None
            addressed = addressee if chance.random() < 0.75 else akimat(branch)
            meeting.advice.append(
                _advice(
                    meeting,
                    text.format(**names),
                    addressed[0].upper() + addressed[1:],
                    chance,
                    promise=known,
                    is_of_council=True,
                )
            )
    return meeting.advice


def _advice(meeting: Meeting, text: str, addressee: str, chance: random.Random, **fields: object) -> Advice:
    return issued(
        chance,
        branch=meeting.body[0],
        author=meeting.author,
        typed=meeting.typed,
        issued_on=meeting.held_on,
        due_on=due_after(meeting.held_on, chance),
        text=text,
        addressee=addressee,
        executor=chance.choice(words.EXECUTORS),
        origin=meeting,
        **fields,
    )


def _monitoring(
    year: int, numbers: Year, promised: dict[str, list[Promise]], approved: dict[str, dt.date], chance: random.Random
) -> list[Advice]:
    """Recommendations from monitoring: each branch in its turn, about a measure."""
    found = []
    span = (numbers.until - days(10) - dt.date(year, 3, 1)).days
    for place in range(numbers.monitoring):
        branch = BRANCHES[place % len(BRANCHES)]
        day = working_from(dt.date(year, 3, 1) + days(chance.randint(0, span)))
        day = max(day, working_from(approved[branch]))
        what, advice = words.MONITORING[place // len(BRANCHES) % len(words.MONITORING)]
        bought = [one for one in promised[branch] if one.task.kind in BOUGHT]
        promise = chance.choice(bought if "сатып алу" in what or "Бюджет" in what else promised[branch])
        last = day - days(25)  # the month that was looked at
        looked_at = what.format(
            year=last.year, quarter=(last.month + 2) // 3, month=f"{last.year} ж. {words.MONTHS[last.month - 1]}"
        )
        found.append(
            issued(
                chance,
                branch=branch,
                author=inspector_of(branch),
                typed=Clock(chance).type(day),
                issued_on=day,
                due_on=due_after(day, chance),
                text=chance.choice(advice),
                addressee=promise.task.executor,
                executor="",
                origin=looked_at,
                promise=promise,
            )
        )
    return found


def write_bodies(rows: Rows, keys: dict[str, dict[object, int]]) -> None:
    """Add each branch's commission and councils to the reference data, and their primary keys to the keys."""
    for branch in BRANCHES:
        home = keys["branch"][branch]
        keys["body"][branch, COMMISSION] = _write_body(rows, home, BodyKind.COMMISSION, NAME, None)
        for slug in COUNCILS[branch]:
            council = FIELDS[slug]
            direction = keys["direction"][council.direction]
            keys["body"][branch, slug] = _write_body(rows, home, BodyKind.COUNCIL, council.name, direction)


def _write_body(rows: Rows, branch: int, kind: BodyKind, name: Name, direction: int | None) -> int:
    kk, ru, en = name
    return rows.add(
        "roadmap.body", branch=branch, kind=kind.value, name_kk=kk, name_ru=ru, name_en=en, direction=direction
    )
