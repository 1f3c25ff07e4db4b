"""The PDF: its grid, its text, what it refuses to interpret, and that its bytes do not depend on the day or the process."""

import hashlib
import io
import os
import subprocess
import sys
from datetime import date
from typing import Any

import pypdf
import pytest

from junheng.core.errors import EngineError
from junheng.reports import charts
from junheng.reports.document import (
    Block,
    BulletList,
    Cell,
    Column,
    Contents,
    Document,
    Figure,
    Heading,
    Imprint,
    Landscape,
    Note,
    NumberedList,
    PageBreak,
    Paragraph,
    Run,
    Signature,
    Table,
    Tone,
)
from junheng.reports.pdf_document import render_pdf, svg_to_png, write_pdf

MM = 72 / 25.4
LONG_NAME = "东岭自治县青云民族乡希望工程实验学校附属第一九年一贯制学校初中部"
HOSTILE = '#include "x" *bold* <script>alert(1)</script> $x^2$ @ref `code` \\ [a](b) ]) #panic()'


def sample():
    """One of every block. All names are made up."""
    chart = charts.cv_bars("差异系数", ["教师", "设备"], [charts.Series("小学", (0.311, None), 0.5)])
    table = Table.of(
        [Column("学校", 3, "left"), Column("值", align="right", group="教师"), Column("结论", group="教师")],
        [[LONG_NAME, Cell("0.8", Tone.BAD), Cell("", Tone.UNKNOWN)], [Cell("合计", bold=True), "1\n2", "未判"]],
        "学校指标",
        "▼ 低于标准",
    )
    blocks = (
        Contents(),
        PageBreak(),
        Heading(1, "总体情况"),
        Heading(2, "教师"),
        Heading(3, "骨干"),
        Heading(4, "城区"),
        Paragraph.of("共 ", Run("37", bold=True), " 所。"),
        Paragraph.of("居中", align="center"),
        Paragraph.of("顶格", indent=False),
        BulletList.of("补充教师"),
        NumberedList.of("改造校舍", "添置设备"),
        Figure(chart.svg, "差异系数", chart.alt),
        table,
        Note("来源：县级填报。"),
        Landscape((Heading(1, "附表"), table)),
        Signature("青云县教育局", "2026年11月22日"),
    )
    return Document(
        "青云县监测报告",
        blocks,
        subtitle="（征求意见稿）",
        issuer="青云县教育局文件",
        document_number="青教字〔2026〕12号",
        recipients="县人民政府",
        date_text="2026年11月",
        verification="核验码 sha256:9f2c61d3",
        imprint=Imprint("青云县教育局办公室", "2026年11月22日", "市教育局"),
        issued_on=date(2026, 11, 22),
    )


def reader(document):
    return pypdf.PdfReader(io.BytesIO(render_pdf(document)[0]))


def texts(document):
    return [page.extract_text() for page in reader(document).pages]


@pytest.fixture(scope="module")
def sample_reader():
    return reader(sample())


def test_pdf_when_page_is_full_then_holds_22_lines_of_28_characters():
    # 26 characters fit the first line behind its indent of 2; then 28 a line: 26 + 43 × 28 = 1230 fill two pages
    document = Document("题", (PageBreak(), Paragraph.of("国" * (26 + 43 * 28))))
    _title, first, second = texts(document)
    lines = [[len(line) for line in page.splitlines() if "国" in line] for page in (first, second)]
    assert lines == [[26] + [28] * 21, [28] * 22]


def test_pdf_when_printed_then_page_is_a4_and_landscape_pages_are_turned(sample_reader):
    sizes = {(round(page.mediabox.width / MM), round(page.mediabox.height / MM)) for page in sample_reader.pages}
    assert sizes == {(210, 297), (297, 210)}


def test_pdf_when_printed_then_every_block_appears_with_its_number(sample_reader):
    text = "\n".join(page.extract_text() for page in sample_reader.pages)
    expected_texts = (
        *("青云县教育局文件", "青教字〔2026〕12号", "（征求意见稿）", "县人民政府：", "目录"),
        *("一、总体情况", "（一）教师", "1.骨干", "（1）城区", "共 37 所。", "补充教师", "2. 添置设备"),
        *("图 1", "表 1", "表 2", "0.8 ▼", "—", "来源：县级填报。", "二、附表", "青云县教育局"),
        *("抄送：市教育局。", "印发", "核验码 sha256:9f2c61d3", "无法判定", "0.311"),
    )
    for expected in expected_texts:
        assert expected in text, expected


def test_pdf_when_pages_are_numbered_then_odd_stand_right_and_even_left():
    pages = reader(Document("题", (PageBreak(), Paragraph.of("甲")))).pages
    places = []
    for number, page in enumerate(pages, start=1):

        def visit(text, matrix, _text_matrix, _font, _size, shown=f"— {number} —"):
            if shown in text:
                places.append(matrix[4] / MM)

        page.extract_text(visitor_text=visit)
    assert len(places) == 2
    assert places[0] > 150
    assert places[1] < 60


def test_pdf_when_text_looks_like_markup_then_it_is_printed_literally():
    document = Document(
        HOSTILE,
        (Heading(1, HOSTILE), Paragraph.of(HOSTILE), BulletList.of(HOSTILE), Table.of(["列"], [[HOSTILE]], HOSTILE)),
        verification=HOSTILE,
    )
    text = "".join(texts(document)).replace("\n", "")
    assert (
        text.replace(" ", "").count(HOSTILE.replace(" ", "")) == 7
    )  # title, heading, paragraph, list, cell, caption, foot


def test_pdf_when_table_has_200_rows_then_every_page_repeats_its_header():
    rows = [[f"第{number}小学", f"{number / 100:.2f}"] for number in range(1, 201)]
    pages = texts(Document("题", (Table.of(["学校名称", "指标数值"], rows, "学校表"),)))
    assert len(pages) > 4
    assert all("学校名称" in page and "指标数值" in page for page in pages)
    text = "\n".join(pages)
    assert all(f"第{number}小学" in text for number in range(1, 201))


def test_pdf_when_table_follows_at_the_foot_of_a_page_then_caption_stays_with_it():
    blocks: tuple[Block, ...] = (
        PageBreak(),
        *[Paragraph.of("甲")] * 21,
        Table.of(["学校名称"], [["第一小学"]], "学校表"),
    )
    page = next(page for page in texts(Document("题", blocks)) if "学校表" in page)
    assert "第一小学" in page


def test_pdf_when_table_is_empty_then_says_none():
    assert "（无）" in texts(Document("题", (Table.of(["学校", "值"], [], "空表"),)))[0]


def test_pdf_when_school_name_has_31_characters_then_all_are_printed():
    assert len(LONG_NAME) >= 31
    table = Table.of([Column("学校", 2, "left"), *["值"] * 9], [[LONG_NAME, *["1.00"] * 9]], "学校表")
    assert LONG_NAME in texts(Document("题", (table,)))[0].replace("\n", "")


def test_pdf_when_names_are_rare_then_their_glyphs_are_embedded():
    document = Document("题", (Paragraph.of("陈堃、李喆、王珺、张𬭩"),))
    pdf, missing = render_pdf(document)
    assert missing == ()
    page = pypdf.PdfReader(io.BytesIO(pdf)).pages[0]
    assert "陈堃、李喆、王珺、张𬭩" in page.extract_text()
    embedded = [descendant["/FontDescriptor"] for descendant in _descendant_fonts(page)]
    assert embedded
    assert all("/FontFile3" in descriptor or "/FontFile2" in descriptor for descriptor in embedded)


def _descendant_fonts(page: Any) -> list[Any]:
    return [font["/DescendantFonts"][0].get_object() for font in page["/Resources"]["/Font"].values()]


def test_pdf_when_no_font_has_a_character_then_prints_geta_and_says_which(tmp_path):
    missing = write_pdf(Document("题", (Paragraph.of("姓名\ue123，葛\U000e0100某"),)), tmp_path / "a.pdf")
    assert missing == ("\ue123",)
    text = pypdf.PdfReader(tmp_path / "a.pdf").pages[0].extract_text()
    assert "姓名〓，葛某" in text.replace("\n", "")
    assert "U+E123" in text


def test_pdf_when_printed_then_is_tagged_archivable_and_dated_as_told(sample_reader):
    root = sample_reader.root_object
    assert root["/MarkInfo"]["/Marked"]
    metadata = root["/Metadata"].get_data().decode()
    assert "pdfuaid:part" in metadata
    assert "pdfaid:part" in metadata
    assert sample_reader.metadata.title == "青云县监测报告"
    assert sample_reader.metadata.author == "青云县教育局文件"
    assert sample_reader.metadata.creation_date.date() == date(2026, 11, 22)


def test_pdf_when_figure_is_printed_then_carries_its_words(sample_reader):
    words = [
        item["/Alt"]
        for item in (sample_reader.get_object(n) for n in range(1, len(sample_reader.xref[0])))
        if _has_alt(item)
    ]
    assert any("教师 0.311，设备 无法判定" in text for text in words)


def _has_alt(item):
    return isinstance(item, dict) and "/Alt" in item


@pytest.mark.slow
def test_pdf_when_printed_in_two_processes_then_bytes_are_equal():
    script = (
        "import hashlib;from tests.reports.test_document_pdf import sample;"
        "from junheng.reports.pdf_document import render_pdf;from junheng.reports.docx_document import render_docx;"
        "print(hashlib.sha256(render_pdf(sample())[0]+render_docx(sample())).hexdigest())"
    )
    outputs = set()
    for seed in ("1", "2"):
        environment = os.environ | {"PYTHONHASHSEED": seed, "TZ": "Asia/Shanghai" if seed == "1" else "UTC"}
        done = subprocess.run(
            [sys.executable, "-c", script], capture_output=True, check=True, env=environment, text=True
        )
        outputs.add(done.stdout)
    assert len(outputs) == 1
    assert len(outputs.pop().strip()) == len(hashlib.sha256().hexdigest())


def test_pdf_when_svg_cannot_be_drawn_then_says_which_document():
    broken = Figure('<rect xmlns="urn:x" viewBox="0 0 5 5"/>', "图题", "说明")
    with pytest.raises(EngineError, match="文件「题」排版失败"):
        render_pdf(Document("题", (broken,)))


def test_svg_to_png_when_150_mm_at_200_dpi_then_1181_pixels_wide():
    svg = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 300 100"><rect width="300" height="100"/></svg>'
    png = svg_to_png(svg, 150, 3.0)
    assert png.startswith(b"\x89PNG")
    assert abs(int.from_bytes(png[16:20]) - 150 / 25.4 * 200) <= 1  # 1181.1


def test_svg_to_png_when_svg_cannot_be_drawn_then_refuses():
    with pytest.raises(EngineError, match="图形无法转换为图片"):
        svg_to_png("<rect", 150, 3.0)
