"""The coefficient of variation, weighted by pupils: CV² = P·Σ(x²/p)/S² − 1 with P = Σp and S = Σx.

Sums of floats depend on the order of adding, unless every term is a whole number and the sum stays below 2^53: then nothing is
ever rounded. So each row gives two whole numbers `s = floor(x·2^j)` and `q = floor(x·(x/p)·2^k)` (single float operations, the
same bits on every engine), they are summed, and the coefficient is one float expression on three whole numbers: bit-equal on
every engine, machine and run. A group whose sum reaches 2^53 is taken from its rows instead.

Rounding down moves P·Q/S² by at most a relative (n/Q + 2n/S + 2⁻⁴⁰). Where a limit lies inside that band the decision is taken
again from the rows in exact fractions (`exact_terms`), so that a tie is a tie. Where the band itself is wide (amounts far below
or above what schools have) the coefficient is taken from the rows as well.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import isqrt, sqrt
from typing import Any

import narwhals as nw

from junheng.core.indicators import FORMULAS, IS_PRIMARY
from junheng.core.stages import PUPILS
from junheng.core.standard import ResourceIndicator

GROUP_KEYS = ["county_code", "year", "stage"]
EXACT_BELOW = 2**53
FLOAT_SLACK = 2.0**-40
WIDEST_BAND = 2.0**-24


def with_terms(rows: Any, indicators: Sequence[ResourceIndicator]) -> Any:
    """Adds per indicator `s_<id>` and `q_<id>`, floats that hold whole numbers from 0 up; an unknown value has no `q_<id>`.

    In steps, so that no engine computes a float twice; the steps stay behind as columns that nobody reads.
    """
    if not indicators:
        return rows
    rows = rows.with_columns(*[nw.col(f"n_{entry.id}").cast(nw.Float64).alias(f"x_{entry.id}") for entry in indicators])
    rows = rows.with_columns(*_per_student(indicators))
    rows = rows.with_columns(*_amounts(indicators))
    rows = rows.with_columns(*[_square(entry).alias(f"q_{entry.id}") for entry in indicators])
    terms = nw.col(*_columns("sq", indicators))
    if rows.implementation.is_polars():
        return rows.with_columns(terms.floor())
    # Spark rounds down to integers of 64 bits, and stops where one does not fit
    return rows.with_columns(terms.clip(upper_bound=float(EXACT_BELOW)).floor().cast(nw.Float64))


def _columns(letters: str, indicators: Iterable[ResourceIndicator]) -> list[str]:
    return [f"{letter}_{entry.id}" for entry in indicators for letter in letters]


def _per_student(indicators: Iterable[ResourceIndicator]) -> list[Any]:
    """`v_<id>`; all shared resources have one denominator, and all others another, which is cast once."""
    denominators: dict[bool, Any] = {}
    for entry in indicators:
        denominators.setdefault(FORMULAS[entry.formula].is_shared, nw.col(f"d_{entry.id}").cast(nw.Float64))
    return [
        (nw.col(f"x_{entry.id}") / denominators[FORMULAS[entry.formula].is_shared]).alias(f"v_{entry.id}")
        for entry in indicators
    ]


def _amounts(indicators: Iterable[ResourceIndicator]) -> list[Any]:
    """`s_<id>` before it is rounded down; indicators of one scale are one expression."""
    alike: dict[tuple[bool, int], list[ResourceIndicator]] = {}
    for entry in indicators:
        formula = FORMULAS[entry.formula]
        alike.setdefault((formula.is_shared, formula.sum_shift), []).append(entry)
    amounts = []
    for (is_shared, shift), entries in alike.items():
        amount = nw.col(*_columns("v", entries)) * nw.col(PUPILS) if is_shared else nw.col(*_columns("x", entries))
        amounts.append((amount * 2.0**shift).name.map(lambda name: "s" + name[1:]))
    return amounts


def _square(entry: ResourceIndicator) -> Any:
    formula = FORMULAS[entry.formula]
    return nw.col(f"s_{entry.id}") * nw.col(f"v_{entry.id}") * 2.0 ** (formula.square_shift - formula.sum_shift)


def group_sums(rows: Any, indicators: Iterable[ResourceIndicator], extra: Sequence[Any] = ()) -> Any:
    """Per county, year and stage: `school_count`, `P`, `S_<id>`, `Q_<id>` and `N_<id>` (rows whose value is known).

    `rows` are judged rows only (nothing excluded). All sums are integers; one that would be `EXACT_BELOW` or more is
    `EXACT_BELOW`. `extra` aggregates are added to each group.
    """
    listed = list(indicators)
    sums = [nw.col(PUPILS).sum().cast(nw.Int64).alias("P"), nw.len().cast(nw.Int64).alias("school_count")]
    if listed:
        sums.append(nw.col(*_columns("sq", listed)).sum().name.map(lambda name: name[0].upper() + name[1:]))
        sums.append(nw.col(*_columns("q", listed)).count().cast(nw.Int64).name.map(lambda name: "N" + name[1:]))
    groups = with_terms(rows, listed).group_by("county_code", "year", IS_PRIMARY).agg(*sums, *extra)
    stage = nw.when(nw.col(IS_PRIMARY)).then(nw.lit("primary")).otherwise(nw.lit("junior"))
    groups = groups.with_columns(stage=stage)
    if not listed:
        return groups
    totals = nw.col(*_columns("SQ", listed))
    return groups.with_columns(totals.clip(upper_bound=float(EXACT_BELOW)).cast(nw.Int64))


def coefficients(groups: Any, indicators: Iterable[ResourceIndicator]) -> Any:
    """Adds `cv_<id>`: null when a value is missing, when only one school is there, or when the mean is 0."""
    listed = list(indicators)
    if not listed:
        return groups
    groups = groups.with_columns(*[_squared(entry).alias(f"cv_{entry.id}") for entry in listed])
    return groups.with_columns(nw.col(*[f"cv_{entry.id}" for entry in listed]).clip(lower_bound=0.0).sqrt())


def _squared(entry: ResourceIndicator) -> Any:
    """P·Q/S² − 1 as a float from three integers; null where it is undefined."""
    formula = FORMULAS[entry.formula]
    count, total = nw.col("school_count"), nw.col(f"S_{entry.id}")
    scale = 2.0 ** (2 * formula.sum_shift - formula.square_shift)
    ratio = nw.col("P").cast(nw.Float64) * nw.col(f"Q_{entry.id}").cast(nw.Float64) / total / total * scale
    is_defined = (nw.col(f"N_{entry.id}") == count) & (count > 1) & (total > 0)
    return nw.when(is_defined).then(ratio - 1.0)


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


def is_coarse(school_count: int, total: int, squares: int) -> bool:
    """Whether the sums are too rough, or too great to be exact, so that the coefficient is taken from the rows."""
    return max(total, squares) >= EXACT_BELOW or relative_band(school_count, total, squares) > WIDEST_BAND


@dataclass(frozen=True, slots=True)
class Sums:
    """The integer sums of a group whose values are all known: rows, S and Q."""

    school_count: int
    total: int
    squares: int


def settle(
    coefficient: float | None, limit: Fraction | None, sums: Sums, rows: Callable[[], Iterable[tuple[int, int, int]]]
) -> tuple[float | None, bool | None]:
    """The coefficient of a group of known values and whether it is within the limit; both None when the mean is 0.

    From the float where its band allows, else exactly from the rows. Without a limit the second is None.
    """
    terms: Terms | None = None
    if is_coarse(sums.school_count, sums.total, sums.squares):
        terms = exact_terms(rows())
        coefficient = coefficient_of(terms) if terms.total else None
    if coefficient is None or limit is None:
        return coefficient, None
    band = relative_band(sums.school_count, sums.total, sums.squares)
    ratio, bound = coefficient * coefficient + 1.0, float(1 + limit * limit)
    if terms is None and abs(ratio - bound) > 2.0 * band * bound:
        return coefficient, ratio <= bound
    terms = terms or exact_terms(rows())
    return coefficient, terms.squared_coefficient <= limit * limit


def exact_root_bounds(squared: Fraction, digits: int = 40) -> tuple[Fraction, Fraction]:
    """Two fractions 10^-digits apart that enclose the square root of a non-negative fraction."""
    scale = 10**digits
    low = isqrt(squared.numerator * scale * scale // squared.denominator)
    high = low if low * low * squared.denominator == squared.numerator * scale * scale else low + 1
    return Fraction(low, scale), Fraction(high, scale)


def coefficient_of(terms: Terms) -> float:
    """The coefficient as a float from exact terms."""
    return sqrt(max(0.0, float(terms.squared_coefficient)))
