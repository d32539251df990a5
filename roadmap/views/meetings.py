"""Commissions and councils: lists of their meetings and issues, cards, and the record of a meeting."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Count, Model, QuerySet
from django.http import FileResponse, HttpRequest, QueryDict
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_safe

from amanat_tracker.generic.keys import key_in
from amanat_tracker.generic.pages import ActionPage
from amanat_tracker.generic.uploading import UploadMixin, kept_file
from branches.choices import Permission
from branches.filters.rows import RowsFilter
from branches.forms.fields import MOST_FILES
from branches.views.day import DayCardPage
from branches.views.listing import ListCount
from roadmap import actions
from roadmap.choices import BodyKind, MeetingKind
from roadmap.dashboards.bodies import (
    BodyCard,
    bodies_with_their_place,
    body_card,
    body_rows,
    draft_agenda,
    followed_by,
    measures_to_advise_on,
    next_minutes_number,
)
from roadmap.dashboards.meetings import (
    MeetingCard,
    issues_of_year,
    meeting_card,
    meetings_of_year,
    meetings_with_their_place,
    with_what_came_of_them,
)
from roadmap.filters.meetings import CouncilFilter, IssueFilter, MeetingFilter
from roadmap.filters.recommendations import ProposalFilter
from roadmap.forms.meeting import KIND_MARKS, AnnulmentForm, MeetingForm
from roadmap.models import AgendaItem, Body, Meeting, MeetingAnnulment, MeetingFile, Recommendation
from roadmap.tables.meetings import CouncilTable, IssueTable, MeetingTable
from roadmap.views.listing import ControlListPage
from roadmap.views.section import SectionMixin


# --- lists -----------------------------------------------------------------------------------------------------------
class MeetingListPage(ControlListPage):
    """The meetings that commissions held in a year; below them the commissions themselves."""

    model = Meeting
    template_name = "roadmap/meeting_list.html"
    heading = gettext_lazy("Meetings of commissions")
    filterset_class = MeetingFilter
    table_class = MeetingTable
    body_kind = BodyKind.COMMISSION

    def rows(self, scoped: QuerySet) -> QuerySet:
        """Those held in the year, as known on the day, without those entered by mistake."""
        held = meetings_of_year(scoped, kind=self.body_kind, year=self.moment.year, day=self.moment.day)
        return with_what_came_of_them(held, self.moment.day).select_related(
            "body__branch__district", "body__branch__region"
        )

    def counts(self) -> Iterable[ListCount]:
        """The three kinds of meetings: disjoint, together all of them."""
        counted = dict(self.filterset.frame_qs.order_by().values_list("kind").annotate(n=Count("pk")))
        for kind in MeetingKind:
            mark, tone = KIND_MARKS[kind]
            yield ListCount(
                name=kind.value,
                label=KIND_WORDS[kind],
                count=counted.get(kind, 0),
                url=self.address_of(kind=kind.value),
                mark=mark,
                tone=tone,
                is_current=self.picked.get("kind") == kind,
            )

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        """The bodies of the frame, with what the reader may record."""
        framed = self.filterset.framed_bodies(Body.objects.for_user(self.request.user))
        bodies = body_rows(
            framed, kind=self.body_kind, year=self.moment.year, day=self.moment.day, user=self.request.user
        )
        context = super().get_context_data(
            bodies=bodies,
            convened=[row for row in bodies if row.may_convene],
            is_council=self.body_kind == BodyKind.COUNCIL,
            **kwargs,
        )
        context["table"].empty_text = render_to_string("roadmap/_meeting_none.html", {"filter": self.filterset})
        return context


# Translators: of meetings, in the plural; stands below their number.
KIND_WORDS = {
    MeetingKind.REGULAR: pgettext_lazy("meetings", "regular"),
    MeetingKind.TRAVELLING: pgettext_lazy("meetings", "travelling"),
    MeetingKind.JOINT: pgettext_lazy("meetings", "joint"),
}


class CouncilListPage(MeetingListPage):
    """The meetings that councils held in a year, how many issues they considered and how much they proposed."""

    heading = gettext_lazy("Meetings of councils")
    filterset_class = CouncilFilter
    table_class = CouncilTable
    body_kind = BodyKind.COUNCIL

    def counts(self) -> Iterable[ListCount]:
        """The kinds of meetings, and the issues and proposals of the same frame, each counted as its own list does."""
        yield from super().counts()
        when, scoped = {"year": self.moment.year, "day": self.moment.day}, {"user": self.request.user}
        issues = issues_of_year(AgendaItem.objects.for_user(**scoped), **when)
        proposals = Recommendation.objects.for_user(**scoped).of_councils()
        proposals = proposals.as_of(self.moment.day).issued_in(self.moment.year)
        yield self.elsewhere("issue_list", pgettext_lazy("councils", "issues considered"), IssueFilter, issues)
        yield self.elsewhere("proposal_list", pgettext_lazy("councils", "proposals"), ProposalFilter, proposals)

    def elsewhere(self, view: str, label: str | Promise, filter_class: type[RowsFilter], rows: QuerySet) -> ListCount:
        """How many rows another list has in the frame of this one; it searches them by its own words."""
        address = QueryDict(mutable=True)
        address["year"], address["as_of"] = str(self.moment.year), self.moment.day.isoformat()
        for name in self.filterset.frame:
            if self.request.GET.get(name, "").strip():
                address[name] = self.request.GET[name]
        found = filter_class(address, rows, branches=self.branches)
        url = f"{reverse(f'roadmap:{view}')}?{address.urlencode()}"
        return ListCount(name=view, label=label, count=found.qs.count(), url=url, mark="nots", tone="none")


class IssueListPage(ControlListPage):
    """The issues that councils considered in a year."""

    model = AgendaItem
    template_name = "roadmap/issue_list.html"
    heading = gettext_lazy("Issues considered by councils")
    filterset_class = IssueFilter
    table_class = IssueTable

    def rows(self, scoped: QuerySet) -> QuerySet:
        """Those of meetings that were held in the year, as known on the day."""
        return issues_of_year(scoped, year=self.moment.year, day=self.moment.day).select_related(
            "meeting__body__branch__district", "meeting__body__branch__region", "recommendation"
        )

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        """What to do when nothing is found."""
        context = super().get_context_data(is_council=True, **kwargs)
        context["table"].empty_text = render_to_string("roadmap/_meeting_none.html", {"filter": self.filterset})
        return context


# --- cards -----------------------------------------------------------------------------------------------------------
class MeetingPage(SectionMixin, DayCardPage):
    """One meeting, as it was known on a day (`?as_of=`): its minutes, and what came of them."""

    model = Meeting
    template_name = "roadmap/meeting_detail.html"

    def get_queryset(self) -> QuerySet:
        """Meetings with what the card says of their place."""
        return meetings_with_their_place()

    def card(self, day: dt.date) -> MeetingCard:
        """The card of the day."""
        return meeting_card(self.object, day)

    def open_ways(self, card: MeetingCard, today: dt.date) -> dict[str, Any]:
        """Whether the reader may call the meeting a mistake."""
        return {"may_annul": card.annulment is None and convenes(self.request, self.object.body)}


class BodyPage(SectionMixin, DayCardPage):
    """A commission or a council as it was known on a day (`?as_of=`), and the agenda of its next meeting, drafted."""

    model = Body
    template_name = "roadmap/body_detail.html"

    def get_queryset(self) -> QuerySet:
        """Bodies with what the card says of their place."""
        return bodies_with_their_place()

    def card(self, day: dt.date) -> BodyCard:
        """The card of the day."""
        return body_card(self.object, day, user=self.request.user, stale_after=settings.STALE_AFTER_DAYS)

    def open_ways(self, card: BodyCard, today: dt.date) -> dict[str, Any]:
        """Whether the reader records its meetings."""
        return {"may_convene": convenes(self.request, self.object)}


@require_safe
def meeting_file(request: HttpRequest, pk: int) -> FileResponse:
    """A file of a meeting, for those who see the body's branch; an attachment, which no browser opens as a page."""
    kept = get_object_or_404(MeetingFile.objects.for_user(request.user), pk=pk)
    return kept_file(kept.file, name=kept.name, content_type=kept.content_type)


# --- what is written -------------------------------------------------------------------------------------------------
def convenes(request: HttpRequest, body: Body) -> bool:
    """Whether the reader records the meetings of a body."""
    if not {Permission.CONTROL, Permission.CONVENE} & request.user.permissions:
        return False
    return Body.objects.convened_by(request.user).filter(pk=body.pk).exists()


class ConvenerPage(SectionMixin, ActionPage):
    """A form for who records the meetings of a body; 403 for others who see it."""

    def body_of(self, row: Model) -> Body:
        """Whose meeting the form is about."""
        raise NotImplementedError

    def get_object(self, queryset: QuerySet | None = None) -> Model:
        """The row of the address."""
        row = super().get_object(queryset)
        if not convenes(self.request, self.body_of(row)):
            raise PermissionDenied
        return row


class MeetingRecordPage(UploadMixin, ConvenerPage):
    """A meeting that was held is recorded; with `?agenda=draft` the drafted agenda is filled in."""

    model = Body
    template_name = "roadmap/meeting_record.html"
    most_files = MOST_FILES

    def get_queryset(self) -> QuerySet:
        """Bodies with what the form says of their place."""
        return bodies_with_their_place()

    def body_of(self, row: Body) -> Body:
        """The body itself."""
        return row

    def empty_form(self) -> MeetingForm:
        """The form as it is opened."""
        return MeetingForm(**self.lists(), initial=self.proposed())

    def get_form(self, form_class: type[MeetingForm] | None = None) -> MeetingForm:
        """The form; what was heard may have come to its end while it stood open."""
        if self.request.method != "POST":
            return self.empty_form()
        return MeetingForm(self.request.POST, self.request.FILES, **self.lists())

    def lists(self) -> dict[str, Any]:
        """What can be chosen in the form, all of it within what the reader may see."""
        body, followed = self.object, followed_by(self.object)
        waiting = list(followed.as_of(self.today).filter(is_open=True).order_by("due_on", "pk"))
        sent = [value for name, value in self.request.POST.items() if name.endswith("_recommendation")]
        pks = [pk for value in sent if (pk := key_in(value)) is not None]
        others = Body.objects.for_user(self.request.user).filter(branch__region=body.branch.region_id)
        return {
            "is_council": body.kind == BodyKind.COUNCIL,
            "today": self.today,
            "partners": bodies_with_their_place().filter(pk__in=others.exclude(pk=body.pk)),
            "measures": list(measures_to_advise_on(body, self.today)),
            "open_recommendations": waiting,
            "heard": {row.pk: row for row in (*waiting, *followed.filter(pk__in=pks))},
        }

    def proposed(self) -> dict[str, Any]:
        """What stands in the form when it is opened: the next number of the year's minutes, the drafted agenda."""
        proposed: dict[str, Any] = {"minutes_number": next_minutes_number(self.object, self.today)}
        if self.request.GET.get("agenda") != "draft":
            return proposed
        draft = draft_agenda(self.object, self.today, stale_after=settings.STALE_AFTER_DAYS)
        for number, point in enumerate(draft.points, start=1):
            line = {"title": point.title, "recommendation": point.recommendation and point.recommendation.pk}
            proposed |= {
                f"point_{number}_{name}": value for name, value in (line | {"drafted": True, "taken": True}).items()
            }
        return proposed

    def perform(self, form: MeetingForm) -> Meeting:
        """Record it."""
        try:
            self.recorded = actions.record_meeting(
                body=self.object, by=self.request.user, today=self.today, **form.statement
            )
        except ValidationError as error:
            raise form.beside_its_lines(error) from error
        return self.recorded

    def said(self, result: Meeting) -> list[tuple[int, str]]:
        """That it stands."""
        return [(messages.SUCCESS, _("The meeting is recorded."))]

    def get_success_url(self) -> str:
        """Its card."""
        return self.recorded.get_absolute_url()


class MeetingAnnulPage(ConvenerPage):
    """A meeting had been entered by mistake: it is no longer counted."""

    model = Meeting
    template_name = "roadmap/meeting_annul.html"
    form_class = AnnulmentForm

    def get_queryset(self) -> QuerySet:
        """Meetings with what the form says of their place."""
        return meetings_with_their_place()

    def body_of(self, row: Meeting) -> Body:
        """Whose meeting it was."""
        return row.body

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        """What stands in the way: recommendations of the meeting, or that it was said already."""
        return super().get_context_data(card=meeting_card(self.object, self.today), **kwargs)

    def perform(self, form: AnnulmentForm) -> MeetingAnnulment:
        """Say so."""
        return actions.annul_meeting(meeting=self.object, by=self.request.user, today=self.today, **form.cleaned_data)

    def said(self, result: MeetingAnnulment) -> list[tuple[int, str]]:
        """What that means."""
        return [(messages.SUCCESS, _("The meeting is no longer counted. Its card stays, and says so."))]
