"""Kept cost curves as the page of a plan shows them."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from junheng.web.layout.shares import shown_percent

Row = Mapping[str, Any]


def curve_parts(data: Row) -> list[dict[str, Any]]:
    """Every curve with its heading, its chart (None where no point has a cost), and its points with what they ask in words."""
    return [
        {
            "axis": curve["axis"],
            "heading": _headings()[curve["axis"]],
            "chart": _chart(curve),
            "points": [{**point, "asked": _asked(curve["axis"], point["asked"])} for point in curve["points"]],
        }
        for curve in data["curves"]
    ]


def _headings() -> dict[str, tuple[str, str]]:
    """Axis → what the curve is called, and what its points ask."""
    return {
        "target_year": (_("费用随目标年度"), _("目标年度")),
        "budget": (_("费用随预算"), _("原预算的")),
        "passing": (_("费用随达标校段数"), _("至少达标的校段")),
    }


def _asked(axis: str, value: float) -> str:
    """What a point asks: a year, a share of the budget, a number of school stages."""
    return f"{shown_percent(100 * value, 0)}%" if axis == "budget" else str(int(value))


def _chart(curve: Row) -> dict[str, Any] | None:
    points: Sequence[Row] = curve["points"]
    if all(point["cost"] is None for point in points):
        return None
    return {
        "kind": "lines",
        "categories": [_asked(curve["axis"], point["asked"]) for point in points],
        "series": [
            {"name": _("方案费用"), "values": [point["cost"] for point in points]},
            {"name": _("理论下限"), "values": [point["bound"] for point in points]},
        ],
        "unit": _("万元"),
        "places": 1,
    }
