"""The tables as checks see them: the facts of a table, plus columns derived from other tables and from last year.

Derived columns are named and labelled in `DERIVED`, so that a check in `fields.yaml` can use them like fields. A derived sum
is missing as soon as one of its parts is missing. Columns of last year carry the prefix `previous_`; they exist only when
last year's facts were given.

The rows are plain dictionaries: a county has thousands of rows, not millions, and there a frame expression costs more to
translate than its rows cost to walk (150 checks took three times as long as expressions). Python's integers do not overflow
either, so every comparison is exact.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from operator import itemgetter
from types import MappingProxyType
from typing import Any, TypeAlias

from junheng.core.errors import StandardError
from junheng.core.facts import Facts
from junheng.core.fields import Field, FieldDictionary, FieldType, Table

Row: TypeAlias = dict[str, Any]
Rows: TypeAlias = Sequence[Row]

PREVIOUS = "previous_"
_SENIOR_TYPES = frozenset({"full_secondary_school", "twelve_year_school"})


def _derived(table: str, *entries: tuple[str, str, str, FieldType, int]) -> Mapping[str, Field]:
    return MappingProxyType(
        {
            name: Field(id=name, table=table, label=label, type=kind, unit=unit, scale=scale)
            for name, label, unit, kind, scale in entries
        }
    )


DERIVED: Mapping[str, Mapping[str, Field]] = MappingProxyType(
    {
        "schools": _derived(
            "schools",
            ("primary_row_count", "学段表中的小学", "行", FieldType.INTEGER, 1),
            ("junior_row_count", "学段表中的初中", "行", FieldType.INTEGER, 1),
            ("primary_student_count", "小学在校学生数", "人", FieldType.INTEGER, 1),
            ("junior_student_count", "初中在校学生数", "人", FieldType.INTEGER, 1),
            ("compulsory_student_count", "义务教育在校学生数", "人", FieldType.INTEGER, 1),
            ("all_student_count", "全校学生数（含高中）", "人", FieldType.INTEGER, 1),
            ("school_class_count", "小学、初中教学班", "个", FieldType.INTEGER, 1),
            ("room_area_total", "音乐、美术教室合计面积", "㎡", FieldType.DECIMAL, 100),
        ),
        "stages": _derived(
            "stages",
            ("class_row_count", "班级表中的班级", "个", FieldType.INTEGER, 1),
            ("class_size_total", "班级表各班学生合计", "人", FieldType.INTEGER, 1),
        ),
    }
)
"""Derived columns by table, described like fields."""


@dataclass(frozen=True)
class CheckTables:
    """Everything a check may look at: the facts, the dictionary and all rows with their derived columns."""

    facts: Facts
    dictionary: FieldDictionary
    rows: Mapping[str, Rows]
    has_previous: bool

    def entry(self, table: str, name: str) -> Field:
        """The field, derived column or last year's column of that name; StandardError when there is none."""
        found = self._this_year(table, name)
        if found is not None:
            return found
        found = self._this_year(table, name.removeprefix(PREVIOUS))
        if found is None:
            raise StandardError(f"字段字典：表 {table} 的检查用到了不存在的字段 {name}。")
        return replace(found, id=name, label=f"上年{found.label}")

    def _this_year(self, table: str, name: str) -> Field | None:
        derived = DERIVED.get(table, {}).get(name)
        return self.dictionary.tables[table].fields.get(name) if derived is None else derived

    def applies(self, table: str, *names: str) -> bool:
        """False when one of these columns is last year's and last year's facts are not there."""
        return self.has_previous or not any(_is_previous(name, self.dictionary.tables[table]) for name in names)


def check_tables(facts: Facts, dictionary: FieldDictionary, previous: Facts | None) -> CheckTables:
    """The rows of this year's facts, with the columns of last year's row of the same key where there are such facts."""
    rows = {name: frame.rows(named=True) for name, frame in facts.tables.items()}
    earlier = {name: frame.rows(named=True) for name, frame in previous.tables.items()} if previous else None
    return tables_of_rows(facts, rows, dictionary, earlier)


def tables_of_rows(
    facts: Facts,
    rows: Mapping[str, list[Row]],
    dictionary: FieldDictionary,
    previous: Mapping[str, list[Row]] | None,
) -> CheckTables:
    """The same from plain rows, every table and every field of it named (None = missing); the rows get the derived columns.

    `facts` says whose rows they are and where they came from; its tables are not looked at.
    """
    rows = _with_derived(rows)
    if previous is not None:
        earlier = _with_derived(previous)
        for table in dictionary.tables.values():
            if names := _previous_names(table):
                _add_previous(rows[table.id], earlier[table.id], table.key, names)
    return CheckTables(facts=facts, dictionary=dictionary, rows=rows, has_previous=previous is not None)


def values_of(names: Sequence[str]) -> Callable[[Row], tuple[Any, ...]]:
    """A fast function that gives the values of these columns of a row, in order."""
    if len(names) == 1:
        name = names[0]
        return lambda row: (row[name],)
    return itemgetter(*names)


def _with_derived(rows: Mapping[str, list[Row]]) -> Mapping[str, list[Row]]:
    classes = _grouped(rows["classes"], "school_id", "stage")
    for stage in rows["stages"]:
        own = classes.get((stage["school_id"], stage["stage"]), ())
        stage["class_row_count"] = len(own) or None
        stage["class_size_total"] = _sum(own, "student_count")
    stages, rooms = _grouped(rows["stages"], "school_id"), _grouped(rows["rooms"], "school_id")
    for school in rows["schools"]:
        key = (school["school_id"],)
        school.update(_school_totals(school, stages.get(key, ()), rooms.get(key, ())))
    return rows


def _school_totals(school: Row, stages: Rows, rooms: Rows) -> Row:
    totals: Row = {}
    for name in ("primary", "junior"):
        own = [row for row in stages if row["stage"] == name]
        totals[f"{name}_row_count"] = len(own)
        totals[f"{name}_student_count"] = _sum(own, "student_count")
    students, seniors = _sum(stages, "student_count"), school["senior_student_count"]
    # A senior stage that should be there but has no number leaves the school's total unknown.
    is_senior_unknown = seniors is None and school["school_type"] in _SENIOR_TYPES
    totals["compulsory_student_count"] = students
    totals["all_student_count"] = None if students is None or is_senior_unknown else students + (seniors or 0)
    totals["school_class_count"] = _sum(stages, "class_count")
    totals["room_area_total"] = _sum(rooms, "area")
    return totals


def _grouped(rows: Iterable[Row], *names: str) -> Mapping[tuple[Any, ...], Rows]:
    """Rows by key; rows with an incomplete key belong to nothing."""
    groups: dict[tuple[Any, ...], list[Row]] = defaultdict(list)
    key_of = values_of(names)
    for row in rows:
        key = key_of(row)
        if None not in key:
            groups[key].append(row)
    return groups


def _sum(rows: Rows, name: str) -> int | None:
    """The sum of a column; missing when there is no row or one row lacks it."""
    values = [row[name] for row in rows]
    return None if not values or None in values else sum(values)


def _add_previous(rows: Iterable[Row], earlier: Iterable[Row], key: tuple[str, ...], names: Sequence[str]) -> None:
    groups, key_of = _grouped(earlier, *key), values_of(key)
    for row in rows:
        found = groups.get(key_of(row))
        row.update({f"{PREVIOUS}{name}": found[0][name] if found else None for name in names})


def _previous_names(table: Table) -> list[str]:
    """The columns whose last year's value a check of the table asks for."""
    found = set()
    for check in table.checks:
        if check.kind == "year_on_year":
            found.add(str(check.arguments["field"]))
        texts = [each for value in check.arguments.values() if isinstance(value, list) for each in value]
        found |= {str(each).removeprefix(PREVIOUS) for each in texts if _is_previous(str(each), table)}
    return sorted(found)


def _is_previous(name: str, table: Table) -> bool:
    return name.startswith(PREVIOUS) and name not in table.fields
