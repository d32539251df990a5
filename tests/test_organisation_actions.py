"""What a branch says of itself: the newest number speaks, a wrong one is put right by another, offices change hands."""

import datetime as dt
import uuid

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from branches import actions
from branches.choices import ElectionKind, Position, Qualifier, Wing
from branches.dashboards.organisation import organisation_numbers
from branches.models import (
    AuditEvent,
    Election,
    FactionReport,
    Maslikhat,
    MembershipReport,
    OfficeHolder,
    WingReport,
)

TODAY = dt.date(2025, 6, 16)
DAY = dt.timedelta(days=1)
SPRING = dt.date(2025, 4, 1)
AKIMS = {"kind": ElectionKind.RURAL_AKIM, "held_on": SPRING, "seats": 19, "nominated": 19, "won": 19}


@pytest.fixture
def secretary(cast):
    """How the secretary of `own` says something today."""
    return {"branch": cast.own, "by": cast.people.secretary, "today": TODAY}


@pytest.fixture
def maslikhat(cast):
    return Maslikhat.objects.create(branch=cast.own, seats=15, name_kk="мәслихат", name_ru="маслихат", name_en="m")


def members(day, **of):
    """What speaks of members on a day, by branch."""
    return {row.branch.slug: row.members for row in MembershipReport.objects.newest(day).filter(**of)}


# --- the newest number speaks ----------------------------------------------------------------------------------------
def test_a_report_is_kept_with_everything_that_was_said(cast, secretary):
    row = actions.report_membership(
        **secretary,
        primary_organisations=206,
        members=46000,
        qualifier=Qualifier.MORE_THAN,
        as_on=SPRING,
        source=" есеп ",
        note=" облыс бойынша ",
    )
    row.refresh_from_db()
    assert (row.primary_organisations, row.members, row.qualifier) == (206, 46000, "more_than")
    assert (row.as_on, row.entered_on, row.author) == (SPRING, TODAY, cast.people.secretary)
    assert (row.source, row.note) == ("есеп", "облыс бойынша")
    event = AuditEvent.objects.get(action="membershipreport.report")
    assert (event.actor, event.subject) == ("secretary", f"branches.membershipreport:{row.pk}")


def test_the_latest_day_speaks_whatever_was_typed_last(secretary):
    said = {**secretary, "primary_organisations": 20}
    actions.report_membership(**said, members=4600, as_on=TODAY)
    actions.report_membership(**{**said, "today": TODAY + DAY}, members=4100, as_on=SPRING)  # typed later, of earlier
    assert members(TODAY + DAY) == {"own": 4600}
    actions.report_membership(**{**said, "today": TODAY + 2 * DAY}, members=4700)
    assert members(TODAY + 2 * DAY) == {"own": 4700}


def test_of_one_day_what_was_typed_last_speaks(secretary):
    said = {**secretary, "primary_organisations": 20, "as_on": SPRING}
    for number in (46000, 4600):
        actions.report_membership(**said, members=number)
    assert members(TODAY) == {"own": 4600}
    assert MembershipReport.objects.count() == 2


def test_a_past_day_knows_what_was_typed_by_then(secretary):
    said = {**secretary, "primary_organisations": 20}
    actions.report_membership(**said, members=4600, as_on=SPRING)
    actions.report_membership(**{**said, "today": TODAY + DAY}, members=4500, as_on=SPRING)
    assert [members(TODAY + number * DAY) for number in (-1, 0, 1)] == [{}, {"own": 4600}, {"own": 4500}]


def test_each_branch_and_each_wing_speaks_for_itself(cast, secretary):
    other = {**secretary, "branch": cast.other, "by": cast.people.other_secretary}
    actions.report_membership(**secretary, primary_organisations=1, members=1)
    actions.report_membership(**other, primary_organisations=2, members=2, as_on=SPRING)
    assert members(TODAY) == {"own": 1, "other": 2}
    for wing, number, day in ((Wing.WOMEN, 7, TODAY), (Wing.YOUTH, 8, SPRING), (Wing.YOUTH, 9, SPRING)):
        actions.report_wing(**secretary, wing=wing, members=number, as_on=day)
    actions.report_wing(**other, wing=Wing.WOMEN, members=3)
    rows = WingReport.objects.newest(TODAY, "wing").order_by("branch", "wing")
    assert {(row.branch.slug, row.wing): row.members for row in rows} == {
        ("own", "women"): 7,
        ("own", "youth"): 9,
        ("other", "women"): 3,
    }


def test_a_double_click_makes_one_row_and_another_word_another(secretary):
    said = {**secretary, "primary_organisations": 20, "submission": uuid.uuid4()}
    first = actions.report_membership(**said, members=4600)
    assert actions.report_membership(**said, members=4600) == first
    assert actions.report_membership(**said, members=4601).pk > first.pk
    assert MembershipReport.objects.count() == 2


def test_who_enters_after_one_whose_midnight_has_passed_speaks_all_the_same(secretary):
    said = {**secretary, "primary_organisations": 20, "as_on": SPRING}
    actions.report_membership(**{**said, "today": TODAY + DAY}, members=4600)
    assert actions.report_membership(**said, members=4700).entered_on == TODAY + DAY
    assert members(TODAY + DAY) == {"own": 4700}


# --- what cannot be --------------------------------------------------------------------------------------------------
def report_membership(**said):
    return actions.report_membership(primary_organisations=20, members=4600, **said)


def report_wing(**said):
    return actions.report_wing(wing=Wing.WOMEN, members=7, **said)


def report_faction(**said):
    return actions.report_faction(members=12, **said)


def record_election(**said):
    return actions.record_election(**{**AKIMS, **said})


def appoint(*, today, **said):
    return actions.appoint(position=Position.CHAIR, full_name="Т. Төраға", since=today, **said)


EACH = pytest.mark.parametrize("say", [report_membership, report_wing, report_faction, record_election, appoint])


@EACH
@pytest.mark.parametrize("name", ["reception", "controller", "chair", "observer", "administrator", "other_secretary"])
def test_only_who_keeps_the_organisation_says_something(cast, secretary, maslikhat, written, say, name):
    before = written()
    with pytest.raises(PermissionDenied):
        say(**{**secretary, "by": getattr(cast.people, name)})
    assert written() == before
    assert not OfficeHolder.objects.exists()


@EACH
def test_the_secretary_and_the_coordinator_do(cast, secretary, maslikhat, say):
    for by in (cast.people.secretary, cast.people.coordinator):
        assert say(**{**secretary, "by": by}).branch == cast.own


@pytest.mark.parametrize(
    ("say", "field"),
    [(report_membership, "as_on"), (report_wing, "as_on"), (report_faction, "as_on"), (record_election, "held_on")],
)
@pytest.mark.parametrize("day", [TODAY + DAY, dt.date.max, dt.date(1999, 12, 31), dt.date.min])
def test_a_day_that_cannot_be_is_refused_beside_its_field(secretary, maslikhat, written, say, field, day):
    before = written()
    with pytest.raises(ValidationError) as refused:
        say(**secretary, **{field: day})
    assert list(refused.value.message_dict) == [field]
    assert written() == before


@pytest.mark.parametrize(
    ("say", "said", "field"),
    [
        (actions.report_membership, {"primary_organisations": -1, "members": 4600}, "primary_organisations"),
        (actions.report_membership, {"primary_organisations": 20, "members": -1}, "members"),
        (actions.report_membership, {"primary_organisations": 9000, "members": 3}, "members"),
        (actions.report_membership, {"primary_organisations": 20, "members": 19}, "members"),
        (actions.report_membership, {"primary_organisations": 20, "members": 7, "qualifier": "about"}, "qualifier"),
        (actions.report_membership, {"primary_organisations": 20, "members": 2**63}, "members"),
        (actions.report_wing, {"wing": "left", "members": 7}, "wing"),
        (actions.report_wing, {"wing": Wing.WOMEN, "members": -1}, "members"),
        (actions.report_faction, {"members": 16}, "members"),  # of 15 seats
        (actions.report_faction, {"members": -1}, "members"),
        (actions.report_faction, {"members": 12, "leader": "а" * 201}, "leader"),
        (actions.record_election, AKIMS | {"kind": "president"}, "kind"),
        (actions.record_election, AKIMS | {"seats": 0, "won": 0}, "seats"),
        (actions.record_election, AKIMS | {"won": 20}, "won"),
        (actions.record_election, AKIMS | {"nominated": 18}, "won"),
        (actions.record_election, AKIMS | {"seats": 18}, "won"),
        (actions.record_election, AKIMS | {"nominated": -1}, "nominated"),
        (actions.record_election, AKIMS | {"place": "а" * 201}, "place"),
    ],
)
def test_a_number_that_cannot_be_is_refused_beside_its_field(secretary, maslikhat, written, say, said, field):
    before = written()
    with pytest.raises(ValidationError) as refused:
        say(**secretary, **said)
    assert field in refused.value.message_dict
    assert written() == before


# --- the faction -----------------------------------------------------------------------------------------------------
def test_a_faction_is_of_the_maslikhat_of_its_branch(cast, secretary, maslikhat):
    row = actions.report_faction(**secretary, members=15, leader=" Б. Басшы ", as_on=SPRING)
    assert (row.maslikhat, row.members, row.leader) == (maslikhat, 15, "Б. Басшы")
    actions.report_faction(**secretary, members=12, as_on=SPRING)
    assert [row.members for row in FactionReport.objects.newest(TODAY)] == [12]
    (numbers,) = organisation_numbers(branches=[cast.own], year=2025, day=TODAY).branches
    assert (numbers.mandates.part, numbers.mandates.whole, str(numbers.mandates.percent)) == (12, 15, "80.0")


def test_without_a_maslikhat_there_is_no_faction(secretary, written):
    before = written()
    with pytest.raises(ValidationError):
        actions.report_faction(**secretary, members=12)
    assert written() == before


def test_who_may_not_learns_not_even_that_there_is_no_maslikhat(cast, secretary):
    with pytest.raises(PermissionDenied):
        actions.report_faction(**{**secretary, "by": cast.people.other_secretary}, members=12)


# --- elections -------------------------------------------------------------------------------------------------------
def elections(day, year=2025):
    return [row.won for row in Election.objects.as_of(day).held_in(year).order_by("id")]


def test_an_election_is_put_right_by_another_record(cast, secretary):
    first = actions.record_election(**secretary, **AKIMS)
    second = actions.record_election(**{**secretary, "today": TODAY + DAY}, **AKIMS | {"won": 18}, corrects=first)
    third = actions.record_election(**{**secretary, "today": TODAY + 2 * DAY}, **AKIMS | {"won": 17}, corrects=second)
    assert [row.corrects for row in (first, second, third)] == [None, first, second]
    assert [elections(TODAY + number * DAY) for number in (-1, 0, 1, 2)] == [[], [19], [18], [17]]
    (numbers,) = organisation_numbers(branches=[cast.own], year=2025, day=TODAY + DAY).branches
    assert (numbers.rural_akims.part, numbers.rural_akims.whole) == (18, 19)


def test_a_correction_may_move_an_election_to_another_year(secretary):
    first = actions.record_election(**secretary, **AKIMS)
    actions.record_election(**secretary, **AKIMS | {"held_on": dt.date(2024, 11, 3)}, corrects=first)
    assert (elections(TODAY, 2025), elections(TODAY, 2024)) == ([], [19])


def test_a_correction_pressed_twice_makes_one_row(secretary):
    first = actions.record_election(**secretary, **AKIMS)
    said = {**secretary, **AKIMS, "won": 18, "corrects": first, "submission": uuid.uuid4()}
    assert actions.record_election(**said) == actions.record_election(**said)
    assert Election.objects.count() == 2


def test_what_was_put_right_is_not_put_right_again(secretary, written):
    first = actions.record_election(**secretary, **AKIMS)
    actions.record_election(**secretary, **AKIMS | {"won": 18}, corrects=Election.objects.get())
    before = written()
    with pytest.raises(ValidationError):
        actions.record_election(**secretary, **AKIMS | {"won": 17}, corrects=first)
    assert written() == before


# --- an election entered by mistake ----------------------------------------------------------------------------------
def test_an_election_that_was_none_is_not_counted_from_that_day_on(cast, secretary):
    place = cast.own.district.localities.get()
    wrong = actions.record_election(**secretary, **AKIMS, locality=place, place="үй", source="хаттама", note="ескі")
    said = {"election": wrong, "by": cast.people.secretary, "today": TODAY + DAY}
    row = actions.annul_election(**said, note=" екі рет енгізілген ")
    assert (row.is_mistake, row.corrects, row.note, row.author) == (True, wrong, "екі рет енгізілген", said["by"])
    for name in (*AKIMS, "locality", "place", "branch"):
        assert getattr(row, name) == getattr(wrong, name), name
    assert [elections(TODAY + number * DAY) for number in (0, 1)] == [[19], []]
    event = AuditEvent.objects.get(action="election.annul")
    assert (event.actor, event.subject, event.detail) == ("secretary", f"branches.election:{row.pk}", "")


def test_a_mistake_is_said_once_and_with_a_reason(cast, secretary, written):
    wrong = actions.record_election(**secretary, **AKIMS)
    said = {"election": wrong, "by": cast.people.secretary, "today": TODAY, "submission": uuid.uuid4()}
    before = written()
    with pytest.raises(ValidationError) as refused:
        actions.annul_election(**said, note=" ")
    assert list(refused.value.message_dict) == ["note"]
    assert written() == before
    row = actions.annul_election(**said, note="қате")
    assert actions.annul_election(**said, note="қате") == row
    before = written()
    again = {**said, "submission": uuid.uuid4(), "note": "қате"}
    for closed in (wrong, row):
        for say in (
            lambda: actions.annul_election(**{**again, "election": closed}),  # noqa: B023
            lambda: actions.record_election(**secretary, **AKIMS, corrects=closed),  # noqa: B023
        ):
            with pytest.raises(ValidationError) as refused:
                say()
            assert refused.value.messages == [actions.why_closed(row)]
    assert written() == before


def test_what_was_put_right_is_called_a_mistake_by_its_newest_record(cast, secretary, written):
    first = actions.record_election(**secretary, **AKIMS)
    second = actions.record_election(**secretary, **AKIMS | {"won": 18}, corrects=first)
    said = {"by": cast.people.secretary, "today": TODAY, "note": "қате"}
    before = written()
    with pytest.raises(ValidationError) as refused:
        actions.annul_election(election=first, **said)
    assert refused.value.messages == [actions.why_closed(Election.objects.get(pk=first.pk))]
    assert written() == before
    actions.annul_election(election=second, **said)
    assert elections(TODAY) == []


@pytest.mark.parametrize("name", ["reception", "controller", "chair", "observer", "administrator", "other_secretary"])
def test_only_who_keeps_the_organisation_calls_an_election_a_mistake(cast, secretary, written, name):
    wrong = actions.record_election(**secretary, **AKIMS)
    before = written()
    with pytest.raises(PermissionDenied):
        actions.annul_election(election=wrong, by=getattr(cast.people, name), today=TODAY, note="қате")
    assert written() == before


def test_nobody_puts_right_what_is_of_another_branch(cast, secretary, written):
    other = {**secretary, "branch": cast.other, "by": cast.people.other_secretary}
    foreign = actions.record_election(**other, **AKIMS)
    before = written()
    with pytest.raises(ValidationError):
        actions.record_election(**secretary, **AKIMS, corrects=foreign)
    assert written() == before


def test_an_election_is_of_the_land_of_its_branch(cast, abroad, secretary, written):
    near, far = cast.own.district.localities.get(), cast.other.district.localities.get()
    foreign = abroad.district.localities.create(kind="village", name_kk="шет", name_ru="шет", name_en="far")
    oblast = {**secretary, "branch": cast.oblast, "by": cast.people.coordinator}
    assert actions.record_election(**secretary, **AKIMS, locality=near).locality == near
    assert actions.record_election(**oblast, **AKIMS, locality=far).locality == far
    before = written()
    for said, locality in ((secretary, far), (secretary, foreign), (oblast, foreign)):
        with pytest.raises(ValidationError) as refused:
            actions.record_election(**said, **AKIMS, locality=locality)
        assert list(refused.value.message_dict) == ["locality"]
    assert written() == before


# --- offices ---------------------------------------------------------------------------------------------------------
@pytest.fixture
def take(cast):
    """`take("Т. Төраға", day)`: somebody becomes chair of `own`."""

    def say(name, since, position=Position.CHAIR, **said):
        told = {"branch": cast.own, "by": cast.people.secretary, **said}
        return actions.appoint(position=position, full_name=name, since=since, **told)

    return say


def holders(day, position=Position.CHAIR):
    return list(OfficeHolder.objects.on(day).filter(position=position).values_list("full_name", flat=True))


def test_whoever_held_the_office_leaves_it_the_day_before(cast, take):
    first, second = take("А", SPRING), take("Б", TODAY)
    first.refresh_from_db()
    assert (first.since, first.until, second.since, second.until) == (SPRING, TODAY - DAY, TODAY, None)
    assert [holders(day) for day in (SPRING - DAY, SPRING, TODAY - DAY, TODAY)] == [[], ["А"], ["А"], ["Б"]]
    events = AuditEvent.objects.filter(action="office.appoint")
    assert set(events.values_list("actor", "detail")) == {
        ("secretary", "chair, 2025-04-01"),
        ("secretary", "chair, 2025-06-16"),
    }


def test_history_of_three_chairs(take):
    for name, since in (("А", SPRING), ("Б", SPRING + DAY), ("В", TODAY)):
        take(name, since)
    rows = OfficeHolder.objects.order_by("since").values_list("full_name", "since", "until")
    assert list(rows) == [("А", SPRING, SPRING), ("Б", SPRING + DAY, TODAY - DAY), ("В", TODAY, None)]
    assert [len(holders(SPRING + number * DAY)) for number in range(100)] == [1] * 100


def test_whoever_held_it_since_nobody_knows_when_leaves_it_too(cast, take):
    OfficeHolder.objects.create(branch=cast.own, position=Position.CHAIR, full_name="Ескі")
    take("Жаңа", TODAY)
    assert [holders(day) for day in (SPRING, TODAY - DAY, TODAY)] == [["Ескі"], ["Ескі"], ["Жаңа"]]


def test_a_gap_stays_a_gap(cast, take):
    OfficeHolder.objects.create(
        branch=cast.own, position=Position.CHAIR, full_name="А", since=SPRING, until=SPRING + DAY
    )
    take("Б", TODAY)
    assert OfficeHolder.objects.get(full_name="А").until == SPRING + DAY
    assert holders(TODAY - DAY) == []


def test_an_office_is_of_one_branch_and_one_position(cast, take):
    take("А", SPRING)
    take("Б", TODAY, branch=cast.other, by=cast.people.other_secretary)
    take("В", TODAY, position=Position.FACTION_LEADER)
    assert sorted(holders(TODAY)) == ["А", "Б"]
    assert holders(TODAY, Position.FACTION_LEADER) == ["В"]


def test_pressed_twice_it_is_one_appointment(take):
    first = take("А", SPRING)
    assert take(" А ", SPRING) == first
    take("Б", TODAY)
    assert take("А", SPRING) == first  # also after somebody followed
    assert OfficeHolder.objects.count() == 2
    assert holders(TODAY) == ["Б"]


def test_nobody_takes_an_office_behind_somebodys_back(take):
    first = take("А", SPRING)
    with pytest.raises(ValidationError) as refused:
        take("Б", SPRING - DAY)
    assert list(refused.value.message_dict) == ["since"]
    assert OfficeHolder.objects.get() == first
    assert first.until is None


def test_an_appointment_of_a_day_to_come_waits_for_it(take):
    take("А", SPRING)
    take("Б", TODAY + 14 * DAY)
    assert [holders(TODAY + number * DAY) for number in (0, 13, 14)] == [["А"], ["А"], ["Б"]]


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"name": "  "}, "full_name"),
        ({"name": "а" * 201}, "full_name"),
        ({"position": "king"}, "position"),
        ({"since": dt.date(1999, 12, 31)}, "since"),
        ({"since": dt.date(2101, 1, 1)}, "since"),
        ({"since": dt.date.min}, "since"),
    ],
)
def test_what_cannot_be_is_refused_and_nobody_leaves(cast, take, said, field):
    OfficeHolder.objects.create(branch=cast.own, position=Position.CHAIR, full_name="Ескі")
    with pytest.raises(ValidationError) as refused:
        take(**{"name": "Б", "since": TODAY, **said})
    assert list(refused.value.message_dict) == [field]
    assert OfficeHolder.objects.get().until is None


# --- an officer who was entered wrongly ------------------------------------------------------------------------------
def history(position=Position.CHAIR):
    rows = OfficeHolder.objects.filter(position=position).order_by("pk")
    return list(rows.values_list("full_name", "since", "until"))


def test_another_name_on_the_same_day_puts_the_name_right(take):
    take("Абай", SPRING)
    wrong = take("Бекзатт", TODAY - DAY, source="хаттама")
    right = take("Бекзат", TODAY - DAY)
    assert (right.pk, right.source) == (wrong.pk, "хаттама")
    assert history() == [("Абай", SPRING, TODAY - 2 * DAY), ("Бекзат", TODAY - DAY, None)]
    event = AuditEvent.objects.about(right).get(action="office.correct")
    assert (event.actor, event.detail) == ("secretary", "chair, 2025-06-15: full_name")
    told = " ".join(AuditEvent.objects.values_list("detail", flat=True))
    assert not any(name in told for name in ("Абай", "Бекзат"))
    assert take("Бекзат", TODAY - DAY) == right  # pressed twice
    assert AuditEvent.objects.filter(action="office.correct").count() == 1


def test_only_the_newest_name_is_put_right_by_its_day(take):
    take("Абай", SPRING)
    take("Бекзат", TODAY)
    with pytest.raises(ValidationError) as refused:
        take("Абайй", SPRING)
    assert list(refused.value.message_dict) == ["since"]


def test_the_same_name_on_an_earlier_day_puts_the_day_right(take):
    take("Абай", SPRING)
    take("Бекзат", TODAY)
    take("Бекзат", TODAY - 9 * DAY)
    assert history() == [("Абай", SPRING, TODAY - 10 * DAY), ("Бекзат", TODAY - 9 * DAY, None)]
    with pytest.raises(ValidationError) as refused:
        take("Бекзат", SPRING)
    assert list(refused.value.message_dict) == ["since"]
    assert history() == [("Абай", SPRING, TODAY - 10 * DAY), ("Бекзат", TODAY - 9 * DAY, None)]


def test_since_when_somebody_holds_an_office_may_be_learnt_later(cast, take):
    OfficeHolder.objects.create(branch=cast.own, position=Position.CHAIR, full_name="Абай")
    take("Абай", SPRING)
    assert history() == [("Абай", SPRING, None)]


def test_who_comes_back_takes_the_office_anew(cast, take):
    OfficeHolder.objects.create(branch=cast.own, position=Position.CHAIR, full_name="Абай", until=SPRING)
    take("Абай", TODAY)
    assert history() == [("Абай", None, SPRING), ("Абай", TODAY, None)]


@pytest.fixture
def mend(cast):
    """`mend(holder, name, day)`: the secretary of `own` puts right how an officer was entered."""

    def say(holder, name, since, **said):
        told = {"by": cast.people.secretary, "source": "", **said}
        return actions.correct_office(holder=holder, full_name=name, since=since, **told)

    return say


@pytest.mark.parametrize("shift", [-5, 5])
def test_a_wrong_day_is_put_right_in_both_directions(take, mend, shift):
    take("Абай", SPRING)
    second = take("Бекзат", TODAY - 10 * DAY)
    day = TODAY + (shift - 10) * DAY
    assert mend(second, " Бекзатұлы ", day, source="хаттама") == second
    assert history() == [("Абай", SPRING, day - DAY), ("Бекзатұлы", day, None)]
    event = AuditEvent.objects.get(action="office.correct")
    assert event.detail == f"chair, {day}: full_name, since, source"


def test_who_held_the_office_earlier_is_put_right_between_the_others(take, mend):
    take("Абай", SPRING)
    second = take("Бекзат", SPRING + 10 * DAY)
    take("Болат", SPRING + 20 * DAY)
    mend(second, "Бекзатұлы", SPRING + 12 * DAY)
    right = [
        ("Абай", SPRING, SPRING + 11 * DAY),
        ("Бекзатұлы", SPRING + 12 * DAY, SPRING + 19 * DAY),
        ("Болат", SPRING + 20 * DAY, None),
    ]
    assert history() == right
    for day in (SPRING, SPRING + 20 * DAY, None):
        with pytest.raises(ValidationError) as refused:
            mend(second, "Бекзатұлы", day)
        assert list(refused.value.message_dict) == ["since"]
    assert history() == right


def test_a_misspelt_name_is_put_right_where_nobody_knows_the_day(cast, mend):
    holder = OfficeHolder.objects.create(branch=cast.own, position=Position.CHAIR, full_name="Абайй", is_sample=True)
    mend(holder, "Абай", None)
    assert history() == [("Абай", None, None)]
    assert not OfficeHolder.objects.get().is_sample
    mend(holder, "Абай", None)
    assert AuditEvent.objects.filter(action="office.correct").count() == 1


@pytest.mark.parametrize(("name", "since"), [(" ", TODAY), ("а" * 201, TODAY), ("Абай", dt.date(1999, 12, 31))])
def test_what_cannot_be_does_not_put_anything_right(take, mend, name, since):
    first = take("Абайй", SPRING)
    with pytest.raises(ValidationError):
        mend(first, name, since)
    assert history() == [("Абайй", SPRING, None)]


@pytest.mark.parametrize("name", ["reception", "controller", "chair", "observer", "administrator", "other_secretary"])
def test_only_who_keeps_the_organisation_puts_an_officer_right(cast, take, mend, name):
    first = take("Абайй", SPRING)
    with pytest.raises(PermissionDenied):
        mend(first, "Абай", SPRING, by=getattr(cast.people, name))
    assert history() == [("Абайй", SPRING, None)]
