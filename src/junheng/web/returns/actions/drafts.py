"""Filling in a draft on the web: cells, rows, and what happens when two people type into the same cell."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from junheng import api
from junheng.core.fields import Field
from junheng.core.findings import Finding, Level, Location
from junheng.web.access.actor import Actor
from junheng.web.returns.actions.holding import hold_draft, move, record
from junheng.web.returns.checking import counts, find, plain, previous_of, standing
from junheng.web.returns.coverage import IDENTITY, SINGLE_ROW_TABLES, covers_of, field_of
from junheng.web.returns.document import Document, Origin, Row, key_text
from junheng.web.returns.errors import Conflict, ConflictError, RefusedError
from junheng.web.returns.models import Return, Version
from junheng.web.returns.queries import reasons_of
from junheng.web.returns.words import text_of

MOST_ROWS = 500
_MOST_AUDITED = 20
_NO_CELL = gettext_lazy("这份填报没有这一格:%(cell)s。请刷新页面后重填。")


@dataclass(frozen=True, slots=True)
class Edit:
    """One cell as it was typed. `was` is the text that stood in it when the page was opened (None: not known)."""

    table: str
    row_id: int
    field: str
    text: str
    was: str | None = None


@dataclass(frozen=True, slots=True)
class CellProblem:
    """A cell that was not saved because its text cannot be taken, and why in Chinese."""

    table: str
    row_id: int
    field: str
    text: str
    message: str

    def as_finding(self) -> dict[str, Any]:
        """The same as a finding that blocks, for programs."""
        where = Location(field=self.field, subject=self.table, row=self.row_id)
        finding = Finding(Level.ERROR, "cell-not-taken", f"“{self.text}”:{self.message}", location=where)
        return {**finding.as_dict(), "table": self.table, "row_key": ""}


@dataclass(frozen=True, slots=True)
class Saved:
    """What a write did: the lock version to go on from, the findings of the draft now, and the cells not saved."""

    lock_version: int
    findings: tuple[Mapping[str, Any], ...]
    problems: tuple[CellProblem, ...] = ()
    changed_count: int = 0
    row_id: int | None = None


@transaction.atomic
def save(*, by: Actor, return_id: int, lock_version: int, edits: Sequence[Edit]) -> Saved:
    """Saves typed cells, all or none where somebody else was faster.

    Cells that still hold what the page showed (`Edit.was`) are saved, whatever else changed meanwhile; when one does not,
    ConflictError names all such cells and nothing is saved. For edits without `was`, `lock_version` must be the current one.
    A text that cannot be taken is left out and told in `problems`. RefusedError when the draft is not open to the
    actor, or a cell is not part of it.
    """
    entry, version = hold_draft(by, return_id)
    document = Document.of(version)
    changes, problems, conflicts = _sorted_out(entry, document, edits, is_stale=lock_version != entry.lock_version)
    if conflicts:
        raise ConflictError(conflicts, entry.lock_version)
    if not changes:
        return Saved(entry.lock_version, tuple(version.findings), tuple(problems))
    origin = typed_by(by)
    before = {_place(change): text_of(change.entry, change.row.values.get(change.entry.id)) for change in changes}
    for change in changes:
        change.row.put(change.entry.id, change.value, origin)
    after = {_place(change): text_of(change.entry, change.value) for change in changes}
    store(entry, version, document)
    _record_cells(by, entry, before, after)
    return Saved(entry.lock_version, tuple(version.findings), tuple(problems), len(changes))


@dataclass(frozen=True, slots=True)
class _Change:
    row: Row
    entry: Field
    value: Any


def _place(change: _Change) -> str:
    return f"{change.entry.table}|{key_text(change.entry.table, change.row.values)}|{change.entry.id}"


def _sorted_out(
    entry: Return, document: Document, edits: Sequence[Edit], *, is_stale: bool
) -> tuple[list[_Change], list[CellProblem], list[Conflict]]:
    """What changes, what cannot be taken, and where somebody else was faster."""
    covers = covers_of(entry)
    changes: list[_Change] = []
    problems: list[CellProblem] = []
    conflicts: list[Conflict] = []
    for edit in edits:
        field = field_of(covers, edit.table, edit.field)
        row = document.row(edit.table, edit.row_id)
        if field is None or (row is None and not is_stale):
            raise RefusedError(_NO_CELL % {"cell": f"{edit.table} {edit.field}"})
        parsed = api.parse_value(field, edit.text)
        if parsed.problem is not None:
            problems.append(CellProblem(edit.table, edit.row_id, edit.field, edit.text, parsed.problem.reason))
        elif row is None:
            conflicts.append(_gone(edit, field))
        elif row.values.get(field.id) != parsed.value:
            change = _Change(row, field, parsed.value)
            if not _is_untouched(edit, change, is_stale=is_stale):
                conflicts.append(_conflict(edit, change))
            else:
                changes.append(change)
    return changes, problems, conflicts


def _is_untouched(edit: Edit, change: _Change, *, is_stale: bool) -> bool:
    """True when the cell still holds what the page showed. A page that does not say what it showed goes by the lock version.

    The lock version alone would not do: saving one cell brings a page up to date in name, while its other cells stay as old
    as they were.
    """
    if edit.was is None:
        return not is_stale
    return api.parse_value(change.entry, edit.was).value == change.row.values.get(edit.field)


def _conflict(edit: Edit, change: _Change) -> Conflict:
    origin = change.row.origins.get(edit.field)
    theirs = text_of(change.entry, change.row.values.get(edit.field))
    name = f"{origin.by}({origin.at.replace('T', ' ')})" if origin else ""
    label = change.entry.header
    return Conflict(edit.table, edit.row_id, edit.field, label, edit.was or "", theirs, edit.text, name)


def _gone(edit: Edit, field: Field) -> Conflict:
    return Conflict(edit.table, edit.row_id, edit.field, field.header, edit.was or "", "", edit.text, is_row_gone=True)


@transaction.atomic
def add_row(*, by: Actor, return_id: int, table: str, texts: Mapping[str, str] | None = None) -> Saved:
    """Adds a row to a table of many rows, empty or with the cells that were typed. Others' changes do not matter to it."""
    entry, version = hold_draft(by, return_id)
    covers = covers_of(entry)
    if table not in covers or table in SINGLE_ROW_TABLES:
        raise RefusedError(_("这张表不能增加行。"))
    document = Document.of(version)
    if len(document.tables.get(table, ())) >= MOST_ROWS:
        raise RefusedError(_("一张表最多 %(count)d 行。") % {"count": MOST_ROWS})
    row = _new_row(entry, document, table)
    problems = _type_row(entry, row, table, texts or {}, typed_by(by), row.number)
    store(entry, version, document)
    record(by, "return.add_row", entry, before={}, after={table: key_text(table, row.values)})
    return Saved(entry.lock_version, tuple(version.findings), tuple(problems), 1, row.number)


@transaction.atomic
def remove_row(*, by: Actor, return_id: int, lock_version: int, table: str, row_id: int) -> Saved:
    """Removes a row. One that is gone is no error; RefusedError when the draft moved on since the page was opened."""
    entry, version = hold_draft(by, return_id)
    document = Document.of(version)
    row = document.row(table, row_id)
    if row is None:
        return Saved(entry.lock_version, tuple(version.findings))
    if table in SINGLE_ROW_TABLES:
        raise RefusedError(_("这一行不能删除。"))
    if lock_version != entry.lock_version:
        raise RefusedError(_("您打开页面后这份填报又被改动过,没有删除。请刷新页面,核对后再删。"))
    document.tables[table].remove(row)
    store(entry, version, document)
    gone = {name: value for name, value in row.values.items() if name not in IDENTITY}
    record(by, "return.remove_row", entry, before={f"{table}|{key_text(table, row.values)}": gone}, after={})
    return Saved(entry.lock_version, tuple(version.findings), changed_count=1)


@transaction.atomic
def fill(*, by: Actor, return_id: int, tables: Mapping[str, Sequence[Mapping[str, str]]]) -> Saved:
    """Types whole tables at once, as a program does: the rows given take the place of the rows of each table.

    Texts are understood as on the page; those that cannot be taken are told in `problems`, with the position of the row
    (from 1) in place of its number. A table of one row keeps the cells that are not named. RefusedError for a table or cell
    that is not part of the return, and for too many rows.
    """
    entry, version = hold_draft(by, return_id)
    document = Document.of(version)
    problems = type_tables(entry, document, tables, by)
    store(entry, version, document)
    filled = {table: len(texts) for table, texts in tables.items()}
    record(by, "return.fill", entry, before={}, after={"rows": filled})
    return Saved(entry.lock_version, tuple(version.findings), tuple(problems), sum(filled.values()))


def type_tables(
    entry: Return, document: Document, tables: Mapping[str, Sequence[Mapping[str, str]]], by: Actor
) -> list[CellProblem]:
    """Types whole tables into a document; gives the cells that cannot be taken."""
    covers, origin = covers_of(entry), typed_by(by)
    problems: list[CellProblem] = []
    for table, texts in tables.items():
        if table not in covers or len(texts) > (1 if table in SINGLE_ROW_TABLES else MOST_ROWS):
            raise RefusedError(_("这份填报没有表 %(table)s,或行数过多。") % {"table": table})
        if table not in SINGLE_ROW_TABLES:
            document.tables[table] = []
        for position, cells in enumerate(texts, start=1):
            row = document.tables[table][0] if table in SINGLE_ROW_TABLES else _new_row(entry, document, table)
            problems += _type_row(entry, row, table, cells, origin, position)
    return problems


def _new_row(entry: Return, document: Document, table: str) -> Row:
    row = document.add(table)
    if "school_id" in covers_of(entry)[table]:
        row.values["school_id"] = entry.organisation.code
    return row


def _type_row(
    entry: Return, row: Row, table: str, texts: Mapping[str, str], origin: Origin, position: int
) -> list[CellProblem]:
    """Types the cells of one row; gives those that cannot be taken. RefusedError for a cell that is not there."""
    problems = []
    for name, text in texts.items():
        field = field_of(covers_of(entry), table, name)
        if field is None:
            raise RefusedError(_NO_CELL % {"cell": f"{table} {name}"})
        parsed = api.parse_value(field, text)
        if parsed.problem is not None:
            problems.append(CellProblem(table, position, name, text, parsed.problem.reason))
        else:
            row.put(name, parsed.value, origin)
    return problems


def typed_by(by: Actor) -> Origin:
    """The origin of what the actor types now."""
    at = timezone.localtime().isoformat(timespec="minutes")[:16]
    return Origin(kind="web", by=by.name, by_id=by.user_id, at=at)


def store(entry: Return, version: Version, document: Document) -> None:
    """Writes the rows of a held draft, checks them, and counts; `version` then holds the new findings."""
    version.values, version.row_ids, version.origins = document.values, document.row_ids, document.origins
    earlier = previous_of(entry)
    version.findings = plain(find(entry, document, earlier.values if earlier else None))
    version.save(update_fields=["values", "row_ids", "origins", "findings"])
    filled, cells = counts(document, covers_of(entry))
    errors, warnings = open_counts(version.findings, reasons_of(entry))
    move(entry, filled_count=filled, cell_count=cells, error_count=errors, warning_count=warnings)


def open_counts(findings: Iterable[Mapping[str, Any]], reasons: Mapping[str, str]) -> tuple[int, int]:
    """How many findings block, and how many warnings have no written reason."""
    left = standing(list(findings), reasons)
    errors = sum(finding["level"] == "error" for finding in left)
    return errors, len(left) - errors


def _record_cells(by: Actor, entry: Return, before: Mapping[str, str], after: Mapping[str, str]) -> None:
    """What changed, cell by cell; of many cells only how many, as the version itself keeps who entered what."""
    if len(after) > _MOST_AUDITED:
        record(by, "return.save", entry, before={}, after={"cells": len(after)})
    else:
        record(by, "return.save", entry, before=dict(before), after=dict(after))
