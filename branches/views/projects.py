"""Pages of party projects: the year's list, a project, an indicator, the grid of entry."""

from django.views.generic import View


class ProjectListPage(View):
    """To be written."""


class ProjectEntryPage(View):
    """To be written."""


class ProjectPage(View):
    """To be written."""


class IndicatorPage(View):
    """To be written."""
