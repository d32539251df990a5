"""The secretary's page."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import TemplateView

from amanat_tracker.generic.pages import PermissionMixin, refuse
from branches.choices import Permission
from roadmap import actions
from roadmap.dashboards.today import reportable, reporting_branches, today
from roadmap.forms.quick import QUICK_STATUSES, QuickReportForm
from roadmap.views.words import meanwhile_words


class TodayPage(PermissionMixin, TemplateView):
    """What must still be entered today, by deadline, with a two-field entry in place."""

    permission = Permission.REPORT
    template_name = "roadmap/today.html"
    form: QuickReportForm | None = None  # the one entry that was refused; it keeps what was typed

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        """The list of one branch, each task with its form."""
        day = timezone.localdate()
        branches = reporting_branches(self.request.user)
        slug = self.request.GET.get("branch")
        branch = next((known for known in branches if not slug or known.slug == slug), None)
        if branch is None:
            raise Http404
        shown = today(
            user=self.request.user,
            branches=branches,
            branch=branch,
            day=day,
            stale_after=settings.STALE_AFTER_DAYS,
        )
        refused = self.form.data.get("measure") if self.form else None
        forms = {
            task.measure.pk: self.form
            if str(task.measure.pk) == refused
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
        return super().get_context_data(today=shown, forms=forms, statuses=QUICK_STATUSES, **kwargs)

    def post(self, request: HttpRequest) -> HttpResponse:
        """Report one measure; back to the list, where it no longer stands."""
        day = timezone.localdate()
        form = QuickReportForm(request.POST, measures=reportable(request.user, day))
        if form.is_valid():
            said = form.cleaned_data
            try:
                reported = actions.report_status(by=request.user, today=day, **said)
            except ValidationError as error:
                refuse(form, error)
            else:
                measure = reported.report.measure
                messages.success(
                    request,
                    _("Saved: %(number)s, %(status)s.")
                    % {"number": measure.number, "status": reported.report.get_status_display()},
                )
                if reported.meanwhile:
                    messages.warning(request, meanwhile_words(reported.meanwhile))
                return redirect(request.get_full_path() if "branch" in request.GET else reverse("roadmap:today"))
        if "measure" in form.errors:
            raise Http404
        self.form = form
        return self.render_to_response(self.get_context_data(), status=422)
