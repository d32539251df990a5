"""What tests of the database's own rules share: rows as they may be, written past everything that Python says."""

import re
from collections.abc import Iterable, Mapping
from types import SimpleNamespace
from typing import Any

from django.db import models, transaction

Change = Mapping[str, Any]
Rights = Mapping[type[models.Model], Change]


def row_of(right: Rights, model: type[models.Model], ground: SimpleNamespace, change: Change | None = None):
    """A row of a table as it may be, but for a change. In place of a reference stands what `ground` calls the row."""
    fields = {"author": ground.author} if any(field.name == "author" for field in model._meta.fields) else {}
    for name, value in {**right[model], **(change or {})}.items():
        is_reference = model._meta.get_field(name).is_relation and value is not None
        fields[name] = getattr(ground, value) if is_reference else value
    return model(**fields)


def put(row: models.Model) -> None:
    """Write a row past actions, forms, `clean` and `save`."""
    with transaction.atomic():
        models.QuerySet(type(row)).bulk_create([row])


def said_of(pairs: Iterable[tuple[type[models.Model], Change]]) -> list[str]:
    """Names of parametrised tests: the model, and what is changed."""
    return [f"{model.__name__} {', '.join(map(str, change))}" for model, change in pairs]


def stands_already(model: type[models.Model], columns: list[str], constraint: str = "") -> str:
    """A pattern of what the databases say of a second row: SQLite names the columns, PostgreSQL the constraint, too."""
    where = ", ".join(f"{model._meta.db_table}.{column}" for column in columns)
    detail = re.escape(f"({', '.join(columns)})=")
    return rf"\b{constraint or detail}|UNIQUE constraint failed: {re.escape(where)}$|{detail}"


def declared(all_models: Iterable[type[models.Model]]) -> set[str]:
    """The names of all constraints of these models."""
    return {constraint.name for model in all_models for constraint in model._meta.constraints}


def unique_fields(all_models: Iterable[type[models.Model]]) -> set[tuple[type[models.Model], str]]:
    """The fields of these models whose values stand once; the token of a form (`submission`) is tested for itself."""
    return {
        (model, field.attname)
        for model in all_models
        for field in model._meta.concrete_fields
        if field.unique and not field.primary_key and field.name != "submission"
    }
