"""The chair's page, and the same figures for machines."""

from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe
from django.views.generic import TemplateView

from amanat_tracker.generic.pages import PermissionMixin
from branches.choices import Permission
from branches.models import User
from roadmap.dashboards.figures import figures
from roadmap.dashboards.overview import overview, overview_branches
from roadmap.views.branch import chosen_branch
from roadmap.views.moment import moment_of


class OverviewPage(PermissionMixin, TemplateView):
    """Claimed beside confirmed for the reader's oblast (or, by `?branch=`, one of its branches), as of any day."""

    permission = Permission.OVERVIEW
    template_name = "roadmap/overview.html"

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        """The overview of one branch."""
        branches = overview_branches(self.request.user)
        moment = moment_of(self.request, self.request.user)
        branch = chosen_branch(self.request, branches)
        return super().get_context_data(
            moment=moment,
            overview=overview(
                branches=branches,
                branch=branch,
                year=moment.year,
                day=moment.day,
                stale_after=settings.STALE_AFTER_DAYS,
            ),
        )


@require_safe
def figures_json(request: HttpRequest) -> JsonResponse:
    """Figures of one branch and year in JSON: a list of {key, label, part, whole, percent, value, unit, …}."""
    user: User = request.user
    if Permission.OVERVIEW not in user.permissions:
        raise PermissionDenied
    moment = moment_of(request, user)
    if moment.form.errors:
        return JsonResponse({"errors": moment.form.errors}, status=400)
    rows = figures(
        branch=chosen_branch(request, overview_branches(user)),
        year=moment.year,
        day=moment.day,
        stale_after=settings.STALE_AFTER_DAYS,
        reader=user,
    )
    return JsonResponse([row.as_text() for row in rows], safe=False, json_dumps_params={"ensure_ascii": False})
