"""Sites: their list, their card as of any day, and how control registers them and says how they stand."""

import datetime as dt
import html
import re
import uuid
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from amanat_tracker.generic.photos import check_photo
from amanat_tracker.kazakh import sort_key
from branches.choices import Role
from branches.models import Assignment, Locality
from roadmap import actions
from roadmap.choices import ClosingReason, SiteKind, SiteState, Status, Verdict
from roadmap.dashboards.control import control_counts, scope_of
from roadmap.models import ControlPost, Site, SiteStateChange

pytestmark = pytest.mark.django_db
SITES, NEW = "/control/sites/", "/control/sites/new/"
MARCH, APRIL, MAY, JUNE = dt.date(2025, 3, 3), dt.date(2025, 4, 7), dt.date(2025, 5, 12), dt.date(2025, 6, 12)
GOOD_BIN = "990140000017"


@pytest.fixture(autouse=True)
def stopped_clock(noon):
    """Every page here is asked for on the day of the cast."""


@pytest.fixture
def reader(as_user):
    """`reader(user)`: a client that reads in English."""

    def log_in(user, language="en"):
        client = as_user(user)
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
        return client

    return log_in


@pytest.fixture
def inspector(reader, cast):
    """The inspector's browser."""
    return reader(cast.people.controller)


@pytest.fixture
def life(cast):
    """Sites in every state and with every flag: nine of `own`, one of `other`, one of the oblast's own branch."""
    by = cast.people.controller

    def into(site, state, day=MAY, note=""):
        return actions.set_site_state(site=site, by=by, today=day, state=state, note=note)

    def visit(site, readiness, day=JUNE, note=""):
        return actions.record_visit(site=site, by=by, today=day, readiness=readiness, note=note)

    rows = SimpleNamespace(
        fresh=cast.add_site(
            name="Қармақшы көшесіндегі мектеп", contractor="Ақ жол", contract_until=dt.date(2025, 12, 1)
        ),
        stale=cast.add_site(name="Ауыл клубы", kind=SiteKind.CULTURE, contractor="Әлем"),
        never=cast.add_site(name="Үш қабатты аурухана", kind=SiteKind.HEALTH, contractor="Яссы"),
        late=cast.add_site(name="Жол", kind=SiteKind.ROAD, contract_until=dt.date(2025, 6, 1)),
        in_use=cast.add_site(name="Балабақша", contract_until=dt.date(2025, 4, 1)),
        defects=cast.add_site(name="Ғимарат"),
        planned=cast.add_site(name="Өрт сөндіру бөлімі", state=SiteState.PLANNED),
        suspended=cast.add_site(name="Іргетас"),
        cancelled=cast.add_site(name="Көпір", contract_until=dt.date(2025, 6, 1)),
        other=cast.add_site("other", name="Арна", kind=SiteKind.WATERWORKS),
        oblast=cast.add_site("oblast", name="Әуежай"),
    )
    rows.post = cast.add_post(rows.fresh, rows.stale, opened_on=MARCH, today=MARCH)
    rows.new_post = cast.add_post(rows.never, today=JUNE)
    rows.done_post = cast.add_post(rows.in_use, rows.defects, opened_on=MARCH, today=MARCH)
    rows.other_post = cast.add_post(rows.other, today=MARCH)
    visit(rows.fresh, 30, APRIL)
    visit(rows.fresh, 55)
    visit(rows.stale, 20, MAY)
    visit(rows.other, 70)
    into(rows.in_use, SiteState.COMMISSIONED)
    into(rows.defects, SiteState.DEFECTS, note="жылу жоқ")
    actions.close_post(post=rows.done_post, by=by, today=MAY, reason=ClosingReason.COMMISSIONED)
    into(rows.suspended, SiteState.SUSPENDED, note="ақша жоқ")
    into(rows.cancelled, SiteState.CANCELLED, note="жоба қысқарды")
    rows.into, rows.visit = into, visit
    rows.all = {row for row in vars(rows).values() if isinstance(row, Site)}
    return rows


def listed(response):
    """The rows of all pages of a list, in its order."""
    return list(response.context["table"].data.data)


def total_of(response):
    return int(re.search(r'data-total="(\d+)"', response.content.decode())[1])


def found(response):
    """The rows of a list as a set, once the page says that it has so many."""
    rows = listed(response)
    assert total_of(response) == len(rows)
    return set(rows)


def counted_links(response):
    """Every (address, number) of a page that says how many rows it opens."""
    tags = re.findall(r"<a\b[^>]*\bdata-count=[^>]*>", response.content.decode())
    return [
        (html.unescape(re.search(r'href="([^"]*)"', tag)[1]), int(re.search(r'data-count="(\d+)"', tag)[1]))
        for tag in tags
    ]


def recount(client, path):
    """Follow every counted link of a page; give how many there were."""
    links = counted_links(client.get(path))
    for address, count in links:
        opened = client.get(address if address.startswith("/") else path.partition("?")[0] + address)
        assert (address, total_of(opened)) == (address, count)
    return len(links)


def words(response):
    """What a person reads, without markup."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())


def links(response):
    """All addresses that a page leads to."""
    return {html.unescape(address) for address in re.findall(r'href="([^"]*)"', response.content.decode())}


# --- the list --------------------------------------------------------------------------------------------------------
def test_a_person_sees_the_sites_of_their_branches_only(reader, cast, life, abroad):
    own = found(reader(cast.people.secretary).get(SITES))
    assert own == life.all - {life.other, life.oblast}
    assert found(reader(cast.people.other_secretary).get(SITES)) == {life.other}
    assert found(reader(cast.people.chair).get(SITES)) == life.all
    assert found(reader(abroad.controller).get(SITES)) == set()
    assert reader(cast.people.nobody).get(SITES).status_code == 403


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("branch=other", "other"),
        ("kind=culture", "stale"),
        ("state=commissioned", "in_use"),
        ("state=planned", "planned"),
        ("posted=1", "fresh stale never in_use defects other"),
        ("posted=1&commissioned=1", "in_use defects"),
        ("standing=1", "fresh stale never other"),
        ("commissioned=1", "in_use defects"),
        ("late=1", "late"),
        ("unvisited=1", "stale"),
        ("posted=1&state=defects", "defects"),
        ("q=кармакшы", "fresh"),
        ("q=АҚ+ЖОЛ", "fresh"),
        ("q=Qarmaqshy+мектеп", "fresh"),
        ("q=own+ауылы", ""),
        ("region=region&kind=road", "late"),
        ("standing=0&state=&kind=road", "late"),
    ],
)
def test_filters_find_exactly_these(inspector, life, query, expected):
    response = inspector.get(f"{SITES}?{query}")
    assert found(response) == {getattr(life, name) for name in expected.split()}
    assert not response.context["filter"].errors


@pytest.mark.parametrize("name", ["branch", "region", "kind", "state", "late"])
def test_what_is_no_choice_finds_nothing_and_says_so(inspector, life, name):
    response = inspector.get(SITES, {name: "жоқ"})
    assert response.status_code == 200
    assert found(response) == set()
    assert response.context["filter"].form.errors.keys() == {name}
    assert response.context["posted"] is None


@pytest.mark.parametrize("query", ["", "?branch=own", "?region=region", "?kind=education", "?as_of=2025-04-30", "?q=а"])
def test_every_count_opens_exactly_its_rows(inspector, life, query):
    states_and_flags, above = 8, 4
    expected = states_and_flags + (0 if "kind" in query or "q=" in query else above)
    assert recount(inspector, SITES + query) == expected


def test_states_add_up_to_the_frame_whichever_is_picked(inspector, life):
    for query in ("", "?state=planned", "?late=1"):
        counts = {count.name: count.count for count in inspector.get(SITES + query).context["counts"]}
        assert sum(counts[state] for state in SiteState.values) == len(life.all)


def test_the_share_above_the_list_is_that_of_the_figures(inspector, cast, life):
    posted = inspector.get(SITES).context["posted"]
    counts = control_counts(branch=cast.oblast, scope=scope_of(cast.oblast), year=2025, day=cast.today)
    assert (posted.sites, posted.posts, posted.open_posts) == (counts.sites, counts.posts, counts.open_posts)
    assert (posted.sites.part, posted.sites.whole, posted.posts, posted.open_posts) == (2, 6, 4, 3)
    own = inspector.get(SITES, {"branch": "own"})
    assert (own.context["posted"].sites.whole, own.context["posted"].posts) == (5, 3)
    assert "40 %" in words(own).replace("\xa0", " ")


def test_addresses_of_the_figures_are_understood(inspector, cast, life):
    counts = control_counts(branch=cast.own, scope=[cast.own.pk], year=2025, day=cast.today)
    assert total_of(inspector.get(counts.urls["sites"])) == counts.sites.whole
    assert total_of(inspector.get(counts.urls["sites_commissioned"])) == counts.sites.part
    assert total_of(inspector.get(counts.urls["sites_with_defects"])) == counts.sites_with_defects


def test_a_day_shows_the_sites_of_that_day(inspector, life):
    before = inspector.get(SITES, {"as_of": "2025-05-11"})
    rows = {row: row for row in listed(before)}
    assert set(rows) == life.all
    assert rows[life.in_use].day_state == SiteState.CONSTRUCTION and rows[life.in_use].is_late
    assert (rows[life.fresh].day_readiness, rows[life.stale].day_readiness) == (30, None)
    assert not rows[life.never].is_under_post
    assert rows[life.fresh].is_unvisited and rows[life.stale].is_unvisited
    assert f"{life.fresh.get_absolute_url()}?as_of=2025-05-11" in links(before)
    assert found(inspector.get(SITES, {"as_of": "2025-02-02"})) == set()


@pytest.mark.parametrize(
    ("sort", "key"),
    [
        ("name", lambda row: sort_key(row.name)),
        ("contractor", lambda row: sort_key(row.contractor)),
        ("readiness", lambda row: -1 if row.day_readiness is None else row.day_readiness),
        ("state", lambda row: SiteState.values.index(row.day_state)),
        ("until", lambda row: row.contract_until or dt.date.max),
        ("visited", lambda row: row.day_visited_on or dt.date.min),
        ("post", lambda row: row.day_post_number or 10**6),
        ("branch", lambda row: (row.branch.kind, row.branch.slug != "own")),
    ],
)
def test_columns_sort(inspector, life, sort, key):
    keys = [key(row) for row in listed(inspector.get(SITES, {"sort": sort}))]
    assert keys == sorted(keys) and keys[0] != keys[-1]
    backwards = [key(row) for row in listed(inspector.get(SITES, {"sort": f"-{sort}"}))]
    if sort not in ("until", "post"):  # where what is missing stands last either way
        assert backwards == sorted(keys, reverse=True)
    else:
        missing = max(keys)
        said = [each for each in backwards if each != missing]
        assert said == sorted(said, reverse=True) and backwards[len(said) :] == [missing] * (len(keys) - len(said))


def test_only_control_is_offered_to_register(reader, cast, life):
    assert NEW in links(reader(cast.people.controller).get(SITES))
    for person in ("observer", "secretary", "coordinator", "chair"):
        assert NEW not in links(reader(getattr(cast.people, person)).get(SITES))


# --- the card --------------------------------------------------------------------------------------------------------
def test_the_card_tells_everything_and_leads_everywhere(inspector, cast, life):
    by, site = cast.people.controller, life.fresh
    measure = cast.add_measure(title="Мектеп салу")
    site.measures.add(measure)
    site.contractor_bin, site.contract_sum, site.capacity = GOOD_BIN, 661_400_000, "600 орын"
    site.carried_over_from, site.planned_on, site.source = 2024, dt.date(2025, 6, 6), "акт"
    site.save()
    advice = actions.Advice(text="Су қосу", addressee="Басқарма", due_on=JUNE, site=site)
    row = actions.issue_recommendation(branch=cast.own, by=by, today=MAY, monitoring="мониторинг", advice=advice)
    response = inspector.get(site.get_absolute_url())
    page = words(response).replace("\xa0", " ")
    for told in ("BIN 990140000017", "KZT 661.4 million", "600 орын", "from 2024", "06.06.2025", "10 days overdue"):
        assert told in page
    assert {measure.get_absolute_url(), life.post.get_absolute_url(), row.get_absolute_url()} <= links(response)
    assert {visit.get_absolute_url() for visit in site.visits.all()} <= links(response)
    assert f"/control/recommendations/new/?site={site.pk}" in links(response)
    assert [row.text for row in response.context["card"].open_recommendations] == ["Су қосу"]


def test_the_story_is_one_and_in_order(inspector, cast, life):
    card = inspector.get(life.fresh.get_absolute_url()).context["card"]
    days = [told.day for told in card.story]
    assert days == sorted(days, reverse=True)
    told = [told.template.removeprefix("roadmap/_told_").removesuffix(".html") for told in card.story]
    assert set(told[3:]) == {"site", "site_state"}  # of one moment
    assert told[:3] == [
        "visit",
        "visit",
        "post",
    ]
    closed = inspector.get(life.in_use.get_absolute_url()).context["card"].story
    changes = {"roadmap/_told_post_change.html", "roadmap/_told_site_state.html"}
    assert {told.template for told in closed[:2]} == changes and closed[0].day == MAY


def test_the_card_of_a_past_day_hides_what_came_later(inspector, cast, life):
    address = life.fresh.get_absolute_url()
    measure = cast.add_measure()
    life.fresh.measures.add(measure)
    claim = actions.report_status(measure=measure, by=cast.people.secretary, today=JUNE, status=Status.DONE).report
    verdict = {"verdict": Verdict.CONFIRMS, "basis": "сапар", "note": ""}
    actions.verify(report=claim, by=cast.people.controller, today=cast.today, **verdict)
    today, then = inspector.get(address), inspector.get(address, {"as_of": "2025-05-01"})
    assert (today.context["card"].last_visit.readiness, then.context["card"].last_visit.readiness) == (55, 30)
    assert len(today.context["card"].story) == len(then.context["card"].story) + 1
    assert "confirmed on site" in words(today) and "confirmed on site" not in words(then)
    assert today.context["may_control"] and "may_control" not in then.context
    assert f"{address}visit/" in links(today) and f"{address}visit/" not in links(then)
    assert f"{measure.get_absolute_url()}?as_of=2025-05-01" in links(then)
    visits = [link for link in links(then) if re.match(r"/control/visits/\d", link)]
    assert visits and all(link.endswith("?as_of=2025-05-01") for link in visits)
    unknown = inspector.get(address, {"as_of": "2025-02-02"})
    assert unknown.context["card"].story == [] and "not registered yet" in words(unknown)
    wrong = inspector.get(address, {"as_of": "2025-06-17"})
    assert wrong.context["card"].day == cast.today and "This day has not come yet" in words(wrong)


def test_how_late_it_is_counts_to_the_day_of_commissioning(inspector, life):
    def card(site, **query):
        return inspector.get(site.get_absolute_url(), query).context["card"]

    done = card(life.in_use)
    assert (done.commissioned_on, done.by_contract.late, done.by_roadmap.late) == (MAY, 41, None)
    assert (card(life.late).commissioned_on, card(life.late).by_contract.late) == (None, 15)
    assert card(life.late, as_of="2025-05-30").by_contract.late == -2
    assert card(life.cancelled).by_contract.late is None


def test_accepted_yet_unusable(inspector, cast, life):
    life.into(life.in_use, SiteState.CONSTRUCTION, JUNE, "су жоқ")
    card = inspector.get(life.in_use.get_absolute_url()).context["card"]
    assert card.is_reopened and card.commissioned_on is None and card.state == SiteState.CONSTRUCTION
    life.into(life.defects, SiteState.COMMISSIONED, JUNE)
    card = inspector.get(life.defects.get_absolute_url()).context["card"]
    assert not card.is_reopened and card.commissioned_on == MAY  # since it is in use, with defects at first


def test_readiness_is_drawn_by_day_and_a_fall_is_marked(inspector, life):
    life.visit(life.fresh, 40, dt.date(2025, 6, 16), note="қабырға құлады")
    response = inspector.get(life.fresh.get_absolute_url())
    line = response.context["card"].line
    assert [visit.readiness for visit in line.visits] == [30, 55, 40]
    points = [tuple(map(float, point.split(","))) for point in line.points.split()]
    assert points[0] == (34, 82) and points[-1] == (348, 72) and points[1][0] > 300
    assert line.falls == [("348.0", "72.0")]
    table = re.search(r"Readiness found on each visit.*?</table>", response.content.decode(), re.S)[0]
    assert [int(each) for each in re.findall(r'class="n">(\d+)\s', table)] == [40, 55, 30]
    assert inspector.get(life.never.get_absolute_url()).context["card"].line is None


def test_photographs_are_shown_small_and_named(inspector, cast, life, photograph):
    photos = [check_photo(photograph(f"{shade}.jpg", shade=shade)) for shade in range(8)]
    actions.record_visit(site=life.fresh, by=cast.people.controller, today=cast.today, readiness=60, photos=photos)
    page = inspector.get(life.fresh.get_absolute_url()).content.decode()
    shown = re.findall(r"<img [^>]*>", page)
    assert len(shown) == 6
    for tag in shown:
        assert 'loading="lazy"' in tag and 'alt="Photograph' in tag and "/small/" in tag
    past = inspector.get(life.fresh.get_absolute_url(), {"as_of": "2025-06-15"}).content.decode()
    assert "<img " not in past


def test_who_only_looks_is_offered_nothing(reader, cast, life):
    for person in ("observer", "secretary", "coordinator", "chair", "administrator"):
        response = reader(getattr(cast.people, person)).get(life.fresh.get_absolute_url())
        assert response.status_code == 200
        assert not any(address.startswith(f"{life.fresh.get_absolute_url()}") for address in links(response))
        assert not any("/new/" in address for address in links(response))


# --- who gets in -----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("page", ["", "change/", "state/"])
def test_a_foreign_site_is_not_there_and_a_seen_one_is_not_changed(reader, cast, life, abroad, page):
    address = f"{life.fresh.get_absolute_url()}{page}"
    assert reader(abroad.controller).get(address).status_code == 404
    assert reader(cast.people.other_secretary).get(address).status_code == 404
    for person in ("secretary", "observer", "coordinator", "administrator"):
        client = reader(getattr(cast.people, person))
        assert client.get(address).status_code == (403 if page else 200)
        if page:
            assert client.post(address, {"state": "suspended", "note": "жоқ"}).status_code == 403
    assert SiteStateChange.objects.filter(site=life.fresh).count() == 1


def test_of_which_branch_is_asked_first_and_only_own_ones_are_offered(reader, cast, abroad):
    inspector = reader(cast.people.controller)
    page = inspector.get(NEW)
    assert {f"?branch={slug}" for slug in ("oblast", "own", "other")} <= links(page)
    assert "?branch=abroad" not in links(page)
    assert inspector.get(NEW, {"branch": "abroad"}).status_code == 404
    assert inspector.get(NEW, {"branch": "\x00"}).status_code == 404
    assert inspector.post(NEW, {"branch": "abroad", "name": "Н"}).status_code == 404
    assert inspector.post(NEW, {"name": "Н"}).status_code == 200
    for person in ("secretary", "observer", "coordinator", "administrator", "nobody"):
        assert reader(getattr(cast.people, person)).get(NEW, {"branch": "own"}).status_code == 403
    Assignment.objects.create(user=abroad.controller, role=Role.OBSERVER, branch=cast.own)
    assert reader(abroad.controller).get(NEW, {"branch": "own"}).status_code == 403
    only = reader(abroad.controller).get(NEW)
    assert only.context["object"] == abroad.branch  # the only branch needs no choice
    assert not Site.objects.exists()


# --- registering -----------------------------------------------------------------------------------------------------
@pytest.fixture
def typed(cast):
    """What an inspector types of a new site."""
    return {
        "submission": str(uuid.uuid4()),
        "branch": "own",
        "name": "  Шаған ауылындағы мектеп ",
        "kind": "education",
        "locality": str(Locality.objects.get(district=cast.own.district).pk),
        "customer": "Құрылыс басқармасы",
        "contractor": "«Сыр Құрылыс» ЖШС",
        "contractor_bin": "990 140 000 017",
        "contract_number": "12-25",
        "contract_date": "2025-01-20",
        "contract_sum": "661,4 млн",
        "capacity": "600 орын",
        "planned_on": "2025-09-01",
        "contract_until": "2025-10-01",
        "carried_over_from": "2024",
        "source": "келісімшарт",
        "state": "construction",
        "state_on": "2025-02-01",
        "state_note": "",
        "measures": [str(cast.add_measure().pk)],
    }


def test_a_site_is_registered_once_however_often_it_is_pressed(inspector, cast, typed):
    first, second = (inspector.post(NEW, typed) for _press in range(2))
    site = Site.objects.get()
    assert first.status_code == second.status_code == 302
    assert first.url == second.url == site.get_absolute_url()
    assert (site.name, site.contract_sum, site.contractor_bin) == ("Шаған ауылындағы мектеп", 661_400_000, GOOD_BIN)
    assert (site.district, site.carried_over_from) == (cast.own.district, 2024)
    assert [measure.pk for measure in site.measures.all()] == [int(typed["measures"][0])]
    assert [(row.state, row.happened_on) for row in site.states.all()] == [("construction", dt.date(2025, 2, 1))]


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("name", " ", "Write what is being built"),
        ("kind", "", "Choose a kind."),
        ("kind", "castle", "Choose a kind from the list."),
        ("locality", "999999", "not of the branch"),
        ("contractor_bin", "12345", "A BIN has twelve digits."),
        ("contractor_bin", "990140000014", "its last digit does not fit"),
        ("contractor", "", "Write the contractor"),
        ("contract_until", "2025-01-01", "The contract ends before it begins"),
        ("contract_until", "ертең", "Enter the day as in"),
        ("contract_sum", "көп", "Enter the sum in tenge"),
        ("contract_sum", "661,400", "thousands or a fraction"),
        ("contract_sum", "12 500 000,5", "Enter whole tenge."),
        ("contract_sum", "1,00005 мың", "Enter whole tenge."),
        ("contract_sum", "99 999 млрд млрд", "Enter the sum in tenge"),
        ("contract_sum", "9" * 17, "too large"),
        ("carried_over_from", "1812", "Enter a year from"),
        ("carried_over_from", "2026", "Enter a year from"),
        ("state", "", "Choose a state."),
        ("state_on", "2025-06-17", "This day has not come yet"),
        ("measures", ["999999"], "not of the branch"),
    ],
)
def test_what_is_refused_is_said_beside_its_field_and_what_was_typed_stays(inspector, typed, name, value, says):
    response = inspector.post(NEW, typed | {name: value})
    assert response.status_code == 200
    form = response.context["form"]
    assert list(form.errors) == [name] and any(says in error for error in form.errors[name])
    page = html.unescape(response.content.decode())
    assert 'value="12-25"' in page and "Құрылыс басқармасы" in page
    assert isinstance(value, list) or name in ("kind", "state", "locality") or value in page
    assert not Site.objects.exists()


def test_everything_wrong_is_said_in_one_go(inspector, typed):
    wrong = {"name": "", "contractor": "", "contract_until": "2025-01-01", "contract_sum": "көп"}
    form = inspector.post(NEW, typed | wrong | {"state": "suspended"}).context["form"]
    assert set(form.errors) == {*wrong, "state_note"}


@pytest.mark.parametrize("state", ["defects", "suspended", "cancelled"])
def test_trouble_needs_a_note(inspector, typed, state):
    refused = inspector.post(NEW, typed | {"state": state})
    assert list(refused.context["form"].errors) == ["state_note"]
    assert inspector.post(NEW, typed | {"state": state, "state_note": "су жоқ"}).status_code == 302


@pytest.mark.parametrize(
    ("said", "tenge"),
    [
        ("", None),
        ("661400000", 661_400_000),
        ("661 400 000 теңге", 661_400_000),
        ("661\xa0400\xa0000,00", 661_400_000),
        ("2,5 млрд", 2_500_000_000),
        ("2.5 млрд. тг.", 2_500_000_000),
        ("490,5 МЛН теңге", 490_500_000),
        ("77,5 мың", 77_500),
        ("1 million", 1_000_000),
        ("661.400.000", 661_400_000),
        ("661,400,000.00", 661_400_000),
    ],
)
def test_sums_are_understood_as_people_write_them(inspector, typed, said, tenge):
    assert inspector.post(NEW, typed | {"contract_sum": said}).status_code == 302
    assert Site.objects.get().contract_sum == tenge


def test_choices_are_those_of_the_branch(inspector, cast, abroad):
    own, other = cast.add_measure("own"), cast.add_measure("other")
    form = inspector.get(NEW, {"branch": "own"}).context["form"]
    assert form.only_district == cast.own.district
    assert [label for pk, label in form.fields["locality"].choices if pk] == ["own ауылы (en)"]
    offered = str(form.fields["measures"].widget.choices)
    assert own.title in offered and other.title not in offered
    oblast = inspector.get(NEW, {"branch": "oblast"}).context["form"]
    assert [label for pk, label in oblast.fields["district"].choices if pk] == ["own ауданы (en)", "other ауданы (en)"]
    assert own.title not in str(oblast.fields["measures"].widget.choices)


def test_a_regional_branch_says_in_which_district(inspector, cast, typed):
    said = typed | {"branch": "oblast", "measures": []}
    assert list(inspector.post(NEW, said).context["form"].errors) == ["district"]
    elsewhere = inspector.post(NEW, said | {"district": cast.other.district.pk})
    assert list(elsewhere.context["form"].errors) == ["locality"]
    assert inspector.post(NEW, said | {"district": cast.own.district.pk}).status_code == 302
    assert Site.objects.get().branch == cast.oblast


# --- putting right ---------------------------------------------------------------------------------------------------
def fields_of(response):
    """What the form of a page would send, if saved as it was opened."""
    form = response.context["form"]
    values = {name: form[name].value() for name in form.fields}
    return {name: "" if value is None else value for name, value in values.items()}


def test_saved_as_it_was_opened_nothing_changes(inspector, cast, typed):
    inspector.post(NEW, typed)
    site = Site.objects.get()
    old = cast.add_measure(title="Бұрынғы")
    site.measures.add(old)
    old.roadmap.__class__.objects.filter(pk=old.roadmap.pk).update(year=2022)  # linked, yet no longer offered to others
    before = Site.objects.filter(pk=site.pk).values().get()
    address = f"{site.get_absolute_url()}change/"
    opened = inspector.get(address)
    assert opened.context["form"]["contract_sum"].value() == "661\xa0400\xa0000"
    assert inspector.post(address, fields_of(opened)).status_code == 302
    assert Site.objects.filter(pk=site.pk).values().get() == before
    assert old in site.measures.all() and site.measures.count() == 2


def test_details_are_put_right_and_refused_beside_their_field(inspector, life):
    address = f"{life.fresh.get_absolute_url()}change/"
    said = fields_of(inspector.get(address))
    wrong = inspector.post(address, said | {"name": "Жаңа атау", "contractor_bin": "1"})
    assert list(wrong.context["form"].errors) == ["contractor_bin"]
    assert inspector.post(address, said | {"name": "Жаңа атау"}).status_code == 302
    life.fresh.refresh_from_db()
    assert life.fresh.name == "Жаңа атау"


def test_what_somebody_saved_meanwhile_is_shown_not_overwritten(inspector, life):
    address = f"{life.fresh.get_absolute_url()}change/"
    mine = fields_of(inspector.get(address)) | {"contractor": "Менікі"}
    Site.objects.filter(pk=life.fresh.pk).update(contractor="Оныкі", capacity="40 төсек")
    refused = inspector.post(address, mine)
    form = refused.context["form"]
    assert set(form.errors) == {"contractor", "capacity"}
    assert "“Оныкі”" in form.errors["contractor"][0]
    life.fresh.refresh_from_db()
    assert life.fresh.contractor == "Оныкі"
    again = mine | {"seen": re.search(r'name="seen" value="(\w+)"', refused.content.decode())[1]}
    assert inspector.post(address, again).status_code == 302
    life.fresh.refresh_from_db()
    assert (life.fresh.contractor, life.fresh.capacity) == ("Менікі", "")


# --- states ----------------------------------------------------------------------------------------------------------
def state_of(site):
    return site.states.order_by("-id").values_list("state", flat=True)[0]


def test_only_states_that_follow_are_offered(inspector, life):
    form = inspector.get(f"{life.planned.get_absolute_url()}state/").context["form"]
    assert [value for value, _label in form.fields["state"].widget.choices] == [
        "construction",
        "suspended",
        "cancelled",
    ]
    assert "Accepted, yet unusable?" in words(inspector.get(f"{life.in_use.get_absolute_url()}state/"))


def test_a_state_is_said_once_however_often_it_is_pressed(inspector, life):
    address = f"{life.late.get_absolute_url()}state/"
    said = {"submission": str(uuid.uuid4()), "state": "commissioned", "happened_on": "2025-06-10", "note": ""}
    assert [inspector.post(address, said).status_code for _press in range(2)] == [302, 302]
    assert [row.state for row in life.late.states.all()] == ["construction", "commissioned"]


@pytest.mark.parametrize(
    ("which", "said", "field", "says"),
    [
        ("late", {"state": ""}, "state", "Choose a state."),
        ("late", {"state": "planned"}, "state", "this state does not follow"),
        ("late", {"state": "suspended"}, "note", "not saved without a note"),
        ("late", {"state": "commissioned", "happened_on": ""}, "happened_on", "Enter the day."),
        ("late", {"state": "commissioned", "happened_on": "2025-06-17"}, "happened_on", "has not come yet"),
        ("late", {"state": "commissioned", "happened_on": "2025-01-01"}, "happened_on", "of a later day"),
        ("in_use", {"state": "construction"}, "note", "why the site is reopened"),
    ],
)
def test_a_state_is_refused_beside_its_field(inspector, life, which, said, field, says):
    site = getattr(life, which)
    before = state_of(site)
    given = {"submission": str(uuid.uuid4()), "happened_on": "2025-06-16", "note": ""} | said
    response = inspector.post(f"{site.get_absolute_url()}state/", given)
    assert list(response.context["form"].errors) == [field]
    assert says in response.context["form"].errors[field][0]
    assert state_of(site) == before


def test_an_unusable_site_is_reopened_and_leaves_the_figure(inspector, life):
    before = inspector.get(SITES).context["posted"].sites
    said = {"state": "construction", "happened_on": "2025-06-16", "note": "су жоқ"}
    assert inspector.post(f"{life.in_use.get_absolute_url()}state/", said).status_code == 302
    after = inspector.get(SITES).context["posted"].sites
    assert (after.part, after.whole) == (before.part - 1, before.whole)


# --- queries ---------------------------------------------------------------------------------------------------------
def queries_of(client, path):
    client.get(path)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert client.get(path).status_code == 200
    return len(asked)


def test_the_number_of_queries_does_not_grow(inspector, cast, life):
    advice = actions.Advice(text="0", addressee="Басқарма", due_on=JUNE, site=life.fresh)
    actions.issue_recommendation(branch=cast.own, by=cast.people.controller, today=JUNE, monitoring="м", advice=advice)
    life.fresh.measures.add(cast.add_measure())
    paths = [SITES, f"{SITES}?posted=1&sort=visited&q=а", life.fresh.get_absolute_url(), f"{NEW}?branch=own"]
    few = [queries_of(inspector, path) for path in paths]
    for number in range(12):
        site = cast.add_site(name=f"нысан {number}", measures=[cast.add_measure()])
        cast.add_post(site, today=MARCH)
        life.visit(site, number, MAY)
        life.fresh.measures.add(cast.add_measure())
        life.visit(life.fresh, 60 + number, cast.today)
        advice = actions.Advice(text=f"{number}", addressee="Басқарма", due_on=JUNE, site=life.fresh)
        actions.issue_recommendation(
            branch=cast.own, by=cast.people.controller, today=JUNE, monitoring="м", advice=advice
        )
        post = ControlPost.objects.get(sites=site)
        actions.close_post(post=post, by=cast.people.controller, today=MAY, reason=ClosingReason.TRANSFERRED)
    assert [queries_of(inspector, path) for path in paths] == few
