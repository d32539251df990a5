"""Control posts: their list, their card as of any day, and how they are opened, closed and opened again."""

import datetime as dt
import html
import re
import uuid
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from branches.choices import Role
from branches.models import Assignment
from roadmap import actions
from roadmap.choices import ClosingReason, SiteState
from roadmap.dashboards.control import control_counts, scope_of
from roadmap.models import ControlPost, PostChange

pytestmark = pytest.mark.django_db
POSTS, NEW = "/control/posts/", "/control/posts/new/"
MARCH, APRIL, MAY, JUNE = dt.date(2025, 3, 3), dt.date(2025, 4, 7), dt.date(2025, 5, 12), dt.date(2025, 6, 12)


@pytest.fixture(autouse=True)
def stopped_clock(noon):
    """Every page here is asked for on the day of the cast."""


@pytest.fixture
def reader(as_user):
    """`reader(user)`: a client that reads in English."""

    def log_in(user):
        client = as_user(user)
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
        return client

    return log_in


@pytest.fixture
def inspector(reader, cast):
    """The inspector's browser."""
    return reader(cast.people.controller)


@pytest.fixture
def life(cast):
    """A post visited lately, one due for a visit, one just opened, a closed one, a reopened one; one of `other`."""
    by = cast.people.controller
    sites = SimpleNamespace(
        school=cast.add_site(name="Қармақшы көшесіндегі мектеп", contractor="Ақ жол"),
        club=cast.add_site(name="Ауыл клубы"),
        road=cast.add_site(name="Жол"),
        bridge=cast.add_site(name="Көпір"),
        clinic=cast.add_site(name="Аурухана"),
        canal=cast.add_site("other", name="Арна"),
        free=cast.add_site(name="Бос нысан"),
    )
    rows = SimpleNamespace(
        sites=sites,
        visited=cast.add_post(sites.school, today=MARCH, chair="Әлиев Ә.", members="Ким С.\nСейітова Г."),
        due=cast.add_post(sites.club, sites.road, today=MARCH, chair="Яковлев Я."),
        closed=cast.add_post(sites.bridge, today=MARCH),
        reopened=cast.add_post(sites.clinic, today=MARCH),
        other=cast.add_post(sites.canal, today=MARCH),
    )

    def visit(site, day=JUNE, readiness=50):
        return actions.record_visit(site=site, by=by, today=day, readiness=readiness)

    def close(post, reason=ClosingReason.TRANSFERRED, day=MAY, note=""):
        return actions.close_post(post=post, by=by, today=day, reason=reason, note=note)

    visit(sites.school)
    visit(sites.club)
    visit(sites.road, APRIL)
    visit(sites.bridge, APRIL)
    visit(sites.canal)
    close(rows.closed, note="бекет таратылды")
    close(rows.reopened, ClosingReason.CANCELLED)
    actions.reopen_post(post=rows.reopened, by=by, today=JUNE, note="құрылыс жалғасты")
    rows.visit, rows.close = visit, close
    rows.all = {row for row in vars(rows).values() if isinstance(row, ControlPost)}
    return rows


def found(response):
    """The rows of a list as a set, once the page says that it has so many."""
    rows = list(response.context["table"].data.data)
    assert total_of(response) == len(rows)
    return set(rows)


def total_of(response):
    return int(re.search(r'data-total="(\d+)"', response.content.decode())[1])


def words(response):
    """What a person reads, without markup."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())


def links(response):
    """All addresses that a page leads to."""
    return {html.unescape(address) for address in re.findall(r'href="([^"]*)"', response.content.decode())}


# --- the list --------------------------------------------------------------------------------------------------------
def test_a_person_sees_the_posts_of_their_branches_only(reader, cast, life, abroad):
    assert found(reader(cast.people.secretary).get(POSTS)) == life.all - {life.other}
    assert found(reader(cast.people.chair).get(POSTS)) == life.all
    assert found(reader(abroad.controller).get(POSTS)) == set()
    assert reader(cast.people.nobody).get(POSTS).status_code == 403


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("branch=other", "other"),
        ("standing=1", "visited due reopened other"),
        ("due=1", "due"),
        ("due=1&branch=other", ""),
        ("q=әлиев", "visited"),
        ("q=сейитова", "visited"),
        ("q=кармакшы+мектеп", "visited"),
        ("q=ак+жол", "visited"),
        ("q=№2", "due"),
        ("q=2", "due"),
        ("q=99999999999999999999", ""),
        ("q=жоқ", ""),
    ],
)
def test_filters_find_exactly_these(inspector, life, query, expected):
    assert found(inspector.get(f"{POSTS}?{query}")) == {getattr(life, name) for name in expected.split()}


@pytest.mark.parametrize(("query", "count"), [("", 7), ("?branch=own", 7), ("?as_of=2025-05-12", 7), ("?q=жол", 3)])
def test_every_count_opens_exactly_its_rows(inspector, life, query, count):
    page = inspector.get(POSTS + query).content.decode()
    tags = re.findall(r"<a\b[^>]*\bdata-count=[^>]*>", page)
    assert len(tags) == count
    for tag in tags:
        address, told = (
            html.unescape(re.search(r'href="([^"]*)"', tag)[1]),
            int(re.search(r'data-count="(\d+)"', tag)[1]),
        )
        assert total_of(inspector.get(address if address.startswith("/") else POSTS + address)) == told


def test_the_figures_open_into_the_list(inspector, cast, life):
    counts = control_counts(branch=cast.oblast, scope=scope_of(cast.oblast), year=2025, day=cast.today)
    assert total_of(inspector.get(counts.urls["posts"])) == counts.posts == 5
    assert total_of(inspector.get(counts.urls["open_posts"])) == counts.open_posts == 4


def test_rows_say_the_state_with_day_and_reason_and_name_their_sites(inspector, life):
    response = inspector.get(POSTS)
    rows = {row.record: words_of(row) for row in response.context["table"].rows}
    assert "12.05.2025 : transferred to another post" in rows[life.closed]
    assert "open again since 12.06.2025" in rows[life.reopened]
    assert "Ауыл клубы" in rows[life.due] and "Жол" in rows[life.due] and "1 of 2 sites due" in rows[life.due]
    assert "due" not in rows[life.visited]
    assert life.sites.road.get_absolute_url() in links(response)


def words_of(row):
    return " ".join(
        html.unescape(re.sub(r"<[^>]+>", " ", " ".join(str(cell) for _column, cell in row.items()))).split()
    )


def test_a_day_shows_the_posts_of_that_day(inspector, life):
    response = inspector.get(POSTS, {"as_of": "2025-05-11"})
    rows = {row: row for row in response.context["table"].data.data}
    assert all(row.is_open for row in rows)
    assert rows[life.visited].day_visited_on is None and rows[life.visited].is_due
    assert f"{life.sites.road.get_absolute_url()}?as_of=2025-05-11" in links(response)
    assert found(inspector.get(POSTS, {"as_of": "2025-03-02"})) == set()


def test_only_a_site_where_work_goes_on_makes_its_post_due(inspector, cast, life):
    by = cast.people.controller
    actions.set_site_state(site=life.sites.road, by=by, today=JUNE, state=SiteState.SUSPENDED, note="ақша жоқ")
    assert found(inspector.get(POSTS, {"due": 1})) == set()


@pytest.mark.parametrize(
    ("sort", "key"),
    [
        ("number", lambda row: row.number),
        ("opened", lambda row: row.opened_on),
        ("state", lambda row: not row.is_open),
        ("visited", lambda row: row.day_visited_on or dt.date.min),
        ("branch", lambda row: row.branch.slug != "own"),
    ],
)
def test_columns_sort(inspector, cast, life, sort, key):
    late = cast.add_post(life.sites.free, opened_on=APRIL, today=cast.today)
    keys = [key(row) for row in inspector.get(POSTS, {"sort": sort}).context["table"].data.data]
    assert keys == sorted(keys) and keys[0] != keys[-1]
    backwards = [key(row) for row in inspector.get(POSTS, {"sort": f"-{sort}"}).context["table"].data.data]
    assert backwards == sorted(keys, reverse=True)
    assert late.opened_on == APRIL


# --- the card --------------------------------------------------------------------------------------------------------
def test_the_card_tells_everything_and_leads_everywhere(inspector, life):
    response = inspector.get(life.due.get_absolute_url())
    page = words(response)
    assert "Яковлев Я." in page and "A visit is due" in page and "0 of 2 sites" in page
    visits = {f"/control/sites/{site.pk}/visit/" for site in (life.sites.club, life.sites.road)}
    assert visits | {f"{life.due.get_absolute_url()}close/", life.sites.road.get_absolute_url()} <= links(response)
    shown = words(inspector.get(life.visited.get_absolute_url()))
    assert "Ким С." in shown and "Сейітова Г." in shown and "No visit is due" in shown


def test_the_story_is_one_and_in_order(inspector, life):
    life.visit(life.sites.clinic, dt.date(2025, 6, 13))
    story = inspector.get(life.reopened.get_absolute_url()).context["card"].story
    assert [(told.day, told.template.split("_told_")[1]) for told in story] == [
        (dt.date(2025, 6, 13), "visit.html"),
        (JUNE, "post_change.html"),
        (MAY, "post_change.html"),
        (MARCH, "post.html"),
    ]


def test_the_card_of_a_past_day_hides_what_came_later(inspector, life):
    address = life.closed.get_absolute_url()
    today, then = inspector.get(address), inspector.get(address, {"as_of": "2025-05-11"})
    assert not today.context["card"].is_open and "бекет таратылды" in words(today)
    assert then.context["card"].is_open and "бекет таратылды" not in words(then)
    assert f"{address}reopen/" in links(today)
    assert not {f"{address}reopen/", f"{address}close/"} & links(then)
    unknown = inspector.get(address, {"as_of": "2025-03-02"})
    assert unknown.context["card"].story == [] and "not open yet" in words(unknown)


def test_who_only_looks_is_offered_nothing(reader, cast, life):
    for person in ("observer", "secretary", "coordinator", "chair", "administrator"):
        response = reader(getattr(cast.people, person)).get(life.due.get_absolute_url())
        assert response.status_code == 200
        assert not [each for each in links(response) if each.endswith(("close/", "reopen/", "visit/", "new/"))]


# --- who gets in -----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("page", ["", "close/", "reopen/"])
def test_a_foreign_post_is_not_there_and_a_seen_one_is_not_changed(reader, cast, life, abroad, page):
    address = f"{life.due.get_absolute_url()}{page}"
    assert reader(abroad.controller).get(address).status_code == 404
    assert reader(cast.people.other_secretary).get(address).status_code == 404
    for person in ("secretary", "observer", "coordinator", "administrator"):
        client = reader(getattr(cast.people, person))
        assert client.get(address).status_code == (403 if page else 200)
        if page:
            assert client.post(address, {"reason": "transferred", "note": "жоқ"}).status_code == 403
    assert not life.due.changes.exists()


def test_a_post_is_opened_in_own_branches_only(reader, cast, life, abroad):
    inspector = reader(cast.people.controller)
    assert {"?branch=own", "?branch=other"} <= links(inspector.get(NEW))
    assert inspector.get(NEW, {"branch": "abroad"}).status_code == 404
    for site in ("0", "жоқ", "99999999999999999999"):
        assert inspector.get(NEW, {"site": site}).status_code == 404
    assert reader(abroad.controller).get(NEW, {"site": life.sites.free.pk}).status_code == 404
    Assignment.objects.create(user=abroad.controller, role=Role.OBSERVER, branch=cast.own)
    assert reader(abroad.controller).get(NEW, {"site": life.sites.free.pk}).status_code == 403
    for person in ("secretary", "observer", "coordinator", "administrator", "nobody"):
        assert reader(getattr(cast.people, person)).get(NEW, {"branch": "own"}).status_code == 403


# --- opening ---------------------------------------------------------------------------------------------------------
def offered(form):
    return [label for _pk, label in form.fields["sites"].widget.choices]


@pytest.fixture
def typed(life):
    """What an inspector types of a new post."""
    return {
        "submission": str(uuid.uuid4()),
        "branch": "own",
        "sites": [str(life.sites.free.pk)],
        "chair": " Есенов Е. ",
        "members": "Ким С.\nОспан Т.",
        "opened_on": "2025-06-16",
    }


def test_only_sites_without_a_post_are_offered_and_the_chosen_one_is_ticked(inspector, cast, life):
    cast.add_site(name="Пайдаланудағы", state=SiteState.COMMISSIONED)
    cast.add_site(name="Тоқтаған", state=SiteState.CANCELLED, state_note="жоба қысқарды")
    assert offered(inspector.get(NEW, {"branch": "own"}).context["form"]) == ["Бос нысан", "Көпір"]
    response = inspector.get(NEW, {"site": life.sites.free.pk})
    assert response.context["object"] == cast.own
    assert re.search(rf'value="{life.sites.free.pk}"[^>]*checked', response.content.decode())
    assert "stands under a post already" in words(inspector.get(NEW, {"branch": "other"}))


def test_a_post_is_opened_once_however_often_it_is_pressed(inspector, life, typed):
    first, second = (inspector.post(NEW, typed) for _press in range(2))
    post = ControlPost.objects.order_by("-pk").first()
    assert first.status_code == second.status_code == 302
    assert first.url == second.url == post.get_absolute_url()
    assert (post.chair, post.people, post.number) == ("Есенов Е.", ["Ким С.", "Оспан Т."], 5)
    assert list(post.sites.all()) == [life.sites.free]
    assert ControlPost.objects.count() == 6


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("sites", [], "Choose at least one site."),
        ("sites", ["999999"], "not of the branch"),
        ("chair", " ", "Write who heads the post."),
        ("opened_on", "2025-06-17", "This day has not come yet"),
        ("opened_on", "ертең", "Enter the day as in"),
    ],
)
def test_what_is_refused_is_said_beside_its_field_and_what_was_typed_stays(inspector, life, typed, name, value, says):
    response = inspector.post(NEW, typed | {name: value})
    assert list(response.context["form"].errors) == [name]
    assert says in response.context["form"].errors[name][0]
    assert "Оспан Т." in response.content.decode()
    assert ControlPost.objects.count() == 5


def test_a_site_that_came_under_a_post_meanwhile_is_refused_by_name(inspector, life, typed):
    taken = typed | {"sites": [str(life.sites.free.pk), str(life.sites.school.pk)]}
    response = inspector.post(NEW, taken)
    assert "“Қармақшы көшесіндегі мектеп” stands under a post already." in response.context["form"].errors["sites"][0]
    foreign = inspector.post(NEW, typed | {"sites": [str(life.sites.canal.pk)]})
    assert list(foreign.context["form"].errors) == ["sites"]
    assert ControlPost.objects.count() == 5


# --- closing and opening again ---------------------------------------------------------------------------------------
def test_a_post_is_closed_once_however_often_it_is_pressed(inspector, life):
    address = f"{life.due.get_absolute_url()}close/"
    said = {"submission": str(uuid.uuid4()), "reason": "transferred", "happened_on": "2025-06-16", "note": "9-бекетке"}
    assert [inspector.post(address, said).status_code for _press in range(2)] == [302, 302]
    assert [(row.event, row.reason) for row in life.due.changes.all()] == [("closed", "transferred")]
    assert "The post is closed already." in words(inspector.get(address))


@pytest.mark.parametrize(
    ("said", "field", "says"),
    [
        ({"reason": ""}, "reason", "Choose why the post is closed."),
        ({"reason": "tired"}, "reason", "Choose a reason from the list."),
        ({"reason": "commissioned"}, "reason", "is not commissioned yet"),
        ({"reason": "transferred", "happened_on": "2025-06-17"}, "happened_on", "This day has not come yet"),
        ({"reason": "transferred", "happened_on": "2025-03-02"}, "happened_on", "opened later"),
    ],
)
def test_closing_is_refused_beside_its_field(inspector, life, said, field, says):
    given = {"submission": str(uuid.uuid4()), "happened_on": "2025-06-16", "note": "неге екені"} | said
    response = inspector.post(f"{life.due.get_absolute_url()}close/", given)
    assert list(response.context["form"].errors) == [field]
    assert says in response.context["form"].errors[field][0]
    assert "неге екені" in response.content.decode()
    assert not life.due.changes.exists()


def test_when_all_sites_are_in_use_the_reason_is_chosen(inspector, cast, life):
    address = f"{life.visited.get_absolute_url()}close/"
    assert inspector.get(address).context["form"]["reason"].value() is None
    by = cast.people.controller
    actions.set_site_state(
        site=life.sites.school, by=by, today=cast.today, state=SiteState.COMMISSIONED, note="№ 5 акт"
    )
    assert inspector.get(address).context["form"]["reason"].value() == "commissioned"
    said = {"submission": str(uuid.uuid4()), "reason": "commissioned", "happened_on": "2025-06-16", "note": ""}
    assert inspector.post(address, said).status_code == 302


def test_a_closed_post_is_opened_again_with_a_reason(inspector, life):
    address = f"{life.closed.get_absolute_url()}reopen/"
    said = {"submission": str(uuid.uuid4()), "happened_on": "2025-06-16", "note": " "}
    refused = inspector.post(address, said)
    assert refused.context["form"].errors == {"note": ["Write why the post is reopened."]}
    earlier = inspector.post(address, said | {"note": "керек", "happened_on": "2025-05-01"})
    assert list(earlier.context["form"].errors) == ["happened_on"]
    assert [inspector.post(address, said | {"note": "керек"}).status_code for _press in range(2)] == [302, 302]
    assert PostChange.objects.filter(post=life.closed).count() == 2
    assert "The post is open already." in words(inspector.get(address))


def test_it_is_not_opened_again_when_its_site_stands_under_another(inspector, cast, life):
    cast.add_post(life.sites.bridge, today=cast.today)
    said = {"submission": str(uuid.uuid4()), "happened_on": "2025-06-16", "note": "керек"}
    response = inspector.post(f"{life.closed.get_absolute_url()}reopen/", said)
    assert response.status_code == 200 and "“Көпір” stands under a post already." in words(response)
    assert PostChange.objects.filter(post=life.closed).count() == 1


# --- queries ---------------------------------------------------------------------------------------------------------
def queries_of(client, path):
    client.get(path)
    with CaptureQueriesContext(connection) as asked:
        assert client.get(path).status_code == 200
    return len(asked)


def test_the_number_of_queries_does_not_grow(inspector, cast, life):
    card = life.due.get_absolute_url()
    paths = [POSTS, f"{POSTS}?due=1&sort=visited&q=а", card, f"{card}close/", f"{NEW}?branch=own"]
    few = [queries_of(inspector, path) for path in paths]
    for number in range(12):
        site = cast.add_site(name=f"нысан {number}")
        cast.add_post(site, cast.add_site(name=f"тағы {number}"), today=MARCH, chair="Адам А.")
        life.visit(site, MAY)
        life.visit(life.sites.club, cast.today, 60 + number)
        cast.add_site(name=f"бос {number}")
    life.close(life.due, day=cast.today)
    actions.reopen_post(post=life.due, by=cast.people.controller, today=cast.today, note="керек")
    assert [queries_of(inspector, path) for path in paths] == few
