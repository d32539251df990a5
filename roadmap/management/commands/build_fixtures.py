"""`manage.py build_fixtures`: write fixtures/ from the code that tells the demonstration, or check that they agree."""

import lzma
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from roadmap.management.demonstration.control import control
from roadmap.management.demonstration.control_bodies import write_bodies
from roadmap.management.demonstration.people import people
from roadmap.management.demonstration.reference import reference
from roadmap.management.demonstration.roadmaps import (
    planned_funding,
    tell_roadmaps,
    write_history,
    write_measures,
)
from roadmap.management.demonstration.rows import Rows, canonical
from roadmap.management.demonstration.work_control import link_to_measures
from roadmap.management.demonstration.work_organisation import organisation
from roadmap.management.demonstration.work_projects import projects
from roadmap.management.demonstration.work_reception import tell_reception
from roadmap.management.demonstration.work_reference import write_work
from roadmap.management.demonstration.work_writing import write_reception


def fixtures() -> dict[str, str]:
    """The text of every fixture by the name of its file, in the order in which they are loaded."""
    reference_rows, people_rows, measures, history, controlled = (Rows() for _ in range(5))
    keys = reference(reference_rows)
    write_bodies(reference_rows, keys)
    write_work(reference_rows, keys)
    users = people(people_rows, keys["branch"], keys["region"]["kyzylorda"])
    told = tell_roadmaps()
    indicators = write_measures(measures, told, keys)
    reception = tell_reception(told)
    link_to_measures(reception, told)
    visited = control(controlled, told, keys, users, planned_funding(measures), reception)
    write_history(history, told, indicators, users, visited)
    work, received = Rows(reference_rows), Rows()
    organisation(work, keys, users)
    projects(work, keys, users)
    write_reception(received, reception, keys, users)
    return {
        "reference.json": canonical(reference_rows.rows),
        "demonstration_1_people.json": canonical(people_rows.rows),
        "demonstration_2_roadmaps.json.xz": canonical(measures.rows),
        "demonstration_3_history.json.xz": canonical(history.rows),
        "demonstration_4_control.json.xz": canonical(controlled.rows),
        "demonstration_5_work.json.xz": canonical(work.rows),
        "demonstration_6_reception.json.xz": canonical(received.rows),
    }


class Command(BaseCommand):
    """Build the fixtures. The same code writes the same rows on any day and any machine."""

    help = "Writes fixtures/ from the demonstration's code; --check only compares and names the file that drifted."

    def add_arguments(self, parser):
        parser.add_argument("--check", action="store_true", help="compare instead of writing; exit 1 on a difference")

    def handle(self, *, check: bool, **options):
        folder = Path(settings.BASE_DIR) / "fixtures"
        built = fixtures()
        unknown = sorted(path.name for path in folder.glob("*.json*") if path.name not in built)
        drifted = [name for name, text in built.items() if _read(folder / name) != text]
        if check and (drifted or unknown):
            names = ", ".join([*drifted, *unknown])
            raise CommandError(f"fixtures/ is not what the code builds: {names}. Run manage.py build_fixtures.")
        if not check:
            folder.mkdir(exist_ok=True)
            for name in unknown:
                (folder / name).unlink()
            for name in drifted:
                _write(folder / name, built[name])
        for name, text in built.items():
            done = "as built" if check or name not in drifted else "written"
            self.stdout.write(f"{name}: {text.count(chr(10)) - 2} rows, {done}")


def _read(path: Path) -> str | None:
    """The text of a fixture, unpacked; None when there is no such file. Packed bytes may differ between machines."""
    if not path.exists():
        return None
    data = path.read_bytes()
    return (lzma.decompress(data) if path.suffix == ".xz" else data).decode()


def _write(path: Path, text: str) -> None:
    data = text.encode()
    path.write_bytes(lzma.compress(data, preset=9) if path.suffix == ".xz" else data)
