"""Facts of a county: typed frames, the cell a fact came from, and one county value."""

import narwhals as nw
import pytest

from junheng.core.facts import (
    SCOPE_KEYS,
    TableSource,
    column_type,
    facts_from_rows,
    frame_from_columns,
    in_key_order,
    table_frame,
)
from junheng.core.fields import FieldType
from junheng.core.findings import Location
from junheng.readers.dictionary import load_dictionary
from tests.core.builders import COUNTY, facts_of, school

DICTIONARY = load_dictionary()
SCHOOLS = DICTIONARY.tables["schools"]
ONE, TWO = "9900000001", "9900000002"
FIRST = TableSource("甲.xlsx", "学校", {(ONE,): 7}, {"book_count": "N"})
SECOND = TableSource("乙.xlsx", "学校", {(TWO,): 9}, {"book_count": "M"})


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        (FieldType.INTEGER, nw.Int64()),
        (FieldType.DECIMAL, nw.Int64()),
        (FieldType.RATIO, nw.Int64()),
        (FieldType.YEAR, nw.Int64()),
        (FieldType.CHOICE_INTEGER, nw.Int64()),
        (FieldType.BOOLEAN, nw.Boolean()),
        (FieldType.CHOICE, nw.String()),
        (FieldType.DATE, nw.String()),
        (FieldType.TEXT, nw.String()),
    ],
)
def test_column_when_a_field_has_a_type_then_numbers_are_whole_and_the_rest_text_or_boolean(kind, expected):
    assert column_type(kind) == expected


def test_frame_when_rows_name_few_fields_then_every_other_field_is_null_and_the_scope_is_told():
    frame = table_frame(SCHOOLS, [{"school_id": ONE, "book_count": 3}, {"school_id": TWO}], COUNTY, 2025)

    assert frame.columns == [*SCOPE_KEYS, *SCHOOLS.fields]
    assert frame["county_code"].to_list() == [COUNTY, COUNTY]
    assert frame["year"].to_list() == [2025, 2025]
    assert frame["book_count"].to_list() == [3, None]
    assert frame["computer_count"].to_list() == [None, None]
    assert frame.schema["year"] == nw.Int64()
    assert frame.schema["county_code"] == nw.String()
    assert frame.schema["is_boarding"] == nw.Boolean()


def test_frame_when_the_table_has_the_scope_as_fields_then_it_is_not_overwritten():
    county = DICTIONARY.tables["county"]

    frame = table_frame(county, [{"county_code": "110101", "year": 2024}], COUNTY, 2025)

    assert sorted(frame.columns) == sorted(county.fields)
    assert frame["county_code"].to_list() == ["110101"]
    assert frame["year"].to_list() == [2024]


def test_frame_when_there_are_no_rows_then_it_has_all_columns_and_types():
    frame = table_frame(SCHOOLS, [], COUNTY, 2025)

    assert len(frame) == 0
    assert frame.schema["book_count"] == nw.Int64()


def test_frame_when_it_is_made_of_columns_then_absent_ones_are_null_throughout():
    frame = frame_from_columns(SCHOOLS, {"school_id": [ONE, TWO]}, 2, COUNTY, 2025)

    assert frame["school_id"].to_list() == [ONE, TWO]
    assert frame["book_count"].to_list() == [None, None]
    assert frame["year"].to_list() == [2025, 2025]


def test_frame_when_a_row_names_an_unknown_field_then_the_table_and_the_field_are_told():
    with pytest.raises(KeyError, match=r"schools: \['no_such_field'\]"):
        table_frame(SCHOOLS, [{"school_id": ONE}, {"school_id": TWO, "no_such_field": 1}], COUNTY, 2025)


@pytest.mark.parametrize(
    ("field", "value"), [("book_count", 1.5), ("book_count", "3"), ("school_id", 9900000001), ("is_boarding", 1)]
)
def test_frame_when_a_value_is_of_another_type_then_it_is_refused_and_never_turned_into_one(field, value):
    few = [{"school_id": ONE}, {"school_id": TWO, field: value}]

    with pytest.raises(TypeError, match=f"schools.{field}: "):
        table_frame(SCHOOLS, few, COUNTY, 2025)


def test_frame_when_rows_are_many_then_as_of_few_and_a_value_of_another_type_is_refused():
    many = [
        {"school_id": f"{number:010}", "book_count": number, "is_boarding": number % 2 == 0} for number in range(300)
    ]

    frame = table_frame(SCHOOLS, many, COUNTY, 2025)

    few = table_frame(SCHOOLS, many[:100], COUNTY, 2025)
    assert frame.head(100).to_native().equals(few.to_native())
    assert (frame.schema, len(frame)) == (few.schema, 300)
    with pytest.raises(TypeError):
        table_frame(SCHOOLS, [*many, {"school_id": ONE, "book_count": 1.5}], COUNTY, 2025)


def test_facts_when_a_table_is_unknown_then_it_is_refused_by_name():
    with pytest.raises(KeyError, match="no_such_table"):
        facts_from_rows(DICTIONARY, county_code=COUNTY, county_name="示例县", year=2025, rows={"no_such_table": []})


def test_facts_when_a_table_is_not_named_then_it_is_there_and_empty():
    facts = facts_of(schools=[school(ONE)])

    assert set(facts.tables) == set(DICTIONARY.tables)
    assert len(facts.table("classes")) == 0
    assert facts.table("schools")["school_id"].to_list() == [ONE]
    assert (facts.county_code, facts.county_name, facts.year) == (COUNTY, "示例县", 2025)
    assert facts.sources == {}


def test_county_value_when_the_table_is_empty_or_the_value_missing_then_none_and_never_zero():
    field = next(name for name, entry in DICTIONARY.tables["county"].fields.items() if entry.type is FieldType.INTEGER)

    assert facts_of().county_value(field) is None
    assert facts_of(county={}).county_value(field) is None
    assert facts_of(county={field: 0}).county_value(field) == 0
    assert facts_of(county={field: 12}).county_value(field) == 12


def test_order_when_rows_were_read_in_another_order_then_every_table_is_sorted_by_its_key():
    facts = facts_of(schools=[school(TWO, book_count=2), school(ONE, book_count=1)])

    ordered = in_key_order(facts, DICTIONARY)

    assert ordered.table("schools")["school_id"].to_list() == [ONE, TWO]
    assert ordered.table("schools")["book_count"].to_list() == [1, 2]
    assert len(ordered.table("classes")) == 0
    assert ordered.county_code == facts.county_code


def test_location_when_a_later_file_holds_the_row_then_its_cell_is_told():
    facts = facts_of(sources={"schools": (FIRST, SECOND)})

    assert facts.locate("schools", (ONE,), "book_count") == Location("甲.xlsx", "学校", 7, "N", "book_count", "")
    found = facts.locate("schools", (TWO,), "book_count", "乙校")
    assert found == Location("乙.xlsx", "学校", 9, "M", "book_count", "乙校")


def test_location_when_no_file_holds_the_row_then_only_field_and_subject_are_told():
    facts = facts_of(sources={"schools": (FIRST, SECOND)})

    assert facts.locate("schools", ("9900000003",), "book_count", "丙校") == Location(
        field="book_count", subject="丙校"
    )
    assert facts.locate("classes", (ONE,), "student_count") == Location(field="student_count")


def test_location_when_the_sheet_has_no_such_column_then_the_row_is_told_without_one():
    found = FIRST.locate((ONE,), "computer_count")

    assert (found.row, found.column, found.cell) == (7, "", "")


def test_location_when_the_sheet_is_vertical_then_the_field_has_the_row_and_all_share_the_column():
    source = TableSource("甲.xlsx", "县级数据", {("total_pay",): 4}, {"": "C"}, is_vertical=True)

    assert source.locate((COUNTY, "2025"), "total_pay").cell == "C4"
    assert source.locate((COUNTY, "2025"), "other").row is None
