"""Where a value came from, as core's facts tell it: file, sheet and cell, or who typed it and when."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from django.utils.translation import gettext as _

from junheng.core.facts import TableSource
from junheng.core.findings import Location
from junheng.readers.dictionary import load_dictionary
from junheng.web.returns.document import Document, Origin

Find = Callable[[str, str, str], tuple[Origin, int] | None]
"""Table, row key joined by `:`, field id → the origin and the number of the row on the form (1-based), or None."""

_CELL = re.compile(r"([A-Z]{1,3})([0-9]+)")


@dataclass(frozen=True)
class ReturnSource(TableSource):
    """A table that was filled in cell by cell, from the web and from workbooks: asks `find` for each cell."""

    table: str = ""
    find: Find = lambda *_: None

    def locate(self, key: tuple[str, ...], field_id: str, subject: str = "") -> Location:
        """The cell of a workbook; for typed values the form, the person and the time, with the number of the row."""
        found = self.find(self.table, ":".join(key), field_id)
        if found is None:
            return Location(field=field_id, subject=subject)
        origin, position = found
        cell = _CELL.fullmatch(origin.cell)
        if cell is None:
            return Location(described(origin), self.sheet, position, "", field_id, subject)
        return Location(origin.file, origin.sheet, int(cell[2]), cell[1], field_id, subject)


def described(origin: Origin) -> str:
    """`网页填报 · 姓名 · 时间`, `文件 · 表 单元格`, or `导入 · 文件`: as kept with facts and findings, always in Chinese."""
    return _described(origin, "网页填报", "导入")


def shown_origin(origin: Origin) -> str:
    """The same in the language of the page."""
    return _described(origin, _("网页填报"), _("导入"))


def _described(origin: Origin, typed: str, imported: str) -> str:
    if origin.kind == "web":
        return f"{typed} · {origin.by} · {origin.at.replace('T', ' ')}"
    place = f"{origin.file} · {origin.sheet} {origin.cell}".strip(" ·")
    return place if origin.kind == "workbook" else f"{imported} · {place}".strip(" ·")


def source_tables(find: Find, tables: Mapping[str, object] | None = None) -> dict[str, tuple[TableSource, ...]]:
    """One source per table of the dictionary, all asking the same function."""
    empty: Mapping[str, str] = MappingProxyType({})
    return {
        name: (ReturnSource("", table.label, MappingProxyType({}), empty, table=name, find=find),)
        for name, table in load_dictionary().tables.items()
        if tables is None or name in tables
    }


def sources_of(document: Document) -> dict[str, tuple[TableSource, ...]]:
    """The sources of one document's own rows."""

    def find(table: str, key: str, field_id: str) -> tuple[Origin, int] | None:
        row = document.row_of(table, key)
        if row is None or field_id not in row.origins:
            return None
        return row.origins[field_id], document.tables[table].index(row) + 1

    return source_tables(find, document.tables)
