"""The frame of every page: language, login and its brake, menu, headers, error pages, tables, forms."""

import datetime as dt
import re
from pathlib import Path

import django_tables2 as tables
import pytest
import time_machine
from django import forms
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.template import engines
from django.test import Client
from django.urls import path, reverse
from django.utils import translation

from amanat_tracker.urls import urlpatterns as site_urlpatterns
from branches.actions.account import LOGIN_PAUSE, LOGIN_TRIES
from branches.choices import Language, Role
from branches.models import Assignment, AuditEvent, Branch, District, Region, User

PASSWORD = "syr-suy-1234"
NOON = dt.datetime(2025, 11, 14, 12, 0, tzinfo=dt.UTC)
HOSTILE = ("https://evil.example/", "//evil.example/", "javascript:alert(1)", "http:///evil.example", "")


# --- pages that only tests have --------------------------------------------------------------------------------------
class NumberTable(tables.Table):
    """Numbers, with a caption."""

    caption = "Numbers"
    number = tables.Column(verbose_name="No", attrs={"td": {"class": "n"}})
    word = tables.Column(verbose_name="Word", orderable=False)


class ProbeForm(forms.Form):
    """A field of each kind that the template treats apart."""

    name = forms.CharField(help_text="as in the passport")
    kind = forms.ChoiceField(choices=[("a", "A"), ("b", "B")], widget=forms.RadioSelect)
    agreed = forms.BooleanField()


def failing_view(request):
    """Fail, as a bug would."""
    raise ValueError("a bug")


def forbidden_view(request):
    """Refuse, with a reason."""
    raise PermissionDenied("Only the commission confirms.")


def table_view(request):
    """List `?rows=` numbers, ten a page."""
    rows = [{"number": number, "word": f"word {number}"} for number in range(int(request.GET["rows"]))]
    table = NumberTable(rows, order_by=request.GET.get("sort", ""))
    if "all" not in request.GET:
        table.paginate(page=int(request.GET.get("page", 1)), per_page=10)
    source = (
        '{% extends "base.html" %}{% load django_tables2 %}{% block content %}{% render_table table %}{% endblock %}'
    )
    return HttpResponse(engines["django"].from_string(source).render({"table": table}, request))


urlpatterns = [
    *site_urlpatterns,
    path("probe/500/", login_not_required(failing_view)),
    path("probe/403/", login_not_required(forbidden_view)),
    path("probe/table/", login_not_required(table_view)),
]
probes = pytest.mark.urls(__name__)


@pytest.fixture
def region(db) -> Region:
    return Region.objects.create(slug="oblast", kato="430000000", name_kk="Облыс", name_ru="Область", name_en="Oblast")


@pytest.fixture
def branch(region) -> Branch:
    names = {"name_kk": "Аудан", "name_ru": "Район", "name_en": "District"}
    shorts = {"short_kk": "Аудан", "short_ru": "Район", "short_en": "District"}
    district = District.objects.create(
        region=region, slug="district", kato="435200000", kind="district", river_order=1, **names, **shorts
    )
    return Branch.objects.create(slug="district", kind="territorial", region=region, district=district, **names)


@pytest.fixture
def person(db):
    """Make a person: `person("aigul", role=..., language=...)`."""

    def make(username, role=None, branch=None, **kwargs):
        user = User.objects.create_user(username, password=PASSWORD, **kwargs)
        if role:
            Assignment.objects.create(user=user, role=role, branch=branch)
        return user

    return make


def log_in(client, username, password=PASSWORD, **kwargs):
    return client.post(reverse("branches:login"), {"username": username, "password": password}, **kwargs)


def language_of(response) -> str:
    """The language that the page says it is in."""
    (said,) = re.findall(r'<html lang="(\w+)">', response.content.decode())
    assert response.headers["Content-Language"] == said
    return said


def menu_of(client) -> list[str]:
    """The addresses of the menu."""
    html = client.get(reverse("branches:profile")).content.decode()
    menu = re.search(r'<nav class="nav".*?</nav>', html, re.DOTALL).group()
    return re.findall(r'href="([^"]+)"', menu)


# --- language --------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("wanted", ["ru-RU,ru;q=0.9", "en", "de", ""])
def test_kazakh_whatever_the_browser_asks(client, wanted):
    assert language_of(client.get(reverse("branches:login"), headers={"accept-language": wanted})) == "kk"


def test_an_unknown_language_in_the_cookie_is_kazakh(client):
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "../de"
    assert language_of(client.get(reverse("branches:login"))) == "kk"


@pytest.mark.parametrize("language", Language.values)
def test_the_switch_works_before_login(client, language):
    login = reverse("branches:login")
    response = client.post(reverse("branches:set_language"), {"language": language, "next": login})
    assert (response.status_code, response.url) == (302, login)
    assert response.cookies[settings.LANGUAGE_COOKIE_NAME]["max-age"] > 300 * 24 * 3600
    assert language_of(client.get(login)) == language


def test_the_switch_is_kept_with_the_person_and_audited_once(client, person):
    user = person("aigul")
    client.force_login(user)
    for _press in range(2):
        client.post(reverse("branches:set_language"), {"language": "ru", "next": "/profile/"})
    user.refresh_from_db()
    assert user.language == "ru"
    (event,) = AuditEvent.objects.filter(action="profile.language")
    assert (event.actor, event.subject, event.detail) == ("aigul", f"branches.user:{user.pk}", "ru")
    assert language_of(client.get(reverse("branches:profile"))) == "ru"


def test_a_language_that_does_not_exist_changes_nothing(client, person):
    user = person("aigul")
    client.force_login(user)
    response = client.post(reverse("branches:set_language"), {"language": "de"})
    assert response.status_code == 400
    assert settings.LANGUAGE_COOKIE_NAME not in response.cookies
    user.refresh_from_db()
    assert user.language == "kk"


def test_the_switch_is_a_button_not_a_link(client):
    assert client.get(reverse("branches:set_language")).status_code == 405


def test_login_brings_the_language_of_the_person(client, person):
    person("ivan", language="ru")
    log_in(client, "ivan")
    assert language_of(client.get(reverse("branches:profile"))) == "ru"


@pytest.mark.parametrize("address", HOSTILE)
def test_the_switch_does_not_lead_away(client, address):
    response = client.post(reverse("branches:set_language"), {"language": "ru", "next": address})
    assert response.url == reverse("home")


# --- login and its brake ---------------------------------------------------------------------------------------------
@pytest.mark.parametrize("address", HOSTILE)
def test_login_does_not_lead_away(client, person, address):
    person("aigul")
    response = client.post(reverse("branches:login"), {"username": "aigul", "password": PASSWORD, "next": address})
    assert response.url == reverse("home")


def test_login_returns_to_the_page_that_was_asked_for(client, person):
    person("aigul")
    asked = client.get(reverse("branches:profile") + "?from=mail")
    form = client.get(asked.url).context["next"]
    response = client.post(asked.url, {"username": "aigul", "password": PASSWORD, "next": form})
    assert response.url == "/profile/?from=mail"


def test_login_begins_a_new_session(client, person):
    person("aigul")
    session = client.session
    session["planted"] = "by somebody else"
    session.save()
    planted = session.session_key
    log_in(client, "aigul")
    assert client.session.session_key != planted


def test_a_wrong_password_is_said_beside_the_field_and_the_name_is_kept(client, person):
    person("aigul")
    response = log_in(client, "aigul", "wrong")
    html = response.content.decode()
    assert response.status_code == 200
    assert 'value="aigul"' in html and "wrong" not in html
    assert re.search(r'<input type="password"[^>]*aria-invalid="true"[^>]*aria-describedby="id_password_error"', html)
    assert 'id="id_password_error"' in html
    assert "_auth_user_id" not in client.session


def test_a_name_that_nobody_has_gets_the_same_answer_and_is_not_written_down(client, person):
    person("aigul")
    known = log_in(client, "aigul", "wrong").context["form"].errors
    unknown = log_in(client, PASSWORD, "wrong").context["form"].errors
    assert known == unknown
    assert [event.actor for event in AuditEvent.objects.filter(action="login.failed")] == ["—", "aigul"]
    assert not AuditEvent.objects.filter(subject__contains=PASSWORD).exists()


def test_after_five_wrong_passwords_one_waits_a_quarter_of_an_hour(client, person):
    person("aigul")
    person("bolat")
    with time_machine.travel(NOON, tick=False) as clock:
        for _attempt in range(LOGIN_TRIES):
            assert log_in(client, "aigul", "wrong").status_code == 200
            clock.shift(dt.timedelta(minutes=1))
        refused = log_in(client, "aigul")
        assert refused.status_code == 429
        assert "15" in refused.context["form"].errors["password"][0]
        assert "_auth_user_id" not in client.session
        assert log_in(Client(), "AIGUL").status_code == 429  # another browser of the same place, another spelling
        assert log_in(Client(), "bolat").status_code == 302  # a colleague at the same place is not locked out
        assert log_in(Client(), "aigul", REMOTE_ADDR="10.0.0.7").status_code == 302  # nor the person at another place
        clock.move_to(NOON + (LOGIN_TRIES - 1) * dt.timedelta(minutes=1) + LOGIN_PAUSE)
        assert log_in(client, "aigul").status_code == 302


def test_the_attempts_during_the_pause_do_not_prolong_it(client, person):
    person("aigul")
    with time_machine.travel(NOON, tick=False) as clock:
        for _attempt in range(LOGIN_TRIES * 2):
            log_in(client, "aigul", "wrong")
        assert AuditEvent.objects.filter(action="login.failed").count() == LOGIN_TRIES
        clock.shift(LOGIN_PAUSE)
        assert log_in(client, "aigul").status_code == 302


def test_a_login_begins_the_count_anew(client, person):
    person("aigul")
    for _attempt in range(LOGIN_TRIES - 1):
        log_in(client, "aigul", "wrong")
    assert log_in(client, "aigul").status_code == 302
    assert log_in(Client(), "aigul", "wrong").status_code == 200
    assert log_in(Client(), "aigul").status_code == 302


def test_wrong_passwords_of_a_whole_hour_do_not_add_up(client, person):
    person("aigul")
    with time_machine.travel(NOON, tick=False) as clock:
        for _attempt in range(LOGIN_TRIES):
            log_in(client, "aigul", "wrong")
            clock.shift(dt.timedelta(minutes=6))
        assert log_in(client, "aigul").status_code == 302


def test_leaving_is_a_button(client, person):
    client.force_login(person("aigul"))
    assert client.get(reverse("branches:logout")).status_code == 405
    assert client.post(reverse("branches:logout")).url == reverse("branches:login")
    assert "_auth_user_id" not in client.session
    assert client.post(reverse("branches:logout")).url == reverse("branches:login")  # the second press


def test_the_admin_has_no_login_form_of_its_own(client, person):
    door = reverse("admin:login")
    assert client.get(door).url.startswith(reverse("branches:login"))
    client.force_login(person("aigul"))
    assert client.get(door).status_code == 403
    client.force_login(User.objects.create_superuser("root", password=PASSWORD))
    assert client.get(door).url == reverse("admin:index")


# --- profile and password --------------------------------------------------------------------------------------------
def test_the_profile_shows_who_i_am(client, person, branch):
    client.force_login(person("aigul", Role.SECRETARY, branch, first_name="Айгүл", last_name="Сейітқали"))
    html = client.get(reverse("branches:profile")).content.decode()
    assert "Айгүл Сейітқали" in html and "aigul" in html and branch.name_kk in html
    assert '<option value="kk" selected>Қазақша</option>' in html


def test_changing_the_password_ends_other_sessions_and_is_audited(client, person):
    user = person("aigul")
    elsewhere = Client()
    client.force_login(user)
    elsewhere.force_login(user)
    change = reverse("branches:password_change")
    new = {"new_password1": "zhana-qupiya-77", "new_password2": "zhana-qupiya-77"}
    assert client.post(change, {"old_password": "wrong", **new}).context["form"].has_error("old_password")
    response = client.post(change, {"old_password": PASSWORD, **new}, follow=True)
    assert response.redirect_chain == [(reverse("branches:profile"), 302)]
    assert 'role="status"' in response.content.decode() and '<p class="msg">' in response.content.decode()
    assert elsewhere.get(reverse("branches:profile")).status_code == 302
    user.refresh_from_db()
    assert user.check_password("zhana-qupiya-77")
    assert AuditEvent.objects.filter(actor="aigul", action="profile.password").count() == 1


# --- menu ------------------------------------------------------------------------------------------------------------
FOR_ALL = ["/roadmaps/", "/measures/", "/control/", "/councils/", "/projects/", "/reception/", "/organisation/"]


@pytest.mark.parametrize(
    ("role", "expected"),
    [
        (None, []),
        (Role.SECRETARY, ["/today/", *FOR_ALL]),
        (Role.RECEPTION, FOR_ALL),
        (Role.CONTROLLER, ["/overview/", *FOR_ALL]),
        (Role.COORDINATOR, ["/today/", "/overview/", *FOR_ALL]),
        (Role.CHAIR, ["/overview/", *FOR_ALL]),
        (Role.OBSERVER, ["/overview/", *FOR_ALL]),
    ],
)
def test_the_menu_shows_only_what_the_role_may(client, person, branch, role, expected):
    client.force_login(person("aigul", role, branch))
    assert menu_of(client) == expected


def test_the_administrator_finds_the_admin(client, db):
    client.force_login(User.objects.create_superuser("root", password=PASSWORD))
    assert menu_of(client) == ["/overview/", *FOR_ALL, reverse("admin:index")]


def test_the_stranger_has_no_menu(client):
    html = client.get(reverse("branches:login")).content.decode()
    assert 'class="nav"' not in html and reverse("branches:logout") not in html


@pytest.mark.parametrize(
    ("page", "section", "line", "mark"),
    [
        ("/measures/", None, "/measures/", "page"),
        ("/measures/7/", None, "/measures/", "true"),
        ("/control/", None, "/control/", "page"),
        ("/control/sites/7/visit/", None, "/control/", "true"),
        ("/councils/proposals/", None, "/councils/", "true"),
        ("/bodies/7/", None, "/control/", "true"),
        ("/meetings/7/annul/", None, "/control/", "true"),
        ("/recommendations/7/", None, "/control/", "true"),
        ("/recommendations/7/", "roadmap:council_list", "/councils/", "true"),  # a view knows whose it is
        ("/profile/", None, None, ""),
    ],
)
def test_the_menu_marks_the_place(rf, person, branch, page, section, line, mark):
    request = rf.get(page)
    request.user = person("aigul", Role.CHAIR, branch)
    if section:
        request.section = section
    (context_processor,) = (
        processor
        for processor in engines["django"].engine.template_context_processors
        if processor.__name__ == "navigation"
    )
    links = context_processor(request)["navigation"]
    assert {link.url: link.current for link in links if link.current} == ({line: mark} if line else {})


@pytest.mark.parametrize(
    ("roles", "first"),
    [
        ([Role.SECRETARY], "/today/"),
        ([Role.RECEPTION], "/reception/"),
        ([Role.CONTROLLER], "/control/"),
        ([Role.COORDINATOR], "/overview/"),
        ([Role.CHAIR], "/overview/"),
        ([Role.OBSERVER], "/overview/"),
        ([Role.CHAIR, Role.CONTROLLER], "/control/"),
        ([Role.SECRETARY, Role.CONTROLLER], "/overview/"),
        ([], "/measures/"),
    ],
)
def test_the_first_page_is_that_of_ones_work(client, person, branch, roles, first):
    user = person("aigul")
    for role in roles:
        Assignment.objects.create(user=user, role=role, branch=branch)
    client.force_login(user)
    assert client.get(reverse("home")).url == first


# --- headers and error pages -----------------------------------------------------------------------------------------
CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='; "
    "img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; "
    "base-uri 'none'; manifest-src 'self'"
)


@probes
@pytest.mark.parametrize(
    ("address", "status"),
    [("/login/", 200), ("/profile/", 302), ("/nowhere/", 404), ("/probe/403/", 403), ("/probe/500/", 500)],
)
def test_the_policy_is_on_every_answer(client, address, status):
    client.raise_request_exception = False
    response = client.get(address)
    assert response.status_code == status
    assert response.headers["Content-Security-Policy"] == CSP


ERRORS = [("/nowhere/", 404, "There is no such page"), ("/probe/403/", 403, "This is not yours to do")]
FAILURE = ("/probe/500/", 500, "The program failed")


@probes
@pytest.mark.parametrize("language", Language.values)
@pytest.mark.parametrize(("address", "status", "title"), [*ERRORS, FAILURE])
def test_error_pages_speak_three_languages_without_the_database(client, language, address, status, title):
    client.raise_request_exception = False
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    response = client.get(address)
    with translation.override(language):
        translated = translation.gettext(title)
    assert response.status_code == status
    assert language_of(response) == language
    assert f"<h1>{translated}</h1>" in response.content.decode()
    assert language == "en" or translated != title


@probes
def test_the_failure_page_needs_no_session_and_no_database(client):
    """A known visitor while the database is away: pytest-django refuses every query here, like a dead server."""
    client.raise_request_exception = False
    client.cookies[settings.SESSION_COOKIE_NAME] = "x" * 32
    response = client.get("/profile/")
    assert response.status_code == 500
    assert 'class="brand"' in response.content.decode()


@probes
def test_the_refusal_gives_the_reason_and_whom_to_ask(client):
    with translation.override("kk"):
        whom_to_ask = translation.gettext("See my roles")
    html = client.get("/probe/403/").content.decode()
    assert "Only the commission confirms." in html and whom_to_ask in html


@pytest.mark.parametrize("language", Language.values)
def test_an_old_form_is_refused_with_advice(db, language):
    client = Client(enforce_csrf_checks=True)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    response = log_in(client, "aigul")
    with translation.override(language):
        title = translation.gettext("The form was not accepted")
    assert response.status_code == 403
    assert f"<h1>{title}</h1>" in response.content.decode()


def test_a_host_that_is_not_ours_gets_our_page(client):
    response = client.get("/login/", headers={"host": "evil.example"})
    assert response.status_code == 400
    assert "<h1>" in response.content.decode()


def test_robots_stay_out_and_the_icon_is_found(client):
    assert client.get("/robots.txt").content == b"User-agent: *\nDisallow: /\n"
    assert client.get("/favicon.ico").url == f"{settings.STATIC_URL}favicon.svg"


# --- templates -------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "template", sorted((settings.BASE_DIR / "templates").rglob("*.html")), ids=lambda path: path.name
)
def test_no_inline_style_or_script(template: Path):
    html = template.read_text()
    assert not re.search(r"""\sstyle\s*=|<style\b|\son\w+\s*=\s*["']|href\s*=\s*["']javascript:""", html)
    scripts = re.findall(r"<script\b[^>]*>", html)
    assert all("src=" in script or 'type="application/json"' in script for script in scripts)


def test_every_mark_of_the_templates_is_in_the_sprite():
    folder = settings.BASE_DIR / "templates"
    drawn = set(re.findall(r'<(?:symbol|pattern) id="([\w-]+)"', (folder / "_marks.html").read_text()))
    for template in folder.rglob("*.html"):
        used = set(re.findall(r'{% mark "([\w-]+)"', template.read_text()))
        assert used <= drawn, template.name


def test_a_mark_is_drawn_with_its_colour():
    source = engines["django"].from_string('{% mark "late" "fail" %}{% mark "visit" %}')
    assert source.render() == (
        '<svg class="i fail" aria-hidden="true"><use href="#late"/></svg>'
        '<svg class="i" aria-hidden="true"><use href="#visit"/></svg>'
    )


def test_a_field_is_tied_to_its_help_and_its_error():
    html = ProbeForm({}).render()
    for name in ("name", "kind", "agreed"):
        assert html.count(f'id="id_{name}_error"') == 1
    assert 'aria-describedby="id_name_helptext id_name_error"' in html
    assert re.search(r'<input type="text"[^>]*aria-invalid="true"', html)
    assert re.search(r'<fieldset aria-describedby="id_kind_error">\s*<legend>', html)
    assert re.search(r'<label class="tick" for="id_agreed"><input type="checkbox"', html)
    assert "errorlist" not in html and 'class="err"' in html


# --- tables ----------------------------------------------------------------------------------------------------------
def table_of(client, query: str) -> str:
    return client.get(f"/probe/table/?{query}").content.decode()


@probes
@pytest.mark.parametrize(("query", "total"), [("rows=0", 0), ("rows=3", 3), ("rows=1234", 1234), ("rows=25&all", 25)])
def test_a_table_says_how_many_rows_it_stands_for(client, query, total):
    assert f'data-total="{total}"' in table_of(client, query)


@probes
def test_a_table_says_how_it_is_sorted(client):
    assert "aria-sort" not in table_of(client, "rows=3")
    assert table_of(client, "rows=3&sort=number").count('aria-sort="ascending"') == 1
    descending = table_of(client, "rows=3&sort=-number")
    assert descending.count('aria-sort="descending"') == 1
    assert re.findall(r'data-label="No"[^>]*>(\d+)<', descending) == ["2", "1", "0"]


@probes
def test_sorting_keeps_the_filters_and_returns_to_the_first_page(client):
    html = table_of(client, "rows=95&page=3&year=2025")
    assert 'href="?rows=95&amp;year=2025&amp;sort=number"' in html
    assert 'href="?rows=95&amp;page=4&amp;year=2025"' in html


@probes
def test_the_pager_counts_in_the_language_of_the_reader(client):
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    html = table_of(client, "rows=1234&page=2")
    assert "11–20 of 1" in html
    assert html.count('aria-current="page"') == 1
    assert 'rel="prev"' in html and 'rel="next"' in html
    assert '<nav class="pager"' not in table_of(client, "rows=10")


@probes
def test_an_empty_table_says_so(client):
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    assert "Nothing found. Change the filters." in table_of(client, "rows=0")
