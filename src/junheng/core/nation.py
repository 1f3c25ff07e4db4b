"""Judging many counties and years at once, on frames of any engine.

The same expressions as for one county (`stages`, `school_rule`, `dispersion`) run lazily over all rows; only one small row
per county, year and stage is collected. Coefficients that lie too near to their limit for rounded sums are decided again in
exact fractions.
"""

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import narwhals as nw

from junheng.core.close_calls import decide
from junheng.core.dispersion import GROUP_KEYS, coefficients, group_sums
from junheng.core.errors import EngineError
from junheng.core.item_formulas.roll import NOT_ON_ROLL
from junheng.core.school_join import MAX_SCHOOL_ID, MAX_YEAR, SCHOOL_KEYS, has_integer_keys, stand_in_order
from junheng.core.school_rule import in_force, judge_rows
from junheng.core.stages import Rules, stage_rows
from junheng.core.standard import DispersionMode, Item, Stage

COUNTY_KEYS = ["county_code", "year"]


@dataclass(frozen=True)
class NationResult:
    """What judging many counties gives.

    `rows`: one row per school stage, on the engine of the input (lazy stays lazy), with `m_<id>`, `f_<id>` and `school`
    (1, 0, null).
    `stages`: one row per county, year and stage, collected with Polars: `school_count`, schools `met`, `not_met` and `unknown`,
    per indicator `cv_<id>` and `ok_<id>` (1, 0, null = cannot tell), `oversize_classes` and `unsized_classes` (their pupils are
    missing) when classes were given, and `resources`, the outcome of schools and coefficients together: never 1 where the
    standard asks for more (county means, a composite), which is judged county by county.
    """

    rows: Any
    stages: nw.DataFrame[Any]


def judge_nation(schools: Any, stages: Any, rules: Rules, classes: Any | None = None) -> NationResult:
    """Judges the resource part of all counties in the frames, and class sizes when `classes` is given.

    Frames hold canonical integers with `county_code` and `year`. A school needs a row in `schools`; where it reported no stage,
    the stages of its type come out as rows that cannot be told. Classes need their `school_id`, `stage` and `student_count`.
    """
    is_ordered = stand_in_order(schools, stages)  # then all numbers fit
    rows = judge_rows(stage_rows(schools, stages, rules, is_ordered=is_ordered), rules)
    judged = rows.filter(nw.col("exclusion") == 0)
    indicators = rules.standard.indicators
    may_not_fit = has_integer_keys(schools) and not is_ordered
    groups = group_sums(judged, indicators, extra=_school_counts() + (_extremes() if may_not_fit else []))
    groups = _collected(_with_counts(coefficients(groups, indicators)))
    if may_not_fit:
        groups = _without_extremes(groups)
    groups = decide(groups, judged, _limits(rules), rules, _collected)
    if classes is not None:
        groups = _with_classes(groups, _on_roll(classes, schools), rules)
    return NationResult(rows=rows, stages=groups.with_columns(resources=_resources(rules)).sort(*GROUP_KEYS))


def _school_counts() -> list[Any]:
    """`met`, and `known` while the groups are summed: `_with_counts` makes the rest of them."""
    school = nw.col("school")
    return [school.sum().cast(nw.Int64).alias("met"), school.count().cast(nw.Int64).alias("known")]


def _with_counts(groups: Any) -> Any:
    known = nw.col("known")
    return groups.with_columns(not_met=known - nw.col("met"), unknown=nw.col("school_count") - known).drop("known")


def _extremes() -> list[Any]:
    """The least and the greatest number of a group's schools: what does not fit into the key of `stage_rows` finds no stage."""
    return [nw.col("school_id").min().alias("least_id"), nw.col("school_id").max().alias("greatest_id")]


def _without_extremes(groups: nw.DataFrame[Any]) -> nw.DataFrame[Any]:
    """EngineError when a number did not fit."""
    for name, title, most in (
        ("least_id", "学校标识码", MAX_SCHOOL_ID),
        ("greatest_id", "学校标识码", MAX_SCHOOL_ID),
        ("year", "年度", MAX_YEAR),
    ):
        numbers = groups.select(least=nw.col(name).min(), greatest=nw.col(name).max()).row(0)
        wrong = [number for number in numbers if number is not None and not 0 <= number < most]
        if wrong:
            raise EngineError(f"{title}{wrong[0]}不在0与{most}之间,请检查是否填错了列。")
    return groups.drop("least_id", "greatest_id")


def _collected(frame: Any) -> nw.DataFrame[Any]:
    if isinstance(frame, nw.LazyFrame):
        return frame.collect(backend="polars", **_streaming(frame))
    eager: nw.DataFrame[Any] = frame
    return eager


def _streaming(frame: nw.LazyFrame[Any]) -> dict[str, Any]:
    return {"engine": "streaming"} if frame.implementation.is_polars() else {}


def _limits(rules: Rules) -> dict[Stage, Fraction] | None:
    """The limit of every coefficient per stage, None where the standard judges only their mean."""
    rule = rules.standard.dispersion
    if rule is None or rule.mode is not DispersionMode.EACH:
        return None
    return {stage: in_force(rule.limits[stage], rules, "差异系数上限").value for stage in Stage}


def _on_roll(classes: Any, schools: Any) -> Any:
    """The classes without those of special schools and those attached to vocational schools, which the item does not judge."""
    elsewhere = schools.filter(nw.col("school_type").is_in(sorted(NOT_ON_ROLL))).select(*SCHOOL_KEYS)
    return classes.join(elsewhere, on=SCHOOL_KEYS, how="anti")


def _with_classes(groups: nw.DataFrame[Any], classes: Any, rules: Rules) -> nw.DataFrame[Any]:
    item = next((entry for entry in rules.standard.items if entry.formula == "class_size"), None)
    if item is None:
        return groups
    limits = {stage: _class_limit(item, stage, rules) for stage in Stage}
    limit = nw.when(nw.col("stage") == "primary").then(limits[Stage.PRIMARY]).otherwise(limits[Stage.JUNIOR])
    marked = classes.select(*GROUP_KEYS, over=(nw.col("student_count") > limit).cast(nw.Int64))
    marked = marked.with_columns(unsized=nw.col("over").is_null().cast(nw.Int64))
    counted = marked.group_by(*GROUP_KEYS).agg(
        nw.col("over").sum().cast(nw.Int64).alias("oversize_classes"),
        nw.col("unsized").sum().cast(nw.Int64).alias("unsized_classes"),
    )
    collected = _collected(counted)
    return groups.join(collected, on=GROUP_KEYS, how="left")


def _class_limit(item: Item, stage: Stage, rules: Rules) -> int:
    return int(in_force(item.params[f"{stage.value}_limit"], rules, item.name).value)


def _resources(rules: Rules) -> Any:
    """The resource outcome of a county's stage: 0 when a school or coefficient fails, 1 when all are met, else null."""
    is_each = _limits(rules) is not None
    flags = [nw.col(f"ok_{entry.id}") for entry in rules.standard.indicators] if is_each else []
    fails = nw.col("not_met") > 0
    asks_more = bool(rules.standard.county_mean_clause) or not is_each
    unknown = nw.lit(value=True) if asks_more else nw.col("unknown") > 0
    for flag in flags:
        fails = fails | (flag == 0).fill_null(value=False)
        unknown = unknown | flag.is_null()
    nothing = nw.lit(None, dtype=nw.Int64)
    known = nw.when(unknown).then(nothing).otherwise(nw.lit(1, dtype=nw.Int64))
    return nw.when(fails).then(nw.lit(0, dtype=nw.Int64)).otherwise(known)
