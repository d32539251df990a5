"""Query expressions for Kazakh text that give the same on SQLite and on PostgreSQL."""

from django.db.models import BooleanField, Case, F, Func, Q, TextField, Value, When
from django.db.models.expressions import OrderBy
from django.db.models.functions import Collate
from django.db.models.lookups import Contains

from amanat_tracker.kazakh import FOLD_FROM, FOLD_TO, search_forms

KAZAKH_ORDER = "kk-x-icu"  # ICU's collation on PostgreSQL, ours on SQLite (amanat_tracker.database.sqlite3)


class Folded(Func):
    """A text column as search sees it: ``Folded("name_kk")`` of «Қармақшы» is «кармакши» (see `kazakh.fold`)."""

    function = "kk_fold"
    arity = 1
    output_field = TextField()

    def as_postgresql(self, compiler, connection, **context):
        """Write it as ``translate(x, from, to)``: nothing to install in the server, and an index can be made of it."""
        translate = self.copy()
        translate.set_source_expressions([*self.get_source_expressions(), Value(FOLD_FROM), Value(FOLD_TO)])
        return translate.as_sql(compiler, connection, function="translate", **context)


def in_kazakh_order(field: str, descending: bool = False) -> OrderBy:
    """``order_by(in_kazakh_order("name_kk"))``: Ә after А, Қ after К, on both databases."""
    return OrderBy(Collate(F(field), KAZAKH_ORDER), descending=descending)


def matching(query: str, *fields: str) -> Q:
    """Rows in which every word of the query occurs, in any of the fields, in any spelling (see `kazakh.search_forms`).

    ``filter(matching("karmakshy mektep", "title", "roadmap__branch__name_kk"))``; an empty query leaves all rows.
    """
    found = Q()
    for word in dict.fromkeys(query.split()):
        anywhere = Q()
        for form in search_forms(word):
            for field in fields:
                anywhere |= Q(Contains(Folded(field), form))
        found &= anywhere
    return found


def flag(condition: Q) -> Case:
    """An annotation that is True or False, never NULL: what is compared with something missing is not so."""
    return Case(When(condition, then=True), default=False, output_field=BooleanField())
