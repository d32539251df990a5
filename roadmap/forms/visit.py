"""What is typed on a construction site: a visit, with all that was seen, found, judged and recommended on it."""

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.http import QueryDict
from django.utils.text import Truncator
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from branches.forms.fields import PhotosField, SaidOnceForm, Segments, WordsField, day_field, note_field
from branches.models import Request
from roadmap.actions import Advice, Found, Judgement
from roadmap.choices import CHECKLIST, VERDICT_LOOK, CheckMark, Severity, Verdict, VisitKind
from roadmap.models import Finding, Measure, Recommendation, Site, SiteVisit, Verification

MOST_PHOTOS = 8
EMPTY_FINDINGS, EMPTY_RECOMMENDATIONS = 3, 2  # rows that wait to be filled; a script adds more
FINDING = ("severity", "text", "due_on")
ADVICE = ("text", "addressee", "executor", "due_on")
KIND_MARKS = {VisitKind.VISIT: ("visit", "none"), VisitKind.RAID: ("late", "none")}


class RequestChoice(forms.ModelChoiceField):
    """A citizen's request that was passed to control, by its number, topic and place, and what is to be looked at."""

    def label_from_instance(self, asked: Request) -> str:
        """What control knows of it."""
        known = [str(asked), asked.topic.name, *([asked.locality.name] if asked.locality else [])]
        return f"{' · '.join(known)}: {Truncator(asked.referral.note).chars(80)}"


class VisitPhotosField(PhotosField):
    """What was photographed on one visit."""

    most_files = MOST_PHOTOS


class PercentField(forms.IntegerField):
    """Whole percent as people type them: "45", "45 %"."""

    def __init__(self, **kwargs):
        wrong = _("Enter a whole number from 0 to 100, such as 45.")
        super().__init__(
            min_value=0,
            max_value=100,
            widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "maxlength": 5}),
            error_messages={"required": wrong, "invalid": wrong, "min_value": wrong, "max_value": wrong},
            **kwargs,
        )

    def to_python(self, value: Any) -> int | None:
        """Read it without its sign."""
        return super().to_python(value.replace("%", "").strip() if isinstance(value, str) else value)


def close_up(data: QueryDict, part: str, names: Sequence[str]) -> int:
    """Move the filled rows of a part together ("finding_1_text", "finding_3_text" → 1, 2); how many there are.

    Actions count what they are given, so what they refuse of the second finding concerns the second row.
    """
    pattern = re.compile(rf"{part}_([0-9]{{1,3}})_({'|'.join(names)})")
    rows: dict[int, dict[str, str]] = defaultdict(dict)
    for key in list(data):
        if found := pattern.fullmatch(key):
            value = data.pop(key)[-1]
            if value.strip():
                rows[int(found[1])][found[2]] = value
    for place, (_number, row) in enumerate(sorted(rows.items()), start=1):
        for name, value in row.items():
            data[f"{part}_{place}_{name}"] = value
    return len(rows)


def _line(label: str, *, required: bool, missing: str = "", longest: int = 200) -> WordsField:
    return WordsField(label=label, required=required, max_length=longest, error_messages={"required": missing})


def _text(label: str, *, required: bool, missing: str) -> WordsField:
    return WordsField(
        label=label,
        required=required,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": missing},
    )


class VisitForm(SaidOnceForm):
    """A visit to a site. Fields are named as `actions.record_visit` names what it refuses.

    `claims` (dashboards.visits.Claim) are the last reports of the site's measures: a verdict is asked for where there
    is one to give. `seen` is the last visit that the form showed (0: there was none). `asked` are the requests of
    citizens because of which control may have come.
    """

    use_required_attribute = False  # a row of findings is required in part, once it is begun

    photos = VisitPhotosField(label=_("Photographs"), required=False)
    readiness = PercentField(label=_("Technical readiness, %"))
    kind = forms.ChoiceField(
        label=_("Kind of visit"),
        choices=[(kind.value, kind.label) for kind in VisitKind],
        initial=VisitKind.VISIT,
        widget=Segments(KIND_MARKS),
        error_messages={"required": _("Choose the kind of the visit."), "invalid_choice": _("Choose from the list.")},
    )
    participants = WordsField(
        label=_("Who took part"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Names separated by commas."),
    )
    note = note_field(pgettext_lazy("visit", "Note"))
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        data: QueryDict | None = None,
        *args,
        claims: Sequence[Any],
        today: dt.date,
        asked: models.QuerySet[Request] | None = None,
        **kwargs,
    ):
        data = None if data is None else data.copy()
        findings = 0 if data is None else close_up(data, "finding", FINDING)
        recommendations = 0 if data is None else close_up(data, "recommendation", ADVICE)
        super().__init__(data, *args, **kwargs)
        self.today = today
        self.claims = claims
        self.filled = {"finding": findings, "recommendation": recommendations}
        self.fields["visited_on"] = day_field(_("Day of the visit"), until=today)
        self.fields["visited_on"].initial = today
        if asked:
            self._ask_because_of_what(asked)
        for point, label in CHECKLIST.items():
            self._ask_of_point(point, label)
        for number in range(1, max(findings + 1, EMPTY_FINDINGS) + 1):
            self._ask_of_finding(f"finding_{number}", required=number <= findings)
        for number in range(1, max(recommendations + 1, EMPTY_RECOMMENDATIONS) + 1):
            self._ask_of_advice(f"recommendation_{number}", required=number <= recommendations)
        for claim in claims:
            if not claim.blocked or self.data.get(f"verdict_{claim.measure.pk}"):
                self._ask_of_claim(claim)

    # --- fields ------------------------------------------------------------------------------------------------------
    def _ask_because_of_what(self, asked: models.QuerySet[Request]) -> None:
        self.fields["request"] = RequestChoice(
            asked,
            label=_("Because of a citizen's request"),
            required=False,
            empty_label=pgettext_lazy("because of a request", "no"),
            help_text=_("Requests that branches passed to control and nobody has followed yet."),
            error_messages={"invalid_choice": _("Choose a request from the list.")},
        )

    def _ask_of_point(self, point: str, label: str) -> None:
        self.fields[point] = forms.ChoiceField(
            label=label,
            choices=[(mark.value, mark.label) for mark in CheckMark],
            initial=CheckMark.UNCHECKED,
            widget=Segments({mark.value: (mark.mark, mark.tone) for mark in CheckMark}),
            error_messages={"required": _("Choose what was found."), "invalid_choice": _("Choose from the list.")},
        )
        self.fields[f"{point}_note"] = _line(_("Remarks"), required=False, longest=500)

    def _ask_of_finding(self, name: str, *, required: bool) -> None:
        self.fields[f"{name}_severity"] = forms.ChoiceField(
            label=_("How grave it is"),
            required=required,
            choices=[(severity.value, severity.label) for severity in Severity],
            widget=Segments({severity.value: (severity.mark, severity.tone) for severity in Severity}),
            error_messages={"required": _("Choose how grave it is."), "invalid_choice": _("Choose from the list.")},
        )
        self.fields[f"{name}_text"] = _text(
            _("What was found"), required=required, missing=_("Write what was found, or remove the finding.")
        )
        self.fields[f"{name}_due_on"] = day_field(_("To be put right by"))
        self.fields[f"{name}_due_on"].required = False

    def _ask_of_advice(self, name: str, *, required: bool) -> None:
        self.fields[f"{name}_text"] = _text(
            _("What is recommended"), required=required, missing=_("Write what is recommended.")
        )
        self.fields[f"{name}_addressee"] = _line(_("To whom"), required=required, missing=_("Write to whom."))
        self.fields[f"{name}_executor"] = _line(_("Who carries it out"), required=False)
        self.fields[f"{name}_due_on"] = day_field(_("To be done by"))
        self.fields[f"{name}_due_on"].required = required

    def _ask_of_claim(self, claim: Any) -> None:
        name = f"verdict_{claim.measure.pk}"
        self.fields[name] = forms.ChoiceField(
            label=_("Verdict"),
            required=False,
            choices=[
                (Verdict.CONFIRMS.value, pgettext_lazy("verdict", "confirms")),
                (Verdict.REFUTES.value, pgettext_lazy("verdict", "refutes")),
                ("", pgettext_lazy("verdict", "no verdict")),
            ],
            initial="",
            widget=Segments({**VERDICT_LOOK, "": ("nots", "none")}),
            error_messages={"invalid_choice": _("Choose a verdict from the list.")},
        )
        self.fields[f"{name}_note"] = note_field(_("What was seen of it"))
        self.fields[f"{name}_note"].widget.attrs["rows"] = 2
        shown = claim.report.pk if claim.report else None  # which report the reader has before them
        self.fields[f"claim_{claim.measure.pk}"] = forms.IntegerField(
            required=False, initial=shown, widget=forms.HiddenInput
        )

    # --- what cannot be true, all of it at once -----------------------------------------------------------------------
    def clean(self) -> dict[str, Any]:
        """Say at once what the action would say piece by piece: on a weak line every refusal is a journey."""
        cleaned = super().clean()
        day = cleaned.get("visited_on") or self.today
        visit = SiteVisit(entered_on=self.today, visited_on=day, **{p: cleaned.get(p, "") for p in CHECKLIST})
        for point in CHECKLIST:
            remarks = cleaned.get(f"{point}_note", "")
            setattr(visit, f"{point}_note", remarks)
            if remarks and cleaned.get(point) not in (None, CheckMark.REMARKS):
                self.add_error(f"{point}_note", _("Choose “there are remarks” for this text, or delete it."))
        self._say(visit, {name: name for name in self.fields})
        for name in self._rows("finding"):
            typed = {field: cleaned.get(f"{name}_{field}") for field in FINDING}
            if typed["severity"]:
                self._say(Finding(visit=visit, **typed), {"due_on": f"{name}_due_on"})
        for name in self._rows("recommendation"):
            due = cleaned.get(f"{name}_due_on")
            self._say(Recommendation(issued_on=day, entered_on=self.today, due_on=due), {"due_on": f"{name}_due_on"})
        for claim in self._judged():
            self._doubt(claim, day)
        for claim in self.claims:  # the page that is shown now shows the newest reports
            if f"claim_{claim.measure.pk}" in self.fields:
                self.data[f"claim_{claim.measure.pk}"] = claim.report.pk if claim.report else ""
        return cleaned

    def _doubt(self, claim: Any, day: dt.date) -> None:
        """Say what speaks against a verdict: nothing to verify, a report that the form did not show, no reason."""
        name = f"verdict_{claim.measure.pk}"
        if claim.blocked:
            self.add_error(name, gettext("No verdict can be given: %(why)s.") % {"why": claim.why})
        elif self.cleaned_data.get(f"claim_{claim.measure.pk}") != claim.report.pk:
            self.add_error(name, _("The branch reported anew meanwhile. Look at the new report first."))
        else:
            verdict, note = self.cleaned_data[name], self.cleaned_data.get(f"{name}_note", "")
            verification = Verification(
                report=claim.report, verdict=verdict, note=note, seen_on=day, entered_on=self.today
            )
            self._say(verification, {"note": f"{name}_note", "seen_on": name})

    def _say(self, row: models.Model, names: Mapping[str, str]) -> None:
        """Put what a row finds wrong with itself beside its field, unless something stands there already."""
        try:
            row.clean()
        except ValidationError as error:
            for field, errors in error.error_dict.items():
                if names.get(field, field) in self.fields and names.get(field, field) not in self.errors:
                    self.add_error(names.get(field, field), errors)

    def _rows(self, part: str) -> list[str]:
        return [f"{part}_{number}" for number in range(1, self.filled[part] + 1)]

    def _judged(self) -> list[Any]:
        return [claim for claim in self.claims if self.cleaned_data.get(f"verdict_{claim.measure.pk}")]

    # --- for the page ------------------------------------------------------------------------------------------------
    @property
    def points(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """The checklist: mark and remarks of each point."""
        return [(self[point], self[f"{point}_note"]) for point in CHECKLIST]

    @property
    def findings(self) -> list[dict[str, Any]]:
        """The rows of findings: number and fields."""
        return self._shown("finding", FINDING)

    @property
    def recommendations(self) -> list[dict[str, Any]]:
        """The rows of recommendations: number and fields."""
        return self._shown("recommendation", ADVICE)

    def _shown(self, part: str, names: Sequence[str]) -> list[dict[str, Any]]:
        numbers = (int(name.split("_")[1]) for name in self.fields if re.fullmatch(rf"{part}_\d+_text", name))
        return [
            {
                "number": number,
                "is_filled": number <= self.filled[part],
                **{name: self[f"{part}_{number}_{name}"] for name in names},
            }
            for number in numbers
        ]

    @property
    def verdicts(self) -> list[dict[str, Any]]:
        """Each claim with the fields of its verdict, where there is one to give."""
        return [
            {
                "claim": claim,
                "verdict": self[name] if (name := f"verdict_{claim.measure.pk}") in self.fields else None,
                "note": self[f"{name}_note"] if name in self.fields else None,
            }
            for claim in self.claims
        ]

    @property
    def has_recommendations(self) -> bool:
        """Whether any recommendation is begun."""
        return bool(self.filled["recommendation"])

    # --- for the action ----------------------------------------------------------------------------------------------
    def statement(self, site: Site) -> dict[str, Any]:
        """What was typed, as `actions.record_visit` takes it."""
        typed = self.cleaned_data
        names = ("readiness", "visited_on", "kind", "participants", "note", "photos", "seen", "submission")
        return {
            **{name: typed[name] for name in names},
            "request": typed.get("request"),
            "checklist": {point: (typed[point], typed[f"{point}_note"]) for point in CHECKLIST},
            "findings": [
                Found(**{field: typed[f"{name}_{field}"] for field in FINDING}) for name in self._rows("finding")
            ],
            "advice": [
                Advice(**{field: typed[f"{name}_{field}"] for field in ADVICE}, site=site, measure=self._only_measure)
                for name in self._rows("recommendation")
            ],
            "judgements": [
                Judgement(
                    claim.report,
                    typed[f"verdict_{claim.measure.pk}"],
                    typed[f"verdict_{claim.measure.pk}_note"],
                )
                for claim in self._judged()
            ],
        }

    @property
    def _only_measure(self) -> Measure | None:
        """The measure that recommendations of the visit concern, when the site has one only."""
        return self.claims[0].measure if len(self.claims) == 1 else None
