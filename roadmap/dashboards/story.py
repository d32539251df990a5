"""The one chronological story of a measure: everything that was said, seen and decided, as it was known on a day."""

import datetime as dt
import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from branches.choices import Permission, roles_with
from branches.dashboards.chronicle import Told
from branches.models import Assignment, Request
from roadmap.choices import VERDICT_LOOK, RecommendationState, ReportOrigin, Status, Verdict
from roadmap.dashboards.posts import told_visits, visit_lines
from roadmap.dashboards.recommendations import recommendations_with_their_place, told_of
from roadmap.models import (
    DeadlineChange,
    Evidence,
    IndicatorFact,
    Measure,
    Recommendation,
    RecommendationStep,
    RequestMeasure,
    Roadmap,
    SiteVisit,
    StatusReport,
    Verification,
)

# A row by which somebody said, saw or decided something.
Row = StatusReport | Verification | DeadlineChange | SiteVisit | Recommendation | RecommendationStep | RequestMeasure

# Kinds of events that can be shown alone (`?show=`), in the order of the tabs.
TABS: dict[str, str | Promise] = {
    "reports": pgettext_lazy("story", "Reports"),
    "verifications": pgettext_lazy("story", "Verifications"),
    "visits": pgettext_lazy("story", "Visits"),
    "deadlines": pgettext_lazy("story", "Deadline"),
    "recommendations": pgettext_lazy("story", "Recommendations"),
    "requests": pgettext_lazy("story", "Citizens' requests"),
}
# What was entered in one moment is told in this order: a visit before what came of it.
IN_A_MOMENT = ("visits", "recommendations", "requests", "deadlines", "reports", "verifications")


@dataclass(frozen=True)
class History:
    """All rows of a measure's history known on a day, in the order of entry. As many queries, however many rows."""

    measure: Measure
    day: dt.date
    reports: Sequence[StatusReport]
    verifications: Sequence[Verification]
    moves: Sequence[DeadlineChange]
    facts: Sequence[IndicatorFact]
    files: Sequence[Evidence]
    visits: Sequence[SiteVisit]  # to its sites
    recommendations: Sequence[Recommendation]  # about it
    steps: Sequence[RecommendationStep]  # of these
    links: Sequence[RequestMeasure]  # by which citizens' requests were said to speak of it, or not to after all
    roles: Sequence[Assignment]  # that the authors hold in the branch now

    @classmethod
    def of(cls, measure: Measure, day: dt.date, asked: QuerySet[Request]) -> Self:
        """Load what was known of a measure at the end of `day`; of requests, what is told of those `asked`."""
        branch = measure.roadmap.branch
        reports, verifications, moves = (
            list(
                model.objects.known_on(day).filter(measure=measure).select_related("author", *also_read).order_by("id")
            )
            for model, also_read in ((StatusReport, ()), (Verification, ("visit",)), (DeadlineChange, ()))
        )
        by_pk = {report.pk: report for report in reports}
        for row in (*reports, *verifications):
            row.measure = measure
        for report in reports:
            report.corrects = by_pk.get(report.corrects_id)
        for verification in verifications:
            verification.report = by_pk[verification.report_id]
        said_in = {"report__in": list(by_pk)}
        facts = list(IndicatorFact.objects.filter(**said_in).select_related("indicator").order_by("report", "id"))
        files = list(Evidence.objects.filter(**said_in).order_by("id"))
        for part in (*facts, *files):
            part.report = by_pk[part.report_id]
        visits = told_visits(SiteVisit.objects.filter(site__measures=measure), day)
        advice = list(recommendations_with_their_place().as_of(day).filter(measure=measure).order_by("id"))
        steps = _steps_of(advice, day)
        links = (
            RequestMeasure.objects.known_on(day).filter(measure=measure, request__in=asked.values("pk")).order_by("id")
        )
        place = ("request__topic", "request__branch__district", "request__branch__region")
        links = list(links.select_related("author", *place))
        authors = {row.author_id for row in (*reports, *verifications, *moves, *visits, *advice, *steps, *links)}
        roles = Assignment.objects.filter(Q(branch=branch) | Q(region=branch.region_id), user__in=authors)
        roles = list(roles.order_by("id"))
        return cls(measure, day, reports, verifications, moves, facts, files, visits, advice, steps, links, roles)

    @property
    def last(self) -> StatusReport | None:
        """The report that speaks for the measure."""
        return self.reports[-1] if self.reports else None

    @property
    def refutations(self) -> dict[int, Verification]:
        """The verifications that refuted a report, by that report."""
        return {each.report_id: each for each in self.verifications if each.verdict == Verdict.REFUTES}

    @property
    def confirmations(self) -> dict[int, Verification]:
        """The verifications that first confirmed a report, by that report."""
        return {each.report_id: each for each in reversed(self.verifications) if each.verdict == Verdict.CONFIRMS}

    def role_of(self, row: Row) -> str:
        """As what the author speaks: the role that carries what was done, else any; "" for one who holds none now."""
        needed = roles_with(_permission_of(row))
        held = [assignment for assignment in self.roles if assignment.user_id == row.author_id]
        held.sort(key=lambda assignment: assignment.role not in needed)
        return held[0].get_role_display() if held else ""

    def withdrawals(self) -> dict[int, "Withdrawal"]:
        """Which reports no longer stand, and why."""
        withdrawn = {}
        for claim, after in itertools.pairwise(self.reports):
            if claim.status == Status.DONE and after.status != Status.DONE and after.origin == ReportOrigin.REPORT:
                withdrawn[claim.pk] = Withdrawal("taken_back", after.reported_on)
        for report in self.reports:
            if report.corrects_id:
                withdrawn[report.corrects_id] = Withdrawal("corrected", report.entered_on)
        return withdrawn | {pk: Withdrawal("refuted", each.seen_on) for pk, each in self.refutations.items()}


def _steps_of(recommendations: Sequence[Recommendation], day: dt.date) -> list[RecommendationStep]:
    """What was said of them by the end of the day, in the order of entry."""
    by_pk = {row.pk: row for row in recommendations}
    steps = RecommendationStep.objects.known_on(day).filter(recommendation__in=by_pk)
    steps = list(steps.select_related("author").order_by("entered_on", "id"))
    for step in steps:
        step.recommendation = by_pk[step.recommendation_id]
    return steps


def _permission_of(row: Row) -> Permission:
    """What one must be allowed in order to add such a row."""
    match row:
        case DeadlineChange():
            return Permission.MOVE_DEADLINE
        case RequestMeasure():
            return Permission.RECEIVE
        case Verification() | RecommendationStep(state=RecommendationState.VERIFIED):
            return Permission.VERIFY
        case SiteVisit():
            return Permission.CONTROL
        case Recommendation():
            return Permission.CONVENE if row.is_of_council else Permission.CONTROL
        case RecommendationStep():
            return Permission.FOLLOW
    return Permission.CORRECT if row.origin == ReportOrigin.CORRECTION else Permission.REPORT


@dataclass(frozen=True)
class Withdrawal:
    """Why a report no longer stands: party control refuted it, a correction replaced it, the branch took it back."""

    how: str  # "refuted", "corrected" or "taken_back"
    day: dt.date


@dataclass(frozen=True)
class Event:
    """A line of the story. `day` is when it was true, which is not always when it was typed."""

    kind: str  # one of TABS, or "entered": the beginning of the story
    day: dt.date
    row: Roadmap | Row
    mark: str
    tone: str
    role: str = ""  # of the author
    withdrawn: Withdrawal | None = None
    facts: Sequence[IndicatorFact] = ()
    files: Sequence[Evidence] = ()
    template: str = ""  # that tells it as the other stories of control do

    @classmethod
    def of(cls, kind: str, told: Told, role: str) -> Self:
        """A line that the stories of sites and recommendations tell, too."""
        return cls(kind, told.day, told.row, told.mark, told.tone, role, template=told.template)

    @property
    def typed_on(self) -> dt.date | None:
        """The day on which it was typed, when that is another than the day on which it was true."""
        entered_on = getattr(self.row, "entered_on", self.day)
        return entered_on if entered_on != self.day else None

    @property
    def place(self) -> tuple:
        """Its place among the others: by the day on which it was true; within a day, in the order of entry."""
        row, report = self.row, 0
        if self.kind == "entered":
            return (self.day, False)
        if self.kind == "reports":
            report = row.pk
        elif self.kind == "verifications":
            report = row.outcome_id or row.report_id
        return (self.day, True, row.entered_on, row.created_at, report, IN_A_MOMENT.index(self.kind), row.pk)


def story_of(history: History) -> list[Event]:
    """Everything that happened, the newest first.

    The report by which a refutation or a deadline moved out of the year changes the status is told with its cause.
    """
    roadmap = history.measure.roadmap
    told_with_cause = {each.outcome_id for each in history.verifications}
    if any(move.new_deadline.year > roadmap.year for move in history.moves):
        told_with_cause |= {report.pk for report in history.reports if report.origin == ReportOrigin.DEADLINE}
    events = []
    if roadmap.approved_on <= history.day:
        events.append(Event("entered", roadmap.approved_on, roadmap, "nots", "none"))
    withdrawn = history.withdrawals()
    for report in history.reports:
        if report.pk in told_with_cause:
            continue
        is_report = report.origin == ReportOrigin.REPORT
        events.append(
            Event(
                kind="reports",
                day=report.reported_on if is_report else report.entered_on,  # a correction is an act of its day
                row=report,
                mark=Status(report.status).mark,
                tone="none" if report.pk in withdrawn else Status(report.status).tone,
                role=history.role_of(report),
                withdrawn=withdrawn.get(report.pk),
                facts=[fact for fact in history.facts if fact.report_id == report.pk],
                files=[file for file in history.files if file.report_id == report.pk],
            )
        )
    for row in history.verifications:
        events.append(Event("verifications", row.seen_on, row, *VERDICT_LOOK[row.verdict], history.role_of(row)))
    for row in history.moves:
        events.append(Event("deadlines", row.entered_on, row, "moved", "prog", history.role_of(row)))
    for told in visit_lines(history.visits):
        events.append(Event.of("visits", told, history.role_of(told.row)))
    for told in told_of(history.recommendations, history.steps):
        events.append(Event.of("recommendations", told, history.role_of(told.row)))
    for row in history.links:
        look = ("risk", "risk") if row.is_linked else ("remd", "none")
        told = Told(row.entered_on, row, "roadmap/_told_request.html", *look)
        events.append(Event.of("requests", told, history.role_of(row)))
    return sorted(events, key=lambda event: event.place, reverse=True)
