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
    """A line of the menu; shown to who holds `permission` anywhere, or to administrators only if it is None.

    The pages below its address belong to it, and those below the addresses `also`.
    """

    label: str | Promise
    view_name: str
    permission: Permission | None
    also: tuple[str, ...] = ()

    def is_for(self, user: User) -> bool:
        """Whether this person may open it."""
        return user.is_superuser if self.permission is None else self.permission in user.permissions

    def current_on(self, path: str, section: str) -> str:
        """The value of aria-current on the page at `path`, which belongs to `section` if it says so."""
        url = reverse(self.view_name)
        if path == url:
            return "page"
        is_inside = section == self.view_name if section else path.startswith((url, *self.also))
        return "true" if is_inside else ""


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
    NavigationItem(
        _("Control"), "roadmap:control_home", Permission.VIEW, also=("/bodies/", "/meetings/", "/recommendations/")
    ),
    NavigationItem(_("Councils"), "roadmap:council_list", Permission.VIEW),
    NavigationItem(_("Projects"), "branches:project_list", Permission.VIEW),
    NavigationItem(_("Reception"), "branches:reception", Permission.VIEW),
    NavigationItem(_("Organisation"), "branches:organisation", Permission.VIEW),
    NavigationItem(_("Administration"), "admin:index", None),
)


def links_for(user: User, path: str, section: str = "") -> list[NavigationLink]:
    """The menu of a person on the page at `path`. `section` names the line that it belongs to, if its path does not."""
    return [
        NavigationLink(item.label, reverse(item.view_name), item.current_on(path, section))
        for item in ITEMS
        if item.is_for(user)
    ]


def first_assignment(user: User) -> Assignment | None:
    """The role shown beside the person's name."""
    return user.assignments.select_related("branch__district", "branch__region", "region").first()


def navigation(request: HttpRequest) -> dict[str, object]:
    """Context processor: `navigation` and `assignment` of who is logged in; nothing is asked of the database unused.

    A view whose address is shared, such as the card of a meeting, of a commission or of a council, may say where it
    belongs before it is drawn: `request.section = "roadmap:council_list"`.
    """
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"navigation": (), "assignment": None}
    return {
        "navigation": SimpleLazyObject(lambda: links_for(user, request.path, getattr(request, "section", ""))),
        "assignment": SimpleLazyObject(lambda: first_assignment(user)),
    }
