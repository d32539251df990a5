"""Which sites stand under control in which year, when each is commissioned, and which posts watch them.

Of 2024 the briefing says that 76 sites stood under control posts and that 60 of them were commissioned; which ones, it
does not say: all of them are sample rows.
"""

import datetime as dt
import random
from collections.abc import Iterator

from roadmap.choices import Status, Verdict
from roadmap.management.demonstration.calendar import working_from, working_until
from roadmap.management.demonstration.control_life import Building, Post, live, register
from roadmap.management.demonstration.control_posts import close_when_finished, hand_over, open_post
from roadmap.management.demonstration.control_sites import NAMED_SITES, blueprint, contractor
from roadmap.management.demonstration.life import days
from roadmap.management.demonstration.reference import BRANCHES, OBLAST
from roadmap.management.demonstration.roadmaps import Promise, Told
from roadmap.management.demonstration.rows import stream
from roadmap.management.demonstration.schedule import LAST_DAY, Fate, Plan
from roadmap.management.demonstration.story import Seen
from roadmap.management.demonstration.works import Kind

# New sites of a year under posts: commissioned by its end (by the end of the story), not commissioned; and without a
# post. Sites that the texts name are among them.
ALLOTMENT: dict[int, dict[str, tuple[int, int, int]]] = {
    2024: {
        OBLAST: (18, 4, 1),
        "aral": (5, 2, 0),
        "kazaly": (6, 0, 1),
        "baikonur": (2, 1, 0),
        "karmakshy": (4, 1, 0),
        "zhalagash": (3, 3, 1),
        "syrdarya": (5, 1, 1),
        "kyzylorda-city": (7, 1, 1),
        "shieli": (5, 2, 0),
        "zhanakorgan": (5, 1, 1),
    },
    2025: {
        OBLAST: (3, 1, 1),
        "aral": (2, 0, 0),
        "kazaly": (3, 0, 0),
        "baikonur": (1, 0, 0),
        "karmakshy": (2, 0, 1),
        "zhalagash": (2, 0, 0),
        "syrdarya": (3, 1, 0),
        "kyzylorda-city": (3, 0, 1),
        "shieli": (2, 0, 0),
        "zhanakorgan": (2, 0, 1),
    },
    2026: {
        OBLAST: (2, 3, 1),
        "aral": (1, 2, 1),
        "kazaly": (1, 2, 0),
        "baikonur": (1, 1, 0),
        "karmakshy": (1, 1, 1),
        "zhalagash": (1, 1, 0),
        "syrdarya": (2, 2, 1),
        "kyzylorda-city": (2, 1, 1),
        "shieli": (1, 2, 0),
        "zhanakorgan": (1, 2, 0),
    },
}
CANCELLED = ("kyzylorda-city", 2024)  # where a site that nobody promises any more is given up
COMES_BACK = {("kyzylorda-city", 2024), ("kazaly", 2025)}  # where a site is reopened long after it was accepted
REOPENED = {(OBLAST, 2024), ("baikonur", 2024), ("syrdarya", 2025)}  # where refuted claims had been accepted
HANDED_OVER = ("zhalagash", 2024)  # where a post hands its sites to another in the next year
STANDS_STILL = {("kazaly", 2026), ("shieli", 2026)}  # where work on a site is suspended at the end of the story
DEFECTS = {  # how many are commissioned with defects; half of them are mended later
    (OBLAST, 2024): 2,
    ("zhanakorgan", 2024): 1,
    ("kazaly", 2024): 1,
    ("shieli", 2024): 1,
    ("karmakshy", 2025): 1,
    ("kyzylorda-city", 2025): 1,
    ("syrdarya", 2026): 1,
    ("kyzylorda-city", 2026): 1,
}


def sites_and_posts(told: Told) -> tuple[list[Building], list[Post]]:
    """All sites with their states and visits, and all posts, each in the order in which it was entered."""
    following = {id(promise.previous): (plan, promise) for plan, promise in told if promise.previous}
    taken: set[object] = set()  # measures by id, and names of sites with their branch
    sites, posts = [], []
    for year, allotment in ALLOTMENT.items():
        for branch in BRANCHES:
            mine = [(plan, promise) for plan, promise in told if (plan.branch, plan.year) == (branch, year)]
            chosen, loose = _choose(branch, year, mine, following, taken, *allotment[branch])
            _send_one_back(branch, year, chosen)
            groups = _groups(branch, year, chosen)
            for group in groups:
                _arrange(group, year)
            _turn(branch, year, chosen)
            posts += [post for group in groups for post in _tell(branch, year, group)]
            for site in loose:
                _tell_loose(site)
            sites += chosen + loose
    posts.sort(key=lambda post: post.typed.created_at)
    for branch in BRANCHES:
        for number, post in enumerate((post for post in posts if post.branch == branch), start=1):
            post.number = number
    for site in sites:
        for visit in site.visits:
            visit.post = next((post for post in site.posts if post.stood_on(visit.visited_on, visit.typed)), None)
    sites.sort(key=lambda site: site.registered.created_at)
    return sites, posts


# --- which sites -----------------------------------------------------------------------------------------------------
def _choose(
    branch: str, year: int, mine: Told, following: dict, taken: set[object], done: int, unfinished: int, loose: int
) -> tuple[list[Building], list[Building]]:
    """The year's new sites of a branch: under posts, and without one."""
    chance = stream(branch, year, "sites")
    found: list[Building] = []
    offers: list[Building] = []
    for plan, promise in mine:
        if id(promise) in taken:
            continue
        chain = list(_chain(plan, promise, following))
        named = NAMED_SITES.get((branch, year, promise.task.title))
        for place, drawn in enumerate(named or filter(None, [blueprint(branch, promise.task)])):
            if (branch, drawn.name) in taken or drawn.name in {site.blueprint.name for site in offers}:
                continue  # the same was repaired in another year, or is promised twice
            site = Building(branch, year, drawn, chain, judges=place == 0)
            (found if named else offers).append(site)
    chance.shuffle(offers)
    offers.sort(key=lambda site: site.blueprint.work == Kind.YARD)
    over = dt.date(year, 12, 31)
    finished = [site for site in offers if _is_finished(site, year)]
    begun = [site for site in offers if _is_begun(site, year)]
    begun.sort(key=lambda site: not any(seen.verdict == Verdict.REFUTES for _, seen in site.seen))
    named_done = sum(_status(site, year) == Status.DONE for site in found)
    named_open = len(found) - named_done
    small = [site for site in reversed(finished) if site.blueprint.work == Kind.YARD][:loose]
    finished = [site for site in finished if site not in small]
    found += finished[: done - named_done] + begun[: unfinished - named_open]
    for site in (*found, *small):
        taken.update([(branch, site.blueprint.name), *(id(promise) for _, promise in site.chain)])
        site.commissioned_on = _end(site, stream(branch, site.blueprint.name, "end"))
        if site.commissioned_on is None and site.chain[-1][0].year < LAST_DAY.year:
            site.cancelled_on = working_from(dt.date(site.chain[-1][0].year + 1, 3, 12))
    counted = sum(site.commissioned_on is not None and site.commissioned_on <= over for site in found)
    if (counted, len(found), len(small)) != (done, done + unfinished, loose):
        raise ValueError(f"{branch} {year}: {counted} of {len(found)} sites are commissioned, {len(small)} are loose.")
    return found, small


def _chain(plan: Plan, promise: Promise, following: dict) -> Iterator[tuple[Plan, Promise]]:
    """The measures of successive years that promise the same."""
    link: tuple[Plan, Promise] | None = (plan, promise)
    while link:
        yield link
        link = following.get(id(link[1]))


def _status(site: Building, year: int) -> Status:
    """How the site's measure of a year ended."""
    return next(promise.story.status for plan, promise in site.chain if plan.year == year)


def _is_finished(site: Building, year: int) -> bool:
    """Whether it is done within the year, neither at its very beginning nor on its last days."""
    plan, promise = site.chain[0]
    if promise.story.status != Status.DONE:
        return False
    claimed = promise.story.said[-1].reported_on
    return plan.approved_on + days(105) <= claimed <= min(dt.date(year, 12, 20), LAST_DAY - days(14))


def _is_begun(site: Building, year: int) -> bool:
    """Whether it is begun, and not done within the year."""
    _, promise = site.chain[0]
    spoken = promise.planned.fate not in (Fate.NO_REPORT, Fate.NOT_STARTED)
    return spoken and _status(site, year) in (Status.IN_PROGRESS, Status.NOT_DONE, Status.MOVED)


def _end(site: Building, chance: random.Random) -> dt.date | None:
    """The day on which a site is commissioned: shortly before its branch reports it; None when it never is."""
    plan, promise = site.chain[-1]
    if promise.story.status != Status.DONE:
        if plan.year == LAST_DAY.year or (site.branch, plan.year) == CANCELLED:
            return None
        return working_from(dt.date(plan.year + 1, 4, 10) + days(chance.randint(0, 170)))
    if promise.named:
        first = dt.date(plan.year, 6, 20)
        return working_until(first + days(chance.randint(0, 165)))
    claimed = promise.story.said[-1].reported_on
    day = claimed - days(chance.randint(0, 9))
    for seen in promise.story.seen:
        if seen.verdict == Verdict.CONFIRMS:
            day = min(day, seen.seen_on - days(5))
    for seen in promise.story.seen:
        if seen.verdict == Verdict.REFUTES:
            day = max(day, seen.entered_on + days(1))
    return working_from(day)


# --- which posts -----------------------------------------------------------------------------------------------------
def _groups(branch: str, year: int, sites: list[Building]) -> list[list[Building]]:
    """Sites that one post watches: near one another, and finished about the same time."""
    chance = stream(branch, year, "posts")
    far = dt.date(2100, 1, 1)
    groups: list[list[Building]] = []
    for is_open in (False, True):
        some = [site for site in sites if _finished_late(site, year) == is_open]
        some.sort(key=lambda site: (site.blueprint.district, site.finished_on or far))
        while some:
            size = chance.choice((2, 2, 3)) if not some[0].blueprint.is_named else 3
            group = [some.pop(0)]
            if group[0].comes_back or group[0].cancelled_on:
                size = 1
            while some and len(group) < size and some[0].blueprint.district == group[0].blueprint.district:
                nearest = some[0].finished_on or far
                if some[0].comes_back or (not is_open and (nearest - group[0].finished_on).days > 100):
                    break
                group.append(some.pop(0))
            groups.append(group)
    return groups


def _finished_late(site: Building, year: int) -> bool:
    return site.finished_on is None or site.finished_on.year > year


def _arrange(group: list[Building], year: int) -> None:
    """Register the sites of a post, with their contracts."""
    chance = stream(group[0].branch, group[0].blueprint.name, "arranged")
    plan = group[0].chain[0][0]
    first = min((site.finished_on for site in group if site.finished_on), default=LAST_DAY)
    if any(_finished_late(site, year) for site in group):
        opened = plan.approved_on + days(chance.triangular(6, 150, 40))
    else:
        opened = first - days(chance.randint(80, 215))
    opened = working_from(max(opened, plan.approved_on + days(chance.randint(4, 20))))
    for site in group:
        _sign(site, opened, stream(site.branch, site.blueprint.name, "contract"))
        register(site, opened)
    group[0].opened = opened


def _sign(site: Building, opened: dt.date, chance: random.Random) -> None:
    """The day of the contract; a site whose contract is of an earlier year is carried over from it."""
    previous = site.chain[0][1].previous is not None
    signed = opened - days(chance.randint(150, 260) if previous else chance.randint(12, 60))
    if signed.year < site.year and not previous:
        signed = max(signed, dt.date(site.year, 1, 9))
    builder, number = contractor(site.blueprint.kind, chance)
    site.contract = {
        "date": working_until(signed),
        "customer": site.chain[0][1].task.executor,
        "contractor": builder,
        "bin": number,
    }
    if signed.year < site.year or previous:
        site.carried_over_from = site.year - 1
    elif _finished_late(site, site.year) and site.cancelled_on is None and site.year < LAST_DAY.year:
        site.carried_over_from = site.year


def _send_one_back(branch: str, year: int, sites: list[Building]) -> None:
    """One site is accepted, its post closed, and weeks later it is found unusable."""
    for site in sites if (branch, year) in COMES_BACK else ():
        if site.commissioned_on is None or site.blueprint.is_named:
            continue
        last = max([site.commissioned_on, *(seen.entered_on for _, seen in site.seen)])
        if last <= dt.date(year, 9, 25):
            site.comes_back, site.first_commissioned_on = True, site.commissioned_on
            site.reopened_on, site.commissioned_on = working_from(last + days(35)), working_from(last + days(72))
            return
    if (branch, year) in COMES_BACK:
        raise ValueError(f"No site of {branch} {year} is finished so early that it could come back.")


def _turn(branch: str, year: int, sites: list[Building]) -> None:
    """What does not go smoothly: reopening, suspension, silence, defects."""
    chance = stream(branch, year, "turns")
    for site in sites:
        refuted = [seen for _, seen in site.seen if seen.verdict == Verdict.REFUTES]
        if refuted and (branch, year) in REOPENED:
            _reopen_after(site, refuted[0])
        _suspend(site, chance)
    idle = [site for site in sites if site.finished_on is None and not site.suspended]
    if idle and (branch, year) in STANDS_STILL:
        idle.pop().suspended = working_from(LAST_DAY - days(chance.randint(25, 50))), None
    if year == LAST_DAY.year:
        for site in idle[1::2]:
            site.quiet_since = LAST_DAY - days(chance.randint(17, 38))
    own = (site for site in sites if site.commissioned_on and not _finished_late(site, year))
    plain = [site for site in own if not site.first_commissioned_on]
    for place, site in enumerate(plain[: DEFECTS.get((branch, year), 0)]):
        site.has_defects = True
        mended = working_from(site.commissioned_on + days(chance.randint(60, 130)))
        last = max([site.commissioned_on, *(seen.entered_on for _, seen in site.seen)])
        if place == 0 and branch != "kazaly" and last + days(4) < mended < LAST_DAY - days(5):
            site.mended_on = mended


def _reopen_after(site: Building, refuted: Seen) -> None:
    """It was accepted when the branch claimed it; control found it unusable."""
    first = working_until(min(refuted.report.reported_on, refuted.seen_on - days(5)))
    if first > site.registered.day + days(30):
        site.first_commissioned_on, site.reopened_on = first, refuted.seen_on


def _suspend(site: Building, chance: random.Random) -> None:
    """Work stands still where a year ended with "not done", until the next spring; or until the site is given up."""
    for plan, promise in site.chain:
        if promise.story.status == Status.NOT_DONE and _finished_late(site, plan.year):
            since = working_from(promise.story.said[-1].entered_on + days(1))
            spring = working_from(dt.date(plan.year + 1, 3, 11) + days(chance.randint(0, 30)))
            site.suspended = since, min(spring, (site.finished_on or LAST_DAY) - days(12))
    if site.cancelled_on:
        site.suspended = working_until(site.cancelled_on - days(115)), None


# --- how they go -----------------------------------------------------------------------------------------------------
def _tell(branch: str, year: int, group: list[Building]) -> list[Post]:
    """Tell the life of the sites of a post, and of the post; gives it, and the one to which it handed its sites."""
    post = open_post(branch, group, group[0].opened, group[0].blueprint.name)
    posts = [post]
    if (branch, year) == HANDED_OVER and all(_finished_late(site, year) for site in group):
        posts.append(hand_over(post, working_from(dt.date(year + 1, 2, 11))))
    for site in group:
        live(site, post.opened_on)
    close_when_finished(posts[-1])
    return posts


def _tell_loose(site: Building) -> None:
    """Tell the life of a small site without a post."""
    opened = working_from(max(site.chain[0][0].approved_on + days(5), site.commissioned_on - days(55)))
    _sign(site, opened, stream(site.branch, site.blueprint.name, "contract"))
    register(site, opened)
    live(site, opened)
