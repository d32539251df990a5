"""Pages of reception events: the list, recording one, its card."""

from django.views.generic import View


class EventListPage(View):
    """To be written."""


class EventRecordPage(View):
    """To be written."""


class EventPage(View):
    """To be written."""
