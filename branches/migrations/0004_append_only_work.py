"""What branches say of projects, requests and themselves is only ever added to, too."""

from django.db import migrations

from amanat_tracker.database.operations import AppendOnly

MODELS = (
    "Consent",
    "Election",
    "FactionReport",
    "MembershipReport",
    "ProjectReport",
    "ReceptionEvent",
    "Request",
    "RequestOpening",
    "RequestStep",
    "WingReport",
)


class Migration(migrations.Migration):
    dependencies = [("branches", "0003_projects_reception_organisation")]

    operations = [AppendOnly(model) for model in MODELS]
