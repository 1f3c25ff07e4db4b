"""Shares as people may read them: "100 %" means all and "0 %" means none."""

from decimal import ROUND_HALF_UP, Decimal


def shown_percent(percent: float | Decimal, places: int = 1) -> Decimal:
    """A percentage (99.97) rounded to decimal places (99.9), but never onto 0 or 100 from either side.

    What rounding would move onto one of the two stays one step away from it, on its own side.
    """
    exact = Decimal(str(percent))
    step = Decimal(1).scaleb(-places)
    rounded = exact.quantize(step, ROUND_HALF_UP)
    if rounded in {Decimal(0), Decimal(100)} and rounded != exact:
        return rounded + step if exact > rounded else rounded - step
    return rounded
