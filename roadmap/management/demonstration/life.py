"""The life of a measure: its days are planned from its fate, then told as a `Story`."""

import datetime as dt
import random
from collections.abc import Callable
from dataclasses import dataclass

from roadmap.choices import DelayReason, Status, Verdict
from roadmap.management.demonstration import wording
from roadmap.management.demonstration.calendar import is_working, printed, working_from, working_until
from roadmap.management.demonstration.schedule import Fate, Plan
from roadmap.management.demonstration.story import Cast, Story
from roadmap.management.demonstration.works import Kind

DONE_BY_MONTH = (0, 0.4, 2, 3, 4.5, 8, 6, 7, 9, 9, 11, 40)
OPEN_DEADLINES_BY_MONTH = (0, 0, 0, 0, 0, 0.3, 0.3, 0.5, 1.5, 2, 3, 15)
ROUND_DAYS = (10, 15, 20, 25)
UNDER_WAY = 15  # percent from which a work is spoken of by how far it has come
IN_PROGRESS = frozenset({Fate.FRESH, Fate.STALE, Fate.RISK, Fate.OVERDUE})


def days(number: float) -> dt.timedelta:
    """So many days, the part of a day left off."""
    return dt.timedelta(days=int(number))


def last_of_month(year: int, month: int) -> dt.date:
    """The last day of a month."""
    return dt.date(year + month // 12, month % 12 + 1, 1) - days(1)


def round_deadline(day: dt.date) -> dt.date:
    """The first day from `day` on that people choose for a deadline: the 10th, 15th, 20th, 25th or a month's last."""
    for candidate in ROUND_DAYS:
        if day.day <= candidate:
            return day.replace(day=candidate)
    return last_of_month(day.year, day.month)


@dataclass
class Days:
    """The planned days of a measure, before its story is told."""

    fate: Fate
    deadline: dt.date  # the last one, inside the year
    until: dt.date  # the day of the claim, or of the last report
    first_deadline: dt.date | None = None  # where the deadline was moved inside the year
    is_confirmed: bool = False
    is_refuted_first: bool = False
    is_corrected: bool = False
    was_at_risk: bool = False
    is_carried: bool = False  # last year's promise, begun already


def plan_days(
    fate: Fate, plan: Plan, chance: random.Random, *, is_carried: bool, deadline: dt.date | None = None
) -> Days:
    """Choose when a measure of this fate is due and when it is done, or last spoken of. `deadline`: already fixed."""
    planned = _done(plan, chance, deadline) if fate == Fate.DONE else _open(fate, plan, chance, deadline)
    if deadline is None and planned.until > plan.approved_on + days(120) and chance.random() < 0.11:
        first = round_deadline(planned.until - days(chance.randint(20, 75)))
        if plan.approved_on + days(45) < first < planned.deadline:
            planned.first_deadline = first
    planned.is_carried = is_carried
    planned.was_at_risk = chance.random() < 0.2
    planned.is_corrected = chance.random() < 0.06
    room = planned.until - plan.approved_on > days(140)
    planned.is_refuted_first = fate == Fate.DONE and room and chance.random() < 0.07
    return planned


def _done(plan: Plan, chance: random.Random, deadline: dt.date | None) -> Days:
    if deadline:
        day = deadline - days(chance.triangular(0, 40, 8))
    else:
        months = range(plan.approved_on.month + 1, plan.end.month + 1)
        month = chance.choices(months, [DONE_BY_MONTH[month - 1] for month in months])[0]
        last = min(last_of_month(plan.year, month), plan.end).day
        late_in_month = month == 12 or chance.random() < 0.4
        day = dt.date(plan.year, month, max(1, int(chance.triangular(1, last, last if late_in_month else last / 2))))
    day = working_until(max(plan.approved_on + days(25), min(day, plan.end)))
    if deadline is None:
        manner = chance.random()
        if manner < 0.12:  # late
            deadline = round_deadline(day - days(chance.randint(8, 30)))
            deadline = deadline if deadline < day else day
        elif manner < 0.82:
            deadline = round_deadline(day + days(chance.triangular(0, 14, 1)))
        else:
            deadline = round_deadline(day + days(chance.randint(15, 70)))
        deadline = min(deadline, dt.date(plan.year, 12, 31))
    return Days(Fate.DONE, deadline, day)


def _open(fate: Fate, plan: Plan, chance: random.Random, deadline: dt.date | None) -> Days:
    if fate == Fate.STALE or plan.end < plan.seen_from - days(20):  # the branch fell silent
        until = min(plan.seen_from - days(chance.randint(36, 78)), plan.end)
    else:
        until = plan.end - days(chance.triangular(0, 20, 5))
    last = dt.date(plan.year, 12, 31)
    if fate == Fate.OVERDUE:  # nothing was said since the deadline passed
        deadline = round_deadline(plan.seen_from - days(chance.randint(6, 21)))
        until = min(deadline - days(chance.randint(1, 9)), plan.end)
    elif deadline is None and plan.seen_from < last:
        month, day = chance.choice(((11, 25), (11, 30), (12, 10), (12, 15), (12, 20), (12, 25), (12, 31), (12, 31)))
        deadline = dt.date(plan.year, month, day)
    elif deadline is None:
        month = chance.choices(range(1, 13), OPEN_DEADLINES_BY_MONTH)[0]
        deadline = chance.choice([round_deadline(dt.date(plan.year, month, day)) for day in (12, 24, 28, 28, 28)])
    return Days(fate, deadline, working_until(until))


def tell(planned: Days, plan: Plan, kind: Kind, cast: Cast, chance: random.Random, claim: dict | None = None) -> Story:
    """Tell the story of a measure. `claim`: what a text says of its end, as arguments of `Story.report_status`."""
    return _Teller(planned, plan, kind, cast, chance, claim or {}).tell()


class _Teller:
    """Collects the beats of a story by day and plays them in order."""

    def __init__(self, planned: Days, plan: Plan, kind: Kind, cast: Cast, chance: random.Random, claim: dict) -> None:
        self.planned, self.plan, self.kind, self.chance, self.claim = planned, plan, kind, chance, claim
        self.story = Story(cast, planned.first_deadline or planned.deadline, plan.end, chance)
        self.beats: list[tuple[dt.date, Callable[[dt.date], None]]] = []
        self.progress, self.said_before, self.has_begun = 0, "", False

    def tell(self) -> Story:
        if self.planned.fate != Fate.NO_REPORT:
            self._journey()
            self._turns()
            self._ending()
        for day, beat in sorted(self.beats, key=lambda beat: beat[0]):  # stable: beats of one day keep their order
            beat(day)
        return self.story

    def _at(self, day: dt.date, beat: Callable[[dt.date], None]) -> None:
        self.beats.append((day, beat))

    def _pick(self, pool: wording.Pool) -> str:
        """A phrase for this kind of work, other than the one that was said before it."""
        phrases = [phrase for phrase in pool[self.kind] if phrase != self.said_before] or pool[self.kind]
        self.said_before = self.chance.choice(phrases)
        return self.said_before

    def _lag(self) -> int:
        return self.chance.choices(range(10), (46, 18, 9, 7, 5, 4, 4, 3, 2, 2))[0]

    def _delay_reason(self) -> DelayReason:
        """A reason that fits the kind of work and how far it has come."""
        reasons = [DelayReason(reason) for reason in wording.REASONS[self.kind]]
        if self.progress >= UNDER_WAY:
            reasons = [reason for reason in reasons if reason not in wording.BEFORE_THE_WORK] or reasons
        return self.chance.choice(reasons)

    # --- the way there ---------------------------------------------------------------------------------------------
    def _journey(self) -> None:
        """Reports on the way: evenly, more or less, from the weeks after the approval to the last word."""
        planned, chance = self.planned, self.chance
        until = planned.until - days(30 if planned.is_refuted_first or planned.fate == Fate.RETURNED else 8)
        a_third = (until - self.plan.approved_on).days / 3
        start = self.plan.approved_on + days(min(chance.randint(14, 100), a_third))
        room = max(0, (until - start).days)
        count = min(chance.randint(2, 5), room // 20)
        ends_open = planned.fate in IN_PROGRESS or planned.fate == Fate.RETURNED
        reached = 100 if not ends_open else chance.choice((55, 65, 75, 85, 95))
        risk_at = chance.randrange(count) if planned.was_at_risk and count else None
        correct_at = chance.randrange(count) if planned.is_corrected and count else None
        day = start
        for step in range(count):
            day = start + days(room * ((step + chance.uniform(0.0, 0.75)) / count) ** 0.8)  # denser towards the end
            share = (step + 1) / (count + 1)
            nothing_yet = planned.fate == Fate.NOT_STARTED or (
                step == 0 and not planned.is_carried and chance.random() < 0.45
            )
            progress = 0 if nothing_yet else min(95, int(reached * share * chance.uniform(0.8, 1.1) / 5) * 5)
            self._at(working_until(day), self._step(progress, nothing_yet, step == risk_at))
            if step == correct_at:
                self._at(working_until(day), self._corrected)
        december = dt.date(self.plan.year, 12, 1)
        if until > december + days(4) and chance.random() < 0.75:  # before the year ends everything is asked about
            soon = december + days(chance.randint(0, (until - december).days))
            self._at(working_until(soon), self._step(min(95, int(reached * 0.18) * 5), False, False))

    def _step(self, progress: int, nothing_yet: bool, at_risk: bool) -> Callable[[dt.date], None]:
        def beat(day: dt.date) -> None:
            self.progress = max(self.progress, progress)
            continues = self.planned.is_carried and not self.story.said and not nothing_yet
            self._report_open(
                day,
                nothing_yet=nothing_yet and self.progress == 0,
                at_risk=at_risk,
                note=self.chance.choice(wording.CARRIED) if continues and not at_risk else "",
            )

        return beat

    def _report_open(self, day: dt.date, *, nothing_yet: bool = False, at_risk: bool = False, note: str = "") -> None:
        """An open measure's report: where the work stands, and what threatens it."""
        status = Status.NOT_STARTED if nothing_yet else Status.IN_PROGRESS
        reason = self._delay_reason() if at_risk else ""
        if self.has_begun and self.progress < UNDER_WAY:
            self.progress = UNDER_WAY
        if self.progress >= UNDER_WAY:
            phrase = wording.UNDER_WAY[self.kind][0] if reason else self._pick(wording.UNDER_WAY)
            said = phrase.format(p=self.progress)
        else:
            said = "" if reason else self._pick(wording.NOT_STARTED if nothing_yet else wording.BEGUN)
        self.has_begun = not nothing_yet
        if reason:
            said = f"{said} {self.chance.choice(wording.RISKS[reason])}".strip()
        self.story.report_status(
            day,
            status,
            note or said,
            lag=self._lag(),
            delay_reason=reason,
            progress=self.progress if self.progress >= UNDER_WAY else None,
        )

    def _corrected(self, day: dt.date) -> None:
        """The last report was wrong: some days later the coordinator puts it right."""
        last = self.story.said[-1]
        later = last.entered_on + days(self.chance.randint(1, 4))
        if last.status == Status.IN_PROGRESS and self.chance.random() < 0.35:
            claimed = self.story.report_status(day, Status.DONE, self._pick(wording.DONE), lag=self._lag())
            later = max(later, claimed.entered_on + days(1))
            self.story.correct_report(later, Status.IN_PROGRESS, wording.DONE_BY_MISTAKE)
        else:
            self.story.correct_report(later, last.status, self.chance.choice(wording.CORRECTIONS))

    # --- what happens on the way -----------------------------------------------------------------------------------
    def _turns(self) -> None:
        planned, chance = self.planned, self.chance
        if planned.first_deadline:
            self._at(
                working_until(planned.first_deadline - days(chance.randint(1, 14))),
                lambda day: self._move(day, planned.deadline),
            )
        if planned.is_refuted_first or planned.fate == Fate.RETURNED:
            claimed = planned.until - days(chance.randint(16, 28))
            self._at(working_until(claimed), self._claim)
            self._at(working_until(claimed + days(chance.randint(4, 9))), self._refute)
            if planned.is_refuted_first and chance.random() < 0.6:
                self._at(
                    working_until(planned.until - days(3)),
                    lambda day: self._report_open(day, note=chance.choice(wording.AFTER_REFUTATION)),
                )

    def _move(self, day: dt.date, new: dt.date) -> None:
        reason = self._delay_reason()
        document = self.chance.choice(wording.DOCUMENTS).format(day=printed(working_until(day - days(1))))
        self.story.move_deadline(day, new, reason, wording.MOVES[reason], document, year=self.plan.year)

    def _claim(self, day: dt.date) -> None:
        self.story.report_status(day, Status.DONE, self._pick(wording.DONE), lag=self._lag(), progress=100)

    def _refute(self, day: dt.date) -> None:
        self._verify(day, Verdict.REFUTES, self._pick(wording.REFUTED))
        self.progress = 90

    def _verify(self, day: dt.date, verdict: Verdict, note: str) -> None:
        seen = working_from(max(day, self.story.said[-1].entered_on))
        seen = min(seen, self.plan.end)
        basis = self.chance.choice(wording.BASES_ON_SITE if self.kind in wording.ON_SITE else wording.BASES_ON_PAPER)
        by = self.story.cast.inspector if self.chance.random() < 0.75 else "controller"
        lag = self.chance.choice((0, 0, 0, 1, 1, 2, 4)) if is_working(seen) else 0
        self.story.verify(seen, verdict, basis.format(day=printed(seen)), note, by=by, lag=lag)

    # --- how it ends -----------------------------------------------------------------------------------------------
    def _ending(self) -> None:
        planned, chance = self.planned, self.chance
        day = planned.until
        if self.claim:
            self._at(day, lambda day: self.story.report_status(day, **self.claim))
        elif planned.fate == Fate.DONE:
            self._at(day, self._claim_again if planned.is_refuted_first else self._claim)
            if planned.is_confirmed:
                self._at(day + days(chance.triangular(2, 38, 7)), self._confirm)
        elif planned.fate in IN_PROGRESS:
            self._at(day, lambda day: self._last_open(day, at_risk=planned.fate == Fate.RISK))
        elif planned.fate == Fate.NOT_STARTED:
            self._at(day, lambda day: self._report_open(day, nothing_yet=True, at_risk=chance.random() < 0.5))
        elif planned.fate == Fate.NOT_DONE:
            self._at(
                day,
                lambda day: self.story.report_status(
                    day, Status.NOT_DONE, self._pick(wording.NOT_DONE), lag=self._lag()
                ),
            )
        elif planned.fate == Fate.MOVED:
            month = chance.randint(3, 10)
            new = round_deadline(dt.date(self.plan.year + 1, month, chance.choice((9, 14, 24, 28))))
            self._at(day, lambda day: self._last_open(day, at_risk=False))
            self._at(day + days(chance.randint(1, 6)), lambda day: self._move(day, new))
        elif planned.fate == Fate.REMOVED:
            self._at(day, lambda day: self._last_open(day, at_risk=False))
            self._at(
                day + days(chance.randint(1, 6)),
                lambda day: self.story.correct_report(day, Status.REMOVED, chance.choice(wording.REMOVALS)),
            )

    def _last_open(self, day: dt.date, *, at_risk: bool) -> None:
        self.progress = max(self.progress, self.chance.choice((25, 35, 45, 55, 60, 70, 80)))
        self._report_open(day, at_risk=at_risk)

    def _claim_again(self, day: dt.date) -> None:
        note = self.chance.choice(wording.DONE_AGAIN)
        self.story.report_status(day, Status.DONE, note, lag=self._lag(), progress=100)

    def _confirm(self, day: dt.date) -> None:
        if self.story.said[-1].status == Status.DONE:
            notes = wording.CONFIRMED_ON_SITE if self.kind in wording.ON_SITE else wording.CONFIRMED_ON_PAPER
            self._verify(day, Verdict.CONFIRMS, self.chance.choice(notes))
