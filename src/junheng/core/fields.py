"""The field dictionary: what a fact is called, in which unit it is typed, and how it is kept.

The dictionary itself is data (`fields.yaml` beside this module); `junheng.readers.dictionary` loads it.
Typed values carry the unit people know (万元, ㎡, %); canonical values are integers (分, 0.01 ㎡, 1/10000), so that sums and
comparisons are exact. `Field.scale` is the number of canonical units in one typed unit.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from functools import cached_property
from typing import Any

from junheng.core.errors import StandardError


class FieldType(StrEnum):
    """How a cell is read and kept. `integer`, `decimal`, `ratio`, `year` and `choice_integer` are kept as int."""

    TEXT = "text"
    CHOICE = "choice"
    CHOICE_INTEGER = "choice_integer"
    BOOLEAN = "boolean"
    INTEGER = "integer"
    DECIMAL = "decimal"
    RATIO = "ratio"
    YEAR = "year"
    DATE = "date"

    @property
    def is_number(self) -> bool:
        """True for types that are kept as an integer of canonical units."""
        return self in (FieldType.INTEGER, FieldType.DECIMAL, FieldType.RATIO, FieldType.YEAR, FieldType.CHOICE_INTEGER)


@dataclass(frozen=True, slots=True)
class Check:
    """One check on a table, as data: `kind` names a function in `junheng.core.checks`, the rest are its arguments."""

    code: str
    kind: str
    level: str
    message: str
    hint: str
    arguments: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Field:
    """One entry of the dictionary.

    `choices` maps the stored id to its Chinese label, `aliases` other words that people write to the id; `reporter` is the
    role or department that owns the number; `form_hint` names the cell of the national statistics form where the number can
    be copied from, if known.
    """

    id: str
    table: str
    label: str
    type: FieldType
    unit: str = ""
    scale: int = 1
    required: bool = False
    choices: Mapping[str, str] = field(default_factory=dict)
    aliases: Mapping[str, str] = field(default_factory=dict)
    help: str = ""
    reporter: str = ""
    form_hint: str = ""
    example: str = ""

    @property
    def header(self) -> str:
        """The column header people see: label and unit, e.g. `图书（册）`."""
        return f"{self.label}（{self.unit}）" if self.unit else self.label

    def canonical(self, typed: str | int | Decimal) -> int:
        """The integer kept for a number typed in `unit` (万元 "1.5" → 1 500 000 分).

        ValueError when it is finer than one canonical unit. A ratio is typed as a share of 1 ("0.95" → 9500 at scale 10 000).
        """
        scaled = Decimal(typed) * self.scale
        if scaled != scaled.to_integral_value():
            raise ValueError(f"{self.label}:{typed} 的小数位数过多。")
        return int(scaled)

    def typed(self, canonical: int) -> Fraction:
        """The exact number in `unit` for a canonical integer (shares of 1 for ratios)."""
        return Fraction(canonical, self.scale)


@dataclass(frozen=True, slots=True)
class Table:
    """One table of facts: its Chinese name (also the sheet name), its key and its fields in order.

    `is_vertical` tables hold one row of many fields and are laid out label by label, one below the other.
    """

    id: str
    label: str
    level: str
    key: tuple[str, ...]
    fields: Mapping[str, Field]
    is_vertical: bool = False
    help: str = ""
    checks: tuple[Check, ...] = ()


@dataclass(frozen=True)
class FieldDictionary:
    """All tables. Construction refuses unknown keys, duplicate labels in one table and keys without a field."""

    tables: Mapping[str, Table]
    version: str

    def __post_init__(self) -> None:
        for table in self.tables.values():
            missing = [name for name in table.key if name not in table.fields]
            if missing:
                raise StandardError(f"字段字典:表 {table.id} 的主键 {missing} 没有对应字段。")
            labels = [entry.header for entry in table.fields.values()]
            if len(set(labels)) != len(labels):
                raise StandardError(f"字段字典:表 {table.id} 有重复的字段名称。")

    def field(self, table: str, field_id: str) -> Field:
        """The field, or StandardError when the dictionary does not hold it."""
        try:
            return self.tables[table].fields[field_id]
        except KeyError:
            raise StandardError(f"字段字典里没有 {table}.{field_id}。") from None

    @cached_property
    def ids(self) -> frozenset[str]:
        """All fields as `table.field`."""
        return frozenset(f"{table.id}.{name}" for table in self.tables.values() for name in table.fields)
