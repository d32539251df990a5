"""The administrator's pages for places, branches, people and roles, and for what projects and reception refer to.

Requests, applicants and all that they say are not here: no personal data is seen, searched or edited in the office.
"""

import contextlib

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from branches import actions
from branches.models import (
    Assignment,
    AuditEvent,
    Branch,
    CalendarDay,
    ConsentText,
    District,
    FactionReport,
    Locality,
    Maslikhat,
    OfficeHolder,
    PartyProject,
    ProjectIndicator,
    ReceptionRule,
    Region,
    Topic,
    User,
)

admin.site.unregister(Group)  # roles are assignments; groups would be a second truth


class AuditedAdmin(admin.ModelAdmin):
    """Edits of reference data and of who may do what stand in the audit, too: in one transaction with what they did."""

    def changelist_view(self, request, extra_context=None):
        """Rows deleted from the list, and what is written of it; Django sees to the other pages itself."""
        with transaction.atomic() if request.method == "POST" else contextlib.nullcontext():
            return super().changelist_view(request, extra_context)

    def log_addition(self, request, obj, message):
        AuditEvent.objects.record(by=request.user, action="admin.add", subject=obj)
        return super().log_addition(request, obj, message)

    def log_change(self, request, obj, message):
        AuditEvent.objects.record(by=request.user, action="admin.change", subject=obj, detail=str(message))
        return super().log_change(request, obj, message)

    def log_deletions(self, request, queryset):
        for obj in queryset:
            AuditEvent.objects.record(by=request.user, action="admin.delete", subject=obj)
        return super().log_deletions(request, queryset)


class AssignmentInline(admin.TabularInline):
    model = Assignment
    extra = 1


@admin.register(User)
class UserAdmin(AuditedAdmin, DjangoUserAdmin):
    """People are deactivated, never deleted: history names its authors."""

    list_display = ("username", "first_name", "last_name", "language", "is_active", "is_superuser", "last_login")
    list_filter = ("is_active", "is_superuser", "assignments__role")
    inlines = (AssignmentInline,)
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        (_("Personal info"), {"fields": ("first_name", "last_name", "language")}),
        (_("Permissions"), {"fields": ("is_active", "is_superuser")}),
    )
    filter_horizontal = ()

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(Assignment)
class AssignmentAdmin(AuditedAdmin):
    list_display = ("user", "role", "branch", "region")
    list_filter = ("role", "branch", "region")
    list_select_related = ("user", "branch", "region")
    autocomplete_fields = ("user",)


@admin.register(Region)
class RegionAdmin(AuditedAdmin):
    list_display = ("name_kk", "name_ru", "name_en", "kato")


@admin.register(District)
class DistrictAdmin(AuditedAdmin):
    list_display = ("river_order", "name_kk", "name_ru", "kato", "kind")
    list_display_links = ("name_kk",)


@admin.register(Locality)
class LocalityAdmin(AuditedAdmin):
    list_display = ("name_kk", "name_ru", "kind", "district", "is_centre")
    list_filter = ("district", "kind")
    list_select_related = ("district",)
    search_fields = ("name_kk", "name_ru")

    def get_actions(self, request):
        """One at a time: what hinders many from being deleted would be told with the requests of each."""
        return {name: action for name, action in super().get_actions(request).items() if name != "delete_selected"}

    def has_delete_permission(self, request, obj=None):
        """Not once a request names it: of whence a request came the office is told nothing."""
        return super().has_delete_permission(request, obj) and not (obj and obj.requests.exists())


class OfficeHolderInline(admin.TabularInline):
    model = OfficeHolder
    extra = 0
    can_delete = False  # who held an office stays known


@admin.register(Branch)
class BranchAdmin(AuditedAdmin):
    list_display = ("name_kk", "kind", "region", "district", "slug")
    list_select_related = ("region", "district")
    inlines = (OfficeHolderInline,)


@admin.register(CalendarDay)
class CalendarDayAdmin(AuditedAdmin):
    """A day that is written, changed or deleted moves the answers that are due: once a save, in its transaction."""

    list_display = ("date", "is_working", "note")
    list_filter = ("is_working",)
    date_hierarchy = "date"

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        self.recount(request)

    def delete_model(self, request, obj):
        super().delete_model(request, obj)
        self.recount(request)

    def delete_queryset(self, request, queryset):
        super().delete_queryset(request, queryset)
        self.recount(request)

    def recount(self, request):
        """Say anew by when open requests are answered, and tell the administrator of how many that changed."""
        moved = actions.recount_deadlines(by=request.user, today=timezone.localdate())
        said = ngettext(
            "By the new calendar %(count)s answer is due on another day.",
            "By the new calendar %(count)s answers are due on another day.",
            moved,
        )
        self.message_user(request, said % {"count": moved}, messages.INFO)


class FixedOnceUsed(AuditedAdmin):
    """Reference data of which some fields stay as they are, once rows rest on them: `fixed` when `is_used`."""

    fixed = ()

    def is_used(self, obj):
        raise NotImplementedError

    def get_readonly_fields(self, request, obj=None):
        return (*super().get_readonly_fields(request, obj), *(self.fixed if obj and self.is_used(obj) else ()))

    def get_prepopulated_fields(self, request, obj=None):
        return {} if obj else super().get_prepopulated_fields(request, obj)


@admin.register(Topic)
class TopicAdmin(FixedOnceUsed):
    """A topic that is not offered any more keeps its requests; its key stands in addresses."""

    list_display = ("position", "name_kk", "name_ru", "key", "is_active")
    list_display_links = ("name_kk",)
    list_filter = ("is_active",)
    search_fields = ("name_kk", "name_ru", "key")
    prepopulated_fields = {"key": ("name_en",)}
    fixed = ("key",)

    def is_used(self, obj):
        return obj.requests.exists()


@admin.register(PartyProject)
class PartyProjectAdmin(FixedOnceUsed):
    """A project that ended is given a last day; it is not deleted."""

    list_display = ("position", "name_kk", "name_ru", "key", "valid_from", "valid_until", "is_sample")
    list_display_links = ("name_kk",)
    search_fields = ("name_kk", "name_ru", "key")
    fixed = ("key",)

    def is_used(self, obj):
        return obj.indicators.exists() or obj.reception_events.exists()

    def has_delete_permission(self, request, obj=None):
        """Not once something is measured by it: what branches reported would stand on no page."""
        return super().has_delete_permission(request, obj) and not (obj and self.is_used(obj))


@admin.register(ProjectIndicator)
class ProjectIndicatorAdmin(FixedOnceUsed):
    """What is counted, and how often, stays once branches reported it: another count is another indicator."""

    list_display = ("position", "name_kk", "key", "unit", "frequency")
    list_display_links = ("name_kk",)
    list_filter = ("projects", "unit", "frequency")
    search_fields = ("name_kk", "name_ru", "key")
    filter_horizontal = ("projects",)
    fixed = ("key", "unit", "frequency")

    def is_used(self, obj):
        return obj.reports.exists()


@admin.register(ConsentText)
class ConsentTextAdmin(FixedOnceUsed):
    """What somebody agreed to is not changed, nor deleted: a new wording is a new version."""

    list_display = ("version", "valid_from", "name_kk")
    fixed = ("name_kk", "name_ru", "name_en", "version", "valid_from", "text_kk", "text_ru", "text_en")

    def is_used(self, obj):
        return obj.consents.exists()

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and not (obj and self.is_used(obj))


class MaslikhatForm(forms.ModelForm):
    """A maslikhat has no fewer seats than its faction holds."""

    def clean_seats(self):
        seats = self.cleaned_data["seats"]
        reports = FactionReport.objects.newest(timezone.localdate()).filter(maslikhat=self.instance.pk)
        held = reports.values_list("members", flat=True).first()
        if held is not None and seats < held:
            raise ValidationError(_("The faction holds %(held)s mandates: check the number."), params={"held": held})
        return seats


@admin.register(Maslikhat)
class MaslikhatAdmin(FixedOnceUsed):
    """Seats of the maslikhats; whose they are stays once a faction was reported."""

    form = MaslikhatForm
    list_display = ("name_kk", "branch", "seats", "is_sample")
    list_select_related = ("branch",)
    search_fields = ("name_kk", "name_ru")
    fixed = ("branch",)

    def is_used(self, obj):
        return obj.faction_reports.exists()


@admin.register(ReceptionRule)
class ReceptionRuleAdmin(FixedOnceUsed):
    """The rules count for requests that are registered from now on."""

    list_display = ("branch", "answer_days", "mandates_from", "mandates_until")
    list_select_related = ("branch",)
    fixed = ("branch",)

    def is_used(self, obj):
        return True


@admin.register(AuditEvent)
class AuditEventAdmin(admin.ModelAdmin):
    """The audit is read here, and written nowhere but by what people do."""

    list_display = ("created_at", "actor", "action", "subject", "detail", "origin")
    list_filter = ("action",)
    search_fields = ("actor", "subject")
    date_hierarchy = "created_at"

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False
