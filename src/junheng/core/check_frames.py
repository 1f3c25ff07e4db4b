"""The tables as checks see them: the facts of a table, plus columns derived from other tables and from last year.

Derived columns are named and labelled in `DERIVED`, so that a check in `fields.yaml` can use them like fields. A derived sum
is missing as soon as one of its parts is missing. Columns of last year carry the prefix `previous_`; they exist only when
last year's facts were given.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any, TypeAlias

import narwhals as nw

from junheng.core.errors import StandardError
from junheng.core.facts import Facts
from junheng.core.fields import Field, FieldDictionary, FieldType

Frame: TypeAlias = nw.DataFrame[Any]

PREVIOUS = "previous_"
_SEPARATOR = "\x1f"
_SENIOR_TYPES = ("full_secondary_school", "twelve_year_school")


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
    """Everything a check may look at: the facts, the dictionary and the frames with their derived columns."""

    facts: Facts
    dictionary: FieldDictionary
    frames: Mapping[str, Frame]

    def entry(self, table: str, name: str) -> Field:
        """The field, derived column or last year's column of that name; StandardError when there is none."""
        known = {**self.dictionary.tables[table].fields, **DERIVED.get(table, {})}
        if name in known:
            return known[name]
        this_year = known.get(name.removeprefix(PREVIOUS))
        if this_year is None:
            raise StandardError(f"字段字典：表 {table} 的检查用到了不存在的字段 {name}。")
        return replace(this_year, id=name, label=f"上年{this_year.label}")

    def has(self, table: str, *names: str) -> bool:
        """True when the table holds all these columns (last year's are absent without last year's facts)."""
        return set(names) <= set(self.frames[table].columns)


def check_tables(facts: Facts, dictionary: FieldDictionary, previous: Facts | None) -> CheckTables:
    """The frames of this year's facts, with last year's columns joined where a check asks for them."""
    frames = _with_derived(facts)
    if previous is not None:
        earlier = _with_derived(previous)
        for name in dictionary.tables:
            wanted = sorted(_previous_columns(dictionary, name))
            if wanted:
                frames[name] = _join_previous(frames[name], earlier[name], dictionary.tables[name].key, wanted)
    return CheckTables(facts=facts, dictionary=dictionary, frames=frames)


def row_keys(names: tuple[str, ...]) -> nw.Expr:
    """One text per row from several columns; missing when one of them is missing."""
    return nw.concat_str([nw.col(name).cast(nw.String()) for name in names], separator=_SEPARATOR)


def _with_derived(facts: Facts) -> dict[str, Frame]:
    frames = dict(facts.tables)
    frames["stages"] = _stages(frames["stages"], frames["classes"])
    frames["schools"] = _schools(frames["schools"], frames["stages"], frames["rooms"])
    return frames


def _total(frame: Frame, by: list[str], name: str, alias: str) -> Frame:
    """Sum of a column per group as `alias`, missing when one row of the group is missing; rows as `<alias>_rows`."""
    grouped = frame.group_by(by).agg(
        nw.col(name).sum().alias(alias), nw.col(name).count().alias("_given"), nw.len().alias(f"{alias}_rows")
    )
    complete = nw.when(nw.col("_given") == nw.col(f"{alias}_rows")).then(nw.col(alias)).alias(alias)
    return grouped.with_columns(complete, nw.col(f"{alias}_rows").cast(nw.Int64())).drop("_given")


def _stages(stages: Frame, classes: Frame) -> Frame:
    by = ["school_id", "stage"]
    sizes = _total(classes, by, "student_count", "class_size_total").rename({"class_size_total_rows": "class_row_count"})
    return _left_join(stages, sizes, by)


def _schools(schools: Frame, stages: Frame, rooms: Frame) -> Frame:
    by = ["school_id"]
    for stage in ("primary", "junior"):
        rows = _total(stages.filter(nw.col("stage") == stage), by, "student_count", f"{stage}_student_count")
        schools = _left_join(schools, rows.rename({f"{stage}_student_count_rows": f"{stage}_row_count"}), by)
    for frame, name, alias in (
        (stages, "student_count", "compulsory_student_count"),
        (stages, "class_count", "school_class_count"),
        (rooms, "area", "room_area_total"),
    ):
        schools = _left_join(schools, _total(frame, by, name, alias).drop(f"{alias}_rows"), by)
    # A senior stage that should be there but has no number leaves the school's total unknown.
    is_senior = nw.col("school_type").is_in(_SENIOR_TYPES)
    senior = nw.when(is_senior).then(nw.col("senior_student_count")).otherwise(nw.col("senior_student_count").fill_null(0))
    return schools.with_columns(
        nw.col("primary_row_count").fill_null(0),
        nw.col("junior_row_count").fill_null(0),
        (nw.col("compulsory_student_count") + senior).alias("all_student_count"),
    )


def _left_join(left: Frame, right: Frame, on: list[str]) -> Frame:
    """A left join that keeps the order of the left rows on every engine; groups without a key match nothing."""
    indexed = left.with_row_index("_position")
    joined = indexed.join(right.drop_nulls(on), on=on, how="left").sort("_position")
    return joined.drop("_position")


def _join_previous(frame: Frame, earlier: Frame, key: tuple[str, ...], wanted: list[str]) -> Frame:
    names = {name: f"{PREVIOUS}{name}" for name in wanted}
    rows = earlier.select(*key, *wanted).unique(subset=list(key), keep="first", maintain_order=True).rename(names)
    return _left_join(frame, rows, list(key))


def _previous_columns(dictionary: FieldDictionary, table: str) -> set[str]:
    fields = dictionary.tables[table].fields
    found = set()
    for check in dictionary.tables[table].checks:
        if check.kind == "year_on_year":
            found.add(check.arguments["field"])
        for name in _texts(check.arguments):
            if name.startswith(PREVIOUS) and name not in fields:
                found.add(name.removeprefix(PREVIOUS))
    return found


def _texts(arguments: Mapping[str, Any]) -> Iterator[str]:
    for value in arguments.values():
        yield from (each for each in (value if isinstance(value, list) else [value]) if isinstance(each, str))
