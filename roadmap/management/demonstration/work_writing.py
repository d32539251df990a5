"""The rows of reception: events, applicants, requests, their steps and words, and what ties them to the roadmap."""

import datetime as dt
from dataclasses import dataclass

from branches.choices import Channel, ConsentAct, ConsentChannel
from roadmap.management.demonstration.calendar import Typed
from roadmap.management.demonstration.roadmaps import Keys
from roadmap.management.demonstration.rows import Rows, stream
from roadmap.management.demonstration.sources import BRIEFING, SAMPLE
from roadmap.management.demonstration.work_reception import ANSWER_DAYS, LEGAL_AID, MANDATES_ONLY, Reception
from roadmap.management.demonstration.work_requests import Asked, Event

LEGAL_AID_SOURCE = f"Жиынтығы – {BRIEFING}; әр қабылдау мен өтініш – үлгі дерек"
CONSENTS = {
    Channel.DESK: ConsentChannel.WRITTEN,
    Channel.EVENT: ConsentChannel.WRITTEN,
    Channel.LETTER: ConsentChannel.WRITTEN,
    Channel.PHONE: ConsentChannel.ORAL,
    Channel.ONLINE: ConsentChannel.ELECTRONIC,
}
OPENED_SINCE = dt.date(2026, 7, 1)  # of whom the log of opened cards tells
OPENING = "branches.requestopening"


def write_reception(rows: Rows, reception: Reception, keys: Keys, users: dict[str, int]) -> None:
    """Add everything, each kind of row in the order in which it was typed.

    `submission` is left out: of so many rows it would be most of the file, and nobody in the story sends a form twice.
    """
    _Writer(rows, keys, users).write(reception)


@dataclass(frozen=True)
class _Writer:
    rows: Rows
    keys: Keys
    users: dict[str, int]

    def write(self, reception: Reception) -> None:
        """All rows."""
        self.rules()
        for person in reception.people:
            self.rows.add(
                "branches.applicant",
                branch=self.keys["branch"][person.branch],
                full_name=person.full_name,
                phone=person.phone,
                address=person.address,
                iin=person.iin,
                anonymised_on=person.erased_on,
            )
        for event in reception.events:
            self.event(event)
        for asked in reception.requests:
            self.request(asked)
        for asked in reception.requests:
            summary = "" if asked.is_erased else asked.summary
            self.rows.add("branches.requestwords", request=asked.pk, summary=summary)
        self.consents(reception)
        self.steps(reception.requests)
        self.openings(reception.requests)
        self.links(reception.requests)
        self.referrals(reception.requests)

    def rules(self) -> None:
        """Rules of the offices that have their own."""
        for branch in dict.fromkeys((*ANSWER_DAYS, *MANDATES_ONLY)):
            since, until = MANDATES_ONLY.get(branch, (None, None))
            self.rows.add(
                "branches.receptionrule",
                branch=self.keys["branch"][branch],
                answer_days=ANSWER_DAYS.get(branch, (15,))[0],
                mandates_from=since.isoformat() if since else None,
                mandates_until=until.isoformat() if until else None,
            )

    def _entered(self, author: str, typed: Typed, source: str = SAMPLE) -> dict[str, object]:
        return {
            "author": self.users[author],
            "entered_on": typed.day.isoformat(),
            "created_at": typed.created_at,
            "source": source,
            "is_sample": True,
        }

    def event(self, event: Event) -> None:
        """A reception event."""
        self.rows.add(
            "branches.receptionevent",
            **self._entered(event.author, event.typed, _source(event.project, event.held_on)),
            branch=self.keys["branch"][event.branch],
            kind=event.kind,
            held_on=event.held_on.isoformat(),
            place=event.place,
            locality=self.keys["locality"][event.locality],
            project=self.keys["project"][event.project] if event.project else None,
            note=event.note,
        )

    def request(self, asked: Asked) -> None:
        """A request, without words."""
        self.rows.add(
            "branches.request",
            **self._entered(asked.author, asked.typed, _source(asked.project, asked.received_on)),
            branch=self.keys["branch"][asked.branch],
            year=asked.received_on.year,
            number=asked.number,
            channel=asked.channel.value,
            kind=asked.kind.value,
            topic=self.keys["topic"][asked.topic],
            locality=self.keys["locality"][asked.locality] if asked.locality else None,
            event=asked.event.pk if asked.event else None,
            applicant=asked.person.pk,
            received_on=asked.received_on.isoformat(),
            answer_days=asked.answer_days,
            due_on=asked.due_on.isoformat(),
        )

    def consents(self, reception: Reception) -> None:
        """A consent with each request, and those that were withdrawn."""
        told = [(asked, asked.typed, ConsentAct.GIVEN, asked.received_on) for asked in reception.requests]
        told += [(asked, typed, ConsentAct.WITHDRAWN, typed.day) for asked, typed in reception.withdrawn]
        for asked, typed, act, day in sorted(told, key=lambda one: (one[1].created_at, one[0].pk)):
            self.rows.add(
                "branches.consent",
                **self._entered(asked.author, typed),
                applicant=asked.person.pk,
                text=self.keys["consent"]["1"],
                act=act.value,
                channel=CONSENTS[asked.channel].value,
                happened_on=day.isoformat(),
            )

    def steps(self, requests: list[Asked]) -> None:
        """Steps of all requests with their words."""
        told = [(asked, turn, step) for asked in requests for turn, step in enumerate(asked.steps)]
        words = []
        for asked, _, step in sorted(told, key=lambda one: (one[2].typed.created_at, one[0].pk, one[1])):
            pk = self.rows.add(
                "branches.requeststep",
                **self._entered(step.author, step.typed, _source(asked.project, asked.received_on)),
                request=asked.pk,
                state=step.state.value,
                happened_on=step.happened_on.isoformat(),
                due_on=step.due_on.isoformat() if step.due_on else None,
                days_left=step.days_left,
                reason=step.reason,
                forwarded_to=step.forwarded_to,
                help_kind=step.help_kind,
            )
            if step.note:
                words.append((pk, "" if asked.is_erased else step.note))
        for pk, text in words:
            self.rows.add("branches.stepwords", step=pk, text=text)

    def openings(self, requests: list[Asked]) -> None:
        """Who opened which card: whoever says something of a request reads it first; a secretary looks in, too."""
        opened = []
        for asked in requests:
            chance = stream("opened", asked.pk)
            for step in asked.steps[1:]:
                if step.typed.day >= OPENED_SINCE:
                    opened.append((_later(step.typed.created_at, -1), asked.pk, step.author))
            if asked.typed.day >= OPENED_SINCE and chance.random() < 0.06:
                opened.append((_later(asked.typed.created_at, 11), asked.pk, f"secretary-{asked.branch}"))
        for opened_at, pk, reader in sorted(opened):
            self.rows.add(OPENING, request=pk, reader=self.users[reader], opened_at=opened_at)

    def links(self, requests: list[Asked]) -> None:
        """Measures of which requests speak."""
        told = [(link, asked) for asked in requests for link in asked.links]
        for link, asked in sorted(told, key=lambda one: (one[0].typed.created_at, one[1].pk)):
            self.rows.add(
                "roadmap.requestmeasure",
                **self._entered(link.author, link.typed),
                request=asked.pk,
                measure=link.promise.pk,
            )

    def referrals(self, requests: list[Asked]) -> None:
        """Requests passed to party control."""
        told = [asked for asked in requests if asked.referral]
        for asked in sorted(told, key=lambda one: (one.referral.typed.created_at, one.pk)):
            referral = asked.referral
            self.rows.add(
                "roadmap.referral",
                **self._entered(referral.author, referral.typed),
                request=asked.pk,
                site=referral.site.pk if referral.site else None,
                note=referral.note,
            )


def _source(project: str, day: dt.date) -> str:
    return LEGAL_AID_SOURCE if project == LEGAL_AID and day.year == 2024 else SAMPLE


def _later(moment: str, minutes: int) -> str:
    """A moment some minutes after another one, or before it."""
    return (dt.datetime.fromisoformat(moment) + dt.timedelta(minutes=minutes)).isoformat()
