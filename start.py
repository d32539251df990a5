#!/usr/bin/env python3
"""Amanat tracker in one command, on a machine that has Python 3.11 and nothing else.

    python3 start.py              prepare what is not prepared yet, then serve
    python3 start.py prepare      prepare only (before the service is restarted in production)
    python3 start.py install      the packages only, those of the tests too
    python3 start.py test [...]   run every test; what follows goes to pytest

Settings come from the environment and from .env; .env.example names them all.
"""
# Standard library only, and the syntax of Python 3.6, so that an older Python can still say what is wrong.

import base64
import contextlib
import errno
import fcntl
import hashlib
import importlib.util
import os
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from urllib.parse import urlsplit

OLDEST_PYTHON = (3, 11)
ROOT = Path(__file__).resolve().parent
ENV_FILE = ROOT / ".env"
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
INSTALLED = VENV / "installed"  # what .venv holds: Python's version, then a digest of each list of packages
REQUIREMENTS = ROOT / "requirements.txt"
TEST_REQUIREMENTS = ROOT / "tests" / "requirements.txt"  # holds the packages of REQUIREMENTS too
EVERY_ADDRESS = ("0.0.0.0", "::")  # noqa: S104, only compared with

inherited = []  # the lock: a child that outlives a killed start.py goes on holding it


class Refusal(Exception):
    """Why it cannot be done, in one sentence for the person at the keyboard."""


def main(arguments):
    """Do what the command line says; give the exit code: 0, 1 for failed tests, 2 for a refusal, 130 for Ctrl-C."""
    verb, rest = (arguments[0], arguments[1:]) if arguments else ("serve", [])
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    try:
        need_python(sys.version_info)
        if verb == "test":
            return run_tests(rest)
        if verb not in VERBS or rest:
            raise Refusal(f"start.py knows no {' '.join(arguments)!r}: say prepare, install, test or nothing.")
        VERBS[verb]()
        return 0
    except Refusal as refusal:
        sentence = str(refusal)
    except OSError as error:
        sentence = f"{error.filename or 'start.py'}: {error.strerror or error}."
    except KeyboardInterrupt:
        return 130
    print(sentence, file=sys.stderr)
    return 2


def serve():
    """Prepare everything, then become gunicorn."""
    read_environment()
    host, port = address()
    refuse_taken_port(host, port)
    prepare()
    refuse_taken_port(host, port)

    shown = "127.0.0.1" if host in EVERY_ADDRESS else in_url(host)
    print(f"\nAmanat tracker: http://{shown}:{port}/ (Ctrl-C stops it)")
    if host in EVERY_ADDRESS and not setting("ALLOWED_HOSTS"):
        print("It listens on every address, but answers only to 127.0.0.1 and localhost: set ALLOWED_HOSTS=name,name.")
    logins = data_directory() / "demo-logins.txt"
    if not wants_demonstration():
        print("No administrator yet? With the same settings: .venv/bin/python manage.py createsuperuser")
    elif logins.exists():
        print(f"Demonstration logins, kept in {logins}:")
        for login in logins.read_text().splitlines():
            print("  {:<14} {:<20} {}".format(*login.split("\t")))
    sys.stdout.flush()

    os.environ.update(BIND=host, PORT=str(port), ALLOWED_HOSTS=allowed_hosts(host, setting("ALLOWED_HOSTS")))
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # until gunicorn minds Ctrl-C itself: no traceback in between
    os.chdir(str(ROOT))
    os.execv(str(PYTHON), [str(PYTHON), "-m", "gunicorn", "-c", "amanat_tracker/gunicorn_conf.py"])  # noqa: S606


def prepare():
    """Everything between a fresh checkout and a site that can be served; what is done already is not done again."""
    read_environment()
    data = data_directory()
    refuse_odd_database(setting("DATABASE_URL", "sqlite:///"))
    os.environ["DEMO"] = "1" if wants_demonstration() else "0"
    with only_one():
        install_packages([REQUIREMENTS])
        os.umask(0o027)  # what the site writes is not for everybody on this machine
        for name, make in SECRETS.items():
            if not setting(name) and keep_secret(ENV_FILE, name, make()) and name == PERSONAL_DATA_KEYS:
                print(f"  A key for personal data was made in {ENV_FILE}: keep a copy apart from the database's.")
        manage("Message catalogues", "compile_catalogues")
        manage("Database", "check_database")
        manage("Tables", "migrate", "--noinput")
        manage("Reference and demonstration data" if wants_demonstration() else "Reference data", "load_demonstration")
        if wants_demonstration():
            manage("Demonstration logins", "demo_logins")
        collect_static(data)


def install():
    """The packages of the site and of its tests, and nothing else."""
    with only_one():
        install_packages([REQUIREMENTS, TEST_REQUIREMENTS])


VERBS = {"serve": serve, "prepare": prepare, "install": install}

# --- what the machine must have --------------------------------------------------------------------------------------


def need_python(version):
    """Refuse a Python that is too old."""
    if tuple(version[:2]) < OLDEST_PYTHON:
        raise Refusal("Python {}.{} or newer is needed; this is Python {}.{}.".format(*OLDEST_PYTHON, *version[:2]))


def address():
    """BIND and PORT: where to listen."""
    host, port = setting("BIND", "127.0.0.1").strip("[]"), setting("PORT", "8000")
    if not port.isdigit() or not 1 <= int(port) <= 65535:
        raise Refusal(f"PORT must be a number from 1 to 65535, not {port!r}.")
    return host, int(port)


def refuse_taken_port(host, port):
    """Refuse an address on which nobody could listen now."""
    try:
        family, kind, protocol, _, where = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(where)
    except (OSError, UnicodeError) as error:
        reason = getattr(error, "errno", None)
        if reason == errno.EADDRINUSE:
            raise Refusal(f"Port {port} of {host} is in use: stop what listens there or choose another PORT.") from None
        if reason == errno.EACCES:
            raise Refusal(f"Port {port} is not open to this user: choose a PORT from 1024 up.") from None
        raise Refusal(f"BIND={host} is not an address of this machine.") from None


def data_directory():
    """DATA_DIR, made and tried: the place of everything that the running site writes."""
    directory = ROOT / setting("DATA_DIR", "var")
    try:
        directory.mkdir(mode=0o750, parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=str(directory)):
            return directory
    except OSError as error:
        raise Refusal(f"DATA_DIR {directory} cannot be written: {error.strerror}.") from None


def refuse_odd_database(url):
    """Refuse a DATABASE_URL that could not be understood; it is not shown, for it may hold a password."""
    try:
        parts = urlsplit(url)
        known = parts.scheme in ("sqlite", "postgres", "postgresql") and (parts.port is None or parts.port > 0)
    except ValueError:
        known = False
    if not known:
        raise Refusal("DATABASE_URL must look like postgres://user:password@host:5432/name or sqlite:////path/to/file.")


@contextlib.contextmanager
def only_one():
    """Let one start.py at a time prepare this checkout; a second one waits, and says so."""
    with Path(__file__).resolve().open() as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print("Another start.py is preparing this checkout: waiting for it.", flush=True)
            fcntl.flock(lock, fcntl.LOCK_EX)
        inherited.append(lock.fileno())
        try:
            yield
        finally:
            inherited.clear()


# --- settings --------------------------------------------------------------------------------------------------------


def setting(name, default=""):
    """A setting; an empty one counts as not given."""
    return os.environ.get(name, "").strip() or default


def wants_demonstration():
    """Whether the sample roadmaps and logins belong to this installation."""
    return setting("DEMO", "1").lower() not in ("0", "no", "off", "false")


def read_environment():
    """Add what .env says to the process's environment, which wins."""
    if ENV_FILE.exists():
        for name, value in parse_environment(ENV_FILE.read_text(encoding="utf-8", errors="replace")).items():
            if not setting(name):
                os.environ[name] = value


def parse_environment(text):
    """Names and values of a .env file, read as django-environ reads them."""
    values = {}
    for line in text.splitlines():
        found = re.match(r"(?:export )?([A-Za-z_0-9]+)=(.*)\Z", line)
        if found:
            name, value = found.groups()
            if len(value) > 1 and value[0] == value[-1] == "'":
                value = value[1:-1]
            elif len(value) > 1 and value[0] == value[-1] == '"':
                value = re.sub(r"\\([^rnt])", r"\1", value[1:-1])
            values[name] = value
    return values


def personal_data_key():
    """A new key for personal data, as Fernet takes it: 32 bytes in base64."""
    return base64.urlsafe_b64encode(os.urandom(32)).decode()


PERSONAL_DATA_KEYS = "PERSONAL_DATA_KEYS"
# What .env must hold, unless the environment gives it, and how it is made.
SECRETS = {"SECRET_KEY": lambda: secrets.token_urlsafe(50), PERSONAL_DATA_KEYS: personal_data_key}


def keep_secret(file, name, value):
    """Make sure that .env holds a secret: one more line, written at once; what stands there is never changed.

    Says whether it was written.
    """
    try:
        text = file.read_text(encoding="utf-8", errors="replace")
    except FileNotFoundError:
        text = ""
    if parse_environment(text).get(name, "").strip():
        return False
    line = f"{name}={value}\n"
    if text and not text.endswith("\n"):
        line = "\n" + line
    descriptor = os.open(str(file), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        os.fchmod(descriptor, 0o600)
        os.write(descriptor, line.encode())
    finally:
        os.close(descriptor)
    return True


def allowed_hosts(host, given):
    """ALLOWED_HOSTS for the settings: what is given, or this machine's own names, with the address listened on."""
    names = [name.strip() for name in (given or "127.0.0.1,localhost,[::1]").split(",")]
    if host not in EVERY_ADDRESS and in_url(host) not in names:
        names.append(in_url(host))
    return ",".join(names)


def in_url(host):
    """A host as an address writes it: IPv6 in brackets."""
    return f"[{host}]" if ":" in host else host


# --- the steps -------------------------------------------------------------------------------------------------------


@contextlib.contextmanager
def step(what):
    """Say what is being done and, when it is done, how long it took."""
    print(f"  {what} ...", end="", flush=True)
    began = time.monotonic()
    try:
        yield
    except BaseException:
        print(flush=True)
        raise
    print(f" {time.monotonic() - began:.1f} s", flush=True)


def install_packages(lists):
    """Bring .venv to exactly the packages of `lists`: hashed wheels only. A broken or half-made .venv is made anew."""
    wanted = ["{}.{}".format(*sys.version_info[:2])] + [digest(file.read_bytes()) for file in lists]
    found = INSTALLED.read_text().split() if INSTALLED.exists() and PYTHON.exists() else []
    if found[: len(wanted)] == wanted:
        return
    if found[:2] != wanted[:2]:
        with step("Python environment in .venv"):
            make_venv()
    with step("Packages" if len(lists) == 1 else "Packages, with those of the tests"):
        INSTALLED.unlink() if INSTALLED.exists() else None
        pip_install(lists[-1])
        INSTALLED.write_text(" ".join(wanted))


def make_venv():
    """An empty .venv, whatever stood there."""
    if not (importlib.util.find_spec("venv") and importlib.util.find_spec("ensurepip")):
        raise Refusal("This Python cannot make a virtual environment: install python3-venv (apt install python3-venv).")
    code, output = run([sys.executable, "-m", "venv", "--clear", str(VENV)])
    if code:
        raise Refusal(f"The virtual environment could not be made: {last_line(output)}")


def pip_install(requirements):
    """Install a list of packages; wheels whose hash stands in the list, and no others."""
    quiet = ["--quiet", "--disable-pip-version-check", "--no-input", "--retries", "3"]
    only = ["--require-hashes", "--only-binary", ":all:", "-r", str(requirements)]
    code, output = run([str(PYTHON), "-m", "pip", "install", *quiet, *only])
    if not code:
        return
    if "DO NOT MATCH THE HASHES" in output:
        raise Refusal(f"A package is not the one that {requirements.name} names: its hash differs.")
    if re.search(r"connection broken by|ConnectionError|Timeout|ProxyError|SSLError", output):
        raise Refusal("The packages cannot be fetched: there is no way to the package index (https://pypi.org).")
    raise Refusal(f"The packages could not be installed: {last_line(output)}")


def manage(what, *command):
    """Run a command of manage.py as a step; what it cannot do becomes one sentence."""
    with step(what):
        code, output = run([str(PYTHON), "manage.py", *command])
        if code:
            log = data_directory() / "start.log"
            log.touch(mode=0o600)
            log.write_text(hide_passwords(output), encoding="utf-8")
            found = re.search(r"^CommandError: (.*)\Z", output, re.DOTALL | re.MULTILINE)
            if found:
                raise Refusal(hide_passwords(" ".join(found.group(1).split())))
            raise Refusal(f"manage.py {command[0]} failed: {hide_passwords(last_line(output))} (all of it in {log})")


def collect_static(data):
    """Collect the static files, when one of them or a package that brings some has changed."""
    files = sorted((ROOT / "static").rglob("*"))
    state = [(str(file), file.stat().st_mtime_ns, file.stat().st_size) for file in files]
    wanted = digest(repr((state, REQUIREMENTS.read_bytes(), setting("DEBUG"))).encode())
    stamp = data / "static.stamp"
    if stamp.exists() and stamp.read_text() == wanted and (data / "static").is_dir():
        return
    manage("Static files", "collectstatic", "--noinput")
    stamp.write_text(wanted)


def run(command, **options):
    """Run a quiet child in the checkout; give its exit code and what it said."""
    with tempfile.TemporaryFile() as spoken:
        code = call(command, patience=1, stdin=subprocess.DEVNULL, stdout=spoken, stderr=subprocess.STDOUT, **options)
        spoken.seek(0)
        return code, spoken.read().decode(errors="replace")


def call(command, patience=10, **options):
    """Run a child in the checkout and wait; when we are interrupted it gets `patience` seconds to end by itself."""
    child = subprocess.Popen(command, cwd=str(ROOT), pass_fds=inherited, **options)
    try:
        return child.wait()
    except BaseException as interruption:
        if not isinstance(interruption, KeyboardInterrupt):  # Ctrl-C has reached the child already
            child.terminate()
        try:
            child.wait(timeout=patience)
        except subprocess.TimeoutExpired:
            child.terminate()
            child.wait()
        raise


def digest(content):
    """A short name of a content."""
    return hashlib.sha256(content).hexdigest()


def last_line(output):
    """What a failed child said last."""
    return (output.strip().splitlines() or ["it said nothing"])[-1].strip()


def hide_passwords(text):
    """A text without the passwords of addresses such as postgres://user:password@host."""
    return re.sub(r"(://[^:/@\s]*):[^@\s]*@", r"\1:***@", text)


# --- the tests -------------------------------------------------------------------------------------------------------

NOT_HERE = os.EX_UNAVAILABLE  # what tests/postgres.py ends with when the machine has no PostgreSQL server
NO_POSTGRES = "no PostgreSQL server was found (apt install postgresql, or PG_BIN=/path/to/its/bin)"
NO_CHROMIUM = "no Chromium was found (apt install chromium, or CHROMIUM=/path/to/it)"


def run_tests(arguments):
    """Every test: on SQLite, on PostgreSQL, in Chromium. What the machine lacks is skipped; with CI=true it fails."""
    strict = setting("CI").lower() in ("1", "true")
    chromium = find_chromium()
    with only_one():
        install_packages([REQUIREMENTS, TEST_REQUIREMENTS])
        with step("Message catalogues"), environment_for_tests() as environment:
            code, output = run([str(PYTHON), "manage.py", "compile_catalogues"], env=environment)
            if code:
                raise Refusal(f"The message catalogues cannot be compiled: {last_line(output)}")
    pytest = [str(PYTHON), "-m", "pytest"]
    spread = ["-n", "2", "--dist", "loadfile", "--no-loadscope-reorder"]  # in the order of tests/conftest.py
    pages = [*pytest, "-m", "not browser", *spread, *arguments]
    parts = [
        ("SQLite", pages, ""),
        ("PostgreSQL", [str(PYTHON), "tests/postgres.py", *pages], NO_POSTGRES),
        ("Chromium", [*pytest, "-m", "browser", *arguments] if chromium else [], NO_CHROMIUM),
    ]
    summary, all_good = "", True
    for name, command, lack in parts:
        print(f"\n== Tests: {name}", flush=True)
        began = time.monotonic()
        with environment_for_tests(CHROMIUM=chromium) as environment:
            code = call(command, env=environment) if command else NOT_HERE
        good, words = verdict(code, lack, chosen=bool(arguments), strict=strict)
        summary += f"{name:<12}{words}, {time.monotonic() - began:.0f} s\n"
        all_good = all_good and good
    print("\n" + summary, end="")
    return 0 if all_good else 1


def verdict(code, lack, chosen, strict):
    """Whether a part's exit code is good, and its result in words. `chosen`: only some tests were asked for."""
    if code == NOT_HERE:
        return not strict, f"{'FAILED' if strict else 'skipped'}: {lack}"
    if code == 5 and chosen:  # pytest: no tests collected
        return True, "none of the chosen tests"
    return code == 0, "passed" if code == 0 else f"FAILED (exit code {code})"


def find_chromium():
    """The path of Chromium, or nothing: CHROMIUM, when it is given, else what the system has."""
    names = [setting("CHROMIUM")] if setting("CHROMIUM") else ["chromium", "chromium-browser", "google-chrome"]
    return next(filter(None, map(shutil.which, names)), "")


@contextlib.contextmanager
def environment_for_tests(**more):
    """An environment for tests: its own secrets, directory and database, nothing of the installation beside them."""
    with tempfile.TemporaryDirectory(prefix="amanat-tests-") as directory:
        (Path(directory) / "static").mkdir()
        own = {
            **{name: make() for name, make in SECRETS.items()},
            "DATA_DIR": directory,
            "DATABASE_URL": f"sqlite:///{directory}/amanat.sqlite3",
        }
        yield {**os.environ, **own, **more}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
