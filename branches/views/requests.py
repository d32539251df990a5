"""Citizens' requests at the desk: registering one, its steps, its applicant, finding a person.

The card stands in roadmap.views.requests: it shows measures and control, too.
"""

import datetime as dt
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.generic import FormView

from amanat_tracker.database.functions import in_kazakh_order
from amanat_tracker.generic.keys import named
from amanat_tracker.generic.naming import in_language
from amanat_tracker.generic.pages import ActionPage, PermissionMixin
from amanat_tracker.templatetags.figures import short_day
from branches import actions
from branches.actions.applicants import state_of
from branches.actions.entry import EVER
from branches.choices import Channel, Permission, RequestKind, RequestState
from branches.dashboards.links import rows_url
from branches.dashboards.requests import RequestCard, request_card, requests_with_applicants
from branches.forms.day import DayForm
from branches.forms.requests import ApplicantForm, FindForm, RegisterForm, StepForm, WithdrawalForm
from branches.models import (
    Applicant,
    Branch,
    CalendarDay,
    Consent,
    Locality,
    ReceptionEvent,
    ReceptionRule,
    Request,
    RequestStep,
    Topic,
)
from branches.views.desk import DeskPage

RECENT = dt.timedelta(days=60)  # events to which a request is still added


class PersonalDataMixin:
    """A page on which personal data stand or are typed: no browser keeps it, no report of a failure repeats it."""

    @method_decorator([never_cache, sensitive_post_parameters(), sensitive_variables()])
    def dispatch(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        """Answer as other pages do."""
        return super().dispatch(request, *args, **kwargs)


# --- registering -----------------------------------------------------------------------------------------------------
class RequestRegisterPage(PersonalDataMixin, DeskPage):
    """A request is registered. `?event=` names a reception event, and so its branch; `?received_on=` a day.

    `?instead=` names a request that was said to be a mistake: what was told of it is filled in, to be put right.
    """

    template_name = "branches/request_register.html"
    doing = gettext_lazy("Register a request")
    duplicates: list[Request] = []

    @cached_property
    def named_request(self) -> Request | None:
        """The request of the address."""
        pk = self.request.GET.get("instead", "")
        if not pk:
            return None
        requests = requests_with_applicants().select_related("words").for_user(self.request.user)
        return get_object_or_404(named(requests, pk))

    @cached_property
    def instead(self) -> Request | None:
        """That request, if it was entered by mistake and what was told of it is still known."""
        request = self.named_request
        if request is None or request.applicant.anonymised_on:
            return None
        return request if request.steps.filter(state=RequestState.MISTAKE).exists() else None

    @cached_property
    def event(self) -> ReceptionEvent | None:
        """The event of the address, or of the mistake."""
        if self.instead:
            events = ReceptionEvent.objects.as_of(EVER).select_related("branch", "locality")
            return events.filter(pk=self.instead.event_id).first()
        pk = self.request.GET.get("event", "")
        if not pk:
            return None
        events = ReceptionEvent.objects.for_user(self.request.user).select_related("branch", "locality")
        return get_object_or_404(named(events, pk))

    def asked_for(self) -> str:
        """The branch of the request or the event, where one is named."""
        if self.named_request:
            return self.named_request.branch.slug
        return self.event.branch.slug if self.event else super().asked_for()

    @cached_property
    def rule(self) -> ReceptionRule:
        """In how many working days the branch answers, and when it takes mandates only."""
        return actions.rule_of(self.object)

    @cached_property
    def day(self) -> dt.date:
        """The day on which what is typed now was received, as far as that is known yet."""
        told = self.request.POST.get("received_on") or self.request.GET.get("received_on")
        form = DayForm({"as_of": told}, years=[self.today.year], today=self.today)
        proposed = self.event.held_on if self.event else self.today
        proposed = self.instead.received_on if self.instead else proposed
        return form.cleaned_data.get("as_of") or proposed if form.is_valid() else proposed

    def get_initial(self) -> dict[str, Any]:
        """The day; of an event also the channel and the place; of a mistake everything but the IIN and the consent."""
        if self.instead:
            return self.told_by_mistake() | {"received_on": self.day}
        if not self.event:
            return {"received_on": self.day}
        at_event = {"event": self.event.pk, "channel": Channel.EVENT, "locality": self.event.locality_id}
        return at_event | {"received_on": self.day}

    def told_by_mistake(self) -> dict[str, Any]:
        """What was told of the request that was a mistake. The applicant's own data are shown by that."""
        request, applicant = self.instead, self.instead.applicant
        words = getattr(request, "words", None)
        return {
            "full_name": applicant.full_name,
            "phone": applicant.phone,
            "address": applicant.address,
            "topic": request.topic_id,
            "summary": words.summary if words else "",
            "locality": request.locality_id,
            "channel": request.channel,
            "event": self.event.pk if self.event else None,
            "kind": request.kind,
        }

    def render_to_response(self, context: dict[str, Any], **kwargs) -> HttpResponse:
        """Write down who sees what was told of a mistake, also where the form comes back."""
        if self.instead:
            actions.open_card(request=self.instead, by=self.request.user)
        return super().render_to_response(context, **kwargs)

    def get_form(self, form_class: type[forms.Form] | None = None) -> RegisterForm:
        """The form with the topics, places and events of the branch, and the kinds that it takes on the day."""
        topics = Topic.objects.filter(is_active=True).order_by("position", "pk")
        kinds = (RequestKind.MANDATE,) if self.rule.takes_mandates_only(self.day) else tuple(RequestKind)
        return RegisterForm(
            **self.sent,
            topics=list(topics),
            localities=self.localities(),
            events=self.events(),
            kinds=kinds,
            today=self.today,
            masked_iin=self.instead.applicant.masked_iin if self.instead else "",
            initial=self.get_initial(),
        )

    def localities(self) -> dict[str, list[Locality]]:
        """The places of the branch's land, by the name of the district, in the Kazakh alphabet. One query."""
        places = Locality.objects.filter(district__region=self.object.region_id)
        if self.object.district_id:
            places = places.filter(district=self.object.district_id)
        found: dict[str, list[Locality]] = {}
        ordered = places.select_related("district").order_by("district__river_order", in_kazakh_order("name_kk"), "pk")
        for place in ordered:
            found.setdefault(place.district.name, []).append(place)
        return found

    def events(self) -> list[ReceptionEvent]:
        """The recent events of the branch, and the one of the address. One query."""
        recent = ReceptionEvent.objects.as_of(EVER).filter(branch=self.object, held_on__gte=self.today - RECENT)
        found = list(recent.order_by("-held_on", "-pk"))
        return [*([self.event] if self.event and self.event not in found else []), *found]

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        """What the applicant agrees to, by when the answer is due, what it may repeat."""
        context = super().get_context_data(**kwargs)
        context["form"].put_cursor()
        text = actions.current_consent_text(self.day)
        context["form"].show_consent(text)
        days = self.rule.answer_days
        is_limited = self.rule.takes_mandates_only(self.day)
        return context | {
            "consent": text,
            "consent_words": in_language(text, "text") if text else "",
            "why_no_consent": "" if text else actions.why_no_consent_text(self.day),
            "answer_days": days,
            "day": self.day,
            "due_on": CalendarDay.objects.workdays().after(self.day, days),
            "mandates": self.rule if is_limited else None,
            "before_mandates": self.rule.mandates_from - dt.timedelta(days=1) if is_limited else None,
            "event": self.event,
            "instead": self.instead,
            "recent_days": RECENT.days,
            "duplicates": [(row, RequestState(row.day_state)) for row in self.duplicates],
        }

    def back_url(self) -> str:
        """To the register, or to the card of the mistake."""
        if self.instead:
            return self.instead.get_absolute_url()
        return rows_url("branches:request_list", branch=self.object)

    def form_valid(self, form: RegisterForm) -> HttpResponse:
        """Register it; show what it may repeat."""
        try:
            return super().form_valid(form)
        except actions.Duplicates as found:
            self.duplicates = found.requests
            actions.duplicates_were_shown(by=self.request.user, found=found.requests)
            form.add_error("allow_duplicate", _("Nothing is registered yet: look whether it is one of these."))
            return self.form_invalid(form)

    def perform(self, form: RegisterForm) -> Request:
        """Register it."""
        self.made = actions.register_request(
            branch=self.object, by=self.request.user, today=self.today, instead=self.instead, **form.described
        )
        return self.made

    def said(self, result: Request) -> list[tuple[int, str]]:
        """Its number, and by when it is answered; nothing of who asks."""
        words = _("Request %(number)s is registered. The answer is due by %(day)s.")
        return [(messages.SUCCESS, words % {"number": result, "day": short_day(result.due_on)})]


# --- what becomes of one ---------------------------------------------------------------------------------------------
class RequestActionPage(PersonalDataMixin, ActionPage):
    """A form about a request, for who receives in its branch; where it stands is above the form."""

    model = Request
    permission = Permission.RECEIVE

    def get_queryset(self) -> QuerySet:
        """Requests with their place and applicant."""
        return requests_with_applicants()

    @property
    def card(self) -> RequestCard:
        """The card of today, read anew each time: somebody else may have entered a step."""
        return request_card(self.object, self.today)

    def blocked(self, card: RequestCard) -> str:
        """Why the form is not offered; "" when it is. What is sent in spite of it is refused by the action."""
        return _("The applicant's data are erased: nothing more is written.") if card.is_erased else ""

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        """The card beside the form."""
        card = kwargs.pop("card", None) or self.card
        return super().get_context_data(
            card=card, blocked=self.blocked(card), back=self.object.get_absolute_url(), **kwargs
        )


class RequestStepPage(RequestActionPage):
    """What became of a request; `?state=` chooses it beforehand."""

    template_name = "branches/request_step.html"
    form_class = StepForm

    def blocked(self, card: RequestCard) -> str:
        """Nothing is said of a mistake."""
        if card.state == RequestState.MISTAKE:
            return _("The request was entered by mistake: nothing more is said of it.")
        return super().blocked(card)

    def get_form_kwargs(self) -> dict[str, Any]:
        """What may follow, and by when a state body would be expected to answer."""
        card = self.card
        asked = self.request.GET.get("state")
        initial = {"seen": card.last.pk} | ({"state": asked} if asked in card.next_states else {})
        return super().get_form_kwargs() | {
            "offered": card.next_states,
            "body_due_on": card.workdays.after(self.today, self.object.answer_days),
            "today": self.today,
            "initial": initial,
        }

    def form_invalid(self, form: StepForm) -> HttpResponse:
        """Show it again, beside what stands now."""
        card = self.card
        if form.non_field_errors():  # it was stale: what stands now is shown, and the next press knows of it
            form.show_newest(card.last.pk)
        return self.render_to_response(self.get_context_data(form=form, card=card))

    def perform(self, form: StepForm) -> RequestStep:
        """Say it."""
        return actions.follow_request(request=self.object, by=self.request.user, today=self.today, **form.cleaned_data)

    def said(self, result: RequestStep) -> list[tuple[int, str]]:
        """What stands now; of a mistake, that it may be registered anew."""
        words = _("%(number)s: “%(state)s” is saved.")
        if result.state == RequestState.MISTAKE:
            words = _("%(number)s: “%(state)s” is saved. From this card it may be put right and registered anew.")
        return [(messages.SUCCESS, words % {"number": self.object, "state": result.get_state_display()})]


class ApplicantPage(RequestActionPage):
    """What is known of the applicant is put right. It is shown here, too, so that each opening is written down."""

    template_name = "branches/applicant_change.html"
    form_class = ApplicantForm

    def render_to_response(self, context: dict[str, Any], **kwargs) -> HttpResponse:
        """Write down who sees it, also where the form comes back."""
        actions.open_card(request=self.object, by=self.request.user)
        return super().render_to_response(context, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        """What is known; not the IIN."""
        applicant = self.object.applicant
        known = {name: getattr(applicant, name) for name in ("full_name", "phone", "address")}
        return super().get_form_kwargs() | {
            "masked_iin": applicant.masked_iin,
            "initial": known | {"seen": state_of(applicant)},
        }

    def form_invalid(self, form: ApplicantForm) -> HttpResponse:
        """Show it again, beside what is known now."""
        self.object = self.get_object()
        if form.non_field_errors():  # it was stale: what is known now is shown, and the next press knows of it
            form.show_newest(state_of(self.object.applicant))
        return super().form_invalid(form)

    def perform(self, form: ApplicantForm) -> Applicant:
        """Put it right."""
        return actions.change_applicant(request=self.object, by=self.request.user, **form.described)

    def said(self, result: Applicant) -> list[tuple[int, str]]:
        """That it is kept; not what."""
        return [(messages.SUCCESS, _("The applicant's data are saved."))]


class ConsentWithdrawPage(RequestActionPage):
    """The applicant withdraws consent; the page says what follows."""

    template_name = "branches/consent_withdraw.html"
    form_class = WithdrawalForm

    def blocked(self, card: RequestCard) -> str:
        """Only consent that stands."""
        return super().blocked(card) or ("" if card.has_consent else _("There is no consent to withdraw."))

    def get_form_kwargs(self) -> dict[str, Any]:
        """The day, beside what was sent."""
        return super().get_form_kwargs() | {"today": self.today}

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        """How many requests of the applicant are open: until they are closed the data stay."""
        asked = Request.objects.as_of(self.today).filter(applicant=self.object.applicant_id)
        return super().get_context_data(open_count=asked.filter(is_open=True).count(), **kwargs)

    def perform(self, form: WithdrawalForm) -> Consent:
        """Write it down."""
        return actions.withdraw_consent(
            request=self.object, by=self.request.user, today=self.today, **form.cleaned_data
        )

    def said(self, result: Consent) -> list[tuple[int, str]]:
        """What followed."""
        if Applicant.objects.get(pk=result.applicant_id).anonymised_on:
            return [(messages.SUCCESS, _("The consent is withdrawn, and the applicant's data are erased."))]
        return [(messages.SUCCESS, _("The consent is withdrawn. The data are erased once nothing is open."))]


# --- finding a person ------------------------------------------------------------------------------------------------
class RequestFindPage(PersonalDataMixin, PermissionMixin, FormView):
    """Requests of one person. What is typed is sent by POST, and stands in no address."""

    permission = Permission.RECEIVE
    template_name = "branches/request_find.html"
    form_class = FindForm

    def form_valid(self, form: FindForm) -> HttpResponse:
        """Answer on the same page."""
        found = actions.find_requests(by=self.request.user, person=form.person)
        rows = [(row, RequestState(row.day_state)) for row in found]
        return self.render_to_response(self.get_context_data(form=form, found=rows, is_asked=True))

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        """Whether the reader receives for several branches: then each row says its own."""
        own = Branch.objects.for_user(self.request.user, Permission.RECEIVE)
        return super().get_context_data(has_branches=own.count() > 1, **kwargs)
