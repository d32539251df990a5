"""What is typed about recommendations: one that is issued, how far one has come, whether that is so."""

import datetime as dt
from collections.abc import Iterable

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from branches.forms.fields import SaidOnceForm, Segments, WordsField, day_field, note_field
from roadmap.actions import Advice
from roadmap.choices import RECOMMENDATION_LOOK, SAYABLE, RecommendationState
from roadmap.models import Measure, Site

# What whoever looks at a recommendation that was reported as done may say of it.
JUDGEMENTS = {
    RecommendationState.VERIFIED: (pgettext_lazy("verdict", "it is done"), ("conf", "done")),
    RecommendationState.IN_WORK: (pgettext_lazy("verdict", "it is not"), ("fail", "fail")),
}


class StepForm(SaidOnceForm):
    """How far a recommendation has come."""

    field_order = ("state", "happened_on", "note")

    note = note_field(pgettext_lazy("recommendation", "What was done, what stands in the way?"))

    def __init__(self, *args, states: Iterable[RecommendationState] = SAYABLE, today: dt.date, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["state"] = forms.ChoiceField(
            label=_("State"),
            choices=[(state.value, state.label) for state in states],
            widget=Segments(RECOMMENDATION_LOOK),
            error_messages={"required": _("Choose a state."), "invalid_choice": _("Choose a state from the list.")},
        )
        self.fields["happened_on"] = day_field(_("Since which day"), until=today)
        self.fields["happened_on"].required = False  # the short form on the card does not ask for it
        self.fields["happened_on"].initial = today
        self.order_fields(self.field_order)


class JudgementForm(SaidOnceForm):
    """Whether what was reported as done is done."""

    field_order = ("state", "happened_on", "note")

    note = note_field(_("What was found"))

    def __init__(self, *args, today: dt.date, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["state"] = forms.ChoiceField(
            label=_("Verdict"),
            choices=[(state.value, label) for state, (label, _look) in JUDGEMENTS.items()],
            widget=Segments({state.value: look for state, (_label, look) in JUDGEMENTS.items()}),
            error_messages={"required": _("Choose a verdict."), "invalid_choice": _("Choose a verdict from the list.")},
        )
        self.fields["happened_on"] = day_field(_("Seen on which day"), until=today)
        self.fields["happened_on"].initial = today
        self.order_fields(self.field_order)


class WithdrawForm(SaidOnceForm):
    """Why nothing more is awaited of a recommendation."""

    field_order = ("note", "happened_on")

    note = note_field(_("Why it is withdrawn"), required=True, missing=_("Write why it is withdrawn."))

    def __init__(self, *args, today: dt.date, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["happened_on"] = day_field(_("On which day"), until=today)
        self.fields["happened_on"].initial = today
        self.order_fields(self.field_order)


class MeasureChoice(forms.ModelChoiceField):
    """A measure by its number and title."""

    def label_from_instance(self, measure: Measure) -> str:
        """As it stands in the roadmap."""
        return f"{measure.number}. {measure.title}"


def _line(label: str, *, missing: str = "", help_text: str = "", length: int = 200) -> WordsField:
    """A line of text; required if it is said what to write."""
    return WordsField(
        label=label,
        required=bool(missing),
        max_length=length,
        help_text=help_text,
        error_messages={"required": missing},
    )


class AdviceForm(SaidOnceForm):
    """A recommendation about a measure or a site of one branch, wherever it comes from."""

    field_order = ("text", "addressee", "executor", "issued_on", "due_on", "site", "measure")

    text = WordsField(
        label=_("What is recommended"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Write what is recommended.")},
    )
    addressee = _line(_("Addressee"), missing=_("Write to whom it is addressed."))
    executor = _line(_("Executor"), help_text=_("Who carries it out, if that is somebody else."))

    def __init__(self, *args, measures: QuerySet[Measure], sites: QuerySet[Site], today: dt.date, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["issued_on"] = day_field(_("Issued on"), until=today)
        self.fields["issued_on"].initial = today
        self.fields["due_on"] = day_field(_("To be done by"))
        self.fields["site"] = forms.ModelChoiceField(
            sites,
            label=_("About which site"),
            required=False,
            empty_label=_("none"),
            error_messages={"invalid_choice": _("Choose a site from the list.")},
        )
        self.fields["measure"] = MeasureChoice(
            measures,
            label=_("About which measure"),
            required=False,
            empty_label=_("none"),
            error_messages={"invalid_choice": _("Choose a measure from the list.")},
        )
        self.order_fields(self.field_order)

    @property
    def advice(self) -> Advice:
        """What is recommended, as actions take it."""
        names = ("text", "addressee", "executor", "due_on", "measure", "site")
        return Advice(**{name: self.cleaned_data[name] for name in names})


class IssueForm(AdviceForm):
    """A recommendation that comes from monitoring."""

    field_order = ("monitoring", *AdviceForm.field_order)

    monitoring = _line(
        _("Which monitoring it comes from"),
        missing=_("Write which monitoring it comes from."),
        help_text=_("For example: monitoring of the third quarter."),
        length=300,
    )
