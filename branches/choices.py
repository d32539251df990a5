"""The words of the party's organisation, and who may do what."""

import datetime as dt

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

FIRST_YEAR, LAST_YEAR = 2000, 2100  # of what is entered: what lies outside is a slip


class DistrictKind(models.TextChoices):
    """What a unit of the region's first level is."""

    DISTRICT = "district", _("district")
    CITY = "city", _("city")


class LocalityKind(models.TextChoices):
    """What a place below the district is."""

    CITY = "city", _("town")
    SETTLEMENT = "settlement", _("settlement")
    RURAL_OKRUG = "rural_okrug", _("rural okrug")
    VILLAGE = "village", _("village")


class BranchKind(models.TextChoices):
    """The two levels of the party's branches."""

    REGIONAL = "regional", _("oblast branch")
    TERRITORIAL = "territorial", _("territorial branch")


class Position(models.TextChoices):
    """Offices of a branch that are held by a named person."""

    CHAIR = "chair", _("branch chair")
    EXECUTIVE_SECRETARY = "executive_secretary", _("executive secretary")
    FACTION_LEADER = "faction_leader", _("faction leader")
    WOMENS_WING_HEAD = "womens_wing_head", _("head of the women's wing")
    YOUTH_WING_HEAD = "youth_wing_head", _("head of the youth wing")


class Language(models.TextChoices):
    """Languages of the interface, each named in itself."""

    KAZAKH = "kk", "Қазақша"
    RUSSIAN = "ru", "Русский"
    ENGLISH = "en", "English"


class Role(models.TextChoices):
    """What a person does here; held in one branch, or in a region (then in every branch of it)."""

    SECRETARY = "secretary", _("executive secretary")
    RECEPTION = "reception", _("reception officer")
    CONTROLLER = "controller", _("party-control inspector")
    COORDINATOR = "coordinator", _("regional coordinator")
    CHAIR = "chair", _("branch chair")
    OBSERVER = "observer", _("observer")


class Permission(models.TextChoices):
    """A thing that may be done to the rows of a branch."""

    VIEW = "view", _("see roadmaps and measures")
    OVERVIEW = "overview", _("see dashboards")
    REPORT = "report", _("report the status of measures")
    CORRECT = "correct", _("correct reports, remove from control")
    MOVE_DEADLINE = "move_deadline", _("move deadlines")
    VERIFY = "verify", _("confirm or refute reports")
    CONTROL = "control", _("keep sites and posts, record visits and meetings of the commission")
    CONVENE = "convene", _("record meetings of councils and their proposals")
    FOLLOW = "follow", _("say how far a recommendation has come")
    PROJECTS = "projects", _("report on party projects")
    RECEIVE = "receive", _("register and answer citizens' requests")
    SUPERVISE = "supervise", _("see who opened citizens' requests, set the rules of reception")
    ORGANISE = "organise", _("keep the organisation's numbers and offices")


ROLE_PERMISSIONS: dict[str, frozenset[Permission]] = {
    Role.SECRETARY: frozenset(
        {
            Permission.VIEW,
            Permission.REPORT,
            Permission.CONVENE,
            Permission.FOLLOW,
            Permission.PROJECTS,
            Permission.RECEIVE,
            Permission.ORGANISE,
        }
    ),
    Role.RECEPTION: frozenset({Permission.VIEW, Permission.RECEIVE}),
    Role.CONTROLLER: frozenset(
        {Permission.VIEW, Permission.OVERVIEW, Permission.VERIFY, Permission.CONTROL, Permission.FOLLOW}
    ),
    Role.COORDINATOR: frozenset(
        {
            Permission.VIEW,
            Permission.OVERVIEW,
            Permission.REPORT,
            Permission.CORRECT,
            Permission.MOVE_DEADLINE,
            Permission.CONVENE,
            Permission.FOLLOW,
            Permission.PROJECTS,
            Permission.SUPERVISE,
            Permission.ORGANISE,
        }
    ),
    Role.CHAIR: frozenset({Permission.VIEW, Permission.OVERVIEW}),
    Role.OBSERVER: frozenset({Permission.VIEW, Permission.OVERVIEW}),
}

# The administrator keeps users and reference data; looks everywhere, reports and verifies nothing.
ADMINISTRATOR_PERMISSIONS = frozenset({Permission.VIEW, Permission.OVERVIEW})


def roles_with(permission: Permission) -> list[Role]:
    """The roles that carry a permission."""
    return [role for role, permissions in ROLE_PERMISSIONS.items() if permission in permissions]


class Qualifier(models.TextChoices):
    """How exactly a published number was said."""

    EXACT = "", _("exactly")
    MORE_THAN = "more_than", _("more than")
    ALMOST = "almost", _("almost")


# --- the organisation ------------------------------------------------------------------------------------------------
class Wing(models.TextChoices):
    """The party's wings."""

    WOMEN = "women", _("women's wing")
    YOUTH = "youth", _("youth wing")


class ElectionKind(models.TextChoices):
    """What was elected."""

    RURAL_AKIM = "rural_akim", _("akim of a rural okrug, village or settlement")
    DISTRICT_AKIM = "district_akim", _("akim of a district or town")
    MASLIKHAT = "maslikhat", _("maslikhat")
    BY_ELECTION = "by_election", _("by-election to a maslikhat")


# --- party projects --------------------------------------------------------------------------------------------------
class ProjectUnit(models.TextChoices):
    """What an indicator of a project counts."""

    PEOPLE = "people", _("people")
    EVENTS = "events", _("events")
    TENGE = "tenge", _("tenge")
    JOBS = "jobs", _("jobs")
    HECTARES = "hectares", _("hectares")
    PROJECTS = "projects", pgettext_lazy("unit", "projects")
    HOUSEHOLDS = "households", _("households")
    UNITS = "units", _("units")


class Period(models.TextChoices):
    """A part of a year that a project is reported for. Half-year and nine months run from January."""

    M01 = "m01", _("January")
    M02 = "m02", _("February")
    M03 = "m03", _("March")
    M04 = "m04", _("April")
    M05 = "m05", _("May")
    M06 = "m06", _("June")
    M07 = "m07", _("July")
    M08 = "m08", _("August")
    M09 = "m09", _("September")
    M10 = "m10", _("October")
    M11 = "m11", _("November")
    M12 = "m12", _("December")
    Q1 = "q1", _("1st quarter")
    Q2 = "q2", _("2nd quarter")
    Q3 = "q3", _("3rd quarter")
    Q4 = "q4", _("4th quarter")
    H1 = "h1", _("half-year")
    N9 = "n9", _("nine months")
    YEAR = "y", _("year")

    @property
    def last_month(self) -> int:
        """The month with which it ends."""
        return LAST_MONTHS[self]

    @property
    def first_month(self) -> int:
        """The month with which it begins."""
        if self.startswith("m"):
            return self.last_month
        return self.last_month - 2 if self.startswith("q") else 1

    def ends_on(self, year: int) -> dt.date:
        """Its last day."""
        return dt.date(year + self.last_month // 12, self.last_month % 12 + 1, 1) - dt.timedelta(days=1)


LAST_MONTHS: dict[str, int] = {
    **{f"m{month:02}": month for month in range(1, 13)},
    **{f"q{quarter}": quarter * 3 for quarter in range(1, 5)},
    Period.H1: 6,
    Period.N9: 9,
    Period.YEAR: 12,
}


class Frequency(models.TextChoices):
    """How often an indicator is reported, and whether a report speaks of its period alone or of the year so far."""

    MONTHLY = "monthly", _("every month, for the month")
    QUARTERLY = "quarterly", _("every quarter, for the quarter")
    RUNNING = "running", _("every quarter, since January")
    YEARLY = "yearly", _("once a year")

    @property
    def periods(self) -> tuple[Period, ...]:
        """The periods of a year that facts are reported for; the plan of the whole year may always be told."""
        return PERIODS[self]

    def opens_on(self, period: Period, year: int) -> dt.date:
        """The day from which a fact of a period may be told: its first.

        Of what runs since January, the day after the period before it: nine months are not told of in May.
        """
        if self is not Frequency.RUNNING or period == self.periods[0]:
            return dt.date(year, period.first_month, 1)
        return self.periods[self.periods.index(period) - 1].ends_on(year) + dt.timedelta(days=1)


PERIODS: dict[str, tuple[Period, ...]] = {
    Frequency.MONTHLY: tuple(period for period in Period if period.startswith("m")),
    Frequency.QUARTERLY: (Period.Q1, Period.Q2, Period.Q3, Period.Q4),
    Frequency.RUNNING: (Period.Q1, Period.H1, Period.N9, Period.YEAR),
    Frequency.YEARLY: (Period.YEAR,),
}


class NoData(models.TextChoices):
    """Why there is no number: said instead of words in a number's place."""

    NOT_STARTED = "not_started", _("the project has not started here")
    NOT_HELD = "not_held", _("not held here in this period")
    AWAITED = "awaited", _("awaited from another body")
    OTHER = "other", _("another reason")


# --- reception -------------------------------------------------------------------------------------------------------
class EventKind(models.TextChoices):
    """How citizens were received."""

    OPEN_DAY = "open_day", _("open-door day")
    THEMATIC = "thematic", _("thematic reception")
    MOBILE = "mobile", _("mobile reception")
    PERSONAL = "personal", _("personal reception")


class Channel(models.TextChoices):
    """The way by which a request came."""

    DESK = "desk", _("at the desk")
    EVENT = "event", _("at a reception event")
    PHONE = "phone", _("by telephone")
    LETTER = "letter", _("by letter")
    ONLINE = "online", _("by e-mail or messenger")


class RequestKind(models.TextChoices):
    """What a citizen brings; a mandate is what voters give the party on its way."""

    APPLICATION = "application", pgettext_lazy("kind of request", "request")
    COMPLAINT = "complaint", _("complaint")
    SUGGESTION = "suggestion", _("suggestion")
    MANDATE = "mandate", _("voters' mandate")


class RequestState(models.TextChoices):
    """How far a request has come; disjoint, in the order in which pages show them."""

    POSITIVE = "positive", _("resolved positively")
    EXPLAINED = "explained", _("explanation given")
    REFUSED = "refused", pgettext_lazy("request", "refused")
    WITHDRAWN = "withdrawn", pgettext_lazy("request", "withdrawn by the applicant")
    IN_WORK = "in_work", pgettext_lazy("request", "in work")
    FORWARDED = "forwarded", pgettext_lazy("request", "forwarded to a state body")
    WAITING = "waiting", pgettext_lazy("request", "waiting")
    REGISTERED = "registered", pgettext_lazy("request", "registered")
    MISTAKE = "mistake", pgettext_lazy("request", "entered by mistake")

    @property
    def mark(self) -> str:
        """The name of the state's drawn mark in templates/_marks.html: its shape."""
        return REQUEST_LOOK[self][0]

    @property
    def tone(self) -> str:
        """The CSS class of the state's colour."""
        return REQUEST_LOOK[self][1]


REQUEST_LOOK: dict[str, tuple[str, str]] = {
    RequestState.POSITIVE: ("done", "done"),
    RequestState.EXPLAINED: ("conf", "done"),
    RequestState.REFUSED: ("fail", "fail"),
    RequestState.WITHDRAWN: ("remd", "none"),
    RequestState.IN_WORK: ("prog", "prog"),
    RequestState.FORWARDED: ("moved", "prog"),
    RequestState.WAITING: ("clock", "none"),
    RequestState.REGISTERED: ("nots", "none"),
    RequestState.MISTAKE: ("norep", "none"),
}
ANSWERED = (RequestState.POSITIVE, RequestState.EXPLAINED, RequestState.REFUSED)
# Nothing more is awaited of these; all others are open.
REQUEST_CLOSED = (*ANSWERED, RequestState.WITHDRAWN, RequestState.MISTAKE)
# The branch's own clock stands still: it waits for the applicant, or a state body has its own.
CLOCK_STOPPED = (RequestState.FORWARDED, RequestState.WAITING)


class HelpKind(models.TextChoices):
    """What help was given."""

    ADVICE = "advice", pgettext_lazy("help", "advice")
    LEGAL_SUPPORT = "legal_support", _("legal support")
    MATERIAL = "material", _("material help")
    MEDIATION = "mediation", _("letters to bodies, talks with them")
    OTHER = "other", pgettext_lazy("help", "other help")


class WaitingReason(models.TextChoices):
    """Why the clock of a request stands still."""

    DOCUMENTS = "documents", _("documents of the applicant are awaited")
    REPLY = "reply", _("a reply of another body is awaited")
    COURT = "court", _("a decision of a court is awaited")
    OTHER = "other", pgettext_lazy("waiting", "another reason")


class ConsentAct(models.TextChoices):
    """What an applicant said of the use of their data."""

    GIVEN = "given", pgettext_lazy("consent", "given")
    WITHDRAWN = "withdrawn", pgettext_lazy("consent", "withdrawn")


class ConsentChannel(models.TextChoices):
    """How it was said."""

    WRITTEN = "written", _("signed on paper")
    ORAL = "oral", _("said before the officer")
    ELECTRONIC = "electronic", _("sent electronically")


DUPLICATE_DAYS = 90  # the same person on the same topic within so many days is likely the same request
ANSWER_DAYS = 15  # working days; an internal standard, which a branch may change
SOON = 3  # working days before the answer is due, from which on a request is called due soon
FEW = 5  # cells below it are not printed or exported: a person might be known by them
