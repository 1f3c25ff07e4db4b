"""表Ⅱ-1, 表Ⅱ-2 and 表Ⅲ: schools that meet the indicators, every school, and the balance between schools."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from junheng.core.standard import DispersionMode, ResourceIndicator, Stage
from junheng.core.verdict import SchoolResult
from junheng.reports.bundle_content import Bundle
from junheng.reports.forms.sheet_kit import MARKS, Book, Sheet
from junheng.reports.resource_tables import (
    MetCount,
    composite_of,
    dispersion_tone,
    indicator_tone,
    met_counts,
    remark,
    school_footnote,
)
from junheng.reports.wording import BLANK, STAGE_WORD, cv_limit, outcome_word

__all__ = ["indicator_header", "write_balance_sheet", "write_met_sheet", "write_school_sheet"]

_CV_DECIMALS, _SHARE_DECIMALS = 3, 1
_FIRST = 2
_TEXT_WIDTHS = (28, 44)
"""Widths of the columns for names and remarks, in characters."""
_SCHOOL_HEADS = ("序号", "学校名称", "举办者类型", "在校生数", "年级数", "班级数")
_ORGANISERS = (
    "举办者类型处填写代码：中央教育部门代码为1、中央其他部门为2、省级教育部门为3、省级其他部门为4、地级教育部门为5、"
    "地级其他部门为6、县级教育部门为7、县级其他部门为8、地方企业为9、民办为10。"
)


def indicator_header(entry: ResourceIndicator) -> str:
    """The heading of an indicator's column; areas and money carry their unit, as on the official form."""
    return entry.name if entry.per_students > 1 or entry.unit == "人" else f"{entry.name}({entry.unit})"


def write_met_sheet(book: Book) -> None:
    """Write 表Ⅱ-1: how many schools meet each indicator, and all of them together. Only for standards with a school rule."""
    bundle = book.bundle
    sheet = book.sheet("表Ⅱ-1")
    columns = _matrix_head(sheet, f"表Ⅱ-1  小学、初中资源配置基本情况{_year(bundle)}", bundle, "综合评估")
    for index, stage in enumerate(Stage):
        row = 3 + 2 * index
        sheet.head(f"A{row + 1}:A{row + 2}", STAGE_WORD[stage])
        sheet.head(f"B{row + 1}", "达标学校总数")
        sheet.head(f"B{row + 2}", "达标学校比例（%）")
        by_indicator, overall = met_counts(bundle, stage)
        for column, count in enumerate([*by_indicator, overall], start=_FIRST):
            _write_count(sheet, row, column, count)
    sheet.stamp(7, columns)
    sheet.widths([6, 16, *[13.5] * (columns - 3), 9])
    sheet.heights({1: 48, 3: 30, 4: 30, 5: 30, 6: 30})


def _write_count(sheet: Sheet, row: int, column: int, count: MetCount) -> None:
    if not count.total:
        sheet.text(row, column, BLANK, align="center", tone="unknown")
    elif count.unknown:
        sheet.text(row, column, f"{count.met}（另有{count.unknown}所无法判定）", align="center", tone="unknown")
    else:
        sheet.number(row, column, count.met)
    sheet.number(row + 1, column, count.percent, _SHARE_DECIMALS)


def write_school_sheet(book: Book) -> None:
    """Write 表Ⅱ-2: every judged school stage with its values, primary first. Standards without thresholds have no remarks."""
    bundle = book.bundle
    indicators = bundle.standard.indicators
    sheet = book.sheet("表Ⅱ-2")
    tail = ["该校综合评估是否达标", f"备注（注明有哪几项指标达标，哪几项指标达到{bundle.floor_word}）"]
    heads = [
        *_SCHOOL_HEADS,
        *(indicator_header(entry) for entry in indicators),
        *(tail if bundle.has_thresholds else []),
    ]
    columns = len(heads)
    sheet.worksheet.merge_range(0, 0, 0, columns - 1, "", book.style())
    sheet.title(f"表Ⅱ-2  小学、初中资源配置基本情况（分学校）{_year(bundle)}", columns)
    for column, text in enumerate(heads):
        sheet.head(_cell(1, column), text)
        coded = column < columns - 1 or not bundle.has_thresholds
        sheet.head(_cell(2, column), f"L{column + 1}" if coded else "")
    row = 3
    for stage in Stage:
        for order, school in enumerate(bundle.schools_of(stage), start=1):
            _write_school(sheet, row, order, school)
            row += 1
    sheet.note(row, _school_note(bundle), columns, height=64)
    sheet.stamp(row + 1, columns)
    remarks = [8, _TEXT_WIDTHS[1]] if bundle.has_thresholds else []
    sheet.widths([5, _TEXT_WIDTHS[0], 6.5, 7, 5.5, 5.5, *[10.5] * len(indicators), *remarks])
    sheet.heights({1: 68})
    sheet.freeze(3, 2)


def _write_school(sheet: Sheet, row: int, order: int, school: SchoolResult) -> None:
    bundle = sheet.book.bundle
    reported = bundle.stage_rows.get(school.key, {})
    sheet.number(row, 0, order)
    sheet.text(row, 1, bundle.part_name(school))
    sheet.text(row, 2, bundle.school_rows[school.school_id]["organiser_type"] or BLANK, align="center")
    for column, value in enumerate(
        (school.student_count, reported.get("grade_count"), _classes(bundle, school)), start=3
    ):
        sheet.number(row, column, value)
    column = len(_SCHOOL_HEADS)
    for entry, result in bundle.results(school):
        sheet.number(row, column, result.value, entry.decimals, tone=indicator_tone(result))
        column += 1
    if bundle.has_thresholds:
        sheet.text(row, column, outcome_word(school.outcome), align="center")
        sheet.text(row, column + 1, remark(bundle, school))
    sheet.fit(row, (bundle.part_name(school), remark(bundle, school) if bundle.has_thresholds else ""), _TEXT_WIDTHS)


def _classes(bundle: Bundle, school: SchoolResult) -> int | None:
    """Classes as reported for the stage, else the number of class rows."""
    reported: int | None = bundle.stage_rows.get(school.key, {}).get("class_count")
    summary = bundle.roll.classes.get(school.key)
    return reported if reported is not None or summary is None else summary.count


def _school_note(bundle: Bundle) -> str:
    first = len(_SCHOOL_HEADS) + 1
    last = first + len(bundle.standard.indicators) - 1
    decimals = {entry.decimals for entry in bundle.standard.indicators}
    words = {2: "两", 3: "三"}
    places = "、".join(words.get(number, str(number)) for number in sorted(decimals))
    text = f"注：1.{school_footnote(bundle)}2.{_ORGANISERS}3.L{first}-L{last}数值均保留{places}位小数。"
    if not bundle.has_thresholds:
        return f"{text}4.“＿＿”表示缺少数据。"
    return (
        f"{text}4.“{MARKS['warn']}”表示未达标但达到{bundle.floor_word}，“{MARKS['bad']}”表示不足{bundle.floor_word}，"
        "“＿＿”表示缺少数据、无法判定；达标与否按未四舍五入的数值判断。"
    )


def write_balance_sheet(book: Book) -> None:
    """Write 表Ⅲ: the county's mean and the coefficient of variation of each indicator, and the mean of the coefficients."""
    bundle = book.bundle
    sheet = book.sheet("表Ⅲ")
    columns = _matrix_head(sheet, f"表Ⅲ 县域义务教育校际均衡情况{_year(bundle)}", bundle, "综合")
    for index, stage in enumerate(Stage):
        row = 3 + 2 * index
        sheet.head(f"A{row + 1}:A{row + 2}", STAGE_WORD[stage])
        sheet.head(f"B{row + 1}", "全县平均值")
        sheet.head(f"B{row + 2}", "差异系数")
        for column, entry in enumerate(bundle.standard.indicators, start=_FIRST):
            _write_balance(sheet, row, column, entry, stage)
        composite = composite_of(bundle, stage)
        sheet.text(row, columns - 1, "——", align="center")
        value = composite.value if composite is not None else None
        sheet.number(row + 1, columns - 1, value, _CV_DECIMALS, tone=dispersion_tone(composite))
    sheet.note(7, _balance_note(bundle), columns, height=42)
    sheet.stamp(8, columns)
    sheet.widths([6, 12, *[13.5] * (columns - 3), 9])
    sheet.heights({1: 48, 3: 30, 4: 30, 5: 30, 6: 30})


def _write_balance(sheet: Sheet, row: int, column: int, entry: ResourceIndicator, stage: Stage) -> None:
    found = sheet.book.bundle.dispersion(entry.id, stage)
    mean_tone = "bad" if found is not None and found.mean_outcome == "not_met" else ""
    sheet.number(row, column, found.mean if found else None, entry.decimals, tone=mean_tone)
    coefficient = found.coefficient if found else None
    sheet.number(row + 1, column, coefficient, _CV_DECIMALS, tone=dispersion_tone(found))


def _balance_note(bundle: Bundle) -> str:
    decimals = bundle.standard.indicators[0].decimals
    places = {2: "两", 3: "三"}.get(decimals, str(decimals))
    text = f"注：全县平均值保留{places}位小数，差异系数保留三位小数。“＿＿”表示无法计算。"
    rule = bundle.standard.dispersion
    if rule is None:
        return text
    limits = "，".join(f"{STAGE_WORD[stage]}≤{cv_limit(_limit(bundle, stage))}" for stage in Stage)
    what = "各项差异系数" if rule.mode is DispersionMode.EACH else "综合差异系数（各项差异系数的平均）"
    means = "全县平均值低于标准的同样标出。" if bundle.standard.county_mean_clause else ""
    return f"{text}{what}应为{limits}，“{MARKS['bad']}”表示超过。{means}达标与否按未四舍五入的数值判断。"


def _limit(bundle: Bundle, stage: Stage) -> Fraction | None:
    rule = bundle.standard.dispersion
    row = rule.limits[stage].on(bundle.rules.on) if rule is not None else None
    return row.value if row is not None else None


def _matrix_head(sheet: Sheet, title: str, bundle: Bundle, last: str) -> int:
    """Title, indicator names and L-codes of 表Ⅱ-1 and 表Ⅲ; gives the number of columns."""
    indicators: Sequence[ResourceIndicator] = bundle.standard.indicators
    columns = _FIRST + len(indicators) + 1
    sheet.title(title, columns)
    sheet.head("A2:B3", "")
    for column, text in enumerate([*(indicator_header(entry) for entry in indicators), last], start=_FIRST):
        sheet.head(_cell(1, column), text)
        sheet.head(_cell(2, column), f"L{column - _FIRST + 1}")
    return columns


def _cell(row: int, column: int) -> str:
    return f"{chr(ord('A') + column)}{row + 1}"


def _year(bundle: Bundle) -> str:
    return f"（{bundle.verdict.year}年度）"
