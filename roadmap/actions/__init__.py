"""Every write to the roadmap: a verb, keyword-only, `by` whom, one transaction, audited.

Each action locks the row it is about first, and finds it only among those to which `by` may do it; it raises
PermissionDenied when there is none, and ValidationError, with messages by field, when what it is told cannot be true.
Then nothing is changed.
"""

from roadmap.actions.advice import Advice
from roadmap.actions.meetings import (
    Point,
    annul_meeting,
    follow_recommendation,
    issue_recommendation,
    record_meeting,
    verify_recommendation,
    withdraw_recommendation,
)
from roadmap.actions.posts import close_post, open_post, reopen_post
from roadmap.actions.reports import (
    Reported,
    Several,
    correct_report,
    move_deadline,
    report_several,
    report_status,
    verify,
)
from roadmap.actions.requests import link_request, recommend_on_request, refer_request
from roadmap.actions.sites import SITE_FIELDS, change_site, register_site, set_site_state
from roadmap.actions.visits import Found, Judgement, Visited, record_visit

__all__ = [
    "SITE_FIELDS",
    "Advice",
    "Found",
    "Judgement",
    "Point",
    "Reported",
    "Several",
    "Visited",
    "annul_meeting",
    "change_site",
    "close_post",
    "correct_report",
    "follow_recommendation",
    "issue_recommendation",
    "link_request",
    "move_deadline",
    "open_post",
    "recommend_on_request",
    "record_meeting",
    "record_visit",
    "refer_request",
    "register_site",
    "reopen_post",
    "report_several",
    "report_status",
    "set_site_state",
    "verify",
    "verify_recommendation",
    "withdraw_recommendation",
]
