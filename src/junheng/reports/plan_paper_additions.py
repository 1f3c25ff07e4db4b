"""The parts of a plan's paper about schools that open and teachers to come without the plan."""

from __future__ import annotations

from junheng.reports.document import Block, Column, Paragraph, Table
from junheng.reports.plan_text import Data, count_text, limit_words, number_text, wan_text

__all__ = ["opening_blocks", "staff_blocks"]

_MOST_NAMES = 6


def opening_blocks(data: Data) -> list[Block]:
    """The schools that are decided to open: when, for how many, from where, and what that costs."""
    rows = [
        [
            entry["school_name"],
            str(entry["year"]),
            "；".join(f"{own['stage_label']} {own['capacity']} 人" for own in entry["stages"]),
            "；".join(f"{own['stage_label']} {own['pupils']} 人" for own in entry["stages"]),
            limit_words(
                [f"{giver['school_name']} {giver['pupils']} 人" for giver in entry["comes_from"]], _MOST_NAMES, "所"
            ),
            wan_text(entry["money"]),
        ]
        for entry in data["openings"]
    ]
    if not rows:
        return []
    heads = (
        Column("新开学校", 1.8),
        Column("开办年度", 0.9),
        Column("最多容纳", 1.3),
        Column(f"{data['target_year']}年学生", 1.3),
        Column("生源", 2.2, "left"),
        Column("一次性支出（万元）", 1.2, "right"),
    )
    note = "一次性支出计入分年度支出；开办以后还缺的由方案的各项措施补足。"
    text = f"已决定新开 {len(rows)} 所学校，方案按开办以后的学生和教师安排。"
    return [Paragraph.of(text), Table.of(heads, rows, "新开学校", note)]


def staff_blocks(data: Data) -> list[Block]:
    """Teachers year by year when nothing is done."""
    found = data["teachers"]
    if not found:
        return []
    rows = [
        [
            str(entry["year"]),
            number_text(entry["retired"], 1),
            number_text(entry["left"], 1),
            count_text(entry["hired"]),
            number_text(entry["count"], 1),
        ]
        for entry in found
    ]
    gone = sum(entry["retired"] + entry["left"] for entry in found)
    heads = (
        Column("年度"),
        Column("退休（人）"),
        Column("流失（人）"),
        Column("已定招聘（人）"),
        Column("年末教师（人）"),
    )
    text = f"按教师年龄和流失率推算，不采取措施时到{found[-1]['year']}年共减少 {number_text(gone, 1)} 人，方案已计入。"
    note = "期望人数。离开的教师按本校学历、骨干、体艺的比例计算。"
    return [Paragraph.of(text), Table.of(heads, rows, "不采取措施时的专任教师", note)]
