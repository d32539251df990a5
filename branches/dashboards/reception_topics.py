"""What citizens of which place ask about: exact for who receives there, with small numbers withheld for all others."""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Count
from django.utils.translation import gettext as _

from amanat_tracker.database.functions import in_kazakh_order
from branches.choices import FEW, BranchKind, Permission, RequestKind
from branches.dashboards.reception_scope import Scope
from branches.filters.reception import NOWHERE
from branches.metrics import withheld
from branches.models import Branch, Locality, Request, Topic, User

LIST = "branches:request_list"


@dataclass(frozen=True)
class Place:
    """A row of the table: a branch, or a locality of one; `picked` finds its requests in the register."""

    key: int | None
    name: str
    picked: Mapping[str, object]
    url: str = ""  # its own table


@dataclass(frozen=True)
class Cell:
    """A number of requests, and the register that shows them."""

    count: int
    url: str


@dataclass(frozen=True)
class ExactRow:
    """A place with all its numbers."""

    place: Place
    cells: Sequence[Cell]
    total: Cell


@dataclass(frozen=True)
class SafeRow:
    """A place with the numbers that may be printed; None is withheld."""

    place: Place
    cells: Sequence[int | None]
    total: int | None


@dataclass(frozen=True)
class TopicTable:
    """Requests of a year by place and topic, as known on a day.

    By branch it is exact for everybody on the screen: the register tells the same. By locality it is so for who
    receives in the branch; for others `exact` is None. What leaves the screen is `safe`: on paper, in a file.
    """

    scope: Scope
    year: int
    day: dt.date
    mandates_only: bool
    is_by_branch: bool
    topics: Sequence[tuple[Topic, Cell]]
    exact: Sequence[ExactRow] | None
    safe: Sequence[SafeRow]
    total: Cell
    is_cut: bool  # some localities are not in `safe`: no number of theirs may be told
    has_samples: bool
    few: int = FEW

    @property
    def has_marks(self) -> bool:
        """Whether anything is withheld in the rows of `safe`."""
        return any(None in row.cells for row in self.safe)

    @property
    def most_withheld(self) -> int:
        """The largest number that is too small to be told."""
        return self.few - 1


def topic_table(
    *, user: User, scope: Scope, year: int, day: dt.date, mandates_only: bool, is_by_branch: bool
) -> TopicTable:
    """Count a year's requests of `scope` by topic and branch, or, of one branch, by topic and locality."""
    asked = Request.objects.filter(branch__in=scope.keys).as_of(day).received_in(year)
    if mandates_only:
        asked = asked.filter(kind=RequestKind.MANDATE)
    field = "branch" if is_by_branch else "locality"
    counts: dict[tuple[int | None, int], int] = defaultdict(int)
    rows = list(asked.order_by().values(field, "topic", "is_sample").annotate(n=Count("pk")))
    for row in rows:
        counts[row[field], row["topic"]] += row["n"]
    topics = list(Topic.objects.filter(pk__in={topic for _place, topic in counts}))
    places = _branches(scope, year, day, mandates_only) if is_by_branch else _localities(scope.branches[0])
    grid = [[counts[place.key, topic.pk] for topic in topics] for place in places]

    def cell(count: int, **picked: object) -> Cell:
        """A number with its way to the register."""
        return Cell(count, scope.url(LIST, year=year, day=day, mandates=mandates_only, **picked))

    exact = [
        ExactRow(
            place=place,
            cells=[cell(n, **place.picked, topic=topic.key) for n, topic in zip(numbers, topics, strict=True)],
            total=cell(sum(numbers), **place.picked),
        )
        for place, numbers in zip(places, grid, strict=True)
        if is_by_branch or any(numbers)
    ]
    safe = withheld(grid, FEW)
    told = [SafeRow(*row) for row in zip(places, safe.cells, safe.rows, strict=True)]
    kept = [row for row in told if is_by_branch or any(row.cells)]
    return TopicTable(
        scope=scope,
        year=year,
        day=day,
        mandates_only=mandates_only,
        is_by_branch=is_by_branch,
        topics=[(topic, cell(total, topic=topic.key)) for topic, total in zip(topics, safe.columns, strict=False)],
        exact=exact if is_by_branch or _receives(user, scope) else None,
        safe=kept,
        total=cell(safe.total),
        is_cut=len(kept) < len(told),
        has_samples=any(row["is_sample"] for row in rows),
    )


def _receives(user: User, scope: Scope) -> bool:
    """Whether the reader receives citizens in the branch."""
    own = Branch.objects.for_user(user, Permission.RECEIVE)
    return Permission.RECEIVE in user.permissions and own.filter(pk=scope.branches[0].pk).exists()


def _branches(scope: Scope, year: int, day: dt.date, mandates_only: bool) -> list[Place]:
    """The branches along the river, each with the way to its localities."""
    return [
        Place(
            key=branch.pk,
            name=branch.short_name,
            picked={"branch": branch.slug},
            url=scope.url("branches:topic_table", year=year, day=day, mandates=mandates_only, branch=branch.slug),
        )
        for branch in scope.branches
    ]


def _localities(branch: Branch) -> list[Place]:
    """All localities of the branch's land, whether anybody asked there or not; last, where none was named."""
    is_regional = branch.kind == BranchKind.REGIONAL
    land = {"district__region": branch.region_id} if is_regional else {"district": branch.district_id}
    found = Locality.objects.filter(**land).select_related("district")
    return [
        *(
            Place(
                key=locality.pk,
                name=f"{locality.name}, {locality.district.short_name}" if is_regional else locality.name,
                picked={"locality": locality.pk},
            )
            for locality in found.order_by("district__river_order", in_kazakh_order("name_kk"))
        ),
        Place(key=None, name=_("locality not named"), picked={"locality": NOWHERE}),
    ]
