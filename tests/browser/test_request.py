"""A citizen's request at the desk: registered by keyboard, answered, seen as overdue; with a script and without."""

import datetime as dt

import pytest
from playwright.sync_api import Page, expect

from branches import actions as work
from branches.choices import HelpKind, RequestState
from branches.models import Branch, ConsentText, Request, Topic, User
from tests.browser.eyes import PHONE, TODAY, amiss

pytestmark = pytest.mark.browser

OFFICER = "secretary-syrdarya"
NEW = "/reception/requests/new/"
NAME, ASKED = "Ойданов Өтініш", "Ауызсу үш күннен бері жоқ"
SCRIPTED = pytest.mark.parametrize("scripted", [True, False], ids=["with JavaScript", "without JavaScript"])


@pytest.fixture
def office(site) -> Branch:
    """The branch of Syrdarya, with a topic and a text of the consent."""
    names = {f"name_{code}": word for code, word in (("kk", "Ауызсу"), ("ru", "Вода"), ("en", "Water"))}
    Topic.objects.get_or_create(key="water", defaults=names)
    if not ConsentText.objects.filter(valid_from__lte=TODAY).exists():
        words = {f"text_{code}": "Келісемін." for code in ("kk", "ru", "en")}
        ConsentText.objects.create(version="1", valid_from=dt.date(2024, 1, 1), **names, **words)
    return Branch.objects.get(slug="syrdarya")


@pytest.fixture
def ask(office):
    """`ask(day)`: a request that was received on that day."""

    def register(day: dt.date = TODAY) -> Request:
        return work.register_request(
            branch=office,
            by=User.objects.get(username=OFFICER),
            today=day,
            person=work.Person(NAME, "+7 000 1234567"),
            topic=Topic.objects.get(key="water"),
            summary=ASKED,
        )

    return register


def go_to(page: Page, name: str) -> int:
    """Press Tab until the field has the focus; give how often."""
    for presses in range(1, 4):
        page.keyboard.press("Tab")
        if page.locator(f"[name={name}]:focus").count():
            return presses
    return pytest.fail(f"{name} is further than three presses of Tab")


@SCRIPTED
def test_a_request_is_registered_by_keyboard(visitor, office, scripted):
    page = visitor(OFFICER, java_script_enabled=scripted)
    page.goto(NEW)
    expect(page.locator("[name=full_name]")).to_be_focused()
    expect(page.locator("[name=event]")).to_be_visible(visible=not scripted)
    page.keyboard.type(NAME)
    tabs = go_to(page, "phone")
    page.keyboard.type("87000001234")
    tabs += go_to(page, "locality")
    page.keyboard.press("ArrowDown")
    tabs += go_to(page, "address") + go_to(page, "iin") + go_to(page, "topic")
    page.keyboard.press("ArrowDown")
    tabs += go_to(page, "summary")
    page.keyboard.type(ASKED)
    tabs += go_to(page, "is_agreed")
    page.keyboard.press("Space")
    assert tabs <= 8  # one a field, and one over the text of the consent: the rest stands filled in
    with page.expect_navigation():
        page.keyboard.press("Enter")
    request = Request.objects.latest("pk")
    assert page.url.endswith(request.get_absolute_url())
    expect(page.locator("h1")).to_contain_text(str(request))
    expect(page.locator(".msg")).to_contain_text(str(request))
    expect(page.locator(".request-words")).to_have_text(ASKED)
    assert (request.applicant.full_name, request.locality is not None) == (NAME, True)
    page.locator(".again-at a").click()
    expect(page.locator("[name=full_name]")).to_be_focused()


def test_pressed_twice_it_is_registered_once(visitor, office):
    page = visitor(OFFICER)
    before = Request.objects.count()
    page.goto(NEW)
    page.locator("[name=full_name]").fill(NAME)
    page.locator("[name=topic]").select_option(index=1)
    page.locator("[name=summary]").fill(ASKED)
    page.locator("[name=is_agreed]").check()
    page.locator("button.go").dblclick()
    expect(page.locator(".request-words")).to_have_text(ASKED)
    assert Request.objects.count() == before + 1


@SCRIPTED
def test_what_is_wrong_stands_beside_its_field(visitor, office, scripted):
    page = visitor(OFFICER, java_script_enabled=scripted)
    page.goto(NEW)
    page.locator("[name=full_name]").fill(NAME)
    page.locator("[name=iin]").fill("850101 123456")
    page.locator("button.go").click()
    expect(page.locator("[name=full_name]")).to_have_value(NAME)
    expect(page.locator("[name=iin]")).to_be_focused()
    for name in ("iin", "topic", "summary", "is_agreed"):
        field = page.locator(f"[name={name}]")
        expect(field).to_have_attribute("aria-invalid", "true")
        expect(page.locator(f"#id_{name}_error")).to_be_visible()


@SCRIPTED
def test_a_likely_duplicate_is_passed_over(visitor, ask, scripted):
    first = ask()
    page = visitor(OFFICER, java_script_enabled=scripted)
    page.goto(NEW)
    page.locator("[name=full_name]").fill(NAME.upper())
    page.locator("[name=topic]").select_option(str(first.topic_id))
    page.locator("[name=summary]").fill(ASKED)
    page.locator("[name=is_agreed]").check()
    page.locator("button.go").click()
    expect(page.locator(".twins a")).to_have_text(str(first))
    expect(page.locator(".twins a")).to_have_attribute("target", "_blank")
    expect(page.locator("[name=allow_duplicate]")).to_be_focused()
    page.keyboard.press("Space")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert Request.objects.latest("pk").number == first.number + 1


@SCRIPTED
def test_a_request_is_answered(visitor, ask, scripted):
    request = ask()
    page = visitor(OFFICER, width=PHONE, java_script_enabled=scripted)
    page.goto(request.get_absolute_url())
    page.locator(".offers a[href$=forwarded]").click()
    expect(page.locator("[name=state][value=forwarded]")).to_be_checked()
    for name, is_asked in (("forwarded_to", True), ("help_kind", False), ("reason", False), ("note", True)):
        expect(page.locator(f"[name={name}]")).to_be_visible(visible=is_asked or not scripted)
    page.locator("label:has([value=positive])").click()
    expect(page.locator("[name=forwarded_to]")).to_be_visible(visible=not scripted)
    page.locator("button.go").click()
    expect(page.locator("#id_help_kind_error")).to_be_visible()
    page.locator("[name=help_kind]").select_option(HelpKind.ADVICE)
    page.locator("[name=note]").fill("Су тасу ұйымдастырылды")
    page.locator("button.go").click()
    expect(page.locator(".states .st").first).to_have_class("st done")
    expect(page.locator(".story .said").first).to_have_text("Су тасу ұйымдастырылды")
    assert request.steps.latest("pk").state == RequestState.POSITIVE


def test_what_is_overdue_is_marked(visitor, ask):
    late = ask(TODAY - dt.timedelta(days=60))
    page = visitor(OFFICER)
    page.goto(late.get_absolute_url())
    expect(page.locator(".states .st.fail use")).to_have_attribute("href", "#late")
    expect(page.locator(".states p.fail")).to_have_count(2)


def test_an_event_is_asked_for_where_the_request_came_at_one(visitor, office):
    page = visitor(OFFICER)
    page.goto(NEW)
    page.locator("[name=channel]").select_option("event")
    expect(page.locator("[name=event]")).to_be_visible()
    page.locator("[name=channel]").select_option("desk")
    expect(page.locator("[name=event]")).to_be_hidden()
    expect(page.locator("[name=event]")).to_be_disabled()


def test_who_was_logged_out_meanwhile_loses_nothing(visitor, office):
    page = visitor(OFFICER)
    before = Request.objects.count()
    kept = page.context.cookies()
    page.goto(NEW)
    page.locator("[name=full_name]").fill(NAME)
    page.locator("[name=topic]").select_option(index=1)
    page.locator("[name=summary]").fill(ASKED)
    page.locator("[name=is_agreed]").check()
    page.context.clear_cookies()  # the session, and the token with it
    page.locator("button.go").click()
    told = page.locator("[data-asleep=out]")
    expect(told).to_be_visible()
    assert told.locator("a").get_attribute("target") == "_blank"
    assert "/login/?next=/reception/requests/new/" in told.locator("a").get_attribute("href")
    page.route("**/reception/requests/new/?branch=*", lambda route: route.abort())
    page.locator("button.go").click()
    expect(page.locator("[data-asleep=away]")).to_be_visible()
    expect(told).to_be_hidden()
    page.unroute("**/reception/requests/new/?branch=*")
    expect(page.locator("[name=summary]")).to_have_value(ASKED)
    assert Request.objects.count() == before
    page.context.add_cookies(kept)  # logged in again, on the other page
    page.locator("button.go").click()
    expect(page.locator(".request-words")).to_have_text(ASKED)
    assert Request.objects.count() == before + 1


def test_a_mistake_is_put_right_and_registered_anew(visitor, ask):
    mistaken = ask()
    page = visitor(OFFICER, width=PHONE)
    page.goto(f"{mistaken.get_absolute_url()}step/?state=mistake")
    page.locator("[name=note]").fill("басқа тақырып")
    page.locator("button.go").click()
    page.locator("a[href*=instead]").click()
    expect(page.locator("[name=full_name]")).to_have_value(NAME)
    assert amiss(page) == []
    page.locator("[name=summary]").fill("Ауызсу екі күннен бері жоқ")
    page.locator("[name=is_agreed]").check()
    page.locator("button.go").click()
    expect(page.locator(".request-words")).to_have_text("Ауызсу екі күннен бері жоқ")
    assert Request.objects.latest("pk").applicant_id == mistaken.applicant_id


def test_pages_for_everybodys_eyes_and_hands(visitor, ask):
    request = ask(TODAY - dt.timedelta(days=60))
    page = visitor(OFFICER)
    card = request.get_absolute_url()
    seen = {}
    for address in (card, f"{card}step/?state=waiting", f"{card}applicant/", f"{card}consent/", NEW):
        page.goto(address)
        seen[address] = amiss(page)
    page.locator("[name=full_name]").fill(NAME)
    page.locator("[name=topic]").select_option(str(request.topic_id))
    page.locator("[name=received_on]").fill((TODAY - dt.timedelta(days=30)).isoformat())
    page.locator("[name=summary]").fill(ASKED)
    page.locator("[name=is_agreed]").check()
    with page.expect_navigation():
        page.locator("button.go").click()
    expect(page.locator(".twins")).to_be_visible()
    seen["duplicates"] = amiss(page)
    page.goto("/reception/requests/find/")
    seen["find"] = amiss(page)
    page.locator("[name=full_name]").fill(NAME)
    with page.expect_navigation():
        page.locator("button.go").click()
    expect(page.locator("tbody tr")).to_have_count(1)
    seen["found"] = amiss(page)
    assert {address: wrong for address, wrong in seen.items() if wrong} == {}
