"""What is typed of a branch: members, wings, the faction, elections, who takes an office."""

import datetime as dt
from collections.abc import Iterable
from itertools import groupby
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from branches.choices import ElectionKind, Position, Qualifier, Wing
from branches.forms.fields import NumberField, SaidOnceForm, WordsField, day_field, note_field
from branches.models import Election, Locality, OfficeHolder

MOST_PEOPLE = 9_999_999  # more than the party has
MOST_SEATS = 9_999


class WholeNumberField(NumberField):
    """How many, as people type it: «4 120». A fraction is refused, and what is more than `most`."""

    def __init__(self, *, missing: str | Promise, most: int = MOST_PEOPLE, **kwargs):
        super().__init__(**kwargs)
        self.most = most
        self.widget.attrs["inputmode"] = "numeric"
        wrong, too_large = _("Enter a whole number, such as 4 120."), _("This number is too large: check it.")
        self.error_messages |= {
            "required": missing,
            "invalid": wrong,
            "max_decimal_places": wrong,
            "min_value": _("A number is not less than zero."),
            "max_digits": too_large,
            "max_whole_digits": too_large,
        }

    def clean(self, value: Any) -> int | None:
        """Read it, as a whole number."""
        number = super().clean(value)
        if number is None:
            return None
        if number % 1:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        if number > self.most:
            raise ValidationError(self.error_messages["max_digits"], code="max_digits")
        return int(number)


class BranchForm(SaidOnceForm):
    """A statement of a branch about itself: as of which day, from which document."""

    day_name, day_label = "as_on", _("As of which day")
    day_help = _("A number is replaced only by one of the same day; of another day it stands beside it.")
    field_order: tuple[str, ...] = ()

    source = WordsField(
        label=_("Source"),
        required=False,
        max_length=300,
        help_text=_("The document it was taken from."),
    )
    note = note_field(pgettext_lazy("branch", "Note"))

    def __init__(self, *args, today: dt.date, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields[self.day_name] = day_field(self.day_label, until=today)
        self.fields[self.day_name].initial = today
        self.fields[self.day_name].help_text = self.day_help
        self.order_fields((*self.field_order, "source", "note"))


class MembershipForm(BranchForm):
    """How many members a branch has, in how many primary organisations."""

    field_order = ("primary_organisations", "members", "qualifier", "as_on")

    primary_organisations = WholeNumberField(
        label=_("Primary organisations"), missing=_("Enter how many primary organisations there are.")
    )
    members = WholeNumberField(label=pgettext_lazy("party", "Members"), missing=_("Enter how many members there are."))
    qualifier = forms.ChoiceField(
        label=_("How exactly"), choices=[(value, label) for value, label in Qualifier.choices], required=False
    )


class WingForm(BranchForm):
    """How many members a wing of a branch has."""

    field_order = ("wing", "members", "as_on")

    wing = forms.ChoiceField(
        label=pgettext_lazy("party", "Wing"),
        choices=Wing.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose the wing."), "invalid_choice": _("Choose the wing.")},
    )
    members = WholeNumberField(label=pgettext_lazy("party", "Members"), missing=_("Enter how many members there are."))


class FactionForm(BranchForm):
    """How many mandates of the maslikhat the faction holds, and who leads it."""

    field_order = ("members", "leader", "as_on")

    members = WholeNumberField(
        label=_("Mandates held"), most=MOST_SEATS, missing=_("Enter how many mandates the faction holds.")
    )
    leader = WordsField(label=_("Faction leader"), required=False, max_length=200)


class ElectionForm(BranchForm):
    """An election: what was elected, where, for how many seats, how many the party nominated, how many of them won.

    `localities` are those of the branch's land; `corrects` is the record that is put right.
    """

    day_name, day_label, day_help = "held_on", _("Held on"), ""
    field_order = ("kind", "held_on", "seats", "nominated", "won", "locality", "place")
    KEPT = ("kind", "held_on", "seats", "nominated", "won", "place", "source", "note")

    kind = forms.ChoiceField(
        label=_("What was elected"),
        choices=ElectionKind.choices,
        error_messages={"invalid_choice": _("Choose what was elected from the list.")},
    )
    seats = WholeNumberField(
        label=_("Seats"), most=MOST_SEATS, missing=_("Enter how many seats were elected."), initial=1
    )
    nominated = WholeNumberField(
        label=_("Nominated by the party"), most=MOST_SEATS, missing=_("Enter how many candidates the party nominated.")
    )
    won = WholeNumberField(
        label=_("Won by the party"), most=MOST_SEATS, missing=_("Enter how many of its candidates won; 0 if none did.")
    )
    place = WordsField(
        label=_("Place, if it is not in the list"),
        required=False,
        max_length=200,
    )

    def __init__(self, *args, localities: Iterable[Locality], corrects: Election | None = None, **kwargs):
        super().__init__(*args, **kwargs)
        by_pk = {str(locality.pk): locality for locality in localities}
        by_district = [
            (str(district), [(pk, f"{locality}, {locality.get_kind_display()}") for pk, locality in its])
            for district, its in groupby(by_pk.items(), key=lambda item: item[1].district)
        ]
        self.fields["locality"] = forms.TypedChoiceField(
            label=_("Locality"),
            required=False,
            choices=[("", "—"), *(by_district if len(by_district) > 1 else by_district[0][1] if by_district else ())],
            coerce=by_pk.__getitem__,
            empty_value=None,
            error_messages={"invalid_choice": _("This locality lies elsewhere. Choose one from the list.")},
        )
        if corrects is not None:
            self.initial |= {name: getattr(corrects, name) for name in self.KEPT}
            self.initial["locality"] = str(corrects.locality_id or "")
        self.order_fields((*self.field_order, "source", "note"))


class ElectionAnnulmentForm(SaidOnceForm):
    """Why an election does not count."""

    note = note_field(
        _("Why the election does not count"), required=True, missing=_("Write why the election does not count.")
    )


class AppointForm(forms.Form):
    """Who takes an office of a branch, and when. The same person on the same day is written once by the action.

    With `corrects`, how that officer was entered is put right: the office stays, and an unknown day may stay unknown.
    """

    position = forms.ChoiceField(
        label=pgettext_lazy("party", "Office"),
        choices=Position.choices,
        error_messages={"invalid_choice": _("Choose the office from the list.")},
    )
    full_name = WordsField(
        label=_("Full name"), max_length=200, error_messages={"required": _("Write who takes the office.")}
    )
    source = WordsField(
        label=_("Source"), required=False, max_length=300, help_text=_("The document it was taken from.")
    )
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, today: dt.date, corrects: OfficeHolder | None = None, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["since"] = day_field(_("Since which day"), until=today)
        self.fields["since"].initial = today
        if corrects is not None:
            del self.fields["position"], self.fields["seen"]
            self.fields["since"].required = corrects.since is not None
            self.initial |= {name: getattr(corrects, name) for name in ("full_name", "since", "source")}
        self.order_fields(("position", "full_name", "since", "source"))
