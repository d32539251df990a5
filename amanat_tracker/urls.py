"""Every address of the site. Errors are answered by Django's own handlers with templates/{400,403,404,500}.html."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path

from amanat_tracker.health import healthz
from amanat_tracker.views import favicon, robots
from roadmap.views import home

urlpatterns = [
    path("", home, name="home"),
    path("", include("branches.urls")),
    path("", include("roadmap.urls")),
    path(settings.ADMIN_PATH, admin.site.urls),
    path("healthz", healthz, name="healthz"),
    path("robots.txt", robots, name="robots"),
    path("favicon.ico", favicon, name="favicon"),
]
