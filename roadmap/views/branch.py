"""Which branch a page is about: `?branch=`."""

from collections.abc import Sequence

from django.http import Http404, HttpRequest

from branches.models import Branch


def chosen_branch(request: HttpRequest, branches: Sequence[Branch]) -> Branch:
    """The branch of `?branch=`, or the first of those that are the reader's; 404 for any other."""
    slug = request.GET.get("branch")
    for branch in branches:
        if not slug or branch.slug == slug:
            return branch
    raise Http404
