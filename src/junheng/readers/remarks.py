"""Every remark that the raw readers can make: its code, how grave it is, and what the user can do next."""

from junheng.core.findings import Finding, Level, Location

_SAVE_AS_XLSX = "请用 Excel 或 WPS 打开该文件，选择“另存为”，类型选“Excel 工作簿（*.xlsx）”，再重新提交。"
_SPLIT = "请删去多余的行列后另存；数据确实很多时，请按乡镇拆成几个文件，或改用 CSV、Parquet 文件夹。"
_RESEND = "请向提供者重新索取，或用 Excel、WPS 打开确认无误后另存为 .xlsx 再提交。"
_RECALCULATE = "请用 Excel 或 WPS 打开，按 F9 重新计算并保存；或把公式“粘贴为数值”。"

REMARKS: dict[str, tuple[Level, str]] = {
    "reader-empty-file": (Level.ERROR, "文件是 0 字节，多半是传输中断。请重新导出或重新上传。"),
    "reader-file-too-large": (Level.ERROR, "请删除工作簿里的图片和无关的表，或拆成几个文件。"),
    "reader-broken-zip": (Level.ERROR, "文件不完整，多半是下载或拷贝中断。" + _RESEND),
    "reader-not-a-workbook": (Level.ERROR, "请确认选对了文件。" + _SAVE_AS_XLSX),
    "reader-html-as-workbook": (Level.ERROR, "这是网页改名而来的文件。请另存为 .xlsx：" + _SAVE_AS_XLSX),
    "reader-text-as-workbook": (Level.ERROR, "这是文本表格改名而来的文件。请另存为 .xlsx，或把扩展名改为 .csv。"),
    "reader-workbook-as-text": (Level.ERROR, "这是工作簿改名而来的文件。请把扩展名改回 .xlsx（或 .xls），再重新提交。"),
    "reader-unsupported-format": (Level.ERROR, "可以读取 .xlsx、.xlsm、.xls、.csv、.tsv 和 .parquet。" + _SAVE_AS_XLSX),
    "reader-password": (Level.ERROR, "请打开文件，取消“用密码进行加密”后保存，再重新提交。"),
    "reader-zip-ratio": (Level.ERROR, "压缩比异常，可能是恶意文件，没有展开。" + _RESEND),
    "reader-zip-members": (Level.ERROR, "内部文件过多，可能是恶意文件，没有展开。请删除图片等附件后另存。"),
    "reader-zip-uncompressed": (Level.ERROR, "展开后过大，可能是恶意文件，没有展开。" + _SPLIT),
    "reader-xml-entity": (Level.ERROR, "正常的表格不会含有外部实体或 DTD，没有读取。" + _RESEND),
    "reader-broken-workbook": (Level.ERROR, "工作簿内部结构损坏。" + _RESEND),
    "reader-broken-sheet": (Level.ERROR, "这张表内部结构损坏，其他表照常读取。" + _RESEND),
    "reader-far-cell": (Level.ERROR, "请按 Ctrl+End 找到该单元格，删除它所在的行和列，保存后重新提交。"),
    "reader-too-many-rows": (Level.ERROR, _SPLIT),
    "reader-too-many-cells": (Level.ERROR, _SPLIT),
    "reader-huge-dimension": (Level.INFO, "已按实际有内容的范围读取，不必处理。"),
    "reader-giant-merge": (Level.WARNING, "这些合并区域未采用，只读左上角的值。请取消整行整列的合并。"),
    "reader-formula-without-value": (Level.WARNING, "这些单元格按“未知”处理，不按 0 处理。" + _RECALCULATE),
    "reader-formula-not-recalculated": (Level.WARNING, "文件要求打开时重算，所存的结果可能不对。" + _RECALCULATE),
    "reader-error-cell": (Level.WARNING, "这些单元格按“未知”处理。请修正公式或直接填写数值。"),
    "reader-picture-cell": (Level.WARNING, "单元格里的图片不能当作数值或文字。请把内容填写为文字或数字。"),
    "reader-no-sheet": (Level.ERROR, "请确认文件里有填写了内容的工作表。"),
    "reader-process-crashed": (Level.ERROR, "文件可能含有异常内容，读取已被隔离，系统未受影响。" + _RESEND),
    "reader-process-timeout": (Level.ERROR, "文件过于复杂，读取已中止。" + _SPLIT),
    "reader-answer-too-large": (Level.ERROR, "文件内容展开后过大，读取已中止。" + _SPLIT),
    "reader-encoding": (Level.ERROR, "请用 Excel 或 WPS 另存为“CSV UTF-8（逗号分隔）”，再重新提交。"),
    "reader-nul-bytes": (Level.ERROR, "文件可能已损坏，空字符已略去。请重新导出。"),
    "reader-csv-quotes": (Level.ERROR, "从这一行起没有读取。请检查这一行的双引号是否成对，或另存为 .xlsx。"),
    "reader-ragged-row": (
        Level.ERROR,
        "多半是文字或数字里的分隔符没有加引号（如 1,234）。请核对这一行，或另存为 .xlsx。",
    ),
    "reader-short-row": (Level.WARNING, "缺少的格按空白处理。请核对这一行是否完整。"),
    "reader-empty-folder": (Level.ERROR, "文件夹里应放 .csv（或 .tsv）文件，或放 .parquet 文件，每个文件一张表。"),
    "reader-file-ignored": (Level.INFO, "文件夹里只读 .csv、.tsv 或 .parquet；工作簿请单独指定。"),
    "reader-broken-parquet": (Level.ERROR, "Parquet 文件不完整或列类型不支持。请重新导出。"),
}
"""Code → (level, hint). A code that is not here cannot be used: `remark` raises KeyError."""


def remark(code: str, message: str, location: Location) -> Finding:
    """A finding with the level and hint that belong to `code`."""
    level, hint = REMARKS[code]
    return Finding(level, code, message, hint, location)
