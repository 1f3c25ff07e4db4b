"""What was kept as plain JSON is the same object again."""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

import orjson
import pytest

from junheng.core.digest import canonical_json
from junheng.core.errors import EngineError
from junheng.core.recall import recall
from junheng.core.standard import Stage


@dataclass(frozen=True)
class Inner:
    share: Fraction
    on: date | None = None


@dataclass(frozen=True)
class Outer:
    name: str
    stage: Stage
    inner: tuple[Inner, ...]
    pair: tuple[Fraction, str]
    counts: dict[str, tuple[int, int]]
    value: float | None = None
    is_there: bool = False


OUTER = Outer(
    name="甲",
    stage=Stage.JUNIOR,
    inner=(Inner(Fraction(1, 3), date(2025, 12, 31)), Inner(Fraction(2))),
    pair=(Fraction(80), "合格"),
    counts={"schools.x": (1, 2)},
    value=0.1,
    is_there=True,
)


def plain(value: object) -> dict[str, object]:
    found: dict[str, object] = orjson.loads(canonical_json(value))
    return found


def test_recall_when_kept_then_gives_the_same_object() -> None:
    assert recall(Outer, plain(OUTER)) == OUTER


@pytest.mark.parametrize(
    "damage",
    [
        {"stage": "kindergarten"},
        {"value": "much"},
        {"inner": [{"share": "1/0", "on": None}]},
        {"inner": [{"share": "x", "on": None}]},
        {"pair": ["1"]},
        {"counts": []},
        {"name": None},
        {"more": 1},
    ],
)
def test_recall_when_something_does_not_fit_then_says_so(damage) -> None:
    with pytest.raises(EngineError, match="Outer"):
        recall(Outer, plain(OUTER) | damage)


def test_recall_when_a_field_is_missing_then_says_so() -> None:
    data = plain(OUTER)
    del data["name"]

    with pytest.raises(EngineError):
        recall(Outer, data)
