"""What a branch says of itself: members, wings, faction, elections, who holds which office."""

import datetime as dt
import uuid
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from branches.actions.entry import check, day_of_entry, locked, same_submission, unused
from branches.choices import Permission, Qualifier
from branches.models import (
    AuditEvent,
    Branch,
    Election,
    FactionReport,
    Locality,
    Maslikhat,
    MembershipReport,
    OfficeHolder,
    User,
    WingReport,
)


def report_membership(
    *,
    branch: Branch,
    by: User,
    today: dt.date,
    primary_organisations: int,
    members: int,
    qualifier: str = Qualifier.EXACT,
    as_on: dt.date | None = None,
    source: str = "",
    note: str = "",
    submission: uuid.UUID | None = None,
) -> MembershipReport:
    """Say how many members a branch has, in how many primary organisations, as of a day."""
    return _say(
        MembershipReport,
        branch,
        by,
        today,
        submission,
        primary_organisations=primary_organisations,
        members=members,
        qualifier=qualifier,
        as_on=as_on or today,
        source=source.strip(),
        note=note.strip(),
    )


def report_wing(
    *,
    branch: Branch,
    by: User,
    today: dt.date,
    wing: str,
    members: int,
    as_on: dt.date | None = None,
    source: str = "",
    note: str = "",
    submission: uuid.UUID | None = None,
) -> WingReport:
    """Say how many members a wing of a branch has, as of a day."""
    told = {"wing": wing, "members": members, "as_on": as_on or today, "source": source.strip(), "note": note.strip()}
    return _say(WingReport, branch, by, today, submission, **told)


def report_faction(
    *,
    branch: Branch,
    by: User,
    today: dt.date,
    members: int,
    leader: str = "",
    as_on: dt.date | None = None,
    source: str = "",
    note: str = "",
    submission: uuid.UUID | None = None,
) -> FactionReport:
    """Say how many mandates of its maslikhat the branch's faction holds, as of a day, and who leads it."""
    with locked(Branch.objects.for_user(by, Permission.ORGANISE), branch.pk) as row:
        maslikhat = Maslikhat.objects.filter(branch=row).first()
        if maslikhat is None:
            raise ValidationError(_("No maslikhat is known of this branch. The administrator must enter it first."))
        return _say(
            FactionReport,
            row,
            by,
            today,
            submission,
            maslikhat=maslikhat,
            members=members,
            leader=leader.strip(),
            as_on=as_on or today,
            source=source.strip(),
            note=note.strip(),
        )


def record_election(
    *,
    branch: Branch,
    by: User,
    today: dt.date,
    kind: str,
    held_on: dt.date,
    seats: int,
    nominated: int,
    won: int,
    locality: Locality | None = None,
    place: str = "",
    corrects: Election | None = None,
    source: str = "",
    note: str = "",
    submission: uuid.UUID | None = None,
) -> Election:
    """Record an election, or put an earlier record right: what was elected, how many nominated, how many won."""
    return _say(
        Election,
        branch,
        by,
        today,
        submission,
        kind=kind,
        held_on=held_on,
        seats=seats,
        nominated=nominated,
        won=won,
        locality=locality,
        place=place.strip(),
        corrects=corrects,
        source=source.strip(),
        note=note.strip(),
    )


def _say(
    model: type[Any], branch: Branch, by: User, today: dt.date, submission: uuid.UUID | None, **said: object
) -> Any:  # noqa: ANN401 a row of the model
    """Add a statement of a branch."""
    with locked(Branch.objects.for_user(by, Permission.ORGANISE), branch.pk) as row:
        rows = model.objects.filter(branch=row)
        told = same_submission(rows, by, submission, **said)
        if told:
            return told
        _refuse_elsewhere(row, **said)
        last = rows.order_by("-id").first()
        statement = model(
            branch=row, author=by, entered_on=day_of_entry(today, last), submission=unused(model, submission), **said
        )
        check(statement)
        statement.save()
        AuditEvent.objects.record(by=by, action=f"{model._meta.model_name}.report", subject=statement)
        return statement


def _refuse_elsewhere(
    branch: Branch, *, locality: Locality | None = None, corrects: Election | None = None, **said: object
) -> None:
    """Refuse a locality that is not of the branch's land, and to put right what is not its own, or was put right."""
    if locality is not None:
        district = locality.district
        if district.region_id != branch.region_id or branch.district_id not in (None, district.pk):
            raise ValidationError({"locality": _("This locality lies elsewhere. Choose one from the list.")})
    if corrects is not None:
        if corrects.branch_id != branch.pk:
            raise ValidationError(_("This is another branch's. Choose one from the list."))
        if Election.objects.filter(corrects=corrects).exists():
            raise ValidationError(_("This record was put right already. Look at the newest one."))


def appoint(
    *, branch: Branch, by: User, position: str, full_name: str, since: dt.date, source: str = ""
) -> OfficeHolder:
    """Somebody takes an office of a branch; whoever held it until then leaves it the day before."""
    with locked(Branch.objects.for_user(by, Permission.ORGANISE), branch.pk) as row:
        held = OfficeHolder.objects.select_for_update(no_key=True).filter(branch=row, position=position)
        earlier = held.order_by("pk")  # their own order joins places, and PostgreSQL locks no outer join
        holder = OfficeHolder(
            branch=row, position=position, full_name=full_name.strip(), since=since, source=source.strip()
        )
        for known in earlier:
            if known.full_name == holder.full_name and known.since == since:
                return known  # pressed twice
        check(holder)
        for known in earlier:
            if known.since is not None and known.since >= since:
                raise ValidationError({"since": _("Somebody took this office on that day, or later. Check the day.")})
            if known.until is None or known.until >= since:
                known.until = since - dt.timedelta(days=1)
                known.save(update_fields=["until"])
        holder.save()
        AuditEvent.objects.record(by=by, action="office.appoint", subject=holder, detail=f"{position}, {since}")
        return holder
