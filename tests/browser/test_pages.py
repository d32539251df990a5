"""Every page as every role: for everybody's eyes and hands, in light and dark, on a desk and on a phone, and quiet."""

from collections.abc import Callable
from typing import NamedTuple

import pytest
from django.conf import settings
from playwright.sync_api import Page

from roadmap.models import Measure, StatusReport
from tests.browser.eyes import DESK, NARROWEST, PHONE, TODAY, amiss, sideways

pytestmark = pytest.mark.browser

PAGES = ("document", "fetch")  # kinds of request that bring a page


class Stop(NamedTuple):
    """A page to look at: its address, what it answers, and what is done there to bring it about."""

    address: str
    status: int = 200
    does: Callable[[Page], None] | None = None


def press(*selectors: str) -> Callable[[Page], None]:
    """Press one thing after another; the last of them opens the page that is looked at."""

    def do(page: Page) -> None:
        for selector in selectors[:-1]:
            page.locator(selector).first.click()
        with page.expect_navigation():
            page.locator(selectors[-1]).first.click()

    return do


def enter_wrongly(page: Page) -> None:
    """Not done, without a reason: the list stays, and says what is missing."""
    row = page.locator(".task").first
    row.locator("label:has([value=not_done])").click()
    row.locator("button").click()
    page.locator(".task [aria-invalid]").wait_for()


def select_open_and_closed(page: Page) -> None:
    """Report several at once: the preview takes the open ones and refuses those that are closed."""
    for row in ("in_progress", "done"):
        page.locator(f"[name=measure][value='{measures().filter(status=row).first().pk}']").check()
    press(".bulk label:has([value=done])", ".bulk button")(page)
    assert page.locator("#h-changed, #h-refused").count() == 2


def open_chart(page: Page) -> None:
    """Let Plotly draw."""
    page.locator(".explore button").click()
    page.locator(".plot .main-svg").first.wait_for()


# --- rows of the demonstration that show everything a page can show ----------------------------------------------
def measures(branch: str = "syrdarya", year: int = TODAY.year):
    return Measure.objects.filter(roadmap__branch__slug=branch, roadmap__year=year).order_by("position")


def last_report(measure: Measure) -> StatusReport:
    return measure.statusreports.latest("id")


def claim(*, confirmed: bool) -> Measure:
    """A measure that is reported as done."""
    done = measures().filter(status="done")
    return next(one for one in done if last_report(one).verifications.exists() is confirmed)


def returned() -> Measure:
    """A measure that control gave back."""
    return next(one for one in measures().filter(status="in_progress") if last_report(one).origin == "refutation")


def pages_of_nobody() -> list[Stop]:
    return [
        Stop("/login/"),
        Stop("/login/", 200, press("form.form button")),
        Stop("/nowhere/", 404),
    ]


def pages_of_secretary() -> list[Stop]:
    card = returned().get_absolute_url()
    wrong_note = press("form.say label:has([value=not_done])", "form.say button")
    return [
        Stop("/today/"),
        Stop("/today/", 422, enter_wrongly),
        Stop("/roadmaps/"),
        Stop("/measures/?q=мектеп&sort=-deadline"),
        Stop("/measures/?q=жоқ-нәрсе&overdue=1"),
        Stop("/measures/?status=nonsense&year=1999&as_of=31.31.2026"),
        Stop("/measures/?status=done&status=in_progress&per_page=200", 200, select_open_and_closed),
        Stop("/measures/", 200, press("[name=measure]", ".bulk label:has([value=not_done])", ".bulk button")),
        Stop(card),
        Stop(card, 200, wrong_note),
        Stop("/overview/", 403),
        Stop("/nowhere/", 404),
        Stop("/profile/"),
        Stop("/profile/password/"),
        Stop("/profile/password/", 200, press("form.form button")),
    ]


def pages_of_reception() -> list[Stop]:
    return [Stop("/measures/"), Stop(claim(confirmed=True).get_absolute_url())]


def pages_of_controller() -> list[Stop]:
    claimed = claim(confirmed=False)
    verify = f"/reports/{last_report(claimed).pk}/verify/"
    return [
        Stop(claimed.get_absolute_url()),
        Stop(verify),
        Stop(verify, 200, press("form.say button")),
        Stop(f"/reports/{last_report(claim(confirmed=True)).pk}/verify/"),
        Stop(f"/reports/{last_report(returned()).pk}/verify/"),
    ]


def pages_of_coordinator() -> list[Stop]:
    open_one, done = returned(), claim(confirmed=False)
    move = f"{open_one.get_absolute_url()}deadline/"
    correct = f"/reports/{last_report(done).pk}/correct/"
    return [
        Stop("/today/"),
        Stop("/measures/"),
        Stop(open_one.get_absolute_url()),
        Stop(move),
        Stop(move, 200, press("form.say button")),
        Stop(f"{done.get_absolute_url()}deadline/"),
        Stop(correct),
        Stop(correct, 200, press("form.say button")),
        Stop(f"/reports/{open_one.statusreports.earliest('id').pk}/correct/"),
    ]


def pages_of_chair() -> list[Stop]:
    card = claim(confirmed=True).get_absolute_url()
    return [
        Stop("/overview/"),
        Stop("/overview/?year=2024", 200, open_chart),
        Stop("/overview/?branch=syrdarya&year=2025"),
        Stop("/overview/?year=1999&as_of=31.31.2026"),
        Stop("/overview/?year=2026&as_of=2026-01-02"),
        Stop("/roadmaps/?year=2024"),
        Stop("/measures/?branch=syrdarya&unconfirmed=1"),
        Stop(f"{card}?as_of=2026-03-01"),
        Stop(f"{card}?show=verifications"),
    ]


def pages_of_observer() -> list[Stop]:
    return [Stop("/overview/?branch=aral"), Stop("/measures/?stale=1&at_risk=1")]


ROLES = {
    None: pages_of_nobody,
    "secretary-syrdarya": pages_of_secretary,
    "reception-syrdarya": pages_of_reception,
    "controller": pages_of_controller,
    "coordinator": pages_of_coordinator,
    "chair": pages_of_chair,
    "observer": pages_of_observer,  # reads Russian
}


@pytest.mark.parametrize("role", ROLES, ids=str)
def test_everybody_can_use_every_page(visitor, role):
    page = visitor(role)
    answers = []
    page.on("response", lambda answer: answers.append(answer) if answer.request.resource_type in PAGES else None)
    wrong = []
    for stop in ROLES[role]():
        page.set_viewport_size({"width": DESK, "height": 900})
        page.emulate_media(color_scheme="light")
        page.goto(stop.address)
        if stop.does:
            stop.does(page)
        name = f"{stop.address}{' and more' if stop.does else ''}"
        if answers[-1].status != stop.status:
            wrong.append(f"{name}: answers {answers[-1].status}, not {stop.status}")
        wrong += [f"{name}, {words}" for words in amiss(page)]
    assert "\n".join(wrong) == ""


@pytest.mark.parametrize("language", ["ru", "en"])
def test_other_languages_fit_a_phone_too(visitor, site, language):
    page = visitor("coordinator", width=PHONE)
    page.context.add_cookies([{"name": settings.LANGUAGE_COOKIE_NAME, "value": language, "url": site}])
    open_one = returned().get_absolute_url()
    claimed = last_report(claim(confirmed=False)).pk
    addresses = ["/today/", "/overview/", "/roadmaps/?year=2026", "/measures/", open_one, f"{open_one}deadline/"]
    wrong = []
    for address in [*addresses, f"/reports/{claimed}/correct/", "/profile/", "/profile/password/", "/nowhere/"]:
        page.goto(address)
        assert page.locator("html").get_attribute("lang") == language
        for width in (PHONE, NARROWEST):
            page.set_viewport_size({"width": width, "height": 900})
            wrong += [f"{address} {width} px: scrolls sideways to {wide}" for wide in [sideways(page)] if wide]
    assert wrong == []
