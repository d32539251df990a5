"""Photographs that people send: looked into before they are opened wholly, and cleaned of what the camera noted."""

import datetime as dt
import io
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, TypeVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.translation import gettext as _
from PIL import ExifTags, Image

from amanat_tracker.generic.uploads import CheckedUpload, check_upload

ACCEPTED = ("image/jpeg", "image/png")
PICTURE_SIDE, THUMBNAIL_SIDE = 2048, 400  # pixels of the longer side
QUALITY = 82
MEGAPIXEL = 1_000_000
STRIP = 64  # rows, after scaling down: how much of a large picture is worked on at a time
SCAN, MOST_SCANS = b"\xff\xda", 64  # of a progressive JPEG; a camera makes about ten, a trap thousands
EARLIEST = 1990  # a camera that notes an earlier year has lost its clock
# The ways of holding a camera (EXIF "Orientation"), and what turns the picture upright.
UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
Noted = TypeVar("Noted")


@dataclass(frozen=True)
class CheckedPhoto:
    """A photograph that may be kept: as it was sent (`upload`), and as people will see it.

    `picture` and `thumbnail` are JPEG, upright, without metadata. `taken_at` and the place are what the camera noted,
    if it did: its clock is taken for the time of the oblast.
    """

    upload: CheckedUpload
    picture: ContentFile
    thumbnail: ContentFile
    width: int
    height: int
    taken_at: dt.datetime | None
    latitude: Decimal | None
    longitude: Decimal | None
    content_type: str = "image/jpeg"

    @property
    def sha256(self) -> str:
        """The digest of the file as it was sent."""
        return self.upload.sha256


def check_photo(file: UploadedFile) -> CheckedPhoto:
    """Look into a sent photograph.

    Raises ValidationError, naming the file and what to do, for what `check_upload` refuses, for a file that is no
    photograph, that is broken, or that has more than settings.PHOTO_MAX_PIXELS.
    """
    upload = _checked_upload(file)
    try:
        _refuse_endless(file)
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            warnings.filterwarnings("ignore", category=UserWarning, module="PIL")  # of corrupt notes of the camera
            with Image.open(file, formats=("JPEG", "PNG")) as image:
                _refuse_large(upload.name, image.size)
                exif = _noted(lambda: image.getexif(), Image.Exif())
                image.draft("RGB", (PICTURE_SIDE, PICTURE_SIDE))  # JPEG: decode no more than is needed
                picture = _flat(image)
                picture.thumbnail((PICTURE_SIDE, PICTURE_SIDE), Image.Resampling.LANCZOS)
                turn = _noted(lambda: UPRIGHT.get(exif.get(ExifTags.Base.Orientation)), None)
                picture = picture if turn is None else picture.transpose(turn)
                small = picture.copy()
                small.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE), Image.Resampling.LANCZOS)
                latitude, longitude = _noted(lambda: _place(exif), (None, None))
                taken_at = _noted(lambda: _taken_at(exif), None)
    except ValidationError:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise _too_large(upload.name) from None
    except Exception as error:  # whatever a decoder stumbles over in a broken file
        raise ValidationError(
            _("“%(name)s” cannot be opened: the file is broken. Take the photograph again or choose another."),
            code="broken",
            params={"name": upload.name},
        ) from error
    file.seek(0)
    return CheckedPhoto(
        upload=upload,
        picture=_as_jpeg(picture),
        thumbnail=_as_jpeg(small),
        width=picture.width,
        height=picture.height,
        taken_at=taken_at,
        latitude=latitude,
        longitude=longitude,
    )


def _checked_upload(file: UploadedFile) -> CheckedUpload:
    """Look into it as into any file; one that is no photograph is refused as such, whatever else it may be."""
    try:
        upload = check_upload(file)
    except ValidationError as error:
        if error.code != "kind":
            raise
        name, is_photograph = error.params["name"], False
    else:
        name, is_photograph = upload.name, upload.content_type in ACCEPTED
    if is_photograph:
        return upload
    raise ValidationError(
        _("“%(name)s” is not a photograph. JPEG and PNG are accepted."), code="kind", params={"name": name}
    )


def _refuse_endless(file: UploadedFile) -> None:
    """Raise ValueError for a JPEG of so many scans that decoding it would take minutes."""
    file.seek(0)
    content = file.read()
    file.seek(0)
    if content.startswith(b"\xff\xd8") and content.count(SCAN) > MOST_SCANS:
        raise ValueError("too many scans")


def _refuse_large(name: str, size: tuple[int, int]) -> None:
    if size[0] * size[1] > settings.PHOTO_MAX_PIXELS:
        raise _too_large(name)


def _too_large(name: str) -> ValidationError:
    return ValidationError(
        _("“%(name)s” has too many pixels: at most %(limit)s megapixels are accepted. Make the picture smaller."),
        code="pixels",
        params={"name": name, "limit": settings.PHOTO_MAX_PIXELS // MEGAPIXEL},
    )


def _flat(image: Image.Image) -> Image.Image:
    """The picture in three colours, without transparency; one that is much too large is brought near to the size.

    Strip by strip: beside the decoded picture itself nothing of its size ever stands in memory.
    """
    factor = max(1, max(image.size) // PICTURE_SIDE)
    rows = STRIP * factor
    flat = Image.new("RGB", tuple(-(-side // factor) for side in image.size))
    for top in range(0, image.height, rows):
        strip = _on_white(image.crop((0, top, image.width, min(top + rows, image.height))))
        flat.paste(strip.reduce(factor) if factor > 1 else strip, (0, top // factor))
    return flat


def _on_white(image: Image.Image) -> Image.Image:
    """The picture in three colours, on white where it is transparent."""
    if image.mode.startswith("I"):  # sixteen bits of grey, which Pillow would cut off at white
        image = image.convert("I").point(lambda value: value * (1 / 256) + 0).convert("L")
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        layer = image.convert("RGBA")
        ground = Image.new("RGB", layer.size, "white")
        ground.paste(layer, mask=layer.getchannel("A"))
        return ground
    return image.convert("RGB")


def _as_jpeg(image: Image.Image) -> ContentFile:
    """JPEG bytes with nothing but the pixels."""
    clean = Image.new("RGB", image.size)
    clean.paste(image)
    buffer = io.BytesIO()
    clean.save(buffer, "JPEG", quality=QUALITY, optimize=True, progressive=True)
    return ContentFile(buffer.getvalue())


def _noted(read: Callable[[], Noted], nothing: Noted) -> Noted:
    """What `read` finds in the camera's notes; nothing when they are garbage: the photograph is good without them."""
    try:
        return read()
    except Exception:  # whatever a camera, or somebody, wrote there
        return nothing


def _taken_at(exif: Image.Exif) -> dt.datetime | None:
    """When the camera says it was taken; None if it says nothing that can be true."""
    noted = exif.get_ifd(ExifTags.IFD.Exif).get(ExifTags.Base.DateTimeOriginal) or exif.get(ExifTags.Base.DateTime)
    naive = dt.datetime.strptime(str(noted).strip("\0 "), "%Y:%m:%d %H:%M:%S")  # noqa: DTZ007 the next line
    return timezone.make_aware(naive) if naive.year >= EARLIEST else None


def _place(exif: Image.Exif) -> tuple[Decimal, Decimal] | tuple[None, None]:
    """Where the camera says it was taken: latitude and longitude in degrees. 0, 0 is what it says without a fix."""
    noted = exif.get_ifd(ExifTags.IFD.GPSInfo)
    latitude = _degrees(noted, ExifTags.GPS.GPSLatitude, ExifTags.GPS.GPSLatitudeRef, "S", 90)
    longitude = _degrees(noted, ExifTags.GPS.GPSLongitude, ExifTags.GPS.GPSLongitudeRef, "W", 180)
    return (latitude, longitude) if latitude or longitude else (None, None)


def _degrees(noted: dict[int, Any], value: int, reference: int, negative: str, most: int) -> Decimal:
    """Degrees, minutes and seconds as degrees. Raises ValueError for what is on no globe, NaN among it."""
    degrees, minutes, seconds = (float(part) for part in noted[value])
    total = degrees + minutes / 60 + seconds / 3600
    if not 0 <= total <= most:
        raise ValueError("no place on earth")
    is_negative = str(noted.get(reference, "")).strip("\0 ").upper() == negative
    return Decimal(f"{-total if is_negative else total:.5f}")
