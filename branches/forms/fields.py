"""Fields and forms that every entry is made of: days, reasons, notes, numbers, files, choices side by side."""

import datetime as dt
import uuid
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.core.validators import MaxValueValidator
from django.template.defaultfilters import filesizeformat
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from amanat_tracker.generic.photos import CheckedPhoto, check_photo
from amanat_tracker.generic.uploads import ACCEPTED, CheckedUpload, check_upload
from branches.forms.day import day_input

MOST_FILES = 5


class Segments(forms.RadioSelect):
    """Radio buttons side by side, each with its drawn mark: `marks` gives (mark, tone) by value."""

    template_name = "forms/segments.html"

    def __init__(self, marks: Mapping[str, tuple[str, str]]):
        super().__init__()
        self.marks = marks

    def create_option(self, name, value, *args, **kwargs) -> dict[str, Any]:
        """One button, with what is drawn on it."""
        mark, tone = self.marks[value]
        return super().create_option(name, value, *args, **kwargs) | {"mark": mark, "tone": tone}


class WordsField(forms.CharField):
    """Words as they are typed or pasted: what is too long is refused, and kept; a browser would cut it silently."""

    default_error_messages = {
        "max_length": _(
            "This is too long: at most %(limit_value)d characters are kept, and these are %(show_value)d. Shorten it."
        ),
    }

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """What the browser is told of it: not the length."""
        return {name: value for name, value in super().widget_attrs(widget).items() if name != "maxlength"}


def day_field(label: str | Promise, *, until: dt.date | None = None) -> forms.DateField:
    """A day, not later than `until`: said beside the rest that is wrong. Which earlier days may be, actions say."""
    field = forms.DateField(
        label=label,
        widget=day_input(),
        error_messages={"required": _("Enter the day."), "invalid": _("Enter the day as in 31.12.2025.")},
    )
    if until:
        not_yet = _("This day has not come yet. Enter today or an earlier day.")
        field.validators.append(MaxValueValidator(until, message=not_yet))
        field.widget.attrs["max"] = until.isoformat()
    return field


def note_field(label: str | Promise, *, required: bool = False, missing: str | Promise = "") -> WordsField:
    """A few sentences; `missing` says what to write when they are required."""
    return WordsField(
        label=label,
        required=required,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": missing},
    )


class NumberField(forms.DecimalField):
    """A number as people type it: «11 210», «866,8», "866.8"."""

    def __init__(self, **kwargs):
        wrong = _("Enter a number, such as 322 or 866,8.")
        super().__init__(
            min_value=Decimal(0),
            max_digits=18,
            decimal_places=3,
            widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
            error_messages={
                "invalid": wrong,
                "min_value": _("A fact is not less than zero."),
                "max_digits": _("This number is too long."),
                "max_whole_digits": _("This number is too long."),
                "max_decimal_places": _("At most three digits stand after the comma."),
            },
            **kwargs,
        )

    def to_python(self, value: Any) -> Decimal | None:
        """Read it: spaces of any kind are dropped, a comma is a point."""
        if isinstance(value, str):
            value = "".join(value.split()).replace(",", ".")
            if value.strip("0123456789.-"):
                raise ValidationError(self.error_messages["invalid"], code="invalid")
        return super().to_python(value)


class FilesInput(forms.FileInput):
    """A field into which several files can be put at once."""

    allow_multiple_selected = True


class EvidenceField(forms.FileField):
    """Evidence files, looked into one by one: each that is refused is named with the reason."""

    widget = FilesInput
    most_files = MOST_FILES
    look_into = staticmethod(check_upload)
    endings = sorted(ending for endings in ACCEPTED.values() for ending in endings)
    accepted = _("PDF, JPEG, PNG, DOCX or XLSX; at most %(count)s files, each up to %(size)s.")

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.widget.attrs["accept"] = ",".join(self.endings)

    def explain(self) -> None:
        """Say what is accepted, in the language of the reader: below the field, and to static/files.js."""
        limits = {"count": self.most_files, "size": filesizeformat(settings.EVIDENCE_MAX_BYTES)}
        self.help_text = self.accepted % limits
        self.widget.attrs |= {
            "data-most-files": self.most_files,
            "data-most-bytes": settings.EVIDENCE_MAX_BYTES,
            "data-too-many": gettext("Too many files are chosen: at most %(count)s are accepted.") % limits,
            "data-too-large": gettext("Too large, at most %(size)s is accepted:") % limits,
        }

    def clean(
        self, data: list[UploadedFile] | None, initial: object = None
    ) -> list[CheckedUpload] | list[CheckedPhoto]:
        """Return the files with what was found in them."""
        files = [file for file in data or [] if file]
        if len(files) > self.most_files:
            too_many = gettext("%(count)s files were sent, at most %(most)s are accepted. Choose fewer.")
            raise ValidationError(too_many, code="too_many", params={"count": len(files), "most": self.most_files})
        checked, errors = [], []
        for file in files:
            try:
                checked.append(self.look_into(file))
            except ValidationError as error:
                errors.append(error)
        if errors:
            raise ValidationError(errors)
        return checked


class PhotosField(EvidenceField):
    """Photographs: from the camera of a phone, or files."""

    look_into = staticmethod(check_photo)
    endings = ("image/jpeg", "image/png")
    accepted = _("JPEG or PNG; at most %(count)s photographs, each up to %(size)s.")


class SubmissionForm(forms.Form):
    """A form that makes one row however often it is pressed: it carries the token of its opening."""

    submission = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial.setdefault("submission", uuid.uuid4())


class SaidOnceForm(SubmissionForm):
    """A form whose token stands for what was typed, too.

    Pressed twice it is the same submission, and makes one row; but when somebody goes back, changes any of it and saves
    again, it is another.
    """

    def clean(self) -> dict[str, Any]:
        """Derive the submission from the token of the opened form and from everything that was typed into it."""
        cleaned = super().clean() or self.cleaned_data
        token = cleaned.get("submission")
        if token:
            # rows by their keys: two localities may have one name
            typed = {
                name: getattr(value, "pk", value)
                for name, value in cleaned.items()
                if name not in ("submission", "seen")
            }
            for name, field in self.fields.items():
                if isinstance(field, EvidenceField):
                    typed[name] = [file.sha256 for file in typed.get(name) or ()]
            cleaned["submission"] = uuid.uuid5(token, repr(sorted(typed.items())))
        return cleaned

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if isinstance(field, EvidenceField):
                field.explain()

    @property
    def hidden_errors(self) -> list[str]:
        """What is wrong with fields that nobody sees; shown above the form."""
        return [error for field in self.hidden_fields() for error in field.errors]
