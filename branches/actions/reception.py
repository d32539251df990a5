"""Citizens are received: requests, what becomes of them; and the rules of a reception office.

Every entry about requests of a branch locks the branch first: numbers follow one another without a gap, and two steps
of one request come one after the other.
"""

import datetime as dt
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables

from branches.actions.applicants import Person, current_consent_text, keep_applicant, refuse_names, why_no_consent_text
from branches.actions.calendar import clock_of
from branches.actions.entry import EVER, check, day_of_entry, locked, refuse_elsewhere, same_submission, unused
from branches.choices import (
    CLOCK_STOPPED,
    DUPLICATE_DAYS,
    FIRST_YEAR,
    REQUEST_CLOSED,
    Channel,
    ConsentAct,
    ConsentChannel,
    Permission,
    RequestKind,
    RequestState,
    WaitingReason,
)
from branches.models import (
    AuditEvent,
    Branch,
    CalendarDay,
    Consent,
    EventAnnulment,
    Locality,
    ReceptionEvent,
    ReceptionRule,
    Request,
    RequestStep,
    RequestWords,
    StepWords,
    Topic,
    User,
)

BODY_AT_MOST = dt.timedelta(days=366)  # for a state body to answer: a later day is a slip


class Duplicates(Exception):
    """Nothing was registered: the same person asked on the same topic not long ago, by `requests`."""

    def __init__(self, requests: list[Request]) -> None:
        super().__init__(f"{len(requests)} likely duplicates")
        self.requests = requests


@sensitive_variables()
def register_request(
    *,
    branch: Branch,
    by: User,
    today: dt.date,
    person: Person,
    topic: Topic,
    summary: str,
    consent_channel: str = ConsentChannel.WRITTEN,
    consent_shown: str | None = None,
    kind: str = RequestKind.APPLICATION,
    channel: str = Channel.DESK,
    received_on: dt.date | None = None,
    locality: Locality | None = None,
    event: ReceptionEvent | None = None,
    instead: Request | None = None,
    allow_duplicate: bool = False,
    submission: uuid.UUID | None = None,
) -> Request:
    """Register what a citizen asks: applicant, consent, words, the first step; the number is the branch's next.

    `consent_shown` is the fingerprint of the text that the form showed ("": it showed none; None: not asked): consent
    to another one, or to other words, is refused.
    `instead` is the one that was entered by mistake, for which it stands: under the same name it is the same person.
    Raises Duplicates when the same person asked on the same topic within DUPLICATE_DAYS, unless `allow_duplicate`.
    """
    with locked(Branch.objects.for_user(by, Permission.RECEIVE), branch.pk) as row:
        told = same_submission(Request.objects.filter(branch=row), by, submission, topic=topic)
        if told:
            return told
        day = received_on or today
        _refuse_day("received_on", day, today)
        _refuse_what_is_not_taken(row, kind, day, summary, channel, event, locality)
        applicant = keep_applicant(person, branch=row, by=by, likely=instead.applicant if instead else None)
        if not allow_duplicate and (found := likely_duplicates(branch=row, person=person, topic=topic, day=day)):
            raise Duplicates(found)
        answer_days = rule_of(row).answer_days
        request = Request(
            branch=row,
            year=day.year,
            number=_next_number(row, day.year),
            channel=channel,
            kind=kind,
            topic=topic,
            locality=locality,
            event=event,
            applicant=applicant,
            received_on=day,
            answer_days=answer_days,
            due_on=CalendarDay.objects.workdays().after(day, answer_days),
            author=by,
            entered_on=today,
            submission=unused(Request, submission),
        )
        check(request)
        _consent(request, consent_channel, consent_shown)
        request.save()
        RequestWords.objects.create(request=request, summary=summary.strip())
        RequestStep.objects.create(
            request=request,
            state=RequestState.REGISTERED,
            happened_on=day,
            due_on=request.due_on,
            author=by,
            entered_on=today,
        )
        AuditEvent.objects.record(by=by, action="request.register", subject=request, detail=str(request))
        return request


def likely_duplicates(*, branch: Branch, person: Person, topic: Topic, day: dt.date) -> list[Request]:
    """Requests likely the same: same IIN, telephone or name, same topic, within DUPLICATE_DAYS; at most five."""
    span = dt.timedelta(days=DUPLICATE_DAYS)
    asked = Request.objects.as_of(EVER).filter(branch=branch, topic=topic, received_on__range=(day - span, day + span))
    return list(asked.of_people(person.digests).select_related("topic").order_by("-id")[:5])


def duplicates_were_shown(*, by: User, found: Sequence[Request]) -> None:
    """Write down that the desk was shown likely duplicates: they tell what a person asked, as a search does."""
    AuditEvent.objects.record(by=by, action="request.find", subject="branches.request", detail=str(len(found)))


@sensitive_variables()
def follow_request(
    *,
    request: Request,
    by: User,
    today: dt.date,
    state: str,
    happened_on: dt.date | None = None,
    note: str = "",
    reason: str = "",
    forwarded_to: str = "",
    body_due_on: dt.date | None = None,
    help_kind: str = "",
    seen: int | None = None,
    submission: uuid.UUID | None = None,
) -> RequestStep:
    """Say what became of a request: in work, forwarded, waiting, answered, withdrawn, entered by mistake.

    `seen` is the last step that the form showed: when somebody else entered another meanwhile, this one is refused.
    `body_due_on` is by when the state body answers; without it, in as many working days as the branch has itself.
    """
    with _locked_request(request, by) as row:
        told = same_submission(row.steps.all(), by, submission, state=state)
        if told:
            return told
        steps = list(row.steps.select_related("author").order_by("id"))
        last, day = steps[-1], happened_on or today
        _refuse_day("happened_on", day, day_of_entry(today, last))
        _refuse_step(row, steps, state, day, reason, note, seen)
        if state == RequestState.FORWARDED:
            _refuse_body_day(body_due_on, day)
            refuse_names(row.applicant, forwarded_to=forwarded_to)
        is_the_same = last.forwarded_to == forwarded_to.strip() and last.reason == reason
        if state == last.state and state in CLOCK_STOPPED and is_the_same:
            raise ValidationError({"state": _("It stands so already.")})
        workdays = CalendarDay.objects.workdays()
        still = (*CLOCK_STOPPED, *REQUEST_CLOSED)
        clock = clock_of(row, steps, workdays)
        clock = clock.stopped(day, workdays) if state in still else clock.going_on(day, workdays)
        due_on = None
        if state == RequestState.FORWARDED:
            due_on = body_due_on or workdays.after(day, row.answer_days)
        elif state not in still:
            due_on = clock.due_on
        step = RequestStep(
            request=row,
            state=state,
            happened_on=day,
            due_on=due_on,
            days_left=clock.days_left if state in CLOCK_STOPPED else None,
            reason=reason if state == RequestState.WAITING else "",
            forwarded_to=forwarded_to.strip() if state == RequestState.FORWARDED else "",
            help_kind=help_kind if state == RequestState.POSITIVE else "",
            author=by,
            entered_on=day_of_entry(today, last),
            submission=unused(RequestStep, submission),
        )
        check(step)
        step.save()
        if note.strip():
            StepWords.objects.create(step=step, text=note.strip())
        AuditEvent.objects.record(by=by, action="request.follow", subject=row, detail=f"{last.state} → {state}")
        return step


def set_reception_rule(
    *,
    branch: Branch,
    by: User,
    answer_days: int,
    mandates_from: dt.date | None = None,
    mandates_until: dt.date | None = None,
) -> ReceptionRule:
    """Set in how many working days a branch answers, and when it takes voters' mandates only; for requests to come."""
    with locked(Branch.objects.for_user(by, Permission.SUPERVISE), branch.pk) as row:
        rule = rule_of(row)
        rule.answer_days, rule.mandates_from, rule.mandates_until = answer_days, mandates_from, mandates_until
        check(rule)
        rule.save()
        told = f"{answer_days}; {mandates_from or '—'}–{mandates_until or '—'}"
        AuditEvent.objects.record(by=by, action="reception.rule", subject=rule, detail=told)
        return rule


def rule_of(branch: Branch) -> ReceptionRule:
    """The rules of a branch; those that hold where nobody set any."""
    return ReceptionRule.objects.filter(branch=branch).first() or ReceptionRule(branch=branch)


@contextmanager
def _locked_request(request: Request, by: User) -> Iterator[Request]:
    """The request, while its branch is locked."""
    with locked(Branch.objects.for_user(by, Permission.RECEIVE), request.branch_id):
        yield Request.objects.select_related("branch", "applicant").get(pk=request.pk)


def _next_number(branch: Branch, year: int) -> int:
    """The next number of the branch's year. The branch is locked: nobody else takes it."""
    last = Request.objects.filter(branch=branch, year=year).aggregate(n=models.Max("number"))["n"]
    return (last or 0) + 1


def _refuse_day(field: str, day: dt.date, today: dt.date) -> None:
    """Refuse a day that has not come, or is a slip: before anything is counted from it."""
    if day > today:
        raise ValidationError({field: _("This day has not come yet. Enter today or an earlier day.")})
    if day.year < FIRST_YEAR:
        raise ValidationError({field: _("There is a slip in the year. Check the day.")})


def _refuse_body_day(body_due_on: dt.date | None, day: dt.date) -> None:
    """Refuse a day of the body's answer that lies before it got the request, or is a slip."""
    if body_due_on and body_due_on < day:
        raise ValidationError({"body_due_on": _("This day lies before the request was forwarded. Check it.")})
    if body_due_on and body_due_on > day + BODY_AT_MOST:
        raise ValidationError({"body_due_on": _("There is a slip in the year. Check the day.")})


def _refuse_what_is_not_taken(
    branch: Branch,
    kind: str,
    day: dt.date,
    summary: str,
    channel: str,
    event: ReceptionEvent | None,
    locality: Locality | None,
) -> None:
    """Say, by field, what cannot be registered."""
    if not summary.strip():
        raise ValidationError({"summary": _("Write in short what is asked.")})
    if kind != RequestKind.MANDATE and rule_of(branch).takes_mandates_only(day):
        raise ValidationError({"kind": _("On this day the branch takes voters' mandates only.")})
    if event is not None and event.branch_id != branch.pk:
        raise ValidationError({"event": _("This is another branch's. Choose one from the list.")})
    if (channel == Channel.EVENT) != (event is not None):
        said = _("Choose the event.") if event is None else _("An event is named: choose “at a reception event”.")
        raise ValidationError({"event" if event is None else "channel": said})
    if event is not None and EventAnnulment.objects.filter(event=event).exists():
        raise ValidationError({"event": _("This event was entered by mistake. Choose another one.")})
    if event is not None and event.held_on > day:
        raise ValidationError({"received_on": _("The event was held later. Check the day.")})
    refuse_elsewhere(branch, locality)


def _consent(request: Request, channel: str, shown: str | None) -> Consent:
    """Write down that the applicant agreed to the text of the day. A consent that was withdrawn later stays so."""
    text = current_consent_text(request.received_on)
    if text is None:
        raise ValidationError(why_no_consent_text(request.received_on))
    if shown is not None and shown != text.fingerprint:
        raise ValidationError(
            {"is_agreed": _("On the day received another text was in force: this one. Read it out, then tick again.")}
        )
    last = Consent.objects.filter(applicant=request.applicant_id).newest_first().first()
    if last and last.act == ConsentAct.WITHDRAWN and last.happened_on > request.received_on:
        raise ValidationError(
            {
                "received_on": _("After this day, on %(day)s, the applicant withdrew the consent. Ask for it anew.")
                % {"day": f"{last.happened_on:%d.%m.%Y}"}
            }
        )
    row = Consent(
        applicant=request.applicant,
        text=text,
        act=ConsentAct.GIVEN,
        channel=channel,
        happened_on=request.received_on,
        author=request.author,
        entered_on=request.entered_on,
    )
    check(row)
    row.save()
    return row


def _refuse_step(
    request: Request,
    steps: list[RequestStep],
    state: str,
    day: dt.date,
    reason: str,
    note: str,
    seen: int | None,
) -> None:
    """Say, by field, which step cannot follow."""
    last = [step for step in steps if not step.is_recount][-1]  # a recount of the calendar is nobody's word
    if seen is not None and seen < last.pk:
        raise ValidationError(
            _("Meanwhile %(who)s entered another step: “%(state)s”. Look at it, then say what you want to say.")
            % {"who": last.author, "state": last.get_state_display()}
        )
    if request.applicant.anonymised_on:
        raise ValidationError(_("The applicant's data are erased: nothing more is written."))
    if last.state == RequestState.MISTAKE:
        raise ValidationError(_("The request was entered by mistake: nothing more is said of it."))
    if state == RequestState.REGISTERED or state not in RequestState.values:
        raise ValidationError({"state": _("Choose from the list.")})
    if last.state in REQUEST_CLOSED and state not in (RequestState.IN_WORK, RequestState.MISTAKE):
        raise ValidationError({"state": _("The request is closed. Take it in work again first.")})
    if last.state in REQUEST_CLOSED and state == RequestState.IN_WORK and not note.strip():
        raise ValidationError({"note": _("The request was closed. Write why it is opened again.")})
    if state == RequestState.WAITING and reason == WaitingReason.OTHER and not note.strip():
        raise ValidationError({"note": _("Write what it waits for: another reason is not saved without a note.")})
    if state in (RequestState.EXPLAINED, RequestState.REFUSED, RequestState.MISTAKE) and not note.strip():
        raise ValidationError({"note": _("Write what was answered, or why: this is not saved without a note.")})
    if day < last.happened_on:
        raise ValidationError({"happened_on": _("This day lies before the last step. Check it.")})
