"""The words of the party's organisation, and who may do what."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class DistrictKind(models.TextChoices):
    """What a unit of the region's first level is."""

    DISTRICT = "district", _("district")
    CITY = "city", _("city")


class LocalityKind(models.TextChoices):
    """What a place below the district is."""

    CITY = "city", _("town")
    SETTLEMENT = "settlement", _("settlement")
    RURAL_OKRUG = "rural_okrug", _("rural okrug")
    VILLAGE = "village", _("village")


class BranchKind(models.TextChoices):
    """The two levels of the party's branches."""

    REGIONAL = "regional", _("oblast branch")
    TERRITORIAL = "territorial", _("territorial branch")


class Position(models.TextChoices):
    """Offices of a branch that are held by a named person."""

    CHAIR = "chair", _("branch chair")
    EXECUTIVE_SECRETARY = "executive_secretary", _("executive secretary")
    FACTION_LEADER = "faction_leader", _("faction leader")


class Language(models.TextChoices):
    """Languages of the interface, each named in itself."""

    KAZAKH = "kk", "Қазақша"
    RUSSIAN = "ru", "Русский"
    ENGLISH = "en", "English"


class Role(models.TextChoices):
    """What a person does here; held in one branch, or in a region (then in every branch of it)."""

    SECRETARY = "secretary", _("executive secretary")
    RECEPTION = "reception", _("reception officer")
    CONTROLLER = "controller", _("party-control inspector")
    COORDINATOR = "coordinator", _("regional coordinator")
    CHAIR = "chair", _("branch chair")
    OBSERVER = "observer", _("observer")


class Permission(models.TextChoices):
    """A thing that may be done to the rows of a branch."""

    VIEW = "view", _("see roadmaps and measures")
    OVERVIEW = "overview", _("see dashboards")
    REPORT = "report", _("report the status of measures")
    CORRECT = "correct", _("correct reports, remove from control")
    MOVE_DEADLINE = "move_deadline", _("move deadlines")
    VERIFY = "verify", _("confirm or refute reports")
    CONTROL = "control", _("keep sites and posts, record visits and meetings of the commission")
    CONVENE = "convene", _("record meetings of councils and their proposals")
    FOLLOW = "follow", _("say how far a recommendation has come")


ROLE_PERMISSIONS: dict[str, frozenset[Permission]] = {
    Role.SECRETARY: frozenset({Permission.VIEW, Permission.REPORT, Permission.CONVENE, Permission.FOLLOW}),
    Role.RECEPTION: frozenset({Permission.VIEW}),
    Role.CONTROLLER: frozenset(
        {Permission.VIEW, Permission.OVERVIEW, Permission.VERIFY, Permission.CONTROL, Permission.FOLLOW}
    ),
    Role.COORDINATOR: frozenset(
        {
            Permission.VIEW,
            Permission.OVERVIEW,
            Permission.REPORT,
            Permission.CORRECT,
            Permission.MOVE_DEADLINE,
            Permission.CONVENE,
            Permission.FOLLOW,
        }
    ),
    Role.CHAIR: frozenset({Permission.VIEW, Permission.OVERVIEW}),
    Role.OBSERVER: frozenset({Permission.VIEW, Permission.OVERVIEW}),
}

# The administrator keeps users and reference data; looks everywhere, reports and verifies nothing.
ADMINISTRATOR_PERMISSIONS = frozenset({Permission.VIEW, Permission.OVERVIEW})


def roles_with(permission: Permission) -> list[Role]:
    """The roles that carry a permission."""
    return [role for role, permissions in ROLE_PERMISSIONS.items() if permission in permissions]
