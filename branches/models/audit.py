"""The audit: who did what, when and from where."""

from typing import Self

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from amanat_tracker.generic.append_only import AppendOnlyModel, AppendOnlyQuerySet
from amanat_tracker.generic.origin import current_origin


class AuditEventQuerySet(AppendOnlyQuerySet):
    """Events of the audit."""

    def record(self, *, by: object, action: str, subject: object, detail: str = "") -> "AuditEvent":
        """Add an event: `by` and `subject` are kept as text, so that the event outlives both.

        A model instance as subject becomes "app.model:pk"; a user becomes its username.
        """
        return self.create(
            actor=getattr(by, "username", str(by))[:150],
            action=action,
            subject=f"{subject._meta.label_lower}:{subject.pk}" if isinstance(subject, models.Model) else str(subject),
            detail=detail,
            origin=current_origin(),
        )

    def about(self, subject: models.Model) -> Self:
        """Keep the events about one row."""
        return self.filter(subject=f"{subject._meta.label_lower}:{subject.pk}")


class AuditEvent(AppendOnlyModel):
    """Something that somebody did. Plain text, no foreign keys, never changed and never deleted."""

    created_at = models.DateTimeField(_("when"), default=timezone.now, editable=False)
    actor = models.CharField(_("who"), max_length=150)
    action = models.CharField(_("what"), max_length=60)
    subject = models.CharField(_("about"), max_length=200)
    detail = models.TextField(_("detail"), blank=True)
    origin = models.CharField(_("from where"), max_length=45, blank=True)

    objects = AuditEventQuerySet.as_manager()

    class Meta(AppendOnlyModel.Meta):
        abstract = False
        verbose_name = _("audit event")
        verbose_name_plural = _("audit events")
        ordering = ("-id",)
        indexes = (
            models.Index(fields=("action", "created_at"), name="audit_action_when"),
            models.Index(fields=("subject",), name="audit_subject"),
        )

    def __str__(self) -> str:
        return f"{self.actor}: {self.action} {self.subject}"
