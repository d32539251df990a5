"""Days on which citizens are received: recorded, and called a mistake."""

import datetime as dt
import uuid

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from branches.actions.entry import EVER, check, day_of_entry, locked, same_submission, unused
from branches.choices import Permission
from branches.models import AuditEvent, Branch, EventAnnulment, Locality, PartyProject, ReceptionEvent, Request, User


def record_event(
    *,
    branch: Branch,
    by: User,
    today: dt.date,
    kind: str,
    place: str,
    held_on: dt.date | None = None,
    locality: Locality | None = None,
    project: PartyProject | None = None,
    note: str = "",
    submission: uuid.UUID | None = None,
) -> ReceptionEvent:
    """Record that citizens were received: what kind of reception, where, on which day, within which project."""
    with locked(Branch.objects.for_user(by, Permission.RECEIVE), branch.pk) as row:
        told = same_submission(ReceptionEvent.objects.filter(branch=row), by, submission, kind=kind)
        if told:
            return told
        refuse_elsewhere(row, locality)
        event = ReceptionEvent(
            branch=row,
            kind=kind,
            place=place.strip(),
            held_on=held_on or today,
            locality=locality,
            project=project,
            note=note.strip(),
            author=by,
            entered_on=today,
            submission=unused(ReceptionEvent, submission),
        )
        check(event)
        event.save()
        AuditEvent.objects.record(by=by, action="event.record", subject=event, detail=str(event.held_on))
        return event


def annul_event(
    *, event: ReceptionEvent, by: User, today: dt.date, note: str, submission: uuid.UUID | None = None
) -> EventAnnulment:
    """Say that an event was entered by mistake: from today on it is not counted.

    Refused while requests are registered at it: each of them is entered by mistake first, or the event stays.
    """
    with locked(Branch.objects.for_user(by, Permission.RECEIVE), event.branch_id):
        told = same_submission(EventAnnulment.objects.filter(event=event), by, submission, note=note.strip())
        if told:
            return told
        if EventAnnulment.objects.filter(event=event).exists():
            raise ValidationError(_("It is said of this event already that it was entered by mistake."))
        if Request.objects.as_of(EVER).filter(event=event).exists():
            raise ValidationError(
                _("Requests are registered at this event. If they are mistakes, too, say so on their cards first.")
            )
        row = EventAnnulment(
            event=event,
            author=by,
            entered_on=day_of_entry(today, event),
            note=note.strip(),
            submission=unused(EventAnnulment, submission),
        )
        check(row)
        row.save()
        AuditEvent.objects.record(by=by, action="event.annul", subject=event)
        return row


def refuse_elsewhere(branch: Branch, locality: Locality | None) -> None:
    """Refuse a locality that is not of the branch's land."""
    if locality is None:
        return
    district = locality.district
    if district.region_id != branch.region_id or branch.district_id not in (None, district.pk):
        raise ValidationError({"locality": _("This locality lies elsewhere. Choose one from the list.")})
