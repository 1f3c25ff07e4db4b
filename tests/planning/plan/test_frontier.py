"""Cost against year, budget and passing schools."""

from fractions import Fraction

from junheng.planning.plan.frontier import by_budget, by_passing, by_target_year
from junheng.planning.plan.futures import same_pupils
from junheng.planning.plan.measures import Measure
from junheng.planning.plan.planner import Planner
from junheng.planning.plan.solver import Effort, Status
from tests.planning.plan.counties import WAN, Sample, budgets, county_of, question

EXACT = Effort(seconds=40, optimality_gap=0.0)
ROOMS = frozenset({Measure.FIT_MULTIMEDIA_ROOM})
SAMPLES = [Sample("1", has={"rooms": 0.7}), Sample("2", has={"rooms": 0.8}), Sample("3", has={"rooms": 0.6})]


def test_by_target_year_when_years_are_short_then_the_points_say_why():
    facts = county_of(SAMPLES)
    problem = question(
        facts, allowed=ROOMS, pupils=same_pupils(facts, [2026, 2027]), budgets=budgets([2026, 2027, 2028], 25 * WAN)
    )
    points = by_target_year(problem, [2026, 2027, 2028], EXACT)
    assert [point.status for point in points] == [Status.INFEASIBLE, Status.OPTIMAL, Status.NOTHING]
    assert [point.cost_fen for point in points] == [None, 50 * WAN, None]
    assert points[1].passing == 3
    assert "2028 年的学生数" in points[2].text


def test_by_budget_when_money_grows_then_more_schools_pass():
    problem = question(SAMPLES, allowed=ROOMS, budgets=budgets([2026], 50 * WAN))
    points = by_budget(problem, [Fraction(0), Fraction(1, 10), Fraction(2, 5), Fraction(1)], EXACT)
    assert [point.passing for point in points] == [0, 1, 2, 3]
    assert [point.cost_fen for point in points] == [0, 5 * WAN, 20 * WAN, 50 * WAN]
    assert by_budget(question(SAMPLES, allowed=ROOMS), [Fraction(1)], EXACT)[0].passing == 3


def test_by_passing_when_fewer_must_pass_then_it_is_cheaper():
    points = by_passing(Planner.of(question(SAMPLES, allowed=ROOMS)), [0, 1, 2, 3], EXACT)
    assert [point.cost_fen for point in points] == [0, 5 * WAN, 20 * WAN, 50 * WAN]


def test_frontier_when_the_user_stops_then_no_more_points_are_made():
    assert by_passing(Planner.of(question(SAMPLES, allowed=ROOMS)), [1, 2], Effort(stop=lambda: True)) == ()
