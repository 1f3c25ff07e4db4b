"""How far past forecasts were off, as a law: the variance of a logarithmic error is `fixed + per_pupil / pupils`.

Counts of a few pupils scatter like counts (per_pupil), large ones by a share that does not shrink with size (fixed).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

FEWEST_ERRORS = 8
"""With fewer past errors than this a law says nothing; counts are then taken to scatter as independent arrivals do."""
_ROUNDS = 4
_FAR_OUT = (
    16.0  # a squared error counts at most 16 times its variance: one merger in the past must not widen every school
)


@dataclass(frozen=True, slots=True)
class Law:
    """Variance of a logarithmic error by the number of pupils; `errors` says how many past errors it rests on."""

    fixed: float
    per_pupil: float
    errors: int

    def variance(self, pupils: Floats) -> Floats:
        """The variance for each number of pupils (0.5 at least, as counts are compared with half a pupil added)."""
        return np.asarray(self.fixed + self.per_pupil / np.maximum(pupils, 0.5), np.float64)


def fit_law(errors: Floats, pupils: Floats) -> Law:
    """The law of past logarithmic errors of forecasts of so many pupils; the law of plain counts (0, 1) when there are few."""
    if errors.size < FEWEST_ERRORS:
        return Law(0.0, 1.0, int(errors.size))
    inverse = 1.0 / np.maximum(pupils, 0.5)
    squares = errors**2
    law = Law(0.0, max(float(np.mean(squares) / np.mean(inverse)), 1e-9), int(errors.size))
    for _ in range(_ROUNDS):
        variance = law.fixed + law.per_pupil * inverse
        law = _weighted(np.minimum(squares, _FAR_OUT * variance), inverse, variance**-2)
    return law


def _weighted(squares: Floats, inverse: Floats, weights: Floats) -> Law:
    """Least squares of `squares` on (1, inverse) with both coefficients at least 0."""
    weighted = weights * inverse
    ww, wi, wii = float(weights.sum()), float(weighted.sum()), float(weighted @ inverse)
    ws, wis = float(weights @ squares), float(weighted @ squares)
    determinant = ww * wii - wi * wi
    fixed = (ws * wii - wis * wi) / determinant if determinant > 1e-12 * ww * wii else 0.0
    per_pupil = (wis - fixed * wi) / wii
    if fixed < 0 or determinant <= 1e-12 * ww * wii:
        fixed, per_pupil = 0.0, wis / wii
    elif per_pupil < 0:
        fixed, per_pupil = ws / ww, 0.0
    return Law(fixed, max(per_pupil, 1e-9), squares.size)
