"""The life of a site under control: its states and visits by day, told to fit what was reported of its measures."""

import datetime as dt
from bisect import bisect_right
from dataclasses import dataclass, field

from roadmap.choices import (
    CHECKLIST,
    CheckMark,
    PostEvent,
    ReportOrigin,
    Severity,
    SiteKind,
    SiteState,
    Verdict,
    VisitKind,
)
from roadmap.management.demonstration import control_words as words
from roadmap.management.demonstration.calendar import Clock, Typed, working_from
from roadmap.management.demonstration.control_advice import Advice, due_after, issued
from roadmap.management.demonstration.control_sites import Blueprint
from roadmap.management.demonstration.life import days
from roadmap.management.demonstration.people import CURATORS, inspector_of
from roadmap.management.demonstration.roadmaps import Promise
from roadmap.management.demonstration.rows import stream
from roadmap.management.demonstration.schedule import LAST_DAY, Plan
from roadmap.management.demonstration.story import Seen
from roadmap.management.demonstration.works import Kind

CONSTRUCTION, COMMISSIONED = SiteState.CONSTRUCTION, SiteState.COMMISSIONED
DEFECTS, SUSPENDED, CANCELLED = SiteState.DEFECTS, SiteState.SUSPENDED, SiteState.CANCELLED
WINTER = (12, 1, 2)
ALARM = "alarm"  # a raid finds a site that was accepted unusable
ACCEPTANCE = "acceptance"


@dataclass(eq=False)
class State:
    """A site comes into a state."""

    author: str
    typed: Typed
    state: SiteState
    happened_on: dt.date
    note: str = ""


@dataclass(eq=False)
class Visit:
    """Control on a site."""

    author: str
    typed: Typed
    visited_on: dt.date
    kind: VisitKind
    readiness: int
    participants: str = ""
    note: str = ""
    checks: dict[str, tuple[CheckMark, str]] = field(default_factory=dict)
    findings: list[tuple[Severity, str, dt.date | None]] = field(default_factory=list)
    advice: list[Advice] = field(default_factory=list)
    seen: Seen | None = None  # what it says of a measure's claim
    request: object = None  # the citizen's request that it follows
    post: "Post | None" = None
    pk: int = 0


@dataclass(eq=False)
class Change:
    """A post is closed or reopened."""

    author: str
    typed: Typed
    event: PostEvent
    reason: str
    note: str = ""


@dataclass(eq=False)
class Post:
    """A control post over sites."""

    branch: str
    sites: list["Building"]
    opened_on: dt.date
    typed: Typed
    chair: str
    members: tuple[str, ...]
    clock: Clock
    changes: list[Change] = field(default_factory=list)
    number: int = 0
    pk: int = 0

    def change(self, day: dt.date, event: PostEvent, reason: str = "", note: str = "") -> None:
        """Close or reopen it, unless that day is not told of any more."""
        if working_from(max(day, self.clock.day)) <= LAST_DAY:
            self.changes.append(Change(inspector_of(self.branch), self.clock.type(day), event, reason, note))

    def stood_on(self, day: dt.date, typed: Typed) -> bool:
        """Whether it stood on a day, as known when that was told: on the day of its closing it still stood."""
        if self.typed.created_at > typed.created_at or self.opened_on > day:
            return False
        before = [change.event for change in self.changes if change.typed.day < day]
        return before[-1:] != [PostEvent.CLOSED] or any(
            change.event == PostEvent.REOPENED and change.typed.day == day for change in self.changes
        )


@dataclass(eq=False)
class Building:
    """A site of the story. `chain` are the measures of successive years that promise it."""

    branch: str
    year: int
    blueprint: Blueprint
    chain: list[tuple[Plan, Promise]]
    judges: bool  # of several sites of a measure one carries the verdicts
    commissioned_on: dt.date | None = None
    first_commissioned_on: dt.date | None = None  # where it had to be reopened
    reopened_on: dt.date | None = None
    comes_back: bool = False  # reopened long after its post was closed
    suspended: tuple[dt.date, dt.date | None] | None = None
    cancelled_on: dt.date | None = None
    has_defects: bool = False
    mended_on: dt.date | None = None
    quiet_since: dt.date | None = None  # nobody visited it any more
    opened: dt.date | None = None  # where it is the first of its post: when that is opened
    registered: Typed | None = None
    contract: dict[str, object] = field(default_factory=dict)
    carried_over_from: int | None = None
    states: list[State] = field(default_factory=list)
    visits: list[Visit] = field(default_factory=list)
    posts: list[Post] = field(default_factory=list)
    pk: int = 0

    @property
    def seen(self) -> list[tuple[Promise, Seen]]:
        """What control said of its measures' claims."""
        return [(promise, one) for _, promise in self.chain for one in promise.story.seen] if self.judges else []

    @property
    def trade(self) -> str:
        """How it goes, as far as words go."""
        drawn = self.blueprint
        if drawn.work == Kind.LINE:
            line = words.POWER if "электр" in drawn.name else words.PIPE
            return {SiteKind.ROAD: words.ROAD, SiteKind.WATERWORKS: words.CANAL}.get(drawn.kind, line)
        return words.YARD if drawn.work == Kind.YARD else words.BUILDING

    @property
    def finished_on(self) -> dt.date | None:
        """The day after which nothing is built any more."""
        return self.commissioned_on or self.cancelled_on

    def state_on(self, day: dt.date) -> SiteState | None:
        """Where it stands at the end of a day."""
        return next((state.state for state in reversed(self.states) if state.typed.day <= day), None)


def people_of(branch: str) -> list[str]:
    """Names of party people who stand at the posts of a branch: curators of measures, and others."""
    chance = stream(branch, "people of posts")
    found = list(CURATORS[branch])
    for given, family in zip(chance.sample(words.GIVEN, 8), chance.sample(words.FAMILY, 8), strict=True):
        found.append(f"{given} {family}{'а' if given in words.WOMEN else ''}")
    return found


# --- a site's own life -----------------------------------------------------------------------------------------------
def register(site: Building, opened: dt.date) -> None:
    """Register a site some days before its post is opened, or before its end where it has none."""
    chance = stream(site.branch, site.blueprint.name, "registered")
    clock = Clock(chance)
    approved = site.chain[0][0].approved_on
    site.registered = clock.type(min(max(approved, opened - days(chance.randint(0, 9))), opened))


def live(site: Building, opened: dt.date) -> None:
    """Tell everything that happens on a registered site. `opened`: since when control goes there."""
    _Life(site, opened).tell()


class _Life:
    """Plans the days of a site and plays them in order, so that nothing is typed before what was typed already."""

    def __init__(self, site: Building, opened: dt.date) -> None:
        self.site, self.opened = site, opened
        self.chance = stream(site.branch, site.blueprint.name, "life")
        self.clock = Clock(self.chance)
        self.clock.pass_to(site.registered.day, site.registered.created_at)
        self.inspector = inspector_of(site.branch)
        self.beats: list[tuple[dt.date, int, object]] = []
        self.curve = self._curve()
        self.readiness = 0

    def tell(self) -> None:
        site = self.site
        self._first_state()
        self._turning_points()
        for promise, seen in site.seen:
            self.beats.append((seen.seen_on, 1, (promise, seen)))
        if site.posts:
            self._rounds()
        for day, _, beat in sorted(self.beats, key=lambda beat: beat[:2]):
            if isinstance(beat, tuple):
                self._judge(*beat)
            elif isinstance(beat, State):
                self._enter(beat)
            elif beat == ALARM:
                self._alarm(day)
            elif beat == ACCEPTANCE:
                self._accept(day)
            else:
                self._visit(day)

    # --- how far it is -----------------------------------------------------------------------------------------------
    def _curve(self) -> list[tuple[dt.date, float]]:
        """Points of readiness by day: what the branch reported of the measure, in round numbers, is about right."""
        site, chance = self.site, self.chance
        is_old = site.carried_over_from is not None or site.chain[0][1].previous is not None
        points = [(self.opened, chance.uniform(30, 50) if is_old and site.year == site.chain[0][0].year else 3.0)]
        end = site.first_commissioned_on or site.commissioned_on or LAST_DAY
        for _, promise in site.chain:
            for said in promise.story.said:
                if said.progress and said.origin == ReportOrigin.REPORT and self.opened < said.reported_on < end:
                    points.append((said.reported_on, min(said.progress - chance.uniform(0, 6), 94)))
        if site.commissioned_on:
            points.append((end, 99.0))
        elif len(points) == 1:
            points.append((LAST_DAY, chance.uniform(35, 80)))
        reached = 0.0
        rising = []
        for day, percent in sorted(points):
            reached = max(reached, percent)
            rising.append((day, reached))
        return rising

    def _ready(self, day: dt.date) -> int:
        """How far the site is on a day, in whole percent, before it is commissioned."""
        at = min(max(1, bisect_right(self.curve, (day, 1000.0))), len(self.curve) - 1)
        (before, low), (after, high) = self.curve[at - 1], self.curve[at]
        if self.site.reopened_on and day > self.site.reopened_on:
            low, high, before, after = 91, 98, self.site.reopened_on, self.site.commissioned_on or LAST_DAY
        share = (day - before).days / max(1, (after - before).days)
        return int(low + (min(high, 98) - low) * min(1.0, max(0.0, share)))

    # --- turning points ----------------------------------------------------------------------------------------------
    def _state(self, state: SiteState, day: dt.date, note: str = "") -> None:
        self.beats.append((day, 2, State(self.inspector, None, state, day, note)))

    def _first_state(self) -> None:
        """A site is registered as planned, when the year is young, or while it is being built."""
        site, chance = self.site, self.chance
        day = site.registered.day
        begun = day + days(chance.randint(14, 40))
        first = min((point for point, _ in self.curve[1:]), default=LAST_DAY)
        if (
            day.month <= 4
            and site.posts
            and begun < first - days(10)
            and self.curve[0][1] < 10
            and chance.random() < 0.4
        ):
            site.states.append(State(self.inspector, site.registered, SiteState.PLANNED, day))
            self._state(CONSTRUCTION, working_from(begun))
            self.curve[0] = (begun, 1.0)
        else:
            since = max(site.contract["date"] + days(5), day - days(chance.randint(0, 30)))
            site.states.append(State(self.inspector, site.registered, CONSTRUCTION, min(since, day)))

    def _turning_points(self) -> None:
        site, chance = self.site, self.chance
        if site.suspended:
            since, until = site.suspended
            self._state(SUSPENDED, since, chance.choice(words.SUSPENDED))
            if until:
                self._state(CONSTRUCTION, until, words.RESUMED)
        if site.cancelled_on:
            self._state(CANCELLED, site.cancelled_on, words.CANCELLED)
        if site.first_commissioned_on:
            self._state(COMMISSIONED, site.first_commissioned_on)
            self._state(CONSTRUCTION, site.reopened_on, words.REOPENED[self.site.trade])
            if site.comes_back:
                self.beats.append((site.reopened_on, 1, ALARM))
        for accepted_on in (site.first_commissioned_on, site.commissioned_on):
            judged = (
                any(accepted_on - days(5) <= seen.seen_on <= accepted_on for _, seen in site.seen)
                if accepted_on
                else True
            )
            if site.posts and not judged:
                self.beats.append((accepted_on, 1, ACCEPTANCE))
        if site.commissioned_on:
            if site.has_defects:
                self._state(DEFECTS, site.commissioned_on, chance.choice(words.DEFECTS))
            else:
                self._state(COMMISSIONED, site.commissioned_on)
            if site.mended_on:
                self._state(COMMISSIONED, site.mended_on, words.MENDED)

    def _enter(self, state: State) -> None:
        """Type a state on its day or the one after, and never after the next thing that was typed at a known moment."""
        lag = self.chance.choice((0, 0, 1))
        if working_from(max(state.happened_on + days(lag), self.clock.day)) > LAST_DAY:
            return
        state.typed = self.clock.type(state.happened_on + days(lag))
        self.site.states.append(state)

    # --- visits ------------------------------------------------------------------------------------------------------
    def _rounds(self) -> None:
        """The post goes around its sites every week or two, less often in winter and while nothing is built."""
        site, chance = self.site, self.chance
        end = min(site.finished_on or LAST_DAY, site.quiet_since or LAST_DAY)
        day = site.posts[0].typed.day + days(chance.randint(2, 8))
        while day < end:
            if self._is_free(day):
                self.beats.append((working_from(day), 1, None))
            gap = chance.triangular(6, 28, 12)
            standing = site.suspended and site.suspended[0] <= day < (site.suspended[1] or LAST_DAY)
            chronic = (day - self.opened).days > 240
            day += days(gap * (2.6 if standing or day.month in WINTER else 1.9 if chronic else 1))

    def _is_free(self, day: dt.date) -> bool:
        """No verdict, state or change of the post is near: those are typed at moments of their own."""
        day = working_from(day)
        near = any(one.seen_on - days(5) <= day <= one.entered_on + days(2) for _, one in self.site.seen)
        turning = any(isinstance(beat, State) and abs((when - day).days) <= 4 for when, _, beat in self.beats)
        moved = any(abs((change.typed.day - day).days) <= 4 for post in self.site.posts for change in post.changes)
        rests = self.site.first_commissioned_on and self.site.first_commissioned_on <= day <= self.site.reopened_on
        return not (near or turning or moved or rests) and day <= LAST_DAY - days(1)

    def _visit(self, day: dt.date) -> None:
        chance = self.chance
        is_raid = chance.random() < 0.12
        lag = chance.choice((0, 0, 0, 0, 1, 1, 2))
        if working_from(day + days(lag)) > LAST_DAY:
            lag = 0
        author = "controller" if is_raid and chance.random() < 0.4 else self.inspector
        ready, note = max(self._ready(day), self.readiness), ""
        if self.readiness > 25 and chance.random() < 0.012:
            ready, note = self.readiness - chance.randint(3, 8), chance.choice(words.FELL)
        elif chance.random() < 0.3:
            note = self._stage(ready)
        kind = VisitKind.RAID if is_raid else VisitKind.VISIT
        visit = Visit(author, self.clock.type(day + days(lag)), day, kind, ready, note=note)
        self._found(visit)
        self._keep(visit)

    def _stage(self, ready: int) -> str:
        """What is seen at this readiness."""
        return self.chance.choice(next(notes for until, notes in words.STAGES[self.site.trade] if ready <= until))

    def _found(self, visit: Visit) -> None:
        """Shortcomings, and what is recommended of the graver ones."""
        site, chance = self.site, self.chance
        number = chance.choices((0, 1, 2), (74, 22, 4))[0] if visit.readiness < 99 else 0
        flaws = chance.sample(words.FLAWS[site.trade], number)
        flaws = [flaw for flaw in flaws if flaw is flaws[0] or flaw.point != flaws[0].point]
        for flaw in flaws:
            grave = flaw.severity != Severity.MINOR
            due = (
                working_from(visit.visited_on + days(chance.randint(6, 30))) if grave or chance.random() < 0.6 else None
            )
            visit.findings.append((flaw.severity, flaw.text, due))
            if chance.random() < (0.75 if grave else 0.3):
                builder, customer = site.contract["contractor"], site.contract["customer"]
                visit.advice.append(
                    issued(
                        chance,
                        branch=site.branch,
                        author=visit.author,
                        typed=visit.typed,
                        issued_on=visit.visited_on,
                        due_on=due or due_after(visit.visited_on, chance, 8, 25),
                        text=flaw.advice,
                        addressee=customer if grave else builder,
                        executor=builder if grave else "",
                        origin=visit,
                        site=site,
                        promise=self._promise_on(visit.visited_on),
                    )
                )
        for point in CHECKLIST:
            flaw = next((flaw for flaw in flaws if flaw.point == point), None)
            plain = CheckMark.ORDER if chance.random() < 0.8 else CheckMark.UNCHECKED
            visit.checks[point] = (CheckMark.REMARKS, flaw.text) if flaw else (plain, "")

    def _promise_on(self, day: dt.date) -> Promise:
        """The measure that promised the site then."""
        return next((one for plan, one in reversed(self.site.chain) if plan.approved_on <= day), self.site.chain[0][1])

    def _judge(self, promise: Promise, seen: Seen) -> None:
        """A visit that confirms or refutes what was reported: its day, author and moment are the verdict's."""
        chance = self.chance
        if self.clock.day > seen.entered_on:
            raise ValueError(f"{self.site.blueprint.name}: typed on {self.clock.day}, seen on {seen.entered_on}.")
        if seen.verdict == Verdict.CONFIRMS:
            ready, note = 100, chance.choice(words.CONFIRMED)
        elif self.site.first_commissioned_on and seen.seen_on <= self.site.reopened_on:
            ready, note = chance.randint(90, 95), words.REFUTED
        else:
            ready, note = max(self.readiness, chance.randint(91, 96)), words.REFUTED
        kind = VisitKind.RAID if seen.author == "controller" else VisitKind.VISIT
        typed = self.clock.pass_to(seen.entered_on, seen.created_at)
        visit = Visit(seen.author, typed, seen.seen_on, kind, ready, note=note, seen=seen)
        for point in CHECKLIST:
            visit.checks[point] = (CheckMark.ORDER, "")
        if seen.verdict == Verdict.REFUTES:
            due = working_from(seen.seen_on + days(chance.randint(10, 20)))
            visit.checks["quality"] = (CheckMark.REMARKS, seen.note)
            visit.findings.append((Severity.MAJOR, seen.note, due))
        self._keep(visit)

    def _accept(self, day: dt.date) -> None:
        """The post is there when the site is accepted: all is built."""
        ready = max(self.readiness, 98 if self.site.has_defects else 100)
        visit = Visit(self.inspector, self.clock.type(day), day, VisitKind.VISIT, ready)
        visit.checks = dict.fromkeys(CHECKLIST, (CheckMark.ORDER, ""))
        self._keep(visit)

    def _alarm(self, day: dt.date) -> None:
        """A raid: the site was accepted, and is unusable."""
        text = words.REOPENED[self.site.trade]
        visit = Visit("controller", self.clock.type(day), day, VisitKind.RAID, 88, note=text)
        visit.findings.append((Severity.CRITICAL, text, working_from(day + days(25))))
        visit.checks = dict.fromkeys(CHECKLIST, (CheckMark.UNCHECKED, "")) | {"quality": (CheckMark.REMARKS, text)}
        self._keep(visit)

    def _keep(self, visit: Visit) -> None:
        site, chance = self.site, self.chance
        post = next((post for post in site.posts if post.typed.day <= visit.visited_on), None)
        people = [post.chair, *post.members] if post else people_of(site.branch)
        present = chance.sample(people, min(len(people), chance.randint(2, 3)))
        visit.participants = ", ".join([*present, *chance.sample(words.WITH, chance.randint(0, 2))])
        self.readiness = visit.readiness
        site.visits.append(visit)
