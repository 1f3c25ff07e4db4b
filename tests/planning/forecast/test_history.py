"""Histories: what facts of several years tell about pupils, and what they cannot tell."""

import numpy as np
import pytest

from junheng.core.errors import InputError
from junheng.core.findings import Level
from junheng.planning.forecast import History, history_from_counts, history_of
from tests.core.builders import classes, facts_of, school, stage
from tests.planning.forecast.enrolments import JUNIOR, PRIMARY, A, B


def facts(year: int, *sizes: int | None, total: int | None = None, county: str = "990101"):
    """One primary school with one class per grade."""
    rows = [row for grade, size in enumerate(sizes, start=1) for row in classes(A, size, grade=grade)]
    students = sum(size or 0 for size in sizes) if total is None else total
    made = facts_of(year=year, schools=[school(A)], stages=[stage(A, student_count=students)], classes=rows)
    return made if county == made.county_code else type(made)(county, made.county_name, made.year, made.tables)


def test_history_when_facts_have_classes_then_grades_are_summed_and_years_ordered():
    history = history_of([facts(2025, 30, 31), facts(2024, 28, 29)])

    assert history.years == (2024, 2025)
    assert history.last_year == 2025
    assert history.rows == ((A, PRIMARY),)
    assert history.name(A) == f"学校{A}"
    assert history.name("?") == "?"
    assert history.pupils[1, 0].tolist() == [30, 31, 0, 0, 0, 0, 0, 0, 0]
    assert history.totals[:, 0].tolist() == [57, 61]
    assert history.has_grades.all()
    assert history.findings == ()


def test_history_when_classes_do_not_sum_to_the_stage_then_shared_out_and_warned():
    # classes 30 + 31 + 30 = 91, stage 93: 30·93/91 = 30.66 and 31·93/91 = 31.68; whole 30, 31, 30, the 2 left to .68 and .66
    history = history_of([facts(2025, 30, 31, 30, total=93)])

    assert history.pupils[0, 0, :3].tolist() == [31, 32, 30]
    (finding,) = history.findings
    assert (finding.level, finding.code) == (Level.WARNING, "forecast-classes-uneven")
    assert "91人" in finding.message
    assert "93人" in finding.message


def test_history_when_classes_are_not_complete_then_only_the_total_is_known():
    history = history_of([facts(2024, 30, None, total=60), facts(2025, total=58)])

    assert not history.has_grades.any()
    assert history.totals[:, 0].tolist() == [60, 58]
    assert [finding.code for finding in history.findings] == ["forecast-grades-unknown"] * 2


def test_history_when_a_grade_is_out_of_range_then_the_grades_are_not_used():
    odd = facts_of(year=2025, schools=[school(A)], stages=[stage(A, student_count=9)], classes=classes(A, 9, grade=12))

    assert not history_of([odd]).has_grades.any()


def test_history_when_a_stage_has_no_number_then_it_is_missing_not_zero():
    known = stage(B, "junior", student_count=0)
    made = facts_of(year=2025, schools=[school(A), {**school(B), "school_name": None}], stages=[stage(A), known])
    history = history_of([made])

    assert history.rows == ((B, JUNIOR),)
    assert history.has_total.all()
    assert history.name(B) == B
    (finding,) = history.findings
    assert (finding.level, finding.code) == (Level.WARNING, "forecast-students-missing")


@pytest.mark.parametrize("count", [-1, 2**24 + 1, 10**18])
def test_history_when_a_number_cannot_be_then_it_is_missing(count):
    made = facts_of(year=2025, schools=[school(A)], stages=[stage(A, student_count=count), stage(B, student_count=5)])
    many = facts_of(year=2025, schools=[school(A)], stages=[stage(A, student_count=5)], classes=classes(A, count))

    assert history_of([made]).rows == ((B, PRIMARY),)
    assert not history_of([many]).has_grades.any()


def test_history_when_two_facts_are_of_one_year_or_of_two_counties_then_refused():
    with pytest.raises(InputError, match="两份 2025"):
        history_of([facts(2025, 30), facts(2025, 30)])
    with pytest.raises(InputError, match="不同的县"):
        history_of([facts(2024, 30), facts(2025, 30, county="990102")])


def test_history_when_nothing_is_given_then_refused():
    with pytest.raises(InputError, match="没有任何一年"):
        history_from_counts({})


def test_history_when_a_year_is_left_out_then_it_is_there_and_missing():
    history = history_from_counts({(A, PRIMARY): {2022: 10, 2024: 12}})

    assert history.years == (2022, 2023, 2024)
    assert history.has_total[:, 0].tolist() == [True, False, True]
    assert history.until(2023).years == (2022, 2023)


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"years": (2022, 2024)}, "逐年相连"),
        ({"years": ()}, "没有年度"),
        ({"rows": ((B, PRIMARY), (A, PRIMARY))}, "按学校标识码排列"),
        ({"totals": np.zeros((2, 3), np.int64)}, "数组大小"),
        ({"totals": np.full((2, 2), -1)}, "负的学生数"),
    ],
)
def test_history_when_its_parts_do_not_fit_then_refused(changed, message):
    parts = {
        "years": (2022, 2023),
        "rows": ((A, PRIMARY), (B, PRIMARY)),
        "totals": np.zeros((2, 2), np.int64),
        "has_total": np.ones((2, 2), bool),
        "pupils": np.zeros((2, 2, 9), np.int64),
        "has_grades": np.ones((2, 2), bool),
    }
    with pytest.raises(InputError, match=message):
        History(**{**parts, **changed})
