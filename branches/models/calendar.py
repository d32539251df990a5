"""Days on which the working calendar differs from the public one: transferred days, as the government decides them."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from branches.choices import FIRST_YEAR, LAST_YEAR
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

    def clean(self) -> None:
        """Say what is impossible, beside the field it concerns."""
        if self.date and not FIRST_YEAR <= self.date.year <= LAST_YEAR:
            raise ValidationError({"date": _("There is a slip in the year. Check the day.")})
