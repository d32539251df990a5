"""How fast a roadmap is being fulfilled, month by month, beside the year before."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count

from amanat_tracker.templatetags.figures import month as month_name
from branches.metrics import Share
from branches.models import Branch
from roadmap.charts import pace_figure, pace_points, pace_x, pace_y
from roadmap.choices import Status
from roadmap.dashboards.links import measures_url
from roadmap.metrics import Statement, done_on_days, month_ends
from roadmap.models import Roadmap, StatusReport


@dataclass(frozen=True)
class PaceRow:
    """One month: what stood as done at its end (or on the day the page is about), this year and last."""

    day: dt.date
    label: str
    this_year: Share | None
    last_year: Share | None
    this_url: str
    last_url: str


@dataclass(frozen=True)
class Pace:
    """Two years side by side, by month, and on the same day."""

    year: int
    day: dt.date
    rows: list[PaceRow]
    now: Share
    then: Share
    then_url: str
    things: str
    is_sample: bool

    @property
    def year_before(self) -> int:
        """The year it is compared with."""
        return self.year - 1

    @property
    def compared(self) -> bool:
        """Whether there is a last year to compare with, and this one has begun."""
        return self.then.whole > 0 and self.day.year >= self.year

    @property
    def points_ahead(self) -> Decimal | None:
        """Percentage points by which this year is ahead of the same day last year; negative: behind."""
        if self.now.percent is None or self.then.percent is None:
            return None
        return self.now.percent - self.then.percent

    @property
    def distance(self) -> Decimal | None:
        """The same without its sign."""
        return None if self.points_ahead is None else abs(self.points_ahead)

    @property
    def this_line(self) -> str:
        """Points of this year's line in the page's small drawing."""
        return pace_points([row.this_year.percent for row in self.rows if row.this_year])

    @property
    def last_line(self) -> str:
        """Points of last year's line."""
        return pace_points([row.last_year.percent for row in self.rows if row.last_year])

    @property
    def tip(self) -> tuple[str, str]:
        """Where this year's line ends."""
        told = [row for row in self.rows if row.this_year]
        return f"{pace_x(len(told)):.1f}", f"{pace_y(self.now.percent or Decimal(0)):.1f}"

    @property
    def figure(self) -> dict[str, Any]:
        """The chart for exploring."""
        return pace_figure(
            months=[row.label for row in self.rows],
            this_year=[row.this_year.percent if row.this_year else None for row in self.rows],
            last_year=[row.last_year.percent if row.last_year else None for row in self.rows],
            names=(str(self.year), str(self.year - 1)),
        )


def same_day_last_year(day: dt.date) -> dt.date:
    """The day a year before; the 28th for a 29th of February."""
    try:
        return day.replace(year=day.year - 1)
    except ValueError:
        return day.replace(year=day.year - 1, day=28)


def pace(*, branch: Branch, year: int, day: dt.date) -> Pace:
    """The pace of one branch's roadmap of `year` as it was known on `day`. Two queries."""
    last_day_of_year = dt.date(year, 12, 31)
    until = min(day, last_day_of_year)
    then_day = same_day_last_year(day)
    roadmaps = {
        roadmap.year: roadmap
        for roadmap in Roadmap.objects.filter(branch=branch, year__in=(year, year - 1))
        .in_force(day)
        .annotate(whole=Count("measures"))
    }
    said: dict[int, list[Statement]] = {year: [], year - 1: []}
    for roadmap_year, measure, entered_on, status in (
        StatusReport.objects.known_on(day)
        .filter(measure__roadmap__in=[roadmap.pk for roadmap in roadmaps.values()])
        .order_by("entered_on", "id")
        .values_list("measure__roadmap__year", "measure", "entered_on", "status")
    ):
        said[roadmap_year].append(Statement(measure, entered_on, status))
    this_whole, last_whole = (roadmaps[y].whole if y in roadmaps else 0 for y in (year, year - 1))

    # A report typed after New Year still belongs to the year it reports of: the last point takes in all known by then.
    this_days = month_ends(year, until)
    if day > last_day_of_year and this_days:
        this_days = [*this_days[:-1], day]
    last_days = month_ends(year - 1, dt.date(year - 1, 12, 31))
    this_done, last_done = done_on_days(said[year], this_days), done_on_days(said[year - 1], last_days)

    def done_url(of_year: int, as_of: dt.date) -> str:
        return measures_url(year=of_year, day=as_of, branch=branch.slug, status=Status.DONE)

    rows = [
        PaceRow(
            day=end,
            label=month_name(number),
            this_year=Share(this_done[number - 1], this_whole) if number <= len(this_days) and this_whole else None,
            last_year=Share(last_done[number - 1], last_whole) if last_whole else None,
            this_url=done_url(year, this_days[number - 1]) if number <= len(this_days) else "",
            last_url=done_url(year - 1, last_days[number - 1]),
        )
        for number, end in enumerate(month_ends(year, last_day_of_year), start=1)
    ]
    return Pace(
        year=year,
        day=day,
        rows=rows,
        now=Share(done_on_days(said[year], [day])[0], this_whole),
        then=Share(done_on_days(said[year - 1], [then_day])[0], last_whole),
        then_url=done_url(year - 1, then_day),
        things=roadmaps[year - 1].things if year - 1 in roadmaps else "",
        is_sample=any(roadmap.is_sample for roadmap in roadmaps.values()),
    )
