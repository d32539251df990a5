"""What is done while an answer is on its way, in the list of today and in the grid, is neither lost nor mixed up."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from branches import actions
from branches.choices import Frequency, ProjectUnit
from branches.models import Branch, PartyProject, ProjectIndicator, ProjectReport, User
from roadmap.models import StatusReport
from tests.browser.eyes import PASSWORD, TODAY
from tests.browser.slow_line import SlowLine

pytestmark = pytest.mark.browser

SECRETARY, ENTRY = "secretary-syrdarya", "/projects/entry/"
NBSP = "\u00a0"

LOSE_THE_BODY = """() => {
    const read = Response.prototype.text;
    Response.prototype.text = function () {
        Response.prototype.text = read;
        return Promise.reject(new TypeError("the line broke"));
    };
}"""

# The window is left for another one: what had the focus in it keeps it.
LEAVE_THE_WINDOW = "document.activeElement.dispatchEvent(new FocusEvent('focusout', { bubbles: true }))"
COME_BACK = "document.activeElement.dispatchEvent(new FocusEvent('focusin', { bubbles: true }))"

# A line on which nothing is heard any more, and nothing breaks.
SILENCE = """() => {
    window.fetch = (address, { signal }) =>
        new Promise((_answer, fail) => signal.addEventListener("abort", () => fail(new Error("silence"))));
}"""

PASTE = """text => {
    const clipboardData = new DataTransfer();
    clipboardData.setData("text/plain", text);
    const paste = new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true });
    document.activeElement.dispatchEvent(paste);
}"""


# --- the list of today -----------------------------------------------------------------------------------------------
@pytest.fixture
def today(visitor) -> Page:
    """The secretary's list."""
    page = visitor(SECRETARY)
    page.goto("/today/")
    return page


def first_rows(page: Page, count: int) -> list[Locator]:
    """The first rows of the list, found by their measures: they stay the same when the list moves."""
    return [page.locator(f"#{row.get_attribute('id')}") for row in page.locator(".task").all()[:count]]


def note(row: Locator) -> Locator:
    return row.locator("[name=note]")


def choose(row: Locator, status: str) -> None:
    row.locator(f"label:has([value={status}])").click()


def reported(row_id: str) -> list[tuple[str, str]]:
    """What was reported of the measure of a row while the test ran: (status, note)."""
    reports = StatusReport.objects.filter(measure_id=row_id[1:], author__username=SECRETARY, entered_on=TODAY)
    return list(reports.order_by("id").values_list("status", "note"))


def test_an_answer_leaves_the_focus_in_the_row_that_is_typed_in(today):
    row, between, typed = first_rows(today, 3)
    ids = [one.get_attribute("id") for one in (row, between, typed)]
    line = SlowLine(today)
    choose(row, "in_progress")
    note(row).press("Enter")
    choose(typed, "in_progress")
    note(typed).click()
    today.keyboard.type("Құбыр тартылды")
    today.keyboard.press("Home")
    line.deliver()
    expect(row).to_have_count(0)
    today.keyboard.type("Ауылда: ")
    expect(note(typed)).to_have_value("Ауылда: Құбыр тартылды")
    today.keyboard.press("Enter")
    line.deliver()
    expect(typed).to_have_count(0)
    assert [len(reported(one)) for one in ids] == [1, 0, 1]
    assert reported(ids[2]) == [("in_progress", "Ауылда: Құбыр тартылды")]


def test_after_a_save_the_chosen_status_of_the_next_row_has_the_focus(today):
    row, following, *_rest = first_rows(today, 3)
    choose(following, "not_done")
    choose(row, "in_progress")
    note(row).press("Enter")
    expect(row).to_have_count(0)
    expect(following.locator("[value=not_done]")).to_be_checked()
    expect(following.locator("[value=not_done]")).to_be_focused()


def test_a_row_that_waits_its_turn_is_sent_once(today):
    row, waiting, *_rest = first_rows(today, 3)
    waiting_id = waiting.get_attribute("id")
    line = SlowLine(today)
    for one, words in ((row, "бір"), (waiting, "екі")):
        choose(one, "in_progress")
        note(one).fill(words)
        note(one).press("Enter")
    line.deliver()
    expect(row).to_have_count(0)
    expect(note(waiting)).to_have_value("екі")
    expect(waiting.locator("button")).to_be_disabled()
    note(waiting).press("Enter")
    line.deliver()
    expect(waiting).to_have_count(0)
    assert line.sent == 2
    assert reported(waiting_id) == [("in_progress", "екі")]


def test_nothing_is_added_to_a_row_on_its_way(today):
    row, *_rest = first_rows(today, 1)
    row_id = row.get_attribute("id")
    line = SlowLine(today)
    choose(row, "in_progress")
    note(row).fill("келісім")
    note(row).press("Enter")
    today.keyboard.type(" 3 мамырда")
    choose(row, "not_done")
    expect(note(row)).to_have_value("келісім")
    expect(row.locator("[value=in_progress]")).to_be_checked()
    line.deliver()
    expect(row).to_have_count(0)
    assert reported(row_id) == [("in_progress", "келісім")]


def test_a_line_that_breaks_in_mid_answer_does_not_stop_the_rows_behind_it(today):
    row, other = first_rows(today, 2)
    other_id = other.get_attribute("id")
    today.evaluate(LOSE_THE_BODY)
    choose(row, "in_progress")
    note(row).press("Enter")
    expect(row.get_by_role("alert")).to_have_count(1)
    expect(row.locator("button")).to_be_enabled()
    choose(other, "in_progress")
    note(other).fill("екі")
    note(other).press("Enter")
    expect(other).to_have_count(0)
    assert reported(other_id) == [("in_progress", "екі")]


def test_what_was_refused_stays_refused_when_another_row_is_answered(today):
    row, other = first_rows(today, 2)
    row_id = row.get_attribute("id")
    choose(row, "not_done")
    row.locator("button").click()
    expect(row.locator(".err")).to_be_visible()
    choose(other, "in_progress")
    note(other).press("Enter")
    expect(other).to_have_count(0)
    expect(row.locator(".err")).to_be_visible()
    expect(row.locator("[value=not_done]")).to_be_checked()
    note(row).fill("мердігер кетіп қалды")
    note(row).press("Enter")
    expect(row).to_have_count(0)
    assert reported(row_id) == [("not_done", "мердігер кетіп қалды")]


def test_who_leaves_the_list_with_words_in_it_is_asked(today):
    asked = []
    today.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    row, *_rest = first_rows(today, 1)
    line = SlowLine(today)
    choose(row, "in_progress")
    note(row).press("Enter")
    line.wait()
    today.goto("/profile/")
    assert asked == ["beforeunload"]  # it was on its way
    today.goto("/today/")
    note(first_rows(today, 1)[0]).press_sequentially("сөз")
    today.goto("/profile/")
    assert asked == ["beforeunload"] * 2
    today.goto("/today/")
    note(first_rows(today, 1)[0]).click()
    today.goto("/profile/")
    assert asked == ["beforeunload"] * 2  # nothing was typed


def test_a_silent_line_is_given_up(visitor):
    page = visitor(SECRETARY)
    page.clock.install()
    page.goto("/today/")
    row, *_rest = first_rows(page, 1)
    page.evaluate(SILENCE)
    note(row).fill("бір")
    note(row).press("Enter")
    expect(row.locator("button")).to_be_disabled()
    page.clock.fast_forward(60_000)
    expect(row.get_by_role("alert")).to_have_count(1)
    expect(row.locator("button")).to_be_enabled()
    expect(note(row)).to_be_editable()


def test_what_is_selected_is_counted_anew_when_one_goes_back(visitor):
    page = visitor(SECRETARY)
    page.goto("/measures/")
    picked = page.locator("[data-picked] b")
    for place in range(2):
        page.locator("[name=measure]").nth(place).check()
    expect(picked).to_have_text("2")
    page.goto("/profile/")
    page.go_back()
    expect(page.locator("[name=measure]:checked")).to_have_count(2)
    expect(picked).to_have_text("2")


# --- the grid of party projects --------------------------------------------------------------------------------------
@pytest.fixture
def people(site) -> ProjectIndicator:
    """An indicator that is reported by quarters, in a project of its own."""

    def names(word):
        return {"name_kk": word, "name_ru": word, "name_en": word}

    project = PartyProject.objects.create(key="slow", position=900, valid_from="2025-01-01", **names("Баяу желі"))
    row = ProjectIndicator.objects.create(
        key="slow.people", position=901, unit=ProjectUnit.PEOPLE, frequency=Frequency.QUARTERLY, **names("адамдар")
    )
    row.projects.add(project)
    return row


@pytest.fixture
def grid(visitor, people) -> Page:
    """The secretary's grid."""
    page = visitor(SECRETARY)
    page.goto(ENTRY)
    return page


def field(page: Page, indicator: ProjectIndicator, period: str) -> Locator:
    return page.locator(f"#c-{indicator.pk}-{period}-fact")


def state(page: Page, indicator: ProjectIndicator, period: str, word: str) -> None:
    """Wait until a cell is in a state."""
    expect(page.locator(f"[data-cell='{indicator.pk}-{period}-fact']")).to_have_attribute("data-state", word)


def told(indicator: ProjectIndicator) -> list[tuple[str, int | None]]:
    """What was reported of an indicator, in the order of entry."""
    rows = ProjectReport.objects.filter(indicator=indicator).order_by("id")
    return [(row.period, None if row.fact is None else int(row.fact)) for row in rows]


def told_by_another(indicator: ProjectIndicator, fact: int) -> None:
    """A coordinator enters the first quarter meanwhile."""
    actions.report_project(
        branch=Branch.objects.get(slug="syrdarya"),
        indicator=indicator,
        by=User.objects.get(username="coordinator"),
        today=TODAY,
        year=TODAY.year,
        period="q1",
        fact=fact,
    )


def enter(page: Page, cell: Locator, text: str) -> None:
    cell.focus()
    page.keyboard.type(text)


def test_a_press_that_slips_carries_no_number_into_the_cell_beside(grid, people):
    first, second = field(grid, people, "q1"), field(grid, people, "q2")
    enter(grid, first, "1200")
    second.focus()
    state(grid, people, "q1", "fresh")
    first.focus()  # marks it
    first.scroll_into_view_if_needed()
    box, beside = first.bounding_box(), second.bounding_box()
    middle = box["y"] + box["height"] / 2
    digits = first.evaluate("input => getComputedStyle(input).textAlign") in ("right", "end")
    grid.mouse.move(box["x"] + (box["width"] - 18 if digits else 18), middle)
    grid.mouse.down()
    grid.mouse.move(box["x"] + box["width"] / 2, middle + 2, steps=4)
    grid.mouse.move(beside["x"] + beside["width"] / 2, middle, steps=8)
    grid.mouse.up()
    expect(first).to_have_value(f"1{NBSP}200")
    expect(second).to_have_value("")


def test_a_late_answer_leaves_the_cell_marked_to_be_written_over(grid, people):
    line = SlowLine(grid)
    first, second = field(grid, people, "q1"), field(grid, people, "q2")
    enter(grid, first, "11310")
    second.focus()
    first.focus()
    line.deliver()
    state(grid, people, "q1", "fresh")
    grid.keyboard.type("500")
    expect(first).to_have_value("500")
    second.focus()
    line.deliver()
    state(grid, people, "q1", "fresh")
    assert told(people) == [("q1", 11310), ("q1", 500)]


def test_what_stood_in_a_cell_when_it_was_left_is_sent(grid, people):
    line = SlowLine(grid)
    first, second, third = (field(grid, people, period) for period in ("q1", "q2", "q3"))
    enter(grid, first, "5")
    enter(grid, second, "12")
    third.focus()
    enter(grid, second, "3")  # half of 34, when the turn of 12 comes
    line.deliver()
    line.wait()
    grid.keyboard.type("4")
    line.deliver()
    state(grid, people, "q2", "changed")
    assert told(people) == [("q1", 5), ("q2", 12)]
    third.focus()
    line.deliver()
    state(grid, people, "q2", "fresh")
    assert told(people) == [("q1", 5), ("q2", 12), ("q2", 34)]


def test_half_a_number_is_not_tried_again(grid, people):
    first, second = field(grid, people, "q1"), field(grid, people, "q2")
    standing = grid.locator("[data-standing]")
    grid.context.set_offline(True)
    enter(grid, first, "20")
    enter(grid, second, "7")
    first.focus()
    expect(standing).to_contain_text("Байланыс жоқ: 2")
    grid.keyboard.type("3")
    grid.context.set_offline(False)  # all that waits is tried at once
    state(grid, people, "q2", "fresh")
    grid.keyboard.type("5")
    second.focus()
    state(grid, people, "q1", "fresh")
    assert told(people) == [("q2", 7), ("q1", 35)]


def test_escape_while_a_number_is_on_its_way_takes_it_back(grid, people):
    line = SlowLine(grid)
    first, second = field(grid, people, "q1"), field(grid, people, "q2")
    enter(grid, first, "7")
    second.focus()
    line.wait()
    first.focus()
    grid.keyboard.press("Escape")
    expect(first).to_have_value("")
    state(grid, people, "q1", "changed")  # the site has 7
    second.focus()
    line.deliver()
    line.deliver()
    state(grid, people, "q1", "fresh")
    expect(first).to_have_value("")
    assert told(people) == [("q1", 7), ("q1", None)]


def test_a_silent_line_is_given_up_and_tried_again(visitor, people):
    page = visitor(SECRETARY)
    page.clock.install()
    page.goto(ENTRY)
    page.evaluate("() => { window.heard = window.fetch }")
    page.evaluate(SILENCE)
    enter(page, field(page, people, "q1"), "5")
    page.keyboard.press("Tab")
    state(page, people, "q1", "saving")
    page.clock.fast_forward(30_000)
    expect(page.locator("[data-standing]")).to_contain_text("Байланыс жоқ: 1")
    page.evaluate("() => { window.fetch = window.heard }")
    page.clock.fast_forward(4_000)
    state(page, people, "q1", "fresh")
    assert told(people) == [("q1", 5)]


def test_whoever_looks_into_another_window_types_on(grid, people):
    first = field(grid, people, "q1")
    enter(grid, first, "1")
    grid.evaluate(LEAVE_THE_WINDOW)
    state(grid, people, "q1", "changed")
    grid.evaluate(COME_BACK)
    grid.keyboard.type("20")
    expect(first).to_have_value("120")
    grid.keyboard.press("Tab")
    state(grid, people, "q1", "fresh")
    assert told(people) == [("q1", 120)]


def test_after_a_login_what_somebody_else_entered_is_not_written_over(grid, people):
    grid.locator("[name=source]").fill("№ 12 хаттама")
    grid.context.clear_cookies(name="sessionid")
    enter(grid, field(grid, people, "q1"), "61")
    grid.keyboard.press("Tab")
    grid.wait_for_url(re.compile(r"/login/\?next=/projects/entry/"))
    told_by_another(people, 500)
    grid.locator("[name=username]").fill(SECRETARY)
    grid.locator("[name=password]").fill(PASSWORD)
    grid.locator("[name=password]").press("Enter")
    grid.wait_for_url(re.compile(r"/projects/entry/"))
    expect(field(grid, people, "q1")).to_have_value("61")
    expect(grid.locator("[name=source]")).to_have_value("№ 12 хаттама")
    grid.locator(".savebar button").click()
    state(grid, people, "q1", "refused")
    expect(grid.locator(f"#w-{people.pk}-q1-fact")).to_contain_text("Қазір мұнда: 500.")
    assert told(people) == [("q1", 500)]


def test_a_number_typed_on_does_not_hide_what_somebody_else_entered(grid, people):
    line = SlowLine(grid)
    first, second = field(grid, people, "q1"), field(grid, people, "q2")
    told_by_another(people, 500)
    enter(grid, first, "12")
    second.focus()
    line.wait()
    enter(grid, first, "120")
    line.deliver()  # refused, but who types does not see it
    second.focus()
    line.deliver()
    state(grid, people, "q1", "refused")
    assert told(people) == [("q1", 500)]


def test_an_indicator_that_came_meanwhile_does_not_stop_the_cells_behind_it(grid, people):
    another = ProjectIndicator.objects.create(
        key="slow.new", position=902, unit=people.unit, frequency=people.frequency, name_kk="жаңа"
    )
    another.projects.set(people.projects.all())
    enter(grid, field(grid, people, "q1"), "5")
    enter(grid, field(grid, people, "q2"), "6")
    grid.keyboard.press("Tab")
    state(grid, people, "q1", "fresh")
    state(grid, people, "q2", "fresh")
    assert told(people) == [("q1", 5), ("q2", 6)]


def test_what_was_typed_before_the_script_came_is_not_taken_for_saved(visitor, people):
    page = visitor(SECRETARY)
    late = []
    page.route("**/grid*.js", lambda route: late.append(route))
    page.goto(ENTRY, wait_until="commit")
    page.locator(".savebar button").wait_for()
    field(page, people, "q1").fill("55")
    late[0].continue_()
    state(page, people, "q1", "changed")
    page.locator(".savebar button").click()
    state(page, people, "q1", "fresh")
    assert told(people) == [("q1", 55)]


def test_pasted_numbers_without_an_open_cell_are_counted(grid, people):
    field(grid, people, "q3").focus()
    grid.evaluate(PASTE, "7\t8\t\t9")  # to the right of the third quarter there is the fourth, and that is all
    state(grid, people, "q3", "fresh")
    expect(grid.locator("p[data-unplaced]")).to_contain_text(": 1.")
