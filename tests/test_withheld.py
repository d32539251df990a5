"""What is withheld of a printed table cannot be worked out: not from its totals, not by who knows the rule."""

import itertools
from collections import defaultdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from branches.choices import FEW
from branches.metrics import SafeTable, withheld, withheld_alike

counts = st.integers(0, 12) | st.integers(0, 400)
tables = st.integers(1, 5).flatmap(
    lambda width: st.lists(st.lists(counts, min_size=width, max_size=width), min_size=2, max_size=6)
)


def as_shown(table: SafeTable) -> tuple:
    """All that a reader sees, to compare tables by it."""
    return tuple(map(tuple, table.cells)), tuple(table.rows), tuple(table.columns), table.total


def columns_of(total: int, height: int):
    """Every column of `height` counts that come to `total`."""
    if height == 1:
        yield (total,)
        return
    for first in range(total + 1):
        for rest in columns_of(total - first, height - 1):
            yield (first, *rest)


def tables_with(totals: tuple[int, ...], height: int):
    """Every table whose columns come to `totals`: readers know these from the register."""
    for columns in itertools.product(*(columns_of(total, height) for total in totals)):
        yield tuple(zip(*columns, strict=True))


def worked_out(totals: tuple[int, ...], height: int, few: int) -> list:
    """The small counts that a reader can name who knows the rule, and tries every table there can be."""
    alike = defaultdict(list)
    for table in tables_with(totals, height):
        alike[as_shown(withheld(table, few))].append(table)
    named = []
    for (cells, *_rest), tables in alike.items():
        for row, column in itertools.product(range(height), range(len(totals))):
            possible = {table[row][column] for table in tables}
            if len(possible) == 1 and 0 < min(possible) < few:
                named.append((cells, row, column, possible))
    return named


# --- against who tries every table ----------------------------------------------------------------------------------
@pytest.mark.parametrize("few", [3, 4, FEW])
@pytest.mark.parametrize("height", [2, 3, 4])
def test_nobody_works_out_a_small_count_of_one_topic(height, few):
    for total in range(1, 19):
        assert worked_out((total,), height, few) == []


@pytest.mark.parametrize(("height", "most", "few"), [(2, 9, 3), (2, 8, FEW), (3, 6, 3), (3, 6, 4)])
def test_nobody_works_out_a_small_count_of_two_topics(height, most, few):
    for totals in itertools.combinations_with_replacement(range(most + 1), 2):
        assert worked_out(totals, height, few) == []


def test_nobody_works_out_a_small_count_of_three_topics():
    for totals in itertools.combinations_with_replacement(range(6), 3):
        assert worked_out(totals, 2, 3) == []


def test_the_search_would_find_a_leak(monkeypatch):
    """A rule that hides the small counts alone gives them away: the total of the topic tells the one that is hidden."""

    def naive(table, few):
        cells = [[None if 0 < n < few else n for n in row] for row in table]
        return SafeTable(cells, [None for _row in table], [sum(c) for c in zip(*table, strict=True)], 0)

    monkeypatch.setitem(worked_out.__globals__, "withheld", naive)
    assert worked_out((9,), 3, FEW)


@pytest.mark.parametrize(
    "column",
    [
        (3, 12, 20),  # alone in its topic: the total would tell it
        (1, 1, 1, 1, 1),  # five people from five places: five, and each place at least one
        (4, 4, 30),  # the most that two small ones can be
        (1, 0, 0, 0),  # who knows that somebody asked knows where from, unless nothing is withheld as well
        (2, 5, 5),  # two that could stand in for it
    ],
)
def test_what_gave_itself_away_does_not(column):
    shown = withheld([[n] for n in column], FEW)
    assert shown.columns == [sum(column)]
    hidden = [n for n, (cell,) in zip(column, shown.cells, strict=True) if cell is None]
    assert len(hidden) > 1
    assert len(set(hidden)) > 1 or len(hidden) == len(column)


# --- what holds for every table ---------------------------------------------------------------------------------------
@given(tables)
def test_no_small_count_is_shown(table):
    shown = withheld(table, FEW)
    for row, cells in zip(table, shown.cells, strict=True):
        for count, cell in zip(row, cells, strict=True):
            assert cell in (None, count)
            assert not (cell is not None and 0 < count < FEW)


@given(tables)
def test_totals_are_true_and_a_row_is_told_as_a_whole_or_not_at_all(table):
    shown = withheld(table, FEW)
    assert shown.columns == [sum(column) for column in zip(*table, strict=True)]
    assert shown.total == sum(map(sum, table))
    assert shown.rows == [None if None in cells else sum(row) for row, cells in zip(table, shown.cells, strict=True)]


@given(tables)
def test_two_withheld_numbers_of_a_topic_may_change_places(table):
    """The proof: what is shown stays the same, so none of them is known, unless all of a topic are alike."""
    shown = withheld(table, FEW)
    for column in range(len(table[0])):
        hidden = [row for row in range(len(table)) if shown.cells[row][column] is None]
        for one, other in itertools.combinations(hidden, 2):
            swapped = [list(row) for row in table]
            swapped[one][column], swapped[other][column] = table[other][column], table[one][column]
            assert withheld(swapped, FEW).cells == shown.cells
        values = {table[row][column] for row in hidden}
        assert len(values) != 1 or len(hidden) == len(table)


@given(st.integers(1, FEW - 1), st.integers(2, 7))
def test_a_topic_in_which_all_places_are_alike_looks_like_another(count, height):
    """All places of a topic have the same small count: some table of other counts shows the same."""
    alike = [(count,) for _place in range(height)]
    spare = [0] * height
    spare[0], spare[-1] = count - 1, count + 1
    if count == FEW - 1:  # one more would be shown; so all but one are smaller, and that one is withheld with them
        spare = [count - 1] * (height - 1) + [count + height - 1]
    else:
        spare[1:-1] = [count] * (height - 2)
    other = [(n,) for n in spare]
    assert sum(spare) == count * height
    assert as_shown(withheld(other, FEW)) == as_shown(withheld(alike, FEW))


@given(tables)
def test_a_topic_without_small_counts_is_shown_as_it_is(table):
    shown = withheld(table, FEW)
    for column, told in zip(zip(*table, strict=True), zip(*shown.cells, strict=True), strict=True):
        if not any(0 < count < FEW for count in column):
            assert list(told) == list(column)


# --- tables told side by side -----------------------------------------------------------------------------------------
pairs = st.integers(1, 3).flatmap(
    lambda width: st.lists(st.lists(st.tuples(counts, counts), min_size=width, max_size=width), min_size=2, max_size=6)
)


def told(pair):
    """What is told of a table whose cells are (mandates, others): all requests, and mandates; others nobody tells."""
    mandates, others = ([[cell[n] for cell in row] for row in pair] for n in (0, 1))
    whole = [[sum(cell) for cell in row] for row in pair]
    return withheld_alike([whole, mandates, others], FEW)


@given(pairs)
def test_no_small_count_is_shown_nor_is_the_difference_of_two(pair):
    whole, mandates, others = told(pair)
    for row, *shown in zip(pair, whole.cells, mandates.cells, others.cells, strict=True):
        for cell, *numbers in zip(row, *shown, strict=True):
            assert numbers in ([None] * 3, [sum(cell), *cell])
            assert None in numbers or not any(0 < number < FEW for number in numbers)


@given(pairs)
def test_two_withheld_places_of_a_topic_may_change_places_in_all_tables(pair):
    shown = told(pair)
    for column in range(len(pair[0])):
        hidden = [row for row in range(len(pair)) if shown[0].cells[row][column] is None]
        for one, other in itertools.combinations(hidden, 2):
            swapped = [list(row) for row in pair]
            swapped[one][column], swapped[other][column] = pair[other][column], pair[one][column]
            assert [table.cells for table in told(swapped)] == [table.cells for table in shown]
        for part in (0, 1):
            values = {pair[row][column][part] for row in hidden}
            assert len(values) != 1 or len(hidden) == len(pair) or not 0 < min(values) < FEW


@pytest.mark.parametrize("height", [2, 3])
def test_nobody_works_out_a_small_count_from_two_tables(height):
    few = 3
    for totals in itertools.product(range(8), repeat=2):
        alike = defaultdict(list)
        for mandates, others in itertools.product(*(columns_of(total, height) for total in totals)):
            both = [[[n] for n in column] for column in (mandates, others)]
            whole = [[sum(pair)] for pair in zip(mandates, others, strict=True)]
            shown = withheld_alike([whole, *both], few)
            alike[as_shown(shown[0]), as_shown(shown[1])].append((mandates, others))
        for tables in alike.values():
            for row, part in itertools.product(range(height), range(2)):
                possible = {table[part][row] for table in tables}
                assert len(possible) > 1 or not 0 < min(possible) < few, tables


def test_one_place_says_what_the_totals_say():
    assert withheld([[1, 7, 0]], FEW) == SafeTable([[1, 7, 0]], [8], [1, 7, 0], 8)


def test_a_table_of_nothing():
    assert withheld([[], []], FEW) == SafeTable([[], []], [0, 0], [], 0)
    assert withheld([[0, 0], [0, 0]], FEW) == SafeTable([[0, 0], [0, 0]], [0, 0], [0, 0], 0)


def test_a_table_as_it_is_printed():
    table = [[12, 0, 6], [8, 1, 0], [0, 0, 7], [3, 0, 9]]
    assert withheld(table, FEW) == SafeTable(
        cells=[[12, None, 6], [8, None, 0], [None, None, 7], [None, None, 9]],
        rows=[None, None, None, None],
        columns=[23, 1, 22],
        total=46,
    )
