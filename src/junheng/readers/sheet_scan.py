"""What the XML of one worksheet says about itself before anyone parses it: extent, formulas, errors, pictures.

python-calamine returns '' both for a formula that was never calculated and for an error cell, and one far cell kills
its process. So the XML is looked at first, as a stream of chunks. A quick look by bytes proves for most sheets that
there is nothing more to see than a few formulas and errors; a sheet with unusual markup or a suspicious extent is parsed
event by event with expat, with every DTD refused. A test holds that both ways find the same.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import chain
from xml.parsers import expat

from junheng.core.errors import JunhengError
from junheng.readers.sheets import MEBIBYTE, Limits, column_number

_LONGEST_TAIL = 65_536
_LONGEST_TOKEN = 8 * MEBIBYTE
_KEPT_TEXT = 200
# Every repetition below is bounded or ends at the next tag: a hostile sheet must not make a pattern slow.
_ROW = re.compile(rb'<row r="([0-9]{1,9})')
_COLUMN = re.compile(rb' r="([A-Z]{1,5})')
_FORMULA = re.compile(rb"<f[ >/]")
_FORMULA_CELL = re.compile(
    rb'<c r="([A-Z]{1,5})([0-9]{1,9})"([^<>]{0,200})>'
    rb"<f(?: [^<>]{0,300})?(?:/>|>([^<]*)</f>)(<v/>|<v>[^<]*</v>)?</c>"
)
_ERROR_CELL = re.compile(
    rb'<c r="([A-Z]{1,5})([0-9]{1,9})"[^<>]{0,200}? t="e"[^<>]{0,200}>'
    rb"(?:<f[^<>]{0,300}/>|<f[^<>]{0,300}>[^<]*</f>|)<v>([^<]*)</v>"
)
_TYPE = re.compile(rb' t="([a-z]+)"')
_ODD_ROW = re.compile(rb'<row(?! r=")[\s>/]')
_ODD_CELL = re.compile(rb'<c(?! r=")[\s>/]')
_DIMENSION = re.compile(rb'<dimension[^>]*?ref="([A-Z]+[0-9]+):([A-Z]+)([0-9]+)"')
_REFERENCE = re.compile(r"([A-Za-z]{1,5})([0-9]{1,10})")
_UNUSUAL = (  # a rare sign, which is looked for first and fast, and what it is part of
    (b"!", re.compile(rb"!(?<=<!)")),
    (b"'", re.compile(rb"'(?<==')")),
    (b":", re.compile(rb":(?:row|worksheet)")),
    (b"\x00", re.compile(rb"\x00")),
)
_NOTABLE = re.compile(rb'<(?:c(?! r="[A-Z]{1,2}[0-9]{1,5}")|row(?! r="[0-9]{1,5}")|f)[\s>/]')
_NOT_SMALL = re.compile(rb'<(?:c(?! r="[A-Z]{1,2}[0-9]{1,4}")|row(?! r="[0-9]{1,4}")|f)[\s>/]')
_SMALL_ROWS, _SMALL_COLUMNS = 9_999, b"ZZ"
_PICTURE = "DISPIMG"
NO_CODE = "#ERROR!"
"""The code of an error cell that does not say which error it shows."""


class ForbiddenMarkupError(JunhengError):
    """The XML declares a document type, which a spreadsheet never needs."""


@dataclass(slots=True)
class SheetScan:
    """What was found in one sheet; positions are (row, column) counted from 1.

    `first_row` … `last_column` span the cells that hold something (0 when there are none); a quick look may give a larger
    extent, but only one within the limits. `declared_cells` is the area that the file
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
    """The scan of a sheet in usual markup and within the limits; None when the sheet needs `full_scan`.

    Cheap: a few passes of byte search. The extent is counted from A1 and includes empty formatted cells; of a sheet without
    anything notable that lies whole in one chunk it is A1:ZZ9999 where the limits allow that much.
    """
    all_small = SheetScan(1, 1, _SMALL_ROWS, column_number(_SMALL_COLUMNS.decode("ascii")))
    may_be_coarse = not all_small.exceeds(limits)
    scan = SheetScan(first_row=1, first_column=1)
    columns: set[bytes] = set()
    tail = b""
    for chunk in chain(chunks, (None,)):
        text, tail = _whole_cells(tail, chunk)
        if len(tail) > _LONGEST_TAIL or any(sign in text and mark.search(text) for sign, mark in _UNUSUAL):
            return None
        if not scan.declared_cells:
            scan.declared_cells = _declared_cells(text)
        if may_be_coarse and not columns and _is_small(text):
            columns.add(_SMALL_COLUMNS)
            scan.last_row = _SMALL_ROWS
            continue
        if _is_notable(text):
            if _ODD_ROW.search(text) or _ODD_CELL.search(text) or not _add_marked_cells(scan, text):
                return None
            columns.update(_COLUMN.findall(text))
        else:
            columns.update(_last_columns(text))
        scan.last_row = max(scan.last_row, max(map(int, _ROW.findall(text)), default=0))
    scan.last_column = max((column_number(name.decode("ascii")) for name in columns), default=0)
    return None if scan.exceeds(limits) else scan


def _is_small(text: bytes) -> bool:
    """True for a whole sheet with only cells of usual markup up to ZZ9999, none of them a formula or an error."""
    return text.rfind(b"</sheetData>") >= 0 and b't="e"' not in text and _NOT_SMALL.search(text) is None


def _is_notable(text: bytes) -> bool:
    """False when there are only cells of usual markup up to ZZ99999, none of them a formula or an error."""
    return b't="e"' in text or _NOTABLE.search(text) is not None


def _last_columns(text: bytes) -> set[bytes]:
    """The columns that rows end with. A row in disorder may be wider, but in a chunk without notable cells not beyond ZZ."""
    ends = (line[at + 4 : at + 6] for line in text.split(b"</row>") if (at := line.rfind(b' r="')) >= 0)
    return {letters if letters.isalpha() else letters[:1] for letters in ends if letters[:1].isalpha()}


def _whole_cells(tail: bytes, chunk: bytes | None) -> tuple[bytes, bytes]:
    """What can be looked at now (no tag and no cell is cut in two) and what must wait for the next chunk."""
    if chunk is None:
        return tail, b""
    text = tail + chunk
    last_cell = -1 if text.rfind(b"</sheetData>") >= 0 else text.rfind(b"<c r=")
    end = last_cell if last_cell >= 0 else text.rfind(b">") + 1
    return text[:end], text[end:]


def _add_marked_cells(scan: SheetScan, text: bytes) -> bool:
    """Put formulas and errors into the scan; False when some stand in markup that the patterns do not know."""
    errors = text.count(b't="e"')
    formulas = len(_FORMULA.findall(text))
    if not errors and not formulas:
        return True
    formula_cells = _FORMULA_CELL.findall(text)
    for column, row, attributes, formula, value in formula_cells:
        place = (int(row), column_number(column.decode("ascii")))
        kind = _TYPE.search(attributes)
        if _PICTURE.encode("ascii") in formula:
            scan.pictures.add(place)
        elif not (kind and kind[1] == b"e") and not _stores_value(value, bool(kind and kind[1] == b"str")):
            scan.without_value.add(place)
    error_cells = _ERROR_CELL.findall(text)
    for column, row, value in error_cells:
        place = (int(row), column_number(column.decode("ascii")))
        if place not in scan.pictures:
            scan.errors[place] = value.decode("utf-8", errors="replace") or NO_CODE
    scan.formula_count += len(formula_cells)
    return len(formula_cells) == formulas and len(error_cells) == errors


def _stores_value(element: bytes, is_text: bool) -> bool:
    """Whether the value element of a formula's cell says anything; an empty text is a value, an empty number is none."""
    return bool(element) and (is_text or element not in (b"<v/>", b"<v></v>"))


def _declared_cells(text: bytes) -> int:
    match = _DIMENSION.search(text[:8192])
    if match is None:
        return 0
    return int(match[3]) * column_number(match[2].decode("ascii"))


def full_scan(chunks: Iterable[bytes]) -> SheetScan:
    """Everything about one sheet, cell by cell. Raises ForbiddenMarkupError for a DTD and expat.ExpatError for broken XML."""
    handler = _CellHandler()
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = handler.start
    parser.EndElementHandler = handler.end
    parser.CharacterDataHandler = handler.text
    parser.StartDoctypeDeclHandler = _refuse
    fed = 0
    for chunk in chunks:
        parser.Parse(chunk)
        fed += len(chunk)
        if fed - parser.CurrentByteIndex > _LONGEST_TOKEN:
            raise expat.ExpatError("a tag without end")
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
        tag = name if ":" not in name else name.rpartition(":")[2]
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
        if self._reading == "v" and self._value is not None and len(self._value) < _KEPT_TEXT:
            self._value += data
        elif self._reading == "f" and self._formula is not None and len(self._formula) < _KEPT_TEXT:
            self._formula += data

    def end(self, name: str) -> None:
        tag = name if ":" not in name else name.rpartition(":")[2]
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
            scan.errors[row, column] = self._value or NO_CODE
        elif self._formula is not None and not self._holds_value():
            scan.without_value.add((row, column))

    def _holds_value(self) -> bool:
        """A stored empty text is a value; an empty or absent number is none."""
        return bool(self._value) or (self._type == "str" and self._value is not None)
