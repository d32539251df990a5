"""The disjoint classes of measures, as pages show them: a number, its rows, its place on the row of strokes."""

from collections.abc import Callable
from dataclasses import dataclass

from roadmap.choices import Status
from roadmap.metrics import Tally


@dataclass(frozen=True)
class ClassCount:
    """How many measures stand in one class, where they are listed, and where it stands on the row of strokes."""

    status: Status
    count: int
    url: str
    start: str
    end: str


def class_counts(tally: Tally, url_of: Callable[[Status], str]) -> list[ClassCount]:
    """The classes of a tally in the order of Status; `url_of` gives the address of a class's rows."""
    whole, before, counts = tally.whole or 1, 0, []
    for status in Status:
        after = before + tally.count(status)
        counts.append(
            ClassCount(
                status=status,
                count=after - before,
                url=url_of(status),
                start=f"{before * 100 / whole:.2f}%",
                end=f"{after * 100 / whole:.2f}%",
            )
        )
        before = after
    return counts
