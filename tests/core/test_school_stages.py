"""Rows of school stages: scope, sharing, exceptions and what is missing."""

from dataclasses import replace
from fractions import Fraction

import pytest

from junheng.core.errors import StandardError
from junheng.core.indicators import FORMULAS
from junheng.core.stages import MAX_AMOUNT, MAX_PUPILS, Rules, needed_fields
from junheng.core.standard import Exception_, Scope, Stage
from junheng.core.verdict import Outcome
from junheng.readers.standards import load_standard
from tests.core.builders import parameter, parameters
from tests.core.resource_counties import (
    BASIC,
    DAY,
    QUALITY,
    county,
    integrated,
    junior,
    of_indicator,
    of_school,
    primary,
    resources,
    rules_of,
)

VISITING, SPORTS = "visiting_teachers_in_small_rural_schools", "converted_and_leased_sports_area"
ART, AREA, FLOOR = "pe_and_art_teachers_per_100_students", "sports_area_per_student", "teaching_floor_area_per_student"
ONE = "9900000001"
ROOMS = "multimedia_classrooms_per_100_students"
VISITORS = {f"visiting_{name}_teacher_count": 1 for name in ("pe", "music", "fine_art", "art")}


def excluded_codes(results):
    return [(entry.school_id, entry.stage, entry.code) for entry in results.excluded]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"ownership": "private", "organiser_type": "10"}, "ownership"),
        ({"organiser_type": "5"}, "organiser_type"),
        ({"school_type": "teaching_point"}, "school_type"),
        ({"school_type": "teaching_point", "ownership": "private"}, "school_type"),
    ],
)
def test_scope_when_a_school_is_outside_then_it_is_excluded_with_the_first_rule_that_says_so(changes, code):
    school, rows = primary(ONE)

    results = resources(county(({**school, **changes}, rows)), BASIC)

    assert excluded_codes(results) == [(ONE, Stage.PRIMARY, code)]
    assert results.excluded[0].clause == load_standard(BASIC).scope.clauses[code]
    assert results.schools == ()


def test_scope_when_the_facts_are_missing_then_nothing_is_excluded():
    school, rows = primary(ONE)
    unknown = {**school, "school_type": None, "ownership": None, "organiser_type": None}

    results = resources(county((unknown, rows)), BASIC)

    assert results.excluded == ()
    assert [entry.key for entry in results.schools] == [(ONE, "primary")]


@pytest.mark.parametrize(("pupils", "is_excluded"), [(49, True), (50, False), (None, False)])
def test_teaching_point_when_below_fifty_then_it_is_excluded(pupils, is_excluded):
    school, rows = primary(ONE, pupils)

    results = resources(county(({**school, "school_type": "teaching_point"}, rows)))

    assert bool(results.excluded) is is_excluded
    if is_excluded:
        assert results.excluded[0].text == "教学点学生数49人,少于50人"


def test_special_school_when_it_has_no_stages_then_it_is_excluded_as_a_whole():
    school, _ = primary(ONE)

    results = resources(county(({**school, "school_type": "special_school"}, [])))

    assert excluded_codes(results) == [(ONE, None, "school_type")]


@pytest.mark.parametrize(
    ("school_type", "stages"),
    [
        ("primary_school", ["primary"]),
        ("junior_school", ["junior"]),
        ("full_secondary_school", ["junior"]),
        ("nine_year_school", ["primary", "junior"]),
        ("twelve_year_school", ["primary", "junior"]),
        (None, ["primary", "junior"]),
    ],
)
def test_school_when_it_reported_no_stage_then_every_stage_of_its_type_cannot_be_told(school_type, stages):
    school, _ = primary(ONE)

    results = resources(county(({**school, "school_type": school_type}, [])))

    assert [entry.key for entry in results.schools] == [(ONE, name) for name in stages]
    assert {entry.outcome for entry in results.schools} == {Outcome.CANNOT_TELL}


def test_school_when_one_of_two_stages_is_reported_then_the_other_does_not_exist():
    results = resources(county(integrated(ONE, "nine_year_school", {"junior": 1000})))

    assert [entry.key for entry in results.schools] == [(ONE, "junior")]
    # 1.1 × 1000 of 1.1 × 1000: everything
    assert of_indicator(results, ONE, FLOOR, "junior").share == 1


@pytest.mark.parametrize(
    ("school_type", "senior", "primary_share", "junior_share"),
    [
        ("nine_year_school", None, Fraction(100, 210), Fraction(110, 210)),
        # 100 : 110 : 132
        ("twelve_year_school", 100, Fraction(100, 342), Fraction(110, 342)),
        ("twelve_year_school", 0, Fraction(100, 210), Fraction(110, 210)),
    ],
)
def test_sharing_when_a_school_has_several_stages_then_weights_are_by_type(
    school_type, senior, primary_share, junior_share
):
    school = integrated(ONE, school_type, {"primary": 100, "junior": 100}, senior_student_count=senior)

    results = resources(county(school))

    shares = [of_indicator(results, ONE, FLOOR, name).share for name in ("primary", "junior")]
    assert shares == [primary_share, junior_share]
    # teachers belong to the stage and are not shared
    assert of_indicator(results, ONE, ART).share == 1


def test_sharing_when_a_full_secondary_school_has_senior_pupils_then_they_weigh_a_fifth_more():
    school = integrated(ONE, "full_secondary_school", {"junior": 100}, senior_student_count=50)

    result = of_indicator(resources(county(school)), ONE, FLOOR, "junior")

    # 100 / (100 + 1.2 × 50); 4 500 ㎡ × 100/160 / 100 pupils
    assert (result.share, result.value) == (Fraction(100, 160), Fraction(4500, 160))


@pytest.mark.parametrize(
    ("school_type", "counts", "senior"),
    [
        ("nine_year_school", {"primary": 100, "junior": None}, None),
        ("twelve_year_school", {"primary": 100, "junior": 100}, None),
        (None, {"primary": 100, "junior": 100}, None),
    ],
)
def test_sharing_when_a_count_or_the_type_is_missing_then_shared_indicators_cannot_be_told(school_type, counts, senior):
    school = integrated(ONE, school_type, counts, senior_student_count=senior)

    results = resources(county(school))

    assert of_indicator(results, ONE, FLOOR).value is None
    assert of_indicator(results, ONE, FLOOR).reason.text == "教学用房:缺少“学校类别和各学段（含高中）学生数”。"
    assert of_indicator(results, ONE, ART).value == 9  # 9 teachers for 100 pupils


def test_sharing_when_a_school_reports_a_stage_that_its_type_has_not_then_it_gets_no_share():
    school = integrated(ONE, "full_secondary_school", {"primary": 100, "junior": 100}, senior_student_count=0)

    results = resources(county(school))

    assert of_indicator(results, ONE, FLOOR).value is None
    assert of_indicator(results, ONE, FLOOR, "junior").share == 1


def test_sharing_when_a_standard_shares_nothing_then_every_stage_has_all_of_its_school():
    standard = load_standard(QUALITY)
    own = [entry for entry in standard.indicators if not FORMULAS[entry.formula].is_shared]
    teachers_only = replace(standard, indicators=tuple(own), exceptions=())

    results = resources(county(primary(ONE)), teachers_only)

    assert len(of_school(results, ONE).indicators) == 3
    assert of_school(results, ONE).met_count == 3


def test_pupils_when_zero_then_the_stage_is_excluded_with_its_clause():
    (found,) = resources(county(primary(ONE, 0))).excluded

    assert (found.school_id, found.stage, found.code) == (ONE, Stage.PRIMARY, "no_students")
    assert (found.text, "只有一个学段有学生" in found.clause) == ("该学段没有学生", True)


@pytest.mark.parametrize(
    ("changes", "indicator"),
    [
        ({"pupils": MAX_PUPILS + 1}, AREA),
        ({"pupils": MAX_PUPILS + 1}, ART),
        ({"outdoor_sports_area": MAX_AMOUNT}, AREA),
        ({"outdoor_sports_area": -1, "indoor_sports_area": 0}, AREA),
        ({"pe_teacher_count": -20}, ART),
        ({"pupils": -1}, AREA),
    ],
)
def test_amount_when_beyond_all_bounds_then_it_is_out_of_range_and_never_overflows(changes, indicator):
    result = of_indicator(resources(county(primary(ONE, **changes))), ONE, indicator)

    assert (result.outcome, result.reason.code) == (Outcome.CANNOT_TELL, "out-of-range")


def test_art_teachers_when_the_count_is_a_total_then_its_parts_are_not_counted_again():
    numbers = {"pe_teacher_count": 5, "music_teacher_count": 2, "fine_art_teacher_count": 2, "art_teacher_count": 4}

    counted = {
        flag: of_indicator(resources(county(primary(ONE, is_art_count_total=flag, **numbers))), ONE, ART).numerator
        for flag in (True, False, None)
    }

    # 5 + 4; 5 + 2 + 2 + 4
    assert counted == {True: 9, False: 13, None: 13}


@pytest.mark.parametrize(
    ("school", "indicator", "labels"),
    [
        (primary(ONE, None), FLOOR, "在校学生数"),
        (primary(ONE, indoor_sports_area=None), FLOOR, "室内体育用房面积"),
        (primary(ONE, is_art_count_total=True, pe_teacher_count=None, music_teacher_count=None), ART, "体育专任教师"),
        (primary(ONE, pe_teacher_count=None, music_teacher_count=None), ART, "体育专任教师”“音乐专任教师"),
    ],
)
def test_value_when_facts_are_missing_then_the_reason_names_those_that_are_needed(school, indicator, labels):
    result = of_indicator(resources(county(school)), ONE, indicator)

    assert result.reason.code == "missing-facts"
    assert result.reason.text.endswith(f":缺少“{labels}”。")


def test_value_when_a_junior_degree_is_missing_then_associate_degrees_are_not_asked_for():
    school = junior(ONE, doctor_teacher_count=None, associate_teacher_count=None)

    result = of_indicator(resources(county(school)), ONE, "above_standard_teachers_per_100_students", "junior")

    assert result.reason.text == "高学历教师:缺少“专任教师中博士研究生”。"


# ---- exceptions


def rural(pupils=60, **changes):
    none = dict.fromkeys((f"{name}_teacher_count" for name in ("pe", "music", "fine_art")), 0)
    return primary(ONE, pupils, **{"area_type": "rural", **none, **VISITORS, **changes})


@pytest.mark.parametrize(
    ("pupils", "changes", "numerator"),
    [
        (50, {}, 4),
        (99, {}, 4),
        (49, {}, 0),
        (100, {}, 0),
        (60, {"area_type": "town"}, 0),
        (60, {"visiting_art_teacher_count": None}, None),
        (60, {"area_type": None}, None),
        (100, {"area_type": None}, 0),
        (None, {}, None),
    ],
)
def test_visiting_teachers_when_switched_on_then_they_count_in_small_rural_schools(pupils, changes, numerator):
    result = of_indicator(resources(county(rural(pupils, **changes)), QUALITY, VISITING), ONE, ART)

    assert result.numerator == numerator
    assert result.exceptions == ((VISITING,) if numerator == 4 else ())


def test_visiting_teachers_when_not_switched_on_then_they_do_not_count():
    result = of_indicator(resources(county(rural())), ONE, ART)

    assert (result.numerator, result.exceptions) == (0, ())


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({"area_type": None}, "体艺教师:缺少“城乡类型”。"),
        ({"visiting_pe_teacher_count": None}, "体艺教师:缺少“交流、兼职、走教体育教师”。"),
    ],
)
def test_visiting_teachers_when_a_fact_is_missing_then_the_reason_names_it(changes, text):
    result = of_indicator(resources(county(rural(**changes)), QUALITY, VISITING), ONE, ART)

    assert result.reason.text == text


def test_visiting_teachers_when_the_school_is_small_only_in_one_stage_then_they_do_not_count():
    school, rows = integrated(ONE, "nine_year_school", {"primary": 60, "junior": 300}, area_type="rural")
    rows = [{**row, **VISITORS} for row in rows]

    small = resources(county((school, rows)), QUALITY, VISITING)
    unknown = resources(county((school, [rows[0], {**rows[1], "student_count": None}])), QUALITY, VISITING)

    assert of_indicator(small, ONE, ART).numerator == 9  # 360 pupils in all
    assert of_indicator(unknown, ONE, ART).value is None
    assert of_indicator(unknown, ONE, ART).reason.text == "体艺教师:缺少“学校类别和各学段（含高中）学生数”。"


@pytest.mark.parametrize(
    ("changes", "numerator", "is_used"),
    [
        ({"is_dense_inner_city": True, "converted_sports_area": 10_000, "leased_sports_area": 5_000}, 7650, True),
        ({"is_dense_inner_city": True, "converted_sports_area": 0, "leased_sports_area": 0}, 7500, False),
        ({"is_dense_inner_city": True, "converted_sports_area": 10_000}, None, False),
        ({"is_dense_inner_city": False, "converted_sports_area": 10_000, "leased_sports_area": 5_000}, 7500, False),
        ({"converted_sports_area": 10_000, "leased_sports_area": 5_000}, 7500, False),
    ],
)
def test_sports_space_when_switched_on_then_it_counts_in_dense_inner_cities(changes, numerator, is_used):
    result = of_indicator(resources(county(primary(ONE, **changes)), QUALITY, SPORTS), ONE, AREA)

    # 7 000 ㎡ outdoor, 500 ㎡ indoor, 100 ㎡ converted, 50 ㎡ leased
    assert result.numerator == numerator
    assert bool(result.exceptions) is is_used
    if numerator is None:
        assert result.reason.text == "体育场馆:缺少“校外租赁体育场馆面积”。"


# ---- rules


def test_rules_when_an_exception_is_unknown_then_standard_error():
    with pytest.raises(StandardError, match="没有这些例外:nothing"):
        rules_of(QUALITY, "nothing")


def test_rules_when_an_exception_is_not_in_force_then_it_is_left_out():
    standard = load_standard(QUALITY)

    early = Rules.resolve(standard, standard.exceptions[0].since.replace(year=2018), frozenset({VISITING}))

    assert early.exceptions == ()
    assert early.effect("count_visiting_teachers", ART) is None
    assert rules_of(QUALITY, VISITING).effect("count_visiting_teachers", AREA) is None


def test_rules_when_an_exception_lacks_a_number_then_standard_error():
    rules = rules_of(QUALITY)
    entry = Exception_("x", "例外", "count_visiting_teachers", (ART,), parameters({"student_minimum": 50}), DAY, "条款")
    late = Exception_("y", "例外", "effect", (ART,), {"n": parameter(1, since=DAY.replace(year=2030))}, DAY, "条款")

    assert rules.number(entry, "student_minimum") == 50
    with pytest.raises(StandardError, match="没有参数 student_maximum"):
        rules.number(entry, "student_maximum")
    with pytest.raises(StandardError, match="没有参数 n"):
        rules.number(late, "n")


def test_scope_when_its_lists_are_empty_then_everyone_is_in():
    standard = load_standard(BASIC)
    open_scope = Scope((), (), (), standard.scope.clauses, parameter(50, since=DAY.replace(year=2030)))
    school, rows = primary(ONE, ownership="private", organiser_type="10")

    point = {**school, "school_type": "teaching_point"}
    results = resources(county((point, rows)), replace(standard, scope=open_scope))

    assert [entry.key for entry in results.schools] == [(ONE, "primary")]


def test_needed_fields_when_asked_then_each_is_named_once_in_order():
    names = needed_fields(load_standard(QUALITY))

    assert names[0] == "stages.student_count"
    assert len(set(names)) == len(names)
    assert {"schools.indoor_sports_area", "stages.is_art_count_total"} <= set(names)


def test_sharing_when_the_standard_has_no_weights_then_every_stage_has_all_of_its_school():
    standard = load_standard(QUALITY)
    unweighted = replace(standard, sharing=replace(standard.sharing, weights={}))
    school = integrated(ONE, "nine_year_school", {"primary": 1000, "junior": 1000})

    results = resources(county(school), unweighted)

    assert [of_indicator(results, ONE, AREA, name).numerator for name in ("primary", "junior")] == [7500, 7500]
    assert of_indicator(results, ONE, AREA).share == 1


def test_sharing_when_a_stage_has_a_single_pupil_then_it_takes_its_part():
    school = integrated(ONE, "nine_year_school", {"primary": 1, "junior": 1}, multimedia_classroom_count=21)

    results = resources(county(school))

    # weights 1 and 1.1 of one pupil each: 21 · 1/2.1 and 21 · 1.1/2.1
    rooms = [of_indicator(results, ONE, ROOMS, name).numerator for name in ("primary", "junior")]
    assert rooms == [10, 11]


def test_county_when_the_standard_has_no_indicators_then_schools_are_listed_and_no_coefficient_is_made():
    standard = replace(load_standard(QUALITY), indicators=(), exceptions=())

    results = resources(county(primary(ONE)), standard)

    assert [entry.key for entry in results.schools] == [(ONE, "primary")]
    assert (results.dispersion, results.composites) == ((), ())


NEEDED = [
    (standard_id, entry.id, field)
    for standard_id in (QUALITY, BASIC)
    for entry in load_standard(standard_id).indicators
    for field in (*FORMULAS[entry.formula].required_stage_fields, *FORMULAS[entry.formula].school_fields)
]


@pytest.mark.parametrize("standard_id", [QUALITY, BASIC])
def test_value_when_any_needed_fact_is_missing_then_it_is_unknown_and_never_taken_as_zero(standard_id):
    needed = [(indicator, field) for owner, indicator, field in NEEDED if owner == standard_id]
    lacking = (primary(field, **{field: None}) for field in dict.fromkeys(field for _, field in needed))

    results = resources(county(primary(ONE), *lacking), standard_id)

    for indicator, field in needed:
        assert of_indicator(results, ONE, indicator).value is not None
        unknown = of_indicator(results, field, indicator)
        assert (unknown.value, unknown.outcome, unknown.reason.code) == (None, Outcome.CANNOT_TELL, "missing-facts")
