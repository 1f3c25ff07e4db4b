"""Core has the last word on every plan."""

from dataclasses import replace

import pytest

from junheng.core.errors import PlanningError
from junheng.core.verdict import Outcome
from junheng.planning.plan.measures import Measure
from junheng.planning.plan.planner import Planner
from junheng.planning.plan.proof import failing_rows, judge_years, prove
from junheng.planning.plan.solver import Effort
from junheng.readers.standards import load_standard
from tests.planning.plan.counties import HUNAN, QUALITY, Sample, bare_standard, county_of, question

EXACT = Effort(optimality_gap=0.0)


def _solved(problem):
    planner = Planner.of(problem)
    return planner.model, planner.search.run(EXACT).values


def _verdicts(problem):
    return judge_years(problem, {problem.target_year: problem.target_facts})


def test_prove_when_the_verdict_agrees_then_it_is_silent():
    problem = question([Sample("1"), Sample("2")])
    model, values = _solved(problem)
    prove(model, _verdicts(problem), values)
    assert failing_rows(model, values) == ()


def test_prove_when_a_school_fails_then_the_plan_is_refused():
    problem = question([Sample("1", has={"rooms": 0.5}), Sample("2")])
    model, values = _solved(problem)  # the model buys rooms that the facts do not have
    with pytest.raises(PlanningError, match="不一致"):
        prove(model, _verdicts(problem), values)


def test_prove_when_schools_differ_then_the_plan_is_refused():
    problem = question([Sample("1"), Sample("2")])
    model, values = _solved(problem)
    other = question([Sample("1"), Sample("3")])
    with pytest.raises(PlanningError, match="只在一边"):
        prove(model, _verdicts(other), values)


def test_prove_when_a_value_cannot_be_told_then_the_plan_is_refused():
    problem = question([Sample("1"), Sample("2")], standard=bare_standard(school_rule=None))
    model, values = _solved(problem)
    other = question(
        [Sample("1", row={"backbone_teacher_count": None}), Sample("2")], standard=bare_standard(school_rule=None)
    )
    with pytest.raises(PlanningError, match="骨干教师"):
        prove(model, _verdicts(other), values)


def test_prove_when_a_coefficient_or_a_mean_is_missed_then_the_plan_is_refused():
    problem = question(
        [Sample("1", has={"sports": 3}), Sample("2", has={"sports": 0.9})], standard=bare_standard(HUNAN)
    )
    model, values = _solved(problem)
    uneven = question(
        [Sample("1", has={"sports": 5, "rooms": 0.9}), Sample("2", has={"sports": 0.9})], standard=bare_standard(HUNAN)
    )
    verdicts = _verdicts(uneven)
    with pytest.raises(PlanningError) as caught:
        prove(model, verdicts, values)
    assert "共" in str(caught.value)
    lonely = replace(verdicts[2026], schools=tuple(replace(entry, indicators=()) for entry in verdicts[2026].schools))
    passing = replace(lonely, schools=tuple(replace(entry, outcome=Outcome.MET) for entry in lonely.schools))
    with pytest.raises(PlanningError, match="差异系数判定为不达标") as caught:
        prove(model, {2026: passing}, values)
    assert "平均值" in str(caught.value)
    values[model.more_spread[0, 4]] = 1.0
    with pytest.raises(PlanningError) as caught:
        prove(model, {2026: passing}, values)
    assert "差异系数" not in str(caught.value)


def test_prove_when_an_item_of_the_plan_is_missed_then_the_plan_is_refused():
    samples = [Sample("1", row={"class_count": 1}), Sample("2", row={"class_count": 1})]
    classes = [
        {"school_id": entry, "stage": "primary", "grade": 1, "class_name": "a", "student_count": 60} for entry in "12"
    ]
    county = {"rotation_eligible_count": 100, "rotated_teacher_count": 1, "rotated_backbone_count": 1}
    facts = county_of(samples, classes=classes, county=county)
    pupils = {2026: {(entry, "primary"): 60 for entry in "12"}}
    problem = question(facts, standard=load_standard(QUALITY), with_rotation=True, pupils=pupils)
    model, values = _solved(problem)
    with pytest.raises(PlanningError, match="共 2 处"):
        prove(model, _verdicts(problem), values)
    # what may not be planned is not asked for
    limits = replace(problem.limits, with_rotation=False, forbidden=frozenset({("1", Measure.OPEN_CLASS)}))
    free = replace(problem, limits=limits)
    model, values = _solved(free)
    prove(model, _verdicts(free), values)
