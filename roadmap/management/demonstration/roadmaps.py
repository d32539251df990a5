"""Roadmaps of the story put together, and their rows."""

import datetime as dt
import itertools
from collections.abc import Iterable
from dataclasses import dataclass, field

from roadmap.choices import ReportOrigin, Status, Unit
from roadmap.management.demonstration.life import Days, days, plan_days, tell
from roadmap.management.demonstration.money import fact, funding
from roadmap.management.demonstration.named import NAMED, Named
from roadmap.management.demonstration.people import inspector_of
from roadmap.management.demonstration.reference import DIRECTIONS
from roadmap.management.demonstration.rows import Rows, stream, submission
from roadmap.management.demonstration.schedule import Fate, Plan, roadmaps
from roadmap.management.demonstration.sources import SAMPLE
from roadmap.management.demonstration.story import Cast, Said, Seen, Shifted, Story
from roadmap.management.demonstration.titles import Task, choose

Keys = dict[str, dict[object, int]]
DIRECTION_NUMBERS = {slug: number for number, (slug, _) in enumerate(DIRECTIONS, start=1)}
SOLID = (Fate.FRESH, Fate.STALE, Fate.RISK, Fate.OVERDUE, Fate.RETURNED, Fate.NOT_DONE, Fate.NOT_STARTED)


@dataclass(eq=False)
class Promise:
    """One measure of one roadmap: what it promises and what became of it."""

    task: Task
    previous: "Promise | None" = None
    named: Named | None = None
    moved_to: dt.date | None = None  # the deadline that last year's measure was moved to
    planned: Days | None = None
    story: Story | None = None
    number: str = ""
    pk: int = 0

    @property
    def years(self) -> int:
        """How many roadmaps before this one promised the same."""
        return self.previous.years + 1 if self.previous else 0


@dataclass
class Archive:
    """What of a branch's earlier roadmaps matters for the next one."""

    unfinished: list[Promise] = field(default_factory=list)
    promised: set[str] = field(default_factory=set)


Told = list[tuple[Plan, Promise]]
Indicators = dict[tuple[int, str], tuple[int, int, Unit]]  # by measure and key: primary key, plan, unit


def tell_roadmaps() -> Told:
    """Every promise of every roadmap with its story, in the order in which the roadmaps came to be."""
    archives: dict[str, Archive] = {}
    return [
        (plan, promise)
        for plan in roadmaps()
        for promise in _roadmap(plan, archives.setdefault(plan.branch, Archive()))
    ]


def write_measures(rows: Rows, told: Told, keys: Keys) -> Indicators:
    """Add the rows of roadmaps with measures, indicators and funding; gives the indicators for their facts."""
    for plan, made in itertools.groupby(told, key=lambda one: one[0]):
        _write_roadmap(rows, plan, [promise for _, promise in made], keys)
    return _write_parts(rows, told)


def planned_funding(rows: Rows) -> dict[int, list[int]]:
    """What the written rows plan, or allocate, for each measure, in tenge."""
    found: dict[int, list[int]] = {}
    for row in rows.rows:
        if row["model"] == "roadmap.fundingline":
            fields = row["fields"]
            found.setdefault(fields["measure"], []).append(fields["planned"] or fields["allocated"])
    return found


def _roadmap(plan: Plan, archive: Archive) -> list[Promise]:
    """Promise what last year left unfinished, what the texts name, and new works; tell each its story; number them."""
    chance = stream(plan.branch, plan.year)
    carried = [
        Promise(
            promise.task,
            previous=promise,
            moved_to=promise.story.deadline if promise.story.deadline.year == plan.year else None,
        )
        for promise in archive.unfinished
    ]
    named = [Promise(_task_of(one), named=one) for one in NAMED.get((plan.branch, plan.year), ())]
    taken = [promise.task for promise in (*named, *carried)]
    new = [Promise(task) for task in choose(plan.branch, plan.year, plan.measures, taken, archive.promised, chance)]
    promises = [*named, *carried, *new][: plan.measures]
    _decide(plan, promises, chance)
    cast = Cast(f"secretary-{plan.branch}", inspector_of(plan.branch))
    for promise in promises:
        its_chance = stream(plan.branch, plan.year, promise.task.title, "life")
        promise.story = tell(promise.planned, plan, promise.task.kind, cast, its_chance, _claim(promise.named))
    _number(promises)
    finished = (Status.DONE, Status.REMOVED)
    unfinished = [promise for promise in promises if promise.story.status not in finished]
    # Of three left unfinished for the first time one is given up; what was carried once is carried on.
    archive.unfinished = [
        promise for place, promise in enumerate(unfinished) if promise.years or promise.named or place % 4 != 3
    ]
    return promises


def _task_of(named: Named) -> Task:
    return Task(named.direction, named.group, named.title, named.kind, named.executor, "", named.locality)


def _claim(named: Named | None) -> dict[str, object]:
    """The last report of a measure that a text names, as the text has it."""
    if named is None:
        return {}
    return {
        "status": named.status,
        "note": named.note,
        "facts": {quantity.key: quantity.fact for quantity in named.quantities if quantity.fact},
        "source": named.source,
    }


def _decide(plan: Plan, promises: list[Promise], chance) -> None:
    """Give every promise its fate, and the confirmations to as many of the done as the plan says."""
    rest = sorted(plan.rest, key=lambda fate: fate not in SOLID)  # the oldest promises stay in progress
    carried = sorted((promise for promise in promises if promise.previous), key=lambda promise: -promise.years)
    chronic = carried[: max(2, len(rest) // 3)]
    new = [promise for promise in promises if not promise.previous and not promise.named]
    chance.shuffle(new)
    unfinished = [*chronic, *new][: len(rest)]
    later = rest[len(chronic) :]
    chance.shuffle(later)
    fates = dict(zip(map(id, unfinished), [*rest[: len(chronic)], *later], strict=True))
    for promise in promises:
        if promise.named:
            fate = Fate.DONE if promise.named.status == Status.DONE else Fate.FRESH
            promise.planned = Days(fate, dt.date(plan.year, 12, 31), plan.end)
            continue
        fate = fates.get(id(promise), Fate.DONE)
        deadline = None if fate == Fate.OVERDUE else promise.moved_to
        promise.planned = plan_days(
            fate,
            plan,
            stream(plan.branch, plan.year, promise.task.title, "days"),
            is_carried=bool(promise.previous),
            deadline=deadline,
        )
    last = plan.end - days(4)
    ready = [p for p in promises if p.planned.fate == Fate.DONE and not p.named and p.planned.until <= last]
    ready.sort(key=lambda promise: promise.planned.until + days(chance.uniform(0, 75)))
    for promise in ready[: plan.confirmed]:
        promise.planned.is_confirmed = True


def _number(promises: list[Promise]) -> None:
    """Order by direction and task, and number accordingly: "1.4.1"."""
    promises.sort(key=lambda promise: (DIRECTION_NUMBERS[promise.task.direction], promise.task.group))
    counts: dict[tuple[int, int], int] = {}
    for promise in promises:
        place = DIRECTION_NUMBERS[promise.task.direction], promise.task.group
        counts[place] = counts.get(place, 0) + 1
        promise.number = f"{place[0]}.{place[1]}.{counts[place]}"


# --- rows ---------------------------------------------------------------------------------------------------------
def _marked(named: Named | None) -> dict[str, object]:
    return {"source": named.source if named else SAMPLE, "is_sample": named is None}


def _write_roadmap(rows: Rows, plan: Plan, promises: list[Promise], keys: Keys) -> None:
    roadmap = rows.add(
        "roadmap.roadmap",
        programme=keys["programme"]["halykpen-birge"],
        branch=keys["branch"][plan.branch],
        year=plan.year,
        unit=plan.unit.value,
        approved_on=plan.approved_on.isoformat(),
        source=plan.source,
        is_sample=plan.is_sample,
    )
    for position, promise in enumerate(promises, start=1):
        task, story, planned = promise.task, promise.story, promise.planned
        promise.pk = rows.add(
            "roadmap.measure",
            roadmap=roadmap,
            number=promise.number,
            position=position,
            title=task.title,
            direction=keys["direction"][task.direction],
            locality=keys["locality"].get(task.locality),
            executor=task.executor,
            curator=task.curator,
            first_deadline=(planned.first_deadline or planned.deadline).isoformat(),
            deadline=story.deadline.isoformat(),
            status=story.status.value,
            previous=promise.previous.pk if promise.previous else None,
            **_marked(promise.named),
        )


def _write_parts(rows: Rows, promises: Iterable[tuple[Plan, Promise]]) -> Indicators:
    """Indicators and funding of all measures; gives the indicators for their facts."""
    indicators: Indicators = {}
    for plan, promise in promises:
        chance = stream(
            plan.branch, promise.task.title, "parts"
        )  # the same indicator again in the year it is carried to
        named, work = promise.named, promise.task.work
        for position, quantity in enumerate(named.quantities if named else (), start=1):
            pk = rows.add(
                "roadmap.measureindicator",
                measure=promise.pk,
                position=position,
                key=quantity.key if quantity.fact else "",  # the machine's door gives published facts only
                name=quantity.name,
                unit=quantity.unit.value,
                better=quantity.better.value,
                baseline=quantity.sample_baseline or None,
                plan=quantity.plan or None,
                source=f"{named.source}; бастапқы мәні – үлгі дерек" if quantity.sample_baseline else named.source,
                is_sample=bool(quantity.sample_baseline),
            )
            indicators[promise.pk, quantity.key] = pk, 0, quantity.unit
        if work and work.counts and promise.task.number and chance.random() < 0.56:
            name, unit = work.counts
            pk = rows.add(
                "roadmap.measureindicator",
                measure=promise.pk,
                name=name,
                unit=unit.value,
                plan=str(promise.task.number),
                **_marked(None),
            )
            indicators[promise.pk, ""] = pk, promise.task.number, unit
        for money in named.money if named else ():
            rows.add(
                "roadmap.fundingline",
                measure=promise.pk,
                budget=money.budget.value,
                planned=money.planned,
                allocated=money.allocated,
                wording=money.wording,
                **_marked(named),
            )
        for line in funding(promise.task, plan.branch, promise.story.status, chance):
            rows.add("roadmap.fundingline", measure=promise.pk, **line, **_marked(None))
    return indicators


def write_history(
    rows: Rows, told: Told, indicators: Indicators, users: dict[str, int], visited: dict[int, int]
) -> None:
    """Add all reports, deadline changes and verifications in the order in which they were typed.

    `visited` gives the visit to a site, by the id of the verification that was made there.
    """
    said: list[tuple[Promise, int, Said]] = []
    shifted: list[tuple[Promise, int, Shifted]] = []
    seen: list[tuple[Promise, int, Seen]] = []
    for _, promise in told:
        said += [(promise, turn, report) for turn, report in enumerate(promise.story.said)]
        shifted += [(promise, turn, change) for turn, change in enumerate(promise.story.shifted)]
        seen += [(promise, turn, verification) for turn, verification in enumerate(promise.story.seen)]

    def common(promise: Promise, turn: int, kind: str, event: Said | Shifted | Seen) -> dict[str, object]:
        return {
            "measure": promise.pk,
            "author": users[event.author],
            "entered_on": event.entered_on.isoformat(),
            "created_at": event.created_at,
            "note": event.note,
            "submission": submission(kind, promise.pk, turn),
            "source": getattr(event, "source", SAMPLE),
            "is_sample": getattr(event, "is_sample", True),
        }

    in_order = {"key": lambda entry: (entry[2].created_at, entry[0].pk, entry[1])}
    reports: dict[int, int] = {}
    for promise, turn, report in sorted(said, **in_order):
        pk = reports[id(report)] = rows.add(
            "roadmap.statusreport",
            **common(promise, turn, "report", report),
            status=report.status.value,
            reported_on=report.reported_on.isoformat(),
            at_risk=bool(report.delay_reason),
            delay_reason=str(report.delay_reason),
            origin=report.origin.value,
            corrects=reports[id(report.corrects)] if report.corrects else None,
        )
        _write_facts(rows, promise, turn, report, pk, indicators)
    for promise, turn, change in sorted(shifted, **in_order):
        rows.add(
            "roadmap.deadlinechange",
            **common(promise, turn, "deadline", change),
            old_deadline=change.old.isoformat(),
            new_deadline=change.new.isoformat(),
            reason=change.reason.value,
            document=change.document,
        )
    for promise, turn, verification in sorted(seen, **in_order):
        rows.add(
            "roadmap.verification",
            **common(promise, turn, "verification", verification),
            report=reports[id(verification.report)],
            reporter=users[verification.report.author],
            verdict=verification.verdict.value,
            seen_on=verification.seen_on.isoformat(),
            basis="" if id(verification) in visited else verification.basis,
            visit=visited.get(id(verification)),
            outcome=reports[id(verification.outcome)] if verification.outcome else None,
        )


def _write_facts(rows: Rows, promise: Promise, turn: int, report: Said, pk: int, indicators: Indicators) -> None:
    chance = stream(promise.pk, turn, "facts")
    for key, value in report.facts.items():
        rows.add("roadmap.indicatorfact", report=pk, indicator=indicators[promise.pk, key][0], value=value)
    if (promise.pk, "") in indicators and report.progress and report.origin == ReportOrigin.REPORT:
        indicator, plan, unit = indicators[promise.pk, ""]
        if report.progress >= 100 or chance.random() < 0.7:
            value = fact(plan, unit, report.progress, chance)
            rows.add("roadmap.indicatorfact", report=pk, indicator=indicator, value=value)
    if (promise.pk, "power_network_wear") in indicators and report.is_sample and report.progress:
        worn = 74.5 - 4 * report.progress / 100  # on the way from the sample baseline to the plan
        rows.add(
            "roadmap.indicatorfact",
            report=pk,
            indicator=indicators[promise.pk, "power_network_wear"][0],
            value=f"{worn:.1f}",
        )
