"""Personal data of applicants: written down, put right, found, erased."""

import datetime as dt
import re
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext as _

from amanat_tracker.generic.sealed import digest, digests
from branches.actions.entry import EVER, check, day_of_entry, locked
from branches.choices import ConsentAct, Permission
from branches.metrics import has_control_digit
from branches.models import (
    Applicant,
    AuditEvent,
    Branch,
    Consent,
    ConsentText,
    Request,
    RequestOpening,
    RequestWords,
    StepWords,
    User,
)

SEALED_ROWS: tuple[type[models.Model], ...] = (Applicant, RequestWords, StepWords)


@dataclass(frozen=True)
class Person:
    """Who asks, as it was typed at the desk."""

    full_name: str
    phone: str = ""
    address: str = ""
    iin: str = ""

    @property
    def name_key(self) -> str:
        """The name as it is compared: case, spaces and the letter ё make no difference."""
        return " ".join(self.full_name.casefold().replace("ё", "е").split())

    @property
    def phone_key(self) -> str:
        """The last ten digits of the number: 8 and +7 are the same."""
        found = re.sub(r"\D", "", self.phone)
        return found[-10:] if len(found) >= 10 else ""

    @property
    def iin_key(self) -> str:
        """The twelve digits."""
        return re.sub(r"\s", "", self.iin)

    @property
    def keys(self) -> dict[str, str]:
        """What the person is found by."""
        return {"name": self.name_key, "phone": self.phone_key, "iin": self.iin_key}

    @property
    def digests(self) -> dict[str, list[str]]:
        """The digests of these, by all keys of the installation."""
        return {name: digests(value) for name, value in self.keys.items()}


def check_person(person: Person) -> None:
    """Say, by field, what cannot be: no name, a telephone without digits, an IIN whose control digit is wrong."""
    errors = {}
    if not person.name_key:
        errors["full_name"] = _("Write the applicant's name.")
    if person.phone.strip() and not person.phone_key:
        errors["phone"] = _("A telephone number has ten digits after 8 or +7.")
    if person.iin_key and not re.fullmatch("[0-9]{12}", person.iin_key):
        errors["iin"] = _("An IIN has twelve digits.")
    elif person.iin_key and not has_control_digit(person.iin_key):
        errors["iin"] = _("This IIN does not exist: one of its digits is wrong. Check it.")
    if errors:
        raise ValidationError(errors)


def keep_applicant(person: Person, *, branch: Branch) -> Applicant:
    """The applicant of a branch: the one with this IIN, or with this name and telephone, else a new one.

    The caller holds the lock of the branch. What is told anew of one who is known (another telephone) is kept.
    """
    check_person(person)
    known = Applicant.objects.filter(branch=branch, anonymised_on=None)
    found = None
    if person.iin_key:
        found = known.filter(iin_digest__in=person.digests["iin"]).order_by("pk").first()
    if found is None and person.phone_key:
        same = known.filter(name_digest__in=person.digests["name"], phone_digest__in=person.digests["phone"])
        if person.iin_key:  # another IIN is another person, whatever the name
            same = same.filter(iin_digest="")
        found = same.order_by("pk").first()
    applicant = found or Applicant(branch=branch)
    write_person(applicant, person)
    return applicant


def write_person(applicant: Applicant, person: Person) -> None:
    """Write what was told over what is known; what was not told stays."""
    for name in ("full_name", "phone", "address", "iin"):
        told = getattr(person, name).strip()
        if told:
            setattr(applicant, name, person.iin_key if name == "iin" else told)
    index(applicant)
    applicant.save()


def index(applicant: Applicant) -> None:
    """Set the digests by which the applicant is found, with the first key."""
    person = Person(applicant.full_name, applicant.phone, applicant.address, applicant.iin)
    for name, value in person.keys.items():
        setattr(applicant, f"{name}_digest", digest(value))


def change_applicant(*, request: Request, by: User, person: Person) -> Applicant:
    """Put right what is known of the applicant of a request: all of it, as it stands on the form."""
    with locked(Branch.objects.for_user(by, Permission.RECEIVE), request.branch_id):
        applicant = Applicant.objects.select_for_update(no_key=True).get(pk=request.applicant_id)
        if applicant.anonymised_on:
            raise ValidationError(_("The applicant's data are erased: nothing more is written."))
        check_person(person)
        applicant.phone = applicant.address = applicant.iin = ""
        write_person(applicant, person)
        AuditEvent.objects.record(by=by, action="applicant.change", subject=applicant)
        return applicant


def open_card(*, request: Request, by: User) -> RequestOpening:
    """Write down that somebody opened the card of a request and saw personal data."""
    return RequestOpening.objects.create(request=request, reader=by)


def withdraw_consent(
    *, request: Request, by: User, today: dt.date, channel: str, happened_on: dt.date | None = None
) -> Consent:
    """The applicant withdraws consent: no new request is registered on it, and the data go once nothing is open."""
    with locked(Branch.objects.for_user(by, Permission.RECEIVE), request.branch_id):
        last = Consent.objects.filter(applicant=request.applicant_id).order_by("-id").first()
        if last is None or last.act == ConsentAct.WITHDRAWN:
            raise ValidationError(_("There is no consent to withdraw."))
        row = Consent(
            applicant_id=request.applicant_id,
            text_id=last.text_id,
            act=ConsentAct.WITHDRAWN,
            channel=channel,
            happened_on=happened_on or today,
            author=by,
            entered_on=day_of_entry(today, last),
        )
        check(row)
        row.save()
        AuditEvent.objects.record(by=by, action="consent.withdraw", subject=row)
        if not Request.objects.as_of(EVER).filter(applicant=request.applicant_id, is_open=True).exists():
            _erase(row.applicant, today)
            AuditEvent.objects.record(by=by, action="applicant.anonymise", subject=row.applicant)
        return row


def current_consent_text(day: dt.date) -> ConsentText | None:
    """The wording that applicants agree to on a day; None where the administrator wrote none."""
    return ConsentText.objects.filter(valid_from__lte=day).order_by("-valid_from", "-id").first()


@transaction.atomic
def anonymise(*, today: dt.date, keep_days: int, dry_run: bool = False) -> list[int]:
    """Erase the data of applicants whose time has come; give their primary keys. Counts stay as they are.

    That is: of those all of whose requests were closed more than `keep_days` ago, and of those who withdrew their
    consent and have nothing open.
    """
    last_day = today - dt.timedelta(days=keep_days)
    requests = Request.objects.as_of(EVER)
    young = requests.filter(models.Q(is_open=True) | models.Q(day_state_on__gt=last_day)).values("applicant")
    busy = requests.filter(is_open=True).values("applicant")
    newest = Consent.objects.filter(applicant=models.OuterRef("pk")).order_by("-id").values("act")[:1]
    people = (
        Applicant.objects.filter(anonymised_on=None)
        .annotate(last_act=models.Subquery(newest))
        .filter(~models.Q(pk__in=young) | models.Q(last_act=ConsentAct.WITHDRAWN) & ~models.Q(pk__in=busy))
        .order_by("pk")
    )
    keys = []
    for applicant in people.select_for_update(of=("self",), no_key=True):
        keys.append(applicant.pk)
        if not dry_run:
            _erase(applicant, today)
            AuditEvent.objects.record(by="command", action="applicant.anonymise", subject=applicant)
    return keys


def _erase(applicant: Applicant, today: dt.date) -> None:
    """Empty everything personal; the rows stay, and what is counted of them."""
    applicant.full_name = applicant.phone = applicant.address = applicant.iin = ""
    applicant.name_digest = applicant.phone_digest = applicant.iin_digest = ""
    applicant.anonymised_on = today
    applicant.save()
    RequestWords.objects.filter(request__applicant=applicant).update(summary="")
    StepWords.objects.filter(step__request__applicant=applicant).update(text="")


@transaction.atomic
def seal_anew() -> int:
    """Encrypt everything sealed with the first key, and find applicants by it; give how many rows were written."""
    count = 0
    for model in SEALED_ROWS:
        for row in model.objects.select_for_update(no_key=True).order_by("pk").iterator(chunk_size=500):
            if isinstance(row, Applicant):
                if row.anonymised_on:
                    continue
                index(row)
            row.save()
            count += 1
    return count
