"""A chronological story of anything that control follows: a site, a post, a meeting, a recommendation."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from operator import attrgetter

from django.db import models


@dataclass(frozen=True)
class Told:
    """A line of a story: on `day` something was true; `template` tells it of `row`, which was entered by somebody."""

    day: dt.date
    row: models.Model
    template: str
    mark: str
    tone: str

    @property
    def typed_on(self) -> dt.date | None:
        """The day on which it was typed, when that is another than the day on which it was true."""
        return self.row.entered_on if self.row.entered_on != self.day else None

    @property
    def place(self) -> tuple:
        """Its place among the others: by the day on which it was true; within a day, in the order of entry."""
        return (self.day, self.row.entered_on, self.row.created_at, self.row.pk)


def chronicle(*lines: Iterable[Told]) -> list[Told]:
    """All lines in one story, the newest first."""
    return sorted((told for part in lines for told in part), key=attrgetter("place"), reverse=True)
