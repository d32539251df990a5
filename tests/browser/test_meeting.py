"""A meeting recorded: the script shows a short form and brings lines as they are asked for."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from roadmap.choices import BodyKind
from roadmap.models import Body

pytestmark = pytest.mark.browser


@pytest.fixture
def address(site) -> str:
    """Where control records the meetings of the commission of Syrdarya."""
    body = Body.objects.filter(branch__slug="syrdarya", kind=BodyKind.COMMISSION).earliest("pk")
    return reverse("roadmap:meeting_record", args=[body.pk])


def test_one_empty_issue_stands_there_and_a_button_brings_the_next(visitor, address):
    page = visitor("controller")
    page.goto(address)
    issues, advice = page.locator("#points > :visible"), page.locator("#recommendations > :visible")
    expect(issues).to_have_count(1)
    expect(advice).to_have_count(0)

    page.locator("[data-add=recommendations]").click()
    expect(page.locator("[name=recommendation_1_text]")).to_be_focused()
    for number in range(2, 8):  # six stand there without the script; the seventh is made
        page.locator("[data-add=points]").click()
        expect(page.locator(f"[name=point_{number}_title]")).to_be_focused()
    expect(issues).to_have_count(7)

    page.locator("[name=recommendation_1_text]").fill("Тарту")
    page.locator("form.sitting button.go").click()
    expect(page.locator("[name=point_1_title][aria-invalid=true]")).to_be_visible()
    expect(advice).to_have_count(1)
    expect(page.locator("[name=recommendation_1_text]")).to_have_value("Тарту")


def test_lines_that_were_filled_in_are_seen_again_when_one_goes_back(visitor, address):
    page = visitor("controller")
    page.goto(address)
    page.locator("[data-add=points]").click()
    page.locator("[name=point_1_title]").fill("Жол")
    page.locator("[name=point_2_title]").fill("Су")
    page.goto("/profile/")
    page.go_back()
    expect(page.locator("[name=point_2_title]")).to_have_value("Су")
    expect(page.locator("[name=point_2_title]")).to_be_visible()


def test_of_a_draft_all_lines_stand_there_and_one_more(visitor, address):
    page = visitor("controller")
    page.goto(f"{address}?agenda=draft")
    drafted = page.locator("#points > .drafted").count()
    assert drafted
    expect(page.locator("#points > :visible")).to_have_count(drafted + 1)


def test_without_a_script_all_lines_stand_there(visitor, address):
    page = visitor("controller", java_script_enabled=False)
    page.goto(address)
    expect(page.locator("#points > :visible")).to_have_count(6)
    expect(page.locator("#recommendations > :visible")).to_have_count(3)
    expect(page.locator("[data-add=points]")).to_be_hidden()
