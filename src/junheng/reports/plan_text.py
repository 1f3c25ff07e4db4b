"""Words and numbers of a plan as papers print them. All of them start from a plan's data (`plan_data`)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from junheng.core.rounding import printed
from junheng.reports.document import Cell, Tone

__all__ = [
    "Data",
    "count_text",
    "judged_cell",
    "limit_words",
    "number_text",
    "percent",
    "stamp",
    "wan_text",
    "year_span",
]

Data = Mapping[str, Any]
_DASH = "—"


def wan_text(value: float | None) -> str:
    """万元 with two decimals and thousands separators; a dash when there is none."""
    return _DASH if value is None else f"{float(printed(Fraction(str(value)), 2)):,.2f}"


def count_text(value: float | None) -> str:
    """A number without needless decimals, with thousands separators; a dash when there is none."""
    return _DASH if value is None else f"{value:,.10g}"


def number_text(value: float | None, decimals: int) -> str:
    """A number rounded half up; a dash when there is none."""
    return printed(None if value is None else Fraction(str(value)), decimals)


def percent(share: float | None, decimals: int = 1) -> str:
    """A share of 1 in %; a dash when there is none."""
    return _DASH if share is None else f"{printed(Fraction(str(share)) * 100, decimals)}%"


def judged_cell(text: str, is_met: bool | None) -> Cell:
    """A number with the mark of its judgement; without a mark when it was not judged."""
    if is_met is None:
        return Cell(text)
    return Cell(text, Tone.OK if is_met else Tone.BAD)


def year_span(data: Data) -> str:
    """The years of the plan: `2026—2028`, or one year."""
    first, last = data["base_year"] + 1, data["target_year"]
    return str(first) if first == last else f"{first}—{last}"


def limit_words(names: Sequence[str], most: int, whole: str) -> str:
    """The first names, and how many there are when these are not all: `甲、乙等 9 所`."""
    if len(names) <= most:
        return "、".join(names)
    return f"{'、'.join(names[:most])}等 {len(names)} {whole}"


def stamp(data: Data) -> str:
    """What binds a paper to the plan: its hash, at the foot of every page."""
    return f"方案校验码 {data['digest'][:32]}"
