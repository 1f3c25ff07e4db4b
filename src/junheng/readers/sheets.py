"""What a raw read hands on: plain grids of cells, the findings made on the way, and the limits that were applied."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TypeAlias

from junheng.core.findings import Finding, Location

MEBIBYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class CellError:
    """A cell that shows an error instead of a value.

    `code` is what the user sees (`#REF!`, `#DIV/0!`, `#N/A` …), or `DISPIMG` for a picture that WPS keeps inside a cell.
    """

    code: str


CellValue: TypeAlias = str | int | float | bool | date | datetime | CellError | None
"""One raw cell: None when empty (never 0, never ''), else text, number, truth value, date, or an error."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of a hostile file is read before the reader gives up with a finding.

    Sizes are bytes. The defaults take a whole province's class list in one sheet and stay below one and a half
    gigabytes of memory. `max_cells` is the area of the used rectangle of one sheet, empty cells inside it included.
    """

    max_file_bytes: int = 100 * MEBIBYTE
    max_members: int = 5_000
    max_member_ratio: int = 250
    max_uncompressed_bytes: int = 500 * MEBIBYTE
    max_rows: int = 200_000
    max_columns: int = 2_000
    max_cells: int = 8_000_000
    max_merge_cells: int = 100_000
    max_merges: int = 20_000
    max_answer_bytes: int = 500 * MEBIBYTE
    memory_bytes: int = 2_048 * MEBIBYTE
    seconds: float = 60.0


@dataclass(frozen=True, slots=True)
class Grid:
    """One sheet as a rectangle of cells.

    `rows` are of equal length; `rows[0][0]` is the cell at `first_row` / `first_column`, both counted from 1 as the user
    sees them. All positions in the other members are absolute (row, column) pairs counted from 1.
    `formula_without_value` are cells whose formula was never calculated: their value is None and is *unknown*.
    `merges` are (first row, first column, last row, last column); the value stands in the top-left cell only.
    """

    file: str
    sheet: str
    rows: list[list[CellValue]]
    first_row: int = 1
    first_column: int = 1
    formula_without_value: frozenset[tuple[int, int]] = frozenset()
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)
    hidden: bool = False

    def location(self, row_index: int, column_index: int) -> Location:
        """Where the user finds `rows[row_index][column_index]`."""
        row, column = self.first_row + row_index, self.first_column + column_index
        return Location(file=self.file, sheet=self.sheet, row=row, column=column_letters(column))

    def has_unknown_formula(self, row_index: int, column_index: int) -> bool:
        """True when `rows[row_index][column_index]` is a formula whose value is not stored in the file."""
        return (self.first_row + row_index, self.first_column + column_index) in self.formula_without_value


@dataclass(frozen=True, slots=True)
class ReadResult:
    """All sheets that could be read and everything there is to say about those that could not, or not quite."""

    grids: list[Grid]
    findings: list[Finding]


def column_letters(column: int) -> str:
    """The letters of a column counted from 1: 1 → A, 27 → AA, 16384 → XFD."""
    letters = ""
    while column > 0:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def column_number(letters: str) -> int:
    """The number, counted from 1, of a column given in letters of either case: A → 1, XFD → 16384."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - ord("A") + 1
    return number
