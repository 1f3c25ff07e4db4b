"""Facts of one county and one year, in canonical integer units, each with the cell it came from.

A table is a Narwhals data frame that holds every field of the dictionary (null = missing) plus `county_code` and `year`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

import narwhals as nw

from junheng.core.fields import FieldDictionary, FieldType, Table
from junheng.core.findings import Location

SCOPE_KEYS = ("county_code", "year")
_FEW_ROWS = 200


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


def in_key_order(facts: Facts, dictionary: FieldDictionary) -> Facts:
    """The same facts with every table sorted by its key, and rows of the same key by all they hold: nothing depends on the order
    in which rows were read.
    """
    tables = {
        name: frame.sort(*dict.fromkeys((*dictionary.tables[name].key, *sorted(frame.columns))))
        if len(frame) > 1
        else frame
        for name, frame in facts.tables.items()
    }
    return replace(facts, tables=tables)


def column_type(kind: FieldType) -> Any:
    """The Narwhals type of a field's column: Int64 for numbers and years, Boolean, String (choices, dates and text)."""
    if kind.is_number:
        return nw.Int64()
    return nw.Boolean() if kind is FieldType.BOOLEAN else nw.String()


def table_frame(table: Table, rows: Iterable[Mapping[str, Any]], county_code: str, year: int) -> nw.DataFrame[Any]:
    """A frame of canonical values with every field of the table, null where a row does not name it, plus the scope keys.

    Raises KeyError when a row names a field that the table does not have, TypeError when a value is not of its field's type:
    nothing is ever rounded or read as something else on its way into a frame.
    """
    listed = list(rows)
    for row in listed:
        unknown = row.keys() - table.fields.keys()
        if unknown:
            raise KeyError(f"{table.id}: {sorted(unknown)}")
    if 0 < len(listed) <= _FEW_ROWS:
        return _from_few_rows(table, listed, county_code, year)
    columns = {name: [row.get(name) for row in listed] for name in table.fields}
    return frame_from_columns(table, columns, len(listed), county_code, year)


def frame_from_columns(
    table: Table, columns: Mapping[str, list[Any]], height: int, county_code: str, year: int
) -> nw.DataFrame[Any]:
    """The same from whole columns of `height` canonical values each; fields without a column are null throughout."""
    scope, kinds = _scope(table, county_code, year), _kinds(table)
    if not height:
        return _without_rows(tuple(scope), kinds)
    data: dict[str, list[Any]] = {name: [value] * height for name, value in scope.items()}
    data.update({name: columns[name] if name in columns else [None] * height for name in table.fields})
    return nw.from_dict(data, schema=_schema(tuple(scope), kinds), backend="polars")


def _from_few_rows(table: Table, rows: list[Mapping[str, Any]], county_code: str, year: int) -> nw.DataFrame[Any]:
    """Row by row: for few rows six times faster than by columns. The engine would turn 1.5 into 1 here, so types are checked."""
    scope, types = _scope(table, county_code, year), {name: _python_type(kind) for name, kind in _kinds(table)}
    for row in rows:
        for name, value in row.items():
            if value is not None and not isinstance(value, types[name]):
                raise TypeError(f"{table.id}.{name}: {value!r} is no {types[name].__name__}")
    schema = _schema(tuple(scope), _kinds(table))
    return nw.from_dicts([{**scope, **row} for row in rows], schema=schema, backend="polars")


def _scope(table: Table, county_code: str, year: int) -> dict[str, Any]:
    """The scope keys that are not fields of the table."""
    return {
        name: value for name, value in zip(SCOPE_KEYS, (county_code, year), strict=True) if name not in table.fields
    }


def _kinds(table: Table) -> tuple[tuple[str, FieldType], ...]:
    return tuple((name, entry.type) for name, entry in table.fields.items())


def _python_type(kind: FieldType) -> type:
    if kind.is_number:
        return int
    return bool if kind is FieldType.BOOLEAN else str


@lru_cache(maxsize=256)
def _schema(scope: tuple[str, ...], fields: tuple[tuple[str, FieldType], ...]) -> Mapping[str, Any]:
    types: dict[str, Any] = {name: nw.String() if name == "county_code" else nw.Int64() for name in scope}
    return {**types, **{name: column_type(kind) for name, kind in fields}}


@lru_cache(maxsize=256)
def _without_rows(scope: tuple[str, ...], fields: tuple[tuple[str, FieldType], ...]) -> nw.DataFrame[Any]:
    """Half the tables of many counties, so each is built once: frames never change. A row that is left out again is built faster
    than empty columns."""
    schema = _schema(scope, fields)
    return nw.from_dicts([dict.fromkeys(schema)], schema=schema, backend="polars").head(0)


def facts_from_rows(
    dictionary: FieldDictionary,
    *,
    county_code: str,
    county_name: str,
    year: int,
    rows: Mapping[str, Iterable[Mapping[str, Any]]],
    sources: Mapping[str, tuple[TableSource, ...]] | None = None,
) -> Facts:
    """Facts from plain rows of canonical values, table by table; tables that are not named are empty.

    Raises KeyError for a table or field that the dictionary does not hold.
    """
    unknown = set(rows) - set(dictionary.tables)
    if unknown:
        raise KeyError(f"{sorted(unknown)}")
    tables = {
        name: table_frame(table, rows.get(name, ()), county_code, year) for name, table in dictionary.tables.items()
    }
    return Facts(county_code=county_code, county_name=county_name, year=year, tables=tables, sources=sources or {})
