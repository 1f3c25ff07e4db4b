"""Which cells of an old workbook (.xls, BIFF 8) show an error.

python-calamine returns '' for an error cell of an .xls, which would pass for an empty one. So the records that keep errors are
looked up in the file itself: [MS-XLS] 2.4.24 BoolErr and 2.4.127 Formula, in the stream that [MS-CFB] keeps in sectors.
Workbooks of Excel 95 and before, and whatever this module cannot follow, give nothing: the parser says what is broken.
"""

import re
import struct
from collections.abc import Iterator
from itertools import islice

from junheng.readers.sheet_scan import NO_CODE, SheetScan

_FREE = 0xFFFFFFFA  # this and everything above is no sector
_HEADER = 512
_ENTRY = 128
_SECTOR_SIZES = {9: 512, 12: 4096}
_STREAM = "Workbook".encode("utf-16-le") + b"\x00\x00"
_SHEET_LIST, _ENCRYPTED, _BEGIN, _END, _BOOLEAN_OR_ERROR, _FORMULA = 0x85, 0x2F, 0x809, 0x0A, 0x205, 0x06
_MAY_HOLD_ERRORS = re.compile(rb"\x05\x02\x08\x00.{7}\x01|\x06\x00.{8}\x02.{5}\xff\xff", re.DOTALL)
_CODES = {
    0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A",
}  # fmt: skip


def old_error_cells(content: bytes) -> dict[str, SheetScan]:
    """A scan with errors for each sheet that has some; empty when there are none, or when the file cannot be followed."""
    try:
        stream = _workbook_stream(content)
        if _MAY_HOLD_ERRORS.search(stream) is None:
            return {}
        scans = {name: _scan(stream, start) for name, start in _sheets(stream)}
    except (struct.error, IndexError, ValueError):
        return {}
    return {name: scan for name, scan in scans.items() if scan.errors}


# ------------------------------------------------------------------------------------------------------ compound file


def _workbook_stream(content: bytes) -> bytes:
    """The bytes of the workbook's stream; ValueError when there is none, or when it is too short to lie in whole sectors."""
    size = _SECTOR_SIZES.get(struct.unpack_from("<H", content, 30)[0], 0)
    if not size:
        raise ValueError("sectors of a size that no version has")
    first_of_directory, shortest = struct.unpack_from("<I4xI", content, 48)
    table = _allocation(content, size)
    directory = _chain(content, table, first_of_directory, size)
    for start in range(0, len(directory) - _ENTRY + 1, _ENTRY):
        entry = directory[start : start + _ENTRY]
        if entry.startswith(_STREAM):
            first, length = struct.unpack_from("<II", entry, 116)
            if length < shortest:
                break
            return _chain(content, table, first, size)[:length]
    raise ValueError("no workbook stream in sectors")


def _allocation(content: bytes, size: int) -> list[int]:
    """For each sector the one that follows it; no more than the file has sectors, whatever it claims."""
    needed = len(content) // size // (size // 4) + 1
    sectors = list(struct.unpack_from("<109I", content, 76))
    (more,) = struct.unpack_from("<I", content, 68)
    while more < _FREE and len(sectors) <= 109 + needed:
        *listed, more = struct.unpack(f"<{size // 4}I", _sector(content, more, size))
        sectors += listed
    parts = [_sector(content, sector, size) for sector in sectors if sector < _FREE][:needed]
    return [number for part in parts for (number,) in struct.iter_unpack("<I", part)]


def _sector(content: bytes, number: int, size: int) -> bytes:
    start = max(_HEADER, size) + number * size
    return content[start : start + size]


def _chain(content: bytes, table: list[int], first: int, size: int) -> bytes:
    """The sectors from the first on, at most as many as there are, so that a ring comes to an end."""

    def numbers() -> Iterator[int]:
        number = first
        while number < _FREE:
            yield number
            number = table[number]

    return b"".join(_sector(content, number, size) for number in islice(numbers(), len(table)))


# ------------------------------------------------------------------------------------------------------------ records


def _records(stream: bytes, at: int) -> Iterator[tuple[int, bytes]]:
    while at + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, at)
        at += 4 + length
        yield kind, stream[at - length : at]


def _sheets(stream: bytes) -> Iterator[tuple[str, int]]:
    """(name, position of its first record) of every worksheet; none when the records are encrypted."""
    for kind, data in _records(stream, 0):
        if kind in (_END, _ENCRYPTED):
            return
        if kind == _SHEET_LIST and data[5] == 0:
            start, length, is_wide = struct.unpack_from("<I2xBB", data)
            name = data[8:].decode("utf-16-le") if is_wide & 1 else data[8:].decode("latin-1")
            yield name[:length], start


def _scan(stream: bytes, start: int) -> SheetScan:
    scan = SheetScan()
    depth = 0  # a chart inside the sheet has a beginning and an end of its own
    for kind, data in _records(stream, start):
        depth += (kind == _BEGIN) - (kind == _END)
        if depth == 0:
            break
        code = _error_code(kind, data)
        if code is not None:
            row, column = struct.unpack_from("<HH", data)
            scan.errors[row + 1, column + 1] = _CODES.get(code, NO_CODE)
    rows, columns = zip(*scan.errors, strict=True) if scan.errors else ((0,), (0,))
    scan.first_row, scan.last_row, scan.first_column, scan.last_column = (
        min(rows),
        max(rows),
        min(columns),
        max(columns),
    )
    return scan


def _error_code(kind: int, data: bytes) -> int | None:
    if kind == _BOOLEAN_OR_ERROR and data[7] == 1:
        return data[6]
    if kind == _FORMULA and data[12:14] == b"\xff\xff" and data[6] == 2:
        return data[8]
    return None
