"""All checks of the dictionary on the facts of one county: what cannot be, what is improbable, what is worth knowing.

An error blocks; a warning needs a written reason; an info is for reading. The checks are data (`fields.yaml`); their kinds
are functions (`junheng.core.check_functions`). Rows are searched with one expression per check; only hits become Python.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import narwhals as nw

from junheng.core.check_frames import CheckTables, check_tables
from junheng.core.check_functions import KINDS
from junheng.core.check_rules import Rule, Site
from junheng.core.check_words import Row, Speaker, Words
from junheng.core.errors import StandardError
from junheng.core.facts import Facts
from junheng.core.fields import Check, FieldDictionary, Table
from junheng.core.findings import Finding, Level

_TABLE_LEVEL = -1


@dataclass(frozen=True, slots=True)
class _Hit:
    """One broken rule: the row (None for a table as a whole), its position, and what was asked of it."""

    check: Check
    rule: Rule
    position: int
    row: Row | None


def check_facts(facts: Facts, dictionary: FieldDictionary, previous: Facts | None = None) -> list[Finding]:
    """Everything that the dictionary's checks find, sorted by table, row and code; the same facts give the same list.

    Missing facts break no comparison; where they matter a check asks for them. `previous` are the facts of the year before,
    for checks of change; without them those checks do not apply. StandardError when the dictionary names an unknown kind,
    field or argument.
    """
    tables = check_tables(facts, dictionary, previous)
    frame = facts.table("schools")
    names = dict(zip(frame["school_id"].to_list(), frame["school_name"].to_list(), strict=True))
    speaker = Speaker(tables=tables, school_names=names)
    found = []
    for table in dictionary.tables.values():
        hits = sorted(_hits(table, tables), key=lambda hit: (hit.position, hit.check.code, hit.rule.cell))
        found += [_finding(hit, table, speaker) for hit in hits]
    return found


def unexplained(findings: Iterable[Finding], reasons: Mapping[str, str]) -> list[Finding]:
    """What still blocks: all errors, and the warnings without a written reason under their `reference` (blank is none)."""
    return [
        finding
        for finding in findings
        if finding.level is Level.ERROR
        or (finding.level is Level.WARNING and not reasons.get(finding.reference, "").strip())
    ]


def _hits(table: Table, tables: CheckTables) -> Iterator[_Hit]:
    frame = tables.frames[table.id]
    rules = [(check, rule) for check in table.checks for rule in _rules(Site(check, table.id, tables))]
    yield from (_Hit(check, rule, _TABLE_LEVEL, None) for check, rule in rules if rule.hit is None)
    searched = [(check, rule, rule.hit) for check, rule in rules if rule.hit is not None]
    if not searched or not len(frame):
        return
    marks = frame.select(*[hit.fill_null(False).alias(str(index)) for index, (_, _, hit) in enumerate(searched)])
    places = {index: _places(marks[str(index)]) for index in range(len(searched))}
    rows = _rows_at(frame, sorted({place for each in places.values() for place in each}))
    for index, (check, rule, _) in enumerate(searched):
        yield from (_Hit(check, rule, place, rows[place]) for place in places[index])


def _rules(site: Site) -> Sequence[Rule]:
    kind = KINDS.get(site.check.kind)
    if kind is None:
        raise StandardError(f"字段字典：检查 {site.check.code} 的类别 {site.check.kind} 不存在。")
    return kind(site)


def _places(marks: "nw.Series[object]") -> list[int]:
    return marks.arg_true().to_list() if marks.any() else []


def _rows_at(frame: "nw.DataFrame[object]", places: list[int]) -> dict[int, Row]:
    return dict(zip(places, frame[places].rows(named=True), strict=True)) if places else {}


def _finding(hit: _Hit, table: Table, speaker: Speaker) -> Finding:
    check, rule, row = hit.check, hit.rule, hit.row
    given = rule.tell(row or {})
    key = () if row is None else tuple("" if row[name] is None else str(row[name]) for name in table.key)
    cell = rule.find_cell(row) if rule.find_cell and row is not None else rule.cell
    subject = table.label if row is None else speaker.subject(table.id, row)
    return Finding(
        level=Level(check.level),
        code=check.code,
        message=check.message.format_map(Words(speaker, table.id, row or {}, given)),
        hint=check.hint,
        location=speaker.tables.facts.locate(table.id, key, cell, subject),
        reference=f"{check.code}:{table.id}:{'/'.join(key)}",
    )
