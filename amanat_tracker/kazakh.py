"""The Kazakh language as data: the order of its alphabet, its forgiving search, its endings after numerals.

Pure functions of text and numbers. The database backends build their collation and their search upon this file, the
templates their endings, so that a list, a search and a sentence agree wherever they are made.
"""

import unicodedata

NBSP = "\u00a0"  # the no-break space that keeps a number and its unit on one line

# --- alphabetical order ----------------------------------------------------------------------------------------------
ALPHABET = "аәбвгғдеёжзийкқлмнңоөпрстуұүфхһцчшщъыіьэюя"

# What is no letter comes before the letters, in this order; Latin follows Cyrillic. It is the order of the ICU
# collation "kk-x-icu", which sorts on PostgreSQL, for every character that occurs in our names.
_BEFORE_LETTERS = " \u00a0_-\u2010\u2011\u2013\u2014,;:!?.…'‘’\"“”„«»()[]{}§@*/\\&#%`^+<=>|~$0123456789"
_LATIN = "abcdefghijklmnopqrstuvwxyz"
_WEIGHTS = {character: weight for weight, character in enumerate(_BEFORE_LETTERS + ALPHABET + _LATIN)}


def _weights(character: str) -> list[int]:
    """Primary weights of one lower-case character; a character of another script stands after all of ours."""
    if character in _WEIGHTS:
        return [_WEIGHTS[character]]
    plain = [c for c in unicodedata.normalize("NFKD", character).lower() if not unicodedata.combining(c)]
    return [_WEIGHTS.get(c, len(_WEIGHTS) + ord(c)) for c in plain]  # "№" sorts as "no", "é" as "e"


def sort_key(text: str) -> tuple:
    """Key that puts Kazakh text in alphabetical order; the same letters: small before capital, then by code point.

    >>> sorted(["Қызылорда", "Шиелі", "Казалы", "Әйтеке"], key=sort_key)
    ['Әйтеке', 'Казалы', 'Қызылорда', 'Шиелі']
    """
    text = unicodedata.normalize("NFC", text)
    return (
        [weight for character in text.lower() for weight in _weights(character)],
        [character.isupper() for character in text],
        text,
    )


def compare(a: str, b: str) -> int:
    """−1, 0 or 1: the order of two texts, as SQLite asks it of a collation."""
    x, y = sort_key(a), sort_key(b)
    return (x > y) - (x < y)


# --- forgiving search ------------------------------------------------------------------------------------------------
# Letters that people exchange (no Kazakh keyboard, Russian spelling, haste) fall together; signs that people leave out
# are dropped. Strictly one character to one or to none, for PostgreSQL does it by translate(text, FOLD_FROM, FOLD_TO).
_ALIKE = {
    "ә": "а", "ғ": "г", "қ": "к", "ң": "н", "ө": "о", "ұ": "у", "ү": "у", "һ": "х",
    "і": "и", "ы": "и", "й": "и", "ё": "е", "э": "е", "щ": "ш", "я": "а", "ю": "у",
}  # fmt: skip
_PLAIN = {"\u00a0": " ", "\u202f": " ", "\u2010": "-", "\u2011": "-", "\u2013": "-", "\u2014": "-", "\u2212": "-"}
_DROPPED = "ъЪьЬ'’‘ʼʹ`\"“”„«»\u0306\u0308\u00ad"  # signs, quotation marks, loose diacritics of й and ё, soft hyphen

_FOLD = {letter.upper(): _ALIKE.get(letter, letter) for letter in ALPHABET + _LATIN if letter not in "ъь"}
_FOLD |= _ALIKE | _PLAIN
FOLD_FROM = "".join(_FOLD) + _DROPPED
FOLD_TO = "".join(_FOLD.values())
_FOLD_TABLE = str.maketrans(FOLD_FROM[: len(FOLD_TO)], FOLD_TO, _DROPPED)


def fold(text: str) -> str:
    """Text with the letters that search takes for one another made alike: «Қармақшы» → «кармакши»."""
    return text.translate(_FOLD_TABLE)
