"""Forms that add something to a branch: of which, is chosen first."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import models
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise, cached_property

from amanat_tracker.generic.pages import ActionPage
from branches.models import Branch


class BranchActionPage(ActionPage):
    """A form that adds something to a branch for which the reader has the `permission`; of several it is chosen first.

    The branch stands in the address (`?branch=`) or in what was sent: 404 for a strange one, 403 for one that may only
    be seen. A child says what it is `doing`, the name of the tab `here`, the page on which branches are chosen
    (`choice_template`, which extends forms/branch.html) and where the form leads back to. `made` is what was added: the
    way leads to its card.
    """

    model = Branch
    doing: str | Promise = ""
    here = ""
    choice_template = "forms/branch.html"
    made: models.Model | None = None

    @cached_property
    def sent(self) -> dict[str, Any]:
        """What was sent, as a form takes it."""
        return {"data": self.request.POST} if self.request.method == "POST" else {}

    @cached_property
    def own(self) -> list[Branch]:
        """The branches to which the reader may add."""
        return list(Branch.objects.for_user(self.request.user, self.permission).along_the_river())

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

    def back_url(self) -> str:
        """Where the form leads back to."""
        raise NotImplementedError

    def shared(self) -> dict[str, Any]:
        """What the form and the choice of a branch say alike."""
        return {"doing": self.doing, "here": self.here, "back": self.back_url()}

    def choose(self) -> HttpResponse:
        """The branches to choose from."""
        return render(self.request, self.choice_template, {"branches": self.own, **self.shared()})

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        """What is being done, where it leads back to, and whether there is another branch to choose."""
        return super().get_context_data(has_branches=len(self.own) > 1, **self.shared(), **kwargs)

    def get_success_url(self) -> str:
        """To the card of what was added."""
        return self.made.get_absolute_url()
