"""Sentences that several pages say."""

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from roadmap.models import Measure, StatusReport


def meanwhile_words(report: StatusReport) -> str:
    """Tell a reader that somebody reported the measure while their form was open; both reports are kept."""
    said = _(
        "While you were writing, %(who)s reported at %(time)s: %(status)s. Both reports are kept; yours is the later."
    )
    return said % {
        "who": report.author,
        "time": date_format(timezone.localtime(report.created_at), "TIME_FORMAT"),
        "status": report.get_status_display(),
    }


def repeated_words(measure: Measure) -> str:
    """Tell a reader whose report came twice that something else was said of the measure in between."""
    return _("That report had been saved before. Meanwhile the measure stands as “%(status)s”.") % {
        "status": measure.get_status_display()
    }
