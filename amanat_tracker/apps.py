"""The site itself as an application (its template tags, languages and commands), and the administrator's office."""

from django.apps import AppConfig
from django.contrib.admin import apps as admin_apps


class SiteConfig(AppConfig):
    """What all pages share."""

    name = "amanat_tracker"
    default = True


class OfficeConfig(admin_apps.AdminConfig):
    """Puts `OfficeSite` in the place of Django's own admin site."""

    default_site = "amanat_tracker.office.OfficeSite"
    default = False
