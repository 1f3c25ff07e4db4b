"""A list as a workbook of one sheet: titles, rows, filters. For whatever pages show as a list."""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Sequence

import xlsxwriter

from junheng.reports.reproducible import fixed_moment, rewrite_zip

__all__ = ["plain_table"]

_LONGEST_TEXT = 32_000  # a cell of a workbook holds 32 767 characters
_WIDEST = 60
_SHEET_NAME = 31


def plain_table(title: str, heads: Sequence[str], rows: Sequence[Sequence[str | int | float | None]]) -> bytes:
    """The bytes of an xlsx file, the same for the same content.

    Text is always written as text, so that none becomes a formula or a link; None leaves a cell empty; a text too long for
    a cell is cut and ends with "…". `title` names the sheet.
    """
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"title": title, "created": fixed_moment(None)})
    head = book.add_format({"bold": True, "bg_color": "#E6ECF5", "border": 1, "text_wrap": True, "valign": "vcenter"})
    body = book.add_format({"text_wrap": True, "valign": "top"})
    sheet = book.add_worksheet("".join("_" if letter in r"[]:*?/\'" else letter for letter in title)[:_SHEET_NAME])
    for column, text in enumerate(heads):
        sheet.write_string(0, column, text, head)
        shown = (str(row[column]) for row in rows[:200])
        sheet.set_column(column, column, min(max(map(_width, (text, *shown))) + 2, _WIDEST))
    for number, row in enumerate(rows, start=1):
        for column, value in enumerate(row):
            if isinstance(value, str):
                sheet.write_string(number, column, _cut(value), body)
            elif value is not None:
                sheet.write_number(number, column, value, body)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, len(rows), len(heads) - 1)
    book.close()
    return rewrite_zip(target.getvalue())


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST_TEXT else text[:_LONGEST_TEXT] + "…"


def _width(text: str) -> int:
    """Columns that a text takes: two for a Chinese character."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text[:_WIDEST])
