"""表Ⅰ: the county in 24 columns, in the layout of the official form."""

from __future__ import annotations

from collections.abc import Mapping

from junheng.core.standard import Stage
from junheng.reports.forms.county_profile import CountyProfile, county_profile
from junheng.reports.forms.sheet_kit import Book, Number

__all__ = ["write_county_sheet"]

_COLUMNS = 24
_TITLE_ROW, _DATA_ROW, _NOTE_ROW = 0, 8, 10
_GROUPS: Mapping[str, str] = {
    "A5:D5": "自然情况",
    "E5:H5": "经济情况",
    "I5:M5": "普通中小学校数(所)",
    "N5:N7": "特殊教育学校(所)",
    "O5:P5": "小学教学点数(个)",
    "Q5:R5": "教学班数(个)",
    "S5:T5": "在校学生数(人)",
    "U5:X5": "教职工数(人)",
    "U6:V6": "小学",
    "W6:X6": "初中",
}
_TALL: Mapping[str, str] = {
    "A": "人口总数\n(万人)",
    "B": "农业人口数\n(万人)",
    "C": "乡镇数\n(个)",
    "D": "行政村数\n(个)",
    "E": "年人均国内生产总值\n(元)",
    "F": "年人均地方财政收入\n(元)",
    "G": "农民年人均纯收入\n(元)",
    "H": "城镇居民年人均可支配收入\n(元)",
    "I": "小学",
    "J": "九年一贯制学校",
    "K": "初中",
    "L": "完全中学",
    "M": "十二年一贯制学校",
    "O": "计",
    "P": "其中：{minimum}人及以上",
    "Q": "小学",
    "R": "初中",
    "S": "小学",
    "T": "初中",
}
_LOW = {"U7": "合计", "V7": "其中专任教师", "W7": "合计", "X7": "其中专任教师"}
_NOTE = (
    "注：“人口总数”和“农业人口数”按常住人口统计，数字保留两位小数。L5-L8列数字保留整数。"
    "班级、学生、教职工按小学、初中学段统计，不含特殊教育学校和职业学校附设班。“＿＿”表示缺少数据。"
)
_POPULATION_DECIMALS = 2


def write_county_sheet(book: Book) -> None:
    """Write 表Ⅰ."""
    profile = county_profile(book.bundle)
    sheet = book.sheet("表Ⅰ")
    verdict = book.bundle.verdict
    sheet.title(f"表Ⅰ  义务教育{book.bundle.programme}发展县(市、区)基本情况", _COLUMNS)
    sheet.worksheet.write_string(
        2, 0, f"县（市、区）：{verdict.county_name}　　数据年度：{verdict.year}年", _line(book)
    )
    for place, text in {**_GROUPS, **_LOW}.items():
        sheet.head(place, text)
    for letter, text in _TALL.items():
        sheet.head(f"{letter}6:{letter}7", text.format(minimum=profile.point_minimum))
    for column in range(_COLUMNS):
        sheet.head(f"{chr(ord('A') + column)}8", f"L{column + 1}")
    for column, (value, decimals) in enumerate(_numbers(profile)):
        sheet.number(_DATA_ROW, column, value, decimals)
    sheet.note(_NOTE_ROW, _NOTE, _COLUMNS, height=30)
    sheet.stamp(_NOTE_ROW + 1, _COLUMNS)
    sheet.widths([7, 7, 5, 5.5, 7.5, 7.5, 7.5, 8.5, *[5.5] * 5, 6.5, 4.5, 6.5, *[5.5] * 2, *[6.5] * 6])
    sheet.heights({4: 26, 5: 48, 6: 48, 8: 36})


def _line(book: Book) -> object:
    return book.style(font_size=11, text_wrap=False)


def _numbers(profile: CountyProfile) -> list[tuple[Number | None, int]]:
    values: list[tuple[Number | None, int]] = [
        (value, _POPULATION_DECIMALS if name.endswith("population") else 0) for name, value in profile.county.items()
    ]
    values += [(value, 0) for value in profile.schools.values()]
    values.append((profile.points_large, 0))
    values += [(profile.classes[stage], 0) for stage in Stage]
    values += [(profile.students[stage], 0) for stage in Stage]
    for stage in Stage:
        values += [(profile.staff[stage], 0), (profile.teachers[stage], 0)]
    return values
