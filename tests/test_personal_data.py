"""Who asks, and in which words, is read on the card of the request and in its entry forms, and nowhere else.

Everybody of the cast walks all addresses and all links; what comes back, what is logged, exported, audited and stored
is searched for every name, telephone, address, IIN, summary and answer that was typed. Rows are made of words that
occur nowhere else, so that a single one of them tells.
"""

import datetime as dt
import html
import io
import json
import logging
import re
from contextlib import contextmanager
from types import SimpleNamespace
from urllib.parse import quote, unquote, urljoin, urlsplit

import pytest
import time_machine
from django.contrib.messages.storage.cookie import CookieStorage
from django.contrib.sessions.models import Session
from django.core import management
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import URLPattern, get_resolver, resolve, reverse

from branches import actions as work
from branches.choices import ConsentChannel, Permission, RequestState, Role, WaitingReason
from branches.metrics import has_control_digit
from branches.models import (
    Applicant,
    Assignment,
    AuditEvent,
    Branch,
    ConsentText,
    Locality,
    Request,
    RequestWords,
    StepWords,
    Topic,
    User,
)
from branches.views.reception import RequestListPage
from roadmap import actions

TODAY = dt.date(2025, 6, 16)
NOON = "2025-06-16 12:00+05:00"
DAY = dt.timedelta(days=1)
# The one page that says who asks, and the forms in which it is typed: for who receives in the branch of the request.
MAY_SAY = {"roadmap:request_detail", "branches:request_step", "branches:applicant_change", "branches:consent_withdraw"}
READERS = (
    *(role.value for role in Role),
    "other_secretary",
    "other_reception",
    "abroad_secretary",
    "administrator",
    "nobody",
    "anonymous",
)


# --- words that tell -------------------------------------------------------------------------------------------------
GROUPED = re.compile(r"\d(?:[\s()\-]{0,2}\d){9,}")  # a long number however it is grouped: "8 (000) 123-45-67"


def digits_of(*numbers):
    """Of telephone numbers the last ten digits, of IINs all."""
    digits = [re.sub(r"\D", "", number) for number in numbers if number]
    return [known[-10:] if len(known) == 11 else known for known in digits]


def unusual(number):
    """A word that no language has."""
    return "ьщ" + "".join("аеиоуыэюяө"[int(digit)] for digit in f"{number:03}") + "ңң"


def a_person(number):
    """An invented person of whom each word tells."""
    word = unusual(number)
    return work.Person(
        full_name=f"{word.title()}ов {word.title()}бек",
        phone=f"+7 000 111 2{number:03}",
        address=f"{word} көшесі, {number}-үй",
        iin=next((iin for last in range(10) if has_control_digit(iin := f"00011122{number:03}{last}")), ""),
    )


class Secrets:
    """What must not be read: by request, the words and numbers of who asks, and of what was written."""

    def __init__(self, of_request):
        self.of_request = {key: {word.casefold() for word in words} for key, words in of_request.items()}

    def search(self, text, spared=()):
        """What of it stands in a text, however it is escaped; `spared` are keys of requests that may be spoken of."""
        allowed = set().union(*(self.of_request[key] for key in spared), set())
        searched = set().union(*self.of_request.values()) - allowed
        found = set()
        for variant in variants(text):
            numbers = " ".join(re.sub(r"\D", "", number) for number in GROUPED.findall(variant))
            found.update(word for word in searched if word in (numbers if word.isdigit() else variant))
        return sorted(found)


def variants(text):
    """A text as it may be meant: as it stands, of HTML, of an address, of JSON or Python with escaped letters."""
    plain = html.unescape(text)
    spelled = re.sub(r"\\u([0-9a-fA-F]{4})", lambda code: chr(int(code[1], 16)), plain)
    return {variant.casefold() for variant in (text, plain, unquote(plain), spelled)}


# --- the walk --------------------------------------------------------------------------------------------------------
def addresses(patterns=None, namespace=""):
    """Every named address: (name, pattern)."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(pattern, URLPattern):
            yield f"{namespace}{pattern.name}", pattern
        elif pattern.namespace != "admin":
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from addresses(pattern.url_patterns, inner)


def named_urls(most):
    """Every named address; with rows of what it shows, those of requests with all of them."""
    for name, pattern in addresses():
        converters = set(pattern.pattern.converters)
        if not converters:
            yield name, reverse(name)
        elif converters == {"slug"}:
            yield from ((name, reverse(name, args=[slug])) for slug in Branch.objects.values_list("slug", flat=True))
        else:
            assert converters == {"pk"}, name
            model = getattr(getattr(pattern.callback, "view_class", None), "model", None)
            keys = model._default_manager.order_by("pk").values_list("pk", flat=True) if model else [1, 2]
            keys = list(keys)
            if name != "roadmap:request_detail":
                keys = list(dict.fromkeys([*keys[:most], *keys[-1:]]))  # the last one is another branch's
            yield from ((name, reverse(name, args=[pk])) for pk in keys or [1])


class Walker:
    """Somebody who opens everything and remembers where something was said that should not be."""

    def __init__(self, client, user, secrets):
        self.client, self.user, self.secrets = client, user, secrets
        self.leaks, self.opened, self.links = [], {}, {}

    def spared(self, address):
        """The requests of which this page may speak to this reader; of others not even here."""
        path = urlsplit(address).path
        match = resolve(path)
        if match.view_name not in MAY_SAY or self.user is None:
            return ()
        received = Request.objects.for_user(self.user, Permission.RECEIVE)
        return tuple(received.filter(pk=match.kwargs["pk"]).values_list("pk", flat=True))

    def read(self, where, text, spared=()):
        """Search a text."""
        found = self.secrets.search(text, spared)
        if found:
            self.leaks.append((where, found))

    def look(self, address, response):
        """Search an answer: its body, its title and addresses, its headers, its cookies."""
        assert response.status_code < 500, f"{address}: {response.status_code}"
        body = b"".join(response.streaming_content) if response.streaming else response.content
        text, spared = body.decode("utf-8", "replace"), self.spared(address)
        self.read(address, text, spared)
        self.read(f"headers of {address}", "\n".join(f"{name}: {value}" for name, value in response.headers.items()))
        for name, cookie in response.cookies.items():
            told = [cookie.value]
            if name == CookieStorage.cookie_name and cookie.value:
                told += map(str, CookieStorage(response.wsgi_request)._decode(cookie.value) or [])
            self.read(f"cookie of {address}", "\n".join(told))
        if response.headers.get("Content-Type", "").startswith("text/html"):
            heads = re.findall(r"<title>.*?</title>", text, re.DOTALL)
            places = re.findall(r'\b(?:href|src|action|formaction)="([^"]*)"', text)
            self.read(f"title and addresses of {address}", "\n".join([*heads, *places]))
            self.links[address] = [urljoin(address, html.unescape(place)).split("#")[0] for place in places]
        return response

    def get(self, address):
        """Open a page, once."""
        if address not in self.opened:
            response = self.look(address, self.client.get(address))
            self.opened[address] = response.status_code
            if response.status_code in (301, 302):
                self.links[address] = [urljoin(address, response.headers["Location"])]

    def crawl(self, most):
        """Follow the links of what was opened; of what differs in numbers and choices only, `most` of each kind."""
        kinds, waiting = {}, list(self.opened)
        while waiting:
            for place in sorted(set(self.links.get(waiting.pop(), ()))):
                where = urlsplit(place)
                kind = re.sub(r"\d+", "#", where.path)
                is_page = not where.netloc and not where.path.startswith(("/static/", "/logout"))
                if is_page and place not in self.opened and kinds.get(kind, 0) < most:
                    kinds[kind] = kinds.get(kind, 0) + 1
                    self.get(place)
                    waiting.append(place)

    def post_nothing(self, address):
        """Press the button of a form with nothing in it: it is shown again, and nothing stays written."""
        with transaction.atomic():
            self.look(address, self.client.post(address))
            transaction.set_rollback(True)


def walk(client, user, secrets, *, most):
    """Open every address there is, with rows, and what they link to; press every button."""
    walker = Walker(client, user, secrets)
    names = {}
    for name, address in named_urls(most):
        walker.get(address)
        names.setdefault(name, []).append(address)
    if user is not None and user.is_superuser:
        walker.get(reverse("admin:index"))
    walker.crawl(most)
    for name, places in names.items():
        if name != "branches:logout":
            for address in places[:most]:
                walker.post_nothing(address)
    return walker


# --- a life in which everything is told ------------------------------------------------------------------------------
@pytest.fixture
def told(cast, abroad):
    """Requests of three branches in every state, with all that may be written of them, and what hangs on them."""
    with time_machine.travel(NOON, tick=False):
        yield tell(cast, abroad)


def tell(cast, abroad):
    people = cast.people
    for name, role, branch in (
        ("other_reception", Role.RECEPTION, cast.other),
        ("abroad_secretary", Role.SECRETARY, abroad.branch),
    ):
        setattr(people, name, User.objects.create_user(name))
        Assignment.objects.create(user=getattr(people, name), role=role, branch=branch)
    clerks = {"own": people.reception, "other": people.other_reception, "abroad": people.abroad_secretary}
    numbers = iter(range(1, 999))
    secrets = {}

    def word_of(key):
        number = next(numbers)
        secrets[key].append(unusual(number))
        return unusual(number)

    def add(branch="own", *, state=RequestState.IN_WORK, person=None, received=TODAY, **said):
        number = next(numbers)
        person = person or a_person(number)
        summary = next(numbers)
        request = cast.add_request(
            branch,
            by=clerks[branch],
            person=person,
            summary=f"Көшеде {unusual(summary)} жоқ, {person.full_name} айтты",
            today=TODAY - 30 * DAY,
            **said,
        )
        own = [
            *digits_of(person.phone, person.iin),
            unusual(summary),
            *re.findall(r"ьщ\w+?ңң", person.full_name.lower()),
        ]
        secrets[request.pk] = own
        for following in dict.fromkeys((RequestState.IN_WORK, state)):
            if following != RequestState.REGISTERED:
                work.follow_request(
                    request=request,
                    by=clerks[branch],
                    today=TODAY - 29 * DAY,
                    state=following,
                    note=f"Жауап: {word_of(request.pk)}",
                    forwarded_to="су арнасы" if following == RequestState.FORWARDED else "",
                    reason=WaitingReason.DOCUMENTS if following == RequestState.WAITING else "",
                    help_kind="advice" if following == RequestState.POSITIVE else "",
                )
        return request

    requests = {state: add(state=state) for state in RequestState}
    again = a_person(next(numbers))
    repeated = [add(person=again), add(person=again, topic=1)]
    event = work.record_event(
        branch=cast.own,
        by=people.secretary,
        today=TODAY - 30 * DAY,
        kind="mobile",
        place="мектеп",
        project=cast.project,
    )
    add(channel="event", event=event)
    for branch in ("other", "abroad"):
        add(branch)
    measure = cast.add_measure(locality=cast.own.district.localities.get())
    site = cast.add_site(measures=[measure])
    subject = repeated[0]
    control = {"by": people.controller, "today": TODAY}
    clerk = {"by": people.reception, "today": TODAY}
    actions.link_request(request=subject, measure=measure, **clerk)
    actions.refer_request(request=subject, site=site, note="Көшедегі су құбырын қараңыз", **clerk)
    advice = actions.Advice("құбырды ауыстыру", "бөлім", TODAY)
    actions.recommend_on_request(request=subject, advice=advice, **control)
    actions.record_visit(site=site, readiness=10, request=subject, **control)
    work.change_applicant(request=subject, by=people.reception, person=changed(again))
    for request in repeated:  # of one person: the card of each says who it is
        secrets[request.pk] += ["ьщкейінңң"]
    work.withdraw_consent(
        request=requests[RequestState.EXPLAINED], channel=ConsentChannel.ORAL, by=people.secretary, today=TODAY
    )
    for request in (*requests.values(), *repeated):
        work.open_card(request=request, by=people.secretary)
    work.find_requests(by=people.reception, person=again)
    work.recount_deadlines(by=people.administrator, today=TODAY)
    return SimpleNamespace(
        cast=cast, requests=requests, subject=subject, repeated=repeated, secrets=Secrets(secrets), person=again
    )


def changed(person):
    """The same person at another address."""
    return work.Person(person.full_name, person.phone, "ьщкейінңң көшесі", person.iin)


@contextmanager
def everything_logged(caplog):
    """Hear whatever any part of the program says."""
    with caplog.at_level(logging.INFO):
        yield lambda: "\n".join(f"{record.getMessage()}\n{caplog.handler.format(record)}" for record in caplog.records)


def reader(told, name):
    return getattr(told.cast.people, name, None)


# --- pages -----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("name", READERS)
def test_nobody_reads_of_whom_they_should_not(told, as_user, caplog, name):
    user = reader(told, name)
    with everything_logged(caplog) as logged:
        walker = walk(as_user(user), user, told.secrets, most=2)
    walker.read("the log", logged())
    assert walker.leaks == []
    opened = {resolve(urlsplit(address).path).view_name for address, code in walker.opened.items() if code == 200}
    assert len(opened) > {"anonymous": 2, "nobody": 3}.get(name, 15), sorted(opened)
    assert (opened >= MAY_SAY) == (
        name in ("secretary", "reception", "other_secretary", "other_reception", "abroad_secretary")
    )


@pytest.mark.parametrize("name", READERS)
def test_the_card_says_who_asks_to_whom_it_should(told, as_user, name):
    request, user = told.repeated[1], reader(told, name)
    for view in sorted(MAY_SAY):
        response = as_user(user).get(reverse(view, args=[request.pk]))
        if name in ("secretary", "reception"):
            assert response.status_code == 200
            if view in ("roadmap:request_detail", "branches:applicant_change"):
                assert told.person.full_name in html.unescape(response.content.decode()), view
            assert "no-store" in response.headers["Cache-Control"]
        else:
            assert response.status_code in (302, 403, 404), view
            assert told.secrets.search(response.content.decode()) == []


def test_the_card_says_nothing_of_others(told, as_user):
    """Also to who may read it: of each request its own applicant and words, of an IIN four digits."""
    client = as_user(told.cast.people.reception)
    for request in told.requests.values():
        body = html.unescape(client.get(request.get_absolute_url()).content.decode())
        assert told.secrets.search(body, [request.pk]) == []
        applicant = Applicant.objects.get(pk=request.applicant_id)  # one of them withdrew consent: erased
        assert applicant.anonymised_on or told.secrets.search(body)
        assert not applicant.iin or (applicant.iin not in body and applicant.iin[-4:] in body)


# --- the walker sees -------------------------------------------------------------------------------------------------
def leaks_of(told, as_user, *places, name="chair"):
    walker = Walker(as_user(reader(told, name)), reader(told, name), told.secrets)
    for place in places:
        walker.get(place)
    return walker.leaks


@pytest.mark.parametrize(
    "said",
    [
        lambda person: person.full_name,
        lambda person: person.full_name.split()[0].upper(),
        lambda person: f"{person.full_name.split()[0]} Ө.",
        lambda person: "8 (000) " + re.sub(r".*000(111)(2\d)(\d\d)$", r"\1-\2-\3", re.sub(r"\D", "", person.phone)),
        lambda person: re.sub(r"\D", "", person.phone),
        lambda person: person.iin,
        lambda person: f"{person.iin[:6]} {person.iin[6:]}",
        lambda person: person.address,
    ],
)
def test_the_walker_sees_a_name_on_a_list(told, as_user, monkeypatch, said):
    place = reverse("branches:request_list")
    assert leaks_of(told, as_user, place) == []
    monkeypatch.setattr(RequestListPage, "heading", said(told.person))
    assert [where for where, _found in leaks_of(told, as_user, place)] != []


def test_the_walker_sees_what_stands_in_headers_addresses_and_cookies(told, as_user, monkeypatch):
    name = told.person.full_name
    place = reverse("branches:request_list")
    answer = RequestListPage.get

    def with_header(self, request, *args, **kwargs):
        response = answer(self, request, *args, **kwargs)
        response["Link"] = f"</{name.encode('ascii', 'backslashreplace').decode()}>"
        response.set_cookie("last", json.dumps(name))
        return response

    monkeypatch.setattr(RequestListPage, "get", with_header)
    assert [where for where, _found in leaks_of(told, as_user, place)] == [f"headers of {place}", f"cookie of {place}"]


@pytest.mark.parametrize("escaped", [html.escape, json.dumps, quote])
def test_the_walker_sees_through_escapes(told, escaped):
    name = f"<{told.person.full_name}>"
    assert told.secrets.search(escaped(name)) != []
    assert told.secrets.search(escaped(name), [told.subject.pk, told.repeated[1].pk]) == []


# --- the office ------------------------------------------------------------------------------------------------------
def test_the_office_does_not_tell_whence_requests_came(cast, as_user, noon):
    """What hinders a deletion is listed by Django: the requests of a locality would be, by their numbers."""
    place = Locality.objects.get(district=cast.own.district)
    idle = Locality.objects.create(district=place.district, kind="village", name_kk="бос", name_ru="б", name_en="b")
    request = cast.add_request(locality=place)
    office, listed = as_user(cast.people.administrator), reverse("admin:branches_locality_changelist")
    answers = [
        office.get(reverse("admin:branches_locality_delete", args=[place.pk])),
        office.get(reverse("admin:branches_locality_change", args=[place.pk])),
        office.post(listed, {"action": "delete_selected", "_selected_action": [place.pk, idle.pk]}),
        office.get(reverse("admin:branches_district_delete", args=[place.district_id])),
        office.get(listed),
    ]
    assert [answer.status_code for answer in answers] == [403, 200, 200, 200, 200]
    for answer in answers:
        assert str(request) not in answer.content.decode()
        assert request.get_absolute_url() not in answer.content.decode()
    assert "delete_selected" not in answers[-1].content.decode()
    assert Locality.objects.filter(pk__in=[place.pk, idle.pk]).count() == 2
    office.post(reverse("admin:branches_locality_delete", args=[idle.pk]), {"post": "yes"})
    assert not Locality.objects.filter(pk=idle.pk).exists()


# --- exports ---------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("name", READERS)
def test_exports_say_nothing(told, as_user, name):
    client = as_user(reader(told, name))
    for place in (reverse("roadmap:figures"), reverse("branches:topics_csv")):
        for query in ("", "?year=2025", "?branch=own", "?branch=own&year=2025", "?mandates=1"):
            response = client.get(f"{place}{query}")
            assert told.secrets.search(response.content.decode()) == [], place
            if response.status_code == 200 and "json" in response.headers["Content-Type"]:
                assert told.secrets.search(json.dumps(response.json(), ensure_ascii=False)) == []


@pytest.mark.parametrize("format", ["json", "csv", "table"])
def test_figures_say_nothing(told, format):
    for slug in ("own", "other", "oblast", "abroad"):
        said = io.StringIO()
        management.call_command("figures", branch=slug, year=2025, format=format, stdout=said)
        assert told.secrets.search(said.getvalue()) == []


@pytest.mark.parametrize("format", ["json", "jsonl", "xml"])
def test_a_dump_says_nothing(told, format):
    said = io.StringIO()
    management.call_command("dumpdata", format=format, stdout=said)
    assert "sealed:" in said.getvalue()
    assert told.secrets.search(said.getvalue()) == []


def test_commands_say_nothing(told, capsys):
    for name, options in (
        ("anonymise_requests", {"dry_run": True}),
        ("rotate_personal_keys", {}),
        ("anonymise_requests", {}),
    ):
        said = io.StringIO()
        management.call_command(name, **options, stdout=said, stderr=said)
        assert told.secrets.search(said.getvalue() + "".join(capsys.readouterr())) == []


# --- what is kept ----------------------------------------------------------------------------------------------------
def columns():
    """Every value of every table, as the database keeps it."""
    quote = connection.ops.quote_name
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {quote(table)}")
            names = [column[0] for column in cursor.description]
            for row in cursor.fetchall():
                yield from ((f"{table}.{name}", value) for name, value in zip(names, row, strict=True))


def as_text(value):
    return bytes(value).decode("utf-8", "replace") if isinstance(value, bytes | memoryview) else str(value)


def press_everything(told, as_user):
    """Let a clerk use each form once, well and badly, so that whatever the pages keep is kept."""
    client, person = as_user(told.cast.people.reception), a_person(900)
    sent = {"full_name": person.full_name, "phone": person.phone, "address": person.address, "iin": person.iin}
    topic = Topic.objects.first().pk
    register = sent | {
        "topic": topic,
        "summary": f"{unusual(901)} туралы",
        "is_agreed": "on",
        "consent_shown": ConsentText.objects.latest("valid_from").fingerprint,
        "consent_channel": "oral",
        "channel": "desk",
        "kind": "application",
        "received_on": TODAY.isoformat(),
    }
    request = told.repeated[1]
    told.secrets.of_request[0] = {*digits_of(person.phone, person.iin), *map(unusual, range(900, 904))}
    answers = [
        client.post(reverse("branches:request_register"), register | {"iin": "1"}),
        client.post(reverse("branches:request_register"), register),
        client.post(reverse("branches:request_register"), register),  # likely a duplicate
        client.post(reverse("branches:request_find"), sent),
        client.post(reverse("branches:request_find"), {"full_name": told.person.full_name}),
        client.post(reverse("branches:request_step", args=[request.pk]), {"state": "refused", "note": unusual(902)}),
        client.post(reverse("branches:request_step", args=[request.pk]), {"state": "", "note": unusual(902)}),
        client.post(reverse("branches:applicant_change", args=[request.pk]), sent | {"full_name": ""}),
        client.post(reverse("branches:applicant_change", args=[request.pk]), sent | {"iin": ""}),
    ]
    assert [answer.status_code for answer in answers].count(302) >= 2
    return client, answers


def test_no_table_keeps_a_plain_word(told, as_user):
    press_everything(told, as_user)
    walk(as_user(told.cast.people.administrator), told.cast.people.administrator, told.secrets, most=1)
    leaks, values = set(), 0
    for column, value in columns():
        values += 1
        if value is not None and told.secrets.search(as_text(value)):
            leaks.add(column)
    assert leaks == set()
    assert values > 1000
    for session in Session.objects.all():
        assert told.secrets.search(json.dumps(session.get_decoded(), ensure_ascii=False, default=str)) == []
    assert AuditEvent.objects.filter(action="request.find").exists()


def test_a_plain_word_in_a_table_would_be_found(told):
    AuditEvent.objects.record(by="reception", action="test", subject="test", detail=f"іздеді: {told.person.full_name}")
    found = {column for column, value in columns() if value is not None and told.secrets.search(as_text(value))}
    assert found == {"branches_auditevent.detail"}


def test_the_bytes_of_the_database_say_nothing(told, as_user):
    """The file itself, with its free pages; on PostgreSQL a copy of each table."""
    press_everything(told, as_user)
    if connection.vendor == "sqlite":
        content = connection.connection.serialize()
    else:
        content = io.BytesIO()
        with connection.cursor() as cursor:
            for table in connection.introspection.table_names(cursor):
                cursor.cursor.copy_expert(f"COPY {connection.ops.quote_name(table)} TO STDOUT", content)
        content = content.getvalue()
    assert b"gAAAA" in content  # what is sealed is there
    for encoding in ("utf-8", "utf-16-le", "utf-16-be"):
        assert told.secrets.search(content.decode(encoding, "replace")) == []


# --- failures --------------------------------------------------------------------------------------------------------
def test_a_card_that_fails_says_nothing(told, caplog, monkeypatch):
    def fail(*args, **kwargs):
        raise RuntimeError("something broke")

    monkeypatch.setattr("roadmap.views.requests.request_ties", fail)
    client = Client(raise_request_exception=False)
    client.force_login(told.cast.people.reception)
    with everything_logged(caplog) as logged:
        response = client.get(told.subject.get_absolute_url())
        missing = client.get(reverse("roadmap:request_detail", args=[9999]))
        foreign = Request.objects.exclude(branch=told.cast.own).first()
        hidden = client.get(foreign.get_absolute_url())
        said = logged()
    assert (response.status_code, missing.status_code, hidden.status_code) == (500, 404, 404)
    assert "something broke" in said
    for text in (said, *(answer.content.decode() for answer in (response, missing, hidden))):
        assert told.secrets.search(text) == []


def test_what_the_database_refuses_is_not_repeated(told, caplog, monkeypatch):
    """PostgreSQL tells the row that it refuses, and the log would: it is sealed by then."""
    client = Client(raise_request_exception=False)
    client.force_login(told.cast.people.reception)
    index = work.applicants.index

    def spoil(applicant):
        index(applicant)
        applicant.anonymised_on = TODAY  # a row that has digests is not anonymised: the database knows

    monkeypatch.setattr("branches.actions.applicants.index", spoil)
    person = a_person(950)
    sent = {
        "full_name": person.full_name,
        "phone": person.phone,
        "address": person.address,
        "iin": person.iin,
        "topic": Topic.objects.first().pk,
        "summary": unusual(951),
        "is_agreed": "on",
        "consent_shown": ConsentText.objects.latest("valid_from").fingerprint,
        "consent_channel": "oral",
        "channel": "desk",
        "kind": "application",
        "received_on": TODAY.isoformat(),
    }
    secrets = Secrets({0: [*digits_of(person.phone, person.iin), unusual(950), unusual(951)]})
    with everything_logged(caplog) as logged:
        response = client.post(reverse("branches:request_register"), sent)
        said = logged()
    assert response.status_code == 500
    assert "IntegrityError" in said
    assert secrets.search(said) == secrets.search(response.content.decode()) == []


def test_a_form_from_elsewhere_is_refused_without_repeating_it(told, caplog):
    client = Client(enforce_csrf_checks=True)
    client.force_login(told.cast.people.reception)
    with everything_logged(caplog) as logged:
        response = client.post(reverse("branches:request_find"), {"full_name": told.person.full_name})
        said = logged()
    assert response.status_code == 403
    assert told.secrets.search(said) == told.secrets.search(response.content.decode()) == []


def test_rows_do_not_say_themselves(told):
    """Whoever prints a row, or an error of one, prints no name."""
    words = RequestWords.objects.get(request=told.subject)
    rows = [told.subject, told.subject.applicant, words, StepWords.objects.first(), told.person]
    rows += [told.subject.applicant.consents.first(), told.subject.openings.first()]
    for row in rows:
        assert told.secrets.search(f"{row} {row!r}") == []
    twice = Applicant(pk=told.subject.applicant_id, branch=told.cast.own, full_name=told.person.full_name)
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        twice.save(force_insert=True)
    assert told.secrets.search(f"{refused.value!r} {refused.value.__cause__!r}") == []
