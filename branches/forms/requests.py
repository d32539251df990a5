"""What is typed of citizens' requests: who asks for what, what became of it, whose request is looked for."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from branches.actions.applicants import Person, check_person
from branches.choices import (
    REQUEST_LOOK,
    Channel,
    ConsentChannel,
    HelpKind,
    RequestKind,
    RequestState,
    WaitingReason,
)
from branches.forms.fields import SaidOnceForm, Segments, WordsField, day_field, note_field
from branches.models import ConsentText, Locality, ReceptionEvent, Topic

FROM_LIST = {"required": _("Choose from the list."), "invalid_choice": _("Choose from the list.")}
# No browser keeps what is personal, nor sends it anywhere to have its spelling looked at.
PRIVATE = {"autocomplete": "off", "spellcheck": "false"}


def _line(label: str | Promise, *, missing: str | Promise = "", help_text: str | Promise = "", **attrs: str):
    """A line of personal data; required if it is said what to write."""
    return WordsField(
        label=label,
        required=bool(missing),
        max_length=200,
        help_text=help_text,
        widget=forms.TextInput(attrs=PRIVATE | attrs),
        error_messages={"required": missing},
    )


def _private(field: forms.CharField) -> forms.CharField:
    field.widget.attrs |= PRIVATE
    return field


def _row_field(
    label: str | Promise, rows: Iterable[Model], *, empty: str | Promise, required: bool = False, groups: Any = None
) -> forms.TypedChoiceField:
    """One of `rows`; `groups` are the choices, where they stand in groups."""
    by_pk = {str(row.pk): row for row in rows}
    choices = groups or [(pk, str(row)) for pk, row in by_pk.items()]
    return forms.TypedChoiceField(
        label=label,
        required=required,
        choices=[("", empty), *choices],
        coerce=by_pk.__getitem__,
        empty_value=None,
        error_messages=FROM_LIST,
    )


class SeenMixin:
    """A form that carries in `seen` what stood when it was shown, so that nothing is said over what nobody saw."""

    def show_newest(self, seen: object) -> None:
        """Let the next press mean what stands now: somebody else was first, and the page shows it."""
        self.data = self.data.copy()
        self.data["seen"] = seen


# --- who asks --------------------------------------------------------------------------------------------------------
class PersonForm(forms.Form):
    """The applicant, as told at the desk."""

    full_name = _line(_("Full name"), missing=_("Write the applicant's name."))
    phone = _line(_("Telephone"), inputmode="tel")
    address = _line(_("Address"))
    iin = _line(_("IIN"), inputmode="numeric", help_text=_("Twelve digits; may stay empty."))

    @property
    def person(self) -> Person:
        """What was typed, as actions take it."""
        return Person(**{name: self.cleaned_data.get(name, "") for name in ("full_name", "phone", "address", "iin")})

    def put_cursor(self) -> None:
        """Let the browser begin at the first field that is wrong, else at the first."""
        wrong = (name for name in self.fields if name in self.errors)
        self.fields[next(wrong, next(iter(self.fields)))].widget.attrs["autofocus"] = True

    def clean(self) -> dict[str, Any]:
        """Say together with the rest what cannot be of a person."""
        cleaned = super().clean() or self.cleaned_data
        for name, errors in _wrong_of(self.person).items():
            if name not in self.errors:
                self.add_error(name, errors)
        return cleaned


def _wrong_of(person: Person) -> dict[str, list[ValidationError]]:
    try:
        check_person(person)
    except ValidationError as error:
        return error.error_dict
    return {}


class RegisterForm(PersonForm, SaidOnceForm):
    """A citizen's request at the desk. What is mostly the same stands filled in, and last.

    `kinds` are those that are taken on the day. `masked_iin` is what may be shown of an IIN that is known already.
    """

    field_order = (
        "full_name",
        "phone",
        "locality",
        "address",
        "iin",
        "topic",
        "summary",
        "is_agreed",
        "consent_channel",
        "received_on",
        "channel",
        "event",
        "kind",
    )

    summary = _private(
        note_field(_("What is asked, in short"), required=True, missing=_("Write in short what is asked."))
    )
    is_agreed = forms.BooleanField(
        label=_("The applicant agreed to this"),
        error_messages={
            "required": _("Without the applicant's consent nothing is registered. Tick it once it is given.")
        },
    )
    consent_channel = forms.ChoiceField(
        label=_("How the consent was given"),
        choices=ConsentChannel.choices,
        initial=ConsentChannel.WRITTEN,
        error_messages=FROM_LIST,
    )
    consent_shown = forms.CharField(required=False, max_length=60, widget=forms.HiddenInput)  # stands beside the text
    channel = forms.ChoiceField(
        label=_("How it came"), choices=Channel.choices, initial=Channel.DESK, error_messages=FROM_LIST
    )
    allow_duplicate = forms.BooleanField(label=_("This is another request: register it"), required=False)

    def __init__(
        self,
        *args,
        topics: Sequence[Topic],
        localities: Mapping[str, Sequence[Locality]],
        events: Sequence[ReceptionEvent],
        kinds: Sequence[RequestKind],
        today: dt.date,
        masked_iin: str = "",
        **kwargs,
    ):
        super().__init__(*args, **kwargs)
        if masked_iin:
            known = _("Known is %(iin)s. With this name it stays, unless you type another one.")
            self.fields["iin"].help_text = known % {"iin": masked_iin}
        self.fields["topic"] = _row_field(pgettext_lazy("request", "Topic"), topics, empty=_("Choose"), required=True)
        places = [row for rows in localities.values() for row in rows]
        groups = [(name, [(str(row.pk), str(row)) for row in rows]) for name, rows in localities.items()]
        self.fields["locality"] = _row_field(
            _("Locality"), places, empty=_("not named"), groups=groups if len(groups) > 1 else None
        )
        self.fields["event"] = _row_field(_("At which event"), events, empty=_("Choose"))
        self.fields["kind"] = forms.ChoiceField(
            label=_("Kind"),
            choices=[(kind.value, kind.label) for kind in kinds],
            initial=kinds[0],
            error_messages=FROM_LIST,
        )
        self.fields["received_on"] = day_field(_("Received on"), until=today)
        self.fields["received_on"].initial = today
        self.order_fields(self.field_order)

    def show_consent(self, text: ConsentText | None) -> None:
        """Carry which text the page shows; a tick that was for another one is taken away."""
        shown = text.fingerprint if text else ""
        if not self.is_bound:
            self.initial["consent_shown"] = shown
        elif self.data.get("consent_shown") != shown:
            self.data = self.data.copy()
            self.data.pop("is_agreed", None)
            self.data["consent_shown"] = shown

    @property
    def described(self) -> dict[str, Any]:
        """What was typed, as actions take it."""
        said = (
            "topic",
            "summary",
            "consent_channel",
            "consent_shown",
            "kind",
            "channel",
            "received_on",
            "locality",
            "event",
        )
        return {"person": self.person} | {
            name: self.cleaned_data[name] for name in (*said, "allow_duplicate", "submission")
        }


class ApplicantForm(SeenMixin, PersonForm):
    """What is known of the applicant, put right. The IIN is not shown: one that is typed takes its place."""

    forget_iin = forms.BooleanField(label=_("Forget the IIN that is known"), required=False)
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, masked_iin: str, **kwargs):
        super().__init__(*args, **kwargs)
        if masked_iin:
            self.fields["iin"].help_text = _("Known is %(iin)s. It stays, unless you type another one.") % {
                "iin": masked_iin
            }
        else:
            del self.fields["forget_iin"]

    @property
    def described(self) -> dict[str, Any]:
        """What was typed, as actions take it."""
        keep_iin = not self.cleaned_data.get("forget_iin")
        return {"person": self.person, "keep_iin": keep_iin, "seen": self.cleaned_data["seen"] or None}


class FindForm(forms.Form):
    """Whose requests are looked for: exactly this name, telephone or IIN."""

    full_name = _line(_("Full name"), help_text=_("In full, as it was registered: parts of a name are not searched."))
    phone = _line(_("Telephone"), inputmode="tel")
    iin = _line(_("IIN"), inputmode="numeric")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["full_name"].widget.attrs["autofocus"] = True

    @property
    def person(self) -> Person:
        """What was typed, as actions take it."""
        return Person(**{name: self.cleaned_data.get(name, "") for name in ("full_name", "phone", "iin")})

    def clean(self) -> dict[str, Any]:
        """Something must be typed, and an IIN must be one."""
        cleaned = super().clean() or self.cleaned_data
        for name, errors in _wrong_of(self.person).items():
            if name != "full_name":
                self.add_error(name, errors)
        if not self.errors and not any(self.person.keys.values()):
            raise ValidationError(_("Write a full name, a telephone number or an IIN."))
        return cleaned


# --- what became of it -----------------------------------------------------------------------------------------------
# What may be said of a request, in the order of the form.
SAYABLE = (
    RequestState.POSITIVE,
    RequestState.EXPLAINED,
    RequestState.REFUSED,
    RequestState.IN_WORK,
    RequestState.FORWARDED,
    RequestState.WAITING,
    RequestState.WITHDRAWN,
    RequestState.MISTAKE,
)


class StepForm(SeenMixin, SaidOnceForm):
    """What became of a request. `offered` may follow now; all are understood: what cannot follow is said by actions.

    `seen` is the last step that the form showed, `body_due_on` the day that is proposed for a state body's answer.
    """

    field_order = ("state", "help_kind", "forwarded_to", "body_due_on", "reason", "note", "happened_on")

    help_kind = forms.ChoiceField(
        label=_("What help was given"),
        required=False,
        choices=[("", _("Choose")), *HelpKind.choices],
        error_messages=FROM_LIST,
    )
    forwarded_to = WordsField(label=_("To which body"), required=False, max_length=200)
    reason = forms.ChoiceField(
        label=_("Why it waits"),
        required=False,
        choices=[("", _("Choose")), *WaitingReason.choices],
        error_messages=FROM_LIST,
    )
    note = _private(note_field(_("What was answered, or done")))
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, offered: Sequence[RequestState], body_due_on: dt.date, today: dt.date, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["state"] = forms.ChoiceField(
            label=pgettext_lazy("request", "What became of it"),
            choices=[(state.value, state.label) for state in SAYABLE],
            widget=Segments(REQUEST_LOOK),
            error_messages={"required": _("Choose what became of it."), "invalid_choice": _("Choose from the list.")},
        )
        self.fields["state"].widget.choices = [(state.value, state.label) for state in SAYABLE if state in offered]
        self.fields["body_due_on"] = day_field(_("By when the body answers"))
        self.fields["body_due_on"].required = False
        self.fields["body_due_on"].initial = body_due_on
        self.fields["happened_on"] = day_field(_("On which day"), until=today)
        self.fields["happened_on"].initial = today
        self.fields["note"].help_text = _(
            "Needed with an explanation, a refusal, another reason of waiting and a mistake; may stay empty otherwise."
        )
        self.order_fields(self.field_order)


class WithdrawalForm(SaidOnceForm):
    """The applicant withdraws consent."""

    field_order = ("channel", "happened_on")

    channel = forms.ChoiceField(
        label=_("How it was said"),
        choices=ConsentChannel.choices,
        initial=ConsentChannel.WRITTEN,
        error_messages=FROM_LIST,
    )

    def __init__(self, *args, today: dt.date, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["happened_on"] = day_field(_("On which day"), until=today)
        self.fields["happened_on"].initial = today
        self.order_fields(self.field_order)
