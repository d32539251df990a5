"""Every string of the interface is there in Kazakh and in Russian; the catalogues are up to date with the sources."""

import ast
import re
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.extract import extract_python
from babel.messages.pofile import read_po
from django.utils.translation import templatize

ROOT = Path(__file__).parent.parent
SOURCES = ("amanat_tracker", "branches", "roadmap", "templates")
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
PLACEHOLDER = re.compile(r"%\([a-z_]+\)[sd]|%%")


def catalogue(language):
    with (ROOT / f"amanat_tracker/locale/{language}/LC_MESSAGES/django.po").open("rb") as file:
        return {(message.context or "", first(message.id)): message for message in read_po(file) if message.id}


def first(msgid):
    return msgid[0] if isinstance(msgid, tuple | list) else msgid


def messages_of(source):
    """(context, msgid) of every string that a Python source, or a template made into one, asks to be translated."""
    for _line, function, strings, _comments in extract_python(BytesIO(source.encode()), list(KEYWORDS), [], {}):
        strings = strings if isinstance(strings, tuple) else (strings,)
        has_context = "pgettext" in function
        text = strings[1 if has_context else 0]
        if text:
            yield (strings[0] if has_context else "", text)


def messages_of_template(template):
    """The same of a template: Django's own extraction makes calls of it, among text that is no Python."""
    calls = templatize(template, origin="a template")
    for start in re.finditer(r"\b(?:n?p?gettext|_)\(", calls):
        for end in re.finditer(r"\)", calls[start.start() :]):
            call = calls[start.start() : start.start() + end.end()]
            try:
                ast.parse(call)
            except SyntaxError:
                continue
            yield from messages_of(call)
            break


def sources():
    for folder in SOURCES:
        for path in sorted((ROOT / folder).rglob("*")):
            if "migrations" in path.parts:
                continue
            if path.suffix == ".py":
                yield path, set(messages_of(path.read_text()))
            elif path.suffix in (".html", ".txt"):
                yield path, set(messages_of_template(path.read_text()))


def test_the_extraction_sees_strings_of_code_and_templates():
    found = set(messages_of("_('plain')\npgettext_lazy('ctx', 'with context')\nngettext('one', 'many', 2)\n"))
    assert found == {("", "plain"), ("ctx", "with context"), ("", "one")}
    template = "{% translate 'Save' %}{% blocktranslate count n=x %}one{% plural %}many{% endblocktranslate %}"
    assert {("", "Save"), ("", "one")} <= set(messages_of_template(template))


@pytest.mark.parametrize("language", ["kk", "ru"])
def test_every_string_of_the_sources_is_translated(language):
    known = catalogue(language)
    missing = {
        f"{path.relative_to(ROOT)}: {message}"
        for path, messages in sources()
        for message in messages
        if message not in known
    }
    assert not missing, "run makemessages and translate: " + "\n".join(sorted(missing))


@pytest.mark.parametrize("language", ["kk", "ru"])
def test_the_catalogue_is_complete(language):
    forms = {"kk": 2, "ru": 4}[language]
    for message in catalogue(language).values():
        translations = message.string if isinstance(message.string, tuple) else (message.string,)
        assert all(translations), f"not translated: {message.id!r}"
        assert "fuzzy" not in message.flags, f"only guessed: {message.id!r}"
        if isinstance(message.id, tuple):
            assert len(translations) == forms, message.id


@pytest.mark.parametrize("language", ["kk", "ru"])
def test_placeholders_are_kept(language):
    for message in catalogue(language).values():
        asked = set(PLACEHOLDER.findall(message.id[-1] if isinstance(message.id, tuple) else message.id))
        singular, *others = message.string if isinstance(message.string, tuple) else (message.string,)
        said = set(PLACEHOLDER.findall(singular))
        assert said <= asked if others else said == asked, f"{message.id!r}: {singular!r}"  # "once" needs no number
        for translation in others:
            assert set(PLACEHOLDER.findall(translation)) == asked, f"{message.id!r}: {translation!r}"


@pytest.mark.parametrize("language", ["kk", "ru"])
def test_nothing_stands_in_the_catalogue_that_nobody_asks_for(language):
    asked = {message for _path, messages in sources() for message in messages}
    assert set(catalogue(language)) <= asked
