"""Pages that take files: what is too large is refused in plain words before it is stored; what is kept is served."""

import logging
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.db.models.fields.files import FieldFile
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.template.defaultfilters import filesizeformat
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect

logger = logging.getLogger(__name__)

READ_AT_MOST = 1024**3  # of a request that is too large: read and thrown away, so that the browser hears the refusal


@method_decorator(csrf_exempt, name="dispatch")
class UploadMixin:
    """A form page that takes up to `most_files` files. Stands first among the bases; a child gives `empty_form`.

    The check against forgery is made here and not by the middleware: it reads the whole request, and one that is too
    large is to be refused before it is stored.
    """

    most_files = 5

    def dispatch(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        """Refuse what is too large, then go on as every form does."""
        sent = int(request.META.get("CONTENT_LENGTH") or 0)
        if sent > self.most_files * settings.EVIDENCE_MAX_BYTES + settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
            _read_and_forget(request)
            return self.too_much(_("%(size)s were sent at once.") % {"size": filesizeformat(sent)})
        try:
            return self.answer(request, *args, **kwargs)
        except (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent):
            return self.too_much(_("Too much was sent at once."))

    @method_decorator(csrf_protect)
    def answer(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        """Show or take the form."""
        return super().dispatch(request, *args, **kwargs)

    def too_much(self, what: str) -> HttpResponse:
        """Refuse (413): nothing of the request was read, so the form stands as it was opened; says `too_much`."""
        self.object = self.get_object()
        advice = _(
            "Nothing was saved. Go back: what you typed is still there. "
            "Choose at most %(count)s files, each up to %(limit)s."
        ) % {"count": self.most_files, "limit": filesizeformat(settings.EVIDENCE_MAX_BYTES)}
        context = self.get_context_data(form=self.empty_form(), too_much=f"{what} {advice}")
        return self.render_to_response(context, status=413)

    def empty_form(self) -> Any:
        """The form as it is opened."""
        raise NotImplementedError


def kept_file(file: FieldFile, *, name: str, content_type: str, inline: bool = False) -> FileResponse:
    """A kept file for somebody who may see it: an attachment that no browser opens as a page, or a picture in one.

    Raises Http404, and says so in the log, when the file is lost from the disk.
    """
    try:
        opened = file.open("rb")
    except OSError as error:
        logger.error("%s %s: %s cannot be read: %s", type(file.instance).__name__, file.instance.pk, file.name, error)
        raise Http404("the file is lost") from error
    return FileResponse(
        opened,
        as_attachment=not inline,
        filename=name,
        content_type=content_type,
        headers={
            "X-Content-Type-Options": "nosniff",
            "Content-Security-Policy": "sandbox",
            # a picture of a list may be looked at again on a weak line; nothing shared keeps it
            "Cache-Control": "private, max-age=86400" if inline else "private, no-store",
        },
    )


def _read_and_forget(request: HttpRequest) -> None:
    """Read the body of a request that is refused: a browser that is still sending does not listen."""
    left = READ_AT_MOST
    while left > 0 and (chunk := request.read(64 * 1024)):
        left -= len(chunk)
