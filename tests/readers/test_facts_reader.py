import pytest

from junheng.core.findings import Level, has_errors
from junheng.core.template_layout import example_text
from junheng.readers.dictionary import load_dictionary
from junheng.readers.facts import facts_from_grids, read_facts
from junheng.readers.sheets import Grid
from tests.workbooks import should_fail, should_pass
from tests.workbooks.small_county import CANONICAL, DICTIONARY, Book, facts_in, good_sheets, with_school


def read(book, tmp_path, **options):
    return read_facts([book.write(tmp_path / "县.xlsx")], DICTIONARY, **options)


def column(result, name, table="schools"):
    return facts_in(result).tables[table][name].to_list()


@pytest.mark.parametrize("name", should_pass.CASES)
def test_read_facts_when_a_desk_writes_it_its_own_way_then_values_are_clean(name, tmp_path):
    case = should_pass.CASES[name]
    result = read(case.book, tmp_path)
    assert [finding.code for finding in result.findings] == list(case.codes)
    assert not has_errors(result.findings)
    assert column(result, case.column) == case.values


@pytest.mark.parametrize("name", should_fail.CASES)
def test_read_facts_when_one_thing_is_wrong_then_it_is_named_by_cell_and_counts_as_missing(name, tmp_path):
    case = should_fail.CASES[name]
    result = read(case.book, tmp_path)
    found = [finding for finding in result.findings if finding.code == case.code]
    assert [(finding.location.sheet, finding.location.cell) for finding in found] == [(case.sheet, case.cell)]
    assert found[0].level is Level(case.level)
    assert found[0].message
    assert found[0].hint
    if case.column == "school_id":
        assert column(result, "school_id") == []
    elif case.column:
        assert column(result, case.column) == [None]


def test_read_facts_when_all_is_well_then_every_value_is_canonical_and_knows_its_cell(tmp_path):
    result = read(Book(good_sheets()), tmp_path)
    assert result.findings == []
    assert {name: column(result, name) for name in CANONICAL} == {name: [value] for name, value in CANONICAL.items()}
    facts = facts_in(result)
    assert (facts.county_code, facts.county_name, facts.year) == ("360000", "示范县", 2024)
    assert facts.county_value("average_pay") == 9_876_543  # 98765.43 元 × 100
    assert facts.locate("schools", ("3699000001",), "floor_area").cell == "G2"
    assert facts.locate("classes", ("3699000001", "1", "1班"), "student_count").cell == "D2"
    assert facts.locate("county", ("360000",), "population").cell == "B5"


def test_read_facts_when_a_cell_is_wrong_then_message_names_place_label_and_school(tmp_path):
    result = read(should_fail.CASES["word_in_number"].book, tmp_path)
    (finding,) = result.findings
    assert finding.message.startswith("“学校”表 F2（在校学生数）：")
    assert finding.location.field == "student_count"
    assert finding.location.subject == "3699000001"


def test_read_facts_when_total_row_then_message_says_which_row(tmp_path):
    result = read(should_pass.CASES["totals_row"].book, tmp_path)
    assert result.findings[0].message == "“学校”表第 4 行是合计行，没有读入。"
    assert result.findings[0].location.row == 4


def test_facts_when_only_the_key_is_filled_and_equals_the_example_then_a_row_like_others():
    dictionary = load_dictionary()
    table = dictionary.tables["county_subjects"]
    key, *others = table.fields.values()
    grid = Grid("县.xlsx", table.label, [[key.header, *(entry.header for entry in others)], [example_text(key)]])
    grid.rows[1].extend([None] * len(others))
    assert column(facts_from_grids([grid], dictionary, year=2024), key.id, table.id) == [key.example]


def test_read_facts_when_school_is_merged_beside_its_classes_then_each_class_keeps_its_school(tmp_path):
    result = read(should_pass.CASES["school_merged_beside_classes"].book, tmp_path)
    assert column(result, "school_id", "classes") == ["3699000001"] * 3
    assert column(result, "student_count", "classes") == [40, 41, 42]


def test_read_facts_when_blank_cell_of_a_required_column_then_missing_without_a_word(tmp_path):
    result = read(Book(with_school(school_name=None)), tmp_path)
    assert result.findings == []  # required values are the business of the checks, which see every source alike
    assert column(result, "school_name") == [None]


def test_read_facts_when_a_key_cell_cannot_be_read_then_the_message_says_that_its_row_is_lost(tmp_path):
    sheets = good_sheets()
    sheets["班级"].append(["3699000001", "一年级", "2班", 41])
    result = read_facts([Book(sheets).write(tmp_path / "县.xlsx")], DICTIONARY)
    (finding,) = result.findings
    assert finding.message.endswith("，第 3 行没有读入。")
    assert facts_in(result).tables["classes"]["class_name"].to_list() == ["1班"]
