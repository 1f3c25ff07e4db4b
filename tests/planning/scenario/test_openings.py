"""New schools: entered, compared with things as they are, or decided and part of every plan."""

import json
from typing import Any

import numpy as np
import pytest

from junheng.core.verdict import Outcome
from junheng.planning.plan.milestones import MilestoneKind
from junheng.planning.plan.solver import Effort, Status
from junheng.planning.scenario.asking import compare_changes, question_of
from junheng.planning.scenario.openings import with_new_pupils
from junheng.planning.scenario.reading import scenario_of
from junheng.planning.scenario.reality import State, against_plan, remaining_scenario
from junheng.planning.scenario.writing import scenario_data
from junheng.reports.plan_data import plan_data
from tests.planning.plan.counties import Sample, county_of
from tests.planning.scenario.scenarios import (
    NEW_SCHOOL,
    NEW_STAGE,
    SOURCES,
    THREE_YEARS,
    answer,
    county,
    filled,
    opening,
    scenario,
    with_year,
)

LEVEL = (Sample("1"), Sample("2"))


def test_scenario_when_a_school_may_open_then_it_is_read_back_the_same():
    found = scenario(**opening(), **THREE_YEARS)
    (new,) = found.openings
    assert (new.name, new.year, new.fen, new.is_decided) == ("新区小学", 2027, 30_000_000, True)
    assert new.comes_from == {("1", "primary"): 300, ("2", "primary"): 100}
    assert new.department == "教育局（规划建设）"
    assert scenario_of(json.loads(json.dumps(scenario_data(found))))[0] == found


def test_plan_when_a_school_is_decided_then_it_opens_in_its_year_and_takes_its_pupils():
    found = answer(county(LEVEL), **opening(), **THREE_YEARS)
    assert found.plan is not None
    judged = {year: {row.key: row for row in verdict.schools} for year, verdict in found.plan.verdicts.items()}
    assert ("9", "primary") not in judged[2026]
    assert judged[2027]["9", "primary"].student_count == 400
    assert judged[2028]["9", "primary"].outcome is Outcome.MET
    assert [judged[year]["1", "primary"].student_count for year in (2026, 2027, 2028)] == [1000, 700, 700]
    assert found.text.endswith("另有已决定新开的学校，折算 30.00 万元。")
    classes = [row for row in found.plan.facts[2027].table("classes").rows(named=True) if row["school_id"] == "9"]
    assert len(classes) == 12
    assert sum(row["student_count"] for row in classes) == 400
    assert {row["purpose"] for row in found.plan.facts[2028].table("rooms").rows(named=True)} == {"music", "fine_art"}


def test_plan_when_a_new_school_lacks_something_then_the_plan_adds_it_and_nothing_shows_before_it_opens():
    # 8 of the 10 multimedia rooms that 400 pupils need, and no music room: two rooms are fitted, in whatever year is cheapest
    lacking = opening(multimedia_rooms=8, equipment=700_000, floor_area=1500)
    found = answer(county(LEVEL), **lacking, **{**THREE_YEARS, "money": "unlimited", "discount_rate": 0})
    assert found.plan is not None
    assert any(entry.school_id == "9" for entry in found.plan.actions)
    assert "9" not in found.plan.facts[2026].table("schools")["school_id"].to_list()
    assert found.plan.verdicts[2028].schools[-1].outcome is Outcome.MET


def test_plan_data_when_a_school_opens_then_tasks_money_and_schools_hold_it():
    data = plan_data(answer(county(LEVEL), **opening(), **THREE_YEARS))
    (task,) = [entry for entry in data["tasks"] if entry["measure"] == "open_school"]
    assert (task["school_name"], task["year"], task["money"], task["unit"]) == ("新区小学", 2027, 30.0, "所")
    assert (task["number"], task["starts"], task["ends"]) == (len(data["tasks"]), "2027-01-01", "2027-08-31")
    paid = {row["year"]: (row["amount"], row["budget"]) for row in data["money"]}
    assert paid[2027][1] == 40.0  # the budget is told whole
    assert paid[2027][0] >= 30.0
    assert data["spent"] == pytest.approx(sum(amount for amount, _ in paid.values()))
    assert [row["spent"] for row in data["years"][1:]] == pytest.approx([paid[year][0] for year in (2026, 2027, 2028)])
    (school,) = [entry for entry in data["schools"] if entry["school_id"] == "9"]
    assert task["number"] in school["tasks"]
    assert school["money"] >= 30.0
    (new,) = data["openings"]
    assert new["stages"] == [{"stage": "primary", "stage_label": "小学", "capacity": 500, "pupils": 400}]
    assert [(entry["school_name"], entry["pupils"]) for entry in new["comes_from"]] == [
        ("学校1", 300),
        ("学校2", 100),
    ]
    assert data["measures"][-1]["label"] == "新开学校"


def test_plan_data_when_money_is_not_limited_then_the_opening_is_paid_all_the_same():
    data = plan_data(answer(county(LEVEL), **opening(source="上级补助"), target_year=2027))
    (row,) = [row for row in data["money"] if row["source"] == "上级补助" and row["year"] == 2027]
    assert (row["amount"], row["budget"]) == (30.0, None)
    free = plan_data(answer(county(LEVEL), **opening(amount=0), target_year=2027))
    assert free["tasks"][-1]["money_by_year"] == {}


@pytest.mark.parametrize(
    ("changes", "more", "words"),
    [
        ({"amount": 50}, {}, "预算不够"),
        ({"year": 2029}, {}, "开办年度 2029 不在 2026—2028 年之间"),
        ({}, {"opening_sources": [{**SOURCES[0], "giver_id": "7", "pupils": 100}]}, "不能新开学校 9"),
    ],
)
def test_question_when_an_opening_cannot_be_then_a_finding_blocks(changes, more, words):
    found = question_of(scenario(**{**opening(**changes), **THREE_YEARS, **more}), county(LEVEL))
    (finding,) = [entry for entry in found.findings if entry.level.value == "error"]
    assert words in finding.message


def test_question_when_the_target_year_is_past_then_that_is_what_is_told():
    found = question_of(scenario(**{**opening(year=2026), "target_year": 2025}), county(LEVEL))
    assert "plan-target-year" in {entry.code for entry in found.findings}


def test_compare_when_a_school_is_to_be_compared_then_it_is_an_option():
    found, _ = compare_changes(scenario(**opening(decision="compare"), target_year=2027), county(LEVEL), Effort())
    assert found is not None
    (option,) = found.options
    assert option.label == "新开新区小学"
    assert option.change_fen == 30_000_000
    assert option.cost_fen is not None
    assert option.cost_fen >= option.change_fen


def test_compare_when_zones_come_from_distances_then_the_new_school_has_one():
    distances = [{"first": "1", "second": "2", "km": 3}, {"first": "9", "second": "1", "km": 2}]
    given = scenario(**opening(decision="compare"), target_year=2027, farthest_move=5, distances=distances)
    found, _ = compare_changes(given, county(LEVEL), Effort())
    assert found is not None
    assert found.options[0].findings == ()
    assert found.options[0].cost_fen is not None


def test_plan_when_a_zone_is_named_then_the_new_school_lies_in_it():
    zones = [{"school_id": name, "zone": "东"} for name in ("1", "2")]
    found = answer(county(LEVEL), **opening(zone="东"), **THREE_YEARS, zones=zones)
    assert found.plan is not None
    assert found.plan.problem.limits.zones == {"1": "东", "2": "东", "9": "东"}


def test_milestone_when_it_is_before_the_opening_then_the_new_school_is_not_counted():
    milestones = [{"year": 2026, "kind": MilestoneKind.PASSING.value}]
    found = answer(county(LEVEL), **opening(), **THREE_YEARS, milestones=milestones)
    assert found.status is Status.OPTIMAL
    assert [entry["is_met"] for entry in plan_data(found)["milestones"]] == [True]


def test_new_pupils_when_draws_are_given_then_the_planned_share_goes():
    # 300 of 1000 planned pupils of school 1 go; in a future of 1200 it is 360. School 2 is in no simulation: its 100 go
    (new,) = scenario(**opening(), **THREE_YEARS).openings
    planned = {("1", "primary"): 700, ("2", "primary"): 900}
    keys, draws = with_new_pupils(new, [("1", "primary")], np.array([[1200], [1000]]), planned)
    assert keys == [("1", "primary"), ("9", "primary")]
    assert draws.tolist() == [[840.0, 460.0], [700.0, 400.0]]


def test_new_pupils_when_nobody_is_planned_then_the_count_goes():
    (new,) = scenario(**opening(), **THREE_YEARS).openings
    planned = {("1", "primary"): -300, ("2", "primary"): 900}
    _, draws = with_new_pupils(new, [("1", "primary")], np.array([[5]]), planned)
    assert draws.tolist() == [[5.0, 400.0]]


def test_stages_when_a_nine_year_school_opens_then_both_and_grades_follow():
    given = opening(school_type="nine_year_school")
    given["opening_stages"].append({**NEW_STAGE, "stage": "junior", "classes": 4, "teachers": 30, "above_standard": 20})
    given["opening_sources"] = [*SOURCES, {**SOURCES[0], "giver_id": "3", "stage": "junior"}]
    new = scenario(**given, **THREE_YEARS).openings[0].as_new_school()
    assert [(row["stage"], row["grade"]) for row in new.classes[12:]] == [("junior", grade) for grade in (7, 8, 9, 7)]
    assert new.classes[6]["class_name"] == "2班"
    # 10 junior teachers are associates, below the junior standard but not below the primary one
    assert [row["associate_teacher_count"] for row in new.stages] == [0, 10]


WRONG: list[tuple[dict[str, Any], str, str]] = [
    ({"opening_stages": []}, "openings[1].school_type", "学段与学校类别不符"),
    (
        {"opening_stages": [NEW_STAGE, {**NEW_STAGE, "school_id": "8"}]},
        "opening_stages[2].school_id",
        "不在“可以新开的学校”里",
    ),
    ({"opening_stages": [{**NEW_STAGE, "backbone": 21}]}, "opening_stages[1].teachers", "多于专任教师"),
    ({"opening_stages": [{**NEW_STAGE, "capacity": 399}]}, "opening_stages[1].capacity", "不超过最多容纳的 399 人"),
    ({"opening_sources": []}, "opening_stages[1].capacity", "应大于 0"),
    ({"opening_sources": [*SOURCES, {**SOURCES[0], "stage": "junior"}]}, "opening_sources[3].stage", "没有这个学段"),
    ({"zones": [{"school_id": "1", "zone": "东"}]}, "openings[1].zone", "没有划入"),
    ({"openings": [{**NEW_SCHOOL, "school_id": "1"}]}, "openings[1].school_id", "已经有学校使用"),
    ({"openings": [{**NEW_SCHOOL, "amount": None}]}, "openings[1].amount", "没有填写"),
    ({"farthest_move": 3}, "distances", "没有校际距离"),
    ({"distances": [{"first": "1", "second": "2", "km": 3}]}, "farthest_move", "没有填写“教师调动的最远距离”"),
    (
        {"farthest_move": 3, "distances": [{"first": "1", "second": "1", "km": 3}]},
        "distances[1].second",
        "两所学校相同",
    ),
    (
        {"farthest_move": 3, "distances": [{"first": a, "second": b, "km": 3} for a, b in (("1", "2"), ("2", "1"))]},
        "distances[2]",
        "同样两所学校",
    ),
    ({"farthest_move": 3, "distances": [{"first": "1", "second": "7", "km": 3}]}, "distances[1].second", "不在"),
    (
        {
            "attrition": 0,
            "retirement_ages": [{"group": "女", "age": 55}],
            "teacher_ages": [{"school_id": "1", "stage": "primary", "group": "女", "ages": "54=2;54=3"}],
        },
        "teacher_ages[1].ages",
        "每个年龄只写一次",
    ),
    ({"hiring": [{"school_id": "1", "stage": "primary", "year": 2027, "count": 3}]}, "attrition", "没有填写"),
]


@pytest.mark.parametrize(("changes", "where", "words"), WRONG)
def test_scenario_when_an_entry_is_wrong_then_none_and_it_is_told_where(changes, where, words):
    data = filled(**{**opening(), **THREE_YEARS, **changes})
    found, findings = scenario_of(data, facts=county_of(LEVEL))
    assert found is None
    told = {entry.location.field: entry for entry in findings if entry.level.value == "error"}
    assert words in told[where].message
    assert told[where].hint


def test_robustness_when_a_school_opens_then_its_futures_follow_those_it_takes_pupils_from():
    # pupils of the two schools are drawn; 300 of the 1000 planned for school 1 go to the new one in every future
    facts = county_of(LEVEL)
    years = [
        with_year(county_of([Sample("1", pupils=1000 + more), Sample("2", pupils=1000 - more)]), 2025 - ago)
        for ago, more in ((2, 40), (1, 20))
    ]
    given: dict[str, Any] = {"pupils__source": "forecast", "pupils__simulations": 20}
    asked = opening()
    asked["openings"].append({**NEW_SCHOOL, "school_id": "8", "decision": "compare"})  # no part of the plan
    asked["opening_stages"] = [*asked["opening_stages"], {**NEW_STAGE, "school_id": "8"}]
    asked["opening_sources"] = [*SOURCES, {**SOURCES[0], "school_id": "8"}]
    found = answer(county(facts, years), **asked, **{**THREE_YEARS, "target_year": 2027, "money": "unlimited"}, **given)
    assert found.plan is not None
    assert found.robustness is not None
    assert found.robustness.draws == 20
    # the new school has just what 400 pupils need, and its givers what they needed for a thousand: only the new one can fail
    assert [risk.row for risk in found.robustness.edge] == [("9", "primary")]
    assert 0 < found.robustness.edge[0].fails < 1


def test_remaining_scenario_when_the_school_has_opened_then_its_entries_are_gone():
    ages = [
        {"school_id": "1", "stage": "primary", "group": "女", "ages": "53=3;54=2;30=10"},
        {"school_id": "2", "stage": "primary", "group": "女", "ages": "54=1"},
    ]
    hiring = [{"school_id": "1", "stage": "primary", "year": year, "count": 1} for year in (2026, 2027)]
    teachers: dict[str, Any] = {
        "teacher_ages": ages,
        "retirement_ages": [{"group": "女", "age": 55}],
        "attrition": 0,
        "hiring": hiring,
    }
    data = plan_data(answer(county(LEVEL), **opening(), **THREE_YEARS, **teachers))
    early = remaining_scenario(data, with_year(county_of(LEVEL), 2026))
    late = remaining_scenario(data, with_year(county_of((*LEVEL, Sample("9", pupils=400))), 2027))

    assert [row["school_id"] for row in early["openings"]] == ["9"]
    assert [late[name] for name in ("openings", "opening_stages", "opening_sources")] == [[], [], []]
    # a year later those of 54 are 55 and have retired; two years later those of 53 too
    assert [row["ages"] for row in early["teacher_ages"]] == ["31=10;54=3"]
    assert [row["ages"] for row in late["teacher_ages"]] == ["32=10"]
    assert [row["year"] for row in early["hiring"]] == [2027]
    assert scenario_of(early, facts=with_year(county_of(LEVEL), 2026))[0] is not None


def test_against_plan_when_a_school_opened_or_teachers_left_then_only_what_was_to_be_done_is_late():
    # school 1 keeps all its teachers although the plan expects a tenth to leave: that is no task that is late
    data = plan_data(answer(county(LEVEL), **opening(), **THREE_YEARS, attrition=10))
    found = against_plan(data, with_year(county_of((*LEVEL, Sample("9", pupils=400))), 2027))
    kept = [entry for entry in found.rows if entry.school_id == "1" and entry.quantity.id == "full_time_teacher_count"]
    assert [entry.state for entry in kept] == [State.DONE]
    assert found.underway == ()
