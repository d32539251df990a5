"""The two-field entry in the list of today."""

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from branches.forms.fields import SubmissionForm, WordsField
from roadmap.choices import Status
from roadmap.models import Measure

QUICK_STATUSES = (Status.DONE, Status.IN_PROGRESS, Status.NOT_DONE)


class QuickReportForm(SubmissionForm):
    """A measure's status and a note; `seen` is the last report that the page showed."""

    measure = forms.ModelChoiceField(Measure.objects.none(), widget=forms.HiddenInput)
    status = forms.ChoiceField(
        label=_("Status"),
        choices=[(status.value, status.label) for status in QUICK_STATUSES],
        error_messages={"required": _("Choose a status."), "invalid_choice": _("Choose a status from the list.")},
    )
    note = WordsField(label=_("Note"), required=False, max_length=2000)
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, measures: QuerySet, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["measure"].queryset = measures
