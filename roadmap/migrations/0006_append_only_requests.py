"""What ties requests to the roadmap and to control is only ever added to, too."""

from django.db import migrations

from amanat_tracker.database.operations import AppendOnly


class Migration(migrations.Migration):
    dependencies = [("roadmap", "0005_requests_as_origins")]

    operations = [AppendOnly("Referral"), AppendOnly("RequestMeasure")]
