"""Facts from several files, from folders, from old formats, and from workbooks made of a template."""

import csv
import io
from dataclasses import replace

import narwhals as nw
import polars as pl
import pytest
import xlwt

from junheng.core.findings import Level, has_errors
from junheng.readers.facts import read_facts, read_previous
from junheng.reports.fact_folders import write_csv_folder, write_parquet_folder
from junheng.reports.template import write_template
from tests.workbooks.small_county import (
    CANONICAL,
    CLASS_HEADERS,
    DICTIONARY,
    SCHOOL_HEADERS,
    SCHOOL_ROW,
    Book,
    facts_in,
    good_sheets,
)

OTHER = ["3699000002", "启智小学", *SCHOOL_ROW[2:]]


def codes(result):
    return [finding.code for finding in result.findings]


def plain(facts):
    return {name: frame.to_dict(as_series=False) for name, frame in facts.tables.items()}


def one_school(row):
    return Book({"学校": [SCHOOL_HEADERS, row]})


def test_read_facts_when_schools_send_their_own_files_then_they_are_merged_and_each_keeps_its_file(tmp_path):
    files = [
        Book(good_sheets()).write(tmp_path / "县.xlsx"),
        one_school(OTHER).write(tmp_path / "启智.xlsx"),
    ]
    result = read_facts(files, DICTIONARY)
    assert result.findings == []
    assert facts_in(result).tables["schools"]["school_id"].to_list() == ["3699000001", "3699000002"]
    assert facts_in(result).locate("schools", ("3699000002",), "student_count").file == "启智.xlsx"
    assert facts_in(result).locate("schools", ("3699000001",), "student_count").file == "县.xlsx"


def test_read_facts_when_second_file_lacks_a_column_then_its_rows_have_none_there(tmp_path):
    files = [
        Book(good_sheets()).write(tmp_path / "县.xlsx"),
        Book({"学校": [SCHOOL_HEADERS[:3], OTHER[:3]]}).write(tmp_path / "启智.xlsx"),
    ]
    result = read_facts(files, DICTIONARY)
    assert codes(result) == ["reader-column-missing"]
    assert facts_in(result).tables["schools"]["student_count"].to_list() == [166, None]


def test_read_facts_when_two_files_hold_one_school_then_error_names_both_and_the_first_is_kept(tmp_path):
    second = [*SCHOOL_ROW[:5], 999, *SCHOOL_ROW[6:]]
    files = [
        Book(good_sheets()).write(tmp_path / "县.xlsx"),
        Book({"学校": [SCHOOL_HEADERS, OTHER, second]}).write(tmp_path / "乙.xlsx"),
    ]
    result = read_facts(files, DICTIONARY)
    (finding,) = result.findings
    assert (finding.code, finding.location.file, finding.location.cell) == ("reader-duplicate-row", "乙.xlsx", "A3")
    assert "“县.xlsx”的“学校”表第 2 行" in finding.message
    assert facts_in(result).tables["schools"]["student_count"].to_list() == [166, 166]


def test_read_facts_when_county_values_come_in_two_files_then_gaps_are_filled_and_contradictions_named(tmp_path):
    first, second = good_sheets(), good_sheets()
    first["县级数据"][4][1] = None
    second["县级数据"][5][1] = 1
    del second["学校"], second["班级"]
    files = [Book(first).write(tmp_path / "甲.xlsx"), Book(second).write(tmp_path / "乙.xlsx")]
    result = read_facts(files, DICTIONARY)
    assert [(finding.code, finding.location.cell) for finding in result.findings] == [("reader-county-conflict", "B6")]
    assert facts_in(result).county_value("population") == 315_000  # 31.5 万人 × 10 000
    assert facts_in(result).county_value("average_pay") == 9_876_543
    assert facts_in(result).locate("county", ("360000",), "population").file == "乙.xlsx"
    assert facts_in(result).locate("county", ("360000",), "average_pay").file == "甲.xlsx"


def test_read_facts_when_year_is_told_nowhere_then_no_facts_unless_it_is_given(tmp_path):
    path = one_school(SCHOOL_ROW).write(tmp_path / "校.xlsx")
    without = read_facts([path], DICTIONARY)
    assert without.facts is None
    assert codes(without) == ["reader-table-missing", "reader-county-missing", "reader-year-missing"]
    given = read_facts([path], DICTIONARY, year=2025)
    assert codes(given) == ["reader-table-missing", "reader-county-missing"]
    assert facts_in(given).year == 2025
    assert facts_in(given).county_value("population") is None


def test_read_facts_when_given_year_differs_then_error_points_to_the_cell(tmp_path):
    result = read_facts([Book(good_sheets()).write(tmp_path / "县.xlsx")], DICTIONARY, year=2023)
    (finding,) = result.findings
    assert (finding.code, finding.location.cell) == ("reader-year-conflict", "B4")
    assert facts_in(result).year == 2023


def test_read_facts_when_nothing_is_recognised_then_error_and_no_facts(tmp_path):
    result = read_facts([Book({"菜单": [["早餐", "午餐"], ["粥", "面"]]}).write(tmp_path / "食堂.xlsx")], DICTIONARY)
    assert result.facts is None
    assert codes(result) == ["reader-sheet-unknown", "reader-no-facts"]


def csv_text(rows):
    text = io.StringIO()
    csv.writer(text).writerows(["" if cell is None else cell for cell in row] for row in rows)
    return text.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16"])
def test_read_facts_when_csv_folder_in_any_encoding_then_clean(tmp_path, encoding):
    for name, rows in good_sheets().items():
        text = csv_text(rows).replace("㎡", "平方米").replace("Ⅱ", "II")
        (tmp_path / f"{name}.csv").write_bytes(text.encode(encoding))
    result = read_facts([tmp_path], DICTIONARY)
    assert result.findings == []
    schools = facts_in(result).tables["schools"]
    assert {name: schools[name].to_list() for name in CANONICAL} == {name: [v] for name, v in CANONICAL.items()}


def test_read_facts_when_gb18030_csv_holds_a_rare_name_then_it_survives(tmp_path):
    rows = [SCHOOL_HEADERS, ["3699000001", "𬭩堃小学", *SCHOOL_ROW[2:]]]
    (tmp_path / "学校.csv").write_bytes(csv_text(rows).encode("gb18030"))
    result = read_facts([tmp_path / "学校.csv"], DICTIONARY, year=2024)
    assert facts_in(result).tables["schools"]["school_name"].to_list() == ["𬭩堃小学"]


def test_read_facts_when_csv_cell_is_wrong_then_row_and_column_are_named(tmp_path):
    rows = [SCHOOL_HEADERS, [*SCHOOL_ROW[:5], "很多", *SCHOOL_ROW[6:]]]
    (tmp_path / "学校.csv").write_bytes(csv_text(rows).encode("gbk"))
    result = read_facts([tmp_path / "学校.csv"], DICTIONARY, year=2024)
    assert ("cell-not-a-number", "F2") in [(finding.code, finding.location.cell) for finding in result.findings]


def test_read_facts_when_old_xls_then_clean(tmp_path):
    workbook = xlwt.Workbook()
    for name, rows in good_sheets().items():
        sheet = workbook.add_sheet(name)
        for number, row in enumerate(rows):
            for column, cell in enumerate(row):
                sheet.write(number, column, cell)
    workbook.save(str(tmp_path / "县.xls"))
    result = read_facts([tmp_path / "县.xls"], DICTIONARY)
    assert result.findings == []
    assert facts_in(result).tables["schools"]["floor_area"].to_list() == [123_450]


@pytest.mark.parametrize("write", [write_csv_folder, write_parquet_folder])
def test_read_facts_when_folder_was_written_from_facts_then_the_same_facts(tmp_path, write):
    facts = read_facts([Book(good_sheets()).write(tmp_path / "县.xlsx")], DICTIONARY).facts
    write(facts, DICTIONARY, tmp_path / "folder")
    result = read_facts([tmp_path / "folder"], DICTIONARY)
    assert not has_errors(result.findings)
    assert plain(result.facts) == plain(facts)


def test_read_facts_when_parquet_holds_numbers_then_they_are_typed_units(tmp_path):
    frame = pl.DataFrame({"school_id": ["1"], "school_name": ["甲"], "floor_area": [12.5], "student_count": [7]})
    frame.write_parquet(tmp_path / "schools.parquet")
    result = read_facts([tmp_path], DICTIONARY, year=2024)
    schools = facts_in(result).tables["schools"]
    assert (schools["floor_area"].to_list(), schools["student_count"].to_list()) == ([1_250], [7])


# ------------------------------------------------------------------------------------------------- made from a template


def template(tmp_path, edit=None):
    """The template, filled in by hand as `edit` does with an openpyxl workbook."""
    import openpyxl

    path = tmp_path / "模板.xlsx"
    write_template(DICTIONARY, path, rows=5)
    if edit is not None:
        workbook = openpyxl.load_workbook(path)
        edit(workbook)
        workbook.save(path)
    return path


def fill(workbook):
    for column, cell in enumerate(SCHOOL_ROW, start=2):
        workbook["学校"].cell(5, column, cell)
    for row, cell in enumerate(["360000", "示范县", 2024, 31.5, 98765.43], start=4):
        workbook["县级数据"].cell(row, 3, cell)


def test_read_facts_when_template_is_empty_then_only_county_and_year_are_asked_for(tmp_path):
    result = read_facts([template(tmp_path)], DICTIONARY)
    assert codes(result) == ["reader-county-missing", "reader-year-missing"]


def test_read_facts_when_template_is_filled_in_below_the_example_then_clean(tmp_path):
    result = read_facts([template(tmp_path, fill)], DICTIONARY)
    assert result.findings == []
    schools = facts_in(result).tables["schools"]
    assert {name: schools[name].to_list() for name in CANONICAL} == {name: [v] for name, v in CANONICAL.items()}
    assert facts_in(result).locate("schools", ("3699000001",), "student_count").cell == "G5"
    assert facts_in(result).locate("county", ("360000",), "year").cell == "C6"


def test_read_facts_when_marker_column_was_deleted_then_example_row_is_still_passed_over(tmp_path):
    def edit(workbook):
        fill(workbook)
        workbook["学校"].delete_cols(1)

    result = read_facts([template(tmp_path, edit)], DICTIONARY)
    assert result.findings == []
    assert facts_in(result).tables["schools"]["school_id"].to_list() == ["3699000001"]


def test_read_facts_when_template_is_of_another_version_then_warning_says_what_to_do(tmp_path):
    def edit(workbook):
        fill(workbook)
        workbook["_meta"]["B1"] = "0"

    (finding,) = read_facts([template(tmp_path, edit)], DICTIONARY).findings
    assert (finding.code, finding.level) == ("reader-template-version", Level.WARNING)
    assert "junheng template" in finding.hint


def test_read_facts_when_template_carries_its_county_then_a_school_file_alone_is_enough(tmp_path):
    facts = read_facts([Book(good_sheets()).write(tmp_path / "县.xlsx")], DICTIONARY).facts

    def edit(workbook):
        del workbook["县级数据"]

    import openpyxl

    write_template(DICTIONARY, tmp_path / "校.xlsx", facts=facts)
    workbook = openpyxl.load_workbook(tmp_path / "校.xlsx")
    edit(workbook)
    workbook.save(tmp_path / "校.xlsx")
    result = read_facts([tmp_path / "校.xlsx"], DICTIONARY)
    assert codes(result) == ["reader-table-missing"]
    assert (facts_in(result).county_code, facts_in(result).county_name, facts_in(result).year) == (
        "360000",
        "示范县",
        2024,
    )


def test_read_facts_when_foreign_meta_sheet_then_it_is_left_alone(tmp_path):
    sheets = good_sheets() | {"_meta": [["key", "value"], ["x", 1]]}
    assert read_facts([Book(sheets).write(tmp_path / "县.xlsx")], DICTIONARY).findings == []


def test_read_facts_when_sheet_is_split_in_two_then_rows_are_joined(tmp_path):
    sheets = good_sheets()
    sheets["班级2"] = [CLASS_HEADERS, ["3699000001", 2, "1班", 38]]
    result = read_facts([Book(sheets).write(tmp_path / "县.xlsx")], DICTIONARY)
    assert result.findings == []
    assert facts_in(result).tables["classes"]["student_count"].to_list() == [40, 38]


def test_read_previous_when_it_is_last_years_then_its_facts_and_nothing_to_say(tmp_path):
    now = facts_in(read_facts([Book(good_sheets()).write(tmp_path / "今.xlsx")], DICTIONARY))
    path = tmp_path / "上年.xlsx"
    write_template(DICTIONARY, path, facts=replace(now, year=now.year - 1, tables=of_year(now, now.year - 1)))

    read = read_previous([path], DICTIONARY, now)

    assert (facts_in(read).year, read.findings) == (now.year - 1, [])


@pytest.mark.parametrize(
    ("county", "years_before", "said"),
    [("990199", 1, "是另一个县的"), (None, 0, "年的,不是"), (None, 2, "年的,不是"), ("", 1, "读不出数据")],
)
def test_read_previous_when_it_is_of_another_county_or_year_or_nothing_then_a_warning_and_no_facts(
    tmp_path, county, years_before, said
):
    now = facts_in(read_facts([Book(good_sheets()).write(tmp_path / "今.xlsx")], DICTIONARY))
    path = tmp_path / "上年.xlsx"
    if county == "":
        path.write_bytes(b"")
    else:
        year = now.year - years_before
        changed = replace(now, year=year, tables=of_year(now, year, county))
        write_template(DICTIONARY, path, facts=replace(changed, county_code=county or now.county_code))

    read = read_previous([path], DICTIONARY, now)

    (finding,) = read.findings
    assert (read.facts, finding.code, finding.level) == (None, "reader-previous-unused", Level.WARNING)
    assert said.replace(",", "，") in finding.message


def of_year(facts, year, county=None):
    """The tables with another year, and county, in the county's own row."""
    own = facts.tables["county"].with_columns(year=nw.lit(year), county_code=nw.lit(county or facts.county_code))
    return {**facts.tables, "county": own}
