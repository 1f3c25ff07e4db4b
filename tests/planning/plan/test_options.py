"""Changes of catchments, mergers and new schools: planned whole, ordered by cost, ruled out only by a bound."""

from dataclasses import replace

import numpy as np
import pytest

from junheng.core.standard import Stage
from junheng.planning.plan import options as options_module
from junheng.planning.plan.catchments import Catchments, Merger, Neighbours, NewSchool, Shift, with_shifts
from junheng.planning.plan.measures import Measure
from junheng.planning.plan.options import Comparison, compare_options, pupil_prices
from junheng.planning.plan.plan import Answer
from junheng.planning.plan.planner import Planner, make_plan
from junheng.planning.plan.solver import Effort, Solved, Status
from tests.planning.plan.counties import WAN, Sample, bare_standard, budgets, question, sample_rows, some

EXACT = Effort(seconds=120, optimality_gap=0.0)
ROOMS = frozenset({Measure.FIT_MULTIMEDIA_ROOM})
P = Stage.PRIMARY
NOTHING = np.zeros(0)


def _crowded():
    """School 1 has 17 rooms for 1 000 pupils (20 are the floor), school 2 has 23 for 700, which is more than enough."""
    return [
        Sample("1", pupils=1_000, has={"rooms": 0.7}),
        Sample(
            "2",
            pupils=700,
            has={"rooms": 1.4, **dict.fromkeys(("above", "backbone", "arts", "floor", "sports", "equipment"), 1.5)},
        ),
        Sample("3", pupils=800, has={"rooms": 1.0}),
    ]


def _asked(**given):
    return question(_crowded(), allowed=ROOMS, **given)


def _catchments(**given):
    given = {"most_a_year": 200, "fen_per_pupil": WAN // 100, "step": 50, **given}
    return Catchments((Neighbours("1", "2", P, 500), Neighbours("2", "3", P, 800)), **given)


def test_pupil_prices_when_a_school_lacks_rooms_then_a_pupil_there_costs_part_of_a_room():
    planner = Planner.of(_asked())
    worth = pupil_prices(planner, EXACT)
    # at the floor a pupil needs 0.85 · 0.023 rooms of 5 万元; where there are enough it needs none
    assert worth["1", "primary"] == pytest.approx(0.85 * 0.023 * 5, rel=0.1)
    assert worth["2", "primary"] == 0.0


def test_pupil_prices_when_nothing_is_known_then_there_are_none(monkeypatch):
    planner = Planner.of(_asked())
    nothing = Solved(Status.INFEASIBLE, NOTHING, np.inf, np.inf, 0.0, NOTHING, NOTHING)
    monkeypatch.setattr(planner.search, "relax", lambda clock: (nothing, 1))
    assert pupil_prices(planner, EXACT) == {}
    bare = Planner.of(_asked(standard=bare_standard(school_rule=None)))
    assert pupil_prices(bare, EXACT) == {}


def test_compare_options_when_neighbours_have_room_then_shifting_pupils_is_cheaper():
    found = compare_options(_asked(), EXACT, catchments=_catchments())
    unchanged = some(found.unchanged.plan)
    assert unchanged.cost_fen == 15 * WAN  # three rooms
    best = some(found.best)
    # every plan that is told has been judged by core with its own pupils
    plan = some(some(best.answer).plan)
    assert best.cost_fen == plan.cost_fen + best.change_fen < unchanged.cost_fen
    assert some(best.bound_fen) <= some(best.cost_fen)
    assert plan.problem.pupils[2026]["1", "primary"] < 1_000
    assert "比不调整少" in found.text
    # every number that is allowed for the pair that matters, each planned: nothing is cheaper
    assert best.cost_fen == min(_cost_with(pupils) for pupils in (50, 100, 150, 200))


def _cost_with(pupils):
    problem, fen = with_shifts(_asked(), _catchments(), [Shift("1", "2", P, pupils)])
    plan = make_plan(problem, EXACT).plan
    return float("inf") if plan is None else plan.cost_fen + fen


def test_compare_options_when_a_bound_is_above_the_best_then_it_is_not_planned():
    found = compare_options(_asked(), EXACT, catchments=_catchments(fen_per_pupil=WAN // 11))
    ruled_out = [entry for entry in found.options if entry.is_ruled_out]
    assert ruled_out
    for entry in ruled_out:
        assert entry.answer is None
        assert some(entry.bound_fen) >= min(some(found.unchanged.plan).cost_fen, some(entry.bound_fen))


def test_compare_options_when_a_pupil_is_too_dear_then_nothing_is_tried():
    found = compare_options(_asked(), EXACT, catchments=_catchments(fen_per_pupil=WAN))
    assert found.options == ()
    assert found.best is None
    assert found.text == "试过 0 种调整，没有一种比不调整更省。"
    full = compare_options(_asked(), EXACT, catchments=_catchments(largest=700))
    assert full.options == ()


def test_compare_options_when_there_is_no_plan_otherwise_then_the_shift_makes_one():
    problem = _asked(budgets=budgets([2026], 5 * WAN))
    found = compare_options(problem, EXACT, catchments=_catchments())
    assert found.unchanged.plan is None
    assert some(found.best).cost_fen is not None
    assert "不调整没有方案" in found.text


def test_compare_options_when_schools_are_merged_then_each_merger_is_planned():
    small = Sample("4", pupils=100, has={"rooms": 0.1, "floor": 0.1, "sports": 0.1})
    problem = question([*_crowded(), small], target_year=2026)
    mergers = [Merger("4", "2", WAN), Merger("4", "1", WAN)]
    found = compare_options(problem, EXACT, mergers=mergers)
    assert [some(entry.merger).into for entry in found.options] == ["2", "1"]
    best = some(found.best)
    assert best.label == "把学校4并入学校2"
    assert best.change_fen == WAN
    assert some(some(best.answer).plan).facts[2026].table("schools")["school_id"].to_list() == ["1", "2", "3"]


def test_compare_options_when_a_school_is_opened_then_it_is_planned_with_what_it_has():
    school, row = sample_rows(
        Sample("5", pupils=300, has=dict.fromkeys(("rooms", "floor", "sports", "equipment"), 1.3))
    )
    new = NewSchool({**school, "school_name": None}, (dict(row),), {("1", "primary"): 300}, 2 * WAN)
    found = compare_options(_asked(), EXACT, openings=[new])
    assert found.options[0].label == "新开5"
    assert some(found.options[0].cost_fen) == 2 * WAN  # 700 pupils keep 17 rooms: enough


def test_compare_options_when_a_new_school_lacks_facts_then_its_findings_are_told():
    new = NewSchool(
        {"school_id": "5", "school_type": "primary_school"}, ({"stage": "primary"},), {("1", "primary"): 300}
    )
    option = compare_options(_asked(), EXACT, openings=[new]).options[0]
    assert (option.answer, option.cost_fen) == (None, None)
    assert {entry.code for entry in option.findings} == {"plan-fact-missing"}


def test_compare_options_when_something_is_wrong_then_nothing_is_tried():
    found = compare_options(
        _asked(),
        EXACT,
        catchments=_catchments(step=0),
        mergers=[Merger("9", "1", 0)],
        openings=[NewSchool({}, ())],
    )
    assert [entry.code for entry in found.findings] == ["plan-catchment", "plan-merger", "plan-opening"]
    assert found.options == ()


def test_compare_options_when_a_shift_leaves_a_county_without_facts_then_that_is_told(monkeypatch):
    broken = replace(_asked(), pupils={2026: {("1", "primary"): -5, ("2", "primary"): 1, ("3", "primary"): 1}})
    monkeypatch.setattr(options_module, "with_shifts", lambda *_: (broken, 0))
    found = compare_options(_asked(), EXACT, catchments=_catchments())
    assert {entry.code for option in found.options for entry in option.findings} == {"plan-pupils-negative"}


def test_comparison_when_the_dearest_is_all_there_is_then_it_is_not_the_best():
    answer = Answer((), Status.NOTHING, None, None, 0.0)
    assert Comparison(answer, ()).best is None


def test_label_when_many_catchments_change_then_two_are_named():
    shifts = [Shift("1", "2", P, 50), Shift("3", "2", P, 50), Shift("2", "3", P, 50)]
    text = options_module._label(_asked(), shifts)
    assert text == "学校1小学向学校2调整 50 人、学校3小学向学校2调整 50 人等 3 处学区调整"


def test_proposals_when_there_are_several_pairs_then_each_school_changes_once_and_sets_grow(monkeypatch):
    samples = [Sample(str(number), pupils=400) for number in range(1, 6)]
    planner = Planner.of(question(samples, allowed=ROOMS))
    prices = {
        ("1", "primary"): 0.9,
        ("2", "primary"): 0.1,
        ("3", "primary"): 0.0,
        ("4", "primary"): 0.5,
        ("5", "primary"): 0.2,
    }
    monkeypatch.setattr(options_module, "pupil_prices", lambda *_: prices)
    pairs = tuple(Neighbours(first, second, P) for first, second in (("1", "2"), ("1", "3"), ("4", "5")))
    sets = list(options_module._proposals(planner, Catchments(pairs, 100, 0, step=50), EXACT))
    # 1 → 3 gains most and uses school 1 up; 4 → 5 comes in the second round; a quarter of 100 is less than the step
    first, second = Shift("1", "3", P, 100), Shift("4", "5", P, 100)
    half = [replace(shift, pupils=50) for shift in (first, second)]
    assert sets == [(first,), (half[0],), (first, second), tuple(half)]
