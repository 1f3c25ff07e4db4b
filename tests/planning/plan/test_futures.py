"""Facts of later years when nothing is done."""

from junheng.planning.plan.futures import (
    class_rows,
    classes_to_open,
    enter_pupils,
    facts_of_year,
    grades,
    plain_tables,
    same_pupils,
)
from junheng.readers.dictionary import load_dictionary
from tests.core.builders import facts_of, school, stage


def _class(grade, name, count, school_id="1", stage_name="primary"):
    return {"school_id": school_id, "stage": stage_name, "grade": grade, "class_name": name, "student_count": count}


def test_same_pupils_when_a_number_is_missing_then_that_stage_is_left_out():
    facts = facts_of(schools=[school("1"), school("2")], stages=[stage("1", student_count=9), stage("2")])
    assert same_pupils(facts, [2026, 2027]) == {2026: {("1", "primary"): 9}, 2027: {("1", "primary"): 9}}


def test_facts_of_year_when_a_county_row_is_there_then_its_year_changes():
    facts = facts_of(schools=[school("1")], county={"population": 5})
    later = facts_of_year(facts, plain_tables(facts, load_dictionary()), load_dictionary(), 2028)
    assert (later.year, later.county_value("year"), later.county_value("population")) == (2028, 2028, 5)
    assert later.table("schools")["year"].to_list() == [2028]


def test_enter_pupils_when_they_grow_then_catchment_classes_and_last_year_follow():
    facts = facts_of(
        schools=[school("1", previous_year_student_count=90), school("2")],
        stages=[
            stage("1", student_count=100, in_catchment_student_count=50, class_count=2),
            stage("2", student_count=0, in_catchment_student_count=0, class_count=3),
            stage("3", student_count=7),
        ],
        classes=[_class(1, "a", 50), _class(1, "b", 50)],
    )
    tables = plain_tables(facts, load_dictionary())
    enter_pupils(
        tables,
        {("1", "primary"): 120, ("2", "primary"): 4},
        {("1", "primary"): 100, ("1", "junior"): 11},
        {("1", "primary"): 1},
    )
    first, second, third = tables["stages"]
    assert (first["student_count"], first["in_catchment_student_count"], first["class_count"]) == (120, 60, 3)
    assert (second["student_count"], second["in_catchment_student_count"], second["class_count"]) == (4, 4, 3)
    assert third["student_count"] == 7
    assert [row["student_count"] for row in tables["classes"]] == [40, 40, 40]
    assert [row["previous_year_student_count"] for row in tables["schools"]] == [111, None]


def test_enter_pupils_when_nothing_is_known_of_last_year_then_the_number_stays():
    facts = facts_of(schools=[school("1", previous_year_student_count=90)])
    tables = plain_tables(facts, load_dictionary())
    enter_pupils(tables, {}, {}, {})
    assert tables["schools"][0]["previous_year_student_count"] == 90


def test_class_rows_when_classes_are_opened_then_the_fullest_grade_comes_first():
    rows = [_class(1, "1年级新1班", 40), _class(2, "b", 60)]
    made = class_rows(rows, 100, 1)
    assert [(row["grade"], row["student_count"]) for row in made] == [(1, 40), (2, 30), (2, 30)]
    assert len({row["class_name"] for row in made}) == 3
    again = class_rows(rows, 100, 3)  # 60 → 30, then grade 1: 40 → 20, then grade 2: 20 each
    assert [(row["grade"], row["student_count"]) for row in again] == [(1, 20), (1, 20), (2, 20), (2, 20), (2, 20)]
    assert [row["class_name"] for row in again][:2] == ["1年级新1班", "1年级新2班"]


def test_class_rows_when_there_are_fewer_pupils_than_classes_then_empty_classes_vanish():
    made = class_rows([_class(1, "a", 10), _class(1, "b", 10), _class(2, "c", 0)], 1, 0)
    assert [(row["grade"], row["student_count"]) for row in made] == [(1, 1)]


def test_grades_when_no_class_has_pupils_then_grades_share_alike():
    assert grades([_class(1, "a", None), _class(2, "b", 0)], 5) == ({1: 1, 2: 1}, {1: 3, 2: 2})


def test_classes_to_open_when_classes_are_too_large_then_each_grade_needs_its_own():
    tables = {
        "schools": [
            {"school_id": "1", "school_type": "nine_year_school"},
            {"school_id": "2", "school_type": "special_school"},
        ],
        "classes": [
            _class(1, "a", 46),
            _class(2, "b", 45),
            _class(7, "c", 101, stage_name="junior"),
            _class(1, "d", 99, "2"),
            _class(1, "e", 99, "3"),
        ],
    }
    pupils = {("1", "primary"): 91, ("1", "junior"): 101, ("2", "primary"): 99}
    # 46 pupils need 2 classes of 45, 101 need 3 of 50; special schools and schools without a number are left out
    assert classes_to_open(tables, pupils, {"primary": 45, "junior": 50}) == {("1", "primary"): 1, ("1", "junior"): 2}
    assert classes_to_open(tables, {("1", "primary"): 90}, {"primary": 45, "junior": 50}) == {}  # 45 and 45
