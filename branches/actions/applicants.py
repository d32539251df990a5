"""Personal data of applicants: written down, put right, found, erased."""

import calendar
import datetime as dt
import re
import unicodedata
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, replace

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables

from amanat_tracker.generic.sealed import digest, digests
from amanat_tracker.kazakh import search_forms
from branches.actions.entry import EVER, check, day_of_entry, locked, same_submission, unused
from branches.choices import ConsentAct, Permission, RequestState
from branches.metrics import has_control_digit
from branches.models import (
    Applicant,
    AuditEvent,
    Branch,
    Consent,
    ConsentText,
    Request,
    RequestOpening,
    RequestStep,
    RequestWords,
    StepWords,
    User,
)

ENDING = 6  # letters that a case or a possessive adds to a name, at most: «Ахметовамен», «Ерланның»
SEALED_ROWS: tuple[type[models.Model], ...] = (Applicant, RequestWords, StepWords)
AT_ONCE = 500  # rows that are sealed anew are read at a time
# Of a birth, by the seventh digit of the IIN; 0 is given to some foreigners.
CENTURIES = {"0": (18, 19, 20), "1": (18,), "2": (18,), "3": (19,), "4": (19,), "5": (20,), "6": (20,)}
MOST_FOUND = 50  # requests of one person that a search shows


@dataclass(frozen=True, repr=False)
class Person:
    """Who asks, as it was typed at the desk. Does not say itself in a traceback."""

    full_name: str
    phone: str = ""
    address: str = ""
    iin: str = ""

    @property
    def name_key(self) -> str:
        """The name as it is compared: case, spaces and the letter ё make no difference."""
        name = unicodedata.normalize("NFKC", self.full_name)  # some phones write й as two signs
        return " ".join(name.casefold().replace("ё", "е").split())

    @property
    def phone_key(self) -> str:
        """The last ten digits of the number: 8 and +7 are the same."""
        found = re.sub(r"\D", "", self.phone)
        return found[-10:] if len(found) in (10, 11) else ""

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
    """Say, by field, what cannot be: a name without letters, a telephone without digits, an IIN that is nobody's."""
    errors = {}
    if not person.name_key:
        errors["full_name"] = _("Write the applicant's name.")
    elif not any(sign.isalpha() for sign in person.name_key):
        errors["full_name"] = _("There is not one letter in this name. Check it.")
    if person.phone.strip() and not person.phone_key:
        errors["phone"] = _("A telephone number has ten digits after 8 or +7.")
    if person.iin_key and not re.fullmatch("[0-9]{12}", person.iin_key):
        errors["iin"] = _("An IIN has twelve digits.")
    elif person.iin_key and not (is_born(person.iin_key) and has_control_digit(person.iin_key)):
        errors["iin"] = _("This IIN does not exist: one of its digits is wrong. Check it.")
    if errors:
        raise ValidationError(errors)


def is_born(iin: str) -> bool:
    """Whether the twelve digits of an IIN begin with a day of birth: YYMMDD, then a digit for the century."""
    year, month, day = int(iin[:2]), int(iin[2:4]), int(iin[4:6])
    return 1 <= month <= 12 and any(
        1 <= day <= calendar.monthrange(100 * century + year, month)[1] for century in CENTURIES.get(iin[6], ())
    )


@sensitive_variables()
def refuse_names(applicant: Applicant, **texts: str) -> None:
    """Refuse a text, by field, that says who asks: a word of the name in any case, the telephone, the IIN.

    For texts that are not sealed, or that others read. None of it is repeated.

    Stricter than need be: an ordinary word that begins as the name does («сәулет» of a Сәуле) is refused, too.
    """
    person = Person(applicant.full_name, applicant.phone, iin=applicant.iin)
    numbers = [number for number in (person.phone_key, person.iin_key) if number]
    names = [word for word in _words(applicant.full_name) if word and len(word[0]) > 1]
    for field, text in texts.items():
        digits = re.sub(r"\D", "", text)
        if any(number in digits for number in numbers):
            raise ValidationError(
                {field: _("The applicant's telephone or IIN stands in it. Others read it: delete it.")}
            )
        if any(_is_name(word, name) for name in names for word in _words(text)):
            raise ValidationError(
                {field: _("A word of the applicant's name stands in it. Others read it: write it without names.")}
            )


def _words(text: str) -> list[list[str]]:
    """The words of a text, each in the forms in which it is looked for: case, ё, the Russian letters that are typed for
    Kazakh ones, and Latin ones, make no difference.
    """
    return [search_forms(word) for word in re.findall(r"[^\W\d_]+", unicodedata.normalize("NFKC", text))]


def _is_name(word: list[str], name: list[str]) -> bool:
    """Whether a word is the name, in any case of Kazakh or Russian: «Ахметовой», «Сергею», «Айбегі» of «Айбек»."""
    pattern = "|".join({stem for form in name for stem in _stems(form)})
    return any(re.fullmatch(f"(?:{pattern})[^\\W\\d_]{{0,{ENDING}}}", form) for form in word)


def _stems(name: str) -> Iterator[str]:
    """Patterns of what stays of a name, as search folds it, in all of its cases."""
    if len(name) < 3:
        yield f"{name}(?![^\\W\\d_])"  # «Ли»: as it stands
        return
    stem = re.sub("ии$|[аеиоу]$", "", name)  # Достоевск(ий), Сауле(ге), Сергей: й is folded to и
    stem = stem if len(stem) > 2 else name
    yield {"к": f"{stem[:-1]}[кг]", "п": f"{stem[:-1]}[пб]"}.get(stem[-1], stem)  # Айбек, Айбегі
    if re.search("[ео][^аеиоу]$", name) and len(name) > 4:
        yield name[:-2] + name[-1]  # Павел, Павла


def keep_applicant(person: Person, *, branch: Branch, by: User, likely: Applicant | None = None) -> Applicant:
    """The applicant of a branch: the one with this IIN, or with this name and telephone, else a new one.

    Without an IIN, the `likely` one comes first, if the name is theirs. The caller holds the lock of the branch. What
    is told anew of one who is known (another telephone) is kept; an IIN that is known with another name is refused: it
    may be somebody else's paper.
    """
    check_person(person)
    known = Applicant.objects.filter(branch=branch, anonymised_on=None)
    found = None
    if person.iin_key:
        found = known.filter(iin_digest__in=person.digests["iin"]).order_by("pk").first()
        if found and found.name_digest not in person.digests["name"]:
            said = _(
                "This IIN is registered with another name. Check both; a new name is put right on an earlier card."
            )
            raise ValidationError({"iin": said})
    if found is None and likely and not person.iin_key:
        found = known.filter(pk=likely.pk, name_digest__in=person.digests["name"]).first()
    if found is None and person.phone_key:
        same = known.filter(name_digest__in=person.digests["name"], phone_digest__in=person.digests["phone"])
        if person.iin_key:  # another IIN is another person, whatever the name
            same = same.filter(iin_digest="")
        found = same.order_by("pk").first()
    applicant = found or Applicant(branch=branch)
    before = state_of(applicant)
    _write(applicant, person)
    applicant.save()
    if found and state_of(applicant) != before:
        AuditEvent.objects.record(by=by, action="applicant.change", subject=applicant)
    return applicant


def _write(applicant: Applicant, person: Person) -> None:
    """Put what was told over what is known; what was not told stays. Nothing is saved yet."""
    for name in ("full_name", "phone", "address", "iin"):
        told = getattr(person, name).strip()
        if told:
            setattr(applicant, name, person.iin_key if name == "iin" else told)
    index(applicant)


def index(applicant: Applicant) -> None:
    """Set the digests by which the applicant is found, with the first key."""
    person = Person(applicant.full_name, applicant.phone, applicant.address, applicant.iin)
    for name, value in person.keys.items():
        setattr(applicant, f"{name}_digest", digest(value))


@transaction.atomic
def index_applicants() -> int:
    """Set the digests of all applicants, as after fixtures brought their words; give how many there are."""
    people = list(Applicant.objects.filter(anonymised_on=None))
    for applicant in people:
        index(applicant)
    Applicant.objects.bulk_update(people, ("name_digest", "phone_digest", "iin_digest"), batch_size=500)
    return len(people)


def state_of(applicant: Applicant) -> str:
    """A word that is another one as soon as anything that is known of the applicant is; it tells nothing of it."""
    return digest(repr((applicant.full_name, applicant.phone, applicant.address, applicant.iin)))[:16]


@sensitive_variables()
def change_applicant(
    *, request: Request, by: User, person: Person, keep_iin: bool = False, seen: str | None = None
) -> Applicant:
    """Put right what is known of the applicant of a request: all of it, as it stands on the form.

    The form does not show the IIN: with `keep_iin` the one that is known stays, unless another is typed. `seen` is the
    state of the applicant that the form showed: what somebody else put right meanwhile is not written over unseen.
    """
    with locked(Branch.objects.for_user(by, Permission.RECEIVE), request.branch_id):
        applicant = Applicant.objects.select_for_update(no_key=True).get(pk=request.applicant_id)
        if applicant.anonymised_on:
            raise ValidationError(_("The applicant's data are erased: nothing more is written."))
        check_person(person)
        if keep_iin and not person.iin_key:
            person = replace(person, iin=applicant.iin)
        known = state_of(applicant)
        applicant.phone = applicant.address = applicant.iin = ""
        _write(applicant, person)
        if state_of(applicant) == known:  # pressed twice, or nothing was changed
            return applicant
        same = Applicant.objects.filter(branch=applicant.branch_id, iin_digest__in=person.digests["iin"])
        if person.iin_key and same.exclude(pk=applicant.pk).exists():
            raise ValidationError({"iin": _("This IIN is registered with another applicant of the branch. Check it.")})
        if seen is not None and seen != known:
            raise ValidationError(_("Meanwhile somebody else put the applicant's data right. Look at them, then save."))
        applicant.save()
        AuditEvent.objects.record(by=by, action="applicant.change", subject=applicant)
        return applicant


@sensitive_variables()
def find_requests(*, by: User, person: Person) -> list[Request]:
    """Requests of a person, the newest first, in the branches whose requests `by` receives; at most MOST_FOUND.

    By IIN, telephone or full name, exactly: what fits any of them. Who searched is written down, not for whom.
    """
    requests = Request.objects.for_user(by, Permission.RECEIVE).as_of(EVER).of_people(person.digests)
    found = list(requests.select_related("topic", "branch__district", "branch__region").order_by("-id")[:MOST_FOUND])
    AuditEvent.objects.record(by=by, action="request.find", subject="branches.request", detail=str(len(found)))
    return found


def open_card(*, request: Request, by: User) -> RequestOpening:
    """Write down that somebody opened the card of a request and saw personal data."""
    return RequestOpening.objects.create(request=request, reader=by)


def withdraw_consent(
    *,
    request: Request,
    by: User,
    today: dt.date,
    channel: str,
    happened_on: dt.date | None = None,
    submission: uuid.UUID | None = None,
) -> Consent:
    """The applicant withdraws consent: no new request is registered on it, and the data go once nothing is open."""
    with locked(Branch.objects.for_user(by, Permission.RECEIVE), request.branch_id):
        consents = Consent.objects.filter(applicant=request.applicant_id)
        told = same_submission(consents, by, submission, act=ConsentAct.WITHDRAWN)
        if told:
            return told
        last, day = consents.newest_first().first(), happened_on or today
        if last is None or last.act == ConsentAct.WITHDRAWN:
            raise ValidationError(_("There is no consent to withdraw."))
        row = Consent(
            applicant_id=request.applicant_id,
            text_id=last.text_id,
            act=ConsentAct.WITHDRAWN,
            channel=channel,
            happened_on=day,
            author=by,
            entered_on=day_of_entry(today, last),
            submission=unused(Consent, submission),
        )
        check(row)
        if day < last.happened_on:
            raise ValidationError({"happened_on": _("This day lies before the consent was given. Check it.")})
        row.save()
        AuditEvent.objects.record(by=by, action="consent.withdraw", subject=row)
        if not Request.objects.as_of(EVER).filter(applicant=request.applicant_id, is_open=True).exists():
            _erase(row.applicant, today)
            AuditEvent.objects.record(by=by, action="applicant.anonymise", subject=row.applicant)
        return row


def current_consent_text(day: dt.date) -> ConsentText | None:
    """The wording that applicants agree to on a day; None where the administrator wrote none."""
    return ConsentText.objects.filter(valid_from__lte=day).order_by("-valid_from", "-id").first()


def why_no_consent_text(day: dt.date) -> str:
    """Why nobody can agree to anything on a day without a text of the consent."""
    first = ConsentText.objects.order_by("valid_from").first()
    if first is None:
        return _("No text of the consent is in force. The administrator must enter one first.")
    days = {"day": f"{day:%d.%m.%Y}", "since": f"{first.valid_from:%d.%m.%Y}"}
    return _("On %(day)s no text of the consent was in force: the first one is in force from %(since)s.") % days


@transaction.atomic
def anonymise(*, today: dt.date, keep_days: int, dry_run: bool = False) -> list[int]:
    """Erase the data of applicants whose time has come; give their primary keys. Counts stay as they are.

    That is: of those of whom nothing is open, and nothing was told since `keep_days` ago; and of those who withdrew
    their consent and have nothing open. The words of a request go when nothing was told of it for as long, also while
    its applicant is kept for a younger one; those of one that was entered by mistake go at once.
    """
    branches = Branch.objects.select_for_update(of=("self",), no_key=True).order_by("pk")
    list(branches.values_list("pk"))  # nobody registers a request of theirs meanwhile: that locks its branch
    last_day = today - dt.timedelta(days=keep_days)
    said = RequestStep.objects.filter(request=models.OuterRef("pk"), is_recount=False).order_by("-id")
    requests = Request.objects.as_of(EVER).annotate(told_on=models.Subquery(said.values("entered_on")[:1]))
    young = requests.filter(models.Q(is_open=True) | models.Q(told_on__gt=last_day)).values("applicant")
    busy = requests.filter(is_open=True).values("applicant")
    newest = Consent.objects.filter(applicant=models.OuterRef("pk")).newest_first().values("act")[:1]
    people = (
        Applicant.objects.filter(anonymised_on=None)
        .annotate(last_act=models.Subquery(newest))
        .filter(~models.Q(pk__in=young) | models.Q(last_act=ConsentAct.WITHDRAWN) & ~models.Q(pk__in=busy))
        .order_by("pk")
        .only("pk")  # nothing is unsealed: a row whose key is lost is erased like the others
    )
    keys = []
    for applicant in people.select_for_update(of=("self",), no_key=True):
        keys.append(applicant.pk)
        if not dry_run:
            _erase(applicant, today)
            AuditEvent.objects.record(by="command", action="applicant.anonymise", subject=applicant)
    if not dry_run:
        old = requests.filter(is_closed=True, told_on__lte=last_day).values("pk")
        mistaken = RequestStep.objects.filter(state=RequestState.MISTAKE).values("request")
        for gone in (old, mistaken):
            RequestWords.objects.filter(request__in=gone).update(summary="")
            StepWords.objects.filter(step__request__in=gone).update(text="")
    return keys


def _erase(applicant: Applicant, today: dt.date) -> None:
    """Empty everything personal; the rows stay, and what is counted of them. What was sealed is not read for it."""
    personal = ("full_name", "phone", "address", "iin", "name_digest", "phone_digest", "iin_digest")
    Applicant.objects.filter(pk=applicant.pk).update(**dict.fromkeys(personal, ""), anonymised_on=today)
    RequestWords.objects.filter(request__applicant=applicant).update(summary="")
    StepWords.objects.filter(step__request__applicant=applicant).update(text="")


@sensitive_variables()
@transaction.atomic
def seal_anew() -> int:
    """Encrypt everything sealed with the first key, and find applicants by it; give how many rows were written."""
    count = 0
    for model in SEALED_ROWS:
        rows = model.objects.select_for_update(no_key=True).order_by("pk")
        keys = list(model.objects.order_by("pk").values_list("pk", flat=True))
        for start in range(0, len(keys), AT_ONCE):
            for row in rows.filter(pk__in=keys[start : start + AT_ONCE]):
                if isinstance(row, Applicant):
                    if row.anonymised_on:
                        continue
                    index(row)
                row.save()
                count += 1
    return count
