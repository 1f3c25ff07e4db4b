from fractions import Fraction

import pytest

from junheng.core.verdict import Outcome
from tests.core.builders import codes, facts_of, figures, judged, school, stage

MET, NOT_MET, CANNOT_TELL = Outcome.MET, Outcome.NOT_MET, Outcome.CANNOT_TELL
PARTS = {"certificates": "certified_teacher_count", "training_completion": "trained_teacher_count"}


def teachers(formula, *pairs, share=1):
    """Each pair is (part, full-time teachers) of one school."""
    names = [str(index) for index in range(1, len(pairs) + 1)]
    facts = facts_of(
        schools=[school(name, ownership="private" if name == "2" else "public") for name in names],
        stages=[
            stage(name, full_time_teacher_count=whole, **{PARTS[formula]: part})
            for name, (part, whole) in zip(names, pairs, strict=True)
        ],
    )
    return judged(facts, formula, share=share)


@pytest.mark.parametrize("formula", PARTS)
@pytest.mark.parametrize(("part", "outcome"), [(999, NOT_MET), (1000, MET)])
def test_teacher_share_when_all_are_needed_then_one_missing_fails(formula, part, outcome):
    result = teachers(formula, (part, 1000), (10, 10))
    # 1009 / 1010 = 99.9 %
    assert (result.outcome, result.value, result.limit, result.unit) == (outcome, Fraction(part + 10, 1010), 1, "比例")
    assert [(failure.school_id, failure.shortfall) for failure in result.failures] == (
        [("1", 1)] if part == 999 else []
    )


@pytest.mark.parametrize(
    ("part", "outcome", "is_sensitive"),
    [(9494, NOT_MET, False), (9495, NOT_MET, True), (9499, NOT_MET, True), (9500, MET, False), (9501, MET, False)],
)
def test_teacher_share_when_the_limit_is_95_percent_then_rounding_is_flagged(part, outcome, is_sensitive):
    # 9 495 / 10 000 = 94.95 %, printed 95.0 %
    result = teachers("certificates", (part, 10_000), share="0.95")
    assert (result.outcome, result.is_rounding_sensitive) == (outcome, is_sensitive)
    if part == 9499:
        assert "为 94.99%,低于要求的 95%" in result.reasons[0].text
        assert "距 95% 差 1 人" in result.failures[0].text


def test_teacher_share_when_one_school_makes_up_for_another_then_only_the_county_is_judged():
    result = teachers("certificates", (90, 100), (100, 100), share="0.95")
    assert (result.outcome, result.failures) == (MET, ())


@pytest.mark.parametrize(
    ("formula", "order"),
    [
        ("training_completion", ["trained_teacher_count", "full_time_teacher_count", "training_completion_share"]),
        ("certificates", ["full_time_teacher_count", "certified_teacher_count", "certified_share"]),
    ],
)
def test_teacher_share_when_printed_then_figures_follow_the_form(formula, order):
    result = teachers(formula, (5, 10))
    assert list(figures(result)) == order
    assert figures(result)[order[2]] == 50  # in %
    assert (result.figures[2].unit, result.figures[2].decimals) == ("%", 1)


@pytest.mark.parametrize(
    ("pairs", "share", "outcome"),
    [
        ([(None, 10), (10, 10)], 1, CANNOT_TELL),
        ([(10, None), (10, 10)], 1, CANNOT_TELL),
        ([(None, 10), (9, 10)], 1, NOT_MET),  # a known teacher is missing already
        ([(10, None), (9, 10)], 1, NOT_MET),
        ([(None, 10), (8, 10)], "0.9", CANNOT_TELL),  # at best (10 + 8) / 20 = 90 %
        ([(None, 10), (7, 10)], "0.9", NOT_MET),  # at best 85 %
        ([(10, None), (1, 10)], "0.9", CANNOT_TELL),  # an unknown whole may outweigh the rest
    ],
)
def test_teacher_share_when_facts_are_missing_then_only_a_certain_failure_fails(pairs, share, outcome):
    result = teachers("certificates", *pairs, share=share)
    assert (result.outcome, result.value) == (outcome, None)
    assert result.reasons[0].code == "missing-facts"
    assert bool(result.failures) is (outcome is NOT_MET)


def test_teacher_share_when_there_are_no_teachers_at_all_then_cannot_tell():
    result = teachers("certificates", (0, 0))
    assert (result.outcome, codes(result.reasons)) == (CANNOT_TELL, ["zero-denominator"])


def test_teacher_share_when_a_school_has_no_stage_then_no_county_figure():
    facts = facts_of(
        schools=[school("1"), school("2")], stages=[stage("1", full_time_teacher_count=1, certified_teacher_count=1)]
    )
    result = judged(facts, "certificates", share=1)
    assert (result.outcome, set(figures(result).values()), result.value) == (CANNOT_TELL, {None}, None)
    assert "学校2" in result.reasons[0].text
    nothing = judged(facts_of(schools=[school("1")]), "certificates", share=1)
    assert (nothing.outcome, set(figures(nothing).values()), nothing.limit) == (CANNOT_TELL, {None}, 1)


ROTATION = {"exchange_share": "0.1", "backbone_share": "0.2"}


def rotation(eligible, rotated, backbone):
    county = {"rotation_eligible_count": eligible, "rotated_teacher_count": rotated, "rotated_backbone_count": backbone}
    return judged(facts_of(county=county), "rotation", **ROTATION)


@pytest.mark.parametrize(
    ("counts", "outcome"),
    [
        ((1000, 100, 20), MET),
        ((1000, 101, 21), MET),
        ((1000, 99, 20), NOT_MET),
        ((1000, 100, 19), NOT_MET),
        ((1000, 0, 0), NOT_MET),
        ((0, 0, 0), CANNOT_TELL),
        ((None, 100, 20), CANNOT_TELL),
        ((1000, None, 20), CANNOT_TELL),
        ((1000, 100, None), CANNOT_TELL),
        ((None, 100, 19), NOT_MET),
    ],
)
def test_rotation_when_either_share_is_below_at_or_above_then_the_outcome_follows(counts, outcome):
    assert rotation(*counts).outcome is outcome


def test_rotation_when_printed_then_figures_follow_the_form():
    assert figures(rotation(1000, 120, 30)) == {
        "rotation_eligible_count": 1000,
        "rotated_teacher_count": 120,
        "exchange_share": 12,
        "rotated_backbone_count": 30,
        "backbone_share": 25,
    }
    assert codes(rotation(1000, 0, 0).reasons) == ["zero-denominator", "limit-missed"]


STAFF = {"primary_students_per_staff": 19, "junior_students_per_staff": "13.5"}


def norms(params, stages=(), **county):
    facts = facts_of(schools=[school("1", "nine_year_school"), school("2")], stages=stages, county=county)
    return judged(facts, "unified_norms", **params)


@pytest.mark.parametrize(
    ("primary", "junior", "outcome"),
    [
        (60_000, 80_000, MET),
        (59_999, 80_000, NOT_MET),
        (60_000, 79_999, NOT_MET),
        (None, 80_000, CANNOT_TELL),
        (None, 79_999, NOT_MET),
    ],
)
def test_norms_when_funds_are_below_at_or_missing_then_the_outcome_follows(primary, junior, outcome):
    params = {"primary_funds_norm": 600, "junior_funds_norm": 800}
    county = {"primary_public_funds_norm": primary, "junior_public_funds_norm": junior}
    assert norms(params, **county).outcome is outcome


def test_norms_when_funds_are_below_then_both_amounts_are_told_in_yuan():
    found = norms({"primary_funds_norm": 600}, primary_public_funds_norm=59_900)
    assert [reason.text for reason in found.reasons] == ["小学生均公用经费基准定额为 599元,低于要求的 600元。"]


@pytest.mark.parametrize(
    ("students", "staff", "outcome"),
    [(1900, 100, MET), (1901, 100, NOT_MET), (1899, 100, MET), (1900, None, CANNOT_TELL), (None, 100, CANNOT_TELL)],
)
def test_norms_when_staff_is_summed_over_the_county_then_the_outcome_follows(students, staff, outcome):
    # 19 pupils per member of staff; the second school alone would fail
    stages = [stage("1", student_count=students, staff_count=staff), stage("2", student_count=190, staff_count=10)]
    result = norms({"primary_students_per_staff": 19}, stages)
    assert result.outcome is outcome
    assert result.is_rounding_sensitive is (students == 1901)  # 2091 / 110 = 19.009, printed 19.0
    if outcome is CANNOT_TELL:
        assert "1 所学校缺少小学" in result.reasons[0].text


def test_norms_when_both_stages_are_judged_then_each_has_its_ratio():
    stages = [stage("1", student_count=190, staff_count=10), stage("1", "junior", student_count=136, staff_count=10)]
    result = norms(STAFF, stages)
    assert (result.outcome, [reason.text for reason in result.reasons]) == (
        NOT_MET,
        ["初中每名教职工对应的学生数为 13.6人,高于要求的 13.5人。"],
    )
    assert figures(result) == {
        "primary_public_funds_norm": None,
        "junior_public_funds_norm": None,
        "primary_students_per_staff": 19,
        "junior_students_per_staff": Fraction("13.6"),
    }


def test_norms_when_there_is_no_staff_or_no_school_of_the_stage_then_cannot_tell():
    result = norms({"junior_students_per_staff": "13.5"}, [stage("1", student_count=1, staff_count=1)])
    assert (result.outcome, codes(result.reasons)) == (CANNOT_TELL, ["zero-denominator"])


def test_norms_when_the_standard_gives_no_number_then_cannot_tell():
    result = norms({}, primary_public_funds_norm=60_000)
    assert (result.outcome, codes(result.reasons)) == (CANNOT_TELL, ["no-limit"])


@pytest.mark.parametrize(("kind", "outcome"), [("special_school", NOT_MET), ("vocational_attached_class", MET)])
def test_teacher_share_when_a_special_school_lacks_a_teacher_then_the_county_does(kind, outcome):
    facts = facts_of(
        schools=[school("1"), school("2", kind)],
        stages=[stage(name, full_time_teacher_count=10, certified_teacher_count=11 - int(name)) for name in "12"],
    )
    assert judged(facts, "certificates", share=1).outcome is outcome  # 10 of 10, and 9 of 10
