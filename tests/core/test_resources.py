"""The resource part of a county: outcomes of schools, coefficients, county means, and their reasons."""

from datetime import date
from fractions import Fraction

import pytest

from junheng.core.errors import StandardError
from junheng.core.resources import judge_resources
from junheng.core.rounding import printed
from junheng.core.stages import Rules
from junheng.core.standard import Stage
from junheng.core.verdict import Outcome, Reason
from junheng.readers.dictionary import load_dictionary
from junheng.readers.standards import load_standard
from tests.core.builders import facts_of
from tests.core.resource_counties import (
    BASIC,
    HUNAN,
    QUALITY,
    county,
    integrated,
    junior,
    of_indicator,
    of_school,
    primary,
    resources,
    spread,
)

ONE, TWO = "9900000001", "9900000002"
ROOMS = "multimedia_classrooms_per_100_students"
BACKBONE = "backbone_teachers_per_100_students"
AREA = "sports_area_per_student"
EQUIPMENT = "equipment_value_per_student"


def test_school_when_all_thresholds_are_met_exactly_then_it_is_met():
    result = of_school(resources(county(primary(ONE), junior(TWO))), ONE)

    assert (result.outcome, result.met_count, result.floor_count) == (Outcome.MET, 7, 7)
    assert (result.school_type, result.student_count) == ("primary_school", 1000)
    assert of_school(resources(county(primary(ONE), junior(TWO))), TWO, "junior").outcome is Outcome.MET


@pytest.mark.parametrize(
    ("changes", "outcome", "met", "floor"),
    [
        ({"multimedia_classroom_count": 20}, Outcome.MET, 6, 7),  # 20 ≥ 0.85 × 23 = 19.55
        ({"multimedia_classroom_count": 19}, Outcome.NOT_MET, 6, 6),
        ({"multimedia_classroom_count": 20, "backbone_teacher_count": 9}, Outcome.NOT_MET, 5, 7),
        ({"multimedia_classroom_count": None}, Outcome.CANNOT_TELL, 6, 6),
        ({"multimedia_classroom_count": None, "backbone_teacher_count": 9}, Outcome.CANNOT_TELL, 5, 6),
        ({"multimedia_classroom_count": None, "backbone_teacher_count": 8}, Outcome.NOT_MET, 5, 5),
        (
            {"multimedia_classroom_count": None, "backbone_teacher_count": 9, "outdoor_sports_area": 699_999},
            Outcome.NOT_MET,
            4,
            6,
        ),
        ({"outdoor_sports_area": 587_500}, Outcome.MET, 6, 7),  # 6 375 ㎡ = 0.85 × 7 500
        ({"outdoor_sports_area": 587_499}, Outcome.NOT_MET, 6, 6),
    ],
)
def test_school_rule_when_indicators_miss_or_are_unknown_then_six_of_seven_and_the_floor_decide(
    changes, outcome, met, floor
):
    result = of_school(resources(county(primary(ONE, **changes))), ONE)

    assert (result.outcome, result.met_count, result.floor_count) == (outcome, met, floor)


def test_value_when_printed_value_would_decide_otherwise_then_it_is_rounding_sensitive():
    # 749 999 / 100 000 = 7.49999 prints 7.50
    result = of_indicator(resources(county(primary(ONE, outdoor_sports_area=699_999))), ONE, AREA)

    assert (result.outcome, printed(result.value, 2), result.is_rounding_sensitive) == (Outcome.NOT_MET, "7.50", True)
    assert not of_indicator(resources(county(primary(ONE))), ONE, AREA).is_rounding_sensitive


def test_coefficient_when_two_schools_lie_half_the_mean_apart_then_it_is_exactly_the_limit():
    facts = county(primary(ONE, multimedia_classroom_count=50), primary(TWO, multimedia_classroom_count=150))

    result = spread(resources(facts), ROOMS)

    # (1 ± 0.5) × 100 rooms
    assert (result.coefficient, result.outcome, result.mean) == (0.5, Outcome.MET, 10)
    assert not result.is_rounding_sensitive


def test_coefficient_when_it_prints_as_the_limit_but_is_above_then_it_is_not_met_and_flagged():
    facts = county(primary(ONE, equipment_value=4_998_000), primary(TWO, equipment_value=15_002_000))

    result = spread(resources(facts), EQUIPMENT)

    # 5 002 / 10 000 = 0.5002
    assert (printed(result.coefficient, 3), result.outcome) == ("0.500", Outcome.NOT_MET)
    assert result.is_rounding_sensitive


@pytest.mark.parametrize(
    ("schools", "code"),
    [
        ((), "no-school"),
        ((primary(ONE),), "one-school"),
        ((primary(ONE), primary(TWO, multimedia_classroom_count=None)), "missing-facts"),
        ((primary(ONE), primary(TWO, 0)), "one-school"),
        ((primary(ONE, multimedia_classroom_count=0), primary(TWO, multimedia_classroom_count=0)), "zero-mean"),
        ((primary(ONE), primary(TWO, multimedia_classroom_count=-5)), "missing-facts"),
    ],
)
def test_coefficient_when_undefined_then_it_cannot_be_told_and_says_why(schools, code):
    result = spread(resources(county(*schools)), ROOMS)

    assert (result.outcome, result.coefficient, result.reason.code) == (Outcome.CANNOT_TELL, None, code)


def test_coefficient_when_one_school_is_far_beyond_the_others_then_it_is_still_told():
    facts = county(primary(ONE, 1, backbone_teacher_count=145), primary(TWO, 1, backbone_teacher_count=55))

    # 145² for one pupil is beyond the range of the integer sums: the rows decide; 45 / 100
    assert spread(resources(facts), BACKBONE).coefficient == pytest.approx(0.45, abs=1e-15)


def test_coefficient_when_amounts_are_far_below_the_grid_of_the_sums_then_it_is_still_exact():
    facts = county(primary(ONE, 20_000, equipment_value=1), primary(TWO, 20_000, equipment_value=3))

    # 1 and 3 分: (1 ± 0.5) × 2
    assert spread(resources(facts), EQUIPMENT).coefficient == 0.5


def test_county_when_it_has_no_schools_at_all_then_nothing_is_judged():
    results = resources(facts_of())

    assert (results.schools, results.excluded) == ((), ())
    reasons = {entry.reason for entry in results.dispersion}
    assert reasons == {Reason("no-school", "该学段没有纳入评估的学校,差异系数无定义。")}


@pytest.mark.parametrize(
    ("rooms", "outcome"), [((23, 23), Outcome.MET), ((24, 21), Outcome.NOT_MET), ((23, None), Outcome.CANNOT_TELL)]
)
def test_county_mean_when_the_standard_asks_for_it_then_it_is_judged(rooms, outcome):
    facts = county(primary(ONE, multimedia_classroom_count=rooms[0]), primary(TWO, multimedia_classroom_count=rooms[1]))

    assert spread(resources(facts, HUNAN), ROOMS).mean_outcome is outcome
    assert spread(resources(facts, QUALITY), ROOMS).mean_outcome is None


def test_county_mean_when_resources_are_shared_then_it_is_the_sum_over_the_pupils():
    school = integrated(ONE, "nine_year_school", {"primary": 100, "junior": 100}, multimedia_classroom_count=21)

    result = spread(resources(county(school, primary(TWO, 100, multimedia_classroom_count=5))), ROOMS)

    # 21 × 100/210 = 10 rooms and 5 rooms for 200 pupils
    assert result.mean == Fraction(15, 200) * 100


def test_standard_when_it_has_no_thresholds_then_values_are_given_and_known_schools_are_met():
    results = resources(county(primary(ONE), primary(TWO, book_count=None)), BASIC)

    known = of_indicator(results, ONE, "books_per_student")
    assert (known.value, known.threshold, known.outcome) == (20, None, Outcome.MET)
    assert of_school(results, ONE).outcome is Outcome.MET
    assert of_school(results, TWO).outcome is Outcome.CANNOT_TELL
    assert spread(results, "books_per_student").limit is None


def test_value_when_the_standard_has_a_threshold_then_it_stands_beside_it():
    results = resources(county(primary(ONE), primary(TWO, multimedia_classroom_count=None)))

    # 2.3 rooms for 100 pupils
    assert of_indicator(results, ONE, ROOMS).threshold == Fraction(23, 10)
    assert of_indicator(results, TWO, ROOMS).threshold == Fraction(23, 10)


def test_names_when_a_school_has_none_then_its_id_is_used():
    school, rows = primary(ONE)
    point, point_rows = primary(TWO, 10)

    facts = county(
        ({**school, "school_name": None}, rows),
        ({**point, "school_name": None, "school_type": "teaching_point"}, point_rows),
    )
    results = resources(facts)

    assert (results.schools[0].school_name, results.excluded[0].school_name) == (ONE, TWO)


def test_results_when_read_then_primary_comes_first_and_schools_are_sorted():
    facts = county(junior("9900000003"), primary(TWO), primary(ONE), junior("9900000000"))

    keys = [entry.key for entry in resources(facts).schools]

    assert keys == [(ONE, "primary"), (TWO, "primary"), ("9900000000", "junior"), ("9900000003", "junior")]
    assert [entry.stage for entry in resources(facts).composites] == [Stage.PRIMARY, Stage.JUNIOR]


def test_rules_when_a_value_has_no_row_for_the_day_then_standard_error():
    rules = Rules.resolve(load_standard(QUALITY), date(2016, 1, 1))

    with pytest.raises(StandardError, match="在 2016-01-01 没有"):
        judge_resources(county(primary(ONE)), rules, load_dictionary())
