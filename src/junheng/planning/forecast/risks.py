"""Which school will break which rule in which year, and how likely: the futures held against the standard.

Resources stay as they are today (areas, rooms, equipment, teachers, classes); only pupils change. So a probability says what
comes if nothing is done.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from fractions import Fraction
from math import floor
from typing import Any

import numpy as np
from numpy.typing import NDArray

from junheng.core.errors import InputError
from junheng.core.facts import Facts
from junheng.core.findings import Finding, Level, Location
from junheng.core.indicators import FORMULAS
from junheng.core.item_formulas.roll import Roll, SchoolRecord
from junheng.core.stages import Rules, per_student_threshold, stage_rows
from junheng.core.standard import ResourceIndicator, Stage, Standard
from junheng.planning.forecast.history import Row
from junheng.planning.forecast.model import Forecast

Pupils = NDArray[np.int64]
Bounds = tuple[Fraction | None, ...]


class RiskKind(StrEnum):
    """What may be broken."""

    SCHOOL_SIZE = "school_size"
    CLASS_SIZE = "class_size"
    INDICATOR = "indicator"
    SMALL_POINT = "teaching_point_minimum"
    SMALL_SCHOOL = "small_school_funding"

    @property
    def label(self) -> str:
        """What the rule is about, in Chinese."""
        return _LABELS[self]


_LABELS = {
    RiskKind.SCHOOL_SIZE: "学校规模",
    RiskKind.CLASS_SIZE: "班额",
    RiskKind.INDICATOR: "资源配置",
    RiskKind.SMALL_POINT: "不足教学点评估规模",
    RiskKind.SMALL_SCHOOL: "不足小规模学校经费线",
}


@dataclass(frozen=True, slots=True)
class Risk:
    """One rule and one school (with `stage` where it is judged by stage).

    `rule` is the rule's label and `bounds[year]` its number in that year, exactly as the standard has it (None: not in force).
    `probabilities[year]` is the share of futures in which the rule is broken, None where it is not in force; years are those of
    the table. `is_broken_today` says the same of the year the forecast starts from (None: not in force then).
    """

    kind: RiskKind
    rule: str
    rule_id: str
    school_id: str
    school_name: str
    stage: Stage | None
    unit: str
    bounds: Bounds
    probabilities: tuple[float | None, ...]
    is_broken_today: bool | None

    @property
    def highest(self) -> float:
        """The largest probability of all years; 0 when none can be told."""
        return max((value for value in self.probabilities if value is not None), default=0.0)


@dataclass(frozen=True)
class Risks:
    """The whole county in one table: every rule of every school, by year. `findings` say what could not be told."""

    years: tuple[int, ...]
    rows: tuple[Risk, ...]
    findings: tuple[Finding, ...]

    def above(self, probability: float) -> tuple[Risk, ...]:
        """The rows that reach a probability in some year, the most likely first."""
        chosen = (row for row in self.rows if row.highest >= probability and row.highest > 0)
        return tuple(
            sorted(chosen, key=lambda row: (-row.highest, row.kind, row.rule_id, row.school_id, row.stage or ""))
        )


@dataclass(frozen=True)
class _Case:
    """Pupils of rows that are known, and the rules on the last day of each year."""

    roll: Roll
    stages: Sequence[Mapping[str, Any]]
    rules: tuple[Rules, ...]
    known: Mapping[Row, Pupils]
    findings: list[Finding]

    def pupils(self, school_id: str, stage: Stage) -> Pupils | None:
        """[year, simulation] of a stage, None when it is not forecast."""
        return self.known.get((school_id, stage))

    def school_pupils(self, school: SchoolRecord) -> Pupils | None:
        """[year, simulation] of all compulsory stages, None when one is not forecast or there is none."""
        total: Pupils | None = None
        for stage in school.stages:
            pupils = self.pupils(school.id, stage)
            if pupils is None:
                return None
            total = pupils if total is None else total + pupils
        return total

    def lack(self, where: str, what: str, subject: str) -> None:
        """Notes that a rule of a school cannot be told."""
        text = f"{where}缺少{what},预测不出会不会突破这条线。"
        self.findings.append(
            Finding(Level.WARNING, "forecast-risk-unknown", text, "请补报后重新预测。", Location(subject=subject))
        )


@dataclass(frozen=True, slots=True)
class _Rule:
    kind: RiskKind
    label: str
    id: str
    unit: str = "人"


def risks(forecast: Forecast, facts: Facts, standard: Standard) -> Risks:
    """The probability of breaking each rule of the standard, per school and year, with the resources that `facts` hold today.

    Rules: the size of schools, pupils beyond what the present classes may hold (even if shared out evenly), every resource
    indicator, and falling below the sizes that the standard names for teaching points and for funding. A rule that a standard
    does not have is left out. Schools that exist in the forecast alone (openings) have no facts yet; a finding says so.
    InputError when the facts are not those the forecast starts from.
    """
    if facts.year + 1 != forecast.years[0]:
        raise InputError(f"风险要用 {forecast.years[0] - 1} 年的数据来看,现在给的是 {facts.year} 年的。")
    roll, findings, rules = Roll(facts), list[Finding](), _rules(standard, forecast.years)
    frame = stage_rows(facts.table("schools"), facts.table("stages"), rules[0])
    stages = sorted(frame.rows(named=True), key=lambda entry: (entry["school_id"], entry["stage"]))
    rows = {row: place for place, row in enumerate(forecast.rows) if forecast.is_known[place]}
    findings += _about_openings(forecast, roll)
    drawn = {row: forecast.draws[place].astype(np.int64) for row, place in rows.items()}
    ahead = _Case(roll, stages, rules, drawn, findings)
    present = {row: forecast.present[place : place + 1, None] for row, place in rows.items()}
    today = _Case(roll, stages, _rules(standard, (facts.year,)), present, [])
    table = zip(_table(ahead), _table(today), strict=True)
    return Risks(forecast.years, tuple(_with_today(row, now) for row, now in table), tuple(findings))


def _about_openings(forecast: Forecast, roll: Roll) -> Iterator[Finding]:
    there = {school.id for school in roll.everyone}
    for school_id in dict.fromkeys(row[0] for row in forecast.rows if row[0] not in there):
        name = forecast.name(school_id)
        text = f"{name}今年的数据里没有,不知道校舍、班级和教师,不列它的风险。"
        yield Finding(Level.INFO, "forecast-risk-no-facts", text, "学校建成填报后即可列出。", Location(subject=name))


def _rules(standard: Standard, years: Iterable[int]) -> tuple[Rules, ...]:
    return tuple(Rules.resolve(standard, date(year, 12, 31)) for year in years)


def _table(case: _Case) -> Iterator[Risk]:
    yield from _school_sizes(case)
    yield from _class_sizes(case)
    yield from _indicators(case)
    yield from _small_schools(case)


def _with_today(row: Risk, now: Risk) -> Risk:
    (probability,) = now.probabilities
    return replace(row, is_broken_today=None if probability is None else probability > 0)


def _item_values(case: _Case, formula: str, name: str) -> tuple[str, Bounds] | None:
    """The id of the standard's item with that formula, and one of its numbers year by year; None when it has no such item."""
    for item in case.rules[0].standard.items:
        if item.formula == formula and name in item.params:
            found = (item.params[name].on(rules.on) for rules in case.rules)
            return item.id, tuple(None if entry is None else entry.value for entry in found)
    return None


def _shares(broken_above: Sequence[int | None], pupils: Pupils, *, is_below: bool = False) -> tuple[float | None, ...]:
    """The share of futures above (or below) the number of each year; a closed school is not a small one."""
    found: list[float | None] = []
    for year, bound in enumerate(broken_above):
        if bound is None:
            found.append(None)
        else:
            broken = (pupils[year] > 0) & (pupils[year] < bound) if is_below else pupils[year] > bound
            found.append(int(np.count_nonzero(broken)) / broken.size)
    return tuple(found)


def _whole(bounds: Sequence[Fraction | None]) -> list[int | None]:
    return [None if bound is None else floor(bound) for bound in bounds]


def _school_sizes(case: _Case) -> Iterator[Risk]:
    for school in case.roll.schools:
        name = "integrated_limit" if school.is_integrated else "single_stage_limit"
        limit = _item_values(case, "school_size", name)
        pupils = case.school_pupils(school)
        if limit is not None and pupils is not None:
            item_id, bounds = limit
            probabilities = _shares(_whole(bounds), pupils)
            yield _risk(_Rule(RiskKind.SCHOOL_SIZE, "学校规模超限", item_id), school, None, bounds, probabilities)


def _class_sizes(case: _Case) -> Iterator[Risk]:
    for school in case.roll.schools:
        for stage in school.stages:
            limit = _item_values(case, "class_size", f"{stage.value}_limit")
            pupils = case.pupils(school.id, stage)
            if limit is None or pupils is None:
                continue
            item_id, bounds = limit
            classes = _class_count(case, school, stage)
            if classes is None:
                case.lack(school.name, "班级数", school.name)
                continue
            most = [None if bound is None else floor(bound) * classes for bound in bounds]
            probabilities = _shares(most, pupils)
            yield _risk(_Rule(RiskKind.CLASS_SIZE, "现有班级装不下", item_id), school, stage, bounds, probabilities)


def _class_count(case: _Case, school: SchoolRecord, stage: Stage) -> int | None:
    summary = case.roll.classes.get((school.id, stage.value))
    if summary is not None:
        return summary.count
    count: int | None = school.stages[stage]["class_count"]
    return count


def _small_schools(case: _Case) -> Iterator[Risk]:
    least = case.rules[0].standard.scope.teaching_point_minimum
    funding = _item_values(case, "small_school_funding", "counted_as")
    for school in case.roll.schools:
        pupils = case.school_pupils(school)
        if pupils is None:
            continue
        if least is not None and school.school_type == "teaching_point":
            rows = [least.on(rules.on) for rules in case.rules]
            bounds = tuple(None if row is None else row.value for row in rows)
            yield _below(_Rule(RiskKind.SMALL_POINT, "教学点不足评估规模", "scope"), school, bounds, pupils)
        if funding is not None:
            rule = _Rule(RiskKind.SMALL_SCHOOL, "不足小规模学校经费线", funding[0])
            yield _below(rule, school, funding[1], pupils)


def _below(rule: _Rule, school: SchoolRecord, bounds: Bounds, pupils: Pupils) -> Risk:
    lowest = [None if bound is None else -floor(-bound) for bound in bounds]
    return _risk(rule, school, None, bounds, _shares(lowest, pupils, is_below=True))


def _indicators(case: _Case) -> Iterator[Risk]:
    """Every resource indicator of every stage that is judged today: too many pupils for what there is."""
    by_school: dict[str, list[Mapping[str, Any]]] = {}
    for row in case.stages:
        by_school.setdefault(row["school_id"], []).append(row)
    for row in case.stages:
        school, stage = case.roll.by_id.get(row["school_id"]), Stage(row["stage"])
        if school is None or row["exclusion"]:
            continue
        pupils = case.pupils(school.id, stage)
        if pupils is None:
            continue
        shared = _weighted(case, by_school[school.id], row, pupils)
        for entry in case.rules[0].standard.indicators:
            if stage in entry.thresholds:
                yield from _indicator(case, entry, school, row, shared if FORMULAS[entry.formula].is_shared else pupils)


def _indicator(
    case: _Case, entry: ResourceIndicator, school: SchoolRecord, row: Mapping[str, Any], pupils: Pupils | None
) -> Iterator[Risk]:
    """A value is below its threshold when the pupils are more than numerator ÷ threshold, which whole numbers say exactly."""
    stage, numerator = Stage(row["stage"]), row[f"n_{entry.id}"]
    if numerator is None or pupils is None:
        case.lack(school.name, entry.short_name, school.name)
        return
    found = [entry.thresholds[stage].on(rules.on) for rules in case.rules]
    bounds = tuple(None if dated is None else dated.value for dated in found)
    most = [floor(numerator / per_student_threshold(entry, bound)) if bound else None for bound in bounds]
    rule = _Rule(RiskKind.INDICATOR, f"{entry.short_name}低于标准", entry.id, entry.unit)
    yield _risk(rule, school, stage, bounds, _shares(most, pupils))


def _weighted(case: _Case, stages: Sequence[Mapping[str, Any]], row: Mapping[str, Any], own: Pupils) -> Pupils | None:
    """Weighted pupils of all stages that share the school's resources, senior pupils as today; None when they are not known."""
    if row["weighted_total"] is None:
        return None
    if row["weighted_total"] == row["weight"] * row["pupils"]:
        return own * int(row["weight"])
    seniors = row["weighted_total"] - sum(other["weight"] * other["student_count"] for other in stages)
    total: Pupils = np.full_like(own, seniors)
    for other in stages:
        pupils = case.pupils(other["school_id"], Stage(other["stage"]))
        if pupils is None:
            return None
        total += pupils * int(other["weight"])
    return total


def _risk(
    rule: _Rule, school: SchoolRecord, stage: Stage | None, bounds: Bounds, probabilities: tuple[float | None, ...]
) -> Risk:
    return Risk(
        kind=rule.kind,
        rule=rule.label,
        rule_id=rule.id,
        school_id=school.id,
        school_name=school.name,
        stage=stage,
        unit=rule.unit,
        bounds=bounds,
        probabilities=probabilities,
        is_broken_today=None,
    )
