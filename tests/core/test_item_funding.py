from fractions import Fraction

import pytest

from junheng.core.items import judge_items
from junheng.core.verdict import Outcome
from tests.core.builders import (
    DAY,
    codes,
    facts_of,
    figures,
    item_of,
    judged,
    school,
    scoring_of,
    stage,
    standard_of,
    sub_item,
)

MET, NOT_MET, CANNOT_TELL = Outcome.MET, Outcome.NOT_MET, Outcome.CANNOT_TELL
NORMS = {"primary_public_funds_norm": 60_000, "junior_public_funds_norm": 80_000}  # 600 and 800 元 in 分

PUPILS = (stage("1", student_count=60),)


def small(quota, before=99, *, county=NORMS, kind="primary_school", stages=PUPILS):
    fields = {"previous_year_student_count": before, "public_funds_quota": quota}
    facts = facts_of(schools=[school("1", kind, **fields)], stages=stages, county=county)
    return judged(facts, "small_school_funding", counted_as=100)


@pytest.mark.parametrize(("quota", "outcome"), [(5_999_999, NOT_MET), (6_000_000, MET), (6_000_001, MET)])
def test_small_school_when_funds_are_below_at_or_above_a_hundred_pupils_then_the_outcome_follows(quota, outcome):
    # 100 × 600 元 = 60 000 元 = 6 000 000 分
    result = small(quota)
    assert result.outcome is outcome
    assert figures(result) == {
        "small_school_student_count": 99,
        "small_school_public_funds": Fraction(quota, 100),
        "small_school_count": 1,
    }
    if outcome is NOT_MET:
        (failure,) = result.failures
        assert (failure.shortfall, failure.unit) == (Fraction(1, 100), "元")
        assert failure.text == "上年学生 99 人,应按 100 人核定 60000 元,实拨 59999.99 元,少 0.01 元"


@pytest.mark.parametrize(
    ("before", "quota", "outcome", "code"),
    [
        (100, 0, MET, "not-applicable"),  # not below a hundred
        (None, 6_000_000, MET, None),  # enough however many pupils there were
        (None, 5_999_999, CANNOT_TELL, "missing-facts"),
        (None, None, CANNOT_TELL, "missing-facts"),
        (99, None, CANNOT_TELL, "missing-facts"),
        (0, 0, MET, "not-applicable"),  # a new school: nothing was due last year
    ],
)
def test_small_school_when_pupils_or_funds_are_missing_then_the_outcome_follows(before, quota, outcome, code):
    result = small(quota, before)
    assert (result.outcome, codes(result.reasons)) == (
        outcome,
        [code] if code == "not-applicable" or outcome is not MET else [],
    )


def test_small_school_when_it_had_one_pupil_then_it_is_funded_as_a_hundred():
    assert small(5_999_999, 1).outcome is NOT_MET
    assert small(6_000_000, 1).outcome is MET


def test_small_school_when_the_number_of_pupils_is_missing_then_the_figures_are_empty():
    assert set(figures(small(6_000_000, None)).values()) == {None}
    assert "上年学生数" in small(0, None).reasons[0].text
    assert "上年度拨付定额公用经费" in small(None).reasons[0].text
    assert figures(small(None))["small_school_public_funds"] is None


def test_small_school_when_the_norm_is_missing_then_cannot_tell_once():
    facts = facts_of(
        schools=[school(name, previous_year_student_count=20, public_funds_quota=1) for name in "12"],
        stages=[stage("1"), stage("2")],
    )
    result = judged(facts, "small_school_funding", counted_as=100)
    assert [reason.text for reason in result.reasons] == ["县级数据缺少小学生均公用经费基准定额,请补报后重新判定。"]


NINE = (stage("1", student_count=30), stage("1", "junior", student_count=10))


@pytest.mark.parametrize(("quota", "outcome"), [(6_499_999, NOT_MET), (6_500_000, MET)])
def test_small_school_when_integrated_then_the_norm_is_weighted_by_pupils(quota, outcome):
    # (30 × 600 + 10 × 800) / 40 = 650 元; 100 × 650 = 65 000 元
    assert small(quota, kind="nine_year_school", stages=NINE).outcome is outcome


@pytest.mark.parametrize("pupils", [None, 0])
def test_small_school_when_integrated_without_pupils_then_missing_unless_norms_agree(pupils):
    stages = (stage("1", student_count=pupils), stage("1", "junior", student_count=pupils))
    result = small(6_000_000, kind="nine_year_school", stages=stages)
    assert (result.outcome, "在校学生数" in result.reasons[0].text) == (CANNOT_TELL, True)
    same = dict.fromkeys(NORMS, 60_000)
    assert small(6_000_000, kind="nine_year_school", stages=stages, county=same).outcome is MET


def test_small_school_when_integrated_and_one_norm_is_missing_then_cannot_tell():
    county = {"primary_public_funds_norm": 60_000}
    result = small(6_000_000, kind="nine_year_school", stages=NINE, county=county)
    assert (result.outcome, "初中生均公用经费基准定额" in result.reasons[0].text) == (CANNOT_TELL, True)


def test_small_school_when_there_is_no_stage_or_no_school_then_cannot_tell():
    assert "在校学生数" in small(6_000_000, stages=()).reasons[0].text
    none = judged(facts_of(), "small_school_funding", counted_as=100)
    assert (none.outcome, codes(none.reasons), set(figures(none).values())) == (CANNOT_TELL, ["no-school"], {None})


def special(inclusive=0, **county):
    return judged(facts_of(county=county), "special_school_funding", per_student=6000, includes_inclusive=inclusive)


@pytest.mark.parametrize(
    ("funds", "outcome", "is_sensitive"),
    [
        (5_999_99, NOT_MET, True),  # 5 999.99 元 prints as 6000
        (5_999_49, NOT_MET, False),  # prints as 5999
        (6_000_00, MET, False),
        (6_000_01, MET, False),
    ],
)
def test_special_school_when_funds_are_below_at_or_above_then_the_outcome_follows(funds, outcome, is_sensitive):
    result = special(special_school_public_funds=funds, special_school_student_count=1)
    assert (result.outcome, result.is_rounding_sensitive) == (outcome, is_sensitive)
    assert (result.value, result.limit, result.unit) == (Fraction(funds, 100), 6000, "元")
    if is_sensitive:
        assert "为 5999.99元,低于要求的 6000元" in result.reasons[0].text


def test_special_school_when_printed_then_figures_follow_the_form():
    result = special(special_school_public_funds=60_000_000, special_school_student_count=80)
    # 60 万元 / 80 人 = 7 500 元
    assert figures(result) == {
        "special_school_public_funds": 60,
        "special_school_student_count": 80,
        "special_school_funds_per_student": 7500,
    }
    assert [figure.unit for figure in result.figures] == ["万元", "人", "元"]


@pytest.mark.parametrize(
    ("county", "outcome", "found"),
    [
        ({"special_school_student_count": 0}, MET, ["not-applicable"]),
        ({"special_school_student_count": 5}, CANNOT_TELL, ["missing-facts"]),
        ({"special_school_public_funds": 5}, CANNOT_TELL, ["missing-facts"]),
        ({}, CANNOT_TELL, ["missing-facts", "missing-facts"]),
    ],
)
def test_special_school_when_there_are_no_pupils_or_facts_then_the_outcome_follows(county, outcome, found):
    result = special(**county)
    assert (result.outcome, codes(result.reasons), result.value) == (outcome, found, None)


@pytest.mark.parametrize(("funds", "outcome"), [(599_999, NOT_MET), (600_000, MET)])
def test_special_school_when_inclusive_pupils_count_then_both_must_reach_it(funds, outcome):
    county = {"special_school_public_funds": 700_000, "special_school_student_count": 1}
    result = special(1, **county, inclusive_public_funds=funds, inclusive_student_count=1)
    assert result.outcome is outcome
    assert list(figures(result))[3:] == [
        "inclusive_public_funds",
        "inclusive_student_count",
        "inclusive_funds_per_student",
    ]
    assert special(0, **county, inclusive_public_funds=funds, inclusive_student_count=1).outcome is MET


@pytest.mark.parametrize(
    ("teachers", "servants", "outcome"),
    [(7_999_999, 8_000_000, NOT_MET), (8_000_000, 8_000_000, MET), (8_000_001, 8_000_000, MET)],
)
def test_pay_when_below_at_or_above_then_the_outcome_follows(teachers, servants, outcome):
    facts = facts_of(county={"average_teacher_pay": teachers, "average_civil_servant_pay": servants})
    result = judged(facts, "pay_not_below_civil_servants")
    assert (result.outcome, result.limit, list(figures(result).values())) == (
        outcome,
        80_000,
        [Fraction(teachers, 100), 80_000],
    )
    assert result.is_rounding_sensitive is (outcome is NOT_MET)


@pytest.mark.parametrize("county", [{"average_teacher_pay": 1}, {"average_civil_servant_pay": 1}, {}])
def test_pay_when_one_side_is_missing_then_cannot_tell(county):
    result = judged(facts_of(county=county), "pay_not_below_civil_servants")
    assert (result.outcome, len(result.reasons)) == (CANNOT_TELL, 2 - len(county))


BUDGET = {"share": "0.05"}


def budget(training, funds=100_000_000, params=BUDGET, **fields):
    row = school("1", training_budget=training, public_funds_budget=funds, **fields)
    return judged(facts_of(schools=[row]), "training_budget", **params)


@pytest.mark.parametrize(
    ("training", "outcome", "is_sensitive"),
    [
        (4_999_999, NOT_MET, True),  # 4.999999 % prints as 5.0 %
        (4_949_999, NOT_MET, False),  # 4.949999 % prints as 4.9 %
        (5_000_000, MET, False),
        (5_000_001, MET, False),
    ],
)
def test_training_budget_when_below_at_or_above_five_percent_then_the_outcome_follows(training, outcome, is_sensitive):
    # 100 万元 × 5 % = 5 万元 = 5 000 000 分
    result = budget(training)
    assert (result.outcome, result.is_rounding_sensitive) == (outcome, is_sensitive)
    if is_sensitive:
        (failure,) = result.failures
        assert (failure.shortfall, failure.unit) == (Fraction(1, 100), "元")
        assert failure.text == "教师培训经费 4.999999 万元,应不少于公用经费预算 100 万元的 5%,少 0.01 元"
        assert figures(result)["schools_short_count"] == 1


def test_training_budget_when_printed_then_totals_and_share_are_shown():
    assert figures(budget(6_000_000)) == {
        "training_budget_total": 6,
        "public_funds_budget_total": 100,
        "training_budget_share": 6,  # in %
        "schools_short_count": 0,
    }


@pytest.mark.parametrize(("training", "funds"), [(None, 1), (1, None), (None, None)])
def test_training_budget_when_missing_then_cannot_tell(training, funds):
    result = budget(training, funds)
    assert (result.outcome, figures(result)["schools_short_count"]) == (CANNOT_TELL, None)
    assert len(result.reasons) == (training, funds).count(None)


def test_training_budget_when_there_are_no_public_funds_then_cannot_tell_unless_the_school_is_new():
    result = budget(0, 0)
    assert (result.outcome, codes(result.reasons)) == (CANNOT_TELL, ["zero-denominator"])
    assert budget(0, 0, previous_year_student_count=300).outcome is CANNOT_TELL
    assert budget(0, 0, previous_year_student_count=0).outcome is MET


def test_training_budget_when_a_special_school_falls_short_then_it_fails_like_any_school():
    rows = [
        school("1", training_budget=5, public_funds_budget=100),
        school("2", "special_school", training_budget=4, public_funds_budget=100),
        school("3", "vocational_attached_class", training_budget=0, public_funds_budget=100),
    ]
    result = judged(facts_of(schools=rows), "training_budget", **BUDGET)
    assert [failure.school_id for failure in result.failures] == ["2"]


def test_training_budget_when_there_is_no_school_then_cannot_tell():
    result = judged(facts_of(), "training_budget", **BUDGET)
    assert (result.outcome, set(figures(result).values())) == (CANNOT_TELL, {None})


SPLIT = {"share": "0.08", "town_share": "0.05", "rural_share": "0.08"}


@pytest.mark.parametrize(
    ("area_type", "training", "outcome"),
    [
        ("urban", 5_000_000, MET),
        ("town", 4_999_999, NOT_MET),
        ("rural", 7_999_999, NOT_MET),
        ("rural", 8_000_000, MET),
        (None, 8_000_000, MET),
        (None, 7_999_999, CANNOT_TELL),
        (None, 5_000_000, CANNOT_TELL),
        (None, 4_999_999, NOT_MET),
    ],
)
def test_training_budget_when_town_and_village_differ_then_each_has_its_share(area_type, training, outcome):
    result = budget(training, params=SPLIT, area_type=area_type)
    assert result.outcome is outcome
    if outcome is CANNOT_TELL:
        assert "城乡类型" in result.reasons[0].text


@pytest.mark.parametrize(("params", "town", "rural"), [({"town_share": "0.04"}, 4, 5), ({"rural_share": "0.08"}, 5, 8)])
def test_training_budget_when_one_share_is_given_then_the_other_is_the_general_one(params, town, rural):
    for area_type, percent in (("town", town), ("rural", rural)):
        at = percent * 1_000_000
        assert budget(at, params={**BUDGET, **params}, area_type=area_type).outcome is MET
        assert budget(at - 1, params={**BUDGET, **params}, area_type=area_type).outcome is NOT_MET


def spending(*years, students=1000):
    return [
        {"spending_year": year, "general_education_spending": amount, "spending_student_count": students}
        for year, amount in years
    ]


def marks(rows, **params):
    item = item_of(sub_items=(sub_item("grows", 2, "spending_only_grows", **{"years": 5, **params}),))
    (result,) = judge_items(facts_of(county_years=rows), standard_of(item, scoring=scoring_of()), DAY)
    return result.sub_items[0]


FIVE = [(2021, 100), (2022, 110), (2023, 120), (2024, 130), (2025, 140)]


def test_spending_when_it_never_falls_then_full_marks():
    assert marks(spending(*FIVE)).points == 2
    assert marks(spending(*((year, 100) for year, _ in FIVE))).points == 2  # equal is kept
    assert marks(reversed(spending(*FIVE))).points == 2


def test_spending_when_one_year_falls_then_no_marks():
    result = marks(spending(*FIVE[:2], (2023, 109), *FIVE[3:]))
    assert (result.points, result.reason.code) == (0, "limit-missed")
    assert result.reason.text.startswith("2023 年一般公共预算教育支出为")


def test_spending_when_it_falls_then_the_sums_are_told_in_their_unit():
    # 2 000 000 分 = 2 万元, 1 500 000 分 = 1.5 万元
    result = marks(spending((2024, 2_000_000), (2025, 1_500_000)), years=2)
    assert result.reason.text == "2025 年一般公共预算教育支出为 1.50万元,低于要求的 2万元。"


def test_spending_when_only_the_sum_per_pupil_falls_then_no_marks():
    rows = spending((2024, 100_000_000)) + spending((2025, 100_000_001), students=1001)
    # 1 000 元 per pupil in 2024, 100 000 001 分 / 1001 ≈ 999.00 元 in 2025
    result = marks(rows, years=2)
    assert (result.points, "生均" in result.reason.text) == (0, True)


def test_spending_when_a_year_is_missing_then_no_marks_yet():
    result = marks(spending(*FIVE[1:]))
    assert (result.points, result.reason.text) == (
        None,
        "县级数据缺少 2021 年的一般公共预算教育支出或在校学生数,请补报后重新判定。",
    )
    assert marks([]).points is None
    assert marks(spending((2025, 140))).points is None


@pytest.mark.parametrize(
    "rows", [spending((2025, None)), spending((2025, 140), students=None), spending((2025, 140), students=0)]
)
def test_spending_when_a_number_is_missing_then_no_marks_yet(rows):
    assert marks(spending(*FIVE[:4]) + rows).points is None


def test_spending_when_it_falls_and_another_year_is_missing_then_no_marks_at_all():
    assert marks(spending((2022, 100), (2023, 90), (2025, 95))).points == 0


def test_spending_when_later_years_are_reported_then_only_years_up_to_the_facts_count():
    assert marks(spending(*FIVE, (2026, 1))).points == 2
    assert marks(spending(*FIVE[3:]), years=2).points == 2


def test_spending_when_the_latest_report_is_old_then_no_marks_yet():
    # the facts are of 2025: five years up to 2024 suffice, five years up to 2023 do not
    assert marks(spending((2020, 90), *FIVE[:4])).points == 2
    old = marks(spending((2019, 80), (2020, 90), *FIVE[:3]))
    assert (old.points, "2024 年" in old.reason.text) == (None, True)
