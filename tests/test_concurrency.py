"""Several people at once: nothing is lost, nothing is refused because the database is busy, and the second is told.

Each thread has a connection of its own, as each worker of the site has.
"""

import os
import subprocess
import sys
import threading
import uuid
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import connection
from django.urls import reverse

from amanat_tracker.generic.photos import check_photo
from branches import actions as work
from branches.choices import ElectionKind, EventKind, Position, RequestState, Role, Wing
from branches.models import (
    Applicant,
    Assignment,
    AuditEvent,
    CalendarDay,
    Consent,
    Election,
    Maslikhat,
    OfficeHolder,
    ProjectReport,
    Request,
    RequestOpening,
    RequestStep,
    User,
)
from roadmap import actions
from roadmap.choices import ClosingReason, RecommendationState, SiteState, Status, Verdict
from roadmap.models import (
    ControlPost,
    Measure,
    Meeting,
    Recommendation,
    RecommendationStep,
    Referral,
    RequestMeasure,
    Site,
    SiteVisit,
    StatusReport,
    Verification,
)

pytestmark = pytest.mark.django_db(transaction=True)
PEOPLE = 20
ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture
def at_once():
    """`at_once(act, arguments)`: call `act(argument)` for all the arguments at the same moment, each in a thread."""

    def run(act, arguments):
        start = threading.Barrier(len(arguments), timeout=60)

        def person(argument):
            try:
                connection.ensure_connection()
                start.wait()
                return act(argument)
            finally:
                connection.close()

        with ThreadPoolExecutor(len(arguments)) as people:
            return list(people.map(person, arguments))

    return run


def report(cast, measure, **said):
    said = {"by": cast.people.secretary, "status": Status.IN_PROGRESS, "today": cast.today, **said}
    return actions.report_status(measure=measure, **said)


# --- two secretaries -------------------------------------------------------------------------------------------------
def test_two_reports_of_one_measure_are_kept_in_order_and_the_second_is_told(cast, at_once):
    measure = cast.add_measure()
    said = [(cast.people.secretary, Status.DONE), (cast.people.coordinator, Status.IN_PROGRESS)]
    kept = at_once(lambda who: report(cast, measure, by=who[0], status=who[1], seen=0), said)
    first, second = sorted(kept, key=lambda reported: reported.report.pk)
    assert (first.meanwhile, second.meanwhile) == (None, first.report)
    assert list(measure.statusreports.order_by("id")) == [first.report, second.report]
    measure.refresh_from_db()
    assert measure.status == second.report.status


def test_the_second_secretary_reads_on_the_page_who_was_first(cast, as_user, noon):
    measure = cast.add_measure(title="Мектеп салу")
    clients = [as_user(cast.people.coordinator), as_user(cast.people.secretary)]
    query = {"branch": "own"}
    form = {"measure": measure.pk, "seen": 0, "status": Status.IN_PROGRESS}
    for client in clients:  # both have the list open
        assert "Мектеп салу" in client.get(reverse("roadmap:today"), query).content.decode()
    first = clients[0].post(f"{reverse('roadmap:today')}?branch=own", form | {"note": "а"}, follow=True)
    second = clients[1].post(f"{reverse('roadmap:today')}?branch=own", form | {"note": "б"}, follow=True)
    told = [[str(message) for message in response.context["messages"]] for response in (first, second)]
    assert [len(messages) for messages in told] == [1, 2]
    assert "Coordinator" in told[1][1]
    assert "12:00" in told[1][1]
    assert told[1][1] in second.content.decode()
    assert list(measure.statusreports.order_by("id").values_list("note", flat=True)) == ["а", "б"]


# --- twenty ----------------------------------------------------------------------------------------------------------
def test_twenty_reports_of_one_measure(cast, at_once):
    measure = cast.add_measure()
    kept = at_once(lambda number: report(cast, measure, note=f"{number}", seen=0), range(PEOPLE))
    rows = list(measure.statusreports.order_by("id"))
    assert sorted(int(row.note) for row in rows) == list(range(PEOPLE))
    in_order = sorted(kept, key=lambda reported: reported.report.pk)
    assert [reported.meanwhile for reported in in_order] == [None, *rows[:-1]]  # each is told of the one before it
    assert AuditEvent.objects.about(measure).count() == PEOPLE


def test_twenty_reports_of_twenty_measures(cast, at_once):
    measures = [cast.add_measure(("own", "other", "oblast")[number % 3]) for number in range(PEOPLE)]
    kept = at_once(lambda m: report(cast, m, by=cast.people.coordinator, status=Status.DONE, seen=0), measures)
    assert [reported.meanwhile for reported in kept] == [None] * PEOPLE
    assert {reported.report.measure_id for reported in kept} == {measure.pk for measure in measures}
    assert set(Measure.objects.values_list("status", flat=True)) == {"done"}
    assert StatusReport.objects.count() == AuditEvent.objects.count() == PEOPLE


def test_twenty_people_on_their_pages(cast, as_user, at_once, noon):
    """The whole way: session, page, form, action, redirect, page."""
    measures = [cast.add_measure() for _ in range(PEOPLE // 2)] * 2
    clients = [as_user(cast.people.secretary) for _ in measures]

    def enter(place):
        form = {"measure": measures[place].pk, "seen": 0, "status": "in_progress", "note": str(place)}
        return clients[place].post(reverse("roadmap:today"), form, follow=True)

    answers = at_once(enter, range(PEOPLE))
    assert [answer.status_code for answer in answers] == [200] * PEOPLE
    assert sorted(int(note) for note in StatusReport.objects.values_list("note", flat=True)) == list(range(PEOPLE))
    said = [answer.content.decode().count('<p class="msg">') for answer in answers]
    assert sorted(said) == [1] * (PEOPLE // 2) + [2] * (PEOPLE // 2)  # half of them were the second


def test_a_double_click_that_arrives_at_once_makes_one_report(cast, at_once):
    measure, token = cast.add_measure(), uuid.uuid4()
    kept = at_once(lambda _: report(cast, measure, note="бір рет", seen=0, submission=token), range(PEOPLE))
    assert {reported.report.pk for reported in kept} == {StatusReport.objects.get().pk}
    assert sorted(reported.repeated for reported in kept) == [False] + [True] * (PEOPLE - 1)


def test_a_claim_is_refuted_once_however_many_inspectors_press(cast, at_once):
    measure = cast.add_measure()
    claim = report(cast, measure, status=Status.DONE).report

    def refute(number):
        try:
            return actions.verify(
                report=claim,
                by=cast.people.controller,
                today=cast.today,
                verdict=Verdict.REFUTES,
                basis="орнында",
                note=f"{number}",
            )
        except ValidationError:
            return None

    verdicts = [verdict for verdict in at_once(refute, range(8)) if verdict]
    assert verdicts == [Verification.objects.get()]
    assert measure.statusreports.count() == 2


# --- two inspectors --------------------------------------------------------------------------------------------------
@pytest.fixture
def inspectors(cast):
    """The inspector of the cast and a second one."""
    second = User.objects.create_user("second")
    Assignment.objects.create(user=second, role=Role.CONTROLLER, region=cast.region)
    return cast.people.controller, second


def or_refused(act):
    """`act`, but it gives None for what is refused in words; whatever else goes wrong is a failure."""

    def attempt(argument):
        try:
            return act(argument)
        except ValidationError:
            return None

    return attempt


def advice(cast, text="жөндеу"):
    return actions.Advice(text, "мердігер", cast.today)


def test_two_visits_of_one_site_are_kept_and_the_second_is_told(cast, at_once, inspectors):
    site = cast.add_site()

    def visit(by):
        return actions.record_visit(
            site=site, by=by, today=cast.today, readiness=40, advice=[advice(cast)], seen=0, note=str(by)
        )

    kept = sorted(at_once(visit, inspectors), key=lambda visited: visited.visit.pk)
    assert [visited.meanwhile for visited in kept] == [None, kept[0].visit]
    assert list(site.visits.order_by("id")) == [visited.visit for visited in kept]
    assert {visited.visit.author for visited in kept} == set(inspectors)
    assert Recommendation.objects.count() == 2


def test_readiness_does_not_fall_unnoticed_between_two_visits(cast, at_once, inspectors):
    """Neither saw what the other says: the second answers for the fall, if it is one."""
    site = cast.add_site()
    said = list(zip(inspectors, (40, 60), strict=True))

    def visit(who):
        return actions.record_visit(site=site, by=who[0], today=cast.today, readiness=who[1], seen=0)

    kept = [visited.visit for visited in at_once(or_refused(visit), said) if visited]
    assert list(site.visits.order_by("id").values_list("readiness", flat=True)) in ([60], [40, 60])
    assert sorted(visit.pk for visit in kept) == list(site.visits.order_by("id").values_list("pk", flat=True))


@pytest.mark.parametrize("sites", [1, 2])
@pytest.mark.parametrize("verdicts", [("refutes", "refutes"), ("confirms", "refutes"), ("confirms", "confirms")])
def test_of_two_verdicts_on_one_claim_one_is_refused_with_its_whole_visit(
    cast, at_once, inspectors, photograph, evidence_directory, sites, verdicts
):
    """On one site, or on two sites of one measure."""
    measure = cast.add_measure()
    places = [cast.add_site(measures=[measure]) for _ in range(sites)]
    claim = report(cast, measure, status=Status.DONE).report
    visits = [
        (places[0], inspectors[0], verdicts[0], check_photo(photograph(shade=50))),
        (places[-1], inspectors[1], verdicts[1], check_photo(photograph(shade=150))),
    ]

    def visit(said):
        site, by, verdict, photo = said
        return actions.record_visit(
            site=site,
            by=by,
            today=cast.today,
            readiness=90,
            photos=[photo],
            advice=[advice(cast)],
            judgements=[actions.Judgement(claim, verdict, "көрдім")],
        )

    kept = [visited for visited in at_once(or_refused(visit), visits) if visited]
    told = list(Verification.objects.order_by("id").values_list("verdict", flat=True))
    if told == ["confirms", "refutes"]:  # the inspector who came second saw what the first had not
        assert verdicts == ("confirms", "refutes")
    else:
        assert len(told) == 1
    assert len(kept) == len(told) == SiteVisit.objects.count() == Recommendation.objects.count()
    assert len([path for path in evidence_directory.rglob("*") if path.is_file()]) == 3 * len(kept)
    assert measure.statusreports.count() == 1 + told.count("refutes")
    measure.refresh_from_db()
    assert measure.status == (Status.IN_PROGRESS if "refutes" in told else Status.DONE)


def test_of_two_posts_over_one_site_one_is_opened(cast, at_once, inspectors):
    shared = cast.add_site()
    sites = [[shared, cast.add_site()], [cast.add_site(), shared]]

    def watch(said):
        return actions.open_post(sites=said[1], by=said[0], today=cast.today, chair="Төраға")

    said = list(zip(inspectors, sites, strict=True))
    opened = [post for post in at_once(or_refused(watch), said) if post]
    assert opened == [ControlPost.objects.get()]
    assert [watched.site for watched in opened[0].watched.order_by("site")] == sorted(
        sites[said[0][0] != opened[0].author], key=lambda site: site.pk
    )


def test_a_post_is_not_reopened_while_another_is_opened_over_its_site(cast, at_once, inspectors):
    site = cast.add_site()
    post = cast.add_post(site)
    control = {"by": inspectors[0], "today": cast.today}
    actions.close_post(post=post, **control, reason=ClosingReason.TRANSFERRED)
    acts = [
        lambda: actions.reopen_post(post=post, **control, note="қайта"),
        lambda: actions.open_post(sites=[site], by=inspectors[1], today=cast.today, chair="Төраға"),
    ]
    done = [row for row in at_once(or_refused(lambda act: act()), acts) if row]
    assert len(done) == 1
    assert ControlPost.objects.as_of(cast.today).filter(is_open=True).count() == 1


def test_posts_of_a_branch_are_numbered_one_after_another(cast, at_once, inspectors):
    sites = [cast.add_site() for _ in range(8)]
    posts = at_once(
        lambda site: actions.open_post(sites=[site], by=inspectors[0], today=cast.today, chair="Төраға"), sites
    )
    assert sorted(post.number for post in posts) == list(range(1, 9))


def test_everything_at_once_in_one_branch_waits_for_nothing_for_ever(cast, at_once, inspectors):
    """Visits that recommend, posts, meetings, reports and states of the same rows: nobody is in another's way."""
    measures = [cast.add_measure() for _ in range(2)]
    sites = [cast.add_site(measures=measures) for _ in range(4)]
    body, today = cast.add_body(), {"by": inspectors[0], "today": cast.today}
    for measure in measures:
        report(cast, measure, status=Status.DONE)
    claims = [measure.statusreports.get() for measure in measures]

    def visit(site, order):
        judged = [actions.Judgement(claim, Verdict.REFUTES, "көрдім") for claim in claims[::order]]
        return actions.record_visit(
            site=site, **today, readiness=5, judgements=judged if site in sites[:2] else [], advice=[advice(cast)]
        )

    def meet(day):
        held_on = cast.today.replace(day=day)
        return actions.record_meeting(
            body=body,
            **today,
            held_on=held_on,
            agenda=[actions.Point("есеп")],
            advice=[actions.Advice("а", "б", cast.today, measure=measures[0], site=sites[0])],
        )

    acts = [
        lambda: visit(sites[0], 1),
        lambda: visit(sites[1], -1),
        lambda: visit(sites[2], 1),
        lambda: visit(sites[3], 1),
        lambda: actions.open_post(sites=[sites[3], sites[0]], **today, chair="а"),
        lambda: actions.open_post(sites=[sites[1], sites[2]], **today, chair="б"),
        lambda: actions.set_site_state(site=sites[0], **today, state=SiteState.COMMISSIONED, note="акт"),
        lambda: actions.change_site(site=sites[1], **today, measures=measures, capacity="1 км"),
        lambda: meet(1),
        lambda: meet(2),
        lambda: actions.issue_recommendation(branch=cast.own, **today, monitoring="а", advice=advice(cast)),
        lambda: actions.register_site(
            branch=cast.own, **today, kind="road", name="жол", district=cast.own.district, measures=measures
        ),
    ]
    done = at_once(or_refused(lambda act: act()), acts)
    refused = [place for place, result in enumerate(done) if result is None]
    assert refused in ([0], [1])  # of the two verdicts on the same claims, the second
    counts = [model.objects.count() for model in (SiteVisit, ControlPost, Meeting, Site, Recommendation)]
    assert counts == [3, 2, 2, 5, 6]


# --- one recommendation ----------------------------------------------------------------------------------------------
@pytest.fixture
def recommendation(cast):
    return actions.issue_recommendation(
        branch=cast.own, by=cast.people.controller, today=cast.today, monitoring="тоқсан", advice=advice(cast)
    )


def test_a_recommendation_is_verified_once(cast, at_once, inspectors, recommendation):
    said = {"recommendation": recommendation, "today": cast.today}
    actions.follow_recommendation(**said, by=cast.people.secretary, state=RecommendationState.DONE)
    steps = at_once(or_refused(lambda by: actions.verify_recommendation(**said, by=by)), [*inspectors] * 3)
    assert [step for step in steps if step] == [recommendation.steps.get(state=RecommendationState.VERIFIED)]


def test_done_is_said_once(cast, at_once, inspectors, recommendation):
    people = [cast.people.secretary, cast.people.coordinator, *inspectors]

    def say(by):
        state = RecommendationState.DONE
        return actions.follow_recommendation(recommendation=recommendation, by=by, today=cast.today, state=state)

    said = [step for step in at_once(or_refused(say), people) if step]
    assert said == [recommendation.steps.get(state=RecommendationState.DONE)]


def test_done_and_withdrawn_exclude_each_other(cast, at_once, inspectors, recommendation):
    said = {"recommendation": recommendation, "today": cast.today}
    acts = [
        lambda: actions.follow_recommendation(**said, by=cast.people.secretary, state=RecommendationState.DONE),
        lambda: actions.withdraw_recommendation(**said, by=inspectors[0], note="артық"),
    ]
    kept = [step for step in at_once(or_refused(lambda act: act()), acts) if step]
    assert kept == list(RecommendationStep.objects.exclude(state=RecommendationState.ISSUED))
    assert len(kept) == 1


def test_minutes_are_entered_once(cast, at_once, inspectors):
    body = cast.add_body()
    meetings = at_once(
        or_refused(
            lambda by: actions.record_meeting(
                body=body,
                by=by,
                today=cast.today,
                held_on=cast.today,
                minutes_number="7",
                agenda=[actions.Point("есеп")],
            )
        ),
        [*inspectors] * 2,
    )
    assert [meeting for meeting in meetings if meeting] == [Meeting.objects.get()]


# --- one form, sent twice at once ------------------------------------------------------------------------------------
def test_a_double_click_makes_one_of_everything(cast, at_once, inspectors, photograph, evidence_directory, written):
    measure, body = cast.add_measure(), cast.add_body()
    site, other = cast.add_site(measures=[measure]), cast.add_site()
    claim = report(cast, measure, status=Status.DONE).report
    control = {"by": inspectors[0], "today": cast.today}
    photos = [check_photo(photograph()) for _ in range(4)]  # each request reads its own
    tokens = [uuid.uuid4() for _ in range(8)]
    judgements = [actions.Judgement(claim, Verdict.CONFIRMS)]
    closed = cast.add_post(cast.add_site())
    recommendation = actions.issue_recommendation(
        branch=cast.own, **control, monitoring="а", advice=advice(cast, "басқасы")
    )
    acts = [
        lambda place: (
            actions.record_visit(
                site=site,
                **control,
                readiness=5,
                photos=[photos[place]],
                judgements=judgements,
                advice=[advice(cast)],
                submission=tokens[0],
            ).visit
        ),
        lambda _: actions.record_meeting(
            body=body,
            **control,
            held_on=cast.today,
            agenda=[actions.Point("есеп")],
            advice=[advice(cast)],
            submission=tokens[1],
        ),
        lambda _: actions.open_post(sites=[other], **control, chair="а", submission=tokens[2]),
        lambda _: actions.set_site_state(
            site=site, **control, state=SiteState.SUSPENDED, note="а", submission=tokens[3]
        ),
        lambda _: actions.close_post(post=closed, **control, reason=ClosingReason.CANCELLED, submission=tokens[4]),
        lambda _: actions.issue_recommendation(
            branch=cast.own, **control, monitoring="а", advice=advice(cast, "тағы"), submission=tokens[5]
        ),
        lambda _: actions.follow_recommendation(
            recommendation=recommendation, **control, state=RecommendationState.DONE, submission=tokens[6]
        ),
        lambda _: actions.register_site(
            branch=cast.own,
            **control,
            kind="road",
            name="жол",
            district=cast.own.district,
            submission=tokens[7],
        ),
    ]
    for act in acts:
        before = sum(written()[0].values())
        assert len({row.pk for row in at_once(act, range(4))}) == 1
        assert sum(written()[0].values()) > before
    assert SiteVisit.objects.get().photos.count() == 1
    assert len([path for path in evidence_directory.rglob("*") if path.is_file()]) == 3
    assert Recommendation.objects.count() == 4
    assert Verification.objects.count() == 1


# --- the party's own work --------------------------------------------------------------------------------------------
@pytest.fixture
def clerks(cast):
    """The two who receive citizens in `own`."""
    return cast.people.reception, cast.people.secretary


def test_two_clerks_take_two_numbers(cast, at_once, clerks):
    kept = at_once(lambda by: cast.add_request(by=by), clerks * 4)
    assert sorted(request.number for request in kept) == list(range(1, 9))
    assert Applicant.objects.count() == Consent.objects.count() == RequestStep.objects.count() == 8


def test_branches_and_years_number_for_themselves(cast, at_once, clerks):
    said = [("own", cast.today, clerks[0]), ("own", cast.today.replace(year=2024), clerks[1])] * 3
    said += [("other", cast.today, cast.people.other_secretary)] * 3
    kept = at_once(lambda one: cast.add_request(one[0], by=one[2], received_on=one[1]), said)
    numbers = [[request.number for request in kept[start:end:step]] for start, end, step in ((0, 6, 2), (1, 6, 2))]
    assert [sorted(some) for some in (*numbers, [request.number for request in kept[6:]])] == [[1, 2, 3]] * 3


def test_one_person_at_two_desks_is_one_applicant(cast, at_once, clerks):
    person = cast.an_applicant()
    at_once(lambda by: cast.add_request(by=by, person=person), clerks)
    assert Applicant.objects.count() == 1
    assert Request.objects.count() == 2


def test_of_two_likely_duplicates_one_is_shown_the_other(cast, at_once, clerks):
    person = cast.an_applicant()

    def register(by):
        said = {"branch": cast.own, "by": by, "today": cast.today, "topic": cast.topics[0], "summary": "су"}
        try:
            return work.register_request(person=person, **said), None
        except work.Duplicates as found:
            return None, found.requests

    (kept, shown) = zip(*at_once(register, clerks), strict=True)
    (request,) = [row for row in kept if row]
    assert [found for found in shown if found] == [[request]]
    assert Request.objects.get() == request


def test_of_two_steps_that_saw_the_same_one_is_refused(cast, at_once, clerks):
    request = cast.add_request()
    seen = request.steps.get().pk
    said = list(zip(clerks, (RequestState.EXPLAINED, RequestState.REFUSED), strict=True))

    def follow(one):
        return work.follow_request(request=request, by=one[0], today=cast.today, state=one[1], note="жауап", seen=seen)

    kept = [step for step in at_once(or_refused(follow), said) if step]
    assert kept == list(request.steps.exclude(pk=seen))
    assert len(kept) == 1


def test_of_two_numbers_for_one_cell_one_is_refused(cast, at_once):
    people = [cast.people.secretary, cast.people.coordinator]
    cell = {"branch": cast.own, "indicator": cast.indicator, "today": cast.today, "year": 2025, "period": "q1"}

    def report(one):
        by, fact = one
        return work.report_project(**cell, by=by, fact=fact, seen=0)

    kept = [row for row in at_once(or_refused(report), list(zip(people, (7, 8), strict=True))) if row]
    assert kept == [ProjectReport.objects.get()]
    same = at_once(lambda by: work.report_project(**cell, by=by, fact=9, seen=kept[0].pk), people)
    assert {row.pk for row in same} == {ProjectReport.objects.latest("pk").pk}  # they agree: one row
    assert ProjectReport.objects.count() == 2


def test_an_election_is_put_right_once_and_an_office_taken_once(cast, at_once):
    people = [cast.people.secretary, cast.people.coordinator]
    said = {"branch": cast.own, "today": cast.today}
    held = {"kind": ElectionKind.RURAL_AKIM, "held_on": cast.today, "seats": 19, "nominated": 19}
    wrong = work.record_election(**said, **held, by=people[0], won=19)
    acts = [
        lambda one: work.record_election(**said, **held, by=people[one], won=17 + one, corrects=wrong),
        lambda one: work.appoint(
            branch=cast.own, by=people[one], position=Position.CHAIR, full_name=f"{one}", since=cast.today, seen=0
        ),
    ]
    for act in acts:
        kept = [row for row in at_once(or_refused(act), range(2)) if row]
        assert len(kept) == 1
    assert Election.objects.count() == 2
    assert OfficeHolder.objects.filter(until=None).count() == OfficeHolder.objects.count() == 1


def test_a_request_is_passed_to_control_once_and_linked_once(cast, at_once, clerks):
    request, measure = cast.add_request(), cast.add_measure()
    acts = [
        lambda by: actions.refer_request(request=request, by=by, today=cast.today, note="қараңыз"),
        lambda by: actions.link_request(request=request, by=by, today=cast.today, measure=measure),
    ]
    kept = [[row for row in at_once(or_refused(act), clerks * 2) if row] for act in acts]
    assert kept == [[Referral.objects.get()], [RequestMeasure.objects.get()]]


def test_a_calendar_is_recounted_while_clerks_are_at_work(cast, at_once, clerks):
    """Nobody waits for ever, no step is lost, and whatever was registered before or after is due on the right day."""
    requests = [cast.add_request() for _ in range(3)] + [cast.add_request("other")]
    CalendarDay.objects.create(date=cast.today.replace(day=17), is_working=False)
    today = {"today": cast.today}
    acts = [
        lambda: work.recount_deadlines(by=cast.people.administrator, **today),
        lambda: work.follow_request(request=requests[0], by=clerks[0], **today, state=RequestState.IN_WORK),
        lambda: work.follow_request(
            request=requests[1], by=clerks[1], **today, state=RequestState.WAITING, reason="court"
        ),
        lambda: cast.add_request(by=clerks[0]).pk,
        lambda: cast.add_request("other").pk,
        lambda: work.recount_deadlines(by=cast.people.administrator, **today),
    ]
    at_once(lambda act: act(), acts)
    work.recount_deadlines(by=cast.people.administrator, **today)
    rows = Request.objects.as_of(cast.today)
    assert {row.day_due for row in rows if not row.is_stopped} == {cast.today.replace(month=7, day=9)}
    assert [row.pk for row in rows if row.is_stopped] == [requests[1].pk]
    assert RequestStep.objects.filter(is_recount=True).count() in (3, 4)  # of those that had run by the old calendar


def test_a_double_click_makes_one_of_everything_of_the_party(cast, at_once, written):
    request, measure = cast.add_request(), cast.add_measure()
    Maslikhat.objects.create(branch=cast.own, seats=15, name_kk="а", name_ru="б", name_en="c")
    by = {"by": cast.people.secretary, "today": cast.today}
    said = {"branch": cast.own, **by}
    event = work.record_event(**said, kind=EventKind.MOBILE, place="клуб")
    election = work.record_election(**said, kind="rural_akim", held_on=cast.today, seats=1, nominated=1, won=1)
    person = cast.an_applicant()
    acts = [
        lambda token: work.register_request(
            **said, person=person, topic=cast.topics[1], summary="жол", submission=token
        ),
        lambda token: work.record_event(**said, kind=EventKind.MOBILE, place="мектеп", submission=token),
        lambda token: work.annul_election(election=election, **by, note="мұндай сайлау болмаған", submission=token),
        lambda token: work.annul_event(event=event, **by, note="екі рет енгізілген", submission=token),
        lambda token: work.follow_request(request=request, **by, state=RequestState.IN_WORK, submission=token),
        lambda token: work.report_project(
            **said, indicator=cast.indicator, year=2025, period="q1", fact=7, submission=token
        ),
        lambda token: work.report_membership(**said, primary_organisations=20, members=4600, submission=token),
        lambda token: work.report_wing(**said, wing=Wing.WOMEN, members=7, submission=token),
        lambda token: work.report_faction(**said, members=12, submission=token),
        lambda token: work.record_election(
            **said, kind="maslikhat", held_on=cast.today, seats=15, nominated=15, won=12, submission=token
        ),
        lambda token: actions.link_request(request=request, **by, measure=measure, submission=token),
        lambda token: actions.refer_request(request=request, **by, note="қараңыз", submission=token),
    ]
    for act in acts:
        token, before = uuid.uuid4(), written()[0]
        assert len({row.pk for row in at_once(act, [token] * 4)}) == 1
        added = {name: rows - before[name] for name, rows in written()[0].items() if rows > before[name]}
        assert set(added.values()) == {1}  # one of each: the row, what belongs to it, its audit
        assert "AuditEvent" in added


def test_whoever_opens_a_card_is_written_down_each_time(cast, at_once, clerks):
    request = cast.add_request()
    at_once(lambda by: work.open_card(request=request, by=by), clerks * 4)
    readers = RequestOpening.objects.values_list("reader__username", flat=True)
    assert Counter(readers) == {"reception": 4, "secretary": 4}


# --- a killed worker -------------------------------------------------------------------------------------------------
KILLED = """
import datetime as dt, os, sys
from django.conf import settings
settings.DATABASES["default"]["NAME"] = sys.argv[1]
import django
django.setup()
from branches.models import User
from roadmap.models import Measure, StatusReport
from roadmap import actions

def killed(self, *args, **kwargs):
    report_is_written = StatusReport.objects.filter(measure=self).count() == 2
    os._exit(91 if report_is_written else 92)

Measure.save = killed
actions.report_status(
    measure=Measure.objects.get(), by=User.objects.get(username="secretary"), today=dt.date(2025, 6, 16), status="done"
)
os._exit(93)
"""


def test_a_worker_killed_between_the_two_writes_leaves_neither(cast, written):
    measure = cast.add_measure()
    report(cast, measure)
    before = written()
    database = str(connection.settings_dict["NAME"])
    connection.close()
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "amanat_tracker.settings", "SECRET_KEY": settings.SECRET_KEY}
    child = subprocess.run(
        [sys.executable, "-c", KILLED, database], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120
    )
    assert child.returncode == 91, child.stderr
    assert written() == before
    assert report(cast, measure, status=Status.DONE).report.pk  # and the next worker is not kept waiting
