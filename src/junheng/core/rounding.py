"""Printed numbers: exact fractions rounded half up, as the official forms want them. Judging never uses printed numbers."""

from decimal import Decimal
from fractions import Fraction

MISSING = "—"


def rounded(value: Fraction, decimals: int) -> Fraction:
    """The value rounded half up (away from zero) to so many decimals, exactly."""
    scale, top, bottom = 10**decimals, abs(value.numerator), value.denominator
    magnitude = Fraction((2 * top * scale + bottom) // (2 * bottom), scale)
    return -magnitude if value < 0 else magnitude


def printed(value: Fraction | float | int | None, decimals: int) -> str:
    """The value as text with exactly so many decimals; a dash when it is missing."""
    if value is None:
        return MISSING
    shown = rounded(Fraction(value), decimals)
    return f"{Decimal(shown.numerator) / Decimal(shown.denominator):.{decimals}f}"
