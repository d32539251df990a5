"""Migration operations that Django lacks."""

from django.db import NotSupportedError
from django.db.migrations.operations.base import Operation, OperationCategory

SQLITE = tuple(
    f"CREATE TRIGGER IF NOT EXISTS {{no_{change}}} BEFORE {change.upper()} ON {{table}}"
    " BEGIN SELECT RAISE(ABORT, 'append-only: {name}'); END"
    for change in ("update", "delete")
)
SQLITE_BACK = ("DROP TRIGGER IF EXISTS {no_update}", "DROP TRIGGER IF EXISTS {no_delete}")

# 23514 is check_violation: Django raises IntegrityError for it, as it does for SQLite's ABORT.
POSTGRESQL = (
    """CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $refuse$
BEGIN
    RAISE EXCEPTION 'append-only: %', TG_TABLE_NAME USING ERRCODE = '23514';
END
$refuse$""",
    "CREATE OR REPLACE TRIGGER {append_only} BEFORE UPDATE OR DELETE ON {table}"
    " FOR EACH ROW EXECUTE FUNCTION refuse_change()",
)
POSTGRESQL_BACK = ("DROP TRIGGER IF EXISTS {append_only} ON {table}",)  # the function serves other tables: it stays


class AppendOnly(Operation):
    """The database itself refuses to change or delete a row of the model: UPDATE and DELETE raise IntegrityError.

    The last of three guards, behind `AppendOnlyQuerySet` and `AppendOnlyModel`: it also stops raw SQL, cascades and
    other programs. TRUNCATE is not stopped: it is how tests and ``manage.py flush`` empty a database.

    Put it after the CreateModel in the same migration: ``AppendOnly("StatusReport")``.

    Trap: Django changes a table on SQLite by making a new one, and the triggers go with the old one. Our backend puts
    them back (`amanat_tracker.database.sqlite3`), Django's own would not. A migration that alters an append-only table
    while some other SQLite backend is in use must repeat AppendOnly; a new append-only model needs its own.
    """

    category = OperationCategory.SQL
    reversible = True
    reduces_to_sql = True
    elidable = False

    def __init__(self, model_name: str):
        self.model_name = model_name

    def state_forwards(self, app_label, state):
        """Triggers are no part of Django's picture of the models."""

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        """Make the triggers."""
        self._run(app_label, schema_editor, to_state, {"sqlite": SQLITE, "postgresql": POSTGRESQL})

    def database_backwards(self, app_label, schema_editor, from_state, to_state):
        """Drop the triggers: the table is an ordinary one again."""
        self._run(app_label, schema_editor, from_state, {"sqlite": SQLITE_BACK, "postgresql": POSTGRESQL_BACK})

    def describe(self):
        """Say it in the words of ``migrate --plan``."""
        return f"Let rows of {self.model_name} be added only, never changed or deleted"

    @property
    def migration_name_fragment(self):
        """Part of an automatic migration name."""
        return f"{self.model_name.lower()}_append_only"

    def _run(self, app_label, schema_editor, state, statements):
        model = state.apps.get_model(app_label, self.model_name)
        connection = schema_editor.connection
        if not self.allow_migrate_model(connection.alias, model):
            return
        if connection.vendor not in statements:
            raise NotSupportedError(f"AppendOnly does not know triggers of {connection.vendor}.")
        table, quote = model._meta.db_table, connection.ops.quote_name
        names = {suffix: quote(f"{table}_{suffix}") for suffix in ("no_update", "no_delete", "append_only")}
        for statement in statements[connection.vendor]:
            schema_editor.execute(statement.format(table=quote(table), name=table, **names), params=None)
