"""Finds the header of a sheet and says which column holds which field: by what the header says, never by its position."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache

from junheng.core.fields import Field, FieldDictionary, Table
from junheng.readers.sheets import CellValue, Grid
from junheng.readers.units import conversion_factor, is_known_unit

__all__ = [
    "Header",
    "HeaderCell",
    "HeaderIndex",
    "Match",
    "UnitState",
    "find_header",
    "normal_text",
    "table_by_headers",
]

_SCANNED_ROWS = 20
_GOOD_SHARE = 0.8
_LONGEST_HEADER = 80
_MARKS = re.compile(r"[*★☆]|\((?:必填|选填|必选|可选)\)|[(]?(?:必填项)[)]?")
_TRAILING_BRACKET = re.compile(r"(.+?)[(\[【〔<]([^()\[\]【】〔〕<>]*)[)\]】〕>]")
_TRAILING_UNIT = re.compile(r"(.+?)[/,:;、，]([^/,:;、，()]{1,6})")
_BRACKETS = re.compile(r"\([^()]*\)")


class UnitState(StrEnum):
    """What a header says about the unit: nothing or the expected one, one to convert exactly, a wrong one, or a riddle."""

    EXPECTED = "expected"
    CONVERTED = "converted"
    REFUSED = "refused"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Match:
    """A header text taken for a field. `scale` turns a typed number into canonical units as this header has them."""

    field: Field
    scale: int
    unit: UnitState = UnitState.EXPECTED
    stated_unit: str = ""


@dataclass(frozen=True, slots=True)
class HeaderCell:
    """One column of a found header: its index in the grid's rows, the text as it stands, and the field if one matches."""

    column: int
    text: str
    match: Match | None


@dataclass(frozen=True, slots=True)
class Header:
    """A found header: index of its last row within the grid, its cells, and the texts that mark a repetition of it."""

    first_row: int
    last_row: int
    cells: tuple[HeaderCell, ...]
    texts: frozenset[str] = field(default_factory=frozenset)

    @property
    def match_count(self) -> int:
        """How many different fields are matched."""
        return len({cell.match.field.id for cell in self.cells if cell.match})


@lru_cache(maxsize=8192)
def normal_text(text: str) -> str:
    """A header as it is compared: NFKC (㎡ → m2, （ → ( …), no blanks or line breaks, no `*`, lower case."""
    plain = "".join(unicodedata.normalize("NFKC", text).split()).casefold()
    return _MARKS.sub("", plain)


class HeaderIndex:
    """The fields of one table by everything a header may call them: label, label with unit, label without remarks, id."""

    def __init__(self, table: Table) -> None:
        self._fields: dict[str, Field] = {}
        self._matches: dict[str, Match | None] = {}
        short = Counter(_BRACKETS.sub("", normal_text(entry.label)) for entry in table.fields.values())
        for entry in table.fields.values():
            self._fields[normal_text(entry.label)] = entry
            self._fields[normal_text(entry.header)] = entry
            self._fields[entry.id] = entry
        for entry in table.fields.values():
            name = _BRACKETS.sub("", normal_text(entry.label))
            if short[name] == 1:
                self._fields.setdefault(name, entry)

    def match(self, text: CellValue) -> Match | None:
        """The field that a header text names, with what it says about the unit; None when it names none."""
        if not isinstance(text, str) or len(text) > _LONGEST_HEADER:
            return None
        plain = normal_text(text)
        if plain not in self._matches:
            self._matches[plain] = self._find(plain)
        return self._matches[plain]

    def _find(self, plain: str) -> Match | None:
        exact = self._fields.get(plain)
        if exact is not None:
            return Match(exact, exact.scale)
        for pattern in (_TRAILING_BRACKET, _TRAILING_UNIT):
            parts = pattern.fullmatch(plain)
            entry = self._fields.get(parts[1]) if parts else None
            if parts and entry is not None:
                return with_unit(entry, parts[2])
        return None


def with_unit(entry: Field, unit: str) -> Match:
    """The match of a field whose header or unit cell states `unit`; on a text field it is a remark, such as （全称）."""
    if not entry.type.is_number or entry.choices:
        return Match(entry, entry.scale)
    if not is_known_unit(unit):
        return Match(entry, entry.scale, UnitState.UNKNOWN, unit)
    factor = conversion_factor(unit, entry.unit)
    if factor is None or (entry.scale * factor).denominator != 1:
        return Match(entry, entry.scale, UnitState.REFUSED, unit)
    state = UnitState.EXPECTED if factor == 1 else UnitState.CONVERTED
    return Match(entry, int(entry.scale * factor), state, unit)


def find_header(grid: Grid, index: HeaderIndex, table: Table) -> Header | None:
    """The header of a table in a sheet, in one row or two; None when no row among the first ones names two of its fields.

    Title rows above are passed over. In a two-row header a group title merged across columns is joined with the line below
    (`专任教师中` over `本科`), and a title merged downwards counts as the whole header.
    """
    best: Header | None = None
    needed = min(2, len(table.fields))
    scanned = min(_SCANNED_ROWS, len(grid.rows))
    single = _header(grid, index, 0, 0)
    for row in range(scanned):
        if single.match_count == len(table.fields):
            return single
        below = _header(grid, index, row + 1, row + 1) if row + 1 < len(grid.rows) else None
        found = _better(grid, index, single, below, len(table.fields))
        if found.match_count >= needed and (best is None or found.match_count > best.match_count):
            best = found
        if best is not None and best.match_count >= _GOOD_SHARE * len(table.fields):
            return best
        if below is not None:
            single = below
    return best


def _better(grid: Grid, index: HeaderIndex, single: Header, below: Header | None, field_count: int) -> Header:
    """The header of one row, or that of two rows when both together name more fields than either alone."""
    if below is None or not single.cells or below.match_count == field_count:
        return single
    both = _header(grid, index, single.first_row, below.last_row)
    return both if both.match_count > max(single.match_count, below.match_count) else single


def _header(grid: Grid, index: HeaderIndex, first: int, last: int) -> Header:
    if first == last:
        texts: list[tuple[str, ...]] = [(cell,) if isinstance(cell, str) else () for cell in grid.rows[first]]
    else:
        upper, lower = _spread(grid, first), grid.rows[last]
        texts = [_column_texts(above, below) for above, below in zip(upper, lower, strict=True)]
    cells = tuple(_header_cell(index, column, said) for column, said in enumerate(texts) if said)
    return Header(first, last, cells, frozenset(text for said in texts for text in said))


def _header_cell(index: HeaderIndex, column: int, texts: Sequence[str]) -> HeaderCell:
    for text in texts:
        match = index.match(text)
        if match is not None:
            return HeaderCell(column, text, match)
    return HeaderCell(column, texts[0], None)


def _column_texts(above: CellValue, below: CellValue) -> tuple[str, ...]:
    """What a column of a two-row header may be called, the likeliest first."""
    upper = above if isinstance(above, str) else ""
    lower = below if isinstance(below, str) else ""
    if upper and lower:
        return (upper + lower, lower, f"{upper}中{lower}")
    return (upper or lower,) if upper or lower else ()


def _spread(grid: Grid, row: int) -> list[CellValue]:
    """A header row with the text of cells merged across columns repeated in each of them."""
    cells = list(grid.rows[row])
    for first_row, first_column, _, last_column in grid.merges:
        if first_row == grid.first_row + row:
            start = first_column - grid.first_column
            for column in range(start + 1, min(last_column - grid.first_column + 1, len(cells))):
                cells[column] = cells[start]
    return cells


def table_by_headers(
    rows: Sequence[Sequence[CellValue]], dictionary: FieldDictionary, indexes: Mapping[str, HeaderIndex]
) -> Table | None:
    """The table whose fields the first rows of a sheet name best; None when none is named with its whole key, or two tie."""
    scores: Counter[str] = Counter()
    for row in rows[:_SCANNED_ROWS]:
        for name, found in _named_fields(row, indexes).items():
            table = dictionary.tables[name]
            if found.issuperset(table.key) and len(found) >= min(2, len(table.fields)):
                scores[name] = max(scores[name], len(found))
    ranked = scores.most_common(2)
    if not ranked or (len(ranked) > 1 and ranked[0][1] == ranked[1][1]):
        return None
    return dictionary.tables[ranked[0][0]]


def _named_fields(row: Iterable[CellValue], indexes: Mapping[str, HeaderIndex]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for cell in row:
        if isinstance(cell, str):
            for name, index in indexes.items():
                match = index.match(cell)
                if match is not None:
                    found.setdefault(name, set()).add(match.field.id)
    return found
