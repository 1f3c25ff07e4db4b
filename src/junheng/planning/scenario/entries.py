"""One entry at a time: from what people wrote to canonical values, and back.

Canonical: money in 分, shares and numbers as exact fractions, lists as tuples, tables as lists of rows (column → value).
"""

import unicodedata
from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Any

from junheng.core.findings import Finding, Level, Location
from junheng.planning.scenario.field import Kind, ScenarioField

FEN = {"元": 100, "万元": 1_000_000}
_FLAGS = {"是": True, "否": False, "true": True, "false": False, "yes": True, "no": False, "1": True, "0": False}


class WrongValueError(ValueError):
    """A value that cannot be taken; the text says in Chinese what is wanted."""


def refusal(path: str, code: str, message: str, hint: str, level: Level = Level.ERROR) -> Finding:
    """A finding on one entry of a scenario; its path is the field of the location."""
    return Finding(level, code, message, hint, Location(field=path))


def is_blank(value: Any) -> bool:
    """Whether nothing was written."""
    return value is None or (isinstance(value, str) and not value.strip())


def parse(entry: ScenarioField, value: Any) -> Any:
    """The canonical value of what was written for an entry that is no table. WrongValueError when it cannot be taken."""
    return _PARSERS[entry.kind](entry, value)


def written(entry: ScenarioField, value: Any) -> Any:
    """A canonical value in the entry's own unit, for JSON, YAML and cells. None stays None."""
    if value is None:
        return None
    if entry.kind is Kind.MONEY:
        return plain_number(Fraction(value, FEN[entry.unit]))
    if entry.kind is Kind.SHARE:
        return plain_number(Fraction(value) * 100)
    if entry.kind is Kind.NUMBER:
        return plain_number(Fraction(value))
    return list(value) if entry.kind is Kind.LIST else value


def plain_number(value: Fraction) -> int | float:
    """A whole number where it is one, else the nearest float, which is written shortest."""
    return int(value) if value.denominator == 1 else float(value)


def number_of(value: Any) -> Fraction:
    """The exact number that was written: digits of any width, with thousands separators. WrongValueError when it is none."""
    if isinstance(value, bool):
        raise WrongValueError("应填数字")
    text = unicodedata.normalize("NFKC", str(value)).replace(",", "").strip()
    try:
        exact = Decimal(text)
    except InvalidOperation:
        raise WrongValueError("应填数字") from None
    if not exact.is_finite() or abs(exact.adjusted()) > 30:
        raise WrongValueError("应填数字")
    return Fraction(exact)


def _number(entry: ScenarioField, value: Any) -> Fraction:
    number = number_of(value)
    for bound, words in ((entry.least, "不能小于"), (entry.most, "不能大于")):
        is_out = bound is not None and (number < bound if bound is entry.least else number > bound)
        if bound is not None and is_out:
            raise WrongValueError(f"{words} {plain_number(bound)} {entry.unit}".rstrip())
    return number


def _int(entry: ScenarioField, value: Any) -> int:
    number = _number(entry, value)
    if number.denominator != 1:
        raise WrongValueError("应填整数")
    return int(number)


def _money(entry: ScenarioField, value: Any) -> int:
    fen = _number(entry, value) * FEN[entry.unit]
    if fen.denominator != 1:
        raise WrongValueError("最多精确到分")
    return int(fen)


def _share(entry: ScenarioField, value: Any) -> Fraction:
    if isinstance(value, str):
        value = unicodedata.normalize("NFKC", value).strip().removesuffix("%")
    return _number(entry, value) / 100


def _text(_entry: ScenarioField, value: Any) -> str:
    if isinstance(value, bool | list | dict):
        raise WrongValueError("应填文字")
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value).strip()


def _choice(entry: ScenarioField, value: Any) -> str:
    text = str(value).strip()
    for key, label in entry.choices:
        if text in (key, label):
            return key
    raise WrongValueError(f"应是其中之一：{'、'.join(f'{key}（{label}）' for key, label in entry.choices)}")


def _flag(_entry: ScenarioField, value: Any) -> bool:
    found = _FLAGS.get(str(value).strip().lower())
    if found is None:
        raise WrongValueError("应填“是”或“否”")
    return found


def _list(_entry: ScenarioField, value: Any) -> tuple[str, ...]:
    if isinstance(value, str):
        value = value.replace("，", ",").replace("、", ",").split(",")
    if not isinstance(value, list | tuple) or any(isinstance(entry, list | dict) for entry in value):
        raise WrongValueError("应是一个列表")
    return tuple(dict.fromkeys(str(entry).strip() for entry in value if not is_blank(entry)))


_PARSERS: Mapping[Kind, Callable[[ScenarioField, Any], Any]] = {
    Kind.TEXT: _text,
    Kind.INT: _int,
    Kind.NUMBER: _number,
    Kind.SHARE: _share,
    Kind.MONEY: _money,
    Kind.CHOICE: _choice,
    Kind.FLAG: _flag,
    Kind.LIST: _list,
}
