"""The audit is only ever added to."""

from django.db import migrations

from amanat_tracker.database.operations import AppendOnly


class Migration(migrations.Migration):
    dependencies = [("branches", "0001_initial")]

    operations = [AppendOnly("AuditEvent")]
