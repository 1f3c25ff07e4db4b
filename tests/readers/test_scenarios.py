"""Scenarios from files: YAML, JSON and workbooks, with the line or cell of every finding."""

import json
from functools import cache

import openpyxl
import pytest
from python_calamine import CalamineWorkbook

from junheng.core.errors import InputError
from junheng.planning.scenario.writing import blank_data, scenario_data
from junheng.readers.assumptions import read_assumptions
from junheng.readers.scenarios import read_scenario, read_scenario_assumptions, read_scenario_data
from junheng.reports.scenario_files import scenario_workbook, scenario_yaml
from tests.planning.scenario.scenarios import THREE_YEARS, filled, opening, scenario
from tests.planning.scenario.test_reading import TABLES


@cache
def _usual() -> bytes:
    return scenario_workbook(filled(**TABLES, money="limited"))


def _workbook(path, data=None):
    path.write_bytes(scenario_workbook(data) if data else _usual())
    return path


def _values(path):
    """The workbook with its values alone: to carry all its looks along takes a second."""
    book = openpyxl.Workbook()
    del book["Sheet"]
    source = CalamineWorkbook.from_path(str(path))
    for name in source.sheet_names:
        sheet = book.create_sheet(name)
        for row in source.get_sheet_by_name(name).to_python(skip_empty_area=False):
            sheet.append([None if value == "" else value for value in row])
    return book


def _edit(path, sheet, **cells):
    book = _values(path)
    for cell, value in cells.items():
        book[sheet][cell] = value
    book.save(path)
    return path


def _row_of(path, sheet, text, column="E"):
    return next(cell.row for cell in _values(path)[sheet][column] if cell.value == text)


@pytest.mark.parametrize("name", ["甲.yaml", "甲.yml", "甲.xlsx", "甲.json"])
def test_read_scenario_when_written_from_a_scenario_then_the_same(tmp_path, name):
    wanted = scenario(**TABLES, money="limited", teacher_quota=900, per_year__hire_teacher=4, exceptions=["a", "b"])
    path, data = tmp_path / name, scenario_data(wanted)
    if path.suffix == ".xlsx":
        path.write_bytes(scenario_workbook(data))
    else:
        text = json.dumps(data, ensure_ascii=False) if path.suffix == ".json" else scenario_yaml(data)
        path.write_text(text, encoding="utf-8")
    assert read_scenario(path) == (wanted, ())


def test_read_scenario_when_a_workbook_is_blank_then_cells_are_named(tmp_path):
    path = _workbook(tmp_path / "空.xlsx", blank_data())
    found, findings = read_scenario(path)
    assert found is None
    places = {finding.location.field: finding.location for finding in findings}
    assert places["target_year"].cell == f"B{_row_of(path, '条件', 'target_year')}"
    assert (places["prices.hire_teacher"].sheet, places["prices.hire_teacher"].column) == ("措施", "D")
    assert places["prices.hire_teacher"].file == "空.xlsx"


def test_read_scenario_when_yaml_is_blank_then_lines_are_named(tmp_path):
    path = tmp_path / "空.yaml"
    path.write_text(scenario_yaml(blank_data()), encoding="utf-8")
    found, findings = read_scenario(path)
    assert found is None
    lines = path.read_text(encoding="utf-8").splitlines()
    for finding in findings:
        name = finding.location.field.rpartition(".")[2]
        assert lines[(finding.location.row or 0) - 1].strip().startswith(f"{name}:")


def test_read_scenario_when_entries_are_given_then_they_take_the_place_of_the_files(tmp_path):
    path = tmp_path / "空.yaml"
    path.write_text(scenario_yaml(filled()), encoding="utf-8")
    found, _ = read_scenario(path, given={"target_year": 2030, "pupils.quantile": 90})
    assert found is not None
    assert found.target_year == 2030
    assert float(found.pupils.quantile) == 0.9


def test_read_scenario_when_a_row_is_wrong_then_its_cell_is_named(tmp_path):
    path = _edit(_workbook(tmp_path / "乙.xlsx"), "年度预算", C2="很多", A4=2027)
    found, findings = read_scenario(path)
    assert found is None
    placed = {finding.location.field: finding.location.cell for finding in findings}
    assert placed == {"budgets[1].amount": "C2", "budgets[3].amount": "C4"}


def test_read_scenario_when_an_entry_is_unknown_then_the_file_is_named(tmp_path):
    path = tmp_path / "丙.yaml"
    path.write_text(scenario_yaml(filled()) + "cake: 1\nbudget:\n  x: 1\n", encoding="utf-8")
    _, findings = read_scenario(path)
    assert [(finding.location.field, finding.location.row is not None) for finding in findings] == [
        ("cake", True),
        ("budget", True),
    ]


def test_read_scenario_when_a_row_has_a_missing_cell_then_the_row_is_named(tmp_path):
    path = tmp_path / "丁.yaml"
    path.write_text(json.dumps(filled(budgets=[{"year": 2026}]), ensure_ascii=False), encoding="utf-8")
    _, findings = read_scenario(path)
    assert [finding.location.field for finding in findings] == ["budgets[1].amount"]
    assert findings[0].location.row == 1


def test_read_scenario_when_yaml_is_empty_then_said(tmp_path):
    path = tmp_path / "空.yaml"
    path.write_text("", encoding="utf-8")
    found, findings = read_scenario(path, given={"target_year": 2030})
    assert found is None
    assert findings[0].code == "scenario-not-a-table"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"a: [1", "第 2 行写法有误|第 1 行写法有误"),
        (b"a: 1\na: 2\n", "第 2 行又写了一次“a”"),
        (b"a: &x 1\nb: *x\n", "方案文件"),
        ("甲".encode("gbk"), "不是 UTF-8"),
        (b"x" * 5_000_001, "超过 5 MB"),
        (b"[" * 100_000, "嵌套过深"),
        (b"- " * 100_000, "嵌套过深"),
        (b"a: \x00", "写法有误"),
    ],
)
def test_read_scenario_when_yaml_is_no_scenario_then_input_error(tmp_path, content, words):
    path = tmp_path / "坏.yaml"
    path.write_bytes(content)
    if content.startswith(b"a: &"):
        data, _, _ = read_scenario_data(path)
        assert data == {"a": "1", "b": "1"}
        return
    with pytest.raises(InputError, match=words):
        read_scenario(path)


def test_read_scenario_when_the_file_is_missing_then_input_error(tmp_path):
    with pytest.raises(InputError, match="打不开方案文件"):
        read_scenario(tmp_path / "无.yaml")


def test_read_scenario_when_a_workbook_is_something_else_then_said(tmp_path):
    path = tmp_path / "别的.xlsx"
    openpyxl.Workbook().save(path)
    found, findings = read_scenario(path)
    assert found is None
    assert findings[0].code == "scenario-no-sheet"


def test_read_scenario_when_headings_are_gone_then_said(tmp_path):
    path = _workbook(tmp_path / "乙.xlsx")
    _edit(path, "年度预算", A1="别的")
    _edit(path, "措施", A1="别的")
    found, findings = read_scenario(path)
    assert found is None
    assert "scenario-no-header" in {finding.code for finding in findings}


def test_read_scenario_when_sheets_are_left_out_then_their_tables_are_empty(tmp_path):
    path = _workbook(tmp_path / "乙.xlsx", filled())
    book = _values(path)
    for name in ("年度预算", "措施", "说明"):
        del book[name]
    book.save(path)
    _, findings = read_scenario(path)
    assert "prices.hire_teacher" in {finding.location.field for finding in findings}


def test_read_scenario_when_a_cell_shows_an_error_then_said(tmp_path):
    path = _workbook(tmp_path / "乙.xlsx")
    book = _values(path)
    book["年度预算"]["C2"] = "#REF!"
    book["年度预算"]["C2"].data_type = "e"
    book["年度预算"]["B5"] = "  "
    book["年度预算"]["D1"] = "旁注"
    book["条件"]["G3"] = "旁注"
    book.save(path)
    found, findings = read_scenario(path)
    assert found is None
    assert [finding.location.cell for finding in findings if finding.code == "scenario-cell"] == ["C2"]


def test_read_scenario_when_the_measures_have_no_ids_then_nothing_is_read_from_them(tmp_path):
    path = _workbook(tmp_path / "乙.xlsx")
    book = _values(path)
    last = book["措施"].max_column
    book["措施"].cell(1, last).value = "别的"
    book.save(path)
    assert read_scenario(path)[0] is None


def test_read_scenario_when_a_measure_row_is_blank_or_a_column_is_gone_then_passed_over(tmp_path):
    path = _workbook(tmp_path / "乙.xlsx", filled())
    book = _values(path)
    sheet = book["措施"]
    sheet.cell(sheet.max_row + 1, 1).value = "合计"
    place = next(cell.column for cell in sheet[1] if cell.value == "责任部门")
    sheet.cell(1, place).value = "别的"
    book["年度预算"]["B1"] = "别的"
    book.save(path)
    found, _ = read_scenario(path)
    assert found is not None
    assert found.departments == {}


def test_read_scenario_assumptions_when_only_they_are_filled_in_then_taken(tmp_path):
    path = tmp_path / "条件.yaml"
    path.write_text("attrition: 1.5\nbirths: [{catchment: 东, year: 2026, children: 50}]\n", encoding="utf-8")
    found = read_scenario_assumptions(path)
    assert (found.attrition, found.births) == (0.015, {"东": {2026: 50}})
    assert read_assumptions(path) == found
    book = tmp_path / "条件.xlsx"
    book.write_bytes(scenario_workbook(blank_data({"attrition": 1.5})))
    assert read_assumptions(book).attrition == 0.015


def test_read_scenario_assumptions_when_something_is_wrong_then_input_error_says_where(tmp_path):
    path = tmp_path / "条件.yaml"
    path.write_text("title: 甲\nattrition: 许多\nhiring: [{school_id: 1, year: 2026}]\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"有 3 处不能用:（第 2 行）“教师年流失率”应填数字"):
        read_scenario_assumptions(path)
    book = tmp_path / "条件.xlsx"
    book.write_bytes(scenario_workbook(blank_data({"attrition": 200})))
    with pytest.raises(InputError, match="条件!B"):
        read_scenario_assumptions(book)
    empty = tmp_path / "空.yaml"
    empty.write_text("[]", encoding="utf-8")
    assert read_scenario_assumptions(empty).attrition is None


@pytest.mark.parametrize("name", ["甲.yaml", "甲.xlsx"])
def test_read_scenario_when_a_school_may_open_then_read_as_written_and_wrong_cells_are_named(tmp_path, name):
    wanted = scenario(**opening(), **THREE_YEARS)
    path, data = tmp_path / name, scenario_data(wanted)
    write = scenario_workbook if path.suffix == ".xlsx" else lambda given: scenario_yaml(given).encode()
    path.write_bytes(write(data))
    assert read_scenario(path)[0] == wanted
    path.write_bytes(write({**data, "openings": [{**data["openings"][0], "floor_area": "大"}]}))
    found, findings = read_scenario(path)
    assert found is None
    (finding,) = [entry for entry in findings if entry.level.value == "error"]
    assert finding.location.field == "openings[1].floor_area"
    assert (finding.location.sheet, finding.location.cell) in (("可以新开的学校", "L2"), ("", ""))
    assert finding.location.row
