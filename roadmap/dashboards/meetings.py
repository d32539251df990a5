"""Meetings of commissions and councils: the rows of their lists, and the card of one of them, as known on a day."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from branches.dashboards.chronicle import Told, chronicle
from roadmap.choices import BodyKind, RecommendationState
from roadmap.dashboards.recommendations import told_of
from roadmap.metrics import FollowUp
from roadmap.models import (
    AgendaItem,
    Body,
    Meeting,
    MeetingAnnulment,
    MeetingFile,
    Recommendation,
    RecommendationStep,
)
from roadmap.models.bodies import MeetingPartQuerySet, MeetingQuerySet

PLACE = ("branch__district", "branch__region")


def year_days(year: int) -> tuple[dt.date, dt.date]:
    """The first and the last day of a year."""
    return dt.date(year, 1, 1), dt.date(year, 12, 31)


def meetings_of_year(meetings: MeetingQuerySet, *, kind: str, year: int, day: dt.date) -> MeetingQuerySet:
    """Of `meetings`, those that bodies of a kind held in a year, as known on `day`."""
    return meetings.as_of(day).filter(body__kind=kind, held_on__range=year_days(year))


def issues_of_year(issues: MeetingPartQuerySet, *, year: int, day: dt.date) -> MeetingPartQuerySet:
    """Of `issues`, those that councils considered in a year, as known on `day`."""
    held = meetings_of_year(Meeting.objects.all(), kind=BodyKind.COUNCIL, year=year, day=day)
    return issues.filter(meeting__in=held)


def with_what_came_of_them(meetings: MeetingQuerySet, day: dt.date) -> MeetingQuerySet:
    """Add `first_issue`, `issues`, `recommendations_count` and `done_count`, of these the done ones, as on `day`."""
    done = Recommendation.objects.as_of(day).filter(meeting=OuterRef("pk"), is_done=True)
    counted = done.order_by().values("meeting").annotate(n=Count("pk")).values("n")
    agenda = AgendaItem.objects.filter(meeting=OuterRef("pk")).order_by("position")
    return meetings.with_counts(day).annotate(
        done_count=Coalesce(Subquery(counted), 0), first_issue=Subquery(agenda.values("title")[:1])
    )


def meetings_with_their_place() -> QuerySet[Meeting]:
    """Meetings with what a card says of them: whose they are, and who entered them."""
    return Meeting.objects.select_related("author", "body__direction", *(f"body__{path}" for path in PLACE))


def hearings_known_on(day: dt.date) -> QuerySet[AgendaItem]:
    """Points at which the fulfilment of an earlier recommendation was heard, of meetings that count on `day`."""
    return AgendaItem.objects.filter(recommendation__isnull=False, meeting__in=Meeting.objects.as_of(day))


def told_meetings(meetings: Iterable[Meeting]) -> list[Told]:
    """Lines of a story: a meeting was held. Rows need their body and author."""
    return [Told(row.held_on, row, "roadmap/_told_meeting.html", "nots", "done") for row in meetings]


def told_annulment(annulment: MeetingAnnulment | None) -> list[Told]:
    """The line of a story: the meeting had been entered by mistake, if somebody said so."""
    told = [annulment] if annulment else []
    return [Told(row.entered_on, row, "roadmap/_meeting_annulled.html", "remd", "none") for row in told]


@dataclass(frozen=True)
class MeetingCard:
    """Everything that the card of a meeting shows, as it was known at the end of `day`."""

    meeting: Meeting
    day: dt.date
    annulment: MeetingAnnulment | None
    agenda: list[AgendaItem]
    recommended: list[Recommendation]  # `as_of` the day, each with its `state`
    files: list[MeetingFile]
    partners: list[Body]
    story: list[Told]

    @property
    def is_council(self) -> bool:
        """Whether a council met: it makes proposals."""
        return self.meeting.body.kind == BodyKind.COUNCIL

    @property
    def is_known(self) -> bool:
        """Whether it had been entered by the day."""
        return self.meeting.entered_on <= self.day

    @property
    def follow_up(self) -> FollowUp:
        """How far its recommendations have come."""
        return FollowUp.of(
            {"day_state": row.day_state, "is_overdue": row.is_overdue, "n": 1} for row in self.recommended
        )

    @property
    def standing(self) -> int:
        """Recommendations that are not withdrawn: while there are any, the meeting is not called a mistake."""
        return self.follow_up.whole - self.follow_up.count(RecommendationState.WITHDRAWN)

    @property
    def has_samples(self) -> bool:
        """Whether anything on the card is sample data."""
        return self.meeting.is_sample or any(row.is_sample for row in self.recommended)


def meeting_card(meeting: Meeting, day: dt.date) -> MeetingCard:
    """Gather the card of a meeting (of `meetings_with_their_place`) as known at the end of `day`. Seven queries."""
    annulment = MeetingAnnulment.objects.known_on(day).filter(meeting=meeting).select_related("author").first()
    recommended = list(
        Recommendation.objects.filter(meeting=meeting)
        .known_on(day)
        .with_states(day)  # also of a meeting that was entered by mistake: they were withdrawn
        .select_related("measure__roadmap", "site")
        .order_by("id")
    )
    for row in recommended:
        row.state = RecommendationState(row.day_state)
    steps = RecommendationStep.objects.known_on(day).filter(recommendation__in=[row.pk for row in recommended])
    heard_later = hearings_known_on(day).filter(recommendation__meeting=meeting)
    is_known = meeting.entered_on <= day
    return MeetingCard(
        meeting=meeting,
        day=day,
        annulment=annulment,
        agenda=list(meeting.agenda.select_related("recommendation").order_by("position")) if is_known else [],
        recommended=recommended,
        files=list(meeting.files.order_by("id")) if is_known else [],
        partners=list(meeting.joint_with.select_related(*PLACE).order_by("branch", "kind", "id")) if is_known else [],
        story=chronicle(
            told_meetings([meeting] if is_known else []),
            told_annulment(annulment),
            told_of(
                [],
                steps.select_related("author", "recommendation"),
                heard_later.select_related("recommendation", "meeting__author", "meeting__body"),
            ),
        ),
    )
