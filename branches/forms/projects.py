"""The grid in which a branch reports its party projects: what may stand in a cell, and how it is read."""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from amanat_tracker.generic.keys import key_in
from amanat_tracker.kazakh import NBSP
from amanat_tracker.templatetags.figures import num
from branches.choices import NoData, ProjectUnit, Qualifier
from branches.forms.fields import NumberField, SubmissionForm, WordsField
from branches.models import ProjectReport

PLAN, FACT = "plan", "fact"  # what a cell tells
PARTS = ("value", "said", "note")  # the fields of a cell

SIGNS = {">": Qualifier.MORE_THAN, "+": Qualifier.MORE_THAN, "~": Qualifier.ALMOST, "≈": Qualifier.ALMOST}
SHOWN_SIGNS = {Qualifier.MORE_THAN: ">", Qualifier.ALMOST: "~"}
TYPED = re.compile(r"(?P<before>[>~≈]?)(?P<number>[0-9.,]+)(?P<word>[^\W\d_]*)\.?(?P<after>\+?)")
TENS = {
    **dict.fromkeys(("мың", "тыс", "thousand"), 3),
    **dict.fromkeys(("млн", "миллион", "million"), 6),
    **dict.fromkeys(("млрд", "миллиард", "billion"), 9),
}
MUCH = 10  # times the plan of the year: more is asked about before it is taken
GROUPS = re.compile(r"[1-9][0-9]{0,2}(?:[.,][0-9]{3})+")  # thousands behind commas or points: «12,000», «1.234.567»
FRACTIONS = (ProjectUnit.HECTARES, ProjectUnit.TENGE)  # all else is counted in whole numbers


class GridForm(SubmissionForm):
    """What all cells of a grid share: the token of its opening, and the document that the numbers come from."""

    source = WordsField(
        label=_("Document the numbers come from"),
        required=False,
        max_length=300,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"max_length": _("The name of the document is too long.")},
    )


def seen_in(text: object) -> tuple[int, str]:
    """What a page showed of a period: the report (0: none), and the number that it asked about ("" for none)."""
    report, _sign, number = str(text).partition("~")
    return key_in(report) or 0, number


def shown_in(report: ProjectReport | None, kind: str) -> dict[str, str]:
    """What stands in a cell: the number as it may be typed again, how it is said or why there is none, the note."""
    if report is None:
        return dict.fromkeys(PARTS, "")
    if kind == PLAN:
        return {"value": _typed(report.plan), "said": "", "note": ""}
    sign = SHOWN_SIGNS.get(report.qualifier, "")
    return {
        "value": f"{sign}{_typed(report.fact)}" if report.fact is not None else "",
        "said": report.no_data or report.qualifier,
        "note": report.note,
    }


def _typed(number: Decimal | None) -> str:
    """A number as it is typed in any language: a comma is the decimal one, thousands stand apart."""
    if number is None:
        return ""
    whole, _point, decimals = f"{number:f}".partition(".")
    decimals = decimals.rstrip("0")
    return f"{int(whole):,}".replace(",", NBSP) + (f",{decimals}" if decimals else "")


class CellForm(forms.Form):
    """One cell of the grid, as it was typed over what `was` reported of its period.

    `said` is one choice: how exactly the number is said, or why there is none. What was changed counts: a number typed
    over "no data" is the number, "no data" chosen over a number takes the number away; of a sign («>2000») and a choice
    that were both changed, the sign counts.

    A fact of many times the `plan` of the year is asked about (`asks_about`), unless it is what the page asked about
    (`sure`) and comes again.
    """

    value = forms.CharField(required=False, max_length=60, error_messages={"max_length": _("This number is too long.")})
    said = forms.ChoiceField(
        required=False,
        choices=[(choice.value, choice.label) for choice in (*Qualifier, *NoData)],
        error_messages={"invalid_choice": _("Choose a reason from the list.")},
    )
    note = WordsField(
        required=False, max_length=2000, error_messages={"max_length": _("The note is too long: at most 2000 signs.")}
    )

    def __init__(
        self,
        data: Mapping[str, str],
        *,
        key: str,
        kind: str,
        unit: str,
        was: ProjectReport | None,
        plan: Decimal | None = None,
        sure: str = "",
    ):
        shown = shown_in(was, kind)
        typed = {f"{key}-{name}": data.get(f"{key}-{name}", shown[name]) for name in PARTS}
        super().__init__(typed, prefix=key, initial=shown)
        self.key, self.kind, self.unit, self.was = key, kind, unit, was
        self.plan, self.sure, self.asks_about = plan, sure, ""
        self.number = NumberField(required=False)
        self.number.error_messages["invalid"] = (
            _("Enter a number, such as 322 or 866,8. If there is none, choose “no data” and why.")
            if kind == FACT
            else _("Enter a number, such as 322 or 866,8.")
        )
        self.number.error_messages["min_value"] = _("A number is not less than zero.")

    @property
    def changed_parts(self) -> list[str]:
        """The fields in which something else stands than was shown; how digits stand apart does not matter."""
        return [name for name, text in self.typed.items() if _bare(text) != _bare(self.initial[name])]

    @property
    def typed(self) -> dict[str, str]:
        """What stands in its fields now; what was not sent is as it was."""
        return {name: self.data[self.add_prefix(name)] for name in PARTS}

    def clean(self) -> dict[str, Any]:
        """Read the number; settle between number, sign and choice what was meant."""
        cleaned = super().clean()
        if self.errors:
            return cleaned
        changed, said, note = self.changed_parts, cleaned["said"], cleaned["note"]
        try:
            number, sign = self._read(cleaned["value"])
        except ValidationError as error:
            if said not in NoData.values or "said" not in changed:
                self.add_error("value", error)
                return cleaned
            number, sign = None, ""  # «жоқ» was typed, and then the reason chosen, as was asked for
        if said in NoData.values and number is not None:
            if "said" not in changed:
                said, note = sign, note if "note" in changed else ""
            elif "value" not in changed:
                number = None
            else:
                self.add_error("value", _("Enter a number, or choose “no data”: not both."))
                return cleaned
        elif said not in NoData.values and number is not None:
            is_chosen = "said" in changed and not (sign and "value" in changed)
            said = said if is_chosen else sign
        elif said not in NoData.values:  # taken back, with the reason that stood there
            said, note = Qualifier.EXACT, note if "note" in changed else ""
        if said == NoData.OTHER and not note.strip():
            self.add_error("note", _("Write why there is no number."))
        elif number is not None and "value" in changed:
            self._ask_if_much(number)
        return cleaned | {"value": number, "said": said, "note": note}

    def _read(self, text: str) -> tuple[Decimal | None, str]:
        """A number and how exactly it is said: «1 944», «866,8», «>2000», «2000+», «~150», «2,5 млрд»."""
        bare = _bare(text).casefold()
        found = TYPED.fullmatch(bare)
        if found is None or (found["word"] and found["word"] not in TENS):
            return self.number.clean(bare), ""
        if not found["word"] and "value" in self.changed_parts:
            self._refuse_groups(found["number"])
        number = self.number.clean(re.sub(r"([.,][0-9]{3})0+$", r"\1", found["number"]))
        sign = SIGNS.get(found["before"] or found["after"], Qualifier.EXACT)
        if found["word"]:
            number = self.number.clean(f"{number.scaleb(TENS[found['word']]):f}")
        if self.kind == PLAN and sign:
            raise ValidationError(_("A plan is an exact number."))
        if self.unit not in FRACTIONS and number != number.to_integral_value():
            raise ValidationError(_("This is counted in whole numbers. Thousands stand apart by a space: 11 210."))
        return number, sign

    def _ask_if_much(self, number: Decimal) -> None:
        """Ask about a fact of many times the plan: a nought too many looks like that."""
        text = f"{number:f}"
        if self.kind == PLAN or not self.plan or number <= MUCH * self.plan or text == self.sure:
            return
        self.asks_about = text
        words = _("That is %(times)s times the plan of the year. Is it right? If it is, save it once more.")
        self.add_error("value", ValidationError(words, params={"times": num(int(number / self.plan))}))

    def _refuse_groups(self, typed: str) -> None:
        """Ask for spaces where «12,000» would become 12 in silence; where it may be a fraction, which of the two."""
        if not GROUPS.fullmatch(typed):
            return
        whole, *groups = re.split("[.,]", typed)
        thousands = NBSP.join((whole, *groups))
        if self.unit != ProjectUnit.HECTARES:
            raise ValidationError(
                _("Thousands stand apart by a space, not by a comma or a point. If %(number)s is meant, write it so."),
                params={"number": thousands},
            )
        if len(groups) == 1:
            (decimals,) = groups
            kept = decimals.rstrip("0")
            fraction = f"{whole},{decimals}0" if kept == decimals else f"{whole},{kept}".rstrip(",")
            raise ValidationError(
                _("%(thousands)s or %(fraction)s? Write it in that way."),
                params={"thousands": thousands, "fraction": fraction},
            )

    @property
    def reported(self) -> dict[str, Any]:
        """The part of a report that this cell tells."""
        if self.kind == PLAN:
            return {"plan": self.cleaned_data["value"]}
        said = self.cleaned_data["said"]
        is_no_data = said in NoData.values
        return {
            "fact": self.cleaned_data["value"],
            "qualifier": Qualifier.EXACT if is_no_data else said,
            "no_data": said if is_no_data else "",
            "note": self.cleaned_data["note"].strip(),
        }

    def refuse(self, error: ValidationError) -> None:
        """Put what the action refused beside the fields of the cell."""
        names = {"plan": "value", "fact": "value", "no_data": "said"}
        for name, errors in error.error_dict.items() if hasattr(error, "error_dict") else [("value", error)]:
            self.add_error(names.get(name, name), errors)


def _bare(text: str) -> str:
    """A text without its spaces, of any kind."""
    return "".join(text.split())
