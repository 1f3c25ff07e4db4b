"""Who owns which fact, how many of them are there, and which indicators and items rest on them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from junheng.core.fields import Field
from junheng.core.indicators import FORMULAS as RESOURCE_FORMULAS
from junheng.core.items import FORMULAS as ITEM_FORMULAS
from junheng.core.items import SUB_ITEM_FORMULAS
from junheng.core.standard import Item
from junheng.reports.bundle_content import Bundle

__all__ = ["coverage_by_reporter", "reporters_of"]

Entry = dict[str, Any]


def reporters_of(field: Field) -> list[str]:
    """The reporters of a field: `财政局、人社局` are two."""
    return [name for name in re.split("[、，/]", field.reporter) if name]


def coverage_by_reporter(bundle: Bundle) -> list[Entry]:
    """Per reporter: the facts that the standard needs from it, how many values are there, and what rests on them."""
    users = _users(bundle)
    found: dict[str, Entry] = {}
    for name, (filled, needed) in bundle.verdict.coverage.items():
        table, _, field_id = name.partition(".")
        field = bundle.dictionary.field(table, field_id)
        fact = {
            "id": name,
            "table": bundle.dictionary.tables[table].label,
            "label": field.label,
            "filled": filled,
            "needed": needed,
            "used_by": users.get(name, []),
        }
        for reporter in reporters_of(field):
            entry = found.setdefault(reporter, {"reporter": reporter, "filled": 0, "needed": 0, "facts": []})
            entry["filled"] += filled
            entry["needed"] += needed
            entry["facts"].append(fact)
    return list(found.values())


def _users(bundle: Bundle) -> dict[str, list[str]]:
    """Per `table.field` the ids of the indicators and items that need it."""
    users: dict[str, list[str]] = {}
    for entry in bundle.standard.indicators:
        for name in ("stages.student_count", *RESOURCE_FORMULAS[entry.formula].fields):
            users.setdefault(name, []).append(entry.id)
    for item in bundle.standard.items:
        for name in sorted(set(_item_fields(item))):
            users.setdefault(name, []).append(item.id)
    return users


def _item_fields(item: Item) -> Iterator[str]:
    if item.formula:
        yield from ITEM_FORMULAS[item.formula].uses
    for sub in item.sub_items:
        if sub.formula:
            yield from SUB_ITEM_FORMULAS[sub.formula].uses
