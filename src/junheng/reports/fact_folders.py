"""Facts as a folder of plain files, one a table, in typed units: for people without a spreadsheet, and for other programs."""

import csv
from pathlib import Path
from typing import Any

import polars as pl

from junheng.core.facts import Facts
from junheng.core.fields import FieldDictionary, Table
from junheng.core.template_layout import header_text
from junheng.reports.typed_values import typed_text

__all__ = ["write_csv_folder", "write_parquet_folder"]


def write_csv_folder(facts: Facts, dictionary: FieldDictionary, folder: Path) -> None:
    """One CSV (UTF-8 with BOM, so that Excel shows Chinese) per table, named and headed like the sheets of the template.

    Empty tables give a header only. Missing values are empty cells. The folder is made when it does not exist.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for table in dictionary.tables.values():
        with (folder / f"{table.label}.csv").open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(header_text(entry).replace("\n", "") for entry in table.fields.values())
            writer.writerows(zip(*_typed_columns(facts, table).values(), strict=True))


def write_parquet_folder(facts: Facts, dictionary: FieldDictionary, folder: Path) -> None:
    """One Parquet file per table, named by the table's id; columns are field ids, all text, in typed units ("12.5", "95%").

    Text keeps numbers exact and reads back through the very same rules as a sheet. Missing values are null.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for table in dictionary.tables.values():
        columns = {name: [text or None for text in texts] for name, texts in _typed_columns(facts, table).items()}
        pl.DataFrame(columns, schema=dict.fromkeys(table.fields, pl.String)).write_parquet(
            folder / f"{table.id}.parquet"
        )


def _typed_columns(facts: Facts, table: Table) -> dict[str, list[str]]:
    frame: Any = facts.tables[table.id]
    return {name: [typed_text(entry, value) for value in frame[name].to_list()] for name, entry in table.fields.items()}
