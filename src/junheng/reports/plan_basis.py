"""What a plan rests on, for the end of its paper: prices, limits, pupils, the solver's report and the hashes."""

from __future__ import annotations

from junheng.planning.plan.measures import SPECS, Measure
from junheng.planning.scenario.fields import scenario_fields
from junheng.planning.scenario.reading import at
from junheng.reports.document import Block, Column, Heading, Note, Paragraph, Table
from junheng.reports.plan_compare import shown
from junheng.reports.plan_text import Data, count_text

__all__ = ["basis_blocks"]

_SHOWN_GROUPS = ("基本", "学生数", "资金", "教师", "求解")


def basis_blocks(data: Data) -> list[Block]:
    """The section 测算依据."""
    scenario = data["scenario"]
    heads = (Column("措施", 2.2, "left"), Column("单价（元）", 1.2, "right"), Column("计价单位", 2, "left"))
    rows = [
        [measure.label, count_text(at(scenario, f"prices.{measure.value}")), SPECS[measure].price_for]
        for measure in Measure
        if at(scenario, f"allowed.{measure.value}") and at(scenario, f"prices.{measure.value}") is not None
    ]
    settings = [
        [entry.label, f"{shown(entry, at(scenario, entry.path))}{entry.unit}"]
        for entry in scenario_fields()
        if entry.group in _SHOWN_GROUPS and at(scenario, entry.path) not in (None, [])
    ]
    columns = [*heads, Column("资金来源", 1.4)]
    rows = [[*row, _source(scenario, row[0])] for row in rows]
    return [
        Heading(1, "测算依据"),
        Paragraph.of("单价和限制均由使用单位给出，改变任何一项都应重新测算。"),
        Table.of(columns, rows, "单价"),
        Table.of((Column("项目", 1.4, "left"), Column("取值", 2, "left")), settings, "条件"),
        Note(_trace(data)),
    ]


def _source(scenario: Data, label: str) -> str:
    measure = next(entry for entry in Measure if entry.label == label)
    return str(at(scenario, f"sources.{measure.value}") or "")


def _trace(data: Data) -> str:
    found, digests = data.get("solver"), data["digests"]
    solver = ""
    if found is not None:
        size = f"模型 {found['columns']:,} 列、{found['rows']:,} 行"
        solver = f"{size}，线性求解 {found['rounds']} 轮，分枝 {found['nodes']:,} 个节点。"
    return (
        f"{solver}数据校验码 {digests['facts']}；标准校验码 {digests['standard']}；条件校验码 {digests['scenario']}；"
        f"方案校验码 {data['digest']}。"
    )
