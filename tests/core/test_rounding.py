"""Printed numbers are rounded half away from zero, and never more than printed."""

from fractions import Fraction

import pytest

from junheng.core.rounding import MISSING, printed, rounded


@pytest.mark.parametrize(
    ("value", "decimals", "expected"),
    [
        ("0.5004", 3, "0.5"),
        ("0.5005", 3, "0.501"),
        ("-0.5005", 3, "-0.501"),
        ("2.5", 0, "3"),
        ("-2.4", 0, "-2"),
        ("0", 2, "0"),
    ],
)
def test_rounded_when_half_then_it_goes_away_from_zero(value, decimals, expected):
    assert rounded(Fraction(value), decimals) == Fraction(expected)


@pytest.mark.parametrize(
    ("value", "decimals", "expected"),
    [
        (Fraction(1913, 302), 2, "6.33"),
        (0.5, 3, "0.500"),
        (7, 1, "7.0"),
        (None, 2, MISSING),
        (Fraction(-1, 3), 2, "-0.33"),
    ],
)
def test_printed_when_given_a_number_or_nothing_then_it_has_its_decimals_or_is_a_dash(value, decimals, expected):
    assert printed(value, decimals) == expected
