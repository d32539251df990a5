"""The Kazakh language as data: endings after numerals, alphabetical order, forgiving search."""

import functools
import random
from decimal import Decimal

import pytest

from amanat_tracker.kazakh import (
    ALPHABET,
    FOLD_FROM,
    FOLD_TO,
    case_ending,
    compare,
    fold,
    last_word,
    possessive,
    search_forms,
    sort_key,
)

NBSP = "\u00a0"

# --- endings: an independent road, by spelling the number out and attaching the suffix by vowel harmony -----------
ONES = ["", "бір", "екі", "үш", "төрт", "бес", "алты", "жеті", "сегіз", "тоғыз"]
TENS = ["", "он", "жиырма", "отыз", "қырық", "елу", "алпыс", "жетпіс", "сексен", "тоқсан"]
BACK, FRONT = "аоұыуя", "әөүіеэи"


def spelled(number: int) -> list[str]:
    """The words of a number as they are spoken: 1944 → мың тоғыз жүз қырық төрт."""
    if number == 0:
        return ["нөл"]
    words = []
    for unit, name in ((10**9, "миллиард"), (10**6, "миллион"), (1000, "мың")):
        if number >= unit:
            words += ([] if (unit, number // unit) == (1000, 1) else spelled(number // unit)) + [name]
            number %= unit
    if number >= 100:
        words += ([ONES[number // 100]] if number >= 200 else []) + ["жүз"]
        number %= 100
    return words + [word for word in (TENS[number // 10], ONES[number % 10]) if word]


def suffix(word: str) -> str:
    """Third person possessive by the rules of Kazakh: -сы/-сі after a vowel, -ы/-і after a consonant, in harmony."""
    if word == "елу":  # "у" is here a consonant (и, у after a vowel or making a diphthong): елу-і
        return "і"
    last_vowel = [letter for letter in word if letter in BACK + FRONT][-1]
    # Borrowed "миллион", "миллиард" and "мың" are back by their last vowel, as every native word is.
    harmony = "ы" if last_vowel in BACK else "і"
    return ("с" if word[-1] in BACK + FRONT else "") + harmony


@pytest.mark.parametrize("first", range(0, 1001, 100))
def test_endings_from_0_to_1000_follow_the_last_spoken_word(first):
    for number in range(first, min(first + 100, 1001)):
        assert possessive(number).partition("-")[2] == suffix(spelled(number)[-1]), spelled(number)


@pytest.mark.parametrize("seed", range(5))
def test_endings_of_big_numbers_follow_the_last_spoken_word(seed):
    chance = random.Random(seed)
    for _ in range(200):
        number = chance.randrange(10 ** chance.randint(4, 12))
        assert possessive(number).partition("-")[2] == suffix(spelled(number)[-1]), spelled(number)


@pytest.mark.parametrize(
    ("number", "written"),
    [
        (106, "106-сы"), (38, "38-і"), (10, "10-ы"), (398, "398-і"), (60, "60-ы"), (0, "0-і"), (100, "100-і"),
        (50, "50-і"), (1000, f"1{NBSP}000-ы"), (1944, f"1{NBSP}944-і"), (11_210, f"11{NBSP}210-ы"),
        (2_000_000, f"2{NBSP}000{NBSP}000-ы"),
    ],
)  # fmt: skip
def test_endings_as_the_briefings_print_them(number, written):
    assert possessive(number) == written


@pytest.mark.parametrize(
    ("number", "case", "written"),
    [
        (124, "accusative", "124-ін"), (106, "accusative", "106-сын"), (37, "dative", "37-сіне"),
        (60, "dative", "60-ына"), (37, "locative", "37-сінде"), (106, "locative", "106-сында"),
        (31, "genitive", "31-інің"), (6, "ablative", "6-сынан"),
    ],
)  # fmt: skip
def test_cases_of_the_possessive(number, case, written):
    assert possessive(number, case) == written


@pytest.mark.parametrize("seed", range(3))
def test_the_last_word_is_the_one_that_is_spoken_last(seed):
    chance = random.Random(seed)
    for number in (*range(seed * 400, seed * 400 + 400), *(chance.randrange(10**11) for _ in range(100))):
        assert last_word(number) == last_word(-number) == last_word(Decimal(number)) == spelled(number)[-1], number


@pytest.mark.parametrize(
    ("number", "more_than", "almost"),
    [
        (46_000, "нан", "ға"), (2_000, "нан", "ға"), (1_000_000, "нан", "ға"), (10**9, "тан", "қа"), (0, "ден", "ге"),
        (1, "ден", "ге"), (2, "ден", "ге"), (3, "тен", "ке"), (4, "тен", "ке"), (5, "тен", "ке"), (6, "дан", "ға"),
        (7, "ден", "ге"), (8, "ден", "ге"), (9, "дан", "ға"), (10, "нан", "ға"), (20, "дан", "ға"), (30, "дан", "ға"),
        (40, "тан", "қа"), (50, "ден", "ге"), (60, "тан", "қа"), (70, "тен", "ке"), (80, "нен", "ге"),
        (90, "нан", "ға"), (100, "ден", "ге"), (38_754, "тен", "ке"), (Decimal("866.80"), "ден", "ге"),
        (Decimal("2.25"), "тен", "ке"), (Decimal("77.000"), "ден", "ге"),
    ],
)  # fmt: skip
def test_endings_of_the_number_itself(number, more_than, almost):
    assert (case_ending(number, "ablative"), case_ending(number, "dative")) == (more_than, almost)


# --- alphabetical order ----------------------------------------------------------------------------------------------
def test_the_alphabet_sorts_as_the_alphabet():
    assert ALPHABET == "аәбвгғдеёжзийкқлмнңоөпрстуұүфхһцчшщъыіьэюя"
    shuffled = random.Random(1).sample(ALPHABET, len(ALPHABET))
    assert "".join(sorted(shuffled, key=sort_key)) == ALPHABET
    assert "".join(sorted(ALPHABET.upper(), key=sort_key)) == ALPHABET.upper()


def test_the_nine_districts_in_order():
    names = ["Арал", "Жалағаш", "Жаңақорған", "Қазалы", "Қармақшы", "Қызылорда", "Сырдария", "Шиелі"]
    assert sorted(random.Random(1).sample(names, len(names)), key=sort_key) == names


@pytest.mark.parametrize(
    "in_order",
    [
        ["Ақмешіт", "Арал", "Әйтеке", "Байқоңыр"],
        ["Казань", "Кентау", "Қазалы", "Қызылорда", "Лиса"],
        ["Нұра", "Ңа", "Орал", "Өскемен", "Павлодар"],
        ["Ушарал", "Ұзын", "Үшқоңыр", "Шиелі", "Ыбырай", "Іңкәрдария", "Ясы"],
        ["№ 10 мектеп"[2:], "Абай", "Abay"],  # digits, then Cyrillic, then Latin
        ["3 мектеп", "«Абай»"[1:-1], "абай ауылы"],
        ["а б", "а-б", "а1", "аб", "аБ"],  # space, hyphen, digit, letter; small before capital
        ["абай", "Абай", "абая"],  # the case decides only between the same letters
    ],
)
def test_order_of_names(in_order):
    backwards = in_order[::-1]
    assert sorted(backwards, key=sort_key) == in_order
    assert sorted(backwards, key=functools.cmp_to_key(compare)) == in_order


def test_compare_is_an_order():
    assert compare("Арал", "Арал") == 0
    assert compare("Арал", "Әйтеке") == -compare("Әйтеке", "Арал") == -1
    # The same letter, composed and not: told apart, so that no two different texts count as one.
    assert compare("Байқоңыр", "Баи\u0306қоңыр") != 0


# --- forgiving search ------------------------------------------------------------------------------------------------
def found(query: str, text: str) -> bool:
    return any(form in fold(text) for form in search_forms(query))


@pytest.mark.parametrize(
    ("text", "queries"),
    [
        ("Қармақшы ауданы", "Қармақшы қармақшы ҚАРМАҚШЫ кармакшы qarmaqshy karmakshy Qarmaqşy карма"),
        ("Сырдария ауданы", "Сырдария syrdarya сырдарья syrdaria syrdariya Syrdarya"),
        ("Syrdarya District", "сырдария сырдарья syrdarya"),
        ("Кабинет IT", "it IT"),
        ("Kyzylorda Region", "kyzylorda қызылорда кызылорда"),
        ("Shieli", "shieli"),
        ("река Сырдарья", "сырдарья Сырдария syrdarya"),
        ("Қызылорда қаласы", "кызылорда kyzylorda qyzylorda Qyzylorda"),
        ("Шиелі ауданы", "шиели shieli Шиелi шиелі"),  # the third one ends in a Latin i
        ("Шиелi ауданы", "шиели shieli Шиелi шиелі"),  # and so does this text
        ("Жаңақорған ауданы", "жанакорган zhanakorgan zhanaqorghan janaqorğan жаңақорған"),
        ("Жалағаш ауданы", "жалагаш zhalagash jalağaş"),
        ("Байқоңыр қаласы", "байконур baikonur baiqonyr Баи\u0306қоңыр"),
        ("Тереңөзек кенті", "теренозек terenozek Tereñözek"),
        ("Н.Ілиясов ауылдық округі", "илиясов iliyasov ilyasov н.ілиясов"),
        ("Қоғалыкөл", "когалыкол kogalykol qoğalyköl"),
        ("объект «Самұрық»", "объект обект обьект самурык samuryk"),
        ("Кітап–AMANAT", "китап-аманат китап-amanat аманат amanat AMANAT kitap"),
        ("3.2.1", "3.2 3.2.1"),
    ],
)
def test_a_name_is_found_as_people_type_it(text, queries):
    missed = [query for query in queries.split() if not found(query, text)]
    assert missed == [], [(query, search_forms(query)) for query in missed]


@pytest.mark.parametrize(
    ("query", "text"),
    [("Қазалы", "Қармақшы"), ("aral", "Шиелі"), ("сырдария", "Қызылорда"), ("3.2.1", "3.2.2"), ("жол", "газ")],
)
def test_what_is_not_there_is_not_found(query, text):
    assert not found(query, text)


def test_folding_is_one_character_to_one_or_none():
    assert len(set(FOLD_FROM)) == len(FOLD_FROM) >= len(FOLD_TO)
    dropped = FOLD_FROM[len(FOLD_TO) :]
    assert fold(FOLD_FROM) == FOLD_TO
    assert fold(dropped) == ""


def test_every_latin_letter_stands_for_one_of_ours():
    assert fold("abcdefghijklmnopqrstuvwxyz") == "абцдефгхижклмнопкрстувухиз"
    assert fold("äöüñğşç") == fold("әөүңғшч")


def test_folding_twice_changes_nothing_more():
    everything = "".join(map(chr, range(0x20, 0x2FFF)))
    assert fold(fold(everything)) == fold(everything)


def test_folding_is_blind_to_case_for_all_our_letters():
    for letters in (ALPHABET, "abcdefghijklmnopqrstuvwxyz", "äöüñğşç"):
        assert fold(letters.upper()) == fold(letters)


def test_a_query_of_nothing_looks_for_nothing():
    assert search_forms("") == search_forms("  ") == search_forms("«»") == []


def test_the_plainest_form_comes_first_and_none_twice():
    assert search_forms("шиели") == ["шиели"]
    forms = search_forms("Syrdarya")
    assert forms[0] == fold("Syrdarya") == "сирдариа"
    assert len(forms) == len(set(forms))
