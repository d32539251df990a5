"""The one command: start.py, and the commands of manage.py that it is made of."""

import ast
import gettext
import json
import os
import re
import shutil
import socket
import stat
import subprocess
import sys
from pathlib import Path

import environ
import pytest
from cryptography.fernet import Fernet
from django.contrib.auth.hashers import check_password
from django.core.management import CommandError, call_command

import start
from branches.management.commands.demo_logins import PEOPLE, read_logins
from branches.models import Region, User

ROOT = Path(start.__file__).parent


@pytest.fixture
def checkout(tmp_path):
    """A checkout that needs no packages, so that start.py can really be run in it."""
    shutil.copy(ROOT / "start.py", tmp_path)
    (tmp_path / "tests").mkdir()
    (tmp_path / "requirements.txt").touch()
    (tmp_path / "tests" / "requirements.txt").touch()
    return tmp_path


def run_start(checkout, *arguments, before="pass", **environment):
    """start.py in a process of its own; `before` is Python that prepares the ground."""
    run = f"sys.argv[1:] = {list(arguments)!r}\nrunpy.run_path('start.py', run_name='__main__')"
    code = f"import runpy, sys\n{before}\n{run}"
    clean = {"PATH": os.environ["PATH"], "HOME": str(checkout), **environment}
    return subprocess.run(
        [sys.executable, "-c", code], cwd=checkout, env=clean, capture_output=True, text=True, timeout=120, check=False
    )


def refused(result):
    """The one sentence of a refusal."""
    assert result.returncode == 2
    assert result.stderr.count("\n") == 1
    assert "Traceback" not in result.stderr + result.stdout
    return result.stderr.strip()


# --- what the machine must have --------------------------------------------------------------------------------------


def test_an_old_python_can_read_the_file():
    source = (ROOT / "start.py").read_text(encoding="utf-8")

    ast.parse(source, feature_version=(3, 6))
    with pytest.raises(SyntaxError):  # the check itself works
        ast.parse("if (n := 1): pass", feature_version=(3, 6))


def test_an_old_python_is_told_so(checkout):
    result = run_start(checkout, before="sys.version_info = (3, 9, 2, 'final', 0)")

    assert refused(result) == "Python 3.11 or newer is needed; this is Python 3.9."


def test_a_port_in_use_is_said_before_anything_is_made(checkout):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        result = run_start(checkout, PORT=str(port))

    assert refused(result).startswith(f"Port {port} of 127.0.0.1 is in use")
    assert sorted(path.name for path in checkout.iterdir()) == ["requirements.txt", "start.py", "tests"]


@pytest.mark.parametrize(
    ("environment", "sentence"),
    [
        ({"PORT": "http"}, "PORT must be a number from 1 to 65535, not 'http'."),
        ({"PORT": "65536"}, "PORT must be a number from 1 to 65535, not '65536'."),
        ({"BIND": "192.0.2.1"}, "BIND=192.0.2.1 is not an address of this machine."),
        ({"DATA_DIR": "start.py/var"}, "DATA_DIR {checkout}/start.py/var cannot be written: Not a directory."),
        ({"DATABASE_URL": "mysql://me:hunter2@db/amanat"}, "DATABASE_URL must look like postgres://"),
        ({"DATABASE_URL": "postgres://me:hunter2@db:port/amanat"}, "DATABASE_URL must look like postgres://"),
    ],
)
def test_settings_that_cannot_be_are_refused(checkout, free_port, environment, sentence):
    said = refused(run_start(checkout, **{"PORT": str(free_port), **environment}))

    assert said.startswith(sentence.format(checkout=checkout))
    assert "hunter2" not in said
    assert not (checkout / ".venv").exists()


def test_a_verb_that_does_not_exist_is_refused(checkout):
    assert refused(run_start(checkout, "instal")).startswith("start.py knows no 'instal'")


def test_a_python_without_venv_names_the_package(checkout):
    result = run_start(checkout, "install", before="sys.modules['ensurepip'] = None")

    assert "apt install python3-venv" in refused(result)


def test_packages_are_installed_once_and_a_broken_environment_is_rebuilt(checkout):
    assert "Packages" in run_start(checkout, "install").stdout
    assert run_start(checkout, "install").stdout == ""

    (checkout / ".venv" / "installed").unlink()  # killed while it was installing
    (checkout / ".venv" / "bin" / "python").unlink()
    assert "Python environment" in run_start(checkout, "install").stdout
    assert (
        subprocess.run([checkout / ".venv" / "bin" / "python", "-m", "pip", "--version"], check=False).returncode == 0
    )


def test_packages_that_cannot_be_fetched_are_said_in_a_sentence(checkout):
    (checkout / "tests" / "requirements.txt").write_text(f"no-such-package==1.0 --hash=sha256:{'0' * 64}\n")
    venv = checkout / ".venv"  # one that has the packages of the site already
    (venv / "bin").mkdir(parents=True)
    (venv / "bin" / "python").write_text(f'#!/bin/sh\nexec {sys.executable} "$@"\n')
    (venv / "bin" / "python").chmod(0o755)
    (venv / "installed").write_text("{}.{} {}".format(*sys.version_info[:2], start.digest(b"")))
    nowhere = {"PIP_CONFIG_FILE": os.devnull, "PIP_INDEX_URL": "http://127.0.0.1:1/simple"}

    said = refused(run_start(checkout, "install", **nowhere))

    assert said.startswith("The packages cannot be fetched")
    assert not (venv / "installed").exists()  # the next start makes everything anew


def test_one_start_waits_for_another(checkout):
    with (checkout / "start.py").open() as lock:
        start.fcntl.flock(lock, start.fcntl.LOCK_EX)
        with pytest.raises(subprocess.TimeoutExpired) as waiting:
            subprocess.run(
                [sys.executable, "start.py", "install"], cwd=checkout, capture_output=True, timeout=2, check=True
            )

    assert b"waiting for it" in waiting.value.stdout


def test_ctrl_c_is_quiet(checkout):
    with (checkout / "start.py").open() as lock:
        start.fcntl.flock(lock, start.fcntl.LOCK_EX)
        process = subprocess.Popen(
            [sys.executable, "start.py", "install"], cwd=checkout, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        process.stdout.readline()  # it waits for the lock
        process.send_signal(start.signal.SIGINT)
        _, errors = process.communicate(timeout=120)

    assert (process.returncode, errors) == (130, b"")


# --- settings --------------------------------------------------------------------------------------------------------


def test_a_secret_is_made_once_and_nobody_else_may_read_it(tmp_path):
    file = tmp_path / ".env"

    made = [start.keep_secret(file, name, make()) for name, make in start.SECRETS.items()]
    first = file.read_text()
    again = [start.keep_secret(file, name, make()) for name, make in start.SECRETS.items()]

    assert (made, again) == ([True, True], [False, False])
    assert re.fullmatch(r"SECRET_KEY=[\w-]{60,}\nPERSONAL_DATA_KEYS=[\w-]{43}=\n", first)
    assert file.read_text() == first
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


@pytest.mark.parametrize("name", ["SECRET_KEY", "PERSONAL_DATA_KEYS"])
@pytest.mark.parametrize("text", ["PORT=8001", "PORT=8001\n", "#{name}=no\nPORT=8001\n", "{name}=\nPORT=8001\n"])
def test_a_secret_is_added_to_a_file_that_has_none(tmp_path, name, text):
    file, text = tmp_path / ".env", text.format(name=name)
    file.write_text(text)

    start.keep_secret(file, name, start.SECRETS[name]())

    assert file.read_text().startswith(text)
    values = start.parse_environment(file.read_text())
    assert values["PORT"] == "8001"
    assert len(values[name]) >= 44
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_key_for_personal_data_is_one(tmp_path):
    """It seals and opens, also when .env is read by the settings; no two are alike."""
    file = tmp_path / ".env"
    start.keep_secret(file, "PERSONAL_DATA_KEYS", start.personal_data_key())

    class Settings(environ.Env):
        ENVIRON = {}

    Settings.read_env(file)
    (key,) = Settings().list("PERSONAL_DATA_KEYS")
    box = Fernet(key)

    assert box.decrypt(box.encrypt(b"x")) == b"x"
    assert key == start.parse_environment(file.read_text())["PERSONAL_DATA_KEYS"]
    assert len({start.personal_data_key() for _ in range(20)}) == 20


@pytest.mark.parametrize("given", [{}, {"PERSONAL_DATA_KEYS": "from-the-environment"}])
def test_preparing_makes_the_secrets_that_are_not_given(tmp_path, monkeypatch, capsys, given):
    file = tmp_path / ".env"
    monkeypatch.setattr(start, "ENV_FILE", file)
    for name in ("install_packages", "manage", "collect_static"):
        monkeypatch.setattr(start, name, lambda *_, **__: None)
    for name in ("SECRET_KEY", "PERSONAL_DATA_KEYS", "DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    monkeypatch.setenv("DEMO", "0")
    mask = os.umask(0o022)
    try:
        start.prepare()
    finally:
        os.umask(mask)

    assert set(start.parse_environment(file.read_text())) == {"SECRET_KEY", "PERSONAL_DATA_KEYS"} - set(given)
    assert ("apart from the database" in capsys.readouterr().out) is not bool(given)


def test_tests_have_secrets_of_their_own():
    with start.environment_for_tests(CHROMIUM="/x") as one, start.environment_for_tests() as other:
        for name in start.SECRETS:
            assert len(one[name]) >= 44
            assert one[name] != other[name]
        Fernet(one["PERSONAL_DATA_KEYS"])
        assert (one["CHROMIUM"], one["DATA_DIR"] != other["DATA_DIR"]) == ("/x", True)


def test_env_is_read_as_the_settings_read_it(tmp_path):
    file = tmp_path / ".env"
    file.write_text(
        '# a comment\n\nPLAIN=one two # three\nexport EXPORTED=1\nSINGLE=\'a"b\'\nDOUBLE="a\\"b\\nc"\nEMPTY=\n'
        "URL=postgres://u:p%23@h:5432/d?a=b\nTWICE=1\nTWICE=2\nHALF='\nIGNORED = 1\n"
    )

    class Settings(environ.Env):
        ENVIRON = {}

    Settings.read_env(file)

    assert start.parse_environment(file.read_text()) == Settings.ENVIRON
    assert len(Settings.ENVIRON) == 8


@pytest.mark.parametrize(
    ("host", "given", "names"),
    [
        ("127.0.0.1", "", "127.0.0.1,localhost,[::1]"),
        ("10.1.2.3", "", "127.0.0.1,localhost,[::1],10.1.2.3"),
        ("::1", "amanat.example.kz", "amanat.example.kz,[::1]"),
        ("10.1.2.3", "amanat.example.kz, 10.1.2.3", "amanat.example.kz,10.1.2.3"),
        ("0.0.0.0", "", "127.0.0.1,localhost,[::1]"),
        ("::", "amanat.example.kz", "amanat.example.kz"),
    ],
)
def test_the_site_answers_to_the_address_it_listens_on(host, given, names):
    assert start.allowed_hosts(host, given) == names


def test_every_setting_stands_in_the_example():
    read = r"env\.\w+\(\"(\w+)\"|environ\.get\(\"(\w+)\"|setting\(\"(\w+)\""
    sources = ["start.py", "amanat_tracker/settings.py", "amanat_tracker/gunicorn_conf.py"]
    used = {"".join(names) for file in sources for names in re.findall(read, (ROOT / file).read_text(encoding="utf-8"))}
    example = re.findall(r"^#?([A-Z_]+)=", (ROOT / ".env.example").read_text(encoding="utf-8"), re.MULTILINE)

    assert used - {"CI", "CHROMIUM"} == set(example)


def test_the_tests_run_with_the_packages_of_the_site():
    def pins(file):
        return set(re.findall(r"^[\w-]+==[\w.]+", (ROOT / file).read_text(), re.MULTILINE))

    assert len(pins("requirements.txt")) > 10
    assert pins("requirements.txt") < pins("tests/requirements.txt")


# --- tests of tests --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "chosen", "strict", "good", "words"),
    [
        (0, False, True, True, "passed"),
        (1, False, False, False, "FAILED (exit code 1)"),
        (5, False, False, False, "FAILED (exit code 5)"),
        (5, True, True, True, "none of the chosen tests"),
        (start.NOT_HERE, False, False, True, "skipped: no server"),
        (start.NOT_HERE, False, True, False, "FAILED: no server"),
    ],
)
def test_what_the_machine_lacks_is_skipped_but_not_in_ci(code, chosen, strict, good, words):
    assert start.verdict(code, "no server", chosen=chosen, strict=strict) == (good, words)


def test_a_machine_without_postgres_says_so(tmp_path):
    command = [sys.executable, ROOT / "tests" / "postgres.py", "true"]

    result = subprocess.run(command, env={"PG_BIN": str(tmp_path)}, capture_output=True, text=True, check=False)

    assert result.returncode == start.NOT_HERE
    assert result.stderr == f"No PostgreSQL server in {tmp_path}.\n"


# --- the steps -------------------------------------------------------------------------------------------------------


def test_catalogues_are_compiled_when_they_changed(tmp_path, settings):
    settings.LOCALE_PATHS = [tmp_path]
    po = tmp_path / "ru" / "LC_MESSAGES" / "django.po"
    po.parent.mkdir(parents=True)
    rule = '"Content-Type: text/plain; charset=UTF-8\\n"\n"Plural-Forms: nplurals=4; plural=n==1?0:n==2?1:n==5?2:3;\\n"'
    forms = "".join(f'msgstr[{index}] "{word}"\n' for index, word in enumerate(["мера", "меры", "мер", "меры."]))
    fuzzy = '#, fuzzy\nmsgid "day"\nmsgstr "ночь"\n'
    measures = f'msgid "measure"\nmsgid_plural "measures"\n{forms}'
    po.write_text(f'msgid ""\nmsgstr ""\n{rule}\n\n{measures}\n{fuzzy}', encoding="utf-8")

    call_command("compile_catalogues", verbosity=0)
    mo = po.with_suffix(".mo")
    made = mo.stat()
    with mo.open("rb") as file:
        catalogue = gettext.GNUTranslations(file)
    assert [catalogue.ngettext("measure", "measures", n) for n in (1, 2, 5, 7)] == ["мера", "меры", "мер", "меры."]
    assert catalogue.gettext("day") == "day"  # fuzzy: a guess, not a translation

    call_command("compile_catalogues", verbosity=0)
    assert mo.stat().st_ino == made.st_ino  # not written again

    os.utime(po, ns=(made.st_mtime_ns - 10**9, made.st_mtime_ns - 10**9))  # an older version was checked out
    call_command("compile_catalogues", verbosity=0)
    assert mo.stat().st_mtime_ns == po.stat().st_mtime_ns
    assert [path.name for path in po.parent.iterdir() if path.name.startswith(".")] == []


def test_a_broken_catalogue_is_named(tmp_path, settings):
    settings.LOCALE_PATHS = [tmp_path]
    po = tmp_path / "kk" / "LC_MESSAGES" / "django.po"
    po.parent.mkdir(parents=True)
    po.write_text('msgid "day"\nmsgword "күн"\n')

    with pytest.raises(CommandError, match=re.escape(str(po))):
        call_command("compile_catalogues", verbosity=0)
    assert list(po.parent.iterdir()) == [po]


def test_an_unreachable_database_is_said_without_the_password(tmp_path):
    result = subprocess.run(
        [sys.executable, "manage.py", "check_database"],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": "postgres://me:hunter2@127.0.0.1:1/amanat", "SECRET_KEY": "x" * 60},
        capture_output=True,
        text=True,
        check=False,
    )

    assert result.returncode == 1
    assert result.stderr.startswith("CommandError: The database does not answer: ")
    assert result.stderr.count("\n") == 1
    assert "hunter2" not in result.stderr


def test_passwords_of_addresses_are_hidden():
    assert start.hide_passwords("at postgres://me:hunter2@db:5432/x, yes") == "at postgres://me:***@db:5432/x, yes"


@pytest.fixture
def fixtures(tmp_path, settings):
    """A directory of fixtures: the reference data, and one broken file of the demonstration."""
    settings.FIXTURE_DIRS = [tmp_path]
    region = {"slug": "oblast", "kato": "430000000", "name_kk": "Облыс", "name_ru": "Область", "name_en": "Oblast"}
    (tmp_path / "reference.json").write_text(json.dumps([{"model": "branches.region", "pk": 1, "fields": region}]))
    person = {"model": "branches.user", "fields": {"username": "chair", "password": "!"}}
    (tmp_path / "demonstration_people.json").write_text(json.dumps([person]))
    return tmp_path


@pytest.mark.django_db
def test_the_demonstration_is_loaded_once(fixtures, monkeypatch):
    monkeypatch.delenv("DEMO", raising=False)
    call_command("load_demonstration", verbosity=0)
    User.objects.update(first_name="Changed")

    call_command("load_demonstration", verbosity=0)

    assert [person.first_name for person in User.objects.all()] == ["Changed"]
    assert Region.objects.count() == 1


@pytest.mark.django_db
def test_without_demonstration_only_reference_data_are_loaded(fixtures, monkeypatch):
    monkeypatch.setenv("DEMO", "0")

    call_command("load_demonstration", verbosity=0)

    assert (Region.objects.count(), User.objects.count()) == (1, 0)


@pytest.mark.django_db(transaction=True)
def test_a_demonstration_is_loaded_whole_or_not_at_all(fixtures, monkeypatch):
    monkeypatch.delenv("DEMO", raising=False)
    (fixtures / "demonstration_wrong.json").write_text('[{"model": "branches.user", "fields": {"language": "xx"}}]')

    with pytest.raises(Exception, match="user_language"):
        call_command("load_demonstration", verbosity=0)

    assert (Region.objects.count(), User.objects.count()) == (0, 0)


@pytest.fixture
def people(tmp_path, settings, db):
    """The people of the demonstration, as the fixtures bring them: nobody can log in yet."""
    settings.DATA_DIR = tmp_path / "var"
    User.objects.bulk_create(User(username=username, password="!") for username in PEOPLE.values())
    return settings.DATA_DIR / "demo-logins.txt"


def test_everybody_gets_a_password_that_is_written_down(people):
    call_command("demo_logins", verbosity=0)

    rows = [line.split("\t") for line in people.read_text().splitlines()]
    assert [row[:2] for row in rows] == [*map(list, PEOPLE.items()), ["ADMINISTRATOR", "admin"]]
    assert all(check_password(row[2], User.objects.get(username=row[1]).password) for row in rows)
    assert len({row[2] for row in rows}) == 7
    assert User.objects.get(username="admin").is_superuser
    assert stat.S_IMODE(people.stat().st_mode) == 0o600


def test_passwords_are_set_once(people):
    call_command("demo_logins", verbosity=0)
    before = people.read_text(), people.stat().st_mtime_ns, sorted(User.objects.values_list("username", "password"))

    call_command("demo_logins", verbosity=0)

    assert before == (
        people.read_text(), people.stat().st_mtime_ns, sorted(User.objects.values_list("username", "password"))
    )  # fmt: skip


def test_a_lost_list_means_new_passwords(people):
    call_command("demo_logins", verbosity=0)
    before = read_logins(people)
    people.unlink()

    call_command("demo_logins", verbosity=0)

    after = read_logins(people)
    assert after.keys() == before.keys()
    assert not set(after.values()) & set(before.values())
    assert User.objects.get(username="chair").check_password(after["chair"])


def test_a_fresh_database_gets_the_passwords_of_the_list(people):
    call_command("demo_logins", verbosity=0)
    listed = people.read_text()
    User.objects.filter(username="admin").delete()
    User.objects.update(password="!")

    call_command("demo_logins", verbosity=0)

    assert people.read_text() == listed
    assert User.objects.get(username="admin").check_password(read_logins(people)["admin"])


def test_a_list_that_cannot_be_written_changes_no_password(people, monkeypatch):
    def full(*arguments):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("amanat_tracker.generic.replacing.os.fchmod", full)

    with pytest.raises(OSError, match="No space left"):
        call_command("demo_logins", verbosity=0)

    assert not any(person.has_usable_password() for person in User.objects.all())
    assert list(people.parent.iterdir()) == []


@pytest.mark.django_db
def test_an_installation_without_the_demonstration_gets_no_administrator(tmp_path, settings):
    settings.DATA_DIR = tmp_path
    User.objects.create_user("aigul", password="her own")

    call_command("demo_logins", verbosity=0)

    assert [person.username for person in User.objects.all()] == ["aigul"]
    assert list(tmp_path.iterdir()) == []


def test_static_files_are_collected_when_one_changed(tmp_path, monkeypatch):
    collected = []
    monkeypatch.setattr(
        start,
        "manage",
        lambda *command: (tmp_path / "data" / "static").mkdir(exist_ok=True) or collected.append(command),
    )
    monkeypatch.setattr(start, "ROOT", tmp_path)
    (tmp_path / "static").mkdir()
    (tmp_path / "data").mkdir()
    style = tmp_path / "static" / "style.css"
    style.write_text("a")

    start.collect_static(tmp_path / "data")
    start.collect_static(tmp_path / "data")
    assert len(collected) == 1

    style.write_text("bb")
    start.collect_static(tmp_path / "data")
    assert len(collected) == 2

    shutil.rmtree(tmp_path / "data" / "static")
    start.collect_static(tmp_path / "data")
    assert len(collected) == 3


@pytest.fixture
def free_port():
    """A port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return probe.getsockname()[1]
