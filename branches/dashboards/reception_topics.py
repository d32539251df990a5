"""What citizens of which place ask about: exact for who receives there, with small numbers withheld for all others."""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from amanat_tracker.database.functions import in_kazakh_order
from branches.choices import FEW, BranchKind, Permission, RequestKind
from branches.dashboards.reception_scope import Scope, one_place_branches
from branches.filters.reception import NOWHERE
from branches.metrics import withheld_alike
from branches.models import Branch, Locality, Request, Topic, User

LIST = "branches:request_list"
ONE_PLACE = 2  # rows of a branch with one locality: it, and where none was named


@dataclass(frozen=True)
class Place:
    """A row of the table: a branch, or a locality of one; `picked` finds its requests in the register."""

    key: int | None
    name: str
    picked: Mapping[str, object]
    url: str = ""  # its own table


@dataclass(frozen=True)
class Cell:
    """A number of requests, and the register that shows them; `is_withheld` on paper and in files."""

    count: int
    url: str
    is_withheld: bool = False


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
    receives in the branch; for others `exact` is None. What leaves the screen is `safe`: on paper, in a file. There
    small numbers of localities are withheld, and of branches that have only one: the same of all requests and of
    mandates, as both are told; on the page of such a branch the totals of topics, too.
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
    def has_withheld_topics(self) -> bool:
        """Whether the total of a topic is withheld on paper and in files."""
        return any(cell.is_withheld for _topic, cell in self.topics)

    @property
    def most_withheld(self) -> int:
        """The largest number that is too small to be told."""
        return self.few - 1


def topic_table(
    *, user: User, scope: Scope, year: int, day: dt.date, mandates_only: bool, is_by_branch: bool
) -> TopicTable:
    """Count a year's requests of `scope` by topic and branch, or, of one branch, by topic and locality."""
    asked = Request.objects.filter(branch__in=scope.keys).as_of(day).received_in(year)
    field = "branch" if is_by_branch else "locality"
    counts: dict[tuple[bool, int | None, int], int] = defaultdict(int)
    rows = list(asked.order_by().values(field, "topic", "kind", "is_sample").annotate(n=Count("pk")))
    for row in rows:
        counts[row["kind"] == RequestKind.MANDATE, row[field], row["topic"]] += row["n"]
    shown = [row for row in rows if not mandates_only or row["kind"] == RequestKind.MANDATE]
    places = _branches(scope, year, day, mandates_only) if is_by_branch else _localities(scope.branches[0])
    is_of_one_place = not is_by_branch and len(places) <= ONE_PLACE
    topics = _topics({row["topic"] for row in shown}, is_of_one_place)
    mandates, others = (
        [[counts[is_mandate, place.key, topic.pk] for topic in topics] for place in places]
        for is_mandate in (True, False)
    )
    whole = [[sum(both) for both in zip(*pair, strict=True)] for pair in zip(mandates, others, strict=True)]
    tables = [mandates, whole, others] if mandates_only else [whole, mandates, others]
    grid = tables[0]
    columns = [sum(column) for column in zip(*grid, strict=True)]

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
    narrow = one_place_branches(scope.branches) if is_by_branch else frozenset()
    safe = _safe_by_branch(tables, [place.key in narrow for place in places]) if is_by_branch else _safe(tables)
    hidden = _topics_withheld(tables) if is_of_one_place else [False] * len(topics)
    told = [
        SafeRow(place, row, None if None in row else sum(row))
        for place, cells in zip(places, safe, strict=True)
        for row in [[None if is_hidden else n for n, is_hidden in zip(cells, hidden, strict=True)]]
    ]
    kept = [row for row in told if is_by_branch or any(row.cells)]
    return TopicTable(
        scope=scope,
        year=year,
        day=day,
        mandates_only=mandates_only,
        is_by_branch=is_by_branch,
        topics=[
            (topic, replace(cell(total, topic=topic.key), is_withheld=is_hidden))
            for topic, total, is_hidden in zip(topics, columns, hidden, strict=True)
        ],
        exact=exact if is_by_branch or _receives(user, scope) else None,
        safe=kept,
        total=cell(sum(columns)),
        is_cut=len(kept) < len(told),
        has_samples=any(row["is_sample"] for row in shown),
    )


def _topics(asked_about: set[int], is_of_one_place: bool) -> list[Topic]:
    """The topics of a table: those asked about; of one place also the others, as what is withheld may be nothing."""
    if not asked_about or not is_of_one_place:
        return list(Topic.objects.filter(pk__in=asked_about))
    return list(Topic.objects.filter(Q(pk__in=asked_about) | Q(is_active=True)))


def _safe(tables: Sequence[Sequence[Sequence[int]]]) -> Sequence[Sequence[int | None]]:
    """The first of the tables with its small counts withheld, as they are in the others."""
    return withheld_alike(tables, FEW)[0].cells


def _safe_by_branch(
    tables: Sequence[Sequence[Sequence[int]]], narrow: Sequence[bool]
) -> Sequence[Sequence[int | None]]:
    """The first of the tables by branch: a branch is no locality, and told as it is, unless its land has only one.

    Of such a one small counts are withheld as among localities; with it, lest the totals tell them, those of another
    such branch, or of the first one that there is.
    """
    rows = [place for place, is_narrow in enumerate(narrow) if is_narrow]
    if not rows:
        return tables[0]
    if len(rows) == 1 and len(narrow) > 1:
        rows = sorted({rows[0], 0 if rows[0] else 1})
    kept = iter(_safe([[table[place] for place in rows] for table in tables]))
    return [next(kept) if place in rows else row for place, row in enumerate(tables[0])]


def _topics_withheld(tables: Sequence[Sequence[Sequence[int]]]) -> list[bool]:
    """Of which topics the total is withheld, where it is that of one place: topics stand in for each other."""
    totals = [[[sum(column)] for column in zip(*table, strict=True)] for table in tables]
    return [count is None for (count,) in withheld_alike(totals, FEW)[0].cells]


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
