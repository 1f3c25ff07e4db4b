"""From the planner's answer to what is kept of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from junheng.api import planning
from junheng.core.findings import Finding
from junheng.web.documents.files import StoredFile
from junheng.web.plans.actions.plans import MadePlan
from junheng.web.plans.models import Plan, PlanStatus


def made(answer: planning.PlanAnswer, files: Sequence[StoredFile]) -> MadePlan:
    """An answer as it is kept."""
    data = planning.plan_data(answer)
    status = PlanStatus.REFUSED if answer.is_blocked else PlanStatus(answer.status.value)
    return MadePlan(status.value, data, figures_of(data), files)


def refused(plan: Plan, findings: Sequence[Finding]) -> MadePlan:
    """What is kept when the scenario could not even be read: the findings."""
    listed = [finding.as_dict() for finding in findings]
    data = {
        "title": plan.scenario_title,
        "scenario": plan.scenario_data,
        "target_year": None,
        "base_year": plan.run.year,
        "text": "".join(entry["message"] for entry in listed if entry["level"] == "error"),
        "status": "nothing",
        "status_label": PlanStatus.REFUSED.label,
        "findings": listed,
        **dict.fromkeys(("cost", "bound", "optimality_gap", "spent", "clash", "later", "digest")),
        "relaxations": [],
    }
    return MadePlan(PlanStatus.REFUSED.value, {**data, "status_label": "方案设定有问题待改正"}, figures_of(data))


def figures_of(data: Mapping[str, Any]) -> dict[str, Any]:
    """The little that lists and the page of adopted plans show."""
    years = data.get("years") or [None]
    today, target = years[0], years[-1]
    found = data.get("robustness")
    return {
        **{
            name: data.get(name)
            for name in ("target_year", "base_year", "cost", "bound", "optimality_gap", "spent", "text")
        },
        "outcome": target["outcome"] if target else None,
        "resources": target["resources"] if target else None,
        "passing": target["passing"] if target else None,
        "judged": target["judged"] if target else None,
        "passing_today": today["passing"] if today else None,
        "spreads_broken": target["spreads_broken"] if target else None,
        "robust": found["passes"] if found else None,
        "task_count": len(data.get("tasks") or ()),
        "goal": data.get("goal"),
    }
