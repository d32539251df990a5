"""Erase the personal data of applicants whose time has come."""

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import timezone

from branches import actions


class Command(BaseCommand):
    """Meant for every night. One transaction, which locks the branches: a second run waits, and finds nothing to do.

    What is counted stays: the requests, their topics, days and answers. The names, telephones, addresses and IIN of
    the applicants go, and so do the words of their requests. Nothing is opened for it: no key is needed.
    """

    help = "Erase the data of applicants all of whose requests were closed long ago, or who withdrew their consent."

    def add_arguments(self, parser):
        parser.add_argument("--dry-run", action="store_true", help="say how many there are, and erase nothing")

    def handle(self, *, dry_run, **options):
        days = settings.PERSONAL_DATA_KEEP_DAYS
        found = actions.anonymise(today=timezone.localdate(), keep_days=days, dry_run=dry_run)
        what = "would be erased" if dry_run else "erased"
        self.stdout.write(
            f"Applicants whose data {what}: {len(found)} (kept for {days} days after their last request was closed)."
        )
