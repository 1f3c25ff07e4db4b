"""What a plan's data say beside its measures: schools that open, teachers to come without the plan, who goes where."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from junheng.planning.forecast.teachers import TeacherForecast
from junheng.planning.plan.plan import Plan
from junheng.planning.scenario.asking import PlanAnswer
from junheng.planning.scenario.distances import TeacherMove
from junheng.planning.scenario.openings import OpenedSchool
from junheng.reports.plan_work import STAGE_LABELS, wan

__all__ = ["OPEN_SCHOOL", "additions", "move_entries"]

Entry = dict[str, Any]
OPEN_SCHOOL, _LABEL = "open_school", "新开学校"


def additions(answer: PlanAnswer, plan: Plan, data: Mapping[str, Any]) -> Entry:
    """Entries that are new in a plan's data, and those that change: openings are tasks and money as measures are."""
    opened = [entry for entry in answer.scenario.openings if entry.is_decided]
    made: Entry = {
        "openings": [_opening(entry, plan) for entry in opened],
        "teachers": _teachers(answer.question.teachers),
    }
    return {**made, **_with_openings(data, opened, plan)} if opened else made


def _opening(entry: OpenedSchool, plan: Plan) -> Entry:
    names, target = plan.problem.school_names, plan.problem.target_year
    coming: dict[str, int] = {}
    for (giver, _stage), count in entry.comes_from.items():
        coming[giver] = coming.get(giver, 0) + count
    return {
        "school_id": entry.school_id,
        "school_name": entry.name,
        "township": entry.township,
        "year": entry.year,
        "money": wan(entry.fen),
        "source": entry.source,
        "stages": [
            {
                "stage": own.stage.value,
                "stage_label": STAGE_LABELS[own.stage.value],
                "capacity": own.capacity,
                "pupils": plan.problem.pupils[target][entry.school_id, own.stage.value],
            }
            for own in entry.stages
        ],
        "comes_from": [
            {"school_id": giver, "school_name": names[giver], "pupils": count}
            for giver, count in sorted(coming.items())
        ],
    }


def _with_openings(data: Mapping[str, Any], opened: list[OpenedSchool], plan: Plan) -> Entry:
    """The tasks, the money and the schools of a plan with what it costs to open schools. Budgets are whole again: what openings
    take of them had been taken off for the planner."""
    paid: dict[tuple[int, str], int] = {}
    for entry in opened:
        paid[entry.year, entry.source] = paid.get((entry.year, entry.source), 0) + entry.fen
    tasks = [*data["tasks"], *(_task(entry, len(data["tasks"]) + place) for place, entry in enumerate(opened, 1))]
    return {
        "tasks": tasks,
        "measures": [*data["measures"], _measure(opened)],
        "money": _money(data["money"], paid, plan),
        "spent": round(data["spent"] + wan(sum(paid.values())), 6),
        "years": [
            {
                **row,
                "spent": round(
                    row["spent"] + sum(wan(fen) for (year, _), fen in paid.items() if year == row["year"]), 6
                ),
            }
            for row in data["years"]
        ],
        "schools": [_school(row, tasks) for row in data["schools"]],
    }


def _task(entry: OpenedSchool, number: int) -> Entry:
    capacity = "、".join(f"{STAGE_LABELS[own.stage.value]}容纳 {own.capacity} 人" for own in entry.stages)
    return {
        "number": number,
        "year": entry.year,
        "school_id": entry.school_id,
        "school_name": entry.name,
        "stage": "",
        "stage_label": "",
        "measure": OPEN_SCHOOL,
        "measure_label": _LABEL,
        "text": f"{_LABEL}（{capacity}）",
        "amount": 1,
        "unit": "所",
        "is_leaving": False,
        "money": wan(entry.fen),
        "money_by_year": {str(entry.year): wan(entry.fen)} if entry.fen else {},
        "source": entry.source,
        "department": entry.department,
        "starts": date(entry.year, 1, 1).isoformat(),
        "ends": date(entry.year, 8, 31).isoformat(),
    }


def _measure(opened: list[OpenedSchool]) -> Entry:
    counts: dict[str, int] = {}
    money: dict[str, int] = {}
    for entry in sorted(opened, key=lambda entry: entry.year):
        counts[str(entry.year)] = counts.get(str(entry.year), 0) + 1
        money[str(entry.year)] = money.get(str(entry.year), 0) + entry.fen
    return {
        "measure": OPEN_SCHOOL,
        "label": _LABEL,
        "unit": "所",
        "amount": len(opened),
        "amount_by_year": counts,
        "money": wan(sum(money.values())),
        "money_by_year": {year: wan(fen) for year, fen in money.items()},
        "schools": len(opened),
    }


def _money(rows: list[Entry], paid: Mapping[tuple[int, str], int], plan: Plan) -> list[Entry]:
    found = {(row["year"], row["source"]): row for row in rows}
    budgets = plan.problem.limits.budgets
    for source in dict.fromkeys(source for _, source in paid):
        for year in plan.problem.years:
            budget = None if budgets is None else 0.0
            found.setdefault((year, source), {"year": year, "source": source, "amount": 0.0, "budget": budget})
    return [
        {
            **row,
            "amount": round(row["amount"] + wan(paid.get(key, 0)), 6),
            "budget": None if row["budget"] is None else round(row["budget"] + wan(paid.get(key, 0)), 6),
        }
        for key, row in found.items()
    ]


def _school(row: Entry, tasks: list[Entry]) -> Entry:
    own = [task for task in tasks if task["school_id"] == row["school_id"]]
    return {**row, "tasks": [task["number"] for task in own], "money": round(sum(task["money"] for task in own), 6)}


def move_entries(moves: Sequence[TeacherMove], names: Mapping[str, str]) -> list[Entry]:
    """Who gives teachers to whom, year by year; kinds of teachers are put together."""
    counts: dict[tuple[int, str, str, str, int | None], int] = {}
    for move in moves:
        key = (move.year, move.stage, move.giver_id, move.receiver_id, move.metres)
        counts[key] = counts.get(key, 0) + move.count
    return [
        {
            "year": year,
            "stage": stage,
            "stage_label": STAGE_LABELS[stage],
            "giver_id": giver,
            "giver_name": names[giver],
            "receiver_id": receiver,
            "receiver_name": names[receiver],
            "count": count,
            "km": None if metres is None else metres / 1000,
        }
        for (year, stage, giver, receiver, metres), count in counts.items()
    ]


def _teachers(found: TeacherForecast | None) -> list[Entry] | None:
    """Teachers year by year without the plan; None where nothing is assumed of them."""
    if found is None or not found.rows:
        return None
    return [
        {
            "year": entry.year,
            "retired": round(entry.retired, 1),
            "left": round(entry.left, 1),
            "hired": entry.hired,
            "count": round(entry.count, 1),
        }
        for entry in found.county()
    ]
