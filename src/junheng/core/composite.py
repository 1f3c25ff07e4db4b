"""The composite: the mean of a stage's unrounded coefficients. Some standards judge it, all print it."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from math import fsum
from typing import Any

from junheng.core.dispersion import exact_root_bounds, exact_terms
from junheng.core.rounding import rounded
from junheng.core.school_rule import in_force
from junheng.core.stages import Rules
from junheng.core.standard import DispersionMode, ResourceIndicator, Stage
from junheng.core.verdict import CompositeResult, DispersionResult, Outcome, Reason

_FAR = 1e-3  # no coefficient is further from the exact one: its P·Q/S² is off by at most a relative 2⁻²⁴ (WIDEST_BAND)


def judge_composite(
    stage: Stage, results: Sequence[DispersionResult], rows: Sequence[Mapping[str, Any]], rules: Rules
) -> CompositeResult:
    """The mean of the coefficients, judged where the standard's mode is `composite`.

    CANNOT_TELL when any coefficient is undefined. Near the limit the square roots are enclosed to 40 digits; a sum that
    cannot be told from the limit there counts as equal to it, which meets it.
    """
    rule = rules.standard.dispersion
    is_judged = rule is not None and rule.mode is DispersionMode.COMPOSITE
    limit = in_force(rule.limits[stage], rules, "综合差异系数上限").value if rule is not None and is_judged else None
    known = [entry.coefficient for entry in results if entry.coefficient is not None]
    if len(known) < len(results):
        reason = Reason("undefined-coefficient", f"{len(results) - len(known)}项差异系数无法计算,综合值无法给出。")
        return CompositeResult(stage, None, limit, Outcome.CANNOT_TELL if is_judged else None, reason=reason)
    value = fsum(known) / len(known)
    if limit is None:
        return CompositeResult(stage, value, None, None)
    outcome = _decide(value, limit, rows, rules)
    flips = (rounded(Fraction(value), 3) <= limit) != (outcome is Outcome.MET)
    return CompositeResult(stage, value, limit, outcome, is_rounding_sensitive=flips)


def _decide(value: float, limit: Fraction, rows: Sequence[Mapping[str, Any]], rules: Rules) -> Outcome:
    if abs(value - float(limit)) > _FAR:
        return Outcome.MET if value < limit else Outcome.NOT_MET
    least = sum((_lower_root(entry, rows) for entry in rules.standard.indicators), Fraction(0))
    return Outcome.MET if least <= limit * len(rules.standard.indicators) else Outcome.NOT_MET


def _lower_root(entry: ResourceIndicator, rows: Sequence[Mapping[str, Any]]) -> Fraction:
    terms = exact_terms((row[f"n_{entry.id}"], row[f"d_{entry.id}"], row["student_count"]) for row in rows)
    return exact_root_bounds(terms.squared_coefficient)[0]
