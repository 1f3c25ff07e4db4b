"""Worked cases: how a short case becomes full facts, and how faults are refused."""

from datetime import date
from fractions import Fraction

import pytest

from junheng.core.errors import StandardError
from junheng.core.standard import Stage
from junheng.core.verdict import Outcome
from junheng.core.worked_case import CaseKind
from junheng.readers.standard_cases import case_facts, load_cases
from tests.standards.small import CHILD, SMALL, changed, packs, write


@pytest.fixture
def cases(tmp_path):
    return {case.id: case for case in load_cases(write(tmp_path))}


def test_case_when_it_has_several_subjects_then_there_is_one_case_each(cases):
    missing = [case.subject for case in cases.values() if case.kind is CaseKind.MISSING]
    assert missing == ["books_per_student", "class_size", "charter", "layout_plan", "falsification", "larger_schools"]


def test_case_when_it_is_read_then_everything_it_says_is_there(cases):
    case = cases["books_per_student-primary-at"]
    assert (case.subject, case.judges, case.name) == ("books_per_student", "books_per_student", "100人420册")
    assert (case.stage, case.school_id, case.on) == (Stage.PRIMARY, "1", date(2021, 6, 30))
    assert (case.outcome, case.value, case.points) == (Outcome.MET, Fraction("4.2"), None)
    assert case.exceptions == ("larger_schools",)


def test_case_when_its_facts_are_read_then_they_are_canonical_and_filled_from_the_defaults(cases):
    case = cases["books_per_student-primary-at"]
    (school,) = case.rows["schools"]
    # 1.5 万元 are 1 500 000 分
    assert school == {
        "school_id": "1",
        "school_type": "primary_school",
        "built_year": 2000,
        "book_count": 420,
        "equipment_value": 1_500_000,
    }
    assert case.typed["schools"][0]["equipment_value"] == "1.5"
    assert case.rows["county"] == ({"county_code": "000001", "county_name": "示例县", "year": 2021},)


def test_case_when_its_facts_are_asked_for_then_every_table_is_there_and_missing_is_null(cases):
    facts = case_facts(cases["books_per_student-primary-at"])
    assert (facts.county_code, facts.year, len(facts.table("schools")), len(facts.table("classes"))) == (
        "000001",
        2021,
        1,
        0,
    )
    assert facts.table("schools")["computer_count"].to_list() == [None]


AT = "      exceptions: [larger_schools]\n      expect: met\n      value: 4.2\n"


@pytest.mark.parametrize(
    ("facts", "table", "expected"),
    [
        ("stages: [{}]", "schools", {"school_id": "1", "school_type": "primary_school", "built_year": 2000}),
        ("stages: []", "stages", None),
        ('schools: [{built_year: ""}]', "schools", {"school_id": "1", "school_type": "primary_school"}),
        ("judgements: [{result: met}]", "judgements", {"item_id": "books_per_student", "result": "met"}),
        ("schools: [{is_boarding: true}]", "schools", None),
        ("county: [{basic_balance_recognised_on: 2020-01-02}]", "county", None),
    ],
)
def test_case_when_rows_are_short_then_defaults_and_the_school_come_with_them(tmp_path, facts, table, expected):
    old = "        schools: [{book_count: 420, equipment_value: 1.5}]\n        stages: [{student_count: 100}]\n"
    case = load_cases(write(tmp_path, changed(old, f"        {facts}\n")))[-1]
    if expected is not None:
        assert case.rows[table] == (expected,)
    elif table == "stages":
        assert case.rows["stages"] == ()
    elif table == "schools":
        assert case.rows["schools"][0]["is_boarding"] is True
    else:
        assert case.rows["county"][0]["basic_balance_recognised_on"] == "2020-01-02"


def test_case_when_it_is_about_a_scored_point_then_the_judgement_names_item_and_point(tmp_path):
    new = "    - {subject: layout_plan, kind: at, name: 给分, facts: {judgements: [{points: 2.5}]}, points: 2.5}\n"
    case = load_cases(write(tmp_path, SMALL + new))[-1]
    assert case.rows["judgements"] == ({"item_id": "layout/layout_plan", "points": 250},)
    assert (case.outcome, case.points) == (None, Fraction("2.5"))


def test_case_when_it_looks_at_another_entry_or_day_then_it_says_so(tmp_path):
    new = (
        "    - {subject: larger_schools, judges: class_size, kind: excepted, id: old, stage: junior, on: 2022-01-01,\n"
        '       school: "2", name: 旧, expect: met, value: 1/3}\n'
    )
    case = load_cases(write(tmp_path, SMALL + new))[-1]
    assert (case.id, case.judges, case.on) == ("larger_schools-junior-excepted-old", "class_size", date(2022, 1, 1))
    assert (case.school_id, case.value) == ("2", Fraction(1, 3))


def test_cases_when_a_child_adds_nothing_then_it_has_none(tmp_path):
    folder = packs(tmp_path, small_books=SMALL, small_child=CHILD.replace("PARENT", "small-books"))
    assert load_cases("small-child", folder) == ()


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("  on: 2021-06-30\n", "", "cases：缺少 on"),
        ("      kind: at\n", "      kind: near\n", "cases[2].kind：“near”不存在"),
        ("      kind: at\n", "", "cases[2]：缺少 kind"),
        ("      stage: primary\n", "      stage: senior\n", "stage：“senior”不存在"),
        ("      expect: met\n      value: 4.2\n", "      value: 4.2\n", "expect（结论）和 points（得分）要写一个"),
        ("      value: 4.2\n", "      value: 4.2\n      points: 1\n", "expect（结论）和 points（得分）要写一个"),
        ("      value: 4.2\n", "      value: 4/0\n", "“4/0”的分母应为正数"),
        ("      expect: met\n", "      expect: passed\n", "expect：“passed”不存在"),
        ("book_count: 420", "books: 420", "schools[1]：有不认识的键 books"),
        ("book_count: 420", "book_count: 420.5", "facts.schools.book_count：图书"),
        ("book_count: 420", "book_count: 很多", "book_count：“很多”不是数"),
        ("book_count: 420", "is_boarding: yes", "is_boarding：“yes”应当是 true 或 false"),
        ("book_count: 420", "area_type: 山区", "area_type：“山区”不存在"),
        ("        stages: [{student_count: 100}]\n", "        stage: [{}]\n", "facts：有不认识的键 stage"),
        ("      exceptions: [larger_schools]\n", "      exceptions: [older]\n", "exceptions[1]：“older”不存在"),
        ("    stages: {school_id: \"1\", stage: primary}\n", "    pupils: {}\n", "defaults：有不认识的键 pupils"),
        ("    - subject: books_per_student\n", "    - subject: books_per_pupil\n", "subject：“books_per_pupil”不存在"),
        ("      kind: at\n      stage: primary\n", "      kind: missing\n", "算例 books_per_student-missing 重复"),
    ],
)  # fmt: skip
def test_cases_when_one_place_is_wrong_then_it_is_named(tmp_path, old, new, message):
    with pytest.raises(StandardError) as caught:
        load_cases(write(tmp_path, changed(old, new)))
    assert message in str(caught.value)


def test_cases_when_the_file_has_no_defaults_then_rows_stand_alone(tmp_path):
    start = SMALL.index("  defaults:\n")
    end = SMALL.index("  cases:\n", start)
    text = SMALL[:start] + SMALL[end:]
    case = load_cases(write(tmp_path, text))[-1]
    assert case.rows["schools"] == ({"book_count": 420, "equipment_value": 1_500_000},)
