"""Personal data at rest: columns that are encrypted in the database, and keyed digests by which they are found.

Keys stand in settings.PERSONAL_DATA_KEYS (Fernet keys of `cryptography`): the first encrypts, all of them decrypt, so
that a new one can be put in front and `manage.py rotate_personal_keys` brings every row to it. A digest answers only
"is it exactly this?", and only to who has a key.
"""

import hashlib
import hmac
from collections.abc import Sequence

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.core import checks
from django.core.exceptions import ImproperlyConfigured
from django.db import models

SEALED = "sealed:"  # what `dumpdata` writes instead of the words begins with it


class SealedError(Exception):
    """A sealed value cannot be opened with the keys at hand."""


def _keys() -> Sequence[str]:
    if not settings.PERSONAL_DATA_KEYS:
        raise ImproperlyConfigured("PERSONAL_DATA_KEYS is not set: personal data cannot be kept. See README, Settings.")
    return settings.PERSONAL_DATA_KEYS


def _box() -> MultiFernet:
    return MultiFernet([Fernet(key) for key in _keys()])


def seal(words: str) -> str:
    """The words, encrypted with the first key; nothing stays nothing."""
    return _box().encrypt(words.encode()).decode() if words else ""


def unseal(token: str) -> str:
    """The words of an encrypted value. Raises SealedError, which does not repeat it, when no key opens it."""
    if not token:
        return ""
    try:
        return _box().decrypt(token.encode()).decode()
    except InvalidToken:
        raise SealedError("A value is sealed with a key that PERSONAL_DATA_KEYS does not hold.") from None


def digest(words: str, key: str | None = None) -> str:
    """What `words` are found by: HMAC-SHA256 with the first key, or with `key`; nothing of nothing."""
    if not words:
        return ""
    secret = hashlib.sha256(b"amanat digest" + (key or _keys()[0]).encode()).digest()
    return hmac.new(secret, words.encode(), hashlib.sha256).hexdigest()


def digests(words: str) -> list[str]:
    """The digests of `words` by all keys: rows that are not rotated yet are found, too."""
    return [digest(words, key) for key in _keys()] if words else []


class SealedField(models.TextField):
    """Text that is encrypted in the database and plain on the instance. It cannot be searched or sorted by."""

    def get_prep_value(self, value: str | None) -> str | None:
        """Encrypt what goes to the database; as it is: words that begin like a dump's are words, too."""
        return value if value is None else seal(str(value))

    def from_db_value(self, value: str | None, expression: object, connection: object) -> str | None:
        """Decrypt what comes from it."""
        return value if value is None else unseal(value)

    def to_python(self, value: object) -> str | None:
        """Read what `dumpdata` wrote; plain words stay plain."""
        if isinstance(value, str) and value.startswith(SEALED):
            return unseal(value.removeprefix(SEALED))
        return super().to_python(value)

    def value_to_string(self, obj: models.Model) -> str:
        """What `dumpdata` writes: never the words."""
        words = self.value_from_object(obj)
        return f"{SEALED}{seal(words)}" if words else ""

    def get_lookup(self, lookup_name: str) -> type[models.Lookup] | None:
        """No lookups: what is encrypted equals nothing."""
        return None

    def check(self, **kwargs) -> list[checks.CheckMessage]:
        """Complain of keys that are missing, or are none."""
        return [*super().check(**kwargs), *self._check_keys()]

    def _check_keys(self) -> list[checks.CheckMessage]:
        try:
            _box()
        except (ImproperlyConfigured, ValueError) as error:
            said = str(error) if isinstance(error, ImproperlyConfigured) else "PERSONAL_DATA_KEYS holds what is no key."
            hint = 'Make one: python -c "import cryptography.fernet as f; print(f.Fernet.generate_key().decode())"'
            return [checks.Error(said, hint=hint, obj=self, id="amanat.E002")]
        return []
