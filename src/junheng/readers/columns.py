"""Whole columns of raw cells to canonical values: clean cells in bulk, the rest one by one with a reason."""

import unicodedata
from collections.abc import Callable, Sequence
from math import isfinite
from types import NoneType
from typing import Any, cast

from junheng.core.fields import Field, FieldType
from junheng.readers.cells import (
    Parsed,
    Problem,
    parse_boolean,
    parse_choice,
    parse_date,
    parse_integer,
    parse_ratio,
    parse_text,
    parse_year,
)
from junheng.readers.sheets import CellValue

Parse = Callable[[CellValue], Parsed]

_IDENTIFIERS = ("_id", "_code")
_CLEAN_LIMIT = 10**15
_FIRST_YEAR, _LAST_YEAR = 1900, 2100


def cell_parser(entry: Field, scale: int) -> Parse:
    """The careful parser of a field's cells; numbers are typed in units of which `scale` canonical ones make one."""
    if entry.choices:
        return _choice_parser(entry)
    simple: dict[FieldType, Parse] = {
        FieldType.TEXT: parse_text if entry.id.endswith(_IDENTIFIERS) else parse_wording,
        FieldType.BOOLEAN: parse_boolean,
        FieldType.YEAR: parse_year,
        FieldType.DATE: parse_date,
    }
    if entry.type in simple:
        return simple[entry.type]
    if entry.type is FieldType.RATIO:
        return lambda cell: parse_ratio(cell, scale=scale)
    return lambda cell: parse_integer(cell, scale=scale)


def read_column(cells: Sequence[CellValue], entry: Field, scale: int) -> tuple[list[Any], list[tuple[int, Problem]]]:
    """Canonical values, one a cell, and the problems with the positions of their cells.

    A blank cell and a cell with a problem are both None; what was only guessed is never taken.
    """
    parse = cell_parser(entry, scale)
    if entry.choices or not entry.type.is_number:
        return _read_words(cells, parse)
    if entry.type is FieldType.YEAR:
        return _read_numbers(cells, parse, 1, _FIRST_YEAR, _LAST_YEAR)
    if entry.type is FieldType.RATIO:
        return _read_numbers(cells, parse, scale, 0, 1)
    return _read_numbers(cells, parse, scale, -_CLEAN_LIMIT, _CLEAN_LIMIT)


def parse_wording(cell: CellValue) -> Parsed:
    """Names, notes and other wording as people wrote it: `parse_text` without its NFKC, so that （ stays （."""
    parsed = parse_text(cell)
    if not isinstance(cell, str) or parsed.value is None:
        return parsed
    kept = cell.strip().removeprefix("'").strip()
    is_same = unicodedata.normalize("NFKC", kept) == parsed.value
    return Parsed(kept, parsed.problem, cell) if is_same else parsed


def _read_words(cells: Sequence[CellValue], parse: Parse) -> tuple[list[Any], list[tuple[int, Problem]]]:
    """Texts and choices repeat: each different text is parsed once."""
    different = set(cells)
    is_worded = {str, NoneType}.issuperset(map(type, cells))
    if is_worded and parse in (parse_text, parse_wording) and _are_plain(different - {None}):
        return list(cells), []
    parsed = {text: parse(text) for text in different if type(text) is str}
    clean: dict[Any, Any] = {text: one.value for text, one in parsed.items() if one.problem is None}
    clean[None] = None
    if is_worded and len(clean) == len(parsed) + 1:
        return [clean[cell] for cell in cells], []
    values: list[Any] = []
    problems: list[tuple[int, Problem]] = []
    for position, cell in enumerate(cells):
        is_known = type(cell) is str and cell in clean
        values.append(clean[cell] if is_known else _parse_one(cell, parse, position, problems))
    return values, problems


def _are_plain(texts: set[Any]) -> bool:
    """True when all texts are letters and digits that NFKC leaves alone and none can be a number like 1e5: they are clean.

    Whatever a text needs to be cleaned of (blanks, invisible signs, an apostrophe) is neither a letter nor a digit, and
    NFKC leaves the parts of a text alone that it leaves alone as a whole.
    """
    joined = "".join(texts)
    if not joined.isalnum() or "" in texts or not unicodedata.is_normalized("NFKC", joined):
        return not texts
    return joined.isdecimal() or not ("e" in joined or "E" in joined)


def _read_numbers(
    cells: Sequence[CellValue], parse: Parse, scale: int, low: float, high: float
) -> tuple[list[Any], list[tuple[int, Problem]]]:
    """Floats between `low` and `high` that are a whole number of canonical units are taken as such.

    The careful parser would say the same: `scale` is a power of ten, so a canonical integer below 10^15 stands for a
    decimal of at most 15 digits, and no two of those share a float. Everything else goes to the careful parser.
    """
    filled = [cell for cell in cells if cell is not None]
    clean = _clean_numbers(filled, scale, low, high)
    if clean is not None:
        numbers = iter(clean)
        return clean if len(filled) == len(cells) else [None if cell is None else next(numbers) for cell in cells], []
    values: list[Any] = []
    problems: list[tuple[int, Problem]] = []
    for position, cell in enumerate(cells):
        one = _clean_numbers([cell], scale, low, high)
        values.append(one[0] if one is not None else _parse_one(cell, parse, position, problems))
    return values, problems


def _clean_numbers(cells: Sequence[CellValue], scale: int, low: float, high: float) -> list[int] | None:
    """The cells as canonical integers when all are clean floats, None otherwise."""
    if not cells:
        return []
    if set(map(type, cells)) != {float}:
        return None
    floats = cast(Sequence[float], cells)
    if not (low <= min(floats) and max(floats) <= high) or not isfinite(sum(floats)):
        return None
    numbers = list(map(int, floats)) if scale == 1 else [round(number * scale) for number in floats]
    is_exact = cells == (numbers if scale == 1 else [number / scale for number in numbers])
    return numbers if is_exact and min(numbers) > -_CLEAN_LIMIT and max(numbers) < _CLEAN_LIMIT else None


def _parse_one(cell: CellValue, parse: Parse, position: int, problems: list[tuple[int, Problem]]) -> Any:
    parsed = parse(cell)
    if parsed.problem is None:
        return parsed.value
    problems.append((position, parsed.problem))
    return None


def _choice_parser(entry: Field) -> Parse:
    ids = {label: identity for identity, label in entry.choices.items()}
    if entry.type is not FieldType.CHOICE_INTEGER:
        return lambda cell: parse_choice(cell, ids, entry.aliases)

    def parse(cell: CellValue) -> Parsed:
        parsed = parse_choice(cell, ids, entry.aliases)
        return parsed if parsed.value is None else Parsed(int(parsed.value), parsed.problem, cell)

    return parse
