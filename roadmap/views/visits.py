"""Visits of control to sites: the list, the card, the entry on a phone; photographs for those who may see them."""

import datetime as dt
from collections.abc import Iterable
from pathlib import PurePath
from typing import Any

from django.contrib import messages
from django.db.models import Count, Q, QuerySet
from django.http import FileResponse, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy
from django.views.decorators.http import require_safe

from amanat_tracker.generic.keys import key_in
from amanat_tracker.generic.pages import ActionPage
from amanat_tracker.generic.uploading import UploadMixin, kept_file
from amanat_tracker.templatetags.figures import num, short_day
from branches.choices import Permission
from branches.views.day import DayCardPage
from branches.views.listing import ListCount
from roadmap import actions
from roadmap.choices import VisitKind
from roadmap.dashboards.links import control_url
from roadmap.dashboards.requests import receiving
from roadmap.dashboards.visits import (
    SiteBefore,
    VisitCard,
    site_before,
    visit_card,
    visits_with_counts,
    visits_with_their_place,
)
from roadmap.filters.visits import VisitFilter
from roadmap.forms.visit import MOST_PHOTOS, VisitForm
from roadmap.models import Photo, Site, SiteVisit
from roadmap.tables.visits import VisitTable
from roadmap.views.listing import ControlListPage

JSON = "application/json"


class VisitListPage(ControlListPage):
    """The visits of a year."""

    model = SiteVisit
    template_name = "roadmap/visit_list.html"
    filterset_class = VisitFilter
    table_class = VisitTable
    heading = gettext_lazy("Visits to sites")

    def rows(self, scoped: QuerySet) -> QuerySet:
        """Those paid in the year and entered by the day."""
        moment = self.moment
        paid = scoped.known_on(moment.day).filter(visited_on__year=moment.year)
        return visits_with_counts(paid, moment.day).select_related(
            "site__branch__district", "site__branch__region", "site__locality", "post", "author"
        )

    def counts(self) -> Iterable[ListCount]:
        """All of the frame, and what is remarkable of it."""
        named = {
            "all": ({}, pgettext_lazy("of visits", "in all"), "visit", "done", Q()),
            "raids": ({"kind": "raid"}, _("raids"), "visit", "late", Q(kind=VisitKind.RAID)),
            "findings": ({"findings": 1}, _("with grave findings"), "risk", "risk", Q(has_grave=True)),
            "confirmed": ({"confirmed": 1}, _("confirmed a claim"), "conf", "done", Q(has_confirmed=True)),
            "refuted": ({"refuted": 1}, _("refuted a claim"), "fail", "fail", Q(has_refuted=True)),
        }
        counted = self.filterset.frame_qs.order_by().aggregate(
            **{name: Count("pk", filter=condition) for name, (*_look, condition) in named.items()}
        )
        for name, (picked, label, mark, tone, _condition) in named.items():
            yield ListCount(
                name=name,
                label=label,
                count=counted[name],
                url=self.address_of(**picked),
                mark=mark,
                tone=tone,
                is_current=self.picked == picked,  # a tick is True, which is 1
            )


class VisitPage(DayCardPage):
    """Everything about one visit, as it was known on a day (`?as_of=`)."""

    model = SiteVisit
    template_name = "roadmap/visit_detail.html"
    context_object_name = "visit"

    def get_queryset(self) -> QuerySet:
        """Visits with what the card says of where and by whom."""
        return visits_with_their_place()

    def card(self, day: dt.date) -> VisitCard:
        """The card of the day."""
        return visit_card(self.object, self.request.user, day)

    def open_ways(self, card: VisitCard, today: dt.date) -> dict[str, Any]:
        """Whether the reader may record the next visit."""
        return {"may_visit": self.may(Permission.CONTROL, self.object)}

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        """The list of the other visits to the site; to which requests links lead."""
        context, visit = super().get_context_data(**kwargs), self.object
        day = context["card"].day if context["as_of"] else None
        others_url = control_url("visit_list", year=visit.visited_on.year, day=day, site=visit.site_id)
        return context | {"others_url": others_url, "receiving": receiving(self.request.user)}


class VisitRecordPage(UploadMixin, ActionPage):
    """Control records a visit, on a phone at the site.

    A script that sends the form asks for JSON: when the visit is kept it is told where to go, so that the words said
    there are not lost on the way; what is refused it gets as the page, like everybody.
    """

    model = Site
    permission = Permission.CONTROL
    template_name = "roadmap/visit_record.html"
    most_files = MOST_PHOTOS

    def get_queryset(self) -> QuerySet:
        """Sites with what is known of them today."""
        return Site.objects.as_of(self.today).select_related(
            "branch__district", "branch__region", "district", "locality"
        )

    @cached_property
    def before(self) -> SiteBefore:
        """What is known of the site before the visit."""
        return site_before(self.object, self.request.user, self.today, key_in(self.asked))

    @property
    def asked(self) -> str:
        """The citizen's request that is named: by the form, or by the address (`?request=`)."""
        return self.request.POST.get("request") or self.request.GET.get("request", "")

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        """What is known of the site, beside the form; the words that the script says."""
        return super().get_context_data(before=self.before, today=self.today, words=script_words(), **kwargs)

    def empty_form(self) -> VisitForm:
        """The form as it is opened."""
        return VisitForm(
            claims=self.before.claims,
            today=self.today,
            asked=self.before.asked,
            initial={
                "participants": self.before.participants,
                "seen": self.before.entered_last,
                "request": key_in(self.asked),
            },
        )

    def get_form(self, form_class: type[VisitForm] | None = None) -> VisitForm:
        """The form with a verdict for every claim."""
        if self.request.method != "POST":
            return self.empty_form()
        known = {"claims": self.before.claims, "today": self.today, "asked": self.before.asked}
        return VisitForm(self.request.POST, self.request.FILES, **known)

    def perform(self, form: VisitForm) -> actions.Visited:
        """Record the visit."""
        self.visited = actions.record_visit(
            site=self.object, by=self.request.user, today=self.today, **form.statement(self.object)
        )
        return self.visited

    def form_valid(self, form: VisitForm) -> HttpResponse:
        """Go to the card of the visit; tell a script where that is."""
        response = super().form_valid(form)
        kept = response.status_code == 302 and self.request.headers.get("Accept") == JSON
        return JsonResponse({"go": response.url}) if kept else response

    def get_success_url(self) -> str:
        """To the card of the visit."""
        return self.visited.visit.get_absolute_url()

    def said(self, result: actions.Visited) -> list[tuple[int, str]]:
        """What is kept, and what the inspector should look at again."""
        if result.repeated:
            return [(messages.SUCCESS, _("This visit had been saved before; it is kept once."))]
        told = [(messages.SUCCESS, kept_words(result))]
        if result.meanwhile:
            told.append((messages.WARNING, meanwhile_words(result.meanwhile)))
        return told + [(messages.WARNING, reused_words(new, earlier)) for new, earlier in result.reused]


# --- words -----------------------------------------------------------------------------------------------------------
def kept_words(result: actions.Visited) -> str:
    """What was saved, so that nothing has to be counted again."""
    visit = result.visit
    counted = (
        (visit.photos.count(), ngettext("%(n)s photograph", "%(n)s photographs", visit.photos.count())),
        (visit.findings.count(), ngettext("%(n)s finding", "%(n)s findings", visit.findings.count())),
        (len(result.verifications), ngettext("%(n)s verdict", "%(n)s verdicts", len(result.verifications))),
        (
            len(result.recommendations),
            ngettext("%(n)s recommendation", "%(n)s recommendations", len(result.recommendations)),
        ),
    )
    parts = [_("readiness %(percent)s %%") % {"percent": visit.readiness}]
    parts += [words % {"n": num(count)} for count, words in counted if count]
    return _("The visit is saved: %(what)s.") % {"what": ", ".join(parts)}


def meanwhile_words(visit: SiteVisit) -> str:
    """Tell an inspector that somebody entered a visit to the site while their form was open; both are kept."""
    said = _("While you were writing, %(who)s saved a visit to this site at %(time)s: readiness %(percent)s %%.")
    words = said % {
        "who": visit.author,
        "time": date_format(timezone.localtime(visit.created_at), "TIME_FORMAT"),
        "percent": visit.readiness,
    }
    return f"{words} {_('Both visits are kept.')}"


def reused_words(new: Photo, earlier: Photo) -> str:
    """Ask whether a photograph that was sent before is the right one."""
    if new.visit_id == earlier.visit_id:
        return _("“%(name)s” was chosen twice for this visit: is that right?") % {"name": new.name}
    said = _("“%(name)s” was already attached to the visit of %(day)s to “%(site)s”: is it the right one?")
    return said % {
        "name": new.name,
        "day": short_day(earlier.visit.visited_on),
        "site": earlier.visit.site,
    }


def script_words() -> dict[str, str]:
    """What static/visit.js says; `{…}` is filled in by it."""
    return {
        "preparing": _("{ready} of {all} photographs are ready to be sent…"),
        "sending": _("Sending: {sent} of {all} MB…"),
        "saving": _("Everything has arrived, the visit is being saved…"),
        "offline": _(
            "There is no connection: nothing is saved yet. What you typed is kept in this phone; press Save again."
        ),
        "silent": _(
            "The site does not answer: nothing is known to be saved yet. "
            "What you typed is kept in this phone; press Save again: the visit is never kept twice."
        ),
        "online": _("The connection is back. Press Save again."),
        "stumbled": _(
            "The site could not take the visit: nothing is saved yet. What you typed is kept in this phone; "
            "press Save again in a minute."
        ),
        "kept": _("What you typed is kept in this phone, {time}."),
        "notKept": _("This browser keeps nothing: do not close the page before the visit is saved."),
        "restored": _("Restored what you typed on {day} at {time}."),
        "photosAgain": _("Choose the photographs again: this browser does not keep them."),
        "claimChanged": _("A branch reported anew since then: give your verdict again."),
        "tooMany": _("At most {most} photographs are sent with a visit."),
        "tooLarge": _("“{name}” is too large to be sent. Choose another."),
        "notPhoto": _("“{name}” is not a photograph. JPEG and PNG are accepted."),
        "photo": _("Photograph {number}"),
        "removePhoto": _("Remove photograph {number}"),
        "smaller": _("{size} MB"),
        "fell": _("Readiness was {last} %: write in the note why it fell."),
        "advised": _("A recommendation is made of it, below."),
    }


# --- photographs -----------------------------------------------------------------------------------------------------
@require_safe
def photo(request: HttpRequest, pk: int) -> FileResponse:
    """A photograph as people see it: upright, without the camera's notes. The original is never given out."""
    kept = get_object_or_404(Photo.objects.for_user(request.user), pk=pk)
    return kept_file(kept.file, name=_as_jpeg(kept.name), content_type=kept.content_type, inline=True)


@require_safe
def photo_thumbnail(request: HttpRequest, pk: int) -> FileResponse:
    """It small."""
    kept = get_object_or_404(Photo.objects.for_user(request.user), pk=pk)
    return kept_file(kept.thumbnail, name=_as_jpeg(kept.name), content_type=kept.content_type, inline=True)


def _as_jpeg(name: str) -> str:
    """What the picture made of a file is called: it is a JPEG, whatever was sent."""
    return f"{PurePath(name).stem}.jpg"
