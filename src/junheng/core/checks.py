"""All checks of the dictionary on the facts of one county: what cannot be, what is improbable, what is worth knowing.

An error blocks; a warning needs a written reason (kept under the finding's `reference`); an info is for reading. The checks
are data (`fields.yaml`); their kinds are functions (`junheng.core.check_functions`).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from junheng.core.check_functions import KINDS
from junheng.core.check_rules import WHOLE_TABLE, Rule, Site
from junheng.core.check_tables import CheckTables, Row, check_tables, tables_of_rows
from junheng.core.check_words import Speaker, Words
from junheng.core.errors import StandardError
from junheng.core.facts import Facts
from junheng.core.fields import Check, FieldDictionary, Table
from junheng.core.findings import Finding, Level


@dataclass(frozen=True, slots=True)
class _Hit:
    """One broken rule: where, and what was asked."""

    check: Check
    rule: Rule
    position: int
    cell: str


def check_facts(facts: Facts, dictionary: FieldDictionary, previous: Facts | None = None) -> list[Finding]:
    """Everything that the dictionary's checks find, sorted by table, row and code; the same facts give the same list.

    Missing facts break no comparison; where they matter a check asks for them. `previous` are the facts of the year before,
    for checks of change; without them those checks do not apply. StandardError when the dictionary names an unknown kind,
    field or argument.
    """
    return _find(check_tables(facts, dictionary, previous))


def check_rows(
    facts: Facts,
    rows: Mapping[str, list[Row]],
    dictionary: FieldDictionary,
    previous: Mapping[str, list[Row]] | None = None,
) -> list[Finding]:
    """The same for plain rows of every table, each field named (None = missing): a single school, checked while it types.

    `facts` says whose rows they are, of which year, and where they came from; its tables are not looked at. The rows get the
    columns that checks derive. Making frames of one school's few rows would take longer than checking them.
    """
    return _find(tables_of_rows(facts, rows, dictionary, previous))


def _find(tables: CheckTables) -> list[Finding]:
    names = {row["school_id"]: row["school_name"] for row in tables.rows["schools"]}
    speaker = Speaker(tables=tables, school_names=names)
    found = []
    for table in tables.dictionary.tables.values():
        hits = sorted(_hits(table, tables), key=lambda hit: (hit.position, hit.check.code, hit.cell))
        found += [_finding(hit, table, speaker) for hit in hits]
    return found


def _hits(table: Table, tables: CheckTables) -> Iterator[_Hit]:
    rows = tables.rows[table.id]
    for check in table.checks:
        kind = KINDS.get(check.kind)
        if kind is None:
            raise StandardError(f"字段字典：检查 {check.code} 的类别 {check.kind} 不存在。")
        for rule in kind(Site(check, table.id, tables)):
            for position in rule.positions:
                cells = rule.find_cells(rows[position]) if rule.find_cells else (rule.cell,)
                yield from (_Hit(check, rule, position, cell) for cell in cells)


def _finding(hit: _Hit, table: Table, speaker: Speaker) -> Finding:
    check, cell = hit.check, hit.cell
    is_whole = hit.position == WHOLE_TABLE
    row: Row = {} if is_whole else speaker.tables.rows[table.id][hit.position]
    given = {"label": speaker.tables.entry(table.id, cell).label, **hit.rule.tell(row)}
    words = Words(speaker, table.id, row, given if is_whole else {"value": speaker.value(table.id, cell, row), **given})
    key = () if is_whole else tuple("" if row[name] is None else str(row[name]) for name in table.key)
    subject = table.label if is_whole else speaker.subject(table.id, row)
    return Finding(
        level=Level(check.level),
        code=check.code,
        message=check.message.format_map(words),
        hint=check.hint,
        location=speaker.tables.facts.locate(table.id, key, cell, subject),
        reference=f"{check.code}:{table.id}:{'/'.join(key)}",
    )
