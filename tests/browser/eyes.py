"""What tests of pages share: the day they play on, the windows they look through, what they see amiss."""

import datetime as dt
import zoneinfo
from urllib.parse import urlsplit

from axe_playwright_python.base import AXE_SCRIPT, AxeResults
from playwright.sync_api import BrowserContext, Page

TODAY = dt.date(2026, 11, 22)  # late in the demonstration's last year: done, overdue, refuted, not reported
NOON = dt.datetime.combine(TODAY, dt.time(12), zoneinfo.ZoneInfo("Asia/Qyzylorda"))
PASSWORD = "кілт-сөз-2026"  # everybody's

DESK, PHONE, NARROWEST = 1280, 390, 320  # widths of a window, in CSS pixels


class Watch:
    """Hears what goes wrong in a browser: errors in its console (a breach of the content security policy is one),
    scripts that fail, files that are missing, requests to another host.
    """

    def __init__(self, context: BrowserContext, site: str):
        self.heard: list[str] = []
        self.hosts: set[str] = set()
        self.site = urlsplit(site).netloc
        context.on("console", self._console)
        context.on("weberror", lambda error: self.heard.append(f"{error.page and error.page.url}: {error.error}"))
        context.on("request", lambda request: self.hosts.add(urlsplit(request.url).netloc))
        context.on("response", self._response)

    def _console(self, message) -> None:
        # A page that answers 403 or 404, as asked for, is "an error" too; files that are missing are heard below.
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            self.heard.append(f"{message.page and message.page.url}: {message.text}")

    def _response(self, response) -> None:
        if response.status >= 400 and response.request.resource_type not in ("document", "fetch"):
            self.heard.append(f"{response.url}: {response.status}")

    @property
    def foreign(self) -> set[str]:
        """Other hosts that were spoken to; data: and blob: have no host."""
        return self.hosts - {self.site, ""}


def amiss(page: Page) -> list[str]:
    """What is wrong with a page in any window and light. In the dark only colours differ, so only they are judged."""
    wrong = []
    for width in (DESK, PHONE, NARROWEST):
        page.set_viewport_size({"width": width, "height": 900})
        if wide := sideways(page):
            wrong.append(f"{width} px: scrolls sideways to {wide}")
        if width == NARROWEST:
            break
        for scheme, rules in (("light", ()), ("dark", ("color-contrast", "link-in-text-block"))):
            page.emulate_media(color_scheme=scheme)
            if found := judged(page, *rules):
                wrong.append(f"{width} px, {scheme}: {found}")
    return wrong


def judged(page: Page, *rules: str) -> str:
    """What axe finds wrong on the page, in words; nothing when all is well. All rules, or those that are named."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    options = {"resultTypes": ["violations"], **({"runOnly": list(rules)} if rules else {})}
    found = AxeResults(page.evaluate("options => axe.run(options)", options))
    return found.generate_report() if found.violations_count else ""


def sideways(page: Page) -> str:
    """How wide the page is, and because of what, if it is wider than its window. A chart gets time to fit itself."""
    if wide := page.evaluate(SIDEWAYS):
        page.wait_for_timeout(500)
        wide = page.evaluate(SIDEWAYS)
    return wide


SIDEWAYS = """() => {
    const room = document.documentElement.clientWidth;
    const wide = Math.max(document.documentElement.scrollWidth, document.body.scrollWidth);
    if (wide <= room) return "";
    const culprits = [...document.querySelectorAll("body *")]
        .filter((one) => one.getBoundingClientRect().right > room + 1 && !one.closest(".scroll, svg, .vh"));
    return `${wide}: ${culprits.slice(0, 3).map((one) => one.outerHTML.slice(0, 120)).join(" | ")}`;
}"""
