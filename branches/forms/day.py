"""Which year, as of which day."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from branches.choices import FIRST_YEAR


def day_input() -> forms.DateInput:
    """A field for a day that the browser's own calendar fills."""
    return forms.DateInput(attrs={"type": "date", "class": "in"}, format="%Y-%m-%d")


class DayForm(forms.Form):
    """The year a page is about and the day as of which it is shown; answers by GET: every state is an address."""

    year = forms.TypedChoiceField(label=_("Year"), coerce=int, required=False, empty_value=None)
    as_of = forms.DateField(label=_("As of which day"), required=False, widget=day_input())

    def __init__(self, data: Any, *, years: Sequence[int], today: dt.date):
        super().__init__({name: data[name] for name in ("year", "as_of") if data.get(name)})
        self.today = today
        self.fields["year"].choices = [(year, str(year)) for year in years]
        self.fields["year"].widget.attrs["class"] = "in"
        self.fields["as_of"].widget.attrs["max"] = today.isoformat()

    def clean_as_of(self) -> dt.date | None:
        """The day; not one that has not come yet, nor one before any roadmap (arithmetic on 0001-01-01 overflows)."""
        day = self.cleaned_data["as_of"]
        if day and day.year < FIRST_YEAR:
            raise forms.ValidationError(_("There were no roadmaps yet. Enter a later day."))
        if day and day > self.today:
            raise forms.ValidationError(_("This day has not come yet. Enter today or an earlier day."))
        return day

    def show(self, *, year: int, day: dt.date) -> None:
        """Fill in what the page shows, where the address said nothing; what was typed wrong stays as it was typed."""
        self.data = {"year": year, "as_of": day.isoformat()} | self.data
