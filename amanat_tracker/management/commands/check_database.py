"""Ask the database for an answer, and do not wait long."""

import os

from django.core.management.base import BaseCommand, CommandError
from django.db import Error, connection


class Command(BaseCommand):
    """Connects once; says in a sentence why it cannot."""

    help = "Say whether the database answers."
    requires_system_checks = []

    def handle(self, **options):
        os.environ.setdefault("PGCONNECT_TIMEOUT", "5")  # libpq's own setting, in seconds
        try:
            connection.ensure_connection()
        except Error as error:
            reason = (str(error).splitlines() or [type(error).__name__])[0]
            raise CommandError(f"The database does not answer: {reason.strip()}.") from error
