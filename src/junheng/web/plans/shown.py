"""A kept plan as its pages show it: charts and filtered tables. Everything was computed when the plan was made."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.core.paginator import Page, Paginator
from django.utils.translation import gettext as _

Chart = dict[str, Any]
Row = Mapping[str, Any]

PER_PAGE = 40
MOST_BINDINGS = 12
MOST_EDGES = 12
MOST_MOVES = 200
STEADIER = (80, 90, 95, 99)
"""Quantiles of the forecast, in %, that a plan may be made for instead."""
MOST_SERIES = 4


def money_bars(data: Row) -> Chart:
    """What is spent in every year, by source; the four largest sources are drawn, the table below has all."""
    rows: Sequence[Row] = data["money"]
    years = sorted({row["year"] for row in rows})
    totals: dict[str, float] = {}
    for row in rows:
        totals[row["source"]] = totals.get(row["source"], 0.0) + row["amount"]
    known = {(row["year"], row["source"]): row["amount"] for row in rows}
    sources = sorted(totals, key=lambda source: (-totals[source], source))[:MOST_SERIES]
    return {
        "kind": "bars",
        "categories": [str(year) for year in years],
        "series": [
            {"name": source, "values": [round(known.get((year, source), 0.0), 1) for year in years]}
            for source in sources
        ],
        "unit": _("万元"),
        "places": 1,
    }


def money_table(data: Row) -> dict[str, Any]:
    """Years × sources: what is spent, of which budget, and the sums."""
    rows: Sequence[Row] = data["money"]
    years = sorted({row["year"] for row in rows})
    sources = list(dict.fromkeys(row["source"] for row in rows))
    known = {(row["year"], row["source"]): row for row in rows}
    lines = [(source, [known.get((year, source)) for year in years]) for source in sources]
    return {
        "years": years,
        "lines": [
            {"source": source, "cells": cells, "total": sum(cell["amount"] for cell in cells if cell)}
            for source, cells in lines
        ],
        "totals": [sum(row["amount"] for row in rows if row["year"] == year) for year in years],
        "total": sum(row["amount"] for row in rows),
    }


def spread_bars(data: Row) -> Chart:
    """Every coefficient today and in the target year, beside its limit."""
    rows: Sequence[Row] = data["spreads"]
    names = list(dict.fromkeys(row["name"] for row in rows))
    series, limits = [], []
    for stage, label in dict.fromkeys((row["stage"], row["stage_label"]) for row in rows):
        own = {row["name"]: row for row in rows if row["stage"] == stage}
        now, then = [own.get(name, {}).get("today") for name in names], [_last(own.get(name)) for name in names]
        series += [
            {"name": _("%(stage)s现在") % {"stage": label}, "values": now},
            {"name": _("%(stage)s %(year)s 年") % {"stage": label, "year": data["target_year"]}, "values": then},
        ]
        for value in sorted({row["limit"] for row in own.values() if row["limit"] is not None}):
            limits.append({"name": f"{label}≤{value:.2f}", "value": value, "series": len(series) - 1})
    return {"kind": "bars", "categories": names, "series": series[:MOST_SERIES], "limits": limits, "places": 2}


def _last(row: Row | None) -> float | None:
    return row["by_year"][-1] if row and row["by_year"] else None


def trail_lines(trail: Sequence[Sequence[float | None]]) -> Chart | None:
    """Cost and proven bound over the seconds of the search; None before there is anything to draw."""
    if not trail:
        return None
    points = trail if len(trail) <= 40 else [*trail[:: max(1, len(trail) // 40)], trail[-1]]
    return {
        "kind": "lines",
        "categories": [f"{point[0]:.0f}" for point in points],
        "series": [
            {"name": _("方案费用"), "values": [point[1] for point in points]},
            {"name": _("理论下限"), "values": [point[2] for point in points]},
        ],
        "unit": _("万元"),
        "places": 0,
        "fits": True,
    }


def risks_of(data: Row) -> dict[str, Any] | None:
    """Where a plan fails most often when pupils come otherwise, and the steadier quantiles to choose from; None without a
    forecast."""
    found = data["robustness"]
    if found is None:
        return None
    now = round(data["pupils"]["quantile"] * 100)
    return {
        "edges": found["edge"][:MOST_EDGES],
        "edge_count": len(found["edge"]),
        "spreads": found["spreads"][:MOST_EDGES],
        "quantile": now,
        "steadier": [share for share in STEADIER if share > now],
    }


def school_page(data: Row, wanted: Row) -> Page[Row]:
    """The schools with their money and outcomes, those that cost most in front; filtered by name and by having work."""
    name = str(wanted.get("school", "")).strip()
    rows = [row for row in data["schools"] if name in row["school_name"] and (not wanted.get("work") or row["tasks"])]
    rows.sort(key=lambda row: (-row["money"], row["school_id"]))
    base, target = str(data["base_year"]), str(data["target_year"])
    listed: list[Row] = [
        {**row, "stages": [{**stage, "before": stage["outcomes"].get(base), "after": stage["outcomes"].get(target)}
                           for stage in row["stages"]]}
        for row in rows
    ]  # fmt: skip
    return Paginator(listed, PER_PAGE).get_page(wanted.get("school_page"))


def task_page(data: Row, wanted: Row) -> Page[Row]:
    """The tasks that fit year, measure and department, in the order of their numbers."""
    rows = [
        row
        for row in data["tasks"]
        if all(str(wanted.get(name, "")) in {"", str(row[name])} for name in ("year", "measure", "department"))
    ]
    return Paginator(rows, PER_PAGE).get_page(wanted.get("task_page"))


def task_choices(data: Row) -> dict[str, Any]:
    """What the filters of the tasks offer."""
    tasks: Sequence[Row] = data["tasks"]
    return {
        "years": sorted({row["year"] for row in tasks}),
        "measures": list(dict.fromkeys((row["measure"], row["measure_label"]) for row in tasks)),
        "departments": sorted({row["department"] for row in tasks if row["department"]}),
    }


def school_of(data: Row, code: str) -> dict[str, Any] | None:
    """One school of the plan with its tasks; None when the plan says nothing of it."""
    found = next((row for row in data["schools"] if row["school_id"] == code), None)
    if found is None:
        return None
    years = [entry["year"] for entry in data["years"][1:]]
    tasks = [row for row in data["tasks"] if row["number"] in set(found["tasks"])]
    moved = next((row for row in data["exchanges"] if row["school_id"] == code), None)
    edges = {
        row["stage"]: row["fails"] for row in (data.get("robustness") or {}).get("edge", ()) if row["school_id"] == code
    }
    stages = [
        {
            **stage,
            "now": stage["outcomes"].get(str(data["base_year"])),
            "then": stage["outcomes"].get(str(data["target_year"])),
            "pupil_list": [stage["pupils"].get(str(year)) for year in (data["base_year"], *years)],
            "fails": edges.get(stage["stage"]),
        }
        for stage in found["stages"]
    ]
    return {**found, "stages": stages, "tasks": tasks, "years": years, "exchange": moved}


def sentence_of(data: Row) -> dict[str, Any]:
    """What the first sentence of a plan's page needs: the verdict in the target year and what binds most."""
    years: Sequence[Row] = data["years"]
    return {"today": years[0], "target": years[-1], "binding": next(iter(data["bindings"]), None)}
