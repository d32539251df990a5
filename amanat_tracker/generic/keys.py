"""Primary keys that an address or a form names: text from outside, which may be anything."""

from django.db.models import QuerySet

LONGEST = 18  # digits: whatever is longer is no key, and no database's integer


def key_in(text: object) -> int | None:
    """The primary key that somebody sent; None for what is none, or cannot be one."""
    digits = str(text)
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) <= LONGEST else None


def named(rows: QuerySet, text: object) -> QuerySet:
    """Of `rows`, the one whose primary key somebody sent; none of them, and no query, for what is no key."""
    key = key_in(text)
    return rows.none() if key is None else rows.filter(pk=key)
