"""Chromium, the site with its demonstration on one day, and people who open its pages.

Whatever a test opens is watched: a word in the browser's console (a breach of the content security policy is one), a
failed script, a request to another host or a missing file fails the test that caused it.
"""

import contextlib
import datetime as dt
import os
import shutil
import sqlite3
import zoneinfo
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
import time_machine
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from branches.management.commands.load_demonstration import fixture_files
from branches.models import User

TODAY = dt.date(2026, 11, 22)  # a Sunday late in the demonstration's last year: done, late, refuted and unreported
NOON = dt.datetime.combine(TODAY, dt.time(12), zoneinfo.ZoneInfo("Asia/Qyzylorda"))
PASSWORD = "кілт-сөз-2026"

DESK, PHONE, NARROWEST = 1280, 390, 320  # widths of a window, in CSS pixels

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome")
NO_CHROMIUM = "No Chromium was found: apt install chromium, or set CHROMIUM=/path/to/it."
LAUNCH = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


# --- Chromium --------------------------------------------------------------------------------------------------------
@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium; without it browser tests are skipped, and fail where CI=true."""
    named = os.environ.get("CHROMIUM")
    found = next(filter(None, map(shutil.which, [named] if named else CHROMIUM_NAMES)), None)
    if found is None:
        (pytest.fail if os.environ.get("CI", "").lower() in ("1", "true") else pytest.skip)(NO_CHROMIUM)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=found, args=LAUNCH)
        yield chromium
        chromium.close()


# --- the site --------------------------------------------------------------------------------------------------------
@pytest.fixture(autouse=True)
def clock():
    """It is TODAY, and time goes on; the server lives in this process and sees the same clock."""
    with time_machine.travel(NOON, tick=True) as traveller:
        yield traveller


@pytest.fixture(scope="session")
def snapshot() -> Iterator[sqlite3.Connection]:
    """The loaded demonstration, kept aside in memory; each test gets a copy of it."""
    with contextlib.closing(sqlite3.connect(":memory:", check_same_thread=False)) as kept:
        yield kept


@pytest.fixture
def site(browser, clock, snapshot, live_server, transactional_db) -> str:
    """The address of the site. It holds the demonstration; everybody's password is PASSWORD."""
    if connection.vendor != "sqlite":  # nothing to copy from: loaded anew, which takes seconds
        load_demonstration()
    elif snapshot.execute("PRAGMA page_count").fetchone() == (0,):
        load_demonstration()
        connection.connection.backup(snapshot)
    else:
        connection.ensure_connection()
        snapshot.backup(connection.connection)
    return live_server.url


def load_demonstration() -> None:
    call_command("loaddata", *map(str, fixture_files(with_demonstration=True)), verbosity=0)
    User.objects.create_superuser("admin")
    people = list(User.objects.all())
    for person in people:
        person.set_password(PASSWORD)
    User.objects.bulk_update(people, ["password"])


# --- people at their browsers ----------------------------------------------------------------------------------------
class Watch:
    """Hears what goes wrong in a browser."""

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
        if message.type in ("error", "warning") and not message.text.startswith("Failed to load resource"):
            self.heard.append(f"{message.page and message.page.url}: {message.text}")

    def _response(self, response) -> None:
        if response.status >= 400 and response.request.resource_type not in ("document", "fetch"):
            self.heard.append(f"{response.url}: {response.status}")

    @property
    def foreign(self) -> set[str]:
        """Other hosts that were spoken to; data: and blob: have no host."""
        return self.hosts - {self.site, ""}


@pytest.fixture
def visitor(browser, site):
    """`visitor("chair", width=390, …)`: an empty page in a browser of one's own; nobody is logged in without a name.

    What the page said amiss fails the test at its end; `page.watch` has it before.
    """
    watches = []

    def arrive(username: str | None = None, *, width: int = DESK, height: int = 900, **options) -> Page:
        context = browser.new_context(base_url=site, viewport={"width": width, "height": height}, **options)
        contexts.callback(context.close)
        context.set_default_timeout(10_000)
        if username:
            context.add_cookies([session_cookie(username) | {"url": site}])
        page = context.new_page()
        page.watch = Watch(context, site)
        watches.append(page.watch)
        return page

    with contextlib.ExitStack() as contexts:
        yield arrive
    assert [word for watch in watches for word in watch.heard] == []
    assert set().union(*(watch.foreign for watch in watches)) == set()


def session_cookie(username: str) -> dict[str, str]:
    """The session of somebody who has logged in."""
    client = Client()
    client.force_login(User.objects.get(username=username))
    return {"name": settings.SESSION_COOKIE_NAME, "value": client.cookies[settings.SESSION_COOKIE_NAME].value}


@pytest.fixture(scope="session")
def axe() -> Axe:
    """The judge of accessibility."""
    return Axe()
