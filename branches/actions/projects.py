"""What branches report of the party's projects, one number at a time."""

import datetime as dt
import uuid
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from amanat_tracker.templatetags.figures import num
from branches.actions.entry import EVER, check, locked, same_submission, unused
from branches.choices import FIRST_YEAR, LAST_YEAR, Frequency, NoData, Period, Permission, Qualifier
from branches.models import AuditEvent, Branch, PartyProject, ProjectIndicator, ProjectReport, User


def report_project(
    *,
    branch: Branch,
    indicator: ProjectIndicator,
    by: User,
    today: dt.date,
    year: int,
    period: str,
    plan: Decimal | None = None,
    fact: Decimal | None = None,
    qualifier: str = Qualifier.EXACT,
    no_data: str = "",
    note: str = "",
    source: str = "",
    seen: int | None = None,
    submission: uuid.UUID | None = None,
) -> ProjectReport:
    """Report an indicator for a period; said again, it corrects what was said before: the last one entered speaks.

    `seen` is the report of the period that the form showed (0: none; None: not asked): when somebody else entered one
    meanwhile, this one is refused, and both see it. A report that says the same as the last one, and names no other
    source, is not repeated; one without a number takes back what was said.
    """
    with locked(Branch.objects.for_user(by, Permission.PROJECTS), branch.pk) as row:
        period_rows = ProjectReport.objects.filter(branch=row, indicator=indicator, year=year, period=period)
        said = {"plan": plan, "fact": fact, "qualifier": qualifier, "no_data": no_data, "note": note.strip()}
        told = same_submission(period_rows, by, submission, **said, source=source.strip())
        if told:
            return told
        last = period_rows.select_related("author").order_by("-id").first()
        is_same = last is not None and all(getattr(last, name) == value for name, value in said.items())
        if is_same and source.strip() in ("", last.source):
            return last
        if seen is not None and last is not None and seen != last.pk:
            raise ValidationError(
                {"fact": _("Meanwhile %(who)s entered another number. Look at it first.") % {"who": last.author}}
            )
        if last is None and plan is None and fact is None and not no_data:
            raise ValidationError({"fact": _("Enter a number, or choose why there is none.")})
        _refuse_period(indicator, year, period, today, **said)
        if fact is not None and indicator.frequency == Frequency.RUNNING:
            _refuse_shrinking(row, indicator, year, Period(period), fact, qualifier)
        report = ProjectReport(
            indicator=indicator,
            branch=row,
            year=year,
            period=period,
            source=source.strip(),
            author=by,
            entered_on=max(today, last.entered_on) if last else today,
            submission=unused(ProjectReport, submission),
            **said,
        )
        check(report)
        report.save()
        AuditEvent.objects.record(
            by=by, action="project.report", subject=report, detail=f"{indicator.key} {year} {period}: {plan} / {fact}"
        )
        return report


def _refuse_period(
    indicator: ProjectIndicator,
    year: int,
    period: str,
    today: dt.date,
    *,
    plan: Decimal | None,
    fact: Decimal | None,
    no_data: str,
    **said: object,
) -> None:
    """Say, by field, what cannot be reported: a period that the indicator has not, a fact of one that has not begun."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise ValidationError({"fact": _("There is a slip in the year. Check the day.")})
    if not PartyProject.objects.valid_in(year).filter(indicators=indicator).exists():
        raise ValidationError({"fact": _("The project did not run in this year.")})
    if period not in (*indicator.periods, Period.YEAR):
        raise ValidationError({"fact": _("This indicator is not reported for this period.")})
    speaks = fact is not None or bool(no_data)
    if speaks and period == Period.YEAR and Period.YEAR not in indicator.periods:
        raise ValidationError({"fact": _("Of the whole year only the plan is told; facts are told by periods.")})
    if speaks and Frequency(indicator.frequency).opens_on(Period(period), year) > today:
        raise ValidationError({"fact": _("This period has not begun yet.")})
    if no_data and no_data not in NoData.values:
        raise ValidationError({"no_data": _("Choose a reason from the list.")})


def _refuse_shrinking(
    branch: Branch, indicator: ProjectIndicator, year: int, period: Period, fact: Decimal, qualifier: str
) -> None:
    """What is told since January is no less than what was told before, and no more than what is told already of later.

    What is only said to be almost so much, or more, leaves room for the other.
    """
    order = indicator.periods
    rows = ProjectReport.objects.as_of(EVER).filter(branch=branch, indicator=indicator, year=year, fact__isnull=False)
    for other in sorted(rows.exclude(period=period), key=lambda row: order.index(row.period)):
        told = {"period": str(Period(other.period).label), "number": num(other.fact)}
        if order.index(other.period) < order.index(period):
            is_open = other.qualifier == Qualifier.ALMOST or qualifier == Qualifier.MORE_THAN
            words = _(
                "It is told since January, and cannot be less than of an earlier period: %(period)s, %(number)s. "
                "If that number is wrong, put it right first."
            )
            is_wrong = fact < other.fact
        else:
            is_open = qualifier == Qualifier.ALMOST or other.qualifier == Qualifier.MORE_THAN
            words = _(
                "It is told since January, and cannot be more than of a later period: %(period)s, %(number)s. "
                "If that number is wrong, put it right first."
            )
            is_wrong = fact > other.fact
        if is_wrong and not is_open:
            raise ValidationError({"fact": words % told})
