"""Personal data of applicants, apart from what they ask for: encrypted at rest, erased when its time has come.

Erasing leaves the rows: what is counted stays countable. See amanat_tracker.generic.sealed for the encryption.
"""

import hashlib
from typing import Self

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from amanat_tracker.generic.append_only import AppendOnlyModel
from amanat_tracker.generic.naming import TrilingualName
from amanat_tracker.generic.sealed import SealedField
from branches.choices import ConsentAct, ConsentChannel
from branches.models.organisation import Branch
from branches.models.people import ScopedQuerySet
from branches.models.statement import Entered, StatementQuerySet


class ApplicantQuerySet(ScopedQuerySet):
    """Applicants."""

    branch_path = "branch"

    def who_are(self, known: dict[str, list[str]]) -> Self:
        """Keep those of whom one of the digests fits: {"iin": [...], "phone": [...], "name": [...]}."""
        found = models.Q(pk__in=[])
        for name, values in known.items():
            if values:
                found |= models.Q(**{f"{name}_digest__in": values})
        return self.filter(found)


class Applicant(models.Model):
    """Who asks. Name, telephone, address and IIN are sealed; the digests find them, exactly or not at all."""

    branch = models.ForeignKey(Branch, models.PROTECT, related_name="applicants", verbose_name=_("party branch"))
    full_name = SealedField(_("full name"), blank=True)
    phone = SealedField(_("telephone"), blank=True)
    address = SealedField(_("address"), blank=True)
    iin = SealedField(_("IIN"), blank=True)
    name_digest = models.CharField(max_length=64, blank=True, db_index=True, editable=False)
    phone_digest = models.CharField(max_length=64, blank=True, db_index=True, editable=False)
    iin_digest = models.CharField(max_length=64, blank=True, db_index=True, editable=False)
    anonymised_on = models.DateField(_("anonymised on"), null=True, blank=True)

    objects = ApplicantQuerySet.as_manager()

    class Meta:
        verbose_name = _("applicant")
        verbose_name_plural = _("applicants")
        ordering = ("id",)
        constraints = (
            models.CheckConstraint(
                condition=models.Q(anonymised_on__isnull=True)
                | models.Q(name_digest="", phone_digest="", iin_digest=""),
                name="applicant_anonymised_is_not_found",
            ),
        )

    def __str__(self) -> str:
        return f"applicant {self.pk}"

    @property
    def masked_iin(self) -> str:
        """The IIN as pages show it: the last four digits."""
        return f"•••• •••• {self.iin[-4:]}" if self.iin else ""


class ConsentText(TrilingualName):
    """What an applicant agrees to, in one version; a new wording is a new version."""

    version = models.CharField(_("version"), max_length=20, unique=True)
    valid_from = models.DateField(_("in force from"))
    text_kk = models.TextField(_("text in Kazakh"))
    text_ru = models.TextField(_("text in Russian"))
    text_en = models.TextField(_("text in English"))

    class Meta:
        verbose_name = _("text of the consent")
        verbose_name_plural = _("texts of the consent")
        ordering = ("-valid_from", "-id")

    @property
    def fingerprint(self) -> str:
        """A word that is another one as soon as the text is."""
        words = "\0".join((self.text_kk, self.text_ru, self.text_en))
        return f"{self.pk}-{hashlib.sha256(words.encode()).hexdigest()[:16]}"


class ConsentQuerySet(StatementQuerySet):
    """What applicants said of the use of their data."""

    branch_path = "applicant__branch"

    def newest_first(self) -> Self:
        """By the day on which it was said: an older paper that is typed in later takes no withdrawal back."""
        return self.order_by("-happened_on", "-id")


class Consent(AppendOnlyModel, Entered):
    """An applicant gave or withdrew consent: to which text, on which day, how."""

    applicant = models.ForeignKey(Applicant, models.PROTECT, related_name="consents", verbose_name=_("applicant"))
    text = models.ForeignKey(ConsentText, models.PROTECT, related_name="consents", verbose_name=_("text"))
    act = models.CharField(_("consent"), max_length=20, choices=ConsentAct)
    channel = models.CharField(_("how it was said"), max_length=20, choices=ConsentChannel)
    happened_on = models.DateField(_("on which day"))

    objects = ConsentQuerySet.as_manager()

    class Meta(AppendOnlyModel.Meta):
        abstract = False
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        ordering = ("id",)
        constraints = (
            models.CheckConstraint(condition=models.Q(act__in=ConsentAct.values), name="consent_act"),
            models.CheckConstraint(condition=models.Q(channel__in=ConsentChannel.values), name="consent_channel"),
            models.CheckConstraint(
                condition=models.Q(happened_on__lte=models.F("entered_on")), name="consent_not_of_the_future"
            ),
        )

    def __str__(self) -> str:
        return f"{self.applicant_id}: {self.act}, {self.happened_on}"

    def clean(self) -> None:
        """Say what is impossible, beside the field it concerns."""
        if self.happened_on and self.happened_on > self.entered_on:
            raise ValidationError({"happened_on": _("This day has not come yet. Enter today or an earlier day.")})
