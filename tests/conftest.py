"""The shared cast: one small oblast with two districts, and one person a role; and the ground all tests stand on."""

import datetime as dt
import io
import itertools
import os
import zoneinfo
from pathlib import Path
from types import SimpleNamespace

import hypothesis
import pytest
import time_machine
from django.apps import apps
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test import Client
from django.utils import translation
from PIL import Image

from amanat_tracker.database.loading import load_fixtures
from amanat_tracker.generic.append_only import AppendOnlyModel
from branches import actions as work
from branches.choices import BranchKind, DistrictKind, Frequency, LocalityKind, ProjectUnit, RequestState, Role
from branches.models import (
    Assignment,
    Branch,
    ConsentText,
    District,
    Locality,
    PartyProject,
    ProjectIndicator,
    Region,
    Topic,
    User,
)
from roadmap import actions
from roadmap.choices import BodyKind, CountedUnit, SiteKind, SiteState
from roadmap.models import Body, ControlPost, Direction, Measure, Programme, Roadmap, Site

TODAY = dt.date(2025, 6, 16)  # the day on which cast tests play; pass it, or freeze the clock at it (`noon`)
EARLY = dt.date(2025, 2, 3)  # on which the sites and posts of the cast were entered, unless a test says otherwise
NOON = dt.datetime.combine(TODAY, dt.time(12), zoneinfo.ZoneInfo("Asia/Qyzylorda"))

# Playwright's synchronous interface keeps an event loop in the thread; Django would refuse to touch the database.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")

# The same examples on every machine, and no clock: a property holds or it does not.
hypothesis.settings.register_profile(
    "amanat",
    deadline=None,
    derandomize=True,
    suppress_health_check=[hypothesis.HealthCheck.function_scoped_fixture, hypothesis.HealthCheck.too_slow],
)
hypothesis.settings.load_profile("amanat")


# The files that take longest begin first: no worker is left alone with one of them at the end.
LONGEST = ("test_access", "test_crawl", "test_properties", "test_personal_data", "test_fixtures", "test_queries")


def pytest_collection_modifyitems(items):
    """Put the longest files first; within a file, and among the others, the order stays."""
    places = {name: place for place, name in enumerate(LONGEST)}
    items.sort(key=lambda item: places.get(item.path.stem, len(places)))


# --- the ground ------------------------------------------------------------------------------------------------------
@pytest.fixture(scope="session")
def django_db_modify_db_settings(request, tmp_path_factory):
    """Give each worker a database of its own; on SQLite a file, which threads and child processes can share."""
    if connection.vendor == "sqlite":
        connection.settings_dict["TEST"]["NAME"] = str(tmp_path_factory.mktemp("database") / "test.sqlite3")
    else:
        request.getfixturevalue("django_db_modify_db_settings_parallel_suffix")


@pytest.fixture(autouse=True)
def evidence_directory(settings, tmp_path):
    """Where a test's evidence files go: never to those of the installation beside us."""
    settings.MEDIA_ROOT = tmp_path / "evidence"
    return settings.MEDIA_ROOT


@pytest.fixture(autouse=True)
def default_language():
    """Begin in Kazakh: the language of the last request stays with its thread, and would speak in the next test."""
    translation.deactivate()


@pytest.fixture
def noon():
    """Stop the clock at midday of TODAY."""
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def history_models():
    """Every model whose rows are only ever added."""
    return [model for model in apps.get_models() if issubclass(model, AppendOnlyModel)]


@pytest.fixture
def written(db, history_models):
    """`written()`: everything that actions write, to compare before and after: how many rows, and where the measures
    stand."""

    def look():
        rows = {model.__name__: model._default_manager.count() for model in (*history_models, Site, ControlPost)}
        return rows, sorted(Measure.objects.values_list("pk", "status", "deadline"))

    return look


STEP_FIELDS = ("note", "reason", "forwarded_to", "body_due_on", "help_kind", "happened_on")


# --- the cast --------------------------------------------------------------------------------------------------------
def names(word):
    return {"name_kk": word, "name_ru": f"{word} (ru)", "name_en": f"{word} (en)"}


@pytest.fixture
def cast(db):
    """One region, its branch, branches `own` and `other`, two directions, roadmaps of 2025, a person a role.

    Territorial roles are held in `own`; controller, coordinator, chair and observer hold theirs in the region.
    """
    region = Region.objects.create(slug="region", kato="430000000", **names("Облыс"))
    people = SimpleNamespace()
    branches = {}
    oblast = Branch.objects.create(slug="oblast", kind=BranchKind.REGIONAL, region=region, **names("Облыстық филиал"))
    for order, slug in enumerate(("own", "other"), start=1):
        district = District.objects.create(
            region=region,
            slug=slug,
            kato=f"43000000{order}",
            kind=DistrictKind.DISTRICT,
            river_order=order,
            short_kk=slug,
            short_ru=slug,
            short_en=slug,
            **names(f"{slug} ауданы"),
        )
        Locality.objects.create(district=district, kind=LocalityKind.VILLAGE, **names(f"{slug} ауылы"))
        branches[slug] = Branch.objects.create(
            slug=slug, kind=BranchKind.TERRITORIAL, region=region, district=district, **names(f"{slug} филиалы")
        )
    for role in Role:
        user = User.objects.create_user(role.value, password="кілт-сөз-2025", first_name=role.value.title())
        where = {"branch": branches["own"]} if role in (Role.SECRETARY, Role.RECEPTION) else {"region": region}
        Assignment.objects.create(user=user, role=role, **where)
        setattr(people, role.value, user)
    people.other_secretary = User.objects.create_user("other_secretary", password="кілт-сөз-2025")
    Assignment.objects.create(user=people.other_secretary, role=Role.SECRETARY, branch=branches["other"])
    people.administrator = User.objects.create_superuser("administrator", password="кілт-сөз-2025")
    people.nobody = User.objects.create_user("nobody", password="кілт-сөз-2025")
    numbers = itertools.count(1)
    programme = Programme.objects.create(slug="programme", year_from=2023, year_until=2027, **names("Бағдарлама"))
    directions = [
        Direction.objects.create(programme=programme, number=number, slug=slug, **names(slug))
        for number, slug in enumerate(("housing", "education"), start=1)
    ]
    roadmaps = {
        branch.slug: Roadmap.objects.create(
            programme=programme,
            branch=branch,
            year=2025,
            unit=CountedUnit.MEASURE,
            approved_on=dt.date(2025, 1, 15),
            source="тест",
        )
        for branch in (oblast, branches["own"], branches["other"])
    }

    def add_measure(branch="own", *, title="", deadline=dt.date(2025, 12, 31), direction=0, roadmap=None, **fields):
        target = roadmap or roadmaps[branch]
        position = target.measures.count() + 1
        return Measure.objects.create(
            roadmap=target,
            number=f"{direction + 1}.{position}",
            position=position,
            title=title or f"{target.branch.slug} шарасы {position}",
            direction=directions[direction],
            executor="аудандық бөлім",
            first_deadline=deadline,
            deadline=deadline,
            **fields,
        )

    def add_site(branch="own", *, name="", state=SiteState.CONSTRUCTION, measures=(), today=EARLY, **fields):
        home = Branch.objects.get(slug=branch)
        number = Site.objects.count() + 1
        said = {"kind": SiteKind.EDUCATION, "district": home.district or branches["own"].district, **fields}
        return actions.register_site(
            branch=home,
            by=said.pop("by", people.controller),
            today=today,
            state=state,
            state_note=said.pop("state_note", "" if state == SiteState.CONSTRUCTION else "тіркелгенде"),
            name=name or f"{branch} нысаны {number}",
            measures=measures,
            **said,
        )

    def add_post(*sites, today=EARLY, chair="Ермекбаев Ж.", **said):
        return actions.open_post(sites=sites, today=today, chair=chair, **{"by": people.controller, **said})

    def add_body(branch="own", kind=BodyKind.COMMISSION, **fields):
        return Body.objects.create(
            branch=Branch.objects.get(slug=branch), kind=kind, **{**names(f"{branch}: {kind}"), **fields}
        )

    topics = [
        Topic.objects.create(key=key, position=number, **names(key))
        for number, key in enumerate(("housing", "roads"), start=1)
    ]
    for direction, topic in zip(directions, topics, strict=True):
        direction.topics.add(topic)
    ConsentText.objects.create(
        version="1",
        valid_from=dt.date(2023, 1, 1),
        text_kk="Келісемін.",
        text_ru="Согласен.",
        text_en="I agree.",
        **names("Келісім"),
    )
    project = PartyProject.objects.create(key="legal_aid", valid_from=dt.date(2023, 1, 1), **names("Құқықтық көмек"))
    indicator = ProjectIndicator.objects.create(
        key="legal_aid.people", unit=ProjectUnit.PEOPLE, frequency=Frequency.QUARTERLY, **names("Қамтылған адамдар")
    )
    indicator.projects.add(project)

    def add_request(branch="own", *, person=None, today=TODAY, topic=0, state=RequestState.REGISTERED, **said):
        """Registered by the branch's secretary; with another `state`, that step follows at once."""
        home = Branch.objects.get(slug=branch)
        by = said.pop("by", people.other_secretary if branch == "other" else people.secretary)
        step = {name: said.pop(name) for name in STEP_FIELDS if name in said}
        request = work.register_request(
            branch=home,
            by=by,
            today=today,
            person=person or an_applicant(),
            topic=topics[topic],
            summary=said.pop("summary", "Ауызсу бірнеше күннен бері берілмейді"),
            allow_duplicate=True,
            **said,
        )
        if state != RequestState.REGISTERED:
            work.follow_request(request=request, by=by, today=today, state=state, **step)
        return request

    def an_applicant(number=None):
        """An invented person: each time another one."""
        number = next(numbers) if number is None else number
        return work.Person(
            full_name=f"Ойданов Өтініш {number}", phone=f"+7 000 {number:07d}", address=f"Ойдан көшесі, {number}"
        )

    return SimpleNamespace(
        topics=topics,
        project=project,
        indicator=indicator,
        add_request=add_request,
        an_applicant=an_applicant,
        region=region,
        oblast=oblast,
        own=branches["own"],
        other=branches["other"],
        programme=programme,
        directions=directions,
        roadmaps=roadmaps,
        people=people,
        add_measure=add_measure,
        add_site=add_site,
        add_post=add_post,
        add_body=add_body,
        today=TODAY,
    )


@pytest.fixture
def abroad(cast):
    """A branch of another region, with its own inspector: `abroad.branch`, `abroad.district`, `abroad.controller`."""
    region = Region.objects.create(slug="abroad", kato="110000000", **names("Шет облыс"))
    district = District.objects.create(
        region=region,
        slug="abroad",
        kato="110000001",
        kind=DistrictKind.DISTRICT,
        river_order=1,
        short_kk="abroad",
        short_ru="abroad",
        short_en="abroad",
        **names("Шет ауданы"),
    )
    branch = Branch.objects.create(
        slug="abroad", kind=BranchKind.TERRITORIAL, region=region, district=district, **names("Шет филиалы")
    )
    controller = User.objects.create_user("controller_abroad", password="кілт-сөз-2025")
    Assignment.objects.create(user=controller, role=Role.CONTROLLER, region=region)
    return SimpleNamespace(region=region, district=district, branch=branch, controller=controller)


@pytest.fixture
def photograph():
    """`photograph("IMG_1.jpg", shade=7)`: a small photograph as a phone sends it; of another shade, another content."""

    def take(name="IMG_1.jpg", *, shade=120, size=(64, 48)):
        content = io.BytesIO()
        kind = "PNG" if name.lower().endswith(".png") else "JPEG"
        Image.new("RGB", size, (shade, 90, 30)).save(content, kind)
        return SimpleUploadedFile(name, content.getvalue(), f"image/{kind.lower()}")

    return take


@pytest.fixture(scope="module")
def demonstration(django_db_setup, django_db_blocker):
    """All shipped fixtures in the database while a module runs; each test changes what it likes inside a savepoint."""
    folder = Path(settings.BASE_DIR) / "fixtures"
    files = [folder / "reference.json", *sorted(folder.glob("demonstration_*"))]
    with django_db_blocker.unblock(), transaction.atomic():
        load_fixtures(files)
        work.index_applicants()
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")  # or PostgreSQL plans for the empty tables that it last looked at
        yield
        transaction.set_rollback(True)


@pytest.fixture
def as_user(db):
    """`as_user(user)`: a client that is logged in as the user."""

    def log_in(user, **headers):
        client = Client(headers=headers or None)
        if user is not None:
            client.force_login(user)
        return client

    return log_in
