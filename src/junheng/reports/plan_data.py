"""An answer of the planner as plain JSON data: all that pages and documents show, and all that next year's run compares with.

Money is in 万元 unless an entry says otherwise; shares are between 0 and 1; what is not known is null.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from junheng.core.digest import facts_digest, sha256_of
from junheng.core.facts import in_key_order
from junheng.core.judge import default_day, judge
from junheng.core.standard import Part
from junheng.core.verdict import Outcome, Verdict
from junheng.planning.plan.explain import exchanges, exchanges_by_area, left_open, milestones_of
from junheng.planning.plan.plan import Plan
from junheng.planning.plan.solver import Status
from junheng.planning.scenario.asking import PlanAnswer
from junheng.planning.scenario.distances import moves_of
from junheng.planning.scenario.fields import field_of
from junheng.planning.scenario.quantities import quantities_of
from junheng.planning.scenario.tasks import tasks_of
from junheng.planning.scenario.writing import scenario_data
from junheng.reports.plan_additions import additions, move_entries
from junheng.reports.plan_schools import schools_of, spreads_of
from junheng.reports.plan_work import measure_entries, money_entries, task_entries, wan

__all__ = ["FORMAT", "plan_data"]

FORMAT = 1
Entry = dict[str, Any]
STATUS_LABELS: Mapping[Status, str] = {
    Status.OPTIMAL: "已找到方案，与理论下限的差距在要求之内",
    Status.FEASIBLE: "到时间为止的最好方案",
    Status.INFEASIBLE: "在现有限制下没有可行方案",
    Status.NOTHING: "没有找到方案",
}
_VOLATILE = ("digest", "seconds")


def plan_data(answer: PlanAnswer) -> Entry:
    """Everything about an answer; parts that only a plan has are there only with one. `digest` is a hash over all but times."""
    data = {**_question(answer), **_outcome(answer), **_obstacles(answer)}
    if answer.plan is not None:
        data.update(_plan(answer, answer.plan))
        data.update(additions(answer, answer.plan, data))
    data["digest"] = sha256_of({key: value for key, value in data.items() if key not in _VOLATILE})
    return data


def _question(answer: PlanAnswer) -> Entry:
    scenario, county = answer.scenario, answer.county
    choice, found = scenario.pupils, answer.question.forecast
    facts = in_key_order(county.facts, county.dictionary)
    return {
        "format": FORMAT,
        "county_code": county.facts.county_code,
        "county_name": county.facts.county_name,
        "base_year": county.facts.year,
        "history_years": [entry.year for entry in county.history],
        "title": scenario.title,
        "standard_id": county.standard.id,
        "standard_title": county.standard.title,
        "target_year": scenario.target_year,
        "goal": scenario.goal.value,
        "goal_label": dict(field_of("goal").choices)[scenario.goal.value],
        "pupils": {
            "source": choice.source.value,
            "label": dict(field_of("pupils.source").choices)[choice.source.value],
            "quantile": None if found is None else float(choice.quantile),
            "simulations": None if found is None else choice.simulations,
            "seed": None if found is None else choice.seed,
        },
        "scenario": scenario_data(scenario),
        "digests": {
            "facts": facts_digest(facts),
            "standard": sha256_of(county.standard),
            "scenario": sha256_of(scenario_data(scenario)),
        },
    }


def _outcome(answer: PlanAnswer) -> Entry:
    plan = answer.plan
    return {
        "status": answer.status.value,
        "status_label": "数据或条件有错误" if answer.is_blocked else STATUS_LABELS[answer.status],
        "text": answer.text,
        "findings": [finding.as_dict() for finding in answer.findings],
        "cost": None if plan is None else wan(plan.cost_fen),
        "bound": wan(answer.bound_fen if plan is None else plan.bound_fen),
        "optimality_gap": None if plan is None else plan.optimality_gap,
        "spent": None if plan is None else wan(plan.spent_fen),
        "seconds": answer.seconds,
    }


def _obstacles(answer: PlanAnswer) -> Entry:
    clash, later = answer.clash, answer.later
    return {
        "clash": None
        if clash is None
        else {"texts": list(clash.texts), "is_smallest": clash.is_smallest, "text": clash.text},
        "relaxations": [
            {
                "family": entry.family.value,
                "label": entry.family.label,
                "is_enough": entry.is_enough,
                "status": entry.status.value,
                "gives": [{"subject": give.subject, "amount": give.amount, "unit": give.unit} for give in entry.gives],
                "cost": wan(entry.cost_fen),
                "text": entry.text,
            }
            for entry in answer.relaxations
        ],
        "later": None
        if later is None
        else {"year": later.year, "status": later.status.value, "cost": wan(later.cost_fen), "text": later.text},
    }


def _plan(answer: PlanAnswer, plan: Plan) -> Entry:
    county, problem = answer.county, plan.problem
    today = judge(
        county.facts, county.standard, county.dictionary, on=default_day(county.facts.year), enabled=problem.enabled
    )
    departments = {measure: answer.scenario.department(measure) for measure in problem.limits.allowed}
    moves = moves_of(plan, answer.scenario.distances)
    tasks = tasks_of(plan, departments, moves)
    given = exchanges(plan)
    return {
        "plan_digest": plan.digest,
        "solver": {
            "rounds": plan.report.rounds,
            "nodes": plan.report.nodes,
            "columns": plan.report.columns,
            "rows": plan.report.rows,
            "widening": plan.report.widening,
        },
        "years": [_year(entry, plan) for entry in (today, *plan.verdicts.values())],
        "money": money_entries(plan),
        "measures": measure_entries(tasks),
        "tasks": task_entries(tasks),
        "schools": schools_of(plan, today, tasks),
        "spreads": spreads_of(plan, today),
        "exchanges": [
            {
                "school_id": entry.school_id,
                "school_name": entry.school_name,
                "area": entry.area,
                "given": entry.given,
                "received": entry.received,
            }
            for entry in given
        ],
        "exchanges_by_area": [
            {"area": area, "given": gave, "received": got} for area, (gave, got) in exchanges_by_area(given).items()
        ],
        "moves": move_entries(moves, problem.school_names),
        "rotation": [
            {"year": year, "teachers": count, "backbone": plan.rotated_backbone.get(year, 0)}
            for year, count in sorted(plan.rotated.items())
        ],
        "milestones": [
            {"text": entry.text, "asked": entry.asked, "reached": entry.reached, "is_met": entry.is_met}
            for entry in milestones_of(plan)
        ],
        "bindings": [
            {"text": entry.text, "unit": entry.unit, "yuan": entry.fen / 100, "clause": entry.clause}
            for entry in answer.bindings
        ],
        "robustness": _robustness(answer),
        "left_open": [
            {
                "number": item.number,
                "name": item.name,
                "outcome": item.outcome.value,
                "label": item.outcome.label,
                "reasons": [reason.text for reason in item.reasons],
            }
            for item in left_open(plan)
        ],
        "expected": _expected(answer, plan),
    }


def _year(verdict: Verdict, plan: Plan) -> Entry:
    resources = verdict.part(Part.RESOURCES)
    broken = [entry for entry in verdict.dispersion if entry.outcome is Outcome.NOT_MET]
    spent = sum(fen for (year, _), fen in plan.spending.items() if year == verdict.year)
    return {
        "year": verdict.year,
        "outcome": verdict.outcome.value,
        "outcome_label": verdict.outcome.label,
        "resources": None if resources is None else resources.outcome.value,
        "resources_label": None if resources is None else resources.outcome.label,
        "judged": len(verdict.schools),
        "passing": _count(verdict.schools, Outcome.MET),
        "failing": [
            {"school_id": entry.school_id, "school_name": entry.school_name, "stage": entry.stage.value}
            for entry in verdict.schools
            if entry.outcome is not Outcome.MET
        ],
        "spreads": len(verdict.dispersion),
        "spreads_broken": len(broken),
        "items_failing": [entry.name for entry in verdict.items if entry.outcome is Outcome.NOT_MET],
        "spent": wan(spent),
        "verdict_digest": verdict.digest,
    }


def _count(results: Iterable[Any], outcome: Outcome) -> int:
    return sum(entry.outcome is outcome for entry in results)


def _robustness(answer: PlanAnswer) -> Entry | None:
    found = answer.robustness
    if found is None:
        return None
    names = {entry.id: entry.short_name for entry in answer.county.standard.indicators}
    return {
        "draws": found.draws,
        "passes": found.passes,
        "edge": [
            {
                "school_id": entry.row[0],
                "stage": entry.row[1],
                "school_name": entry.school_name,
                "fails": entry.fails,
                "lacks": names.get(entry.lacks, ""),
            }
            for entry in found.edge
        ],
        "spreads": [
            {
                "stage": entry.stage,
                "indicator_id": entry.indicator_id,
                "name": names[entry.indicator_id],
                "broken": entry.broken,
            }
            for entry in found.spreads
        ],
    }


def _expected(answer: PlanAnswer, plan: Plan) -> list[Entry]:
    """What schools have today and in every year of the plan, where anything changes: next year's run compares with it."""
    years = [answer.county.facts.year, *plan.facts]
    found = [quantities_of(facts) for facts in (answer.county.facts, *plan.facts.values())]
    keys = sorted({key for entry in found for key in entry})
    listed = []
    for school, stage, quantity in keys:
        values = [entry.get((school, stage, quantity)) for entry in found]
        if len(set(values)) > 1:
            listed.append(
                {
                    "school_id": school,
                    "stage": stage,
                    "quantity": quantity,
                    "values": dict(zip(map(str, years), values, strict=True)),
                }
            )
    return listed
