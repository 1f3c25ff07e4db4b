"""What is missing, in natural units, and which schools move a coefficient."""

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from junheng.core.gaps import find_gaps
from junheng.core.stages import STAGES_OF_TYPE
from junheng.core.standard import Stage
from junheng.core.verdict import Outcome
from tests.core.resource_counties import (
    BASIC,
    BOOKS,
    PRIMARY_SCHOOL,
    county,
    integrated,
    junior,
    of_indicator,
    primary,
    resources,
    rules_of,
    verdict_of,
)

ONE, TWO, THREE = "9900000001", "9900000002", "9900000003"
ROOMS, BACKBONE = "multimedia_classrooms_per_100_students", "backbone_teachers_per_100_students"
AREA, EQUIPMENT = "sports_area_per_student", "equipment_value_per_student"
PE_AND_ART = "pe_and_art_teachers_per_100_students"
CANONICAL = {  # indicator → the fact that is raised by one canonical unit, per unit of the gap
    "teaching_floor_area_per_student": ("teaching_floor_area", 100),
    ROOMS: ("multimedia_classroom_count", 1),
    AREA: ("outdoor_sports_area", 100),
    EQUIPMENT: ("equipment_value", 100),
}
ENOUGH = {
    "teaching_floor_area": 10**9,
    "outdoor_sports_area": 10**9,
    "equipment_value": 10**11,
    "multimedia_classroom_count": 100,
}


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
    assert (school.leave, school.needed, school.cost) == ((), {}, None)


def full_secondary(**changes):
    """450 junior and 900 senior pupils, weighted 1 : 1.2: 5/17 of what the school has are the junior stage's."""
    school, rows = integrated(ONE, "full_secondary_school", {"junior": 450}, senior_student_count=900)
    return {**school, **ENOUGH, **changes}, rows


def nine_year(**changes):
    """1000 pupils in each stage, weighted 1 : 1.1: 10/21 of what the school has are the primary stage's."""
    school, rows = integrated(ONE, "nine_year_school", {"primary": 1000, "junior": 1000})
    return {**school, **ENOUGH, **changes}, [{**row, "bachelor_teacher_count": 90} for row in rows]


def test_gaps_when_resources_are_shared_then_the_school_has_to_add_more_than_the_stage():
    school, (first, second) = nine_year(multimedia_classroom_count=42)

    (found,) = gaps_of((school, [first | {"backbone_teacher_count": 0}, second])).schools

    rooms = next(gap for gap in found.gaps if gap.indicator_id == ROOMS)
    # the primary stage has 42 × 1000/2100 = 20 rooms and lacks 3; the school needs 3 × 2.1 = 6.3, so 7
    assert (found.stage, rooms.to_threshold, rooms.of_school) == (Stage.PRIMARY, 3, 7)
    # 0.85 × 23 = 19.55 rooms are there
    assert (rooms.to_floor, rooms.of_school_to_floor) == (0, 0)


def test_gaps_when_most_of_what_is_added_goes_to_the_senior_stage_then_needed_is_what_the_school_adds():
    (school,) = gaps_of(full_secondary(multimedia_classroom_count=22)).schools

    (rooms,) = school.gaps
    # 2.4 × 4.5 = 10.8 rooms, 22 × 5/17 = 6.47 are there: 4.33 are missing, 4.33 × 17/5 = 14.72 for the school;
    # 0.85 × 10.8 = 9.18: 2.71 and 9.21
    assert (rooms.to_threshold, rooms.to_floor) == (5, 3)
    assert (rooms.of_school, rooms.of_school_to_floor) == (15, 10)
    assert (school.leave, school.needed) == ((ROOMS,), {ROOMS: 10})


def test_needs_when_two_stages_lack_what_they_share_then_the_school_adds_the_larger_amount_once():
    found = gaps_of(nine_year(multimedia_classroom_count=21))

    # 10 of 23 rooms and 11 of 24: 13 × 2.1 = 27.3 and 13 × 2.1/1.1 = 24.8;
    # to the floor 9.55 × 2.1 = 20.06 and 9.4 × 2.1/1.1 = 17.95
    assert [(entry.stage, entry.needed) for entry in found.schools] == [
        (Stage.PRIMARY, {ROOMS: 21}),
        (Stage.JUNIOR, {ROOMS: 18}),
    ]
    (need,) = found.needs
    assert (need.school_id, need.school_name) == (ONE, f"学校{ONE}")
    assert (need.stages, need.needed, need.cost) == ((Stage.PRIMARY, Stage.JUNIOR), {ROOMS: 21}, None)
    assert found.totals[ROOMS] == 28
    assert found.stage_totals[ROOMS] == {Stage.PRIMARY: 28, Stage.JUNIOR: 25}
    also = [(entry.stage, gap.also_serves) for entry in found.schools for gap in entry.gaps]
    assert also == [(Stage.PRIMARY, (Stage.JUNIOR,)), (Stage.JUNIOR, (Stage.PRIMARY,))]


def test_needs_when_two_stages_lack_teachers_then_the_school_adds_those_of_both():
    school, rows = nine_year()
    found = gaps_of((school, [row | {"backbone_teacher_count": 6, "pe_teacher_count": 4} for row in rows]))

    # each stage: 4 of 10 backbone teachers are missing, 3 to 8.5, and 1 of 9 for PE and art
    assert [entry.needed for entry in found.needs] == [{BACKBONE: 6, PE_AND_ART: 2}]
    assert found.totals[BACKBONE] == 8
    assert found.stage_totals[BACKBONE] == {Stage.PRIMARY: 4, Stage.JUNIOR: 4}
    assert {gap.also_serves for entry in found.schools for gap in entry.gaps} == {()}


def test_needs_when_a_row_is_there_twice_then_each_of_them_is_a_school_of_its_own():
    school, rows = primary(ONE, backbone_teacher_count=0)

    found = gaps_of((school, rows * 3))

    assert [(entry.stages, entry.needed) for entry in found.needs] == [((Stage.PRIMARY,), {BACKBONE: 9})] * 3
    assert len(found.schools) == 3


def test_leave_when_the_school_adds_more_than_the_stage_then_it_is_chosen_by_what_the_school_saves():
    school, rows = full_secondary(multimedia_classroom_count=22)
    facts = (school, [row | {"backbone_teacher_count": 0} for row in rows])

    (found,) = gaps_of(facts, prices={ROOMS: Fraction(1), BACKBONE: Fraction(3)}).schools

    # rooms: 15, to the floor 10; backbone teachers: 5 for 4.5, to the floor 4 for 3.825. The school saves 5 × 1 or 1 × 3;
    # the stage alone would save 2 × 1 or 1 × 3
    assert (found.leave, found.needed, found.cost) == ((ROOMS,), {BACKBONE: 5, ROOMS: 10}, 5 * 3 + 10)


def test_cost_when_prices_are_given_and_nothing_has_to_be_added_then_it_is_nothing():
    found = gaps_of(primary(ONE, multimedia_classroom_count=None), prices={ROOMS: Fraction(1)})

    assert [entry.cost for entry in (*found.schools, *found.needs)] == [0, 0]


def test_leave_when_the_other_stage_needs_the_same_then_leaving_it_saves_only_the_difference():
    school, (first, second) = nine_year(multimedia_classroom_count=21)
    people = {"pe_teacher_count": 0, "music_teacher_count": 0, "fine_art_teacher_count": 0}
    facts = (school, [first | {"backbone_teacher_count": 0}, second | people])
    prices = {ROOMS: Fraction(1), BACKBONE: Fraction(6), PE_AND_ART: Fraction(20)}

    found = gaps_of(facts, prices=prices)

    # junior leaves one of 9 for PE and art (20) and needs 25 rooms. Primary needs 28 rooms, 21 to the floor: by itself it would
    # save 7 by them, but 25 are built anyway: 3, and 6 by a backbone teacher
    assert [entry.leave for entry in found.schools] == [(BACKBONE,), (PE_AND_ART,)]
    assert [entry.cost for entry in found.schools] == [9 * 6 + 28, 8 * 20 + 25]
    assert found.needs[0].needed == {BACKBONE: 9, PE_AND_ART: 8, ROOMS: 28}
    assert found.needs[0].cost == 9 * 6 + 8 * 20 + 28


def test_leave_when_the_school_pays_the_same_then_each_stage_is_made_cheap_by_itself():
    school, (first, second) = nine_year(equipment_value=21 * 10**7, outdoor_sports_area=0)
    people = {"pe_teacher_count": 0, "music_teacher_count": 0, "fine_art_teacher_count": 0}
    prices = {EQUIPMENT: Fraction(1), AREA: Fraction(1000), PE_AND_ART: Fraction(10**9)}

    found = gaps_of((school, [first, second | people]), prices=prices)

    # junior needs more equipment and area than primary, in full: primary saves the school nothing; by itself it would save 15 %
    # of 4.2 million 元 or of 15 750 ㎡ at 1000 元, which is more
    assert [entry.leave for entry in found.schools] == [(AREA,), (PE_AND_ART,)]


def test_leave_when_a_price_lacks_in_one_stage_then_both_leave_what_is_relatively_furthest():
    school, (first, second) = nine_year(multimedia_classroom_count=21)
    facts = (school, [first | {"backbone_teacher_count": 8}, second | {"pe_teacher_count": 0}])

    found = gaps_of(facts, prices={ROOMS: Fraction(1), BACKBONE: Fraction(1000)})

    # 13/23 of the rooms and 2/10 of the backbone teachers; 13/24 of the rooms and 5/9 of the others
    assert [(entry.leave, entry.cost) for entry in found.schools] == [((ROOMS,), 2021), ((PE_AND_ART,), None)]
    assert (found.needs[0].needed, found.needs[0].cost) == ({BACKBONE: 2, PE_AND_ART: 4, ROOMS: 25}, None)


pupil_counts = st.integers(50, 3000)
resource_counts = st.fixed_dictionaries(
    {
        "multimedia_classroom_count": st.integers(0, 60),
        "outdoor_sports_area": st.integers(0, 4_000_000),
        "teaching_floor_area": st.integers(50_000, 2_000_000),
        "equipment_value": st.integers(0, 10**9),
    }
)


@st.composite
def some_school(draw):
    """A school of any type; often short of several shared resources in one stage or in both, sometimes of teachers."""
    kind = draw(st.sampled_from(["primary_school", "full_secondary_school", "nine_year_school", "twelve_year_school"]))
    counts = {name: draw(pupil_counts) for name in STAGES_OF_TYPE[kind]}
    school, rows = integrated(
        ONE, kind, counts, **draw(resource_counts), senior_student_count=draw(st.integers(0, 3000))
    )
    people = {"bachelor_teacher_count": 200, "pe_teacher_count": 60}
    return school, [{**row, **people, "backbone_teacher_count": draw(st.sampled_from([0, 20, 60]))} for row in rows]


def renamed(facts, school_id, changes):
    """The same school by another name and with other resources."""
    school, rows = facts
    return {**school, "school_id": school_id, **changes}, [{**row, "school_id": school_id} for row in rows]


def more(facts, indicator, amount, less=0):
    """What the school has after adding an amount, or so many of the smallest units less."""
    field, scale = CANONICAL[indicator]
    canonical = amount * scale
    assert canonical.denominator == 1
    return {field: facts[0][field] + int(canonical) - less}


@settings(max_examples=8)
@given(schools=st.lists(some_school(), min_size=4, max_size=4))
def test_gaps_when_the_school_adds_exactly_what_is_missing_then_the_line_is_just_reached(schools):
    tried: list[Any] = []
    expected: dict[Any, Any] = {}  # for each gap a school where it is filled exactly, and one that lacks one unit of it
    for facts in schools:
        for stage, gap in [(entry.stage, gap) for entry in gaps_of(facts).schools for gap in entry.gaps]:
            for line, amount in (("outcome", gap.of_school), ("floor_outcome", gap.of_school_to_floor)):
                for less in (0, 1) if gap.indicator_id in CANONICAL and amount else ():
                    name = str(len(tried))
                    tried.append(renamed(facts, name, more(facts, gap.indicator_id, amount, less)))
                    expected[name, gap.indicator_id, stage, line] = Outcome.NOT_MET if less else Outcome.MET

    results = resources(county(*tried))

    found = {key: getattr(of_indicator(results, *key[:3]), key[3]) for key in expected}
    assert found == expected


@settings(max_examples=8)
@given(schools=st.lists(some_school(), min_size=4, max_size=4), dear=st.sampled_from([0, 1, 10**6]))
def test_needs_when_the_school_adds_exactly_them_then_all_its_stages_are_met_and_no_unit_can_be_spared(schools, dear):
    prices = {name: Fraction(dear if name == ROOMS else 1) for name in (*CANONICAL, BACKBONE)} if dear else None
    tried: list[Any] = []
    missed: list[Any] = []
    for facts in schools:
        found = gaps_of(facts, prices=prices)
        for need in found.needs:
            added = with_teachers(facts, found.schools)
            amounts = {name: amount for name, amount in need.needed.items() if name in CANONICAL}
            whole = {
                name: value for each, amount in amounts.items() for name, value in more(facts, each, amount).items()
            }
            tried.append(renamed(added, f"{len(tried)}", whole))
            for name, amount in amounts.items():
                tried.append(renamed(added, f"{len(tried)}", whole | more(facts, name, amount, less=1)))
                lines = [(entry.stage, name in entry.leave) for entry in found.schools]
                missed.append((str(len(tried) - 1), name, lines))

    results = resources(county(*tried))

    spared = {school_id for school_id, _, _ in missed}
    outcomes = {entry.outcome for entry in results.schools if entry.school_id not in spared}
    assert outcomes <= {Outcome.MET}
    for school_id, name, lines in missed:
        kept = [(of_indicator(results, school_id, name, stage), is_left) for stage, is_left in lines]
        assert Outcome.NOT_MET in {cell.floor_outcome if is_left else cell.outcome for cell, is_left in kept}


def with_teachers(facts, stages):
    """The school with the backbone teachers that its stages need."""
    school, rows = facts
    needed = {entry.stage: int(entry.needed.get(BACKBONE, 0)) for entry in stages}
    return school, [
        row | {"backbone_teacher_count": row["backbone_teacher_count"] + needed.get(row["stage"], 0)} for row in rows
    ]


def test_totals_when_schools_miss_then_each_stage_adds_its_own():
    found = gaps_of(
        primary(ONE, multimedia_classroom_count=18),
        primary(TWO, multimedia_classroom_count=19),
        junior(THREE, multimedia_classroom_count=20),
    )

    assert found.stage_totals[ROOMS] == {Stage.PRIMARY: 9, Stage.JUNIOR: 4}
    assert found.stage_totals[AREA] == {Stage.PRIMARY: 0, Stage.JUNIOR: 0}
    assert (found.totals[ROOMS], found.totals[AREA]) == (13, 0)


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
    assert found.totals["books_per_student"] == 0


def test_gaps_when_a_small_standard_is_used_then_its_one_coefficient_is_there():
    found = gaps_of(primary(ONE, book_count=PRIMARY_SCHOOL["book_count"]), primary(TWO), standard=BOOKS)

    assert [(entry.indicator_id, entry.limit) for entry in found.dispersion] == [("books_per_student", Fraction(1, 2))]
