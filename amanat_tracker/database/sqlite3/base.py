"""Django's SQLite, taught what PostgreSQL knows by itself: Unicode letters, Kazakh order, append-only tables."""

import functools
import re

from django.db.backends.sqlite3 import base, operations, schema

from amanat_tracker.kazakh import compare, fold


@functools.lru_cache(maxsize=256)
def _pattern(like, escape):
    """Compile an SQL LIKE pattern; a character after `escape` stands for itself."""
    parts, characters = [], iter(like)
    for character in characters:
        if character == escape:
            parts.append(re.escape(next(characters, "")))
        else:
            parts.append({"%": ".*", "_": "."}.get(character) or re.escape(character))
    return re.compile("".join(parts), re.IGNORECASE | re.DOTALL)


def _like(pattern, text, escape=None):
    """Answer ``text LIKE pattern ESCAPE escape`` case-blind for every alphabet (SQLite's own knows ASCII only)."""
    if pattern is None or text is None:
        return None
    return _pattern(str(pattern), escape).fullmatch(str(text)) is not None


def _of_text(function):
    """Make an SQL function of a text function: NULL stays NULL, a number is taken as its text."""
    return lambda value: None if value is None else function(str(value))


class DatabaseOperations(operations.DatabaseOperations):
    """Flushing also empties append-only tables, whose triggers refuse DELETE (PostgreSQL's TRUNCATE passes them)."""

    def sql_flush(self, style, tables, *, reset_sequences=False, allow_cascade=False):
        """Put aside the triggers around Django's DELETEs; all of it runs in one transaction (execute_sql_flush)."""
        deletes = super().sql_flush(style, tables, reset_sequences=reset_sequences, allow_cascade=allow_cascade)
        if not deletes:
            return []
        triggers = self.connection.triggers()
        return [
            *(f"DROP TRIGGER {self.quote_name(name)};" for name, _table, _sql in triggers),
            *deletes,
            *(f"{sql};" for _name, _table, sql in triggers),
        ]


class DatabaseSchemaEditor(schema.DatabaseSchemaEditor):
    """Keeps the triggers of a table that is remade.

    SQLite can change few things of a table in place; for the rest Django makes a new table, copies the rows and drops
    the old one, and its triggers with it, without a word. An append-only table would become an ordinary one.
    """

    def _remake_table(self, model, *args, **kwargs):
        triggers = [sql for _name, table, sql in self.connection.triggers() if table == model._meta.db_table]
        super()._remake_table(model, *args, **kwargs)
        for sql in triggers:
            self.execute(sql, params=None)


class DatabaseWrapper(base.DatabaseWrapper):
    """Connection whose LIKE, UPPER and LOWER know Unicode, with the collation kk-x-icu and the function kk_fold."""

    ops_class = DatabaseOperations
    SchemaEditorClass = DatabaseSchemaEditor

    def get_new_connection(self, conn_params):
        """Open the database and register what SQLite lacks."""
        connection = super().get_new_connection(conn_params)
        connection.create_collation("kk-x-icu", compare)
        for arguments in (2, 3):
            connection.create_function("like", arguments, _like, deterministic=True)
        connection.create_function("upper", 1, _of_text(str.upper), deterministic=True)
        connection.create_function("lower", 1, _of_text(str.lower), deterministic=True)
        connection.create_function("kk_fold", 1, _of_text(fold), deterministic=True)
        # Otherwise INSERT OR REPLACE deletes the old row without asking the triggers of an append-only table.
        connection.execute("PRAGMA recursive_triggers = ON")
        return connection

    def triggers(self) -> list[tuple[str, str, str]]:
        """Every trigger of the database: its name, its table, the statement that makes it."""
        with self.cursor() as cursor:
            cursor.execute("SELECT name, tbl_name, sql FROM sqlite_master WHERE type = 'trigger' ORDER BY name")
            return cursor.fetchall()
