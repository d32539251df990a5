"""What is said of sites, posts, meetings and recommendations is only ever added to, too."""

from django.db import migrations

from amanat_tracker.database.operations import AppendOnly

MODELS = (
    "SiteStateChange",
    "PostSite",
    "PostChange",
    "SiteVisit",
    "Finding",
    "Photo",
    "Meeting",
    "MeetingAnnulment",
    "MeetingFile",
    "AgendaItem",
    "Recommendation",
    "RecommendationStep",
)


class Migration(migrations.Migration):
    dependencies = [("roadmap", "0003_control_and_councils")]

    operations = [AppendOnly(model) for model in MODELS]
