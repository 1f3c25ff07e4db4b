"""Print a document as an editable Word file (.docx) that Word 2016, WPS and LibreOffice open with the same layout.

Drawings are embedded as PNG at 200 dpi with their words as alternative text: SVG is not read by WPS and older Word.
Heading numbers are plain text, so that nobody's Word renumbers an official document. The contents list already holds the
headings; page numbers appear in it when the user updates the field, for a page number from another program could be wrong.
"""

from __future__ import annotations

import io
from collections.abc import Iterable
from copy import deepcopy
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from docx.enum.section import WD_SECTION
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING, WD_TAB_ALIGNMENT
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from junheng.core.errors import EngineError
from junheng.reports import docx_styles as styles
from junheng.reports.document import (
    BulletList,
    Cell,
    Contents,
    Document,
    Figure,
    HeaderCell,
    Heading,
    Imprint,
    Labelled,
    Landscape,
    Note,
    NumberedList,
    PageBreak,
    Paragraph,
    Run,
    Signature,
    Table,
    Tone,
    label_blocks,
    walk,
)
from junheng.reports.docx_styles import element
from junheng.reports.pdf_document import svg_to_png
from junheng.reports.reproducible import fixed_moment, rewrite_zip

if TYPE_CHECKING:
    from docx.oxml.xmlchemy import BaseOxmlElement
    from docx.text.paragraph import Paragraph as WordParagraph

__all__ = ["render_docx", "write_docx"]

_RED = RGBColor(0xD8, 0x14, 0x1E)
_SHADES = {Tone.OK: "E3F1E5", Tone.WARN: "FDEBD3", Tone.BAD: "F9D5D2", Tone.UNKNOWN: "EBEBEB"}
_HEADER_SHADE = "ECECEC"
_SPACE = qn("xml:space")
_ALIGNMENT = {
    "left": WD_ALIGN_PARAGRAPH.JUSTIFY,
    "center": WD_ALIGN_PARAGRAPH.CENTER,
    "right": WD_ALIGN_PARAGRAPH.RIGHT,
}


def write_docx(document: Document, path: Path) -> None:
    """Write the document to `path`; the same document and fonts give the same bytes."""
    path.write_bytes(render_docx(document))


def render_docx(document: Document) -> bytes:
    """The bytes that `write_docx` writes."""
    writer = _Writer(document)
    writer.write()
    result = io.BytesIO()
    writer.word.save(result)
    return rewrite_zip(result.getvalue())


class _Writer:
    """Appends the blocks of one document to one Word file, from top to bottom."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.labelled = label_blocks(document)
        self.word = styles.template()
        self.bookmarks = 0
        self.is_landscape = False
        self.breaks_page = False
        styles.write_footers(self.word.sections[0], document.verification)

    def write(self) -> None:
        self._properties()
        self._head()
        for item in self.labelled:
            self._block(item)
        if self.document.imprint is not None:
            self._turn(landscape=False)
            self._imprint(self.document.imprint)

    def _properties(self) -> None:
        properties, moment = self.word.core_properties, fixed_moment(self.document.issued_on).replace(tzinfo=None)
        properties.title = self.document.title.replace("\n", "")
        properties.author = properties.last_modified_by = self.document.issuer or "均衡 Junheng"
        properties.comments = self.document.verification
        properties.subject = self.document.document_number
        properties.language = "zh-CN"
        properties.created = properties.modified = moment
        properties.revision = 1

    def _paragraph(self, style: str, text: str = "") -> WordParagraph:
        paragraph = self.word.add_paragraph()
        styles.set_style(paragraph, style)
        if text:
            paragraph.add_run(text)
        if self.breaks_page:
            paragraph.paragraph_format.page_break_before = True
            self.breaks_page = False
        return paragraph

    def _head(self) -> None:
        document = self.document
        if document.issuer:
            self._red_head()
            self._paragraph("Normal")
            self._paragraph("Normal")
        self._paragraph("Title", document.title)
        for text in (document.subtitle, document.date_text):
            if text:
                self._paragraph("Subtitle", text)
        self._paragraph("Normal")
        if document.recipients:
            self._paragraph("Normal", f"{document.recipients}：")

    def _red_head(self) -> None:
        paragraph = self._paragraph("Title", self.document.issuer)
        layout = paragraph.paragraph_format
        layout.line_spacing_rule = WD_LINE_SPACING.SINGLE
        layout.space_before, layout.space_after = Mm(20), Pt(20)
        run = paragraph.runs[0]
        run.font.size = Pt(min(42, int(440 / len(self.document.issuer))))
        run.font.color.rgb = _RED
        if self.document.document_number:
            paragraph = self._paragraph("Normal", self.document.document_number)
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        _border(paragraph, "bottom", size=12, colour="D8141E", space=8)

    def _block(self, item: Labelled) -> None:
        block = item.block
        self._turn(landscape=isinstance(block, Landscape) or (self.is_landscape and isinstance(block, PageBreak)))
        if isinstance(block, Landscape):
            for child in item.children:
                self._single_block(child)
        else:
            self._single_block(item)

    def _single_block(self, item: Labelled) -> None:
        match item.block:
            case Heading(level):
                self._heading(level, item.label + item.block.text)
            case Paragraph():
                self._text(item.block)
            case BulletList() | NumberedList():
                self._list(item.block)
            case Table():
                self._table(item.block, item.label)
            case Figure():
                self._figure(item.block, item.label)
            case PageBreak():
                self.breaks_page = True
            case _:
                self._plain_block(item)

    def _plain_block(self, item: Labelled) -> None:
        match item.block:
            case Signature():
                self._signature(item.block)
            case Contents():
                self._contents(item.block)
            case Note(text):
                self._paragraph("Note Text", text)
            case unknown:
                raise EngineError(f"文档内容不合规：不认识的内容块 {type(unknown).__name__}")

    def _turn(self, *, landscape: bool) -> None:
        """Begin a new section when the page has to be turned; a page break that was due is then done."""
        if landscape == self.is_landscape:
            return
        section = self.word.add_section(WD_SECTION.NEW_PAGE)
        styles.set_page(section, landscape=landscape)
        styles.write_footers(section, self.document.verification)
        self.is_landscape, self.breaks_page = landscape, False

    def _heading(self, level: int, text: str) -> None:
        self.bookmarks += 1
        paragraph = self._paragraph(f"Heading {level}")
        start = element("w:bookmarkStart", id=self.bookmarks, name=_bookmark(self.bookmarks))
        paragraph._p.append(start)
        paragraph.add_run(text)
        paragraph._p.append(element("w:bookmarkEnd", id=self.bookmarks))

    def _text(self, block: Paragraph) -> None:
        paragraph = self._paragraph("Body Text" if block.indent and block.align == "left" else "Normal")
        paragraph.alignment = _ALIGNMENT[block.align]
        _add_runs(paragraph, block.runs)

    def _list(self, block: BulletList | NumberedList) -> None:
        items = block.items
        is_numbered = isinstance(block, NumberedList)
        marks = [f"{number}." if is_numbered else "•" for number in range(1, len(items) + 1)]
        for mark, item in zip(marks, items, strict=True):
            paragraph = self._paragraph("Normal", f"{mark}\t")
            layout = paragraph.paragraph_format
            layout.left_indent, layout.first_line_indent = Pt(31.5 + 22), Pt(-22)
            layout.tab_stops.add_tab_stop(Pt(31.5 + 22))
            _add_runs(paragraph, item.runs)

    def _table(self, block: Table, label: str) -> None:
        caption = self._paragraph("Caption", f"{label}　{block.caption}")
        caption.paragraph_format.keep_with_next = True
        width = styles.text_width(self.word.sections[-1])
        self.word.element.body[-1].addprevious(_table_element(block, int(width.pt * 20)))
        after = self._paragraph("Note Text", block.note)
        after.paragraph_format.space_after = Pt(6)

    def _figure(self, block: Figure, label: str) -> None:
        paragraph = self._paragraph("Figure")
        paragraph.paragraph_format.keep_with_next = True
        run = paragraph.add_run()
        run.add_picture(io.BytesIO(svg_to_png(block.svg, block.width_mm, block.aspect)), width=Mm(block.width_mm))
        for properties in run._r.xpath(".//wp:docPr"):
            properties.set("descr", block.alt)
            properties.set("name", label)
        self._paragraph("Caption", f"{label}　{block.caption}")

    def _signature(self, block: Signature) -> None:
        unit, day = _characters(block.unit), _characters(block.date_text)
        right = 4 + max(0.0, (unit - day) / 2 - 4)
        for _line in range(2):
            self._paragraph("Normal").paragraph_format.keep_with_next = True
        for text, indent in ((block.unit, right + (day - unit) / 2), (block.date_text, right)):
            paragraph = self._paragraph("Normal", text)
            paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
            paragraph.paragraph_format.right_indent = Pt(15.75 * indent)
            paragraph.paragraph_format.keep_with_next = text == block.unit

    def _contents(self, block: Contents) -> None:
        title = self._paragraph("Subtitle", block.title)
        title.runs[0].font.size = Pt(18)
        styles.set_fonts(title.runs[0]._r.get_or_add_rPr(), styles.HEADING_FONT)
        headings = [item for item in walk(self.labelled) if isinstance(item.block, Heading)]
        entries = [(index, item) for index, item in enumerate(headings, start=1) if _level(item) <= block.depth]
        if not entries:
            self._paragraph("toc 1", "（无标题）")
            return
        lines = [self._paragraph(f"toc {_level(item)}") for _index, item in entries]
        _open_contents(lines[0], block.depth)
        for line, (index, item) in zip(lines, entries, strict=True):
            assert isinstance(item.block, Heading)
            _link(line, _bookmark(index), item.label + item.block.text)
        lines[-1].add_run()._r.append(element("w:fldChar", fldCharType="end"))

    def _imprint(self, block: Imprint) -> None:
        self._paragraph("Normal")
        lines = [f"抄送：{block.copies_to}。"] if block.copies_to else []
        lines.append(f"{block.office}\t{block.printed_on}印发")
        for number, line in enumerate(lines):
            paragraph = self._paragraph("Normal", line)
            paragraph.runs[0].font.size = Pt(14)
            layout = paragraph.paragraph_format
            layout.left_indent = layout.right_indent = Pt(0)
            layout.tab_stops.add_tab_stop(styles.text_width(self.word.sections[-1]), alignment=WD_TAB_ALIGNMENT.RIGHT)
            layout.keep_with_next = number < len(lines) - 1
            _border(paragraph, "top", size=8 if number == 0 else 6)
            if number == len(lines) - 1:
                _border(paragraph, "bottom", size=8)


def _level(item: Labelled) -> int:
    return item.block.level if isinstance(item.block, Heading) else 0


def _bookmark(number: int) -> str:
    return f"_Toc{number:08d}"


def _characters(text: str) -> float:
    """The width of a text in Chinese characters; other letters count half."""
    return sum(1.0 if ord(character) > 0x2E7F else 0.5 for character in text)


def _add_runs(paragraph: WordParagraph, runs: Iterable[Run]) -> None:
    for run in runs:
        added = paragraph.add_run(run.text)
        if run.bold:
            added.bold = True


def _border(paragraph: WordParagraph, side: str, *, size: int, colour: str = "000000", space: int = 1) -> None:
    properties = paragraph._p.get_or_add_pPr()
    borders = properties.find(qn("w:pBdr"))
    if borders is None:
        borders = element("w:pBdr")
        later = ("w:shd", "w:tabs", "w:suppressAutoHyphens", "w:snapToGrid", "w:spacing", "w:ind", "w:jc")
        properties.insert_element_before(borders, *later)
    borders.append(element(f"w:{side}", val="single", sz=size, space=space, color=colour))


def _open_contents(paragraph: WordParagraph, depth: int) -> None:
    paragraph.add_run()._r.append(element("w:fldChar", fldCharType="begin"))
    code = element("w:instrText")
    code.set(_SPACE, "preserve")
    code.text = f' TOC \\o "1-{depth}" \\h \\z \\u '
    paragraph.add_run()._r.append(code)
    paragraph.add_run()._r.append(element("w:fldChar", fldCharType="separate"))


def _link(paragraph: WordParagraph, bookmark: str, text: str) -> None:
    link = element("w:hyperlink", anchor=bookmark, history=1)
    run = paragraph.add_run(text)
    link.append(run._r)
    paragraph._p.append(link)


@dataclass(frozen=True, slots=True)
class _Look:
    """How one table cell is laid out; `merge` is restart or continue for cells two rows high."""

    width: int
    size: float
    align: str
    span: int = 1
    merge: str = ""
    shade: str = ""
    is_header: bool = False
    is_bold: bool = False


def _table_element(table: Table, width: int) -> BaseOxmlElement:
    """The w:tbl of a table that is `width` twentieths of a point wide."""
    widths = _column_widths(table, width)
    result = element("w:tbl")
    result.append(_table_properties(width))
    grid = element("w:tblGrid")
    for column in widths:
        grid.append(element("w:gridCol", w=column))
    result.append(grid)
    for number in range(len(table.header_rows)):
        result.append(_header_row(table, number, widths))
    for row in table.rows:
        result.append(_body_row(table, row, widths))
    if not table.rows:
        line = element("w:tr")
        line.append(_cell("（无）", _Look(sum(widths), table.font_size, "center", len(widths))))
        result.append(line)
    return result


def _column_widths(table: Table, width: int) -> list[int]:
    total = sum(column.weight for column in table.columns)
    return [int(width * column.weight / total) for column in table.columns]


def _table_properties(width: int) -> BaseOxmlElement:
    properties = element("w:tblPr")
    properties.append(element("w:tblW", w=width, type="dxa"))
    properties.append(element("w:jc", val="center"))
    borders = element("w:tblBorders")
    for side in ("top", "left", "bottom", "right", "insideH", "insideV"):
        borders.append(element(f"w:{side}", val="single", sz=4, space=0, color="282828"))
    properties.append(borders)
    properties.append(element("w:tblLayout", type="fixed"))
    margins = element("w:tblCellMar")
    for side, margin in (("top", 30), ("left", 60), ("bottom", 30), ("right", 60)):
        margins.append(element(f"w:{side}", w=margin, type="dxa"))
    properties.append(margins)
    return properties


def _header_row(table: Table, number: int, widths: list[int]) -> BaseOxmlElement:
    row = _row(is_header=True)
    cells: dict[int, tuple[HeaderCell, str]] = {
        cell.start: (cell, "restart" if cell.rows > 1 else "") for cell in table.header_rows[number]
    }
    if number == 1:
        cells |= {cell.start: (cell, "continue") for cell in table.header_rows[0] if cell.rows > 1}
    for start in sorted(cells):
        cell, merge = cells[start]
        text = "" if merge == "continue" else cell.text
        width = sum(widths[start : start + cell.columns])
        look = _Look(width, table.font_size, "center", cell.columns, merge, _HEADER_SHADE, is_header=True)
        row.append(_cell(text, look))
    return row


def _body_row(table: Table, cells: tuple[Cell, ...], widths: list[int]) -> BaseOxmlElement:
    row = _row(is_header=False)
    for cell, column, width in zip(cells, table.columns, widths, strict=True):
        shade = _SHADES.get(cell.tone, "")
        look = _Look(width, table.font_size, column.align, shade=shade, is_bold=cell.bold)
        row.append(_cell(cell.printed, look))
    return row


def _row(*, is_header: bool) -> BaseOxmlElement:
    row, properties = element("w:tr"), element("w:trPr")
    properties.append(element("w:cantSplit"))
    if is_header:
        properties.append(element("w:tblHeader"))
    row.append(properties)
    return row


def _cell(text: str, look: _Look) -> BaseOxmlElement:
    cell = deepcopy(_empty_cell(look))
    run = cell[-1][-1]
    for number, line in enumerate(text.split("\n")):
        if number:
            run.append(element("w:br"))
        shown = element("w:t")
        shown.set(_SPACE, "preserve")
        shown.text = line
        run.append(shown)
    return cell


@lru_cache(maxsize=512)
def _empty_cell(look: _Look) -> BaseOxmlElement:
    """A cell whose paragraph holds one run without text, to be copied: a table has many cells of few looks."""
    cell, properties = element("w:tc"), element("w:tcPr")
    properties.append(element("w:tcW", w=look.width, type="dxa"))
    if look.span > 1:
        properties.append(element("w:gridSpan", val=look.span))
    if look.merge:
        properties.append(element("w:vMerge", val=look.merge))
    if look.shade:
        properties.append(element("w:shd", val="clear", color="auto", fill=look.shade))
    properties.append(element("w:vAlign", val="center"))
    cell.append(properties)
    cell.append(_empty_line(look))
    return cell


def _empty_line(look: _Look) -> BaseOxmlElement:
    paragraph, layout, run, properties = element("w:p"), element("w:pPr"), element("w:r"), element("w:rPr")
    layout.append(element("w:pStyle", val="TableText"))
    layout.append(element("w:jc", val=look.align))
    if look.is_header:
        styles.set_fonts(properties, styles.HEADING_FONT)
    if look.is_bold:
        properties.append(element("w:b"))
    properties.append(element("w:sz", val=int(2 * look.size)))
    run.append(properties)
    paragraph.append(layout)
    paragraph.append(run)
    return paragraph
