"""What the tables of control and councils have in common."""

import datetime as dt
from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from amanat_tracker.generic.lists import AppTable
from amanat_tracker.templatetags.figures import num


def along_the_river(branch_path: str) -> Sequence[str]:
    """The order of branches: the regional one first, then along the river."""
    return tuple(f"{branch_path}__{name}" for name in ("region", "kind", "district__river_order"))


class RowsTable(AppTable):
    """Rows as they were known on `day`. A child says how they are counted: `counted(n)` is "76 sites"."""

    def __init__(self, *args, day: dt.date, today: dt.date, **kwargs):
        self.day = day
        self.is_past = day < today
        super().__init__(*args, **kwargs)

    def counted(self, count: int) -> str:
        """So many rows, in words."""
        raise NotImplementedError

    @property
    def caption(self) -> str:
        """How many rows there are, and which of them stand on this page."""
        total = self.counted(self.paginator.count)
        if self.paginator.num_pages == 1:
            return total
        first, last = num(self.page.start_index()), num(self.page.end_index())
        return f"{total}; " + _("%(first)s–%(last)s are shown") % {"first": first, "last": last}
