"""A version as people see it: sections, rows and cells in words, with last year's value, findings and remarks at the cell.

The form that schools fill in, the page on which levels decide, and the page of a single cell are all drawn from it.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from junheng.core.fields import Field, FieldType, Table
from junheng.core.template_layout import NO, YES, example_text
from junheng.web.returns.coverage import IDENTITY, SINGLE_ROW_TABLES, Covers, tables_of
from junheng.web.returns.differences import row_label
from junheng.web.returns.document import Document, Row, Values, key_fields, key_text
from junheng.web.returns.models import Remark, Version
from junheng.web.returns.provenance import shown_origin
from junheng.web.returns.words import shown, text_of

GRIDS = frozenset({"classes", "rooms", "county_subjects", "county_years", "survey_groups", "judgements"})
"""Tables of many short rows, drawn as tables; the others are drawn label by label."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell. `name` is what the page calls it; `text` is what is typed, `shown` what is read; `last` is last year's value,
    `before` that of the last approved version (empty where there is none); `source` says where the value came from."""

    name: str
    table: str
    row_id: int
    row_key: str
    entry: Field
    text: str
    shown: str
    is_fixed: bool
    last: str = ""
    before: str = ""
    source: str = ""
    problem: str = ""
    findings: tuple[Mapping[str, Any], ...] = ()
    remarks: tuple[Remark, ...] = ()

    @property
    def options(self) -> tuple[str, ...]:
        """What can be chosen; empty where it is typed."""
        if self.entry.choices:
            return tuple(self.entry.choices.values())
        return (YES, NO) if self.entry.type is FieldType.BOOLEAN else ()

    @property
    def is_number(self) -> bool:
        """True for numbers, which stand to the right."""
        return self.entry.type.is_number and not self.entry.choices

    @property
    def example(self) -> str:
        """How the value is typed, as an example."""
        return example_text(self.entry)

    @property
    def is_key(self) -> bool:
        """True for a part of the key of a row: it names the row and is not a figure."""
        return self.entry.id in key_fields(self.table)

    @property
    def is_missing(self) -> bool:
        """True when nothing is filled in."""
        return not self.text

    @property
    def is_changed(self) -> bool:
        """True when it differs from the last approved version."""
        return bool(self.before) and self.before != self.shown

    @property
    def level(self) -> str:
        """The gravest level of its findings; `error` as well when the typed text cannot be taken."""
        levels = {finding["level"] for finding in self.findings} | ({"error"} if self.problem else set())
        return next((level for level in ("error", "warning", "info") if level in levels), "")


@dataclass(frozen=True, slots=True)
class Group:
    """Cells under one subtitle (empty when there is only one group)."""

    title: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One row: its number on the page, what people call it, its cells in groups, and remarks on the row as a whole."""

    row_id: int
    key: str
    label: str
    groups: tuple[Group, ...]
    is_removable: bool
    remarks: tuple[Remark, ...] = ()

    @property
    def cells(self) -> tuple[Cell, ...]:
        """All cells in order."""
        return tuple(cell for group in self.groups for cell in group.cells)


@dataclass(frozen=True, slots=True)
class Section:
    """One table: drawn as a grid or label by label."""

    table: Table
    heads: tuple[Field, ...]
    rows: tuple[SheetRow, ...]
    is_grid: bool
    may_add: bool

    @property
    def filled_count(self) -> int:
        """Cells that are filled in."""
        return sum(not cell.is_missing for row in self.rows for cell in row.cells if not cell.is_fixed)

    @property
    def cell_count(self) -> int:
        """Cells that can be filled in."""
        return sum(not cell.is_fixed for row in self.rows for cell in row.cells)


@dataclass(frozen=True)
class Sheet:
    """All sections of a version, its findings, and the remarks on the whole."""

    sections: tuple[Section, ...]
    findings: tuple[Mapping[str, Any], ...] = ()
    remarks: tuple[Remark, ...] = ()

    def cell(self, table: str, row_key: str, field_id: str) -> Cell | None:
        """The cell of that row key and field, or None."""
        cells = (
            cell for section in self.sections if section.table.id == table for row in section.rows for cell in row.cells
        )
        return next((cell for cell in cells if cell.row_key == row_key and cell.entry.id == field_id), None)


@dataclass(frozen=True)
class Beside:
    """What stands beside the values: last year's, the last approved ones, remarks, and what was typed and not taken.

    `problems` and `typed` are by the name of the cell.
    """

    previous: Values | None = None
    approved: Values | None = None
    remarks: Iterable[Remark] = ()
    problems: Mapping[str, str] = field(default_factory=dict)
    typed: Mapping[str, str] = field(default_factory=dict)


def cell_name(table: str, row_id: int, field_id: str) -> str:
    """What the page calls a cell."""
    return f"{table}-{row_id}-{field_id}"


def sheet_of(version: Version, covers: Covers, beside: Beside | None = None) -> Sheet:
    """The version as people see it."""
    return _Drawing(version, covers, beside or Beside()).sheet()


class _Drawing:
    def __init__(self, version: Version, covers: Covers, beside: Beside) -> None:
        self._document = Document.of(version)
        self._covers = covers
        self._beside = beside
        self._all_findings = tuple(version.findings)
        self._findings: dict[tuple[str, str, str], list[Mapping[str, Any]]] = defaultdict(list)
        for finding in version.findings:
            self._findings[finding["table"], finding["row_key"], finding["location"]["field"]].append(finding)
        self._remarks: dict[tuple[str, str, str], list[Remark]] = defaultdict(list)
        for remark in beside.remarks:
            self._remarks[remark.table, remark.row_key, remark.field].append(remark)
        self._previous = _indexed(beside.previous)
        self._approved = _indexed(beside.approved)

    def sheet(self) -> Sheet:
        sections = tuple(self._section(table) for table in tables_of(self._covers))
        return Sheet(sections, self._all_findings, tuple(self._remarks.get(("", "", ""), ())))

    def _section(self, table: Table) -> Section:
        heads = tuple(table.fields[name] for name in self._covers[table.id] if name not in IDENTITY)
        rows = tuple(self._row(table, row) for row in self._document.tables.get(table.id, ()))
        return Section(table, heads, rows, table.id in GRIDS, table.id not in SINGLE_ROW_TABLES)

    def _row(self, table: Table, row: Row) -> SheetRow:
        key = key_text(table.id, row.values)
        cells = [self._cell(table, row, key, table.fields[name]) for name in self._covers[table.id]]
        shown_cells = [cell for cell in cells if not cell.is_fixed or cell.entry.id in ("school_id", "school_name")]
        if table.id != "schools":
            shown_cells = [cell for cell in shown_cells if not cell.is_fixed]
        return SheetRow(
            row_id=row.number,
            key=key,
            label=row_label(table, row.values),
            groups=_grouped(table.id, shown_cells),
            is_removable=table.id not in SINGLE_ROW_TABLES,
            remarks=tuple(self._remarks.get((table.id, key, ""), ())),
        )

    def _cell(self, table: Table, row: Row, key: str, entry: Field) -> Cell:
        name = cell_name(table.id, row.number, entry.id)
        value, origin = row.values.get(entry.id), row.origins.get(entry.id)
        return Cell(
            name=name,
            table=table.id,
            row_id=row.number,
            row_key=key,
            entry=entry,
            text=self._beside.typed.get(name, text_of(entry, value)),
            shown=shown(entry, value),
            is_fixed=entry.id in IDENTITY,
            last="" if entry.id in table.key else _beside(self._previous, table.id, key, entry),
            before=_beside(self._approved, table.id, key, entry),
            source=shown_origin(origin) if origin else "",
            problem=self._beside.problems.get(name, ""),
            findings=tuple(self._findings.get((table.id, key.replace("/", ":"), entry.id), ())),
            remarks=tuple(self._remarks.get((table.id, key, entry.id), ())),
        )


_Rows = Mapping[tuple[str, str], Mapping[str, Any]]


def _indexed(values: Values | None) -> _Rows | None:
    if values is None:
        return None
    return {(table, key_text(table, row)): row for table, rows in values.items() for row in rows}


def _beside(rows: _Rows | None, table: str, key: str, entry: Field) -> str:
    """The value of the same cell in other rows, in words; empty when there are no such rows."""
    return shown(entry, rows.get((table, key), {}).get(entry.id)) if rows is not None else ""


def _grouped(table: str, cells: Sequence[Cell]) -> tuple[Group, ...]:
    titles: dict[str, list[Cell]] = {}
    for cell in cells:
        titles.setdefault(_title(table, cell.entry), []).append(cell)
    return tuple(Group(title, tuple(found)) for title, found in titles.items())


def _title(table: str, entry: Field) -> str:
    """Under which subtitle a field stands."""
    if table == "schools":
        by_unit = {
            "人": _("学生"),
            "㎡": _("校舍与场地"),
            "万元": _("经费与资产"),
            "分": _("督导评分"),
            "项": _("督导评分"),
        }
        return by_unit.get(entry.unit, _("装备与图书") if entry.unit else _("基本情况"))
    if table == "stages":
        is_staff = "teacher" in entry.id or entry.id in ("staff_count", "is_art_count_total")
        return _("教师") if is_staff else _("学生与班级")
    return entry.reporter if table == "county" else ""
