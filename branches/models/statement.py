"""What every row of history has in common, whatever it speaks of, and every file that is kept.

Two days stand in every row: when a thing was true (`reported_on`, `seen_on`, `visited_on`, `held_on`…) and when it was
typed (`entered_on`, in the time zone of the oblast; `created_at` is the moment). A figure "as of day D" counts what had
been typed by the end of D, so that the figure of D computed later equals the figure that was read on D.
"""

import datetime as dt
import uuid
from typing import Self

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from amanat_tracker.generic.append_only import AppendOnlyModel, AppendOnlyQuerySet
from amanat_tracker.generic.provenance import Sourced
from branches.models.people import ScopedQuerySet


class StatementQuerySet(AppendOnlyQuerySet, ScopedQuerySet):
    """Rows of history in somebody's scope."""

    def known_on(self, day: dt.date) -> Self:
        """Keep what had been typed by the end of `day`."""
        return self.filter(entered_on__lte=day)


class Entered(Sourced):
    """A row with who typed it and when. `submission` identifies the opened form: pressed twice, it makes one row."""

    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="%(class)ss", verbose_name=_("author")
    )
    entered_on = models.DateField(_("entered on"))
    created_at = models.DateTimeField(_("entered at"), default=timezone.now, editable=False)
    submission = models.UUIDField(_("submission"), default=uuid.uuid4, unique=True, editable=False)

    class Meta:
        abstract = True


class Statement(AppendOnlyModel, Entered):
    """Something that somebody said, saw or decided, never changed afterwards."""

    note = models.TextField(_("note"), blank=True, max_length=2000)

    class Meta(AppendOnlyModel.Meta):
        abstract = True


class KeptFile(AppendOnlyModel):
    """A file that a statement rests on: an act, minutes, a photograph. Outside static, given only to those in scope."""

    file = models.FileField(_("file"), upload_to="%Y/%m/", max_length=200)
    name = models.CharField(_("name"), max_length=200)
    content_type = models.CharField(_("content type"), max_length=100)
    size = models.PositiveIntegerField(_("size in bytes"))
    sha256 = models.CharField(_("SHA-256"), max_length=64)

    class Meta(AppendOnlyModel.Meta):
        abstract = True

    def __str__(self) -> str:
        return self.name
