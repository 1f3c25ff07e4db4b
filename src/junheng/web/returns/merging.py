"""What a workbook would change in a draft: the same computation for the preview and for the real thing."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from junheng.core.findings import Finding, Level, Location
from junheng.web.returns.coverage import IDENTITY, SINGLE_ROW_TABLES, Covers, field_of
from junheng.web.returns.document import Document, Origin, Row, key_text
from junheng.web.returns.words import shown

WHOLE_LISTS = frozenset({"classes", "rooms"})
"""Tables where the workbook's list takes the place of the draft's; in the others rows are joined by their key."""

ReadRows = Mapping[str, Sequence[Mapping[str, Any]]]
"""As `Upload.rows`."""


@dataclass(frozen=True, slots=True)
class CellChange:
    """One cell: which, what stands in it now, what would stand in it, and in which cell of the workbook that is."""

    table: str
    row_key: str
    label: str
    before: str
    after: str
    place: str


@dataclass(frozen=True, slots=True)
class Merge:
    """The draft as it would be, and what differs: cells, rows that are new, rows that go."""

    document: Document
    changes: tuple[CellChange, ...]
    added: tuple[tuple[str, str], ...]
    removed: tuple[tuple[str, str], ...]

    @property
    def is_empty(self) -> bool:
        """True when nothing would change."""
        return not (self.changes or self.added or self.removed)


def merge(document: Document, covers: Covers, read: ReadRows, origin: Origin) -> Merge:
    """The rows of a workbook put into a draft. A blank cell leaves what is there; what the return does not cover is left out.

    `document` is changed. `origin` is that of the file; each value gets its own sheet and cell.
    """
    changes: list[CellChange] = []
    added: list[tuple[str, str]] = []
    removed: list[tuple[str, str]] = []
    for table in (name for name in covers if read.get(name)):
        kept = set()
        for item in read[table]:
            key = _key_of(document, table, item["values"])
            row = document.row_of(table, key)
            if row is None and table in SINGLE_ROW_TABLES:
                continue
            if row is None:
                row = document.add(table)
                row.values.update({name: item["values"][name] for name in IDENTITY & set(item["values"])})
                added.append((table, key))
                _fill(row, table, covers, item, origin)
            else:
                changes += _fill(row, table, covers, item, origin)
            kept.add(row.number)
        if table in WHOLE_LISTS:
            gone = [row for row in document.tables[table] if row.number not in kept]
            removed += [(table, key_text(table, row.values)) for row in gone]
            document.tables[table] = [row for row in document.tables[table] if row.number in kept]
    return Merge(document, tuple(changes), tuple(added), tuple(removed))


def _key_of(document: Document, table: str, values: Mapping[str, Any]) -> str:
    """The key of a read row; the single row of a table is found whatever the workbook calls it."""
    if table in SINGLE_ROW_TABLES and document.tables.get(table):
        return key_text(table, document.tables[table][0].values)
    return key_text(table, values)


def _fill(row: Row, table: str, covers: Covers, item: Mapping[str, Any], origin: Origin) -> list[CellChange]:
    changes = []
    key = key_text(table, row.values)
    for name, value in item["values"].items():
        field = field_of(covers, table, name)
        if field is None or row.values.get(name) == value:
            continue
        cell = item["cells"].get(name, "")
        before, after = shown(field, row.values.get(name)), shown(field, value)
        changes.append(CellChange(table, key, field.header, before, after, f"{item['sheet']} {cell}".strip()))
        row.put(name, value, _at(origin, item["sheet"], cell))
    return changes


def _at(origin: Origin, sheet: str, cell: str) -> Origin:
    return Origin(origin.kind, origin.by, origin.by_id, origin.at, origin.file, sheet, cell)


def by_school(read: ReadRows) -> dict[str, dict[str, list[Mapping[str, Any]]]]:
    """The rows of school tables, by school id."""
    found: dict[str, dict[str, list[Mapping[str, Any]]]] = {}
    for table, items in read.items():
        for item in items:
            school_id = item["values"].get("school_id")
            if school_id is not None:
                found.setdefault(str(school_id), {}).setdefault(table, []).append(item)
    return found


def strangers(found: Iterable[str], known: Iterable[str], file: str) -> list[Finding]:
    """One finding per school of a workbook that has no return here."""
    return [
        Finding(
            Level.WARNING,
            "upload-school-unknown",
            f"“{file}”里有标识码为 {school_id} 的学校,它不在这次填报的名单里,没有采用。",
            "请核对标识码;新设的学校请县级管理员先加入学校名录。",
            Location(file=file, field="school_id", subject=school_id),
        )
        for school_id in sorted(set(found) - set(known))
    ]
