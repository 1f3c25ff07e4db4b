from datetime import date
from decimal import Decimal

import pytest

from junheng.core.fields import Field, FieldType
from junheng.reports.typed_values import is_exact_as_float, typed_text, typed_value


def entry(kind, **rest):
    return Field(id="x", table="t", label="某项", type=kind, **rest)


@pytest.mark.parametrize(
    ("field", "canonical", "value", "text"),
    [
        (entry(FieldType.INTEGER), None, None, ""),
        (entry(FieldType.INTEGER), 0, 0, "0"),
        (entry(FieldType.DECIMAL, scale=1_000_000), 33_200_000, Decimal("33.2"), "33.2"),
        (entry(FieldType.DECIMAL, scale=1_000_000), 1, Decimal("0.000001"), "0.000001"),
        (entry(FieldType.DECIMAL, scale=100), 1_200, 12, "12"),
        (entry(FieldType.RATIO, scale=10_000), 9_512, Decimal("0.9512"), "95.12%"),
        (entry(FieldType.RATIO, scale=10_000), 10_000, 1, "100%"),
        (entry(FieldType.BOOLEAN), False, "否", "否"),
        (entry(FieldType.CHOICE, choices={"town": "镇区"}), "town", "镇区", "镇区"),
        (entry(FieldType.CHOICE_INTEGER, choices={"3": "Ⅲ级"}), 3, "Ⅲ级", "Ⅲ级"),
        (entry(FieldType.DATE), "2024-09-01", date(2024, 9, 1), "2024-09-01"),
        (entry(FieldType.DATE), "九月", "九月", "九月"),
        (entry(FieldType.TEXT), "=甲", "=甲", "=甲"),
    ],
)
def test_typed_value_when_canonical_then_unit_and_words_that_people_type(field, canonical, value, text):
    assert typed_value(field, canonical) == value
    assert typed_text(field, canonical) == text


def test_is_exact_as_float_when_sixteen_digits_then_not():
    assert is_exact_as_float(Decimal("123456789.012345"))  # 15 digits
    assert not is_exact_as_float(Decimal("1234567890.123456"))  # 16 digits
