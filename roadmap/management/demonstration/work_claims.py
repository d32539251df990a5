"""What roadmaps claim of places: so that requests contradict a few of the claims, on purpose, and not many more."""

import datetime as dt
from collections import defaultdict

from roadmap.choices import Status
from roadmap.management.demonstration.life import days
from roadmap.management.demonstration.roadmaps import Promise, Told
from roadmap.management.demonstration.rows import stream
from roadmap.management.demonstration.schedule import LAST_DAY, Plan
from roadmap.management.demonstration.work_days import office_from
from roadmap.management.demonstration.work_reference import DIRECTION_OF, TOPICS_OF

CONTRADICTED = {2024: 6, 2025: 9, 2026: 15}  # claims of which citizens still ask, by the year of the roadmap
TOPIC_OF_GROUP = {1: "housing", 2: "electricity_gas", 3: "water", 4: "roads"}  # of the first direction's tasks


class Claims:
    """Measures with a place that are reported as done."""

    def __init__(self, told: Told) -> None:
        self.done = [
            (plan, promise)
            for plan, promise in told
            if promise.story.status == Status.DONE and promise.task.locality and promise.task.locality[1]
        ]
        self.days: dict[tuple, list[dt.date]] = defaultdict(list)
        for plan, promise in self.done:
            key = (promise.task.locality, promise.task.direction, plan.year)
            self.days[key].append(promise.story.said[-1].reported_on)

    def contradicted_by(self, locality: tuple[str, str] | None, topic: str, day: dt.date) -> bool:
        """Whether a request of a day speaks against a claim of the year's roadmaps."""
        direction = DIRECTION_OF[topic]
        return any(claimed < day for claimed in self.days.get((locality, direction, day.year), ()))

    def chosen(self, known: set[tuple[str, str]]) -> list[tuple[Plan, Promise, str, dt.date]]:
        """Claims of the places `known` that a request contradicts on purpose: on which topic, received on which day."""
        found = []
        for year, number in CONTRADICTED.items():
            chance = stream("contradicted", year)
            offers = [one for one in self.done if one[0].year == year and one[1].task.locality in known]
            chance.shuffle(offers)
            taken: dict[str, int] = defaultdict(int)
            for plan, promise in offers:
                day = office_from(promise.story.said[-1].entered_on + days(chance.randint(3, 40)))
                if day > min(LAST_DAY - days(3), dt.date(year, 12, 20)) or taken[plan.branch] == 2:
                    continue
                taken[plan.branch] += 1
                found.append((plan, promise, topic_of(promise), day))
                if sum(taken.values()) == number:
                    break
        return found


def topic_of(promise: Promise) -> str:
    """The topic of requests that a measure is nearest to."""
    if promise.task.direction == "housing":
        return TOPIC_OF_GROUP[promise.task.group]
    return TOPICS_OF[promise.task.direction][0]
