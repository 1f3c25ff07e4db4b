"""What `diff_standards` says two standards demand differently."""

import re
from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from junheng.core.formula_catalogue import CATALOGUE, FormulaKind
from junheng.core.standard import Part
from junheng.core.standard_diff import diff_standards, exact
from junheng.readers.standards import list_standards, load_standard
from tests.core.builders import parameter
from tests.standards.small import SMALL, changed, write

DAY = date(2025, 12, 31)


def differences(a, b, on=DAY, words=None):
    return {entry.path: (entry.a, entry.b) for entry in diff_standards(a, b, on, words)}


def national():
    return load_standard("cn-2017-quality-balance")


@pytest.mark.parametrize("name", list_standards())
def test_standard_when_it_is_compared_with_itself_then_nothing_differs(name):
    assert diff_standards(load_standard(name), load_standard(name), DAY) == ()


def test_pingshun_when_it_is_compared_with_the_nation_then_only_quota_and_hours_differ():
    assert differences(national(), load_standard("shanxi-pingshun-2023")) == {
        "items.senior_high_quota.share": ("0.5", "0.7"),
        "items.no_excessive_load.formula": (None, "学生每日在校时间"),
        "items.no_excessive_load.primary_limit": (None, "6"),
        "items.no_excessive_load.junior_limit": (None, "7"),
    }


def test_shenyang_when_it_is_compared_then_8000_the_norms_and_one_veto_differ():
    found = differences(national(), load_standard("liaoning-shenyang-2021"))
    assert found["items.special_school_funding.per_student"] == ("6000", "8000")
    assert found["items.four_unified_norms.primary_funds_norm"] == (None, "1150")
    assert found["vetoes.tutoring_not_governed"] == (None, "有")
    assert found["items.school_size.attached_limit"] == (None, "0")
    assert found["items.small_school_funding.junior_funds_norm"] == (None, "1350")
    assert len(found) == 10


def test_difference_when_a_number_changed_then_label_and_both_clauses_are_there():
    found = diff_standards(national(), load_standard("shanxi-anze-2025"), DAY)
    (entry,) = [entry for entry in found if entry.path == "items.nearby_enrolment.junior_share"]
    assert (entry.a, entry.b) == ("0.95", "1")
    assert entry.label.endswith("：初中比例不低于（比例）")
    assert (entry.clause_a, entry.clause_b) == ("教督〔2017〕6号 政府保障程度第13项", "安政办发〔2025〕2号 第9条")


def test_entry_when_only_one_side_has_it_then_it_is_one_difference_with_one_clause():
    found = diff_standards(national(), load_standard("hunan-2018"), DAY)
    charter = [entry for entry in found if "charter_and_informatised_management" in entry.path]
    assert [(entry.path, entry.a, entry.b, entry.clause_b) for entry in charter] == [
        ("items.charter_and_informatised_management", "有", None, "")
    ]
    assert {entry.path for entry in found if entry.path.startswith("scoring")} == {"scoring.all"}


def test_differences_when_they_are_listed_then_those_of_one_entry_stand_together():
    paths = [entry.path for entry in diff_standards(national(), load_standard("hunan-2018"), DAY)]
    found = [path.split(".")[1] for path in paths if path.startswith(("items", "vetoes"))]
    blocks = [name for number, name in enumerate(found) if number == 0 or found[number - 1] != name]
    assert len(blocks) == len(set(blocks))


def test_generations_when_they_are_compared_then_scope_and_dispersion_differ_in_chinese_words():
    words = {"public": "公办", "private": "民办"}
    found = differences(national(), load_standard("cn-2012-basic-balance"), words=words)
    assert found["scope.ownership"] == ("公办、民办", "公办")
    assert found["scope.teaching_point_minimum"] == ("50", None)
    assert found["dispersion.primary"] == ("0.5", "0.65")
    assert found["dispersion.mode"] == ("逐项评判", "只评判综合值")
    assert found["indicators.sports_area_per_student.thresholds.primary"] == ("7.5", None)
    assert found["school_rule.all"] == ("有", None)


CHANGES = [
    ("primary: 4.2", "primary: 4.3", "indicators.books_per_student.thresholds.primary", ("4.2", "4.3")),
    ("floor: 0.85", "floor: 0.9", "school_rule.floor", ("0.85", "0.9")),
    ("item_share: 0.8", "item_share: 0.7", "scoring.item_share", ("0.8", "0.7")),
    (
        "{from: 2.5, name: 优秀}",
        "{from: 2.4, name: 优秀}",
        "scoring.bands",
        ("2分起合格、2.5分起优秀", "2分起合格、2.4分起优秀"),
    ),
    ("points: 2.5", "points: 3", "items.layout.layout_plan", ("2.5", "3")),
    ("music_area: 73", "music_area: 72", "exceptions.larger_schools.music_area", ("73", "72")),
    ("junior: 1.1}}", "junior: 1.2}}", "sharing.nine_year_school", ("小学生 1、初中生 1.1", "小学生 1、初中生 1.2")),
]


@pytest.mark.parametrize(("old", "new", "path", "values"), CHANGES)
def test_small_standard_when_one_number_changes_then_that_is_the_only_difference(tmp_path, old, new, path, values):
    a = load_standard(write(tmp_path))
    b = load_standard(write(tmp_path, changed(old, new)))
    assert differences(a, b, date(2021, 1, 1)) == {path: values}


def test_small_standard_when_the_day_differs_then_the_value_of_that_day_is_compared(tmp_path):
    a = load_standard(write(tmp_path))
    b = load_standard(write(tmp_path, changed("{value: 50, until: 2021-12-31}", "{value: 55, until: 2021-12-31}")))
    assert differences(a, b, date(2021, 12, 31)) == {"items.class_size.junior_limit": ("50", "55")}
    assert differences(a, b, date(2022, 1, 1)) == {}


def test_exception_when_it_is_over_then_it_says_so(tmp_path):
    a = load_standard(write(tmp_path))
    b = load_standard(write(tmp_path, SMALL.replace("    until: 2022-12-31\n", "")))
    assert differences(a, b, date(2023, 1, 1)) == {"exceptions.larger_schools": ("当日无效", "有")}


def test_parameter_when_it_is_not_yet_in_force_then_it_says_so(tmp_path):
    a = load_standard(write(tmp_path))
    b = load_standard(write(tmp_path, changed("primary_limit: 45", "primary_limit: {value: 45, since: 2021-01-01}")))
    assert differences(a, b, date(2020, 6, 1)) == {"items.class_size.primary_limit": ("45", "当日无效")}


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Fraction("4.2"), "4.2"),
        (Fraction(2000), "2000"),
        (Fraction("0.0015"), "0.0015"),
        (Fraction(1, 8), "0.125"),
        (Fraction(-3, 20), "-0.15"),
        (Fraction(-5), "-5"),
        (Fraction(1, 3), "1/3"),
        (Fraction(0), "0"),
    ],
)
def test_exact_when_a_fraction_is_printed_then_nothing_is_lost(value, text):
    assert exact(value) == text
    assert Fraction(exact(value)) == value


def test_standard_when_it_judges_no_dispersion_then_that_is_one_difference(tmp_path):
    a = load_standard(write(tmp_path))
    without = "dispersion:\n  mode: each\n  limits: {primary: 0.65, junior: 0.55}\n  clause: 第5条\n"
    b = load_standard(write(tmp_path, changed(without, "")))
    assert differences(a, b, date(2021, 1, 1)) == {"dispersion.all": ("有", None)}


EVERY_NUMBER = {  # a place in the small standard → what stands there in the other one
    "school_types: [primary_school]": "school_types: [junior_school, primary_school]",
    "teaching_point_minimum: 50": "teaching_point_minimum: 40",
    "junior: 1.1}}": "junior: 1.2}}",
    "formula: books": "formula: computers",
    "per_students: 1": "per_students: 100",
    "{primary: 4.2, junior: 0.1}": "{primary: 4.3, junior: 0.2}",
    "required_met: 1, floor: 0.85": "required_met: 0, floor: 0.9",
    "mode: each": "mode: composite",
    "{primary: 0.65, junior: 0.55}": "{primary: 0.6, junior: 0.5}",
    "primary_limit: 45": "primary_limit: 44",
    "value: 48": "value: 47",
    "points: 2.5": "points: 3",
    "item_share: 0.8": "item_share: 0.7",
    "pass_total: 2": "pass_total: 1",
    "name: 合格": "name: 及格",
    "applies_to: [class_size]": "applies_to: [class_size, charter]",
    "2016, music_area: 73, fine_art_area: 67": "2015, music_area: 72, fine_art_area: 66",
}
EVERY_DIFFERENCE = """
scope.school_type | 评估范围：学校类别 | 小学 | junior_school、小学 | 第1条
scope.teaching_point_minimum | 评估范围：教学点最少学生数 | 50 | 40 | 第1条
sharing.nine_year_school | 资源拆分：九年一贯制学校 | 小学生 1、初中生 1.1 | 小学生 1、初中生 1.2 | 第2条
indicators.books_per_student.formula | 生均图书：算法 | 图书 | 教学用计算机 | 第3条
indicators.books_per_student.per_students | 生均图书：每多少学生 | 1 | 100 | 第3条
indicators.books_per_student.thresholds.primary | 生均图书：小学不低于（册） | 4.2 | 4.3 | 第3条
indicators.books_per_student.thresholds.junior | 生均图书：初中不低于（册） | 0.1 | 0.2 | 第3条
school_rule.required_met | 逐校评判：至少达到项数 | 1 | 0 | 第4条
school_rule.floor | 逐校评判：余项底线 | 0.85 | 0.9 | 第4条
dispersion.mode | 差异系数：评判方式 | 逐项评判 | 只评判综合值 | 第5条
dispersion.primary | 差异系数：小学不超过 | 0.65 | 0.6 | 第5条
dispersion.junior | 差异系数：初中不超过 | 0.55 | 0.5 | 第5条
items.class_size.primary_limit | 班额：小学班级学生数不超过（人） | 45 | 44 | 第6条
items.class_size.junior_limit | 班额：初中班级学生数不超过（人） | 48 | 47 | 第6条之二
items.layout.layout_plan | 布局：规划（分） | 2.5 | 3 | 第8条
exceptions.larger_schools.applies_to | 过渡性例外：旧校：用于 | class_size | class_size、charter | 第11条
exceptions.larger_schools.built_until | 过渡性例外：旧校：建成年份不晚于（年） | 2016 | 2015 | 第11条
exceptions.larger_schools.music_area | 过渡性例外：旧校：音乐教室面积不小于（㎡） | 73 | 72 | 第11条
exceptions.larger_schools.fine_art_area | 过渡性例外：旧校：美术教室面积不小于（㎡） | 67 | 66 | 第11条
scoring.item_share | 计分：单项得分比例不低于 | 0.8 | 0.7 | 第9条
scoring.pass_total | 计分：总分不低于 | 2 | 1 | 第9条
scoring.bands | 计分：等次 | 2分起合格、2.5分起优秀 | 2分起及格、2.5分起优秀 | 第9条
"""


def test_small_standard_when_every_number_and_clause_changes_then_each_difference_is_told_in_full(tmp_path):
    text = SMALL
    for old, new in EVERY_NUMBER.items():
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    a, b = load_standard(write(tmp_path)), load_standard(write(tmp_path, re.sub(r": 第(\d+条)", r": 新第\1", text)))
    words = {"primary_school": "小学", "nine_year_school": "九年一贯制学校"}

    found = diff_standards(a, b, date(2022, 6, 1), words)

    rows = [line.split(" | ") for line in EVERY_DIFFERENCE.strip().splitlines()]
    assert [tuple(row) for row in rows] == [(e.path, e.label, e.a, e.b, e.clause_a) for e in found]
    assert [entry.clause_b for entry in found] == [f"新{row[4]}" for row in rows]


BARE = """
scope.teaching_point_minimum | 评估范围：教学点最少学生数 | 50 | 第1条
sharing.nine_year_school | 资源拆分：nine_year_school | 小学生 1、初中生 1.1 | 第2条
indicators.books_per_student | 生均图书 | 有 | 第3条
school_rule.all | 逐校评判 | 有 | 第4条
dispersion.all | 差异系数 | 有 | 第5条
county_means.all | 县均值逐项评判 | 有 | 第12条
items.class_size | 班额 | 有 | 第6条
items.charter | 章程 | 有 | 第7条
items.layout | 布局 | 有 | 第8条
vetoes.falsification | 一票否决：弄虚作假 | 有 | 第10条
exceptions.larger_schools | 过渡性例外：旧校 | 有 | 第11条
scoring.all | 计分 | 有 | 第9条
"""


def test_standard_when_it_is_compared_with_a_bare_one_then_each_entry_is_told_once_with_its_clause(tmp_path):
    full = replace(load_standard(write(tmp_path)), county_mean_clause="第12条")
    bare = replace(
        full,
        scope=replace(full.scope, teaching_point_minimum=None),
        sharing=replace(full.sharing, weights={}),
        county_mean_clause="",
        school_rule=None,
        dispersion=None,
        scoring=None,
        indicators=(),
        items=(),
        vetoes=(),
        exceptions=(),
    )
    on = date(2021, 1, 1)
    rows = [tuple(line.split(" | ")) for line in BARE.strip().splitlines()]

    missing, added = diff_standards(full, bare, on), diff_standards(bare, full, on)

    assert [(entry.path, entry.label, entry.a, entry.clause_a) for entry in missing] == rows
    assert {(entry.b, entry.clause_b) for entry in missing} == {(None, "")}
    assert sorted((entry.path, entry.label, entry.b, entry.clause_b) for entry in added) == sorted(rows)
    assert {(entry.a, entry.clause_a) for entry in added} == {(None, "")}


def test_entries_when_their_part_formula_or_question_changes_then_that_is_told(tmp_path):
    a = load_standard(write(tmp_path))
    size, charter, layout = a.items
    plan = replace(layout.sub_items[0], formula="spending_only_grows", params={"years": parameter(3)})
    veto = replace(a.vetoes[0], formula="disabled_enrolment_below", params={"share": parameter("0.95")})
    moved = replace(charter, part=Part.QUALITY)
    b = replace(
        a, items=(replace(size, needs_judgement=True), moved, replace(layout, sub_items=(plan,))), vetoes=(veto,)
    )
    items, vetoes = CATALOGUE[FormulaKind.SUB_ITEM], CATALOGUE[FormulaKind.VETO]

    found = [(e.path, e.label, e.a, e.b, e.clause_b) for e in diff_standards(a, b, date(2021, 1, 1))]

    growth, enrolment = items["spending_only_grows"], vetoes["disabled_enrolment_below"]
    assert found == [
        ("items.class_size.needs_judgement", "班额：资料审核", "不要", "要", "第6条"),
        ("items.charter.part", "章程：所属部分", "政府保障程度", "教育质量", "第7条"),
        ("items.layout.layout_plan.formula", "规划：算法", None, growth.label, "第8条"),
        ("items.layout.layout_plan.years", f"规划：{growth.params['years'].label}（年）", None, "3", "第八条"),
        ("vetoes.falsification.formula", "一票否决：弄虚作假：算法", None, enrolment.label, "第10条"),
        (
            "vetoes.falsification.share",
            f"一票否决：弄虚作假：{enrolment.params['share'].label}（比例）",
            None,
            "0.95",
            "第八条",
        ),
    ]
