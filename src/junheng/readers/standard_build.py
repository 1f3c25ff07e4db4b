"""Lays a file over the standard it extends, and builds the finished Standard from the result."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from junheng.core.digest import sha256_of
from junheng.core.errors import StandardError
from junheng.core.formula_catalogue import CATALOGUE, FormulaKind
from junheng.core.standard import (
    DispersionRule,
    Exception_,
    Item,
    Note,
    Parameter,
    Part,
    ResourceIndicator,
    SchoolRule,
    Scope,
    Scoring,
    Sharing,
    Standard,
    SubItem,
    Veto,
)
from junheng.readers.standard_pack import ENTRY_SECTIONS, Entry, Pack

_WORDING = {"id", "number", "name", "short_name", "clause", "note"}
_REQUIRED = {
    "indicators": ("number", "name", "short_name", "formula", "per_students", "unit"),
    "items": ("number", "name", "part"),
    "vetoes": ("number", "name"),
    "exceptions": ("name", "effect", "applies_to", "since"),
    "sub_items": ("name", "points"),
}
_FORMULA_KINDS = {
    "indicators": FormulaKind.RESOURCE,
    "items": FormulaKind.ITEM,
    "vetoes": FormulaKind.VETO,
    "exceptions": FormulaKind.EFFECT,
    "sub_items": FormulaKind.SUB_ITEM,
}
_REQUIRED_RULES = {
    "scope": ("school_types", "ownerships", "organiser_types", "clauses"),
    "sharing": ("weights", "clause"),
    "school_rule": ("required_met", "floor", "clause"),
    "dispersion": ("mode", "limits", "clause"),
    "county_means": ("clause",),
    "scoring": ("item_share", "pass_total", "bands", "clause"),
}


@dataclass(frozen=True)
class Layer:
    """A file with everything below it: the content of a standard that is complete once it is built.

    `cases_needed` names what the topmost file itself adds or changes in substance: each of these needs worked cases there.
    """

    head: Mapping[str, Any]
    extends: str | None
    rules: Mapping[str, Entry]
    sections: Mapping[str, Mapping[str, Entry]]
    notes: tuple[Note, ...]
    cases_needed: tuple[str, ...] = ()


def lay(pack: Pack, below: Layer | None) -> Layer:
    """The file over its parent: entries by id, mappings key by key, values and lists as a whole; removals come first."""
    sections: Mapping[str, Mapping[str, Entry]] = below.sections if below else {name: {} for name in ENTRY_SECTIONS}
    sections, removed = _without(pack, sections)
    merged = {name: _merge_section(sections[name], pack.sections[name]) for name in ENTRY_SECTIONS}
    inherited = below.notes if below else ()
    own_ids = {note.id for note in pack.notes}
    _refuse_double_notes(pack)
    return Layer(
        head={**({"kind": below.head["kind"]} if below else {}), **pack.head},
        extends=pack.extends,
        rules=_merge(below.rules if below else {}, pack.rules),
        sections=merged,
        notes=tuple(note for note in inherited if note.id not in own_ids) + pack.notes + removed,
        cases_needed=tuple(_cases_needed(pack, sections)),
    )


def _without(
    pack: Pack, sections: Mapping[str, Mapping[str, Entry]]
) -> tuple[dict[str, dict[str, Entry]], tuple[Note, ...]]:
    left = {name: dict(entries) for name, entries in sections.items()}
    notes = []
    for removal in pack.removals:
        for identifier in removal.ids:
            entry = next((part.pop(identifier) for part in left.values() if identifier in part), None)
            if entry is None:
                raise pack.node.child("remove").refuse(f"父标准里没有 {identifier}，无法去掉。请核对编号。")
            notes.append(Note(f"removed_{identifier}", f"不沿用父标准的“{entry['name']}”，依据：{removal.clause}。"))
    return left, tuple(notes)


def _refuse_double_notes(pack: Pack) -> None:
    ids = [note.id for note in pack.notes]
    doubles = sorted({name for name in ids if ids.count(name) > 1})
    if doubles:
        raise pack.node.child("notes").refuse(f"编号 {'、'.join(doubles)} 重复，请合并成一项或改名。")


def _merge_section(below: Mapping[str, Entry], own: Mapping[str, Entry]) -> dict[str, Entry]:
    result = dict(below)
    for identifier, entry in own.items():
        result[identifier] = _merge_entry(result.get(identifier, {}), entry)
    return result


def _merge_entry(below: Entry, own: Entry) -> Entry:
    """A new formula starts with its own parameters: those of the old one mean something else."""
    kept = {key: value for key, value in below.items() if key != "params" or "formula" not in own}
    return _merge(kept, own)


def _merge(below: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    result = dict(below)
    for key, value in own.items():
        before = result.get(key)
        both = isinstance(before, Mapping) and isinstance(value, Mapping)
        result[key] = _merge(before, value) if both and isinstance(before, Mapping) else value
    return result


def _cases_needed(pack: Pack, below: Mapping[str, Mapping[str, Entry]]) -> list[str]:
    needed = []
    for section, entries in pack.sections.items():
        for identifier, entry in entries.items():
            is_new = identifier not in below[section]
            subs = entry.get("sub_items", {})
            needed += subs
            if (is_new or set(entry) - _WORDING) and not subs:
                needed.append(identifier)
    return needed


# ----------------------------------------------------------------------------------------------------------------- build


def build(layer: Layer, pack: Pack) -> Standard:
    """The Standard of a layer, with its digest. StandardError names the file and the entry that is not complete or not known."""
    for section in ENTRY_SECTIONS:
        for entry in layer.sections[section].values():
            _check_entry(pack, section, entry)
    for name, rule in layer.rules.items():
        _require(pack, name, rule, _REQUIRED_RULES[name])
    for name in ("scope", "sharing"):
        if name not in layer.rules:
            raise pack.node.refuse(f"缺少 {name}，请补上。")
    if "kind" not in layer.head:
        raise pack.node.refuse("缺少 kind，请补上。")
    _check_whole(pack, layer)
    try:
        standard = _standard(layer)
    except StandardError as error:
        raise pack.node.refuse(str(error)) from error
    return replace(standard, digest=sha256_of(standard))


def _require(pack: Pack, path: str, entry: Mapping[str, Any], keys: tuple[str, ...]) -> None:
    missing = [key for key in keys if key not in entry]
    if missing:
        raise StandardError(f"{pack.node.file} 的 {path}：缺少 {'、'.join(missing)}，请补上。")


def _check_entry(pack: Pack, section: str, entry: Entry, path: str = "") -> None:
    path = path or f"{section}[{entry['id']}]"
    _require(pack, path, entry, _REQUIRED[section])
    name = entry.get("effect" if section == "exceptions" else "formula")
    if name is None:
        if entry.get("params"):
            raise StandardError(
                f"{pack.node.file} 的 {path}.params：没有公式就不能有参数。请写上 formula 或删去 params。"
            )
    else:
        _check_formula(pack, path, _FORMULA_KINDS[section], name, entry.get("params", {}))
    for identifier, sub_item in entry.get("sub_items", {}).items():
        _check_entry(pack, "sub_items", sub_item, f"{path}.sub_items[{identifier}]")


def _check_formula(pack: Pack, path: str, kind: FormulaKind, name: str, params: Mapping[str, Parameter]) -> None:
    known = CATALOGUE[kind]
    if name not in known:
        raise StandardError(
            f"{pack.node.file} 的 {path}：公式“{name}”不存在。请改为下列之一：{'、'.join(sorted(known))}。"
        )
    specs = known[name].params
    unknown = sorted(set(params) - set(specs))
    if unknown:
        taken = "、".join(sorted(specs)) or "(无)"
        raise StandardError(
            f"{pack.node.file} 的 {path}.params：公式 {name} 没有参数 {'、'.join(unknown)}。它的参数是：{taken}。"
        )
    missing = [key for key, spec in specs.items() if not spec.is_optional and key not in params]
    if missing:
        raise StandardError(f"{pack.node.file} 的 {path}.params：公式 {name} 缺少参数 {'、'.join(missing)}，请补上。")


def _check_whole(pack: Pack, layer: Layer) -> None:
    """What only the whole can break: sub-item ids, scored items, thresholds where schools are judged one by one."""
    items = layer.sections["items"].values()
    ids = [name for section in ENTRY_SECTIONS for name in layer.sections[section]]
    ids += [name for item in items for name in item.get("sub_items", {})]
    doubles = sorted({name for name in ids if ids.count(name) > 1})
    if doubles:
        raise pack.node.refuse(f"编号 {'、'.join(doubles)} 在指标、评分点、否决和例外中重复，请改名。")
    for item in items:
        if bool(item.get("sub_items")) != (item["part"] is Part.SCORED):
            raise StandardError(
                f"{pack.node.file} 的 items[{item['id']}]：评分指标（part: scored）与评分点（sub_items）要么都有，要么都没有。"
            )
    if any(item.get("sub_items") for item in items) != ("scoring" in layer.rules):
        raise pack.node.refuse("评分指标与计分规则（scoring）要么都有，要么都没有。")
    _check_thresholds(pack, layer)


def _check_thresholds(pack: Pack, layer: Layer) -> None:
    is_judged = "school_rule" in layer.rules or "county_means" in layer.rules
    for entry in layer.sections["indicators"].values():
        if is_judged and not entry.get("thresholds"):
            raise StandardError(
                f"{pack.node.file} 的 indicators[{entry['id']}]：缺少 thresholds，逐校或按县均值评判时必须有。"
            )


def _standard(layer: Layer) -> Standard:
    sections, rules = layer.sections, layer.rules
    return Standard(
        **layer.head,
        scope=Scope(**rules["scope"]),
        sharing=Sharing(**rules["sharing"]),
        indicators=tuple(
            _ordered([ResourceIndicator(**_complete(e, "thresholds")) for e in sections["indicators"].values()])
        ),
        items=tuple(_ordered([_item(entry) for entry in sections["items"].values()])),
        vetoes=tuple(_ordered([Veto(**entry) for entry in sections["vetoes"].values()])),
        exceptions=tuple(Exception_(**_complete(entry, "params")) for entry in sections["exceptions"].values()),
        school_rule=_optional(SchoolRule, rules.get("school_rule")),
        dispersion=_optional(DispersionRule, rules.get("dispersion")),
        county_mean_clause=rules.get("county_means", {}).get("clause", ""),
        scoring=_optional(Scoring, rules.get("scoring")),
        extends=layer.extends,
        notes=layer.notes,
    )


def _complete(entry: Entry, key: str) -> Entry:
    return {key: {}, **entry}


def _optional(kind: Callable[..., Any], rule: Entry | None) -> Any:
    return kind(**rule) if rule is not None else None


def _item(entry: Entry) -> Item:
    subs = tuple(SubItem(**sub_item) for sub_item in entry.get("sub_items", {}).values())
    return Item(**{**entry, "sub_items": subs})


def _ordered(entries: list[Any]) -> list[Any]:
    """By part, then by the document's own numbering (2 before 10)."""
    parts = list(Part)
    return sorted(entries, key=lambda entry: (parts.index(getattr(entry, "part", parts[0])), _numbering(entry.number)))


def _numbering(number: str) -> list[int]:
    return [int(digits) for digits in re.findall(r"\d+", number)]
