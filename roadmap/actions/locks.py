"""The lock of a measure: most of what is written about a roadmap begins with it."""

import contextlib
from collections.abc import Iterator

from branches.actions.entry import locked
from branches.choices import Permission
from branches.models import User
from roadmap.models import Measure


@contextlib.contextmanager
def locked_measure(measure: Measure, by: User, permission: Permission) -> Iterator[Measure]:
    """The measure's row, locked until the transaction ends, if `by` has the permission for it."""
    with locked(Measure.objects.for_user(by, permission).select_related("roadmap"), measure.pk) as row:
        yield row
