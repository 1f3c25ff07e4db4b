"""A small dictionary and a workbook that fits it: what the should-pass and should-fail cases change one thing of."""

from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import xlsxwriter

from junheng.core.facts import Facts
from junheng.readers.dictionary import parse_dictionary
from junheng.readers.facts import FactsRead

_SCHOOLS = {
    "school_id": {"label": "学校标识码", "type": "text", "required": True},
    "school_name": {"label": "学校名称", "type": "text", "required": True},
    "area_type": {"label": "城乡类型", "type": "choice", "choices": "area_type"},
    "is_boarding": {"label": "是否寄宿制学校", "type": "boolean"},
    "built_year": {"label": "规划建成年份", "type": "year"},
    "student_count": {"label": "在校学生数", "type": "integer", "unit": "人"},
    "floor_area": {"label": "教学用房面积（含室内体育用房）", "type": "decimal", "unit": "㎡", "scale": 100},
    "equipment_value": {"label": "设备资产值（账面原值）", "type": "decimal", "unit": "万元", "scale": 1_000_000},
    "hours_share": {"label": "课时比例", "type": "ratio", "unit": "%", "scale": 10_000},
    "checked_on": {"label": "核对日期", "type": "date"},
    "level": {"label": "等级", "type": "choice_integer", "choices": "level"},
}
_CLASSES = {
    "school_id": {"label": "学校标识码", "type": "text", "required": True},
    "grade": {"label": "年级", "type": "integer", "unit": "年级", "required": True},
    "class_name": {"label": "班级名称", "type": "text", "required": True},
    "student_count": {"label": "班级学生数", "type": "integer", "unit": "人", "required": True},
}
_COUNTY = {
    "county_code": {"label": "行政区划代码", "type": "text", "required": True},
    "county_name": {"label": "县名", "type": "text", "required": True},
    "year": {"label": "数据年度", "type": "year", "required": True},
    "population": {"label": "人口总数（常住）", "type": "decimal", "unit": "万人", "scale": 10_000},
    "average_pay": {"label": "教师年平均工资", "type": "decimal", "unit": "元", "scale": 100},
}

DICTIONARY = parse_dictionary(
    {
        "version": "test",
        "tables": {
            "schools": {"label": "学校", "key": ["school_id"], "fields": _SCHOOLS},
            "classes": {"label": "班级", "key": ["school_id", "grade", "class_name"], "fields": _CLASSES},
            "county": {"label": "县级数据", "key": ["county_code"], "layout": "vertical", "fields": _COUNTY},
        },
        "choices": {
            "area_type": {"urban": "城区", "town": "镇区", "rural": "乡村"},
            "level": {"1": "Ⅰ级", "2": "Ⅱ级", "3": "Ⅲ级"},
        },
    }
)

SCHOOL_HEADERS = [entry.header for entry in DICTIONARY.tables["schools"].fields.values()]
CLASS_HEADERS = [entry.header for entry in DICTIONARY.tables["classes"].fields.values()]
SCHOOL_ROW: list[Any] = ["3699000001", "明德小学", "乡村", "否", 2005, 166, 1234.5, 33.2, "50%", "2024-09-01", "Ⅱ级"]
CANONICAL: dict[str, Any] = {
    "school_id": "3699000001",
    "school_name": "明德小学",
    "area_type": "rural",
    "is_boarding": False,
    "built_year": 2005,
    "student_count": 166,
    "floor_area": 123_450,  # 1234.5 ㎡ × 100
    "equipment_value": 33_200_000,  # 33.2 万元 × 1 000 000 分
    "hours_share": 5_000,  # 50 % of 10 000
    "checked_on": "2024-09-01",
    "level": 2,
}
"""What SCHOOL_ROW means."""

Sheets = dict[str, list[list[Any]]]


@dataclass
class Book:
    """Sheets as rows of cells, the merges and formulas over them, and where a folder of text tables has its encoding."""

    sheets: Sheets
    merges: dict[str, list[tuple[str, Any]]] = field(default_factory=dict)
    formulas: dict[str, dict[str, tuple[str, Any]]] = field(default_factory=dict)
    dates: dict[str, dict[str, Any]] = field(default_factory=dict)

    def write(self, path: Path) -> Path:
        """The workbook as .xlsx at `path`."""
        workbook = xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "in_memory": True})
        day = workbook.add_format({"num_format": "yyyy-mm-dd"})
        for name, rows in self.sheets.items():
            sheet = workbook.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
            for cells, text in self.merges.get(name, []):
                sheet.merge_range(cells, text)
            for cell, (formula, value) in self.formulas.get(name, {}).items():
                sheet.write_formula(cell, formula, None, value)
            for cell, value in self.dates.get(name, {}).items():
                sheet.write_datetime(cell, value, day)
        workbook.close()
        return path


def good_sheets() -> Sheets:
    """A county with one school and one class, as anybody might type it."""
    return {
        "学校": [list(SCHOOL_HEADERS), deepcopy(SCHOOL_ROW)],
        "班级": [list(CLASS_HEADERS), ["3699000001", 1, "1班", 40]],
        "县级数据": [
            ["项目", "填报值"],
            ["行政区划代码", "360000"],
            ["县名", "示范县"],
            ["数据年度", 2024],
            ["人口总数（常住）（万人）", 31.5],
            ["教师年平均工资（元）", 98765.43],
        ],
    }


def with_school(**cells: Any) -> Sheets:
    """The good county with some cells of its school replaced."""
    sheets = good_sheets()
    names = list(DICTIONARY.tables["schools"].fields)
    for name, value in cells.items():
        sheets["学校"][1][names.index(name)] = value
    return sheets


def with_header(header: str, text: str) -> Sheets:
    """The good county with one header of the school sheet replaced."""
    sheets = good_sheets()
    sheets["学校"][0][SCHOOL_HEADERS.index(header)] = text
    return sheets


def with_rows(*rows: Sequence[Any], table: str = "学校") -> Sheets:
    """The good county with rows added below those of one sheet."""
    sheets = good_sheets()
    sheets[table] += [list(row) for row in rows]
    return sheets


def facts_in(result: FactsRead) -> Facts:
    """The facts of a read that must have given some."""
    assert result.facts is not None, result.findings
    return result.facts
