import datetime as dt

import polars as pl
import pytest

from junheng.core.errors import InputError
from junheng.core.findings import Level
from junheng.readers.grids import CellError, Limits, read_grids
from junheng.readers.sheets import column_letters, column_number
from tests.readers import hostile_files as hostile


def save(folder, name, content):
    path = folder / name
    path.write_bytes(content)
    return path


def codes(result):
    return [finding.code for finding in result.findings]


def test_read_grids_when_path_does_not_exist_then_input_error(tmp_path):
    with pytest.raises(InputError, match="找不到"):
        read_grids(tmp_path / "没有.xlsx")


def test_read_grids_when_plain_workbook_then_values_start_and_types(tmp_path):
    def fill(workbook):
        sheet = workbook.add_worksheet("学校")
        sheet.write(2, 1, "虚构一小")
        sheet.write(2, 2, 350)
        sheet.write(3, 1, True)
        sheet.write_datetime(
            3, 2, dt.datetime.fromisoformat("2024-09-01T00:00"), workbook.add_format({"num_format": "yyyy-mm-dd"})
        )
        sheet.write_datetime(
            4, 2, dt.datetime.fromisoformat("2024-09-01T08:30"), workbook.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        )
        sheet.write(5, 2, 0.5, workbook.add_format({"num_format": "hh:mm"}))

    result = read_grids(save(tmp_path, "甲县.xlsx", hostile.written(fill)))

    [grid] = result.grids
    assert result.findings == []
    assert (grid.file, grid.sheet, grid.first_row, grid.first_column) == ("甲县.xlsx", "学校", 3, 2)
    assert grid.rows == [
        ["虚构一小", 350.0],
        [True, dt.date(2024, 9, 1)],
        [None, dt.datetime.fromisoformat("2024-09-01T08:30")],
        [None, "12:00:00"],
    ]
    # rows[1][1] is one down and one right of B3
    assert grid.location(1, 1).cell == "C4"


def test_read_grids_when_sheets_are_hidden_then_they_are_read_and_marked(tmp_path):
    def fill(workbook):
        workbook.add_worksheet("学校").write(0, 0, "甲")
        hidden = workbook.add_worksheet("_meta")
        hidden.write(0, 0, "template_version")
        hidden.very_hidden()

    result = read_grids(save(tmp_path, "a.xlsx", hostile.written(fill)))

    assert [(grid.sheet, grid.hidden, grid.rows) for grid in result.grids] == [
        ("学校", False, [["甲"]]),
        ("_meta", True, [["template_version"]]),
    ]


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("空.xlsx", b"", "reader-empty-file"),
        ("截断.xlsx", hostile.table([["甲", 1]])[:-400], "reader-broken-zip"),
        ("短.xlsx", b"PK\x03\x04", "reader-broken-zip"),
        ("乱码.xlsx", bytes(range(128, 256)) * 20 + b"\x00\xff", "reader-not-a-workbook"),
        ("笔记.xlsx", "没有表格".encode(), "reader-not-a-workbook"),
        ("网页.xls", "<html><table><tr><td>甲</td></tr></table></html>".encode(), "reader-html-as-workbook"),
        ("网页.xlsx", b"\xef\xbb\xbf  <!DOCTYPE html><p></p>", "reader-html-as-workbook"),
        ("网页2.xls", "<html><table>学校</table>".encode("gb18030"), "reader-html-as-workbook"),
        ("文本.xls", "学校,人数\n甲,1\n".encode("gb18030"), "reader-text-as-workbook"),
        ("文本2.xls", "学校\t人数\n甲\t1\n".encode("utf-16"), "reader-text-as-workbook"),
        ("二〇〇三.xls", b'<?xml version="1.0"?><Workbook/>', "reader-not-a-workbook"),
        ("加密.xlsx", hostile.encrypted_package(), "reader-password"),
        ("加密.xls", hostile.password_protected_old_workbook(), "reader-password"),
        ("压缩加密.xlsx", hostile.with_password_flag(hostile.table([["甲"]])), "reader-password"),
        ("文档.xls", hostile.OLE_MAGIC + b"\x00" * 600, "reader-not-a-workbook"),
        ("别的包.xlsx", hostile.zipped({"word/document.xml": "<a/>"}), "reader-not-a-workbook"),
        ("开放.xlsx", hostile.zipped({"content.xml": "<a/>"}), "reader-unsupported-format"),
        ("二进制.xlsx", hostile.zipped({"xl/workbook.bin": "x"}), "reader-unsupported-format"),
        ("演示.pptx", b"PK\x03\x04", "reader-unsupported-format"),
        ("坏的.xls", hostile.OLE_MAGIC + "Workbook".encode("utf-16-le") * 90, "reader-broken-workbook"),
        (
            "实体.xlsx",
            hostile.package(
                {"学校": '<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/hostname">]>' + hostile.worksheet("<row/>&e;")}
            ),
            "reader-xml-entity",
        ),
        (
            "实体2.xlsx",
            hostile.one_sheet(extra={"xl/sharedStrings.xml": '<!DOCTYPE s [<!ENTITY a "aaaa">]><sst/>'}),
            "reader-xml-entity",
        ),
        ("无目录.xlsx", hostile.one_sheet(extra={"xl/_rels/workbook.xml.rels": None}), "reader-broken-workbook"),
        ("坏目录.xlsx", hostile.one_sheet(extra={"xl/workbook.xml": "<workbook><sheets>"}), "reader-broken-workbook"),
        (
            "大目录.xlsx",
            hostile.one_sheet(extra={"xl/workbook.xml": b"<workbook>" + bytes(range(32, 96)) * 70_000}),
            "reader-zip-ratio",
        ),
        ("无表.xlsx", hostile.package({}), "reader-no-sheet"),
        ("图表.xlsx", hostile.one_sheet(relation_type="chartsheet"), "reader-no-sheet"),
        ("坏表.xlsx", hostile.one_sheet(hostile.row(1, ("A", "<f>1</f><v>", ""))), "reader-broken-sheet"),
        (
            "坏数.xlsx",
            hostile.one_sheet(hostile.row(1, ("A", "<v>12</v>", ""), ("B", "<v>十二</v>", ' t="n"'))),
            "reader-broken-sheet",
        ),
        ("丢表.xlsx", hostile.one_sheet(extra={"xl/worksheets/sheet1.xml": None}), "reader-broken-sheet"),
    ],
)
def test_read_grids_when_file_is_not_what_it_seems_then_one_error(tmp_path, name, content, code):
    result = read_grids(save(tmp_path, name, content))

    assert (result.grids, codes(result)) == ([], [code])
    [finding] = result.findings
    assert finding.level is Level.ERROR
    assert finding.location.file == name
    assert name in finding.message
    assert finding.hint


def test_read_grids_when_html_is_renamed_then_hint_says_save_as_xlsx(tmp_path):
    [finding] = read_grids(save(tmp_path, "a.xls", b"<html></html>")).findings

    assert "请另存为 .xlsx" in finding.hint


@pytest.mark.parametrize(
    ("limits", "code"),
    [
        (Limits(max_file_bytes=1_000), "reader-file-too-large"),
        (Limits(max_members=5), "reader-zip-members"),
        (Limits(max_uncompressed_bytes=5_000), "reader-zip-uncompressed"),
    ],
)
def test_read_grids_when_package_exceeds_a_limit_then_refused_unopened(tmp_path, limits, code):
    result = read_grids(save(tmp_path, "a.xlsx", hostile.table([["甲", 1]])), limits=limits)

    assert (result.grids, codes(result)) == ([], [code])


def test_read_grids_when_member_is_a_bomb_then_ratio_is_named(tmp_path):
    # 4 MiB of blanks deflate about 1000 times; 250 is the limit
    content = hostile.one_sheet(extra={"xl/styles.xml": b" " * 4 * 1024 * 1024})

    [finding] = read_grids(save(tmp_path, "a.xlsx", content)).findings

    assert finding.code == "reader-zip-ratio"
    assert "xl/styles.xml" in finding.message


@pytest.mark.parametrize("cell", [("XFD", 1_048_576), ("A", 1_048_576), ("XFD", 1)])
def test_read_grids_when_one_cell_is_far_away_then_its_address_and_the_other_sheet_is_read(tmp_path, cell):
    column, number = cell
    far = hostile.row(1, hostile.number("A", 1)) + hostile.row(number, hostile.number(column, 2))
    sheets = {"坏": hostile.worksheet(far), "好": hostile.worksheet(hostile.row(1, hostile.number("A", 7)))}

    result = read_grids(save(tmp_path, "a.xlsx", hostile.package(sheets)))

    assert codes(result) == ["reader-far-cell"]
    assert result.findings[0].location.cell == f"{column}{number}"
    assert [(grid.sheet, grid.rows) for grid in result.grids] == [("好", [[7.0]])]


def test_read_grids_when_far_cell_is_only_formatted_then_it_does_not_count(tmp_path):
    far = hostile.row(1, hostile.number("A", 1)) + '<row r="1048576"><c r="XFD1048576" s="0"/></row>'

    result = read_grids(save(tmp_path, "a.xlsx", hostile.one_sheet(far)))

    assert ([grid.rows for grid in result.grids], result.findings) == ([[[1.0]]], [])


@pytest.mark.parametrize("corner", ["XFD1048576", "XFC100000"])
def test_read_grids_when_declared_dimension_is_huge_then_info_and_grid(tmp_path, corner):
    content = hostile.one_sheet(hostile.row(1, hostile.number("A", 1)), before=f'<dimension ref="A1:{corner}"/>')

    result = read_grids(save(tmp_path, "a.xlsx", content))

    assert [(finding.code, finding.level) for finding in result.findings] == [("reader-huge-dimension", Level.INFO)]
    assert result.grids[0].rows == [[1.0]]


def test_read_grids_when_merges_are_small_then_they_are_told_and_a_giant_one_is_dropped(tmp_path):
    merges = '<mergeCells><mergeCell ref="B2:C2"/><mergeCell ref="A1:XFD1048576"/></mergeCells>'
    content = hostile.one_sheet(hostile.row(2, hostile.number("B", 5)), after=merges)

    result = read_grids(save(tmp_path, "a.xlsx", content))

    assert [(finding.code, finding.level) for finding in result.findings] == [("reader-giant-merge", Level.WARNING)]
    assert result.grids[0].merges == [(2, 2, 2, 3)]
    assert result.grids[0].rows == [[5.0]]


def test_read_grids_when_sheet_has_100_000_rows_then_all_are_read(tmp_path):
    rows = "".join(f'<row r="{i}"><c r="A{i}"><v>{i}</v></c></row>' for i in range(1, 100_001))

    result = read_grids(save(tmp_path, "a.xlsx", hostile.one_sheet(rows)))

    assert result.findings == []
    assert len(result.grids[0].rows) == 100_000
    assert result.grids[0].rows[-1] == [100_000.0]


@pytest.mark.parametrize(("limit", "found"), [(3, []), (2, ["reader-too-many-rows"])])
def test_read_grids_when_rows_reach_the_limit_then_only_more_are_refused(tmp_path, limit, found):
    result = read_grids(save(tmp_path, "a.xlsx", hostile.table([[1], [2], [3]])), limits=Limits(max_rows=limit))

    assert codes(result) == found
    assert len(result.grids) == 1 - len(found)
    assert all("拆成几个文件" in finding.hint for finding in result.findings)


def test_read_grids_when_area_is_too_large_then_too_many_cells(tmp_path):
    # 3 rows x 3 columns = 9 cells
    content = hostile.table([[1, 2, 3]] * 3)

    assert codes(read_grids(save(tmp_path, "a.xlsx", content), limits=Limits(max_cells=8))) == ["reader-too-many-cells"]
    assert codes(read_grids(save(tmp_path, "b.xlsx", content), limits=Limits(max_cells=9))) == []


FORMULAS = hostile.row(
    3,
    ("B", "<f>1+1</f>", ""),
    ("C", "<v>#REF!</v>", ' t="e"'),
    ("D", "<f>1/0</f><v>#DIV/0!</v>", ' t="e"'),
    ("E", "<f>T(A1)</f><v></v>", ' t="str"'),
    ("F", "<f>A1</f><v/>", ""),
    ("G", "<f>1+1</f><v>2</v>", ""),
    ("H", '<f>_xlfn.DISPIMG("ID_1",1)</f><v>=DISPIMG("ID_1",1)</v>', ' t="str"'),
    ("I", '<f t="shared" si="0"/>', ' t="str"'),
)


def test_read_grids_when_formulas_and_errors_then_nothing_becomes_zero_or_blank(tmp_path):
    result = read_grids(save(tmp_path, "a.xlsx", hostile.one_sheet(FORMULAS)))

    [grid] = result.grids
    assert (grid.first_row, grid.first_column) == (3, 2)
    assert grid.rows == [
        [None, CellError("#REF!"), CellError("#DIV/0!"), None, None, 2.0, CellError("DISPIMG"), None],
    ]
    assert grid.formula_without_value == {(3, 2), (3, 6), (3, 9)}
    assert grid.has_unknown_formula(0, 0)
    assert not grid.has_unknown_formula(0, 3)
    assert codes(result) == ["reader-formula-without-value", "reader-error-cell", "reader-picture-cell"]
    assert [finding.location.cell for finding in result.findings] == ["B3", "C3", "H3"]
    assert "3 个公式没有计算结果：B3、F3、I3。" in result.findings[0].message


def test_read_grids_when_unknown_cells_lie_outside_the_values_then_the_grid_grows(tmp_path):
    cells = (
        hostile.row(1, ("B", "<f>1</f>", ""))
        + hostile.row(3, hostile.number("C", 5))
        + hostile.row(6, ("E", "<v>#N/A</v>", ' t="e"'))
    )

    [grid] = read_grids(save(tmp_path, "a.xlsx", hostile.one_sheet(cells))).grids

    # B1 to E6: 6 rows, 4 columns; the only number stays at C3
    assert (grid.first_row, grid.first_column, len(grid.rows)) == (1, 2, 6)
    assert {len(line) for line in grid.rows} == {4}
    assert grid.rows[2][1] == 5.0
    assert grid.rows[5][3] == CellError("#N/A")


def test_read_grids_when_sheet_holds_nothing_but_errors_then_the_grid_holds_them(tmp_path):
    cells = hostile.row(4, ("C", "<v>#NAME?</v>", ' t="e"'))

    [grid] = read_grids(save(tmp_path, "a.xlsx", hostile.one_sheet(cells))).grids

    assert (grid.first_row, grid.first_column) in ((4, 3), (1, 1))
    assert grid.rows[4 - grid.first_row][3 - grid.first_column] == CellError("#NAME?")


def test_read_grids_when_many_errors_then_only_the_first_are_listed(tmp_path):
    cells = "".join(hostile.row(i, ("A", "<v>#N/A</v>", ' t="e"')) for i in range(1, 8))

    [finding] = read_grids(save(tmp_path, "a.xlsx", hostile.one_sheet(cells))).findings

    assert "7 个单元格是错误值：A1、A2、A3、A4、A5 等。" in finding.message


def test_read_grids_when_workbook_asks_to_be_recalculated_then_stored_results_are_doubted(tmp_path):
    content = hostile.one_sheet(FORMULAS, calculation='<calcPr fullCalcOnLoad="1"/>')

    # 6 formulas with an f element besides C3; B3 F3 I3 have no value and H3 is a picture: D3, E3, G3 remain
    [finding] = [
        finding
        for finding in read_grids(save(tmp_path, "a.xlsx", content)).findings
        if finding.code == "reader-formula-not-recalculated"
    ]
    assert "3 个公式" in finding.message


@pytest.mark.parametrize(
    "xml",
    [
        hostile.worksheet("<row r='3'><c r='B3'><v>4</v></c></row>"),
        hostile.worksheet('<row r="3"><!-- <c r="XFD9"> --><c r="B3"><v>4</v></c></row>'),
        hostile.worksheet('<row spans="1:2" r="3"><c s="0" r="B3"><v>4</v></c></row>'),
        (
            f'<x:worksheet xmlns:x="{hostile.MAIN}"><x:sheetData><x:row r="3"><x:c r="B3"><x:v>4</x:v></x:c></x:row>'
            "</x:sheetData></x:worksheet>"
        ),
    ],
)
def test_read_grids_when_markup_is_unusual_but_valid_then_same_grid(tmp_path, xml):
    result = read_grids(save(tmp_path, "a.xlsx", hostile.package({"学校": xml})))

    assert result.findings == []
    assert (result.grids[0].first_row, result.grids[0].first_column, result.grids[0].rows) == (3, 2, [[4.0]])


def test_read_grids_when_addresses_are_left_out_then_errors_are_still_placed(tmp_path):
    cells = '<row><c><v>1</v></c><c t="e"><v>#N/A</v></c></row><row><c t="e"><v>#REF!</v></c></row>'

    [grid] = read_grids(save(tmp_path, "a.xlsx", hostile.one_sheet(cells))).grids

    assert grid.rows == [[1.0, CellError("#N/A")], [CellError("#REF!"), None]]


def test_read_grids_when_target_is_absolute_then_the_sheet_is_scanned(tmp_path):
    content = hostile.one_sheet(FORMULAS, target="/xl/worksheets/sheet{}.xml")

    assert "reader-error-cell" in codes(read_grids(save(tmp_path, "a.xlsx", content)))


def test_read_grids_when_old_workbook_then_grids_merges_and_dates(tmp_path):
    def fill(workbook):
        import xlwt

        sheet = workbook.add_sheet("学校")
        sheet.write_merge(1, 1, 1, 2, "合并")
        sheet.write(2, 1, 5)
        sheet.write(2, 2, dt.date(2024, 9, 1), xlwt.easyxf(num_format_str="yyyy-mm-dd"))
        workbook.add_sheet("藏").visibility = 2

    result = read_grids(save(tmp_path, "a.xls", hostile.old_workbook(fill)))

    first, second = result.grids
    assert (first.rows, first.first_row, first.merges) == (
        [["合并", None], [5, dt.date(2024, 9, 1)]],
        2,
        [(2, 2, 2, 3)],
    )
    assert (second.hidden, second.rows) == (True, [])


def test_read_grids_when_old_workbook_is_too_large_then_the_sheet_is_left_out(tmp_path):
    def fill(workbook):
        sheet = workbook.add_sheet("学校")
        sheet.write(0, 0, 1)
        sheet.write(4_000, 255, 1)

    path = save(tmp_path, "a.xls", hostile.old_workbook(fill))

    assert codes(read_grids(path, limits=Limits(max_cells=1_024_255))) == [
        "reader-too-many-cells"
    ]  # 4001 x 256 = 1 024 256
    assert codes(read_grids(path, limits=Limits(max_rows=100))) == ["reader-too-many-rows"]


def test_read_grids_when_new_workbook_is_called_xls_then_it_is_read_by_content(tmp_path):
    result = read_grids(save(tmp_path, "a.xls", hostile.table([["甲", 1]])))

    assert result.grids[0].rows == [["甲", 1.0]]


def test_read_grids_when_folder_of_csv_then_one_sheet_per_file_and_others_named(tmp_path):
    save(tmp_path, "schools.csv", "学校,人数\n甲,1\n".encode())
    save(tmp_path, "classes.tsv", "班\t人数\n一\t45\n".encode())
    save(tmp_path, "说明.docx", b"x")
    save(tmp_path, ".hidden", b"x")

    result = read_grids(tmp_path)

    assert [(grid.file, grid.sheet) for grid in result.grids] == [
        ("classes.tsv", "classes"),
        ("schools.csv", "schools"),
    ]
    assert [(finding.code, finding.level) for finding in result.findings] == [("reader-file-ignored", Level.INFO)]


def test_read_grids_when_folder_has_no_table_then_error(tmp_path):
    assert codes(read_grids(tmp_path)) == ["reader-empty-folder"]


def test_read_grids_when_folder_of_parquet_then_header_row_and_typed_values(tmp_path):
    frame = pl.DataFrame(
        {"学校": ["甲", None], "人数": [1, 2], "建校": [dt.date(2001, 1, 2), None], "面积": [0.5, None]}
    )
    frame.with_columns(pl.lit("12.30").cast(pl.Decimal(10, 2)).alias("资产")).write_parquet(
        tmp_path / "schools.parquet"
    )

    result = read_grids(tmp_path)

    assert result.findings == []
    assert result.grids[0].sheet == "schools"
    assert result.grids[0].rows == [
        ["学校", "人数", "建校", "面积", "资产"],
        ["甲", 1, dt.date(2001, 1, 2), 0.5, "12.30"],
        [None, 2, None, None, "12.30"],
    ]


def test_read_grids_when_parquet_files_are_bad_then_each_has_its_error(tmp_path):
    save(tmp_path, "a.parquet", b"")
    save(tmp_path, "b.parquet", b"PAR1" + b"\x00" * 40 + b"PAR1")
    pl.DataFrame({"x": [[1]]}).write_parquet(tmp_path / "c.parquet")
    pl.DataFrame({"x": [1, 2, 3]}).write_parquet(tmp_path / "d.parquet")

    result = read_grids(tmp_path, limits=Limits(max_rows=3))

    assert result.grids == []
    # d has a header and three records: 4 rows > 3
    assert codes(result) == [
        "reader-empty-file",
        "reader-broken-parquet",
        "reader-broken-parquet",
        "reader-too-many-rows",
    ]


@pytest.mark.parametrize(
    ("number", "letters"), [(1, "A"), (26, "Z"), (27, "AA"), (702, "ZZ"), (703, "AAA"), (16384, "XFD")]
)
def test_column_letters_when_number_then_letters_and_back(number, letters):
    assert column_letters(number) == letters
    assert column_number(letters.lower()) == number


def test_read_grids_when_sheet_holds_one_uncalculated_formula_then_its_cell_is_unknown(tmp_path):
    cells = hostile.row(4, ("C", "<f>1+1</f>", ""))

    [grid] = read_grids(save(tmp_path, "a.xlsx", hostile.one_sheet(cells))).grids

    assert (grid.first_row, grid.first_column, grid.rows) == (4, 3, [[None]])
    assert grid.has_unknown_formula(0, 0)


def test_read_grids_when_single_text_or_parquet_file_then_one_grid(tmp_path):
    pl.DataFrame({"人数": [1]}).write_parquet(tmp_path / "a.parquet")
    save(tmp_path, "b.csv", "人数\n1\n".encode())

    assert read_grids(tmp_path / "a.parquet").grids[0].rows == [["人数"], [1]]
    assert read_grids(tmp_path / "b.csv").grids[0].rows == [["人数"], ["1"]]


def test_read_grids_when_old_workbook_has_only_a_chart_then_no_sheet(tmp_path):
    content = bytearray(hostile.old_workbook(lambda workbook: workbook.add_sheet("A")))
    # the sheet's entry in the directory of a BIFF 8 stream: id 0x85, size, offset (4), visibility, type
    place = content.index(b"\x85\x00")
    content[place + 9] = 2  # a chart

    assert codes(read_grids(save(tmp_path, "a.xls", bytes(content)))) == ["reader-no-sheet"]


@pytest.mark.parametrize(("name", "content"), [("a.xlsx", hostile.table([["甲"]])), ("a.csv", b"a,b\n")])
def test_read_grids_when_file_may_not_be_read_then_input_error(tmp_path, monkeypatch, name, content):
    path = save(tmp_path, name, content)

    def refuse(*_args, **_options):
        raise PermissionError

    monkeypatch.setattr("pathlib.Path.open", refuse)  # tests may run as root, who may read everything
    monkeypatch.setattr("pathlib.Path.read_bytes", refuse)

    with pytest.raises(InputError, match="没有权限"):
        read_grids(path)
