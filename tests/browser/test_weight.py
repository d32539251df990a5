"""What a first visit costs on a slow line, measured on the wire of a server that runs as production does."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.db import connection
from playwright.sync_api import Page

from tests.browser.eyes import DESK, PHONE

pytestmark = pytest.mark.browser

MOST = 100_000  # bytes, without Plotly
SECONDS_TO_START = 30


@pytest.fixture
def production(site, tmp_path) -> Iterator[str]:
    """The address of gunicorn, with compressed static files, on the test's own database."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = os.environ | {
        "DATA_DIR": str(tmp_path),
        "DATABASE_URL": database_url(),
        "SECRET_KEY": settings.SECRET_KEY,  # so that sessions of the test's clients are known there
        "PORT": str(port),
        "DEBUG": "0",
        "WEB_CONCURRENCY": "1",
    }
    manage = [sys.executable, "manage.py", "collectstatic", "--noinput", "--verbosity", "0"]
    subprocess.run(manage, cwd=settings.BASE_DIR, env=environment, check=True)
    configured = ["--config", "amanat_tracker/gunicorn_conf.py", "tests.browser.production:application"]
    gunicorn = [sys.executable, "-m", "gunicorn", *configured]
    with (tmp_path / "log").open("wb") as log:
        server = subprocess.Popen(gunicorn, cwd=settings.BASE_DIR, env=environment, stdout=log, stderr=log)
    try:
        address = f"http://127.0.0.1:{port}"
        wait_for(f"{address}/healthz", server, tmp_path / "log")
        yield address
    finally:
        server.terminate()
        server.wait(timeout=30)


def database_url() -> str:
    """The test's database, as the environment names it."""
    name = connection.settings_dict["NAME"]
    if connection.vendor == "sqlite":
        return f"sqlite:///{name}"
    return urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}").geturl()


def wait_for(address: str, server: subprocess.Popen, log: Path) -> None:
    """Until it answers."""
    deadline = time.monotonic() + SECONDS_TO_START
    while True:
        try:
            with urllib.request.urlopen(address) as answer:
                assert answer.status == 200
                return
        except urllib.error.URLError:
            assert server.poll() is None and time.monotonic() < deadline, log.read_text()
        time.sleep(0.1)


def test_a_first_visit_is_light(production, visitor):
    weights = {
        f"{address} ({username})": weigh(visitor(username, width=width, at=production), production, address)
        for username, address, width in (
            (None, "/login/", PHONE),
            ("secretary-syrdarya", "/today/", PHONE),
            ("secretary-kyzylorda-oblast", "/today/", DESK),  # the longest list
            ("chair", "/overview/", DESK),
            ("chair", "/overview/?year=2024", PHONE),
            ("controller", "/control/", PHONE),
            ("controller", "/control/sites/1/", PHONE),
            ("controller", "/control/sites/1/visit/", PHONE),
            ("controller", "/bodies/1/meeting/?agenda=draft", DESK),
            ("secretary-syrdarya", "/councils/", PHONE),
        )
    }
    told = "\n".join(f"{page}: {sum(files.values())} bytes: {files}" for page, files in weights.items())
    print(told)
    assert all(sum(files.values()) < MOST for files in weights.values()), told


def weigh(page: Page, site: str, address: str) -> dict[str, int]:
    """Bytes on the wire, headers too, of everything that an empty cache asks for."""
    line = page.context.new_cdp_session(page)
    names, sizes = {}, {}
    line.on("Network.responseReceived", lambda event: names.update({event["requestId"]: event["response"]["url"]}))
    line.on("Network.loadingFinished", lambda event: sizes.update({event["requestId"]: event["encodedDataLength"]}))
    line.send("Network.enable")
    page.goto(address, wait_until="networkidle")
    files = {names[request].removeprefix(site): int(size) for request, size in sizes.items() if size}
    assert address in files
    assert any("site." in name for name in files)
    assert not any("plotly" in name for name in files)
    return files
