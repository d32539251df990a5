"""Recommendations as they are issued: from a meeting, a visit, a citizen's request or monitoring."""

import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from branches.actions.entry import check, errors_of, refuse_strange
from branches.models import AuditEvent, Branch, Request, User
from roadmap.choices import RecommendationState
from roadmap.models import Measure, Meeting, Recommendation, RecommendationStep, Site, SiteVisit


@dataclass(frozen=True)
class Advice:
    """What is recommended: to whom, who carries it out, by when, about which measure or site."""

    text: str
    addressee: str
    due_on: dt.date
    executor: str = ""
    measure: Measure | None = None
    site: Site | None = None


def issue(
    advice: Advice,
    *,
    by: User,
    branch: Branch,
    issued_on: dt.date,
    entered_on: dt.date,
    submission: uuid.UUID,
    meeting: Meeting | None = None,
    visit: SiteVisit | None = None,
    request: Request | None = None,
    monitoring: str = "",
) -> Recommendation:
    """Write one recommendation with its first step. The caller holds the lock of what it comes from."""
    refuse_strange(by, [branch], measure=advice.measure, site=advice.site)
    row = Recommendation(
        branch=branch,
        meeting=meeting,
        visit=visit,
        request=request,
        monitoring=monitoring.strip(),
        text=advice.text.strip(),
        addressee=advice.addressee.strip(),
        executor=advice.executor.strip(),
        issued_on=issued_on,
        due_on=advice.due_on,
        measure=advice.measure,
        site=advice.site,
        author=by,
        entered_on=entered_on,
        submission=submission,
    )
    check(row)
    row.save()
    RecommendationStep.objects.create(
        recommendation=row,
        state=RecommendationState.ISSUED,
        happened_on=issued_on,
        author=by,
        entered_on=entered_on,
    )
    AuditEvent.objects.record(by=by, action="recommendation.issue", subject=row, detail=f"{issued_on} → {row.due_on}")
    return row


def issue_several(several: Iterable[Advice], *, submission: uuid.UUID, **origin: object) -> list[Recommendation]:
    """Write recommendations of one origin; what is refused of the n-th is named "recommendation_n_field"."""
    rows = []
    for place, advice in enumerate(several, start=1):
        with errors_of(f"recommendation_{place}"):
            token = uuid.uuid5(submission, f"recommendation {place}")
            rows.append(issue(advice, submission=token, **origin))
    return rows
