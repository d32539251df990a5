"""Where citizens' requests meet the roadmap and control: what contradicts what, what is linked, passed on, followed."""

import datetime as dt
import html
import re
import uuid

import pytest
from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from branches import actions as work
from branches.choices import FEW, ElectionKind, EventKind, Period, RequestState, Role
from branches.metrics import has_control_digit
from branches.models import Assignment, Branch, Locality, Maslikhat, RequestOpening, User
from roadmap import actions
from roadmap.actions import Advice
from roadmap.choices import RecommendationState, SiteState, Status, Verdict
from roadmap.dashboards.inspector import SHOWN
from roadmap.dashboards.requests import OFFERED, contradicted_by, contradiction_of, offered, request_ties
from roadmap.models import Measure, Recommendation, Referral, RequestMeasure, Roadmap, SiteVisit, StatusReport

pytestmark = pytest.mark.usefixtures("noon")
DAY = dt.timedelta(days=1)
NEVER_STALE = 10_000
READERS = ("secretary", "reception", "controller", "coordinator", "chair", "observer", "administrator")


@pytest.fixture
def ago(cast):
    """`ago(7)`: the day that was a week before the day of the cast."""
    return lambda days: cast.today - days * DAY


@pytest.fixture
def village(cast):
    """A village of `own`."""
    return Locality.objects.get(district=cast.own.district)


@pytest.fixture
def promise(cast, village):
    """`promise()`: a measure of the village; `promise(done=day)`: reported as done on a day."""

    def add(branch="own", *, done=None, locality=village, **fields):
        measure = cast.add_measure(branch, locality=locality, **fields)
        if done:
            claim(cast, measure, done)
        return measure

    return add


@pytest.fixture
def ask(cast, village):
    """`ask(day)`: somebody of the village asks about housing on a day."""

    def add(day=cast.today, branch="own", *, locality=village, **said):
        return cast.add_request(branch, today=day, locality=locality, **said)

    return add


@pytest.fixture
def passed(cast, ask, ago):
    """`passed()`: a request that was passed to control."""

    def add(day=None, *, note="Құбырдың жөнделуін қарау", site=None, by=None, **said):
        request = ask(day or ago(10), **said)
        by = by or request.author
        return actions.refer_request(request=request, by=by, today=day or ago(10), note=note, site=site).request

    return add


@pytest.fixture
def page(as_user):
    """`page(user, address)`: what the page says, in English; `status` is what is expected."""

    def read(user, address, *, status=200, language="en"):
        client = as_user(user)
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
        response = client.get(address)
        assert response.status_code == status, address
        return response

    return read


def claim(cast, measure, day, status=Status.DONE, **said):
    return actions.report_status(
        measure=measure, by=cast.people.coordinator, today=day, status=status, **{"note": "сөз", **said}
    ).report


def text_of(response):
    """What a person reads, without markup."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())


def contradicted(day):
    """The measures that the list flags on a day."""
    return set(Measure.objects.as_of(day, NEVER_STALE).with_contradicted(day).filter(is_contradicted=True))


def found_on_card(measure, day):
    """The requests that the card of a measure shows against its last report, to who controls the whole region."""
    report = StatusReport.objects.known_on(day).filter(measure=measure).order_by("id").last()
    found = contradiction_of(measure, report, day, User.objects.get(username="controller"))
    assert found is None or found.is_known
    return list(found.requests) if found else []


# --- receptions contradict the roadmap -------------------------------------------------------------------------------
def test_a_request_after_the_report_contradicts_it_on_both_cards_and_in_the_list(cast, promise, ask, ago):
    measure, silent = promise(done=ago(30)), promise(done=ago(30), direction=1)
    first, second = ask(ago(10)), ask(ago(3))
    assert contradicted(cast.today) == {measure}
    assert found_on_card(measure, cast.today) == [second, first]
    assert found_on_card(silent, cast.today) == []
    assert contradicted_by(first, cast.people.secretary, cast.today) == [measure]
    assert contradicted(ago(11)) == set() == set(found_on_card(measure, ago(11)))
    assert found_on_card(measure, ago(10)) == [first]
    assert contradicted_by(first, cast.people.secretary, ago(11)) == []  # it had not come yet


@pytest.mark.parametrize(
    "but",
    ["of another place", "of no place", "of another field", "before the report", "on its day", "a mistake", "not done"],
)
def test_what_contradicts_nothing(cast, promise, ask, ago, village, but):
    elsewhere = Locality.objects.create(
        district=village.district, kind="village", name_kk="басқа", name_ru="другое", name_en="other"
    )
    measure = promise(done=None if but == "not done" else ago(30))
    if but == "not done":
        claim(cast, measure, ago(30), Status.IN_PROGRESS)
    said = {
        "of another place": {"locality": elsewhere},
        "of no place": {"locality": None},
        "of another field": {"topic": 1},
        "a mistake": {"state": RequestState.MISTAKE, "note": "қате"},
    }
    day = {"before the report": ago(40), "on its day": ago(30)}.get(but, ago(10))
    request = ask(day, **said.get(but, {}))
    assert contradicted(cast.today) == set()
    assert found_on_card(measure, cast.today) == []
    assert contradicted_by(request, cast.people.secretary, cast.today) == []


def test_a_measure_without_a_place_is_not_contradicted_by_a_request_without_one(cast, promise, ask, ago):
    measure = promise(done=ago(30), locality=None)
    request = ask(ago(10), locality=None)
    assert contradicted(cast.today) == set() == set(found_on_card(measure, cast.today))
    assert contradicted_by(request, cast.people.secretary, cast.today) == []
    assert request_ties(request, cast.people.secretary, cast.today).contradicted == []
    assert [measure] in [list(group) for _label, group in offered(request, cast.people.secretary, cast.today).groups]


@pytest.mark.parametrize("how", ["reported anew", "taken back", "refuted", "a mistake"])
def test_a_contradiction_goes_with_what_it_stood_on(cast, promise, ask, ago, how):
    measure = promise(done=ago(30))
    request = ask(ago(10))
    assert contradicted(ago(6)) == {measure}
    if how == "reported anew":
        claim(cast, measure, ago(5))
    elif how == "taken back":
        claim(cast, measure, ago(5), Status.IN_PROGRESS)
    elif how == "refuted":
        report = StatusReport.objects.get(measure=measure)
        by = cast.people.controller
        actions.verify(report=report, by=by, today=ago(5), verdict=Verdict.REFUTES, basis="акт", note="жоқ")
    else:
        by = cast.people.secretary
        work.follow_request(request=request, by=by, today=ago(5), state=RequestState.MISTAKE, note="қате")
    assert contradicted(cast.today) == set() == set(found_on_card(measure, cast.today))
    assert contradicted(ago(6)) == {measure}  # that day is as it was
    assert found_on_card(measure, ago(6)) == [request]


def test_a_request_of_another_branch_of_the_same_place_speaks_against_it_too(cast, promise, ask, ago, page):
    measure = promise(done=ago(30))
    Assignment.objects.create(user=cast.people.coordinator, role=Role.SECRETARY, branch=cast.oblast)
    request = ask(ago(5), "oblast", by=cast.people.coordinator)
    assert found_on_card(measure, cast.today) == [request]
    source = page(cast.people.controller, measure.get_absolute_url())
    assert f"{request} 11.06.2025 · {cast.oblast.short_place}" in text_of(source)
    assert request.get_absolute_url() not in source.content.decode()
    said = text_of(page(cast.people.secretary, measure.get_absolute_url()))
    assert f"and yet < {FEW} requests about this field came from {measure.locality.name} afterwards" in said
    assert str(request) not in said  # another branch's: where it came from is not for this one
    own = ask(ago(4))
    said = text_of(page(cast.people.secretary, measure.get_absolute_url()))
    assert f"{own} 12.06.2025" in said
    assert f"yet < {FEW} requests" in said  # two would say that the other branch has one
    assert "11.06.2025" not in said


@pytest.mark.parametrize("role", [Role.RECEPTION, Role.CONTROLLER])
def test_who_receives_or_controls_elsewhere_is_not_told_which_requests(cast, promise, ask, ago, page, role):
    """Also not who looks at everything and receives, or controls, in another branch."""
    measure = promise(done=ago(30))
    request = ask(ago(10))
    mixed = cast.people.observer
    Assignment.objects.create(user=mixed, role=role, branch=cast.other)
    source = page(mixed, measure.get_absolute_url())
    assert "Which requests" not in text_of(source)
    assert str(request) not in text_of(source)
    assert f"yet < {FEW} requests" in text_of(source)
    Assignment.objects.create(user=mixed, role=role, branch=cast.own)
    assert f"{request} 06.06.2025" in text_of(page(mixed, measure.get_absolute_url()))


@pytest.mark.parametrize("reader", READERS)
def test_the_card_of_a_measure_says_who_may_open_what(cast, promise, ask, ago, page, reader):
    measure = promise(done=ago(30))
    request = ask(ago(10), person=cast.an_applicant(77))
    source = page(getattr(cast.people, reader), measure.get_absolute_url())
    said = text_of(source)
    is_told = reader in ("secretary", "reception", "controller")
    many = "1 request" if is_told else f"< {FEW} requests"
    assert f"and yet {many} about this field came from {measure.locality.name} afterwards" in said
    assert (f"{request} 06.06.2025" in said) == is_told
    is_open = request.get_absolute_url() in source.content.decode()
    assert is_open == (reader in ("secretary", "reception"))
    assert "Ойданов" not in said
    assert "citizens ask nevertheless" in said
    assert "Citizens ask" not in text_of(
        page(getattr(cast.people, reader), f"{measure.get_absolute_url()}?as_of=2025-06-05")
    )


@pytest.mark.parametrize(("count", "paper"), [(1, True), (FEW - 1, True), (FEW, False)])
def test_paper_does_not_show_small_numbers(cast, promise, ask, ago, page, count, paper):
    measure = promise(done=ago(30))
    for number in range(count):
        ask(ago(10 - number))
    source = page(cast.people.secretary, measure.get_absolute_url()).content.decode()
    shown = re.search(r'<p class="aside risk">.*?</p>', source, re.DOTALL)[0]
    on_paper = re.sub(r'<span class="noprint">.*?</span>', "", shown, flags=re.DOTALL)
    printed = " ".join(html.unescape(re.sub(r"<[^>]+>", " ", on_paper)).split())
    assert (f"yet {count} request" in printed) is not paper
    assert (f"yet < {FEW} requests" in printed) is paper
    assert f"yet {count} request" in text_of(page(cast.people.secretary, measure.get_absolute_url()))
    others = text_of(page(cast.people.chair, measure.get_absolute_url()))  # on the screen too
    assert (f"yet {count} request" in others) is not paper
    assert (f"yet < {FEW} requests" in others) is paper


def test_the_list_marks_counts_and_filters_what_is_contradicted(cast, promise, ask, ago, page):
    measure = promise(done=ago(30))
    promise("other", done=ago(30), locality=Locality.objects.get(district=cast.other.district))
    ask(ago(10))
    response = page(cast.people.chair, "/measures/?year=2025")
    assert response.context["board"].contradicted == 1
    assert text_of(response).count("citizens ask nevertheless") == 1
    shown = page(cast.people.chair, response.context["board"].urls["contradicted"].replace("?", "/measures/?"))
    assert [row.record for row in shown.context["table"].rows] == [measure]
    assert 'data-total="1"' in shown.content.decode()
    assert 'aria-current="true"' in re.search(r'<a href="[^"]*contradicted=1[^"]*"[^>]*>', shown.content.decode())[0]
    before = page(cast.people.chair, "/measures/?year=2025&contradicted=1&as_of=2025-06-05")
    assert list(before.context["table"].rows) == []
    wrong = page(cast.people.chair, "/measures/?year=2025&contradicted=maybe")
    assert list(wrong.context["table"].rows) == []


def test_the_overview_counts_it_for_the_branch_that_it_shows(cast, promise, ask, ago, page):
    promise(done=ago(30))
    promise("oblast", done=ago(30))
    promise("oblast", done=ago(30), direction=1)
    ask(ago(10))
    for query, count in (("", 1), ("&branch=own", 1), ("&branch=other", 0), ("&as_of=2025-06-05", 0)):
        response = page(cast.people.chair, f"/overview/?year=2025{query}")
        assert response.context["overview"].contradicted == count, query
        if not response.context["overview"].tally.whole:
            continue
        links = re.findall(r'<a href="([^"]*contradicted=1)" data-count="(\d+)"', response.content.decode())
        assert {int(number) for _href, number in links} == {count}
        listed = page(cast.people.chair, html.unescape(links[0][0]))
        assert listed.context["table"].paginator.count == count


# --- linked to measures ----------------------------------------------------------------------------------------------
def link(cast, request, measure, day=None, **said):
    by = said.pop("by", cast.people.secretary)
    return actions.link_request(request=request, measure=measure, by=by, today=day or cast.today, **said)


def test_links_are_known_from_their_day_and_can_be_taken_back(cast, promise, ask, ago):
    measure, request = promise(), ask(ago(20))
    link(cast, request, measure, ago(15))
    claim(cast, measure, ago(12), Status.IN_PROGRESS)
    link(cast, request, measure, ago(5), is_linked=False)

    def linked(day):
        rows = request_ties(request, cast.people.secretary, day).linked
        return [(row.measure, row.status, row.reported_on) for row in rows]

    assert linked(ago(16)) == []
    assert linked(ago(15)) == [(measure, Status.NO_REPORT, None)]
    assert linked(ago(12)) == [(measure, Status.IN_PROGRESS, ago(12))]
    assert linked(ago(5)) == []


def test_a_link_outlives_the_version_of_the_roadmap(cast, promise, ask):
    measure, request = promise(), ask()
    link(cast, request, measure)
    old = measure.roadmap
    Roadmap.objects.create(
        programme=old.programme, branch=old.branch, year=2025, version=2, unit=old.unit, approved_on=cast.today
    )
    ties = request_ties(request, cast.people.secretary, cast.today)
    assert [row.measure for row in ties.linked] == [measure]


def test_the_story_of_the_measure_tells_it(cast, promise, ask, ago, page):
    measure, request = promise(), ask(ago(20), person=cast.an_applicant(77))
    mistaken = ask(ago(20))
    link(cast, request, measure, ago(15))
    link(cast, mistaken, measure, ago(14))
    by = cast.people.secretary
    work.follow_request(request=mistaken, by=by, today=ago(13), state=RequestState.MISTAKE, note="қате")
    response = page(cast.people.chair, measure.get_absolute_url())
    assert response.context["card"].linked == [request]
    source = page(cast.people.chair, f"{measure.get_absolute_url()}?show=requests")
    lines = re.findall(r"<li([^>]*)>\s*<time", source.content.decode())
    assert lines == [' class="noprint"'] * 2  # of the place of the measure, and of so few people
    said = text_of(source)
    assert said.count("A citizen's request speaks of it") == 2
    assert f"{request} · housing (ru)" in said or f"{request} · housing" in said
    assert "executive secretary" in said
    assert "Ойданов" not in said
    link(cast, request, measure, is_linked=False)
    said = text_of(page(cast.people.secretary, measure.get_absolute_url()))
    assert "A citizen's request does not speak of it after all" in said
    assert page(cast.people.chair, measure.get_absolute_url()).context["card"].linked == []
    before = page(cast.people.chair, f"{measure.get_absolute_url()}?as_of={ago(16)}")
    assert "requests" not in [name for name, _label, _count in before.context["card"].tabs]


def test_a_linked_request_of_a_branch_that_is_not_seen_is_not_told(cast, promise, ask, ago, page):
    measure, own = promise(), ask(ago(20))
    Assignment.objects.create(user=cast.people.coordinator, role=Role.SECRETARY, region=cast.region)
    foreign = ask(ago(19), "oblast", by=cast.people.coordinator, topic=1)
    foreign = work.follow_request(
        request=foreign, by=cast.people.coordinator, today=ago(18), state=RequestState.IN_WORK
    ).request
    link(cast, own, measure, ago(15))
    link(cast, foreign, measure, ago(14), by=cast.people.coordinator)
    for reader, told in ((cast.people.secretary, [own]), (cast.people.chair, [foreign, own])):
        card = page(reader, measure.get_absolute_url()).context["card"]
        assert card.linked == told
        assert len(card.told("requests")) == len(told)
    said = text_of(page(cast.people.secretary, measure.get_absolute_url()))
    assert "28.05.2025" not in said  # when it came
    assert cast.topics[1].name_en not in said


def test_the_card_of_a_request_names_no_measure_and_no_site_of_a_branch_that_is_not_seen(cast, promise, ask, ago, page):
    Assignment.objects.create(user=cast.people.coordinator, role=Role.SECRETARY, region=cast.region)
    request, by = ask(ago(10)), cast.people.coordinator
    own, foreign = promise(title="Көрінетін шара"), promise("oblast", title="Көрінбейтін шара", locality=None)
    link(cast, request, own)
    link(cast, request, foreign, by=by)
    site = cast.add_site("oblast", name="Көрінбейтін нысан")
    Referral.objects.create(request=request, author=by, entered_on=cast.today, note="қараңыз", site=site)
    assert page(cast.people.secretary, foreign.get_absolute_url(), status=404)
    addresses = (request.get_absolute_url(), reverse("roadmap:request_link", args=[request.pk]))
    for address in addresses:
        source = page(cast.people.secretary, address)
        assert "Көрінетін шара" in text_of(source)
        assert "a measure of another branch" in text_of(source)
        assert "Көрінбейтін" not in source.content.decode()
        assert foreign.get_absolute_url() not in source.content.decode()
        assert f'value="{foreign.pk}"' not in source.content.decode()
    assert "a site of another branch" in text_of(page(cast.people.secretary, addresses[0]))
    everything = text_of(page(by, addresses[0]))
    assert "Көрінбейтін шара" in everything
    assert "Көрінбейтін нысан" in everything


def test_the_likeliest_measures_come_first(cast, promise, ask, ago):
    request = ask(ago(10))
    far = promise(locality=None, direction=1)
    about = promise(locality=None)
    here = promise(direction=1)
    both = promise()
    late = promise(done=ago(2))  # reported after it came: no contradiction
    done = promise(done=ago(30))
    promise("other", locality=Locality.objects.get(district=cast.other.district))
    found = offered(request, cast.people.secretary, cast.today)
    assert [list(measures) for _label, measures in found.groups] == [[done], [both, late, here, about], [far]]
    assert found.found == found.shown == 6
    chosen = offered(request, cast.people.secretary, cast.today, first=about.pk)
    assert next(iter(chosen.groups[1][1])) == about
    link(cast, request, done)
    assert done not in [
        each for _label, group in offered(request, cast.people.secretary, cast.today).groups for each in group
    ]
    words = offered(request, cast.people.secretary, cast.today, words=f"шарасы {here.position}")
    assert [list(measures) for _label, measures in words.groups] == [[here]]


def test_only_so_many_are_offered_and_how_many_there_are_is_said(cast, promise, ask, page):
    request = ask()
    for _number in range(OFFERED + 3):
        promise()
    response = page(cast.people.secretary, reverse("roadmap:request_link", args=[request.pk]))
    assert response.context["offered"].shown == OFFERED
    assert f"The {OFFERED} likeliest of {OFFERED + 3} measures are shown" in text_of(response)
    found = page(cast.people.secretary, reverse("roadmap:request_link", args=[request.pk]) + "?q=жоқ+сөз")
    assert "No measure has these words" in text_of(found)


def test_offered_are_own_measures_and_the_oblasts_to_who_sees_them(cast, promise, ask, ago, abroad):
    own, oblast = promise(), promise("oblast")
    promise("other")
    old = Roadmap.objects.create(
        programme=cast.programme, branch=cast.own, year=2023, approved_on=dt.date(2023, 1, 15), unit="measure"
    )
    promise(roadmap=old)
    known = promise(roadmap=old, done=dt.date(2023, 5, 5))
    request = ask(ago(10))
    everything = {"secretary": {own, known}, "reception": {own, known}}
    Assignment.objects.create(user=cast.people.observer, role=Role.RECEPTION, region=cast.region)
    everything["observer"] = {own, oblast, known}
    for reader, measures in everything.items():
        groups = offered(request, getattr(cast.people, reader), cast.today).groups
        assert {measure for _label, group in groups for measure in group} == measures, reader


@pytest.fixture
def send(as_user):
    """`send(user, "request_link", request, …)`: a form is sent; its response, in English."""

    def post(user, view, row, **typed):
        client = as_user(user)
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
        return client.post(reverse(f"roadmap:{view}", args=[row.pk]), typed)

    return post


def test_a_measure_is_linked_and_unlinked_from_the_page(cast, promise, ask, page, send):
    measure, request = promise(), ask()
    token = uuid.uuid4()
    for _press in range(2):
        response = send(cast.people.reception, "request_link", request, measure=measure.pk, submission=token)
        assert (response.status_code, response.url) == (302, request.get_absolute_url())
    assert RequestMeasure.objects.get().is_linked
    shown = page(cast.people.reception, reverse("roadmap:request_link", args=[request.pk]))
    assert 'name="unlink"' in shown.content.decode()
    assert f'value="{measure.pk}"' in shown.content.decode()
    again = send(cast.people.reception, "request_link", request, measure=measure.pk)
    assert "The measure is linked already." in again.context["form"].errors.get("measure", [])
    response = send(cast.people.reception, "request_link", request, measure=measure.pk, unlink="1", submission=token)
    assert response.status_code == 302
    assert [row.is_linked for row in RequestMeasure.objects.order_by("id")] == [True, False]
    assert not RequestOpening.objects.exists()  # these pages say nothing of the applicant


def test_what_cannot_be_linked_is_said_beside_the_list(cast, promise, ask, send):
    request, foreign = ask(), promise("other")
    for typed, words in (
        ({}, "Choose the measure that the request speaks of."),
        ({"measure": foreign.pk}, "Choose a measure from the list."),
        ({"measure": "жоқ"}, "Choose a measure from the list."),
        ({"measure": "9" * 30}, "Choose a measure from the list."),
    ):
        response = send(cast.people.secretary, "request_link", request, **typed)
        assert response.status_code == 200
        assert words in text_of(response)
    with pytest.raises(ValidationError):
        link(cast, request, foreign)
    assert not RequestMeasure.objects.exists()


def test_a_mistake_is_linked_and_passed_nowhere(cast, promise, ask, page, send):
    measure, request = promise(), ask(state=RequestState.MISTAKE, note="қате")
    linked = ask()
    link(cast, linked, measure)
    by = cast.people.secretary
    work.follow_request(request=linked, by=by, today=cast.today, state=RequestState.MISTAKE, note="қате")
    ties = request_ties(request, cast.people.secretary, cast.today)
    assert (ties.may_link, ties.may_refer) == (False, False)
    for view in ("request_link", "request_refer"):
        assert "<textarea" not in page(by, reverse(f"roadmap:{view}", args=[request.pk])).content.decode()
    response = send(by, "request_link", request, measure=measure.pk)
    assert "This request was entered by mistake." in text_of(response)
    assert (
        send(by, "request_link", linked, measure=measure.pk, unlink="1").status_code == 302
    )  # taken back all the same
    assert RequestMeasure.objects.filter(is_linked=True).count() == 1


@pytest.mark.parametrize("query", ["?measure=жоқ", "?measure=99999999999999999999", "?q=" + "а" * 300])
def test_odd_addresses_of_the_page_of_links(cast, promise, ask, page, query):
    promise()
    page(cast.people.secretary, reverse("roadmap:request_link", args=[ask().pk]) + query)


# --- passed to control -----------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("note", "is_refused"),
    [
        ("Су құбырының жөнделуін қарау", False),
        ("Абай көшесі, 12 үйдегі құбыр", False),
        ("Ахметова Сәуленің үйі", True),
        ("ахметоваға барыңыз", True),
        ("У Ахметовой нет воды", True),
        ("СӘУЛЕ апайдың ауласы", True),
        ("Нұрланқызының үйіндегі су", True),
        ("8 (000) 123-45-67 нөміріне хабарласыңыз", True),
        ("+7 000 123 45 67", True),
        ("ЖСН 990101 300003 иесі", True),
        ("Ахмет атындағы көше", False),
        ("Сәу", False),
    ],
)
def test_a_note_to_control_says_nothing_of_who_asks(cast, ask, send, note, is_refused):
    person = work.Person("Ахметова Сәуле Нұрланқызы 5", "+7 000 123 45 67", "Абай көшесі, 12", "990101300003")
    if not has_control_digit(person.iin):
        pytest.fail("this IIN cannot be")
    request = ask(person=person)
    response = send(cast.people.secretary, "request_refer", request, note=note)
    if not is_refused:
        assert (response.status_code, Referral.objects.get().note) == (302, note)
        return
    assert response.status_code == 200
    assert not Referral.objects.exists()
    (said,) = response.context["form"].errors["note"]
    assert not re.search("ахметов|сәуле|нұрлан|000|990101", said, re.IGNORECASE)
    assert note in html.unescape(response.content.decode())  # what was typed is kept
    assert "no-store" in response["Cache-Control"]


def test_passing_on_is_done_once_and_not_of_what_is_closed(cast, ask, ago, page, send):
    request, closed = ask(), ask(state=RequestState.WITHDRAWN)
    site, foreign = cast.add_site(), cast.add_site("other")
    given_up = cast.add_site(state=SiteState.CANCELLED)
    shown = page(cast.people.secretary, reverse("roadmap:request_refer", args=[request.pk]))
    assert list(shown.context["form"].fields["site"].queryset) == [site]
    for wrong in (foreign, given_up):
        response = send(cast.people.secretary, "request_refer", request, note="қарау", site=wrong.pk)
        assert response.context["form"].errors["site"] == ["Choose a site from the list."]
    assert send(cast.people.secretary, "request_refer", request, note=" ").status_code == 200
    assert send(cast.people.secretary, "request_refer", request, note="қарау", site=site.pk).status_code == 302
    assert (Referral.objects.get().site, Referral.objects.get().note) == (site, "қарау")
    for row, words in (
        (request, "The request was passed to party control already."),
        (closed, "The request is closed: it is not passed on."),
    ):
        assert words in text_of(page(cast.people.secretary, reverse("roadmap:request_refer", args=[row.pk])))
        assert words in text_of(send(cast.people.secretary, "request_refer", row, note="қарау"))
    assert Referral.objects.count() == 1


def test_the_card_tells_what_came_of_it(cast, passed, ago, page):
    site = cast.add_site()
    request = passed(ago(20), site=site)
    by = cast.people.controller
    ties = request_ties(request, cast.people.secretary, ago(20))
    assert (ties.referred.is_followed, ties.referred.visits, ties.referred.recommendations) == (False, [], [])
    assert request_ties(request, cast.people.secretary, ago(21)).referred is None
    advice = Advice(text="Жөндеу", addressee="Бөлім", due_on=cast.today)
    visit = actions.record_visit(site=site, by=by, today=ago(10), readiness=40, advice=[advice], request=request).visit
    issued = actions.recommend_on_request(request=request, by=by, today=ago(5), advice=advice)
    actions.follow_recommendation(
        recommendation=issued, by=cast.people.secretary, today=ago(1), state=RecommendationState.DONE
    )
    referred = request_ties(request, cast.people.secretary, cast.today).referred
    assert referred.visits == [visit]
    assert [(each.recommendation, each.state) for each in referred.recommendations] == [
        (visit.recommendations.get(), RecommendationState.ISSUED),
        (issued, RecommendationState.DONE),
    ]
    before = request_ties(request, cast.people.secretary, ago(6)).referred
    assert [each.recommendation for each in before.recommendations] == [visit.recommendations.get()]
    said = text_of(page(cast.people.secretary, request.get_absolute_url()))
    assert "Visit of 06.06.2025" in said
    assert "Жөндеу" in said


def test_what_another_branch_did_is_said_and_not_shown(cast, passed):
    request = passed()
    site = cast.add_site("oblast")
    actions.record_visit(site=site, by=cast.people.controller, today=cast.today, readiness=5, request=request)
    referred = request_ties(request, cast.people.secretary, cast.today).referred
    assert (referred.is_followed, referred.visits) == (True, [])


# --- control follows it ----------------------------------------------------------------------------------------------
def asked(page, user, address="/control/"):
    return page(user, address).context["inspection"].asked


def test_the_inspector_sees_what_is_asked_until_it_is_followed(cast, passed, ago, page):
    inspector = cast.people.controller
    site = cast.add_site()
    older, newer = passed(ago(9), site=site, person=cast.an_applicant(77)), passed(ago(3), note="Жолды қарау")
    waiting = asked(page, inspector)
    assert [(line.referral.request, line.waited) for line in waiting.rows] == [(older, 9), (newer, 3)]
    assert waiting.count == 2
    response = page(inspector, "/control/")
    said, source = text_of(response), response.content.decode()
    assert "2 citizens' requests wait" in said
    assert f"{older} · own · housing" in said
    assert f"/control/sites/{site.pk}/visit/?request={older.pk}" in source
    assert f"/reception/requests/{newer.pk}/recommend/#look" in source
    assert older.get_absolute_url() + '"' not in source
    assert "Ойданов" not in said
    actions.record_visit(site=site, by=inspector, today=cast.today, readiness=5, request=older)
    advice = Advice(text="Жөндеу", addressee="Бөлім", due_on=cast.today)
    assert [line.referral.request for line in asked(page, inspector).rows] == [newer]
    actions.recommend_on_request(request=newer, by=inspector, today=cast.today, advice=advice)
    assert asked(page, inspector).count == 0


def test_mistakes_and_strange_branches_do_not_wait(cast, passed, abroad, page):
    own, other, mistake = passed(), passed(branch="other", locality=None), passed()
    by = cast.people.secretary
    work.follow_request(request=mistake, by=by, today=cast.today, state=RequestState.MISTAKE, note="қате")
    assert {line.referral.request for line in asked(page, cast.people.controller).rows} == {own, other}
    assert [line.referral.request for line in asked(page, cast.people.controller, "/control/?branch=other").rows] == [
        other
    ]
    assert asked(page, abroad.controller).count == 0


def test_all_that_is_asked_can_be_shown(cast, passed, page):
    for _number in range(SHOWN + 2):
        passed()
    first = asked(page, cast.people.controller)
    assert (len(first.rows), first.count, first.has_more) == (SHOWN, SHOWN + 2, True)
    assert "asked=all" in page(cast.people.controller, "/control/").content.decode()
    assert len(asked(page, cast.people.controller, "/control/?asked=all").rows) == SHOWN + 2


def test_the_visit_form_offers_what_is_asked_of_the_branch(cast, passed, page, as_user):
    site = cast.add_site()
    first, second, foreign = passed(), passed(note="Жолды қарау"), passed(branch="other", locality=None)
    address = reverse("roadmap:visit_record", args=[site.pk])
    form = page(cast.people.controller, f"{address}?request={second.pk}").context["form"]
    assert list(form.fields["request"].queryset) == [first, second]
    assert form["request"].value() == second.pk
    assert "Жолды қарау" in str(form["request"])
    for odd in (foreign.pk, "жоқ", 10**30):
        assert page(cast.people.controller, f"{address}?request={odd}").status_code == 200
    typed = {"readiness": "40", "kind": "visit", "visited_on": "2025-06-16", "seen": "0"}
    typed |= dict.fromkeys(("quality", "spending", "safety", "wages"), "unchecked")
    client = as_user(cast.people.controller)
    refused = client.post(address, typed | {"request": foreign.pk})
    assert "request" in refused.context["form"].errors
    assert client.post(f"{address}?request={second.pk}", typed | {"request": second.pk}).status_code == 302
    visit = SiteVisit.objects.get()
    assert visit.request == second
    assert list(page(cast.people.controller, address).context["form"].fields["request"].queryset) == [first]
    # it was followed meanwhile; whoever has the form open follows it, too
    assert client.post(address, typed | {"request": second.pk, "seen": visit.pk}).status_code == 302
    assert SiteVisit.objects.filter(request=second).count() == 2


def test_without_anything_asked_the_visit_form_has_no_such_field(cast, page):
    form = page(cast.people.controller, reverse("roadmap:visit_record", args=[cast.add_site().pk])).context["form"]
    assert "request" not in form.fields


def test_a_site_of_the_oblast_is_visited_because_of_any_of_its_branches(cast, passed, page):
    own, other = passed(), passed(branch="other", locality=None)
    address = reverse("roadmap:visit_record", args=[cast.add_site("oblast").pk])
    assert list(page(cast.people.controller, address).context["form"].fields["request"].queryset) == [own, other]


def test_a_visit_names_only_a_request_that_its_author_sees(cast, passed, ask):
    request, silent = passed(), ask()
    narrow = cast.people.nobody
    Assignment.objects.create(user=narrow, role=Role.CONTROLLER, branch=cast.oblast)
    site, own = cast.add_site("oblast"), cast.add_site()
    with pytest.raises(ValidationError) as refused:
        actions.record_visit(site=site, by=narrow, today=cast.today, readiness=5, request=request)
    assert "request" in refused.value.error_dict
    with pytest.raises(ValidationError) as refused:
        actions.record_visit(site=own, by=cast.people.controller, today=cast.today, readiness=5, request=silent)
    assert "request" in refused.value.error_dict
    assert not SiteVisit.objects.exists()


@pytest.mark.parametrize("reader", READERS)
def test_visits_and_recommendations_say_where_they_come_from(cast, passed, ago, page, reader):
    request, site, by = passed(person=cast.an_applicant(77)), cast.add_site(), cast.people.controller
    visit = actions.record_visit(site=site, by=by, today=ago(5), readiness=5, request=request).visit
    advice = Advice(text="Жөндеу", addressee="Бөлім", due_on=cast.today)
    issued = actions.recommend_on_request(request=request, by=by, today=ago(5), advice=advice)
    user = getattr(cast.people, reader)
    for address in (visit.get_absolute_url(), issued.get_absolute_url(), "/control/recommendations/?year=2025"):
        response = page(user, address)
        assert f"itizen's request {request}" in text_of(response), address
        is_open = f'"{request.get_absolute_url()}"' in response.content.decode()
        assert is_open == (reader in ("secretary", "reception")), address
        assert "Ойданов" not in text_of(response)


def test_the_list_of_recommendations_is_narrowed_by_this_origin(cast, passed, page):
    by, advice = cast.people.controller, Advice(text="Жөндеу", addressee="Бөлім", due_on=cast.today)
    request = passed()
    asked_for = actions.recommend_on_request(request=request, by=by, today=cast.today, advice=advice)
    monitored = actions.issue_recommendation(
        branch=cast.own, by=by, today=cast.today, monitoring="тоқсан", advice=advice
    )
    for origin, rows in (("request", [asked_for]), ("monitoring", [monitored]), ("visit", []), ("meeting", [])):
        shown = page(cast.people.chair, f"/control/recommendations/?year=2025&origin={origin}")
        assert [row.record for row in shown.context["table"].rows] == rows
    assert Recommendation.objects.of_control().count() == 2


TYPED = {"text": "Құбырды ауыстыру", "addressee": "Бөлім", "issued_on": "2025-06-16", "due_on": "2025-07-16"}


def test_control_recommends_because_of_a_request(cast, passed, promise, ago, page, send):
    site = cast.add_site()
    request = passed(site=site, person=cast.an_applicant(77))
    measure, foreign = promise(), promise("other", locality=None)
    link(cast, request, measure)
    address = reverse("roadmap:request_recommend", args=[request.pk])
    response = page(cast.people.controller, address)
    said = text_of(response)
    assert "Құбырдың жөнделуін қарау" in said
    assert request.locality.name in said
    assert "Ойданов" not in said
    form = response.context["form"]
    assert (form["site"].value(), form["measure"].value()) == (site.pk, measure.pk)
    assert f"/control/sites/{site.pk}/visit/?request={request.pk}" in response.content.decode()
    for wrong, field in (
        ({"text": " "}, "text"),
        ({"due_on": "2025-06-01"}, "due_on"),
        ({"issued_on": "2025-06-17"}, "issued_on"),
        ({"measure": foreign.pk}, "measure"),
        ({"addressee": ""}, "addressee"),
    ):
        refused = send(cast.people.controller, "request_recommend", request, **TYPED | wrong)
        assert field in refused.context["form"].errors
    assert not Recommendation.objects.exists()
    token = uuid.uuid4()
    for _press in range(2):
        sent = TYPED | {"site": site.pk, "measure": measure.pk, "submission": token}
        response = send(cast.people.controller, "request_recommend", request, **sent)
    row = Recommendation.objects.get()
    assert (response.status_code, response.url) == (302, row.get_absolute_url())
    assert (row.request, row.branch, row.site, row.measure, row.monitoring) == (request, cast.own, site, measure, "")


def test_where_no_site_is_named_control_chooses_one(cast, passed, page):
    near = cast.add_site(name="Яр", locality=Locality.objects.get(district=cast.own.district))
    far, _foreign = cast.add_site(name="Ауыл"), cast.add_site("other")
    cast.add_site(state=SiteState.CANCELLED)
    response = page(cast.people.controller, reverse("roadmap:request_recommend", args=[passed().pk]))
    assert list(response.context["sites"]) == [near, far]


def test_what_was_not_passed_on_is_not_recommended_on(cast, ask, page, send):
    silent = ask()
    for row in (silent, ask(state=RequestState.MISTAKE, note="қате")):
        response = page(cast.people.controller, reverse("roadmap:request_recommend", args=[row.pk]))
        assert "The branch did not pass this request to party control." in text_of(response)
        assert row.locality.name not in text_of(response)  # where it comes from is for who receives it
        refused = send(cast.people.controller, "request_recommend", row, **TYPED)
        assert "The branch did not pass this request to party control." in text_of(refused)
    with pytest.raises(PermissionDenied):
        advice = Advice(text="а", addressee="б", due_on=cast.today)
        actions.recommend_on_request(request=silent, by=cast.people.secretary, today=cast.today, advice=advice)
    assert not Recommendation.objects.exists()


# --- who may ---------------------------------------------------------------------------------------------------------
MAY = {"request_link": ("secretary", "reception"), "request_refer": ("secretary", "reception")}
MAY |= {"request_recommend": ("controller",)}


@pytest.mark.parametrize("view", MAY)
@pytest.mark.parametrize("reader", [*READERS, "other_secretary", "nobody"])
def test_who_may_open_and_send_what(cast, passed, ask, promise, as_user, view, reader):
    measure = promise()
    request = passed() if view == "request_recommend" else ask()
    client, address = as_user(getattr(cast.people, reader)), reverse(f"roadmap:{view}", args=[request.pk])
    expected = 200 if reader in MAY[view] else 404 if reader in ("other_secretary", "nobody") else 403
    assert client.get(address).status_code == expected
    typed = {"request_link": {"measure": measure.pk}, "request_refer": {"note": "қарау"}, "request_recommend": TYPED}
    assert client.post(address, typed[view]).status_code == (302 if expected == 200 else expected)


def test_buttons_stand_on_the_card_of_today_for_who_receives(cast, ask, ago, page):
    request = ask(ago(5))
    link_address = reverse("roadmap:request_link", args=[request.pk])
    refer_address = reverse("roadmap:request_refer", args=[request.pk])
    today = page(cast.people.secretary, request.get_absolute_url()).content.decode()
    past = page(cast.people.secretary, f"{request.get_absolute_url()}?as_of={ago(1)}").content.decode()
    for address in (link_address, refer_address):
        assert address in today
        assert address not in past


# --- nothing grows, nothing personal ---------------------------------------------------------------------------------
def test_pages_ask_as_many_queries_however_much_is_tied(cast, promise, passed, ask, ago, as_user):
    measure, site = promise(done=ago(40)), cast.add_site()
    request = passed(ago(20), site=site)
    link(cast, request, measure)
    pages = {
        reverse("roadmap:request_link", args=[request.pk]): "secretary",
        reverse("roadmap:request_refer", args=[request.pk]): "secretary",
        reverse("roadmap:request_recommend", args=[request.pk]): "controller",
        request.get_absolute_url(): "secretary",
        measure.get_absolute_url(): "secretary",
        reverse("roadmap:visit_record", args=[site.pk]): "controller",
        "/control/": "controller",
        "/measures/?year=2025&contradicted=1": "secretary",
        "/control/recommendations/?year=2025&origin=request": "secretary",
    }

    def counts():
        found = {}
        for address, reader in pages.items():
            client = as_user(getattr(cast.people, reader))
            client.get(address)
            with CaptureQueriesContext(connection) as queries:
                assert client.get(address).status_code == 200
            found[address] = len(queries)
        return found

    by, advice = cast.people.controller, Advice(text="Жөндеу", addressee="Бөлім", due_on=cast.today)

    def more():
        actions.record_visit(site=site, by=by, today=cast.today, readiness=50, request=request)
        actions.recommend_on_request(request=request, by=by, today=cast.today, advice=advice)
        for _number in range(4):
            other = passed(ago(20), site=cast.add_site())
            link(cast, other, measure)
            link(cast, request, promise(done=ago(40)))
            actions.recommend_on_request(request=other, by=by, today=cast.today, advice=advice)
            passed(ago(5))
            ask(ago(6))

    more()
    few = counts()
    more()
    assert counts() == few


def test_the_overview_asks_as_many_however_much_work_there_is(cast, promise, ask, ago, page, as_user):
    promise("oblast")
    own_year(cast, "own", ago(60))
    client = as_user(cast.people.chair)

    def count(query):
        client.get(f"/overview/?year=2025{query}")
        with CaptureQueriesContext(connection) as queries:
            client.get(f"/overview/?year=2025{query}")
        return len(queries)

    few = count(""), count("&branch=own")
    own_year(cast, "other", ago(60))
    for _number in range(5):
        ask(ago(3))
    assert (count(""), count("&branch=own")) == few


# --- the overview's new parts ----------------------------------------------------------------------------------------
def own_year(cast, slug, day):
    """A year of projects, reception and organisation in one branch."""
    branch = Branch.objects.get(slug=slug)
    by = cast.people.secretary if slug == "own" else cast.people.other_secretary
    said = {"branch": branch, "by": by, "today": day}
    work.report_project(indicator=cast.indicator, year=2025, period=Period.YEAR, plan=100, **said)
    work.report_project(indicator=cast.indicator, year=2025, period=Period.Q1, fact=120, **said)
    work.report_membership(primary_organisations=12, members=3400, **said)
    Maslikhat.objects.create(branch=branch, seats=20, name_kk="м", name_ru="м", name_en="m")
    work.report_faction(members=15, **said)
    work.record_election(kind=ElectionKind.RURAL_AKIM, held_on=day, seats=4, nominated=4, won=3, place="ауыл", **said)
    work.record_event(kind=EventKind.OPEN_DAY, place="үй", held_on=day, **said)
    cast.add_request(slug, today=day, by=by)
    cast.add_request(slug, today=day, by=by, state=RequestState.POSITIVE, help_kind="advice")
    cast.add_request(slug, today=day, by=by, state=RequestState.REFUSED, note="негіз жоқ")


@pytest.mark.parametrize("with_roadmap", [True, False])
def test_the_overview_tells_of_projects_reception_and_organisation(cast, promise, ago, page, with_roadmap):
    if with_roadmap:
        promise("oblast")
        promise()
    own_year(cast, "own", ago(60))
    own_year(cast, "other", ago(30))
    shown = page(cast.people.chair, "/overview/?year=2025")
    said, overview = text_of(shown), shown.context["overview"]
    assert "Қамтылған адамдар" in text_of(page(cast.people.chair, "/overview/?year=2025", language="kk"))
    assert "120 %" in said.replace("\u00a0", " ")
    assert "2 of 2 branches reported" in said
    assert (overview.work.reception.registered, overview.work.reception.overdue) == (6, 2)
    assert "2 of 6 registered" in said
    assert "2 of 4 closed : 50 %" in said.replace("\u00a0", " ")
    assert "30 of 40 mandates" in said
    assert "6 of 8 elections of the year" in said
    assert overview.work.organisation.members == 6800
    one = page(cast.people.chair, "/overview/?year=2025&branch=own")
    assert one.context["overview"].work.organisation.members == 3400
    assert one.context["overview"].work.reception.registered == 3
    assert "branches reported" not in text_of(one)
    past = page(cast.people.chair, f"/overview/?year=2025&as_of={ago(31)}").context["overview"].work
    assert (past.organisation.members, past.reception.registered, past.projects[0].told.reported) == (3400, 3, 1)


def test_every_number_of_these_parts_opens_into_its_rows_or_its_parts(cast, promise, ago, page):
    promise("oblast")
    own_year(cast, "own", ago(60))
    own_year(cast, "other", ago(30))
    for query in ("", "&branch=own"):
        source = page(cast.people.chair, f"/overview/?year=2025{query}").content.decode()
        part = source[source.index('class="cols kept work-of-branches"') :]
        part = part[: part.index("</div>\n<div") if "</div>\n<div" in part else None]
        counts = re.findall(r'href="(/reception/[^"]*)" data-count="(\d+)"', part)
        assert len(counts) >= 6
        for href, number in counts:
            assert f'data-total="{number}"' in page(cast.people.chair, html.unescape(href)).content.decode(), href
        sums = re.findall(r'href="([^"]*)" data-sum="([^"]+)"', part)
        assert len(sums) == 5
        for href, number in sums:
            opened = page(cast.people.chair, html.unescape(href)).content.decode()
            assert f'data-sum-total="{number}"' in opened, href


def test_empty_parts_say_so(cast, promise, page):
    promise("oblast")
    said = text_of(page(cast.people.chair, "/overview/?year=2025"))
    assert "Nothing was reported of projects for this year by this day." in said
    assert "Nothing of reception was entered for this year by this day." in said
    assert "Nothing was told of members and elections by this day." in said
    for anchor in ("h-projects", "h-reception", "h-organisation"):
        source = page(cast.people.chair, "/overview/?year=2025").content.decode()
        assert f'href="#{anchor}"' in source
        assert f'id="{anchor}"' in source
