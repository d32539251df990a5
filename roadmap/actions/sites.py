"""What party control says of sites: that they are there, what is written of them, in which state they are."""

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from branches.actions.entry import (
    check,
    day_of_entry,
    errors_of,
    locked,
    same_submission,
    unused,
)
from branches.choices import Permission
from branches.models import AuditEvent, Branch, User
from roadmap.choices import (
    IN_USE,
    NEXT_STATES,
    SiteState,
)
from roadmap.models import (
    Measure,
    Site,
    SiteStateChange,
)

READY_ENOUGH = 90  # percent, on the last visit: a site is commissioned without a note from here on
# What may be said of a site when it is registered, and put right later; its state has an action of its own.
SITE_FIELDS = (
    "kind",
    "name",
    "district",
    "locality",
    "customer",
    "contractor",
    "contractor_bin",
    "contract_number",
    "contract_date",
    "contract_sum",
    "capacity",
    "planned_on",
    "contract_until",
    "carried_over_from",
    "source",
)


def register_site(
    *,
    branch: Branch,
    by: User,
    today: dt.date,
    state: str = SiteState.PLANNED,
    state_on: dt.date | None = None,
    state_note: str = "",
    measures: Iterable[Measure] = (),
    submission: uuid.UUID | None = None,
    **fields: object,
) -> Site:
    """Add a site of a branch, in the state in which it stands now. `fields` are of SITE_FIELDS."""
    with locked(Branch.objects.for_user(by, Permission.CONTROL), branch.pk) as home:
        told = same_submission(Site.objects.filter(branch=home), by, submission, name=fields.get("name", "").strip())
        if told:
            return told
        site = Site(branch=home, author=by, entered_on=today, submission=unused(Site, submission))
        _describe(site, fields, measures)
        with errors_of("state", rename={"note": "state_note", "happened_on": "state_on", "state": "state"}):
            _change_state(site, by, today, state=state, happened_on=state_on or today, note=state_note)
        AuditEvent.objects.record(by=by, action="site.register", subject=site, detail=site.name)
        return site


def change_site(
    *, site: Site, by: User, today: dt.date, measures: Iterable[Measure] | None = None, **fields: object
) -> Site:
    """Put right what is written of a site; its measures when these are given. States, posts and visits are history."""
    with locked(Site.objects.for_user(by, Permission.CONTROL), site.pk) as row:
        before = {name: str(getattr(row, name)) for name in fields}
        linked = set(row.measures.values_list("pk", flat=True))
        _describe(row, fields, measures)
        changed = [name for name, value in before.items() if str(getattr(row, name)) != value]
        if linked != set(row.measures.values_list("pk", flat=True)):
            changed.append("measures")
        AuditEvent.objects.record(by=by, action="site.change", subject=row, detail=f"{today}: {', '.join(changed)}")
        return row


def _describe(site: Site, fields: Mapping[str, Any], measures: Iterable[Measure] | None) -> None:
    unknown = fields.keys() - set(SITE_FIELDS)
    if unknown:
        raise TypeError(f"A site has no {', '.join(sorted(unknown))}.")
    for name, value in fields.items():
        setattr(site, name, value.strip() if isinstance(value, str) else value)
    if site.branch.district_id and site.district_id != site.branch.district_id:
        raise ValidationError({"district": _("The site lies in another district than its branch.")})
    if site.district.region_id != site.branch.region_id:
        raise ValidationError({"district": _("The site lies in another region than its branch.")})
    check(site)
    linked = [measure.pk for measure in measures or ()]
    if Measure.objects.filter(pk__in=linked).exclude(roadmap__branch=site.branch_id).exists():
        raise ValidationError({"measures": _("Choose measures of the same branch.")})
    site.save()
    if measures is not None:
        site.measures.set(linked)


def set_site_state(
    *,
    site: Site,
    by: User,
    today: dt.date,
    state: str,
    happened_on: dt.date | None = None,
    note: str = "",
    submission: uuid.UUID | None = None,
) -> SiteStateChange:
    """Bring a site into another state: commissioned, suspended, reopened ("accepted, yet unusable")…"""
    with locked(Site.objects.for_user(by, Permission.CONTROL), site.pk) as row:
        told = same_submission(row.states.all(), by, submission, state=state, note=note.strip())
        if told:
            return told
        last = row.states.order_by("-id").first()
        standing = last.state if last else SiteState.PLANNED
        if state not in NEXT_STATES[standing]:
            raise ValidationError(
                {
                    "state": _("The site is “%(state)s”: this state does not follow. Choose one from the list.")
                    % {"state": SiteState(standing).label}
                }
            )
        day = happened_on or today
        if last and day < last.happened_on:
            raise ValidationError({"happened_on": _("The last state is of a later day. Check the day.")})
        if standing in IN_USE and state == SiteState.CONSTRUCTION and not note.strip():
            raise ValidationError({"note": _("Write why the site is reopened.")})
        if state == SiteState.COMMISSIONED and standing == SiteState.CONSTRUCTION and not note.strip():
            _refuse_unready(row)
        change = _change_state(
            row, by, day_of_entry(today, last), state, day, note, unused(SiteStateChange, submission)
        )
        AuditEvent.objects.record(by=by, action="site.state", subject=row, detail=f"{standing} → {state}, {day}")
        return change


def _refuse_unready(site: Site) -> None:
    """Raise when the last visit saw a site far from ready: then its commissioning is not entered without a word."""
    last = site.visits.order_by("-visited_on", "-id").first()
    if last and last.readiness < READY_ENOUGH:
        said = {"percent": last.readiness, "day": date_format(last.visited_on, "SHORT_DATE_FORMAT")}
        words = _("On %(day)s the site was %(percent)s %% ready. Write by which act it is commissioned.")
        raise ValidationError({"note": words % said})


def _change_state(
    site: Site,
    by: User,
    entered_on: dt.date,
    state: str,
    happened_on: dt.date,
    note: str,
    submission: uuid.UUID | None = None,
) -> SiteStateChange:
    change = SiteStateChange(
        site=site,
        author=by,
        entered_on=entered_on,
        state=state,
        happened_on=happened_on,
        note=note.strip(),
        submission=submission or uuid.uuid4(),
    )
    check(change)
    change.save()
    return change
