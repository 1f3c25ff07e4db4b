"""Plants one fault of every kind in a county's facts, so that a test can ask for each of them to be found."""

from dataclasses import dataclass
from typing import Any

from junheng.core.errors import JunhengError
from junheng.core.facts import Facts, facts_from_rows
from junheng.demo.county_faults import COUNTY_FAULTS
from junheng.demo.fault_kinds import FaultKind, Row, Tables
from junheng.demo.school_faults import SCHOOL_FAULTS
from junheng.demo.stage_faults import STAGE_FAULTS
from junheng.readers.dictionary import load_dictionary

FAULT_KINDS: tuple[FaultKind, ...] = (*SCHOOL_FAULTS, *STAGE_FAULTS, *COUNTY_FAULTS)
_NO_SCHOOL: Row = {}


@dataclass(frozen=True)
class PlantedFault:
    """One fault that was planted.

    `key` are the values of the row's key as text (empty text for a missing one; empty when the finding
    is about the table as a whole); `expected_code` is the code of the
    finding that must point to this row and `field`.
    """

    id: str
    table: str
    key: tuple[str, ...]
    field: str
    description: str
    expected_code: str


def plant_faults(facts: Facts) -> tuple[Facts, tuple[PlantedFault, ...]]:
    """The facts with one fault of every kind, and the list of what was planted where.

    Every fault of a school goes to a school of its own, so that none hides another. Faults of the year-on-year kind show
    only against the year before. Raises JunhengError when the county has no row left that a fault fits (the demo county has).
    """
    dictionary = load_dictionary()
    tables: Tables = {name: _plain_rows(facts, name) for name in dictionary.tables}
    schools = {row["school_id"]: dict(row) for row in tables["schools"]}
    used: set[Any] = set()
    choices = {kind.id: len(_fitting(kind, tables, schools)) for kind in FAULT_KINDS}
    planted = {}
    for kind in sorted(FAULT_KINDS, key=lambda kind: choices[kind.id]):  # those that fit few schools choose first
        planted[kind.id] = kind.change(tables, _choose(kind, tables, schools, used))
    names = {name: table.key for name, table in dictionary.tables.items()}
    faulty = facts_from_rows(
        dictionary, county_code=facts.county_code, county_name=facts.county_name, year=facts.year, rows=tables
    )
    return faulty, tuple(_planted(kind, planted[kind.id], names[kind.table]) for kind in FAULT_KINDS)


def _plain_rows(facts: Facts, table: str) -> list[Row]:
    fields = load_dictionary().tables[table].fields
    return [{name: row[name] for name in fields} for row in facts.table(table).rows(named=True)]


def _fitting(kind: FaultKind, tables: Tables, schools: dict[str, Row]) -> list[tuple[Any, Row]]:
    """Rows that a fault fits, each with its place: its school, or the row itself in tables without schools."""
    found = []
    for index, row in enumerate(tables[kind.table]):
        school_id = row.get("school_id")
        if kind.where(row, schools.get(school_id, _NO_SCHOOL) if school_id else _NO_SCHOOL):
            found.append((school_id or (kind.table, index), row))
    return found


def _choose(kind: FaultKind, tables: Tables, schools: dict[str, Row], used: set[Any]) -> Row:
    for place, row in _fitting(kind, tables, schools):
        if place not in used:
            if kind.table != "county":  # the one row of the county takes all its faults
                used.add(place)
            return row
    raise JunhengError(f"没有合适的行可以放入错误“{kind.description}”（{kind.code}）。")


def _planted(kind: FaultKind, row: Row, key: tuple[str, ...]) -> PlantedFault:
    values = tuple("" if row[name] is None else str(row[name]) for name in key) if row else ()
    return PlantedFault(kind.id, kind.table, values, kind.field, kind.description, kind.code)
