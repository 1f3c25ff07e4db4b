"""A plan under other numbers of pupils, against core's own judging."""

import numpy as np
import pytest

from junheng.core.errors import InputError
from junheng.core.judge import judge
from junheng.core.verdict import Outcome
from junheng.planning.plan.measures import Measure
from junheng.planning.plan.planner import make_plan
from junheng.planning.plan.robustness import robustness
from junheng.planning.plan.solver import Effort
from tests.planning.plan.counties import Sample, bare_standard, county_of, question

ROOMS = frozenset({Measure.FIT_MULTIMEDIA_ROOM})


def _plan(samples, **changes):
    return make_plan(question(samples, **{"allowed": ROOMS, **changes}), Effort(optimality_gap=0.0)).plan


def test_robustness_when_pupils_come_as_planned_then_it_passes():
    plan = _plan([Sample("1", has={"rooms": 0.8}), Sample("2")])
    found = robustness(plan, [("1", "primary")], [[1000]])
    assert (found.draws, found.passes, found.edge, found.spreads) == (1, 1.0, (), ())


def test_robustness_when_pupils_grow_then_the_schools_on_the_edge_are_named():
    samples = [
        Sample("1", has={"above": 1.1, "rooms": 2}),
        Sample("2", has=dict.fromkeys(("above", "backbone", "arts", "floor", "sports", "equipment", "rooms"), 2)),
    ]
    plan = _plan(samples)
    found = robustness(
        plan, [("1", "primary"), ("2", "primary")], [[1000, 1000], [1100, 1100], [1300, 900], [1000, 1900]]
    )
    assert found.passes == 0.5
    assert [(entry.row, entry.school_name, entry.fails) for entry in found.edge] == [(("1", "primary"), "学校1", 0.5)]


def test_robustness_when_a_school_grows_much_then_a_coefficient_breaks():
    plan = _plan([Sample("1", has={"rooms": 3.0}), Sample("2", has={"rooms": 1.5})])
    found = robustness(plan, [("2", "primary"), ("1", "primary")], [[1000, 1000], [1400, 200]])
    assert ("primary", "multimedia_classrooms_per_100_students", 0.5) in [
        (entry.stage, entry.indicator_id, entry.broken) for entry in found.spreads
    ]


def test_robustness_when_a_school_has_no_pupils_left_then_it_is_not_judged():
    short = Sample("3", has={"rooms": 0.2})
    plan = _plan([Sample("1"), Sample("2"), short], standard=bare_standard(dispersion=None))
    assert robustness(plan, [("3", "primary")], [[5000], [0]]).passes == 0.5


def test_robustness_when_a_point_crosses_the_minimum_then_it_is_judged_only_above_it():
    point = Sample("3", pupils=48, has={"rooms": 0.2}, school={"school_type": "teaching_point"})
    plan = _plan([Sample("1"), Sample("2"), point])
    found = robustness(plan, [("3", "primary")], [[48], [49], [50], [60]])
    assert found.passes == 0.5
    assert found.edge[0].row == ("3", "primary")


def test_robustness_when_nothing_is_judged_by_school_or_spread_then_everything_passes():
    standard = bare_standard(school_rule=None, dispersion=None)
    plan = _plan([Sample("1", has={"rooms": 0.2}), Sample("2")], standard=standard)
    assert robustness(plan, [("1", "primary")], [[5000]]).passes == 1.0


def test_robustness_when_a_standard_has_no_minimum_then_every_point_counts():
    standard = bare_standard()
    from dataclasses import replace

    free = replace(standard, scope=replace(standard.scope, teaching_point_minimum=None))
    plan = _plan(
        [Sample("1"), Sample("2"), Sample("3", pupils=48, school={"school_type": "teaching_point"})], standard=free
    )
    assert robustness(plan, [], np.zeros((2, 0))).passes == 1.0


@pytest.mark.parametrize("draws", [[[1, 2]], [[-1]], np.zeros((0, 1)), [1]])
def test_robustness_when_draws_do_not_fit_then_it_is_an_input_error(draws):
    plan = _plan([Sample("1"), Sample("2")])
    with pytest.raises(InputError):
        robustness(plan, [("1", "primary")], draws)


def test_robustness_when_pupils_are_random_then_it_agrees_with_core_on_every_draw():
    samples = [
        Sample(
            "1",
            pupils=900,
            school={"school_type": "nine_year_school"},
            has={"arts": 1.1, "rooms": 2.2, "sports": 2.4, "floor": 2.4, "equipment": 2.3},
        ),
        Sample("1", pupils=500, stage="junior", has={"arts": 1.2}),
        Sample("2", has={"arts": 1.1, "rooms": 1.1, "backbone": 1.2}),
        Sample("3", has={"arts": 1.1, "rooms": 1.3, "backbone": 1.2}),
        Sample("4", stage="junior", has={"sports": 1.6}),
    ]
    facts = county_of(samples)
    plan = _plan(facts, allowed=frozenset(Measure))
    keys = [(entry.school_id, entry.stage) for entry in samples]
    base = np.array([entry.pupils for entry in samples])
    draws = np.rint(base * np.random.default_rng(4).uniform(0.9, 1.1, (12, len(base)))).astype(int)
    for row in draws:
        problem = question(facts, pupils={2026: {key: int(count) for key, count in zip(keys, row, strict=True)}})
        from junheng.planning.plan.apply import planned_facts

        verdict = judge(planned_facts(problem, plan.actions, 2026), problem.standard, problem.dictionary)
        found = robustness(plan, keys, [row])
        judged = {entry.key for entry in verdict.schools if entry.outcome is Outcome.NOT_MET}
        assert {entry.row for entry in found.edge} == judged
        broken = {
            (entry.stage.value, entry.indicator_id) for entry in verdict.dispersion if entry.outcome is Outcome.NOT_MET
        }
        assert {(entry.stage, entry.indicator_id) for entry in found.spreads} == broken
