"""The administrator's office for what projects, reception and organisation refer to; no personal data in it."""

import datetime as dt

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.messages import get_messages
from django.urls import reverse

from amanat_tracker.generic.sealed import SealedField
from branches import actions
from branches.choices import Frequency, ProjectUnit, RequestState
from branches.models import (
    Applicant,
    AuditEvent,
    CalendarDay,
    Consent,
    ConsentText,
    Election,
    FactionReport,
    Maslikhat,
    MembershipReport,
    PartyProject,
    ProjectIndicator,
    ProjectReport,
    ReceptionRule,
    Request,
    RequestOpening,
    RequestStep,
    RequestWords,
    StepWords,
    Topic,
    WingReport,
)
from tests.conftest import TODAY

NAMES = {"name_kk": "Атауы", "name_ru": "Название", "name_en": "Name"}


@pytest.fixture
def office(cast, as_user, noon):
    """A client of the administrator, with `open` and `save` by model."""
    client = as_user(cast.people.administrator)

    def address(model, row, what):
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}_{what}"
        return reverse(name, args=[row.pk] if row else [])

    client.open = lambda model, row=None: client.get(address(model, row, "change" if row else "add"))
    client.save = lambda model, sent, row=None: client.post(address(model, row, "change" if row else "add"), sent)
    client.delete_row = lambda model, row: client.post(address(model, row, "delete"), {"post": "yes"})
    client.delete_rows = lambda model, rows: client.post(
        address(model, None, "changelist"),
        {"action": "delete_selected", "_selected_action": [row.pk for row in rows], "post": "yes"},
    )
    return client


def told(answer):
    return [str(message) for message in get_messages(answer.wsgi_request)]


def read_only(answer):
    return set(answer.context["adminform"].readonly_fields)


# --- no personal data ------------------------------------------------------------------------------------------------
def test_nothing_sealed_is_in_the_office():
    personal = (Applicant, RequestWords, StepWords, Request, RequestStep, RequestOpening, Consent)
    assert {model for model in apps.get_models() if any(isinstance(f, SealedField) for f in model._meta.fields)} == {
        Applicant,
        RequestWords,
        StepWords,
    }
    reachable = set(admin.site._registry)
    reachable |= {inline.model for its_admin in admin.site._registry.values() for inline in its_admin.inlines}
    assert not reachable.intersection(personal)
    assert {CalendarDay, Topic, PartyProject, ProjectIndicator, ConsentText, Maslikhat, ReceptionRule} <= reachable


def test_history_is_not_edited_in_the_office():
    history = {MembershipReport, WingReport, FactionReport, Election, ProjectReport, RequestStep}
    assert not history.intersection(admin.site._registry)


def test_no_page_of_the_office_tells_who_asked(cast, office):
    asked = cast.add_request(state=RequestState.POSITIVE, help_kind="advice", note="Көмек берілді")
    secrets = [
        asked.applicant.full_name,
        asked.applicant.phone,
        asked.applicant.address,
        asked.words.summary,
        "Көмек берілді",
    ]
    assert all(secrets)
    CalendarDay.objects.create(date=TODAY, is_working=False)
    for model in admin.site._registry:
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        pages = [office.get(reverse(f"{name}_changelist"))]
        row = model._default_manager.first()
        if row is not None:
            pages += [office.get(reverse(f"{name}_{what}", args=[row.pk])) for what in ("change", "delete", "history")]
        for page in pages:
            text = page.content.decode()
            assert not [secret for secret in secrets if secret in text], name


# --- the calendar ----------------------------------------------------------------------------------------------------
@pytest.fixture
def waiting(cast, noon):
    """Two requests whose answers are due after this week, one whose answer was given."""
    rows = [cast.add_request(today=TODAY - dt.timedelta(days=4)) for _ in range(2)]
    cast.add_request(state=RequestState.EXPLAINED, note="түсіндірілді")
    return rows


def due_days(requests):
    return [request.steps.order_by("-id").first().due_on for request in requests]


def test_a_day_off_moves_the_answers_and_says_how_many(cast, office, waiting):
    before = due_days(waiting)
    answer = office.save(CalendarDay, {"date": "17.06.2025", "note": "Үкімет қаулысы"})
    assert answer.status_code == 302
    assert "2" in " ".join(told(answer))
    assert all(now > then for now, then in zip(due_days(waiting), before, strict=True))
    assert AuditEvent.objects.get(action="calendar.recount").detail == "2"
    day = CalendarDay.objects.get()
    assert AuditEvent.objects.about(day).get().action == "admin.add"

    office.save(CalendarDay, {"date": "17.06.2025", "is_working": "on", "note": ""}, day)
    assert due_days(waiting) == before
    assert AuditEvent.objects.filter(action="calendar.recount").count() == 2


@pytest.mark.parametrize("by_one", [True, False])
def test_a_day_that_is_deleted_moves_them_back(office, waiting, by_one):
    before = due_days(waiting)
    for day in ("17.06.2025", "18.06.2025"):
        office.save(CalendarDay, {"date": day})
    days = list(CalendarDay.objects.all())
    recounts = AuditEvent.objects.filter(action="calendar.recount")
    assert recounts.count() == 2
    if by_one:
        for day in days:
            assert office.delete_row(CalendarDay, day).status_code == 302
        assert recounts.count() == 4
    else:
        assert office.delete_rows(CalendarDay, days).status_code == 302
        assert recounts.count() == 3  # once, however many days
    assert not CalendarDay.objects.exists()
    assert due_days(waiting) == before


def test_a_day_is_not_written_when_the_recount_fails(office, waiting, monkeypatch):
    def fail(**said):
        raise RuntimeError

    monkeypatch.setattr(actions, "recount_deadlines", fail)
    kept = CalendarDay.objects.create(date=dt.date(2025, 6, 20), is_working=False)
    for act in (
        lambda: office.save(CalendarDay, {"date": "17.06.2025"}),
        lambda: office.delete_row(CalendarDay, kept),
        lambda: office.delete_rows(CalendarDay, [kept]),
    ):
        with pytest.raises(RuntimeError):
            act()
        assert list(CalendarDay.objects.all()) == [kept]
    assert not AuditEvent.objects.filter(subject__startswith="branches.calendarday:").exists()


def test_a_day_twice_is_refused_beside_the_field(office, waiting):
    office.save(CalendarDay, {"date": "17.06.2025"})
    answer = office.save(CalendarDay, {"date": "17.06.2025", "is_working": "on"})
    assert list(answer.context["adminform"].form.errors) == ["date"]
    assert AuditEvent.objects.filter(action="calendar.recount").count() == 1


# --- the text of the consent -----------------------------------------------------------------------------------------
def test_a_wording_that_somebody_agreed_to_stays(cast, office):
    text = ConsentText.objects.get()
    assert not read_only(office.open(ConsentText, text))
    actions.register_request(
        branch=cast.own,
        by=cast.people.secretary,
        today=TODAY,
        person=cast.an_applicant(),
        topic=cast.topics[0],
        summary="су жоқ",
    )
    assert read_only(office.open(ConsentText, text)) == {
        "name_kk",
        "name_ru",
        "name_en",
        "version",
        "valid_from",
        "text_kk",
        "text_ru",
        "text_en",
    }
    sent = {"version": "1", "valid_from": "01.01.2024", "text_kk": "Басқа", "text_ru": "Иное", "text_en": "x", **NAMES}
    office.save(ConsentText, sent, text)
    text.refresh_from_db()
    assert (text.text_kk, text.valid_from) == ("Келісемін.", dt.date(2023, 1, 1))
    assert office.delete_row(ConsentText, text).status_code == 403
    assert office.save(ConsentText, sent | {"version": "2"}).status_code == 302
    assert actions.current_consent_text(TODAY).version == "2"


# --- what is used stays ----------------------------------------------------------------------------------------------
def test_the_key_of_a_topic_stays_once_requests_rest_on_it(cast, office):
    topic = cast.topics[0]
    assert read_only(office.open(Topic, topic)) == set()
    cast.add_request(topic=0)
    assert read_only(office.open(Topic, topic)) == {"key"}
    office.save(Topic, {"key": "other", "position": 5, **NAMES}, topic)
    topic.refresh_from_db()
    assert (topic.key, topic.position, topic.is_active) == ("housing", 5, False)


def test_an_indicator_of_several_projects(cast, office):
    second = PartyProject.objects.create(key="second", valid_from=dt.date(2024, 1, 1), **NAMES)
    said = {"key": "joint.people", "position": 2, "unit": ProjectUnit.PEOPLE, "frequency": Frequency.MONTHLY, **NAMES}
    answer = office.save(ProjectIndicator, said | {"projects": [cast.project.pk, second.pk]})
    assert answer.status_code == 302
    assert set(ProjectIndicator.objects.get(key="joint.people").projects.all()) == {cast.project, second}
    answer = office.save(ProjectIndicator, said | {"key": "Not A Key"})
    assert set(answer.context["adminform"].form.errors) == {"key", "projects"}


def test_what_an_indicator_counts_stays_once_it_was_reported(cast, office):
    assert read_only(office.open(ProjectIndicator, cast.indicator)) == set()
    assert read_only(office.open(PartyProject, cast.project)) == {"key"}
    actions.report_project(
        branch=cast.own, indicator=cast.indicator, by=cast.people.secretary, today=TODAY, year=2025, period="q1", fact=1
    )
    assert read_only(office.open(ProjectIndicator, cast.indicator)) == {"key", "unit", "frequency"}


def test_a_maslikhat_has_no_fewer_seats_than_its_faction_holds(cast, office):
    said = {"branch": cast.own.pk, "seats": 12, "source": "", **NAMES}
    assert office.save(Maslikhat, said).status_code == 302
    maslikhat = Maslikhat.objects.get()
    actions.report_faction(branch=cast.own, by=cast.people.secretary, today=TODAY, members=10)
    assert read_only(office.open(Maslikhat, maslikhat)) == {"branch"}
    answer = office.save(Maslikhat, said | {"seats": 9}, maslikhat)
    assert list(answer.context["adminform"].form.errors) == ["seats"]
    assert office.save(Maslikhat, said | {"seats": 10}, maslikhat).status_code == 302
    maslikhat.refresh_from_db()
    assert (maslikhat.seats, maslikhat.branch) == (10, cast.own)


def test_rules_of_reception(cast, office):
    said = {"branch": cast.own.pk, "answer_days": 10}
    assert office.save(ReceptionRule, said).status_code == 302
    rule = ReceptionRule.objects.get()
    assert read_only(office.open(ReceptionRule, rule)) == {"branch"}
    answer = office.save(ReceptionRule, {"answer_days": 0, "mandates_from": "01.06.2025"}, rule)
    assert set(answer.context["adminform"].form.errors) == {"answer_days", "mandates_until"}


def test_the_topics_of_a_direction(cast, office):
    direction = cast.directions[0]
    page = office.open(type(direction), direction)
    assert [topic.pk for topic in page.context["adminform"].form["topics"].initial] == [cast.topics[0].pk]
    said = {"programme": cast.programme.pk, "number": 1, "slug": "housing", **NAMES}
    office.save(type(direction), said | {"topics": [topic.pk for topic in cast.topics]}, direction)
    assert set(direction.topics.all()) == set(cast.topics)


# --- the trace -------------------------------------------------------------------------------------------------------
def test_edits_stand_in_the_audit_without_what_was_written(cast, office):
    """The audit names fields, not their content; see `AuditedAdmin.log_change`."""
    sent = {
        "version": "9",
        "valid_from": "01.01.2026",
        "text_kk": "Құпия мәтін",
        "text_ru": "р",
        "text_en": "e",
        **NAMES,
    }
    office.save(ConsentText, sent)
    text = ConsentText.objects.get(version="9")
    office.save(ConsentText, sent | {"text_kk": "Жаңа құпия мәтін"}, text)
    events = AuditEvent.objects.about(text).order_by("id")
    assert [event.action for event in events] == ["admin.add", "admin.change"]
    kept = [event.detail for event in events] + [entry.change_message for entry in LogEntry.objects.all()]
    assert not [words for words in kept if "құпия" in words.casefold()]
