"""Figures in words: numbers, sums of money, percentages, endings and dates as each of the three languages writes them.

Every function serves as a template filter or tag and as plain Python (documents and spreadsheets write figures too).
Nothing is computed here but the rounding of sums to "661,4 млн": percentages come ready from `metrics`.
"""

import datetime
from decimal import ROUND_HALF_UP, Decimal

from django import template
from django.utils import formats
from django.utils.translation import get_language, ngettext, pgettext_lazy
from django.utils.translation import gettext as _

from amanat_tracker.kazakh import NBSP, case_ending, possessive

register = template.Library()

NOTHING = "—"  # no value is neither 0 nor an empty place
MINUS = "\u2212"

SUMS = (
    (1, pgettext_lazy("sum of money", "KZT %(sum)s")),
    (10**3, pgettext_lazy("sum of money", "KZT %(sum)s thousand")),
    (10**6, pgettext_lazy("sum of money", "KZT %(sum)s million")),
    (10**9, pgettext_lazy("sum of money", "KZT %(sum)s billion")),
    (10**12, pgettext_lazy("sum of money", "KZT %(sum)s trillion")),
)
MONTHS = (
    pgettext_lazy("short month", "Jan"),
    pgettext_lazy("short month", "Feb"),
    pgettext_lazy("short month", "Mar"),
    pgettext_lazy("short month", "Apr"),
    pgettext_lazy("short month", "May"),
    pgettext_lazy("short month", "Jun"),
    pgettext_lazy("short month", "Jul"),
    pgettext_lazy("short month", "Aug"),
    pgettext_lazy("short month", "Sep"),
    pgettext_lazy("short month", "Oct"),
    pgettext_lazy("short month", "Nov"),
    pgettext_lazy("short month", "Dec"),
)


@register.filter
def num(value: int | Decimal | None) -> str:
    """Write a number with its thousands apart and no idle zeros: «1 944», «866,8»; "—" for None."""
    if value is None:
        return NOTHING
    whole, _point, decimals = f"{value:f}".partition(".") if isinstance(value, Decimal) else str(value).partition(".")
    decimals = decimals.rstrip("0")
    plain = Decimal(f"{whole}.{decimals}" if decimals else whole)
    return formats.number_format(plain, force_grouping=True).replace("-", MINUS)


@register.filter
def signed(value: int | Decimal | None) -> str:
    """Write a change: "+9", "−3", "0"."""
    return f"+{num(value)}" if value is not None and value > 0 else num(value)


@register.filter
def pct(value: Decimal | None) -> str:
    """Write a percentage that `metrics` has computed and rounded: «91,4 %»; "—" for the percentage of nothing."""
    return NOTHING if value is None else f"{num(value)}{NBSP}%"


@register.filter
def tenge(value: int | None) -> str:
    """Write a sum of money as the briefings do, half-up to one decimal: «661,4 млн теңге», «2,5 млрд теңге»."""
    if value is None:
        return NOTHING
    in_units = [(_half_up(value, unit), words) for unit, words in SUMS]
    # Compared after rounding: 999 950 is «1 млн», not «1 000 мың».
    rounded, words = next((pair for pair in in_units if abs(pair[0]) < 1000), in_units[-1])
    return (words % {"sum": num(rounded)}).replace(" ", NBSP)


def _half_up(value: int, unit: int) -> Decimal:
    """Express a sum in thousands or more, to one decimal; in tenge, to none."""
    return (Decimal(value) / unit).quantize(Decimal(1) if unit == 1 else Decimal("0.1"), ROUND_HALF_UP)


@register.filter
def ending(value: int | None, case: str = "") -> str:
    """Write a number as a part of something: in Kazakh «106-сы» (see `kazakh.possessive`), elsewhere "106"."""
    return possessive(value, case) if value is not None and get_language() == "kk" else num(value)


@register.filter
def as_said(value: int | Decimal | None, qualifier: str) -> str:
    """Write a number as exactly as it was said: «46 000-нан астам», "more than 46 000", or plain."""
    if value is None or not qualifier:
        return num(value)
    # Translators: in Kazakh "number" brings its ending: «46 000-нан», «46 000-ға».
    words, case = {
        "more_than": (_("more than %(number)s"), "ablative"),
        "almost": (_("almost %(number)s"), "dative"),
    }[qualifier]
    number = f"{num(value)}-{case_ending(value, case)}" if get_language() == "kk" else num(value)
    return words % {"number": number}


@register.simple_tag
def part_of_whole(part: int, whole: int, things: str) -> str:
    """Write «116 шараның 106-сы», «106 из 116 мероприятий», "106 of 116 measures".

    `things` comes in the form the sentence needs: Kazakh genitive singular, Russian genitive plural, English plural.
    """
    # Translators: in Kazakh the whole comes first and "part" brings its ending: "%(whole)s %(things)s %(part)s".
    words = _("%(part)s of %(whole)s %(things)s")
    return words % {"part": ending(part), "whole": num(whole), "things": things}


@register.filter
def days(value: int) -> str:
    """Write a number of days: «14 күн»."""
    return (ngettext("%(number)s day", "%(number)s days", abs(value)) % {"number": num(value)}).replace(" ", NBSP)


@register.filter(expects_localtime=True)
def long_day(value: datetime.date | None) -> str:
    """Write a date for a sentence: «2024 ж. 31 желтоқсан»."""
    return NOTHING if value is None else formats.date_format(value, "DATE_FORMAT")


@register.filter(expects_localtime=True)
def short_day(value: datetime.date | None) -> str:
    """Write a date for a table: 31.12.2024 in all three languages."""
    return NOTHING if value is None else formats.date_format(value, "SHORT_DATE_FORMAT")


@register.filter(expects_localtime=True)
def weekday(value: datetime.date) -> str:
    """Write the day of the week inside a sentence: «дүйсенбі», «понедельник», "Monday"."""
    name = formats.date_format(value, "l")
    return name if get_language() == "en" else name.lower()


@register.filter(expects_localtime=True)
def month(value: datetime.date | int) -> str:
    """Write the month of a date, or the month with that number, in three letters: «жел», «дек», "Dec"."""
    return str(MONTHS[(value if isinstance(value, int) else value.month) - 1])
