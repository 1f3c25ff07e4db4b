"""What is missing, in natural units, and which schools move a coefficient."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from junheng.core.gaps import find_gaps
from junheng.core.standard import Stage
from junheng.core.verdict import Outcome
from tests.core.resource_counties import (
    BASIC,
    BOOKS,
    PRIMARY_SCHOOL,
    county,
    integrated,
    narrowed,
    of_indicator,
    primary,
    resources,
    rules_of,
    verdict_of,
)

ONE, TWO, THREE = "9900000001", "9900000002", "9900000003"
ROOMS, BACKBONE = "multimedia_classrooms_per_100_students", "backbone_teachers_per_100_students"
AREA, EQUIPMENT = "sports_area_per_student", "equipment_value_per_student"
CANONICAL = {  # indicator → the fact that is raised by one canonical unit, per unit of the gap
    ROOMS: ("multimedia_classroom_count", 1),
    AREA: ("outdoor_sports_area", 100),
    EQUIPMENT: ("equipment_value", 100),
}
FILLED = narrowed("cn-2017-quality-balance", *CANONICAL)


def gaps_of(*schools, prices=None, standard=None):
    chosen = standard or "cn-2017-quality-balance"
    return find_gaps(verdict_of(county(*schools), chosen), rules_of(chosen), prices)


def test_gaps_when_a_school_is_met_then_it_has_none():
    assert gaps_of(primary(ONE)).schools == ()


def test_gaps_when_indicators_miss_then_amounts_are_whole_or_exact_in_natural_units():
    (school,) = gaps_of(primary(ONE, 1000, multimedia_classroom_count=18, outdoor_sports_area=599_999)).schools

    rooms, area = (next(gap for gap in school.gaps if gap.indicator_id == name) for name in (ROOMS, AREA))
    # 23 − 18 rooms; 0.85 × 23 = 19.55, so 2 rooms
    assert (rooms.to_threshold, rooms.to_floor, rooms.of_school, rooms.unit) == (5, 2, 5, "间")
    assert rooms.relative == Fraction(5, 23)
    # 7 500 ㎡ − (5 999.99 + 500); the floor 6 375 ㎡ is reached
    assert (area.to_threshold, area.to_floor) == (Fraction("1000.01"), 0)
    assert school.unknown == ()


def test_gaps_when_no_prices_are_given_then_the_relatively_largest_is_left_at_the_floor():
    (school,) = gaps_of(primary(ONE, multimedia_classroom_count=18, backbone_teacher_count=9)).schools

    # 5/23 of the rooms are missing, 1/10 of the teachers
    assert school.leave == (ROOMS,)
    assert school.needed == {ROOMS: 2, BACKBONE: 1}
    assert school.cost is None


@pytest.mark.parametrize(
    ("prices", "leave", "cost"),
    [
        ({ROOMS: 10, BACKBONE: 1}, (ROOMS,), 2 * 10 + 1),  # leaving the rooms saves 3 × 10
        ({ROOMS: 1, BACKBONE: 10}, (BACKBONE,), 5),  # 9 of 10 backbone teachers are above 85 %
        ({ROOMS: 10}, (ROOMS,), None),
    ],
)
def test_gaps_when_prices_are_given_then_the_dearest_saving_is_taken(prices, leave, cost):
    prices = {name: Fraction(price) for name, price in prices.items()}

    (school,) = gaps_of(primary(ONE, multimedia_classroom_count=18, backbone_teacher_count=9), prices=prices).schools

    assert (school.leave, school.cost) == (leave, cost)


def test_gaps_when_facts_are_missing_then_the_indicator_is_unknown_and_no_gap():
    (school,) = gaps_of(primary(ONE, multimedia_classroom_count=None)).schools

    assert (school.outcome, school.gaps, school.unknown) == (Outcome.CANNOT_TELL, (), (ROOMS,))


def test_gaps_when_resources_are_shared_then_the_school_has_to_add_more_than_the_stage():
    facts = integrated(ONE, "nine_year_school", {"primary": 1000, "junior": 1000}, multimedia_classroom_count=42)

    school = next(entry for entry in gaps_of(facts).schools if entry.stage is Stage.PRIMARY)

    rooms = next(gap for gap in school.gaps if gap.indicator_id == ROOMS)
    # the primary stage has 42 × 1000/2100 = 20 rooms and lacks 3; the school needs 3 × 2.1 = 6.3, so 7
    assert (rooms.to_threshold, rooms.of_school) == (3, 7)


@settings(max_examples=5)
@given(
    pupils=st.integers(50, 3000),
    rooms=st.integers(0, 20),
    area=st.integers(0, 400_000),
    equipment=st.integers(0, 10**7),
)
def test_gaps_when_exactly_the_missing_amount_is_added_then_the_threshold_is_just_reached(
    pupils, rooms, area, equipment
):
    before = {"multimedia_classroom_count": rooms, "outdoor_sports_area": area, "equipment_value": equipment}

    schools, expected = [], {}  # for each gap a school where it is filled exactly, and one that lacks one unit of it
    for gap in (gap for school in gaps_of(primary(ONE, pupils, **before)).schools for gap in school.gaps):
        if gap.indicator_id not in CANONICAL:
            continue
        field, scale = CANONICAL[gap.indicator_id]
        for less, outcome in ((0, Outcome.MET), (1, Outcome.NOT_MET)):
            after = before | {field: before[field] + int(gap.to_threshold * scale) - less}
            schools.append(primary(f"{field}{less}", pupils, **after))
            expected[f"{field}{less}", gap.indicator_id] = outcome

    results = resources(county(*schools), FILLED)

    assert {key: of_indicator(results, *key).outcome for key in expected} == expected


def test_totals_when_schools_miss_then_each_stage_adds_its_own():
    totals = gaps_of(primary(ONE, multimedia_classroom_count=18), primary(TWO, multimedia_classroom_count=19)).totals

    assert totals[ROOMS] == {Stage.PRIMARY: 9, Stage.JUNIOR: 0}
    assert totals[AREA] == {Stage.PRIMARY: 0, Stage.JUNIOR: 0}


def test_movers_when_a_coefficient_is_above_its_limit_then_the_school_that_raises_it_most_comes_first():
    rooms_of = ((ONE, 23), (TWO, 80), (THREE, 200), ("9900000004", 25))
    schools = [primary(name, multimedia_classroom_count=rooms) for name, rooms in rooms_of]

    found = {(entry.indicator_id, entry.stage): entry for entry in gaps_of(*schools).dispersion}
    gap = found[ROOMS, Stage.PRIMARY]

    assert gap.movers[0].school_id == THREE
    # the school of 80 rooms is the mean of all (82): without it the others lie further apart
    assert gap.movers[0].change < 0 < gap.movers[-1].change
    assert gap.movers[-1].school_id == TWO
    assert gap.movers[0].school_name == f"学校{THREE}"
    assert gap.excess == pytest.approx(gap.coefficient - 0.5)
    # equal schools: no excess, and nobody moves anything
    calm = found[AREA, Stage.PRIMARY]
    assert (calm.excess, {mover.change for mover in calm.movers}) == (None, {0.0})
    assert all(stage is Stage.PRIMARY for _, stage in found)


def test_movers_when_two_schools_are_there_then_leaving_one_out_says_nothing():
    gap = next(entry for entry in gaps_of(primary(ONE), primary(TWO)).dispersion if entry.indicator_id == ROOMS)

    assert gap.movers == ()


def test_gaps_when_the_standard_has_no_thresholds_then_only_unknown_schools_are_listed():
    found = gaps_of(primary(ONE), primary(TWO, book_count=None), standard=BASIC)

    assert [(entry.school_id, entry.unknown) for entry in found.schools] == [(TWO, ("books_per_student",))]
    assert found.totals["books_per_student"][Stage.PRIMARY] == 0


def test_gaps_when_a_small_standard_is_used_then_its_one_coefficient_is_there():
    found = gaps_of(primary(ONE, book_count=PRIMARY_SCHOOL["book_count"]), primary(TWO), standard=BOOKS)

    assert [(entry.indicator_id, entry.limit) for entry in found.dispersion] == [("books_per_student", Fraction(1, 2))]
