"""The first address."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from branches.choices import Permission


def home(request: HttpRequest) -> HttpResponse:
    """Send the chair to the overview, a secretary to what is to be entered today, anybody else to the measures."""
    may = request.user.permissions
    if Permission.OVERVIEW in may:
        return redirect("roadmap:overview")
    return redirect("roadmap:today" if Permission.REPORT in may else "roadmap:measure_list")
