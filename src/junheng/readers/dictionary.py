"""Loads the field dictionary from its YAML."""

import unicodedata
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from junheng.core.errors import StandardError
from junheng.core.fields import Check, Field, FieldDictionary, FieldType, Table
from junheng.core.findings import Level

_FIELD_KEYS = {"label", "type", "unit", "scale", "required", "choices", "help", "reporter", "form_hint", "example"}
_CHECK_KEYS = ("code", "kind", "level", "message", "hint")
_TOP_KEYS = {"version", "tables", "choices", "aliases"}
_TABLE_KEYS = {"label", "level", "key", "layout", "fields", "help", "checks"}


@cache
def load_dictionary() -> FieldDictionary:
    """The dictionary that ships with Junheng (loaded once). Raises StandardError when the YAML holds an unknown key."""
    text = files("junheng.core").joinpath("fields.yaml").read_text(encoding="utf-8")
    data = yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506 - both are safe loaders
    return parse_dictionary(data)


def parse_dictionary(data: dict[str, Any]) -> FieldDictionary:
    """A dictionary from parsed YAML.

    StandardError for unknown keys, types, choice lists and check levels, for an alias that could be mistaken for another
    choice, and for what is missing: a label, a type, a key, or one of the five parts of a check. Whether the kind of a check
    exists is said by `junheng.core.checks`.
    """
    _refuse_unknown("顶层", data, _TOP_KEYS)
    choices = {name: _choices(name, entries, data.get("aliases", {})) for name, entries in data["choices"].items()}
    _refuse_unknown("aliases", data.get("aliases", {}), set(choices))
    tables = {name: _table(name, entry, choices) for name, entry in data["tables"].items()}
    return FieldDictionary(tables=tables, version=str(data.get("version", "1")))


@dataclass(frozen=True, slots=True)
class _Choices:
    """A choice list: id → label, and other words → id."""

    labels: dict[str, str]
    aliases: dict[str, str]


def _choices(name: str, entries: dict[Any, Any], all_aliases: dict[str, dict[Any, list[Any]]]) -> _Choices:
    labels = {str(key): str(label) for key, label in entries.items()}
    listed = {str(key): words for key, words in all_aliases.get(name, {}).items()}
    _refuse_unknown(f"选项表 {name} 的别名", listed, set(labels))
    taken = {_plain(word) for pair in labels.items() for word in pair}
    aliases: dict[str, str] = {}
    for identity, words in listed.items():
        for word in map(str, words):
            if _plain(word) in taken:
                raise StandardError(f"字段字典:选项表 {name} 的别名“{word}”与另一个选项或别名相同。")
            taken.add(_plain(word))
            aliases[word] = identity
    return _Choices(labels, aliases)


def _plain(word: str) -> str:
    """A word as the reader compares it."""
    return "".join(unicodedata.normalize("NFKC", word).split()).casefold()


def _table(name: str, entry: dict[str, Any], choices: dict[str, _Choices]) -> Table:
    _refuse_unknown(f"表 {name}", entry, _TABLE_KEYS)
    _refuse_missing(f"表 {name}", entry, ("label", "key", "fields"))
    fields = {field_id: _field(name, field_id, values, choices) for field_id, values in entry["fields"].items()}
    checks = tuple(_check(name, values) for values in entry.get("checks", ()))
    return Table(
        id=name,
        label=entry["label"],
        level=entry.get("level", name),
        key=tuple(entry["key"]),
        fields=fields,
        is_vertical=entry.get("layout") == "vertical",
        help=entry.get("help", ""),
        checks=checks,
    )


def _field(table: str, field_id: str, entry: dict[str, Any], choices: dict[str, _Choices]) -> Field:
    where = f"字段 {table}.{field_id}"
    _refuse_unknown(where, entry, _FIELD_KEYS)
    _refuse_missing(where, entry, ("label", "type"))
    if entry["type"] not in set(FieldType):
        raise StandardError(f"字段字典:{where} 的类型 {entry['type']} 不存在。")
    listed = entry.get("choices")
    if listed is not None and listed not in choices:
        raise StandardError(f"字段字典:{where} 引用了不存在的选项表 {listed}。")
    rest = {key: value for key, value in entry.items() if key not in ("choices", "type", "example")}
    example = str(entry.get("example", ""))
    return Field(
        id=field_id,
        table=table,
        type=FieldType(entry["type"]),
        choices=choices[listed].labels if listed else {},
        aliases=choices[listed].aliases if listed else {},
        example=example,
        **rest,
    )


def _check(table: str, entry: dict[str, Any]) -> Check:
    where = f"表 {table} 的检查 {entry.get('code', '')}".rstrip()
    _refuse_missing(where, entry, _CHECK_KEYS)
    if entry["level"] not in set(Level):
        raise StandardError(f"字段字典:{where} 的等级 {entry['level']} 不是 {'、'.join(Level)} 之一。")
    named = {key: entry[key] for key in _CHECK_KEYS}
    return Check(**named, arguments={key: value for key, value in entry.items() if key not in named})


def _refuse_missing(where: str, entry: dict[str, Any], needed: tuple[str, ...]) -> None:
    missing = [key for key in needed if not entry.get(key)]
    if missing:
        raise StandardError(f"字段字典:{where} 缺少 {'、'.join(missing)}。")


def _refuse_unknown(where: str, entry: dict[str, Any], known: set[str]) -> None:
    unknown = sorted(set(entry) - known)
    if unknown:
        raise StandardError(f"字段字典:{where} 有不认识的键 {unknown}。")
