"""History is only ever added to: on the QuerySet, on the instance, in the database; every table of it."""

import datetime as dt

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, models, transaction
from django.db.models import F, ProtectedError

from amanat_tracker.generic.append_only import AppendOnlyError, AppendOnlyModel
from amanat_tracker.generic.photos import check_photo
from amanat_tracker.generic.uploads import check_upload
from branches import actions as work
from branches.choices import EventKind, RequestState, Wing
from branches.models import (
    AuditEvent,
    Consent,
    Election,
    EventAnnulment,
    FactionReport,
    Maslikhat,
    MembershipReport,
    ProjectReport,
    ReceptionEvent,
    Request,
    RequestOpening,
    RequestStep,
    WingReport,
)
from roadmap import actions
from roadmap.choices import ClosingReason, DelayReason, Severity, SiteState, Status, Unit, Verdict
from roadmap.models import (
    AgendaItem,
    DeadlineChange,
    Evidence,
    Finding,
    IndicatorFact,
    MeasureIndicator,
    Meeting,
    MeetingAnnulment,
    MeetingFile,
    Photo,
    PostChange,
    PostSite,
    Recommendation,
    RecommendationStep,
    Referral,
    RequestMeasure,
    SiteStateChange,
    SiteVisit,
    StatusReport,
    Verification,
)

HISTORY = [model for model in apps.get_models() if issubclass(model, AppendOnlyModel)]
each_model = pytest.mark.parametrize("model", HISTORY, ids=lambda model: model.__name__)


def act(name="акт.pdf"):
    return check_upload(SimpleUploadedFile(name, b"%PDF-1.7\n"))


@pytest.fixture
def measure(cast, photograph):
    """A measure with a row in every table of history, made by actions."""
    measure = cast.add_measure()
    indicator = MeasureIndicator.objects.create(measure=measure, name="пәтер", unit=Unit.FLATS, plan=84)
    actions.move_deadline(
        measure=measure,
        by=cast.people.coordinator,
        today=cast.today,
        new_deadline=dt.date(2025, 11, 1),
        reason=DelayReason.LAND,
    )
    told = actions.report_status(
        measure=measure,
        by=cast.people.secretary,
        today=cast.today,
        status=Status.DONE,
        facts={indicator: 84},
        evidence=[act()],
    )
    control = {"by": cast.people.controller, "today": cast.today}
    site = cast.add_site(measures=[measure])
    post = cast.add_post(site)
    actions.record_visit(
        site=site,
        **control,
        readiness=100,
        findings=[actions.Found(Severity.MINOR, "қоқыс")],
        photos=[check_photo(photograph())],
        judgements=[actions.Judgement(told.report, Verdict.CONFIRMS)],
        advice=[actions.Advice("тазалау", "мердігер", cast.today)],
    )
    actions.set_site_state(site=site, **control, state=SiteState.COMMISSIONED)
    actions.close_post(post=post, **control, reason=ClosingReason.COMMISSIONED)
    meeting = actions.record_meeting(
        body=cast.add_body(), **control, held_on=cast.today, agenda=[actions.Point("есеп")], files=[act("хаттама.pdf")]
    )
    actions.annul_meeting(meeting=meeting, **control, note="екі рет енгізілген")
    own_work(cast, measure)
    return measure


def own_work(cast, measure):
    """What the branch of the measure says of projects, of citizens' requests and of itself."""
    told = {"by": cast.people.secretary, "today": cast.today}
    of_branch = {"branch": cast.own, **told}
    work.report_project(**of_branch, indicator=cast.indicator, year=2025, period="q1", fact=7)
    work.report_membership(**of_branch, primary_organisations=20, members=4600)
    work.report_wing(**of_branch, wing=Wing.YOUTH, members=300)
    Maslikhat.objects.create(branch=cast.own, seats=15, name_kk="а", name_ru="б", name_en="c")
    work.report_faction(**of_branch, members=12)
    work.record_election(**of_branch, kind="rural_akim", held_on=cast.today, seats=1, nominated=1, won=1)
    event = work.record_event(**of_branch, kind=EventKind.MOBILE, place="мектеп")
    request = cast.add_request(channel="event", event=event)
    work.annul_event(event=work.record_event(**of_branch, kind=EventKind.MOBILE, place="үй"), **told, note="екі рет")
    work.follow_request(request=request, **told, state=RequestState.EXPLAINED, note="түсіндірілді")
    work.open_card(request=request, by=cast.people.secretary)
    other = cast.add_request()
    actions.link_request(request=other, **told, measure=measure)
    actions.refer_request(request=other, **told, note="қараңыз")


@pytest.fixture
def unchanged(measure):
    """Check at the end that every table of history has the rows it had."""

    def look():
        return {model: list(model._default_manager.order_by("pk").values()) for model in HISTORY}

    before = look()
    assert all(before.values())
    yield
    assert look() == before


@pytest.fixture
def a_row(unchanged):
    """`a_row(model)`: the first row of a table of history."""
    return lambda model: model._default_manager.order_by("pk").first()


def a_field(model):
    """A plain field that an UPDATE could write."""
    fields = {
        AgendaItem: "title",
        AuditEvent: "detail",
        Consent: "channel",
        Evidence: "name",
        Finding: "text",
        IndicatorFact: "value",
        MeetingFile: "name",
        Photo: "name",
        PostSite: "entered_on",
        Request: "due_on",
        RequestOpening: "opened_at",
        RequestStep: "state",
    }
    return fields.get(model, "note")


def a_change(model):
    """The values of an UPDATE that changes nothing: refused all the same."""
    return {a_field(model): F(a_field(model))}


def test_the_history_is_known():
    assert set(HISTORY) == {
        AgendaItem,
        AuditEvent,
        Consent,
        DeadlineChange,
        Election,
        EventAnnulment,
        Evidence,
        FactionReport,
        Finding,
        IndicatorFact,
        Meeting,
        MeetingAnnulment,
        MeetingFile,
        MembershipReport,
        Photo,
        PostChange,
        PostSite,
        ProjectReport,
        ReceptionEvent,
        Recommendation,
        RecommendationStep,
        Referral,
        Request,
        RequestMeasure,
        RequestOpening,
        RequestStep,
        SiteStateChange,
        SiteVisit,
        StatusReport,
        Verification,
        WingReport,
    }  # a new table of history: add a row of it to `measure` or `own_work` above


# --- on the QuerySet -------------------------------------------------------------------------------------------------
@each_model
def test_the_queryset_refuses(model, a_row):
    row, field = a_row(model), a_field(model)
    for manager in (model._default_manager, model._base_manager, model._default_manager.filter(pk=row.pk)):
        refused = [
            lambda m=manager: m.update(**a_change(model)),
            lambda m=manager: m.bulk_update([row], [field]),
            lambda m=manager: m.update_or_create(pk=row.pk, defaults={field: "x"}),
            lambda m=manager: m.bulk_create([row], update_conflicts=True, update_fields=[field], unique_fields=["id"]),
            lambda m=manager: m.all().delete(),
        ]
        for change in refused:
            with pytest.raises(AppendOnlyError, match=model.__name__):
                change()


def test_related_managers_refuse_too(measure, unchanged):
    report, site = measure.statusreports.first(), measure.sites.get()
    post, visit, meeting = site.posts.get(), site.visits.get(), Meeting.objects.get()
    branch, request = measure.roadmap.branch, Request.objects.first()
    for related in (
        measure.statusreports,
        measure.deadlinechanges,
        report.verifications,
        report.facts,
        report.evidence,
        site.states,
        site.visits,
        site.watched_by,
        post.watched,
        post.changes,
        visit.findings,
        visit.photos,
        visit.verifications,
        visit.recommendations,
        visit.recommendations.get().steps,
        meeting.agenda,
        meeting.files,
        branch.project_reports,
        branch.memberships,
        branch.wing_reports,
        branch.maslikhat.faction_reports,
        branch.elections,
        branch.reception_events,
        branch.requests,
        request.steps,
        request.openings,
        request.applicant.consents,
        measure.request_links,
    ):
        with pytest.raises(AppendOnlyError):
            related.all().delete()
        with pytest.raises(AppendOnlyError):
            related.update(id=F("id"))


# --- on the instance -------------------------------------------------------------------------------------------------
@each_model
def test_the_instance_refuses(model, a_row):
    row = a_row(model)
    for change in (row.save, row.delete, lambda: row.save(update_fields=[a_field(model)])):
        with pytest.raises(AppendOnlyError, match=model.__name__):
            change()
    with pytest.raises(AppendOnlyError):
        row.save(force_update=True)


@each_model
def test_a_copy_does_not_take_the_place_of_a_row(model, a_row):
    row = a_row(model)
    copy = model(**{field.attname: getattr(row, field.attname) for field in model._meta.concrete_fields})
    with pytest.raises(IntegrityError), transaction.atomic():
        copy.save()


# --- in the database -------------------------------------------------------------------------------------------------
def run(sql, *parameters):
    """Run raw SQL in a savepoint."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, parameters)


@each_model
@pytest.mark.parametrize("statement", ["UPDATE {table} SET {column} = {column}", "DELETE FROM {table}"])
def test_raw_sql_is_refused(model, a_row, statement):
    quote = connection.ops.quote_name
    column = model._meta.get_field(a_field(model)).column
    sql = statement.format(table=quote(model._meta.db_table), column=quote(column))
    with pytest.raises(IntegrityError, match="append-only"):
        run(sql)
    with pytest.raises(IntegrityError, match="append-only"):
        run(f"{sql} WHERE id = %s", a_row(model).pk)


@each_model
def test_replacing_a_row_by_raw_sql_is_refused(model, a_row):
    """What SQL calls "upsert" is an update or a delete in disguise."""
    table, quote = connection.ops.quote_name(model._meta.db_table), connection.ops.quote_name
    columns = ", ".join(quote(field.column) for field in model._meta.concrete_fields)
    copy = f"INTO {table} ({columns}) SELECT {columns} FROM {table} WHERE id = %s"
    column = quote(model._meta.get_field(a_field(model)).column)
    upserts = [f"INSERT {copy} ON CONFLICT (id) DO UPDATE SET {column} = excluded.{column}"]
    if connection.vendor == "sqlite":
        upserts.append(f"INSERT OR REPLACE {copy}")
    for sql in upserts:
        with pytest.raises(IntegrityError, match="append-only"):
            run(sql, a_row(model).pk)


@each_model
def test_a_queryset_without_the_guard_is_refused(model, a_row):
    bare = models.QuerySet(model).filter(pk=a_row(model).pk)
    for change in (lambda: bare.update(**a_change(model)), lambda: bare._raw_delete("default")):
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            change()


@each_model
def test_each_table_has_its_triggers(model, db):
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(
                "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s", [model._meta.db_table]
            )
            suffixes = {"no_update", "no_delete"}
        else:
            cursor.execute(
                "SELECT tgname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid"
                " WHERE NOT tgisinternal AND tgenabled = 'O' AND relname = %s",
                [model._meta.db_table],
            )
            suffixes = {"append_only"}
        assert {name for (name,) in cursor.fetchall()} == {f"{model._meta.db_table}_{suffix}" for suffix in suffixes}


# --- what history hangs on -------------------------------------------------------------------------------------------
def test_what_has_a_history_is_not_deleted(cast, measure, unchanged):
    site = measure.sites.get()
    told = (measure, measure.roadmap, cast.own, cast.people.secretary, measure.indicators.get())
    asked = Request.objects.first()
    work_of = (cast.indicator, cast.own.maslikhat, asked.topic, asked.applicant, asked.applicant.consents.get().text)
    for row in (*told, *work_of, site, site.posts.get(), cast.own.bodies.get(), cast.people.controller):
        with pytest.raises(ProtectedError), transaction.atomic():
            row.delete()


def test_the_audit_outlives_what_it_speaks_of(cast):
    someone = cast.people.nobody
    AuditEvent.objects.record(by=someone, action="test", subject=someone)
    pk = someone.pk
    someone.delete()
    event = AuditEvent.objects.get(action="test")
    assert (event.actor, event.subject) == ("nobody", f"branches.user:{pk}")
