"""What a cell of a collection workbook accepts, and the words that tell people so."""

from datetime import date
from typing import Any

from xlsxwriter import Workbook

from junheng.core.fields import Field, FieldDictionary, FieldType, Table
from junheng.core.template_layout import LIST_SHEET, NO, YES

_YES_NO_LIST = "list_yes_no"
_SCHOOL_IDS = "school_ids"
_FIRST_YEAR, _LAST_YEAR = 1900, 2100
_LAST_LISTED_ROW = 20_000
_FIRST_DAY, _LAST_DAY = date(1949, 10, 1), date(2100, 12, 31)
_NUMBER_KINDS = {FieldType.INTEGER: "整数", FieldType.DECIMAL: "数字，可带小数", FieldType.RATIO: "百分比，如 95%"}


class ListNames:
    """The drop-down lists of a workbook: written to the hidden lists sheet, used by their defined names."""

    def __init__(self, dictionary: FieldDictionary) -> None:
        self._names: dict[tuple[str, ...], str] = {(YES, NO): _YES_NO_LIST}
        for table in dictionary.tables.values():
            for entry in table.fields.values():
                if entry.choices:
                    self._names.setdefault(tuple(entry.choices.values()), f"list_{table.id}_{entry.id}")

    def name(self, labels: tuple[str, ...]) -> str:
        """The defined name of a list of labels."""
        return self._names[labels]

    def write(self, workbook: Workbook, school_id_column: str, first_row: int) -> None:
        """Fill the hidden lists sheet, one list a column, and define the names, that of the school ids included."""
        sheet = workbook.add_worksheet(LIST_SHEET)
        sheet.hide()
        sheet.protect()
        for column, (labels, name) in enumerate(self._names.items()):
            for row, text in enumerate((name, *labels)):
                sheet.write_string(row, column, text)
            letters = _letters(column)
            workbook.define_name(name, f"={LIST_SHEET}!${letters}$2:${letters}${len(labels) + 1}")
        if school_id_column:
            cells = f"{school_id_column}${first_row}:{school_id_column}${_LAST_LISTED_ROW}"
            start = f"{school_id_column}${first_row}"
            workbook.define_name(_SCHOOL_IDS, f"=OFFSET({start},0,0,MAX(1,COUNTA({cells})),1)")


def validation(table: Table, entry: Field, lists: ListNames) -> dict[str, Any] | None:
    """The data validation of a field's cells in xlsxwriter's terms; None when any text is right."""
    rule = _rule(table, entry, lists)
    if rule is None:
        return None
    message = requirement(entry)
    shown = {
        "error_title": "填写的内容不符合要求"[:32],
        "error_message": f"{entry.label}：{message}"[:255],
        "ignore_blank": True,
    }
    return shown | rule


def _rule(table: Table, entry: Field, lists: ListNames) -> dict[str, Any] | None:
    if entry.choices:
        return {"validate": "list", "source": f"={lists.name(tuple(entry.choices.values()))}"}
    if entry.type is FieldType.BOOLEAN:
        return {"validate": "list", "source": f"={_YES_NO_LIST}"}
    if entry.type is FieldType.INTEGER:
        return {"validate": "integer", "criteria": ">=", "value": 0}
    if entry.type is FieldType.DECIMAL:
        return {"validate": "decimal", "criteria": ">=", "value": 0}
    if entry.type is FieldType.RATIO:
        return {"validate": "decimal", "criteria": "between", "minimum": 0, "maximum": 1}
    if entry.type is FieldType.YEAR:
        return {"validate": "integer", "criteria": "between", "minimum": _FIRST_YEAR, "maximum": _LAST_YEAR}
    if entry.type is FieldType.DATE:
        return {"validate": "date", "criteria": "between", "minimum": _FIRST_DAY, "maximum": _LAST_DAY}
    if entry.id == "school_id" and table.id != "schools":
        hint = "“学校”表里没有这个学校标识码。请先在“学校”表登记，或核对这里的标识码。"
        return {"validate": "list", "source": f"={_SCHOOL_IDS}", "error_type": "warning", "error_message": hint}
    return None


def requirement(entry: Field) -> str:
    """One Chinese phrase that says what may be typed into a field."""
    if entry.choices:
        return "从下拉列表中选择：" + "、".join(entry.choices.values()) + "。"
    if entry.type is FieldType.BOOLEAN:
        return f"从下拉列表中选择：{YES}、{NO}。"
    if entry.type is FieldType.YEAR:
        return "四位年份，如 2020。"
    if entry.type is FieldType.DATE:
        return "日期，如 2020-09-01。"
    if entry.type in _NUMBER_KINDS:
        unit = f"，单位：{entry.unit}" if entry.unit and entry.type is not FieldType.RATIO else ""
        return f"{_NUMBER_KINDS[entry.type]}，不小于 0{unit}。没有填 0，不清楚请留空。"
    return "文字。标识码、代码按文本填写，开头的 0 不能丢。" if entry.id.endswith(("_id", "_code")) else "文字。"


def comment(table: Table, entry: Field) -> str:
    """The comment on a header: what to type, what it means, who owns the number, where the statistics have it."""
    lines = [f"{entry.label}（{'必填' if entry.required else '选填'}）", requirement(entry)]
    if entry.id in table.key:
        lines.append("与同列其他行不得重复。" if len(table.key) == 1 else "用来区分各行，不得留空。")
    lines += [entry.help] if entry.help else []
    lines += [f"填报人：{entry.reporter}"] if entry.reporter else []
    lines += [f"数据来源：{entry.form_hint}"] if entry.form_hint else []
    return "\n".join(lines)


def _letters(column: int) -> str:
    return chr(ord("A") + column) if column < 26 else chr(ord("A") + column // 26 - 1) + chr(ord("A") + column % 26)
