"""The party's own organisation and work: places, branches, people and roles, projects, reception, the audit."""

from branches.models.applicants import Applicant, Consent, ConsentText
from branches.models.audit import AuditEvent
from branches.models.calendar import CalendarDay
from branches.models.events import EventAnnulment, ReceptionEvent
from branches.models.organisation import (
    Branch,
    Election,
    FactionReport,
    Maslikhat,
    MembershipReport,
    OfficeHolder,
    WingReport,
)
from branches.models.people import Assignment, ScopedQuerySet, User
from branches.models.places import District, Locality, Region
from branches.models.projects import PartyProject, ProjectIndicator, ProjectReport
from branches.models.reception import (
    ReceptionRule,
    Request,
    RequestOpening,
    RequestStep,
    RequestWords,
    StepWords,
    Topic,
)

__all__ = [
    "Applicant",
    "Assignment",
    "AuditEvent",
    "Branch",
    "CalendarDay",
    "Consent",
    "ConsentText",
    "District",
    "Election",
    "EventAnnulment",
    "FactionReport",
    "Locality",
    "Maslikhat",
    "MembershipReport",
    "OfficeHolder",
    "PartyProject",
    "ProjectIndicator",
    "ProjectReport",
    "ReceptionEvent",
    "ReceptionRule",
    "Region",
    "Request",
    "RequestOpening",
    "RequestStep",
    "RequestWords",
    "ScopedQuerySet",
    "StepWords",
    "Topic",
    "User",
    "WingReport",
]
