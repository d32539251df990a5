"""The promises and the control over them."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RoadmapConfig(AppConfig):
    """Programme, roadmaps, measures, their reports and verifications."""

    name = "roadmap"
    verbose_name = _("Roadmaps")
