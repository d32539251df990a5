"""Pages of reception: to do and numbers, the register, topics by locality, who opened cards, rules."""

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy
from django.views.decorators.http import require_safe
from django.views.generic import TemplateView

from amanat_tracker.generic.pages import ActionPage, PermissionMixin
from amanat_tracker.generic.sheets import harmless
from amanat_tracker.templatetags.figures import num, short_day
from branches import actions
from branches.choices import SOON, Permission, RequestState
from branches.dashboards.links import rows_url
from branches.dashboards.reception import soon_after
from branches.dashboards.reception_desk import desk
from branches.dashboards.reception_pages import Numbers, reception_year
from branches.dashboards.reception_scope import Scope, is_of_one_place, one_place_branches, reception_years, scope_of
from branches.dashboards.reception_topics import TopicTable, topic_table
from branches.filters.reception import OpeningFilter, RequestFilter, is_personal
from branches.forms.reception import RuleForm
from branches.models import Branch, ReceptionRule, Request, RequestOpening
from branches.models.reception import RequestQuerySet
from branches.tables.reception import OpeningTable, RequestTable
from branches.views.day import Moment, moment_in
from branches.views.listing import BranchListPage, ListCount

WITHHELD = "×"  # in a file, where a number is withheld


def asked_scope(request: HttpRequest) -> tuple[list[Branch], Scope]:
    """The branches that the reader sees, and those of them that `?branch=` or `?region=` asks for; 404 for others."""
    seen = list(Branch.objects.for_user(request.user).along_the_river())
    scope = scope_of(seen, region=request.GET.get("region", ""), branch=request.GET.get("branch", ""))
    if scope is None:
        raise Http404("no branch of the reader")
    return seen, scope


def wants_mandates(request: HttpRequest) -> bool:
    """Whether numbers of voters' mandates only are asked for."""
    return request.GET.get("mandates") == "1"


class NumbersPage(PermissionMixin, TemplateView):
    """Numbers of a year as known on a day, of branches, of all requests or of mandates: what pages of them share."""

    def moment(self) -> Moment:
        """The year and the day of the address."""
        return moment_in(reception_years(self.request.user, timezone.localdate()), self.request)

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        """Whose reception, when, of all requests or of mandates."""
        branches, scope = asked_scope(self.request)
        return super().get_context_data(
            branches=branches,
            scope=scope,
            moment=self.moment(),
            mandates_only=wants_mandates(self.request),
            **kwargs,
        )


class ReceptionPage(NumbersPage):
    """What waits at the desk, for who receives citizens; for everybody the year in numbers.

    The desk is of today, whatever year is looked at, unless a day is asked for.
    """

    template_name = "branches/reception.html"

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        """The desk, and the year."""
        context = super().get_context_data(**kwargs)
        user, scope, moment = self.request.user, context["scope"], context["moment"]
        asked_for = moment.form.cleaned_data.get("as_of")
        return context | {
            "desk": desk(user=user, scope=scope, day=asked_for or moment.today),
            "soon_days": SOON,
            "is_of_one_place": is_of_one_place(scope.branches),
            "reception": reception_year(
                user=user,
                scope=scope,
                year=moment.year,
                day=moment.day,
                mandates_only=context["mandates_only"],
            ),
        }


# --- the register ----------------------------------------------------------------------------------------------------
class RequestListPage(BranchListPage):
    """The register: citizens' requests received in a year, or made at events of that year, as known on a day."""

    model = Request
    filterset_class = RequestFilter
    table_class = RequestTable
    template_name = "branches/request_list.html"
    heading = gettext_lazy("Register of requests")

    def get(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        """The list; what looks like an IIN or a telephone number is not looked for here, and no link keeps it."""
        return self.led_to_people() if is_personal(request.GET.get("q", "")) else super().get(request, *args, **kwargs)

    def led_to_people(self) -> HttpResponse:
        """To where people are found; who may not find them, to the list without those words."""
        if self.received:
            messages.warning(
                self.request,
                _("The register is not searched for people, as the words would stand in addresses. Find them here."),
            )
            return redirect("branches:request_find")
        messages.warning(
            self.request,
            _("The register is not searched for people: those who receive citizens find them on another page."),
        )
        query = self.request.GET.copy()
        del query["q"]
        return redirect(f"{self.request.path}?{query.urlencode()}")

    def years(self) -> dict[int, bool]:
        """The years of reception."""
        return reception_years(self.request.user, timezone.localdate())

    @cached_property
    def received(self) -> frozenset[int]:
        """The branches that the reader receives for."""
        if Permission.RECEIVE not in self.request.user.permissions:
            return frozenset()
        own = Branch.objects.for_user(self.request.user, Permission.RECEIVE)
        return frozenset(own.values_list("pk", flat=True))

    def rows(self, scoped: RequestQuerySet) -> RequestQuerySet:
        """Those received in the year; of events those made at events of the year, also if written down in the next."""
        day = self.moment.day
        asked = scoped.as_of(day, soon_after(day))
        if self.request.GET.get("event") or self.request.GET.get("project"):
            asked = asked.at_events_of(self.moment.year)
        else:
            asked = asked.received_in(self.moment.year)
        place = ("branch__district", "branch__region", "topic")
        return asked.select_related(*place, *(["locality"] if self.received else []))

    def get_filterset_kwargs(self, filterset_class: type[RequestFilter]) -> dict[str, Any]:
        """Choices as far as the reader may see."""
        return super().get_filterset_kwargs(filterset_class) | {"received": self.received}

    def get_table_kwargs(self) -> dict[str, Any]:
        """The branches of which cards are opened and localities named, and those that have only one."""
        kwargs = super().get_table_kwargs()
        exclude = (*kwargs["exclude"], *(() if self.received else ("locality",)))
        narrow = one_place_branches(self.branches)
        return kwargs | {"received": self.received, "narrow": narrow, "exclude": exclude}

    @cached_property
    def counted(self) -> list[dict[str, Any]]:
        """The requests of the frame, counted."""
        return list(self.filterset.frame_qs.counted_by())

    def counts(self) -> Iterable[ListCount]:
        """All, open, overdue, due soon, late bodies; closed, resolved positively."""
        numbers, rows = Numbers.of(self.counted), self.counted
        late = sum(row["n"] for row in rows if row["is_late_body"])
        soon = sum(row["n"] for row in rows if row["is_due_soon"])
        positive = {"state": RequestState.POSITIVE.value}
        for picked, label, count, mark, tone in (
            ({}, pgettext_lazy("requests", "registered"), numbers.registered, "nots", "none"),
            ({"open": True}, pgettext_lazy("requests", "open"), numbers.open, "prog", "prog"),
            ({"overdue": True}, pgettext_lazy("requests", "overdue"), numbers.overdue, "late", "fail"),
            ({"due_soon": True}, pgettext_lazy("requests", "due soon"), soon, "clock", "late"),
            ({"late_bodies": True}, gettext_lazy("a state body is late"), late, "moved", "late"),
            ({"closed": True}, pgettext_lazy("requests", "closed"), numbers.closed, "conf", "done"),
            (positive, pgettext_lazy("requests", "resolved positively"), numbers.positive, "done", "done"),
        ):
            url = self.address_of(**{name: 1 if value is True else value for name, value in picked.items()})
            yield ListCount(next(iter(picked), ""), label, count, url, mark, tone, self.picked == picked)

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        """How many people stand behind the rows, and how many of the requests ended well."""
        people = self.filterset.qs.order_by().aggregate(n=Count("applicant", distinct=True))["n"]
        return super().get_context_data(
            people=people,
            numbers=Numbers.of(self.counted),
            may_receive=bool(self.received),
            is_of_a_place=self.is_of_a_place,
            is_by_topic=self.is_by_topic,
            **kwargs,
        )

    @property
    def is_by_topic(self) -> bool:
        """Whether the rows tell their topic by being there, or by where they stand."""
        return bool(self.filterset.form.cleaned_data.get("topic")) or "topic" in self.request.GET.get("sort", "")

    @property
    def is_of_a_place(self) -> bool:
        """Whether paper says neither topics nor how many, as it would say them of one place, or of few people."""
        picked = self.filterset.form.cleaned_data
        branches = [
            branch
            for branch in self.branches
            if picked.get("branch") in ("", None, branch.slug)
            and picked.get("region") in ("", None, branch.region.slug)
        ]
        by_place = "locality" in self.request.GET.get("sort", "")
        return by_place or self.filterset.tells_places or is_of_one_place(branches)


# --- topics by place -------------------------------------------------------------------------------------------------
def asked_topics(request: HttpRequest, scope: Scope, moment: Moment) -> TopicTable:
    """The table of topics that is asked for: of several branches by branch, of one by locality."""
    return topic_table(
        user=request.user,
        scope=scope,
        year=moment.year,
        day=moment.day,
        mandates_only=wants_mandates(request),
        is_by_branch=not scope.is_one,
    )


class TopicTablePage(NumbersPage):
    """What citizens of which branch, or locality of a branch, ask about."""

    template_name = "branches/topic_table.html"

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        """The table, and the same as a file."""
        context = super().get_context_data(**kwargs)
        moment, scope = context["moment"], context["scope"]
        when = {"year": moment.year, "day": moment.day, "mandates": context["mandates_only"]}
        return context | {
            "told": asked_topics(self.request, scope, moment),
            "file_url": scope.url("branches:topics_csv", **when),
            "all_url": rows_url("branches:topic_table", **when),
        }


@require_safe
def topics_csv(request: HttpRequest) -> HttpResponse:
    """The table of topics as a file, with small numbers withheld for everybody; in the reader's language."""
    if Permission.VIEW not in request.user.permissions:
        raise PermissionDenied
    _seen, scope = asked_scope(request)
    moment = moment_in(reception_years(request.user, timezone.localdate()), request)
    if moment.form.errors:
        said = [
            f"{moment.form.fields[name].label}: {error}" for name, many in moment.form.errors.items() for error in many
        ]
        return HttpResponse("\n".join(said), status=400, content_type="text/plain; charset=utf-8")
    told = asked_topics(request, scope, moment)
    text = io.StringIO()
    csv.writer(text, delimiter=";").writerows([harmless(value) for value in row] for row in _rows(told))
    response = HttpResponse(f"\ufeff{text.getvalue()}", content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="reception-topics-{moment.year}.csv"'
    return response


def _rows(told: TopicTable) -> Iterable[Sequence[object]]:
    """The rows of the file: what it is of, the table, what is withheld in it."""
    title = _("Requests by topic and branch") if told.is_by_branch else _("Requests by topic and locality")
    yield [title]
    yield [_("Place"), told.scope.name]
    yield [_("Year"), told.year]
    yield [_("As of which day"), short_day(told.day)]
    if told.mandates_only:
        yield [_("Voters' mandates only")]
    yield [
        ngettext("%(n)s request", "%(n)s requests", told.total.count) % {"n": num(told.total.count)},
        ngettext("%(n)s row", "%(n)s rows", len(told.safe)) % {"n": num(len(told.safe))},
    ]
    yield []
    head = _("Branch") if told.is_by_branch else _("Locality")
    yield [head, *(topic.name for topic, _cell in told.topics), _("in all")]
    for row in told.safe:
        yield [row.place.name, *(_shown(count) for count in row.cells), _shown(row.total)]
    totals = (_shown(None if cell.is_withheld else cell.count) for _topic, cell in told.topics)
    yield [_("in all"), *totals, told.total.count]
    for words in _explained(told):
        yield [words]
    if told.has_samples:
        yield [_("Sample data are among these rows.")]


def _explained(told: TopicTable) -> Iterable[str]:
    """What is withheld, and why a locality is not there; the page says the same."""
    most = {"most": told.most_withheld}
    if told.has_marks or told.has_withheld_topics:
        words = _(
            "withheld: %(most)s or fewer, none too, or a number from which such a one could be worked out. "
            "A row's total is given where nothing of the row is withheld."
        )
        yield f"{WITHHELD} — {words % most}"
    if told.is_cut:
        yield (
            _(
                "Localities that are not in the table have %(most)s or fewer requests of each topic, none too, "
                "or numbers from which such ones could be worked out."
            )
            % most
        )


def _shown(count: int | None) -> int | str:
    """A number, or the mark of a withheld one."""
    return WITHHELD if count is None else count


# --- who opened cards ------------------------------------------------------------------------------------------------
class OpeningListPage(BranchListPage):
    """Who opened which card, and saw personal data; for who supervises the branches."""

    model = RequestOpening
    permission = Permission.SUPERVISE
    filterset_class = OpeningFilter
    table_class = OpeningTable
    template_name = "branches/opening_list.html"
    heading = gettext_lazy("Opened cards")

    def years(self) -> dict[int, bool]:
        """This year, and those in which cards were opened. One query."""
        opened = RequestOpening.objects.for_user(self.request.user, Permission.SUPERVISE).order_by()
        found = opened.values_list("opened_at__year", flat=True).distinct()
        return {timezone.localdate().year: False} | dict.fromkeys(found, True)

    def rows(self, scoped: QuerySet) -> QuerySet:
        """Those of the year, by the end of the day."""
        opened = scoped.filter(opened_at__year=self.moment.year, opened_at__date__lte=self.moment.day)
        return opened.select_related("request__branch__district", "request__branch__region", "reader")

    def get_filterset_kwargs(self, filterset_class: type[OpeningFilter]) -> dict[str, Any]:
        """The branches that the reader supervises."""
        supervised = set(Branch.objects.for_user(self.request.user, Permission.SUPERVISE).values_list("pk", flat=True))
        return super().get_filterset_kwargs(filterset_class) | {
            "branches": [branch for branch in self.branches if branch.pk in supervised]
        }


# --- rules -----------------------------------------------------------------------------------------------------------
class ReceptionRulePage(ActionPage):
    """In how many working days a branch answers, and when it takes voters' mandates only."""

    model = Branch
    permission = Permission.SUPERVISE
    template_name = "branches/reception_rule.html"
    form_class = RuleForm

    def get_queryset(self) -> QuerySet:
        """Branches with their places."""
        return Branch.objects.select_related("region", "district")

    def get_initial(self) -> dict[str, Any]:
        """The rules as they stand."""
        rule = actions.rule_of(self.object)
        return {name: getattr(rule, name) for name in ("answer_days", "mandates_from", "mandates_until")}

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        """Where the form leads back to."""
        return super().get_context_data(back=self.get_success_url(), **kwargs)

    def get_success_url(self) -> str:
        """To the reception of the branch."""
        return Scope([self.object], {"branch": self.object.slug}).url("branches:reception")

    def perform(self, form: forms.Form) -> ReceptionRule:
        """Set them."""
        return actions.set_reception_rule(branch=self.object, by=self.request.user, **form.cleaned_data)

    def said(self, result: ReceptionRule) -> list[tuple[int, str]]:
        """That they hold from now on."""
        words = ngettext(
            "The rules are kept. Requests registered from now on are answered in %(n)s working day.",
            "The rules are kept. Requests registered from now on are answered in %(n)s working days.",
            result.answer_days,
        )
        return [(messages.SUCCESS, words % {"n": result.answer_days})]
