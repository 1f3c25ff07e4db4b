"""Rounding shares: all and none are said only when they are true."""

from decimal import Decimal

import pytest

from junheng.web.layout.shares import shown_percent
from tests.web.layout.test_components import drawn


@pytest.mark.parametrize(
    ("percent", "places", "text"),
    [
        (100 * 6229 / 6232, 1, "99.9"),  # 99.9518…: half up would give 100.0
        (100 * 6231 / 6232, 0, "99"),  # 99.98…
        (100.0, 1, "100.0"),
        (100.02, 1, "100.1"),  # above the standard, if only just
        (0.04, 1, "0.1"),
        (0.0, 1, "0.0"),
        (60.85, 1, "60.9"),
        (Decimal("-0.01"), 1, "-0.1"),
    ],
)
def test_shown_percent_when_rounding_would_reach_all_or_none_then_stays_a_step_away(percent, places, text) -> None:
    assert str(shown_percent(percent, places)) == text


def test_percent_when_a_share_is_not_quite_all_then_pages_do_not_say_all() -> None:
    assert drawn("{{ value|percent }}", value=0.9997) == "99.9%"
    assert drawn("{{ value|percent:0 }}", value=1) == "100%"
    assert drawn("{{ value|reached }}", value=99.98) == "99.9%"
    assert drawn("{{ value|reached }}", value=None) == "—"
