"""One report for several measures, selected in the list."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from branches.forms.fields import SubmissionForm, WordsField
from roadmap.choices import Status
from roadmap.forms.quick import QUICK_STATUSES

MOST_AT_ONCE = 200


class KeysField(forms.Field):
    """Primary keys of the selected rows. What is no key is passed over: which rows there are, `for_user` says."""

    widget = forms.MultipleHiddenInput

    def to_python(self, value: list[str] | None) -> list[int]:
        """The keys, each once."""
        return list(dict.fromkeys(int(key) for key in value or () if _is_key(key)))


class SeenField(forms.Field):
    """The last report of each measure that the reader saw, as "measure:report"; report 0 is "there was none"."""

    widget = forms.MultipleHiddenInput

    def to_python(self, value: list[str] | None) -> dict[int, int]:
        """The last report by measure."""
        pairs = (pair.partition(":") for pair in value or ())
        return {int(key): int(report) for key, _colon, report in pairs if _is_key(key) and _is_key(report)}


def _is_key(text: str) -> bool:
    """Whether it can be a primary key: digits, few enough for the database."""
    return text.isascii() and text.isdigit() and len(text) <= 18


class SeveralForm(SubmissionForm):
    """A status and a note for all the selected measures."""

    NOTHING_SELECTED = _("No measure is selected. Tick measures in the list first.")

    measure = KeysField(error_messages={"required": NOTHING_SELECTED})
    seen = SeenField(required=False)
    status = forms.ChoiceField(
        label=_("Status"),
        choices=[(status.value, status.label) for status in QUICK_STATUSES],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose a status."), "invalid_choice": _("Choose a status from the list.")},
    )
    note = WordsField(label=_("Note"), required=False, max_length=2000)

    def clean_measure(self) -> list[int]:
        """The keys; not more than are reported at once."""
        keys = self.cleaned_data["measure"]
        if len(keys) > MOST_AT_ONCE:
            raise forms.ValidationError(
                _("At most %(most)s measures are reported at once. Select fewer."), params={"most": MOST_AT_ONCE}
            )
        return keys

    def clean(self) -> dict[str, Any]:
        """Ask for the reason of "not done" once, not for each measure."""
        if self.cleaned_data.get("status") == Status.NOT_DONE and not self.cleaned_data.get("note"):
            self.add_error("note", _("Write the reason: “not done” is not saved without a note."))
        return self.cleaned_data
