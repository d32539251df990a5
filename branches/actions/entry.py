"""What all entries share: the locked row, double clicks, the day of entry, files kept only with their rows."""

import contextlib
import datetime as dt
import uuid
from collections.abc import Collection, Iterator, Sequence
from typing import Any, TypeVar

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.base import File
from django.db import models, transaction
from django.db.models import DateField
from django.db.models.fields.files import FieldFile
from django.utils.translation import gettext as _

from amanat_tracker.generic.uploads import CheckedUpload
from branches.choices import FIRST_YEAR, LAST_YEAR, BranchKind
from branches.models import Branch, Locality, ScopedQuerySet, User

# As of this day everything is known that was entered, also by somebody whose clock had passed midnight already.
EVER = dt.date.max
Row = TypeVar("Row", bound=models.Model)


@contextlib.contextmanager
def locked(rows: ScopedQuerySet, pk: int) -> Iterator[Any]:
    """The row of `rows` (those that somebody may act on), locked until the transaction ends.

    The lock holds off those who lock the row, too, not those whose new rows refer to it (`no_key`): otherwise a visit
    that recommends something and a post that is opened in the same branch would wait for each other.
    Raises PermissionDenied when it is not among them.
    """
    with transaction.atomic():
        row = rows.select_for_update(of=("self",), no_key=True).filter(pk=pk).first()
        if row is None:
            raise PermissionDenied
        yield row


def same_submission(rows: models.QuerySet, by: User, submission: uuid.UUID | None, **said: object) -> Any:  # noqa: ANN401 a row
    """The last of `rows` that `by` entered, if this very submission made it and said the same: a double click.

    An earlier row does not count: somebody who goes back twice, to say again what they said first, says it anew.
    """
    last = rows.filter(author=by).order_by("-id").first() if submission else None
    is_same = last is not None and last.submission == submission
    return last if is_same and all(getattr(last, name) == value for name, value in said.items()) else None


def unused(model: type[models.Model], submission: uuid.UUID | None) -> uuid.UUID:
    """The submission, or a fresh one if a row has it: somebody went back, said something else and saved again."""
    if submission is None or model._default_manager.filter(submission=submission).exists():
        return uuid.uuid4()
    return submission


def day_of_entry(today: dt.date, *earlier: models.Model | None) -> dt.date:
    """Today; but not before what was entered earlier by somebody whose clock had passed midnight already."""
    return max(today, *(row.entered_on for row in earlier if row is not None), today)


def check(row: models.Model) -> None:
    """Say what cannot be true, by field. Rows it refers to were just read; constraints are left to the database."""
    relations = [field.name for field in row._meta.concrete_fields if field.is_relation]
    row.full_clean(exclude=relations, validate_unique=False, validate_constraints=False)
    days = {field.name: getattr(row, field.name) for field in row._meta.concrete_fields if type(field) is DateField}
    slips = [name for name, day in days.items() if day is not None and not FIRST_YEAR <= day.year <= LAST_YEAR]
    if slips:
        raise ValidationError(dict.fromkeys(slips, _("There is a slip in the year. Check the day.")))


def refuse_strange(by: User, branches: Collection[Branch], **rows: models.Model | None) -> None:
    """Say, by field, what a row of `branches` may not refer to: what `by` does not see, and what is another branch's.

    A regional branch speaks of its whole region.
    """
    regions = [branch.region_id for branch in branches if branch.kind == BranchKind.REGIONAL]
    for field, row in rows.items():
        if row is None:
            continue
        seen = type(row)._default_manager.for_user(by)
        near = models.Q(**{f"{seen.branch_path}__in": [branch.pk for branch in branches]})
        near |= models.Q(**{f"{seen.branch_path}__region__in": regions})
        if not seen.filter(near, pk=row.pk).exists():
            raise ValidationError({field: _("This is another branch's. Choose one from the list.")})


def refuse_elsewhere(branch: Branch, locality: Locality | None) -> None:
    """Refuse a locality that is not of the branch's land."""
    if locality is None:
        return
    district = locality.district
    if district.region_id != branch.region_id or branch.district_id not in (None, district.pk):
        raise ValidationError({"locality": _("This locality lies elsewhere. Choose one from the list.")})


@contextlib.contextmanager
def errors_of(part: str, *, rename: dict[str, str] | None = None) -> Iterator[None]:
    """Name the fields of a part of a form in what is refused: "due_on" of the second finding is "finding_2_due_on".

    `rename` says which field of the part stands for one that it has not; what concerns no field is said of the part.
    """
    try:
        yield
    except ValidationError as error:
        if not hasattr(error, "error_dict"):
            raise ValidationError({part: error.error_list}) from error
        names = rename or {}
        raise ValidationError(
            {names.get(name, f"{part}_{name}"): errors for name, errors in error.error_dict.items()}
        ) from error


@contextlib.contextmanager
def files_kept_only_if_rows_are() -> Iterator[list[FieldFile]]:
    """Remove the files that were written, when writing the rows beside them fails."""
    kept: list[FieldFile] = []
    try:
        yield kept
    except BaseException:
        for file in kept:
            file.storage.delete(file.name)
        raise


def keep_file(field: FieldFile, content: File, kept: list[FieldFile]) -> None:
    """Write a file under a name that tells nothing; `kept` remembers it until its row is safe."""
    field.save(uuid.uuid4().hex, content, save=False)
    kept.append(field)


def keep_uploads(
    uploads: Sequence[CheckedUpload], model: type[models.Model], kept: list[FieldFile], **of: models.Model
) -> None:
    """Keep sent files as rows of `model` (a KeptFile) that belong to `of`."""
    for upload in uploads:
        row = model(name=upload.name, content_type=upload.content_type, size=upload.size, sha256=upload.sha256, **of)
        keep_file(row.file, upload.file, kept)
        row.save()
