"""The parts of an evaluation as canonical JSON bytes and back, for keeping a verdict with all it rests on.

Equal parts give equal bytes: rows stand in the order of their keys, missing values are left out. The verdict is kept without
its digest, so that the SHA-256 of its bytes is that digest.
"""

from collections.abc import Mapping
from dataclasses import replace
from hashlib import sha256
from typing import Any

import orjson

from junheng.core.digest import canonical_json
from junheng.core.errors import EngineError
from junheng.core.facts import SCOPE_KEYS, Facts, TableSource, facts_from_rows, in_key_order
from junheng.core.fields import FieldDictionary
from junheng.core.findings import Finding
from junheng.core.recall import recall
from junheng.core.standard import Standard
from junheng.core.verdict import Verdict

_TOP = {"county_code", "county_name", "year", "rows", "sources"}


def facts_bytes(facts: Facts, dictionary: FieldDictionary) -> bytes:
    """All facts of a county with the cells they came from."""
    ordered = in_key_order(facts, dictionary)
    rows = {
        name: [_row(row, dictionary.tables[name].fields) for row in frame.rows(named=True)]
        for name, frame in ordered.tables.items()
    }
    sources = {
        name: [_source(entry) for entry in sorted(entries, key=lambda found: (found.file, found.sheet))]
        for name, entries in facts.sources.items()
    }
    return canonical_json(
        {
            "county_code": facts.county_code,
            "county_name": facts.county_name,
            "year": facts.year,
            "rows": {name: entries for name, entries in rows.items() if entries},
            "sources": sources,
        }
    )


def _row(row: Mapping[str, Any], fields: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: value for name, value in row.items() if value is not None and (name in fields or name not in SCOPE_KEYS)
    }


def _source(source: TableSource) -> dict[str, Any]:
    rows = sorted([list(key), number] for key, number in source.row_of.items())
    return {
        "file": source.file,
        "sheet": source.sheet,
        "row_of": rows,
        "column_of": dict(source.column_of),
        "is_vertical": source.is_vertical,
    }


def facts_of(content: bytes, dictionary: FieldDictionary) -> Facts:
    """The facts that `facts_bytes` took apart. EngineError when they are damaged or name fields that are not known any more."""
    data = orjson.loads(content)
    if set(data) != _TOP:
        raise EngineError(f"保存的数据不完整:{sorted(set(data) ^ _TOP)}")
    try:
        return facts_from_rows(
            dictionary,
            county_code=data["county_code"],
            county_name=data["county_name"],
            year=data["year"],
            rows=data["rows"],
            sources={name: tuple(_source_of(entry) for entry in entries) for name, entries in data["sources"].items()},
        )
    except KeyError as error:
        raise EngineError(f"保存的数据里有字段字典没有的表或字段:{error}") from error


def _source_of(data: Mapping[str, Any]) -> TableSource:
    rows = {tuple(key): number for key, number in data["row_of"]}
    return TableSource(data["file"], data["sheet"], rows, data["column_of"], data["is_vertical"])


def verdict_bytes(verdict: Verdict) -> bytes:
    """The verdict without its digest; the SHA-256 of the bytes is the digest."""
    return canonical_json(replace(verdict, digest=""))


def verdict_of(content: bytes) -> Verdict:
    """The verdict with its digest, which is taken from the bytes. EngineError when they are not a verdict."""
    return replace(recall(Verdict, orjson.loads(content)), digest=sha256(content).hexdigest())


def standard_of_bytes(content: bytes) -> Standard:
    """The standard a verdict rests on, as it was then."""
    return recall(Standard, orjson.loads(content))


def findings_of(content: bytes) -> tuple[Finding, ...]:
    """The findings on the facts."""
    return tuple(recall(Finding, entry) for entry in orjson.loads(content))
