"""A plan and the facts of a later year."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from junheng.core.errors import InputError
from junheng.core.judge import judge
from junheng.planning.plan.measures import Measure
from junheng.planning.scenario.quantities import QUANTITIES, quantities_of
from junheng.planning.scenario.reality import (
    State,
    Underway,
    against_plan,
    remaining_scenario,
    underway,
    with_underway,
)
from junheng.readers.dictionary import load_dictionary
from junheng.reports.plan_data import plan_data
from tests.core.builders import room
from tests.planning.plan.counties import Sample, bare_standard, county_of
from tests.planning.scenario.scenarios import SHORT, answer, county, usual_answer, with_year


@pytest.fixture(scope="module")
def data():
    return plan_data(usual_answer())


@pytest.fixture(scope="module")
def planned():
    plan = usual_answer().plan
    assert plan is not None
    return plan.facts


def test_against_plan_when_everything_was_done_then_nothing_is_late(data, planned):
    verdict = judge(planned[2027], bare_standard(), load_dictionary())
    found = against_plan(data, planned[2027], verdict)
    assert found.rows
    assert {entry.state for entry in found.rows} == {State.DONE}
    assert found.passing == (3, 3)
    assert found.spreads_broken is not None
    assert found.spreads_broken[0] == found.spreads_broken[1]
    assert found.pupils == (3000, 3000)
    assert found.text.startswith("到 2027 年，计划的")
    assert "达标校段计划 3 个，实际 3 个" in found.text


def test_against_plan_when_nothing_was_done_then_it_is_late_at_a_price(data):
    found = against_plan(data, with_year(county_of(SHORT), 2027))
    assert found.passing is None
    rooms = next(entry for entry in found.late if entry.quantity.id == "multimedia_classroom_count")
    # of 23 rooms 12 are there; 85 % of 23 is 19.55, so that 20 will do; eight are lacking at 5 万元
    assert (rooms.before, rooms.planned, rooms.real, rooms.lacks, rooms.money) == (12, 20, 12, 8, 40.0)
    assert found.late[0].money == max(entry.money or 0 for entry in found.late)
    leaving = [entry for entry in found.rows if entry.planned is not None and entry.planned < (entry.before or 0)]
    assert all(entry.lacks == 0 for entry in leaving)


def test_against_plan_when_a_school_is_gone_then_unknown(data):
    found = against_plan(data, with_year(county_of([Sample("2"), Sample("3", stage="junior")]), 2027))
    gone = [entry for entry in found.rows if entry.school_id == "1"]
    assert gone
    assert {entry.state for entry in gone} == {State.UNKNOWN}
    assert State.UNKNOWN.label == "没有数据"


def test_against_plan_when_nothing_stands_for_a_quantity_then_it_was_not_planned(data):
    expected = [{**data["expected"][0], "values": {"2025": None, "2026": 1.0, "2027": 2.0}}]
    found = against_plan({**data, "expected": expected}, with_year(county_of(SHORT), 2027))
    assert [(entry.before, entry.planned) for entry in found.rows] == [(None, 2.0)]
    excluded = {**data["schools"][0], "stages": [{"stage": "primary", "pupils": {"2027": None}}]}
    assert against_plan({**data, "schools": [excluded]}, with_year(county_of(SHORT), 2027)).pupils == (0, 0)


def test_against_plan_when_a_price_is_missing_then_no_money(data):
    scenario = {**data["scenario"], "prices": {}}
    found = against_plan({**data, "scenario": scenario}, with_year(county_of(SHORT), 2027))
    assert {entry.money for entry in found.late} == {None}


@pytest.mark.parametrize(
    ("changes", "year", "words"),
    [
        ({"tasks": None}, 2026, "这不是一份有方案的 plan.json（缺少 tasks）"),
        ({"county_code": "1"}, 2026, "不是同一个县"),
        ({}, 2025, "上次的方案只安排了 2026、2027 年"),
        ({}, 2030, "数据是 2030 年的"),
    ],
)
def test_against_plan_when_it_does_not_fit_then_input_error(data, changes, year, words):
    previous = {key: value for key, value in {**data, **changes}.items() if value is not None}
    with pytest.raises(InputError, match=words):
        against_plan(previous, with_year(county_of(SHORT), year))


def test_underway_when_a_building_takes_a_year_then_it_counts_as_there():
    place = county([Sample("1", has={"sports": 0.7, "floor": 0.7}), Sample("2")])
    leads: dict[str, Any] = {"lead_years__build_floor_area": 1, "lead_years__build_sports_area": 1}
    first = answer(place, target_year=2027, **leads)
    data = plan_data(first)
    facts = with_year(place.facts, 2026)
    begun = underway(data, facts)
    assert {entry.measure for entry in begun} == {Measure.BUILD_SPORTS_AREA, Measure.BUILD_FLOOR_AREA}
    assert begun[0].ends == date(2027, 8, 31)
    built = with_underway(facts, begun, load_dictionary())
    sports = next(entry for entry in begun if entry.measure is Measure.BUILD_SPORTS_AREA)
    key = (sports.school_id, "", "outdoor_sports_area")
    assert quantities_of(built)[key] == quantities_of(facts)[key] + sports.amount
    again = answer(replace(place, facts=facts), data, target_year=2027, **leads)
    assert again.plan is not None
    assert again.plan.cost_fen == 0


def test_with_underway_when_the_school_or_the_value_is_missing_then_left():
    facts = county_of([Sample("1", school={"equipment_value": None})])
    begun = tuple(Underway(school, "", Measure.BUY_EQUIPMENT, 5, date(2027, 8, 31)) for school in ("1", "9"))
    found = quantities_of(with_underway(facts, begun, load_dictionary()))
    assert ("1", "", "equipment_value") not in found


def test_remaining_scenario_when_a_year_is_over_then_what_is_done_is_taken_off(data):
    rows = [{"school_id": "1", "measure": "fit_multimedia_room", "amount": 9}]
    milestones = [{"year": year, "kind": "passing"} for year in (2026, 2027)]
    previous = {**data, "scenario": {**data["scenario"], "fixed": rows, "milestones": milestones}}
    found = remaining_scenario(previous, with_year(county_of(SHORT), 2027))
    # eight rooms were planned up to 2027
    assert found["fixed"] == [{"school_id": "1", "measure": "fit_multimedia_room", "amount": 1}]
    assert found["milestones"] == []
    moves = [{"school_id": school, "measure": "move_teacher", "amount": 5} for school in ("1", "2")]
    moved = remaining_scenario(
        {**previous, "scenario": {**data["scenario"], "fixed": moves}}, with_year(county_of(SHORT), 2027)
    )
    net = sum(
        (-1) ** (not task["is_leaving"]) * task["amount"]
        for task in data["tasks"]
        if task["school_id"] == "2" and task["measure"] == "move_teacher"
    )
    assert [row["amount"] for row in moved["fixed"]][1] == 5 - net < 5
    early = remaining_scenario(previous, with_year(county_of(SHORT), 2026))
    assert early["milestones"] == milestones[1:]


def test_quantities_of_when_rooms_are_listed_then_counted_by_purpose():
    facts = county_of(
        [Sample("1"), Sample("5", school={"school_type": "special_school"})],
        rooms=[room("1", "甲", "music", 9000), room("1", "乙", "dance", 9000), room("7", "丙", "music", 9000)],
    )
    found = quantities_of(facts)
    assert (found["1", "", "music"], found["1", "", "fine_art"]) == (1, 0)
    assert found["1", "primary", "backbone"] == 10
    assert ("1", "primary", "class_count") not in found
    assert {school for school, _, _ in found} == {"1"}
    assert {name for _, _, name in found} <= set(QUANTITIES)


def test_quantities_of_when_no_rooms_are_listed_then_they_are_not_told():
    assert ("1", "", "music") not in quantities_of(county_of([Sample("1")]))


def test_against_plan_when_the_year_is_not_judged_then_nothing_is_said_of_passing(data):
    found = against_plan(data, with_year(county_of(SHORT), 2027))
    assert found.passing is None
    assert "达标校段" not in found.text
