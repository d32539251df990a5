"""The land: a region, its districts in the order of the river, their towns, rural okrugs and villages."""

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from amanat_tracker.generic.naming import TrilingualName, in_language
from branches.choices import DistrictKind, LocalityKind

NINE_DIGITS = r"^[0-9]{9}$"
validate_kato = RegexValidator(NINE_DIGITS, _("A KATO code has nine digits."))


class Region(TrilingualName):
    """An oblast, or a city of republican rank."""

    slug = models.SlugField(_("address word"), unique=True)
    kato = models.CharField(_("KATO code"), max_length=9, unique=True, validators=[validate_kato])

    class Meta:
        verbose_name = _("region")
        verbose_name_plural = _("regions")
        ordering = ("kato",)
        constraints = (models.CheckConstraint(condition=models.Q(kato__regex=NINE_DIGITS), name="region_kato"),)


class District(TrilingualName):
    """A district, or a city that stands beside districts. `river_order` counts from the river's mouth upstream."""

    region = models.ForeignKey(Region, models.PROTECT, related_name="districts", verbose_name=_("region"))
    slug = models.SlugField(_("address word"), unique=True)
    kato = models.CharField(_("KATO code"), max_length=9, unique=True, validators=[validate_kato])
    kind = models.CharField(_("kind"), max_length=20, choices=DistrictKind)
    river_order = models.PositiveSmallIntegerField(_("order along the river"))
    short_kk = models.CharField(_("short name in Kazakh"), max_length=60)
    short_ru = models.CharField(_("short name in Russian"), max_length=60)
    short_en = models.CharField(_("short name in English"), max_length=60)

    class Meta:
        verbose_name = _("district")
        verbose_name_plural = _("districts")
        ordering = ("region", "river_order")
        constraints = (
            models.UniqueConstraint(fields=("region", "river_order"), name="district_one_place_on_the_river"),
            models.CheckConstraint(condition=models.Q(kind__in=DistrictKind.values), name="district_kind"),
            models.CheckConstraint(condition=models.Q(kato__regex=NINE_DIGITS), name="district_kato"),
        )

    @property
    def short_name(self) -> str:
        """The name without the word "district" or "city", in the language of the reader."""
        return in_language(self, "short")


class Locality(TrilingualName):
    """A town, settlement, rural okrug or village of a district."""

    district = models.ForeignKey(District, models.PROTECT, related_name="localities", verbose_name=_("district"))
    kind = models.CharField(_("kind"), max_length=20, choices=LocalityKind)
    is_centre = models.BooleanField(_("centre of the district"), default=False)

    class Meta:
        verbose_name = _("locality")
        verbose_name_plural = _("localities")
        ordering = ("district", "name_kk")
        constraints = (
            models.UniqueConstraint(fields=("district", "kind", "name_kk"), name="locality_once_in_a_district"),
            models.UniqueConstraint(
                fields=("district",), condition=models.Q(is_centre=True), name="locality_one_centre_of_a_district"
            ),
            models.CheckConstraint(condition=models.Q(kind__in=LocalityKind.values), name="locality_kind"),
        )
