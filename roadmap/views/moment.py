"""Which year of the roadmaps a page is about, and as of which day."""

from django.http import HttpRequest
from django.utils import timezone

from branches.models import User
from branches.views.day import Moment, moment_in
from roadmap.models import Roadmap


def moment_of(request: HttpRequest, user: User) -> Moment:
    """The year and day of the address, among the years of which `user` may see a roadmap."""
    return moment_in(Roadmap.objects.for_user(user).years(timezone.localdate()), request)
