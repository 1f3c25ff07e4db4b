"""A scenario to fill in, or one that exists, as a YAML file with a line on every entry or as a workbook."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import xlsxwriter

from junheng.planning.plan.measures import SPECS, Measure
from junheng.planning.scenario.field import Kind, ScenarioField
from junheng.planning.scenario.fields import scenario_fields
from junheng.planning.scenario.layout import (
    GENERAL_HEADS,
    GENERAL_SHEET,
    MEASURE_HEAD,
    MEASURE_ID_HEAD,
    MEASURE_SHEET,
    PRICE_HEAD,
    VALUE_COLUMN,
    column_title,
    measure_columns,
    single_fields,
    table_fields,
)
from junheng.planning.scenario.reading import at
from junheng.reports.reproducible import fixed_moment, rewrite_zip

__all__ = ["scenario_workbook", "scenario_yaml"]

Data = Mapping[str, Any]
_BLANK_ROWS = 200
_LINE, _TWO_LINES = 28, 30  # characters that fit on one line of the help column; points of a row of two
_TITLE = "达标方案的条件"
_HOW = (
    "在“条件”和“措施”两张表的白底格里填写，其余各表有就填，没有就空着。",
    "单价、预算、贴现率没有默认值：允许的措施都要填单价，没有支出的填 0；不采取的措施在“允许”一栏选“否”。",
    "灰底格和“编号”一列供程序辨认，请不要改动。",
    "填好后运行 junheng plan 采集表.xlsx --scenario 本文件.xlsx；填错的地方会指明工作表和单元格。",
)


def scenario_yaml(data: Data) -> str:
    """The data as YAML text; every entry has its name, unit and meaning above it or beside it."""
    lines = ["# 达标方案的条件。# 后面是说明；空着的单价、预算、贴现率没有默认值，必须填写（没有支出的填 0）。"]
    group, head = "", ""
    for entry in scenario_fields():
        if entry.group != group:
            group = entry.group
            lines += ["", f"# ---- {group} ----"]
        section, _, name = entry.path.rpartition(".")
        if section and section != head:
            lines.append(f"{section}:")
        head = section
        lines += _yaml_entry(entry, name, at(data, entry.path), "  " if section else "")
    return "\n".join(lines) + "\n"


def _yaml_entry(entry: ScenarioField, name: str, value: Any, indent: str) -> Iterator[str]:
    remark = _remark(entry)
    if entry.kind is not Kind.TABLE:
        written = _yaml_value(value)
        yield f"{indent}{name}:{' ' if written else ''}{written}  # {remark}"
        return
    yield f"# {remark}"
    for column in entry.columns:
        yield f"#   {column.name}: {_remark(column)}"
    if not value:
        yield f"{name}: []"
        return
    yield f"{name}:"
    for row in value:
        cells = ", ".join(f"{key}: {_yaml_value(cell)}" for key, cell in row.items())
        yield f"  - {{{cells}}}"


def _yaml_value(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    return json.dumps(list(value) if isinstance(value, tuple) else value, ensure_ascii=False)


def _remark(entry: ScenarioField) -> str:
    unit = f"（{entry.unit}）" if entry.unit else ""
    choices = f"可选：{'、'.join(f'{key}（{label}）' for key, label in entry.choices)}。" if _is_short(entry) else ""
    required = "必填。" if entry.is_required else ""
    return f"{entry.label}{unit}。{required}{choices}{entry.help}".replace("\n", " ")


def _is_short(entry: ScenarioField) -> bool:
    """Whether the choices are few enough to be listed; those of measures are the entries of `allowed`."""
    return 0 < len(entry.choices) <= 6


def scenario_workbook(data: Data) -> bytes:
    """The bytes of a workbook with the data: sheets 说明, 条件, 措施 and one for every table; the same for the same data."""
    target = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(target, options)
    book.set_properties({"title": _TITLE, "created": fixed_moment(None)})
    sheets = _Sheets(book)
    sheets.guide()
    sheets.general(data)
    sheets.measures(data)
    for entry in table_fields():
        sheets.table(entry, at(data, entry.path) or ())
    book.close()
    return rewrite_zip(target.getvalue())


class _Sheets:
    """A workbook being written, with its few formats."""

    def __init__(self, book: Any) -> None:
        self.book = book
        border = {"border": 1, "border_color": "#C3CBD6", "valign": "vcenter", "text_wrap": True}
        self.head = book.add_format({**border, "bold": True, "bg_color": "#E6ECF5", "align": "center"})
        self.group = book.add_format({**border, "bold": True, "bg_color": "#D6E0EF"})
        self.fixed = book.add_format({**border, "bg_color": "#F2F4F7"})
        self.open = book.add_format({**border, "bg_color": "#FFFFFF"})
        self.must = book.add_format({**border, "bg_color": "#FFF6DB"})
        self.text = book.add_format({**border, "num_format": "@"})
        self.title = book.add_format({"bold": True, "font_size": 14})
        self.line = book.add_format({"text_wrap": True, "valign": "top"})

    def guide(self) -> None:
        """How to fill it in."""
        sheet = self.page("说明", [90])
        sheet.write_string(0, 0, _TITLE, self.title)
        for number, line in enumerate(_HOW, start=2):
            sheet.write_string(number, 0, f"{number - 1}. {line}", self.line)

    def general(self, data: Data) -> None:
        """One row per single entry, groups as headings."""
        sheet = self.page(GENERAL_SHEET, [28, 28, 8, 60, 26])
        for column, title in enumerate(GENERAL_HEADS):
            sheet.write_string(0, column, title, self.head)
        sheet.freeze_panes(1, 0)
        row, group = 0, ""
        for entry in single_fields():
            row += 1
            if entry.group != group:
                group = entry.group
                sheet.merge_range(row, 0, row, len(GENERAL_HEADS) - 1, group, self.group)
                row += 1
            for column, text in enumerate((entry.label, "", entry.unit, _help(entry), entry.path)):
                sheet.write_string(row, column, text, self.fixed)
            if len(_help(entry)) > _LINE:
                sheet.set_row(row, _TWO_LINES)
            value = at(data, entry.path)
            self.cell(sheet, row, VALUE_COLUMN, entry, value, self.must if entry.is_required else self.open)

    def measures(self, data: Data) -> None:
        """One row per measure, one column per kind of entry."""
        columns = measure_columns()
        heads = (MEASURE_HEAD, PRICE_HEAD, *(title for _, title in columns), MEASURE_ID_HEAD)
        sheet = self.page(MEASURE_SHEET, [24, 24, *(12 for _ in columns[:-1]), 20, 22])
        for place, title in enumerate(heads):
            sheet.write_string(0, place, title, self.head)
        sheet.freeze_panes(1, 1)
        fields = {entry.path: entry for entry in scenario_fields()}
        for row, measure in enumerate(Measure, start=1):
            sheet.write_string(row, 0, f"{measure.label}（{measure.unit}）", self.fixed)
            sheet.write_string(row, 1, SPECS[measure].price_for, self.fixed)
            sheet.write_string(row, len(heads) - 1, measure.value, self.fixed)
            for place, (name, _) in enumerate(columns, start=2):
                entry = fields.get(f"{name}.{measure.value}")
                if entry is None:
                    sheet.write_blank(row, place, None, self.fixed)
                else:
                    look = self.must if name == "prices" else self.open
                    self.cell(sheet, row, place, entry, at(data, entry.path), look)

    def table(self, entry: ScenarioField, rows: Sequence[Data]) -> None:
        """A table with room to write in."""
        sheet = self.page(entry.label, [max(14, 2 * len(column_title(column)) + 2) for column in entry.columns])
        for place, column in enumerate(entry.columns):
            sheet.write_string(0, place, column_title(column), self.head)
            if _help(column):
                sheet.write_comment(0, place, _help(column))
            last = max(len(rows), _BLANK_ROWS)
            self.choices(sheet, (1, place, last, place), column)
            look = self.text if column.kind is Kind.TEXT else self.open
            for row in range(1, last + 1):
                value = rows[row - 1].get(column.name) if row <= len(rows) else None
                self.value(sheet, row, place, column, value, look)
        sheet.freeze_panes(1, 0)

    def page(self, name: str, widths: Sequence[int]) -> Any:
        """A sheet that prints one page wide."""
        sheet = self.book.add_worksheet(name)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        for column, width in enumerate(widths):
            sheet.set_column(column, column, width)
        return sheet

    def cell(self, sheet: Any, row: int, column: int, entry: ScenarioField, value: Any, look: Any) -> None:
        """One cell to fill in, with a list to choose from where there are choices."""
        self.choices(sheet, (row, column, row, column), entry)
        self.value(sheet, row, column, entry, value, look)

    def choices(self, sheet: Any, area: tuple[int, int, int, int], entry: ScenarioField) -> None:
        """The list to choose from in an area (first row and column, last row and column), where the entry has choices."""
        labels = ["是", "否"] if entry.kind is Kind.FLAG else [label for _, label in entry.choices]
        if labels:
            sheet.data_validation(*area, {"validate": "list", "source": labels})

    def value(self, sheet: Any, row: int, column: int, entry: ScenarioField, value: Any, look: Any) -> None:
        """What a cell holds, in the words of the form; blank where nothing is given."""
        if value is None or value in ([], ()):
            sheet.write_blank(row, column, None, look)
        elif entry.kind is Kind.FLAG:
            sheet.write_string(row, column, "是" if value else "否", look)
        elif entry.choices:
            sheet.write_string(row, column, dict(entry.choices).get(value, str(value)), look)
        elif isinstance(value, int | float):
            sheet.write_number(row, column, value, look)
        else:
            sheet.write_string(row, column, value if isinstance(value, str) else "、".join(value), look)


def _help(entry: ScenarioField) -> str:
    return ("必填。" if entry.is_required else "") + entry.help
