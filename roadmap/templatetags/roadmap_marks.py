"""Statuses in templates: a mark, a colour and a word, always all three."""

from typing import Any

from django import template
from django.forms import Form

from roadmap.choices import Status

register = template.Library()


@register.inclusion_tag("roadmap/_status.html")
def status(value: str, word: str = "") -> dict[str, Any]:
    """Draw a status as a badge: `{% status measure.day_status %}`. `word` replaces its label where a page says more."""
    known = Status(value)
    return {"mark": known.mark, "tone": known.tone, "label": word or known.label}


@register.simple_tag
def status_word(value: str) -> str:
    """The label of a status, inside a sentence."""
    return Status(value).label


@register.simple_tag
def entry_form(forms: dict[int, Form], measure: int) -> Form:
    """The form that belongs to a measure, of a page's forms by measure."""
    return forms[measure]
