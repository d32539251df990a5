"""What the database itself refuses to keep of places, people and the party's own work, whoever writes past actions."""

import datetime as dt
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db import IntegrityError

from branches.choices import (
    BranchKind,
    ConsentAct,
    ConsentChannel,
    DistrictKind,
    ElectionKind,
    EventKind,
    Frequency,
    HelpKind,
    LocalityKind,
    NoData,
    Period,
    Position,
    ProjectUnit,
    RequestKind,
    RequestState,
    Role,
    WaitingReason,
    Wing,
)
from branches.models import (
    Applicant,
    Assignment,
    Branch,
    CalendarDay,
    Consent,
    ConsentText,
    District,
    Election,
    EventAnnulment,
    FactionReport,
    Locality,
    Maslikhat,
    MembershipReport,
    OfficeHolder,
    PartyProject,
    ProjectIndicator,
    ProjectReport,
    ReceptionEvent,
    ReceptionRule,
    Region,
    Request,
    RequestOpening,
    RequestStep,
    RequestWords,
    StepWords,
    Topic,
    User,
    WingReport,
)
from roadmap.models import Referral, RequestMeasure
from tests.constraints import declared, put, row_of, said_of, stands_already, unique_fields

DAY = dt.date(2025, 6, 16)
BEFORE, AFTER = DAY - dt.timedelta(days=1), DAY + dt.timedelta(days=1)
FIRST, LAST, TOO_EARLY, TOO_LATE = 2000, 2100, 1999, 2101
HEX = "0" * 64


@pytest.fixture
def ground(cast, abroad):
    """One of everything that the rows below hang on."""
    request = cast.add_request(today=DAY)
    bare = {"region": cast.region, "kind": DistrictKind.CITY, **names("қала"), **shorts("қала")}
    return SimpleNamespace(
        cast=cast,
        author=cast.people.secretary,
        nobody=cast.people.nobody,
        region=cast.region,
        district=cast.own.district,
        bare_district=District.objects.create(slug="bare", kato="430000008", river_order=8, **bare),
        other_bare_district=District.objects.create(slug="bare-too", kato="430000009", river_order=9, **bare),
        locality=cast.own.district.localities.get(),
        branch=cast.own,
        other=cast.other,
        topic=cast.topics[0],
        project=cast.project,
        indicator=cast.indicator,
        maslikhat=Maslikhat.objects.create(branch=cast.other, seats=15, **names("мәслихат")),
        event=put_new(
            ReceptionEvent(
                branch=cast.own, author=cast.people.secretary, entered_on=DAY, held_on=DAY, kind="mobile", place="үй"
            )
        ),
        election=put_new(
            Election(
                branch=cast.own,
                author=cast.people.secretary,
                entered_on=DAY,
                kind=ElectionKind.RURAL_AKIM,
                held_on=DAY,
                nominated=1,
                won=1,
            )
        ),
        request=request,
        applicant=request.applicant,
        other_request=cast.add_request(today=DAY),
        step=request.steps.get(),
        text=ConsentText.objects.get(),
        measure=cast.add_measure(),
    )


def put_new(row):
    put(row)
    return type(row)._default_manager.get()


def names(word):
    return {"name_kk": word, "name_ru": word, "name_en": word}


def shorts(word):
    return {"short_kk": word, "short_ru": word, "short_en": word}


NAMES = names("атау")
SAID = {"entered_on": DAY}
# A row of each table as it may be; words that name a thing of `ground` stand for it.
RIGHT = {
    Region: NAMES | {"slug": "new", "kato": "990000000"},
    District: NAMES
    | shorts("атау")
    | {"region": "region", "slug": "new", "kato": "430000007", "kind": DistrictKind.CITY, "river_order": 7},
    Locality: NAMES | {"district": "district", "kind": LocalityKind.RURAL_OKRUG},
    Branch: NAMES | {"slug": "new", "kind": BranchKind.TERRITORIAL, "region": "region", "district": "bare_district"},
    User: {"username": "new"},
    Assignment: {"user": "nobody", "role": Role.OBSERVER, "branch": "branch"},
    OfficeHolder: {"branch": "branch", "position": Position.CHAIR, "full_name": "Т. Төраға"},
    MembershipReport: SAID | {"branch": "branch", "as_on": DAY, "primary_organisations": 20, "members": 4600},
    WingReport: SAID | {"branch": "branch", "as_on": DAY, "wing": Wing.WOMEN, "members": 7},
    Maslikhat: NAMES | {"branch": "branch", "seats": 1},
    FactionReport: SAID | {"branch": "branch", "maslikhat": "maslikhat", "as_on": DAY, "members": 12},
    Election: SAID
    | {"branch": "branch", "kind": ElectionKind.MASLIKHAT, "held_on": DAY, "seats": 15, "nominated": 15, "won": 12},
    Applicant: {"branch": "branch"},
    ConsentText: NAMES | {"version": "2", "valid_from": DAY, "text_kk": "а", "text_ru": "б", "text_en": "c"},
    Consent: SAID
    | {
        "applicant": "applicant",
        "text": "text",
        "act": ConsentAct.WITHDRAWN,
        "channel": ConsentChannel.ORAL,
        "happened_on": DAY,
    },
    PartyProject: NAMES | {"key": "new", "valid_from": DAY},
    ProjectIndicator: NAMES | {"key": "new.people", "unit": ProjectUnit.PEOPLE},
    ProjectReport: SAID
    | {"indicator": "indicator", "branch": "branch", "year": 2025, "period": Period.Q1, "plan": 5, "fact": 7},
    Topic: NAMES | {"key": "new"},
    ReceptionRule: {"branch": "branch"},
    ReceptionEvent: SAID | {"branch": "branch", "kind": EventKind.MOBILE, "held_on": DAY, "place": "мектеп"},
    EventAnnulment: SAID | {"event": "event", "note": "қате"},
    Request: SAID
    | {
        "branch": "branch",
        "year": 2025,
        "number": 7,
        "topic": "topic",
        "applicant": "applicant",
        "received_on": DAY,
        "due_on": AFTER,
    },
    RequestStep: SAID | {"request": "request", "state": RequestState.IN_WORK, "happened_on": DAY, "due_on": AFTER},
    RequestOpening: {"request": "request", "reader": "nobody"},
    CalendarDay: {"date": DAY, "is_working": False},
    RequestMeasure: SAID | {"request": "request", "measure": "measure"},
    Referral: SAID | {"request": "request", "note": "қараңыз"},
}
STILL = {"due_on": None}
WAITING = STILL | {"state": RequestState.WAITING, "reason": WaitingReason.COURT, "days_left": 3}
FORWARDED = {"state": RequestState.FORWARDED, "forwarded_to": "су арнасы", "days_left": 3}
POSITIVE = STILL | {"state": RequestState.POSITIVE, "help_kind": HelpKind.ADVICE}
IN_REGION = {"branch": None, "region": "region"}
# What may be said, too: the boundaries.
ALSO_RIGHT = [
    (Branch, {"kind": BranchKind.TERRITORIAL, "district": "other_bare_district"}),
    (Assignment, IN_REGION),
    (OfficeHolder, {"since": DAY}),
    (OfficeHolder, {"until": DAY}),
    (OfficeHolder, {"since": DAY, "until": DAY}),
    (MembershipReport, {"as_on": BEFORE, "members": 0, "primary_organisations": 0}),
    (Election, {"seats": 1, "nominated": 0, "won": 0}),
    (Election, {"seats": 1, "nominated": 3, "won": 1, "held_on": BEFORE}),
    (Election, {"corrects": "election"}),
    (Election, {"corrects": "election", "is_mistake": True}),
    (Applicant, {"name_digest": HEX, "phone_digest": HEX, "iin_digest": HEX}),
    (Applicant, {"anonymised_on": DAY}),
    (Consent, {"act": ConsentAct.GIVEN, "happened_on": BEFORE}),
    (PartyProject, {"valid_until": DAY}),
    (ProjectIndicator, {"frequency": Frequency.YEARLY, "unit": ProjectUnit.TENGE}),
    (ProjectReport, {"plan": None, "fact": 0, "qualifier": "more_than", "year": FIRST}),
    (ProjectReport, {"plan": 0, "fact": None, "no_data": NoData.AWAITED, "year": LAST}),
    (ProjectReport, {"plan": None, "fact": None}),
    (ReceptionRule, {"answer_days": 1, "mandates_from": DAY, "mandates_until": DAY}),
    (ReceptionRule, {"answer_days": 90}),
    (ReceptionEvent, {"held_on": BEFORE}),
    (Request, {"year": FIRST, "number": 1, "kind": RequestKind.MANDATE, "received_on": BEFORE, "due_on": DAY}),
    (RequestStep, {"is_recount": True}),
    (RequestStep, {"happened_on": BEFORE}),
    (RequestStep, WAITING | {"days_left": -3}),
    (RequestStep, FORWARDED),
    (RequestStep, POSITIVE),
    *((RequestStep, STILL | {"state": state}) for state in ("explained", "refused", "withdrawn", "mistake")),
    (RequestMeasure, {"is_linked": False}),
]
# What the database refuses, by the constraint that it names.
WRONG = {
    "region_kato": [(Region, {"kato": kato}) for kato in ("43000000", "43000000x", "")],
    "district_kind": [(District, {"kind": "planet"})],
    "district_kato": [(District, {"kato": kato}) for kato in ("43000000", "43000000x", "")],
    "locality_kind": [(Locality, {"kind": "planet"})],
    "branch_territorial_has_a_district": [
        (Branch, {"district": None}),
        (Branch, {"kind": BranchKind.REGIONAL}),
        (Branch, {"kind": "guild"}),
    ],
    "user_language": [(User, {"language": "de"})],
    "assignment_role": [(Assignment, {"role": "king"})],
    "assignment_branch_or_region": [(Assignment, {"branch": None}), (Assignment, {"region": "region"})],
    "officeholder_position": [(OfficeHolder, {"position": "king"})],
    "officeholder_since_before_until": [(OfficeHolder, {"since": DAY, "until": BEFORE})],
    "membership_qualifier": [(MembershipReport, {"qualifier": "about"})],
    "membership_not_of_the_future": [(MembershipReport, {"as_on": AFTER})],
    "wingreport_wing": [(WingReport, {"wing": "left"})],
    "wingreport_not_of_the_future": [(WingReport, {"as_on": AFTER})],
    "maslikhat_has_seats": [(Maslikhat, {"seats": 0})],
    "factionreport_not_of_the_future": [(FactionReport, {"as_on": AFTER})],
    "election_kind": [(Election, {"kind": "president"})],
    "election_not_of_the_future": [(Election, {"held_on": AFTER})],
    "election_has_seats": [(Election, {"seats": 0, "won": 0})],
    "election_won_of_the_nominated": [(Election, {"nominated": 11}), (Election, {"seats": 11})],
    "applicant_anonymised_is_not_found": [
        (Applicant, {"anonymised_on": DAY, name: HEX}) for name in ("name_digest", "phone_digest", "iin_digest")
    ],
    "consent_act": [(Consent, {"act": "perhaps"})],
    "consent_channel": [(Consent, {"channel": "dream"})],
    "consent_not_of_the_future": [(Consent, {"happened_on": AFTER})],
    "partyproject_from_before_until": [(PartyProject, {"valid_until": BEFORE})],
    "projectindicator_unit": [(ProjectIndicator, {"unit": "parsecs"})],
    "projectindicator_frequency": [(ProjectIndicator, {"frequency": "never"})],
    "projectreport_period": [(ProjectReport, {"period": "q5"}), (ProjectReport, {"period": ""})],
    "projectreport_year": [(ProjectReport, {"year": year}) for year in (TOO_EARLY, TOO_LATE)],
    "projectreport_qualifier": [(ProjectReport, {"qualifier": "about"})],
    "projectreport_no_data": [(ProjectReport, {"fact": None, "no_data": "see text"})],
    "projectreport_not_negative": [(ProjectReport, {"plan": -1}), (ProjectReport, {"fact": -1})],
    "projectreport_fact_or_why_not": [(ProjectReport, {"no_data": NoData.OTHER})],
    "receptionrule_answer_days": [(ReceptionRule, {"answer_days": days}) for days in (0, 91)],
    "receptionrule_mandates_from_until": [
        (ReceptionRule, {"mandates_from": DAY, "mandates_until": BEFORE}),
        (ReceptionRule, {"mandates_from": DAY}),
        (ReceptionRule, {"mandates_until": DAY}),
    ],
    "event_kind": [(ReceptionEvent, {"kind": "concert"})],
    "event_not_of_the_future": [(ReceptionEvent, {"held_on": AFTER})],
    "election_mistake_is_of_another": [(Election, {"is_mistake": True})],
    "eventannulment_has_a_note": [(EventAnnulment, {"note": ""})],
    "request_number_from_one": [(Request, {"number": 0})],
    "request_year": [(Request, {"year": year}) for year in (TOO_EARLY, TOO_LATE)],
    "request_channel": [(Request, {"channel": "pigeon"})],
    "request_kind": [(Request, {"kind": "song"})],
    "request_not_of_the_future": [(Request, {"received_on": AFTER, "due_on": AFTER + dt.timedelta(days=1)})],
    "request_due_after_received": [(Request, {"due_on": DAY})],
    "requeststep_state": [(RequestStep, STILL | {"state": "forgotten"})],
    "requeststep_not_of_the_future": [(RequestStep, {"happened_on": AFTER})],
    "requeststep_waits_for_a_reason": [
        (RequestStep, WAITING | {"reason": ""}),
        (RequestStep, {"reason": WaitingReason.COURT}),
    ],
    "requeststep_reason": [(RequestStep, WAITING | {"reason": "rain"})],
    "requeststep_forwarded_to_a_body": [
        (RequestStep, FORWARDED | {"forwarded_to": ""}),
        (RequestStep, FORWARDED | {"due_on": None}),
        (RequestStep, {"forwarded_to": "су арнасы"}),
    ],
    "requeststep_stopped_with_days_left": [
        (RequestStep, WAITING | {"days_left": None}),
        (RequestStep, FORWARDED | {"days_left": None}),
        (RequestStep, {"days_left": 3}),
        (RequestStep, POSITIVE | {"days_left": 3}),
    ],
    "requeststep_due_while_the_clock_runs": [
        (RequestStep, {"due_on": None}),
        (RequestStep, {"state": RequestState.REGISTERED, "due_on": None}),
        (RequestStep, WAITING | {"due_on": DAY}),
        (RequestStep, POSITIVE | {"due_on": DAY}),
    ],
    "requeststep_positive_names_the_help": [
        (RequestStep, POSITIVE | {"help_kind": ""}),
        (RequestStep, POSITIVE | {"help_kind": "magic"}),
        (RequestStep, {"help_kind": HelpKind.ADVICE}),
    ],
    "referral_has_a_note": [(Referral, {"note": ""})],
}
# What these refuse, another refuses, too; a database names the one that it looks at first.
TWICE = {"requeststep_forwarded_to_a_body": "requeststep_due_while_the_clock_runs"}
# What stands once: which columns may not be shared; a row that stands, one that is refused then, one that is kept.
ONCE = {
    "district_one_place_on_the_river": (
        District,
        ["region_id", "river_order"],
        {},
        {"slug": "third", "kato": "430000006"},
        {"slug": "third", "kato": "430000006", "river_order": 6},
    ),
    "locality_once_in_a_district": (
        Locality,
        ["district_id", "kind", "name_kk"],
        {},
        {},
        {"kind": LocalityKind.VILLAGE},
    ),
    "locality_one_centre_of_a_district": (
        Locality,
        ["district_id"],
        {"is_centre": True},
        {"is_centre": True, "name_kk": "екінші"},
        {"is_centre": False, "name_kk": "екінші"},
    ),
    "branch_one_regional_of_a_region": (
        Branch,
        ["region_id"],
        None,  # the cast has one
        {"kind": BranchKind.REGIONAL, "district": None},
        {},
    ),
    "assignment_once_in_a_branch": (Assignment, ["user_id", "role", "branch_id"], {}, {}, {"role": Role.CHAIR}),
    "assignment_once_in_a_region": (
        Assignment,
        ["user_id", "role", "region_id"],
        IN_REGION,
        IN_REGION,
        IN_REGION | {"role": Role.CHAIR},
    ),
    "request_number_once": (Request, ["branch_id", "year", "number"], {}, {}, {"number": 8}),
}
# Single columns that are not shared, with what else differs between two rows.
ALONE = {
    (Region, "slug"): {"kato": "990000001"},
    (Region, "kato"): {"slug": "third"},
    (District, "slug"): {"kato": "430000006", "river_order": 6},
    (District, "kato"): {"slug": "third", "river_order": 6},
    (Branch, "slug"): {"district": "other_bare_district"},
    (Branch, "district_id"): {"slug": "third"},
    (User, "username"): {},
    (Maslikhat, "branch_id"): {},
    (Election, "corrects_id"): {"won": 11},
    (ConsentText, "version"): {},
    (CalendarDay, "date"): {"is_working": True},
    (PartyProject, "key"): {},
    (ProjectIndicator, "key"): {},
    (Topic, "key"): {},
    (ReceptionRule, "branch_id"): {"answer_days": 7},
    (EventAnnulment, "event_id"): {"note": "тағы"},
    (Referral, "request_id"): {"note": "тағы"},
}
# Words stand beside what they are of, once: a request and a step that are registered have theirs already.
WORDS = [(RequestWords, "request_id"), (StepWords, "step_id")]
AREA = {*apps.get_app_config("branches").get_models(), Referral, RequestMeasure}


@pytest.mark.parametrize(
    ("model", "change"),
    [*((model, {}) for model in RIGHT), *ALSO_RIGHT],
    ids=said_of([*((model, {}) for model in RIGHT), *ALSO_RIGHT]),
)
def test_what_may_be_said_is_kept(ground, model, change):
    before = model._default_manager.count()
    put(row_of(RIGHT, model, ground, change))
    assert model._default_manager.count() == before + 1


@pytest.mark.parametrize(
    ("constraint", "model", "change"),
    [(name, model, change) for name, pairs in WRONG.items() for model, change in pairs],
)
def test_the_database_refuses(ground, constraint, model, change):
    before = model._default_manager.count()
    with pytest.raises(IntegrityError, match=rf"\b({constraint}|{TWICE.get(constraint, constraint)})\b"):
        put(row_of(RIGHT, model, ground, change))
    assert model._default_manager.count() == before


@pytest.mark.parametrize("constraint", ONCE)
def test_what_stands_once(ground, constraint):
    model, columns, stands, refused, kept = ONCE[constraint]
    if stands is not None:
        put(row_of(RIGHT, model, ground, stands))
    with pytest.raises(IntegrityError, match=stands_already(model, columns, constraint)):
        put(row_of(RIGHT, model, ground, refused))
    put(row_of(RIGHT, model, ground, kept))


@pytest.mark.parametrize(("model", "column"), ALONE, ids=lambda part: part if isinstance(part, str) else part.__name__)
def test_what_no_two_rows_share(ground, model, column):
    same = {"corrects": "election"} if model is Election else {}
    put(row_of(RIGHT, model, ground, same))
    with pytest.raises(IntegrityError, match=stands_already(model, [column])):
        put(row_of(RIGHT, model, ground, same | ALONE[model, column]))


@pytest.mark.parametrize(("model", "column"), WORDS)
def test_words_stand_once_beside_what_they_are_of(ground, model, column):
    of = column.removesuffix("_id")
    model.objects.filter(**{of: getattr(ground, of)}).delete()
    put(model(**{of: getattr(ground, of)}))
    with pytest.raises(IntegrityError, match=stands_already(model, [column])):
        put(model(**{of: getattr(ground, of)}))


def test_two_clerks_do_not_give_one_number(ground):
    """Of one branch and year; another branch, or another year, has its own."""
    first = ground.request
    same = {"number": first.number, "year": first.year}
    with pytest.raises(IntegrityError, match=stands_already(*ONCE["request_number_once"][:2], "request_number_once")):
        put(row_of(RIGHT, Request, ground, same))
    put(row_of(RIGHT, Request, ground, same | {"branch": "other"}))
    put(row_of(RIGHT, Request, ground, same | {"year": first.year - 1}))


def test_no_submission_makes_two_rows_of_a_table(ground):
    entered = [model for model in RIGHT if any(field.name == "submission" for field in model._meta.fields)]
    assert {model for model in AREA if any(field.name == "submission" for field in model._meta.fields)} == {*entered}
    another = {Request: {"number": 8}}  # so that nothing else is the same
    for model in entered:
        if model in (EventAnnulment, Referral):  # of one thing one is said: only of the same could it be said twice
            continue
        first, second = row_of(RIGHT, model, ground), row_of(RIGHT, model, ground, another.get(model))
        second.submission = first.submission
        put(first)
        with pytest.raises(IntegrityError, match="submission"):
            put(second)


COUNTS = [
    (model, field.name)
    for model in RIGHT
    for field in model._meta.concrete_fields
    if field.get_internal_type().startswith("Positive")
]


@pytest.mark.parametrize(("model", "name"), COUNTS, ids=[f"{model.__name__} {name}" for model, name in COUNTS])
def test_what_is_counted_is_not_below_nothing(ground, model, name):
    with pytest.raises(IntegrityError):
        put(row_of(RIGHT, model, ground, {name: -1}))


def test_no_constraint_is_left_out():
    """A new constraint, or a new model with one: say above what it refuses."""
    assert declared(AREA) == WRONG.keys() | ONCE.keys()
    assert unique_fields(AREA) == ALONE.keys() | WORDS
