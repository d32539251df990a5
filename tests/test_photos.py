"""Photographs: what is accepted, what is read from the camera's notes, what is refused before it is opened, and that
what people are given back says nothing but the picture."""

import datetime as dt
import io
import struct
import zipfile
import zlib
import zoneinfo
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import ExifTags, Image, ImageFile
from PIL.TiffImagePlugin import IFDRational

from amanat_tracker.generic.photos import PICTURE_SIDE, THUMBNAIL_SIDE, check_photo
from amanat_tracker.generic.uploads import check_upload
from roadmap import actions
from roadmap.models import Photo

RED, GREEN, BLUE, WHITE = (200, 30, 30), (30, 160, 30), (30, 30, 200), (255, 255, 255)
QYZYLORDA = zoneinfo.ZoneInfo("Asia/Qyzylorda")


def notes(*, orientation=None, taken="2025:06:14 09:30:00", latitude=(44.0, 51.0, 0.0), longitude=(65.0, 30.0, 0.0)):
    """What a camera writes beside the picture."""
    exif = Image.Exif()
    exif[ExifTags.Base.Make] = "Құрылғы"
    if orientation:
        exif[ExifTags.Base.Orientation] = orientation
    if taken:
        exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.DateTimeOriginal] = taken
    if latitude:
        exif.get_ifd(ExifTags.IFD.GPSInfo).update({1: "N", 2: latitude, 3: "E", 4: longitude})
    return exif


def picture(size=(400, 300)):
    """Blue, with a red corner at the top left."""
    image = Image.new("RGB", size, BLUE)
    image.paste(RED, (0, 0, size[0] // 4, size[1] // 4))
    return image


def encoded(image, kind="JPEG", **options):
    content = io.BytesIO()
    image.save(content, kind, **options)
    return content.getvalue()


def sent(content, name="IMG_1.jpg"):
    return SimpleUploadedFile(name, content)


def opened(file):
    file.seek(0)
    image = Image.open(io.BytesIO(file.read()))
    image.load()
    return image


def is_near(pixel, colour):
    return all(abs(one - other) < 24 for one, other in zip(pixel, colour, strict=True))


def refused(content, name="IMG_1.jpg"):
    with pytest.raises(ValidationError) as refusal:
        check_photo(sent(content, name))
    assert name in refusal.value.messages[0]
    return refusal.value.code


@pytest.fixture
def decoded(monkeypatch):
    """How often a picture was decoded."""
    times = []
    load = ImageFile.ImageFile.load
    monkeypatch.setattr(ImageFile.ImageFile, "load", lambda image: times.append(image.size) or load(image))
    return times


# --- what is accepted ------------------------------------------------------------------------------------------------
def test_a_photograph_of_a_phone():
    content = encoded(picture(), exif=notes(), quality=90)
    photo = check_photo(sent(content))

    assert photo.taken_at == dt.datetime(2025, 6, 14, 9, 30, tzinfo=QYZYLORDA)
    assert (photo.latitude, photo.longitude) == (Decimal("44.85000"), Decimal("65.50000"))
    assert (photo.width, photo.height) == (400, 300)
    assert photo.upload.file.read() == content  # as it was sent, standing at its beginning


@pytest.mark.parametrize(
    ("orientation", "size", "corner"),
    [
        (1, (400, 300), (0, 0)),
        (2, (400, 300), (1, 0)),
        (3, (400, 300), (1, 1)),
        (4, (400, 300), (0, 1)),
        (5, (300, 400), (0, 0)),
        (6, (300, 400), (1, 0)),
        (7, (300, 400), (1, 1)),
        (8, (300, 400), (0, 1)),
    ],
)
@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_it_is_turned_upright_however_the_camera_was_held(orientation, size, corner, kind):
    content = encoded(picture(), kind, exif=notes(orientation=orientation))
    photo = check_photo(sent(content, "IMG_1.jpg" if kind == "JPEG" else "IMG_1.png"))

    shown = opened(photo.picture)
    assert (photo.width, photo.height) == shown.size == size
    at = tuple(side - 20 if far else 20 for side, far in zip(size, corner, strict=True))
    assert is_near(shown.getpixel(at), RED)
    assert is_near(shown.getpixel((size[0] // 2, size[1] // 2)), BLUE)


def test_what_is_shown_is_scaled_down_and_says_nothing_but_the_picture():
    content = encoded(picture((5000, 2500)), exif=notes(orientation=6), comment=b"made by", icc_profile=b"x" * 200)
    photo = check_photo(sent(content))

    for file, longest in ((photo.picture, PICTURE_SIDE), (photo.thumbnail, THUMBNAIL_SIDE)):
        file.seek(0)
        raw = file.read()
        shown = opened(file)
        assert (shown.format, shown.mode, shown.size) == ("JPEG", "RGB", (longest // 2, longest))
        assert not shown.getexif()
        assert set(shown.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density", "progressive", "progression"}
        assert b"Exif" not in raw
        assert b"ICC_PROFILE" not in raw
        assert b"made by" not in raw


@pytest.mark.parametrize("side", [1, 63, 64, 65, 2047, 2049, 4095, 4097])
def test_no_row_and_no_column_is_lost_on_the_way(side):
    """The picture is worked on strip by strip; it ends with the colour with which it ended."""
    image = Image.new("RGB", (max(2, side // 2), side), BLUE)
    image.paste(RED, (0, side - max(1, side // 8), image.width, side))
    shown = opened(check_photo(sent(encoded(image, "PNG"), "a.png")).picture)

    assert max(shown.size) == min(max(image.size), PICTURE_SIDE)
    assert is_near(shown.getpixel((0, shown.height - 1)), RED)
    assert side < 16 or is_near(shown.getpixel((shown.width - 1, 0)), BLUE)


def test_what_is_transparent_is_shown_on_white():
    layer = Image.new("RGBA", (300, 200), (0, 0, 0, 0))
    layer.paste((*RED, 255), (100, 0, 200, 200))
    palette = picture().quantize(8)
    grey = Image.new("L", (60, 40), 7)
    for name, content, seen in (
        ("RGBA", encoded(layer, "PNG"), WHITE),
        ("LA", encoded(layer.convert("LA"), "PNG"), WHITE),
        ("P", encoded(palette, "PNG", transparency=palette.getpixel((399, 299))), WHITE),
        ("L", encoded(grey, "PNG", transparency=7), WHITE),
        ("opaque P", encoded(palette, "PNG"), BLUE),
    ):
        shown = opened(check_photo(sent(content, "a.png")).picture)
        assert is_near(shown.getpixel((shown.width - 1, shown.height - 1)), seen), name


def test_colours_of_other_kinds():
    deep = Image.new("I;16", (100, 80), 32768)
    for name, content, seen in (
        ("CMYK.jpg", encoded(picture().convert("CMYK")), BLUE),
        ("grey.jpg", encoded(Image.new("L", (90, 60), 128)), (128, 128, 128)),
        ("deep.png", encoded(deep, "PNG"), (128, 128, 128)),
        ("bits.png", encoded(Image.new("1", (90, 60), 1), "PNG"), WHITE),
    ):
        shown = opened(check_photo(sent(content, name)).picture)
        assert is_near(shown.getpixel((shown.width - 1, shown.height - 1)), seen), name


def test_several_pictures_in_one_file_are_the_first_of_them():
    content = encoded(picture(), "MPO", save_all=True, append_images=[Image.new("RGB", (400, 300), GREEN)])
    shown = opened(check_photo(sent(content)).picture)
    assert is_near(shown.getpixel((390, 290)), BLUE)


# --- what a camera notes, and what it only seems to ------------------------------------------------------------------
def with_notes(segment):
    """A JPEG whose notes are these bytes."""
    plain = encoded(picture())
    content = b"Exif\0\0" + segment
    return plain[:2] + b"\xff\xe1" + struct.pack(">H", len(content) + 2) + content + plain[2:]


@pytest.mark.parametrize(
    "segment",
    [
        b"",
        b"garbage, and no TIFF at all",
        b"II*\0\xff\xff\xff\xff",
        b"II*\0\x08\0\0\0\xff\xff" + b"\xff" * 60,
        b"MM\0*\0\0\0\x08\0\x01\x87\x69\0\x04\0\0\0\x01\0\0\0\x08\0\0\0\0",  # the notes lead to themselves
        bytes(60_000),
    ],
)
def test_garbage_instead_of_notes_does_not_spoil_the_photograph(segment):
    photo = check_photo(sent(with_notes(segment)))

    assert (photo.taken_at, photo.latitude, photo.longitude) == (None, None, None)
    assert is_near(opened(photo.picture).getpixel((390, 290)), BLUE)


@pytest.mark.parametrize(
    "taken",
    ["", "0000:00:00 00:00:00", "2025:13:45 99:99:99", "yesterday", "1970:01:01 00:00:00", "0001:01:01 00:00:00"],
)
def test_a_time_that_cannot_be_is_none(taken):
    photo = check_photo(sent(encoded(picture(), exif=notes(taken=taken))))
    assert photo.taken_at is None
    assert photo.latitude == Decimal("44.85000")  # the place is believed all the same


@pytest.mark.parametrize(
    ("latitude", "longitude"),
    [
        ((0.0, 0.0, 0.0), (0.0, 0.0, 0.0)),  # a camera without a fix
        ((91.0, 0.0, 0.0), (65.0, 0.0, 0.0)),
        ((44.0, 51.0, 0.0), (181.0, 0.0, 0.0)),
        ((IFDRational(0, 0), 0.0, 0.0), (65.0, 0.0, 0.0)),
        ((44.0, 51.0), (65.0, 30.0)),
    ],
)
def test_a_place_that_is_not_on_earth_is_none(latitude, longitude):
    photo = check_photo(sent(encoded(picture(), exif=notes(latitude=latitude, longitude=longitude))))
    assert (photo.latitude, photo.longitude) == (None, None)
    assert photo.taken_at is not None


def test_south_and_west_are_negative():
    exif = notes()
    exif.get_ifd(ExifTags.IFD.GPSInfo).update({1: "S", 3: "W"})
    photo = check_photo(sent(encoded(picture(), exif=exif)))
    assert (photo.latitude, photo.longitude) == (Decimal("-44.85000"), Decimal("-65.50000"))


# --- what is refused -------------------------------------------------------------------------------------------------
def chunk(kind, content):
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def png(width, height, *chunks):
    """A PNG that claims a size; its pixels are whatever the chunks hold."""
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + b"".join(chunks) + chunk(b"IEND", b"")


def endless():
    """A JPEG whose one scan is repeated so often that decoding it would take minutes."""
    content = encoded(picture(), progressive=True)
    start = content.index(b"\xff\xda")
    return content[:start] + content[start:-2] * 2000 + content[-2:]


def packed(size):
    """A ZIP archive that unpacks to `size` zeros."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", bytes(size))
    return content.getvalue()


@pytest.mark.parametrize(("kind", "name"), [("JPEG", "IMG_1.jpg"), ("PNG", "IMG_1.png")])
def test_forty_megapixels_are_refused_before_they_are_decoded(kind, name, decoded):
    content = encoded(Image.new("L", (8000, 5000), 90), kind)
    assert len(content) < 1_000_000

    assert refused(content, name) == "pixels"
    assert decoded == []


def test_a_picture_that_would_fill_the_memory_is_refused_before_it_is_decoded(decoded):
    bomb = chunk(b"IDAT", zlib.compress(bytes(1_000_000), 9))
    for width, height in ((30_000, 30_000), (2**31 - 1, 2**31 - 1), (1, 2**31 - 1)):
        assert refused(png(width, height, bomb), "a.png") == "pixels"
    assert decoded == []


@pytest.mark.parametrize("kind", [b"zTXt", b"iTXt", b"iCCP"])
def test_words_that_would_fill_the_memory_are_refused_or_passed_over(kind):
    """A text of 20 MB in 20 kB, beside a good picture."""
    flood = zlib.compress(bytes(20_000_000), 9)
    head = {b"zTXt": b"a\0\0", b"iTXt": b"a\0\x01\0\0\0", b"iCCP": b"a\0\0"}[kind]
    good = encoded(picture(), "PNG")
    content = good[:33] + chunk(kind, head + flood) + good[33:]
    try:
        check_photo(sent(content, "a.png"))
    except ValidationError as error:
        assert error.code == "broken"


def test_a_picture_that_takes_minutes_to_decode_is_refused(decoded):
    assert refused(endless()) == "broken"
    assert decoded == []


@pytest.mark.parametrize("share", [0.05, 0.5, 0.95])
@pytest.mark.parametrize(("kind", "name"), [("JPEG", "IMG_1.jpg"), ("PNG", "IMG_1.png")])
def test_a_broken_picture_is_refused(kind, name, share):
    content = encoded(Image.effect_noise((300, 200), 90), kind)
    assert refused(content[: int(len(content) * share)], name) == "broken"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("вирус.jpg", b"MZ\x90\0\x03\0\0\0\x04\0\0\0\xff\xff\0\0" * 99),
        ("мұрағат.jpg", packed(20_000_000)),
        ("акт.jpg", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\n"),
        ("акт.pdf", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\n"),
        ("сурет.svg", b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'),
        ("сурет.gif", encoded(picture().quantize(8), "GIF")),
        ("сурет.png", encoded(picture())),
        ("сурет.exe", encoded(picture())),
    ],
)
def test_what_is_no_photograph_is_refused_as_such(name, content):
    with pytest.raises(ValidationError) as refusal:
        check_photo(sent(content, name))
    assert refusal.value.code == "kind"
    assert "JPEG" in refusal.value.messages[0]
    assert "PDF" not in refusal.value.messages[0]  # what other fields accept is of no use here


def test_an_empty_and_a_too_heavy_one_are_refused(settings):
    assert refused(b"") == "empty"
    settings.EVIDENCE_MAX_BYTES = 1000
    assert refused(encoded(Image.effect_noise((300, 200), 90))) == "size"


def test_a_document_that_unpacks_to_far_too_much_is_no_evidence():
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("_rels/.rels", "<Relationships/>")
        archive.writestr("word/document.xml", bytes(250 * 1024 * 1024))
    assert bomb.tell() < 2_000_000
    with pytest.raises(ValidationError) as refusal:
        check_upload(sent(bomb.getvalue(), "хат.docx"))
    assert refusal.value.code == "bomb"


# --- having one back -------------------------------------------------------------------------------------------------
@pytest.fixture
def photo(cast):
    """A photograph of a visit to a site of the own branch."""
    site = cast.add_site()
    checked = check_photo(sent(encoded(picture((3000, 2000)), exif=notes(orientation=6)), "Суретім.png.jpg"))
    visited = actions.record_visit(
        site=site, by=cast.people.controller, today=cast.today, readiness=10, photos=[checked]
    )
    return visited.visit.photos.get()


@pytest.mark.parametrize("address", ["photo", "photo_thumbnail"])
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
def test_it_is_shown_to_those_who_see_its_branch(cast, photo, as_user, address, person, status):
    response = as_user(getattr(cast.people, person)).get(reverse(f"roadmap:{address}", args=[photo.pk]))
    assert response.status_code == status
    assert (response.getvalue()[:2] == b"\xff\xd8") == (status == 200)


@pytest.mark.parametrize(("address", "longest"), [("photo", PICTURE_SIDE), ("photo_thumbnail", THUMBNAIL_SIDE)])
def test_what_is_shown_is_upright_and_without_notes(cast, photo, as_user, address, longest):
    response = as_user(cast.people.chair).get(reverse(f"roadmap:{address}", args=[photo.pk]))
    content = b"".join(response.streaming_content)
    shown = Image.open(io.BytesIO(content))

    assert max(shown.size) == longest == shown.height
    assert not shown.getexif()
    assert b"Exif" not in content
    assert response["Content-Type"] == "image/jpeg"
    assert response["Content-Disposition"].startswith("inline; filename*=utf-8''")
    assert response["Content-Disposition"].endswith(".png.jpg")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "sandbox"
    assert response["Cache-Control"] == "private, max-age=86400"


def test_the_file_as_it_was_sent_is_kept_and_never_given_out(cast, photo, as_user):
    with photo.original.open() as original:
        assert Image.open(original).getexif()[ExifTags.Base.Make]
    client = as_user(cast.people.administrator)
    for address in (f"/media/{photo.original.name}", f"/static/{photo.original.name}", f"/{photo.original.name}"):
        assert client.get(address).status_code == 404


def test_it_is_only_read_and_a_lost_one_is_a_page(cast, photo, as_user):
    client = as_user(cast.people.controller)
    for address in ("photo", "photo_thumbnail"):
        assert client.post(reverse(f"roadmap:{address}", args=[photo.pk])).status_code == 405
        assert client.get(reverse(f"roadmap:{address}", args=[photo.pk + 1])).status_code == 404
    photo.thumbnail.storage.delete(photo.thumbnail.name)
    assert client.get(photo.thumbnail_url).status_code == 404
    assert Photo.objects.count() == 1
