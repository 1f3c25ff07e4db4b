"""The dictionary of a scenario's entries as a page of the documentation."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import PurePosixPath

from junheng.planning.plan.measures import SPECS, Measure
from junheng.planning.scenario.field import Kind, ScenarioField
from junheng.planning.scenario.fields import scenario_fields
from junheng.planning.scenario.layout import measure_columns, single_fields, table_fields

__all__ = ["PAGE", "scenario_page"]

PAGE = PurePosixPath("docs/plan-entries.md")
_KINDS = {
    Kind.TEXT: "文字",
    Kind.INT: "整数",
    Kind.NUMBER: "数",
    Kind.SHARE: "百分数",
    Kind.MONEY: "金额",
    Kind.CHOICE: "选项",
    Kind.FLAG: "是、否",
    Kind.LIST: "列表",
    Kind.TABLE: "表",
}


def scenario_page() -> str:
    """The page as Markdown: single entries, the columns that every measure has, and one section per table."""
    lines = [
        "# 方案条件的全部项目",
        "",
        "The dictionary of a scenario's entries: files, forms and checks are made from it.",
        "",
    ]
    lines += [
        "怎样填写见 [plan.md](plan.md)。金额、预算、贴现率没有默认值。",
        "",
        "## 单项",
        "",
        *_table(single_fields()),
    ]
    titles = dict(measure_columns())
    columns = [entry for entry in scenario_fields() if entry.row == Measure.HIRE_TEACHER.value]
    lines += ["", "## 每项措施", "", "编号写作 `列.措施`,例如 `prices.hire_teacher`。", ""]
    lines += ["| 列 | 名称 | 类型 | 必填 |", "|---|---|---|---|"]
    for entry in columns:
        required = "允许这项措施时" if entry.column == "prices" else ""
        lines.append(f"| `{entry.column}` | {titles[entry.column]} | {_KINDS[entry.kind]} | {required} |")
    lines += ["", "| 措施 | 名称 | 单位 | 单价说的是 |", "|---|---|---|---|"]
    lines += [f"| `{entry.value}` | {entry.label} | {entry.unit} | {SPECS[entry].price_for} |" for entry in Measure]
    for table in table_fields():
        lines += ["", f"## {table.label}（`{table.path}`）", ""]
        lines += [table.help, ""] if table.help else []
        lines += _table(table.columns)
    return "\n".join(lines) + "\n"


def _table(entries: Iterable[ScenarioField]) -> list[str]:
    head = ["| 编号 | 名称 | 类型 | 单位 | 必填 | 通常 | 说明 |", "|---|---|---|---|---|---|---|"]
    return [*head, *(_row(entry) for entry in entries)]


def _row(entry: ScenarioField) -> str:
    words = {**dict(entry.choices), "True": "是", "False": "否", "None": "", "()": ""}
    shown = words.get(str(entry.default), str(entry.default))
    choices = "、".join(f"`{key}` {label}" for key, label in entry.choices) if len(entry.choices) <= 6 else "各项措施"
    told = "；".join(part for part in (choices if entry.choices else "", entry.help) if part)
    required = "是" if entry.is_required else ""
    return f"| `{entry.path}` | {entry.label} | {_KINDS[entry.kind]} | {entry.unit} | {required} | {shown} | {told} |"
