"""Distances by pair of schools: zones in which no two are too far apart, and who goes to whom."""

from typing import Any

from junheng.planning.plan.solver import Status
from junheng.planning.scenario.distances import moves_of, paired, zones_for
from junheng.reports.plan_data import plan_data
from tests.planning.plan.counties import Sample
from tests.planning.scenario.scenarios import answer, county, scenario

# school 1 lacks two teachers for PE and art; 2 and 3 have them to spare
UNEVEN = (Sample("1", has={"arts": 0.7}), Sample("2", has={"arts": 1.5}), Sample("3", has={"arts": 1.5}))
ONLY_MOVES: dict[str, Any] = {
    f"allowed__{name}": False for name in ("hire_teacher", "hire_pe_art_teacher", "train_pe_art", "rotate_teacher")
}


def _pairs(*rows: tuple[str, str, float]) -> list[dict[str, Any]]:
    return [{"first": first, "second": second, "km": km} for first, second, km in rows]


def test_zones_when_no_limit_is_given_then_those_of_the_scenario():
    zones = [{"school_id": name, "zone": "东"} for name in ("1", "2")]
    assert zones_for(scenario(zones=zones), ["1", "2"]) == {"1": "东", "2": "东"}


def test_zones_when_pairs_are_near_then_together_and_those_untold_are_not():
    # 1–2 are 3 km apart, 2–3 are 4 km, but 1–3 are 9 km: within 5 km only 1 and 2 go together, 4 has no distance at all
    given = scenario(farthest_move=5, distances=_pairs(("2", "1", 3), ("2", "3", 4), ("1", "3", 9)))
    assert zones_for(given, ["1", "2", "3", "4"]) == {"1": "1", "2": "1", "3": "3", "4": "4"}


def test_zones_when_the_scenario_has_zones_too_then_both_hold():
    zones = [{"school_id": "1", "zone": "东"}, {"school_id": "2", "zone": "西"}, {"school_id": "3", "zone": "西"}]
    given = scenario(farthest_move=5, distances=_pairs(("1", "2", 1), ("2", "3", 2), ("1", "3", 1)), zones=zones)
    assert zones_for(given, ["1", "2", "3"]) == {"1": "1", "2": "2", "3": "2"}


def test_plan_when_the_near_school_has_teachers_then_they_come_from_there():
    given: dict[str, Any] = {"farthest_move": 5, "distances": _pairs(("1", "3", 4.5), ("1", "2", 20), ("2", "3", 20))}
    found = answer(county(UNEVEN), **ONLY_MOVES, **given)
    assert found.plan is not None
    moves = moves_of(found.plan, found.scenario.distances)
    assert {(move.giver_id, move.receiver_id, move.metres) for move in moves} == {("3", "1", 4500)}
    told = [entry for entry in found.findings if entry.code == "plan-distance"]
    assert [entry.message for entry in told] == [
        "按最远 5 千米划成 2 个教师流动片区；1 所学校没有足够近的学校，不参加调动：学校2。"
    ]
    (row,) = plan_data(found)["moves"]
    assert (row["giver_name"], row["receiver_name"], row["km"], row["stage_label"]) == ("学校3", "学校1", 4.5, "小学")


def test_plan_when_everybody_is_too_far_then_nobody_can_come_and_there_is_no_plan():
    # by the distances 6 and 20 km nobody is within 5 km of school 1; with a limit of 6 km school 3 is
    distances = _pairs(("1", "3", 6), ("1", "2", 20), ("2", "3", 20))
    assert answer(county(UNEVEN), **ONLY_MOVES, farthest_move=5, distances=distances).status is Status.INFEASIBLE
    assert answer(county(UNEVEN), **ONLY_MOVES, farthest_move=6, distances=distances).status is Status.OPTIMAL


def test_moves_when_two_can_give_then_the_nearer_one_does():
    given: dict[str, Any] = {"farthest_move": 30, "distances": _pairs(("1", "3", 4), ("1", "2", 20), ("2", "3", 20))}
    found = answer(county(UNEVEN), **ONLY_MOVES, **given)
    assert found.plan is not None
    moves = moves_of(found.plan, found.scenario.distances)
    leaving = sum(-entry.amount for entry in found.plan.actions if entry.kind is not None and entry.amount < 0)
    assert sum(move.count for move in moves) == leaving
    assert all(entry.level.value == "info" for entry in found.findings if entry.code == "plan-distance")
    assert {move.metres for move in moves} <= {4000, 20000}
    assert plan_data(answer(county(UNEVEN), **ONLY_MOVES))["moves"][0]["km"] is None


def test_paired_when_a_giver_has_nobody_left_then_it_is_no_pair():
    assert paired({"1": 1}, {"2": 1, "3": 1}, {("1", "3"): 5}) == [("1", "3", 1)]


def test_moves_when_two_give_and_two_receive_then_everybody_goes_once_and_near_ones_first():
    # 1 and 4 lack teachers, 2 and 3 have them to spare; 1–3 and 2–4 are 2 km apart, 1–2 and 3–4 are 9 km
    samples = (*UNEVEN, Sample("4", has={"arts": 0.7}))
    near = _pairs(("1", "3", 2), ("2", "4", 2), ("1", "2", 9), ("3", "4", 9), ("1", "4", 9), ("2", "3", 9))
    found = answer(county(samples), **ONLY_MOVES, farthest_move=10, distances=near, moves_out=9, moves_in=9)
    assert found.plan is not None
    moves = moves_of(found.plan, found.scenario.distances)
    for school in ("1", "4"):
        coming = sum(
            entry.amount for entry in found.plan.actions if entry.kind is not None and entry.school_id == school
        )
        assert sum(move.count for move in moves if move.receiver_id == school) == coming > 0
    assert len({(move.giver_id, move.receiver_id, move.kind, move.year) for move in moves}) == len(moves)
    texts = [task["text"] for task in plan_data(found)["tasks"] if task["measure"] == "move_teacher"]
    wrong = [text for text in texts if "，调往学校" not in text and "，来自学校" not in text]
    assert wrong == []
