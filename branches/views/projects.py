"""Pages of party projects: the year's list, a project, an indicator, the grid of entry."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.generic import TemplateView

from amanat_tracker.generic.pages import PermissionMixin
from amanat_tracker.templatetags.figures import num
from branches import actions
from branches.choices import BranchKind, Permission
from branches.dashboards.indicator_pages import indicator_page
from branches.dashboards.project_frame import Frame, project_years
from branches.dashboards.project_grid import Grid, Slot, grid_of
from branches.dashboards.project_pages import project_card, projects_in
from branches.forms.projects import CellForm, GridForm, seen_in
from branches.models import Branch, PartyProject, ProjectIndicator, ProjectReport
from branches.views.day import Moment, moment_in


def branch_in(request: HttpRequest, branches: Sequence[Branch]) -> Branch:
    """The branch of `?branch=`, or the oblast's of `?region=`; the first without either; 404 for any other."""
    slug, region = request.GET.get("branch"), request.GET.get("region")
    for branch in branches:
        is_region = branch.kind == BranchKind.REGIONAL and branch.region.slug == region
        if branch.slug == slug or (not slug and (is_region or not region)):
            return branch
    raise Http404


class FramedPage(PermissionMixin, TemplateView):
    """A page about a year of a branch as known on a day; of an oblast's branch: of all its branches together."""

    permission = Permission.VIEW

    def get(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        """Find out which branch, year and day are asked for."""
        self.moment = moment_in(project_years(request.user, timezone.localdate()), request)
        self.branches = list(Branch.objects.for_user(request.user).along_the_river())
        branch = branch_in(request, self.branches)
        within = [branch]
        if branch.kind == BranchKind.REGIONAL:
            within = [other for other in self.branches if other.region_id == branch.region_id]
        self.frame = Frame(branch, within, self.moment.year, self.moment.day)
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        """The frame, and the way to the grid for who may fill it in."""
        own = Branch.objects.for_user(self.request.user, Permission.PROJECTS).filter(pk=self.frame.branch.pk)
        may_enter = Permission.PROJECTS in self.request.user.permissions and own.exists()
        return super().get_context_data(
            frame=self.frame, moment=self.moment, branches=self.branches, may_enter=may_enter, **kwargs
        )


class ProjectListPage(FramedPage):
    """The party projects of a year: what was planned, what was reached, how many branches have reported."""

    template_name = "branches/project_list.html"

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        """The list."""
        return super().get_context_data(shown=projects_in(self.frame), **kwargs)


class ProjectPage(FramedPage):
    """A project: its indicators by branches, periods and years."""

    template_name = "branches/project_detail.html"

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        """The project's card."""
        project = get_object_or_404(PartyProject, pk=self.kwargs["pk"])
        return super().get_context_data(card=project_card(project, self.frame), **kwargs)


class IndicatorPage(FramedPage):
    """An indicator: by branches, periods and years, and everything that was said of it."""

    template_name = "branches/indicator_detail.html"

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        """The indicator's page."""
        indicator = get_object_or_404(ProjectIndicator, pk=self.kwargs["pk"])
        return super().get_context_data(page=indicator_page(indicator, self.frame), **kwargs)


# --- entry -----------------------------------------------------------------------------------------------------------
@dataclass
class Outcome:
    """What came of a sent grid: how many periods were written, which cells were refused."""

    saved: int = 0
    refused: list[CellForm] = field(default_factory=list)


class ProjectEntryPage(PermissionMixin, TemplateView):
    """The grid of a branch's year: each period of an indicator that was changed is reported by itself.

    Sent by the button, all changed cells are written and what was refused comes back with the reason; static/grid.js
    sends one cell at a time and asks for JSON.
    """

    permission = Permission.PROJECTS
    template_name = "branches/project_entry.html"
    outcome: Outcome | None = None

    @cached_property
    def today(self) -> dt.date:
        """The day of the request."""
        return timezone.localdate()

    @cached_property
    def branches(self) -> list[Branch]:
        """The branches that the reader reports for."""
        return list(Branch.objects.for_user(self.request.user, Permission.PROJECTS).along_the_river())

    @cached_property
    def branch(self) -> Branch:
        """The one that is reported for: 404 for one that is not there, 403 for one that may only be seen."""
        try:
            return branch_in(self.request, self.branches)
        except Http404:
            branch_in(self.request, list(Branch.objects.for_user(self.request.user).along_the_river()))
            raise PermissionDenied from None

    @cached_property
    def moment(self) -> Moment:
        """The year: this one, if the address does not say; plans may be entered for the next."""
        years = project_years(self.request.user, self.today) | {self.today.year + 1: False}
        return moment_in({year: year == self.today.year for year in years}, self.request)

    def grid(self) -> Grid:
        """The grid as it is now; what was refused stands in it as it was typed."""
        return grid_of(self.branch, self.moment.year, self.today, self.outcome.refused if self.outcome else ())

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        """The grid, and what all its cells share."""
        context = {"grid": self.grid(), "moment": self.moment, "branch": self.branch, "branches": self.branches}
        return super().get_context_data(**{"form": GridForm()} | context | kwargs)

    def post(self, request: HttpRequest) -> HttpResponse:
        """Report what was changed."""
        if self.moment.form.errors:
            raise Http404
        form = GridForm(request.POST)
        is_asked_in_json = request.get_preferred_type(["text/html", "application/json"]) == "application/json"
        self.outcome = self.report(form)
        if is_asked_in_json:
            return self.answer(form)
        for level, words in self.said(self.outcome):
            messages.add_message(request, level, words)
        if self.outcome.refused or "source" in form.errors:
            return self.render_to_response(self.get_context_data(form=form), status=422)
        return redirect(reverse("branches:project_entry", query={"branch": self.branch.slug, "year": self.moment.year}))

    def report(self, form: GridForm) -> Outcome:
        """Report each period that was changed, one after another; what is refused leaves the others as they are."""
        outcome = Outcome()
        keys = [seen_in(self.request.POST[name])[0] for name in self.request.POST if name.endswith("-seen")]
        shown = ProjectReport.objects.filter(branch=self.branch, year=self.moment.year).in_bulk(filter(None, keys))
        for slot in self.grid().slots:
            seen, sure = seen_in(self.request.POST.get(f"{slot.key}-seen"))
            was = shown.get(seen)
            if was is not None and (was.indicator_id, was.period) != (slot.indicator.pk, slot.period):
                was = None
            sent = [
                CellForm(
                    self.request.POST,
                    key=cell.key,
                    kind=cell.kind,
                    unit=slot.indicator.unit,
                    was=was,
                    plan=slot.plan,
                    sure=sure,
                )
                for cell in slot.cells
                if f"{cell.key}-value" in self.request.POST
            ]
            changed = [cell for cell in sent if cell.changed_parts]
            good = [cell for cell in changed if cell.is_valid()]
            if "source" in form.errors:
                for cell in good:
                    cell.refuse(ValidationError(form.errors["source"]))
            elif good and self.report_slot(slot, good, seen, form.cleaned_data):
                outcome.saved += len(good)
            outcome.refused += [cell for cell in changed if not cell.is_valid()]
        return outcome

    def report_slot(self, slot: Slot, cells: Sequence[CellForm], seen: int, shared: dict[str, Any]) -> bool:
        """Make the one call of the action for a period; what it refuses stands beside the cells. Whether it wrote."""
        said = {name: getattr(cells[0].was, name) for name in TOLD} if cells[0].was else {}
        for cell in cells:
            said |= cell.reported
        token = shared.get("submission")
        try:
            report = actions.report_project(
                branch=self.branch,
                indicator=slot.indicator,
                by=self.request.user,
                today=self.today,
                year=self.moment.year,
                period=slot.period,
                seen=seen,
                source=shared["source"],
                submission=token and uuid.uuid5(token, f"{slot.key} {sorted(said.items())}"),
                **said,
            )
        except ValidationError as error:
            for cell in cells:
                cell.refuse(error)
            return False
        return report.pk != seen

    def said(self, outcome: Outcome) -> list[tuple[int, str]]:
        """How much was saved and how much was not."""
        saved, refused = outcome.saved, len(outcome.refused)
        words = []
        if saved:
            text = ngettext("%(n)s number is saved.", "%(n)s numbers are saved.", saved)
            words.append((messages.SUCCESS, text % {"n": num(saved)}))
        if refused:
            text = ngettext(
                "%(n)s cell is not saved: the reason stands below it.",
                "%(n)s cells are not saved: the reasons stand below them.",
                refused,
            )
            words.append((messages.ERROR, text % {"n": num(refused)}))
        return words or [(messages.INFO, _("Nothing was changed, and nothing was saved."))]

    def answer(self, form: GridForm) -> JsonResponse:
        """What became of the cells that were sent, for static/grid.js."""
        grid = self.grid()
        slots = [slot for slot in grid.slots if f"{slot.key}-seen" in self.request.POST]
        cells = [cell for slot in slots for cell in slot.cells if f"{cell.key}-value" in self.request.POST]
        told = {
            "seen": {slot.key: slot.seen for slot in slots},
            "cells": {cell.key: cell.as_json() for cell in cells},
            "rows": {row.indicator.pk: row.so_far for row in grid.rows},
            "source": form.errors.get("source", []),
        }
        return JsonResponse(told, status=422 if self.outcome.refused or told["source"] else 200)


TOLD = ("plan", "fact", "qualifier", "no_data", "note")  # what a report says
