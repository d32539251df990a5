"""Django's admin as the office of the administrator: superusers only, by the site's own login."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _


class OfficeSite(admin.AdminSite):
    """The administrator's pages: reference data, users, assignments, the audit. Nobody else gets in."""

    site_header = site_title = _("amanat_tracker, administration")
    index_title = _("Reference data, users and roles")
    enable_nav_sidebar = False

    def has_permission(self, request: HttpRequest) -> bool:
        """Whether the reader is a superuser."""
        return request.user.is_active and request.user.is_superuser

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Admin has no login form of its own, so that the brake on wrong passwords has one place.

        Who is not logged in never comes here: LoginRequiredMiddleware sends them to the site's login.
        """
        if not self.has_permission(request):
            raise PermissionDenied
        return redirect("admin:index")
