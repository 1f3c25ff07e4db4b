"""How a search behaves when time is short, and with questions changed for one solve."""

import numpy as np
import pytest

from junheng.planning.plan.measures import Measure
from junheng.planning.plan.planner import Planner
from junheng.planning.plan.search import Clock, Opening
from junheng.planning.plan.solver import Effort, Solved, Status
from tests.planning.plan.counties import Sample, question

ROOMS = frozenset({Measure.FIT_MULTIMEDIA_ROOM})
NOTHING = np.zeros(0)


def _planner(**limits):
    samples = [
        Sample("1", has={"rooms": 0.7, "sports": 0.9}),
        Sample("2", has={"rooms": 0.8}),
        Sample("3", has={"sports": 1.5}),
    ]
    return Planner.of(question(samples, **limits))


def _without_dives():
    search = _planner().search
    search._dived = lambda clock, values: None
    return search


def _without_solution(status=Status.NOTHING):
    return Solved(status, NOTHING, np.inf, -np.inf, 0.1, NOTHING, NOTHING)


def test_run_when_a_question_is_changed_for_one_solve_then_the_next_is_as_stated():
    search = _planner().search
    first = search.run(Effort(optimality_gap=0.0)).cost
    model = search.model
    costs = np.zeros(model.sketch.width)
    closed = Opening(((model.material.ravel(), 0.0, 0.0),), ((model.sketch.rows_of(["failing"]), -np.inf, 0.0),), costs)
    assert search.run(Effort(optimality_gap=0.0), closed).status is Status.INFEASIBLE
    assert search.run(Effort(optimality_gap=0.0)).cost == pytest.approx(first)


def test_run_when_the_linear_model_is_not_done_in_time_then_nothing_is_known():
    search = _planner().search
    search.session.solve_relaxed = lambda effort: _without_solution()
    found = search.run(Effort())
    assert (found.status, found.bound) == (Status.NOTHING, -np.inf)
    assert not found.has_solution


def test_relax_when_a_later_round_is_not_done_then_the_last_one_counts():
    search = _planner().search
    solved = [search.session.solve_relaxed(Effort()), _without_solution()]
    search.session.solve_relaxed = lambda effort: solved.pop(0)
    search.tangents.cut = lambda values, session: True
    relaxed, rounds = search.relax(Clock(Effort()))
    assert relaxed.has_solution
    assert rounds == 2


def test_relax_when_a_later_round_has_no_solution_then_there_is_none():
    search = _planner().search
    solved = [search.session.solve_relaxed(Effort()), _without_solution(Status.INFEASIBLE)]
    search.session.solve_relaxed = lambda effort: solved.pop(0)
    search.tangents.cut = lambda values, session: True
    assert search.relax(Clock(Effort()))[0].status is Status.INFEASIBLE


def test_run_when_whole_numbers_are_not_found_then_the_linear_bound_is_told():
    search = _without_dives()
    search.session.solve = lambda effort, *_, **__: _without_solution()
    found = search.run(Effort())
    assert found.status is Status.NOTHING
    assert found.bound == pytest.approx(found.relaxed.cost)


def test_run_when_whole_numbers_clash_then_it_is_infeasible():
    search = _without_dives()
    search.session.solve = lambda effort, *_, **__: _without_solution(Status.INFEASIBLE)
    assert search.run(Effort()).status is Status.INFEASIBLE


@pytest.mark.parametrize("is_mended", [True, False])
def test_run_when_the_open_solution_breaks_a_coefficient_then_it_is_mended_or_made_again(is_mended):
    search = _planner().search
    if not is_mended:
        search._mended = lambda clock, values, broken: None
    cut, solve, state = search.tangents.cut, search.session.solve, {"is_open": False, "left": 1}

    def watched(effort, start=None, **given):
        state["is_open"] = start is not None
        return solve(effort, start, **given)

    def once(values, session):
        if state["is_open"] and state["left"]:
            state["left"] -= 1
            return search.model.cones[:1]
        return cut(values, session)

    search.session.solve, search.tangents.cut = watched, once
    # every indicator is chosen at first, which is dearer, so that the open search has work to do
    rounding = search._rounding
    search._rounding = lambda values: [entry | True for entry in rounding(values)]
    found = search.run(Effort(optimality_gap=0.0))
    assert state["left"] == 0
    assert found.status is Status.OPTIMAL
    assert found.cost == pytest.approx(_planner().search.run(Effort(optimality_gap=0.0)).cost)


def test_mended_when_what_may_change_is_not_enough_then_there_is_none():
    search = _planner().search
    values = search.run(Effort(optimality_gap=0.0)).values
    assert search._mended(Clock(Effort()), values, search.model.cones[4:5]).cost >= 0.0
    bare = np.zeros(search.model.sketch.width)  # nothing is bought, and only sports grounds may be: rooms stay missing
    assert search._mended(Clock(Effort()), bare, search.model.cones[4:5]) is None


def test_mended_when_it_breaks_again_and_again_then_it_is_given_up():
    search = _planner().search
    values = search.run(Effort(optimality_gap=0.0)).values
    search.tangents.cut = lambda values, session: search.model.cones[:1]
    assert search._mended(Clock(Effort()), values, search.model.cones[:1]) is None


@pytest.mark.parametrize("is_mended", [True, False])
def test_chosen_when_the_first_solution_breaks_a_coefficient_then_it_is_mended_or_made_again(is_mended):
    search = _without_dives()
    cuts = iter([[], search.model.cones[:1], []])  # the linear model, the first solution, the second
    search.tangents.cut = lambda values, session: next(cuts)
    mended = search.session.solve(Effort(optimality_gap=0.0))
    search._mended = lambda clock, values, broken: mended if is_mended else None
    chosen = search._rounding(search.session.solve_relaxed(Effort()).values)
    found = search._chosen(Clock(Effort()), chosen)
    assert (found is mended) == is_mended
    assert found.cost == pytest.approx(mended.cost)
    assert len(list(cuts)) == is_mended


def test_run_when_the_rounding_cannot_be_met_then_the_open_search_still_finds_the_plan():
    planner = _planner(allowed=ROOMS)
    everything = np.ones(planner.model.met.shape, dtype=bool)  # sports too, which nothing can improve here
    planner.search._rounding = lambda values: [everything]
    assert planner.search.run(Effort(optimality_gap=0.0)).has_solution


def test_run_when_time_is_up_after_the_first_solution_then_it_is_given_with_its_gap():
    planner = _planner()
    stops = iter([False, False])
    effort = Effort(optimality_gap=0.0)
    search = planner.search
    first = search._chosen
    search._chosen = lambda clock, chosen: _slower(first(clock, chosen), clock)
    found = search.run(effort)
    assert next(stops) is False
    assert found.status in (Status.OPTIMAL, Status.FEASIBLE)
    assert found.bound <= found.cost


def _slower(solved, clock):
    clock.spent = clock.effort.seconds
    return solved


def test_clock_when_nobody_listens_then_nothing_is_told():
    told = []
    Clock(Effort()).tell(1.0, 0.5)
    clock = Clock(Effort(progress=lambda cost, bound: told.append((cost, bound))))
    clock.tell(2.0, 1.0)
    clock.tell_cost(1.5, 1.4)
    assert told == [(2.0, 1.0), (1.5, 1.0)]
    assert Clock(Effort(stop=lambda: True)).is_over
