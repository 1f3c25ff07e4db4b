"""One row per school stage: scope, sharing weights, numerators and denominators.

Input frames hold canonical facts (see `fields.yaml`) with the scope keys `county_code` and `year`; they may be lazy and of any
backend that Narwhals knows. A school is known by `year` and `school_id` (the national code is unique). Output columns, beside
the keys, `school_type`, `is_primary` and `stage`:

`student_count`      pupils of the stage as reported
`pupils`             the same, null when there are none: nothing can be said per pupil then
`exclusion`          0 when judged, else the index in `EXCLUSIONS` of the rule that excludes the school
`weight`, `weighted_total`   the sharing of this stage: it takes weight × pupils / weighted_total of the school's resources
`n_<indicator>`      numerator, canonical integer (times the stage's weight where the resource is shared)
`d_<indicator>`      denominator, so that n/d is the canonical quantity per pupil, exactly; null where it cannot be told

Amounts and pupil counts below zero or above `MAX_AMOUNT` and `MAX_PUPILS` are no facts of a school; they are null here, so that
no product of the rules can leave 64 bits and every denominator is positive.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

import narwhals as nw

from junheng.core.errors import StandardError
from junheng.core.indicators import FORMULAS, IS_PRIMARY, VISITING
from junheng.core.school_join import SCHOOL_KEYS, join_stages
from junheng.core.standard import Exception_, ResourceIndicator, Standard

EXCLUSIONS = ("", "school_type", "ownership", "organiser_type", "teaching_point_minimum", "no_students")
STAGES_OF_TYPE: Mapping[str, tuple[str, ...]] = {
    "primary_school": ("primary",),
    "teaching_point": ("primary",),
    "junior_school": ("junior",),
    "full_secondary_school": ("junior",),
    "nine_year_school": ("primary", "junior"),
    "twelve_year_school": ("primary", "junior"),
}
PUPILS = "pupils"
MAX_AMOUNT = 2**38
MAX_PUPILS = 2**24
_SEVERAL_STAGES = tuple(name for name, stages in STAGES_OF_TYPE.items() if len(stages) > 1)
_VISITING_EFFECT = "count_visiting_teachers"
_UNIT_WEIGHT = 1


@dataclass(frozen=True)
class Rules:
    """A standard on one day with the exceptions that are switched on: what the expressions need, resolved."""

    standard: Standard
    on: date
    exceptions: tuple[Exception_, ...] = ()

    def __hash__(self) -> int:
        """What follows from the rules alone is kept by them; their standard holds mappings, which have no hash."""
        standard = self.standard
        return hash((standard.id, standard.version, standard.digest, self.on, *(entry.id for entry in self.exceptions)))

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


def stage_rows(schools: Any, stages: Any, rules: Rules, *, is_ordered: bool = False) -> Any:
    """One row per school stage with scope, numerators and denominators; lazy in, lazy out.

    A school without any stage row comes out once for each stage of its type (both when its type is missing), with null facts,
    so that none is dropped. What can be said of a school or of a stage alone is computed before the two are joined, and the few
    schools that share between stages go their own way: narrow joins, and only one of them wide, keep a nation fast.
    `is_ordered`: what `stand_in_order` said of the two frames.
    """
    still_ordered = is_ordered and not _counts_visiting(rules)  # for visitors the stages are joined once before
    rows = join_stages(schools.select(*_school_side(rules)), _stage_side(stages, rules), is_ordered=still_ordered)
    rows = rows.with_columns(_pupils(), *[_amount(name) for name in _amounts(rules)])
    rows = nw.concat([_rows_of_one_stage(rows, rules), _rows_of_several(rows, rules)])
    stage = nw.when(nw.col(IS_PRIMARY)).then(nw.lit("primary")).otherwise(nw.lit("junior"))
    return rows.with_columns(*_numerators(rules), *_denominators(rules), stage=stage, exclusion=_exclusion(rules))


def _pupils() -> Any:
    return nw.when(nw.col("student_count").is_between(1, MAX_PUPILS)).then("student_count").cast(nw.Int64).alias(PUPILS)


def _rows_of_one_stage(rows: Any, rules: Rules) -> Any:
    """The rows of schools whose type has one stage and shares with none: weight 1, and its own pupils in all."""
    return rows.filter(~nw.col("is_several")).with_columns(
        nw.coalesce(nw.col(IS_PRIMARY), nw.col("starts_with_primary")).alias(IS_PRIMARY),
        weight=nw.lit(_UNIT_WEIGHT, dtype=nw.Int64),
        weighted_total=nw.col(PUPILS),
        **{f"n_{name}": nw.col(f"x_{name}") for name in _shared(rules)},
    )


def _rows_of_several(rows: Any, rules: Rules) -> Any:
    """The rows of schools that have or share between several stages, or whose type is missing, with their sharing."""
    rows = _with_both_stages(_with_shares(rows.filter("is_several"), rules))
    numerators = {f"n_{name}": nw.col(f"x_{name}") * nw.col("weight") for name in _shared(rules)}
    return rows.with_columns(**numerators) if numerators else rows


def _with_shares(rows: Any, rules: Rules) -> Any:
    """Adds `weight` and `weighted_total`; who shares with none has 1 and its pupils, and nobody knows how to share where
    the type is missing."""
    own = nw.when(~nw.col("school_type").is_null()).then(nw.col(PUPILS))
    if not rules.standard.sharing.weights:
        return rows.with_columns(weight=nw.lit(_UNIT_WEIGHT, dtype=nw.Int64), weighted_total=own)
    primary, junior = _weight_of("primary", rules), _weight_of("junior", rules)
    rows = rows.with_columns(
        weight=nw.when(nw.col(IS_PRIMARY)).then(primary).otherwise(junior), is_alone=primary.is_null()
    )
    rows = rows.with_columns(weighted_total=_bounded(nw.col("student_count"), MAX_PUPILS) * nw.col("weight"))
    weighted = nw.col("weighted_total")
    rows = rows.with_columns(
        weighted_total=weighted.sum().over(*SCHOOL_KEYS).cast(nw.Int64),
        gaps=weighted.is_null().cast(nw.Int64).sum().over(*SCHOOL_KEYS),
    )
    is_known = (nw.col("gaps") == 0) & (nw.col(PUPILS) > 0) & (nw.col("weight") > 0)
    shared = nw.when(is_known).then(weighted + _senior_weighted(rules))
    return rows.with_columns(
        weight=nw.when(nw.col("is_alone")).then(nw.lit(_UNIT_WEIGHT, dtype=nw.Int64)).otherwise(nw.col("weight")),
        weighted_total=nw.when(nw.col("is_alone")).then(own).otherwise(shared),
    ).drop("gaps", "is_alone")


def _with_both_stages(rows: Any) -> Any:
    """A school that must have two stages, or whose type is missing, and reported none becomes two rows."""
    may_have_both = nw.col("school_type").is_in(_SEVERAL_STAGES) | nw.col("school_type").is_null()
    absent = rows.filter(nw.col(IS_PRIMARY).is_null() & may_have_both)
    first = nw.coalesce(nw.col(IS_PRIMARY), nw.col("starts_with_primary"), nw.lit(value=True))
    return nw.concat(
        [rows.with_columns(first.alias(IS_PRIMARY)), absent.with_columns(nw.lit(value=False).alias(IS_PRIMARY))]
    )


def _is_several(rules: Rules) -> Any:
    types = sorted({*_SEVERAL_STAGES, *rules.standard.sharing.weights})
    return nw.col("school_type").is_in(types) | nw.col("school_type").is_null()


def needed_fields(standard: Standard) -> tuple[str, ...]:
    """The facts (`table.field`) that the resource part of a standard rests on, in a fixed order."""
    names = ["stages.student_count"]
    for entry in standard.indicators:
        names += [name for name in FORMULAS[entry.formula].fields if name not in names]
    return tuple(names)


def _school_side(rules: Rules) -> list[Any]:
    """What the school alone says: keys, type, exclusion by type, and the numerators that are the school's."""
    juniors = [name for name, stages in STAGES_OF_TYPE.items() if stages[0] == "junior"]
    columns = [
        nw.col("county_code"),
        *(nw.col(name) for name in SCHOOL_KEYS),
        nw.col("school_type"),
        (~nw.col("school_type").is_in(juniors)).alias("starts_with_primary"),
        _is_several(rules).alias("is_several"),
        nw.col("senior_student_count"),
        _school_exclusion(rules).alias("exclusion"),
    ]
    if rules.standard.scope.teaching_point_minimum is not None:
        columns.append((nw.col("school_type") == "teaching_point").alias("is_teaching_point"))
    if _counts_visiting(rules):
        columns.append((nw.col("area_type") == "rural").alias("is_rural"))
    return columns + [
        _numerator(entry, rules) for entry in rules.standard.indicators if FORMULAS[entry.formula].is_shared
    ]


def _stage_side(stages: Any, rules: Rules) -> Any:
    """What the stage alone says: keys, reported pupils, and the numerators that are the stage's."""
    columns = [
        *(nw.col(name) for name in (*SCHOOL_KEYS, IS_PRIMARY)),
        nw.col("student_count"),
    ]
    for entry in rules.standard.indicators:
        if not FORMULAS[entry.formula].is_shared:
            columns.append(_numerator(entry, rules))
            if rules.effect(_VISITING_EFFECT, entry.id):
                columns.append(_total(VISITING).alias(f"visiting_{entry.id}"))
    if _counts_visiting(rules):
        columns.append(nw.col("school_pupils"))
        stages = stages.join(_pupils_of_schools(stages), on=SCHOOL_KEYS, how="left")
    return stages.with_columns((nw.col("stage") == "primary").alias(IS_PRIMARY)).select(*columns)


def _counts_visiting(rules: Rules) -> bool:
    return any(rules.effect(_VISITING_EFFECT, entry.id) for entry in rules.standard.indicators)


def _pupils_of_schools(stages: Any) -> Any:
    """`school_pupils` of every school over its compulsory stages, null as soon as one number is missing."""
    count = nw.col("student_count")
    totals = stages.group_by(*SCHOOL_KEYS).agg(
        count.sum().cast(nw.Int64).alias("heads"), count.is_null().cast(nw.Int64).sum().alias("gaps")
    )
    return totals.select(*SCHOOL_KEYS, nw.when(nw.col("gaps") == 0).then(nw.col("heads")).alias("school_pupils"))


def _numerator(entry: ResourceIndicator, rules: Rules) -> Any:
    numerator = FORMULAS[entry.formula].expression()
    if rules.effect("count_converted_and_leased_sports_area", entry.id) is not None:
        more = numerator + nw.col("converted_sports_area") + nw.col("leased_sports_area")
        numerator = nw.when(nw.col("is_dense_inner_city")).then(more).otherwise(numerator)
    return numerator.alias(f"x_{entry.id}")


def _amount(name: str) -> Any:
    return _bounded(nw.col(name), MAX_AMOUNT).cast(nw.Int64).alias(name)


def _amounts(rules: Rules) -> list[str]:
    """The columns of amounts before any sharing."""
    visited = [
        f"visiting_{entry.id}" for entry in rules.standard.indicators if rules.effect(_VISITING_EFFECT, entry.id)
    ]
    return [f"x_{entry.id}" for entry in rules.standard.indicators] + visited


def _bounded(number: Any, most: int) -> Any:
    return nw.when(number.is_between(0, most)).then(number)


def _weight_of(stage: str, rules: Rules) -> Any:
    """The weight of a stage; null where the type shares with none."""
    return _by_type({name: weights.get(stage, 0) for name, weights in rules.standard.sharing.weights.items()})


def _senior_weighted(rules: Rules) -> Any:
    """Weighted senior pupils; 0 where the type has none, null where they are not reported."""
    weights = {name: row["senior"] for name, row in rules.standard.sharing.weights.items() if "senior" in row}
    nobody = nw.lit(0, dtype=nw.Int64)
    if not weights:
        return nobody
    weight = _by_type(weights)
    pupils = _bounded(nw.col("senior_student_count").cast(nw.Int64), MAX_PUPILS)
    return nw.when(weight.is_null()).then(nobody).otherwise(pupils * weight)


def _by_type(numbers: Mapping[str, int]) -> Any:
    """The number of a row's school type, null where the type has none."""
    expression = nw.lit(None, dtype=nw.Int64)
    for name, number in numbers.items():
        is_type = nw.col("school_type") == name
        expression = nw.when(is_type).then(nw.lit(number, dtype=nw.Int64)).otherwise(expression)
    return expression


def _school_exclusion(rules: Rules) -> Any:
    scope = rules.standard.scope
    expression = nw.lit(0, dtype=nw.Int8)
    allowed = {
        "organiser_type": scope.organiser_types,
        "ownership": scope.ownerships,
        "school_type": scope.school_types,
    }
    for name, values in allowed.items():
        if values:
            expression = _when(~nw.col(name).is_in(list(values)), name, expression)
    return expression


def _exclusion(rules: Rules) -> Any:
    """What the school says, then what its pupils say: a small teaching point, or a stage that nobody attends yet."""
    own, students = nw.col("exclusion"), nw.col("student_count")
    found = _when((own == 0) & (students == 0), "no_students", own)
    minimum = rules.standard.scope.teaching_point_minimum
    least = minimum.on(rules.on) if minimum is not None else None
    if least is None:
        return found
    return _when(
        (own == 0) & nw.col("is_teaching_point") & (students < int(least.value)), "teaching_point_minimum", found
    )


def _when(is_so: Any, exclusion: str, otherwise: Any) -> Any:
    return nw.when(is_so).then(nw.lit(EXCLUSIONS.index(exclusion), dtype=nw.Int8)).otherwise(otherwise)


def _numerators(rules: Rules) -> list[Any]:
    """The numerators that are the stage's own; the shared ones are there already."""
    columns = []
    for entry in rules.standard.indicators:
        visiting = rules.effect(_VISITING_EFFECT, entry.id)
        if not FORMULAS[entry.formula].is_shared:
            own = nw.col(f"x_{entry.id}") if visiting is None else _with_visitors(entry, visiting, rules)
            columns.append(own.alias(f"n_{entry.id}"))
    return columns


def _shared(rules: Rules) -> list[str]:
    """The indicators whose resource is the school's."""
    return [entry.id for entry in rules.standard.indicators if FORMULAS[entry.formula].is_shared]


def _with_visitors(entry: ResourceIndicator, visiting: Exception_, rules: Rules) -> Any:
    numerator = nw.col(f"x_{entry.id}")
    applies = _is_small_rural(visiting, rules)
    with_visitors = nw.when(applies).then(numerator + nw.col(f"visiting_{entry.id}"))
    return nw.when(~applies).then(numerator).otherwise(with_visitors)  # null while it cannot be told


def _denominators(rules: Rules) -> list[Any]:
    """Pupils of the stage, or the weighted pupils of all stages where the resource is shared."""
    return [
        nw.col("weighted_total" if FORMULAS[entry.formula].is_shared else PUPILS).alias(f"d_{entry.id}")
        for entry in rules.standard.indicators
    ]


def _is_small_rural(exception: Exception_, rules: Rules) -> Any:
    """Whether a school is rural and as small as the exception says, all its compulsory stages together; null if unknown."""
    count = nw.col("school_pupils")
    least, most = (rules.number(exception, name) for name in ("student_minimum", "student_maximum"))
    return nw.col("is_rural") & (count >= least) & (count <= most)


def _total(names: tuple[str, ...]) -> Any:
    expression = nw.col(names[0])
    for name in names[1:]:
        expression = expression + nw.col(name)
    return expression


def per_student_threshold(entry: ResourceIndicator, value: Fraction) -> Fraction:
    """A threshold of the standard (per 100 pupils, in 人, ㎡ or 元) as canonical units per pupil, exactly."""
    return value * FORMULAS[entry.formula].scale / entry.per_students
