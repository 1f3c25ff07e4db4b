"""The application forms, read back with openpyxl and compared with figures worked out by hand."""

import io
import string
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from math import sqrt

import openpyxl
import pytest

from junheng.core.facts import facts_from_rows
from junheng.readers.dictionary import load_dictionary
from junheng.readers.standards import list_standards
from junheng.reports.application_forms import render_application_forms
from junheng.reports.item_sentences import SENTENCES
from junheng.reports.wording import BLANK
from tests.reports.small_evaluation import INJECTED, PER_STUDENTS, WORKED, bundle_of, fresh_bundle, small_facts

OFFICIAL_MERGES = {
    "表Ⅰ": {"A11:X11", "A5:D5", "E5:H5", "I5:M5", "O5:P5", "Q5:R5", "S5:T5", "U5:X5", "U6:V6", "W6:X6"},
    "表Ⅱ-2": {"A1:O1"},
    "表Ⅲ": {"A2:B3", "A4:A5", "A6:A7"},
    "表Ⅵ": {"B2:D2", "C3:D3", "F2:G2"},
}


def opened(bundle):
    return openpyxl.load_workbook(io.BytesIO(render_application_forms(bundle)))


@pytest.fixture(scope="module")
def bundle():
    return bundle_of()


@pytest.fixture(scope="module")
def book(bundle):
    return opened(bundle)


def row_values(sheet, row, first, count):
    return [sheet.cell(row, first + offset).value for offset in range(count)]


def half_up(value, places):
    """Rounded half up, with decimal arithmetic instead of the program's fractions."""
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    return float(exact.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP))


def values_by_hand(worked):
    pairs = zip(worked.numerators, PER_STUDENTS, strict=True)
    return [None if x is None else half_up(x * per / worked.students, 2) for x, per in pairs]


def test_forms_when_written_then_sheets_follow_the_official_order(book):
    assert book.sheetnames == ["表Ⅰ", "表Ⅱ-1", "表Ⅱ-2", "表Ⅲ", "表Ⅳ", "表Ⅴ", "表Ⅵ", "学校自评表"]


@pytest.mark.parametrize("name", OFFICIAL_MERGES)
def test_forms_when_written_then_official_merged_cells_are_kept(book, name):
    assert {str(found) for found in book[name].merged_cells.ranges} >= OFFICIAL_MERGES[name]


def test_form_1_when_filled_then_the_24_columns_hold_the_county(book):
    sheet = book["表Ⅰ"]
    assert row_values(sheet, 8, 1, 24) == [f"L{number}" for number in range(1, 25)]
    # 123 456 residents = 12.3456 万 → 12.35; 0 townships is a number, the rest of the county is missing
    assert row_values(sheet, 9, 1, 8) == [12.35, BLANK, 0, *[BLANK] * 5]
    # primary, nine-year, junior, full secondary, twelve-year, special, points, points ≥ 50
    assert row_values(sheet, 9, 9, 8) == [1, 1, 1, 0, 0, 1, 1, 0]
    # primary stages: 1, 2 and the point: 3 × 4 classes, 200 + 166 + 49 = 415 pupils, 10 + 7 + 4 = 21 teachers;
    # staff are one more in each stage;
    # junior stages: 2 × 4 classes, 210 + 300 = 510 pupils, 12 + 20 = 32 teachers
    assert row_values(sheet, 9, 17, 8) == [12, 8, 415, 510, 24, 21, 34, 32]


def test_form_2_1_when_schools_are_counted_then_unknown_ones_are_said(book):
    sheet = book["表Ⅱ-1"]
    # primary: item 2 is missed by the nine-year school (0.60), item 6 by the other (1800); one of two schools passes
    assert row_values(sheet, 4, 3, 8) == [2, 1, 2, 2, 2, 1, 2, 1]
    assert row_values(sheet, 5, 3, 8) == [100, 50, 100, 100, 100, 50, 100, 50]
    # junior: item 2 of one school is missing, item 3 (0.48) and item 6 (2200) are missed by the nine-year school
    assert row_values(sheet, 6, 3, 8) == [2, "1（另有1所无法判定）", 1, 2, 2, 1, 2, "0（另有1所无法判定）"]
    assert row_values(sheet, 7, 3, 8) == [100, BLANK, 50, 100, 100, 50, 100, BLANK]


def test_form_2_2_when_filled_then_every_value_equals_the_hand_computation(book):
    sheet = book["表Ⅱ-2"]
    rows = [("primary", index) for index in range(2)] + [("junior", index) for index in range(2)]
    for row, (stage, index) in enumerate(rows, start=4):
        worked = WORKED[stage][index]
        assert row_values(sheet, row, 1, 6) == [index + 1, worked.name, "7", worked.students, 6, 4]
        expected = [BLANK if value is None else value for value in values_by_hand(worked)]
        assert row_values(sheet, row, 7, 7) == expected


def test_form_2_2_when_indicators_are_missed_then_the_remark_says_which(book):
    sheet = book["表Ⅱ-2"]
    assert [row_values(sheet, row, 14, 2) for row in range(4, 8)] == [
        ["达标", "达标：第1、2、3、4、5、7项（6项）；达到85%：第6项"],  # 1800 / 2000 = 90 %
        ["不达标", "达标：第1、3、4、5、6、7项（6项）；不足85%：第2项"],  # 0.60 / 1
        ["不达标", "达标：第1、2、4、5、7项（5项）；达到85%：第6项；不足85%：第3项"],  # 2200 / 2500 = 88 %, 0.48 / 0.9
        ["无法判定", "达标：第1、3、4、5、6、7项（6项）；无法判定：第2项"],
    ]
    note = sheet["A8"].value
    assert "小学学校总数2所（其中：一贯制学校的小学部有1所，50人及以上教学点有0个）" in note
    assert "初中学校总数2所（其中：一贯制学校的初中部1所，完全中学的初中部0所）" in note
    assert "L7-L13数值均保留两位小数" in note


def test_form_3_when_filled_then_means_and_coefficients_equal_the_hand_computation(book):
    sheet = book["表Ⅲ"]
    for stage, row in (("primary", 4), ("junior", 6)):
        schools = WORKED[stage]
        coefficients = []
        for index, per in enumerate(PER_STUDENTS):
            column = 3 + index
            pairs = [(school.numerators[index], school.students) for school in schools]
            if any(x is None for x, _ in pairs):
                assert sheet.cell(row, column).value == sheet.cell(row + 1, column).value == BLANK
                continue
            mean, coefficient = weighted(pairs)
            coefficients.append(coefficient)
            assert sheet.cell(row, column).value == half_up(mean * per, 2)
            assert sheet.cell(row + 1, column).value == half_up(Fraction(coefficient), 3)
        assert sheet.cell(row, 10).value == "——"
        whole = len(coefficients) == len(PER_STUDENTS)
        expected = half_up(Fraction(sum(coefficients) / 7), 3) if whole else BLANK
        assert sheet.cell(row + 1, 10).value == expected


def weighted(pairs):
    """Mean Σx/Σp and CV = √(Σ p/P (x/p − mean)²) / mean, weighted by students."""
    pupils = sum(p for _, p in pairs)
    mean = sum(x for x, _ in pairs) / pupils
    variance = sum(Fraction(p, pupils) * (x / p - mean) ** 2 for x, p in pairs)
    return mean, sqrt(variance) / float(mean)


def test_form_3_when_a_coefficient_is_over_its_limit_then_the_cell_is_marked_without_colour(book):
    # backbone teachers 2 of 200 and 12 of 166: 1.00 and 7.23 per hundred, mean 3.83, CV 0.811 > 0.50
    uneven = opened(fresh_bundle(facts=small_facts(backbone=(2, 12))))["表Ⅲ"]
    assert uneven["D5"].value == 0.811
    assert [marked(sheet) for sheet in (book["表Ⅲ"], uneven)] == [[], ["D5"]]
    assert "小学≤0.50，初中≤0.45" in uneven["A8"].value


def marked(sheet):
    return [cell.coordinate for row in sheet.iter_rows() for cell in row if "▼" in cell.number_format]


def test_forms_4_and_5_when_figures_are_missing_then_blanks_stand_for_them_and_never_zero(book):
    guarantee = {book["表Ⅳ"].cell(row, 1).value[:2]: row for row in range(3, 18)}
    pay = book["表Ⅳ"].cell(guarantee["8."], 2).value
    assert pay.startswith("全县义务教育学校教师年平均工资收入为＿＿元，当地公务员年平均工资收入＿＿元。")
    assert book["表Ⅳ"].cell(guarantee["8."], 3).value == "无法判定"
    layout = book["表Ⅳ"].cell(guarantee["1."], 2).value
    assert layout == "资料审核：查阅规划（评估人：评估员甲；佐证材料：G1-01、G1-02）。"
    assert book["表Ⅳ"].cell(guarantee["1."], 3).value == "达标"
    assert "语文＿＿级、校际差异率＿＿" in book["表Ⅴ"].cell(11, 2).value
    assert book["表Ⅴ"].cell(11, 3).value == "无法判定"


def test_form_4_when_teachers_are_counted_then_shares_have_one_decimal(book):
    # 10 + 7 + 12 + 20 + 4 full-time teachers, and 6 of the special school: 59, all of them with certificate
    texts = [book["表Ⅳ"].cell(row, 2).value for row in range(3, 18)]
    assert "全县在岗专任教师59人，其中持有教师资格证的专任教师59人，占比100.0%。" in texts


def test_form_4_when_the_standard_is_stricter_then_its_own_number_is_printed():
    sheet = opened(bundle_of("liaoning-shenyang-2021"))["表Ⅳ"]
    names = [sheet.cell(row, 1).value for row in range(3, 18)]
    assert any("8000元" in name for name in names)
    assert not any("6000元" in name for name in names)


def test_form_6_when_groups_are_missing_then_totals_are_blank_and_parents_are_shown(book):
    sheet = book["表Ⅵ"]
    assert row_values(sheet, 6, 1, 8) == ["计", *[BLANK] * 7]
    # 170 / 180 = 94.44 % → 94.4; 19 / 20 = 95.0
    assert row_values(sheet, 7, 1, 8) == ["其中：家长", 200, 180, 170, 94.4, 20, 19, 95]


def test_school_form_when_listed_then_shared_resources_are_whole_and_values_per_stage(book):
    sheet = book["学校自评表"]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=3)]
    floor = next(row for row in rows if row[0] == 2 and "生均教学及辅助用房面积" in (row[3] or ""))
    # 3970 ㎡ for the whole school; 166/397 of it is 1660 ㎡ for 166 pupils, 231/397 is 2310 ㎡ for 210
    assert floor[4].endswith("：3970㎡。生均教学及辅助用房面积：小学10.00㎡；初中11.00㎡。")
    size = next(row for row in rows if row[0] == 1 and "班级学生数" in (row[3] or ""))
    assert size[4:] == ["最大班额58人，超过45人的小学班级3个。", "不达标"]
    unknown = next(row for row in rows if row[0] == 3 and "班级学生数" in (row[3] or ""))
    assert unknown[4:] == ["最大班额＿＿人，超过50人的初中班级＿＿个。", "无法判定"]


def test_forms_when_a_name_looks_like_a_formula_then_it_stays_text(book):
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value == INJECTED]
    assert cells
    assert not [cell.coordinate for sheet in book for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]


def test_forms_when_written_then_each_sheet_is_bound_to_the_verdict_and_fits_a4(bundle, book):
    for sheet in book:
        assert bundle.verdict.digest[:16] in sheet.oddFooter.left.text
        cells = [cell.value for row in sheet.iter_rows() for cell in row if isinstance(cell.value, str)]
        assert any(f"判定校验码 {bundle.verdict.digest[:16]}" in text and "2025年12月31日" in text for text in cells)
        assert int(sheet.page_setup.paperSize) == 9
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert int(sheet.page_setup.fitToHeight) == 0


def test_forms_when_it_is_a_trial_then_every_sheet_says_so():
    for sheet in opened(fresh_bundle(is_trial=True)):
        assert "试算" in sheet["A1"].value
        assert "试算" in sheet.oddHeader.left.text
        assert "试算" in sheet.oddFooter.left.text


def test_forms_when_written_twice_then_bytes_are_equal():
    assert render_application_forms(bundle_of()) == render_application_forms(fresh_bundle())


def test_forms_when_the_standard_has_other_indicators_then_tables_follow_it_and_unjudged_parts_are_left_out():
    book = opened(bundle_of("cn-2012-basic-balance"))
    assert book.sheetnames == ["表Ⅰ", "表Ⅱ-2", "表Ⅲ", "学校办学基本标准", "政府推进均衡工作", "表Ⅵ", "学校自评表"]
    assert book["表Ⅱ-2"].max_column == 6 + 8
    assert "L7-L14数值均保留三位小数" in book["表Ⅱ-2"]["A8"].value  # 2 + 2 stages in rows 4–7
    assert "综合差异系数（各项差异系数的平均）应为小学≤0.65，初中≤0.55" in book["表Ⅲ"]["A8"].value


def test_forms_when_the_standard_scores_then_points_without_marks_are_blank():
    sheet = opened(bundle_of("hunan-2018"))["计分表"]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=3)]
    total = next(row for row in rows if row[0] == "合计")
    assert total[3:6] == [100, BLANK, "无法判定，等次：——"]
    leadership = next(row for row in rows if row[2] == "优先发展的指导思想明确，措施扎实有效")
    assert leadership[3:6] == [3, BLANK, "尚未评分"]


@pytest.mark.parametrize("standard_id", list_standards())
def test_sentences_when_items_are_judged_then_every_blank_is_a_figure_or_a_number_of_the_standard(standard_id):
    bundle = bundle_of(standard_id)
    for result in bundle.verdict.items:
        item = bundle.item(result)
        names = {name for _, name, _, _ in string.Formatter().parse(SENTENCES.get(item.formula or "", "")) if name}
        known = {figure.id for figure in result.figures} | set(bundle.item_values(item))
        assert names <= known, item.id


def test_forms_when_the_county_has_no_school_then_nothing_is_counted_and_nothing_is_zero():
    facts = facts_from_rows(load_dictionary(), county_code="990101", county_name="示例县", year=2025, rows={})
    book = opened(fresh_bundle(facts=facts))
    assert row_values(book["表Ⅰ"], 9, 1, 24) == [BLANK] * 24
    assert row_values(book["表Ⅱ-1"], 4, 3, 8) == row_values(book["表Ⅱ-1"], 5, 3, 8) == [BLANK] * 8
    assert row_values(book["表Ⅲ"], 4, 3, 7) == row_values(book["表Ⅲ"], 5, 3, 7) == [BLANK] * 7
