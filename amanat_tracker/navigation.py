"""The main menu as data, and what of it a person may see."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise, SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from branches.choices import Permission
from branches.models import Assignment, User


@dataclass(frozen=True)
class NavigationItem:
    """A line of the menu; shown to who holds `permission` anywhere, or to administrators only if it is None."""

    label: str | Promise
    view_name: str
    permission: Permission | None

    def is_for(self, user: User) -> bool:
        """Whether this person may open it."""
        return user.is_superuser if self.permission is None else self.permission in user.permissions


@dataclass(frozen=True)
class NavigationLink:
    """A line of the menu on one page; `current` is the value of aria-current: "page", "true" (inside it) or ""."""

    label: str | Promise
    url: str
    current: str


# In the order in which work is done; who may not see a line does not see it.
ITEMS = (
    NavigationItem(_("Today"), "roadmap:today", Permission.REPORT),
    NavigationItem(_("Overview"), "roadmap:overview", Permission.OVERVIEW),
    NavigationItem(_("Roadmaps"), "roadmap:roadmap_list", Permission.VIEW),
    NavigationItem(_("Measures"), "roadmap:measure_list", Permission.VIEW),
    NavigationItem(_("Administration"), "admin:index", None),
)


def links_for(user: User, path: str) -> list[NavigationLink]:
    """The menu of a person on the page at `path`."""
    links = []
    for item in ITEMS:
        if item.is_for(user):
            url = reverse(item.view_name)
            links.append(
                NavigationLink(item.label, url, "page" if path == url else "true" if path.startswith(url) else "")
            )
    return links


def first_assignment(user: User) -> Assignment | None:
    """The role shown beside the person's name."""
    return user.assignments.select_related("branch__district", "branch__region", "region").first()


def navigation(request: HttpRequest) -> dict[str, object]:
    """Context processor: `navigation` and `assignment` of who is logged in; nothing is asked of the database unused."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"navigation": (), "assignment": None}
    return {
        "navigation": SimpleLazyObject(lambda: links_for(user, request.path)),
        "assignment": SimpleLazyObject(lambda: first_assignment(user)),
    }
