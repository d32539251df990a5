"""The organisation in numbers, as known on a day; read by pages and figures."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from amanat_tracker.generic.provenance import Sourced
from branches.choices import BranchKind, ElectionKind
from branches.metrics import Share, qualifier_of
from branches.models import Branch, Election, FactionReport, Maslikhat, MembershipReport


class Documented:
    """A page whose numbers come from `rows`: whether they are sample data, and from which documents they are."""

    @property
    def rows(self) -> Sequence[Sourced]:
        """Every row that something of the page comes from."""
        raise NotImplementedError

    @property
    def has_samples(self) -> bool:
        """Whether sample data are among them."""
        return any(row.is_sample for row in self.rows)

    @property
    def sources(self) -> list[str]:
        """The documents that they come from."""
        return sources_of(self.rows)


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
        """Mandates that the faction holds, of the seats of the maslikhat; 0 of 0 where nobody told of the faction."""
        return Share(self.faction.members, self.maslikhat.seats) if self.faction and self.maslikhat else Share(0, 0)

    @property
    def rural_akims(self) -> Share:
        """Rural akims whom the party nominated and who won, of those elected in the year."""
        held = self.akim_elections
        return Share(sum(row.won for row in held), sum(row.seats for row in held))

    @property
    def akim_elections(self) -> list[Election]:
        """The year's elections of rural akims."""
        return [row for row in self.elections if row.kind == ElectionKind.RURAL_AKIM]


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
        return qualifier_of((row.members, row.qualifier) for row in self.told)

    @property
    def mandates(self) -> Share:
        """Mandates held, of the seats of all maslikhats whose faction was told of."""
        return _add_up(row.mandates for row in self.branches)

    @property
    def rural_akims(self) -> Share:
        """Rural akims won, of the elections of the year."""
        return _add_up(row.rural_akims for row in self.branches)

    @property
    def sources(self) -> list[str]:
        """The documents that these numbers come from."""
        return sources_of(part for row in self.branches for part in (row.membership, row.faction, *row.elections))


def sources_of(rows: Iterable[Sourced | None]) -> list[str]:
    """The documents that rows come from, each once."""
    return list(dict.fromkeys(row.source for row in rows if row and row.source))


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
