"""An outlook as plain JSON data, for programs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any

from junheng.planning.forecast.outlook import Outlook
from junheng.planning.forecast.risks import Risk

__all__ = ["forecast_data"]


def forecast_data(outlook: Outlook, quantiles: Sequence[float]) -> dict[str, Any]:
    """County, schools, risks, back-test, teachers and findings as dictionaries of plain values.

    Quantiles are keyed by their text (`"0.9"`); a bound of a rule is an exact fraction as text; what is not in force is null.
    """
    found = outlook.forecast
    return {
        "county_code": outlook.facts.county_code,
        "county_name": outlook.facts.county_name,
        "data_year": outlook.facts.year,
        "years": list(found.years),
        "standard_id": outlook.standard.id,
        "simulations": found.options.simulations,
        "seed": found.options.seed,
        "county": [
            {
                "stage": entry.stage.value,
                "year": entry.year,
                "pupils": entry.pupils,
                "quantiles": _named(quantiles, entry.quantiles),
            }
            for entry in outlook.county(quantiles)
        ],
        "schools": list(_schools(outlook, quantiles)),
        "risks": [_risk(row, outlook.risks.years) for row in outlook.risks.rows if row.highest > 0],
        "backtest": None if outlook.backtest is None else asdict(outlook.backtest),
        "teachers": [
            {"school_id": school_id, "stage": stage.value, "years": [asdict(entry) for entry in years]}
            for (school_id, stage), years in outlook.teachers.rows.items()
        ],
        "findings": [finding.as_dict() for finding in outlook.findings],
    }


def _named(quantiles: Sequence[float], values: Sequence[int]) -> dict[str, int]:
    return {f"{quantile:g}": int(value) for quantile, value in zip(quantiles, values, strict=True)}


def _schools(outlook: Outlook, quantiles: Sequence[float]) -> Iterator[dict[str, Any]]:
    found = outlook.forecast
    levels = [found.quantile(quantile) for quantile in quantiles]
    for place, (school_id, stage) in enumerate(found.rows):
        if found.is_known[place]:
            yield {
                "school_id": school_id,
                "school_name": found.name(school_id),
                "stage": stage.value,
                "present": int(found.present[place]),
                "years": [
                    {
                        "year": year,
                        "pupils": int(found.point[place, ahead]),
                        "quantiles": _named(quantiles, [level[place, ahead] for level in levels]),
                        "grades": _grades(outlook, place, ahead),
                    }
                    for ahead, year in enumerate(found.years)
                ],
            }


def _grades(outlook: Outlook, place: int, ahead: int) -> dict[str, int] | None:
    """Pupils by grade, null where grades are not known."""
    found = outlook.forecast
    if not found.has_grades[place]:
        return None
    counts = found.grades[place, ahead].tolist()
    return {str(grade): count for grade, count in enumerate(counts, start=1) if count}


def _risk(row: Risk, years: Sequence[int]) -> dict[str, Any]:
    return {
        "school_id": row.school_id,
        "school_name": row.school_name,
        "stage": None if row.stage is None else row.stage.value,
        "rule_id": row.rule_id,
        "kind": row.kind.value,
        "rule": row.rule,
        "unit": row.unit,
        "is_broken_today": row.is_broken_today,
        "years": [
            {"year": year, "bound": None if bound is None else str(bound), "probability": probability}
            for year, bound, probability in zip(years, row.bounds, row.probabilities, strict=True)
        ],
    }
