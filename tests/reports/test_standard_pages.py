"""The page of a standard shows every number with its clause, every note and every worked case."""

from typing import Any

import pytest

from junheng.readers.dictionary import load_dictionary
from junheng.readers.standard_cases import load_cases
from junheng.readers.standards import list_standards, load_standard
from junheng.reports.standard_pages import index_page, standard_page
from tests.standards.small import changed, write


def page(standard):
    return standard_page(load_standard(standard), load_cases(standard), load_dictionary())


@pytest.mark.parametrize("name", list_standards())
def test_page_when_a_pack_is_printed_then_every_clause_note_and_case_is_on_it(name):
    standard, text = load_standard(name), page(name)
    entries: list[Any] = [*standard.indicators, *standard.items, *standard.vetoes, *standard.exceptions]
    assert [entry.id for entry in entries if entry.clause not in text or entry.name not in text] == []
    assert [note.id for note in standard.notes if note.text not in text] == []
    assert [case.id for case in load_cases(name) if case.name not in text] == []
    assert standard.digest in text


@pytest.mark.parametrize("name", list_standards())
def test_page_when_its_tables_are_read_then_every_row_has_the_columns_of_its_head(name):
    width = None
    for line in page(name).splitlines():
        if not line.startswith("|"):
            width = None
        elif width is None:
            width = line.replace("\\|", "").count("|")
        else:
            assert line.replace("\\|", "").count("|") == width


def test_page_when_a_share_is_printed_then_it_is_a_percentage_with_its_first_day():
    assert "分配比例不低于 70%（2023-12-27 起）" in page("shanxi-pingshun-2023")


def test_page_when_a_standard_extends_another_then_both_pages_are_linked():
    text = page("shanxi-anze-2025")
    assert "| 继承自 | [cn-2017-quality-balance](cn-2017-quality-balance.md) |" in text
    assert "没有改动的条目，算例见 [cn-2017-quality-balance]" in text


def test_page_when_a_case_has_points_a_value_or_an_exception_then_they_are_shown():
    assert "得 1.7 分 |" in page("hunan-2018")
    text = page("cn-2017-quality-balance")
    assert "小学：达标（4.2） |" in text
    assert "| 打开 | 小学：达标（2） |" in text


def test_page_when_values_are_dated_then_each_row_shows_its_days(tmp_path):
    text = page(write(tmp_path))
    assert "50人（2020-01-01 起至 2021-12-31）；48人（2022-01-01 起）收紧" in text
    assert "第6条；第6条之二" in text
    assert "2020-01-01 起至 2022-12-31" in text


def test_index_when_standards_are_listed_then_each_has_a_link_and_its_review_date():
    text = index_page(load_standard(name) for name in list_standards())
    links = [line for line in text.splitlines() if line.startswith("| [")]
    assert len(links) == len(list_standards())
    assert "| [hunan-2018](hunan-2018.md) |" in text
    assert "2027-11-30" in text


def test_page_when_a_standard_judges_no_dispersion_then_nothing_is_said_of_it(tmp_path):
    without = "dispersion:\n  mode: each\n  limits: {primary: 0.65, junior: 0.55}\n  clause: 第5条\n"
    text = page(write(tmp_path, changed(without, "")))
    assert "差异系数" not in text
    assert "| 每校至少达到的项数 | 1项（2020-01-01 起） |" in text
