"""How the editable Word file looks: page, typefaces, paragraph styles, footers. Content is `docx_document`'s business.

The layout follows GB/T 9704-2012 as the PDF does. Lines have a fixed height and the grid is of type "lines": a grid of
lines and characters would respace every line in Word and WPS. Theme fonts are removed, because a theme overrules the
named Chinese typefaces; each typeface lists a substitute that Windows, WPS or Linux has.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from copy import deepcopy
from functools import cache, lru_cache
from typing import TYPE_CHECKING
from xml.sax.saxutils import quoteattr

import docx
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING, WD_TAB_ALIGNMENT, WD_TAB_LEADER
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Emu, Mm, Pt, RGBColor

if TYPE_CHECKING:
    from docx.document import Document as WordDocument
    from docx.oxml.xmlchemy import BaseOxmlElement
    from docx.section import Section
    from docx.styles.style import ParagraphStyle
    from docx.text.paragraph import Paragraph

__all__ = [
    "BODY_FONT",
    "HEADING_FONT",
    "LINE_PITCH",
    "SUBHEADING_FONT",
    "TITLE_FONT",
    "add_field",
    "element",
    "set_fonts",
    "set_page",
    "set_style",
    "template",
    "text_width",
    "write_footers",
]

TITLE_FONT, BODY_FONT, HEADING_FONT, SUBHEADING_FONT = "方正小标宋简体", "仿宋_GB2312", "黑体", "楷体_GB2312"
_FOLIO_FONT, _LATIN_FONT = "宋体", "Times New Roman"
_SUBSTITUTES = {
    TITLE_FONT: "华文中宋",
    BODY_FONT: "仿宋",
    SUBHEADING_FONT: "楷体",
    HEADING_FONT: "SimHei",
    _FOLIO_FONT: "SimSun",
}
LINE_PITCH = Pt(28.95)
"""Line height: 22 × 28.95 = 636.9 pt fit the text area of 225 mm = 637.8 pt, 23 lines do not."""
_TRACKING = -5
"""Twentieths of a point between characters: 28 × (16 − 0.25) = 441 pt fit 156 mm = 442.2 pt, 29 characters do not."""
_FONT_TABLE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/fontTable"
_THUMBNAIL = "http://schemas.openxmlformats.org/package/2006/relationships/metadata/thumbnail"
_OLD_STYLES = "http://schemas.microsoft.com/office/2007/relationships/stylesWithEffects"


def element(tag: str, **attributes: str | int) -> BaseOxmlElement:
    """A WordprocessingML element such as `w:tblW` with attributes of the same namespace: element("w:sz", val=21)."""
    return OxmlElement(tag, {_attribute(name): str(value) for name, value in attributes.items()})


@cache
def _attribute(name: str) -> str:
    return qn(f"w:{name}")


def template() -> WordDocument:
    """An empty document in the official layout, the caller's own.

    The layout is made once per process and kept as the bytes of a file: opening those takes a tenth of the time of making it.
    """
    return docx.Document(io.BytesIO(_template_bytes()))


def set_style(paragraph: Paragraph, name: str) -> None:
    """Give a paragraph a style of the template by its name; python-docx would search all styles of the file for it each time."""
    paragraph._p.style = _style_ids()[name]


@cache
def _template_bytes() -> bytes:
    word = docx.Document()
    _prepare(word)
    result = io.BytesIO()
    word.save(result)
    return result.getvalue()


@cache
def _style_ids() -> Mapping[str, str | None]:
    """The id of each paragraph style of the template by name; None for the default, which a paragraph does not name."""
    styles = template().styles
    default = styles.default(WD_STYLE_TYPE.PARAGRAPH)
    return {style.name: None if style == default else style.style_id for style in styles}


def _prepare(word: WordDocument) -> None:
    """Turn python-docx's default template into the official layout: styles, typefaces, first page, no template leftovers."""
    _strip_theme_fonts(word)
    _body_style(word)
    _heading_styles(word)
    _other_styles(word)
    _write_font_table(word)
    _drop_leftovers(word)
    word.settings.odd_and_even_pages_header_footer = True
    for setting in word.settings.element.iter(qn("w:compatSetting")):
        if setting.get(qn("w:name")) == "compatibilityMode":
            setting.set(qn("w:val"), "15")
    set_page(word.sections[0], landscape=False)


def _drop_leftovers(word: WordDocument) -> None:
    """Take out what no document uses: the thumbnail, a second copy of the styles for Word 2010, and a hundred table styles."""
    for relations, kind in ((word.part.package.rels, _THUMBNAIL), (word.part.rels, _OLD_STYLES)):
        for name in [name for name, relation in relations.items() if relation.reltype == kind]:
            del relations[name]
    for style in [style for style in word.styles if style.type == WD_STYLE_TYPE.TABLE]:
        if style != word.styles.default(WD_STYLE_TYPE.TABLE):
            style.delete()


def set_page(section: Section, *, landscape: bool) -> None:
    """A4 upright with the margins of the standard, or sideways with 28 mm all round, and the grid of lines."""
    width, height = (Mm(297), Mm(210)) if landscape else (Mm(210), Mm(297))
    section.page_width, section.page_height = width, height
    margins = (28, 28, 28, 28) if landscape else (37, 35, 28, 26)
    section.top_margin, section.bottom_margin, section.left_margin, section.right_margin = (Mm(m) for m in margins)
    section.header_distance, section.footer_distance = Mm(15), Mm(15 if landscape else 22)
    properties = section._sectPr
    page = properties.find(qn("w:pgSz"))
    if page is not None:
        page.attrib.pop(qn("w:orient"), None)
        if landscape:
            page.set(qn("w:orient"), "landscape")
    for old in properties.findall(qn("w:docGrid")):
        properties.remove(old)
    properties.append(element("w:docGrid", type="lines", linePitch=int(LINE_PITCH.pt * 20)))


def text_width(section: Section) -> Emu:
    """The width between the margins of a section."""
    page, left, right = section.page_width, section.left_margin, section.right_margin
    return Emu((page or 0) - (left or 0) - (right or 0))


def write_footers(section: Section, verification: str) -> None:
    """Page numbers — 1 — on the outer side, right on odd and left on even pages, the verification text opposite."""
    odd, even = _footer_lines(verification, text_width(section))
    for footer, line in ((section.footer, odd), (section.even_page_footer, even)):
        footer.is_linked_to_previous = False
        empty = footer.paragraphs[0]._p
        empty.getparent().replace(empty, deepcopy(line))


@lru_cache(maxsize=4)
def _footer_lines(verification: str, width: Emu) -> tuple[BaseOxmlElement, BaseOxmlElement]:
    """The line at the foot of odd and of even pages; all plans of a county have the same, so copies are taken of one pair."""
    scratch = template()
    odd, even = scratch.add_paragraph(), scratch.add_paragraph()
    for line in (odd, even):
        set_style(line, "Footer")
        line.paragraph_format.tab_stops.add_tab_stop(width, alignment=WD_TAB_ALIGNMENT.RIGHT)
    _proof(odd, f"{verification}\t")
    _folio(odd)
    odd.paragraph_format.right_indent = Pt(14)
    _folio(even)
    _proof(even, f"\t{verification}")
    even.paragraph_format.left_indent = Pt(14)
    return odd._p, even._p


def add_field(paragraph: Paragraph, instruction: str, shown: str) -> None:
    """A field whose result is `shown` until Word works it out anew."""
    for kind in ("begin", "separate", "end"):
        run = paragraph.add_run()
        run._r.append(element("w:fldChar", fldCharType=kind))
        if kind == "begin":
            code = element("w:instrText")
            code.set(qn("xml:space"), "preserve")
            code.text = f" {instruction} "
            paragraph.add_run()._r.append(code)
        elif kind == "separate":
            paragraph.add_run(shown)


def set_fonts(properties: BaseOxmlElement, chinese: str, *, latin: str = _LATIN_FONT) -> None:
    """Name the typefaces in a w:rPr, for Chinese and for other letters, and nothing of the theme."""
    for old in properties.findall(qn("w:rFonts")):
        properties.remove(old)
    properties.insert(0, element("w:rFonts", ascii=latin, hAnsi=latin, eastAsia=chinese, cs=latin))


def _folio(paragraph: Paragraph) -> None:
    first = len(paragraph.runs)
    paragraph.add_run("— ")
    add_field(paragraph, "PAGE", "1")
    paragraph.add_run(" —")
    for run in paragraph.runs[first:]:
        run.font.size = Pt(14)
        set_fonts(run._r.get_or_add_rPr(), _FOLIO_FONT, latin=_FOLIO_FONT)


def _proof(paragraph: Paragraph, text: str) -> None:
    run = paragraph.add_run(text)
    run.font.size = Pt(7.5)
    run.font.color.rgb = RGBColor(0x50, 0x50, 0x50)


def _strip_theme_fonts(word: WordDocument) -> None:
    for fonts in word.styles.element.iter(qn("w:rFonts")):
        for name in [name for name in fonts.attrib if name.lower().endswith("theme")]:
            del fonts.attrib[name]
    for language in word.styles.element.iter(qn("w:lang")):
        language.set(qn("w:eastAsia"), "zh-CN")


def _style(word: WordDocument, name: str, font: str, size: float) -> ParagraphStyle:
    if name in word.styles:
        style = word.styles[name]
    else:
        style = word.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH, builtin=name.startswith("toc "))
        style.base_style = word.styles["Normal"]
    paragraph_style: ParagraphStyle = style
    properties = paragraph_style.element.get_or_add_pPr()
    for leftover in ("w:pBdr", "w:contextualSpacing", "w:tabs"):
        for old in properties.findall(qn(leftover)):
            properties.remove(old)
    look = paragraph_style.element.get_or_add_rPr()
    for leftover in ("w:bCs", "w:iCs", "w:szCs", "w:spacing", "w:kern"):
        for old in look.findall(qn(leftover)):
            look.remove(old)
    set_fonts(look, font)
    paragraph_style.font.size = Pt(size)
    paragraph_style.font.bold = paragraph_style.font.italic = False
    paragraph_style.font.color.rgb = RGBColor(0, 0, 0)
    layout = paragraph_style.paragraph_format
    layout.space_before = layout.space_after = Pt(0)
    layout.first_line_indent = Pt(0)
    return paragraph_style


def _body_style(word: WordDocument) -> None:
    style = _style(word, "Normal", BODY_FONT, 16)
    style.paragraph_format.line_spacing = LINE_PITCH
    style.paragraph_format.line_spacing_rule = WD_LINE_SPACING.EXACTLY
    style.paragraph_format.widow_control = False
    style.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
    sizes = style.element.get_or_add_rPr().findall(qn("w:sz"))
    sizes[0].addprevious(element("w:spacing", val=_TRACKING))
    indented = _style(word, "Body Text", BODY_FONT, 16)
    _indent_two_characters(indented)


def _indent_two_characters(style: ParagraphStyle) -> None:
    style.paragraph_format.first_line_indent = Pt(31.5)
    indent = style.element.get_or_add_pPr().find(qn("w:ind"))
    if indent is not None:
        indent.set(qn("w:firstLineChars"), "200")


def _heading_styles(word: WordDocument) -> None:
    looks = ((HEADING_FONT, False), (SUBHEADING_FONT, False), (BODY_FONT, True), (BODY_FONT, False))
    for level, (font, bold) in enumerate(looks, start=1):
        style = _style(word, f"Heading {level}", font, 16)
        style.font.bold = bold
        style.paragraph_format.keep_with_next = True
        style.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.LEFT
        _indent_two_characters(style)
    for level in range(1, 5):
        entry = _style(word, f"toc {level}", BODY_FONT, 16)
        entry.paragraph_format.left_indent = Pt(16 * (level - 1))
        entry.paragraph_format.tab_stops.add_tab_stop(
            Mm(156), alignment=WD_TAB_ALIGNMENT.RIGHT, leader=WD_TAB_LEADER.DOTS
        )


def _other_styles(word: WordDocument) -> None:
    centred = WD_ALIGN_PARAGRAPH.CENTER
    title = _style(word, "Title", TITLE_FONT, 22)
    title.paragraph_format.alignment = centred
    title.paragraph_format.line_spacing = Pt(34)
    _leave_grid(title)
    _style(word, "Subtitle", SUBHEADING_FONT, 16).paragraph_format.alignment = centred
    caption = _style(word, "Caption", HEADING_FONT, 12)
    caption.paragraph_format.alignment = centred
    single = WD_LINE_SPACING.SINGLE
    for name, font, size in (
        ("Table Text", BODY_FONT, 10.5),
        ("Note Text", BODY_FONT, 10.5),
        ("Figure", BODY_FONT, 12),
    ):
        style = _style(word, name, font, size)
        style.paragraph_format.line_spacing_rule = single
        style.paragraph_format.alignment = centred if name == "Figure" else WD_ALIGN_PARAGRAPH.LEFT
        _leave_grid(style)
    _style(word, "Footer", _FOLIO_FONT, 14).paragraph_format.alignment = WD_ALIGN_PARAGRAPH.LEFT


def _leave_grid(style: ParagraphStyle) -> None:
    properties = style.element.get_or_add_pPr()
    later = ("w:spacing", "w:ind", "w:contextualSpacing", "w:jc", "w:outlineLvl")
    properties.insert_element_before(element("w:snapToGrid", val=0), *later)


def _write_font_table(word: WordDocument) -> None:
    fonts = "".join(
        f"<w:font w:name={quoteattr(name)}><w:altName w:val={quoteattr(substitute)}/></w:font>"
        for name, substitute in _SUBSTITUTES.items()
    )
    namespace = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    text = f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><w:fonts xmlns:w="{namespace}">{fonts}</w:fonts>'
    word.part.part_related_by(_FONT_TABLE)._blob = text.encode()
