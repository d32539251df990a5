"""What is typed from the card of a measure: a report, a correction, another deadline, a verification."""

import datetime as dt
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from amanat_tracker.templatetags.figures import num, short_day
from branches.forms.fields import EvidenceField, NumberField, SaidOnceForm, Segments, WordsField, day_field, note_field
from roadmap.choices import CLOSED, REPORTABLE, DelayReason, Status, Verdict
from roadmap.models import IndicatorFact, MeasureIndicator, StatusReport

VERDICT_MARKS = {Verdict.CONFIRMS: ("conf", "done"), Verdict.REFUTES: ("fail", "fail")}
Indicators = Mapping[MeasureIndicator, IndicatorFact | None]  # each with its last fact


def status_field(statuses: Iterable[Status]) -> forms.ChoiceField:
    """One of the statuses."""
    return forms.ChoiceField(
        label=_("Status"),
        choices=[(status.value, status.label) for status in statuses],
        widget=Segments({status.value: (status.mark, status.tone) for status in statuses}),
        error_messages={"required": _("Choose a status."), "invalid_choice": _("Choose a status from the list.")},
    )


def reason_field(label: str | Promise, *, required: bool) -> forms.ChoiceField:
    """One of the coded reasons for which measures are late."""
    return forms.ChoiceField(
        label=label,
        required=required,
        choices=[("", _("Choose a reason")), *DelayReason.choices],
        error_messages={"required": _("Choose a reason."), "invalid_choice": _("Choose a reason from the list.")},
    )


class StatementForm(SaidOnceForm):
    """A statement of a measure's status: as of which day, at risk or not, what its indicators have reached."""

    statuses = REPORTABLE

    at_risk = forms.BooleanField(label=_("There is a risk that it will not be done in time"), required=False)
    delay_reason = reason_field(_("Reason of the risk"), required=False)
    note = note_field(pgettext_lazy("report", "What was done, what stands in the way?"))

    field_order = ("status", "reported_on", "note", "at_risk", "delay_reason")

    def __init__(self, *args, indicators: Indicators, today: dt.date, **kwargs):
        super().__init__(*args, **kwargs)
        self.today = today
        self.indicators = {f"fact_{indicator.pk}": indicator for indicator in indicators}
        self.fields["status"] = status_field(self.statuses)
        self.fields["reported_on"] = day_field(_("As of which day"), until=today)
        self.fields["reported_on"].initial = today
        for name, indicator in self.indicators.items():
            label = f"{indicator.name}, {indicator.get_unit_display()}"
            self.fields[name] = NumberField(
                label=label, required=False, help_text=_hint(indicator, indicators[indicator])
            )
        self.order_fields(self.field_order)

    def clean(self) -> dict[str, Any]:
        """When something is wrong already, say at once what the action would say next: all errors in one go."""
        cleaned = super().clean()
        if self.errors:
            names = {"status", "reported_on", "note", "delay_reason"} & cleaned.keys()
            typed = {name: cleaned[name] for name in names}
            at_risk = cleaned.get("at_risk", False) and typed.get("status") not in CLOSED
            try:
                StatusReport(entered_on=self.today, at_risk=at_risk, **typed).clean()
            except ValidationError as error:
                for name, errors in error.error_dict.items():
                    if name not in self.errors:
                        self.add_error(name, errors)
        return cleaned

    @property
    def fact_fields(self) -> list[forms.BoundField]:
        """The fields of the indicators."""
        return [self[name] for name in self.indicators]

    @property
    def facts(self) -> dict[MeasureIndicator, Decimal]:
        """What was typed about the indicators."""
        typed = {indicator: self.cleaned_data[name] for name, indicator in self.indicators.items()}
        return {indicator: value for indicator, value in typed.items() if value is not None}

    @property
    def statement(self) -> dict[str, Any]:
        """What was typed, as actions take it."""
        names = ("status", "reported_on", "note", "at_risk", "delay_reason", "submission")
        return {name: self.cleaned_data[name] for name in names} | {"facts": self.facts}


def _hint(indicator: MeasureIndicator, last: IndicatorFact | None) -> str:
    """What was planned and what was said last, beside the field for the next fact."""
    hints = [gettext("Plan: %(number)s.") % {"number": num(indicator.plan)}] if indicator.plan is not None else []
    if last:
        said = {"number": num(last.value), "day": short_day(last.report.reported_on)}
        hints.append(gettext("Last: %(number)s, %(day)s.") % said)
    return " ".join(hints)


class ReportForm(StatementForm):
    """A branch's report; `seen` is the last report that the form showed (0: there was none)."""

    evidence = EvidenceField(label=_("Evidence"), required=False)
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)


class CorrectionForm(StatementForm):
    """Why the last report was wrong, and what is right. A number that was reported is replaced, never taken back."""

    note = note_field(_("Why the report is corrected"), required=True, missing=_("Write why the report is corrected."))

    def __init__(self, *args, statuses: Iterable[Status], wrong: Iterable[IndicatorFact], **kwargs):
        self.statuses = tuple(statuses)
        super().__init__(*args, **kwargs)
        for fact in wrong:
            field = self.fields[f"fact_{fact.indicator_id}"]
            field.required = True
            field.initial = num(fact.value)
            field.error_messages["required"] = _("Enter the right number: one that was reported cannot be taken back.")


class DeadlineForm(SaidOnceForm):
    """Another deadline, and why."""

    field_order = ("new_deadline", "reason", "note", "document")

    reason = reason_field(_("Why the deadline is moved"), required=True)
    note = note_field(_("Note"))
    document = WordsField(
        label=_("By which document"),
        required=False,
        max_length=300,
        help_text=_("For example: letter № 12 of 01.08.2025."),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["new_deadline"] = day_field(_("New deadline"))
        self.order_fields(self.field_order)


class VerificationForm(SaidOnceForm):
    """What control found. A report that is confirmed already can only be refuted."""

    field_order = ("verdict", "seen_on", "basis", "note")

    basis = WordsField(
        label=_("On which visit or by which document"),
        max_length=300,
        error_messages={"required": _("Write what the verdict rests on: a visit or a document.")},
        help_text=_("For example: a visit to the site, or act № 7 of 24.10.2025."),
    )
    note = note_field(_("What was found"))

    def __init__(self, *args, verdicts: Iterable[Verdict], today: dt.date, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["verdict"] = forms.ChoiceField(
            label=_("Verdict"),
            choices=[(verdict.value, verdict.label) for verdict in verdicts],
            widget=Segments(VERDICT_MARKS),
            error_messages={"required": _("Choose a verdict."), "invalid_choice": _("Choose a verdict from the list.")},
        )
        self.fields["seen_on"] = day_field(_("Seen on which day"), until=today)
        self.fields["seen_on"].initial = today
        self.order_fields(self.field_order)
