"""What `diff_standards` says two standards demand differently."""

from datetime import date
from fractions import Fraction

import pytest

from junheng.core.standard_diff import diff_standards, exact
from junheng.readers.standards import list_standards, load_standard
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
    assert len(found) == 7


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
