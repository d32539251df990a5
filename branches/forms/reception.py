"""What is typed of a reception office: its rules, its events."""

import datetime as dt
from collections.abc import Sequence

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from branches.choices import EventKind
from branches.forms.fields import SaidOnceForm, WordsField, day_field, note_field
from branches.models import Locality, PartyProject, ReceptionEvent


class RuleForm(forms.Form):
    """In how many working days a branch answers, and when it takes voters' mandates only."""

    answer_days = forms.IntegerField(
        label=_("Working days for an answer"),
        min_value=1,
        max_value=90,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={
            "required": _("Enter a number of working days."),
            "invalid": _("Enter a whole number, such as 15."),
            "min_value": _("Enter a number from 1 to 90."),
            "max_value": _("Enter a number from 1 to 90."),
        },
    )
    mandates_from = day_field(_("From"))
    mandates_until = day_field(_("Until, this day too"))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("mandates_from", "mandates_until"):
            self.fields[name].required = False


class EventForm(SaidOnceForm):
    """A reception event: what kind, when, where, within which party project."""

    field_order = ("kind", "held_on", "place", "locality", "project", "note")

    kind = forms.ChoiceField(
        label=_("Kind of reception"),
        choices=EventKind.choices,
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose the kind of reception."),
            "invalid_choice": _("There is no such kind of reception. Choose from the list."),
        },
    )
    place = WordsField(
        label=_("Place"),
        max_length=200,
        help_text=_("A building or a hall, as in “House of Culture”."),
        error_messages={"required": _("Write where it was held.")},
    )
    locality = forms.ModelChoiceField(
        label=_("Locality"),
        queryset=Locality.objects.none(),
        required=False,
        empty_label=_("not named"),
        error_messages={"invalid_choice": _("This locality lies elsewhere. Choose one from the list.")},
    )
    project = forms.ModelChoiceField(
        label=_("Party project"),
        queryset=PartyProject.objects.none(),
        required=False,
        empty_label=_("outside of projects"),
        error_messages={"invalid_choice": _("There is no such party project. Choose one from the list.")},
    )

    def __init__(
        self, *args, today: dt.date, localities: Sequence[Locality], projects: Sequence[PartyProject], **kwargs
    ):
        super().__init__(*args, **kwargs)
        self.fields["held_on"] = day_field(_("Held on"), until=today)
        self.fields["held_on"].initial = today
        self.fields["locality"].queryset = localities
        self.fields["project"].queryset = projects
        self.fields["note"] = note_field(_("Note"))
        self.fields["note"].help_text = _("Without names and other data of citizens: everybody in the party reads it.")
        self.order_fields(self.field_order)


class EventField(forms.ModelChoiceField):
    """One of the reception events, with its place: there may be two on one day."""

    def label_from_instance(self, obj: ReceptionEvent) -> str:
        """What kind, when, where."""
        return f"{obj}, {obj.place}"


class EventAnnulmentForm(SaidOnceForm):
    """Why a reception event does not count, and which one was meant; `has_requests` says that one must be named."""

    field_order = ("note", "instead")

    note = note_field(
        _("Why the event does not count"), required=True, missing=_("Write why the event does not count.")
    )
    instead = EventField(
        label=_("The event as it was"),
        queryset=ReceptionEvent.objects.none(),
        required=False,
        empty_label=_("there was none"),
        error_messages={
            "required": _("Choose the event at which these requests were made."),
            "invalid_choice": _("These requests cannot have been made at this event. Choose another one."),
        },
    )

    def __init__(self, *args, events: QuerySet[ReceptionEvent], has_requests: bool, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["note"].help_text = _("Without names and other data of citizens: everybody in the party reads it.")
        instead = self.fields["instead"]
        instead.queryset = events
        instead.required = has_requests
        instead.empty_label = _("Choose") if has_requests else _("there was none")
        instead.help_text = _("What citizens asked at it is counted there.")
