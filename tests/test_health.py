"""/healthz: the machine's question whether the site is well."""

import pytest
from django.db import OperationalError, connection
from django.db.migrations.recorder import MigrationRecorder

pytestmark = pytest.mark.django_db


def test_well_without_login_and_never_cached(client):
    response = client.get("/healthz")

    assert (response.status_code, response.content) == (200, b"ok\n")
    assert "no-store" in response["Cache-Control"]


def test_head_is_enough_and_post_is_refused(client):
    assert client.head("/healthz").status_code == 200
    assert client.post("/healthz").status_code == 405


def test_a_silent_database_is_503_without_details(client, caplog):
    def break_down(*arguments):
        raise OperationalError("connection to server at 10.0.0.7 failed")

    with connection.execute_wrapper(break_down):
        response = client.get("/healthz")

    assert (response.status_code, response.content) == (503, b"the database does not answer\n")
    assert "no-store" in response["Cache-Control"]
    assert "10.0.0.7" in caplog.text  # the operator is told why


def test_a_pending_migration_is_503(client):
    MigrationRecorder.Migration.objects.filter(app="sessions").delete()

    response = client.get("/healthz")

    assert (response.status_code, response.content) == (503, b"1 migrations are pending\n")
