"""What party control does on sites: registers them, opens and closes posts, records visits."""

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied, ValidationError
from django.db.models import Max
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from amanat_tracker.generic.photos import CheckedPhoto
from branches.choices import Permission
from branches.models import AuditEvent, Branch, User
from roadmap.actions.advice import Advice, issue_several
from roadmap.actions.entry import (
    EVER,
    check,
    day_of_entry,
    errors_of,
    files_kept_only_if_rows_are,
    keep_file,
    locked,
    locked_measure,
    same_submission,
    unused,
)
from roadmap.actions.reports import add_verification
from roadmap.choices import (
    CHECKLIST,
    IN_USE,
    NEXT_STATES,
    CheckMark,
    ClosingReason,
    PostEvent,
    SiteState,
    Verdict,
    VisitKind,
)
from roadmap.models import (
    ControlPost,
    Finding,
    Measure,
    Photo,
    PostChange,
    PostSite,
    Recommendation,
    Site,
    SiteStateChange,
    SiteVisit,
    StatusReport,
    Verification,
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


def open_post(
    *,
    sites: Sequence[Site],
    by: User,
    today: dt.date,
    chair: str,
    members: str = "",
    opened_on: dt.date | None = None,
    source: str = "",
    submission: uuid.UUID | None = None,
) -> ControlPost:
    """Open a control post over one or several sites of a branch. A site stands under one open post at a time."""
    if not sites:
        raise ValidationError({"sites": _("Choose at least one site.")})
    if len({site.branch_id for site in sites}) > 1:
        raise ValidationError({"sites": _("The sites of a post are of one branch.")})
    with locked(Branch.objects.for_user(by, Permission.CONTROL), sites[0].branch_id) as branch:
        told = same_submission(branch.posts.all(), by, submission, chair=chair.strip())
        if told:
            return told
        watched = _locked_sites(pk__in=[site.pk for site in sites])
        cancelled = Site.objects.filter(pk__in=watched).as_of(EVER).filter(day_state=SiteState.CANCELLED).first()
        if cancelled:
            raise ValidationError({"sites": _("“%(site)s” is cancelled.") % {"site": cancelled}})
        post = ControlPost(
            branch=branch,
            number=(branch.posts.aggregate(last=Max("number"))["last"] or 0) + 1,
            chair=chair.strip(),
            members=members.strip(),
            opened_on=opened_on or today,
            author=by,
            entered_on=today,
            source=source,
            submission=unused(ControlPost, submission),
        )
        check(post)
        _refuse_second_post(post, watched, post.opened_on, fields=("sites", "opened_on"))
        post.save()
        for pk in watched:
            PostSite.objects.create(post=post, site_id=pk, entered_on=today)
        AuditEvent.objects.record(by=by, action="post.open", subject=post, detail=", ".join(map(str, watched)))
        return post


def _locked_sites(**which: object) -> list[int]:
    """Sites, locked in one order until the transaction ends, so that none comes under two posts at once."""
    sites = Site.objects.select_for_update(of=("self",), no_key=True).filter(**which).order_by("pk")
    return [site.pk for site in sites]


def _refuse_second_post(post: ControlPost, sites: list[int], since: dt.date, *, fields: tuple[str, str]) -> None:
    """Raise when one of the sites stands under another post, or stood under it after the day `since`.

    `fields` are those of which the one and the other is said.
    """
    others = ControlPost.objects.as_of(EVER).exclude(pk=post.pk)
    occupied = Site.objects.filter(pk__in=sites, posts__in=others.filter(is_open=True)).first()
    if occupied:
        raise ValidationError({fields[0]: _("“%(site)s” stands under a post already.") % {"site": occupied}})
    later = others.stood_between(since + dt.timedelta(days=1), EVER, EVER)
    occupied = Site.objects.filter(pk__in=sites, posts__in=later).first()
    if occupied:
        raise ValidationError({fields[1]: _("“%(site)s” stood under another post then.") % {"site": occupied}})


def close_post(
    *,
    post: ControlPost,
    by: User,
    today: dt.date,
    reason: str,
    happened_on: dt.date | None = None,
    note: str = "",
    submission: uuid.UUID | None = None,
) -> PostChange:
    """Close a post, with the reason; "commissioned" only when all its sites are."""
    with locked(ControlPost.objects.for_user(by, Permission.CONTROL), post.pk) as row:
        told = same_submission(row.changes.all(), by, submission, event=PostEvent.CLOSED, reason=reason)
        if told:
            return told
        last = row.changes.order_by("-id").first()
        if last and last.event == PostEvent.CLOSED:
            raise ValidationError(_("The post is closed already."))
        watched = _locked_sites(posts=row)
        unfinished = Site.objects.filter(pk__in=watched).as_of(EVER).filter(is_commissioned=False).first()
        if reason == ClosingReason.COMMISSIONED and unfinished:
            raise ValidationError({"reason": _("“%(site)s” is not commissioned yet.") % {"site": unfinished}})
        return _change_post(row, by, today, last, PostEvent.CLOSED, reason, happened_on or today, note, submission)


def reopen_post(
    *,
    post: ControlPost,
    by: User,
    today: dt.date,
    note: str,
    happened_on: dt.date | None = None,
    submission: uuid.UUID | None = None,
) -> PostChange:
    """Open a closed post again, with the reason, unless one of its sites stands under another post by now."""
    with locked(ControlPost.objects.for_user(by, Permission.CONTROL), post.pk) as row:
        told = same_submission(row.changes.all(), by, submission, event=PostEvent.REOPENED, note=note.strip())
        if told:
            return told
        last = row.changes.order_by("-id").first()
        if last is None or last.event != PostEvent.CLOSED:
            raise ValidationError(_("The post is open already."))
        day = happened_on or today
        _refuse_second_post(row, _locked_sites(posts=row), min(day, today), fields=(NON_FIELD_ERRORS, "happened_on"))
        return _change_post(row, by, today, last, PostEvent.REOPENED, "", day, note, submission)


def _change_post(
    post: ControlPost,
    by: User,
    today: dt.date,
    last: PostChange | None,
    event: str,
    reason: str,
    happened_on: dt.date,
    note: str,
    submission: uuid.UUID | None,
) -> PostChange:
    if last and happened_on < last.happened_on:
        raise ValidationError({"happened_on": _("The last change is of a later day. Check the day.")})
    change = PostChange(
        post=post,
        author=by,
        entered_on=day_of_entry(today, last),
        event=event,
        reason=reason,
        happened_on=happened_on,
        note=note.strip(),
        submission=unused(PostChange, submission),
    )
    check(change)
    change.save()
    AuditEvent.objects.record(by=by, action=f"post.{event}", subject=post, detail=f"{reason}, {happened_on}")
    return change


@dataclass(frozen=True)
class Found:
    """A shortcoming found on a visit."""

    severity: str
    text: str
    due_on: dt.date | None = None


@dataclass(frozen=True)
class Judgement:
    """What a visit says of a measure's claim: `report` is the claim that the form showed."""

    report: StatusReport
    verdict: str
    note: str = ""


@dataclass(frozen=True)
class Visited:
    """A visit that was kept, with what was written beside it.

    `meanwhile` is another visit of the site that somebody entered after the form was opened (both are kept);
    `reused` are earlier photographs with the same content as new ones, as (new, earlier): a question, not a refusal;
    `repeated` says that this very submission had been kept before: a double click.
    """

    visit: SiteVisit
    verifications: Sequence[Verification] = ()
    recommendations: Sequence[Recommendation] = ()
    meanwhile: SiteVisit | None = None
    reused: Sequence[tuple[Photo, Photo]] = ()
    repeated: bool = False


def record_visit(
    *,
    site: Site,
    by: User,
    today: dt.date,
    readiness: int,
    visited_on: dt.date | None = None,
    kind: str = VisitKind.VISIT,
    participants: str = "",
    checklist: Mapping[str, tuple[str, str]] | None = None,
    note: str = "",
    findings: Sequence[Found] = (),
    photos: Sequence[CheckedPhoto] = (),
    judgements: Sequence[Judgement] = (),
    advice: Sequence[Advice] = (),
    seen: int | None = None,
    submission: uuid.UUID | None = None,
) -> Visited:
    """Record a visit to a site: readiness, checklist, findings, photographs, what it says of measures, recommendations.

    All of it in one transaction. `checklist` gives (mark, remarks) by point of CHECKLIST; `seen` is the last visit that
    the form showed (0: none; None: not asked). Readiness may fall only with a note, from the visit before to this one
    and, when this one is entered late, from it to the next. What is refused of a part is named by it:
    "finding_2_due_on", "recommendation_1_text", "verdict_17" and "verdict_17_note" of measure 17.
    """
    mine = Site.objects.for_user(by, Permission.CONTROL).select_related("branch")
    with files_kept_only_if_rows_are() as kept, locked(mine, site.pk) as row:
        told = same_submission(row.visits.all(), by, submission, readiness=readiness, note=note.strip())
        if told:
            return Visited(told, list(told.verifications.all()), list(told.recommendations.all()), repeated=True)
        day = visited_on or today
        last = row.visits.order_by("-id").first()
        if not note.strip():
            _refuse_a_fall(row, day, readiness)
        post = ControlPost.objects.filter(sites=row).stood_between(day, day, EVER).order_by("-id").first()
        visit = SiteVisit(
            site=row,
            post=post,
            author=by,
            entered_on=day_of_entry(today, row, last),
            kind=kind,
            visited_on=day,
            participants=participants.strip(),
            readiness=readiness,
            note=note.strip(),
            submission=unused(SiteVisit, submission),
            **_checked(checklist or {}),
        )
        check(visit)
        visit.save()
        for place, found in enumerate(findings, start=1):
            with errors_of(f"finding_{place}"):
                finding = Finding(
                    visit=visit, position=place, severity=found.severity, text=found.text.strip(), due_on=found.due_on
                )
                check(finding)
                finding.save()
        recommendations = issue_several(
            advice,
            by=by,
            branch=row.branch,
            visit=visit,
            issued_on=day,
            entered_on=visit.entered_on,
            submission=visit.submission,
        )
        verifications = _judge(visit, judgements)
        reused = [pair for photo in photos if (pair := _keep_photo(visit, photo, kept)) is not None]
        AuditEvent.objects.record(
            by=by, action=f"site.{kind}", subject=row, detail=f"{day}, {readiness} %, visit {visit.pk}"
        )
        meanwhile = last if last is not None and seen is not None and last.pk != seen else None
        return Visited(visit, verifications, recommendations, meanwhile, reused)


def _refuse_a_fall(site: Site, day: dt.date, readiness: int) -> None:
    """Raise when readiness falls from the visit before `day` to this one, or from this one to the next, unexplained."""
    before = site.visits.filter(visited_on__lte=day).order_by("-visited_on", "-id").first()
    if before and readiness < before.readiness:
        raise ValidationError(
            {
                "note": _("Readiness was %(before)s %% and is now %(now)s %%. Write why it fell.")
                % {"before": before.readiness, "now": readiness}
            }
        )
    after = site.visits.filter(visited_on__gt=day).order_by("visited_on", "id").first()
    if after and readiness > after.readiness and not after.note:
        raise ValidationError(
            {
                "note": _("On %(day)s readiness was %(after)s %%, less than on this visit. Write why it fell.")
                % {"day": date_format(after.visited_on, "SHORT_DATE_FORMAT"), "after": after.readiness}
            }
        )


def _checked(checklist: Mapping[str, tuple[str, str]]) -> dict[str, str]:
    """The fields of the checklist."""
    fields = {}
    for point in CHECKLIST:
        mark, remarks = checklist.get(point, (CheckMark.UNCHECKED, ""))
        fields |= {point: mark, f"{point}_note": remarks.strip()}
    return fields


def _judge(visit: SiteVisit, judgements: Sequence[Judgement]) -> list[Verification]:
    """Confirm and refute what was reported of the site's measures, as one who may verify them."""
    verifications = []
    linked = set(visit.site.measures.values_list("pk", flat=True))
    for judgement in sorted(judgements, key=lambda each: each.report.measure_id):  # one order of locks: no deadlock
        measure = judgement.report.measure
        if measure.pk not in linked:
            raise PermissionDenied
        name = f"verdict_{measure.pk}"
        fields = {"note": f"{name}_note"} | dict.fromkeys(("verdict", "seen_on", "basis"), name)
        with errors_of(name, rename=fields), locked_measure(measure, visit.author, Permission.VERIFY) as row:
            verifications.append(
                add_verification(
                    Verification(
                        measure=row,
                        author=visit.author,
                        entered_on=visit.entered_on,
                        report=judgement.report,
                        verdict=Verdict(judgement.verdict),
                        visit=visit,
                        seen_on=visit.visited_on,
                        note=judgement.note.strip(),
                    )
                )
            )
    return verifications


def _keep_photo(visit: SiteVisit, photo: CheckedPhoto, kept: list) -> tuple[Photo, Photo] | None:
    """Keep a photograph; give it with an earlier one of the same content, if there is one that its author may see."""
    upload = photo.upload
    earlier = Photo.objects.for_user(visit.author).filter(sha256=upload.sha256).order_by("id").first()
    row = Photo(
        visit=visit,
        name=upload.name,
        content_type=photo.content_type,
        size=upload.size,
        sha256=upload.sha256,
        width=photo.width,
        height=photo.height,
        taken_at=photo.taken_at,
        latitude=photo.latitude,
        longitude=photo.longitude,
    )
    keep_file(row.original, upload.file, kept)
    keep_file(row.file, photo.picture, kept)
    keep_file(row.thumbnail, photo.thumbnail, kept)
    row.save()
    return (row, earlier) if earlier else None
