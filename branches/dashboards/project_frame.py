"""What the pages of party projects are about: which branches, year and day; and how their numbers are written."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Self

from django.db.models import Min
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy

from amanat_tracker.kazakh import NBSP, case_ending
from amanat_tracker.templatetags.figures import as_said, num, tenge
from branches.choices import FIRST_YEAR, Period, ProjectUnit, Qualifier
from branches.models import Branch, PartyProject, ProjectIndicator, ProjectReport, User

SIGNS = {Qualifier.MORE_THAN: ">", Qualifier.ALMOST: "≈"}
SAID = {
    Qualifier.MORE_THAN: (gettext_lazy("more than %(number)s"), "ablative", "ден"),
    Qualifier.ALMOST: (gettext_lazy("almost %(number)s"), "dative", "ге"),
}
PLAN_OF_YEAR = pgettext_lazy("period", "plan of the year")


# --- numbers ---------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Amount:
    """A number of an indicator, written as it was said: «2,5 млрд теңге», «2 000-нан астам», «866,8»."""

    value: Decimal
    unit: str
    qualifier: str = ""

    @classmethod
    def of(cls, value: Decimal | None, unit: str, qualifier: str = "") -> Self | None:
        """The amount; None for what nobody told."""
        return None if value is None else cls(value, unit, qualifier)

    @property
    def number(self) -> int | Decimal:
        """The number without idle zeros."""
        return int(self.value) if self.value == self.value.to_integral_value() else self.value

    @property
    def plain(self) -> str:
        """The number as a machine reads it, "11210" or "866.8": by it sums are compared."""
        return f"{self.value.normalize():f}"

    @property
    def exact(self) -> str:
        """All its digits: «2 512 345 678»."""
        return num(self.number)

    @property
    def short(self) -> str:
        """As short as on a chart: «> 2 000»."""
        text = tenge(int(self.number)) if self.unit == ProjectUnit.TENGE else self.exact
        return f"{SIGNS[self.qualifier]}{NBSP}{text}" if self.qualifier else text

    def __str__(self) -> str:
        is_tenge = self.unit == ProjectUnit.TENGE
        if not is_tenge and isinstance(self.number, int):
            return as_said(self.number, self.qualifier)
        text = tenge(int(self.number)) if is_tenge else num(self.number)
        if not self.qualifier:
            return text
        words, case, of_tenge = SAID[self.qualifier]
        if get_language() == "kk":  # «2,5 млрд теңгеден астам», «866,8-ден астам»: said by the last digits
            decimals = int(f"{self.number:f}".partition(".")[2]) if not is_tenge else 0
            text += of_tenge if is_tenge else f"-{case_ending(decimals, case)}"
        return words % {"number": text}


# --- what a page is about --------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Frame:
    """A year of `branch` as known on a day; `branches` are those whose numbers are added up, as far as one may see."""

    branch: Branch
    branches: Sequence[Branch]
    year: int
    day: dt.date

    @property
    def is_one(self) -> bool:
        """Whether there is one branch only, and nothing to add up."""
        return len(self.branches) == 1

    def has(self, project: PartyProject) -> bool:
        """Whether a project ran at some time of the year."""
        return project.runs_in(self.year)

    def url(
        self, row: PartyProject | ProjectIndicator, *, branch: Branch | None = None, year: int | None = None
    ) -> str:
        """The page of a project or an indicator; complete, for whoever it is sent to."""
        kind = "project" if isinstance(row, PartyProject) else "indicator"
        return reverse(f"branches:{kind}_detail", args=[row.pk], query=self._query(branch, year))

    @property
    def list_url(self) -> str:
        """The year's list."""
        return reverse("branches:project_list", query=self._query())

    @property
    def entry_url(self) -> str:
        """The grid of the branch's year."""
        return reverse("branches:project_entry", query={"branch": self.branch.slug, "year": self.year})

    def _query(self, branch: Branch | None = None, year: int | None = None) -> dict[str, object]:
        return {"branch": (branch or self.branch).slug, "year": year or self.year, "as_of": self.day.isoformat()}


def project_years(user: User, today: dt.date) -> dict[int, bool]:
    """The years that may be asked for, since the first project; true of those with reports. Two queries.

    What is planned for a year that has not come does not make it the year on which pages open.
    """
    first = PartyProject.objects.aggregate(first=Min("valid_from__year"))["first"] or today.year
    told = ProjectReport.objects.for_user(user).years(today)
    years = {*range(max(first, FIRST_YEAR), today.year + 1), *told}
    return {year: year in told and year <= today.year for year in sorted(years)}


def projects_of_year(year: int) -> list[PartyProject]:
    """The projects that ran at some time of the year, in their order."""
    return list(PartyProject.objects.valid_in(year))


def indicators_of_year(year: int) -> list[ProjectIndicator]:
    """What is measured in a year, each with its projects. Two queries."""
    return list(ProjectIndicator.objects.valid_in(year).prefetch_related("projects"))


def sets_of_projects(
    projects: Sequence[PartyProject], indicators: Iterable[ProjectIndicator]
) -> list[tuple[list[PartyProject], list[ProjectIndicator]]]:
    """Who is measured together by what: each project with what is its own, several with what they share.

    In the order of the projects; a project with nothing of its own stands alone only when it shares nothing either.
    """
    places = {project.pk: place for place, project in enumerate(projects)}
    shared: dict[tuple[int, ...], list[ProjectIndicator]] = {}
    for indicator in indicators:
        key = tuple(sorted(places[project.pk] for project in indicator.projects.all() if project.pk in places))
        shared.setdefault(key, []).append(indicator)
    measured = {place for key in shared for place in key}
    for place in range(len(projects)):
        if place not in measured:
            shared[(place,)] = []
    return [([projects[place] for place in key], shared[key]) for key in sorted(shared) if key]


def period_title(indicator: ProjectIndicator, period: str) -> str | Promise:
    """The name of a period; of an indicator that is not reported by the year, the year is its plan."""
    if period == Period.YEAR and Period.YEAR not in indicator.periods:
        return PLAN_OF_YEAR
    return Period(period).label
