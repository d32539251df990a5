"""Chromium, the site with its demonstration on one day, and people who open its pages."""

import contextlib
import os
import shutil
import sqlite3
from collections.abc import Iterator

import pytest
import time_machine
from django.conf import settings
from django.db import connection
from django.test import Client
from playwright.sync_api import Browser, Page, expect, sync_playwright

from amanat_tracker.database.loading import load_fixtures
from branches.management.commands.load_demonstration import fixture_files
from branches.models import User
from tests.browser.eyes import DESK, NOON, PASSWORD, Watch

expect.set_options(timeout=15_000)  # ms: a busy machine is slow, not wrong
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
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")  # the server does it too, a minute later
    elif snapshot.execute("PRAGMA page_count").fetchone() == (0,):
        load_demonstration()
        connection.connection.backup(snapshot)
    else:
        connection.ensure_connection()
        snapshot.backup(connection.connection)
    return live_server.url


def load_demonstration() -> None:
    load_fixtures(fixture_files(with_demonstration=True))
    User.objects.create_superuser("admin")
    people = list(User.objects.all())
    for person in people:
        person.set_password(PASSWORD)
    User.objects.bulk_update(people, ["password"])


# --- people at their browsers ----------------------------------------------------------------------------------------
@pytest.fixture
def visitor(browser, site):
    """`visitor("chair", width=390, …)`: an empty page in a browser of one's own; nobody is logged in without a name.

    What the page said amiss fails the test at its end; `page.watch` has it before.
    """
    watches = []

    def arrive(username: str | None = None, *, width: int = DESK, height: int = 900, at: str = site, **options) -> Page:
        context = browser.new_context(base_url=at, viewport={"width": width, "height": height}, **options)
        contexts.callback(context.close)
        context.set_default_timeout(20_000)
        if username:
            context.add_cookies([cookie | {"url": at} for cookie in cookies_of(username)])
        page = context.new_page()
        page.watch = Watch(context, at)
        watches.append(page.watch)
        return page

    with contextlib.ExitStack() as contexts:
        yield arrive
    assert [word for watch in watches for word in watch.heard] == []
    assert set().union(*(watch.foreign for watch in watches)) == set()


def cookies_of(username: str) -> list[dict[str, str]]:
    """What the browser of somebody who has logged in keeps: the session, and the language."""
    client, person = Client(), User.objects.get(username=username)
    client.force_login(person)
    values = {
        settings.SESSION_COOKIE_NAME: client.cookies[settings.SESSION_COOKIE_NAME].value,
        settings.LANGUAGE_COOKIE_NAME: person.language,
    }
    return [{"name": name, "value": value} for name, value in values.items()]
