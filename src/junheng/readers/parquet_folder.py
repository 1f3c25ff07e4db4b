"""One Parquet file as a sheet: column names in the first row, then the records. Runs in the child process."""

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl

_BATCH = 2_000


def read_parquet(path: str, request: dict[str, Any], emit: Callable[[dict[str, Any]], None]) -> None:
    """Send one Parquet file in the messages of `junheng.readers.workbook_process`; the sheet is named by the file's stem.

    Nested and binary columns are refused; a decimal is sent as its exact text. Missing values stay missing.
    """
    name = Path(path).stem
    try:
        frame = pl.scan_parquet(path, glob=False, hive_partitioning=False)
        schema = frame.collect_schema()
        height = int(frame.select(pl.len()).collect(engine="streaming").item())
        if _refused(name, schema, height, request, emit):
            return
        values = frame.collect(engine="streaming")
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError) as error:
        emit({"sheet_error": name, "message": str(error)})
        return
    emit({"sheet": name, "row": 1, "column": 1, "hidden": False, "merges": []})
    emit({"rows": [list(schema)]})
    for part in values.iter_slices(_BATCH):
        emit({"rows": [[_plain(cell) for cell in row] for row in part.rows()]})
    emit({"end": name})


def _refused(name: str, schema: pl.Schema, height: int, request: dict[str, Any], emit: Callable[..., None]) -> bool:
    if height + 1 > request["max_rows"] or (height + 1) * len(schema) > request["max_cells"]:
        emit({"too_big": name, "rows_found": height + 1, "columns_found": len(schema)})
        return True
    unsupported = [column for column, kind in schema.items() if kind.is_nested() or kind in (pl.Binary, pl.Object)]
    if unsupported:
        emit({"sheet_error": name, "message": "unsupported column type: " + ", ".join(unsupported)})
    return bool(unsupported)


def _plain(cell: object) -> object:
    return str(cell) if isinstance(cell, Decimal) else cell
