"""What a branch says of itself: members, wings, faction, elections, who holds which office."""

import contextlib
import datetime as dt
import uuid
from collections.abc import Iterable, Iterator
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from branches.actions.entry import check, day_of_entry, locked, refuse_elsewhere, same_submission, unused
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

DAY = dt.timedelta(days=1)
OF_AN_ELECTION = ("kind", "held_on", "locality", "place", "seats", "nominated", "won")


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


def annul_election(
    *, election: Election, by: User, today: dt.date, note: str, submission: uuid.UUID | None = None
) -> Election:
    """Say that there was no such election: the record was a mistake, and from today on it is not counted."""
    if not note.strip():
        raise ValidationError({"note": _("Write why the election does not count.")})
    return _say(
        Election,
        election.branch,
        by,
        today,
        submission,
        act="annul",
        **{name: getattr(election, name) for name in OF_AN_ELECTION},
        corrects=election,
        is_mistake=True,
        note=note.strip(),
    )


def why_closed(election: Election) -> str:
    """Why nothing more is said of a record of an election; "" when something may be."""
    later = getattr(election, "corrected_by", None)
    if election.is_mistake or (later and later.is_mistake):
        return _("It is said of this election already that it was entered by mistake.")
    return _("This record was put right already. Look at the newest one.") if later else ""


def _say(
    model: type[Any],
    branch: Branch,
    by: User,
    today: dt.date,
    submission: uuid.UUID | None,
    *,
    act: str = "report",
    **said: object,
) -> Any:  # noqa: ANN401 a row of the model
    """Add a statement of a branch."""
    with locked(Branch.objects.for_user(by, Permission.ORGANISE), branch.pk) as row:
        rows = model.objects.filter(branch=row)
        told = same_submission(rows, by, submission, **said)
        if told:
            return told
        _refuse_strange(row, **said)
        last = rows.order_by("-id").first()
        statement = model(
            branch=row, author=by, entered_on=day_of_entry(today, last), submission=unused(model, submission), **said
        )
        check(statement)
        statement.save()
        AuditEvent.objects.record(by=by, action=f"{model._meta.model_name}.{act}", subject=statement)
        return statement


def _refuse_strange(
    branch: Branch, *, locality: Locality | None = None, corrects: Election | None = None, **said: object
) -> None:
    """Refuse a locality that is not of the branch's land, and to put right what is not its own, or was put right."""
    refuse_elsewhere(branch, locality)
    if corrects is not None:
        if corrects.branch_id != branch.pk:
            raise ValidationError(_("This is another branch's. Choose one from the list."))
        closed = why_closed(Election.objects.select_related("corrected_by").get(pk=corrects.pk))
        if closed:
            raise ValidationError(closed)


def appoint(
    *,
    branch: Branch,
    by: User,
    position: str,
    full_name: str,
    since: dt.date,
    source: str = "",
    seen: int | None = None,
) -> OfficeHolder:
    """Somebody takes an office of a branch; whoever held it until then leaves it the day before.

    Nobody takes an office on the day on which another took it: then the name is put right. Nor does somebody take it
    who holds it already: then the day is, if it is an earlier one than was known, or none was. `seen` is the newest
    officer of the branch that the form knew (0: none; None: not asked): who was entered meanwhile is not renamed.
    """
    with _offices(branch, by, position) as earlier:
        holder = OfficeHolder(
            branch=branch, position=position, full_name=full_name.strip(), since=since, source=source.strip()
        )
        for known in earlier:
            if known.full_name == holder.full_name and known.since == since:
                return known  # pressed twice
        check(holder)
        newest = max(earlier, key=lambda known: (known.since or dt.date.min, known.pk), default=None)
        if newest and _is_the_same(newest, holder):
            if seen is not None and newest.pk > seen and newest.full_name != holder.full_name:
                words = _("Meanwhile %(name)s was entered for this office. If that is wrong, put it right on the card.")
                raise ValidationError({"full_name": words % {"name": newest.full_name}})
            holder.source = holder.source or newest.source
            return _put_right(newest, holder, earlier, by)
        _leave_before(since, earlier)
        holder.save()
        AuditEvent.objects.record(by=by, action="office.appoint", subject=holder, detail=f"{position}, {since}")
        return holder


def correct_office(
    *, holder: OfficeHolder, by: User, full_name: str, since: dt.date | None, source: str = ""
) -> OfficeHolder:
    """Put right how an officer was entered: a misspelt name, a wrong day. Nobody takes or leaves an office by it.

    The audit tells who did it, when, and what of it was changed; names are not written there.
    """
    with _offices(holder.branch, by, holder.position) as earlier:
        known = next((row for row in earlier if row.pk == holder.pk), None)
        if known is None:
            raise ValidationError(_("This is another branch's. Choose one from the list."))
        if since is None and known.since is not None:
            raise ValidationError({"since": _("Enter the day.")})
        said = OfficeHolder(
            branch=known.branch,
            position=known.position,
            full_name=full_name.strip(),
            since=since,
            source=source.strip(),
        )
        check(said)
        return _put_right(known, said, earlier, by)


@contextlib.contextmanager
def _offices(branch: Branch, by: User, position: str) -> Iterator[list[OfficeHolder]]:
    """Everybody who held an office of a branch, locked with it."""
    with locked(Branch.objects.for_user(by, Permission.ORGANISE), branch.pk) as row:
        held = OfficeHolder.objects.select_for_update(no_key=True).filter(branch=row, position=position)
        yield list(held.order_by("pk"))  # their own order joins places, and PostgreSQL locks no outer join


def _is_the_same(known: OfficeHolder, said: OfficeHolder) -> bool:
    """Whether what is said is about how `known` took the office, not about somebody after them."""
    if known.since == said.since:
        return True
    is_earlier = said.since < known.since if known.since else known.until is None
    return is_earlier and known.full_name == said.full_name


def _put_right(known: OfficeHolder, said: OfficeHolder, earlier: Iterable[OfficeHolder], by: User) -> OfficeHolder:
    """Write over how an officer was entered; who left the office for them left it the day before the right day."""
    changed = [name for name in ("full_name", "since", "source") if getattr(known, name) != getattr(said, name)]
    if not changed:
        return known
    if known.until and said.since and said.since > known.until:
        raise ValidationError({"since": _("Somebody took this office on that day, or later. Check the day.")})
    if said.since is not None and said.since != known.since:
        others = [row for row in earlier if row.pk != known.pk and not _took_later(row, known)]
        until = known.since and known.since - DAY
        _leave_before(said.since, others, left_on=until)
    for name in changed:
        setattr(known, name, getattr(said, name))
    known.is_sample = False
    known.save()
    AuditEvent.objects.record(
        by=by, action="office.correct", subject=known, detail=f"{known.position}, {known.since}: {', '.join(changed)}"
    )
    return known


def _leave_before(since: dt.date, earlier: Iterable[OfficeHolder], left_on: dt.date | None = None) -> None:
    """Whoever held an office until then leaves it the day before `since`; also who had left it on `left_on` for it."""
    for known in earlier:
        if known.since is not None and known.since >= since:
            raise ValidationError({"since": _("Somebody took this office on that day, or later. Check the day.")})
        if known.until is None or known.until >= since or known.until == left_on:
            known.until = since - DAY
            known.save(update_fields=["until"])


def _took_later(row: OfficeHolder, known: OfficeHolder) -> bool:
    """Whether `row` took the office after `known` had left it."""
    return row.since is not None and known.until is not None and row.since > known.until
