"""Who may import whom: the contracts of pyproject.toml, and that no room is without a place in them."""

import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).parent.parent
CONFIG = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]


def test_imports_go_down_only():
    command = [Path(sys.executable).parent / "lint-imports", "--no-cache"]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr


def test_every_file_of_the_site_has_a_line():
    between = next(contract for contract in CONFIG["contracts"] if contract["name"] == "Between packages")
    named = {name.strip() for line in between["layers"] for name in line.replace("|", ":").split(":")}
    rooms = {
        f"amanat_tracker.{path.stem}"
        for path in (ROOT / "amanat_tracker").iterdir()
        if (path.suffix == ".py" and path.stem != "__init__") or (path / "__init__.py").exists()
    }
    assert rooms <= named


def test_no_room_for_everything():
    forbidden = {"utils", "helpers", "common", "signals"}
    packages = ("amanat_tracker", "branches", "roadmap")
    assert not [path for package in packages for path in (ROOT / package).rglob("*.py") if path.stem in forbidden]
