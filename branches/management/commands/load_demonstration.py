"""Fill an empty database: reference data, and sample roadmaps that show the program alive."""

from pathlib import Path

import environ
from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import connection, transaction

from amanat_tracker.database.loading import load_fixtures
from branches.actions import index_applicants
from branches.models import Region, User


class Command(BaseCommand):
    """Loads fixtures into an empty database, all of them or none; a database that holds data is left alone."""

    help = "Load the reference data and, unless DEMO=0, the demonstration; once."

    def handle(self, **options):
        with transaction.atomic():
            if Region.objects.exists() or User.objects.exists():
                self.stdout.write("The database holds data already: nothing loaded.")
                return
            files = fixture_files(with_demonstration=environ.Env().bool("DEMO", default=True))
            load_fixtures(files)
            index_applicants()  # their digests depend on the keys of the installation
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")  # the planner learns of the many rows at once
        self.stdout.write(f"Loaded {', '.join(file.name for file in files)}.")


def fixture_files(*, with_demonstration: bool) -> list[Path]:
    """The fixtures to load, in order: the reference data, then the demonstration by name."""
    (directory,) = map(Path, settings.FIXTURE_DIRS)
    demonstration = sorted(directory.glob("demonstration_*.json*")) if with_demonstration else []
    return [directory / "reference.json", *demonstration]
