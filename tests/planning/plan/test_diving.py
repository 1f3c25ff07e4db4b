"""Whole numbers from a linear solution: near it, with every coefficient kept, and with the question as it was."""

import numpy as np
import pytest

from junheng.planning.plan import diving
from junheng.planning.plan.diving import Dive, units_of
from junheng.planning.plan.milestones import Milestone, MilestoneKind
from junheng.planning.plan.planner import Planner
from junheng.planning.plan.search import Clock
from junheng.planning.plan.solver import Effort
from junheng.planning.plan.tangents import coefficients
from tests.planning.plan.counties import Sample, question, some

SPORTS = 4


def _uneven():
    """One school has eight times what it needs: the others must be brought far above their threshold, in lumps."""
    return [
        Sample("1", pupils=310, has={"sports": 8.0, "rooms": 3.0}),
        Sample("2", pupils=970, has={"rooms": 0.6}),
        Sample("3", pupils=1130, has={"sports": 1.2}),
        Sample("4", pupils=890, has={"rooms": 0.9}),
    ]


def _search(samples=None, **limits):
    """The search with its linear solution, all cuts made, and the rounded choice of indicators held."""
    search = Planner.of(question(samples or _uneven(), **limits)).search
    relaxed, _ = search.relax(Clock(Effort()))
    search._demand(search._rounding(relaxed.values))
    return search, search.relax(Clock(Effort()))[0]


def _dive(search, solve=None):
    def once_more():
        solved = search.session.solve_relaxed(Effort())
        return solved if solved.has_solution else None

    return Dive(search.model, search.tangents, search.session, solve or once_more)


def _assert_whole(search, solved):
    model = search.model
    values = solved.values[model.sketch.is_integer]
    assert np.abs(values - np.rint(values)).max() <= 1e-6
    found, limits = coefficients(model, solved.values), np.array(model.county.cv_limits)[:, None]
    assert (found[~np.isnan(found)] <= np.broadcast_to(limits, found.shape)[~np.isnan(found)] + 3e-5).all()


@pytest.mark.parametrize("gentle_steps", [diving._GENTLE_STEPS, 0])
def test_down_when_a_coefficient_binds_then_whole_units_keep_it_and_cost_little_more(monkeypatch, gentle_steps):
    monkeypatch.setattr(diving, "_GENTLE_STEPS", gentle_steps)  # none: everything is rounded up at once
    search, relaxed = _search()
    before = search.session.bounds_of(np.arange(search.model.sketch.width))
    solved = some(_dive(search).down(relaxed.values))
    assert coefficients(search.model, relaxed.values)[0, SPORTS] == pytest.approx(0.4999, abs=1e-4)  # it binds
    _assert_whole(search, solved)
    # at most a lump more for each of the four schools and for sports ground, rooms: 4 · (100 ㎡ · 400 元 + 50 000 元) = 36 万元
    assert relaxed.cost - 1e-6 <= solved.cost <= relaxed.cost + 36.0
    after = search.session.bounds_of(np.arange(search.model.sketch.width))
    assert all(np.array_equal(one, other) for one, other in zip(before, after, strict=True))


def test_down_when_the_last_units_cannot_make_up_then_nothing_falls_any_more_and_the_rest_is_raised():
    search, relaxed = _search()
    floors = np.floor(relaxed.values[units_of(search.model)] + 1e-6)
    dive, left = _dive(search), {"failures": 1}
    solve = dive.solve

    def fails_once():  # the first rounding is said to leave no solution
        if dive._steps == 1 and left["failures"]:
            left["failures"] -= 1
            return None
        return solve()

    dive.solve = fails_once
    solved = some(dive.down(relaxed.values))
    assert left["failures"] == 0
    assert dive._is_rising
    assert (solved.values[units_of(search.model)] >= floors - 1e-6).all()
    _assert_whole(search, solved)


def test_down_when_there_is_no_linear_solution_then_there_is_none():
    search, relaxed = _search()
    assert _dive(search, lambda: None).down(relaxed.values) is None


def test_down_when_it_takes_too_many_steps_then_it_is_given_up(monkeypatch):
    monkeypatch.setattr(diving, "_MOST_STEPS", 1)
    search, relaxed = _search()
    assert _dive(search).down(relaxed.values) is None


def test_down_when_a_year_has_milestones_then_its_state_is_whole_as_well():
    passing = Milestone(2026, MilestoneKind.PASSING, schools=2)
    search, relaxed = _search(target_year=2027, milestones=(passing,))
    solved = some(_dive(search).down(relaxed.values))
    _assert_whole(search, solved)
    layer = search.model.layers[0]
    assert set(units_of(search.model).tolist()) >= set(layer.done.material[layer.done.material >= 0].tolist())
    assert solved.values[layer.fails].sum() <= 2 + 1e-6
