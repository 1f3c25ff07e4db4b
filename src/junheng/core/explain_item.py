"""The explanation of one item: its number against its limit, the numbers it rests on, and who misses it, down to the cells."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from junheng.core.explain_node import ROUNDING_NOTE, STAGE_LABEL, Context, Node, amount_text, reason_notes
from junheng.core.facts import Facts
from junheng.core.fields import FieldType
from junheng.core.findings import Location
from junheng.core.formula_catalogue import CATALOGUE, FormulaKind
from junheng.core.items import FORMULAS
from junheng.core.rounding import printed
from junheng.core.standard import Item
from junheng.core.verdict import Failure, Figure, ItemResult

_SIGNS: Mapping[str, str] = {
    "不低于": "≥",
    "不少于": "≥",
    "不小于": "≥",
    "不超过": "≤",
    "不多于": "≤",
    "低于": "<",
}
"""How the labels of the catalogue end that name a limit, and what it asks of the value."""

_ENDING = re.compile(f"({'|'.join(_SIGNS)})$")
_LIMIT_FROM_FACTS: Mapping[str, str] = {"pay_not_below_civil_servants": "≥"}
"""Formulas whose limit is a fact of the county, of which the catalogue knows nothing."""

_AMOUNTS = (FieldType.INTEGER, FieldType.DECIMAL, FieldType.RATIO)
_ONLY_FOR_EXCEPTIONS = frozenset({"schools.migrant_student_count"})
"""Amounts that a formula looks at only where an exception for its item is switched on."""


def item_node(context: Context, entry: ItemResult) -> Node:
    """The node of an item: first the numbers it rests on, then one node for each who misses it."""
    item = context.rules.standard.item(entry.item_id)
    notes = [f"{sub.name}:{printed(sub.points, 1)}/{printed(sub.full_points, 1)}分" for sub in entry.sub_items]
    if entry.assessor:
        notes.append(f"评估人:{entry.assessor};佐证:{'、'.join(entry.evidence) or '—'}")
    notes += [f"使用例外条款:{name}" for name in entry.exceptions]
    notes += [ROUNDING_NOTE] if entry.is_rounding_sensitive else []
    figures = tuple(_figure(context.facts, item.id, figure) for figure in entry.figures)
    return Node(
        path=f"item:{item.id}",
        title=f"{entry.number} {entry.name}",
        outcome=entry.outcome,
        value=_value(entry),
        limit=_sign(item) + amount_text(entry.limit, entry.unit) if entry.limit is not None else "",
        clause=entry.clause,
        notes=(*reason_notes(entry.reasons), *notes),
        children=(*figures, *(_failure(context, item, failure) for failure in entry.failures)),
    )


def _value(entry: ItemResult) -> str:
    """Empty when it is not known; a value that nobody asks for is something else."""
    if entry.points is not None and entry.full_points is not None:
        return f"{printed(entry.points, 1)}/{printed(entry.full_points, 1)}分"
    codes = {reason.code for reason in entry.reasons}
    if entry.value is None and entry.limit is not None and "not-applicable" in codes and "missing-facts" not in codes:
        return "不适用"
    return amount_text(entry.value, entry.unit)


def _sign(item: Item) -> str:
    """What the limit of an item asks of its value: ≥, ≤ or <; empty when the catalogue does not tell, or tells several."""
    if item.sub_items:
        return "≥"  # a scored item has to reach a share of its full marks
    name = item.formula or ""
    if name in _LIMIT_FROM_FACTS:
        return _LIMIT_FROM_FACTS[name]
    spec = CATALOGUE[FormulaKind.ITEM].get(name)
    endings = [_ENDING.search(entry.label) for entry in spec.params.values()] if spec is not None else []
    signs = {_SIGNS[ending.group()] for ending in endings if ending is not None}
    return signs.pop() if len(signs) == 1 else ""


def _figure(facts: Facts, item_id: str, figure: Figure) -> Node:
    value = "缺" if figure.value is None else f"{printed(figure.value, figure.decimals)}{figure.unit}"
    cells: tuple[Location, ...] = ()
    if figure.key:
        table, _, field_id = figure.sources[0].partition(".")
        cells = (facts.locate(table, figure.key, field_id),)
    return Node(f"item:{item_id}:{figure.id}", figure.label, None, value=value, locations=cells)


def _failure(context: Context, item: Item, failure: Failure) -> Node:
    """Who misses the item, with the stage unless the text begins with it: a school may be there once for each of its stages."""
    path, title = f"item:{item.id}:{failure.school_id}", failure.school_name
    if failure.stage is not None:
        path, label = f"{path}:{failure.stage.value}", STAGE_LABEL[failure.stage]
        title += "" if failure.text.startswith(label) else f"（{label}）"
    return Node(path, title, None, value=failure.text, locations=tuple(_cells(context, item, failure)))


def _cells(context: Context, item: Item, failure: Failure) -> Iterator[Location]:
    """The cells of the amounts of this school that the formula of the item uses, as far as they are filled in."""
    is_relieved = any(item.id in exception.applies_to for exception in context.rules.exceptions)
    for name in FORMULAS[item.formula or ""].uses:
        table, _, field_id = name.partition(".")
        is_amount = context.dictionary.field(table, field_id).type in _AMOUNTS
        if not is_amount or (name in _ONLY_FOR_EXCEPTIONS and not is_relieved):
            continue
        for key, row in context.rows_of_school.get((table, failure.school_id), ()):
            if row[field_id] is not None and _is_meant(table, row, failure):
                yield context.facts.locate(table, key, field_id, failure.school_name)


def _is_meant(table: str, row: Mapping[str, Any], failure: Failure) -> bool:
    """Whether a failure is about a row of its school: of its stage, and of classes the one that it names."""
    if failure.stage is not None and row.get("stage", failure.stage.value) != failure.stage.value:
        return False
    return table != "classes" or f"{row['grade']}年级{row['class_name']} {row['student_count']} 人" in failure.text
