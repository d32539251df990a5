"""The promises and the control over them: programme, roadmaps, measures, sites, meetings, and their history."""

from roadmap.models.bodies import (
    AgendaItem,
    Body,
    Meeting,
    MeetingAnnulment,
    MeetingFile,
    Recommendation,
    RecommendationStep,
)
from roadmap.models.control import (
    ControlPost,
    Finding,
    Photo,
    PostChange,
    PostSite,
    Site,
    SiteStateChange,
    SiteVisit,
)
from roadmap.models.history import DeadlineChange, Evidence, IndicatorFact, StatusReport, Verification
from roadmap.models.measures import FundingLine, Measure, MeasureIndicator
from roadmap.models.programme import Direction, Programme, Roadmap
from roadmap.models.requests import Referral, RequestMeasure

__all__ = [
    "AgendaItem",
    "Body",
    "ControlPost",
    "DeadlineChange",
    "Direction",
    "Evidence",
    "Finding",
    "FundingLine",
    "IndicatorFact",
    "Measure",
    "MeasureIndicator",
    "Meeting",
    "MeetingAnnulment",
    "MeetingFile",
    "Photo",
    "PostChange",
    "PostSite",
    "Programme",
    "Recommendation",
    "RecommendationStep",
    "Referral",
    "RequestMeasure",
    "Roadmap",
    "Site",
    "SiteStateChange",
    "SiteVisit",
    "StatusReport",
    "Verification",
]
