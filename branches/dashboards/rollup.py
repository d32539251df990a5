"""The organisation of a region: what its branches told of themselves, one under another, and what they come to."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from amanat_tracker.generic.provenance import Sourced
from branches.choices import BranchKind, ElectionKind, Permission, Position, Wing
from branches.dashboards.branch_card import Elected, elected_by_kind, offices_on
from branches.dashboards.organisation import BranchNumbers, Documented, OrganisationNumbers, organisation_numbers
from branches.metrics import Share
from branches.models import Branch, Election, FactionReport, MembershipReport, OfficeHolder, Region, User, WingReport
from branches.models.organisation import BranchStatement


@dataclass(frozen=True, eq=False)
class Duty:
    """Something that a branch tells every year, and the form in which it does."""

    what: str | Promise
    view: str
    query: str = ""

    def url(self, branch: Branch) -> str:
        """The form of a branch."""
        return reverse(f"branches:{self.view}", args=[branch.slug]) + self.query


MEMBERS = Duty(_("members and primary organisations"), "membership_report")
WINGS = {wing: Duty(wing.label, "wing_report", f"?wing={wing.value}") for wing in Wing}
FACTION = Duty(_("faction in the maslikhat"), "faction_report")


def organisation_years(branches: Collection[int], day: dt.date) -> dict[int, bool]:
    """The years of which `branches` (primary keys) told anything by `day`: all of them true. One query."""
    said = [(model.objects.known_on(day), "as_on__year") for model in (MembershipReport, WingReport, FactionReport)]
    said.append((Election.objects.as_of(day), "held_on__year"))  # a slip in the year does not stay among the years
    first, *others = (rows.filter(branch__in=branches).order_by().values_list(year) for rows, year in said)
    return {year: True for (year,) in first.union(*others)}


@dataclass(frozen=True)
class BranchLine:
    """A branch in the table: its numbers, who heads it, its wings; `url` is its card."""

    numbers: BranchNumbers
    year: int
    url: str
    holders: Mapping[str, Sequence[OfficeHolder]] = field(default_factory=dict)
    wings: Mapping[str, WingReport] = field(default_factory=dict)
    may_tell: bool = False

    @property
    def branch(self) -> Branch:
        """The branch."""
        return self.numbers.branch

    @property
    def chairs(self) -> Sequence[OfficeHolder]:
        """Who chairs it; several where it is not known since when."""
        return self.holders.get(Position.CHAIR, ())

    @property
    def secretaries(self) -> Sequence[OfficeHolder]:
        """Its executive secretary."""
        return self.holders.get(Position.EXECUTIVE_SECRETARY, ())

    @property
    def by_wing(self) -> list[tuple[Wing, WingReport | None]]:
        """Each wing and what was told of it."""
        return [(wing, self.wings.get(wing)) for wing in Wing]

    @property
    def elected(self) -> list[Elected]:
        """Its elections of the year, by kind."""
        return elected_by_kind(self.numbers.elections)

    @property
    def has_told(self) -> bool:
        """Whether it told its members in the year."""
        return self.is_of_the_year(self.numbers.membership)

    def told(self) -> list[tuple[Duty, BranchStatement | None]]:
        """What it is asked for in a year, and what it told last of each; without a maslikhat nothing of a faction."""
        wings = [(WINGS[wing], report) for wing, report in self.by_wing]
        faction = [(FACTION, self.numbers.faction)] if self.numbers.maslikhat else []
        asked = [(MEMBERS, self.numbers.membership), *wings, *faction]
        # members stand in the territorial branches: the regional one goes on telling what it ever told
        return [(duty, last) for duty, last in asked if last or self.branch.kind == BranchKind.TERRITORIAL]

    def is_of_the_year(self, told: BranchStatement | None) -> bool:
        """Whether something was told in the year."""
        return told is not None and told.as_on.year >= self.year


@dataclass(frozen=True)
class ElectedInRegion:
    """The elections of one kind in the region, and in each branch that held any."""

    total: Elected
    lines: Sequence[tuple[BranchLine, Elected]]


@dataclass(frozen=True)
class Missing:
    """A branch that has not told something in the year: what it told last; `url` is the form, or the card."""

    branch: Branch
    last: BranchStatement | None
    url: str


@dataclass(frozen=True)
class Reported:
    """How many of the branches that are asked told something in the year, and which did not."""

    duty: Duty
    share: Share
    missing: Sequence[Missing]


@dataclass(frozen=True)
class Mistaken:
    """An election of the year that was called a mistake: `row` says so, `url` is the card that tells of it."""

    row: Election
    branch: Branch
    url: str


@dataclass(frozen=True)
class Rollup(Documented):
    """The organisation of a region in a year, as known on a day, as far as the reader sees it; `url` is this page."""

    region: Region
    year: int
    day: dt.date
    url: str
    numbers: OrganisationNumbers
    lines: Sequence[BranchLine]
    mistakes: Sequence[Mistaken] = ()

    @property
    def is_whole(self) -> bool:
        """Whether it is all of the region: its regional branch is among those that the reader sees."""
        return self.numbers.regional > 0

    @property
    def river(self) -> list[BranchLine]:
        """The territorial branches, the sea first."""
        return [line for line in self.lines if line.branch.kind == BranchKind.TERRITORIAL]

    @cached_property
    def reported(self) -> list[Reported]:
        """Of everything that branches tell every year: who told it in this one, and who did not."""
        asked: dict[Duty, list[tuple[BranchLine, BranchStatement | None]]] = {
            duty: [] for duty in (MEMBERS, *WINGS.values(), FACTION)
        }
        for line in self.lines:
            for duty, last in line.told():
                asked[duty].append((line, last))
        reported = []
        for duty, said in asked.items():
            missing = [
                Missing(line.branch, last, duty.url(line.branch) if line.may_tell else line.url)
                for line, last in said
                if not line.is_of_the_year(last)
            ]
            reported.append(Reported(duty, Share(len(said) - len(missing), len(said)), missing))
        return [each for each in reported if each.share.whole]

    @property
    def members_reported(self) -> Share:
        """How many of the branches that are asked told their members."""
        return next((each.share for each in self.reported if each.duty is MEMBERS), Share(0, 0))

    @property
    def wings(self) -> list[tuple[Wing, int | None]]:
        """Each wing and its members in all branches; None where no branch told any."""
        told = {wing: [line.wings[wing].members for line in self.lines if wing in line.wings] for wing in Wing}
        return [(wing, sum(members) if members else None) for wing, members in told.items()]

    @cached_property
    def elected(self) -> list[ElectedInRegion]:
        """The elections of the year by kind; a kind that was not held is left out."""
        found: dict[ElectionKind, list[tuple[BranchLine, Elected]]] = {}
        for line in self.lines:
            for elected in line.elected:
                found.setdefault(elected.kind, []).append((line, elected))
        totals = elected_by_kind(row for line in self.lines for row in line.numbers.elections)
        return [ElectedInRegion(total, found[total.kind]) for total in totals]

    @property
    def rows(self) -> list[Sourced]:
        """Every row that something of it comes from."""
        rows = []
        for line in self.lines:
            told = line.numbers
            rows += [told.membership, told.maslikhat, told.faction, *line.wings.values(), *told.elections]
            rows += [holder for holders in line.holders.values() for holder in holders]
        return [row for row in rows if row is not None]


def rollup(*, user: User, branches: Sequence[Branch], year: int, day: dt.date, today: dt.date) -> Rollup:
    """Gather the organisation of `branches`, all of one region, that `user` sees, as known on `day`. Eight queries."""
    keys = [branch.pk for branch in branches]
    holders: dict[int, list[OfficeHolder]] = {}
    for holder in OfficeHolder.objects.filter(branch__in=keys):
        holders.setdefault(holder.branch_id, []).append(holder)
    wings: dict[int, dict[str, WingReport]] = {}
    for report in WingReport.objects.newest(day, "wing").filter(branch__in=keys):
        wings.setdefault(report.branch_id, {})[report.wing] = report
    may_tell = set(Branch.objects.for_user(user, Permission.ORGANISE).values_list("pk", flat=True))
    numbers = organisation_numbers(branches=branches, year=year, day=day)
    region = branches[0].region
    own = {"region": region.slug, "year": year, "as_of": day.isoformat()}
    urls = {
        branch.pk: branch.get_absolute_url() + (f"?as_of={day.isoformat()}" if day < today else "")
        for branch in branches
    }
    called = Election.objects.known_on(day).held_in(year).filter(branch__in=keys, is_mistake=True)
    by_key = {branch.pk: branch for branch in branches}
    return Rollup(
        region=region,
        year=year,
        day=day,
        url=f"{reverse('branches:organisation')}?{urlencode(own)}",
        numbers=numbers,
        lines=[
            BranchLine(
                numbers=line,
                year=year,
                url=urls[line.branch.pk],
                holders={
                    office.position: office.holders for office in offices_on(holders.get(line.branch.pk, ()), day)
                },
                wings=wings.get(line.branch.pk, {}),
                may_tell=day == today and line.branch.pk in may_tell,
            )
            for line in numbers.branches
        ],
        mistakes=[
            Mistaken(row, by_key[row.branch_id], urls[row.branch_id])
            for row in called.select_related("author", "locality").order_by("held_on", "pk")
        ],
    )
