"""The slow, exact second opinion on the resource part: plain Python, one school at a time, nothing but fractions.

Written from the rules, not from the engine. It takes plain rows in canonical units (persons, 0.01 ㎡, 分, pieces; a missing
value is None or absent) and a Standard, and answers the questions the engine answers with frames. No speed is wanted here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, localcontext
from fractions import Fraction
from math import isqrt
from typing import Any

from junheng.core.standard import DispersionMode, Exception_, ResourceIndicator, Stage, Standard
from junheng.core.verdict import Outcome, all_of

Row = Mapping[str, Any]
Key = tuple[str, str]

STAGES_OF_TYPE: Mapping[str, tuple[Stage, ...]] = {
    "primary_school": (Stage.PRIMARY,),
    "teaching_point": (Stage.PRIMARY,),
    "junior_school": (Stage.JUNIOR,),
    "nine_year_school": (Stage.PRIMARY, Stage.JUNIOR),
    "full_secondary_school": (Stage.JUNIOR,),
    "twelve_year_school": (Stage.PRIMARY, Stage.JUNIOR),
}


@dataclass(frozen=True)
class OracleIndicator:
    """One indicator of one school stage; `value` None means that it cannot be told."""

    value: Fraction | None
    numerator: Fraction | None
    outcome: Outcome
    floor_outcome: Outcome


@dataclass(frozen=True)
class OracleSchool:
    """One judged school stage."""

    students: int | None
    outcome: Outcome
    met_count: int
    floor_count: int
    indicators: Mapping[str, OracleIndicator]


@dataclass(frozen=True)
class OracleDispersion:
    """One coefficient of variation, squared and exact; None where it cannot be told."""

    squared: Fraction | None
    mean: Fraction | None
    outcome: Outcome
    mean_outcome: Outcome | None
    school_count: int
    missing_count: int


@dataclass(frozen=True)
class OracleComposite:
    """The mean of the coefficients, to 60 digits; `outcome` None where the standard does not judge it."""

    value: Decimal | None
    outcome: Outcome | None


@dataclass(frozen=True)
class OracleCounty:
    """The resource part of a county. `excluded` maps a school to the name of the scope rule that puts it, or one
    of its stages, outside."""

    schools: Mapping[Key, OracleSchool]
    excluded: Mapping[str, str]
    dispersion: Mapping[tuple[str, str], OracleDispersion]
    composites: Mapping[str, OracleComposite]


# ---- numerators -----------------------------------------------------------------------------------------------------


def total(row: Row, *names: str) -> int | None:
    """The sum, or None as soon as one part is missing."""
    parts = [row.get(name) for name in names]
    if any(part is None for part in parts):
        return None
    return sum(part for part in parts if part is not None)


def head_count(stages: Sequence[Row]) -> int | None:
    """The pupils of all stages together, or None as soon as one number is missing."""
    counts = [row.get("student_count") for row in stages]
    return None if None in counts else sum(count for count in counts if count is not None)


def above_standard_teachers(school: Row, stage: Row) -> Fraction | None:
    """Primary: associate degree or more; junior: bachelor or more."""
    degrees = ["doctor_teacher_count", "master_teacher_count", "bachelor_teacher_count"]
    if stage["stage"] == "primary":
        degrees.append("associate_teacher_count")
    return fraction(total(stage, *degrees))


def pe_and_art_teachers(school: Row, stage: Row) -> Fraction | None:
    """PE and art teachers; a total that holds its parts already is counted once."""
    if stage.get("is_art_count_total"):
        return fraction(total(stage, "pe_teacher_count", "art_teacher_count"))
    return fraction(
        total(stage, "pe_teacher_count", "music_teacher_count", "fine_art_teacher_count", "art_teacher_count")
    )


def teaching_floor_area_without_sports(school: Row, stage: Row) -> Fraction | None:
    """The statistics hold the indoor sports rooms in the floor area; they are taken out."""
    floor, indoor = school.get("teaching_floor_area"), school.get("indoor_sports_area")
    return None if floor is None or indoor is None else Fraction(floor - indoor, 100)


def sports_area(school: Row, stage: Row) -> Fraction | None:
    """Outdoor and indoor, ㎡."""
    return fraction(total(school, "outdoor_sports_area", "indoor_sports_area"), 100)


def fraction(value: int | None, scale: int = 1) -> Fraction | None:
    return None if value is None else Fraction(value, scale)


SHARED = {
    "teaching_floor_area_without_sports": teaching_floor_area_without_sports,
    "teaching_floor_area": lambda school, stage: fraction(school.get("teaching_floor_area"), 100),
    "sports_area": sports_area,
    "equipment_value": lambda school, stage: fraction(school.get("equipment_value"), 100),
    "multimedia_classrooms": lambda school, stage: fraction(school.get("multimedia_classroom_count")),
    "computers": lambda school, stage: fraction(school.get("computer_count")),
    "books": lambda school, stage: fraction(school.get("book_count")),
}
OWN = {
    "above_standard_teachers": above_standard_teachers,
    "pe_and_art_teachers": pe_and_art_teachers,
    "backbone_teachers": lambda school, stage: fraction(stage.get("backbone_teacher_count")),
    "full_time_teachers": lambda school, stage: fraction(stage.get("full_time_teacher_count")),
    "titled_teachers": lambda school, stage: fraction(stage.get("titled_teacher_count")),
}


# ---- exceptions -----------------------------------------------------------------------------------------------------


def visiting_teachers(school: Row, stage: Row, stages: Sequence[Row], entry: Exception_, day: date) -> Fraction | None:
    """Visiting PE and art teachers of a rural school of 50–99 pupils; 0 when the exception does not apply."""
    if school.get("area_type") not in (None, "rural"):
        return Fraction(0)
    least, most = (entry.params[name].on(day).value for name in ("student_minimum", "student_maximum"))  # type: ignore[union-attr]
    pupils = head_count(stages)
    if pupils is None:
        return None
    if not least <= pupils <= most:
        return Fraction(0)
    if school.get("area_type") is None:
        return None
    kinds = ("pe", "music", "fine_art", "art")
    return fraction(total(stage, *(f"visiting_{kind}_teacher_count" for kind in kinds)))


def converted_and_leased_area(
    school: Row, stage: Row, stages: Sequence[Row], entry: Exception_, day: date
) -> Fraction | None:
    """Converted and leased sports space of a dense inner-city school, ㎡; 0 when the exception does not apply."""
    is_dense = school.get("is_dense_inner_city")  # needs a county document: a school that does not claim it has none
    return fraction(total(school, "converted_sports_area", "leased_sports_area"), 100) if is_dense else Fraction(0)


EFFECTS = {
    "count_visiting_teachers": visiting_teachers,
    "count_converted_and_leased_sports_area": converted_and_leased_area,
}


# ---- one school stage -----------------------------------------------------------------------------------------------


def share_of(school: Row, stage: Row, stages: Sequence[Row], standard: Standard) -> Fraction | None:
    """The part of the school's resources that the stage takes; None when a needed pupil count is missing or all are 0."""
    if school.get("school_type") is None:
        return None  # nobody knows by which weights to share
    weights = standard.sharing.weights.get(school["school_type"])
    if weights is None:
        return Fraction(1)
    if stage["stage"] not in weights:
        return None  # a stage that the type does not have: one of the two is wrong
    counts = {row["stage"]: row.get("student_count") for row in stages}
    if "senior" in weights:
        counts["senior"] = school.get("senior_student_count")
    if any(count is None for count in counts.values()):
        return None
    weighted = {name: Fraction(weights.get(name, 0) * (count or 0), 100) for name, count in counts.items()}
    whole = sum(weighted.values())
    return weighted[stage["stage"]] / whole if whole else None


def numerator_of(
    indicator: ResourceIndicator,
    school: Row,
    stage: Row,
    stages: Sequence[Row],
    standard: Standard,
    day: date,
    enabled: frozenset[str],
) -> Fraction | None:
    """What the stage has of the indicator's resource, in typed units."""
    formula = SHARED.get(indicator.formula) or OWN[indicator.formula]
    amount = formula(school, stage)
    for entry in standard.exceptions:
        if entry.id in enabled and indicator.id in entry.applies_to and entry.is_in_force(day):
            extra = EFFECTS[entry.effect](school, stage, stages, entry, day)
            amount = None if amount is None or extra is None else amount + extra
    if indicator.formula in SHARED and amount is not None:
        share = share_of(school, stage, stages, standard)
        amount = None if share is None else amount * share
    return amount


def at_least(value: Fraction | None, limit: Fraction | None) -> Outcome:
    """Three-valued ≥."""
    if value is None or limit is None:
        return Outcome.CANNOT_TELL
    return Outcome.MET if value >= limit else Outcome.NOT_MET


def judge_school(
    school: Row, stage: Row, stages: Sequence[Row], standard: Standard, day: date, enabled: frozenset[str]
) -> OracleSchool:
    """All indicators of one stage, and the rule over them."""
    rule = standard.school_rule
    floor_rate = rule.floor.on(day).value if rule else None  # type: ignore[union-attr]
    pupils = stage.get("student_count")
    indicators: dict[str, OracleIndicator] = {}
    for indicator in standard.indicators:
        numerator = numerator_of(indicator, school, stage, stages, standard, day, enabled)
        value = numerator / pupils * indicator.per_students if numerator is not None and pupils else None
        parameter = indicator.thresholds.get(Stage(stage["stage"]))
        row = parameter.on(day) if parameter else None
        threshold = row.value if row else None
        floor = threshold * floor_rate if threshold is not None and floor_rate is not None else None
        indicators[indicator.id] = OracleIndicator(value, numerator, at_least(value, threshold), at_least(value, floor))
    met = [entry.outcome for entry in indicators.values()]
    floors = [entry.floor_outcome for entry in indicators.values()]
    outcome = Outcome.CANNOT_TELL
    if rule:
        required = rule.required_met.on(day).value  # type: ignore[union-attr]
        enough = Outcome.CANNOT_TELL
        if met.count(Outcome.MET) >= required:
            enough = Outcome.MET
        elif len(met) - met.count(Outcome.NOT_MET) < required:
            enough = Outcome.NOT_MET
        outcome = all_of([enough, *floors])
    return OracleSchool(pupils, outcome, met.count(Outcome.MET), floors.count(Outcome.MET), indicators)


# ---- the county -----------------------------------------------------------------------------------------------------


def excluded_by(school: Row, stages: Sequence[Row], standard: Standard, day: date) -> str | None:
    """The scope rule that puts a school outside; a fact that is missing puts nothing outside."""
    scope = standard.scope
    for name, allowed in (
        ("school_type", scope.school_types),
        ("ownership", scope.ownerships),
        ("organiser_type", scope.organiser_types),
    ):
        if allowed and school.get(name) is not None and school[name] not in allowed:
            return name
    minimum = scope.teaching_point_minimum.on(day) if scope.teaching_point_minimum else None
    if minimum is None or school.get("school_type") != "teaching_point" or not stages:
        return None
    pupils = head_count(stages)
    return "teaching_point_minimum" if pupils is not None and pupils < minimum.value else None


def judge_dispersion(
    indicator: ResourceIndicator, stage: Stage, schools: Sequence[OracleSchool], standard: Standard, day: date
) -> OracleDispersion:
    """The student-weighted coefficient of variation of one indicator in one stage, by its definition."""
    missing = sum(1 for school in schools if school.indicators[indicator.id].value is None)
    mean: Fraction | None = None
    squared: Fraction | None = None
    if schools and not missing:
        pupils = [Fraction(school.students or 0) for school in schools]
        values = [school.indicators[indicator.id].value or Fraction(0) for school in schools]
        everyone = sum(pupils, Fraction(0))
        mean = sum((v * p for v, p in zip(values, pupils, strict=True)), Fraction(0)) / everyone
        if len(schools) > 1 and mean != 0:
            spread = [p / everyone * (v - mean) ** 2 for v, p in zip(values, pupils, strict=True)]
            squared = sum(spread, Fraction(0)) / mean**2
    outcome = Outcome.CANNOT_TELL
    rule = standard.dispersion
    limit = rule.limits[stage].on(day) if rule and stage in rule.limits else None
    if squared is not None and limit is not None and rule and rule.mode is DispersionMode.EACH:
        outcome = Outcome.MET if squared <= limit.value**2 else Outcome.NOT_MET
    mean_outcome = None
    if standard.county_mean_clause:
        parameter = indicator.thresholds.get(stage)
        threshold = parameter.on(day) if parameter else None
        mean_outcome = at_least(mean, threshold.value if threshold else None)
    return OracleDispersion(squared, mean, outcome, mean_outcome, len(schools), missing)


def root(square: Fraction) -> Fraction | None:
    """The exact root when it is rational."""
    up, down = isqrt(square.numerator), isqrt(square.denominator)
    return Fraction(up, down) if up * up == square.numerator and down * down == square.denominator else None


def decimal_of(number: Fraction) -> Decimal:
    return Decimal(number.numerator) / Decimal(number.denominator)


def judge_composite(stage: Stage, squares: Sequence[Fraction | None], standard: Standard, day: date) -> OracleComposite:
    """The mean of the unrounded coefficients; rational ones are added exactly, so that a tie is a tie."""
    rule = standard.dispersion
    is_judged = rule is not None and rule.mode is DispersionMode.COMPOSITE
    known = [square for square in squares if square is not None]
    if len(known) < len(squares) or not squares:
        return OracleComposite(None, Outcome.CANNOT_TELL if is_judged else None)
    with localcontext() as context:
        context.prec = 60
        roots = [root(square) for square in known]
        exact = sum((entry for entry in roots if entry is not None), Fraction(0))
        surds = [decimal_of(square).sqrt() for square, entry in zip(known, roots, strict=True) if entry is None]
        value = (decimal_of(exact) + sum(surds, Decimal(0))) / len(known)
        outcome = None
        if is_judged and rule is not None:
            limit = rule.limits[stage].on(day)
            assert limit is not None
            # a sum that holds a surd is never a short decimal, so 60 digits tell it from the limit
            is_met = value <= decimal_of(limit.value) if surds else exact / len(known) <= limit.value
            outcome = Outcome.MET if is_met else Outcome.NOT_MET
    return OracleComposite(value, outcome)


def judge_county(
    schools: Sequence[Row], stages: Sequence[Row], standard: Standard, day: date, enabled: frozenset[str] = frozenset()
) -> OracleCounty:
    """The whole resource part of one county."""
    judged: dict[Key, OracleSchool] = {}
    excluded: dict[str, str] = {}
    for school in schools:
        own = [row for row in stages if row["school_id"] == school["school_id"]]
        reason = excluded_by(school, own, standard, day)
        if reason is not None:
            excluded[school["school_id"]] = reason
            continue
        expected = STAGES_OF_TYPE.get(str(school.get("school_type")), tuple(Stage))
        rows = own or [{"school_id": school["school_id"], "stage": stage.value} for stage in expected]
        for row in rows:
            if row.get("student_count") == 0:  # nobody to have anything: no value, and no weight in any mean
                excluded[school["school_id"]] = "no_students"
                continue
            judged[school["school_id"], row["stage"]] = judge_school(school, row, rows, standard, day, enabled)
    dispersion: dict[tuple[str, str], OracleDispersion] = {}
    composites: dict[str, OracleComposite] = {}
    for stage in Stage:
        present = [entry for key, entry in judged.items() if key[1] == stage.value]
        results = [judge_dispersion(entry, stage, present, standard, day) for entry in standard.indicators]
        for entry, result in zip(standard.indicators, results, strict=True):
            dispersion[entry.id, stage.value] = result
        composites[stage.value] = judge_composite(stage, [result.squared for result in results], standard, day)
    return OracleCounty(judged, excluded, dispersion, composites)
