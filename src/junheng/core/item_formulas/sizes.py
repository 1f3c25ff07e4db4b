"""How large schools and classes may be (guarantee 4 and 5)."""

from collections.abc import Iterator, Mapping
from fractions import Fraction
from math import floor

from junheng.core.exceptions import SIZE_EFFECTS
from junheng.core.item_formulas.inquiry import (
    FormulaResult,
    Inquiry,
    ItemFormula,
    Tally,
    count_figure,
    number,
    over_schools,
)
from junheng.core.item_formulas.relief import RelievedTrial, Trial, settle, traits
from junheng.core.item_formulas.roll import SchoolRecord
from junheng.core.standard import Stage
from junheng.core.verdict import Figure, Outcome

_SIZE_USES = ("stages.student_count", "schools.built_year", "schools.migrant_student_count")
_CLASS_COLUMNS = ("school_id", "stage", "grade", "class_name", "student_count")
_STUDENTS = "在校学生数"
_CLASSES = "班级学生数"
_KINDS = {"primary": "小学", "junior": "初中", "integrated": "一贯制学校"}
_STAGE_LABELS = {Stage.PRIMARY: "小学", Stage.JUNIOR: "初中"}


def school_size(inquiry: Inquiry) -> FormulaResult:
    """No school has more pupils than `single_stage_limit`, no nine- or twelve-year school more than `integrated_limit`.

    Only compulsory stages count, so a full secondary school is held to its junior part. An integrated school or campus with one
    compulsory stage is a school of that stage. The figures count schools over the limit, excused ones included, as the form asks.
    With `attached_limit` no class attached to a vocational school may have more pupils than that (0: there may be none).
    """
    tally = Tally()
    over = dict.fromkeys(_KINDS, 0)
    for school in over_schools(inquiry, tally):
        over[_kind(school)] += _judge_size(inquiry, tally, school)
    if "attached_limit" in inquiry.values:
        for school in inquiry.roll.attached_classes:
            settle(tally, school, "人", _size_trial(school, inquiry.values["attached_limit"]), ())
    is_known = bool(inquiry.roll.schools) and all(school.student_count is not None for school in inquiry.roll.schools)
    figures = []
    for kind, label in _KINDS.items():
        text = f"超过 {number(_size_limit(inquiry, kind))} 人的{label}"
        figures.append(
            count_figure(
                f"oversized_{kind}_count", text, over[kind] if is_known else None, "所", ("stages.student_count",)
            )
        )
    return tally.result(figures)


def class_size(inquiry: Inquiry) -> FormulaResult:
    """No class has more pupils than primary_limit or junior_limit; each class above it is a failure.

    A school stage with pupils but without class rows is missing, and so is a class without a number.
    """
    tally = Tally()
    for school in over_schools(inquiry, tally):
        if not school.stages:
            tally.lack(_CLASSES, school)
        for stage in school.taught:
            summary = inquiry.roll.classes.get((school.id, stage.value))
            if summary is None or summary.missing_count:
                tally.lack(_STAGE_LABELS[stage] + _CLASSES, school)
    over = _fail_classes(inquiry, tally)
    is_known = inquiry.roll.schools and not tally.missing
    return tally.result(_class_figure(inquiry, stage, over[stage] if is_known else None) for stage in Stage)


FORMULAS = {
    "school_size": ItemFormula(school_size, _SIZE_USES),
    "class_size": ItemFormula(class_size, ("classes.student_count",)),
}


def _kind(school: SchoolRecord) -> str:
    if school.is_integrated:
        return "integrated"
    there = school.taught or tuple(school.stages)
    if there:
        return "primary" if Stage.PRIMARY in there else "junior"
    return "junior" if school.school_type in ("junior_school", "full_secondary_school") else "primary"


def _size_limit(inquiry: Inquiry, kind: str) -> Fraction:
    return inquiry.values["integrated_limit" if kind == "integrated" else "single_stage_limit"]


def _judge_size(inquiry: Inquiry, tally: Tally, school: SchoolRecord) -> bool:
    """Notes the school in the tally; True when it is over the limit that holds without exceptions."""
    strict = _size_trial(school, _size_limit(inquiry, _kind(school)))
    settle(tally, school, "人", strict, _relieved(inquiry, school))
    return strict.outcome is Outcome.NOT_MET


def _relieved(inquiry: Inquiry, school: SchoolRecord) -> Iterator[RelievedTrial]:
    for exception in inquiry.exceptions:
        effect = SIZE_EFFECTS.get(exception.effect)
        if effect is not None:
            relief = effect(exception.values, traits(inquiry, school))
            terms = f"学生数不超过 {number(relief.limit)} 人"
            yield RelievedTrial(exception, relief.applies, relief.asks, terms, _size_trial(school, relief.limit))


def _size_trial(school: SchoolRecord, limit: Fraction) -> Trial:
    """The pupils that are known may already be too many; that they are few enough needs all of them."""
    known = sum(row["student_count"] or 0 for row in school.stages.values())
    over = known - floor(limit)
    few_enough = Outcome.CANNOT_TELL if school.student_count is None else Outcome.MET

    def describe() -> str:
        return f"义务教育阶段学生 {known} 人,超过 {number(limit)} 人的上限 {over} 人"

    return Trial(Outcome.NOT_MET if over > 0 else few_enough, describe, (max(0, over),), _STUDENTS)


def _class_limit(inquiry: Inquiry, stage: Stage) -> Fraction:
    return inquiry.values[f"{stage.value}_limit"]


def _class_figure(inquiry: Inquiry, stage: Stage, count: int | None) -> Figure:
    label = f"超过 {number(_class_limit(inquiry, stage))} 人的{_STAGE_LABELS[stage]}班级"
    return count_figure(f"oversized_{stage.value}_class_count", label, count, "个", ("classes.student_count",))


def _fail_classes(inquiry: Inquiry, tally: Tally) -> Mapping[Stage, int]:
    """Notes every class above the limit of its stage as a failure; gives how many there are per stage."""
    limits = {stage: _class_limit(inquiry, stage) for stage in Stage}
    most = {stage: floor(limit) for stage, limit in limits.items()}
    shown = {stage: number(limit) for stage, limit in limits.items()}
    counts = dict.fromkeys(Stage, 0)
    stages = {stage.value: stage for stage in Stage}
    for school_id, stage_id, grade, name, size in inquiry.roll.class_rows(*_CLASS_COLUMNS):
        stage = stages.get(stage_id)
        if stage is None or size is None or size <= most[stage]:
            continue
        school = inquiry.roll.by_id.get(school_id)
        if school is not None:
            over = size - most[stage]
            text = f"{_STAGE_LABELS[stage]}{grade}年级{name} {size} 人,超过 {shown[stage]} 人的上限 {over} 人"
            tally.fail(school, text, shortfall=Fraction(over), unit="人", stage=stage)
            counts[stage] += 1
    return counts
