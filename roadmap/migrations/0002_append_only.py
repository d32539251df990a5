"""History is only ever added to."""

from django.db import migrations

from amanat_tracker.database.operations import AppendOnly


class Migration(migrations.Migration):
    dependencies = [("roadmap", "0001_initial")]

    operations = [
        AppendOnly(model) for model in ("StatusReport", "DeadlineChange", "Verification", "IndicatorFact", "Evidence")
    ]
