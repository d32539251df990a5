"""Rows of party control and councils: sites, posts, visits, meetings, recommendations. All of them are sample."""

from dataclasses import dataclass

from roadmap.management.demonstration.calendar import DAY, Typed
from roadmap.management.demonstration.control_advice import Advice
from roadmap.management.demonstration.control_bodies import Meeting, meetings_and_advice
from roadmap.management.demonstration.control_life import Building, Post, Visit
from roadmap.management.demonstration.control_plan import sites_and_posts
from roadmap.management.demonstration.control_sites import contract_sum
from roadmap.management.demonstration.reference import OBLAST
from roadmap.management.demonstration.roadmaps import Keys, Told
from roadmap.management.demonstration.rows import Rows, stream, submission
from roadmap.management.demonstration.sources import BRIEFING, SAMPLE, VISIT
from roadmap.management.demonstration.work_control import refer_to_control
from roadmap.management.demonstration.work_reception import Reception
from roadmap.management.demonstration.work_requests import Asked

NAMED_SOURCE = {OBLAST: f"{BRIEFING}; құрылыс барысы – үлгі дерек", "syrdarya": f"{VISIT}; құрылыс барысы – үлгі дерек"}


def control(
    rows: Rows,
    told: Told,
    keys: Keys,
    users: dict[str, int],
    funding: dict[int, list[int]],
    reception: Reception,
) -> dict[int, int]:
    """Add the rows; give the primary keys of visits by what they say of a measure's claim (the id of a `Seen`).

    `told` are promises whose measures are written already; `funding` is what is planned for a measure, in tenge;
    `reception` are the citizens' requests, some of which are passed to control here.
    """
    sites, posts = sites_and_posts(told)
    meetings, advices = meetings_and_advice(told, sites)
    advices = sorted([*advices, *refer_to_control(reception, sites)], key=lambda advice: advice.typed.created_at)
    writer = _Writer(rows, keys, users)
    for site in sites:
        writer.site(site, funding)
    writer.states(sites)
    writer.posts(posts)
    visited = writer.visits(sites)
    for meeting in meetings:
        writer.meeting(meeting)
    for advice in advices:
        writer.advice(advice)
    writer.steps(advices)
    writer.agendas(meetings)
    return visited


@dataclass(frozen=True)
class _Writer:
    rows: Rows
    keys: Keys
    users: dict[str, int]

    def _entered(self, author: str, typed: Typed, *key: object, source: str = SAMPLE) -> dict[str, object]:
        return {
            "author": self.users[author],
            "entered_on": typed.day.isoformat(),
            "created_at": typed.created_at,
            "submission": submission(*key),
            "source": source,
            "is_sample": True,
        }

    def site(self, site: Building, funding: dict[int, list[int]]) -> None:
        """A site with its contract and measures."""
        drawn, contract = site.blueprint, site.contract
        promise = site.chain[0][1]
        chance = stream(site.branch, drawn.name, "sum")
        signed = contract["date"]
        end = site.finished_on or promise.planned.deadline
        until = max(end + chance.randint(-25, 20) * DAY, signed + 60 * DAY)
        first = site.states[0]
        site.pk = self.rows.add(
            "roadmap.site",
            **self._entered(
                first.author,
                site.registered,
                "site",
                site.branch,
                drawn.name,
                source=NAMED_SOURCE[site.branch] if drawn.is_named else SAMPLE,
            ),
            branch=self.keys["branch"][site.branch],
            kind=drawn.kind.value,
            name=drawn.name,
            district=self.keys["district"][drawn.district],
            locality=self.keys["locality"].get(drawn.locality),
            customer=contract["customer"],
            contractor=contract["contractor"],
            contractor_bin=contract["bin"],
            contract_number=f"{chance.randint(11, 290)}-{chance.choice('ҚЖМ')}/{signed.year}",
            contract_date=signed.isoformat(),
            contract_sum=contract_sum(promise.task, funding.get(promise.pk, ()), 1, chance),
            capacity=drawn.capacity,
            planned_on=(promise.planned.first_deadline or promise.planned.deadline).isoformat(),
            contract_until=until.isoformat(),
            carried_over_from=site.carried_over_from,
            measures=sorted(one.pk for _, one in site.chain),
        )

    def states(self, sites: list[Building]) -> None:
        """The states of all sites, as they were entered."""
        told = [(site, turn, state) for site in sites for turn, state in enumerate(site.states)]
        for site, turn, state in sorted(told, key=lambda one: (one[2].typed.created_at, one[0].pk, one[1])):
            self.rows.add(
                "roadmap.sitestatechange",
                **self._entered(state.author, state.typed, "state", site.pk, turn),
                site=site.pk,
                state=state.state.value,
                happened_on=state.happened_on.isoformat(),
                note=state.note,
            )

    def posts(self, posts: list[Post]) -> None:
        """Posts, their sites, their closings and reopenings."""
        for post in posts:
            author = post.sites[0].states[0].author
            post.pk = self.rows.add(
                "roadmap.controlpost",
                **self._entered(author, post.typed, "post", post.branch, post.number),
                branch=self.keys["branch"][post.branch],
                number=post.number,
                chair=post.chair,
                members="\n".join(post.members),
                opened_on=post.opened_on.isoformat(),
            )
            for site in post.sites:
                self.rows.add("roadmap.postsite", post=post.pk, site=site.pk, entered_on=post.typed.day.isoformat())
        told = [(post, turn, change) for post in posts for turn, change in enumerate(post.changes)]
        for post, turn, change in sorted(told, key=lambda one: (one[2].typed.created_at, one[0].pk)):
            self.rows.add(
                "roadmap.postchange",
                **self._entered(change.author, change.typed, "post change", post.pk, turn),
                post=post.pk,
                event=change.event.value,
                reason=str(change.reason),
                happened_on=change.typed.day.isoformat(),
                note=change.note,
            )

    def visits(self, sites: list[Building]) -> dict[int, int]:
        """Visits with their findings; gives those that judge a measure's claim."""
        told = [(site, turn, visit) for site in sites for turn, visit in enumerate(site.visits)]
        told.sort(key=lambda one: (one[2].typed.created_at, one[0].pk))
        judging = {}
        for site, turn, visit in told:
            visit.pk = self.rows.add(
                "roadmap.sitevisit",
                **self._entered(visit.author, visit.typed, "visit", site.pk, turn),
                site=site.pk,
                post=visit.post.pk if visit.post else None,
                request=visit.request.pk if visit.request else None,
                kind=visit.kind.value,
                visited_on=visit.visited_on.isoformat(),
                participants=visit.participants,
                readiness=visit.readiness,
                note=visit.note,
                **{point: mark.value for point, (mark, _) in visit.checks.items()},
                **{f"{point}_note": note for point, (_, note) in visit.checks.items()},
            )
            if visit.seen:
                judging[id(visit.seen)] = visit.pk
            for position, (severity, text, due) in enumerate(visit.findings, start=1):
                self.rows.add(
                    "roadmap.finding",
                    visit=visit.pk,
                    position=position,
                    severity=severity.value,
                    text=text,
                    due_on=due.isoformat() if due else None,
                )
        return judging

    def meeting(self, meeting: Meeting) -> None:
        """A meeting; its agenda comes after the recommendations that were heard."""
        body = self.keys["body"]
        meeting.pk = self.rows.add(
            "roadmap.meeting",
            **self._entered(meeting.author, meeting.typed, "meeting", *meeting.body, meeting.typed.created_at),
            body=body[meeting.body],
            joint_with=[body[partner] for partner in meeting.partners],
            kind=meeting.kind.value,
            held_on=meeting.held_on.isoformat(),
            place=meeting.place,
            minutes_number=meeting.number,
            present=meeting.present,
            note=meeting.note,
        )
        if meeting.annulled:
            self.rows.add(
                "roadmap.meetingannulment",
                **self._entered(meeting.author, meeting.annulled, "annulment", meeting.pk),
                meeting=meeting.pk,
                note="Отырыс екі рет енгізілген, бұл жазба есепке алынбайды.",
            )

    def agendas(self, meetings: list[Meeting]) -> None:
        """The agendas of all meetings."""
        for meeting in meetings:
            for position, point in enumerate(meeting.agenda, start=1):
                self.rows.add(
                    "roadmap.agendaitem",
                    meeting=meeting.pk,
                    position=position,
                    title=point.title,
                    decision=point.decision,
                    recommendation=point.heard.pk if point.heard else None,
                )

    def advice(self, advice: Advice) -> None:
        """A recommendation or a proposal."""
        origin = advice.origin
        advice.pk = self.rows.add(
            "roadmap.recommendation",
            **self._entered(advice.author, advice.typed, "recommendation", self.rows.last("roadmap.recommendation")),
            branch=self.keys["branch"][advice.branch],
            meeting=origin.pk if isinstance(origin, Meeting) else None,
            visit=origin.pk if isinstance(origin, Visit) else None,
            request=origin.pk if isinstance(origin, Asked) else None,
            monitoring=origin if isinstance(origin, str) else "",
            text=advice.text,
            addressee=advice.addressee,
            executor=advice.executor,
            issued_on=advice.issued_on.isoformat(),
            due_on=advice.due_on.isoformat(),
            measure=advice.promise.pk if advice.promise else None,
            site=advice.site.pk if advice.site else None,
        )

    def steps(self, advices: list[Advice]) -> None:
        """What became of all of them, as it was entered."""
        told = [(advice, turn, step) for advice in advices for turn, step in enumerate(advice.steps)]
        for advice, turn, step in sorted(told, key=lambda one: (one[2].typed.created_at, one[0].pk, one[1])):
            self.rows.add(
                "roadmap.recommendationstep",
                **self._entered(step.author, step.typed, "step", advice.pk, turn),
                recommendation=advice.pk,
                state=step.state.value,
                happened_on=step.happened_on.isoformat(),
                done_by=self.users[step.done_by] if step.done_by else None,
                note=step.note,
            )
