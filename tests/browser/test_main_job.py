"""The main job, as people do it: a secretary reports, the chair's percentage moves, control confirms and refutes."""

import re
from decimal import ROUND_HALF_UP, Decimal

import pytest
from playwright.sync_api import Locator, Page, expect

from branches.models import User
from roadmap.models import Measure, StatusReport, Verification
from tests.browser.eyes import PASSWORD, TODAY

pytestmark = pytest.mark.browser

SYRDARYA = "/overview/?branch=syrdarya"


# --- what the rows say, counted here and nowhere else --------------------------------------------------------------
def last_reports(branch: str = "syrdarya") -> dict[int, StatusReport | None]:
    """The last report of every measure in the roadmap of the running year."""
    measures = Measure.objects.filter(roadmap__branch__slug=branch, roadmap__year=TODAY.year)
    return {measure.pk: measure.statusreports.order_by("-id").first() for measure in measures}


def claimed() -> tuple[int, int]:
    """How many measures are reported as done, of how many."""
    last = last_reports()
    return sum(report is not None and report.status == "done" for report in last.values()), len(last)


def confirmed() -> tuple[int, int]:
    """How many claims were confirmed by somebody."""
    last = last_reports()
    claims = [report for report in last.values() if report and report.status == "done"]
    return sum(claim.verifications.filter(verdict="confirms").exists() for claim in claims), len(last)


def percent(part: int, whole: int) -> str:
    """As Kazakh writes it: «65,3 %», «64 %»."""
    exact = (Decimal(part * 100) / whole).quantize(Decimal("0.1"), ROUND_HALF_UP)
    return f"{exact}\u00a0%".replace(".0", "").replace(".", ",")


# --- what the pages say ----------------------------------------------------------------------------------------------
def figure(page: Page, which: int) -> tuple[int, str]:
    """A headline figure of the overview: how many, and the percentage. 0: claimed, 1: confirmed."""
    column = page.locator(".pair > div").nth(which)
    return int(column.locator("a").get_attribute("data-count")), column.locator(".big").inner_text()


def on_river(page: Page) -> tuple[int, str]:
    """What the river says of Syrdarya."""
    post = page.locator(".posts a", has=page.get_by_text("Сырдария", exact=True))
    return int(post.get_attribute("data-count")), post.locator("strong").inner_text()


def numbers(text: str) -> list[int]:
    return [int(number) for number in re.findall(r"\d+", text)]


def log_in(page: Page, username: str) -> None:
    """By typing, from wherever the site sends an unknown visitor."""
    page.goto("/")
    expect(page).to_have_url(re.compile("/login/"))
    page.locator("[name=username]").fill(username)
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("[name=password]").press("Enter")
    page.wait_for_url(re.compile(r"/(overview|today|measures|control)/"))


def tab_to(page: Page, target: Locator) -> None:
    """Press Tab until the target, or one of the radio buttons of its group, has the focus."""
    for _press in range(80):
        page.keyboard.press("Tab")
        if target.evaluate("target => target === document.activeElement"):
            return
    raise AssertionError(f"{target} is not reached by Tab")


def test_a_report_moves_the_chairs_percentage(visitor):
    before, whole = claimed()
    chair = visitor()
    log_in(chair, "chair")
    assert on_river(chair) == (before, percent(before, whole))
    chair.goto(SYRDARYA)
    assert figure(chair, 0) == (before, percent(before, whole))

    # The secretary sees what is to be entered, and enters the first of it without touching the mouse.
    page = visitor()
    log_in(page, "secretary-syrdarya")
    rows = page.locator(".task")
    count = rows.count()
    assert count > 2
    assert numbers(page.locator("h1").inner_text()) == [count]
    assert sorted(numbers(page.locator(".prg p").inner_text())) == [0, count]
    row, following = rows.nth(0), rows.nth(1)
    pk, next_pk = (int(one.get_attribute("id")[1:]) for one in (row, following))
    title = row.locator("h3").inner_text()
    tab_to(page, row.locator("[name=status]:checked"))
    page.keyboard.press("ArrowLeft")
    expect(row.locator("[name=status][value=done]")).to_be_checked()
    page.keyboard.press("Tab")
    page.keyboard.type("Қабылдау актісі 20 қарашада қол қойылды")
    page.keyboard.press("Enter")
    expect(page.locator(f"#t{pk}")).to_have_count(0)

    report = StatusReport.objects.filter(measure_id=pk).latest("id")
    assert (report.status, report.note) == ("done", "Қабылдау актісі 20 қарашада қол қойылды")
    assert (report.author, report.entered_on) == (User.objects.get(username="secretary-syrdarya"), TODAY)
    expect(rows).to_have_count(count - 1)
    assert numbers(page.locator("h1").inner_text()) == [count - 1]
    assert sorted(numbers(page.locator(".prg p").inner_text())) == [1, count]
    expect(page.locator(".ticked li").first).to_contain_text(title)
    assert page.evaluate("document.activeElement.closest('.task').id") == f"t{next_pk}"

    # The chair looks again.
    chair.reload()
    assert figure(chair, 0) == (before + 1, percent(before + 1, whole)) == (claimed()[0], percent(*claimed()))
    chair.goto("/overview/")
    assert on_river(chair) == (before + 1, percent(before + 1, whole))
    chair.goto(SYRDARYA)
    chair.locator(".pair a").first.click()
    table = chair.locator("table[data-total]")
    assert table.get_attribute("data-total") == str(before + 1)
    chair.locator("a[href*=per_page]").click()
    expect(table.locator("tbody tr")).to_have_count(before + 1)
    expect(table.get_by_role("link", name=title)).to_have_attribute("href", re.compile(f"/measures/{pk}/"))

    # Control opens the claim from its work list, and confirms it.
    seen, _whole = confirmed()
    controller = visitor()
    log_in(controller, "controller")
    controller.goto(SYRDARYA)
    assert figure(controller, 1) == (seen, percent(seen, whole))
    controller.locator(".gap a").click()
    controller.get_by_role("link", name=title).click()
    verdict(controller, "confirms", note="")
    assert Verification.objects.get(report=report).verdict == "confirms"
    controller.goto(SYRDARYA)
    assert figure(controller, 1) == (seen + 1, percent(seen + 1, whole)) == (confirmed()[0], percent(*confirmed()))
    assert figure(controller, 0) == (before + 1, percent(before + 1, whole))

    # Another claim does not stand: it is in progress again, and counts as done no more.
    working = in_progress(controller)
    controller.locator(".gap a").click()
    controller.locator("table[data-total] td.lead a").first.click()
    refuted = int(re.search(r"/measures/(\d+)/", controller.url).group(1))
    verdict(controller, "refutes", note="Шатыр жабылмаған, жұмыс тоқтап тұр")
    assert Measure.objects.get(pk=refuted).status == "in_progress"
    controller.goto(SYRDARYA)
    assert figure(controller, 0) == (before, percent(before, whole)) == (claimed()[0], percent(*claimed()))
    assert figure(controller, 1) == (seen + 1, percent(seen + 1, whole))
    assert in_progress(controller) == working + 1

    # And the branch is told: the first thing that the secretary sees of it is who returned it.
    page.reload()
    expect(page.locator(f"#t{refuted} .last")).to_contain_text("Шатыр жабылмаған")
    expect(page.locator(".task")).to_have_count(count)


def verdict(page: Page, verdict: str, *, note: str) -> None:
    """From the card: open the form, give the verdict, come back to the card."""
    card = page.url
    page.locator("a[href$='/verify/']").click()
    page.locator(f"label:has([name=verdict][value={verdict}])").click()
    page.locator("[name=basis]").fill("нысанды аралау, № 7 акт")
    page.locator("[name=note]").fill(note)
    page.locator("form.say button").click()
    page.wait_for_url(re.compile(re.escape(card.split("?")[0])))
    expect(page.locator(".msgs .msg")).to_have_count(1)


def in_progress(page: Page) -> int:
    """The class "in progress" of the overview."""
    return int(page.locator(".cls a[href*='status=in_progress']").get_attribute("data-count"))
