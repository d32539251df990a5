"""Commissions and councils: lists, cards, the drafted agenda, a meeting recorded and called a mistake."""

import datetime as dt
import html
import re
import uuid
from urllib.parse import urljoin

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from branches.choices import Role
from branches.models import Assignment
from roadmap import actions
from roadmap.choices import BodyKind, MeetingKind, RecommendationState, Status, Verdict
from roadmap.dashboards.bodies import MOST_POINTS, bodies_with_their_place, body_card, draft_agenda
from roadmap.forms.meeting import BLANK
from roadmap.models import AgendaItem, Body, Meeting, MeetingFile, Recommendation
from roadmap.models.measures import Measure

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]
PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\n"
DAY = dt.timedelta(days=1)


@pytest.fixture
def commission(cast):
    return cast.add_body("own", BodyKind.COMMISSION)


@pytest.fixture
def council(cast):
    return cast.add_body("own", BodyKind.COUNCIL, direction=cast.directions[0])


@pytest.fixture
def meet(cast):
    """`meet(body, day, advice=2)`: a meeting of a body, recorded on the day it was held by who convenes it."""

    def record(body, day=cast.today, *, by=None, agenda=("Ауызсу",), advice=0, due=30, **said):
        by = by or (cast.people.controller if body.kind == BodyKind.COMMISSION else cast.people.coordinator)
        recommended = [
            actions.Advice(text=f"{number}-ұсыныс", addressee="Әкімдік", executor="Бөлім", due_on=day + due * DAY)
            for number in range(1, advice + 1)
        ]
        points = [point if isinstance(point, actions.Point) else actions.Point(point) for point in agenda]
        said.setdefault("today", day)
        return actions.record_meeting(body=body, by=by, held_on=day, agenda=points, advice=recommended, **said)

    return record


@pytest.fixture
def follow(cast):
    """`follow(recommendation, state, day)`: the branch says how far it has come."""

    def say(recommendation, state=RecommendationState.DONE, day=cast.today, by=None):
        by = by or cast.people.secretary
        return actions.follow_recommendation(recommendation=recommendation, by=by, today=day, state=state, note="есеп")

    return say


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
        return words_of(response)

    return read


def words_of(response):
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())


def total_of(response):
    return int(re.search(r'data-total="(\d+)"', response.content.decode())[1])


def counted_links(response):
    """Every number on a page that opens a list: (address, number)."""
    found = re.findall(r'<a[^>]*href="([^"]+)"[^>]*data-count="(\d+)"', response.content.decode())
    here = response.request["PATH_INFO"]
    return [(urljoin(here, html.unescape(address)), int(count)) for address, count in found]


def record_address(body, query=""):
    return reverse("roadmap:meeting_record", args=[body.pk]) + query


def typed(**said):
    """The shortest record of a meeting: a day and one issue."""
    fields = {"kind": "regular", "held_on": "2025-06-10", "point_1_title": "Ауызсу", "submission": str(uuid.uuid4())}
    return fields | said


def form_of(response):
    """The form on a page as a browser would send it."""
    form = response.context["form"]
    sent = {name: form[name].value() for name in form.fields}
    return {name: value for name, value in sent.items() if not (value is None or value is False)}


def errors_of(response):
    return {name: [str(error) for error in errors] for name, errors in response.context["form"].errors.items()}


# --- lists -----------------------------------------------------------------------------------------------------------
def test_every_number_of_the_lists_opens_into_as_many_rows(cast, commission, council, meet, follow, reader):
    second = cast.add_body("own", BodyKind.COUNCIL)
    elsewhere = cast.add_body("other", BodyKind.COUNCIL)
    meet(commission, advice=2)
    meet(council, advice=3, agenda=("Ауызсу", "Жарық"))
    meet(council, cast.today - 40 * DAY, advice=1, kind=MeetingKind.TRAVELLING)
    meet(second, advice=1, kind=MeetingKind.JOINT, joint_with=[council])
    meet(elsewhere, advice=2)
    follow(Recommendation.objects.of_councils().first())
    client = reader(cast.people.coordinator)

    for address in (
        "/councils/?year=2025",
        "/councils/?year=2025&branch=own",
        f"/councils/?year=2025&body={council.pk}&kind=regular",
        "/councils/?year=2025&q=жарық",
        "/control/meetings/?year=2025",
        council.get_absolute_url(),
        commission.get_absolute_url(),
    ):
        links = counted_links(client.get(address))
        assert len(links) > 3
        for target, count in links:
            assert total_of(client.get(target)) == count, (address, target)


def test_the_counts_above_the_councils(cast, council, meet, reader):
    meet(council, advice=3, agenda=("Ауызсу", "Жарық"))
    meet(council, cast.today - 40 * DAY, kind=MeetingKind.TRAVELLING)
    meet(cast.add_body("other", BodyKind.COUNCIL), advice=2)
    client = reader(cast.people.chair)

    def counts(query=""):
        return {count.name: count.count for count in client.get(f"/councils/?year=2025{query}").context["counts"]}

    assert counts() == {"regular": 2, "travelling": 1, "joint": 0, "issue_list": 4, "proposal_list": 5}
    assert counts("&branch=own&kind=travelling") == {
        "regular": 1,
        "travelling": 1,
        "joint": 0,
        "issue_list": 3,
        "proposal_list": 3,
    }
    assert counts("&branch=nowhere") == dict.fromkeys(counts(), 0)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", 3),
        ("&kind=travelling", 1),
        ("&kind=nonsense", 0),
        ("&branch=other", 1),
        ("&branch=abroad", 0),
        ("&q=жарык", 1),  # a Russian keyboard
        ("&q=47-Б", 1),
        ("&q=жоқ", 0),
        ("&as_of=2025-05-31", 1),
        ("&region=region", 3),
    ],
)
def test_filters_of_the_meetings(cast, commission, meet, reader, query, found):
    meet(commission, dt.date(2025, 5, 20), agenda=("Жарық",), kind=MeetingKind.TRAVELLING)
    meet(commission, minutes_number="47-Б")
    meet(cast.add_body("other"))
    meet(commission, dt.date(2024, 12, 20))  # another year

    response = reader(cast.people.chair).get(f"/control/meetings/?year=2025{query}")

    assert total_of(response) == found


def test_the_list_says_how_much_was_recommended_and_done_by_the_day(cast, commission, meet, follow, page):
    meeting = meet(commission, cast.today - 20 * DAY, advice=3)
    follow(meeting.recommendations.first(), day=cast.today - DAY)

    assert "3 done 1" in page(cast.people.chair, "/control/meetings/?year=2025")
    before = page(cast.people.chair, f"/control/meetings/?year=2025&as_of={cast.today - 2 * DAY}")
    assert "3 done 0" in before


@pytest.mark.parametrize("sort", ["held_on", "-held_on", "body", "branch", "kind", "issues", "-recommendations_count"])
def test_meetings_sort(cast, commission, council, meet, reader, sort):
    meet(commission, cast.today - DAY, agenda=("Бір", "Екі"))
    meet(commission, cast.today, advice=2)
    meet(cast.add_body("other"), cast.today - 3 * DAY)

    rows = [
        row.record for row in reader(cast.people.chair).get(f"/control/meetings/?sort={sort}").context["table"].rows
    ]

    assert len(rows) == 3
    if sort.endswith("held_on"):
        assert [row.held_on for row in rows] == sorted((row.held_on for row in rows), reverse=sort[0] == "-")
    if sort == "issues":
        assert [row.issues for row in rows] == [1, 1, 2]
    if sort == "-recommendations_count":
        assert rows[0].recommendations_count == 2


def test_issues_with_their_decision_council_and_what_was_heard(cast, council, meet, page, reader):
    proposed = meet(council, cast.today - 40 * DAY, advice=1).recommendations.get()
    heard = actions.Point("Ұсыныстың орындалуы", "Назарға алынды", proposed)
    meet(council, agenda=("Жарық", heard))
    meet(cast.add_body("own"), agenda=("Комиссия мәселесі",))

    text = page(cast.people.secretary, "/councils/issues/?year=2025")

    assert "3 issues" in text
    assert "Комиссия мәселесі" not in text
    assert "Ұсыныстың орындалуы Heard: 1-ұсыныс Назарға алынды 16.06.2025" in text
    client = reader(cast.people.secretary)
    assert total_of(client.get("/councils/issues/?year=2025&q=назарға")) == 1
    assert total_of(client.get(f"/councils/issues/?year=2025&body={council.pk}")) == 3
    assert total_of(client.get("/councils/issues/?year=2025&body=999")) == 0
    titles = [row.record.title for row in client.get("/councils/issues/?sort=title").context["table"].rows]
    assert titles == ["Ауызсу", "Жарық", "Ұсыныстың орындалуы"]


def test_who_sees_which_meetings(cast, abroad, meet, reader):
    for slug in ("own", "other", "abroad"):
        by = abroad.controller if slug == "abroad" else cast.people.controller
        meet(cast.add_body(slug), by=by)

    for user, seen in ((cast.people.secretary, 1), (cast.people.chair, 2), (cast.people.administrator, 3)):
        assert total_of(reader(user).get("/control/meetings/?year=2025")) == seen


def test_an_annulled_meeting_is_not_counted_from_that_day_on(cast, council, meet, page, reader):
    meeting = meet(council, cast.today - 10 * DAY, agenda=("Ауызсу", "Жарық"))
    actions.annul_meeting(meeting=meeting, by=cast.people.coordinator, today=cast.today, note="Екі рет енгізілген")
    client = reader(cast.people.secretary)

    for address, before in (("/councils/", 1), ("/councils/issues/", 2)):
        assert total_of(client.get(f"{address}?year=2025")) == 0
        assert total_of(client.get(f"{address}?year=2025&as_of={cast.today - DAY}")) == before
    text = page(cast.people.secretary, meeting.get_absolute_url())
    assert "Entered by mistake: this meeting is not counted. Екі рет енгізілген" in text
    yesterday = page(cast.people.secretary, f"{meeting.get_absolute_url()}?as_of={cast.today - DAY}")
    assert "Entered by mistake: this meeting" not in yesterday


def test_the_bodies_below_the_list(cast, council, meet, reader):
    cast.add_body("other", BodyKind.COUNCIL)
    meet(council, advice=2)
    meet(council, dt.date(2024, 3, 1), advice=4)

    rows = reader(cast.people.coordinator).get("/councils/?year=2025").context["bodies"]
    assert [(row.body.branch.slug, row.meetings, row.open, row.may_convene) for row in rows] == [
        ("own", 1, 2, True),
        ("other", 0, 0, True),
    ]
    (row,) = reader(cast.people.secretary).get("/councils/?year=2025").context["bodies"]
    assert row.may_convene
    (row, _other) = reader(cast.people.controller).get("/councils/?year=2025").context["bodies"]
    assert not row.may_convene


# --- cards -----------------------------------------------------------------------------------------------------------
def test_the_card_of_a_meeting_tells_its_minutes_and_what_came_of_them(cast, commission, council, meet, follow, page):
    measure = cast.add_measure(title="Су құбыры")
    meeting = actions.record_meeting(
        body=commission,
        by=cast.people.controller,
        today=cast.today - 40 * DAY,
        held_on=cast.today - 41 * DAY,
        kind=MeetingKind.JOINT,
        joint_with=[council],
        place="Мәжіліс залы",
        minutes_number="7",
        present=9,
        note="Қорытынды",
        agenda=[actions.Point("Ауызсу", "Жеделдетілсін"), actions.Point("Жарық")],
        advice=[
            actions.Advice("Құбырды тарту", "Әкімдік", cast.today - DAY, "Бөлім", measure=measure),
            actions.Advice("Жарық беру", "Әкімдік", cast.today + DAY),
        ],
    )
    late, done = meeting.recommendations.order_by("id")
    follow(done)
    heard = meet(commission, cast.today - 2 * DAY, agenda=[actions.Point("Тыңдау", "Мерзім берілсін", late)])

    text = page(cast.people.chair, meeting.get_absolute_url())

    for words in (
        "Kind of meeting joint: own: council (en), own",
        "Place Мәжіліс залы",
        "Present 9",
        "1. Ауызсу Decided: Жеделдетілсін",
        "2. Жарық",
        "Құбырды тарту Әкімдік · executor: Бөлім",
        "Су құбыры",
        "done: 1 of 2",
        "overdue: 1",
        "Heard at a meeting",
        f"Recorded by Controller, {(cast.today - 40 * DAY):%d.%m.%Y}",
        "No files are attached",
    ):
        assert words in text
    assert "Heard: Құбырды тарту" in page(cast.people.chair, heard.get_absolute_url())


def test_the_card_as_it_was_on_a_day(cast, commission, meet, follow, page):
    meeting = meet(commission, cast.today - 10 * DAY, advice=1, agenda=("Құпия мәселе",))
    follow(meeting.recommendations.get())
    address = meeting.get_absolute_url()

    assert "done: 1 of 1" in page(cast.people.chair, address)
    assert "done: 0 of 1" in page(cast.people.chair, f"{address}?as_of={cast.today - DAY}")
    before = page(cast.people.chair, f"{address}?as_of={cast.today - 11 * DAY}")
    assert "the meeting had not been recorded yet" in before
    assert "Құпия мәселе" not in before
    assert "has not come yet" in page(cast.people.chair, f"{address}?as_of=2030-01-01")


def test_the_card_of_a_body_counts_by_years(cast, council, meet, follow, page):
    meet(council, dt.date(2024, 3, 1), advice=1)
    meeting = meet(council, cast.today - 60 * DAY, advice=3, agenda=("Бір", "Екі"))
    first, second, _third = meeting.recommendations.order_by("id")
    follow(first, day=cast.today - 50 * DAY)
    actions.follow_recommendation(
        recommendation=second, by=cast.people.coordinator, today=cast.today - DAY, state="in_work"
    )

    card = body_card(bodies_with_their_place().get(pk=council.pk), cast.today, user=cast.people.chair, stale_after=30)

    assert [(year.year, year.meetings, year.issues) for year in card.years] == [(2025, 1, 2), (2024, 1, 1)]
    now = card.now.followed
    assert (now.whole, now.done.part, now.verified.part, now.open, now.overdue) == (3, 1, 0, 2, 2)
    assert len(card.story) == 2


def test_a_joint_meeting_is_told_on_the_card_of_its_guest_and_counted_for_its_host_alone(cast, meet, page):
    host, guest = cast.add_body("own", BodyKind.COUNCIL), cast.add_body("other", BodyKind.COUNCIL)
    meet(host, kind=MeetingKind.JOINT, joint_with=[guest])
    address = guest.get_absolute_url()

    seen = page(cast.people.chair, address)
    assert "Meeting (joint) own: council (en)" in seen
    assert "Meetings in 2025" not in seen
    assert "own: council" not in page(cast.people.other_secretary, address)  # the host's branch is not theirs


# --- the drafted agenda ----------------------------------------------------------------------------------------------
def drafted(body, day, stale_after=30):
    draft = draft_agenda(
        Body.objects.select_related("branch", "direction").get(pk=body.pk), day, stale_after=stale_after
    )
    return [(str(group.title), [point.row for point in group.points]) for group in draft.groups]


def test_the_agenda_begins_with_what_is_overdue_then_due_soon_then_silent(cast, council, meet, follow):
    def propose(day, due, text):
        advice = [actions.Advice(text=text, addressee="Әкімдік", due_on=due)]
        return actions.record_meeting(
            body=council,
            by=cast.people.coordinator,
            today=day,
            held_on=day,
            agenda=[actions.Point("Мәселе")],
            advice=advice,
        ).recommendations.get()

    long_ago = cast.today - 90 * DAY
    silent = propose(long_ago, cast.today + 100 * DAY, "үнсіз")
    moved = propose(long_ago, cast.today + 100 * DAY, "қозғалған")
    heard = propose(long_ago, cast.today + 100 * DAY, "тыңдалған")
    late = propose(long_ago, cast.today - DAY, "кешіккен")
    later = propose(long_ago, cast.today - 5 * DAY, "бұрын кешіккен")
    today = propose(cast.today - 3 * DAY, cast.today, "бүгін")
    soon = propose(cast.today - 3 * DAY, cast.today + 30 * DAY, "жақында")
    propose(cast.today - 3 * DAY, cast.today + 31 * DAY, "алда")
    done = propose(long_ago, cast.today - DAY, "бітті")
    withdrawn = propose(long_ago, cast.today - DAY, "алынды")
    follow(moved, RecommendationState.IN_WORK, cast.today - 59 * DAY)
    follow(done)
    actions.withdraw_recommendation(
        recommendation=withdrawn, by=cast.people.coordinator, today=cast.today, note="қажет емес"
    )
    meet(council, cast.today - 30 * DAY, agenda=[actions.Point("Тыңдау", "", heard)])
    meet(cast.add_body("own", BodyKind.COUNCIL), cast.today - 90 * DAY, advice=1)  # another council's
    meet(cast.add_body("own"), cast.today - 90 * DAY, advice=1)  # the commission's

    assert [rows for _title, rows in drafted(council, cast.today)] == [[later, late], [today, soon], [silent]]
    # as known on an earlier day: nothing had been done nor withdrawn, nothing was overdue
    before = drafted(council, cast.today - 6 * DAY)
    assert [rows for _title, rows in before] == [[later, late, done, withdrawn], [silent]]
    assert drafted(council, cast.today - 91 * DAY) == []


def test_what_was_heard_in_the_last_seven_days_is_left_out_and_counted(cast, council, commission, meet, page):
    meeting = meet(council, cast.today - 60 * DAY, advice=3)
    first, second, third = meeting.recommendations.order_by("id")
    meet(council, cast.today - 6 * DAY, agenda=[actions.Point("Тыңдау", "", first)])
    meet(council, cast.today - 7 * DAY, agenda=[actions.Point("Тыңдау", "", second)])  # a week has passed
    meet(  # the council was there
        commission,
        cast.today - DAY,
        by=cast.people.controller,
        kind=MeetingKind.JOINT,
        joint_with=[council],
        agenda=[actions.Point("Тыңдау", "", third)],
    )

    assert [rows for _title, rows in drafted(council, cast.today)] == [[second]]
    assert drafted(council, cast.today - 2 * DAY)[0][1] == [third]  # what is heard tomorrow is not known
    address = council.get_absolute_url()
    assert "heard in the last 7 days: 2." in page(cast.people.secretary, address)
    assert "heard in the last 7 days" not in page(cast.people.secretary, f"{address}?as_of={cast.today - 8 * DAY}")


def test_an_issue_of_the_draft_does_not_double_the_quotation_marks(cast, council):
    actions.record_meeting(
        body=council,
        by=cast.people.coordinator,
        today=cast.today,
        held_on=cast.today,
        agenda=[actions.Point("Мәселе")],
        advice=[actions.Advice(text="«Арай» көшесін жарықтандыру", addressee="Әкімдік", due_on=cast.today)],
    )
    point = draft_agenda(Body.objects.get(pk=council.pk), cast.today, stale_after=30).points[0]
    assert "„Арай“ көшесін" in point.title and "«„" in point.title


def test_a_commission_follows_all_control_of_its_branch_and_suggests_measures(cast, commission, council, meet):
    controller, day = cast.people.controller, cast.today - 40 * DAY
    meet(council, day, advice=1, due=5)
    meet(cast.add_body("other"), day, advice=1, due=5)
    own = meet(commission, day, advice=1, due=6).recommendations.get()
    monitored = actions.issue_recommendation(
        branch=cast.own,
        by=controller,
        today=day,
        monitoring="Мониторинг",
        advice=actions.Advice("Жою", "Әкімдік", day + 5 * DAY),
    )
    claimed, confirmed, returned = (cast.add_measure() for _n in range(3))
    overdue = cast.add_measure(deadline=cast.today - DAY)
    cast.add_measure("other", deadline=cast.today - DAY)
    cast.add_measure(direction=1)
    for measure, verdict in ((claimed, None), (confirmed, Verdict.CONFIRMS), (returned, Verdict.REFUTES)):
        report = actions.report_status(
            measure=measure, by=cast.people.secretary, today=cast.today - DAY, status=Status.DONE
        ).report
        if verdict:
            actions.verify(report=report, by=controller, today=cast.today, verdict=verdict, basis="бару", note="жоқ")

    found = [rows for _title, rows in drafted(commission, cast.today)]

    assert found == [[monitored, own], [returned], [overdue], [claimed]]


def test_a_commission_with_a_field_suggests_measures_of_its_field_only(cast):
    body = cast.add_body("own", direction=cast.directions[1])
    cast.add_measure(deadline=cast.today - DAY)
    mine = cast.add_measure(direction=1, deadline=cast.today - DAY)

    assert [rows for _title, rows in drafted(body, cast.today)] == [[mine]]


def test_the_agenda_is_not_longer_than_the_form_and_says_how_many_are_left_out(cast, council, meet, page):
    meet(council, cast.today - 60 * DAY, advice=20)
    meet(council, cast.today - 61 * DAY, advice=15)

    ((_title, rows),) = drafted(council, cast.today)
    assert len(rows) == MOST_POINTS
    text = page(cast.people.secretary, council.get_absolute_url())
    assert "and 5 more" in text
    assert "Hear Бөлім on “1-ұсыныс”" in text
    assert "31 days overdue" in text


def test_a_long_recommendation_is_cut_to_the_length_of_an_issue(cast, council, reader):
    actions.record_meeting(
        body=council,
        by=cast.people.coordinator,
        today=cast.today,
        held_on=cast.today,
        agenda=[actions.Point("Мәселе")],
        advice=[actions.Advice("ұ" * 1000, "ә" * 200, cast.today, "б" * 200)],
    )
    client = reader(cast.people.secretary)

    response = client.get(record_address(council, "?agenda=draft"))
    title = response.context["form"]["point_1_title"].value()
    assert len(title) == AgendaItem._meta.get_field("title").max_length
    assert "…" in title
    assert client.post(record_address(council), form_of(response)).status_code == 302


def test_the_drafted_agenda_is_filled_in_and_records_what_was_heard(cast, council, meet, reader):
    meeting = meet(council, cast.today - 60 * DAY, advice=3)
    first, second, third = meeting.recommendations.order_by("id")
    client = reader(cast.people.secretary)

    opened = client.get(record_address(council, "?agenda=draft"))
    sent = form_of(opened)
    assert [sent[f"point_{number}_recommendation"] for number in (1, 2, 3)] == [first.pk, second.pk, third.pk]
    assert sent["point_1_taken"] is True
    assert sent.get("point_4_title") is None
    sent |= {"point_1_decision": "Мерзім берілсін", "point_4_title": "Жарық"}
    del sent["point_2_taken"]  # was not on the agenda
    follow_done = {"recommendation": third, "by": cast.people.coordinator, "today": cast.today, "state": "done"}
    actions.follow_recommendation(**follow_done)  # meanwhile: it was heard all the same
    response = client.post(record_address(council, "?agenda=draft"), sent)

    recorded = Meeting.objects.latest("id")
    assert response.url == recorded.get_absolute_url()
    points = list(recorded.agenda.values_list("position", "recommendation", "decision", "title"))
    assert [point[:3] for point in points] == [(1, first.pk, "Мерзім берілсін"), (2, third.pk, ""), (3, None, "")]
    assert points[0][3] == "Hear Бөлім on “1-ұсыныс”"
    assert points[2][3] == "Жарық"


# --- a meeting is recorded -------------------------------------------------------------------------------------------
def test_a_day_and_one_issue_are_enough(cast, council, reader):
    response = reader(cast.people.secretary).post(record_address(council), typed())

    meeting = Meeting.objects.get()
    assert response.url == meeting.get_absolute_url()
    assert (meeting.held_on, meeting.entered_on, meeting.kind) == (dt.date(2025, 6, 10), cast.today, "regular")
    assert [item.title for item in meeting.agenda.all()] == ["Ауызсу"]
    assert meeting.author == cast.people.secretary


def test_everything_that_a_meeting_may_have(cast, council, meet, reader, evidence_directory):
    partner, measure = cast.add_body("own"), cast.add_measure()
    heard = meet(council, cast.today - 60 * DAY, advice=1).recommendations.get()
    sent = typed(
        kind="joint",
        joint_with=[partner.pk],
        place="Зал",
        minutes_number="8",
        present="12",
        note="Қорытынды",
        point_1_decision="Назарға алынсын",
        point_1_recommendation=heard.pk,
        point_3_title="Жарық\n мәселесі",  # lines that stay empty are no points
        recommendation_2_text="Құбырды тарту",
        recommendation_2_addressee="Әкімдік",
        recommendation_2_executor="Бөлім",
        recommendation_2_due_on="2025-07-10",
        recommendation_2_measure=measure.pk,
        files=[SimpleUploadedFile("Хаттама № 8.pdf", PDF)],
    )
    assert reader(cast.people.secretary).post(record_address(council), sent).status_code == 302

    meeting = Meeting.objects.latest("id")
    assert (meeting.kind, meeting.place, meeting.minutes_number, meeting.present, meeting.note) == (
        "joint",
        "Зал",
        "8",
        12,
        "Қорытынды",
    )
    assert list(meeting.joint_with.all()) == [partner]
    assert list(meeting.agenda.values_list("position", "title", "decision", "recommendation")) == [
        (1, "Ауызсу", "Назарға алынсын", heard.pk),
        (2, "Жарық мәселесі", "", None),
    ]
    proposal = meeting.recommendations.get()
    assert (proposal.text, proposal.addressee, proposal.executor) == ("Құбырды тарту", "Әкімдік", "Бөлім")
    assert (proposal.issued_on, proposal.due_on) == (dt.date(2025, 6, 10), dt.date(2025, 7, 10))
    assert proposal.measure == measure
    assert proposal.is_of_council
    assert [file.name for file in meeting.files.all()] == ["Хаттама № 8.pdf"]
    assert len([path for path in evidence_directory.rglob("*") if path.is_file()]) == 1


@pytest.mark.parametrize(
    ("said", "field", "words"),
    [
        ({"held_on": ""}, "held_on", "Enter the day"),
        ({"held_on": "31.31.2025"}, "held_on", "Enter the day as in"),
        ({"held_on": "2025-06-17"}, "held_on", "has not come yet"),
        ({"kind": "secret"}, "kind", "Choose from the list"),
        ({"kind": "joint"}, "joint_with", "Choose with whom"),
        ({"joint_with": ["999"]}, "joint_with", "Choose from the list"),
        ({"present": "толық"}, "present", "whole number"),
        ({"present": "-3"}, "present", "whole number"),
        ({"minutes_number": "5"}, "minutes_number", "entered already"),
        ({"point_1_title": " ", "point_1_decision": ""}, "point_1_title", "at least one issue"),
        ({"point_1_title": " "}, "point_1_title", "Write the issue"),
        ({"point_3_decision": "Шешім"}, "point_3_title", "Write the issue"),
        ({"point_2_title": "ұ" * 501}, "point_2_title", "500"),
        ({"point_2_title": "Жарық", "point_2_recommendation": "999"}, "point_2_recommendation", "Choose from the list"),
        ({"point_2_recommendation": "²"}, "point_2_recommendation", "Choose from the list"),
        ({"recommendation_2_executor": "Бөлім"}, "recommendation_2_text", "Write what is to be done"),
        ({"recommendation_3_text": "Тарту"}, "recommendation_3_addressee", "to whom"),
        ({"recommendation_3_text": "Тарту"}, "recommendation_3_due_on", "Enter the day"),
        (
            {
                "recommendation_3_text": "Тарту",
                "recommendation_3_addressee": "Әкімдік",
                "recommendation_3_due_on": "2025-06-01",
            },
            "recommendation_3_due_on",
            "before the recommendation was issued",
        ),
        ({"recommendation_1_measure": "999"}, "recommendation_1_measure", "Choose from the list"),
        ({"point_31_title": "Артық"}, "__all__", "At most 30"),
        ({"note": "ұ" * 2001}, "note", "2000"),
    ],
)
def test_what_is_refused_stands_beside_its_field_and_nothing_is_written(
    cast, council, meet, reader, written, said, field, words
):
    meet(council, minutes_number="5")
    before = written()
    sent = typed(point_1_decision="Сақталсын", place="Зал") | said

    response = reader(cast.people.secretary).post(record_address(council), sent)

    assert response.status_code == 200
    assert words in " ".join(errors_of(response)[field])
    assert words in words_of(response)
    assert written() == before
    form = response.context["form"]
    for name, value in sent.items():
        assert name not in form.fields or form[name].value() == value


def test_errors_of_all_lines_are_said_at_once(cast, council, reader):
    sent = typed(held_on="", point_2_decision="Шешім", recommendation_1_text="Тарту", present="көп")

    errors = errors_of(reader(cast.people.secretary).post(record_address(council), sent))

    assert set(errors) == {
        "held_on",
        "present",
        "point_2_title",
        "recommendation_1_addressee",
        "recommendation_1_due_on",
    }


def test_a_day_that_has_not_come_is_said_with_everything_else(cast, council, reader):
    sent = typed(held_on=f"{cast.today + DAY}", point_1_title="", present="көп")

    errors = errors_of(reader(cast.people.secretary).post(record_address(council), sent))

    assert set(errors) == {"held_on", "present", "point_1_title"}
    assert "has not come yet" in errors["held_on"][0]


def test_lines_added_in_the_browser_are_kept_when_refused_and_recorded(cast, council, reader):
    client = reader(cast.people.secretary)
    sent = typed(point_9_title="Тоғызыншы", held_on="")

    response = client.post(record_address(council), sent)
    assert response.context["form"]["point_9_title"].value() == "Тоғызыншы"
    assert client.post(record_address(council), sent | {"held_on": "2025-06-10"}).status_code == 302
    assert [item.title for item in Meeting.objects.get().agenda.all()] == ["Ауызсу", "Тоғызыншы"]


def test_the_pattern_of_a_line_is_on_the_page_and_no_field_of_the_form(cast, council, meet, reader):
    cast.add_measure()
    response = reader(cast.people.secretary).get(record_address(council))

    content = response.content.decode()
    assert content.count("<template") == 2
    assert f'name="point_{BLANK}_title"' in content
    assert not any(BLANK in name for name in response.context["form"].fields)
    assert content.count('name="point_6_title"') == 1
    assert 'name="point_7_title"' not in content


def test_pressed_twice_it_is_one_meeting_said_otherwise_it_is_another(cast, council, reader):
    client = reader(cast.people.secretary)
    sent = typed(recommendation_1_text="Т", recommendation_1_addressee="Ә", recommendation_1_due_on="2025-07-01")

    first, second = client.post(record_address(council), sent), client.post(record_address(council), sent)
    assert first.url == second.url
    assert (Meeting.objects.count(), Recommendation.objects.count()) == (1, 1)
    client.post(record_address(council), sent | {"point_1_title": "Басқа мәселе", "held_on": "2025-06-11"})
    assert Meeting.objects.count() == 2


def test_the_next_number_of_the_minutes_is_proposed(cast, council, meet, reader):
    client = reader(cast.people.secretary)

    def proposed():
        return client.get(record_address(council)).context["form"]["minutes_number"].value()

    assert proposed() == "1"
    meet(council, minutes_number="9")
    meet(council, cast.today - DAY, minutes_number="10")
    meet(council, cast.today - 2 * DAY, minutes_number="11-а")
    meet(council, dt.date(2024, 5, 5), minutes_number="40")
    meet(cast.add_body("own", BodyKind.COUNCIL), minutes_number="70")
    assert proposed() == "11"


def test_the_minutes_of_another_year_or_body_or_of_a_mistake_may_have_the_same_number(cast, council, meet, reader):
    meet(council, dt.date(2024, 5, 5), minutes_number="5")
    meet(cast.add_body("own", BodyKind.COUNCIL), minutes_number="5")
    mistake = meet(council, minutes_number="5")
    actions.annul_meeting(meeting=mistake, by=cast.people.coordinator, today=cast.today, note="қате")

    response = reader(cast.people.secretary).post(record_address(council), typed(minutes_number="5"))

    assert response.status_code == 302


def test_choices_are_scoped_like_pages(cast, abroad, commission, council, meet, reader):
    near, far = cast.add_body("other", BodyKind.COUNCIL), cast.add_body("abroad", BodyKind.COUNCIL)
    strange = meet(near, advice=1).recommendations.get()
    cast.add_measure("other")
    own = cast.add_measure("own")

    def offered(user, field, body=council):
        form = reader(user).get(record_address(body)).context["form"]
        return {str(value) for value, _label in form.fields[field].choices} - {""}

    assert offered(cast.people.secretary, "joint_with") == {str(commission.pk)}
    assert offered(cast.people.coordinator, "joint_with") == {str(commission.pk), str(near.pk)}
    assert offered(cast.people.secretary, "recommendation_1_measure") == {str(own.pk)}
    client = reader(cast.people.secretary)
    for field, value in (("joint_with", far.pk), ("joint_with", near.pk), ("point_1_recommendation", strange.pk)):
        response = client.post(record_address(council), typed(kind="joint", **{field: value}))
        assert field in errors_of(response)


# --- files -----------------------------------------------------------------------------------------------------------
def test_files_are_given_as_attachments_to_those_in_scope(cast, abroad, council, reader):
    file = SimpleUploadedFile("Хаттама.pdf", PDF, "text/html")
    reader(cast.people.secretary).post(record_address(council), typed(files=[file]))
    address = MeetingFile.objects.get().get_absolute_url()

    response = reader(cast.people.chair).get(address)
    assert b"".join(response.streaming_content) == PDF
    assert response["Content-Disposition"].startswith("attachment")
    assert response["Content-Type"] == "application/pdf"
    assert response["X-Content-Type-Options"] == "nosniff"
    for stranger in (cast.people.other_secretary, abroad.controller, cast.people.nobody):
        assert reader(stranger).get(address).status_code == 404
    assert (
        f'href="{address}"' in reader(cast.people.chair).get(Meeting.objects.get().get_absolute_url()).content.decode()
    )


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("хаттама.pdf", b"MZ\x90\x00\x03\x00\x00\x00", "is not accepted"),
        ("хаттама.exe", PDF, "is not accepted"),
        ("бос.pdf", b"", "is empty"),
        ("үлкен.pdf", PDF * 200, "is too large"),
    ],
)
def test_a_bad_file_is_refused_beside_the_field_and_nothing_is_kept(
    cast, council, reader, written, settings, evidence_directory, name, content, words
):
    settings.EVIDENCE_MAX_BYTES = 5_000
    before = written()
    files = [SimpleUploadedFile("жақсы.pdf", PDF), SimpleUploadedFile(name, content)]

    response = reader(cast.people.secretary).post(record_address(council), typed(place="Зал", files=files))

    assert words in " ".join(errors_of(response)["files"])
    assert "have to be chosen again" in words_of(response)
    assert response.context["form"]["place"].value() == "Зал"
    assert written() == before
    assert not [path for path in evidence_directory.rglob("*") if path.is_file()]


def test_a_request_that_is_too_large_is_refused_before_it_is_stored(cast, council, reader, settings, written):
    settings.EVIDENCE_MAX_BYTES, settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000, 1_000
    before = written()
    files = [SimpleUploadedFile("үлкен.pdf", PDF + b"x" * 9_000)]

    response = reader(cast.people.secretary).post(record_address(council), typed(files=files))

    assert response.status_code == 413
    assert "were sent at once" in words_of(response)
    assert written() == before


# --- entered by mistake ----------------------------------------------------------------------------------------------
def annul_address(meeting):
    return reverse("roadmap:meeting_annul", args=[meeting.pk])


def test_a_meeting_is_called_a_mistake_with_a_note(cast, council, meet, reader, written):
    meeting, client, before = meet(council), reader(cast.people.secretary), written()

    response = client.post(annul_address(meeting), {"note": " ", "submission": str(uuid.uuid4())})
    assert errors_of(response) == {"note": ["Write why the meeting does not count."]}
    assert written() == before
    sent = {"note": "Екі рет енгізілген", "submission": str(uuid.uuid4())}
    for _press in range(2):
        assert client.post(annul_address(meeting), sent).url == meeting.get_absolute_url()
    assert meeting.annulment.note == "Екі рет енгізілген"
    assert not Meeting.objects.as_of(cast.today).exists()
    assert "This was said already" in words_of(client.get(annul_address(meeting)))


def test_while_its_proposals_stand_a_meeting_is_no_mistake(cast, council, meet, reader, written):
    meeting, client = meet(council, advice=2), reader(cast.people.secretary)
    before = written()

    opened = client.get(annul_address(meeting))
    assert "2 proposals of this meeting stand" in words_of(opened)
    assert f'href="{meeting.get_absolute_url()}#recommended"' in opened.content.decode()
    assert "<textarea" not in opened.content.decode()
    refused = client.post(annul_address(meeting), {"note": "қате"})
    assert "Withdraw them first" in words_of(refused)
    assert written() == before
    for proposal in meeting.recommendations.all():
        actions.withdraw_recommendation(
            recommendation=proposal, by=cast.people.secretary, today=cast.today, note="қате енгізілген"
        )
    assert client.post(annul_address(meeting), {"note": "қате"}).status_code == 302
    assert "2-ұсыныс Әкімдік · executor: Бөлім" in words_of(client.get(meeting.get_absolute_url()))


# --- who may what ----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("kind", "branch", "may"),
    [
        (BodyKind.COUNCIL, "own", {"secretary", "coordinator"}),
        (BodyKind.COUNCIL, "other", {"other_secretary", "coordinator"}),
        (BodyKind.COUNCIL, "oblast", {"coordinator"}),
        (BodyKind.COMMISSION, "own", {"controller"}),
        (BodyKind.COMMISSION, "other", {"controller"}),
    ],
)
def test_councils_are_convened_by_their_secretary_and_commissions_by_control(cast, meet, as_user, kind, branch, may):
    body = cast.add_body(branch, kind)
    meeting = meet(body)
    sees = {"controller", "coordinator", "chair", "observer", "administrator"}
    sees |= {"own": {"secretary", "reception"}, "other": {"other_secretary"}}.get(branch, set())
    for name in ("secretary", "other_secretary", *(role.value for role in list(Role)[1:]), "administrator"):
        client, refused = as_user(getattr(cast.people, name)), 403 if name in sees else 404
        for card in (body.get_absolute_url(), meeting.get_absolute_url()):
            response = client.get(card)
            assert response.status_code == (200 if name in sees else 404), (name, card)
            ways = (record_address(body), annul_address(meeting))
            assert any(way in response.content.decode() for way in ways) == (name in may), (name, card)
        for address in (record_address(body), annul_address(meeting)):
            assert client.get(address).status_code == (200 if name in may else refused), (name, address)
            sent = typed(note="қате") if address == record_address(body) else {"note": ""}
            kept = 302 if address == record_address(body) else 200
            assert client.post(address, sent).status_code == (kept if name in may else refused), (name, address)


def test_a_secretary_of_two_branches_convenes_in_both(cast, as_user):
    body = cast.add_body("other", BodyKind.COUNCIL)
    Assignment.objects.create(user=cast.people.secretary, role=Role.SECRETARY, branch=cast.other)

    assert as_user(cast.people.secretary).post(record_address(body), typed()).status_code == 302


# --- how much is asked -----------------------------------------------------------------------------------------------
def test_queries_do_not_grow_with_meetings(cast, commission, council, meet, follow, reader):
    addresses = {
        "coordinator": [
            "/councils/?year=2025",
            "/councils/issues/?year=2025",
            council.get_absolute_url(),
            record_address(council, "?agenda=draft"),
        ],
        "controller": [
            "/control/meetings/?year=2025",
            commission.get_absolute_url(),
            record_address(commission, "?agenda=draft"),
        ],
    }

    def fill(times, start):
        for number in range(times):
            for body in (council, commission):
                day = cast.today - (40 + start + number) * DAY
                earlier = Recommendation.objects.filter(meeting__body=body).first()
                point = actions.Point("Тыңдау", "", earlier)
                meeting = meet(body, day, advice=2, agenda=("Ауызсу", point) if earlier else ("Ауызсу", "Жарық"))
                follow(meeting.recommendations.first(), RecommendationState.IN_WORK, cast.today - 30 * DAY)
            measure = cast.add_measure(deadline=cast.today - DAY)
            Measure.objects.filter(pk=measure.pk).update(executor="бөлім")
        meeting = meet(commission, cast.today - 40 * DAY, advice=times, agenda=["Бір"] * times)
        return meeting.get_absolute_url()

    def counted(card):
        counts = {}
        for name, pages in addresses.items():
            client = reader(getattr(cast.people, name))
            for address in (*pages, card):
                client.get(address)
                with CaptureQueriesContext(connection) as asked:
                    assert client.get(address).status_code == 200
                counts[name, address if address != card else "card"] = len(asked)
        return counts

    few = counted(fill(2, 0))
    many = counted(fill(6, 10))
    assert many == few
    assert max(few.values()) <= 30
