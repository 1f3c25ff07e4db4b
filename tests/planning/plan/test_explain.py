"""Why a plan is as it is."""

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from junheng.planning.plan import explain as explain_module
from junheng.planning.plan.explain import bindings, effects, exchanges, exchanges_by_area, left_open, measure_lines
from junheng.planning.plan.limits import Prices
from junheng.planning.plan.measures import Measure
from junheng.planning.plan.planner import Planner
from junheng.planning.plan.search import Clock
from junheng.planning.plan.solver import Effort
from junheng.readers.standards import load_standard
from tests.planning.plan.counties import PRICES, QUALITY, WAN, Sample, budgets, county_of, question, some

EXACT = Effort(seconds=40, optimality_gap=0.0)
SPORTS = "sports_area_per_student"


def _planned(samples, **limits):
    planner = Planner.of(question(samples, **limits))
    found = planner.search.run(EXACT)
    return planner, found, some(planner.settle(found, Clock(EXACT)).plan)


def test_measure_lines_when_people_are_hired_then_every_year_is_paid():
    samples = [Sample("1", has={"arts": 0.7, "rooms": 0.9}), Sample("2")]
    hires = frozenset({Measure.HIRE_PE_ART_TEACHER, Measure.MOVE_TEACHER})
    _, _, plan = _planned(
        samples, allowed=hires, target_year=2027, per_year={Measure.HIRE_PE_ART_TEACHER: 1}, moves_in=0
    )
    lines = measure_lines(plan)
    assert [(entry.action.year, entry.fen, entry.school_name) for entry in lines] == [
        (2026, 16 * WAN, "学校1"),
        (2027, 8 * WAN, "学校1"),
    ]
    assert sum(entry.fen for entry in lines) == plan.spent_fen


def test_effects_when_rooms_are_built_then_indicator_and_coefficient_move():
    samples = [Sample("1", has={"rooms": 0.75, "sports": 0.9}), Sample("2")]
    _, _, plan = _planned(samples, allowed=frozenset({Measure.FIT_MULTIMEDIA_ROOM}))
    changed, spreads = effects(plan)
    assert [(entry.row, entry.is_met_before, entry.is_met_after) for entry in changed] == [
        (("1", "primary"), False, True)
    ]
    assert (float(some(changed[0].before)), float(some(changed[0].after))) == (1.8, 2.3)
    rooms = next(entry for entry in spreads if entry.indicator_id.startswith("multimedia") and entry.stage == "primary")
    assert some(rooms.after) < some(rooms.before)
    assert float(some(rooms.limit)) == 0.5


def test_bindings_when_a_school_lacks_ground_then_its_lump_has_a_price():
    samples = [Sample("1", has={"sports": 0.7, "rooms": 0.9}), Sample("2")]
    planner, found, _ = _planned(samples, allowed=frozenset({Measure.BUILD_SPORTS_AREA}))
    listed = bindings(planner, found, EXACT)
    assert [(entry.text, entry.unit, entry.fen) for entry in listed] == [
        ("学校1“体育场馆”", "100 ㎡", 100 * PRICES[Measure.BUILD_SPORTS_AREA])
    ]


def test_bindings_when_money_and_spread_bind_then_they_have_a_price():
    samples = [Sample("1", pupils=300, has={"sports": 8.0}), Sample("2"), Sample("3", has={"rooms": 0.7})]
    planner, found, _ = _planned(samples)
    texts = {entry.text: entry for entry in bindings(planner, found)}
    assert texts["小学“体育场馆”的差异系数"].unit == "0.01"
    assert texts["小学“体育场馆”的差异系数"].fen > 0


def test_bindings_when_the_budget_of_a_year_binds_then_the_year_is_named():
    samples = [Sample("1", has={"arts": 0.7, "rooms": 0.9}), Sample("2")]
    both = frozenset({Measure.HIRE_PE_ART_TEACHER, Measure.TRAIN_PE_ART})
    planner, found, _ = _planned(
        samples,
        allowed=both,
        target_year=2027,
        budgets=budgets([2026, 2027], 16 * WAN),
        per_year={Measure.TRAIN_PE_ART: 0},
    )
    listed = bindings(planner, found)
    assert {entry.text for entry in listed} >= {"“转岗培训体育、艺术教师”的每年上限"}
    tight = replace(
        planner.problem.limits,
        budgets={(2026, "县级财政"): 0, (2027, "县级财政"): 200 * WAN},
        per_year={Measure.HIRE_PE_ART_TEACHER: 1},
    )
    planner = Planner.of(replace(planner.problem, limits=tight))
    listed = bindings(planner, planner.search.run(EXACT))
    assert all(entry.fen >= 0 for entry in listed)


def test_bindings_when_the_linear_model_is_not_solved_then_there_are_none():
    planner, found, _ = _planned([Sample("1"), Sample("2")])
    found.values[planner.model.met] = 1.0
    closed = Planner.of(
        replace(planner.problem, limits=replace(planner.problem.limits, fixed={("1", Measure.BUY_EQUIPMENT): 10_000}))
    )
    closed.search.session.set_bounds(closed.model.material.ravel(), 0, 0)
    assert bindings(closed, found) == ()


def test_exchanges_when_teachers_move_then_givers_and_takers_are_named_with_their_area():
    samples = [
        Sample("1", has={"arts": 0.7, "rooms": 0.9}, school={"area_type": "rural"}),
        Sample("2", has={"arts": 1.5}, school={"area_type": "urban"}),
        Sample("3", has={"rooms": 0.8}, school={"area_type": None}),
    ]
    _, _, plan = _planned(samples, allowed=frozenset({Measure.MOVE_TEACHER, Measure.FIT_MULTIMEDIA_ROOM}))
    found = exchanges(plan)
    assert [(entry.school_name, entry.given, entry.received) for entry in found] == [("学校1", 0, 2), ("学校2", 2, 0)]
    assert exchanges_by_area(found) == {"乡村": (0, 2), "城区": (2, 0)}


@pytest.mark.parametrize("stage", ["primary", "junior"])
def test_bindings_when_a_teacher_is_missing_then_one_teacher_has_a_price(stage):
    samples = [Sample("1", stage=stage, has={"arts": 0.7, "rooms": 0.8}), Sample("2", stage=stage)]
    planner, found, _ = _planned(samples, allowed=frozenset({Measure.TRAIN_PE_ART, Measure.FIT_MULTIMEDIA_ROOM}))
    assert ("学校1“体艺教师”", "1 人") in [(entry.text, entry.unit) for entry in bindings(planner, found)]


def test_left_open_when_items_need_papers_then_they_are_listed():
    facts = county_of([Sample("1"), Sample("2")])
    problem = question(facts, standard=load_standard(QUALITY), allowed=frozenset({Measure.FIT_MULTIMEDIA_ROOM}))
    planner = Planner.of(problem)
    plan = some(planner.settle(planner.search.run(EXACT), Clock(EXACT)).plan)
    left = [entry.item_id for entry in left_open(plan)]
    assert "layout_and_planning" in left
    assert "school_size" not in left


def test_bindings_when_later_money_is_cheaper_then_the_budgets_of_late_years_have_a_price():
    samples = [Sample("1", has={"rooms": 0.7}), Sample("2", has={"rooms": 0.75, "sports": 0.9})]
    rooms = frozenset({Measure.FIT_MULTIMEDIA_ROOM})
    prices = Prices(PRICES, Fraction(1, 4))
    planner, found, _ = _planned(
        samples, allowed=rooms, prices=prices, target_year=2027, budgets=budgets([2026, 2027], 30 * WAN)
    )
    listed = {entry.text: (entry.unit, entry.fen) for entry in bindings(planner, found)}
    # one 万元 moved from 2026 to 2027 saves 0.8 − 0.64
    assert listed["2027 年县级财政的年度预算"] == ("1 万元", 160_000)


def test_binding_when_a_row_only_counts_indicators_then_it_has_no_price_of_its_own():
    planner, found, _ = _planned([Sample("1"), Sample("2")])
    row = int(planner.model.sketch.rows_of(["school_rule:primary"])[-1])
    duals = np.ones(planner.model.sketch.height)
    assert explain_module._binding(planner, row, duals, found.values) is None
    assert explain_module._binding(planner, row - 2, duals, found.values) is not None
    assert explain_module._binding(planner, 0, duals, found.values) is None
