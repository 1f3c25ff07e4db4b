"""The overview of one evaluation as plain data: everything a dashboard shows, so that a page computes nothing.

Numbers stand beside their printed text; a number that is missing is None, never 0. `percent` is a value as a share of its
threshold in per cent: for charts and sorting, never for judging, which has been done.
"""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from typing import Any

from junheng.core.digest import plain
from junheng.core.explain_node import amount_text, counted
from junheng.core.indicators import FORMULAS
from junheng.core.rounding import printed
from junheng.core.standard import ResourceIndicator, Stage
from junheng.core.verdict import DispersionResult, IndicatorResult, ItemResult, Outcome, SchoolResult, VetoResult
from junheng.reports.bundle_content import Bundle
from junheng.reports.item_sentences import item_reasons, item_sentence
from junheng.reports.next_steps import next_steps
from junheng.reports.ownership import coverage_by_reporter
from junheng.reports.school_measures import failure_groups, failure_texts
from junheng.reports.wording import amount, official, reason_text, signed

__all__ = ["figures", "overview", "school_entries"]

Entry = dict[str, Any]
AMPLE = Fraction(3, 2)
"""From this share of the threshold on, a value is shown as ample."""

_MOVERS = 5
_MANY = 12


def figures(bundle: Bundle) -> Entry:
    """The little that lists, rankings and trends show of an evaluation."""
    verdict = bundle.verdict
    return {
        "county": verdict.county_name,
        "standard_title": bundle.standard.title,
        "kind": bundle.standard.kind,
        "judged_on": verdict.judged_on.isoformat(),
        "parts": [{"part": entry.part.value, "outcome": entry.outcome.value} for entry in verdict.parts],
        "stages": [_stage(bundle, stage) for stage in Stage],
        "worst": _worst(bundle),
        "not_met_count": sum(entry.not_met_count for entry in verdict.parts),
        "cannot_tell_count": sum(entry.cannot_tell_count for entry in verdict.parts),
        "excluded_count": verdict.excluded_school_count,
        "coverage": _coverage_share(bundle),
    }


def _stage(bundle: Bundle, stage: Stage) -> Entry:
    schools = bundle.schools_of(stage)
    outcomes = Counter(entry.outcome for entry in schools)
    found = next((entry for entry in bundle.verdict.composites if entry.stage is stage), None)
    return {
        "stage": stage.value,
        "met": outcomes[Outcome.MET],
        "not_met": outcomes[Outcome.NOT_MET],
        "cannot_tell": outcomes[Outcome.CANNOT_TELL],
        "judged": len(schools),
        "students": sum(entry.student_count or 0 for entry in schools),
        "composite": None if found is None else found.value,
    }


def _worst(bundle: Bundle) -> Entry | None:
    """The judged coefficient that is nearest to its limit, or furthest above it."""
    known = [entry for entry in bundle.verdict.dispersion if entry.coefficient is not None and entry.limit]
    if not known:
        return None
    entry = max(known, key=lambda found: (found.coefficient or 0.0) / float(found.limit or 1))
    return _coefficient(bundle, entry)


def _coverage_share(bundle: Bundle) -> Entry:
    filled = sum(have for have, _ in bundle.verdict.coverage.values())
    return {"filled": filled, "needed": sum(need for _, need in bundle.verdict.coverage.values())}


def overview(bundle: Bundle) -> Entry:
    """Everything that the page of a run shows beside its schools."""
    verdict = bundle.verdict
    return {
        "indicators": [_indicator(entry) for entry in bundle.standard.indicators],
        "has_thresholds": bundle.has_thresholds,
        "floor": bundle.floor_word,
        "steps": plain(next_steps(bundle)),
        "dispersion": [_coefficient(bundle, entry) for entry in verdict.dispersion],
        "composites": [
            {
                "stage": entry.stage.value,
                "value": entry.value,
                "text": printed(entry.value, 3),
                "limit": printed(entry.limit, 2) if entry.limit is not None else "",
                "outcome": entry.outcome.value if entry.outcome is not None else "",
                "path": f"composite:{entry.stage.value}",
            }
            for entry in verdict.composites
        ],
        "parts": plain(verdict.parts),
        "items": [_item(bundle, entry) for entry in verdict.items],
        "school_failures": _school_failures(bundle),
        "vetoes": [_veto(entry) for entry in verdict.vetoes],
        "scoring": _scoring(bundle),
        "excluded": plain(verdict.excluded),
        "lacking": _lacking(bundle),
        "coverage": coverage_by_reporter(bundle),
        "exceptions": [
            {"name": entry.name, "clause": entry.clause, "is_used": entry.id in verdict.exceptions_used}
            for entry in bundle.standard.exceptions
            if entry.id in verdict.exceptions_enabled
        ],
        "sensitive_count": _sensitive_count(bundle),
    }


def _indicator(entry: ResourceIndicator) -> Entry:
    return {"id": entry.id, "number": entry.number, "name": entry.name, "short": entry.short_name, "unit": entry.unit}


def _coefficient(bundle: Bundle, entry: DispersionResult) -> Entry:
    indicator = bundle.standard.indicator(entry.indicator_id)
    threshold = bundle.threshold(indicator, entry.stage)
    names = {(school.school_id, school.stage): bundle.part_name(school) for school in bundle.schools_of(entry.stage)}
    movers = sorted(entry.contributions, key=lambda found: (-found.share, found.school_id))[:_MOVERS]
    return {
        "indicator": entry.indicator_id,
        "short": indicator.short_name,
        "stage": entry.stage.value,
        "path": f"dispersion:{entry.indicator_id}:{entry.stage.value}",
        "value": entry.coefficient,
        "text": printed(entry.coefficient, 3),
        "limit": float(entry.limit) if entry.limit is not None else None,
        "limit_text": printed(entry.limit, 2) if entry.limit is not None else "",
        "outcome": entry.outcome.value if entry.limit is not None else "",
        "reason": reason_text(entry.reason) if entry.reason is not None else "",
        "mean_text": amount(entry.mean, indicator.unit) if entry.mean is None else _shown(entry.mean, indicator),
        "threshold_text": "" if threshold is None else f"{counted(threshold, 8)}{indicator.unit}",
        "mean_percent": _percent(entry.mean, threshold),
        "movers": [
            {
                "school_id": found.school_id,
                "name": names[found.school_id, entry.stage],
                "share": f"{found.share:.1%}",
                "change": "" if found.without is None else signed(found.without - (entry.coefficient or 0.0), 3),
            }
            for found in movers
        ],
    }


def _shown(value: Fraction, entry: ResourceIndicator) -> str:
    return f"{printed(value, entry.decimals)}{entry.unit}"


def _percent(value: Fraction | None, threshold: Fraction | None) -> float | None:
    return None if value is None or not threshold else round(float(100 * value / threshold), 1)


def _item(bundle: Bundle, entry: ItemResult) -> Entry:
    failures = list(dict.fromkeys(failure.school_id for failure in entry.failures))
    return {
        "id": entry.item_id,
        "number": entry.number,
        "part": entry.part.value,
        "name": entry.name,
        "clause": entry.clause,
        "outcome": entry.outcome.value,
        "value": amount_text(entry.value, entry.unit),
        "limit": amount_text(entry.limit, entry.unit),
        "reason": "".join(item_reasons(entry)) or item_sentence(bundle, entry),
        "failing_schools": len(failures),
        "failure_count": len(entry.failures),
        "points": "" if entry.points is None else printed(entry.points, 1),
        "full_points": "" if entry.full_points is None else printed(entry.full_points, 1),
        "path": f"item:{entry.item_id}",
    }


def _school_failures(bundle: Bundle) -> dict[str, list[Entry]]:
    """Per school id what it fails, item by item, with up to `_MANY` texts each."""
    return {
        school_id: [
            {"item": result.item_id, "texts": failure_texts(failures)[:_MANY], "count": len(failures)}
            for result, failures in failure_groups(bundle, school_id)
        ]
        for school_id in bundle.failures_by_school
    }


def _veto(entry: VetoResult) -> Entry:
    return {
        "id": entry.veto_id,
        "number": entry.number,
        "name": entry.name,
        "outcome": entry.outcome.value,
        "reason": "".join(reason_text(reason, entry.veto_id, "该情形") for reason in entry.reasons),
        "path": f"veto:{entry.veto_id}",
    }


def _scoring(bundle: Bundle) -> Entry | None:
    found = bundle.verdict.scoring
    if found is None:
        return None
    total = "" if found.total is None else printed(found.total, 1)
    return {"outcome": found.outcome.value, "total": total, "full": printed(found.full, 0), "band": found.band}


def _lacking(bundle: Bundle) -> list[Entry]:
    """What the schools that are not met must add altogether: teachers stage by stage, what belongs to whole schools once (`stage`
    is empty)."""
    gaps, found = bundle.gaps, []
    for entry in bundle.standard.indicators:
        if FORMULAS[entry.formula].is_shared:
            totals = {"": gaps.totals[entry.id]}
        else:
            totals = {stage.value: total for stage, total in gaps.stage_totals[entry.id].items()}
        found += [
            {"short": entry.short_name, "stage": stage, "text": amount(total, entry.unit)}
            for stage, total in totals.items()
            if total > 0
        ]
    return found


def _sensitive_count(bundle: Bundle) -> int:
    verdict = bundle.verdict
    count = sum(entry.is_rounding_sensitive for school in verdict.schools for entry in school.indicators)
    count += sum(entry.is_rounding_sensitive for entry in verdict.dispersion)
    count += sum(entry.is_rounding_sensitive for entry in verdict.composites)
    return count + sum(entry.is_rounding_sensitive for entry in verdict.items)


# ------------------------------------------------------------------------------------------------ schools


def school_entries(bundle: Bundle) -> list[Entry]:
    """One entry per judged school stage: values, bands, outcome and gaps, in the order of the verdict."""
    gaps = {(entry.school_id, entry.stage): entry for entry in bundle.gaps.schools}
    return [_school(bundle, school, gaps.get((school.school_id, school.stage))) for school in bundle.verdict.schools]


def _school(bundle: Bundle, school: SchoolResult, gap: Any) -> Entry:
    cells = [_cell(entry, result) for entry, result in bundle.results(school)]
    known = [cell["percent"] for cell in cells if cell["percent"] is not None]
    row = bundle.school_rows[school.school_id]
    return {
        "code": school.school_id,
        "name": school.school_name,
        "stage": school.stage.value,
        "township": row["township"] or "",
        "school_type": bundle.choice("school_type", school.school_type),
        "student_count": school.student_count,
        "outcome": school.outcome.value,
        "met_count": school.met_count,
        "floor_count": school.floor_count,
        "indicator_count": len(cells),
        "least_percent": min(known) if known and len(known) == len(cells) else None,
        "cells": cells,
        "gaps": [] if gap is None else [_gap(bundle, entry, gap.leave) for entry in gap.gaps],
        "reasons": [official(reason.text) for reason in school.reasons],
    }


def _cell(entry: ResourceIndicator, result: IndicatorResult) -> Entry:
    is_judged = result.threshold is not None
    return {
        "id": entry.id,
        "text": printed(result.value, entry.decimals),
        "outcome": result.outcome.value if is_judged or result.value is None else "",
        "band": _band(result),
        "percent": _percent(result.value, result.threshold),
        "limit": counted(result.threshold, 8) if result.threshold is not None else "",
    }


def _band(result: IndicatorResult) -> str:
    """unknown, none (no threshold), far (below the floor), near (below the threshold), met, high (see `AMPLE`)."""
    if result.value is None:
        return "unknown"
    if result.threshold is None:
        return "none"
    if result.outcome is Outcome.MET:
        return "high" if result.value >= AMPLE * result.threshold else "met"
    return "near" if result.floor_outcome is Outcome.MET else "far"


def _gap(bundle: Bundle, gap: Any, leave: tuple[str, ...]) -> Entry:
    entry = bundle.standard.indicator(gap.indicator_id)
    return {
        "id": gap.indicator_id,
        "short": entry.short_name,
        "to_threshold": amount(gap.to_threshold, gap.unit),
        "to_floor": amount(gap.to_floor, gap.unit) if gap.to_floor else "",
        "of_school": amount(gap.of_school, gap.unit),
        "of_school_to_floor": amount(gap.of_school_to_floor, gap.unit) if gap.to_floor else "",
        "also_serves": [stage.value for stage in gap.also_serves],
        "may_stay": gap.indicator_id in leave,
    }
