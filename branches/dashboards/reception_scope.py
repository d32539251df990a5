"""Whose reception a page is about, and which years of it may be asked for."""

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from branches.dashboards.links import list_url
from branches.models import Branch, Locality, ReceptionEvent, Request, User


@dataclass(frozen=True)
class Scope:
    """Whose reception a page is about: one branch, those of a region, or all that the reader sees.

    `where` says so in an address. Of a regional branch it is what citizens asked of that branch itself, as in lists.
    """

    branches: Sequence[Branch]
    where: Mapping[str, str]

    @property
    def keys(self) -> list[int]:
        """Primary keys of the branches."""
        return [branch.pk for branch in self.branches]

    @property
    def name(self) -> str:
        """The land of the branches."""
        if "branch" in self.where:
            return self.branches[0].place
        return self.branches[0].region.name if "region" in self.where else _("all regions")

    @property
    def is_one(self) -> bool:
        """Whether it is one branch."""
        return len(self.branches) == 1

    def url(self, view: str, *, year: int | None = None, day: dt.date | None = None, **picked: object) -> str:
        """A page of these branches, or of the one that is picked."""
        where = {} if "branch" in picked else self.where
        return list_url(view, {**where, "year": year, "as_of": day.isoformat() if day else None, **picked})


def scope_of(seen: Sequence[Branch], *, region: str = "", branch: str = "") -> Scope | None:
    """Of the branches that the reader sees, the one that is asked for, or those of a region; None if there is none."""
    if branch:
        found = [each for each in seen if each.slug == branch]
    else:
        found = [each for each in seen if region in ("", each.region.slug)]
    if not found:
        return None
    if len(found) == 1:
        return Scope(found, {"branch": found[0].slug})
    regions = {each.region.slug for each in found}
    return Scope(found, {"region": regions.pop()} if len(regions) == 1 else {})


def is_of_one_place(branches: Sequence[Branch]) -> bool:
    """Whether it is one branch, and its land has no more than one locality: what is told of it is told of that place.

    One query; none of several branches.
    """
    return len(branches) == 1 and bool(one_place_branches(branches))


def one_place_branches(branches: Sequence[Branch]) -> frozenset[int]:
    """Those of the branches whose land has no more than one locality. One query."""
    found = Locality.objects.filter(district__region__in={branch.region_id for branch in branches})
    by_district = Counter(found.values_list("district", flat=True))
    return frozenset(branch.pk for branch in branches if branch.district_id and by_district[branch.district_id] < 2)


def reception_years(user: User, today: dt.date) -> dict[int, bool]:
    """The years of which pages of reception may be asked: this one, and those with requests or events. Two queries."""
    asked = Request.objects.for_user(user).years(today)
    return {today.year: False} | ReceptionEvent.objects.for_user(user).years(today) | asked
