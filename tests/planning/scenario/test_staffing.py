"""Retirements, attrition and decided hiring in a plan: fewer teachers to plan with, and what replaces them is paid."""

from typing import Any

import pytest

from junheng.planning.forecast.outlook import Assumptions
from junheng.planning.plan.measures import Measure
from junheng.planning.scenario.reading import assumptions_in
from junheng.planning.scenario.staffing import expected_teachers, turnover_of
from tests.planning.plan.counties import Sample, county_of
from tests.planning.scenario.scenarios import answer, county

# 1000 pupils need 42 teachers with a degree, 10 backbone teachers and 9 for PE and art; each school has just these, and 5 others
LEVEL = (Sample("1"), Sample("2"))
AGES: dict[str, Any] = {
    "attrition": 0,
    "teacher_ages": [
        {"school_id": "1", "stage": "primary", "group": "女", "ages": "54=20;30=27"},
        {"school_id": "2", "stage": "primary", "group": "女", "ages": "30=47"},
    ],
    "retirement_ages": [{"group": "女", "age": 55}],
}


def _turnover(facts, **assumptions):
    found = expected_teachers(facts, Assumptions(**assumptions), 2028)
    assert found is not None
    return turnover_of(found)


def test_expected_teachers_when_nothing_is_assumed_then_none():
    assert expected_teachers(county_of(LEVEL), Assumptions(), 2028) is None


def test_turnover_when_a_few_leave_everywhere_then_the_county_loses_whole_persons():
    # 3 × 47 teachers, 1 % a year: 1.41, 2.81, 4.19 persons in all, so 1, 3, 4 of them
    found = _turnover(county_of((*LEVEL, Sample("3"))), attrition=0.01)
    assert {year: sum(entry.gone for entry in rows.values()) for year, rows in found.items()} == {
        2026: 1,
        2027: 3,
        2028: 4,
    }
    assert max(entry.gone for entry in found[2028].values()) == 2
    for key, entry in found[2026].items():
        assert found[2027][key].gone >= entry.gone


def test_turnover_when_attrition_is_unknown_then_nothing_follows():
    assert _turnover(county_of(LEVEL), hiring={("1", "primary"): {2026: 1}}) == {}


def test_plan_when_teachers_retire_then_they_are_replaced_at_a_price():
    usual = answer(county(LEVEL))
    aged = answer(county(LEVEL), **AGES)
    assert usual.plan is not None
    assert aged.plan is not None
    assert usual.plan.cost_fen == 0
    # 20 of 47 go: school 1 has 42 − 18 degrees, 10 − 4 backbone and 9 − 4 for PE and art left, and must fill all but one to 85 %
    row = next(row for row in aged.plan.problem.kept_facts.table("stages").rows(named=True) if row["school_id"] == "1")
    assert (row["full_time_teacher_count"], row["bachelor_teacher_count"], row["backbone_teacher_count"]) == (27, 24, 6)
    assert aged.plan.cost_fen > 0
    done = {entry.measure for entry in aged.plan.actions if entry.school_id == "1"}
    assert done & {Measure.HIRE_TEACHER, Measure.HIRE_PE_ART_TEACHER, Measure.MOVE_TEACHER}


def test_plan_when_hiring_is_decided_then_it_is_not_paid_again():
    without = answer(county(LEVEL), **AGES)
    hiring = [{"school_id": "1", "stage": "primary", "year": 2026, "count": 18}]
    with_hiring = answer(county(LEVEL), **AGES, hiring=hiring)
    assert without.plan is not None
    assert with_hiring.plan is not None
    assert with_hiring.plan.cost_fen < without.plan.cost_fen


def test_plan_when_ages_do_not_add_up_then_the_finding_of_the_forecast_is_told():
    ages = [{"school_id": "1", "stage": "primary", "group": "女", "ages": "30=40"}]
    found = answer(county(LEVEL), **{**AGES, "teacher_ages": ages})
    assert [entry.message for entry in found.findings if entry.code == "forecast-teachers"] == [
        "学校1（小学）年龄表合计40人,学段表是专任教师47人;预测按年龄表。",
        "1个学段没有教师年龄,只按流失率推算,没有计入退休:学校2（小学）。",
    ]


def test_assumptions_in_when_only_they_are_filled_in_then_prices_are_not_missed():
    found, findings = assumptions_in({**AGES, "prices": {"hire_teacher": "?"}}, facts=county_of(LEVEL))
    assert findings == ()
    assert found is not None
    assert found.retirement_age == {"女": 55}
    assert (found.attrition, found.births) == (0.0, {})


@pytest.mark.parametrize(
    ("changes", "where", "words"),
    [
        ({"attrition": "many"}, "attrition", "应填数字"),
        ({"retirement_ages": []}, "retirement_ages", "没有退休年龄"),
        ({"attrition": None}, "attrition", "没有填写"),
        ({"teacher_ages": [{**AGES["teacher_ages"][0], "school_id": "7"}]}, "teacher_ages[1].school_id", "不在"),
    ],
)
def test_assumptions_in_when_an_entry_is_wrong_then_none_and_where(changes, where, words):
    found, findings = assumptions_in({**AGES, **changes}, facts=county_of(LEVEL))
    assert found is None
    assert [entry.location.field for entry in findings] == [where]
    assert words in findings[0].message


def test_assumptions_in_when_data_are_no_table_then_nothing_is_assumed():
    assert assumptions_in([]) == (Assumptions(), ())
