"""The proof of a plan: core judges the facts it leads to, and must find what the model found."""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from junheng.core.errors import PlanningError
from junheng.core.facts import Facts
from junheng.core.judge import default_day, judge
from junheng.core.school_rule import threshold
from junheng.core.verdict import Outcome, Verdict
from junheng.planning.plan.actions import Action
from junheng.planning.plan.county import Floats
from junheng.planning.plan.limits import RowKey
from junheng.planning.plan.measures import Measure
from junheng.planning.plan.model import Model
from junheng.planning.plan.problem import Problem
from junheng.planning.plan.promises import milestone_results

_TOLERANCE = 1e-6
_ITEMS = {
    "class_size": (Measure.OPEN_CLASS,),
    "music_and_art_rooms": (Measure.FIT_MUSIC_ROOM, Measure.FIT_FINE_ART_ROOM),
}


def judge_years(problem: Problem, facts: Mapping[int, Facts]) -> Mapping[int, Verdict]:
    """The verdict on every year."""
    return {
        year: judge(entry, problem.standard, problem.dictionary, on=default_day(year), enabled=problem.enabled)
        for year, entry in facts.items()
    }


def prove(model: Model, verdicts: Mapping[int, Verdict], values: Floats, actions: Sequence[Action] = ()) -> None:
    """PlanningError when the verdict on the target year is not what the model says, in outcomes or in numbers, or when a
    milestone is missed in its year."""
    verdict = verdicts[model.problem.target_year]
    faults = [*_schools(model, verdict, values), *_numbers(model, verdict, values), *_county(model, verdict, values)]
    faults += _items(model.problem, verdicts)
    faults += _milestones(model, verdicts, values, actions)
    if faults:
        listed = "；".join(faults[:3])
        raise PlanningError(
            f"方案与判定不一致，共 {len(faults)} 处，方案不能使用：{listed}。请把数据和这条信息交给维护者。"
        )


def failing_rows(model: Model, values: Floats) -> tuple[RowKey, ...]:
    """The school stages that a solution leaves failing."""
    return tuple(key for key, flag in zip(model.county.rows, values[model.fails] > 0.5, strict=True) if flag)


def _schools(model: Model, verdict: Verdict, values: Floats) -> Iterator[str]:
    left = set(failing_rows(model, values))
    judged = {entry.key: entry.outcome for entry in verdict.schools}
    for key in sorted(set(judged) ^ set(model.county.rows)):
        yield f"{key[0]}（{key[1]}）只在一边纳入评估"
    if model.county.has_rule:
        for key, outcome in judged.items():
            if outcome is not Outcome.MET and key not in left:
                yield f"{key[0]}（{key[1]}）规划为达标，判定为{outcome.label}"


def _numbers(model: Model, verdict: Verdict, values: Floats) -> Iterator[str]:
    county, rules = model.county, model.problem.rules
    shares = values[model.share]
    places = {key: row for row, key in enumerate(county.rows)}
    for school in verdict.schools:
        for index, result in enumerate(school.indicators):
            limit = threshold(county.indicators[index], school.stage, rules)
            planned = shares[places[school.key], index] if school.key in places else np.nan
            if result.value is None or not abs(float(result.value / limit) - planned) <= _TOLERANCE * max(1.0, planned):
                yield f"{school.school_name}“{county.indicators[index].short_name}”与规划的数值不同"


def _county(model: Model, verdict: Verdict, values: Floats) -> Iterator[str]:
    widened = {
        (entry.id, stage)
        for index, entry in enumerate(model.county.indicators)
        for number, stage in enumerate(("primary", "junior"))
        if values[model.more_spread[number, index]] > 0
    }
    for entry in verdict.dispersion:
        key = (entry.indicator_id, entry.stage.value)
        if entry.outcome is Outcome.NOT_MET and key not in widened:
            yield f"“{entry.indicator_id}”（{entry.stage.value}）的差异系数判定为不达标"
        if entry.mean_outcome is Outcome.NOT_MET:
            yield f"“{entry.indicator_id}”（{entry.stage.value}）的全县平均值判定为不达标"


def _items(problem: Problem, verdicts: Mapping[int, Verdict]) -> list[str]:
    """Items that the plan takes care of: in the target year, rotation in every year."""
    last = problem.target_year
    formulas = [name for name, measures in _ITEMS.items() if _is_planned(problem, measures)]
    checked = [(last, name) for name in formulas]
    checked += [(year, "rotation") for year in verdicts] if problem.limits.with_rotation else []
    faults = []
    for year, formula in checked:
        item = problem.item(formula)
        results = [entry for entry in verdicts[year].items if item is not None and entry.item_id == item.id]
        faults += [f"{year} 年“{entry.name}”判定为不达标" for entry in results if entry.outcome is Outcome.NOT_MET]
    return faults


def _milestones(model: Model, verdicts: Mapping[int, Verdict], values: Floats, actions: Sequence[Action]) -> list[str]:
    """Milestones that are missed and were not given up."""
    is_kept = values[model.lacks] <= 0
    results = milestone_results(model.problem, actions, verdicts)
    return [
        f"阶段目标“{entry.text}”没有实现"
        for entry, kept in zip(results, is_kept, strict=True)
        if kept and not entry.is_met
    ]


def _is_planned(problem: Problem, measures: tuple[Measure, ...]) -> bool:
    limits = problem.limits
    is_free = not any(measure in measures for _, measure in limits.forbidden)
    return is_free and all(measure in limits.allowed for measure in measures)
