"""Words and numbers as official papers print them: blanks, dates, lists of names, full-width marks.

A value that is missing is printed as a blank line to fill in, never as 0.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction

from junheng.core.explain_node import counted
from junheng.core.rounding import printed
from junheng.core.standard import Stage
from junheng.core.verdict import Outcome, Reason

__all__ = [
    "BLANK",
    "BLANK_DAY",
    "STAGE_WORD",
    "amount",
    "chinese_date",
    "cv_limit",
    "filled",
    "limit_text",
    "listed",
    "money",
    "official",
    "outcome_word",
    "reason_text",
    "signed",
]

BLANK = "＿＿"
"""What stands for a value that is missing."""

BLANK_DAY = "　　年　　月　　日"
"""A date to be written by hand."""

STAGE_WORD: Mapping[Stage, str] = {Stage.PRIMARY: "小学", Stage.JUNIOR: "初中"}

_CJK = "\u3400-\u9fff“”《》㎡％—"
_WAN = 10_000
_MARKS = {",": "，", ":": "：", ";": "；"}


def filled(value: Fraction | float | int | None, decimals: int) -> str:
    """The value rounded half up to so many decimals; a blank when it is missing."""
    return BLANK if value is None else printed(value, decimals)


def signed(value: float, decimals: int) -> str:
    """A change with its sign, e.g. `−0.051`; a change that prints as nothing has none."""
    text = printed(abs(value), decimals)
    if not text.strip("0."):
        return text
    return f"{'−' if value < 0 else '+'}{text}"


def limit_text(value: Fraction | None) -> str:
    """A limit of a standard with as many decimals as it has, at most eight; a dash when there is none."""
    if value is None:
        return "—"
    for decimals in range(8):
        shown = printed(value, decimals)
        if Fraction(shown) == value:
            return shown
    return printed(value, 8)


def amount(value: Fraction | None, unit: str) -> str:
    """An amount with its unit and without needless zeros; a blank when it is missing. Shares of 1 (`比例`) become %."""
    if value is None:
        return BLANK + ("" if unit == "比例" else unit)
    return f"{printed(100 * value, 1)}%" if unit == "比例" else f"{counted(value)}{unit}"


def money(value: Fraction | None, unit: str) -> str:
    """Like `amount`, with 元 beyond ten thousand as 万元 with two decimals: for sentences, not for exact lists."""
    if unit == "元" and value is not None and abs(value) >= _WAN:
        return f"{printed(value / _WAN, 2)}万元"
    return amount(value, unit)


def cv_limit(value: Fraction | None) -> str:
    """The limit of a coefficient with two decimals at least; a dash when there is none."""
    return "—" if value is None else max(limit_text(value), printed(value, 2), key=len)


def chinese_date(day: date) -> str:
    """2025年12月31日."""
    return f"{day.year}年{day.month}月{day.day}日"


def listed(names: Sequence[str], most: int) -> str:
    """Names in a row; beyond `most` of them 「等N所」 with the number of all."""
    unique = list(dict.fromkeys(names))
    if len(unique) <= most:
        return "、".join(unique)
    return f"{'、'.join(unique[:most])}等{len(unique)}所"


def outcome_word(outcome: Outcome | None) -> str:
    """达标, 不达标 or 无法判定; 「——」 for what is not judged."""
    return "——" if outcome is None else outcome.label


def official(text: str) -> str:
    """A sentence with full-width marks where a Chinese character stands on either side."""
    for half, full in _MARKS.items():
        text = re.sub(rf"(?<=[{_CJK}）]){half}\s*|{half}(?=[{_CJK}])", full, text)
    text = re.sub(rf"\((?=[^()]*[{_CJK}])([^()]*)\)", r"（\1）", text)
    return re.sub(rf"(?<=[{_CJK}]) +(?=[0-9.]+)|(?<=[0-9%]) +(?=[{_CJK}])", "", text)


def reason_text(reason: Reason, subject_id: str = "", subject: str = "本项") -> str:
    """The sentence of a reason, with `subject` in place of the id that the program knows the item by."""
    text = reason.text
    if subject_id:
        text = re.sub(rf"以编号\s*{re.escape(subject_id)}(/\w+)?\s*", f"为{subject}", text)
        text = re.sub(rf"{re.escape(subject_id)}(/\w+)?\s*", subject, text)
    return official(text)
