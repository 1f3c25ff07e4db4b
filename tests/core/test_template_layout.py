"""What the writer and the reader of a collection workbook agree on: headers, example rows, and the dictionary's digest."""

from dataclasses import replace

import pytest

from junheng.core.fields import Check, Field, FieldDictionary, FieldType, Table
from junheng.core.template_layout import dictionary_digest, example_text, header_text

CODE = Field("school_id", "schools", "学校代码", FieldType.TEXT, required=True)
BOOKS = Field("book_count", "schools", "图书", FieldType.INTEGER, unit="册", scale=1)
KIND = Field("kind", "schools", "类别", FieldType.CHOICE, choices={"town": "镇区", "rural": "乡村"})


def dictionary(*fields, version="1", **changes):
    table = Table("schools", "学校", "school", ("school_id",), {entry.id: entry for entry in fields})
    return FieldDictionary({"schools": replace(table, **changes)}, version)


@pytest.mark.parametrize(
    ("entry", "header"),
    [
        (CODE, "学校代码*"),
        (BOOKS, "图书\n（册）"),
        (replace(BOOKS, required=True), "图书\n（册）*"),
        (KIND, "类别"),
    ],
)
def test_header_when_a_field_has_a_unit_or_must_be_filled_in_then_it_says_so(entry, header):
    assert header_text(entry) == header


@pytest.mark.parametrize(
    ("entry", "example"),
    [
        (replace(BOOKS, example="300"), "300"),
        (replace(KIND, example="rural"), "乡村"),
        (KIND, "镇区"),
        (BOOKS, "12"),
        (CODE, "示例"),
        (replace(BOOKS, type=FieldType.BOOLEAN), "是"),
        (replace(BOOKS, type=FieldType.DECIMAL), "34.5"),
        (replace(BOOKS, type=FieldType.RATIO), "95%"),
        (replace(BOOKS, type=FieldType.YEAR), "2020"),
        (replace(BOOKS, type=FieldType.DATE), "2020-09-01"),
    ],
)
def test_example_when_a_field_has_none_then_its_first_choice_or_its_type_gives_one(entry, example):
    assert example_text(entry) == example


@pytest.mark.parametrize(
    "changed",
    [
        dictionary(CODE, replace(BOOKS, label="藏书"), KIND),
        dictionary(CODE, replace(BOOKS, type=FieldType.DECIMAL), KIND),
        dictionary(CODE, replace(BOOKS, unit="万册"), KIND),
        dictionary(CODE, replace(BOOKS, scale=100), KIND),
        dictionary(CODE, replace(BOOKS, required=True), KIND),
        dictionary(CODE, replace(BOOKS, id="books"), KIND),
        dictionary(CODE, BOOKS, replace(KIND, choices={"town": "镇", "rural": "乡村"})),
        dictionary(CODE, KIND, BOOKS),
        dictionary(CODE, BOOKS),
        dictionary(CODE, BOOKS, KIND, label="学校表"),
        dictionary(CODE, BOOKS, KIND, id="school"),
        dictionary(CODE, BOOKS, KIND, key=("school_id", "kind")),
        dictionary(CODE, BOOKS, KIND, is_vertical=True),
    ],
)
def test_digest_when_a_typed_cell_would_be_understood_otherwise_then_it_changes(changed):
    assert dictionary_digest(changed) != dictionary_digest(dictionary(CODE, BOOKS, KIND))


def test_digest_when_only_helps_examples_and_checks_change_then_it_stays():
    check = Check("c", "range", "error", "过大", "核对")
    told_better = dictionary(
        CODE, replace(BOOKS, help="按册计", example="7", reporter="学校"), KIND, help="每校一行", checks=(check,)
    )

    assert dictionary_digest(told_better) == dictionary_digest(dictionary(CODE, BOOKS, KIND))
    assert len(dictionary_digest(told_better)) == 64
    int(dictionary_digest(told_better), 16)
