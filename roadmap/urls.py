"""Addresses of the roadmap."""

from django.urls import path

from roadmap.views import lists, measure, overview, today

app_name = "roadmap"

urlpatterns = [
    path("today/", today.TodayPage.as_view(), name="today"),
    path("overview/", overview.OverviewPage.as_view(), name="overview"),
    path("figures.json", overview.figures_json, name="figures"),
    path("roadmaps/", lists.RoadmapListPage.as_view(), name="roadmap_list"),
    path("measures/", lists.MeasureListPage.as_view(), name="measure_list"),
    path("measures/report/", lists.ReportSeveralPage.as_view(), name="report_several"),
    path("measures/<int:pk>/", measure.MeasurePage.as_view(), name="measure_detail"),
    path("measures/<int:pk>/report/", measure.ReportPage.as_view(), name="measure_report"),
    path("measures/<int:pk>/deadline/", measure.DeadlinePage.as_view(), name="measure_deadline"),
    path("reports/<int:pk>/correct/", measure.CorrectPage.as_view(), name="report_correct"),
    path("reports/<int:pk>/verify/", measure.VerifyPage.as_view(), name="report_verify"),
    path("evidence/<int:pk>/", measure.evidence, name="evidence"),
]
