"""Control posts: the list, the card, and how they are opened, closed and reopened."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from amanat_tracker.database.functions import in_kazakh_order
from amanat_tracker.generic.keys import named
from amanat_tracker.generic.pages import ActionPage
from branches.choices import Permission
from branches.views.listing import ListCount
from roadmap import actions
from roadmap.choices import ClosingReason, SiteState
from roadmap.dashboards.links import control_url
from roadmap.dashboards.posts import PostCard, listed_posts, post_card, with_sites
from roadmap.filters.posts import PostFilter
from roadmap.forms.posts import PostCloseForm, PostOpenForm, PostReopenForm
from roadmap.models import ControlPost, PostChange, Site
from roadmap.tables.posts import PostTable
from roadmap.views.listing import ControlListPage
from roadmap.views.sites import ControlActionPage, PostedMixin, WatchedPage

NOT_WATCHED = (SiteState.COMMISSIONED, SiteState.CANCELLED)  # there is nothing left to watch there


class PostListPage(PostedMixin, ControlListPage):
    """The control posts that stood at some time of the year, as known on a day."""

    model = ControlPost
    filterset_class = PostFilter
    table_class = PostTable
    template_name = "roadmap/post_list.html"
    heading = gettext_lazy("Control posts")

    def rows(self, scoped: QuerySet) -> QuerySet:
        """Those of the year, each with its sites."""
        day, every = self.moment.day, settings.VISIT_EVERY_DAYS
        posts = listed_posts(scoped, day=day, visit_every=every).stood_in(self.moment.year, day)
        return with_sites(posts, day=day, visit_every=every).select_related("branch__district", "branch__region")

    def counts(self) -> Iterable[ListCount]:
        """All of the year, open now, due for a visit."""
        rows = list(self.filterset.frame_qs.order_by().values_list("is_open", "is_due"))
        for name, label, count, mark, tone in (
            ("", pgettext_lazy("control posts", "stood in the year"), len(rows), "nots", "none"),
            ("standing", pgettext_lazy("filter", "open now"), sum(is_open for is_open, _due in rows), "visit", "done"),
            ("due", pgettext_lazy("filter", "due for a visit"), sum(is_due for _open, is_due in rows), "clock", "late"),
        ):
            picked = {name: True} if name else {}
            url = self.address_of(**dict.fromkeys(picked, 1))
            yield ListCount(name, label, count, url, mark, tone, self.picked == picked)

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        """Sites and posts of the year above the counts."""
        return super().get_context_data(
            posted=self.posted_in_year(), may_open=Permission.CONTROL in self.request.user.permissions, **kwargs
        )


def _posts() -> QuerySet:
    return ControlPost.objects.select_related("branch__district", "branch__region", "author")


class PostPage(WatchedPage):
    """Everything about one post, as it was known on a day; the card of today also lets control act."""

    model = ControlPost
    template_name = "roadmap/post_detail.html"

    def get_queryset(self) -> QuerySet:
        """Posts with their place."""
        return _posts()

    def card(self, day: dt.date) -> PostCard:
        """The card of the day."""
        return post_card(self.object, day, visit_every=settings.VISIT_EVERY_DAYS)

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        """The list that the post belongs to, and the visits of its branch."""
        context = super().get_context_data(**kwargs)
        day = context["card"].day if context["as_of"] else None
        return context | {"list_url": control_url("post_list", day=day, branch=self.object.branch)}


class PostActionPage(ActionPage):
    """A form about a post; its sites as they stand today are beside it."""

    model = ControlPost
    permission = Permission.CONTROL

    @cached_property
    def card(self) -> PostCard:
        """The card of today."""
        return post_card(self.object, self.today, visit_every=settings.VISIT_EVERY_DAYS)

    def get_queryset(self) -> QuerySet:
        """Posts with their place."""
        return _posts()

    def blocked(self) -> str:
        """Why the form is not offered; "" when it is. What is sent in spite of it is refused by the action."""
        return ""

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        """The post beside the form, and the list that it belongs to."""
        return super().get_context_data(
            card=self.card,
            blocked=self.blocked(),
            back=self.object.get_absolute_url(),
            list_url=control_url("post_list", branch=self.object.branch),
            **kwargs,
        )

    def get_form_kwargs(self) -> dict[str, Any]:
        """The day, beside what was sent."""
        return super().get_form_kwargs() | {"today": self.today}


class PostClosePage(PostActionPage):
    """Control closes a post."""

    template_name = "roadmap/post_close.html"
    form_class = PostCloseForm

    def blocked(self) -> str:
        """Only an open post is closed."""
        return "" if self.card.is_open else _("The post is closed already.")

    def get_initial(self) -> dict[str, Any]:
        """When all its sites are in use, that is the reason."""
        is_done = self.card.sites and self.card.in_use == len(self.card.sites)
        return {"reason": ClosingReason.COMMISSIONED} if is_done else {}

    def perform(self, form: forms.Form) -> PostChange:
        """Close it."""
        return actions.close_post(post=self.object, by=self.request.user, today=self.today, **form.cleaned_data)

    def said(self, result: PostChange) -> list[tuple[int, str]]:
        """That it is kept."""
        return [(messages.SUCCESS, _("The post is closed: %(reason)s.") % {"reason": result.get_reason_display()})]


class PostReopenPage(PostActionPage):
    """Control opens a closed post again."""

    template_name = "roadmap/post_reopen.html"
    form_class = PostReopenForm

    def blocked(self) -> str:
        """Only a closed post is reopened."""
        return _("The post is open already.") if self.card.is_open else ""

    def perform(self, form: forms.Form) -> PostChange:
        """Open it again."""
        return actions.reopen_post(post=self.object, by=self.request.user, today=self.today, **form.cleaned_data)

    def said(self, result: PostChange) -> list[tuple[int, str]]:
        """That it is kept."""
        return [(messages.SUCCESS, _("The post is open again."))]


class PostOpenPage(ControlActionPage):
    """Control opens a post over one or several sites of a branch; `?site=` ticks one of them and so says the branch."""

    template_name = "roadmap/post_open.html"
    doing = gettext_lazy("Open a control post")
    here = "post_list"

    @cached_property
    def chosen(self) -> Site | None:
        """The site of the address."""
        pk = self.request.GET.get("site", "")
        if not pk:
            return None
        known = Site.objects.for_user(self.request.user).select_related("branch")
        return get_object_or_404(named(known, pk))

    def asked_for(self) -> str:
        """The branch of the chosen site, unless another is named."""
        return super().asked_for() or (self.chosen.branch.slug if self.chosen else "")

    def back_url(self) -> str:
        """To the chosen site, or to the list."""
        return self.chosen.get_absolute_url() if self.chosen else super().back_url()

    @cached_property
    def sites(self) -> list[Site]:
        """The sites of the branch as they stand today, in the Kazakh alphabet."""
        known = Site.objects.filter(branch=self.object).as_of(self.today)
        return list(known.order_by(in_kazakh_order("name"), "pk"))

    @property
    def free(self) -> list[Site]:
        """Those that can come under a post."""
        return [site for site in self.sites if not site.is_under_post and site.day_state not in NOT_WATCHED]

    def get_form(self, form_class: type[forms.Form] | None = None) -> PostOpenForm:
        """The form; the chosen site is ticked."""
        initial = {"sites": [self.chosen.pk] if self.chosen else []}
        return PostOpenForm(**self.sent, sites=self.sites, free=self.free, today=self.today, initial=initial)

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        """Whether there is anything to open a post over."""
        return super().get_context_data(has_free=bool(self.free), **kwargs)

    def perform(self, form: PostOpenForm) -> ControlPost:
        """Open it."""
        self.made = actions.open_post(by=self.request.user, today=self.today, **form.cleaned_data)
        return self.made

    def said(self, result: ControlPost) -> list[tuple[int, str]]:
        """That it is kept, and what follows."""
        words = _("Post No. %(number)s is open. It is due for its first visit within %(days)s days.")
        return [(messages.SUCCESS, words % {"number": result.number, "days": settings.VISIT_EVERY_DAYS})]
