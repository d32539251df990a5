"""What is typed where citizens' requests meet the roadmap and control. Nothing personal is asked for here."""

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from branches.forms.fields import SaidOnceForm, note_field
from roadmap.models import Measure, Site


class WordsForm(forms.Form):
    """By which words of measures to look; answers by GET: words of people have no place in an address."""

    q = forms.CharField(
        label=_("Look among the measures"),
        required=False,
        max_length=100,
        help_text=_("Words of the measure: title, number, executor, village. Never words about the applicant."),
        widget=forms.TextInput(attrs={"type": "search"}),
    )


class LinkForm(SaidOnceForm):
    """Of which measure a request speaks; with the button `unlink` pressed, of which it does not after all."""

    unlink = forms.BooleanField(required=False)

    def __init__(self, *args, measures: QuerySet[Measure], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["measure"] = forms.ModelChoiceField(
            measures,
            label=_("Measure"),
            error_messages={
                "required": _("Choose the measure that the request speaks of."),
                "invalid_choice": _("Choose a measure from the list."),
            },
        )


class ReferForm(SaidOnceForm):
    """What control should look at because of a request."""

    field_order = ("note", "site")

    note = note_field(_("What should control look at?"), required=True, missing=_("Write what control should look at."))

    def __init__(self, *args, sites: QuerySet[Site], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["note"].help_text = _(
            "Without names, telephones and IINs: control reads this and does not see who asks. For example: the water "
            "pipe in the street leaks, though its repair is reported as done."
        )
        self.fields["site"] = forms.ModelChoiceField(
            sites,
            label=_("At which site"),
            required=False,
            empty_label=_("none, or not known"),
            error_messages={"invalid_choice": _("Choose a site from the list.")},
        )
