"""A county as numbers: what every judged school stage has in the target year without measures, and what it lacks.

Rows are judged school stages (R of them), in the order of `County.rows`; K indicators in that of the standard. Amounts are
in *units*: a teacher, or one lump of a material in the whole school. What a stage lacks is an exact whole number of units
(negative: it has so many to spare); `base` and `step` give the indicator in thresholds: X = base + step · units.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil
from typing import Any

import numpy as np
from numpy.typing import NDArray

from junheng.core.findings import Finding, Level, Location
from junheng.core.indicators import DEGREES_ABOVE
from junheng.core.school_rule import floor_share, in_force, required_met, threshold
from junheng.core.stages import STAGES_OF_TYPE, per_student_threshold
from junheng.core.standard import ResourceIndicator, Stage
from junheng.planning.plan.futures import classes_to_open
from junheng.planning.plan.limits import RowKey
from junheng.planning.plan.measures import (
    ABOVE_STANDARD,
    BACKBONE,
    KINDS,
    MATERIALS,
    PE_ART,
    SPECS,
    TRAIT_OF_FORMULA,
    Measure,
)
from junheng.planning.plan.problem import Problem, error

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
_SQUARE_METRE = 100
_SUBJECTS = ("pe_teacher_count", "music_teacher_count", "fine_art_teacher_count", "art_teacher_count")


@dataclass(frozen=True)
class County:
    """Arrays of one problem; see the module.

    `people[r, kind]` are today's teachers by kind, `zone_of[r]` the zone within which they may move, `lever` the trait (people)
    or the material each indicator follows from, `cv_limits[stage]` the limits less the margin (infinite where none is judged).
    Where county means are judged, `mean_lacks[stage, indicator]` is what the sum lacks: whole units of every row alike where
    `is_mean_whole`, else thresholds times pupils.
    """

    rows: tuple[RowKey, ...]
    schools: tuple[str, ...]
    school_of: Ints
    stage_of: Ints
    pupils: Floats
    indicators: tuple[ResourceIndicator, ...]
    lever: tuple[int | Measure, ...]
    base: Floats
    step: Floats
    to_floor: Ints
    to_met: Ints
    people: Ints
    is_movable: Bools
    required: int
    cv_limits: tuple[float, float]
    mean_lacks: Mapping[tuple[int, int], Fraction]
    is_mean_whole: Mapping[tuple[int, int], bool]
    demands: Mapping[tuple[str, Measure], int]
    classes: Mapping[RowKey, int]
    zone_of: Ints

    @property
    def has_rule(self) -> bool:
        """Whether schools are judged one by one."""
        return self.required > 0

    def pools(self) -> Iterator[Ints]:
        """The rows between which teachers may move: one stage and one zone each."""
        for stage in (0, 1):
            for zone in np.unique(self.zone_of):
                rows = np.flatnonzero((self.stage_of == stage) & (self.zone_of == zone))
                if len(rows):
                    yield rows

    def members(self, stage: int) -> Ints:
        """The rows of a stage (0 primary, 1 junior)."""
        return np.flatnonzero(self.stage_of == stage)


def county_findings(problem: Problem) -> tuple[Finding, ...]:
    """Facts of judged schools that cannot be told. Call it when `problem.findings` found no error."""
    rows = problem.judged_rows
    stages = _stage_facts(problem)
    found = [finding for row in rows for finding in _row_findings(problem, row, stages[row["school_id"], row["stage"]])]
    if not rows:
        found.append(error("plan-no-school", "目标年度没有纳入评估的学校，不能做规划。", "请核对学校类别和学生数。"))
    return (*found, *_class_findings(problem))


def _row_findings(problem: Problem, row: Mapping[str, Any], facts: Mapping[str, Any]) -> Iterator[Finding]:
    school = row["school_id"]
    name = f"{problem.school_names[school]}（{'小学' if row['stage'] == Stage.PRIMARY else '初中'}）"
    if row["pupils"] is None:
        text = f"{name}在目标年度的学生数缺失或不可能，各项指标无法判定。"
        yield error("plan-no-pupils", text, "请补填学生数，或核对预测；不再办学的填 0。", school)
        return
    for entry in problem.standard.indicators:
        if row[f"n_{entry.id}"] is None or row[f"d_{entry.id}"] is None:
            text = f"{name}缺少“{entry.name}”所需的数据。"
            yield error("plan-fact-missing", text, "请补填后再做规划；确实没有的填 0。", school)
    if facts["full_time_teacher_count"] is None:
        yield error("plan-fact-missing", f"{name}缺少专任教师数。", "请补填后再做规划。", school)
    elif any((count or 0) > facts["full_time_teacher_count"] for count in trait_counts(facts, row["stage"])):
        text = f"{name}的高学历、骨干或体艺教师多于专任教师。"
        yield error("plan-teacher-facts", text, "请核对教师数。", school)


def _class_findings(problem: Problem) -> Iterator[Finding]:
    if problem.item("class_size") is None or Measure.OPEN_CLASS not in problem.limits.allowed:
        return
    known = {(row["school_id"], row["stage"]) for row in problem.facts.table("classes").rows(named=True)}
    lacking = [key for key in _stage_facts(problem) if key not in known]
    if lacking:
        text = f"{len(lacking)} 个学段没有班级数据，班额无法规划，例如{problem.school_names.get(lacking[0][0], lacking[0][0])}。"
        yield Finding(
            Level.WARNING,
            "plan-no-classes",
            text,
            "请补填班级表；规划仍会安排其他措施。",
            Location(subject=lacking[0][0]),
        )


def trait_counts(facts: Mapping[str, Any], stage: str) -> tuple[int | None, int | None, int | None]:
    """Teachers above standard, backbone teachers, PE and art teachers of one stage row; None where a part is missing."""
    subjects = _SUBJECTS[:1] + _SUBJECTS[3:] if facts["is_art_count_total"] else _SUBJECTS
    return (
        _sum(facts, DEGREES_ABOVE[Stage(stage)]),
        facts["backbone_teacher_count"],
        _sum(facts, subjects),
    )


def kinds_of(teachers: int, above: int, backbone: int, arts: int) -> tuple[int, ...]:
    """How many teachers of each of the eight kinds a stage has, from its totals.

    Facts tell totals, not persons. As few persons as possible are taken to count twice as backbone and as PE or art teachers, and
    degrees are taken to be held by these first: no plan then rests on a teacher with all traits who may not exist.
    """
    both = max(0, backbone + arts - teachers)
    groups = {BACKBONE | PE_ART: both, BACKBONE: backbone - both, PE_ART: arts - both}
    groups[0] = teachers - sum(groups.values())
    counts = [0] * KINDS
    for traits, count in groups.items():
        held = min(count, above)
        above -= held
        counts[traits | ABOVE_STANDARD] = held
        counts[traits] = count - held
    return tuple(counts)


def build_county(problem: Problem) -> County:
    """The arrays of a problem without findings that block."""
    rows = problem.judged_rows
    stages = _stage_facts(problem)
    schools = sorted({row["school_id"] for row in rows})
    indicators = problem.standard.indicators
    lever = tuple(_lever(entry) for entry in indicators)
    cells = [[_cell(problem, row, entry, how) for entry, how in zip(indicators, lever, strict=True)] for row in rows]
    kinds = [_kinds(stages[row["school_id"], row["stage"]], row["stage"]) for row in rows]
    classes = _classes(problem)
    lacks, wholes = _means(problem, rows, cells)
    return County(
        rows=tuple((row["school_id"], row["stage"]) for row in rows),
        schools=tuple(schools),
        school_of=np.array([schools.index(row["school_id"]) for row in rows], dtype=np.int64),
        stage_of=np.array([int(row["stage"] == Stage.JUNIOR) for row in rows], dtype=np.int64),
        pupils=np.array([row["pupils"] for row in rows], dtype=np.float64),
        indicators=indicators,
        lever=lever,
        base=np.array([[float(cell.value) for cell in line] for line in cells]),
        step=np.array([[float(cell.step) for cell in line] for line in cells]),
        to_floor=np.array([[cell.to_floor for cell in line] for line in cells], dtype=np.int64),
        to_met=np.array([[cell.to_met for cell in line] for line in cells], dtype=np.int64),
        people=np.array(kinds, dtype=np.int64),
        is_movable=_movable(problem, rows),
        required=required_met(problem.rules) if problem.standard.school_rule else 0,
        cv_limits=_cv_limits(problem),
        mean_lacks=lacks,
        is_mean_whole=wholes,
        demands=_demands(problem, classes),
        classes=classes,
        zone_of=_zones(problem, rows),
    )


def _zones(problem: Problem, rows: Sequence[Mapping[str, Any]]) -> Ints:
    """The zone of every row by number; 0 for all where there are no zones."""
    zones = problem.limits.zones
    names = sorted(set(zones.values()))
    return np.array([names.index(zones[row["school_id"]]) if zones else 0 for row in rows], dtype=np.int64)


def _means(
    problem: Problem, rows: Sequence[Mapping[str, Any]], cells: list[list["_Cell"]]
) -> tuple[dict[tuple[int, int], Fraction], dict[tuple[int, int], bool]]:
    """What the county's sums lack to the thresholds, exactly; nothing where the standard judges no means."""
    lacks: dict[tuple[int, int], Fraction] = {}
    wholes: dict[tuple[int, int], bool] = {}
    for stage, name in enumerate((Stage.PRIMARY, Stage.JUNIOR)):
        members = [place for place, row in enumerate(rows) if row["stage"] == name]
        for index in range(len(problem.standard.indicators) if problem.standard.county_mean_clause and members else 0):
            column = [(cells[place][index], int(rows[place]["pupils"])) for place in members]
            lack = sum(((1 - cell.value) * pupils for cell, pupils in column), Fraction(0))
            steps = {cell.step * pupils for cell, pupils in column}
            wholes[stage, index] = len(steps) == 1
            lacks[stage, index] = lack / steps.pop() if len(steps) == 1 else lack
    return lacks, wholes


@dataclass(frozen=True, slots=True)
class _Cell:
    value: Fraction
    step: Fraction
    to_floor: int
    to_met: int


def _cell(problem: Problem, row: Mapping[str, Any], entry: ResourceIndicator, lever: int | Measure) -> _Cell:
    limit = per_student_threshold(entry, threshold(entry, Stage(row["stage"]), problem.rules))
    have, whole = int(row[f"n_{entry.id}"]), int(row[f"d_{entry.id}"]) * limit
    unit = 1
    if isinstance(lever, Measure):
        unit = int(row["weight"]) * problem.limits.lump(lever) * SPECS[lever].scale
    floor = floor_share(problem.rules)
    return _Cell(have / whole, unit / whole, ceil((whole * floor - have) / unit), ceil((whole - have) / unit))


def _lever(entry: ResourceIndicator) -> int | Measure:
    if entry.formula in TRAIT_OF_FORMULA:
        return TRAIT_OF_FORMULA[entry.formula]
    return next(measure for measure in MATERIALS if entry.formula in SPECS[measure].formulas)


def _kinds(facts: Mapping[str, Any], stage: str) -> tuple[int, ...]:
    above, backbone, arts = (count or 0 for count in trait_counts(facts, stage))
    return kinds_of(facts["full_time_teacher_count"], above, backbone, arts)


def _movable(problem: Problem, rows: Sequence[Mapping[str, Any]]) -> Bools:
    """Rows that take part in moves: public schools, and private ones only where the limits say so."""
    public = {
        row["school_id"] for row in problem.facts.table("schools").rows(named=True) if row["ownership"] == "public"
    }
    is_open = [row["school_id"] in public or problem.limits.moves_include_private for row in rows]
    barred = [(row["school_id"], Measure.MOVE_TEACHER) in problem.limits.forbidden for row in rows]
    movable: Bools = np.array(is_open, dtype=bool) & ~np.array(barred, dtype=bool)
    return movable


def _cv_limits(problem: Problem) -> tuple[float, float]:
    rule = problem.standard.dispersion
    if rule is None:
        return (np.inf, np.inf)
    primary, junior = (
        float(in_force(rule.limits[stage], problem.rules, "差异系数上限").value - problem.limits.cv_margin)
        for stage in (Stage.PRIMARY, Stage.JUNIOR)
    )
    return (primary, junior)


def _classes(problem: Problem) -> Mapping[RowKey, int]:
    values = problem.item_values("class_size")
    if values is None or Measure.OPEN_CLASS not in problem.limits.allowed:
        return {}
    limits = {stage.value: int(values[f"{stage.value}_limit"]) for stage in Stage}
    tables = {"schools": problem.facts.table("schools"), "classes": problem.facts.table("classes")}
    rows = {name: [dict(row) for row in frame.rows(named=True)] for name, frame in tables.items()}
    lacking = classes_to_open(rows, problem.pupils[problem.target_year], limits)
    return {
        key: count for key, count in lacking.items() if (key[0], Measure.OPEN_CLASS) not in problem.limits.forbidden
    }


def _demands(problem: Problem, classes: Mapping[RowKey, int]) -> Mapping[tuple[str, Measure], int]:
    """Units that schools need whatever else is done: classes to open, music and art rooms to fit. Not where forbidden."""
    demands: dict[tuple[str, Measure], int] = {}
    for (school, _), count in classes.items():
        demands[school, Measure.OPEN_CLASS] = demands.get((school, Measure.OPEN_CLASS), 0) + count
    values = problem.item_values("music_and_art_rooms")
    if values is None:
        return demands
    tables = problem.tables_of(problem.target_year, classes)
    for purpose, measure in (("music", Measure.FIT_MUSIC_ROOM), ("fine_art", Measure.FIT_FINE_ART_ROOM)):
        if measure in problem.limits.allowed:
            least = ceil(values[f"{purpose}_area"] * _SQUARE_METRE)
            for school, count in _rooms_lacking(tables, values, purpose, least).items():
                if (school, measure) not in problem.limits.forbidden:
                    demands[school, measure] = count
    return demands


def _rooms_lacking(
    tables: Mapping[str, list[dict[str, Any]]], values: Mapping[str, Fraction], purpose: str, least: int
) -> dict[str, int]:
    classes: dict[str, int] = {}
    heads: dict[str, int] = {}
    for row in tables["stages"]:
        classes[row["school_id"]] = classes.get(row["school_id"], 0) + (row["class_count"] or 0)
        heads[row["school_id"]] = heads.get(row["school_id"], 0) + (row["student_count"] or 0)
    large: dict[str, int] = {}
    for row in tables["rooms"]:
        is_large = row["purpose"] == purpose and (row["area"] or 0) >= least
        large[row["school_id"]] = large.get(row["school_id"], 0) + is_large
    minimum = values.get("teaching_point_minimum", Fraction(0))
    lacking = {}
    for row in tables["schools"]:
        school, kind = row["school_id"], row["school_type"]
        is_small = kind == "teaching_point" and heads.get(school, 0) < minimum
        if kind in STAGES_OF_TYPE and not is_small:
            need = ceil(classes.get(school, 0) / values["classes_per_room"]) - large.get(school, 0)
            if need > 0:
                lacking[school] = need
    return lacking


def _stage_facts(problem: Problem) -> Mapping[RowKey, Mapping[str, Any]]:
    """Today's teachers as far as they are still there in the target year, by school stage."""
    rows = problem.kept_facts.table("stages").rows(named=True)
    return {(row["school_id"], row["stage"]): row for row in rows}


def _sum(facts: Mapping[str, Any], names: tuple[str, ...]) -> int | None:
    values = [facts[name] for name in names]
    return None if None in values else sum(values)
