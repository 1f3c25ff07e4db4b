"""What is wrong with a question is said before anything is planned."""

from dataclasses import replace
from fractions import Fraction

import pytest

from junheng.core.standard import Stage
from junheng.planning.plan.limits import COUNTY_SOURCE, Limits, Prices
from junheng.planning.plan.measures import Measure
from junheng.planning.plan.planner import make_plan, problem_findings
from junheng.planning.plan.problem import findings
from junheng.readers.standards import load_standard
from tests.planning.plan.counties import BASIC, PRICES, QUALITY, Sample, bare_standard, budgets, county_of, question

ONE = [Sample("9990000001"), Sample("9990000002")]
ROOMS = frozenset({Measure.FIT_MULTIMEDIA_ROOM})


def _codes(problem):
    return [entry.code for entry in findings(problem)]


def _messages(problem):
    return " ".join(entry.message for entry in findings(problem))


def test_findings_when_nothing_is_wrong_then_there_are_none():
    assert problem_findings(question(ONE)) == ()


@pytest.mark.parametrize("year", [2024, 2025])
def test_findings_when_the_target_is_not_later_than_the_facts_then_the_year_is_impossible(year):
    problem = replace(question(ONE), target_year=year)
    assert _codes(problem) == ["plan-target-year"]
    assert "2026" in findings(problem)[0].hint


def test_findings_when_the_target_is_too_far_then_the_year_is_impossible():
    assert "plan-target-year" in _codes(question(ONE, target_year=2041))
    assert _codes(question(ONE, target_year=2040)) == []


def test_findings_when_a_price_is_missing_or_negative_then_the_measure_is_named():
    fen = {**PRICES, Measure.HIRE_TEACHER: -1}
    del fen[Measure.BUILD_FLOOR_AREA]
    problem = question(ONE, prices=Prices(fen, Fraction(-1, 100)))
    assert _codes(problem) == ["plan-price-missing", "plan-price-negative", "plan-discount-negative"]
    assert "新建教学及辅助用房" in findings(problem)[0].message
    assert "招聘教师" in findings(problem)[1].message


def test_findings_when_a_measure_is_not_allowed_then_its_price_is_not_asked_for():
    assert findings(question(ONE, allowed=ROOMS, prices=Prices({Measure.FIT_MULTIMEDIA_ROOM: 1}))) == ()


def test_findings_when_budgets_are_negative_or_missing_then_years_are_named():
    given = {(2026, COUNTY_SOURCE): -5}
    problem = question(ONE, target_year=2028, budgets=given)
    assert _codes(problem) == ["plan-budget-negative", "plan-budget-missing"]
    assert "2027、2028" in findings(problem)[1].message
    other = question(ONE, allowed=ROOMS, budgets=budgets([2026], 1), sources={Measure.FIT_MULTIMEDIA_ROOM: "省级财政"})
    assert "省级财政" in _messages(other)


@pytest.mark.parametrize(
    ("limits", "word"),
    [
        ({"moves_out": -1}, "调出"),
        ({"moves_in": -1}, "调入"),
        ({"teacher_quota": -1}, "编制"),
        ({"backbone_share": Fraction(-1, 2)}, "骨干"),
        ({"disruption_fen": -1}, "扰动"),
        ({"per_year": {Measure.HIRE_TEACHER: -1}}, "每年上限"),
        ({"per_school": {Measure.HIRE_TEACHER: -1}}, "每校上限"),
        ({"lead_years": {Measure.BUILD_FLOOR_AREA: -1}}, "提前年数"),
        ({"lumps": {Measure.BUILD_FLOOR_AREA: 0}}, "最小批量"),
        ({"fixed": {("9990000001", Measure.BUY_EQUIPMENT): -10_000}}, "指定数量"),
        ({"cv_margin": Fraction(-1, 100)}, "安全余量"),
        ({"cv_margin": Fraction(1, 10)}, "安全余量"),
    ],
)
def test_findings_when_a_limit_makes_no_sense_then_it_is_named(limits, word):
    problem = question(ONE, **limits)
    assert _codes(problem) == ["plan-limit-negative"]
    assert word in _messages(problem)


def test_findings_when_schools_are_unknown_then_every_place_is_named():
    pupils = {2026: {("9990000001", "primary"): 1, ("9990000002", "primary"): 1, ("1", "primary"): 1}}
    problem = question(
        ONE,
        pupils=pupils,
        forbidden=frozenset({("2", Measure.MOVE_TEACHER)}),
        fixed={("3", Measure.BUY_EQUIPMENT): 10_000},
    )
    assert [entry.location.subject for entry in findings(problem)] == ["2", "3", "1"]
    assert set(_codes(problem)) == {"plan-unknown-school"}


@pytest.mark.parametrize(
    ("measure", "amount", "changes"),
    [
        (Measure.HIRE_TEACHER, 1, {"allowed": ROOMS}),
        (Measure.HIRE_TEACHER, 1, {"forbidden": frozenset({("9990000001", Measure.HIRE_TEACHER)})}),
        (Measure.ROTATE_TEACHER, 1, {}),
        (Measure.OPEN_CLASS, 1, {}),
        (Measure.BUY_EQUIPMENT, 9_999, {}),
    ],
)
def test_findings_when_what_is_fixed_cannot_be_done_then_it_says_so(measure, amount, changes):
    problem = question(ONE, fixed={("9990000001", measure): amount}, **changes)
    assert _codes(problem) == ["plan-fixed"]


def test_findings_when_pupils_are_missing_or_negative_then_years_and_schools_are_named():
    samples = [Sample(f"999000000{number}") for number in range(7)]
    full = {(entry.school_id, "primary"): 1000 for entry in samples}
    partly = {("9990000000", "primary"): -1}
    problem = question(samples, target_year=2028, pupils={2026: full, 2027: partly})
    assert _codes(problem) == ["plan-pupils-missing", "plan-pupils-negative", "plan-pupils-missing"]
    assert "6 个学段" in findings(problem)[0].message
    assert "等" in findings(problem)[0].message
    assert "2028" in findings(problem)[2].message


def test_findings_when_the_standard_judges_composites_then_it_is_not_planned():
    problem = question(ONE, standard=load_standard(BASIC))
    assert set(_codes(problem)) == {"plan-standard"}
    assert "综合差异系数" in _messages(problem)
    assert "图书" in _messages(problem)


def test_findings_when_the_standard_has_no_indicators_then_it_is_not_planned():
    problem = question(ONE, standard=bare_standard(indicators=(), school_rule=None, dispersion=None))
    assert _codes(problem) == ["plan-standard"]


def test_findings_when_rotation_cannot_be_planned_then_it_says_why():
    standard = load_standard(QUALITY)
    problem = question(ONE, standard=standard, allowed=ROOMS, with_rotation=True)
    assert _codes(problem) == ["plan-rotation", "plan-rotation"]
    given = county_of(ONE, county={"rotation_eligible_count": 100})
    assert _codes(question(given, standard=standard, with_rotation=True)) == []


def test_item_values_when_the_standard_has_the_item_then_numbers_come_from_it():
    problem = question(ONE, standard=load_standard(QUALITY))
    assert problem.item_values("rotation") == {"exchange_share": Fraction(1, 10), "backbone_share": Fraction(1, 5)}
    assert question(ONE).item_values("rotation") is None


def test_make_plan_when_findings_block_then_there_is_no_plan():
    answer = make_plan(question(ONE, prices=Prices({})))
    assert answer.plan is None
    assert answer.bound_fen is None
    assert "改正后才能规划" in answer.text
    assert len(answer.findings) == len(Measure)


def test_prices_factor_when_discounted_then_later_money_counts_less():
    assert Prices({}, Fraction(1, 4)).factor(2) == pytest.approx(0.64)  # 1 / 1.25²


def test_limits_when_nothing_is_said_then_one_unit_is_the_lump_and_the_county_pays():
    limits = Limits(frozenset(), 1, 1, students_per_teacher={Stage.PRIMARY: Fraction(19)})
    assert limits.lump(Measure.HIRE_TEACHER) == 1
    assert limits.source(Measure.HIRE_TEACHER) == COUNTY_SOURCE
    assert (limits.lead(Measure.BUILD_FLOOR_AREA), limits.lead(Measure.HIRE_TEACHER)) == (1, 0)
