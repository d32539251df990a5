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
from branches.forms.organisation import (
    AppointForm,
    ElectionAnnulmentForm,
    ElectionForm,
    FactionForm,
    MembershipForm,
    WingForm,
)
from branches.models import (
    AuditEvent,
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


class NumberPage(BranchEntryPage):
    """A branch says a number as of a day; `?as_on=` names the day of one that is put right."""

    statement: type[BranchStatement]
    kept_fields: tuple[str, ...] = ()

    @cached_property
    def day(self) -> dt.date | None:
        """The day of the address."""
        try:
            return dt.date.fromisoformat(self.request.GET.get("as_on", ""))
        except ValueError:
            return None

    @cached_property
    def corrects(self) -> BranchStatement | None:
        """What was said of that day: it is put right."""
        if self.day is None:
            return None
        said = self.statement.objects.known_on(self.today).filter(branch=self.object, as_on=self.day, **self.same())
        return said.select_related("author").order_by("pk").last()

    def same(self) -> dict[str, Any]:
        """What else the number put right has in common with the right one, beside the day."""
        return {}

    def get_initial(self) -> dict[str, Any]:
        """Everything that was said of the day of the address."""
        shown = {"as_on": self.day} if self.day else {}
        names = (*self.kept_fields, "members", "source", "note") if self.corrects else ()
        return shown | {name: getattr(self.corrects, name) for name in names}

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        """What is put right, beside the form."""
        return super().get_context_data(corrects=self.corrects, **kwargs)


class MembershipPage(NumberPage):
    """A branch says how many members it has."""

    statement, kept_fields = MembershipReport, ("primary_organisations", "qualifier")

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


class WingPage(NumberPage):
    """A branch says how many members a wing has; `?wing=` names it."""

    statement = WingReport

    template_name = "branches/wing_report.html"
    form_class = WingForm
    doing = gettext_lazy("Report a wing")
    kept = gettext_lazy("The report of the wing is saved.")

    def same(self) -> dict[str, Any]:
        """The wing of the address."""
        return {"wing": self.request.GET.get("wing", "")}

    def get_initial(self) -> dict[str, Any]:
        """The wing of the address."""
        wing = self.request.GET.get("wing")
        return super().get_initial() | ({"wing": wing} if wing in Wing.values else {})

    def last(self) -> list[WingReport]:
        """The reports of both wings that speak today."""
        return list(WingReport.objects.newest(self.today, "wing").filter(branch=self.object).order_by("wing"))

    def perform(self, form: WingForm) -> WingReport:
        """Say it."""
        return actions.report_wing(branch=self.object, by=self.request.user, today=self.today, **form.cleaned_data)


class FactionPage(NumberPage):
    """A branch says how many mandates its faction holds."""

    statement, kept_fields = FactionReport, ("leader",)

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
        return ({"leader": last.leader} if last else {}) | super().get_initial()

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
        return actions.why_closed(self.corrects) if self.corrects and self.request.method != "POST" else ""

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


class ElectionAnnulPage(ActionPage):
    """An election had been recorded by mistake: it is no longer counted."""

    model = Election
    permission = Permission.ORGANISE
    template_name = "branches/election_annul.html"
    form_class = ElectionAnnulmentForm

    def get_queryset(self) -> QuerySet:
        """Elections with their branches, and what was said of them later."""
        places = ("branch__district", "branch__region", "locality")
        return Election.objects.select_related(*places, "author", "corrected_by")

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        """The branch, and why nothing more is said of the record, if so."""
        back = f"{self.get_success_url()}#elections"
        return super().get_context_data(
            branch=self.object.branch, blocked=actions.why_closed(self.object), back=back, **kwargs
        )

    def get_success_url(self) -> str:
        """Back to the branch."""
        return self.object.branch.get_absolute_url()

    def perform(self, form: ElectionAnnulmentForm) -> Election:
        """Say so."""
        return actions.annul_election(election=self.object, by=self.request.user, today=self.today, **form.cleaned_data)

    def said(self, result: Election) -> list[tuple[int, str]]:
        """What that means."""
        return [(messages.SUCCESS, _("The election is no longer counted. The card of the branch says so."))]


class AppointPage(BranchEntryPage):
    """Somebody takes an office of a branch; `?position=` names it, `?corrects=` an officer who is put right."""

    template_name = "branches/appoint.html"
    form_class = AppointForm

    @cached_property
    def corrects(self) -> OfficeHolder | None:
        """The officer who is put right."""
        pk = self.request.GET.get("corrects", "")
        return get_object_or_404(named(OfficeHolder.objects.filter(branch=self.object), pk)) if pk else None

    @property
    def doing(self) -> str:
        """What is being done."""
        return _("Put an officer right") if self.corrects else _("Enter who takes an office")

    def get_form_kwargs(self) -> dict[str, Any]:
        """The officer who is put right."""
        return super().get_form_kwargs() | {"corrects": self.corrects}

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        """The officer who is put right, beside the form."""
        return super().get_context_data(corrects=self.corrects, **kwargs)

    def get_initial(self) -> dict[str, Any]:
        """The office of the address; who was entered last."""
        position = self.request.GET.get("position")
        last = OfficeHolder.objects.filter(branch=self.object).order_by("pk").last()
        return {"seen": last.pk if last else 0} | ({"position": position} if position in Position.values else {})

    def last(self) -> list[OfficeHolder]:
        """Who holds the offices today."""
        return list(OfficeHolder.objects.filter(branch=self.object).on(self.today))

    def perform(self, form: forms.Form) -> OfficeHolder:
        """Write it down."""
        if self.corrects:
            return actions.correct_office(holder=self.corrects, by=self.request.user, **form.cleaned_data)
        return actions.appoint(branch=self.object, by=self.request.user, **form.cleaned_data)

    def said(self, result: OfficeHolder) -> list[tuple[int, str]]:
        """Who holds which office now, or that it was put right."""
        told = {"office": result.get_position_display(), "name": result.full_name}
        last = AuditEvent.objects.about(result).first()
        if last and last.action == "office.correct":
            said = _("Put right: %(office)s, %(name)s.") % told
        else:
            said = _("%(office)s: %(name)s.") % told
        return [(messages.SUCCESS, said[:1].upper() + said[1:])]
