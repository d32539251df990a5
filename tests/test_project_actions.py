"""What branches report of party projects: one number a report, the last one entered speaks; what a year comes to."""

import contextlib
import datetime as dt
import uuid
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import translation

from branches import actions
from branches.choices import Frequency, NoData, Period, ProjectUnit, Qualifier
from branches.dashboards.projects import indicator_years
from branches.metrics import year_plan, year_total
from branches.models import AuditEvent, PartyProject, ProjectIndicator, ProjectReport

TODAY = dt.date(2025, 6, 16)
DAY = dt.timedelta(days=1)


def names(word):
    return {"name_kk": word, "name_ru": word, "name_en": word}


@pytest.fixture
def report(cast):
    """`report(7, "q1")`: what the secretary of `own` reports; other things by name."""

    def say(fact=None, period=Period.Q1, **said):
        told = {
            "branch": cast.own,
            "indicator": cast.indicator,
            "by": cast.people.secretary,
            "today": TODAY,
            "year": 2025,
            **said,
        }
        return actions.report_project(period=period, fact=None if fact is None else Decimal(fact), **told)

    return say


@pytest.fixture
def year_of(cast):
    """`year_of(indicator)`: its year over all branches, as known on a day."""

    def look(indicator=None, day=TODAY, year=2025):
        branches = [cast.oblast, cast.own, cast.other]
        (told,) = indicator_years(branches=branches, year=year, day=day, indicators=[indicator or cast.indicator])
        return told

    return look


def an_indicator(cast, frequency, key="legal_aid.more", *projects):
    indicator = ProjectIndicator.objects.create(
        key=key, unit=ProjectUnit.EVENTS, frequency=frequency, **names("Іс-шаралар")
    )
    indicator.projects.set(projects or [cast.project])
    return indicator


def spoken(day, **where):
    """What speaks on a day: the facts by period."""
    return {row.period: row.fact for row in ProjectReport.objects.as_of(day).filter(**where)}


# --- one report ------------------------------------------------------------------------------------------------------
def test_a_report_is_kept_with_everything_that_was_said(cast, report):
    row = report("11210", plan=Decimal("9500"), qualifier=Qualifier.MORE_THAN, note=" екі топ ", source=" хаттама № 3 ")
    row.refresh_from_db()
    assert (row.branch, row.indicator, row.year, row.period) == (cast.own, cast.indicator, 2025, "q1")
    assert (row.fact, row.plan, row.qualifier, row.no_data) == (11210, 9500, "more_than", "")
    assert (row.note, row.source) == ("екі топ", "хаттама № 3")
    assert (row.author, row.entered_on) == (cast.people.secretary, TODAY)
    event = AuditEvent.objects.get(action="project.report")
    assert (event.actor, event.subject) == ("secretary", f"branches.projectreport:{row.pk}")
    assert event.detail == "legal_aid.people 2025 q1: 9500 / 11210"


def test_nothing_is_a_number_and_no_number_has_a_reason(report):
    zero = report("0")
    why = report(None, Period.Q2, no_data=NoData.NOT_HELD)
    assert (zero.fact, zero.no_data) == (0, "")
    assert (why.fact, why.no_data) == (None, "not_held")


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({}, "fact"),  # nothing at all
        ({"note": "кейін айтамын"}, "fact"),
        ({"fact": "7", "no_data": NoData.NOT_HELD}, "no_data"),
        ({"no_data": NoData.OTHER}, "note"),
        ({"no_data": "see text"}, "no_data"),
        ({"fact": "7", "qualifier": "about"}, "qualifier"),
        ({"fact": "-1"}, "fact"),
        ({"fact": "7", "plan": Decimal("-0.001")}, "plan"),
        ({"fact": "0.0001"}, "fact"),
        ({"fact": "1e15"}, "fact"),
        ({"fact": "NaN"}, "fact"),
        ({"fact": "Infinity"}, "fact"),
        ({"fact": "7", "period": Period.M01}, "fact"),  # it is told by quarters
        ({"fact": "7", "period": Period.H1}, "fact"),
        ({"fact": "7", "period": "q5"}, "fact"),
        ({"fact": "7", "period": ""}, "fact"),
        ({"fact": "7", "period": Period.YEAR}, "fact"),  # of the whole year only the plan
        ({"no_data": NoData.AWAITED, "period": Period.YEAR}, "fact"),
        ({"fact": "7", "period": Period.Q3}, "fact"),  # has not begun
        ({"no_data": NoData.NOT_HELD, "period": Period.Q3}, "fact"),
        ({"fact": "7", "year": 2026}, "fact"),
        ({"fact": "7", "year": 2022}, "fact"),  # before the project
        ({"fact": "7", "year": 0}, "fact"),
        ({"fact": "7", "year": 1999}, "fact"),
        ({"fact": "7", "year": 99999}, "fact"),
    ],
)
def test_what_cannot_be_true_is_refused_beside_its_field(report, written, said, field):
    before = written()
    with pytest.raises(ValidationError) as refused:
        report(**said)
    assert list(refused.value.message_dict) == [field]
    assert written() == before


def test_a_plan_may_be_told_of_what_has_not_begun(report, year_of):
    report(None, Period.YEAR, plan=Decimal("9500"))
    report(None, Period.Q4, plan=Decimal("2000"))
    assert (year_of().plan, year_of().fact, year_of().reported) == (9500, None, 0)


@pytest.mark.parametrize("today", [dt.date(2025, 6, 30), dt.date(2025, 7, 1)])
def test_a_period_is_told_from_its_first_day_on(report, today):
    if today < dt.date(2025, 7, 1):
        with pytest.raises(ValidationError):
            report("7", Period.Q3, today=today)
    else:
        assert report("7", Period.Q3, today=today).period == "q3"


@pytest.mark.parametrize("name", ["reception", "controller", "chair", "observer", "administrator", "other_secretary"])
def test_only_who_reports_on_projects_does(cast, report, written, name):
    before = written()
    with pytest.raises(PermissionDenied):
        report("7", by=getattr(cast.people, name))
    assert written() == before


def test_the_coordinator_reports_for_any_branch(cast, report):
    for branch in (cast.own, cast.other, cast.oblast):
        assert report("7", by=cast.people.coordinator, branch=branch).branch == branch


# --- said again ------------------------------------------------------------------------------------------------------
def test_what_runs_since_january_does_not_shrink(cast, report, written):
    running = an_indicator(cast, Frequency.RUNNING)

    def say(number, period, **said):
        return report(number, period, indicator=running, today=dt.date(2025, 12, 1), **said)

    def refusal(number, period, **said):
        before = written()
        with pytest.raises(ValidationError) as refused:
            say(number, period, **said)
        assert written() == before
        assert list(refused.value.message_dict) == ["fact"]
        return refused.value.message_dict["fact"][0]

    with translation.override("en"):
        say("20", Period.Q1)
        say("1640", Period.H1)
        assert "less than of an earlier period: half-year, 1,640." in refusal("1639", Period.N9)
        assert "more than of a later period: half-year, 1,640." in refusal("1641", Period.Q1)
        assert "put it right first" in refusal("19", Period.YEAR)
    assert say("1640", Period.N9).fact == 1640  # nothing was added, and that is true
    say("1000", Period.H1)  # put right
    assert say("1200", Period.N9).fact == 1200
    assert refusal("1201", Period.H1)
    assert say(None, Period.H1, no_data=NoData.AWAITED).no_data  # what was taken back binds nobody
    assert say("30", Period.N9).fact == 30
    assert say("7", branch=cast.other, by=cast.people.coordinator, period=Period.YEAR).fact == 7
    assert say("5", year=2024, period=Period.YEAR).fact == 5


def test_what_is_said_not_exactly_leaves_room_for_the_other(cast, report):
    running = an_indicator(cast, Frequency.RUNNING)
    report("2000", indicator=running, qualifier=Qualifier.ALMOST)
    assert report("1990", Period.H1, indicator=running).fact == 1990
    assert report("1985", Period.H1, indicator=running, qualifier=Qualifier.MORE_THAN).fact == 1985
    report("1985", indicator=running)
    assert report("1986", indicator=running, qualifier=Qualifier.ALMOST).fact == 1986


def test_months_and_quarters_may_be_smaller_than_the_one_before(report):
    report("20")
    assert report("5", Period.Q2).fact == 5


def test_what_is_said_again_otherwise_speaks(cast, report):
    first = report("7")
    second = report("8", today=TODAY + DAY)
    assert list(ProjectReport.objects.order_by("id")) == [first, second]
    first.refresh_from_db()
    assert first.fact == 7
    assert spoken(TODAY + DAY) == {"q1": 8}
    assert spoken(TODAY) == {"q1": 7}
    assert spoken(TODAY - DAY) == {}


def test_each_cell_speaks_for_itself(cast, report):
    report("1")
    report("2", Period.Q2)
    report("3", branch=cast.other, by=cast.people.other_secretary)
    report("4", year=2024)
    report("5", year=2024, period=Period.Q2)
    report("6", year=2024, period=Period.Q2)
    assert spoken(TODAY, branch=cast.own, year=2025) == {"q1": 1, "q2": 2}
    assert spoken(TODAY, branch=cast.other) == {"q1": 3}
    assert spoken(TODAY, branch=cast.own, year=2024) == {"q1": 4, "q2": 6}
    assert ProjectReport.objects.years(TODAY) == {2024: True, 2025: True}
    assert ProjectReport.objects.years(TODAY - DAY) == {}


@pytest.mark.parametrize(
    "change",
    [
        {"fact": "8"},
        {"plan": Decimal("10")},
        {"qualifier": Qualifier.ALMOST},
        {"note": "екі топ"},
        {"fact": None, "no_data": NoData.AWAITED},
        {"source": "хаттама"},
    ],
)
def test_the_same_is_not_repeated_and_any_change_is_kept(report, change):
    """Also when it comes from one and the same form: somebody went back and said it otherwise."""
    for form in (None, uuid.uuid4()):
        said = {"fact": "7", "submission": form}
        first = report(**said)
        assert report(**said) == report("7.000") == first
        second = report(**{**said, **change})
        assert second.pk > first.pk
        assert report(**{**said, **change}) == second
        back = report(**{**said, "source": "басқа құжат"})  # and to the first one again
        assert back.pk > second.pk
        assert back.fact == 7


def test_saving_the_grid_again_does_not_take_a_source_away(report):
    first = report("7", source="хаттама")
    assert report("7") == report("7", source="хаттама") == first
    assert ProjectReport.objects.get().source == "хаттама"


def test_a_number_in_the_wrong_cell_is_taken_back(report, year_of):
    report("7")
    taken = report(None)
    assert (taken.fact, taken.no_data) == (None, "")
    assert (year_of().fact, year_of().reported) == (None, 0)
    assert report(None) == taken


def test_a_double_click_makes_one_row(report):
    form = uuid.uuid4()
    assert report("7", submission=form) == report("7", submission=form) == ProjectReport.objects.get()


def test_a_form_that_was_left_open_does_not_write_over_what_it_did_not_show(cast, report):
    first = report("7", seen=0)
    with pytest.raises(ValidationError) as refused:
        report("8", seen=0, by=cast.people.coordinator)
    assert "Secretary" in refused.value.message_dict["fact"][0]
    assert ProjectReport.objects.get() == first
    assert report("7", seen=0, by=cast.people.coordinator) == first  # they agree
    assert report("8", seen=first.pk, by=cast.people.coordinator).fact == 8
    with pytest.raises(ValidationError):
        report("9", seen=first.pk)


def test_who_enters_after_one_whose_midnight_has_passed_speaks_all_the_same(report):
    report("7", today=TODAY + DAY)
    later = report("8", today=TODAY)
    assert later.entered_on == TODAY + DAY
    assert spoken(TODAY + DAY) == {"q1": 8}
    assert spoken(TODAY) == {}


# --- a year ----------------------------------------------------------------------------------------------------------
MONTHS, QUARTERS = Frequency.MONTHLY.periods, Frequency.QUARTERLY.periods


@pytest.mark.parametrize(
    ("frequency", "told", "total", "plan"),
    [
        (Frequency.MONTHLY, {}, None, None),
        (Frequency.MONTHLY, {"m01": 1, "m02": None, "m12": 2}, 3, 3),
        (Frequency.MONTHLY, dict.fromkeys(MONTHS, 2), 24, 24),
        (Frequency.MONTHLY, {"m01": 1, "y": 50}, 1, 50),
        (Frequency.MONTHLY, {"q1": 9}, None, None),  # what is of another frequency is not added
        (Frequency.QUARTERLY, dict.fromkeys(QUARTERS, 5), 20, 20),
        (Frequency.QUARTERLY, {"q1": 0, "q3": 7}, 7, 7),
        (Frequency.QUARTERLY, {"q1": 0}, 0, 0),
        (Frequency.QUARTERLY, {"q1": None}, None, None),
        (Frequency.QUARTERLY, {"y": 50}, 50, 50),
        (Frequency.QUARTERLY, {"q1": 20, "h1": 30, "n9": 40, "y": 50}, 20, 50),  # halves are not quarters
        (Frequency.RUNNING, {"q1": 20, "h1": 30}, 30, 30),
        (Frequency.RUNNING, {"q1": 20, "h1": 30, "n9": None}, 30, 30),
        (Frequency.RUNNING, {"n9": 25, "q1": 20, "h1": 30}, 25, 25),  # the latest, not the largest
        (Frequency.RUNNING, {"q1": 20, "y": 0}, 0, 0),
        (Frequency.RUNNING, {"q2": 20}, None, None),
        (Frequency.YEARLY, {"y": 50}, 50, 50),
        (Frequency.YEARLY, {"q1": 20}, None, None),
    ],
)
def test_what_a_year_comes_to(frequency, told, total, plan):
    assert year_total(frequency, told) == total
    assert year_plan(frequency, told) == plan


@pytest.mark.parametrize(
    ("frequency", "said", "fact"),
    [
        (Frequency.MONTHLY, [("m01", 5), ("m02", 7), ("m02", 8)], 13),
        (Frequency.QUARTERLY, [("q1", 5), ("q2", 7)], 12),
        (Frequency.RUNNING, [("q1", 5), ("h1", 12), ("q1", 6)], 12),
        (Frequency.YEARLY, [("y", 5), ("y", 4)], 4),
    ],
)
def test_a_year_of_a_branch_by_how_often_it_is_told(cast, report, year_of, frequency, said, fact):
    indicator = an_indicator(cast, frequency)
    for period, number in said:
        report(number, period, indicator=indicator)
    assert year_of(indicator).fact == fact


def test_the_oblast_is_the_sum_of_its_branches(cast, report, year_of):
    report("6000", plan=Decimal("5000"))
    report("5210", Period.Q2, qualifier=Qualifier.MORE_THAN)
    report("0", branch=cast.other, by=cast.people.other_secretary, plan=Decimal("6000"))
    told = year_of()
    assert (told.fact, told.plan, told.percent) == (11210, 11000, Decimal("101.9"))
    assert (told.period, told.reported, told.asked, told.qualifier) == ("q2", 1, 2, "more_than")


def test_what_nobody_told_is_not_nothing(cast, report, year_of):
    told = year_of()
    assert (told.fact, told.plan, told.percent, told.reported, told.asked) == (None, None, None, 0, 2)
    report(None, no_data=NoData.NOT_STARTED)
    assert (year_of().fact, year_of().reported) == (None, 1)
    report("0", Period.Q2)
    assert (year_of().fact, year_of().percent) == (0, None)


def test_the_oblast_branch_is_asked_where_it_told_something_of_its_own(cast, report, year_of):
    report("7", branch=cast.oblast, by=cast.people.coordinator)
    assert (year_of().fact, year_of().reported, year_of().asked) == (7, 1, 3)


@pytest.mark.parametrize(
    ("frequency", "told", "day", "period", "reported"),
    [
        (Frequency.QUARTERLY, {}, (2025, 3, 30), None, 0),
        (Frequency.QUARTERLY, {"q1": "7"}, (2025, 3, 30), "q1", 1),  # told before it ended
        (Frequency.QUARTERLY, {"q1": "7"}, (2025, 6, 29), "q1", 1),
        (Frequency.QUARTERLY, {"q1": "7"}, (2025, 6, 30), "q2", 0),
        (Frequency.QUARTERLY, {"q1": "7", "q2": None}, (2025, 7, 1), "q2", 1),  # a reason is a report
        (Frequency.QUARTERLY, {"q1": "7"}, (2025, 12, 31), "q4", 0),
        (Frequency.QUARTERLY, {"q1": "7"}, (2026, 5, 5), "q4", 0),
        (Frequency.MONTHLY, {"m01": "7", "m03": "7"}, (2025, 4, 1), "m03", 1),
        (Frequency.MONTHLY, {"m01": "7", "m03": "7"}, (2025, 4, 30), "m04", 0),
        (Frequency.RUNNING, {"q1": "7", "h1": "9"}, (2025, 9, 29), "h1", 1),
        (Frequency.RUNNING, {"q1": "7", "h1": "9"}, (2025, 9, 30), "n9", 0),
        (Frequency.RUNNING, {"q1": "7", "y": "9"}, (2025, 12, 1), "y", 1),
        (Frequency.YEARLY, {}, (2025, 12, 30), None, 0),
        (Frequency.YEARLY, {"y": "9"}, (2025, 12, 31), "y", 1),
    ],
)
def test_who_reported_is_counted_for_the_newest_period(cast, report, year_of, frequency, told, day, period, reported):
    indicator = an_indicator(cast, frequency)
    day = dt.date(*day)
    for name, number in told.items():
        report(number, name, indicator=indicator, today=day, no_data="" if number else NoData.AWAITED)
    shown = year_of(indicator, day)
    assert (shown.period, shown.reported) == (period, reported)


def test_a_year_that_was_told_as_a_whole_is_told(cast, report, year_of):
    """As the totals of years before there was a grid; beside a branch that told by quarters."""
    common = {"indicator": cast.indicator, "year": 2024, "author": cast.people.coordinator, "entered_on": TODAY}
    ProjectReport.objects.create(branch=cast.other, period=Period.YEAR, fact=11210, **common)
    assert (year_of(year=2024).period, year_of(year=2024).reported) == ("y", 1)
    report("7", Period.Q4, year=2024)
    assert (year_of(year=2024).period, year_of(year=2024).reported) == ("y", 2)


def test_the_qualifier_is_of_the_numbers_that_count(cast, report, year_of):
    """Of what runs since January only the last number speaks, and only how exactly that one is said."""
    running = an_indicator(cast, Frequency.RUNNING)
    report("2000", indicator=running, qualifier=Qualifier.MORE_THAN)
    assert year_of(running).qualifier == "more_than"
    report("2154", Period.H1, indicator=running)
    assert (year_of(running).fact, year_of(running).qualifier) == (2154, "")


def test_a_year_as_it_was_known_on_a_past_day(report, year_of):
    report("7", today=TODAY - 2 * DAY)
    report("5", Period.Q2, today=TODAY - DAY)
    report("8", today=TODAY)
    assert [year_of(day=TODAY - number * DAY).fact for number in range(4)] == [13, 12, 7, None]


# --- projects --------------------------------------------------------------------------------------------------------
def test_an_indicator_of_several_projects_is_counted_once(cast, report):
    second = PartyProject.objects.create(key="second", valid_from=dt.date(2025, 1, 1), **names("Екінші"))
    joint = an_indicator(cast, Frequency.QUARTERLY, "joint.people", cast.project, second)
    report("38754", indicator=joint)
    assert list(ProjectIndicator.objects.valid_in(2025).filter(pk=joint.pk)) == [joint]
    years = indicator_years(branches=[cast.oblast, cast.own, cast.other], year=2025, day=TODAY)
    assert [year.fact for year in years if year.indicator == joint] == [38754]
    assert list(ProjectIndicator.objects.valid_in(2024)) == [cast.indicator, joint]  # by the older of its projects
    assert report("7", indicator=joint, year=2024).fact == 7


@pytest.mark.parametrize(
    ("since", "until", "years"),
    [
        ((2024, 1, 1), None, {2024, 2025, 2026}),
        ((2024, 12, 31), (2024, 12, 31), {2024}),
        ((2024, 12, 31), (2025, 1, 1), {2024, 2025}),
        ((2023, 5, 1), (2024, 1, 1), {2023, 2024}),
        ((2027, 1, 1), None, set()),
    ],
)
def test_projects_by_year(cast, since, until, years):
    project = PartyProject.objects.create(
        key="new", valid_from=dt.date(*since), valid_until=until and dt.date(*until), **names("Жаңа")
    )
    indicator = an_indicator(cast, Frequency.YEARLY, "new.people", project)
    looked = range(2022, 2027)
    assert {year for year in looked if project in PartyProject.objects.valid_in(year)} == years
    assert {year for year in looked if indicator in ProjectIndicator.objects.valid_in(year)} == years


def test_a_project_is_not_given_an_end_that_hides_what_was_reported(cast, report):
    other = {"branch": cast.other, "by": cast.people.other_secretary}
    report("7", year=2024)
    report("7", year=2024, **other)
    report("8")
    report(None, Period.YEAR, year=2026, plan=Decimal(9))

    def refused(**days):
        project = PartyProject.objects.get(pk=cast.project.pk)
        for name, day in days.items():
            setattr(project, name, day)
        with translation.override("en"):
            try:
                project.full_clean()
            except ValidationError as error:
                return {name: [words.split(",")[0] for words in said] for name, said in error.message_dict.items()}
        return {}

    assert refused() == {}
    assert refused(valid_until=dt.date(2026, 1, 1)) == {}  # it ran in that year
    of_2026 = {"valid_until": ["1 branch has reported numbers of 2026"]}
    assert refused(valid_until=dt.date(2025, 12, 31)) == refused(valid_until=dt.date(2024, 12, 31)) == of_2026
    assert refused(valid_from=dt.date(2025, 1, 1)) == {"valid_from": ["2 branches have reported numbers of 2024"]}
    assert refused(valid_from=None)["valid_from"]  # said by the field itself
    report(None, Period.YEAR, year=2026, plan=None)  # taken back
    assert refused(valid_until=dt.date(2025, 12, 31)) == {}
    # of what is measured together another project still shows it
    second = PartyProject.objects.create(key="second", valid_from=dt.date(2025, 1, 1), **names("Екінші"))
    cast.indicator.projects.add(second)
    assert refused(valid_until=dt.date(2024, 12, 31)) == {}
    assert list(refused(valid_from=dt.date(2026, 1, 1))) == ["valid_from"]
    PartyProject(key="new", valid_from=dt.date(2025, 1, 1), **names("Жаңа")).full_clean()


def test_an_indicator_without_a_project_is_not_reported(report, cast):
    lone = ProjectIndicator.objects.create(key="lone", unit=ProjectUnit.JOBS, **names("Жеке"))
    with pytest.raises(ValidationError):
        report("7", indicator=lone)


@pytest.mark.parametrize(
    ("today", "open_periods"),
    [
        ((2025, 1, 1), {"q1"}),
        ((2025, 3, 31), {"q1"}),
        ((2025, 4, 1), {"q1", "h1"}),
        ((2025, 7, 1), {"q1", "h1", "n9"}),
        ((2025, 9, 30), {"q1", "h1", "n9"}),
        ((2025, 10, 1), {"q1", "h1", "n9", "y"}),
    ],
)
def test_what_runs_since_january_is_told_once_the_period_before_is_over(report, cast, today, open_periods):
    indicator = an_indicator(cast, Frequency.RUNNING)
    told = set()
    for period in indicator.periods:
        with contextlib.suppress(ValidationError):
            told.add(report("7", period, indicator=indicator, today=dt.date(*today)).period)
    assert told == open_periods


@pytest.mark.parametrize("frequency", Frequency)
def test_the_periods_of_a_frequency_are_in_order_and_cover_the_year(frequency):
    months = [period.last_month for period in frequency.periods]
    assert months == sorted(months)
    assert months[-1] == 12
    if frequency in (Frequency.MONTHLY, Frequency.QUARTERLY):  # what is added up meets, and does not overlap
        firsts = [period.first_month for period in frequency.periods]
        assert firsts == [1, *(month + 1 for month in months[:-1])]
    else:
        assert {period.first_month for period in frequency.periods} == {1}
