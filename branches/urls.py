"""Addresses of login and profile, and of the party's own work: projects, reception, organisation."""

from django.urls import path

from branches.views import account, events, organisation, projects, reception, requests

app_name = "branches"
urlpatterns = [
    path("login/", account.LoginView.as_view(), name="login"),
    path("logout/", account.LogoutView.as_view(), name="logout"),
    path("language/", account.set_language, name="set_language"),
    path("profile/", account.ProfileView.as_view(), name="profile"),
    path("profile/password/", account.PasswordChangeView.as_view(), name="password_change"),
    # party projects
    path("projects/", projects.ProjectListPage.as_view(), name="project_list"),
    path("projects/entry/", projects.ProjectEntryPage.as_view(), name="project_entry"),
    path("projects/<int:pk>/", projects.ProjectPage.as_view(), name="project_detail"),
    path("projects/indicators/<int:pk>/", projects.IndicatorPage.as_view(), name="indicator_detail"),
    # reception
    path("reception/", reception.ReceptionPage.as_view(), name="reception"),
    path("reception/topics/", reception.TopicTablePage.as_view(), name="topic_table"),
    path("reception/topics.csv", reception.topics_csv, name="topics_csv"),
    path("reception/openings/", reception.OpeningListPage.as_view(), name="opening_list"),
    path("reception/rules/<int:pk>/", reception.ReceptionRulePage.as_view(), name="reception_rule"),
    path("reception/events/", events.EventListPage.as_view(), name="event_list"),
    path("reception/events/new/", events.EventRecordPage.as_view(), name="event_record"),
    path("reception/events/<int:pk>/", events.EventPage.as_view(), name="event_detail"),
    path("reception/events/<int:pk>/annul/", events.EventAnnulPage.as_view(), name="event_annul"),
    path("reception/requests/", reception.RequestListPage.as_view(), name="request_list"),
    path("reception/requests/new/", requests.RequestRegisterPage.as_view(), name="request_register"),
    path("reception/requests/find/", requests.RequestFindPage.as_view(), name="request_find"),
    # the card of a request stands in roadmap.urls: it shows measures, recommendations and visits, too
    path("reception/requests/<int:pk>/step/", requests.RequestStepPage.as_view(), name="request_step"),
    path("reception/requests/<int:pk>/applicant/", requests.ApplicantPage.as_view(), name="applicant_change"),
    path("reception/requests/<int:pk>/consent/", requests.ConsentWithdrawPage.as_view(), name="consent_withdraw"),
    # the organisation
    path("organisation/", organisation.OrganisationPage.as_view(), name="organisation"),
    path("organisation/<slug:slug>/", organisation.BranchPage.as_view(), name="branch_detail"),
    path("organisation/<slug:slug>/members/", organisation.MembershipPage.as_view(), name="membership_report"),
    path("organisation/<slug:slug>/wing/", organisation.WingPage.as_view(), name="wing_report"),
    path("organisation/<slug:slug>/faction/", organisation.FactionPage.as_view(), name="faction_report"),
    path("organisation/<slug:slug>/election/", organisation.ElectionPage.as_view(), name="election_record"),
    path("organisation/elections/<int:pk>/annul/", organisation.ElectionAnnulPage.as_view(), name="election_annul"),
    path("organisation/<slug:slug>/office/", organisation.AppointPage.as_view(), name="appoint"),
]
