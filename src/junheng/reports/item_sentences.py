"""One item of a standard in one sentence, as the official forms word it: the numbers filled in, blanks where one is missing.

The wording of a sentence belongs to its formula; the limits in it come from the standard, the numbers from the verdict.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from junheng.core.verdict import ItemResult
from junheng.reports.bundle_content import Bundle
from junheng.reports.wording import BLANK, filled, limit_text, official, reason_text

__all__ = ["SENTENCES", "item_name", "item_reasons", "item_sentence"]

_SUBJECTS = {
    "chinese": "语文",
    "mathematics": "数学",
    "science": "科学",
    "physical_education": "体育",
    "arts": "艺术",
    "moral_education": "德育",
}

SENTENCES: Mapping[str, str] = {
    "music_and_art_rooms": "音乐、美术专用教室不足的学校{schools_short_count}所，缺音乐专用教室{missing_music_room_count}间、"
    "美术专用教室{missing_fine_art_room_count}间。",
    "school_size": "超过{single_stage_limit}人的小学{oversized_primary_count}所，初中{oversized_junior_count}所，"
    "超过{integrated_limit}人的一贯制学校{oversized_integrated_count}所。",
    "class_size": "超过{primary_limit}人的小学班级{oversized_primary_class_count}个，"
    "超过{junior_limit}人的初中班级{oversized_junior_class_count}个。",
    "small_school_funding": "不足{counted_as}人的规模较小学校学生数{small_school_student_count}人，"
    "公用经费{small_school_public_funds}元。",
    "special_school_funding": "特殊教育学校公用经费为{special_school_public_funds}万元，"
    "特殊教育学生数为{special_school_student_count}人，特殊教育学校生均公用经费为{special_school_funds_per_student}元。",
    "pay_not_below_civil_servants": "全县义务教育学校教师年平均工资收入为{average_teacher_pay}元，"
    "当地公务员年平均工资收入{average_civil_servant_pay}元。",
    "training_completion": "完成360学时培训的教师{trained_teacher_count}人，全县教师{full_time_teacher_count}人，"
    "教师培训完成率{training_completion_share}%。",
    "rotation": "全县符合交流轮岗条件教师总数{rotation_eligible_count}名，上一年度交流轮岗教师{rotated_teacher_count}名，"
    "交流轮岗教师占符合交流轮岗条件教师总数的比例{exchange_share}%；交流轮岗的骨干教师{rotated_backbone_count}名，"
    "占交流轮岗教师总数的比例{backbone_share}%。",
    "certificates": "全县在岗专任教师{full_time_teacher_count}人，其中持有教师资格证的专任教师{certified_teacher_count}人，"
    "占比{certified_share}%。",
    "nearby_enrolment": "城区和镇区公办小学、初中（均不含寄宿制学校）就近划片入学比例分别"
    "{primary_nearby_share}%、{junior_nearby_share}%。",
    "senior_high_quota": "全县优质高中招生名额总数{senior_high_quota}人，分配名额{senior_high_quota_allotted}人，"
    "占比{allotted_share}%。其中分配农村学校的名额{senior_high_quota_rural}人，占分配名额总数的{rural_share}%。",
    "migrant_children": "全县符合条件的随迁子女数{migrant_children_count}人，在公办学校就读{migrant_in_public_count}人，"
    "在政府购买服务的民办学校就读{migrant_in_purchased_count}人，合计{migrant_counted_count}人，占比{migrant_share}%。",
    "junior_retention": "全县初中毕业班学生数为{graduate_count}人，三年前该年级入学学生数为{entrant_count}人，"
    "毕业年级三年转入学生数为{transferred_in_count}人，死亡学生数为{death_count}人，"
    "转出学生数为{transferred_out_count}人，全县初中三年巩固率为{retention_share}%。",
    "disabled_enrolment": "全县残疾儿童少年为{disabled_children_count}人，入学{disabled_enrolled_count}人，"
    "入学率为{disabled_enrolment_share}%。其中，在特殊教育学校就读{disabled_in_special_school_count}人，"
    "占比{special_school_share}%。",
    "training_budget": "教师培训经费不足的学校{schools_short_count}所；全县教师培训经费{training_budget_total}万元，"
    "占公用经费预算总额{public_funds_budget_total}万元的{training_budget_share}%。",
    "national_monitoring": "；".join(
        f"{label}{{{subject}_level}}级、校际差异率{{{subject}_variation}}" for subject, label in _SUBJECTS.items()
    )
    + "。",
    "public_recognition": "回收有效问卷{total_valid_count}份，满意{total_satisfied_count}份，"
    "问卷调查综合满意度{total_satisfied_share}%；实地走访{total_visited_count}人，"
    "满意{total_visit_satisfied_count}人，实地走访满意度{total_visit_satisfied_share}%。",
}
"""The sentence of each formula that the official forms word; `{…}` names a figure or a number of the standard."""

_INCLUSIVE = (
    "随班就读残疾学生公用经费为{inclusive_public_funds}万元，学生数为{inclusive_student_count}人，"
    "生均公用经费为{inclusive_funds_per_student}元。"
)


class _Blanks(dict[str, str]):
    """A figure that the verdict does not hold is a blank."""

    def __missing__(self, key: str) -> str:
        return BLANK


def item_name(result: ItemResult) -> str:
    """The item with its number, e.g. `3. 每12个班级…`."""
    return f"{result.number}. {result.name}"


def item_sentence(bundle: Bundle, result: ItemResult) -> str:
    """The figures of an item, what the documents showed, and why where that is not plain from the figures."""
    parts = [_figures(bundle, result), _judgement(bundle, result)]
    parts += [
        reason_text(reason) for reason in result.reasons if reason.code in ("not-applicable", "judgement-not-met")
    ]
    text = "".join(part for part in parts if part)
    return text or "".join(item_reasons(result)) or BLANK


def item_reasons(result: ItemResult, *, but: str = "") -> list[str]:
    """The reasons of an item as sentences, each once and without ids; those with the code `but` are left out."""
    listed = (reason_text(reason, result.item_id) for reason in result.reasons if reason.code != but)
    return list(dict.fromkeys(listed))


def _figures(bundle: Bundle, result: ItemResult) -> str:
    item = bundle.item(result)
    values = {name: limit_text(value) for name, value in bundle.item_values(item).items()}
    values |= {figure.id: filled(figure.value, figure.decimals) for figure in result.figures}
    sentence = SENTENCES.get(item.formula or "")
    if sentence is None:
        return _plain_figures(result)
    text = sentence.format_map(_Blanks(values))
    if any(figure.id == "inclusive_public_funds" for figure in result.figures):
        text += _INCLUSIVE.format_map(_Blanks(values))
    return text


def _plain_figures(result: ItemResult) -> str:
    shown = [f"{figure.label}{filled(figure.value, figure.decimals)}{figure.unit}" for figure in result.figures]
    return "，".join(shown) + "。" if shown else ""


def _judgement(bundle: Bundle, result: ItemResult) -> str:
    """What people found on documents: the note, who assessed and on which evidence; that nobody has looked yet otherwise."""
    if not bundle.item(result).needs_judgement:
        return ""
    if not result.assessor:
        return "资料审核：尚未完成。"
    row = _judgement_row(bundle, result.item_id)
    note = official((row.get("note") or "").strip().rstrip("。"))
    said = note or {"met": "达标", "not_met": "不达标"}.get(row.get("result") or "", "无法判定")
    evidence = "、".join(result.evidence) or BLANK
    return f"资料审核：{said}（评估人：{result.assessor}；佐证材料：{evidence}）。"


def _judgement_row(bundle: Bundle, item_id: str) -> Mapping[str, Any]:
    rows: list[dict[str, Any]] = bundle.facts.table("judgements").rows(named=True)
    return next((row for row in rows if row["item_id"] == item_id), {})
