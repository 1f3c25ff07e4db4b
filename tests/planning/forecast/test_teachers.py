"""Teachers to come: who retires, who leaves, who is hired."""

import pytest

from junheng.core.errors import InputError
from junheng.planning.forecast import TeacherAges, TeacherOptions, forecast_teachers
from tests.core.builders import facts_of, school, stage
from tests.planning.forecast.enrolments import PRIMARY, A, B


def facts(*counts):
    schools = [school(name) for name, _ in zip((A, B), counts, strict=False)]
    stages = [
        stage(name, student_count=100, full_time_teacher_count=count)
        for name, count in zip((A, B), counts, strict=False)
    ]
    return facts_of(schools=schools, stages=stages)


def ages(**groups):
    return TeacherAges({(A, PRIMARY): groups})


def test_teachers_when_some_reach_their_age_then_they_retire_in_that_year():
    # women of 53 and 54 at 55: the one of 54 in 2026, the two of 53 in 2027; the man of 59 at 60 in 2026
    given = ages(女={53: 2, 54: 1, 30: 5}, 男={59: 1, 40: 1})
    found = forecast_teachers(facts(10), given, TeacherOptions(2027, {"女": 55, "男": 60}, attrition=0.0))
    first, second = found.rows[A, PRIMARY]

    assert (first.year, first.retired, first.left, first.hired, first.count, first.deviation) == (2026, 2, 0, 0, 8, 0)
    assert (second.retired, second.count) == (2, 6)
    assert found.findings == ()


def test_teachers_when_a_tenth_leaves_then_of_those_who_stay_and_of_the_hired():
    # 10 → 9 stay, 4 come: 13 in 2026; a tenth of 13 leaves: 11.7 in 2027. Chance: √(10·0.9·0.1) = 0.949 in 2026
    options = TeacherOptions(2027, {"全部": 60}, attrition=0.1, hiring={(A, PRIMARY): {2026: 4}})
    first, second = forecast_teachers(facts(10), ages(全部={30: 10}), options).rows[A, PRIMARY]

    assert (first.left, first.hired, first.count) == pytest.approx((1.0, 4, 13.0))
    assert first.deviation == pytest.approx(0.9**0.5)
    assert (second.left, second.hired, second.count) == pytest.approx((1.3, 0, 11.7))


def test_teachers_when_leaving_and_retiring_meet_then_people_are_counted_once():
    # 10 people of 58 at 60, a tenth leaves a year: 9 after one year, those 9 retire in 2027
    found = forecast_teachers(facts(10), ages(全部={58: 10}), TeacherOptions(2027, {"全部": 60}, 0.1))
    first, second = found.rows[A, PRIMARY]

    assert (first.count, first.left) == pytest.approx((9.0, 1.0))
    assert (second.retired, second.left, second.count) == pytest.approx((9.0, 0.0, 0.0))


def test_county_when_stages_are_summed_then_persons_add_and_chance_adds_in_squares():
    given = TeacherAges({(A, PRIMARY): {"全部": {30: 10}}, (B, PRIMARY): {"全部": {30: 10}}})
    (year,) = forecast_teachers(facts(10, 10), given, TeacherOptions(2026, {"全部": 60}, 0.1)).county()

    assert (year.year, year.count, year.left, year.retired, year.hired) == pytest.approx((2026, 18, 2, 0, 0))
    assert year.deviation == pytest.approx(1.8**0.5)


def test_teachers_when_ages_do_not_add_up_then_said_and_ages_count():
    found = forecast_teachers(facts(12), ages(全部={30: 10}), TeacherOptions(2026, {"全部": 60}, 0.0))

    assert found.rows[A, PRIMARY][0].count == 10
    assert "合计10人" in found.findings[0].message
    assert "12人" in found.findings[0].message


def test_teachers_when_a_school_has_no_ages_or_no_report_then_said_or_not_compared():
    found = forecast_teachers(facts(None, 8), ages(全部={30: 10}), TeacherOptions(2026, {"全部": 60}, 0.0))

    # of B's 8 nobody is known to retire and nobody leaves; A's count is not reported, so its ages are not compared
    assert found.rows[B, PRIMARY][0].count == 8
    (finding,) = found.findings
    assert f"1个学段没有教师年龄,只按流失率推算,没有计入退休:学校{B}（小学）" in finding.message


def test_teachers_when_only_attrition_is_known_then_a_share_of_all_leaves_and_nobody_retires():
    found = forecast_teachers(facts(10, None), None, TeacherOptions(2027, attrition=0.1))
    first, second = found.rows[A, PRIMARY]

    assert set(found.rows) == {(A, PRIMARY)}  # B reports no teachers
    assert (first.retired, first.left, second.count) == pytest.approx((0, 1.0, 8.1))
    assert "没有计入退休" in found.findings[0].message


@pytest.mark.parametrize(
    ("given", "options", "message"),
    [
        (None, TeacherOptions(2026), "没有教师年龄"),
        (ages(女={30: 1}), TeacherOptions(2026, {}, 0.0), "退休年龄:女"),
        (ages(女={30: 1}), TeacherOptions(2026, {"女": 55}), "流失率"),
    ],
)
def test_teachers_when_an_assumption_is_missing_then_a_finding_and_no_forecast(given, options, message):
    found = forecast_teachers(facts(1), given, options)

    assert found.rows == {}
    assert found.county() == ()
    assert message in found.findings[0].message


def test_teachers_when_numbers_are_impossible_then_refused():
    with pytest.raises(InputError, match="流失率"):
        TeacherOptions(2026, attrition=1.0)
    with pytest.raises(InputError, match="招聘"):
        TeacherOptions(2026, hiring={(A, PRIMARY): {2026: -1}})
    with pytest.raises(InputError, match="年龄表"):
        ages(女={30: -1})
    with pytest.raises(InputError, match="已是 2025"):
        forecast_teachers(facts(1), None, TeacherOptions(2025))
