"""A plan and a later year, and a curve of costs, as plain entries."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from junheng.core.findings import Finding
from junheng.planning.plan.options import Comparison, Option
from junheng.planning.scenario.curves import Curve
from junheng.planning.scenario.reality import Progress, Reality
from junheng.reports.plan_work import STAGE_LABELS, wan

__all__ = ["curve_data", "options_data", "reality_data"]

Entry = dict[str, Any]


def reality_data(reality: Reality) -> Entry:
    """What was to be done by the year and what was, school by school; late rows dearest first."""
    return {
        "year": reality.year,
        "title": reality.title,
        "plan_digest": reality.plan_digest,
        "text": reality.text,
        "pupils": {"planned": reality.pupils[0], "real": reality.pupils[1]},
        "passing": _pair(reality.passing),
        "spreads_broken": _pair(reality.spreads_broken),
        "late_money": round(sum(entry.money or 0.0 for entry in reality.late), 6),
        "late": [_row(entry) for entry in reality.late],
        "rows": [_row(entry) for entry in reality.rows],
        "underway": [
            {
                "school_id": entry.school_id,
                "school_name": entry.school_name,
                "measure": entry.measure.value,
                "label": entry.measure.label,
                "amount": entry.amount,
                "unit": entry.measure.unit,
                "ends": entry.ends.isoformat(),
            }
            for entry in reality.underway
        ],
    }


def curve_data(curve: Curve) -> Entry:
    """The points of a curve with money in 万元, and what kept it from being made."""
    return {
        "axis": curve.axis.value,
        "label": curve.axis.label,
        "points": [
            {
                "asked": point.asked,
                "status": point.status.value,
                "cost": wan(point.cost_fen),
                "bound": wan(point.bound_fen),
                "passing": point.passing,
                "text": point.text,
            }
            for point in curve.points
        ],
        "findings": [finding.as_dict() for finding in curve.findings],
    }


def options_data(found: Comparison | None, findings: Sequence[Finding]) -> Entry:
    """The plan as things are and with every change that was compared, cheapest first; money in 万元."""
    rows = [] if found is None else [_option(entry) for entry in found.options]
    unchanged = None if found is None or found.unchanged.plan is None else found.unchanged.plan.cost_fen
    told = [*findings, *(found.findings if found is not None else ())]
    return {
        "text": "" if found is None else found.text,
        "unchanged": wan(unchanged),
        "best": None if found is None or found.best is None else found.best.label,
        "options": rows,
        "findings": [finding.as_dict() for finding in told],
    }


def _option(entry: Option) -> Entry:
    return {
        "label": entry.label,
        "change": wan(entry.change_fen),
        "cost": wan(entry.cost_fen),
        "bound": wan(entry.bound_fen),
        "is_ruled_out": entry.is_ruled_out,
        "text": entry.findings[0].message if entry.findings else "下限已高于最省的方案" if entry.is_ruled_out else "",
    }


def _pair(pair: tuple[int, int] | None) -> Entry | None:
    return None if pair is None else {"planned": pair[0], "real": pair[1]}


def _row(entry: Progress) -> Entry:
    return {
        "school_id": entry.school_id,
        "school_name": entry.school_name,
        "stage": entry.stage,
        "stage_label": STAGE_LABELS[entry.stage],
        "quantity": entry.quantity.id,
        "label": entry.quantity.label,
        "unit": entry.quantity.unit,
        "before": entry.before,
        "planned": entry.planned,
        "real": entry.real,
        "state": entry.state.value,
        "state_label": entry.state.label,
        "lacks": entry.lacks,
        "money": entry.money,
    }
