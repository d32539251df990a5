"""Pages beside the daily way, and what runs on them: errors, the chart, the administrator's office."""

import re

import pytest
from playwright.sync_api import expect

from roadmap.views import overview
from tests.browser.eyes import amiss

pytestmark = pytest.mark.browser


def test_the_watch_hears(visitor, site):
    """Otherwise nothing below, and nothing that any test says of quiet pages, means anything."""
    page = visitor()
    page.goto("/login/")
    page.evaluate(
        """() => {
            document.head.append(Object.assign(document.createElement("script"), { textContent: "1" }));
            document.body.append(Object.assign(new Image(), { src: "/static/nothing.png" }));
            setTimeout(() => { throw new Error("a bug") });
            fetch("http://elsewhere.example/").catch(() => {});
        }"""
    )
    page.wait_for_timeout(500)
    heard = "\n".join(page.watch.heard)
    for word in ("Content Security Policy", "/static/nothing.png: 404", "a bug"):
        assert word in heard
    assert "connect-src" in heard  # the policy stops a request to another host before it is made
    page.watch.heard.clear()

    assert not page.watch.foreign
    page.goto(f"{site.replace('localhost', '127.0.0.1')}/login/", wait_until="networkidle")
    assert len(page.watch.foreign) == 1
    page.watch.hosts.clear()


def test_error_pages(visitor, monkeypatch):
    page = visitor("chair")
    answers = []
    page.on("response", lambda answer: answers.append(answer) if answer.request.is_navigation_request() else None)
    wrong = []

    def look(status: int) -> None:
        assert answers[-1].status == status
        wrong.extend(f"{status}, {words}" for words in amiss(page))

    def fail(**_asked):
        raise ValueError("a bug")

    monkeypatch.setattr(overview, "overview", fail)
    page.goto("/overview/")
    look(500)

    page.goto("/profile/")
    page.locator(".langs [value=ru]").evaluate("button => { button.value = 'xx' }")
    page.locator(".langs [value=xx]").click()
    look(400)

    page.goto("/profile/")
    page.context.clear_cookies(name="csrftoken")
    page.locator(".langs [value=ru]").click()
    look(403)
    assert wrong == []


def test_the_chart_stays_at_home_and_speaks_kazakh(visitor):
    page = visitor("chair")
    page.goto("/overview/?year=2024")
    assert "vendor" not in page.content().split("<main")[0]  # nothing of Plotly is fetched unasked
    box = page.locator("[data-chart=pace-data]")
    button, plot = box.locator("> button"), box.locator(".plot")
    button.click()
    expect(plot.locator(".main-svg").first).to_be_visible()
    expect(button).to_be_hidden()
    plot.hover()
    expect(plot.locator(".hovertext").first).to_be_visible()

    titles = [button.get_attribute("data-title") for button in plot.locator(".modebar-btn").all()]
    assert titles
    assert [title for title in titles if re.search("share|cloud|edit|studio|plotly", title, re.IGNORECASE)] == []
    words = [*titles, *plot.locator("text").all_text_contents()]
    assert [word for word in words if re.search("[A-Za-z]", word.replace("PNG", ""))] == []
    for name in ("қаң", "жел"):
        assert name in " ".join(words)
    with page.expect_download() as saved:
        plot.locator(f"[data-title='{next(title for title in titles if 'PNG' in title)}']").click()
    assert saved.value.suggested_filename.endswith(".png")
    assert not page.watch.foreign


def test_the_office_is_quiet(visitor, settings):
    page = visitor("admin")
    office = f"/{settings.ADMIN_PATH}"
    page.goto(office)
    lists = page.locator("#content-main th a").evaluate_all("links => links.map((link) => link.pathname)")
    assert f"{office}branches/user/" in lists
    for address in lists:
        page.goto(address)
        assert page.locator("#changelist").count() == 1, address
        add = page.locator(".object-tools a.addlink")
        if add.count():
            page.goto(add.get_attribute("href"))
            assert page.locator("form .submit-row").count() == 1, address
    page.goto(f"{office}branches/user/")
    page.locator("#result_list tbody th a").first.click()
    expect(page.locator("form .submit-row")).to_have_count(1)
