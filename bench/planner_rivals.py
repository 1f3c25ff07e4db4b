"""What the planner is compared with: an office that mends each failing school alone, and a model that knows no cone."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import ceil

import numpy as np

from junheng.core.verdict import Outcome
from junheng.planning.plan.actions import Action
from junheng.planning.plan.apply import planned_facts
from junheng.planning.plan.county import County, Floats, build_county
from junheng.planning.plan.end_state import build_end_state
from junheng.planning.plan.measures import ABOVE_STANDARD, BACKBONE, KIND_OF_HIRE, MATERIALS, PE_ART, Measure
from junheng.planning.plan.model import Cone, Model, yearly_costs
from junheng.planning.plan.problem import Problem
from junheng.planning.plan.proof import judge_years
from junheng.planning.plan.search import Search
from junheng.planning.plan.sketch import Sketch
from junheng.planning.plan.solver import Effort, Session
from junheng.planning.plan.states import STAGES, groups_of, weights_of
from junheng.planning.plan.tangents import Tangents, coefficients

_TRAINED = {
    ABOVE_STANDARD: Measure.UPGRADE_DEGREE,
    BACKBONE: Measure.GRANT_BACKBONE,
    PE_ART: Measure.TRAIN_PE_ART,
}
_HIRED = {**_TRAINED, ABOVE_STANDARD: Measure.HIRE_TEACHER, PE_ART: Measure.HIRE_PE_ART_TEACHER}
_NORMAL = float(np.sqrt(2 / np.pi))  # mean absolute deviation ÷ standard deviation of a normal distribution


class Habit(StrEnum):
    """How an office works: by hand; careful, which trains its own and levels lump by lump; and careful with the floor in mind."""

    BY_HAND = "by hand"
    CAREFUL = "careful"
    KNOWS_FLOOR = "careful, knows the floor of 85 %"


@dataclass(frozen=True)
class OfficePlan:
    """What an office spends, in 万元: `free` when it pays everything in the cheapest year, `kept` when it keeps the question's
    yearly budgets, yearly limits and lead times and pays as late as these allow (None: they leave it no way)."""

    free: float
    kept: float | None


def office_plan(problem: Problem, habit: Habit) -> OfficePlan:
    """The plan of an office that mends each failing school alone, one after the other.

    A failing school gets what it lacks to every threshold (an office that knows the floor brings the dearest lack only to 85 %).
    Things are bought in the lumps of the question. Backbone teachers are granted titles; who else is lacking is hired, or trained
    from among the school's own by a careful office. Who is hired for PE and art holds a degree and counts for both. Then, since
    the same standard is to be met, the lowest school of a stage is brought to the county's mean, school after school, as long as
    a coefficient of variation is above its limit; a careful office gives the then lowest school one lump or person at a time.
    Core judges the facts that it leads to; RuntimeError when a school or a coefficient is then not met.

    What is not asked of the office favours it: nobody needs to be there to be trained, and `free` keeps no budget.
    """
    office = _Office(problem, build_county(problem), habit)
    for row in range(len(office.county.rows)):
        office.mend(row)
    while any(office.level(stage, index) for stage, index in groups_of(office.county)):
        pass  # what a school of both stages gets for one of them may break the coefficient of the other
    _judge(problem, office.actions(problem))
    return OfficePlan(office.spent, _paid_by_year(problem, office))


def _judge(problem: Problem, actions: Sequence[Action]) -> None:
    facts = planned_facts(problem, actions, problem.target_year)
    verdict = judge_years(problem, {problem.target_year: facts})[problem.target_year]
    failing = [entry.key for entry in verdict.schools if entry.outcome is not Outcome.MET]
    uneven = [entry.indicator_id for entry in verdict.dispersion if entry.outcome is not Outcome.MET]
    if failing or uneven:
        raise RuntimeError(f"the office's plan does not meet the standard: {failing[:3]} {uneven[:3]}")


def _paid_by_year(problem: Problem, office: "_Office") -> float | None:
    """The least that the office's units cost when they are split over the years as the model's yearly totals are."""
    model = build_end_state(problem, office.county)
    session = Session(model.sketch)
    rows = np.arange(model.sketch.height)
    clauses = {f"per_year:{measure.value}" for measure in Measure} | {"target_year"}
    clauses |= {f"budget:{source}" for source in model.sources}
    kept = model.sketch.rows_of(sorted(clauses))
    session.set_row_bounds(np.setdiff1d(rows, kept), -np.inf, np.inf)
    units = office.units_by_measure()
    for measure in Measure:
        # a row of its own: the totals of a measure add up to the units of the office
        columns, count = model.totals(measure), float(units.get(measure, 0))
        session.add_rows([count], [count], [0], columns, np.ones(len(columns)))
    solved = session.solve_relaxed(Effort())
    return solved.cost if solved.has_solution else None


class _Office:
    """What schools have got so far, in units, and 万元 spent. Things of a school go to all of its stages."""

    def __init__(self, problem: Problem, county: County, habit: Habit) -> None:
        self.county, self.habit, self.spent = county, habit, 0.0
        self.units = np.zeros(county.to_met.shape, dtype=np.int64)
        answers = _HIRED if habit is Habit.BY_HAND else _TRAINED
        measures = [lever if isinstance(lever, Measure) else answers[lever] for lever in county.lever]
        self.measures, self.given = measures, Counter[tuple[int, Measure]]()
        self.prices = np.array([float(yearly_costs(problem, measure).min()) for measure in measures])
        self.first = sorted(range(len(measures)), key=lambda index: measures[index] is not Measure.HIRE_PE_ART_TEACHER)
        self.gives_degree = [measure is Measure.HIRE_PE_ART_TEACHER for measure in measures]

    def units_by_measure(self) -> Counter[Measure]:
        """Units (lumps) of every measure in the county."""
        units: Counter[Measure] = Counter()
        for (_, measure), count in self.given.items():
            units[measure] += count
        return units

    def actions(self, problem: Problem) -> list[Action]:
        """All that is given, as begun in the first year, for core to judge."""
        year, made = problem.years[0], []
        for (row, measure), count in sorted(self.given.items()):
            school, stage = self.county.rows[row]
            if measure in MATERIALS:
                made.append(Action(year, measure, school, "", None, count * problem.limits.lump(measure)))
            else:
                made.append(Action(year, measure, school, stage, KIND_OF_HIRE.get(measure, 0), count))
        return made

    def give(self, row: int, index: int, count: int) -> None:
        lever = self.county.lever[index]
        rows = self.county.school_of == self.county.school_of[row] if isinstance(lever, Measure) else [row]
        self.units[rows, index] += count
        if count:
            self.given[row, self.measures[index]] += count
        if self.gives_degree[index]:
            self.units[row, self.county.lever.index(ABOVE_STANDARD)] += count
        self.spent += count * float(self.prices[index])

    def mend(self, row: int) -> None:
        county = self.county
        spare = len(county.indicators) - county.required
        met, floor = county.to_met[row] <= self.units[row], county.to_floor[row] <= self.units[row]
        if (~met).sum() <= spare and floor.all():
            return  # the school passes as it is
        saved = np.argsort(-(county.to_met[row] - np.maximum(county.to_floor[row], 0)) * self.prices, kind="stable")
        left = saved[~met[saved]][: spare if self.habit is Habit.KNOWS_FLOOR else 0]
        for index in self.first:
            goal = county.to_floor[row, index] if index in left else county.to_met[row, index]
            self.give(row, index, max(0, int(goal - self.units[row, index])))

    def level(self, stage: int, index: int) -> bool:
        """Whether anything had to be given."""
        county, before = self.county, self.spent
        members, weights = county.members(stage), weights_of(county, stage)
        while True:
            values = county.base[members, index] + county.step[members, index] * self.units[members, index]
            mean = weights @ values
            if weights @ np.square(values) <= (1 + county.cv_limits[stage] ** 2) * mean**2:
                return self.spent > before
            lowest = int(np.argmin(values))
            whole = ceil((mean - values[lowest]) / county.step[members[lowest], index])
            self.give(int(members[lowest]), index, max(1, whole) if self.habit is Habit.BY_HAND else 1)


class _NoTangents(Tangents):
    def cut(self, values: Floats, session: Session) -> list[Cone]:
        del values, session
        return []


@dataclass(frozen=True)
class Linearised:
    """What the model with mean absolute deviations gave: 万元, seconds, and how many coefficients its end state breaks."""

    cost: float
    seconds: float
    broken: int


def linearised(problem: Problem, effort: Effort) -> Linearised | None:
    """The same model with Σ (p/P)·|X − m| ≤ √(2/π)·c·m in place of every cone: what fits a normal distribution."""
    county = build_county(problem)
    model = build_end_state(problem, county)
    for stage, index in groups_of(county):
        _deviations(model, stage, index)
    search = Search(model, _NoTangents(model))
    clauses = [name for name in model.sketch.clauses if name.startswith("spread:")]
    search.session.set_row_bounds(model.sketch.rows_of(clauses), -np.inf, np.inf)
    found = search.run(effort)
    if not found.has_solution:
        return None
    limits = np.array(county.cv_limits)[:, None]
    broken = int((coefficients(model, found.values) > limits + problem.limits.cv_margin).sum())
    return Linearised(found.cost, found.seconds, broken)


def _deviations(model: Model, stage: int, index: int) -> None:
    sketch: Sketch = model.sketch
    county = model.county
    members, weights = county.members(stage), weights_of(county, stage)
    away = sketch.add_columns(len(members), upper=1e4, is_integer=False)
    for sign in (1.0, -1.0):
        rows = sketch.add_rows(len(members), lower=0.0, clause=f"deviation:{STAGES[stage].value}")
        sketch.put(rows, away, 1.0)
        sketch.put(rows, model.share[members, index], sign)
        sketch.put(rows, model.mean[stage, index], -sign)
    row = sketch.add_rows(1, upper=0.0, clause=f"deviation:{STAGES[stage].value}")
    sketch.put(row, away, weights)
    sketch.put(row, model.mean[stage, index], -_NORMAL * county.cv_limits[stage])
