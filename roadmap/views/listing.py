"""The list pages of control and councils: years are those of the roadmaps."""

from typing import Any

from django.utils import timezone

from branches.views.listing import BranchListPage
from roadmap.models import Roadmap


class ControlListPage(BranchListPage):
    """A list of control or of councils, in a year of roadmaps."""

    template_name = "roadmap/control_list.html"

    def years(self) -> dict[int, Any]:
        """The years of which the reader may see a roadmap."""
        return Roadmap.objects.for_user(self.request.user).years(timezone.localdate())
