"""What would have to give, and which clauses clash."""

from fractions import Fraction

import pytest

from junheng.core.standard import Stage
from junheng.planning.plan import clashes as clashes_module
from junheng.planning.plan.clashes import clause_text, find_clash
from junheng.planning.plan.measures import Measure
from junheng.planning.plan.planner import Planner
from junheng.planning.plan.relaxations import Family, Relaxation, find_relaxations, relax
from junheng.planning.plan.search import Found
from junheng.planning.plan.solver import Effort, Status
from tests.planning.plan.counties import HUNAN, WAN, Sample, bare_standard, budgets, question, some

EXACT = Effort(seconds=40, optimality_gap=0.0)
ROOMS = frozenset({Measure.FIT_MULTIMEDIA_ROOM})


def _poor(money=20, **limits):
    """17, 19 and 14 rooms of 20: 3, 1 and 6 rooms of 5 万元 are missing."""
    samples = [Sample("1", has={"rooms": 0.7}), Sample("2", has={"rooms": 0.8}), Sample("3", has={"rooms": 0.6})]
    return Planner.of(question(samples, **{"allowed": ROOMS, "budgets": budgets([2026], money * WAN), **limits}))


def test_relax_when_money_is_short_then_the_missing_money_is_told():
    found = relax(_poor(), Family.BUDGET, EXACT)
    assert found.is_enough
    assert [(entry.subject, entry.unit) for entry in found.gives] == [("2026 年县级财政增加", "万元")]
    assert found.gives[0].amount == pytest.approx(30.0)  # 10 rooms are 50 万元
    assert found.amount == pytest.approx(found.bound)
    assert found.cost_fen == 50 * WAN
    assert found.text == "增加预算：2026 年县级财政增加 30 万元，方案费用 50.00 万元。"


def test_relax_when_schools_may_fail_then_the_fewest_are_named():
    found = relax(_poor(), Family.SCHOOLS, EXACT)
    assert [entry.subject for entry in found.gives] == ["学校3（小学）暂不达标"]
    assert found.cost_fen == 20 * WAN


def test_relax_when_only_coefficients_may_give_then_money_still_lacks():
    found = relax(_poor(), Family.SPREAD, EXACT)
    assert not found.is_enough
    assert found.text == "只放宽差异系数，也没有可行方案。"


def _spread():
    """A school with eight times the rooms: nothing may be bought, so only its coefficient can give."""
    samples = [Sample("1", pupils=300, has={"rooms": 8.0}), Sample("2"), Sample("3")]
    return Planner.of(question(samples, allowed=ROOMS, budgets=budgets([2026], 0)))


def test_relax_when_a_coefficient_is_too_large_then_the_limit_it_needs_is_told():
    found = relax(_spread(), Family.SPREAD, EXACT)
    # 300 pupils have 56 rooms for 6.9: shares 3/23, 20/23 of 8.116 and 1: mean 1.928, CV 2.396 / 1.928 = 1.2428
    assert [entry.subject for entry in found.gives] == ["小学“多媒体教室”差异系数上限放宽到"]
    assert found.gives[0].amount == pytest.approx(1.243, abs=1e-3)
    assert found.cost_fen == 0


def test_relax_when_both_may_give_then_both_are_told():
    samples = [Sample("1", pupils=300, has={"rooms": 8.0}), Sample("2", has={"rooms": 0.8}), Sample("3")]
    planner = Planner.of(question(samples, allowed=ROOMS, budgets=budgets([2026], 0)))
    found = relax(planner, Family.SCHOOLS_AND_SPREAD, EXACT)
    assert len(found.gives) == 2
    assert found.gives[0].subject.startswith("学校2")


def test_find_relaxations_when_all_families_are_tried_then_the_question_stays_as_it_was():
    planner = _poor()
    found = find_relaxations(planner, EXACT)
    assert [entry.is_enough for entry in found] == [True, True, False, True]
    assert planner.answer(EXACT).status is Status.INFEASIBLE


def test_relax_when_the_second_search_finds_nothing_then_the_cost_stays_open():
    planner = _poor()
    run, calls = planner.search.run, []

    def first_only(effort, opening):
        calls.append(1)
        found = run(effort, opening)
        return found if len(calls) == 1 else Found(**{**vars(found), "status": Status.NOTHING})

    planner.search.run = first_only
    found = relax(planner, Family.BUDGET, EXACT)
    assert (found.is_enough, found.cost_fen) == (True, None)
    assert found.text == "增加预算：2026 年县级财政增加 30 万元。"


def test_relaxation_text_when_time_ran_out_then_it_says_so():
    assert "在给定时间内没有结果" in Relaxation(Family.BUDGET, is_enough=False).text


def test_find_clash_when_the_question_has_a_plan_then_there_is_none():
    assert find_clash(_poor(50), EXACT) is None


def test_find_clash_when_money_is_short_then_budget_and_rule_clash():
    clash = some(find_clash(_poor(), EXACT))
    assert clash.clauses == ("school_rule:primary", "budget:县级财政")
    assert clash.is_smallest
    assert clash.text == "以下要求互相冲突：小学逐校达标；县级财政的年度预算。放宽其中任何一项，才可能有方案。"


def test_find_clash_when_only_whole_numbers_clash_then_it_is_found_as_well():
    # two years with 8 万元 each buy 1 room of 5 万元 a year; 3 rooms of 5 cost 15 of 16 万元, so the linear model is content
    planner = Planner.of(
        question(
            [Sample("1", has={"rooms": 0.7}), Sample("2")],
            allowed=ROOMS,
            target_year=2027,
            budgets=budgets([2026, 2027], 8 * WAN),
        )
    )
    assert set(some(find_clash(planner, EXACT)).clauses) == {"school_rule:primary", "budget:县级财政"}


def test_find_clash_when_time_runs_out_then_it_says_that_the_set_may_be_smaller(monkeypatch):
    planner = _poor()
    tried = clashes_module._try

    def slow(planner, clock, without, *, is_linear):
        status = tried(planner, clock, without, is_linear=is_linear)
        clock.spent = clock.effort.seconds
        return status

    monkeypatch.setattr(clashes_module, "_try", slow)
    assert not some(find_clash(planner, EXACT)).is_smallest


def test_clause_text_when_every_kind_is_there_then_each_has_words():
    planner = Planner.of(
        question(
            [Sample("1", has={"sports": 0.9}), Sample("2")],
            standard=bare_standard(HUNAN),
            per_year={Measure.HIRE_TEACHER: 1},
            per_school={Measure.HIRE_TEACHER: 1},
            teacher_quota=500,
            backbone_share=Fraction(1, 2),
            students_per_teacher={Stage.PRIMARY: Fraction(20)},
            lead_years={Measure.BUILD_FLOOR_AREA: 1},
            fixed={("1", Measure.HIRE_TEACHER): 1},
            budgets=budgets([2026], 0),
        )
    )
    texts = [
        clause_text(planner.model, name) for name in planner.model.sketch.clauses if name not in ("people", "failing")
    ]
    assert len(set(texts)) == len(texts)
    assert "“招聘教师”的每年上限" in texts
    assert "“招聘教师”的每校上限" in texts
    assert "小学“体育场馆”的全县平均值" in texts
    assert "小学“体育场馆”的差异系数" in texts
    assert "目标年度（建设来不及完成）" in texts
