"""The card of a measure and what is done from it."""

from django.views.generic import TemplateView


class MeasurePage(TemplateView):
    """Being written."""


ReportPage = DeadlinePage = CorrectPage = VerifyPage = MeasurePage
evidence = MeasurePage.as_view()
