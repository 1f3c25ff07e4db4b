"""申报表.xlsx: the official application forms 表Ⅰ–表Ⅵ, filled in from one verdict.

Rows, columns, merged cells, labels and L-codes are those of the national forms; limits are the standard's own. A standard
with other indicators gets as many columns as it has indicators, and a part that it does not judge has no sheet. Scored
points and the schools' own self-evaluation follow as further sheets.
"""

from __future__ import annotations

from junheng.core.standard import Part
from junheng.reports.bundle_content import Bundle
from junheng.reports.forms.county_sheet import write_county_sheet
from junheng.reports.forms.item_sheets import (
    ITEM_SHEETS,
    recognition_item,
    write_item_sheet,
    write_recognition_sheet,
    write_score_sheet,
)
from junheng.reports.forms.resource_sheets import write_balance_sheet, write_met_sheet, write_school_sheet
from junheng.reports.forms.sheet_kit import Book
from junheng.reports.self_check import school_check

__all__ = ["render_application_forms"]

_CHECK_HEADS = ("序号", "学校名称", "A级指标", "B级指标及评估要点", "指标值或简要结论", "是否达标")
_CHECK_WIDTHS = (6, 24, 10, 42, 64, 11)
_TONES = {"不达标": "bad", "无法判": "unknown"}


def render_application_forms(bundle: Bundle) -> bytes:
    """The bytes of the workbook; the same bundle gives the same bytes."""
    verdict = bundle.verdict
    book = Book(bundle, f"{verdict.county_name}{verdict.year}年度义务教育{bundle.programme}发展申报表")
    write_county_sheet(book)
    if bundle.standard.indicators:
        if bundle.has_thresholds:
            write_met_sheet(book)
        write_school_sheet(book)
        write_balance_sheet(book)
    for part in ITEM_SHEETS:
        if bundle.items_of(part):
            write_item_sheet(book, part)
    recognition = recognition_item(verdict.items)
    if recognition is not None:
        write_recognition_sheet(book, recognition)
    if verdict.scoring is not None and any(entry.part is Part.SCORED for entry in verdict.items):
        write_score_sheet(book)
    _write_school_checks(book)
    return book.finish()


def _write_school_checks(book: Book) -> None:
    """学校自评表: the lines of every judged school, to be filtered by school."""
    bundle = book.bundle
    sheet = book.sheet("学校自评表")
    sheet.title(f"义务教育{bundle.programme}发展学校自评表（{bundle.verdict.year}年度）", len(_CHECK_HEADS))
    for column, text in enumerate(_CHECK_HEADS):
        sheet.head(f"{chr(ord('A') + column)}2", text)
    row = 2
    schools = dict.fromkeys(school.school_id for school in bundle.verdict.schools)
    for order, school_id in enumerate(schools, start=1):
        for line in school_check(bundle, school_id):
            sheet.number(row, 0, order)
            sheet.text(row, 1, bundle.name_of(school_id))
            for column, text in enumerate((line.group, line.indicator, line.text), start=2):
                sheet.text(row, column, text)
            sheet.fit(row, (bundle.name_of(school_id), line.group, line.indicator, line.text), _CHECK_WIDTHS[1:])
            sheet.text(row, 5, line.outcome, align="center", tone=_TONES.get(line.outcome[:3], ""))
            row += 1
    sheet.filter(1, row - 1, len(_CHECK_HEADS))
    sheet.stamp(row, len(_CHECK_HEADS))
    sheet.widths(_CHECK_WIDTHS)
    sheet.freeze(2, 2)
