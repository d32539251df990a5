"""Nobody reads of whom they should not: the people of the shipped fixtures, on the pages that speak of requests."""

import pytest
import time_machine

from branches.models import Applicant, ReceptionEvent, RequestWords, User
from roadmap.models import RequestMeasure
from tests.test_personal_data import Secrets, Walker, digits_of


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["chair", "coordinator", "secretary-syrdarya"])
def test_nobody_reads_who_asks_in_the_demonstration(demonstration, db, as_user, name):
    """The names, telephones and numbers of all people of the fixtures, on the pages that speak of requests."""
    words = [value for person in Applicant.objects.all() for value in (person.full_name, person.address) if value]
    numbers = digits_of(*(v for p in Applicant.objects.all() for v in (p.phone, p.iin) if v))
    summaries = [words.summary for words in RequestWords.objects.all() if words.summary]
    secrets = Secrets({None: {*words, *numbers, *summaries}})
    user = User.objects.get(username=name)
    walker = Walker(as_user(user), user, secrets)
    measure = RequestMeasure.objects.select_related("measure").first().measure
    with time_machine.travel("2026-11-22 12:00+05:00", tick=False):
        for address in (
            "/reception/",
            "/reception/requests/?year=2026&per_page=200",
            "/reception/events/",
            ReceptionEvent.objects.filter(branch__slug="syrdarya").latest("pk").get_absolute_url(),
            "/reception/topics/?year=2026&branch=syrdarya",
            "/reception/topics.csv?year=2026",
            "/reception/openings/",
            "/overview/",
            "/today/",
            "/figures.json?year=2024",
            measure.get_absolute_url(),
        ):
            walker.get(address)
    assert len(words) > 1500
    assert list(walker.opened.values()).count(200) > 6
    assert walker.leaks == []
