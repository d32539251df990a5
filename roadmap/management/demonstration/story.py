"""What was said and seen of one measure, told in order and written as `roadmap.actions` would have written it."""

import datetime as dt
import random
from dataclasses import dataclass, field

from roadmap.choices import CLOSED, DelayReason, ReportOrigin, Status, Verdict
from roadmap.management.demonstration.calendar import moment, working_from, working_until
from roadmap.management.demonstration.sources import SAMPLE

LONGEST_LAG = dt.timedelta(days=9)  # nobody tells of a day longer ago


@dataclass(frozen=True)
class Cast:
    """Who acts in a branch: usernames."""

    secretary: str
    inspector: str
    coordinator: str = "coordinator"


@dataclass(eq=False)
class Said:
    """A status report."""

    author: str
    entered_on: dt.date
    created_at: str
    status: Status
    reported_on: dt.date
    note: str
    origin: ReportOrigin = ReportOrigin.REPORT
    delay_reason: str = ""
    corrects: "Said | None" = None
    progress: int | None = None  # percent, of which the facts of indicators are made
    facts: dict[str, str] = field(default_factory=dict)  # facts that a text prints, by key of the indicator
    source: str = SAMPLE
    is_sample: bool = True


@dataclass(eq=False)
class Shifted:
    """A deadline change."""

    author: str
    entered_on: dt.date
    created_at: str
    old: dt.date
    new: dt.date
    reason: DelayReason
    note: str
    document: str


@dataclass(eq=False)
class Seen:
    """A verification."""

    author: str
    entered_on: dt.date
    created_at: str
    report: Said
    verdict: Verdict
    seen_on: dt.date
    basis: str
    note: str
    outcome: Said | None = None


class Story:
    """One measure's history. Each method adds what the action of the same name adds, and keeps what it keeps."""

    def __init__(self, cast: Cast, deadline: dt.date, end: dt.date, chance: random.Random) -> None:
        self.cast, self.deadline, self.end, self.chance = cast, deadline, end, chance
        self.status = Status.NO_REPORT
        self.said: list[Said] = []
        self.shifted: list[Shifted] = []
        self.seen: list[Seen] = []
        self._day, self._minute = dt.date.min, 0

    def report_status(
        self,
        day: dt.date,
        status: Status,
        note: str,
        *,
        lag: int = 0,
        delay_reason: str = "",
        progress: int | None = None,
        facts: dict[str, str] | None = None,
        source: str = SAMPLE,
    ) -> Said:
        """The secretary tells of `day`, typing it `lag` days later."""
        reported = max(day, self.said[-1].reported_on) if self.said else day
        entered, created = self._type(reported + dt.timedelta(days=lag))
        reported = min(max(reported, entered - LONGEST_LAG), entered)
        report = Said(
            self.cast.secretary,
            entered,
            created,
            status,
            reported,
            note,
            delay_reason="" if status in CLOSED else delay_reason,
            progress=progress,
            facts=facts or {},
            source=source,
            is_sample=source == SAMPLE,
        )
        return self._append(report)

    def correct_report(self, day: dt.date, status: Status, note: str) -> Said:
        """The coordinator puts the last report right."""
        entered, created = self._type(day)
        wrong = self.said[-1]
        return self._append(
            Said(
                self.cast.coordinator,
                entered,
                created,
                status,
                wrong.reported_on,
                note,
                ReportOrigin.CORRECTION,
                corrects=wrong,
            )
        )

    def move_deadline(
        self, day: dt.date, new: dt.date, reason: DelayReason, note: str, document: str, *, year: int
    ) -> None:
        """The coordinator moves the deadline; out of the roadmap's year the measure's status becomes "moved"."""
        entered, created = self._type(day)
        author = self.cast.coordinator
        self.shifted.append(Shifted(author, entered, created, self.deadline, new, reason, note, document))
        self.deadline = new
        if new.year > year:
            self._append(Said(author, entered, created, Status.MOVED, entered, note, ReportOrigin.DEADLINE))

    def verify(self, day: dt.date, verdict: Verdict, basis: str, note: str, *, by: str, lag: int = 0) -> None:
        """The inspector confirms or refutes the last report; a refutation returns the measure to "in progress"."""
        report = self.said[-1]
        seen_on = max(day, report.reported_on)
        entered, created = self._type(seen_on + dt.timedelta(days=lag))
        seen_on = min(seen_on, entered)
        outcome = None
        if verdict == Verdict.REFUTES:
            outcome = self._append(
                Said(by, entered, created, Status.IN_PROGRESS, seen_on, note, ReportOrigin.REFUTATION)
            )
        self.seen.append(Seen(by, entered, created, report, verdict, seen_on, basis, note, outcome))

    def _append(self, report: Said) -> Said:
        self.said.append(report)
        self.status = report.status
        return report

    def _type(self, day: dt.date) -> tuple[dt.date, str]:
        """The working day and the moment at which something is typed: never before what was typed already."""
        day = working_from(max(day, self._day))
        day = min(day, working_until(self.end))
        minute = self.chance.randint(9 * 60 + 5, 18 * 60 + 10)
        if day == self._day:
            minute = max(minute, self._minute + self.chance.randint(2, 9))
        self._day, self._minute = day, minute
        return day, moment(day, minute)
