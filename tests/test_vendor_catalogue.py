"""What Django and the libraries say to people, in Kazakh: complete, and in the words of the rest of the product."""

import datetime
import json
import re
from importlib import import_module
from pathlib import Path

import pytest
from babel.messages.catalog import Message
from babel.messages.pofile import read_po
from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import MinimumLengthValidator
from django.core.exceptions import ValidationError
from django.core.paginator import InvalidPage, Paginator
from django.utils import translation
from django.utils.timesince import timesince
from django.views.i18n import JavaScriptCatalog

VENDOR = Path(settings.BASE_DIR) / "amanat_tracker" / "locale_vendor" / "kk" / "LC_MESSAGES"
# Whose messages people meet. Django's English catalogues list every message of the installed version; django-filter
# has none, so its Russian one is asked.
SPEAKERS = [
    ("django.conf", "en"),
    ("django.contrib.admin", "en"),
    ("django.contrib.auth", "en"),
    ("django.contrib.contenttypes", "en"),
    ("django.contrib.humanize", "en"),
    ("django.contrib.sessions", "en"),
    ("django_filters", "ru"),
    ("django_tables2", "en"),
]
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%[a-z]|\{\w*\}")
SAME_IN_EVERY_LANGUAGE = {
    "…",
    ":",
    ":?.!",
    ",",
    "IPv4",
    "IPv6",
    "URL",
    "%(truncated_text)s…",
    "%(class_name)s %(instance)s",
}


def messages(path: Path) -> list[Message]:
    with path.open("rb") as file:
        return [message for message in read_po(file) if message.id]


def singular(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def texts(message: Message) -> tuple[str, ...]:
    return (message.string,) if isinstance(message.string, str) else message.string


def catalogue_of(package: str, language: str, domain: str = "django") -> Path:
    return Path(import_module(package).__path__[0]) / "locale" / language / "LC_MESSAGES" / f"{domain}.po"


def translated(paths: list[Path]) -> set[tuple[str | None, str]]:
    """Context and msgid of all that the catalogues translate."""
    return {
        (message.context, singular(message))
        for path in paths
        if path.exists()
        for message in messages(path)
        if all(texts(message)) and not message.fuzzy
    }


@pytest.mark.parametrize(("package", "language"), SPEAKERS)
def test_every_message_of_the_installed_version_has_its_kazakh(package, language):
    known = translated([VENDOR / "django.po", *(catalogue_of(speaker, "kk") for speaker, _ in SPEAKERS)])
    wanted = {(message.context, singular(message)) for message in messages(catalogue_of(package, language))}
    assert wanted - known == set()


def test_the_scripts_of_the_admin_speak_kazakh():
    known = translated([VENDOR / "djangojs.po", catalogue_of("django.contrib.admin", "kk", "djangojs")])
    wanted = messages(catalogue_of("django.contrib.admin", "en", "djangojs"))
    assert {(message.context, singular(message)) for message in wanted} - known == set()


@pytest.mark.parametrize("domain", ["django", "djangojs"])
def test_the_catalogue_is_sound(domain):
    for message in messages(VENDOR / f"{domain}.po"):
        assert all(texts(message)), message.id
        assert not message.fuzzy, message.id
        if not isinstance(message.id, str):
            assert len(texts(message)) == 2 and len(set(texts(message))) == 1, message.id  # no plural after a numeral
        wanted = sorted(PLACEHOLDER.findall(message.id if isinstance(message.id, str) else message.id[1]))
        for text in texts(message):
            assert sorted(PLACEHOLDER.findall(text)) == wanted, message.id


@pytest.mark.parametrize("domain", ["django", "djangojs"])
def test_the_catalogue_is_written_in_kazakh_letters(domain):
    for message in messages(VENDOR / f"{domain}.po"):
        for text in texts(message):
            bare = re.sub(r"<[^>]*>|%\(\w+\)[a-z]|\{\w*\}|%[a-z]", "", text)
            assert re.search("[А-Яа-яӘәҒғҚқҢңӨөҰұҮүҺһІі]", bare) or singular(message) in SAME_IN_EVERY_LANGUAGE, text
            # A Latin letter inside a Cyrillic word looks right and is not found by any search.
            assert not re.search(r"[А-яӘәҒғҚқҢңӨөҰұҮүҺһІі][a-zA-Z]|[a-zA-Z][А-яӘәҒғҚқҢңӨөҰұҮүҺһІі]", bare), text
            assert not re.search("[“”\"'’]", bare) or "noreferrer" in text, text  # quotation marks are «…»


def test_nothing_is_translated_that_nobody_says():
    said = {
        (message.context, singular(message))
        for package, language in SPEAKERS
        for message in messages(catalogue_of(package, language))
    }
    ours = {(message.context, singular(message)) for message in messages(VENDOR / "django.po")}
    assert ours - said == set()


# --- as people meet it -----------------------------------------------------------------------------------------------
@pytest.fixture(autouse=True)
def kazakh():
    with translation.override("kk"):
        yield


class ContactForm(forms.Form):
    """A form with the commonest mistakes to make."""

    name = forms.CharField(max_length=3)
    email = forms.EmailField()
    day = forms.DateField()
    kind = forms.ChoiceField(choices=[("a", "A")])


def test_a_form_complains_in_kazakh():
    assert ContactForm({}).errors["name"] == ["Бұл өрісті толтырыңыз."]
    errors = ContactForm({"name": "Абай", "email": "abai", "day": "кеше", "kind": "b"}).errors
    assert errors["name"] == ["Ең көбі 3 таңба енгізіңіз (қазір 4)."]
    assert errors["email"] == ["Электрондық поштаның дұрыс мекенжайын енгізіңіз."]
    assert errors["day"] == ["Дұрыс күн енгізіңіз, мысалы: 31.12.2024."]
    assert errors["kind"] == ["Тізімнен таңдаңыз. «b» тізімде жоқ."]


def test_a_short_password_is_refused_in_kazakh():
    with pytest.raises(ValidationError, match=r"Құпия сөз тым қысқа\. Онда кемінде 10 таңба болуы керек\."):
        MinimumLengthValidator(10).validate("12345")


def test_a_page_that_is_not_there_is_refused_in_kazakh():
    with pytest.raises(InvalidPage, match="Бұл бетте ештеңе жоқ"):
        Paginator([1], 1).validate_number(2)


def test_time_is_told_in_kazakh():
    moment = datetime.datetime(2024, 1, 1)
    assert timesince(moment, moment.replace(day=4, hour=5)) == "3\u00a0күн, 5\u00a0сағат"


def test_the_scripts_get_the_kazakh_catalogue(rf):
    script = JavaScriptCatalog.as_view(packages=["django.contrib.admin"])(rf.get("/")).content.decode()
    catalogue = json.loads(re.search(r"newcatalog = (\{.*?\});?\n", script, re.DOTALL)[1])
    assert catalogue["Choose a time"] == "Уақытты таңдаңыз"
    assert catalogue["abbrev. day Monday\x04Mon"] == "дс"
