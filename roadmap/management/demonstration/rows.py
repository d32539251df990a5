"""Rows of fixtures: numbered as they are added, written in one canonical form."""

import json
import random
import uuid
from collections import Counter
from collections.abc import Iterable
from typing import Any

Row = dict[str, Any]
Name = tuple[str, str, str]  # Kazakh, Russian, English
NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, "https://amanat-tracker.invalid/demonstration")


class Rows:
    """Rows of one fixture file. Fields that have a default in the model may be left out.

    `earlier` are the files that are loaded before it: where they hold rows of a model, its numbers go on after theirs.
    """

    def __init__(self, *earlier: "Rows") -> None:
        self.rows: list[Row] = []
        self._last: Counter[str] = Counter()
        for rows in earlier:
            self._last |= rows._last  # the greater of two numbers

    def add(self, model: str, **fields: Any) -> int:
        """Add a row and give the primary key that it gets: 1, 2, 3… of its model."""
        self._last[model] += 1
        self.rows.append({"model": model, "pk": self._last[model], "fields": fields})
        return self._last[model]

    def last(self, model: str) -> int:
        """How many rows of a model there are."""
        return self._last[model]


def named(name: Name, prefix: str = "name") -> dict[str, str]:
    """A name in three languages as the fields of a row."""
    return {f"{prefix}_kk": name[0], f"{prefix}_ru": name[1], f"{prefix}_en": name[2]}


def canonical(rows: Iterable[Row]) -> str:
    """JSON that `loaddata` reads and people compare: one row a line, keys sorted, letters as they are."""
    lines = (json.dumps(row, ensure_ascii=False, sort_keys=True) for row in rows)
    return "[\n" + ",\n".join(lines) + "\n]\n"


def stream(*key: object) -> random.Random:
    """Chance that is the same every time: one stream a key, so that a change in one place moves nothing elsewhere."""
    return random.Random("/".join(str(part) for part in ("amanat", *key)))  # noqa: S311 no secret is made of it


def submission(*key: object) -> str:
    """The identity of a form that was once, in the story, opened and sent."""
    return str(uuid.uuid5(NAMESPACE, "/".join(str(part) for part in key)))
