"""The self-evaluation form of one school: each indicator with its figures and outcome, as the school has to fill it in."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from junheng.core.indicators import FORMULAS
from junheng.core.item_formulas.roll import SchoolRecord
from junheng.core.standard import Part, ResourceIndicator, Stage
from junheng.core.verdict import IndicatorResult, ItemResult, Outcome, SchoolResult, all_of
from junheng.reports.bundle_content import Bundle
from junheng.reports.item_sentences import item_name
from junheng.reports.wording import BLANK, STAGE_WORD, amount, filled, limit_text, outcome_word

__all__ = ["CheckRow", "school_check"]

_WAN_YUAN = 1_000_000
_METRE = 100


@dataclass(frozen=True, slots=True)
class CheckRow:
    """One line of the form: group (A级指标), indicator with its limits (B级指标), figures, outcome in words."""

    group: str
    indicator: str
    text: str
    outcome: str


def school_check(bundle: Bundle, school_id: str) -> list[CheckRow]:
    """The lines of one school: all resource indicators, then the items that are judged school by school."""
    stages = [entry for entry in bundle.verdict.schools if entry.school_id == school_id]
    rows = [
        CheckRow(
            "资源配置", _limits(bundle, entry), _resource_text(entry, pairs), _resource_outcome(bundle, entry, pairs)
        )
        for entry in bundle.standard.indicators
        if (pairs := _pairs(bundle, stages, entry))
    ]
    record = bundle.roll.by_id.get(school_id)
    for result in bundle.verdict.items if record is not None else ():
        lines = _ITEM_LINES.get(bundle.item(result).formula or "")
        if lines is not None and record is not None:
            text, is_known = lines(bundle, record, result)
            group = "政府保障程度" if result.part is Part.GUARANTEE else "教育质量"
            rows.append(CheckRow(group, item_name(result), text, _item_outcome(bundle, school_id, result, is_known)))
    return rows


_Pairs = Sequence[tuple[SchoolResult, IndicatorResult]]


def _pairs(bundle: Bundle, stages: Sequence[SchoolResult], entry: ResourceIndicator) -> _Pairs:
    index = bundle.standard.indicators.index(entry)
    return [(school, school.indicators[index]) for school in stages]


def _limits(bundle: Bundle, entry: ResourceIndicator) -> str:
    if not entry.thresholds:
        return f"{entry.number}. {entry.name}"
    limits = "，".join(
        f"{STAGE_WORD[stage]}≥{limit_text(bundle.threshold(entry, stage))}{entry.unit}" for stage in Stage
    )
    return f"{entry.number}. {entry.name}：{limits}"


def _resource_text(entry: ResourceIndicator, pairs: _Pairs) -> str:
    formula = FORMULAS[entry.formula]
    label = formula.label.split("（")[0]
    values = "；".join(
        f"{STAGE_WORD[school.stage]}{filled(result.value, entry.decimals)}{entry.unit}" for school, result in pairs
    )
    if formula.is_shared:
        first = pairs[0][1]
        total = None if first.numerator is None or not first.share else first.numerator / first.share
        owned = amount(total, entry.unit)
    else:
        owned = "；".join(
            f"{STAGE_WORD[school.stage]}{amount(result.numerator, entry.unit)}" for school, result in pairs
        )
    return f"{label}：{owned}。{entry.name}：{values}。"


def _resource_outcome(bundle: Bundle, entry: ResourceIndicator, pairs: _Pairs) -> str:
    if not entry.thresholds:
        return outcome_word(None)
    outcome = all_of(result.outcome for _, result in pairs)
    at_floor = outcome is Outcome.NOT_MET and all(
        result.outcome is Outcome.MET or result.floor_outcome is Outcome.MET for _, result in pairs
    )
    return f"{outcome_word(outcome)}（达到{bundle.floor_word}）" if at_floor else outcome_word(outcome)


def _item_outcome(bundle: Bundle, school_id: str, result: ItemResult, is_known: bool) -> str:
    failed = any(entry is result for entry, _ in bundle.failures_by_school.get(school_id, ()))
    if failed:
        return Outcome.NOT_MET.label
    return Outcome.MET.label if is_known else Outcome.CANNOT_TELL.label


_Line = tuple[str, bool]


def _rooms(bundle: Bundle, record: SchoolRecord, _result: ItemResult) -> _Line:
    classes = bundle.roll.class_count(record)
    rooms = bundle.roll.rooms.get(record.id)
    texts = [f"全校义务教育阶段教学班{_count(classes)}个"]
    for purpose, label in (("music", "音乐"), ("fine_art", "美术")):
        own = [room for room in rooms or () if room["purpose"] == purpose and room["area"] != 0]
        areas = "、".join(_area(room) for room in own)
        number = BLANK if rooms is None else str(len(own))
        texts.append(f"{label}专用教室{number}间" + (f"，面积分别为{areas}平方米" if areas else ""))
    is_known = classes is not None and rooms is not None and all(room["area"] is not None for room in rooms)
    return "；".join(texts) + "。", is_known


def _area(room: Mapping[str, Any]) -> str:
    return amount(None if room["area"] is None else Fraction(room["area"], _METRE), "")


def _size(_bundle: Bundle, record: SchoolRecord, _result: ItemResult) -> _Line:
    parts = [f"{STAGE_WORD[stage]}{_count(row['student_count'])}人" for stage, row in record.stages.items()]
    if record.school_type in ("full_secondary_school", "twelve_year_school"):
        parts.append(f"高中{_count(record.row['senior_student_count'])}人")
    text = f"义务教育阶段学生{_count(record.student_count)}人。其中：{'、'.join(parts) or BLANK}。"
    return text, record.student_count is not None


def _class_size(bundle: Bundle, record: SchoolRecord, result: ItemResult) -> _Line:
    largest = bundle.roll.largest_class(record)
    values = bundle.item_values(bundle.item(result))
    texts = [f"最大班额{_count(largest)}人"]
    for stage in record.stages:
        over = sum(
            failure.stage is stage
            for entry, failure in bundle.failures_by_school.get(record.id, ())
            if entry.item_id == result.item_id
        )
        limit = limit_text(values.get(f"{stage.value}_limit"))
        shown = str(over) if largest is not None else BLANK
        texts.append(f"超过{limit}人的{STAGE_WORD[stage]}班级{shown}个")
    return "，".join(texts) + "。", largest is not None


def _small(_bundle: Bundle, record: SchoolRecord, _result: ItemResult) -> _Line:
    before, quota = record.row["previous_year_student_count"], record.row["public_funds_quota"]
    per_student = None if quota is None or not before else Fraction(quota, 100 * before)
    text = (
        f"上年学生数{_count(before)}人，上年度拨付定额公用经费{filled(_wan(quota), 2)}万元；"
        f"生均公用经费{filled(per_student, 0)}元。"
    )
    return text, before is not None and quota is not None


def _training(_bundle: Bundle, record: SchoolRecord, _result: ItemResult) -> _Line:
    training, funds = record.row["training_budget"], record.row["public_funds_budget"]
    share = None if training is None or not funds else Fraction(100 * training, funds)
    text = (
        f"上年度公用经费预算总额{filled(_wan(funds), 2)}万元，教师培训经费{filled(_wan(training), 2)}万元，"
        f"占{filled(share, 1)}%。"
    )
    return text, training is not None and funds is not None


def _wan(value: int | None) -> Fraction | None:
    return None if value is None else Fraction(value, _WAN_YUAN)


def _count(value: int | None) -> str:
    return BLANK if value is None else str(value)


_ITEM_LINES: Mapping[str, Callable[[Bundle, SchoolRecord, ItemResult], _Line]] = {
    "music_and_art_rooms": _rooms,
    "school_size": _size,
    "class_size": _class_size,
    "small_school_funding": _small,
    "training_budget": _training,
}
