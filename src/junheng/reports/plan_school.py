"""一校一案 of a plan: what one school does year by year, with what money, and what becomes of its indicators."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from junheng.reports.document import Block, Cell, Column, Document, Heading, Note, Paragraph, Table
from junheng.reports.plan_text import Data, count_text, judged_cell, number_text, stamp, wan_text, year_span
from junheng.reports.wording import BLANK

__all__ = ["plan_school", "plan_school_files"]

_FORBIDDEN = re.compile(r'[\\/:*?"<>|\x00-\x1f\x7f]')
_LONGEST = 150
_OUTCOMES: Mapping[str | None, str] = {"met": "达标", "not_met": "不达标", "cannot_tell": "无法判定", None: "不纳入"}


def plan_school_files(data: Data) -> dict[str, str]:
    """The file name of every school that has a task, by school id; ids make them unique."""
    names = {}
    for school in data["schools"]:
        if school["tasks"]:
            name = _FORBIDDEN.sub("_", school["school_name"]).strip(". ") or "学校"
            while len(name.encode()) > _LONGEST:
                name = name[:-1]
            names[school["school_id"]] = f"{name}-{_FORBIDDEN.sub('_', school['school_id'])}.docx"
    return names


def plan_school(data: Data, school_id: str) -> Document:
    """The plan of one school as a document; `school_id` is one of `plan_school_files`."""
    school = next(entry for entry in data["schools"] if entry["school_id"] == school_id)
    blocks: list[Block] = [*_pupils(data, school), *_tasks(data, school)]
    for stage in school["stages"]:
        blocks += _indicators(data, stage)
    blocks += _signing()
    return Document(
        title=f"{school['school_name']}\n义务教育达标“一校一案”",
        subtitle=f"（{year_span(data)}年，{data['title']}）",
        blocks=tuple(blocks),
        verification=stamp(data),
        issued_on=date(data["base_year"], 12, 31),
    )


def _pupils(data: Data, school: Data) -> list[Block]:
    years = [str(entry["year"]) for entry in data["years"]]
    lead = f"学校标识码{school['school_id']}，所在地为{school['area']}。{_opening_words(data, school)}"
    blocks: list[Block] = [Heading(1, "学校情况"), Paragraph.of(lead)]
    if not school["stages"]:
        return [*blocks, Paragraph.of(f"{data['target_year']}年不纳入评估范围。")]
    heads = [Column("学段"), Column("项目")]
    heads += [Column(f"{year}{'（现状）' if place == 0 else ''}") for place, year in enumerate(years)]
    rows: list[list[Cell]] = []
    for stage in school["stages"]:
        counts = [Cell(count_text(stage["pupils"][year])) for year in years]
        rows.append([Cell(stage["stage_label"]), Cell("学生数"), *counts])
        marks = [judged_cell(_OUTCOMES[stage["outcomes"][year]], _met(stage["outcomes"][year])) for year in years]
        rows.append([Cell(""), Cell("综合评估"), *marks])
    return [*blocks, Table.of(heads, rows, "学生数和综合评估（按方案）")]


def _opening_words(data: Data, school: Data) -> str:
    """That the school opens, or who leaves it for a school that does."""
    words = []
    for entry in data["openings"]:
        if entry["school_id"] == school["school_id"]:
            words.append(f"{entry['year']}年秋季开办。")
        words += [
            f"{entry['year']}年起 {giver['pupils']} 名学生到新开的{entry['school_name']}就读。"
            for giver in entry["comes_from"]
            if giver["school_id"] == school["school_id"]
        ]
    return "".join(words)


def _met(outcome: str | None) -> bool | None:
    return None if outcome not in ("met", "not_met") else outcome == "met"


def _tasks(data: Data, school: Data) -> list[Block]:
    tasks = [data["tasks"][number - 1] for number in school["tasks"]]
    heads = (
        Column("年度", 0.8),
        Column("措施", 3, "left"),
        Column("金额（万元）", 1.2, "right"),
        Column("资金来源", 1.2),
        Column("责任部门", 1.7),
        Column("完成时间", 1.3),
    )
    rows = [
        [
            str(task["year"]),
            f"{task['stage_label']}{'：' if task['stage_label'] else ''}{task['text']}",
            wan_text(task["money"]) if task["money"] else "—",
            task["source"] if task["money"] else "—",
            task["department"],
            task["ends"],
        ]
        for task in tasks
    ]
    text = f"共 {len(tasks)} 项任务，{year_span(data)}年合计 {wan_text(school['money'])} 万元。"
    note = f"依据方案“{data['title']}”（校验码 {data['digest']}）。数据或条件改变时应重新测算。"
    return [Heading(1, "措施安排"), Paragraph.of(text), Table.of(heads, rows, "任务、金额和时间"), Note(note)]


def _indicators(data: Data, stage: Data) -> list[Block]:
    years = [entry["year"] for entry in data["years"][1:]]
    heads = [Column("指标", 2.1, "left"), Column("标准"), Column("现状", 1.2)]
    heads += [Column(f"{data['target_year']}年不采取措施", 1.4)]
    heads += [Column(f"{year}年", 1.2) for year in years]
    rows = []
    for entry in stage["indicators"]:
        numbers = [number_text(value, entry["decimals"]) for value in entry["by_year"]]
        rows.append(
            [
                Cell(f"{entry['name']}（{entry['unit']}）"),
                Cell(count_text(entry["threshold"])),
                judged_cell(number_text(entry["today"], entry["decimals"]), entry["is_met_today"]),
                judged_cell(number_text(entry["without"], entry["decimals"]), entry["is_met_without"]),
                *(Cell(number) for number in numbers[:-1]),
                judged_cell(numbers[-1], entry["is_met"]),
            ]
        )
    title = f"{stage['stage_label']}资源配置指标"
    return [Heading(1, title), Table.of(heads, rows, f"{title}的变化", "达标与否按未四舍五入的数值判断。")]


def _signing() -> list[Block]:
    rows = [[who, BLANK, BLANK] for who in ("校长", "责任督学")]
    return [
        Heading(1, "确认"),
        Table.of((Column("签字人"), Column("签字", 2), Column("日期", 1.6)), rows, "签字"),
    ]
