"""学生数预测.xlsx: pupils to come, which school will break which rule, teachers, and how far such forecasts were off."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import astuple
from typing import Any

import xlsxwriter

from junheng.core.explain_node import STAGE_LABEL
from junheng.core.findings import Level
from junheng.planning.forecast.outlook import Outlook
from junheng.planning.forecast.risks import Risk
from junheng.reports.reproducible import fixed_moment, rewrite_zip

__all__ = ["forecast_workbook", "quantile_title"]

_Cell = str | int | float | None
_LEVELS = {Level.ERROR: "错误", Level.WARNING: "警告", Level.INFO: "提示"}
_SHARE, _COUNT, _DECIMAL, _TEXT = "0%", "#,##0", "#,##0.0", ""


def forecast_workbook(outlook: Outlook, quantiles: Sequence[float]) -> bytes:
    """The bytes of the workbook, the same for the same outlook. `quantiles` add a column each beside the point forecast.

    Sheets: 概览 (the county, with a chart), 学生数, 分年级, 突破风险 (every rule of every school by year), 各项规定 (the same
    summed up, with a chart), 教师 (when ages were given), 说明.
    """
    target = io.BytesIO()
    book = _Book(target, outlook)
    _write_county(book, quantiles)
    _write_pupils(book, quantiles)
    _write_grades(book)
    _write_risks(book)
    if outlook.teachers.rows:
        _write_teachers(book)
    _write_remarks(book)
    book.file.close()
    return rewrite_zip(target.getvalue())


def quantile_title(quantile: float) -> str:
    """What a quantile is called: `0.9` → `90%情形`."""
    return f"{quantile * 100:g}%情形"


class _Book:
    """A workbook being written, with its few formats."""

    def __init__(self, target: io.BytesIO, outlook: Outlook) -> None:
        self.outlook = outlook
        options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        self.file = xlsxwriter.Workbook(target, options)
        title = f"{outlook.facts.county_name}学生数预测"
        self.file.set_properties({"title": title, "created": fixed_moment(None)})
        self.head = self.file.add_format(
            {"bold": True, "bg_color": "#E6ECF5", "border": 1, "text_wrap": True, "valign": "vcenter"}
        )
        self.strong = self.file.add_format({"bold": True, "font_size": 14})
        self.formats: dict[str, Any] = {}

    def format(self, number: str) -> Any:
        """The format of a kind of number; wrapping text for the kind without."""
        if number not in self.formats:
            fields = {"num_format": number} if number else {"text_wrap": True, "valign": "top"}
            self.formats[number] = self.file.add_format(fields)
        return self.formats[number]

    def table(
        self, sheet: Any, top: int, heads: Sequence[tuple[str, int, str]], rows: Sequence[Sequence[_Cell]]
    ) -> int:
        """Writes a table under `top`; `heads` are (title, width, number format). Gives the row below it."""
        for column, (title, width, _) in enumerate(heads):
            sheet.write_string(top, column, title, self.head)
            sheet.set_column(column, column, width)
        for number, row in enumerate(rows, start=top + 1):
            for column, value in enumerate(row):
                style = self.format(heads[column][2])
                if isinstance(value, str):
                    sheet.write_string(number, column, value, style)
                elif value is not None:
                    sheet.write_number(number, column, value, style)
        return top + 1 + len(rows)

    def page(self, name: str, *, is_single: bool = False) -> Any:
        """An empty sheet that prints on landscape pages, one page wide; on one page altogether when it is single."""
        sheet = self.file.add_worksheet(name)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, int(is_single))
        return sheet

    def sheet(self, name: str, heads: Sequence[tuple[str, int, str]], rows: Sequence[Sequence[_Cell]]) -> Any:
        """A sheet that is one table with filters."""
        sheet = self.page(name)
        self.table(sheet, 0, heads, rows)
        sheet.repeat_rows(0)
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, max(len(rows), 1), len(heads) - 1)
        return sheet


def _write_county(book: _Book, quantiles: Sequence[float]) -> None:
    outlook = book.outlook
    found = outlook.forecast
    sheet = book.page("概览", is_single=True)
    sheet.write_string(
        0, 0, f"{outlook.facts.county_name}学生数预测（{found.years[0]}–{found.years[-1]}年）", book.strong
    )
    heads = [("学段", 14, _TEXT), ("年度", 10, "0"), ("预计学生数", 14, _COUNT)]
    heads += [(quantile_title(entry), 14, _COUNT) for entry in quantiles]
    rows: list[Sequence[_Cell]] = [
        (STAGE_LABEL[entry.stage], entry.year, entry.pupils, *entry.quantiles) for entry in outlook.county(quantiles)
    ]
    below = book.table(sheet, 2, heads, rows)
    line = f"模拟{found.options.simulations}次,随机种子{found.options.seed};“90%情形”指九成的模拟不超过的人数。"
    sheet.write_string(below + 1, 0, line)
    if outlook.backtest is not None:
        below = _write_backtest(book, sheet, below + 3)
    _county_chart(book, sheet, rows, below + 3)


def _county_chart(book: _Book, sheet: Any, rows: Sequence[Sequence[_Cell]], top_row: int) -> None:
    """A line per stage over the years."""
    chart = book.file.add_chart({"type": "line"})
    years = len(book.outlook.forecast.years)
    for first in range(0, len(rows), years):
        top, bottom = first + 3, first + years + 2
        chart.add_series(
            {
                "name": str(rows[first][0]),
                "categories": ["概览", top, 1, bottom, 1],
                "values": ["概览", top, 2, bottom, 2],
                "marker": {"type": "automatic"},
            }
        )
    chart.set_title({"name": "全县预计学生数"})
    chart.set_y_axis({"min": 0, "num_format": _COUNT})
    sheet.insert_chart(top_row, 0, chart, {"x_scale": 1.4, "description": "全县小学、初中预计学生数的折线图"})


def _write_backtest(book: _Book, sheet: Any, top: int) -> int:
    """Writes the scores; gives the row below them."""
    assert book.outlook.backtest is not None
    tried = book.outlook.backtest
    origins = "、".join(map(str, tried.origins))
    sheet.write_string(top, 0, f"回测:站在{origins}年预测以后各年,与实际相比（照搬上年＝假定人数不变）")
    heads = [
        ("学段", 14, _TEXT), ("提前年数", 10, "0"), ("平均误差", 14, "0.0%"), ("照搬上年的误差", 14, "0.0%"),
        ("平均差（人）", 14, _DECIMAL), ("照搬上年差（人）", 14, _DECIMAL), (f"{tried.level:.0%}区间实际覆盖", 16, _SHARE),
        ("校段年数", 10, _COUNT),
    ]  # fmt: skip
    rows = [
        (
            "全部" if entry.stage is None else STAGE_LABEL[entry.stage], entry.years_ahead, entry.mape, entry.naive_mape,
            entry.mae, entry.naive_mae, entry.coverage, entry.count,
        )
        for entry in tried.scores
    ]  # fmt: skip
    return book.table(sheet, top + 1, heads, rows)


_SCHOOL = [("学校标识码", 13, _TEXT), ("学校", 26, _TEXT), ("学段", 8, _TEXT)]


def _write_pupils(book: _Book, quantiles: Sequence[float]) -> None:
    """One row per school stage: today, then for every year the forecast and its quantiles."""
    found = book.outlook.forecast
    heads = [*_SCHOOL, (f"{found.years[0] - 1}年现有", 10, _COUNT)]
    for year in found.years:
        heads.append((f"{year}年预计", 10, _COUNT))
        heads += [(f"{year}年{quantile_title(entry)}", 10, _COUNT) for entry in quantiles]
    levels = [found.quantile(entry) for entry in quantiles]
    rows = []
    for place, (school_id, stage) in enumerate(found.rows):
        if found.is_known[place]:
            row: list[_Cell] = [school_id, found.name(school_id), STAGE_LABEL[stage], int(found.present[place])]
            for year in range(len(found.years)):
                row.append(int(found.point[place, year]))
                row += [int(level[place, year]) for level in levels]
            rows.append(row)
    book.sheet("学生数", heads, rows).freeze_panes(1, 3)


def _write_grades(book: _Book) -> None:
    """One row per school stage and year, one column per grade; grades without pupils stay empty."""
    found = book.outlook.forecast
    grades = range(found.grades.shape[2])
    heads = [*_SCHOOL, ("年度", 8, "0"), *((f"{grade + 1}年级", 8, _COUNT) for grade in grades)]
    rows: list[Sequence[_Cell]] = [
        (school_id, found.name(school_id), STAGE_LABEL[stage], year, *_grade_cells(found.grades[place, ahead]))
        for place, (school_id, stage) in enumerate(found.rows)
        for ahead, year in enumerate(found.years)
        if found.has_grades[place]
    ]
    book.sheet("分年级", heads, rows).freeze_panes(1, 4)


def _grade_cells(counts: Iterable[int]) -> Iterator[int | None]:
    return (int(count) or None for count in counts)


def _write_risks(book: _Book) -> None:
    """Every rule of every school that may be broken: what is kept today first, the most likely at the top."""
    risks = book.outlook.risks
    heads = [*_SCHOOL, ("会突破的规定", 24, _TEXT), ("界线", 10, _TEXT), ("现在", 8, _TEXT)]
    heads += [(f"{year}年", 9, _SHARE) for year in risks.years]
    listed = sorted(risks.above(0.0), key=lambda row: bool(row.is_broken_today))
    sheet = book.sheet("突破风险", heads, [_risk_row(row) for row in listed])
    if listed:
        first = len(heads) - len(risks.years)
        scale = {"type": "2_color_scale", "min_type": "num", "max_type": "num", "min_value": 0, "max_value": 1}
        scale |= {"min_color": "#FFFFFF", "max_color": "#F4A3A3"}
        sheet.conditional_format(1, first, len(listed), len(heads) - 1, scale)
    sheet.freeze_panes(1, 3)
    _write_rules(book)


def _risk_row(row: Risk) -> list[_Cell]:
    stage = "全校" if row.stage is None else STAGE_LABEL[row.stage]
    bound = next((f"{float(bound):g}{row.unit}" for bound in row.bounds if bound is not None), "")
    today = {True: "已突破", False: "未突破", None: "无此规定"}[row.is_broken_today]
    return [row.school_id, row.school_name, stage, row.rule, bound, today, *row.probabilities]


def _write_rules(book: _Book) -> None:
    """How many schools are expected to break each rule, year by year: the table behind the chart, and the chart."""
    risks = book.outlook.risks
    sheet = book.page("各项规定", is_single=True)
    heads = [("规定", 28, _TEXT), ("现在（校段数）", 12, _COUNT)]
    heads += [(f"{year}年预计", 12, _DECIMAL) for year in risks.years]
    rows = list(_rule_rows(risks.rows, len(risks.years)))
    below = book.table(sheet, 0, heads, rows)
    chart = book.file.add_chart({"type": "bar"})
    for column in (1, len(heads) - 1):
        chart.add_series(
            {
                "name": ["各项规定", 0, column],
                "categories": ["各项规定", 1, 0, len(rows), 0],
                "values": ["各项规定", 1, column, len(rows), column],
            }
        )
    chart.set_title({"name": "突破各项规定的校段数:现在与最后一年"})
    chart.set_y_axis({"reverse": True})
    sheet.insert_chart(below + 1, 0, chart, {"x_scale": 1.6, "y_scale": 1.5, "description": "突破各项规定的校段数"})


def _rule_rows(rows: Sequence[Risk], years: int) -> Iterator[list[_Cell]]:
    """The sums of probabilities by rule: what is expected; empty where a rule is not in force."""
    for label in dict.fromkeys(row.rule for row in rows):
        chosen = [row for row in rows if row.rule == label]
        expected: list[_Cell] = []
        for year in range(years):
            told = [row.probabilities[year] for row in chosen if row.probabilities[year] is not None]
            expected.append(sum(value for value in told if value is not None) if told else None)
        yield [label, sum(bool(row.is_broken_today) for row in chosen), *expected]


def _write_teachers(book: _Book) -> None:
    found, names = book.outlook.teachers, book.outlook.forecast
    heads = [*_SCHOOL, ("年度", 8, "0"), ("退休", 8, _DECIMAL), ("流失", 8, _DECIMAL), ("招聘", 8, _COUNT)]
    heads += [("年末专任教师", 12, _DECIMAL), ("标准差", 8, _DECIMAL)]
    rows: list[Sequence[_Cell]] = [
        (school_id, names.name(school_id), STAGE_LABEL[stage], *astuple(entry))
        for (school_id, stage), years in found.rows.items()
        for entry in years
    ]
    book.sheet("教师", heads, rows)


_METHOD = (
    "各年级按本校往年的升级比例推算,数据少的学校向全县平均靠拢;小学一年级按学区适龄人口（给出时）或往年趋势,初中起始年级按全县小学毕业人数分配。",
    "没有年级数据的学段按总人数的趋势推算。规划中的撤并、新建、学区调整、转学和住宅项目按给出的条件计入。",
    "误差幅度取自往年各次预测与实际之差;风险是模拟结果中突破规定的比例,校舍、设备、班级和教师按现有数量,只有学生数变化。",
)


def _write_remarks(book: _Book) -> None:
    heads = [("级别", 8, _TEXT), ("说明", 90, _TEXT), ("怎么办", 50, _TEXT)]
    rows: list[Sequence[_Cell]] = [("方法", line, "") for line in _METHOD]
    rows += [(_LEVELS[entry.level], entry.message, entry.hint) for entry in book.outlook.findings]
    book.sheet("说明", heads, rows)
