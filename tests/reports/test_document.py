"""The block model: what cannot be built, how blocks are numbered, and what a table's header looks like."""

import pytest

from junheng.core.errors import EngineError, InputError
from junheng.reports.document import (
    BulletList,
    Cell,
    Column,
    Contents,
    Document,
    Figure,
    HeaderCell,
    Heading,
    Imprint,
    Landscape,
    Note,
    NumberedList,
    Paragraph,
    Run,
    Signature,
    Table,
    Tone,
    chinese_numeral,
    label_blocks,
    walk,
)

SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 300 100"><rect width="10" height="10"/></svg>'


def labels(*blocks):
    return [item.label for item in walk(label_blocks(Document("报告", blocks)))]


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (1, "一"),
        (10, "十"),
        (11, "十一"),
        (20, "二十"),
        (21, "二十一"),
        (100, "一百"),
        (105, "一百零五"),
        (110, "一百一十"),
        (999, "九百九十九"),
    ],
)
def test_chinese_numeral_when_number_is_given_then_reads_as_spoken(number, text):
    assert chinese_numeral(number) == text


@pytest.mark.parametrize("number", [0, 1000, -1])
def test_chinese_numeral_when_out_of_range_then_refuses(number):
    with pytest.raises(EngineError, match="1 至 999"):
        chinese_numeral(number)


def test_labels_when_headings_nest_then_lower_levels_start_again():
    levels = (1, 2, 3, 4, 4, 2, 3, 1, 2)
    expected = ["一、", "（一）", "1.", "（1）", "（2）", "（二）", "1.", "二、", "（一）"]
    assert labels(*(Heading(level, "题") for level in levels)) == expected


def test_labels_when_heading_is_unnumbered_then_it_neither_counts_nor_resets():
    assert labels(Heading(1, "甲"), Heading(1, "附件", numbered=False), Heading(1, "乙")) == ["一、", "", "二、"]


def test_labels_when_blocks_stand_on_landscape_pages_then_counting_goes_on():
    table = Table.of(["列"], [], "表题")
    figure = Figure(SVG, "图题", "说明")
    assert labels(table, Landscape((Heading(1, "附表"), table, figure)), table) == [
        "表 1",
        "",
        "一、",
        "表 2",
        "图 1",
        "表 3",
    ]


def test_document_when_a_heading_level_is_skipped_then_refuses():
    with pytest.raises(EngineError, match="跳过了第 2 级"):
        Document("报告", (Heading(1, "甲"), Landscape((Heading(3, "乙"),))))


@pytest.mark.parametrize(
    "build",
    [
        lambda: Heading(5, "题"),
        lambda: Heading(0, "题"),
        lambda: Heading(1, "  "),
        lambda: Paragraph(()),
        lambda: BulletList(()),
        lambda: NumberedList(()),
        lambda: Column("列", weight=0),
        lambda: Column(""),
        lambda: Table.of([], [], "表题"),
        lambda: Table.of(["列"] * 41, [], "表题"),
        lambda: Table.of(["列"], [], ""),
        lambda: Figure(SVG, "图题", ""),
        lambda: Figure(SVG, "", "说明"),
        lambda: Figure(SVG, "图题", "说明", width_mm=0),
        lambda: Figure("<svg", "图题", "说明"),
        lambda: Figure("<svg/>", "图题", "说明"),
        lambda: Figure('<svg viewBox="0 0 0 5"/>', "图题", "说明"),
        lambda: Figure('<!DOCTYPE svg [<!ENTITY a "b">]><svg viewBox="0 0 5 5">&a;</svg>', "图题", "说明"),
        lambda: Signature("", "2026年1月1日"),
        lambda: Signature("教育局", ""),
        lambda: Contents(depth=5),
        lambda: Contents(title=""),
        lambda: Note(""),
        lambda: Landscape(()),
        lambda: Landscape((Landscape((Note("注"),)),)),
        lambda: Imprint("", "2026年1月1日"),
        lambda: Document("", ()),
        lambda: Document("报告", (), document_number="教字〔2026〕1号"),
    ],
)
def test_block_when_it_cannot_be_printed_then_refuses_to_exist(build):
    with pytest.raises(EngineError, match="文档内容不合规"):
        build()


def test_table_when_a_row_is_ragged_then_names_caption_row_and_counts():
    with pytest.raises(EngineError, match="学校表：第 2 行有 1 格，表头有 2 列"):
        Table.of(["甲", "乙"], [["1", "2"], ["3"]], "学校表")


@pytest.mark.parametrize("text", ["东\x0b岭小学", "东\x00岭小学", "东\ud800岭小学", "东\ufffe岭小学"])
def test_text_when_it_holds_a_control_character_then_names_character_and_place(text):
    with pytest.raises(InputError, match=r"第 2 个字符（U\+[0-9A-F]{4}）") as refused:
        Cell(text)
    assert "删除" in str(refused.value)


def test_text_when_it_holds_a_line_feed_then_is_kept():
    assert Run("甲\n乙").text == "甲\n乙"


@pytest.mark.parametrize(
    ("cell", "printed"),
    [
        (Cell("0.311"), "0.311"),
        (Cell("0.311", Tone.OK), "0.311 ✓"),
        (Cell("0.8", Tone.WARN), "0.8 △"),
        (Cell("0.47", Tone.BAD), "0.47 ▼"),
        (Cell("", Tone.UNKNOWN), "—"),
        (Cell("—", Tone.UNKNOWN), "—"),
    ],
)
def test_cell_when_it_has_a_tone_then_a_mark_says_so_without_colour(cell, printed):
    assert cell.printed == printed


def test_tones_when_compared_then_no_two_share_a_mark():
    marks = [tone.mark for tone in Tone]
    assert len(set(marks)) == len(marks)


def test_header_rows_when_no_column_has_a_group_then_one_row():
    table = Table.of(["学校", "值"], [], "表题")
    assert table.header_rows == ((HeaderCell("学校", 0), HeaderCell("值", 1)),)


def test_header_rows_when_columns_are_grouped_then_groups_stand_above():
    columns = [Column("学校"), Column("甲", group="教师"), Column("乙", group="教师"), Column("丙", group="设备")]
    top, below = Table.of(columns, [], "表题").header_rows
    assert top == (HeaderCell("学校", 0, rows=2), HeaderCell("教师", 1, columns=2), HeaderCell("设备", 3))
    assert below == (HeaderCell("甲", 1), HeaderCell("乙", 2), HeaderCell("丙", 3))


@pytest.mark.parametrize(("columns", "size"), [(5, 12.0), (6, 10.5), (8, 10.5), (9, 9.0), (12, 9.0), (13, 7.5)])
def test_font_size_when_columns_grow_then_shrinks_by_the_named_sizes(columns, size):
    assert Table.of(["列"] * columns, [], "表题").font_size == size


def test_figure_when_view_box_is_300_by_100_then_aspect_is_3():
    assert Figure(SVG, "图题", "说明").aspect == 3.0


def test_paragraph_when_built_of_parts_then_text_joins_them():
    paragraph = Paragraph.of("共 ", Run("37", bold=True), " 所")
    assert paragraph.text == "共 37 所"
    assert [run.bold for run in paragraph.runs] == [False, True, False]
