"""What is typed of a site: what it is, and into which state it comes."""

import datetime as dt
import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.utils.functional import Promise
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from amanat_tracker.kazakh import NBSP
from amanat_tracker.templatetags.figures import num, short_day
from branches.choices import FIRST_YEAR
from branches.forms.fields import SaidOnceForm, Segments, WordsField, day_field, note_field
from branches.models import District, Locality
from roadmap.actions import SITE_FIELDS
from roadmap.choices import SITE_LOOK, SiteKind, SiteState
from roadmap.models import Measure, Site, SiteStateChange

# What the words after a number say: so many zeros.
SCALES = {
    "мың": 3, "тыс": 3, "тысяч": 3, "thousand": 3,
    "млн": 6, "миллион": 6, "миллионов": 6, "mln": 6, "million": 6,
    "млрд": 9, "миллиард": 9, "миллиардов": 9, "bln": 9, "billion": 9,
}  # fmt: skip
SUM = re.compile(r"([0-9][0-9 ]*)(?:[.,]([0-9]+))?(?: ?([a-zа-яәіңғүұқөһ]+)\.?)?")
GROUPED = re.compile(r"[0-9]{1,3}(?:([.,])[0-9]{3})(?:\1[0-9]{3})+")  # 661.400.000
CURRENCY = re.compile(r"\s*(теңге|тенге|тг|tenge|kzt|₸)\.?$")
LARGEST_SUM = 10**15  # tenge: more than the oblast spends in a century
MOST_DIGITS = 24  # before the comma, also of a sum typed with zeros in front: arithmetic is exact up to 28


class SumField(forms.CharField):
    """A sum of money as people type it, in whole tenge: «661 400 000», «661,4 млн», «2,5 млрд теңге»."""

    default_error_messages = {
        "invalid": _("Enter the sum in tenge, such as 661 400 000 or 661,4 million."),
        "ambiguous": _("Is this thousands or a fraction? Write the sum with spaces, such as 661 400, or with a word."),
        "fraction": _("Enter whole tenge."),
        "too_large": _("This sum is too large. Check how many zeros it has."),
    }

    def __init__(self, **kwargs):
        widget = forms.TextInput(attrs={"inputmode": "text", "autocomplete": "off"})
        super().__init__(widget=widget, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        """Show a saved sum with its thousands apart: by spaces in every language, never in doubt."""
        return f"{value:,}".replace(",", NBSP) if isinstance(value, int) else value

    def clean(self, value: str) -> int | None:
        """Read it; a fraction of a tenge is refused."""
        typed = " ".join(super().clean(value).casefold().split())
        if not typed:
            return None
        typed = GROUPED.sub(lambda found: re.sub("[.,]", "", found[0]), CURRENCY.sub("", typed))
        found = SUM.fullmatch(typed)
        if not found or (found[3] and found[3] not in SCALES):
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        whole, decimals, zeros = found[1].replace(" ", ""), (found[2] or "0")[:12], SCALES.get(found[3] or "", 0)
        if not zeros and len(decimals) > 2:
            raise ValidationError(self.error_messages["ambiguous"], code="ambiguous")
        if len(whole) + zeros > MOST_DIGITS:
            raise ValidationError(self.error_messages["too_large"], code="too_large")
        tenge = Decimal(f"{whole}.{decimals}") * 10**zeros
        if tenge % 1:
            raise ValidationError(self.error_messages["fraction"], code="fraction")
        if tenge > LARGEST_SUM:
            raise ValidationError(self.error_messages["too_large"], code="too_large")
        return int(tenge)


class BinField(forms.CharField):
    """A business identification number: twelve digits, however they are set apart."""

    def __init__(self, **kwargs):
        widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})
        super().__init__(widget=widget, **kwargs)

    def clean(self, value: str) -> str:
        """Drop what stands between the digits; whether its last digit fits is said by the site."""
        digits = re.sub(r"[\s.–-]", "", super().clean(value))
        if digits and not (len(digits) == 12 and digits.isascii() and digits.isdigit()):
            raise ValidationError(_("A BIN has twelve digits."), code="invalid")
        return digits


class Ticks(forms.CheckboxSelectMultiple):
    """Many choices in a scrolling box, each a tick; static/ticks.js adds a field that finds among them."""

    template_name = "roadmap/_site_ticks.html"


def rows_field(
    label: str | Promise,
    rows: Iterable[Model],
    *,
    offered: Sequence[tuple[str, Any]],
    required: bool = False,
    missing: str | Promise = "",
    wrong: str | Promise,
) -> forms.TypedMultipleChoiceField:
    """Several of `rows`, as a list of them; only what is `offered` (choices, perhaps in groups) is shown.

    A row that was offered when the form was opened, and is not any more, is still understood: what became of it
    meanwhile is said by the action.
    """
    by_pk = {str(row.pk): row for row in rows}
    field = forms.TypedMultipleChoiceField(
        label=label,
        required=required,
        choices=[(pk, pk) for pk in by_pk],
        coerce=by_pk.__getitem__,
        empty_value=[],
        widget=Ticks,
        error_messages={"required": missing, "invalid_choice": wrong},
    )
    field.widget.choices = offered
    return field


class SiteForm(SaidOnceForm):
    """What a site is: registered anew, or, with `saved`, put right.

    `saved` are the values that are kept now. `seen` is their digest when the form was opened: what somebody else saved
    since then is shown beside the field, and only a second press puts what was typed in its place.
    """

    name = WordsField(
        label=_("Name of the site"),
        max_length=300,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": _("Write what is being built, and where.")},
    )
    kind = forms.ChoiceField(
        label=_("Kind"),
        choices=[("", _("Choose a kind")), *SiteKind.choices],
        error_messages={"required": _("Choose a kind."), "invalid_choice": _("Choose a kind from the list.")},
    )
    capacity = WordsField(
        label=_("Capacity"), required=False, max_length=120, help_text=_("For example: 600 places, 12.4 km, 40 beds.")
    )
    customer = WordsField(label=_("Customer"), required=False, max_length=200)
    contractor = WordsField(label=_("Contractor"), required=False, max_length=200)
    contractor_bin = BinField(label=_("Contractor's BIN"), required=False)
    contract_number = WordsField(label=_("Contract number"), required=False, max_length=60)
    contract_sum = SumField(
        label=_("Contract sum, tenge"), required=False, help_text=_("For example: 661 400 000 or 661,4 million.")
    )
    carried_over_from = forms.IntegerField(
        label=_("Carried over from the year"),
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        help_text=_("If the construction was to end in an earlier year."),
    )
    source = WordsField(
        label=_("Source"), required=False, max_length=300, help_text=_("The document it was taken from.")
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        *args,
        districts: Sequence[District],
        localities: Sequence[Locality],
        measures: Sequence[Measure],
        today: dt.date,
        saved: Mapping[str, Any] | None = None,
        **kwargs,
    ):
        self.saved, self.today = saved, today
        if saved is not None:
            kwargs["initial"] = _as_typed(saved) | {"seen": digest(saved)} | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)
        self.only_district = districts[0] if len(districts) == 1 else None
        self.fields["district"] = _place_field(_("District"), districts, [_choice(row) for row in districts])
        if self.only_district:
            self.fields["district"].widget = forms.HiddenInput()
            self.fields["district"].required = False
        self.fields["locality"] = _place_field(_("Locality"), localities, _by_district(districts, localities))
        self.fields["locality"].required = False
        for name, label in (
            ("contract_date", _("Contract date")),
            ("planned_on", _("By the roadmap")),
            ("contract_until", _("By the contract")),
        ):
            self.fields[name] = day_field(label)
            self.fields[name].required = False
        ticked = (
            self.data.getlist("measures") if self.is_bound else [str(pk) for pk in self.initial.get("measures", ())]
        )
        self.fields["measures"] = rows_field(
            _("Measures of the roadmap"),
            measures,
            offered=_ticked_first(measures, set(ticked)),
            wrong=_("This measure is not of the branch. Choose from the list."),
        )

    def clean_carried_over_from(self) -> int | None:
        """A year that has begun."""
        year = self.cleaned_data["carried_over_from"]
        if year is not None and not FIRST_YEAR <= year <= self.today.year:
            raise ValidationError(
                _("Enter a year from %(first)s to %(last)s."), params={"first": FIRST_YEAR, "last": self.today.year}
            )
        return year

    def clean_district(self) -> District | None:
        """A territorial branch has its own district only."""
        return self.only_district or self.cleaned_data["district"]

    def clean(self) -> dict[str, Any]:
        """Say everything that is wrong in one go, and what somebody else changed meanwhile."""
        cleaned = super().clean()
        if self.errors:
            self._say_also_what_the_site_refuses()
        elif self.saved is not None and cleaned.get("seen") != digest(self.saved):
            self._say_what_was_saved_meanwhile()
        return cleaned

    def _say_also_what_the_site_refuses(self) -> None:
        typed = {name: value for name in SITE_FIELDS if (value := self.cleaned_data.get(name)) is not None}
        self._say_what_refuses(Site(**typed), {})

    def _say_what_refuses(self, row: Model, names: Mapping[str, str]) -> None:
        """Say what a row that is not saved cannot be; `names` are those of its fields in this form."""
        try:
            row.clean()
        except ValidationError as error:
            for field, errors in error.error_dict.items():
                if (name := names.get(field, field)) not in self.errors:
                    self.add_error(name, errors)

    def _say_what_was_saved_meanwhile(self) -> None:
        words = gettext("Somebody saved meanwhile: “%(value)s”. Save again to put what you typed in its place.")
        for name, value in self.saved.items():
            if comparable(self.cleaned_data[name]) != comparable(value):
                self.add_error(name, words % {"value": self._in_words(name, value)})
        if self.errors:
            self.data = self.data.copy()
            self.data["seen"] = digest(self.saved)

    def _in_words(self, name: str, value: Any) -> str:
        if isinstance(value, dt.date):
            return short_day(value)
        if isinstance(value, list):
            return "; ".join(measure.number for measure in value) or "—"
        if name == "kind":
            return str(SiteKind(value).label)
        if name == "contract_sum":
            return num(value)
        return str(value or "—")

    @property
    def described(self) -> dict[str, Any]:
        """What was typed, as actions take it."""
        return {name: self.cleaned_data[name] for name in (*SITE_FIELDS, "measures")}


class SiteRegistrationForm(SiteForm):
    """A site that is registered: also the state in which it stands, and since when."""

    state_note = note_field(pgettext_lazy("state of a site", "Note"))

    def __init__(self, *args, today: dt.date, **kwargs):
        super().__init__(*args, today=today, **kwargs)
        del self.fields["seen"]
        self.fields["state"] = state_field(_("In which state it stands"), SiteState)
        self.fields["state"].initial = SiteState.CONSTRUCTION
        self.fields["state_on"] = day_field(_("Since which day"), until=today)
        self.fields["state_on"].initial = today

    def _say_also_what_the_site_refuses(self) -> None:
        super()._say_also_what_the_site_refuses()
        said = {"state": self.cleaned_data.get("state", ""), "happened_on": self.cleaned_data.get("state_on")}
        if said["state"]:
            note = self.cleaned_data.get("state_note", "")
            change = SiteStateChange(entered_on=self.today, note=note, **said)
            self._say_what_refuses(change, {"note": "state_note", "happened_on": "state_on"})

    @property
    def described(self) -> dict[str, Any]:
        """What was typed, as actions take it."""
        return super().described | {name: self.cleaned_data[name] for name in ("state", "state_on", "state_note")}


class SiteStateForm(SaidOnceForm):
    """Into which state a site comes. Only states that may follow are `offered`; any is understood: see `rows_field`."""

    field_order = ("state", "happened_on", "note")

    note = note_field(pgettext_lazy("state of a site", "What happened"))

    def __init__(self, *args, offered: Iterable[SiteState], today: dt.date, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["state"] = state_field(pgettext_lazy("of a site", "New state"), SiteState)
        self.fields["state"].widget.choices = [(state.value, state.label) for state in offered]
        self.fields["happened_on"] = day_field(_("On which day"), until=today)
        self.fields["happened_on"].initial = today
        self.order_fields(self.field_order)


def state_field(label: str | Promise, states: Iterable[SiteState]) -> forms.ChoiceField:
    """One of the states of a site."""
    return forms.ChoiceField(
        label=label,
        choices=[(state.value, state.label) for state in states],
        widget=Segments({state.value: look for state, look in SITE_LOOK.items()}),
        error_messages={"required": _("Choose a state."), "invalid_choice": _("Choose a state from the list.")},
    )


def digest(saved: Mapping[str, Any]) -> str:
    """A short word that is another when any of these values is."""
    said = repr(sorted((name, comparable(value)) for name, value in saved.items()))
    return hashlib.sha256(said.encode()).hexdigest()[:16]


def comparable(value: Any) -> str:
    """A value of a site as text that is the same only for the same value."""
    if isinstance(value, list):
        return repr(sorted(row.pk for row in value))
    return repr(value.pk if isinstance(value, Model) else value)


def _as_typed(saved: Mapping[str, Any]) -> dict[str, Any]:
    """Values of a site as the form is filled with them."""
    typed = {name: value.pk if isinstance(value, Model) else value for name, value in saved.items()}
    return typed | {"measures": [measure.pk for measure in saved["measures"]]}


def _choice(row: Model) -> tuple[str, str]:
    return str(row.pk), str(row)


def _place_field(label: Promise, rows: Iterable[Model], choices: Sequence[tuple]) -> forms.TypedChoiceField:
    by_pk = {str(row.pk): row for row in rows}
    return forms.TypedChoiceField(
        label=label,
        choices=[("", _("Choose")), *choices],
        coerce=by_pk.__getitem__,
        empty_value=None,
        error_messages={
            "required": _("Choose a district."),
            "invalid_choice": _("This place is not of the branch. Choose one from the list."),
        },
    )


def _by_district(districts: Sequence[District], localities: Sequence[Locality]) -> list[tuple[str, Any]]:
    """Places to choose from; of several districts, each under its own."""
    if len(districts) == 1:
        return [_choice(row) for row in localities]
    return [(str(home), [_choice(row) for row in localities if row.district_id == home.pk]) for home in districts]


def _ticked_first(measures: Sequence[Measure], ticked: set[str]) -> list[tuple[str, Any]]:
    """Measures to choose from: first those that are chosen already, then each year's."""
    groups: dict[str, list[tuple[str, str]]] = {}
    chosen = [measure for measure in measures if str(measure.pk) in ticked]
    if chosen:  # of several years: each says its own
        groups[gettext("Chosen")] = [(str(row.pk), f"{row.number} {row.title}, {row.roadmap.year}") for row in chosen]
    for measure in measures:
        if str(measure.pk) not in ticked:
            row = (str(measure.pk), f"{measure.number} {measure.title}")
            groups.setdefault(str(measure.roadmap.year), []).append(row)
    return list(groups.items())
