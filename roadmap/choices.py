"""The words of the roadmap: one label, one order, one mark and one colour for each status, read by every page."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Status(models.TextChoices):
    """The disjoint classes of a roadmap's measures, in the order in which pages show them."""

    DONE = "done", _("done")
    IN_PROGRESS = "in_progress", _("in progress")
    NOT_STARTED = "not_started", _("not started")
    NOT_DONE = "not_done", _("not done")
    MOVED = "moved", _("deadline moved")
    REMOVED = "removed", _("removed from control")
    NO_REPORT = "no_report", _("no report")

    @property
    def mark(self) -> str:
        """The name of the status's drawn mark in templates/_marks.html: its shape."""
        return STATUS_LOOK[self][0]

    @property
    def tone(self) -> str:
        """The CSS class of the status's colour."""
        return STATUS_LOOK[self][1]


STATUS_LOOK: dict[str, tuple[str, str]] = {
    Status.DONE: ("done", "done"),
    Status.IN_PROGRESS: ("prog", "prog"),
    Status.NOT_STARTED: ("nots", "none"),
    Status.NOT_DONE: ("fail", "fail"),
    Status.MOVED: ("moved", "none"),
    Status.REMOVED: ("remd", "none"),
    Status.NO_REPORT: ("norep", "none"),
}

# What a report can say. "No report" is the absence of one; "moved" is said by moving the deadline out of the year.
REPORTABLE = (Status.DONE, Status.IN_PROGRESS, Status.NOT_STARTED, Status.NOT_DONE)
STATED = (*REPORTABLE, Status.MOVED, Status.REMOVED)
# Nothing more is awaited of these; all others are open: they can be overdue, at risk or stale.
CLOSED = (Status.DONE, Status.MOVED, Status.REMOVED)
# Said by the coordinator; a branch does not undo it by a report.
SETTLED = (Status.MOVED, Status.REMOVED)


class ReportOrigin(models.TextChoices):
    """Why a status report was added."""

    REPORT = "report", _("report")
    CORRECTION = "correction", _("correction")
    REFUTATION = "refutation", _("returned by party control")
    DEADLINE = "deadline", _("deadline moved")


class DelayReason(models.TextChoices):
    """Why a measure is at risk, or its deadline was moved."""

    FUNDING = "funding", _("funding is late or short")
    CONTRACTOR = "contractor", _("the contractor is late")
    PROCUREMENT = "procurement", _("procurement is late or failed")
    DOCUMENTS = "documents", _("design documents are not ready")
    SUPPLY = "supply", _("equipment or materials are late")
    WEATHER = "weather", _("weather, floods")
    LAND = "land", _("questions of land or networks")
    DECISION = "decision", _("a decision of another body is awaited")
    OTHER = "other", _("another reason")


class Verdict(models.TextChoices):
    """What control found of a reported measure."""

    CONFIRMS = "confirms", _("confirmed on site")
    REFUTES = "refutes", _("refuted")


VERDICT_LOOK: dict[str, tuple[str, str]] = {Verdict.CONFIRMS: ("conf", "done"), Verdict.REFUTES: ("fail", "fail")}


class CountedUnit(models.TextChoices):
    """The word by which a roadmap counts what it promises."""

    MEASURE = "measure", _("measure")
    EVENT = "event", pgettext_lazy("counted in events", "measure")
    POINT = "point", _("point")

    @property
    def of_them(self) -> str:
        """The word after a total, in the form that the reader's language asks for: "of 116 measures"."""
        return {
            CountedUnit.MEASURE: pgettext_lazy("of 48", "measures"),
            CountedUnit.EVENT: pgettext_lazy("of 116", "measures"),
            CountedUnit.POINT: pgettext_lazy("of 116", "points"),
        }[self]


class BetterWhen(models.TextChoices):
    """Which way an indicator should move."""

    HIGHER = "higher", _("higher is better")
    LOWER = "lower", _("lower is better")


class Unit(models.TextChoices):
    """What an indicator counts or measures; `percent` is a level, which is never summed."""

    PERCENT = "percent", _("percent")
    SETTLEMENTS = "settlements", _("settlements")
    HOUSES = "houses", _("houses")
    FLATS = "flats", _("flats")
    THOUSAND_M2 = "thousand_m2", _("thousand m²")
    FACILITIES = "facilities", _("facilities")
    SCHOOLS = "schools", _("schools")
    PLACES = "places", _("places")
    BEDS = "beds", _("beds")
    KM = "km", _("km")
    HOUSEHOLDS = "households", _("households")
    PEOPLE = "people", _("people")
    JOBS = "jobs", _("jobs")
    EVENTS = "events", _("events")
    HECTARES = "hectares", _("hectares")
    UNITS = "units", _("units")
    TENGE = "tenge", _("tenge")


class Budget(models.TextChoices):
    """Who pays."""

    REPUBLICAN = "republican", _("republican budget")
    OBLAST = "oblast", _("oblast budget")
    DISTRICT = "district", _("district budget")
    PRIVATE = "private", _("private investment")
    OTHER = "other", _("other sources")


# --- party control ---------------------------------------------------------------------------------------------------
class SiteKind(models.TextChoices):
    """What is being built or repaired."""

    HOUSING = "housing", _("housing")
    NETWORKS = "networks", _("water, gas and power networks")
    ROAD = "road", _("road, bridge")
    EDUCATION = "education", _("school, kindergarten")
    HEALTH = "health", _("hospital, outpatient clinic")
    SPORT = "sport", _("sports facility")
    CULTURE = "culture", _("culture centre, library, park")
    WATERWORKS = "waterworks", _("canal, dam, irrigation")
    OTHER = "other", pgettext_lazy("kind of site", "other")


class SiteState(models.TextChoices):
    """Where a site stands on its way from plan to use; disjoint, in the order in which pages show them."""

    COMMISSIONED = "commissioned", pgettext_lazy("site", "commissioned")
    DEFECTS = "defects", pgettext_lazy("site", "commissioned with defects")
    CONSTRUCTION = "construction", pgettext_lazy("site", "under construction")
    PLANNED = "planned", pgettext_lazy("site", "planned")
    SUSPENDED = "suspended", pgettext_lazy("site", "suspended")
    CANCELLED = "cancelled", pgettext_lazy("site", "cancelled")

    @property
    def mark(self) -> str:
        """The name of the state's drawn mark in templates/_marks.html: its shape."""
        return SITE_LOOK[self][0]

    @property
    def tone(self) -> str:
        """The CSS class of the state's colour."""
        return SITE_LOOK[self][1]


SITE_LOOK: dict[str, tuple[str, str]] = {
    SiteState.COMMISSIONED: ("done", "done"),
    SiteState.DEFECTS: ("risk", "risk"),
    SiteState.CONSTRUCTION: ("prog", "prog"),
    SiteState.PLANNED: ("nots", "none"),
    SiteState.SUSPENDED: ("fail", "fail"),
    SiteState.CANCELLED: ("remd", "none"),
}
# In use, with or without shortcomings: what "commissioned" counts.
IN_USE = (SiteState.COMMISSIONED, SiteState.DEFECTS)
# Something is being done there, or is about to be: a control post goes there in its rhythm.
IN_THE_WORKS = (SiteState.PLANNED, SiteState.CONSTRUCTION)
# What may follow what. A commissioned site can be reopened: "accepted, yet unusable" happens.
NEXT_STATES: dict[str, tuple[SiteState, ...]] = {
    SiteState.PLANNED: (SiteState.CONSTRUCTION, SiteState.SUSPENDED, SiteState.CANCELLED),
    SiteState.CONSTRUCTION: (SiteState.COMMISSIONED, SiteState.DEFECTS, SiteState.SUSPENDED, SiteState.CANCELLED),
    SiteState.SUSPENDED: (SiteState.CONSTRUCTION, SiteState.CANCELLED),
    SiteState.COMMISSIONED: (SiteState.DEFECTS, SiteState.CONSTRUCTION),
    SiteState.DEFECTS: (SiteState.COMMISSIONED, SiteState.CONSTRUCTION),
    SiteState.CANCELLED: (SiteState.PLANNED, SiteState.CONSTRUCTION),
}
# Said without a note only where nothing went wrong.
PLAIN_STATES = (SiteState.PLANNED, SiteState.CONSTRUCTION, SiteState.COMMISSIONED)


class PostEvent(models.TextChoices):
    """What happens to a control post after it was opened."""

    CLOSED = "closed", pgettext_lazy("post", "closed")
    REOPENED = "reopened", pgettext_lazy("post", "reopened")


class ClosingReason(models.TextChoices):
    """Why a control post is closed."""

    COMMISSIONED = "commissioned", _("its sites are commissioned")
    CANCELLED = "cancelled", _("the construction is cancelled")
    TRANSFERRED = "transferred", _("transferred to another post")


# The mark and the CSS class of the colour of a post that is closed for it.
CLOSING_LOOK: dict[str, tuple[str, str]] = {
    ClosingReason.COMMISSIONED: ("done", "done"),
    ClosingReason.CANCELLED: ("remd", "none"),
    ClosingReason.TRANSFERRED: ("moved", "none"),
}


class VisitKind(models.TextChoices):
    """How control came to a site."""

    VISIT = "visit", pgettext_lazy("kind of visit", "visit")
    RAID = "raid", pgettext_lazy("kind of visit", "raid")


class CheckMark(models.TextChoices):
    """What was found of one point of a visit's checklist."""

    ORDER = "order", _("in order")
    REMARKS = "remarks", _("there are remarks")
    UNCHECKED = "unchecked", _("not checked")

    @property
    def mark(self) -> str:
        """Its drawn mark."""
        return {CheckMark.ORDER: "done", CheckMark.REMARKS: "risk", CheckMark.UNCHECKED: "nots"}[self]

    @property
    def tone(self) -> str:
        """The CSS class of its colour."""
        return {CheckMark.ORDER: "done", CheckMark.REMARKS: "risk", CheckMark.UNCHECKED: "none"}[self]


# The points of the checklist, by the field that keeps each.
CHECKLIST = {
    "quality": pgettext_lazy("checklist", "Quality of the works"),
    "spending": pgettext_lazy("checklist", "Spending of the money"),
    "safety": pgettext_lazy("checklist", "Safety of labour"),
    "wages": pgettext_lazy("checklist", "Payment of wages"),
}


class Severity(models.TextChoices):
    """How grave a shortcoming is."""

    MINOR = "minor", pgettext_lazy("severity", "minor")
    MAJOR = "major", pgettext_lazy("severity", "serious")
    CRITICAL = "critical", pgettext_lazy("severity", "gross violation")

    @property
    def mark(self) -> str:
        """Its drawn mark."""
        return {Severity.MINOR: "nots", Severity.MAJOR: "risk", Severity.CRITICAL: "fail"}[self]

    @property
    def tone(self) -> str:
        """The CSS class of its colour."""
        return {Severity.MINOR: "none", Severity.MAJOR: "risk", Severity.CRITICAL: "fail"}[self]


class BodyKind(models.TextChoices):
    """The two kinds of bodies that meet and recommend."""

    COMMISSION = "commission", _("party control commission")
    COUNCIL = "council", _("council")


class MeetingKind(models.TextChoices):
    """How a body meets."""

    REGULAR = "regular", pgettext_lazy("meeting", "regular")
    TRAVELLING = "travelling", pgettext_lazy("meeting", "travelling")
    JOINT = "joint", pgettext_lazy("meeting", "joint")


class RecommendationState(models.TextChoices):
    """How far a recommendation has come; disjoint, in the order in which pages show them.

    "Done" is said by one person, "done and verified" by another; both count as done.
    """

    VERIFIED = "verified", pgettext_lazy("recommendation", "done and verified")
    DONE = "done", pgettext_lazy("recommendation", "done")
    IN_WORK = "in_work", pgettext_lazy("recommendation", "in work")
    ISSUED = "issued", pgettext_lazy("recommendation", "issued")
    NOT_DONE = "not_done", pgettext_lazy("recommendation", "not done")
    WITHDRAWN = "withdrawn", pgettext_lazy("recommendation", "withdrawn")

    @property
    def mark(self) -> str:
        """The name of the state's drawn mark in templates/_marks.html: its shape."""
        return RECOMMENDATION_LOOK[self][0]

    @property
    def tone(self) -> str:
        """The CSS class of the state's colour."""
        return RECOMMENDATION_LOOK[self][1]


RECOMMENDATION_LOOK: dict[str, tuple[str, str]] = {
    RecommendationState.VERIFIED: ("conf", "done"),
    RecommendationState.DONE: ("done", "done"),
    RecommendationState.IN_WORK: ("prog", "prog"),
    RecommendationState.ISSUED: ("nots", "none"),
    RecommendationState.NOT_DONE: ("fail", "fail"),
    RecommendationState.WITHDRAWN: ("remd", "none"),
}
FULFILLED = (RecommendationState.DONE, RecommendationState.VERIFIED)
# Nothing more is awaited of these; all others are open: they can be overdue.
FOLLOWED_TO_THE_END = (*FULFILLED, RecommendationState.WITHDRAWN)
# What whoever follows a recommendation may say; "verified" is said by somebody else, and only of "done".
SAYABLE = (RecommendationState.IN_WORK, RecommendationState.DONE, RecommendationState.NOT_DONE)
