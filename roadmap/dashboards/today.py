"""The secretary's page: what must still be entered, by deadline."""

import datetime as dt
from dataclasses import dataclass, field

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from branches.choices import Permission
from branches.dashboards.projects import EmptyCells, empty_cells
from branches.models import Branch, User
from roadmap.choices import Status
from roadmap.dashboards.links import measures_url
from roadmap.metrics import Tally
from roadmap.models import Measure, Roadmap, StatusReport


@dataclass(frozen=True)
class Task:
    """A measure that awaits a report, and why."""

    measure: Measure
    day: dt.date

    @property
    def days_left(self) -> int:
        """Days until the deadline; negative when it has passed."""
        return (self.measure.day_deadline - self.day).days

    @property
    def days_late(self) -> int:
        """Days since the deadline passed."""
        return max(0, -self.days_left)

    @property
    def age(self) -> int | None:
        """Days since the day that the last report speaks of."""
        return (self.day - self.measure.day_reported_on).days if self.measure.day_reported_on else None


@dataclass(frozen=True)
class Group:
    """Tasks whose deadlines fall together."""

    key: str
    title: str
    mark: str
    tone: str
    tasks: list[Task] = field(default_factory=list)


@dataclass(frozen=True)
class Today:
    """What one person must still enter on a day in one branch, and what was entered already."""

    branch: Branch
    branches: list[Branch]
    day: dt.date
    roadmap: Roadmap | None
    groups: list[Group]
    entered: list[StatusReport]
    tally: Tally
    cells: EmptyCells | None  # of party projects

    @property
    def left(self) -> int:
        """How many measures still await a report."""
        return sum(len(group.tasks) for group in self.groups)

    @property
    def entered_count(self) -> int:
        """How many measures were reported today and need nothing more."""
        return len({report.measure_id for report in self.entered} - {task.measure.pk for task in self.tasks})

    @property
    def whole(self) -> int:
        """The day's work: what is entered and what is left."""
        return self.left + self.entered_count

    @property
    def tasks(self) -> list[Task]:
        """All tasks in the order of the page."""
        return [task for group in self.groups for task in group.tasks]

    @property
    def list_url(self) -> str:
        """The list of the roadmap's measures as of the same day: after New Year the year's own list ends with it."""
        return measures_url(year=self.year, day=self.day, branch=self.branch.slug)

    @property
    def done_url(self) -> str:
        """Those of them that are done."""
        return measures_url(year=self.year, day=self.day, branch=self.branch.slug, status=Status.DONE)

    @property
    def year(self) -> int:
        """The year that is worked on."""
        return self.roadmap.year if self.roadmap else self.day.year

    @property
    def done_width(self) -> str:
        """The part of the day's work that is done, as an SVG length."""
        return f"{self.entered_count * 100 / self.whole:.2f}%" if self.whole else "0%"


def reporting_branches(user: User) -> list[Branch]:
    """The branches for which `user` reports: the regional one first, then along the river."""
    return list(
        Branch.objects.for_user(user, Permission.REPORT)
        .select_related("region", "district")
        .order_by("region", "kind", "district__river_order")
    )


def reportable(user: User, day: dt.date) -> QuerySet[Measure]:
    """The measures of roadmaps worked on now for which `user` reports."""
    return Measure.objects.for_user(user, Permission.REPORT).filter(roadmap__in=Roadmap.objects.current(day))


def today(*, user: User, branches: list[Branch], branch: Branch, day: dt.date, stale_after: int) -> Today:
    """Gather what must still be entered in `branch`, one of `branches`. A constant number of queries."""
    measures = reportable(user, day).filter(roadmap__branch=branch).as_of(day, stale_after)
    groups = [
        Group("late", _("Deadline passed"), "late", "fail"),
        Group("week", _("In the coming 7 days"), "clock", "prog"),
        Group("month", _("Until the end of the month"), "nots", "none"),
        Group("later", _("Later"), "nots", "none"),
    ]
    for measure in measures.awaiting_report(day).with_last_words(day):
        task = Task(measure, day)
        groups[_place(task, day)].tasks.append(task)
    return Today(
        branch=branch,
        branches=branches,
        day=day,
        roadmap=Roadmap.objects.current(day).filter(branch=branch).first(),
        groups=[group for group in groups if group.tasks],
        entered=list(
            StatusReport.objects.for_user(user, Permission.REPORT)
            .filter(measure__roadmap__branch=branch, entered_on=day, author=user)
            .select_related("measure")
            .order_by("-id")
        ),
        tally=Tally.of(measures.counted_by()),
        cells=empty_cells(user=user, branch=branch, day=day),
    )


def _place(task: Task, day: dt.date) -> int:
    deadline = task.measure.day_deadline
    if task.days_left < 0:
        return 0
    if task.days_left <= 7:
        return 1
    return 2 if (deadline.year, deadline.month) == (day.year, day.month) else 3
