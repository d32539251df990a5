"""A meeting as it is recorded: what it was, its agenda, what it recommends; and that it was recorded by mistake."""

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.text import Truncator
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from amanat_tracker.generic.keys import key_in
from amanat_tracker.templatetags.figures import short_day
from branches.forms.fields import EvidenceField, SaidOnceForm, Segments, WordsField, day_field, note_field
from roadmap.actions import Advice, Point
from roadmap.choices import MeetingKind
from roadmap.models import Body, Measure, Recommendation

KIND_MARKS = {
    MeetingKind.REGULAR: ("nots", "none"),
    MeetingKind.TRAVELLING: ("visit", "none"),
    MeetingKind.JOINT: ("joint", "none"),
}
BLANK = "__n__"  # stands for the number of a line in the pattern from which static/meeting.js adds lines
SHOWN = 80  # characters of a measure or a recommendation in a list to choose from
Offered = Sequence[tuple[int, str]]  # rows to choose from: primary key, words
FIELD_OF_A_LINE = re.compile(r"(point|recommendation)_([0-9]{1,4})_([a-z_]+)")


@dataclass(frozen=True)
class Lines:
    """A part of a form that repeats: so many lines are offered, so many are taken; `names` are a line's fields."""

    part: str
    names: tuple[str, ...]
    least: int
    most: int

    def last_in(self, names: Iterable[str]) -> int:
        """The number of the last line whose first field is among those called `names`."""
        found = (FIELD_OF_A_LINE.fullmatch(name) for name in names)
        mine = (name for name in found if name and (name[1], name[3]) == (self.part, self.names[0]))
        return max((int(name[2]) for name in mine), default=0)


POINTS = Lines("point", ("title", "decision", "recommendation", "drafted", "taken"), least=6, most=30)
ADVICE = Lines("recommendation", ("text", "addressee", "executor", "due_on", "measure"), least=3, most=20)


class PickedField(forms.TypedChoiceField):
    """One of some rows, or none; `offered` stand in the list, `known` are accepted too (they were offered once)."""

    def __init__(self, *, offered: Offered, known: Mapping[int, Any], **kwargs):
        self.known = known
        super().__init__(
            choices=[("", pgettext_lazy("choice", "none")), *offered],
            coerce=lambda value: known[int(value)],
            empty_value=None,
            required=False,
            error_messages={"invalid_choice": _("Choose from the list.")},
            **kwargs,
        )

    def valid_value(self, value: str) -> bool:
        """Whether it is one of the rows."""
        return key_in(value) in self.known


class PartnersField(forms.ModelMultipleChoiceField):
    """The other bodies of a joint meeting."""

    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, body: Body) -> str:
        """Its name, and whose it is."""
        return f"{body.name}, {body.branch.place}"

    def clean(self, value: Sequence[str] | None) -> QuerySet[Body]:
        """The bodies; what can be no key is refused before a database meets it (SQLite fails at such a number)."""
        if any(key_in(pk) is None for pk in value or ()):
            raise ValidationError(self.error_messages["invalid_choice"], code="invalid_choice")
        return super().clean(value)


def _text(label: str | Promise, *, most: int) -> WordsField:
    return WordsField(
        label=label, required=False, max_length=most, widget=forms.Textarea(attrs={"rows": 2, "class": "short"})
    )


def _point_fields(number: int | str, *, heard: Mapping[int, Recommendation], offered: Offered) -> dict[str, Any]:
    which = {"number": number}
    return {
        "title": _text(gettext("Issue %(number)s") % which, most=500),
        "decision": _text(_("What was decided"), most=2000),
        "recommendation": PickedField(label=_("Which one"), offered=offered, known=heard),
        "drafted": forms.BooleanField(required=False, widget=forms.HiddenInput),
        "taken": forms.BooleanField(label=gettext("Issue %(number)s was on the agenda") % which, required=False),
    }


def _advice_fields(
    number: int | str, *, label: str, measures: Mapping[int, Measure], offered: Offered
) -> dict[str, Any]:
    def line(label: str | Promise) -> WordsField:
        return WordsField(label=label, required=False, max_length=200)

    due_on = day_field(_("By which day"))
    due_on.required = False
    return {
        "text": _text(label % {"number": number}, most=1000),
        "addressee": line(_("To whom")),
        "executor": line(_("Executor")),
        "due_on": due_on,
        "measure": PickedField(label=_("Measure of the roadmap"), offered=offered, known=measures),
    }


class MeetingForm(SaidOnceForm):
    """A meeting of a body. Nothing is required but the day and one issue of the agenda.

    The lines of the agenda and of the recommendations are fields "point_1_title", "recommendation_1_due_on"…, as the
    action names them. A line with nothing in it is no line; a drafted point counts only while it is ticked.
    """

    kind = forms.ChoiceField(
        label=_("Kind of meeting"),
        choices=MeetingKind.choices,
        widget=Segments(KIND_MARKS),
        error_messages={"required": _("Choose from the list."), "invalid_choice": _("Choose from the list.")},
    )
    minutes_number = WordsField(label=_("Minutes No."), required=False, max_length=40)
    present = forms.IntegerField(
        label=_("How many were present"),
        required=False,
        min_value=0,
        max_value=9999,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages=dict.fromkeys(
            ("invalid", "min_value", "max_value"), _("Enter a whole number, such as 9, or leave it empty.")
        ),
    )
    place = WordsField(label=_("Place"), required=False, max_length=200)
    note = note_field(_("Note"))
    files = EvidenceField(label=_("Minutes, resolution, list of those present"), required=False)

    def __init__(
        self,
        *args,
        is_council: bool,
        today: dt.date,
        partners: QuerySet[Body],
        measures: Sequence[Measure],
        open_recommendations: Sequence[Recommendation],
        heard: Mapping[int, Recommendation],
        **kwargs,
    ):
        super().__init__(*args, **kwargs)
        self.fields["held_on"] = day_field(pgettext_lazy("meeting", "Held on"), until=today)
        self.fields["joint_with"] = PartnersField(
            partners,
            label=_("Held jointly with"),
            required=False,
            error_messages={
                "invalid_choice": _("Choose from the list."),
                "invalid_pk_value": _("Choose from the list."),
            },
        )
        self.has_partners = partners.exists()
        self.initial = {"kind": MeetingKind.REGULAR, "held_on": today} | self.initial
        offered = [(row.pk, _shown(row.text, row.due_on)) for row in open_recommendations]
        self._line_fields = {
            POINTS.part: partial(_point_fields, heard=heard, offered=offered),
            ADVICE.part: partial(
                _advice_fields,
                label=gettext("Proposal %(number)s") if is_council else gettext("Recommendation %(number)s"),
                measures={row.pk: row for row in measures},
                offered=[(row.pk, Truncator(str(row)).chars(SHOWN)) for row in measures],
            ),
        }
        self.points, self.advice_lines = self._add_lines(POINTS), self._add_lines(ADVICE)

    def _add_lines(self, lines: Lines) -> range:
        """Add the fields of as many lines as were sent, or as are offered; the numbers of these lines."""
        last = lines.last_in(self.data if self.is_bound else self.initial)
        if not self.is_bound and last:
            last += 2  # beyond what is filled in already
        numbers = range(1, min(max(last, lines.least), lines.most) + 1)
        for number in numbers:
            for name, field in self._line_fields[lines.part](number).items():
                self.fields[f"{lines.part}_{number}_{name}"] = field
        return numbers

    def _lines(self, lines: Lines, numbers: Iterable[int | str], form: forms.Form) -> list[dict[str, Any]]:
        return [
            {"number": number, **{name: form[f"{lines.part}_{number}_{name}"] for name in lines.names}}
            for number in numbers
        ]

    def _blank(self, lines: Lines) -> dict[str, Any]:
        form = forms.Form()
        blank = self._line_fields[lines.part](BLANK)
        form.fields = {f"{lines.part}_{BLANK}_{name}": field for name, field in blank.items()}
        return self._lines(lines, [BLANK], form)[0]

    @property
    def agenda_lines(self) -> list[dict[str, Any]]:
        """The lines of the agenda: their number and their fields by name."""
        return self._lines(POINTS, self.points, self)

    @property
    def recommendation_lines(self) -> list[dict[str, Any]]:
        """The lines of what is recommended: their number and their fields by name."""
        return self._lines(ADVICE, self.advice_lines, self)

    @property
    def blank_point(self) -> dict[str, Any]:
        """The pattern of one more line of the agenda."""
        return self._blank(POINTS)

    @property
    def blank_recommendation(self) -> dict[str, Any]:
        """The pattern of one more recommendation."""
        return self._blank(ADVICE)

    @property
    def most(self) -> dict[str, int]:
        """How many lines of each part may be filled in."""
        return {lines.part: lines.most for lines in (POINTS, ADVICE)}

    @property
    def files_sent(self) -> bool:
        """Whether files came with it: after a refusal they have to be chosen again."""
        return self.is_bound and bool(self.files)

    def clean(self) -> dict[str, Any]:
        """Tell the lines that say something from those that do not, and what is missing in them."""
        cleaned = super().clean()
        for lines in (POINTS, ADVICE):
            if lines.last_in(self.data) > lines.most:
                self.add_error(None, gettext("At most %(most)s lines are taken at once.") % {"most": lines.most})
        self.filled = {POINTS.part: [], ADVICE.part: []}
        for number in self.points:
            said = self._said(POINTS, number)
            if said.pop("drafted", False) and not said.pop("taken", False):
                continue
            said.pop("taken", None)
            if self._is_line(POINTS, number, said):
                self._require(POINTS, number, title=_("Write the issue."))
        for number in self.advice_lines:
            if self._is_line(ADVICE, number, self._said(ADVICE, number)):
                self._require(
                    ADVICE,
                    number,
                    text=_("Write what is to be done."),
                    addressee=_("Write to whom it is addressed."),
                    due_on=_("Enter the day."),
                )
        if not self.filled[POINTS.part]:
            self.add_error("point_1_title", _("Write at least one issue of the agenda."))
        return cleaned

    def _said(self, lines: Lines, number: int) -> dict[str, Any]:
        return {name: self.cleaned_data.get(f"{lines.part}_{number}_{name}") for name in lines.names}

    def _is_line(self, lines: Lines, number: int, said: Mapping[str, Any]) -> bool:
        """Whether anything was typed into a line, also what was not understood; such lines are remembered."""
        prefix = f"{lines.part}_{number}_"
        is_line = any(said.values()) or any(name.startswith(prefix) for name in self.errors)
        if is_line:
            self.filled[lines.part].append(number)
        return is_line

    def _require(self, lines: Lines, number: int, **missing: str | Promise) -> None:
        for name, words in missing.items():
            field = f"{lines.part}_{number}_{name}"
            if not self.cleaned_data.get(field) and field not in self.errors:
                self.add_error(field, words)

    @property
    def agenda(self) -> list[Point]:
        """The issues that were considered."""
        return [
            Point(
                title=" ".join(said["title"].split()), decision=said["decision"], recommendation=said["recommendation"]
            )
            for said in (self._said(POINTS, number) for number in self.filled[POINTS.part])
        ]

    @property
    def advice(self) -> list[Advice]:
        """What was recommended."""
        return [Advice(**self._said(ADVICE, number)) for number in self.filled[ADVICE.part]]

    @property
    def statement(self) -> dict[str, Any]:
        """What was typed, as the action takes it."""
        names = ("kind", "held_on", "minutes_number", "present", "place", "joint_with", "note", "files", "submission")
        typed = {name: self.cleaned_data[name] for name in names}
        return typed | {"agenda": self.agenda, "advice": self.advice}

    def beside_its_lines(self, error: ValidationError) -> ValidationError:
        """What the action refused, named by the lines of the form: the action counts only those that say something."""
        if not hasattr(error, "error_dict"):
            return error
        return ValidationError({self._in_the_form(name): errors for name, errors in error.error_dict.items()})

    def _in_the_form(self, name: str) -> str:
        found = FIELD_OF_A_LINE.fullmatch(name)
        filled = self.filled[found[1]] if found else ()
        if not found or int(found[2]) > len(filled):
            return name
        return f"{found[1]}_{filled[int(found[2]) - 1]}_{found[3]}"


def _shown(text: str, due_on: dt.date) -> str:
    """A recommendation in a list to choose from."""
    return f"{short_day(due_on)} · {Truncator(text).chars(SHOWN)}"


class AnnulmentForm(SaidOnceForm):
    """Why a meeting does not count."""

    note = note_field(
        _("Why the meeting does not count"), required=True, missing=_("Write why the meeting does not count.")
    )
