"""Canonical values back in the unit and the words that people type: 分 → 万元, `primary` → 小学."""

from datetime import date
from decimal import Decimal
from typing import Any, TypeAlias

from junheng.core.fields import Field, FieldType
from junheng.core.template_layout import NO, YES

Typed: TypeAlias = str | int | Decimal | date | None

_EXACT_DIGITS = 15


def typed_value(entry: Field, canonical: Any) -> Typed:
    """The value of a fact as it would be typed in `entry.unit`; None when it is missing.

    Choices become their Chinese labels, truth values 是/否, dates a `date`. Numbers are exact: an int when whole, else a
    Decimal (canonical scales are powers of ten). A ratio stays a share of 1. Text that is no known choice or no date is kept.
    """
    if canonical is None:
        return None
    if entry.choices:
        return entry.choices.get(str(canonical), str(canonical))
    if entry.type is FieldType.BOOLEAN:
        return YES if canonical else NO
    if entry.type is FieldType.DATE:
        return _date(str(canonical))
    if not entry.type.is_number:
        return str(canonical)
    number = Decimal(canonical) / entry.scale
    return int(number) if number == number.to_integral_value() else number


def is_exact_as_float(number: int | Decimal) -> bool:
    """True when a spreadsheet, which keeps 15 significant digits, gives the same number back."""
    return len(Decimal(number).normalize().as_tuple().digits) <= _EXACT_DIGITS


def typed_text(entry: Field, canonical: Any) -> str:
    """The value as text for a CSV cell: '' when missing, plain digits for numbers, a percent sign for ratios."""
    value = typed_value(entry, canonical)
    if value is None:
        return ""
    if entry.type is FieldType.RATIO:
        return f"{(Decimal(value) * 100).normalize():f}%" if isinstance(value, int | Decimal) else str(value)
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


def _date(text: str) -> str | date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return text
