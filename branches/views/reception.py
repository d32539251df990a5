"""Pages of reception: to do and numbers, the register, topics by locality, who opened cards, rules."""

from django.http import HttpRequest, HttpResponse
from django.views.generic import View


class ReceptionPage(View):
    """To be written."""


class TopicTablePage(View):
    """To be written."""


class OpeningListPage(View):
    """To be written."""


class ReceptionRulePage(View):
    """To be written."""


class RequestListPage(View):
    """To be written."""


def topics_csv(request: HttpRequest) -> HttpResponse:
    """To be written."""
    return HttpResponse()
