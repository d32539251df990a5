"""What the database itself refuses to keep of control and councils, whoever writes past the actions."""

import datetime as dt
from types import SimpleNamespace

import pytest
from django.db import IntegrityError

from roadmap import actions
from roadmap.choices import (
    CHECKLIST,
    BodyKind,
    CheckMark,
    ClosingReason,
    MeetingKind,
    PostEvent,
    RecommendationState,
    Severity,
    SiteKind,
    SiteState,
    Status,
    Verdict,
    VisitKind,
)
from roadmap.models import (
    AgendaItem,
    Body,
    ControlPost,
    Finding,
    Meeting,
    MeetingAnnulment,
    MeetingFile,
    Photo,
    PostChange,
    PostSite,
    Recommendation,
    RecommendationStep,
    Site,
    SiteStateChange,
    SiteVisit,
    Verification,
)
from tests.constraints import declared, put, row_of, said_of, stands_already

DAY = dt.date(2025, 6, 16)
BEFORE, AFTER = DAY - dt.timedelta(days=1), DAY + dt.timedelta(days=1)


@pytest.fixture
def ground(cast):
    """One of everything that the rows below hang on."""
    control = {"by": cast.people.controller, "today": DAY}
    site, body = cast.add_site(), cast.add_body("other")
    visit = actions.record_visit(site=site, **control, readiness=10).visit
    meeting = actions.record_meeting(body=body, **control, held_on=DAY, agenda=[actions.Point("есеп")])
    advice = actions.Advice("жөндеу", "мердігер", DAY)
    recommendation = actions.issue_recommendation(branch=cast.own, **control, monitoring="I тоқсан", advice=advice)
    measure = cast.add_measure()
    claim = actions.report_status(measure=measure, by=cast.people.secretary, today=DAY, status=Status.DONE).report
    return SimpleNamespace(
        cast=cast,
        author=cast.people.controller,
        secretary=cast.people.secretary,
        branch=cast.own,
        district=cast.own.district,
        site=site,
        post=cast.add_post(site),
        bare_site=cast.add_site(),
        visit=visit,
        other_visit=actions.record_visit(site=site, **control, readiness=20).visit,
        body=body,
        meeting=meeting,
        recommendation=recommendation,
        measure=measure,
        claim=claim,
        request=cast.add_request(today=DAY),
    )


SAID = {"entered_on": DAY}
FILE = {"name": "a.pdf", "content_type": "application/pdf", "size": 7, "sha256": "0" * 64}
# A row of each table as it may be; words that name a thing of `ground` stand for it.
RIGHT = {
    Site: SAID | {"branch": "branch", "kind": SiteKind.ROAD, "name": "жол", "district": "district"},
    SiteStateChange: SAID | {"site": "site", "state": SiteState.CONSTRUCTION, "happened_on": DAY},
    ControlPost: SAID | {"branch": "branch", "number": 7, "chair": "төраға", "opened_on": DAY},
    PostSite: SAID | {"post": "post", "site": "bare_site"},
    PostChange: SAID
    | {"post": "post", "event": PostEvent.CLOSED, "reason": ClosingReason.CANCELLED, "happened_on": DAY},
    SiteVisit: SAID | {"site": "site", "visited_on": DAY, "readiness": 50},
    Finding: {"visit": "visit", "severity": Severity.MINOR, "text": "қоқыс"},
    Photo: FILE | {"visit": "visit", "width": 4, "height": 3},
    Body: {"branch": "branch", "kind": BodyKind.COMMISSION, "name_kk": "а", "name_ru": "б", "name_en": "c"},
    Meeting: SAID | {"body": "body", "held_on": DAY},
    MeetingAnnulment: SAID | {"meeting": "meeting", "note": "қате"},
    MeetingFile: FILE | {"meeting": "meeting"},
    AgendaItem: {"meeting": "meeting", "position": 2, "title": "есеп"},
    Recommendation: SAID
    | {"branch": "branch", "monitoring": "II тоқсан", "text": "а", "addressee": "б", "issued_on": DAY, "due_on": DAY},
    RecommendationStep: SAID
    | {"recommendation": "recommendation", "state": RecommendationState.IN_WORK, "happened_on": DAY},
    Verification: SAID
    | {
        "measure": "measure",
        "report": "claim",
        "reporter": "secretary",
        "verdict": Verdict.CONFIRMS,
        "seen_on": DAY,
        "visit": "visit",
    },
}
# What may be said, too: the boundaries.
ALSO_RIGHT = [
    (Site, {"contractor_bin": "123456789012", "contract_date": DAY, "contract_until": DAY}),
    (Site, {"carried_over_from": 2000}),
    (SiteStateChange, {"state": SiteState.COMMISSIONED}),
    (SiteStateChange, {"state": SiteState.SUSPENDED, "note": "қаржы жоқ"}),
    (PostChange, {"event": PostEvent.REOPENED, "reason": "", "note": "қайта"}),
    (SiteVisit, {"readiness": 0, "quality": CheckMark.REMARKS, "quality_note": "жарық"}),
    (SiteVisit, {"readiness": 100, "kind": VisitKind.RAID}),
    (Finding, {"severity": Severity.CRITICAL, "due_on": BEFORE}),
    (Photo, {"latitude": -90, "longitude": 180}),
    (Body, {"kind": BodyKind.COUNCIL}),
    (Meeting, {"kind": MeetingKind.TRAVELLING, "held_on": BEFORE}),
    (Recommendation, {"monitoring": "", "meeting": "meeting"}),
    (Recommendation, {"monitoring": "", "visit": "visit"}),
    (Recommendation, {"monitoring": "", "request": "request"}),
    (RecommendationStep, {"state": RecommendationState.VERIFIED, "done_by": "secretary"}),
    (RecommendationStep, {"state": RecommendationState.WITHDRAWN, "note": "артық"}),
    (Verification, {"visit": None, "basis": "акт"}),
]
# What the database refuses, by the constraint that it names.
WRONG = {
    "site_kind": [(Site, {"kind": "castle"})],
    "site_contractor_bin": [(Site, {"contractor_bin": bin}) for bin in ("12345678901", "12345678901x", " ")],
    "site_contract_dates_in_order": [(Site, {"contract_date": DAY, "contract_until": BEFORE})],
    "site_carried_over_from": [(Site, {"carried_over_from": year}) for year in (1999, 2101)],
    "sitestate_state": [(SiteStateChange, {"state": "ruined", "note": "а"})],
    "sitestate_not_of_the_future": [(SiteStateChange, {"happened_on": AFTER})],
    "sitestate_trouble_has_a_note": [
        (SiteStateChange, {"state": state}) for state in (SiteState.DEFECTS, SiteState.SUSPENDED, SiteState.CANCELLED)
    ],
    "post_not_of_the_future": [(ControlPost, {"opened_on": AFTER})],
    "postchange_event": [(PostChange, {"event": "moved", "note": "а"})],
    "postchange_closing_has_a_reason": [
        (PostChange, {"reason": ""}),
        (PostChange, {"reason": "boredom"}),
        (PostChange, {"event": PostEvent.REOPENED, "note": "а"}),
    ],
    "postchange_reopening_has_a_note": [(PostChange, {"event": PostEvent.REOPENED, "reason": ""})],
    "postchange_not_of_the_future": [(PostChange, {"happened_on": AFTER})],
    "visit_kind": [(SiteVisit, {"kind": "party"})],
    "visit_readiness": [(SiteVisit, {"readiness": 101})],
    "visit_not_of_the_future": [(SiteVisit, {"visited_on": AFTER})],
    **{f"visit_{point}": [(SiteVisit, {point: "maybe"})] for point in CHECKLIST},
    **{f"visit_{point}_remarks_are_said": [(SiteVisit, {point: CheckMark.REMARKS})] for point in CHECKLIST},
    "finding_severity": [(Finding, {"severity": "funny", "due_on": DAY})],
    "finding_grave_has_a_day": [(Finding, {"severity": severity}) for severity in (Severity.MAJOR, Severity.CRITICAL)],
    "photo_not_empty": [(Photo, {"size": 0})],
    "photo_place_on_earth": [
        (Photo, {"latitude": latitude, "longitude": longitude})
        for latitude, longitude in ((91, 0), (-91, 0), (0, 181), (0, -181), (None, 65), (44, None))
    ],
    "body_kind": [(Body, {"kind": "orchestra"})],
    "meeting_kind": [(Meeting, {"kind": "secret"})],
    "meeting_not_of_the_future": [(Meeting, {"held_on": AFTER})],
    "annulment_has_a_note": [(MeetingAnnulment, {"note": ""})],
    "meetingfile_not_empty": [(MeetingFile, {"size": 0})],
    "recommendation_exactly_one_origin": [
        (Recommendation, {"monitoring": ""}),
        (Recommendation, {"meeting": "meeting"}),
        (Recommendation, {"visit": "visit"}),
        (Recommendation, {"request": "request"}),
        (Recommendation, {"monitoring": "", "meeting": "meeting", "request": "request"}),
        (Recommendation, {"monitoring": "", "visit": "visit", "request": "request"}),
        (Recommendation, {"monitoring": "", "meeting": "meeting", "visit": "visit"}),
        (Recommendation, {"meeting": "meeting", "visit": "visit"}),
    ],
    "recommendation_not_of_the_future": [(Recommendation, {"issued_on": AFTER, "due_on": AFTER})],
    "recommendation_due_after_issued": [(Recommendation, {"due_on": BEFORE})],
    "step_state": [(RecommendationStep, {"state": "forgotten"})],
    "step_not_of_the_future": [(RecommendationStep, {"happened_on": AFTER})],
    "step_verified_names_who_said_done": [
        (RecommendationStep, {"state": RecommendationState.VERIFIED}),
        (RecommendationStep, {"state": RecommendationState.DONE, "done_by": "secretary"}),
    ],
    "step_not_of_ones_own": [(RecommendationStep, {"state": RecommendationState.VERIFIED, "done_by": "author"})],
    "step_refusal_has_a_note": [
        (RecommendationStep, {"state": state})
        for state in (RecommendationState.NOT_DONE, RecommendationState.WITHDRAWN)
    ],
    "verification_rests_on_something": [(Verification, {"visit": None})],
    "verification_not_of_ones_own_report": [(Verification, {"reporter": "author"})],
    "verification_not_of_the_future": [(Verification, {"seen_on": AFTER})],
    "verification_verdict": [(Verification, {"verdict": "perhaps"})],
    "verification_refutation_has_an_outcome": [(Verification, {"verdict": Verdict.REFUTES, "note": "жоқ"})],
    "verification_refutation_has_a_note": [(Verification, {"verdict": Verdict.REFUTES, "outcome": "claim"})],
}
# What these refuse, another refuses, too; a database names the one that it looks at first.
TWICE = {
    "postchange_event": "postchange_closing_has_a_reason",
    "verification_verdict": "verification_refutation_has_an_outcome",
}
# What stands once: the row that stands, the columns that it may not share, a row that shares not all of them.
ONCE = {
    "post_number_once": (ControlPost, ["branch_id", "number"], {"number": 8}),
    "postsite_once": (PostSite, ["post_id", "site_id"], None),
    "finding_position_once": (Finding, ["visit_id", "position"], {"position": 2}),
    "body_one_commission_of_a_branch": (Body, ["branch_id"], {"kind": BodyKind.COUNCIL}),
    "agenda_position_once": (AgendaItem, ["meeting_id", "position"], {"position": 3}),
    "verification_once_a_visit": (Verification, ["visit_id", "measure_id"], {"visit": "other_visit"}),
}


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


def test_readiness_is_not_below_nothing(ground):
    with pytest.raises(IntegrityError, match="readiness"):
        put(row_of(RIGHT, SiteVisit, ground, {"readiness": -1}))


@pytest.mark.parametrize("constraint", ONCE)
def test_what_stands_once(ground, constraint):
    model, columns, another = ONCE[constraint]
    put(row_of(RIGHT, model, ground))
    with pytest.raises(IntegrityError, match=stands_already(model, columns, constraint)):
        put(row_of(RIGHT, model, ground))
    if another:
        put(row_of(RIGHT, model, ground, another))


def test_a_meeting_is_annulled_once(ground):
    put(row_of(RIGHT, MeetingAnnulment, ground))
    with pytest.raises(IntegrityError, match="meeting_id"):
        put(row_of(RIGHT, MeetingAnnulment, ground))


def test_no_submission_makes_two_rows_of_a_table(ground):
    another = {ControlPost: {"number": 8}, Verification: {"visit": "other_visit"}}  # so that nothing else is the same
    entered = [model for model in RIGHT if any(field.name == "submission" for field in model._meta.fields)]
    assert len(entered) == 10
    for model in entered:
        if model is MeetingAnnulment:  # a meeting has one: nothing but the same meeting could be said
            continue
        first, second = row_of(RIGHT, model, ground), row_of(RIGHT, model, ground, another.get(model))
        second.submission = first.submission
        put(first)
        with pytest.raises(IntegrityError, match="submission"):
            put(second)


def test_no_constraint_is_left_out():
    """A new constraint: say above what it refuses."""
    assert declared(RIGHT) == WRONG.keys() | ONCE.keys()
