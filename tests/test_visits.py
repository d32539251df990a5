"""Visits to sites: the form in all its parts, what is refused and where it says so, the list and the card."""

import datetime as dt
import io
import re
import uuid
import zipfile
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection
from django.template.loader import render_to_string
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from PIL import ExifTags, Image

from amanat_tracker.generic.photos import check_photo
from branches.choices import Role
from branches.dashboards.chronicle import Told
from branches.models import Assignment, AuditEvent, User
from roadmap import actions
from roadmap.choices import CHECKLIST, Status, Verdict
from roadmap.dashboards.visits import claims_on, visits_with_counts
from roadmap.forms.visit import EMPTY_FINDINGS, MOST_PHOTOS
from roadmap.models import Photo, Recommendation, Roadmap, SiteVisit, StatusReport, Verification

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
CHOOSE_AGAIN = "The files have to be chosen again"


# --- the ground ------------------------------------------------------------------------------------------------------
@pytest.fixture
def add_site(cast):
    """`add_site(measures)`: a site under construction."""

    def add(*measures, branch="own", name="Орта мектеп"):
        return cast.add_site(branch, name=name, measures=measures, contractor="«Құрылыс» ЖШС")

    return add


@pytest.fixture
def claimed(cast):
    """A measure of the own branch that its secretary reports as done."""
    measure = cast.add_measure(title="Мектеп салу")
    said = {"measure": measure, "by": cast.people.secretary, "today": cast.today - 3 * DAY}
    actions.report_status(**said, status=Status.DONE, note="Мектеп ашылды")
    return measure


@pytest.fixture
def site(add_site, claimed, noon):
    return add_site(claimed)


@pytest.fixture
def post(cast, site):
    """The post over the site."""
    return cast.add_post(site, chair="Ермекбаев Ж.", members="А.\nБ.")


@pytest.fixture
def visit(cast, site):
    """`visit(**told)`: a visit that was recorded before."""

    def record(**told):
        told = {"site": site, "by": cast.people.controller, "today": cast.today - 7 * DAY, "readiness": 40} | told
        return actions.record_visit(**told).visit

    return record


@pytest.fixture
def send(cast, site, as_user):
    """`send(**typed)`: the inspector's form."""
    client = as_user(cast.people.controller)
    client.cookies["django_language"] = "en"

    def post(to=site, follow=True, **typed):
        plain = {"readiness": "45", "kind": "visit", "visited_on": "2025-06-16"} | dict.fromkeys(CHECKLIST, "unchecked")
        return client.post(reverse("roadmap:visit_record", args=[to.pk]), plain | typed, follow=follow)

    post.client = client
    return post


@pytest.fixture
def page(send, site):
    """`page()`: the form as it is opened."""

    def opened():
        response = send.client.get(reverse("roadmap:visit_record", args=[site.pk]))
        assert response.status_code == 200
        return response

    return opened


def photograph(seed=1, name="IMG_1.jpg", taken="2025:06:16 09:30:00", size=(80, 60)):
    exif = Image.Exif()
    exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.DateTimeOriginal] = taken
    exif.get_ifd(ExifTags.IFD.GPSInfo).update({1: "N", 2: (44.0, 51.0, 0.0), 3: "E", 4: (65.0, 30.0, 0.0)})
    content = io.BytesIO()
    Image.new("RGB", size, (seed * 20 % 255, 90, 90)).save(content, "JPEG", exif=exif)
    return SimpleUploadedFile(name, content.getvalue())


def on_disk(directory):
    return [path for path in directory.rglob("*") if path.is_file()]


def text_of(response):
    plain = re.sub(r"<[^>]+>", " ", unescape(response.content.decode()))
    return re.sub(r"\s+", " ", plain.replace("\xa0", " "))


def errors_of(response):
    assert response.status_code == 200
    return {name: list(errors) for name, errors in response.context["form"].errors.items()}


# --- the form as it is opened ----------------------------------------------------------------------------------------
def test_it_begins_with_what_is_known(cast, post, visit, page, claimed):
    visit(readiness=40, visited_on=cast.today - 8 * DAY)
    visit(readiness=38, visited_on=cast.today - 20 * DAY, today=cast.today - DAY, note="кейін енгізілді")
    response = page()
    form = response.context["form"]

    assert form["participants"].value() == "Ермекбаев Ж., А., Б."
    assert form["visited_on"].value() == cast.today
    assert form["readiness"].value() is None  # what was not looked at is not filled in
    assert form["seen"].value() == SiteVisit.objects.latest("id").pk
    assert "On the last visit, 08.06.2025: 40 % ." in text_of(response)
    assert [claim.measure for claim in form.claims] == [claimed]
    assert 'accept="image/jpeg,image/png"' in response.content.decode()
    assert 'data-last="40"' in response.content.decode()


def test_what_is_looked_at_first_comes_first(page, site, claimed):
    content = page().content.decode()
    order = [
        "photos",
        "readiness",
        "quality",
        "wages_note",
        "finding_1_text",
        "finding_3_due_on",
        f"verdict_{claimed.pk}",
        "recommendation_1_text",
        "kind",
        "note",
    ]
    places = [content.index(f'name="{name}"') for name in order]
    assert places == sorted(places)


def test_without_a_script_three_findings_can_be_written_and_nothing_else_is_offered(page):
    content = page().content.decode()

    assert content.count('data-row="finding"') == EMPTY_FINDINGS
    assert len(re.findall(r"<(?:p|button|input|label)[^>]*data-scripted", content)) == len(
        re.findall(r"<(?:p|button|input|label)[^>]*hidden data-scripted", content)
    )


def test_a_site_without_post_visits_or_measures(send, add_site, noon):
    bare = add_site(name="Көпір")
    response = send.client.get(reverse("roadmap:visit_record", args=[bare.pk]))

    assert response.context["form"]["participants"].value() == ""
    assert "This is the first visit to the site." in text_of(response)
    assert "verdict_" not in response.content.decode()


# --- saved -----------------------------------------------------------------------------------------------------------
def test_a_visit_in_all_its_parts(cast, site, post, send, claimed, evidence_directory):
    response = send(
        photos=[photograph(1), photograph(2, "IMG_2.jpg")],
        readiness=" 62 % ",
        kind="raid",
        visited_on="2025-06-15",
        participants="Ермекбаев Ж.",
        quality="remarks",
        quality_note="Жарықтар бар",
        spending="order",
        finding_1_text="Шатыр",
        finding_1_severity="major",
        finding_1_due_on="2025-07-01",
        finding_2_text="Қоқыс",
        finding_2_severity="minor",
        recommendation_1_text="Шатырды жөндеу",
        recommendation_1_addressee="«Құрылыс» ЖШС",
        recommendation_1_executor="Прораб",
        recommendation_1_due_on="2025-07-01",
        note="Жұмыс қарқынды",
        seen="0",
        **{f"verdict_{claimed.pk}": "confirms", f"claim_{claimed.pk}": claimed.statusreports.get().pk},
    )

    visit = SiteVisit.objects.get()
    assert response.redirect_chain == [(visit.get_absolute_url(), 302)]
    assert (visit.site, visit.post, visit.author) == (site, post, cast.people.controller)
    assert (visit.kind, visit.readiness, visit.visited_on, visit.entered_on) == (
        "raid",
        62,
        dt.date(2025, 6, 15),
        cast.today,
    )
    assert (visit.participants, visit.note) == ("Ермекбаев Ж.", "Жұмыс қарқынды")
    assert [(str(mark), remarks) for _label, mark, remarks in visit.checklist] == [
        ("remarks", "Жарықтар бар"),
        ("order", ""),
        ("unchecked", ""),
        ("unchecked", ""),
    ]
    assert list(visit.findings.values_list("position", "severity", "text", "due_on")) == [
        (1, "major", "Шатыр", dt.date(2025, 7, 1)),
        (2, "minor", "Қоқыс", None),
    ]
    advice = visit.recommendations.get()
    assert (advice.text, advice.addressee, advice.executor) == ("Шатырды жөндеу", "«Құрылыс» ЖШС", "Прораб")
    assert (advice.site, advice.measure, advice.issued_on) == (site, claimed, dt.date(2025, 6, 15))
    verification = visit.verifications.get()
    assert (verification.measure, verification.verdict, verification.seen_on) == (
        claimed,
        "confirms",
        dt.date(2025, 6, 15),
    )
    assert [photo.name for photo in visit.photos.all()] == ["IMG_1.jpg", "IMG_2.jpg"]
    assert len(on_disk(evidence_directory)) == 2 * 3
    said = "The visit is saved: readiness 62 %, 2 photographs, 2 findings, 1 verdict, 1 recommendation."
    assert said in text_of(response)


def test_the_least_that_a_visit_says_is_readiness(send):
    send()
    visit = SiteVisit.objects.get()
    assert (visit.readiness, visit.kind, visit.note) == (45, "visit", "")
    assert not visit.findings.exists() and not visit.photos.exists() and not visit.verifications.exists()


def test_rows_may_be_filled_in_any_place(send):
    send(
        finding_2_text="екінші",
        finding_2_severity="minor",
        finding_15_text="он бесінші",
        finding_15_severity="minor",
        recommendation_4_text="ұсыныс",
        recommendation_4_addressee="әкімдік",
        recommendation_4_due_on="2025-07-01",
    )
    assert list(SiteVisit.objects.get().findings.values_list("position", "text")) == [(1, "екінші"), (2, "он бесінші")]
    assert Recommendation.objects.get().text == "ұсыныс"


def test_a_refuted_claim_is_returned_to_work(cast, send, claimed):
    report = claimed.statusreports.get()
    send(
        **{
            f"verdict_{claimed.pk}": "refutes",
            f"verdict_{claimed.pk}_note": "Шатыр жабылмаған",
            f"claim_{claimed.pk}": report.pk,
        }
    )
    claimed.refresh_from_db()
    assert claimed.status == Status.IN_PROGRESS
    assert claimed.statusreports.latest("id").note == "Шатыр жабылмаған"
    assert report.verifications.get().visit == SiteVisit.objects.get()


def test_a_script_is_told_where_to_go_and_the_words_wait_there(cast, send, site):
    address = reverse("roadmap:visit_record", args=[site.pk])
    typed = {"readiness": "45", "kind": "visit", "visited_on": "2025-06-16"} | dict.fromkeys(CHECKLIST, "unchecked")
    refused = send.client.post(address, typed | {"readiness": ""}, headers={"accept": "application/json"})
    assert refused.status_code == 200
    assert 'id="visit-form"' in refused.content.decode()

    kept = send.client.post(address, typed, headers={"accept": "application/json"})
    assert kept.json() == {"go": SiteVisit.objects.get().get_absolute_url()}
    assert "The visit is saved: readiness 45 %." in text_of(send.client.get(kept.json()["go"]))


def test_pressed_twice_it_is_one_visit(send, evidence_directory):
    token = str(uuid.uuid4())
    for _press in range(3):
        response = send(submission=token, photos=[photograph()], finding_1_text="шатыр", finding_1_severity="minor")
    assert (SiteVisit.objects.count(), Photo.objects.count(), len(on_disk(evidence_directory))) == (1, 1, 3)
    assert "This visit had been saved before; it is kept once." in text_of(response)

    send(submission=token, note="тағы бір рет")
    assert SiteVisit.objects.count() == 2


def test_another_inspector_who_was_quicker_is_named(cast, page, visit, send):
    seen = page().context["form"]["seen"].value()
    second = User.objects.create_user("second", first_name="Айдос")
    Assignment.objects.create(user=second, role=Role.CONTROLLER, region=cast.region)
    visit(by=second, today=cast.today, readiness=41)

    response = send(seen=seen)
    assert "While you were writing, Айдос saved a visit to this site at 12:00: readiness 41 %." in text_of(response)
    assert SiteVisit.objects.count() == 2
    assert "While you were writing" not in text_of(send(seen=SiteVisit.objects.latest("id").pk, note="x"))


def test_a_photograph_used_before_is_asked_about_and_kept(cast, add_site, send, as_user):
    elsewhere = add_site(name="Емхана")
    send(to=elsewhere, photos=[photograph()], visited_on="2025-06-10")
    response = send(photos=[photograph(name="тағы.jpg"), photograph(2)])

    asked = "“тағы.jpg” was already attached to the visit of 10.06.2025 to “Емхана”: is it the right one?"
    assert asked in text_of(response)
    assert Photo.objects.count() == 3
    shown = text_of(send.client.get(SiteVisit.objects.latest("id").get_absolute_url()))
    assert shown.count("The same photograph was attached to the visit of 10.06.2025 to “Емхана” . Is it the right") == 1
    first = text_of(send.client.get(elsewhere.visits.get().get_absolute_url()))
    assert "The same photograph" not in first


def test_a_photograph_chosen_twice_is_asked_about(send):
    response = send(photos=[photograph(), photograph(name="IMG_2.jpg")])
    assert "“IMG_2.jpg” was chosen twice for this visit: is that right?" in text_of(response)
    assert "It is attached twice to this visit." in text_of(response)


# --- refused ---------------------------------------------------------------------------------------------------------
FULL = {
    "photos": None,
    "readiness": "45",
    "participants": "Ермекбаев Ж.",
    "quality": "order",
    "finding_1_text": "Шатыр",
    "finding_1_severity": "minor",
    "recommendation_1_text": "Жөндеу",
    "recommendation_1_addressee": "Әкімдік",
    "recommendation_1_due_on": "2025-07-01",
    "note": "сақталсын",
}


@pytest.mark.parametrize(
    ("typed", "field", "words"),
    [
        ({"readiness": ""}, "readiness", "Enter a whole number from 0 to 100, such as 45."),
        ({"readiness": "101"}, "readiness", "Enter a whole number from 0 to 100, such as 45."),
        ({"readiness": "-1"}, "readiness", "Enter a whole number from 0 to 100, such as 45."),
        ({"readiness": "жарты"}, "readiness", "Enter a whole number from 0 to 100, such as 45."),
        ({"kind": "party"}, "kind", "Choose from the list."),
        ({"visited_on": "2025-06-17"}, "visited_on", "This day has not come yet. Enter today or an earlier day."),
        ({"visited_on": "31.02.2025"}, "visited_on", "Enter the day as in 31.12.2025."),
        ({"quality": "remarks"}, "quality_note", "Write the remarks."),
        ({"wages_note": "кешіктірілген"}, "wages_note", "Choose “there are remarks” for this text, or delete it."),
        ({"safety": "perfect"}, "safety", "Choose from the list."),
        ({"finding_1_severity": "major"}, "finding_1_due_on", "Enter by which day it is to be put right."),
        ({"finding_1_due_on": "2025-06-15"}, "finding_1_due_on", "This day lies before the visit. Check it."),
        ({"finding_2_text": "Қоршау"}, "finding_2_severity", "Choose how grave it is."),
        ({"finding_2_severity": "minor"}, "finding_2_text", "Write what was found, or remove the finding."),
        ({"finding_1_text": "ұ" * 1001}, "finding_1_text", "at most 1000 characters"),
        ({"recommendation_1_addressee": ""}, "recommendation_1_addressee", "Write to whom."),
        ({"recommendation_1_due_on": ""}, "recommendation_1_due_on", "Enter the day."),
        ({"recommendation_1_due_on": "2025-06-01"}, "recommendation_1_due_on", "lies before the recommendation"),
        ({"recommendation_2_executor": "Прораб"}, "recommendation_2_text", "Write what is recommended."),
        ({"note": "ұ" * 2001}, "note", "at most 2000 characters"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_the_rest_is_kept(
    send, written, evidence_directory, typed, field, words
):
    before = written()
    sent = FULL | {"photos": [photograph()]} | typed
    response = send(**sent)

    errors = errors_of(response)
    assert field in errors
    assert words in " ".join(errors[field])
    form = response.context["form"]
    for name, value in sent.items():
        assert name == "photos" or (form[name].value() or "") == value
    assert CHOOSE_AGAIN in text_of(response)
    content = response.content.decode()
    shown = re.search(rf'<div class="err"[^>]*id="id_{field}_error">(.*?)</div>', content, re.DOTALL)
    assert words in unescape(shown.group(1))
    assert written() == before
    assert on_disk(evidence_directory) == []


def test_everything_that_is_wrong_is_said_at_once(send, claimed):
    """On a weak line every refusal is a journey."""
    errors = errors_of(
        send(
            readiness="",
            quality="remarks",
            finding_1_text="Шатыр",
            finding_1_severity="critical",
            recommendation_1_text="Жөндеу",
            **{f"verdict_{claimed.pk}": "refutes", f"claim_{claimed.pk}": claimed.statusreports.get().pk},
        )
    )
    assert set(errors) == {
        "readiness",
        "quality_note",
        "finding_1_due_on",
        "recommendation_1_addressee",
        "recommendation_1_due_on",
        f"verdict_{claimed.pk}_note",
    }


def test_readiness_falls_only_with_a_note(visit, send, written):
    visit(readiness=50)
    before = written()
    assert errors_of(send(readiness="49")) == {"note": ["Readiness was 50 % and is now 49 %. Write why it fell."]}
    assert written() == before

    send(readiness="49", note="Қабырға құлады")
    assert SiteVisit.objects.latest("id").readiness == 49


def test_an_error_concerns_the_row_in_which_it_was_typed(send):
    response = send(finding_2_text="бірінші", finding_2_severity="minor", finding_3_text="екінші")
    assert set(errors_of(response)) == {"finding_2_severity"}  # the filled rows move together
    form = response.context["form"]
    assert [row["text"].value() for row in form.findings] == ["бірінші", "екінші", None]


def test_a_row_stays_free_for_the_next_finding(send):
    rows = {f"finding_{number}_text": "шатыр" for number in range(1, 6)}
    form = send(**rows).context["form"]
    assert [row["number"] for row in form.findings] == [1, 2, 3, 4, 5, 6]
    assert not form.findings[-1]["text"].errors


def zip_bomb():
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a", bytes(20_000_000))
    return content.getvalue()


def large_picture():
    content = io.BytesIO()
    Image.new("L", (8000, 5000)).save(content, "JPEG")
    return content.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("сынық.jpg", lambda: photograph().read()[:600], "cannot be opened: the file is broken"),
        ("зор.jpg", large_picture, "has too many pixels: at most 36 megapixels are accepted"),
        ("вирус.jpg", lambda: b"MZ\x90\0\x03\0\0\0\x04\0\0\0\xff\xff\0\0" * 9, "is not a photograph"),
        ("мұрағат.jpg", zip_bomb, "is not a photograph"),
    ],
    ids=["broken", "forty megapixels", "renamed executable", "zip bomb"],
)
def test_a_bad_photograph_is_named_beside_the_field_and_the_rest_is_kept(
    send, written, evidence_directory, name, content, words
):
    before = written()
    sent = FULL | {"photos": [photograph(), SimpleUploadedFile(name, content())]}
    response = send(**sent)

    errors = errors_of(response)
    assert list(errors) == ["photos"]
    assert len(errors["photos"]) == 1
    assert f"“{name}” {words}" in errors["photos"][0]
    form = response.context["form"]
    assert all(form[field].value() == value for field, value in sent.items() if field != "photos")
    assert CHOOSE_AGAIN in text_of(response)
    assert written() == before
    assert on_disk(evidence_directory) == []


def test_more_photographs_than_a_visit_takes(send):
    response = send(photos=[photograph(number, f"{number}.jpg") for number in range(MOST_PHOTOS + 1)])
    assert errors_of(response) == {"photos": ["9 files were sent, at most 8 are accepted. Choose fewer."]}


def test_too_much_at_once_is_refused_in_plain_words(send, site, settings, written):
    settings.EVIDENCE_MAX_BYTES = settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100
    before = written()
    response = send(photos=[photograph()])
    assert response.status_code == 413
    assert "Choose at most 8 files, each up to 100 bytes." in text_of(response)
    assert 'name="readiness"' in response.content.decode()
    assert written() == before


def test_a_forged_visit_is_refused(cast, site, client, settings):
    client.handler.enforce_csrf_checks = True
    client.force_login(cast.people.controller)
    assert client.post(reverse("roadmap:visit_record", args=[site.pk]), {"readiness": 1}).status_code == 403
    assert not SiteVisit.objects.exists()


@pytest.mark.parametrize("place", ["photo", "audit"])
def test_when_the_database_refuses_nothing_is_left_behind(
    send, written, evidence_directory, monkeypatch, place, claimed
):
    def fail(*args, **kwargs):
        raise DatabaseError("refused")

    record = AuditEvent.objects.record
    if place == "photo":
        saved = Photo.save
        monkeypatch.setattr(Photo, "save", lambda row: fail() if row.name == "IMG_2.jpg" else saved(row))
    else:
        monkeypatch.setattr(
            type(AuditEvent.objects),
            "record",
            lambda manager, *, action, **told: fail() if action == "site.visit" else record(action=action, **told),
        )
    before = written()
    with pytest.raises(DatabaseError):
        send(
            photos=[photograph(), photograph(2, "IMG_2.jpg")],
            finding_1_text="шатыр",
            finding_1_severity="minor",
            **{f"verdict_{claimed.pk}": "confirms", f"claim_{claimed.pk}": claimed.statusreports.get().pk},
        )
    assert written() == before
    assert on_disk(evidence_directory) == []


# --- verdicts --------------------------------------------------------------------------------------------------------
def judged(measure, verdict="confirms", note="", claim=None):
    return {
        f"verdict_{measure.pk}": verdict,
        f"verdict_{measure.pk}_note": note,
        f"claim_{measure.pk}": claim or measure.statusreports.latest("id").pk,
    }


def test_why_there_is_no_verdict_is_said_in_a_line(cast, add_site, noon, as_user, claimed, visit):
    both = User.objects.create_user("both", first_name="Екі рөл")
    Assignment.objects.create(user=both, role=Role.CONTROLLER, region=cast.region)
    Assignment.objects.create(user=both, role=Role.SECRETARY, branch=cast.own)
    silent, own, confirmed = (cast.add_measure() for _measure in range(3))
    actions.report_status(measure=own, by=both, today=cast.today, status=Status.DONE)
    report = actions.report_status(measure=confirmed, by=cast.people.secretary, today=cast.today, status=Status.DONE)
    actions.verify(
        report=report.report, by=cast.people.controller, today=cast.today, verdict=Verdict.CONFIRMS, basis="акт"
    )
    site = add_site(claimed, silent, own, confirmed, name="Төрт шара")

    client = as_user(both)
    client.cookies["django_language"] = "en"
    response = client.get(reverse("roadmap:visit_record", args=[site.pk]))
    assert {claim.measure: claim.blocked for claim in claims_on(site, both)} == {
        claimed: "",
        silent: "not_claimed",
        own: "own",
        confirmed: "confirmed",
    }
    words = text_of(response)
    for why in (
        "No verdict: not reported as done: there is nothing to confirm.",
        "No verdict: you entered this report yourself: another inspector verifies it.",
        "No verdict: this report is confirmed already.",
    ):
        assert words.count(why) == 1
    assert re.findall(r'name="verdict_(\d+)"', response.content.decode()) == [str(claimed.pk)] * 3
    assert "Мектеп ашылды" in words  # what the branch says, beside the verdict


@pytest.mark.parametrize("verdict", ["confirms", "refutes"])
def test_a_verdict_that_was_not_offered_is_refused_in_words(cast, send, add_site, written, verdict):
    silent = cast.add_measure()
    site = add_site(silent, name="Көпір")
    actions.report_status(measure=silent, by=cast.people.secretary, today=cast.today, status=Status.IN_PROGRESS)
    before = written()
    errors = errors_of(send(to=site, **judged(silent, verdict, "көрдім")))
    assert errors == {
        f"verdict_{silent.pk}": ["No verdict can be given: not reported as done: there is nothing to confirm."]
    }
    assert written() == before


def test_a_refutation_says_why(send, claimed, written):
    before = written()
    errors = errors_of(send(**judged(claimed, "refutes")))
    assert list(errors) == [f"verdict_{claimed.pk}_note"]
    assert written() == before


def test_a_report_of_a_later_day_is_not_judged_by_an_earlier_visit(cast, send, claimed, written):
    before = written()
    errors = errors_of(send(visited_on="2025-06-10", **judged(claimed)))
    assert "The report is of a later day" in errors[f"verdict_{claimed.pk}"][0]
    assert written() == before


def test_a_claim_made_anew_meanwhile_is_looked_at_first(cast, send, claimed, written):
    shown = claimed.statusreports.get().pk
    actions.report_status(measure=claimed, by=cast.people.secretary, today=cast.today, status=Status.DONE, note="анық")
    newer = claimed.statusreports.latest("id").pk
    before = written()

    response = send(**judged(claimed, claim=shown))
    assert errors_of(response) == {
        f"verdict_{claimed.pk}": ["The branch reported anew meanwhile. Look at the new report first."]
    }
    assert "анық" in text_of(response)
    assert response.context["form"][f"claim_{claimed.pk}"].value() == newer
    assert written() == before

    send(**judged(claimed, claim=newer))
    assert Verification.objects.get().report_id == newer


def test_a_claim_taken_back_meanwhile_is_said_and_no_longer_asked(cast, send, claimed):
    shown = claimed.statusreports.get().pk
    actions.report_status(measure=claimed, by=cast.people.secretary, today=cast.today, status=Status.IN_PROGRESS)

    errors = errors_of(send(**judged(claimed, claim=shown)))
    assert "there is nothing to confirm" in errors[f"verdict_{claimed.pk}"][0]
    assert send(**judged(claimed, verdict="", claim=shown)).redirect_chain


def test_measures_of_other_sites_are_not_judged(cast, send, claimed, add_site):
    stranger = cast.add_measure()
    actions.report_status(measure=stranger, by=cast.people.secretary, today=cast.today, status=Status.DONE)
    send(**judged(stranger))
    assert not Verification.objects.exists()
    assert SiteVisit.objects.exists()


# --- who -------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("person", "record", "look"),
    [
        ("controller", 200, 200),
        ("secretary", 403, 200),
        ("reception", 403, 200),
        ("coordinator", 403, 200),
        ("chair", 403, 200),
        ("observer", 403, 200),
        ("administrator", 403, 200),
        ("other_secretary", 404, 404),
        ("nobody", 404, 404),
    ],
)
def test_who_records_and_who_looks(cast, site, visit, as_user, written, person, record, look):
    row = visit()
    client, before = as_user(getattr(cast.people, person)), written()
    form, card = reverse("roadmap:visit_record", args=[site.pk]), row.get_absolute_url()

    assert client.get(form).status_code == record
    assert client.get(card).status_code == look
    assert client.post(form, {}).status_code == record  # of the inspector: the form again, with what is missing
    assert client.post(card).status_code == 405
    assert written() == before


def test_the_list_shows_the_visits_of_ones_own_branches(cast, visit, add_site, as_user):
    visit()
    visit(site=add_site(branch="other"))
    for person, count in (("controller", 2), ("secretary", 1), ("other_secretary", 1), ("chair", 2)):
        page = as_user(getattr(cast.people, person)).get(reverse("roadmap:visit_list"), {"year": 2025})
        assert page.context["table"].paginator.count == count
    assert as_user(cast.people.nobody).get(reverse("roadmap:visit_list")).status_code == 403


# --- the list --------------------------------------------------------------------------------------------------------
@pytest.fixture
def several(cast, site, post, visit, add_site, claimed):
    """Four visits: two of the school (one confirms), a raid of the clinic with a grave finding, one of last year."""
    clinic = add_site(name="Емхана", branch="other")
    Roadmap.objects.create(
        programme=cast.programme, branch=cast.other, year=2024, unit="measure", approved_on=dt.date(2024, 1, 15)
    )
    return {
        "plain": visit(readiness=30, today=cast.today - 20 * DAY, participants="Серікбаев"),
        "confirms": visit(
            today=cast.today,
            judgements=[actions.Judgement(claimed.statusreports.get(), Verdict.CONFIRMS)],
            photos=[check_photo(photograph())],
        ),
        "raid": visit(
            site=clinic,
            kind="raid",
            readiness=10,
            findings=[actions.Found("critical", "Іргетас шөккен", cast.today), actions.Found("minor", "Қоқыс")],
        ),
        "last year": visit(site=clinic, readiness=5, visited_on=dt.date(2024, 12, 30)),
    }


@pytest.fixture
def listed(cast, as_user):
    """`listed(**filters)`: the visits that the list shows to the inspector."""
    client = as_user(cast.people.controller)
    client.cookies["django_language"] = "en"

    def look(**filters):
        response = client.get(reverse("roadmap:visit_list"), {"year": 2025} | filters)
        assert response.status_code == 200
        look.page = response
        return [row.record for row in response.context["table"].paginated_rows]

    return look


def test_each_filter_keeps_its_rows(several, listed, site, post, cast):
    plain, confirms, raid, last_year = several.values()
    assert listed() == [confirms, raid, plain]
    assert listed(year=2024) == []  # entered in June: not known at the end of that year
    assert listed(year=2024, as_of="2025-06-16") == [last_year]
    assert listed(q="емхана") == [raid]
    assert listed(q="шөккен") == [raid]  # a word of a finding
    assert listed(q="серикбаев") == [plain]
    assert listed(branch="other") == [raid]
    assert listed(region="region") == [confirms, raid, plain]
    assert listed(kind="raid") == [raid]
    assert listed(kind="visit") == [confirms, plain]
    assert listed(site=site.pk) == [confirms, plain]
    assert listed(post=post.pk) == [confirms, plain]
    assert listed(findings=1) == [raid]
    assert listed(confirmed=1) == [confirms]
    assert listed(refuted=1) == []
    assert listed(as_of="2025-06-10") == [raid, plain]


def test_sorting_by_every_column(several, listed):
    for column in ("visited_on", "site", "branch", "post", "readiness", "findings", "verdicts", "photos", "author"):
        assert sorted(listed(sort=column), key=lambda row: row.pk) == sorted(
            listed(sort=f"-{column}"), key=lambda row: row.pk
        )
    assert [row.readiness for row in listed(sort="-readiness")] == [40, 30, 10]
    assert listed(sort="-findings")[0] == several["raid"]
    assert listed(sort="-photos")[0] == several["confirms"]


def test_every_number_above_the_list_opens_into_its_rows(several, listed, send):
    listed()
    for count in listed.page.context["counts"]:
        page = send.client.get(f"{reverse('roadmap:visit_list')}{count.url}")
        assert page.context["table"].paginator.count == count.count, count.name
        assert [one.name for one in page.context["counts"] if one.is_current] == [count.name]
        assert f'data-total="{count.count}"' in page.content.decode()
    assert {count.name: count.count for count in listed.page.context["counts"]} == {
        "all": 3,
        "raids": 1,
        "findings": 1,
        "confirmed": 1,
        "refuted": 0,
    }


@pytest.mark.parametrize(
    ("name", "value"), [("site", "999999"), ("site", "x"), ("post", "999999"), ("kind", "x"), ("findings", "yes")]
)
def test_a_filter_that_is_not_understood_is_said_and_finds_nothing(several, listed, name, value):
    assert listed(**{name: value}) == []
    assert listed.page.context["filter"].errors[name]


def test_a_foreign_site_is_no_filter(cast, several, as_user, add_site):
    page = as_user(cast.people.secretary).get(
        reverse("roadmap:visit_list"), {"year": 2025, "site": several["raid"].site_id}
    )
    assert page.context["filter"].errors["site"]
    assert "Емхана" not in page.content.decode()


def test_the_list_tells_each_visit(several, listed):
    listed()
    words = text_of(listed.page)
    assert "3 visits" in words
    for word in ("raid", "1 gross", "1 minor", "1 confirmed", "№ 1", "40 %", "Controller"):
        assert word in words


# --- the card --------------------------------------------------------------------------------------------------------
def test_the_card_tells_everything(cast, site, post, visit, claimed, as_user):
    before = visit(readiness=40, today=cast.today - 14 * DAY)
    row = visit(
        today=cast.today - 7 * DAY,
        readiness=55,
        participants="Ермекбаев Ж.",
        note="Жылу жоқ",
        checklist={"wages": ("remarks", "Жалақы кешіктірілген"), "quality": ("order", "")},
        findings=[
            actions.Found("major", "Шатыр ағады", cast.today - 2 * DAY),
            actions.Found("minor", "Қоқыс", cast.today),
        ],
        photos=[check_photo(photograph(1)), check_photo(photograph(2, taken="2025:06:09 10:00:00"))],
        advice=[actions.Advice(text="Шатырды жөндеу", addressee="Мердігер", due_on=cast.today - DAY, site=site)],
        judgements=[],
    )
    after = visit(readiness=60, today=cast.today)
    client = as_user(cast.people.chair)
    client.cookies["django_language"] = "en"
    response = client.get(row.get_absolute_url())
    words, content = text_of(response), response.content.decode()

    assert "Visit of 9 June 2025" in words
    assert "55 %" in words and "+15 points since 02.06.2025" in words
    assert "1 of them is grave" in words
    assert "To be put right by 14.06.2025, 2 days have passed since" in words
    assert "To be put right by 16.06.2025 " in words
    assert "Жалақы кешіктірілген" in words
    assert "16.06.2025, 09:30" in words and "44.85000, 65.50000" in words
    assert words.count("By the camera's clock it was taken on another day than that of the visit.") == 1
    assert "overdue since 15.06.2025" in words
    assert "Мектеп салу" in words  # the measure of which it says nothing
    for target in (before, after, site, post, claimed, row.recommendations.get(), *row.photos.all()):
        assert f'href="{target.get_absolute_url()}"' in content
    for photo in row.photos.all():
        assert re.search(rf'<img src="{photo.thumbnail_url}" width="80" height="60"', content)


def test_the_card_as_of_a_day(cast, visit, as_user, send, claimed):
    row = visit(
        today=cast.today - 7 * DAY,
        findings=[actions.Found("minor", "Қоқыс", cast.today - 5 * DAY)],
        advice=[actions.Advice(text="Жинау", addressee="Мердігер", due_on=cast.today)],
    )
    visit(today=cast.today, readiness=60)
    actions.follow_recommendation(
        recommendation=row.recommendations.get(), by=cast.people.coordinator, today=cast.today, state="done"
    )
    then, before, now = (
        send.client.get(row.get_absolute_url(), {"as_of": day} if day else {})
        for day in ("2025-06-12", "2025-06-01", None)
    )
    assert "1 day has passed since" not in text_of(then)
    assert "1 days have passed since" not in text_of(then)
    assert (then.context["card"].late, now.context["card"].late) == (1, 1)
    assert (then.context["card"].after, now.context["card"].after.readiness) == (None, 60)
    assert [advised.state for advised in then.context["card"].recommendations] == ["issued"]
    assert [advised.state for advised in now.context["card"].recommendations] == ["done"]
    assert "The visit was not known on this day: it was entered on 9 June 2025." in text_of(before)
    assert "Қоқыс" not in text_of(before)
    assert send.client.get(row.get_absolute_url(), {"as_of": "x"}).status_code == 200


def test_a_copy_in_a_branch_that_one_does_not_see_is_not_named(cast, visit, add_site, as_user):
    visit(site=add_site(branch="other", name="Құпия нысан"), photos=[check_photo(photograph())])
    row = visit(photos=[check_photo(photograph())])

    assert "Құпия нысан" in as_user(cast.people.controller).get(row.get_absolute_url()).content.decode()
    assert "Құпия нысан" not in as_user(cast.people.secretary).get(row.get_absolute_url()).content.decode()


def test_only_who_may_record_is_offered_the_next_visit(cast, visit, as_user):
    row = visit()
    address = reverse("roadmap:visit_record", args=[row.site_id])
    for person, offered in (("controller", True), ("chair", False), ("secretary", False)):
        assert (
            address in as_user(getattr(cast.people, person)).get(row.get_absolute_url()).content.decode()
        ) == offered


def test_who_may_record_is_led_from_the_list_to_the_sites(cast, visit, as_user):
    visit()
    address = f'href="{reverse("roadmap:site_list")}?standing=1"'
    for person, offered in (("controller", True), ("chair", False), ("secretary", False)):
        response = as_user(getattr(cast.people, person)).get(reverse("roadmap:visit_list"))
        assert (address in response.content.decode()) == offered


def test_a_visit_told_in_a_story(several):
    rows = visits_with_counts(SiteVisit.objects.select_related("site"), dt.date(2025, 6, 16))
    row = rows.get(pk=several["raid"].pk)
    told = Told(row.visited_on, row, "roadmap/_told_visit.html", "visit", "done")
    words = render_to_string(told.template, {"told": told, "row": told.row})

    assert words.lstrip().startswith("<h3>")
    assert "Емхана" in words
    assert "Емхана" not in render_to_string(told.template, {"told": told, "row": told.row, "site": row.site})


# --- how much is asked of the database -------------------------------------------------------------------------------
@pytest.mark.parametrize("page", ["list", "card", "form"])
def test_queries_do_not_grow_with_rows(cast, site, visit, as_user, claimed, page):
    def fill(count):
        for number in range(count):
            measure = cast.add_measure()
            report = actions.report_status(
                measure=measure, by=cast.people.secretary, today=cast.today - 7 * DAY, status=Status.DONE
            ).report
            site.measures.add(measure)
            row = visit(
                readiness=50 + number,
                note="x",
                findings=[actions.Found("minor", "Қоқыс")] * (number + 1),
                judgements=[actions.Judgement(report, Verdict.CONFIRMS)] if number % 2 else [],
                advice=[actions.Advice(text="Жинау", addressee="Мердігер", due_on=cast.today)] * (number + 1),
                photos=[check_photo(photograph(number * 3 + place)) for place in range(number + 1)],
            )
        addresses = {
            "list": f"{reverse('roadmap:visit_list')}?year=2025",
            "card": row.get_absolute_url(),
            "form": reverse("roadmap:visit_record", args=[site.pk]),
        }
        client = as_user(cast.people.controller)
        assert client.get(addresses[page]).status_code == 200
        with CaptureQueriesContext(connection) as asked:
            client.get(addresses[page])
        return len(asked)

    assert StatusReport.objects.count() == 1
    few = fill(2)
    assert fill(5) == few
    assert few <= 24
