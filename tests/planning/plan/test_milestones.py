"""Milestones on the way: kept by plans, judged by core in their years, named when they clash, and given up at the least."""

import itertools
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from junheng.core.errors import PlanningError
from junheng.core.standard import Stage
from junheng.planning.plan.actions import Action
from junheng.planning.plan.clashes import find_clash
from junheng.planning.plan.explain import milestones_of
from junheng.planning.plan.limits import Prices
from junheng.planning.plan.measures import Measure
from junheng.planning.plan.milestones import Milestone, MilestoneKind
from junheng.planning.plan.planner import Planner, make_plan, problem_findings
from junheng.planning.plan.proof import prove
from junheng.planning.plan.relaxations import Family, find_relaxations, relax
from junheng.planning.plan.solver import Effort, Status
from tests.planning.plan.counties import PRICES, WAN, Sample, bare_standard, budgets, question, some

EXACT = Effort(seconds=60, optimality_gap=0.0)
ROOMS = frozenset({Measure.FIT_MULTIMEDIA_ROOM})
L7, L5, L3 = (bare_standard().indicators[place].id for place in (6, 4, 2))
INDICATOR, SPREAD, PASSING, ADDED = MilestoneKind
DISCOUNT = Prices(PRICES, Fraction(5, 100))


def _rooms():
    """17, 19 and 14 rooms where 20 are the floor and 23 the threshold: 3, 1 and 6 rooms, all in the last year, are cheapest."""
    return [Sample("1", has={"rooms": 0.7}), Sample("2", has={"rooms": 0.8}), Sample("3", has={"rooms": 0.6})]


def _asked(*milestones, samples=None, **given):
    given = {"allowed": ROOMS, "target_year": 2028, "prices": DISCOUNT, **given}
    return question(samples or _rooms(), milestones=milestones, **given)


def _plan(problem):
    answer = make_plan(problem, EXACT)
    assert answer.plan is not None, (answer.text, answer.findings)
    assert answer.plan.bound_fen <= answer.plan.cost_fen
    return answer.plan


def _by_year(plan):
    counts = dict.fromkeys(plan.problem.years, 0)
    for entry in plan.actions:
        counts[entry.year] += max(0, entry.amount)
    return list(counts.values())


def test_make_plan_when_there_is_no_milestone_then_all_is_bought_in_the_cheapest_year():
    assert _by_year(_plan(_asked())) == [0, 0, 10]


@pytest.mark.parametrize(
    ("milestone", "expected"),
    [
        # one school passes with one room; two with four; all with ten
        (Milestone(2026, PASSING, schools=1), [1, 0, 9]),
        (Milestone(2027, PASSING, schools=2), [0, 4, 6]),
        (Milestone(2027, PASSING), [0, 10, 0]),
        (Milestone(2026, PASSING, stage=Stage.PRIMARY, schools=2), [4, 0, 6]),
        # 23 rooms meet the indicator: 4 in school 2, 6 in school 1, 9 in school 3
        (Milestone(2026, INDICATOR, L7, schools=1), [4, 0, 9]),
        (Milestone(2027, INDICATOR, L7, schools=2), [0, 10, 6]),
        (Milestone(2028, INDICATOR, L7), [0, 0, 19]),
        (Milestone(2027, ADDED, measure=Measure.FIT_MULTIMEDIA_ROOM, amount=5), [0, 5, 5]),
    ],
)
def test_make_plan_when_a_milestone_is_asked_then_just_so_much_is_done_early(milestone, expected):
    plan = _plan(_asked(milestone))
    assert _by_year(plan) == expected
    result = milestones_of(plan)[0]
    assert result.is_met
    assert result.reached == result.asked


def _uneven():
    return [
        Sample("1", pupils=400, has={"rooms": 0.86, "sports": 0.9}),
        Sample("2", pupils=400, has={"rooms": 1.5}),
        Sample("3", pupils=400, has={"rooms": 2.6}),
    ]


def test_make_plan_when_a_coefficient_is_promised_early_then_it_is_kept_by_the_least_rooms():
    limit = Fraction(35, 100)
    problem = _asked(Milestone(2026, SPREAD, L7, limit=limit), samples=_uneven(), target_year=2027)
    plan = _plan(problem)
    # 400 pupils: 8, 14 and 24 rooms of 9.2; school 1 must meet rooms in the end
    least = np.inf
    for early in itertools.product(range(12), repeat=3):
        rooms = np.array([8, 14, 24]) + early
        if rooms.std() / rooms.mean() <= float(limit) - 1e-4:
            late = max(0, 10 - rooms[0])
            least = min(least, 5 * WAN * (sum(early) / 1.05 + late / 1.05**2))
    assert plan.cost_fen == round(least)
    result = milestones_of(plan)[0]
    assert some(result.reached) <= float(limit)
    assert result.is_met


def test_make_plan_when_the_standards_limit_is_promised_early_then_it_holds_early():
    samples = [Sample("1", pupils=400, has={"rooms": 0.5}), Sample("2", pupils=400, has={"rooms": 2.4})]
    plain = _asked(samples=samples, target_year=2027)
    early = _asked(Milestone(2026, SPREAD, L7, stage=Stage.PRIMARY), samples=samples, target_year=2027)
    assert _by_year(_plan(plain))[0] == 0
    plan = _plan(early)
    assert _by_year(plan)[0] > 0
    assert milestones_of(plan)[0].asked == 0.5
    alone = _asked(Milestone(2026, SPREAD, L7, stage=Stage.JUNIOR), samples=samples, target_year=2027)
    assert milestones_of(_plan(alone))[0].reached is None  # no junior school, so nothing to hold


def test_make_plan_when_people_are_promised_early_then_moves_and_hires_come_early():
    samples = [
        Sample("1", has={"arts": 0.6, "rooms": 0.9}),
        Sample("2", has={"arts": 1.4}),
        Sample("3", pupils=900, has={"backbone": 0.9, "rooms": 0.9}),
        Sample("4", pupils=20, school={"school_type": "teaching_point"}),
    ]
    people = frozenset({Measure.MOVE_TEACHER, Measure.HIRE_PE_ART_TEACHER, Measure.GRANT_BACKBONE})
    promise = Milestone(2026, INDICATOR, L3)
    plan = _plan(_asked(promise, samples=samples, allowed=people, moves_in=2, target_year=2027))
    assert milestones_of(plan)[0].reached == 3
    early = [entry for entry in plan.actions if entry.year == 2026 and entry.school_id == "1" and entry.amount > 0]
    assert {entry.measure for entry in early} == {Measure.MOVE_TEACHER, Measure.HIRE_PE_ART_TEACHER}
    assert sum(entry.amount for entry in early) == 3  # 6 of 9


def test_make_plan_when_a_building_must_show_early_then_it_is_begun_in_time():
    samples = [Sample("1", has={"sports": 0.8}), Sample("2")]
    promise = Milestone(2027, INDICATOR, L5, schools=2)
    added = Milestone(2027, ADDED, measure=Measure.BUILD_SPORTS_AREA, amount=150)
    given = {"allowed": frozenset({Measure.BUILD_SPORTS_AREA}), "lead_years": {Measure.BUILD_SPORTS_AREA: 1}}
    plan = _plan(_asked(promise, added, samples=samples, **given))
    assert _by_year(plan) == [1_500, 0, 0]
    late = _asked(replace(promise, year=2026), samples=samples, **given)
    assert make_plan(late, EXACT).status is Status.INFEASIBLE


def test_make_plan_when_pupils_differ_in_the_milestones_year_then_that_year_counts():
    samples = [Sample("1", pupils=1000, has={"rooms": 0.7}), Sample("2")]
    key = ("1", "primary")
    pupils = {
        2026: {key: 1200, ("2", "primary"): 1000},
        2027: {key: 700, ("2", "primary"): 1000},
    }
    # 17 rooms: 1 200 pupils need 28 in 2026, 700 need 17 in 2027
    problem = _asked(Milestone(2026, INDICATOR, L7, schools=2), samples=samples, pupils=pupils, target_year=2027)
    assert _by_year(_plan(problem)) == [11, 0]


def test_make_plan_when_a_point_is_judged_in_one_year_only_then_it_counts_as_it_is():
    point = Sample("3", pupils=60, has={"rooms": 0.1}, school={"school_type": "teaching_point"})
    keys = [("1", "primary"), ("2", "primary"), ("3", "primary")]
    samples = [Sample("1", has={"rooms": 0.7}), Sample("2"), point]

    def asked(early, late, least):
        pupils = {2026: dict(zip(keys, (1000, 1000, early), strict=True))}
        pupils[2027] = dict(zip(keys, (1000, 1000, late), strict=True))
        return _asked(Milestone(2026, PASSING, schools=least), samples=samples, pupils=pupils, target_year=2027)

    # judged in 2026 only: nothing is done there, so two of three can pass, not three
    assert make_plan(asked(60, 40, 3), EXACT).status is Status.INFEASIBLE
    assert _by_year(_plan(asked(60, 40, 2))) == [3, 0]
    # judged in 2027 only: 60 pupils need 2 rooms
    assert _by_year(_plan(asked(40, 60, 2))) == [3, 1]


def test_find_clash_when_a_promise_comes_too_early_then_it_is_named():
    problem = _asked(Milestone(2026, PASSING), budgets=budgets([2026], 0) | budgets([2027, 2028], 100 * WAN))
    clash = some(find_clash(Planner.of(problem), EXACT))
    assert set(clash.clauses) == {"milestone:0", "budget:县级财政"}
    assert "阶段目标“2026 年全部学段通过学校判定”" in clash.text


@pytest.mark.parametrize(
    ("milestone", "subject", "amount", "unit"),
    [
        (Milestone(2026, PASSING), "阶段目标“2026 年全部学段通过学校判定”减少", 2, "个学段"),
        (Milestone(2026, INDICATOR, L7, schools=3), "阶段目标“2026 年至少 3 个学段“多媒体教室”达标”减少", 2, "个学段"),
        (
            Milestone(2026, ADDED, measure=Measure.FIT_MULTIMEDIA_ROOM, amount=9),
            "阶段目标“2026 年以前累计配备网络多媒体教室至少 9 间”减少",
            5,
            "间",
        ),
    ],
)
def test_relax_when_milestones_give_way_then_what_lacks_is_told(milestone, subject, amount, unit):
    # 20 万元 in 2026 buy 4 rooms: school 2 meets its indicator with 4; schools 1 and 2 would pass with 3 and 1
    money = budgets([2026], 20 * WAN) | budgets([2027, 2028], 100 * WAN)
    found = relax(Planner.of(_asked(milestone, budgets=money)), Family.MILESTONES, EXACT)
    expected = 1 if milestone.kind is PASSING else amount
    assert [(entry.subject, entry.amount, entry.unit) for entry in found.gives] == [(subject, expected, unit)]
    assert found.cost_fen is not None


def test_relax_when_a_promised_coefficient_gives_way_then_the_limit_that_it_needs_is_told():
    money = budgets([2026], 0) | budgets([2027], 100 * WAN)
    kept = Milestone(2027, PASSING)
    problem = _asked(
        kept, Milestone(2026, SPREAD, L7, limit=Fraction(3, 10)), samples=_uneven(), target_year=2027, budgets=money
    )
    planner = Planner.of(problem)
    found = relax(planner, Family.MILESTONES, EXACT)
    # 8, 14, 24: mean 15.33, deviation 6.6, coefficient 0.4305
    assert found.gives[0].amount == pytest.approx(0.431, abs=1e-3)
    assert Family.MILESTONES in [entry.family for entry in find_relaxations(planner, Effort(seconds=20))]
    assert len(find_relaxations(planner, EXACT, [Family.SCHOOLS])) == 1
    assert planner.answer(EXACT).status is Status.INFEASIBLE


def test_prove_when_a_promise_is_missed_then_the_plan_is_refused():
    problem = _asked(Milestone(2027, ADDED, measure=Measure.FIT_MULTIMEDIA_ROOM, amount=5))
    planner = Planner.of(problem)
    plan = some(planner.answer(EXACT).plan)
    values = planner.search.run(EXACT).values
    late = tuple(replace(entry, year=2028) for entry in plan.actions)
    with pytest.raises(PlanningError, match="阶段目标"):
        prove(planner.model, plan.verdicts, values, late)
    assert isinstance(late[0], Action)


@pytest.mark.parametrize(
    ("milestone", "words"),
    [
        (Milestone(2025, PASSING), "年份不在规划期内"),
        (Milestone(2029, PASSING), "年份不在规划期内"),
        (Milestone(2027, INDICATOR, "nothing"), "不在标准中"),
        (Milestone(2027, SPREAD, L7, limit=Fraction(0)), "上限应大于 0"),
        (Milestone(2027, ADDED, measure=Measure.BUILD_SPORTS_AREA, amount=1), "没有写明允许使用的措施"),
        (Milestone(2027, ADDED, amount=0), "没有写明数量"),
        (Milestone(2027, PASSING, schools=4), "只有 3 个学段"),
        (Milestone(2027, INDICATOR, L7, stage=Stage.JUNIOR, schools=1), "只有 0 个学段"),
    ],
)
def test_problem_findings_when_a_milestone_makes_no_sense_then_it_says_why(milestone, words):
    found = problem_findings(_asked(milestone))
    assert {entry.code for entry in found} == {"plan-milestone"}
    assert any(words in entry.message for entry in found)


def test_problem_findings_when_a_milestone_of_the_target_year_asks_for_too_many_then_that_year_is_counted():
    found = problem_findings(_asked(Milestone(2028, PASSING, schools=4)))
    assert [entry.code for entry in found] == ["plan-milestone"]
    assert "只有 3 个学段" in found[0].message
    assert not problem_findings(_asked(Milestone(2028, PASSING, schools=3)))


def test_problem_findings_when_a_standard_judges_less_then_milestones_on_it_are_refused():
    bare = bare_standard(dispersion=None, school_rule=None)
    found = problem_findings(_asked(Milestone(2027, SPREAD, L7), Milestone(2027, PASSING), standard=bare))
    assert ["不判定差异系数" in entry.message for entry in found] == [True, False]


def test_problem_findings_when_a_milestones_year_lacks_facts_then_they_are_named():
    keys = [("1", "primary"), ("2", "primary"), ("3", "primary")]
    pupils = {year: dict.fromkeys(keys, 1000) for year in (2026, 2027, 2028)}
    pupils[2027] = {**pupils[2027], keys[0]: 2**25}
    found = problem_findings(_asked(Milestone(2027, PASSING), pupils=pupils))
    assert [entry.code for entry in found] == ["plan-no-pupils"]
