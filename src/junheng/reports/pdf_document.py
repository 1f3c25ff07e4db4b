"""Print a document as PDF in the layout of GB/T 9704-2012, tagged (PDF/UA-1) and fit for archives (PDF/A-2a).

The page is described once in `typst/official.typ`. The content reaches it as JSON and is shown as text, so nothing that
a school writes into a workbook can act as markup.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from importlib import resources
from pathlib import Path
from typing import Any

import typst

from junheng.core.errors import EngineError
from junheng.reports.document import (
    BulletList,
    Contents,
    Document,
    Figure,
    Heading,
    Labelled,
    Landscape,
    Note,
    NumberedList,
    PageBreak,
    Paragraph,
    Signature,
    Table,
    label_blocks,
)
from junheng.reports.fonts import FONTS_VARIABLE, SUBSTITUTE, Face, FontSet, load_fonts
from junheng.reports.reproducible import fixed_moment

__all__ = ["render_pdf", "svg_to_png", "write_pdf"]

_STANDARDS: list[typst.PDFStandard] = ["ua-1", "a-2a"]
_DEFAULT_IGNORABLE = dict.fromkeys(
    [0x00AD, *range(0x200B, 0x2010), 0x2060, 0xFEFF, *range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)]
)
"""Characters without a picture of their own, which fonts need not have: they are left out."""


def write_pdf(document: Document, path: Path) -> tuple[str, ...]:
    """Write the document to `path`; the same document and fonts give the same bytes.

    Returns the characters that no font has (normally none). They are printed as 〓 and listed at the end of the document,
    for a PDF with empty boxes must not pass for a finished one. InputError when the fonts folder cannot be used.
    """
    data, missing = render_pdf(document)
    path.write_bytes(data)
    return missing


def render_pdf(document: Document) -> tuple[bytes, tuple[str, ...]]:
    """The bytes that `write_pdf` writes, and the characters that no font has."""
    fonts = load_fonts()
    content = _document_data(document, fonts)
    text, missing = _without_missing(json.dumps(content, ensure_ascii=False), fonts)
    if missing:
        codes = "、".join(f"U+{ord(character):04X}" for character in missing)
        note = (
            f"本文有 {len(missing)} 个字在现有字体中没有字形，以“{SUBSTITUTE}”代替（{codes}）。"
            f"请将含有这些字的字体放入 {FONTS_VARIABLE} 所指文件夹后重新生成。"
        )
        text = json.dumps(json.loads(text) | {"missing": note}, ensure_ascii=False)
    try:
        compiled = typst.compile(
            resources.files(__package__).joinpath("typst", "official.typ").read_bytes(),
            sys_inputs={"data": text},
            font_paths=fonts.handle,
            ignore_system_fonts=True,
            timestamp=fixed_moment(document.issued_on),
            pdf_standards=_STANDARDS,
        )
    except typst.TypstError as error:
        raise EngineError(f"文件「{document.title}」排版失败：{error}；请将此信息反馈给开发者") from error
    return compiled, missing


def svg_to_png(svg: str, width_mm: float, aspect: float, dpi: int = 200) -> bytes:
    """The drawing as PNG, `width_mm` wide at `dpi`, with the fonts that the PDF uses. For formats that cannot hold SVG."""
    fonts = load_fonts()
    source = (
        b"#let d = json(bytes(sys.inputs.data))\n"
        b"#set page(width: d.width * 1mm, height: d.height * 1mm, margin: 0pt)\n"
        b'#image(bytes(d.svg), format: "svg", width: 100%, height: 100%)'
    )
    content = {"svg": svg, "width": width_mm, "height": width_mm / aspect}
    text, _missing = _without_missing(json.dumps(content, ensure_ascii=False), fonts)
    try:
        return typst.compile(
            source,
            sys_inputs={"data": text},
            font_paths=fonts.handle,
            ignore_system_fonts=True,
            format="png",
            ppi=dpi,
        )
    except typst.TypstError as error:
        raise EngineError(f"图形无法转换为图片：{error}；请将此信息反馈给开发者") from error


def _without_missing(text: str, fonts: FontSet) -> tuple[str, tuple[str, ...]]:
    text = text.translate(_DEFAULT_IGNORABLE)
    missing = fonts.missing(text)
    return text.translate(dict.fromkeys(map(ord, missing), SUBSTITUTE)), missing


def _document_data(document: Document, fonts: FontSet) -> dict[str, Any]:
    imprint = document.imprint
    return {
        "faces": {face.value: {"names": fonts.names(face), "official": fonts.has_official(face)} for face in Face},
        "title": document.title,
        "author": document.issuer or "均衡 Junheng",
        "keywords": [document.document_number] if document.document_number else [],
        "subtitle": document.subtitle,
        "issuer": document.issuer,
        "number": document.document_number,
        "recipients": document.recipients,
        "date": document.date_text,
        "verification": document.verification,
        "missing": "",
        "imprint": imprint and {"office": imprint.office, "printed": imprint.printed_on, "copies": imprint.copies_to},
        "blocks": [_block_data(item) for item in label_blocks(document)],
    }


def _block_data(item: Labelled) -> dict[str, Any]:
    match item.block:
        case Heading(level, text):
            return {"kind": "heading", "level": level, "text": text, "label": item.label}
        case Paragraph():
            return {"kind": "paragraph", "indent": item.block.indent, "align": item.block.align} | _runs(item.block)
        case BulletList(items):
            return {"kind": "bullets", "items": [_runs(entry)["runs"] for entry in items]}
        case NumberedList(items):
            return {"kind": "numbered", "items": [_runs(entry)["runs"] for entry in items]}
        case Table():
            return _table_data(item.block, item.label)
        case Figure(svg, caption, alt, width):
            return {"kind": "figure", "svg": svg, "caption": caption, "alt": alt, "width": width, "label": item.label}
        case Landscape():
            return {"kind": "landscape", "blocks": [_block_data(child) for child in item.children]}
        case _:
            return _plain_data(item)


def _plain_data(item: Labelled) -> dict[str, Any]:
    match item.block:
        case PageBreak():
            return {"kind": "page-break"}
        case Signature(unit, date_text):
            return {"kind": "signature", "unit": unit, "date": date_text}
        case Contents(title, depth):
            return {"kind": "contents", "title": title, "depth": depth}
        case Note(text):
            return {"kind": "note", "text": text}
        case unknown:
            raise EngineError(f"文档内容不合规：不认识的内容块 {type(unknown).__name__}")


def _runs(paragraph: Paragraph) -> dict[str, Any]:
    return {"runs": [asdict(run) for run in paragraph.runs]}


def _table_data(table: Table, label: str) -> dict[str, Any]:
    return {
        "kind": "table",
        "label": label,
        "caption": table.caption,
        "note": table.note,
        "size": table.font_size,
        "columns": [{"weight": column.weight, "align": column.align} for column in table.columns],
        "header": [[asdict(cell) for cell in row] for row in table.header_rows],
        "rows": [
            [{"text": cell.printed, "tone": cell.tone.value, "bold": cell.bold} for cell in row] for row in table.rows
        ],
    }
