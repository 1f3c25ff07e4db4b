"""Every remark that the facts reader can make: its code, how grave it is, and what the user can do next."""

from junheng.core.findings import Finding, Level, Location

_KEEP_HEADER = "请保留模板的表头文字；不需要的列可以留空，不要删除或改名。"
_TEMPLATE = "可用 junheng template 导出当前模板，把数据粘贴过去（选择“粘贴为数值”）。"

FACT_REMARKS: dict[str, tuple[Level, str]] = {
    "reader-no-facts": (Level.ERROR, "请确认选对了文件。" + _TEMPLATE),
    "reader-sheet-unknown": (Level.WARNING, "如果表里有要用的数据，请把表名改为模板里的表名，或按模板的表头填写。"),
    "reader-header-missing": (Level.ERROR, "请在数据上方保留一行表头。" + _TEMPLATE),
    "reader-table-missing": (Level.WARNING, "这张表的数据按“未知”处理，不按 0 处理。如应填写，请补上这张表。"),
    "reader-required-column-missing": (Level.ERROR, _KEEP_HEADER),
    "reader-column-missing": (Level.WARNING, "这些数据按“未知”处理，不按 0 处理。" + _KEEP_HEADER),
    "reader-column-ignored": (Level.INFO, "模板里没有这一项，不影响其他数据，不必处理。"),
    "reader-column-duplicate": (Level.ERROR, "只读了前一列（项）。请删除或改名多余的一列（项）。"),
    "reader-unit-converted": (Level.INFO, "已精确换算，不必处理。建议按模板的单位填写。"),
    "reader-unit-refused": (Level.ERROR, "这一列没有读入。请换算成模板的单位后重填，并改正表头的单位。"),
    "reader-unit-unknown": (Level.WARNING, "这一列没有读入，按“未知”处理。请改用模板的表头和单位。"),
    "reader-total-row": (Level.INFO, "合计由系统计算，不必处理。"),
    "reader-repeated-header": (Level.INFO, "重复的表头不影响数据，不必处理。"),
    "reader-note-row": (Level.INFO, "说明、签名一类的行不是数据，不必处理。"),
    "reader-example-changed": (Level.WARNING, "如果这一行是真实数据，请移到下面的空行，并去掉“示例”二字。"),
    "reader-key-missing": (Level.ERROR, "这一行没有读入。请补填后重新检查；不需要的行请整行删除。"),
    "reader-duplicate-row": (Level.ERROR, "只读了前一行。请核对后删除重复的一行，或改正标识码。"),
    "reader-merged-cells": (Level.WARNING, "合并区域只有第一行读到数值，其余按“未知”处理。请取消合并，逐行填写。"),
    "reader-county-conflict": (Level.ERROR, "只采用了前一个文件的值。请核对后统一。"),
    "reader-county-missing": (Level.ERROR, "请提供填好行政区划代码的“县级数据”表，与其他文件一起读入。"),
    "reader-year-missing": (Level.ERROR, "请在“县级数据”表填写数据年度，或用 --year 指定年度。"),
    "reader-year-conflict": (Level.ERROR, "请核对是否选错了文件，或改正年度。"),
    "reader-previous-unused": (Level.WARNING, "没有与上年比较。请给出本县上一年度的采集表。"),
    "reader-template-version": (Level.WARNING, "数据已按表头识别。请核对警告里提到的列；" + _TEMPLATE),
    "cell-formula-without-value": (
        Level.ERROR,
        "请用 Excel 或 WPS 打开文件，按 F9 重新计算并保存；或把公式“粘贴为数值”。",
    ),
}
"""Code → (level, hint). Findings on one cell (`cell-…`) carry the reason of `junheng.readers.cells` as their message."""

CELL_HINT = "请改正这一格；改正前按“未知”处理，不按 0 处理。"


def fact_remark(code: str, message: str, location: Location) -> Finding:
    """A finding with the level and hint that belong to `code` (KeyError for a code that is not listed)."""
    level, hint = FACT_REMARKS[code]
    return Finding(level, code, message, hint, location)


def cell_remark(code: str, label: str, reason: str, location: Location) -> Finding:
    """An error on one cell: where it is, what it is called, why it cannot be taken. `code` is that of the cell parser."""
    name = "cell-" + code.replace("_", "-")
    hint = FACT_REMARKS[name][1] if name in FACT_REMARKS else CELL_HINT
    return Finding(Level.ERROR, name, f"“{location.sheet}”表 {location.cell}（{label}）：{reason}。", hint, location)
