"""Evidence files: what is accepted, how a refusal is told, and who may have a file back."""

import io
import logging
import zipfile

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, RequestFactory
from django.urls import reverse

from amanat_tracker.generic import uploading
from amanat_tracker.generic.uploads import check_upload
from branches.forms.fields import MOST_FILES
from roadmap import actions
from roadmap.choices import Status
from roadmap.models import Evidence

PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\n"
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00"
EXE = b"MZ\x90\x00\x03\x00\x00\x00\x04\x00\x00\x00\xff\xff\x00\x00"
HTML = b"<!doctype html><script>alert(1)</script>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'


def archive(*names):
    """A ZIP archive with these members, in this order, as programs write office documents."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as packed:
        for name in names:
            packed.writestr(name, f"<xml>{name * 20}</xml>")
    return content.getvalue()


DOCX = archive("[Content_Types].xml", "_rels/.rels", "word/document.xml", "word/styles.xml")
XLSX = archive("[Content_Types].xml", "_rels/.rels", "docProps/app.xml", "docProps/core.xml", "xl/workbook.xml")


def upload(name, content=PDF, content_type="application/octet-stream"):
    return SimpleUploadedFile(name, content, content_type)


# --- one file --------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("Акт.pdf", PDF, "application/pdf"),
        ("АКТ.PDF", PDF, "application/pdf"),
        ("сурет.jpg", JPEG, "image/jpeg"),
        ("сурет.jpeg", JPEG, "image/jpeg"),
        ("сурет.png", PNG, "image/png"),
        ("хат.docx", DOCX, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        ("кесте.xlsx", XLSX, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ],
)
def test_accepted_by_what_it_contains_and_whatever_the_browser_calls_it(name, content, kind):
    checked = check_upload(upload(name, content, "text/html"))

    assert (checked.name, checked.content_type, checked.size) == (name, kind, len(content))
    assert checked.file.read() == content  # it stands at its beginning again


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("акт.pdf", EXE),
        ("акт.pdf", HTML),
        ("акт.pdf", SVG),
        ("сурет.png", PDF),
        ("сурет.svg", SVG),
        ("бағдарлама.exe", EXE),
        ("акт.exe", PDF),
        ("акт.pdf.exe", PDF),
        ("акт", PDF),
        ("хат.docx", XLSX),
        ("хат.docx", archive("readme.txt")),
        ("мұрағат.zip", archive("readme.txt")),
    ],
)
def test_refused_when_the_content_is_another_than_the_name_says(name, content):
    with pytest.raises(ValidationError) as refused:
        check_upload(upload(name, content))

    assert refused.value.code == "kind"
    assert name in refused.value.messages[0]


def test_an_empty_and_a_too_large_file(settings):
    settings.EVIDENCE_MAX_BYTES = len(PDF)
    check_upload(upload("дәл.pdf"))

    for name, content, code in (("бос.pdf", b"", "empty"), ("үлкен.pdf", PDF + b"x", "size")):
        with pytest.raises(ValidationError) as refused:
            check_upload(upload(name, content))
        assert refused.value.code == code
        assert name in refused.value.messages[0]


def test_a_path_in_the_name_is_dropped():
    for path in ("/etc/passwd/акт.pdf", "..\\..\\акт.pdf", "C:\\Құжаттар\\акт.pdf"):
        file = upload("x.pdf")
        file._name = path  # a browser's own words: SimpleUploadedFile cleans them already
        assert check_upload(file).name == "акт.pdf"


def test_a_long_name_keeps_its_ending():
    assert check_upload(upload("ұ" * 230 + ".pdf")).name.endswith("ұұ.pdf")


# --- files of a report -----------------------------------------------------------------------------------------------
@pytest.fixture
def measure(cast, noon):
    return cast.add_measure()


@pytest.fixture
def send(cast, measure, as_user):
    """`send(files, **fields)`: the secretary's report with these files."""
    client = as_user(cast.people.secretary)
    client.cookies["django_language"] = "en"

    def post(files, **fields):
        typed = {"status": "in_progress", "reported_on": "2025-06-10", "note": "сақталсын"} | fields
        address = reverse("roadmap:measure_report", args=[measure.pk])
        return client.post(address, typed | {"evidence": files}, follow=True)

    return post


def on_disk(directory):
    return sorted(path.name for path in directory.rglob("*") if path.is_file())


@pytest.mark.django_db
def test_the_files_of_a_report_are_kept_and_offered_on_the_card(measure, send, evidence_directory):
    response = send([upload("Акт № 7.pdf"), upload("сурет.jpg", JPEG), upload("кесте.xlsx", XLSX)])

    report = measure.statusreports.get()
    assert [file.name for file in report.evidence.all()] == ["Акт № 7.pdf", "сурет.jpg", "кесте.xlsx"]
    assert len(on_disk(evidence_directory)) == 3
    assert not any("." in name for name in on_disk(evidence_directory))  # no name of theirs comes onto our disk
    for file in report.evidence.all():
        assert f'href="{file.get_absolute_url()}">{file.name}, ' in response.content.decode()


@pytest.mark.django_db
def test_each_refused_file_is_named_beside_the_field_and_the_rest_is_kept(
    measure, send, settings, written, evidence_directory
):
    settings.EVIDENCE_MAX_BYTES = 200
    before = written()
    response = send([upload("акт.pdf"), upload("вирус.pdf", EXE), upload("бос.pdf", b""), upload("зор.pdf", PDF * 9)])

    errors = response.context["form"].errors
    assert list(errors) == ["evidence"]
    assert [next(name for name in ("вирус", "бос", "зор") if name in error) for error in errors["evidence"]] == [
        "вирус",
        "бос",
        "зор",
    ]
    assert response.context["form"]["note"].value() == "сақталсын"
    assert "The files have to be chosen again" in response.content.decode()
    assert written() == before
    assert on_disk(evidence_directory) == []


@pytest.mark.django_db
def test_the_files_have_to_be_chosen_again_also_when_another_field_is_wrong(send, evidence_directory):
    response = send([upload("акт.pdf")], status="not_done", note="")

    assert list(response.context["form"].errors) == ["note"]
    assert "The files have to be chosen again" in response.content.decode()
    assert on_disk(evidence_directory) == []


@pytest.mark.django_db
def test_no_more_than_five_files(measure, send, evidence_directory):
    response = send([upload(f"{number}.pdf") for number in range(MOST_FILES + 1)])
    assert response.context["form"].errors["evidence"] == ["6 files were sent, at most 5 are accepted. Choose fewer."]
    assert not measure.statusreports.exists()

    send([upload(f"{number}.pdf") for number in range(MOST_FILES)])
    assert measure.statusreports.get().evidence.count() == MOST_FILES


@pytest.mark.django_db
def test_a_name_that_is_markup_is_shown_as_text(measure, send):
    page = send([upload("<img src=x onerror=alert(1)>.pdf")]).content.decode()

    assert "<img" not in page
    assert "&lt;img src=x onerror=alert(1)&gt;.pdf" in page


@pytest.mark.django_db
def test_a_double_click_keeps_the_files_once_and_another_file_is_another_report(measure, send, evidence_directory):
    token = "8a5d3f0e-6c43-4a7e-9a51-1d2f5b6c7d8e"
    for _press in range(2):
        send([upload("акт.pdf")], submission=token)
    assert (measure.statusreports.count(), Evidence.objects.count(), len(on_disk(evidence_directory))) == (1, 1, 1)

    send([upload("акт.pdf", PDF + b"2")], submission=token)
    assert (measure.statusreports.count(), Evidence.objects.count()) == (2, 2)


# --- a request that is too large -------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_too_much_at_once_is_refused_before_it_is_stored_and_in_plain_words(
    cast, measure, as_user, settings, written, monkeypatch
):
    settings.EVIDENCE_MAX_BYTES = settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100
    parsed = []
    monkeypatch.setattr("django.http.request.MultiPartParser.parse", lambda parser: parsed.append(parser))
    client, before = as_user(cast.people.secretary), written()
    client.cookies["django_language"] = "en"
    address = reverse("roadmap:measure_report", args=[measure.pk])

    response = client.post(address, {"status": "done", "evidence": upload("зор.pdf", PDF + b"x" * 2000)})

    assert response.status_code == 413
    assert parsed == []
    page = response.content.decode()
    assert "were sent at once. Nothing was saved. Go back: what you typed is still there." in page
    assert "at most 5 files, each up to 100" in page.replace("\xa0", " ")
    assert 'name="status"' in page
    assert written() == before


@pytest.mark.django_db
def test_too_many_parts_and_too_long_a_text_are_refused_in_plain_words(send, settings, written):
    before = written()
    settings.DATA_UPLOAD_MAX_NUMBER_FILES = 6
    assert send([upload(f"{number}.pdf") for number in range(7)]).status_code == 413
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 3000
    assert send([], note="ұ" * 2000).status_code == 413
    assert written() == before


@pytest.mark.django_db
def test_how_much_of_a_refused_request_is_read_has_an_end(monkeypatch):
    monkeypatch.setattr(uploading, "READ_AT_MOST", 100_000)
    request = RequestFactory().post("/", b"x" * 300_000, content_type="application/octet-stream")

    uploading._read_and_forget(request)

    assert 100_000 <= 300_000 - len(request.read()) < 200_000


@pytest.mark.django_db
def test_who_may_not_report_is_refused_also_with_too_much(cast, measure, as_user, settings):
    settings.EVIDENCE_MAX_BYTES = settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 10
    address = reverse("roadmap:measure_report", args=[measure.pk])

    for person, status in (("chair", 403), ("other_secretary", 404)):
        response = as_user(getattr(cast.people, person)).post(address, {"note": "x" * 500})
        assert response.status_code == status


@pytest.mark.django_db
def test_a_forged_report_is_refused(cast, measure):
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.people.secretary)
    address = reverse("roadmap:measure_report", args=[measure.pk])
    typed = {"status": "in_progress", "reported_on": "2025-06-10"}

    assert client.post(address, typed).status_code == 403
    client.get(address)
    token = client.cookies["csrftoken"].value
    assert client.post(address, typed | {"csrfmiddlewaretoken": token}).status_code == 302
    assert measure.statusreports.count() == 1


# --- having a file back ----------------------------------------------------------------------------------------------
@pytest.fixture
def evidence(cast, measure):
    """A file of the own branch's report."""
    checked = check_upload(upload("Пайдалануға беру актісі.pdf"))
    report = actions.report_status(
        measure=measure, by=cast.people.secretary, today=cast.today, status=Status.IN_PROGRESS, evidence=[checked]
    ).report
    return report.evidence.get()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("person", "status"),
    [
        ("secretary", 200),
        ("reception", 200),
        ("controller", 200),
        ("coordinator", 200),
        ("chair", 200),
        ("observer", 200),
        ("administrator", 200),
        ("other_secretary", 404),
        ("nobody", 404),
    ],
)
def test_a_file_is_given_to_those_who_see_its_branch(cast, evidence, as_user, person, status):
    response = as_user(getattr(cast.people, person)).get(evidence.get_absolute_url())

    assert response.status_code == status
    if status == 200:
        assert b"".join(response.streaming_content) == PDF


@pytest.mark.django_db
def test_a_stranger_is_sent_to_the_login(evidence, client):
    assert client.get(evidence.get_absolute_url()).url.startswith(reverse("branches:login"))


@pytest.mark.django_db
def test_a_file_is_an_attachment_that_no_browser_runs_or_keeps(cast, evidence, as_user):
    response = as_user(cast.people.chair).get(evidence.get_absolute_url())
    b"".join(response.streaming_content)

    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"].startswith("attachment; filename*=utf-8''%D0%9F%D0%B0%D0%B9")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "sandbox"
    assert response["Cache-Control"] == "private, no-store"


@pytest.mark.django_db
def test_a_file_is_only_read(cast, evidence, as_user):
    client = as_user(cast.people.secretary)

    assert client.post(evidence.get_absolute_url()).status_code == 405
    assert client.get(reverse("roadmap:evidence", args=[evidence.pk + 1])).status_code == 404


@pytest.mark.django_db
def test_a_file_lost_from_the_disk_is_a_page_and_a_line_in_the_log(cast, evidence, as_user, caplog):
    evidence.file.storage.delete(evidence.file.name)

    with caplog.at_level(logging.ERROR, logger="amanat_tracker.generic.uploading"):
        response = as_user(cast.people.chair).get(evidence.get_absolute_url())

    assert response.status_code == 404
    assert response["Content-Type"].startswith("text/html")
    assert evidence.file.name in caplog.text


@pytest.mark.django_db
def test_no_address_leads_past_the_check(cast, evidence, as_user):
    client = as_user(cast.people.administrator)

    for address in (f"/media/{evidence.file.name}", f"/static/{evidence.file.name}", f"/{evidence.file.name}"):
        assert client.get(address).status_code == 404
