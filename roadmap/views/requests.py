"""Citizens' requests where they meet the roadmap: the card, the link to a measure, passing to control."""

from django.views.generic import View


class RequestPage(View):
    """To be written."""


class RequestLinkPage(View):
    """To be written."""


class RequestReferPage(View):
    """To be written."""


class RequestRecommendPage(View):
    """To be written."""
