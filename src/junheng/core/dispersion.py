"""The coefficient of variation, weighted by pupils: CV² = P·Σ(x²/p)/S² − 1 with P = Σp and S = Σx.

Sums of floats depend on the order of adding, sums of integers do not. So each row gives two integers
`s = floor(x·2^j)` and `q = floor(x·(x/p)·2^k)` (single float operations, the same bits on every engine), integers are
summed, and the coefficient is one float expression on three integers: bit-equal on every engine, machine and run.

Rounding down moves P·Q/S² by at most a relative (n/Q + 2n/S + 2⁻⁴⁰). Where a limit lies inside that band the decision is taken
again from the rows in exact fractions (`exact_terms`), so that a tie is a tie.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import isqrt, sqrt
from typing import Any

import narwhals as nw

from junheng.core.indicators import FORMULAS, IS_PRIMARY
from junheng.core.stages import PUPILS
from junheng.core.standard import ResourceIndicator

GROUP_KEYS = ["county_code", "year", "stage"]
ROW_BITS = 50
MAX_ROWS = 4096
FLOAT_SLACK = 2.0**-40


def row_terms(entry: ResourceIndicator) -> list[Any]:
    """Per row `s_<id>` and `q_<id>`: null when unknown or outside the range that is proven not to overflow."""
    formula = FORMULAS[entry.formula]
    per_student = nw.col(f"n_{entry.id}").cast(nw.Float64) / nw.col(f"d_{entry.id}").cast(nw.Float64)
    amount = (
        per_student * nw.col(PUPILS).cast(nw.Float64) if formula.is_shared else nw.col(f"n_{entry.id}").cast(nw.Float64)
    )
    sums = amount * 2.0**formula.sum_shift
    squares = amount * per_student * 2.0**formula.square_shift
    is_safe = (sums >= 0) & (sums < 2.0**ROW_BITS) & (squares < 2.0**ROW_BITS)
    nothing = nw.lit(None, dtype=nw.Int64)
    return [
        nw.when(is_safe).then(sums.floor().cast(nw.Int64)).otherwise(nothing).alias(f"s_{entry.id}"),
        nw.when(is_safe).then(squares.floor().cast(nw.Int64)).otherwise(nothing).alias(f"q_{entry.id}"),
    ]


def group_sums(rows: Any, indicators: Iterable[ResourceIndicator], extra: Sequence[Any] = ()) -> Any:
    """Per county, year and stage: `school_count`, `P`, `S_<id>`, `Q_<id>` and `N_<id>` (rows whose value is known).

    `rows` are judged rows only (nothing excluded). All sums are integers. `extra` aggregates are added to each group.
    """
    listed = list(indicators)
    terms = [column for entry in listed for column in row_terms(entry)]
    sums = [_int_sum(PUPILS, "P"), nw.len().cast(nw.Int64).alias("school_count")]
    for entry in listed:
        sums += [_int_sum(f"{letter}_{entry.id}", f"{letter.upper()}_{entry.id}") for letter in ("s", "q")]
        sums.append(nw.col(f"q_{entry.id}").count().cast(nw.Int64).alias(f"N_{entry.id}"))
    groups = rows.with_columns(*terms).group_by("county_code", "year", IS_PRIMARY).agg(*sums, *extra)
    stage = nw.when(nw.col(IS_PRIMARY)).then(nw.lit("primary")).otherwise(nw.lit("junior"))
    return groups.with_columns(stage=stage)


def coefficients(groups: Any, indicators: Iterable[ResourceIndicator]) -> Any:
    """Adds `cv_<id>`: null when a value is missing, when only one school is there, or when the mean is 0."""
    return groups.with_columns(*[_coefficient(entry).alias(f"cv_{entry.id}") for entry in indicators])


def _int_sum(column: str, name: str) -> Any:
    return nw.col(column).sum().cast(nw.Int64).alias(name)


def _ratio(entry: ResourceIndicator) -> Any:
    """P·Q/S² as a float, from three integers."""
    formula = FORMULAS[entry.formula]
    total = nw.col(f"S_{entry.id}").cast(nw.Float64)
    scale = 2.0 ** (2 * formula.sum_shift - formula.square_shift)
    return nw.col("P").cast(nw.Float64) * nw.col(f"Q_{entry.id}").cast(nw.Float64) / total / total * scale


def _is_defined(entry: ResourceIndicator) -> Any:
    return (
        (nw.col(f"N_{entry.id}") == nw.col("school_count"))
        & (nw.col("school_count") > 1)
        & (nw.col(f"S_{entry.id}") > 0)
    )


def _coefficient(entry: ResourceIndicator) -> Any:
    squared = _ratio(entry) - 1.0
    root = nw.when(squared > 0).then(squared).otherwise(nw.lit(0.0)).sqrt()
    return nw.when(_is_defined(entry)).then(root)


@dataclass(frozen=True, slots=True)
class Terms:
    """P, S and Q of one group, exact."""

    pupils: int
    total: Fraction
    squares: Fraction

    @property
    def squared_coefficient(self) -> Fraction:
        """CV² exactly. ZeroDivisionError when the mean is 0."""
        return self.pupils * self.squares / (self.total * self.total) - 1

    def without(self, pupils: int, amount: Fraction) -> "Terms":
        """The terms with one school left out."""
        return Terms(self.pupils - pupils, self.total - amount, self.squares - amount * amount / pupils)


def exact_terms(rows: Iterable[tuple[int, int, int]]) -> Terms:
    """P, S, Q from rows (numerator, denominator, pupils), all positive denominators, without any rounding."""
    pupils, total, squares = 0, Fraction(0), Fraction(0)
    for numerator, denominator, count in rows:
        per_student = Fraction(numerator, denominator)
        pupils += count
        total += per_student * count
        squares += per_student * per_student * count
    return Terms(pupils, total, squares)


def relative_band(school_count: int, total: int, squares: int) -> float:
    """How far the rounded P·Q/S² may be from the true one, relatively, given the two integer sums."""
    if total <= 0 or squares <= 0:
        return 1.0
    return school_count / squares + 2.0 * school_count / total + FLOAT_SLACK


def is_within(coefficient: float, limit: Fraction, band: float, rows: Iterable[tuple[int, int, int]]) -> bool:
    """CV ≤ limit: from the float where its band allows, else exactly from the rows."""
    ratio, bound = coefficient * coefficient + 1.0, float(1 + limit * limit)
    if abs(ratio - bound) > 2.0 * band * bound:
        return ratio <= bound
    return exact_terms(rows).squared_coefficient <= limit * limit


def exact_root_bounds(squared: Fraction, digits: int = 40) -> tuple[Fraction, Fraction]:
    """Two fractions 10^-digits apart that enclose the square root of a non-negative fraction."""
    scale = 10**digits
    low = isqrt(squared.numerator * scale * scale // squared.denominator)
    high = low if low * low * squared.denominator == squared.numerator * scale * scale else low + 1
    return Fraction(low, scale), Fraction(high, scale)


def coefficient_of(terms: Terms) -> float:
    """The coefficient as a float from exact terms."""
    return sqrt(max(0.0, float(terms.squared_coefficient)))
