"""The county's sheet, label beside value, in the shapes that desks give it. One ten-thousandth of 万人 is a person."""

import pytest

from junheng.readers.facts import facts_from_grids
from junheng.readers.sheets import CellError, Grid
from tests.workbooks.small_county import DICTIONARY, facts_in

HEAD = [("行政区划代码", "360000"), ("县名", "示范县"), ("数据年度", 2024.0)]
POPULATION, PAY = ("人口总数（常住）（万人）", 31.5), ("教师年平均工资（元）", 98765.0)


def sheet(*rows, name="县级数据", unknown=frozenset(), hidden=False):
    width = max(len(row) for row in rows)
    cells = [list(row) + [None] * (width - len(row)) for row in rows]
    return Grid("县.xlsx", name, cells, formula_without_value=unknown, hidden=hidden)


def read(*rows, **options):
    return facts_from_grids([sheet(*rows, **options)], DICTIONARY)


def notable(result):
    """Findings as (code, cell) without the two other tables, which these cases leave out."""
    found = [(finding.code, finding.location.cell) for finding in result.findings]
    return [pair for pair in found if pair[0] != "reader-table-missing"]


def population(result):
    return facts_in(result).county_value("population")


def test_county_when_only_labels_and_values_then_next_column_is_the_value():
    result = read(*HEAD, POPULATION, PAY)
    assert notable(result) == []
    assert population(result) == 315_000  # 31.5 × 10 000


def test_county_when_units_stand_between_label_and_value_then_they_are_passed_over():
    rows = [(label, None, value) for label, value in HEAD]
    result = read(*rows, ("人口总数（常住）", "万人", 31.5), ("教师年平均工资", "元", 98765.0), ("县名称", "个", None))
    assert notable(result) == []
    assert population(result) == 315_000


@pytest.mark.parametrize(
    ("unit", "codes", "value"),
    [
        ("万人", [], 315_000),
        ("人", [("reader-unit-converted", "C5")], 32),  # 31.5 people are no whole person, so the cell below says 32
        ("亩", [("reader-unit-refused", "C5")], None),
        ("箱", [("reader-unit-unknown", "C5")], None),
        (None, [], 315_000),
    ],
)
def test_county_when_unit_column_says_another_unit_then_converted_or_refused(unit, codes, value):
    rows = [(label, None, cell) for label, cell in HEAD]
    typed = 32.0 if unit == "人" else 31.5
    result = read(("项目", "单位", "数值"), *rows, ("人口总数（常住）", unit, typed), ("教师年平均工资", "元", 98765.0))
    assert notable(result) == codes
    assert population(result) == value


def test_county_when_value_column_is_headed_then_it_wins_over_the_nearer_one():
    rows = [(label, "去年", value) for label, value in (*HEAD, POPULATION, PAY)]
    result = read(("示范县基本数据", None, None), ("指标", "备注", "填报值"), *rows)
    assert notable(result) == []
    assert population(result) == 315_000


def test_county_when_formula_has_no_value_then_error_and_missing():
    result = read(*HEAD, (POPULATION[0], None), PAY, unknown=frozenset({(4, 2)}))
    assert notable(result) == [("cell-formula-without-value", "B4")]
    assert population(result) is None


def test_county_when_cell_shows_an_error_then_error_and_missing():
    result = read(*HEAD, (POPULATION[0], CellError("#REF!")), PAY)
    assert notable(result) == [("cell-error-cell", "B4")]
    assert population(result) is None


def test_county_when_sheet_has_another_name_then_its_labels_tell():
    assert notable(read(*HEAD, POPULATION, PAY, name="Sheet1")) == []


def test_county_when_sheet_holds_no_value_then_code_and_year_are_asked_for():
    result = read(*((label, None) for label, _ in (*HEAD, POPULATION, PAY)))
    assert notable(result) == [("reader-county-missing", ""), ("reader-year-missing", "")]


def test_county_when_code_is_blank_then_error_and_the_rest_is_kept():
    result = read(("行政区划代码", None), *HEAD[1:], POPULATION, PAY)
    assert notable(result) == [("reader-county-missing", "")]
    assert population(result) == 315_000


def test_county_when_sheet_has_no_label_then_header_is_missing():
    assert ("reader-header-missing", "") in notable(read(("甲", 1.0), ("乙", 2.0)))


def test_county_when_labels_stand_in_the_last_column_then_nothing_is_taken_for_a_value():
    result = read((1.0, "行政区划代码"), (2.0, "县名"), (3.0, "数据年度"), (4.0, POPULATION[0]), (5.0, PAY[0]))
    assert result.facts is None
    assert notable(result) == [("reader-header-missing", ""), ("reader-no-facts", "")]


def test_sheets_when_hidden_and_unknown_or_empty_then_not_a_word():
    grids = [
        sheet(*HEAD, POPULATION, PAY),
        sheet(("甲", 1.0), name="草稿", hidden=True),
        sheet((None, None), name="Sheet3"),
        sheet((None, None), name="班级"),
    ]
    assert notable(facts_from_grids(grids, DICTIONARY)) == []
