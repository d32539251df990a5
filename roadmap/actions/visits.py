"""Visits to sites: what was seen, what it says of measures, what is recommended."""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from amanat_tracker.generic.photos import CheckedPhoto
from branches.actions.entry import (
    EVER,
    check,
    day_of_entry,
    errors_of,
    files_kept_only_if_rows_are,
    keep_file,
    locked,
    refuse_strange,
    same_submission,
    unused,
)
from branches.choices import Permission
from branches.models import AuditEvent, Request, User
from roadmap.actions.advice import Advice, issue_several
from roadmap.actions.locks import locked_measure
from roadmap.actions.reports import add_verification
from roadmap.actions.requests import refuse_unreferred
from roadmap.choices import (
    CHECKLIST,
    CheckMark,
    Verdict,
    VisitKind,
)
from roadmap.models import (
    ControlPost,
    Finding,
    Photo,
    Recommendation,
    Site,
    SiteVisit,
    StatusReport,
    Verification,
)


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
    request: Request | None = None,
    seen: int | None = None,
    submission: uuid.UUID | None = None,
) -> Visited:
    """Record a visit to a site: readiness, checklist, findings, photographs, what it says of measures, recommendations.

    All of it in one transaction. `checklist` gives (mark, remarks) by point of CHECKLIST; `seen` is the last visit that
    the form showed (0: none; None: not asked). Readiness may fall only with a note, from the visit before to this one
    and, when this one is entered late, from it to the next. What is refused of a part is named by it:
    "finding_2_due_on", "recommendation_1_text", "verdict_17" and "verdict_17_note" of measure 17. `request` is the
    citizen's request, passed to control by the branch of the site, that is followed.
    """
    mine = Site.objects.for_user(by, Permission.CONTROL).select_related("branch")
    with files_kept_only_if_rows_are() as kept, locked(mine, site.pk) as row:
        told = same_submission(row.visits.all(), by, submission, readiness=readiness, note=note.strip())
        if told:
            return Visited(told, list(told.verifications.all()), list(told.recommendations.all()), repeated=True)
        if request is not None:
            refuse_strange(by, [row.branch], request=request)
            refuse_unreferred(request)
        day = visited_on or today
        last = row.visits.order_by("-id").first()
        if not note.strip():
            _refuse_a_fall(row, day, readiness)
        post = ControlPost.objects.filter(sites=row).stood_between(day, day, EVER).order_by("-id").first()
        visit = SiteVisit(
            site=row,
            post=post,
            request=request,
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
