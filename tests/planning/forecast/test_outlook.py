"""The outlook of a county: all parts of a forecast in one."""

import numpy as np
import pytest

from junheng.core.errors import InputError
from junheng.core.standard import Stage
from junheng.planning.forecast import Assumptions, Closure, Options, TeacherAges, look_ahead
from junheng.readers.standards import load_standard
from tests.core.builders import classes, facts_of, school, stage
from tests.planning.forecast.enrolments import PRIMARY, A, B

STANDARD = load_standard("cn-2017-quality-balance")
FEW = Options(to_year=2027, simulations=200)


def county(year):
    """Two primary schools of 40 pupils in each of two grades, year after year."""
    rows = [row for name in (A, B) for grade in (1, 2) for row in classes(name, 40, grade=grade)]
    stages = [stage(name, student_count=80, full_time_teacher_count=5) for name in (A, B)]
    return facts_of(year=year, schools=[school(A), school(B)], stages=stages, classes=rows)


@pytest.fixture(scope="module")
def outlook():
    return look_ahead([county(year) for year in (2025, 2023, 2024)], STANDARD, FEW, Assumptions())


def test_outlook_when_years_are_given_in_any_order_then_the_last_one_counts(outlook):
    assert outlook.facts.year == 2025
    assert outlook.forecast.point.tolist() == [[80, 80], [80, 80]]
    assert outlook.risks.years == (2026, 2027)
    assert outlook.backtest is not None
    assert "没有教师年龄" in outlook.findings[-1].message


def test_county_when_it_is_summed_then_quantiles_are_those_of_the_sum(outlook):
    first, second = outlook.county([0.1, 0.9])
    sums = np.sort(outlook.forecast.draws.sum(axis=0)[0])

    assert (first.stage, first.year, first.pupils) == (Stage.PRIMARY, 2026, 160)
    assert first.quantiles == (sums[19], sums[179])  # the 20th and the 180th of 200
    assert second.year == 2027


def test_county_when_a_quantile_is_no_share_then_refused(outlook):
    with pytest.raises(InputError, match="分位数"):
        list(outlook.county([90]))


def test_outlook_when_there_are_two_years_then_no_back_test():
    assert look_ahead([county(2024), county(2025)], STANDARD, FEW, Assumptions()).backtest is None


def test_outlook_when_something_is_assumed_then_it_is_played_through():
    assumptions = Assumptions(
        births={"东": dict.fromkeys((2023, 2024, 2025), 100) | {2026: 150, 2027: 150}},
        catchments={B: "东"},
        changes=(Closure(A, PRIMARY, 2027, {B: 1.0}),),
        ages=TeacherAges({(A, PRIMARY): {"全部": {30: 5}}, (B, PRIMARY): {"全部": {59: 5}}}),
        retirement_age={"全部": 60},
        attrition=0.0,
        hiring={(B, PRIMARY): {2026: 2}},
    )
    found = look_ahead([county(year) for year in (2023, 2024, 2025)], STANDARD, FEW, assumptions)

    assert found.forecast.point.tolist() == [[80, 0], [100, 200]]  # 40 + 60; 60 + 60 and the 80 of the other
    assert [entry.count for entry in found.teachers.rows[B, PRIMARY]] == [2, 2]
