"""Pages of a citizen's request: registering, finding, following it, its applicant, the consent."""

from django.views.generic import View


class RequestRegisterPage(View):
    """To be written."""


class RequestFindPage(View):
    """To be written."""


class RequestStepPage(View):
    """To be written."""


class ApplicantPage(View):
    """To be written."""


class ConsentWithdrawPage(View):
    """To be written."""
