"""The secretary's page: what must still be entered, and the two-field entry in place."""

import datetime as dt
import re
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from branches import actions as work
from branches.choices import Frequency, NoData, ProjectUnit, Role
from branches.models import Assignment, ProjectIndicator
from roadmap import actions
from roadmap.choices import DelayReason, Status, Verdict
from roadmap.models import Roadmap, StatusReport

pytestmark = pytest.mark.usefixtures("noon")
DAY = dt.timedelta(days=1)


@pytest.fixture
def told(cast):
    """`told(measure, days_ago=…, status=…)`: what the branch said of a measure some days ago."""

    def add(measure, days_ago=0, status=Status.IN_PROGRESS, **said):
        day = cast.today - days_ago * DAY
        said = {"by": cast.people.secretary, "note": "түсіндірме", **said}
        return actions.report_status(measure=measure, today=day, status=status, **said).report

    return add


@pytest.fixture
def secretary(cast, as_user):
    """The browser of the branch's secretary."""
    return as_user(cast.people.secretary)


@pytest.fixture
def page(secretary):
    """`page()`: the page of today as the secretary sees it."""
    return lambda **query: secretary.get(reverse("roadmap:today"), query)


def listed(response):
    """The measures of the page, in its order."""
    return [int(pk) for pk in re.findall(r'<article class="task" id="t(\d+)"', response.content.decode())]


def row_of(response, measure):
    """The HTML of one measure's row."""
    html = response.content.decode()
    return re.search(rf'<article class="task" id="t{measure.pk}".*?</article>', html, re.DOTALL).group()


def counts_of(response):
    """How many are left, entered, and all the day's work."""
    shown = response.context["today"]
    return shown.left, shown.entered_count, shown.whole


# --- what is awaited -------------------------------------------------------------------------------------------------
FAR = 120  # days to a deadline that plays no part
AWAITED = {
    # what: (days to the deadline, days since the last report or None, its status, is it awaited?)
    "never reported": (FAR, None, None, True),
    "never reported, overdue": (-1, None, None, True),
    "reported today": (FAR, 0, Status.IN_PROGRESS, False),
    "reported 30 days ago": (FAR, 30, Status.IN_PROGRESS, False),
    "reported 31 days ago": (FAR, 31, Status.IN_PROGRESS, True),
    "not started, 31 days ago": (FAR, 31, Status.NOT_STARTED, True),
    "not done, 31 days ago": (FAR, 31, Status.NOT_DONE, True),
    "done long ago": (-90, 100, Status.DONE, False),
    "overdue, reported before the deadline": (-1, 2, Status.IN_PROGRESS, True),
    "overdue, reported on the deadline": (-2, 2, Status.IN_PROGRESS, True),
    "overdue, reported since": (-3, 2, Status.IN_PROGRESS, False),
    "overdue, reported since, a week ago": (-30, 7, Status.IN_PROGRESS, False),
    "overdue, reported since, more than a week ago": (-30, 8, Status.IN_PROGRESS, True),
    "overdue, not done, said so": (-3, 2, Status.NOT_DONE, False),
    "due today, silent for more than a week": (0, 8, Status.IN_PROGRESS, True),
    "due in a week, silent for more than a week": (7, 8, Status.IN_PROGRESS, True),
    "due in a week, reported a week ago": (7, 7, Status.IN_PROGRESS, False),
    "due in eight days, silent for more than a week": (8, 8, Status.IN_PROGRESS, False),
}


@pytest.mark.parametrize(("days_left", "days_ago", "status", "awaited"), AWAITED.values(), ids=AWAITED)
def test_what_is_awaited(cast, told, page, days_left, days_ago, status, awaited):
    measure = cast.add_measure(deadline=cast.today + days_left * DAY)
    if days_ago is not None:
        told(measure, days_ago, status)
    response = page()
    assert listed(response) == ([measure.pk] if awaited else [])
    assert response.context["today"].left == awaited


def test_what_control_returned_is_awaited(cast, told, page):
    measure = cast.add_measure()
    claim = told(measure, 3, Status.DONE)
    assert listed(page()) == []
    refuting = {"verdict": Verdict.REFUTES, "basis": "орнында", "note": "шатыры жоқ"}
    actions.verify(report=claim, by=cast.people.controller, today=cast.today, **refuting)
    response = page()
    assert listed(response) == [measure.pk]
    assert "шатыры жоқ" in row_of(response, measure)
    told(measure)
    assert listed(page()) == []


@pytest.mark.parametrize("status", [Status.MOVED, Status.REMOVED])
def test_what_is_settled_is_not_awaited(cast, told, page, status):
    measure = cast.add_measure(deadline=cast.today - DAY)
    by = cast.people.coordinator
    if status == Status.MOVED:
        until = dt.date(2026, 3, 1)
        actions.move_deadline(measure=measure, by=by, today=cast.today, new_deadline=until, reason=DelayReason.LAND)
    else:
        actions.correct_report(report=told(measure, 40), by=by, today=cast.today, status=status, note="шешім")
    assert listed(page()) == []


def test_a_moved_deadline_is_no_longer_overdue(cast, told, page):
    measure = cast.add_measure(deadline=cast.today - DAY)
    told(measure, 5)
    assert listed(page()) == [measure.pk]
    actions.move_deadline(
        measure=measure,
        by=cast.people.coordinator,
        today=cast.today,
        new_deadline=cast.today + 60 * DAY,
        reason=DelayReason.SUPPLY,
    )
    assert listed(page()) == []


def test_only_the_roadmap_that_is_worked_on_is_awaited(cast, page):
    def roadmap(year, version, approved_on):
        return Roadmap.objects.create(
            programme=cast.programme, branch=cast.own, year=year, version=version, approved_on=approved_on
        )

    cast.add_measure(roadmap=roadmap(2024, 1, dt.date(2024, 1, 10)))  # last year's
    cast.add_measure(roadmap=roadmap(2026, 1, dt.date(2025, 6, 1)))  # next year's, approved early
    cast.add_measure("other")
    first = cast.add_measure()
    assert listed(page()) == [first.pk]
    newer = cast.add_measure(roadmap=roadmap(2025, 2, cast.today))
    cast.add_measure(roadmap=roadmap(2025, 3, cast.today + DAY))
    assert listed(page()) == [newer.pk]


def test_the_list_goes_by_deadline_in_groups(cast, page):
    days = (200, -1, 0, 7, 8, -40, 14, 15)  # today is Monday, the 16th of June
    measures = {days_left: cast.add_measure(deadline=cast.today + days_left * DAY) for days_left in days}
    response = page()
    assert listed(response) == [measures[days_left].pk for days_left in sorted(days)]
    groups = {group.key: [task.days_left for task in group.tasks] for group in response.context["today"].groups}
    assert groups == {"late": [-40, -1], "week": [0, 7], "month": [8, 14], "later": [15, 200]}


def test_nothing_awaited_is_said(cast, page):
    response = page()
    assert (response.status_code, listed(response), counts_of(response)) == (200, [], (0, 0, 0))


# --- entry -----------------------------------------------------------------------------------------------------------
def test_an_entry_needs_two_fields_and_one_press(cast, page):
    measure = cast.add_measure()
    row = row_of(page(), measure)
    controls = set(re.findall(r'<(?:input|select|textarea) type="(?!hidden)\w+" name="(\w+)"', row))
    controls |= set(re.findall(r'<input class="in" [^>]*name="(\w+)"', row))
    assert controls == {"status", "note"}
    assert row.count("<button") == 1
    assert 'method="post"' in row


def test_a_saved_entry_leaves_the_list_and_the_count_moves(cast, secretary, page):
    first, second, third = (cast.add_measure(deadline=cast.today + left * DAY) for left in (3, 30, 60))
    assert counts_of(page()) == (3, 0, 3)
    form = {"measure": second.pk, "status": "in_progress", "note": "іргетасы құйылды", "seen": 0}
    response = secretary.post(reverse("roadmap:today"), form)
    assert (response.status_code, response.headers["Location"]) == (302, reverse("roadmap:today"))
    after = page()
    assert listed(after) == [first.pk, third.pk]
    assert counts_of(after) == (2, 1, 3)
    report = second.statusreports.get()
    assert (report.status, report.note, report.author) == ("in_progress", "іргетасы құйылды", cast.people.secretary)
    assert (report.entered_on, report.reported_on) == (cast.today, cast.today)
    assert [entered.measure_id for entered in after.context["today"].entered] == [second.pk]


def test_the_form_that_the_page_shows_can_be_sent_as_it_is(cast, told, secretary, page):
    """What a browser without JavaScript sends: the hidden fields, the chosen status, an empty note."""
    measure = cast.add_measure()
    last = told(measure, 40, Status.IN_PROGRESS)
    row = row_of(page(), measure)
    form = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', row))
    form["status"] = re.search(r'<input type="radio" name="status" value="(\w+)" checked', row).group(1)
    assert (form["seen"], form["status"]) == (str(last.pk), "in_progress")
    for _ in range(2):  # a double click
        assert secretary.post(reverse("roadmap:today"), form).status_code == 302
    assert measure.statusreports.count() == 2
    assert listed(page()) == []


def test_an_entry_that_comes_again_after_control_refuted_it_is_not_said_to_stand(cast, secretary):
    """A line that broke: the browser sends once more what had been kept, and control has spoken in between."""
    measure = cast.add_measure()
    form = {"measure": measure.pk, "status": "done", "note": "", "seen": 0, "submission": str(uuid.uuid4())}
    secretary.post(reverse("roadmap:today"), form)
    refuting = {"by": cast.people.controller, "today": cast.today, "verdict": Verdict.REFUTES, "note": "жоқ"}
    actions.verify(report=measure.statusreports.get(), basis="акт", **refuting)
    response = secretary.post(reverse("roadmap:today"), form, follow=True)
    assert [message.level_tag for message in response.context["messages"]] == ["success", "success", "warning"]
    measure.refresh_from_db()
    assert (measure.status, measure.statusreports.count()) == ("in_progress", 2)


def test_what_was_said_meanwhile_is_told_and_both_are_kept(cast, told, secretary, page):
    measure = cast.add_measure()
    page()
    told(measure, status=Status.DONE, by=cast.people.coordinator)
    form = {"measure": measure.pk, "status": "in_progress", "note": "", "seen": 0}
    response = secretary.post(reverse("roadmap:today"), form, follow=True)
    messages = [message.level_tag for message in response.context["messages"]]
    assert messages == ["success", "warning"]
    assert measure.statusreports.count() == 2


def test_a_refused_entry_keeps_what_was_typed_in_its_row(cast, secretary, written):
    first, second = (cast.add_measure(deadline=cast.today + left * DAY) for left in (3, 30))
    before = written()
    form = {"measure": second.pk, "status": "not_done", "note": "  ", "seen": 0}
    response = secretary.post(reverse("roadmap:today"), form)
    assert response.status_code == 422
    assert written() == before
    assert listed(response) == [first.pk, second.pk]
    refused, other = row_of(response, second), row_of(response, first)
    assert 'value="not_done" checked' in refused
    assert 'aria-invalid="true"' in refused
    assert re.search(r'class="err" id="([^"]+)"', refused).group(1) == f"t{second.pk}-e"
    assert f'aria-describedby="t{second.pk}-e"' in refused
    assert "checked" not in other
    assert "err" not in other


@pytest.mark.parametrize(
    "broken",
    [
        {"status": ""},
        {"status": "removed"},
        {"status": "no_report"},
        {"note": "x" * 2001},
        {"note": "nul\x00"},
        {"seen": "soon"},
        {"submission": "not-a-token"},
    ],
    ids=str,
)
def test_what_cannot_be_understood_is_refused(cast, secretary, written, broken):
    measure = cast.add_measure()
    before = written()
    response = secretary.post(
        reverse("roadmap:today"), {"measure": measure.pk, "status": "done", "note": "", "seen": 0} | broken
    )
    assert response.status_code == 422
    assert written() == before
    assert re.search(r'class="err"[^>]*>\s*<p>[^<]+</p>', row_of(response, measure))


def test_a_refusal_is_said_also_when_its_row_has_left_the_list(cast, told, secretary, page):
    """Two windows: the measure was reported in one, the other still shows its row."""
    measure = cast.add_measure()
    told(measure)
    form = {"measure": measure.pk, "status": "not_done", "note": "", "seen": 0}
    response = secretary.post(reverse("roadmap:today"), form)
    assert response.status_code == 422
    assert listed(response) == []
    said = [message.level_tag for message in response.context["messages"]]
    assert said == ["error"]
    assert measure.number in re.search(r'<p class="msg">.*?</p>', response.content.decode(), re.DOTALL).group()


def test_a_measure_of_another_branch_is_not_there(cast, secretary, written):
    foreign, own = cast.add_measure("other"), cast.add_measure()
    old = cast.add_measure(
        roadmap=Roadmap.objects.create(
            programme=cast.programme, branch=cast.own, year=2024, approved_on=dt.date(2024, 1, 10)
        )
    )
    before = written()
    for pk in (foreign.pk, old.pk, own.pk + 1000, 0, -1, 10**30, "", "abc", "1 OR 1=1"):
        form = {"measure": pk, "status": "done", "note": "", "seen": 0}
        assert secretary.post(reverse("roadmap:today"), form).status_code == 404, pk
    assert secretary.post(reverse("roadmap:today"), {}).status_code == 404
    assert written() == before


# --- several branches ------------------------------------------------------------------------------------------------
def test_who_reports_for_several_branches_picks_one(cast, as_user):
    measures = {branch: cast.add_measure(branch) for branch in ("oblast", "own", "other")}
    client = as_user(cast.people.coordinator)
    first = client.get(reverse("roadmap:today"))
    assert listed(first) == [measures["oblast"].pk]  # the regional branch stands first
    assert re.findall(r'<option value="(\w+)"', first.content.decode()) == ["oblast", "own", "other"]
    for branch, measure in measures.items():
        response = client.get(reverse("roadmap:today"), {"branch": branch})
        assert listed(response) == [measure.pk]
        assert f'<option value="{branch}" selected>' in response.content.decode()
    there = f"{reverse('roadmap:today')}?branch=other"
    form = {"measure": measures["other"].pk, "status": "done", "note": "", "seen": 0}
    assert client.post(there, form).headers["Location"] == there


def test_a_secretary_of_two_branches_has_both(cast, secretary):
    Assignment.objects.create(user=cast.people.secretary, role=Role.SECRETARY, branch=cast.other)
    there = cast.add_measure("other")
    assert listed(secretary.get(reverse("roadmap:today"), {"branch": "other"})) == [there.pk]


@pytest.mark.parametrize("slug", ["other", "oblast", "nowhere", "'"])
def test_a_branch_that_is_not_ones_own_is_not_there(cast, secretary, slug):
    measure = cast.add_measure()
    assert secretary.get(reverse("roadmap:today"), {"branch": slug}).status_code == 404
    form = {"measure": measure.pk, "status": "done", "note": "", "seen": 0}
    assert secretary.post(f"{reverse('roadmap:today')}?branch={slug}", form).status_code == 404
    assert not StatusReport.objects.exists()


def test_one_branch_needs_no_picker(cast, page):
    cast.add_measure()
    assert "<select" not in page().content.decode()


def test_after_new_year_the_numbers_still_open_into_their_rows(cast, told, as_user, noon):
    """In January the roadmap of the old year is worked on; its own list ends with its year, this one goes on."""
    late, done = cast.add_measure(), cast.add_measure()
    told(done, status=Status.DONE)
    noon.move_to(dt.datetime(2026, 1, 5, 12, tzinfo=dt.UTC))
    secretary = as_user(cast.people.secretary)  # half a year later the old session is over
    form = {"measure": late.pk, "status": "done", "note": "", "seen": 0}
    today = secretary.post(reverse("roadmap:today"), form, follow=True).context["today"]
    assert today.tally.claimed.part == 2
    for url, count in ((today.done_url, 2), (today.list_url, 2)):
        assert f'data-total="{count}"' in secretary.get(url).content.decode()


# --- the day ---------------------------------------------------------------------------------------------------------
def test_the_day_changes_at_midnight_in_the_oblast(cast, told, page, noon):
    measure = cast.add_measure()
    told(measure, 30)
    noon.move_to(dt.datetime(2025, 6, 16, 18, 59, tzinfo=dt.UTC))  # 23:59 in Kyzylorda
    assert listed(page()) == []
    noon.move_to(dt.datetime(2025, 6, 16, 19, 1, tzinfo=dt.UTC))  # the 17th there, the 16th in Greenwich
    assert listed(page()) == [measure.pk]


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_it_speaks_three_languages(cast, told, secretary, page, language):
    for days_left in (-5, 0, 3, 12, 60):
        cast.add_measure(deadline=cast.today + days_left * DAY)
    told(cast.add_measure())
    secretary.cookies["django_language"] = language
    response = page()
    with translation.override(language):
        assert str(translation.gettext("Save")) in response.content.decode()
        assert f'<html lang="{language}">' in response.content.decode()


# --- party projects: what was not told of periods that have ended -----------------------------------------------------
def cells_of(response):
    """How many cells the page asks for, and where they are filled in."""
    cells = response.context["today"].cells
    return cells and (cells.count, cells.url)


@pytest.fixture
def say(cast):
    """`say("q1", 7)`: what the branch told of its project in 2025."""

    def add(period, fact=None, indicator=None, **said):
        return work.report_project(
            branch=cast.own,
            indicator=indicator or cast.indicator,
            by=cast.people.coordinator,
            today=cast.today,
            year=2025,
            period=period,
            fact=fact,
            **said,
        )

    return add


@pytest.fixture
def monthly(cast):
    """Something that the project is measured by every month."""
    names = {f"name_{language}": "Іс-шаралар" for language in ("kk", "ru", "en")}
    row = ProjectIndicator.objects.create(key="monthly", unit=ProjectUnit.EVENTS, frequency=Frequency.MONTHLY, **names)
    row.projects.add(cast.project)
    return row


def test_the_page_says_how_many_cells_of_ended_periods_are_empty(cast, page, say, monthly):
    entry = "/projects/entry/?branch=own&year=2025"
    assert cells_of(page()) == (1 + 5, entry)  # the first quarter; January to May
    say("m01", 7, monthly)
    say("m02", no_data=NoData.NOT_HELD, indicator=monthly)  # why there is none is an answer
    say("y", plan=100)  # a plan is none
    say("q2", 9)  # nor is what runs still
    shown = page()
    assert cells_of(shown) == (4, entry)
    said = re.search(r'<p class="aside">(?:(?!</p>).)*?href="/projects/entry/', shown.content.decode(), re.DOTALL)
    assert " 4 " in re.sub("<[^>]+>", " ", said.group())
    for period in ("m03", "m04", "m05"):
        say(period, 7, monthly)
    say("q1", 7)
    assert cells_of(page()) is None
    assert "/projects/entry/" not in page().content.decode()
    say("q1")  # taken back
    assert cells_of(page()) == (1, entry)


@pytest.mark.parametrize(
    ("moment", "count", "year"),
    [
        ((2025, 3, 31), 1 * 2, 2025),  # January and February; the quarter and March end tonight
        ((2025, 4, 1), 1 + 3, 2025),
        ((2025, 12, 31), 3 + 11, 2025),
        ((2026, 1, 1), 4 + 12, 2025),  # January is when the year before is told
        ((2026, 1, 31), 4 + 12, 2025),
        ((2026, 2, 1), 1, 2026),
    ],
)
def test_a_period_is_asked_for_once_it_is_over(cast, noon, as_user, monthly, moment, count, year):
    noon.move_to(dt.datetime(*moment, 7, tzinfo=dt.UTC))
    shown = as_user(cast.people.secretary).get(reverse("roadmap:today"))
    assert cells_of(shown) == (count, f"/projects/entry/?branch=own&year={year}")


def test_cells_are_asked_of_who_reports_on_projects_of_the_branch(cast, as_user, monthly, say):
    coordinator = as_user(cast.people.coordinator)
    address = reverse("roadmap:today")
    assert cells_of(coordinator.get(address, {"branch": "own"}))[0] == 6
    assert cells_of(coordinator.get(address, {"branch": "oblast"})) is None  # it has told of nothing of its own
    work.report_project(
        branch=cast.oblast,
        indicator=monthly,
        by=cast.people.coordinator,
        today=cast.today,
        year=2025,
        period="m01",
        fact=7,
    )
    assert cells_of(coordinator.get(address, {"branch": "oblast"}))[0] == 4
    cast.project.valid_until = dt.date(2024, 12, 31)
    cast.project.save()
    assert cells_of(coordinator.get(address, {"branch": "own"})) is None


def test_cells_cost_as_many_queries_with_few_indicators_as_with_many(cast, page, say, monthly):
    with CaptureQueriesContext(connection) as few:
        page()
    for number in range(5):
        names = {f"name_{language}": "Іс-шаралар" for language in ("kk", "ru", "en")}
        row = ProjectIndicator.objects.create(
            key=f"more-{number}", unit=ProjectUnit.EVENTS, frequency=Frequency.MONTHLY, **names
        )
        row.projects.add(cast.project)
        say("m01", 7, row)
    with CaptureQueriesContext(connection) as many:
        page()
    assert len(many) == len(few)
