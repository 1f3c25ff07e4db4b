"""Judgements on the documentary items of 优质均衡 (2017), as assessors would have entered them.

A few items and one veto have not been looked at yet, so that a verdict shows what it cannot tell.
"""

from collections.abc import Iterator
from typing import Any

Row = dict[str, Any]
_ASSESSORS = ("评估员甲", "评估员乙", "评估员丙")
_DOCUMENTS = {  # item: (evidence series, what the assessor noted)
    "layout_and_planning": ("G1", "查阅布局专项规划和学区图"),
    "four_unified_norms": ("G2", "查阅四项标准文件和执行台账"),
    "teacher_pay": ("G8", "查阅绩效工资核定文件和工资发放表"),
    "posts_allotted_county_wide": ("G10", "查阅编制调配文件"),
    "senior_high_quota": ("G14", "查阅名额分配方案,农村初中比例高于其学生占比"),
    "left_behind_and_migrant_children": ("G15", "查阅留守儿童台账和关爱记录"),
    "charter_and_informatised_management": ("Q3", "抽查 24 所学校章程和管理平台"),
    "teaching_with_technology": ("Q5", "抽查设备使用记录和随堂听课表"),
    "curriculum_and_practice": ("Q7", "抽查课表、课时统计和劳动实践基地"),
    "basic_balance_kept": ("E1", "查阅认定文件和历年监测结果"),
}
_VETOES = {
    "admission_by_examination": "V1",
    "unlawful_school_choice": "V2",
    "key_schools_or_classes": "V3",
    "grave_safety_or_discipline_events": "V5",
    "falsification": "V6",
}


def judgement_rows(year: int) -> Iterator[Row]:
    """One row per documentary item and veto that has been looked at in the year."""
    for index, (item_id, (series, note)) in enumerate(_DOCUMENTS.items()):
        yield _row(year, index, item_id, "met", series) | {"note": note}
    for index, (veto_id, series) in enumerate(_VETOES.items()):
        yield _row(year, index, veto_id, "not_found", series) | {"note": "查阅举报记录和巡查记录"}


def _row(year: int, index: int, item_id: str, result: str, series: str) -> Row:
    return {
        "item_id": item_id,
        "result": result,
        "assessor": _ASSESSORS[index % len(_ASSESSORS)],
        "assessed_on": f"{year}-11-{10 + index:02d}",
        "evidence": "；".join(f"{series}-{number:02d}" for number in (1, 2)),
    }
