"""What people do with their own login. Every write is one transaction together with its line of the audit."""

import datetime

from django.db import transaction
from django.utils.crypto import salted_hmac

from amanat_tracker.generic.origin import current_origin
from branches.models import AuditEvent, User

LOGIN, WRONG_PASSWORD = "login", "login.failed"
LOGIN_TRIES = 5
LOGIN_PAUSE = datetime.timedelta(minutes=15)


@transaction.atomic
def set_language(*, by: User, language: str) -> User:
    """Keep the language in which a person reads the site."""
    if by.language != language:
        by.language = language
        by.save(update_fields=["language"])
        AuditEvent.objects.record(by=by, action="profile.language", subject=by, detail=language)
    return by


@transaction.atomic
def change_password(*, by: User, password: str) -> User:
    """Give a person the new password, already checked, that they chose."""
    by.set_password(password)
    by.save(update_fields=["password"])
    AuditEvent.objects.record(by=by, action="profile.password", subject=by)
    return by


def note_login(*, by: User) -> AuditEvent:
    """Write down that a person came in; the count of wrong passwords begins anew."""
    return AuditEvent.objects.record(by=by, action=LOGIN, subject=_login_subject(by.username))


def note_wrong_password(*, username: str) -> AuditEvent:
    """Write down a failed login. A name that nobody has is not kept: people type passwords into the wrong field."""
    by = username if User.objects.filter(username=username).exists() else "—"
    return AuditEvent.objects.record(by=by, action=WRONG_PASSWORD, subject=_login_subject(username))


def login_is_paused(*, username: str, now: datetime.datetime) -> bool:
    """Whether this name, from the address of this request, must wait: LOGIN_PAUSE after LOGIN_TRIES failures in a row.

    The failures count when the last came within LOGIN_PAUSE of the first. Counted in the audit, so that all workers
    know; by name and address together, so that nobody can lock out a colleague from another place.
    """
    events = AuditEvent.objects.filter(
        subject=_login_subject(username), origin=current_origin(), created_at__gt=now - 2 * LOGIN_PAUSE
    ).values_list("action", "created_at")
    latest = list(events.order_by("-id")[:LOGIN_TRIES])
    if len(latest) < LOGIN_TRIES or any(action != WRONG_PASSWORD for action, _when in latest):
        return False
    newest, oldest = latest[0][1], latest[-1][1]
    return newest - oldest <= LOGIN_PAUSE and now - newest < LOGIN_PAUSE


def _login_subject(username: str) -> str:
    """What the audit calls the login of a name: a keyed digest, because the name may be a mistyped password."""
    return f"login:{salted_hmac('branches.login', username.casefold()).hexdigest()[:32]}"
