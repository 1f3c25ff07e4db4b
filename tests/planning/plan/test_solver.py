"""The door to the solver, with models small enough to solve by hand."""

import numpy as np
import pytest

from junheng.core.errors import EngineError
from junheng.planning.plan.sketch import Sketch
from junheng.planning.plan.solver import Effort, Session, Status, whole

NONE = np.zeros(0, dtype=np.int64)


def _cover(least=7.5, upper=10.0):
    """x + y + z ≥ least, costs 1, 2, 3."""
    sketch = Sketch()
    columns = sketch.add_columns(3, upper=upper, cost=[1, 2, 3])
    sketch.put(sketch.add_rows(1, lower=least, clause="need"), columns, 1.0)
    return sketch


def test_solve_relaxed_when_there_is_an_optimum_then_duals_come_with_it():
    solved = Session(_cover()).solve_relaxed(Effort())
    assert solved.has_solution
    assert (solved.cost, solved.bound, solved.duals.tolist(), solved.reduced.tolist()) == (7.5, 7.5, [1.0], [0, 1, 2])


def test_solve_when_whole_numbers_are_asked_then_progress_is_told_and_a_start_is_taken():
    told = []
    session = Session(_cover())
    effort = Effort(optimality_gap=0, progress=lambda cost, bound: told.append((cost, bound)), stop=lambda: False)
    solved = session.solve(effort, np.array([0.0, 0.0, 8.0]))
    assert (solved.status, solved.cost) == (Status.OPTIMAL, 8.0)
    assert told[-1][0] == 8.0
    told.clear()
    session.solve(Effort(optimality_gap=0))
    assert told == []


def test_solve_when_bounds_rows_and_costs_change_then_the_answer_follows():
    session = Session(_cover())
    session.set_costs(np.array([3.0, 2.0, 1.0]))
    assert session.solve(Effort(optimality_gap=0)).cost == 8.0
    session.set_bounds(np.array([2]), 0, 3)
    assert session.solve(Effort(optimality_gap=0)).cost == 13.0  # 3 × 1 + 5 × 2
    session.set_row_bounds(np.array([0]), 3, np.inf)
    assert session.solve(Effort(optimality_gap=0)).cost == 3.0
    session.set_bounds(NONE, 0, 0)
    session.set_row_bounds(NONE, 0, 0)
    session.add_rows([1], [np.inf], [0], [0], [1.0])
    assert session.solve(Effort(optimality_gap=0)).cost == 5.0


def test_solve_when_nothing_fits_then_it_is_infeasible():
    session = Session(_cover(least=31))
    assert session.solve(Effort()).status is Status.INFEASIBLE
    assert session.solve_relaxed(Effort()).status is Status.INFEASIBLE


def test_solve_when_all_columns_are_real_then_it_is_a_linear_model():
    sketch = Sketch()
    columns = sketch.add_columns(2, upper=1, cost=-1, is_integer=False)
    sketch.put(sketch.add_rows(1, upper=1.5), columns, 1.0)
    assert Session(sketch).solve(Effort()).bound == -1.5


def _hard(count=60, seed=3):
    """A knapsack with several rows that takes longer than a moment."""
    random = np.random.default_rng(seed)
    sketch = Sketch()
    columns = sketch.add_columns(count, upper=1, cost=-random.integers(100, 1000, count))
    rows = sketch.add_rows(12, upper=count * 100.0)
    sketch.put(rows[:, None], columns[None, :], random.integers(100, 1000, (12, count)))
    return sketch


def test_solve_when_the_user_stops_then_the_best_so_far_is_given():
    solved = Session(_hard()).solve(Effort(optimality_gap=0, stop=lambda: True), np.zeros(60))
    assert solved.status is Status.FEASIBLE
    assert solved.bound <= solved.cost


def test_solve_when_time_is_up_before_anything_is_found_then_there_is_nothing():
    solved = Session(_hard(400)).solve(Effort(seconds=0.0))
    assert solved.status in (Status.NOTHING, Status.FEASIBLE)
    session = Session(_hard(3000))
    assert session.solve_relaxed(Effort(seconds=0.0)).status is Status.NOTHING
    assert not session.solve_relaxed(Effort(seconds=0.0)).has_solution


def test_session_when_a_coefficient_is_enormous_then_it_is_refused():
    sketch = Sketch()
    sketch.put(sketch.add_rows(1, upper=1), sketch.add_columns(1, upper=1), 1e12)
    with pytest.raises(EngineError, match="单位"):
        Session(sketch)


def test_session_when_the_solver_refuses_a_model_then_it_is_an_engine_error():
    session = Session(_cover())
    with pytest.raises(EngineError, match="求解器"):
        session.add_rows([0], [1], [0], [99], [1.0])


def test_whole_when_values_are_nearly_whole_then_they_are_rounded():
    assert whole(np.array([0.9999999, 2.0000001])).tolist() == [1, 2]


def test_solve_when_a_later_solve_may_not_be_stopped_then_it_goes_to_its_end():
    session = Session(_hard())
    assert session.solve(Effort(optimality_gap=0, stop=lambda: True), np.zeros(60)).status is Status.FEASIBLE
    assert session.solve(Effort(optimality_gap=0.9)).status is Status.OPTIMAL


def test_session_when_there_are_no_rows_then_bounds_decide():
    sketch = Sketch()
    sketch.add_columns(2, upper=3, cost=-1)
    assert Session(sketch).solve(Effort()).cost == -6
