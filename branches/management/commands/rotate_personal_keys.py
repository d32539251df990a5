"""Bring all personal data to the first of PERSONAL_DATA_KEYS."""

from django.core.management.base import BaseCommand, CommandError

from amanat_tracker.generic.sealed import SealedError
from branches import actions


class Command(BaseCommand):
    """Encrypts everything sealed with the first key and finds applicants by it; all of it, or nothing.

    The order: put a new key in front of the others, restart the site, run this, remove the old keys, restart. The site
    runs on meanwhile; it understands all of the keys.
    """

    help = "Encrypt personal data anew with the first of PERSONAL_DATA_KEYS; afterwards the other keys may be removed."

    def handle(self, **options):
        try:
            count = actions.seal_anew()
        except SealedError as error:
            raise CommandError(f"Nothing was changed. {error}") from error
        self.stdout.write(f"Rows sealed with the first key: {count}. The other keys are not needed any more.")
