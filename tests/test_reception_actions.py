"""Citizens' requests: registered, followed, their clock; applicants: known again, put right, found, erased."""

import datetime as dt
import threading
import uuid
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection

from branches import actions as work
from branches.actions.applicants import state_of
from branches.choices import (
    ANSWERED,
    Channel,
    ConsentAct,
    ConsentChannel,
    EventKind,
    HelpKind,
    RequestKind,
    RequestState,
    Role,
    WaitingReason,
)
from branches.dashboards.reception import reception_counts
from branches.dashboards.requests import request_card
from branches.metrics import has_control_digit
from branches.models import (
    Applicant,
    Assignment,
    AuditEvent,
    Consent,
    ConsentText,
    EventAnnulment,
    Locality,
    ReceptionEvent,
    ReceptionRule,
    Request,
    RequestOpening,
    RequestStep,
    RequestWords,
    StepWords,
    User,
)

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
MONDAY = dt.date(2025, 6, 2)  # 15 working days later it is 24 June: the 6th is Kurban ait
SUMMARY = "Ауызсу бірнеше күннен бері берілмейді"


def iin(number):
    """An invented IIN whose control digit is right."""
    first = f"850101{number:05d}"
    return next(first + digit for digit in "0123456789" if has_control_digit(first + digit))


def person(name="Ойданов Өтініш", phone="+7 000 1234567", address="Ойдан көшесі, 1", number=None):
    return work.Person(name, phone, address, iin(number) if number is not None else "")


def said(errors):
    """What is refused, by field."""
    return errors.value.message_dict if hasattr(errors.value, "error_dict") else {"": errors.value.messages}


@pytest.fixture
def register(cast):
    """`register(person, **said)`: the secretary of `own` registers a request."""

    def do(who=None, branch=None, **more):
        more = {"by": cast.people.secretary, "today": cast.today, "topic": cast.topics[0], "summary": SUMMARY} | more
        return work.register_request(branch=branch or cast.own, person=who or person(), **more)

    return do


@pytest.fixture
def follow(cast):
    """`follow(request, state, day, **said)`: the secretary of `own` says what became of it."""

    def do(request, state, today=None, **more):
        needed = {
            RequestState.POSITIVE: {"help_kind": HelpKind.ADVICE},
            RequestState.EXPLAINED: {"note": "түсіндірілді"},
            RequestState.REFUSED: {"note": "негізсіз"},
            RequestState.MISTAKE: {"note": "екі рет енгізілді"},
            RequestState.FORWARDED: {"forwarded_to": "әкімдік"},
            RequestState.WAITING: {"reason": WaitingReason.DOCUMENTS},
        }.get(state, {})
        more = {"by": cast.people.secretary, "today": today or cast.today} | needed | more
        return work.follow_request(request=request, state=state, **more)

    return do


@pytest.fixture
def event(cast):
    """An open-door day of `own`."""
    return work.record_event(
        branch=cast.own, by=cast.people.secretary, today=cast.today, kind=EventKind.OPEN_DAY, place="Мәдениет үйі"
    )


# --- events ----------------------------------------------------------------------------------------------------------
def test_an_event_entered_by_mistake_is_not_counted_from_that_day_on(cast, event):
    def counted(day):
        return [*ReceptionEvent.objects.as_of(day)]

    by = {"by": cast.people.reception, "today": cast.today + DAY}
    with pytest.raises(ValidationError):
        work.annul_event(event=event, **by, note=" ")
    token = uuid.uuid4()
    row = work.annul_event(event=event, **by, note=" екі рет енгізілген ", submission=token)
    assert work.annul_event(event=event, **by, note="екі рет енгізілген", submission=token) == row  # a double click
    assert (row.note, row.author, row.entered_on) == ("екі рет енгізілген", cast.people.reception, cast.today + DAY)
    assert counted(cast.today) == [event]  # figures of the day before stay as they were
    assert counted(cast.today + DAY) == []
    written = AuditEvent.objects.get(action="event.annul")
    assert (written.actor, written.subject) == ("reception", f"branches.receptionevent:{event.pk}")
    with pytest.raises(ValidationError):
        work.annul_event(event=event, **by, note="тағы да")
    assert EventAnnulment.objects.get() == row


def test_an_event_stands_while_requests_are_registered_at_it(cast, register, event, follow):
    request = register(channel=Channel.EVENT, event=event)
    said = {"event": event, "by": cast.people.secretary, "today": cast.today, "note": "басқа күні"}
    with pytest.raises(ValidationError) as refused:
        work.annul_event(**said)
    assert set(refused.value.message_dict) == {"instead"}
    follow(request, RequestState.MISTAKE, note="басқа кабылдау")
    assert work.annul_event(**said)
    with pytest.raises(ValidationError) as refused:
        register(cast.an_applicant(), channel=Channel.EVENT, event=event)
    assert set(refused.value.message_dict) == {"event"}


def test_what_was_asked_at_a_mistaken_event_was_asked_at_the_right_one(cast, register, event):
    by = {"by": cast.people.secretary, "today": cast.today}
    request = register(channel=Channel.EVENT, event=event)
    right = work.record_event(branch=cast.own, **by, kind=EventKind.MOBILE, place="клуб", held_on=cast.today - DAY)
    foreign = work.record_event(
        branch=cast.other, by=cast.people.other_secretary, today=cast.today, kind=EventKind.MOBILE, place="клуб"
    )
    wrong = [event, foreign]
    tomorrow = cast.today + DAY
    wrong.append(work.record_event(branch=cast.own, by=by["by"], today=tomorrow, kind=EventKind.MOBILE, place="үй"))
    for strange in wrong:  # itself, another branch's, one that was held after the request was made
        with pytest.raises(ValidationError) as refused:
            work.annul_event(event=event, by=by["by"], today=tomorrow, note="басқа күні", instead=strange)
        assert set(refused.value.message_dict) == {"instead"}
    work.annul_event(event=event, by=by["by"], today=tomorrow, note="басқа күні", instead=right)
    asked = Request.objects.filter(pk=request.pk)
    assert asked.as_of(cast.today).get().day_event == event.pk
    assert asked.as_of(tomorrow).get().day_event == right.pk
    with pytest.raises(ValidationError):  # it is what the other one was
        work.annul_event(event=right, by=by["by"], today=tomorrow, note="тағы")


@pytest.mark.parametrize("who", ["chair", "coordinator", "controller", "other_secretary", "observer"])
def test_who_does_not_receive_there_calls_no_event_a_mistake(cast, event, who):
    with pytest.raises(PermissionDenied):
        work.annul_event(event=event, by=getattr(cast.people, who), today=cast.today, note="қате")
    assert not EventAnnulment.objects.exists()


# --- registered ------------------------------------------------------------------------------------------------------
def test_everything_of_a_request_is_written_together(cast, register, event):
    place = Locality.objects.get(district=cast.own.district)
    request = register(
        person(number=1),
        received_on=MONDAY + 14 * DAY,
        locality=place,
        kind=RequestKind.COMPLAINT,
        channel=Channel.EVENT,
        event=event,
        consent_channel=ConsentChannel.ORAL,
    )
    request = Request.objects.get(pk=request.pk)
    assert str(request) == "№ 1/2025"
    assert (request.branch, request.topic, request.locality) == (cast.own, cast.topics[0], place)
    assert (request.kind, request.channel, request.event) == (RequestKind.COMPLAINT, Channel.EVENT, event)
    assert (request.author, request.entered_on) == (cast.people.secretary, cast.today)
    assert request.words.summary == SUMMARY
    who = request.applicant
    assert (who.full_name, who.phone, who.address) == ("Ойданов Өтініш", "+7 000 1234567", "Ойдан көшесі, 1")
    assert (who.iin, who.masked_iin) == (iin(1), f"•••• •••• {iin(1)[-4:]}")
    consent = who.consents.get()
    assert (consent.act, consent.channel, consent.text.version) == (ConsentAct.GIVEN, ConsentChannel.ORAL, "1")
    step = request.steps.get()
    assert (step.state, step.happened_on, step.due_on) == (RequestState.REGISTERED, cast.today, request.due_on)


def test_numbers_follow_one_another_in_a_branch_and_a_year(cast, register):
    second = {"branch": cast.other, "by": cast.people.other_secretary}
    asked = [
        register(cast.an_applicant()),
        register(cast.an_applicant(), **second),
        register(cast.an_applicant()),
        register(cast.an_applicant(), received_on=dt.date(2024, 12, 31)),  # a letter, typed in the new year
        register(cast.an_applicant()),
    ]
    assert [str(request) for request in asked] == ["№ 1/2025", "№ 1/2025", "№ 2/2025", "№ 1/2024", "№ 3/2025"]


def test_the_answer_is_due_in_the_working_days_of_the_branch(cast, register):
    assert register(cast.an_applicant(), received_on=MONDAY).due_on == dt.date(2025, 6, 24)
    work.set_reception_rule(branch=cast.own, by=cast.people.coordinator, answer_days=3)
    later = register(cast.an_applicant(), received_on=MONDAY)
    assert (later.answer_days, later.due_on) == (3, dt.date(2025, 6, 5))
    assert Request.objects.earliest("pk").due_on == dt.date(2025, 6, 24)


def refusals():
    future, first, last = dt.date(2025, 6, 17), dt.date.min, dt.date.max
    yield "a future day", {"received_on": future}, "received_on"
    yield "the end of time", {"received_on": last}, "received_on"
    yield "the beginning of time", {"received_on": first}, "received_on"
    yield "no summary", {"summary": "  \n"}, "summary"
    yield "an event without an event", {"channel": Channel.EVENT}, "event"
    yield "no name", {"who": person(name="  ")}, "full_name"
    yield "half a telephone", {"who": person(phone="12-34")}, "phone"
    yield "a short IIN", {"who": replace(person(), iin="85010112345")}, "iin"
    yield "letters in the IIN", {"who": replace(person(), iin="85010112345x")}, "iin"
    for number in ("000000000000", "777777777770", "991332000003"):  # the control digit of each fits
        yield f"born on no day: {number}", {"who": replace(person(), iin=number)}, "iin"
    yield "a name of digits", {"who": person(name="87000001234")}, "full_name"
    yield "a name of pictures", {"who": person(name="🙂 🙂")}, "full_name"
    yield "a wrong digit", {"who": replace(person(), iin=f"{iin(1)[:-1]}{(int(iin(1)[-1]) + 1) % 10}")}, "iin"


@pytest.mark.parametrize(("more", "field"), [pytest.param(*case[1:], id=case[0]) for case in refusals()])
def test_what_cannot_be_registered(register, written, more, field):
    before = written()
    with pytest.raises(ValidationError) as errors:
        register(**more)
    assert list(said(errors)) == [field]
    assert written() == before
    assert not Applicant.objects.exists()


@pytest.mark.parametrize(
    ("day_and_century", "is_somebody"),
    [
        ("8501014", True),
        ("0002295", True),  # 2000 was a leap year
        ("0002293", False),  # 1900 was not
        ("0002290", True),  # one of the centuries fits
        ("8501017", False),
        ("8502304", False),
        ("8500014", False),
        ("8501004", False),
    ],
)
def test_an_iin_begins_with_a_day_of_birth(day_and_century, is_somebody):
    eleven = (f"{day_and_century}{number:04}" for number in range(20))
    number = next(first + digit for first in eleven for digit in "0123456789" if has_control_digit(first + digit))
    try:
        work.applicants.check_person(work.Person("Аты", iin=number))
    except ValidationError as refused:
        assert not is_somebody
        assert set(refused.error_dict) == {"iin"}
    else:
        assert is_somebody


def test_an_event_must_be_named_where_the_request_came_at_one(cast, register, event):
    with pytest.raises(ValidationError) as errors:
        register(event=event)
    assert list(said(errors)) == ["channel"]
    with pytest.raises(ValidationError) as errors:
        register(event=event, channel=Channel.EVENT, received_on=event.held_on - DAY)
    assert list(said(errors)) == ["received_on"]
    with pytest.raises(ValidationError) as errors:
        register(event=event, channel=Channel.EVENT, branch=cast.other, by=cast.people.other_secretary)
    assert list(said(errors)) == ["event"]
    assert not Request.objects.exists()


def test_a_locality_lies_in_the_land_of_the_branch(cast, register, abroad):
    there = Locality.objects.get(district=cast.other.district)
    with pytest.raises(ValidationError) as errors:
        register(locality=there)
    assert list(said(errors)) == ["locality"]
    of_the_region = User.objects.create_user("oblast")
    Assignment.objects.create(user=of_the_region, role=Role.SECRETARY, branch=cast.oblast)
    assert register(locality=there, branch=cast.oblast, by=of_the_region).locality == there
    far = Locality.objects.create(
        district=abroad.district, kind="village", name_kk="Алыс", name_ru="Алыс", name_en="Alys"
    )
    with pytest.raises(ValidationError):
        register(locality=far, branch=cast.oblast, by=of_the_region)


def test_without_a_text_of_the_consent_nothing_is_registered(register):
    ConsentText.objects.update(valid_from=dt.date(2025, 6, 17))
    with pytest.raises(ValidationError):
        register()
    assert not Applicant.objects.exists()
    assert not Request.objects.exists()


def test_the_consent_is_to_the_text_of_the_day(cast, register):
    words = {f"{name}_{code}": "мәтін" for name in ("name", "text") for code in ("kk", "ru", "en")}
    new = ConsentText.objects.create(version="2", valid_from=cast.today, **words)
    assert register().applicant.consents.get().text == new
    earlier = register(cast.an_applicant(), received_on=cast.today - DAY)
    assert earlier.applicant.consents.get().text.version == "1"


def test_while_only_mandates_are_taken(cast, register):
    ReceptionRule.objects.create(branch=cast.own, mandates_from=cast.today - DAY, mandates_until=cast.today)
    for day in (cast.today - DAY, cast.today):
        with pytest.raises(ValidationError) as errors:
            register(received_on=day)
        assert list(said(errors)) == ["kind"]
        assert register(cast.an_applicant(), received_on=day, kind=RequestKind.MANDATE).pk
    assert register(received_on=cast.today - 2 * DAY).kind == RequestKind.APPLICATION


def test_only_who_receives_in_the_branch_registers(cast, register):
    people = cast.people
    for stranger in (people.other_secretary, people.coordinator, people.chair, people.controller, people.administrator):
        with pytest.raises(PermissionDenied):
            register(by=stranger)
    assert register(by=people.reception).author == people.reception


def test_when_the_last_write_fails_nothing_stays(register, monkeypatch):
    def fail(*args, **kwargs):
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(RequestStep.objects.__class__, "create", fail, raising=True)
    with pytest.raises(RuntimeError):
        register()
    assert [model.objects.count() for model in (Applicant, Consent, Request, RequestWords, AuditEvent)] == [0] * 5


def test_a_double_click_registers_once(register):
    token = uuid.uuid4()
    assert register(submission=token) == register(submission=token)
    assert (Request.objects.count(), Applicant.objects.count(), Consent.objects.count()) == (1, 1, 1)


# --- who asks again --------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("first", "second", "is_same"),
    [
        pytest.param(person(number=1), person(phone="", number=1), True, id="the same IIN"),
        pytest.param(person(), person("ойданов  өтініш", "8 (000) 123-45-67"), True, id="name and telephone"),
        pytest.param(person(), person(number=1), True, id="the IIN is told now"),
        pytest.param(person(number=1), person(number=2), False, id="another IIN"),
        pytest.param(person(), person(phone="+7 000 7654321"), False, id="another telephone"),
        pytest.param(person(phone=""), person(phone=""), False, id="the name alone"),
        pytest.param(person(), person("Ойданова Әлия"), False, id="the family's telephone"),
    ],
)
def test_who_is_known_already(register, first, second, is_same):
    known = register(first).applicant
    assert (register(second, allow_duplicate=True).applicant == known) is is_same
    assert Applicant.objects.count() == (1 if is_same else 2)


def test_what_is_told_anew_is_kept_and_what_is_not_told_stays(cast, register):
    register(person(number=1))
    who = register(work.Person("Ойданов Өтініш", "+7 000 7654321", "", iin(1)), topic=cast.topics[1]).applicant
    who.refresh_from_db()
    assert (who.full_name, who.phone, who.address) == ("Ойданов Өтініш", "+7 000 7654321", "Ойдан көшесі, 1")
    assert AuditEvent.objects.filter(action="applicant.change").count() == 1


def test_an_iin_with_another_name_is_refused(register, written):
    register(person(number=1))
    before = written()
    with pytest.raises(ValidationError) as refused:
        register(person("Басқа Есім", "", number=1), allow_duplicate=True)
    assert set(refused.value.error_dict) == {"iin"}
    assert written() == before
    assert Applicant.objects.get().full_name == "Ойданов Өтініш"


def test_one_iin_is_not_written_to_two_applicants(register, written, cast):
    mine, his = register(person("Ойданов Әли", "+7 000 0000011")), register(person("Ойданов Болат", number=1))
    before = written()
    with pytest.raises(ValidationError) as refused:
        work.change_applicant(
            request=mine, by=cast.people.secretary, person=work.Person("Ойданов Әли", "+7 000 0000011", "", iin(1))
        )
    assert set(refused.value.error_dict) == {"iin"}
    assert written() == before
    again = register(person("Ойданов Болат", number=1), topic=cast.topics[1])  # and its owner is not sent away
    assert again.applicant_id == his.applicant_id


def test_another_branch_knows_nobody_of_this_one(cast, register):
    register(person(number=1))
    there = register(person(number=1), branch=cast.other, by=cast.people.other_secretary)
    assert there.applicant.branch == cast.other
    assert Applicant.objects.count() == 2


@pytest.mark.parametrize(
    "again",
    [
        pytest.param(person(phone="", number=1), id="the IIN"),
        pytest.param(person("Басқа Есім", "8 000 123 45 67"), id="the telephone"),
        pytest.param(person("ОЙДАНОВ  Өтініш", ""), id="the name"),
    ],
)
def test_a_likely_duplicate_is_asked_about(cast, register, written, again):
    first = register(person(number=1), received_on=cast.today - 90 * DAY)
    before = written()
    with pytest.raises(work.Duplicates) as found:
        register(again)
    assert found.value.requests == [first]
    assert written() == before
    assert Applicant.objects.count() == 1
    assert Applicant.objects.get().full_name == "Ойданов Өтініш"
    assert register(again, allow_duplicate=True).number == 2


def test_what_is_no_duplicate(cast, register, follow):
    register(received_on=cast.today - 91 * DAY)
    register(topic=cast.topics[1])
    register(branch=cast.other, by=cast.people.other_secretary)
    mistaken = register()  # the same topic only now
    follow(mistaken, RequestState.MISTAKE)
    assert register().pk


# --- what became of it -----------------------------------------------------------------------------------------------
@pytest.mark.parametrize("state", [state for state in RequestState if state != RequestState.REGISTERED])
def test_a_step_says_what_became_of_it(cast, register, follow, state):
    request = register()
    step = RequestStep.objects.get(pk=follow(request, state, note="жазба").pk)
    assert (step.state, step.happened_on, step.words.text) == (state, cast.today, "жазба")
    known = Request.objects.as_of(cast.today).filter(pk=request.pk).first()
    if state == RequestState.MISTAKE:
        assert known is None
    else:
        assert (known.day_state, known.is_answered) == (state, state in ANSWERED)


@pytest.mark.parametrize(
    ("state", "more", "field"),
    [
        (RequestState.POSITIVE, {"help_kind": ""}, "help_kind"),
        (RequestState.EXPLAINED, {"note": " "}, "note"),
        (RequestState.REFUSED, {"note": ""}, "note"),
        (RequestState.MISTAKE, {"note": ""}, "note"),
        (RequestState.WAITING, {"reason": ""}, "reason"),
        (RequestState.WAITING, {"reason": WaitingReason.OTHER, "note": " "}, "note"),
        (RequestState.FORWARDED, {"forwarded_to": " "}, "forwarded_to"),
        (RequestState.FORWARDED, {"body_due_on": dt.date(2025, 6, 15)}, "body_due_on"),
        (RequestState.FORWARDED, {"body_due_on": dt.date.max}, "body_due_on"),
        (RequestState.IN_WORK, {"happened_on": dt.date(2025, 6, 15)}, "happened_on"),
        (RequestState.IN_WORK, {"happened_on": dt.date(2025, 6, 17)}, "happened_on"),
        (RequestState.IN_WORK, {"happened_on": dt.date.max}, "happened_on"),
        (RequestState.IN_WORK, {"happened_on": dt.date.min}, "happened_on"),
        (RequestState.REGISTERED, {}, "state"),
        ("lost", {}, "state"),
    ],
)
def test_what_cannot_be_said(register, follow, written, state, more, field):
    request = register()
    before = written()
    with pytest.raises(ValidationError) as errors:
        follow(request, state, **more)
    assert list(said(errors)) == [field]
    assert written() == before


def test_what_belongs_to_another_state_is_not_kept(register, follow):
    more = {"help_kind": HelpKind.ADVICE, "forwarded_to": "әкімдік", "reason": WaitingReason.COURT}
    step = follow(register(), RequestState.IN_WORK, body_due_on=dt.date(2025, 7, 1), **more)
    assert (step.help_kind, step.forwarded_to, step.reason) == ("", "", "")
    assert step.due_on == step.request.due_on


def test_the_second_clerk_is_told_and_may_say_it_still(cast, register, follow):
    request = register()
    seen = request.steps.get().pk
    follow(request, RequestState.WAITING, by=cast.people.reception, seen=seen)
    with pytest.raises(ValidationError) as errors:
        follow(request, RequestState.POSITIVE, seen=seen)
    assert "Reception" in said(errors)[""][0]
    now = request.steps.latest("pk").pk
    assert follow(request, RequestState.POSITIVE, seen=now).state == RequestState.POSITIVE


def test_a_double_click_says_it_once(register, follow):
    request, token = register(), uuid.uuid4()
    first = follow(request, RequestState.IN_WORK, submission=token)
    assert follow(request, RequestState.IN_WORK, submission=token, seen=0) == first
    assert request.steps.count() == 2


def test_what_is_closed_opens_only_into_work_and_with_a_reason(register, follow):
    request = register()
    follow(request, RequestState.POSITIVE)
    with pytest.raises(ValidationError) as errors:
        follow(request, RequestState.WAITING)
    assert list(said(errors)) == ["state"]
    with pytest.raises(ValidationError) as errors:
        follow(request, RequestState.IN_WORK)
    assert list(said(errors)) == ["note"]
    assert follow(request, RequestState.IN_WORK, note="көмек келмеді").state == RequestState.IN_WORK


def test_of_a_mistake_nothing_more_is_said(register, follow):
    request = register()
    follow(request, RequestState.MISTAKE)
    with pytest.raises(ValidationError):
        follow(request, RequestState.IN_WORK, note="қайта")


def test_it_does_not_wait_twice(register, follow):
    request = register()
    follow(request, RequestState.WAITING)
    with pytest.raises(ValidationError) as errors:
        follow(request, RequestState.WAITING)
    assert list(said(errors)) == ["state"]


def test_only_who_receives_in_the_branch_follows(cast, register, follow):
    request = register()
    for stranger in (cast.people.other_secretary, cast.people.coordinator, cast.people.administrator):
        with pytest.raises(PermissionDenied):
            follow(request, RequestState.IN_WORK, by=stranger)


# --- the clock -------------------------------------------------------------------------------------------------------
@pytest.fixture
def asked(register):
    """Received on Monday, 2 June 2025; an answer is due by 24 June."""
    return register(received_on=MONDAY, today=MONDAY)


def flags(request, day):
    row = Request.objects.as_of(day).get(pk=request.pk)
    return row.day_due, row.is_stopped, row.is_overdue


def test_the_clock_stands_still_while_it_waits(asked, follow):
    due = dt.date(2025, 6, 24)
    assert flags(asked, due) == (due, False, False)
    assert flags(asked, due + DAY) == (due, False, True)
    wait = follow(asked, RequestState.WAITING, dt.date(2025, 6, 10))
    assert (wait.due_on, wait.days_left) == (None, 10)
    assert flags(asked, dt.date(2025, 12, 31)) == (None, True, False)
    step = follow(asked, RequestState.IN_WORK, dt.date(2025, 6, 20))
    assert (step.due_on, step.days_left) == (dt.date(2025, 7, 4), None)
    assert flags(asked, dt.date(2025, 7, 5))[2] is True


def test_a_state_body_has_its_own_clock(asked, follow):
    sent = follow(asked, RequestState.FORWARDED, dt.date(2025, 6, 10), body_due_on=dt.date(2025, 6, 18))
    assert (sent.due_on, sent.days_left) == (dt.date(2025, 6, 18), 10)
    row = Request.objects.as_of(dt.date(2025, 6, 19)).get(pk=asked.pk)
    assert (row.is_late_body, row.is_overdue, row.is_stopped) == (True, False, True)
    wait = follow(asked, RequestState.WAITING, dt.date(2025, 6, 23))  # the body's reply leads to a court
    assert wait.days_left == 10
    assert follow(asked, RequestState.IN_WORK, dt.date(2025, 6, 30)).due_on == dt.date(2025, 7, 15)


def test_a_body_is_given_as_many_days_as_the_branch_has(asked, follow):
    assert follow(asked, RequestState.FORWARDED, MONDAY).due_on == dt.date(2025, 6, 24)


def test_what_was_late_stays_late(asked, follow):
    wait = follow(asked, RequestState.WAITING, dt.date(2025, 6, 26))
    assert wait.days_left == -2
    step = follow(asked, RequestState.IN_WORK, dt.date(2025, 6, 30))
    assert step.due_on < dt.date(2025, 6, 26)
    assert flags(asked, dt.date(2025, 6, 30))[2] is True


def test_what_was_stopped_on_its_last_day_is_due_when_it_goes_on(asked, follow):
    assert follow(asked, RequestState.WAITING, dt.date(2025, 6, 24)).days_left == 0
    assert follow(asked, RequestState.IN_WORK, dt.date(2025, 6, 30)).due_on == dt.date(2025, 6, 30)


def test_the_clock_stands_still_while_it_is_closed(asked, follow):
    follow(asked, RequestState.POSITIVE, dt.date(2025, 6, 10))
    step = follow(asked, RequestState.IN_WORK, dt.date(2025, 6, 20), note="көмек келмеді")
    assert step.due_on == dt.date(2025, 7, 4)


# --- the applicant ---------------------------------------------------------------------------------------------------
def test_what_is_known_is_put_right_altogether(cast, register):
    request = register(person(number=1))
    new = work.Person("Дұрысов Өтініш", "8 000 765 43 21", "", iin(2))
    work.change_applicant(request=request, by=cast.people.reception, person=new)
    who = Applicant.objects.get()
    assert (who.full_name, who.phone, who.address, who.iin) == ("Дұрысов Өтініш", "8 000 765 43 21", "", iin(2))
    found = [work.find_requests(by=cast.people.secretary, person=row) for row in (new, person(number=1))]
    assert found == [[request], []]
    event = AuditEvent.objects.about(who).get(action="applicant.change")
    assert event.detail == ""


def test_an_iin_that_the_form_does_not_show_may_stay(cast, register):
    request = register(person(number=1))
    changed = work.change_applicant(request=request, by=cast.people.secretary, person=person("Ә"), keep_iin=True)
    assert (changed.iin, changed.iin_digest != "") == (iin(1), True)
    changed = work.change_applicant(request=request, by=cast.people.secretary, person=person("Ә"), keep_iin=False)
    assert (changed.iin, changed.iin_digest) == ("", "")


def test_what_somebody_else_put_right_is_not_written_over_unseen(cast, register):
    request = register()
    seen = state_of(request.applicant)
    first, second = person(phone="+7 000 1111111"), person(phone="+7 000 2222222")
    work.change_applicant(request=request, by=cast.people.reception, person=first, seen=seen)
    work.change_applicant(request=request, by=cast.people.reception, person=first, seen=seen)  # pressed twice
    with pytest.raises(ValidationError):
        work.change_applicant(request=request, by=cast.people.secretary, person=second, seen=seen)
    assert Applicant.objects.get().phone == "+7 000 1111111"
    now = state_of(Applicant.objects.get())
    work.change_applicant(request=request, by=cast.people.secretary, person=second, seen=now)
    assert Applicant.objects.get().phone == "+7 000 2222222"
    assert AuditEvent.objects.filter(action="applicant.change").count() == 2


def test_wrong_data_are_not_put_right(cast, register):
    request = register()
    with pytest.raises(ValidationError) as errors:
        work.change_applicant(request=request, by=cast.people.secretary, person=work.Person("", "12", "", "123"))
    assert sorted(said(errors)) == ["full_name", "iin", "phone"]
    assert Applicant.objects.get().full_name == "Ойданов Өтініш"


def test_a_person_does_not_say_itself():
    assert "Ойданов" not in repr(person()) + str(person())


@pytest.mark.parametrize(
    "sought",
    [
        pytest.param(work.Person("ойданов   ӨТІНІШ"), id="name"),
        pytest.param(work.Person("", "8 (000) 123-45-67"), id="telephone"),
        pytest.param(work.Person("", "", "", f" {iin(1)[:6]} {iin(1)[6:]} "), id="IIN with spaces"),
    ],
)
def test_a_person_is_found_exactly(cast, register, sought):
    older, newer = register(person(number=1)), register(person(number=1), topic=cast.topics[1])
    register(person("Басқа Есім", "+7 000 9999999", number=2))
    register(person(number=1), branch=cast.other, by=cast.people.other_secretary)
    assert work.find_requests(by=cast.people.reception, person=sought) == [newer, older]
    assert work.find_requests(by=cast.people.coordinator, person=sought) == []
    event = AuditEvent.objects.filter(action="request.find").order_by("pk")[0]
    assert (event.actor, event.detail) == ("reception", "2")


@pytest.mark.parametrize("sought", [work.Person("Ойданов"), work.Person("Өтініш Ойданов"), work.Person("", "1234567")])
def test_nothing_is_found_by_a_part(cast, register, sought):
    register()
    assert work.find_requests(by=cast.people.secretary, person=sought) == []


def test_nothing_personal_stands_in_the_audit(cast, register, follow):
    request = register(person(number=1))
    follow(request, RequestState.EXPLAINED, note="Ойдановқа жауап берілді")
    work.change_applicant(request=request, by=cast.people.secretary, person=person("Ойданова"))
    work.find_requests(by=cast.people.secretary, person=person(number=1))
    work.withdraw_consent(request=request, by=cast.people.secretary, today=cast.today, channel=ConsentChannel.ORAL)
    words = " ".join(f"{row.action} {row.subject} {row.detail}" for row in AuditEvent.objects.all())
    assert len(AuditEvent.objects.all()) == 6
    assert not [word for word in ("Ойдан", "0001234567", "1234567", iin(1), "Ауызсу", "жауап") if word in words]


def test_each_opening_is_written_down(cast, register):
    request = register()
    for _time in range(2):
        work.open_card(request=request, by=cast.people.reception)
    openings = RequestOpening.objects.filter(request=request)
    assert [row.reader for row in openings] == [cast.people.reception] * 2


# --- consent withdrawn, data erased ----------------------------------------------------------------------------------
@pytest.fixture
def withdraw(cast):
    def do(request, **more):
        more = {"by": cast.people.secretary, "today": cast.today, "channel": ConsentChannel.WRITTEN} | more
        return work.withdraw_consent(request=request, **more)

    return do


def personal(request):
    """Everything personal that is kept with a request."""
    who = Applicant.objects.get(pk=request.applicant_id)
    words = [RequestWords.objects.get(request__pk=request.pk).summary]
    words += StepWords.objects.filter(step__request=request).values_list("text", flat=True)
    digests = (who.name_digest, who.phone_digest, who.iin_digest)
    return [word for word in (who.full_name, who.phone, who.address, who.iin, *digests, *words) if word]


def test_without_anything_open_the_data_go_at_once(cast, register, follow, withdraw):
    request = register(person(number=1))
    follow(request, RequestState.EXPLAINED)
    assert len(personal(request)) == 9
    withdraw(request)
    assert personal(request) == []
    assert Applicant.objects.get().anonymised_on == cast.today
    assert work.find_requests(by=cast.people.secretary, person=person(number=1)) == []


def test_while_something_is_open_the_data_stay(cast, register, follow, withdraw):
    request, closed = register(), register(topic=cast.topics[1])
    follow(closed, RequestState.POSITIVE)
    withdraw(closed)
    assert personal(closed)
    assert work.anonymise(today=cast.today, keep_days=1000) == []
    follow(request, RequestState.POSITIVE)
    assert work.anonymise(today=cast.today, keep_days=1000) == [request.applicant_id]
    assert (personal(request), personal(closed)) == ([], [])


def test_consent_is_withdrawn_once_and_not_before_it_was_given(cast, register, withdraw):
    request, token = register(), uuid.uuid4()
    with pytest.raises(ValidationError) as errors:
        withdraw(request, happened_on=cast.today - DAY)
    assert list(said(errors)) == ["happened_on"]
    with pytest.raises(ValidationError) as errors:
        withdraw(request, happened_on=cast.today + DAY)
    assert list(said(errors)) == ["happened_on"]
    assert withdraw(request, submission=token) == withdraw(request, submission=token)
    with pytest.raises(ValidationError):
        withdraw(request)
    assert list(Consent.objects.order_by("pk").values_list("act", flat=True)) == [
        ConsentAct.GIVEN,
        ConsentAct.WITHDRAWN,
    ]


def test_who_asks_again_agrees_again(cast, register, withdraw):
    request = register()
    withdraw(request)
    again = register(topic=cast.topics[1])
    assert again.applicant_id == request.applicant_id
    assert Consent.objects.latest("pk").act == ConsentAct.GIVEN
    assert work.anonymise(today=cast.today, keep_days=1000) == []


def test_an_older_paper_takes_no_withdrawal_back(cast, register, follow, withdraw):
    first = register(received_on=MONDAY, today=MONDAY)
    withdraw(first)
    with pytest.raises(ValidationError) as refused:
        register(received_on=cast.today - DAY, topic=cast.topics[1])
    assert set(refused.value.error_dict) == {"received_on"}
    # Entered before such papers were refused, it would not speak, either.
    text = ConsentText.objects.get()
    said_earlier = {"act": ConsentAct.GIVEN, "channel": ConsentChannel.ORAL, "happened_on": cast.today - DAY}
    Consent.objects.create(
        applicant=first.applicant, text=text, author=cast.people.secretary, entered_on=cast.today, **said_earlier
    )
    assert not request_card(first, cast.today).has_consent
    follow(first, RequestState.EXPLAINED)
    assert work.anonymise(today=cast.today, keep_days=1000) == [first.applicant_id]


def test_of_whom_everything_is_erased_nothing_more_is_written(cast, register, follow, withdraw):
    request = register()
    follow(request, RequestState.EXPLAINED)
    withdraw(request)
    with pytest.raises(ValidationError):
        follow(request, RequestState.IN_WORK, note="Ойданов қайта келді")
    with pytest.raises(ValidationError):
        work.change_applicant(request=request, by=cast.people.secretary, person=person())
    assert personal(request) == []
    assert register().applicant_id != request.applicant_id


def test_after_their_time_data_are_erased_and_counts_stay(cast, register, follow):
    old, young, still_open, both = (register(cast.an_applicant(), received_on=MONDAY, today=MONDAY) for _ in range(4))
    for request, day in ((old, 5), (young, 9), (both, 4)):
        follow(request, RequestState.EXPLAINED, dt.date(2025, 6, day))
    again = work.Person(**{name: getattr(both.applicant, name) for name in ("full_name", "phone")})
    register(again, topic=cast.topics[1], received_on=MONDAY, today=MONDAY)
    mistaken = register(cast.an_applicant())
    follow(mistaken, RequestState.MISTAKE)
    count = {"branch": cast.own, "scope": [cast.own.pk], "year": 2025, "day": cast.today}
    before = reception_counts(**count)
    due = [old.applicant_id, mistaken.applicant_id]
    assert work.anonymise(today=dt.date(2025, 6, 15), keep_days=10, dry_run=True) == due
    assert personal(old)
    assert work.anonymise(today=dt.date(2025, 6, 15), keep_days=10) == due
    assert (personal(old), personal(mistaken)) == ([], [])
    assert all(personal(request) for request in (young, still_open, both))
    assert work.anonymise(today=dt.date(2025, 6, 15), keep_days=10) == []
    assert reception_counts(**count) == before
    assert AuditEvent.objects.filter(action="applicant.anonymise", actor="command").count() == 2


def test_the_words_of_a_mistake_go_at_once_also_of_who_stays(cast, register, follow):
    mistaken, good = register(), register(topic=cast.topics[1])
    follow(mistaken, RequestState.MISTAKE, note="бөтеннің сырқаты")
    assert mistaken.applicant_id == good.applicant_id
    assert work.anonymise(today=cast.today, keep_days=1000) == []
    assert RequestWords.objects.get(request=mistaken).summary == ""
    assert StepWords.objects.get(step__request=mistaken).text == ""
    assert RequestWords.objects.get(request=good).summary == SUMMARY


def test_time_is_counted_from_the_entry_not_from_a_day_told_afterwards(cast, register, follow):
    request = register(received_on=MONDAY, today=MONDAY)
    follow(request, RequestState.EXPLAINED, happened_on=MONDAY)
    assert work.anonymise(today=cast.today, keep_days=5) == []
    assert work.anonymise(today=cast.today + 5 * DAY, keep_days=5) == [request.applicant_id]


def test_what_nobody_can_read_any_more_is_erased_like_the_rest(cast, register, follow, settings):
    unreadable, readable = (register(cast.an_applicant(), received_on=MONDAY, today=MONDAY) for _ in range(2))
    for request in (unreadable, readable):
        follow(request, RequestState.EXPLAINED, MONDAY)
    with connection.cursor() as cursor:
        column = connection.ops.quote_name("full_name")
        sealed = "gAAAAABqY2xlLWVyLWtleS10aGF0LWlzLWxvc3Q="
        table = connection.ops.quote_name(Applicant._meta.db_table)
        cursor.execute(f"UPDATE {table} SET {column} = %s WHERE id = %s", [sealed, unreadable.applicant_id])
    both = [unreadable.applicant_id, readable.applicant_id]
    assert work.anonymise(today=cast.today, keep_days=5) == both
    assert set(Applicant.objects.values_list("full_name", "anonymised_on")) == {("", cast.today)}


# --- names in texts that others read ---------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Иванов Сергей", "передать Сергею"),
        ("Достоевский Фёдор", "просьба Достоевского"),
        ("Ким Игорь", "у Игоря течёт крыша"),
        ("Құрманова Әлия", "Алия Курмановаға айтыңыз"),  # typed on a Russian keyboard
        ("Түймебаев Ақжол", "Туймебаевқа"),
        ("Ан Ли", "Ан Ли келді"),
        ("Жүсіпбек Айбек", "Айбегіне"),
        ("Кузнец Павел", "дом Павла"),
        ("Akhmetova Saule", "Ахметова Сауле"),
        ("Ахметова Сәуле", "Akhmetovaға"),
        ("Ойданова Қарлығаш", "карлыгашпен"),
    ],
)
def test_a_name_is_known_in_any_case_and_on_any_keyboard(name, text):
    with pytest.raises(ValidationError):
        work.refuse_names(Applicant(full_name=name), note=text)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Болатов Марат", "маршрут бойынша жол болады, болашақта"),
        ("Асанова Айгүл", "асфальт төселмеген, асар"),
        ("Ли Ан", "литр, анық, линия"),
        ("Серік Ақ", "су ақпайды"),
    ],
)
def test_ordinary_words_are_no_names(name, text):
    work.refuse_names(Applicant(full_name=name), note=text)


# --- several at once -------------------------------------------------------------------------------------------------
def at_once(act, arguments):
    """Call `act` with each argument at the same moment, each in a thread with a connection of its own."""
    start = threading.Barrier(len(arguments), timeout=60)

    def clerk(argument):
        try:
            connection.ensure_connection()
            start.wait()
            return act(argument)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(arguments)) as clerks:
        return list(clerks.map(clerk, arguments))


@pytest.mark.django_db(transaction=True)
def test_clerks_at_once_take_different_numbers(cast, register):
    people = [cast.people.secretary, cast.people.reception] * 5
    who = [cast.an_applicant() for _ in people]
    kept = at_once(lambda place: register(who[place], by=people[place]), range(len(people)))
    assert sorted(request.number for request in kept) == list(range(1, 11))
    assert Applicant.objects.count() == 10


@pytest.mark.django_db(transaction=True)
def test_a_double_click_that_arrives_at_once_registers_once(cast, register):
    token = uuid.uuid4()
    kept = at_once(lambda _: register(submission=token), range(6))
    assert {request.pk for request in kept} == {Request.objects.get().pk}
    assert (Applicant.objects.count(), Consent.objects.count(), RequestStep.objects.count()) == (1, 1, 1)


@pytest.mark.django_db(transaction=True)
def test_of_two_steps_on_what_both_saw_the_second_is_told(cast, register, follow):
    request = register()
    seen = request.steps.get().pk

    def say(by):
        try:
            return follow(request, RequestState.POSITIVE, by=by, seen=seen)
        except ValidationError:
            return None

    kept = [step for step in at_once(say, [cast.people.secretary, cast.people.reception]) if step]
    assert kept == [request.steps.latest("pk")]
    assert request.steps.count() == 2
