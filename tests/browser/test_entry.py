"""Entry in the list of today: on a phone, without JavaScript, refused, pressed twice, with the session gone."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from roadmap.models import StatusReport
from tests.browser.eyes import PASSWORD, PHONE, TODAY
from tests.browser.slow_line import SlowLine

pytestmark = pytest.mark.browser

SECRETARY = "secretary-syrdarya"
NOTE = "Мердігермен келісімшарт жасалды"
OTHER_NOTE = "Құжаттар әкімдікте, жауап күтілуде"


def row_at(page: Page, place: int) -> Locator:
    """A row of the list, found by its measure: it stays the same when the list moves."""
    return page.locator(f"#{page.locator('.task').nth(place).get_attribute('id')}")


def choose(row: Locator, status: str) -> None:
    """Press the status as a finger does: on its word."""
    row.locator(f"label:has([value={status}])").click()


def entered(row_id: str) -> list[tuple[str, str]]:
    """What was reported of the measure of a row while the test ran: (status, note)."""
    reports = StatusReport.objects.filter(measure_id=row_id[1:], author__username=SECRETARY, entered_on=TODAY)
    return list(reports.order_by("id").values_list("status", "note"))


@pytest.mark.parametrize("scripted", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_entry_on_a_phone(visitor, scripted):
    page = visitor(SECRETARY, width=PHONE, height=800, java_script_enabled=scripted, has_touch=True)
    page.goto("/today/")
    count = page.locator(".task").count()
    row, other = row_at(page, 0), row_at(page, 1)
    row_id = row.get_attribute("id")

    # Not done, without a word: refused beside the field; the choice is kept, and nothing is written.
    choose(row, "not_done")
    row.locator("button").click()
    note = row.locator("[name=note]")
    expect(note).to_have_attribute("aria-invalid", "true")
    error = page.locator(f"#{note.get_attribute('aria-describedby')}")
    expect(error).to_be_visible()
    assert beside(note, error)
    expect(row.locator("[value=not_done]")).to_be_checked()
    if scripted:
        expect(note).to_be_focused()
    assert entered(row_id) == []
    expect(page.locator(".task")).to_have_count(count)

    # With the reason it is kept. Done twice: the list without it is what is left.
    note.fill(NOTE)
    row.locator("button").click()
    expect(page.locator(".ticked li")).to_have_count(1)
    assert entered(row_id) == [("not_done", NOTE)]

    other_id = other.get_attribute("id")
    choose(other, "done")
    other.locator("[name=note]").fill(OTHER_NOTE)
    other.locator("button").dblclick()
    expect(page.locator(".ticked li")).to_have_count(2)
    expect(page.locator(f"#{other_id}")).to_have_count(0)
    page.goto("/today/")
    assert entered(other_id) == [("done", OTHER_NOTE)]


def beside(field: Locator, words: Locator) -> bool:
    """Whether words stand right below a field."""
    above, below = field.bounding_box(), words.bounding_box()
    return 0 <= below["y"] - (above["y"] + above["height"]) < 20 and abs(above["x"] - below["x"]) < 20


def test_what_is_typed_elsewhere_survives_a_save(visitor):
    page = visitor(SECRETARY)
    page.goto("/today/")
    row, other, third = row_at(page, 0), row_at(page, 1), row_at(page, 2)
    choose(other, "not_done")
    other.locator("[name=note]").fill(OTHER_NOTE)

    line = SlowLine(page)
    choose(row, "in_progress")
    row.locator("[name=note]").fill(NOTE)
    row.locator("button").dblclick()
    third.locator("[name=note]").fill(f"{NOTE}: тағы")  # while the answer is on its way
    line.deliver()
    expect(row).to_have_count(0)

    expect(other.locator("[name=note]")).to_have_value(OTHER_NOTE)
    expect(other.locator("[value=not_done]")).to_be_checked()
    expect(third.locator("[name=note]")).to_have_value(f"{NOTE}: тағы")
    assert StatusReport.objects.filter(note=NOTE).count() == 1
    assert not StatusReport.objects.filter(note__in=[OTHER_NOTE, f"{NOTE}: тағы"]).exists()


def test_nothing_typed_is_lost_with_the_session(visitor):
    page = visitor(SECRETARY)
    page.goto("/today/")
    row, other = row_at(page, 0), row_at(page, 1)
    row_id = row.get_attribute("id")
    choose(row, "not_done")
    row.locator("[name=note]").fill(NOTE)
    other.locator("[name=note]").fill(OTHER_NOTE)
    page.context.clear_cookies(name="sessionid")
    row.locator("button").click()

    log_in_again(page)
    assert entered(row_id) == []
    expect(row.locator("[name=note]")).to_have_value(NOTE)
    expect(row.locator("[value=not_done]")).to_be_checked()
    expect(other.locator("[name=note]")).to_have_value(OTHER_NOTE)
    row.locator("button").click()
    expect(page.locator(".ticked li")).to_have_count(1)
    assert entered(row_id) == [("not_done", NOTE)]


def log_in_again(page: Page) -> None:
    """The site asks who it is, and leads back to the list."""
    page.wait_for_url(re.compile(r"/login/\?next=/today/"))
    page.locator("[name=username]").fill(SECRETARY)
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("[name=password]").press("Enter")
    page.wait_for_url(re.compile(r"/today/$"))


def test_a_broken_line_is_said_and_loses_nothing(visitor):
    page = visitor(SECRETARY)
    page.goto("/today/")
    row, other = row_at(page, 0), row_at(page, 1)
    row.locator("[name=note]").fill(NOTE)
    other.locator("[name=note]").fill(OTHER_NOTE)
    page.context.set_offline(True)
    for _press in range(2):
        row.locator("button").click()
        expect(row.get_by_role("alert")).to_have_count(1)
    assert beside(row.locator("[name=note]"), row.get_by_role("alert"))
    page.context.set_offline(False)
    row.locator("button").click()
    expect(row).to_have_count(0)
    expect(other.locator("[name=note]")).to_have_value(OTHER_NOTE)
    assert StatusReport.objects.filter(note=NOTE).count() == 1


def test_without_javascript_a_lost_session_writes_nothing(visitor):
    page = visitor(SECRETARY, java_script_enabled=False)
    page.goto("/today/")
    row = row_at(page, 0)
    row.locator("[name=note]").fill(NOTE)
    page.context.clear_cookies(name="sessionid")
    row.locator("button").click()
    log_in_again(page)
    expect(row).to_be_visible()
    assert not StatusReport.objects.filter(note=NOTE).exists()
