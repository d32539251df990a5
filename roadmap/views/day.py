"""Which year a page is about, and as of which day: `?year=` and `?as_of=` on every page and list."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from amanat_tracker.generic.pages import CardPage
from branches.models import User
from roadmap.forms.day import DayForm
from roadmap.metrics import day_of_year, newest_year
from roadmap.models import Roadmap


@dataclass(frozen=True)
class Moment:
    """The year a page is about and the day as of which it is shown; `form` asks for others and says what was wrong."""

    year: int
    day: dt.date
    today: dt.date
    form: DayForm


def moment_of(request: HttpRequest, user: User) -> Moment:
    """Read `year` and `as_of` from the address.

    Without them: the newest year that has reports; a finished year on its last day, a running one today. What cannot
    be understood, or has not come yet, is said beside the field, and the default is shown.
    """
    today = timezone.localdate()
    years = Roadmap.objects.for_user(user).years(today)
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
