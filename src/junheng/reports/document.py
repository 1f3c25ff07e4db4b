"""What an official document says, before anybody decides how it is printed.

A report is written once as a tuple of blocks; `pdf_document` and `docx_document` print the same blocks. Every class is
frozen and checked when it is built: a document that exists can be printed. A wrong shape (a ragged table row, a heading
level that is skipped) is a broken promise of the program and raises EngineError; a character that no file format can
hold comes from somebody's data and raises InputError.

Numbers of headings (一、（一）1.（1）), tables and figures are given here, by `label_blocks`, and nowhere else.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from itertools import groupby
from typing import Literal

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import ParseError, fromstring

from junheng.core.errors import EngineError, InputError

__all__ = [
    "Block",
    "BulletList",
    "Cell",
    "Column",
    "Contents",
    "Document",
    "Figure",
    "HeaderCell",
    "Heading",
    "Imprint",
    "Labelled",
    "Landscape",
    "Note",
    "NumberedList",
    "PageBreak",
    "Paragraph",
    "Run",
    "Signature",
    "Table",
    "Tone",
    "chinese_numeral",
    "label_blocks",
    "require_printable",
    "walk",
]

Align = Literal["left", "center", "right"]
TEXT_WIDTH_MM = 156.0
"""Width of the text area of GB/T 9704-2012: 210 − 28 − 26 mm."""
MAX_TABLE_COLUMNS = 40
_NUMERALS = "零一二三四五六七八九"


class Tone(StrEnum):
    """How a table cell judges what it shows. The mark says it without colour; PLAIN has none."""

    PLAIN = "plain"
    OK = "ok"
    WARN = "warn"
    BAD = "bad"
    UNKNOWN = "unknown"

    @property
    def mark(self) -> str:
        """The sign printed behind the text of a cell of this tone; empty for PLAIN."""
        return {"ok": "✓", "warn": "△", "bad": "▼", "unknown": "—"}.get(self.value, "")


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text of one weight. A line feed is a line break inside the paragraph."""

    text: str
    bold: bool = False

    def __post_init__(self) -> None:
        require_printable(self.text)


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of level 1–4. Numbered ones print 一、（一）1.（1）; an unnumbered one (附件) neither counts nor resets."""

    level: int
    text: str
    numbered: bool = True

    def __post_init__(self) -> None:
        _require(1 <= self.level <= 4, f"标题级别只能是 1 至 4，收到 {self.level}：{self.text}")
        _require_text(self.text, "标题")


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text. `indent` leaves two characters free at the start of the first line."""

    runs: tuple[Run, ...]
    indent: bool = True
    align: Align = "left"

    def __post_init__(self) -> None:
        _require(len(self.runs) > 0, "段落至少要有一段文字")

    @classmethod
    def of(cls, *parts: str | Run, indent: bool = True, align: Align = "left") -> Paragraph:
        """A paragraph of plain strings and runs: `Paragraph.of("共 ", Run("37", bold=True), " 所")`."""
        runs = tuple(part if isinstance(part, Run) else Run(part) for part in parts)
        return cls(runs, indent, align)

    @property
    def text(self) -> str:
        """The text of all runs, without their weights."""
        return "".join(run.text for run in self.runs)


@dataclass(frozen=True, slots=True)
class BulletList:
    """Items without an order. An empty list refuses: write a sentence that says there is nothing."""

    items: tuple[Paragraph, ...]

    def __post_init__(self) -> None:
        _require(len(self.items) > 0, "列表没有任何条目；没有内容时请写一句说明")

    @classmethod
    def of(cls, *items: str) -> BulletList:
        """A list of plain strings."""
        return cls(tuple(Paragraph.of(item) for item in items))


@dataclass(frozen=True, slots=True)
class NumberedList:
    """Items counted 1. 2. 3."""

    items: tuple[Paragraph, ...]

    def __post_init__(self) -> None:
        _require(len(self.items) > 0, "列表没有任何条目；没有内容时请写一句说明")

    @classmethod
    def of(cls, *items: str) -> NumberedList:
        """A list of plain strings."""
        return cls(tuple(Paragraph.of(item) for item in items))


@dataclass(frozen=True, slots=True)
class Column:
    """A table column. `weight` shares out the width; neighbours with the same `group` get one heading above theirs."""

    header: str
    weight: float = 1.0
    align: Align = "center"
    group: str = ""

    def __post_init__(self) -> None:
        _require_text(self.header, "表头")
        require_printable(self.group)
        _require(self.weight > 0, f"列宽比例必须大于 0：{self.header}")


@dataclass(frozen=True, slots=True)
class Cell:
    """One table cell. The mark of its tone is printed behind the text, so that it reads without colour."""

    text: str
    tone: Tone = Tone.PLAIN
    bold: bool = False

    def __post_init__(self) -> None:
        require_printable(self.text)

    @property
    def printed(self) -> str:
        """Text and mark together; a mark that the text already ends with is not repeated."""
        mark = self.tone.mark
        if not mark or self.text.endswith(mark):
            return self.text
        return f"{self.text} {mark}" if self.text else mark


@dataclass(frozen=True, slots=True)
class HeaderCell:
    """One cell of a table's header: its text and how many columns and rows it covers, from column `start` on."""

    text: str
    start: int
    columns: int = 1
    rows: int = 1


@dataclass(frozen=True, slots=True)
class Table:
    """A table with a header that repeats on each page. No rows at all print as one line 「（无）」.

    Every row has as many cells as there are columns. `note` is small text below, such as the meaning of the marks.
    """

    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    caption: str
    note: str = ""

    def __post_init__(self) -> None:
        _require_text(self.caption, "表题")
        require_printable(self.note)
        width = len(self.columns)
        _require(
            1 <= width <= MAX_TABLE_COLUMNS, f"表格应有 1 至 {MAX_TABLE_COLUMNS} 列，收到 {width} 列：{self.caption}"
        )
        for number, row in enumerate(self.rows, start=1):
            _require(len(row) == width, f"{self.caption}：第 {number} 行有 {len(row)} 格，表头有 {width} 列")

    @classmethod
    def of(
        cls,
        columns: Iterable[Column | str],
        rows: Iterable[Iterable[Cell | str]],
        caption: str,
        note: str = "",
    ) -> Table:
        """A table in which plain strings stand for centred columns of weight 1 and for plain cells."""
        return cls(
            tuple(column if isinstance(column, Column) else Column(column) for column in columns),
            tuple(tuple(cell if isinstance(cell, Cell) else Cell(cell) for cell in row) for row in rows),
            caption,
            note,
        )

    @property
    def font_size(self) -> float:
        """Points: 12 (小四) up to 5 columns, 10.5 (五号) up to 8, 9 (小五) up to 12, 7.5 (六号) beyond."""
        width = len(self.columns)
        return 12.0 if width <= 5 else 10.5 if width <= 8 else 9.0 if width <= 12 else 7.5

    @property
    def header_rows(self) -> tuple[tuple[HeaderCell, ...], ...]:
        """One header row, or two when a column has a group: the groups above, ungrouped columns two rows high."""
        if not any(column.group for column in self.columns):
            return (tuple(HeaderCell(column.header, index) for index, column in enumerate(self.columns)),)
        top: list[HeaderCell] = []
        below: list[HeaderCell] = []
        for group, members in groupby(enumerate(self.columns), key=lambda pair: pair[1].group):
            pairs = list(members)
            if group:
                top.append(HeaderCell(group, pairs[0][0], columns=len(pairs)))
                below.extend(HeaderCell(column.header, index) for index, column in pairs)
            else:
                top.extend(HeaderCell(column.header, index, rows=2) for index, column in pairs)
        return (tuple(top), tuple(below))


@dataclass(frozen=True, slots=True)
class Figure:
    """A drawing as SVG text with a viewBox, its caption, and the words a blind reader hears instead of it."""

    svg: str
    caption: str
    alt: str
    width_mm: float = 150.0
    aspect: float = field(init=False)
    """Width divided by height, read from the viewBox."""

    def __post_init__(self) -> None:
        _require_text(self.caption, "图题")
        _require_text(self.alt, "图的文字说明")
        _require(0 < self.width_mm <= 240, f"图宽应在 0 至 240 毫米之间：{self.caption}")
        object.__setattr__(self, "aspect", _aspect(self.svg, self.caption))


@dataclass(frozen=True, slots=True)
class PageBreak:
    """What follows begins on a new page."""


@dataclass(frozen=True, slots=True)
class Signature:
    """Who signs and the date in words, at the right end of a document."""

    unit: str
    date_text: str

    def __post_init__(self) -> None:
        _require_text(self.unit, "署名单位")
        _require_text(self.date_text, "成文日期")


@dataclass(frozen=True, slots=True)
class Contents:
    """The list of headings down to `depth`, with page numbers in the PDF."""

    title: str = "目录"
    depth: int = 2

    def __post_init__(self) -> None:
        _require_text(self.title, "目录标题")
        _require(1 <= self.depth <= 4, f"目录层数只能是 1 至 4，收到 {self.depth}")


@dataclass(frozen=True, slots=True)
class Note:
    """Small text: a source, a reservation, the meaning of a sign."""

    text: str

    def __post_init__(self) -> None:
        _require_text(self.text, "注释")


@dataclass(frozen=True, slots=True)
class Landscape:
    """Blocks that are printed on pages of their own, turned sideways: for wide tables."""

    blocks: tuple[Block, ...]

    def __post_init__(self) -> None:
        _require(len(self.blocks) > 0, "横向页面没有任何内容")
        _require(not any(isinstance(block, Landscape) for block in self.blocks), "横向页面里不能再放横向页面")


Block = (
    Heading
    | Paragraph
    | BulletList
    | NumberedList
    | Table
    | Figure
    | PageBreak
    | Signature
    | Contents
    | Note
    | Landscape
)


@dataclass(frozen=True, slots=True)
class Imprint:
    """版记, at the foot of the last page: who gets copies (may be empty), the printing office and the printing date."""

    office: str
    printed_on: str
    copies_to: str = ""

    def __post_init__(self) -> None:
        _require_text(self.office, "印发机关")
        _require_text(self.printed_on, "印发日期")
        require_printable(self.copies_to)


@dataclass(frozen=True, slots=True)
class Document:
    """One official document. All texts but the title may be empty, and are then not printed.

    `issuer` prints the red head (发文机关标志) with `document_number` below it. `verification` (such as the hash of the
    verdict that the numbers come from) stands small at the foot of every page. `issued_on` is the date that the file's
    properties carry; without it a fixed date is used, never today's, so that the same content gives the same bytes.
    """

    title: str
    blocks: tuple[Block, ...]
    subtitle: str = ""
    issuer: str = ""
    document_number: str = ""
    recipients: str = ""
    date_text: str = ""
    verification: str = ""
    imprint: Imprint | None = None
    issued_on: date | None = None

    def __post_init__(self) -> None:
        _require_text(self.title, "文件标题")
        for text in (self.subtitle, self.issuer, self.document_number, self.recipients):
            require_printable(text)
        for text in (self.date_text, self.verification):
            require_printable(text)
        _require(not self.document_number or bool(self.issuer), "有发文字号就必须有发文机关")
        _require_heading_order(self.blocks)


@dataclass(frozen=True, slots=True)
class Labelled:
    """A block with its number: 「（二）」 for a heading, 「表 3」 for a table, 「图 1」 for a figure, else empty.

    `children` are the labelled blocks of a Landscape, empty for every other block.
    """

    block: Block
    label: str = ""
    children: tuple[Labelled, ...] = ()


def chinese_numeral(number: int) -> str:
    """The numeral used in headings: 7 → 七, 10 → 十, 21 → 二十一, 105 → 一百零五. Only 1–999; others raise EngineError."""
    _require(1 <= number <= 999, f"标题序号只能在 1 至 999 之间，收到 {number}")
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    text = f"{_NUMERALS[hundreds]}百" if hundreds else ""
    if tens:
        text += "十" if tens == 1 and not hundreds else f"{_NUMERALS[tens]}十"
    elif hundreds and ones:
        text += "零"
    return text + (_NUMERALS[ones] if ones else "")


def label_blocks(document: Document) -> tuple[Labelled, ...]:
    """The blocks of a document with their numbers, counted through landscape pages in reading order."""
    return _Counter().label(document.blocks)


def walk(labelled: Iterable[Labelled]) -> Iterator[Labelled]:
    """All blocks in reading order, those inside landscape pages included (the Landscape itself comes first)."""
    for item in labelled:
        yield item
        yield from walk(item.children)


class _Counter:
    """Counts headings, tables and figures while a document is walked once."""

    def __init__(self) -> None:
        self.headings = [0, 0, 0, 0]
        self.tables = 0
        self.figures = 0

    def label(self, blocks: tuple[Block, ...]) -> tuple[Labelled, ...]:
        return tuple(self._one(block) for block in blocks)

    def _one(self, block: Block) -> Labelled:
        match block:
            case Heading(numbered=True):
                return Labelled(block, self._heading(block.level))
            case Table():
                self.tables += 1
                return Labelled(block, f"表 {self.tables}")
            case Figure():
                self.figures += 1
                return Labelled(block, f"图 {self.figures}")
            case Landscape():
                return Labelled(block, children=self.label(block.blocks))
            case _:
                return Labelled(block)

    def _heading(self, level: int) -> str:
        self.headings[level - 1] += 1
        self.headings[level:] = [0] * (4 - level)
        number = self.headings[level - 1]
        if level == 1:
            return f"{chinese_numeral(number)}、"
        if level == 2:
            return f"（{chinese_numeral(number)}）"
        return f"{number}." if level == 3 else f"（{number}）"


def _require(condition: bool, message: str) -> None:
    if not condition:
        raise EngineError(f"文档内容不合规：{message}")


def _require_text(text: str, what: str) -> None:
    _require(text.strip() != "", f"{what}不能为空")
    require_printable(text)


def require_printable(text: str) -> None:
    """Refuse a text with characters that XML and fonts cannot hold, InputError naming the character and its place."""
    for position, character in enumerate(text, start=1):
        code = ord(character)
        if (code < 32 and character not in "\n\t") or 0xD800 <= code <= 0xDFFF or code in (0xFFFE, 0xFFFF):
            shown = "".join(c if c.isprintable() else "□" for c in text[:40])
            raise InputError(
                f"文字「{shown}」第 {position} 个字符（U+{code:04X}）是不能印刷的控制字符；请在数据来源中删除后重新生成"
            )


def _require_heading_order(blocks: tuple[Block, ...]) -> None:
    previous = 0
    for block in _flat(blocks):
        if isinstance(block, Heading):
            _require(block.level <= previous + 1, f"标题「{block.text}」跳过了第 {previous + 1} 级")
            previous = block.level


def _flat(blocks: tuple[Block, ...]) -> Iterator[Block]:
    for block in blocks:
        if isinstance(block, Landscape):
            yield from block.blocks
        else:
            yield block


def _aspect(svg: str, caption: str) -> float:
    try:
        root = fromstring(svg)
    except (ParseError, DefusedXmlException) as error:
        raise EngineError(f"文档内容不合规：图「{caption}」不是完整的 SVG（{error}）") from error
    numbers = root.get("viewBox", "").replace(",", " ").split()
    try:
        width, height = float(numbers[2]), float(numbers[3])
    except (IndexError, ValueError) as error:
        raise EngineError(f"文档内容不合规：图「{caption}」的 SVG 没有 viewBox") from error
    _require(width > 0 and height > 0, f"图「{caption}」的 viewBox 宽高必须大于 0")
    return width / height
