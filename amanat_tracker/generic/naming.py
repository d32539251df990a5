"""Names of reference rows in the three languages of the interface."""

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


class TrilingualName(models.Model):
    """A thing that people call by a name in Kazakh, Russian and English (a district, a direction, a programme)."""

    name_kk = models.CharField(_("name in Kazakh"), max_length=200)
    name_ru = models.CharField(_("name in Russian"), max_length=200)
    name_en = models.CharField(_("name in English"), max_length=200)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The name in the language of the reader."""
        return in_language(self, "name")


def in_language(row: models.Model, field: str) -> str:
    """The value of `field`_kk, _ru or _en of a row in the language of the reader; Kazakh for any other language."""
    language = (get_language() or "kk")[:2]
    return getattr(row, f"{field}_{language}" if language in ("ru", "en") else f"{field}_kk")
