"""Every check finds what it is for, and not what lies just beside it."""

from dataclasses import replace
from types import MappingProxyType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from junheng.core.check_functions import KINDS
from junheng.core.checks import check_facts
from junheng.core.errors import StandardError
from junheng.core.facts import TableSource
from junheng.core.fields import Check, FieldDictionary
from junheng.core.findings import Finding, Level
from junheng.readers.dictionary import load_dictionary
from tests.core.check_county import (
    PRIMARY,
    WAN_YUAN,
    Edit,
    Rows,
    add,
    clean_rows,
    drop,
    facts_of,
    put,
    spoiled,
)
from tests.core.check_samples import SAMPLES

DICTIONARY = load_dictionary()
CHECKS = {check.code: (table, check) for table in DICTIONARY.tables.values() for check in table.checks}


def found(*edits: Edit, past: tuple[Edit, ...] | None = None) -> list[Finding]:
    previous = None if past is None else facts_of(DICTIONARY, spoiled(*past))
    return check_facts(facts_of(DICTIONARY, spoiled(*edits)), DICTIONARY, previous)


def message(code: str, *edits: Edit) -> str:
    (text,) = [finding.message for finding in found(*edits) if finding.code == code]
    return text


def test_facts_when_nothing_is_wrong_then_no_check_finds_anything():
    assert found() == []
    assert found(past=()) == []


@pytest.mark.parametrize("code", CHECKS)
def test_check_when_a_sample_breaks_it_then_it_finds_that_row(code):
    table, check = CHECKS[code]
    sample = SAMPLES[code]
    past = None if sample.past is None else tuple(sample.past)
    finding, *_ = [each for each in found(*sample.found, past=past) if each.code == code]
    assert finding.level == Level(check.level)
    assert finding.hint == check.hint
    assert "{" not in finding.message
    assert finding.location.field in table.fields
    assert finding.location.subject
    assert finding.reference.startswith(f"{code}:{table.id}:")


@pytest.mark.parametrize("code", CHECKS)
def test_check_when_the_facts_lie_at_its_edge_then_it_finds_nothing(code):
    sample = SAMPLES[code]
    past = None if sample.past is None else tuple(sample.past)
    assert code not in {each.code for each in found(*sample.edge, past=past)}


def test_checks_when_compared_with_samples_then_every_code_is_unique_and_has_one():
    codes = [check.code for table in DICTIONARY.tables.values() for check in table.checks]
    assert len(codes) == len(set(codes))
    assert set(codes) == set(SAMPLES)


def test_checks_when_compared_with_kinds_then_each_kind_exists_and_is_used():
    assert {check.kind for _, check in CHECKS.values()} == set(KINDS)


@pytest.mark.parametrize("code", [code for code, (_, check) in CHECKS.items() if check.level == "warning"])
def test_warning_when_it_is_read_then_it_says_how_to_go_on(code):
    hint = CHECKS[code][1].hint
    assert "理由" in hint


def test_year_on_year_when_there_are_no_facts_of_last_year_then_it_does_not_apply():
    edits = (put("stages", student_count=8000),)
    assert "check-stage-students-change" not in {each.code for each in found(*edits)}
    assert "check-stage-students-change" in {each.code for each in found(*edits, past=())}


def test_year_on_year_when_the_school_is_new_then_it_does_not_apply():
    codes = {each.code for each in found(past=(put("stages", school_id="9900000088"), put("schools", school_id=None)))}
    assert "check-stage-students-change" not in codes


def test_findings_when_several_rows_break_checks_then_they_are_sorted_by_table_row_and_code():
    findings = found(
        put("rooms", area=1),
        put("stages", 1, titled_teacher_count=99, backbone_teacher_count=99),
        put("stages", 0, trained_teacher_count=99),
        put("schools", 1, built_year=1800),
    )
    assert [(each.code, each.location.subject) for each in findings] == [
        ("check-school-built-year", "青石中学"),
        ("check-stage-trained-exceeds", "青石小学"),
        ("check-stage-backbone-exceeds", "青石中学"),
        ("check-stage-titled-exceeds", "青石中学"),
        ("check-room-area-band", "青石小学"),
    ]


def test_finding_when_the_facts_came_from_a_sheet_then_it_names_the_cell():
    source = TableSource("county.xlsx", "学段", {(PRIMARY, "primary"): 7}, {"backbone_teacher_count": "O"})
    facts = facts_of(DICTIONARY, spoiled(put("stages", backbone_teacher_count=9)), sources={"stages": (source,)})
    (finding,) = check_facts(facts, DICTIONARY)
    assert finding.location.cell == "O7"
    assert finding.message == "青石小学（小学）的骨干教师 9 人，多于专任教师 8 人。"
    assert finding.reference == f"check-stage-backbone-exceeds:stages:{PRIMARY}/primary"


@pytest.mark.parametrize(
    ("code", "edits", "text"),
    [
        ("check-school-required", (put("schools", area_type=None),), "青石小学没有填写“城乡类型”。"),
        (
            "check-school-equipment-unit",  # 200 000 元 typed as 万元: 2 500 万元 for each of 80 pupils; as 元 it is 20 万元
            (put("schools", equipment_value=200_000 * WAN_YUAN),),
            "青石小学的教学仪器设备值 200000 万元，平均每名学生 2500 万元；可能弄错了单位，若换算为 20 万元 才合常理。",
        ),
        (
            "check-school-outdoor-area-unit",  # 1.2 亩 × 666.67 = 800 ㎡; 1.2 ÷ 80 = 0.015
            (put("schools", outdoor_sports_area=120),),
            "青石小学的室外运动场地 1.2 ㎡，平均每名学生只有 0.015 ㎡；可能填成了亩，换算后约为 800 ㎡。",
        ),
        (
            "check-school-private-organiser",
            (put("schools", ownership="private"),),
            "青石小学的举办者类型是“县级教育部门”，办学性质却是“民办”。",
        ),
        (
            "check-class-size",
            (put("classes", student_count=0),),
            "青石小学小学1年级“1班”的学生数是 0 人，不在 1 至 120 人之间。",
        ),
        ("check-room-duplicate", (add("rooms"),), "青石小学“音乐教室1”出现了不止一次。"),
        (
            "check-class-stage-unknown",
            (put("classes", school_id="9900000099", class_name=None),),
            "9900000099小学1年级“未填”（标识码 9900000099）在学段表中找不到所属的小学。",
        ),
        (
            "check-county-labour-share",
            (put("county", labour_hours_share=12_550),),
            "示例县的劳动实践时间占比是 125.5%，超过 100%。",
        ),
        ("check-county-rows", (drop("county"),), "县级数据应有一份，现有 0 份。"),
        (
            "check-cohort-retention",  # (150 − 3 + 4) ÷ 100
            (put("cohorts", graduate_count=150),),
            "青石中学毕业 150 人、入学 100 人、转入 3 人、转出 4 人、死亡 0 人，算得三年巩固率 151.0%，不合常理。",
        ),
        (
            "check-spending-years",
            (drop("county_years", 2),),
            "历年经费表的年度是2019、2020、2022、2023，应是连续的五个年度。",
        ),
        ("check-judgement-required", (put("judgements", item_id=None),), "资料审核表的指标 未填 没有填写“指标编号”。"),
        (
            "check-stage-arts-exceed",
            (put("stages", art_teacher_count=6),),
            "青石小学（小学）的体育、艺术教师合计至少 9 人，多于专任教师 8 人。",
        ),
        (
            "check-school-dense-not-urban",
            (put("schools", is_dense_inner_city=True),),
            "青石小学填为人口密度过高的中心城区学校，城乡类型却是“镇区”。",
        ),
        (
            "check-school-id-format",
            (put("schools", school_id=" 1", school_name=None),),
            " 1的学校标识码“ 1”不是十位数字。",
        ),
        (
            "check-room-required",
            (put("rooms", school_id=None),),
            "（未填标识码的学校）“音乐教室1”没有填写“学校标识码”。",
        ),
        (
            "check-subject-result-unexpected",
            (put("county_subjects", is_monitored=False),),
            "“数学”填为未参加国家监测，却填了监测结果。",
        ),
    ],
)
def test_message_when_a_check_finds_something_then_it_names_the_row_and_the_numbers(code, edits, text):
    assert message(code, *edits) == text


def test_negative_when_two_cells_of_a_row_are_wrong_then_each_is_found():
    cells = [
        each.location.field
        for each in found(put("cohorts", death_count=-1, graduate_count=-2))
        if each.code == "check-cohort-negative"
    ]
    assert cells == ["death_count", "graduate_count"]


def test_derived_totals_when_a_part_is_missing_then_nothing_is_compared_with_them():
    # one stage without a number leaves the school's total unknown, so 1 000 migrants cannot be told to be too many
    codes = {each.code for each in found(put("stages", student_count=None), put("schools", migrant_student_count=1000))}
    assert "check-school-migrants-exceed" not in codes


def test_derived_totals_when_the_senior_number_is_missing_then_the_school_total_is_unknown():
    codes = {each.code for each in found(put("schools", 1, senior_student_count=None, migrant_student_count=1000))}
    assert "check-school-senior-missing" in codes
    assert "check-school-migrants-exceed" not in codes


def test_same_name_when_the_township_is_missing_on_both_then_it_is_found():
    edits = (put("schools", township=None), add("schools", school_id="9900000077"))
    assert [each.location.subject for each in found(*edits) if each.code == "check-school-name-repeated"] == [
        "青石小学",
        "青石小学",
    ]


def test_spending_years_when_the_table_is_empty_then_nothing_is_found():
    assert found(*[drop("county_years")] * 5) == []


def test_spending_years_when_there_are_six_then_it_is_found():
    codes = {each.code for each in found(add("county_years", spending_year=2024))}
    assert codes == {"check-spending-years"}


def test_retention_when_all_entrants_died_then_it_is_not_computed():
    codes = {each.code for each in found(put("cohorts", death_count=100, transferred_out_count=0))}
    assert "check-cohort-retention" not in codes


def test_retention_when_a_number_is_missing_then_it_is_not_computed():
    assert [each.code for each in found(put("cohorts", entrant_count=None))] == ["check-cohort-incomplete"]


def test_reference_when_the_facts_are_checked_twice_then_it_is_the_same_and_unique_among_warnings():
    edits = (
        put("rooms", 0, area=1),
        put("rooms", 1, area=1),
        put("stages", student_count=0),
        put("county", population=1),
    )
    first, second = found(*edits), found(*edits)
    assert first == second
    references = [each.reference for each in first if each.level is Level.WARNING]
    assert len(references) == len(set(references)) >= 4


def dictionary_with(check: Check) -> FieldDictionary:
    rooms = replace(DICTIONARY.tables["rooms"], checks=(check,))
    return FieldDictionary(tables=MappingProxyType({**DICTIONARY.tables, "rooms": rooms}), version="1")


@pytest.mark.parametrize(
    ("kind", "arguments", "text"),
    [
        ("guess", {}, "类别 guess 不存在"),
        ("range", {}, "缺少参数 field"),
        ("range", {"field": "colour"}, "不存在的字段 colour"),
        ("at_most", {"field": "area"}, "缺少参数 limit"),
    ],
)
def test_check_facts_when_the_dictionary_names_something_unknown_then_it_says_what(kind, arguments, text):
    check = Check("check-room-test", kind, "error", "", "", arguments)
    with pytest.raises(StandardError, match=text):
        check_facts(facts_of(DICTIONARY, clean_rows()), dictionary_with(check))


@st.composite
def sound_counties(draw: st.DrawFn) -> Rows:
    """Counties whose numbers agree with each other: schools of every type, teachers and classes that add up."""
    rows: Rows = clean_rows()
    template, stage_template = rows["schools"][0], rows["stages"][0]
    kinds = {
        "primary_school": ["primary"],
        "teaching_point": ["primary"],
        "junior_school": ["junior"],
        "nine_year_school": ["primary", "junior"],
        "full_secondary_school": ["junior"],
        "twelve_year_school": ["primary", "junior"],
        "special_school": [],
    }
    rows |= {"schools": [], "stages": [], "classes": [], "rooms": [], "cohorts": []}
    for number in range(draw(st.integers(0, 6))):
        kind = draw(st.sampled_from(sorted(kinds)))
        school_id = f"99{number:08d}"
        seniors = draw(st.integers(0, 3000)) if kind in {"full_secondary_school", "twelve_year_school"} else None
        floor = draw(st.integers(0, 10**7))
        rows["schools"].append(
            template
            | {
                "school_id": school_id,
                "school_name": f"第{number}学校",
                "school_type": kind,
                "senior_student_count": seniors,
                "migrant_student_count": 0,
                "teaching_floor_area": floor,
                "indoor_sports_area": draw(st.integers(0, floor)),
                "equipment_value": draw(st.none() | st.integers(0, 10**9)),
            }
        )
        for stage in kinds[kind]:
            sizes = draw(st.lists(st.integers(1, 120), max_size=4))
            first = 1 if stage == "primary" else 7
            rows["classes"] += [
                {
                    "school_id": school_id,
                    "stage": stage,
                    "grade": first,
                    "class_name": f"{place}班",
                    "student_count": size,
                }
                for place, size in enumerate(sizes)
            ]
            teachers = draw(st.integers(0, 200))
            degrees = draw(st.integers(0, teachers))
            rows["stages"].append(
                {
                    **stage_template,
                    **dict.fromkeys([name for name in stage_template if "teacher" in name], 0),
                    "school_id": school_id,
                    "stage": stage,
                    "student_count": sum(sizes),
                    "class_count": len(sizes) or None,
                    "staff_count": draw(st.none() | st.integers(teachers, 400)),
                    "full_time_teacher_count": teachers,
                    "bachelor_teacher_count": degrees,
                    "associate_teacher_count": teachers - degrees,
                    "titled_teacher_count": draw(st.none() | st.integers(0, teachers)),
                    "in_catchment_student_count": draw(st.integers(0, sum(sizes))),
                }
            )
    return rows


@given(sound_counties())
def test_facts_when_no_fault_is_planted_then_there_are_no_errors(rows):
    findings = check_facts(facts_of(DICTIONARY, rows), DICTIONARY)
    assert [each for each in findings if each.level is Level.ERROR] == []
