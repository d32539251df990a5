"""What holds of figures whatever people report, verify and move, in whatever order, on whatever day.

Hypothesis makes up a year in the life of a small oblast; it is lived through with the real actions. What the product
said at the end of days is stored, and compared with a reckoning of our own (`Story`), with the rows, and with what the
product says of those days later.
"""

import datetime as dt
import itertools
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from branches.choices import Role
from branches.models import Assignment, Branch
from roadmap import actions
from roadmap.choices import (
    CLOSED,
    FOLLOWED_TO_THE_END,
    IN_USE,
    REPORTABLE,
    SAYABLE,
    BodyKind,
    ClosingReason,
    DelayReason,
    MeetingKind,
    PostEvent,
    RecommendationState,
    SiteState,
    Status,
    Verdict,
)
from roadmap.dashboards.control import control_counts, scope_of
from roadmap.dashboards.overview import overview
from roadmap.dashboards.pace import pace
from roadmap.dashboards.today import reportable, today
from roadmap.metrics import Statement, Tally, done_on_days, tallies_by
from roadmap.models import (
    Body,
    ControlPost,
    Measure,
    Meeting,
    Recommendation,
    Roadmap,
    Site,
    SiteVisit,
    StatusReport,
)

YEAR, STALE_AFTER = 2025, 30
FIRST_DAY = dt.date(2025, 1, 10)  # five days before the roadmaps are approved
MEASURES = (("own", 0), ("own", 1), ("other", 0), ("oblast", 1))  # branch, direction
REPORTERS = {"own": "secretary", "other": "other_secretary", "oblast": "coordinator"}
FLAGS = ("is_confirmed", "is_unconfirmed", "is_overdue", "is_at_risk", "is_stale")


# --- a made-up life --------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Event:
    """Something that somebody tries to do after `gap` days; what does not concern its kind is passed over."""

    kind: str
    gap: int
    place: int  # which of the measures where it makes sense
    who: str
    status: Status
    age: int  # days between what was true and what was typed
    at_risk: bool
    verdict: Verdict
    deadline: dt.date


event = st.builds(
    Event,
    kind=st.sampled_from(("report",) * 5 + ("verify",) * 4 + ("correct", "move")),
    gap=st.sampled_from((0, 0, 0, 1, 2, 7, 30, 31, 45)),
    place=st.integers(0, 11),
    who=st.sampled_from(("branch", "branch", "branch", "coordinator", "stranger")),
    status=st.sampled_from((Status.DONE, Status.DONE, Status.DONE, Status.REMOVED, *REPORTABLE)),
    age=st.sampled_from((0, 0, 0, 1, 9, 40)),
    at_risk=st.booleans(),
    verdict=st.sampled_from(Verdict),
    deadline=st.dates(dt.date(2025, 1, 1), dt.date(2026, 2, 28)),
)
lives = st.lists(event, min_size=8, max_size=14)
deadlines = st.lists(
    st.dates(dt.date(2025, 2, 1), dt.date(2025, 12, 31)), min_size=len(MEASURES), max_size=len(MEASURES)
)


@dataclass
class Story:
    """Our own reckoning of one measure: what stands now."""

    deadline: dt.date
    status: str = Status.NO_REPORT
    reported_on: dt.date | None = None
    at_risk: bool = False
    confirmed: bool = False

    def flags(self, day):
        """The flags of the measure on `day`, in the order of FLAGS."""
        is_open = self.status not in CLOSED
        is_done = self.status == Status.DONE
        old = self.reported_on is not None and (day - self.reported_on).days > STALE_AFTER
        return (
            is_done and self.confirmed,
            is_done and not self.confirmed,
            is_open and self.deadline < day,
            is_open and self.at_risk,
            is_open and old,
        )


@dataclass
class Life:
    """What was lived through: the measures, their stories, and what the product said at the end of each day."""

    measures: list[Measure]
    stories: list[Story]
    day: dt.date = FIRST_DAY
    told: dict[dt.date, dict] = field(default_factory=dict)
    expected: dict[dt.date, dict] = field(default_factory=dict)

    def pass_days(self, days):
        """Let time go by; on the way look at the day that ends, at one in between, and at the last before the next."""
        until = self.day + dt.timedelta(days=days)
        for day in sorted({self.day, self.day + (until - self.day) // 2, until - dt.timedelta(days=1)}):
            self.day = day
            self.end_day()
        self.day = until

    def end_day(self):
        """Store what the product says of this day, and what it should say."""
        self.told[self.day] = said_of(self.day)
        known = self.day >= dt.date(2025, 1, 15)
        self.expected[self.day] = {
            measure.pk: (story.status, *story.flags(self.day))
            for measure, story in zip(self.measures, self.stories, strict=True)
            if known
        }


def said_of(day):
    """Everything the product says of the year as of `day`: class and flags of each row, and the tallies by branch."""
    known = Measure.objects.filter(roadmap__year=YEAR).as_of(day, STALE_AFTER)
    counted = list(known.counted_by("roadmap__branch__slug"))
    return {
        "rows": {row[0]: row[1:] for row in known.values_list("pk", "day_status", *FLAGS)},
        "whole": Tally.of(counted),
        "branches": tallies_by(counted, "roadmap__branch__slug"),
    }


@contextmanager
def lived(cast, deadlines, life):
    """Live through a life; all of it is undone at the end."""
    with transaction.atomic():
        both = {"user": cast.people.secretary, "role": Role.CONTROLLER, "region": cast.region}
        Assignment.objects.create(**both)  # so that some try to verify their own reports
        measures = [
            cast.add_measure(branch, direction=direction, deadline=deadline)
            for (branch, direction), deadline in zip(MEASURES, deadlines, strict=True)
        ]
        lived_through = Life(measures, [Story(deadline) for deadline in deadlines])
        for event in life:
            if event.gap:
                lived_through.pass_days(event.gap)
            happen(cast, lived_through, event)
        lived_through.end_day()
        yield lived_through
        transaction.set_rollback(True)


MAKES_SENSE = {
    "report": lambda story: story.status not in (Status.MOVED, Status.REMOVED),
    "correct": lambda story: story.status != Status.NO_REPORT,
    "move": lambda story: story.status not in CLOSED,
    "verify": lambda story: story.status == Status.DONE,
}


def happen(cast, life, event):
    """One thing that somebody tries to do; if it is not refused, our reckoning takes note of it."""
    places = [place for place, story in enumerate(life.stories) if MAKES_SENSE[event.kind](story)]
    places = places or range(len(MEASURES))
    place = places[event.place % len(places)]
    measure, story, day = life.measures[place], life.stories[place], life.day
    last = measure.statusreports.order_by("-id").first()
    people, told = cast.people, None
    then = day - dt.timedelta(days=event.age)
    try:
        if event.kind == "report":
            names = {"branch": REPORTERS[MEASURES[place][0]], "coordinator": "coordinator", "stranger": "controller"}
            actions.report_status(
                measure=measure,
                by=getattr(people, names[event.who]),
                today=day,
                status=event.status,
                note="түсіндірме",
                reported_on=then,
                at_risk=event.at_risk,
                delay_reason=DelayReason.WEATHER,
            )
            told = (event.status, then, event.at_risk)
        elif event.kind == "correct" and last:
            actions.correct_report(
                report=last, by=people.coordinator, today=day, status=event.status, note="қате", reported_on=then
            )
            told = (event.status, then, False)
        elif event.kind == "move":
            actions.move_deadline(
                measure=measure,
                by=people.coordinator,
                today=day,
                new_deadline=event.deadline,
                reason=DelayReason.LAND,
            )
            story.deadline = event.deadline
            told = (Status.MOVED, day, False) if event.deadline.year > YEAR else None
        elif event.kind == "verify" and last:
            seen_on = max(then, last.reported_on)
            actions.verify(
                report=last,
                by=people.secretary if event.who == "stranger" else people.controller,
                today=day,
                verdict=event.verdict,
                basis="акт",
                note="көрдім",
                seen_on=seen_on,
            )
            story.confirmed = True
            told = (Status.IN_PROGRESS, seen_on, False) if event.verdict == Verdict.REFUTES else None
    except (ValidationError, PermissionDenied):
        return
    if told:
        story.status, story.reported_on, story.at_risk = told
        story.confirmed = False


# A counterexample is not made smaller: each attempt lives through a year in the database, and that takes minutes.
made_up = settings(max_examples=15, phases=[Phase.explicit, Phase.generate])
histories = given(deadlines=deadlines, life=lives)


# --- what holds ------------------------------------------------------------------------------------------------------
@made_up
@histories
def test_the_figure_of_a_day_is_the_same_on_the_day_and_later(cast, deadlines, life):
    with lived(cast, deadlines, life) as lived_through:
        for day, told in lived_through.told.items():
            assert told["rows"] == lived_through.expected[day], day
            assert said_of(day) == told, day
            adds_up(told)


def adds_up(told):
    """Classes are disjoint and add up to the whole; confirmed is a part of claimed; branches add up to all of them."""
    whole, rows = told["whole"], list(told["rows"].values())
    assert whole.whole == len(rows) == sum(whole.count(status) for status in Status)
    assert Counter(row[0] for row in rows) == Counter(whole.classes)
    assert whole.confirmed.part <= whole.claimed.part <= whole.whole
    figures, branches = figures_of(whole), [figures_of(branch) for branch in told["branches"].values()]
    assert figures == [sum(branch[place] for branch in branches) for place in range(len(figures))]
    assert figures[-len(FLAGS) :] == [sum(row[place] for row in rows) for place in range(1, 1 + len(FLAGS))]


@made_up
@given(deadlines=deadlines, life=lives, later=st.sampled_from((0, 1, 31, 400)))
def test_every_figure_of_the_overview_is_the_recount_of_its_rows(cast, deadlines, life, later):
    branches = list(Branch.objects.select_related("region", "district").order_by("kind", "district__river_order"))
    with lived(cast, deadlines, life) as lived_through:
        day = lived_through.day + dt.timedelta(days=later)
        known = Measure.objects.filter(roadmap__year=YEAR).as_of(day, STALE_AFTER)
        rows = list(known.values("roadmap__branch__slug", "direction__slug", "day_status", *FLAGS))
        for branch in branches:
            shown = overview(branches=branches, branch=branch, year=YEAR, day=day, stale_after=STALE_AFTER)
            own = [row for row in rows if row["roadmap__branch__slug"] == branch.slug]
            assert figures_of(shown.tally) == recount(own)
            assert [count.count for count in shown.classes] == recount(own)[1 : 1 + len(Status)]
            slugs = sorted({row["direction__slug"] for row in own}, key=["housing", "education"].index)
            for line, slug in zip(shown.directions, slugs, strict=True):
                assert figures_of(line.tally) == recount([row for row in own if row["direction__slug"] == slug])
            assert [post.slug for post in shown.river] == ["own", "other"]
            for post in shown.river:
                there = [row for row in rows if row["roadmap__branch__slug"] == post.slug]
                assert figures_of(post.tally) == recount(there)
            assert len(shown.overdue) == shown.tally.overdue
            assert len(shown.at_risk) == shown.tally.at_risk
        filters = [{"day_status": status} for status in Status] + [{flag: True} for flag in FLAGS]
        assert [known.filter(**chosen).count() for chosen in filters] == recount(rows)[1:]


def figures_of(tally):
    """All figures of a tally."""
    classes = [tally.count(status) for status in Status]
    return [tally.whole, *classes, tally.confirmed.part, tally.unconfirmed, tally.overdue, tally.at_risk, tally.stale]


def recount(rows):
    """The same figures, counted one by one."""
    classes = [sum(row["day_status"] == status for row in rows) for status in Status]
    return [len(rows), *classes, *(sum(row[flag] for row in rows) for flag in FLAGS)]


@made_up
@histories
def test_the_pace_says_of_every_day_what_was_said_on_it(cast, deadlines, life):
    with lived(cast, deadlines, life) as lived_through:
        for branch in (cast.own, cast.other, cast.oblast):
            told = [
                Statement(*row)
                for row in StatusReport.objects.filter(measure__roadmap__branch=branch)
                .order_by("id")
                .values_list("measure", "entered_on", "status")
            ]
            days = [day for day in lived_through.told if day >= dt.date(2025, 1, 15)]
            done = [lived_through.told[day]["branches"].get(branch.slug, Tally()).claimed.part for day in days]
            assert done_on_days(told, days) == done
            for day in days[-1:]:
                shown = pace(branch=branch, year=YEAR, day=day)
                headline = lived_through.told[day]["branches"][branch.slug].claimed
                assert shown.now == headline
                assert [row.this_year for row in shown.rows if row.this_year][-1] == headline


@made_up
@given(deadlines=deadlines, life=lives, status=st.sampled_from(REPORTABLE), at_risk=st.booleans())
def test_what_is_reported_today_is_not_awaited_today(cast, deadlines, life, status, at_risk):
    with lived(cast, deadlines, life) as lived_through:
        day, user = lived_through.day, cast.people.coordinator
        branch = Branch.objects.select_related("district").get(slug="own")
        page = {"user": user, "branches": [branch], "branch": branch, "day": day, "stale_after": STALE_AFTER}
        left = today(**page).left
        for task in today(**page).tasks:
            reasons = {"at_risk": at_risk, "delay_reason": DelayReason.OTHER, "note": "түсіндірме"}
            actions.report_status(measure=task.measure, by=user, today=day, status=status, **reasons)
            shown = today(**page)
            assert task.measure.pk not in [other.measure.pk for other in shown.tasks]
            left -= 1
            assert shown.left == left
        assert left == 0
        # And what is not awaited is fresh: nothing open is without a report, returned, or older than 30 days.
        open_ones = reportable(user, day).filter(roadmap__branch=branch).as_of(day, STALE_AFTER).filter(is_open=True)
        assert not open_ones.filter(day_report=None).exists()
        assert not (open_ones.filter(is_returned=True) | open_ones.filter(is_stale=True)).exists()


# --- versions --------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("slug", ["own", "oblast"])
def test_the_figure_of_a_day_rests_on_the_version_in_force_on_it(cast, slug):
    """A roadmap approved anew changes no figure of the days before."""
    old = cast.add_measure(slug)
    actions.report_status(measure=old, by=cast.people.coordinator, today=cast.today, status=Status.DONE)
    before = said_of(cast.today)
    version = Roadmap.objects.create(
        programme=cast.programme,
        branch=old.roadmap.branch,
        year=YEAR,
        version=2,
        approved_on=cast.today + dt.timedelta(days=1),
    )
    for _ in range(3):
        cast.add_measure(roadmap=version)
    assert said_of(cast.today) == before
    assert said_of(cast.today)["branches"][slug].claimed.whole == 1
    assert said_of(version.approved_on)["branches"][slug].claimed == Tally({Status.NO_REPORT: 3}).claimed


# --- a made-up life of control ---------------------------------------------------------------------------------------
CONTROL_BEGINS = dt.date(2024, 11, 25)  # so that posts, meetings and recommendations pass from one year into the next
BRANCHES = ("own", "other", "oblast")
CONTROL_YEARS = (2024, 2025, 2026)


@dataclass(frozen=True)
class Deed:
    """Something that somebody of control or of a council tries to do after `gap` days."""

    kind: str
    gap: int
    place: int  # which of the rows that it could be about
    age: int  # days between when it was and when it was typed
    who: str
    number: int
    state: SiteState
    step: RecommendationState
    verdict: Verdict | None
    said: bool  # whether there is a note


DEEDS = (
    *("visit", "meet", "verify", "state") * 2,
    *("step",) * 3,
    *("issue", "report", "open", "close", "reopen", "withdraw", "annul", "register"),
)
deed = st.builds(
    Deed,
    kind=st.sampled_from(DEEDS),
    gap=st.sampled_from((0, 0, 0, 1, 9, 30, 70)),
    place=st.integers(0, 11),
    age=st.sampled_from((0, 0, 0, 1, 20, 50)),
    who=st.sampled_from(("controller", "controller", "coordinator", "secretary")),
    number=st.integers(0, 100),
    state=st.sampled_from((*SiteState, *IN_USE)),
    step=st.sampled_from((*SAYABLE, RecommendationState.DONE)),
    verdict=st.sampled_from((None, Verdict.CONFIRMS, Verdict.REFUTES)),
    said=st.sampled_from((True, True, False)),
)
lives_of_control = given(life=st.lists(deed, min_size=14, max_size=20))
few = settings(made_up, max_examples=8)  # each asks some hundred questions


def control_of(day, years, places=(*BRANCHES, "region")):
    """All that is counted of control, by place and year, as known on a day; "region": the oblast with all of it."""
    branches = {branch.slug: branch for branch in Branch.objects.select_related("region", "district")}
    counted = {}
    for place in places:
        branch = branches["oblast" if place == "region" else place]
        scope = scope_of(branch) if place == "region" else [branch.pk]
        for year in years:
            counts = control_counts(branch=branch, scope=scope, year=year, day=day)
            counted[place, year] = figures_of_control(counts)
    return counted


def claimed_and_confirmed(day):
    """Of the measures: all, those reported as done, those confirmed."""
    tally = Tally.of(Measure.objects.filter(roadmap__year=YEAR).as_of(day, STALE_AFTER).counted_by())
    return tally.whole, tally.claimed.part, tally.confirmed.part


@contextmanager
def controlled(cast, life, end_day=lambda day: None):
    """Live through a life of control, with `end_day` at the end of each day; gives the last one. Undone at the end."""
    with transaction.atomic():
        for slug in BRANCHES:
            measure = cast.add_measure(slug)
            site = cast.add_site(slug, measures=[measure, cast.add_measure(slug)], today=CONTROL_BEGINS)
            cast.add_post(site, today=CONTROL_BEGINS)
            cast.add_site(slug, measures=[measure], today=CONTROL_BEGINS)
            cast.add_body(slug)
            cast.add_body(slug, BodyKind.COUNCIL)
        day = CONTROL_BEGINS
        for deed in life:
            if deed.gap:
                end_day(day)
                day += dt.timedelta(days=deed.gap)
            do(cast, day, deed)
        end_day(day)
        yield day
        transaction.set_rollback(True)


def one_of(rows, place):
    """One of the rows, or None when there is none."""
    rows = list(rows.order_by("pk"))
    return rows[place % len(rows)] if rows else None


def do(cast, day, deed):
    """One thing that somebody tries to do; what is refused is refused."""
    who, then = getattr(cast.people, deed.who), day - dt.timedelta(days=deed.age)
    by, note = {"by": cast.people.controller, "today": day}, "түсіндірме" if deed.said else ""
    advice = [actions.Advice("а", "б", then + dt.timedelta(days=20 * more)) for more in range(deed.number % 3)]
    site, recommendation = one_of(Site.objects, deed.place), one_of(Recommendation.objects, deed.place)
    posts = ControlPost.objects.as_of(day)
    try:
        if deed.kind == "register":
            cast.add_site(BRANCHES[deed.place % 3], today=day)
        elif deed.kind == "visit":
            claims = [measure.statusreports.order_by("-id").first() for measure in site.measures.order_by("pk")]
            judged = [claim for claim in claims if claim and claim.status == Status.DONE and deed.verdict]
            actions.record_visit(
                site=site,
                **by,
                visited_on=then,
                readiness=deed.number,
                note=note,
                advice=advice,
                judgements=[actions.Judgement(claim, deed.verdict, "көрдім") for claim in judged],
            )
        elif deed.kind == "meet":
            body = one_of(Body.objects, deed.place)
            actions.record_meeting(
                body=body,
                by=cast.people.controller if body.kind == BodyKind.COMMISSION else cast.people.coordinator,
                today=day,
                held_on=then,
                kind=MeetingKind.JOINT if deed.number % 4 == 0 else MeetingKind.REGULAR,
                joint_with=Body.objects.select_related("branch"),
                agenda=[actions.Point(f"{number}") for number in range(1 + deed.number % 2)],
                advice=advice,
            )
        elif deed.kind == "issue":
            branch = one_of(Branch.objects, deed.place)
            advised = actions.Advice("жөндеу", "мердігер", then)
            if branch.district and deed.number % 3 == 0:
                asked = cast.add_request(branch.slug, today=day)
                actions.refer_request(request=asked, by=asked.author, today=day, note="қарау")
                actions.recommend_on_request(request=asked, **by, issued_on=then, advice=advised)
            else:
                actions.issue_recommendation(branch=branch, **by, issued_on=then, monitoring="тоқсан", advice=advised)
        elif deed.kind == "report":
            measure = one_of(Measure.objects, deed.place)
            actions.report_status(measure=measure, by=cast.people.coordinator, today=day, status=Status.DONE)
        elif deed.kind == "state":
            actions.set_site_state(site=site, **by, state=deed.state, happened_on=then, note=note)
        elif deed.kind == "open":
            actions.open_post(sites=[site], **by, chair="Төраға", opened_on=then)
        elif deed.kind == "close":
            post = one_of(posts.filter(is_open=True), deed.place)
            reason = ClosingReason.values[deed.number % 3]
            if post:
                actions.close_post(post=post, **by, reason=reason, happened_on=then)
        elif deed.kind == "reopen":
            post = one_of(posts.filter(is_open=False), deed.place)
            if post:
                actions.reopen_post(post=post, **by, note=note, happened_on=then)
        elif deed.kind == "annul":
            meeting = one_of(Meeting.objects, deed.place)
            if meeting:
                actions.annul_meeting(meeting=meeting, by=who, today=day, note=note)
        elif recommendation and deed.kind == "step":
            actions.follow_recommendation(
                recommendation=recommendation, by=who, today=day, state=deed.step, note=note, happened_on=then
            )
        elif deed.kind == "verify":
            done = one_of(Recommendation.objects.as_of(day).filter(is_unverified=True), deed.place)
            if done:
                actions.verify_recommendation(recommendation=done, by=cast.people.controller, today=day)
        elif recommendation and deed.kind == "withdraw":
            actions.withdraw_recommendation(recommendation=recommendation, by=who, today=day, note=note)
    except (ValidationError, PermissionDenied):
        return


def figures_of_control(counts):
    """The plain numbers of `ControlCounts`, by name."""
    numbers = {
        "commissioned": counts.sites.part,
        "sites": counts.sites.whole,
        **{name: getattr(counts, name) for name in ("sites_with_defects", "posts", "open_posts", "visits")},
        **{name: getattr(counts, name) for name in ("meetings", "council_meetings", "issues")},
    }
    for name, follow_up in (("recommendations", counts.recommendations), ("proposals", counts.proposals)):
        numbers |= {(name, state.value): follow_up.count(state) for state in RecommendationState}
        numbers |= {
            f"{name} overdue": follow_up.overdue,
            f"{name} open": follow_up.open,
            f"{name} done": follow_up.done.part,
            f"{name} verified": follow_up.verified.part,
            name: follow_up.whole,
        }
    return numbers


def recount_control(branch, year, day):
    """The same numbers, counted row by row in Python from everything that was ever entered."""
    first, last = dt.date(year, 1, 1), dt.date(year, 12, 31)

    def known(rows, order="id"):
        return [row for row in rows.order_by("entered_on", order) if row.entered_on <= day]

    def stood(post):
        if post.opened_on > last:
            return False
        ends = [post.opened_on]  # opened, closed, opened, closed…
        ends += [change.happened_on for change in known(post.changes)]
        pairs = itertools.zip_longest(ends[::2], ends[1::2], fillvalue=dt.date.max)
        return any(since <= last and until >= first for since, until in pairs)

    posts = [post for post in known(branch.posts) if stood(post)]
    events = {post: [change.event for change in known(post.changes)] for post in posts}
    sites = [site for site in known(branch.sites) if any(post in posts for post in site.posts.all())]
    states = [known(site.states)[-1].state for site in sites]
    meetings = [
        meeting
        for meeting in known(Meeting.objects.filter(body__branch=branch).select_related("body", "annulment"))
        if first <= meeting.held_on <= last
        and not (hasattr(meeting, "annulment") and meeting.annulment.entered_on <= day)
    ]
    visits = known(SiteVisit.objects.filter(site__branch=branch))
    numbers = Counter(
        {
            "commissioned": sum(state in IN_USE for state in states),
            "sites": len(sites),
            "sites_with_defects": states.count(SiteState.DEFECTS),
            "posts": len(posts),
            "open_posts": sum(not told or told[-1] == PostEvent.REOPENED for told in events.values()),
            "visits": sum(first <= visit.visited_on <= last for visit in visits),
            "meetings": sum(meeting.body.kind == BodyKind.COMMISSION for meeting in meetings),
            "council_meetings": sum(meeting.body.kind == BodyKind.COUNCIL for meeting in meetings),
            "issues": sum(meeting.agenda.count() for meeting in meetings if meeting.body.kind == BodyKind.COUNCIL),
        }
    )
    for row in known(branch.recommendations.select_related("meeting__body", "meeting__annulment")):
        if not first <= row.issued_on <= last or (row.meeting and row.meeting not in meetings):
            continue
        name = "proposals" if row.is_of_council else "recommendations"
        state = known(row.steps)[-1].state
        is_open = state not in FOLLOWED_TO_THE_END
        numbers[name] += 1
        numbers[name, state] += 1
        numbers[f"{name} open"] += is_open
        numbers[f"{name} overdue"] += is_open and row.due_on < day
        numbers[f"{name} done"] += state in (RecommendationState.DONE, RecommendationState.VERIFIED)
        numbers[f"{name} verified"] += state == RecommendationState.VERIFIED
    return numbers


# --- what holds of control -------------------------------------------------------------------------------------------
@few
@lives_of_control
def test_what_control_counts_of_a_day_is_the_same_on_the_day_and_later(cast, life):
    told = {}

    def said(day):
        return control_of(day, [day.year], ["own", "region"]), claimed_and_confirmed(day)

    def end_day(day):
        told[day] = said(day)

    with controlled(cast, life, end_day):
        for day in told:
            assert said(day) == told[day], day
            control, (whole, claimed, confirmed) = told[day]
            assert confirmed <= claimed <= whole
            parts_are_parts(control)


def parts_are_parts(told):
    """Parts are not more than their wholes, and states are disjoint."""
    for numbers in told.values():
        assert numbers["sites_with_defects"] <= numbers["commissioned"] <= numbers["sites"]
        assert numbers["open_posts"] <= numbers["posts"]
        for name in ("recommendations", "proposals"):
            assert numbers[name] == sum(numbers[name, state.value] for state in RecommendationState)
            assert numbers[f"{name} verified"] <= numbers[f"{name} done"] <= numbers[name]
            assert numbers[f"{name} overdue"] <= numbers[f"{name} open"] <= numbers[name] - numbers[f"{name} done"]


@few
@lives_of_control
def test_what_control_counts_is_the_recount_of_its_rows(cast, life):
    with controlled(cast, life) as last:
        for day in (CONTROL_BEGINS + (last - CONTROL_BEGINS) // 2, last):
            told = control_of(day, CONTROL_YEARS)
            parts_are_parts(told)
            for year in CONTROL_YEARS:
                branches = [told[slug, year] for slug in BRANCHES]
                assert told["region", year] == {name: sum(own[name] for own in branches) for name in branches[0]}
                for branch in Branch.objects.all():
                    assert Counter(told[branch.slug, year]) == recount_control(branch, year, day), (branch, year, day)
                    issued_adds_up(branch, year, day, told[branch.slug, year])


def issued_adds_up(branch, year, day, told):
    """Meetings, visits, requests and monitoring together issued what was issued; each row stands under exactly one."""
    in_year = (dt.date(year, 1, 1), dt.date(year, 12, 31))
    held = Meeting.objects.filter(body__branch=branch, held_on__range=in_year).as_of(day).with_counts(day)
    of_meetings = Counter()
    for meeting in held.values("body__kind", "recommendations_count", "issues"):
        of_meetings[meeting["body__kind"]] += meeting["recommendations_count"]
        of_meetings["issues", meeting["body__kind"]] += meeting["issues"]
    known = Recommendation.objects.filter(branch=branch).known_on(day)
    of_visits = known.filter(visit__visited_on__range=in_year).count()
    of_requests = known.filter(request__isnull=False, issued_on__range=in_year).count()
    of_monitoring = known.exclude(monitoring="").filter(issued_on__range=in_year).count()
    assert of_meetings[BodyKind.COMMISSION] + of_visits + of_requests + of_monitoring == told["recommendations"]
    assert of_meetings[BodyKind.COUNCIL] == told["proposals"]
    assert of_meetings["issues", BodyKind.COUNCIL] == told["issues"]
