"""Worked cases of a standard, read from its `cases.yaml` and turned into canonical facts.

A case names only the facts it is about. `defaults` of the file fill the rest of each row; the county always has its row, and
rows of a school need no `schools` entry of their own. A case for several `subjects` stands for one case each; a judgement without
an item is about the subject (for a scored point `item/point`). An empty text takes a default away.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

from junheng.core.facts import Facts, facts_from_rows, table_frame
from junheng.core.fields import Field, FieldDictionary, FieldType
from junheng.core.standard import Stage, Standard
from junheng.core.verdict import Outcome
from junheng.core.worked_case import CaseKind, WorkedCase
from junheng.readers.dictionary import load_dictionary
from junheng.readers.standard_yaml import Node
from junheng.readers.standards import PACKS, load_standard, read_cases, standard_path

Rows = tuple[Mapping[str, str], ...]
_CASE_KEYS = (
    "id",
    "subject",
    "subjects",
    "judges",
    "name",
    "kind",
    "stage",
    "school",
    "facts",
    "exceptions",
    "expect",
    "value",
    "points",
    "on",
)
_SCHOOL_TABLES = ("stages", "classes", "rooms", "cohorts")


@dataclass(frozen=True)
class _File:
    """What all cases of one file share."""

    defaults: Mapping[str, Mapping[str, str]]
    dictionary: FieldDictionary
    standard: Standard
    on: date


def load_cases(standard: str | Path, packs: Path = PACKS) -> tuple[WorkedCase, ...]:
    """The worked cases that the file of a standard (pack id or path) holds itself, in the order they are written.

    StandardError names file and key path for an unknown key, subject, table or field, a value its field cannot take, or
    an id that another case has.
    """
    path = standard_path(standard, packs)
    node = read_cases(path, packs)
    if node is None:
        return ()
    return parse_cases(node, load_standard(path, packs), load_dictionary())


def parse_cases(node: Node, standard: Standard, dictionary: FieldDictionary) -> tuple[WorkedCase, ...]:
    """The cases of a parsed file: a mapping of `on`, `defaults` and `cases`."""
    node.mapping(("on", "defaults", "cases"), ("on", "cases"))
    shared = _File(_defaults(node, dictionary), dictionary, standard, node.child("on").day())
    cases = tuple(case for entry in node.child("cases").entries() for case in _cases(entry, shared))
    ids = [case.id for case in cases]
    doubles = sorted({name for name in ids if ids.count(name) > 1})
    if doubles:
        raise node.child("cases").refuse(f"算例 {'、'.join(doubles)} 重复，请用 id 区分。")
    return cases


def case_facts(case: WorkedCase) -> Facts:
    """The facts of a case, every table of the dictionary included."""
    (county,) = case.rows["county"]
    code, year = str(county["county_code"]), int(county["year"])
    empty = _empty_facts(code, str(county["county_name"]), year)
    known = load_dictionary().tables
    own = {name: table_frame(known[name], rows, code, year) for name, rows in case.rows.items()}
    return replace(empty, tables={**empty.tables, **own})


@cache
def _empty_facts(code: str, name: str, year: int) -> Facts:
    """Tables without rows, built once: a case fills two or three of them."""
    return facts_from_rows(load_dictionary(), county_code=code, county_name=name, year=year, rows={})


def _defaults(node: Node, dictionary: FieldDictionary) -> dict[str, dict[str, str]]:
    defaults = node.get("defaults")
    if defaults is None:
        return {}
    tables = defaults.mapping(tuple(dictionary.tables))
    found = {}
    for table in tables:
        row = defaults.child(table)
        found[table] = {name: str(value) for name, value in row.mapping(tuple(dictionary.tables[table].fields)).items()}
    return found


def _cases(node: Node, shared: _File) -> Iterator[WorkedCase]:
    node.mapping(_CASE_KEYS, ("name", "kind"))
    listed = node.get("subjects")
    subjects = [node.child("subject")] if listed is None else list(listed.entries())
    known = _subjects(shared.standard)
    for subject in subjects:
        yield _case(node, subject.choice(known), shared)


def _subjects(standard: Standard) -> frozenset[str]:
    entries: tuple[Any, ...] = (*standard.indicators, *standard.items, *standard.vetoes, *standard.exceptions)
    return frozenset((*(entry.id for entry in entries), *_scored_in(standard)))


def _scored_in(standard: Standard) -> dict[str, str]:
    """The item of each scored sub-item."""
    return {sub_item.id: item.id for item in standard.items for sub_item in item.sub_items}


def _case(node: Node, subject: str, shared: _File) -> WorkedCase:
    kind = CaseKind(node.child("kind").choice([entry.value for entry in CaseKind]))
    stage = _stage(node)
    typed = _typed(node, subject, shared)
    outcome, points = _expectation(node)
    judges, value, on, school = (node.get(key) for key in ("judges", "value", "on", "school"))
    suffix = node.get("id")
    parts = [subject, stage.value if stage else "", kind.value, suffix.identifier() if suffix else ""]
    return WorkedCase(
        id="-".join(part for part in parts if part),
        subject=subject,
        judges=judges.choice(_subjects(shared.standard)) if judges else subject,
        name=node.child("name").text(),
        kind=kind,
        outcome=outcome,
        typed=typed,
        rows=_canonical(node, typed, shared.dictionary),
        on=on.day() if on else shared.on,
        stage=stage,
        school_id=school.text() if school else shared.defaults.get("schools", {}).get("school_id", ""),
        exceptions=_exceptions(node, shared.standard),
        value=_fraction(value) if value else None,
        points=points,
    )


def _fraction(node: Node) -> Fraction:
    """A decimal, or a quotient of two whole numbers where no decimal is exact (23226/397)."""
    above, slash, below = node.text().partition("/")
    if not slash:
        return node.number()
    parts = [Node(part, node.file, node.path).integer() for part in (above, below)]
    if parts[1] <= 0:
        raise node.refuse(f"“{node.value}”的分母应为正数。")
    return Fraction(*parts)


def _stage(node: Node) -> Stage | None:
    stage = node.get("stage")
    return Stage(stage.choice([entry.value for entry in Stage])) if stage else None


def _exceptions(node: Node, standard: Standard) -> tuple[str, ...]:
    listed = node.get("exceptions")
    known = [entry.id for entry in standard.exceptions]
    return tuple(entry.choice(known) for entry in listed.entries()) if listed else ()


def _expectation(node: Node) -> tuple[Outcome | None, Fraction | None]:
    """(outcome, points): a scored sub-item has points instead of an outcome."""
    expect, points = node.get("expect"), node.get("points")
    if (expect is None) == (points is None):
        raise node.refuse("expect（结论）和 points（得分）要写一个，且只写一个。")
    if points is not None:
        return None, points.number()
    assert expect is not None  # one of the two is there
    return Outcome(expect.choice([entry.value for entry in Outcome])), None


def _typed(node: Node, subject: str, shared: _File) -> dict[str, Rows]:
    facts = node.get("facts")
    tables = dict.fromkeys(facts.mapping(tuple(shared.dictionary.tables))) if facts is not None else {}
    if any(table in tables for table in _SCHOOL_TABLES):
        tables = {"schools": None, **tables}
    found: dict[str, Rows] = {}
    for table in {"county": None, **tables}:
        given = facts.get(table) if facts is not None else None
        rows = list(given.entries()) if given is not None else [Node({}, node.file, f"{node.path}.{table}")]
        found[table] = tuple(_row(row, table, subject, shared) for row in rows)
    return found


def _row(node: Node, table: str, subject: str, shared: _File) -> dict[str, str]:
    given = {name: str(value) for name, value in node.mapping(tuple(shared.dictionary.tables[table].fields)).items()}
    item = _scored_in(shared.standard).get(subject)
    start = {"item_id": f"{item}/{subject}" if item else subject} if table == "judgements" else {}
    merged = {**start, **shared.defaults.get(table, {}), **given}
    return {name: value for name, value in merged.items() if value}


def _canonical(
    node: Node, typed: Mapping[str, Rows], dictionary: FieldDictionary
) -> dict[str, tuple[Mapping[str, Any], ...]]:
    found: dict[str, tuple[Mapping[str, Any], ...]] = {}
    for table, rows in typed.items():
        place = Node(None, node.file, f"{node.path}.facts.{table}")
        fields = dictionary.tables[table].fields
        found[table] = tuple({name: _value(place, fields[name], text) for name, text in row.items()} for row in rows)
    return found


def _value(place: Node, field: Field, text: str) -> Any:
    node = Node(text, place.file, f"{place.path}.{field.id}")
    if field.choices:
        node.choice(tuple(field.choices))
    if field.type.is_number:
        node.number()
        try:
            return field.canonical(text)
        except ValueError as error:
            raise node.refuse(str(error)) from error
    if field.type is FieldType.BOOLEAN:
        return node.boolean()
    return node.day().isoformat() if field.type is FieldType.DATE else node.text()
