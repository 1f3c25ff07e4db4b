import time
import zipfile

import openpyxl
import pytest

from junheng.core.facts import facts_from_rows
from junheng.core.fields import FieldType
from junheng.core.template_layout import dictionary_digest, example_text
from junheng.readers.dictionary import load_dictionary, parse_dictionary
from junheng.reports.template import write_template

DICTIONARY = load_dictionary()
HEADER, EXAMPLE, FIRST = 3, 4, 5


@pytest.fixture(scope="module")
def workbook(tmp_path_factory):
    path = tmp_path_factory.mktemp("template") / "模板.xlsx"
    write_template(DICTIONARY, path, rows=10)
    return openpyxl.load_workbook(path)


def headers(sheet):
    return {cell.value.replace("\n", ""): cell for cell in sheet[HEADER] if cell.value}


def rules_at(sheet, cell):
    return [rule for rule in sheet.data_validations.dataValidation if cell.coordinate in rule.sqref]


def below(cell):
    return cell.parent.cell(FIRST, cell.column)


def test_template_when_written_then_guide_first_and_one_sheet_a_table(workbook):
    labels = [table.label for table in DICTIONARY.tables.values()]
    assert workbook.sheetnames == ["填表说明", *labels, "_lists", "_meta"]
    assert workbook["_lists"].sheet_state == "hidden"
    assert workbook["_meta"].sheet_state == "veryHidden"


@pytest.mark.parametrize("name", [name for name, table in DICTIONARY.tables.items() if not table.is_vertical])
def test_template_when_written_then_every_field_has_header_comment_and_star_if_required(workbook, name):
    table = DICTIONARY.tables[name]
    cells = headers(workbook[table.label])
    assert list(cells) == ["序号", *(entry.header + "*" * entry.required for entry in table.fields.values())]
    for entry in table.fields.values():
        cell = cells[entry.header + "*" * entry.required]
        assert entry.label in cell.comment.text
        assert cell.protection.locked
        assert not below(cell).protection.locked
        assert (cell.fill.fgColor.rgb == "FFB4490F") is entry.required


def test_template_when_written_then_county_stands_label_by_label(workbook):
    sheet = workbook["县级数据"]
    table = DICTIONARY.tables["county"]
    labels = [sheet.cell(HEADER + 1 + at, 2).value for at in range(len(table.fields))]
    assert labels == [entry.header + "*" * entry.required for entry in table.fields.values()]
    assert sheet.cell(HEADER + 1, 2).protection.locked
    assert not sheet.cell(HEADER + 1, 3).protection.locked


def test_template_when_written_then_sheets_are_protected_without_password_frozen_and_fit_to_print(workbook):
    for table in DICTIONARY.tables.values():
        sheet = workbook[table.label]
        assert sheet.protection.sheet
        assert not sheet.protection.password
        assert not sheet.protection.insertRows  # openpyxl: False means allowed
        assert sheet.freeze_panes is not None
        assert (sheet.page_setup.paperSize, sheet.page_setup.orientation) == (9, "landscape")
        assert sheet.print_title_rows == "$3:$3"
        assert sheet.sheet_properties.pageSetUpPr.fitToPage


KINDS = {
    FieldType.INTEGER: "whole",
    FieldType.DECIMAL: "decimal",
    FieldType.RATIO: "decimal",
    FieldType.YEAR: "whole",
    FieldType.DATE: "date",
    FieldType.BOOLEAN: "list",
    FieldType.CHOICE: "list",
    FieldType.CHOICE_INTEGER: "list",
}


def test_template_when_written_then_every_typed_cell_is_validated(workbook):
    for table in DICTIONARY.tables.values():
        sheet = workbook[table.label]
        for at, entry in enumerate(table.fields.values()):
            cell = sheet.cell(HEADER + 1 + at, 3) if table.is_vertical else sheet.cell(FIRST, 2 + at)
            found = [rule.type for rule in rules_at(sheet, cell)]
            refers = entry.id == "school_id" and table.id != "schools"
            expected = ["list"] if refers else [KINDS[entry.type]] if entry.type in KINDS else []
            assert found == expected, (table.id, entry.id)


def test_template_when_a_field_has_choices_then_its_list_is_a_defined_name_on_the_hidden_sheet(workbook):
    sheet = workbook["学校"]
    (rule,) = rules_at(sheet, below(headers(sheet)["城乡类型*"]))
    name = workbook.defined_names[rule.formula1.lstrip("=")]
    ((target, cells),) = name.destinations
    assert target == "_lists"
    assert [row[0].value for row in workbook[target][cells]] == ["城区", "镇区", "乡村"]


def test_template_when_written_then_first_row_is_a_marked_grey_example(workbook):
    for table in DICTIONARY.tables.values():
        if table.is_vertical:
            continue
        row = [cell.value for cell in workbook[table.label][EXAMPLE]][: len(table.fields) + 1]
        assert row == ["示例", *(example_text(entry) for entry in table.fields.values())]
        assert workbook[table.label].cell(EXAMPLE, 2).protection.locked


def test_template_when_written_then_meta_tells_versions_digest_and_fields_in_order(workbook):
    rows = [[cell for cell in row if cell is not None] for row in workbook["_meta"].iter_rows(values_only=True)]
    told = {row[0]: row[1:] for row in rows}
    assert told["junheng-template"] == ["1"]
    assert told["dictionary_version"] == [DICTIONARY.version]
    assert told["dictionary_digest"] == [dictionary_digest(DICTIONARY)]
    assert told["table:rooms"] == ["音美教室", *DICTIONARY.tables["rooms"].fields]


def filled(path, **school):
    row = {"school_id": "0099000001", "school_name": "甲小学", **school}
    facts = facts_from_rows(DICTIONARY, county_code="999901", county_name="示范县", year=2024, rows={"schools": [row]})
    write_template(DICTIONARY, path, facts=facts, rows=3)
    sheet = openpyxl.load_workbook(path)["学校"]
    return {name: sheet.cell(FIRST, 2 + at) for at, name in enumerate(DICTIONARY.tables["schools"].fields)}


def test_template_when_filled_then_cells_hold_typed_units_and_labels(tmp_path):
    cells = filled(
        tmp_path / "甲.xlsx",
        school_type="teaching_point",
        is_boarding=False,
        built_year=1998,
        teaching_floor_area=123_450,  # 0.01 ㎡
        equipment_value=33_200_000,  # 分
        book_count=0,
    )
    assert cells["school_id"].value == "0099000001"
    assert cells["school_type"].value == "小学教学点"
    assert cells["is_boarding"].value == "否"
    assert cells["built_year"].value == 1998
    assert cells["teaching_floor_area"].value == 1234.5
    assert cells["equipment_value"].value == 33.2
    assert cells["book_count"].value == 0
    assert cells["computer_count"].value is None


@pytest.mark.parametrize("name", ["=1+1", "+86", "-5", "@cmd", "=HYPERLINK(1)"])
def test_template_when_text_begins_like_a_formula_then_it_is_written_as_text(tmp_path, name):
    cell = filled(tmp_path / "甲.xlsx", school_name=name)["school_name"]
    assert (cell.value, cell.data_type) == (name, "s")


def test_template_when_number_has_more_digits_than_a_spreadsheet_keeps_then_it_is_text(tmp_path):
    cells = filled(tmp_path / "甲.xlsx", equipment_value=1_234_567_890_123_456_789)
    assert cells["equipment_value"].value == "1234567890123.456789"


def test_template_when_choice_is_unknown_to_the_dictionary_then_it_stays_visible(tmp_path):
    assert filled(tmp_path / "甲.xlsx", school_type="flying_school")["school_type"].value == "flying_school"


def test_template_when_written_again_later_then_same_bytes(tmp_path, monkeypatch):
    write_template(DICTIONARY, tmp_path / "a.xlsx", rows=3)
    later = time.time() + 100_000
    monkeypatch.setattr(time, "time", lambda: later)
    write_template(DICTIONARY, tmp_path / "b.xlsx", rows=3)
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()
    assert {info.date_time[0] for info in zipfile.ZipFile(tmp_path / "a.xlsx").infolist()} == {1980}


def test_template_when_dictionary_has_no_schools_then_no_list_of_school_ids(tmp_path):
    fields = {"school_id": {"label": "学校标识码", "type": "text"}, "name": {"label": "名称", "type": "text"}}
    tables = {"rooms": {"label": "教室", "key": ["school_id"], "fields": fields}}
    write_template(parse_dictionary({"tables": tables, "choices": {}}), tmp_path / "a.xlsx", rows=1)
    assert list(openpyxl.load_workbook(tmp_path / "a.xlsx").defined_names) == ["list_yes_no"]
