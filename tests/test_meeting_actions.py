"""Meetings of commissions and councils, and the way of their recommendations to the end; each rule at its edge."""

import datetime as dt
import itertools
import uuid

import pytest
from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation

from amanat_tracker.generic.uploads import check_upload
from branches.choices import Role
from branches.models import Assignment, AuditEvent, User
from roadmap import actions
from roadmap.actions import Advice, Point
from roadmap.choices import FOLLOWED_TO_THE_END, SAYABLE, BodyKind, MeetingKind, RecommendationState
from roadmap.models import (
    AgendaItem,
    Body,
    Meeting,
    MeetingAnnulment,
    MeetingFile,
    Recommendation,
    RecommendationStep,
)

DAY = dt.timedelta(days=1)
PDF = b"%PDF-1.7\n"
FAR = dt.date(2025, 7, 1)
ISSUED, IN_WORK, DONE, VERIFIED, NOT_DONE, WITHDRAWN = (
    RecommendationState.ISSUED,
    RecommendationState.IN_WORK,
    RecommendationState.DONE,
    RecommendationState.VERIFIED,
    RecommendationState.NOT_DONE,
    RecommendationState.WITHDRAWN,
)


@pytest.fixture(autouse=True)
def in_english():
    """Messages are compared in the language of the source."""
    with translation.override("en"):
        yield


@pytest.fixture
def people(cast, abroad):
    """The cast, with a second inspector, one of `other` only, and one of another region."""
    for name, where in (("second", {"region": cast.region}), ("other_controller", {"branch": cast.other})):
        user = User.objects.create_user(name)
        Assignment.objects.create(user=user, role=Role.CONTROLLER, **where)
        setattr(cast.people, name, user)
    cast.people.abroad = abroad.controller
    return cast.people


@pytest.fixture
def control(cast):
    """By whom and when, unless a test says otherwise."""
    return {"by": cast.people.controller, "today": cast.today}


@pytest.fixture
def commission(cast):
    return cast.add_body()


@pytest.fixture
def hold(cast, control, commission):
    """`hold(advice=[…])`: a meeting of the commission of `own` today, unless said otherwise."""

    def meet(**said):
        said = {"body": commission, **control, "held_on": cast.today, "agenda": [Point("есеп")], **said}
        return actions.record_meeting(**said)

    return meet


@pytest.fixture
def issue(cast, control):
    """`issue()`: a recommendation from monitoring of `own`, today, unless said otherwise."""

    def advise(text="жөндеу", **said):
        advice = Advice(text, said.pop("addressee", "мердігер"), said.pop("due_on", FAR), **said.pop("about", {}))
        said = {"branch": cast.own, **control, "monitoring": "II тоқсан мониторингі", **said}
        return actions.issue_recommendation(advice=advice, **said)

    return advise


@pytest.fixture
def refused(written):
    """`with refused("note"): …`: a ValidationError of exactly these fields, and nothing is written."""

    class Refusal:
        def __init__(self, *fields, match=""):
            self.fields, self.match = fields or (NON_FIELD_ERRORS,), match

        def __enter__(self):
            self.before = written()

        def __exit__(self, kind, error, traceback):
            assert kind is ValidationError, error
            named = error.message_dict if hasattr(error, "error_dict") else {NON_FIELD_ERRORS: error.messages}
            assert set(named) == set(self.fields), named
            assert self.match in " ".join(error.messages)
            assert written() == self.before
            return True

    return Refusal


def events(row):
    """The audit of a row, oldest first."""
    return list(AuditEvent.objects.about(row).order_by("id").values_list("actor", "action", "detail"))


def files(directory):
    return [path for path in directory.rglob("*") if path.is_file()]


def upload(name="хаттама.pdf"):
    return check_upload(SimpleUploadedFile(name, PDF))


def state(recommendation, day):
    """Where a recommendation stands on a day."""
    return Recommendation.objects.as_of(day).get(pk=recommendation.pk).day_state


# --- meetings --------------------------------------------------------------------------------------------------------
def test_a_meeting_is_recorded_with_everything_that_was_said(cast, hold, issue, commission, evidence_directory):
    measure, site, earlier = cast.add_measure(), cast.add_site(), issue()
    held_on = cast.today - 3 * DAY
    meeting = hold(
        kind=MeetingKind.TRAVELLING,
        held_on=held_on,
        place=" Теріңөзек ",
        minutes_number=" 7 ",
        present=11,
        note=" қорытынды ",
        agenda=[Point(" Жол жөндеу ", " назарға алынды "), Point("Тыңдау", recommendation=earlier)],
        advice=[
            Advice(" кесте ұсыну ", " әкімдік ", FAR, " бөлім ", measure, site),
            Advice("тексеру", "мердігер", held_on),
        ],
        files=[upload(), upload("қатысқандар.pdf")],
    )
    row = Meeting.objects.with_counts(cast.today).get()
    assert (row, row.body, row.author, row.entered_on) == (meeting, commission, cast.people.controller, cast.today)
    assert (row.kind, row.held_on, row.place, row.minutes_number) == ("travelling", held_on, "Теріңөзек", "7")
    assert (row.present, row.note, row.issues, row.recommendations_count) == (11, "қорытынды", 2, 2)
    assert list(row.agenda.order_by("position").values_list("position", "title", "decision", "recommendation")) == [
        (1, "Жол жөндеу", "назарға алынды", None),
        (2, "Тыңдау", "", earlier.pk),
    ]
    first, second = row.recommendations.order_by("id")
    assert (first.text, first.addressee, first.executor) == ("кесте ұсыну", "әкімдік", "бөлім")
    assert (first.branch, first.measure, first.site, first.visit) == (cast.own, measure, site, None)
    assert (first.issued_on, first.due_on, first.entered_on) == (held_on, FAR, cast.today)
    assert (second.issued_on, second.due_on) == (held_on, held_on)
    steps = RecommendationStep.objects.filter(recommendation__meeting=row)
    assert set(steps.values_list("state", "happened_on", "entered_on")) == {("issued", held_on, cast.today)}
    assert list(row.files.order_by("id").values_list("name", flat=True)) == ["хаттама.pdf", "қатысқандар.pdf"]
    assert [path.read_bytes() for path in files(evidence_directory)] == [PDF, PDF]
    assert events(meeting) == [("controller", "meeting.record", f"travelling, {held_on}")]
    assert events(first) == [("controller", "recommendation.issue", f"{held_on} → {FAR}")]


REFUSED_MEETINGS = {
    "no agenda": ({"agenda": []}, "point_1_title"),
    "an issue without words": ({"agenda": [Point("а"), Point(" ")]}, "point_2_title"),
    "an issue as long as a report": ({"agenda": [Point("а" * 501)]}, "point_1_title"),
    "a day that has not come": ({"held_on": dt.date(2025, 6, 17)}, "held_on"),
    "a slip in the year": ({"held_on": dt.date(205, 6, 1)}, "held_on"),
    "no such kind": ({"kind": "secret"}, "kind"),
    "less than nobody": ({"present": -1}, "present"),
    "jointly with nobody": ({"kind": MeetingKind.JOINT}, "joint_with"),
    "advice without words": ({"advice": [Advice("а", "б", FAR), Advice("", "б", FAR)]}, "recommendation_2_text"),
    "advice to nobody": ({"advice": [Advice("а", " ", FAR)]}, "recommendation_1_addressee"),
    "advice for yesterday": ({"advice": [Advice("а", "б", dt.date(2025, 6, 15))]}, "recommendation_1_due_on"),
}


@pytest.mark.parametrize(("said", "field"), REFUSED_MEETINGS.values(), ids=REFUSED_MEETINGS)
def test_a_refused_meeting_leaves_nothing(hold, refused, evidence_directory, said, field):
    with refused(field):
        hold(**said, files=[upload()])
    assert not files(evidence_directory)


@pytest.mark.parametrize(
    ("model", "place"),
    [
        (AgendaItem, 2),
        (Recommendation, 2),
        (RecommendationStep, 2),
        (MeetingFile, 1),
        (MeetingFile, 2),
        (AuditEvent, 3),
    ],
)
def test_a_meeting_is_written_whole_or_not_at_all(cast, hold, written, monkeypatch, evidence_directory, model, place):
    before, count, save = written(), itertools.count(1), model.save

    def breaks(self, *args, **kwargs):
        if next(count) == place:
            raise RuntimeError("the disk is full")
        return save(self, *args, **kwargs)

    monkeypatch.setattr(model, "save", breaks)
    with pytest.raises(RuntimeError, match="the disk is full"):
        hold(
            agenda=[Point("а"), Point("б")],
            advice=[Advice("а", "б", cast.today), Advice("в", "г", cast.today)],
            files=[upload(), upload()],
        )
    assert next(count) > place
    assert written() == before
    assert not files(evidence_directory)


def test_a_joint_meeting_is_its_hosts_and_counted_once(cast, hold, commission, abroad, refused):
    guests = [cast.add_body("other"), cast.add_body("oblast", BodyKind.COUNCIL)]
    meeting = hold(kind=MeetingKind.JOINT, joint_with=[commission, *guests, guests[0]])
    assert set(meeting.joint_with.all()) == set(guests)  # not with itself, and each once
    assert Meeting.objects.as_of(cast.today).count() == 1
    assert [body.meetings.count() for body in (commission, *guests)] == [1, 0, 0]
    assert [body.joint_meetings.count() for body in (commission, *guests)] == [0, 1, 1]
    with refused("joint_with"):
        hold(kind=MeetingKind.JOINT, joint_with=[commission])
    alone = hold(kind=MeetingKind.REGULAR, joint_with=guests)
    assert not alone.joint_with.exists()
    stranger = Body.objects.create(branch=abroad.branch, kind="council", name_kk="а", name_ru="а", name_en="a")
    with refused("joint_with", match="same region"):
        hold(kind=MeetingKind.JOINT, joint_with=[guests[0], stranger])


def test_minutes_have_one_number_a_year_and_body(cast, hold, control, refused):
    first = hold(minutes_number="7")
    with refused("minutes_number"):
        hold(minutes_number=" 7 ", held_on=dt.date(2025, 1, 9))
    hold(minutes_number="7", held_on=dt.date(2024, 12, 30))  # of another year
    hold(minutes_number="7", body=cast.add_body("other"))  # of another body
    hold(minutes_number="7-а")
    hold(minutes_number="")
    hold(minutes_number="")  # without a number, as many as one likes
    actions.annul_meeting(meeting=first, **control, note="басқа күні")
    again = hold(minutes_number="7", held_on=cast.today - DAY)
    with refused("minutes_number"):
        hold(minutes_number="7")
    assert again.minutes_number == "7"


# --- what a meeting speaks of ----------------------------------------------------------------------------------------
def test_heard_is_what_concerns_those_who_met(cast, hold, issue, abroad, people, refused):
    own, other, oblast = (issue(branch=branch) for branch in (cast.own, cast.other, cast.oblast))
    strange = issue(branch=abroad.branch, by=abroad.controller)

    def hear(recommendation, **said):
        return hold(agenda=[Point("есеп"), Point("тыңдау", recommendation=recommendation)], **said)

    guest, above = cast.add_body("other"), cast.add_body("oblast")
    for recommendation in (other, oblast, strange):
        with refused("point_2_recommendation"):
            hear(recommendation)
    with refused("point_2_recommendation"):
        hear(strange, body=above)
    hear(own)
    hear(other, kind=MeetingKind.JOINT, joint_with=[guest])
    for recommendation in (own, other, oblast):
        hear(recommendation, body=above)  # the oblast's commission hears of its whole region
    assert [row.hearings.count() for row in (own, other, oblast, strange)] == [2, 2, 1, 0]


def test_a_council_hears_only_what_whoever_keeps_its_minutes_sees(cast, hold, issue, people, refused):
    secretary_of_oblast = User.objects.create_user("secretary_of_oblast")
    Assignment.objects.create(user=secretary_of_oblast, role=Role.SECRETARY, branch=cast.oblast)
    council, own, oblast = cast.add_body("oblast", BodyKind.COUNCIL), issue(), issue(branch=cast.oblast)
    said = {"body": council, "by": secretary_of_oblast}
    with refused("point_1_recommendation"):
        hold(**said, agenda=[Point("а", recommendation=own)])
    hold(**said, agenda=[Point("а", recommendation=oblast)])


def test_advice_is_about_measures_and_sites_of_its_branch(cast, hold, issue, abroad, refused):
    about = {
        slug: {"measure": cast.add_measure(slug), "site": cast.add_site(slug)} for slug in ("own", "other", "oblast")
    }
    above = cast.add_body("oblast")
    for slug, name in itertools.product(("other", "oblast"), ("measure", "site")):
        with refused(f"recommendation_1_{name}"):
            hold(advice=[Advice("а", "б", FAR, **{name: about[slug][name]})])
        with refused(name):
            issue(about={name: about[slug][name]})
    hold(advice=[Advice("а", "б", FAR, **about["own"])])
    issue(about=about["own"])
    for rows in about.values():
        hold(body=above, advice=[Advice("а", "б", FAR, **rows)])  # the oblast's commission speaks of its whole region
    site = actions.register_site(
        branch=abroad.branch,
        by=abroad.controller,
        today=cast.today,
        kind="road",
        name="жол",
        district=abroad.district,
    )
    with refused("recommendation_1_site"):
        hold(body=above, advice=[Advice("а", "б", FAR, site=site)])


# --- entered by mistake ----------------------------------------------------------------------------------------------
def test_an_annulled_meeting_is_not_counted_from_that_day_on(cast, hold, control, refused):
    meeting = hold(today=cast.today - 5 * DAY, held_on=cast.today - 5 * DAY)
    with refused("note"):
        actions.annul_meeting(meeting=meeting, **control, note=" ")
    row = actions.annul_meeting(meeting=meeting, **control, note=" екі рет енгізілген ")
    assert (row.note, row.entered_on, row.author) == ("екі рет енгізілген", cast.today, cast.people.controller)
    assert [Meeting.objects.as_of(cast.today - days * DAY).count() for days in (6, 5, 1, 0)] == [0, 1, 1, 0]
    assert events(meeting)[-1] == ("controller", "meeting.annul", "екі рет енгізілген")
    with refused(match="already"):
        actions.annul_meeting(meeting=meeting, **control, note="тағы да")


def test_a_meeting_is_not_annulled_while_something_follows_from_it(cast, hold, control, refused):
    before, on, after = cast.today, cast.today + DAY, cast.today + 2 * DAY
    meeting = hold(advice=[Advice("а", "б", FAR), Advice("в", "г", FAR)])
    first, second = meeting.recommendations.order_by("id")
    annul = {"meeting": meeting, "by": control["by"], "note": "қате"}
    with refused(match="Withdraw them first"):
        actions.annul_meeting(**annul, today=on)
    actions.withdraw_recommendation(recommendation=first, by=control["by"], today=on, note="қате")
    with refused(match="Withdraw them first"):
        actions.annul_meeting(**annul, today=on)
    actions.withdraw_recommendation(recommendation=second, by=control["by"], today=on, note="қате")
    actions.annul_meeting(**annul, today=after)
    counted = [Recommendation.objects.as_of(day) for day in (before, on, after)]
    assert [rows.count() for rows in counted] == [2, 2, 0]  # what came from it goes with it
    assert {row.day_state for row in counted[1]} == {WITHDRAWN}
    assert {row.day_state for row in Recommendation.objects.with_states(after)} == {WITHDRAWN}  # the story stays


# --- recommendations -------------------------------------------------------------------------------------------------
def test_a_recommendation_from_monitoring(cast, issue):
    row = issue(" жөндеу ", issued_on=cast.today - DAY, due_on=cast.today - DAY)
    assert (row.text, row.monitoring, row.meeting, row.visit) == ("жөндеу", "II тоқсан мониторингі", None, None)
    assert (row.issued_on, row.entered_on, row.branch) == (cast.today - DAY, cast.today, cast.own)
    assert not row.is_of_council
    known = Recommendation.objects.as_of(cast.today).get()
    assert (known.day_state, known.is_open, known.is_overdue) == (ISSUED, True, True)
    assert not Recommendation.objects.as_of(cast.today - DAY).exists()
    assert list(Recommendation.objects.of_control()) == [row]
    assert list(Recommendation.objects.of_councils()) == []


REFUSED_ADVICE = {
    "from nowhere": ({"monitoring": "  "}, "monitoring"),
    "without words": ({"text": " "}, "text"),
    "to nobody": ({"addressee": ""}, "addressee"),
    "of tomorrow": ({"issued_on": dt.date(2025, 6, 17)}, "issued_on"),
    "due before it was issued": ({"due_on": dt.date(2025, 6, 15)}, "due_on"),
    "due in another century": ({"due_on": dt.date(2205, 7, 1)}, "due_on"),
}


@pytest.mark.parametrize(("said", "field"), REFUSED_ADVICE.values(), ids=REFUSED_ADVICE)
def test_refused_advice_leaves_nothing(issue, refused, said, field):
    with refused(field):
        issue(**said)


@pytest.mark.parametrize(("days", "overdue"), [(-1, False), (0, False), (1, True)])
def test_overdue_is_open_after_its_day(cast, issue, days, overdue):
    row = issue(due_on=cast.today)
    day = cast.today + days * DAY
    known = list(Recommendation.objects.as_of(day))
    assert [found.is_overdue for found in known] == ([] if days < 0 else [overdue])
    actions.follow_recommendation(recommendation=row, by=cast.people.coordinator, today=cast.today + DAY, state=DONE)
    assert not Recommendation.objects.as_of(cast.today + 9 * DAY).get().is_overdue


# --- follow, verify, withdraw ----------------------------------------------------------------------------------------
def bring(recommendation, cast, to):
    """Bring a new recommendation into a state."""
    who = {"recommendation": recommendation, "today": cast.today}
    if to in (DONE, VERIFIED):
        actions.follow_recommendation(**who, by=cast.people.secretary, state=DONE)
    if to == VERIFIED:
        actions.verify_recommendation(**who, by=cast.people.controller)
    if to in (IN_WORK, NOT_DONE):
        actions.follow_recommendation(**who, by=cast.people.secretary, state=to, note="себебі")
    if to == WITHDRAWN:
        actions.withdraw_recommendation(**who, by=cast.people.controller, note="себебі")
    assert state(recommendation, cast.today) == to


@pytest.mark.parametrize(("standing", "said"), list(itertools.product(RecommendationState, RecommendationState)))
def test_what_may_be_said_of_what_stands(cast, issue, refused, standing, said):
    row = issue()
    bring(row, cast, standing)
    follow = {"recommendation": row, "by": cast.people.coordinator, "today": cast.today, "state": said}
    if said not in SAYABLE:
        with refused("state"):
            actions.follow_recommendation(**follow, note="түсіндірме")
    elif standing == WITHDRAWN:
        with refused(match="withdrawn"):
            actions.follow_recommendation(**follow, note="түсіндірме")
    elif standing in (DONE, VERIFIED) and said == DONE:
        with refused("state", match="already"):
            actions.follow_recommendation(**follow, note="түсіндірме")
    else:
        if said == NOT_DONE or standing in (DONE, VERIFIED):
            with refused("note"):
                actions.follow_recommendation(**follow, note=" ")
        step = actions.follow_recommendation(**follow, note=" түсіндірме ")
        assert (step.state, step.note, step.done_by) == (said, "түсіндірме", None)
        assert state(row, cast.today) == said
        assert events(row)[-1] == ("coordinator", "recommendation.step", f"{standing} → {said}, {cast.today}")


@pytest.mark.parametrize("standing", RecommendationState)
def test_only_what_is_reported_as_done_is_verified(cast, issue, people, refused, standing):
    row = issue()
    bring(row, cast, standing)
    said = {"recommendation": row, "by": people.second, "today": cast.today + DAY}
    if standing != DONE:
        with refused(match="nothing to verify"):
            actions.verify_recommendation(**said)
        return
    step = actions.verify_recommendation(**said, note=" көрдім ")
    assert (step.state, step.done_by, step.author) == (VERIFIED, cast.people.secretary, people.second)
    assert step.note == "көрдім"
    known = [Recommendation.objects.as_of(cast.today + days * DAY).get() for days in (0, 1)]
    assert [(found.is_done, found.is_verified, found.is_unverified) for found in known] == [
        (True, False, True),
        (True, True, False),
    ]
    assert [found.day_author for found in known] == [cast.people.secretary.pk, people.second.pk]


def test_nobody_verifies_what_they_reported_as_done_themselves(cast, issue, people, refused):
    row, control = issue(), {"by": cast.people.controller, "today": cast.today}
    actions.follow_recommendation(recommendation=row, **control, state=DONE)
    with refused(match="somebody else"):
        actions.verify_recommendation(recommendation=row, **control)
    actions.follow_recommendation(recommendation=row, by=people.second, today=cast.today, state=NOT_DONE, note="жоқ")
    actions.follow_recommendation(recommendation=row, by=people.second, today=cast.today, state=DONE)
    assert actions.verify_recommendation(recommendation=row, **control).done_by == people.second


@pytest.mark.parametrize("standing", RecommendationState)
def test_what_is_open_is_withdrawn_with_a_reason(cast, issue, control, refused, standing):
    row = issue()
    bring(row, cast, standing)
    said = {"recommendation": row, **control}
    if standing in FOLLOWED_TO_THE_END:
        with refused(match="end already"):
            actions.withdraw_recommendation(**said, note="артық")
        return
    with refused("note"):
        actions.withdraw_recommendation(**said, note=" ")
    actions.withdraw_recommendation(**said, note=" артық ")
    known = Recommendation.objects.as_of(cast.today).get()
    assert (known.day_state, known.is_open, known.is_done) == (WITHDRAWN, False, False)
    assert row.steps.last().note == "артық"


STEPS = {
    "follow": lambda row, cast, **said: actions.follow_recommendation(
        recommendation=row, by=cast.people.secretary, today=cast.today, state=DONE, **said
    ),
    "verify": lambda row, cast, **said: actions.verify_recommendation(
        recommendation=row, by=cast.people.controller, today=cast.today, **said
    ),
    "withdraw": lambda row, cast, **said: actions.withdraw_recommendation(
        recommendation=row, by=cast.people.controller, today=cast.today, **{"note": "артық", **said}
    ),
}


@pytest.mark.parametrize("step", STEPS)
def test_a_step_lies_between_the_last_one_and_today(cast, issue, refused, step):
    row = issue(issued_on=cast.today - 3 * DAY)
    if step == "verify":
        STEPS["follow"](row, cast, happened_on=cast.today - 3 * DAY)
    for day in (cast.today - 4 * DAY, cast.today + DAY, dt.date.max):
        with refused("happened_on"):
            STEPS[step](row, cast, happened_on=day)
    told = STEPS[step](row, cast, happened_on=cast.today - 3 * DAY)
    assert (told.happened_on, told.entered_on) == (cast.today - 3 * DAY, cast.today)


def test_a_step_counts_from_the_later_of_two_clocks(cast, issue):
    row = issue(today=cast.today + DAY)
    step = STEPS["follow"](row, cast, happened_on=cast.today + DAY)
    assert step.entered_on == cast.today + DAY
    assert state(row, cast.today + DAY) == DONE


@pytest.mark.parametrize("standing", RecommendationState)
def test_of_a_meeting_entered_by_mistake_nothing_but_what_is_withdrawn_may_be_left(
    cast, hold, control, refused, standing
):
    meeting = hold(advice=[Advice("а", "б", FAR)])
    bring(meeting.recommendations.get(), cast, standing)
    if standing == WITHDRAWN:
        assert actions.annul_meeting(meeting=meeting, **control, note="қате")
    else:
        with refused(match="Withdraw them first"):
            actions.annul_meeting(meeting=meeting, **control, note="қате")


# --- twice -----------------------------------------------------------------------------------------------------------
def test_the_same_submission_makes_one_of_everything(cast, hold, issue, control, written):
    advice = [Advice("а", "б", FAR), Advice("а", "б", FAR)]  # two that say the same are two
    token = uuid.uuid4()
    meeting = hold(advice=advice, files=[upload()], submission=token)
    mistake = hold(held_on=cast.today - DAY, submission=token)
    row, other, third = issue("а", submission=token), issue("б"), issue("в")
    done = STEPS["follow"](row, cast, submission=token)
    verified = STEPS["verify"](row, cast, submission=uuid.UUID(int=1))
    withdrawn = STEPS["withdraw"](other, cast, submission=token)
    annulled = actions.annul_meeting(meeting=mistake, **control, note="қате", submission=token)
    before = written()
    assert STEPS["verify"](row, cast, submission=uuid.UUID(int=1)) == verified
    assert actions.annul_meeting(meeting=mistake, **control, note="қате", submission=token) == annulled
    assert written() == before
    again = [STEPS["follow"](third, cast, submission=uuid.UUID(int=2)) for _ in range(2)]
    assert again[0] == again[1]
    twice = uuid.uuid4()
    assert len({hold(advice=advice, files=[upload()], submission=twice).pk for _ in range(2)}) == 1
    assert len({issue("ғ", submission=uuid.UUID(int=3)).pk for _ in range(2)}) == 1
    gone = issue("д")
    assert len({STEPS["withdraw"](gone, cast, submission=uuid.UUID(int=4)).pk for _ in range(2)}) == 1
    assert len({meeting.pk, mistake.pk}) == 2
    assert done.submission == token
    assert withdrawn.submission != token  # tokens are unique a table, and this one was taken
    assert meeting.recommendations.count() == 2


# --- who may ---------------------------------------------------------------------------------------------------------
ROLES = ("secretary", "reception", "controller", "coordinator", "chair", "observer", "administrator", "nobody")
FOREIGN = ("other_secretary", "other_controller", "abroad")
OF_CONTROL, OF_COUNCILS = {"controller"}, {"secretary", "coordinator"}


def things(cast, hold, issue):
    """Each action on something of `own`, and who may do it."""
    council = cast.add_body("own", BodyKind.COUNCIL)
    proposed = hold(body=council, by=cast.people.secretary, advice=[Advice("а", "б", FAR)]).recommendations.get()
    row, done = issue(), issue()
    actions.follow_recommendation(recommendation=done, by=cast.people.coordinator, today=cast.today, state=DONE)
    mistake, councils_mistake = hold(), hold(body=council, by=cast.people.secretary)
    follows = {"secretary", "controller", "coordinator"}
    withdraw, follow = actions.withdraw_recommendation, actions.follow_recommendation
    return {
        "meeting": (OF_CONTROL, lambda **by: hold(**by)),
        "council": (OF_COUNCILS, lambda **by: hold(body=council, **by)),
        "annul": (OF_CONTROL, lambda **by: actions.annul_meeting(meeting=mistake, note="а", **by)),
        "annul council": (OF_COUNCILS, lambda **by: actions.annul_meeting(meeting=councils_mistake, note="а", **by)),
        "issue": (OF_CONTROL, lambda **by: issue(**by)),
        "follow": (follows, lambda **by: follow(recommendation=row, state=IN_WORK, **by)),
        "follow proposal": (follows, lambda **by: follow(recommendation=proposed, state=IN_WORK, **by)),
        "verify": (OF_CONTROL, lambda **by: actions.verify_recommendation(recommendation=done, **by)),
        "withdraw": (OF_CONTROL, lambda **by: withdraw(recommendation=row, note="а", **by)),
        "withdraw proposal": (OF_COUNCILS, lambda **by: withdraw(recommendation=proposed, note="а", **by)),
    }


@pytest.mark.parametrize("who", [*ROLES, *FOREIGN])
def test_who_may_do_what(cast, people, hold, issue, written, who):
    by = {"by": getattr(people, who), "today": cast.today}
    for name, (allowed, act) in things(cast, hold, issue).items():
        before = written()
        if who in allowed:
            act(**by)
            assert written() != before, name
            assert AuditEvent.objects.first().actor == getattr(people, who).username, name
        else:
            with pytest.raises(PermissionDenied):
                act(**by)
            assert written() == before, name


def test_what_hangs_on_a_body_is_seen_by_who_sees_its_branch(cast, hold, people, control):
    meeting = hold(advice=[Advice("а", "б", FAR)], files=[upload()])
    actions.annul_meeting(meeting=hold(), **control, note="қате")
    for model in (Body, Meeting, MeetingAnnulment, MeetingFile, AgendaItem, Recommendation, RecommendationStep):
        rows = model.objects.all()
        for who in ROLES[:-1]:
            assert rows.for_user(getattr(people, who)).exists(), (model, who)
        for who in (*FOREIGN, "nobody"):
            assert not rows.for_user(getattr(people, who)).exists(), (model, who)
    assert meeting.recommendations.count() == 1


def test_recommendations_of_control_and_of_councils_are_all_of_them(cast, hold, issue, control):
    hold(advice=[Advice("а", "б", FAR)])
    council = cast.add_body("own", BodyKind.COUNCIL)
    hold(body=council, by=cast.people.secretary, advice=[Advice("б", "б", FAR), Advice("в", "б", FAR)])
    issue("г")
    actions.record_visit(site=cast.add_site(), **control, readiness=1, advice=[Advice("д", "б", FAR)])
    texts = {
        name: sorted(getattr(Recommendation.objects.all(), name)().values_list("text", flat=True))
        for name in ("of_control", "of_councils")
    }
    assert texts == {"of_control": ["а", "г", "д"], "of_councils": ["б", "в"]}
    proposals = [row.is_of_council for row in Recommendation.objects.order_by("text")]
    assert proposals == [False, True, True, False, False]
