"""Plain data as a scenario: findings with paths, nothing assumed where money counts, and the way back."""

from fractions import Fraction
from typing import Any

import pytest

from junheng.core.findings import Level
from junheng.core.standard import Stage
from junheng.planning.forecast.options import Closure, HousingProject, Opening, Shift, Transfer
from junheng.planning.forecast.teachers import TeacherAges
from junheng.planning.plan.catchments import Merger, Neighbours
from junheng.planning.plan.measures import Measure
from junheng.planning.plan.milestones import Milestone, MilestoneKind
from junheng.planning.plan.plan import Goal
from junheng.planning.scenario.reading import scenario_of
from junheng.planning.scenario.scenario import PupilSource, usual_department, with_budgets
from junheng.planning.scenario.writing import blank_data, scenario_data, with_entries
from tests.planning.plan.counties import Sample, county_of
from tests.planning.scenario.scenarios import filled, scenario

TABLES: dict[str, Any] = {
    "budgets": [{"year": 2026, "source": "县级财政", "amount": 12.5}, {"year": 2026, "source": "上级", "amount": 0}],
    "forbidden": [{"school_id": "1", "measure": "调动教师"}],
    "fixed": [{"school_id": "1", "measure": "fit_multimedia_room", "amount": 2}],
    "milestones": [
        {"year": 2026, "kind": "passing", "stage": "junior", "schools": 3},
        {"year": 2026, "kind": "spread", "indicator_id": "x", "limit": 0.6},
        {"year": 2026, "kind": "added", "measure": "hire_teacher", "amount": 5},
    ],
    "retired_share": [{"year": 2026, "share": 10}],
    "retired": [{"school_id": "1", "year": 2026, "value": 1000}],
    "zones": [{"school_id": "1", "zone": "东片"}],
    "neighbours": [{"first": "1", "second": "2", "stage": "primary", "metres": 900}],
    "shifts.most_a_year": 20,
    "shifts.price": 500,
    "shifts.largest": 2000,
    "mergers": [{"closed": "3", "into": "2", "amount": 1.5}],
    "farthest_move": 7.5,
    "distances": [{"first": "2", "second": "1", "km": 1.25}],
    "attrition": 1.5,
    "teacher_ages": [{"school_id": "1", "stage": "primary", "group": "女", "ages": "54=3； 30=20"}],
    "retirement_ages": [{"group": "女", "age": 55}],
    "hiring": [{"school_id": "1", "stage": "primary", "year": 2026, "count": 2}],
    "births": [{"catchment": "东", "year": 2026, "children": 50}],
    "catchments": [{"school_id": "1", "catchment": "东"}],
    "changes": [
        {"kind": "opening", "stage": "primary", "year": 2026, "school_id": "9", "name": "新校"},
        {"kind": "closure", "stage": "primary", "year": 2026, "school_id": "1", "receivers": "2=60；3=40%"},
        {"kind": "shift", "stage": "junior", "year": 2026, "giver_id": "1", "receiver_id": "2", "share": 12.5},
        {"kind": "transfer", "stage": "primary", "year": 2026, "receiver_id": "1", "count": 3},
        {
            "kind": "housing",
            "stage": "primary",
            "year": 2026,
            "school_id": "1",
            "name": "东湖",
            "dwellings": 100,
            "pupils_per_dwelling": 0.3,
            "occupied": "40;80",
        },
    ],
}


def _messages(data, **more):
    return {finding.location.field: finding.message for finding in scenario_of(data, **more)[1]}


def test_scenario_of_when_blank_then_all_that_costs_money_is_missed():
    found, findings = scenario_of(blank_data())
    assert found is None
    missed = {finding.location.field for finding in findings}
    assert {"target_year", "money", "discount_rate", "disruption", "prices.hire_teacher"} <= missed
    assert "prices.renew_equipment" not in missed
    assert all(finding.level is Level.ERROR and finding.hint for finding in findings)


def test_scenario_of_when_tables_are_blank_then_empty():
    assert scenario_of(filled(budgets=None, fixed=""))[0] is not None


def test_scenario_of_when_complete_then_typed():
    found = scenario(**TABLES, money="limited", goal="fewest_failing", teacher_quota=900, backbone_share=20)
    assert (found.target_year, found.goal, found.pupils.source) == (2026, Goal.FEWEST_FAILING, PupilSource.SAME)
    assert found.limits.budgets == {(2026, "县级财政"): 12_500_000, (2026, "上级"): 0}
    assert found.limits.forbidden == {("1", Measure.MOVE_TEACHER)}
    assert found.limits.fixed == {("1", Measure.FIT_MULTIMEDIA_ROOM): 2}
    assert found.limits.backbone_share == Fraction(1, 5)
    assert found.limits.milestones[0] == Milestone(2026, MilestoneKind.PASSING, stage=Stage.JUNIOR, schools=3)
    assert found.limits.retired == {("1", 2026): 1000}
    assert found.prices.fen[Measure.HIRE_TEACHER] == 9_000_000
    assert found.limits.zones == {"1": "东片"}
    assert found.mergers == (Merger("3", "2", 1_500_000),)
    assert (found.farthest_move, found.distances) == (7500, {("1", "2"): 1250})
    assert found.assumptions.ages == TeacherAges({("1", Stage.PRIMARY): {"女": {54: 3, 30: 20}}})
    assert (found.assumptions.retirement_age, found.assumptions.attrition) == ({"女": 55}, 0.015)
    assert found.assumptions.hiring == {("1", Stage.PRIMARY): {2026: 2}}
    assert found.catchments is not None
    assert (found.catchments.most_a_year, found.catchments.fen_per_pupil, found.catchments.step) == (20, 50_000, 10)
    assert found.catchments.pairs == (Neighbours("1", "2", Stage.PRIMARY, 900),)
    assert found.assumptions.births == {"东": {2026: 50}}
    assert found.assumptions.changes == (
        Opening("9", "新校", Stage.PRIMARY, 2026),
        Closure("1", Stage.PRIMARY, 2026, {"2": 0.6, "3": 0.4}),
        Shift("1", "2", Stage.JUNIOR, 2026, 0.125),
        Transfer(None, "1", Stage.PRIMARY, 2026, 3),
        HousingProject("东湖", "1", Stage.PRIMARY, 2026, 100, 0.3, (0.4, 0.8)),
    )


def test_scenario_data_when_read_again_then_the_same_scenario():
    found = scenario(
        **TABLES,
        money="limited",
        students_per_teacher__primary=19.5,
        departments__hire_teacher="人社局",
        sources__hire_teacher="上级",
        per_year__hire_teacher=9,
    )
    assert found.department(Measure.HIRE_TEACHER) == "人社局"
    assert scenario_of(scenario_data(found)) == (found, ())


def test_scenario_data_when_a_housing_project_is_not_known_yet_then_left_open():
    found = scenario(changes=TABLES["changes"][-1:])
    change = HousingProject("西湖", "1", Stage.PRIMARY, 2026, None, None, None)
    object.__setattr__(found.assumptions, "changes", (change,))
    assert set(scenario_data(found)["changes"][0]) == {
        "kind",
        "stage",
        "year",
        "school_id",
        "name",
        "moves_all_grades",
    } - {"moves_all_grades"}


def test_scenario_of_when_entries_are_left_out_then_the_usual_values_are_told():
    data = filled()
    del data["title"], data["moves_out"], data["lumps"]
    found, findings = scenario_of(data)
    assert found is not None
    assert (found.title, found.limits.moves_out, found.limits.lump(Measure.BUILD_FLOOR_AREA)) == ("达标方案", 3, 50)
    assert [(finding.level, finding.message) for finding in findings] == [
        (Level.INFO, "没有填写方案名称、每校每学段每年最多调出，按通常的取值。")
    ]


@pytest.mark.parametrize("data", [None, [], "x", 3])
def test_scenario_of_when_it_is_no_table_then_said(data):
    found, findings = scenario_of(data)
    assert found is None
    assert findings[0].code == "scenario-not-a-table"


@pytest.mark.parametrize(
    ("given", "path", "words"),
    [
        ({"nonsense": 1}, "nonsense", "没有“nonsense”这一项"),
        ({"prices__cake": 1}, "prices.cake", "没有“prices.cake”这一项"),
        ({"prices": 5}, "prices", "应是一张表"),
        ({"budgets": 5}, "budgets", "应是逐行的表"),
        ({"changes": [{**TABLES["changes"][0], "school_id": []}]}, "changes[1].school_id", "应填文字"),
        ({"budgets": [5]}, "budgets", "应是逐行的表"),
        ({"budgets": [{"year": 2026}]}, "budgets[1].amount", "年度预算第 1 行没有填写“金额”"),
        ({"budgets": [{"year": 2026, "amount": 1, "x": 1}]}, "budgets[1].x", "没有“budgets[1].x”这一项"),
        ({"budgets": [{"year": "甲", "amount": 1}]}, "budgets[1].year", "“年度”应填数字，现在是“甲”"),
        ({"prices__hire_teacher": None}, "prices.hire_teacher", "没有填写“招聘教师”的单价"),
        ({"prices__hire_teacher": -1}, "prices.hire_teacher", "不能小于 0 元"),
        ({"money": "limited"}, "budgets", "却没有填写预算"),
        ({"pupils__simulations": 3}, "pupils.simulations", "偶数"),
        (
            {"budgets": [{"year": 2026, "amount": 1}, {"year": 2026, "amount": 2}]},
            "budgets[2]",
            "第 2 行与第 1 行都写了",
        ),
        ({"changes": [{"kind": "opening", "stage": "primary", "year": 2026}]}, "changes[1].school_id", "缺少“学校”"),
        (
            {"changes": [{**TABLES["changes"][1], "receivers": "2"}]},
            "changes[1].receivers",
            "应写成 标识码=百分比",
        ),
        (
            {"changes": [{**TABLES["changes"][4], "occupied": "40;180"}]},
            "changes[1].occupied",
            "百分比应在 0 与 100 之间",
        ),
        ({"neighbours": TABLES["neighbours"]}, "shifts.price", "没有填写“每调整一名学生的支出”"),
        ({"milestones": [{"year": 2026, "kind": "added"}]}, "milestones[1].measure", "缺少“措施”"),
    ],
)
def test_scenario_of_when_an_entry_is_wrong_then_its_path_is_named(given, path, words):
    found, findings = scenario_of(filled(**given))
    assert found is None
    assert [words in finding.message for finding in findings if finding.location.field == path] == [True]


def test_scenario_of_when_facts_are_given_then_unknown_schools_are_named():
    facts = county_of([Sample("1"), Sample("2"), Sample("3")])
    data = filled(fixed=[{"school_id": "7", "measure": "hire_teacher", "amount": 1}], changes=TABLES["changes"][:3])
    assert _messages(data, facts=facts) == {"fixed[1].school_id": "学校标识码 7 不在 2025 年的学校表中。"}


def test_with_entries_when_a_section_is_missing_then_it_is_made():
    assert with_entries({"a": 1}, {"b.c": 2, "a.d": 3}) == {"a": {"d": 3}, "b": {"c": 2}}


def test_with_budgets_when_a_year_is_named_then_it_comes_before_all_years():
    found = with_budgets(scenario(target_year=2027), {(2027, "甲"): Fraction(3), (None, "甲"): Fraction(1)}, 2025)
    assert found.limits.budgets == {(2026, "甲"): 1_000_000, (2027, "甲"): 3_000_000}
    assert with_budgets(found, {}, 2025).limits.budgets is None


def test_usual_department_when_asked_then_by_the_kind_of_measure():
    measures = (Measure.BUILD_FLOOR_AREA, Measure.BUY_EQUIPMENT, Measure.OPEN_CLASS, Measure.MOVE_TEACHER)
    assert [usual_department(entry)[4:-1] for entry in measures] == ["规划建设", "教育装备", "基础教育", "教师管理"]
