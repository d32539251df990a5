"""The administrator's pages for the programme, its directions, the roadmaps, and the commissions and councils.

Measures, meetings and all history are not edited here: they have pages and actions of their own.
"""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from branches.admin import AuditedAdmin
from roadmap.models import Body, Direction, Programme, Roadmap


class DirectionInline(admin.TabularInline):
    """The directions of a programme; their topics stand on their own pages."""

    model = Direction
    extra = 0
    exclude = ("topics",)
    show_change_link = True


@admin.register(Programme)
class ProgrammeAdmin(AuditedAdmin):
    list_display = ("name_kk", "year_from", "year_until")
    inlines = (DirectionInline,)


@admin.register(Direction)
class DirectionAdmin(AuditedAdmin):
    """Which topics of citizens' requests belong to a direction: by them a request contradicts what was reported."""

    list_display = ("number", "name_kk", "programme", "topic_names")
    list_display_links = ("name_kk",)
    list_filter = ("programme",)
    list_select_related = ("programme",)
    filter_horizontal = ("topics",)

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("topics")

    @admin.display(description=_("topics of requests"))
    def topic_names(self, obj):
        return ", ".join(topic.name for topic in obj.topics.all())


@admin.register(Roadmap)
class RoadmapAdmin(AuditedAdmin):
    list_display = ("branch", "year", "version", "unit", "approved_on", "is_sample")
    list_filter = ("year", "branch")
    list_select_related = ("branch__district", "branch__region")

    def get_readonly_fields(self, request, obj=None):
        """What figures of past days rest on stays as it is, once the roadmap has measures."""
        if obj is None or not obj.measures.exists():
            return ()
        return ("programme", "branch", "year", "version", "approved_on")


@admin.register(Body)
class BodyAdmin(AuditedAdmin):
    list_display = ("name_kk", "kind", "branch", "direction")
    list_filter = ("kind", "branch")
    list_select_related = ("branch", "direction")

    def get_readonly_fields(self, request, obj=None):
        """Whose it is and what it is stays, once it has met: meetings and figures rest on it."""
        return ("branch", "kind") if obj is not None and obj.meetings.exists() else ()
