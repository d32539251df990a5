"""Recommendations of control and proposals of councils: lists, cards, the way of each to the end."""

import datetime as dt
import html
import re
import uuid
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from amanat_tracker.kazakh import sort_key
from branches.choices import Role
from branches.models import Assignment, AuditEvent, User
from roadmap import actions
from roadmap.choices import BodyKind, RecommendationState
from roadmap.dashboards.recommendations import recommendation_card, recommendations_with_their_place
from roadmap.models import Body, Recommendation, RecommendationStep

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]
LIST, PROPOSALS, ISSUE = "/control/recommendations/", "/councils/proposals/", "/control/recommendations/new/"
WINTER, SPRING, MAY = dt.date(2025, 2, 10), dt.date(2025, 4, 1), dt.date(2025, 5, 12)
IN_WORK, DONE, NOT_DONE = (RecommendationState.IN_WORK, RecommendationState.DONE, RecommendationState.NOT_DONE)


# --- a life to look at -----------------------------------------------------------------------------------------------
@pytest.fixture
def second(cast):
    """Another inspector of the region: nobody verifies their own word."""
    user = User.objects.create_user("second", first_name="Second")
    Assignment.objects.create(user=user, role=Role.CONTROLLER, region=cast.region)
    return user


@pytest.fixture
def issue(cast):
    """`issue(text, day, due)`: what monitoring recommends to a branch."""

    def from_monitoring(text="Ұсыныс", day=WINTER, due=dt.date(2025, 12, 1), *, branch="own", **advice):
        advice = {"addressee": "әкімдік"} | advice
        return actions.issue_recommendation(
            branch=getattr(cast, branch),
            by=cast.people.controller,
            today=day,
            monitoring="I тоқсан мониторингі",
            advice=actions.Advice(text=text, due_on=due, **advice),
        )

    return from_monitoring


@pytest.fixture
def follow(cast):
    """`follow(row, state, day)`: what the secretary of the branch says of it."""

    def say(row, state=DONE, day=SPRING, *, by=None, note="", **more):
        by = by or (cast.people.secretary if row.branch == cast.own else cast.people.other_secretary)
        note = note or ("неге" if state == NOT_DONE else "")
        return actions.follow_recommendation(recommendation=row, by=by, today=day, state=state, note=note, **more)

    return say


@pytest.fixture
def verify(cast):
    """`verify(row, day)`: the controller finds that it is done."""

    def find(row, day=MAY):
        return actions.verify_recommendation(recommendation=row, by=cast.people.controller, today=day)

    return find


@pytest.fixture
def meet(cast):
    """`meet(kind, day, [advice])`: a meeting of a body of a branch, with what it recommends."""

    def hold(kind=BodyKind.COUNCIL, day=WINTER, texts=("Ұсыныс",), *, branch="own", points=None):
        body, _made = Body.objects.get_or_create(
            branch=getattr(cast, branch), kind=kind, defaults={"name_kk": kind, "name_ru": kind, "name_en": kind}
        )
        secretary = cast.people.secretary if branch == "own" else cast.people.other_secretary
        return actions.record_meeting(
            body=body,
            by=cast.people.controller if kind == BodyKind.COMMISSION else secretary,
            today=day,
            held_on=day,
            agenda=points or [actions.Point("Ауызсу")],
            advice=[
                actions.Advice(text=text, addressee="бөлім", executor="басшы", due_on=day + dt.timedelta(days=60))
                for text in texts
            ],
        )

    return hold


@pytest.fixture
def site(cast):
    """A site of the own branch."""
    return cast.add_site(name="Мектеп салу")


@pytest.fixture
def life(cast, issue, follow, verify, meet, site):
    """Recommendations of `own` in every state, called by it; one of `other`, and a proposal of each branch."""
    rows = SimpleNamespace(
        issued=issue("Әйнек ауыстыру"),
        in_work=issue("Қоршау орнату", due=dt.date(2025, 6, 20)),
        done=issue("Есік жөндеу"),
        verified=issue("Үңгір бекіту"),
        not_done=issue("Жол төсеу", due=dt.date(2025, 6, 1)),
        withdrawn=issue("Іргені жылыту", due=dt.date(2025, 3, 1)),
        overdue=issue("Ғимаратты бояу", due=dt.date(2025, 5, 1)),
        other=issue("Ұңғыма қазу", branch="other"),
    )
    rows.heard = meet(BodyKind.COMMISSION, dt.date(2025, 3, 3), ["Баспалдақ жасау"]).recommendations.get()
    visit = actions.record_visit(
        site=site,
        by=cast.people.controller,
        today=dt.date(2025, 3, 5),
        readiness=40,
        advice=[actions.Advice(text="Көлік беру", addressee="бөлім", due_on=dt.date(2025, 12, 1), site=site)],
    )
    (rows.visited,) = visit.recommendations
    follow(rows.in_work, IN_WORK)
    follow(rows.done)
    follow(rows.verified)
    verify(rows.verified)
    follow(rows.not_done, NOT_DONE)
    actions.withdraw_recommendation(
        recommendation=rows.withdrawn, by=cast.people.controller, today=SPRING, note="күші жойылды"
    )
    rows.own = [row for name, row in vars(rows).items() if name != "other"]
    rows.proposal = meet(texts=["Саябақ ашу"]).recommendations.get()
    rows.other_proposal = meet(texts=["Кітап алу"], branch="other").recommendations.get()
    return rows


# --- reading pages ---------------------------------------------------------------------------------------------------
def listed(response):
    return list(response.context["table"].data.data)


def found(response):
    """The rows of all pages of a list as a set, once the page says that it has so many."""
    rows = listed(response)
    assert total_of(response) == len(rows)
    return set(rows)


def total_of(response):
    return int(re.search(r'data-total="(\d+)"', response.content.decode())[1])


def counted_links(response):
    """Every (address, number) of a page that says how many rows it opens."""
    tags = re.findall(r"<a\b[^>]*\bdata-count=[^>]*>", response.content.decode())
    return [
        (html.unescape(re.search(r'href="([^"]*)"', tag)[1]), int(re.search(r'data-count="(\d+)"', tag)[1]))
        for tag in tags
    ]


@pytest.fixture
def reader(as_user):
    """`reader(user)`: a client that reads in English."""

    def log_in(user):
        client = as_user(user)
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
        return client

    return log_in


@pytest.fixture
def page(reader):
    """`page(user, address)`: what a person reads there, in English, without markup."""

    def read(user, address, status=200):
        response = reader(user).get(address)
        assert response.status_code == status
        return text_of(response)

    return read


def text_of(response):
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())


def address(name, row):
    return reverse(f"roadmap:recommendation_{name}", args=[row.pk])


def errors_of(response):
    return {name: [str(error) for error in errors] for name, errors in response.context["form"].errors.items()}


def state_of(row, day=dt.date(2025, 6, 16)):
    return Recommendation.objects.as_of(day).get(pk=row.pk).day_state


@pytest.fixture
def card(cast):
    """`card(row, day)`: the card as known at the end of a day."""

    def gather(row, day=cast.today):
        return recommendation_card(recommendations_with_their_place().get(pk=row.pk), day)

    return gather


# --- the lists -------------------------------------------------------------------------------------------------------
def test_recommendations_and_proposals_stand_apart(as_user, cast, life):
    chair = as_user(cast.people.chair)
    assert found(chair.get(LIST)) == {*life.own, life.other}
    assert found(chair.get(PROPOSALS)) == {life.proposal, life.other_proposal}


def test_a_person_sees_those_of_their_branches_only(as_user, cast, life):
    assert found(as_user(cast.people.secretary).get(LIST)) == set(life.own)
    assert found(as_user(cast.people.other_secretary).get(LIST)) == {life.other}
    assert found(as_user(cast.people.other_secretary).get(PROPOSALS)) == {life.other_proposal}
    assert as_user(cast.people.nobody).get(LIST).status_code == 403
    assert as_user(cast.people.nobody).get(PROPOSALS).status_code == 403


def test_the_states_are_disjoint_and_add_up(as_user, cast, life):
    response = as_user(cast.people.secretary).get(LIST)
    counts, follow_up = response.context["counts"], response.context["headline"].follow_up
    assert [count.name for count in counts] == list(RecommendationState)
    assert {count.name: count.count for count in counts} == {
        "verified": 1,
        "done": 1,
        "in_work": 1,
        "issued": 4,
        "not_done": 1,
        "withdrawn": 1,
    }
    assert sum(count.count for count in counts) == follow_up.whole == total_of(response)
    assert (follow_up.done.part, follow_up.verified.part, follow_up.unverified) == (2, 1, 1)
    assert follow_up.verified.part <= follow_up.done.part
    assert (follow_up.open, follow_up.overdue) == (6, 3)


@pytest.mark.parametrize(
    "path", [LIST, PROPOSALS, f"{LIST}?branch=own&state=done", f"{LIST}?as_of=2025-03-31&q=жылыту"]
)
def test_every_number_opens_exactly_its_rows(as_user, cast, life, path):
    client = as_user(cast.people.chair)
    links = counted_links(client.get(path))
    assert len(links) == 12
    for link, count in links:
        assert (link, total_of(client.get(path.partition("?")[0] + link))) == (link, count)


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("state=done&state=verified", "done verified"),
        ("done=1", "done verified"),
        ("verified=1", "verified"),
        ("unverified=1", "done"),
        ("overdue=1", "not_done overdue heard"),
        ("open=1&origin=monitoring", "issued in_work not_done overdue"),
        ("due_by=2025-06-20", "in_work not_done overdue heard"),
        ("due_by=2025-05-01", "overdue"),
        ("origin=meeting", "heard"),
        ("origin=visit", "visited"),
        ("q=конди", ""),
        ("q=айнек", "issued"),
        ("branch=own&state=withdrawn", "withdrawn"),
    ],
)
def test_what_narrows_the_list(as_user, cast, life, query, names):
    rows = {getattr(life, name) for name in names.split()}
    assert found(as_user(cast.people.secretary).get(f"{LIST}?{query}")) == rows


def test_it_is_narrowed_to_a_region_a_branch_and_a_body(as_user, cast, life):
    chair = as_user(cast.people.chair)
    assert found(chair.get(f"{LIST}?branch=other")) == {life.other}
    assert len(found(chair.get(f"{LIST}?region=region"))) == 10
    council = life.proposal.meeting.body
    assert found(chair.get(f"{PROPOSALS}?body={council.pk}")) == {life.proposal}
    assert found(chair.get(f"{LIST}?body={life.heard.meeting.body.pk}")) == {life.heard}


def test_everything_about_a_site_or_a_measure(as_user, cast, life, issue, site):
    measure = cast.add_measure()
    about = issue("Шара туралы", measure=measure)
    client = as_user(cast.people.secretary)
    response = client.get(f"{LIST}?measure={measure.pk}")
    assert found(response) == {about}
    assert [each.words for each in response.context["filter"].chosen] == [str(measure)]
    assert response.context["headline"].follow_up.whole == 1
    assert found(client.get(f"{LIST}?site={site.pk}")) == {life.visited}


@pytest.mark.parametrize("query", ["measure=999999", "site=999999", "site=x", "measure=²", "body=1e9", "site=-1"])
@pytest.mark.parametrize("path", [LIST, PROPOSALS])
def test_an_unknown_key_finds_nothing_politely(as_user, cast, life, path, query):
    response = as_user(cast.people.chair).get(f"{path}?{query}")
    assert response.status_code == 200
    assert found(response) == set()
    name = query.partition("=")[0]
    error = str(response.context["filter"].form.errors[name][0])
    assert html.escape(error) in response.content.decode()


def test_a_foreign_site_or_body_is_no_choice(as_user, cast, life, site):
    client = as_user(cast.people.other_secretary)
    response = client.get(f"{LIST}?site={site.pk}")
    assert found(response) == set()
    assert site.name not in response.content.decode()
    assert found(client.get(f"{PROPOSALS}?body={life.proposal.meeting.body.pk}")) == set()


@pytest.mark.parametrize("query", ["state=finished", "origin=rumour", "due_by=soon", "done=yes", "branch=nowhere"])
def test_what_is_not_understood_is_said_and_finds_nothing(as_user, cast, life, query):
    response = as_user(cast.people.chair).get(f"{LIST}?{query}")
    assert response.status_code == 200
    assert found(response) == set()
    assert response.context["filter"].errors.keys() == {query.partition("=")[0]}


def test_proposals_know_no_origin(as_user, cast, life):
    response = as_user(cast.people.chair).get(f"{PROPOSALS}?origin=visit")
    assert found(response) == {life.proposal, life.other_proposal}


def test_it_is_a_year_as_of_a_day(as_user, cast, life, issue):
    old = issue("Былтырғы", dt.date(2024, 11, 5))
    client = as_user(cast.people.secretary)
    assert old not in found(client.get(f"{LIST}?year=2025"))
    then = client.get(f"{LIST}?year=2025&as_of=2025-04-10").context["headline"].follow_up
    assert (then.done.part, then.verified.part, then.count("done")) == (2, 0, 2)
    assert then.whole == 9
    before = client.get(f"{LIST}?year=2025&as_of=2025-02-20").context["headline"].follow_up
    assert (before.whole, before.count("issued"), before.overdue) == (7, 7, 0)
    early = client.get(f"{LIST}?year=2025&as_of=2025-01-01").context["headline"].follow_up
    assert (early.whole, early.done.percent) == (0, None)


def test_what_is_awaited_soonest_stands_first(as_user, cast, life):
    rows = listed(as_user(cast.people.secretary).get(LIST))
    assert [row.is_open for row in rows] == sorted((row.is_open for row in rows), reverse=True)
    awaited = [row.due_on for row in rows if row.is_open]
    assert awaited == sorted(awaited)


@pytest.mark.parametrize(
    ("column", "key"),
    [
        ("due", lambda row: row.due_on),
        ("issued", lambda row: row.issued_on),
        ("state", lambda row: list(RecommendationState).index(row.day_state)),
        ("text", lambda row: sort_key(row.text)),
        ("addressee", lambda row: sort_key(row.addressee)),
    ],
)
def test_it_sorts(as_user, cast, life, column, key):
    client = as_user(cast.people.secretary)
    for prefix, is_descending in (("", False), ("-", True)):
        keys = [key(row) for row in listed(client.get(f"{LIST}?sort={prefix}{column}"))]
        assert keys == sorted(keys, reverse=is_descending)
    assert keys[0] != keys[-1]


def test_who_said_it_and_who_verified_stand_in_the_row(page, cast, life):
    text = page(cast.people.secretary, f"{LIST}?verified=1")
    assert "done: Secretary verified: Controller, 12.05.2025" in text
    assert "Secretary, 01.04.2025 not verified yet" in page(cast.people.secretary, f"{LIST}?unverified=1")
    assert "Meeting of 10.02.2025 council" in page(cast.people.secretary, PROPOSALS)
    assert "46 days overdue" in page(cast.people.secretary, f"{LIST}?q=бояу")


def test_the_headline_is_a_sentence(page, cast, life):
    text = page(cast.people.secretary, LIST)
    assert "22.2 % 2 of 9 recommendations are done" in text.replace("\xa0", " ")
    assert "0 of 1 proposals are done" in page(cast.people.secretary, PROPOSALS)


def test_a_row_of_a_past_day_opens_the_card_of_that_day(as_user, cast, life):
    response = as_user(cast.people.secretary).get(f"{LIST}?as_of=2025-04-10&q=әйнек")
    assert f'href="{life.issued.get_absolute_url()}?as_of=2025-04-10"' in response.content.decode()


def test_only_control_is_offered_a_new_one(as_user, cast, life):
    for person in ("secretary", "coordinator", "chair", "observer"):
        assert ISSUE not in as_user(getattr(cast.people, person)).get(LIST).content.decode()
    controller = as_user(cast.people.controller)
    assert ISSUE in controller.get(LIST).content.decode()
    assert ISSUE not in controller.get(PROPOSALS).content.decode()


@pytest.mark.parametrize(("path", "person"), [(LIST, "chair"), (LIST, "secretary"), (PROPOSALS, "chair")])
def test_as_many_queries_for_a_hundred_rows_as_for_ten(as_user, cast, issue, follow, verify, meet, site, path, person):
    def look():
        client = as_user(getattr(cast.people, person))
        with CaptureQueriesContext(connection) as queries:
            assert client.get(f"{path}?per_page=200").status_code == 200
        return len(queries)

    def add(count):
        measure = cast.add_measure()
        for n in range(count):
            row = issue(f"Ұсыныс {n}", measure=measure, site=site)
            follow(row)
            verify(row)
        meet(BodyKind.COMMISSION, texts=[f"Ұсыныс {n}" for n in range(count)])
        for row in meet(texts=[f"Ұсыныс {n}" for n in range(count)]).recommendations.all():
            follow(row)

    add(2)
    few = look()
    add(15)
    assert look() == few
    assert few <= 12


# --- the card --------------------------------------------------------------------------------------------------------
def test_the_chain_of_one_that_came_to_its_end(page, cast, life):
    text = page(cast.people.chair, life.verified.get_absolute_url())
    assert "Origin Monitoring I тоқсан мониторингі" in text
    assert "Recommendation 10.02.2025 Controller" in text
    assert "Addressee әкімдік" in text
    assert "To be done by 01.12.2025 done 244 days before the deadline" in text.replace("\xa0", " ")
    assert "Fulfilment Done 01.04.2025, Secretary" in text
    assert "Verification Verified 12.05.2025, Controller" in text


def test_every_link_of_the_chain_opens_something(as_user, cast, life, card):
    client = as_user(cast.people.chair)
    response = client.get(life.verified.get_absolute_url())
    page = response.content.decode()
    chain = re.search(r'<ol class="way".*?</ol>', page, re.DOTALL).group()
    links = [html.unescape(link) for link in re.findall(r'<a\b[^>]* href="([^"]+)"', chain)]
    assert len(links) == 6
    for link in links:
        if link.startswith("#"):
            assert f'id="{link[1:]}"' in page
        else:
            assert client.get(link).status_code == 200
    urls = card(life.overdue).urls
    assert found(client.get(urls["due"])) == {life.overdue}
    assert life.overdue in found(client.get(urls["executor"]))


def test_the_chain_of_one_that_is_late(page, cast, life):
    text = page(cast.people.chair, life.overdue.get_absolute_url()).replace("\xa0", " ")
    assert "To be done by 01.05.2025 46 days overdue" in text
    assert "Fulfilment Nothing is said yet" in text
    assert "Nothing to verify" in text


def test_origins_are_named_and_linked(as_user, page, cast, life):
    heard, visited = life.heard, life.visited
    assert "Meeting of 03.03.2025 commission" in page(cast.people.chair, heard.get_absolute_url())
    assert "Visit of 05.03.2025 Мектеп салу" in page(cast.people.chair, visited.get_absolute_url())
    client = as_user(cast.people.chair)
    for row, origin in ((heard, heard.meeting), (visited, visited.visit), (visited, visited.site)):
        assert f'href="{origin.get_absolute_url()}"' in client.get(row.get_absolute_url()).content.decode()


def test_a_proposal_is_called_so_everywhere(page, cast, life):
    texts = [page(cast.people.secretary, address(name, life.proposal)) for name in ("detail", "follow", "withdraw")]
    texts += [page(cast.people.controller, address("verify", life.proposal)), page(cast.people.secretary, PROPOSALS)]
    assert "A proposal is made" in texts[0]
    assert "Withdraw the proposal" in texts[2]
    for text in texts:
        assert "roposal" in text
        assert "ecommendation" not in text


def test_a_past_day_hides_what_came_later(page, cast, life, card):
    assert card(life.verified, SPRING).state == DONE
    assert card(life.verified, WINTER).state == RecommendationState.ISSUED
    assert [told.row for told in card(life.verified, WINTER).story] == [life.verified]
    url = life.verified.get_absolute_url()
    text = page(cast.people.secretary, f"{url}?as_of=2025-04-10")
    assert "Not verified yet" in text
    assert "12.05.2025" not in text
    assert "How far has it come?" not in text
    assert "it was entered on 10 February 2025" in page(cast.people.secretary, f"{url}?as_of=2025-02-01")
    assert "This day has not come yet" in page(cast.people.secretary, f"{url}?as_of=2025-12-01")


def test_the_card_and_the_list_say_the_same_on_any_day(cast, life, card):
    for day in (WINTER, dt.date(2025, 3, 4), SPRING, MAY, cast.today):
        for row in Recommendation.objects.as_of(day):
            told = card(row, day)
            assert (told.state, told.is_open, told.due.is_overdue) == (row.day_state, row.is_open, row.is_overdue)
            assert (told.done is not None, told.verified is not None) == (row.is_done, row.is_verified)


def test_the_story_is_one_and_in_order(cast, issue, follow, verify, meet, card, page):
    row = issue("Бекет", WINTER)
    follow(row, IN_WORK, dt.date(2025, 3, 1))
    follow(row, DONE, SPRING, note="Бәрі дайын")
    point = actions.Point("Орындалуы туралы", "Назарға алынды", row)
    meeting = meet(BodyKind.COMMISSION, dt.date(2025, 4, 20), (), points=[point])
    follow(row, IN_WORK, MAY, by=cast.people.controller, note="Жөндеу бітпеген")
    follow(row, DONE, dt.date(2025, 5, 20))
    verify(row, dt.date(2025, 5, 25))

    story = card(row).story
    assert [told.day for told in story] == sorted((told.day for told in story), reverse=True)
    told = [told.template.removeprefix("roadmap/_told_").removesuffix(".html") for told in story]
    assert told == ["step", "step", "step", "hearing", "step", "step", "recommendation"]
    assert card(row).hearings == [meeting.agenda.get()]
    assert (story[2].row.takes_back, story[4].row.taken_back_on, story[1].row.taken_back_on) == (True, MAY, None)
    text = page(cast.people.chair, row.get_absolute_url())
    assert "Returned to work Жөндеу бітпеген" in text
    assert "Бәрі дайын Taken back on 12.05.2025." in text
    assert "Heard at Meeting of 20.04.2025" in text


def test_a_hearing_at_a_meeting_entered_by_mistake_is_not_told(cast, issue, meet, card):
    row = issue("Бекет", WINTER)
    meeting = meet(BodyKind.COMMISSION, SPRING, (), points=[actions.Point("Орындалуы", "", row)])
    actions.annul_meeting(meeting=meeting, by=cast.people.controller, today=MAY, note="қате")
    assert card(row, SPRING).hearings == [meeting.agenda.get()]
    assert card(row, MAY).hearings == []


def test_typed_later_than_it_happened(cast, issue, follow, card, page):
    row = issue("Бекет", WINTER)
    follow(row, IN_WORK, MAY, happened_on=SPRING)
    assert card(row, SPRING).state == RecommendationState.ISSUED
    assert "typed on 12.05.2025" in page(cast.people.chair, row.get_absolute_url())


def test_what_the_card_offers(as_user, cast, life, second):
    def offered(person, row):
        user = person if isinstance(person, User) else getattr(cast.people, person)
        page = as_user(user).get(row.get_absolute_url()).content.decode()
        return {name for name in ("follow", "verify", "withdraw") if address(name, row) in page}

    assert offered("secretary", life.issued) == {"follow"}
    assert offered("coordinator", life.issued) == {"follow"}
    assert offered("controller", life.issued) == {"follow", "withdraw"}
    assert offered("secretary", life.done) == {"follow"}
    assert offered("controller", life.done) == {"verify"}
    assert offered(second, life.verified) == {"follow"}
    assert offered("secretary", life.proposal) == {"follow", "withdraw"}
    assert offered("coordinator", life.proposal) == {"follow", "withdraw"}
    assert offered("controller", life.proposal) == {"follow"}
    assert offered("controller", life.withdrawn) == set()
    for person in ("chair", "observer", "reception", "administrator"):
        assert offered(person, life.issued) == offered(person, life.done) == set()


def test_who_said_done_is_offered_no_verification(as_user, page, cast, issue, follow, second):
    row = issue()
    follow(row, DONE, SPRING, by=cast.people.controller)
    assert address("verify", row) not in as_user(cast.people.controller).get(row.get_absolute_url()).content.decode()
    assert "You reported it as done: somebody else verifies it." in page(cast.people.controller, row.get_absolute_url())
    assert address("verify", row) in as_user(second).get(row.get_absolute_url()).content.decode()


def test_cards_cost_as_many_queries_however_long_the_story(as_user, cast, issue, follow, meet):
    row = issue()
    client = as_user(cast.people.controller)

    def look():
        with CaptureQueriesContext(connection) as queries:
            assert client.get(row.get_absolute_url()).status_code == 200
        return len(queries)

    def live(days):
        for day in days:
            follow(row, IN_WORK, dt.date(2025, 3, day), note=f"{day}")
            meet(BodyKind.COMMISSION, dt.date(2025, 3, day), (), points=[actions.Point("Орындалуы", "", row)])

    live([1])
    few = look()
    live(range(2, 9))
    assert look() == few
    assert few <= 12


# --- who may ---------------------------------------------------------------------------------------------------------
OWN = {
    "detail": "secretary reception controller coordinator chair observer administrator",
    "follow": "secretary controller coordinator",
    "verify": "controller",
    "withdraw": "controller",
}
PROPOSAL = OWN | {"withdraw": "secretary coordinator"}
ENTRIES = {
    "follow": {"state": "in_work", "note": "басталды"},
    "verify": {"state": "verified", "happened_on": "2025-06-16"},
    "withdraw": {"note": "күші жойылды", "happened_on": "2025-06-16"},
}


@pytest.mark.parametrize(("which", "table"), [("done", OWN), ("proposal", PROPOSAL)])
@pytest.mark.parametrize("method", ["get", "post"])
def test_who_may_what(as_user, cast, life, written, which, table, method):
    row = getattr(life, which)
    for name, may in table.items():
        if (method, name) == ("post", "detail"):
            assert as_user(cast.people.controller).post(address(name, row)).status_code == 405
            continue
        for person in (*(role.value for role in Role), "other_secretary", "administrator", "nobody"):
            if method == "post" and person in may.split():
                continue
            before = written()
            response = getattr(as_user(getattr(cast.people, person)), method)(address(name, row), ENTRIES.get(name))
            blind = person in ("other_secretary", "nobody")
            expected = 200 if person in may.split() else 404 if blind else 403
            assert response.status_code == expected, (name, person)
            assert written() == before


def test_nobody_logged_in_is_sent_to_log_in(as_user, life):
    for url in (LIST, PROPOSALS, ISSUE, address("detail", life.done), address("verify", life.done)):
        assert as_user(None).get(url).headers["Location"].startswith("/login/")


# --- following it to the end -----------------------------------------------------------------------------------------
@pytest.fixture
def send(reader, written):
    """`send(user, name, row, **typed)`: a form as the browser sends it; what is refused writes nothing."""

    def post(user, name, row, **typed):
        before, client = written(), reader(user)
        response = client.post(address(name, row), typed)
        if response.status_code == 200:
            assert written() == before
            for field, value in typed.items():
                if field in response.context["form"].fields:
                    assert response.context["form"][field].value() == value
        else:
            assert (response.status_code, response.headers["Location"]) == (302, row.get_absolute_url())
        return response

    return post


def test_a_secretary_says_done_from_the_card(as_user, cast, life, send):
    card = as_user(cast.people.secretary).get(life.issued.get_absolute_url())
    form = re.search(r'<form class="say quick".*?</form>', card.content.decode(), re.DOTALL).group()
    assert f'action="{address("follow", life.issued)}"' in form
    assert set(re.findall(r'name="(\w+)"', form)) == {"csrfmiddlewaretoken", "submission", "state", "note"}
    send(cast.people.secretary, "follow", life.issued, state="done", note="", submission=str(uuid.uuid4()))
    step = life.issued.steps.order_by("-id").first()
    assert (step.state, step.happened_on, step.author) == (DONE, cast.today, cast.people.secretary)
    assert AuditEvent.objects.about(life.issued).filter(action="recommendation.step", actor="secretary").exists()


def test_pressed_twice_it_is_said_once(cast, life, send):
    typed = {"state": "done", "note": "", "happened_on": "2025-06-16", "submission": str(uuid.uuid4())}
    for _press in range(2):
        assert send(cast.people.secretary, "follow", life.issued, **typed).status_code == 302
    assert life.issued.steps.count() == 2


@pytest.mark.parametrize("which", ["issued", "done", "verified"])
def test_not_done_needs_a_note(cast, life, send, which):
    refused = send(cast.people.secretary, "follow", getattr(life, which), state="not_done", happened_on="2025-06-16")
    assert errors_of(refused).keys() == {"note"}
    assert "Nothing was saved" in text_of(refused)


@pytest.mark.parametrize("which", ["done", "verified"])
def test_taking_done_back_needs_a_note(cast, life, send, which):
    row = getattr(life, which)
    refused = send(cast.people.secretary, "follow", row, state="in_work", happened_on="2025-06-16")
    assert errors_of(refused) == {"note": ["It was reported as done. Write why it is not."]}
    send(cast.people.secretary, "follow", row, state="in_work", happened_on="2025-06-16", note="қайта жөндеу")
    assert state_of(row) == IN_WORK


def test_done_is_not_said_twice(as_user, cast, life, send):
    for row in (life.done, life.verified):
        offered = as_user(cast.people.secretary).get(address("follow", row)).context["form"].fields["state"].choices
        assert [value for value, _label in offered] == ["in_work", "not_done"]
        refused = send(cast.people.secretary, "follow", row, state="done", happened_on="2025-06-16", note="тағы")
        assert errors_of(refused).keys() == {"state"}


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"state": ""}, "state"),
        ({"state": "verified"}, "state"),
        ({"state": "withdrawn", "note": "неге"}, "state"),
        ({"state": "done", "happened_on": "2025-06-17"}, "happened_on"),
        ({"state": "done", "happened_on": "2025-02-01"}, "happened_on"),
        ({"state": "done", "happened_on": "кеше"}, "happened_on"),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(cast, life, send, typed, field):
    refused = send(cast.people.secretary, "follow", life.issued, **{"note": "сөз"} | typed)
    assert errors_of(refused).keys() == {field}


def test_of_what_is_withdrawn_nothing_is_said(as_user, page, cast, life, send):
    url = address("follow", life.withdrawn)
    assert 'class="say"' not in as_user(cast.people.secretary).get(url).content.decode()
    assert "nothing more is said of it" in page(cast.people.secretary, url)
    refused = send(cast.people.secretary, "follow", life.withdrawn, state="done", happened_on="2025-06-16")
    assert errors_of(refused).keys() == {"__all__"}


# --- verifying -------------------------------------------------------------------------------------------------------
def test_control_verifies(cast, life, send):
    send(cast.people.controller, "verify", life.done, state="verified", happened_on="2025-06-15", note="көрдім")
    step = life.done.steps.order_by("-id").first()
    assert (step.state, step.done_by, step.author) == ("verified", cast.people.secretary, cast.people.controller)
    assert step.happened_on == dt.date(2025, 6, 15)


def test_control_returns_to_work_with_a_note(cast, life, send):
    refused = send(cast.people.controller, "verify", life.done, state="in_work", happened_on="2025-06-16")
    assert errors_of(refused).keys() == {"note"}
    told = send(cast.people.controller, "verify", life.done, state="in_work", happened_on="2025-06-16", note="жоқ екен")
    assert told.status_code == 302
    step = life.done.steps.order_by("-id").first()
    assert (step.state, step.note, step.done_by) == (IN_WORK, "жоқ екен", None)


def test_verified_twice_is_verified_once(cast, life, send):
    typed = {"state": "verified", "happened_on": "2025-06-16", "note": "", "submission": str(uuid.uuid4())}
    for _press in range(2):
        assert send(cast.people.controller, "verify", life.done, **typed).status_code == 302
    assert life.done.steps.filter(state="verified").count() == 1


def test_nobody_verifies_their_own_word(as_user, page, cast, issue, follow, send):
    row = issue()
    follow(row, DONE, SPRING, by=cast.people.controller)
    url = address("verify", row)
    assert "You reported it as done yourself." in page(cast.people.controller, url)
    assert 'class="say"' not in as_user(cast.people.controller).get(url).content.decode()
    refused = send(cast.people.controller, "verify", row, state="verified", happened_on="2025-06-16")
    assert errors_of(refused).keys() == {"__all__"}
    assert state_of(row) == DONE


@pytest.mark.parametrize("which", ["issued", "in_work", "not_done", "withdrawn", "verified"])
def test_only_what_is_reported_as_done_is_verified(as_user, cast, life, send, which):
    row = getattr(life, which)
    assert 'class="say"' not in as_user(cast.people.controller).get(address("verify", row)).content.decode()
    refused = send(cast.people.controller, "verify", row, state="verified", happened_on="2025-06-16")
    assert errors_of(refused).keys() == {"__all__"}


def test_a_verdict_is_one_of_two(cast, life, send):
    for state in ("", "done", "withdrawn"):
        refused = send(cast.people.controller, "verify", life.done, state=state, happened_on="2025-06-16", note="сөз")
        assert errors_of(refused).keys() == {"state"}


# --- withdrawing -----------------------------------------------------------------------------------------------------
def test_who_issued_it_withdraws_it_with_a_note(cast, life, send):
    refused = send(cast.people.controller, "withdraw", life.issued, note="  ", happened_on="2025-06-16")
    assert errors_of(refused) == {"note": ["Write why it is withdrawn."]}
    send(cast.people.controller, "withdraw", life.issued, note="күші жойылды", happened_on="2025-06-16")
    assert state_of(life.issued) == RecommendationState.WITHDRAWN


def test_a_council_withdraws_its_proposal(cast, life, send):
    send(cast.people.secretary, "withdraw", life.proposal, note="қайталанған", happened_on="2025-06-16")
    assert state_of(life.proposal) == RecommendationState.WITHDRAWN


@pytest.mark.parametrize("which", ["done", "verified", "withdrawn"])
def test_what_has_come_to_its_end_is_not_withdrawn(page, cast, life, send, which):
    row = getattr(life, which)
    assert "It has come to its end already" in page(cast.people.controller, address("withdraw", row))
    refused = send(cast.people.controller, "withdraw", row, note="енді", happened_on="2025-06-16")
    assert errors_of(refused).keys() == {"__all__"}


# --- one that comes from monitoring ----------------------------------------------------------------------------------
TYPED = {
    "monitoring": "II тоқсан мониторингі",
    "text": "Төбені жөндеу",
    "addressee": "құрылыс бөлімі",
    "executor": "«Сыр Құрылыс» ЖШС",
    "issued_on": "2025-06-16",
    "due_on": "2025-08-01",
}


def test_it_is_issued_about_a_site_and_a_measure(as_user, cast, site):
    measure = cast.add_measure()
    response = as_user(cast.people.controller).post(
        f"{ISSUE}?branch=own", TYPED | {"site": site.pk, "measure": measure.pk}
    )
    row = Recommendation.objects.get()
    assert response.headers["Location"] == row.get_absolute_url()
    assert (row.branch, row.monitoring, row.meeting, row.visit) == (cast.own, TYPED["monitoring"], None, None)
    assert (row.site, row.measure, row.executor, row.due_on) == (site, measure, TYPED["executor"], dt.date(2025, 8, 1))
    assert list(RecommendationStep.objects.values_list("state", flat=True)) == ["issued"]


def test_issued_twice_it_stands_once(as_user, cast):
    client, typed = as_user(cast.people.controller), TYPED | {"submission": str(uuid.uuid4())}
    answers = {client.post(f"{ISSUE}?branch=own", typed).headers["Location"] for _press in range(2)}
    assert answers == {Recommendation.objects.get().get_absolute_url()}


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"monitoring": " "}, "monitoring"),
        ({"text": ""}, "text"),
        ({"addressee": ""}, "addressee"),
        ({"due_on": "2025-06-01"}, "due_on"),
        ({"due_on": ""}, "due_on"),
        ({"issued_on": "2025-06-17"}, "issued_on"),
        ({"site": "999999"}, "site"),
        ({"measure": "x"}, "measure"),
    ],
)
def test_what_is_refused_stands_beside_its_field_and_is_kept(as_user, cast, written, wrong, field):
    before = written()
    response = as_user(cast.people.controller).post(f"{ISSUE}?branch=own", TYPED | wrong)
    assert response.status_code == 200
    assert written() == before
    assert errors_of(response).keys() == {field}
    assert response.context["form"]["executor"].value() == TYPED["executor"]


def test_choices_are_those_of_the_branch(as_user, cast, site, written):
    mine, foreign = cast.add_measure(), cast.add_measure("other")
    client = as_user(cast.people.controller)
    fields = client.get(f"{ISSUE}?branch=own").context["form"].fields
    assert list(fields["measure"].queryset) == [mine]
    assert list(fields["site"].queryset) == [site]
    fields = client.get(f"{ISSUE}?branch=other").context["form"].fields
    assert list(fields["measure"].queryset) == [foreign]
    assert list(fields["site"].queryset) == []
    before = written()
    response = client.post(f"{ISSUE}?branch=other", TYPED | {"measure": mine.pk, "site": site.pk})
    assert errors_of(response).keys() == {"measure", "site"}
    assert written() == before


def test_the_address_may_say_what_it_is_about(as_user, cast, site):
    measure = cast.add_measure()
    client = as_user(cast.people.controller)
    about = client.get(f"{ISSUE}?site={site.pk}")
    assert (about.context["branch"], about.context["form"]["site"].value()) == (cast.own, site.pk)
    assert about.context["back"] == site.get_absolute_url()
    about = client.get(f"{ISSUE}?measure={measure.pk}")
    assert (about.context["branch"], about.context["form"]["measure"].value()) == (cast.own, measure.pk)


def test_the_branch_is_asked_for_first(as_user, cast, abroad, written):
    client, before = as_user(cast.people.controller), written()
    for response in (client.get(ISSUE), client.post(ISSUE, TYPED)):
        page = response.content.decode()
        assert response.status_code == 200
        assert set(re.findall(r'<option value="(\w+)"', page)) == {"oblast", "own", "other"}
        assert 'name="text"' not in page
    assert written() == before


def test_who_controls_one_branch_is_not_asked(as_user, cast):
    inspector = User.objects.create_user("inspector")
    Assignment.objects.create(user=inspector, role=Role.CONTROLLER, branch=cast.other)
    response = as_user(inspector).get(ISSUE)
    assert response.context["branch"] == cast.other
    assert 'name="branch"' not in response.content.decode()


@pytest.mark.parametrize("query", ["site=999999", "site=x", "measure=999999", "measure=²", "branch=nowhere"])
def test_what_is_not_there_is_not_found(as_user, cast, query):
    assert as_user(cast.people.controller).get(f"{ISSUE}?{query}").status_code == 404
    assert as_user(cast.people.controller).post(f"{ISSUE}?{query}", TYPED).status_code == 404


def test_what_is_not_ones_own_is_not_found(as_user, cast, abroad):
    site = cast.add_site("abroad", by=abroad.controller, district=abroad.district)
    client = as_user(cast.people.controller)
    for query in (f"site={site.pk}", "branch=abroad"):
        assert client.get(f"{ISSUE}?{query}").status_code == 404
        assert client.post(f"{ISSUE}?{query}", TYPED).status_code == 404


def test_only_control_issues(as_user, cast, site, written):
    before = written()
    for person in ("nobody", "secretary", "reception", "coordinator", "chair", "observer", "administrator"):
        client = as_user(getattr(cast.people, person))
        for url in (ISSUE, f"{ISSUE}?branch=own", f"{ISSUE}?site={site.pk}"):
            assert client.get(url).status_code == 403
            assert client.post(url, TYPED).status_code == 403
    assert written() == before


def test_seen_but_not_controlled_is_refused(as_user, cast, site):
    inspector = User.objects.create_user("inspector")
    Assignment.objects.create(user=inspector, role=Role.CONTROLLER, branch=cast.other)
    Assignment.objects.create(user=inspector, role=Role.OBSERVER, branch=cast.own)
    for query in ("branch=own", f"site={site.pk}"):
        assert as_user(inspector).get(f"{ISSUE}?{query}").status_code == 403
