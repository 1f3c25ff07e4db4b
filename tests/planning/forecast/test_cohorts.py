"""Planned changes and housing, on schools whose future is plain arithmetic: 64 enter, half of each grade moves on."""

import pytest

from junheng.planning.forecast import (
    Closure,
    HousingProject,
    Opening,
    Options,
    Shift,
    Transfer,
    forecast,
    history_from_counts,
)
from tests.planning.forecast.enrolments import HALVING, JUNIOR, PRIMARY, graded, regular


def future(*changes, to_year=2027, history=None, **schools):
    history = history or regular(**(schools or {"s1": HALVING, "s2": HALVING}))
    found = forecast(history, Options(to_year=to_year, simulations=2, changes=changes))
    assert [entry.code for entry in found.findings if entry.code == "forecast-change-unusable"] == []
    return {
        (school_id, stage, year): [int(count) for count in found.grades[row, place] if count]
        for row, (school_id, stage) in enumerate(found.rows)
        for place, year in enumerate(found.years)
    }


def test_cohorts_when_nothing_changes_then_every_year_is_like_the_last():
    found = future(to_year=2035)

    assert set(map(tuple, found.values())) == {HALVING}


def test_closure_when_a_school_merges_then_its_pupils_and_later_entrants_are_the_receivers():
    found = future(Closure("s1", PRIMARY, 2026, {"s2": 1.0}))

    assert found["s1", PRIMARY, 2026] == found["s1", PRIMARY, 2027] == []
    assert found["s2", PRIMARY, 2026] == found["s2", PRIMARY, 2027] == [128, 64, 32, 16, 8, 4]


def test_closure_when_a_part_leaves_the_county_then_only_the_shares_arrive():
    found = future(Closure("s1", PRIMARY, 2026, {"s2": 0.5}))

    assert found["s2", PRIMARY, 2026] == [96, 48, 24, 12, 6, 3]


def test_shift_when_entrants_move_then_cohort_by_cohort():
    found = future(Shift("s1", "s2", PRIMARY, 2026, 0.25))

    assert found["s1", PRIMARY, 2026] == [48, 32, 16, 8, 4, 2]
    assert found["s1", PRIMARY, 2027] == [48, 24, 16, 8, 4, 2]
    assert found["s2", PRIMARY, 2027] == [80, 40, 16, 8, 4, 2]


def test_opening_when_it_takes_half_of_all_grades_then_a_school_of_its_own():
    opened = (Opening("s5", "新校", PRIMARY, 2026), Shift("s1", "s5", PRIMARY, 2026, 0.5, moves_all_grades=True))
    found = future(*opened)

    assert found["s5", PRIMARY, 2026] == found["s5", PRIMARY, 2027] == [32, 16, 8, 4, 2, 1]
    assert found["s1", PRIMARY, 2027] == [32, 16, 8, 4, 2, 1]
    assert found["s2", PRIMARY, 2027] == list(HALVING)


def test_transfer_when_pupils_change_school_once_then_in_proportion():
    # 126 pupils, 63 move: half of each grade. A year later the first grade is whole again at both.
    found = future(Transfer("s1", "s2", PRIMARY, 2026, 63))

    assert found["s1", PRIMARY, 2026] == [32, 16, 8, 4, 2, 1]
    assert found["s2", PRIMARY, 2026] == [96, 48, 24, 12, 6, 3]
    assert found["s1", PRIMARY, 2027][:3] == [64, 16, 8]


def test_transfer_when_from_outside_or_to_outside_then_the_county_gains_or_loses():
    assert future(Transfer(None, "s1", PRIMARY, 2026, 126))["s1", PRIMARY, 2026] == [128, 64, 32, 16, 8, 4]
    assert future(Transfer("s1", None, PRIMARY, 2026, 63))["s1", PRIMARY, 2026] == [32, 16, 8, 4, 2, 1]


def test_transfer_when_more_are_to_go_than_there_are_then_all_go():
    found = future(Transfer("s1", "s2", PRIMARY, 2026, 999))

    assert found["s1", PRIMARY, 2026] == []
    assert sum(found["s2", PRIMARY, 2026]) == 252


def test_transfer_when_nobody_is_there_then_nothing_happens():
    found = future(Opening("s5", "新校", PRIMARY, 2026), Transfer("s5", "s2", PRIMARY, 2026, 9))

    assert found["s2", PRIMARY, 2026] == list(HALVING)


def project(**fields):
    given = {
        "name": "东湖花园", "school_id": "s1", "stage": PRIMARY, "completed_in": 2026, "dwellings": 200,
        "pupils_per_dwelling": 0.3, "occupied": (0.5, 1.0),
    }  # fmt: skip
    return HousingProject(**{**given, **fields})


def test_housing_when_dwellings_fill_then_pupils_by_year_evenly_over_the_grades():
    # 200 · 0.3 = 60 pupils, 10 in each of six grades; half of them in 2026, all from 2027 on
    found = future(project(), to_year=2028)

    assert found["s1", PRIMARY, 2026] == [69, 37, 21, 13, 9, 7]
    assert found["s1", PRIMARY, 2027] == found["s1", PRIMARY, 2028] == [74, 42, 26, 18, 14, 12]


def test_housing_when_it_was_built_before_then_only_what_is_still_to_be_occupied():
    found = future(project(completed_in=2025))

    assert found["s1", PRIMARY, 2026] == [69, 37, 21, 13, 9, 7]


def test_housing_when_the_school_is_new_then_over_the_grades_of_the_stage():
    found = future(Opening("s5", "新校", PRIMARY, 2026), project(school_id="s5", occupied=(1.0,)))

    assert found["s5", PRIMARY, 2026] == [10] * 6


def test_housing_when_grades_are_unknown_then_the_total_alone():
    history = history_from_counts({("s1", PRIMARY): dict.fromkeys(range(2022, 2026), 300)})
    found = forecast(history, Options(to_year=2026, simulations=2, changes=(project(),)))

    assert found.point.tolist() == [[330]]  # 60 · 0.5
    assert not found.grades.any()


def test_change_when_grades_are_unknown_then_it_is_left_out_and_said():
    totals = {(name, PRIMARY): dict.fromkeys(range(2022, 2026), 300) for name in ("s1", "s2")}
    change = Closure("s1", PRIMARY, 2026, {"s2": 1.0})
    found = forecast(history_from_counts(totals), Options(to_year=2026, simulations=2, changes=(change,)))

    assert found.point.tolist() == [[300], [300]]
    assert any("不知道s1各年级的人数" in entry.message for entry in found.findings)


def test_leavers_when_primary_schools_end_then_junior_schools_share_them_as_before():
    # 40 leave grade 6 each year, 30 go to j1 and 10 to j2; next year 44 leave: 33 and 11
    years = range(2021, 2026)
    grades = {
        ("p", PRIMARY): {
            year: graded(44, 44, 44, 44, 40 + 4 * (year == 2024), 40 + 4 * (year == 2025)) for year in years
        }
    }
    grades |= {("j1", JUNIOR): dict.fromkeys(years, graded(30, 30, 30, first=7))}
    grades |= {("j2", JUNIOR): dict.fromkeys(years, graded(10, 10, 10, first=7))}
    found = future(to_year=2026, history=history_from_counts({}, grades))

    assert found["j1", JUNIOR, 2026] == [33, 30, 30]
    assert found["j2", JUNIOR, 2026] == [11, 10, 10]


def test_leavers_when_juniors_begin_in_grade_6_then_they_follow_grade_5():
    years = range(2021, 2026)
    grades = {("p", PRIMARY): dict.fromkeys(years, graded(50, 50, 50, 50, 50))}
    grades |= {("j", JUNIOR): dict.fromkeys(years, graded(45, 45, 45, 45, first=6))}
    found = future(to_year=2027, history=history_from_counts({}, grades))

    assert found["j", JUNIOR, 2027] == [45, 45, 45, 45]


@pytest.mark.parametrize("primary", [{}, {("p", PRIMARY): dict.fromkeys(range(2021, 2026), graded(50, 50, 50))}])
def test_leavers_when_no_primary_grade_leads_there_then_juniors_follow_their_own_trend(primary):
    juniors = {("j", JUNIOR): dict.fromkeys(range(2021, 2026), graded(45, 45, 45, first=7))}
    found = future(to_year=2026, history=history_from_counts({}, primary | juniors))

    assert found["j", JUNIOR, 2026] == [45, 45, 45]


def test_entry_when_a_school_begins_in_the_middle_then_it_is_entered_there_every_year():
    # the point hands its grade 2 to the central school, which has grades 3 and 4 alone
    years = range(2021, 2026)
    grades = {("p", PRIMARY): dict.fromkeys(years, graded(20, 20))}
    grades |= {("c", PRIMARY): dict.fromkeys(years, graded(18, 18, first=3))}
    found = future(to_year=2028, history=history_from_counts({}, grades))

    assert found["c", PRIMARY, 2028] == [18, 18]
    assert found["p", PRIMARY, 2028] == [20, 20]


def test_entry_when_a_grade_is_mostly_fed_from_elsewhere_then_it_follows_its_own_trend_and_not_a_ratio():
    # 3 pupils below, 40 above: a ratio of 13 would make 8 below into 107
    years = range(2021, 2026)
    by_year = {**dict.fromkeys(years, graded(3, 40, 40)), 2025: graded(8, 40, 40)}
    found = future(to_year=2026, history=history_from_counts({}, {("c", PRIMARY): by_year}))

    assert found["c", PRIMARY, 2026][1:] == [40, 40]
