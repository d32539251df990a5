"""For the machine that asks whether the site is well."""

import logging

from django.contrib.auth.decorators import login_not_required
from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

logger = logging.getLogger(__name__)


@login_not_required
@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """200 "ok" when the database answers and no migration is pending, else 503 and which of the two it is."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        migrations = MigrationExecutor(connection)
        pending = migrations.migration_plan(migrations.loader.graph.leaf_nodes())
    except Error as error:
        logger.error("healthz: %s", error)
        return _answer("the database does not answer", status=503)
    if pending:
        return _answer(f"{len(pending)} migrations are pending", status=503)
    return _answer("ok")


def _answer(words: str, status: int = 200) -> HttpResponse:
    return HttpResponse(f"{words}\n", status=status, content_type="text/plain; charset=utf-8")
