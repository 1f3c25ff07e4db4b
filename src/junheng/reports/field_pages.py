"""The page of all fields, as Markdown made from the dictionary: one section and one table per table of facts."""

from collections.abc import Iterable, Iterator

from junheng.core.fields import Check, Field, FieldDictionary, Table
from junheng.core.findings import Level

PAGE = "docs/fields.md"

_INTRO = """# 字段字典

Every fact Junheng knows: who reports it, in which unit it is typed, what counts, and which checks watch it.

本页列出全部填报字段。“必填”的空着不能提交；其他字段空着表示“不知道”，确实没有的请填 0。
“统计表位置”给出教育事业统计导出表中的单元格，随导出模板而变，抄录前请核对。
检查分三级：**错误**必须改正；**警告**要么改正，要么写明理由；**提示**供参考。
"""
_TYPES = {
    "text": "文字",
    "choice": "选项",
    "choice_integer": "选项",
    "boolean": "是/否",
    "integer": "整数",
    "decimal": "小数",
    "ratio": "百分比",
    "year": "年份",
    "date": "日期",
}
_LEVELS = {Level.ERROR: "错误", Level.WARNING: "警告", Level.INFO: "提示"}


def fields_page(dictionary: FieldDictionary) -> str:
    """The whole page; the same dictionary gives the same text."""
    return "\n".join([_INTRO, *(_section(table) for table in dictionary.tables.values())])


def _section(table: Table) -> str:
    lines = [
        f"## {table.label}（`{table.id}`）",
        "",
        table.help,
        "",
        *_rows(_FIELD_HEADER, map(_field_cells, table.fields.values())),
    ]
    if table.checks:
        lines += ["", f"### {table.label}：检查", "", *_rows(_CHECK_HEADER, map(_check_cells, table.checks))]
    return "\n".join([*lines, ""])


_FIELD_HEADER = ("字段", "标识", "类型与单位", "必填", "填报", "说明", "示例", "统计表位置")
_CHECK_HEADER = ("编号", "级别", "发现什么", "怎么办")


def _field_cells(entry: Field) -> tuple[str, ...]:
    kind = f"{_TYPES[entry.type.value]}，{entry.unit}" if entry.unit else _TYPES[entry.type.value]
    choices = f"选项：{'、'.join(entry.choices.values())}。" if entry.choices else ""
    example = entry.choices.get(entry.example, entry.example)
    required = "是" if entry.required else ""
    return (
        entry.label,
        f"`{entry.id}`",
        kind,
        required,
        entry.reporter,
        entry.help + choices,
        example,
        entry.form_hint,
    )


def _check_cells(check: Check) -> tuple[str, ...]:
    return f"`{check.code}`", _LEVELS[Level(check.level)], f"`{check.message}`", check.hint


def _rows(header: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    yield _line(header)
    yield _line(("---",) * len(header))
    yield from map(_line, rows)


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"
