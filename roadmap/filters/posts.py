"""What the list of control posts can be narrowed by."""

import django_filters
from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from amanat_tracker.database.functions import matching
from amanat_tracker.generic.lists import FlagFilter
from branches.filters.rows import RowsFilter
from roadmap.models import PostSite
from roadmap.models.control import ControlPostQuerySet


class PostFilter(RowsFilter):
    """Narrows control posts as `dashboards.posts.listed_posts` gives them."""

    q = django_filters.CharFilter(
        label=_("Search"),
        method="search",
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": _("number, chair, site")}),
    )
    standing = FlagFilter(label=pgettext_lazy("filter", "open now"), field_name="is_open")
    due = FlagFilter(label=pgettext_lazy("filter", "due for a visit"), field_name="is_due")

    def search(self, queryset: ControlPostQuerySet, name: str, text: str) -> ControlPostQuerySet:
        """Keep the posts with that number, or with that chair, members or sites."""
        number = text.strip().lstrip("№").strip()
        if number.isascii() and number.isdigit() and len(number) < 10:  # a longer one is no number of a post
            return queryset.filter(number=int(number))
        watching = PostSite.objects.filter(matching(text, "site__name", "site__contractor")).values("post")
        return queryset.filter(matching(text, "chair", "members") | Q(pk__in=watching))
