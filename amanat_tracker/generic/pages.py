"""Page kinds: how a row is reached, and how a form becomes one action.

A page names its model and the permission it asks for; that a row of another branch is not there (404), and one that may
be seen but not changed is refused (403), is decided here once.
"""

import datetime as dt
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.functional import cached_property
from django.views.generic import DetailView, FormView


class PermissionMixin:
    """A page that asks for a permission held somewhere; which rows it then shows is the business of `for_user`."""

    permission = "view"

    def dispatch(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        """Refuse (403) whoever holds the permission nowhere."""
        if self.permission not in request.user.permissions:
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)


class RowMixin:
    """A page of one row: 404 for a row of another branch, 403 for one that `permission` is not held for."""

    model: type[models.Model]
    permission = "view"

    def get_queryset(self) -> models.QuerySet:
        """The rows among which the page's row is looked for."""
        return self.model._default_manager.all()

    def get_object(self, queryset: models.QuerySet | None = None) -> models.Model:
        """The row of the address."""
        rows = self.get_queryset() if queryset is None else queryset
        row = get_object_or_404(rows.for_user(self.request.user), pk=self.kwargs["pk"])
        if self.permission != "view" and not self.may(self.permission, row):
            raise PermissionDenied
        return row

    def may(self, permission: str, row: models.Model) -> bool:
        """Whether the reader may do something to the row."""
        if permission not in self.request.user.permissions:
            return False
        return type(row)._default_manager.for_user(self.request.user, permission).filter(pk=row.pk).exists()


class CardPage(RowMixin, DetailView):
    """Everything about one row."""


class ActionPage(RowMixin, FormView):
    """A form about one row that makes ONE call of an action.

    What the action refuses stands beside the field it concerns (or above the form), what was typed is kept, and nothing
    is changed. `perform` makes the call; `said` is what the reader is told when it is done.
    """

    object: models.Model

    @cached_property
    def today(self) -> dt.date:
        """The day of the request: read once, also when midnight passes meanwhile."""
        return timezone.localdate()

    def dispatch(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        """Find the row first: nobody gets as far as the form of a row that is not theirs."""
        self.object = self.get_object()
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        """The row beside the form."""
        return super().get_context_data(object=self.object, **kwargs)

    def form_valid(self, form: forms.Form) -> HttpResponse:
        """Call the action; show what it refuses."""
        try:
            result = self.perform(form)
        except ValidationError as error:
            refuse(form, error)
            return self.form_invalid(form)
        for level, text in self.said(result):
            messages.add_message(self.request, level, text)
        return super().form_valid(form)

    def get_success_url(self) -> str:
        """Back to the row."""
        return self.object.get_absolute_url()

    def perform(self, form: forms.Form) -> Any:
        """Make the one call of the action with the form's values and return what it returns."""
        raise NotImplementedError

    def said(self, result: Any) -> list[tuple[int, str]]:
        """Messages for the reader: (level, text)."""
        return []


def refuse(form: forms.Form, error: ValidationError) -> None:
    """Put what an action refused beside the fields of the form; what concerns no field of it, above the form."""
    if not hasattr(error, "error_dict"):
        form.add_error(None, error)
        return
    for name, errors in error.error_dict.items():
        form.add_error(name if name in form.fields else None, errors)
