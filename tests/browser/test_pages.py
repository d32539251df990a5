"""Every page as every role: for everybody's eyes and hands, in light and dark, on a desk and on a phone, and quiet."""

import re
from collections.abc import Callable
from typing import NamedTuple

import pytest
from django.core.cache import cache
from playwright.sync_api import Page

from branches.models import User
from roadmap.models import Measure, StatusReport
from tests.browser.conftest import DESK, NARROWEST, PHONE, TODAY

pytestmark = pytest.mark.browser


class Stop(NamedTuple):
    """A page to look at: its address, what it answers, and what is done on it first."""

    address: str
    status: int = 200
    does: Callable[[Page], None] | None = None


def press(*selectors: str) -> Callable[[Page], None]:
    """Press one thing after another; the last of them opens the page that is looked at."""

    def do(page: Page) -> None:
        for selector in selectors:
            page.locator(selector).first.click()
        page.wait_for_load_state()

    return do


# --- rows of the demonstration that show everything a page can show ------------------------------------------------------
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
    return next(one for one in measures() if last_report_origin(one) == "refutation")


def last_report_origin(measure: Measure) -> str:
    report = measure.statusreports.order_by("-id").first()
    return report.origin if report else ""


def pages_of(role: str) -> list[Stop]:
    """The addresses that a role opens, with what is refused to it."""
    plain = [Stop("/profile/"), Stop("/roadmaps/"), Stop("/measures/"), Stop("/nowhere/", 404)]
    card = claim(confirmed=True).get_absolute_url()
    year = f"year={TODAY.year}"
    if role == "nobody":
        return [
            Stop("/login/"),
            Stop("/login/", 200, press("form.form button")),
            Stop("/nowhere/", 404),
        ]
    if role == "secretary-syrdarya":
        open_one = returned()
        return [
            *plain,
            Stop("/today/"),
            Stop("/today/", 422, press(".task label:has([value=not_done])", ".task button")),
            Stop("/measures/?q=мектеп&sort=-deadline"),
            Stop("/measures/?status=done&status=in_progress&overdue=1"),
            Stop("/measures/?status=nonsense&year=1999&as_of=31.31.2026"),
            Stop("/measures/?q=жоқ-нәрсе"),
            Stop("/measures/", 200, press("[name=measure]", ".bulk label:has([value=done])", ".bulk button")),
            Stop("/measures/", 200, several_of_two_kinds),
            Stop(open_one.get_absolute_url()),
            Stop(open_one.get_absolute_url(), 200, press("form.say label:has([value=not_done])", "form.say button")),
            Stop(f"{open_one.get_absolute_url()}report/"),
            Stop(card),
            Stop("/overview/", 403),
            Stop("/profile/password/"),
            Stop("/profile/password/", 200, press("form.form button")),
        ]
    if role == "reception-syrdarya":
        return [*plain, Stop(card), Stop("/today/", 403)]
    if role == "controller":
        done = claim(confirmed=False)
        verify = f"/reports/{last_report(done).pk}/verify/"
        return [
            *plain,
            Stop(done.get_absolute_url()),
            Stop(verify),
            Stop(verify, 200, press("form.say button")),
            Stop(f"/reports/{last_report(claim(confirmed=True)).pk}/verify/"),
            Stop(f"/reports/{last_report(returned()).pk}/verify/"),
        ]
    if role == "coordinator":
        open_one, done = returned(), claim(confirmed=False)
        correct = f"/reports/{last_report(done).pk}/correct/"
        return [
            *plain,
            Stop("/today/"),
            Stop(open_one.get_absolute_url()),
            Stop(f"{open_one.get_absolute_url()}deadline/"),
            Stop(f"{open_one.get_absolute_url()}deadline/", 200, press("form.say button")),
            Stop(f"{done.get_absolute_url()}deadline/"),
            Stop(correct),
            Stop(correct, 200, press("form.say button")),
            Stop(f"/reports/{open_one.statusreports.earliest('id').pk}/correct/"),
        ]
    if role == "chair":
        return [
            *plain,
            Stop("/overview/"),
            Stop("/overview/?year=2024"),
            Stop("/overview/?branch=syrdarya&year=2025"),
            Stop("/overview/?as_of=2026-01-02"),
            Stop("/overview/?year=1999&as_of=31.31.2026"),
            Stop("/roadmaps/?year=2024"),
            Stop("/roadmaps/?year=2026&as_of=2026-01-02"),
            Stop(f"/measures/?{year}&branch=syrdarya&unconfirmed=1"),
            Stop(f"{card}?as_of=2026-03-01"),
            Stop(f"{card}?show=verifications"),
            Stop("/overview/", 200, press(".explore button")),
        ]
    assert role == "observer"
    return [*plain, Stop("/overview/?branch=aral"), Stop("/measures/?stale=1&at_risk=1")]


def several_of_two_kinds(page: Page) -> None:
    """Select what can be reported and what is closed already: the preview takes one and refuses the other."""
    for address in ("status=in_progress", "status=done"):
        assert measures().filter(status=address.split("=")[1]).exists()
    page.goto("/measures/?status=done&status=in_progress&per_page=200")
    for box in page.locator("[name=measure]").all():
        box.check()
    press(".bulk label:has([value=done])", ".bulk button")(page)


ROLES = ["nobody", "secretary-syrdarya", "reception-syrdarya", "controller", "coordinator", "chair", "observer"]


@pytest.mark.parametrize("role", ROLES)
def test_everybody_can_use_every_page(visitor, axe, role):
    cache.clear()
    page = visitor(None if role == "nobody" else role)
    wrong = []
    for stop in pages_of(role):
        answers = []
        page.on("response", lambda response, answers=answers: answers.append(response) if response.request.resource_type in ("document", "fetch") else None)
        page.set_viewport_size({"width": DESK, "height": 900})
        page.emulate_media(color_scheme="light")
        page.goto(stop.address)
        if stop.does:
            stop.does(page)
            page.wait_for_timeout(100)
        name = f"{stop.address}{' *' if stop.does else ''}"
        if answers[-1].status != stop.status:
            wrong.append(f"{name}: answers {answers[-1].status}, not {stop.status}")
        page.screenshot(path=f"/work/shots/br-{role}-{re.sub('[^a-z0-9]+','_',name)}.png", full_page=True)
        for width in (DESK, PHONE):
            page.set_viewport_size({"width": width, "height": 900})
            for scheme in ("light", "dark"):
                page.emulate_media(color_scheme=scheme)
                found = axe.run(page)
                if found.violations_count:
                    wrong.append(f"{name} {width} {scheme}: {found.generate_report()}")
        for width in (NARROWEST, PHONE, DESK):
            page.set_viewport_size({"width": width, "height": 900})
            if wide := sideways(page):
                wrong.append(f"{name}: at {width} px scrolls sideways to {wide}")
    assert "\n".join(wrong) == ""


def sideways(page: Page) -> str:
    """How wide the page is and what makes it so, if it is wider than its window."""
    return page.evaluate(
        """() => {
            const room = document.documentElement.clientWidth;
            const wide = Math.max(document.documentElement.scrollWidth, document.body.scrollWidth);
            if (wide <= room) return "";
            const culprits = [...document.querySelectorAll("body *")]
                .filter((one) => one.getBoundingClientRect().right > room + 1 && !one.closest(".scroll, svg, .vh"));
            return `${wide}: ${culprits.slice(0, 3).map((one) => one.outerHTML.slice(0, 120)).join(" | ")}`;
        }"""
    )
