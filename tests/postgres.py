#!/usr/bin/env python3
"""A PostgreSQL server of one's own, for as long as a command runs.

    python tests/postgres.py python -m pytest

runs the command with DATABASE_URL set, and ends with its exit code; with 69 (EX_UNAVAILABLE) where the machine has no
PostgreSQL server. The server listens on a socket in a temporary directory only, and keeps nothing.
"""

import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

PROGRAMS = "/usr/lib/postgresql"  # where Debian keeps the server's programs: <major version>/bin
SECONDS_TO_START = 30
SPEED = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class NoServerError(Exception):
    """The machine has no PostgreSQL server."""


def server_programs() -> Path:
    """The directory of initdb and postgres: PG_BIN, or the newest that Debian has installed, or that of the PATH."""
    if os.environ.get("PG_BIN"):
        found = [Path(os.environ["PG_BIN"])]
    else:
        debian = [path for path in Path(PROGRAMS).glob("*/bin") if path.parent.name.isdigit()]
        found = sorted(debian, key=lambda path: int(path.parent.name), reverse=True)
        on_path = shutil.which("initdb")
        found += [Path(on_path).resolve().parent] if on_path else []
    for directory in found:
        if os.access(directory / "initdb", os.X_OK) and os.access(directory / "postgres", os.X_OK):
            return directory
    raise NoServerError(f"No PostgreSQL server in {', '.join(map(str, found)) or PROGRAMS}.")


def unprivileged() -> dict[str, object]:
    """How to start a program as nobody in particular: PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return {}
    names = {user.pw_name: user for user in pwd.getpwall()}
    user = names.get("postgres") or names["nobody"]
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


@contextmanager
def temporary_postgres(database: str = "amanat") -> Iterator[str]:
    """Run a server; yields the DATABASE_URL of an empty database in it."""
    programs, who = server_programs(), unprivileged()
    # Not TMPDIR: a socket's path may have 107 bytes, no more.
    home = Path(tempfile.mkdtemp(prefix="amanat-pg-", dir="/tmp"))
    if who:
        os.chown(home, who["user"], who["group"])
    common = {"cwd": home, "env": {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "HOME": str(home)}, **who}
    server = None
    try:
        cluster = ["--pgdata", home / "data", "--username", "postgres", "--auth", "trust", "--encoding", "UTF8"]
        initdb = [programs / "initdb", *cluster, "--locale", "C.UTF-8", "--no-sync", "--no-instructions"]
        subprocess.run(initdb, check=True, stdout=subprocess.DEVNULL, **common)

        options = {"listen_addresses": "", "unix_socket_directories": home, **SPEED}
        postgres = [
            programs / "postgres",
            "-D",
            home / "data",
            *(f"-c{name}={value}" for name, value in options.items()),
        ]
        with (home / "log").open("wb") as log:
            # A session of its own: Ctrl-C is for the tests, which still need the server to end well.
            server = subprocess.Popen(postgres, stdout=log, stderr=log, start_new_session=True, **common)
        client = ["--host", home, "--username", "postgres"]
        deadline = time.monotonic() + SECONDS_TO_START
        while subprocess.run([programs / "pg_isready", "--quiet", *client], **common).returncode:
            if server.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError((home / "log").read_text(errors="replace"))
            time.sleep(0.05)
        subprocess.run([programs / "createdb", *client, database], check=True, **common)
        yield f"postgres://postgres@/{database}?host={home}"
    finally:
        if server is not None:
            stop(server)
        shutil.rmtree(home, ignore_errors=True)


def stop(server: subprocess.Popen) -> None:
    """End the server, whoever is still connected."""
    server.send_signal(signal.SIGINT)  # PostgreSQL's "fast shutdown"
    try:
        server.wait(timeout=15)
    except subprocess.TimeoutExpired:
        server.send_signal(signal.SIGQUIT)  # "immediate shutdown"
        server.wait()


def main(command: list[str]) -> int:
    """Run a command beside a server; gives the exit code."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, end)
    try:
        with temporary_postgres() as url:
            return run(command, {**os.environ, "DATABASE_URL": url})
    except NoServerError as lack:
        print(lack, file=sys.stderr)
        return os.EX_UNAVAILABLE


def end(number: int, frame: object) -> None:
    """Leave at the first signal; further ones must not interrupt the tidying up."""
    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, signal.SIG_IGN)
    sys.exit(128 + number)


def run(command: list[str], environment: dict[str, str]) -> int:
    """Run a command; when we have to leave, it gets a moment to say what it has found."""
    child = subprocess.Popen(command, env=environment)
    try:
        return child.wait()
    except SystemExit:
        with suppress(subprocess.TimeoutExpired):
            child.wait(timeout=5)
        child.kill()
        raise


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
