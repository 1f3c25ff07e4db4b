"""The list of core in words: nothing left out, nothing in another order, and what to supply for what is open."""

from dataclasses import replace

from junheng.core.blockers import BlockerKind, find_blockers
from junheng.core.facts import facts_from_rows
from junheng.core.verdict import Outcome
from junheng.readers.dictionary import load_dictionary
from junheng.reports.problems import open_questions, problems
from tests.reports.small_evaluation import bundle_of, changed, few_rooms, fresh_bundle, small_facts

GIVEN = {"assessor": "评估员甲", "evidence": "G1-01"}
KINDS = {
    BlockerKind.VETO: "一票否决",
    BlockerKind.COEFFICIENT: "校际差异系数",
    BlockerKind.COMPOSITE: "校际差异系数",
    BlockerKind.MEAN: "全县平均值",
    BlockerKind.SCHOOLS: "学校综合评估",
    BlockerKind.SCORING: "量化计分",
}


def scored(facts, standard, points):
    marks = [
        {"item_id": f"{item.id}/{sub.id}", "points": points, **GIVEN}
        for item in bundle_of(standard).standard.items
        for sub in item.sub_items
    ]
    return changed(facts, "judgements", lambda rows: [*rows, *marks])


def test_problems_when_many_things_fail_then_they_come_in_the_order_of_the_list_that_blocks():
    facts = scored(small_facts(backbone=(2, 12)), "hunan-2018", 0)
    bundle = fresh_bundle("hunan-2018", facts)
    blocking = [
        KINDS.get(entry.kind)
        for entry in find_blockers(bundle.verdict, bundle.standard)
        if entry.outcome is Outcome.NOT_MET and entry.kind is not BlockerKind.ITEM
    ]
    worded = [problem.kind for problem in problems(bundle) if problem.kind in KINDS.values()]
    # the items that are scored are of the kind 量化计分 as well, before the sum
    assert [kind for kind in worded if kind != "量化计分"] == blocking[:-1]
    assert (blocking[-1], worded[-1]) == ("量化计分", "量化计分")


def test_problems_when_the_points_are_too_few_then_the_sum_is_the_last_of_them():
    last = problems(fresh_bundle("hunan-2018", scored(small_facts(), "hunan-2018", 0)))[-1]
    # 5 points are the survey's
    assert "总分最多5.00分，低于80分。" in last.text
    assert (last.kind, last.size) == ("量化计分", "—")


def test_problems_when_schools_fail_then_the_indicators_they_miss_follow_with_what_is_lacking():
    found = [(entry.kind, entry.text, entry.size) for entry in problems(bundle_of()) if "小学" in entry.text][:3]
    assert found == [
        ("学校综合评估", "小学有1所学校资源配置综合评估不达标（共评估2所）。", "1所"),
        ("学校单项指标", "小学“骨干教师”有1所学校低于标准1人；不达标学校共应增加1人。", "1所"),
        # 1800 元 of 2000 are 90 %: the school that misses it passes as a whole
        ("学校单项指标", "小学“仪器设备”有1所学校低于标准2000元，所在学校综合评估均达标。", "1所"),
    ]


def test_problems_when_schools_share_what_they_lack_then_the_sum_is_what_they_must_add():
    texts = [entry.text for entry in problems(fresh_bundle(facts=few_rooms())) if "多媒体教室" in entry.text]
    # primary lacks 2 rooms and the school must add 5 for them, junior 3 and 4
    assert "小学“多媒体教室”有1所学校低于标准2.3间；不达标学校共应增加5间。" in texts
    assert "初中“多媒体教室”有1所学校低于标准2.4间；不达标学校共应增加4间。" in texts


def test_open_questions_when_nobody_has_looked_then_they_name_the_sheet_and_no_id():
    veto = open_questions(bundle_of())[0]
    assert veto.kind == "一票否决"
    assert veto.reason == "尚未审核，请在“资料审核与评分”表为该情形填写结论、评估人和佐证材料。"


def test_open_questions_when_a_composite_is_unknown_then_it_follows_the_coefficients_it_waits_for():
    asked = open_questions(bundle_of("cn-2012-basic-balance"))
    subjects = [entry.subject for entry in asked if entry.kind == "差异系数"]
    # computers, books and titled teachers were not reported
    assert len(subjects) == 2 * 3 + 2
    assert subjects[-2:] == ["小学综合差异系数", "初中综合差异系数"]
    assert next(entry.reason for entry in asked if entry.subject == "小学综合差异系数").startswith("3项差异系数")


def test_open_questions_when_no_school_is_judged_then_that_is_asked_before_the_coefficients():
    facts = facts_from_rows(load_dictionary(), county_code="990101", county_name="示例县", year=2025, rows={})
    asked = [entry for entry in open_questions(fresh_bundle(facts=facts)) if entry.kind != "一票否决"]
    assert (asked[0].kind, asked[0].subject) == ("资源配置", "全县")
    assert asked[0].reason == "没有纳入资源配置评估的学校。"
    assert asked[1].kind == "差异系数"


def test_open_questions_when_a_reason_is_not_given_then_it_says_that_data_lack():
    bundle = bundle_of()
    bare = tuple(replace(entry, reason=None) for entry in bundle.verdict.dispersion)
    asked = open_questions(replace(bundle, verdict=replace(bundle.verdict, dispersion=bare)))
    assert {entry.reason for entry in asked if entry.kind == "差异系数"} == {"缺少数据。"}
