"""Which indicators each school is to meet: rounded from a linear solution, then bettered by shadow prices.

With a choice held, the linear model tells what each demanded unit costs: a school then leaves below the threshold what is
dearest; and what the linear solution met in part is tried the other way, school by school. Every change is kept only when the
linear model becomes cheaper by it, so that a wrong guess does no harm.
"""

from collections.abc import Callable

import numpy as np

from junheng.planning.plan.county import Bools, Floats, Ints
from junheng.planning.plan.model import Model, State
from junheng.planning.plan.solver import Solved
from junheng.planning.plan.states import rule_rows

_ROUNDS = 12
_HALF, _SURE = 0.5, 0.999
_MOST_TRIALS = 60
_TINY = 1e-6
Solve = Callable[[Bools], Solved]


def best_met(state: State, values: Floats) -> Bools:
    """For every row that need not fail, the required number of indicators that a linear solution meets best (R×K)."""
    chosen = values[state.met]
    rank = np.argsort(np.argsort(-chosen, axis=1, kind="stable"), axis=1)
    must_pass = values[state.fails] <= _HALF
    rounding: Bools = (rank < state.county.required) & must_pass[:, None]
    return rounding


def bettered(model: Model, values: Floats, chosen: Bools, solve: Solve) -> Bools:
    """A choice of indicators at which the linear model costs less; `values` is the linear solution that was rounded, `solve`
    gives that for a choice."""
    solved = solve(chosen)
    for _ in range(_ROUNDS if solved.has_solution else 0):
        worth = np.abs(solved.duals[rule_rows(model)]) * (model.county.to_met - model.county.to_floor)
        wanted = _dearest_left_out(model, chosen, worth)
        gain = (worth * (chosen & ~wanted)).sum(axis=1) - (worth * (wanted & ~chosen)).sum(axis=1)
        rows = np.argsort(-gain, kind="stable")[: int((gain > _TINY).sum())]
        better = _first_cheaper(chosen, wanted, rows, solved, solve)
        if better is None:
            break
        chosen, solved = better
    return _one_by_one(values[model.met], chosen, solved, solve) if solved.has_solution else chosen


def _one_by_one(shares: Floats, chosen: Bools, solved: Solved, solve: Solve) -> Bools:
    """Leaves another indicator of a row below the threshold where the linear solution met it in part, the least met first."""
    doubtful = np.argwhere(chosen & (shares < _SURE))
    order = np.argsort(shares[tuple(doubtful.T)], kind="stable")
    for row, index in doubtful[order][:_MOST_TRIALS]:
        tried: Bools = chosen.copy()
        left_out = np.flatnonzero(~chosen[row])
        if not len(left_out) or not chosen[row, index]:
            continue
        tried[row, [index, left_out[np.argmax(shares[row, left_out])]]] = [False, True]
        found = solve(tried)
        if found.has_solution and found.cost < solved.cost - _TINY:
            chosen, solved = tried, found
    return chosen


def _first_cheaper(
    chosen: Bools, wanted: Bools, rows: Ints, solved: Solved, solve: Solve
) -> tuple[Bools, Solved] | None:
    """All changes at once, or the most promising third of them, and so on."""
    count = len(rows)
    while count:
        tried: Bools = chosen.copy()
        tried[rows[:count]] = wanted[rows[:count]]
        found = solve(tried)
        if found.has_solution and found.cost < solved.cost - _TINY:
            return tried, found
        count //= 3
    return None


def _dearest_left_out(model: Model, chosen: Bools, worth: Floats) -> Bools:
    rank = np.argsort(np.argsort(worth, axis=1, kind="stable"), axis=1)
    wanted: Bools = (rank < model.county.required) & (chosen.sum(axis=1, keepdims=True) > 0)
    return wanted
