"""Teachers move within zones, and zones keep every move within the distance."""

from collections import Counter
from itertools import combinations
from random import Random

import pytest

from junheng.planning.plan.catchments import metres_between
from junheng.planning.plan.measures import Measure
from junheng.planning.plan.planner import make_plan, problem_findings
from junheng.planning.plan.solver import Effort, Status
from junheng.planning.plan.zones import zones_of, zones_within
from tests.planning.plan.counties import PRICES, Sample, question

EXACT = Effort(seconds=60, optimality_gap=0.0)
MOVES = frozenset({Measure.MOVE_TEACHER})
HIRES = MOVES | {Measure.HIRE_PE_ART_TEACHER}


def _samples():
    """School 1 lacks two PE and art teachers; schools 2 and 4 have more than enough."""
    return [
        Sample("1", has={"arts": 0.7, "rooms": 0.9}),
        Sample("2", has={"arts": 1.1}),
        Sample("3"),
        Sample("4", has={"arts": 1.5}),
    ]


def _plan(zones, allowed=MOVES, target_year=2026):
    return make_plan(question(_samples(), allowed=allowed, zones=zones, target_year=target_year), EXACT)


def test_make_plan_when_schools_are_in_zones_then_teachers_stay_in_theirs():
    zones = {"1": "甲", "2": "甲", "3": "乙", "4": "乙"}
    plan = _plan(zones, HIRES, 2027).plan
    assert plan is not None
    balance: Counter[tuple[str, int, int | None]] = Counter()
    for entry in plan.actions:
        if entry.measure is Measure.MOVE_TEACHER:
            balance[zones[entry.school_id], entry.year, entry.kind] += entry.amount
    assert set(balance.values()) <= {0}
    # 2 has 10 of 9 and may fall to the floor of 8: it gives two; these hold degrees that 2 needs, so two others come in return
    assert {entry.school_id for entry in plan.actions} == {"1", "2"}
    assert plan.cost_fen == 4 * PRICES[Measure.MOVE_TEACHER]


def test_make_plan_when_nobody_is_in_the_zone_then_others_are_hired_or_there_is_no_plan():
    alone = {"1": "甲", "2": "乙", "3": "乙", "4": "乙"}
    assert _plan(alone).status is Status.INFEASIBLE
    plan = _plan(alone, HIRES).plan
    assert plan is not None
    assert plan.cost_fen == 2 * PRICES[Measure.HIRE_PE_ART_TEACHER]


@pytest.mark.parametrize(
    ("zones", "code"),
    [({"1": "甲", "2": "甲", "3": "甲"}, "plan-zone"), (dict.fromkeys("12349", "甲"), "plan-unknown-school")],
)
def test_problem_findings_when_zones_do_not_fit_then_the_school_is_named(zones, code):
    assert [entry.code for entry in problem_findings(question(_samples(), zones=zones))] == [code]


def test_zones_within_when_schools_are_scattered_then_no_move_is_too_far():
    random = Random(7)
    points = {f"{number:02}": (110 + random.random() / 4, 28 + random.random() / 4) for number in range(30)}
    zones = zones_within(points, 8_000)
    assert set(zones) == set(points)
    for one, other in combinations(points, 2):
        if zones[one] == zones[other]:
            assert metres_between(points[one], points[other]) <= 8_000
    assert 1 < len(set(zones.values())) < 30
    assert set(zones_within(points, 100_000).values()) == {"00"}
    assert len(set(zones_within(points, 0).values())) == 30


def test_zones_of_when_roads_are_given_then_the_nearest_are_joined_first():
    places = {"a": 0, "b": 4, "c": 7, "d": 20}
    zones = zones_of(places, 5, lambda one, other: abs(places[one] - places[other]))
    # b and c are 3 apart and are joined; a is then 7 from c
    assert zones == {"a": "a", "b": "b", "c": "b", "d": "d"}
