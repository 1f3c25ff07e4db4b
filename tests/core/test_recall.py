"""Dataclasses rebuilt from plain data, each value by its type hint."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

import pytest

from junheng.core.digest import plain
from junheng.core.errors import EngineError
from junheng.core.recall import recall
from junheng.core.standard import Stage


@dataclass(frozen=True)
class Part:
    """One value of every kind that is kept."""

    name: str
    share: Fraction | None
    day: date
    pair: tuple[int, str]
    many: tuple[Stage, ...]
    by_stage: Mapping[Stage, bool]


WHOLE = Part("甲", Fraction(1, 3), date(2025, 12, 31), (1, "一"), (Stage.PRIMARY, Stage.JUNIOR), {Stage.JUNIOR: True})
NONE = Part("乙", None, date(2025, 1, 1), (2, ""), (), {})


@pytest.mark.parametrize("part", [WHOLE, NONE])
def test_object_when_it_was_made_plain_then_it_is_the_same_again(part):
    again = recall(Part, plain(part))

    assert again == part
    assert [type(stage) for stage in again.many] == [Stage] * len(part.many)


@pytest.mark.parametrize(
    "change",
    [
        {"name": 1},
        {"share": "x"},
        {"day": "x"},
        {"pair": [1]},
        {"pair": [1, 2]},
        {"many": ["senior"]},
        {"by_stage": []},
    ],
)
def test_object_when_a_value_is_not_of_its_type_then_engine_error_names_the_kind(change):
    with pytest.raises(EngineError, match="Part"):
        recall(Part, {**plain(WHOLE), **change})


def test_object_when_a_field_lacks_or_is_unknown_then_engine_error_names_it():
    data = plain(WHOLE)

    with pytest.raises(EngineError, match="extra"):
        recall(Part, {**data, "extra": 1})
    with pytest.raises(EngineError, match="pair"):
        recall(Part, {name: value for name, value in data.items() if name != "pair"})
