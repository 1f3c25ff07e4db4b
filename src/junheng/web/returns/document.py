"""A version's rows in memory: values, what the page calls each row, and where every value came from."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

import orjson

from junheng.core.fields import Table
from junheng.readers.dictionary import load_dictionary
from junheng.web.returns.coverage import IDENTITY, Covers
from junheng.web.returns.models import Version

Values = Mapping[str, list[dict[str, Any]]]


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a value came from. `kind` is web, workbook or import; `at` is ISO text to the minute."""

    kind: str
    by: str
    by_id: int | None
    at: str
    file: str = ""
    sheet: str = ""
    cell: str = ""


@dataclass(slots=True)
class Row:
    """One row. `number` stays the same while the row lives, whatever its key becomes."""

    number: int
    values: dict[str, Any] = field(default_factory=dict)
    origins: dict[str, Origin] = field(default_factory=dict)

    def put(self, name: str, value: Any, origin: Origin) -> None:
        """Sets a value, or takes it away when it is None."""
        if value is None:
            self.values.pop(name, None)
            self.origins.pop(name, None)
        else:
            self.values[name] = value
            self.origins[name] = origin


@dataclass(slots=True)
class Document:
    """All rows of a version, table by table."""

    tables: dict[str, list[Row]]

    @classmethod
    def of(cls, version: Version) -> "Document":
        """The rows of a stored version; unpacking changes nothing in it."""
        return cls.from_stored(version.values, version.row_ids, version.origins)

    @classmethod
    def from_stored(cls, values: Values, row_ids: Mapping[str, list[int]], origins: Mapping[str, Any]) -> "Document":
        """The same from the three columns; rows without a number are numbered from 1."""
        found = [Origin(**one) for one in origins.get("list", ())]
        places: dict[tuple[str, str], dict[str, Origin]] = {}
        for place, index in origins.get("of", {}).items():
            table, _, rest = place.partition("|")
            key, _, name = rest.rpartition("|")
            places.setdefault((table, key), {})[name] = found[index]
        tables = {}
        for name, rows in values.items():
            numbers = row_ids.get(name) or range(1, len(rows) + 1)
            tables[name] = [
                Row(number, dict(row), dict(places.get((name, key_text(name, row)), {})))
                for number, row in zip(numbers, rows, strict=True)
            ]
        return cls(tables)

    @property
    def values(self) -> dict[str, list[dict[str, Any]]]:
        """The rows as core's facts take them."""
        return {name: [row.values for row in rows] for name, rows in self.tables.items()}

    @property
    def row_ids(self) -> dict[str, list[int]]:
        """The numbers of the rows, parallel to `values`."""
        return {name: [row.number for row in rows] for name, rows in self.tables.items()}

    @property
    def origins(self) -> dict[str, Any]:
        """Where every value came from, equal origins written once."""
        indexes: dict[Origin, int] = {}
        places: dict[str, int] = {}
        for name, rows in self.tables.items():
            for row in rows:
                key = key_text(name, row.values)
                for field_id, origin in row.origins.items():
                    places[f"{name}|{key}|{field_id}"] = indexes.setdefault(origin, len(indexes))
        return {"of": places, "list": [asdict(origin) for origin in indexes]}

    def row(self, table: str, number: int) -> Row | None:
        """The row of that number, or None when there is none (any more)."""
        return next((row for row in self.tables.get(table, ()) if row.number == number), None)

    def row_of(self, table: str, key: str) -> Row | None:
        """The first row with that key, or None."""
        return next((row for row in self.tables.get(table, ()) if key_text(table, row.values) == key), None)

    def add(self, table: str) -> Row:
        """A new, empty row at the end of a table."""
        rows = self.tables.setdefault(table, [])
        row = Row(max((each.number for each in rows), default=0) + 1)
        rows.append(row)
        return row

    def cells(self, covers: Covers) -> Iterator[tuple[str, Row, str]]:
        """Every cell that may be filled in: table, row, field id."""
        for name, ids in covers.items():
            for row in self.tables.get(name, ()):
                yield from ((name, row, field_id) for field_id in ids if field_id not in IDENTITY)


def key_text(table: str, row: Mapping[str, Any]) -> str:
    """The key of a row as one text: its parts joined by `:`, a missing part empty."""
    return ":".join("" if row.get(name) is None else str(row[name]) for name in key_fields(table))


def key_fields(table: str) -> tuple[str, ...]:
    """The key fields of a table of the dictionary."""
    return _table(table).key


def _table(name: str) -> Table:
    return load_dictionary().tables[name]


def editors_of(version: Version) -> set[int]:
    """Everyone who entered a value of a version or submitted it: they may not approve it."""
    ids = {one["by_id"] for one in version.origins.get("list", ()) if one["by_id"] is not None}
    return ids | ({version.submitted_by_id} if version.submitted_by_id is not None else set())


def digest_of(values: Values) -> str:
    """SHA-256 over the values of a version, whatever the order of keys in them."""
    return hashlib.sha256(orjson.dumps(values, option=orjson.OPT_SORT_KEYS)).hexdigest()
