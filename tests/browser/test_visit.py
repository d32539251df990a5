"""A visit recorded on a phone, at the site: with a photograph and a confirmation that the chair sees; on a line that
breaks; on a page that is closed midway; by one person after another on the same phone.
"""

import io
import re

import pytest
from PIL import ExifTags, Image
from playwright.sync_api import Page, expect

from branches.choices import Role
from branches.models import Assignment, Branch, User
from roadmap import actions
from roadmap.choices import SiteKind, SiteState, Status
from roadmap.models import Measure, Photo, Site, SiteVisit
from tests.browser.eyes import PASSWORD, PHONE, TODAY, amiss

pytestmark = pytest.mark.browser

CONTROLLER = "controller"
TEXT = "Шатыр жабыны жобаға сай емес"


@pytest.fixture
def claim(site) -> Measure:
    """A measure of Syrdarya that its branch reports as done and nobody has confirmed."""
    measures = Measure.objects.filter(roadmap__branch__slug="syrdarya", roadmap__year=TODAY.year)
    measure = measures.exclude(status__in=[Status.DONE, Status.MOVED, Status.REMOVED]).earliest("position")
    secretary = User.objects.get(username="secretary-syrdarya")
    actions.report_status(measure=measure, by=secretary, today=TODAY, status=Status.DONE, note="Мектеп ашылды")
    return measure


@pytest.fixture
def building(claim) -> Site:
    """The site of the claim, under a post, visited a week ago."""
    controller, branch = User.objects.get(username=CONTROLLER), Branch.objects.get(slug="syrdarya")
    told = {"by": controller, "today": TODAY}
    building = actions.register_site(
        branch=branch,
        state=SiteState.CONSTRUCTION,
        kind=SiteKind.EDUCATION,
        name="Шаған ауылындағы орта мектеп",
        district=branch.district,
        contractor="«Құрылыс» ЖШС",
        measures=[claim],
        **told,
    )
    actions.open_post(sites=[building], chair="Ермекбаев Ж.", members="Құдайбергенова Ә.", **told)
    actions.record_visit(site=building, readiness=70, **told)
    return building


def photograph(size: tuple[int, int] = (3200, 2400)) -> dict[str, object]:
    """What the camera of a phone held upright gives: lying on its side, with notes of how it was held, when, where."""
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 6
    exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.DateTimeOriginal] = "2026:11:22 10:15:00"
    exif.get_ifd(ExifTags.IFD.GPSInfo).update({1: "N", 2: (44.0, 51.0, 0.0), 3: "E", 4: (65.0, 30.0, 0.0)})
    content = io.BytesIO()
    Image.effect_noise((size[0] // 8, size[1] // 8), 60).resize(size).convert("RGB").save(content, "JPEG", exif=exif)
    return {"name": f"IMG_{size[0]}.jpg", "mimeType": "image/jpeg", "buffer": content.getvalue()}


@pytest.fixture
def phone(visitor, building):
    """`phone()`: the inspector's phone, with the form open."""

    def opened(username: str = CONTROLLER, **options) -> Page:
        page = visitor(username, width=PHONE, height=800, has_touch=True, **options)
        page.goto(f"/control/sites/{building.pk}/visit/")
        return page

    return opened


def looked_at(page: Page) -> list[str]:
    """What is wrong with the page; the window is a phone's again afterwards."""
    wrong = amiss(page)
    page.set_viewport_size({"width": PHONE, "height": 800})
    return wrong


def press(page: Page, name: str, value: str) -> None:
    """Press a segment as a finger does: on its word."""
    page.locator(f"label:has([name={name}][value={value}])").click()


def add_finding(page: Page, text: str) -> None:
    page.locator("[data-add=finding]").click()
    page.keyboard.type(text)
    press(page, "finding_1_severity", "minor")


def kept_words(page: Page) -> None:
    """Wait until the phone says that it keeps what was typed."""
    expect(page.locator("[data-state]")).to_have_text(re.compile(r"\d\d:\d\d"))


def visits(building: Site) -> list[SiteVisit]:
    """What was recorded beside the visit of a week ago."""
    return list(building.visits.order_by("id"))[1:]


def figure(page: Page) -> int:
    """How many measures of Syrdarya are confirmed, by the chair's overview."""
    page.goto("/overview/?branch=syrdarya")
    return int(page.locator(".pair > div").nth(1).locator("a").get_attribute("data-count"))


def test_a_visit_with_a_photograph_confirms_a_claim_on_the_chairs_overview(visitor, phone, building, claim):
    chair = visitor("chair")
    before = figure(chair)

    page = phone()
    assert looked_at(page) == []
    page.locator("[name=photos]").set_input_files(photograph())
    expect(page.locator(".shots li span")).to_have_text(re.compile(r"\d"))
    page.locator("[data-step='1']").dblclick()
    expect(page.locator("[name=readiness]")).to_have_value("72")
    press(page, "quality", "remarks")
    page.locator("[name=quality_note]").fill("Сылақ жарылған")
    add_finding(page, TEXT)
    page.locator("[data-row=finding] [data-days='14']").first.click()
    page.locator("[data-advise]").first.click()
    expect(page.locator("[name=recommendation_1_text]")).to_have_value(TEXT)
    expect(page.locator("[name=recommendation_1_addressee]")).to_have_value("«Құрылыс» ЖШС")
    expect(page.locator("[name=recommendation_1_due_on]")).to_have_value("2026-12-06")
    press(page, f"verdict_{claim.pk}", "confirms")
    assert looked_at(page) == []
    page.locator("button.go").click()

    # The card shows what was seen.
    page.wait_for_url(re.compile(r"/control/visits/\d+/"))
    expect(page.locator(".msgs .msg")).to_have_count(1)
    visit = visits(building)[0]
    assert (visit.readiness, visit.post.chair, visit.verifications.get().verdict) == (72, "Ермекбаев Ж.", "confirms")
    assert visit.participants == "Ермекбаев Ж., Құдайбергенова Ә."
    assert (visit.findings.get().text, visit.recommendations.get().text) == (TEXT, TEXT)
    shown = page.locator(".gallery img")
    expect(shown).to_be_visible()
    shown.scroll_into_view_if_needed()
    page.wait_for_function("document.querySelector('.gallery img').naturalWidth === 300")
    expect(page.locator(".gallery")).to_contain_text("22.11.2026, 10:15")
    expect(page.locator(".gallery")).to_contain_text("44.85000, 65.50000")
    assert looked_at(page) == []

    # What travelled was small, and told the site all that the camera had noted; what is shown stands upright.
    photo = Photo.objects.get(visit=visit)
    assert (photo.width, photo.height) == (1536, 2048)
    assert photo.size < len(photograph()["buffer"])
    with photo.original.open() as original:
        assert max(Image.open(original).size) == 2048

    # And the chair sees one more, which opens into its row.
    assert figure(chair) == before + 1
    chair.locator(".pair > div").nth(1).locator("a").click()
    assert chair.locator("table[data-total]").get_attribute("data-total") == str(before + 1)
    chair.goto(f"{chair.url}&per_page=200")
    expect(chair.locator(f"table a[href*='/measures/{claim.pk}/']")).to_have_count(1)


def test_a_line_that_breaks_loses_nothing_and_saves_once(phone, building):
    page = phone()
    page.locator("[name=photos]").set_input_files(photograph((640, 480)))
    page.locator("[name=readiness]").fill("75")
    add_finding(page, TEXT)
    page.context.set_offline(True)
    page.locator("button.go").click()

    trouble = page.locator("[data-trouble]")
    expect(trouble).to_be_visible()
    expect(trouble).to_contain_text("сақталған жоқ")
    expect(page.locator("button.go")).to_be_enabled()
    expect(page.locator("[name=finding_1_text]")).to_have_value(TEXT)
    expect(page.locator(".shots li")).to_have_count(1)
    assert visits(building) == []

    page.context.set_offline(False)
    page.locator("button.go").click()
    page.wait_for_url(re.compile(r"/control/visits/\d+/"))
    (visit,) = visits(building)
    assert (visit.readiness, visit.findings.count(), visit.photos.count()) == (75, 1, 1)

    # Saved, it is kept in the phone no more.
    page.goto(f"/control/sites/{building.pk}/visit/")
    expect(page.locator("[name=readiness]")).to_have_value("")
    expect(page.locator("[data-restored]")).to_be_hidden()


def test_an_answer_that_is_lost_on_the_way_makes_no_second_visit(phone, building):
    """The site saved the visit, and the line broke before it could say so."""
    page = phone()
    page.locator("[name=photos]").set_input_files(photograph((640, 480)))
    page.locator("[name=readiness]").fill("75")
    kept_words(page)

    def lose(route) -> None:
        route.fetch(max_redirects=0)
        route.abort()

    page.route("**/visit/", lambda route: lose(route) if route.request.method == "POST" else route.continue_())
    page.locator("button.go").click()
    expect(page.locator("[data-trouble]")).to_be_visible()
    assert len(visits(building)) == 1

    page.unroute("**/visit/")
    page.reload()  # even so
    expect(page.locator(".shots li")).to_have_count(1)
    page.locator("button.go").click()
    page.wait_for_url(re.compile(r"/control/visits/\d+/"))
    assert len(visits(building)) == 1
    assert Photo.objects.filter(visit__site=building).count() == 1


def test_a_page_that_is_opened_again_has_what_was_typed_until_it_is_discarded(phone, building, claim):
    page = phone()
    page.locator("[name=photos]").set_input_files(photograph((640, 480)))
    expect(page.locator(".shots li span")).to_have_text(re.compile(r"\d"))
    page.locator("[name=readiness]").fill("73")
    press(page, "wages", "remarks")
    page.locator("[name=wages_note]").fill("Жалақы кешіктірілген")
    add_finding(page, TEXT)
    page.locator("[data-add=finding]").click()
    page.keyboard.type("Қоршау жоқ")
    press(page, f"verdict_{claim.pk}", "refutes")
    page.locator(f"[name=verdict_{claim.pk}_note]").fill("Есік құлып")
    kept_words(page)
    page.wait_for_timeout(500)  # longer than the script waits for the next letter
    page.reload()

    expect(page.locator("[data-restored]")).to_be_visible()
    expect(page.locator("[name=readiness]")).to_have_value("73")
    expect(page.locator("[data-range]")).to_have_value("73")
    expect(page.locator("[name=wages_note]")).to_have_value("Жалақы кешіктірілген")
    expect(page.locator("[name=finding_1_text]")).to_have_value(TEXT)
    expect(page.locator("[name=finding_2_text]")).to_have_value("Қоршау жоқ")
    expect(page.locator("[name=finding_1_severity][value=minor]")).to_be_checked()
    expect(page.locator(f"[name=verdict_{claim.pk}][value=refutes]")).to_be_checked()
    expect(page.locator(".shots li")).to_have_count(1)
    assert looked_at(page) == []

    page.locator("[data-discard]").click()
    expect(page.locator("[name=readiness]")).to_have_value("")
    expect(page.locator("[data-restored]")).to_be_hidden()
    expect(page.locator(".shots li")).to_have_count(0)
    page.reload()
    expect(page.locator("[name=readiness]")).to_have_value("")
    assert visits(building) == []


def test_what_one_person_typed_another_on_the_same_phone_does_not_see(phone, building):
    colleague = User.objects.create_user("colleague", password=PASSWORD)
    Assignment.objects.create(user=colleague, role=Role.CONTROLLER, branch=building.branch)
    page = phone()
    page.locator("[name=readiness]").fill("73")
    kept_words(page)

    page.goto("/profile/")
    page.locator("form[action$='/logout/'] button").click()
    page.goto(f"/control/sites/{building.pk}/visit/")
    page.locator("[name=username]").fill(colleague.username)
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("[name=password]").press("Enter")
    page.wait_for_url(re.compile("/visit/"))
    expect(page.locator("[name=readiness]")).to_have_value("")
    expect(page.locator("[data-restored]")).to_be_hidden()


def test_somebody_whose_session_has_ended_comes_back_to_what_was_typed(phone, building):
    page = phone()
    page.locator("[name=readiness]").fill("76")
    page.context.clear_cookies(name="sessionid")
    page.locator("button.go").click()
    page.wait_for_url(re.compile("/login/"))
    page.locator("[name=username]").fill(CONTROLLER)
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("[name=password]").press("Enter")
    page.wait_for_url(re.compile("/visit/"))
    expect(page.locator("[name=readiness]")).to_have_value("76")
    page.locator("button.go").click()
    page.wait_for_url(re.compile(r"/control/visits/\d+/"))
    assert [visit.readiness for visit in visits(building)] == [76]


def test_what_is_refused_stands_beside_its_field_and_photographs_stay(phone, building):
    page = phone()
    page.locator("[name=photos]").set_input_files(photograph((640, 480)))
    add_finding(page, TEXT)
    press(page, "finding_1_severity", "critical")
    page.locator("button.go").click()

    expect(page.locator("#id_readiness_error")).to_be_visible()
    expect(page.locator("#id_finding_1_due_on_error")).to_be_visible()
    expect(page.locator("[name=readiness]")).to_be_focused()
    expect(page.locator(".shots li")).to_have_count(1)
    expect(page.locator("[data-again]")).to_have_count(0)
    assert looked_at(page) == []
    assert visits(building) == []

    page.locator("[name=readiness]").fill("80")
    page.locator("[data-row=finding] [data-days='7']").first.click()
    page.locator("button.go").click()
    page.wait_for_url(re.compile(r"/control/visits/\d+/"))
    (visit,) = visits(building)
    assert (visit.findings.get().severity, visit.photos.count()) == ("critical", 1)


def test_nothing_is_changed_while_a_visit_is_on_its_way(phone, building):
    page = phone()
    page.locator("[name=readiness]").fill("75")
    late = []
    page.route("**/visit/", lambda route: late.append(route) if route.request.method == "POST" else route.continue_())
    page.locator("button.go").click()
    expect(page.locator("[name=readiness]")).to_be_disabled()
    expect(page.locator("[data-add=finding]")).to_be_disabled()
    expect(page.locator("[name=photos]")).to_be_disabled()
    late.pop().abort()
    expect(page.locator("[data-trouble]")).to_be_visible()
    for field in ("[name=readiness]", "[data-add=finding]", "[name=photos]", "button.go"):
        expect(page.locator(field)).to_be_enabled()

    # Closed while it was on its way, it had been kept whole.
    page.locator("[name=readiness]").fill("76")
    page.locator("button.go").click()
    expect(page.locator("[name=readiness]")).to_be_disabled()
    page.reload()
    expect(page.locator("[name=readiness]")).to_have_value("76")
    assert visits(building) == []


def test_what_was_chosen_and_typed_before_the_script_came_is_kept(phone, building):
    page = phone()
    page.locator("[name=readiness]").fill("73")
    page.locator("[name=note]").fill("Кеше жазылған")
    kept_words(page)
    page.goto("/profile/")
    late = []
    page.route("**/visit*.js", lambda route: late.append(route))
    page.goto(f"/control/sites/{building.pk}/visit/", wait_until="commit")
    page.locator("button.go").wait_for()
    page.locator("[name=photos]").set_input_files(photograph((640, 480)))
    page.locator("[name=readiness]").fill("80")
    late.pop().continue_()
    expect(page.locator("[data-restored]")).to_be_visible()
    expect(page.locator("[name=readiness]")).to_have_value("80")
    expect(page.locator("[name=note]")).to_have_value("Кеше жазылған")
    expect(page.locator(".shots li")).to_have_count(1)
    page.locator("button.go").click()
    page.wait_for_url(re.compile(r"/control/visits/\d+/"))
    (visit,) = visits(building)
    assert (visit.readiness, visit.note, visit.photos.count()) == (80, "Кеше жазылған", 1)


def test_a_phone_whose_files_never_answer_stops_nothing(phone, building):
    page = phone()
    page.add_init_script("indexedDB.open = () => ({})")
    page.reload()
    page.locator("[name=photos]").set_input_files(photograph((640, 480)))
    page.locator("[name=readiness]").fill("77")
    page.locator("button.go").click()
    page.wait_for_url(re.compile(r"/control/visits/\d+/"))
    (visit,) = visits(building)
    assert (visit.readiness, visit.photos.count()) == (77, 1)


def test_a_phone_that_keeps_nothing_holds_the_page_when_the_session_has_ended(phone, building):
    page = phone()
    page.add_init_script("Storage.prototype.setItem = () => { throw new Error('full') }")
    page.reload()
    page.locator("[name=readiness]").fill("76")
    page.context.clear_cookies(name="sessionid")
    page.locator("button.go").click()
    expect(page.locator("[data-trouble]")).to_be_visible()
    expect(page.locator("[name=readiness]")).to_have_value("76")

    other = page.context.new_page()  # as is said there
    other.goto(f"/control/sites/{building.pk}/visit/")
    other.locator("[name=username]").fill(CONTROLLER)
    other.locator("[name=password]").fill(PASSWORD)
    other.locator("[name=password]").press("Enter")
    other.wait_for_url(re.compile("/visit/"))
    page.locator("button.go").click()
    page.wait_for_url(re.compile(r"/control/visits/\d+/"))
    assert [visit.readiness for visit in visits(building)] == [76]


def test_without_a_script_it_is_an_ordinary_form(phone, building, claim):
    page = phone(java_script_enabled=False)
    expect(page.locator("[data-scripted]:visible")).to_have_count(0)
    page.locator("[name=photos]").set_input_files(photograph((640, 480)))
    page.locator("[name=readiness]").fill("71")
    page.locator("[name=finding_3_text]").fill(TEXT)
    press(page, "finding_3_severity", "minor")
    press(page, f"verdict_{claim.pk}", "refutes")
    page.locator("button.go").click()
    expect(page.locator(f"#id_verdict_{claim.pk}_note_error")).to_be_visible()
    expect(page.locator("[data-again]")).to_be_visible()

    page.locator("[name=photos]").set_input_files(photograph((640, 480)))
    page.locator(f"[name=verdict_{claim.pk}_note]").fill("Есік құлып")
    page.locator("button.go").click()
    page.wait_for_url(re.compile(r"/control/visits/\d+/"))
    (visit,) = visits(building)
    assert (visit.readiness, visit.findings.get().text, visit.photos.count()) == (71, TEXT, 1)
    claim.refresh_from_db()
    assert claim.status == Status.IN_PROGRESS
