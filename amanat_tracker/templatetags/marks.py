"""Marks of the sprite in templates/_marks.html; a builtin of every template."""

from django import template

register = template.Library()


@register.inclusion_tag("_mark.html")
def mark(symbol: str, kind: str = "") -> dict[str, str]:
    """Draw a mark beside its word: `{% mark "late" "fail" %}` is the triangle in the colour of failure.

    `symbol` is an id of templates/_marks.html; `kind` gives the colour: done, prog, risk, late, fail or none.
    """
    return {"symbol": symbol, "kind": kind}
