"""The machine's door: the command and the address give the same figures, and those that were published."""

import csv
import datetime as dt
import io
import json
from decimal import Decimal
from pathlib import Path

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.urls import reverse

from branches import actions as work
from branches.choices import ElectionKind, HelpKind, Qualifier, RequestState, Role
from branches.models import Assignment, Branch, Maslikhat, PartyProject, ProjectIndicator, User
from roadmap import actions
from roadmap.choices import BodyKind, RecommendationState, SiteKind, SiteState, Status, Unit, Verdict
from roadmap.dashboards.control import control_counts, scope_of
from roadmap.models import Body, IndicatorFact, MeasureIndicator, Roadmap, Site, StatusReport

FIELDS = ["key", "label", "part", "whole", "percent", "value", "unit", "qualifier", "as_of", "source"]
SHARES = [
    "roadmap.done",
    "roadmap.confirmed",
    "roadmap.in_progress",
    "roadmap.not_started",
    "roadmap.not_done",
    "roadmap.moved",
    "roadmap.removed",
    "roadmap.no_report",
    "roadmap.overdue",
    "roadmap.at_risk",
    "roadmap.stale",
]

CONTROL = [
    "control.meetings",
    "control.posts",
    "control.open_posts",
    "control.visits",
    "control.sites_commissioned",
    "control.sites_with_defects",
    "control.recommendations_done",
    "control.recommendations_verified",
    "control.recommendations_overdue",
    "councils.meetings",
    "councils.issues",
    "councils.proposals",
    "councils.proposals_done",
    "councils.proposals_verified",
    "councils.proposals_overdue",
]

# Every figure that the two source texts print: the shipped fixtures must answer with exactly these.
FACTS = json.loads((Path(__file__).parent / "facts.json").read_text(encoding="utf-8"))


@pytest.fixture
def command():
    """`command("own", 2025, "--as-of=…")`: what the command says, by default as JSON read back."""

    def run(branch, year, *arguments):
        out = io.StringIO()
        call_command("figures", f"--branch={branch}", f"--year={year}", *arguments, stdout=out)
        return out.getvalue()

    return run


@pytest.fixture
def figures(command):
    """`figures("own", 2025)`: the command's figures by key."""
    return lambda *asked: {row["key"]: row for row in json.loads(command(*asked, "--format=json"))}


@pytest.fixture
def life(cast, noon):
    """Eight measures of `own`: one done, one done and confirmed, one in progress; some with indicators."""
    measures = [cast.add_measure() for _ in range(8)]

    def add(measure, key, unit, name="көрсеткіш", position=1, **fields):
        return MeasureIndicator.objects.create(
            measure=measure, key=key, unit=unit, name=name, position=position, plan=100, **fields
        )

    def say(measure, day, status=Status.IN_PROGRESS, **facts):
        found = {measure.indicators.get(key=key): Decimal(value) for key, value in facts.items()}
        return actions.report_status(
            measure=measure, by=cast.people.secretary, today=day, status=status, facts=found
        ).report

    add(measures[0], "flats", Unit.FLATS, "пәтер", source="1-құжат")
    add(measures[0], "coverage", Unit.PERCENT, position=2)
    add(measures[1], "flats", Unit.FLATS, "басқа пәтер", source="2-құжат")
    add(measures[1], "coverage", Unit.PERCENT, position=2)
    add(measures[1], "area", Unit.THOUSAND_M2, position=3)
    add(measures[2], "flats", Unit.FLATS, source="ешқашан айтылмаған")
    add(measures[2], "", Unit.HOUSES, position=2)
    say(measures[0], dt.date(2025, 3, 3), flats="40", coverage="70")
    say(measures[1], dt.date(2025, 4, 4), flats="1000.5", coverage="78", area="866.8")
    say(measures[0], dt.date(2025, 5, 5), Status.DONE, flats="44")
    claim = say(measures[1], dt.date(2025, 5, 6), Status.DONE, flats="1000")
    actions.verify(
        report=claim, by=cast.people.controller, today=dt.date(2025, 5, 7), verdict=Verdict.CONFIRMS, basis="акт"
    )
    say(measures[2], dt.date(2025, 6, 10))
    return measures


# --- what is counted and summed --------------------------------------------------------------------------------------
def test_shares_are_counted_from_rows(life, figures):
    found = figures("own", 2025)
    assert [key for key in found if key.startswith("roadmap.")] == SHARES
    parts = {key.removeprefix("roadmap."): row["part"] for key, row in found.items() if row["part"]}
    assert parts == {"done": 2, "confirmed": 1, "in_progress": 1, "no_report": 5}
    done = found["roadmap.done"]
    assert (done["part"], done["whole"], done["percent"], done["value"]) == (2, 8, "25.0", None)
    assert (done["unit"], done["as_of"], done["source"]) == ("measures", "2025-06-16", "тест")
    assert found["roadmap.confirmed"]["percent"] == "12.5"
    assert all(row["whole"] == 8 for key, row in found.items() if key in SHARES)


def test_quantities_are_summed_and_levels_are_not(life, figures):
    found = {key: (row["value"], row["unit"]) for key, row in figures("own", 2025).items() if key not in SHARES}
    assert found == {
        "measure.flats": ("1044", "flats"),  # 44 + 1000: each row's last fact
        "measure.coverage": ("78", "percent"),  # a level: 70 and 78 are not 148
        "measure.area": ("866.8", "thousand m2"),
    }
    flats = figures("own", 2025)["measure.flats"]
    assert (flats["label"], flats["source"]) == ("пәтер", "1-құжат; 2-құжат")
    assert (flats["part"], flats["whole"], flats["percent"], flats["qualifier"]) == (None, None, None, "")


def test_a_day_in_the_past_knows_what_was_known_then(life, figures):
    found = figures("own", 2025, "--as-of=2025-04-04")
    assert (found["measure.flats"]["value"], found["roadmap.done"]["part"]) == ("1040.5", 0)
    assert {row["as_of"] for row in found.values()} == {"2025-04-04"}
    assert [key for key in figures("own", 2025, "--as-of=2025-03-02") if key not in SHARES] == []
    assert figures("own", 2025, "--as-of=2025-01-14") == {}  # the roadmap is of the 15th


def test_a_qualifier_goes_with_its_number(cast, life, figures):
    report = StatusReport.objects.create(
        measure=life[2],
        author=cast.people.secretary,
        entered_on=cast.today,
        reported_on=cast.today,
        status=Status.IN_PROGRESS,
    )
    flats = life[2].indicators.get(key="flats")
    IndicatorFact.objects.create(report=report, indicator=flats, value=2000, qualifier=Qualifier.MORE_THAN)
    found = figures("own", 2025)["measure.flats"]
    assert (found["value"], found["qualifier"]) == ("3044", "more than")


def test_a_roadmap_without_measures_has_no_percentage(cast, noon, figures, command):
    done = figures("other", 2025)["roadmap.done"]
    assert (done["part"], done["whole"], done["percent"]) == (0, 0, None)
    assert "None" not in command("other", 2025, "--format=table")
    assert "—" in command("other", 2025, "--format=table")


# --- control and councils ---------------------------------------------------------------------------------------------
@pytest.fixture
def control(cast, noon):
    """In `own`, two sites under a post, one commissioned with defects, a meeting and a visit that recommend; in `other`
    a council that proposes. The regional branch has nothing of its own."""
    controller, coordinator, day = cast.people.controller, cast.people.coordinator, dt.date(2025, 3, 3)
    sites = [
        actions.register_site(
            branch=cast.own,
            by=controller,
            today=day,
            state=SiteState.CONSTRUCTION,
            kind=SiteKind.ROAD,
            name=f"{number}-нысан",
            district=cast.own.district,
        )
        for number in (1, 2)
    ]
    actions.open_post(sites=sites, by=controller, today=day, chair="Төраға")
    bodies = [
        Body.objects.create(branch=branch, kind=kind, name_kk="Орган", name_ru="Орган", name_en="Body")
        for branch, kind in ((cast.own, BodyKind.COMMISSION), (cast.other, BodyKind.COUNCIL))
    ]

    def ask(number):
        return actions.Advice(text=f"{number}-ұсыныс", addressee="әкімдік", due_on=dt.date(2025, 6, number))

    meeting = actions.record_meeting(
        body=bodies[0],
        by=controller,
        today=dt.date(2025, 4, 4),
        held_on=dt.date(2025, 4, 4),
        agenda=[actions.Point("Мәселе")],
        advice=[ask(1), ask(20)],
    )
    actions.record_visit(site=sites[0], by=controller, today=dt.date(2025, 4, 7), readiness=90, advice=[ask(2)])
    actions.set_site_state(
        site=sites[0], by=controller, today=dt.date(2025, 5, 5), state=SiteState.DEFECTS, note="Қақпа жоқ."
    )
    actions.record_meeting(
        body=bodies[1],
        by=coordinator,
        today=dt.date(2025, 4, 9),
        held_on=dt.date(2025, 4, 9),
        agenda=[actions.Point("Мәселе"), actions.Point("Тағы мәселе")],
        advice=[ask(3)],
    )
    first = meeting.recommendations.order_by("pk").first()
    actions.follow_recommendation(
        recommendation=first, by=cast.people.secretary, today=dt.date(2025, 5, 6), state=RecommendationState.DONE
    )
    actions.verify_recommendation(recommendation=first, by=controller, today=dt.date(2025, 5, 7))
    return sites


def said(row):
    return row["value"] or f"{row['part']}/{row['whole']} {row['percent']}"


def test_control_is_counted_from_rows(control, figures):
    found = {key: said(row) for key, row in figures("own", 2025).items() if key in CONTROL}
    assert list(found) == CONTROL
    assert {key.removeprefix("control."): value for key, value in found.items() if key.startswith("control.")} == {
        "meetings": "1",
        "posts": "1",
        "open_posts": "1",
        "visits": "1",
        "sites_commissioned": "1/2 50.0",
        "sites_with_defects": "1/2 50.0",
        "recommendations_done": "1/3 33.3",
        "recommendations_verified": "1/3 33.3",
        "recommendations_overdue": "1/3 33.3",
    }
    assert {value for key, value in found.items() if key.startswith("councils.")} == {"0", "0/0 None"}


def test_a_regional_branch_counts_its_region(control, figures):
    oblast, own, other = (figures(slug, 2025) for slug in ("oblast", "own", "other"))
    for key in CONTROL:
        for field in ("value", "part", "whole"):
            parts = [int(rows[key][field] or 0) for rows in (own, other)]
            assert int(oblast[key][field] or 0) == sum(parts), key
    assert (oblast["councils.issues"]["value"], oblast["councils.proposals"]["value"]) == ("2", "1")


def test_control_needs_no_roadmap(control, cast, figures):
    Roadmap.objects.all().delete()
    found = figures("own", 2025)
    assert list(found) == CONTROL
    assert {row["as_of"] for row in found.values()} == {"2025-06-16"}
    assert all(row["label"] and row["unit"] and row["source"] for row in found.values())
    assert figures("own", 2024) == {}
    assert list(figures("own", 2025, "--as-of=2025-03-03")) == CONTROL
    assert figures("own", 2025, "--as-of=2025-03-02") == {}


def test_control_of_a_past_day_is_what_was_known_then(control, figures):
    found = figures("own", 2025, "--as-of=2025-05-06")
    assert said(found["control.recommendations_done"]) == "1/3 33.3"
    assert said(found["control.recommendations_verified"]) == "0/3 0.0"
    assert said(found["control.recommendations_overdue"]) == "0/3 0.0"
    assert said(figures("own", 2025, "--as-of=2025-05-04")["control.sites_commissioned"]) == "0/2 0.0"


def test_the_overview_and_the_figures_count_control_alike(control, cast, figures):
    for branch in (cast.oblast, cast.own, cast.other):
        counts = control_counts(branch=branch, scope=scope_of(branch), year=2025, day=cast.today)
        found = figures(branch.slug, 2025)
        assert found["control.meetings"]["value"] == str(counts.meetings)
        assert found["control.visits"]["value"] == str(counts.visits)
        assert found["control.recommendations_done"]["part"] == counts.recommendations.done.part
        assert found["control.sites_commissioned"]["whole"] == counts.sites.whole
        assert found["councils.proposals_overdue"]["part"] == counts.proposals.overdue


def test_samples_say_so(control, figures):
    assert figures("own", 2025)["control.visits"]["source"] == "бағдарламаның жолдары"
    Site.objects.update(is_sample=True)
    assert figures("own", 2025)["control.visits"]["source"] == "бағдарламаның жолдары, үлгі дерек"


# --- reception, party projects, organisation --------------------------------------------------------------------------
def test_requests_are_counted_from_rows(cast, noon, figures):
    event = work.record_event(
        branch=cast.own, by=cast.people.secretary, today=cast.today, kind="thematic", place="клуб", project=cast.project
    )
    twice = cast.an_applicant()
    at_event = {"channel": "event", "event": event}
    cast.add_request(person=twice, state=RequestState.POSITIVE, help_kind=HelpKind.LEGAL_SUPPORT, **at_event)
    cast.add_request(person=twice, topic=1, state=RequestState.EXPLAINED, note="айтылды", **at_event)
    cast.add_request(state=RequestState.POSITIVE, help_kind=HelpKind.ADVICE, **at_event)
    cast.add_request(kind="mandate")
    cast.add_request(state=RequestState.MISTAKE, note="екі рет")
    cast.add_request("other", today=dt.date(2025, 3, 3))
    told = {key: said(row) for key, row in figures("own", 2025).items() if key.startswith("reception.")}
    assert told == {
        "reception.registered": "4",
        "reception.positive_of_registered": "2/4 50.0",
        "reception.positive_of_closed": "2/3 66.7",
        "reception.overdue": "0/4 0.0",
        "reception.mandates": "1",
        "reception.legal_aid.events": "1",
        "reception.legal_aid.residents": "2",  # who asked twice is one
        "reception.legal_aid.helped": "2",
        "reception.legal_aid.legal_support": "1/2 50.0",
    }
    whole = {key: said(row) for key, row in figures("oblast", 2025).items()}
    assert (whole["reception.registered"], whole["reception.overdue"]) == ("5", "1/5 20.0")


@pytest.fixture
def reports(cast, noon):
    """`reports("own", "q1", fact=5)`: what a branch reports of the cast's indicator in 2025, from a document."""

    def report(branch, period, *, today=dt.date(2025, 4, 4), indicator=None, **said):
        by = cast.people.secretary if branch == "own" else cast.people.other_secretary
        told = {name: Decimal(said.pop(name)) for name in ("plan", "fact") if name in said}
        return work.report_project(
            branch=Branch.objects.get(slug=branch),
            indicator=indicator or cast.indicator,
            by=by,
            today=today,
            year=2025,
            period=period,
            **told,
            **{"source": f"{branch}-құжат", **said},
        )

    return report


def test_projects_are_summed_over_branches_and_periods(cast, reports, figures):
    reports("own", "y", plan=90)
    reports("own", "q1", fact=40)
    reports("own", "q2", fact=50, today=dt.date(2025, 6, 10))
    reports("own", "q2", fact=55, today=dt.date(2025, 6, 11))  # corrected
    reports("other", "y", plan=60, source="жоспар")
    reports("other", "q1", fact=10)
    own, oblast = (figures(slug, 2025) for slug in ("own", "oblast"))
    assert said(own["projects.legal_aid.people"]) == "95/90 105.6"
    row = oblast["projects.legal_aid.people"]
    assert (said(row), row["unit"], row["label"]) == ("105/150 70.0", "people", "Қамтылған адамдар")
    assert row["source"] == "own-құжат; жоспар; other-құжат"
    plan = oblast["projects.legal_aid.people.plan"]
    assert (plan["value"], plan["source"]) == ("150", "own-құжат; жоспар")
    assert oblast["projects.count"]["value"] == "1"
    assert said(figures("oblast", 2025, "--as-of=2025-06-10")["projects.legal_aid.people"]) == "100/150 66.7"


def test_the_list_of_projects_says_where_it_is_from(cast, reports, figures):
    PartyProject.objects.update(source="мақала")
    ended = {"valid_from": dt.date(2023, 1, 1), "valid_until": dt.date(2024, 12, 31), "source": "басқа"}
    PartyProject.objects.create(key="ended", name_kk="Бітті", name_ru="Кончился", name_en="Ended", **ended)
    assert "projects.count" not in figures("own", 2025)
    reports("own", "q1", no_data="not_held")
    count = figures("own", 2025)["projects.count"]
    assert (count["value"], count["source"]) == ("1", "мақала")
    assert "projects.legal_aid.people" not in figures("own", 2025)


def test_what_some_branches_did_not_plan_is_no_share_of_the_others_plan(reports, figures):
    reports("own", "y", plan=100)
    reports("own", "q1", fact=50)
    reports("other", "q1", fact=100)
    told = figures("oblast", 2025)
    assert said(told["projects.legal_aid.people"]) == "150"
    assert said(told["projects.legal_aid.people.plan"]) == "100"


def test_a_sum_is_as_exact_as_the_parts_that_make_it_up(cast, reports, figures):
    reports("own", "q1", fact=2000, qualifier=Qualifier.MORE_THAN)
    reports("other", "q1", fact=500)
    row = figures("oblast", 2025)["projects.legal_aid.people"]
    assert (row["value"], row["qualifier"]) == ("2500", "more than")
    reports("other", "q1", fact=600, qualifier=Qualifier.ALMOST)
    assert figures("oblast", 2025)["projects.legal_aid.people"]["qualifier"] == "more than"  # of the greater part
    names = {"name_kk": "Бөлінді", "name_ru": "Выделено", "name_en": "Allocated"}
    money = ProjectIndicator.objects.create(key="legal_aid.money", unit="tenge", frequency="running", **names)
    money.projects.add(cast.project)
    reports("own", "q1", fact=7, qualifier=Qualifier.ALMOST, indicator=money)
    reports("own", "h1", fact=9, indicator=money)
    row = figures("oblast", 2025)["projects.legal_aid.money"]
    assert (row["value"], row["qualifier"]) == ("9", "")  # what runs since January is said anew


def test_the_organisation_is_summed_over_branches(cast, noon, figures):
    secretary, coordinator, day = cast.people.secretary, cast.people.coordinator, dt.date(2025, 3, 3)
    names = {"name_kk": "Мәслихат", "name_ru": "Маслихат", "name_en": "Maslikhat"}
    for branch, by, members, qualifier in (
        (cast.own, secretary, 900, Qualifier.MORE_THAN),
        (cast.other, coordinator, 100, ""),
    ):
        numbers = {"primary_organisations": 4, "members": members, "qualifier": qualifier, "source": "тізім"}
        work.report_membership(branch=branch, by=by, today=day, **numbers)
        Maslikhat.objects.create(branch=branch, seats=10, **names)
    work.report_faction(branch=cast.own, by=secretary, today=day, members=8, source="хаттама")
    for place, won in (("Ауыл", 1), ("Басқа ауыл", 0)):
        work.record_election(
            branch=cast.own,
            by=secretary,
            today=day,
            kind=ElectionKind.RURAL_AKIM,
            held_on=day,
            seats=1,
            nominated=1,
            won=won,
            place=place,
            source="сайлау",
        )
    told = {key: row for key, row in figures("oblast", 2025).items() if key.startswith("organisation.")}
    assert {key.removeprefix("organisation."): (said(row), row["source"]) for key, row in told.items()} == {
        "regional_branches": ("1", "бағдарламаның жолдары"),
        "territorial_branches": ("2", "бағдарламаның жолдары"),
        "primary_organisations": ("8", "тізім"),
        "members": ("1000", "тізім"),
        "mandates": ("8/10 80.0", "хаттама"),  # of the other maslikhat nobody told
        "rural_akims_elected": ("1/2 50.0", "сайлау"),
    }
    assert {key: row["qualifier"] for key, row in told.items() if row["qualifier"]} == {
        "organisation.members": "more than"
    }
    assert not [key for key in figures("oblast", 2025, "--as-of=2025-03-02") if key.startswith("organisation.")]


# --- formats ---------------------------------------------------------------------------------------------------------
def test_all_formats_say_the_same(cast, life, control, command, as_user):
    rows = json.loads(command("own", 2025, "--format=json"))
    assert all(list(row) == FIELDS for row in rows)
    served = as_user(cast.people.chair).get(reverse("roadmap:figures"), {"branch": "own", "year": 2025})
    assert served.headers["Content-Type"] == "application/json"
    assert served.json() == rows
    written = list(csv.DictReader(io.StringIO(command("own", 2025, "--format=csv"))))
    assert written == [{name: "" if value is None else str(value) for name, value in row.items()} for row in rows]
    table = command("own", 2025)
    assert len(table.splitlines()) == len(rows)
    for row, line in zip(rows, table.splitlines(), strict=True):
        assert line.split()[0] == row["key"]
        assert line.endswith(row["label"])
        percent = f"{row['percent']} %" if row["whole"] else "—"
        assert f" {row['value'] or str(row['part']) + '/' + str(row['whole']) + ' ' + percent} " in line


def test_the_command_and_the_address_agree_on_any_day(cast, life, command, as_user):
    client = as_user(cast.people.observer)
    for day in ("2025-01-14", "2025-03-03", "2025-05-06", "2025-05-07", "2025-06-16"):
        served = client.get(reverse("roadmap:figures"), {"branch": "own", "year": 2025, "as_of": day})
        assert served.json() == json.loads(command("own", 2025, f"--as-of={day}", "--format=json"))


def test_the_overview_and_the_figures_agree(cast, life, figures, as_user):
    client = as_user(cast.people.chair)
    tally = client.get(reverse("roadmap:overview"), {"branch": "own"}).context["overview"].tally
    found = figures("own", 2025)
    for status in Status:
        assert found[f"roadmap.{status}"]["part"] == tally.count(status)
    for flag in ("overdue", "at_risk", "stale"):
        assert found[f"roadmap.{flag}"]["part"] == getattr(tally, flag)
    assert found["roadmap.done"]["percent"] == str(tally.claimed.percent)
    assert found["roadmap.confirmed"]["percent"] == str(tally.confirmed.percent)


def test_a_finished_year_is_shown_on_its_last_day(cast, noon, figures):
    Roadmap.objects.create(programme=cast.programme, branch=cast.own, year=2024, approved_on=dt.date(2024, 1, 9))
    assert figures("own", 2024)["roadmap.done"]["as_of"] == "2024-12-31"
    assert figures("own", 2025)["roadmap.done"]["as_of"] == "2025-06-16"


def test_no_roadmap_is_no_figure(cast, noon, command):
    assert json.loads(command("own", 2023, "--format=json")) == []
    assert command("own", 2023, "--format=csv").split() == [",".join(FIELDS)]
    assert "2023" in command("own", 2023)
    assert len(command("own", 2023).splitlines()) == 1


def test_no_sum_is_wider_than_what_the_reader_sees(cast, life, control, reports, figures, as_user):
    """Who observes the oblast's branch alone is told what its pages tell, not the sums of districts."""
    for branch in ("own", "own", "other"):
        cast.add_request(branch)
    reports("own", "q1", fact=40)
    narrow = cast.people.nobody
    Assignment.objects.create(user=narrow, role=Role.OBSERVER, branch=cast.oblast)
    client, asked = as_user(narrow), {"branch": "oblast", "year": 2025}
    served = {row["key"]: row for row in client.get(reverse("roadmap:figures"), asked).json()}
    assert "reception.registered" in figures("oblast", 2025)
    assert "projects.legal_aid.people" in figures("oblast", 2025)
    assert {key.split(".")[0] for key in served} <= {"roadmap"}  # its own
    assert client.get(reverse("roadmap:figures"), {"branch": "own", "year": 2025}).status_code == 404
    Assignment.objects.create(user=narrow, role=Role.OBSERVER, branch=cast.own)
    client = as_user(narrow)
    served = {row["key"]: row for row in client.get(reverse("roadmap:figures"), asked).json()}
    seen = client.get(reverse("roadmap:overview"), asked).context["overview"]
    assert served["reception.registered"]["value"] == str(seen.work.reception.registered) == "2"
    assert served["control.visits"]["value"] == str(seen.control.visits)
    shown = client.get(reverse("branches:reception"), {"year": 2025}).context["reception"]
    assert served["reception.overdue"]["part"] == shown.total.overdue


@pytest.mark.parametrize("source", ['=HYPERLINK("http://x")', "+7", "-cmd", "@sum"])
def test_the_file_is_no_formula(cast, reports, command, figures, source):
    reports("own", "q1", fact=5, source=source)
    written = {row["key"]: row for row in csv.DictReader(io.StringIO(command("own", 2025, "--format=csv")))}
    cell = written["projects.legal_aid.people"]["source"]
    assert cell == (source if source == "+7" else f"'{source}")  # a number is no formula
    assert figures("own", 2025)["projects.legal_aid.people"]["source"] == source  # JSON is for machines


# --- refusals --------------------------------------------------------------------------------------------------------
REFUSED = {
    "--branch=atlantis --year=2025": "no branch “atlantis”. Known: oblast, own, other",
    "--branch=own --year=soon": "--year",
    "--branch=own --year=0": "--year",
    "--branch=own --year=20000": "--year",
    "--branch=own --year=2025 --as-of=2025-02-30": "--as-of",
    "--branch=own --year=2025 --as-of=0001-01-01": "--as-of",
    "--branch=own --year=2025 --as-of=2025-06-17": "2025-06-17 has not come yet",
    "--branch=own --year=2025 --format=xml": "--format",
    "--year=2025": "--branch",
}


@pytest.mark.parametrize(("arguments", "words"), REFUSED.items())
def test_what_cannot_be_is_one_plain_sentence(cast, noon, arguments, words):
    with pytest.raises(CommandError) as refusal:
        call_command("figures", *arguments.split(), stdout=io.StringIO())
    assert words in str(refusal.value)
    assert "\n" not in str(refusal.value)


def test_an_empty_installation_is_told_what_to_do(db, noon):
    with pytest.raises(CommandError, match="load the fixtures"):
        call_command("figures", "--branch=own", "--year=2025")


@pytest.mark.parametrize(
    ("field", "typed"),
    [("year", "1999"), ("year", "x"), ("as_of", "2025-06-17"), ("as_of", "0001-01-01"), ("as_of", "x")],
)
def test_the_address_names_the_wrong_field(cast, life, as_user, field, typed):
    response = as_user(cast.people.chair).get(reverse("roadmap:figures"), {"branch": "own", field: typed})
    assert response.status_code == 400
    assert list(response.json()) == ["errors"]
    assert list(response.json()["errors"]) == [field]


def test_the_address_only_reads(cast, life, as_user):
    assert as_user(cast.people.chair).post(reverse("roadmap:figures"), {"branch": "own"}).status_code == 405


# --- the published figures -------------------------------------------------------------------------------------------
def published(fact):
    """What the machine's door gives for a fact of the texts."""
    share = {name: fact.get(name) for name in ("part", "whole", "percent")}
    return share | {"value": fact.get("value"), "unit": fact["unit"], "qualifier": fact.get("qualifier", "")}


@pytest.mark.parametrize("today", [dt.date(2026, 11, 22), dt.date(2027, 8, 1)], ids=str)
@pytest.mark.usefixtures("demonstration", "db")
def test_the_shipped_fixtures_give_every_published_figure(today, figures, as_user):
    assert len(FACTS) == 43
    with time_machine.travel(dt.datetime.combine(today, dt.time(7), dt.UTC), tick=False):
        client = as_user(User.objects.get(username="chair"))
        for branch, year in {(fact["branch"], fact["year"]) for fact in FACTS}:
            found = figures(branch, year)
            served = client.get(reverse("roadmap:figures"), {"branch": branch, "year": year}).json()
            assert served == list(found.values())
            for fact in (fact for fact in FACTS if (fact["branch"], fact["year"]) == (branch, year)):
                row = found[fact["key"]]
                assert {name: row[name] for name in published(fact)} == published(fact), fact["key"]
                assert row["as_of"] == f"{year}-12-31"
                assert row["source"], fact["key"]
