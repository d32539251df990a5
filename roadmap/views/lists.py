"""Lists: measures, reporting several of them at once, roadmaps."""

import uuid
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.generic import TemplateView, View

from amanat_tracker.generic.lists import ListPage
from amanat_tracker.generic.pages import PermissionMixin
from amanat_tracker.templatetags.figures import num
from branches.choices import Permission
from branches.forms.day import DayForm
from branches.metrics import day_of_year
from branches.models import Branch
from roadmap.actions import Several, report_several
from roadmap.choices import Status
from roadmap.dashboards.lists import measure_board, roadmap_years
from roadmap.filters.measures import MeasureFilter
from roadmap.forms.quick import QUICK_STATUSES
from roadmap.forms.several import SeveralForm
from roadmap.models import Measure, Roadmap
from roadmap.tables.measures import MeasureTable
from roadmap.views.moment import moment_of

REASONS_SAID = 5  # so many refused measures are named in a message


class MeasureListPage(ListPage):
    """The measures of one year as they were known on a day; for who reports them, also where several are selected."""

    model = Measure
    filterset_class = MeasureFilter
    table_class = MeasureTable
    template_name = "roadmap/measure_list.html"

    def get(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        """Find out which year and day are asked for, and whose measures the reader may see and report."""
        self.moment = moment_of(request, request.user)
        self.branches = list(Branch.objects.for_user(request.user).select_related("region", "district"))
        self.reportable: frozenset[int] = frozenset()
        if Permission.REPORT in request.user.permissions:
            own = Branch.objects.for_user(request.user, Permission.REPORT)
            self.reportable = frozenset(own.values_list("pk", flat=True))
        return super().get(request, *args, **kwargs)

    def get_queryset(self) -> QuerySet:
        """The measures of the year, as of the day."""
        return (
            super()
            .get_queryset()
            .filter(roadmap__year=self.moment.year)
            .as_of(self.moment.day, settings.STALE_AFTER_DAYS)
            .with_years_undone(self.moment.day)
            .with_contradicted(self.moment.day)
            .with_money()
            .select_related("roadmap__branch__district", "roadmap__branch__region", "direction")
        )

    def get_filterset_kwargs(self, filterset_class: type[MeasureFilter]) -> dict[str, Any]:
        """Choices as far as the reader may see."""
        return super().get_filterset_kwargs(filterset_class) | {"branches": self.branches, "year": self.moment.year}

    def get_table_kwargs(self) -> dict[str, Any]:
        """The day; columns that say nothing are left out."""
        idle = [("branch", len(self.branches) < 2), ("select", not self.reportable)]
        return {
            "day": self.moment.day,
            "today": self.moment.today,
            "reportable": self.reportable,
            "exclude": [name for name, is_idle in idle if is_idle],
        }

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        """The counts above the table, the form below it; what to do when nothing is found."""
        context = super().get_context_data(
            moment=self.moment,
            board=measure_board(self.filterset.frame_qs, self._address_of),
            branches=self.branches,
            reportable=self.reportable,
            quick_statuses=QUICK_STATUSES,
            **kwargs,
        )
        context["table"].empty_text = render_to_string("roadmap/_list_empty.html", {"filter": self.filterset})
        return context

    def _address_of(self, **picked) -> str:
        """The list with this picked from its frame, and nothing else; complete, for whoever it is sent to."""
        nothing = dict.fromkeys(name for name in self.filterset.filters if name not in self.filterset.frame)
        when = {"year": self.moment.year, "as_of": self.moment.day.isoformat()}
        return self.filterset.address_with(**when | nothing | picked)


class RoadmapListPage(PermissionMixin, TemplateView):
    """The roadmaps in force, the newest year first; a finished year as on its last day, unless a day is asked for."""

    permission = Permission.VIEW
    template_name = "roadmap/roadmap_list.html"

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        """The years, each with its day."""
        user, today = self.request.user, timezone.localdate()
        years = sorted(Roadmap.objects.for_user(user).years(today), reverse=True)
        form = DayForm(self.request.GET, years=years, today=today)
        form.fields["year"].choices = [("", _("all years")), *form.fields["year"].choices]
        form.is_valid()
        year, day = form.cleaned_data.get("year"), form.cleaned_data.get("as_of")
        days = {known: day or day_of_year(known, today) for known in years if year in (None, known)}
        found = roadmap_years(user=user, days=days, stale_after=settings.STALE_AFTER_DAYS)
        roadmaps = [line.roadmap for shown in found for line in shown.lines]
        return super().get_context_data(
            form=form,
            years=found,
            programmes=list(dict.fromkeys(roadmap.programme for roadmap in roadmaps)),
            sources=list(dict.fromkeys(roadmap.source for roadmap in roadmaps if roadmap.source)),
            has_samples=any(roadmap.is_sample for roadmap in roadmaps),
            **kwargs,
        )


class ReportSeveralPage(PermissionMixin, View):
    """One report for several measures: first what would change and what is refused, and why; then the same in earnest.

    Measures that the reader may not see are not there; those that are seen but not reported for are refused by name.
    """

    permission = Permission.REPORT

    def get(self, request: HttpRequest) -> HttpResponse:
        """Without a selection there is nothing to see here."""
        return redirect("roadmap:measure_list")

    def post(self, request: HttpRequest) -> HttpResponse:
        """Preview the report, or enter it if that was pressed."""
        form = SeveralForm(request.POST)
        is_understood, said = form.is_valid(), form.cleaned_data
        back, today, applies = self._back(), timezone.localdate(), "apply" in request.POST
        measures = list(
            Measure.objects.for_user(request.user)
            .filter(pk__in=said.get("measure", []))
            .as_of(today, settings.STALE_AFTER_DAYS)
            .select_related("roadmap__branch__district", "roadmap__branch__region")
            .order_by(*MeasureTable.tie_break)
        )
        if not measures:
            messages.warning(request, form.errors.get("measure", [form.NOTHING_SELECTED])[0])
            return HttpResponseRedirect(back)
        outcome = None
        if is_understood:
            outcome = report_several(
                measures=measures,
                by=request.user,
                today=today,
                status=said["status"],
                note=said["note"],
                seen=said["seen"] if applies else None,
                submission=said["submission"],
                dry_run=not applies,
            )
        if outcome and applies:
            say_outcome(request, outcome, Status(said["status"]))
            return HttpResponseRedirect(back)
        return render(
            request,
            "roadmap/report_several.html",
            {
                "form": form,
                "measures": measures,
                "outcome": outcome,
                "status": said.get("status", ""),
                "note": said.get("note", ""),
                "submission": said.get("submission") or uuid.uuid4(),
                "quick_statuses": QUICK_STATUSES,
                "several_branches": len({measure.roadmap.branch_id for measure in measures}) > 1,
                "today": today,
                "back": back,
            },
        )

    def _back(self) -> str:
        """The list that the selection was made in."""
        address = self.request.POST.get("next", "")
        is_ours = url_has_allowed_host_and_scheme(
            address, {self.request.get_host()}, require_https=self.request.is_secure()
        )
        return address if is_ours and address.startswith("/") else reverse("roadmap:measure_list")


def say_outcome(request: HttpRequest, outcome: Several, status: Status) -> None:
    """Tell how many measures were reported, and which were left out, and why."""
    changed, refused = len(outcome.changed), len(outcome.refused)
    if changed:
        done = ngettext("%(n)s measure is reported: %(status)s.", "%(n)s measures are reported: %(status)s.", changed)
        messages.success(request, done % {"n": num(changed), "status": status.label})
    if refused:
        left = ngettext("%(n)s measure is left out: %(which)s.", "%(n)s measures are left out: %(which)s.", refused)
        which = [f"{measure.number} — {reason}" for measure, reason in outcome.refused[:REASONS_SAID]]
        if refused > REASONS_SAID:
            which.append("…")
        messages.warning(request, left % {"n": num(refused), "which": "; ".join(which)})
