"""The organisation in numbers, as known on a day; read by pages and figures."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field

from branches.choices import BranchKind, ElectionKind, Qualifier
from branches.metrics import Share
from branches.models import Branch, Election, FactionReport, Maslikhat, MembershipReport


@dataclass(frozen=True)
class BranchNumbers:
    """One branch: its members, its faction, the elections of the year. What nobody told is None, never 0."""

    branch: Branch
    membership: MembershipReport | None = None
    maslikhat: Maslikhat | None = None
    faction: FactionReport | None = None
    elections: Sequence[Election] = ()

    @property
    def mandates(self) -> Share:
        """Mandates that the faction holds, of the seats of the maslikhat."""
        return Share(self.faction.members if self.faction else 0, self.maslikhat.seats if self.maslikhat else 0)

    @property
    def rural_akims(self) -> Share:
        """Rural akims elected of those whom the party nominated, of the elections held in the year."""
        held = [row for row in self.elections if row.kind == ElectionKind.RURAL_AKIM]
        return Share(sum(row.won for row in held), sum(row.seats for row in held))


@dataclass(frozen=True)
class OrganisationNumbers:
    """The branches of a scope, and what they come to together."""

    branches: Sequence[BranchNumbers] = field(default_factory=list)

    def kinds(self, kind: str) -> int:
        """How many branches of a kind there are."""
        return sum(row.branch.kind == kind for row in self.branches)

    @property
    def regional(self) -> int:
        """Oblast branches."""
        return self.kinds(BranchKind.REGIONAL)

    @property
    def territorial(self) -> int:
        """Territorial branches."""
        return self.kinds(BranchKind.TERRITORIAL)

    @property
    def told(self) -> list[MembershipReport]:
        """What branches said of their members."""
        return [row.membership for row in self.branches if row.membership]

    @property
    def primary_organisations(self) -> int | None:
        """Primary organisations of all; None where no branch told any."""
        return sum(row.primary_organisations for row in self.told) if self.told else None

    @property
    def members(self) -> int | None:
        """Members of all; None where no branch told any."""
        return sum(row.members for row in self.told) if self.told else None

    @property
    def qualifier(self) -> str:
        """A sum is as exact as its parts."""
        return next((row.qualifier for row in self.told if row.qualifier), Qualifier.EXACT.value)

    @property
    def mandates(self) -> Share:
        """Mandates held, of the seats of all maslikhats."""
        return _add_up(row.mandates for row in self.branches)

    @property
    def rural_akims(self) -> Share:
        """Rural akims won, of the elections of the year."""
        return _add_up(row.rural_akims for row in self.branches)

    @property
    def sources(self) -> list[str]:
        """The documents that these numbers come from."""
        rows = [part for row in self.branches for part in (row.membership, row.faction, *row.elections) if part]
        return list(dict.fromkeys(row.source for row in rows if row.source))


def _add_up(shares: Sequence[Share]) -> Share:
    parts = list(shares)
    return Share(sum(share.part for share in parts), sum(share.whole for share in parts))


def organisation_numbers(*, branches: Sequence[Branch], year: int, day: dt.date) -> OrganisationNumbers:
    """The numbers of `branches` as known on `day`, with the elections of `year`. Four queries."""
    keys = [branch.pk for branch in branches]
    memberships = {row.branch_id: row for row in MembershipReport.objects.newest(day).filter(branch__in=keys)}
    maslikhats = {row.branch_id: row for row in Maslikhat.objects.filter(branch__in=keys)}
    factions = {row.branch_id: row for row in FactionReport.objects.newest(day).filter(branch__in=keys)}
    elections: dict[int, list[Election]] = {}
    for row in Election.objects.as_of(day).held_in(year).filter(branch__in=keys).order_by("held_on", "id"):
        elections.setdefault(row.branch_id, []).append(row)
    return OrganisationNumbers(
        [
            BranchNumbers(
                branch=branch,
                membership=memberships.get(branch.pk),
                maslikhat=maslikhats.get(branch.pk),
                faction=factions.get(branch.pk),
                elections=elections.get(branch.pk, []),
            )
            for branch in branches
        ]
    )
