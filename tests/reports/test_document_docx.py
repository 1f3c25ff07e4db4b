"""The Word file, read back with python-docx: structure, layout, and text that stays text."""

import io
import re
import zipfile
from datetime import date

import docx
import pytest
from docx.enum.section import WD_ORIENT
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml.ns import qn

from junheng.reports.document import Column, Contents, Document, Heading, PageBreak, Paragraph, Signature, Table
from junheng.reports.docx_document import render_docx, write_docx
from tests.reports.test_document_pdf import HOSTILE, LONG_NAME, sample


def opened(document):
    return docx.Document(io.BytesIO(render_docx(document)))


@pytest.fixture(scope="module")
def word():
    return opened(sample())


def test_docx_when_opened_then_pages_have_the_official_size_margins_and_grid(word):
    first = word.sections[0]
    assert (round(first.page_width.mm), round(first.page_height.mm)) == (210, 297)
    margins = (first.top_margin, first.bottom_margin, first.left_margin, first.right_margin)
    assert [round(margin.mm) for margin in margins] == [37, 35, 28, 26]
    for section in word.sections:
        grids = section._sectPr.findall(qn("w:docGrid"))
        assert [grid.get(qn("w:type")) for grid in grids] == ["lines"]


def test_docx_when_blocks_are_landscape_then_their_section_is_turned_and_the_next_is_upright(word):
    orientations = [section.orientation for section in word.sections]
    assert orientations == [WD_ORIENT.PORTRAIT, WD_ORIENT.LANDSCAPE, WD_ORIENT.PORTRAIT]


def test_docx_when_opened_then_headings_are_real_headings_with_numbers(word):
    headings = [(p.style.name, p.text) for p in word.paragraphs if p.style.name.startswith("Heading")]
    assert headings == [
        ("Heading 1", "一、总体情况"),
        ("Heading 2", "（一）教师"),
        ("Heading 3", "1.骨干"),
        ("Heading 4", "（1）城区"),
        ("Heading 1", "二、附表"),
    ]


def test_docx_when_opened_then_contents_already_list_the_headings_and_link_to_them(word):
    entries = [p for p in word.paragraphs if p.style.name.startswith("toc")]
    assert [entry.text for entry in entries] == ["一、总体情况", "（一）教师", "二、附表"]
    targets = {mark.get(qn("w:name")) for mark in word.element.body.iter(qn("w:bookmarkStart"))}
    assert {link.get(qn("w:anchor")) for link in word.element.body.iter(qn("w:hyperlink"))} <= targets


def test_docx_when_opened_then_no_theme_font_is_left_and_official_faces_are_named(word):
    with zipfile.ZipFile(io.BytesIO(render_docx(sample()))) as archive:
        styles = archive.read("word/styles.xml").decode()
        fonts = archive.read("word/fontTable.xml").decode()
    assert "Theme=" not in styles
    assert "cstheme=" not in styles
    for face in ("仿宋_GB2312", "方正小标宋简体", "黑体", "楷体_GB2312"):
        assert f'w:eastAsia="{face}"' in styles
        assert face in fonts
    assert 'w:altName w:val="仿宋"' in fonts


def test_docx_when_written_then_nothing_of_the_template_is_left_that_no_document_uses(word):
    assert [style.name for style in word.styles if style.type == WD_STYLE_TYPE.TABLE] == ["Normal Table"]
    with zipfile.ZipFile(io.BytesIO(render_docx(sample()))) as archive:
        assert not [name for name in archive.namelist() if "WithEffects" in name or "thumbnail" in name]
        used = set(re.findall(r'<w:pStyle w:val="(\w+)"', archive.read("word/document.xml").decode()))
    assert used <= {style.style_id for style in word.styles}


def test_docx_when_one_document_is_changed_then_the_next_begins_from_an_untouched_template():
    first = render_docx(Document("题", (Paragraph.of("甲"),), verification="甲码"))
    render_docx(Document("另一题", (Paragraph.of("乙"), Table.of(["列"], [["乙"]], "表题")), verification="乙码"))
    assert render_docx(Document("题", (Paragraph.of("甲"),), verification="甲码")) == first


def test_docx_when_opened_then_page_numbers_stand_on_the_outer_side(word):
    assert word.settings.odd_and_even_pages_header_footer
    for section in word.sections:
        odd, even = section.footer.paragraphs[0], section.even_page_footer.paragraphs[0]
        assert odd.text == "核验码 sha256:9f2c61d3\t— 1 —"
        assert even.text == "— 1 —\t核验码 sha256:9f2c61d3"
        assert "PAGE" in odd._p.xml


def test_docx_when_table_is_written_then_header_rows_repeat_and_groups_are_merged(word):
    table = word.tables[0]
    is_header = [row._tr.find(qn("w:trPr")).find(qn("w:tblHeader")) is not None for row in table.rows]
    assert is_header == [True, True, False, False]
    assert table.cell(0, 0).text == table.cell(1, 0).text == "学校"
    assert table.cell(0, 1).text == table.cell(0, 2).text == "教师"
    assert [table.cell(2, column).text for column in range(3)] == [LONG_NAME, "0.8 ▼", "—"]


def test_docx_when_table_has_200_rows_then_all_are_there_under_one_repeated_header():
    rows = [[f"第{number}小学", "1"] for number in range(200)]
    table = opened(Document("题", (Table.of(["学校", "值"], rows, "学校表"),))).tables[0]
    assert len(table.rows) == 201


def test_docx_when_table_is_empty_then_says_none():
    table = opened(Document("题", (Table.of([Column("学校"), Column("值")], [], "空表"),))).tables[0]
    assert table.cell(1, 0).text == "（无）"


def test_docx_when_figure_is_written_then_picture_is_png_with_its_words(word):
    names = [part.partname for part in word.part.package.iter_parts() if part.content_type == "image/png"]
    assert len(names) == 1
    picture = word.element.body.xpath(".//wp:docPr")[0]
    assert "设备 无法判定" in picture.get("descr")


def test_docx_when_text_looks_like_markup_then_it_is_kept_literally():
    document = opened(Document("题", (Paragraph.of(HOSTILE), Table.of(["列"], [[HOSTILE]], "表题"))))
    assert HOSTILE in [paragraph.text for paragraph in document.paragraphs]
    assert document.tables[0].cell(1, 0).text == HOSTILE


def test_docx_when_page_break_comes_first_then_next_paragraph_begins_a_page():
    document = opened(Document("题", (PageBreak(), Paragraph.of("甲"), Paragraph.of("乙"))))
    breaks = {p.text: p.paragraph_format.page_break_before for p in document.paragraphs if p.text in ("甲", "乙")}
    assert breaks == {"甲": True, "乙": None}


def test_docx_when_there_are_no_headings_then_contents_say_so():
    assert "（无标题）" in [p.text for p in opened(Document("题", (Contents(),))).paragraphs]


def test_docx_when_contents_are_shallow_then_deeper_headings_are_left_out():
    document = opened(Document("题", (Contents(depth=1), Heading(1, "甲"), Heading(2, "乙"))))
    assert [p.text for p in document.paragraphs if p.style.name.startswith("toc")] == ["一、甲"]


def test_docx_when_signing_unit_is_long_then_the_date_is_centred_below_it():
    # unit 16 characters, date 8 (4 digits and 4 halves count half: 年月日 3 + 8 digits 4 = 7): indents differ by (16 − 7) / 2
    document = opened(Document("题", (Signature("青云县义务教育优质均衡发展领导小组", "2026年11月22日"),)))
    unit, day = document.paragraphs[-2:]
    difference = day.paragraph_format.right_indent.pt - unit.paragraph_format.right_indent.pt
    assert difference == pytest.approx(15.75 * (len(unit.text) - 7) / 2, abs=0.1)
    assert unit.paragraph_format.right_indent.pt >= 0


def test_docx_when_written_twice_then_bytes_are_equal_and_properties_are_fixed(tmp_path):
    write_docx(sample(), tmp_path / "a.docx")
    write_docx(sample(), tmp_path / "b.docx")
    assert (tmp_path / "a.docx").read_bytes() == (tmp_path / "b.docx").read_bytes()
    properties = docx.Document(str(tmp_path / "a.docx")).core_properties
    assert (properties.title, properties.author) == ("青云县监测报告", "青云县教育局文件")
    assert properties.created.date() == properties.modified.date() == date(2026, 11, 22)
    with zipfile.ZipFile(tmp_path / "a.docx") as archive:
        assert {member.date_time for member in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert archive.namelist()[0] == "[Content_Types].xml"
        assert not [name for name in archive.namelist() if "thumbnail" in name]
