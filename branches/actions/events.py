"""Days on which citizens are received: recorded, and called a mistake."""

import datetime as dt
import uuid

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

from branches.actions.entry import EVER, check, day_of_entry, locked, refuse_elsewhere, same_submission, unused
from branches.choices import Permission
from branches.models import AuditEvent, Branch, EventAnnulment, Locality, PartyProject, ReceptionEvent, Request, User
from branches.models.events import ReceptionEventQuerySet


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
    *,
    event: ReceptionEvent,
    by: User,
    today: dt.date,
    note: str,
    instead: ReceptionEvent | None = None,
    submission: uuid.UUID | None = None,
) -> EventAnnulment:
    """Say that an event was entered by mistake: from today on it is not counted.

    What citizens asked at it was asked at the event entered `instead`; without one it is refused while requests are
    registered at it.
    """
    with locked(Branch.objects.for_user(by, Permission.RECEIVE), event.branch_id):
        told = same_submission(EventAnnulment.objects.filter(event=event), by, submission, note=note.strip())
        if told:
            return told
        if EventAnnulment.objects.filter(event=event).exists():
            raise ValidationError(_("It is said of this event already that it was entered by mistake."))
        if EventAnnulment.objects.filter(instead=event).exists():
            raise ValidationError(_("This event stands instead of another one: it stays."))
        _refuse_instead(event, instead)
        row = EventAnnulment(
            event=event,
            instead=instead,
            author=by,
            entered_on=day_of_entry(today, event, instead),
            note=note.strip(),
            submission=unused(EventAnnulment, submission),
        )
        check(row)
        row.save()
        AuditEvent.objects.record(by=by, action="event.annul", subject=event)
        return row


def may_stand_instead(event: ReceptionEvent) -> ReceptionEventQuerySet:
    """The events that may have been meant by `event`: of the same branch, held before anybody is said to have asked."""
    asked = Request.objects.as_of(EVER).at_event(event.pk).aggregate(first=models.Min("received_on"))["first"]
    events = ReceptionEvent.objects.as_of(EVER).filter(branch=event.branch_id).exclude(pk=event.pk)
    return events.filter(held_on__lte=asked) if asked else events


def _refuse_instead(event: ReceptionEvent, instead: ReceptionEvent | None) -> None:
    """Refuse what cannot have been meant; and none, while requests are registered at the event."""
    if instead is None and Request.objects.as_of(EVER).at_event(event.pk).exists():
        said = _("Requests are registered at this event. Record it as it was, then choose here which one that is.")
        raise ValidationError({"instead": said})
    if instead is not None and not may_stand_instead(event).filter(pk=instead.pk).exists():
        raise ValidationError({"instead": _("These requests cannot have been made at this event. Choose another one.")})
