"""Arithmetic of figures: pure functions of plain values."""

import re
from decimal import ROUND_HALF_UP, Decimal

Number = int | Decimal


def percent(part: Number, whole: Number) -> Decimal | None:
    """What `part` is of `whole`, in percent with one decimal, rounded half up; None when the whole is nothing.

    THE one function behind every percentage of the product. Exact arithmetic: 1 of 16 is 6.25, shown 6.3, where
    binary floating point says 6.2. Over 100 is legal: 11 210 people taught of 11 000 planned are 101.9.
    """
    if not whole:
        return None
    return (Decimal(part) * 100 / Decimal(whole)).quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)


def has_control_digit(number: str) -> bool:
    """Whether the last of the twelve digits of a BIN or an IIN fits the eleven before it.

    The digit is the weighted sum of the others modulo 11, with weights 1…11; when that gives 10, with weights
    3…11, 1, 2; a number for which that gives 10 too is not issued. (Rules of forming identification numbers of
    Kazakhstan: the same for individuals and businesses.)
    """
    if not re.fullmatch("[0-9]{12}", number):
        return False
    digits = [int(digit) for digit in number]
    for weights in (range(1, 12), (*range(3, 12), 1, 2)):
        rest = sum(digit * weight for digit, weight in zip(digits, weights, strict=False)) % 11
        if rest < 10:
            return rest == digits[11]
    return False
