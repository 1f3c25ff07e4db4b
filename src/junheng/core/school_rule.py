"""Thresholds and the school rule, decided in integers on every row.

A threshold t (in canonical units per pupil) is the fraction a/b, and n/d reaches it when n·b ≥ a·d: no division, no
rounding, so a tie is a tie. Flags are 1 (met), 0 (not met) and null (cannot tell).
"""

from fractions import Fraction
from typing import Any

import narwhals as nw

from junheng.core.errors import StandardError
from junheng.core.indicators import IS_PRIMARY
from junheng.core.stages import Rules, per_student_threshold
from junheng.core.standard import Dated, Parameter, ResourceIndicator, Stage

MET, NOT_MET = 1, 0


def in_force(parameter: Parameter, rules: Rules, what: str) -> Dated:
    """The row of a parameter on the day of judging; StandardError when the standard has no value then."""
    row = parameter.on(rules.on)
    if row is None:
        raise StandardError(f"标准 {rules.standard.id} 在 {rules.on} 没有“{what}”的数值。")
    return row


def threshold(entry: ResourceIndicator, stage: Stage, rules: Rules) -> Fraction:
    """The threshold of an indicator for a stage, in the unit of the standard."""
    return in_force(entry.thresholds[stage], rules, f"{entry.name}（{stage.value}）").value


def floor_share(rules: Rules) -> Fraction:
    """The share of a threshold that every indicator must reach (1 when the standard has no school rule)."""
    rule = rules.standard.school_rule
    return in_force(rule.floor, rules, "学校达标底线").value if rule else Fraction(1)


def required_met(rules: Rules) -> int:
    """How many indicators a school must meet."""
    rule = rules.standard.school_rule
    return int(in_force(rule.required_met, rules, "学校达标项数").value) if rule else len(rules.standard.indicators)


def judge_rows(rows: Any, rules: Rules) -> Any:
    """Adds per indicator `m_<id>` (threshold met) and `f_<id>` (floor reached), the counts of each, and `school` (the rule)."""
    standard = rules.standard
    judged = [entry for entry in standard.indicators if entry.thresholds]
    if not judged:
        return rows.with_columns(school=nw.lit(None, dtype=nw.Int64))
    share = floor_share(rules)
    flags = [_flag(entry, rules, Fraction(1)).alias(f"m_{entry.id}") for entry in judged]
    floors = [_flag(entry, rules, share).alias(f"f_{entry.id}") for entry in judged]
    rows = rows.with_columns(*flags, *floors)
    ids = [entry.id for entry in judged]
    rows = rows.with_columns(
        met_count=_sum([nw.col(f"m_{name}").fill_null(0) for name in ids]),
        floor_count=_sum([nw.col(f"f_{name}").fill_null(0) for name in ids]),
        unknown_count=_sum([nw.col(f"m_{name}").is_null().cast(nw.Int64) for name in ids]),
    )
    return rows.with_columns(school=_school_rule(len(ids), rules))


def _school_rule(count: int, rules: Rules) -> Any:
    """NOT_MET once too many indicators surely miss, or one is surely below the floor; MET when all is known and none of that."""
    known = count - nw.col("unknown_count")
    too_many = known - nw.col("met_count") > count - required_met(rules)
    below = known - nw.col("floor_count") > 0
    met = (
        nw.when(nw.col("unknown_count") == 0).then(nw.lit(MET, dtype=nw.Int64)).otherwise(nw.lit(None, dtype=nw.Int64))
    )
    return nw.when(too_many | below).then(nw.lit(NOT_MET, dtype=nw.Int64)).otherwise(met)


def _flag(entry: ResourceIndicator, rules: Rules, share: Fraction) -> Any:
    limits = {stage: per_student_threshold(entry, threshold(entry, stage, rules) * share) for stage in Stage}
    primary, junior = (_reaches(entry, limits[stage]) for stage in (Stage.PRIMARY, Stage.JUNIOR))
    if limits[Stage.PRIMARY] == limits[Stage.JUNIOR]:
        return primary
    return nw.when(nw.col(IS_PRIMARY)).then(primary).otherwise(junior)


def _reaches(entry: ResourceIndicator, limit: Fraction) -> Any:
    enough = nw.col(f"n_{entry.id}") * limit.denominator >= nw.col(f"d_{entry.id}") * limit.numerator
    return enough.cast(nw.Int64)


def _sum(expressions: list[Any]) -> Any:
    total = expressions[0]
    for expression in expressions[1:]:
        total = total + expression
    return total
