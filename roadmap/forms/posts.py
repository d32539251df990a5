"""What is typed of a control post: opened over sites, closed with a reason, reopened with a note."""

import datetime as dt
from collections.abc import Sequence

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from branches.forms.fields import SaidOnceForm, Segments, WordsField, day_field, note_field
from roadmap.choices import CLOSING_LOOK, ClosingReason
from roadmap.forms.sites import rows_field
from roadmap.models import Site


class PostOpenForm(SaidOnceForm):
    """A new post: over which sites of a branch, who heads it, who else is in it.

    `sites` are all that are understood, `free` those that may come under a post now.
    """

    field_order = ("sites", "chair", "members", "opened_on")

    chair = WordsField(
        label=_("Chair of the post"),
        max_length=200,
        error_messages={"required": _("Write who heads the post.")},
    )
    members = WordsField(
        label=_("Members"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("One name a line."),
    )

    def __init__(self, *args, sites: Sequence[Site], free: Sequence[Site], today: dt.date, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["sites"] = rows_field(
            _("Sites"),
            sites,
            offered=[(str(site.pk), str(site)) for site in free],
            required=True,
            missing=_("Choose at least one site."),
            wrong=_("This site is not of the branch. Choose from the list."),
        )
        self.fields["opened_on"] = day_field(_("Opened on"), until=today)
        self.fields["opened_on"].initial = today
        self.order_fields(self.field_order)


class PostCloseForm(SaidOnceForm):
    """Why a post is closed."""

    field_order = ("reason", "happened_on", "note")

    reason = forms.ChoiceField(
        label=_("Why the post is closed"),
        choices=ClosingReason.choices,
        widget=Segments(CLOSING_LOOK),
        error_messages={
            "required": _("Choose why the post is closed."),
            "invalid_choice": _("Choose a reason from the list."),
        },
    )
    note = note_field(pgettext_lazy("post", "Note"))

    def __init__(self, *args, today: dt.date, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["happened_on"] = day_field(_("On which day"), until=today)
        self.fields["happened_on"].initial = today
        self.order_fields(self.field_order)


class PostReopenForm(SaidOnceForm):
    """Why a closed post is opened again."""

    field_order = ("note", "happened_on")

    note = note_field(_("Why the post is reopened"), required=True, missing=_("Write why the post is reopened."))

    def __init__(self, *args, today: dt.date, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["happened_on"] = day_field(_("On which day"), until=today)
        self.fields["happened_on"].initial = today
        self.order_fields(self.field_order)
