"""What waits at the desk of a reception office on a day: before an answer is due, and after."""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.db.models import F

from branches.choices import SOON, Permission, RequestState
from branches.dashboards.groups import SHOWN, Counted, Group
from branches.dashboards.reception_scope import Scope
from branches.models import Branch, CalendarDay, Request, RequestStep, User
from branches.workdays import Workdays

LIST = "branches:request_list"
# A group of the desk: its filter in the register, what this filter asks for, and in which order it waits.
GROUPS = {
    "overdue": ("overdue", "is_overdue", True, F("day_due").asc(nulls_first=True)),
    "soon": ("due_soon", "is_due_soon", True, "day_due"),
    "late_bodies": ("late_bodies", "is_late_body", True, "day_due"),
    "waiting": ("state", "day_state", RequestState.WAITING.value, "day_state_on"),
    "fresh": ("state", "day_state", RequestState.REGISTERED.value, "received_on"),
}


@dataclass(frozen=True)
class Waiting:
    """A request at the desk: `left` working days until its day (less than 0: since it), `waited` in its state."""

    request: Request
    left: int | None
    waited: int
    step: RequestStep | None = None

    @property
    def late(self) -> int:
        """Working days since its day."""
        return max(0, -(self.left or 0))

    @property
    def state(self) -> RequestState:
        """Where it stands."""
        return RequestState(self.request.day_state)


@dataclass(frozen=True)
class Desk:
    """What waits on a day in the branches that the reader receives for; each group is in the order of urgency."""

    day: dt.date
    until: dt.date  # what is due until then is due soon
    branches: Sequence[Branch]
    overdue: Group
    soon: Group
    late_bodies: Group
    waiting: Group
    fresh: Group  # registered, not taken in work yet

    @property
    def is_quiet(self) -> bool:
        """Whether nothing waits."""
        return not any(group.count for group in (self.overdue, self.soon, self.late_bodies, self.waiting, self.fresh))

    @property
    def has_samples(self) -> bool:
        """Whether anything shown is sample data."""
        groups = (self.overdue, self.soon, self.late_bodies, self.waiting, self.fresh)
        return any(row.request.is_sample for group in groups for row in group.rows)


def desk(*, user: User, scope: Scope, day: dt.date) -> Desk | None:
    """What waits at the desk on `day`; None for who does not receive in `scope`. The queries do not grow with it."""
    if Permission.RECEIVE not in user.permissions:
        return None
    received = set(Branch.objects.for_user(user, Permission.RECEIVE).values_list("pk", flat=True))
    branches = [branch for branch in scope.branches if branch.pk in received]
    if not branches:
        return None
    workdays = CalendarDay.objects.workdays()
    soon = workdays.after(day, SOON)
    asked = Request.objects.filter(branch__in=branches).as_of(day, soon).filter(is_open=True)
    counted = list(asked.counted_by("year"))
    register = _register_of(branches, scope)
    groups = {}
    for name, (picked, field, value, order) in GROUPS.items():
        rows = asked.filter(**{field: value}).order_by(order, "pk")
        found: dict[int, int] = defaultdict(int)
        for row in counted:
            found[row["year"]] += row["n"] if row[field] == value else 0
        groups[name] = Group(
            rows=[
                _waiting(row, day, workdays, own_clock=name == "overdue")
                for row in rows.select_related("topic", "locality", "branch__district", "branch__region")[:SHOWN]
            ],
            counts=[
                Counted(n, register.url(LIST, year=year, day=day, **{picked: value}) if register else "", year)
                for year, n in sorted(found.items())
                if n
            ],
        )
    return _with_steps(Desk(day=day, until=soon, branches=branches, **groups))


@dataclass(frozen=True)
class Reminder:
    """What a person's first page says of requests that are late, or will be."""

    overdue: int
    soon: int


def reminder(*, user: User, day: dt.date) -> Reminder | None:
    """How many requests of the branches that `user` receives for are overdue or due soon; None if there are none.

    Two queries for who receives, none for others.
    """
    if Permission.RECEIVE not in user.permissions:
        return None
    soon = CalendarDay.objects.workdays().after(day, SOON)
    asked = Request.objects.for_user(user, Permission.RECEIVE).as_of(day, soon).filter(is_open=True)
    rows = list(asked.counted_by())
    told = Reminder(
        overdue=sum(row["n"] for row in rows if row["is_overdue"]),
        soon=sum(row["n"] for row in rows if row["is_due_soon"]),
    )
    return told if told.overdue or told.soon else None


def _register_of(branches: Sequence[Branch], scope: Scope) -> Scope | None:
    """The scope whose register has just the rows of `branches`; None where there is none."""
    if len(branches) == len(scope.branches):
        return scope
    return Scope(branches, {"branch": branches[0].slug}) if len(branches) == 1 else None


def _waiting(request: Request, day: dt.date, workdays: Workdays, *, own_clock: bool) -> Waiting:
    """A request with its working days; with `own_clock` of the branch, also while a state body has its own."""
    left = None if request.day_due is None else workdays.between(day, request.day_due)
    if own_clock and request.is_stopped:
        left = request.day_left
    return Waiting(request, left, workdays.between(request.day_state_on, day))


def _with_steps(found: Desk) -> Desk:
    """The desk with the steps that say what is awaited. One query."""
    keys = [row.request.day_step for row in found.waiting.rows]
    steps = RequestStep.objects.in_bulk(keys)
    rows = [replace(row, step=steps[row.request.day_step]) for row in found.waiting.rows]
    return replace(found, waiting=replace(found.waiting, rows=rows))
