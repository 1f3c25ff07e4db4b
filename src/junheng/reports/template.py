"""The collection workbook: one sheet per table of the dictionary, empty or filled with facts.

Made from the field dictionary alone, so that a template never asks for what the rules do not know, and the reader
(`junheng.readers`) understands every header. The same dictionary and facts give the same bytes.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from junheng.core.facts import Facts
from junheng.core.fields import Field, FieldDictionary, Table
from junheng.core.template_layout import (
    EXAMPLE_MARK,
    GUIDE_SHEET,
    HELP_HEADER,
    ITEM_HEADER,
    META_SHEET,
    ORDINAL_HEADER,
    REPORTER_HEADER,
    TEMPLATE_NAME,
    TEMPLATE_VERSION,
    UNIT_HEADER,
    VALUE_HEADER,
    dictionary_digest,
    example_text,
    header_text,
)
from junheng.reports.bundle import write_in_place
from junheng.reports.template_guide import write_guide
from junheng.reports.template_rules import ListNames, comment, requirement, validation
from junheng.reports.template_styles import Styles, column_width, display_width
from junheng.reports.typed_values import Typed, is_exact_as_float, typed_value

__all__ = ["DEFAULT_ROWS", "write_template"]

DEFAULT_ROWS = 200
_TITLE_ROW, _NOTE_ROW, _HEADER_ROW, _EXAMPLE_ROW, _FIRST_ROW = 0, 1, 2, 3, 4
_LAST_VALIDATED_ROW = 100_000
_FROZEN_COLUMNS = 3
_COLUMNS_ON_ONE_PAGE = 16
_PAPER_A4 = 9
_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
_NOTE = "橙褐色带 * 的列必填；灰色“示例”行不必删除，读入时忽略；单位见表头；没有填 0，不清楚请留空。"
_VERTICAL_NOTE = "橙褐色带 * 的项目必填；灰色“示例”列只作参考，读入时忽略；没有填 0，不清楚请留空。"
_VERTICAL_COLUMNS = (
    (ORDINAL_HEADER, 6),
    (ITEM_HEADER, 44),
    (VALUE_HEADER, 22),
    (UNIT_HEADER, 8),
    (EXAMPLE_MARK, 16),
    (REPORTER_HEADER, 16),
    (HELP_HEADER, 56),
)


def write_template(
    dictionary: FieldDictionary, path: Path, *, facts: Facts | None = None, rows: int = DEFAULT_ROWS
) -> None:
    """Write the collection workbook to `path`, filled with `facts` when they are given.

    `rows` is the number of ruled rows under each header (more when the facts need them); rows below are unlocked and
    checked too. Missing facts leave their cells empty. Numbers appear in typed units; one with more than 15 digits, which
    a spreadsheet would round, is written as text. A file that is there is replaced in one step. InputError when it cannot be
    written.
    """
    content = BytesIO()
    workbook = Workbook(content, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    workbook.set_properties({"title": "义务教育均衡发展数据采集表", "author": "Junheng", "created": _EPOCH})
    workbook.set_size(2400, 1400)
    writer = _TemplateWriter(workbook, dictionary, facts, rows)
    writer.write()
    workbook.close()
    write_in_place(path, content.getvalue())


class _TemplateWriter:
    def __init__(self, workbook: Workbook, dictionary: FieldDictionary, facts: Facts | None, rows: int) -> None:
        self._workbook = workbook
        self._dictionary = dictionary
        self._facts = facts
        self._rows = rows
        self._styles = Styles(workbook)
        self._lists = ListNames(dictionary)

    def write(self) -> None:
        guide = self._workbook.add_worksheet(GUIDE_SHEET)
        scope = (
            f"{self._facts.county_name} {self._facts.year} 年"
            if self._facts
            else "县（市、区）、年度在“县级数据”表填写。"
        )
        write_guide(guide, self._dictionary, self._styles, scope)
        for table in self._dictionary.tables.values():
            sheet = self._workbook.add_worksheet(table.label)
            sheet.set_comments_author("Junheng")
            self._write_heading(sheet, table)
            if table.is_vertical:
                self._write_vertical(sheet, table)
            else:
                self._write_horizontal(sheet, table)
            _protect(sheet)
        self._lists.write(self._workbook, self._school_id_column(), _FIRST_ROW + 1)
        self._write_meta()

    def _write_heading(self, sheet: Worksheet, table: Table) -> None:
        scope = f"{self._facts.county_name}{self._facts.year}年 · " if self._facts else ""
        sheet.set_row(_TITLE_ROW, 30)
        sheet.write_string(_TITLE_ROW, 0, f"{scope}{table.label}（采集表）", self._styles.title)
        sheet.write_string(
            _NOTE_ROW, 0, table.help + (_VERTICAL_NOTE if table.is_vertical else _NOTE), self._styles.note
        )
        sheet.hide_gridlines(2)
        sheet.set_default_row(18)
        sheet.set_paper(_PAPER_A4)
        sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
        sheet.set_footer("&L&A&C第 &P 页，共 &N 页")
        sheet.repeat_rows(_HEADER_ROW)

    # ------------------------------------------------------------------------------------------------- horizontal

    def _write_horizontal(self, sheet: Worksheet, table: Table) -> None:
        fields = list(table.fields.values())
        records = self._records(table)
        ruled = max(self._rows, len(records))
        sheet.set_landscape()
        sheet.fit_to_pages(1 if len(fields) < _COLUMNS_ON_ONE_PAGE else 2, 0)
        frozen = min(_FROZEN_COLUMNS, len(fields) - 1)
        sheet.repeat_columns(0, frozen - 1)
        sheet.freeze_panes(_FIRST_ROW, frozen)
        sheet.set_row(_HEADER_ROW, 62)
        sheet.set_column(0, 0, 6, self._styles.ordinal)
        sheet.write_string(_HEADER_ROW, 0, ORDINAL_HEADER, self._styles.optional_header)
        sheet.write_string(_EXAMPLE_ROW, 0, EXAMPLE_MARK, self._styles.example(None))
        for column, entry in enumerate(fields, start=1):
            self._write_column_head(sheet, table, entry, column)
        for index in range(ruled):
            self._write_record(
                sheet, fields, _FIRST_ROW + index, records[index] if index < len(records) else None, index
            )
        self._mark_problems(sheet, table, fields, _FIRST_ROW + ruled - 1)
        sheet.autofilter(_HEADER_ROW, 0, _FIRST_ROW + ruled - 1, len(fields))

    def _write_column_head(self, sheet: Worksheet, table: Table, entry: Field, column: int) -> None:
        sheet.set_column(column, column, column_width(entry), self._styles.input(entry, boxed=False))
        sheet.write_string(_HEADER_ROW, column, header_text(entry), self._styles.header(entry))
        _write_comment(sheet, _HEADER_ROW, column, comment(table, entry))
        sheet.write_string(_EXAMPLE_ROW, column, example_text(entry), self._styles.example(entry))
        rule = validation(table, entry, self._lists)
        if rule is not None:
            sheet.data_validation(_FIRST_ROW, column, _LAST_VALIDATED_ROW, column, rule)

    def _write_record(
        self, sheet: Worksheet, fields: Sequence[Field], row: int, record: Mapping[str, Any] | None, index: int
    ) -> None:
        if record is None:
            sheet.write_blank(row, 0, None, self._styles.ordinal)
        else:
            sheet.write_number(row, 0, index + 1, self._styles.ordinal)
        for column, entry in enumerate(fields, start=1):
            value = None if record is None else typed_value(entry, record[entry.id])
            _write_value(sheet, row, column, value, self._styles.input(entry))

    def _mark_problems(self, sheet: Worksheet, table: Table, fields: Sequence[Field], last_row: int) -> None:
        columns = {entry.id: column for column, entry in enumerate(fields, start=1)}
        key = xl_col_to_name(columns[table.key[0]])
        for entry in fields:
            column = columns[entry.id]
            if entry.required and entry.id != table.key[0]:
                cell = f"{xl_col_to_name(column)}{_FIRST_ROW + 1}"
                blank = f"=AND(LEN(TRIM(${key}{_FIRST_ROW + 1}))>0,LEN(TRIM({cell}))=0)"
                rule = {"type": "formula", "criteria": blank, "format": self._styles.missing}
                sheet.conditional_format(_FIRST_ROW, column, last_row, column, rule)
        if len(table.key) == 1:
            column = columns[table.key[0]]
            rule = {"type": "duplicate", "format": self._styles.repeated}
            sheet.conditional_format(_FIRST_ROW, column, last_row, column, rule)

    # --------------------------------------------------------------------------------------------------- vertical

    def _write_vertical(self, sheet: Worksheet, table: Table) -> None:
        records = self._records(table)
        record = records[0] if records else {}
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.freeze_panes(_HEADER_ROW + 1, 2)
        sheet.set_row(_HEADER_ROW, 24)
        for column, (title, width) in enumerate(_VERTICAL_COLUMNS):
            sheet.set_column(column, column, width)
            sheet.write_string(_HEADER_ROW, column, title, self._styles.optional_header)
        for index, entry in enumerate(table.fields.values()):
            self._write_item(sheet, table, entry, _HEADER_ROW + 1 + index, typed_value(entry, record.get(entry.id)))

    def _write_item(self, sheet: Worksheet, table: Table, entry: Field, row: int, value: Typed) -> None:
        styles = self._styles
        meaning = requirement(entry) + entry.help
        sheet.set_row(row, 15.0 * (1 + display_width(meaning) * 9 // (10 * _VERTICAL_COLUMNS[-1][1])) + 5)
        sheet.write_number(row, 0, row - _HEADER_ROW, styles.fixed_ordinal)
        sheet.write_string(
            row, 1, header_text(entry).replace("\n", ""), styles.fixed_required if entry.required else styles.fixed
        )
        _write_comment(sheet, row, 1, comment(table, entry))
        _write_value(sheet, row, 2, value, styles.input(entry))
        sheet.write_string(row, 3, entry.unit, styles.fixed)
        sheet.write_string(row, 4, example_text(entry), styles.example(entry))
        sheet.write_string(row, 5, entry.reporter, styles.fixed_note)
        sheet.write_string(row, 6, meaning, styles.fixed_note)
        rule = validation(table, entry, self._lists)
        if rule is not None:
            sheet.data_validation(row, 2, row, 2, rule)

    # ------------------------------------------------------------------------------------------------------- rest

    def _records(self, table: Table) -> list[dict[str, Any]]:
        return list(self._facts.tables[table.id].iter_rows(named=True)) if self._facts else []

    def _school_id_column(self) -> str:
        table = self._dictionary.tables.get("schools")
        if table is None or "school_id" not in table.fields:
            return ""
        return f"'{table.label}'!${xl_col_to_name(1 + list(table.fields).index('school_id'))}"

    def _write_meta(self) -> None:
        sheet = self._workbook.add_worksheet(META_SHEET)
        sheet.very_hidden()
        sheet.protect()
        scope = (
            (self._facts.county_code, self._facts.county_name, str(self._facts.year)) if self._facts else ("", "", "")
        )
        lines = [
            (TEMPLATE_NAME, TEMPLATE_VERSION),
            ("dictionary_version", self._dictionary.version),
            ("dictionary_digest", dictionary_digest(self._dictionary)),
            *zip(("county_code", "county_name", "year"), scope, strict=True),
            *((f"table:{table.id}", table.label, *table.fields) for table in self._dictionary.tables.values()),
        ]
        for row, line in enumerate(lines):
            for column, text in enumerate(line):
                sheet.write_string(row, column, text)


def _write_value(sheet: Worksheet, row: int, column: int, value: Typed, shown: Format) -> None:
    if value is None:
        sheet.write_blank(row, column, None, shown)
    elif isinstance(value, date):
        sheet.write_datetime(row, column, value, shown)
    elif isinstance(value, int | Decimal) and is_exact_as_float(value):
        sheet.write_number(row, column, float(value), shown)
    else:
        sheet.write_string(row, column, f"{value:f}" if isinstance(value, Decimal) else str(value), shown)


def _write_comment(sheet: Worksheet, row: int, column: int, text: str) -> None:
    lines = sum(1 + display_width(line) // 36 for line in text.split("\n"))
    options = {"width": 240, "height": 18 * lines + 12, "font_name": "微软雅黑", "font_size": 9, "color": "#FFFBE6"}
    sheet.write_comment(row, column, text, options)


def _protect(sheet: Worksheet) -> None:
    allowed = ("format_cells", "format_columns", "format_rows", "insert_rows", "delete_rows", "sort", "autofilter")
    sheet.protect("", dict.fromkeys(allowed, True))
