"""The first address."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from branches.choices import Permission


def home(request: HttpRequest) -> HttpResponse:
    """Send an inspector to what waits for control, the chair to the overview, a secretary to what is to be entered.

    Who reports and keeps control at once begins with the overview; anybody else with the measures.
    """
    may = request.user.permissions
    if Permission.CONTROL in may and Permission.REPORT not in may:
        return redirect("roadmap:control_home")
    if Permission.OVERVIEW in may:
        return redirect("roadmap:overview")
    return redirect("roadmap:today" if Permission.REPORT in may else "roadmap:measure_list")
