"""What the XML of one worksheet says about itself before anyone parses it: extent, formulas, errors, pictures.

python-calamine returns '' both for a formula that was never calculated and for an error cell, and one far cell kills
its process. So the XML is looked at first, as a stream of chunks. A quick look by bytes proves for most sheets that
there is nothing to see; only a sheet with formulas, errors, unusual markup or a suspicious extent is parsed event by
event with expat, with every DTD refused.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from xml.parsers import expat

from junheng.core.errors import JunhengError
from junheng.readers.sheets import Limits, column_number

_OVERLAP = 256
_ROW = re.compile(rb'<row r="([0-9]+)')
_COLUMN = re.compile(rb' r="([A-Z]+)')
_FORMULA = re.compile(rb"<f[ >/]")
_ODD_ROW = re.compile(rb'<row(?! r=")[\s>/]')
_ODD_CELL = re.compile(rb'<c(?! r=")[\s>/]')
_DIMENSION = re.compile(rb'<dimension[^>]*?ref="([A-Z]+[0-9]+):([A-Z]+)([0-9]+)"')
_REFERENCE = re.compile(r"([A-Za-z]{1,5})([0-9]{1,10})")
_UNUSUAL = (b't="e"', b"<!", b"='", b":row", b"\x00")
_PICTURE = "DISPIMG"


class ForbiddenMarkupError(JunhengError):
    """The XML declares a document type, which a spreadsheet never needs."""


@dataclass(slots=True)
class SheetScan:
    """What was found in one sheet; positions are (row, column) counted from 1.

    `first_row` … `last_column` span the cells that hold something (0 when there are none); a quick look may include
    empty formatted cells, and then the extent is within the limits anyway. `declared_cells` is the area that the file
    claims to use. `formula_count` counts formulas with and without a stored value.
    """

    first_row: int = 0
    first_column: int = 0
    last_row: int = 0
    last_column: int = 0
    cell_count: int = 0
    declared_cells: int = 0
    formula_count: int = 0
    without_value: set[tuple[int, int]] = field(default_factory=set)
    errors: dict[tuple[int, int], str] = field(default_factory=dict)
    pictures: set[tuple[int, int]] = field(default_factory=set)

    @property
    def height(self) -> int:
        """Rows from the first to the last cell that holds something."""
        return self.last_row - self.first_row + 1 if self.last_row else 0

    @property
    def width(self) -> int:
        """Columns from the first to the last cell that holds something."""
        return self.last_column - self.first_column + 1 if self.last_column else 0

    def exceeds(self, limits: Limits) -> bool:
        """True when the used rectangle is larger than may be read."""
        too_long = self.height > limits.max_rows or self.width > limits.max_columns
        return too_long or self.height * self.width > limits.max_cells


def quick_look(chunks: Iterable[bytes], limits: Limits) -> SheetScan | None:
    """The extent of a plain sheet within the limits; None when the sheet needs `full_scan`.

    Cheap: a few passes of byte search. The extent is counted from A1 and includes empty formatted cells.
    """
    scan = SheetScan(first_row=1, first_column=1)
    columns: set[bytes] = set()
    tail = b""
    for index, chunk in enumerate(chunks):
        text = tail + chunk
        if index == 0:
            scan.declared_cells = _declared_cells(text)
            if b"<worksheet" not in text[:4096]:
                return None
        if _needs_events(text):
            return None
        scan.last_row = max(scan.last_row, max(map(int, _ROW.findall(text)), default=0))
        columns.update(_COLUMN.findall(text))
        tail = text[-_OVERLAP:]
    scan.last_column = max((column_number(name.decode("ascii")) for name in columns), default=0)
    return None if scan.exceeds(limits) else scan


def _needs_events(text: bytes) -> bool:
    """True when bytes alone cannot tell: formulas, errors, DTDs, comments, prefixes, cells without their own address."""
    if any(mark in text for mark in _UNUSUAL):
        return True
    return any(pattern.search(text) for pattern in (_FORMULA, _ODD_ROW, _ODD_CELL))


def _declared_cells(text: bytes) -> int:
    match = _DIMENSION.search(text[:8192])
    if match is None:
        return 0
    return int(match[3]) * column_number(match[2].decode("ascii"))


def full_scan(chunks: Iterable[bytes]) -> SheetScan:
    """Everything about one sheet, cell by cell. Raises ForbiddenMarkupError for a DTD and expat.ExpatError for broken XML."""
    handler = _CellHandler()
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler = handler.start
    parser.EndElementHandler = handler.end
    parser.CharacterDataHandler = handler.text
    parser.StartDoctypeDeclHandler = _refuse
    for chunk in chunks:
        parser.Parse(chunk)
    parser.Parse(b"", True)  # noqa: FBT003 - expat knows no keyword
    return handler.scan


def _refuse(*_: object) -> None:
    raise ForbiddenMarkupError


class _CellHandler:
    """Collects a SheetScan from expat's events."""

    def __init__(self) -> None:
        self.scan = SheetScan()
        self._row = self._column = 0
        self._type = ""
        self._reading = ""
        self._formula: str | None = None
        self._value: str | None = None
        self._filled = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        tag = name.rpartition(" ")[2]
        if tag == "c":
            self._begin_cell(attributes)
        elif tag == "v":
            self._reading, self._value, self._filled = "v", "", True
        elif tag == "f":
            self._reading, self._formula, self._filled = "f", "", True
        elif tag == "is":
            self._filled = True
        elif tag == "row":
            number = attributes.get("r", "")
            self._row = int(number) if number.isascii() and number.isdigit() and len(number) < 10 else self._row + 1
            self._column = 0
        elif tag == "dimension":
            self._declare(attributes.get("ref", ""))

    def text(self, data: str) -> None:
        if self._reading == "v":
            self._value = (self._value or "") + data
        elif self._reading == "f" and self._formula is not None and len(self._formula) < 200:
            self._formula += data

    def end(self, name: str) -> None:
        tag = name.rpartition(" ")[2]
        if tag in ("v", "f"):
            self._reading = ""
        elif tag == "c" and self._filled:
            self._finish_cell()

    def _declare(self, reference: str) -> None:
        corner = _REFERENCE.fullmatch(reference.rpartition(":")[2])
        if corner:
            self.scan.declared_cells = column_number(corner[1]) * int(corner[2])

    def _begin_cell(self, attributes: dict[str, str]) -> None:
        match = _REFERENCE.fullmatch(attributes.get("r", ""))
        if match:
            self._row, self._column = int(match[2]), column_number(match[1])
        else:
            self._column += 1
        self._type = attributes.get("t", "")
        self._formula = self._value = None
        self._filled = False

    def _finish_cell(self) -> None:
        scan, row, column = self.scan, self._row, self._column
        scan.first_row = min(scan.first_row or row, row)
        scan.first_column = min(scan.first_column or column, column)
        scan.last_row = max(scan.last_row, row)
        scan.last_column = max(scan.last_column, column)
        scan.cell_count += 1
        if self._formula is not None:
            scan.formula_count += 1
            if _PICTURE in self._formula:
                scan.pictures.add((row, column))
                return
        if self._type == "e":
            scan.errors[row, column] = self._value or "#ERROR!"
        elif self._formula is not None and not self._holds_value():
            scan.without_value.add((row, column))

    def _holds_value(self) -> bool:
        """A stored empty text is a value; an empty or absent number is none."""
        return bool(self._value) or (self._type == "str" and self._value is not None)
