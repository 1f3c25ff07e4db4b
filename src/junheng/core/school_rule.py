"""Thresholds and the school rule, decided in integers on every row.

A threshold t (in canonical units per pupil) is the fraction a/b, and n/d reaches it when n·b ≥ a·d: no division, no
rounding, so a tie is a tie. Flags are 1 (met), 0 (not met) and null (cannot tell). All limits of an indicator are brought to one
denominator first, so that a row's numerator is multiplied once.
"""

from collections.abc import Mapping
from fractions import Fraction
from math import lcm
from typing import Any

import narwhals as nw

from junheng.core.errors import StandardError
from junheng.core.indicators import IS_PRIMARY
from junheng.core.stages import Rules, per_student_threshold
from junheng.core.standard import Dated, Parameter, ResourceIndicator, Stage, first_day_hint

MET, NOT_MET = 1, 0


def in_force(parameter: Parameter, rules: Rules, what: str) -> Dated:
    """The row of a parameter on the day of judging; StandardError when the standard has no value then."""
    row = parameter.on(rules.on)
    if row is None:
        hint = first_day_hint([parameter], rules.on)
        raise StandardError(f"标准 {rules.standard.id} 在 {rules.on} 没有“{what}”的数值。{hint}")
    return row


def threshold(entry: ResourceIndicator, stage: Stage, rules: Rules) -> Fraction:
    """The threshold of an indicator for a stage, in the unit of the standard."""
    return in_force(
        entry.thresholds[stage], rules, f"{entry.name}（{'小学' if stage is Stage.PRIMARY else '初中'}）"
    ).value


def floor_share(rules: Rules) -> Fraction:
    """The share of a threshold that every indicator must reach (1 when the standard has no school rule)."""
    rule = rules.standard.school_rule
    return in_force(rule.floor, rules, "学校达标底线").value if rule else Fraction(1)


def required_met(rules: Rules) -> int:
    """How many indicators a school must meet."""
    rule = rules.standard.school_rule
    return int(in_force(rule.required_met, rules, "学校达标项数").value) if rule else len(rules.standard.indicators)


def judge_rows(rows: Any, rules: Rules) -> Any:
    """Adds per indicator `m_<id>` (threshold met) and `f_<id>` (floor reached), and `school` (the rule)."""
    ids = [entry.id for entry in rules.standard.indicators if entry.thresholds]
    if not ids:
        return rows.with_columns(school=nw.lit(None, dtype=nw.Int64))
    flags = [flag for entry in rules.standard.indicators if entry.thresholds for flag in _flags(entry, rules)]
    met, floor = (nw.col(*[f"{letter}_{name}" for name in ids]) for letter in "mf")
    rows = rows.with_columns(*flags).with_columns(school=_school_rule(met, floor, len(ids) - required_met(rules)))
    return rows.with_columns(met.cast(nw.Int64), floor.cast(nw.Int64))


def _school_rule(met: Any, floor: Any, spare: int) -> Any:
    """NOT_MET once more indicators than can be spared surely miss, or one is surely below the floor; MET when all is known and
    none of that. The flags are still booleans here: a nation's worth of them is small."""
    too_many = nw.sum_horizontal((~met).cast(nw.Int8)) > spare
    below = nw.any_horizontal(~floor, ignore_nulls=True)
    unknown = nw.any_horizontal(met.is_null(), ignore_nulls=True)
    known = nw.when(~unknown).then(nw.lit(MET, dtype=nw.Int64))
    return nw.when(too_many | below).then(nw.lit(NOT_MET, dtype=nw.Int64)).otherwise(known)


def _flags(entry: ResourceIndicator, rules: Rules) -> list[Any]:
    """`m_<id>` and `f_<id>` as booleans."""
    limits = {stage: per_student_threshold(entry, threshold(entry, stage, rules)) for stage in Stage}
    floors = {stage: limit * floor_share(rules) for stage, limit in limits.items()}
    scale = lcm(*[limit.denominator for limit in (*limits.values(), *floors.values())])
    numerator, denominator = nw.col(f"n_{entry.id}") * scale, nw.col(f"d_{entry.id}")
    return [
        (numerator >= denominator * _limit(values, scale)).alias(f"{letter}_{entry.id}")
        for letter, values in (("m", limits), ("f", floors))
    ]


def _limit(limits: Mapping[Stage, Fraction], scale: int) -> Any:
    """The limit of a row's stage times `scale`, an integer."""
    primary, junior = (int(limits[stage] * scale) for stage in (Stage.PRIMARY, Stage.JUNIOR))
    if primary == junior:
        return primary
    first, second = (nw.lit(limit, dtype=nw.Int64) for limit in (primary, junior))
    return nw.when(nw.col(IS_PRIMARY)).then(first).otherwise(second)
