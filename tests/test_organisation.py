"""The organisation: its roll-up, the card of a branch, and what a branch says of itself."""

import datetime as dt
import html
import re
import uuid
from decimal import Decimal

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse

from branches import actions
from branches.choices import ElectionKind, Position, Qualifier, Role, Wing
from branches.dashboards.branch_card import MembersLine, branch_card, election_years, offices_on, said_in_turn
from branches.dashboards.rollup import organisation_years, rollup
from branches.metrics import Share
from branches.models import (
    Assignment,
    AuditEvent,
    Branch,
    Election,
    FactionReport,
    Locality,
    Maslikhat,
    MembershipReport,
    OfficeHolder,
    WingReport,
)
from tests.conftest import TODAY

ROLLUP = "/organisation/"
DAY = dt.timedelta(days=1)


@pytest.fixture
def say(cast):
    """`say(action, branch="own", **said)`: the branch's secretary says it; for the oblast's branch the coordinator."""
    by = {"own": cast.people.secretary, "other": cast.people.other_secretary, "oblast": cast.people.coordinator}

    def speak(action, branch="own", *, today=TODAY, **said):
        return action(branch=Branch.objects.get(slug=branch), by=by[branch], today=today, **said)

    return speak


@pytest.fixture
def seats(cast):
    """`seats("own", 12)`: the maslikhat of a branch."""

    def make(branch, count):
        home = Branch.objects.get(slug=branch)
        return Maslikhat.objects.create(branch=home, seats=count, name_kk="мәслихат", name_ru="м", name_en="m")

    return make


def card_of(slug):
    return reverse("branches:branch_detail", args=[slug])


def sums(page):
    """What a page says of sums: {(path, sum)} of its links, and the totals that it shows itself."""
    text = page.content.decode()
    links = re.findall(r'<a[^>]*href="([^"]*)"[^>]*data-sum="([^"]*)"', text)
    return {(html.unescape(href).split("?")[0].split("#")[0], said) for href, said in links}, set(
        re.findall(r'data-sum-total="([^"]*)"', text)
    )


def words(response):
    """The text of a page without its tags."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())


# --- the roll-up -----------------------------------------------------------------------------------------------------
def test_the_oblast_is_the_sum_of_what_its_branches_told(cast, say, seats, as_user, noon):
    say(actions.report_membership, "own", members=4120, primary_organisations=23, qualifier=Qualifier.MORE_THAN)
    say(actions.report_membership, "other", members=2880, primary_organisations=12)
    for branch, count, held in (("own", 80, 64), ("other", 72, 60)):
        seats(branch, count)
        say(actions.report_faction, branch, members=held)
    for number in range(3):
        said = {"kind": ElectionKind.RURAL_AKIM, "held_on": TODAY - number * DAY, "seats": 1, "nominated": 1}
        say(actions.record_election, won=int(number > 0), **said)
    page = as_user(cast.people.chair).get(ROLLUP)
    links, totals = sums(page)
    text = words(page)
    assert {(ROLLUP, "7000"), (ROLLUP, "35"), (ROLLUP, "124"), (ROLLUP, "2"), (ROLLUP, "3")} <= links
    assert {"7000", "35", "124", "2", "3"} <= totals
    assert {(card_of("own"), "4120"), (card_of("own"), "23"), (card_of("own"), "64"), (card_of("own"), "2")} <= links
    assert {(card_of("other"), "2880"), (card_of("other"), "60")} <= links
    assert "81,6 %" in text.replace("\u00a0", " ")
    assert "66,7 %" in text.replace("\u00a0", " ")
    assert "7 000-нан астам" in text.replace("\u00a0", " ")
    for href in {href for href, _said in links}:
        shown = sums(as_user(cast.people.chair).get(href))[1]
        assert {said for where, said in links if where == href} <= shown, href


def test_what_nobody_told_is_no_zero(cast, say, seats, as_user, noon):
    seats("own", 20)
    seats("other", 10)
    say(actions.report_faction, "own", members=10)
    page = rollup(
        user=cast.people.chair, branches=list(Branch.objects.along_the_river()), year=2025, day=TODAY, today=TODAY
    )
    assert page.numbers.mandates == Share(10, 20)
    assert (page.numbers.members, page.numbers.primary_organisations) == (None, None)
    assert [total for _wing, total in page.wings] == [None, None]
    text = words(as_user(cast.people.chair).get(ROLLUP))
    assert "50 %" in text.replace("\u00a0", " ")
    assert "есеп жоқ" in text


def test_an_empty_organisation_is_a_page(cast, as_user, noon):
    page = as_user(cast.people.chair).get(ROLLUP)
    assert page.status_code == 200
    assert sums(page)[1] == {"3"}  # its branches


def test_who_did_not_report_is_named(cast, say, seats, as_user, noon):
    seats("own", 20)
    say(actions.report_membership, "own", members=10, primary_organisations=1)
    say(actions.report_membership, "other", members=10, primary_organisations=1, today=TODAY.replace(year=2024))
    say(actions.report_wing, "oblast", wing=Wing.WOMEN, members=5, today=TODAY.replace(year=2024))
    branches = list(Branch.objects.along_the_river())
    page = rollup(user=cast.people.coordinator, branches=branches, year=2025, day=TODAY, today=TODAY)
    missing = {str(each.duty.what): [(row.branch.slug, row.last) for row in each.missing] for each in page.reported}
    by_wing = WingReport.objects.get()
    told_before = MembershipReport.objects.get(branch=cast.other)
    # the oblast's branch is asked only for what it ever told; a branch without a maslikhat for no faction
    assert list(missing.values()) == [
        [("other", told_before)],
        [("oblast", by_wing), ("own", None), ("other", None)],
        [("own", None), ("other", None)],
        [("own", None)],
    ]
    assert page.members_reported == Share(1, 2)
    forms = {row.url for each in page.reported for row in each.missing}
    assert {"/organisation/own/wing/?wing=youth", "/organisation/other/members/", "/organisation/own/faction/"} <= forms
    for_chair = rollup(user=cast.people.chair, branches=branches, year=2025, day=TODAY, today=TODAY)
    assert {row.url for each in for_chair.reported for row in each.missing} == {
        card_of(slug) for slug in ("own", "other", "oblast")
    }
    assert "/organisation/own/wing/" not in as_user(cast.people.chair).get(ROLLUP).content.decode()
    assert "/organisation/own/wing/?wing=youth" in as_user(cast.people.coordinator).get(ROLLUP).content.decode()


def test_a_past_day_shows_what_was_known_then(cast, say, as_user, noon):
    say(actions.report_membership, "own", members=100, primary_organisations=1, today=TODAY - 10 * DAY)
    say(actions.report_membership, "own", members=111, primary_organisations=1, today=TODAY, as_on=TODAY - 20 * DAY)
    say(actions.report_membership, "own", members=122, primary_organisations=1, today=TODAY)
    client, day = as_user(cast.people.chair), (TODAY - 5 * DAY).isoformat()
    assert "100" in sums(client.get(ROLLUP, {"as_of": day}))[1]
    assert "122" in sums(client.get(ROLLUP))[1]
    assert f"{card_of('own')}?as_of={day}#members" in client.get(ROLLUP, {"as_of": day}).content.decode()
    assert "100" in sums(client.get(card_of("own"), {"as_of": day}))[1]


def test_the_year_says_which_elections_are_counted(cast, say, as_user, noon):
    last_year = TODAY.replace(year=2024)
    said = {"kind": ElectionKind.RURAL_AKIM, "nominated": 5}
    say(actions.record_election, held_on=last_year, seats=5, won=4, today=last_year, **said)
    say(actions.record_election, held_on=TODAY, seats=3, won=3, **said)
    say(actions.record_election, held_on=TODAY, seats=2, won=1, **said | {"kind": ElectionKind.BY_ELECTION})
    client = as_user(cast.people.chair)
    assert "80 %" in words(client.get(ROLLUP, {"year": 2024})).replace("\u00a0", " ")
    page = client.get(ROLLUP, {"year": 2025})
    assert "100 %" in words(page).replace("\u00a0", " ")
    assert [(each.total.kind, each.total.won) for each in page.context["page"].elected] == [
        (ElectionKind.RURAL_AKIM, Share(3, 3)),
        (ElectionKind.BY_ELECTION, Share(1, 2)),
    ]


@pytest.mark.parametrize("asked", [{"year": "1999"}, {"as_of": "31.31.2025"}, {"as_of": "2099-01-01"}, {"year": "x"}])
def test_what_cannot_be_shown_is_said_beside_the_field(cast, as_user, noon, asked):
    page = as_user(cast.people.chair).get(ROLLUP, asked)
    assert page.status_code == 200
    (name,) = asked
    assert page.context["moment"].form.errors.keys() == {name}
    assert page.context["page"].day == TODAY


def test_who_sees_one_branch_comes_to_its_card(cast, as_user, noon):
    client = as_user(cast.people.secretary)
    assert client.get(ROLLUP).url == card_of("own")
    assert client.get(ROLLUP, {"as_of": "2025-03-01", "year": 2025}).url == f"{card_of('own')}?as_of=2025-03-01"


def test_of_several_regions_one_is_shown(cast, abroad, say, as_user, noon):
    say(actions.report_membership, "own", members=100, primary_organisations=1)
    client = as_user(cast.people.administrator)
    assert [line.branch.slug for line in client.get(ROLLUP).context["page"].lines] == ["abroad"]
    page = client.get(ROLLUP, {"region": "region"})
    assert "100" in sums(page)[1]
    assert [line.branch.slug for line in page.context["page"].lines] == ["oblast", "own", "other"]
    assert client.get(ROLLUP, {"region": "nowhere"}).status_code == 404
    assert as_user(cast.people.chair).get(ROLLUP, {"region": "abroad"}).status_code == 404


def test_some_branches_are_not_called_the_oblast(cast, as_user, noon):
    Assignment.objects.create(user=cast.people.secretary, role=Role.SECRETARY, branch=cast.other)
    page = as_user(cast.people.secretary).get(ROLLUP)
    assert not page.context["page"].is_whole
    assert f'<p class="s">{cast.region}</p>' not in page.content.decode()


def test_who_holds_no_role_is_refused(cast, as_user, noon):
    assert as_user(cast.people.nobody).get(ROLLUP).status_code == 403


# --- the card --------------------------------------------------------------------------------------------------------
def test_the_card_tells_everything(cast, say, seats, as_user, noon):
    seats("own", 20)
    say(actions.report_membership, members=4000, primary_organisations=20, today=TODAY - 90 * DAY)
    say(actions.report_membership, members=4120, primary_organisations=23, source="Жартыжылдық есеп")
    say(actions.report_wing, wing=Wing.YOUTH, members=321)
    say(actions.report_faction, members=15, leader="Серікбаев Д.")
    actions.appoint(
        branch=cast.own, by=cast.people.secretary, position=Position.CHAIR, full_name="Әбенов М.", since=TODAY - DAY
    )
    page = as_user(cast.people.chair).get(card_of("own"))
    text = words(page).replace("\u00a0", " ")
    assert {"4120", "23", "321", "15"} <= sums(page)[1]
    for said in ("4 120", "+120", "Жартыжылдық есеп", "75 %", "Серікбаев Д.", "Әбенов М."):
        assert said in text, said
    assert "<polyline" in page.content.decode()
    for name in ("roadmap:measure_list", "roadmap:site_list", "branches:project_list", "branches:reception"):
        assert f'href="{reverse(name)}?branch=own' in page.content.decode(), name


def test_the_card_of_the_oblast_opens_lists_of_its_region(cast, as_user, noon):
    text = as_user(cast.people.chair).get(card_of("oblast")).content.decode()
    assert 'href="/control/sites/?region=region"' in text
    assert 'href="/measures/?branch=oblast"' in text  # roadmaps are not added up


def test_who_chairs_changes_and_the_names_stay(cast, as_user, noon):
    OfficeHolder.objects.create(branch=cast.own, position=Position.CHAIR, full_name="Бұрынғы Б.")
    by = {"branch": cast.own, "by": cast.people.coordinator, "position": Position.CHAIR}
    actions.appoint(full_name="Қазіргі Қ.", since=TODAY - 5 * DAY, **by)
    card = branch_card(cast.own, TODAY)
    chair = card.offices[0]
    assert [[row.full_name for row in rows] for rows in (chair.holders, chair.earlier)] == [
        ["Қазіргі Қ."],
        ["Бұрынғы Б."],
    ]
    assert chair.earlier[0].until == TODAY - 6 * DAY
    before = branch_card(cast.own, TODAY - 6 * DAY).offices[0]
    assert ([row.full_name for row in before.holders], before.earlier) == (["Бұрынғы Б."], [])
    text = words(as_user(cast.people.chair).get(card_of("own")))
    assert "Бұрынғы Б." in text
    assert "Қазіргі Қ." in text


def test_an_office_that_is_taken_tomorrow_is_not_known_today(cast):
    tomorrow = OfficeHolder(position=Position.CHAIR, full_name="Ертеңгі Е.", since=TODAY + DAY, pk=1)
    today = OfficeHolder(position=Position.CHAIR, full_name="Бүгінгі Б.", since=TODAY, pk=2)
    left = OfficeHolder(position=Position.CHAIR, full_name="Кеткен К.", until=TODAY - DAY, pk=3)
    office = offices_on([tomorrow, today, left], TODAY)[0]
    assert (office.holders, office.earlier) == ([today], [left])


def test_two_reports_about_one_day_the_later_speaks(cast, say, as_user, noon):
    when = TODAY - 30 * DAY
    wrong = say(actions.report_membership, members=5000, primary_organisations=2, as_on=when)
    right = say(actions.report_membership, members=4000, primary_organisations=2, as_on=when)
    late = say(actions.report_membership, members=4100, primary_organisations=2)
    turns = said_in_turn(MembershipReport.objects.all())
    assert [(said.row, said.is_replaced, said.change) for said in turns] == [
        (late, False, 100),
        (right, False, None),
        (wrong, True, None),
    ]
    card = branch_card(cast.own, TODAY)
    assert card.membership == late
    assert card.members_line.reports == [right, late]
    assert '<tr role="row" class="was">' in as_user(cast.people.chair).get(card_of("own")).content.decode()


def test_a_record_that_was_put_right_stays_and_is_not_counted(cast, say):
    said = {"kind": ElectionKind.RURAL_AKIM, "held_on": TODAY - DAY, "nominated": 3}
    wrong = say(actions.record_election, seats=3, won=3, today=TODAY - DAY, **said)
    right = say(actions.record_election, seats=3, won=2, corrects=wrong, **said)
    (year,) = election_years([wrong, right])
    assert [(record.row, record.by) for record in year.records] == [(right, None), (wrong, right)]
    assert [(elected.kind, elected.won) for elected in year.kinds] == [(ElectionKind.RURAL_AKIM, Share(2, 3))]
    assert branch_card(cast.own, TODAY).akims[1].won == Share(2, 3)
    assert branch_card(cast.own, TODAY - DAY).akims[1].won == Share(3, 3)


def test_an_election_entered_by_mistake_is_told_and_not_counted(cast, say, as_user, noon):
    said = {"kind": ElectionKind.RURAL_AKIM, "held_on": TODAY - DAY, "nominated": 3, "seats": 3}
    wrong = say(actions.record_election, won=3, place="Айдарлы", today=TODAY - DAY, **said)
    secretary, chair = as_user(cast.people.secretary), as_user(cast.people.chair)
    address = reverse("branches:election_annul", args=[wrong.pk])
    assert f'href="{address}"' in secretary.get(card_of("own")).content.decode()
    assert f'href="{address}"' not in chair.get(card_of("own")).content.decode()
    opened = secretary.get(address)
    assert "Айдарлы" in words(opened)
    assert not Election.objects.filter(is_mistake=True).exists()

    empty = secretary.post(address, {"note": " "})
    assert list(empty.context["form"].errors) == ["note"]
    sent = {"note": "екі рет енгізілген", "submission": uuid.uuid4()}
    for _press in range(2):
        assert secretary.post(address, sent).url == card_of("own")
    row = Election.objects.get(is_mistake=True)

    card = branch_card(cast.own, TODAY)
    assert [(record.row, record.by) for record in card.elections[0].records] == [(wrong, row)]
    assert (card.elections[0].kinds, card.akims) == ([], None)
    assert branch_card(cast.own, TODAY - DAY).akims[1].won == Share(3, 3)
    for page in (chair.get(card_of("own")), chair.get(ROLLUP)):
        text = words(page)
        assert "екі рет енгізілген" in text
        assert f"{row.author}, 16.06.2025" in text
    assert "екі рет енгізілген" not in words(chair.get(ROLLUP, {"as_of": (TODAY - DAY).isoformat()}))
    assert chair.get(ROLLUP).context["page"].elected == []

    assert address not in secretary.get(card_of("own")).content.decode()
    for closed in (wrong, row):
        again = secretary.get(reverse("branches:election_annul", args=[closed.pk]))
        assert again.context["blocked"]
        assert "<textarea" not in again.content.decode()
        assert secretary.get(f"{entry('election_record')}?corrects={closed.pk}").context["blocked"]
    refused = secretary.post(address, {"note": "тағы", "submission": uuid.uuid4()})
    assert refused.context["form"].non_field_errors() == [refused.context["blocked"]]
    assert Election.objects.count() == 2


def test_a_year_of_nothing_but_a_mistake_is_no_year(cast, say, as_user, noon):
    said = {"kind": ElectionKind.RURAL_AKIM, "seats": 1, "nominated": 1, "won": 1}
    wrong = say(actions.record_election, held_on=TODAY.replace(year=2011), **said)
    keys = [cast.own.pk]
    assert organisation_years(keys, TODAY) == {2011: True}
    actions.annul_election(election=wrong, by=cast.people.secretary, today=TODAY + DAY, note="жылы қате")
    assert (organisation_years(keys, TODAY), organisation_years(keys, TODAY + DAY)) == ({2011: True}, {})


def test_every_number_that_speaks_leads_to_where_it_is_put_right(cast, say, seats, as_user, noon):
    seats("own", 20)
    spring, old = TODAY - 60 * DAY, TODAY - 90 * DAY
    for day in (old, spring, spring):
        say(actions.report_membership, members=4000, primary_organisations=20, as_on=day, note="ескертпе")
        say(actions.report_faction, members=15, leader="Серікбаев Д.", as_on=day)
        say(actions.report_wing, wing=Wing.YOUTH, members=321, as_on=day)
    say(actions.report_wing, wing=Wing.WOMEN, members=861, as_on=old)
    client = as_user(cast.people.secretary)
    forms = {
        entry("membership_report"): {"members": 4000, "primary_organisations": 20, "note": "ескертпе"},
        entry("faction_report"): {"members": 15, "leader": "Серікбаев Д."},
        f"{entry('wing_report')}?wing=youth": {"members": 321, "wing": "youth"},
    }
    card = client.get(card_of("own")).content.decode()
    links = re.findall(r'href="([^"]*as_on=[^"]*)"', card)
    ways = [
        f"{form}{'&amp;' if '?' in form else '?'}as_on={day.isoformat()}" for form in forms for day in (spring, old)
    ]
    women = f"{entry('wing_report')}?wing=women&amp;as_on={old.isoformat()}"
    assert sorted(links) == sorted([*ways, women])  # what is replaced already has no way
    for form, said in forms.items():
        page = client.get(f"{form}{'&' if '?' in form else '?'}as_on={spring.isoformat()}")
        initial = page.context["form"].initial
        assert {name: initial[name] for name in (*said, "as_on")} == said | {"as_on": spring}
        assert page.context["corrects"].as_on == spring
    for form in forms:
        for strange in ("", "кеше", "2025-13-01", (TODAY - DAY).isoformat()):
            page = client.get(form.split("?")[0], {"as_on": strange})
            assert (page.status_code, page.context["corrects"]) == (200, None)
            assert "members" not in page.context["form"].initial
    watched = as_user(cast.people.chair).get(card_of("own")).content.decode()
    assert "as_on=" not in watched


@pytest.mark.parametrize("since", [None, TODAY - 5 * DAY])
def test_an_officer_is_put_right_from_the_card(cast, as_user, noon, since):
    by = {"branch": cast.own, "position": Position.CHAIR}
    left = OfficeHolder.objects.create(full_name="Бұрынғыы Б.", until=TODAY - 6 * DAY, **by)
    holder = OfficeHolder.objects.create(full_name="Қазіргіі Қ.", since=since, source="хаттама", **by)
    client = as_user(cast.people.secretary)
    card = client.get(card_of("own")).content.decode()
    for row in (holder, left):
        assert f'href="{entry("appoint")}?corrects={row.pk}"' in card
    address = f"{entry('appoint')}?corrects={holder.pk}"
    form = client.get(address).context["form"]
    shown = {name: form[name].value() for name in form.fields}
    assert shown == {"full_name": "Қазіргіі Қ.", "since": since, "source": "хаттама"}
    sent = {name: value for name, value in shown.items() if value} | {"full_name": "Қазіргі Қ."}
    answer = client.post(address, sent)
    assert answer.url == card_of("own")
    assert [row.full_name for row in OfficeHolder.objects.order_by("pk")] == ["Бұрынғыы Б.", "Қазіргі Қ."]
    assert OfficeHolder.objects.get(pk=holder.pk).since == since
    for text in ("x", "0", left.pk + 1000):
        assert client.get(f"{entry('appoint')}?corrects={text}").status_code == 404
    strange = OfficeHolder.objects.create(branch=cast.other, position=Position.CHAIR, full_name="Бөтен")
    assert client.post(f"{entry('appoint')}?corrects={strange.pk}", sent).status_code == 404
    assert "?corrects=" not in as_user(cast.people.chair).get(card_of("own")).content.decode()


def test_the_form_says_that_it_put_a_name_right(cast, as_user, noon):
    client = as_user(cast.people.secretary)
    client.cookies["django_language"] = "en"
    said = []
    for name in ("Әбеноф Мұрат", "Әбенов Мұрат"):
        answer = client.post(entry("appoint"), VALID["appoint"] | {"full_name": name})
        said.append(str(list(get_messages(answer.wsgi_request))[-1]))
    assert said == ["Branch chair: Әбеноф Мұрат.", "Put right: branch chair, Әбенов Мұрат."]
    assert OfficeHolder.objects.get().full_name == "Әбенов Мұрат"


def test_a_past_card_offers_nothing(cast, say, as_user, noon):
    election = say(
        actions.record_election, kind="maslikhat", held_on=TODAY - DAY, seats=1, nominated=1, won=1, today=TODAY - DAY
    )
    client = as_user(cast.people.secretary)
    ways = [reverse("branches:membership_report", args=["own"]), f"?corrects={election.pk}", "/office/?position=chair"]
    now = client.get(card_of("own")).content.decode()
    past = client.get(card_of("own"), {"as_of": (TODAY - DAY).isoformat()}).content.decode()
    assert [way in now for way in ways] == [True] * 3
    assert [way in past for way in ways] == [False] * 3
    watched = as_user(cast.people.chair).get(card_of("own")).content.decode()
    assert [way in watched for way in ways] == [False] * 3


def test_neighbours_along_the_river(cast, as_user, noon):
    context = as_user(cast.people.chair).get(card_of("own")).context
    assert (context["before"], context["after"]) == (cast.oblast, cast.other)
    alone = as_user(cast.people.secretary).get(card_of("own")).context
    assert (alone["before"], alone["after"], alone["has_others"]) == (None, None, False)


@pytest.mark.parametrize(
    ("members", "half", "highest"),
    [
        ([0, 0], 1, 112.0),
        ([1, 1], 1, 62.0),
        ([4120, 4000], 3000, 112 - 100 * 4120 / 6000),
        ([46000, 1], 30000, 112 - 100 * 46 / 60),
    ],
)
def test_the_axis_of_members_is_round_and_holds_all(members, half, highest):
    reports = [MembershipReport(members=count, as_on=TODAY + number * DAY) for number, count in enumerate(members)]
    line = MembersLine(reports)
    assert (line.half, line.most) == (half, 2 * half)
    assert line.dots[0] == ("52.0", f"{highest:.1f}")
    assert line.tip[0] == "324.0"


def test_samples_and_sources_are_said(cast, say, as_user, noon):
    say(actions.report_membership, members=1, primary_organisations=1, source="облыстық есеп")
    Maslikhat.objects.create(branch=cast.own, seats=3, is_sample=True, name_kk="м", name_ru="м", name_en="m")
    for address in (ROLLUP, card_of("own")):
        page = as_user(cast.people.chair).get(address)
        assert "облыстық есеп" in words(page)
        assert 'class="sample"' in page.content.decode()


# --- what a branch says ----------------------------------------------------------------------------------------------
VALID = {
    "membership_report": {"primary_organisations": "23", "members": "4 120", "qualifier": "", "as_on": "2025-06-16"},
    "wing_report": {"wing": "women", "members": "861", "as_on": "2025-06-16"},
    "faction_report": {"members": "15", "leader": "Серікбаев Д.", "as_on": "2025-06-16"},
    "election_record": {
        "kind": "rural_akim",
        "held_on": "2025-06-15",
        "seats": "2",
        "nominated": "2",
        "won": "1",
        "locality": "",
        "place": "Айдарлы",
    },
    "appoint": {"position": "chair", "full_name": "Әбенов Мұрат", "since": "2025-06-16"},
}
ROWS = {
    "membership_report": MembershipReport,
    "wing_report": WingReport,
    "faction_report": FactionReport,
    "election_record": Election,
    "appoint": OfficeHolder,
}


def entry(name, slug="own"):
    return reverse(f"branches:{name}", args=[slug])


@pytest.mark.parametrize("name", VALID)
@pytest.mark.parametrize("person", ["secretary", "coordinator"])
def test_a_branch_speaks(cast, seats, as_user, noon, name, person):
    seats("own", 20)
    client = as_user(getattr(cast.people, person))
    assert client.get(entry(name)).status_code == 200
    answer = client.post(entry(name), VALID[name] | {"submission": uuid.uuid4(), "source": "хаттама"})
    assert answer.url == card_of("own")
    assert len(list(get_messages(answer.wsgi_request))) == 1
    row = ROWS[name].objects.get()
    assert (row.branch, row.source) == (cast.own, "хаттама")
    assert AuditEvent.objects.about(row).get().actor == getattr(cast.people, person).username
    assert client.get(card_of("own")).status_code == 200


@pytest.mark.parametrize("name", VALID)
def test_a_double_click_makes_one_row(cast, seats, as_user, noon, name):
    seats("own", 20)
    client, sent = as_user(cast.people.secretary), VALID[name] | {"submission": uuid.uuid4()}
    for _press in range(2):
        assert client.post(entry(name), sent).url == card_of("own")
    assert ROWS[name].objects.count() == 1


@pytest.mark.parametrize("name", VALID)
def test_who_may_speak(cast, abroad, seats, as_user, noon, written, name):
    seats("own", 20)
    sent = VALID[name] | {"submission": uuid.uuid4()}
    before = written()
    for person, status in (("chair", 403), ("reception", 403), ("administrator", 403), ("other_secretary", 404)):
        client = as_user(getattr(cast.people, person))
        for answer in (client.get(entry(name)), client.post(entry(name), sent)):
            assert answer.status_code == status, person
    assert as_user(cast.people.secretary).get(entry(name, "abroad")).status_code == 404
    assert as_user(cast.people.secretary).get(entry(name, "nowhere")).status_code == 404
    assert written() == before
    assert not OfficeHolder.objects.exists()


FUTURE = "2025-06-17"
WRONG = [
    ("membership_report", {"members": ""}, "members"),
    ("membership_report", {"members": "көп"}, "members"),
    ("membership_report", {"members": "-5"}, "members"),
    ("membership_report", {"members": "41,5"}, "members"),
    ("membership_report", {"members": "4.120"}, "members"),
    ("membership_report", {"members": "9" * 5000}, "members"),
    ("membership_report", {"members": "99999999999"}, "members"),
    ("membership_report", {"members": "٣"}, "members"),
    ("membership_report", {"members": "\x00"}, "members"),
    ("membership_report", {"primary_organisations": "N/A"}, "primary_organisations"),
    ("membership_report", {"primary_organisations": "9 000", "members": "3"}, "members"),
    ("membership_report", {"as_on": FUTURE}, "as_on"),
    ("membership_report", {"as_on": "кеше"}, "as_on"),
    ("membership_report", {"as_on": "0203-01-01"}, "as_on"),
    ("membership_report", {"qualifier": "about"}, "qualifier"),
    ("membership_report", {"source": "х" * 301}, "source"),
    ("wing_report", {"wing": ""}, "wing"),
    ("wing_report", {"wing": "chicken"}, "wing"),
    ("wing_report", {"members": "-1"}, "members"),
    ("wing_report", {"as_on": FUTURE}, "as_on"),
    ("faction_report", {"members": "21"}, "members"),
    ("faction_report", {"members": "-1"}, "members"),
    ("faction_report", {"members": "40000"}, "members"),
    ("faction_report", {"as_on": FUTURE}, "as_on"),
    ("election_record", {"won": "3", "seats": "3"}, "won"),
    ("election_record", {"nominated": "3", "won": "3"}, "won"),
    ("election_record", {"seats": "0", "won": "0"}, "seats"),
    ("election_record", {"seats": "-1"}, "seats"),
    ("election_record", {"nominated": "екеу"}, "nominated"),
    ("election_record", {"won": ""}, "won"),
    ("election_record", {"held_on": FUTURE}, "held_on"),
    ("election_record", {"kind": "president"}, "kind"),
    ("election_record", {"locality": "9" * 5000}, "locality"),
    ("election_record", {"locality": "x"}, "locality"),
    ("appoint", {"full_name": " "}, "full_name"),
    ("appoint", {"full_name": "Ә" * 201}, "full_name"),
    ("appoint", {"position": "king"}, "position"),
    ("appoint", {"since": FUTURE}, "since"),
    ("appoint", {"since": "0203-01-01"}, "since"),
    ("appoint", {"since": ""}, "since"),
]


@pytest.mark.parametrize(("name", "wrong", "field"), WRONG)
def test_bad_input_stands_beside_the_field(cast, seats, as_user, noon, written, name, wrong, field):
    seats("own", 20)
    before = written()
    sent = VALID[name] | {"submission": uuid.uuid4(), "note": "сақталсын", "source": "сақталсын"} | wrong
    answer = as_user(cast.people.secretary).post(entry(name), sent)
    assert answer.status_code == 200
    assert list(answer.context["form"].errors) == [field]
    assert f'id="id_{field}_error"' in answer.content.decode()
    assert "сақталсын" in answer.content.decode() or field == "source"
    assert written() == before
    assert not OfficeHolder.objects.exists()


@pytest.mark.parametrize("typed", ["4120", "4 120", "4\u00a0120", "4\u202f120", " 4120 ", "4120,0"])
def test_a_number_as_people_type_it(cast, as_user, noon, typed):
    sent = VALID["membership_report"] | {"members": typed}
    as_user(cast.people.secretary).post(entry("membership_report"), sent)
    assert MembershipReport.objects.get().members == 4120


def test_the_locality_of_another_district_is_not_offered(cast, as_user, noon):
    mine, strange = (Locality.objects.get(district__slug=slug) for slug in ("own", "other"))
    client = as_user(cast.people.secretary)
    offered = client.get(entry("election_record")).context["form"].fields["locality"].choices
    assert [value for value, _label in offered] == ["", str(mine.pk)]
    answer = client.post(entry("election_record"), VALID["election_record"] | {"locality": strange.pk})
    assert list(answer.context["form"].errors) == ["locality"]
    client.post(entry("election_record"), VALID["election_record"] | {"locality": mine.pk})
    assert Election.objects.get().locality == mine
    of_the_oblast = as_user(cast.people.coordinator).get(entry("election_record", "oblast"))
    groups = of_the_oblast.context["form"].fields["locality"].choices[1:]
    assert [[int(pk) for pk, _label in localities] for _district, localities in groups] == [[mine.pk], [strange.pk]]


def test_without_a_maslikhat_there_is_no_faction(cast, as_user, noon):
    client = as_user(cast.people.secretary)
    page = client.get(entry("faction_report"))
    assert page.context["blocked"]
    assert '<form class="say"' not in page.content.decode()
    answer = client.post(entry("faction_report"), VALID["faction_report"])
    assert answer.status_code == 200
    assert not FactionReport.objects.exists()


def test_an_election_is_put_right_once(cast, say, as_user, noon):
    place = Locality.objects.get(district__slug="own")
    wrong = say(
        actions.record_election,
        kind=ElectionKind.RURAL_AKIM,
        held_on=TODAY - DAY,
        seats=2,
        nominated=2,
        won=2,
        locality=place,
        note="ескертпе",
        today=TODAY - DAY,
    )
    client, url = as_user(cast.people.secretary), f"{entry('election_record')}?corrects={wrong.pk}"
    form = client.get(url).context["form"]
    shown = {name: form[name].value() for name in form.KEPT}
    assert shown == {name: getattr(wrong, name) for name in form.KEPT}
    assert form["locality"].value() == str(place.pk)
    sent = {name: value for name, value in shown.items() if value} | {
        "held_on": "2025-06-15",
        "won": "1",
        "locality": place.pk,
        "submission": uuid.uuid4(),
    }
    for _press in range(2):
        assert client.post(url, sent).url == card_of("own")
    assert Election.objects.count() == 2
    right = Election.objects.get(corrects=wrong)
    assert (right.won, right.locality, right.note) == (1, place, "ескертпе")
    assert client.get(url).context["blocked"]
    again = client.post(url, sent | {"won": "0", "submission": uuid.uuid4()})
    assert (again.status_code, bool(again.context["form"].non_field_errors())) == (200, True)
    assert Election.objects.count() == 2


@pytest.mark.parametrize("text", ["9" * 5000, "x", "-1", "0", "\x00"])
def test_a_record_that_is_not_there_cannot_be_put_right(cast, as_user, noon, text):
    client = as_user(cast.people.secretary)
    assert client.get(entry("election_record"), {"corrects": text}).status_code == 404


def test_the_record_of_another_branch_cannot_be_put_right(cast, say, as_user, noon):
    strange = say(actions.record_election, "other", kind="maslikhat", held_on=TODAY, seats=1, nominated=1, won=1)
    client = as_user(cast.people.coordinator)
    url = f"{entry('election_record')}?corrects={strange.pk}"
    assert client.get(url).status_code == 404
    assert client.post(url, VALID["election_record"]).status_code == 404
    assert Election.objects.count() == 1


def test_who_was_entered_meanwhile_is_not_renamed_unseen(cast, as_user, noon):
    first, second = as_user(cast.people.secretary), as_user(cast.people.coordinator)
    address = reverse("branches:appoint", args=["own"])
    opened = {client: client.get(address).context["form"]["seen"].value() for client in (first, second)}
    said = {"position": Position.CHAIR, "since": cast.today.isoformat()}
    first.post(address, said | {"full_name": "Б. Бірінші", "seen": opened[first]})
    again = first.post(address, said | {"full_name": "Б. Бірінші", "seen": opened[first]})  # a double click
    assert again.status_code == 302
    refused = second.post(address, said | {"full_name": "Е. Екінші", "seen": opened[second]})
    assert set(refused.context["form"].errors) == {"full_name"}
    assert OfficeHolder.objects.get().full_name == "Б. Бірінші"
    seen = second.get(address).context["form"]["seen"].value()
    assert second.post(address, said | {"full_name": "Б. Біріншиев", "seen": seen}).status_code == 302
    assert OfficeHolder.objects.get().full_name == "Б. Біріншиев"


def test_nobody_takes_an_office_before_who_holds_it(cast, as_user, noon):
    by = {"branch": cast.own, "by": cast.people.secretary, "position": Position.CHAIR}
    actions.appoint(full_name="Қазіргі Қ.", since=TODAY - DAY, **by)
    answer = as_user(cast.people.secretary).post(entry("appoint"), VALID["appoint"] | {"since": "2025-06-14"})
    assert list(answer.context["form"].errors) == ["since"]
    assert OfficeHolder.objects.get().until is None


def test_the_form_begins_where_the_card_sent_it(cast, as_user, noon):
    client = as_user(cast.people.secretary)
    assert client.get(f"{entry('wing_report')}?wing=youth").context["form"].initial["wing"] == "youth"
    assert "wing" not in client.get(f"{entry('wing_report')}?wing=x").context["form"].initial
    assert client.get(f"{entry('appoint')}?position=chair").context["form"].initial["position"] == "chair"


@pytest.mark.parametrize(
    ("language", "said"), [("kk", "7 000-нан астам"), ("ru", "более 7 000"), ("en", "more than 7,000")]
)
def test_how_exactly_it_was_said_is_said_in_every_language(cast, say, as_user, noon, language, said):
    report = {"members": 7000, "primary_organisations": 1, "qualifier": Qualifier.MORE_THAN}
    say(actions.report_membership, **report)
    client = as_user(cast.people.chair)
    client.cookies["django_language"] = language
    assert said in words(client.get(card_of("own"))).replace("\u00a0", " ")


def test_percentages_are_those_of_metrics():
    assert Share(124, 152).percent == Decimal("81.6")
    assert Share(37, 38).percent == Decimal("97.4")
