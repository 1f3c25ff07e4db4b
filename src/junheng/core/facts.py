"""Facts of one county and one year, in canonical integer units, each with the cell it came from.

A table is a Narwhals data frame that holds every field of the dictionary (null = missing) plus `county_code` and `year`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import narwhals as nw

from junheng.core.findings import Location

SCOPE_KEYS = ("county_code", "year")


@dataclass(frozen=True, slots=True)
class TableSource:
    """Where the rows of a table were read.

    Horizontal sheets: `row_of` maps the key of a row (values in the order of `Table.key`, as text) to the sheet row,
    `column_of` maps a field id to its column letter. Vertical sheets: `row_of` maps `(field id,)` to the sheet row and
    `column_of` holds the one letter under the key `""`.
    """

    file: str
    sheet: str
    row_of: Mapping[tuple[str, ...], int]
    column_of: Mapping[str, str]
    is_vertical: bool = False

    def locate(self, key: tuple[str, ...], field_id: str, subject: str = "") -> Location:
        """The cell of one fact; row and column stay empty when the source does not hold it."""
        row = self.row_of.get((field_id,) if self.is_vertical else key)
        column = self.column_of.get("" if self.is_vertical else field_id, "")
        return Location(file=self.file, sheet=self.sheet, row=row, column=column, field=field_id, subject=subject)


@dataclass(frozen=True)
class Facts:
    """One county, one year. `tables` holds every table of the dictionary, empty ones included."""

    county_code: str
    county_name: str
    year: int
    tables: Mapping[str, nw.DataFrame[Any]]
    sources: Mapping[str, tuple[TableSource, ...]] = field(default_factory=dict)

    def table(self, name: str) -> nw.DataFrame[Any]:
        """The frame of one table (KeyError when the name is not in the dictionary)."""
        return self.tables[name]

    def locate(self, table: str, key: tuple[str, ...], field_id: str, subject: str = "") -> Location:
        """The cell a fact was read from; an empty location with the field id when it did not come from a file."""
        for source in self.sources.get(table, ()):
            location = source.locate(key, field_id, subject)
            if location.row is not None:
                return location
        return Location(field=field_id, subject=subject)

    def county_value(self, field_id: str) -> Any:
        """One value of the county table; None when the table is empty or the value is missing."""
        frame = self.tables["county"]
        return frame[field_id].to_list()[0] if len(frame) else None
