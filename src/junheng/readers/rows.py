"""Tells data rows from the others: blank rows, totals, repeated headers, the example row, notes under the table."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from operator import itemgetter

from junheng.core.fields import Table
from junheng.core.findings import Finding, Location
from junheng.core.template_layout import EXAMPLE_MARK, example_text
from junheng.readers.fact_remarks import fact_remark
from junheng.readers.headers import Header, normal_text
from junheng.readers.sheets import CellValue, Grid

_LEADING_CELLS = 4
_TOTAL = re.compile(r"(?:[总合小累共]计|.{0,12}(?:合计|总计|小计|累计))[::]?")
_NOTE = re.compile(r"(?:附?注|备注|说明|填[表报写]|制表|审[核批]|负责人|单位负责人|联系|日期|※).*[::].*|※.*")
_EXAMPLE_MARKS = frozenset({EXAMPLE_MARK, "示例行", "样例", "填写示例"})
_HINTS = "计例:※"


@dataclass(slots=True)
class DataRows:
    """The indices (within the grid) of the rows that hold data, and what was said about those that do not."""

    indices: list[int] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)


def data_rows(grid: Grid, table: Table, header: Header, columns: Mapping[str, int]) -> DataRows:
    """The data rows under a header. `columns` gives the index of each mapped field's column; a key column is among them.

    Blank rows go without a word; totals, notes and repeated headers with an INFO; an example row that no longer shows the
    example with a WARNING. A row that only lacks its key stays in: the reader of keys reports it.
    """
    sorter = _RowSorter(grid, table, header, columns)
    result = DataRows()
    unknown_rows = {row - grid.first_row for row, _ in grid.formula_without_value}
    key = next(columns[name] for name in table.key if name in columns)
    doubtful = sorter.doubtful_rows(key)
    result.indices.extend(index for index in range(header.last_row + 1, len(grid.rows)) if index not in doubtful)
    for index in sorted(doubtful):
        kind = sorter.kind(grid.rows[index], index in unknown_rows)
        if kind == "data":
            result.indices.append(index)
        elif kind:
            result.findings.append(sorter.finding(kind, index))
    result.indices.sort()
    return result


class _RowSorter:
    def __init__(self, grid: Grid, table: Table, header: Header, columns: Mapping[str, int]) -> None:
        self._grid = grid
        self._table = table
        self._columns = columns
        self._keys = [columns[name] for name in table.key if name in columns]
        self._header_texts = frozenset(normal_text(text) for text in header.texts)
        self._header_by_column = {cell.column: normal_text(cell.text) for cell in header.cells}
        self._first_row = header.last_row + 1
        self._example_key = normal_text(example_text(table.fields[table.key[0]]))

    def doubtful_rows(self, key: int) -> set[int]:
        """The indices of the rows that lack the key, or whose key or first cells might make them something else than data."""
        rows = self._grid.rows[self._first_row :]
        doubtful: set[int] = set()
        for column in {key, *range(min(_LEADING_CELLS, len(self._grid.rows[0])))}:
            cells = list(map(itemgetter(column), rows))
            signs: set[CellValue] = {cell for cell in set(cells) if type(cell) is str and self._is_suspicious(cell)}
            if column == key:
                signs.add(None)
            if not signs.isdisjoint(cells):
                doubtful.update(self._first_row + at for at, cell in enumerate(cells) if cell in signs)
        return doubtful

    def _is_suspicious(self, text: str) -> bool:
        plain = normal_text(text)
        if not plain or plain == self._example_key or plain in self._header_texts:
            return True
        hinted = any(mark in plain for mark in _HINTS)
        return hinted and bool(plain in _EXAMPLE_MARKS or _TOTAL.fullmatch(plain) or _NOTE.fullmatch(plain))

    def kind(self, row: list[CellValue], has_unknown: bool) -> str:
        """`data`, the code of the remark that the row deserves, or '' for a row to pass over in silence."""
        texts = [normal_text(cell) for cell in row if isinstance(cell, str) and cell.strip()]
        if not has_unknown and not texts and all(cell is None or isinstance(cell, str) for cell in row):
            return ""
        if texts and texts[0] in _EXAMPLE_MARKS:
            return "" if self._shows_example(row) else "reader-example-changed"
        if self._repeats_header(row):
            return "reader-repeated-header"
        lacks_key = any(self._is_blank(row[column]) for column in self._keys)
        if self._is_whole(row) and self._shows_example(
            row
        ):  # less could be a subject or group that nobody has filled in yet
            return ""
        if texts and any(_TOTAL.fullmatch(text) for text in (texts if lacks_key else texts[:1])):
            return "reader-total-row"
        if texts and _NOTE.fullmatch(texts[0]) and self._is_alone(row):
            return "reader-note-row"
        return "data" if has_unknown or not lacks_key or self._has_data(row) else ""

    def finding(self, code: str, index: int) -> Finding:
        """The remark on one row that was left out."""
        row = self._grid.first_row + index
        words = {
            "reader-total-row": "是合计行，没有读入",
            "reader-repeated-header": "是重复的表头，没有读入",
            "reader-note-row": "像是说明或签名，没有读入",
            "reader-example-changed": "标着“示例”，但内容和模板的示例不同，没有读入",
        }
        where = Location(file=self._grid.file, sheet=self._grid.sheet, row=row)
        return fact_remark(code, f"“{self._grid.sheet}”表第 {row} 行{words[code]}。", where)

    def _shows_example(self, row: list[CellValue]) -> bool:
        """True when every filled mapped cell shows the dictionary's example."""
        filled = [(name, row[column]) for name, column in self._columns.items() if not self._is_blank(row[column])]
        if not filled:
            return True
        return all(_same(cell, example_text(self._table.fields[name])) for name, cell in filled)

    def _is_whole(self, row: list[CellValue]) -> bool:
        return not any(self._is_blank(row[column]) for column in self._columns.values())

    def _repeats_header(self, row: list[CellValue]) -> bool:
        said = [(column, cell) for column, cell in enumerate(row) if isinstance(cell, str) and cell.strip()]
        same = sum(1 for column, cell in said if self._header_by_column.get(column) == normal_text(cell))
        return (
            bool(said)
            and same >= max(1, len(said) // 2)
            and any(normal_text(cell) in self._header_texts for column, cell in said if column in self._keys)
        )

    def _is_alone(self, row: list[CellValue]) -> bool:
        """True when the row holds no number: notes and signatures are words."""
        return not any(isinstance(cell, int | float) for cell in row)

    def _has_data(self, row: list[CellValue]) -> bool:
        """True when any mapped cell is filled, so that a number in an ordinal column alone does not count."""
        return any(not self._is_blank(row[column]) for column in self._columns.values())

    @staticmethod
    def _is_blank(cell: CellValue) -> bool:
        return cell is None or (isinstance(cell, str) and not cell.strip())


def _same(cell: CellValue, example: str) -> bool:
    if isinstance(cell, str):
        return normal_text(cell) == normal_text(example)
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell)) == example
    return str(cell)[:10] == example
