"""Money and quantities of sample measures."""

import random
from decimal import ROUND_HALF_UP, Decimal

from roadmap.choices import Budget, Status, Unit
from roadmap.management.demonstration.reference import OBLAST
from roadmap.management.demonstration.titles import Task
from roadmap.management.demonstration.works import Kind, Where

MILLION = 1_000_000


def funding(task: Task, branch: str, status: Status, chance: random.Random) -> list[dict[str, object]]:
    """The funding lines of a measure, as fields: two measures in five have any; spent as far as the work has come."""
    if task.work is None or task.work.cost is None or chance.random() > 0.56:
        return []
    low, high = task.work.cost
    if branch == OBLAST and task.work.where == Where.AREA:
        low, high = low * 6, high * 6
    total = chance.randint(low * 1000, high * 1000) * 1000 + (chance.randint(1, 999) if chance.random() < 0.3 else 0)
    budget = _budget(task, branch, chance)
    if total > 150 * MILLION and budget in (Budget.REPUBLICAN, Budget.OBLAST) and chance.random() < 0.4:
        share = total // 10
        shares = {budget: total - share, (Budget.DISTRICT if branch != OBLAST else Budget.OBLAST): share}
        if len(shares) == 1:
            shares = {budget: total}
    else:
        shares = {budget: total}
    return [
        {"budget": budget.value, "planned": planned} | _disbursed(planned, status, chance)
        for budget, planned in shares.items()
    ]


def _budget(task: Task, branch: str, chance: random.Random) -> Budget:
    if task.kind == Kind.TRADE:
        return Budget.PRIVATE
    if branch == OBLAST:
        return chance.choices((Budget.OBLAST, Budget.REPUBLICAN), (6, 4))[0]
    return chance.choices((Budget.DISTRICT, Budget.OBLAST, Budget.REPUBLICAN, Budget.OTHER), (38, 38, 20, 4))[0]


def _disbursed(planned: int, status: Status, chance: random.Random) -> dict[str, int]:
    def part(whole: int, low: float, high: float) -> int:
        return int(whole * chance.uniform(low, high)) // 1000 * 1000

    if status == Status.DONE:
        allocated = planned if chance.random() < 0.5 else part(planned, 0.95, 1.0)
        return {"allocated": allocated, "spent": allocated if chance.random() < 0.55 else part(allocated, 0.96, 1.0)}
    if status in (Status.IN_PROGRESS, Status.MOVED):
        allocated = planned if chance.random() < 0.4 else part(planned, 0.4, 0.9)
        return {"allocated": allocated, "spent": part(allocated, 0.25, 0.8)}
    return {}


def fact(plan: int, unit: Unit, progress: int, chance: random.Random) -> str:
    """What an indicator has reached when the work has come so far; people and events may exceed the plan a little."""
    reached = Decimal(plan) * progress / 100
    if progress >= 100 and unit in (Unit.PEOPLE, Unit.EVENTS, Unit.HOUSEHOLDS):
        reached *= Decimal(chance.choice(("1", "1", "1", "1.02", "1.05")))
    step = Decimal("0.1") if unit in (Unit.KM, Unit.HECTARES) and plan < 100 else Decimal(1)
    return str(reached.quantize(step, ROUND_HALF_UP))
