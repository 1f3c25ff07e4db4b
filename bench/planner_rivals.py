"""What the planner is compared with: an office that mends each failing school alone, and a model that knows no cone."""

from dataclasses import dataclass

import numpy as np

from junheng.planning.plan.county import County, Floats, build_county
from junheng.planning.plan.end_state import build_end_state
from junheng.planning.plan.measures import ABOVE_STANDARD, BACKBONE, PE_ART, Measure
from junheng.planning.plan.model import Model, yearly_costs
from junheng.planning.plan.problem import Problem
from junheng.planning.plan.search import Search
from junheng.planning.plan.sketch import Sketch
from junheng.planning.plan.solver import Effort, Session
from junheng.planning.plan.states import STAGES, groups_of, weights_of
from junheng.planning.plan.tangents import Tangents, coefficients

_ANSWERS = {
    ABOVE_STANDARD: Measure.UPGRADE_DEGREE,
    BACKBONE: Measure.GRANT_BACKBONE,
    PE_ART: Measure.TRAIN_PE_ART,
}
_NORMAL = float(np.sqrt(2 / np.pi))  # mean absolute deviation ÷ standard deviation of a normal distribution


def office_cost(problem: Problem, *, knows_floor: bool) -> float:
    """万元 that an office spends: every failing school gets what it lacks to the thresholds, or, when the office knows the
    rule of the floor, the dearest only to the floor; then, while a coefficient is broken, the lowest school gets one unit more.

    Nobody moves; budgets and yearly limits are not kept, and all is paid in the cheapest year: all of it favours the office.
    """
    county = build_county(problem)
    prices = np.array([_price(problem, county, index) for index in range(len(county.indicators))])
    units = np.zeros(county.to_met.shape, dtype=np.int64)
    for row in range(len(county.rows)):
        _mend(county, units, row, prices, len(prices) - county.required if knows_floor else 0)
    for stage, index in groups_of(county):
        _level(county, units, stage, index)
    return float((_paid(county, units) * prices).sum())


def _price(problem: Problem, county: County, index: int) -> float:
    lever = county.lever[index]
    return float(yearly_costs(problem, lever if isinstance(lever, Measure) else _ANSWERS[lever]).min())


def _paid(county: County, units: np.ndarray) -> np.ndarray:
    """Units to pay: lumps of a school are paid once for all its stages."""
    paid = units.copy()
    for index, lever in enumerate(county.lever):
        if isinstance(lever, Measure):
            most = np.zeros(len(county.schools), dtype=np.int64)
            np.maximum.at(most, county.school_of, units[:, index])
            first = np.unique(county.school_of, return_index=True)[1]
            paid[:, index] = 0
            paid[first, index] = most[county.school_of[first]]
    return paid


def _give(county: County, units: np.ndarray, row: int, index: int, count: int) -> None:
    """Gives units to a stage; lumps go to all stages of its school."""
    rows = county.school_of == county.school_of[row] if isinstance(county.lever[index], Measure) else [row]
    units[rows, index] += count


def _mend(county: County, units: np.ndarray, row: int, prices: np.ndarray, spare: int) -> None:
    lacking = county.to_met[row] > units[row]
    if lacking.sum() <= len(prices) - county.required and (county.to_floor[row] <= units[row]).all():
        return  # the school passes as it is
    to_met = np.maximum(county.to_met[row] - units[row], 0)
    to_floor = np.maximum(county.to_floor[row] - units[row], 0)
    saved = np.argsort(-(to_met - to_floor) * prices, kind="stable")[:spare]
    for index in range(len(prices)):
        _give(county, units, row, index, int(to_floor[index] if index in saved else to_met[index]))


def _level(county: County, units: np.ndarray, stage: int, index: int) -> None:
    members, weights = county.members(stage), weights_of(county, stage)
    while True:
        values = county.base[members, index] + county.step[members, index] * units[members, index]
        mean = weights @ values
        if weights @ np.square(values) <= (1 + county.cv_limits[stage] ** 2) * mean**2:
            return
        _give(county, units, int(members[np.argmin(values)]), index, 1)


class _NoTangents(Tangents):
    def cut(self, values: Floats, session: Session) -> bool:
        del values, session
        return False


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
