"""A plan as work."""

from datetime import date

from junheng.planning.plan.measures import Measure
from junheng.planning.scenario.tasks import tasks_of
from junheng.readers.standards import load_standard
from tests.core.builders import COUNTY
from tests.planning.plan.counties import QUALITY, Sample, bare_standard, county_of
from tests.planning.scenario.scenarios import answer, county, usual_answer

DEPARTMENTS = dict.fromkeys(Measure, "教育局")


def test_tasks_of_when_teachers_move_then_both_schools_have_a_task_and_one_pays():
    plan = usual_answer().plan
    assert plan is not None
    tasks = tasks_of(plan, DEPARTMENTS)
    moves = [task for task in tasks if task.measure is Measure.MOVE_TEACHER]
    assert {task.is_leaving for task in moves} == {True, False}
    assert all((task.cost_fen == 0) == task.is_leaving for task in moves)
    assert sum(task.cost_fen for task in tasks) == plan.spent_fen


def test_tasks_of_when_people_are_hired_then_paid_every_year_left():
    place = county([Sample("1", has={"arts": 0.5})])
    found = answer(place, target_year=2027, allowed__train_pe_art=False).plan
    assert found is not None
    tasks = tasks_of(found, DEPARTMENTS)
    hired = [task for task in tasks if task.measure is Measure.HIRE_PE_ART_TEACHER]
    assert hired
    assert all(set(task.fen) == set(range(task.year, 2028)) for task in hired)


def test_tasks_of_when_building_takes_a_year_then_it_ends_before_the_term_it_shows_in():
    place = county([Sample("1", has={"floor": 0.7, "sports": 0.7}), Sample("2")])
    found = answer(place, target_year=2027, lead_years__build_floor_area=1, lead_years__build_sports_area=1).plan
    assert found is not None
    built = [task for task in tasks_of(found, DEPARTMENTS) if task.measure is Measure.BUILD_SPORTS_AREA]
    assert [(task.year, task.starts, task.ends) for task in built] == [(2026, date(2026, 1, 1), date(2027, 8, 31))]


def test_tasks_of_when_rotation_is_asked_then_the_county_has_a_task_every_year():
    rotation = next(item for item in load_standard(QUALITY).items if item.formula == "rotation")
    facts = county_of(
        [Sample("1"), Sample("2")],
        county={
            "county_code": COUNTY,
            "county_name": "示例县",
            "year": 2025,
            "rotation_eligible_count": 50,
            "rotated_teacher_count": 5,
            "rotated_backbone_count": 1,
        },
    )
    place = county(facts, standard=bare_standard(items=(rotation,)))
    found = answer(place, with_rotation=True, prices__rotate_teacher=0, prices__move_teacher=1).plan
    assert found is not None
    tasks = tasks_of(found, DEPARTMENTS)
    assert [(task.school_name, task.amount, task.text, task.fen) for task in tasks] == [
        ("全县", 5, "对等交流教师 5 人（其中骨干教师 1 人）", {})
    ]
    paid = answer(place, with_rotation=True).plan
    assert paid is not None
    assert tasks_of(paid, DEPARTMENTS)[0].fen == {2026: 500_000}
