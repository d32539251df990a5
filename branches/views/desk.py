"""What forms of the reception desk have in common."""

from django.urls import reverse

from branches.choices import Permission
from branches.views.choosing import BranchActionPage


class DeskPage(BranchActionPage):
    """A form that adds something to a branch for which the reader receives."""

    permission = Permission.RECEIVE
    here = "reception"
    choice_template = "branches/desk_branch.html"

    def back_url(self) -> str:
        """To the desk."""
        return reverse("branches:reception")
