"""Rosters of schools, from files as people have them."""

from pathlib import Path

import pytest
import xlsxwriter

from junheng import api
from junheng.readers.roster import read_roster


def csv(folder: Path, text: str) -> Path:
    path = folder / "名录.csv"
    path.write_text(text, encoding="utf-8-sig")
    return path


def test_roster_when_titles_are_written_otherwise_then_columns_are_found(tmp_path) -> None:
    path = tmp_path / "名录.xlsx"
    book = xlsxwriter.Workbook(path)
    book.add_worksheet("说明").write(0, 0, "请填第二张表")
    sheet = book.add_worksheet("学校")
    sheet.write(0, 0, "某县学校名录")
    sheet.write_row(1, 0, ("序号", "学校(机构)标识码*", "校 名", "学校类型"))
    sheet.write_row(2, 0, (1, "9900000001", "甲小学", "完小"))
    sheet.write_row(4, 0, (2, "９９０００００００２", "乙初中", ""))  # the row before is blank; full-width digits
    book.close()

    roster = read_roster(path)

    assert [(row.code, row.name, row.township, row.school_type) for row in roster.rows] == [
        ("9900000001", "甲小学", "", "primary_school"),
        ("9900000002", "乙初中", "", ""),
    ]
    assert roster.rows[1].places["code"].cell == "B5"
    assert roster.is_usable


def test_roster_when_cells_are_wrong_then_each_is_named_and_its_row_left_out(tmp_path) -> None:
    text = "标识码,名称,乡镇,类别\n990000001,甲小学,,\n9900000002,,,\n9900000003,丙小学,,大学\n,丁小学,,\n9900000005,戊小学,,\n"

    roster = read_roster(csv(tmp_path, text))

    assert [(finding.code, finding.location.row) for finding in roster.findings] == [
        ("roster-code", 2), ("roster-name", 3), ("roster-cell", 4), ("roster-code", 5),
    ]  # fmt: skip
    assert "空白" in roster.findings[3].message
    assert [row.code for row in roster.rows] == ["9900000005"]
    assert not roster.is_usable


def test_roster_when_a_code_stands_twice_then_both_rows_are_named(tmp_path) -> None:
    roster = read_roster(csv(tmp_path, "学校标识码,学校名称\n9900000001,甲\n9900000001,乙\n9900000002,丙\n"))

    assert [(finding.code, finding.location.cell) for finding in roster.findings] == [
        ("roster-repeated", "A2"), ("roster-repeated", "A3"),
    ]  # fmt: skip


@pytest.mark.parametrize("text", ["姓名,年龄\n甲,1\n", "学校标识码\n9900000001\n"])
def test_roster_when_no_sheet_has_the_columns_then_says_which_are_needed(tmp_path, text) -> None:
    roster = api.read_roster(csv(tmp_path, text))

    assert [finding.code for finding in roster.findings] == ["roster-no-header"]
    assert not roster.is_usable


def test_roster_when_the_file_is_broken_then_says_only_that(tmp_path) -> None:
    path = tmp_path / "名录.xlsx"
    path.write_bytes(b"PK\x03\x04broken")

    assert [finding.code for finding in read_roster(path).findings] == ["reader-broken-zip"]


def test_roster_when_it_is_empty_then_is_not_usable(tmp_path) -> None:
    roster = read_roster(csv(tmp_path, "学校标识码,学校名称\n"))

    assert (roster.rows, roster.findings, roster.is_usable) == ((), (), False)
