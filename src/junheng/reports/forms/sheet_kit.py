"""How the sheets of the official workbooks look: cells, print layout, and the line that binds each sheet to its verdict.

Text always goes in as text, so that nothing a school writes can act as a formula. Numbers go in as numbers, already rounded
half up, so that a spreadsheet shows what the paper shows. What stands in a cell reads without colour.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.utility import xl_cell_to_rowcol, xl_range
from xlsxwriter.worksheet import Worksheet

from junheng.core.rounding import rounded
from junheng.reports.bundle_content import Bundle
from junheng.reports.reproducible import fixed_moment, rewrite_zip
from junheng.reports.wording import BLANK

__all__ = ["MARKS", "Book", "Number", "Sheet"]

Number = Fraction | float | int
MARKS: Mapping[str, str] = {"bad": "▼", "warn": "△"}
"""Behind a number: below the floor or over a limit; below the threshold but not below the floor."""

_A4 = 9
_FONT, _TITLE_FONT = "宋体", "黑体"
_LINE_HEIGHT = 14.5
_TONES = {"bad": "#F9D5D2", "warn": "#FDEBD3", "unknown": "#EBEBEB", "head": "#ECECEC"}


class Book:
    """One workbook of an evaluation; `finish` gives its bytes, the same for the same content."""

    def __init__(self, bundle: Bundle, title: str) -> None:
        self.bundle = bundle
        self._buffer = io.BytesIO()
        options = {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        }
        self._workbook = Workbook(self._buffer, options)
        self._workbook.set_size(2400, 1400)
        created = fixed_moment(bundle.verdict.judged_on).replace(tzinfo=None)
        self._workbook.set_properties(
            {"title": title, "author": "Junheng", "comments": bundle.stamp, "created": created}
        )
        self._formats: dict[tuple[tuple[str, Any], ...], Any] = {}

    def sheet(self, name: str, *, landscape: bool = True) -> Sheet:
        """A new sheet on A4, fitted to the page's width, with the county above and the stamp below each page."""
        worksheet = self._workbook.add_worksheet(name)
        worksheet.set_paper(_A4)
        if landscape:
            worksheet.set_landscape()
        worksheet.fit_to_pages(1, 0)
        worksheet.set_margins(left=0.5, right=0.5, top=0.8, bottom=0.8)
        worksheet.hide_gridlines(2)
        worksheet.center_horizontally()
        verdict = self.bundle.verdict
        county = verdict.county_name.replace("&", "&&")
        worksheet.set_header(f"&L&9{county}　{verdict.year}年度{self.bundle.trial_mark}&R&9{name.replace('&', '&&')}")
        worksheet.set_footer(f"&L&8{self.bundle.stamp.replace('&', '&&')}&R&8第 &P 页，共 &N 页")
        return Sheet(self, worksheet)

    def style(self, **options: Any) -> Any:
        """A cell format, made once."""
        key = tuple(sorted(options.items()))
        if key not in self._formats:
            base = {"font_name": _FONT, "font_size": 10, "valign": "vcenter", "text_wrap": True}
            self._formats[key] = self._workbook.add_format({**base, **options})
        return self._formats[key]

    def finish(self) -> bytes:
        """The bytes of the workbook."""
        self._workbook.close()
        return rewrite_zip(self._buffer.getvalue())


class Sheet:
    """One sheet. Cells are named as in a spreadsheet (`B4`) or given as zero-based row and column."""

    def __init__(self, book: Book, worksheet: Worksheet) -> None:
        self.book = book
        self.worksheet = worksheet

    def title(self, text: str, columns: int, row: int = 0) -> None:
        """The title in the first column, centred across the columns without merging them."""
        style = self.book.style(
            font_name=_TITLE_FONT, font_size=16, align="center_across", text_wrap=False, valign="vcenter"
        )
        self.worksheet.set_row(row, 30)
        self.worksheet.write_string(row, 0, text + self.book.bundle.trial_mark, style)
        for column in range(1, columns):
            self.worksheet.write_blank(row, column, None, style)

    def head(self, place: str, text: str) -> None:
        """A header cell, or a merged range of them (`A5:D5`)."""
        style = self.book.style(font_name=_TITLE_FONT, align="center", border=1, bg_color=_TONES["head"])
        if ":" in place:
            self.worksheet.merge_range(place, text, style)
        else:
            self.worksheet.write_string(*xl_cell_to_rowcol(place), text, style)

    def text(
        self, row: int, column: int, text: str, *, align: str = "left", tone: str = "", bold: bool = False
    ) -> None:
        """A boxed cell of text."""
        self.worksheet.write_string(row, column, text, self._boxed(align=align, tone=tone, bold=bold))

    def merged(self, place: str, text: str, *, align: str = "center") -> None:
        """A boxed cell of text over a range."""
        self.worksheet.merge_range(place, text, self._boxed(align=align))

    def number(self, row: int, column: int, value: Number | None, decimals: int = 0, *, tone: str = "") -> None:
        """A boxed number rounded half up to so many decimals, with the mark of its tone; a blank when it is missing."""
        if value is None:
            self.text(row, column, BLANK, align="center", tone="unknown")
            return
        places = "0" if decimals == 0 else "0." + "0" * decimals
        mark = f'"{MARKS[tone]}"' if tone in MARKS else ""
        style = self._boxed(align="center", tone=tone, num_format=places + mark)
        self.worksheet.write_number(row, column, float(rounded(Fraction(value), decimals)), style)

    def note(self, row: int, text: str, columns: int, *, height: float = 0) -> None:
        """A note below a table, over its whole width."""
        style = self.book.style(font_size=9, align="left", valign="top")
        if height:
            self.worksheet.set_row(row, height)
        self.worksheet.merge_range(row, 0, row, columns - 1, text, style)

    def stamp(self, row: int, columns: int) -> None:
        """The line that binds the sheet to its verdict, as the last row."""
        style = self.book.style(font_size=8, align="left", font_color="#595959", text_wrap=False)
        bundle = self.book.bundle
        line = f"{bundle.verdict.county_name}　{bundle.verdict.year}年度　{bundle.stamp}"
        self.worksheet.write_string(row, 0, line, style)
        self.worksheet.print_area(0, 0, row, columns - 1)

    def widths(self, widths: Sequence[float]) -> None:
        """The widths of the columns from the first on, in characters."""
        for column, width in enumerate(widths):
            self.worksheet.set_column(column, column, width)

    def heights(self, heights: Mapping[int, float]) -> None:
        """The heights of rows in points."""
        for row, height in heights.items():
            self.worksheet.set_row(row, height)

    def fit(self, row: int, texts: Iterable[str], widths: Sequence[float], *, least: float = 18.0) -> None:
        """Make a row as high as its longest text needs, for texts beside the widths of their columns."""
        lines = max((_lines(text, width) for text, width in zip(texts, widths, strict=False)), default=1)
        self.worksheet.set_row(row, max(least, _LINE_HEIGHT * lines + 5))

    def freeze(self, row: int, column: int) -> None:
        """Keep the rows above and the columns before in view and, above, on every page."""
        self.worksheet.freeze_panes(row, column)
        self.worksheet.repeat_rows(0, row - 1)

    def filter(self, first_row: int, last_row: int, columns: int) -> None:
        """Filter buttons on the header row."""
        self.worksheet.autofilter(xl_range(first_row, 0, max(first_row, last_row), columns - 1))

    def _boxed(self, *, align: str, tone: str = "", bold: bool = False, num_format: str = "") -> Any:
        options: dict[str, Any] = {"border": 1, "align": align}
        if tone in _TONES:
            options["bg_color"] = _TONES[tone]
        if bold:
            options["bold"] = True
        if num_format:
            options["num_format"] = num_format
        return self.book.style(**options)


def _lines(text: str, width: float) -> int:
    """How many lines a text takes in a column: a Chinese character is as wide as two others."""
    room = max(width - 1.5, 2.0)
    return sum(1 + int(_wide(line) / room) for line in text.split("\n"))


def _wide(text: str) -> float:
    return sum(2.0 if ord(character) > 0x2E7F or character in "，、（）“”—≥≤Ⅰ" else 1.05 for character in text)
