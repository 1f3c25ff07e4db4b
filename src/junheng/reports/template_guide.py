"""The first sheet of a collection workbook: how to fill it in."""

from xlsxwriter.worksheet import Worksheet

from junheng.core.fields import FieldDictionary
from junheng.core.template_layout import TEMPLATE_VERSION
from junheng.reports.template_styles import Styles, display_width

_STEPS = (
    "表头橙褐色并带 * 的列必填，蓝色的列选填。必填列留空时，该格会变成浅橙色。",
    "每张表第一行灰色的“示例”只作参考，不必删除，读入时自动忽略；请从它的下一行开始填写。",
    "计量单位写在表头里，请按表头的单位填写（例如资产值填“万元”，面积填“㎡”，不要填“元”“亩”）。",
    "没有就填 0；不清楚、没有统计的请留空。留空按“未知”处理，不会当作 0，也不会当作达标。",
    "有下拉箭头的格请从列表中选择。鼠标停在表头上可以看到填写要求和数据来源。",
    "可以插入、删除、排序、调整列宽；请不要改表头文字和工作表名称。列的顺序可以变，系统按表头识别。",
    "学校标识码、行政区划代码按文本填写；同一所学校在各张表里的标识码必须一致。",
    "填完后用 junheng check 检查，系统会逐格列出问题；错误必须改正，警告需要书面说明原因。",
)
_COLUMNS = (("工作表", 18), ("填什么", 46), ("按什么区分各行", 30), ("项数", 8), ("其中必填", 10))


def write_guide(sheet: Worksheet, dictionary: FieldDictionary, styles: Styles, subtitle: str) -> None:
    """Write the guide: title, steps, colours, and a linked list of the sheets with what each asks for."""
    for column, (_, width) in enumerate(_COLUMNS):
        sheet.set_column(column, column, width)
    sheet.hide_gridlines(2)
    sheet.set_row(0, 34)
    sheet.write_string(0, 0, "义务教育均衡发展数据采集表", styles.title)
    sheet.write_string(1, 0, subtitle, styles.note)
    row = _write_steps(sheet, styles, 3)
    row = _write_legend(sheet, styles, row + 1)
    _write_tables(sheet, dictionary, styles, row + 1)
    note = f"模板版本 {TEMPLATE_VERSION}，字段字典版本 {dictionary.version}。"
    sheet.write_string(row + len(dictionary.tables) + 4, 0, note, styles.note)
    sheet.set_portrait()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.set_footer("&C第 &P 页，共 &N 页")
    sheet.protect()


def _write_steps(sheet: Worksheet, styles: Styles, row: int) -> int:
    width = sum(width for _, width in _COLUMNS)
    for number, step in enumerate(_STEPS, start=1):
        text = f"{number}. {step}"
        sheet.merge_range(row, 0, row, len(_COLUMNS) - 1, text, styles.body)
        sheet.set_row(row, 18.0 * (1 + display_width(text) // width))
        row += 1
    return row


def _write_legend(sheet: Worksheet, styles: Styles, row: int) -> int:
    marks = (
        ("必填列 *", styles.required_header, "必须填写，不得留空。"),
        ("选填列", styles.optional_header, "有就填写；留空按“未知”处理。"),
        ("示例", styles.example(None), "示例行，已锁定，读入时忽略。"),
        ("锁定", styles.fixed, "表头和项目名称已锁定（没有密码），以免误改。"),
    )
    for label, shown, meaning in marks:
        sheet.write_string(row, 0, label, shown)
        sheet.write_string(row, 1, meaning, styles.cell)
        sheet.set_row(row, 18)
        row += 1
    return row


def _write_tables(sheet: Worksheet, dictionary: FieldDictionary, styles: Styles, row: int) -> None:
    for column, (title, _) in enumerate(_COLUMNS):
        sheet.write_string(row, column, title, styles.optional_header)
    sheet.set_row(row, 20)
    for table in dictionary.tables.values():
        row += 1
        required = sum(entry.required for entry in table.fields.values())
        keys = "、".join(table.fields[name].label for name in table.key)
        meaning = table.help or ("全县一份，逐项填写。" if table.is_vertical else f"每行填写一条“{table.label}”数据。")
        sheet.write_url(row, 0, f"internal:'{table.label}'!A1", styles.link, table.label)
        sheet.write_string(row, 1, meaning, styles.cell)
        sheet.write_string(row, 2, "（只有一份）" if table.is_vertical else keys, styles.cell)
        sheet.write_number(row, 3, len(table.fields), styles.cell)
        sheet.write_number(row, 4, required, styles.cell)
        sheet.set_row(row, 18.0 * (1 + max(display_width(meaning) // 46, display_width(keys) // 30)))
