"""What has to agree between the engine and the oracle, spelled out field by field: for one county, and for one of a nation."""

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from math import sqrt
from typing import Any

from junheng.core.indicators import FORMULAS
from junheng.core.resources import ResourceResults
from junheng.core.standard import DispersionMode, Stage, Standard
from junheng.core.verdict import DispersionResult, Outcome, SchoolResult
from tests.oracle.resource_oracle import OracleCounty, OracleDispersion, OracleSchool

FLAG = {Outcome.MET: 1, Outcome.NOT_MET: 0, Outcome.CANNOT_TELL: None}
SLACK = 2.0**-39
WIDEST_BAND = 2.0**-24


def disagreements(results: ResourceResults, oracle: OracleCounty, standard: Standard) -> list[str]:
    """Every difference, as text; empty when the two agree."""
    found = list(_schools(results, oracle, standard))
    found += _excluded(results, oracle)
    found += _dispersion(results, oracle, standard)
    return found + list(_composites(results, oracle))


def _schools(results: ResourceResults, oracle: OracleCounty, standard: Standard) -> Iterator[str]:
    keys = [entry.key for entry in results.schools]
    if len(set(keys)) != len(keys) or set(keys) != set(oracle.schools):
        yield f"judged stages: {sorted(keys)} / {sorted(oracle.schools)}"
        return
    for entry in results.schools:
        yield from _school(entry, oracle.schools[entry.key], standard)


def _school(entry: SchoolResult, expected: OracleSchool, standard: Standard) -> Iterator[str]:
    if entry.student_count != expected.students:
        yield f"{entry.key} students: {entry.student_count} / {expected.students}"
    if standard.school_rule is not None:
        ours = (entry.outcome, entry.met_count, entry.floor_count)
        if ours != (expected.outcome, expected.met_count, expected.floor_count):
            yield f"{entry.key} rule: {ours} / {expected}"
    for result in entry.indicators:
        other = expected.indicators[result.indicator_id]
        if (result.value, result.value and result.numerator) != (other.value, other.value and other.numerator):
            yield f"{entry.key} {result.indicator_id}: {result} / {other}"
        if result.threshold is not None:
            outcomes = (result.outcome, result.floor_outcome)
            if outcomes != (other.outcome, other.floor_outcome):
                yield f"{entry.key} {result.indicator_id}: {outcomes} / {other}"


def _excluded(results: ResourceResults, oracle: OracleCounty) -> Iterator[str]:
    ours = {(entry.school_id, entry.code) for entry in results.excluded}
    if ours != set(oracle.excluded.items()):
        yield f"excluded: {ours} / {oracle.excluded}"
    if any(not entry.clause or not entry.text for entry in results.excluded):
        yield f"excluded without a clause: {results.excluded}"


def _dispersion(results: ResourceResults, oracle: OracleCounty, standard: Standard) -> Iterator[str]:
    keys = [(entry.indicator_id, entry.stage.value) for entry in results.dispersion]
    if keys != list(oracle.dispersion):
        yield f"coefficients: {keys} / {list(oracle.dispersion)}"
    is_each = standard.dispersion is not None and standard.dispersion.mode is DispersionMode.EACH
    for entry in results.dispersion:
        expected = oracle.dispersion[entry.indicator_id, entry.stage.value]
        if (entry.mean, entry.school_count, entry.missing_count, entry.mean_outcome) != (
            expected.mean,
            expected.school_count,
            expected.missing_count,
            expected.mean_outcome,
        ):
            yield f"{entry.indicator_id} {entry.stage}: {_short(entry)} / {expected}"
        if is_each and entry.outcome is not expected.outcome:
            yield f"{entry.indicator_id} {entry.stage}: {_short(entry)} / {expected}"
        if not is_close(entry.coefficient, expected, oracle, entry.stage, standard):
            yield f"{entry.indicator_id} {entry.stage}: {entry.coefficient!r} / {sqrt(expected.squared or 0)!r}"


def _short(entry: DispersionResult) -> str:
    return f"{entry.outcome} {entry.coefficient!r} mean {entry.mean} {entry.school_count}/{entry.missing_count}"


def is_close(
    coefficient: float | None, expected: OracleDispersion, oracle: OracleCounty, stage: Stage, standard: Standard
) -> bool:
    """Whether the coefficient is the exact one, as far as integer sums that are rounded down allow.

    With n rows, Q = Σ⌊q⌋ loses less than n and S = Σ⌊s⌋ loses less than n, so P·Q/S² is off by less than (n/Q + 2n/S),
    relatively, and a little more for the floats. Where that is more than 2⁻²⁴ the coefficient is taken from the rows.
    """
    if coefficient is None or expected.squared is None:
        return coefficient is None and expected.squared is None
    indicator = next(key[0] for key, value in oracle.dispersion.items() if value is expected)
    entry = standard.indicator(indicator)
    formula = FORMULAS[entry.formula]
    total, squares = Fraction(0), Fraction(0)
    for key, school in oracle.schools.items():
        if key[1] == stage.value:
            value = (school.indicators[indicator].value or Fraction(0)) * formula.scale / entry.per_students
            total += value * (school.students or 0)
            squares += value * value * (school.students or 0)
    count = expected.school_count
    sums, powers = total * 2**formula.sum_shift, squares * Fraction(2.0**formula.square_shift)
    band = min(float(2 * count / sums + count / powers) * 2, WIDEST_BAND) + SLACK
    ratio = coefficient * coefficient + 1.0
    return abs(ratio - float(expected.squared + 1)) <= band * ratio


def _composites(results: ResourceResults, oracle: OracleCounty) -> Iterator[str]:
    for entry in results.composites:
        expected = oracle.composites[entry.stage.value]
        if entry.outcome is not expected.outcome:
            yield f"composite {entry.stage}: {entry.outcome} {entry.value} / {expected}"
        if (entry.value is None) != (expected.value is None):
            yield f"composite {entry.stage}: {entry.value} / {expected}"
        known = [item.coefficient for item in results.dispersion if item.stage is entry.stage]
        if entry.value is not None and not _is_mean(entry.value, known):
            yield f"composite {entry.stage}: {entry.value} is not the mean of {known}"


def _is_mean(value: float, known: list[float | None]) -> bool:
    mean = sum((Fraction(entry or 0) for entry in known), Fraction(0)) / len(known)
    return abs(Fraction(value) - mean) <= Fraction(1, 10**14) * (1 + mean)


# ---- one county of a nation

Rows = Sequence[Mapping[str, Any]]


def nation_disagreements(rows: Rows, stages: Rows, oracle: OracleCounty, standard: Standard) -> list[str]:
    """The same for the rows of one county in `NationResult.rows` and `.stages`: flags, counts, scope and coefficients."""
    judged = {(row["school_id"], row["stage"]): row for row in rows if row["exclusion"] == 0}
    excluded = {row["school_id"] for row in rows if row["exclusion"] != 0}
    found = [] if excluded == set(oracle.excluded) else [f"excluded: {excluded} / {oracle.excluded}"]
    if set(judged) != set(oracle.schools):
        return [*found, f"judged stages: {sorted(judged)} / {sorted(oracle.schools)}"]
    for key, row in judged.items():
        found += _nation_school(row, oracle.schools[key], standard)
    by_stage = {row["stage"]: row for row in stages}
    if set(by_stage) != {stage for _, stage in judged}:
        return [*found, f"stages: {sorted(by_stage)} / {sorted(judged)}"]
    for stage, row in by_stage.items():
        found += _nation_stage(Stage(stage), row, oracle, standard)
    return found


def _nation_school(row: Mapping[str, Any], expected: OracleSchool, standard: Standard) -> Iterator[str]:
    ours: list[Any] = [row["student_count"]]
    theirs: list[Any] = [expected.students]
    if standard.school_rule is not None:
        ours.append(row["school"])
        theirs.append(FLAG[expected.outcome])
    for entry in standard.indicators:
        other = expected.indicators[entry.id]
        is_missing = row[f"n_{entry.id}"] is None or row[f"d_{entry.id}"] is None
        ours.append(is_missing)
        theirs.append(other.value is None)
        if f"m_{entry.id}" in row:
            ours += [row[f"m_{entry.id}"], row[f"f_{entry.id}"]]
            theirs += [FLAG[other.outcome], FLAG[other.floor_outcome]]
    if ours != theirs:
        yield f"{row['school_id']} {row['stage']}: {ours} / {theirs}"


def _nation_stage(stage: Stage, row: Mapping[str, Any], oracle: OracleCounty, standard: Standard) -> Iterator[str]:
    if standard.school_rule is not None:
        outcomes = [entry.outcome for key, entry in oracle.schools.items() if key[1] == stage.value]
        counts = [row["met"], row["not_met"], row["unknown"]]
        if counts != [outcomes.count(each) for each in FLAG]:
            yield f"{stage}: {counts} / {outcomes}"
    is_each = standard.dispersion is not None and standard.dispersion.mode is DispersionMode.EACH
    for entry in standard.indicators:
        expected = oracle.dispersion.get((entry.id, stage.value))
        if expected is None:
            continue
        coefficient = row[f"cv_{entry.id}"]
        if is_each and row[f"ok_{entry.id}"] != FLAG[expected.outcome]:
            yield f"{entry.id} {stage}: {row[f'ok_{entry.id}']} / {expected}"
        if not is_close(coefficient, expected, oracle, stage, standard):
            yield f"{entry.id} {stage}: {coefficient!r} / {sqrt(expected.squared or 0)!r}"
