"""The one door for files: any workbook, text table or folder of tables in, plain grids and findings out.

This layer knows nothing of schools. It promises that no file, however broken or hostile, raises, hangs or ends the
process: what is wrong with the content is said in findings, and only a path that cannot be used at all raises.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, Literal

from junheng.core.errors import InputError
from junheng.core.findings import Finding, Location
from junheng.readers.child import ReadingFailedError, ReadingProcess
from junheng.readers.delimited import read_delimited
from junheng.readers.precheck import Inspection, SheetPart, inspect
from junheng.readers.remarks import remark
from junheng.readers.sheet_scan import SheetScan
from junheng.readers.sheets import CellError, CellValue, Grid, Limits, ReadResult, column_letters

__all__ = ["CellError", "CellValue", "Grid", "Limits", "ReadResult", "read_grids", "stream_grids"]

WORKBOOK_SUFFIXES = frozenset({".xlsx", ".xlsm", ".xls", ".xltx", ".et"})
TEXT_SUFFIXES = frozenset({".csv", ".tsv", ".txt"})
_FOLDER_SUFFIXES = (frozenset({".csv", ".tsv"}), frozenset({".parquet"}))
_SHOWN_CELLS = 5
_CHILD_MESSAGES = {
    "reader-process-crashed": "读取“{file}”的进程异常退出，没有读完。",
    "reader-process-timeout": "读取“{file}”超过了时间上限，已中止。",
    "reader-answer-too-large": "“{file}”的内容展开后超过上限，已中止。",
}


def read_grids(path: Path, *, limits: Limits | None = None) -> ReadResult:
    """All sheets of a workbook (.xlsx, .xlsm, .xls), of a text table (.csv, .tsv) or of a folder of .csv or .parquet files.

    In a folder every file is one sheet named by its stem. Hidden sheets are included. Findings have codes from
    `junheng.readers.remarks`. Raises InputError when the path does not exist or may not be read.
    """
    findings: list[Finding] = []
    return ReadResult(list(stream_grids(path, findings, limits=limits)), findings)


def stream_grids(path: Path, findings: list[Finding], *, limits: Limits | None = None) -> Iterator[Grid]:
    """The same sheet by sheet, each as soon as it is read whole; `findings` is complete when the last one has been taken."""
    limits = limits or Limits()
    if not path.exists():
        raise InputError(f"找不到“{path}”。请检查路径和文件名是否正确。")
    try:
        yield from _read_folder(path, findings, limits) if path.is_dir() else _read_file(path, findings, limits)
    except PermissionError as error:
        raise InputError(f"没有权限读取“{path}”。请检查文件是否被占用或设了权限。") from error


def _read_file(path: Path, findings: list[Finding], limits: Limits) -> Iterator[Grid]:
    suffix = path.suffix.lower()
    if suffix in WORKBOOK_SUFFIXES:
        yield from _read_workbook(path, findings, limits)
    elif suffix in TEXT_SUFFIXES:
        result = read_delimited(path, limits)
        findings += result.findings
        yield from result.grids
    elif suffix == ".parquet":
        yield from _read_parquet_file(path, findings, limits)
    else:
        text = f"“{path.name}”的类型（{suffix or '无扩展名'}）不能读取。"
        findings.append(remark("reader-unsupported-format", text, Location(file=path.name)))


def _read_folder(path: Path, findings: list[Finding], limits: Limits) -> Iterator[Grid]:
    files = sorted(file for file in path.iterdir() if file.is_file() and not file.name.startswith((".", "~$")))
    tables = [file for suffixes in _FOLDER_SUFFIXES for file in files if file.suffix.lower() in suffixes]
    for file in tables:
        yield from _read_file(file, findings, limits)
    for file in files:
        if file not in tables:
            text = f"文件夹里的“{file.name}”不是表格文件，没有读取。"
            findings.append(remark("reader-file-ignored", text, Location(file=file.name)))
    if not tables:
        text = f"文件夹“{path.name}”里没有可读取的表格文件。"
        findings.append(remark("reader-empty-folder", text, Location(file=path.name)))


def _read_workbook(path: Path, findings: list[Finding], limits: Limits) -> Iterator[Grid]:
    with ReadingProcess(limits) as process:
        inspection = inspect(path, limits, partial(process.allow, path))
        findings += inspection.findings
        if inspection.kind == "unusable" or (inspection.kind == "xlsx" and not inspection.sheets):
            if not inspection.findings:
                findings.append(_no_sheet(path.name))
            return
        for part in inspection.sheets:
            findings.extend(_scan_findings(part, path.name, inspection, limits))
        answer = _Answer(path.name, limits, findings, {part.name: part.scan for part in inspection.sheets})
        yield from answer.grids(process, path, "workbook")
    if answer.is_empty:
        findings.append(_no_sheet(path.name))


def _read_parquet_file(path: Path, findings: list[Finding], limits: Limits) -> Iterator[Grid]:
    if path.stat().st_size == 0:
        text = f"“{path.name}”是空文件（0 字节）。"
        findings.append(remark("reader-empty-file", text, Location(file=path.name)))
        return
    with ReadingProcess(limits) as process:
        yield from _Answer(path.name, limits, findings, {}).grids(process, path, "parquet")


def _no_sheet(file: str) -> Finding:
    return remark("reader-no-sheet", f"“{file}”里没有可读取的工作表。", Location(file=file))


def _scan_findings(part: SheetPart, file: str, inspection: Inspection, limits: Limits) -> list[Finding]:
    scan, place = part.scan, f"“{file}”的表“{part.name}”"
    findings = []
    if scan.declared_cells > limits.max_cells:
        text = f"{place}声明的使用范围很大，实际内容并不多。"
        findings.append(remark("reader-huge-dimension", text, Location(file=file, sheet=part.name)))
    for code, cells, what in (
        ("reader-formula-without-value", scan.without_value, "个公式没有计算结果"),
        ("reader-error-cell", set(scan.errors), "个单元格是错误值"),
        ("reader-picture-cell", scan.pictures, "个单元格里是图片"),
    ):
        if cells:
            findings.append(_cells_finding(code, f"{place}有 {len(cells)} {what}", file, part.name, sorted(cells)))
    stored = scan.formula_count - len(scan.without_value) - len(scan.pictures)
    if inspection.recalculates and stored > 0:
        text = f"{place}有 {stored} 个公式的结果可能是旧的。"
        findings.append(remark("reader-formula-not-recalculated", text, Location(file=file, sheet=part.name)))
    return findings


def _cells_finding(code: str, text: str, file: str, sheet: str, cells: list[tuple[int, int]]) -> Finding:
    shown = "、".join(f"{column_letters(column)}{row}" for row, column in cells[:_SHOWN_CELLS])
    more = " 等" if len(cells) > _SHOWN_CELLS else ""
    first_row, first_column = cells[0]
    place = Location(file=file, sheet=sheet, row=first_row, column=column_letters(first_column))
    return remark(code, f"{text}：{shown}{more}。", place)


@dataclass(slots=True)
class _GridParts:
    """A grid while its rows are still arriving."""

    file: str
    sheet: str
    start: tuple[int, int]
    hidden: bool
    merges: list[tuple[int, int, int, int]]
    scan: SheetScan
    rows: list[list[CellValue]] = field(default_factory=list)

    def finished(self) -> Grid:
        """The grid with its error, picture and unknown cells put in, which the parser sees as empty."""
        scan = self.scan
        marks: dict[tuple[int, int], CellValue] = {place: CellError(code) for place, code in scan.errors.items()}
        marks.update(dict.fromkeys(scan.pictures, CellError("DISPIMG")))
        marks.update(dict.fromkeys(scan.without_value))
        if marks:
            self._cover({row for row, _ in marks}, {column for _, column in marks})
        for (row, column), value in marks.items():
            self.rows[row - self.start[0]][column - self.start[1]] = value
        unknown = frozenset(scan.without_value)
        return Grid(self.file, self.sheet, self.rows, *self.start, unknown, self.merges, self.hidden)

    def _cover(self, rows: set[int], columns: set[int]) -> None:
        """Grow the rectangle so that it holds the given rows and columns."""
        if not self.rows:
            self.start = (min(rows), min(columns))
        top, left = min(self.start[0], *rows), min(self.start[1], *columns)
        above, before = self.start[0] - top, self.start[1] - left
        width = max(before + len(self.rows[0]) if self.rows else 0, max(columns) - left + 1)
        for line in self.rows:
            line[:0] = [None] * before
            line.extend([None] * (width - len(line)))
        self.rows[:0] = [[None] * width for _ in range(above)]
        missing = max(rows) - top + 1 - len(self.rows)
        self.rows.extend([None] * width for _ in range(missing))
        self.start = (top, left)


class _Answer:
    """Turns what the reading process sends about one file into grids and findings."""

    def __init__(self, file: str, limits: Limits, findings: list[Finding], scans: dict[str, SheetScan]) -> None:
        self.is_empty = True
        self._file = file
        self._limits = limits
        self._findings = findings
        self._scans = scans
        self._parts: _GridParts | None = None

    def grids(self, process: ReadingProcess, path: Path, kind: Literal["workbook", "parquet"]) -> Iterator[Grid]:
        """Take the answer of the process and give its sheets; what it fails to give is a finding, and half a sheet is none."""
        try:
            for message in process.answer(path, kind):
                self.is_empty = False
                if "end" in message:
                    yield self._begun().finished()
                    self._parts = None
                else:
                    self._take(message, kind)
        except ReadingFailedError as failure:
            self._say(failure.reason, _CHILD_MESSAGES[failure.reason].format(file=self._file))
        except (KeyError, TypeError, IndexError, ValueError):
            self._say("reader-process-crashed", f"读取“{self._file}”的进程给出了无法识别的结果。")

    def _begun(self) -> _GridParts:
        if self._parts is None:
            raise ValueError("rows without a sheet")
        return self._parts

    def _say(self, code: str, text: str, sheet: str = "") -> None:
        self.is_empty = False
        self._findings.append(remark(code, text, Location(file=self._file, sheet=sheet)))

    def _take(self, message: dict[str, Any], kind: str) -> None:
        if "rows" in message:
            self._begun().rows.extend(message["rows"])
        elif "sheet" in message:
            self._begin_sheet(message)
        elif "too_big" in message:
            sheet, rows, columns = message["too_big"], message["rows_found"], message["columns_found"]
            code = "reader-too-many-rows" if rows > self._limits.max_rows else "reader-too-many-cells"
            self._say(code, f"“{self._file}”的表“{sheet}”有 {rows} 行 × {columns} 列，超过上限，没有读取。", sheet)
        elif "sheet_error" in message:
            sheet = message["sheet_error"]
            code = "reader-broken-parquet" if kind == "parquet" else "reader-broken-sheet"
            self._say(code, f"“{self._file}”的表“{sheet}”读不出来（{message['message'][:200]}）。", sheet)
        elif message["file_error"] == "password":
            self._say("reader-password", f"“{self._file}”设有打开密码，无法读取。")
        else:
            self._say("reader-broken-workbook", f"“{self._file}”读不出来（{message['message'][:200]}）。")

    def _begin_sheet(self, message: dict[str, Any]) -> None:
        sheet = message["sheet"]
        merges = [(r1, c1, r2, c2) for r1, c1, r2, c2 in message["merges"]]
        small = [area for area in merges[: self._limits.max_merges] if _area(area) <= self._limits.max_merge_cells]
        if len(small) < len(merges):
            text = f"“{self._file}”的表“{sheet}”有 {len(merges) - len(small)} 处合并区域过大或过多。"
            self._say("reader-giant-merge", text, sheet)
        scan = self._scans.get(sheet, SheetScan())
        self._parts = _GridParts(
            self._file, sheet, (int(message["row"]), int(message["column"])), bool(message["hidden"]), small, scan
        )


def _area(area: tuple[int, int, int, int]) -> int:
    first_row, first_column, last_row, last_column = area
    return (last_row - first_row + 1) * (last_column - first_column + 1)
