"""The grid of party projects: filled by keyboard like a spreadsheet, each cell with its state; and without script."""

import re
from types import SimpleNamespace

import pytest
from playwright.sync_api import Locator, Page, expect

from branches import actions
from branches.choices import Frequency, ProjectUnit
from branches.models import Branch, PartyProject, ProjectIndicator, ProjectReport, User
from tests.browser.eyes import PASSWORD, PHONE, TODAY, amiss

pytestmark = pytest.mark.browser

SECRETARY, ENTRY = "secretary-syrdarya", "/projects/entry/"
NBSP = "\u00a0"


@pytest.fixture
def measured(site):
    """A project of the year with three indicators of its own, two of them by quarters; whatever else there is."""

    def names(word):
        return {"name_kk": word, "name_ru": word, "name_en": word}

    project = PartyProject.objects.create(key="grid", position=900, valid_from="2025-01-01", **names("Тор жобасы"))

    def indicator(key, place, **fields):
        row = ProjectIndicator.objects.create(key=key, position=900 + place, **names(key), **fields)
        row.projects.add(project)
        return row

    return SimpleNamespace(
        project=project,
        people=indicator("grid.people", 1, unit=ProjectUnit.PEOPLE, frequency=Frequency.QUARTERLY),
        land=indicator("grid.land", 2, unit=ProjectUnit.HECTARES, frequency=Frequency.QUARTERLY),
        events=indicator("grid.events", 3, unit=ProjectUnit.EVENTS, frequency=Frequency.MONTHLY),
    )


def field(page: Page, indicator: ProjectIndicator, period: str, kind: str = "fact") -> Locator:
    """What is typed into."""
    return page.locator(f"#c-{indicator.pk}-{period}-{kind}")


def cell(page: Page, indicator: ProjectIndicator, period: str, kind: str = "fact") -> Locator:
    """The cell around it, which has its state and what is said of it."""
    return page.locator(f"[data-cell='{indicator.pk}-{period}-{kind}']")


def state(page: Page, indicator: ProjectIndicator, period: str, word: str, kind: str = "fact") -> None:
    """Wait until a cell is in a state."""
    expect(cell(page, indicator, period, kind)).to_have_attribute("data-state", word)


def told(indicator: ProjectIndicator) -> list[tuple]:
    """What was reported of an indicator, in the order of entry."""
    rows = ProjectReport.objects.filter(indicator=indicator).order_by("id")
    return [
        (row.period, *(value if value is None else float(value) for value in (row.plan, row.fact)), row.no_data)
        for row in rows
    ]


def test_cells_are_filled_by_keyboard_alone(visitor, measured):
    page = visitor(SECRETARY)
    page.goto(ENTRY)
    keys = page.keyboard
    state(page, measured.people, "q1", "empty")
    field(page, measured.people, "y", "plan").focus()
    keys.type("1 000")
    state(page, measured.people, "y", "changed", "plan")
    expect(page.locator("[data-standing]")).to_contain_text("1")
    keys.press("ArrowRight")
    expect(field(page, measured.people, "q1")).to_be_focused()
    state(page, measured.people, "y", "fresh", "plan")
    keys.type(">250")
    keys.press("Enter")  # down, as in a spreadsheet
    expect(field(page, measured.land, "q1")).to_be_focused()
    state(page, measured.people, "q1", "fresh")
    keys.type("77,5")
    keys.press("ArrowUp")
    keys.press("ArrowRight")
    expect(field(page, measured.people, "q2")).to_be_focused()
    keys.type("30")
    keys.press("ArrowLeft")  # within the number: not to the next cell
    expect(field(page, measured.people, "q2")).to_be_focused()
    keys.press("Shift+Tab")
    expect(field(page, measured.people, "q1")).to_be_focused()
    state(page, measured.people, "q2", "fresh")
    expect(page.locator("[data-standing]")).to_have_text("Бәрі сақталды.")
    expect(page.locator(f"[data-row='{measured.people.pk}']")).to_contain_text(f"280 / 1{NBSP}000 = 28{NBSP}%")

    page.reload()
    for period, kind, value in (("y", "plan", f"1{NBSP}000"), ("q1", "fact", ">250"), ("q2", "fact", "30")):
        expect(field(page, measured.people, period, kind)).to_have_value(value)
        state(page, measured.people, period, "saved", kind)
    expect(field(page, measured.people, "q1")).to_have_attribute("title", re.compile("Ақтөре Ибрагимұлы"))
    expect(field(page, measured.land, "q1")).to_have_value("77,5")
    assert told(measured.people) == [("y", 1000, None, ""), ("q1", None, 250, ""), ("q2", None, 30, "")]
    assert {row.author.username for row in ProjectReport.objects.filter(indicator=measured.people)} == {SECRETARY}


def test_a_cell_is_written_over_and_its_first_sign_stays(visitor, measured):
    page = visitor(SECRETARY)
    page.goto(ENTRY)
    first, second = field(page, measured.people, "q1"), field(page, measured.people, "q2")
    # Typed in the very moment of the focus, on a slow computer: nothing may mark that sign afterwards.
    first.evaluate(
        """input => {
            input.focus();
            document.execCommand("insertText", false, "1");
            return new Promise(done => setTimeout(done, 50));
        }"""
    )
    page.keyboard.type("20")
    expect(first).to_have_value("120")
    page.keyboard.press("Enter")
    state(page, measured.people, "q1", "fresh")

    first.click()  # marks all of it
    page.keyboard.type("340")
    expect(first).to_have_value("340")
    second.click()
    state(page, measured.people, "q1", "fresh")
    first.click()
    first.click(position={"x": 5, "y": 5})  # pressed once more: the cursor, and nothing is marked
    assert first.evaluate("input => input.selectionStart === input.selectionEnd")
    assert told(measured.people) == [("q1", None, 120, ""), ("q1", None, 340, "")]


def test_a_refused_cell_says_why_and_how_to_say_no_data(visitor, measured):
    page = visitor(SECRETARY)
    page.goto(ENTRY)
    keys = page.keyboard
    field(page, measured.people, "q1").focus()
    keys.type("жоқ")
    keys.press("Enter")
    state(page, measured.people, "q1", "refused")
    refused = field(page, measured.people, "q1")
    expect(refused).to_have_value("жоқ")
    expect(refused).to_have_attribute("aria-invalid", "true")
    reason = page.locator(f"#{refused.get_attribute('aria-describedby')}")
    expect(reason).to_contain_text("«дерек жоқ» деп, себебін таңдаңыз")
    below, above = reason.bounding_box(), refused.bounding_box()
    assert 0 <= below["y"] - above["y"] - above["height"] < 20
    expect(page.locator("[data-standing]")).to_contain_text("Қабылданбағаны: 1")
    assert told(measured.people) == []

    # Left as it is, it is not sent again; with the reason for having no number it is kept.
    keys.press("ArrowUp")
    keys.press("Alt+ArrowDown")
    choice = page.locator(f"[name='{measured.people.pk}-q1-fact-said']")
    expect(choice).to_be_focused()
    for _step in range(5):
        keys.press("ArrowDown")
    expect(choice).to_have_value("awaited")
    keys.press("Tab")
    keys.type("әкімдікке хат жазылды")
    keys.press("Enter")
    expect(refused).to_be_focused()
    state(page, measured.people, "q1", "fresh")
    expect(refused).to_have_value("")
    expect(reason).to_contain_text("дерек жоқ: басқа органнан күтілуде. әкімдікке хат жазылды")
    assert told(measured.people) == [("q1", None, None, "awaited")]

    # the number came: typed over it
    keys.type("40")
    keys.press("Enter")
    state(page, measured.people, "q1", "fresh")
    expect(reason).to_be_hidden()
    assert told(measured.people)[-1] == ("q1", None, 40, "")


def test_escape_puts_back_what_was_saved_and_spreadsheets_may_be_pasted(visitor, measured):
    page = visitor(SECRETARY)
    page.goto(ENTRY)
    field(page, measured.people, "q1").focus()
    page.evaluate(
        """text => {
            const clipboardData = new DataTransfer();
            clipboardData.setData("text/plain", text);
            const paste = new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true });
            document.activeElement.dispatchEvent(paste);
        }""",
        "1 200\t30\r\n77,5\tжоқ\r\n",
    )
    state(page, measured.people, "q2", "fresh")
    state(page, measured.land, "q1", "fresh")
    state(page, measured.land, "q2", "refused")
    assert told(measured.people) == [("q1", None, 1200, ""), ("q2", None, 30, "")]
    assert told(measured.land) == [("q1", None, 77.5, "")]

    field(page, measured.people, "q1").fill("9")
    state(page, measured.people, "q1", "changed")
    page.keyboard.press("Escape")
    expect(field(page, measured.people, "q1")).to_have_value(f"1{NBSP}200")
    page.keyboard.press("ArrowRight")
    field(page, measured.land, "q2").focus()
    page.keyboard.press("Escape")
    expect(field(page, measured.land, "q2")).to_have_value("")
    state(page, measured.land, "q2", "empty")
    assert len(told(measured.people)) == 2


def test_what_somebody_else_entered_meanwhile_is_shown(visitor, measured):
    page = visitor(SECRETARY)
    page.goto(ENTRY)
    actions.report_project(
        branch=Branch.objects.get(slug="syrdarya"),
        indicator=measured.people,
        by=User.objects.get(username="coordinator"),
        today=TODAY,
        year=TODAY.year,
        period="q1",
        fact=130,
    )
    field(page, measured.people, "q1").focus()
    page.keyboard.type("120")
    page.keyboard.press("Enter")
    state(page, measured.people, "q1", "refused")
    expect(cell(page, measured.people, "q1").locator(".aloud")).to_contain_text("Қазір мұнда: 130.")
    expect(field(page, measured.people, "q1")).to_have_value("120")
    assert told(measured.people) == [("q1", None, 130, "")]
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowDown")  # passing by is no decision
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")  # this is one
    state(page, measured.people, "q1", "fresh")
    assert told(measured.people) == [("q1", None, 130, ""), ("q1", None, 120, "")]


def test_a_broken_line_is_said_and_mended_by_itself(visitor, measured):
    page = visitor(SECRETARY)
    page.goto(ENTRY)
    page.context.set_offline(True)
    field(page, measured.people, "q1").focus()
    page.keyboard.type("120")
    page.keyboard.press("Enter")
    expect(page.locator("[data-standing]")).to_contain_text("Байланыс жоқ: 1")
    state(page, measured.people, "q1", "changed")
    page.keyboard.type("5")
    page.keyboard.press("ArrowUp")
    expect(page.locator("[data-standing]")).to_contain_text("Байланыс жоқ: 2")
    page.context.set_offline(False)
    state(page, measured.people, "q1", "fresh")
    state(page, measured.land, "q1", "fresh")
    assert told(measured.people) == [("q1", None, 120, "")]


def test_nothing_typed_is_lost_with_the_session(visitor, measured):
    page = visitor(SECRETARY)
    page.goto(ENTRY)
    page.context.clear_cookies(name="sessionid")
    field(page, measured.people, "q1").focus()
    page.keyboard.type("120")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/login/\?next=/projects/entry/"))
    page.locator("[name=username]").fill(SECRETARY)
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("[name=password]").press("Enter")
    page.wait_for_url(re.compile(r"/projects/entry/"))
    expect(field(page, measured.people, "q1")).to_have_value("120")
    state(page, measured.people, "q1", "changed")
    assert told(measured.people) == []
    page.locator(".savebar button").click()
    state(page, measured.people, "q1", "fresh")
    assert told(measured.people) == [("q1", None, 120, "")]


def test_without_javascript_one_button_saves_what_was_changed(visitor, measured):
    page = visitor(SECRETARY, java_script_enabled=False)
    page.goto(ENTRY)
    expect(page.locator(".keys-of-grid")).to_be_hidden()
    field(page, measured.people, "q1").fill("1 200")
    field(page, measured.people, "q2").fill("жоқ")
    field(page, measured.land, "y", "plan").fill("80")
    page.locator(".savebar button").dblclick()
    refused = field(page, measured.people, "q2")
    expect(refused).to_have_value("жоқ")
    expect(cell(page, measured.people, "q2").locator(".aloud")).to_contain_text("Сан енгізіңіз")
    expect(page.locator(".msgs")).to_contain_text("1 ұяшық сақталмады")
    state(page, measured.people, "q1", "saved")
    assert told(measured.people) == [("q1", None, 1200, "")]
    assert told(measured.land) == [("y", 80, None, "")]

    refused.fill("")
    row = page.locator("tr.filled", has=refused)
    row.locator("summary").click()
    row.locator(f"[name='{measured.people.pk}-q2-fact-said']").select_option("not_held")
    page.locator(".savebar button").click()
    expect(page.locator(".msgs")).to_contain_text("1 сан сақталды")
    assert told(measured.people)[-1] == ("q2", None, None, "not_held")


def test_on_a_phone_an_indicator_is_a_card(visitor, measured):
    page = visitor(SECRETARY, width=PHONE, height=800, has_touch=True)
    page.goto(ENTRY)
    first, second = field(page, measured.people, "q1"), field(page, measured.people, "q2")
    assert first.bounding_box()["height"] >= 48
    first.fill("12")
    page.keyboard.press("Enter")  # to the next period of the same card
    expect(second).to_be_focused()
    state(page, measured.people, "q1", "fresh")
    second.fill("көп")
    page.keyboard.press("Enter")
    state(page, measured.people, "q2", "refused")
    reason = cell(page, measured.people, "q2").locator(".aloud")
    below, above = reason.bounding_box(), second.bounding_box()
    assert 0 <= below["y"] - above["y"] - above["height"] < 20


def test_the_pages_of_projects_are_fit_for_everybody(visitor, measured):
    page = visitor(SECRETARY)
    page.goto(ENTRY)
    for indicator, period, value in ((measured.people, "q1", "12"), (measured.land, "q2", "көп")):
        field(page, indicator, period).fill(value)
        page.keyboard.press("Enter")
    state(page, measured.land, "q2", "refused")
    page.locator("tr.filled summary").last.click()
    assert amiss(page) == []
    field(page, measured.land, "q2").fill("")  # or the browser asks whether to leave

    chair = visitor("chair")
    for address in ("/projects/", f"/projects/{measured.project.pk}/", f"/projects/indicators/{measured.people.pk}/"):
        chair.goto(address)
        for fold in chair.locator("main details").all():
            fold.evaluate("details => { details.open = true }")
        assert amiss(chair) == [], address
    chair.set_viewport_size({"width": 1280, "height": 900})
    chair.locator("[data-chart] > button").first.click()
    expect(chair.locator(".plot .main-svg").first).to_be_visible()
    assert not chair.watch.foreign
