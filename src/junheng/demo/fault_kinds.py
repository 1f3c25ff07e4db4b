"""What a fault to plant is made of: where it may go, how it changes the row, and which finding must name it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

Row = dict[str, Any]
Tables = dict[str, list[Row]]
Change = Callable[[Tables, Row], Row]
"""Changes the tables and returns the row that the finding must point to (empty: the table as a whole)."""
Where = Callable[[Row, Row], bool]
"""Whether a row (and its school's row; empty for tables without schools) fits a fault."""

SQUARE_METRE = 100
WAN_CNY = 1_000_000
CNY = 100


@dataclass(frozen=True, slots=True)
class FaultKind:
    """One kind of fault: `code` is the finding that must name the row of `table` and the `field`."""

    id: str
    table: str
    field: str
    code: str
    description: str
    change: Change
    where: Where


def anywhere(row: Row, school: Row) -> bool:
    """Fits every row."""
    return bool(row) or bool(school)


def of_type(*school_types: str) -> Where:
    """Fits rows of schools of these types."""
    return lambda _, school: school.get("school_type") in school_types


def of_stage(stage: str, at_least: int = 0) -> Where:
    """Fits rows of one stage, of schools that have that stage alone, with so many pupils at least."""
    alone = {"primary": ("primary_school", "teaching_point"), "junior": ("junior_school",)}[stage]

    def where(row: Row, school: Row) -> bool:
        is_large = at_least == 0 or (row["student_count"] or 0) >= at_least
        return school.get("school_type") in alone and row["stage"] == stage and is_large

    return where


def put(**values: Any) -> Change:
    """Sets fields; a callable value is given the row as it was."""

    def change(_: Tables, row: Row) -> Row:
        before = dict(row)
        row.update({name: value(before) if callable(value) else value for name, value in values.items()})
        return row

    return change


def above(limit: str, by: int = 1) -> Callable[[Row], int]:
    """A value that exceeds another field of the row."""
    return lambda row: int(row[limit]) + by


def times(field: str, factor: int, divisor: int = 1) -> Callable[[Row], int]:
    """A field of the row multiplied, cut to a whole number."""
    return lambda row: int(row[field]) * factor // divisor


def add_copy(table: str, **values: Any) -> Change:
    """Adds a copy of the row with some fields changed."""

    def change(tables: Tables, row: Row) -> Row:
        copy = {**row, **values}
        tables[table].append(copy)
        return copy

    return change


def of_whole_table(change: Change) -> Change:
    """The same change, with a finding that points to the table and to none of its rows."""

    def changed(tables: Tables, row: Row) -> Row:
        change(tables, row)
        return {}

    return changed


def drop_stage(tables: Tables, school_id: str, stage: str) -> None:
    """Takes away a stage of a school and everything that hangs on it."""
    for table in ("stages", "classes"):
        tables[table] = [row for row in tables[table] if (row["school_id"], row["stage"]) != (school_id, stage)]
    if stage == "junior":
        tables["cohorts"] = [row for row in tables["cohorts"] if row["school_id"] != school_id]


def rename_school(tables: Tables, old: str, new: str) -> None:
    """Gives a school another id in every table, so that only the id itself is wrong."""
    for rows in tables.values():
        for row in rows:
            for name in ("school_id", "parent_school_id"):
                if row.get(name) == old:
                    row[name] = new


def kinds(table: str, rows: Mapping[str, tuple[Any, ...]]) -> tuple[FaultKind, ...]:
    """Fault kinds of one table from compact rows: code → (field, description, change[, where])."""
    listed = []
    for code, (field, description, change, *where) in rows.items():
        name = code.removeprefix("check-")
        listed.append(FaultKind(name, table, field, code, description, change, where[0] if where else anywhere))
    return tuple(listed)
