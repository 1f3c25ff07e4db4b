"""Files in, facts out: every sheet recognised, every column matched by its header, every value with its cell.

Whatever is wrong with the data becomes a finding; a value that cannot be taken is missing, never zero.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import Any

from junheng.core.facts import Facts, TableSource, frame_from_columns
from junheng.core.fields import FieldDictionary, Table
from junheng.core.findings import Finding, Location
from junheng.core.template_layout import (
    GUIDE_SHEET,
    LIST_SHEET,
    META_SHEET,
    TEMPLATE_NAME,
    TEMPLATE_VERSION,
    dictionary_digest,
)
from junheng.readers.fact_remarks import fact_remark
from junheng.readers.grids import stream_grids
from junheng.readers.headers import HeaderIndex, find_header, normal_text, table_by_headers
from junheng.readers.horizontal_sheet import read_horizontal
from junheng.readers.sheets import Grid, Limits
from junheng.readers.table_part import TablePart, key_words
from junheng.readers.vertical_sheet import read_vertical

__all__ = ["FactsRead", "facts_from_grids", "read_facts", "read_previous"]

_OWN_SHEETS = frozenset({GUIDE_SHEET, LIST_SHEET, META_SHEET})
_SHEET_PREFIX = re.compile(r"^(?:附?[表件]?[0-9一二三四五六七八九十]+[-_.、:]*)")
_SHEET_SUFFIX = re.compile(r"(?:\(?\d+\)?)?(?:数据)?(?:采集|信息|情况|基本情况|填报)?(?:表|数据)?(?:\(?\d+\)?)?$")


@dataclass(frozen=True, slots=True)
class FactsRead:
    """What was read. `facts` is None when no sheet was recognised or the year is not known; the findings say why."""

    facts: Facts | None
    findings: list[Finding]


@dataclass(slots=True)
class _Scope:
    """Whose facts these are, as hidden template sheets tell it; empty when they do not."""

    county_code: str = ""
    county_name: str = ""
    year: int | None = None


@dataclass(slots=True)
class _Reading:
    findings: list[Finding] = field(default_factory=list)
    parts: dict[str, list[TablePart]] = field(default_factory=lambda: defaultdict(list))
    scope: _Scope = field(default_factory=_Scope)


def read_facts(
    paths: Sequence[Path], dictionary: FieldDictionary, *, year: int | None = None, limits: Limits | None = None
) -> FactsRead:
    """The facts of one county and year from workbooks, text tables and folders of CSV or Parquet files, merged into one.

    Values stand in the units of the dictionary, or in a unit the header states that converts exactly. `year` stands in for
    a year the files do not tell, and must agree with the one they do. Findings are those of the raw read and of this one.
    Raises InputError when a path cannot be used at all.
    """
    findings: list[Finding] = []
    grids = chain.from_iterable(stream_grids(path, findings, limits=limits) for path in paths)
    read = facts_from_grids(grids, dictionary, year=year)  # sheets are mapped while the next ones are being parsed
    return FactsRead(read.facts, findings + read.findings)


def read_previous(paths: Sequence[Path], dictionary: FieldDictionary, now: Facts) -> FactsRead:
    """The facts of the year before, to compare with. A warning, and no facts, when the files are not those of this county and
    that year, or cannot be read. Raises InputError when a path cannot be used at all."""
    read = read_facts(paths, dictionary)
    wrong = _why_not_previous(read, now)
    if not wrong:
        return FactsRead(read.facts, [])
    return FactsRead(None, [fact_remark("reader-previous-unused", wrong, Location(file=paths[0].name))])


def _why_not_previous(read: FactsRead, now: Facts) -> str:
    if read.facts is None:
        return f"上一年度的文件读不出数据：{''.join(finding.message for finding in read.findings[:1])}"
    if read.facts.county_code != now.county_code:
        return f"上一年度的文件是另一个县的（{read.facts.county_code}，本次是 {now.county_code}）。"
    if read.facts.year != now.year - 1:
        return f"上一年度的文件是 {read.facts.year} 年的，不是 {now.year - 1} 年的。"
    return ""


def facts_from_grids(grids: Iterable[Grid], dictionary: FieldDictionary, *, year: int | None = None) -> FactsRead:
    """The same from sheets that were read already."""
    reading = _Reading()
    indexes = {name: HeaderIndex(table) for name, table in dictionary.tables.items()}
    for grid in grids:
        if grid.sheet == META_SHEET:
            _take_meta(grid, dictionary, reading)
        elif grid.sheet not in _OWN_SHEETS and grid.rows:
            _take_sheet(grid, dictionary, indexes, reading)
    if not reading.parts:
        text = "没有认出任何一张数据表。"
        return FactsRead(None, [*reading.findings, fact_remark("reader-no-facts", text, Location())])
    _say_missing_tables(dictionary, reading)
    return _assemble(dictionary, reading, year)


# ---------------------------------------------------------------------------------------------------- sheets and tables


def _take_sheet(grid: Grid, dictionary: FieldDictionary, indexes: Mapping[str, HeaderIndex], reading: _Reading) -> None:
    table = _table_by_name(grid.sheet, dictionary)
    named = table is not None
    if table is None:
        table = table_by_headers(grid.rows, dictionary, indexes) or _vertical_table(grid, dictionary, indexes)
    part = _read_part(grid, table, indexes[table.id]) if table is not None else None
    if part is not None:
        reading.parts[part.table.id].append(part)
        reading.findings += part.findings
    elif named and _has_content(grid):
        text = f"“{grid.sheet}”表里找不到表头，没有读入。"
        reading.findings.append(fact_remark("reader-header-missing", text, Location(grid.file, grid.sheet)))
    elif not grid.hidden and _has_content(grid):
        text = f"“{grid.file}”的表“{grid.sheet}”不是模板里的表，没有读入。"
        reading.findings.append(fact_remark("reader-sheet-unknown", text, Location(grid.file, grid.sheet)))


def _read_part(grid: Grid, table: Table, index: HeaderIndex) -> TablePart | None:
    header = find_header(grid, index, table)
    if header is not None:
        return read_horizontal(grid, table, header)
    return read_vertical(grid, table, index) if table.is_vertical else None


def _table_by_name(sheet: str, dictionary: FieldDictionary) -> Table | None:
    wanted = {normal_text(sheet), _sheet_name(sheet)} - {""}
    for table in dictionary.tables.values():
        if wanted & {normal_text(table.label), table.id, _sheet_name(table.label)}:
            return table
    return None


def _sheet_name(text: str) -> str:
    """A sheet name without numbering and without words like 情况表: `附件1-学校基本情况表` → `学校`."""
    return _SHEET_SUFFIX.sub("", _SHEET_PREFIX.sub("", normal_text(text))).removesuffix("基本")


def _vertical_table(grid: Grid, dictionary: FieldDictionary, indexes: Mapping[str, HeaderIndex]) -> Table | None:
    """A vertical table of which one column of the sheet names at least a third of the fields."""
    for table in dictionary.tables.values():
        if table.is_vertical:
            part = read_vertical(grid, table, indexes[table.id])
            if part is not None and 3 * len(part.source.row_of) >= len(table.fields):
                return table
    return None


def _has_content(grid: Grid) -> bool:
    return any(cell is not None for row in grid.rows for cell in row)


def _say_missing_tables(dictionary: FieldDictionary, reading: _Reading) -> None:
    lacking = [table for table in dictionary.tables.values() if table.id not in reading.parts]
    if lacking:
        text = f"没有读到 {len(lacking)} 张表：{'、'.join(table.label for table in lacking)}。"
        reading.findings.append(fact_remark("reader-table-missing", text, Location()))


# ---------------------------------------------------------------------------------------------------------- hidden sheet


def _take_meta(grid: Grid, dictionary: FieldDictionary, reading: _Reading) -> None:
    told = {str(row[0]): str(row[1] or "") for row in grid.rows if len(row) > 1 and row[0] is not None}
    if TEMPLATE_NAME not in told:
        return
    version, digest = told[TEMPLATE_NAME], told.get("dictionary_digest", "")
    if version != TEMPLATE_VERSION or digest != dictionary_digest(dictionary):
        made = f"模板版本 {version}、字典版本 {told.get('dictionary_version', '') or '未知'}"
        text = f"“{grid.file}”由另一版模板制作（{made}），当前为模板版本 {TEMPLATE_VERSION}、字典版本 {dictionary.version}。"
        reading.findings.append(fact_remark("reader-template-version", text, Location(grid.file)))
    scope = reading.scope
    scope.county_code = scope.county_code or told.get("county_code", "")
    scope.county_name = scope.county_name or told.get("county_name", "")
    if scope.year is None and told.get("year", "").isdecimal():
        scope.year = int(told["year"])


# --------------------------------------------------------------------------------------------------------------- merging


def _assemble(dictionary: FieldDictionary, reading: _Reading, asked_year: int | None) -> FactsRead:
    columns: dict[str, dict[str, list[Any]]] = {}
    heights: dict[str, int] = {}
    sources: dict[str, tuple[TableSource, ...]] = {}
    for name, parts in reading.parts.items():
        merge = _merged_record if dictionary.tables[name].is_vertical else _merged_rows
        columns[name], heights[name], sources[name] = merge(parts, reading.findings)
    scope = _final_scope(columns.get("county", {}), sources.get("county", ()), reading, asked_year)
    if scope.year is None:
        return FactsRead(None, reading.findings)
    tables = {
        name: frame_from_columns(table, columns.get(name, {}), heights.get(name, 0), scope.county_code, scope.year)
        for name, table in dictionary.tables.items()
    }
    facts = Facts(scope.county_code, scope.county_name, scope.year, tables, sources)
    return FactsRead(facts, reading.findings)


Merged = tuple[dict[str, list[Any]], int, tuple[TableSource, ...]]


def _merged_rows(parts: list[TablePart], findings: list[Finding]) -> Merged:
    """The rows of several sheets below each other; of rows with one key the first is kept and the others are reported."""
    if len(parts) == 1:
        return parts[0].columns, len(parts[0].keys), (parts[0].source,)
    first_of: dict[tuple[str, ...], tuple[TablePart, int]] = {}
    columns: dict[str, list[Any]] = {name: [] for name in parts[0].table.fields}
    sources = []
    for part in parts:
        fresh = [at for at, key in enumerate(part.keys) if key not in first_of]
        for at, key in enumerate(part.keys):
            if key in first_of:
                findings.append(_repeated_row(part, at, *first_of[key]))
            else:
                first_of[key] = (part, at)
        whole = len(fresh) == len(part.keys)
        for name, collected in columns.items():
            values = part.columns.get(name)
            if values is None:
                collected.extend([None] * len(fresh))
            else:
                collected.extend(values if whole else [values[at] for at in fresh])
        rows = {part.keys[at]: part.rows[at] for at in fresh}
        sources.append(TableSource(part.source.file, part.source.sheet, rows, part.source.column_of))
    return columns, len(first_of), tuple(sources)


def _repeated_row(part: TablePart, at: int, first: TablePart, first_at: int) -> Finding:
    key, name = part.keys[at], part.table.key[0]
    where = Location(
        part.source.file, part.source.sheet, part.rows[at], part.source.column_of[name], name, "、".join(key)
    )
    earlier = f"“{first.source.file}”的“{first.source.sheet}”表第 {first.rows[first_at]} 行"
    text = f"“{where.file}”的“{where.sheet}”表第 {where.row} 行与{earlier}重复：{key_words(part.table, key)}。"
    return fact_remark("reader-duplicate-row", text, where)


def _merged_record(parts: list[TablePart], findings: list[Finding]) -> Merged:
    """One record from several sheets, field by field: what one lacks another may give; where two differ the first is kept."""
    record: dict[str, Any] = {}
    owners: dict[str, TablePart] = {}
    for part in parts:
        for name, column in part.columns.items():
            value = column[0] if column else None
            if value is None:
                continue
            if name not in record:
                record[name], owners[name] = value, part
            elif record[name] != value:
                findings.append(_conflict(part, owners[name], name))
    sources = tuple(_owned_source(part, owners, is_first=part is parts[0]) for part in parts)
    return {name: [value] for name, value in record.items()}, 1 if record else 0, sources


def _conflict(part: TablePart, first: TablePart, name: str) -> Finding:
    key = first.keys[0] if first.keys else ()
    where, earlier = part.source.locate(part.keys[0], name), first.source.locate(key, name)
    label = part.table.fields[name].label
    text = f"“{where.file}”{where.cell} 的“{label}”与“{earlier.file}”{earlier.cell} 不一致。"
    return fact_remark("reader-county-conflict", text, where)


def _owned_source(part: TablePart, owners: Mapping[str, TablePart], *, is_first: bool) -> TableSource:
    """The source without the fields that another sheet gave; fields that nobody gave point to the first sheet."""
    source = part.source
    if not source.is_vertical:
        owned = {name: letters for name, letters in source.column_of.items() if owners.get(name, part) is part}
        return TableSource(source.file, source.sheet, source.row_of, owned)
    rows = {key: row for key, row in source.row_of.items() if owners.get(key[0], part if is_first else None) is part}
    return TableSource(source.file, source.sheet, rows, source.column_of, is_vertical=True)


def _final_scope(
    county: Mapping[str, list[Any]], sources: tuple[TableSource, ...], reading: _Reading, asked_year: int | None
) -> _Scope:
    def told(name: str) -> Any:
        return (county.get(name) or [None])[0]

    found, hidden = told("year"), reading.scope
    scope = _Scope(told("county_code") or hidden.county_code, told("county_name") or hidden.county_name)
    known = found if found is not None else hidden.year
    scope.year = asked_year if asked_year is not None else known
    if not scope.county_code:
        text = "不知道是哪个县：没有读到行政区划代码。"
        reading.findings.append(fact_remark("reader-county-missing", text, Location(field="county_code")))
    if scope.year is None:
        text = "不知道是哪一年的数据：没有读到数据年度。"
        reading.findings.append(fact_remark("reader-year-missing", text, Location(field="year")))
    elif known is not None and known != scope.year:
        where = next((place for source in sources if (place := source.locate((), "year")).row), Location(field="year"))
        text = f"文件里的数据年度是 {known} 年，指定的是 {scope.year} 年。"
        reading.findings.append(fact_remark("reader-year-conflict", text, where))
    return scope
