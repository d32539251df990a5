"""The page of an indicator of a party project: its year, and everything that was said of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from branches.choices import Period
from branches.dashboards.indicator_card import IndicatorCard, indicator_cards
from branches.dashboards.project_frame import Amount, Frame, period_title
from branches.models import Branch, PartyProject, ProjectIndicator, ProjectReport


@dataclass(frozen=True)
class Correction:
    """A report that followed another one of the same period."""

    before: ProjectReport
    after: ProjectReport
    unit: str

    @property
    def was(self) -> str:
        """What was said before: a number, or why there was none; "" for nothing."""
        return _said(self.before, self.unit)

    @property
    def now(self) -> str:
        """What was said in its place."""
        return _said(self.after, self.unit)

    @property
    def plan_was(self) -> Amount | None:
        """The plan before."""
        return Amount.of(self.before.plan, self.unit)

    @property
    def plan_now(self) -> Amount | None:
        """The plan in its place."""
        return Amount.of(self.after.plan, self.unit)

    @property
    def is_of_plan(self) -> bool:
        """Whether it changed the plan."""
        return self.before.plan != self.after.plan

    @property
    def is_of_fact(self) -> bool:
        """Whether it changed the fact, or what was said instead of it."""
        return any(getattr(self.before, name) != getattr(self.after, name) for name in ("fact", "qualifier", "no_data"))

    @property
    def is_of_note(self) -> bool:
        """Whether it changed the note alone."""
        return not self.is_of_fact and self.before.note != self.after.note

    @property
    def is_put_right(self) -> bool:
        """Whether something that had been said was said otherwise; to say what was missing is no correction."""
        return bool((self.is_of_fact and self.was) or (self.is_of_plan and self.plan_was) or self.is_of_note)


def _said(report: ProjectReport, unit: str) -> str:
    """What a report says of the fact, in words."""
    if report.fact is not None:
        return str(Amount(report.fact, unit, report.qualifier))
    return _("no data: %(reason)s") % {"reason": report.get_no_data_display()} if report.no_data else ""


@dataclass(frozen=True)
class Entry:
    """What a branch said of a period: the report that speaks, and what it corrected."""

    branch: Branch
    period: Period
    indicator: ProjectIndicator
    reports: Sequence[ProjectReport]  # the earliest first

    @property
    def branch_name(self) -> str:
        """The branch's name."""
        return self.branch.short_name

    @property
    def title(self) -> str | Promise:
        """The period's name."""
        return period_title(self.indicator, self.period)

    @property
    def report(self) -> ProjectReport:
        """The last one: it speaks."""
        return self.reports[-1]

    @property
    def fact(self) -> Amount | None:
        """The number."""
        return Amount.of(self.report.fact, self.indicator.unit, self.report.qualifier)

    @property
    def plan(self) -> Amount | None:
        """What was planned for the period."""
        return Amount.of(self.report.plan, self.indicator.unit)

    @property
    def corrections(self) -> list[Correction]:
        """What followed one another, the last first."""
        return [Correction(before, after, self.indicator.unit) for before, after in pairwise(self.reports)][::-1]


@dataclass(frozen=True)
class EntryGroup:
    """What was said of one period; or by one branch, of all periods."""

    title: str | Promise
    entries: Sequence[Entry]

    @property
    def corrections(self) -> int:
        """How many of the entries were put right."""
        return sum(any(step.is_put_right for step in entry.corrections) for entry in self.entries)


@dataclass(frozen=True)
class IndicatorPage:
    """An indicator in a year, with every report of it."""

    card: IndicatorCard
    projects: Sequence[PartyProject]
    entries: Sequence[EntryGroup]

    @property
    def linked(self) -> list[tuple[PartyProject, str]]:
        """Its projects, each with its page."""
        return [(project, self.card.frame.url(project)) for project in self.projects]

    @property
    def is_valid(self) -> bool:
        """Whether one of its projects ran at some time of the year."""
        return any(self.card.frame.has(project) for project in self.projects)


def indicator_page(indicator: ProjectIndicator, frame: Frame) -> IndicatorPage:
    """The page of an indicator. Three queries."""
    branches = {branch.pk: branch for branch in frame.branches}
    said: dict[tuple[str, int], list[ProjectReport]] = {}
    rows = ProjectReport.objects.known_on(frame.day).filter(branch__in=branches, indicator=indicator, year=frame.year)
    for row in rows.select_related("author").order_by("id"):
        said.setdefault((row.period, row.branch_id), []).append(row)
    order = list(Period)
    river = list(branches)
    entries = [
        Entry(branches[branch], Period(period), indicator, reports)
        for (period, branch), reports in sorted(
            said.items(), key=lambda item: (order.index(item[0][0]), river.index(item[0][1]))
        )
    ]
    if frame.is_one:
        groups = [EntryGroup(frame.branch.short_place, entries)] if entries else []
    else:
        groups = [
            EntryGroup(period_title(indicator, period), own)
            for period in order
            if (own := [entry for entry in entries if entry.period == period])
        ]
    (card,) = indicator_cards([indicator], frame)
    return IndicatorPage(card=card, projects=list(indicator.projects.all()), entries=groups)
