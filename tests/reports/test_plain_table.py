"""A list as a workbook of one sheet."""

import io

import openpyxl
import pytest

from junheng import api
from junheng.reports.plain_table import plain_table


def sheet_of(content: bytes):
    return openpyxl.load_workbook(io.BytesIO(content)).active


def test_plain_table_when_cells_are_of_every_kind_then_each_keeps_its_kind() -> None:
    sheet = sheet_of(plain_table("进度", ["名称", "数", "空"], [["甲校", 3, None], ["乙校", 0.5, None]]))

    assert sheet.title == "进度"
    assert [[cell.value for cell in row] for row in sheet.iter_rows()] == [
        ["名称", "数", "空"],
        ["甲校", 3, None],
        ["乙校", 0.5, None],
    ]


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@A1", "=HYPERLINK(A1)", "https://a.example"])
def test_plain_table_when_text_could_be_computed_then_stays_text(text) -> None:
    cell = sheet_of(api.plain_table("表", ["文字"], [[text]]))["A2"]

    assert (cell.value, cell.data_type, cell.hyperlink) == (text, "s", None)


def test_plain_table_when_a_text_is_too_long_then_is_cut_visibly() -> None:
    cell = sheet_of(plain_table("表", ["文字"], [["长" * 40_000]]))["A2"]

    assert cell.value == "长" * 32_000 + "…"


def test_plain_table_when_the_title_is_no_sheet_name_then_is_made_one() -> None:
    assert sheet_of(plain_table("a/b:c" * 10, ["x"], [])).title == ("a_b_c" * 10)[:31]


def test_plain_table_when_made_twice_then_is_the_same() -> None:
    assert plain_table("表", ["x"], [["y"]]) == plain_table("表", ["x"], [["y"]])
