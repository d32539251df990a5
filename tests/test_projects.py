"""Party projects: the year's list, a project, an indicator; the grid in which a branch reports, cell by cell."""

import datetime as dt
import html
import json
import re
import uuid
from decimal import Decimal
from types import SimpleNamespace
from urllib.parse import urljoin

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from branches import actions
from branches.charts import BOTTOM, FULL, TOP, plan_bar, round_top, trend_figure, year_columns, year_points
from branches.choices import Frequency, NoData, Period, ProjectUnit, Qualifier, Role
from branches.dashboards.project_frame import Amount
from branches.forms.projects import FACT, PLAN, CellForm
from branches.models import Assignment, AuditEvent, Branch, PartyProject, ProjectIndicator, ProjectReport, User

pytestmark = pytest.mark.django_db
LIST, ENTRY = "/projects/", "/projects/entry/"
NBSP = "\u00a0"
FEBRUARY, MAY, JUNE = dt.date(2025, 2, 3), dt.date(2025, 5, 12), dt.date(2025, 6, 12)


@pytest.fixture(autouse=True)
def stopped_clock(noon):
    """Every page here is asked for on the day of the cast: 16 June 2025."""


@pytest.fixture
def reader(as_user):
    """`reader(user)`: a client that reads in English."""

    def log_in(user):
        client = as_user(user)
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
        return client

    return log_in


@pytest.fixture
def measured(cast):
    """Three projects: one of its own, two that share an indicator; each frequency occurs."""

    def names(word):
        return {"name_kk": word, "name_ru": f"{word} (ru)", "name_en": word}

    def project(key, **fields):
        return PartyProject.objects.create(key=key, **{"valid_from": dt.date(2023, 1, 1), **names(key), **fields})

    def indicator(key, *projects, **fields):
        row = ProjectIndicator.objects.create(key=key, **names(key), **fields)
        row.projects.set(projects)
        return row

    cast.project.name_en, cast.indicator.name_en = "Legal aid", "People"
    cast.project.save()
    cast.indicator.save()
    village = project("village", position=2)
    books, veterans = project("books", position=3), project("veterans", position=4)
    ended = project("ended", position=5, valid_until=dt.date(2024, 6, 30))
    return SimpleNamespace(
        people=cast.indicator,
        money=indicator("village.money", village, unit=ProjectUnit.TENGE, frequency=Frequency.RUNNING),
        land=indicator("village.land", village, unit=ProjectUnit.HECTARES, frequency=Frequency.YEARLY),
        shared=indicator("joint.events", books, veterans, unit=ProjectUnit.EVENTS, frequency=Frequency.MONTHLY),
        gone=indicator("ended.people", ended, unit=ProjectUnit.PEOPLE),
        ended=ended,
        village=village,
        books=books,
        veterans=veterans,
    )


@pytest.fixture
def report(cast):
    """`report("own", indicator, "q1", fact=…)`: enter a number as the branch's secretary."""

    def enter(branch, indicator, period, *, year=2025, today=JUNE, by=None, **said):
        authors = {"own": cast.people.secretary, "other": cast.people.other_secretary}
        said = {name: Decimal(value) if isinstance(value, int) else value for name, value in said.items()}
        return actions.report_project(
            branch=Branch.objects.get(slug=branch),
            indicator=indicator,
            by=by or authors.get(branch, cast.people.coordinator),
            today=today,
            year=year,
            period=period,
            **said,
        )

    return enter


def text_of(answer):
    """The page in words, its white space made single."""
    body = re.sub(r"<(script|style|template)\b.*?</\1>", " ", answer.content.decode(), flags=re.DOTALL)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", body)).replace(NBSP, " ").split())


def typed(indicator, period, value, *, kind=FACT, seen=0, said="", note=""):
    """What the browser sends of one cell."""
    key = f"{indicator.pk}-{period}"
    own = {} if kind == PLAN else {f"{key}-{kind}-said": said, f"{key}-{kind}-note": note}
    return {f"{key}-{kind}-value": value, f"{key}-seen": seen, **own}


def whole_form(client, address=ENTRY):
    """Everything that the button would send of the page as it was opened."""
    page = client.get(address).content.decode().split("data-grid", 1)[1]
    sent = {}
    for tag in re.findall(r"<input[^>]*>", page):
        found = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        if "name" in found and "disabled" not in tag:
            sent[found["name"]] = html.unescape(found.get("value", ""))
    for name, options in re.findall(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', page, re.DOTALL):
        chosen = re.search(r'value="([^"]*)" selected', options)
        sent[name] = chosen[1] if chosen else ""
    sent.pop("csrfmiddlewaretoken", None)
    return sent


def said():
    """Every report in the order of entry: (period, plan, fact, qualifier, why none)."""
    rows = ProjectReport.objects.order_by("id").values_list("period", "plan", "fact", "qualifier", "no_data")
    return [(period, plan and int(plan), fact and int(fact), *rest) for period, plan, fact, *rest in rows]


# --- how a cell is read ----------------------------------------------------------------------------------------------
def read(value, *, kind=FACT, unit=ProjectUnit.HECTARES, was=None, **more):
    """A cell as it was typed: (number, how it is said), or the reasons for which it is refused."""
    data = {"k-value": value, **{f"k-{name}": text for name, text in more.items()}}
    form = CellForm(data, key="k", kind=kind, unit=unit, was=was)
    if not form.is_valid():
        return [str(error) for errors in form.errors.values() for error in errors]
    return form.cleaned_data["value"], form.cleaned_data["said"]


@pytest.mark.parametrize(
    ("text", "number", "qualifier"),
    [
        ("322", "322", ""),
        (" 11 210 ", "11210", ""),
        (f"11{NBSP}210", "11210", ""),
        ("11\u202f210", "11210", ""),
        ("866,8", "866.8", ""),
        ("866.8", "866.8", ""),
        ("0", "0", ""),
        (">2000", "2000", "more_than"),
        ("> 2 000", "2000", "more_than"),
        ("2000+", "2000", "more_than"),
        ("~150", "150", "almost"),
        ("≈ 150", "150", "almost"),
        ("2,5 млрд", "2500000000", ""),
        (">77,5 мың", "77500", "more_than"),
        ("3 тыс.", "3000", ""),
        ("1.5 million", "1500000", ""),
        ("", None, ""),
        (" ", None, ""),
    ],
)
def test_a_number_is_read_as_people_type_it(text, number, qualifier):
    assert read(text) == (number and Decimal(number), qualifier)


NOT_A_NUMBER = "Enter a number, such as 322 or 866,8. If there is none, choose “no data” and why."


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("нет", NOT_A_NUMBER),
        ("жоқ", NOT_A_NUMBER),
        ("320 адам", NOT_A_NUMBER),
        ("12-13", NOT_A_NUMBER),
        ("1e5", NOT_A_NUMBER),
        ("NaN", NOT_A_NUMBER),
        ("=1+1", NOT_A_NUMBER),
        (">", NOT_A_NUMBER),
        ("1.234.567", NOT_A_NUMBER),
        ("-5", "A number is not less than zero."),
        ("1,2345", "At most three digits stand after the comma."),
        ("1" * 19, "This number is too long."),
        ("9" * 14 + " млрд", "This number is too long."),
        ("1" * 61, "This number is too long."),
    ],
)
def test_what_is_no_number_is_refused_with_the_reason(text, reason):
    with translation.override("en"):
        assert read(text) == [reason]


def test_what_is_counted_comes_in_whole_numbers():
    with translation.override("en"):
        (reason,) = read("11,210", unit=ProjectUnit.PEOPLE)
        assert reason.replace(NBSP, " ").endswith("If 11 210 is meant, write it so.")
        (reason,) = read("866,8", unit=ProjectUnit.PEOPLE)
        assert reason == "This is counted in whole numbers. Thousands stand apart by a space: 11 210."
    assert read("11 210", unit=ProjectUnit.PEOPLE) == (11210, "")
    assert read("2,5 млн", unit=ProjectUnit.PEOPLE) == (2_500_000, "")


@pytest.mark.parametrize("unit", [ProjectUnit.PEOPLE, ProjectUnit.TENGE])
@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("12,000", "12 000"),
        ("12.000", "12 000"),
        (">309,400", "309 400"),
        ("1,250,000", "1 250 000"),
        ("1.234.567", "1 234 567"),
    ],
)
@pytest.mark.parametrize("kind", [FACT, PLAN])
def test_thousands_behind_a_comma_are_not_taken_for_a_fraction(text, meant, unit, kind):
    with translation.override("en"):
        (reason,) = read(text.lstrip(">" if kind == PLAN else ""), kind=kind, unit=unit)
    assert reason.replace(NBSP, " ").endswith(f"If {meant} is meant, write it so.")


def test_what_is_no_group_of_thousands_is_a_fraction():
    assert read("309,4", unit=ProjectUnit.TENGE) == (Decimal("309.4"), "")
    assert read("0,125", unit=ProjectUnit.TENGE) == (Decimal("0.125"), "")
    assert read("1 309,400", unit=ProjectUnit.TENGE) == (Decimal("1309.4"), "")
    assert read("2,500 млн", unit=ProjectUnit.TENGE) == (2_500_000, "")
    assert read("2,500 млн", unit=ProjectUnit.HECTARES) == (2_500_000, "")


@pytest.mark.parametrize(
    ("text", "thousands", "fraction", "read_as"),
    [
        ("1,640", "1 640", "1,64", "1.64"),
        ("1.640", "1 640", "1,64", "1.64"),
        ("77,000", "77 000", "77", "77"),
        ("866,875", "866 875", "866,8750", "866.875"),  # so nobody is asked again
    ],
)
def test_hectares_with_three_decimals_are_asked_about(text, thousands, fraction, read_as):
    with translation.override("en"):
        (reason,) = read(text)
    assert reason.replace(NBSP, " ") == f"{thousands} or {fraction}? Write it in that way."
    assert read(fraction) == (Decimal(read_as), "")
    assert read(thousands) == (Decimal(thousands.replace(" ", "")), "")
    assert read("0,125") == (Decimal("0.125"), "")
    assert read("1866,875") == (Decimal("1866.875"), "")


@pytest.mark.parametrize("unit", [ProjectUnit.HECTARES, ProjectUnit.TENGE])
def test_a_number_that_stood_there_is_not_asked_about(unit):
    """To add a note beside it is not to type it."""
    told = ProjectReport(fact=Decimal("866.875"))
    assert read("866,875", unit=unit, was=told, note="акт") == (Decimal("866.875"), "")


def test_a_plan_is_an_exact_number():
    with translation.override("en"):
        assert read(">500", kind=PLAN) == ["A plan is an exact number."]
        assert read("көп", kind=PLAN) == ["Enter a number, such as 322 or 866,8."]
    assert read("500", kind=PLAN) == (500, "")


def test_of_number_and_choice_the_one_that_was_changed_counts():
    more = ProjectReport(fact=Decimal(2000), qualifier=Qualifier.MORE_THAN)
    awaited = ProjectReport(no_data=NoData.AWAITED, note="күтілуде")
    kept = {"said": Qualifier.MORE_THAN, "note": ""}
    assert read(f">2{NBSP}000", was=more, said=Qualifier.ALMOST) == (2000, "almost")
    assert read(f">2{NBSP}000", was=more, said="") == (2000, "")
    assert read("2100", was=more, **kept) == (2100, "")
    assert read("~2100", was=more, **kept) == (2100, "almost")
    assert read("2100", was=more, said=Qualifier.ALMOST) == (2100, "almost")
    assert read(">2100", was=more, said=Qualifier.ALMOST) == (2100, "more_than")
    # no data chosen over a number, a number typed over no data, both at once
    assert read(f">2{NBSP}000", was=more, said=NoData.AWAITED) == (None, "awaited")
    assert read("40", was=awaited, said=NoData.AWAITED, note="күтілуде") == (40, "")
    assert read("", was=awaited, said="", note="күтілуде") == (None, "")
    assert read("жоқ", said=NoData.AWAITED) == (None, "awaited")
    with translation.override("en"):
        assert read("40", said=NoData.AWAITED) == ["Enter a number, or choose “no data”: not both."]
        assert read("", said=NoData.OTHER) == ["Write why there is no number."]
        assert read("", said="lazy") == ["Choose a reason from the list."]


def test_the_reason_goes_with_what_it_explained():
    awaited = ProjectReport(no_data=NoData.OTHER, note="мұрағат жабық")
    form = CellForm({"k-value": "40"}, key="k", kind=FACT, unit=ProjectUnit.PEOPLE, was=awaited)
    assert form.is_valid()
    assert form.reported == {"fact": 40, "qualifier": "", "no_data": "", "note": ""}


# --- the grid --------------------------------------------------------------------------------------------------------
def cells_in(answer):
    """The cells of the page: {key: (state, its HTML)}."""
    page = answer.content.decode()
    found = re.findall(r'<td[^>]*data-cell="([^"]+)"[^>]*data-state="(\w+)"[^>]*>(.*?)</td>', page, re.DOTALL)
    return {key: (state, inside) for key, state, inside in found}


def test_the_grid_has_the_plan_and_the_periods_of_every_indicator(cast, measured, report, reader):
    report("own", measured.people, Period.Q1, fact=1944, qualifier="more_than")
    report("own", measured.people, Period.Q2, no_data=NoData.AWAITED, note="хат жіберілді")
    report("other", measured.people, Period.Q1, fact=77)
    answer = reader(cast.people.secretary).get(ENTRY)
    cells = cells_in(answer)
    own = {key: state for key, (state, _inside) in cells.items() if key.startswith(f"{measured.people.pk}-")}
    pk = measured.people.pk
    assert own == {
        f"{pk}-y-plan": "empty",
        f"{pk}-q1-fact": "saved",
        f"{pk}-q2-fact": "saved",
        f"{pk}-q3-fact": "closed",
        f"{pk}-q4-fact": "closed",
    }
    first, second, third = (cells[f"{pk}-{period}-fact"][1] for period in ("q1", "q2", "q3"))
    assert f'value="&gt;1{NBSP}944"' in first
    assert 'title="Entered by Secretary on 12.06.2025"' in first
    assert "no data: awaited from another body. хат жіберілді" in second
    assert "disabled" in third
    assert "it opens on 01.07.2025" in third
    months = [key for key in cells if key.startswith(f"{measured.shared.pk}-m")]
    assert len(months) == 12
    running = {key: state for key, (state, _inside) in cells.items() if key.startswith(f"{measured.money.pk}-")}
    assert list(running.values()) == ["empty", "empty", "empty", "closed", "closed"]  # plan, q1, h1; n9 and the year
    assert [key for key in cells if key.startswith(f"{measured.land.pk}-")] == [
        f"{measured.land.pk}-y-plan",
        f"{measured.land.pk}-y-fact",
    ]
    assert not [key for key in cells if key.startswith(f"{measured.gone.pk}-")]
    assert 'value="77"' not in answer.content.decode()
    text = text_of(answer)
    assert "Together: books, veterans" in text
    assert answer.content.decode().count(f'id="r-{measured.shared.pk}"') == 1
    assert "from 01.07.2025" in text


def test_only_what_was_changed_is_written_one_report_each(cast, measured, report, reader):
    first = report("own", measured.people, Period.Q1, fact=1944)
    report("own", measured.shared, Period.M01, fact=12, qualifier="more_than", note="тізім")
    report("own", measured.money, Period.Q1, no_data=NoData.NOT_STARTED)
    client = reader(cast.people.secretary)
    sent = whole_form(client)
    before = ProjectReport.objects.count()

    answer = client.post(ENTRY, sent, follow=True)
    assert ProjectReport.objects.count() == before
    assert "Nothing was changed, and nothing was saved." in text_of(answer)

    sent |= {
        f"{measured.people.pk}-q1-fact-value": "1 950",
        f"{measured.people.pk}-y-plan-value": "8 000",
        f"{measured.land.pk}-y-fact-value": "77,5",
        "source": "2025 ж. 12 маусымдағы хат",
    }
    answer = client.post(ENTRY, sent)
    assert answer.status_code == 302
    assert "3 numbers are saved." in text_of(client.get(answer["Location"]))
    rows = list(ProjectReport.objects.order_by("id")[before:])
    assert {(row.indicator_id, row.period, row.plan, row.fact) for row in rows} == {
        (measured.people.pk, "q1", None, Decimal(1950)),
        (measured.people.pk, "y", Decimal(8000), None),
        (measured.land.pk, "y", None, Decimal("77.5")),
    }
    assert {(row.branch, row.author, row.source, row.entered_on) for row in rows} == {
        (cast.own, cast.people.secretary, "2025 ж. 12 маусымдағы хат", cast.today)
    }
    assert AuditEvent.objects.filter(action="project.report").count() == before + 3
    assert ProjectReport.objects.get(pk=first.pk).fact == 1944  # history stays


def test_good_cells_are_saved_and_refused_ones_come_back(cast, measured, reader):
    client = reader(cast.people.secretary)
    answer = client.post(
        ENTRY,
        typed(measured.people, "q1", "120")
        | typed(measured.people, "q2", "көп", note="сұралды")
        | typed(measured.shared, "m01", "", said=NoData.OTHER)
        | typed(measured.land, "y", "1,2345"),
    )
    assert answer.status_code == 422
    assert said() == [("q1", None, 120, "", "")]
    cells = cells_in(answer)
    assert cells[f"{measured.people.pk}-q1-fact"][0] == "saved"
    state, inside = cells[f"{measured.people.pk}-q2-fact"]
    assert state == "refused"
    assert 'value="көп"' in inside
    assert 'aria-invalid="true"' in inside
    assert NOT_A_NUMBER in html.unescape(inside)
    assert "Write why there is no number." in cells[f"{measured.shared.pk}-m01-fact"][1]
    assert "At most three digits" in cells[f"{measured.land.pk}-y-fact"][1]
    page = answer.content.decode()
    assert 'value="сұралды"' in page
    assert page.count("<details open>") == 1  # where what was refused stands in the line below the row
    text = text_of(answer)
    assert "1 number is saved." in text
    assert "3 cells are not saved: the reasons stand below them." in text


def test_what_somebody_else_entered_is_shown_and_not_overwritten(cast, measured, report, reader):
    client = reader(cast.people.secretary)
    sent = whole_form(client)
    report("own", measured.people, Period.Q1, fact=130, by=cast.people.coordinator)
    sent[f"{measured.people.pk}-q1-fact-value"] = "120"
    answer = client.post(ENTRY, sent)
    assert answer.status_code == 422
    assert said() == [("q1", None, 130, "", "")]
    inside = html.unescape(cells_in(answer)[f"{measured.people.pk}-q1-fact"][1])
    assert "Meanwhile Coordinator entered another number. Look at it first. Now it says: 130." in inside
    assert 'value="120"' in inside

    # looked at, and sent again: a correction
    seen = ProjectReport.objects.get().pk
    assert f'name="{measured.people.pk}-q1-seen" value="{seen}"' in answer.content.decode()
    sent[f"{measured.people.pk}-q1-seen"] = seen
    assert client.post(ENTRY, sent).status_code == 302
    assert said() == [("q1", None, 130, "", ""), ("q1", None, 120, "", "")]


def test_a_cell_that_somebody_else_changed_and_i_did_not_touch_stays_theirs(cast, measured, report, reader):
    report("own", measured.people, Period.Q1, fact=120)
    client = reader(cast.people.secretary)
    sent = whole_form(client)
    report("own", measured.people, Period.Q1, fact=130, by=cast.people.coordinator)
    sent[f"{measured.people.pk}-q2-fact-value"] = "50"
    assert client.post(ENTRY, sent).status_code == 302
    assert said()[-2:] == [("q1", None, 130, "", ""), ("q2", None, 50, "", "")]


def test_many_indicators_are_one_form_without_javascript(cast, measured, reader):
    for number in range(40):  # of months, which have the most cells
        row = ProjectIndicator.objects.create(
            key=f"many-{number}",
            unit=ProjectUnit.EVENTS,
            frequency=Frequency.MONTHLY,
            name_kk="көп",
            name_ru="много",
            name_en="many",
        )
        row.projects.add(measured.books)
    client = reader(cast.people.secretary)
    sent = whole_form(client)
    assert len(sent) > 1000  # what Django takes unless told otherwise
    sent[f"{row.pk}-m05-fact-value"] = "7"
    assert client.post(ENTRY, sent).status_code == 302
    assert said() == [("m05", None, Decimal(7), "", "")]


def test_pressed_twice_makes_one_row(cast, measured, reader):
    client = reader(cast.people.secretary)
    sent = whole_form(client) | {
        f"{measured.people.pk}-q1-fact-value": "120",
        f"{measured.land.pk}-y-plan-value": "500",
        f"{measured.land.pk}-y-fact-value": "77,5",
    }
    assert client.post(ENTRY, sent).status_code == 302
    assert client.post(ENTRY, sent).status_code == 302
    assert ProjectReport.objects.count() == 2
    assert ProjectReport.objects.get(indicator=measured.land).plan == 500

    # back, another number, and the first again: three different things said
    for number in ("130", "120"):
        sent |= {f"{measured.people.pk}-q1-fact-value": number}
        sent |= {f"{measured.people.pk}-q1-seen": ProjectReport.objects.filter(period="q1").latest("id").pk}
        assert client.post(ENTRY, sent).status_code == 302
    assert [fact for period, _plan, fact, *_rest in said() if period == "q1"] == [120, 130, 120]


def test_plan_and_fact_of_the_year_do_not_push_each_other_out(cast, measured, reader):
    client = reader(cast.people.secretary)

    def send(value, kind):
        last = ProjectReport.objects.order_by("-id").first()
        return client.post(ENTRY, typed(measured.land, "y", value, kind=kind, seen=last.pk if last else 0))

    assert send("1,5 мың", PLAN).status_code == 302
    assert send(">1 210,5", FACT).status_code == 302
    assert send("2 мың", PLAN).status_code == 302
    last = ProjectReport.objects.latest("id")
    assert (last.plan, last.fact, last.qualifier) == (2000, Decimal("1210.5"), "more_than")


def test_an_emptied_cell_takes_the_number_back(cast, measured, report, reader):
    report("own", measured.people, Period.Q1, fact=120)
    client = reader(cast.people.secretary)
    sent = whole_form(client) | {f"{measured.people.pk}-q1-fact-value": ""}
    assert client.post(ENTRY, sent).status_code == 302
    assert said()[-1] == ("q1", None, None, "", "")
    assert cells_in(client.get(ENTRY))[f"{measured.people.pk}-q1-fact"][0] == "empty"
    page = text_of(client.get(f"/projects/indicators/{measured.people.pk}/"))
    assert "was 120, taken back by Secretary on 16.06.2025" in page


@pytest.mark.parametrize(
    ("period", "kind", "reason"),
    [("q3", FACT, "This period has not begun yet."), ("m01", FACT, None), ("y", FACT, None), ("h1", FACT, None)],
)
def test_a_period_that_is_not_open_is_not_written(cast, measured, reader, period, kind, reason):
    answer = reader(cast.people.secretary).post(ENTRY, typed(measured.people, period, "120", kind=kind))
    assert not ProjectReport.objects.exists()
    if reason:
        assert answer.status_code == 422
        assert reason in text_of(answer)


def test_an_indicator_of_another_year_is_not_written(cast, measured, reader):
    client = reader(cast.people.secretary)
    assert client.post(ENTRY, typed(measured.gone, "q1", "120")).status_code == 302
    assert client.post(f"{ENTRY}?year=2024", typed(measured.gone, "q1", "120")).status_code == 302
    assert list(ProjectReport.objects.values_list("year", flat=True)) == [2024]


@pytest.mark.parametrize("year", ["2027", "1999", "жыл", "2025.0"])
def test_a_year_that_is_none_is_said_and_nothing_is_written(cast, measured, reader, year):
    client = reader(cast.people.secretary)
    answer = client.get(f"{ENTRY}?year={year}")
    assert answer.status_code == 200
    assert 'id="id_year_error"' in answer.content.decode()
    assert client.post(f"{ENTRY}?year={year}", typed(measured.people, "q1", "120")).status_code == 404
    assert not ProjectReport.objects.exists()


def test_the_plan_of_next_year_may_be_entered(cast, measured, reader):
    client = reader(cast.people.secretary)
    address = f"{ENTRY}?year=2026"
    states = {state for key, (state, _inside) in cells_in(client.get(address)).items() if key.endswith("fact")}
    assert states == {"closed"}
    assert client.post(address, typed(measured.people, "y", "900", kind=PLAN)).status_code == 302
    assert ProjectReport.objects.get().year == 2026
    assert "Party projects, 2025" in text_of(client.get(LIST))  # a plan does not make it the year pages open on


@pytest.mark.parametrize("junk", [{"submission": "сіз"}, {"source": "х" * 301}, {"submission": ""}])
def test_what_is_shared_by_all_cells_is_checked(cast, measured, reader, junk):
    answer = reader(cast.people.secretary).post(ENTRY, typed(measured.people, "q1", "120") | junk)
    assert ProjectReport.objects.exists() is ("source" not in junk)
    if "source" in junk:
        assert answer.status_code == 422
        assert "The name of the document is too long." in text_of(answer)
        assert 'value="120"' in answer.content.decode()


@pytest.mark.parametrize("seen", ["", "x", "9" * 30, "-1", "99999"])
def test_a_report_that_is_none_was_not_seen(cast, measured, report, reader, seen):
    client = reader(cast.people.secretary)
    other = report("other", measured.people, Period.Q1, fact=5)
    sent = typed(measured.people, "q1", "120", seen=seen)
    assert client.post(ENTRY, sent).status_code == 302
    ProjectReport.objects.get(pk=other.pk)
    last = report("own", measured.people, Period.Q1, fact=7)
    for strange in (other.pk, 0):
        answer = client.post(ENTRY, typed(measured.people, "q1", "120", seen=strange))
        assert answer.status_code == 422
    assert ProjectReport.objects.filter(branch=cast.own).latest("id") == last


# --- many times the plan ---------------------------------------------------------------------------------------------
def test_many_times_the_plan_is_asked_about_once_and_taken_the_second_time(cast, measured, report, reader):
    report("own", measured.people, Period.YEAR, plan=100)
    client = reader(cast.people.secretary)
    name = f"{measured.people.pk}-q1-fact-value"
    sent = whole_form(client) | {name: "12 000"}
    for _pressed_twice in range(2):  # the same page again is no answer
        answer = client.post(ENTRY, sent)
        assert answer.status_code == 422
        inside = cells_in(answer)[f"{measured.people.pk}-q1-fact"][1]
        assert "That is 120 times the plan of the year. Is it right? If it is, save it once more." in inside
        assert 'value="12 000"' in inside
    assert said() == [("y", 100, None, "", "")]
    page = answer.content.decode()
    seen = re.search(rf'name="{measured.people.pk}-q1-seen" value="([^"]+)"', page)[1]
    assert client.post(ENTRY, sent | {name: "13 000", f"{measured.people.pk}-q1-seen": seen}).status_code == 422
    assert client.post(ENTRY, sent | {f"{measured.people.pk}-q1-seen": seen}).status_code == 302
    assert said()[1:] == [("q1", None, 12000, "", "")]
    # what stands there is not asked about, whatever else is changed; nor what is within ten times the plan
    note = {f"{measured.people.pk}-q1-fact-note": "тізім", f"{measured.people.pk}-q2-fact-value": "1 000"}
    assert client.post(ENTRY, whole_form(client) | note).status_code == 302
    assert said()[2:] == [("q1", None, 12000, "", ""), ("q2", None, 1000, "", "")]


def test_the_script_is_asked_in_the_same_way(cast, measured, report, reader):
    report("own", measured.money, Period.YEAR, plan=1000)
    client = reader(cast.people.secretary)
    slot = f"{measured.money.pk}-q1"
    status, told = send(client, typed(measured.money, "q1", "10 000,5"))
    assert (status, told["cells"][f"{slot}-fact"]["wrong"]) == (422, ["value"])
    assert "10 times the plan" in told["cells"][f"{slot}-fact"]["errors"][0]
    status, told = send(client, typed(measured.money, "q1", "10 000,5", seen=told["seen"][slot]))
    assert (status, told["cells"][f"{slot}-fact"]["state"]) == (200, "saved")
    assert ProjectReport.objects.latest("id").fact == Decimal("10000.5")


def test_without_a_plan_nothing_is_asked(cast, measured, report, reader):
    report("own", measured.land, Period.YEAR, plan=0)
    report("other", measured.people, Period.YEAR, plan=1)  # another branch's
    client = reader(cast.people.secretary)
    sent = whole_form(client) | {
        f"{measured.land.pk}-y-fact-value": "999 999",
        f"{measured.people.pk}-q1-fact-value": "999 999",
    }
    assert client.post(ENTRY, sent).status_code == 302


# --- who may enter ---------------------------------------------------------------------------------------------------
def test_who_may_enter_where(cast, abroad, measured, as_user):
    people = cast.people
    for person in (people.chair, people.controller, people.reception, people.observer, people.nobody):
        assert as_user(person).get(ENTRY).status_code == 403
        assert as_user(person).post(ENTRY, typed(measured.people, "q1", "1")).status_code == 403
    for person, address, status in (
        (people.secretary, "?branch=own", 200),
        (people.secretary, "?branch=other", 404),
        (people.secretary, "?branch=abroad", 404),
        (people.coordinator, "?branch=other", 200),
        (people.coordinator, "", 200),
        (people.coordinator, "?branch=abroad", 404),
        (people.coordinator, "?branch=жоқ", 404),
    ):
        client = as_user(person)
        assert client.get(f"{ENTRY}{address}").status_code == status
        answer = client.post(f"{ENTRY}{address}", typed(measured.people, "q1", "5"))
        assert answer.status_code == (302 if status == 200 else status)
    assert set(ProjectReport.objects.values_list("branch__slug", flat=True)) == {"own", "other", "oblast"}
    assert as_user(None).get(ENTRY).status_code == 302


def test_what_is_seen_and_not_reported_for_is_refused(cast, measured, as_user):
    Assignment.objects.create(user=cast.people.secretary, role=Role.OBSERVER, region=cast.region)
    client = as_user(cast.people.secretary)
    assert client.get(f"{ENTRY}?branch=other").status_code == 403
    assert client.post(f"{ENTRY}?branch=other", typed(measured.people, "q1", "5")).status_code == 403
    assert client.get(ENTRY).status_code == 200
    assert not ProjectReport.objects.exists()


# --- one cell at a time ----------------------------------------------------------------------------------------------
def send(client, data, address=ENTRY):
    answer = client.post(address, data, headers={"accept": "application/json"})
    assert answer["Content-Type"] == "application/json"
    return answer.status_code, answer.json()


def test_a_cell_is_answered_by_itself(cast, measured, reader):
    client = reader(cast.people.secretary)
    pk = measured.people.pk
    client.post(ENTRY, typed(measured.people, "y", "500", kind=PLAN))
    status, told = send(client, typed(measured.people, "q1", "1 200+") | {"submission": str(uuid.uuid4())})
    row = ProjectReport.objects.latest("id")
    assert status == 200
    assert told["seen"] == {f"{pk}-q1": row.pk}
    assert told["cells"] == {
        f"{pk}-q1-fact": {
            "state": "saved",
            "saved": {"value": f">1{NBSP}200", "said": "more_than", "note": ""},
            "words": "Entered by Secretary on 16.06.2025",
            "aside": "",
            "wrong": [],
            "errors": [],
        }
    }
    assert told["rows"][str(pk)] == f"Year: >{NBSP}1,200 / 500 = 240{NBSP}%"


def test_a_refused_cell_says_why_and_what_stands_there(cast, measured, report, reader):
    client = reader(cast.people.secretary)
    key = f"{measured.people.pk}-q1-fact"
    status, told = send(client, typed(measured.people, "q1", "жоқ"))
    assert (status, told["cells"][key]["state"]) == (422, "refused")
    assert told["cells"][key]["errors"] == [NOT_A_NUMBER]
    assert told["cells"][key]["wrong"] == ["value"]
    assert told["cells"][key]["saved"] == {"value": "", "said": "", "note": ""}

    theirs = report("own", measured.people, Period.Q1, fact=130, by=cast.people.coordinator)
    status, told = send(client, typed(measured.people, "q1", "120"))
    assert status == 422
    assert told["cells"][key]["errors"][-1] == "Now it says: 130."
    assert told["cells"][key]["saved"]["value"] == "130"
    assert told["seen"] == {f"{measured.people.pk}-q1": theirs.pk}
    assert ProjectReport.objects.get() == theirs


def test_a_document_with_too_long_a_name_is_said_in_json(cast, measured, reader):
    status, told = send(reader(cast.people.secretary), typed(measured.people, "q1", "1") | {"source": "х" * 301})
    assert (status, told["source"]) == (422, ["The name of the document is too long."])
    assert not ProjectReport.objects.exists()


# --- the year's list -------------------------------------------------------------------------------------------------
@pytest.fixture
def life(cast, measured, report):
    """A year of two branches: plans, facts, a correction, no data; a number of the year before."""
    report("own", measured.people, Period.YEAR, plan=100, today=FEBRUARY)
    report("other", measured.people, Period.YEAR, plan=50, today=FEBRUARY)
    report("own", measured.people, Period.Q1, fact=90, today=MAY)
    report("own", measured.people, Period.Q1, fact=100, today=JUNE, by=cast.people.coordinator)
    report("own", measured.people, Period.Q2, fact=53, qualifier="more_than", source="есеп")
    report("other", measured.people, Period.Q2, no_data=NoData.AWAITED, note="әкімдік")
    report("own", measured.money, Period.Q1, fact=700_000)
    report("own", measured.money, Period.H1, fact=2_500_000)
    report("other", measured.money, Period.Q1, fact=300_000)
    report("own", measured.people, Period.Q4, fact=80, year=2024)
    return measured


class Sums:
    """The sums that a page links to its parts, and those that it says are its own."""

    def __init__(self, answer, address):
        page = answer.content.decode()
        links = re.findall(r'<a href="([^"]+)" data-sum="([^"]+)"', page)
        self.linked = [(urljoin(address, html.unescape(href)), said) for href, said in links]
        self.own = set(re.findall(r'data-sum-total="([^"]+)"', page))


def test_the_list_adds_up_branches_and_says_how_many_reported(cast, life, reader):
    text = text_of(reader(cast.people.chair).get(LIST))
    assert "4 projects of 2025" in text  # not the one that ended in 2024
    assert "People people 150 more than 153 102 % 2nd quarter: 2 of 2" in text
    assert "village.money tenge — KZT 2.8 million — half-year: 1 of 2" in text
    assert text.count("joint.events") == 1
    assert "Together: books , veterans" in text
    assert "joint total of 2 projects" in text
    assert "Sources: есеп" in text
    assert "ended" in text_of(reader(cast.people.chair).get(f"{LIST}?year=2024"))


def test_every_percentage_opens_and_the_printed_sheet_says_what_it_is(cast, life, reader):
    client = reader(cast.people.chair)
    page = client.get(LIST).content.decode()
    (href,) = re.findall(rf'<a href="([^"]+)"><b>102{NBSP}%</b></a>', page)
    assert "153 %" in text_of(client.get(html.unescape(href)))  # of one branch
    assert re.search(r'data-label="Percent"><b>—</b>', page)  # nothing opens into nothing
    printed = re.search(r'<p class="[^"]*on-paper[^"]*">([^<]+)</p>', page)[1]
    assert "over 100 where the plan is exceeded" in printed


def test_every_sum_opens_into_its_parts(cast, life, reader):
    client = reader(cast.people.chair)
    pages = [LIST, f"/projects/indicators/{life.people.pk}/", f"/projects/{cast.project.pk}/"]
    pages += [f"/projects/indicators/{life.money.pk}/?branch=other"]
    followed = 0
    for address in pages:
        for href, said in Sums(client.get(address), address).linked:
            assert said in Sums(client.get(href), href).own, f"{address}: {said} is not on {href}"
            followed += 1
    assert followed >= 8


def test_the_list_is_as_it_was_known_on_a_day(cast, life, reader):
    client = reader(cast.people.chair)
    assert "150 90 60 % 1st quarter: 1 of 2" in text_of(client.get(f"{LIST}?year=2025&as_of=2025-05-20"))
    assert "150 — — no period has ended yet" in text_of(client.get(f"{LIST}?year=2025&as_of=2025-03-01"))


def test_a_territorial_secretary_sees_the_own_branch(cast, life, reader):
    client = reader(cast.people.other_secretary)
    text = text_of(client.get(LIST))
    assert "People people 50 — —" in text
    assert not re.search(r"\d of \d+ ", text)
    assert "Enter numbers" in text
    assert client.get(f"{LIST}?branch=own").status_code == 404
    assert client.get(f"/projects/indicators/{life.people.pk}/?branch=own").status_code == 404
    assert "153" not in text_of(client.get(f"/projects/indicators/{life.people.pk}/"))
    assert "Enter numbers" not in text_of(reader(cast.people.chair).get(LIST))


def test_the_oblast_s_own_secretary_does_not_see_the_districts(cast, life, reader):
    person = User.objects.create_user("oblast_secretary")
    Assignment.objects.create(user=person, role=Role.SECRETARY, branch=cast.oblast)
    client = reader(person)
    assert "People people — — —" in text_of(client.get(LIST))
    text = text_of(client.get(f"/projects/indicators/{life.people.pk}/"))
    for theirs in ("153", "Secretary", "Coordinator"):
        assert theirs not in text.split("As of")[1]


def test_a_region_is_asked_for_by_its_branch_or_by_its_name(cast, abroad, life, as_user):
    client = as_user(cast.people.chair)
    assert client.get(f"{LIST}?region=region").context["frame"].branch == cast.oblast
    assert client.get(f"{LIST}?branch=other").context["frame"].branches == [cast.other]
    for address in ("?region=abroad", "?branch=abroad", "?branch=жоқ"):
        assert client.get(f"{LIST}{address}").status_code == 404


def test_a_year_without_projects(cast, reader):
    PartyProject.objects.update(valid_from=dt.date(2026, 1, 1))
    client = reader(cast.people.secretary)
    assert "No party project ran in this year." in text_of(client.get(LIST))
    assert "No indicator of party projects is measured in this year." in text_of(client.get(ENTRY))
    assert client.post(ENTRY, {}).status_code == 302


# --- a project, an indicator -----------------------------------------------------------------------------------------
def test_a_project_shows_its_branches_periods_and_years(cast, life, reader):
    client = reader(cast.people.chair)
    text = text_of(client.get(f"/projects/{cast.project.pk}/"))
    assert "Runs since 01.01.2023" in text
    assert "own 100 > 53 — — more than 153 100 153 %" in text
    assert "other — no data — — — 50 —" in text
    assert "Total 100 > 53 — — more than 153 150 102 %" in text
    assert "2024 — 80 — 4th quarter: 1 of 2 2025 150 more than 153 102 % 2nd quarter: 2 of 2" in text
    assert "Measured together with books" in text_of(client.get(f"/projects/{life.veterans.pk}/"))
    assert "The project did not run in this year." in text_of(client.get(f"/projects/{life.ended.pk}/"))
    assert "Runs from 01.01.2023 until 30.06.2024" in text_of(client.get(f"/projects/{life.ended.pk}/?year=2024"))
    assert client.get("/projects/999999/").status_code == 404
    assert client.get("/projects/indicators/999999/").status_code == 404


def test_an_indicator_shows_everything_that_was_said(cast, life, reader):
    text = text_of(reader(cast.people.chair).get(f"/projects/indicators/{life.people.pk}/?year=2025"))
    assert "Fact more than 153 Plan of the year 150 Fact of plan 102 % Branches reported 2nd quarter: 2 of 2" in text
    assert "own 100 more than 153 153 % 2nd quarter entered on 12.06.2025" in text
    assert "other 50 — — 2nd quarter: no data, awaited from another body" in text
    assert "1st quarter 100 100 66.7 % — 1 of 2 without other" in text
    assert "2nd quarter more than 53 more than 153 102 % — 2 of 2" in text
    assert "3rd quarter — — — — not begun yet" in text
    assert "1st quarter: 1 branch, 1 corrected 1st quarter Branch Plan Fact Entered by Source own — 100 Coord" in text
    assert "was 90, corrected to 100 by Coordinator on 12.06.2025" in text
    assert "No data: awaited from another body әкімдік" in text
    assert "Plan of the year: 2 branches" in text
    assert "Source own 100 — Secretary, 16.06.2025 12:00" in text


def test_who_has_not_reported_is_named(cast, measured, report, reader):
    report("own", measured.people, Period.Q1, fact=5)
    text = text_of(reader(cast.people.chair).get(f"/projects/indicators/{measured.people.pk}/"))
    assert "1 of 2 Not reported: other" in text
    assert "other — — — has not reported" in text
    report("oblast", measured.people, Period.Q1, fact=7)
    text = text_of(reader(cast.people.chair).get(f"/projects/indicators/{measured.people.pk}/"))
    assert "2 of 3 Not reported: other" in text
    assert "Oblast branch — 7" in text


def test_branches_are_counted_for_one_period_that_the_number_names(cast, measured, report, reader, noon):
    """The newest that has ended; not "reported" for a quarter that is long over, nor missing in one that runs."""
    report("own", measured.money, Period.Q1, fact=5)
    report("own", measured.money, Period.H1, fact=7, today=dt.date(2025, 7, 2))
    report("other", measured.money, Period.Q1, fact=5)
    report("own", measured.people, Period.Q1, fact=5)
    noon.move_to(dt.datetime(2025, 10, 20, 7, tzinfo=dt.UTC))
    client = reader(cast.people.chair)
    page = f"/projects/indicators/{measured.money.pk}/?year=2025&as_of="
    asked = {day: client.get(f"{page}{day}").context["page"].card for day in ("2025-06-16", "2025-06-30")}
    assert [(card.told.period, card.told.reported, card.silent) for card in asked.values()] == [
        ("q1", 2, []),
        ("h1", 0, ["own", "other"]),  # told two days later
    ]
    answer = client.get(LIST)
    text = text_of(answer)
    assert "village.money tenge — KZT 12 — nine months: 0 of 2" in text
    assert "People people — 5 — 3rd quarter: 0 of 2" in text
    assert "village.land hectares — — — no period has ended yet" in text
    link = re.search(r'<a href="([^"]+)#h-periods">\s*nine months', answer.content.decode())[1]
    report("own", measured.money, Period.N9, fact=9, today=dt.date(2025, 10, 20))
    opened = client.get(html.unescape(link))
    assert 'id="h-periods"' in opened.content.decode()
    assert "Branches reported nine months: 1 of 2 Not reported: other" in text_of(opened)
    assert "Nine months KZT 14 — — 1 of 2 without other" in text_of(opened)


def test_a_number_without_a_plan_leaves_the_whole_without_a_percentage(cast, measured, report, reader):
    report("own", measured.people, Period.YEAR, plan=100)
    report("own", measured.people, Period.Q1, fact=60)
    report("other", measured.people, Period.Q1, fact=7)
    client = reader(cast.people.chair)
    assert "People people 100 67 — not all plans are told 1st quarter: 2 of 2" in text_of(client.get(LIST))
    text = text_of(client.get(f"/projects/indicators/{measured.people.pk}/"))
    assert "No percentage: a number is reported, but no plan, by other" in text
    assert "1st quarter 67 67 — — 2 of 2" in text
    assert "own 100 60 60 %" in text


def test_of_what_runs_since_january_the_latest_report_of_each_branch_counts(cast, life, reader):
    card = reader(cast.people.chair).get(f"/projects/indicators/{life.money.pk}/").context["page"].card
    assert card.trend.this_year == [1_000_000, 2_800_000, None, None]
    assert [line.so_far and line.so_far.plain for line in card.lines] == ["1000000", "2800000", None, None]


def test_a_year_that_was_told_as_a_whole_has_a_line_of_its_own(cast, measured, reader):
    common = {"branch": cast.own, "indicator": measured.people, "year": 2024, "author": cast.people.coordinator}
    ProjectReport.objects.create(
        period=Period.YEAR, plan=11000, fact=11210, entered_on=dt.date(2024, 12, 30), is_sample=True, **common
    )
    answer = reader(cast.people.chair).get(f"/projects/indicators/{measured.people.pk}/?year=2024")
    card = answer.context["page"].card
    assert card.trend.this_year == [None, None, None, 11210, 11210]
    text = text_of(answer)
    assert "11,210 sample Plan of the year 11,000 Fact of plan 101.9 %" in text
    assert "What is marked “sample” is sample data" in text


def test_corrections_of_plans_and_notes_are_told(cast, measured, report, reader):
    report("own", measured.land, Period.YEAR, plan=500, today=FEBRUARY)
    report("own", measured.land, Period.YEAR, plan=600, today=MAY)
    report("own", measured.land, Period.YEAR, plan=600, fact=40, today=MAY)
    report("own", measured.land, Period.YEAR, plan=600, fact=40, note="акт", today=JUNE)
    text = text_of(reader(cast.people.secretary).get(f"/projects/indicators/{measured.land.pk}/"))
    assert "note was “—”, changed by Secretary on 12.06.2025" in text
    assert "was empty; 40 entered by Secretary on 12.05.2025" in text
    assert "plan was 500, corrected to 600 by Secretary on 12.05.2025" in text


def test_pages_ask_as_many_queries_with_few_rows_as_with_many(cast, measured, report, reader):
    chair, secretary = reader(cast.people.chair), reader(cast.people.secretary)
    addresses = [
        (chair, LIST),
        (chair, f"/projects/{measured.books.pk}/?year=2025"),
        (chair, f"/projects/indicators/{measured.shared.pk}/?year=2025"),
        (secretary, ENTRY),
    ]

    def count():
        asked = []
        for client, address in addresses:
            with CaptureQueriesContext(
                connection,
            ) as queries:
                assert client.get(address).status_code == 200
            asked.append(len(queries))
        return asked

    report("own", measured.shared, Period.M01, fact=1)
    few = count()
    for number in range(1, 6):
        for branch in ("own", "other"):
            report(branch, measured.shared, f"m0{number}", fact=number + 1)
            report(branch, measured.people, Period.Q1, fact=number)
    assert count() == few


def test_the_office_does_not_hide_what_was_reported(cast, life, reader):
    office = reader(cast.people.administrator)
    address = reverse("admin:branches_partyproject_change", args=[cast.project.pk])
    shown = office.get(address).context["adminform"].form
    sent = {name: value for name, value in shown.initial.items() if value is not None}
    answer = office.post(address, sent | {"valid_until": "2024-12-31"})
    assert list(answer.context["adminform"].form.errors) == ["valid_until"]
    assert "2 branches have reported numbers of 2025" in text_of(answer)
    assert office.post(address, sent | {"valid_until": "2025-06-30"}).status_code == 302
    cast.project.refresh_from_db()
    assert cast.project.valid_until == dt.date(2025, 6, 30)
    gone = reverse("admin:branches_partyproject_delete", args=[cast.project.pk])
    assert office.post(gone, {"post": "yes"}).status_code == 403
    marked = {"action": "delete_selected", "_selected_action": [cast.project.pk], "post": "yes"}
    office.post(reverse("admin:branches_partyproject_changelist"), marked)
    assert PartyProject.objects.filter(pk=cast.project.pk).exists()


# --- words and drawings ----------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("value", "unit", "qualifier", "language", "words"),
    [
        (2000, "events", "more_than", "kk", f"2{NBSP}000-нан астам"),
        (2000, "events", "more_than", "en", "more than 2,000"),
        (2_500_000_000, "tenge", "", "kk", f"2,5{NBSP}млрд{NBSP}теңге"),
        (2_500_000_000, "tenge", "more_than", "kk", f"2,5{NBSP}млрд{NBSP}теңгеден астам"),
        (2_500_000_000, "tenge", "almost", "kk", f"2,5{NBSP}млрд{NBSP}теңгеге жуық"),
        ("77.5", "hectares", "more_than", "kk", "77,5-тен астам"),
        ("77.500", "hectares", "", "ru", "77,5"),
    ],
)
def test_an_amount_is_written_as_it_was_said(value, unit, qualifier, language, words):
    with translation.override(language):
        assert str(Amount(Decimal(value), unit, qualifier)) == words


def test_sums_are_compared_by_plain_numbers():
    assert Amount(Decimal("11210.000"), "people").plain == "11210"
    assert Amount(Decimal("77500"), "hectares").plain == "77500"
    assert Amount(Decimal("866.800"), "hectares").plain == "866.8"


def test_the_bar_shows_what_is_over_the_plan():
    bar = plan_bar(Decimal("101.9"))
    assert (bar.fact, bar.plan, bar.is_beyond) == ("67.93%", "66.67%", False)
    assert plan_bar(Decimal(FULL * 2)).fact == "100.00%"
    assert plan_bar(Decimal(FULL * 2)).is_beyond
    assert plan_bar(None) is None


@pytest.mark.parametrize(("most", "top"), [(0, 1), (7, 8), (8, 8), (9, 10), (100, 100), (11210, 15000), (0.5, 0.5)])
def test_an_axis_ends_at_a_round_number(most, top):
    assert round_top(Decimal(str(most))) == Decimal(str(top))


def test_the_line_of_a_year_begins_with_nothing():
    points = year_points([(3, 5), (6, None), (12, 10)], 10).split()
    assert points[0] == f"4.0,{BOTTOM}"
    assert points[-1] == f"368.0,{TOP}"
    assert len(points) == 3
    assert year_points([(3, None)], 10) == ""


def test_years_stand_side_by_side_with_their_plans():
    first, second = year_columns([(5, 10), (None, None)], 10)
    assert (first.plan_y, first.height, second.plan_y, second.height) == (f"{TOP}", f"{(BOTTOM - TOP) / 2}", "", "0.0")
    assert float(first.x) + float(first.width) < float(second.x)


def test_the_script_that_draws_it_is_there():
    template = (settings.BASE_DIR / "templates/branches/_indicator_trend.html").read_text()
    (script,) = re.findall(r"{% static '([^']+)' %}", template)
    assert (settings.BASE_DIR / "static" / script).exists()


def test_the_chart_to_explore_is_plain_json():
    drawn = trend_figure(
        periods=["1", "2"],
        this_year=[Decimal(1), None],
        last_year=[None, None],
        plan=Decimal(9),
        names=("2025", "2024", "жоспар"),
    )
    last, this, plan = json.loads(json.dumps(drawn))["figure"]["data"]
    assert (this["name"], this["y"], last["y"], plan["y"]) == ("2025", [1.0, None], [None, None], [9.0, 9.0])
