"""Fixtures loaded in bulk: what `loaddata` does row by row, with two queries each, in a few statements a model.

For databases that do not hold these rows yet: a row that is there already is an error, nothing is overwritten.
"""

import itertools
import lzma
from collections.abc import Iterable
from pathlib import Path

from django.core import serializers
from django.core.management.color import no_style
from django.db import connection, models, transaction

BATCH = 500  # rows a statement; SQLite takes as many as its variables allow


def load_fixtures(paths: Iterable[Path]) -> int:
    """Load JSON fixtures (packed ones end with .xz) in their order, all of them or none; give how many rows came.

    Foreign keys may point to rows of later files: they are checked at the end (IntegrityError).
    """
    loaded: dict[type[models.Model], int] = {}
    with transaction.atomic(), connection.constraint_checks_disabled():
        for path in paths:
            data = path.read_bytes()
            text = lzma.decompress(data) if path.suffix == ".xz" else data
            rows = serializers.deserialize("json", text)
            for model, group in itertools.groupby(rows, key=lambda row: type(row.object)):
                several = list(group)
                model._base_manager.bulk_create([row.object for row in several], batch_size=BATCH)
                _link(model, several)
                loaded[model] = loaded.get(model, 0) + len(several)
        connection.check_constraints(table_names=[model._meta.db_table for model in loaded])
        with connection.cursor() as cursor:
            for statement in connection.ops.sequence_reset_sql(no_style(), list(loaded)):
                cursor.execute(statement)
    return sum(loaded.values())


def _link(model: type[models.Model], rows: Iterable[serializers.base.DeserializedObject]) -> None:
    """Write the many-to-many links of freshly loaded rows."""
    links: dict[str, list[models.Model]] = {}
    for row in rows:
        for name, keys in (row.m2m_data or {}).items():
            field = model._meta.get_field(name)
            through = field.remote_field.through
            links.setdefault(name, []).extend(
                through(
                    **{
                        f"{field.m2m_field_name()}_id": row.object.pk,
                        f"{field.m2m_reverse_field_name()}_id": getattr(key, "pk", key),
                    }
                )
                for key in keys
            )
    for name, several in links.items():
        model._meta.get_field(name).remote_field.through._base_manager.bulk_create(several, batch_size=BATCH)
