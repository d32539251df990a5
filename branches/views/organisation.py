"""Pages of the organisation: the oblast's roll-up, the card of a branch, its entries."""

import datetime as dt
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.functional import Promise, cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView

from amanat_tracker.database.functions import in_kazakh_order
from amanat_tracker.generic.keys import named
from amanat_tracker.generic.pages import ActionPage, PermissionMixin
from branches import actions
from branches.choices import Permission, Position, Wing
from branches.dashboards.branch_card import BranchCard, branch_card, work_links
from branches.dashboards.rollup import organisation_years, rollup
from branches.forms.organisation import AppointForm, ElectionForm, FactionForm, MembershipForm, WingForm
from branches.models import (
    Branch,
    Election,
    FactionReport,
    Locality,
    Maslikhat,
    MembershipReport,
    OfficeHolder,
    WingReport,
)
from branches.models.organisation import BranchStatement
from branches.views.day import DayCardPage, moment_in


class OrganisationPage(PermissionMixin, TemplateView):
    """The branches of a region in a year, as known on a day, and what they come to.

    Who sees one branch only is led to its card. Of several regions one is shown (`?region=`).
    """

    template_name = "branches/organisation.html"

    def get(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        """Find out which branches the reader sees, and those of which region are asked for."""
        seen = list(Branch.objects.for_user(request.user).along_the_river())
        if len(seen) == 1:
            asked = urlencode({name: request.GET[name] for name in ("as_of",) if request.GET.get(name)})
            return redirect(f"{seen[0].get_absolute_url()}{'?' if asked else ''}{asked}")
        self.regions = list(dict.fromkeys(branch.region for branch in seen))
        chosen = request.GET.get("region") or next((region.slug for region in self.regions), "")
        self.branches = [branch for branch in seen if branch.region.slug == chosen]
        if not self.branches:
            raise Http404("no branch of the reader")
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        """The roll-up of the region."""
        moment = moment_in(self.years(), self.request)
        page = rollup(
            user=self.request.user, branches=self.branches, year=moment.year, day=moment.day, today=moment.today
        )
        return super().get_context_data(
            moment=moment, page=page, regions=self.regions, has_regions=len(self.regions) > 1, **kwargs
        )

    def years(self) -> dict[int, bool]:
        """The years of which the branches told anything."""
        return organisation_years([branch.pk for branch in self.branches], timezone.localdate())


class BranchRowMixin:
    """A page of one branch, named in the address by its word: 404 for a strange one, 403 for one only to be seen."""

    model = Branch

    def get_object(self, queryset: QuerySet | None = None) -> Branch:
        """The branch of the address."""
        seen = Branch.objects.for_user(self.request.user).select_related("region", "district")
        branch = get_object_or_404(seen, slug=self.kwargs["slug"])
        if self.permission != Permission.VIEW and not self.may(self.permission, branch):
            raise PermissionDenied
        return branch


class BranchPage(BranchRowMixin, DayCardPage):
    """Everything about one branch, as it was known on a day; the card of today also lets the branch speak."""

    template_name = "branches/branch_detail.html"

    def card(self, day: dt.date) -> BranchCard:
        """The card of the day."""
        return branch_card(self.object, day)

    def open_ways(self, card: BranchCard, today: dt.date) -> dict[str, Any]:
        """Whether the reader keeps the numbers of the branch."""
        return {"may_organise": self.may(Permission.ORGANISE, self.object)}

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        """The branches before and after it along the river, and where its work is listed."""
        context = super().get_context_data(**kwargs)
        seen = Branch.objects.for_user(self.request.user).filter(region=self.object.region_id)
        along = list(seen.along_the_river())
        place = along.index(self.object)
        return context | {
            "before": along[place - 1] if place else None,
            "after": along[place + 1] if place + 1 < len(along) else None,
            "has_others": len(along) > 1,
            "links": work_links(self.object, context["card"].day if context["as_of"] else None),
            "may_overview": self.may(Permission.OVERVIEW, self.object),
        }


class BranchEntryPage(BranchRowMixin, ActionPage):
    """A form in which a branch says something of itself; what it said last stands beside."""

    permission = Permission.ORGANISE
    doing: str | Promise = ""
    kept: str | Promise = ""

    def last(self) -> BranchStatement | None:
        """What was said last of the same thing."""
        return None

    def blocked(self) -> str:
        """Why the form is not offered; "" when it is. What is sent in spite of it is refused by the action."""
        return ""

    def get_form_kwargs(self) -> dict[str, Any]:
        """The day, beside what was sent."""
        return super().get_form_kwargs() | {"today": self.today}

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        """What is being done, what was said last, and where the form leads back to."""
        return super().get_context_data(
            doing=self.doing,
            last=self.last(),
            blocked=self.blocked(),
            back=self.object.get_absolute_url(),
            **kwargs,
        )

    def said(self, result: BranchStatement | OfficeHolder) -> list[tuple[int, str]]:
        """That it is kept."""
        return [(messages.SUCCESS, str(self.kept))]


class MembershipPage(BranchEntryPage):
    """A branch says how many members it has."""

    template_name = "branches/membership_report.html"
    form_class = MembershipForm
    doing = gettext_lazy("Report the members")
    kept = gettext_lazy("The report of members is saved.")

    def last(self) -> MembershipReport | None:
        """The report that speaks today."""
        return MembershipReport.objects.newest(self.today).filter(branch=self.object).first()

    def perform(self, form: MembershipForm) -> MembershipReport:
        """Say it."""
        return actions.report_membership(
            branch=self.object, by=self.request.user, today=self.today, **form.cleaned_data
        )


class WingPage(BranchEntryPage):
    """A branch says how many members a wing has; `?wing=` names it."""

    template_name = "branches/wing_report.html"
    form_class = WingForm
    doing = gettext_lazy("Report a wing")
    kept = gettext_lazy("The report of the wing is saved.")

    def get_initial(self) -> dict[str, Any]:
        """The wing of the address."""
        wing = self.request.GET.get("wing")
        return {"wing": wing} if wing in Wing.values else {}

    def last(self) -> list[WingReport]:
        """The reports of both wings that speak today."""
        return list(WingReport.objects.newest(self.today, "wing").filter(branch=self.object).order_by("wing"))

    def perform(self, form: WingForm) -> WingReport:
        """Say it."""
        return actions.report_wing(branch=self.object, by=self.request.user, today=self.today, **form.cleaned_data)


class FactionPage(BranchEntryPage):
    """A branch says how many mandates its faction holds."""

    template_name = "branches/faction_report.html"
    form_class = FactionForm
    doing = gettext_lazy("Report the faction")
    kept = gettext_lazy("The report of the faction is saved.")

    @cached_property
    def maslikhat(self) -> Maslikhat | None:
        """The maslikhat in which the faction sits."""
        return Maslikhat.objects.filter(branch=self.object).first()

    def blocked(self) -> str:
        """There is no faction of a maslikhat that nobody knows."""
        if self.maslikhat is None:
            return _("No maslikhat is known of this branch. The administrator must enter it first.")
        return ""

    def last(self) -> FactionReport | None:
        """The report that speaks today."""
        return FactionReport.objects.newest(self.today).filter(branch=self.object).first()

    def get_initial(self) -> dict[str, Any]:
        """Who led the faction last: mostly it stays so."""
        last = self.last()
        return {"leader": last.leader} if last else {}

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        """The maslikhat beside the form."""
        return super().get_context_data(maslikhat=self.maslikhat, **kwargs)

    def perform(self, form: FactionForm) -> FactionReport:
        """Say it."""
        return actions.report_faction(branch=self.object, by=self.request.user, today=self.today, **form.cleaned_data)


class ElectionPage(BranchEntryPage):
    """A branch records an election; `?corrects=` names a record that it puts right."""

    template_name = "branches/election_record.html"
    form_class = ElectionForm

    @cached_property
    def corrects(self) -> Election | None:
        """The record that is put right."""
        pk = self.request.GET.get("corrects", "")
        if not pk:
            return None
        known = Election.objects.filter(branch=self.object).select_related("author", "locality")
        return get_object_or_404(named(known, pk))

    @property
    def doing(self) -> str:
        """What is being done."""
        return _("Put an election right") if self.corrects else _("Record an election")

    @property
    def kept(self) -> str:
        """That it is kept."""
        return _("The record of the election is put right.") if self.corrects else _("The election is recorded.")

    def blocked(self) -> str:
        """A record is put right once; then the newer one is."""
        if self.corrects and self.request.method != "POST" and hasattr(self.corrects, "corrected_by"):
            return _("This record was put right already. Look at the newest one.")
        return ""

    def get_form_kwargs(self) -> dict[str, Any]:
        """The localities of the branch's land, in the Kazakh alphabet, and the record that is put right."""
        localities = Locality.objects.filter(district__region=self.object.region_id).select_related("district")
        if self.object.district_id:
            localities = localities.filter(district=self.object.district_id)
        localities = localities.order_by("district__river_order", in_kazakh_order("name_kk"), "pk")
        return super().get_form_kwargs() | {"localities": localities, "corrects": self.corrects}

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        """The record that is put right beside the form."""
        return super().get_context_data(corrects=self.corrects, **kwargs)

    def perform(self, form: ElectionForm) -> Election:
        """Record it."""
        return actions.record_election(
            branch=self.object,
            by=self.request.user,
            today=self.today,
            corrects=self.corrects,
            **form.cleaned_data,
        )


class AppointPage(BranchEntryPage):
    """Somebody takes an office of a branch; `?position=` names it."""

    template_name = "branches/appoint.html"
    form_class = AppointForm
    doing = gettext_lazy("Enter who takes an office")

    def get_initial(self) -> dict[str, Any]:
        """The office of the address."""
        position = self.request.GET.get("position")
        return {"position": position} if position in Position.values else {}

    def last(self) -> list[OfficeHolder]:
        """Who holds the offices today."""
        return list(OfficeHolder.objects.filter(branch=self.object).on(self.today))

    def perform(self, form: forms.Form) -> OfficeHolder:
        """Write it down."""
        return actions.appoint(branch=self.object, by=self.request.user, **form.cleaned_data)

    def said(self, result: OfficeHolder) -> list[tuple[int, str]]:
        """Who holds which office now."""
        said = _("%(office)s: %(name)s.") % {"office": result.get_position_display(), "name": result.full_name}
        return [(messages.SUCCESS, said[:1].upper() + said[1:])]
