import pytest

from junheng.core.findings import Level
from junheng.readers.delimited import read_delimited
from junheng.readers.sheets import Limits
from tests.readers import hostile_files as hostile

TEXT = "学校名称,学生数\n虚构一小,350\n"
ROWS = [["学校名称", "学生数"], ["虚构一小", "350"]]


def read(folder, content, name="schools.csv", limits=None):
    path = folder / name
    path.write_bytes(content)
    return read_delimited(path, limits or Limits())


def codes(result):
    return [finding.code for finding in result.findings]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16"])
def test_read_delimited_when_encoding_then_same_rows(tmp_path, encoding):
    result = read(tmp_path, TEXT.encode(encoding))

    assert result.findings == []
    assert [(grid.sheet, grid.rows) for grid in result.grids] == [("schools", ROWS)]


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_read_delimited_when_utf16_with_or_without_mark_then_same_rows(tmp_path, encoding, mark):
    text = "id,students,area,year\n" + "1100000001,350,1200.5,2024\n" * 3

    result = read(tmp_path, (mark + text).encode(encoding))

    assert result.findings == []
    assert result.grids[0].rows[:2] == [["id", "students", "area", "year"], ["1100000001", "350", "1200.5", "2024"]]


def test_read_delimited_when_rare_characters_in_gb18030_then_kept(tmp_path):
    result = read(tmp_path, "学校,校长\n虚构堃喆珺𬭩小学,某\n".encode("gb18030"))

    assert result.grids[0].rows[1][0] == "虚构堃喆珺𬭩小学"


def test_read_delimited_when_one_utf8_byte_is_damaged_then_row_is_named_and_the_rest_stays_readable(tmp_path):
    content = ("学校名称,学生数\n" + "虚构小学校,350\n" * 5).encode() + b"\xe8\x99,1\n"

    result = read(tmp_path, content)

    assert codes(result) == ["reader-encoding"]
    assert result.findings[0].location.row == 7
    assert result.grids[0].rows[1] == ["虚构小学校", "350"]


def test_read_delimited_when_bytes_fit_no_encoding_then_error(tmp_path):
    result = read(tmp_path, b"a,b\n\xff\xff,1\n")

    assert codes(result) == ["reader-encoding"]
    assert result.findings[0].location.row == 2


@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|", "，"])
def test_read_delimited_when_delimiter_then_found(tmp_path, delimiter):
    text = "学校,学生,备注\n甲,1,“好”\n乙,2,\n".replace(",", delimiter)

    assert read(tmp_path, text.encode()).grids[0].rows == [
        ["学校", "学生", "备注"],
        ["甲", "1", "“好”"],
        ["乙", "2", None],
    ]


def test_read_delimited_when_commas_stand_inside_tabs_then_tab_wins(tmp_path):
    result = read(tmp_path, "学校\t面积\t数\n甲\t1,234\t1\n乙\t5,678\t2\n".encode())

    assert result.grids[0].rows[1] == ["甲", "1,234", "1"]


def test_read_delimited_when_single_column_then_one_cell_per_row(tmp_path):
    assert read(tmp_path, "学校\n甲\n".encode(), "a.tsv").grids[0].rows == [["学校"], ["甲"]]


def test_read_delimited_when_separator_is_declared_then_used_and_rows_still_count(tmp_path):
    result = read(tmp_path, 'sep=;\r\n学校;数\r\n甲;1,5\r\n乙;2;3;4\r\n丙;"'.encode())

    assert result.grids[0].first_row == 2
    assert result.grids[0].rows[1][:2] == ["甲", "1,5"]
    # 乙 stands in row 4 of the file, 丙 with its open quote in row 5
    assert [(finding.code, finding.location.row) for finding in result.findings] == [
        ("reader-csv-quotes", 5),
        ("reader-ragged-row", 4),
    ]


def test_read_delimited_when_quoted_line_break_then_rows_count_as_records(tmp_path):
    result = read(tmp_path, '学校,备注\r\n甲,"一\r\n二"\r\n乙,"说 ""好"""\r\n'.encode())

    assert result.findings == []
    assert result.grids[0].rows == [["学校", "备注"], ["甲", "一\r\n二"], ["乙", '说 "好"']]


@pytest.mark.parametrize("bad", ['丙,"没有关\n丁,4\n', '丙,"关"了\n丁,4\n', '丙,"' + "长" * 140_000 + "\n"])
def test_read_delimited_when_quotes_do_not_match_then_row_is_named_and_earlier_rows_stay(tmp_path, bad):
    result = read(tmp_path, ("学校,数\n甲,1\n" + bad).encode())

    assert codes(result) == ["reader-csv-quotes"]
    assert result.findings[0].location.row == 3
    assert result.grids[0].rows == [["学校", "数"], ["甲", "1"]]


def test_read_delimited_when_nul_bytes_then_error_and_left_out(tmp_path):
    result = read(tmp_path, "学校,数\n甲,1\x00\x002\n".encode())

    assert [(finding.code, finding.level, finding.location.row) for finding in result.findings] == [
        ("reader-nul-bytes", Level.ERROR, 2)
    ]
    assert result.grids[0].rows[1] == ["甲", "12"]


def test_read_delimited_when_rows_are_ragged_then_long_is_error_short_is_warning_and_titles_pass(tmp_path):
    text = "某县学校表\n\n学校,数,备注\n甲,1,\n乙,1,234,x\n丙\n丁,4,,,\n戊,5,\n"

    result = read(tmp_path, text.encode())

    assert [(finding.code, finding.level, finding.location.row) for finding in result.findings] == [
        ("reader-ragged-row", Level.ERROR, 5),
        ("reader-short-row", Level.WARNING, 6),
    ]
    assert {len(row) for row in result.grids[0].rows} == {5}
    assert result.grids[0].rows[1] == [None] * 5


def test_read_delimited_when_very_many_rows_are_ragged_then_twenty_are_named(tmp_path):
    result = read(tmp_path, ("a,b\n" * 40 + "a,b,c\n" * 30).encode())

    assert len(result.findings) == 20


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "reader-empty-file"),
        (b"\xef\xbb\xbf", "reader-no-sheet"),
        (b",,\n,,\n", "reader-no-sheet"),
        (hostile.table([["甲"]]), "reader-workbook-as-text"),
        (hostile.encrypted_package(), "reader-workbook-as-text"),
    ],
)
def test_read_delimited_when_there_is_no_table_then_one_error(tmp_path, content, code):
    result = read(tmp_path, content)

    assert (result.grids, codes(result)) == ([], [code])


def test_read_delimited_when_first_row_is_broken_then_only_that_is_said(tmp_path):
    result = read(tmp_path, '"没有关'.encode())

    assert (result.grids, codes(result)) == ([], ["reader-csv-quotes"])


@pytest.mark.parametrize(
    ("limits", "code"),
    [
        (Limits(max_file_bytes=10), "reader-file-too-large"),
        (Limits(max_rows=1), "reader-too-many-rows"),
        (Limits(max_cells=3), "reader-too-many-rows"),
    ],
)
def test_read_delimited_when_a_limit_is_passed_then_no_grid(tmp_path, limits, code):
    result = read(tmp_path, TEXT.encode(), limits=limits)

    assert (result.grids, codes(result)) == ([], [code])


def test_read_delimited_when_rows_equal_the_limit_then_read(tmp_path):
    assert read(tmp_path, TEXT.encode(), limits=Limits(max_rows=2, max_cells=4)).grids[0].rows == ROWS
