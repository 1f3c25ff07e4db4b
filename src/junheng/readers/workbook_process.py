"""The child process that reads one hostile workbook (or Parquet file) and answers in lines of JSON.

Run as `python -m junheng.readers.workbook_process` by `junheng.readers.child`. It sets its own resource limits, reads one
request line from standard input and writes one JSON object per line to standard output:

    {"sheet": name, "start": [row, column], "hidden": bool, "merges": [[r1, c1, r2, c2], …]}   counted from 1
    {"rows": [[cell, …], …]}             any number of times after a sheet line; a date is {"d": ISO}, an instant {"t": ISO}
    {"too_big": name, "rows": n, "columns": m}     the sheet was left out
    {"sheet_error": name, "message": text}         the sheet could not be read; the others go on
    {"file_error": "password" | "broken", "message": text}
    {"done": true}                       always the last line; without it the answer is not complete

Only json, python-calamine and the bare standard library are imported, so that starting it costs a few hundredths of a second.
"""

from __future__ import annotations

import datetime as dt
import gc
import json
import sys

TYPE_CHECKING = False  # typing and pathlib would make up a quarter of the start-up time
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any, TextIO

    Emit = Callable[[dict[str, Any]], None]

_BATCH = 2_000


def limit_resources(memory_bytes: int, seconds: float) -> bool:
    """Cap memory, processor time and core dumps of this process; False where the system cannot (Windows)."""
    try:
        import resource
    except ImportError:
        return False
    wanted = {
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_AS: memory_bytes,
        resource.RLIMIT_CPU: max(1, round(seconds)),
    }
    for kind, value in wanted.items():
        hard = resource.getrlimit(kind)[1]
        ceiling = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(kind, (ceiling, hard))
    return True


def encode(value: object) -> object:
    """What JSON cannot hold: dates become tagged objects; times, spans and anything else become text."""
    if isinstance(value, dt.datetime):
        return {"t": value.isoformat()}
    if isinstance(value, dt.date):
        return {"d": value.isoformat()}
    return str(value)


def emit_rows(rows: list[list[Any]], emit: Emit) -> None:
    """Send the rows of the sheet announced last, in batches."""
    for start in range(0, len(rows), _BATCH):
        emit({"rows": rows[start : start + _BATCH]})


def open_workbook(path: str) -> Any:
    """The calamine workbook. A name that fits the content gives exact errors; any other is read by content alone."""
    import python_calamine as calamine

    with open(path, "rb") as file:  # noqa: PTH123 - see above
        is_compound = file.read(2) == b"\xd0\xcf"
        name = path.lower()
        if name.endswith(".xls") if is_compound else name.endswith((".xlsx", ".xlsm")):
            return calamine.CalamineWorkbook.from_path(path)
        file.seek(0)
        return calamine.CalamineWorkbook.from_filelike(file)


def read_workbook(request: dict[str, Any], emit: Emit) -> None:
    """Send every wanted worksheet; `request["sheets"]` names them, None means all."""
    import python_calamine as calamine

    try:
        workbook = open_workbook(request["path"])
        metadata = workbook.sheets_metadata
    except calamine.PasswordError as error:
        emit({"file_error": "password", "message": str(error)})
        return
    except (calamine.CalamineError, OSError) as error:
        emit({"file_error": "broken", "message": str(error)})
        return
    for sheet in metadata:
        wanted = request["sheets"] is None or sheet.name in request["sheets"]
        if wanted and sheet.typ == calamine.SheetTypeEnum.WorkSheet:
            hidden = sheet.visible != calamine.SheetVisibleEnum.Visible
            try:
                _read_sheet(workbook.get_sheet_by_name(sheet.name), hidden, request, emit)
            except (calamine.CalamineError, OSError) as error:
                emit({"sheet_error": sheet.name, "message": str(error)})


def _read_sheet(sheet: Any, hidden: bool, request: dict[str, Any], emit: Emit) -> None:
    height, width = sheet.height, sheet.width
    if height > request["max_rows"] or height * width > request["max_cells"]:
        emit({"too_big": sheet.name, "rows": height, "columns": width})
        return
    row, column = sheet.start or (0, 0)
    merges = [[r1 + 1, c1 + 1, r2 + 1, c2 + 1] for (r1, c1), (r2, c2) in sheet.merged_cell_ranges or []]
    emit({"sheet": sheet.name, "start": [row + 1, column + 1], "hidden": hidden, "merges": merges})
    emit_rows(sheet.to_python(), emit)


def answer(request: dict[str, Any], emit: Emit) -> None:
    """Read what the request asks for and send it, closing with the done line."""
    if request["kind"] == "parquet":
        from junheng.readers.parquet_folder import read_parquet

        read_parquet(request["path"], request, emit)
    else:
        read_workbook(request, emit)
    emit({"done": True})


def main(source: Iterator[str], target: TextIO) -> None:
    """Serve one request; an empty request (the caller changed its mind) ends the process quietly."""
    line = next(iter(source), "")
    if not line.strip():
        return
    request = json.loads(line)
    limit_resources(request["memory_bytes"], request["seconds"])
    encoder = json.JSONEncoder(ensure_ascii=True, separators=(",", ":"), default=encode)

    def emit(message: dict[str, Any]) -> None:
        target.write(encoder.encode(message) + "\n")
        target.flush()

    answer(request, emit)


if __name__ == "__main__":
    gc.disable()  # rows hold no cycles, and the process is short
    main(sys.stdin, sys.stdout)
