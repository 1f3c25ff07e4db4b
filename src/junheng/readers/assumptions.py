"""What people assume of the years ahead, from one JSON file: births, planned changes, housing, teachers.

    {"births": {"东关学区": {"2024": 310, "2025": 305, "2026": 290}}, "catchments": {"9900000001": "东关学区"},
     "changes": [{"kind": "closure", "school_id": "9900000002", "stage": "primary", "year": 2027,
                  "receivers": {"9900000001": 1}}],
     "teachers": {"ages": [{"school_id": "9900000001", "stage": "primary", "group": "女", "ages": {"53": 2}}],
                  "retirement_age": {"女": 55}, "attrition": 0.01,
                  "hiring": [{"school_id": "9900000001", "stage": "primary", "year": 2026, "count": 3}]}}

Every part may lack. Whatever is not understood is refused with its place; nothing is passed over in silence.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields
from pathlib import Path
from typing import Any, TypeVar

from junheng.core.errors import InputError
from junheng.core.standard import Stage
from junheng.planning.forecast.options import Change, Closure, HousingProject, Opening, Shift, Transfer
from junheng.planning.forecast.outlook import Assumptions
from junheng.planning.forecast.teachers import TeacherAges
from junheng.readers.grids import WORKBOOK_SUFFIXES
from junheng.readers.scenarios import read_scenario_assumptions

__all__ = ["assumptions_from", "read_assumptions"]

Value = TypeVar("Value")
_MOST = 10**9  # no number of people, dwellings or years is larger
_KINDS: Mapping[str, type[Change]] = {
    "opening": Opening,
    "closure": Closure,
    "shift": Shift,
    "transfer": Transfer,
    "housing": HousingProject,
}


def read_assumptions(path: Path) -> Assumptions:
    """The assumptions in a JSON file, or those in a scenario (a workbook or YAML).

    InputError when it cannot be read or says something that is not understood.
    """
    if path.suffix.lower() in (*WORKBOOK_SUFFIXES, ".yaml", ".yml"):
        return read_scenario_assumptions(path)
    try:
        data = json.loads(path.read_text(encoding="utf-8"), parse_constant=_no_number)
    except OSError as error:
        raise InputError(f"打不开预测条件文件“{path}”:{error.strerror}。") from error
    except ValueError as error:
        raise InputError(f"预测条件文件“{path}”不是有效的 JSON:{error}。") from error
    return assumptions_from(data)


def assumptions_from(data: Any) -> Assumptions:
    """The assumptions in parsed JSON. InputError names the place that is not understood."""
    parts = _object(data, "预测条件", {"births", "catchments", "changes", "teachers"})
    teachers = _object(parts.get("teachers", {}), "teachers", {"ages", "retirement_age", "attrition", "hiring"})
    return Assumptions(
        births=_mapping(parts.get("births", {}), "births", _by_number),
        catchments=_mapping(parts.get("catchments", {}), "catchments", _text),
        changes=tuple(
            _change(entry, f"changes[{number}]") for number, entry in _listed(parts.get("changes", []), "changes")
        ),
        ages=_ages(teachers["ages"]) if "ages" in teachers else None,
        retirement_age=_mapping(teachers.get("retirement_age", {}), "teachers.retirement_age", _whole),
        attrition=_number(teachers["attrition"], "teachers.attrition") if "attrition" in teachers else None,
        hiring=_hiring(teachers.get("hiring", [])),
    )


def _no_number(text: str) -> float:
    raise ValueError(text)


def _refuse(at: str, wanted: str, value: Any) -> InputError:
    return InputError(f"预测条件 {at} 应是{wanted},现在是 {json.dumps(value, ensure_ascii=False)[:80]}。")


def _object(value: Any, at: str, known: set[str] | None = None) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise _refuse(at, "一个对象", value)
    unknown = sorted(set(value) - known) if known is not None else []
    if unknown:
        raise InputError(f"预测条件 {at} 里有不认识的项:{'、'.join(unknown)}。可用:{'、'.join(sorted(known or ()))}。")
    return value


def _listed(value: Any, at: str) -> list[tuple[int, Any]]:
    if not isinstance(value, list):
        raise _refuse(at, "一个列表", value)
    return list(enumerate(value, start=1))


def _mapping(value: Any, at: str, parse: Callable[[Any, str], Value]) -> dict[str, Value]:
    return {key: parse(entry, f"{at}.{key}") for key, entry in _object(value, at).items()}


def _by_number(value: Any, at: str) -> dict[int, int]:
    """Whole numbers by year or age, which JSON writes as text."""
    found = {}
    for key, entry in _object(value, at).items():
        if not key.isdecimal():
            raise _refuse(f"{at}.{key}", "以数字为名的项（如 2026）", entry)
        found[int(key)] = _whole(entry, f"{at}.{key}")
    return found


def _text(value: Any, at: str) -> str:
    if not isinstance(value, str) or not value:
        raise _refuse(at, "文字", value)
    return value


def _whole(value: Any, at: str) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or abs(value) > _MOST:
        raise _refuse(at, "整数", value)
    return value


def _number(value: Any, at: str) -> float:
    if not isinstance(value, int | float) or isinstance(value, bool) or not abs(value) <= _MOST:
        raise _refuse(at, "数", value)
    return float(value)


def _flag(value: Any, at: str) -> bool:
    if not isinstance(value, bool):
        raise _refuse(at, " true 或 false", value)
    return value


def _stage(value: Any, at: str) -> Stage:
    try:
        return Stage(value)
    except ValueError:
        raise _refuse(at, " primary（小学）或 junior（初中）", value) from None


def _shares(value: Any, at: str) -> dict[str, float]:
    return _mapping(value, at, _number)


def _occupied(value: Any, at: str) -> tuple[float, ...]:
    return tuple(_number(entry, f"{at}[{number}]") for number, entry in _listed(value, at))


def _or_none(parse: Callable[[Any, str], Any]) -> Callable[[Any, str], Any]:
    return lambda value, at: None if value is None else parse(value, at)


_PARSERS: Mapping[str, Callable[[Any, str], Any]] = {
    "school_id": _text,
    "school_name": _text,
    "name": _text,
    "stage": _stage,
    "year": _whole,
    "count": _whole,
    "share": _number,
    "receivers": _shares,
    "moves_all_grades": _flag,
    "giver_id": _or_none(_text),
    "receiver_id": _or_none(_text),
    "completed_in": _whole,
    "dwellings": _or_none(_whole),
    "pupils_per_dwelling": _or_none(_number),
    "occupied": _or_none(_occupied),
}
_MAY_LACK = {"receivers", "dwellings", "pupils_per_dwelling", "occupied"}


def _change(value: Any, at: str) -> Change:
    """One change by its kind. What a housing project or a closure leaves open stays open, and becomes a finding later."""
    entry = _object(value, at)
    kind = _KINDS.get(str(entry.get("kind")))
    if kind is None:
        raise _refuse(f"{at}.kind", f"其中之一:{'、'.join(_KINDS)}", entry.get("kind"))
    wanted = {field.name: field for field in fields(kind)}
    _object(entry, at, {"kind", *wanted})
    required = {name for name, field in wanted.items() if field.default is MISSING and name not in _MAY_LACK}
    missing = sorted(required - set(entry))
    if missing:
        raise InputError(f"预测条件 {at} 缺少:{'、'.join(missing)}。")
    given = {name: _PARSERS[name](entry[name], f"{at}.{name}") for name in wanted if name in entry}
    left_open: dict[str, Any] = {name: {} if name == "receivers" else None for name in _MAY_LACK & set(wanted)}
    return kind(**{**left_open, **given})


def _ages(value: Any) -> TeacherAges:
    counts: dict[tuple[str, Stage], dict[str, dict[int, int]]] = {}
    for number, entry in _listed(value, "teachers.ages"):
        at = f"teachers.ages[{number}]"
        row = _object(entry, at, {"school_id", "stage", "group", "ages"})
        key = (_text(row.get("school_id"), f"{at}.school_id"), _stage(row.get("stage"), f"{at}.stage"))
        group = _text(row.get("group"), f"{at}.group")
        if group in counts.get(key, {}):
            raise InputError(f"预测条件 {at}:这所学校的“{group}”写了两次。")
        counts.setdefault(key, {})[group] = _by_number(row.get("ages"), f"{at}.ages")
    return TeacherAges(counts)


def _hiring(value: Any) -> dict[tuple[str, Stage], dict[int, int]]:
    found: dict[tuple[str, Stage], dict[int, int]] = {}
    for number, entry in _listed(value, "teachers.hiring"):
        at = f"teachers.hiring[{number}]"
        row = _object(entry, at, {"school_id", "stage", "year", "count"})
        key = (_text(row.get("school_id"), f"{at}.school_id"), _stage(row.get("stage"), f"{at}.stage"))
        year = _whole(row.get("year"), f"{at}.year")
        found.setdefault(key, {})[year] = found.get(key, {}).get(year, 0) + _whole(row.get("count"), f"{at}.count")
    return found
