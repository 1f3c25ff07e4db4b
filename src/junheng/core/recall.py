"""The way back from `junheng.core.digest.plain`: frozen dataclasses rebuilt from plain JSON data by their own type hints.

What was kept as canonical JSON is the same object again, so that an old verdict can be explained without judging anew.
"""

from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction
from functools import cache
from types import NoneType, UnionType
from typing import Any, TypeVar, cast, get_args, get_origin, get_type_hints

from junheng.core.errors import EngineError

T = TypeVar("T")
Maker = Callable[[Any], Any]


def recall(kind: type[T], data: Any) -> T:
    """The object of a dataclass that `plain` made the data from.

    EngineError when the data do not have its form: a field is missing or unknown, or a value is not of its type.
    """
    try:
        return cast(T, _maker(cast(Any, kind))(data))
    except (ArithmeticError, AttributeError, KeyError, TypeError, ValueError) as error:
        raise EngineError(f"保存的数据不是一个完整的 {kind.__name__}:{error}") from error


@cache
def _maker(kind: Any) -> Maker:
    origin, arguments = get_origin(kind), get_args(kind)
    if origin is UnionType or NoneType in arguments:
        return _optional(arguments)
    if origin is tuple:
        return _tuple(arguments)
    if origin is not None and issubclass(origin, Mapping):
        return _mapping(arguments)
    if is_dataclass(kind):
        return _dataclass(kind)
    return _plain(kind)


def _plain(kind: Any) -> Maker:
    if kind is date:
        return date.fromisoformat
    if kind is Fraction or issubclass(kind, StrEnum):
        return cast(Maker, kind)
    return _same(kind)


def _same(kind: Any) -> Maker:
    def same(value: Any) -> Any:
        if not isinstance(value, kind):
            raise TypeError(f"{value!r} / {kind.__name__}")
        return value

    return same


def _optional(arguments: tuple[Any, ...]) -> Maker:
    (kind,) = (entry for entry in arguments if entry is not NoneType)
    make = _maker(kind)
    return lambda value: None if value is None else make(value)


def _tuple(arguments: tuple[Any, ...]) -> Maker:
    if len(arguments) == 2 and arguments[1] is Ellipsis:
        make = _maker(arguments[0])
        return lambda values: tuple([make(value) for value in values])
    makers = [_maker(entry) for entry in arguments]
    return lambda values: tuple(make(value) for make, value in zip(makers, values, strict=True))


def _mapping(arguments: tuple[Any, ...]) -> Maker:
    make_key, make_value = (_maker(entry) for entry in arguments)
    return lambda values: {make_key(key): make_value(value) for key, value in values.items()}


def _dataclass(kind: Any) -> Maker:
    hints = get_type_hints(kind)
    makers = [(entry.name, _maker(hints[entry.name])) for entry in fields(kind)]

    def make(data: Any) -> Any:
        if len(data) != len(makers):
            raise ValueError(f"{kind.__name__}: {sorted(set(data) ^ {name for name, _ in makers})}")
        return kind(**{name: make_value(data[name]) for name, make_value in makers})

    return make
