"""The roster is plausible, and one year of pupils explains the next."""

from collections import Counter

import pytest

from junheng.demo.enrolment import DATA_YEAR, simulate
from junheng.demo.roster import build_roster

SEED = 20260101


@pytest.fixture(scope="module")
def sites():
    return build_roster(SEED)


@pytest.fixture(scope="module")
def enrolment(sites):
    return simulate(SEED, sites)


def test_roster_when_built_then_it_has_schools_of_every_kind(sites):
    assert Counter(site.school_type for site in sites) == {
        "primary_school": 58,
        "teaching_point": 30,
        "junior_school": 16,
        "nine_year_school": 10,
        "full_secondary_school": 2,
        "twelve_year_school": 2,
        "special_school": 1,
        "vocational_attached_class": 1,
    }
    assert sum(site.is_private for site in sites) == 5


def test_roster_when_built_then_ids_are_ten_digits_and_names_are_unique(sites):
    assert all(site.school_id.isdigit() and len(site.school_id) == 10 for site in sites)
    assert len({site.school_id for site in sites}) == len({site.school_name for site in sites}) == len(sites)


def test_teaching_points_when_placed_then_they_feed_a_school_of_their_township(sites):
    by_id = {site.school_id: site for site in sites}
    points = [site for site in sites if site.school_type == "teaching_point"]

    assert all(by_id[point.feeds].township == point.township for point in points)
    assert all(by_id[point.feeds].primary for point in points)


def test_teaching_points_when_grown_to_the_data_year_then_some_are_above_and_some_below_fifty(sites, enrolment):
    sizes = [enrolment.size(DATA_YEAR, s.school_id, "primary") for s in sites if s.school_type == "teaching_point"]

    assert sum(size >= 50 for size in sizes) >= 10
    assert sum(size < 50 for size in sizes) >= 10


def test_areas_when_years_pass_then_the_seat_grows_and_villages_shrink(sites, enrolment):
    def pupils(area, year):
        return sum(enrolment.size(year, site.school_id, "primary") for site in sites if site.area_type == area)

    assert pupils("urban", DATA_YEAR) > 1.02 * pupils("urban", 2022)
    assert pupils("rural", DATA_YEAR) < 0.90 * pupils("rural", 2022)


def test_cohorts_when_they_leave_then_the_account_of_their_pupils_balances(sites, enrolment):
    for site in sites:
        cohort = enrolment.leavers(DATA_YEAR, site.school_id)
        if cohort is None or not site.is_simulated:
            continue
        entered = enrolment.grades(DATA_YEAR - 3, site.school_id, "junior")[7]
        dropped = entered + cohort.transferred_in - cohort.transferred_out - cohort.deaths - cohort.count

        assert cohort.entrants == entered
        assert 0 <= dropped <= 0.03 * entered + 3


def test_junior_entrants_when_summed_then_they_are_last_years_leavers_of_grade_six(sites, enrolment):
    simulated = [site.school_id for site in sites if site.is_simulated]
    leavers = sum(enrolment.grades(2024, school, "primary").get(6, 0) for school in simulated)
    entrants = sum(enrolment.grades(2025, school, "junior").get(7, 0) for school in simulated)

    # one in a hundred goes on outside the county
    assert entrants == int(leavers * 0.99 + 0.5)
