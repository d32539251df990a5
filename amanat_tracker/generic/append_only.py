"""Rows that are added and never changed: reports, deadline changes, verifications, the audit.

History is the truth of this program, so it is guarded three times: here on the QuerySet and on the instance, where the
programmer is told at once and in words, and by triggers in the database (`amanat_tracker.database.operations`).
"""

from django.core import checks
from django.db import models


class AppendOnlyError(Exception):
    """Somebody tried to change or delete a row of history."""

    def __init__(self, model):
        super().__init__(f"{model.__name__} is append-only: add a new row instead.")


class AppendOnlyQuerySet(models.QuerySet):
    """Rows that can be read and added. Goes together with other QuerySets; stands first among the bases."""

    def update(self, **kwargs):
        """Refuse."""
        raise AppendOnlyError(self.model)

    update.alters_data = True

    def delete(self):
        """Refuse."""
        raise AppendOnlyError(self.model)

    delete.alters_data = True
    delete.queryset_only = True

    def bulk_update(self, objs, fields, batch_size=None):
        """Refuse."""
        raise AppendOnlyError(self.model)

    bulk_update.alters_data = True

    def update_or_create(self, defaults=None, create_defaults=None, **kwargs):
        """Refuse, also where it would have created: it says that an old row may be changed."""
        raise AppendOnlyError(self.model)

    def bulk_create(self, objs, *args, update_conflicts=False, **kwargs):
        """Add many rows at once; a row that exists already is an error and never overwritten."""
        if update_conflicts:
            raise AppendOnlyError(self.model)
        return super().bulk_create(objs, *args, **kwargs)


class AppendOnlyModel(models.Model):
    """A row of history: saved once, then only read. A mistake is corrected by a new row.

    A child says ``class Meta(AppendOnlyModel.Meta)`` and puts `AppendOnly` (database.operations) into its migration.
    ``loaddata`` adds rows past `save` (``save_base(raw=True)``) and may: only the triggers stop it from changing one.
    """

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        abstract = True
        base_manager_name = "objects"  # related managers and refresh_from_db go through the guarded QuerySet too

    @classmethod
    def check(cls, **kwargs):
        """Complain of a child that lost its guard: a Meta or a manager of its own that does not build on ours."""
        unguarded = [
            name
            for name, manager in (("_base_manager", cls._base_manager), ("_default_manager", cls._default_manager))
            if not isinstance(manager.get_queryset(), AppendOnlyQuerySet)
        ]
        hint = "Write class Meta(AppendOnlyModel.Meta), and managers from an AppendOnlyQuerySet."
        return super().check(**kwargs) + [
            checks.Error(f"{cls.__name__}.{name} can change rows of history.", hint=hint, obj=cls, id="amanat.E001")
            for name in unguarded
        ]

    def save(self, *, force_insert=True, force_update=False, using=None, update_fields=None):
        """Add the row; always an INSERT, so that a primary key that exists already is refused too."""
        if not self._state.adding or force_update or update_fields is not None:
            raise AppendOnlyError(type(self))
        super().save(force_insert=force_insert or True, using=using)

    save.alters_data = True

    def delete(self, using=None, keep_parents=False):
        """Refuse."""
        raise AppendOnlyError(type(self))

    delete.alters_data = True
