"""One table as one sheet gives it: canonical columns, the key of every row, and where each value stands."""

from dataclasses import dataclass, field
from typing import Any

from junheng.core.facts import TableSource
from junheng.core.fields import Table
from junheng.core.findings import Finding


def key_words(table: Table, key: tuple[str, ...]) -> str:
    """A row's key as it is typed: `9999010001、小学`."""
    labels = (table.fields[name].choices.get(value, value) for name, value in zip(table.key, key, strict=True))
    return "、".join(labels)


@dataclass(slots=True)
class TablePart:
    """The rows of one table from one sheet, in the sheet's order.

    `columns` maps a field id to as many canonical values as there are `keys`; `rows` are the sheet rows of the keys.
    A vertical part has at most one key, and `rows` is empty: `source.row_of` tells the row of each field.
    """

    table: Table
    source: TableSource
    keys: list[tuple[str, ...]] = field(default_factory=list)
    rows: list[int] = field(default_factory=list)
    columns: dict[str, list[Any]] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
