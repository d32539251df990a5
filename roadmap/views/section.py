"""Pages that commissions and councils share say to which of the two lines of the menu they belong."""

from typing import Any

from django.http import HttpResponse

from roadmap.models import Body, Meeting, Recommendation


class SectionMixin:
    """A page about a body, a meeting or a recommendation: of a council it stands under "Councils"."""

    object: Body | Meeting | Recommendation

    def render_to_response(self, context: dict[str, Any], **kwargs) -> HttpResponse:
        """Say it before the menu is drawn."""
        if self.object.is_of_council:
            self.request.section = "roadmap:council_list"
        return super().render_to_response(context, **kwargs)
