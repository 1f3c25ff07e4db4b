"""The work and the money of a plan as plain entries: tasks, measures in all, money by year and source."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, overload

from junheng.planning.plan.measures import Measure
from junheng.planning.plan.model import FEN_PER_MONEY
from junheng.planning.plan.plan import Plan
from junheng.planning.scenario.field import STAGE_CHOICES
from junheng.planning.scenario.tasks import Task

__all__ = ["measure_entries", "money_entries", "task_entries", "wan"]

Entry = dict[str, Any]
STAGE_LABELS = {"": "", **dict(STAGE_CHOICES)}


def task_entries(tasks: Sequence[Task]) -> list[Entry]:
    """Every task with its number, money in 万元, department and dates."""
    return [
        {
            "number": number,
            "year": task.year,
            "school_id": task.school_id,
            "school_name": task.school_name,
            "stage": task.stage,
            "stage_label": STAGE_LABELS[task.stage],
            "measure": task.measure.value,
            "measure_label": task.measure.label,
            "text": task.text,
            "amount": task.amount,
            "unit": task.measure.unit,
            "is_leaving": task.is_leaving,
            "money": wan(task.cost_fen),
            "money_by_year": {str(year): wan(fen) for year, fen in task.fen.items()},
            "source": task.source,
            "department": task.department,
            "starts": task.starts.isoformat(),
            "ends": task.ends.isoformat(),
        }
        for number, task in enumerate(tasks, start=1)
    ]


def measure_entries(tasks: Sequence[Task]) -> list[Entry]:
    """What is done in the whole county, by measure: amounts by the year of the task, money by the year it is paid."""
    found = []
    for measure in Measure:
        own = [task for task in tasks if task.measure is measure and not task.is_leaving]
        if own:
            amounts: dict[str, int] = {}
            money: dict[str, int] = {}
            for task in own:
                amounts[str(task.year)] = amounts.get(str(task.year), 0) + task.amount
                for year, fen in task.fen.items():
                    money[str(year)] = money.get(str(year), 0) + fen
            found.append(
                {
                    "measure": measure.value,
                    "label": measure.label,
                    "unit": measure.unit,
                    "amount": sum(amounts.values()),
                    "amount_by_year": dict(sorted(amounts.items())),
                    "money": wan(sum(money.values())),
                    "money_by_year": {year: wan(fen) for year, fen in sorted(money.items())},
                    "schools": len({task.school_id for task in own if task.school_id}),
                }
            )
    return found


def money_entries(plan: Plan) -> list[Entry]:
    """What every source pays in every year, with its budget (null: not limited)."""
    problem, spending = plan.problem, plan.spending
    budgets = problem.limits.budgets
    named = {source for _, source in spending}
    sources = sorted(named | {source for _, source in budgets or {}})
    return [
        {
            "year": year,
            "source": source,
            "amount": wan(spending.get((year, source), 0)),
            "budget": None if budgets is None else wan(budgets.get((year, source), 0)),
        }
        for source in sources
        for year in problem.years
    ]


@overload
def wan(fen: float) -> float: ...


@overload
def wan(fen: None) -> None: ...


@overload
def wan(fen: float | None) -> float | None: ...


def wan(fen: float | None) -> float | None:
    """分 as 万元, to the 分; None stays None."""
    return None if fen is None else round(fen / FEN_PER_MONEY, 6)
