"""Files that people send: known by what they contain, not by what they are called."""

import hashlib
import zipfile
from dataclasses import dataclass
from pathlib import PurePath

import filetype
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

# What a report may rest on: the kind found in the content, and the endings under which it may be called.
ACCEPTED: dict[str, tuple[str, ...]] = {
    "application/pdf": (".pdf",),
    "image/jpeg": (".jpg", ".jpeg"),
    "image/png": (".png",),
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": (".docx",),
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": (".xlsx",),
}
PACKED = "application/vnd.openxmlformats"  # zip archives by nature
UNPACKED_AT_MOST = 200 * 1024 * 1024  # bytes: a document that is larger unpacked is a trap for whoever opens it
PARTS_AT_MOST = 5_000


@dataclass(frozen=True)
class CheckedUpload:
    """A sent file that may be kept, and what was found out about it."""

    file: UploadedFile
    name: str
    content_type: str
    size: int
    sha256: str


def check_upload(file: UploadedFile) -> CheckedUpload:
    """Look into a sent file.

    Raises ValidationError, naming the file and what to do, when it is empty, larger than settings.EVIDENCE_MAX_BYTES,
    of a kind that is not accepted, or called by another kind's ending.
    """
    name = PurePath(file.name.replace("\\", "/")).name[-200:]
    if not file.size:
        raise ValidationError(_("“%(name)s” is empty. Choose another file."), code="empty", params={"name": name})
    if file.size > settings.EVIDENCE_MAX_BYTES:
        raise ValidationError(
            _("“%(name)s” is too large: %(size)s, at most %(limit)s is accepted."),
            code="size",
            params={
                "name": name,
                "size": filesizeformat(file.size),
                "limit": filesizeformat(settings.EVIDENCE_MAX_BYTES),
            },
        )
    file.seek(0)
    content_type = filetype.guess_mime(file.read(8192))
    if PurePath(name).suffix.lower() not in ACCEPTED.get(content_type, ()):
        raise ValidationError(
            _("“%(name)s” is not accepted: its content is not a PDF, JPEG, PNG, DOCX or XLSX file."),
            code="kind",
            params={"name": name},
        )
    if content_type.startswith(PACKED):
        _refuse_bomb(file, name)
    digest = hashlib.sha256()
    file.seek(0)
    for chunk in file.chunks():
        digest.update(chunk)
    file.seek(0)
    return CheckedUpload(file, name, content_type, file.size, digest.hexdigest())


def _refuse_bomb(file: UploadedFile, name: str) -> None:
    """Raise ValidationError for an archive that cannot be read, or that would unpack to much more than a document."""
    file.seek(0)
    try:
        with zipfile.ZipFile(file) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        message = _("“%(name)s” cannot be opened: the file is broken. Save it again or choose another.")
        raise ValidationError(message, code="broken", params={"name": name}) from error
    if len(parts) > PARTS_AT_MOST or sum(part.file_size for part in parts) > UNPACKED_AT_MOST:
        message = _("“%(name)s” is not accepted: unpacked it would be far too large. Choose another file.")
        raise ValidationError(message, code="bomb", params={"name": name})
