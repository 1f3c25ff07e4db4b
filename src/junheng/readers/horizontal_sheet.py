"""One sheet with a header above and a record in every row → a part of a table."""

from collections.abc import Mapping
from typing import Any

from junheng.core.facts import TableSource
from junheng.core.fields import Table
from junheng.core.findings import Finding, Location
from junheng.core.template_layout import EXAMPLE_MARK, ORDINAL_HEADER
from junheng.readers.cells import Problem
from junheng.readers.columns import read_column
from junheng.readers.fact_remarks import cell_remark, fact_remark
from junheng.readers.headers import Header, HeaderCell, Match, UnitState, normal_text
from junheng.readers.rows import data_rows
from junheng.readers.sheets import CellValue, Grid, column_letters
from junheng.readers.table_part import TablePart, key_words

_OWN_HEADERS = frozenset({ORDINAL_HEADER, EXAMPLE_MARK, "编号"})
_UNKNOWN = Problem("formula_without_value", "公式没有计算结果")


def read_horizontal(grid: Grid, table: Table, header: Header) -> TablePart:
    """The records under a found header, with findings on columns, rows and cells.

    Columns whose unit cannot be converted and fields without a column give no values. A row whose key is incomplete, or
    repeats within the sheet, is left out and reported.
    """
    findings: list[Finding] = []
    matches = _mapped_columns(grid, header, findings)
    findings += missing_fields(grid.file, grid.sheet, table, {match.field.id for match, _ in matches.values()})
    usable = {name: (match, column) for name, (match, column) in matches.items() if _is_usable(match)}
    letters = {name: column_letters(grid.first_column + column) for name, (_, column) in usable.items()}
    part = TablePart(table, TableSource(grid.file, grid.sheet, {}, letters), findings=findings)
    if not all(name in usable for name in table.key):
        return part
    rows = data_rows(grid, table, header, {name: column for name, (_, column) in usable.items()})
    findings += rows.findings
    values, problems = _read_cells(grid, table, usable, rows.indices)
    _keep_named_rows(part, grid, rows.indices, values, problems)
    findings += _cell_findings(grid, part.source, values, problems, rows.indices, table)
    findings += _merge_findings(grid, table, header, usable)
    return part


def _is_usable(match: Match) -> bool:
    return match.unit in (UnitState.EXPECTED, UnitState.CONVERTED)


def _mapped_columns(grid: Grid, header: Header, findings: list[Finding]) -> dict[str, tuple[Match, int]]:
    matches: dict[str, tuple[Match, int]] = {}
    for cell in header.cells:
        where = _header_location(grid, header, cell)
        if cell.match is None:
            if normal_text(cell.text) and normal_text(cell.text) not in _OWN_HEADERS:
                text = f"“{grid.sheet}”表 {where.cell} 的列“{_one_line(cell.text)}”不在模板中，没有读入。"
                findings.append(fact_remark("reader-column-ignored", text, where))
        elif cell.match.field.id in matches:
            first = column_letters(grid.first_column + matches[cell.match.field.id][1])
            text = f"“{grid.sheet}”表 {where.cell} 的列“{_one_line(cell.text)}”与 {first} 列重复。"
            findings.append(fact_remark("reader-column-duplicate", text, where))
        else:
            matches[cell.match.field.id] = (cell.match, cell.column)
            findings += unit_findings(cell.match, _one_line(cell.text), where)
    return matches


def _header_location(grid: Grid, header: Header, cell: HeaderCell) -> Location:
    row, letters = grid.first_row + header.last_row, column_letters(grid.first_column + cell.column)
    field_id = cell.match.field.id if cell.match else ""
    return Location(file=grid.file, sheet=grid.sheet, row=row, column=letters, field=field_id)


def unit_findings(match: Match, text: str, where: Location) -> list[Finding]:
    """What there is to say about the unit that a header, or a unit cell, states."""
    place, expected = f"“{where.sheet}”表 {where.cell}“{text}”", match.field.unit or "无单位"
    if match.unit is UnitState.CONVERTED:
        message = f"{place}的单位是“{match.stated_unit}”，模板是“{expected}”，已精确换算。"
        return [fact_remark("reader-unit-converted", message, where)]
    if match.unit is UnitState.REFUSED:
        message = f"{place}的单位是“{match.stated_unit}”，模板是“{expected}”，不能精确换算，没有读入。"
        return [fact_remark("reader-unit-refused", message, where)]
    if match.unit is UnitState.UNKNOWN:
        message = f"{place}里的“{match.stated_unit}”看不懂，模板是“{match.field.header}”，没有读入。"
        return [fact_remark("reader-unit-unknown", message, where)]
    return []


def missing_fields(file: str, sheet: str, table: Table, found: set[str]) -> list[Finding]:
    """An error for each required field that a sheet does not have, one warning for all the others together."""
    lacking = [entry for entry in table.fields.values() if entry.id not in found]
    findings = [
        fact_remark(
            "reader-required-column-missing",
            f"“{sheet}”表缺少必填项“{entry.label}”。",
            Location(file=file, sheet=sheet, field=entry.id),
        )
        for entry in lacking
        if entry.required
    ]
    optional = [entry.label for entry in lacking if not entry.required]
    if optional:
        text = f"“{sheet}”表缺少 {len(optional)} 项：{'、'.join(optional)}。"
        findings.append(fact_remark("reader-column-missing", text, Location(file=file, sheet=sheet)))
    return findings


Cells = dict[str, list[Any]]
Problems = dict[str, dict[int, Problem]]


def _read_cells(
    grid: Grid, table: Table, usable: Mapping[str, tuple[Match, int]], indices: list[int]
) -> tuple[Cells, Problems]:
    values: Cells = {}
    problems: Problems = {}
    rows = [grid.rows[index] for index in indices]
    for name, (match, column) in usable.items():
        cells = [row[column] for row in rows]
        if name in table.key and grid.merges:
            _fill_merged(cells, grid, column, indices)
        values[name], found = read_column(cells, match.field, match.scale)
        if found:
            problems[name] = dict(found)
    if grid.formula_without_value:
        _mark_unknown(grid, usable, indices, problems)
    return values, problems


def _mark_unknown(grid: Grid, usable: Mapping[str, tuple[Match, int]], indices: list[int], problems: Problems) -> None:
    positions = {index: position for position, index in enumerate(indices)}
    names = {column: name for name, (_, column) in usable.items()}
    for row, column in sorted(grid.formula_without_value):
        position, name = positions.get(row - grid.first_row), names.get(column - grid.first_column)
        if position is not None and name is not None:
            problems.setdefault(name, {})[position] = _UNKNOWN


def _fill_merged(cells: list[CellValue], grid: Grid, column: int, indices: list[int]) -> None:
    """Repeat the value of a key cell merged downwards: a school named once beside all its classes."""
    positions = {index: position for position, index in enumerate(indices)}
    for first_row, first_column, last_row, last_column in grid.merges:
        if first_column <= grid.first_column + column <= last_column and last_row > first_row:
            value = grid.rows[first_row - grid.first_row][first_column - grid.first_column]
            for row in range(first_row, last_row + 1):
                position = positions.get(row - grid.first_row)
                if position is not None:
                    cells[position] = value


def _keep_named_rows(part: TablePart, grid: Grid, indices: list[int], values: Cells, problems: Problems) -> None:
    """Put the rows that have a whole key of their own into the part; report the others."""
    names = _key_names(part.table, values)
    numbers = [grid.first_row + index for index in indices]
    seen = {name: row for name, row in zip(names, numbers, strict=True) if name is not None}
    kept = list(range(len(names)))
    if len(seen) < len(names):
        kept, seen = _distinct_rows(part, names, numbers, (values, problems))
        values = {name: [column[at] for at in kept] for name, column in values.items()}
    part.keys = list(seen)
    part.rows = list(seen.values())
    part.source = TableSource(grid.file, grid.sheet, seen, part.source.column_of)
    part.columns = values


def _key_names(table: Table, values: Cells) -> list[tuple[str, ...] | None]:
    """The key of each row as text, None where a part of it is missing."""
    columns = [
        values[name] if not table.fields[name].type.is_number else [_text_or_none(value) for value in values[name]]
        for name in table.key
    ]
    keys: list[Any] = list(zip(*columns, strict=True))
    has_gap = any(None in column for column in columns)
    return [None if None in key else key for key in keys] if has_gap else keys


def _text_or_none(value: Any) -> str | None:
    return None if value is None else str(value)


def _distinct_rows(
    part: TablePart, names: list[tuple[str, ...] | None], numbers: list[int], read: tuple[Cells, Problems]
) -> tuple[list[int], dict[tuple[str, ...], int]]:
    """The positions of the first row of each key, and the sheet row of each; findings for all other rows."""
    seen: dict[tuple[str, ...], int] = {}
    kept: list[int] = []
    first = part.table.key[0]
    for position, (name, row) in enumerate(zip(names, numbers, strict=True)):
        if name is None:
            part.findings += _lacking_key(part, row, position, *read)
        elif name in seen:
            source, subject = part.source, "、".join(name)
            where = Location(source.file, source.sheet, row, source.column_of[first], first, subject)
            text = f"“{source.sheet}”表第 {row} 行与第 {seen[name]} 行重复：{key_words(part.table, name)}。"
            part.findings.append(fact_remark("reader-duplicate-row", text, where))
        else:
            seen[name] = row
            kept.append(position)
    return kept, seen


def _lacking_key(part: TablePart, row: int, position: int, values: Cells, problems: Problems) -> list[Finding]:
    """An error for each blank key cell of a row; a key cell with a problem has an error of its own."""
    findings = []
    for name in part.table.key:
        if values[name][position] is None and position not in problems.get(name, {}):
            source, label = part.source, part.table.fields[name].label
            where = Location(source.file, source.sheet, row, source.column_of[name], name)
            text = f"“{source.sheet}”表 {where.cell}（{label}）没有填，第 {row} 行没有读入。"
            findings.append(fact_remark("reader-key-missing", text, where))
    return findings


def _cell_findings(
    grid: Grid, source: TableSource, values: Cells, problems: Problems, indices: list[int], table: Table
) -> list[Finding]:
    findings = []
    for name, found in problems.items():
        for position, problem in found.items():
            key = [values[part][position] for part in table.key]
            subject = "、".join(str(value) for value in key if value is not None)
            row = grid.first_row + indices[position]
            where = Location(source.file, source.sheet, row, source.column_of[name], name, subject)
            lost = f"，第 {row} 行没有读入" if name in table.key else ""  # without its key nobody knows whose row it is
            findings.append(cell_remark(problem.code, table.fields[name].label, problem.reason + lost, where))
    return sorted(findings, key=lambda finding: finding.location.row or 0)


def _merge_findings(grid: Grid, table: Table, header: Header, usable: Mapping[str, tuple[Match, int]]) -> list[Finding]:
    """A warning for each merged area that hides values other than keys below the header."""
    findings = []
    columns = {grid.first_column + column: name for name, (_, column) in usable.items() if name not in table.key}
    first_data_row = grid.first_row + header.last_row + 1
    for first_row, first_column, last_row, last_column in grid.merges:
        names = [columns[column] for column in range(first_column, last_column + 1) if column in columns]
        if names and first_row >= first_data_row and (last_row > first_row or len(names) > 1):
            start, end = f"{column_letters(first_column)}{first_row}", f"{column_letters(last_column)}{last_row}"
            where = Location(grid.file, grid.sheet, first_row, column_letters(first_column), names[0])
            text = f"“{grid.sheet}”表 {start}:{end} 是合并单元格，只有左上角有值。"
            findings.append(fact_remark("reader-merged-cells", text, where))
    return findings


def _one_line(text: str) -> str:
    return "".join(text.split())
