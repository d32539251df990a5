"""The words of the roadmap: one label, one order, one mark and one colour for each status, read by every page."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

FIRST_YEAR, LAST_YEAR = 2000, 2100  # of roadmaps


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


class Qualifier(models.TextChoices):
    """How exactly a published number was said."""

    EXACT = "", _("exactly")
    MORE_THAN = "more_than", _("more than")
    ALMOST = "almost", _("almost")


class Budget(models.TextChoices):
    """Who pays."""

    REPUBLICAN = "republican", _("republican budget")
    OBLAST = "oblast", _("oblast budget")
    DISTRICT = "district", _("district budget")
    PRIVATE = "private", _("private investment")
    OTHER = "other", _("other sources")
