"""The administrator's pages for places, branches, people and roles."""

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.models import Group
from django.utils.translation import gettext_lazy as _

from branches.models import Assignment, AuditEvent, Branch, District, Locality, OfficeHolder, Region, User

admin.site.unregister(Group)  # roles are assignments; groups would be a second truth


class AuditedAdmin(admin.ModelAdmin):
    """Edits of reference data and of who may do what stand in the audit, too."""

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


class OfficeHolderInline(admin.TabularInline):
    model = OfficeHolder
    extra = 0


@admin.register(Branch)
class BranchAdmin(AuditedAdmin):
    list_display = ("name_kk", "kind", "region", "district", "slug")
    list_select_related = ("region", "district")
    inlines = (OfficeHolderInline,)


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
