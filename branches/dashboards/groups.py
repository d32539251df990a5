"""Groups of things that wait on somebody's first page: the first of them, and numbers that open into all."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

SHOWN = 8  # rows of a group; its number opens into all of them


@dataclass(frozen=True)
class Counted:
    """A number of rows, and the list that shows exactly these; "" where there is no such list."""

    count: int
    url: str
    year: int | None = None


@dataclass(frozen=True)
class Group:
    """A group of things that wait: the first of them, and how many there are, by the lists that they stand in."""

    rows: Sequence[Any]
    counts: Sequence[Counted]

    @property
    def count(self) -> int:
        """How many wait in all."""
        return sum(counted.count for counted in self.counts)

    @property
    def has_more(self) -> bool:
        """Whether not all of them are shown."""
        return self.count > len(self.rows)
