"""One table: every address x every role x whose row, GET and POST; and a menu that shows only what is allowed.

A new address fails here until it has its lines in the table.
"""

import datetime as dt
import re
from http.cookies import SimpleCookie

import pytest
from django.contrib import admin
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.urls import get_resolver, reverse
from django.urls.resolvers import URLPattern

from amanat_tracker.generic.uploads import check_upload
from branches.choices import BranchKind, DistrictKind, Role
from branches.models import Assignment, Branch, District, Region, User
from roadmap import actions
from roadmap.choices import Status
from roadmap.models import Roadmap

pytestmark = pytest.mark.usefixtures("noon")

# Whose row: `own` and `other` are branches of the region, `abroad` one of another region; `-` where there is no row.
# Territorial roles are held in `own` (other-s: in `other`), the rest in the region; the administrator sees everything.
# login: sent to log in; 302: sent on; 403: seen, not permitted; 404: not theirs; 405: not that way; 422: refused entry.
TABLE = """
address                   row     method  anonym nobody secret other-s recept contro coordi chair  observ admini
home                      -       GET     login  302    302    302     302    302    302    302    302    302
home                      -       POST    login  302    302    302     302    302    302    302    302    302
branches:login            -       GET     200    302    302    302     302    302    302    302    302    302
branches:login            -       POST    200    302    302    302     302    302    302    302    302    302
branches:logout           -       GET     405    405    405    405     405    405    405    405    405    405
branches:logout           -       POST    login  login  login  login   login  login  login  login  login  login
branches:set_language     -       GET     405    405    405    405     405    405    405    405    405    405
branches:set_language     -       POST    302    302    302    302     302    302    302    302    302    302
branches:profile          -       GET     login  200    200    200     200    200    200    200    200    200
branches:profile          -       POST    login  405    405    405     405    405    405    405    405    405
branches:password_change  -       GET     login  200    200    200     200    200    200    200    200    200
branches:password_change  -       POST    login  302    302    302     302    302    302    302    302    302
roadmap:today             -       GET     login  403    200    200     403    403    200    403    403    403
roadmap:today             own     GET     login  403    200    404     403    403    200    403    403    403
roadmap:today             other   GET     login  403    404    200     403    403    200    403    403    403
roadmap:today             abroad  GET     login  403    404    404     403    403    404    403    403    403
roadmap:today             own     POST    login  403    302    404     403    403    302    403    403    403
roadmap:today             other   POST    login  403    404    302     403    403    302    403    403    403
roadmap:today             abroad  POST    login  403    404    404     403    403    404    403    403    403
roadmap:overview          -       GET     login  403    403    403     403    200    200    200    200    200
roadmap:overview          own     GET     login  403    403    403     403    200    200    200    200    200
roadmap:overview          abroad  GET     login  403    403    403     403    404    404    404    404    200
roadmap:overview          -       POST    login  403    403    403     403    405    405    405    405    405
roadmap:figures           -       GET     login  403    403    403     403    200    200    200    200    200
roadmap:figures           own     GET     login  403    403    403     403    200    200    200    200    200
roadmap:figures           abroad  GET     login  403    403    403     403    404    404    404    404    200
roadmap:figures           -       POST    login  405    405    405     405    405    405    405    405    405
roadmap:roadmap_list      -       GET     login  403    200    200     200    200    200    200    200    200
roadmap:roadmap_list      -       POST    login  403    405    405     405    405    405    405    405    405
roadmap:measure_list      -       GET     login  403    200    200     200    200    200    200    200    200
roadmap:measure_list      -       POST    login  403    405    405     405    405    405    405    405    405
roadmap:report_several    -       GET     login  403    302    302     403    403    302    403    403    403
roadmap:report_several    own     POST    login  403    200    302     403    403    200    403    403    403
roadmap:report_several    other   POST    login  403    302    200     403    403    200    403    403    403
roadmap:report_several    abroad  POST    login  403    302    302     403    403    302    403    403    403
roadmap:measure_detail    own     GET     login  404    200    404     200    200    200    200    200    200
roadmap:measure_detail    other   GET     login  404    404    200     404    200    200    200    200    200
roadmap:measure_detail    abroad  GET     login  404    404    404     404    404    404    404    404    200
roadmap:measure_detail    own     POST    login  405    405    405     405    405    405    405    405    405
roadmap:measure_report    own     GET     login  404    200    404     403    403    200    403    403    403
roadmap:measure_report    other   GET     login  404    404    200     404    403    200    403    403    403
roadmap:measure_report    abroad  GET     login  404    404    404     404    404    404    404    404    403
roadmap:measure_report    own     POST    login  404    302    404     403    403    302    403    403    403
roadmap:measure_report    other   POST    login  404    404    302     404    403    302    403    403    403
roadmap:measure_report    abroad  POST    login  404    404    404     404    404    404    404    404    403
roadmap:measure_deadline  own     GET     login  404    403    404     403    403    200    403    403    403
roadmap:measure_deadline  other   GET     login  404    404    403     404    403    200    403    403    403
roadmap:measure_deadline  abroad  GET     login  404    404    404     404    404    404    404    404    403
roadmap:measure_deadline  own     POST    login  404    403    404     403    403    302    403    403    403
roadmap:measure_deadline  other   POST    login  404    404    403     404    403    302    403    403    403
roadmap:measure_deadline  abroad  POST    login  404    404    404     404    404    404    404    404    403
roadmap:report_correct    own     GET     login  404    403    404     403    403    200    403    403    403
roadmap:report_correct    other   GET     login  404    404    403     404    403    200    403    403    403
roadmap:report_correct    abroad  GET     login  404    404    404     404    404    404    404    404    403
roadmap:report_correct    own     POST    login  404    403    404     403    403    302    403    403    403
roadmap:report_correct    other   POST    login  404    404    403     404    403    302    403    403    403
roadmap:report_correct    abroad  POST    login  404    404    404     404    404    404    404    404    403
roadmap:report_verify     own     GET     login  404    403    404     403    200    403    403    403    403
roadmap:report_verify     other   GET     login  404    404    403     404    200    403    403    403    403
roadmap:report_verify     abroad  GET     login  404    404    404     404    404    404    404    404    403
roadmap:report_verify     own     POST    login  404    403    404     403    302    403    403    403    403
roadmap:report_verify     other   POST    login  404    404    403     404    302    403    403    403    403
roadmap:report_verify     abroad  POST    login  404    404    404     404    404    404    404    404    403
roadmap:evidence          own     GET     login  404    200    404     200    200    200    200    200    200
roadmap:evidence          other   GET     login  404    404    200     404    200    200    200    200    200
roadmap:evidence          abroad  GET     login  404    404    404     404    404    404    404    404    200
roadmap:evidence          own     POST    login  405    405    405     405    405    405    405    405    405
healthz                   -       GET     200    200    200    200     200    200    200    200    200    200
healthz                   -       POST    405    405    405    405     405    405    405    405    405    405
robots                    -       GET     200    200    200    200     200    200    200    200    200    200
robots                    -       POST    405    405    405    405     405    405    405    405    405    405
favicon                   -       GET     302    302    302    302     302    302    302    302    302    302
favicon                   -       POST    405    405    405    405     405    405    405    405    405    405
"""
PEOPLE = (
    "anonymous",
    "nobody",
    "secretary",
    "other_secretary",
    *(role.value for role in list(Role)[1:]),
    "administrator",
)
LINES = [line.split() for line in TABLE.strip().splitlines()[1:]]
EXPECTED = {tuple(line[:3]): dict(zip(PEOPLE, line[3:], strict=True)) for line in LINES}
ADDRESSES = list(dict.fromkeys(address for address, _row, _method in EXPECTED))


@pytest.fixture
def rows(cast):
    """By branch: an open measure, a measure that was reported as done, the report, its evidence file."""
    region = Region.objects.create(slug="abroad", kato="110000000", name_kk="Шет", name_ru="Шет", name_en="Abroad")
    names = {f"{name}_{language}": "Шет ауданы" for name in ("name", "short") for language in ("kk", "ru", "en")}
    district = District.objects.create(
        region=region, slug="abroad", kato="110000001", kind=DistrictKind.DISTRICT, river_order=1, **names
    )
    branch = Branch.objects.create(
        slug="abroad",
        kind=BranchKind.TERRITORIAL,
        region=region,
        district=district,
        **{name: word for name, word in names.items() if name.startswith("name")},
    )
    abroad = Roadmap.objects.create(
        programme=cast.programme, branch=branch, year=2025, approved_on=dt.date(2025, 1, 15)
    )
    stranger = User.objects.create_user("stranger")
    Assignment.objects.create(user=stranger, role=Role.SECRETARY, branch=branch)
    reporters = {"own": cast.people.secretary, "other": cast.people.other_secretary, "abroad": stranger}

    def of(slug):
        roadmap = abroad if slug == "abroad" else cast.roadmaps[slug]
        measure, claimed = cast.add_measure(roadmap=roadmap), cast.add_measure(roadmap=roadmap)
        act = check_upload(SimpleUploadedFile("акт.pdf", b"%PDF-1.7\n"))
        said = {"by": reporters[slug], "today": cast.today, "status": Status.DONE, "evidence": [act]}
        report = actions.report_status(measure=claimed, **said).report
        return {"measure": measure, "claimed": claimed, "report": report, "evidence": report.evidence.get()}

    return {slug: of(slug) for slug in reporters}


WHICH_ROW = {
    "roadmap:measure_detail": "claimed",
    "roadmap:measure_report": "measure",
    "roadmap:measure_deadline": "measure",
    "roadmap:report_correct": "report",
    "roadmap:report_verify": "report",
    "roadmap:evidence": "evidence",
}


def entry(address, row):
    """What a person types into the form of an address: all of it right, so that only access decides."""
    return {
        "branches:login": {"username": "nobody", "password": "wrong"},
        "branches:set_language": {"language": "ru"},
        "branches:password_change": {
            "old_password": "кілт-сөз-2025",
            "new_password1": "жаңа-сөз-2026",
            "new_password2": "жаңа-сөз-2026",
        },
        "roadmap:today": row and {"measure": row["measure"].pk, "status": "done", "note": "", "seen": 0},
        "roadmap:report_several": row and {"measure": [row["measure"].pk], "status": "done", "note": ""},
        "roadmap:measure_report": {"status": "done", "reported_on": "2025-06-16", "seen": 0},
        "roadmap:measure_deadline": {"new_deadline": "2025-11-30", "reason": "funding"},
        "roadmap:report_correct": {"status": "in_progress", "reported_on": "2025-06-16", "note": "қате"},
        "roadmap:report_verify": {"verdict": "confirms", "seen_on": "2025-06-16", "basis": "акт"},
    }.get(address, {})


def answer_of(client, address, slug, method, row):
    """What an address answers, in the words of the table."""
    if address in WHICH_ROW:
        url = reverse(address, args=[row[WHICH_ROW[address]].pk])
    else:
        url = reverse(address, query={"branch": slug} if row and address != "roadmap:report_several" else None)
    response = client.get(url) if method == "GET" else client.post(url, entry(address, row))
    if response.streaming:
        list(response)  # a file is closed when all of it is read
    if response.status_code == 302 and response.headers["Location"].startswith(reverse("branches:login")):
        return "login"
    return str(response.status_code)


@pytest.mark.parametrize("address", ADDRESSES)
def test_the_table(cast, rows, as_user, address):
    clients = {person: as_user(getattr(cast.people, person, None)) for person in PEOPLE}
    cookies = {person: client.cookies.output(header="") for person, client in clients.items()}
    for (line_address, slug, method), expected in EXPECTED.items():
        if line_address != address:
            continue
        answers = {}
        for person, client in clients.items():
            with transaction.atomic():  # what a POST did is taken back
                answers[person] = answer_of(client, address, slug, method, rows.get(slug))
                transaction.set_rollback(True)
            client.cookies = SimpleCookie(cookies[person])
        assert answers == expected, f"{method} {address} of {slug}"


# --- the table is complete -------------------------------------------------------------------------------------------
def addresses(patterns=None, namespace=""):
    """Every named address of the site: (name, pattern)."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(pattern, URLPattern):
            yield f"{namespace}{pattern.name}", pattern
        else:
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from addresses(pattern.url_patterns, inner)


def test_every_address_has_its_lines():
    named = {name: pattern for name, pattern in addresses() if not name.startswith("admin:")}
    assert set(named) == set(ADDRESSES)
    for name, pattern in named.items():
        methods = {method for address, _row, method in EXPECTED if address == name}
        slugs = {slug for address, slug, _method in EXPECTED if address == name}
        assert methods == {"GET", "POST"}, name
        assert (name in WHICH_ROW) == bool(pattern.pattern.converters), name
        assert slugs == {"own", "other", "abroad"} if name in WHICH_ROW else "-" in slugs, name


def test_every_person_of_the_cast_has_a_column(cast):
    assert set(vars(cast.people)) == set(PEOPLE) - {"anonymous"}


# --- the office ------------------------------------------------------------------------------------------------------
def office_urls():
    """Every address of the administrator's office; a row is asked for by a key that may not be there."""
    (office,) = (pattern for pattern in get_resolver().url_patterns if getattr(pattern, "namespace", "") == "admin")
    waiting = [(reverse("admin:index"), pattern) for pattern in office.url_patterns]
    for before, pattern in waiting:
        route = str(pattern.pattern)
        by_expression = {"app_list": "branches/"}.get(getattr(pattern, "name", ""), "nowhere/")
        address = before + (by_expression if "(?P" in route else re.sub("<[^>]+>", "1", route))
        if isinstance(pattern, URLPattern):
            yield address
        else:
            waiting.extend((address, inner) for inner in pattern.url_patterns)


def test_the_office_is_for_the_administrator_only(cast, as_user):
    urls, login, site_login = list(office_urls()), reverse("admin:login"), reverse("branches:login")
    assert len(urls) > 5 * len(admin.site._registry)
    for person in PEOPLE:
        if person == "administrator":
            continue
        client = as_user(getattr(cast.people, person, None))
        for url in urls:
            if url not in (login, reverse("admin:logout")):
                response = client.get(url)
                sent_to = {login, site_login} if person == "anonymous" else {login}
                assert response.status_code == 302, f"{person} {url}"
                assert response.headers["Location"].split("?")[0] in sent_to, f"{person} {url}"
        assert answer_of(client, "admin:login", "-", "GET", None) == ("login" if person == "anonymous" else "403")


def test_the_administrator_opens_every_page_of_the_office(cast, rows, as_user):
    client = as_user(cast.people.administrator)
    assert client.get(reverse("admin:index")).status_code == 200
    for model, its_admin in admin.site._registry.items():
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        response = client.get(reverse(f"{name}_changelist"))
        assert response.status_code == 200, name
        may_add = its_admin.has_add_permission(response.wsgi_request)
        assert client.get(reverse(f"{name}_add")).status_code == (200 if may_add else 403), name
        row = model._default_manager.first()
        if row:
            assert client.get(reverse(f"{name}_change", args=[row.pk])).status_code == 200, name


# --- the menu --------------------------------------------------------------------------------------------------------
NOT_IN_THE_MENU = {"roadmap:figures", "roadmap:report_several"}  # for machines; reached from the list


@pytest.mark.parametrize("person", PEOPLE[1:])
def test_the_menu_shows_what_is_allowed_and_nothing_else(cast, rows, as_user, person):
    client = as_user(getattr(cast.people, person))
    page = client.get(reverse("branches:profile")).content.decode()
    menu = re.search(r'<nav class="nav".*?</nav>', page, re.DOTALL).group()
    links = re.findall(r'href="([^"]+)"', menu)
    allowed = [
        reverse(address)
        for (address, slug, method), expected in EXPECTED.items()
        if slug == "-" and method == "GET" and expected[person] == "200"
        if address.startswith("roadmap:") and address not in NOT_IN_THE_MENU
    ]
    if person == "administrator":
        allowed.append(reverse("admin:index"))
    assert sorted(links) == sorted(allowed)
    for link in links:
        assert client.get(link).status_code == 200, link


def test_nobody_logged_in_sees_no_menu(cast, as_user):
    page = as_user(None).get(reverse("branches:login")).content.decode()
    assert '<nav class="nav"' not in page


# --- who has left ----------------------------------------------------------------------------------------------------
def test_who_has_left_is_logged_out_everywhere(cast, rows, as_user):
    """A deactivated person is anonymous from the next request on, also with an open browser."""
    client, user = as_user(cast.people.coordinator), cast.people.coordinator
    assert client.get(reverse("roadmap:today")).status_code == 200
    user.is_active = False
    user.save()
    for address in ("home", "roadmap:today", "roadmap:overview", "roadmap:measure_list", "branches:profile"):
        assert answer_of(client, address, "-", "GET", None) == "login"


def test_a_role_that_is_taken_away_ends_at_once(cast, rows, as_user):
    client = as_user(cast.people.secretary)
    url = reverse("roadmap:measure_report", args=[rows["own"]["measure"].pk])
    assert client.get(url).status_code == 200
    Assignment.objects.filter(user=cast.people.secretary).delete()
    assert client.get(url).status_code == 404
    assert client.get(reverse("roadmap:today")).status_code == 403


def test_a_role_in_a_region_covers_a_branch_that_is_opened_later(cast, rows, as_user):
    client = as_user(cast.people.observer)
    url = reverse("roadmap:measure_detail", args=[rows["abroad"]["measure"].pk])
    assert client.get(url).status_code == 404
    Branch.objects.filter(slug="abroad").update(region=cast.region)
    assert client.get(url).status_code == 200
