"""The party's own organisation: places, branches, people and their roles, the audit."""

from branches.models.audit import AuditEvent
from branches.models.organisation import Branch, OfficeHolder
from branches.models.people import Assignment, ScopedQuerySet, User
from branches.models.places import District, Locality, Region

__all__ = [
    "Assignment",
    "AuditEvent",
    "Branch",
    "District",
    "Locality",
    "OfficeHolder",
    "Region",
    "ScopedQuerySet",
    "User",
]
