"""What forms of the reception desk have in common: of which branch they are."""

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise, cached_property

from amanat_tracker.generic.pages import ActionPage
from branches.choices import Permission
from branches.models import Branch


class DeskPage(ActionPage):
    """A form that adds something to a branch for which the reader receives; of several the branch is chosen first.

    The branch stands in the address (`?branch=`) or in what was sent: 404 for a strange one, 403 for one that may only
    be seen. A child says what it is `doing`, and the name of the tab `here`.
    """

    model = Branch
    permission = Permission.RECEIVE
    doing: str | Promise = ""
    here = "reception"

    @cached_property
    def own(self) -> list[Branch]:
        """The branches that the reader receives for."""
        return list(Branch.objects.for_user(self.request.user, Permission.RECEIVE).along_the_river())

    def asked_for(self) -> str:
        """The address word of the branch that is asked for; "" when none is."""
        return self.request.POST.get("branch") or self.request.GET.get("branch") or ""

    def get_object(self, queryset: QuerySet | None = None) -> Branch | None:
        """The branch; None while it is still to be chosen."""
        if self.permission not in self.request.user.permissions:
            raise PermissionDenied
        slug = self.asked_for()
        if not slug:
            return self.own[0] if len(self.own) == 1 else None
        branch = next((branch for branch in self.own if branch.slug == slug), None)
        if branch is None and slug in Branch.objects.for_user(self.request.user).values_list("slug", flat=True):
            raise PermissionDenied
        if branch is None:
            raise Http404("not a branch of the reader")
        return branch

    def get(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        """Show the form, or the branches to choose from."""
        return super().get(request, *args, **kwargs) if self.object else self.choose()

    def post(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        """Take the form, if it says for which branch."""
        return super().post(request, *args, **kwargs) if self.object else self.choose()

    def choose(self) -> HttpResponse:
        """The branches to choose from."""
        context = {"branches": self.own, "doing": self.doing, "here": self.here}
        return render(self.request, "branches/desk_branch.html", context)

    def get_context_data(self, **kwargs) -> dict:
        """Whether there is another branch to choose."""
        return super().get_context_data(doing=self.doing, here=self.here, has_branches=len(self.own) > 1, **kwargs)
