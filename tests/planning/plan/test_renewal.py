"""Equipment that wears out: bought again in its year where that is allowed, lost elsewhere; judged by core."""

from fractions import Fraction

import pytest

from junheng.planning.plan.clashes import find_clash
from junheng.planning.plan.explain import measure_lines
from junheng.planning.plan.limits import Prices
from junheng.planning.plan.measures import Measure
from junheng.planning.plan.milestones import Milestone, MilestoneKind
from junheng.planning.plan.planner import Planner, make_plan, problem_findings
from junheng.planning.plan.solver import Effort, Status
from tests.planning.plan.counties import PRICES, WAN, Sample, bare_standard, budgets, question, some

EXACT = Effort(seconds=60, optimality_gap=0.0)
BUY, RENEW = Measure.BUY_EQUIPMENT, Measure.RENEW_EQUIPMENT
YUAN_IN_WAN = 10_000


def _samples():
    """1 000 pupils with 2 000 元 each: 200 万元 in each school."""
    return [Sample("1"), Sample("2")]


def _asked(allowed=(BUY, RENEW), samples=None, **given):
    return question(samples or _samples(), **{"allowed": frozenset(allowed), "target_year": 2027, **given})


def _plan(problem):
    answer = make_plan(problem, EXACT)
    assert answer.plan is not None, (answer.text, answer.findings)
    return answer.plan


def test_make_plan_when_a_share_wears_out_then_it_is_bought_again_in_its_year():
    plan = _plan(_asked(retired_share={2026: Fraction(1, 10), 2027: Fraction(1, 20)}))
    amounts = {(entry.year, entry.school_id): entry.amount for entry in plan.actions}
    tenth, twentieth = 20 * YUAN_IN_WAN, 10 * YUAN_IN_WAN
    assert amounts == {(2026, "1"): tenth, (2026, "2"): tenth, (2027, "1"): twentieth, (2027, "2"): twentieth}
    assert {entry.measure for entry in plan.actions} == {RENEW}
    assert plan.cost_fen == 60 * WAN
    assert plan.bound_fen == plan.cost_fen
    for year in (2026, 2027):
        values = plan.facts[year].table("schools")["equipment_value"].to_list()
        assert values == [200 * WAN, 200 * WAN]
    assert plan.actions[0].text == "更新到期设备 200000 元"
    assert sum(line.fen for line in measure_lines(plan)) == 60 * WAN


def test_make_plan_when_renewal_is_not_used_then_the_value_is_lost_and_only_what_is_needed_is_bought():
    plan = _plan(_asked([BUY], retired={("1", 2026): 50 * YUAN_IN_WAN}))
    # 150 of 200 万元 are left; all else is met, so the floor of 170 万元 is enough
    assert plan.cost_fen == 20 * WAN
    values = plan.facts[2027].table("schools")["equipment_value"].to_list()
    assert values == [170 * WAN, 200 * WAN]
    assert plan.problem.target_facts.table("schools")["equipment_value"].to_list() == [150 * WAN, 200 * WAN]


def test_make_plan_when_a_school_may_not_renew_then_it_loses_its_value():
    problem = _asked(retired_share={2027: Fraction(1, 10)}, forbidden=frozenset({("2", RENEW)}))
    plan = _plan(problem)
    assert plan.cost_fen == 20 * WAN
    assert plan.facts[2027].table("schools")["equipment_value"].to_list() == [200 * WAN, 180 * WAN]


def test_make_plan_when_renewal_has_its_own_price_and_discount_then_both_count():
    prices = Prices({**PRICES, RENEW: 130}, Fraction(1, 10))
    plan = _plan(_asked(prices=prices, retired={("2", 2027): 10 * YUAN_IN_WAN}))
    assert plan.cost_fen == round(10 * YUAN_IN_WAN * 130 / 1.21)


def test_find_clash_when_the_year_has_no_money_for_renewal_then_both_are_named():
    problem = _asked(retired={("1", 2026): 50 * YUAN_IN_WAN}, budgets=budgets([2026], 0) | budgets([2027], 99 * WAN))
    assert make_plan(problem, EXACT).status is Status.INFEASIBLE
    clash = some(find_clash(Planner.of(problem), EXACT))
    assert set(clash.clauses) == {"renewal", "budget:县级财政"}
    assert "到期设备按时更新" in clash.text


def test_make_plan_when_equipment_is_promised_for_a_year_then_what_is_worn_out_by_then_counts():
    promise = Milestone(2026, MilestoneKind.INDICATOR, bare_standard().indicators[5].id)
    plan = _plan(_asked([BUY], retired={("1", 2026): 1 * YUAN_IN_WAN}, milestones=(promise,)))
    assert [(entry.year, entry.amount) for entry in plan.actions] == [(2026, 1 * YUAN_IN_WAN)]


def test_worn_out_when_more_is_given_than_there_is_then_it_ends_at_nothing():
    problem = _asked(retired={("1", 2026): 150 * YUAN_IN_WAN, ("1", 2027): 150 * YUAN_IN_WAN})
    assert problem.worn_out == {("1", 2026): 150 * YUAN_IN_WAN, ("1", 2027): 50 * YUAN_IN_WAN}


@pytest.mark.parametrize(
    ("given", "code", "words"),
    [
        ({"retired_share": {2026: Fraction(2, 3), 2027: Fraction(2, 3)}}, "plan-retired", "超过 1"),
        ({"retired_share": {2026: Fraction(-1)}}, "plan-retired", "小于 0"),
        ({"retired": {("1", 2026): -1}}, "plan-retired", "小于 0"),
        ({"retired": {("1", 2025): 1}}, "plan-retired", "不晚于数据年度"),
        ({"retired": {("8", 2026): 1}}, "plan-unknown-school", "不在学校表中"),
        ({"fixed": {("1", RENEW): 1}}, "plan-fixed", "不能指定"),
    ],
)
def test_problem_findings_when_what_wears_out_makes_no_sense_then_it_says_why(given, code, words):
    found = problem_findings(_asked(**given))
    assert [entry.code for entry in found] == [code]
    assert words in found[0].message


def test_problem_findings_when_renewal_has_no_price_then_it_is_missing():
    prices = Prices({key: value for key, value in PRICES.items() if key is not RENEW})
    assert [entry.location.subject for entry in problem_findings(_asked(prices=prices))] == ["renew_equipment"]
