"""The commands that erase personal data in time, and bring them to a new key."""

import datetime as dt
import io
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from cryptography.fernet import Fernet
from django.core.management import CommandError, call_command
from django.db import connection

from branches import actions
from branches.choices import RequestState
from branches.dashboards.reception import reception_counts
from branches.models import Applicant, AuditEvent, Branch, Request, RequestStep, RequestWords, StepWords
from tests.conftest import TODAY

OLD, NEW = (Fernet.generate_key().decode() for _ in range(2))
KEPT = 100


@pytest.fixture
def life(cast, noon, settings):
    """Requests that were closed long ago, on the last day, not long ago; one that is open, one withdrawn consent."""
    settings.PERSONAL_DATA_KEEP_DAYS = KEPT
    closed = {"state": RequestState.POSITIVE, "help_kind": "advice", "note": "Көмек берілді"}

    def asked(days_ago, person=None, **said):
        return cast.add_request(today=TODAY - dt.timedelta(days=days_ago), person=person, **said)

    twice = cast.an_applicant()
    rows = {
        "old": asked(KEPT + 30, **closed),
        "on the day": asked(KEPT, **closed),
        "young": asked(KEPT - 1, **closed),
        "open": asked(KEPT + 30),
        "came again": asked(KEPT + 30, twice, **closed),
    }
    asked(3, twice)
    rows["withdrew"] = asked(5, **closed)
    actions.withdraw_consent(
        request=rows["withdrew"], by=cast.people.secretary, today=TODAY - dt.timedelta(days=4), channel="oral"
    )
    return rows


def run(name, **options):
    out = io.StringIO()
    call_command(name, stdout=out, **options)
    return out.getvalue()


def named(rows):
    """Of which of the requests the applicant's name is still known."""
    names = dict(Applicant.objects.values_list("pk", "anonymised_on"))
    return {name for name, request in rows.items() if names[request.applicant_id] is None}


def counted(day):
    scope = list(Branch.objects.values_list("pk", flat=True))
    return [reception_counts(branch=None, scope=scope, year=year, day=day) for year in (2024, 2025)]


# --- anonymise_requests ----------------------------------------------------------------------------------------------
def test_what_was_closed_long_ago_is_erased_and_still_counted(life):
    before = (Request.objects.count(), RequestStep.objects.count(), counted(TODAY))
    said = run("anonymise_requests")
    assert "erased: 2" in said
    assert named(life) == {"young", "open", "came again"}
    assert (Request.objects.count(), RequestStep.objects.count(), counted(TODAY)) == before
    for name in ("old", "on the day", "withdrew"):
        applicant = Applicant.objects.get(pk=life[name].applicant_id)
        assert {applicant.full_name, applicant.phone, applicant.address, applicant.iin} == {""}
        assert {applicant.name_digest, applicant.phone_digest, applicant.iin_digest} == {""}
        assert RequestWords.objects.get(request=life[name]).summary == ""
        assert {words.text for words in StepWords.objects.filter(step__request=life[name])} <= {""}
    kept = RequestWords.objects.get(request=life["young"])
    assert kept.summary
    assert Applicant.objects.get(pk=life["came again"].applicant_id).full_name


def test_a_dry_run_says_as_many_and_erases_nothing(life):
    events = AuditEvent.objects.count()
    assert "would be erased: 2" in run("anonymise_requests", dry_run=True)
    assert named(life) == {"old", "on the day", "young", "open", "came again"}
    assert AuditEvent.objects.count() == events
    assert "erased: 2" in run("anonymise_requests")


def test_a_second_run_finds_nothing_to_do(life):
    run("anonymise_requests")
    left = list(Applicant.objects.order_by("pk").values())
    assert "erased: 0" in run("anonymise_requests")
    assert list(Applicant.objects.order_by("pk").values()) == left


def test_nothing_that_is_said_names_anybody(life):
    secrets = [Applicant.objects.get(pk=life["old"].applicant_id).full_name, "Көмек берілді"]
    said = run("anonymise_requests")
    said += " ".join(f"{event.subject} {event.detail}" for event in AuditEvent.objects.all())
    assert not [secret for secret in secrets if secret in said]
    assert AuditEvent.objects.filter(actor="command", action="applicant.anonymise").count() == 2


def test_all_is_erased_or_nothing(life, monkeypatch):
    real, seen = actions.applicants._erase, []

    def erase(applicant, today):
        seen.append(applicant.pk)
        if len(seen) == 2:
            raise RuntimeError
        real(applicant, today)

    monkeypatch.setattr(actions.applicants, "_erase", erase)
    with pytest.raises(RuntimeError):
        run("anonymise_requests")
    assert len(seen) == 2
    assert named(life) == {"old", "on the day", "young", "open", "came again"}


def test_data_that_nobody_can_open_any_more_are_erased_like_the_rest(life, settings):
    settings.PERSONAL_DATA_KEYS = [NEW]
    before = Applicant.objects.exclude(anonymised_on=None).count()
    assert "erased: 2" in run("anonymise_requests")
    assert Applicant.objects.exclude(anonymised_on=None).count() == before + 2


@pytest.mark.django_db(transaction=True)
def test_two_runs_at_once_erase_once(life):
    start = threading.Barrier(2, timeout=60)

    def go(_number):
        try:
            connection.ensure_connection()
            start.wait()
            return actions.anonymise(today=TODAY, keep_days=KEPT)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as runs:
        found = list(runs.map(go, range(2)))
    assert sorted(len(keys) for keys in found) == [0, 2]
    assert AuditEvent.objects.filter(actor="command", action="applicant.anonymise").count() == 2


# --- rotate_personal_keys --------------------------------------------------------------------------------------------
def test_after_the_rotation_the_old_key_is_not_needed(cast, noon, settings):
    settings.PERSONAL_DATA_KEYS = [OLD]
    person = cast.an_applicant()
    request = cast.add_request(person=person, state=RequestState.EXPLAINED, note="Түсіндірілді")
    erased = cast.add_request(today=TODAY - dt.timedelta(days=9), state=RequestState.EXPLAINED, note="x")
    actions.withdraw_consent(request=erased, by=cast.people.secretary, today=TODAY, channel="oral")

    settings.PERSONAL_DATA_KEYS = [NEW, OLD]
    assert list(Request.objects.of_people(person.digests)) == [request]
    count = int(run("rotate_personal_keys").split(": ")[1].split(".")[0])
    assert count == 1 + RequestWords.objects.count() + StepWords.objects.count()

    settings.PERSONAL_DATA_KEYS = [NEW]
    applicant = Applicant.objects.get(pk=request.applicant_id)
    assert (applicant.full_name, applicant.phone, applicant.address) == (person.full_name, person.phone, person.address)
    assert RequestWords.objects.get(request=request).summary
    assert "Түсіндірілді" in {words.text for words in StepWords.objects.all()}
    assert list(Request.objects.of_people(person.digests)) == [request]
    gone = Applicant.objects.get(pk=erased.applicant_id)
    assert (gone.full_name, gone.name_digest, gone.anonymised_on) == ("", "", TODAY)
    assert cast.add_request(person=person).applicant == applicant  # found again by the new key


def test_the_rotation_may_be_run_again(cast, noon, settings):
    cast.add_request()
    first = run("rotate_personal_keys")
    assert run("rotate_personal_keys") == first


def test_a_key_that_is_lost_changes_nothing(cast, noon, settings):
    settings.PERSONAL_DATA_KEYS = [OLD]
    person = cast.an_applicant()
    cast.add_request(person=person)
    settings.PERSONAL_DATA_KEYS = [NEW]
    with pytest.raises(CommandError, match="Nothing was changed") as refusal:
        run("rotate_personal_keys")
    assert person.full_name not in str(refusal.value)
    settings.PERSONAL_DATA_KEYS = [OLD]
    assert Applicant.objects.get().full_name == person.full_name
