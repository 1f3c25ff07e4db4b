"""Risks: the futures held against the numbers of a standard, with the resources of today."""

from dataclasses import replace
from datetime import date
from fractions import Fraction

import numpy as np
import pytest

from junheng import api
from junheng.core.errors import InputError
from junheng.core.judge import judge
from junheng.core.standard import Dated, Parameter, Stage
from junheng.core.verdict import Outcome
from junheng.planning.forecast import Options, RiskKind, forecast, history_from_counts, risks
from junheng.readers.dictionary import load_dictionary
from junheng.readers.standards import load_standard
from tests.core.builders import classes, facts_of, item_of, school, stage, standard_of
from tests.planning.forecast.enrolments import JUNIOR, PRIMARY, A, B, graded

STANDARD = load_standard("cn-2017-quality-balance")
AREAS = {"teaching_floor_area": 500_000, "indoor_sports_area": 50_000, "outdoor_sports_area": 300_000}
THINGS = {"equipment_value": 100_000_00, "multimedia_classroom_count": 5}
PEOPLE = {
    "doctor_teacher_count": 0, "master_teacher_count": 0, "bachelor_teacher_count": 20, "associate_teacher_count": 0,
    "backbone_teacher_count": 2, "pe_teacher_count": 1, "music_teacher_count": 1, "fine_art_teacher_count": 0,
    "art_teacher_count": 0,
}  # fmt: skip


def futures(rows, *years, sizes=(3, 2)):
    """A forecast whose futures are given: `years` are, per year ahead, the simulated pupils of each row."""
    grades = {
        row: dict.fromkeys(range(2022, 2026), graded(*sizes, first=1 if row[1] is PRIMARY else 7)) for row in rows
    }
    made = forecast(history_from_counts({}, grades), Options(2025 + len(years), simulations=2))
    drawn = np.array(years, np.int32).transpose(1, 0, 2)
    return replace(made, draws=drawn, present=drawn[:, 0, 0].astype(np.int64))


def found(table, kind, rule_id=None, stage_of=None):
    (row,) = (
        row
        for row in table.rows
        if row.kind is kind and rule_id in (None, row.rule_id) and stage_of in (None, row.stage)
    )
    return row


def county(*, kind="primary_school", school_fields=None, stage_fields=None, rows=(), **more):
    return facts_of(
        schools=[school(A, kind, **{**AREAS, **THINGS, **(school_fields or {})})],
        stages=[stage(A, **{"student_count": 5, **PEOPLE, **(stage_fields or {})})],
        classes=rows or classes(A, 40, 40),
        **more,
    )


def test_size_when_futures_pass_the_limit_then_their_share():
    # 2000 is allowed, 2001 is not: half of the futures of 2026, all of 2027
    table = risks(futures([(A, PRIMARY)], [[2000, 2001]], [[2001, 2500]]), county(), STANDARD)
    row = found(table, RiskKind.SCHOOL_SIZE)

    assert table.years == (2026, 2027)
    assert row.probabilities == (0.5, 1.0)
    assert row.bounds == (2000, 2000)
    assert (row.school_name, row.stage, row.is_broken_today, row.highest) == (f"学校{A}", None, False, 1.0)


def test_class_size_when_pupils_pass_what_the_classes_hold_then_their_share():
    # two classes of 45: 90 pupils fit, 91 do not
    table = risks(futures([(A, PRIMARY)], [[90, 91]]), county(), STANDARD)

    assert found(table, RiskKind.CLASS_SIZE).probabilities == (0.5,)
    assert found(table, RiskKind.CLASS_SIZE).stage is Stage.PRIMARY


def test_class_size_when_there_are_no_class_rows_then_the_reported_number_or_a_finding():
    ahead = futures([(A, PRIMARY)], [[90, 91]])
    reported = facts_of(schools=[school(A)], stages=[stage(A, student_count=5, class_count=2)])
    unknown = facts_of(schools=[school(A)], stages=[stage(A, student_count=5)])

    assert found(risks(ahead, reported, STANDARD), RiskKind.CLASS_SIZE).probabilities == (0.5,)
    table = risks(ahead, unknown, STANDARD)
    assert not [row for row in table.rows if row.kind is RiskKind.CLASS_SIZE]
    assert f"学校{A}缺少班级数" in [entry.message.split(",")[0] for entry in table.findings]


@pytest.mark.parametrize(
    ("indicator", "most"),
    [
        ("teaching_floor_area_per_student", 1000),  # (5000 − 500) ÷ 4.5
        ("sports_area_per_student", 466),  # 3500 ÷ 7.5 = 466.67
        ("equipment_value_per_student", 50),  # 100 000 ÷ 2000
        ("multimedia_classrooms_per_100_students", 217),  # 500 ÷ 2.3 = 217.39
        ("above_standard_teachers_per_100_students", 476),  # 2000 ÷ 4.2 = 476.19
        ("backbone_teachers_per_100_students", 200),  # 200 ÷ 1
        ("pe_and_art_teachers_per_100_students", 222),  # 200 ÷ 0.9 = 222.2
    ],
)
def test_indicator_when_pupils_pass_what_there_is_then_broken(indicator, most):
    table = risks(futures([(A, PRIMARY)], [[most, most + 1]]), county(), STANDARD)
    row = found(table, RiskKind.INDICATOR, indicator)

    assert row.probabilities == (0.5,)
    assert row.is_broken_today is False


def test_indicator_when_facts_are_missing_then_a_finding_and_no_row():
    table = risks(futures([(A, PRIMARY)], [[100, 100]]), county(school_fields={"teaching_floor_area": None}), STANDARD)

    assert not [row for row in table.rows if row.rule_id == "teaching_floor_area_per_student"]
    assert len(table.findings) == 1
    assert "缺少教学" in table.findings[0].message


def nine_years(**junior):
    return facts_of(
        schools=[school(A, "nine_year_school", **AREAS, **THINGS)],
        stages=[
            stage(A, "primary", student_count=5, **PEOPLE),
            stage(A, "junior", student_count=5, **{**PEOPLE, **junior}),
        ],
        classes=[*classes(A, 40, 40), *classes(A, 40, 40, stage_name="junior", grade=7)],
    )


def test_indicator_when_stages_share_then_weighted_pupils_of_both_count():
    # shared area 4500 ㎡ at 1 : 1.1. Primary: 4500 ÷ 4.5 = 1000 weighted pupils; 450 + 1.1·500 = 1000 fit, 451 do not.
    ahead = futures([(A, JUNIOR), (A, PRIMARY)], [[500, 500], [450, 451]])
    table = risks(ahead, nine_years(), STANDARD)

    assert found(table, RiskKind.INDICATOR, "teaching_floor_area_per_student", Stage.PRIMARY).probabilities == (0.5,)
    assert found(table, RiskKind.SCHOOL_SIZE).bounds == (2500,)
    assert found(table, RiskKind.SCHOOL_SIZE).probabilities == (0.0,)


def test_indicator_when_the_other_stage_is_not_forecast_then_it_cannot_be_told():
    # the forecast knows the primary part alone: what both share cannot be told, nor the size of the whole school
    table = risks(futures([(A, PRIMARY)], [[450, 451]]), nine_years(), STANDARD)

    assert {row.rule_id for row in table.rows if row.kind is RiskKind.INDICATOR} == {
        "above_standard_teachers_per_100_students",
        "backbone_teachers_per_100_students",
        "pe_and_art_teachers_per_100_students",
    }
    assert not [row for row in table.rows if row.kind in (RiskKind.SCHOOL_SIZE, RiskKind.SMALL_SCHOOL)]
    assert len(table.findings) == 4  # the four shared resources


def test_indicator_when_senior_pupils_are_not_known_then_what_is_shared_cannot_be_told():
    rows = facts_of(
        schools=[school(A, "full_secondary_school", senior_student_count=None, **AREAS, **THINGS)],
        stages=[stage(A, "junior", **{"student_count": 5, **PEOPLE})],
        classes=classes(A, 40, stage_name="junior", grade=7),
    )
    table = risks(futures([(A, JUNIOR)], [[90, 91]]), rows, STANDARD)

    told = {row.rule_id for row in table.rows if row.kind is RiskKind.INDICATOR}
    assert "backbone_teachers_per_100_students" in told
    assert "multimedia_classrooms_per_100_students" not in told


def test_indicator_when_the_school_has_senior_pupils_then_they_keep_their_share():
    # 完全中学 1 : 1.2 with 100 seniors: 4500 ÷ 5.8 = 775.86 weighted pupils, 120 of them senior: 655 juniors fit, 656 do not
    facts = facts_of(
        schools=[school(A, "full_secondary_school", senior_student_count=100, **AREAS, **THINGS)],
        stages=[stage(A, "junior", student_count=5, **PEOPLE)],
        classes=classes(A, 40, 40, stage_name="junior", grade=7),
    )
    table = risks(futures([(A, JUNIOR)], [[655, 656]]), facts, STANDARD)

    assert found(table, RiskKind.INDICATOR, "teaching_floor_area_per_student").probabilities == (0.5,)


def test_indicator_when_no_pupils_are_reported_then_nothing_is_shared():
    facts = county(stage_fields={"student_count": 0})
    table = risks(futures([(A, PRIMARY)], [[100, 100]]), facts, STANDARD)

    assert not [row for row in table.rows if row.rule_id == "sports_area_per_student"]


def test_small_when_a_teaching_point_shrinks_then_both_lines():
    table = risks(futures([(A, PRIMARY)], [[50, 49]], [[0, 100]]), county(kind="teaching_point"), STANDARD)

    assert found(table, RiskKind.SMALL_POINT).probabilities == (0.5, 0.0)  # who is closed is not small
    assert found(table, RiskKind.SMALL_SCHOOL).probabilities == (1.0, 0.0)
    assert found(table, RiskKind.SMALL_SCHOOL).is_broken_today is True


def test_small_when_a_school_is_no_teaching_point_then_the_funding_line_alone():
    table = risks(futures([(A, PRIMARY)], [[99, 100]]), county(), STANDARD)

    assert found(table, RiskKind.SMALL_SCHOOL).probabilities == (0.5,)
    assert not [row for row in table.rows if row.kind is RiskKind.SMALL_POINT]


def test_rules_when_the_standard_has_none_then_no_rows():
    assert risks(futures([(A, PRIMARY)], [[99, 100]]), county(kind="teaching_point"), standard_of()).rows == ()


def test_rules_when_a_number_is_not_in_force_in_a_year_then_neither_is_the_risk():
    until = Parameter((Dated(Fraction(45), date(2020, 1, 1), "第六条", date(2026, 12, 31)),))
    size = Parameter((Dated(Fraction(2000), date(2026, 1, 1), "第五条", date(2026, 12, 31)),))
    funding = Parameter((Dated(Fraction(100), date(2027, 1, 1), "第七条"),))
    standard = standard_of(
        replace(item_of("class_size", item_id="class"), params={"primary_limit": until, "junior_limit": until}),
        replace(item_of("school_size", item_id="size"), params={"single_stage_limit": size}),
        replace(item_of("small_school_funding", item_id="funds"), params={"counted_as": funding}),
        item_of(needs_judgement=True, item_id="other"),
    )
    scope = replace(standard.scope, teaching_point_minimum=funding)
    ahead = futures([(A, PRIMARY)], [[99, 99]], [[99, 99]])
    table = risks(ahead, county(kind="teaching_point"), replace(standard, scope=scope))

    assert found(table, RiskKind.CLASS_SIZE).probabilities == (1.0, None)
    assert found(table, RiskKind.CLASS_SIZE).bounds == (45, None)
    assert found(table, RiskKind.SCHOOL_SIZE).probabilities == (0.0, None)
    assert found(table, RiskKind.SCHOOL_SIZE).is_broken_today is None
    assert found(table, RiskKind.SMALL_SCHOOL).probabilities == (None, 1.0)
    assert found(table, RiskKind.SMALL_POINT).probabilities == (None, 1.0)


def test_indicator_when_its_threshold_is_not_in_force_then_neither_is_the_risk():
    later = Parameter((Dated(Fraction("4.5"), date(2027, 1, 1), "第七条"),))
    (area,) = (entry for entry in STANDARD.indicators if entry.id == "teaching_floor_area_per_student")
    standard = replace(standard_of(indicators=[replace(area, thresholds={Stage.PRIMARY: later})]), scope=STANDARD.scope)
    ahead = futures([(A, JUNIOR), (A, PRIMARY)], [[5, 5], [2000, 2000]], [[5, 5], [2000, 2000]])
    table = risks(ahead, nine_years(), standard)

    probabilities = [row.probabilities for row in table.rows if row.kind is RiskKind.INDICATOR]
    assert probabilities == [(None, 1.0)]  # and junior has no threshold at all


def test_risks_when_a_school_is_outside_the_standard_then_no_indicators():
    facts = facts_of(
        schools=[school(A, "special_school", **AREAS, **THINGS), school(B, "teaching_point", **AREAS, **THINGS)],
        stages=[stage(A, "primary", student_count=90, **PEOPLE), stage(B, "primary", student_count=20, **PEOPLE)],
        classes=[*classes(A, 40, 40), *classes(B, 20)],
    )
    table = risks(futures([(A, PRIMARY), (B, PRIMARY)], [[99, 99], [20, 20]]), facts, STANDARD)

    assert {row.school_id for row in table.rows} == {B}  # special schools are on no roll
    assert {row.kind for row in table.rows} == {
        RiskKind.SCHOOL_SIZE, RiskKind.CLASS_SIZE, RiskKind.SMALL_POINT, RiskKind.SMALL_SCHOOL,
    }  # fmt: skip


def test_risks_when_a_school_is_not_forecast_then_it_has_no_rows():
    table = risks(futures([(B, PRIMARY)], [[99, 99]]), county(), STANDARD)

    assert table.rows == ()
    assert [finding.code for finding in table.findings] == ["forecast-risk-no-facts"]  # and B has no facts


def test_risks_when_the_facts_are_of_another_year_then_refused():
    with pytest.raises(InputError, match="要用 2025 年的数据"):
        risks(futures([(A, PRIMARY)], [[99, 99]]), county(year=2024), STANDARD)


def test_above_when_asked_then_the_most_likely_first():
    table = risks(futures([(A, PRIMARY)], [[99, 100]]), county(), STANDARD)
    shown = table.above(0.5)

    assert [row.highest for row in shown] == sorted((row.highest for row in shown), reverse=True)
    assert shown[-1].kind is RiskKind.SMALL_SCHOOL
    assert all(row.highest > 0 for row in table.above(0))
    assert RiskKind.SMALL_SCHOOL.label == "不足小规模学校经费线"


def test_today_when_the_demo_county_is_judged_then_the_verdict_says_the_same():
    facts, past = api.demo_county()
    table = api.forecast([*past, facts], 2026, simulations=2).risks
    verdict = judge(facts, STANDARD, load_dictionary())
    ours = {
        (row.school_id, row.stage, row.rule_id): row.is_broken_today
        for row in table.rows
        if row.kind is RiskKind.INDICATOR
    }
    judged = {
        (school.school_id, school.stage, entry.id): result.outcome is Outcome.NOT_MET
        for school in verdict.schools
        for entry, result in zip(STANDARD.indicators, school.indicators, strict=True)
    }

    assert len(judged) > 700
    assert ours == judged
