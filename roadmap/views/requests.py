"""Citizens' requests where they meet the roadmap: the card, the link to a measure, passing to control."""

import datetime as dt
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from amanat_tracker.generic.keys import key_in
from amanat_tracker.generic.pages import ActionPage
from branches.actions import open_card
from branches.choices import REQUEST_CLOSED, Permission, RequestState
from branches.dashboards.links import rows_url
from branches.dashboards.requests import RequestCard, request_card, requests_with_applicants
from branches.models import Request
from branches.views.day import DayCardPage
from branches.views.requests import PersonalDataMixin
from roadmap import actions
from roadmap.dashboards.requests import (
    advisable,
    choosable,
    linked_to,
    offered,
    referral_of,
    request_ties,
    requests_with_their_place,
    sites_of,
)
from roadmap.forms.recommendation import AdviceForm
from roadmap.forms.requests import LinkForm, ReferForm, WordsForm
from roadmap.models import Recommendation, Referral, RequestMeasure


class RequestPage(PersonalDataMixin, DayCardPage):
    """Everything about one request, as it was known on a day: the one page on which it says who asks.

    For who receives in its branch; that it was opened is written down before it is shown.
    """

    model = Request
    permission = Permission.RECEIVE
    template_name = "roadmap/request_detail.html"
    context_object_name = "object"  # "request" is the browser's, in every template

    def get_queryset(self) -> QuerySet:
        """Requests with their words and who asks."""
        return requests_with_applicants().select_related("words")

    def get(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        """Write down who opens it."""
        response = super().get(request, *args, **kwargs)
        open_card(request=self.object, by=request.user)
        return response

    def card(self, day: dt.date) -> RequestCard:
        """The card of the day."""
        return request_card(self.object, day)

    def open_ways(self, card: RequestCard, today: dt.date) -> dict[str, Any]:
        """What may be said of it next."""
        return {"next_states": card.next_states if card.is_known else []}

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        """What ties it to the roadmap and to control."""
        context = super().get_context_data(**kwargs)
        return context | {"ties": request_ties(self.object, self.request.user, context["card"].day)}


class RequestTiePage(ActionPage):
    """A form that ties a request to something. It is known by number, topic, place and day: no more is read of it."""

    model = Request
    permission = Permission.RECEIVE

    def get_queryset(self) -> QuerySet:
        """Requests with what the page says of them."""
        return requests_with_their_place()

    @cached_property
    def is_mistake(self) -> bool:
        """Whether it was entered by mistake."""
        return self.object.steps.filter(state=RequestState.MISTAKE).exists()

    def blocked(self) -> str:
        """Why the form is not offered; "" when it is. What is sent in spite of it is refused by the action."""
        return _("This request was entered by mistake.") if self.is_mistake else ""

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        """Why there is no form, if there is none; the register in which the request stands."""
        list_url = rows_url("branches:request_list", branch=self.object.branch, year=self.object.year)
        return super().get_context_data(blocked=self.blocked(), list_url=list_url, **kwargs)


class RequestLinkPage(RequestTiePage):
    """Of which measure a request speaks: chosen from the likeliest ones, or found by words of measures (`?q=`)."""

    template_name = "roadmap/request_link.html"
    form_class = LinkForm

    def get_form_kwargs(self) -> dict[str, Any]:
        """The measures that may be linked or unlinked; the one of `?measure=` is chosen."""
        return super().get_form_kwargs() | {
            "measures": choosable(self.object, self.request.user, self.today),
            "initial": {"measure": key_in(self.request.GET.get("measure"))},
        }

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        """What is linked, and what may be."""
        context = super().get_context_data(**kwargs)
        words = WordsForm(self.request.GET)
        sought = words.cleaned_data["q"] if words.is_valid() else ""
        picked = key_in(context["form"]["measure"].value())
        return context | {
            "words": words,
            "sought": sought,
            "picked": picked,
            "linked": linked_to(self.object, self.request.user, self.today),
            "offered": offered(self.object, self.request.user, self.today, words=sought, first=picked),
        }

    def perform(self, form: LinkForm) -> RequestMeasure:
        """Say that it speaks of the measure, or that it does not after all."""
        return actions.link_request(
            request=self.object,
            measure=form.cleaned_data["measure"],
            by=self.request.user,
            today=self.today,
            is_linked=not form.cleaned_data["unlink"],
            submission=form.cleaned_data["submission"],
        )

    def said(self, result: RequestMeasure) -> list[tuple[int, str]]:
        """What stands now."""
        said = _("%(request)s is linked to the measure “%(measure)s”.")
        if not result.is_linked:
            said = _("%(request)s is not linked to the measure “%(measure)s” any more.")
        return [(messages.SUCCESS, said % {"request": self.object, "measure": result.measure})]


class RequestReferPage(PersonalDataMixin, RequestTiePage):
    """A branch passes a request to party control, without names: a note that says who asks is refused."""

    template_name = "roadmap/request_refer.html"
    form_class = ReferForm

    def blocked(self) -> str:
        """Once only, and not what is closed."""
        if Referral.objects.filter(request=self.object).exists():
            return _("The request was passed to party control already.")
        state = self.object.steps.order_by("-id").values_list("state", flat=True).first()
        return _("The request is closed: it is not passed on.") if state in REQUEST_CLOSED else ""

    def get_form_kwargs(self) -> dict[str, Any]:
        """The sites of the branch."""
        return super().get_form_kwargs() | {"sites": sites_of(self.object, self.request.user, self.today)}

    def perform(self, form: ReferForm) -> Referral:
        """Pass it on."""
        return actions.refer_request(request=self.object, by=self.request.user, today=self.today, **form.cleaned_data)

    def said(self, result: Referral) -> list[tuple[int, str]]:
        """Who sees what now."""
        said = _("%(request)s is passed to party control: it sees your note, the topic and the locality, not who asks.")
        return [(messages.SUCCESS, said % {"request": self.object})]


class RequestRecommendPage(RequestTiePage):
    """Party control recommends something because of a request that was passed to it; or goes and looks at a site.

    The reader does not see the card: here stand the number, the topic, the day, and what the branch wrote to control.
    """

    permission = Permission.CONTROL
    template_name = "roadmap/request_recommend.html"
    form_class = AdviceForm

    @cached_property
    def referral(self) -> Referral | None:
        """How it was passed to control."""
        return referral_of(self.object, self.request.user, self.today)

    def blocked(self) -> str:
        """Only what the branch passed on, and no mistake."""
        if self.referral is None:
            return _("The branch did not pass this request to party control.")
        return super().blocked()

    def get_form_kwargs(self) -> dict[str, Any]:
        """The measures and sites of the branch; the site that was named, and the only measure it speaks of, chosen."""
        links = RequestMeasure.objects.as_of(self.today).filter(request=self.object)
        measures = advisable(self.object, self.request.user, self.today)
        linked = list(measures.filter(pk__in=links.values("measure")).values_list("pk", flat=True))
        return super().get_form_kwargs() | {
            "today": self.today,
            "measures": measures,
            "sites": sites_of(self.object, self.request.user, self.today),
            "initial": {
                "site": self.referral.site_id if self.referral else None,
                "measure": linked[0] if len(linked) == 1 else None,
            },
        }

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        """What the branch wrote, and the sites to go to. It is a page of control, though its address is reception's."""
        self.request.section = "roadmap:control_home"
        sites = sites_of(self.object, self.request.user, self.today)
        return super().get_context_data(
            referral=self.referral, sites=sites if self.referral and not self.referral.site else [], **kwargs
        )

    def perform(self, form: AdviceForm) -> Recommendation:
        """Issue it."""
        self.issued = actions.recommend_on_request(
            request=self.object,
            by=self.request.user,
            today=self.today,
            advice=form.advice,
            issued_on=form.cleaned_data["issued_on"],
            submission=form.cleaned_data["submission"],
        )
        return self.issued

    def said(self, result: Recommendation) -> list[tuple[int, str]]:
        """That it stands."""
        return [(messages.SUCCESS, _("The recommendation is issued."))]

    def get_success_url(self) -> str:
        """The card of the recommendation: that of the request is not the reader's."""
        return self.issued.get_absolute_url()
