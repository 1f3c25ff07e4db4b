"""Plans on small counties, judged by core: limits are kept, people are conserved, bounds hold."""

from collections import Counter
from dataclasses import replace
from fractions import Fraction

import pytest

from junheng.core.errors import PlanningError
from junheng.core.standard import Stage
from junheng.core.verdict import Outcome
from junheng.planning.plan import planner as planner_module
from junheng.planning.plan.limits import Prices
from junheng.planning.plan.measures import Measure
from junheng.planning.plan.plan import Goal
from junheng.planning.plan.planner import Planner, make_plan
from junheng.planning.plan.solver import Effort, Status
from junheng.readers.standards import load_standard
from tests.planning.plan.counties import (
    HUNAN,
    PRICES,
    QUALITY,
    WAN,
    Sample,
    bare_standard,
    budgets,
    county_of,
    question,
    some,
)

EXACT = Effort(seconds=60, optimality_gap=0.0)
ROOMS = frozenset({Measure.FIT_MULTIMEDIA_ROOM})
TEACHERS = frozenset({Measure.MOVE_TEACHER, Measure.HIRE_PE_ART_TEACHER, Measure.HIRE_TEACHER})


def _plan(problem, goal=Goal.CHEAPEST):
    answer = make_plan(problem, EXACT, goal)
    assert answer.plan is not None, answer.text
    assert answer.plan.bound_fen <= answer.plan.cost_fen
    return answer.plan


def _amounts(plan):
    counts: Counter[tuple[int, str, Measure]] = Counter()
    for entry in plan.actions:
        counts[entry.year, entry.school_id, entry.measure] += entry.amount
    return dict(counts)


def _short_of_arts():
    """School 1 has too few PE and art teachers and too few rooms; school 2 has many such teachers."""
    return [Sample("1", has={"arts": 0.7, "rooms": 0.9}), Sample("2", has={"arts": 1.5}), Sample("3")]


def test_make_plan_when_nothing_is_missing_then_it_costs_nothing():
    plan = _plan(question([Sample("1"), Sample("2")]))
    assert (plan.cost_fen, plan.bound_fen, plan.optimality_gap, plan.actions) == (0, 0, 0.0, ())
    assert plan.status is Status.OPTIMAL
    assert plan.spent_fen == 0


def test_make_plan_when_a_teacher_can_move_then_that_is_cheaper_than_hiring():
    plan = _plan(question(_short_of_arts(), allowed=TEACHERS))
    # 1 000 pupils need 9, the floor is 8 (7.65); rooms stay at 0.9, so 9 are needed and 7 are there: two move from school 2
    assert _amounts(plan) == {(2026, "1", Measure.MOVE_TEACHER): 2, (2026, "2", Measure.MOVE_TEACHER): -2}
    assert plan.cost_fen == 2 * PRICES[Measure.MOVE_TEACHER]
    assert plan.verdicts[2026].outcome is not Outcome.NOT_MET
    assert [entry.text for entry in plan.actions] == ["调入高学历、体艺教师 2 人", "调出高学历、体艺教师 2 人"]


def test_make_plan_when_teachers_move_then_people_are_conserved():
    plan = _plan(question(_short_of_arts(), allowed=frozenset({Measure.MOVE_TEACHER})))
    before, after = (facts.table("stages") for facts in (plan.problem.facts, plan.facts[2026]))
    for name in before.columns:
        if name.endswith("_teacher_count") and before[name].sum():
            assert before[name].sum() == after[name].sum(), name


def test_make_plan_when_moves_are_limited_then_others_are_hired():
    plan = _plan(question(_short_of_arts(), allowed=TEACHERS, moves_in=1))
    assert _amounts(plan)[2026, "1", Measure.MOVE_TEACHER] == 1
    assert _amounts(plan)[2026, "1", Measure.HIRE_PE_ART_TEACHER] == 1
    plan = _plan(question(_short_of_arts(), allowed=TEACHERS, moves_out=1))
    # school 3 gives its PE teacher and gets another with a degree in return
    assert {entry.amount for entry in plan.actions if entry.amount < 0} == {-1}
    assert {entry.measure for entry in plan.actions} == {Measure.MOVE_TEACHER}


def test_make_plan_when_moving_disturbs_then_it_is_weighed_against_money():
    weight = 2 * PRICES[Measure.HIRE_PE_ART_TEACHER]
    plan = _plan(question(_short_of_arts(), allowed=TEACHERS, disruption_fen=weight))
    assert _amounts(plan) == {(2026, "1", Measure.HIRE_PE_ART_TEACHER): 2}
    only = _plan(question(_short_of_arts(), allowed=frozenset({Measure.MOVE_TEACHER}), disruption_fen=weight))
    assert only.cost_fen == 2 * (PRICES[Measure.MOVE_TEACHER] + weight)
    assert only.spent_fen == 2 * PRICES[Measure.MOVE_TEACHER]


def test_make_plan_when_the_quota_is_full_then_nobody_is_hired():
    hires = frozenset({Measure.HIRE_PE_ART_TEACHER})
    crowd = 3 * 47  # 42 above standard and 5 others in each school
    assert make_plan(question(_short_of_arts(), allowed=hires, teacher_quota=crowd + 1)).status is Status.INFEASIBLE
    assert _plan(question(_short_of_arts(), allowed=hires, teacher_quota=crowd + 2)).cost_fen == 2 * 80_000 * 100


def test_make_plan_when_a_school_has_too_few_teachers_then_it_gives_none_net():
    norm = {Stage.PRIMARY: Fraction(1000, 46)}  # 46 teachers are enough: school 2 may give one
    plan = _plan(question(_short_of_arts(), allowed=TEACHERS, students_per_teacher=norm))
    given = -sum(entry.amount for entry in plan.actions if entry.school_id == "2")
    assert given == 1


def test_make_plan_when_titles_are_limited_then_shares_and_years_hold():
    samples = [Sample("1", has={"backbone": 0.7, "rooms": 0.9}), Sample("2", has={"backbone": 0.7, "rooms": 0.9})]
    grants = frozenset({Measure.GRANT_BACKBONE})
    plan = _plan(question(samples, allowed=grants, target_year=2027, per_year={Measure.GRANT_BACKBONE: 3}))
    assert sorted(Counter(entry.year for entry in plan.actions for _ in range(entry.amount)).values()) == [3, 3]
    # 47 teachers: 10 of them are 21.3 %
    share = question(samples, allowed=grants, backbone_share=Fraction(21, 100))
    assert make_plan(share, EXACT).status is Status.INFEASIBLE
    assert _plan(question(samples, allowed=grants, backbone_share=Fraction(22, 100))).cost_fen == 6 * 20_000 * 100


def test_make_plan_when_training_is_cheapest_then_every_kind_of_it_is_used():
    samples = [
        Sample(
            "1",
            has={"above": 0.9, "arts": 0.9},
            row={"full_time_teacher_count": 50, "below_associate_teacher_count": 12},
        )
    ]
    both = frozenset({Measure.UPGRADE_DEGREE, Measure.TRAIN_PE_ART, Measure.GRANT_BACKBONE})
    plan = _plan(question([*samples, Sample("2", pupils=900)], allowed=both))
    # 38 of 42 above standard, 9 of 9 (8.1 rounded up) arts: one of the two may stay below; 4 upgrades are dearer than none
    assert plan.cost_fen == 0
    samples = [replace(samples[0], has={"above": 0.9, "arts": 0.8, "rooms": 0.9}), Sample("2")]
    plan = _plan(question(samples, allowed=both))
    assert {entry.measure for entry in plan.actions} == {Measure.UPGRADE_DEGREE, Measure.TRAIN_PE_ART}
    assert plan.facts[2026].table("stages")["below_associate_teacher_count"].to_list()[0] == 8


def test_make_plan_when_building_takes_a_year_then_it_starts_in_time():
    samples = [Sample("1", has={"sports": 0.8, "floor": 0.9}), Sample("2")]
    things = frozenset({Measure.BUILD_SPORTS_AREA, Measure.BUILD_FLOOR_AREA})
    late = question(samples, allowed=things, lead_years={Measure.BUILD_SPORTS_AREA: 2, Measure.BUILD_FLOOR_AREA: 1})
    assert make_plan(late, EXACT).status is Status.INFEASIBLE
    early = question(samples, allowed=things, target_year=2028, lead_years={Measure.BUILD_SPORTS_AREA: 2})
    plan = _plan(early)
    assert {entry.year for entry in plan.actions if entry.measure is Measure.BUILD_SPORTS_AREA} == {2026}
    values = [plan.facts[year].table("schools")["outdoor_sports_area"].to_list()[0] for year in (2026, 2027, 2028)]
    assert values[0] == values[1] < values[2]


def test_make_plan_when_something_is_fixed_or_capped_then_the_plan_keeps_to_it():
    samples = [Sample("1", has={"rooms": 0.6}), Sample("2")]
    plan = _plan(question(samples, fixed={("2", Measure.FIT_MULTIMEDIA_ROOM): 2, ("2", Measure.BUY_EQUIPMENT): 20_000}))
    assert _amounts(plan)[2026, "2", Measure.FIT_MULTIMEDIA_ROOM] == 2
    assert _amounts(plan)[2026, "2", Measure.BUY_EQUIPMENT] == 20_000
    capped = question(samples, per_school={Measure.FIT_MULTIMEDIA_ROOM: 5}, allowed=ROOMS)
    assert make_plan(capped, EXACT).status is Status.INFEASIBLE  # 14 rooms, 20 at least
    forbidden = question(samples, forbidden=frozenset({("1", Measure.FIT_MULTIMEDIA_ROOM)}))
    assert make_plan(forbidden, EXACT).status is Status.INFEASIBLE


def test_make_plan_when_a_fixed_school_is_not_judged_then_it_is_left_alone():
    point = Sample("9", pupils=20, school={"school_type": "teaching_point"})
    plan = _plan(question([Sample("1"), Sample("2"), point], fixed={("9", Measure.HIRE_TEACHER): 0}))
    assert plan.actions == ()


def test_make_plan_when_a_fixed_number_of_moves_is_asked_then_so_many_leave():
    problem = question(
        [Sample("1"), Sample("2", has={"above": 1.5, "arts": 2, "backbone": 2})], fixed={("2", Measure.MOVE_TEACHER): 2}
    )
    assert _amounts(_plan(problem))[2026, "2", Measure.MOVE_TEACHER] == -2


def test_make_plan_when_county_means_are_asked_then_they_are_reached():
    standard = bare_standard(HUNAN)
    samples = [Sample("1", has={"sports": 0.9}), Sample("2", has={"sports": 0.9})]
    assert _plan(question(samples)).cost_fen == 0
    plan = _plan(question(samples, standard=standard))
    # 1 500 ㎡ are missing over both schools
    assert plan.cost_fen == 1_500 * PRICES[Measure.BUILD_SPORTS_AREA]


def test_make_plan_when_rotation_is_asked_then_every_year_has_enough():
    facts = county_of([Sample("1"), Sample("2")], county={"rotation_eligible_count": 55})
    problem = question(facts, standard=load_standard(QUALITY), target_year=2027, with_rotation=True)
    plan = _plan(problem)
    assert plan.rotated == {2026: 6, 2027: 6}  # 5.5 rounded up
    assert min(plan.rotated_backbone.values()) >= 2  # a fifth of six
    assert plan.cost_fen == 12 * PRICES[Measure.ROTATE_TEACHER]
    assert plan.facts[2027].county_value("rotated_teacher_count") == 6
    item = next(entry for entry in plan.verdicts[2026].items if entry.item_id == "teacher_rotation")
    assert item.outcome is Outcome.MET


def test_make_plan_when_only_moves_may_rotate_then_teachers_of_one_kind_are_exchanged():
    facts = county_of([Sample("1"), Sample("2")], county={"rotation_eligible_count": 20})
    moves = frozenset({Measure.MOVE_TEACHER})
    plan = _plan(question(facts, standard=load_standard(QUALITY), allowed=moves, with_rotation=True))
    assert plan.rotated == {2026: 2}
    assert plan.cost_fen == 2 * PRICES[Measure.MOVE_TEACHER]
    assert sum(entry.amount for entry in plan.actions) == 0


def test_make_plan_when_classes_are_too_large_then_classes_and_rooms_follow():
    samples = [Sample("1", pupils=600, row={"class_count": 12}), Sample("2", pupils=280, row={"class_count": 7})]
    classes = [_class("1", f"{number}班", 50) for number in range(12)] + [
        _class("2", f"{number}班", 40) for number in range(7)
    ]
    rooms = [
        {"school_id": "1", "room_name": "新建音乐教室1", "purpose": "music", "area": 9_600},
        {"school_id": "2", "room_name": "c", "purpose": "music", "area": 9_600},
        {"school_id": "2", "room_name": "d", "purpose": "fine_art", "area": 9_000},
    ]
    problem = question(
        county_of(samples, classes=classes, rooms=rooms),
        standard=load_standard(QUALITY),
        target_year=2027,
        budgets={(2026, "县级财政"): 35 * WAN, (2027, "县级财政"): 50 * WAN},
    )
    plan = _plan(problem)
    assert Counter(entry.measure for entry in plan.actions for _ in range(entry.amount)) == {
        Measure.OPEN_CLASS: 2,
        Measure.FIT_MUSIC_ROOM: 1,
        Measure.FIT_FINE_ART_ROOM: 2,
    }
    outcomes = {entry.item_id: entry.outcome for entry in plan.verdicts[2027].items}
    assert (outcomes["class_size"], outcomes["music_and_art_rooms"]) == (Outcome.MET, Outcome.MET)
    assert set(plan.facts[2027].table("rooms")["room_name"].to_list()) >= {
        "新建音乐教室2",
        "新建美术教室1",
        "新建美术教室2",
    }
    assert max(plan.facts[2027].table("classes")["student_count"].to_list()) <= 45


def _class(school_id, name, count):
    return {"school_id": school_id, "stage": "primary", "grade": 1, "class_name": name, "student_count": count}


def test_make_plan_when_hires_are_paid_every_year_then_they_come_late():
    samples = [Sample("1", has={"arts": 0.7, "rooms": 0.9}), Sample("2")]
    prices = Prices(PRICES, Fraction(1, 10))
    hires = frozenset({Measure.HIRE_PE_ART_TEACHER})
    plan = _plan(question(samples, allowed=hires, target_year=2027, prices=prices))
    # two in the last year: 2 × 8 万元 / 1.21
    assert plan.cost_fen == round(2 * 8 * WAN / 1.21)
    early = question(samples, allowed=hires, target_year=2027, per_year={Measure.HIRE_PE_ART_TEACHER: 1})
    plan = _plan(early)
    assert plan.cost_fen == 3 * 8 * WAN  # one is paid twice
    assert plan.spending == {(2026, "县级财政"): 8 * WAN, (2027, "县级财政"): 16 * WAN}


def test_make_plan_when_money_is_short_then_as_few_schools_as_possible_fail():
    samples = [Sample("1", has={"rooms": 0.7}), Sample("2", has={"rooms": 0.8}), Sample("3", has={"rooms": 0.6})]
    problem = question(samples, allowed=ROOMS, budgets=budgets([2026], 20 * WAN))
    # 17, 19 and 14 rooms, 20 are enough: 3, 1 and 6 rooms of 5 万元
    answer = make_plan(problem, EXACT)
    assert answer.status is Status.INFEASIBLE
    assert "没有可行方案" in answer.text
    plan = _plan(problem, Goal.FEWEST_FAILING)
    assert plan.failing == (("3", "primary"),)
    assert plan.cost_fen == 20 * WAN
    assert "已找到方案" in make_plan(problem, EXACT, Goal.FEWEST_FAILING).text


def test_make_plan_when_even_failing_schools_do_not_help_then_it_is_infeasible():
    samples = [
        Sample("1", has={"rooms": 4.0}, pupils=100),
        Sample("2", has={"rooms": 0.2}),
        Sample("3", has={"rooms": 0.2}),
    ]
    answer = make_plan(question(samples, allowed=ROOMS, budgets=budgets([2026], 0)), EXACT, Goal.FEWEST_FAILING)
    assert (answer.status, answer.plan, answer.bound_fen) == (Status.INFEASIBLE, None, None)


def test_make_plan_when_there_is_no_time_then_it_says_that_nothing_was_found():
    answer = make_plan(question(_short_of_arts()), Effort(seconds=0.0))
    assert answer.plan is None
    assert answer.status is Status.NOTHING
    assert "延长时间" in answer.text


def test_make_plan_when_the_user_stops_at_once_then_nothing_or_the_best_so_far_comes():
    answer = make_plan(question(_short_of_arts()), Effort(stop=lambda: True))
    assert answer.status is not Status.INFEASIBLE


def test_make_plan_when_it_goes_on_then_it_tells_costs_and_bounds():
    told = []
    samples = [
        Sample(str(number), has={"rooms": 0.5 + number / 10, "sports": 1.2 - number / 10}) for number in range(5)
    ]
    make_plan(question(samples), Effort(optimality_gap=0.0, progress=lambda cost, bound: told.append((cost, bound))))
    assert told
    assert all(bound <= cost + 1e-6 for cost, bound in told)


def test_plan_digest_when_asked_twice_then_it_is_the_same():
    first, second = (_plan(question(_short_of_arts())) for _ in range(2))
    assert first.digest == second.digest
    assert first.report.columns == second.report.columns


def test_make_plan_when_costs_do_not_add_up_then_the_plan_is_refused(monkeypatch):
    monkeypatch.setattr(planner_module, "cost_of", lambda *_: 10**12)
    with pytest.raises(PlanningError, match="费用"):
        make_plan(question(_short_of_arts()), EXACT)


def test_settle_when_no_schedule_is_found_then_the_bound_is_still_told(monkeypatch):
    monkeypatch.setattr(planner_module, "make_schedule", lambda *_: None)
    planner = Planner.of(question(_short_of_arts()))
    answer = planner.answer(EXACT)
    assert (answer.status, answer.plan) == (Status.NOTHING, None)
    assert some(answer.bound_fen) > 0


def test_make_plan_when_county_means_rest_on_shared_things_then_they_are_reached():
    nine = {"school_type": "nine_year_school", "multimedia_classroom_count": 43}
    samples = [Sample("1", school=nine), Sample("1", stage="junior"), Sample("2"), Sample("3", stage="junior")]
    plan = _plan(
        question(
            samples,
            standard=bare_standard(HUNAN),
            allowed=ROOMS | {Measure.BUILD_SPORTS_AREA, Measure.BUY_EQUIPMENT, Measure.BUILD_FLOOR_AREA},
        )
    )
    # weights 1 and 1.1: 49 of 2 300 and 2 400 rooms a thousand pupils; the junior stage takes 25.67 of 49, the primary 23.33
    assert _amounts(plan)[2026, "1", Measure.FIT_MULTIMEDIA_ROOM] == 6


def test_make_plan_when_two_purses_pay_then_each_keeps_its_budget():
    samples = [Sample("1", has={"rooms": 0.9, "sports": 0.9}), Sample("2")]
    both = frozenset({Measure.FIT_MULTIMEDIA_ROOM, Measure.BUILD_SPORTS_AREA})
    purses = {(2026, "县级财政"): 0, (2026, "省级财政"): 50 * WAN}
    plan = _plan(question(samples, allowed=both, budgets=purses, sources={Measure.BUILD_SPORTS_AREA: "省级财政"}))
    # two rooms would cost 10 万元 of the county, which has none: 8 lumps of ground at 4 万元 come from the province
    assert plan.spending == {(2026, "省级财政"): 32 * WAN}
