"""Facts that a scenario takes as changed: which can be, what they become, and the facts with the changes made."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from junheng import api
from junheng.core.errors import InputError
from junheng.core.facts import Facts, facts_from_rows
from junheng.core.fields import Field, FieldDictionary, FieldType
from junheng.readers.dictionary import load_dictionary

TABLES = ("schools", "stages")
"""Tables with one row a school, or a school and stage: what is in others is a matter for the returns."""

Change = Mapping[str, Any]


def changeable() -> Iterator[tuple[str, Field]]:
    """The table and the entry of every number that can be taken as another."""
    dictionary = load_dictionary()
    for table in TABLES:
        for name, entry in dictionary.tables[table].fields.items():
            if entry.type in (FieldType.INTEGER, FieldType.DECIMAL) and name not in dictionary.tables[table].key:
                yield table, entry


def change_of(facts: Facts, *, school: str, stage: str, field: str, text: str) -> dict[str, Any]:
    """One change as it is kept in a scenario. InputError for a school, stage, entry or value that will not do.

    `field` is `table.entry`; `stage` is not looked at where the table knows none.
    """
    table, _dot, name = field.partition(".")
    entry = next((entry for where, entry in changeable() if (where, entry.id) == (table, name)), None)
    if entry is None:
        raise InputError(_("请选择要改动的项目。"))
    key = {"school_id": school} | ({"stage": stage} if table == "stages" else {})
    row = _row(facts, table, key)
    if row is None:
        raise InputError(_("这所学校没有这个学段的数据，请核对学校和学段。"))
    parsed = api.parse_value(entry, text)
    if parsed.problem is not None or parsed.value is None:
        raise InputError(parsed.problem.reason if parsed.problem else _("请填写改动后的数。"))
    return {
        "table": table,
        "key": key,
        "field": name,
        "value": parsed.value,
        "was": row[name],
        "text": text.strip(),
        "school_name": _school_name(facts, school),
    }


def _row(facts: Facts, table: str, key: Mapping[str, str]) -> Mapping[str, Any] | None:
    rows = facts.table(table).rows(named=True)
    return next((row for row in rows if all(row[name] == value for name, value in key.items())), None)


def _school_name(facts: Facts, school: str) -> str:
    row = _row(facts, "schools", {"school_id": school})
    return str((row or {}).get("school_name") or school)


def with_change(changes: Sequence[Change], new: Change) -> list[dict[str, Any]]:
    """The list with a change added; one of the same number takes the place of the older."""
    kept = [dict(entry) for entry in changes if place_of(entry) != place_of(new)]
    return [*kept, dict(new)]


def place_of(change: Change) -> str:
    """Which number a change is about, as text: `table|school|stage|entry`."""
    key = change["key"]
    return "|".join((change["table"], key["school_id"], key.get("stage", ""), change["field"]))


def typed(entry: Field, value: int | None) -> float | None:
    """A kept number in the unit in which it is typed."""
    return None if value is None else float(entry.typed(value))


def applied(facts: Facts, changes: Sequence[Change]) -> Facts:
    """The facts with the changes made; the same facts when there are none. A row that is not there is passed over."""
    if not changes:
        return facts
    dictionary: FieldDictionary = load_dictionary()
    rows = {
        name: [{field: row[field] for field in table.fields} for row in facts.table(name).rows(named=True)]
        for name, table in dictionary.tables.items()
    }
    for change in changes:
        for row in rows[change["table"]]:
            if all(row[name] == value for name, value in change["key"].items()):
                row[change["field"]] = change["value"]
    return facts_from_rows(
        dictionary, county_code=facts.county_code, county_name=facts.county_name, year=facts.year, rows=rows
    )
