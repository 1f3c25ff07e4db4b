"""Cost against target year, budget and passing schools."""

from fractions import Fraction

from junheng.planning.plan.solver import Effort
from junheng.planning.scenario.curves import Axis, curve_of
from tests.planning.scenario.scenarios import county, scenario

LIMITED = {"money": "limited", "budgets": [{"year": 2026, "amount": 100}]}


def test_curve_of_when_years_vary_then_a_later_one_has_the_budget_of_the_last():
    found = curve_of(Axis.TARGET_YEAR, scenario(**LIMITED), county(), Effort())
    assert [point.asked for point in found.points] == [2026, 2027, 2028]
    assert all(point.cost_fen is not None for point in found.points)
    asked = curve_of(Axis.TARGET_YEAR, scenario(**LIMITED), county(), Effort(), [2027])
    assert [point.asked for point in asked.points] == [2027]


def test_curve_of_when_the_budget_varies_then_more_passes():
    found = curve_of(Axis.BUDGET, scenario(**LIMITED), county(), Effort(), [0, Fraction(1)])
    assert [point.asked for point in found.points] == [0.0, 1.0]
    assert (found.points[0].passing or 0) < (found.points[1].passing or 0)
    assert len(curve_of(Axis.BUDGET, scenario(**LIMITED), county(), Effort()).points) == 5


def test_curve_of_when_there_is_no_budget_then_said():
    found = curve_of(Axis.BUDGET, scenario(), county(), Effort())
    assert found.points == ()
    assert [finding.code for finding in found.findings] == ["plan-curve"]


def test_curve_of_when_fewer_must_pass_then_it_costs_no_more():
    found = curve_of(Axis.PASSING, scenario(), county(), Effort(), [2, 3])
    first, second = found.points
    assert (first.cost_fen or 0) <= (second.cost_fen or 0)
    assert [point.asked for point in curve_of(Axis.PASSING, scenario(), county(), Effort()).points] == [3.0]


def test_curve_of_when_the_question_is_wrong_then_no_points():
    found = curve_of(Axis.PASSING, scenario(target_year=2025), county(), Effort())
    assert found.points == ()
    assert found.findings
    assert Axis.PASSING.label == "达标的校段数"
