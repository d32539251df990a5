"""Party control's first page."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.generic import TemplateView

from amanat_tracker.generic.pages import PermissionMixin
from branches.choices import Permission
from roadmap.dashboards.inspector import CLAIM_ORDERS, inspected_branches, inspection
from roadmap.views.branch import chosen_branch


class ControlHomePage(PermissionMixin, TemplateView):
    """What waits for the inspector today; who only looks at control begins with its sites."""

    permission = Permission.VIEW
    template_name = "roadmap/control_home.html"

    def get(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        """Show it to who keeps control of a branch."""
        if Permission.CONTROL not in request.user.permissions:
            return redirect("roadmap:site_list")
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        """All branches of the inspector, or the one of `?branch=`; claims by `?sort=`; all of what citizens ask by
        `?asked=all`."""
        branches, sort = inspected_branches(self.request.user), self.request.GET.get("sort")
        is_one = len(branches) == 1 or self.request.GET.get("branch")
        shown = inspection(
            user=self.request.user,
            branches=branches,
            branch=chosen_branch(self.request, branches) if is_one else None,
            day=timezone.localdate(),
            every=settings.VISIT_EVERY_DAYS,
            stale_after=settings.STALE_AFTER_DAYS,
            order=sort if sort in CLAIM_ORDERS else "age",
            every_asked=self.request.GET.get("asked") == "all",
        )
        return super().get_context_data(inspection=shown, **kwargs)
