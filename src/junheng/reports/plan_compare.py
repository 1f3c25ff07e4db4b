"""Several plans side by side, as plain entries: what was asked differently, and what came of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from junheng.planning.scenario.field import Kind, ScenarioField
from junheng.planning.scenario.fields import scenario_fields
from junheng.planning.scenario.reading import at

__all__ = ["compare_scenarios", "shown"]

Entry = dict[str, Any]
Data = Mapping[str, Any]


def compare_scenarios(plans: Sequence[Data]) -> Entry:
    """`columns` (one per plan: title, digest), `differences` (entries of the scenarios that differ) and `results`.

    Every row has `label`, `unit` and `values`, one per plan; a value is null where a plan has none.
    """
    return {
        "columns": [
            {"title": plan["title"], "digest": plan["digest"], "status": plan["status"], "text": plan["text"]}
            for plan in plans
        ],
        "differences": list(_differences(plans)),
        "results": [*_results(plans), *_by_year(plans), *_measures(plans)],
    }


def shown(entry: ScenarioField, value: Any) -> str:
    """The value of an entry as people read it: labels of choices, 是 and 否, the number of rows of a table."""
    if value is None or value == []:
        return ""
    if entry.kind is Kind.TABLE:
        return f"{len(value)} 行"
    if entry.kind is Kind.FLAG:
        return "是" if value else "否"
    if entry.kind is Kind.LIST:
        return "、".join(value)
    return dict(entry.choices).get(value, str(value)) if entry.choices else str(value)


def _differences(plans: Sequence[Data]) -> Iterator[Entry]:
    for entry in scenario_fields():
        values = [at(plan["scenario"], entry.path) for plan in plans]
        if entry.path != "title" and any(value != values[0] for value in values):
            texts = [shown(entry, value) for value in values]
            yield {"path": entry.path, "label": entry.label, "unit": entry.unit, "values": texts}


_RESULTS: Sequence[tuple[str, str, Callable[[Data], Any]]] = (
    ("结果", "", lambda plan: plan["status_label"]),
    ("方案费用（折现）", "万元", lambda plan: plan["cost"]),
    ("理论下限", "万元", lambda plan: plan["bound"]),
    ("差距", "%", lambda plan: None if plan["optimality_gap"] is None else round(plan["optimality_gap"] * 100, 3)),
    ("支出合计（不折现）", "万元", lambda plan: plan["spent"]),
    ("目标年度达标校段", "个", lambda plan: plan["years"][-1]["passing"] if "years" in plan else None),
    ("目标年度超限的差异系数", "个", lambda plan: plan["years"][-1]["spreads_broken"] if "years" in plan else None),
    (
        "有任务的学校",
        "所",
        lambda plan: sum(bool(school["tasks"]) for school in plan["schools"]) if "schools" in plan else None,
    ),
    (
        "人数变化时仍达标的可能",
        "%",
        lambda plan: round(plan["robustness"]["passes"] * 100, 1) if plan.get("robustness") else None,
    ),
)


def _results(plans: Sequence[Data]) -> Iterator[Entry]:
    for label, unit, value in _RESULTS:
        yield {"label": label, "unit": unit, "values": [value(plan) for plan in plans]}


def _by_year(plans: Sequence[Data]) -> Iterator[Entry]:
    years = sorted({entry["year"] for plan in plans for entry in plan.get("years", ())[1:]})
    for key, label, unit in (("spent", "支出", "万元"), ("passing", "达标校段", "个")):
        for year in years:
            found = [
                next((entry[key] for entry in plan.get("years", ()) if entry["year"] == year), None) for plan in plans
            ]
            yield {"label": f"{year} 年{label}", "unit": unit, "values": found}


def _measures(plans: Sequence[Data]) -> Iterator[Entry]:
    seen = {entry["measure"]: entry for plan in plans for entry in plan.get("measures", ())}
    for measure, named in seen.items():
        found = [
            next((entry["amount"] for entry in plan.get("measures", ()) if entry["measure"] == measure), 0)
            if "measures" in plan
            else None
            for plan in plans
        ]
        yield {"label": named["label"], "unit": named["unit"], "values": found}
