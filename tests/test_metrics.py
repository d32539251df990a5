"""What figures are made of: percentages, tallies, days. Pure functions: no database here."""

import calendar
import datetime as dt
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from branches.metrics import Share, day_of_year, has_control_digit, newest_year, percent
from roadmap.choices import FOLLOWED_TO_THE_END, BetterWhen, RecommendationState, Status
from roadmap.metrics import FollowUp, Statement, Tally, done_on_days, fulfilment, month_ends, tallies_by

counts = st.integers(0, 10_000)
quantities = st.decimals(0, 10**9, places=3)
days = st.dates(dt.date(2023, 1, 1), dt.date(2027, 12, 31))
years = st.integers(2000, 2100)


# --- percent ---------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("part", "whole", "expected"),
    [
        (1, 16, "6.3"),  # 6.25: binary floating point and half-even say 6.2
        (3, 16, "18.8"),  # 18.75
        (1, 2000, "0.1"),  # 0.05
        (1, 2001, "0.0"),
        (106, 116, "91.4"),
        (38, 48, "79.2"),
        (10, 48, "20.8"),
        (2, 3, "66.7"),
        (0, 7, "0.0"),
        (7, 7, "100.0"),
        (11_210, 11_000, "101.9"),
        (Decimal("866.8"), Decimal("866.8"), "100.0"),
        (-1, 16, "-6.3"),  # worse than the baseline
    ],
)
def test_percent_is_half_up(part, whole, expected):
    assert str(percent(part, whole)) == expected


@pytest.mark.parametrize("whole", [0, Decimal(0), Decimal("0.000")])
def test_the_percentage_of_nothing_is_none(whole):
    assert percent(0, whole) is None
    assert percent(5, whole) is None


@given(part=counts, whole=st.integers(1, 10_000))
@example(part=1, whole=16)
def test_percent_is_the_nearest_tenth(part, whole):
    shown, exact = percent(part, whole), Fraction(part * 100, whole)
    assert shown.as_tuple().exponent == -1
    assert Fraction(shown) - Fraction(1, 20) <= exact < Fraction(shown) + Fraction(1, 20)


@given(part=counts, whole=counts)
def test_a_share_explains_itself(part, whole):
    share = Share(part, whole)
    assert share.percent == percent(part, whole)
    assert 0 <= float(share.width.rstrip("%")) <= 100  # over 100 %, the bar ends where the paper does


# --- tallies ---------------------------------------------------------------------------------------------------------
@st.composite
def rows(draw):
    """A row of `MeasureQuerySet.counted_by`, with flags as the database can give them."""
    status = draw(st.sampled_from(Status.values))
    is_open = status not in (Status.DONE, Status.MOVED, Status.REMOVED)
    flags = {flag: is_open and draw(st.booleans()) for flag in ("is_overdue", "is_at_risk", "is_stale")}
    return {
        "branch": draw(st.sampled_from("абв")),
        "day_status": status,
        "is_confirmed": status == Status.DONE and draw(st.booleans()),
        **flags,
        "n": draw(st.integers(1, 200)),
        "last_reported_on": None if status == Status.NO_REPORT else draw(days),
    }


@given(st.lists(rows(), max_size=12))
def test_a_tally_adds_up(counted):
    tally = Tally.of(counted)
    assert tally.whole == sum(row["n"] for row in counted) == sum(tally.count(status) for status in Status)
    assert 0 <= tally.confirmed.part <= tally.claimed.part <= tally.whole
    assert tally.unconfirmed + tally.confirmed.part == tally.claimed.part == tally.count(Status.DONE)
    open_count = tally.whole - sum(tally.count(status) for status in (Status.DONE, Status.MOVED, Status.REMOVED))
    assert max(tally.overdue, tally.at_risk, tally.stale) <= open_count
    assert tally.claimed.whole == tally.confirmed.whole == tally.staleness.whole == tally.whole
    assert tally.last_reported_on == max(filter(None, (row["last_reported_on"] for row in counted)), default=None)


@given(st.lists(rows(), max_size=12))
def test_tallies_of_parts_add_up_to_the_tally_of_the_whole(counted):
    whole, parts = Tally.of(counted), tallies_by(counted, "branch").values()
    for status in Status:
        assert sum(part.count(status) for part in parts) == whole.count(status)
    for figure in ("whole", "confirmed_count", "unconfirmed", "overdue", "at_risk", "stale"):
        assert sum(getattr(part, figure) for part in parts) == getattr(whole, figure)


def test_an_empty_tally_has_no_percentage():
    assert Tally().whole == 0
    assert Tally().claimed.percent is Tally().confirmed.percent is Tally().staleness.percent is None


# --- recommendations -------------------------------------------------------------------------------------------------
@st.composite
def followed(draw):
    """A row of `RecommendationQuerySet.counted_by`, with the flag as the database can give it."""
    state = draw(st.sampled_from(RecommendationState.values))
    is_overdue = state not in FOLLOWED_TO_THE_END and draw(st.booleans())
    return {"day_state": state, "is_overdue": is_overdue, "n": draw(st.integers(1, 200))}


@given(st.lists(followed(), max_size=12))
def test_a_follow_up_adds_up(counted):
    follow_up = FollowUp.of(counted)
    assert follow_up.whole == sum(row["n"] for row in counted) == sum(map(follow_up.count, RecommendationState))
    assert 0 <= follow_up.verified.part <= follow_up.done.part <= follow_up.whole
    assert follow_up.verified.part + follow_up.unverified == follow_up.done.part
    assert follow_up.done.part + follow_up.open + follow_up.count(RecommendationState.WITHDRAWN) == follow_up.whole
    assert follow_up.overdue == sum(row["n"] for row in counted if row["is_overdue"]) <= follow_up.open
    assert follow_up.done.whole == follow_up.verified.whole == follow_up.whole


def test_done_is_counted_with_verified_and_withdrawn_in_the_whole():
    states = {"verified": 100, "done": 298, "in_work": 60, "issued": 40, "not_done": 30, "withdrawn": 15}
    follow_up = FollowUp(states, overdue=21)
    assert (follow_up.done, follow_up.verified) == (Share(398, 543), Share(100, 543))
    assert (follow_up.unverified, follow_up.open, follow_up.overdue) == (298, 130, 21)
    assert str(follow_up.done.percent) == "73.3"


def test_nothing_recommended_has_no_percentage():
    nothing = FollowUp.of([])
    assert nothing == FollowUp()
    assert (nothing.whole, nothing.open, nothing.unverified, nothing.overdue) == (0, 0, 0, 0)
    assert nothing.done.percent is nothing.verified.percent is None


# --- numbers of businesses -------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("number", "fits"),
    [
        ("000000000000", True),
        ("100000000001", True),  # 1·1
        ("900000000009", True),
        ("900000000008", False),
        ("000000000101", True),  # 1·10 is passed on to the second weights: 1·1
        ("000000000010", True),  # 1·11 leaves 0
        ("123456789013", True),  # the first weights leave 10, the second ones 3
        ("123456789010", False),
        ("12345678901", False),
        ("1234567890133", False),
        ("", False),
        ("ABCDEFGHIJKL", False),
        ("12345678901 ", False),
        ("123456789013\n", False),
        ("١٢٣٤٥٦٧٨٩٠١٣", False),  # digits, and not ours
    ],
)
def test_a_number_has_its_control_digit(number, fits):
    assert has_control_digit(number) is fits


@given(st.text("0123456789", min_size=11, max_size=11))
def test_at_most_one_last_digit_fits(number):
    fitting = [digit for digit in "0123456789" if has_control_digit(number + digit)]
    assert len(fitting) <= 1
    weighted = [sum(int(d) * (w % 11 + 1) for w, d in enumerate(number, shift)) % 11 for shift in (0, 2)]
    expected = next((rest for rest in weighted if rest < 10), None)
    assert fitting == ([] if expected is None else [str(expected)])


@given(st.text("0123456789", min_size=11, max_size=11), st.integers(0, 9), st.integers(1, 9))
def test_one_wrong_digit_is_noticed_where_the_first_weights_decide(number, place, by):
    """Of the first ten: the eleventh weighs 11, which is nothing modulo 11."""
    wrong = number[:place] + str((int(number[place]) + by) % 10) + number[place + 1 :]

    def first(digits):
        return sum(int(digit) * weight for weight, digit in enumerate(digits, 1)) % 11

    if first(number) < 10 and first(wrong) < 10:
        assert not has_control_digit(wrong + str(first(number)))


# --- over time -------------------------------------------------------------------------------------------------------
@st.composite
def statements(draw):
    """Reports in the order in which they were entered."""
    told = draw(st.lists(st.tuples(days, st.integers(1, 4), st.sampled_from(Status.values)), max_size=30))
    return [Statement(measure, day, status) for day, measure, status in sorted(told, key=lambda report: report[0])]


@given(statements(), st.lists(days, max_size=20))
def test_the_last_word_known_on_a_day_counts(told, asked):
    asked = sorted(asked)
    expected = []
    for day in asked:
        last = {report.measure: report.status for report in told if report.entered_on <= day}
        expected.append(list(last.values()).count(Status.DONE))
    assert done_on_days(told, asked) == expected


def test_done_on_days_sees_a_measure_come_and_go():
    told = [
        Statement(1, dt.date(2024, 3, 5), Status.IN_PROGRESS),
        Statement(1, dt.date(2024, 5, 31), Status.DONE),
        Statement(2, dt.date(2024, 6, 1), Status.DONE),
        Statement(1, dt.date(2024, 7, 2), Status.IN_PROGRESS),  # refuted
    ]
    assert done_on_days(told, month_ends(2024, dt.date(2024, 7, 31))) == [0, 0, 0, 0, 1, 2, 1]
    assert done_on_days([], []) == []


@given(year=years, until=days)
@example(year=2024, until=dt.date(2024, 2, 29))
@example(year=2023, until=dt.date(2023, 12, 31))
def test_month_ends_are_last_days_of_months(year, until):
    ends = month_ends(year, until)
    assert ends == sorted(set(ends))
    assert all(end.year == year and end <= until for end in ends)
    assert all(end.day == calendar.monthrange(year, end.month)[1] for end in ends if end != until)
    assert [end.month for end in ends] == list(range(1, len(ends) + 1))
    assert len(ends) == (12 if until.year > year else until.month if until.year == year else 0)


@pytest.mark.parametrize(
    ("year", "until", "count", "first", "last"),
    [
        (2024, dt.date(2024, 2, 29), 2, dt.date(2024, 1, 31), dt.date(2024, 2, 29)),  # a leap year
        (2025, dt.date(2025, 2, 28), 2, dt.date(2025, 1, 31), dt.date(2025, 2, 28)),
        (2024, dt.date(2024, 2, 28), 2, dt.date(2024, 1, 31), dt.date(2024, 2, 28)),
        (2025, dt.date(2025, 1, 1), 1, dt.date(2025, 1, 1), dt.date(2025, 1, 1)),
        (2025, dt.date(2025, 12, 30), 12, dt.date(2025, 1, 31), dt.date(2025, 12, 30)),
        (2025, dt.date(2025, 12, 31), 12, dt.date(2025, 1, 31), dt.date(2025, 12, 31)),
        (2025, dt.date(2031, 5, 6), 12, dt.date(2025, 1, 31), dt.date(2025, 12, 31)),
    ],
)
def test_month_ends_of_particular_years(year, until, count, first, last):
    ends = month_ends(year, until)
    assert (len(ends), ends[0], ends[-1]) == (count, first, last)


def test_a_year_that_has_not_begun_has_no_months():
    assert month_ends(2026, dt.date(2025, 12, 31)) == []


# --- indicators ------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("fact", "plan", "baseline", "better", "expected"),
    [
        ("11210", "11000", None, BetterWhen.HIGHER, "101.9"),
        ("0", "40", None, BetterWhen.HIGHER, "0.0"),
        ("45", "40", "60", BetterWhen.LOWER, "75.0"),  # wear of networks: 60 % was, 40 % is promised, 45 % is
        ("35", "40", "60", BetterWhen.LOWER, "125.0"),
        ("65", "40", "60", BetterWhen.LOWER, "-25.0"),  # it got worse
        ("45", "60", "60", BetterWhen.LOWER, None),  # nothing was promised: a percentage of nothing
        ("45", "40", None, BetterWhen.LOWER, None),
        (None, "40", "60", BetterWhen.LOWER, None),
        (None, "40", None, BetterWhen.HIGHER, None),
        ("45", None, None, BetterWhen.HIGHER, None),
        ("45", "0", None, BetterWhen.HIGHER, None),
    ],
)
def test_fulfilment(fact, plan, baseline, better, expected):
    fact, plan, baseline = (None if value is None else Decimal(value) for value in (fact, plan, baseline))
    reached = fulfilment(fact, plan, baseline, better)
    assert reached == (None if expected is None else Decimal(expected))


@given(plan=quantities, baseline=quantities)
def test_the_plan_is_100_percent_and_the_baseline_nothing(plan, baseline):
    higher, lower = BetterWhen.HIGHER, BetterWhen.LOWER
    assert fulfilment(plan, plan, None, higher) == (100 if plan else None)
    assert fulfilment(plan, plan, baseline, lower) == (100 if plan != baseline else None)
    assert fulfilment(baseline, plan, baseline, lower) == (0 if plan != baseline else None)


# --- which year, which day -------------------------------------------------------------------------------------------
@given(st.lists(years), days)
def test_a_dashboard_opens_on_the_newest_year_that_has_reports(known, today):
    assert newest_year(known, today) == (max(known) if known else today.year)


@pytest.mark.parametrize(
    ("year", "today", "expected"),
    [
        (2025, dt.date(2025, 6, 16), dt.date(2025, 6, 16)),
        (2024, dt.date(2025, 6, 16), dt.date(2024, 12, 31)),
        (2026, dt.date(2025, 6, 16), dt.date(2025, 6, 16)),  # promised already, not begun
        (2024, dt.date(2024, 12, 31), dt.date(2024, 12, 31)),
    ],
)
def test_the_day_on_which_a_year_is_looked_at(year, today, expected):
    assert day_of_year(year, today) == expected
