from fractions import Fraction

import pytest

from junheng.core.formula_catalogue import SHARE_UNIT
from junheng.core.verdict import Outcome
from tests.core.builders import codes, facts_of, figures, judged, school, stage

MET, NOT_MET, CANNOT_TELL = Outcome.MET, Outcome.NOT_MET, Outcome.CANNOT_TELL
NEARBY = {"primary_share": 1, "junior_share": "0.95"}


def nearby(*entries):
    """Each entry is (stage, inside, students, school fields)."""
    schools = [school(str(index), **entry[3]) for index, entry in enumerate(entries)]
    stages = [
        stage(str(index), entry[0], in_catchment_student_count=entry[1], student_count=entry[2])
        for index, entry in enumerate(entries)
    ]
    return judged(facts_of(schools=schools, stages=stages), "nearby_enrolment", **NEARBY)


@pytest.mark.parametrize(
    ("primary", "junior", "outcome"),
    [
        ((100, 100), (95, 100), MET),
        ((99, 100), (95, 100), NOT_MET),
        ((100, 100), (94, 100), NOT_MET),
        ((100, 100), (96, 100), MET),
        ((None, 100), (95, 100), CANNOT_TELL),
        ((None, 100), (94, 100), NOT_MET),
        ((0, 0), (95, 100), MET),  # nobody attends the primary stage
        ((None, 0), (94, 100), NOT_MET),
    ],
)
def test_nearby_when_each_stage_is_below_at_or_above_then_the_outcome_follows(primary, junior, outcome):
    result = nearby(("primary", *primary, {}), ("junior", *junior, {}))
    assert result.outcome is outcome


@pytest.mark.parametrize(
    ("place", "inside", "pupils", "outcome"),
    [
        ({"is_boarding": None}, 100, 100, CANNOT_TELL),  # (90 + 100) / 200 = 95 %, if it counts
        ({"is_boarding": None}, 99, 100, NOT_MET),
        ({"is_boarding": None}, 94, 100, NOT_MET),
        ({"is_boarding": None}, None, 100, CANNOT_TELL),
        ({"is_boarding": None}, 100, None, CANNOT_TELL),
        ({"is_boarding": True}, 100, 100, NOT_MET),
    ],
)
def test_nearby_when_a_school_may_or_may_not_count_then_not_met_only_if_it_could_save_nothing(
    place, inside, pupils, outcome
):
    assert nearby(("junior", 90, 100, {}), ("junior", inside, pupils, place)).outcome is outcome


def test_nearby_when_every_pupil_must_be_near_then_an_unsure_school_saves_nothing():
    unsure = ("primary", 100, 100, {"is_boarding": None})
    assert nearby(("primary", 99, 100, {}), unsure).outcome is NOT_MET


@pytest.mark.parametrize(("kind", "outcome"), [("junior_school", CANNOT_TELL), ("primary_school", NOT_MET)])
def test_nearby_when_a_school_reported_no_stage_then_it_could_save_those_of_its_type(kind, outcome):
    schools = [school("1"), school("2", school_type=kind)]
    stages = [stage("1", "junior", in_catchment_student_count=90, student_count=100)]
    assert judged(facts_of(schools=schools, stages=stages), "nearby_enrolment", **NEARBY).outcome is outcome


def test_nearby_when_printed_then_both_shares_come_first():
    result = nearby(("primary", 80, 80, {}), ("junior", 96, 100, {"area_type": "urban"}))
    assert figures(result) == {
        "primary_nearby_share": 100,
        "junior_nearby_share": 96,
        "primary_nearby_in_catchment_count": 80,
        "primary_nearby_student_count": 80,
        "junior_nearby_in_catchment_count": 96,
        "junior_nearby_student_count": 100,
    }


@pytest.mark.parametrize("fields", [{"ownership": "private"}, {"area_type": "rural"}, {"is_boarding": True}])
def test_nearby_when_a_school_is_private_rural_or_boarding_then_it_does_not_count(fields):
    unknown = {"ownership": None, **fields}  # another trait rules it out anyway
    result = nearby(("primary", 0, 100, fields), ("primary", 0, 100, unknown if "ownership" not in fields else fields))
    assert (result.outcome, codes(result.reasons)) == (MET, ["not-applicable", "not-applicable"])
    assert figures(result)["primary_nearby_share"] is None


@pytest.mark.parametrize(
    ("field", "label"), [("ownership", "办学性质"), ("area_type", "城乡类型"), ("is_boarding", "是否寄宿制学校")]
)
def test_nearby_when_it_is_not_known_whether_a_school_counts_then_cannot_tell(field, label):
    result = nearby(("primary", 100, 100, {}), ("primary", 0, 100, {field: None}))
    assert (result.outcome, figures(result)["primary_nearby_share"]) == (CANNOT_TELL, None)
    assert f"1 所学校缺少{label}:学校1" in result.reasons[0].text


def test_nearby_when_a_school_has_no_stage_or_there_is_none_then_cannot_tell():
    result = judged(facts_of(schools=[school("1")]), "nearby_enrolment", **NEARBY)
    assert (result.outcome, codes(result.reasons)) == (CANNOT_TELL, ["missing-facts"])
    assert codes(judged(facts_of(), "nearby_enrolment", **NEARBY).reasons) == ["no-school"]


def test_nearby_when_a_stage_fails_then_its_schools_are_named():
    result = nearby(("junior", 90, 100, {}), ("junior", 98, 100, {}))
    # 188 / 200 = 94 %; the first school needs 95 of 100
    assert (result.outcome, [(failure.school_id, failure.shortfall) for failure in result.failures]) == (
        NOT_MET,
        [("0", 5)],
    )


def county(formula, params, **fields):
    return judged(facts_of(county=fields), formula, **params)


@pytest.mark.parametrize(
    ("allotted", "quota", "outcome"),
    [
        (499, 1000, NOT_MET),
        (500, 1000, MET),
        (501, 1000, MET),
        (0, 0, CANNOT_TELL),
        (None, 1, CANNOT_TELL),
        (1, None, CANNOT_TELL),
    ],
)
def test_quota_when_below_at_or_above_then_the_outcome_follows(allotted, quota, outcome):
    result = county("senior_high_quota", {"share": "0.5"}, senior_high_quota=quota, senior_high_quota_allotted=allotted)
    assert result.outcome is outcome
    assert result.limit == Fraction(1, 2)
    assert result.value == (Fraction(allotted, quota) if allotted and quota else None)


def test_quota_when_printed_then_the_rural_part_is_shown_but_not_judged():
    fields = {"senior_high_quota": 1000, "senior_high_quota_allotted": 600, "senior_high_quota_rural": 150}
    assert figures(county("senior_high_quota", {"share": "0.5"}, **fields)) == {
        "senior_high_quota": 1000,
        "senior_high_quota_allotted": 600,
        "allotted_share": 60,
        "senior_high_quota_rural": 150,
        "rural_share": 25,
    }
    zero = county("senior_high_quota", {"share": "0.5"}, senior_high_quota=0, senior_high_quota_allotted=0)
    assert codes(zero.reasons) == ["zero-denominator"]


@pytest.mark.parametrize(
    ("counts", "public_only", "outcome"),
    [
        ((1000, 800, 50), 0, MET),
        ((1000, 800, 49), 0, NOT_MET),
        ((1000, 800, 51), 0, MET),
        ((1000, 849, 151), 1, NOT_MET),
        ((1000, 850, None), 1, MET),
        ((1000, 850, None), 0, CANNOT_TELL),
        ((1000, None, 850), 0, CANNOT_TELL),
        ((1000, None, 850), 1, CANNOT_TELL),
        ((None, 800, 50), 0, CANNOT_TELL),
        ((0, 0, 0), 0, MET),
        ((0, None, None), 1, MET),  # nobody to be anywhere
    ],
)
def test_migrants_when_below_at_or_above_then_the_outcome_follows(counts, public_only, outcome):
    names = ("migrant_children_count", "migrant_in_public_count", "migrant_in_purchased_count")
    params = {"share": "0.85", "public_only": public_only}
    result = county("migrant_children", params, **dict(zip(names, counts, strict=True)))
    assert result.outcome is outcome


def test_migrants_when_printed_then_the_sum_and_the_share_are_shown():
    fields = {"migrant_children_count": 200, "migrant_in_public_count": 150, "migrant_in_purchased_count": 25}
    result = county("migrant_children", {"share": "0.85"}, **fields)
    assert figures(result) == {**fields, "migrant_counted_count": 175, "migrant_share": Fraction("87.5")}
    assert (result.value, result.unit) == (Fraction(7, 8), "比例")
    only = county("migrant_children", {"share": "0.85", "public_only": 1}, **fields)
    assert (figures(only)["migrant_counted_count"], only.outcome) == (150, NOT_MET)
    assert only.figures[3].label == "在公办学校就读合计"
    none = county("migrant_children", {"share": "0.85"}, **dict.fromkeys(fields, 0))
    assert (codes(none.reasons), none.value) == (["not-applicable"], None)


@pytest.mark.parametrize(
    ("enrolled", "children", "outcome"),
    [
        (94, 100, NOT_MET),
        (95, 100, MET),
        (96, 100, MET),
        (0, 0, MET),
        (None, 100, CANNOT_TELL),
        (95, None, CANNOT_TELL),
    ],
)
def test_disabled_when_below_at_or_above_then_the_outcome_follows(enrolled, children, outcome):
    fields = {"disabled_children_count": children, "disabled_enrolled_count": enrolled}
    assert county("disabled_enrolment", {"share": "0.95"}, **fields).outcome is outcome


def test_disabled_when_printed_then_the_special_school_share_is_of_those_enrolled():
    fields = {"disabled_children_count": 100, "disabled_enrolled_count": 96, "disabled_in_special_school_count": 24}
    result = county("disabled_enrolment", {"share": "0.95"}, **fields)
    assert list(figures(result).values()) == [100, 96, 96, 24, 25]
    assert list(figures(result))[2::2] == ["disabled_enrolment_share", "special_school_share"]
    none = county("disabled_enrolment", {"share": "0.95"}, disabled_children_count=0, disabled_enrolled_count=0)
    assert codes(none.reasons) == ["not-applicable"]


COHORT = {
    "graduate_count": 95,
    "entrant_count": 100,
    "transferred_in_count": 0,
    "transferred_out_count": 0,
    "death_count": 0,
}


def retention(*cohorts, kind="junior_school", stage_name="junior"):
    """One school for each cohort; None is a school without a row."""
    names = [str(index) for index, _ in enumerate(cohorts)]
    facts = facts_of(
        schools=[school(name, kind) for name in names],
        stages=[stage(name, stage_name) for name in names],
        cohorts=[{"school_id": name, **row} for name, row in zip(names, cohorts, strict=True) if row is not None],
    )
    return judged(facts, "junior_retention", share="0.95")


@pytest.mark.parametrize(
    ("changes", "outcome"),
    [
        ({}, MET),  # 95 / 100
        ({"graduate_count": 94}, NOT_MET),
        ({"graduate_count": 96}, MET),
        ({"transferred_in_count": 1}, NOT_MET),  # 94 / 100
        ({"graduate_count": 94, "transferred_out_count": 1}, MET),  # 95 / 100
        ({"graduate_count": 94, "death_count": 1}, NOT_MET),  # 94 / 99 = 94.949…
        ({"graduate_count": 95, "death_count": 2}, MET),  # 95 / 98
        ({"entrant_count": 0, "graduate_count": 0}, CANNOT_TELL),
        ({"entrant_count": 1, "death_count": 2}, CANNOT_TELL),
        ({"entrant_count": 1, "graduate_count": 1}, MET),
        *(({field: None}, CANNOT_TELL) for field in COHORT),
    ],
)
def test_retention_when_below_at_or_above_then_the_outcome_follows(changes, outcome):
    assert retention({**COHORT, **changes}).outcome is outcome


@pytest.mark.parametrize(
    ("kind", "cohort", "outcome"),
    [
        ("junior_school", {**COHORT, "graduate_count": 10}, NOT_MET),
        ("junior_school", None, CANNOT_TELL),
        ("primary_school", None, MET),
        (None, None, MET),
        (None, {**COHORT, "graduate_count": 10}, NOT_MET),
    ],
)
def test_retention_when_a_school_reported_no_stage_then_its_type_or_its_cohort_says_that_it_counts(
    kind, cohort, outcome
):
    rows = [{"school_id": "1", **COHORT}] + ([{"school_id": "2", **cohort}] if cohort else [])
    schools = [school("1", "junior_school"), school("2", school_type=kind)]
    facts = facts_of(schools=schools, stages=[stage("1", "junior")], cohorts=rows)
    assert judged(facts, "junior_retention", share="0.95").outcome is outcome


def test_retention_when_printed_then_figures_follow_the_form():
    result = retention({**COHORT, "transferred_in_count": 3, "transferred_out_count": 4, "death_count": 1}, COHORT)
    # kept 190 − 3 + 4 = 191 of 200 − 1 = 199
    assert figures(result) == {
        "graduate_count": 190,
        "entrant_count": 200,
        "transferred_in_count": 3,
        "death_count": 1,
        "transferred_out_count": 4,
        "retention_share": Fraction(19_100, 199),
    }
    assert (result.value, result.limit, result.unit) == (Fraction(191, 199), Fraction(19, 20), SHARE_UNIT)


def test_retention_when_below_then_the_schools_that_pull_it_down_are_named():
    result = retention({**COHORT, "graduate_count": 90}, {**COHORT, "graduate_count": 99})
    # 189 / 200 = 94.5 %; the first school keeps 90 of the 95 it should
    assert [(failure.school_id, failure.shortfall) for failure in result.failures] == [("0", 5)]
    assert result.failures[0].text == "应巩固 100 人,实际 90 人,距 95% 差 5 人"
    assert retention({**COHORT, "graduate_count": 94}, {**COHORT, "graduate_count": 99}).failures == ()


def test_retention_when_a_school_has_no_row_then_missing_and_zeros_say_there_is_no_cohort():
    result = retention(COHORT, None)
    assert (result.outcome, len(result.reasons), figures(result)["graduate_count"]) == (CANNOT_TELL, 5, None)
    assert "毕业班学生数(尚无毕业年级的填 0):学校1" in result.reasons[0].text
    assert retention(COHORT, dict.fromkeys(COHORT, 0)).outcome is MET


def test_retention_when_nobody_entered_then_no_rate_can_be_told_and_that_is_said():
    result = retention(dict.fromkeys(COHORT, 0))
    assert (result.outcome, result.value, codes(result.reasons)) == (CANNOT_TELL, None, ["zero-denominator"])
    assert "不大于 0" in result.reasons[0].text


def test_retention_when_there_is_no_junior_school_then_cannot_tell():
    result = retention(COHORT, kind="primary_school", stage_name="primary")
    assert (result.outcome, codes(result.reasons), set(figures(result).values())) == (
        CANNOT_TELL,
        ["no-school"],
        {None},
    )


@pytest.mark.parametrize("kind", ["special_school", "vocational_attached_class"])
def test_retention_when_other_schools_report_a_cohort_then_it_is_the_countys_too(kind):
    stages = [stage("1", "junior"), stage("2", "junior")]
    schools = [school("1", "junior_school"), school("2", kind)]
    reported = facts_of(schools=schools, stages=stages, cohorts=[{"school_id": name, **COHORT} for name in "12"])
    assert figures(judged(reported, "junior_retention", share="0.95"))["entrant_count"] == 200
    silent = facts_of(schools=schools, stages=stages, cohorts=[{"school_id": "1", **COHORT}])
    assert figures(judged(silent, "junior_retention", share="0.95"))["entrant_count"] == 100
