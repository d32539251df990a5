"""Addresses of the roadmap and of the control over it."""

from django.urls import path

from roadmap.views import (
    control,
    lists,
    measure,
    meetings,
    overview,
    posts,
    recommendations,
    requests,
    sites,
    today,
    visits,
)

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
    # party control
    path("control/", control.ControlHomePage.as_view(), name="control_home"),
    path("control/sites/", sites.SiteListPage.as_view(), name="site_list"),
    path("control/sites/new/", sites.SiteRegisterPage.as_view(), name="site_register"),
    path("control/sites/<int:pk>/", sites.SitePage.as_view(), name="site_detail"),
    path("control/sites/<int:pk>/change/", sites.SiteChangePage.as_view(), name="site_change"),
    path("control/sites/<int:pk>/state/", sites.SiteStatePage.as_view(), name="site_state"),
    path("control/sites/<int:pk>/visit/", visits.VisitRecordPage.as_view(), name="visit_record"),
    path("control/posts/", posts.PostListPage.as_view(), name="post_list"),
    path("control/posts/new/", posts.PostOpenPage.as_view(), name="post_open"),
    path("control/posts/<int:pk>/", posts.PostPage.as_view(), name="post_detail"),
    path("control/posts/<int:pk>/close/", posts.PostClosePage.as_view(), name="post_close"),
    path("control/posts/<int:pk>/reopen/", posts.PostReopenPage.as_view(), name="post_reopen"),
    path("control/visits/", visits.VisitListPage.as_view(), name="visit_list"),
    path("control/visits/<int:pk>/", visits.VisitPage.as_view(), name="visit_detail"),
    path("photos/<int:pk>/", visits.photo, name="photo"),
    path("photos/<int:pk>/small/", visits.photo_thumbnail, name="photo_thumbnail"),
    path("control/meetings/", meetings.MeetingListPage.as_view(), name="meeting_list"),
    path("control/recommendations/", recommendations.RecommendationListPage.as_view(), name="recommendation_list"),
    path(
        "control/recommendations/new/",
        recommendations.RecommendationIssuePage.as_view(),
        name="recommendation_issue",
    ),
    # what commissions and councils have in common
    path("bodies/<int:pk>/", meetings.BodyPage.as_view(), name="body_detail"),
    path("bodies/<int:pk>/meeting/", meetings.MeetingRecordPage.as_view(), name="meeting_record"),
    path("meetings/<int:pk>/", meetings.MeetingPage.as_view(), name="meeting_detail"),
    path("meetings/<int:pk>/annul/", meetings.MeetingAnnulPage.as_view(), name="meeting_annul"),
    path("meetings/files/<int:pk>/", meetings.meeting_file, name="meeting_file"),
    path("recommendations/<int:pk>/", recommendations.RecommendationPage.as_view(), name="recommendation_detail"),
    path("recommendations/<int:pk>/follow/", recommendations.FollowPage.as_view(), name="recommendation_follow"),
    path(
        "recommendations/<int:pk>/verify/",
        recommendations.VerifyRecommendationPage.as_view(),
        name="recommendation_verify",
    ),
    path("recommendations/<int:pk>/withdraw/", recommendations.WithdrawPage.as_view(), name="recommendation_withdraw"),
    # citizens' requests, where they meet the roadmap and control
    path("reception/requests/<int:pk>/", requests.RequestPage.as_view(), name="request_detail"),
    path("reception/requests/<int:pk>/measure/", requests.RequestLinkPage.as_view(), name="request_link"),
    path("reception/requests/<int:pk>/control/", requests.RequestReferPage.as_view(), name="request_refer"),
    path("reception/requests/<int:pk>/recommend/", requests.RequestRecommendPage.as_view(), name="request_recommend"),
    # councils
    path("councils/", meetings.CouncilListPage.as_view(), name="council_list"),
    path("councils/issues/", meetings.IssueListPage.as_view(), name="issue_list"),
    path("councils/proposals/", recommendations.ProposalListPage.as_view(), name="proposal_list"),
]
