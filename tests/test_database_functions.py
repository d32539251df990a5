"""What the project adds to Django's databases, the same on SQLite and on PostgreSQL."""

import random

import pytest
from django.apps import apps
from django.contrib.auth.models import Group
from django.core import serializers
from django.core.management import call_command
from django.db import IntegrityError, connection, models, transaction
from django.db.migrations.state import ProjectState
from django.db.migrations.writer import OperationWriter
from django.db.models.functions import Lower, Upper
from django.test.utils import isolate_apps

from amanat_tracker.database.functions import Folded, in_kazakh_order, matching
from amanat_tracker.database.operations import AppendOnly
from amanat_tracker.generic.append_only import AppendOnlyError, AppendOnlyModel, AppendOnlyQuerySet
from amanat_tracker.kazakh import FOLD_FROM, fold, sort_key
from branches.models import AuditEvent

NAMES = [
    "Ақмешіт", "Арал", "арал", "Аралық", "Әйтеке би", "Байқоңыр", "Жалағаш", "Жаңақорған", "Казань", "Қазалы",
    "Қармақшы", "Қызылорда", "№ 10 мектеп", "10 мектеп", "2 мектеп", "«Самұрық» қоры", "Кітап–AMANAT", "AMANAT",
    "Сырдария", "сыр-дария", "Ұзын", "Үш", "Һан", "Шиелі", "Іңкәрдария", "Ыбырай", "Ясы", "Ёлка", "Елка",
    "100%_жоспар", "(жоба)",
]  # fmt: skip


def groups(names) -> models.QuerySet:
    Group.objects.bulk_create(Group(name=name) for name in names)
    return Group.objects.all()


def names(queryset) -> list[str]:
    return list(queryset.values_list("name", flat=True))


# --- order and search ------------------------------------------------------------------------------------------------
def test_kazakh_order(db):
    stored = groups(random.Random(3).sample(NAMES, len(NAMES)))
    assert names(stored.order_by(in_kazakh_order("name"))) == sorted(NAMES, key=sort_key)
    assert names(stored.order_by(in_kazakh_order("name", descending=True))) == sorted(NAMES, key=sort_key)[::-1]


def test_kazakh_order_of_any_text(db):
    chance = random.Random(5)
    alphabet = "аАәбгҒиІыһҺқКнңоөуұүхя -.,«»№0129zZ"
    made = {"".join(chance.choices(alphabet, k=chance.randint(1, 6))) for _ in range(400)}
    assert names(groups(made).order_by(in_kazakh_order("name"))) == sorted(made, key=sort_key)


def test_folding_is_the_same_in_the_database(db):
    texts = [*NAMES, *(FOLD_FROM[start : start + 50] for start in range(0, len(FOLD_FROM), 50))]
    folded = groups(texts).annotate(folded=Folded("name")).values_list("name", "folded")
    assert dict(folded) == {text: fold(text) for text in texts}


def test_folding_nothing_gives_nothing(db):
    groups(["Арал"])
    nothing = models.Value(None, output_field=models.TextField())
    assert Group.objects.annotate(folded=Folded(nothing)).get().folded is None


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("karmakshy", ["Қармақшы"]),
        ("  сырдарья ", ["Сырдария"]),
        ("ARAL", ["Арал", "арал", "Аралық"]),
        ("аманат", ["AMANAT", "Кітап–AMANAT"]),
        ("аманат китап", ["Кітап–AMANAT"]),
        ("мектеп 10", ["10 мектеп", "№ 10 мектеп"]),
        ("самурык", ["«Самұрық» қоры"]),
        ("100%", ["100%_жоспар"]),  # % and _ stand for themselves
        ("0%ж", []),
        ("жоқ нәрсе", []),
        ("", NAMES),
        ("«»", NAMES),
    ],
)
def test_matching_finds_what_people_type(db, query, expected):
    assert sorted(names(groups(NAMES).filter(matching(query, "name")))) == sorted(expected)


def test_matching_looks_for_every_word_in_any_field(db, django_user_model):
    asem = django_user_model.objects.create(username="asem", first_name="Әсем", last_name="Қуанышова")
    django_user_model.objects.create(username="aset", first_name="Әсет", last_name="Жұмабаев")
    found = django_user_model.objects.filter(matching("куанышова әсем", "first_name", "last_name"))
    assert list(found) == [asem]


@pytest.mark.parametrize(
    ("lookup", "value", "expected"),
    [
        ("icontains", "ҚАРМ", ["Қармақшы"]),
        ("icontains", "%", ["100%_жоспар"]),
        ("icontains", "_", ["100%_жоспар"]),
        ("iexact", "әЙТЕКЕ бИ", ["Әйтеке би"]),
        ("istartswith", "ІҢКӘР", ["Іңкәрдария"]),
        ("iendswith", "МЕКТЕП", ["10 мектеп", "2 мектеп", "№ 10 мектеп"]),
        ("icontains", "(ЖО", ["(жоба)"]),
    ],
)
def test_lookups_are_blind_to_case_in_kazakh(db, lookup, value, expected):
    assert sorted(names(groups(NAMES).filter(**{f"name__{lookup}": value}))) == sorted(expected)


def test_upper_and_lower_know_kazakh(db):
    row = groups(["Әңгіме"]).annotate(upper=Upper("name"), lower=Lower("name")).get()
    assert (row.upper, row.lower) == ("ӘҢГІМЕ", "әңгіме")


# --- tables that only grow -------------------------------------------------------------------------------------------
@pytest.fixture
def event(db) -> AuditEvent:
    return AuditEvent.objects.create(actor="asem", action="measure.report", subject="roadmap.measure:1")


TABLE = AuditEvent._meta.db_table
REPLACE = {  # the ways round UPDATE and DELETE
    "sqlite": f"INSERT OR REPLACE INTO {TABLE} SELECT * FROM {TABLE}",
    "postgresql": f"INSERT INTO {TABLE} SELECT * FROM {TABLE} ON CONFLICT (id) DO UPDATE SET actor = 'nobody'",
}


def run(sql: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


def changes() -> list[str]:
    return [f"UPDATE {TABLE} SET actor = 'nobody'", f"DELETE FROM {TABLE}", REPLACE[connection.vendor]]


def assert_refuses_changes() -> None:
    for sql in changes():
        with pytest.raises(IntegrityError, match=f"append-only: {TABLE}"):
            run(sql)


def test_the_database_refuses_changes(event):
    assert_refuses_changes()
    assert AuditEvent.objects.get().actor == "asem"


@pytest.mark.parametrize(
    "change",
    [
        lambda rows, row: rows.update(actor="nobody"),
        lambda rows, row: rows.filter(pk=row.pk).delete(),
        lambda rows, row: rows.none().delete(),
        lambda rows, row: rows.bulk_update([row], ["actor"]),
        lambda rows, row: rows.update_or_create(pk=row.pk, defaults={"actor": "nobody"}),
        lambda rows, row: rows.bulk_create([row], update_conflicts=True, update_fields=["actor"], unique_fields=["id"]),
        lambda rows, row: AuditEvent._base_manager.update(actor="nobody"),
        lambda rows, row: AuditEvent._default_manager.all().delete(),
        lambda rows, row: row.save(),
        lambda rows, row: row.save(update_fields=["actor"]),
        lambda rows, row: row.delete(),
        lambda rows, row: AuditEvent(actor="nobody").save(force_update=True),
        lambda rows, row: AuditEvent(actor="nobody").save(update_fields=["actor"]),
    ],
)
def test_python_refuses_changes_in_words(event, change):
    with pytest.raises(AppendOnlyError, match="AuditEvent is append-only: add a new row instead"):
        change(AuditEvent.objects, event)
    assert AuditEvent.objects.get().actor == "asem"


def test_rows_can_be_added(event):
    AuditEvent(actor="aset", action="login").save()
    AuditEvent.objects.bulk_create([AuditEvent(actor="aset", action="login") for _ in range(3)])
    AuditEvent.objects.get_or_create(actor="dana", action="login")
    assert AuditEvent.objects.count() == 6


def test_a_key_that_exists_is_not_overwritten(event):
    with pytest.raises(IntegrityError), transaction.atomic():
        AuditEvent(pk=event.pk, actor="nobody", action="login").save()
    assert AuditEvent.objects.get().actor == "asem"


def test_fixtures_add_rows_and_change_none(event):
    text = serializers.serialize("json", [event])
    with pytest.raises(IntegrityError), transaction.atomic():
        for loaded in serializers.deserialize("json", text):
            loaded.save()
    for loaded in serializers.deserialize("json", text.replace(f'"pk": {event.pk}', '"pk": 4242')):
        loaded.save()
    assert AuditEvent.objects.count() == 2


@isolate_apps("branches")
def test_a_model_that_lost_its_guard_is_reported():
    class Noted(models.Model):
        class Meta:
            abstract = True
            app_label = "branches"

    class Unguarded(Noted, AppendOnlyModel):  # noqa: DJ008
        objects = models.Manager()

        class Meta:
            app_label = "branches"

    class Guarded(Noted, AppendOnlyModel):  # noqa: DJ008
        objects = AppendOnlyQuerySet.as_manager()

        class Meta(AppendOnlyModel.Meta):
            app_label = "branches"

    complaints = [error for error in Unguarded.check() if error.id == "amanat.E001"]
    assert [error.msg.split()[0] for error in complaints] == ["Unguarded._base_manager", "Unguarded._default_manager"]
    assert [error for error in Guarded.check() if error.id == "amanat.E001"] == []


@pytest.mark.django_db(transaction=True)
def test_flush_empties_append_only_tables_and_leaves_them_append_only():
    AuditEvent.objects.create(actor="asem", action="login")
    call_command("flush", interactive=False, verbosity=0)
    assert AuditEvent.objects.count() == 0
    AuditEvent.objects.create(actor="asem", action="login")
    assert_refuses_changes()


@pytest.mark.django_db(transaction=True)
def test_altering_an_append_only_table_leaves_it_append_only():
    AuditEvent.objects.create(actor="asem", action="login")
    now = AuditEvent._meta.get_field("origin")
    wider = now.clone()
    wider.max_length += 1
    wider.set_attributes_from_name("origin")
    wider.model = AuditEvent
    with connection.schema_editor() as editor:
        editor.alter_field(AuditEvent, now, wider, strict=True)
    try:
        assert_refuses_changes()
    finally:
        with connection.schema_editor() as editor:
            editor.alter_field(AuditEvent, wider, now, strict=True)
    assert_refuses_changes()


@pytest.mark.django_db(transaction=True)
def test_append_only_can_be_taken_back_and_repeated():
    AuditEvent.objects.create(actor="asem", action="login")
    operation, state = AppendOnly("AuditEvent"), ProjectState.from_apps(apps)
    with connection.schema_editor() as editor:
        operation.database_backwards("branches", editor, state, state)
    try:
        run(f"UPDATE {TABLE} SET actor = 'nobody'")
        assert AuditEvent.objects.get().actor == "nobody"
    finally:
        for _ in range(2):  # a later migration may repeat it
            with connection.schema_editor() as editor:
                operation.database_forwards("branches", editor, state, state)
    assert_refuses_changes()


def test_append_only_can_be_written_into_a_migration():
    text, imports = OperationWriter(AppendOnly("AuditEvent"), indentation=0).serialize()
    assert imports == {"import amanat_tracker.database.operations"}
    assert "amanat_tracker.database.operations.AppendOnly(" in text and "model_name='AuditEvent'" in text
    assert AppendOnly("AuditEvent").describe() == "Let rows of AuditEvent be added only, never changed or deleted"
    assert AppendOnly("AuditEvent").migration_name_fragment == "auditevent_append_only"
