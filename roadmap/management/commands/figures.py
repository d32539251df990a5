"""Figures of a branch's year for machines: JSON, CSV or a table on the console."""

import argparse
import csv
import datetime as dt
import json
from dataclasses import fields

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from amanat_tracker.generic.sheets import harmless
from branches.choices import FIRST_YEAR, LAST_YEAR
from branches.metrics import day_of_year
from branches.models import Branch
from roadmap.dashboards.figures import Figure, figures


class Command(BaseCommand):
    """Give every figure of one branch and year, counted or summed from rows, as known on a day."""

    help = "Give every figure of one branch and year, counted or summed from rows, as known on a day."

    def add_arguments(self, parser):
        parser.add_argument("--branch", required=True, help="the branch's address word, such as kyzylorda-oblast")
        parser.add_argument("--year", required=True, type=a_year)
        parser.add_argument(
            "--as-of", type=a_day, help="YYYY-MM-DD; today, or the last day of a finished year, if not given"
        )
        parser.add_argument("--format", choices=("json", "csv", "table"), default="table")

    def handle(self, *, branch, year, as_of, format, **options):
        subject = Branch.objects.filter(slug=branch).first()
        if subject is None:
            known = ", ".join(Branch.objects.values_list("slug", flat=True))
            raise CommandError(f"There is no branch “{branch}”. Known: {known or 'none, load the fixtures first'}.")
        today = timezone.localdate()
        if as_of and as_of > today:
            raise CommandError(f"{as_of} has not come yet.")
        day = as_of or day_of_year(year, today)
        rows = [
            figure.as_text()
            for figure in figures(branch=subject, year=year, day=day, stale_after=settings.STALE_AFTER_DAYS)
        ]
        if format == "json":
            self.stdout.write(json.dumps(rows, ensure_ascii=False, indent=1))
        elif format == "csv":
            writer = csv.DictWriter(self.stdout, [field.name for field in fields(Figure)])
            writer.writeheader()
            writer.writerows({name: harmless(value) for name, value in row.items()} for row in rows)
        else:
            for row in rows:
                percent = f"{row['percent']} %" if row["whole"] else "—"
                share = f"{row['part']}/{row['whole']} {percent}"
                said = share if row["value"] is None else f"{row['qualifier']} {row['value']}"
                self.stdout.write(f"{row['key']:<40} {said:>18} {row['unit']:<27} {row['label']}")
            if not rows:
                self.stdout.write(f"{subject}: nothing of {year} is entered on {day}, neither a roadmap nor control.")


def a_year(text: str) -> int:
    """A year that a roadmap can be of."""
    if not text.isdecimal() or not FIRST_YEAR <= int(text) <= LAST_YEAR:
        raise argparse.ArgumentTypeError(f"“{text}” is no year from {FIRST_YEAR} to {LAST_YEAR}.")
    return int(text)


def a_day(text: str) -> dt.date:
    """A day on which there can be roadmaps."""
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        day = dt.date.min
    if day.year < FIRST_YEAR:
        raise argparse.ArgumentTypeError(f"“{text}” is no day, such as 2024-12-31, from {FIRST_YEAR} on.")
    return day
