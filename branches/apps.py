"""The party's own organisation and its own work."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BranchesConfig(AppConfig):
    """Places, branches, people and roles, the audit."""

    name = "branches"
    verbose_name = _("Party organisation")
