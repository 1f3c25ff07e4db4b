"""Judging many counties and years at once, on frames of any engine.

The same expressions as for one county (`stages`, `school_rule`, `dispersion`) run lazily over all rows; only one small row
per county, year and stage is collected. Coefficients that lie too near to their limit for rounded sums are decided again in
exact fractions.
"""

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import narwhals as nw

from junheng.core.dispersion import FLOAT_SLACK, GROUP_KEYS, coefficients, exact_terms, group_sums
from junheng.core.school_rule import in_force, judge_rows
from junheng.core.stages import Rules, stage_rows
from junheng.core.standard import DispersionMode, Item, ResourceIndicator, Stage

COUNTY_KEYS = ["county_code", "year"]


@dataclass(frozen=True)
class NationResult:
    """What judging many counties gives.

    `rows`: one row per school stage, on the engine of the input (lazy stays lazy), with `m_<id>`, `f_<id>` and `school`
    (1, 0, null).
    `stages`: one row per county, year and stage, collected with Polars: `school_count`, schools `met`, `not_met` and `unknown`,
    per indicator `cv_<id>` and `ok_<id>` (1, 0, null = cannot tell), `oversize_classes` when classes were given, and
    `resources`, the outcome of the whole resource part.
    """

    rows: Any
    stages: nw.DataFrame[Any]


def judge_nation(schools: Any, stages: Any, rules: Rules, classes: Any | None = None) -> NationResult:
    """Judges the resource part of all counties in the frames, and class sizes when `classes` is given.

    Frames hold canonical integers with `county_code` and `year`. A school needs a row in `schools`; stages it did not report
    come out as one row that cannot be told.
    """
    rows = judge_rows(stage_rows(schools, stages, rules), rules)
    judged = rows.filter(nw.col("exclusion") == 0)
    indicators = rules.standard.indicators
    groups = group_sums(judged, indicators, extra=_school_counts())
    groups = _collected(coefficients(groups, indicators))
    groups = _decide(groups, judged, rules)
    if classes is not None:
        groups = _with_classes(groups, classes, rules)
    return NationResult(rows=rows, stages=groups.with_columns(resources=_resources(rules)).sort(*GROUP_KEYS))


def _school_counts() -> list[Any]:
    school = nw.col("school")
    return [
        (school == 1).cast(nw.Int64).sum().cast(nw.Int64).alias("met"),
        (school == 0).cast(nw.Int64).sum().cast(nw.Int64).alias("not_met"),
        school.is_null().cast(nw.Int64).sum().cast(nw.Int64).alias("unknown"),
    ]


def _collected(frame: Any) -> nw.DataFrame[Any]:
    if isinstance(frame, nw.LazyFrame):
        return frame.collect(backend="polars", **_streaming(frame))
    eager: nw.DataFrame[Any] = frame
    return eager


def _streaming(frame: nw.LazyFrame[Any]) -> dict[str, Any]:
    return {"engine": "streaming"} if frame.implementation.is_polars() else {}


def _decide(groups: nw.DataFrame[Any], judged: Any, rules: Rules) -> nw.DataFrame[Any]:
    """Adds `ok_<id>` per indicator: CV within the limit of its stage, null where the coefficient is undefined."""
    rule = rules.standard.dispersion
    if rule is None or rule.mode is not DispersionMode.EACH:
        return groups
    limits = {stage: in_force(rule.limits[stage], rules, "差异系数上限").value for stage in Stage}
    groups = groups.with_columns(
        *[_from_sums(entry, limits).alias(f"ok_{entry.id}") for entry in rules.standard.indicators]
    )
    for entry in rules.standard.indicators:
        for row in groups.filter(_is_near(entry, limits)).iter_rows(named=True):
            limit = limits[Stage(row["stage"])]
            is_met = exact_terms(_rows_of(entry, row, judged)).squared_coefficient <= limit * limit
            here = _is_group(row)
            exact = nw.when(here).then(nw.lit(int(is_met), dtype=nw.Int64)).otherwise(nw.col(f"ok_{entry.id}"))
            groups = groups.with_columns(exact.alias(f"ok_{entry.id}"))
    return groups


def _bound(limits: dict[Stage, Fraction]) -> Any:
    primary, junior = (nw.lit(float(1 + limits[stage] ** 2)) for stage in (Stage.PRIMARY, Stage.JUNIOR))
    return nw.when(nw.col("stage") == "primary").then(primary).otherwise(junior)


def _from_sums(entry: ResourceIndicator, limits: dict[Stage, Fraction]) -> Any:
    return (nw.col(f"cv_{entry.id}") ** 2 + 1.0 <= _bound(limits)).cast(nw.Int64)


def _is_near(entry: ResourceIndicator, limits: dict[Stage, Fraction]) -> Any:
    """True where the rounding band of the sums holds the limit, so that the sums alone do not decide."""
    count = nw.col("school_count").cast(nw.Float64)
    band = count / nw.col(f"Q_{entry.id}") + 2.0 * count / nw.col(f"S_{entry.id}") + FLOAT_SLACK
    distance = (nw.col(f"cv_{entry.id}") ** 2 + 1.0 - _bound(limits)).abs()
    return distance <= 2.0 * band * _bound(limits)


def _is_group(row: dict[str, Any]) -> Any:
    here = nw.col(GROUP_KEYS[0]) == row[GROUP_KEYS[0]]
    for name in GROUP_KEYS[1:]:
        here = here & (nw.col(name) == row[name])
    return here


def _rows_of(entry: ResourceIndicator, row: dict[str, Any], judged: Any) -> list[tuple[int, int, int]]:
    names = (f"n_{entry.id}", f"d_{entry.id}", "student_count")
    wanted = judged.filter(_is_group(row)).select(*names)
    return [(values[0], values[1], values[2]) for values in _collected(wanted).iter_rows()]


def _with_classes(groups: nw.DataFrame[Any], classes: Any, rules: Rules) -> nw.DataFrame[Any]:
    item = next((entry for entry in rules.standard.items if entry.formula == "class_size"), None)
    if item is None:
        return groups
    limits = {stage: _class_limit(item, stage, rules) for stage in Stage}
    limit = nw.when(nw.col("stage") == "primary").then(limits[Stage.PRIMARY]).otherwise(limits[Stage.JUNIOR])
    marked = classes.select(*GROUP_KEYS, over=(nw.col("student_count") > limit).cast(nw.Int64))
    counted = marked.group_by(*GROUP_KEYS).agg(nw.col("over").sum().cast(nw.Int64).alias("oversize_classes"))
    collected = _collected(counted)
    return groups.join(collected, on=GROUP_KEYS, how="left")


def _class_limit(item: Item, stage: Stage, rules: Rules) -> int:
    return int(in_force(item.params[f"{stage.value}_limit"], rules, item.name).value)


def _resources(rules: Rules) -> Any:
    """The resource outcome of a county's stage: 0 when a school or coefficient fails, 1 when all are met, else null."""
    rule = rules.standard.dispersion
    is_each = rule is not None and rule.mode is DispersionMode.EACH
    flags = [nw.col(f"ok_{entry.id}") for entry in rules.standard.indicators] if is_each else []
    fails = nw.col("not_met") > 0
    unknown = nw.col("unknown") > 0
    for flag in flags:
        fails = fails | (flag == 0).fill_null(value=False)
        unknown = unknown | flag.is_null()
    nothing = nw.lit(None, dtype=nw.Int64)
    known = nw.when(unknown).then(nothing).otherwise(nw.lit(1, dtype=nw.Int64))
    return nw.when(fails).then(nw.lit(0, dtype=nw.Int64)).otherwise(known)
