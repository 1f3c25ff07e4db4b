"""Teachers: training, rotation and certificates (guarantee 9, 11, 12) and the unified norms of money and staff (guarantee 2)."""

from collections.abc import Mapping
from fractions import Fraction

from junheng.core.formula_catalogue import SHARE_UNIT
from junheng.core.item_formulas.inquiry import (
    YUAN,
    FormulaResult,
    Inquiry,
    ItemFormula,
    Tally,
    count_figure,
    over_schools,
    plus,
    share_figure,
    share_of,
)
from junheng.core.item_formulas.stage_shares import ShareRule, judge_share, stage_rows
from junheng.core.standard import Stage
from junheng.core.verdict import Figure

_FULL_TIME = "full_time_teacher_count"
_STAGE_LABELS = {Stage.PRIMARY: "小学", Stage.JUNIOR: "初中"}
_STAFF_SOURCES = ("stages.student_count", "stages.staff_count")
_ROTATION_FIELDS = {
    "rotation_eligible_count": "符合交流轮岗条件教师总数",
    "rotated_teacher_count": "上一年度交流轮岗教师数",
    "rotated_backbone_count": "交流轮岗的骨干教师数",
}


def training_completion(inquiry: Inquiry) -> FormulaResult:
    """Full-time teachers who did the training: at least `share` of all, in private and special schools too."""
    rule = _teacher_rule(inquiry, "trained_teacher_count", "近5年培训满360学时的专任教师", "教师培训完成率")
    figures = ("trained_teacher_count", _FULL_TIME, "training_completion_share")
    return _teacher_share(inquiry, rule, figures)


def certificates(inquiry: Inquiry) -> FormulaResult:
    """Full-time teachers who hold a certificate: at least `share` of all, in private and special schools too."""
    rule = _teacher_rule(inquiry, "certified_teacher_count", "持有教师资格证的专任教师", "教师资格证持证上岗率")
    figures = (_FULL_TIME, "certified_teacher_count", "certified_share")
    return _teacher_share(inquiry, rule, figures)


def rotation(inquiry: Inquiry) -> FormulaResult:
    """Rotated teachers are at least `exchange_share` of those eligible, backbone teachers `backbone_share` of those rotated."""
    tally = Tally()
    shown = {name: inquiry.county_figure(name, label, "人") for name, label in _ROTATION_FIELDS.items()}
    eligible, rotated, backbone = (inquiry.county(name) for name in _ROTATION_FIELDS)
    for figure in shown.values():
        if figure.value is None:
            tally.lack(figure.label)
    exchange_share, backbone_share = share_of(rotated, eligible), share_of(backbone, rotated)
    for whole, label in ((eligible, "符合交流轮岗条件教师总数"), (rotated, "交流轮岗教师数")):
        if whole == 0:
            tally.cannot_tell("zero-denominator", f"{label}为 0,交流比例无法计算。请核对。")
    labels = ("交流轮岗教师占符合条件教师的比例", "骨干教师占交流轮岗教师的比例")
    tally.share_at_least(labels[0], exchange_share, inquiry.values["exchange_share"])
    tally.share_at_least(labels[1], backbone_share, inquiry.values["backbone_share"])
    sources = tuple(f"county.{name}" for name in _ROTATION_FIELDS)
    return tally.result(
        (
            shown["rotation_eligible_count"],
            shown["rotated_teacher_count"],
            share_figure("exchange_share", labels[0], exchange_share, sources[:2]),
            shown["rotated_backbone_count"],
            share_figure("backbone_share", labels[1], backbone_share, sources[1:]),
        )
    )


def unified_norms(inquiry: Inquiry) -> FormulaResult:
    """The county's public funds per pupil reach the given norms, and no stage has more pupils per member of staff than given.

    Each number is optional and judged only where the standard gives it. Staff and pupils are summed over all schools of a stage.
    """
    tally = Tally()
    figures: list[Figure] = []
    for stage in Stage:
        norm = inquiry.county_figure(
            f"{stage.value}_public_funds_norm", f"{_STAGE_LABELS[stage]}生均公用经费基准定额", "元", scale=YUAN
        )
        figures.append(norm)
        limit = inquiry.values.get(f"{stage.value}_funds_norm")
        if limit is not None:
            if norm.value is None:
                tally.lack(norm.label)
            tally.at_least(norm.label, norm.value, limit, "元")
    figures += [_staff_figure(inquiry, tally, stage) for stage in Stage]
    if not inquiry.values:
        tally.cannot_tell("no-limit", "标准没有给出定额或师生比,数据不能判定本项。")
    return tally.result(figures)


FORMULAS: Mapping[str, ItemFormula] = {
    "training_completion": ItemFormula(training_completion, ("stages.trained_teacher_count", f"stages.{_FULL_TIME}")),
    "certificates": ItemFormula(certificates, ("stages.certified_teacher_count", f"stages.{_FULL_TIME}")),
    "rotation": ItemFormula(rotation, tuple(f"county.{name}" for name in _ROTATION_FIELDS)),
    "unified_norms": ItemFormula(
        unified_norms, ("county.primary_public_funds_norm", "county.junior_public_funds_norm", *_STAFF_SOURCES)
    ),
}


def _teacher_rule(inquiry: Inquiry, part: str, part_label: str, label: str) -> ShareRule:
    return ShareRule(part, part_label, _FULL_TIME, "专任教师", label, inquiry.values["share"])


def _teacher_share(inquiry: Inquiry, rule: ShareRule, order: tuple[str, str, str]) -> FormulaResult:
    """Judges a share of full-time teachers; the figures come out in the order of the official form."""
    tally = Tally()
    schools = over_schools(inquiry, tally, with_special=True)
    for school in schools:
        if not school.stages:
            tally.lack("专任教师", school)
    rows = stage_rows(schools)
    if not rows:
        return tally.result(_teacher_figures(rule, order, (None, None, None)), limit=rule.limit, unit=SHARE_UNIT)
    found = judge_share(tally, rows, rule)
    is_whole = all(school.stages for school in schools)
    known = (found.part, found.whole, found.value) if is_whole else (None, None, None)
    return tally.result(_teacher_figures(rule, order, known), value=known[2], limit=rule.limit, unit=SHARE_UNIT)


def _teacher_figures(
    rule: ShareRule, order: tuple[str, str, str], known: tuple[int | None, int | None, Fraction | None]
) -> tuple[Figure, ...]:
    part, whole, value = known
    sources = (f"stages.{rule.part}", f"stages.{rule.whole}")
    counts = {
        rule.part: count_figure(rule.part, rule.part_label, part, "人", sources[:1]),
        rule.whole: count_figure(rule.whole, rule.whole_label, whole, "人", sources[1:]),
    }
    return tuple(counts[name] if name in counts else share_figure(name, rule.label, value, sources) for name in order)


def _staff_figure(inquiry: Inquiry, tally: Tally, stage: Stage) -> Figure:
    """Pupils per member of staff in a stage, judged where the standard gives a limit."""
    label = f"{_STAGE_LABELS[stage]}每名教职工对应的学生数"
    limit = inquiry.values.get(f"{stage.value}_students_per_staff")
    rows = [(school, school.stages[stage]) for school in inquiry.roll.schools if stage in school.stages]
    students, staff = (plus(row[name] for _, row in rows) for name in ("student_count", "staff_count"))
    ratio = Fraction(students, staff) if students is not None and staff else None
    if limit is not None:
        for school, row in rows:
            for name, field_label in (("student_count", "在校学生数"), ("staff_count", "教职工数")):
                if row[name] is None:
                    tally.lack(_STAGE_LABELS[stage] + field_label, school)
        if staff == 0:
            tally.cannot_tell("zero-denominator", f"{_STAGE_LABELS[stage]}教职工合计为 0 人,师生比无法计算。请核对。")
        tally.at_most(label, ratio, limit, "人", 1)
    return Figure(f"{stage.value}_students_per_staff", label, ratio, "人", 1, _STAFF_SOURCES)
