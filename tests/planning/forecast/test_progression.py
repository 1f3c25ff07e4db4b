"""Moving up: each school's ratios, shrunk to the county's."""

import numpy as np
import pytest

from junheng.planning.forecast import history_from_counts
from junheng.planning.forecast.progression import county_steps, moves_of, progression_of
from tests.planning.forecast.enrolments import JUNIOR, PRIMARY, A, B, C, graded

YEARS = range(2021, 2026)


def progression(grades):
    history = history_from_counts({}, grades)
    return progression_of(history, moves_of(history, 1.0))


def test_ratio_when_all_schools_are_alike_then_it_is_the_county_mean():
    # (90 + 45) ÷ (100 + 50) = 0.9
    found = progression(
        {(A, PRIMARY): dict.fromkeys(YEARS, graded(100, 90)), (B, PRIMARY): dict.fromkeys(YEARS, graded(50, 45))}
    )

    assert found.ratio[:, 0].tolist() == pytest.approx([0.9, 0.9])
    assert found.doubt[:, 0].tolist() == [0.0, 0.0]
    assert not found.enters.any()


def test_ratio_when_schools_differ_and_years_do_not_then_each_keeps_its_own():
    found = progression(
        {(A, PRIMARY): dict.fromkeys(YEARS, graded(100, 120)), (B, PRIMARY): dict.fromkeys(YEARS, graded(100, 80))}
    )

    assert found.ratio[:, 0].tolist() == pytest.approx([1.2, 0.8])


def test_ratio_when_years_scatter_as_much_as_schools_then_it_is_drawn_to_the_mean():
    def wobbling(sign):
        return {year: graded(100, 100 + sign * (30 if year % 2 else -20)) for year in YEARS}

    found = progression(
        {(A, PRIMARY): wobbling(1), (B, PRIMARY): wobbling(-1), (C, PRIMARY): dict.fromkeys(YEARS, graded(100, 101))}
    )

    assert abs(found.ratio[0, 0] - found.ratio[1, 0]) < 0.02
    assert found.law.fixed + found.law.per_pupil / 100 > 0.01


def test_ratio_when_the_upper_grade_never_is_then_zero_and_the_mean_is_not_moved():
    point = dict.fromkeys(YEARS, graded(10, 10))  # a teaching point of two grades
    found = progression({(A, PRIMARY): dict.fromkeys(YEARS, graded(100, 90, 81)), (B, PRIMARY): point})

    assert found.ratio[1].tolist() == pytest.approx([0.9, 0, 0, 0, 0, 0, 0, 0], abs=0.11)
    assert found.ratio[1, 1] == 0.0
    assert found.ratio[0, 1] == pytest.approx(0.9)


def test_ratio_when_a_school_has_no_lower_grade_then_the_grade_is_entered():
    found = progression(
        {
            (A, JUNIOR): dict.fromkeys(YEARS, graded(50, 49, first=7)),
            (B, PRIMARY): dict.fromkeys(YEARS, graded(9, first=4)),
        }
    )

    assert np.argwhere(found.enters).tolist() == [[0, 6], [1, 3]]


def test_ratio_when_a_school_is_new_then_the_county_mean():
    found = progression({(A, PRIMARY): dict.fromkeys(YEARS, graded(100, 90)), (B, PRIMARY): {2025: graded(30)}})

    assert found.ratio[1, 0] == pytest.approx(0.9)


def test_steps_when_nobody_was_seen_then_not_told():
    history = history_from_counts({(A, PRIMARY): {2024: 10, 2025: 11}})
    steps = county_steps(moves_of(history, 1.0), np.array([True]))

    assert np.isnan(steps).all()


def test_law_when_there_are_two_years_then_schools_are_held_against_the_county():
    # ratios 1.1 and 0.9 about a mean of 1.0 over 10 steps: squared errors near 0.01
    grades = {
        (f"{number}", PRIMARY): dict.fromkeys((2024, 2025), graded(100, 110 if number % 2 else 90))
        for number in range(10)
    }

    law = progression(grades).law

    assert law.errors == 10
    assert law.variance(np.array([100.0]))[0] == pytest.approx(0.01, rel=0.1)


def test_moves_when_no_year_is_kept_then_empty():
    history = history_from_counts({}, {(A, PRIMARY): dict.fromkeys(YEARS, graded(1, 1))})

    assert moves_of(history, 0.5).until(0).weights.tolist() == []
    assert moves_of(history, 0.5).until(2).weights.tolist() == [0.5, 1.0]
