"""Lists: roadmaps, measures, reporting several at once."""

from django.views.generic import TemplateView


class RoadmapListPage(TemplateView):
    """Being written."""


class MeasureListPage(TemplateView):
    """Being written."""


class ReportSeveralPage(TemplateView):
    """Being written."""
