"""The cone of the coefficient, against the coefficient itself."""

import numpy as np
import pytest

from junheng.planning.plan.county import build_county
from junheng.planning.plan.end_state import build_end_state
from junheng.planning.plan.search import Search
from junheng.planning.plan.solver import Effort, Session
from junheng.planning.plan.tangents import Tangents, coefficients
from tests.planning.plan.counties import Sample, bare_standard, question

SPORTS = 4


def _uneven():
    return [
        Sample("1", pupils=300, has={"sports": 8.0}),
        Sample("2"),
        Sample("3", has={"sports": 1.2}),
        Sample("4", stage="junior"),
    ]


def test_coefficients_when_nothing_is_changed_then_they_are_those_of_core():
    problem = question(_uneven())
    model = build_end_state(problem, build_county(problem))
    values = np.zeros(model.sketch.width)
    values[model.share] = model.county.base
    found = coefficients(model, values)
    shares, weights = np.array([8.0, 1.0, 1.2]), np.array([300, 1000, 1000]) / 2300
    mean = weights @ shares
    assert found[0, SPORTS] == pytest.approx(np.sqrt(weights @ (shares - mean) ** 2) / mean)
    assert np.isnan(found[1]).all()  # one junior school has no coefficient
    values[model.share] = 0.0
    assert np.isnan(coefficients(model, values)).all()


def test_relax_when_a_coefficient_binds_then_rounds_bring_it_to_its_limit():
    problem = question(_uneven())
    search = Search.of(build_end_state(problem, build_county(problem)))
    before = search.session.solve_relaxed(Effort()).values
    assert coefficients(search.model, before)[0, SPORTS] > 0.6
    found = search.run(Effort(optimality_gap=0.0))
    assert found.rounds > 1
    assert coefficients(search.model, found.values)[0, SPORTS] <= 0.5 - 1e-4 + 1e-5
    assert search.tangents.fanned == {search.model.square[0, SPORTS]}


def test_cut_when_a_solution_keeps_all_coefficients_then_nothing_is_added():
    problem = question([Sample("1"), Sample("2")])
    model = build_end_state(problem, build_county(problem))
    session = Session(model.sketch)
    assert not Tangents(model).cut(session.solve_relaxed(Effort()).values, session)


def test_put_into_session_when_tangents_are_known_then_another_session_needs_no_rounds():
    problem = question(_uneven())
    first = Search.of(build_end_state(problem, build_county(problem)))
    cost = first.run(Effort(optimality_gap=0.0)).cost
    again = Search(first.model, first.tangents)
    found = again.run(Effort(optimality_gap=0.0))
    assert found.rounds == 1
    assert found.cost == pytest.approx(cost)


def test_groups_when_no_dispersion_is_judged_then_there_are_none():
    problem = question(_uneven(), standard=bare_standard(dispersion=None))
    search = Search.of(build_end_state(problem, build_county(problem)))
    assert search.run(Effort()).rounds == 1
    assert np.isnan(coefficients(search.model, search.run(Effort()).values)).all()
