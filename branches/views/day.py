"""Which year a page is about, and as of which day: `?year=` and `?as_of=` on every page and list."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from amanat_tracker.generic.pages import CardPage
from branches.forms.day import DayForm
from branches.metrics import day_of_year, newest_year


@dataclass(frozen=True)
class Moment:
    """The year a page is about and the day as of which it is shown; `form` asks for others and says what was wrong."""

    year: int
    day: dt.date
    today: dt.date
    form: DayForm


def moment_in(years: Mapping[int, bool], request: HttpRequest) -> Moment:
    """Read `year` and `as_of` from the address; `years` are those that may be asked for, true of those with rows.

    Without them: the newest year that has rows; a finished year on its last day, a running one today. What cannot
    be understood, or has not come yet, is said beside the field, and the default is shown.
    """
    today = timezone.localdate()
    form = DayForm(request.GET, years=sorted(years, reverse=True), today=today)
    form.is_valid()
    day = form.cleaned_data.get("as_of")
    year = form.cleaned_data.get("year")
    if year is None:
        year = day.year if day and day.year in years else newest_year((y for y, told in years.items() if told), today)
    shown = Moment(year=year, day=day or day_of_year(year, today), today=today, form=form)
    form.show(year=shown.year, day=shown.day)
    return shown


class DayCardPage(CardPage):
    """A card as it was known on a day (`?as_of=`); the card of today also lets one act.

    What was typed wrong is said beside the field, and today is shown. A child gives `card`; and, if one may act from
    it, `open_ways`.
    """

    def card(self, day: dt.date) -> Any:
        """Everything that is shown, as known at the end of `day`."""
        raise NotImplementedError

    def open_ways(self, card: Any, today: dt.date) -> dict[str, Any]:
        """What the reader may do from the card of today."""
        return {}

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        """The card of the day, the field for another day, and what the reader may do now."""
        today = timezone.localdate()
        form = DayForm({"as_of": self.request.GET.get("as_of")}, years=[today.year], today=today)
        form.is_valid()
        day = form.cleaned_data.get("as_of") or today
        form.show(year=today.year, day=day)
        card = self.card(day)
        return super().get_context_data(
            card=card,
            day_form=form,
            as_of=day.isoformat() if day < today else "",
            **(self.open_ways(card, today) if day == today else {}),
            **kwargs,
        )
