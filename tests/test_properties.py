"""What holds of figures whatever people report, verify and move, in whatever order, on whatever day.

Hypothesis makes up a year in the life of a small oblast; it is lived through with the real actions. What the product
said at the end of days is stored, and compared with a reckoning of our own (`Story`), with the rows, and with what the
product says of those days later.
"""

import datetime as dt
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
from roadmap.choices import CLOSED, REPORTABLE, DelayReason, Status, Verdict
from roadmap.dashboards.overview import overview
from roadmap.dashboards.pace import pace
from roadmap.dashboards.today import reportable, today
from roadmap.metrics import Statement, Tally, done_on_days, tallies_by
from roadmap.models import Measure, Roadmap, StatusReport

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
