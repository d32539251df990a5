"""How many queries each list and dashboard asks: the same with 10 and with 1 000 measures, and the number on record.

When a page rightly needs another number: UPDATE_QUERY_COUNTS=1 python -m pytest tests/test_queries.py
"""

import datetime as dt
import json
import os
from pathlib import Path

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from roadmap.choices import Status, Verdict
from roadmap.models import Measure, StatusReport, Verification

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
    "measure/chair": "/measures/{pk}/",
    "measure/coordinator": "/measures/{pk}/",
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
    return measures[0]


def counted(cast, as_user, measure):
    counts = {}
    for page, address in PAGES.items():
        client = as_user(getattr(cast.people, page.rpartition("/")[2]))
        address = address.format(pk=measure.pk)
        assert client.get(address).status_code == 200, page  # also warms what a process asks for only once
        with CaptureQueriesContext(connection) as asked:
            assert client.get(address).status_code == 200, page
        counts[page] = len(asked)
    return counts


@time_machine.travel("2025-06-16 09:00+05:00", tick=False)
def test_queries_do_not_grow_with_rows_and_are_on_record(cast, as_user):
    measure = fill(cast, 10)
    few = counted(cast, as_user, measure)
    fill(cast, 990)
    assert counted(cast, as_user, measure) == few
    if os.environ.get("UPDATE_QUERY_COUNTS"):
        RECORD.write_text(json.dumps(few, indent=2, ensure_ascii=False) + "\n")
    recorded = json.loads(RECORD.read_text())
    assert few == recorded, "if that is right: UPDATE_QUERY_COUNTS=1 python -m pytest tests/test_queries.py"


def test_every_page_on_record_is_still_asked_for():
    assert set(json.loads(RECORD.read_text())) == set(PAGES)


@pytest.mark.parametrize("page", [page for page in PAGES if page.split("/")[0] in ("measures", "overview", "today")])
def test_no_page_asks_more_than_a_reader_waits_for(page):
    assert json.loads(RECORD.read_text())[page] <= 20
