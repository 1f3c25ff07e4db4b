"""Error cells of old workbooks: found in the records, and nothing worse than nothing found in a broken file."""

import struct

import pytest

from junheng.core.findings import Level
from junheng.readers.grids import CellError, Limits, read_grids
from junheng.readers.old_workbook import old_error_cells
from tests.readers import hostile_files as hostile

FREE = 0xFFFFFFFF
ERROR_IN_FORMULA = b"\x02\x00\x0f\x00\x00\x00\xff\xff"  # #VALUE!
EMPTY_TEXT_IN_FORMULA = b"\x03\x00\x00\x00\x00\x00\xff\xff"  # what xlwt stores


def with_errors(workbook):
    sheet = workbook.add_sheet("学校")
    sheet.write(0, 0, "甲")
    sheet.row(1).set_cell_error(2, 0x2A)
    sheet.row(1).set_cell_boolean(3, True)
    sheet.row(2).set_cell_error(1, 0x07)
    workbook.add_sheet("sound").write(5, 5, 1)
    workbook.add_sheet("plain").row(0).set_cell_error(0, 0x00)


CONTENT = hostile.old_workbook(with_errors)
EXPECTED = {"学校": {(2, 3): "#N/A", (3, 2): "#DIV/0!"}, "plain": {(1, 1): "#NULL!"}}


def with_formula(workbook):
    import xlwt

    workbook.add_sheet("学校").write(0, 1, xlwt.Formula("1+1"))


def errors_of(content):
    return {name: scan.errors for name, scan in old_error_cells(content).items()}


def test_old_error_cells_when_there_are_some_then_sheet_place_and_code():
    assert errors_of(CONTENT) == EXPECTED


def test_old_error_cells_when_there_are_none_then_empty():
    assert errors_of(hostile.old_workbook(lambda book: book.add_sheet("学校").write(0, 0, "甲"))) == {}


def test_old_error_cells_when_a_formula_shows_an_error_then_its_code():
    content = hostile.old_workbook(with_formula)

    assert EMPTY_TEXT_IN_FORMULA in content
    assert errors_of(content.replace(EMPTY_TEXT_IN_FORMULA, ERROR_IN_FORMULA)) == {"学校": {(1, 2): "#VALUE!"}}
    assert errors_of(content) == {}


def test_old_error_cells_when_a_code_is_unknown_then_an_error_without_a_name():
    content = CONTENT.replace(b"\x2a\x01\x05\x02", b"\x63\x01\x05\x02")

    assert errors_of(content)["学校"][2, 3] == "#ERROR!"


def test_old_error_cells_when_a_sheet_holds_a_chart_then_reading_goes_on_behind_it():
    begin, end = struct.pack("<HH2x", 0x809, 2), struct.pack("<HH", 0x0A, 0)
    place = CONTENT.index(struct.pack("<HHHH", 0x205, 8, 1, 2))  # the first error of the first sheet
    cells = CONTENT[place : place + 36]
    hidden = bytearray(CONTENT)
    hidden[place : place + 36] = (begin + end + struct.pack("<HH", 0x1234, 10) + b"." * 10 + cells[24:])[:36]

    assert (3, 2) in errors_of(bytes(hidden))["学校"]


def test_old_error_cells_when_records_are_encrypted_then_nothing():
    content = bytearray(CONTENT)
    second = content.index(b"\x09\x08\x10\x00\x00\x06\x05\x00") + 20
    content[second : second + 2] = hostile.FILEPASS.to_bytes(2, "little")

    assert errors_of(bytes(content)) == {}


def test_old_error_cells_when_the_list_of_sectors_continues_outside_the_header_then_followed():
    content = bytearray(CONTENT)
    listed = struct.unpack_from("<109I", content, 76)
    content[76 : 76 + 436] = struct.pack("<109I", *[FREE] * 109)
    place = len(content) // 512 - 1  # the number of the sector that is added
    struct.pack_into("<II", content, 68, place, 9)
    content += struct.pack("<128I", *listed[:100], *[FREE] * 28)

    assert errors_of(bytes(content)) == EXPECTED


@pytest.mark.parametrize(
    ("offset", "value"),
    [
        (30, struct.pack("<H", 40)),  # sectors of a terabyte
        (48, struct.pack("<I", 5_000_000)),  # a directory outside the file
        (56, struct.pack("<I", 2**31)),  # a stream too short to lie in sectors
        (76, struct.pack("<I", 5_000_000)),  # a list of sectors outside the file
    ],
)
def test_old_error_cells_when_the_header_is_wrong_then_nothing(offset, value):
    content = bytearray(CONTENT)
    content[offset : offset + len(value)] = value

    assert errors_of(bytes(content)) == {}


def test_old_error_cells_when_sectors_follow_each_other_in_a_ring_then_an_end():
    content = bytearray(CONTENT)
    table = 512 * (struct.unpack_from("<I", content, 76)[0] + 1)
    for number in range(128):
        struct.pack_into("<I", content, table + 4 * number, 0)

    assert errors_of(bytes(content)) == {}


def test_old_error_cells_when_no_part_has_an_end_then_the_end_of_the_stream_is_one():
    end, begin, nothing = struct.pack("<HH", 0x0A, 0), b"\x09\x08", struct.pack("<HH", 0x1234, 0)
    table = 512 * (struct.unpack_from("<I", CONTENT, 76)[0] + 1)  # the table of sectors stands behind the stream
    last = CONTENT.rindex(end, 0, table)  # all other ends stand before the beginning of a sheet
    content = CONTENT[:last].replace(end + begin, nothing + begin) + nothing + CONTENT[last + 4 :]

    assert errors_of(content)["plain"] == EXPECTED["plain"]


def test_old_error_cells_when_cut_anywhere_then_never_an_exception():
    whole = set(old_error_cells(CONTENT))
    for length in range(0, len(CONTENT), 101):
        assert set(old_error_cells(CONTENT[:length])) <= whole


def test_read_grids_when_old_workbook_shows_errors_then_marked_and_said(tmp_path):
    path = tmp_path / "旧.xls"
    path.write_bytes(CONTENT)

    result = read_grids(path)

    assert result.grids[0].rows[1][2:4] == [CellError("#N/A"), True]
    assert result.grids[0].rows[2][1] == CellError("#DIV/0!")
    assert [(finding.code, finding.level, finding.location.cell) for finding in result.findings] == [
        ("reader-error-cell", Level.WARNING, "C2"),
        ("reader-error-cell", Level.WARNING, "A1"),
    ]


def test_read_grids_when_error_cells_lie_too_far_apart_then_the_sheet_is_left_out(tmp_path):
    def fill(workbook):
        sheet = workbook.add_sheet("学校")
        sheet.row(0).set_cell_error(0, 7)
        sheet.row(4_000).set_cell_error(250, 7)

    path = tmp_path / "旧.xls"
    path.write_bytes(hostile.old_workbook(fill))

    result = read_grids(path, limits=Limits(max_cells=1_004_000))  # 4001 x 251 = 1 004 251

    assert [finding.code for finding in result.findings] == ["reader-too-many-cells"]
    assert result.grids == []
