"""Recommendations of control and proposals of councils: lists, the card, and the way of each to the end."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from amanat_tracker.generic.keys import named
from amanat_tracker.generic.pages import ActionPage, PermissionMixin
from branches.choices import Permission
from branches.models import Branch
from branches.views.day import DayCardPage
from branches.views.listing import ListCount
from roadmap import actions
from roadmap.choices import SAYABLE, RecommendationState
from roadmap.dashboards.recommendations import (
    Headline,
    RecommendationCard,
    headline_of,
    recommendation_card,
    recommendations_with_their_place,
)
from roadmap.dashboards.requests import receiving
from roadmap.filters.recommendations import ProposalFilter, RecommendationFilter
from roadmap.forms.recommendation import IssueForm, JudgementForm, StepForm, WithdrawForm
from roadmap.models import Measure, Recommendation, RecommendationStep, Roadmap, Site
from roadmap.models.bodies import RecommendationQuerySet
from roadmap.tables.recommendations import ProposalTable, RecommendationTable
from roadmap.views.branch import chosen_branch
from roadmap.views.listing import ControlListPage
from roadmap.views.section import SectionMixin


# --- lists -----------------------------------------------------------------------------------------------------------
class FollowUpListPage(ControlListPage):
    """What was recommended in a year and what has become of it by a day. A child says by whom (`of_whom`)."""

    model = Recommendation
    template_name = "roadmap/recommendation_list.html"
    is_of_councils = False

    def of_whom(self, rows: RecommendationQuerySet) -> RecommendationQuerySet:
        """Control's, or the councils'."""
        raise NotImplementedError

    def rows(self, scoped: RecommendationQuerySet) -> RecommendationQuerySet:
        """Those issued in the year, as known on the day."""
        place = ("branch__district", "branch__region", "meeting__body", "visit__site", "request", "measure", "site")
        rows = self.of_whom(scoped).as_of(self.moment.day).issued_in(self.moment.year)
        return rows.select_related(*place)

    @cached_property
    def headline(self) -> Headline:
        """How many are done and verified, of those that the list is about."""
        return headline_of(self.filterset.frame_qs, self.address_of)

    def counts(self) -> Iterable[ListCount]:
        """The six states: disjoint, together all of them."""
        picked = self.picked.get("state") or []
        for state in RecommendationState:
            yield ListCount(
                name=state.value,
                label=state.label,
                count=self.headline.follow_up.count(state),
                url=self.address_of(state=state.value),
                mark=state.mark,
                tone=state.tone,
                is_current=state in picked,
            )

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        """The headline, and whether these are councils' proposals."""
        return super().get_context_data(
            headline=self.headline, picked=self.picked, is_of_councils=self.is_of_councils, **kwargs
        )


class RecommendationListPage(FollowUpListPage):
    """Recommendations of commissions, visits, citizens' requests and monitoring."""

    heading = gettext_lazy("Recommendations")
    filterset_class = RecommendationFilter
    table_class = RecommendationTable

    def of_whom(self, rows: RecommendationQuerySet) -> RecommendationQuerySet:
        """Control's."""
        return rows.of_control()

    def get_table_kwargs(self) -> dict[str, Any]:
        """To which citizens' requests links lead."""
        return super().get_table_kwargs() | {"receiving": receiving(self.request.user)}


class ProposalListPage(FollowUpListPage):
    """Proposals of councils."""

    heading = gettext_lazy("Proposals of councils")
    filterset_class = ProposalFilter
    table_class = ProposalTable
    is_of_councils = True

    def of_whom(self, rows: RecommendationQuerySet) -> RecommendationQuerySet:
        """The councils'."""
        return rows.of_councils()


# --- the card --------------------------------------------------------------------------------------------------------
class RecommendationPage(SectionMixin, DayCardPage):
    """One recommendation, as it was known on a day (`?as_of=`); the card of today also lets one act."""

    model = Recommendation
    template_name = "roadmap/recommendation_detail.html"

    def get_queryset(self) -> QuerySet:
        """Recommendations with what the card says of their place."""
        return recommendations_with_their_place()

    def card(self, day: dt.date) -> RecommendationCard:
        """The card of the day."""
        return recommendation_card(self.object, day)

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        """Whether the reader may open the request that it comes from."""
        return super().get_context_data(receiving=receiving(self.request.user), **kwargs)

    def open_ways(self, card: RecommendationCard, today: dt.date) -> dict[str, Any]:
        """What the reader may do from the card: the short form of the next step, and which other ways are open."""
        user = self.request.user
        may_follow = card.state != RecommendationState.WITHDRAWN and self.may(Permission.FOLLOW, self.object)
        may_verify = card.state == RecommendationState.DONE and self.may(Permission.VERIFY, self.object)
        return {
            "form": StepForm(states=card.next_states, today=today) if may_follow else None,
            "may_verify": may_verify and card.is_verifiable_by(user),
            "said_by_reader": may_verify and not card.is_verifiable_by(user),
            "may_withdraw": card.is_open and may_withdraw(self.request, self.object),
        }


def may_withdraw(request: HttpRequest, recommendation: Recommendation) -> bool:
    """Whether the reader is of those who issued it."""
    if not {Permission.CONTROL, Permission.CONVENE} & request.user.permissions:
        return False
    return Recommendation.objects.issued_by(request.user).filter(pk=recommendation.pk).exists()


class RecommendationActionPage(SectionMixin, ActionPage):
    """A form about a recommendation; the chain as it is known today stands above it."""

    model = Recommendation

    @cached_property
    def card(self) -> RecommendationCard:
        """The card of today."""
        return recommendation_card(self.object, self.today)

    def get_queryset(self) -> QuerySet:
        """Recommendations with what the chain says of their place."""
        return recommendations_with_their_place()

    def get_form_kwargs(self) -> dict[str, Any]:
        """Forms guide the calendar to days that have come."""
        return super().get_form_kwargs() | {"today": self.today}

    def blocked(self) -> str:
        """Why the form is not offered; "" when it is. What is sent in spite of it is refused by the action."""
        return ""

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        """The card beside the form."""
        return super().get_context_data(
            card=self.card, blocked=self.blocked(), receiving=receiving(self.request.user), **kwargs
        )


class FollowPage(RecommendationActionPage):
    """How far it has come: said by the branch, or by control."""

    permission = Permission.FOLLOW
    template_name = "roadmap/recommendation_follow.html"
    form_class = StepForm

    def blocked(self) -> str:
        """Nothing is awaited of what was withdrawn."""
        if self.card.state == RecommendationState.WITHDRAWN:
            return _("It is withdrawn: nothing more is said of it.")
        return ""

    def get_form_kwargs(self) -> dict[str, Any]:
        """What is sent is judged by the action; offered is only what can follow."""
        states = SAYABLE if self.request.method == "POST" else self.card.next_states
        return super().get_form_kwargs() | {"states": states}

    def perform(self, form: StepForm) -> RecommendationStep:
        """Say it."""
        return actions.follow_recommendation(
            recommendation=self.object, by=self.request.user, today=self.today, **form.cleaned_data
        )

    def said(self, result: RecommendationStep) -> list[tuple[int, str]]:
        """What stands now."""
        return [(messages.SUCCESS, _("It is saved: “%(state)s”.") % {"state": result.get_state_display()})]


class VerifyRecommendationPage(RecommendationActionPage):
    """Somebody else than who said "done" looks whether it is so."""

    permission = Permission.VERIFY
    template_name = "roadmap/recommendation_verify.html"
    form_class = JudgementForm

    def blocked(self) -> str:
        """Only what is reported as done, and never one's own word."""
        if self.card.state == RecommendationState.VERIFIED:
            return _("It is done and verified already.")
        if self.card.state != RecommendationState.DONE:
            return _("It is not reported as done: there is nothing to verify.")
        if not self.card.is_verifiable_by(self.request.user):
            return _(
                "You reported it as done yourself. Nobody verifies their own word: ask another inspector to do it."
            )
        return ""

    def perform(self, form: JudgementForm) -> RecommendationStep:
        """Verify it, or return it to work."""
        act, said = actions.verify_recommendation, form.cleaned_data.copy()
        if said["state"] == RecommendationState.VERIFIED:
            del said["state"]
        else:
            act = actions.follow_recommendation
        return act(recommendation=self.object, by=self.request.user, today=self.today, **said)

    def said(self, result: RecommendationStep) -> list[tuple[int, str]]:
        """What stands now."""
        if result.state == RecommendationState.VERIFIED:
            return [(messages.SUCCESS, _("It is done and verified."))]
        return [(messages.SUCCESS, _("It is returned to work, and the branch sees why."))]


class WithdrawPage(RecommendationActionPage):
    """Who issued it takes it back, with the reason."""

    template_name = "roadmap/recommendation_withdraw.html"
    form_class = WithdrawForm

    def get_object(self, queryset: QuerySet | None = None) -> Recommendation:
        """The row of the address; refused (403) to who may see it but did not issue it."""
        row = super().get_object(queryset)
        if not may_withdraw(self.request, row):
            raise PermissionDenied
        return row

    def blocked(self) -> str:
        """Only what is still awaited."""
        return "" if self.card.is_open else _("It has come to its end already: it is not withdrawn.")

    def perform(self, form: WithdrawForm) -> RecommendationStep:
        """Withdraw it."""
        return actions.withdraw_recommendation(
            recommendation=self.object, by=self.request.user, today=self.today, **form.cleaned_data
        )

    def said(self, result: RecommendationStep) -> list[tuple[int, str]]:
        """What that means."""
        return [(messages.SUCCESS, _("It is withdrawn: it stays in the lists, and nothing more is awaited of it."))]


# --- one that comes from monitoring ----------------------------------------------------------------------------------
class RecommendationIssuePage(PermissionMixin, ActionPage):
    """Control issues a recommendation that comes from monitoring.

    The branch comes first, by the address: `?branch=`, or `?site=` or `?measure=` (primary keys), which stand chosen in
    the form then. Who controls several branches and names none is asked for it.
    """

    permission = Permission.CONTROL
    template_name = "roadmap/recommendation_issue.html"
    form_class = IssueForm
    object: Branch | None

    @cached_property
    def branches(self) -> list[Branch]:
        """The branches that the reader controls."""
        return list(Branch.objects.for_user(self.request.user, Permission.CONTROL).select_related("region", "district"))

    @cached_property
    def about(self) -> dict[str, Model]:
        """The site or measure that the address names."""
        asked = {"site": Site.objects.all(), "measure": Measure.objects.select_related("roadmap")}
        return {name: self.named(name, rows) for name, rows in asked.items() if self.request.GET.get(name)}

    def named(self, name: str, rows: QuerySet) -> Model:
        """The row of `?name=`; 404 when it is not the reader's, or no row at all."""
        return get_object_or_404(named(rows.for_user(self.request.user), self.request.GET[name]))

    def get_object(self, queryset: QuerySet | None = None) -> Branch | None:
        """The branch, or None while it is to be chosen; 403 for one that the reader sees and does not control."""
        user, slug = self.request.user, self.request.GET.get("branch")
        if "site" in self.about:
            pk = self.about["site"].branch_id
        elif "measure" in self.about:
            pk = self.about["measure"].roadmap.branch_id
        elif slug:
            pk = chosen_branch(self.request, Branch.objects.for_user(user)).pk
        else:
            return self.branches[0] if len(self.branches) == 1 else None
        branch = next((branch for branch in self.branches if branch.pk == pk), None)
        if branch is None:
            raise PermissionDenied
        return branch

    def post(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        """Issue it; without a branch, ask for one."""
        return super().post(request, *args, **kwargs) if self.object else self.get(request, *args, **kwargs)

    def get_form(self, form_class: type[IssueForm] | None = None) -> IssueForm | None:
        """The form with the measures and sites of the branch."""
        return super().get_form(form_class) if self.object else None

    def get_form_kwargs(self) -> dict[str, Any]:
        """Measures of this year's and last year's roadmap, the sites, and what the address names."""
        chosen = {name: row.pk for name, row in self.about.items()}
        in_force = Roadmap.objects.in_force(self.today).filter(branch=self.object, year__gte=self.today.year - 1)
        measures = Measure.objects.filter(Q(roadmap__in=in_force) | Q(pk=chosen.get("measure")))
        return super().get_form_kwargs() | {
            "today": self.today,
            "initial": chosen,
            "measures": measures.filter(roadmap__branch=self.object).order_by("-roadmap__year", "position", "pk"),
            "sites": Site.objects.filter(branch=self.object).order_by("name", "pk"),
        }

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        """The branches to choose from, and where to go back to."""
        about = next(iter(self.about.values()), None)
        back = about.get_absolute_url() if about else reverse("roadmap:recommendation_list")
        return super().get_context_data(branch=self.object, branches=self.branches, about=about, back=back, **kwargs)

    def perform(self, form: IssueForm) -> Recommendation:
        """Issue it."""
        said = form.cleaned_data
        self.issued = actions.issue_recommendation(
            branch=self.object,
            by=self.request.user,
            today=self.today,
            monitoring=said["monitoring"],
            advice=form.advice,
            issued_on=said["issued_on"],
            submission=said["submission"],
        )
        return self.issued

    def said(self, result: Recommendation) -> list[tuple[int, str]]:
        """That it stands."""
        return [(messages.SUCCESS, _("The recommendation is issued."))]

    def get_success_url(self) -> str:
        """Its card."""
        return self.issued.get_absolute_url()
