"""What a plan does to schools and coefficients, as plain entries: today, without the plan, and year by year with it."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from junheng.core.school_rule import threshold
from junheng.core.verdict import Outcome, SchoolResult, Verdict
from junheng.planning.plan.explain import judged_without
from junheng.planning.plan.plan import Plan
from junheng.planning.scenario.tasks import Task
from junheng.reports.plan_work import STAGE_LABELS

__all__ = ["schools_of", "spreads_of"]

Entry = dict[str, Any]
_AREAS = {"urban": "城区", "town": "镇区", "rural": "乡村"}


def schools_of(plan: Plan, today: Verdict, tasks: Sequence[Task]) -> list[Entry]:
    """Every school that is judged or has a task: pupils, tasks by number, money, and per stage its indicators."""
    without, target = judged_without(plan), plan.verdicts[plan.problem.target_year]
    judged = {school.school_id for verdict in (without, target) for school in verdict.schools}
    concerned = judged | {task.school_id for task in tasks if task.school_id}
    rows = {row["school_id"]: row for row in plan.problem.facts.table("schools").rows(named=True)}
    return [
        {
            "school_id": school,
            "school_name": plan.problem.school_names[school],
            "area": _AREAS.get(rows[school]["area_type"] or "", "未填"),
            "tasks": [number for number, task in enumerate(tasks, start=1) if task.school_id == school],
            "money": round(sum(task.cost_fen for task in tasks if task.school_id == school) / 1e6, 6),
            "stages": [_stage(plan, today, without, result) for result in target.schools if result.school_id == school],
        }
        for school in sorted(concerned)
    ]


def _stage(plan: Plan, today: Verdict, without: Verdict, target: SchoolResult) -> Entry:
    results = {verdict.year: _result(verdict, target.key) for verdict in (today, *plan.verdicts.values())}
    undone = _result(without, target.key)
    return {
        "stage": target.stage.value,
        "stage_label": STAGE_LABELS[target.stage.value],
        "pupils": {str(year): None if found is None else found.student_count for year, found in results.items()},
        "outcomes": {str(year): None if found is None else found.outcome.value for year, found in results.items()},
        "outcome_without": None if undone is None else undone.outcome.value,
        "indicators": [
            _indicator(plan, target, place, list(results.values()), undone) for place in range(len(target.indicators))
        ],
    }


def _indicator(
    plan: Plan,
    target: SchoolResult,
    place: int,
    results: Sequence[SchoolResult | None],
    undone: SchoolResult | None,
) -> Entry:
    entry = plan.problem.standard.indicators[place]
    limit = threshold(entry, target.stage, plan.problem.rules)
    now = results[0]
    return {
        "indicator_id": entry.id,
        "name": entry.short_name,
        "unit": entry.unit,
        "decimals": entry.decimals,
        "threshold": float(limit),
        "today": None if now is None else _number(now.indicators[place].value),
        "without": None if undone is None else _number(undone.indicators[place].value),
        "by_year": [None if found is None else _number(found.indicators[place].value) for found in results[1:]],
        "is_met_today": _is_met(now, place),
        "is_met_without": _is_met(undone, place),
        "is_met": _is_met(target, place),
    }


def spreads_of(plan: Plan, today: Verdict) -> list[Entry]:
    """Every coefficient of variation: today, without the plan, and in every year with it."""
    without, target = judged_without(plan), plan.verdicts[plan.problem.target_year]
    names = {entry.id: entry.short_name for entry in plan.problem.standard.indicators}
    listed = []
    for place, entry in enumerate(target.dispersion):
        undone = without.dispersion[place]
        listed.append(
            {
                "stage": entry.stage.value,
                "stage_label": STAGE_LABELS[entry.stage.value],
                "indicator_id": entry.indicator_id,
                "name": names[entry.indicator_id],
                "limit": None if entry.limit is None else float(entry.limit),
                "today": today.dispersion[place].coefficient,
                "without": undone.coefficient,
                "by_year": [verdict.dispersion[place].coefficient for verdict in plan.verdicts.values()],
                "is_met_today": today.dispersion[place].outcome is Outcome.MET,
                "is_met_without": undone.outcome is Outcome.MET,
                "is_met": entry.outcome is Outcome.MET,
            }
        )
    return listed


def _result(verdict: Verdict, key: tuple[str, str]) -> SchoolResult | None:
    return next((school for school in verdict.schools if school.key == key), None)


def _number(value: Fraction | None) -> float | None:
    return None if value is None else float(value)


def _is_met(result: SchoolResult | None, place: int) -> bool | None:
    return None if result is None else result.indicators[place].outcome is Outcome.MET
