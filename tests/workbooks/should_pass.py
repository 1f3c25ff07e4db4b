"""Workbooks as real desks hand them in, all of which read clean: name → (book, column of the school table, its values).

A case may bring one finding along, of a level below error; it is named last.
"""

import datetime as dt
from typing import Any, NamedTuple

from tests.workbooks.small_county import (
    CANONICAL,
    SCHOOL_HEADERS,
    SCHOOL_ROW,
    Book,
    good_sheets,
    with_header,
    with_rows,
    with_school,
)


class Passing(NamedTuple):
    """A workbook, what one column of the school table must hold, and the codes of the findings, none of them an error."""

    book: Book
    column: str
    values: list[Any]
    codes: tuple[str, ...] = ()


ONE = {name: [value] for name, value in CANONICAL.items()}
OTHER_ROW = ["3699000002", "启智小学", *SCHOOL_ROW[2:]]
BOTH_IDS = ["3699000001", "3699000002"]


def _school(column: str, cell: Any, *values: Any) -> Passing:
    return Passing(Book(with_school(**{column: cell})), column, list(values) or ONE[column])


def _header(column: str, header: str, text: str, value: Any, *codes: str) -> Passing:
    return Passing(Book(with_header(header, text)), column, [value], codes)


def _reordered() -> Passing:
    sheets = good_sheets()
    sheets["学校"] = [list(reversed(row)) for row in sheets["学校"]]
    return Passing(Book(sheets), "equipment_value", ONE["equipment_value"])


def _extra_columns() -> Passing:
    sheets = good_sheets()
    sheets["学校"] = [["序号", *sheets["学校"][0], "校长电话"], [1, *sheets["学校"][1], "无"]]
    return Passing(Book(sheets), "student_count", [166], ("reader-column-ignored",))


def _titles_above() -> Passing:
    sheets = good_sheets()
    sheets["学校"] = [["示范县学校基本情况"], [None, "单位：所、人、㎡"], [], *sheets["学校"]]
    return Passing(Book(sheets), "school_id", ONE["school_id"])


def _merged_two_row_header() -> Passing:
    sheets = good_sheets()
    lower: list[Any] = [None, None, None, *SCHOOL_HEADERS[3:]]
    upper: list[Any] = [*SCHOOL_HEADERS[:3], "办学条件", *[None] * 7]
    sheets["学校"] = [["学校情况"], upper, lower, SCHOOL_ROW]
    merges: list[tuple[str, Any]] = [(f"{letter}2:{letter}3", SCHOOL_HEADERS[at]) for at, letter in enumerate("ABC")]
    return Passing(
        Book(sheets, {"学校": [("A1:K1", "学校情况"), *merges, ("D2:K2", "办学条件")]}), "area_type", ["rural"]
    )


def _merged_group_over_label() -> Passing:
    sheets = good_sheets()
    header = SCHOOL_HEADERS.index("在校学生数（人）")
    upper: list[Any] = list(SCHOOL_HEADERS)
    lower: list[Any] = [None] * len(SCHOOL_HEADERS)
    upper[header], lower[header] = "在校", "学生数（人）"
    sheets["学校"] = [upper, lower, SCHOOL_ROW]
    return Passing(Book(sheets), "student_count", [166])


def _merged_school_beside_classes() -> Passing:
    sheets = good_sheets()
    sheets["班级"] += [[None, 1, "2班", 41], [None, 1, "3班", 42]]
    return Passing(Book(sheets, {"班级": [("A2:A4", "3699000001")]}), "school_id", ["3699000001"])


def _sheet_found_by_headers() -> Passing:
    sheets = good_sheets()
    sheets["Sheet1"] = sheets.pop("学校")
    return Passing(Book(sheets), "school_id", ONE["school_id"])


def _sheet_with_longer_name() -> Passing:
    sheets = good_sheets()
    sheets["附件1-学校基本情况表"] = sheets.pop("学校")
    return Passing(Book(sheets), "school_id", ONE["school_id"])


def _field_ids_as_headers() -> Passing:
    sheets = good_sheets()
    sheets["学校"][0] = list(CANONICAL)
    return Passing(Book(sheets), "floor_area", ONE["floor_area"])


def _county_laid_out_as_a_row() -> Passing:
    sheets = good_sheets()
    sheets["县级数据"] = [list(column) for column in zip(*sheets["县级数据"][1:], strict=True)]
    return Passing(Book(sheets), "school_id", ONE["school_id"])


def _numbers_before_blank_rows() -> Passing:
    sheets = good_sheets()
    sheets["学校"] = [["序号", *SCHOOL_HEADERS], [1, *SCHOOL_ROW], [2], [3], ["示例"]]
    return Passing(Book(sheets), "school_id", ONE["school_id"])


def _example_typed_as_numbers() -> Passing:
    example = ["示例", "示例", "城区", "是", 2020, 12, 34.5, 34.5, "95%", None, "Ⅰ级"]
    return _rows("school_id", ONE["school_id"], example)


def _rows(column: str, values: list[Any], *rows: list[Any], codes: tuple[str, ...] = ()) -> Passing:
    return Passing(Book(with_rows(*rows)), column, values, codes)


def _formula_with_value() -> Passing:
    return Passing(
        Book(good_sheets(), formulas={"学校": {"F2": ("=100+66", 166)}}),
        "student_count",
        [166],
        ("reader-formula-not-recalculated",),
    )


def _unknown_formula_beside_the_fields() -> Passing:
    sheets = good_sheets()
    sheets["学校"][0].append("校长电话")
    book = Book(sheets, formulas={"学校": {"L2": ("=Z1", "")}})
    return Passing(book, "student_count", [166], ("reader-formula-without-value", "reader-column-ignored"))


def _day_as_date() -> Passing:
    return Passing(Book(good_sheets(), dates={"学校": {"J2": dt.date(2024, 9, 1)}}), "checked_on", ["2024-09-01"])


AREA, VALUE = "教学用房面积（含室内体育用房）（㎡）", "设备资产值（账面原值）（万元）"
FOOTER = ["填表人：李老师   审核人：王老师   联系电话：0000"]

CASES: dict[str, Passing] = {
    "as_typed": _school("student_count", 166),
    "full_width_digits": _school("student_count", "１６６"),
    "thousands_separator": _school("floor_area", "1,234.50"),
    "full_width_separator": _school("floor_area", "１，２３４．５０"),
    "trailing_blanks": _school("school_name", "明德小学 　 "),
    "blanks_around_number": _school("student_count", " 166\u3000"),
    "text_number": _school("equipment_value", "33.20"),
    "percent_text": _school("hours_share", "50 %"),
    "full_width_percent": _school("hours_share", "５０％"),
    "share_as_number": _school("hours_share", 0.5),
    "year_with_word": _school("built_year", "2005年"),
    "date_in_chinese": _school("checked_on", "2024年9月1日"),
    "date_with_dots": _school("checked_on", "2024.9.1"),
    "date_as_serial_number": _school("checked_on", 45536),  # days since 1899-12-30: 2024-09-01
    "date_cell": _day_as_date(),
    "choice_in_ascii_numeral": _school("level", "II级"),
    "choice_as_code": _school("level", 2),
    "tick_mark": _school("is_boarding", "×"),
    "id_typed_as_number": _school("school_id", 3699000001),
    "id_with_apostrophe": _school("school_id", "'3699000001"),
    "blank_is_missing": _school("student_count", None, None),
    "dash_is_missing": _school("student_count", "—", None),
    "zero_is_zero": _school("student_count", 0, 0),
    "formula_like_name": _school("school_name", "=明德小学", "=明德小学"),
    "header_without_unit": _header("floor_area", AREA, "教学用房面积（含室内体育用房）", 123_450),
    "header_without_remark": _header("floor_area", AREA, "教学用房面积(m2)", 123_450),
    "header_with_star_and_blanks": _header("school_id", "学校标识码", " *学校 标识码\n（必填）", "3699000001"),
    "header_with_remark": _header("school_name", "学校名称", "学校名称（全称）", "明德小学"),
    "header_full_width_brackets": _header("equipment_value", VALUE, "设备资产值(账面原值)(万元)", 33_200_000),
    "header_unit_after_colon": _header("equipment_value", VALUE, "设备资产值（单位：万元）", 33_200_000),
    # 33.2 元 = 3320 分; the check of plausible sizes is not the reader's
    "unit_yuan_converted": _header(
        "equipment_value", VALUE, "设备资产值（账面原值）（元）", 3_320, "reader-unit-converted"
    ),
    # 1234.5 公顷 × 10 000 ㎡ × 100
    "unit_hectare_converted": _header(
        "floor_area", AREA, "教学用房面积（公顷）", 1_234_500_000, "reader-unit-converted"
    ),
    "reordered_columns": _reordered(),
    "extra_columns": _extra_columns(),
    "titles_above": _titles_above(),
    "merged_two_row_header": _merged_two_row_header(),
    "group_title_over_label": _merged_group_over_label(),
    "school_merged_beside_classes": _merged_school_beside_classes(),
    "sheet_found_by_headers": _sheet_found_by_headers(),
    "sheet_with_longer_name": _sheet_with_longer_name(),
    "field_ids_as_headers": _field_ids_as_headers(),
    "county_laid_out_as_a_row": _county_laid_out_as_a_row(),
    "blank_rows": _rows("school_id", BOTH_IDS, [], [None, "  "], OTHER_ROW),
    "repeated_header": _rows("school_id", BOTH_IDS, SCHOOL_HEADERS, OTHER_ROW, codes=("reader-repeated-header",)),
    "totals_row": _rows(
        "school_id", BOTH_IDS, OTHER_ROW, ["合 计", None, None, None, None, 332], codes=("reader-total-row",)
    ),
    "total_beside_blank_id": _rows(
        "school_id", BOTH_IDS, OTHER_ROW, [None, "全县总计：", None, None, None, 332], codes=("reader-total-row",)
    ),
    "subtotal_between_rows": _rows(
        "student_count", [166, 166], ["小计", None, None, None, None, 166], OTHER_ROW, codes=("reader-total-row",)
    ),
    "footer_with_signatures": _rows("school_id", BOTH_IDS, OTHER_ROW, FOOTER, codes=("reader-note-row",)),
    "numbers_before_blank_rows": _numbers_before_blank_rows(),
    "example_typed_as_numbers": _example_typed_as_numbers(),
    "unknown_formula_beside_the_fields": _unknown_formula_beside_the_fields(),
    "formula_with_value": _formula_with_value(),
}
