"""From a judged row to the result of one school stage: exact values, outcomes, reasons and exceptions used."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from junheng.core.fields import FieldDictionary
from junheng.core.indicators import DEGREES_ABOVE, FORMULAS, VISITING, Formula
from junheng.core.rounding import rounded
from junheng.core.school_rule import floor_share, threshold
from junheng.core.stages import MAX_PUPILS, Rules
from junheng.core.standard import ResourceIndicator, Stage
from junheng.core.verdict import IndicatorResult, Outcome, Reason, SchoolResult

_FLAG = {1: Outcome.MET, 0: Outcome.NOT_MET, None: Outcome.CANNOT_TELL}
_WHOLE = Fraction(1)
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class _Limits:
    """Threshold and floor of an indicator for a stage; `rough` are the same as floats."""

    exact: tuple[Fraction, Fraction]
    rough: tuple[float, float]

    @classmethod
    def of(cls, limit: Fraction, floor: Fraction) -> "_Limits":
        return cls((limit, floor), (float(limit), float(floor)))

    def rounding_flips(self, value: Fraction, rough: float, decimals: int, outcomes: tuple[Outcome, Outcome]) -> bool:
        """Whether the printed value would meet the threshold or the floor when the exact one does not, or the reverse.

        `rough` is the value as a float: where it is far from both, nothing exact needs to be asked.
        """
        step = 10.0**-decimals  # twice as far as rounding moves a value
        if abs(rough - self.rough[0]) > step and abs(rough - self.rough[1]) > step:
            return False
        shown = rounded(value, decimals)
        return any(
            (shown >= limit) != (outcome is Outcome.MET) for limit, outcome in zip(self.exact, outcomes, strict=True)
        )


class RowReader:
    """Reads judged rows (see `junheng.core.stages`) that also hold the facts of their school and stage."""

    def __init__(self, rules: Rules, dictionary: FieldDictionary) -> None:
        self.rules = rules
        self.dictionary = dictionary
        self.limits = {
            (entry.id, stage): self._limits(entry, stage) for entry in rules.standard.indicators for stage in Stage
        }

    def _limits(self, entry: ResourceIndicator, stage: Stage) -> _Limits | None:
        """None when the standard sets no threshold."""
        if not entry.thresholds:
            return None
        limit = threshold(entry, stage, self.rules)
        return _Limits.of(limit, limit * floor_share(self.rules))

    def school(self, row: Row) -> SchoolResult:
        """The result of one school stage. Without a school rule it is met when every value is known."""
        stage, share = Stage(row["stage"]), _share(row)
        results = tuple(self._indicator(entry, stage, share, row) for entry in self.rules.standard.indicators)
        outcome = _FLAG[row["school"]]
        if self.rules.standard.school_rule is None:
            outcome = Outcome.CANNOT_TELL if any(entry.value is None for entry in results) else Outcome.MET
        return SchoolResult(
            school_id=row["school_id"],
            school_name=row["school_name"] or row["school_id"],
            school_type=row["school_type"] or "",
            stage=stage,
            student_count=row["student_count"],
            outcome=outcome,
            met_count=sum(entry.outcome is Outcome.MET for entry in results),
            floor_count=sum(entry.floor_outcome is Outcome.MET for entry in results),
            indicators=results,
            reasons=tuple(dict.fromkeys(entry.reason for entry in results if entry.reason is not None)),
        )

    def _indicator(self, entry: ResourceIndicator, stage: Stage, share: Fraction | None, row: Row) -> IndicatorResult:
        n, d = row[f"n_{entry.id}"], row[f"d_{entry.id}"]
        limits = self.limits[entry.id, stage]
        if n is None or d is None:
            return self._unknown(entry, row, limits)
        formula = FORMULAS[entry.formula]
        above, below = n * entry.per_students, d * formula.scale
        value = Fraction(above, below)
        outcomes = (Outcome.MET, Outcome.MET)
        if limits is not None:
            outcomes = (_FLAG[row[f"m_{entry.id}"]], _FLAG[row[f"f_{entry.id}"]])
        return IndicatorResult(
            indicator_id=entry.id,
            outcome=outcomes[0],
            floor_outcome=outcomes[1],
            value=value,
            threshold=limits.exact[0] if limits else None,
            numerator=Fraction(n * row["student_count"], below),
            share=share if formula.is_shared else _WHOLE,
            is_rounding_sensitive=limits is not None
            and limits.rounding_flips(value, above / below, entry.decimals, outcomes),
            exceptions=self._exceptions_used(entry, row) if self.rules.exceptions else (),
        )

    def _unknown(self, entry: ResourceIndicator, row: Row, limits: _Limits | None) -> IndicatorResult:
        return IndicatorResult(
            indicator_id=entry.id,
            outcome=Outcome.CANNOT_TELL,
            floor_outcome=Outcome.CANNOT_TELL,
            value=None,
            threshold=limits.exact[0] if limits else None,
            numerator=None,
            share=None,
            reason=self._missing(entry, row),
        )

    def _missing(self, entry: ResourceIndicator, row: Row) -> Reason:
        """Why a value cannot be told: the labels of the facts that are missing, or that one is impossible."""
        labels = [
            self.dictionary.field(table, name).label
            for table, name in (*_asked(FORMULAS[entry.formula], row), *self._asked_by_exceptions(entry, row))
            if row.get(name) is None
        ]
        if not labels and _is_out_of_range(entry, row):
            return Reason("out-of-range", f"{entry.short_name}:数值小于0或大得不可能,请核对数据和单位。")
        if not labels:
            labels = ["学校类别和各学段（含高中）学生数"]
        return Reason("missing-facts", f"{entry.short_name}:缺少“{'”“'.join(labels)}”。")

    def _asked_by_exceptions(self, entry: ResourceIndicator, row: Row) -> list[tuple[str, str]]:
        """The facts that exceptions which are switched on need for this indicator of this school."""
        asked = []
        if self._is_small_rural(entry, row) is not False:
            asked += [("schools", "area_type"), *(("stages", name) for name in VISITING)]
        if self.rules.effect("count_converted_and_leased_sports_area", entry.id) and row["is_dense_inner_city"]:
            asked += [("schools", "converted_sports_area"), ("schools", "leased_sports_area")]
        return asked

    def _is_small_rural(self, entry: ResourceIndicator, row: Row) -> bool | None:
        """Whether visiting teachers count here (None while it cannot be told); False when the exception is switched off."""
        visiting = self.rules.effect("count_visiting_teachers", entry.id)
        if visiting is None or row["is_rural"] is False:
            return False
        low, high = (self.rules.number(visiting, name) for name in ("student_minimum", "student_maximum"))
        if row["school_pupils"] is None:
            return None
        return row["is_rural"] if low <= row["school_pupils"] <= high else False

    def _exceptions_used(self, entry: ResourceIndicator, row: Row) -> tuple[str, ...]:
        used = []
        visiting = self.rules.effect("count_visiting_teachers", entry.id)
        if visiting is not None and self._is_small_rural(entry, row) and any(row[name] for name in VISITING):
            used.append(visiting.id)
        sports = self.rules.effect("count_converted_and_leased_sports_area", entry.id)
        if sports is not None and row["is_dense_inner_city"]:
            used += [sports.id] if row["converted_sports_area"] or row["leased_sports_area"] else []
        return tuple(used)


def _asked(formula: Formula, row: Row) -> list[tuple[str, str]]:
    """The facts that a value of this stage needs."""
    needed = formula.required_stage_fields
    if formula.name == "above_standard_teachers":
        needed = DEGREES_ABOVE[Stage(row["stage"])]
    elif row.get("is_art_count_total") and "art_teacher_count" in needed:
        needed = ("pe_teacher_count", "art_teacher_count")
    return [("stages", name) for name in ("student_count", *needed)] + [
        ("schools", name) for name in formula.school_fields
    ]


def _is_out_of_range(entry: ResourceIndicator, row: Row) -> bool:
    """Whether a value is unknown although every fact is there: an amount or a number of pupils beyond all bounds."""
    return not 0 <= row["student_count"] <= MAX_PUPILS or row[f"x_{entry.id}"] is None


def _share(row: Row) -> Fraction | None:
    """The part of the school's resource that this stage takes; None where it cannot be told."""
    if row["weighted_total"] is None:
        return None
    weighted = row["weight"] * row["student_count"]
    return _WHOLE if weighted == row["weighted_total"] else Fraction(weighted, row["weighted_total"])
