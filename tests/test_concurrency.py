"""Several people at once: nothing is lost, nothing is refused because the database is busy, and the second is told.

Each thread has a connection of its own, as each worker of the site has.
"""

import os
import subprocess
import sys
import threading
import uuid
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import connection
from django.urls import reverse

from branches.models import AuditEvent
from roadmap import actions
from roadmap.choices import Status, Verdict
from roadmap.models import Measure, StatusReport, Verification

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
