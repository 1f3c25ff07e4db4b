"""How checks put rows and numbers into words: `青石小学（小学）`, `26 人`, `1.5 万元`, `未填`."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from junheng.core.check_tables import CheckTables, Row
from junheng.core.fields import Field, FieldType

MISSING = "未填"


def value_text(entry: Field, value: Any) -> str:
    """A canonical value in its typed unit, unit included; `未填` when missing, labels for choices, percent for ratios."""
    if value is None:
        return MISSING
    if entry.choices:
        return entry.choices.get(str(value), str(value))
    if entry.type is FieldType.BOOLEAN:
        return "是" if value else "否"
    if entry.type is FieldType.YEAR or not entry.type.is_number:
        return str(value)
    if entry.type is FieldType.RATIO:
        return f"{exact_text(entry.typed(value) * 100)}%"
    return f"{exact_text(entry.typed(value))} {entry.unit}".rstrip()


def exact_text(number: Fraction) -> str:
    """An exact decimal without trailing zeros (typed numbers always have one: scales are powers of ten)."""
    return format((Decimal(number.numerator) / Decimal(number.denominator)).normalize(), "f")


def rounded_text(number: Fraction) -> str:
    """A number for reading: four significant digits, never an exponent."""
    return format(Decimal(f"{float(number):.4g}").normalize(), "f")


def ratio_text(entry: Field, value: Fraction) -> str:
    """A rounded number in the unit of a field when that is a measure (㎡, 万元); counts are left without a unit."""
    unit = f" {entry.unit}" if entry.type is FieldType.DECIMAL and entry.unit else ""
    return f"{rounded_text(value)}{unit}"


@dataclass(frozen=True)
class Speaker:
    """Names the rows of all tables. `school_names` maps a school id to its name."""

    tables: CheckTables
    school_names: Mapping[str, str]

    def row(self, table: str, row: Row) -> str:
        """What a reader calls this row."""
        match table:
            case "stages":
                return f"{self.school(row)}（{self.value(table, 'stage', row)}）"
            case "classes":
                grade = self.value(table, "grade", row).removesuffix(" 年级")
                return f"{self.school(row)}{self.value(table, 'stage', row)}{grade}年级“{row['class_name'] or MISSING}”"
            case "rooms":
                return f"{self.school(row)}“{row['room_name'] or MISSING}”"
            case "county_years":
                return f"{self.value(table, 'spending_year', row)} 年"
            case "judgements":
                return f"指标 {row['item_id'] or MISSING} "
            case "county_subjects":
                return f"“{self.value(table, 'subject', row)}”"
            case "survey_groups":
                return f"“{self.value(table, 'group', row)}”"
            case "county":
                return row["county_name"] or self.tables.facts.county_name
            case _:
                return self.school(row)

    def school(self, row: Row) -> str:
        """The school's name; its id when the schools table does not name it."""
        school_id = row["school_id"]
        return row.get("school_name") or self.school_names.get(school_id) or school_id or "（未填标识码的学校）"

    def subject(self, table: str, row: Row) -> str:
        """What a finding is about: the school where there is one, else the row."""
        return self.school(row) if "school_id" in row else self.row(table, row).strip()

    def value(self, table: str, name: str, row: Row) -> str:
        """One value of the row in words."""
        return value_text(self.tables.entry(table, name), row[name])


class Words(dict[str, str]):
    """The words of one message: those given, and every column of the row on demand."""

    def __init__(self, speaker: Speaker, table: str, row: Row, given: Mapping[str, str]) -> None:
        super().__init__(given)
        self._speaker, self._table, self._row = speaker, table, row

    def __missing__(self, name: str) -> str:
        if name == "row":
            return self._speaker.row(self._table, self._row)
        return self._speaker.value(self._table, name, self._row)
