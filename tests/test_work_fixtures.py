"""The shipped fixtures of the party's own work: what the briefing says comes out, and all could have been entered.

Numbers are counted here row by row, in Python, beside what the dashboards count.
"""

import datetime as dt
import itertools
import json
import lzma
import re
from collections import Counter, defaultdict
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import connection
from django.db.models import Q

from branches import actions as work
from branches.actions.applicants import check_person
from branches.actions.calendar import clock_of
from branches.choices import (
    CLOCK_STOPPED,
    DUPLICATE_DAYS,
    PERIODS,
    REQUEST_CLOSED,
    ConsentAct,
    ElectionKind,
    Frequency,
    HelpKind,
    Period,
    Permission,
    RequestKind,
    RequestState,
)
from branches.dashboards.organisation import organisation_numbers
from branches.dashboards.projects import indicator_years
from branches.dashboards.reception import reception_counts, soon_after
from branches.metrics import has_control_digit
from branches.models import (
    Applicant,
    Branch,
    CalendarDay,
    Consent,
    ConsentText,
    Election,
    FactionReport,
    Maslikhat,
    MembershipReport,
    OfficeHolder,
    PartyProject,
    ProjectIndicator,
    ProjectReport,
    ReceptionEvent,
    ReceptionRule,
    Request,
    RequestOpening,
    RequestStep,
    RequestWords,
    StepWords,
    Topic,
    User,
    WingReport,
)
from roadmap.dashboards.control import scope_of
from roadmap.management.demonstration.schedule import LAST_DAY
from roadmap.management.demonstration.sources import SAMPLE
from roadmap.management.demonstration.work_days import is_office_day
from roadmap.models import Direction, Measure, Recommendation, Referral, RequestMeasure, SiteVisit

pytestmark = pytest.mark.django_db

OBLAST = "kyzylorda-oblast"
END_OF_2024 = dt.date(2024, 12, 31)
DAYS = {2024: END_OF_2024, 2025: dt.date(2025, 12, 31), 2026: LAST_DAY}
ENTERED = (  # everything that somebody typed
    MembershipReport,
    WingReport,
    FactionReport,
    Election,
    ProjectReport,
    ReceptionEvent,
    Request,
    RequestStep,
    Consent,
    RequestMeasure,
    Referral,
)
ZONE = dt.timezone(dt.timedelta(hours=5))


@pytest.fixture(autouse=True)
def _standing_on_the_fixtures(demonstration, db):
    """Each test changes what it likes inside a savepoint of its own."""


@pytest.fixture(scope="module")
def ledger(demonstration, django_db_blocker):
    """All requests with their steps and events, read once."""
    with django_db_blocker.unblock():
        requests = Request.objects.select_related(
            "branch", "topic", "event__project", "applicant", "locality__district"
        )
        return SimpleNamespace(
            branches=dict(Branch.objects.values_list("slug", "pk")),
            requests=list(requests.prefetch_related("steps__words").order_by("id")),
            events=list(ReceptionEvent.objects.select_related("branch", "project")),
        )


def rows_of(name):
    """The rows of a fixture as they are shipped."""
    data = (Path(settings.BASE_DIR) / "fixtures" / name).read_bytes()
    return json.loads(lzma.decompress(data) if name.endswith("xz") else data)


# --- reference data --------------------------------------------------------------------------------------------------
def test_every_direction_has_topics_and_some_topics_have_no_direction():
    assert Topic.objects.count() == 14
    assert not Direction.objects.filter(topics=None).exists()
    assert set(Topic.objects.filter(directions=None).values_list("key", flat=True)) == {"law", "other"}


def test_the_consent_says_what_for_how_long_and_that_it_may_be_withdrawn():
    text = ConsentText.objects.get()
    assert text.valid_from <= Request.objects.earliest("received_on").received_on
    for words, said in (
        (text.text_kk, ("Мақсаты", "үш жыл", "қайтарып ал", "ЖСН")),
        (text.text_ru, ("Цель", "три года", "отозвать", "ИИН")),
        (text.text_en, ("Purpose", "three years", "withdraw", "IIN")),
    ):
        assert all(word in words for word in said)


def test_the_text_says_eleven_projects_and_names_ten():
    of_2024 = PartyProject.objects.valid_in(2024)
    assert of_2024.count() == 11
    (unnamed,) = of_2024.filter(is_sample=True)
    assert "мәтінде аталмаған" in unnamed.source
    assert "мәтінде аталмаған" in unnamed.name_kk
    assert not of_2024.exclude(source__contains="брифинг").exists()
    lists = {year: set(PartyProject.objects.valid_in(year).values_list("key", flat=True)) for year in (2023, *DAYS)}
    assert lists[2024] - lists[2023] == {"kitap_amanat"}
    assert lists[2025] == lists[2024]
    assert lists[2026] - lists[2025] == {"jasyl_jaga"}
    assert lists[2025] - lists[2026] == {"unnamed"}


def test_five_projects_have_indicators_in_common():
    for key in ("five_joint.events", "five_joint.people"):
        assert ProjectIndicator.objects.get(key=key).projects.count() == 5
    assert not ProjectIndicator.objects.filter(projects=None).exists()
    assert set(PartyProject.objects.filter(indicators=None).values_list("key", flat=True)) == {"unnamed"}
    facts = json.loads((Path(__file__).parent / "facts.json").read_text(encoding="utf-8"))
    asked = {fact["key"].removeprefix("projects.").removesuffix(".plan") for fact in facts}
    keys = {
        key for key in asked if key.split(".")[0] in {*PartyProject.objects.values_list("key", flat=True), "five_joint"}
    }
    assert keys == keys & set(ProjectIndicator.objects.values_list("key", flat=True))
    assert len(keys) == 8


# --- the organisation ------------------------------------------------------------------------------------------------
def newest(model, day, *fields):
    """Of each branch the number that spoke on a day, picked in Python."""
    found = {}
    for row in model.objects.filter(entered_on__lte=day).order_by("as_on", "id"):
        found[(row.branch_id, *(getattr(row, name) for name in fields))] = row
    return found


def test_members_and_primary_organisations_of_2024_as_published():
    told = newest(MembershipReport, END_OF_2024).values()
    assert len(told) == 10
    assert sum(row.primary_organisations for row in told) == 206
    assert sum(row.members for row in told) == 46_000
    assert [row.qualifier for row in told if row.qualifier] == ["more_than"]
    assert all("брифинг" in row.source for row in told)


def test_the_party_grows():
    sums = [
        sum(row.members for row in newest(MembershipReport, day).values())
        for day in (dt.date(2024, 1, 31), dt.date(2024, 7, 31), *DAYS.values())
    ]
    assert sums == sorted(sums)
    assert sums[-1] < 1.06 * 46_000
    corrected = MembershipReport.objects.exclude(note="").get()
    assert MembershipReport.objects.filter(branch=corrected.branch, as_on=corrected.as_on).count() == 2
    for row in newest(WingReport, LAST_DAY, "wing").values():
        assert 0.05 < row.members / newest(MembershipReport, LAST_DAY)[(row.branch_id,)].members < 0.2
    assert len(newest(WingReport, LAST_DAY, "wing")) == 20


def test_mandates_of_2024_as_published():
    assert sum(Maslikhat.objects.values_list("seats", flat=True)) == 152
    told = newest(FactionReport, END_OF_2024).values()
    assert sum(row.members for row in told) == 124
    assert {row.branch_id for row in told} == set(Maslikhat.objects.values_list("branch", flat=True))
    for row in FactionReport.objects.select_related("maslikhat"):
        row.clean()
        assert row.maslikhat.branch_id == row.branch_id
        assert row.leader
    before = sum(row.members for row in newest(FactionReport, dt.date(2024, 3, 30)).values())
    assert before == 124 - 7  # seven seats were filled by by-elections


def test_elections_of_2024_as_published():
    held = Election.objects.held_in(2024)
    akims = held.filter(kind=ElectionKind.RURAL_AKIM).select_related("locality__district__branch")
    assert (akims.count(), sum(row.won for row in akims)) == (38, 37)
    assert {(row.seats, row.nominated) for row in akims} == {(1, 1)}
    assert len({row.locality_id for row in akims}) == 38
    assert all(row.locality.district.branch == row.branch for row in akims)
    assert not any(row.locality.is_centre for row in akims)
    by_day = defaultdict(set)
    for row in held.filter(kind=ElectionKind.BY_ELECTION).select_related("branch"):
        assert (row.won, row.is_sample) == (1, False)
        assert "брифинг" in row.source
        by_day[row.held_on].add(row.branch.slug)
    assert by_day == {
        dt.date(2024, 3, 31): {OBLAST, "aral", "zhanakorgan"},
        dt.date(2024, 12, 8): {"kyzylorda-city", "shieli", "syrdarya", "karmakshy"},
    }
    akim = held.get(kind=ElectionKind.DISTRICT_AKIM)
    assert (akim.branch.slug, akim.won) == ("shieli", 1)
    assert "үлгі" in akim.source  # the text does not say on which day
    assert Election.objects.held_in(2025).exists()
    assert Election.objects.held_in(2026).filter(won=0).exists()


def test_one_person_holds_an_office_at_a_time():
    held = defaultdict(list)
    for row in OfficeHolder.objects.all():
        held[row.branch_id, row.position].append((row.since or dt.date.min, row.until or dt.date.max))
    for terms in held.values():
        for before, after in itertools.pairwise(sorted(terms)):
            assert before[1] < after[0]
    chairs = OfficeHolder.objects.filter(branch__slug=OBLAST, position="chair")
    assert chairs.on(END_OF_2024).get().full_name == "Алмасбек Есмаханов"
    assert chairs.on(LAST_DAY).get().full_name == "Жандос Базартай"
    now = Counter(OfficeHolder.objects.on(LAST_DAY).values_list("position", flat=True))
    assert (now["executive_secretary"], now["womens_wing_head"], now["youth_wing_head"], now["chair"]) == (
        10,
        10,
        10,
        10,
    )


def test_the_dashboard_counts_the_organisation_alike():
    numbers = organisation_numbers(branches=list(Branch.objects.all()), year=2024, day=END_OF_2024)
    assert (numbers.primary_organisations, numbers.members, numbers.qualifier) == (206, 46_000, "more_than")
    assert (numbers.mandates.part, numbers.mandates.whole) == (124, 152)
    assert (numbers.rural_akims.part, numbers.rural_akims.whole) == (37, 38)


# --- party projects --------------------------------------------------------------------------------------------------
def year_of(reports, frequency, field):
    """What a branch's reports of a year come to, added up in Python: the last one of each period speaks."""
    last = {}
    for row in reports:
        last[row.period] = getattr(row, field)
    known = {period: value for period, value in last.items() if value is not None}
    if field == "plan" and Period.YEAR in known:
        return known[Period.YEAR]
    told = [known[period] for period in PERIODS[frequency] if period in known]
    return sum(told) if frequency in (Frequency.MONTHLY, Frequency.QUARTERLY) else (told or [0])[-1]


@pytest.mark.parametrize(("year", "day"), [*DAYS.items(), (2025, dt.date(2025, 5, 12))], ids=str)
def test_projects_come_to_what_was_typed_by_then(year, day):
    reports = defaultdict(list)
    for row in ProjectReport.objects.filter(year=year, entered_on__lte=day).order_by("id"):
        reports[row.indicator_id, row.branch_id].append(row)
    shown = {one.indicator: one for one in indicator_years(branches=list(Branch.objects.all()), year=year, day=day)}
    assert len(shown) >= 15
    for indicator, told in shown.items():
        mine = [rows for (pk, _), rows in reports.items() if pk == indicator.pk]
        for field in ("fact", "plan"):
            counted = sum(year_of(rows, indicator.frequency, field) for rows in mine)
            assert (getattr(told, field) or 0) == counted, (indicator.key, field)


@pytest.mark.parametrize(
    ("key", "year", "fact", "plan"),
    [
        ("auyl_amanaty.allocated", 2024, 2_500_000_000, None),
        ("auyl_amanaty.financed", 2024, 150, None),
        ("auyl_amanaty.additional", 2024, 1_500_000_000, None),
        ("zher_amanaty.returned", 2024, 77_500, None),
        ("qaryzsyz_qogam.trained", 2024, 11_210, 11_000),
        ("five_joint.events", 2024, 2_000, None),
        ("five_joint.people", 2024, 38_754, None),
        ("auyl_amanaty.allocated", 2025, None, 5_500_000_000),
        ("auyl_amanaty.financed", 2025, None, 815),
        ("auyl_amanaty.jobs", 2025, None, 886),
        ("qaryzsyz_qogam.trained", 2025, None, 9_500),
    ],
)
def test_published_totals_of_projects_are_sums_of_branches(key, year, fact, plan):
    """And stay so: on the last day of the year and on any later one."""
    indicator = ProjectIndicator.objects.get(key=key)
    for day in (dt.date(year, 12, 31), LAST_DAY):
        (told,) = indicator_years(branches=list(Branch.objects.all()), year=year, day=day, indicators=[indicator])
        if fact:
            assert told.fact == fact
            assert sum(part.fact is not None for part in told.branches) >= 8
        if plan or fact:
            assert told.plan == plan
        assert any("брифинг" in source and "үлгі" in source for source in told.sources)


def test_what_is_told_of_projects_could_have_been_entered():
    rows = ProjectReport.objects.select_related("indicator", "branch", "author").order_by("id")
    last = {}
    for row in rows:
        row.clean()
        place = (row.indicator_id, row.branch_id, row.year, row.period)
        periods = row.indicator.periods
        assert row.period in (*periods, Period.YEAR)
        assert row.author.username == f"secretary-{row.branch.slug}"
        if row.fact is not None or row.no_data:
            assert row.period in periods
            assert row.entered_on >= Frequency(row.indicator.frequency).opens_on(Period(row.period), row.year)
        else:
            assert row.plan is not None
        before = last.get(place)
        if before:
            assert before.created_at < row.created_at
            assert (before.plan, before.fact, before.no_data) != (row.plan, row.fact, row.no_data)
        last[place] = row
    known = {year: set(ProjectIndicator.objects.valid_in(year)) for year in DAYS}
    assert all(row.indicator in known[row.year] for row in rows)
    assert len(rows) - len(last) >= 50  # plans repeated with the year's fact, and corrections
    corrected = [row for row in rows if row.fact is not None and row.note]
    assert len(corrected) >= 20
    assert {row.no_data for row in rows} == {"", "not_started", "not_held", "awaited", "other"}


def test_some_branches_have_not_told_of_the_last_periods():
    told = {
        one.indicator.key: one for one in indicator_years(branches=list(Branch.objects.all()), year=2026, day=LAST_DAY)
    }
    by_branch = {part.branch.slug: part.told for part in told["five_joint.people"].branches}
    assert {slug for slug, rows in by_branch.items() if Period.M10 not in rows} == {"baikonur", "aral", "zhalagash"}
    assert {slug for slug, rows in by_branch.items() if Period.M11 in rows} == set()
    assert all(one.reported >= 7 for one in told.values() if one.indicator.frequency != Frequency.YEARLY)


# --- reception: what the briefing says of 2024, by counting rows ------------------------------------------------------
def state_on(request, day):
    """The last step that was typed by the end of a day; None before the first, and of what was a mistake."""
    step = next((step for step in reversed(request.steps.all()) if step.entered_on <= day), None)
    return None if step is None or step.state == RequestState.MISTAKE else step


def of_legal_aid(rows, year=2024):
    return [row for row in rows if row.event and row.event.project and row.event.held_on.year == year]


@pytest.mark.parametrize("day", [END_OF_2024, dt.date(2025, 6, 30), LAST_DAY], ids=str)
def test_legal_aid_of_2024_as_published(ledger, day):
    events = [event for event in ledger.events if event.project and event.project.key == "legal_aid"]
    assert sum(event.held_on.year == 2024 for event in events) == 123
    asked = [row for row in of_legal_aid(ledger.requests) if row.event.project.key == "legal_aid"]
    assert len({row.applicant_id for row in asked}) == 363
    assert len(asked) > 363  # a few came twice
    ends = {row: state_on(row, day) for row in asked}
    helped = {row.applicant_id for row, step in ends.items() if step and step.state == RequestState.POSITIVE}
    supported = {row.applicant_id for row, step in ends.items() if step and step.help_kind == HelpKind.LEGAL_SUPPORT}
    assert (len(helped), len(supported)) == (51, 37)
    assert {row.branch.slug for row in asked} == set(ledger.branches)
    assert all("брифинг" in row.source for row in (*asked, *(event for event in events if event.held_on.year == 2024)))


def recount(ledger, slugs, year, day):
    """A year of some reception offices on a day, counted row by row from what was typed until then."""
    rows = [row for row in ledger.requests if row.branch.slug in slugs and row.received_on.year == year]
    ends = [(row, state_on(row, day)) for row in rows if row.entered_on <= day]
    ends = [(row, step) for row, step in ends if step]
    runs = [step for _, step in ends if step.state not in (*REQUEST_CLOSED, *CLOCK_STOPPED)]
    return {
        "states": Counter(step.state for _, step in ends),
        "overdue": sum(step.due_on < day for step in runs),
        "due_soon": sum(day <= step.due_on <= soon_after(day) for step in runs),
        "late_bodies": sum(step.state == RequestState.FORWARDED and step.due_on < day for _, step in ends),
        "mandates": sum(row.kind == RequestKind.MANDATE for row, _ in ends),
        "events": sum(
            event.branch.slug in slugs and event.held_on.year == year and event.entered_on <= day
            for event in ledger.events
        ),
    }


@pytest.mark.parametrize(
    ("year", "day"),
    [*DAYS.items(), (2024, dt.date(2024, 5, 20)), (2025, LAST_DAY), (2026, dt.date(2026, 4, 1))],
    ids=str,
)
def test_any_day_of_reception_is_what_had_been_typed_by_then(ledger, year, day):
    for slug in (OBLAST, "syrdarya"):
        branch = Branch.objects.get(slug=slug)
        slugs = ledger.branches if slug == OBLAST else [slug]
        shown = reception_counts(branch=branch, scope=scope_of(branch), year=year, day=day)
        for name, counted in recount(ledger, slugs, year, day).items():
            assert getattr(shown, name) == counted, name


def test_there_are_as_many_requests_as_offices_can_have(ledger):
    years = Counter(row.received_on.year for row in ledger.requests)
    assert 1500 <= sum(years.values()) <= 2000
    assert min(years.values()) >= 450
    assert set(Counter(row.branch.slug for row in ledger.requests)) == set(ledger.branches)
    for name in ("kind", "channel"):
        assert len({getattr(row, name) for row in ledger.requests}) >= 4
    assert {row.topic.key for row in ledger.requests} == set(Topic.objects.values_list("key", flat=True))
    assert {event.kind for event in ledger.events} == {"open_day", "thematic", "mobile", "personal"}
    assert {event.project.key for event in ledger.events if event.project} == {"legal_aid", "halyqqa_komek"}


# --- everything of reception could have been entered ------------------------------------------------------------------
def test_everything_is_sample_but_what_the_text_names():
    for model in ENTERED:
        plain = model.objects.filter(is_sample=False)
        assert plain.count() == (7 if model is Election else 0)
        assert not model.objects.exclude(Q(source=SAMPLE) | Q(source__contains="үлгі") | Q(is_sample=False)).exists()


def test_everything_is_typed_in_order_on_days_on_which_offices_are_open():
    for model in ENTERED:
        moments = list(model.objects.order_by("id").values_list("created_at", "entered_on"))
        assert moments == sorted(moments), model
        assert all(moment.astimezone(ZONE).date() == day for moment, day in moments)
        assert all(is_office_day(day) and day <= LAST_DAY for day in {day for _, day in moments}), model


def test_no_day_is_of_the_future_or_long_ago():
    for model, day, longest in (
        (MembershipReport, "as_on", 30),
        (WingReport, "as_on", 30),
        (FactionReport, "as_on", 10),
        (Election, "held_on", 10),
        (ReceptionEvent, "held_on", 5),
        (Request, "received_on", 7),
        (RequestStep, "happened_on", 7),
        (Consent, "happened_on", 7),
    ):
        late = [row.entered_on - getattr(row, day) for row in model.objects.all()]
        assert dt.timedelta() <= min(late), model
        assert max(late) <= dt.timedelta(days=longest), model


def test_authors_may_do_what_they_did():
    for model, permission in (
        *((model, Permission.ORGANISE) for model in (MembershipReport, WingReport, FactionReport, Election)),
        (ProjectReport, Permission.PROJECTS),
        *((model, Permission.RECEIVE) for model in (ReceptionEvent, Request, RequestStep, Consent)),
        *((model, Permission.RECEIVE) for model in (RequestMeasure, Referral)),
    ):
        for author in User.objects.filter(pk__in=model.objects.values("author")):
            allowed = model.objects.for_user(author, permission)
            assert not model.objects.filter(author=author).exclude(pk__in=allowed.values("pk")).exists(), (
                model,
                author,
            )
    for reader in User.objects.filter(pk__in=RequestOpening.objects.values("reader")):
        allowed = RequestOpening.objects.for_user(reader, Permission.RECEIVE)
        assert not RequestOpening.objects.filter(reader=reader).exclude(pk__in=allowed.values("pk")).exists()


def test_numbers_follow_one_another_without_a_gap(ledger):
    numbers = defaultdict(list)
    for row in ledger.requests:
        assert row.year == row.received_on.year
        numbers[row.branch_id, row.year].append(row.number)
    assert all(found == list(range(1, len(found) + 1)) for found in numbers.values())


def test_requests_are_what_the_action_registers(ledger):
    rules = {rule.branch_id: rule for rule in ReceptionRule.objects.all()}
    assert len(rules) == 2
    workdays = CalendarDay.objects.workdays()
    for row in ledger.requests:
        row.clean()
        assert row.due_on == workdays.after(row.received_on, row.answer_days)
        assert (row.channel == "event") == (row.event is not None)
        assert row.applicant.branch_id == row.branch_id
        if row.event:
            assert row.event.branch_id == row.branch_id
            assert row.event.held_on == row.received_on
            assert row.event.created_at < row.created_at
        if row.locality:
            assert row.branch.district_id in (None, row.locality.district_id)
        rule = rules.get(row.branch_id)
        if rule and rule.takes_mandates_only(row.received_on):
            assert row.kind == RequestKind.MANDATE
        shorter = row.branch.slug == "kyzylorda-city" and row.received_on >= dt.date(2025, 1, 1)
        assert row.answer_days == (10 if shorter else 15)
    for event in ledger.events:
        event.clean()
        assert event.locality.district_id == (event.branch.district_id or event.locality.district_id)


def test_a_consent_stands_with_every_request(ledger):
    given = Counter(Consent.objects.filter(act=ConsentAct.GIVEN).values_list("applicant", "happened_on"))
    assert given == Counter((row.applicant_id, row.received_on) for row in ledger.requests)
    withdrawn = Consent.objects.filter(act=ConsentAct.WITHDRAWN).select_related("applicant")
    assert withdrawn.count() == 3
    for consent in withdrawn:
        person = consent.applicant
        assert person.anonymised_on == consent.entered_on
        assert person.full_name == person.phone == person.address == person.iin == ""
        assert not any(words.summary for words in RequestWords.objects.filter(request__applicant=person))
        assert not any(words.text for words in StepWords.objects.filter(step__request__applicant=person))
        assert not Request.objects.as_of(consent.entered_on).filter(applicant=person, is_open=True).exists()
    erased = {row for row in Applicant.objects.all() if not row.full_name or row.anonymised_on}
    assert erased == {consent.applicant for consent in withdrawn}


def test_steps_are_what_the_clock_says(ledger):
    """Replayed step by step as the action does: by when it is due, and what was left when the clock was stopped."""
    workdays = CalendarDay.objects.workdays()
    still = (*CLOCK_STOPPED, *REQUEST_CLOSED)
    own_days = 0
    for row in ledger.requests:
        steps = list(row.steps.all())
        first = steps[0]
        assert (first.state, first.happened_on, first.due_on, first.entered_on, first.author_id) == (
            RequestState.REGISTERED,
            row.received_on,
            row.due_on,
            row.entered_on,
            row.author_id,
        )
        for place, step in enumerate(steps[1:], start=1):
            clock = clock_of(row, steps[:place], workdays)
            stops = step.state in still
            clock = clock.stopped(step.happened_on, workdays) if stops else clock.going_on(step.happened_on, workdays)
            if step.state == RequestState.FORWARDED:
                own_days += step.due_on != workdays.after(step.happened_on, row.answer_days)
                assert step.due_on >= step.happened_on
            else:
                assert step.due_on == (None if stops else clock.due_on)
            assert step.days_left == (clock.days_left if step.state in CLOCK_STOPPED else None)
    assert own_days > 50


def test_steps_follow_one_another(ledger):
    reopened = 0
    for row in ledger.requests:
        for before, after in itertools.pairwise(row.steps.all()):
            after.clean()
            assert before.happened_on <= after.happened_on
            assert (before.entered_on, before.created_at) <= (after.entered_on, after.created_at)
            assert after.state != RequestState.REGISTERED
            assert before.state != RequestState.MISTAKE
            assert not (before.state == after.state and after.state in CLOCK_STOPPED)
            words = getattr(after, "words", None)
            if before.state in REQUEST_CLOSED:
                reopened += 1
                assert after.state in (RequestState.IN_WORK, RequestState.MISTAKE)
                assert words
            if after.state in (RequestState.EXPLAINED, RequestState.REFUSED, RequestState.MISTAKE):
                assert words
    assert 5 <= reopened <= 40
    assert set(RequestStep.objects.values_list("state", flat=True)) == set(RequestState.values)
    assert len(set(RequestStep.objects.exclude(reason="").values_list("reason", flat=True))) == 4


def test_the_actions_would_have_written_the_same(ledger):
    """A branch's year entered anew through the actions: the same days come out."""
    work.index_applicants()
    rows = [row for row in ledger.requests if row.branch.slug == "baikonur" and row.year == 2026]
    assert len(rows) > 20
    summaries = {words.request_id: words.summary for words in RequestWords.objects.filter(request__in=rows)}
    for row in (row for row in rows if not row.applicant.anonymised_on):
        known = row.applicant
        again = work.register_request(
            branch=row.branch,
            by=row.author,
            today=row.entered_on,
            person=work.Person(known.full_name, known.phone, known.address),  # nobody has such an IIN: it is refused
            topic=row.topic,
            summary=summaries[row.pk],
            kind=row.kind,
            channel=row.channel,
            received_on=row.received_on,
            locality=row.locality,
            event=row.event,
            allow_duplicate=True,
        )
        assert again.applicant == known or not known.phone  # a name alone may be two people's
        assert (again.answer_days, again.due_on) == (row.answer_days, row.due_on)
        for step in row.steps.all()[1:]:
            words = getattr(step, "words", None)
            same = work.follow_request(
                request=again,
                by=step.author,
                today=step.entered_on,
                state=step.state,
                happened_on=step.happened_on,
                note=words.text if words else "",
                reason=step.reason,
                forwarded_to=step.forwarded_to,
                body_due_on=step.due_on if step.state == RequestState.FORWARDED else None,
                help_kind=step.help_kind,
            )
            for name in ("due_on", "days_left", "reason", "forwarded_to", "help_kind", "entered_on"):
                assert getattr(same, name) == getattr(step, name), name


# --- what is to be done ----------------------------------------------------------------------------------------------
def test_most_are_answered_in_time(ledger):
    late = Counter()
    for row in ledger.requests:
        steps = list(row.steps.all())
        if steps[-1].state in REQUEST_CLOSED and steps[-2].due_on:
            late[steps[-1].happened_on > steps[-2].due_on] += 1
    assert 0.02 < late[True] / late[False] < 0.15


def test_there_is_work_of_every_kind_on_the_last_day():
    known = Request.objects.as_of(LAST_DAY, soon_after(LAST_DAY))
    assert known.filter(is_open=True).count() >= 60
    assert known.filter(is_overdue=True).count() >= 8
    assert known.filter(is_due_soon=True).count() >= 4
    assert known.filter(is_late_body=True).count() >= 5
    assert known.filter(day_state=RequestState.WAITING).count() >= 8
    assert known.filter(is_open=True).values("branch").distinct().count() == 10
    shown_first = known.filter(branch__slug="syrdarya")
    for flag in ("is_overdue", "is_due_soon", "is_late_body", "is_stopped"):
        assert shown_first.filter(**{flag: True}).exists(), flag


def test_some_people_ask_again_and_some_requests_are_entered_twice(ledger):
    asked = defaultdict(list)
    for row in ledger.requests:
        asked[row.applicant_id, row.topic_id].append(row)
    pairs = [
        (one, two)
        for rows in asked.values()
        for one, two in itertools.pairwise(rows)
        if abs((two.received_on - one.received_on).days) <= DUPLICATE_DAYS
    ]
    mistakes = [two for _, two in pairs if two.steps.all()[1].state == RequestState.MISTAKE]
    assert len(mistakes) == 4
    assert 6 <= len(pairs) - len(mistakes) <= 40


@pytest.mark.parametrize(("year", "low", "high"), [(2024, 3, 12), (2025, 5, 20), (2026, 10, 35)])
def test_a_few_claims_are_contradicted_by_requests(year, low, high):
    measures = Measure.objects.filter(roadmap__year=year).as_of(DAYS[year], 30).with_contradicted(DAYS[year])
    contradicted = measures.filter(is_contradicted=True)
    assert low <= contradicted.count() <= high
    assert contradicted.values("roadmap__branch").distinct().count() >= 4


def test_requests_speak_of_measures_of_their_place(ledger):
    links = RequestMeasure.objects.select_related("request__topic", "measure__roadmap__branch", "author")
    assert links.count() >= 60
    for link in links:
        measure, request = link.measure, link.request
        assert measure.roadmap.year == request.received_on.year
        assert measure.locality_id == request.locality_id
        assert measure.direction in request.topic.directions.all()
        assert Measure.objects.for_user(link.author).filter(pk=measure.pk).exists()
        assert link.created_at > request.created_at


def test_control_follows_requests_that_were_passed_to_it():
    referrals = Referral.objects.select_related("request", "site").prefetch_related("request__steps")
    assert {row.request.received_on.year for row in referrals} == {2026}
    for row in referrals:
        row.clean()
        assert row.created_at > row.request.created_at
        closed = [step for step in row.request.steps.all() if step.state in REQUEST_CLOSED]
        assert not closed or row.created_at < closed[0].created_at
        if row.site:
            assert row.site.branch_id == row.request.branch_id
    visits = SiteVisit.objects.exclude(request=None).select_related("request__referral", "site")
    assert visits.count() >= 5
    for visit in visits:
        assert visit.site == visit.request.referral.site
        assert visit.request.referral.created_at < visit.created_at
    advised = Recommendation.objects.exclude(request=None)
    assert advised.filter(request__referral__isnull=True).count() == 0
    assert len(advised.values("request").distinct()) == 12
    followed = referrals.with_outcome(LAST_DAY)
    assert followed.filter(is_followed=False).count() >= 5
    assert not SiteVisit.objects.filter(request__isnull=False, visited_on__year__lt=2026).exists()


def test_the_log_of_opened_cards_goes_with_the_steps():
    rows = RequestOpening.objects.select_related("request").order_by("id")
    moments = [row.opened_at for row in rows]
    assert len(moments) >= 300
    assert moments == sorted(moments)
    assert moments[-1].astimezone(ZONE).date() <= LAST_DAY
    assert all(row.opened_at >= row.request.created_at for row in rows)


# --- personal data ---------------------------------------------------------------------------------------------------
def test_telephones_and_iins_cannot_be_anybodys():
    people = Applicant.objects.filter(anonymised_on=None)
    phones = [row.phone for row in people if row.phone]
    assert len(phones) > 0.9 * len(people)
    assert len(set(phones)) == len(phones)
    assert all(re.fullmatch(r"\+7 000 \d{3} \d{2} \d{2}", phone) for phone in phones)
    iins = [row.iin for row in people if row.iin]
    assert 0.3 < len(iins) / len(people) < 0.6
    assert len({row.full_name for row in people}) == len(people)
    for iin in iins:
        assert has_control_digit(iin)
        assert iin[2:6] == "0000"  # nobody is born on day 00 of month 00
        with pytest.raises(ValidationError):  # and so no form takes it for anybody's
            check_person(work.Person("Аты", iin=iin))


def test_personal_words_stand_with_applicants_only():
    """Nothing of an applicant is repeated in any other shipped row."""
    rows = rows_of("demonstration_6_reception.json.xz")
    people = [row["fields"] for row in rows if row["model"] == "branches.applicant"]
    names = {person["full_name"] for person in people} - {""}
    families = {name.split()[0] for name in names}
    streets = {person["address"].split(", ")[-2] for person in people if person["address"]}
    others = [row for row in rows if row["model"] != "branches.applicant"]
    for file in (Path(settings.BASE_DIR) / "fixtures").glob("*.json*"):
        if file.name != "demonstration_6_reception.json.xz":
            others += rows_of(file.name)
    found = re.compile(r"\+7|\d{10,}|" + "|".join(map(re.escape, families | streets)))
    for row in others:
        text = " ".join(
            str(value)
            for name, value in row["fields"].items()
            if isinstance(value, str) and name not in ("submission", "contractor_bin")
        )
        assert not found.search(text), text


def test_what_is_personal_is_sealed_in_the_database():
    people = Applicant.objects.filter(anonymised_on=None)
    with connection.cursor() as cursor:
        for table, columns in (
            ("branches_applicant", "full_name, phone, address, iin"),
            ("branches_requestwords", "summary"),
            ("branches_stepwords", "text"),
        ):
            cursor.execute(f"SELECT {columns} FROM {table}")
            assert all(value == "" or value.startswith("gAAAA") for row in cursor.fetchall() for value in row)
    count = work.index_applicants()
    assert count == len(people)
    person = people.filter(pk=people[0].pk).get()
    known = work.Person(person.full_name.upper(), person.phone.replace("+7", "8"))
    assert person in Applicant.objects.who_are(known.digests)
    assert not Applicant.objects.who_are(work.Person("Ешкім").digests).exists()
    erased = Applicant.objects.exclude(anonymised_on=None)
    assert not erased.exclude(name_digest="", phone_digest="", iin_digest="").exists()


def test_words_are_many():
    assert len({words.summary for words in RequestWords.objects.all()}) >= 120
    assert len({words.text for words in StepWords.objects.all()}) >= 150
    for words in StepWords.objects.all():
        assert "{" not in words.text


def test_figures_of_2024_do_not_lean_on_later_years():
    """Requests, referrals and visits of 2026 leave the published year of control as it was."""
    assert Recommendation.objects.of_control().filter(issued_on__year=2024).count() == 543
    assert Decimal(SiteVisit.objects.filter(visited_on__year=2024, request__isnull=False).count()) == 0
