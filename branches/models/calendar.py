"""Days on which the working calendar differs from the public one: transferred days, as the government decides them."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from branches.workdays import Workdays


class CalendarDayQuerySet(models.QuerySet):
    """Days that an administrator wrote down."""

    def workdays(self) -> Workdays:
        """The working calendar with these days. One query."""
        return Workdays(dict(self.values_list("date", "is_working")))


class CalendarDay(models.Model):
    """A day that is worked on though the public calendar says no, or the other way round."""

    date = models.DateField(_("day"), unique=True)
    is_working = models.BooleanField(_("working day"))
    note = models.CharField(_("note"), max_length=200, blank=True, help_text=_("By which decision."))

    objects = CalendarDayQuerySet.as_manager()

    class Meta:
        verbose_name = _("day of the working calendar")
        verbose_name_plural = _("days of the working calendar")
        ordering = ("-date",)

    def __str__(self) -> str:
        return f"{self.date:%d.%m.%Y}"
