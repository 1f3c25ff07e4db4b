"""The field dictionary's types: what cannot be built, headers, and typed numbers made exact."""

from decimal import Decimal
from fractions import Fraction

import pytest

from junheng.core.errors import StandardError
from junheng.core.fields import Field, FieldDictionary, FieldType, Table

MONEY = Field("equipment_value", "schools", "设备值", FieldType.DECIMAL, unit="万元", scale=1_000_000)
SHARE = Field("share", "schools", "比例", FieldType.RATIO, scale=10_000)
NAME = Field("school_id", "schools", "学校代码", FieldType.TEXT)


def table(*fields, key=("school_id",)):
    return Table("schools", "学校", "school", key, {entry.id: entry for entry in fields})


def test_header_when_a_field_has_a_unit_then_it_stands_in_brackets():
    assert MONEY.header == "设备值（万元）"
    assert NAME.header == "学校代码"


@pytest.mark.parametrize(
    ("typed", "canonical"), [("1.5", 1_500_000), (2, 2_000_000), (Decimal("0.000001"), 1), ("-1", -1_000_000), ("0", 0)]
)
def test_canonical_when_a_number_is_typed_then_it_is_a_whole_count_of_the_smallest_unit(typed, canonical):
    assert MONEY.canonical(typed) == canonical
    assert type(MONEY.canonical(typed)) is int


def test_canonical_when_a_number_is_finer_than_the_smallest_unit_then_it_is_refused_with_the_label():
    with pytest.raises(ValueError, match=r"设备值:0\.0000001 "):
        MONEY.canonical("0.0000001")


def test_typed_when_a_whole_count_is_given_back_then_it_is_exact():
    assert MONEY.typed(1) == Fraction(1, 1_000_000)
    assert SHARE.typed(9_500) == Fraction(95, 100)
    assert SHARE.canonical("0.95") == 9_500


def test_dictionary_when_a_key_has_no_field_then_it_cannot_be_built():
    with pytest.raises(StandardError, match=r"表 schools 的主键 \['stage'\]"):
        FieldDictionary({"schools": table(NAME, key=("school_id", "stage"))}, "1")


def test_dictionary_when_two_fields_have_one_header_then_it_cannot_be_built():
    with pytest.raises(StandardError, match="表 schools 有重复的字段名称"):
        FieldDictionary({"schools": table(NAME, Field("other", "schools", "学校代码", FieldType.TEXT))}, "1")


def test_dictionary_when_labels_differ_only_in_unit_then_it_is_built():
    other = Field("equipment_count", "schools", "设备值", FieldType.INTEGER, unit="台")

    assert FieldDictionary({"schools": table(NAME, MONEY, other)}, "1").version == "1"


def test_field_when_it_is_known_then_it_is_given_and_else_refused_by_table_and_id():
    dictionary = FieldDictionary({"schools": table(NAME, MONEY)}, "1")

    assert dictionary.field("schools", "equipment_value") is MONEY
    assert dictionary.ids == {"schools.school_id", "schools.equipment_value"}
    for place, name in (("schools", "nothing"), ("nowhere", "school_id")):
        with pytest.raises(StandardError, match=rf"{place}\.{name}"):
            dictionary.field(place, name)
