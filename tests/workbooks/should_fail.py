"""Workbooks with one fault each: name → (book, code of the finding, sheet, cell). The faulty cell counts as missing."""

import datetime as dt
from typing import Any, NamedTuple

from tests.workbooks.small_county import (
    SCHOOL_HEADERS,
    SCHOOL_ROW,
    Book,
    good_sheets,
    with_header,
    with_rows,
    with_school,
)

LETTERS = dict(zip(("school_id", "school_name", "area_type", "is_boarding", "built_year", "student_count", "floor_area",
                    "equipment_value", "hours_share", "checked_on", "level"), "ABCDEFGHIJK", strict=True))  # fmt: skip


class Failing(NamedTuple):
    """A workbook and the finding it must bring; `column` is the field of the school table that must be missing then."""

    book: Book
    code: str
    cell: str
    sheet: str = "学校"
    column: str = ""
    level: str = "error"


def _cell(column: str, value: Any, code: str) -> Failing:
    return Failing(Book(with_school(**{column: value})), code, f"{LETTERS[column]}2", column=column)


def _header(header: str, text: str, code: str, column: str, level: str = "error") -> Failing:
    return Failing(Book(with_header(header, text)), code, f"{LETTERS[column]}1", column=column, level=level)


def _formula(value: Any, code: str) -> Failing:
    book = Book(good_sheets(), formulas={"学校": {"F2": ("=B9/C9", value)}})
    return Failing(book, code, "F2", column="student_count")


def _date(cell: str, column: str, code: str) -> Failing:
    return Failing(Book(good_sheets(), dates={"学校": {cell: dt.date(2024, 3, 5)}}), code, cell, column=column)


def _duplicate_column() -> Failing:
    sheets = good_sheets()
    sheets["学校"][0].append("在校学生数（人）")
    sheets["学校"][1].append(999)
    return Failing(Book(sheets), "reader-column-duplicate", "L1")


def _missing_required_column() -> Failing:
    sheets = good_sheets()
    sheets["班级"] = [row[:3] for row in sheets["班级"]]
    return Failing(Book(sheets), "reader-required-column-missing", "", sheet="班级")


def _missing_key_column() -> Failing:
    sheets = good_sheets()
    sheets["班级"] = [row[1:] for row in sheets["班级"]]
    return Failing(Book(sheets), "reader-required-column-missing", "", sheet="班级")


def _missing_optional_column() -> Failing:
    sheets = good_sheets()
    sheets["学校"] = [row[:5] for row in sheets["学校"]]
    return Failing(Book(sheets), "reader-column-missing", "", column="student_count", level="warning")


def _missing_header() -> Failing:
    sheets = good_sheets()
    sheets["班级"] = sheets["班级"][1:]
    return Failing(Book(sheets), "reader-header-missing", "", sheet="班级")


def _unknown_sheet() -> Failing:
    sheets = good_sheets() | {"其他": [["食堂", "床位"], [1, 2]]}
    return Failing(Book(sheets), "reader-sheet-unknown", "", sheet="其他", level="warning")


def _merged_numbers() -> Failing:
    sheets = with_rows(["3699000002", "启智小学", *SCHOOL_ROW[2:]])
    return Failing(Book(sheets, {"学校": [("F2:F3", 166)]}), "reader-merged-cells", "F2", level="warning")


def _changed_example() -> Failing:
    sheets = good_sheets()
    sheets["学校"] = [["序号", *SCHOOL_HEADERS], ["示例", "3699000009", "真实小学"], [1, *SCHOOL_ROW]]
    return Failing(Book(sheets), "reader-example-changed", "", level="warning")


def _county(row: int, label: str, value: Any, code: str, cell: str, level: str = "error") -> Failing:
    sheets = good_sheets()
    sheets["县级数据"][row] = [label, value]
    return Failing(Book(sheets), code, cell, sheet="县级数据", level=level)


AREA, VALUE = "教学用房面积（含室内体育用房）（㎡）", "设备资产值（账面原值）（万元）"

CASES: dict[str, Failing] = {
    "word_in_number": _cell("student_count", "约166", "cell-not-a-number"),
    "unit_in_number": _cell("student_count", "166人", "cell-has-unit"),
    "half_a_pupil": _cell("student_count", 166.5, "cell-too-precise"),
    "area_too_fine": _cell("floor_area", "1234.567", "cell-too-precise"),
    "percent_in_count": _cell("student_count", "50%", "cell-percent-out-of-place"),
    "percent_without_sign": _cell("hours_share", 50, "cell-ratio-above-one"),
    "count_shown_as_date": _date("F2", "student_count", "cell-number-as-date"),
    "id_shown_as_date": _date("B2", "school_name", "cell-text-as-date"),
    "year_shown_as_date": _date("E2", "built_year", "cell-year-was-date"),
    "id_lost_digits": _cell("school_id", "3.699E+09", "cell-id-lost-digits"),
    "unknown_choice": _cell("area_type", "郊区", "cell-unknown-choice"),
    "not_yes_or_no": _cell("is_boarding", "部分", "cell-not-a-boolean"),
    "no_year": _cell("built_year", "八十年代", "cell-not-a-year"),
    "no_such_day": _cell("checked_on", "2024-02-30", "cell-not-a-date"),
    "formula_without_value": _formula("", "cell-formula-without-value"),
    "error_cell": _formula("#DIV/0!", "cell-error-cell"),
    "unit_mu_refused": _header(AREA, "教学用房面积（亩）", "reader-unit-refused", "floor_area"),
    "unit_of_another_kind": _header(AREA, "教学用房面积（元）", "reader-unit-refused", "floor_area"),
    "unit_unknown": _header(VALUE, "设备资产值（箱）", "reader-unit-unknown", "equipment_value", "warning"),
    "remark_contradicts": _header(
        AREA, "教学用房面积（不含室内体育用房）", "reader-unit-unknown", "floor_area", "warning"
    ),
    "duplicate_column": _duplicate_column(),
    "missing_required_column": _missing_required_column(),
    "missing_key_column": _missing_key_column(),
    "missing_optional_column": _missing_optional_column(),
    "missing_header": _missing_header(),
    "unknown_sheet": _unknown_sheet(),
    "row_without_id": Failing(Book(with_rows([None, "无名小学", "乡村"])), "reader-key-missing", "A3"),
    "same_school_twice": Failing(Book(with_rows(SCHOOL_ROW)), "reader-duplicate-row", "A3"),
    "same_class_twice": Failing(
        Book(with_rows(["3699000001", 1, "1班", 41], table="班级")), "reader-duplicate-row", "A3", sheet="班级"
    ),
    "merged_numbers": _merged_numbers(),
    "changed_example": _changed_example(),
    "county_word_in_number": _county(4, "人口总数（常住）（万人）", "三十万", "cell-not-a-number", "B5"),
    "county_label_twice": _county(5, "人口总数（常住）（万人）", 31.5, "reader-column-duplicate", "B6"),
    "county_extra_label": _county(5, "财政收入", 5, "reader-column-ignored", "A6", "info"),
    "county_without_code": _county(1, "代码", "360000", "reader-required-column-missing", "", "error"),
}
