"""Which year a page is about, and as of which day: `?year=` and `?as_of=` on every page and list."""

import datetime as dt
from dataclasses import dataclass

from django.http import HttpRequest
from django.utils import timezone

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
