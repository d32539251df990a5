"""The card of a measure and what is done from it."""

import datetime as dt
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import FileResponse, HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from amanat_tracker.generic.pages import ActionPage
from amanat_tracker.generic.uploading import UploadMixin, kept_file
from amanat_tracker.templatetags.figures import short_day
from branches.choices import Permission
from branches.forms.fields import MOST_FILES
from branches.models import User
from branches.views.day import DayCardPage
from roadmap import actions
from roadmap.choices import REPORTABLE, Status, Verdict
from roadmap.dashboards.links import measures_url
from roadmap.dashboards.measure import MeasureCard, measure_card, measures_with_their_place
from roadmap.dashboards.requests import receiving
from roadmap.dashboards.story import TABS
from roadmap.forms.measure import CorrectionForm, DeadlineForm, ReportForm, VerificationForm
from roadmap.models import DeadlineChange, Evidence, Measure, StatusReport, Verification
from roadmap.views.words import meanwhile_words, repeated_words


def _card(measure: Measure, day: dt.date, reader: User) -> MeasureCard:
    return measure_card(measure, day, stale_after=settings.STALE_AFTER_DAYS, reader=reader)


def _urls(card: MeasureCard) -> dict[str, str]:
    """The lists to which the measure belongs, as of the day of the card."""
    roadmap = card.measure.roadmap
    place = {"year": roadmap.year, "day": card.day, "branch": roadmap.branch.slug}
    return {"roadmap": measures_url(**place), "direction": measures_url(**place, direction=card.measure.direction.slug)}


def _report_form_values(card: MeasureCard, today: dt.date) -> dict[str, Any]:
    """What the form of the next report starts from; of an open measure the last status is chosen already."""
    return {
        "indicators": {reached.indicator: reached.fact for reached in card.indicators},
        "today": today,
        "initial": {
            "status": card.status if card.is_open and card.status in REPORTABLE else None,
            "seen": card.report.pk if card.report else 0,
        },
    }


class MeasurePage(DayCardPage):
    """Everything about one measure, as it was known on a day (`?as_of=`); the card of today also lets one act."""

    model = Measure
    template_name = "roadmap/measure_detail.html"

    def get_queryset(self):
        """Measures with what the card says of their place."""
        return measures_with_their_place()

    def card(self, day: dt.date) -> MeasureCard:
        """The card of the day."""
        return _card(self.object, day, self.request.user)

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        """The tab of its story, the lists that it belongs to, and to which requests links lead."""
        context, show = super().get_context_data(**kwargs), self.request.GET.get("show")
        card, show = context["card"], show if show in TABS else ""
        return context | {
            "show": show,
            "events": card.told(show),
            "urls": _urls(card),
            "receiving": receiving(self.request.user),
        }

    def open_ways(self, card: MeasureCard, today: dt.date) -> dict[str, Any]:
        """What the reader may do from the card: the form of a report, and which of the other ways are open."""
        user, measure = self.request.user, card.measure
        may_report = card.is_reportable and self.may(Permission.REPORT, measure)
        return {
            "form": ReportForm(**_report_form_values(card, today)) if may_report else None,
            "may_correct": card.is_correctable and self.may(Permission.CORRECT, measure),
            "may_move": card.is_open and self.may(Permission.MOVE_DEADLINE, measure),
            "may_verify": card.is_verifiable_by(user) and self.may(Permission.VERIFY, measure),
            "may_visit": bool(card.visited_places) and self.may(Permission.CONTROL, measure),
        }


class MeasureActionPage(ActionPage):
    """A form about a measure or about one of its reports; what is known of the measure today stands above it."""

    @cached_property
    def card(self) -> MeasureCard:
        """The card of the measure."""
        measure_pk = self.object.measure_id if isinstance(self.object, StatusReport) else self.object.pk
        return _card(measures_with_their_place().get(pk=measure_pk), self.today, self.request.user)

    def blocked(self) -> str:
        """Why the form is not offered; "" when it is. What is sent in spite of it is refused by the action."""
        return ""

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        """The card beside the form."""
        return super().get_context_data(
            card=self.card, urls=_urls(self.card), blocked=self.blocked(), today=self.today, **kwargs
        )

    def get_success_url(self) -> str:
        """Back to the card."""
        return self.card.measure.get_absolute_url()


class ReportPage(UploadMixin, MeasureActionPage):
    """A branch's report."""

    model = Measure
    permission = Permission.REPORT
    template_name = "roadmap/measure_report.html"
    most_files = MOST_FILES

    def empty_form(self) -> ReportForm:
        """The form as it is opened."""
        return ReportForm(**_report_form_values(self.card, self.today))

    def get_form(self, form_class: type[forms.Form] | None = None) -> ReportForm:
        """The form with a field for every indicator."""
        sent = {"data": self.request.POST, "files": self.request.FILES} if self.request.method == "POST" else {}
        return ReportForm(**sent, **_report_form_values(self.card, self.today))

    def perform(self, form: ReportForm) -> actions.Reported:
        """Report."""
        typed = form.cleaned_data
        return actions.report_status(
            measure=self.object,
            by=self.request.user,
            today=self.today,
            evidence=typed["evidence"],
            seen=typed["seen"],
            **form.statement,
        )

    def said(self, result: actions.Reported) -> list[tuple[int, str]]:
        """That it is kept, and who reported meanwhile."""
        kept = _("The report is saved: “%(status)s”.") % {"status": result.report.get_status_display()}
        told = [(messages.SUCCESS, kept)]
        if result.repeated and result.report.measure.status != result.report.status:
            told.append((messages.WARNING, repeated_words(result.report.measure)))
        return [*told, (messages.WARNING, meanwhile_words(result.meanwhile))] if result.meanwhile else told


class CorrectPage(MeasureActionPage):
    """The coordinator puts the last report right."""

    model = StatusReport
    permission = Permission.CORRECT
    template_name = "roadmap/report_correct.html"

    def blocked(self) -> str:
        """Only the last report can be corrected, and not the one by which control returned the measure."""
        if self.card.report != self.object:
            return _("A newer report stands on the card already. Only the last report can be corrected.")
        if not self.card.is_correctable:
            return _("Party control returned this measure: it is reported anew, not corrected.")
        return ""

    def get_form(self, form_class: type[forms.Form] | None = None) -> CorrectionForm:
        """The form filled in with what the wrong report says."""
        card, wrong = self.card, self.object
        facts = list(wrong.facts.all())
        out_of_year = card.deadline.day.year > card.measure.roadmap.year
        return CorrectionForm(
            self.request.POST if self.request.method == "POST" else None,
            indicators={reached.indicator: reached.fact for reached in card.indicators},
            today=self.today,
            statuses=[*REPORTABLE, *([Status.MOVED] if out_of_year else []), Status.REMOVED],
            wrong=facts,
            initial={
                "status": wrong.status,
                "reported_on": wrong.reported_on,
                "at_risk": wrong.at_risk,
                "delay_reason": wrong.delay_reason,
            },
        )

    def perform(self, form: CorrectionForm) -> StatusReport:
        """Correct."""
        return actions.correct_report(report=self.object, by=self.request.user, today=self.today, **form.statement)

    def said(self, result: StatusReport) -> list[tuple[int, str]]:
        """What stands now."""
        words = _("The report is corrected. The measure now stands as “%(status)s”.")
        return [(messages.SUCCESS, words % {"status": result.get_status_display()})]


class DeadlinePage(MeasureActionPage):
    """The coordinator moves the deadline."""

    model = Measure
    permission = Permission.MOVE_DEADLINE
    template_name = "roadmap/measure_deadline.html"
    form_class = DeadlineForm

    def blocked(self) -> str:
        """Nothing is awaited of a closed measure."""
        if self.card.is_open:
            return ""
        return _("The measure is closed already: its deadline is not moved any more.")

    def perform(self, form: DeadlineForm) -> DeadlineChange:
        """Move it."""
        return actions.move_deadline(measure=self.object, by=self.request.user, today=self.today, **form.cleaned_data)

    def said(self, result: DeadlineChange) -> list[tuple[int, str]]:
        """The new day, and what follows for the status."""
        moved = _("The deadline is moved to %(day)s.") % {"day": short_day(result.new_deadline)}
        if self.object.status == Status.MOVED:
            moved = f"{moved} " + _("It is outside the roadmap's year: the measure now counts as “deadline moved”.")
        return [(messages.SUCCESS, moved)]


class VerifyPage(MeasureActionPage):
    """Party control confirms or refutes the report by which a branch claims that a measure is done."""

    model = StatusReport
    permission = Permission.VERIFY
    template_name = "roadmap/report_verify.html"

    def blocked(self) -> str:
        """Only the last report, only one that says done, and never one's own."""
        report = self.object
        if self.card.report != report:
            return _("The branch reported anew meanwhile. Look at the new report first.")
        if report.status != Status.DONE:
            return _("The branch does not report this measure as done: there is nothing to verify.")
        if report.author_id == self.request.user.pk:
            return _(
                "You entered this report yourself. Nobody verifies their own report: ask another inspector to do it."
            )
        return ""

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        """The claim that is looked at."""
        claim = next((event for event in self.card.told("reports") if event.row == self.object), None)
        return super().get_context_data(claim=claim, **kwargs)

    def get_form(self, form_class: type[forms.Form] | None = None) -> VerificationForm:
        """The form; of a report that is confirmed already only a refutation is offered."""
        if self.request.method == "POST":
            return VerificationForm(self.request.POST, verdicts=Verdict, today=self.today)
        confirmed = self.card.confirmation.state == "confirmed"
        return VerificationForm(verdicts=[Verdict.REFUTES] if confirmed else Verdict, today=self.today)

    def perform(self, form: VerificationForm) -> Verification:
        """Confirm or refute."""
        return actions.verify(report=self.object, by=self.request.user, today=self.today, **form.cleaned_data)

    def said(self, result: Verification) -> list[tuple[int, str]]:
        """What stands now."""
        if result.verdict == Verdict.CONFIRMS:
            return [(messages.SUCCESS, _("The report is confirmed on site."))]
        return [
            (messages.SUCCESS, _("The report is refuted. The measure is “in progress” again, and the branch sees why."))
        ]


@require_safe
def evidence(request: HttpRequest, pk: int) -> FileResponse:
    """An evidence file, for those who see the branch of its report; an attachment, which no browser opens as a page."""
    kept = get_object_or_404(Evidence.objects.for_user(request.user), pk=pk)
    return kept_file(kept.file, name=kept.name, content_type=kept.content_type)
