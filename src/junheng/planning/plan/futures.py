"""A county's facts in a later year when nothing is done: other pupils, other classes, everything else as it is.

Tables are plain rows here (`Tables`), so that measures can be entered one by one before they become facts again.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from junheng.core.facts import SCOPE_KEYS, Facts, facts_from_rows
from junheng.core.fields import FieldDictionary
from junheng.core.stages import STAGES_OF_TYPE
from junheng.planning.plan.limits import RowKey

Row = dict[str, Any]
Tables = dict[str, list[Row]]


def same_pupils(facts: Facts, years: Iterable[int]) -> Mapping[int, Mapping[RowKey, int]]:
    """Today's pupils for every one of the years: to be asked for on purpose, for it is a forecast that nothing changes.

    Stages whose pupils are missing are left out; the problem's findings then name them.
    """
    rows = facts.table("stages").rows(named=True)
    today = {(row["school_id"], row["stage"]): row["student_count"] for row in rows if row["student_count"] is not None}
    return {year: dict(today) for year in years}


def plain_tables(facts: Facts, dictionary: FieldDictionary) -> Tables:
    """Every table as plain rows without the scope keys that the table does not own."""
    tables: Tables = {}
    for name, table in dictionary.tables.items():
        own = [field for field in (*table.fields,) if field in table.fields]
        tables[name] = [{field: row[field] for field in own} for row in facts.table(name).rows(named=True)]
    return tables


def facts_of_year(facts: Facts, tables: Tables, dictionary: FieldDictionary, year: int) -> Facts:
    """The tables as the facts of a year of the same county."""
    for row in tables["county"]:
        row.update({name: year for name in SCOPE_KEYS if name == "year"})
    return facts_from_rows(
        dictionary, county_code=facts.county_code, county_name=facts.county_name, year=year, rows=tables
    )


def enter_pupils(
    tables: Tables, pupils: Mapping[RowKey, int], before: Mapping[RowKey, int], opened: Mapping[RowKey, int]
) -> None:
    """Puts a year's pupils into the stages, their classes and what follows from them. `before`: the pupils a year earlier;
    `opened`: classes opened per stage since the base year."""
    classes = _by_stage(tables["classes"])
    for row in tables["stages"]:
        key = (row["school_id"], row["stage"])
        if key not in pupils:
            continue
        _scale(row, pupils[key])
        if classes.get(key):
            classes[key] = class_rows(classes[key], pupils[key], opened.get(key, 0))
            row["class_count"] = len(classes[key])
    tables["classes"] = [row for key in sorted(classes) for row in classes[key]]
    _enter_previous(tables, before)


def leave_out_unopened(tables: Tables, opens: Mapping[str, int], year: int) -> None:
    """Takes the schools out that open after the year."""
    closed = {school for school, first in opens.items() if first > year}
    for name, rows in tables.items() if closed else ():
        tables[name] = [row for row in rows if row.get("school_id") not in closed]


def _enter_previous(tables: Tables, before: Mapping[RowKey, int]) -> None:
    totals: dict[str, int] = {}
    for (school_id, _), count in before.items():
        totals[school_id] = totals.get(school_id, 0) + count
    for row in tables["schools"]:
        if row["previous_year_student_count"] is not None and row["school_id"] in totals:
            row["previous_year_student_count"] = totals[row["school_id"]]


def _scale(row: Row, pupils: int) -> None:
    old, near = row["student_count"], row["in_catchment_student_count"]
    row["student_count"] = pupils
    if near is not None:
        row["in_catchment_student_count"] = pupils * near // old if old else pupils


def _by_stage(rows: Iterable[Row]) -> dict[RowKey, list[Row]]:
    found: dict[RowKey, list[Row]] = {}
    for row in rows:
        found.setdefault((row["school_id"], row["stage"]), []).append(row)
    return found


def class_rows(rows: Sequence[Row], pupils: int, opened: int) -> list[Row]:
    """The classes of one stage when it has so many pupils and so many more classes.

    Pupils keep their shares of the grades; a class is opened where classes are largest; a grade's classes are made even.
    """
    counts, heads = grades(rows, pupils)
    for _ in range(opened):
        fullest = max(counts, key=lambda grade: (heads[grade] / counts[grade], -grade))
        counts[fullest] += 1
    made = []
    for grade, count in sorted(counts.items()):
        old = [row for row in rows if row["grade"] == grade]
        open_now = min(count, heads[grade])
        names = {row["class_name"] for row in old}
        tried = (f"{grade}年级新{number}班" for number in range(1, count + len(names) + 1))
        fresh = (name for name in tried if name not in names)
        for place in range(open_now):
            size = heads[grade] // open_now + (place < heads[grade] % open_now)
            model = old[place] if place < len(old) else {**old[0], "class_name": next(fresh)}
            made.append({**model, "student_count": size})
    return made


def grades(rows: Sequence[Row], pupils: int) -> tuple[dict[int, int], dict[int, int]]:
    """Classes and pupils per grade when a stage has so many pupils; shares by largest remainder, lower grades first."""
    counts: dict[int, int] = {}
    sizes: dict[int, int] = {}
    for row in rows:
        counts[row["grade"]] = counts.get(row["grade"], 0) + 1
        sizes[row["grade"]] = sizes.get(row["grade"], 0) + (row["student_count"] or 0)
    total = sum(sizes.values())
    if not total:
        sizes, total = dict.fromkeys(counts, 1), len(counts)
    heads = {grade: pupils * size // total for grade, size in sizes.items()}
    order = sorted(sizes, key=lambda grade: (-(pupils * sizes[grade] % total), grade))
    for grade in order[: pupils - sum(heads.values())]:
        heads[grade] += 1
    return counts, heads


def classes_to_open(tables: Tables, pupils: Mapping[RowKey, int], limits: Mapping[str, int]) -> dict[RowKey, int]:
    """How many classes each stage lacks so that no class is larger than its stage's limit; only stages that lack some."""
    types = {row["school_id"]: row["school_type"] for row in tables["schools"]}
    lacking: dict[RowKey, int] = {}
    for key, rows in sorted(_by_stage(tables["classes"]).items()):
        if key in pupils and types.get(key[0]) in STAGES_OF_TYPE:
            counts, heads = grades(rows, pupils[key])
            need = sum(max(0, -(-heads[grade] // limits[key[1]]) - counts[grade]) for grade in counts)
            if need:
                lacking[key] = need
    return lacking
