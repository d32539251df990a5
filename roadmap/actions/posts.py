"""Control posts: opened over sites, closed, reopened."""

import datetime as dt
import uuid
from collections.abc import Sequence

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db.models import Max
from django.utils.translation import gettext as _

from branches.actions.entry import (
    EVER,
    check,
    day_of_entry,
    locked,
    same_submission,
    unused,
)
from branches.choices import Permission
from branches.models import AuditEvent, Branch, User
from roadmap.choices import (
    ClosingReason,
    PostEvent,
    SiteState,
)
from roadmap.models import (
    ControlPost,
    PostChange,
    PostSite,
    Site,
)


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
