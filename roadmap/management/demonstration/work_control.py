"""Requests meet the roadmap and control: linked to measures, passed to control, followed by visits and recommendations.

Only in the last year of the story: what control did in 2024 is published, and stays as it is.
"""

import datetime as dt
import random
from collections import defaultdict

from branches.choices import REQUEST_CLOSED
from roadmap.choices import SiteKind
from roadmap.management.demonstration import control_words, work_words
from roadmap.management.demonstration.calendar import Clock, Typed, working_from
from roadmap.management.demonstration.control_advice import DONE, IN_WORK, VERIFIED, Advice, due_after, issued
from roadmap.management.demonstration.control_life import Building, Visit
from roadmap.management.demonstration.life import days
from roadmap.management.demonstration.people import inspector_of
from roadmap.management.demonstration.places import akimat
from roadmap.management.demonstration.roadmaps import Promise, Told
from roadmap.management.demonstration.rows import stream
from roadmap.management.demonstration.schedule import LAST_DAY
from roadmap.management.demonstration.work_days import desk_clock, office_from
from roadmap.management.demonstration.work_reception import Reception
from roadmap.management.demonstration.work_reference import DIRECTION_OF
from roadmap.management.demonstration.work_requests import Asked, Link, Referral

YEAR = LAST_DAY.year
KINDS = {  # which sites requests of a topic can speak of
    "housing": {SiteKind.HOUSING},
    "water": {SiteKind.NETWORKS},
    "electricity_gas": {SiteKind.NETWORKS},
    "roads": {SiteKind.ROAD},
    "education": {SiteKind.EDUCATION},
    "health": {SiteKind.HEALTH},
    "culture": {SiteKind.CULTURE, SiteKind.SPORT},
}
VISITED, ADVISED, WAITING = 8, 12, 9  # referrals that a visit followed, a recommendation followed, nothing yet
LINKED = 0.6  # of the requests that could be linked to a measure


def link_to_measures(reception: Reception, told: Told) -> None:
    """Link requests of the last two years to measures of the same place and field."""
    near: dict[tuple, list[Promise]] = defaultdict(list)
    for plan, promise in told:
        near[plan.branch, plan.year, promise.task.locality, promise.task.direction].append(promise)
    for asked in reception.requests:
        chance = stream("link", asked.pk)
        direction = DIRECTION_OF[asked.topic]
        year = asked.received_on.year
        plan, promise = asked.claim or (None, None)
        if plan and plan.branch != asked.branch:
            continue  # the oblast's own measures are not the district's to see
        if promise is None and year >= YEAR - 1 and asked.locality and direction:
            offers = near.get((asked.branch, year, asked.locality, direction))
            promise = chance.choice(offers) if offers else None
        if promise is None or chance.random() > LINKED or asked.is_erased:
            continue
        day = office_from(asked.typed.day + days(chance.randint(0, 4)))
        if day <= LAST_DAY:
            author = f"reception-{asked.branch}"
            asked.links.append(Link(author, _after(asked, day, chance), promise))


def refer_to_control(reception: Reception, sites: list[Building]) -> list[Advice]:
    """Pass some requests of the last year to control; give what it recommends. Visits learn what they follow."""
    chance = stream("referrals")
    offers = [asked for asked in reception.requests if asked.received_on.year == YEAR and _open_until(asked)]
    for asked, visit, site in _visited(offers, sites)[:VISITED]:
        day = office_from(visit.typed.day - days(chance.randint(3, 9)))
        _refer(asked, max(day, asked.typed.day), chance, site)
        visit.request = asked
    left = [asked for asked in offers if asked.referral is None and DIRECTION_OF[asked.topic]]
    chance.shuffle(left)
    advised = [asked for asked in left if asked.received_on <= LAST_DAY - days(35)][:ADVISED]
    found = [_advise(asked, chance) for asked in advised]
    for asked in [one for one in left if one.referral is None and one.state not in REQUEST_CLOSED][:WAITING]:
        _refer(asked, office_from(asked.typed.day + days(chance.randint(1, 6))), chance)
    return found


def _open_until(asked: Asked) -> dt.date | None:
    """The last day on which it was still open, if it stood open for some days."""
    closed = next((step.typed.day for step in asked.steps if step.state in REQUEST_CLOSED), LAST_DAY + days(1))
    return closed - days(1) if (closed - asked.typed.day).days >= 8 and not asked.is_erased else None


def _visited(offers: list[Asked], sites: list[Building]) -> list[tuple[Asked, Visit, Building]]:
    """Requests of the place of a site, with a visit to it while they stood open."""
    found = []
    taken: set[int] = set()
    for asked in offers:
        for site in sites:
            if site.branch != asked.branch or site.blueprint.locality != asked.locality or id(site) in taken:
                continue
            if site.blueprint.kind not in KINDS.get(asked.topic, ()):
                continue
            first, last = asked.typed.day + days(4), min(_open_until(asked) + days(20), LAST_DAY)
            visit = next((one for one in site.visits if first <= one.visited_on <= last and one.seen is None), None)
            if visit:
                taken.add(id(site))
                found.append((asked, visit, site))
                break
    return found


def _refer(asked: Asked, day: dt.date, chance: random.Random, site: Building | None = None) -> None:
    day = min(day, _open_until(asked))
    note = work_words.WORDS[asked.topic].look
    author = f"reception-{asked.branch}" if chance.random() < 0.7 else f"secretary-{asked.branch}"
    asked.referral = Referral(author, _after(asked, day, chance), note, site)


def _after(asked: Asked, day: dt.date, chance: random.Random) -> Typed:
    """Type something of a registered request on a day, not before it was registered."""
    clock = desk_clock(chance)
    clock.pass_to(asked.typed.day, asked.typed.created_at)
    return clock.type(day)


def _advise(asked: Asked, chance: random.Random) -> Advice:
    """Control looks at a request that was passed to it, and recommends; what became of it is told, too."""
    _refer(asked, office_from(asked.typed.day + days(chance.randint(1, 5))), chance)
    clock = Clock(chance)
    clock.pass_to(asked.referral.typed.day, asked.referral.typed.created_at)
    typed = clock.type(working_from(asked.referral.typed.day + days(chance.randint(1, 8))))
    inspector, secretary = inspector_of(asked.branch), f"secretary-{asked.branch}"
    advice = issued(
        chance,
        branch=asked.branch,
        author=inspector,
        typed=typed,
        issued_on=typed.day,
        due_on=due_after(typed.day, chance, 10, 30),
        text=work_words.WORDS[asked.topic].advice,
        addressee=akimat(asked.branch),
        executor="",
        origin=asked,
        promise=next((link.promise for link in asked.links), None),
    )
    done = working_from(typed.day + days(chance.triangular(5, 40, 20)))
    for state, day, by, note in (
        (IN_WORK, working_from(typed.day + days(chance.randint(1, 4))), secretary, control_words.TAKEN_UP[2]),
        (DONE, done, secretary, control_words.DONE[0]),
        (VERIFIED, working_from(done + days(chance.randint(3, 14))), inspector, control_words.VERIFIED_ON_SITE[0]),
    ):
        if working_from(max(day, advice.typed_last)) > LAST_DAY - days(1):
            break
        advice.step(state, day, by, note)
    return advice
