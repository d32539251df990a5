"""The secretary's page."""

from itertools import chain
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.generic import TemplateView

from amanat_tracker.generic.pages import PermissionMixin, refuse
from branches.choices import Permission
from branches.dashboards.reception_desk import reminder
from branches.models import Branch
from roadmap import actions
from roadmap.dashboards.today import reportable, reporting_branches, today
from roadmap.forms.quick import QUICK_STATUSES, QuickReportForm
from roadmap.views.branch import chosen_branch
from roadmap.views.words import meanwhile_words, repeated_words


class TodayPage(PermissionMixin, TemplateView):
    """What must still be entered today, by deadline, with a two-field entry in place."""

    permission = Permission.REPORT
    template_name = "roadmap/today.html"
    form: QuickReportForm | None = None  # the one entry that was refused; it keeps what was typed

    @cached_property
    def branches(self) -> list[Branch]:
        """The branches that the reader reports for."""
        return reporting_branches(self.request.user)

    @cached_property
    def branch(self) -> Branch:
        """The one that the page is about."""
        return chosen_branch(self.request, self.branches)

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        """The list of one branch, each task with its form."""
        shown = today(
            user=self.request.user,
            branches=self.branches,
            branch=self.branch,
            day=timezone.localdate(),
            stale_after=settings.STALE_AFTER_DAYS,
        )
        refused = self.form.cleaned_data["measure"] if self.form else None
        forms = {
            task.measure.pk: self.form
            if task.measure == refused
            else QuickReportForm(
                measures=None,
                initial={
                    "measure": task.measure.pk,
                    "status": task.measure.day_status,
                    "seen": task.measure.day_report or 0,
                },
            )
            for task in shown.tasks
        }
        if refused and refused.pk not in forms:  # reported in another window: its row has left the list
            messages.error(self.request, f"{refused}: {' '.join(map(str, chain(*self.form.errors.values())))}")
        asked = reminder(user=self.request.user, day=shown.day)
        return super().get_context_data(today=shown, forms=forms, statuses=QUICK_STATUSES, asked=asked, **kwargs)

    def post(self, request: HttpRequest) -> HttpResponse:
        """Report one measure; back to the list, where it no longer stands."""
        day, branch = timezone.localdate(), self.branch
        form = QuickReportForm(request.POST, measures=reportable(request.user, day))
        if form.is_valid():
            said = form.cleaned_data
            try:
                reported = actions.report_status(by=request.user, today=day, **said)
            except ValidationError as error:
                refuse(form, error)
            else:
                measure = reported.report.measure
                said = {"number": measure.number, "status": reported.report.get_status_display()}
                messages.success(request, _("Saved: %(number)s, %(status)s.") % said)
                if reported.meanwhile:
                    messages.warning(request, meanwhile_words(reported.meanwhile))
                if reported.repeated and measure.status != reported.report.status:
                    messages.warning(request, repeated_words(measure))
                chosen = {"branch": branch.slug} if "branch" in request.GET else None
                return redirect(reverse("roadmap:today", query=chosen))
        if "measure" in form.errors:
            raise Http404
        self.form = form
        return self.render_to_response(self.get_context_data(), status=422)
