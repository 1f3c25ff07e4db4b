"""One standard file as typed parts: what this file itself says, before the standard it extends is laid under it.

Every entry is a dictionary of the keys it gives, by id, with numbers already exact and dated. Shape, unknown keys, double ids and
missing clauses are refused here, where file and key path are known.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from junheng.core.errors import StandardError
from junheng.core.standard import Dated, DispersionMode, Document, Note, Parameter, Part, Stage
from junheng.readers.standard_yaml import Node

ENTRY_SECTIONS = ("indicators", "items", "vetoes", "exceptions")
KINDS = ("quality_balance", "basic_balance")
SCOPE_REASONS = ("school_type", "ownership", "organiser_type", "teaching_point_minimum", "no_students")
_HEAD = ("id", "version", "title", "place", "document", "author", "checker", "review_by", "since")
_RULES = ("scope", "sharing", "school_rule", "dispersion", "county_means", "scoring")
_TOP = (*_HEAD, "kind", "extends", *_RULES, *ENTRY_SECTIONS, "notes", "remove", "cases")

Entry = dict[str, Any]
Reader = Callable[[Node], Any]


@dataclass(frozen=True, slots=True)
class Removal:
    """Ids that a file takes out of the standard it extends, with the clause that says so."""

    ids: tuple[str, ...]
    clause: str


@dataclass(frozen=True)
class Pack:
    """What one file says. `sections[section][id]` holds only the keys the file gives; `rules` likewise."""

    node: Node
    head: Mapping[str, Any]
    extends: str | None
    rules: Mapping[str, Entry]
    sections: Mapping[str, Mapping[str, Entry]]
    notes: tuple[Note, ...]
    removals: tuple[Removal, ...]
    inline_cases: Node | None


def parse_pack(node: Node) -> Pack:
    """The parts of one standard file. StandardError names file, key path and what to do."""
    node.mapping(_TOP, _HEAD)
    since = node.child("since").day()
    extends = node.get("extends")
    return Pack(
        node=node,
        head=_head(node),
        extends=extends.text() if extends else None,
        rules=_rules(node, since),
        sections={name: _section(node, name, since) for name in ENTRY_SECTIONS},
        notes=tuple(_note(entry) for entry in _listed(node, "notes")),
        removals=tuple(_removal(entry) for entry in _listed(node, "remove")),
        inline_cases=node.get("cases"),
    )


def _head(node: Node) -> Entry:
    head: Entry = {name: node.child(name).text() for name in ("id", "version", "title", "place", "author", "checker")}
    head["review_by"] = node.child("review_by").day()
    kind = node.get("kind")
    if kind is not None:
        head["kind"] = kind.choice(KINDS)
    document = node.child("document")
    names = ("title", "number", "issuer", "issued_on")
    document.mapping(names, names)
    number = document.child("number")
    head["document"] = Document(
        title=document.child("title").text(),
        number=number.text() if number.value else "",
        issuer=document.child("issuer").text(),
        issued_on=document.child("issued_on").text(),
    )
    return head


def _listed(node: Node, key: str) -> Iterable[Node]:
    child = node.get(key)
    return child.entries() if child is not None else ()


def _note(node: Node) -> Note:
    node.mapping(("id", "text", "decided"), ("id", "text"))
    decided = node.get("decided")
    return Note(node.child("id").identifier(), node.child("text").text(), decided is not None and decided.boolean())


def _removal(node: Node) -> Removal:
    node.mapping(("ids", "clause"), ("ids",))
    ids = tuple(entry.identifier() for entry in node.child("ids").entries())
    if node.get("clause") is None:
        raise node.refuse(f"去掉 {'、'.join(ids)} 要写明条款（clause）。")
    return Removal(ids, node.child("clause").text())


# ------------------------------------------------------------------------------------------------------------ parameters


def parse_parameter(node: Node, since: date, clause: str) -> Parameter:
    """A dated value: a number, a mapping, or a list of mappings. What it leaves open is taken from the entry around it."""
    listed = list(node.entries()) if isinstance(node.value, list) else [node]
    rows = [_dated(row, since, clause) for row in listed]
    try:
        return Parameter(tuple(rows))
    except StandardError as error:
        raise node.refuse(f"{error}请按起日排列，并给前一行写上止日（until）。") from error


def _dated(node: Node, since: date, clause: str) -> Dated:
    if isinstance(node.value, str):
        return _checked(node, node.number(), (since, None), clause, "")
    node.mapping(("value", "since", "until", "clause", "note"), ("value",))
    start, end, own, note = (node.get(name) for name in ("since", "until", "clause", "note"))
    days = (start.day() if start else since, end.day() if end else None)
    value = node.child("value").number()
    return _checked(node, value, days, own.text() if own else clause, note.text() if note else "")


def _checked(node: Node, value: Fraction, days: tuple[date, date | None], clause: str, note: str) -> Dated:
    if not clause:
        raise node.refuse("缺少条款（clause）。请写明出自哪份文件第几项。")
    try:
        return Dated(value, days[0], clause, days[1], note)
    except StandardError as error:
        raise node.refuse(f"{error}请改正 since 或 until。") from error


def _params(since: date, clause: str) -> Reader:
    def read(node: Node) -> dict[str, Parameter]:
        return {name: parse_parameter(node.child(name), since, clause) for name in node.mapping()}

    return read


def _per_stage(since: date, clause: str) -> Reader:
    def read(node: Node) -> dict[Stage, Parameter]:
        names = [stage.value for stage in Stage]
        node.mapping(names, names)
        return {Stage(name): parse_parameter(node.child(name), since, clause) for name in names}

    return read


# --------------------------------------------------------------------------------------------------------------- entries


def _section(node: Node, section: str, since: date) -> dict[str, Entry]:
    entries: dict[str, Entry] = {}
    for entry in _listed(node, section):
        identifier = entry.child("id").identifier()
        if identifier in entries:
            raise entry.refuse(f"编号 {identifier} 重复，请合并成一项或改名。")
        entries[identifier] = _entry(entry, section, since)
    return entries


def _entry(node: Node, section: str, since: date) -> Entry:
    if node.get("clause") is None:
        raise node.refuse("缺少条款（clause）。请写明出自哪份文件第几项。")
    clause = node.child("clause").text()
    start = node.get("since") if section == "exceptions" else None
    return _read(node, _readers(section, start.day() if start else since, clause))


def _read(node: Node, readers: Mapping[str, Reader]) -> Entry:
    keys = node.mapping(tuple(readers))
    return {key: readers[key](node.child(key)) for key in keys}


def _readers(section: str, since: date, clause: str) -> Mapping[str, Reader]:
    text: Mapping[str, Reader] = {
        "id": Node.identifier,
        "number": Node.text,
        "name": Node.text,
        "clause": Node.text,
        "note": Node.text,
    }
    params = _params(since, clause)
    own: Mapping[str, Mapping[str, Reader]] = {
        "indicators": {
            "short_name": Node.text,
            "formula": Node.text,
            "per_students": Node.integer,
            "unit": Node.text,
            "decimals": Node.integer,
            "thresholds": _per_stage(since, clause),
        },
        "items": {
            "part": lambda entry: Part(entry.choice([part.value for part in Part])),
            "formula": Node.text,
            "params": params,
            "needs_judgement": Node.boolean,
            "sub_items": lambda entry: _sub_items(entry, params),
        },
        "vetoes": {"formula": Node.text, "params": params},
        "exceptions": {
            "effect": Node.text,
            "applies_to": _ids,
            "params": params,
            "since": Node.day,
            "until": Node.day,
        },
    }
    without = {"vetoes": ("note",), "exceptions": ("number",)}.get(section, ())
    return {key: reader for key, reader in {**text, **own[section]}.items() if key not in without}


def _ids(node: Node) -> tuple[str, ...]:
    return tuple(entry.identifier() for entry in node.entries())


def _sub_items(node: Node, params: Reader) -> dict[str, Entry]:
    readers: Mapping[str, Reader] = {
        "id": Node.identifier,
        "name": Node.text,
        "points": Node.number,
        "formula": Node.text,
        "params": params,
    }
    found: dict[str, Entry] = {}
    for entry in node.entries():
        identifier = entry.child("id").identifier()
        if identifier in found:
            raise entry.refuse(f"编号 {identifier} 重复，请合并成一项或改名。")
        found[identifier] = _read(entry, readers)
    return found


# ----------------------------------------------------------------------------------------------------------------- rules


def _rules(node: Node, since: date) -> dict[str, Entry]:
    readers: Mapping[str, Callable[[Node, date], Entry]] = {
        "scope": _scope,
        "sharing": _sharing,
        "school_rule": _school_rule,
        "dispersion": _dispersion,
        "county_means": lambda entry, _: _read(entry, {"clause": Node.text}),
        "scoring": _scoring,
    }
    return {name: readers[name](node.child(name), since) for name in _RULES if node.get(name) is not None}


def _clause(node: Node) -> str:
    if node.get("clause") is None:
        raise node.refuse("缺少条款（clause）。请写明出自哪份文件第几项。")
    return node.child("clause").text()


def _scope(node: Node, since: date) -> Entry:
    clauses = node.child("clauses")
    clauses.mapping(SCOPE_REASONS)
    own = clauses.get("teaching_point_minimum")
    return _read(
        node,
        {
            "school_types": _texts,
            "ownerships": _texts,
            "organiser_types": _texts,
            "clauses": lambda entry: {name: entry.child(name).text() for name in entry.mapping()},
            "teaching_point_minimum": lambda entry: parse_parameter(entry, since, own.text() if own else ""),
        },
    )


def _texts(node: Node) -> tuple[str, ...]:
    return tuple(entry.text() for entry in node.entries())


def _sharing(node: Node, _since: date) -> Entry:
    _clause(node)
    return _read(node, {"clause": Node.text, "weights": _weights})


def _weights(node: Node) -> dict[str, dict[str, int]]:
    return {
        kind: {stage: _weight(node.child(kind).child(stage)) for stage in node.child(kind).mapping()}
        for kind in node.mapping()
    }


def _weight(node: Node) -> int:
    scaled: Fraction = node.number() * 100
    if scaled.denominator != 1 or scaled <= 0:
        raise node.refuse(f"折算权重“{node.value}”应为正数，最多两位小数。")
    return scaled.numerator


def _school_rule(node: Node, since: date) -> Entry:
    clause = _clause(node)
    number: Reader = lambda entry: parse_parameter(entry, since, clause)  # noqa: E731 - one reader for two keys
    return _read(node, {"clause": Node.text, "required_met": number, "floor": number})


def _dispersion(node: Node, since: date) -> Entry:
    modes = [mode.value for mode in DispersionMode]
    return _read(
        node,
        {
            "clause": Node.text,
            "mode": lambda entry: DispersionMode(entry.choice(modes)),
            "limits": _per_stage(since, _clause(node)),
        },
    )


def _scoring(node: Node, since: date) -> Entry:
    clause = _clause(node)
    number: Reader = lambda entry: parse_parameter(entry, since, clause)  # noqa: E731 - one reader for two keys
    return _read(node, {"clause": Node.text, "item_share": number, "pass_total": number, "bands": _bands})


def _bands(node: Node) -> tuple[tuple[Fraction, str], ...]:
    bands = []
    for entry in node.entries():
        entry.mapping(("from", "name"), ("from", "name"))
        bands.append((entry.child("from").number(), entry.child("name").text()))
    if [low for low, _ in bands] != sorted({low for low, _ in bands}):
        raise node.refuse("等次要按下限从低到高排列，不能重复。")
    return tuple(bands)
