"""A scenario in a workbook of the template's layout: nested values with the cell of every entry."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from junheng.core.findings import Finding, Level, Location
from junheng.planning.scenario.field import ScenarioField
from junheng.planning.scenario.layout import (
    GENERAL_HEADS,
    GENERAL_SHEET,
    MEASURE_HEAD,
    MEASURE_ID_HEAD,
    MEASURE_SHEET,
    PATH_COLUMN,
    VALUE_COLUMN,
    column_title,
    measure_columns,
    table_fields,
)
from junheng.planning.scenario.writing import put
from junheng.readers.grids import read_grids
from junheng.readers.sheets import CellError, CellValue, Grid

Places = dict[str, Location]
_SEARCHED_ROWS = 10


def read_scenario_sheets(path: Path) -> tuple[dict[str, Any], Places, tuple[Finding, ...]]:
    """The content, the cell of every entry by its path, and what is wrong with the file itself.

    Sheets of other names are passed over; a workbook without the sheet 条件 is an error. InputError only when
    the path cannot be used at all.
    """
    read = read_grids(path)
    data: dict[str, Any] = {}
    places: Places = {}
    findings = list(read.findings)
    grids = {grid.sheet.strip(): grid for grid in read.grids}
    if GENERAL_SHEET not in grids:
        text = f"“{path.name}”里没有工作表“{GENERAL_SHEET}”。"
        place = Location(file=path.name)
        findings.append(Finding(Level.ERROR, "scenario-no-sheet", text, "请用 --new-scenario 生成模板后填写。", place))
        return data, places, tuple(findings)
    for name, cell, place in _cells(grids):
        places[name] = place
        value = _plain(cell, place, findings)
        if value is not None:
            put(data, name, value)
    for entry in table_fields():
        if entry.label in grids:
            rows = list(_rows(entry, grids[entry.label], places, findings))
            if rows:
                data[entry.path] = rows
    return data, places, tuple(findings)


def _cells(grids: Mapping[str, Grid]) -> Iterator[tuple[str, CellValue, Location]]:
    """Path, value and place of every single entry."""
    general = grids[GENERAL_SHEET]
    for index, row in enumerate(general.rows):
        path = str(row[PATH_COLUMN]).strip() if len(row) > PATH_COLUMN and row[PATH_COLUMN] is not None else ""
        if path and path != GENERAL_HEADS[PATH_COLUMN]:
            yield path, row[VALUE_COLUMN], general.location(index, VALUE_COLUMN)
    measures = grids.get(MEASURE_SHEET)
    if measures is not None:
        yield from _measure_cells(measures)


def _measure_cells(grid: Grid) -> Iterator[tuple[str, CellValue, Location]]:
    head = _head(grid, MEASURE_HEAD)
    if head is None or MEASURE_ID_HEAD not in head[1]:
        return
    top, columns = head
    for index in range(top + 1, len(grid.rows)):
        measure = grid.rows[index][columns[MEASURE_ID_HEAD]]
        for name, title in measure_columns() if measure is not None else ():
            if title in columns:
                yield f"{name}.{measure}", grid.rows[index][columns[title]], grid.location(index, columns[title])


def _rows(entry: ScenarioField, grid: Grid, places: Places, findings: list[Finding]) -> Iterator[dict[str, Any]]:
    """The rows of a table in which anything is written."""
    head = _head(grid, column_title(entry.columns[0]))
    if head is None:
        text = f"工作表“{grid.sheet}”里没有表头“{column_title(entry.columns[0])}”。"
        place = Location(file=grid.file, sheet=grid.sheet)
        findings.append(Finding(Level.ERROR, "scenario-no-header", text, "请不要改动模板的表头。", place))
        return
    top, columns = head
    number = 0
    for index in range(top + 1, len(grid.rows)):
        cells = {
            column.name: (grid.rows[index][columns[title]], grid.location(index, columns[title]))
            for column in entry.columns
            if (title := column_title(column)) in columns
        }
        values = {name: _plain(cell, place, findings) for name, (cell, place) in cells.items()}
        if any(value is not None for value in values.values()):
            number += 1
            places[f"{entry.path}[{number}]"] = grid.location(index, 0)
            places.update({f"{entry.path}[{number}].{name}": place for name, (_, place) in cells.items()})
            yield {name: value for name, value in values.items() if value is not None}


def _head(grid: Grid, first: str) -> tuple[int, dict[str, int]] | None:
    """The index of the row that holds a title, and the column of every title in it."""
    for index, row in enumerate(grid.rows[:_SEARCHED_ROWS]):
        titles = {str(cell).strip(): place for place, cell in enumerate(row) if cell is not None}
        if first in titles:
            return index, titles
    return None


def _plain(cell: CellValue, place: Location, findings: list[Finding]) -> Any:
    """What a cell says; None when it is blank. An error in the cell is a finding."""
    if isinstance(cell, CellError):
        text = f"{place.sheet}!{place.cell} 显示错误 {cell.code}。"
        findings.append(Finding(Level.ERROR, "scenario-cell", text, "请改正这一格。", place))
        return None
    if isinstance(cell, str) and not cell.strip():
        return None
    return cell if cell is None or isinstance(cell, bool | int | float) else str(cell)
