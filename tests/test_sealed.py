"""Personal data at rest: what stands in the database, in a dump, and what is told without the key."""

import io
import re

import pytest
from cryptography.fernet import Fernet
from django.core import checks, serializers
from django.core.exceptions import FieldError, ImproperlyConfigured
from django.core.management import call_command
from django.db import connection

from amanat_tracker.generic.sealed import SEALED, SealedError, digest, digests, seal, unseal
from branches import actions
from branches.models import Applicant, Request, RequestStep, RequestWords, StepWords

WORDS = "Айдана Ойданқызы, +7 000 123 45 67"
OLD, NEW = (Fernet.generate_key().decode() for _ in range(2))


def stored(model):
    """All that the table of a model holds, as the database itself has it."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {connection.ops.quote_name(model._meta.db_table)}")
        return [str(value) for row in cursor.fetchall() for value in row]


@pytest.fixture
def asked(cast):
    """A request with everything personal that it can have, and all of these words."""
    person = actions.Person("Ойданова Айдана", "+7 000 123 45 67", "Ойдан көшесі, 7", "900101400013")
    request = cast.add_request(
        person=person,
        summary="Әкесінің зейнетақысы тоқтап қалған",
        state="positive",
        help_kind="advice",
        note="Хат жазылды",
    )
    words = [person.full_name, person.phone, person.address, person.iin, "зейнетақысы", "Хат жазылды"]
    return request, words


# --- in the database -------------------------------------------------------------------------------------------------
def test_the_database_holds_none_of_the_words(asked):
    request, words = asked
    rows = [value for model in (Applicant, Request, RequestStep, RequestWords, StepWords) for value in stored(model)]
    for secret in words:
        assert not [value for value in rows if secret in value], secret
    applicant = Applicant.objects.get(pk=request.applicant_id)
    assert [applicant.full_name, applicant.phone, applicant.address, applicant.iin] == words[:4]
    assert RequestWords.objects.get().summary == "Әкесінің зейнетақысы тоқтап қалған"
    assert "Хат жазылды" in {row.text for row in StepWords.objects.all()}
    assert repr(applicant) == f"<Applicant: applicant {applicant.pk}>"


def test_the_same_words_are_never_sealed_alike():
    assert seal(WORDS) != seal(WORDS)
    assert unseal(seal(WORDS)) == WORDS
    assert (seal(""), unseal("")) == ("", "")


@pytest.mark.parametrize("lookup", ["exact", "in", "contains", "icontains", "startswith", "gt", "regex", "isnull"])
def test_sealed_words_are_not_searched(db, lookup):
    value = {"in": ["Айдана"], "isnull": True}.get(lookup, "Айдана")
    with pytest.raises(FieldError):
        Applicant.objects.filter(**{f"full_name__{lookup}": value}).exists()


@pytest.mark.parametrize("typed", [f"{SEALED}abc", SEALED, "gAAAA", "'\";--", "ә" * 5000])
def test_words_that_look_strange_are_words(cast, typed):
    row = Applicant.objects.create(branch=cast.own, full_name=typed)
    row.refresh_from_db()
    assert row.full_name == typed


# --- keys ------------------------------------------------------------------------------------------------------------
def test_a_wrong_key_opens_nothing_and_tells_nothing(asked, settings):
    _request, words = asked
    settings.PERSONAL_DATA_KEYS = [NEW]
    for read in (lambda: Applicant.objects.get().full_name, lambda: RequestWords.objects.get().summary):
        with pytest.raises(SealedError) as refusal:
            read()
        said = f"{refusal.value!r} {refusal.value.__cause__!r}"
        assert not [secret for secret in words if secret in said]
        assert "gAAAA" not in said
        assert refusal.value.__suppress_context__


def test_all_keys_open_and_the_first_one_seals(settings):
    settings.PERSONAL_DATA_KEYS = [OLD]
    token = seal(WORDS)
    settings.PERSONAL_DATA_KEYS = [NEW, OLD]
    assert unseal(token) == WORDS
    newer = seal(WORDS)
    settings.PERSONAL_DATA_KEYS = [NEW]
    assert unseal(newer) == WORDS
    with pytest.raises(SealedError):
        unseal(token)


def test_without_keys_nothing_is_kept(settings):
    settings.PERSONAL_DATA_KEYS = []
    for act in (seal, digest, digests):
        with pytest.raises(ImproperlyConfigured, match="PERSONAL_DATA_KEYS"):
            act(WORDS)


@pytest.mark.parametrize(("keys", "said"), [([], "is not set"), (["short"], "no key"), ([NEW, "x" * 44], "no key")])
def test_the_check_complains_of_keys_that_are_none(settings, keys, said):
    settings.PERSONAL_DATA_KEYS = keys
    errors = [error for error in checks.run_checks() if error.id == "amanat.E002"]
    assert {error.obj for error in errors} == {
        Applicant._meta.get_field(name) for name in ("full_name", "phone", "address", "iin")
    } | {RequestWords._meta.get_field("summary"), StepWords._meta.get_field("text")}
    for error in errors:
        assert said in error.msg
        assert "generate_key" in error.hint
        assert not [key for key in keys if key in error.msg]


def test_the_check_is_content_with_good_keys(settings):
    settings.PERSONAL_DATA_KEYS = [NEW, OLD]
    assert [error.id for error in checks.run_checks() if error.id == "amanat.E002"] == []


# --- digests ---------------------------------------------------------------------------------------------------------
def test_a_digest_is_found_by_and_tells_nothing(settings):
    settings.PERSONAL_DATA_KEYS = [NEW]
    new = digest("айдана")
    assert re.fullmatch("[0-9a-f]{64}", new)
    assert new == digest("айдана") != digest("айданб")
    settings.PERSONAL_DATA_KEYS = [OLD]
    assert digest("айдана") != new
    settings.PERSONAL_DATA_KEYS = [OLD, NEW]
    assert digests("айдана") == [digest("айдана", OLD), new]
    assert (digest(""), digests("")) == ("", [])


# --- dumps -----------------------------------------------------------------------------------------------------------
def test_a_dump_has_none_of_the_words_and_opens_with_the_key(asked, settings):
    _request, words = asked
    out = io.StringIO()
    call_command("dumpdata", "branches.applicant", "branches.requestwords", "branches.stepwords", stdout=out)
    dump = out.getvalue()
    for secret in words:
        assert secret not in dump
        assert secret.encode("unicode_escape").decode() not in dump
    assert dump.count(SEALED) == 4 + 1 + StepWords.objects.count()

    RequestWords.objects.update(summary="")
    Applicant.objects.update(full_name="", phone="")
    for row in serializers.deserialize("json", dump):
        row.save()
    assert [Applicant.objects.get().full_name, Applicant.objects.get().phone] == words[:2]
    assert RequestWords.objects.get().summary == "Әкесінің зейнетақысы тоқтап қалған"

    settings.PERSONAL_DATA_KEYS = [NEW]
    with pytest.raises(Exception, match="PERSONAL_DATA_KEYS") as refusal:
        list(serializers.deserialize("json", dump))
    assert not [secret for secret in words if secret in str(refusal.value)]


def test_a_dump_is_loaded_by_the_command(asked, tmp_path):
    _request, words = asked
    file = tmp_path / "applicants.json"
    call_command("dumpdata", "branches.applicant", output=str(file))
    assert words[0] not in file.read_text()
    Applicant.objects.update(full_name="")
    call_command("loaddata", str(file), verbosity=0)
    assert Applicant.objects.get().full_name == words[0]
