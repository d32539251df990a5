"""What stands above the list of measures, and the list of roadmaps with their figures."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import reduce
from operator import or_

from django.db.models import Q

from branches.models import User
from roadmap.choices import CountedUnit, Status
from roadmap.dashboards.classes import ClassCount, class_counts
from roadmap.dashboards.links import FLAGS, measures_url
from roadmap.metrics import Tally, tallies_by
from roadmap.models import Measure, Roadmap
from roadmap.models.measures import MeasureQuerySet


@dataclass(frozen=True)
class Board:
    """A set of measures counted: disjoint classes that add up to it, flags across them, and where the rows of each are.

    `urls` are by flag, and "all"; `roadmaps` are those that the measures come from; `has_samples`: some are samples.
    `contradicted` are reported as done, and yet citizens ask.
    """

    tally: Tally
    contradicted: int
    classes: list[ClassCount]
    urls: dict[str, str]
    roadmaps: list[Roadmap]
    has_samples: bool

    @property
    def has_strokes(self) -> bool:
        """Whether a stroke a measure can be drawn: neither a wall of a few nor a grey of very many."""
        return 20 <= self.tally.whole <= 240

    @property
    def sources(self) -> list[str]:
        """The documents that the roadmaps were taken from."""
        return list(dict.fromkeys(roadmap.source for roadmap in self.roadmaps if roadmap.source))


def measure_board(measures: MeasureQuerySet, address_of: Callable[..., str]) -> Board:
    """Count measures `as_of` a day, `with_contradicted`, in one query; `address_of(overdue=1)` lists rows of them."""
    rows = list(measures.counted_by("roadmap", "is_sample", "is_contradicted"))
    tally = Tally.of(rows)
    return Board(
        tally=tally,
        contradicted=sum(row["n"] for row in rows if row["is_contradicted"]),
        classes=class_counts(tally, lambda status: address_of(status=status.value)),
        urls={"all": address_of()} | {flag: address_of(**{flag: 1}) for flag in FLAGS},
        roadmaps=list(
            Roadmap.objects.filter(pk__in={row["roadmap"] for row in rows})
            .select_related("programme")
            .order_by("is_sample", "branch__region", "branch__kind", "branch__district__river_order")
        ),
        has_samples=any(row["is_sample"] for row in rows),
    )


@dataclass(frozen=True)
class RoadmapLine:
    """One roadmap and its figures on the day of its year."""

    roadmap: Roadmap
    tally: Tally
    day: dt.date

    @property
    def things(self) -> str:
        """The word for what it counts, as it stands after a total."""
        return CountedUnit(self.roadmap.unit).of_them

    @property
    def report_age(self) -> int | None:
        """How many days before the day the last report speaks of; None where there is no report."""
        last = self.tally.last_reported_on
        return (self.day - last).days if last else None

    @property
    def urls(self) -> dict[str, str]:
        """Addresses of the rows behind each figure."""
        where = {"year": self.roadmap.year, "day": self.day, "branch": self.roadmap.branch.slug}
        return {
            "all": measures_url(**where),
            "done": measures_url(**where, status=Status.DONE),
            **{flag: measures_url(**where, flag=flag) for flag in FLAGS},
        }


@dataclass(frozen=True)
class RoadmapYear:
    """The roadmaps of one year, each with the figures of `day`."""

    year: int
    day: dt.date
    lines: list[RoadmapLine]


def roadmap_years(*, user: User, days: Mapping[int, dt.date], stale_after: int) -> list[RoadmapYear]:
    """The roadmaps that `user` may see, by year, each year as known on its own day of `days`. Two queries.

    Branches are never added up: each has a roadmap of its own.
    """
    if not days:
        return []
    roadmaps = Roadmap.objects.for_user(user).filter(
        reduce(or_, (Q(pk__in=Roadmap.objects.filter(year=year).in_force(day)) for year, day in days.items()))
    )
    counted = [
        Measure.objects.for_user(user).filter(roadmap__year=year).as_of(day, stale_after).counted_by("roadmap")
        for year, day in days.items()
    ]
    tallies = tallies_by(counted[0].union(*counted[1:], all=True), "roadmap")
    lines = [
        RoadmapLine(roadmap=roadmap, tally=tallies.get(roadmap.pk, Tally()), day=days[roadmap.year])
        for roadmap in roadmaps.select_related("programme", "branch__district", "branch__region").order_by(
            "-year", "branch__region", "branch__kind", "branch__district__river_order", "programme"
        )
    ]
    years = {year: [line for line in lines if line.roadmap.year == year] for year in days}
    return [RoadmapYear(year, days[year], lines) for year, lines in years.items() if lines]
