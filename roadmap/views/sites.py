"""Sites: the list, the card, and what party control enters about them."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.db.models import QuerySet
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from amanat_tracker.generic.pages import ActionPage
from branches.choices import Permission
from branches.views.choosing import BranchActionPage
from branches.views.day import DayCardPage
from branches.views.listing import ListCount
from roadmap import actions
from roadmap.choices import NEXT_STATES, PLAIN_STATES, SiteState
from roadmap.dashboards.links import control_url, placed_control_url
from roadmap.dashboards.posts import PostCard
from roadmap.dashboards.sites import Posted, SiteBoard, SiteCard, listed_sites, posted_counts, site_card, site_choices
from roadmap.filters.sites import SiteFilter
from roadmap.forms.sites import SiteForm, SiteRegistrationForm, SiteStateForm
from roadmap.models import ControlPost, Site, SiteStateChange
from roadmap.tables.sites import SiteTable
from roadmap.views.listing import ControlListPage


class PostedMixin:
    """A list of control above which stands how many sites were under a post in the year, and under how many posts."""

    def posted_in_year(self, sites: SiteBoard | None = None) -> Posted | None:
        """Count them for the region or branch that is picked; None where anything else narrows the frame.

        `sites`: the board of the sites, if it was counted already.
        """
        places = {name: value for name, value in self._frame().items() if name in ("region", "branch")}
        if self.filterset.errors or len(places) < len(self._frame()):
            return None
        where = {"year": self.moment.year, "day": self.moment.day}
        paths = {"region": "branch__region__slug", "branch": "branch__slug"}
        picked = {paths[name]: value for name, value in places.items()}
        if sites is None:
            rows = Site.objects.for_user(self.request.user).filter(**picked)
            sites = SiteBoard.of(listed_sites(rows, **where, visit_every=settings.VISIT_EVERY_DAYS))
        return posted_counts(
            sites=sites.posted,
            posts=ControlPost.objects.for_user(self.request.user).filter(**picked),
            **where,
            address_of=lambda view, **flags: placed_control_url(view, places, **where, **flags),
        )

    def _frame(self) -> dict[str, Any]:
        cleaned = self.filterset.form.cleaned_data
        return {name: cleaned[name] for name in self.filterset.frame if cleaned.get(name)}


class SiteListPage(PostedMixin, ControlListPage):
    """The sites known on a day."""

    model = Site
    filterset_class = SiteFilter
    table_class = SiteTable
    template_name = "roadmap/site_list.html"
    heading = gettext_lazy("Sites")

    def rows(self, scoped: QuerySet) -> QuerySet:
        """All that were registered by the day, with what was known of each."""
        return listed_sites(
            scoped, year=self.moment.year, day=self.moment.day, visit_every=settings.VISIT_EVERY_DAYS
        ).select_related("branch__district", "branch__region", "locality", "district")

    @cached_property
    def board(self) -> SiteBoard:
        """The sites of the frame, counted."""
        return SiteBoard.of(self.filterset.frame_qs)

    def counts(self) -> Iterable[ListCount]:
        """By state; past their day; due for a visit."""
        for state in SiteState:
            is_current = self.picked == {"state": state.value}
            count, url = self.board.states.get(state, 0), self.address_of(state=state.value)
            yield ListCount(state.value, state.label, count, url, state.mark, state.tone, is_current)
        for name, label, count, mark, tone in (
            ("late", pgettext_lazy("filter", "past the date by contract"), self.board.late, "late", "fail"),
            ("unvisited", pgettext_lazy("filter", "due for a visit"), self.board.unvisited, "clock", "late"),
        ):
            url, is_current = self.address_of(**{name: 1}), self.picked == {name: True}
            yield ListCount(name, label, count, url, mark, tone, is_current)

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        """Sites and posts of the year above the counts."""
        return super().get_context_data(
            posted=self.posted_in_year(self.board),
            may_register=Permission.CONTROL in self.request.user.permissions,
            **kwargs,
        )


class WatchedPage(DayCardPage):
    """The card of a site or of a post, from which control acts."""

    def open_ways(self, card: SiteCard | PostCard, today: dt.date) -> dict[str, Any]:
        """Whether the reader keeps control there."""
        return {"may_control": self.may(Permission.CONTROL, self.object)}


class SitePage(WatchedPage):
    """Everything about one site, as it was known on a day; the card of today also lets control act."""

    model = Site
    template_name = "roadmap/site_detail.html"

    def get_queryset(self) -> QuerySet:
        """Sites with what the card says of their place."""
        return Site.objects.select_related("branch__district", "branch__region", "district", "locality", "author")

    def card(self, day: dt.date) -> SiteCard:
        """The card of the day."""
        return site_card(
            self.object,
            day,
            user=self.request.user,
            stale_after=settings.STALE_AFTER_DAYS,
            visit_every=settings.VISIT_EVERY_DAYS,
        )

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        """The list that the site belongs to."""
        context = super().get_context_data(**kwargs)
        day = context["card"].day if context["as_of"] else None
        return context | {"list_url": control_url("site_list", day=day, branch=self.object.branch)}


class SiteActionPage(ActionPage):
    """A form about a site."""

    model = Site
    permission = Permission.CONTROL

    @cached_property
    def sent(self) -> dict[str, Any]:
        """What was sent, as a form takes it."""
        return {"data": self.request.POST} if self.request.method == "POST" else {}

    def get_queryset(self) -> QuerySet:
        """Sites with their place."""
        return Site.objects.select_related("branch__district", "branch__region", "district", "locality")

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        """Where the form leads back to, and the list that the site belongs to."""
        list_url = control_url("site_list", branch=self.object.branch)
        return super().get_context_data(back=self.object.get_absolute_url(), list_url=list_url, **kwargs)


class SiteChangePage(SiteActionPage):
    """Control puts right what is written of a site."""

    template_name = "roadmap/site_form.html"

    def get_form(self, form_class: type[forms.Form] | None = None) -> SiteForm:
        """The form filled with what is written."""
        site = self.object
        choices = site_choices(site.branch, self.today, site=site)
        linked = set(site.measures.values_list("pk", flat=True))
        saved = {name: getattr(site, name) for name in actions.SITE_FIELDS}
        saved["measures"] = [measure for measure in choices.measures if measure.pk in linked]
        return SiteForm(
            **self.sent,
            districts=choices.districts,
            localities=choices.localities,
            measures=choices.measures,
            today=self.today,
            saved=saved,
        )

    def perform(self, form: SiteForm) -> Site:
        """Put it right."""
        return actions.change_site(site=self.object, by=self.request.user, today=self.today, **form.described)

    def said(self, result: Site) -> list[tuple[int, str]]:
        """That it is kept."""
        return [(messages.SUCCESS, _("The details of the site are saved."))]


class SiteStatePage(SiteActionPage):
    """Control says into which state a site has come."""

    template_name = "roadmap/site_state.html"

    @cached_property
    def last(self) -> SiteStateChange | None:
        """What brought the site into the state in which it stands."""
        return self.object.states.select_related("author").order_by("-id").first()

    @property
    def state(self) -> SiteState:
        """The state in which it stands."""
        return SiteState(self.last.state) if self.last else SiteState.PLANNED

    def get_form(self, form_class: type[forms.Form] | None = None) -> SiteStateForm:
        """The form; of the states only those that may follow are offered."""
        return SiteStateForm(**self.sent, offered=NEXT_STATES[self.state], today=self.today)

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        """How it stands, and which states are not saved without a note."""
        explained = [state for state in NEXT_STATES[self.state] if state not in PLAIN_STATES]
        return super().get_context_data(last=self.last, state=self.state, explained=explained, **kwargs)

    def perform(self, form: SiteStateForm) -> SiteStateChange:
        """Say it."""
        return actions.set_site_state(site=self.object, by=self.request.user, today=self.today, **form.cleaned_data)

    def said(self, result: SiteStateChange) -> list[tuple[int, str]]:
        """How it stands now."""
        return [(messages.SUCCESS, _("The site is now “%(state)s”.") % {"state": result.get_state_display()})]


class ControlActionPage(BranchActionPage):
    """A form that adds something to a branch of which the reader keeps the control."""

    permission = Permission.CONTROL
    here = "site_list"
    choice_template = "roadmap/site_branch.html"

    def back_url(self) -> str:
        """To the list of its kind."""
        return control_url(self.here, branch=self.object)


class SiteRegisterPage(ControlActionPage):
    """Control registers a site."""

    template_name = "roadmap/site_form.html"
    doing = gettext_lazy("Register a site")

    def get_form(self, form_class: type[forms.Form] | None = None) -> SiteRegistrationForm:
        """An empty form; a district is offered in which the branch works."""
        choices = site_choices(self.object, self.today)
        return SiteRegistrationForm(
            **self.sent,
            districts=choices.districts,
            localities=choices.localities,
            measures=choices.measures,
            today=self.today,
        )

    def perform(self, form: SiteRegistrationForm) -> Site:
        """Register it."""
        self.made = actions.register_site(
            branch=self.object,
            by=self.request.user,
            today=self.today,
            submission=form.cleaned_data["submission"],
            **form.described,
        )
        return self.made

    def said(self, result: Site) -> list[tuple[int, str]]:
        """That it is kept."""
        return [(messages.SUCCESS, _("The site is registered."))]
