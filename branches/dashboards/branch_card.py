"""The card of a branch: its people, members, wings, faction and elections, over the years, as known on a day."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from amanat_tracker.generic.provenance import Sourced
from branches.choices import ElectionKind, Position, Wing
from branches.dashboards.links import rows_url
from branches.dashboards.organisation import Documented
from branches.metrics import Share
from branches.models import (
    Branch,
    Election,
    FactionReport,
    Maslikhat,
    MembershipReport,
    OfficeHolder,
    WingReport,
)
from branches.models.organisation import BranchStatement

# Lists of what a branch does; the measures of its roadmap stand apart, for roadmaps are never added up.
WORK = (
    (_("Sites"), "roadmap:site_list"),
    (_("Control posts"), "roadmap:post_list"),
    (_("Recommendations"), "roadmap:recommendation_list"),
    (_("Meetings of councils"), "roadmap:council_list"),
    (_("Party projects"), "branches:project_list"),
    (_("Reception office"), "branches:reception"),
    (_("Citizens' requests"), "branches:request_list"),
)
NICE = (1, 2, 3, 4, 5, 6, 8, 10)  # steps of an axis, times a power of ten


# --- people ----------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Office:
    """An office of a branch: who holds it, and who held it before, the last one first."""

    position: Position
    holders: Sequence[OfficeHolder]
    earlier: Sequence[OfficeHolder]


def offices_on(holders: Iterable[OfficeHolder], day: dt.date) -> list[Office]:
    """The offices of a branch on `day`, in the order of Position; who takes one later is not known yet."""
    known = [holder for holder in holders if holder.since is None or holder.since <= day]
    left = {holder.pk for holder in known if holder.until is not None and holder.until < day}
    return [
        Office(
            position,
            [holder for holder in known if holder.position == position and holder.pk not in left],
            sorted(
                (holder for holder in known if holder.position == position and holder.pk in left),
                key=lambda holder: (holder.until, holder.pk),
                reverse=True,
            ),
        )
        for position in Position
    ]


# --- what is said again and again ------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Said:
    """A statement among the others of its kind; the one said later about the same day replaces the earlier."""

    row: BranchStatement
    is_replaced: bool
    change: int | None  # in members, since the one that spoke before


def said_in_turn(rows: Iterable[BranchStatement]) -> list[Said]:
    """Statements about one thing, the newest day first; of two about the same day the later one first."""
    turns: list[Said] = []
    before: int | None = None
    for _day, same in groupby(sorted(rows, key=lambda row: (row.as_on, row.pk)), key=lambda row: row.as_on):
        *replaced, speaks = same
        turns += [Said(row, is_replaced=True, change=None) for row in replaced]
        turns.append(Said(speaks, is_replaced=False, change=None if before is None else speaks.members - before))
        before = speaks.members
    return turns[::-1]


@dataclass(frozen=True)
class MembersLine:
    """Members over time, drawn as one line: days from left to right, from nothing at the bottom to `most` on top."""

    reports: Sequence[MembershipReport]  # in the order of their days, at least two

    LEFT, RIGHT, TOP, BOTTOM = 52.0, 324.0, 12.0, 112.0

    @property
    def first(self) -> MembershipReport:
        """The first report."""
        return self.reports[0]

    @property
    def last(self) -> MembershipReport:
        """The last one."""
        return self.reports[-1]

    @cached_property
    def half(self) -> int:
        """The number half way up the axis: half of what holds all of them, and round."""
        least = max(1, *(-(-report.members // 2) for report in self.reports))
        power = 10 ** (len(str(least)) - 1)
        return next(step * power for step in NICE if step * power >= least)

    @property
    def most(self) -> int:
        """The number on top of the axis."""
        return self.half * 2

    @property
    def points(self) -> str:
        """Points of the line."""
        return " ".join(f"{x},{y}" for x, y in self.dots)

    @property
    def dots(self) -> list[tuple[str, str]]:
        """Where each report stands."""
        days = (self.last.as_on - self.first.as_on).days
        return [
            (
                f"{self.LEFT + (self.RIGHT - self.LEFT) * (report.as_on - self.first.as_on).days / days:.1f}",
                f"{self.BOTTOM - (self.BOTTOM - self.TOP) * report.members / self.most:.1f}",
            )
            for report in self.reports
        ]

    @property
    def tip(self) -> tuple[str, str]:
        """Where the last report stands."""
        return self.dots[-1]


# --- elections -------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Elected:
    """Elections of one kind: seats won, of the seats that were elected, and how many the party nominated for them."""

    kind: ElectionKind
    won: Share
    nominated: int


def elected_by_kind(rows: Iterable[Election]) -> list[Elected]:
    """Elections added up by kind, in the order of ElectionKind; a kind that was not held is left out."""
    held: dict[str, list[Election]] = {}
    for row in rows:
        held.setdefault(row.kind, []).append(row)
    return [
        Elected(
            kind,
            Share(sum(row.won for row in held[kind]), sum(row.seats for row in held[kind])),
            sum(row.nominated for row in held[kind]),
        )
        for kind in ElectionKind
        if kind in held
    ]


@dataclass(frozen=True)
class Recorded:
    """An election as it was recorded; `by` is the record that put it right, or called it a mistake, if one did."""

    row: Election
    by: Election | None


@dataclass(frozen=True)
class ElectionYear:
    """The elections of a branch in a year, the last one first, and what they come to by kind."""

    year: int
    records: Sequence[Recorded]

    @property
    def kinds(self) -> list[Elected]:
        """What they come to; what was put right is not counted."""
        return elected_by_kind(record.row for record in self.records if record.by is None)


def election_years(rows: Sequence[Election]) -> list[ElectionYear]:
    """Elections of a branch known on a day, by year, the newest first; what was put right stands below what did it.

    That one was called a mistake is told in its own line: there is no other election to show.
    """
    put_right = {row.corrects_id: row for row in rows if row.corrects_id}
    records = sorted(
        (Recorded(row, put_right.get(row.pk)) for row in rows if not row.is_mistake),
        key=lambda record: (record.row.held_on, record.row.pk),
        reverse=True,
    )
    return [
        ElectionYear(year, list(same)) for year, same in groupby(records, key=lambda record: record.row.held_on.year)
    ]


# --- the card --------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class BranchCard(Documented):
    """Everything that is known of a branch on a day."""

    branch: Branch
    day: dt.date
    offices: Sequence[Office]
    memberships: Sequence[Said]
    wing_reports: Mapping[str, Sequence[Said]]
    maslikhat: Maslikhat | None
    factions: Sequence[Said]
    elections: Sequence[ElectionYear]

    @property
    def membership(self) -> MembershipReport | None:
        """The report of members that speaks."""
        return self.memberships[0].row if self.memberships else None

    @property
    def members_line(self) -> MembersLine | None:
        """Members over time; None until there are two days to compare."""
        speaking = [said.row for said in reversed(self.memberships) if not said.is_replaced]
        return MembersLine(speaking) if len(speaking) > 1 else None

    @property
    def wings(self) -> list[tuple[Wing, WingReport | None, Sequence[Said]]]:
        """Each wing: the report that speaks, and all of them."""
        told = ((wing, self.wing_reports.get(wing, ())) for wing in Wing)
        return [(wing, said[0].row if said else None, said) for wing, said in told]

    @property
    def faction(self) -> FactionReport | None:
        """The report of the faction that speaks."""
        return self.factions[0].row if self.factions else None

    @property
    def mandates(self) -> Share | None:
        """Mandates that the faction holds, of the seats of the maslikhat; None where one of the two is not known."""
        return Share(self.faction.members, self.maslikhat.seats) if self.faction and self.maslikhat else None

    @property
    def akims(self) -> tuple[int, Elected] | None:
        """The last year in which rural akims were elected, and how it went."""
        found = ((year.year, elected) for year in self.elections for elected in year.kinds)
        return next((each for each in found if each[1].kind == ElectionKind.RURAL_AKIM), None)

    @property
    def rows(self) -> list[Sourced]:
        """Every row that something of it comes from."""
        wings = [said for reports in self.wing_reports.values() for said in reports]
        told = [said.row for said in (*self.memberships, *wings, *self.factions)]
        people = [holder for office in self.offices for holder in (*office.holders, *office.earlier)]
        held = [record.row for year in self.elections for record in year.records]
        return [*people, *told, *([self.maslikhat] if self.maslikhat else []), *held]


def branch_card(branch: Branch, day: dt.date) -> BranchCard:
    """Gather the card of a branch as it was known at the end of `day`. Six queries."""
    known = {"branch": branch}
    wings: dict[str, list[WingReport]] = {}
    for report in WingReport.objects.known_on(day).filter(**known).select_related("author"):
        wings.setdefault(report.wing, []).append(report)
    return BranchCard(
        branch=branch,
        day=day,
        offices=offices_on(OfficeHolder.objects.filter(**known), day),
        memberships=said_in_turn(MembershipReport.objects.known_on(day).filter(**known).select_related("author")),
        wing_reports={wing: said_in_turn(reports) for wing, reports in wings.items()},
        maslikhat=Maslikhat.objects.filter(**known).first(),
        factions=said_in_turn(FactionReport.objects.known_on(day).filter(**known).select_related("author")),
        elections=election_years(
            list(Election.objects.known_on(day).filter(**known).select_related("author", "locality"))
        ),
    )


def work_links(branch: Branch, day: dt.date | None) -> list[tuple[str | Promise, str]]:
    """Where a branch's work is listed, as known on `day` (None: now); of a regional branch that of its region."""
    measures = {"branch": branch.slug} | ({"as_of": day.isoformat()} if day else {})
    return [
        (_("Measures"), f"{reverse('roadmap:measure_list')}?{urlencode(measures)}"),
        *((label, rows_url(view, day=day, branch=branch)) for label, view in WORK),
    ]
