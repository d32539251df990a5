"""Arithmetic of figures: pure functions of plain values."""

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
