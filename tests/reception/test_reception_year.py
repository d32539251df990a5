"""A year of reception in numbers, and the rules of its offices."""

import datetime as dt

import pytest
from django.urls import reverse

from branches import actions
from branches.choices import Channel, EventKind, HelpKind, RequestKind, RequestState
from branches.dashboards.reception_pages import reception_year
from branches.dashboards.reception_scope import scope_of
from branches.models import Branch, ReceptionRule, Request
from tests.reception.pages import DAY, FILE, HOME, REGISTER, TODAY, TOPICS, Page, a_secretary_of

pytestmark = pytest.mark.django_db


def year_of(cast, user=None, *, day=TODAY, year=2025, mandates_only=False, **asked):
    """The numbers of a year as `user` (the chair) sees them."""
    user = user or cast.people.chair
    scope = scope_of(list(Branch.objects.for_user(user).along_the_river()), **asked)
    return reception_year(user=user, scope=scope, year=year, day=day, mandates_only=mandates_only)


def test_the_states_are_disjoint_and_add_up(life):
    counts = year_of(life).counts
    assert sum(count for _state, count, _url in year_of(life).states) == counts.registered == 9  # 8 and 1 of `other`
    assert counts.open + counts.closed == counts.registered
    assert (counts.answered, counts.closed, counts.positive) == (3, 4, 1)
    assert counts.mandates == 1


def test_the_positive_share_is_told_with_both_formulas(life, chair):
    page = Page(chair, f"{HOME}?branch=own")
    assert "Resolved positively, of those registered 12.5" in page.text
    assert "Resolved positively, of those closed 25" in page.text
    assert "1 request resolved positively ÷ 8 registered" in page.text
    assert "1 request resolved positively ÷ 4 closed" in page.text


def test_a_share_of_nothing_is_a_dash(cast, chair):
    cast.add_request(today=TODAY)
    assert "Resolved positively, of those closed — 0 requests resolved positively ÷ 0 closed" in Page(chair, HOME).text


@pytest.mark.parametrize(
    ("name", "query"),
    [
        ("reception", ""),
        ("secretary", "as_of=2025-05-20"),
        ("other_secretary", "mandates=1"),
        ("chair", "branch=own&mandates=1"),
        ("coordinator", "branch=oblast"),
        ("observer", "region=region&as_of=2025-06-01"),
    ],
)
def test_every_number_opens_into_its_rows(life, reader, name, query):
    assert Page(reader(getattr(life.people, name)), f"{HOME}?{query}").numbers_open_into_their_rows() > 20


def test_branches_stand_along_the_river_and_add_up(life, chair):
    lines = year_of(life).branches
    assert [line.name for line in lines] == ["Облыстық филиал", "own", "other"]
    assert [line.numbers.registered for line in lines] == [0, 8, 1]
    assert sum(line.numbers.overdue for line in lines) == year_of(life).counts.overdue
    assert "Branches along the river" in Page(chair, HOME).text
    assert "Branches along the river" not in Page(chair, f"{HOME}?branch=own").text


def test_a_regional_branch_is_all_of_its_region_by_the_region_and_itself_by_its_name(life):
    life.add_request("oblast", today=TODAY, by=a_secretary_of(life.oblast))
    assert year_of(life, region="region").counts.registered == 10
    assert year_of(life, branch="oblast").counts.registered == 1


def test_months_and_topics_add_up(life):
    found = year_of(life)
    assert [line.numbers.registered for line in found.months] == [0, 0, 0, 0, 9, 0, 0, 0, 0, 0, 0, 0]
    assert [(line.name, line.numbers.registered) for line in found.topics] == [("housing", 6), ("roads", 3)]


def test_a_past_day_is_shown_as_it_was(life):
    before = year_of(life, day=dt.date(2025, 5, 19))
    assert before.counts.registered == 0
    row = Request.objects.filter(branch=life.own).as_of(TODAY).get(day_state=RequestState.IN_WORK)
    actions.follow_request(
        request=row, by=life.people.reception, today=TODAY, state=RequestState.MISTAKE, note="қате енгізілген"
    )
    assert year_of(life).counts.registered == 8
    assert year_of(life, day=TODAY - DAY).counts.registered == 9


def test_the_switch_counts_mandates_only(life, chair):
    found = year_of(life, mandates_only=True)
    assert found.counts.registered == 1
    assert [line.numbers.registered for line in found.branches] == [0, 1, 0]
    assert found.projects[0].project.residents == 0
    assert found.projects[0].project.events == 1  # a reception is held for everybody
    page = Page(chair, f"{HOME}?mandates=1")
    assert "2025 in numbers: voters' mandates" in page.text
    assert 'name="mandates" value="1"' in page.html  # another day keeps the switch


def test_receptions_of_a_project_count_residents_once(life, chair):
    twice = life.add_request(
        today=TODAY,
        person=life.an_applicant(900),
        channel=Channel.EVENT,
        event=life.event,
        state=RequestState.POSITIVE,
        help_kind=HelpKind.ADVICE,
    )
    same = life.add_request(
        today=TODAY,
        person=life.an_applicant(900),
        channel=Channel.EVENT,
        event=life.event,
        state=RequestState.POSITIVE,
        help_kind=HelpKind.ADVICE,
    )
    told = year_of(life).projects[0].project
    people = {twice.applicant_id, same.applicant_id}
    assert (told.events, told.requests) == (1, 4)
    assert (told.residents, told.helped) == (2 + len(people), 1 + len(people))
    assert told.legal_support == 1
    assert Page(chair, HOME).numbers_open_into_their_rows()


def test_what_was_asked_at_an_event_in_december_and_written_down_in_january_belongs_to_the_event(cast, chair):
    december = dt.date(2024, 12, 30)
    event = actions.record_event(
        branch=cast.own,
        by=cast.people.reception,
        today=december,
        kind=EventKind.OPEN_DAY,
        place="клуб",
        project=cast.project,
    )
    cast.add_request(today=dt.date(2025, 1, 6), channel=Channel.EVENT, event=event)
    home = Page(chair, f"{HOME}?year=2024&as_of=2025-06-16")
    assert home.numbers_open_into_their_rows()
    assert any(href.endswith("as_of=2025-06-16&project=legal_aid") for href, said in home.sums if said == "1")
    assert Page(chair, f"{REGISTER}?year=2024&as_of=2025-06-16&event={event.pk}").total == 1
    assert Page(chair, f"{REGISTER}?year=2024&event={event.pk}").total == 0  # as known at the end of that year
    assert Page(chair, f"{REGISTER}?year=2024&as_of=2025-06-16").total == 0
    assert Page(chair, f"{REGISTER}?year=2025").total == 1


def test_this_year_may_be_asked_for_before_anything_is_entered(cast, chair):
    page = Page(chair, HOME)
    assert "2025 in numbers" in page.text
    cast.add_request(today=dt.date(2024, 5, 6))
    assert "2024 in numbers" in Page(chair, HOME).text  # the newest year with rows
    assert "2025 in numbers" in Page(chair, f"{HOME}?year=2025").text


def test_a_wrong_day_is_said_beside_the_field(life, chair):
    page = Page(chair, f"{HOME}?as_of=2025-06-17")
    assert "This day has not come yet" in page.text
    assert page.numbers_open_into_their_rows()


@pytest.mark.parametrize("address", [HOME, TOPICS, FILE])
def test_branches_of_others_are_not_there(life, abroad, reader, address):
    for slug in ("abroad", "nowhere"):
        assert reader(life.people.chair).get(f"{address}?branch={slug}").status_code == 404
        assert reader(life.people.chair).get(f"{address}?region={slug}").status_code == 404
    assert reader(life.people.reception).get(f"{address}?branch=other").status_code == 404
    assert reader(life.people.nobody).get(address).status_code == 403


def test_nobody_sees_numbers_of_another_region(life, abroad, reader):
    life.add_request("abroad", today=TODAY, by=a_secretary_of(abroad.branch))
    assert year_of(life).counts.registered == 9
    assert year_of(life, life.people.administrator).counts.registered == 10
    assert Page(reader(life.people.administrator), HOME).numbers_open_into_their_rows()


# --- rules -----------------------------------------------------------------------------------------------------------
def test_the_standard_is_called_the_partys_own(life, chair, reader):
    said = "An answer is due in 15 working days: the party's own standard, not a term set by law."
    assert said in Page(chair, HOME).text
    address = reverse("branches:reception_rule", args=[life.own.pk])
    assert address not in Page(chair, f"{HOME}?branch=own").links
    assert address in Page(reader(life.people.coordinator), f"{HOME}?branch=own").links
    assert address in Page(reader(life.people.coordinator), HOME).links


def test_the_coordinator_sets_the_rules_of_a_branch_for_requests_to_come(life, reader):
    client = reader(life.people.coordinator)
    address = reverse("branches:reception_rule", args=[life.own.pk])
    assert "the party's own standards, not terms set by law" in Page(client, address).text
    sent = {"answer_days": "10", "mandates_from": "2025-06-10", "mandates_until": "2025-07-10"}
    answer = client.post(address, sent, follow=True)
    assert answer.redirect_chain == [("/reception/?branch=own", 302)]
    page = answer.content.decode()
    assert "Requests registered from now on are answered in 10 working days." in page
    assert "from 10.06.2025 until 10.07.2025 voters' mandates only are registered" in page
    rule = ReceptionRule.objects.get(branch=life.own)
    assert (rule.answer_days, rule.mandates_from) == (10, dt.date(2025, 6, 10))
    assert set(life.own.requests.values_list("answer_days", flat=True)) == {15}
    assert life.add_request(kind=RequestKind.MANDATE, today=TODAY).answer_days == 10
    assert "differs from branch to branch" in Page(client, HOME).text


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"answer_days": ""}, "Enter a number of working days."),
        ({"answer_days": "он бес"}, "Enter a whole number, such as 15."),
        ({"answer_days": "0"}, "Enter a number from 1 to 90."),
        ({"answer_days": "91"}, "Enter a number from 1 to 90."),
        ({"answer_days": "15", "mandates_from": "2025-06-10"}, "Enter both days, or none."),
        (
            {"answer_days": "15", "mandates_from": "2025-06-10", "mandates_until": "2025-06-09"},
            "This day lies before the first one.",
        ),
        ({"answer_days": "15", "mandates_from": "ертең"}, "Enter the day as in 31.12.2025."),
        (
            {"answer_days": "15", "mandates_from": "0205-06-10", "mandates_until": "2025-06-09"},
            "There is a slip in the year.",
        ),
    ],
)
def test_a_wrong_rule_is_refused_beside_the_field(life, reader, sent, said):
    answer = reader(life.people.coordinator).post(reverse("branches:reception_rule", args=[life.own.pk]), sent)
    assert answer.status_code == 200
    assert said in answer.content.decode()
    assert not ReceptionRule.objects.exists()
