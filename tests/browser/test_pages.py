"""Every page as every role: for everybody's eyes and hands, in light and dark, on a desk and on a phone, and quiet."""

from collections.abc import Callable
from typing import NamedTuple

import pytest
from django.conf import settings
from playwright.sync_api import Page

from branches.models import (
    Branch,
    Election,
    OfficeHolder,
    PartyProject,
    ProjectIndicator,
    ReceptionEvent,
    Request,
    User,
)
from roadmap.actions import register_site
from roadmap.models import (
    Body,
    ControlPost,
    Measure,
    Meeting,
    Recommendation,
    Site,
    SiteVisit,
    StatusReport,
)
from tests.browser.eyes import DESK, NARROWEST, PHONE, TODAY, amiss, sideways

pytestmark = pytest.mark.browser

PAGES = ("document", "fetch", "xhr")  # kinds of request that bring a page


class Stop(NamedTuple):
    """A page to look at: its address, what it answers, and what is done there to bring it about."""

    address: str
    status: int = 200
    does: Callable[[Page], None] | None = None


def press(*selectors: str) -> Callable[[Page], None]:
    """Press one thing after another; the last of them opens the page that is looked at."""

    def do(page: Page) -> None:
        for selector in selectors[:-1]:
            page.locator(selector).first.click()
        with page.expect_navigation():
            page.locator(selectors[-1]).first.click()

    return do


def enter_wrongly(page: Page) -> None:
    """Not done, without a reason: the list stays, and says what is missing."""
    row = page.locator(".task").first
    row.locator("label:has([value=not_done])").click()
    row.locator("button").click()
    page.locator(".task [aria-invalid]").wait_for()


def select_open_and_closed(page: Page) -> None:
    """Report several at once: the preview takes the open ones and refuses those that are closed."""
    for row in ("in_progress", "done"):
        page.locator(f"[name=measure][value='{measures().filter(status=row).first().pk}']").check()
    press(".bulk label:has([value=done])", ".bulk button")(page)
    assert page.locator("#h-changed, #h-refused").count() == 2


def open_charts(page: Page) -> None:
    """Let Plotly draw the pace, and the reasons of delay."""
    boxes = page.locator(".explore").all()
    assert len(boxes) == 2
    for box in boxes:
        box.locator("button").click()
        box.locator(".plot .main-svg").first.wait_for()


def send_an_empty_visit(page: Page) -> None:
    """The form is sent by a script, and stays where it is."""
    page.locator("form.say button.go").first.click()
    page.locator("[aria-invalid]").first.wait_for()


# --- rows of the demonstration that show everything a page can show ----------------------------------------------
def measures(branch: str = "syrdarya", year: int = TODAY.year):
    return Measure.objects.filter(roadmap__branch__slug=branch, roadmap__year=year).order_by("position")


def last_report(measure: Measure) -> StatusReport:
    return measure.statusreports.latest("id")


def claim(*, confirmed: bool) -> Measure:
    """A measure that is reported as done."""
    done = measures().filter(status="done")
    return next(one for one in done if last_report(one).verifications.exists() is confirmed)


def returned() -> Measure:
    """A measure that control gave back."""
    return next(one for one in measures().filter(status="in_progress") if last_report(one).origin == "refutation")


# --- control and councils --------------------------------------------------------------------------------------------
def sites(branch: str = "syrdarya"):
    return Site.objects.filter(branch__slug=branch).as_of(TODAY)


def visited() -> Site:
    """A site under a post that was visited often."""
    return max(sites().filter(is_under_post=True), key=lambda site: site.visits.count())


def unwatched() -> Site:
    """A site that a post could be opened over: just begun."""
    branch = Branch.objects.get(slug="syrdarya")
    inspector = User.objects.get(username="controller")
    said = {"name": "Жаңа мектеп", "kind": "education", "district": branch.district, "state": "construction"}
    return register_site(branch=branch, by=inspector, today=TODAY, **said)


def post(*, is_open: bool) -> ControlPost:
    return ControlPost.objects.filter(branch__slug="syrdarya").as_of(TODAY).filter(is_open=is_open).latest("pk")


def body(kind: str) -> Body:
    return Body.objects.filter(branch__slug="syrdarya", kind=kind).first()


def meeting(kind: str) -> Meeting:
    return Meeting.objects.filter(body__branch__slug="syrdarya", body__kind=kind).as_of(TODAY).latest("held_on")


def recommendation(state: str) -> Recommendation:
    rows = Recommendation.objects.filter(branch__slug="syrdarya").of_control().as_of(TODAY)
    return rows.filter(day_state=state).latest("pk")


def pages_of_nobody() -> list[Stop]:
    return [
        Stop("/login/"),
        Stop("/login/", 200, press("form.form button")),
        Stop("/nowhere/", 404),
    ]


def pages_of_council() -> list[Stop]:
    """What a secretary does for the councils of the branch."""
    sitting = f"/bodies/{body('council').pk}/meeting/"
    return [
        Stop("/councils/"),
        Stop("/councils/issues/?q=су"),
        Stop("/councils/proposals/?open=1"),
        Stop(body("council").get_absolute_url()),
        Stop(sitting),
        Stop(f"{sitting}?agenda=draft", 200, press("form.say button.go")),
        Stop(meeting("council").get_absolute_url()),
        Stop(f"{recommendation('in_work').get_absolute_url()}follow/"),
    ]


def pages_of_secretary() -> list[Stop]:
    card = returned().get_absolute_url()
    wrong_note = press("form.say label:has([value=not_done])", "form.say button")
    return [
        Stop("/today/"),
        Stop("/today/", 422, enter_wrongly),
        Stop("/roadmaps/"),
        Stop("/measures/?q=мектеп&sort=-deadline"),
        Stop("/measures/?q=жоқ-нәрсе&overdue=1"),
        Stop("/measures/?status=nonsense&year=1999&as_of=31.31.2026"),
        Stop("/measures/?status=done&status=in_progress&per_page=200", 200, select_open_and_closed),
        Stop("/measures/", 200, press("[name=measure]", ".bulk label:has([value=not_done])", ".bulk button")),
        Stop(card),
        Stop(card, 200, wrong_note),
        Stop("/overview/", 403),
        Stop("/nowhere/", 404),
        Stop("/profile/"),
        Stop("/profile/password/"),
        Stop("/profile/password/", 200, press("form.form button")),
        *pages_of_council(),
        *pages_of_projects(),
    ]


# --- projects, reception, organisation -------------------------------------------------------------------------------
def request(state: str) -> Request:
    return Request.objects.filter(branch__slug="syrdarya").as_of(TODAY).filter(day_state=state).latest("pk")


def pages_of_reception() -> list[Stop]:
    asked, answered = (f"/reception/requests/{request(state).pk}/" for state in ("in_work", "positive"))
    save = press("form.say button.go")
    event = ReceptionEvent.objects.filter(branch__slug="syrdarya").latest("pk")
    return [
        Stop("/measures/"),
        Stop(claim(confirmed=True).get_absolute_url()),
        Stop("/reception/"),
        Stop("/reception/?mandates=1"),
        Stop("/reception/requests/?open=1&sort=-number"),
        Stop("/reception/requests/?q=жоқ-нәрсе&state=nonsense"),
        Stop("/reception/requests/new/"),
        Stop("/reception/requests/new/", 200, save),
        Stop("/reception/requests/find/"),
        Stop(asked),
        Stop(answered),
        Stop(f"{asked}step/"),
        Stop(f"{asked}step/", 200, save),
        Stop(f"{asked}applicant/"),
        Stop(f"{asked}consent/"),
        Stop(f"{asked}measure/"),
        Stop(f"{asked}control/"),
        Stop("/reception/events/"),
        Stop("/reception/events/new/", 200, save),
        Stop(f"{event.get_absolute_url()}annul/", 200, save),
        Stop(event.get_absolute_url()),
        Stop("/reception/topics/"),
    ]


def pages_of_projects() -> list[Stop]:
    """What a secretary enters of projects and of the branch itself."""
    home, save = "/organisation/syrdarya/", press("form.say button.go")
    office = OfficeHolder.objects.filter(branch__slug="syrdarya").latest("pk")
    election = Election.objects.filter(branch__slug="syrdarya").as_of(TODAY).latest("pk")
    return [
        Stop("/projects/"),
        Stop("/projects/entry/"),
        Stop(PartyProject.objects.get(key="qaryzsyz_qogam").get_absolute_url()),
        Stop(ProjectIndicator.objects.get(key="five_joint.people").get_absolute_url()),
        Stop("/organisation/"),
        Stop(home),
        *(Stop(f"{home}{what}/", 200, save) for what in ("members", "wing", "faction", "election", "office")),
        Stop(f"{home}office/?corrects={office.pk}"),
        Stop(f"/organisation/elections/{election.pk}/annul/", 200, save),
    ]


def pages_of_controller() -> list[Stop]:
    claimed = claim(confirmed=False)
    verify = f"/reports/{last_report(claimed).pk}/verify/"
    return [
        Stop(claimed.get_absolute_url()),
        Stop(verify),
        Stop(verify, 200, press("form.say button")),
        Stop(f"/reports/{last_report(claim(confirmed=True)).pk}/verify/"),
        Stop(f"/reports/{last_report(returned()).pk}/verify/"),
        *pages_of_control(),
    ]


def pages_of_control() -> list[Stop]:
    """The inspector's day: what is due, sites, posts, visits, meetings, recommendations."""
    site, open_post, done = visited(), post(is_open=True), recommendation("done")
    save = press("form.say button.go")
    return [
        Stop("/control/"),
        Stop("/control/?branch=syrdarya&sort=money"),
        Stop("/control/sites/?posted=1&sort=visited"),
        Stop("/control/sites/?q=жоқ-нәрсе&state=nonsense"),
        Stop(site.get_absolute_url()),
        Stop(f"{site.get_absolute_url()}?as_of=2026-05-01"),
        Stop(f"{site.get_absolute_url()}visit/"),
        Stop(f"{site.get_absolute_url()}visit/", 200, send_an_empty_visit),
        Stop(f"{site.get_absolute_url()}state/"),
        Stop(f"{site.get_absolute_url()}change/"),
        Stop("/control/sites/new/"),
        Stop("/control/sites/new/?branch=syrdarya", 200, save),
        Stop("/control/posts/?due=1"),
        Stop(open_post.get_absolute_url()),
        Stop(f"/control/posts/new/?branch={unwatched().branch.slug}", 200, save),
        Stop(f"{open_post.get_absolute_url()}close/", 200, save),
        Stop(f"{post(is_open=False).get_absolute_url()}reopen/"),
        Stop("/control/visits/?findings=1"),
        Stop(SiteVisit.objects.filter(site=site).latest("pk").get_absolute_url()),
        Stop("/control/meetings/"),
        Stop(body("commission").get_absolute_url()),
        Stop(f"/bodies/{body('commission').pk}/meeting/?agenda=draft"),
        Stop(meeting("commission").get_absolute_url()),
        Stop(f"{meeting('commission').get_absolute_url()}annul/"),
        Stop("/control/recommendations/?overdue=1"),
        Stop(done.get_absolute_url()),
        Stop(f"{done.get_absolute_url()}verify/"),
        Stop(f"{recommendation('issued').get_absolute_url()}withdraw/", 200, save),
        Stop("/control/recommendations/new/?branch=syrdarya", 200, save),
        Stop(site.measures.first().get_absolute_url()),
    ]


def pages_of_coordinator() -> list[Stop]:
    open_one, done = returned(), claim(confirmed=False)
    move = f"{open_one.get_absolute_url()}deadline/"
    correct = f"/reports/{last_report(done).pk}/correct/"
    return [
        Stop("/today/"),
        Stop("/measures/"),
        Stop(open_one.get_absolute_url()),
        Stop(move),
        Stop(move, 200, press("form.say button")),
        Stop(f"{done.get_absolute_url()}deadline/"),
        Stop(correct),
        Stop(correct, 200, press("form.say button")),
        Stop(f"/reports/{open_one.statusreports.earliest('id').pk}/correct/"),
        Stop("/projects/entry/?branch=kyzylorda-oblast"),
        Stop("/reception/openings/"),
        Stop(f"/reception/rules/{Branch.objects.get(slug='syrdarya').pk}/"),
    ]


def pages_of_chair() -> list[Stop]:
    card = claim(confirmed=True).get_absolute_url()
    return [
        Stop("/overview/"),
        Stop("/overview/?year=2024", 200, open_charts),
        Stop("/overview/?branch=syrdarya&year=2025"),
        Stop("/overview/?year=1999&as_of=31.31.2026"),
        Stop("/overview/?year=2026&as_of=2026-01-02"),
        Stop("/roadmaps/?year=2024"),
        Stop("/measures/?branch=syrdarya&unconfirmed=1"),
        Stop(f"{card}?as_of=2026-03-01"),
        Stop(f"{card}?show=verifications"),
        Stop("/measures/?slipped=1&sort=-money"),
        Stop(visited().get_absolute_url()),
        Stop("/projects/?year=2024"),
        Stop(PartyProject.objects.get(key="auyl_amanaty").get_absolute_url()),
        Stop("/reception/?year=2024"),
        Stop("/reception/requests/?year=2024"),
        Stop("/reception/topics/?year=2024&branch=syrdarya"),
        Stop("/organisation/?year=2024"),
        Stop("/organisation/kyzylorda-oblast/"),
    ]


def pages_of_observer() -> list[Stop]:
    return [
        Stop("/overview/?branch=aral"),
        Stop("/measures/?stale=1&at_risk=1"),
        Stop("/control/recommendations/?year=2024"),
        Stop("/councils/?year=2024"),
        Stop("/projects/"),
        Stop("/reception/"),
        Stop("/organisation/"),
    ]


ROLES = {
    None: pages_of_nobody,
    "secretary-syrdarya": pages_of_secretary,
    "reception-syrdarya": pages_of_reception,
    "controller": pages_of_controller,
    "coordinator": pages_of_coordinator,
    "chair": pages_of_chair,
    "observer": pages_of_observer,  # reads Russian
}


@pytest.mark.parametrize("role", ROLES, ids=str)
def test_everybody_can_use_every_page(visitor, role):
    page = visitor(role)
    answers = []
    page.on("response", lambda answer: answers.append(answer) if answer.request.resource_type in PAGES else None)
    wrong = []
    for stop in ROLES[role]():
        page.set_viewport_size({"width": DESK, "height": 900})
        page.emulate_media(color_scheme="light")
        page.goto(stop.address)
        if stop.does:
            stop.does(page)
        name = f"{stop.address}{' and more' if stop.does else ''}"
        if answers[-1].status != stop.status:
            wrong.append(f"{name}: answers {answers[-1].status}, not {stop.status}")
        wrong += [f"{name}, {words}" for words in amiss(page)]
    assert "\n".join(wrong) == ""


@pytest.mark.parametrize("language", ["ru", "en"])
def test_other_languages_fit_a_phone_too(visitor, site, language):
    page = visitor("coordinator", width=PHONE)
    page.context.add_cookies([{"name": settings.LANGUAGE_COOKIE_NAME, "value": language, "url": site}])
    open_one = returned().get_absolute_url()
    claimed = last_report(claim(confirmed=False)).pk
    addresses = ["/today/", "/overview/", "/roadmaps/?year=2026", "/measures/", open_one, f"{open_one}deadline/"]
    wrong = []
    addresses += [visited().get_absolute_url(), "/control/sites/", "/control/recommendations/", "/councils/"]
    addresses += [
        "/projects/",
        "/projects/entry/?branch=syrdarya",
        "/reception/",
        "/reception/topics/",
        "/organisation/",
    ]
    addresses += ["/organisation/syrdarya/", "/reception/requests/", "/reception/events/"]
    addresses += [meeting("council").get_absolute_url(), recommendation("done").get_absolute_url()]
    for address in [*addresses, f"/reports/{claimed}/correct/", "/profile/", "/profile/password/", "/nowhere/"]:
        page.goto(address)
        assert page.locator("html").get_attribute("lang") == language
        for width in (PHONE, NARROWEST):
            page.set_viewport_size({"width": width, "height": 900})
            wrong += [f"{address} {width} px: scrolls sideways to {wide}" for wide in [sideways(page)] if wide]
    assert wrong == []
