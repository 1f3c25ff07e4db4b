"""What each school does to a coefficient of variation: its part of the variance, and the coefficient without it."""

from collections.abc import Sequence
from itertools import accumulate
from math import fsum, sqrt

from junheng.core.standard import Stage
from junheng.core.verdict import Contribution

_NOISE = 1e-24  # a variance of so many squared means is what floats leave of equal schools


def contributions(
    stage: Stage, rows: Sequence[tuple[int, int, int]], school_ids: Sequence[str]
) -> tuple[Contribution, ...]:
    """One entry per school from rows (numerator, denominator, pupils), in the order given.

    Shares are 0 when all schools are equal. `without` is None when fewer than two schools or a mean of 0 would be left.
    """
    values = [n / d for n, d, _ in rows]
    pupils = [count for _, _, count in rows]
    amounts = [value * count for value, count in zip(values, pupils, strict=True)]
    squares = [value * amount for value, amount in zip(values, amounts, strict=True)]
    total_pupils = sum(pupils)
    mean = fsum(amounts) / total_pupils
    parts = [count * (value - mean) ** 2 for value, count in zip(values, pupils, strict=True)]
    variance = fsum(parts)
    is_spread = variance > _NOISE * mean * mean * total_pupils
    rest_amounts, rest_squares = _rests(amounts), _rests(squares)
    return tuple(
        Contribution(
            school_id=school_ids[index],
            stage=stage,
            share=parts[index] / variance if is_spread else 0.0,
            without=_coefficient(len(rows) - 1, total_pupils - pupils[index], rest_amounts[index], rest_squares[index]),
        )
        for index in range(len(rows))
    )


def _rests(terms: Sequence[float]) -> list[float]:
    """For each term the sum of all others. Added up from both ends: taking a giant away from the sum would leave noise."""
    before = accumulate(terms, initial=0.0)
    behind = list(accumulate(reversed(terms), initial=0.0))
    return [front + back for front, back in zip(before, reversed(behind[:-1]), strict=False)]


def _coefficient(count: int, pupils: int, total: float, squares: float) -> float | None:
    if count < 2 or total <= 0:
        return None
    return sqrt(max(0.0, pupils * squares / (total * total) - 1.0))
