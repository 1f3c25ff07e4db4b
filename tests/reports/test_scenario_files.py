"""Scenarios as files and as a page: what is written for people to fill in."""

import io

import openpyxl
import pytest
import yaml

from junheng.planning.plan.measures import Measure
from junheng.planning.scenario.fields import scenario_fields
from junheng.planning.scenario.writing import blank_data
from junheng.reports.scenario_files import scenario_workbook, scenario_yaml
from junheng.reports.scenario_page import scenario_page
from tests.planning.scenario.scenarios import filled


def test_scenario_yaml_when_blank_then_every_entry_is_there_and_prices_are_empty():
    data = yaml.safe_load(scenario_yaml(blank_data()))
    assert data["prices"] == {measure.value: None for measure in Measure}
    assert data["target_year"] is None
    assert data["budgets"] == []
    assert set(data) == {entry.path.partition(".")[0] for entry in scenario_fields()}


def test_scenario_workbook_when_written_twice_then_the_same_bytes():
    assert scenario_workbook(filled()) == scenario_workbook(filled())


def test_scenario_workbook_when_blank_then_choices_can_be_picked():
    book = openpyxl.load_workbook(io.BytesIO(scenario_workbook(blank_data())))
    assert book.sheetnames[:3] == ["说明", "条件", "措施"]
    lists = [str(entry.formula1) for entry in book["条件"].data_validations.dataValidation]
    assert '"按年度预算,不设上限"' in lists
    assert [cell.value for cell in book["措施"]["D"][1:]] == [None] * len(Measure)


@pytest.mark.parametrize(
    "words", ["`prices.hire_teacher`", "| `target_year` | 目标年度 | 整数 | 年 | 是 |", "（`budgets`）"]
)
def test_scenario_page_when_built_then_entries_are_told(words):
    assert words in scenario_page()


def test_scenario_page_when_an_entry_has_a_usual_value_then_it_is_in_words():
    assert "| 按学生数预测 | `forecast` 按学生数预测" in scenario_page()


def test_scenario_workbook_when_a_column_has_choices_then_one_list_covers_it():
    book = openpyxl.load_workbook(io.BytesIO(scenario_workbook(blank_data())))
    lists = {str(entry.sqref) for entry in book["禁止的措施"].data_validations.dataValidation}
    assert lists == {"B2:B201"}
