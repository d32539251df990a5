"""Citizens' requests at the desk: registering, the card, steps, the applicant, finding a person; what is not told."""

import datetime as dt
import html
import logging
import re

import pytest
import time_machine
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.views.debug import ExceptionReporter

from branches import actions as work
from branches.choices import (
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
from branches.metrics import has_control_digit
from branches.models import (
    Applicant,
    Assignment,
    AuditEvent,
    CalendarDay,
    Consent,
    ConsentText,
    Locality,
    ReceptionRule,
    Request,
    RequestOpening,
    RequestStep,
    Topic,
    User,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]
NEW, FIND = "/reception/requests/new/", "/reception/requests/find/"
DAY = dt.timedelta(days=1)
MONDAY = dt.date(2025, 6, 2)  # an answer to what was received then is due by 24 June
IIN = next(f"85010112345{digit}" for digit in "0123456789" if has_control_digit(f"85010112345{digit}"))
TYPED = {
    "full_name": "Ойданов Өтініш",
    "phone": "8 (000) 123-45-67",
    "address": "Ойдан көшесі, 17",
    "iin": f"{IIN[:6]} {IIN[6:]}",
    "summary": "Ауызсу үш күннен бері жоқ",
    "note": "Ойдановқа су тасу ұйымдастырылды",
}
# What no page but the card may repeat, in any of the forms in which it was typed or is kept.
PERSONAL = ("Ойдан", "123-45-67", "1234567", IIN, IIN[6:], "Ауызсу", "ұйымдастырылды")


def text_of(response):
    """What is read on a page, without markup, each space one."""
    body = re.sub(r"<(script|style)\b.*?</\1>|<[^>]*>", " ", response.content.decode(), flags=re.DOTALL)
    return " ".join(html.unescape(body).split())


def repeats(text):
    return [word for word in PERSONAL if word in text]


def errors_of(response):
    """What is refused, by field; "" is the form as a whole."""
    return dict(response.context["form"].errors.items()) if response.status_code == 200 else {}


@pytest.fixture
def desk(cast, as_user):
    """The reception officer of `own`, in English."""
    client = as_user(cast.people.reception)
    client.cookies["django_language"] = "en"
    return client


@pytest.fixture
def typed(cast):
    """A filled in form; `typed(topic=…)` with something else in it."""

    def fill(**other):
        said = {name: TYPED[name] for name in ("full_name", "phone", "address", "iin", "summary")}
        return {
            **said,
            "topic": cast.topics[0].pk,
            "locality": "",
            "is_agreed": "on",
            "consent_channel": ConsentChannel.WRITTEN,
            "consent_shown": ConsentText.objects.order_by("valid_from").last().fingerprint,
            "received_on": cast.today.isoformat(),
            "channel": Channel.DESK,
            "event": "",
            "kind": RequestKind.APPLICATION,
            **other,
        }

    return fill


@pytest.fixture
def asked(cast):
    """A request with everything personal in it, received on Monday, 2 June."""
    return cast.add_request(
        today=MONDAY,
        person=work.Person(*(TYPED[name] for name in ("full_name", "phone", "address", "iin"))),
        summary=TYPED["summary"],
    )


@pytest.fixture
def event(cast):
    return work.record_event(
        branch=cast.own,
        by=cast.people.secretary,
        today=cast.today,
        held_on=cast.today - DAY,
        kind=EventKind.OPEN_DAY,
        place="Мәдениет үйі",
    )


def follow(cast, request, state, day=None, **more):
    return work.follow_request(request=request, by=cast.people.secretary, today=day or cast.today, state=state, **more)


def at(name, request, **query):
    address = reverse(f"branches:{name}", args=[request.pk])
    return f"{address}?{'&'.join(f'{key}={value}' for key, value in query.items())}" if query else address


# --- the form of the desk --------------------------------------------------------------------------------------------
def test_the_form_begins_with_who_asks_and_ends_with_what_is_mostly_the_same(cast, desk):
    page = desk.get(NEW)
    body = page.content.decode()
    names = list(dict.fromkeys(re.findall(r'name="(\w+)"', body[body.index("say registering") :])))
    assert names[names.index("full_name") :] == [
        "full_name", "phone", "locality", "address", "iin", "topic", "summary", "is_agreed", "consent_channel",
        "received_on", "kind", "channel", "event",
    ]  # fmt: skip
    assert re.search(r'name="full_name"[^>]*autofocus', body)
    for name in ("full_name", "phone", "address", "iin", "summary"):
        field = re.search(rf'<(?:input|textarea)[^>]*name="{name}"[^>]*>', body)[0]
        assert 'autocomplete="off"' in field
        assert 'spellcheck="false"' in field
    assert 'inputmode="tel"' in body
    assert 'inputmode="numeric"' in body
    assert 'value="2025-06-16"' in body
    assert "accesskey" not in body
    assert "no-store" in page["Cache-Control"]


def test_it_says_by_when_the_answer_is_due_and_whose_standard_that_is(cast, desk):
    assert "it is answered by 08.07.2025: within 15 working days. That is the party's own standard" in text_of(
        desk.get(NEW)
    )
    ReceptionRule.objects.create(branch=cast.own, answer_days=1)
    assert "it is answered by 17.06.2025: within 1 working day. That is" in text_of(desk.get(NEW))


@pytest.mark.parametrize(("language", "words"), [("kk", "Келісемін."), ("ru", "Согласен."), ("en", "I agree.")])
def test_the_text_of_the_consent_is_in_the_language_of_the_reader(desk, language, words):
    desk.cookies["django_language"] = language
    body = desk.get(NEW).content.decode()
    assert words in re.search(r"<details class=\"consent-text\">.*?</details>", body, re.DOTALL)[0]


def test_without_a_text_the_form_says_so(desk):
    ConsentText.objects.all().delete()
    assert "No text of the consent is in force. The administrator must enter one first." in text_of(desk.get(NEW))


def test_before_the_first_text_the_form_says_from_which_day_there_is_one(desk, typed):
    earlier = {"received_on": "2022-12-31", "consent_shown": ""}
    words = "On 31.12.2022 no text of the consent was in force: the first one is in force from 01.01.2023."
    page = desk.post(NEW, typed(**earlier))
    assert errors_of(page) == {"__all__": [words]}
    assert text_of(page).count(words) == 2  # above the form, and in place of the text
    assert not Request.objects.exists()


def test_consent_is_to_the_very_text_that_the_page_shows(cast, desk, typed):
    def shown(page):
        return re.search(r'name="consent_shown" value="([0-9a-f-]+)"', page.content.decode())[1]

    earlier = shown(desk.get(NEW))
    words = {f"{name}_{code}": "жаңа мәтін" for name in ("name", "text") for code in ("kk", "ru", "en")}
    newer = ConsentText.objects.create(version="2", valid_from=cast.today, **words)  # while the form stood open
    refused = desk.post(NEW, typed(consent_shown=earlier))
    assert set(errors_of(refused)) == {"is_agreed"}
    assert "жаңа мәтін" in text_of(refused)
    assert shown(refused) == newer.fingerprint
    assert not refused.context["form"]["is_agreed"].value()
    assert refused.context["form"]["full_name"].value() == TYPED["full_name"]
    assert not Request.objects.exists()
    # and of a day on which the earlier one was in force, the page shows that one
    backdated = (cast.today - DAY).isoformat()
    refused = desk.post(NEW, typed(consent_shown=shown(refused), received_on=backdated))
    assert set(errors_of(refused)) == {"is_agreed"}
    assert shown(refused) == earlier
    desk.post(NEW, typed(consent_shown=shown(refused), received_on=backdated))
    assert Request.objects.get().applicant.consents.get().text.fingerprint == earlier


@pytest.mark.parametrize("shown", ["", "1", "1-0000000000000000"])
def test_consent_to_what_the_page_did_not_show_is_none(desk, typed, shown):
    assert set(errors_of(desk.post(NEW, typed(consent_shown=shown)))) == {"is_agreed"}
    assert not Request.objects.exists()


def test_consent_to_words_that_were_changed_meanwhile_is_asked_anew(desk, typed):
    sent = typed()
    ConsentText.objects.update(text_kk="басқаша айтылған мәтін")
    assert set(errors_of(desk.post(NEW, sent))) == {"is_agreed"}
    assert desk.post(NEW, typed()).status_code == 302


def test_a_request_is_registered_and_its_card_is_shown(cast, desk, typed):
    place = Locality.objects.get(district=cast.own.district)
    answer = desk.post(NEW, typed(locality=place.pk, consent_channel=ConsentChannel.ORAL), follow=True)
    request = Request.objects.get()
    assert answer.redirect_chain == [(request.get_absolute_url(), 302)]
    assert (request.branch, request.author, request.locality) == (cast.own, cast.people.reception, place)
    assert (request.applicant.full_name, request.applicant.iin) == (TYPED["full_name"], IIN)
    assert request.applicant.consents.get().channel == ConsentChannel.ORAL
    messages = [str(message) for message in answer.context["messages"]]
    assert messages == ["Request № 1/2025 is registered. The answer is due by 08.07.2025."]
    assert f'href="{NEW}?branch=own"' in answer.content.decode()


def refused():
    wrong_digit = f"{IIN[:-1]}{(int(IIN[-1]) + 1) % 10}"
    yield "no name", {"full_name": " "}, {"full_name"}
    yield "half a telephone", {"phone": "12345"}, {"phone"}
    yield "a wrong IIN", {"iin": wrong_digit}, {"iin"}
    yield "a short IIN", {"iin": IIN[:-1]}, {"iin"}
    yield "an IIN of nobody", {"iin": "000000000000"}, {"iin"}
    yield "a name of digits", {"full_name": "123 456"}, {"full_name"}
    yield "no topic", {"topic": ""}, {"topic"}
    yield "no such topic", {"topic": "999999"}, {"topic"}
    yield "no summary", {"summary": ""}, {"summary"}
    yield "a long summary", {"summary": "с" * 2001}, {"summary"}
    yield "no consent", {"is_agreed": ""}, {"is_agreed"}
    yield "a future day", {"received_on": "2025-06-17"}, {"received_on"}
    yield "the end of time", {"received_on": "9999-12-31"}, {"received_on"}
    yield "the beginning of time", {"received_on": "0001-01-01"}, {"received_on"}
    yield "no day", {"received_on": "кеше"}, {"received_on"}
    yield "no event", {"channel": Channel.EVENT}, {"event"}
    yield "a strange event", {"channel": Channel.EVENT, "event": "1"}, {"event"}
    yield "a strange channel", {"channel": "pigeon"}, {"channel"}
    yield "all at once", {"full_name": "", "iin": "1", "summary": "", "is_agreed": "", "received_on": "2025-06-17"}, {
        "full_name", "iin", "summary", "is_agreed", "received_on",
    }  # fmt: skip


@pytest.mark.parametrize(("other", "fields"), [pytest.param(*case[1:], id=case[0]) for case in refused()])
def test_what_is_refused_stands_beside_its_field_and_the_rest_is_kept(cast, desk, typed, written, other, fields):
    before = written()
    said = typed(**other)
    page = desk.post(NEW, said)
    assert set(errors_of(page)) == fields
    assert "Nothing was saved." in text_of(page)
    body = page.content.decode()
    first = next(name for name in page.context["form"].fields if name in fields)
    for name in fields:
        assert f'id="id_{name}_error"' in body
    assert re.findall(r'name="(\w+)"[^>]*autofocus', body) == [first]
    for name in {"full_name", "phone", "address", "iin"} - fields:
        assert f'value="{html.escape(said[name])}"' in body
    assert written() == before
    assert not Applicant.objects.exists()


def test_what_is_pasted_is_kept_whole_and_its_length_is_refused(cast, desk, typed):
    assert "maxlength" not in re.sub(r'<input type="hidden"[^>]*>', "", desk.get(NEW).content.decode())
    page = desk.post(NEW, typed(summary="с" * 5000))
    too_long = "This is too long: at most 2000 characters are kept, and these are 5000. Shorten it."
    assert errors_of(page) == {"summary": [too_long]}
    assert "с" * 5000 in page.content.decode()


def test_a_place_of_another_district_is_not_offered_and_not_taken(cast, desk, typed):
    there = Locality.objects.get(district=cast.other.district)
    assert there.name_en not in text_of(desk.get(NEW))
    assert set(errors_of(desk.post(NEW, typed(locality=there.pk)))) == {"locality"}


def test_a_topic_that_is_not_offered_any_more(cast, desk, typed):
    Topic.objects.filter(pk=cast.topics[0].pk).update(is_active=False)
    assert "housing" not in text_of(desk.get(NEW))
    assert set(errors_of(desk.post(NEW, typed()))) == {"topic"}


def test_a_double_click_registers_once(desk, typed):
    token = re.search(r'name="submission" value="([^"]+)"', desk.get(NEW).content.decode())[1]
    said = typed(submission=token)
    first, second = desk.post(NEW, said), desk.post(NEW, said)
    assert first.url == second.url == Request.objects.get().get_absolute_url()


def test_a_likely_duplicate_is_shown_and_may_be_passed_over(cast, desk, typed, asked, written):
    before = written()
    page = desk.post(NEW, typed(full_name="Басқа Есім", iin=""))
    assert page.status_code == 200
    assert set(errors_of(page)) == {"allow_duplicate"}
    body, words = page.content.decode(), text_of(page)
    link = re.search(rf'<a href="{asked.get_absolute_url()}"[^>]*>', body)[0]
    assert 'target="_blank" rel="noopener" aria-describedby="where-twins"' in link  # what is typed stays behind it
    assert "Each opens in a new page; what you typed stays here." in words
    assert "№ 1/2025 Registered housing (en), 02.06.2025" in words
    assert "This is another request: register it" in words
    assert re.findall(r'name="(\w+)"[^>]*autofocus', body) == ["allow_duplicate"]
    assert TYPED["summary"] in body
    AuditEvent.objects.filter(action="request.find").get()  # that it was looked at, and nothing else
    assert written()[0] == before[0] | {"AuditEvent": before[0]["AuditEvent"] + 1}
    asked.applicant.refresh_from_db()
    assert asked.applicant.full_name == TYPED["full_name"]
    answer = desk.post(NEW, typed(full_name="Басқа Есім", iin="", allow_duplicate="on"))
    assert answer.url == Request.objects.get(number=2).get_absolute_url()


def test_that_duplicates_were_shown_is_written_down_like_a_search(cast, desk, typed, asked):
    desk.post(NEW, typed(topic=asked.topic_id))
    event = AuditEvent.objects.get(action="request.find")
    assert (event.actor, event.detail) == ("reception", "1")
    assert repeats(event.detail + event.subject) == []


def test_without_duplicates_nobody_is_asked_about_them(desk, typed):
    assert "allow_duplicate" not in desk.get(NEW).content.decode()
    assert "allow_duplicate" not in desk.post(NEW, typed(summary="")).content.decode()


def test_at_an_event(cast, desk, typed, event):
    page = desk.get(f"{NEW}?event={event.pk}")
    form = page.context["form"]
    assert [form[name].value() for name in ("event", "channel", "received_on")] == [
        event.pk,
        Channel.EVENT,
        event.held_on,
    ]
    said = typed(channel=Channel.EVENT, event=event.pk, received_on=event.held_on.isoformat())
    answer = desk.post(f"{NEW}?event={event.pk}", said, follow=True)
    assert Request.objects.get().event == event
    assert f'href="{NEW}?event={event.pk}"' in answer.content.decode()  # the next one at the same event


def test_an_old_event_is_offered_only_where_the_address_names_it(cast, as_user, event):
    with time_machine.travel("2025-08-20 12:00+05:00", tick=False):
        desk = as_user(cast.people.reception)
        assert [value for value, _label in desk.get(NEW).context["form"].fields["event"].choices] == [""]
        named = desk.get(f"{NEW}?event={event.pk}").context["form"]
        assert [value for value, _label in named.fields["event"].choices] == ["", str(event.pk)]


def test_while_only_mandates_are_taken(cast, desk, typed):
    ReceptionRule.objects.create(branch=cast.own, mandates_from=cast.today - DAY, mandates_until=cast.today + DAY)
    page = desk.get(NEW)
    assert page.context["form"].fields["kind"].choices == [(RequestKind.MANDATE, RequestKind.MANDATE.label)]
    assert "the branch takes voters' mandates only." in text_of(page)
    assert set(errors_of(desk.post(NEW, typed()))) == {"kind"}
    earlier = re.search(r'href="(\?branch=own&amp;received_on=[^"]+)"', page.content.decode())[1]
    form = desk.get(NEW + html.unescape(earlier)).context["form"]
    assert form["received_on"].value() == cast.today - 2 * DAY
    assert [value for value, _label in form.fields["kind"].choices] == RequestKind.values
    assert desk.post(NEW, typed(received_on="2025-06-14")).status_code == 302
    assert desk.post(NEW, typed(kind=RequestKind.MANDATE, allow_duplicate="on")).status_code == 302


@pytest.mark.parametrize("told", ["2025-06-17", "кеше", "9999-99-99", ""])
def test_a_day_in_the_address_that_cannot_be_is_today(cast, desk, told):
    assert desk.get(NEW, {"received_on": told}).context["form"]["received_on"].value() == cast.today


def test_of_several_branches_one_is_chosen_first(cast, as_user, typed, abroad):
    everywhere = User.objects.create_user("everywhere")
    Assignment.objects.create(user=everywhere, role=Role.SECRETARY, region=cast.region)
    client = as_user(everywhere)
    for page in (client.get(NEW), client.post(NEW, typed())):
        assert re.findall(r'href="\?branch=(\w+)"', page.content.decode()) == ["oblast", "own", "other"]
    assert not Request.objects.exists()
    oblast = client.get(f"{NEW}?branch=oblast")
    groups = oblast.context["form"].fields["locality"].choices[1:]
    assert [name for name, _places in groups] == [cast.own.district.name, cast.other.district.name]
    assert client.post(NEW, typed(branch="other")).status_code == 302
    assert Request.objects.get().branch == cast.other
    assert client.get(f"{NEW}?branch=abroad").status_code == 404


def test_who_may_register_where(cast, as_user, typed, event):
    people = cast.people
    for stranger in (people.coordinator, people.chair, people.controller, people.observer, people.administrator):
        client = as_user(stranger)
        assert client.get(NEW).status_code == client.post(NEW, typed()).status_code == 403
    other = as_user(people.other_secretary)
    assert other.get(f"{NEW}?branch=own").status_code == 404
    assert other.get(f"{NEW}?event={event.pk}").status_code == 404
    assert other.post(NEW, typed(branch="own")).status_code == 404
    both = User.objects.create_user("both")
    Assignment.objects.create(user=both, role=Role.SECRETARY, branch=cast.other)
    Assignment.objects.create(user=both, role=Role.OBSERVER, region=cast.region)
    assert as_user(both).get(f"{NEW}?branch=own").status_code == 403
    assert as_user(both).get(f"{NEW}?event={event.pk}").status_code == 403
    assert not Request.objects.exists()


def test_the_day_changes_at_midnight_of_the_oblast(desk, typed):
    for moment, name in (("2025-06-16 18:59Z", "Бірінші Адам"), ("2025-06-16 19:01Z", "Екінші Адам")):
        with time_machine.travel(moment, tick=False):
            day = desk.get(NEW).context["form"]["received_on"].value()
            said = typed(full_name=name, phone="", iin="", received_on=day.isoformat())
            assert desk.post(NEW, said).status_code == 302
    rows = Request.objects.order_by("pk").values_list("received_on", "entered_on", "due_on")
    assert list(rows) == [
        (dt.date(2025, 6, 16), dt.date(2025, 6, 16), dt.date(2025, 7, 8)),
        (dt.date(2025, 6, 17), dt.date(2025, 6, 17), dt.date(2025, 7, 9)),
    ]


# --- the card --------------------------------------------------------------------------------------------------------
def test_the_card_says_everything_and_its_opening_is_written_down(cast, desk, asked):
    page = desk.get(asked.get_absolute_url())
    words = text_of(page)
    for told in (
        "№ 1/2025 · housing (en)",
        "Answer due by 24.06.2025 6 working days are left",
        "Received on 02.06.2025 at the desk",
        "Full name Ойданов Өтініш",
        "Telephone 8 (000) 123-45-67",
        "Address Ойдан көшесі, 17",
        f"IIN •••• •••• {IIN[-4:]}",
        "Given: 02.06.2025, signed on paper text of version 1",
        TYPED["summary"],
        "15 working days the party's own standard, not a term set by law",
        "Measures that it speaks of",
    ):
        assert told in words
    assert IIN not in page.content.decode()
    assert "no-store" in page["Cache-Control"]
    assert repeats(re.search(r"<title>(.*?)</title>", page.content.decode())[1]) == []
    assert f'name="next" value="{asked.get_absolute_url()}"' in page.content.decode()  # of the switch of languages
    desk.get(asked.get_absolute_url())
    openings = RequestOpening.objects.filter(request=asked).values_list("reader__username", flat=True)
    assert list(openings) == ["reception", "reception"]


def test_who_does_not_receive_in_the_branch_does_not_open_the_card(cast, as_user, asked):
    people = cast.people
    expected = {
        people.coordinator: 403, people.chair: 403, people.controller: 403, people.observer: 403,
        people.administrator: 403, people.other_secretary: 404, people.nobody: 404,
    }  # fmt: skip
    names = ("request_step", "applicant_change", "consent_withdraw")
    for user, status in expected.items():
        client = as_user(user)
        for address in (asked.get_absolute_url(), *(at(name, asked) for name in names)):
            answer = client.get(address)
            assert (address, answer.status_code) == (address, status)
            assert repeats(answer.content.decode()) == []
        for name in names:
            assert client.post(at(name, asked), TYPED).status_code == status
        assert client.get(FIND).status_code == (200 if user == people.other_secretary else 403)
    assert not RequestOpening.objects.exists()
    assert asked.steps.count() == 1


def test_the_card_is_only_read(desk, asked):
    assert desk.post(asked.get_absolute_url()).status_code == 405
    assert not RequestOpening.objects.exists()


def test_where_a_request_stands_and_its_clock(cast, desk, asked, noon):
    def told(day=None):
        if day:
            noon.move_to(dt.datetime.combine(day, dt.time(12), noon_zone))
        return text_of(desk.get(asked.get_absolute_url()))

    noon_zone = dt.timezone(dt.timedelta(hours=5))
    assert "6 working days are left" in told()
    assert "Answer due by 24.06.2025 That is today" in told(dt.date(2025, 6, 24))
    assert "Overdue by 1 working day The answer was due by 24.06.2025" in told(dt.date(2025, 6, 25))
    follow(cast, asked, RequestState.WAITING, dt.date(2025, 6, 25), reason=WaitingReason.COURT)
    assert "it was 1 working day late then" in told()
    follow(cast, asked, RequestState.MISTAKE, dt.date(2025, 6, 25), note="екі рет")
    words = told()
    assert "Entered by mistake" in words
    assert "What became of it?" not in words


def test_while_the_clock_stands_still(cast, desk, asked):
    follow(cast, asked, RequestState.WAITING, dt.date(2025, 6, 10), reason=WaitingReason.DOCUMENTS)
    words = text_of(desk.get(asked.get_absolute_url()))
    assert "Waiting Documents of the applicant are awaited" in words
    assert "The clock stands still since 10.06.2025; 10 working days are left" in words
    body = {"forwarded_to": "Аудандық әкімдік", "body_due_on": dt.date(2025, 6, 12)}
    follow(cast, asked, RequestState.FORWARDED, dt.date(2025, 6, 11), **body)
    words = text_of(desk.get(asked.get_absolute_url()))
    assert "The body is late Its answer was due by 12.06.2025: 2 working days ago" in words
    assert "The clock stands still since 10.06.2025; 10 working days are left" in words


@pytest.mark.parametrize(
    ("day", "told"),
    [
        (dt.date(2025, 6, 16), "Answered in time The answer was due by 24.06.2025"),
        (dt.date(2025, 6, 24), "Answered in time"),
        (dt.date(2025, 6, 27), "Answered 3 working days late"),
    ],
)
def test_whether_it_was_answered_in_time(cast, desk, asked, noon, day, told):
    noon.move_to(dt.datetime.combine(day, dt.time(12), dt.timezone(dt.timedelta(hours=5))))
    follow(cast, asked, RequestState.POSITIVE, day, help_kind=HelpKind.MATERIAL)
    words = text_of(desk.get(asked.get_absolute_url()))
    assert "Resolved positively Material help" in words
    assert told in words


def test_the_story_tells_steps_words_and_the_changed_calendar(cast, desk, asked):
    follow(cast, asked, RequestState.IN_WORK, dt.date(2025, 6, 4), note=TYPED["note"])
    CalendarDay.objects.create(date=dt.date(2025, 6, 20), is_working=False)
    assert work.recount_deadlines(by=cast.people.administrator, today=cast.today) == 1
    page = desk.get(asked.get_absolute_url())
    story = re.search(r'<ol class="story".*?</ol>', page.content.decode(), re.DOTALL)[0]
    words = " ".join(html.unescape(re.sub("<[^>]*>", " ", story)).split())
    assert [words.index(told) for told in ("25.06.2025 now", TYPED["note"], "Registered")] == sorted(
        words.index(told) for told in ("25.06.2025 now", TYPED["note"], "Registered")
    )
    assert "In work" in text_of(page)
    assert "Answer due by 25.06.2025" in text_of(page)


def test_as_of_an_earlier_day(cast, desk, asked):
    follow(cast, asked, RequestState.POSITIVE, help_kind=HelpKind.ADVICE)
    past = desk.get(asked.get_absolute_url(), {"as_of": "2025-06-13"})
    assert "Answer due by 24.06.2025 7 working days are left" in text_of(past)
    assert at("request_step", asked) not in past.content.decode()
    before = desk.get(asked.get_absolute_url(), {"as_of": "2025-06-01"})
    assert "It was not registered yet" in text_of(before)
    assert repeats(before.content.decode()) == []
    assert RequestOpening.objects.count() == 2


def test_once_erased_the_card_stays_and_says_nothing(cast, desk, asked):
    follow(cast, asked, RequestState.EXPLAINED, note=TYPED["note"])
    work.withdraw_consent(request=asked, by=cast.people.secretary, today=cast.today, channel=ConsentChannel.WRITTEN)
    page = desk.get(asked.get_absolute_url())
    words = text_of(page)
    assert "The personal data were erased on 16 June 2025." in words
    assert "The applicant withdrew the consent" in words
    assert "Explanation given" in words
    assert repeats(page.content.decode()) == []
    for name in ("request_step", "applicant_change", "consent_withdraw"):
        assert at(name, asked) not in page.content.decode()
        assert "The applicant's data are erased: nothing more is written." in text_of(desk.get(at(name, asked)))


def test_the_number_of_queries_does_not_grow_with_the_story(cast, desk, asked):
    def count():
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert desk.get(asked.get_absolute_url()).status_code == 200
        return len(queries)

    count()  # the session, the caches
    before = count()
    for day in range(3, 9):
        state = RequestState.WAITING if day % 2 else RequestState.IN_WORK
        follow(cast, asked, state, dt.date(2025, 6, day), reason=WaitingReason.OTHER, note=TYPED["note"])
    assert count() == before


# --- steps -----------------------------------------------------------------------------------------------------------
def test_the_card_leads_to_each_step_with_its_state_chosen(cast, desk, asked):
    body = desk.get(asked.get_absolute_url()).content.decode()
    states = re.findall(rf'href="{at("request_step", asked)}\?state=(\w+)"', body)
    assert sorted(states) == sorted(set(RequestState.values) - {RequestState.REGISTERED})
    page = desk.get(at("request_step", asked, state="forwarded"))
    assert re.search(r'value="forwarded"[^>]*checked', page.content.decode())
    assert page.context["form"]["body_due_on"].value() == dt.date(2025, 7, 8)
    assert "checked" not in desk.get(at("request_step", asked, state="lost")).content.decode()
    assert repeats(page.content.decode()) == []
    assert "no-store" in page["Cache-Control"]


@pytest.mark.parametrize(
    ("state", "said"),
    [
        (RequestState.IN_WORK, {}),
        (RequestState.FORWARDED, {"forwarded_to": "Әкімдік", "body_due_on": "2025-06-30"}),
        (RequestState.WAITING, {"reason": WaitingReason.REPLY}),
        (RequestState.POSITIVE, {"help_kind": HelpKind.LEGAL_SUPPORT}),
        (RequestState.EXPLAINED, {"note": TYPED["note"]}),
        (RequestState.REFUSED, {"note": TYPED["note"]}),
        (RequestState.WITHDRAWN, {}),
        (RequestState.MISTAKE, {"note": TYPED["note"]}),
    ],
)
def test_each_step_is_said_by_its_form(cast, desk, asked, state, said):
    seen = asked.steps.get().pk
    answer = desk.post(
        at("request_step", asked), {"state": state, "happened_on": "2025-06-10", "seen": seen, **said}, follow=True
    )
    step = asked.steps.latest("pk")
    assert (step.state, step.happened_on, step.author) == (state, dt.date(2025, 6, 10), cast.people.reception)
    assert answer.redirect_chain == [(asked.get_absolute_url(), 302)]
    messages = [str(message) for message in answer.context["messages"]]
    anew = " From this card it may be put right and registered anew." if state == RequestState.MISTAKE else ""
    assert messages == [f"№ 1/2025: “{step.get_state_display()}” is saved.{anew}"]
    if "note" in said:
        assert step.words.text == TYPED["note"]


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"state": ""}, "state"),
        ({"state": "lost"}, "state"),
        ({"state": "registered"}, "state"),
        ({"state": "waiting"}, "reason"),
        ({"state": "waiting", "reason": "weather"}, "reason"),
        ({"state": "waiting", "reason": "other"}, "note"),
        ({"state": "forwarded"}, "forwarded_to"),
        ({"state": "forwarded", "forwarded_to": "ә" * 201}, "forwarded_to"),
        ({"state": "forwarded", "forwarded_to": "әкімдік", "body_due_on": "2025-06-01"}, "body_due_on"),
        ({"state": "forwarded", "forwarded_to": "әкімдік", "body_due_on": "9999-12-31"}, "body_due_on"),
        ({"state": "forwarded", "forwarded_to": "әкімдік", "body_due_on": "ертең"}, "body_due_on"),
        ({"state": "positive"}, "help_kind"),
        ({"state": "refused"}, "note"),
        ({"state": "in_work", "note": "ж" * 2001}, "note"),
        ({"state": "in_work", "happened_on": ""}, "happened_on"),
        ({"state": "in_work", "happened_on": "2025-06-17"}, "happened_on"),
        ({"state": "in_work", "happened_on": "9999-12-31"}, "happened_on"),
        ({"state": "in_work", "happened_on": "2025-06-01"}, "happened_on"),
    ],
)
def test_a_step_that_is_refused(desk, asked, written, said, field):
    before = written()
    page = desk.post(at("request_step", asked), {"happened_on": "2025-06-16", **said})
    assert set(errors_of(page)) == {field}
    assert f'id="id_{field}_error"' in page.content.decode()
    assert written() == before


def test_who_comes_second_sees_what_stands_now(cast, desk, asked):
    seen = asked.steps.get().pk
    follow(cast, asked, RequestState.WAITING, reason=WaitingReason.COURT)
    said = {"state": "positive", "help_kind": "advice", "happened_on": "2025-06-16", "note": TYPED["note"]}
    page = desk.post(at("request_step", asked), {**said, "seen": seen})
    assert "Meanwhile Secretary entered another step: “waiting”." in text_of(page)
    assert "A decision of a court is awaited" in text_of(page)
    assert TYPED["note"] in page.content.decode()
    assert asked.steps.count() == 2
    now = re.search(r'name="seen" value="(\d+)"', page.content.decode())[1]
    assert int(now) == asked.steps.latest("pk").pk
    assert desk.post(at("request_step", asked), {**said, "seen": now}).status_code == 302


def test_a_double_click_says_it_once(desk, asked):
    page = desk.get(at("request_step", asked)).content.decode()
    hidden = dict(re.findall(r'type="hidden" name="(submission|seen)" value="([^"]+)"', page))
    said = {"state": "in_work", "happened_on": "2025-06-16", **hidden}
    assert [desk.post(at("request_step", asked), said).status_code for _time in range(2)] == [302, 302]
    assert asked.steps.count() == 2


def test_what_is_closed_may_be_opened_again(cast, desk, asked):
    follow(cast, asked, RequestState.REFUSED, note="негізсіз")
    page = desk.get(at("request_step", asked))
    assert "It is closed. Write why it is opened again." in text_of(page)
    offered = [value for value, _label in page.context["form"].fields["state"].widget.choices]
    assert offered == [RequestState.IN_WORK, RequestState.MISTAKE]
    said = {"state": "in_work", "happened_on": "2025-06-16"}
    assert set(errors_of(desk.post(at("request_step", asked), said))) == {"note"}
    assert desk.post(at("request_step", asked), {**said, "note": "жаңа құжат"}).status_code == 302


def test_of_a_mistake_nothing_more_is_said(cast, desk, asked):
    follow(cast, asked, RequestState.MISTAKE, note="екі рет")
    page = desk.get(at("request_step", asked))
    assert "nothing more is said of it" in text_of(page)
    assert "<textarea" not in page.content.decode()
    desk.post(at("request_step", asked), {"state": "in_work", "happened_on": "2025-06-16", "note": "а"})
    assert asked.steps.count() == 2


# --- a mistake, registered anew ---------------------------------------------------------------------------------------
@pytest.fixture
def mistaken(cast, asked):
    """That request, said to be a mistake."""
    follow(cast, asked, RequestState.MISTAKE, note="тақырыбы басқа")
    return asked


def anew(request):
    return f"{NEW}?instead={request.pk}"


def test_the_card_of_a_mistake_leads_to_the_form(cast, desk, asked):
    assert f'href="{anew(asked)}"' not in desk.get(asked.get_absolute_url()).content.decode()
    follow(cast, asked, RequestState.MISTAKE, note="тақырыбы басқа")
    assert f'href="{anew(asked)}"' in desk.get(asked.get_absolute_url()).content.decode()
    work.anonymise(today=cast.today, keep_days=1000)
    assert f'href="{anew(asked)}"' not in desk.get(asked.get_absolute_url()).content.decode()


def test_what_was_told_of_a_mistake_stands_in_the_form(cast, desk, event):
    place = Locality.objects.get(district=cast.own.district)
    person = work.Person(*(TYPED[name] for name in ("full_name", "phone", "address", "iin")))
    mistaken = cast.add_request(
        person=person,
        summary=TYPED["summary"],
        topic=1,
        locality=place,
        channel=Channel.EVENT,
        event=event,
        kind=RequestKind.MANDATE,
        received_on=event.held_on,
    )
    follow(cast, mistaken, RequestState.MISTAKE, note="басқа елді мекен")
    page = desk.get(anew(mistaken))
    form = page.context["form"]
    told = {
        **{name: TYPED[name] for name in ("full_name", "phone", "address", "summary")},
        "topic": cast.topics[1].pk,
        "locality": place.pk,
        "channel": Channel.EVENT,
        "event": event.pk,
        "kind": RequestKind.MANDATE,
        "received_on": event.held_on,
    }
    assert {name: form[name].value() for name in told} == told
    assert not form["is_agreed"].value()
    assert IIN not in page.content.decode()
    assert f"Known is •••• •••• {IIN[-4:]}. With this name it stays" in text_of(page)
    assert "№ 1/2025 was entered by mistake." in text_of(page)
    assert "no-store" in page["Cache-Control"]
    opening = RequestOpening.objects.get()
    assert (opening.request, opening.reader) == (mistaken, cast.people.reception)


def test_a_mistake_is_registered_anew(cast, desk, typed, mistaken):
    other = {"topic": cast.topics[0].pk, "received_on": "2025-06-02", "iin": ""}  # its likely duplicate is the mistake
    answer = desk.post(anew(mistaken), typed(**other), follow=True)
    new = Request.objects.latest("pk")
    assert answer.redirect_chain == [(new.get_absolute_url(), 302)]
    assert (new.number, new.applicant, new.applicant.iin) == (2, mistaken.applicant, IIN)
    assert new.words.summary == TYPED["summary"]


def test_of_another_person_the_iin_is_not_kept(desk, typed, mistaken):
    desk.post(anew(mistaken), typed(full_name="Басқа Есім", phone="", iin=""))
    new = Request.objects.latest("pk")
    assert new.applicant != mistaken.applicant
    assert new.applicant.iin == ""


def test_after_its_event_was_annulled_another_one_is_chosen(cast, desk, event):
    mistaken = cast.add_request(channel=Channel.EVENT, event=event, received_on=event.held_on)
    follow(cast, mistaken, RequestState.MISTAKE, note="басқа күн")
    work.annul_event(event=event, by=cast.people.secretary, today=cast.today, note="екі рет")
    form = desk.get(anew(mistaken)).context["form"]
    assert (form["channel"].value(), form["event"].value()) == (Channel.EVENT, None)


def test_what_is_no_mistake_or_is_erased_is_not_filled_in(cast, desk, asked):
    def is_empty(page):
        return page.context["object"] == cast.own and page.context["form"]["full_name"].value() is None

    assert is_empty(desk.get(anew(asked)))
    follow(cast, asked, RequestState.MISTAKE, note="екі рет")
    assert not is_empty(desk.get(anew(asked)))
    assert RequestOpening.objects.count() == 1
    work.anonymise(today=cast.today, keep_days=1000)
    page = desk.get(anew(asked))
    assert is_empty(page)
    assert repeats(page.content.decode()) == []
    assert RequestOpening.objects.count() == 1


def test_a_mistake_of_somebody_else(cast, desk, as_user, mistaken):
    assert desk.get(f"{NEW}?instead=999999").status_code == 404
    assert desk.get(f"{NEW}?instead=abc").status_code == 404
    elsewhere = cast.add_request("other")
    for row in (elsewhere, mistaken):
        for who in (cast.people.other_secretary, cast.people.coordinator):
            if who == cast.people.other_secretary and row == elsewhere:
                continue
            assert as_user(who).get(anew(row)).status_code in (403, 404)
    assert desk.get(anew(elsewhere)).status_code in (403, 404)
    assert not RequestOpening.objects.exists()


# --- the applicant ---------------------------------------------------------------------------------------------------
def test_what_is_known_is_put_right(cast, desk, asked):
    page = desk.get(at("applicant_change", asked))
    body = page.content.decode()
    assert 'value="Ойданов Өтініш"' in body
    assert f"•••• •••• {IIN[-4:]}" in body
    assert IIN not in body
    assert RequestOpening.objects.get().reader == cast.people.reception  # it is seen here, too
    seen = page.context["form"]["seen"].value()
    said = {"full_name": "Дұрысов Өтініш", "phone": "", "address": TYPED["address"], "iin": "", "seen": seen}
    answer = desk.post(at("applicant_change", asked), said, follow=True)
    assert [str(message) for message in answer.context["messages"]] == ["The applicant's data are saved."]
    who = Applicant.objects.get()
    assert (who.full_name, who.phone, who.address, who.iin) == ("Дұрысов Өтініш", "", TYPED["address"], IIN)
    seen = desk.get(at("applicant_change", asked)).context["form"]["seen"].value()
    desk.post(at("applicant_change", asked), {**said, "forget_iin": "on", "seen": seen})
    assert Applicant.objects.get().iin == ""


def test_wrong_data_of_an_applicant(desk, asked):
    page = desk.post(at("applicant_change", asked), {"full_name": "", "phone": "1", "iin": "2"})
    assert set(errors_of(page)) == {"full_name", "phone", "iin"}
    assert Applicant.objects.get().full_name == TYPED["full_name"]


def test_who_puts_right_second_sees_what_is_known_now(cast, desk, asked):
    seen = desk.get(at("applicant_change", asked)).context["form"]["seen"].value()
    meanwhile = work.Person("Аралықов Өтініш", TYPED["phone"])
    work.change_applicant(request=asked, by=cast.people.secretary, person=meanwhile, keep_iin=True)
    said = {"full_name": "Дұрысов Өтініш", "phone": TYPED["phone"], "address": "", "iin": ""}
    page = desk.post(at("applicant_change", asked), {**said, "seen": seen})
    assert "Meanwhile somebody else put the applicant's data right." in text_of(page)
    assert "Known now Full name Аралықов Өтініш" in text_of(page)
    assert RequestOpening.objects.count() == 2  # it was seen, and seen again when the form came back
    assert 'value="Дұрысов Өтініш"' in page.content.decode()
    now = re.search(r'name="seen" value="(\w+)"', page.content.decode())[1]
    assert desk.post(at("applicant_change", asked), {**said, "seen": now}).status_code == 302
    assert Applicant.objects.get().full_name == "Дұрысов Өтініш"


def test_consent_is_withdrawn_and_the_page_says_what_follows(cast, desk, asked):
    page = desk.get(at("consent_withdraw", asked))
    assert "1 request of this applicant is open. The data stay until it is closed" in text_of(page)
    assert repeats(page.content.decode()) == []
    said = {"channel": ConsentChannel.ORAL, "happened_on": "2025-06-16"}
    answer = desk.post(at("consent_withdraw", asked), said, follow=True)
    told = "The consent is withdrawn. The data are erased once nothing is open."
    assert [str(message) for message in answer.context["messages"]] == [told]
    assert Consent.objects.latest("pk").act == ConsentAct.WITHDRAWN
    assert "Withdrawn : 16.06.2025, said before the officer" in text_of(answer)
    assert "There is no consent to withdraw." in text_of(desk.get(at("consent_withdraw", asked)))
    assert "There is no consent to withdraw." in text_of(desk.post(at("consent_withdraw", asked), said))
    assert Consent.objects.count() == 2


def test_without_anything_open_withdrawing_erases_at_once(cast, desk, asked):
    follow(cast, asked, RequestState.POSITIVE, help_kind=HelpKind.ADVICE)
    page = desk.get(at("consent_withdraw", asked))
    assert "the data are erased at once, and cannot be brought back" in text_of(page)
    said = {"channel": ConsentChannel.WRITTEN, "happened_on": "2025-06-01"}
    assert set(errors_of(desk.post(at("consent_withdraw", asked), said))) == {"happened_on"}
    token = {"submission": page.context["form"]["submission"].value()}
    said |= {"happened_on": "2025-06-16", **token}
    for _time in range(2):  # pressed twice
        answer = desk.post(at("consent_withdraw", asked), said, follow=True)
        told = "The consent is withdrawn, and the applicant's data are erased."
        assert [str(message) for message in answer.context["messages"]] == [told]
    assert Applicant.objects.get().anonymised_on == cast.today


def test_where_residents_are_counted_it_says_who_is_known_again(cast, desk):
    place = {"kind": EventKind.OPEN_DAY, "place": "Мәдениет үйі", "project": cast.project}
    work.record_event(branch=cast.own, by=cast.people.secretary, today=cast.today, **place)
    said = "Within a branch a resident is known again by IIN, or by name and telephone; who gave neither is counted"
    for name in ("request_list", "event_list", "reception"):
        assert said in text_of(desk.get(reverse(f"branches:{name}")))


# --- finding a person ------------------------------------------------------------------------------------------------
def test_what_is_looked_for_is_not_read_from_the_address(desk, asked):
    page = desk.get(FIND, {"full_name": TYPED["full_name"], "iin": IIN})
    form = re.search(r'<form class="say" method="post".*?</form>', page.content.decode(), re.DOTALL)[0]
    assert re.findall(r'name="(\w+)"[^>]*', form) == ["csrfmiddlewaretoken", "full_name", "phone", "iin"]
    assert repeats(form) == []
    assert "№ 1/2025" not in text_of(page)


@pytest.mark.parametrize(
    "sought",
    [
        {"full_name": " ОЙДАНОВ  өтініш "},
        {"phone": "+70001234567"},
        {"iin": f"{IIN[:4]} {IIN[4:]}"},
        {"full_name": "Басқа Есім", "iin": IIN},
    ],
)
def test_a_person_is_found(cast, desk, asked, sought):
    follow(cast, asked, RequestState.WAITING, reason=WaitingReason.COURT)
    elsewhere = work.Person(TYPED["full_name"], TYPED["phone"], "", IIN)
    cast.add_request("other", person=elsewhere)
    page = desk.post(FIND, sought)
    words = text_of(page)
    assert "1 request № Topic" in words
    assert "№ 1/2025 housing (en) 02.06.2025 Waiting" in words
    assert f'href="{asked.get_absolute_url()}"' in page.content.decode()
    assert TYPED["summary"] not in words
    assert "no-store" in page["Cache-Control"]


def test_nobody_is_found_by_a_part(desk, asked):
    assert "Nobody was found" in text_of(desk.post(FIND, {"full_name": "Ойданов"}))


@pytest.mark.parametrize(
    ("sought", "field"),
    [
        ({}, "__all__"),
        ({"full_name": "  "}, "__all__"),
        ({"iin": IIN[:-1]}, "iin"),
        ({"iin": f"{IIN[:-1]}{(int(IIN[-1]) + 1) % 10}"}, "iin"),
        ({"phone": "123"}, "phone"),
        ({"full_name": TYPED["full_name"], "iin": "12"}, "iin"),
    ],
)
def test_who_cannot_be_looked_for(desk, asked, sought, field):
    page = desk.post(FIND, sought)
    assert set(errors_of(page)) == {field}
    assert "№ 1/2025" not in text_of(page)
    assert not AuditEvent.objects.filter(action="request.find").exists()


def test_who_receives_for_several_branches_reads_which(cast, as_user, asked):
    everywhere = User.objects.create_user("everywhere")
    Assignment.objects.create(user=everywhere, role=Role.SECRETARY, region=cast.region)
    words = text_of(as_user(everywhere).post(FIND, {"iin": IIN}))
    assert cast.own.place in words


# --- what is told nowhere --------------------------------------------------------------------------------------------
def places():
    """Where personal data are typed: the address, what is typed, and what fails below it."""
    registered = {"is_agreed": "on", "consent_channel": "written", "channel": "desk", "kind": "application"}
    yield "register", lambda request: NEW, registered
    yield "step", lambda request: at("request_step", request), {"state": "explained", "happened_on": "2025-06-16"}
    yield "applicant", lambda request: at("applicant_change", request), {"full_name": "Ойданова Өтініш"}
    yield "find", lambda request: FIND, {}


@pytest.mark.parametrize(("address", "more"), [pytest.param(*case[1:], id=case[0]) for case in places()])
def test_a_failure_repeats_nothing_personal(cast, as_user, asked, settings, caplog, monkeypatch, address, more):
    """The very last write fails: everything personal stands in the frames by then."""

    def fail(*args, **kwargs):
        raise RuntimeError("the disk is full")

    settings.ADMINS = [("admin", "admin@example.org")]
    settings.DEBUG = False
    monkeypatch.setattr(AuditEvent.objects.__class__, "record", fail)
    client = as_user(cast.people.reception)
    client.raise_request_exception = False
    text = ConsentText.objects.get().fingerprint
    said = TYPED | {"topic": cast.topics[1].pk, "received_on": "2025-06-16", "consent_shown": text} | more
    with caplog.at_level(logging.DEBUG):
        answer = client.post(address(asked), said)
    assert answer.status_code == 500
    assert repeats(answer.content.decode()) == []
    assert "the disk is full" in caplog.text
    assert repeats(caplog.text) == []
    assert "the disk is full" in mail.outbox[0].body
    assert repeats(mail.outbox[0].body) == []
    failed = next(record for record in caplog.records if record.exc_info)
    report = ExceptionReporter(failed.request, *failed.exc_info)
    assert "perform" in report.get_traceback_html() or "form_valid" in report.get_traceback_html()
    assert repeats(report.get_traceback_html() + report.get_traceback_text()) == []
    assert RequestStep.objects.count() == 1


def test_nothing_personal_is_logged_on_the_way(cast, desk, typed, caplog):
    with caplog.at_level(logging.DEBUG):
        desk.post(NEW, typed(), follow=True)
        desk.post(NEW, typed(iin="1"))
        desk.post(FIND, {"iin": IIN})
    logged = [record for record in caplog.records if not record.name.startswith("django.db.backends")]
    assert repeats(" ".join(record.getMessage() for record in logged)) == []
    assert Request.objects.count() == 1
