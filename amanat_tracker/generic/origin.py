"""From where a request came, for the audit: an address of the network, or the command line."""

from collections.abc import Callable
from contextvars import ContextVar

from django.conf import settings
from django.http import HttpRequest, HttpResponse

COMMAND_LINE = "command line"
_origin: ContextVar[str] = ContextVar("origin", default=COMMAND_LINE)


def current_origin() -> str:
    """The network address of the request being answered, or "command line" outside one."""
    return _origin.get()


class OriginMiddleware:
    """Remembers the client's address while its request is answered.

    Behind nginx every client is the proxy: settings.CLIENT_ADDRESS_HEADER names the header that nginx sets.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, remembering the address meanwhile."""
        token = _origin.set(request.META.get(settings.CLIENT_ADDRESS_HEADER, "")[:45])
        try:
            return self.get_response(request)
        finally:
            _origin.reset(token)
