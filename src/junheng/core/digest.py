"""Canonical JSON and hashes: the same facts, standard and verdict give the same hash on every engine, machine and run."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from enum import Enum
from fractions import Fraction
from typing import Any

from junheng.core.facts import Facts


def plain(value: Any) -> Any:
    """A value as plain JSON data: dataclasses as objects, fractions as `"n/d"`, dates as ISO text, enums by value."""
    if value is None or (isinstance(value, bool | int | float) and not isinstance(value, Enum)):
        return value
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, str):
        return value
    return _plain_object(value)


def _plain_object(value: Any) -> Any:
    if isinstance(value, Fraction):
        return value.numerator if value.denominator == 1 else f"{value.numerator}/{value.denominator}"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(plain(key)): plain(entry) for key, entry in value.items()}
    if isinstance(value, tuple | list | set | frozenset):
        listed = [plain(entry) for entry in value]
        return sorted(listed) if isinstance(value, set | frozenset) else listed
    if is_dataclass(value):
        return {entry.name: plain(getattr(value, entry.name)) for entry in fields(value)}
    raise TypeError(f"{type(value).__name__} has no plain form")


def canonical_json(value: Any) -> str:
    """Compact JSON with sorted keys of `plain(value)`."""
    return json.dumps(plain(value), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def sha256_of(value: Any) -> str:
    """The hexadecimal SHA-256 of the canonical JSON."""
    return hashlib.sha256(canonical_json(value).encode("utf-8")).hexdigest()


def facts_digest(facts: Facts) -> str:
    """The hash of all facts of a county: tables, columns and rows in a fixed order, whatever order they were read in."""
    hasher = hashlib.sha256()
    hasher.update(canonical_json([facts.county_code, facts.county_name, facts.year]).encode())
    for name in sorted(facts.tables):
        frame = facts.tables[name]
        columns = sorted(frame.columns)
        lines = sorted(json.dumps(row, ensure_ascii=False) for row in frame.select(*columns).rows())
        hasher.update(json.dumps([name, columns, lines], ensure_ascii=False).encode())
    return hasher.hexdigest()
