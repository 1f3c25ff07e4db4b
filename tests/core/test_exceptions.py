from datetime import date
from fractions import Fraction

import pytest

from junheng.core.errors import StandardError
from junheng.core.exceptions import (
    EFFECT_PARAMETERS,
    ROOM_EFFECTS,
    SIZE_EFFECTS,
    SchoolTraits,
    active_exceptions,
    larger_size_for_old_or_migrant_schools,
    refused_exceptions,
    smaller_rooms_for_old_schools,
    smaller_rooms_for_small_rural_schools,
)
from junheng.core.formula_catalogue import CATALOGUE, FormulaKind
from tests.core.builders import DAY, exception_of, item_of, standard_of

OLD = {"built_until": Fraction(2016), "music_area": Fraction(73), "fine_art_area": Fraction(67)}
RURAL = {"largest_class_below": Fraction(30), "primary_area": Fraction(54), "junior_area": Fraction(61)}
SIZE = {
    "built_until": Fraction(2010),
    "migrant_share": Fraction(1, 2),
    "single_stage_limit": Fraction(2400),
    "nine_year_limit": Fraction(3000),
}


def traits(**fields):
    plain = {
        "school_type": "primary_school",
        "area_type": "rural",
        "built_year": 2016,
        "largest_class": 29,
        "has_junior_stage": False,
        "is_integrated": False,
        "student_count": 1000,
        "migrant_student_count": 0,
    }
    return SchoolTraits(**{**plain, **fields})


@pytest.mark.parametrize(("built", "applies"), [(2015, True), (2016, True), (2017, False), (None, None)])
def test_old_rooms_when_year_is_before_at_after_or_missing_then_it_applies_or_not(built, applies):
    relief = smaller_rooms_for_old_schools(OLD, traits(built_year=built))
    assert relief.applies is applies
    assert (relief.music_area, relief.fine_art_area) == (Fraction(73), Fraction(67))


@pytest.mark.parametrize(
    ("area_type", "largest", "applies"),
    [
        ("rural", 29, True),
        ("rural", 30, False),  # "below 30" is strict
        ("rural", None, None),
        ("town", 29, False),
        ("town", None, False),  # a town school is out whatever its classes
        (None, 29, None),
        (None, 30, False),
    ],
)
def test_small_rural_rooms_when_area_or_class_varies_then_it_applies_or_not(area_type, largest, applies):
    relief = smaller_rooms_for_small_rural_schools(RURAL, traits(area_type=area_type, largest_class=largest))
    assert relief.applies is applies


def test_small_rural_rooms_when_junior_grades_are_taught_then_junior_area_holds():
    assert smaller_rooms_for_small_rural_schools(RURAL, traits()).music_area == 54
    assert smaller_rooms_for_small_rural_schools(RURAL, traits(has_junior_stage=True)).fine_art_area == 61


@pytest.mark.parametrize(
    ("built", "migrants", "students", "applies"),
    [
        (2010, 0, 1000, True),
        (2011, 500, 1000, False),  # exactly half is not more than half
        (2011, 501, 1000, True),
        (2011, None, 1000, None),
        (2011, 501, None, None),
        (None, 0, 1000, None),
        (None, 501, 1000, True),
        (2010, None, None, True),
    ],
)
def test_larger_size_when_old_or_full_of_migrants_then_it_applies_or_not(built, migrants, students, applies):
    school = traits(built_year=built, migrant_student_count=migrants, student_count=students)
    relief = larger_size_for_old_or_migrant_schools(SIZE, school)
    assert (relief.applies, relief.limit) == (applies, Fraction(2400))


@pytest.mark.parametrize(("kind", "applies"), [("nine_year_school", True), ("twelve_year_school", False)])
def test_larger_size_when_integrated_then_only_nine_year_schools_are_named(kind, applies):
    relief = larger_size_for_old_or_migrant_schools(SIZE, traits(built_year=2010, is_integrated=True, school_type=kind))
    assert (relief.applies, relief.limit) == (applies, Fraction(3000))


def test_effects_when_compared_with_the_catalogue_then_names_and_numbers_agree():
    effects = CATALOGUE[FormulaKind.EFFECT]
    assert set(EFFECT_PARAMETERS) == set(ROOM_EFFECTS) | set(SIZE_EFFECTS)
    assert all(set(effects[name].params) == set(params) for name, params in EFFECT_PARAMETERS.items())


OLD_ROOMS = {"built_until": 2016, "music_area": 73, "fine_art_area": 67}


def test_active_exceptions_when_enabled_and_in_force_then_numbers_are_read():
    standard = standard_of(
        item_of(needs_judgement=True),
        exceptions=[
            exception_of("smaller_rooms_for_old_schools", OLD_ROOMS),
            exception_of("smaller_rooms_for_old_schools", OLD_ROOMS, id="other"),
        ],
    )
    (active,) = active_exceptions(standard, DAY, frozenset({"other"}))
    assert (active.id, active.values["music_area"], active.applies_to) == ("other", Fraction(73), ("item",))
    assert active_exceptions(standard, DAY, frozenset()) == ()


@pytest.mark.parametrize(("day", "is_active"), [(date(2022, 12, 31), True), (date(2023, 1, 1), False)])
def test_active_exceptions_when_the_term_ends_then_refused_with_a_reason(day, is_active):
    until = date(2022, 12, 31)
    old = exception_of("smaller_rooms_for_old_schools", OLD_ROOMS, until=until, applies_to=("item", "second"))
    standard = standard_of(
        item_of(needs_judgement=True), item_of(item_id="second", needs_judgement=True), exceptions=[old]
    )
    enabled = frozenset({old.id})
    assert bool(active_exceptions(standard, day, enabled)) is is_active
    refused = refused_exceptions(standard, day, enabled)
    assert set(refused) == (set() if is_active else {"item", "second"})
    if not is_active:
        assert refused["item"][0].code == "exception-not-in-force"
        assert "至 2022-12-31 有效" in refused["item"][0].text


def test_refused_exceptions_when_several_hit_one_item_then_all_are_told():
    later = date(2030, 1, 1)
    entries = [
        exception_of("smaller_rooms_for_old_schools", OLD_ROOMS, id=name, since=later) for name in ("a", "b", "c")
    ]
    standard = standard_of(item_of(needs_judgement=True), exceptions=entries)
    refused = refused_exceptions(standard, DAY, frozenset({"a", "b"}))
    assert [reason.code for reason in refused["item"]] == ["exception-not-in-force"] * 2
    assert "自 2030-01-01 起有效" in refused["item"][0].text


def test_active_exceptions_when_id_is_unknown_then_standard_error():
    with pytest.raises(StandardError, match="没有例外 nothing"):
        active_exceptions(standard_of(item_of(needs_judgement=True)), DAY, frozenset({"nothing"}))


def test_active_exceptions_when_a_number_is_missing_then_standard_error():
    entry = exception_of("smaller_rooms_for_old_schools", {"built_until": 2016, "music_area": 73})
    with pytest.raises(StandardError, match="fine_art_area"):
        active_exceptions(standard_of(item_of(needs_judgement=True), exceptions=[entry]), DAY, frozenset({entry.id}))


def test_active_exceptions_when_the_effect_is_for_resources_then_its_numbers_are_passed_on():
    entry = exception_of("count_visiting_teachers", {"student_minimum": 50})
    (active,) = active_exceptions(
        standard_of(item_of(needs_judgement=True), exceptions=[entry]), DAY, frozenset({entry.id})
    )
    assert active.values == {"student_minimum": 50}
