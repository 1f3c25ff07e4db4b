"""Canonical JSON and hashes: the same facts, standard and verdict give the same hash on every engine, machine and run."""

import hashlib
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import orjson

from junheng.core.facts import Facts

_CANONICAL = orjson.OPT_SORT_KEYS | orjson.OPT_NON_STR_KEYS


def plain(value: Any) -> Any:
    """A value as plain JSON data: dataclasses as objects, fractions as `"n/d"`, dates as ISO text, enums by value."""
    return orjson.loads(orjson.dumps(value, default=_plain, option=orjson.OPT_NON_STR_KEYS))


def _plain(value: Any) -> Any:
    """What the encoder does not know by itself; TypeError for anything that has no plain form."""
    if isinstance(value, Fraction):
        numerator, denominator = value.as_integer_ratio()
        return numerator if denominator == 1 else f"{numerator}/{denominator}"
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, set | frozenset):
        return sorted(value)
    raise TypeError(f"{type(value).__name__} has no plain form")


def canonical_json(value: Any) -> bytes:
    """Compact UTF-8 JSON with sorted keys of `plain(value)`."""
    return orjson.dumps(value, default=_plain, option=_CANONICAL)


def sha256_of(value: Any) -> str:
    """The hexadecimal SHA-256 of the canonical JSON."""
    return hashlib.sha256(canonical_json(value)).hexdigest()


def facts_digest(ordered: Facts) -> str:
    """The hash of all facts of a county that are in order (`facts.in_key_order`), with tables and columns in a fixed order."""
    hasher = hashlib.sha256()
    hasher.update(canonical_json([ordered.county_code, ordered.county_name, ordered.year]))
    for name in sorted(ordered.tables):
        columns = sorted(ordered.tables[name].columns)
        hasher.update(canonical_json([name, columns, ordered.tables[name][columns].rows()]))
    return hasher.hexdigest()
