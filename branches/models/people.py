"""People, the roles they hold, and THE one rule of who touches which rows."""

from typing import Self

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from branches.choices import ADMINISTRATOR_PERMISSIONS, ROLE_PERMISSIONS, Language, Permission, Role, roles_with


class User(AbstractUser):
    """A person with a login. Never deleted, only deactivated: history names its authors."""

    language = models.CharField(_("language"), max_length=2, choices=Language, default=Language.KAZAKH)

    class Meta(AbstractUser.Meta):
        constraints = (models.CheckConstraint(condition=models.Q(language__in=Language.values), name="user_language"),)

    def __str__(self) -> str:
        return self.get_full_name() or self.username

    @cached_property
    def permissions(self) -> frozenset[Permission]:
        """Everything this person may do somewhere; where, is asked of `for_user`. One query, once a request."""
        if not self.is_active:
            return frozenset()
        own = (ROLE_PERMISSIONS[role] for role in self.assignments.values_list("role", flat=True).distinct())
        return frozenset().union(*own, ADMINISTRATOR_PERMISSIONS if self.is_superuser else ())


class ScopedQuerySet(models.QuerySet):
    """Rows that belong to a branch: `branch_path` is the way from the row to it; None: the row itself is the branch."""

    branch_path: str | None = None

    def for_user(self, user: User, permission: Permission = Permission.VIEW) -> Self:
        """Keep the rows to which `user` may do `permission`: by a role in their branch, or in its region.

        Every page, form choice, file and figure goes through here; nothing else asks about roles.
        """
        if not user.is_active:
            return self.none()
        if user.is_superuser and permission in ADMINISTRATOR_PERMISSIONS:
            return self
        held = Assignment.objects.filter(user=user, role__in=roles_with(permission))
        branch = f"{self.branch_path}__" if self.branch_path else ""
        return self.filter(
            models.Q(**{f"{branch}pk__in": held.filter(branch__isnull=False).values("branch")})
            | models.Q(**{f"{branch}region__in": held.filter(region__isnull=False).values("region")})
        )


class Assignment(models.Model):
    """A role that a person holds in one branch, or in a region: then in every branch of it, also those opened later."""

    user = models.ForeignKey(User, models.CASCADE, related_name="assignments", verbose_name=_("user"))
    role = models.CharField(_("role"), max_length=20, choices=Role)
    branch = models.ForeignKey(
        "branches.Branch", models.PROTECT, related_name="assignments", null=True, blank=True, verbose_name=_("branch")
    )
    region = models.ForeignKey(
        "branches.Region", models.PROTECT, related_name="assignments", null=True, blank=True, verbose_name=_("region")
    )

    class Meta:
        verbose_name = _("assignment")
        verbose_name_plural = _("assignments")
        ordering = ("user", "role")
        constraints = (
            models.CheckConstraint(condition=models.Q(role__in=Role.values), name="assignment_role"),
            models.CheckConstraint(
                condition=models.Q(branch__isnull=True, region__isnull=False)
                | models.Q(branch__isnull=False, region__isnull=True),
                name="assignment_branch_or_region",
                violation_error_message=_("Choose a branch or a region, one of the two."),
            ),
            models.UniqueConstraint(
                fields=("user", "role", "branch"),
                condition=models.Q(branch__isnull=False),
                name="assignment_once_in_a_branch",
            ),
            models.UniqueConstraint(
                fields=("user", "role", "region"),
                condition=models.Q(region__isnull=False),
                name="assignment_once_in_a_region",
            ),
        )

    def __str__(self) -> str:
        return f"{self.user}: {self.get_role_display()}, {self.branch or self.region}"

    @property
    def place(self) -> str:
        """The land in which the role is held: the branch's, or the region."""
        return self.branch.place if self.branch else self.region.name
