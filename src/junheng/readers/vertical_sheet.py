"""One sheet with a label beside each value, such as the county's, → a part of a table with one record."""

from collections import Counter
from typing import Any

from junheng.core.facts import TableSource
from junheng.core.fields import Table
from junheng.core.findings import Finding, Location
from junheng.core.template_layout import (
    EXAMPLE_MARK,
    HELP_HEADER,
    ITEM_HEADER,
    ORDINAL_HEADER,
    REPORTER_HEADER,
    UNIT_HEADER,
    VALUE_HEADER,
)
from junheng.readers.columns import read_column
from junheng.readers.fact_remarks import cell_remark, fact_remark
from junheng.readers.headers import HeaderIndex, Match, UnitState, normal_text, with_unit
from junheng.readers.horizontal_sheet import missing_fields, unit_findings
from junheng.readers.sheets import CellValue, Grid, column_letters
from junheng.readers.table_part import TablePart
from junheng.readers.units import is_known_unit

_VALUE_HEADERS = frozenset({VALUE_HEADER, "数值", "值", "数据", "数量", "填写", "填写值", "内容", "value"})
_UNIT_HEADERS = frozenset({UNIT_HEADER, "计量单位", "unit"})
_ITEM_HEADERS = frozenset({ITEM_HEADER, "指标", "指标名称", "名称", "填报项目", "item"})
_OTHER_HEADERS = frozenset(
    {EXAMPLE_MARK, REPORTER_HEADER, HELP_HEADER, ORDINAL_HEADER, "说明", "备注", "来源", "数据来源"}
)
_FEWEST_LABELS = 2


def read_vertical(grid: Grid, table: Table, index: HeaderIndex) -> TablePart | None:
    """The record of a sheet whose labels stand below each other; None without labels of the table, or values beside them.

    The values stand in the column headed 填报值 (or 数值 …), else in the next one to the right of the labels that is neither
    units nor remarks. A unit in the label, or in a column headed 单位, is converted as in `read_horizontal`.
    """
    label_column = _label_column(grid, index)
    if label_column is None:
        return None
    heads = _heads(grid, index, label_column)
    value_column = _value_column(grid, label_column, heads)
    if value_column is None:
        return None
    unit_column = next((column for column, head in heads.items() if head in _UNIT_HEADERS), None)
    return _VerticalReader(grid, table, index).read(label_column, value_column, unit_column)


class _VerticalReader:
    def __init__(self, grid: Grid, table: Table, index: HeaderIndex) -> None:
        self._grid = grid
        self._table = table
        self._index = index
        self._findings: list[Finding] = []

    def read(self, label_column: int, value_column: int, unit_column: int | None) -> TablePart:
        """The part, its findings included."""
        grid = self._grid
        letters = column_letters(grid.first_column + value_column)
        values: dict[str, Any] = {}
        rows: dict[tuple[str, ...], int] = {}
        for position, row in enumerate(grid.rows):
            match = self._match(row, label_column, unit_column)
            if match is None:
                self._say_ignored(row, position, label_column, value_column)
                continue
            name, number = match.field.id, grid.first_row + position
            where = Location(grid.file, grid.sheet, number, letters, name)
            if (name,) in rows:
                text = f"“{grid.sheet}”表第 {number} 行“{match.field.label}”与第 {rows[(name,)]} 行重复。"
                self._findings.append(fact_remark("reader-column-duplicate", text, where))
                continue
            rows[(name,)] = number
            values[name] = self._value(row[value_column], match, where, (position, value_column))
        self._findings += missing_fields(grid.file, grid.sheet, self._table, set(values))
        source = TableSource(grid.file, grid.sheet, rows, {"": letters}, is_vertical=True)
        part = TablePart(self._table, source, findings=self._findings)
        if any(value is not None for value in values.values()):
            part.keys = [tuple(str(values.get(name) or "") for name in self._table.key)]
            part.columns = {name: [value] for name, value in values.items()}
        return part

    def _match(self, row: list[CellValue], label_column: int, unit_column: int | None) -> Match | None:
        match = self._index.match(row[label_column])
        unit = row[unit_column] if unit_column is not None else None
        is_stated = isinstance(unit, str) and bool(unit.strip())
        if match is None or match.stated_unit or not is_stated:
            return match
        return with_unit(match.field, str(unit)) if match.field.unit else match

    def _value(self, cell: CellValue, match: Match, where: Location, place: tuple[int, int]) -> Any:
        self._findings += unit_findings(match, match.field.label, where)
        if match.unit in (UnitState.REFUSED, UnitState.UNKNOWN):
            return None
        if self._grid.has_unknown_formula(*place):
            reason = "公式没有计算结果"
            self._findings.append(cell_remark("formula_without_value", match.field.label, reason, where))
            return None
        (value,), problems = read_column([cell], match.field, match.scale)
        for _, problem in problems:
            self._findings.append(cell_remark(problem.code, match.field.label, problem.reason, where))
        return value

    def _say_ignored(self, row: list[CellValue], position: int, label_column: int, value_column: int) -> None:
        label, value = row[label_column], row[value_column]
        if isinstance(label, str) and value is not None and normal_text(label) not in _ITEM_HEADERS:
            where = self._grid.location(position, label_column)
            text = f"“{self._grid.sheet}”表 {where.cell} 的“{''.join(label.split())}”不在模板中，没有读入。"
            self._findings.append(fact_remark("reader-column-ignored", text, where))


def _label_column(grid: Grid, index: HeaderIndex) -> int | None:
    counts: Counter[int] = Counter()
    for row in grid.rows:
        counts.update(column for column, cell in enumerate(row) if index.match(cell) is not None)
    best = max(counts, key=lambda column: (counts[column], -column), default=None)
    return best if best is not None and counts[best] >= _FEWEST_LABELS else None


def _heads(grid: Grid, index: HeaderIndex, label_column: int) -> dict[int, str]:
    """The texts of the last row above the first label: what each column says it holds."""
    first = next(position for position, row in enumerate(grid.rows) if index.match(row[label_column]) is not None)
    known = _VALUE_HEADERS | _UNIT_HEADERS | _ITEM_HEADERS | _OTHER_HEADERS
    for row in reversed(grid.rows[:first]):
        heads = {column: normal_text(cell) for column, cell in enumerate(row) if isinstance(cell, str)}
        if any(head in known for head in heads.values()):
            return heads
    return {}


def _value_column(grid: Grid, label_column: int, heads: dict[int, str]) -> int | None:
    for column, head in heads.items():
        if column != label_column and head in _VALUE_HEADERS:
            return column
    width = len(grid.rows[0])
    for column in range(label_column + 1, width):
        if heads.get(column, "") not in _OTHER_HEADERS | _UNIT_HEADERS and not _holds_units(grid, column):
            return column
    return None


def _holds_units(grid: Grid, column: int) -> bool:
    cells = [cell for row in grid.rows if (cell := row[column]) is not None]
    return bool(cells) and sum(isinstance(cell, str) and is_known_unit(cell) for cell in cells) > len(cells) / 2
