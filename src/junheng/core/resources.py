"""The resource part of one county: school results, exclusions and dispersion, from facts.

Rules run as frame expressions (`stages`, `school_rule`, `dispersion`); this module runs them for one county and turns rows
into results with exact fractions, reasons and contributions.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import narwhals as nw

from junheng.core.composite import judge_composite
from junheng.core.contributions import contributions
from junheng.core.county_query import group_coefficients, judged_rows
from junheng.core.dispersion import Sums, settle
from junheng.core.facts import Facts
from junheng.core.fields import FieldDictionary
from junheng.core.indicators import FORMULAS, IS_PRIMARY
from junheng.core.rounding import rounded
from junheng.core.school_results import RowReader
from junheng.core.school_rule import in_force, threshold
from junheng.core.stages import EXCLUSIONS, STAGES_OF_TYPE, Rules
from junheng.core.standard import DispersionMode, ResourceIndicator, Stage
from junheng.core.verdict import (
    CompositeResult,
    DispersionResult,
    ExcludedSchool,
    Outcome,
    Reason,
    SchoolResult,
)

_EXCLUSION_TEXT = {
    "school_type": "学校类别不在评估范围",
    "ownership": "办学性质不在评估范围",
    "organiser_type": "举办者类型不在评估范围",
    "teaching_point_minimum": "教学点学生数少于规定人数",
    "no_students": "该学段没有学生",
}
Row = Mapping[str, Any]


@dataclass(frozen=True)
class ResourceResults:
    """What the resource part gives. Every school of the facts is in `schools` (per stage) or in `excluded`."""

    schools: tuple[SchoolResult, ...]
    excluded: tuple[ExcludedSchool, ...]
    dispersion: tuple[DispersionResult, ...]
    composites: tuple[CompositeResult, ...]


def judge_resources(facts: Facts, rules: Rules, dictionary: FieldDictionary) -> ResourceResults:
    """Judges one county's resources. Missing facts give CANNOT_TELL with the names of what is missing."""
    frame = resource_frame(facts, rules)
    rows = _rows_with_facts(frame, facts)
    groups = {row["stage"]: row for row in group_coefficients(frame, rules).rows(named=True)}
    by_stage = {stage: [row for row in rows if row["stage"] == stage and row["exclusion"] == 0] for stage in Stage}
    dispersion = tuple(
        _dispersion(entry, stage, groups.get(stage.value), by_stage[stage], rules)
        for stage in Stage
        for entry in rules.standard.indicators
    )
    composites = tuple(
        judge_composite(stage, [entry for entry in dispersion if entry.stage is stage], by_stage[stage], rules)
        for stage in Stage
        if rules.standard.indicators
    )
    reader = RowReader(rules, dictionary)
    return ResourceResults(
        schools=tuple(reader.school(row) for row in rows if row["exclusion"] == 0),
        excluded=tuple(dict.fromkeys(_excluded(row, rules) for row in rows if row["exclusion"] != 0)),
        dispersion=dispersion,
        composites=composites,
    )


def resource_frame(facts: Facts, rules: Rules) -> nw.DataFrame[Any]:
    """The judged rows of one county as a frame: every school stage, also those that were not reported or are excluded."""
    return judged_rows(facts.table("schools"), facts.table("stages"), rules)


def _rows_with_facts(frame: nw.DataFrame[Any], facts: Facts) -> list[Row]:
    """Judged rows as dictionaries together with the facts of their school and stage, primary first, then by school."""
    schools = {row["school_id"]: row for row in facts.table("schools").rows(named=True)}
    stages = {(row["school_id"], row["stage"]): row for row in facts.table("stages").rows(named=True)}
    judged = sorted(frame.rows(named=True), key=lambda row: (not row[IS_PRIMARY], row["school_id"]))
    return [{**schools[row["school_id"]], **stages.get((row["school_id"], row["stage"]), {}), **row} for row in judged]


def _excluded(row: Row, rules: Rules) -> ExcludedSchool:
    code = EXCLUSIONS[row["exclusion"]]
    text = _EXCLUSION_TEXT[code]
    if code == "teaching_point_minimum" and rules.standard.scope.teaching_point_minimum is not None:
        least = in_force(rules.standard.scope.teaching_point_minimum, rules, text)
        text = f"教学点学生数{row['student_count']}人,少于{int(least.value)}人"
    is_whole = row["school_type"] not in STAGES_OF_TYPE
    return ExcludedSchool(
        school_id=row["school_id"],
        school_name=row["school_name"] or row["school_id"],
        school_type=row["school_type"] or "",
        stage=None if is_whole else Stage(row["stage"]),
        code=code,
        text=text,
        clause=rules.standard.scope.clauses[code],
    )


def _dispersion(
    entry: ResourceIndicator, stage: Stage, group: Row | None, rows: Sequence[Row], rules: Rules
) -> DispersionResult:
    missing = sum(row[f"n_{entry.id}"] is None or row[f"d_{entry.id}"] is None for row in rows)
    rule = rules.standard.dispersion
    is_judged = rule is not None and rule.mode is DispersionMode.EACH
    limit = in_force(rule.limits[stage], rules, "差异系数上限").value if rule is not None and is_judged else None
    coefficient, is_within = _settled(entry, limit, group, rows)
    mean = None if missing or not rows else _mean(entry, rows)
    if coefficient is None:
        reason = _undefined_reason(len(rows), missing)
        return DispersionResult(
            entry.id, stage, Outcome.CANNOT_TELL, None, limit, mean, len(rows), missing, _mean_outcome(entry, stage, mean, rules),
            reason=reason,
        )  # fmt: skip
    outcome = Outcome.NOT_MET if is_within is False else Outcome.MET
    return DispersionResult(
        indicator_id=entry.id,
        stage=stage,
        outcome=outcome,
        coefficient=coefficient,
        limit=limit,
        mean=mean,
        school_count=len(rows),
        missing_count=0,
        mean_outcome=_mean_outcome(entry, stage, mean, rules),
        is_rounding_sensitive=_rounding_flips(coefficient, limit, outcome) or _mean_flips(entry, stage, mean, rules),
        contributions=contributions(stage, _triples(entry, rows), [row["school_id"] for row in rows]),
    )


def _settled(
    entry: ResourceIndicator, limit: Fraction | None, group: Row | None, rows: Sequence[Row]
) -> tuple[float | None, bool | None]:
    """The coefficient and whether it is within its limit; None where a value is unknown or only one school is there."""
    if group is None or len(rows) < 2 or group[f"N_{entry.id}"] < len(rows):
        return None, None
    sums = Sums(len(rows), group[f"S_{entry.id}"], group[f"Q_{entry.id}"])
    return settle(group[f"cv_{entry.id}"], limit, sums, lambda: _triples(entry, rows))


def _triples(entry: ResourceIndicator, rows: Sequence[Row]) -> list[tuple[int, int, int]]:
    return [(row[f"n_{entry.id}"], row[f"d_{entry.id}"], row["student_count"]) for row in rows]


def _mean(entry: ResourceIndicator, rows: Sequence[Row]) -> Fraction:
    """The county value Σx/Σp in the unit of the standard, exactly."""
    whole, rest = 0, Fraction(0)
    for n, d, pupils in _triples(entry, rows):
        units, left = divmod(n * pupils, d)
        whole += units
        if left:  # only schools that share leave a part of a unit
            rest += Fraction(left, d)
    pupils_in_all = sum(int(row["student_count"]) for row in rows)
    return (whole + rest) / pupils_in_all * entry.per_students / FORMULAS[entry.formula].scale


def _mean_outcome(entry: ResourceIndicator, stage: Stage, mean: Fraction | None, rules: Rules) -> Outcome | None:
    if not rules.standard.county_mean_clause:
        return None
    if mean is None:
        return Outcome.CANNOT_TELL
    return Outcome.MET if mean >= threshold(entry, stage, rules) else Outcome.NOT_MET


def _rounding_flips(coefficient: float, limit: Fraction | None, outcome: Outcome) -> bool:
    """Whether the printed coefficient would give another outcome."""
    return limit is not None and (rounded(Fraction(coefficient), 3) <= limit) != (outcome is Outcome.MET)


def _mean_flips(entry: ResourceIndicator, stage: Stage, mean: Fraction | None, rules: Rules) -> bool:
    """Whether the printed county value would reach its threshold when the exact one does not, or the reverse."""
    if mean is None or not rules.standard.county_mean_clause:
        return False
    limit = threshold(entry, stage, rules)
    return (rounded(mean, entry.decimals) >= limit) != (mean >= limit)


def _undefined_reason(count: int, missing: int) -> Reason:
    if count == 0:
        return Reason("no-school", "该学段没有纳入评估的学校,差异系数无定义。")
    if missing:
        return Reason("missing-facts", f"{count}所学校中有{missing}所没有可用的数据,不能计算差异系数。")
    if count == 1:
        return Reason("one-school", "该学段只有1所学校,差异系数无意义。")
    return Reason("zero-mean", "全县平均值为0,差异系数无定义。")
