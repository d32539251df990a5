"""Give the people of the demonstration passwords, and write down which."""

import secrets
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import transaction

from amanat_tracker.generic.replacing import replacing
from branches.models import User

ADMINISTRATOR = "admin"
PEOPLE = {  # of the demonstration's fixtures, one a role
    "CHAIR": "chair",
    "COORDINATOR": "coordinator",
    "CONTROLLER": "controller",
    "OBSERVER": "observer",
    "SECRETARY": "secretary-syrdarya",
    "RECEPTION": "reception-syrdarya",
}
LETTERS = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # none that looks like another


class Command(BaseCommand):
    """Sets a random password for one person a role and for an administrator, and keeps the list in DATA_DIR.

    Once: while the list is there, nobody's password is changed; without it all of them get new ones. The list takes
    its place after the passwords are set, so that a list which is there is true. A fresh database beside an old list
    (another DATABASE_URL, a deleted file) gets the passwords of the list.
    """

    help = "Set the passwords of the demonstration's people, once, and write them to demo-logins.txt."

    def handle(self, **options):
        path = settings.DATA_DIR / "demo-logins.txt"
        people = User.objects.in_bulk([*PEOPLE.values(), ADMINISTRATOR], field_name="username")
        if not people.keys() & set(PEOPLE.values()):
            self.stdout.write("No people of the demonstration in this database: no passwords set.")
            return
        listed = read_logins(path)
        if listed and any(person.has_usable_password() for person in people.values()):
            self.stdout.write(f"The logins are those of {path}.")
            return

        if ADMINISTRATOR not in people:
            people[ADMINISTRATOR] = User(username=ADMINISTRATOR, is_staff=True, is_superuser=True)
        lines = []
        for role, username in [*PEOPLE.items(), ("ADMINISTRATOR", ADMINISTRATOR)]:
            if username in people:
                password = listed.get(username) or new_password()
                people[username].set_password(password)
                lines.append(f"{role}\t{username}\t{password}\n")
        with replacing(path, mode=0o600) as file:
            file.write("".join(lines).encode())
            with transaction.atomic():
                for person in people.values():
                    person.save()
        self.stdout.write(f"New passwords are in {path}.")


def read_logins(path: Path) -> dict[str, str]:
    """The list as {username: password}; empty when there is none."""
    if not path.exists():
        return {}
    rows = (line.split("\t") for line in path.read_text(encoding="utf-8").splitlines())
    return {row[1]: row[2] for row in rows if len(row) == 3}


def new_password() -> str:
    """Fourteen random letters and digits: 80 bits, and easy to type."""
    return "".join(secrets.choice(LETTERS) for _ in range(14))
