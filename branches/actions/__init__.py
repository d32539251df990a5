"""Every write to the party's own work: a verb, keyword-only, `by` whom, one transaction, audited.

Each action locks the branch it is about first, and finds it only among those to which `by` may do it; it raises
PermissionDenied when there is none, and ValidationError, with messages by field, when what it is told cannot be true.
Then nothing is changed.
"""

from branches.actions.applicants import (
    Person,
    anonymise,
    change_applicant,
    current_consent_text,
    find_requests,
    index_applicants,
    open_card,
    refuse_names,
    seal_anew,
    why_no_consent_text,
    withdraw_consent,
)
from branches.actions.calendar import recount_deadlines
from branches.actions.events import annul_event, may_stand_instead, record_event
from branches.actions.organisation import (
    annul_election,
    appoint,
    correct_office,
    record_election,
    report_faction,
    report_membership,
    report_wing,
    why_closed,
)
from branches.actions.projects import report_project
from branches.actions.reception import (
    Duplicates,
    duplicates_were_shown,
    follow_request,
    likely_duplicates,
    register_request,
    rule_of,
    set_reception_rule,
)

__all__ = [
    "Duplicates",
    "Person",
    "annul_election",
    "annul_event",
    "anonymise",
    "appoint",
    "change_applicant",
    "correct_office",
    "current_consent_text",
    "duplicates_were_shown",
    "find_requests",
    "follow_request",
    "index_applicants",
    "likely_duplicates",
    "may_stand_instead",
    "open_card",
    "record_election",
    "record_event",
    "recount_deadlines",
    "refuse_names",
    "register_request",
    "report_faction",
    "report_membership",
    "report_project",
    "report_wing",
    "rule_of",
    "seal_anew",
    "set_reception_rule",
    "why_closed",
    "why_no_consent_text",
    "withdraw_consent",
]
