"""Why this plan: measures and money per school, what they do to every indicator and coefficient, which limits bind and what they
cost, and who gives and who receives teachers."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np

from junheng.core.judge import default_day, judge
from junheng.core.verdict import ItemResult, Outcome, Verdict
from junheng.planning.plan.actions import Action
from junheng.planning.plan.clashes import clause_text
from junheng.planning.plan.county import Floats
from junheng.planning.plan.limits import RowKey
from junheng.planning.plan.measures import HIRES, Measure
from junheng.planning.plan.milestones import MilestoneResult
from junheng.planning.plan.model import FEN_PER_MONEY
from junheng.planning.plan.plan import Plan
from junheng.planning.plan.planner import Planner
from junheng.planning.plan.promises import milestone_results
from junheng.planning.plan.search import Found, Opening
from junheng.planning.plan.solver import Effort
from junheng.planning.plan.states import STAGES

_LEAST_PRICE = 1e-7
_AREAS = {"urban": "城区", "town": "镇区", "rural": "乡村"}


@dataclass(frozen=True, slots=True)
class MeasureLine:
    """One measure of one school: the action and its 分 over all years, not discounted (0 where teachers leave)."""

    action: Action
    school_name: str
    fen: int


@dataclass(frozen=True, slots=True)
class Effect:
    """One indicator of one school stage in the target year, without and with the plan, in the unit of the standard."""

    row: RowKey
    indicator_id: str
    before: Fraction | None
    after: Fraction | None
    is_met_before: bool
    is_met_after: bool


@dataclass(frozen=True, slots=True)
class SpreadEffect:
    """One coefficient of variation in the target year, without and with the plan."""

    stage: str
    indicator_id: str
    before: float | None
    after: float | None
    limit: Fraction | None


@dataclass(frozen=True, slots=True)
class Binding:
    """A limit that makes the plan dearer: giving way by one `unit` would save about `fen` (the choice of indicators kept)."""

    clause: str
    text: str
    unit: str
    fen: int


@dataclass(frozen=True, slots=True)
class Exchange:
    """Teachers that a school gives and receives by moves, over all years."""

    school_id: str
    school_name: str
    area: str
    given: int
    received: int


def measure_lines(plan: Plan) -> tuple[MeasureLine, ...]:
    """Every action with its money, by school and then year. Rotation that moves nobody for good belongs to no school."""
    names, problem = plan.problem.school_names, plan.problem
    lines = []
    for entry in sorted(plan.actions, key=lambda action: (action.school_id, action.order)):
        years = problem.target_year - entry.year + 1 if entry.measure in HIRES else 1
        fen = max(0, entry.amount) * years * problem.prices.fen[entry.measure]
        lines.append(MeasureLine(entry, names[entry.school_id], fen))
    return tuple(lines)


def effects(plan: Plan) -> tuple[tuple[Effect, ...], tuple[SpreadEffect, ...]]:
    """What the plan changes in the target year: indicators that move, and every coefficient."""
    before, after = judged_without(plan), plan.verdicts[plan.problem.target_year]
    old = {school.key: school for school in before.schools}
    changed = [
        Effect(
            school.key,
            now.indicator_id,
            then.value,
            now.value,
            then.outcome is Outcome.MET,
            now.outcome is Outcome.MET,
        )
        for school in after.schools
        for then, now in zip(old[school.key].indicators, school.indicators, strict=True)
        if then.value != now.value
    ]
    pairs = zip(before.dispersion, after.dispersion, strict=True)
    spreads = [
        SpreadEffect(now.stage.value, now.indicator_id, then.coefficient, now.coefficient, now.limit)
        for then, now in pairs
    ]
    return tuple(changed), tuple(spreads)


def judged_without(plan: Plan) -> Verdict:
    """The verdict on the target year when nothing is done."""
    problem = plan.problem
    day = default_day(problem.target_year)
    return judge(problem.target_facts, problem.standard, problem.dictionary, on=day, enabled=problem.enabled)


def left_open(plan: Plan) -> tuple[ItemResult, ...]:
    """The items of the target year that are not met or cannot be told: papers, school sizes, all that no measure decides."""
    return tuple(entry for entry in plan.verdicts[plan.problem.target_year].items if entry.outcome is not Outcome.MET)


def milestones_of(plan: Plan) -> tuple[MilestoneResult, ...]:
    """The milestones of the question with what the plan reaches in their years."""
    return milestone_results(plan.problem, plan.actions, plan.verdicts)


def bindings(planner: Planner, found: Found, effort: Effort | None = None) -> tuple[Binding, ...]:
    """The limits that bind, dearest first: shadow prices of the linear model with the choice of indicators of a solution.

    Rules of single schools are named with the indicator and the unit (a teacher, a lump) that one less would be asked for.
    """
    model, search = planner.model, planner.search
    chosen = np.rint(found.values[model.met]).ravel()
    opening = Opening(((model.met.ravel(), chosen, chosen),))
    search.open(opening)
    try:
        solved = search.session.solve_relaxed(replace(effort or Effort(), progress=None))
    finally:
        search.close(opening)
    if not solved.has_solution:
        return ()
    duals = np.abs(solved.duals[: model.sketch.height])
    listed = [_binding(planner, int(row), duals, found.values) for row in np.flatnonzero(duals > _LEAST_PRICE)]
    return tuple(sorted((entry for entry in listed if entry is not None), key=lambda entry: (-entry.fen, entry.text)))


def _binding(planner: Planner, row: int, duals: Floats, values: Floats) -> Binding | None:
    model = planner.model
    clause = model.sketch.clauses[model.sketch.row_clauses[row]]
    if clause in ("people", "failing"):
        return None
    text, unit, factor = clause_text(model, clause), "1 单位", 1.0
    if clause.startswith("school_rule:"):
        place = row - int(model.sketch.rows_of([clause])[0])
        stage = [entry.value for entry in STAGES].index(clause.partition(":")[2])
        members, count = model.county.members(stage), len(model.county.indicators)
        if place >= len(members) * count:
            return None
        school, lever = model.county.rows[members[place // count]][0], model.county.lever[place % count]
        name = model.county.indicators[place % count].short_name
        text = f"{model.problem.school_names[school]}“{name}”"
        unit = f"{model.problem.limits.lump(lever)} {lever.unit}" if isinstance(lever, Measure) else "1 人"
    elif clause.startswith("budget:"):
        years = model.problem.years
        text = f"{years[(row - int(model.sketch.rows_of([clause])[0])) % len(years)]} 年{text}"
        unit = "1 万元"
    elif clause.startswith("spread:"):
        index = next(i for i, entry in enumerate(model.county.indicators) if entry.id == clause.split(":")[1])
        stage = [entry.value for entry in STAGES].index(clause.rpartition(":")[2])
        unit = "0.01"
        factor = 0.01 * 2 * model.county.cv_limits[stage] * float(values[model.mean[stage, index]])
    return Binding(clause, text, unit, round(float(duals[row]) * factor * FEN_PER_MONEY))


def exchanges(plan: Plan) -> tuple[Exchange, ...]:
    """Who gives and who receives teachers, by school; schools without moves are left out."""
    rows = plan.problem.facts.table("schools").rows(named=True)
    areas = {row["school_id"]: _AREAS.get(row["area_type"] or "", "未填") for row in rows}
    given: dict[str, list[int]] = {}
    for entry in plan.actions:
        if entry.measure is Measure.MOVE_TEACHER:
            counts = given.setdefault(entry.school_id, [0, 0])
            counts[entry.amount > 0] += abs(entry.amount)
    names = plan.problem.school_names
    return tuple(Exchange(school, names[school], areas[school], *counts) for school, counts in sorted(given.items()))


def exchanges_by_area(found: tuple[Exchange, ...]) -> Mapping[str, tuple[int, int]]:
    """Teachers given and received, by urban, town and rural area."""
    totals: dict[str, tuple[int, int]] = {}
    for entry in found:
        gave, got = totals.get(entry.area, (0, 0))
        totals[entry.area] = (gave + entry.given, got + entry.received)
    return totals
