"""One row per school stage: scope, sharing weights, numerators and denominators.

Input frames hold canonical facts (see `fields.yaml`) with the scope keys `county_code` and `year`; they may be lazy and of any
backend that Narwhals knows. Output columns, beside the keys and what identifies a school:

`student_count`      pupils of the stage as reported
`pupils`             the same, null when there are none: nothing can be said per pupil then
`exclusion`          null when judged, else one of `EXCLUSIONS`
`n_<indicator>`      numerator, canonical integer (times the stage's weight where the resource is shared)
`d_<indicator>`      denominator, so that n/d is the canonical quantity per pupil, exactly; null where it cannot be told
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

import narwhals as nw

from junheng.core.errors import StandardError
from junheng.core.indicators import FORMULAS, IS_PRIMARY, VISITING
from junheng.core.standard import Exception_, ResourceIndicator, Standard

SCHOOL_KEYS = ["county_code", "year", "school_id"]
ROW_KEYS = [*SCHOOL_KEYS, "stage"]
EXCLUSIONS = ("school_type", "ownership", "organiser_type", "teaching_point_minimum")
STAGES_OF_TYPE: Mapping[str, tuple[str, ...]] = {
    "primary_school": ("primary",),
    "teaching_point": ("primary",),
    "junior_school": ("junior",),
    "full_secondary_school": ("junior",),
    "nine_year_school": ("primary", "junior"),
    "twelve_year_school": ("primary", "junior"),
}
PUPILS = "pupils"
_UNIT_WEIGHT = 100


@dataclass(frozen=True)
class Rules:
    """A standard on one day with the exceptions that are switched on: what the expressions need, resolved."""

    standard: Standard
    on: date
    exceptions: tuple[Exception_, ...] = ()

    @classmethod
    def resolve(cls, standard: Standard, on: date, enabled: frozenset[str] = frozenset()) -> "Rules":
        """The rules in force on a day. Exceptions that are not in force are left out; an unknown id is a StandardError."""
        unknown = enabled - {entry.id for entry in standard.exceptions}
        if unknown:
            raise StandardError(f"标准 {standard.id} 没有这些例外:{', '.join(sorted(unknown))}。")
        chosen = (entry for entry in standard.exceptions if entry.id in enabled)
        return cls(standard, on, tuple(entry for entry in chosen if entry.is_in_force(on)))

    def effect(self, name: str, indicator_id: str) -> Exception_ | None:
        """The exception with that effect that applies to the indicator, if it is switched on."""
        for entry in self.exceptions:
            if entry.effect == name and indicator_id in entry.applies_to:
                return entry
        return None

    def number(self, exception: Exception_, name: str) -> int:
        """A parameter of an exception as an integer (StandardError when it has none on that day)."""
        row = exception.params[name].on(self.on) if name in exception.params else None
        if row is None:
            raise StandardError(f"例外 {exception.id} 在 {self.on} 没有参数 {name}。")
        return int(row.value)


def stage_rows(schools: Any, stages: Any, rules: Rules) -> Any:
    """One row per school stage with scope, numerators and denominators; lazy in, lazy out.

    Schools without any stage row come out with `stage` filled from their type and null facts, so that none is dropped.
    """
    indicators = rules.standard.indicators
    school_columns = _school_columns(indicators, rules)
    weights = _sharing_weights(schools, stages, rules)
    rows = schools.select(*SCHOOL_KEYS, *school_columns).join(
        stages.select(*ROW_KEYS, *_stage_columns(indicators, rules)), on=SCHOOL_KEYS, how="left"
    )
    if weights is not None:
        rows = rows.join(weights, on=SCHOOL_KEYS, how="left")
    rows = rows.with_columns(stage=nw.coalesce(nw.col("stage"), _first_stage()))
    rows = rows.with_columns(
        (nw.col("stage") == "primary").alias(IS_PRIMARY),
        nw.when(nw.col("student_count") > 0).then(nw.col("student_count")).alias(PUPILS),
        _exclusion(rules).alias("exclusion"),
    )
    rows = rows.with_columns(*_weight_columns(rules, has_total=weights is not None))
    numbers = [column for entry in indicators for column in _fraction_columns(entry, rules)]
    return rows.with_columns(*numbers)


def absent_stages(schools: Any, stages: Any) -> Any:
    """Keys of stage rows that a school of two stages must have but for which it reported no stage at all (`stage` = junior)."""
    absent = schools.filter(nw.col("school_type").is_in([t for t, s in STAGES_OF_TYPE.items() if len(s) > 1]))
    absent = absent.select(*SCHOOL_KEYS).join(stages.select(*SCHOOL_KEYS), on=SCHOOL_KEYS, how="anti")
    return absent.with_columns(stage=nw.lit("junior"))


def needed_fields(standard: Standard) -> tuple[str, ...]:
    """The facts (`table.field`) that the resource part of a standard rests on, in a fixed order."""
    names = ["stages.student_count"]
    for entry in standard.indicators:
        names += [name for name in FORMULAS[entry.formula].fields if name not in names]
    return tuple(names)


def _school_columns(indicators: tuple[ResourceIndicator, ...], rules: Rules) -> list[str]:
    names = ["school_type", "ownership", "organiser_type", "senior_student_count"]
    for entry in indicators:
        names += FORMULAS[entry.formula].school_fields
        if rules.effect("count_converted_and_leased_sports_area", entry.id):
            names += ["is_dense_inner_city", "converted_sports_area", "leased_sports_area"]
        if rules.effect("count_visiting_teachers", entry.id):
            names.append("area_type")
    return list(dict.fromkeys(names))


def _stage_columns(indicators: tuple[ResourceIndicator, ...], rules: Rules) -> list[str]:
    names = ["student_count"]
    for entry in indicators:
        names += FORMULAS[entry.formula].stage_fields
        if rules.effect("count_visiting_teachers", entry.id):
            names += VISITING
    return list(dict.fromkeys(names))


def _first_stage() -> Any:
    juniors = [name for name, stages in STAGES_OF_TYPE.items() if stages[0] == "junior"]
    return nw.when(nw.col("school_type").is_in(juniors)).then(nw.lit("junior")).otherwise(nw.lit("primary"))


def _sharing_weights(schools: Any, stages: Any, rules: Rules) -> Any | None:
    """Per school of several stages: `weighted_total`, null when a pupil count that it needs is missing."""
    sharing = rules.standard.sharing.weights
    if not sharing or not any(FORMULAS[entry.formula].is_shared for entry in rules.standard.indicators):
        return None
    members = schools.filter(nw.col("school_type").is_in(list(sharing))).select(
        *SCHOOL_KEYS, "school_type", "senior_student_count"
    )
    rows = stages.select(*ROW_KEYS, "student_count").join(members, on=SCHOOL_KEYS, how="inner")
    weighted = nw.col("student_count") * _stage_weight(rules, default=0)
    rows = rows.with_columns(weighted=weighted, gap=nw.col("student_count").is_null().cast(nw.Int64))
    totals = rows.group_by(*SCHOOL_KEYS).agg(
        nw.col("weighted").sum().cast(nw.Int64).alias("weighted"),
        nw.col("gap").sum().cast(nw.Int64).alias("gap"),
    )
    totals = members.join(totals, on=SCHOOL_KEYS, how="inner")
    total = nw.col("weighted") + _senior_weighted(rules)
    nothing = nw.lit(None, dtype=nw.Int64)
    counted = nw.when(nw.col("gap") == 0).then(total).otherwise(nothing)
    return totals.select(*SCHOOL_KEYS, counted.alias("weighted_total"))


def _senior_weighted(rules: Rules) -> Any:
    expression = nw.lit(0, dtype=nw.Int64)
    for school_type, weights in rules.standard.sharing.weights.items():
        if "senior" in weights:
            part = nw.col("senior_student_count") * weights["senior"]
            expression = nw.when(nw.col("school_type") == school_type).then(part).otherwise(expression)
    return expression


def _stage_weight(rules: Rules, default: int) -> Any:
    expression = nw.lit(default, dtype=nw.Int64)
    for school_type, weights in rules.standard.sharing.weights.items():
        for stage in ("primary", "junior"):
            if stage in weights:
                here = (nw.col("school_type") == school_type) & (nw.col("stage") == stage)
                expression = nw.when(here).then(nw.lit(weights[stage], dtype=nw.Int64)).otherwise(expression)
    return expression


def _weight_columns(rules: Rules, *, has_total: bool) -> list[Any]:
    """`weight` and `weighted_total`: a school of one stage has weight 100 and total 100 × its pupils."""
    own = nw.col(PUPILS) * _UNIT_WEIGHT
    if not has_total:
        return [nw.lit(_UNIT_WEIGHT, dtype=nw.Int64).alias("weight"), own.alias("weighted_total")]
    shares = nw.col("school_type").is_in(list(rules.standard.sharing.weights))
    shared = nw.when(nw.col(PUPILS) > 0).then(nw.col("weighted_total"))
    total = nw.when(shares).then(shared).otherwise(own)
    return [_stage_weight(rules, default=_UNIT_WEIGHT).alias("weight"), total.alias("weighted_total")]


def _exclusion(rules: Rules) -> Any:
    scope = rules.standard.scope
    expression = nw.lit(None, dtype=nw.String)
    if scope.teaching_point_minimum is not None and (least := scope.teaching_point_minimum.on(rules.on)) is not None:
        small = (nw.col("school_type") == "teaching_point") & (nw.col("student_count") < int(least.value))
        expression = nw.when(small).then(nw.lit("teaching_point_minimum")).otherwise(expression)
    allowed = {
        "organiser_type": scope.organiser_types,
        "ownership": scope.ownerships,
        "school_type": scope.school_types,
    }
    for name, values in allowed.items():
        if values:
            outside = ~nw.col(name).is_in(list(values))
            expression = nw.when(outside).then(nw.lit(name)).otherwise(expression)
    return expression


def _fraction_columns(entry: ResourceIndicator, rules: Rules) -> list[Any]:
    formula = FORMULAS[entry.formula]
    numerator = _with_exceptions(formula.expression(), entry, rules).cast(nw.Int64)
    if formula.is_shared:
        numerator = numerator * nw.col("weight")
    denominator = "weighted_total" if formula.is_shared else PUPILS
    return [numerator.alias(f"n_{entry.id}"), nw.col(denominator).alias(f"d_{entry.id}")]


def _with_exceptions(numerator: Any, entry: ResourceIndicator, rules: Rules) -> Any:
    visiting = rules.effect("count_visiting_teachers", entry.id)
    if visiting is not None:
        more = numerator
        for name in VISITING:
            more = more + nw.col(name)
        numerator = nw.when(_is_small_rural(visiting, rules)).then(more).otherwise(numerator)
    if rules.effect("count_converted_and_leased_sports_area", entry.id) is not None:
        more = numerator + nw.col("converted_sports_area") + nw.col("leased_sports_area")
        numerator = nw.when(nw.col("is_dense_inner_city")).then(more).otherwise(numerator)
    return numerator


def _is_small_rural(exception: Exception_, rules: Rules) -> Any:
    count = nw.col("student_count")
    least, most = (rules.number(exception, name) for name in ("student_minimum", "student_maximum"))
    return (nw.col("area_type") == "rural") & (count >= least) & (count <= most)


def per_student_threshold(entry: ResourceIndicator, value: Fraction) -> Fraction:
    """A threshold of the standard (per 100 pupils, in 人, ㎡ or 元) as canonical units per pupil, exactly."""
    return value * FORMULAS[entry.formula].scale / entry.per_students
