"""Commissions and councils: what they did, what they wait for, and the agenda of the next meeting, drafted.

A council follows its own proposals. A commission follows everything that party control recommended in its branch: at
its meetings, on visits, by monitoring.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Case, Count, Exists, IntegerField, Max, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce, ExtractYear
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from branches.dashboards.chronicle import Told, chronicle
from branches.models import User
from roadmap.choices import BodyKind
from roadmap.dashboards.links import control_url, measures_url
from roadmap.dashboards.meetings import PLACE, hearings_known_on, meetings_of_year, told_meetings
from roadmap.metrics import FollowUp
from roadmap.models import AgendaItem, Body, Measure, Meeting, Recommendation, Roadmap
from roadmap.models.bodies import BodyQuerySet, RecommendationQuerySet

SOON = dt.timedelta(days=30)  # what is due within it is heard before it is late
SILENT = dt.timedelta(days=60)  # an open recommendation without a step or a hearing for so long is asked about
LATELY = dt.timedelta(days=7)  # what was heard in it is not heard again; a body that meets weekly hears it anew
MOST_POINTS = 30  # of a drafted agenda
MOST_MEASURES = 5  # of each kind that are suggested as issues
LAST_MEETINGS = 12  # told on the card
LONGEST_ISSUE = AgendaItem._meta.get_field("title").max_length
INNER_QUOTES = str.maketrans("«»", "„“")


def bodies_with_their_place() -> BodyQuerySet:
    """Commissions and councils with their branch, its place and their field."""
    return Body.objects.select_related("direction", *PLACE)


def followed_by(body: Body) -> RecommendationQuerySet:
    """The recommendations that a body follows to their end."""
    if body.kind == BodyKind.COUNCIL:
        return Recommendation.objects.filter(meeting__body=body)
    return Recommendation.objects.of_control().filter(branch=body.branch_id)


def meetings_url(kind: str, *, year: int, day: dt.date, body: Body) -> str:
    """The list of the meetings that a body held in a year."""
    view = "council_list" if kind == BodyKind.COUNCIL else "meeting_list"
    return control_url(view, year=year, day=day, body=body.pk)


def followed_url(body: Body, *, year: int, day: dt.date, **picked: object) -> str:
    """The list of what a body follows, issued in a year; a commission follows what concerns its own branch alone."""
    if body.kind == BodyKind.COUNCIL:
        return control_url("proposal_list", year=year, day=day, body=body.pk, **picked)
    return f"{control_url('recommendation_list', year=year, day=day, **picked)}&branch={body.branch.slug}"


@dataclass(frozen=True)
class BodyRow:
    """A commission or a council beside the list of meetings: how often it met in the year, what it still waits for."""

    body: Body
    meetings: int
    open: int
    may_convene: bool
    urls: Mapping[str, str]


def body_rows(bodies: BodyQuerySet, *, kind: str, year: int, day: dt.date, user: User) -> list[BodyRow]:
    """The bodies of one kind, along the river, each with its year as known on `day`. Two queries."""
    held = meetings_of_year(Meeting.objects.filter(body=OuterRef("pk")), kind=kind, year=year, day=day)
    waiting = Recommendation.objects.as_of(day).issued_in(year).filter(is_open=True)
    if kind == BodyKind.COUNCIL:
        waiting, by = waiting.filter(meeting__body=OuterRef("pk")), "meeting__body"
    else:
        waiting, by = waiting.of_control().filter(branch=OuterRef("branch")), "branch"
    rows = (
        bodies.filter(kind=kind)
        .select_related("direction", *PLACE)
        .annotate(n_meetings=_count(held, "body"), n_open=_count(waiting, by))
        .order_by("branch__region", "branch__kind", "branch__district__river_order", "id")
    )
    convened = set(Body.objects.convened_by(user).filter(kind=kind).values_list("pk", flat=True))
    return [
        BodyRow(
            body=row,
            meetings=row.n_meetings,
            open=row.n_open,
            may_convene=row.pk in convened,
            urls={
                "meetings": meetings_url(kind, year=year, day=day, body=row),
                "open": followed_url(row, year=year, day=day, open=True),
            },
        )
        for row in rows
    ]


def _count(rows: QuerySet, by: str) -> Coalesce:
    """How many rows there are, as a subquery."""
    return Coalesce(Subquery(rows.order_by().values(by).annotate(n=Count("pk")).values("n")), 0)


def next_minutes_number(body: Body, day: dt.date) -> str:
    """The number that the next minutes of a body would have in the year of `day`; numbers with letters are left out."""
    held = Meeting.objects.filter(body=body, held_on__year=day.year).as_of(day)
    numbers = [int(text) for text in held.values_list("minutes_number", flat=True) if text.isascii() and text.isdigit()]
    return str(max(numbers, default=0) + 1)


# --- the drafted agenda ----------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class DraftPoint:
    """An issue that is suggested for the next meeting: `title` is how the agenda says it."""

    title: str
    executor: str
    due_on: dt.date
    days_late: int  # 0 until the day has passed
    recommendation: Recommendation | None = None
    measure: Measure | None = None

    @property
    def row(self) -> Recommendation | Measure:
        """What is to be heard about."""
        return self.recommendation or self.measure


@dataclass(frozen=True)
class DraftGroup:
    """Points that are suggested for one reason; `more` is how many others there are, `url` where all are listed."""

    title: str | Promise
    mark: str
    tone: str
    points: list[DraftPoint]
    first: int  # the number of its first point on the agenda
    more: int = 0
    url: str = ""


@dataclass(frozen=True)
class Draft:
    """The agenda of the next meeting as drafted on a day."""

    groups: list[DraftGroup] = field(default_factory=list)
    heard_lately: int = 0  # recommendations left out because the body heard them within the last days

    @property
    def points(self) -> list[DraftPoint]:
        """All points in the order of the agenda."""
        return [point for group in self.groups for point in group.points]


# Why a recommendation is heard, in the order of the agenda: (rank, heading, mark, tone, flag of the list of all).
OVERDUE, DUE_SOON, NO_MOVEMENT, HEARD_LATELY = range(4)  # the last is left out
HEARD = (
    (OVERDUE, pgettext_lazy("agenda", "Overdue"), "late", "fail", "overdue"),
    (DUE_SOON, pgettext_lazy("agenda", "Due within 30 days"), "clock", "late", "open"),
    (NO_MOVEMENT, pgettext_lazy("agenda", "Open, without movement for 60 days"), "nots", "none", "open"),
)
# Why a measure is suggested: (flag, heading, mark, tone, what is said of it).
SUGGESTED = (
    (
        "is_returned",
        pgettext_lazy("agenda", "Measures that party control returned"),
        "fail",
        "fail",
        gettext_lazy("Hear %(executor)s on measure %(number)s, “%(text)s”: party control returned it"),
    ),
    (
        "is_overdue",
        pgettext_lazy("agenda", "Overdue measures"),
        "late",
        "fail",
        gettext_lazy("Hear %(executor)s on measure %(number)s, “%(text)s”: its deadline has passed"),
    ),
    (
        "is_unconfirmed",
        pgettext_lazy("agenda", "Measures reported as done, not confirmed on site"),
        "clock",
        "late",
        gettext_lazy("Hear %(executor)s on measure %(number)s, “%(text)s”: reported as done, not confirmed on site"),
    ),
)


def draft_agenda(body: Body, day: dt.date, *, stale_after: int) -> Draft:
    """Draft the agenda of a body's next meeting from what is known on `day`.

    First what is overdue, then what is due within 30 days, then what is open and has not moved for 60 days; for a
    commission also measures of its branch and field that were returned, are overdue, or claimed and not confirmed.
    What the body heard within the last seven days is left out, and counted.
    """
    groups, heard_lately = _heard(body, day)
    if body.kind == BodyKind.COMMISSION:
        groups += _suggested(body, day, stale_after, sum(len(group.points) for group in groups))
    return Draft(groups, heard_lately)


def _heard(body: Body, day: dt.date) -> tuple[list[DraftGroup], int]:
    heard_on = (
        hearings_known_on(day)
        .filter(recommendation=OuterRef("pk"))
        .order_by()
        .values("recommendation")
        .annotate(last=Max("meeting__held_on"))
        .values("last")
    )
    here = Q(meeting__body=body) | Q(meeting__joint_with=body)
    lately = hearings_known_on(day).filter(here, recommendation=OuterRef("pk"), meeting__held_on__gt=day - LATELY)
    quiet = Q(day_state_on__lte=day - SILENT) & (Q(heard_on__isnull=True) | Q(heard_on__lte=day - SILENT))
    rows = (
        followed_by(body)
        .as_of(day)
        .filter(is_open=True)
        .annotate(heard_on=Subquery(heard_on))
        .annotate(
            rank=Case(
                When(Exists(lately), due_on__lte=day + SOON, then=Value(HEARD_LATELY)),
                When(due_on__lt=day, then=Value(OVERDUE)),
                When(due_on__lte=day + SOON, then=Value(DUE_SOON)),
                When(quiet, then=Value(NO_MOVEMENT)),
                output_field=IntegerField(),
            )
        )
        .filter(rank__isnull=False)
    )
    whole = dict(rows.order_by().values_list("rank").annotate(n=Count("pk")))
    told = rows.exclude(rank=HEARD_LATELY).select_related("meeting__body")
    shown = list(told.order_by("rank", "due_on", "pk")[:MOST_POINTS])
    groups, first, words = [], 1, _("Hear %(executor)s on “%(text)s”")
    for rank, title, mark, tone, flag in HEARD:
        points = [
            DraftPoint(
                title=_issue(words, executor=row.executor or row.addressee, text=row.text),
                executor=row.executor or row.addressee,
                due_on=row.due_on,
                days_late=max(0, (day - row.due_on).days),
                recommendation=row,
            )
            for row in shown
            if row.rank == rank
        ]
        if rank in whole:
            url = followed_url(body, year=day.year, day=day, **{flag: True})
            groups.append(DraftGroup(title, mark, tone, points, first, whole[rank] - len(points), url))
        first += len(points)
    return groups, whole.get(HEARD_LATELY, 0)


def _suggested(body: Body, day: dt.date, stale_after: int, before: int) -> list[DraftGroup]:
    """Measures of the roadmap that the branch works on; each is suggested once, for the gravest reason."""
    rank = Case(*(When(**{flag: True}, then=Value(flag)) for flag, *_said in SUGGESTED))
    rows = measures_to_advise_on(body, day).as_of(day, stale_after)
    if body.direction_id:
        rows = rows.filter(direction=body.direction_id)
    rows = rows.annotate(flag=rank).filter(flag__isnull=False)
    whole = dict(rows.order_by().values_list("flag").annotate(n=Count("pk")))
    groups, first = [], before + 1
    for flag, title, mark, tone, words in SUGGESTED:
        if flag not in whole:
            continue
        room = max(0, min(MOST_MEASURES, MOST_POINTS + 1 - first))
        points = [
            DraftPoint(
                title=_issue(str(words), executor=row.executor, number=row.number, text=row.title),
                executor=row.executor,
                due_on=row.day_deadline,
                days_late=(day - row.day_deadline).days if row.is_overdue else 0,
                measure=row,
            )
            for row in rows.filter(flag=flag).order_by("day_deadline", "position")[:room]
        ]
        url = measures_url(
            year=points[0].measure.roadmap.year if points else day.year,
            day=day,
            branch=body.branch.slug,
            direction=body.direction.slug if body.direction else "",
            flag=flag.removeprefix("is_"),
        )
        groups.append(DraftGroup(title, mark, tone, points, first, whole[flag] - len(points), url))
        first += len(points)
    return groups


def measures_to_advise_on(body: Body, day: dt.date) -> QuerySet[Measure]:
    """The measures that a body may speak of: of its branch's roadmaps of this year and the last, the newer first.

    Last year's, because minutes of December are entered in January, when a new roadmap may be in force.
    """
    roadmaps = Roadmap.objects.in_force(day).filter(branch=body.branch_id, year__gte=day.year - 1)
    return Measure.objects.filter(roadmap__in=roadmaps).select_related("roadmap").order_by("-roadmap__year", "position")


def _issue(words: str, *, text: str, **named: str) -> str:
    """An issue of the agenda, cut inside `text` when it would be longer than an agenda can keep.

    The issue quotes the text in «…», so what the text itself quotes stands in „…“.
    """
    text = text.translate(INNER_QUOTES)
    room = LONGEST_ISSUE - len(words % {"text": "", **named})
    return words % {"text": text if len(text) <= room else f"{text[: max(0, room - 1)]}…", **named}


# --- the card --------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class BodyYear:
    """What a body did in a year, and what became of what it follows."""

    year: int
    meetings: int
    issues: int
    followed: FollowUp
    urls: Mapping[str, str]


@dataclass(frozen=True)
class BodyCard:
    """Everything that the card of a commission or a council shows, as it was known at the end of `day`."""

    body: Body
    day: dt.date
    years: list[BodyYear]  # the newest first
    draft: Draft
    story: list[Told]

    @property
    def is_council(self) -> bool:
        """Whether it makes proposals."""
        return self.body.kind == BodyKind.COUNCIL

    @property
    def now(self) -> BodyYear | None:
        """The year of the day, if anything happened in it."""
        return next((year for year in self.years if year.year == self.day.year), None)

    @property
    def has_samples(self) -> bool:
        """Whether anything on the card is sample data."""
        rows: Sequence[Any] = [told.row for told in self.story] + [point.row for point in self.draft.points]
        return any(row.is_sample for row in rows)


def body_card(body: Body, day: dt.date, *, user: User, stale_after: int) -> BodyCard:
    """Gather the card of a body (of `bodies_with_their_place`) as known at the end of `day`.

    Joint meetings whose host was another body are told as far as `user` may see them; they count for their host.
    """
    own = Meeting.objects.filter(body=body).as_of(day)
    held = {
        row["year"]: row
        for row in own.order_by()
        .annotate(year=ExtractYear("held_on"))
        .values("year")
        .annotate(n=Count("pk", distinct=True), issues=Count("agenda"))
    }
    followed: dict[int, list[dict[str, Any]]] = {}
    for row in followed_by(body).as_of(day).annotate(year=ExtractYear("issued_on")).counted_by("year"):
        followed.setdefault(row["year"], []).append(row)
    as_guest = Meeting.objects.for_user(user).filter(joint_with=body).as_of(day)
    told = [
        meetings.with_counts(day)
        .select_related("author", *(f"body__{path}" for path in PLACE))
        .order_by("-held_on", "-pk")[:LAST_MEETINGS]
        for meetings in (own, as_guest)
    ]
    return BodyCard(
        body=body,
        day=day,
        years=[
            BodyYear(
                year=year,
                meetings=held[year]["n"] if year in held else 0,
                issues=held[year]["issues"] if year in held else 0,
                followed=FollowUp.of(followed.get(year, ())),
                urls=_year_urls(body, year, day),
            )
            for year in sorted({*held, *followed}, reverse=True)
        ],
        draft=draft_agenda(body, day, stale_after=stale_after),
        story=chronicle(*(told_meetings(meetings) for meetings in told))[:LAST_MEETINGS],
    )


def _year_urls(body: Body, year: int, day: dt.date) -> dict[str, str]:
    where = {"year": year, "day": day}
    return {
        "meetings": meetings_url(body.kind, **where, body=body),
        "issues": control_url("issue_list", **where, body=body.pk),
        "followed": followed_url(body, **where),
        **{
            name: followed_url(body, **where, **{name: True})
            for name in ("done", "verified", "unverified", "open", "overdue")
        },
    }
