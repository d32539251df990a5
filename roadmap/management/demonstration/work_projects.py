"""What branches report of party projects: the totals that the briefing publishes, spread over branches and periods.

Of 2024 it publishes facts (and the plan of those to be taught), of 2025 plans. The spread is sample, as is all else.
"""

import datetime as dt
import random
from dataclasses import dataclass

from branches.choices import Frequency, NoData, Period, ProjectUnit, Qualifier
from roadmap.management.demonstration.life import days
from roadmap.management.demonstration.reference import BRANCHES
from roadmap.management.demonstration.roadmaps import Keys
from roadmap.management.demonstration.rows import Rows, stream
from roadmap.management.demonstration.schedule import LAST_DAY
from roadmap.management.demonstration.sources import BRIEFING, SAMPLE
from roadmap.management.demonstration.work_days import desk_clock, last_office_day, office_until, share_out
from roadmap.management.demonstration.work_reference import (
    INDICATORS,
    PROJECTS,
    Indicator,
    Project,
    write_indicator,
    write_project,
)

SPREAD = f"Жиынтығы – {BRIEFING}; филиалдар мен кезеңдерге бөлінуі – үлгі дерек"
PLANNED = f"Жоспардың жиынтығы – {BRIEFING}; бөлінуі мен нақты көрсеткіш – үлгі дерек"
MONTHS = (6, 7, 9, 8, 10, 7, 5, 5, 9, 11, 11, 12)  # how a year's work lies over its months
RURAL = (0, 15, 15, 0, 13, 12, 13, 6, 14, 12)  # weights of branches where there is land to work
PLANTING = (0, 11, 0, 4, 9, 8, 9, 20, 12, 10)  # nothing was begun in Kazaly
ALL = (6, 11, 11, 4, 9, 8, 9, 20, 12, 10)
OF_VILLAGES = ("auyl_amanaty", "zher_amanaty")
NO_LAND = "Қалада ауыл шаруашылығы мақсатындағы жер жоқ."

TREES = Project(
    "jasyl_jaga",
    ("«Жасыл жаға»", "«Зелёный берег»", "“Green Bank”"),
    "2026-02-02",
    None,
    False,
)
TREES_PLANTED = Indicator(
    "jasyl_jaga.trees",
    ("Отырғызылған ағаштар", "Посажено деревьев", "Trees planted"),
    ProjectUnit.UNITS,
    Frequency.QUARTERLY,
)


Reason = tuple[NoData, str]  # why there is no number, with a note


@dataclass(frozen=True)
class Year:
    """An indicator's year in the whole oblast: plan and fact by the end of the year; of the last year, so far."""

    key: str
    year: int
    fact: int
    plan: int = 0
    weights: tuple[float, ...] = ALL
    step: int = 1
    fact_is_published: bool = False
    plan_is_published: bool = False
    qualifier: Qualifier = Qualifier.EXACT
    last_period_only: bool = False  # nothing was there before the year's last period


YEARS = (
    Year("auyl_amanaty.allocated", 2024, 2_500_000_000, 0, RURAL, 100_000, True),
    Year("auyl_amanaty.allocated", 2025, 5_384_600_000, 5_500_000_000, RURAL, 100_000, False, True),
    Year("auyl_amanaty.allocated", 2026, 3_910_400_000, 5_200_000_000, RURAL, 100_000),
    Year("auyl_amanaty.additional", 2024, 1_500_000_000, 0, RURAL, 100_000, True, last_period_only=True),
    Year("auyl_amanaty.additional", 2025, 640_000_000, 0, RURAL, 100_000),
    Year("auyl_amanaty.additional", 2026, 310_000_000, 0, RURAL, 100_000),
    Year("auyl_amanaty.financed", 2024, 150, 0, RURAL, 1, True),
    Year("auyl_amanaty.financed", 2025, 794, 815, RURAL, 1, False, True),
    Year("auyl_amanaty.financed", 2026, 561, 760, RURAL),
    Year("auyl_amanaty.jobs", 2024, 163, 0, RURAL),
    Year("auyl_amanaty.jobs", 2025, 902, 886, RURAL, 1, False, True),
    Year("auyl_amanaty.jobs", 2026, 612, 820, RURAL),
    Year("zher_amanaty.returned", 2024, 77_500, 0, RURAL, 10, True),
    Year("zher_amanaty.returned", 2025, 52_340, 60_000, RURAL, 10),
    Year("zher_amanaty.returned", 2026, 31_720, 45_000, RURAL, 10),
    Year("qaryzsyz_qogam.trained", 2024, 11_210, 11_000, ALL, 1, True, True),
    Year("qaryzsyz_qogam.trained", 2025, 9_148, 9_500, ALL, 1, False, True),
    Year("qaryzsyz_qogam.trained", 2026, 6_275, 9_000),
    Year("qaryzsyz_qogam.courses", 2024, 412),
    Year("qaryzsyz_qogam.courses", 2025, 371, 380),
    Year("qaryzsyz_qogam.courses", 2026, 246, 360),
    Year("legal_aid.consultations", 2024, 1_486, 1_400),
    Year("legal_aid.consultations", 2025, 1_612, 1_500),
    Year("legal_aid.consultations", 2026, 1_187, 1_600),
    Year("halyqqa_komek.families", 2024, 934, 900),
    Year("halyqqa_komek.families", 2025, 1_021, 1_000),
    Year("halyqqa_komek.families", 2026, 688, 1_050),
    Year("five_joint.events", 2024, 2_000, 0, ALL, 1, True, qualifier=Qualifier.MORE_THAN),
    Year("five_joint.events", 2025, 2_214, 2_100),
    Year("five_joint.events", 2026, 1_874, 2_200),
    Year("five_joint.people", 2024, 38_754, 0, ALL, 1, True),
    Year("five_joint.people", 2025, 41_382, 40_000),
    Year("five_joint.people", 2026, 35_916, 42_000),
    Year("ardagerler.visited", 2024, 2_318, 2_300),
    Year("ardagerler.visited", 2025, 2_206, 2_250),
    Year("ardagerler.visited", 2026, 1_690, 2_200),
    Year("kedergisiz_keleshek.checked", 2024, 486, 450),
    Year("kedergisiz_keleshek.checked", 2025, 512, 500),
    Year("kedergisiz_keleshek.checked", 2026, 341, 520),
    Year("baqytty_otbasy.families", 2024, 1_744, 1_700),
    Year("baqytty_otbasy.families", 2025, 1_803, 1_800),
    Year("baqytty_otbasy.families", 2026, 1_262, 1_850),
    Year("ulttyq_mura.described", 2024, 68, 60),
    Year("ulttyq_mura.described", 2025, 74, 70),
    Year("ulttyq_mura.described", 2026, 0, 80),
    Year("kitap_amanat.books", 2024, 9_460, 9_000),
    Year("kitap_amanat.books", 2025, 11_215, 10_000),
    Year("kitap_amanat.books", 2026, 8_034, 11_000),
    Year("jasyl_jaga.trees", 2026, 14_380, 20_000, PLANTING),
)
# What a branch has no number for, and why; it is said of every period of the year.
NO_DATA: dict[tuple[str, str], Reason] = {
    **{(one.key, "baikonur"): (NoData.OTHER, NO_LAND) for one in INDICATORS if one.of[0] in OF_VILLAGES},
    ("jasyl_jaga.trees", "kazaly"): (NoData.NOT_STARTED, ""),
}
ROUNDED = "kyzylorda-city"  # of whose last number of a year the text says "more than"
SILENT = {"baikonur": dt.date(2026, 8, 20), "aral": dt.date(2026, 9, 25), "zhalagash": dt.date(2026, 10, 20)}
GAPS: tuple[Reason, ...] = ((NoData.NOT_HELD, ""), (NoData.AWAITED, "Жауапты бөлімнің мәліметі күтілуде."))
CORRECTED = (
    "Бір іс-шара екі рет есептелген, түзетілді.",
    "Тізіммен салыстырылып, нақтыланды.",
    "Өткен айдың саны енгізіліп кеткен, түзетілді.",
)


@dataclass(frozen=True)
class _Report:
    """What a branch says of a period, and when it types it."""

    created_at: str
    entered_on: dt.date
    branch: str
    year: Year
    period: Period
    said: dict[str, object]


def projects(rows: Rows, keys: Keys, users: dict[str, int]) -> None:
    """Add a project that began in 2026, and everything that branches reported, in the order in which it was typed."""
    write_project(rows, keys, TREES, len(PROJECTS) + 1, SAMPLE)
    write_indicator(rows, keys, TREES_PLANTED, len(INDICATORS) + 1)
    frequencies = {one.key: one.frequency for one in (*INDICATORS, TREES_PLANTED)}
    reports = [
        report for year in YEARS for told in _spread(year, frequencies[year.key]) for report in _branch(year, *told)
    ]
    for report in sorted(reports, key=lambda report: report.created_at):
        # no `submission`: of so many rows it is most of the file, and nothing in the story opens a form twice
        rows.add(
            "branches.projectreport",
            indicator=keys["indicator"][report.year.key],
            branch=keys["branch"][report.branch],
            year=report.year.year,
            period=report.period.value,
            author=users[f"secretary-{report.branch}"],
            entered_on=report.entered_on.isoformat(),
            created_at=report.created_at,
            is_sample=True,
            **report.said,
        )


def _spread(year: Year, frequency: Frequency) -> list[tuple[str, int, dict[Period, int | Reason]]]:
    """Of each branch the plan, and of the periods that are over the fact, or why there is none."""
    chance = stream("projects", year.key, year.year)
    weights = [weight * chance.uniform(0.85, 1.15) for weight in year.weights]
    found = []
    told = [_reasons(year, frequency, branch) for branch in BRANCHES]
    counted = [[period for period, reason in reasons.items() if reason is None] for reasons in told]
    open_weights = [weight if periods else 0 for weight, periods in zip(weights, counted, strict=True)]
    facts = share_out(year.fact, open_weights, year.step)
    plans = share_out(year.plan, weights, year.step)
    for branch, plan, fact, reasons, periods in zip(BRANCHES, plans, facts, told, counted, strict=True):
        parts = _by_period(year, frequency, periods, fact, stream(year.key, year.year, branch))
        said = {period: reason or parts.get(period, 0) for period, reason in reasons.items()}
        found.append((branch, plan, said))
    return found


def _reasons(year: Year, frequency: Frequency, branch: str) -> dict[Period, Reason | None]:
    """The periods of which a branch told, and why there is no number of some."""
    always = NO_DATA.get((year.key, branch))
    can_fail = frequency is Frequency.QUARTERLY and not year.fact_is_published
    found = {}
    for period in frequency.periods:
        if period.ends_on(year.year) <= min(LAST_DAY, SILENT.get(branch, LAST_DAY)):
            chance = stream("no data", year.key, year.year, branch, period)
            fails = can_fail and period is not Period.Q4 and chance.random() < 0.035
            found[period] = always or (chance.choice(GAPS) if fails else None)
    return found


def _by_period(
    year: Year, frequency: Frequency, periods: list[Period], fact: int, chance: random.Random
) -> dict[Period, int]:
    """A branch's fact by periods: parts that add up to it, or how it grows towards it."""
    if not periods:
        return {}
    if frequency is Frequency.YEARLY or year.last_period_only:
        return {periods[-1]: fact}
    if frequency is Frequency.RUNNING:
        growing = {}
        whole = sum(MONTHS[: periods[-1].last_month])
        for period in periods:
            part = sum(MONTHS[: period.last_month]) / whole * chance.uniform(0.86, 1.0)
            growing[period] = int(fact * part) // year.step * year.step
        return growing | {periods[-1]: fact}
    weights = [
        sum(MONTHS[period.first_month - 1 : period.last_month]) * chance.uniform(0.75, 1.25) for period in periods
    ]
    return dict(zip(periods, share_out(fact, weights, year.step), strict=True))


def _branch(year: Year, branch: str, plan: int, told: dict[Period, int | Reason]) -> list[_Report]:
    """Everything that one branch says of an indicator in a year."""
    chance = stream("reports", year.key, year.year, branch)
    clock = desk_clock(chance)
    found: list[_Report] = []

    def say(period: Period, day: dt.date, **said: object) -> None:
        day = min(day, last_office_day(year.year) if year.year == 2024 else LAST_DAY)
        typed = clock.type(office_until(day))
        found.append(_Report(typed.created_at, typed.day, branch, year, period, {"source": SAMPLE} | said))

    planned = PLANNED if year.plan_is_published else SAMPLE
    if plan:
        say(Period.YEAR, dt.date(year.year, 1, 15) + days(chance.randint(0, 25)), plan=plan, source=planned)
    for period, fact in told.items():
        day = _told_on(year.year, period, chance)
        # what is told of the whole year repeats its plan: the last that was said of a period speaks
        said = {"plan": plan, "source": planned} if plan and period is Period.YEAR else {}
        if isinstance(fact, tuple):
            say(period, day, **said, no_data=fact[0].value, note=fact[1])
        elif fact:
            said |= {"fact": fact} | ({"source": SPREAD} if year.fact_is_published else {})
            if chance.random() < 0.025 and day < last_office_day(year.year) - days(8):
                say(period, day, **said | {"fact": fact + max(1, fact // 10) * year.step})
                day += days(chance.randint(2, 7))
                said["note"] = chance.choice(CORRECTED)
            if year.qualifier and branch == ROUNDED and period is list(told)[-1]:
                said["qualifier"] = year.qualifier.value
            say(period, day, **said)
    return found


def _told_on(year: int, period: Period, chance: random.Random) -> dt.date:
    """In the first days after the period; of the year's last one before it is over, or, later on, in January."""
    end = period.ends_on(year)
    if period.last_month < 12:
        return end + days(chance.triangular(2, 12, 5))
    if year == 2024 or chance.random() < 0.75:
        return dt.date(year, 12, 31) - days(chance.randint(1, 7))
    return end + days(chance.randint(6, 16))
