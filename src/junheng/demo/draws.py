"""Random draws that give the same county on every Python: only `random()` and plain arithmetic, no libm functions.

Python promises that `Random(seed).random()` keeps its sequence; it promises nothing for `gauss`, `choice` or `shuffle`, and
`exp` and `log` may differ in the last bit between systems. So everything here is built from `random()`, `+`, `-`, `*`, `/`.
"""

from collections.abc import Iterable, Mapping, Sequence
from random import Random
from typing import TypeVar

Choice = TypeVar("Choice")


class Draws:
    """A named stream of draws; streams of different names do not disturb each other."""

    def __init__(self, seed: int, *names: object) -> None:
        self._random = Random("/".join(str(part) for part in (seed, *names)))  # noqa: S311 - a demo, not a secret

    def unit(self) -> float:
        """A number in [0, 1)."""
        return self._random.random()

    def chance(self, probability: float) -> bool:
        """True with the given probability."""
        return self.unit() < probability

    def whole(self, low: int, high: int) -> int:
        """A whole number from low to high, both included."""
        return low + int(self.unit() * (high - low + 1))

    def pick(self, options: Sequence[Choice]) -> Choice:
        """One of the options."""
        return options[int(self.unit() * len(options))]

    def spread(self, sigma: float) -> float:
        """A positive factor around 1 with a long upper tail: near to lognormal, (1 + σz/8)⁸ with z nearly normal."""
        normal = plain_sum(self.unit() for _ in range(12)) - 6.0
        factor = max(0.0, 1.0 + sigma * normal / 8.0)
        for _ in range(3):
            factor *= factor
        return factor

    def count(self, expected: float) -> int:
        """A count whose mean is `expected`: the whole part, plus one with the probability of the rest."""
        return int(expected + self.unit())


def plain_sum(values: Iterable[float]) -> float:
    """The sum from left to right; `sum` adds floats differently from Python 3.12 on."""
    total = 0.0
    for value in values:
        total += value
    return total


def nearest(value: float) -> int:
    """The nearest whole number, halves up (for values that are not negative)."""
    return int(value + 0.5)


def grown(value: float, rate: float, years: int) -> float:
    """`value` after so many years (before, when negative) of growth at `rate`."""
    for _ in range(abs(years)):
        value = value * (1.0 + rate) if years > 0 else value / (1.0 + rate)
    return value


def apportion(total: int, weights: Mapping[str, float]) -> dict[str, int]:
    """`total` shared out by weights in whole numbers that sum to it (largest remainders; ties by key)."""
    scale = plain_sum(weights.values())
    exact = {key: total * weight / scale for key, weight in weights.items()}
    shares = {key: int(value) for key, value in exact.items()}
    rest = total - sum(shares.values())
    order = sorted(exact, key=lambda key: (shares[key] - exact[key], key))
    for key in order[:rest]:
        shares[key] += 1
    return shares


def split_evenly(total: int, parts: int, draws: Draws) -> list[int]:
    """`total` in so many whole parts that differ by at most three and sum to it; every part is positive when total ≥ parts."""
    sizes = [total // parts + (1 if index < total % parts else 0) for index in range(parts)]
    for index in range(0, parts - 1, 2):
        if sizes[index + 1] > 8 and draws.chance(0.5):
            sizes[index] += 1
            sizes[index + 1] -= 1
    return sizes
