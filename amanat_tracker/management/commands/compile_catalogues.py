"""Compile the message catalogues, without gettext on the machine."""

import os
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, read_po
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from amanat_tracker.generic.replacing import replacing


class Command(BaseCommand):
    """Writes the .mo file beside every .po file that changed since its last compilation."""

    help = "Compile the message catalogues that changed."
    requires_system_checks = []

    def handle(self, **options):
        changed = [po for directory in settings.LOCALE_PATHS for po in sorted(Path(directory).glob("*/*/*.po"))]
        changed = [po for po in changed if not is_compiled(po)]
        for po in changed:
            compile_catalogue(po)
        self.stdout.write(f"{len(changed)} catalogues compiled.")


def is_compiled(po: Path) -> bool:
    """Whether the .mo file beside a catalogue was made from it: both then carry the same time."""
    mo = po.with_suffix(".mo")
    return mo.exists() and mo.stat().st_mtime_ns == po.stat().st_mtime_ns


def compile_catalogue(po: Path) -> None:
    """Write the .mo file beside a catalogue, with the catalogue's own time; fuzzy messages stay out."""
    read_at = po.stat().st_mtime_ns
    language = po.parent.parent.name  # without it Babel drops the rule of plurals
    try:
        with po.open("rb") as file:
            catalogue = read_po(file, locale=language, abort_invalid=True)
        with replacing(po.with_suffix(".mo"), mode=0o644) as draft:
            write_mo(draft, catalogue)
            draft.flush()
            os.utime(draft.fileno(), ns=(read_at, read_at))
    except (PoFileError, OSError) as error:
        raise CommandError(f"{po}: {error}") from error
