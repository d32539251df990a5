"""Which works a roadmap promises: chosen by direction and place, never two alike."""

import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from roadmap.management.demonstration.people import CURATORS
from roadmap.management.demonstration.places import Place, adjective, villages_and_towns, whole
from roadmap.management.demonstration.reference import DIRECTIONS, OBLAST
from roadmap.management.demonstration.works import EXECUTORS, Kind, Where, Work
from roadmap.management.demonstration.works_culture import CULTURE, ECOLOGY
from roadmap.management.demonstration.works_economy import AGRICULTURE, JOBS_AND_BUSINESS
from roadmap.management.demonstration.works_housing import HOUSING
from roadmap.management.demonstration.works_people import EDUCATION, HEALTH, SOCIAL

WORKS: dict[str, tuple[Work, ...]] = {
    "housing": HOUSING,
    "education": EDUCATION,
    "health": HEALTH,
    "agriculture": AGRICULTURE,
    "social": SOCIAL,
    "jobs": JOBS_AND_BUSINESS,
    "culture": CULTURE,
    "ecology": ECOLOGY,
}
SHARES = {
    "housing": 26,
    "education": 14,
    "health": 12,
    "agriculture": 12,
    "social": 9,
    "jobs": 9,
    "culture": 11,
    "ecology": 7,
}


@dataclass(frozen=True)
class Task:
    """A promise before it has a number: its title, what kind of work it is, who does it and who answers for it."""

    direction: str
    group: int
    title: str
    kind: Kind
    executor: str
    curator: str
    locality: tuple[str, str] | None
    work: Work | None = None
    number: int = 0
    place: Place | None = None


def quotas(measures: int) -> dict[str, int]:
    """How many measures each direction gets, by largest remainder."""
    exact = {slug: measures * share / 100 for slug, share in SHARES.items()}
    found = {slug: int(number) for slug, number in exact.items()}
    left = sorted(exact, key=lambda slug: exact[slug] - found[slug], reverse=True)[: measures - sum(found.values())]
    return {slug: found[slug] + (slug in left) for slug in found}


def choose(
    branch: str, year: int, measures: int, taken: Iterable[Task], promised: set[str], chance: random.Random
) -> list[Task]:
    """Tasks that fill a roadmap up to its number of measures beside those `taken` already.

    `promised` are the titles bound to a place that the branch has promised in some year; it grows.
    """
    taken = list(taken)
    titles = {task.title for task in taken}
    wanted = quotas(measures)
    chosen: list[Task] = []
    surplus = 0
    for slug, _ in DIRECTIONS:
        missing = wanted[slug] - sum(task.direction == slug for task in taken) + surplus
        found = 0
        for task in _offers(branch, year, slug, chance):
            if found >= missing:
                break
            is_yearly = task.work.where in (Where.AREA, Where.OBLAST)
            if task.title in titles or (not is_yearly and task.title in promised):
                continue
            titles.add(task.title)
            if not is_yearly:
                promised.add(task.title)
            chosen.append(task)
            found += 1
        surplus = missing - found  # what this direction could not take, or took too much, goes to the next
    return chosen


def _offers(branch: str, year: int, direction: str, chance: random.Random) -> Iterator[Task]:
    """Tasks of a direction in an order of chance; a work comes again, at another place, after all others came."""
    works = [work for work in WORKS[direction] if _is_possible(work, branch, year, direction)]
    own = [work for work in works if work.where == Where.OBLAST]
    for turn in range(4):
        order = [work for work in works if turn == 0 or work.where not in (Where.AREA, Where.OBLAST)]
        chance.shuffle(order)
        if turn == 0:  # the oblast first promises what only the oblast can
            order = own + [work for work in order if work not in own]
        for work in order:
            yield _task(work, branch, direction, chance)


def _is_possible(work: Work, branch: str, year: int, direction: str) -> bool:
    villages, towns = villages_and_towns(branch)
    if work.only and branch not in work.only:
        return False
    if work.where == Where.OBLAST and branch != OBLAST:
        return False
    if (work.where == Where.VILLAGE and not villages) or (work.where == Where.TOWN and not towns):
        return False
    if branch == "baikonur" and "ауыл" in work.title:
        return False
    in_the_text = (branch == OBLAST and year <= 2024) or (branch == "syrdarya" and direction == "housing")
    return not (work.published and in_the_text)


def _task(work: Work, branch: str, direction: str, chance: random.Random) -> Task:
    villages, towns = villages_and_towns(branch)
    area = whole(branch)
    if work.where in (Where.AREA, Where.OBLAST):
        place = area
    elif work.where == Where.VILLAGE or (work.where == Where.ANY and villages and chance.random() < 0.72):
        place = chance.choice(villages)
    else:
        place = chance.choice(towns)
        if "көше" in work.title and place.head in ("көшесі", "даңғылы"):  # a street has no streets
            place = towns[0]
    number = chance.choice(work.numbers) if work.numbers else 0
    if branch == OBLAST and work.where == Where.AREA:
        number *= 8
    areas = {f"area_{form}": text for form, text in area.forms().items()}
    title = work.title.format(**place.forms(), **areas, area_adj=adjective(branch), n=number)
    return Task(
        direction=direction,
        group=work.group,
        title=title[0].upper() + title[1:],
        kind=work.kind,
        executor=_executor(work, branch, place, chance),
        curator=chance.choice(CURATORS[branch]),
        locality=(place.district, place.name) if place.name else None,
        work=work,
        number=number,
        place=place,
    )


def _executor(work: Work, branch: str, place: Place, chance: random.Random) -> str:
    in_district, in_oblast = EXECUTORS[work.executor]
    if branch == OBLAST and (not place.district or chance.random() < 0.6):
        return f"Облыстық {in_oblast}"
    if place.is_village and work.executor in ("nature", "utilities", "youth") and chance.random() < 0.3:
        return f"{place.name} ауылдық округі әкімінің аппараты"
    office = f"{adjective(place.district or branch)} {in_district}"
    return office[0].upper() + office[1:]
