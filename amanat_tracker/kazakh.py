"""The Kazakh language as data: the order of its alphabet, its forgiving search, its endings after numerals.

Pure functions of text and numbers. The database backends build their collation and their search upon this file, the
templates their endings, so that a list, a search and a sentence agree wherever they are made.
"""

import re
import unicodedata
from decimal import Decimal

NBSP = "\u00a0"  # the no-break space that keeps a number and its unit on one line

# --- alphabetical order ----------------------------------------------------------------------------------------------
ALPHABET = "аәбвгғдеёжзийкқлмнңоөпрстуұүфхһцчшщъыіьэюя"

# What is no letter comes before the letters, in this order; Latin follows Cyrillic. It is the order of the ICU
# collation "kk-x-icu", which sorts on PostgreSQL, for every character that occurs in our names.
_BEFORE_LETTERS = " \u00a0_-\u2010\u2011\u2013\u2014,;:!?.…·'‘’\"“”„«»()[]{}§@*/\\&#%`^°+×<=>|~\u2212$€₸0123456789"
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
    composed = unicodedata.normalize("NFC", text)
    return (
        [weight for character in composed.lower() for weight in _weights(character)],
        [character.isupper() for character in composed],
        text,
    )


def compare(a: str, b: str) -> int:
    """−1, 0 or 1: the order of two texts, as SQLite asks it of a collation."""
    x, y = sort_key(a), sort_key(b)
    return (x > y) - (x < y)


# --- forgiving search ------------------------------------------------------------------------------------------------
# Letters that people exchange (no Kazakh keyboard, Russian spelling, Latin letters, haste) fall together; signs that
# people leave out are dropped. Strictly one character to one or to none, capitals too: PostgreSQL does the same by
# translate(text, FOLD_FROM, FOLD_TO), whatever the locale of the server.
_ALIKE = {
    "ә": "а", "ғ": "г", "қ": "к", "ң": "н", "ө": "о", "ұ": "у", "ү": "у", "һ": "х",
    "і": "и", "ы": "и", "й": "и", "ё": "е", "э": "е", "щ": "ш", "я": "а", "ю": "у",
}  # fmt: skip
_LATIN_ALIKE = dict(zip(_LATIN, "абцдефгхижклмнопкрстувухиз", strict=True)) | {
    "ə": "а", "ä": "а", "á": "а", "ö": "о", "ó": "о", "ü": "у", "ú": "у", "ū": "у", "ý": "у", "ı": "и",
    "ñ": "н", "ń": "н", "ŋ": "н", "ğ": "г", "ǵ": "г", "ş": "ш", "š": "ш", "ç": "ч", "č": "ч", "ž": "ж",
}  # fmt: skip
_SPACES_AND_DASHES = dict.fromkeys("\u00a0\u202f", " ") | dict.fromkeys("\u2010\u2011\u2013\u2014\u2212", "-")
_DROPPED = "ЪъЬь'’‘ʼʹ`\"“”„«»\u0306\u0308\u00ad"  # signs, quotation marks, loose marks of й and ё, soft hyphen

_SMALL = {letter: letter for letter in ALPHABET if letter not in _DROPPED} | _ALIKE | _LATIN_ALIKE
_FOLD = {letter: folded for letter, folded in _SMALL.items() if letter != folded}
_FOLD |= {letter.upper(): folded for letter, folded in _SMALL.items()}
_FOLD |= {"İ": "и"} | _SPACES_AND_DASHES
FOLD_FROM = "".join(_FOLD) + _DROPPED
FOLD_TO = "".join(_FOLD.values())
_FOLD_TABLE = str.maketrans(FOLD_FROM[: len(FOLD_TO)], FOLD_TO, _DROPPED)

# Pairs of Latin letters that stand for one of ours. Two readings: "ya" is «я» in "Yasy" («Ясы»), but not in "Syrdarya"
# («Сырдария», where the first reading makes «иа» of it, as `fold` does of «ия»).
_PAIRS = {"sh": "ш", "zh": "ж", "ch": "ч", "kh": "х", "gh": "г"}
_RUSSIAN_PAIRS = _PAIRS | {"ya": "я", "yu": "ю", "yo": "ё", "ye": "е", "ts": "ц", "shch": "щ"}
# Kazakh and Russian forms of a name that differ by more than exchanged letters, folded.
_TWO_SPELLINGS = (("дариа", "дара"), ("баиконир", "баиконур"), ("казак", "казах"))


def fold(text: str) -> str:
    """Text with the letters that search takes for one another made alike: «Қармақшы», "Qarmaqşy" → «кармакши»."""
    return text.translate(_FOLD_TABLE)


def _with_pairs(text: str, pairs: dict[str, str]) -> str:
    """Put one Cyrillic letter for each pair of Latin ones, the longest first."""
    return re.sub("|".join(sorted(pairs, key=len, reverse=True)), lambda found: pairs[found[0]], text)


def search_forms(query: str) -> list[str]:
    """Give the folded forms to look for in folded text, the plainest first; none if nothing is to be looked for.

    >>> search_forms("Karmakshy")
    ['кармаксхи', 'кармакши']
    """
    query = unicodedata.normalize("NFC", " ".join(query.split())).lower()
    forms = [fold(reading) for reading in (query, _with_pairs(query, _PAIRS), _with_pairs(query, _RUSSIAN_PAIRS))]
    for one, other in _TWO_SPELLINGS:
        forms += [form.replace(one, other) for form in forms] + [form.replace(other, one) for form in forms]
    return [form for form in dict.fromkeys(forms) if form.strip()]


# --- endings after numerals ------------------------------------------------------------------------------------------
# Possessive ending of every numeral word (48 шараның отыз сегіз-і).
_UNITS = {1: "і", 2: "сі", 3: "і", 4: "і", 5: "і", 6: "сы", 7: "сі", 8: "і", 9: "ы"}
_TENS = {10: "ы", 20: "сы", 30: "ы", 40: "ы", 50: "і", 60: "ы", 70: "і", 80: "і", 90: "ы"}
_NOUGHT, _HUNDRED, _THOUSAND_AND_MORE = "і", "і", "ы"  # нөл-і, жүз-і; мың-ы, миллион-ы, миллиард-ы

# What a case adds to the possessive ending, after back vowels (-ы, -сы) and after front ones (-і, -сі).
_CASES = {
    "": ("", ""),
    "genitive": ("ның", "нің"),
    "dative": ("на", "не"),
    "accusative": ("н", "н"),
    "locative": ("нда", "нде"),
    "ablative": ("нан", "нен"),
}


def possessive_ending(number: int, case: str = "") -> str:
    """Ending «-і», «-сы»… of a number that is a part of something; it follows the last word of the number spoken.

    `case`: "" (nominative), "genitive", "dative", "accusative", "locative" or "ablative".
    """
    number = abs(number)
    if number == 0:
        ending = _NOUGHT
    elif number % 10:
        ending = _UNITS[number % 10]
    elif number % 100:
        ending = _TENS[number % 100]
    elif number % 1000:
        ending = _HUNDRED
    else:
        ending = _THOUSAND_AND_MORE
    back, front = _CASES[case]
    return ending + (back if ending.endswith("ы") else front)


def possessive(number: int, case: str = "") -> str:
    """Write a number that is a part of something: «38-і», «11 210-ы»; with a case «124-ін», «37-сіне», «37-сінде»."""
    return f"{number:,}-{possessive_ending(number, case)}".replace(",", NBSP)


# --- endings of the number itself ------------------------------------------------------------------------------------
# «46 000-нан астам» (more than), «46 000-ға жуық» (almost): the ending follows the last vowel and the last sound of the
# last word of the number spoken.
_WORDS = {
    0: "нөл", 1: "бір", 2: "екі", 3: "үш", 4: "төрт", 5: "бес", 6: "алты", 7: "жеті", 8: "сегіз", 9: "тоғыз",
    10: "он", 20: "жиырма", 30: "отыз", 40: "қырық", 50: "елу", 60: "алпыс", 70: "жетпіс", 80: "сексен", 90: "тоқсан",
    100: "жүз", 10**3: "мың", 10**6: "миллион", 10**9: "миллиард",
}  # fmt: skip
_BACK_VOWELS, _VOWELS = "аоұы", "аәеоөұүыі"
_NASAL, _VOICELESS = "мнң", "пстшқкд"  # the «д» of «миллиард» is spoken «т»


def last_word(number: int | Decimal) -> str:
    """The last word of a number spoken: of 46 000 «мың», of 120 «жиырма», of 866,8 («оннан сегіз») «сегіз»."""
    fraction = f"{number:f}".partition(".")[2].rstrip("0") if isinstance(number, Decimal) else ""
    number = int(fraction) if fraction else abs(int(number))
    unit = next((unit for unit in (10**9, 10**6, 10**3, 100) if number and number % unit == 0), None)
    return _WORDS[unit or number % 10 or number % 100]


def case_ending(number: int | Decimal, case: str) -> str:
    """Ending of a number in the ablative («мың-нан», «бес-тен») or the dative («мың-ға», «бес-ке»)."""
    word = last_word(number)
    vowel = next(letter for letter in reversed(word) if letter in _VOWELS)
    if case == "ablative":
        consonant = "н" if word[-1] in _NASAL else "т" if word[-1] in _VOICELESS else "д"
        return consonant + ("ан" if vowel in _BACK_VOWELS else "ен")
    pairs = "қа ке" if word[-1] in _VOICELESS else "ға ге"
    return pairs.split()[vowel not in _BACK_VOWELS]
