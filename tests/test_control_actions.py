"""What party control does on sites: registers them, opens and closes posts, records visits; each rule at its edge."""

import datetime as dt
import itertools
import uuid
from decimal import Decimal

import pytest
from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied, ValidationError
from django.db import DatabaseError
from django.utils import translation

from amanat_tracker.generic.photos import check_photo
from branches.choices import LocalityKind, Role
from branches.models import Assignment, AuditEvent, Locality, User
from roadmap import actions
from roadmap.actions import Advice, Found, Judgement
from roadmap.choices import (
    CHECKLIST,
    IN_USE,
    NEXT_STATES,
    PLAIN_STATES,
    CheckMark,
    ClosingReason,
    PostEvent,
    Severity,
    SiteKind,
    SiteState,
    Status,
    Verdict,
    VisitKind,
)
from roadmap.dashboards.overview import overview
from roadmap.models import (
    ControlPost,
    Finding,
    Measure,
    Photo,
    PostChange,
    PostSite,
    Recommendation,
    RecommendationStep,
    Site,
    SiteStateChange,
    SiteVisit,
    StatusReport,
    Verification,
)

DAY = dt.timedelta(days=1)
BIN = "123456789013"  # the first weights leave 10, the second ones 3
CONTROLLERS = ("controller", "controller_of_own")
STRANGERS = ("secretary", "reception", "coordinator", "chair", "observer", "administrator", "nobody")


@pytest.fixture(autouse=True)
def in_english():
    """Messages are compared in the language of the source."""
    with translation.override("en"):
        yield


@pytest.fixture
def people(cast, abroad):
    """The cast, with an inspector of `own` only, one of `other` only, one of another region, and a second of all."""
    for name, where in (
        ("controller_of_own", {"branch": cast.own}),
        ("other_controller", {"branch": cast.other}),
        ("second", {"region": cast.region}),
    ):
        user = User.objects.create_user(name, first_name=name.title())
        Assignment.objects.create(user=user, role=Role.CONTROLLER, **where)
        setattr(cast.people, name, user)
    cast.people.abroad = abroad.controller
    return cast.people


@pytest.fixture
def control(cast):
    """By whom and when, unless a test says otherwise."""
    return {"by": cast.people.controller, "today": cast.today}


@pytest.fixture
def site(cast):
    return cast.add_site(name="Мектеп")


@pytest.fixture
def visit(control, site):
    """`visit(40, note="…")`: a visit to `site` today, unless said otherwise."""

    def record(readiness=40, **said):
        return actions.record_visit(**{"site": site, **control, "readiness": readiness, **said})

    return record


@pytest.fixture
def claim(cast):
    """`claim(measure)`: the branch reports it as done."""

    def report(measure, status=Status.DONE, **said):
        said = {"by": cast.people.secretary, "today": cast.today, **said}
        return actions.report_status(measure=measure, status=status, **said).report

    return report


@pytest.fixture
def refused(written):
    """`with refused("note"): …`: a ValidationError of exactly these fields, and nothing is written."""

    class Refusal:
        def __init__(self, *fields, match=""):
            self.fields, self.match = fields or (NON_FIELD_ERRORS,), match

        def __enter__(self):
            self.before = written()

        def __exit__(self, kind, error, traceback):
            assert kind is ValidationError, error
            named = error.message_dict if hasattr(error, "error_dict") else {NON_FIELD_ERRORS: error.messages}
            assert set(named) == set(self.fields), named
            assert self.match in " ".join(error.messages)
            assert written() == self.before
            return True

    return Refusal


def events(row):
    """The audit of a row, oldest first."""
    return list(AuditEvent.objects.about(row).order_by("id").values_list("actor", "action", "detail"))


def files(directory):
    return [path for path in directory.rglob("*") if path.is_file()]


def on(day, pk):
    """A site as of a day."""
    return Site.objects.as_of(day).get(pk=pk)


# --- sites -----------------------------------------------------------------------------------------------------------
def test_a_site_is_registered_with_everything_that_was_said(cast, control):
    measures, village = [cast.add_measure(), cast.add_measure()], Locality.objects.get(district=cast.own.district)
    site = actions.register_site(
        branch=cast.own,
        **control,
        state=SiteState.DEFECTS,
        state_on=dt.date(2025, 5, 30),
        state_note=" жарық жоқ ",
        measures=measures,
        kind=SiteKind.EDUCATION,
        name=" 300 орындық мектеп ",
        district=cast.own.district,
        locality=village,
        customer="Құрылыс басқармасы ",
        contractor="«Сыр» ЖШС",
        contractor_bin=BIN,
        contract_number="14-26",
        contract_date=dt.date(2024, 2, 1),
        contract_sum=1_250_000_000,
        capacity="300 орын",
        planned_on=dt.date(2025, 9, 1),
        contract_until=dt.date(2025, 8, 1),
        carried_over_from=2024,
        source="шарт",
    )
    row = Site.objects.get()
    assert row == site
    assert (row.branch, row.author, row.entered_on) == (cast.own, cast.people.controller, cast.today)
    assert (row.name, row.customer, row.contractor_bin) == ("300 орындық мектеп", "Құрылыс басқармасы", BIN)
    assert (row.locality, row.contract_sum, row.carried_over_from) == (village, 1_250_000_000, 2024)
    assert list(row.measures.order_by("pk")) == measures
    change = row.states.get()
    assert (change.state, change.happened_on, change.note) == ("defects", dt.date(2025, 5, 30), "жарық жоқ")
    assert (change.author, change.entered_on) == (cast.people.controller, cast.today)
    assert events(row) == [("controller", "site.register", "300 орындық мектеп")]


def register(cast, control, **said):
    fields = {"kind": SiteKind.ROAD, "name": "жол", "district": cast.own.district}
    return actions.register_site(**{"branch": cast.own, **control, **fields, **said})


def test_a_site_stands_planned_today_unless_said_otherwise(cast, control):
    change = register(cast, control).states.get()
    assert (change.state, change.happened_on) == (SiteState.PLANNED, cast.today)


REFUSED_SITES = {
    "no name": ({"name": " "}, "name"),
    "no such kind": ({"kind": "castle"}, "kind"),
    "eleven digits": ({"contractor": "ЖШС", "contractor_bin": BIN[1:]}, "contractor_bin"),
    "letters": ({"contractor": "ЖШС", "contractor_bin": "ABCDEFGHIJKL"}, "contractor_bin"),
    "a slip in the number": ({"contractor": "ЖШС", "contractor_bin": "123456789012"}, "contractor_bin"),
    "a number of nobody": ({"contractor_bin": BIN}, "contractor"),
    "a contract that ends before it begins": (
        {"contract_date": dt.date(2025, 5, 2), "contract_until": dt.date(2025, 5, 1)},
        "contract_until",
    ),
    "a slip in the year": ({"planned_on": dt.date(25, 9, 1)}, "planned_on"),
    "carried over from long ago": ({"carried_over_from": 1999}, "carried_over_from"),
    "a negative sum": ({"contract_sum": -1}, "contract_sum"),
    "no such state": ({"state": "ruined", "state_note": "а"}, "state"),
    "suspended, and not why": ({"state": SiteState.SUSPENDED}, "state_note"),
    "a state of tomorrow": ({"state_on": dt.date(2025, 6, 17)}, "state_on"),
}


@pytest.mark.parametrize(("said", "field"), REFUSED_SITES.values(), ids=REFUSED_SITES)
def test_a_refused_site_leaves_nothing(cast, control, refused, said, field):
    with refused(field):
        register(cast, control, **said)


def test_a_site_lies_where_its_branch_is(cast, control, abroad, refused):
    with refused("district"):
        register(cast, control, district=cast.other.district)
    with refused("district"):
        register(cast, control, branch=cast.oblast, district=abroad.district)
    with refused("locality"):
        register(cast, control, locality=Locality.objects.get(district=cast.other.district))
    village = Locality.objects.create(
        district=cast.other.district, kind=LocalityKind.SETTLEMENT, name_kk="а", name_ru="а", name_en="a"
    )
    register(cast, control, branch=cast.oblast, district=cast.other.district, locality=village)  # the oblast's own


def test_a_site_hangs_together_with_measures_of_its_branch_only(cast, control, refused):
    own, other = cast.add_measure(), cast.add_measure("other")
    with refused("measures"):
        register(cast, control, measures=[own, other])
    site = register(cast, control, measures=[own])
    with refused("measures"):
        actions.change_site(site=site, **control, measures=[other])
    assert list(site.measures.all()) == [own]


def test_a_site_is_put_right(cast, control, site):
    measure = cast.add_measure()
    actions.change_site(site=site, **control, name=" Орта мектеп ", capacity="600 орын", measures=[measure])
    site.refresh_from_db()
    assert (site.name, site.capacity, list(site.measures.all())) == ("Орта мектеп", "600 орын", [measure])
    assert events(site)[-1] == ("controller", "site.change", f"{cast.today}: name, capacity, measures")
    actions.change_site(site=site, **control, capacity="640 орын")
    assert list(site.measures.all()) == [measure]  # not given: they stay
    assert events(site)[-1][2] == f"{cast.today}: capacity"
    actions.change_site(site=site, **control, measures=[])
    assert not site.measures.exists()


def test_only_what_a_site_has_is_put_right(control, site):
    for field in ("entered_on", "author"):
        with pytest.raises(TypeError, match=field):
            actions.change_site(site=site, **control, **{field: "x"})


# --- states ----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("standing", "state"), list(itertools.product(SiteState, SiteState)))
def test_what_may_follow_what(cast, control, refused, standing, state):
    site = cast.add_site(state=standing, state_note="себебі")
    if state in NEXT_STATES[standing]:
        change = actions.set_site_state(site=site, **control, state=state, note=" түсіндірме ")
        row = on(cast.today, site.pk)
        assert (row.day_state, row.day_state_on, row.is_commissioned) == (state, cast.today, state in IN_USE)
        assert (change.note, change.author) == ("түсіндірме", cast.people.controller)
        assert events(site)[-1] == ("controller", "site.state", f"{standing} → {state}, {cast.today}")
        assert on(cast.today - DAY, site.pk).day_state == standing
    else:
        with refused("state"):
            actions.set_site_state(site=site, **control, state=state, note="түсіндірме")


@pytest.mark.parametrize(
    ("standing", "state"), [(standing, state) for standing in SiteState for state in NEXT_STATES[standing]]
)
def test_which_states_need_a_note(cast, control, refused, standing, state):
    site = cast.add_site(state=standing, state_note="себебі")
    is_reopened = standing in IN_USE and state == SiteState.CONSTRUCTION
    said = {"site": site, **control, "state": state, "note": "  "}
    if is_reopened or state not in PLAIN_STATES:
        with refused("note"):
            actions.set_site_state(**said)
    else:
        assert actions.set_site_state(**said).note == ""


def test_a_state_is_not_of_the_future_nor_before_the_last_one(cast, control, refused):
    site = cast.add_site(state_on=dt.date(2025, 2, 3))
    with refused("happened_on"):
        actions.set_site_state(site=site, **control, state="commissioned", happened_on=cast.today + DAY)
    with refused("happened_on"):
        actions.set_site_state(site=site, **control, state="commissioned", happened_on=dt.date(2025, 2, 2))
    change = actions.set_site_state(site=site, **control, state="commissioned", happened_on=dt.date(2025, 2, 3))
    assert (change.happened_on, change.entered_on) == (dt.date(2025, 2, 3), cast.today)
    assert not on(cast.today - DAY, site.pk).is_commissioned  # nobody knew


def test_a_state_counts_from_the_later_of_two_clocks(cast, control, site):
    """One server's clock has passed midnight; what is said after it on another is not put before it."""
    actions.set_site_state(site=site, by=control["by"], today=cast.today + DAY, state=SiteState.COMMISSIONED)
    change = actions.set_site_state(
        site=site, **control, state=SiteState.DEFECTS, note="жарық жоқ", happened_on=cast.today + DAY
    )
    assert change.entered_on == cast.today + DAY
    assert on(cast.today + DAY, site.pk).day_state == SiteState.DEFECTS


# --- posts -----------------------------------------------------------------------------------------------------------
def test_a_post_is_opened_over_several_sites(cast, control):
    sites = [cast.add_site(), cast.add_site()]
    post = actions.open_post(
        sites=sites, **control, chair=" Төраға ", members=" Бірінші\n\n Екінші \n", opened_on=dt.date(2025, 6, 1)
    )
    row = ControlPost.objects.as_of(cast.today).get()
    assert (row, row.is_open, row.day_event, row.day_reason) == (post, True, None, "")
    assert (row.number, row.chair, row.people) == (1, "Төраға", ["Бірінші", "Екінші"])
    assert (row.opened_on, row.entered_on, row.author) == (dt.date(2025, 6, 1), cast.today, cast.people.controller)
    assert [watched.site for watched in row.watched.order_by("id")] == sites
    for site in sites:
        assert (on(cast.today, site.pk).day_post, on(cast.today, site.pk).is_under_post) == (post.pk, True)
        assert on(cast.today - DAY, site.pk).day_post is None
    assert events(post) == [("controller", "post.open", f"{sites[0].pk}, {sites[1].pk}")]


def test_posts_are_numbered_in_their_branch(cast):
    numbers = [cast.add_post(cast.add_site(branch)).number for branch in ("own", "own", "other", "own", "oblast")]
    assert numbers == [1, 2, 1, 3, 1]


REFUSED_POSTS = {
    "no chair": ({"chair": " "}, "chair"),
    "a day that has not come": ({"opened_on": dt.date(2025, 6, 17)}, "opened_on"),
    "the end of time": ({"opened_on": dt.date.max}, "opened_on"),
    "a slip in the year": ({"opened_on": dt.date(205, 6, 1)}, "opened_on"),
    "no sites": ({"sites": []}, "sites"),
}


@pytest.mark.parametrize(("said", "field"), REFUSED_POSTS.values(), ids=REFUSED_POSTS)
def test_a_refused_post_leaves_nothing(control, site, refused, said, field):
    with refused(field):
        actions.open_post(**{"sites": [site], **control, "chair": "Төраға", **said})


def test_the_sites_of_a_post_are_of_one_branch(cast, control, refused):
    sites = [cast.add_site(), cast.add_site("other")]
    with refused("sites"):
        actions.open_post(sites=sites, **control, chair="а")


def test_no_post_over_a_cancelled_site(cast, control, refused):
    sites = [cast.add_site(), cast.add_site(state=SiteState.CANCELLED)]
    with refused("sites", match="cancelled"):
        actions.open_post(sites=sites, **control, chair="а")


def test_a_site_stands_under_one_open_post(cast, control, site, refused):
    first, another = cast.add_post(site, opened_on=dt.date(2025, 2, 3)), cast.add_site()
    with refused("sites", match="Мектеп"):
        actions.open_post(sites=[another, site], **control, chair="а")
    closing = {"post": first, **control, "reason": ClosingReason.TRANSFERRED}
    actions.close_post(**closing, happened_on=dt.date(2025, 6, 10))
    for day in (dt.date(2025, 2, 1), dt.date(2025, 6, 9)):
        with refused("opened_on", match="Мектеп"):  # on that day it stood under the first
            actions.open_post(sites=[site], **control, chair="а", opened_on=day)
    second = actions.open_post(sites=[site], **control, chair="а", opened_on=dt.date(2025, 6, 10))
    assert on(cast.today, site.pk).day_post == second.pk
    with refused(match="Мектеп"):
        actions.reopen_post(post=first, **control, note="қайта")
    actions.close_post(post=second, **control, reason=ClosingReason.TRANSFERRED, happened_on=dt.date(2025, 6, 12))
    with refused("happened_on", match="Мектеп"):
        actions.reopen_post(post=first, **control, note="қайта", happened_on=dt.date(2025, 6, 11))
    actions.reopen_post(post=first, **control, note="қайта", happened_on=dt.date(2025, 6, 12))
    assert on(cast.today, site.pk).day_post == first.pk


@pytest.mark.parametrize("reason", ClosingReason)
def test_a_post_is_closed_with_a_reason(cast, control, refused, reason):
    site, other = cast.add_site(), cast.add_site()
    post = cast.add_post(site, other)
    said = {"post": post, **control, "reason": reason, "note": " тапсырылды "}
    actions.set_site_state(site=site, **control, state=SiteState.COMMISSIONED)
    if reason == ClosingReason.COMMISSIONED:
        with refused("reason", match=other.name):
            actions.close_post(**said)
        actions.set_site_state(site=other, **control, state=SiteState.DEFECTS, note="жарық жоқ")  # in use, nevertheless
    change = actions.close_post(**said)
    row = ControlPost.objects.as_of(cast.today).get()
    assert (row.is_open, row.day_event, row.day_event_on, row.day_reason) == (False, "closed", cast.today, reason)
    assert change.note == "тапсырылды"
    assert not on(cast.today, site.pk).is_under_post
    assert ControlPost.objects.as_of(cast.today - DAY).get().is_open
    assert events(post)[-1] == ("controller", "post.closed", f"{reason}, {cast.today}")
    with refused(match="closed already"):
        actions.close_post(**{**said, "reason": ClosingReason.CANCELLED})


REFUSED_CLOSINGS = {
    "no reason": ({"reason": ""}, "reason"),
    "no such reason": ({"reason": "boredom"}, "reason"),
    "a day that has not come": ({"happened_on": dt.date(2025, 6, 17)}, "happened_on"),
    "before it was opened": ({"happened_on": dt.date(2025, 2, 2)}, "happened_on"),
}


@pytest.mark.parametrize(("said", "field"), REFUSED_CLOSINGS.values(), ids=REFUSED_CLOSINGS)
def test_a_refused_closing_changes_nothing(cast, control, site, refused, said, field):
    post = cast.add_post(site, opened_on=dt.date(2025, 2, 3))
    with refused(field):
        actions.close_post(**{"post": post, **control, "reason": ClosingReason.CANCELLED, **said})
    actions.close_post(post=post, **control, reason=ClosingReason.CANCELLED, happened_on=dt.date(2025, 2, 3))


def test_a_closed_post_is_reopened_with_a_note(cast, control, site, refused):
    post = cast.add_post(site)
    with refused(match="open already"):
        actions.reopen_post(post=post, **control, note="қайта")
    actions.close_post(post=post, **control, reason=ClosingReason.CANCELLED, happened_on=dt.date(2025, 6, 3))
    with refused("note"):
        actions.reopen_post(post=post, **control, note=" ")
    with refused("happened_on"):
        actions.reopen_post(post=post, **control, note="қайта", happened_on=dt.date(2025, 6, 2))
    with refused("happened_on"):
        actions.reopen_post(post=post, **control, note="қайта", happened_on=dt.date.max)
    change = actions.reopen_post(post=post, **control, note=" қайта ", happened_on=dt.date(2025, 6, 3))
    row = ControlPost.objects.as_of(cast.today).get()
    assert (row.is_open, row.day_event, row.day_reason, change.note) == (True, PostEvent.REOPENED, "", "қайта")
    assert events(post)[-1] == ("controller", "post.reopened", ", 2025-06-03")
    with refused(match="open already"):
        actions.reopen_post(post=post, **control, note="тағы")


def test_in_which_years_a_post_stood(cast, control, site):
    """Opened in 2022, closed in 2023, reopened in 2025, closed in 2026."""
    by = control["by"]
    post = cast.add_post(site, today=dt.date(2022, 11, 1))
    actions.close_post(post=post, by=by, today=dt.date(2023, 3, 1), reason=ClosingReason.CANCELLED)
    actions.reopen_post(post=post, by=by, today=dt.date(2025, 2, 1), note="қайта")
    actions.close_post(post=post, by=by, today=dt.date(2026, 4, 1), reason=ClosingReason.CANCELLED)

    def years(day):
        stood = [year for year in range(2021, 2029) if ControlPost.objects.as_of(day).stood_in(year, day).exists()]
        assert stood == [year for year in range(2021, 2029) if ControlPost.objects.stood_in(year, day).exists()]
        return stood

    assert years(dt.date(2022, 10, 31)) == []
    assert years(dt.date(2022, 12, 31)) == [2022, 2023, 2024, 2025, 2026, 2027, 2028]  # it stands, as far as is known
    assert years(dt.date(2023, 3, 1)) == years(dt.date(2025, 1, 31)) == [2022, 2023]
    assert years(dt.date(2025, 2, 1)) == [2022, 2023, 2025, 2026, 2027, 2028]
    assert years(dt.date(2026, 4, 1)) == [2022, 2023, 2025, 2026]


@pytest.mark.parametrize(("closed", "stood"), [(dt.date(2024, 12, 31), False), (dt.date(2025, 1, 1), True)])
def test_a_post_stands_on_the_day_on_which_it_is_closed(cast, control, closed, stood):
    site = cast.add_site(today=dt.date(2024, 3, 1))
    post = cast.add_post(site, today=dt.date(2024, 3, 1))
    actions.close_post(post=post, **control, reason=ClosingReason.CANCELLED, happened_on=closed)
    assert ControlPost.objects.stood_in(2025, cast.today).exists() is stood
    assert ControlPost.objects.stood_in(2025, cast.today - DAY).exists()  # it was not known then
    assert ControlPost.objects.stood_in(2024, cast.today).exists()


# --- visits ----------------------------------------------------------------------------------------------------------
def test_a_visit_writes_all_of_it(cast, control, photograph, claim, evidence_directory):
    measures = [cast.add_measure() for _ in range(2)]
    site = cast.add_site(measures=measures)
    post = cast.add_post(site)
    claims = [claim(measure) for measure in measures]
    due = cast.today + 10 * DAY
    told = actions.record_visit(
        site=site,
        **control,
        readiness=65,
        kind=VisitKind.RAID,
        participants=" Ермекбаев Ж., Нұрсейітов Т. ",
        checklist={"quality": (CheckMark.ORDER, ""), "wages": (CheckMark.REMARKS, " кешіккен ")},
        note=" шатыры жабылды ",
        findings=[Found(Severity.MINOR, " қоқыс "), Found(Severity.CRITICAL, "қоршау жоқ", due)],
        photos=[check_photo(photograph(shade=shade)) for shade in (10, 20)],
        judgements=[Judgement(claims[1], Verdict.CONFIRMS), Judgement(claims[0], Verdict.REFUTES, " жоқ ")],
        advice=[Advice(" қоршау орнату ", "мердігер", due, executor="прораб", measure=measures[0], site=site)],
        seen=0,
    )
    visit = SiteVisit.objects.get()
    assert (told.visit, told.meanwhile, list(told.reused), told.repeated) == (visit, None, [], False)
    assert (visit.site, visit.post, visit.kind, visit.author) == (site, post, "raid", cast.people.controller)
    assert (visit.visited_on, visit.entered_on, visit.readiness) == (cast.today, cast.today, 65)
    assert (visit.participants, visit.note) == ("Ермекбаев Ж., Нұрсейітов Т.", "шатыры жабылды")
    marks = {point: (mark, remarks) for (_, mark, remarks), point in zip(visit.checklist, CHECKLIST, strict=True)}
    assert marks == {
        "quality": (CheckMark.ORDER, ""),
        "spending": (CheckMark.UNCHECKED, ""),
        "safety": (CheckMark.UNCHECKED, ""),
        "wages": (CheckMark.REMARKS, "кешіккен"),
    }
    found = visit.findings.order_by("position").values_list("position", "severity", "text", "due_on")
    assert list(found) == [(1, "minor", "қоқыс", None), (2, "critical", "қоршау жоқ", due)]
    assert [photo.name for photo in visit.photos.all()] == ["IMG_1.jpg", "IMG_1.jpg"]
    assert len(files(evidence_directory)) == 6  # as it was sent, as it is shown, small
    refuted, confirmed = visit.verifications.order_by("measure")
    assert list(told.verifications) == [refuted, confirmed]
    assert (refuted.verdict, refuted.report, refuted.note, refuted.basis) == ("refutes", claims[0], "жоқ", "")
    assert (confirmed.verdict, confirmed.report, confirmed.reporter) == ("confirms", claims[1], cast.people.secretary)
    assert {refuted.seen_on, confirmed.seen_on, refuted.entered_on} == {cast.today}
    recommendation = visit.recommendations.get()
    assert list(told.recommendations) == [recommendation]
    assert (recommendation.text, recommendation.executor, recommendation.due_on) == ("қоршау орнату", "прораб", due)
    assert (recommendation.branch, recommendation.site, recommendation.measure) == (cast.own, site, measures[0])
    assert (recommendation.issued_on, recommendation.meeting, recommendation.monitoring) == (cast.today, None, "")
    assert recommendation.steps.get().state == "issued"
    row = on(cast.today, site.pk)
    assert (row.day_readiness, row.day_visited_on) == (65, cast.today)
    assert on(cast.today - DAY, site.pk).day_readiness is None
    assert events(site)[-1] == ("controller", "site.raid", f"{cast.today}, 65 %, visit {visit.pk}")
    assert [action for _, action, _ in events(recommendation)] == ["recommendation.issue"]
    assert [action for _, action, _ in events(claims[0])] == ["report.verify"]


@pytest.mark.parametrize(
    ("model", "place"),
    [
        (SiteVisit, 1),
        (Finding, 2),
        (Recommendation, 1),
        (RecommendationStep, 1),
        (StatusReport, 1),
        (Verification, 1),
        (Verification, 2),
        (Photo, 1),
        (Photo, 2),
        (AuditEvent, 1),
        (AuditEvent, 4),
    ],
)
def test_a_visit_is_written_whole_or_not_at_all(
    cast, control, photograph, claim, written, monkeypatch, evidence_directory, model, place
):
    measures = [cast.add_measure() for _ in range(2)]
    site = cast.add_site(measures=measures)
    claims = [claim(measure) for measure in measures]
    before, count, save = written(), itertools.count(1), model.save

    def breaks(self, *args, **kwargs):
        if next(count) == place:
            raise RuntimeError("the disk is full")
        return save(self, *args, **kwargs)

    monkeypatch.setattr(model, "save", breaks)
    with pytest.raises(RuntimeError, match="the disk is full"):
        actions.record_visit(
            site=site,
            **control,
            readiness=65,
            findings=[Found(Severity.MINOR, "а"), Found(Severity.MINOR, "б")],
            photos=[check_photo(photograph(shade=shade)) for shade in (10, 20)],
            judgements=[Judgement(claims[0], Verdict.REFUTES, "жоқ"), Judgement(claims[1], Verdict.CONFIRMS)],
            advice=[Advice("а", "б", cast.today)],
        )
    assert next(count) > place
    assert written() == before
    assert not files(evidence_directory)
    assert set(Measure.objects.values_list("status", flat=True)) == {Status.DONE}


@pytest.mark.django_db(transaction=True)
def test_files_of_a_visit_that_is_not_committed_are_gone(cast, control, photograph, monkeypatch, evidence_directory):
    """Everything was written, and then the database did not keep it."""
    site = cast.add_site()

    def lost(self):
        raise DatabaseError("the line is broken")

    monkeypatch.setattr("django.db.backends.base.base.BaseDatabaseWrapper._commit", lost)
    with pytest.raises(DatabaseError, match="the line is broken"):
        actions.record_visit(site=site, **control, readiness=1, photos=[check_photo(photograph())])
    monkeypatch.undo()
    assert not SiteVisit.objects.exists()
    assert not files(evidence_directory)


def test_a_photograph_is_kept_as_sent_and_as_shown(visit, photograph, evidence_directory):
    sent = photograph("Нысан.PNG", size=(2500, 1000))
    content = sent.read()
    told = visit(photos=[check_photo(sent)])
    photo = told.visit.photos.get()
    assert (evidence_directory / photo.original.name).read_bytes() == content
    assert (photo.name, photo.content_type, photo.size) == ("Нысан.PNG", "image/jpeg", len(content))
    assert (photo.width, photo.height) == (2048, 819)
    for shown in (photo.file, photo.thumbnail):
        assert (evidence_directory / shown.name).read_bytes().startswith(b"\xff\xd8\xff")
    assert len({photo.original.name, photo.file.name, photo.thumbnail.name}) == 3


# --- a refuted claim -------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("verdict", Verdict)
def test_the_figures_move_with_the_verdict_of_a_visit(cast, control, claim, verdict):
    measures = [cast.add_measure() for _ in range(3)]
    site = cast.add_site(measures=measures)
    claims = [claim(measure) for measure in measures]

    def figures(day):
        shown = overview(branches=[cast.own], branch=cast.own, year=2025, day=day, stale_after=30).tally
        return shown.claimed.part, shown.confirmed.part, shown.unconfirmed

    actions.record_visit(site=site, **control, readiness=90, judgements=[Judgement(claims[0], Verdict.CONFIRMS)])
    assert figures(cast.today) == (3, 1, 2)
    tomorrow = {"by": control["by"], "today": cast.today + DAY}
    actions.record_visit(site=site, **tomorrow, readiness=90, judgements=[Judgement(claims[1], verdict, "қарадым")])
    measures[1].refresh_from_db()
    if verdict == Verdict.REFUTES:
        assert figures(cast.today + DAY) == (2, 1, 1)
        outcome = measures[1].statusreports.last()
        assert (measures[1].status, outcome.origin, outcome.note) == ("in_progress", "refutation", "қарадым")
        assert (outcome.author, outcome.reported_on) == (cast.people.controller, cast.today + DAY)
    else:
        assert figures(cast.today + DAY) == (3, 2, 1)
        assert measures[1].status == Status.DONE
    assert figures(cast.today) == (3, 1, 2)


def test_nobody_verifies_their_own_report_by_a_visit_either(cast, control, claim, refused):
    Assignment.objects.create(user=cast.people.controller, role=Role.SECRETARY, branch=cast.own)
    measure = cast.add_measure()
    site, own = cast.add_site(measures=[measure]), claim(measure, by=cast.people.controller)
    for verdict in Verdict:
        with refused(f"verdict_{measure.pk}", match="own report"):
            actions.record_visit(site=site, **control, readiness=1, judgements=[Judgement(own, verdict, "қарадым")])


def test_a_verdict_is_refused_under_its_own_name(cast, control, claim, refused):
    measure = cast.add_measure()
    site, name = cast.add_site(measures=[measure]), f"verdict_{measure.pk}"
    said = {"site": site, **control, "readiness": 1}
    open_one = claim(measure, Status.IN_PROGRESS)
    with refused(name, match="nothing to verify"):
        actions.record_visit(**said, judgements=[Judgement(open_one, Verdict.CONFIRMS)])
    old = claim(measure)
    new = claim(measure)
    with refused(name, match="reported anew"):
        actions.record_visit(**said, judgements=[Judgement(old, Verdict.CONFIRMS)])
    with refused(f"{name}_note"):
        actions.record_visit(**said, judgements=[Judgement(new, Verdict.REFUTES, " ")])
    with refused(name, match="later day"):
        actions.record_visit(**said, judgements=[Judgement(new, Verdict.CONFIRMS)], visited_on=cast.today - DAY)
    with refused(name, match="confirmed already"):
        actions.record_visit(**said, judgements=[Judgement(new, Verdict.CONFIRMS)] * 2)
    with refused(name, match="reported anew"):
        actions.record_visit(
            **said, judgements=[Judgement(new, Verdict.REFUTES, "жоқ"), Judgement(new, Verdict.CONFIRMS)]
        )
    with pytest.raises(ValueError, match="perhaps"):
        actions.record_visit(**said, judgements=[Judgement(new, "perhaps")])
    assert not SiteVisit.objects.exists()
    actions.record_visit(**said, judgements=[Judgement(new, Verdict.CONFIRMS)])


def test_a_visit_judges_measures_of_its_site_only(cast, control, claim, written):
    mine, elsewhere = cast.add_measure(), cast.add_measure()
    site, told = cast.add_site(measures=[mine]), claim(elsewhere)
    before = written()
    with pytest.raises(PermissionDenied):
        actions.record_visit(site=site, **control, readiness=1, judgements=[Judgement(told, Verdict.CONFIRMS)])
    assert written() == before


# --- what a visit refuses --------------------------------------------------------------------------------------------
FAR = dt.date(2025, 7, 1)
REFUSED_VISITS = {
    "less than nothing": ({"readiness": -1}, "readiness"),
    "more than all": ({"readiness": 101}, "readiness"),
    "no such kind": ({"kind": "party"}, "kind"),
    "a day that has not come": ({"visited_on": dt.date(2025, 6, 17)}, "visited_on"),
    "a slip in the year": ({"visited_on": dt.date(205, 6, 1)}, "visited_on"),
    "remarks, and not which": ({"checklist": {"safety": (CheckMark.REMARKS, " ")}}, "safety_note"),
    "no such mark": ({"checklist": {"quality": ("fine", "")}}, "quality"),
    "a finding without words": ({"findings": [Found("minor", "а"), Found("minor", " ")]}, "finding_2_text"),
    "a serious one without a day": ({"findings": [Found("minor", "а"), Found("major", "б")]}, "finding_2_due_on"),
    "a gross one without a day": ({"findings": [Found("critical", "а")]}, "finding_1_due_on"),
    "to be put right yesterday": ({"findings": [Found("minor", "а", dt.date(2025, 6, 15))]}, "finding_1_due_on"),
    "no such severity": ({"findings": [Found("funny", "а", FAR)]}, "finding_1_severity"),
    "advice without words": ({"advice": [Advice(" ", "б", FAR)]}, "recommendation_1_text"),
    "advice to nobody": ({"advice": [Advice("а", "б", FAR), Advice("а", " ", FAR)]}, "recommendation_2_addressee"),
    "advice for yesterday": ({"advice": [Advice("а", "б", dt.date(2025, 6, 15))]}, "recommendation_1_due_on"),
    "advice for the wrong century": ({"advice": [Advice("а", "б", dt.date(2205, 6, 1))]}, "recommendation_1_due_on"),
}


@pytest.mark.parametrize(("said", "field"), REFUSED_VISITS.values(), ids=REFUSED_VISITS)
def test_a_refused_visit_leaves_nothing(visit, photograph, refused, evidence_directory, said, field):
    with refused(field):
        visit(**said, photos=[check_photo(photograph())])
    assert not files(evidence_directory)


def test_advice_of_a_visit_is_about_its_branch(cast, visit, abroad, refused):
    measure, there = cast.add_measure("other"), cast.add_site("other")
    with refused("recommendation_1_measure"):
        visit(advice=[Advice("а", "б", FAR, measure=measure)])
    with refused("recommendation_2_site"):
        visit(advice=[Advice("а", "б", FAR), Advice("а", "б", FAR, site=there)])
    visit(advice=[Advice("а", "б", FAR, measure=cast.add_measure(), site=cast.add_site())])


# --- readiness -------------------------------------------------------------------------------------------------------
def test_readiness_falls_only_with_a_note(cast, visit, refused):
    visit(40)
    visit(40)  # as it was
    with refused("note", match="40 % and is now 39 %"):
        visit(39, note=" ")
    visit(39, note="қабырға құлады")
    assert on(cast.today, SiteVisit.objects.first().site_id).day_readiness == 39


def test_a_visit_entered_late_is_compared_with_its_own_neighbours(cast, visit, refused):
    def on_the(day, readiness, **said):
        return visit(readiness, visited_on=dt.date(2025, 5, day), **said)

    on_the(10, 20)
    on_the(20, 60)
    on_the(30, 50, note="қабырға құлады")
    with refused("note", match="20 % and is now 19 %"):
        on_the(19, 19)
    with refused("note", match="60 % and is now 59 %"):
        on_the(20, 59)
    on_the(9, 0)  # before all of them
    with refused("note", match="10.05.2025 readiness was 20 %"):
        on_the(9, 21)
    on_the(19, 20)
    on_the(15, 20)
    with refused("note", match="60 %, less than"):
        on_the(19, 61)
    on_the(19, 61, note="өлшеу қатесі")
    on_the(25, 70)  # that it fell afterwards is explained already
    row = on(cast.today, SiteVisit.objects.first().site_id)
    assert (row.day_readiness, row.day_visited_on) == (50, dt.date(2025, 5, 30))


def test_the_last_visit_is_the_one_of_the_latest_day_known(cast, visit, site):
    def entered(day):
        return {"today": dt.date(2025, 6, day)}

    visit(30, **entered(2), visited_on=dt.date(2025, 5, 1))
    visit(80, **entered(4), visited_on=dt.date(2025, 6, 4))
    visit(50, **entered(6), visited_on=dt.date(2025, 6, 3))  # typed late
    visit(85, **entered(6), visited_on=dt.date(2025, 6, 4))  # a second one of that day
    readiness = [on(dt.date(2025, 6, day), site.pk).day_readiness for day in range(1, 8)]
    assert readiness == [None, 30, 30, 80, 80, 85, 85]


# --- under which post ------------------------------------------------------------------------------------------------
def test_a_visit_is_of_the_post_that_stood_on_its_day(cast, control, visit, site):
    first = cast.add_post(site, opened_on=dt.date(2025, 2, 3))
    actions.close_post(post=first, **control, reason=ClosingReason.TRANSFERRED, happened_on=dt.date(2025, 4, 1))
    second = actions.open_post(sites=[site], **control, chair="а", opened_on=dt.date(2025, 5, 1))
    posts = [
        visit(visited_on=day).visit.post
        for day in (
            dt.date(2025, 2, 2),
            dt.date(2025, 2, 3),
            dt.date(2025, 4, 1),
            dt.date(2025, 4, 2),
            dt.date(2025, 5, 1),
            dt.date(2025, 6, 16),
        )
    ]
    assert posts == [None, first, first, None, second, second]
    actions.close_post(post=second, **control, reason=ClosingReason.TRANSFERRED, happened_on=dt.date(2025, 5, 10))
    actions.reopen_post(post=second, **control, note="қайта", happened_on=dt.date(2025, 6, 1))
    days = (dt.date(2025, 5, 10), dt.date(2025, 5, 11), dt.date(2025, 6, 1))
    assert [visit(visited_on=day).visit.post for day in days] == [second, None, second]


# --- twice -----------------------------------------------------------------------------------------------------------
def test_the_same_submission_makes_one_of_everything(cast, control, claim, photograph, written):
    measure = cast.add_measure()
    form = {**control, "submission": uuid.uuid4()}
    site = register(cast, form, measures=[measure])
    post = actions.open_post(sites=[site], **form, chair="а")
    told = claim(measure)
    visited = {
        "site": site,
        **form,
        "readiness": 100,
        "seen": 0,
        "findings": [Found(Severity.MINOR, "а")],
        "photos": [check_photo(photograph())],
        "judgements": [Judgement(told, Verdict.CONFIRMS)],
        "advice": [Advice("а", "б", cast.today)],
    }
    visit = actions.record_visit(**visited)
    state = actions.set_site_state(site=site, **form, state=SiteState.CONSTRUCTION)
    closing = {"post": post, **form, "reason": ClosingReason.CANCELLED}
    closed = actions.close_post(**closing)
    before = written()
    assert register(cast, form, measures=[measure]) == site
    assert actions.open_post(sites=[site], **form, chair="а") == post
    again = actions.record_visit(**visited)
    assert (again.visit, again.repeated, again.meanwhile) == (visit.visit, True, None)
    assert again.verifications == list(visit.verifications)
    assert again.recommendations == visit.recommendations
    assert actions.set_site_state(site=site, **form, state=SiteState.CONSTRUCTION) == state
    assert actions.close_post(**closing) == closed
    assert written() == before
    form["submission"] = uuid.uuid4()  # another form
    reopened = [actions.reopen_post(post=post, **form, note="қайта") for _ in range(2)]
    assert reopened[0] == reopened[1]
    assert PostChange.objects.count() == 2


def test_saying_something_else_in_the_same_form_is_another_visit(visit, people):
    token = uuid.uuid4()
    first = visit(40, submission=token)
    others = [visit(41, submission=token), visit(41, submission=token, by=people.second), visit(41, note="а")]
    back = visit(41, submission=token, note="ә")
    assert len({told.visit.pk for told in (first, *others, back)}) == 5
    assert first.visit.submission == token


def test_the_second_inspector_is_told_of_the_first(visit, people):
    first = visit(40, seen=0)
    assert first.meanwhile is None
    second = visit(40, by=people.second, seen=0)
    assert second.meanwhile == first.visit
    assert visit(40, seen=second.visit.pk).meanwhile is None
    assert visit(40).meanwhile is None  # not asked
    assert SiteVisit.objects.count() == 4


# --- the same photograph ---------------------------------------------------------------------------------------------
def test_the_same_photograph_is_pointed_out_and_kept(cast, control, visit, photograph, people, abroad):
    first = visit(photos=[check_photo(photograph(shade=50)), check_photo(photograph(shade=150))])
    assert list(first.reused) == []
    elsewhere = actions.record_visit(
        site=cast.add_site("other"), **control, readiness=5, photos=[check_photo(photograph("again.jpg", shade=150))]
    )
    (new, earlier), *none = elsewhere.reused
    assert none == []
    assert (new.visit, new.name) == (elsewhere.visit, "again.jpg")
    assert earlier == first.visit.photos.last()
    twice = visit(photos=[check_photo(photograph(shade=250)) for _ in range(2)])
    assert [(pair[0].visit, pair[1].visit) for pair in twice.reused] == [(twice.visit, twice.visit)]
    assert Photo.objects.count() == 5


def test_a_photograph_that_one_may_not_see_is_not_pointed_out(cast, visit, photograph, people):
    visit(photos=[check_photo(photograph())])
    there = actions.record_visit(
        site=cast.add_site("other"),
        by=people.other_controller,
        today=cast.today,
        readiness=5,
        photos=[check_photo(photograph())],
    )
    assert list(there.reused) == []


# --- who may ---------------------------------------------------------------------------------------------------------
def everything(cast, control, claim):
    """Each action of control on something of `own`, and what it needs said."""
    measure = cast.add_measure()
    site, bare = cast.add_site(measures=[measure]), cast.add_site()
    post, closed = cast.add_post(site), cast.add_post(cast.add_site())
    actions.close_post(post=closed, **control, reason=ClosingReason.CANCELLED)
    return {
        "register": lambda **by: register(cast, by),
        "change": lambda **by: actions.change_site(site=site, **by, capacity="1 км"),
        "state": lambda **by: actions.set_site_state(site=site, **by, state=SiteState.COMMISSIONED),
        "open": lambda **by: actions.open_post(sites=[bare], **by, chair="а"),
        "close": lambda **by: actions.close_post(post=post, **by, reason=ClosingReason.CANCELLED),
        "reopen": lambda **by: actions.reopen_post(post=closed, **by, note="қайта"),
        "visit": lambda **by: actions.record_visit(
            site=site, **by, readiness=5, judgements=[Judgement(claim(measure), Verdict.CONFIRMS)]
        ),
    }


ACTIONS = ("register", "change", "state", "open", "close", "reopen", "visit")


@pytest.mark.parametrize("action", ACTIONS)
@pytest.mark.parametrize("who", CONTROLLERS)
def test_inspectors_do_it(cast, people, control, claim, action, who):
    by = getattr(people, who)
    assert everything(cast, control, claim)[action](by=by, today=cast.today)
    assert AuditEvent.objects.filter(actor=by.username).exists()


@pytest.mark.parametrize("action", ACTIONS)
@pytest.mark.parametrize("who", [*STRANGERS, "other_controller", "abroad"])
def test_nobody_else_does(cast, people, control, claim, written, action, who):
    act = everything(cast, control, claim)[action]
    claim_made = action == "visit"
    before = written()
    with pytest.raises(PermissionDenied):
        act(by=getattr(people, who), today=cast.today)
    rows, _ = written()
    assert rows == before[0] | (
        {name: before[0][name] + 1 for name in ("StatusReport", "AuditEvent")} if claim_made else {}
    )


def test_who_controls_and_does_not_verify_there_is_refused_the_whole_visit(cast, people, claim, written, monkeypatch):
    """The two permissions are asked for separately, whatever roles there are one day."""
    monkeypatch.setattr(
        "branches.choices.ROLE_PERMISSIONS",
        {Role.CONTROLLER: {"view", "control"}, Role.SECRETARY: {"view", "report"}},
    )
    measure = cast.add_measure()
    site, told = cast.add_site(measures=[measure]), claim(measure)
    before = written()
    with pytest.raises(PermissionDenied):
        actions.record_visit(
            site=site,
            by=people.controller,
            today=cast.today,
            readiness=5,
            judgements=[Judgement(told, Verdict.CONFIRMS)],
        )
    assert written() == before
    actions.record_visit(site=site, by=people.controller, today=cast.today, readiness=5)


def test_what_hangs_on_a_site_is_seen_by_who_sees_its_branch(cast, visit, site, people, photograph):
    cast.add_post(site)
    visit(photos=[check_photo(photograph())], findings=[Found("minor", "а")])
    for model in (Site, SiteStateChange, ControlPost, PostSite, SiteVisit, Finding, Photo):
        rows = model.objects.all()
        for who in ("secretary", "reception", "controller", "coordinator", "chair", "observer", "administrator"):
            assert rows.for_user(getattr(people, who)).exists(), (model, who)
        for who in ("other_secretary", "other_controller", "abroad", "nobody"):
            assert not rows.for_user(getattr(people, who)).exists(), (model, who)


def test_coordinates_are_kept_with_five_digits(visit, photograph):
    checked = check_photo(photograph())
    told = visit(photos=[type(checked)(**{**vars(checked), "latitude": Decimal("44.84880"), "longitude": Decimal(65)})])
    photo = told.visit.photos.get()
    assert (str(photo.latitude), str(photo.longitude)) == ("44.84880", "65.00000")


def test_a_site_that_was_far_from_ready_is_commissioned_with_a_word(cast):
    site, do = cast.add_site(), {"by": cast.people.controller, "today": cast.today}
    actions.record_visit(site=site, readiness=35, **do)
    with pytest.raises(ValidationError) as refused:
        actions.set_site_state(site=site, state=SiteState.COMMISSIONED, **do)
    assert set(refused.value.error_dict) == {"note"}
    actions.set_site_state(site=site, state=SiteState.COMMISSIONED, note="№ 5 акт", **do)
    nearly = cast.add_site()
    actions.record_visit(site=nearly, readiness=90, **do)
    assert actions.set_site_state(site=nearly, state=SiteState.COMMISSIONED, **do).pk
