"""The first address."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from branches.choices import Permission


def home(request: HttpRequest) -> HttpResponse:
    """Send an inspector to what waits for control, the chair to the overview, a secretary to what is to be entered.

    A reception officer begins with the requests; who reports and keeps control at once with the overview; anybody else
    with the measures.
    """
    may = request.user.permissions
    if Permission.CONTROL in may and Permission.REPORT not in may:
        return redirect("roadmap:control_home")
    if Permission.OVERVIEW in may:
        return redirect("roadmap:overview")
    if Permission.RECEIVE in may and Permission.REPORT not in may:
        return redirect("branches:reception")
    return redirect("roadmap:today" if Permission.REPORT in may else "roadmap:measure_list")
