"""The charts that pages can show, as data. static/junheng/charts.js draws them; `table` says the same in words.

Every chart is a mapping with `kind` and:

    bars     categories [str], series [{name, values [number|None]}], limits [{name, value, series}], unit?, places?
    lines    the same; `limits` are horizontal lines; `fits`: the axis need not begin at zero
    radar    axes [{name, max?}], series [{name, values}], limit (number: the ring of the standard), limit_name?, places?
    points   groups [{name, level, points [{name, x, y, size, note?, address?}]}], x_name?, y_name?, y_limit?: with names the
             axes carry numbers and a line at the limit; without, they are places without boundaries
    heat     columns [str], rows [str], cells [[row, column, number|None]], unit?, places?

A missing value is None: a gap in the chart, "—" in the table.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _

MISSING = "—"


@dataclass(frozen=True, slots=True)
class Table:
    """The numbers of a chart as text."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def table(data: Mapping[str, Any]) -> Table:
    """The table of a chart. ValueError for a kind that does not exist."""
    makers = {"bars": _by_category, "lines": _by_category, "radar": _radar, "points": _points, "heat": _heat}
    if data["kind"] not in makers:
        raise ValueError(data["kind"])
    return makers[data["kind"]](data)


def _text(value: float | None, data: Mapping[str, Any]) -> str:
    return MISSING if value is None else number_format(value, data.get("places"))


def _by_category(data: Mapping[str, Any]) -> Table:
    series: Sequence[Mapping[str, Any]] = data["series"]
    limits: Sequence[Mapping[str, Any]] = data.get("limits", ())
    head = ("", *(str(entry["name"]) for entry in series), *(str(entry["name"]) for entry in limits))
    rows = tuple(
        (
            str(category),
            *(_text(entry["values"][at], data) for entry in series),
            *(_text(entry["value"], data) for entry in limits),
        )
        for at, category in enumerate(data["categories"])
    )
    return Table(head, rows)


def _radar(data: Mapping[str, Any]) -> Table:
    flat = {
        **data,
        "categories": [axis["name"] for axis in data["axes"]],
        "limits": [{"name": data.get("limit_name", _("标准")), "value": data["limit"]}] if "limit" in data else [],
    }
    return _by_category(flat)


def _points(data: Mapping[str, Any]) -> Table:
    rows = tuple(
        (str(point["name"]), str(group["name"]), str(point.get("note", "")))
        for group in data["groups"]
        for point in group["points"]
    )
    return Table((_("名称"), _("类别"), _("说明")), rows)


def _heat(data: Mapping[str, Any]) -> Table:
    known = {(row, column): value for row, column, value in data["cells"]}
    rows = tuple(
        (str(name), *(_text(known.get((at, column)), data) for column in range(len(data["columns"]))))
        for at, name in enumerate(data["rows"])
    )
    return Table(("", *map(str, data["columns"])), rows)
