"""What differs between two versions, in words."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from junheng.core.fields import Table
from junheng.readers.dictionary import load_dictionary
from junheng.web.returns.coverage import IDENTITY
from junheng.web.returns.document import Values, key_text
from junheng.web.returns.words import shown


@dataclass(frozen=True, slots=True)
class Difference:
    """One cell that differs. `row_label` names the row where a table has many; `is_new_row`/`is_gone_row`: the whole row."""

    table: str
    table_label: str
    row_key: str
    row_label: str
    field: str
    label: str
    before: str
    after: str
    is_new_row: bool = False
    is_gone_row: bool = False


def differences(before: Values | None, after: Values) -> list[Difference]:
    """All cells that differ, in the order of the dictionary; without `before` there is nothing to compare with."""
    if before is None:
        return []
    found: list[Difference] = []
    for table in load_dictionary().tables.values():
        if table.id in after or table.id in before:
            found += _of_table(table, _by_key(table.id, before), _by_key(table.id, after))
    return found


def _by_key(table: str, values: Values) -> dict[str, dict[str, Any]]:
    return {key_text(table, row): row for row in values.get(table, ())}


def _of_table(
    table: Table, before: Mapping[str, Mapping[str, Any]], after: Mapping[str, Mapping[str, Any]]
) -> Iterator[Difference]:
    for key in [*after, *(key for key in before if key not in after)]:
        old, new = before.get(key), after.get(key)
        label = row_label(table, new or old or {})
        for name, entry in table.fields.items():
            was, now = (old or {}).get(name), (new or {}).get(name)
            if was != now and name not in IDENTITY:
                yield Difference(
                    table=table.id,
                    table_label=table.label,
                    row_key=key,
                    row_label=label,
                    field=name,
                    label=entry.label,
                    before=shown(entry, was),
                    after=shown(entry, now),
                    is_new_row=old is None,
                    is_gone_row=new is None,
                )


def row_label(table: Table, row: Mapping[str, Any]) -> str:
    """What people call a row: the parts of its key that differ within one return; empty for a table of one row."""
    parts = [name for name in table.key if name not in IDENTITY]
    return " ".join(shown(table.fields[name], row[name]) for name in parts if row.get(name) is not None)
