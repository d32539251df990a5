"""Where a row comes from, so that every figure can be traced."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Sourced(models.Model):
    """A row that figures are made of: it names the document it comes from, and says when it is sample data."""

    source = models.CharField(_("source"), max_length=300, blank=True, help_text=_("The document it was taken from."))
    is_sample = models.BooleanField(_("sample data"), default=False)

    class Meta:
        abstract = True
