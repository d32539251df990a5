"""Meetings of commissions and councils, and the way of their recommendations to the end."""

import datetime as dt
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from amanat_tracker.generic.uploads import CheckedUpload
from branches.actions.entry import (
    EVER,
    check,
    day_of_entry,
    errors_of,
    files_kept_only_if_rows_are,
    keep_uploads,
    locked,
    refuse_strange,
    same_submission,
    unused,
)
from branches.choices import Permission
from branches.models import AuditEvent, Branch, User
from roadmap.actions.advice import Advice, issue, issue_several
from roadmap.choices import FOLLOWED_TO_THE_END, SAYABLE, MeetingKind, RecommendationState
from roadmap.models import (
    AgendaItem,
    Body,
    Meeting,
    MeetingAnnulment,
    MeetingFile,
    Recommendation,
    RecommendationStep,
)


@dataclass(frozen=True)
class Point:
    """A point of an agenda; `recommendation` is an earlier one whose fulfilment was heard."""

    title: str
    decision: str = ""
    recommendation: Recommendation | None = None


def record_meeting(
    *,
    body: Body,
    by: User,
    today: dt.date,
    held_on: dt.date,
    agenda: Sequence[Point],
    kind: str = MeetingKind.REGULAR,
    joint_with: Iterable[Body] = (),
    place: str = "",
    minutes_number: str = "",
    present: int | None = None,
    note: str = "",
    advice: Sequence[Advice] = (),
    files: Sequence[CheckedUpload] = (),
    submission: uuid.UUID | None = None,
) -> Meeting:
    """Record a meeting that was held: its agenda, what it recommends, its files; all in one transaction.

    What is refused of a part is named by it: "point_2_title", "recommendation_1_due_on". Bodies of one region meet
    jointly; heard are recommendations of those who met.
    """
    mine = Body.objects.convened_by(by).select_related("branch")
    with files_kept_only_if_rows_are() as kept, locked(mine, body.pk) as row:
        told = same_submission(row.meetings.all(), by, submission, held_on=held_on, kind=kind)
        if told:
            return told
        number = minutes_number.strip()
        same_number = Meeting.objects.as_of(EVER).filter(body=row, minutes_number=number, held_on__year=held_on.year)
        if number and same_number.exists():
            raise ValidationError({"minutes_number": _("These minutes are entered already. Check the number.")})
        if not agenda:
            raise ValidationError({"point_1_title": _("Write at least one issue of the agenda.")})
        is_joint = kind == MeetingKind.JOINT
        partners = [partner for partner in joint_with if is_joint and partner.pk != row.pk]
        if is_joint and not partners:
            raise ValidationError({"joint_with": _("Choose with whom the meeting was held.")})
        seen = set(Body.objects.for_user(by).filter(branch__region=row.branch.region_id).values_list("pk", flat=True))
        if any(partner.pk not in seen for partner in partners):
            raise ValidationError({"joint_with": _("Choose commissions and councils of the same region.")})
        meeting = Meeting(
            body=row,
            author=by,
            entered_on=day_of_entry(today),
            kind=kind,
            held_on=held_on,
            place=place.strip(),
            minutes_number=number,
            present=present,
            note=note.strip(),
            submission=unused(Meeting, submission),
        )
        check(meeting)
        meeting.save()
        meeting.joint_with.set(partners)
        branches = [met.branch for met in (row, *partners)]
        for position, point in enumerate(agenda, start=1):
            with errors_of(f"point_{position}"):
                refuse_strange(by, branches, recommendation=point.recommendation)
                item = AgendaItem(
                    meeting=meeting,
                    position=position,
                    title=point.title.strip(),
                    decision=point.decision.strip(),
                    recommendation=point.recommendation,
                )
                check(item)
                item.save()
        issue_several(
            advice,
            by=by,
            branch=row.branch,
            meeting=meeting,
            issued_on=held_on,
            entered_on=meeting.entered_on,
            submission=meeting.submission,
        )
        keep_uploads(files, MeetingFile, kept, meeting=meeting)
        AuditEvent.objects.record(by=by, action="meeting.record", subject=meeting, detail=f"{kind}, {held_on}")
        return meeting


def annul_meeting(
    *, meeting: Meeting, by: User, today: dt.date, note: str, submission: uuid.UUID | None = None
) -> MeetingAnnulment:
    """Say that a meeting was entered by mistake: from today on it is not counted. Refused while something follows from
    it: its recommendations are withdrawn first.
    """
    with locked(Body.objects.convened_by(by), meeting.body_id):
        told = same_submission(MeetingAnnulment.objects.filter(meeting=meeting), by, submission, note=note.strip())
        if told:
            return told
        if MeetingAnnulment.objects.filter(meeting=meeting).exists():
            raise ValidationError(_("It is said of this meeting already that it was entered by mistake."))
        standing = Recommendation.objects.filter(meeting=meeting).as_of(EVER)
        if standing.exclude(day_state=RecommendationState.WITHDRAWN).exists():
            raise ValidationError(_("Recommendations of this meeting stand. Withdraw them first."))
        row = MeetingAnnulment(
            meeting=meeting,
            author=by,
            entered_on=day_of_entry(today, meeting),
            note=note.strip(),
            submission=unused(MeetingAnnulment, submission),
        )
        check(row)
        row.save()
        AuditEvent.objects.record(by=by, action="meeting.annul", subject=meeting, detail=row.note)
        return row


def issue_recommendation(
    *,
    branch: Branch,
    by: User,
    today: dt.date,
    monitoring: str,
    advice: Advice,
    issued_on: dt.date | None = None,
    submission: uuid.UUID | None = None,
) -> Recommendation:
    """Issue a recommendation that comes from monitoring, neither from a meeting nor from a visit."""
    with locked(Branch.objects.for_user(by, Permission.CONTROL), branch.pk) as row:
        told = same_submission(Recommendation.objects.filter(branch=row), by, submission, text=advice.text.strip())
        if told:
            return told
        return issue(
            advice,
            by=by,
            branch=row,
            monitoring=monitoring,
            issued_on=issued_on or today,
            entered_on=today,
            submission=unused(Recommendation, submission),
        )


def follow_recommendation(
    *,
    recommendation: Recommendation,
    by: User,
    today: dt.date,
    state: str,
    happened_on: dt.date | None = None,
    note: str = "",
    submission: uuid.UUID | None = None,
) -> RecommendationStep:
    """Say how far a recommendation has come: in work, done, not done.

    Said again of one that was done, it takes that back, and needs a note: so does control when it does not verify.
    """
    with locked(Recommendation.objects.for_user(by, Permission.FOLLOW), recommendation.pk) as row:
        told = same_submission(row.steps.all(), by, submission, state=state, note=note.strip())
        if told:
            return told
        last = row.steps.order_by("-id").first()
        if state not in SAYABLE:
            raise ValidationError({"state": _("Choose from the list.")})
        if last.state == RecommendationState.WITHDRAWN:
            raise ValidationError(_("The recommendation is withdrawn: nothing more is said of it."))
        if last.state == RecommendationState.DONE == state:
            raise ValidationError({"state": _("It is reported as done already.")})
        if last.state == RecommendationState.VERIFIED and state == RecommendationState.DONE:
            raise ValidationError({"state": _("It is done and verified already.")})
        if last.state in FOLLOWED_TO_THE_END and not note.strip():
            raise ValidationError({"note": _("It was reported as done. Write why it is not.")})
        return _step(row, last, by, today, state, happened_on or today, note, submission)


def verify_recommendation(
    *,
    recommendation: Recommendation,
    by: User,
    today: dt.date,
    happened_on: dt.date | None = None,
    note: str = "",
    submission: uuid.UUID | None = None,
) -> RecommendationStep:
    """Verify that what somebody else reported as done is done."""
    with locked(Recommendation.objects.for_user(by, Permission.VERIFY), recommendation.pk) as row:
        told = same_submission(row.steps.all(), by, submission, state=RecommendationState.VERIFIED)
        if told:
            return told
        last = row.steps.order_by("-id").first()
        if last.state != RecommendationState.DONE:
            raise ValidationError(_("It is not reported as done: there is nothing to verify."))
        if last.author_id == by.pk:
            raise ValidationError(_("You reported it as done yourself: somebody else verifies it."))
        return _step(row, last, by, today, RecommendationState.VERIFIED, happened_on or today, note, submission)


def withdraw_recommendation(
    *,
    recommendation: Recommendation,
    by: User,
    today: dt.date,
    note: str,
    happened_on: dt.date | None = None,
    submission: uuid.UUID | None = None,
) -> RecommendationStep:
    """Withdraw an open recommendation, with the reason: it is counted, and nothing more is awaited of it."""
    with locked(Recommendation.objects.issued_by(by), recommendation.pk) as row:
        told = same_submission(row.steps.all(), by, submission, state=RecommendationState.WITHDRAWN)
        if told:
            return told
        last = row.steps.order_by("-id").first()
        if last.state in FOLLOWED_TO_THE_END:
            raise ValidationError(_("It has come to its end already: it is not withdrawn."))
        return _step(row, last, by, today, RecommendationState.WITHDRAWN, happened_on or today, note, submission)


def _step(
    recommendation: Recommendation,
    last: RecommendationStep,
    by: User,
    today: dt.date,
    state: str,
    happened_on: dt.date,
    note: str,
    submission: uuid.UUID | None,
) -> RecommendationStep:
    if happened_on < last.happened_on:
        raise ValidationError({"happened_on": _("The last step is of a later day. Check the day.")})
    step = RecommendationStep(
        recommendation=recommendation,
        author=by,
        entered_on=day_of_entry(today, last),
        state=state,
        happened_on=happened_on,
        note=note.strip(),
        done_by_id=last.author_id if state == RecommendationState.VERIFIED else None,
        submission=unused(RecommendationStep, submission),
    )
    check(step)
    step.save()
    AuditEvent.objects.record(
        by=by, action="recommendation.step", subject=recommendation, detail=f"{last.state} → {state}, {happened_on}"
    )
    return step
