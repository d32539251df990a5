"""Citizens' requests meet the roadmap: linked to measures, passed to party control, followed by recommendations."""

import datetime as dt
import uuid

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from branches.actions import refuse_names
from branches.actions.entry import check, day_of_entry, locked, refuse_strange, same_submission, unused
from branches.choices import REQUEST_CLOSED, Permission, RequestState
from branches.models import AuditEvent, Branch, Request, User
from roadmap.actions.advice import Advice, issue
from roadmap.models import Measure, Recommendation, Referral, RequestMeasure, Site


def link_request(
    *,
    request: Request,
    measure: Measure,
    by: User,
    today: dt.date,
    is_linked: bool = True,
    submission: uuid.UUID | None = None,
) -> RequestMeasure:
    """Say that a request speaks of a measure, or that it does not after all."""
    with locked(Branch.objects.for_user(by, Permission.RECEIVE), request.branch_id) as branch:
        links = RequestMeasure.objects.filter(request=request, measure=measure)
        told = same_submission(links, by, submission, is_linked=is_linked)
        if told:
            return told
        if is_linked:
            refuse_mistake(request)
        if measure.roadmap.branch_id != branch.pk and measure.roadmap.branch.region_id != branch.region_id:
            raise ValidationError({"measure": _("This is another branch's. Choose one from the list.")})
        if not Measure.objects.for_user(by).filter(pk=measure.pk).exists():
            raise ValidationError({"measure": _("This is another branch's. Choose one from the list.")})
        last = links.order_by("-id").first()
        if (last is not None and last.is_linked) == is_linked:
            said = _("The measure is linked already.") if is_linked else _("The measure is not linked.")
            raise ValidationError({"measure": said})
        row = RequestMeasure(
            request=request,
            measure=measure,
            is_linked=is_linked,
            author=by,
            entered_on=day_of_entry(today, request, last),
            submission=unused(RequestMeasure, submission),
        )
        check(row)
        row.save()
        AuditEvent.objects.record(by=by, action="request.link", subject=request, detail=f"{measure.pk}: {is_linked}")
        return row


def refer_request(
    *,
    request: Request,
    by: User,
    today: dt.date,
    note: str,
    site: Site | None = None,
    submission: uuid.UUID | None = None,
) -> Referral:
    """Pass a request to party control, once: what it should look at, without names.

    Control does not see who asks: a note that says the applicant's name, telephone or IIN is refused.
    """
    with locked(Branch.objects.for_user(by, Permission.RECEIVE), request.branch_id) as branch:
        told = same_submission(Referral.objects.filter(request=request), by, submission)
        if told:
            return told
        if Referral.objects.filter(request=request).exists():
            raise ValidationError(_("The request was passed to party control already."))
        last = request.steps.order_by("-id").first()
        if last.state in REQUEST_CLOSED:
            raise ValidationError(_("The request is closed: it is not passed on."))
        refuse_names(request.applicant, note=note)
        refuse_strange(by, [branch], site=site)
        row = Referral(
            request=request,
            site=site,
            note=note.strip(),
            author=by,
            entered_on=day_of_entry(today, request),
            submission=unused(Referral, submission),
        )
        check(row)
        row.save()
        AuditEvent.objects.record(by=by, action="request.refer", subject=request)
        return row


def recommend_on_request(
    *,
    request: Request,
    by: User,
    today: dt.date,
    advice: Advice,
    issued_on: dt.date | None = None,
    submission: uuid.UUID | None = None,
) -> Recommendation:
    """Party control recommends something because of a request that was passed to it."""
    with locked(Branch.objects.for_user(by, Permission.CONTROL), request.branch_id) as branch:
        rows = Recommendation.objects.filter(branch=branch, request=request)
        told = same_submission(rows, by, submission, text=advice.text.strip())
        if told:
            return told
        refuse_unreferred(request)
        return issue(
            advice,
            by=by,
            branch=branch,
            request=request,
            issued_on=issued_on or today,
            entered_on=day_of_entry(today, request),
            submission=unused(Recommendation, submission),
        )


def refuse_unreferred(request: Request) -> None:
    """Refuse a request that the branch did not pass to party control, or that was a mistake."""
    if not Referral.objects.filter(request=request).exists():
        raise ValidationError({"request": _("The branch did not pass this request to party control.")})
    refuse_mistake(request)


def refuse_mistake(request: Request) -> None:
    """Refuse a request that was entered by mistake."""
    if request.steps.filter(state=RequestState.MISTAKE).exists():
        raise ValidationError({"request": _("This request was entered by mistake.")})
