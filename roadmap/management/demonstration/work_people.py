"""People who ask, all of them invented, so that nobody can be meant.

Their family names are made of words such as "imagination" or "riddle", which nobody is called by; given names are put
together of two parts; no telephone number begins with 000 after the country's 7; streets are named after flowers and
birds. An IIN begins with the year, the month and the day of birth: nobody is born on day 00 of month 00, so that a
number of that day fits its control digit and is nobody's (the same as with contractors, control_sites.impossible_bin).
"""

import random
from dataclasses import dataclass

from branches.metrics import has_control_digit

ROOTS = (
    *("Қиял", "Елес", "Аңыз", "Ертегі", "Мысал", "Жұмбақ", "Сурет", "Көлеңке", "Бейне", "Сағым", "Ойдан", "Үлгі"),
    *("Көктем", "Тұман", "Жаңғырық", "Шырақ", "Теңеу", "Балама", "Мәтел", "Таңба", "Жосық", "Кейіп", "Өрнек", "Сызба"),
    *("Жорамал", "Болжам", "Сәулет", "Нобай", "Тұспал", "Толғау"),
)
ENDINGS = ("беков", "баев", "ғалиев", "мұратов", "жанов")
FIRST = ("Ай", "Нұр", "Жан", "Бек", "Ер", "Құт", "Сән", "Шын", "Тау", "Күн", "Гүл", "Ақ")
OF_MEN = ("дәурен", "тілек", "арман", "сұңқар", "қайрат", "болат", "шалқар", "төре", "марал", "дария")
OF_WOMEN = ("сәуле", "шырын", "жібек", "көрік", "шолпан", "ажар", "меруерт", "бибі", "толқын", "раушан")
STREETS = (
    *("Қызғалдақ", "Жусан", "Бозторғай", "Қарлығаш", "Бәйшешек", "Аққу", "Көкқұтан", "Жиде", "Қамыс", "Шағала"),
    *("Тораңғыл", "Жалбыз", "Ақсұңқар", "Итмұрын", "Бәйтерек"),
)


@dataclass(eq=False)
class Person:
    """Somebody who asks a branch. `erased_on`: consent was withdrawn, and nothing is known any more."""

    branch: str
    full_name: str
    phone: str
    address: str
    iin: str
    erased_on: str | None = None
    pk: int = 0


class People:
    """Invents people, no two with the same name or telephone."""

    def __init__(self) -> None:
        self.names: set[str] = set()
        self.phones: set[str] = set()

    def invent(self, branch: str, place: str, chance: random.Random) -> Person:
        """Somebody new who lives at a place (its name in Kazakh, or "")."""
        full_name = self._new(self.names, lambda: _full_name(chance))
        phone = self._new(self.phones, lambda: _phone(chance))
        address = f"{chance.choice(STREETS)} көшесі, {chance.randint(1, 98)}-үй"
        address = f"{place}, {address}" if place else address
        iin = impossible_iin(chance) if chance.random() < 0.42 else ""
        return Person(branch, full_name, phone if chance.random() < 0.96 else "", address, iin)

    @staticmethod
    def _new(known: set[str], draw) -> str:
        while (found := draw()) in known:
            pass
        known.add(found)
        return found


def _full_name(chance: random.Random) -> str:
    family, first = chance.choice(ROOTS) + chance.choice(ENDINGS), chance.choice(FIRST)
    if chance.random() < 0.56:
        return f"{family}а {first}{chance.choice(OF_WOMEN)}"
    return f"{family} {first}{chance.choice(OF_MEN)}"


def _phone(chance: random.Random) -> str:
    return f"+7 000 {chance.randint(0, 999):03} {chance.randint(0, 99):02} {chance.randint(0, 99):02}"


def impossible_iin(chance: random.Random) -> str:
    """Twelve digits that fit their control digit, of somebody born on day 00 of month 00: of nobody."""
    while True:
        eleven = f"{chance.randint(40, 99):02}00000{chance.randint(0, 9999):04}"
        for digit in "0123456789":
            if has_control_digit(eleven + digit):
                return eleven + digit
