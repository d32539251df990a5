"""How many queries each list and dashboard asks: the same with 10 and with 1 000 measures, and the number on record.

When a page rightly needs another number: UPDATE_QUERY_COUNTS=1 python -m pytest tests/test_queries.py
"""

import copy
import datetime as dt
import json
import os
import uuid
from pathlib import Path

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from branches.models import (
    Applicant,
    Election,
    MembershipReport,
    ProjectReport,
    ReceptionEvent,
    Request,
    RequestOpening,
    RequestStep,
    RequestWords,
    StepWords,
)
from roadmap.choices import BodyKind, Status, Verdict
from roadmap.models import (
    AgendaItem,
    ControlPost,
    Finding,
    Measure,
    Meeting,
    PostSite,
    Recommendation,
    RecommendationStep,
    Referral,
    RequestMeasure,
    Site,
    SiteVisit,
    StatusReport,
    Verification,
)

RECORD = Path(__file__).with_name("query_counts.json")
DAY = dt.timedelta(days=1)
PAGES = {
    "today/secretary": "/today/",
    "overview/chair": "/overview/?year=2025",
    "overview of one branch/chair": "/overview/?year=2025&branch=own",
    "figures.json/chair": "/figures.json?year=2025&branch=own",
    "roadmaps/chair": "/roadmaps/",
    "measures/chair": "/measures/?year=2025",
    "measures/secretary": "/measures/?year=2025",
    "measures found/chair": "/measures/?year=2025&q=шара&status=done&unconfirmed=1&sort=title",
    "measure/chair": "/measures/{measure}/",
    "measure/coordinator": "/measures/{measure}/",
    "control/controller": "/control/",
    "sites/chair": "/control/sites/?year=2025",
    "sites found/controller": "/control/sites/?year=2025&posted=1&sort=visited&q=нысан",
    "site/controller": "/control/sites/{site}/",
    "site form/controller": "/control/sites/new/?branch=own",
    "posts/chair": "/control/posts/?year=2025",
    "posts found/controller": "/control/posts/?due=1&sort=visited",
    "post/controller": "/control/posts/{post}/",
    "post form/controller": "/control/posts/new/?branch=own",
    "visits/chair": "/control/visits/?year=2025",
    "visit/chair": "/control/visits/{visit}/",
    "visit form/controller": "/control/sites/{site}/visit/",
    "meetings/chair": "/control/meetings/?year=2025",
    "councils/chair": "/councils/?year=2025",
    "issues/chair": "/councils/issues/?year=2025",
    "body/controller": "/bodies/{commission}/",
    "meeting/chair": "/meetings/{meeting}/",
    "meeting form/controller": "/bodies/{commission}/meeting/?agenda=draft",
    "recommendations/chair": "/control/recommendations/?year=2025",
    "recommendations/secretary": "/control/recommendations/?year=2025&open=1&sort=text",
    "proposals/chair": "/councils/proposals/?year=2025",
    "recommendation/controller": "/recommendations/{recommendation}/",
    "projects/chair": "/projects/?year=2025",
    "project/chair": "/projects/{project}/?year=2025",
    "indicator/chair": "/projects/indicators/{indicator}/?year=2025",
    "project entry/secretary": "/projects/entry/?year=2025",
    "reception/chair": "/reception/?year=2025",
    "reception/reception": "/reception/?year=2025",
    "requests/chair": "/reception/requests/?year=2025",
    "requests found/reception": "/reception/requests/?year=2025&open=1&q=own&sort=-number",
    "request/reception": "/reception/requests/{request}/",
    "request form/reception": "/reception/requests/new/?branch=own",
    "request step/reception": "/reception/requests/{request}/step/",
    "request to a measure/reception": "/reception/requests/{request}/measure/",
    "request to control/reception": "/reception/requests/{request}/control/",
    "events/chair": "/reception/events/?year=2025",
    "event/chair": "/reception/events/{event}/",
    "topics/reception": "/reception/topics/?year=2025&branch=own",
    "openings/coordinator": "/reception/openings/",
    "organisation/chair": "/organisation/?year=2025",
    "branch/chair": "/organisation/own/",
    "profile/secretary": "/profile/",
}


def fill(cast, count):
    """Give `own` so many measures, each with three reports, every third done, of these every second confirmed."""
    roadmap, people = cast.roadmaps["own"], cast.people
    start = roadmap.measures.count()
    measures = Measure.objects.bulk_create(
        Measure(
            roadmap=roadmap,
            number=f"1.{number}",
            position=number,
            title=f"{number}-шара",
            direction=cast.directions[number % 2],
            executor="бөлім",
            first_deadline=cast.today + (number % 90 - 30) * DAY,
            deadline=cast.today + (number % 90 - 30) * DAY,
            status=Status.DONE if number % 3 == 0 else Status.IN_PROGRESS,
        )
        for number in range(start + 1, start + count + 1)
    )
    for age in (60, 45, 20):
        reports = StatusReport.objects.bulk_create(
            StatusReport(
                measure=measure,
                author=people.secretary,
                entered_on=cast.today - age * DAY,
                reported_on=cast.today - age * DAY,
                status=measure.status if age == 20 else Status.IN_PROGRESS,
            )
            for measure in measures
        )
    Verification.objects.bulk_create(
        Verification(
            measure=report.measure,
            report=report,
            reporter=people.secretary,
            author=people.controller,
            verdict=Verdict.CONFIRMS,
            seen_on=cast.today,
            entered_on=cast.today,
            basis="акт",
        )
        for report in reports[::6]
        if report.status == Status.DONE
    )
    return measures


def fill_control(cast, measures, count):
    """Give `own` so many sites under posts, each with a measure and two visits; meetings of a commission and a council
    with recommendations in all states; the primary keys of the first of each, by what it is called in PAGES."""
    people, branch = cast.people, cast.own
    entered = {"author": people.controller, "entered_on": cast.today - 30 * DAY}
    some = Site(branch=branch, kind="education", name="нысан", district=branch.district, contractor="ЖШС", **entered)
    sites = copies(some, count)
    for site, measure in zip(sites, measures, strict=False):
        site.measures.add(measure)
    first = branch.posts.count() + 1
    posts = [
        ControlPost.objects.create(
            branch=branch, number=first + n, chair="Т", opened_on=entered["entered_on"], **entered
        )
        for n in range((count + 1) // 2)
    ]
    PostSite.objects.bulk_create(
        PostSite(post=posts[n // 2], site=site, entered_on=entered["entered_on"]) for n, site in enumerate(sites)
    )
    visits = []
    for n, site in enumerate(sites):
        day = entered["entered_on"] + n % 25 * DAY
        said = {"site": site, "post": posts[n // 2], "visited_on": day, "readiness": 40, **entered, "entered_on": day}
        visits += copies(SiteVisit(**said), 2)
    Finding.objects.bulk_create(Finding(visit=visit, severity="minor", text="жарық") for visit in visits)
    pks = {"site": sites[0].pk, "post": posts[0].pk, "visit": visits[1].pk}
    for kind, name in ((BodyKind.COMMISSION, "commission"), (BodyKind.COUNCIL, "council")):
        body = branch.bodies.filter(kind=kind).first() or cast.add_body("own", kind)
        meetings = copies(Meeting(body=body, held_on=entered["entered_on"], **entered), count)
        AgendaItem.objects.bulk_create(
            AgendaItem(meeting=meeting, position=place, title="мәселе") for meeting in meetings for place in (1, 2)
        )
        advice = {"branch": branch, "text": "ұсыныс", "addressee": "бөлім", "issued_on": entered["entered_on"]}
        issued = []
        for n, meeting in enumerate(meetings):
            due_on = cast.today + ((n - 3) if n < 4 else 90) * DAY  # an agenda of 30 points leaves no room for measures
            about = {"meeting": meeting, "site": sites[n], "measure": measures[n], "due_on": due_on}
            issued += copies(Recommendation(**advice, **about, **entered), 2)
        steps = [RecommendationStep(recommendation=row, state="issued", happened_on=row.issued_on, **entered)
                 for row in issued]  # fmt: skip
        steps += [
            RecommendationStep(recommendation=row, state="done", happened_on=row.issued_on, **entered)
            for row in issued[::3]
        ]
        RecommendationStep.objects.bulk_create(steps)
        pks |= {name: body.pk, "meeting": meetings[0].pk, "recommendation": issued[0].pk}
    return pks


def fill_work(cast, measures, count):
    """Give `own` so many requests in four states, from its village, each with words, two steps, an opened card, a link
    to a measure; events; reports of a project and of members; the primary keys of the first of each."""
    branch, by = cast.own, cast.people.secretary
    locality = branch.district.localities.first()
    entered = {"author": by, "entered_on": cast.today - 20 * DAY}
    events = copies(
        ReceptionEvent(
            branch=branch, kind="thematic", held_on=entered["entered_on"], place="клуб", project=cast.project, **entered
        ),
        count,
    )
    people = Applicant.objects.bulk_create(Applicant(branch=branch, full_name="Ойданов") for _number in range(count))
    first = branch.requests.count() + 1
    requests = Request.objects.bulk_create(
        Request(
            branch=branch,
            year=2025,
            number=first + n,
            topic=cast.topics[n % 2],
            locality=locality,
            event=events[n],
            channel="event",
            applicant=people[n],
            received_on=entered["entered_on"],
            due_on=cast.today + (n % 9 - 4) * DAY,
            **entered,
        )
        for n in range(count)
    )
    RequestWords.objects.bulk_create(RequestWords(request=row, summary="көше шамы") for row in requests)
    states = ({"state": "in_work"}, {"state": "positive", "help_kind": "advice"}, {"state": "explained"})
    steps = [
        RequestStep(request=row, state="registered", happened_on=row.received_on, due_on=row.due_on, **entered)
        for row in requests
    ] + [
        RequestStep(
            request=row,
            happened_on=row.received_on,
            due_on=row.due_on if n % 4 == 0 else None,
            **states[n % 4],
            **entered,
        )
        for n, row in enumerate(requests)
        if n % 4 < 3
    ]
    StepWords.objects.bulk_create(
        StepWords(step=step, text="айтылды") for step in RequestStep.objects.bulk_create(steps)
    )
    RequestOpening.objects.bulk_create(RequestOpening(request=row, reader=by) for row in requests)
    RequestMeasure.objects.bulk_create(
        RequestMeasure(request=row, measure=measure, **entered) for row in requests[:2] for measure in measures[:count]
    )
    Referral.objects.bulk_create(Referral(request=row, note="қарау", **entered) for row in requests[::2])
    later = {"author": by, "entered_on": cast.today}
    ProjectReport.objects.bulk_create(
        ProjectReport(indicator=cast.indicator, branch=branch, year=2025, period=period, fact=n, **later)
        for n in range(count)
        for period in ("q1", "q2")
    )
    MembershipReport.objects.bulk_create(
        MembershipReport(branch=branch, as_on=cast.today, primary_organisations=9, members=n, **later)
        for n in range(count)
    )
    Election.objects.bulk_create(
        Election(branch=branch, kind="rural_akim", held_on=cast.today, place="ауыл", nominated=1, won=1, **later)
        for _number in range(count)
    )
    pks = {"project": cast.project.pk, "indicator": cast.indicator.pk}
    return pks | {"event": events[0].pk, "request": requests[0].pk}


def copies(row, count):
    """So many rows like this one, each a submission of its own."""
    rows = [copy.copy(row) for _number in range(count)]
    for one in rows:
        one.submission = uuid.uuid4()
    return type(row)._default_manager.bulk_create(rows)


def counted(cast, as_user, pks):
    counts = {}
    for page, address in PAGES.items():
        client = as_user(getattr(cast.people, page.rpartition("/")[2]))
        address = address.format(**pks)
        assert client.get(address).status_code == 200, page  # also warms what a process asks for only once
        with CaptureQueriesContext(connection) as asked:
            assert client.get(address).status_code == 200, page
        counts[page] = len(asked)
    return counts


@time_machine.travel("2025-06-16 09:00+05:00", tick=False)
def test_queries_do_not_grow_with_rows_and_are_on_record(cast, as_user):
    measures = fill(cast, 10)
    pks = {"measure": measures[0].pk, **fill_control(cast, measures, 4), **fill_work(cast, measures, 4)}
    few = counted(cast, as_user, pks)
    more = fill(cast, 990)
    fill_control(cast, more, 100)
    fill_work(cast, more, 100)
    assert counted(cast, as_user, pks) == few
    if os.environ.get("UPDATE_QUERY_COUNTS"):
        RECORD.write_text(json.dumps(few, indent=2, ensure_ascii=False) + "\n")
    recorded = json.loads(RECORD.read_text())
    assert few == recorded, "if that is right: UPDATE_QUERY_COUNTS=1 python -m pytest tests/test_queries.py"


def test_every_page_on_record_is_still_asked_for():
    assert set(json.loads(RECORD.read_text())) == set(PAGES)


@pytest.mark.parametrize("page", [page for page in PAGES if page.split("/")[0] in ("measures", "overview", "today")])
def test_no_page_asks_more_than_a_reader_waits_for(page):
    most = 32 if page.startswith("overview") else 20  # the overview adds up what every other page counts
    assert json.loads(RECORD.read_text())[page] <= most
