"""任务清单.xlsx: every task with money, department and dates; the years side by side; money by year and source."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

import xlsxwriter

from junheng.reports.plan_text import Data
from junheng.reports.plan_work import STAGE_LABELS
from junheng.reports.reproducible import fixed_moment, rewrite_zip

__all__ = ["plan_workbook"]

_Cell = str | int | float | None
_Head = tuple[str, int, str]
_TEXT, _COUNT, _MONEY, _YEAR, _CV, _SHARE = "", "#,##0", "#,##0.00", "0", "0.000", "0.0%"


def plan_workbook(data: Data) -> bytes:
    """The bytes of the workbook, the same for the same data.

    Sheets: 概览, 任务清单, 年度任务表, 分年经费, 学校, 指标变化, 差异系数, 教师调配, 制约与风险; where there are any, 教师去向,
    教师增减 and 新开学校.
    """
    target = io.BytesIO()
    book = _Book(target, data)
    for write in _SHEETS:
        write(book, data)
    book.file.close()
    return rewrite_zip(target.getvalue())


class _Book:
    """A workbook being written, with its few formats."""

    def __init__(self, target: io.BytesIO, data: Data) -> None:
        options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        self.file = xlsxwriter.Workbook(target, options)
        title = f"{data['county_name']}达标方案任务清单（{data['title']}）"
        self.file.set_properties({"title": title, "created": fixed_moment(None)})
        border = {"border": 1, "border_color": "#C3CBD6"}
        self.head = self.file.add_format(
            {**border, "bold": True, "bg_color": "#E6ECF5", "text_wrap": True, "valign": "vcenter", "align": "center"}
        )
        self.strong = self.file.add_format({"bold": True, "font_size": 14})
        self.sum = self.file.add_format({**border, "bold": True, "bg_color": "#F4F6FA", "num_format": _MONEY})
        self.border = border
        self.formats: dict[str, Any] = {}
        self.stamp = f"方案校验码 {data['digest']}"

    def format(self, number: str) -> Any:
        """The format of a kind of number; wrapping text for the kind without."""
        if number not in self.formats:
            look = {"num_format": number} if number else {"text_wrap": True}
            self.formats[number] = self.file.add_format({**self.border, "valign": "top", **look})
        return self.formats[number]

    def table(self, sheet: Any, top: int, heads: Sequence[_Head], rows: Sequence[Sequence[_Cell]]) -> int:
        """Writes a table under `top`; `heads` are (title, width, number format). Gives the row below it."""
        for column, (title, width, _) in enumerate(heads):
            sheet.write_string(top, column, title, self.head)
            sheet.set_column(column, column, width)
        for number, row in enumerate(rows, start=top + 1):
            for column, value in enumerate(row):
                style = self.format(heads[column][2])
                if isinstance(value, str):
                    sheet.write_string(number, column, value, style)
                elif value is None:
                    sheet.write_blank(number, column, None, style)
                else:
                    sheet.write_number(number, column, value, style)
        return top + 1 + len(rows)

    def page(self, name: str) -> Any:
        """An empty sheet that prints on landscape pages, one page wide, with the plan's hash at the foot."""
        sheet = self.file.add_worksheet(name)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.set_footer(f"&L{self.stamp}&R第 &P 页，共 &N 页")
        return sheet

    def sheet(self, name: str, heads: Sequence[_Head], rows: Sequence[Sequence[_Cell]], *, fixed: int = 0) -> Any:
        """A sheet that is one table with filters; `fixed` columns stay when it is scrolled."""
        sheet = self.page(name)
        self.table(sheet, 0, heads, rows)
        sheet.repeat_rows(0)
        sheet.freeze_panes(1, fixed)
        sheet.autofilter(0, 0, max(len(rows), 1), len(heads) - 1)
        return sheet


def _overview(book: _Book, data: Data) -> None:
    sheet = book.page("概览")
    sheet.write_string(0, 0, f"{data['county_name']}达标方案（{data['title']}）", book.strong)
    lines: list[Sequence[_Cell]] = [
        ("标准", data["standard_title"]),
        ("数据年度", str(data["base_year"])),
        ("目标年度", str(data["target_year"])),
        ("结果", data["text"]),
        ("方案费用（万元，折现）", f"{data['cost']:,.2f}"),
        ("理论下限（万元）", f"{data['bound']:,.2f}"),
        ("支出合计（万元，不折现）", f"{data['spent']:,.2f}"),
        ("方案校验码", data["digest"]),
    ]
    below = book.table(sheet, 2, [("项目", 26, _TEXT), ("内容", 70, _TEXT)], lines)
    heads = [("年度", 26, _TEXT), ("资源配置", 70, _TEXT), ("支出（万元）", 14, _MONEY), ("达标校段", 12, _COUNT)]
    heads += [("纳入校段", 12, _COUNT), ("超限差异系数", 14, _COUNT)]
    rows = [
        (
            f"{entry['year']}{'（现状）' if place == 0 else ''}",
            entry["resources_label"],
            entry["spent"],
            entry["passing"],
            entry["judged"],
            entry["spreads_broken"],
        )
        for place, entry in enumerate(data["years"])
    ]
    book.table(sheet, below + 1, heads, rows)


def _tasks(book: _Book, data: Data) -> None:
    heads = [
        ("序号", 6, _COUNT),
        ("年度", 7, _YEAR),
        ("学校标识码", 13, _TEXT),
        ("学校", 24, _TEXT),
        ("学段", 6, _TEXT),
        ("措施", 22, _TEXT),
        ("任务", 34, _TEXT),
        ("数量", 10, _COUNT),
        ("单位", 6, _TEXT),
        ("金额（万元）", 12, _MONEY),
        ("资金来源", 12, _TEXT),
        ("责任部门", 20, _TEXT),
        ("开始", 11, _TEXT),
        ("完成", 11, _TEXT),
        ("负责人", 10, _TEXT),
        ("进展", 14, _TEXT),
    ]
    keys = ["number", "year", "school_id", "school_name", "stage_label", "measure_label", "text", "amount", "unit"]
    keys += ["money", "source", "department", "starts", "ends"]
    rows = [[*(task[key] for key in keys), "", ""] for task in data["tasks"]]
    book.sheet("任务清单", heads, rows, fixed=4)


def _matrix(book: _Book, data: Data) -> None:
    """One row per school and measure, one pair of columns per year: amount begun and money paid."""
    years = [entry["year"] for entry in data["years"][1:]]
    heads: list[_Head] = [
        ("学校标识码", 13, _TEXT),
        ("学校", 24, _TEXT),
        ("学段", 6, _TEXT),
        ("措施", 22, _TEXT),
        ("单位", 6, _TEXT),
    ]
    for year in years:
        heads += [(f"{year}年数量", 11, _COUNT), (f"{year}年金额（万元）", 13, _MONEY)]
    heads.append(("金额合计（万元）", 13, _MONEY))
    found: dict[tuple[str, ...], dict[int, list[float]]] = {}
    for task in data["tasks"]:
        label = f"{task['measure_label']}（调出）" if task["is_leaving"] else task["measure_label"]
        key = (task["school_id"], task["school_name"], task["stage_label"], label, task["unit"])
        cells = found.setdefault(key, {year: [0.0, 0.0] for year in years})
        cells[task["year"]][0] += task["amount"]
        for year, money in task["money_by_year"].items():
            cells[int(year)][1] += money
    rows: list[Sequence[_Cell]] = [
        [*key, *(value or None for year in years for value in cells[year]), sum(pair[1] for pair in cells.values())]
        for key, cells in sorted(found.items(), key=lambda entry: (entry[0][0] == "", entry[0]))
    ]
    book.sheet("年度任务表", heads, rows, fixed=2)


def _money(book: _Book, data: Data) -> None:
    """Money by source and year with its budget, then by measure with a chart."""
    years = [entry["year"] for entry in data["years"][1:]]
    sheet = book.page("分年经费")
    heads: list[_Head] = [
        ("资金来源", 24, _TEXT),
        ("项目", 10, _TEXT),
        *((f"{year}年（万元）", 14, _MONEY) for year in years),
    ]
    heads.append(("合计（万元）", 14, _MONEY))
    found = {(entry["source"], entry["year"]): entry for entry in data["money"]}
    rows: list[Sequence[_Cell]] = []
    for source in dict.fromkeys(entry["source"] for entry in data["money"]):
        for key, label in (("amount", "支出"), ("budget", "预算")):
            values = [found[source, year][key] for year in years]
            if None not in values:
                rows.append([source, label, *values, sum(values)])
    below = book.table(sheet, 0, heads, rows)
    measures: list[Sequence[_Cell]] = [
        [entry["label"], "支出", *(entry["money_by_year"].get(str(year), 0.0) for year in years), entry["money"]]
        for entry in data["measures"]
    ]
    top = below + 1
    below = book.table(sheet, top, [("措施", 24, _TEXT), *heads[1:]], measures)
    sheet.write_string(below, 0, "合计", book.sum)
    sheet.write_string(below, 1, "", book.sum)
    for column in range(len(years) + 1):
        sheet.write_number(below, column + 2, sum(float(row[column + 2] or 0) for row in measures), book.sum)
    chart = book.file.add_chart({"type": "column", "subtype": "stacked"})
    for row in range(top + 1, below):
        chart.add_series(
            {
                "name": ["分年经费", row, 0],
                "categories": ["分年经费", top, 2, top, len(years) + 1],
                "values": ["分年经费", row, 2, row, len(years) + 1],
            }
        )
    chart.set_title({"name": "各项措施分年支出（万元）"})
    sheet.insert_chart(below + 2, 0, chart, {"x_scale": 1.5, "y_scale": 1.2, "description": "各项措施分年支出的柱形图"})


def _schools(book: _Book, data: Data) -> None:
    heads = [
        ("学校标识码", 13, _TEXT),
        ("学校", 26, _TEXT),
        ("所在地", 8, _TEXT),
        ("任务数", 8, _COUNT),
        ("金额（万元）", 12, _MONEY),
    ]
    rows = [
        (school["school_id"], school["school_name"], school["area"], len(school["tasks"]), school["money"])
        for school in data["schools"]
    ]
    book.sheet("学校", heads, rows, fixed=2)


def _indicators(book: _Book, data: Data) -> None:
    years = [entry["year"] for entry in data["years"][1:]]
    heads: list[_Head] = [
        ("学校标识码", 13, _TEXT),
        ("学校", 24, _TEXT),
        ("学段", 6, _TEXT),
        ("指标", 18, _TEXT),
        ("标准", 9, "0.00"),
    ]
    heads += [("现状", 10, "0.00"), (f"{data['target_year']}年不采取措施", 14, "0.00")]
    heads += [(f"{year}年", 10, "0.00") for year in years]
    heads += [("现状达标", 9, _TEXT), ("方案达标", 9, _TEXT)]
    words = {True: "达标", False: "不达标", None: ""}
    rows = [
        [
            school["school_id"],
            school["school_name"],
            stage["stage_label"],
            entry["name"],
            entry["threshold"],
            entry["today"],
            entry["without"],
            *entry["by_year"],
            words[entry["is_met_today"]],
            words[entry["is_met"]],
        ]
        for school in data["schools"]
        for stage in school["stages"]
        for entry in stage["indicators"]
    ]
    book.sheet("指标变化", heads, rows, fixed=4)


def _spreads(book: _Book, data: Data) -> None:
    years = [entry["year"] for entry in data["years"][1:]]
    heads: list[_Head] = [("学段", 8, _TEXT), ("指标", 20, _TEXT), ("上限", 9, "0.00"), ("现状", 10, _CV)]
    heads += [(f"{data['target_year']}年不采取措施", 16, _CV), *((f"{year}年", 10, _CV) for year in years)]
    rows = [
        [entry["stage_label"], entry["name"], entry["limit"], entry["today"], entry["without"], *entry["by_year"]]
        for entry in data["spreads"]
    ]
    book.sheet("差异系数", heads, rows, fixed=2)


def _teachers(book: _Book, data: Data) -> None:
    heads = [
        ("学校标识码", 13, _TEXT),
        ("学校", 26, _TEXT),
        ("所在地", 8, _TEXT),
        ("调出（人）", 11, _COUNT),
        ("调入（人）", 11, _COUNT),
    ]
    rows = [
        (entry["school_id"], entry["school_name"], entry["area"], entry["given"], entry["received"])
        for entry in data["exchanges"]
    ]
    book.sheet("教师调配", heads, rows, fixed=2)
    if data["moves"]:
        _moves(book, data)
    if data["teachers"]:
        _staff(book, data)


def _moves(book: _Book, data: Data) -> None:
    heads: list[_Head] = [("年度", 8, _YEAR), ("学段", 8, _TEXT), ("调出学校", 26, _TEXT), ("调入学校", 26, _TEXT)]
    heads += [("人数", 8, _COUNT), ("距离（千米）", 12, "0.0#")]
    rows = [
        (entry["year"], entry["stage_label"], entry["giver_name"], entry["receiver_name"], entry["count"], entry["km"])
        for entry in data["moves"]
    ]
    book.sheet("教师去向", heads, rows)


def _staff(book: _Book, data: Data) -> None:
    heads: list[_Head] = [("年度", 8, _YEAR), ("退休（人）", 12, "0.0"), ("流失（人）", 12, "0.0")]
    heads += [("已定招聘（人）", 14, _COUNT), ("不采取措施时年末教师（人）", 24, "#,##0.0")]
    rows = [
        (entry["year"], entry["retired"], entry["left"], entry["hired"], entry["count"]) for entry in data["teachers"]
    ]
    book.sheet("教师增减", heads, rows)


def _openings(book: _Book, data: Data) -> None:
    if not data["openings"]:
        return
    heads: list[_Head] = [
        ("学校标识码", 13, _TEXT),
        ("新开学校", 26, _TEXT),
        ("乡镇、街道", 14, _TEXT),
        ("开办年度", 10, _YEAR),
    ]
    heads += [("学段", 8, _TEXT), ("最多容纳（人）", 14, _COUNT), ("目标年度学生（人）", 18, _COUNT)]
    heads += [("生源", 44, _TEXT), ("一次性支出（万元）", 18, _MONEY), ("资金来源", 14, _TEXT)]
    rows = [
        (
            entry["school_id"],
            entry["school_name"],
            entry["township"],
            entry["year"],
            own["stage_label"],
            own["capacity"],
            own["pupils"],
            "、".join(f"{giver['school_name']} {giver['pupils']} 人" for giver in entry["comes_from"]),
            entry["money"] if place == 0 else None,
            entry["source"],
        )
        for entry in data["openings"]
        for place, own in enumerate(entry["stages"])
    ]
    book.sheet("新开学校", heads, rows, fixed=2)


def _limits(book: _Book, data: Data) -> None:
    sheet = book.page("制约与风险")
    heads: list[_Head] = [("抬高费用的要求", 44, _TEXT), ("放宽", 14, _TEXT), ("约可节省（元）", 18, _COUNT)]
    below = book.table(sheet, 0, heads, [(entry["text"], entry["unit"], entry["yuan"]) for entry in data["bindings"]])
    found = data["robustness"]
    if found is not None:
        sheet.write_string(below + 1, 0, f"{found['draws']} 次模拟中全部达标的占 {found['passes']:.1%}")
        risky = [
            (entry["school_name"], STAGE_LABELS[entry["stage"]], entry["fails"], entry["lacks"])
            for entry in found["edge"]
        ]
        edge: list[_Head] = [("人数变化时可能落空的学校", 44, _TEXT), ("学段", 14, _TEXT), ("可能性", 18, _SHARE)]
        below = book.table(sheet, below + 2, [*edge, ("多为哪项指标", 18, _TEXT)], risky)
        broken = [(entry["name"], STAGE_LABELS[entry["stage"]], entry["broken"]) for entry in found["spreads"]]
        spread: list[_Head] = [("人数变化时可能超限的差异系数", 44, _TEXT), *edge[1:]]
        below = book.table(sheet, below + 1, spread, broken)
    open_items = [(entry["name"], entry["label"], None) for entry in data["left_open"]]
    book.table(
        sheet, below + 1, [("须另行达到的要求", 44, _TEXT), ("目标年度", 14, _TEXT), ("", 18, _TEXT)], open_items
    )


_SHEETS = (_overview, _tasks, _matrix, _money, _openings, _schools, _indicators, _spreads, _teachers, _limits)
