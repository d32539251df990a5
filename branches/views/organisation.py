"""Pages of the organisation: the oblast's roll-up, the card of a branch, its entries."""

from django.views.generic import View


class OrganisationPage(View):
    """To be written."""


class BranchPage(View):
    """To be written."""


class MembershipPage(View):
    """To be written."""


class WingPage(View):
    """To be written."""


class FactionPage(View):
    """To be written."""


class ElectionPage(View):
    """To be written."""


class AppointPage(View):
    """To be written."""
