"""Text tables (.csv, .tsv) of any encoding and delimiter as grids of text.

Every cell is text or None; what a number means is decided later. Rows are records, counted as Excel counts them.
"""

import codecs
import csv
import io
import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from junheng.core.findings import Finding, Location
from junheng.readers.remarks import remark
from junheng.readers.sheets import MEBIBYTE, CellValue, Grid, Limits, ReadResult

_DELIMITERS = (",", "\t", ";", "|", "，")
_SAMPLE_LINES = 50
_SHOWN_ROWS = 20
_MAX_FIELD = 131_072
_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_SEPARATOR_LINE = re.compile(r'"?sep=(.)"?\r?\n', re.IGNORECASE)
_REPLACEMENT = "\ufffd"


@dataclass(frozen=True, slots=True)
class _Table:
    """Records as they were split, and the record (from 1) and reason at which splitting had to stop."""

    records: list[list[str]]
    broken_row: int = 0
    too_many: bool = False


def read_delimited(path: Path, limits: Limits) -> ReadResult:
    """The one sheet of a text table, named by the file's stem, with findings on encoding, quotes and uneven rows.

    UTF-8, UTF-16 and GB 18030 (so GBK and GB 2312 too) are told apart by content; so are comma, tab, semicolon, bar and
    full-width comma. The rows are padded with None to one width. The file must exist.
    """
    place = Location(file=path.name, sheet=path.stem)
    refusal = _refusal(path, limits, place)
    if refusal is not None:
        return ReadResult([], [refusal])
    text, findings = _decode(path.read_bytes(), place)
    text, skipped, delimiter = _declared_delimiter(text, path.suffix.lower())
    table = _split(text, delimiter, limits.max_rows)
    if table.too_many or _area(table.records) > limits.max_cells:
        message = f"“{path.name}”超过 {limits.max_rows} 行或 {limits.max_cells} 格，没有读取。"
        return ReadResult([], [*findings, remark("reader-too-many-rows", message, place)])
    if table.broken_row:
        findings.append(_quote_finding(table.broken_row + skipped, place))
    findings.extend(_uneven_rows(table.records, skipped, place))
    if not any(any(record) for record in table.records):
        return ReadResult([], findings or [remark("reader-no-sheet", f"“{path.name}”里没有内容。", place)])
    grid = Grid(path.name, path.stem, _rectangle(table.records), first_row=1 + skipped)
    return ReadResult([grid], findings)


def _refusal(path: Path, limits: Limits, place: Location) -> Finding | None:
    size = path.stat().st_size
    if size == 0:
        return remark("reader-empty-file", f"“{path.name}”是空文件（0 字节）。", place)
    if size > limits.max_file_bytes:
        allowed = limits.max_file_bytes / MEBIBYTE
        text = f"“{path.name}”有 {size / MEBIBYTE:.1f} MB，超过上限 {allowed:.0f} MB，没有打开。"
        return remark("reader-file-too-large", text, place)
    with path.open("rb") as file:
        head = file.read(8)
    if head.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        return remark("reader-workbook-as-text", f"“{path.name}”的内容是工作簿，不是文本表格。", place)
    return None


def _decode(content: bytes, place: Location) -> tuple[str, list[Finding]]:
    """The text, newlines kept, and what was wrong with its bytes. Undecodable bytes become U+FFFD and are reported."""
    findings = []
    text = _best_text(content)
    if _REPLACEMENT in text:
        row = text.count("\n", 0, text.index(_REPLACEMENT)) + 1
        bad = Location(file=place.file, sheet=place.sheet, row=row)
        message = f"“{place.file}”第 {row} 行起有 {text.count(_REPLACEMENT)} 处字符无法按任何常用编码识别。"
        findings.append(remark("reader-encoding", message, bad))
    if "\x00" in text:
        row = text.count("\n", 0, text.index("\x00")) + 1
        bad = Location(file=place.file, sheet=place.sheet, row=row)
        message = f"“{place.file}”第 {row} 行起含有 {text.count(chr(0))} 个空字符（NUL）。"
        findings.append(remark("reader-nul-bytes", message, bad))
        text = text.replace("\x00", "")
    return text, findings


def _best_text(content: bytes) -> str:
    for bom, encoding in _BOMS:
        if content.startswith(bom):
            return content[len(bom) :].decode(encoding, errors="replace")
    wide = _utf16_without_bom(content)
    if wide:
        return content.decode(wide, errors="replace")
    text = content.decode("utf-8", errors="replace")
    errors = text.count(_REPLACEMENT)
    if errors == 0:
        return text
    # A UTF-8 file with a few damaged bytes often passes as GB 18030, as nonsense; a GB 18030 file read as UTF-8 is all errors.
    foreign = sum(1 for character in text if character > "\x7f") - errors
    if foreign > 10 * errors:
        return text
    other = content.decode("gb18030", errors="replace")
    return other if other.count(_REPLACEMENT) <= errors else text


def _utf16_without_bom(content: bytes) -> str:
    """The name of the UTF-16 order in which most ASCII characters of the beginning make sense; '' for other encodings."""
    sample = content[:4096]
    half = max(len(sample) // 2, 1)
    if sample[1::2].count(0) > 0.3 * half and sample[::2].count(0) <= 0.01 * half:
        return "utf-16-le"
    if sample[::2].count(0) > 0.3 * half and sample[1::2].count(0) <= 0.01 * half:
        return "utf-16-be"
    return ""


def _declared_delimiter(text: str, suffix: str) -> tuple[str, int, str]:
    """The text without Excel's `sep=` line, how many rows that line took, and the delimiter."""
    declared = _SEPARATOR_LINE.match(text)
    if declared:
        return text[declared.end() :], 1, declared[1]
    return text, 0, _likely_delimiter(text, suffix)


def _likely_delimiter(text: str, suffix: str) -> str:
    """The delimiter that splits most of the first lines into the same number of cells."""
    sample = re.sub(r'"[^"]*"', "", text[:65_536])
    lines = [line for line in sample.splitlines() if line.strip()][:_SAMPLE_LINES]
    preferred = "\t" if suffix == ".tsv" else ","

    def regularity(delimiter: str) -> tuple[int, bool, int]:
        counts = Counter(line.count(delimiter) for line in lines if delimiter in line)
        cells, times = max(counts.items(), key=lambda item: item[1] * min(item[0], 3), default=(0, 0))
        return times * min(cells, 3), delimiter == preferred, cells

    best = max(_DELIMITERS, key=regularity)
    return best if regularity(best)[0] else preferred


def _split(text: str, delimiter: str, max_rows: int) -> _Table:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    records: list[list[str]] = []
    try:
        for record in reader:
            if len(records) >= max_rows:
                return _Table(records, too_many=True)
            records.append(record)
    except csv.Error:
        return _Table(records, broken_row=len(records) + 1)
    return _Table(records)


def _quote_finding(row: int, place: Location) -> Finding:
    where = Location(file=place.file, sheet=place.sheet, row=row)
    return remark("reader-csv-quotes", f"“{place.file}”第 {row} 行的双引号不成对，从这一行起没有读取。", where)


def _uneven_rows(records: list[list[str]], skipped: int, place: Location) -> list[Finding]:
    """Rows with more or fewer cells than most rows have; titles above the first full row are no fault."""
    widths = Counter(len(record) for record in records if any(record))
    if len(widths) < 2:
        return []
    usual = max(widths, key=lambda width: (widths[width], width))
    first = next(index for index, record in enumerate(records) if len(record) == usual and any(record))
    findings: list[Finding] = []
    for index, record in enumerate(records):
        if len(findings) >= _SHOWN_ROWS or not any(record):
            continue
        row = index + 1 + skipped
        where = Location(file=place.file, sheet=place.sheet, row=row)
        text = f"“{place.file}”第 {row} 行有 {len(record)} 格，其他行多为 {usual} 格。"
        if any(record[usual:]):
            findings.append(remark("reader-ragged-row", text, where))
        elif len(record) < usual and index > first:
            findings.append(remark("reader-short-row", text, where))
    return findings


def _area(records: list[list[str]]) -> int:
    return len(records) * max(map(len, records), default=0)


def _rectangle(records: list[list[str]]) -> list[list[CellValue]]:
    width = max(map(len, records))
    padding: list[CellValue] = [None] * width
    return [[cell or None for cell in record] + padding[len(record) :] for record in records]
