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
from junheng.core.dispersion import coefficients, group_sums, is_within, relative_band
from junheng.core.facts import Facts
from junheng.core.fields import FieldDictionary
from junheng.core.indicators import FORMULAS, VISITING
from junheng.core.rounding import rounded
from junheng.core.school_rule import floor_share, in_force, judge_rows, threshold
from junheng.core.stages import STAGES_OF_TYPE, Rules, absent_stages, stage_rows
from junheng.core.standard import DispersionMode, ResourceIndicator, Stage
from junheng.core.verdict import (
    CompositeResult,
    DispersionResult,
    ExcludedSchool,
    IndicatorResult,
    Outcome,
    Reason,
    SchoolResult,
)

_FLAG = {1: Outcome.MET, 0: Outcome.NOT_MET, None: Outcome.CANNOT_TELL}
_EXCLUSION_TEXT = {
    "school_type": "学校类别不在评估范围",
    "ownership": "办学性质不在评估范围",
    "organiser_type": "举办者类型不在评估范围",
    "teaching_point_minimum": "教学点学生数少于规定人数",
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
    rows = sorted(frame.rows(named=True), key=lambda row: (row["stage"] != "primary", row["school_id"]))
    names = dict(zip(facts.table("schools")["school_id"], facts.table("schools")["school_name"], strict=True))
    groups = {row["stage"]: row for row in _groups(frame, rules).rows(named=True)}
    by_stage = {stage: [row for row in rows if row["stage"] == stage and row["exclusion"] is None] for stage in Stage}
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
    judged = (row for row in rows if row["exclusion"] is None)
    return ResourceResults(
        schools=tuple(_school(row, names, rules, dictionary) for row in judged),
        excluded=tuple(_excluded(row, names, rules) for row in rows if row["exclusion"] is not None),
        dispersion=dispersion,
        composites=composites,
    )


def resource_frame(facts: Facts, rules: Rules) -> nw.DataFrame[Any]:
    """The judged rows of one county as a frame: every school stage, also those that were not reported or are excluded."""
    schools, stages = facts.table("schools"), facts.table("stages")
    absent = absent_stages(schools, stages)
    if len(absent):
        stages = nw.concat([stages, absent], how="diagonal")
        stages = _with_first_stages(stages, absent)
    frame: nw.DataFrame[Any] = judge_rows(stage_rows(schools, stages, rules), rules)
    return frame


def _with_first_stages(stages: nw.DataFrame[Any], absent: nw.DataFrame[Any]) -> nw.DataFrame[Any]:
    return nw.concat([stages, absent.with_columns(stage=nw.lit("primary"))], how="diagonal")


def _groups(frame: nw.DataFrame[Any], rules: Rules) -> nw.DataFrame[Any]:
    judged = frame.filter(nw.col("exclusion").is_null())
    indicators = rules.standard.indicators
    return coefficients(group_sums(judged, indicators), indicators)  # type: ignore[no-any-return]


def _school(row: Row, names: Mapping[str, str], rules: Rules, dictionary: FieldDictionary) -> SchoolResult:
    results = tuple(_indicator(entry, row, rules, dictionary) for entry in rules.standard.indicators)
    if rules.standard.school_rule is None:
        known = all(entry.value is not None for entry in results)
        outcome = Outcome.MET if known else Outcome.CANNOT_TELL
    else:
        outcome = _FLAG[row["school"]]
    reasons = tuple(dict.fromkeys(entry.reason for entry in results if entry.reason is not None))
    return SchoolResult(
        school_id=row["school_id"],
        school_name=names.get(row["school_id"]) or row["school_id"],
        school_type=row["school_type"] or "",
        stage=Stage(row["stage"]),
        student_count=row["student_count"],
        outcome=outcome,
        met_count=sum(entry.outcome is Outcome.MET for entry in results),
        floor_count=sum(entry.floor_outcome is Outcome.MET for entry in results),
        indicators=results,
        reasons=reasons,
    )


def _indicator(entry: ResourceIndicator, row: Row, rules: Rules, dictionary: FieldDictionary) -> IndicatorResult:
    n, d, pupils = row[f"n_{entry.id}"], row[f"d_{entry.id}"], row["student_count"]
    if n is None or d is None:
        return _unknown_indicator(entry, row, rules, _missing_reason(entry, row, rules, dictionary))
    scale = FORMULAS[entry.formula].scale
    value = Fraction(n * entry.per_students, d * scale)
    limit = threshold(entry, Stage(row["stage"]), rules) if entry.thresholds else None
    outcome = _FLAG[row[f"m_{entry.id}"]] if limit is not None else Outcome.MET
    floor = _FLAG[row[f"f_{entry.id}"]] if limit is not None else Outcome.MET
    return IndicatorResult(
        indicator_id=entry.id,
        outcome=outcome,
        floor_outcome=floor,
        value=value,
        threshold=limit,
        numerator=Fraction(n * pupils, d * scale),
        share=_share(entry, row),
        is_rounding_sensitive=limit is not None
        and _rounding_flips(entry, value, limit, floor_share(rules), (outcome, floor)),
        exceptions=_exceptions_used(entry, row, rules),
    )


def _share(entry: ResourceIndicator, row: Row) -> Fraction:
    """The part of the school's resource that this stage takes."""
    if not FORMULAS[entry.formula].is_shared:
        return Fraction(1)
    return Fraction(row["weight"] * row["student_count"], row["weighted_total"])


def _rounding_flips(
    entry: ResourceIndicator, value: Fraction, limit: Fraction, share: Fraction, outcomes: tuple[Outcome, Outcome]
) -> bool:
    """Whether the printed value would meet the threshold or the floor when the exact one does not, or the reverse."""
    shown = rounded(value, entry.decimals)
    return any(
        (shown >= bound) != (outcome is Outcome.MET)
        for bound, outcome in zip((limit, limit * share), outcomes, strict=True)
    )


def _unknown_indicator(entry: ResourceIndicator, row: Row, rules: Rules, reason: Reason) -> IndicatorResult:
    limit = threshold(entry, Stage(row["stage"]), rules) if entry.thresholds else None
    return IndicatorResult(
        indicator_id=entry.id,
        outcome=Outcome.CANNOT_TELL,
        floor_outcome=Outcome.CANNOT_TELL,
        value=None,
        threshold=limit,
        numerator=None,
        share=None,
        reason=reason,
    )


def _missing_reason(entry: ResourceIndicator, row: Row, rules: Rules, dictionary: FieldDictionary) -> Reason:
    if row["student_count"] == 0:
        return Reason("zero-students", "该学段在校学生数为0,无法计算生均值;请核实是否仍在办学。")
    formula = FORMULAS[entry.formula]
    stage_fields = ["student_count", *formula.stage_fields]
    if rules.effect("count_visiting_teachers", entry.id):
        stage_fields += VISITING
    labels = [dictionary.field("stages", name).label for name in stage_fields if _is_gap(row, name)]
    labels += [dictionary.field("schools", name).label for name in formula.school_fields if _is_gap(row, name)]
    if not labels and formula.is_shared and row["weighted_total"] is None:
        labels = ["拆分所需的各学段（含高中）学生数"]
    return Reason("missing-facts", f"{entry.short_name}:缺少“{'”“'.join(labels or [formula.label])}”。")


def _is_gap(row: Row, name: str) -> bool:
    return name in row and row[name] is None and name != "is_art_count_total"


def _exceptions_used(entry: ResourceIndicator, row: Row, rules: Rules) -> tuple[str, ...]:
    used = []
    visiting = rules.effect("count_visiting_teachers", entry.id)
    if visiting is not None and row["area_type"] == "rural":
        low, high = (rules.number(visiting, name) for name in ("student_minimum", "student_maximum"))
        if low <= row["student_count"] <= high and any(row[name] for name in VISITING):
            used.append(visiting.id)
    sports = rules.effect("count_converted_and_leased_sports_area", entry.id)
    if (
        sports is not None
        and row["is_dense_inner_city"]
        and (row["converted_sports_area"] or row["leased_sports_area"])
    ):
        used.append(sports.id)
    return tuple(used)


def _excluded(row: Row, names: Mapping[str, str], rules: Rules) -> ExcludedSchool:
    code = row["exclusion"]
    text = _EXCLUSION_TEXT[code]
    if code == "teaching_point_minimum" and rules.standard.scope.teaching_point_minimum is not None:
        least = in_force(rules.standard.scope.teaching_point_minimum, rules, text)
        text = f"教学点学生数{row['student_count']}人,少于{int(least.value)}人"
    is_whole = row["school_type"] not in STAGES_OF_TYPE
    return ExcludedSchool(
        school_id=row["school_id"],
        school_name=names.get(row["school_id"]) or row["school_id"],
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
    coefficient = group[f"cv_{entry.id}"] if group is not None else None
    mean = None if missing or not rows else _mean(entry, rows)
    if coefficient is None or group is None:
        reason = _undefined_reason(len(rows), missing, mean)
        return DispersionResult(
            entry.id, stage, Outcome.CANNOT_TELL, None, limit, mean, len(rows), missing, _mean_outcome(entry, stage, mean, rules),
            reason=reason,
        )  # fmt: skip
    outcome = Outcome.MET
    if limit is not None:
        band = relative_band(len(rows), group[f"S_{entry.id}"], group[f"Q_{entry.id}"])
        outcome = Outcome.MET if is_within(coefficient, limit, band, _triples(entry, rows)) else Outcome.NOT_MET
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
        is_rounding_sensitive=limit is not None
        and (rounded(Fraction(coefficient), 3) <= limit) != (outcome is Outcome.MET),
        contributions=contributions(stage, _triples(entry, rows), [row["school_id"] for row in rows]),
    )


def _triples(entry: ResourceIndicator, rows: Sequence[Row]) -> list[tuple[int, int, int]]:
    return [(row[f"n_{entry.id}"], row[f"d_{entry.id}"], row["student_count"]) for row in rows]


def _mean(entry: ResourceIndicator, rows: Sequence[Row]) -> Fraction:
    """The county value Σx/Σp in the unit of the standard, exactly."""
    total = sum((Fraction(n * pupils, d) for n, d, pupils in _triples(entry, rows)), Fraction(0))
    pupils_in_all = sum(int(row["student_count"]) for row in rows)
    return total / pupils_in_all * entry.per_students / FORMULAS[entry.formula].scale


def _mean_outcome(entry: ResourceIndicator, stage: Stage, mean: Fraction | None, rules: Rules) -> Outcome | None:
    if not rules.standard.county_mean_clause:
        return None
    if mean is None:
        return Outcome.CANNOT_TELL
    return Outcome.MET if mean >= threshold(entry, stage, rules) else Outcome.NOT_MET


def _undefined_reason(count: int, missing: int, mean: Fraction | None) -> Reason:
    if count == 0:
        return Reason("no-school", "该学段没有纳入评估的学校,差异系数无定义。")
    if missing:
        return Reason("missing-facts", f"{count}所学校中有{missing}所缺少所需数据,不能计算差异系数。")
    if count == 1:
        return Reason("one-school", "该学段只有1所学校,差异系数无意义。")
    if mean == 0:
        return Reason("zero-mean", "全县平均值为0,差异系数无定义。")
    return Reason("out-of-range", "有学校的数值超出可精确计算的范围,请检查单位。")
