"""Pages without a mouse, and pages on paper."""

import re

import pytest
from playwright.sync_api import Page, expect

from roadmap.models import Measure
from tests.browser.eyes import DESK, PHONE, TODAY

pytestmark = pytest.mark.browser

A4 = (595, 842)  # points

# Number everything that can be used and is there to be seen; the radio buttons of one group are one stop.
NUMBER_THE_STOPS = """() => {
    const stops = new Map();
    const used = "a[href], button, input:not([type=hidden]), select, textarea, summary";
    for (const one of document.querySelectorAll(used)) {
        if (one.disabled || !one.checkVisibility()) continue;
        const group = one.type === "radio" ? one.form.elements[one.name][0] ?? one : one;
        if (!stops.has(group)) stops.set(group, stops.size);
        one.dataset.stop = stops.get(group);
    }
    return stops.size;
}"""

# Which stop has the focus, and whether one sees it; of a button that is drawn by its word, on the word.
WHERE = """() => {
    const one = document.activeElement;
    const drawn = getComputedStyle(one).opacity === "0" ? one.nextElementSibling : one;
    const { outlineStyle, outlineWidth } = getComputedStyle(drawn);
    const { width, height, top, bottom } = drawn.getBoundingClientRect();
    return {
        stop: one.dataset.stop ? Number(one.dataset.stop) : null,
        seen: outlineStyle !== "none" && parseFloat(outlineWidth) >= 2
            && width > 0 && height > 0 && top < innerHeight && bottom > 0,
        html: one.outerHTML.slice(0, 150),
    };
}"""


COLOURS = "one => [getComputedStyle(one).color, getComputedStyle(one).backgroundColor]"


def a_measure(status: str) -> Measure:
    """A measure of Syrdarya's running year."""
    return Measure.objects.filter(roadmap__branch__slug="syrdarya", roadmap__year=TODAY.year, status=status)[0]


def walk(page: Page) -> None:
    """Press Tab through the whole page: everything is reached, in order, and is seen when it has the focus."""
    count = page.evaluate(NUMBER_THE_STOPS)
    assert count > 10
    reached, unseen = [], []
    for _press in range(4 * count):  # a date is several stops to the browser
        page.keyboard.press("Tab")
        here = page.evaluate(WHERE)
        if here["stop"] is None or here["stop"] in reached[-1:]:
            continue
        if here["stop"] in reached:
            break
        reached.append(here["stop"])
        if not here["seen"]:
            unseen.append(here["html"])
    missed = sorted(set(range(count)) - set(reached))
    assert [page.locator(f"[data-stop='{stop}']").first.evaluate("one => one.outerHTML") for stop in missed] == []
    assert reached == list(range(count))
    assert unseen == []


@pytest.mark.parametrize("width", [DESK, PHONE])
@pytest.mark.parametrize("place", ["today", "list", "card", "overview", "verdict"])
def test_everything_is_reached_by_tab(visitor, place, width):
    who, address = {
        "today": ("secretary-syrdarya", "/today/"),
        "list": ("secretary-syrdarya", "/measures/"),
        "card": ("secretary-syrdarya", lambda: a_measure("in_progress").get_absolute_url()),
        "overview": ("chair", "/overview/"),
        "verdict": ("controller", lambda: f"/reports/{a_measure('done').statusreports.latest('id').pk}/verify/"),
    }[place]
    page = visitor(who, width=width)
    page.goto(address if isinstance(address, str) else address())
    walk(page)


def test_the_skip_link(visitor):
    page = visitor("chair")
    page.goto("/overview/")
    page.keyboard.press("Tab")
    skip = page.locator(".skip")
    expect(skip).to_be_focused()
    assert skip.bounding_box()["y"] >= 0
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_on_paper(visitor, scheme):
    card = a_measure("in_progress").get_absolute_url()
    for who, address, most in (("chair", "/overview/?year=2024", 4), ("secretary-syrdarya", card, 4)):
        page = visitor(who, color_scheme=scheme)
        page.goto(address)
        assert page.locator("form:visible").count() > 1
        sheets = re.findall(rb"/MediaBox ?\[([^]]+)\]", page.pdf(prefer_css_page_size=True, print_background=True))
        assert 1 <= len(sheets) <= most
        for sheet in sheets:
            left, top, right, bottom = map(float, sheet.split())
            assert (round(right - left), round(bottom - top)) == A4
        page.emulate_media(media="print", color_scheme=scheme)
        expect(page.locator("h1")).to_be_visible()
        for hidden in ("nav", ".skip", "form", "button", "input"):
            assert page.locator(f"{hidden}:visible").count() == 0, hidden
        colours = page.locator("body").evaluate(COLOURS)
        ink, paper = map(brightness, colours)
        assert ink < 60
        assert paper == 255


def brightness(colour: str) -> float:
    """Of rgb(16, 32, 31), from 0 to 255."""
    return sum(map(int, re.findall(r"\d+", colour)[:3])) / 3
