"""What a new return takes over from the last approved one: what describes a school and does not change by itself.

Words, choices and marks are taken over with their origin; numbers never are, because a number that was not asked for again
looks like one that was.
"""

from junheng.core.fields import FieldType
from junheng.readers.dictionary import load_dictionary
from junheng.web.returns.coverage import IDENTITY, SINGLE_ROW_TABLES, Covers
from junheng.web.returns.document import Document, Row

_STEADY = frozenset({FieldType.TEXT, FieldType.CHOICE, FieldType.BOOLEAN, FieldType.YEAR})
_TABLES = ("schools", "stages", "rooms")


def take_over(document: Document, earlier: Document, covers: Covers) -> None:
    """Adds to a first draft what stays as it was: the school's description, its stages, its rooms' names and purposes."""
    for table in (name for name in _TABLES if name in covers):
        for row in earlier.tables.get(table, ()):
            if table in SINGLE_ROW_TABLES:
                target = document.tables[table][0]
            else:
                target = document.add(table)
                target.values["school_id"] = document.tables["schools"][0].values["school_id"]
            _take_over_row(table, row, target)


def _take_over_row(table: str, row: Row, target: Row) -> None:
    for field_id, entry in load_dictionary().tables[table].fields.items():
        if field_id in row.values and field_id not in IDENTITY and entry.type in _STEADY:
            target.values[field_id] = row.values[field_id]
            if field_id in row.origins:
                target.origins[field_id] = row.origins[field_id]
