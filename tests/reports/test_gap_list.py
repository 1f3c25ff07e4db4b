"""The gap list, read back with openpyxl: amounts worked out by hand, nothing missing shown as zero."""

import io
from fractions import Fraction

import openpyxl
import pytest

from junheng.reports.gap_list import render_gap_list
from tests.reports.small_evaluation import JUNIOR, NINE_YEAR, bundle_of, changed, few_rooms, fresh_bundle, small_facts


def opened(bundle):
    return openpyxl.load_workbook(io.BytesIO(render_gap_list(bundle)))


def rows_of(sheet, first=3):
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=first)]
    return [row for row in rows if row[1] is not None]


@pytest.fixture(scope="module")
def book():
    return opened(bundle_of())


def test_gap_list_when_written_then_sheets_are_in_order_and_can_be_filtered(book):
    assert book.sheetnames == ["概览", "学校差距", "差异系数", "政府保障与质量", "无法判定"]
    for name in book.sheetnames[1:]:
        assert book[name].auto_filter.ref
        assert book[name].freeze_panes


def test_school_gaps_when_schools_fail_then_amounts_are_in_natural_units(book):
    rows = {(row[1], row[4]): row for row in rows_of(book["学校差距"])}
    primary = rows[f"{NINE_YEAR}（小学部）", "骨干教师"]
    # 1 teacher for 166 pupils = 0.60, 60.2 % of 1; 1.66 needed → 1 more; 85 % needs 1.411 → 1 more
    assert primary[3:14] == ["不达标", "骨干教师", 0.6, "1", "0.85", 60.2, "人", 1, 1, 1, 1]
    assert primary[14] == "可停在85%，须补足到该线"
    equipment = rows[f"{NINE_YEAR}（初中部）", "仪器设备"]
    # 2500 × 210 − 462 000 = 63 000 元 for the stage; 85 % (2125) is reached; the school
    # must add 63 000 / (231/397) = 108 272.73 元
    assert equipment[5:14] == [2200, "2500", "2125", 88, "元", 63000, 0, 108272.73, 0]
    teachers = rows[f"{NINE_YEAR}（初中部）", "体艺教师"]
    # 0.9 × 2.1 = 1.89 teachers, 1 is there: 1 more; 85 %: 1.6065 → 1 more
    assert teachers[10:14] == [1, 1, 1, 1]
    # equipment misses 12 % of its threshold and PE teachers 47 %: the latter may stay at 85 %
    assert (equipment[14], teachers[14]) == ("须补足到100%", "可停在85%，须补足到该线")
    assert not any(name == JUNIOR for name, _ in rows)  # its only open indicator cannot be told


def test_open_questions_when_a_fact_is_missing_then_the_school_and_the_fact_are_named(book):
    rows = rows_of(book["无法判定"])
    school = next(row for row in rows if row[1] == f"{JUNIOR}“骨干教师”")
    assert "县级及以上骨干教师数" in school[2]
    assert "9900000003" in school[3]
    assert any(row[0] == "差异系数" and row[1] == "初中“骨干教师”差异系数" for row in rows)
    vetoes = [row for row in rows if row[0] == "一票否决"]
    assert len(vetoes) == 6
    assert not [text for row in rows for text in row if "admission_by_examination" in str(text)]


def test_overview_when_a_coefficient_is_over_its_limit_then_it_comes_before_schools_and_items():
    book = opened(fresh_bundle(facts=small_facts(backbone=(2, 12))))
    rows = rows_of(book["概览"], first=4)
    kinds = [row[1] for row in rows]
    assert kinds[0] == "校际差异系数"
    assert rows[0][2].startswith("小学“骨干教师”差异系数0.811，高于上限0.50。")
    assert rows[0][3] == "超出0.311"
    assert kinds.index("学校综合评估") < kinds.index("政府保障程度")
    over = next(row for row in rows_of(book["差异系数"]) if row[1] == "骨干教师")
    assert over[:6] == ["小学", "骨干教师", 0.811, "0.50", 0.311, "不达标"]


def test_overview_when_a_veto_is_found_then_it_comes_first():
    found = {
        "item_id": "falsification",
        "result": "found",
        "assessor": "评估员乙",
        "evidence": "V6-01",
        "note": "改动学籍",
    }
    facts = changed(small_facts(), "judgements", lambda rows: [*rows, found])
    rows = rows_of(opened(fresh_bundle(facts=facts))["概览"], first=4)
    assert rows[0][1] == "一票否决"
    assert "有弄虚作假行为" in rows[0][2]
    assert "改动学籍" in rows[0][2]


def test_overview_when_a_composite_is_over_its_limit_then_it_is_listed():
    # computers 200 and 2, books likewise: uneven enough for a mean of eight coefficients above 0.65
    def uneven(rows):
        amounts = {"9900000001": 1, "9900000002": 4000, "9900000003": 3}
        fields = ("computer_count", "book_count", "teaching_floor_area", "outdoor_sports_area", "equipment_value")
        return [row | dict.fromkeys(fields, amounts.get(row["school_id"], 5)) for row in rows]

    def titled(rows):
        return [row | {"titled_teacher_count": 1, "backbone_teacher_count": 1} for row in rows]

    facts = changed(changed(small_facts(), "schools", uneven), "stages", titled)
    bundle = fresh_bundle("cn-2012-basic-balance", facts)
    primary = next(entry for entry in bundle.verdict.composites if entry.stage == "primary")
    assert primary.outcome == "not_met"
    rows = rows_of(opened(bundle)["概览"], first=4)
    assert rows[0][1] == "校际差异系数"
    assert rows[0][2] == f"小学综合差异系数{primary.value:.3f}，高于上限0.65。"


def test_overview_when_county_means_are_judged_then_those_below_are_listed():
    rows = rows_of(opened(bundle_of("hunan-2018"))["概览"], first=4)
    # (360 000 + 332 000) / 366 = 1890.71 元, 109.29 below 2000
    mean = next(row for row in rows if row[1] == "全县平均值" and "仪器设备" in row[2] and "小学" in row[2])
    assert mean[2] == "小学“仪器设备”全县平均值1890.71元，低于标准2000元。"
    assert mean[3] == "差109.29元"


def test_items_when_classes_are_too_large_then_each_is_listed_with_its_excess(book):
    rows = [row for row in rows_of(book["政府保障与质量"]) if "班级学生数" in row[0]]
    # 46, 51 and 58 pupils in classes of at most 45
    assert [(row[3], row[5], row[6]) for row in rows] == [("小学", 1, "人"), ("小学", 6, "人"), ("小学", 13, "人")]


def test_prices_when_given_then_costs_are_listed_and_summed():
    prices = dict.fromkeys((entry.id for entry in bundle_of().standard.indicators), Fraction(1000))
    priced = fresh_bundle(prices=prices)
    rows = rows_of(opened(priced)["单价"])
    nine_year = next(row for row in rows if row[1] == NINE_YEAR)
    # a backbone teacher for the primary stage, a teacher for PE or art for the junior one, which leaves its equipment at 88 %
    assert nine_year[2:5] == ["小学、初中", "骨干教师1人；体艺教师1人", 2000]
    total = next(row[4] for row in rows if row[0] == "合计")
    assert total == sum(row[4] for row in rows if row[0] != "合计") == 2000


def test_prices_when_one_is_missing_then_the_school_is_listed_without_a_cost():
    (backbone,) = (entry.id for entry in bundle_of().standard.indicators if entry.short_name == "骨干教师")
    rows = rows_of(opened(fresh_bundle(prices={backbone: Fraction(1000)}))["单价"])
    assert [(row[1], row[4]) for row in rows] == [(NINE_YEAR, "单价不全"), (JUNIOR, 0), ("", 0)]


def test_school_gaps_when_two_stages_lack_the_same_then_the_school_buys_it_once():
    prices = dict.fromkeys((entry.id for entry in bundle_of().standard.indicators), Fraction(1))
    bundle = fresh_bundle(facts=few_rooms(), prices=prices)
    book = opened(bundle)
    rows = {row[2]: row for row in rows_of(book["学校差距"]) if row[4] == "多媒体教室"}
    # 5 rooms: primary 2.09 of 3.82 (floor 3.25), × 397/166 for the school; junior 2.91 of 5.04 (4.28), × 397/231
    assert rows["小学"][10:14] == [2, 2, 5, 3]
    assert rows["初中"][10:14] == [3, 2, 4, 3]
    assert rows["小学"][14].endswith("；与初中共用，按较大的数增加一次")
    # primary leaves its rooms at the floor and junior its equipment: 4 rooms for junior are enough for primary too
    shown = next(row for row in rows_of(book["单价"]) if row[1] == NINE_YEAR)
    assert shown[3:5] == ["骨干教师1人；体艺教师1人；多媒体教室4间", 6]


def test_gap_list_when_written_twice_then_bytes_are_equal():
    assert render_gap_list(bundle_of()) == render_gap_list(fresh_bundle())


def test_gap_list_when_the_standard_has_no_school_rule_then_no_school_sheet_is_written():
    assert opened(bundle_of("cn-2012-basic-balance")).sheetnames == ["概览", "差异系数", "政府保障与质量", "无法判定"]
