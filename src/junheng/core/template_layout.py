"""What a collection workbook looks like, agreed once between the writer (reports) and the reader (readers).

Pure facts about the layout: reserved sheet names, reserved headers, the words that mark a row, and the digest by which a
reader sees that a workbook was made from another dictionary.
"""

import hashlib
from types import MappingProxyType

from junheng.core.fields import Field, FieldDictionary, FieldType

TEMPLATE_VERSION = "1"
"""Raised by hand whenever the arrangement of the sheets changes; the dictionary has its own version and digest."""

TEMPLATE_NAME = "junheng-template"
GUIDE_SHEET = "填表说明"
META_SHEET = "_meta"
LIST_SHEET = "_lists"

ORDINAL_HEADER = "序号"
EXAMPLE_MARK = "示例"
REQUIRED_MARK = "*"
YES, NO = "是", "否"

ITEM_HEADER = "项目"
VALUE_HEADER = "填报值"
UNIT_HEADER = "单位"
REPORTER_HEADER = "填报部门"
HELP_HEADER = "填报要求"

_EXAMPLES = MappingProxyType(
    {
        FieldType.TEXT: EXAMPLE_MARK,
        FieldType.BOOLEAN: YES,
        FieldType.INTEGER: "12",
        FieldType.DECIMAL: "34.5",
        FieldType.RATIO: "95%",
        FieldType.YEAR: "2020",
        FieldType.DATE: "2020-09-01",
    }
)


def header_text(entry: Field) -> str:
    """The header of a field in a workbook: label, the unit in brackets on a line of its own, `*` when it must be filled in."""
    unit = f"\n（{entry.unit}）" if entry.unit else ""
    return entry.label + unit + (REQUIRED_MARK if entry.required else "")


def example_text(entry: Field) -> str:
    """What the example row shows for a field, as a person would type it; never empty."""
    if entry.example:
        return entry.choices.get(entry.example, entry.example)
    if entry.choices:
        return next(iter(entry.choices.values()))
    return _EXAMPLES[entry.type]


def dictionary_digest(dictionary: FieldDictionary) -> str:
    """A hexadecimal SHA-256 over everything that decides how a typed cell is understood.

    Help texts, examples and checks are left out: they may change without making an old workbook unreadable.
    """
    digest = hashlib.sha256()
    for table in dictionary.tables.values():
        digest.update(repr((table.id, table.label, table.key, table.is_vertical)).encode())
        for entry in table.fields.values():
            told = (
                entry.id,
                entry.label,
                entry.type.value,
                entry.unit,
                entry.scale,
                entry.required,
                dict(entry.choices),
            )
            digest.update(repr(told).encode())
    return digest.hexdigest()
