"""The child process that reads one hostile workbook (or Parquet file) and answers in messages.

Started by `junheng.readers.child`. It sets its own resource limits, reads one request from standard input and writes these
messages, in the encoding of `junheng.readers.wire`, to standard output:

    {"more": True}                       the caller said that it holds names back: it may send them now

    {"sheet": name, "row": r, "column": c, "hidden": 0 | 1, "merges": [[r1, c1, r2, c2], …]}   counted from 1
    {"rows": [[cell, …], …]}             any number of times after a sheet message
    {"end": name}                        closes a sheet; without it the sheet is not complete
    {"too_big": name, "rows_found": n, "columns_found": m}     the sheet was left out
    {"sheet_error": name, "message": text}         the sheet could not be read; the others go on
    {"file_error": "password" | "broken", "message": text}
    {"done": True}                       always the last one; without it the answer is not complete

A request that says `follow` is followed by messages that name the sheets as the caller clears them, so that the first ones
are parsed while the caller still looks at the others:

    {"sheets": [name, …]}                these may be read
    {"held": True}                       there are more than a pipe takes unread
    {}                                   that was the last one

Only python-calamine and the bare standard library are imported, so that starting it costs a hundredth of a second.
"""

from __future__ import annotations

import gc
import os
import sys

import python_calamine as calamine  # here, because loading it overlaps with the caller's look at the file

from junheng.readers.wire import LENGTH_BYTES, decode, encode, framed

TYPE_CHECKING = False  # typing and pathlib would make up a quarter of the start-up time
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from typing import Any, BinaryIO

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


def emit_rows(rows: list[list[Any]], emit: Emit) -> None:
    """Send the rows of the sheet announced last, in batches."""
    for start in range(0, len(rows), _BATCH):
        emit({"rows": rows[start : start + _BATCH]})


def open_workbook(path: str) -> Any:
    """The calamine workbook. A name that fits the content gives exact errors; any other is read by content alone."""
    with open(path, "rb") as file:  # noqa: PTH123 - see above
        is_compound = file.read(2) == b"\xd0\xcf"
        name = path.lower()
        if name.endswith(".xls") if is_compound else name.endswith((".xlsx", ".xlsm")):
            return calamine.CalamineWorkbook.from_path(path)
        file.seek(0)
        return calamine.CalamineWorkbook.from_filelike(file)


def read_workbook(request: dict[str, Any], sheets: Iterable[str] | None, emit: Emit) -> None:
    """Send the worksheets that are named, each as soon as its name is known; None means all. Other names are passed over."""
    try:
        workbook = open_workbook(request["path"])
        metadata = {sheet.name: sheet for sheet in workbook.sheets_metadata}
    except calamine.PasswordError as error:
        emit({"file_error": "password", "message": str(error)})
        return
    except (calamine.CalamineError, OSError) as error:
        emit({"file_error": "broken", "message": str(error)})
        return
    for name in metadata if sheets is None else sheets:
        sheet = metadata.get(name)
        if sheet is not None and sheet.typ == calamine.SheetTypeEnum.WorkSheet:
            hidden = sheet.visible != calamine.SheetVisibleEnum.Visible
            try:
                _read_sheet(workbook.get_sheet_by_name(name), hidden, request, emit)
            except (calamine.CalamineError, OSError) as error:
                emit({"sheet_error": name, "message": str(error)})


def _read_sheet(sheet: Any, hidden: bool, request: dict[str, Any], emit: Emit) -> None:
    height, width = sheet.height, sheet.width
    if height > request["max_rows"] or height * width > request["max_cells"]:
        emit({"too_big": sheet.name, "rows_found": height, "columns_found": width})
        return
    row, column = sheet.start or (0, 0)
    merges = [[r1 + 1, c1 + 1, r2 + 1, c2 + 1] for (r1, c1), (r2, c2) in sheet.merged_cell_ranges or []]
    emit({"sheet": sheet.name, "row": row + 1, "column": column + 1, "hidden": hidden, "merges": merges})
    emit_rows(sheet.to_python(), emit)
    emit({"end": sheet.name})


def cleared_sheets(source: BinaryIO, emit: Emit) -> Iterator[str]:
    """The names of the sheets that the caller has found fit to be read, each as soon as it says so."""
    while message := decode(_received(source)):
        if "held" in message:
            emit({"more": True})
        else:
            yield from message["sheets"]


def answer(request: dict[str, Any], sheets: Iterable[str] | None, emit: Emit) -> None:
    """Read what the request asks for and send it, closing with the done message."""
    if request["kind"] == "parquet":
        from junheng.readers.parquet_folder import read_parquet

        read_parquet(request["path"], request, emit)
    else:
        read_workbook(request, sheets, emit)
    emit({"done": True})


def main(source: BinaryIO, target: BinaryIO) -> None:
    """Serve one request; an empty request (the caller changed its mind) ends the process quietly."""
    request = _received(source)
    if request:
        serve(decode(request), source, target)


def _received(source: BinaryIO) -> bytes:
    return source.read(int.from_bytes(source.read(LENGTH_BYTES), "big"))


def serve(request: dict[str, Any], source: BinaryIO, target: BinaryIO) -> None:
    """Write the answer to a request, each message as soon as it is known."""
    limit_resources(request["memory_bytes"], request["seconds"])

    def emit(message: dict[str, Any]) -> None:
        target.write(framed(encode(message)))
        target.flush()

    answer(request, cleared_sheets(source, emit) if request["follow"] else None, emit)


def run() -> None:
    """What the process does."""
    gc.disable()  # rows hold no cycles, and the process is short
    main(sys.stdin.buffer, sys.stdout.buffer)
    os._exit(0)  # everything is sent; taking the interpreter apart would only keep the caller waiting
